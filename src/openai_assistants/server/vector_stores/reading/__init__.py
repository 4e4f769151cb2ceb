"""The text of a file. What it is shows its content and only then its name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from . import documents, html, plain
from .errors import Unreadable as Unreadable, invalid

_IN_MEMORY = 4 << 20
_HEAD = 4096


async def read_text(filename: str, content: AsyncIterator[bytes]) -> AsyncGenerator[str]:
    """The text of a file, piece by piece.

    The file lies on disk meanwhile if it is large; of plain text and documents only pieces are in memory.

    Raises:
        Unreadable: The file is empty, broken, or of a kind that has no text.
    """
    with SpooledTemporaryFile(_IN_MEMORY) as spool:
        file = cast("BinaryIO", spool)
        async for data in content:
            await asyncio.to_thread(file.write, data)
        file.seek(0)
        head = file.read(_HEAD)
        file.seek(0)
        if not head:
            raise invalid(filename, "is empty")
        kind = documents.kind_of(filename, head)
        if kind is not None:
            pieces = documents.read(filename, kind, file)
        elif html.is_html(filename, head):
            pieces = html.read(filename, file)
        else:
            pieces = plain.read(filename, file)
        seen = False
        async with aclosing(pieces):
            async for piece in pieces:
                seen = seen or not piece.isspace()
                yield piece
        if not seen:
            raise invalid(filename, "has no text")
