"""What is uploaded: bytes or an open file, read in pieces, and from the beginning again where that is possible."""

from __future__ import annotations

import io
from typing import IO, Any, Protocol

from ._errors import OpenAIError

PIECE = 256 * 1024
"""Bytes that are read and sent at a time."""


class Content(Protocol):
    """Something to upload."""

    size: int | None
    """In bytes; None if only reading tells."""
    repeatable: bool
    """Whether it can be read more than once."""
    in_memory: bool
    """Whether reading never waits for a disk."""

    def begin(self) -> None:
        """Go to the beginning.

        Raises:
            OpenAIError: It has been read, and can be read only once.
        """
        ...

    def read(self, limit: int) -> bytes:
        """The next bytes after `begin`, at most so many; none at the end."""
        ...

    def head(self, limit: int) -> bytes:
        """The first bytes, at most so many, before anything is read."""
        ...


class BytesContent:
    """Bytes, of which nothing but a piece is ever copied."""

    repeatable = True
    in_memory = True

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self._view = memoryview(data).cast("B")
        self._place = 0
        self.size: int | None = len(self._view)

    def begin(self) -> None:
        """Go to the beginning."""
        self._place = 0

    def read(self, limit: int) -> bytes:
        """The next bytes."""
        piece = bytes(self._view[self._place : self._place + limit])
        self._place += len(piece)
        return piece

    def head(self, limit: int) -> bytes:
        """The first bytes."""
        return bytes(self._view[:limit])


class OpenFile:
    """A file that is open for reading; the whole of it, wherever it stands."""

    def __init__(self, file: IO[bytes], head: bytes = b"") -> None:
        self._file = file
        self._head = head
        """Bytes that have been read already, of a file that cannot go back."""
        self._begun = False
        self.in_memory = isinstance(file, io.BytesIO)
        self.repeatable = _can_seek(file)
        self.size = file.seek(0, io.SEEK_END) if self.repeatable else None
        self._left = self.size

    def begin(self) -> None:
        """Go to the beginning."""
        if self.repeatable:
            self._head = b""
            self._file.seek(0)
        elif self._begun:
            raise OpenAIError(
                "This file can be read only once, and that has been done; open it anew, or pass its bytes."
            )
        self._begun = True
        self._left = self.size

    def read(self, limit: int) -> bytes:
        """The next bytes; no more than there were when its size was asked for."""
        if self._head:
            piece, self._head = self._head[:limit], self._head[limit:]
            return piece
        if self._left is None:
            return self._file.read(limit)
        piece = self._file.read(min(limit, self._left))
        if not piece and self._left and limit:
            raise OpenAIError(f"The file has become shorter while it was being read: {self._left} bytes are missing.")
        self._left -= len(piece)
        return piece

    def head(self, limit: int) -> bytes:
        """The first bytes."""
        if self.repeatable:
            self._file.seek(0)
            return self._file.read(limit)
        while len(self._head) < limit and (more := self._file.read(limit - len(self._head))):
            self._head += more
        return self._head[:limit]


def _can_seek(file: Any) -> bool:
    seekable = getattr(file, "seekable", None)
    return bool(seekable()) if callable(seekable) else hasattr(file, "seek") and hasattr(file, "tell")


class Section:
    """A section of an open file, to be read like a file of its own."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file = file
        self._start = start
        self._size = size

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, counted from the beginning or the end of the section."""
        place = offset + (self._size if whence == io.SEEK_END else 0)
        return self._file.seek(self._start + place) - self._start

    def read(self, limit: int) -> bytes:
        """The next bytes; where the section ends is known to who reads it."""
        return self._file.read(limit)
