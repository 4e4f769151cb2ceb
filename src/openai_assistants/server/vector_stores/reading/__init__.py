"""The text of a file, read as it comes.

So far the text is that of files which are text. Whatever reads other kinds goes into `read_text`.
"""

from __future__ import annotations

import codecs
from collections.abc import AsyncIterator

from ...processing import FileErrorCode

_MARKS = [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")]


class Unreadable(Exception):
    """A file that has no text for us; the code and message are those of its `last_error`."""

    def __init__(self, code: FileErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


async def read_text(filename: str, content: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The text of a file, piece by piece.

    Raises:
        Unreadable: The file is empty, or not text.
    """
    decoder: codecs.IncrementalDecoder | None = None
    seen = False
    try:
        async for data in content:
            if decoder is None:
                decoder = codecs.getincrementaldecoder(_encoding(data))()
            piece = decoder.decode(data)
            seen = seen or not piece.isspace()
            yield _checked(filename, piece)
        if decoder is not None:
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _unsupported(filename) from None
    if decoder is None:
        raise Unreadable("invalid_file", f"The file '{filename}' is empty.")
    if not seen:
        raise Unreadable("invalid_file", f"The file '{filename}' has no text.")


def _encoding(beginning: bytes) -> str:
    return next((name for mark, name in _MARKS if beginning.startswith(mark)), "utf-8")


def _checked(filename: str, piece: str) -> str:
    if "\0" in piece:
        raise _unsupported(filename)
    return piece


def _unsupported(filename: str) -> Unreadable:
    return Unreadable(
        "unsupported_file", f"The file '{filename}' is not text. This server reads text in UTF-8 or UTF-16 only."
    )
