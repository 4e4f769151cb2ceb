"""The text of a file, read as it comes and cut into passages.

So far the text is that of files which are text. Whatever reads other kinds goes into `read_text`.
"""

from __future__ import annotations

import codecs
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from ..models.base import CHARACTERS_PER_TOKEN
from ..processing import FileErrorCode
from ..spec import JsonObject

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


@dataclass(frozen=True)
class Passage:
    """A piece of a text that search finds as a whole."""

    text: str
    shared: int
    """How many characters at the beginning are the end of the passage before."""


class Cutter:
    """Cuts text into passages by a static chunking strategy, between words where it can."""

    def __init__(self, strategy: JsonObject) -> None:
        sizes = strategy["static"]
        self._size: int = sizes["max_chunk_size_tokens"] * CHARACTERS_PER_TOKEN
        self._overlap: int = sizes["chunk_overlap_tokens"] * CHARACTERS_PER_TOKEN
        self._pending = ""
        self._shared = 0

    def feed(self, text: str) -> Iterator[Passage]:
        """The passages that are complete with this piece of text."""
        self._pending += text
        start = 0
        while len(self._pending) - start > self._size:
            end = self._end(start)
            yield Passage(self._pending[start:end], self._shared)
            start = end - self._overlap
            self._shared = self._overlap
        self._pending = self._pending[start:]

    def close(self) -> Iterator[Passage]:
        """The last passage."""
        if len(self._pending) > self._shared:
            yield Passage(self._pending, self._shared)

    def _end(self, start: int) -> int:
        # Not before four fifths: the overlap is at most half of a passage, so each goes beyond the one before.
        low, high = start + self._size * 4 // 5, start + self._size
        space = max(self._pending.rfind(each, low, high) for each in " \n\t")
        return high if space < 0 else space + 1
