"""What is uploaded: file arguments, their names, what is in them, read in pieces, and `multipart/form-data` bodies
made of them piece by piece while they are sent. Files are never held in memory."""

from __future__ import annotations

import codecs
import io
import mimetypes
import os
import secrets
import threading
import time
from contextlib import ExitStack
from pathlib import PurePath
from types import NoneType
from typing import IO, Any, AsyncIterator, Callable, Iterable, Iterator, Mapping, NamedTuple, Protocol, TypeVar, cast

from ._basics import is_tuple, one_line, require_mapping
from ._errors import OpenAIError
from ._flow import DeadlinePassed, Flow, Perform
from ._http import is_a, library_of, stream_class
from ._requests import HEADER_NAME
from ._together import raise_if_halted

# Work of flows on files; on the async client in worker threads, so that a slow disk holds up nothing else.

T = TypeVar("T")

AT_ONCE = 4 << 20
"""Bytes that are read between two looks at whether to go on."""


def in_thread(function: Callable[[], T]) -> Flow[T]:
    """Call a function that waits for a disk."""
    return cast("T", (yield Perform(function, lambda: in_worker(function))))


async def in_worker(function: Callable[[], T]) -> T:
    """Call a function in a worker thread. A task that is cancelled meanwhile ends after the function, not before: what
    it opens would be nobody's. (anyio sees to that where its scopes are cancelled, but not where asyncio's tasks are.)
    """
    from anyio import CancelScope, get_cancelled_exc_class, to_thread

    turn = threading.Lock()
    over = threading.Event()
    given_up = begun = False

    def whole() -> T:
        nonlocal begun
        with turn:
            begun = not given_up
        try:
            return function() if begun else cast("T", None)
        finally:
            over.set()

    try:
        return await to_thread.run_sync(whole)
    except get_cancelled_exc_class():
        with turn:
            given_up = True
        if begun:
            with CancelScope(shield=True):
                await to_thread.run_sync(over.wait)
        raise


def digest(content: Content, hasher: Any, copy: Callable[[bytes], Any] | None = None) -> Flow[str]:
    """The checksum of a content in hexadecimal. `copy` gets all that is read."""

    def some() -> bool:
        piece = content.read(AT_ONCE)
        hasher.update(piece)
        if copy is not None:
            copy(piece)
        return bool(piece)

    content.begin()
    while (yield from in_thread(some)):
        pass
    return cast("str", hasher.hexdigest())


# What is uploaded: bytes or an open file, read in pieces, and from the beginning again where that is possible.

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


# Names for uploads that have none: the API tells kinds of files by their endings, and refuses unknown ones.

HEAD = 1024
"""Bytes from the beginning of a file that tell its kind."""

STEM = "upload"

_LINES_OF_JSON = frozenset({"batch", "fine-tune", "evals"})
"""Purposes for which a file is one JSON object a line."""

_BEGINNINGS = (
    (b"%PDF-", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"PK\x03\x04", ".zip"),
)


def name_for(purpose: object, media_type: str | None, head: bytes) -> str:
    """A name for a file from what it is for, its type if that is known, and its first bytes."""
    if media_type is not None and (ending := mimetypes.guess_extension(media_type)):
        return STEM + ending
    if isinstance(purpose, str) and purpose in _LINES_OF_JSON:
        return STEM + ".jsonl"
    return STEM + _ending_of(head)


def _ending_of(head: bytes) -> str:
    for beginning, ending in _BEGINNINGS:
        if head.startswith(beginning):
            return ending
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ".webp"
    return ".txt" if _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return False
    return "\0" not in text


# File arguments: a path, bytes, a file object, or a tuple of name, content and type.

SHOWN = 200
"""Characters of what cannot be sent."""

FileContent = IO[bytes] | bytes | bytearray | memoryview | os.PathLike[str]
"""What is uploaded: an open binary file, bytes, or the path of a file (a plain `str` is refused: it may be content)."""

