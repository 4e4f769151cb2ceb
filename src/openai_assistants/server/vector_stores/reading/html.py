"""Web pages: their encoding, and where they are read."""

from __future__ import annotations

import asyncio
import codecs
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from ..extracting.html import text_of
from . import documents
from .errors import invalid
from .plain import encoding_of

MOST_BYTES: Final = 32 << 20

_SMALL = 1 << 16
"""Signs of a page that cannot take long. The parser takes its time for pages that are nested absurdly deeply, and it
stops all else meanwhile, so that larger pages are read elsewhere."""
_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_BEGINNING = re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


def is_html(filename: str, head: bytes) -> bool:
    """Whether a file is a web page."""
    return _BEGINNING.match(head) is not None or PurePath(filename).suffix.lower() in _SUFFIXES


async def read(filename: str, file: BinaryIO) -> AsyncGenerator[str]:
    """The text of a page.

    Raises:
        Unreadable: It is too large, or not text.
    """
    page = await asyncio.to_thread(_decoded, filename, file)
    if len(page) <= _SMALL:
        yield await asyncio.to_thread(text_of, page)
        return
    with TemporaryFile() as utf8:
        await asyncio.to_thread(utf8.write, page.encode())
        del page
        async with aclosing(documents.read(filename, "html", utf8)) as pieces:
            async for piece in pieces:
                yield piece


def _decoded(filename: str, file: BinaryIO) -> str:
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise invalid(filename, f"is a web page of more than {MOST_BYTES >> 20} MiB")
    file.seek(0)
    return data.decode(_said(data) or encoding_of(filename, file)[0], errors="replace").replace("\0", "")


def _said(data: bytes) -> str | None:
    """The encoding that a page says it has, where it has no mark and is not UTF-8."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    try:
        data.decode()
    except UnicodeDecodeError:
        if said := _CHARSET.search(data[:4096]):
            try:
                return codecs.lookup(said[1].decode("ascii")).name
            except LookupError:
                return None
    return None
