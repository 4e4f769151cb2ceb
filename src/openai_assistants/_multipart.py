"""Bodies of type `multipart/form-data`, made piece by piece while they are sent. Files are never held in memory."""

from __future__ import annotations

import secrets
import time
from typing import Any, AsyncIterator, Iterable, Iterator

from ._contents import PIECE, Content
from ._files import FilePart
from ._flow import DeadlinePassed
from ._http import is_a, library_of, stream_class
from ._together import raise_if_halted

_ESCAPES = str.maketrans({'"': "%22", "\\": "\\\\"} | {chr(code): f"%{code:02X}" for code in (*range(32), 127)})


class Form:
    """Fields and files; they are read anew for each request."""

    def __init__(
        self, fields: Iterable[tuple[str, str]], files: Iterable[tuple[str, FilePart]], deadline: float | None = None
    ) -> None:
        self._deadline = deadline
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._pieces: list[bytes | Content] = []
        for name, text in fields:
            self._pieces += [f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n'.encode()]
            self._pieces += [text.encode(), b"\r\n"]
        for name, part in files:
            own = {
                "content-disposition": f'form-data; name="{_quoted(name)}"; filename="{_quoted(part.name)}"',
                "content-type": part.media_type,
            }
            headers = own | {header.lower(): value for header, value in part.headers.items()}
            lines = [f"--{boundary}", *(f"{header.title()}: {value}" for header, value in headers.items()), "\r\n"]
            self._pieces += ["\r\n".join(lines).encode(), part.content, b"\r\n"]
        self._pieces.append(f"--{boundary}--\r\n".encode())

    @property
    def length(self) -> int | None:
        """In bytes; None if only reading the files tells."""
        sizes = [len(piece) if isinstance(piece, bytes) else piece.size for piece in self._pieces]
        known = [size for size in sizes if size is not None]
        return sum(known) if len(known) == len(sizes) else None

    @property
    def repeatable(self) -> bool:
        """Whether it can be sent more than once."""
        return all(isinstance(piece, bytes) or piece.repeatable for piece in self._pieces)

    def close(self) -> None:
        """Let go of what was sent: requests live on in exceptions and answers."""
        self._pieces.clear()

    def request(self, request: Any, http: object) -> Any:
        """A copy of a request of an HTTP client with this body. Its headers say already what it is."""
        # Given as an iterable, a body would be wrapped in a generator, which trio wants to be closed when an upload
        # breaks off, and nobody closes.
        library: Any = library_of(http)
        if is_a(http, "AsyncClient"):
            stream = stream_class(AwaitingBody, library.AsyncByteStream)(self._pieces)
        else:
            stream = stream_class(BlockingBody, library.SyncByteStream)(self._pieces, self._deadline)
        return type(request)(
            request.method, request.url, headers=request.headers, extensions=request.extensions, stream=stream
        )


class BlockingBody:
    """A body for sync clients. Between two pieces it looks whether it may go on: nothing else can break it off."""

    def __init__(self, pieces: list[bytes | Content], deadline: float | None) -> None:
        self._pieces = pieces
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            piece.begin()
            while part := piece.read(PIECE):
                raise_if_halted()
                if self._deadline is not None and time.monotonic() >= self._deadline:
                    raise DeadlinePassed
                yield part


class AwaitingBody:
    """A body for async clients. Files are read in worker threads: a slow disk holds up nothing else."""

    def __init__(self, pieces: list[bytes | Content]) -> None:
        self._pieces = pieces

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _Pieces(self._pieces)


class _Pieces:
    """Goes through a body once. It may be left at any place; an async generator would have to be closed then."""

    def __init__(self, pieces: list[bytes | Content]) -> None:
        self._rest = iter(pieces)
        self._content: Content | None = None

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        while True:
            if self._content is not None:
                if part := await self._read(self._content):
                    return part
                self._content = None
            piece = next(self._rest, None)
            if piece is None:
                raise StopAsyncIteration
            if isinstance(piece, bytes):
                return piece
            piece.begin()
            self._content = piece

    async def _read(self, content: Content) -> bytes:
        if content.in_memory:
            return content.read(PIECE)
        from anyio import to_thread

        return await to_thread.run_sync(content.read, PIECE)


def _quoted(text: str) -> str:
    """Text between quotes: what would end them, or the line, is percent-encoded as browsers do it. A backslash is
    doubled, because most servers take it for an escape."""
    return text.translate(_ESCAPES)