FileTypes = (
    FileContent
    | tuple[str | None, FileContent]
    | tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
"""A file argument: content, or a tuple `(name, content)`, `(name, content, media_type)`, `(..., headers)`."""


class FilePart(NamedTuple):
    """A file argument as a part of a multipart body."""

    name: str
    content: Content
    media_type: str
    headers: Mapping[str, str] = {}


def file_part(argument: str, file: Any, stack: ExitStack, purpose: object = None) -> FilePart:
    """A file argument as a part of a multipart body. Files opened here are closed with `stack`.

    Args:
        argument: What the argument is called, for messages.
        file: The argument.
        stack: What closes files that are opened.
        purpose: What the API is told that the file is for; a file without a name gets one that fits.

    Raises:
        TypeError: It is nothing that can be uploaded.
        OSError: The path cannot be opened.
        ValueError: Its name, type or headers cannot be sent.
    """
    name: str | None = None
    media_type: str | None = None
    headers: Mapping[str, str] | None = None
    given: Any = file
    if is_tuple(file):
        if not 2 <= len(file) <= 4:
            raise TypeError(f"{argument} must be a tuple (name, content), (name, content, media type) or with headers")
        name, given, media_type, headers = (*file, None, None)[:4]
    content = open_content(argument, given, stack)
    for what, text in (("name", cast("object", name)), ("media type", cast("object", media_type))):
        if not isinstance(text, (str, NoneType)):
            raise TypeError(f"the {what} in {argument} must be a string, not {type(text).__name__}")
    name = name or name_of(given) or name_for(purpose, media_type, content.head(HEAD))
    media_type = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    name = name.encode(errors="replace").decode()  # names of files can hold bytes that are no text
    part = FilePart(name, content, media_type, headers or {})
    require_mapping(f"the headers in {argument}", part.headers)
    for header, value in (("content-type", media_type), *part.headers.items()):
        if not isinstance(cast("object", header), str) or not isinstance(cast("object", value), str):
            raise TypeError(f"names and values of the headers in {argument} must be strings")
        if not HEADER_NAME.fullmatch(header) or not value.isprintable():
            line = one_line(repr(f"{header}: {value}"), SHOWN)
            raise ValueError(f"{argument} has a media type or header that cannot be sent: {line}")
    return part


def open_content(argument: str, given: Any, stack: ExitStack) -> Content:
    """The content of a file argument. A file that is opened here is closed with `stack`.

    Raises:
        TypeError: It is nothing that can be uploaded.
        OSError: The path cannot be opened.
    """
    if isinstance(given, (bytes, bytearray, memoryview)):
        return BytesContent(cast("bytes", given))
    if isinstance(given, os.PathLike):
        return OpenFile(stack.enter_context(open(cast("os.PathLike[str]", given), "rb")))
    if hasattr(given, "read"):
        nothing = given.read(0)
        if isinstance(nothing, str):
            raise TypeError(f"{argument} is a file opened in text mode; open it with mode 'rb'")
        return OpenFile(cast("IO[bytes]", given), nothing)
    raise TypeError(
        f"{argument} must be bytes, a path object, an open binary file or a tuple (name, content, media type), "
        f"not {type(given).__name__}; for a path given as text use pathlib.Path"
    )


def name_of(given: Any) -> str:
    """The name of a path or an open file; empty if it has none."""
    source = cast(
        "object",
        os.fspath(cast("os.PathLike[str]", given)) if isinstance(given, os.PathLike) else getattr(given, "name", None),
    )
    return PurePath(source).name if isinstance(source, str) else ""


def file_from_path(path: str | os.PathLike[str]) -> tuple[str, bytes]:
    """Read a file as an argument for an upload: its name and its content."""
    with open(path, "rb") as file:
        return os.path.basename(os.fspath(path)), file.read()


# Bodies of type `multipart/form-data`, made piece by piece while they are sent. Files are never held in memory.

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
        return await in_worker(lambda: content.read(PIECE))


def _quoted(text: str) -> str:
    """Text between quotes: what would end them, or the line, is percent-encoded as browsers do it. A backslash is
    doubled, because most servers take it for an escape."""
    return text.translate(_ESCAPES)
