"""Text that is text, in whatever encoding."""

from __future__ import annotations

import asyncio
import codecs
import re
from collections.abc import AsyncGenerator
from typing import BinaryIO, Final

from .errors import unsupported

_PIECE: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_BEFORE: Final = 64
# Those of four bytes first: the mark of UTF-16 is the beginning of theirs.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_OLDER: list[str] = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("cp932", "gb18030", "big5", "cp949", "koi8_r", "iso8859_2"),
]
"""Encodings from before Unicode that are still met, the more frequent ones first."""


async def read(filename: str, file: BinaryIO) -> AsyncGenerator[str]:
    """The text, piece by piece.

    Raises:
        Unreadable: It is not text.
    """
    encoding, errors = await asyncio.to_thread(encoding_of, filename, file)
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    while True:
        data = await asyncio.to_thread(file.read, _PIECE)
        try:
            piece = decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            raise unsupported(filename) from None
        if "\0" in piece:
            raise unsupported(filename)
        if piece:
            yield piece
        if not data:
            return


def encoding_of(filename: str, file: BinaryIO) -> tuple[str, str]:
    """The encoding of a text, and how to decode it: what is guessed may be wrong about single signs.

    Raises:
        Unreadable: It is not text.
    """
    head = file.read(4)
    file.seek(0)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, "strict"
    wrong = _first_wrong(file)
    if wrong is None:
        file.seek(0)
        return "utf-8", "strict"
    file.seek(max(wrong - _BEFORE, 0))
    sample = file.read(_SAMPLE)
    file.seek(0)
    if _BINARY.search(sample):
        raise unsupported(filename)
    found = "utf-8" if _is_damaged_utf8(sample) else guess(sample)
    if found is None:
        raise unsupported(filename)
    return found, "replace"


def _first_wrong(file: BinaryIO) -> int | None:
    """Where a file stops being UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    read = 0
    while True:
        data = file.read(_PIECE)
        kept = len(decoder.getstate()[0])
        try:
            decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            return read - kept + error.start
        read += len(data)
        if not data:
            return None


def _is_damaged_utf8(sample: bytes) -> bool:
    """Whether most of what is not ASCII is UTF-8."""
    text = sample.decode(errors="replace")
    wrong = text.count("\ufffd")
    return sum(not sign.isascii() for sign in text) > 4 * wrong


def guess(sample: bytes) -> str | None:
    """The older encoding that a text has most probably; None if it looks like none."""
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, cp_isolation=_OLDER, preemptive_behaviour=False)
    best = matches.best()
    if best is None:
        return None
    alike = [each.encoding for each in matches if (each.chaos, each.coherence) == (best.chaos, best.coherence)]
    return min(alike, key=_OLDER.index)
