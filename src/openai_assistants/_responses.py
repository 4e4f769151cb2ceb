"""Raw responses: the HTTP answer of a call, from which its result can be read; at once, or while its body comes."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, AsyncIterator, Callable, Generic, Iterator, NoReturn, TypeVar, cast, overload

from ._answers import checked_type, read_as, too_large
from ._basics import read_json, settle_encoding, text_of
from ._connection import end_in_time
from ._errors import APITimeoutError, OpenAIError, of_this_library
from ._exchange import connection_error
from ._flow import DeadlinePassed, remaining
from ._http import CUT, check_whole, close, close_async, failure_of, is_misuse, read_body, read_body_async
from ._logs import hide_secrets

if TYPE_CHECKING:
    import datetime
    import os

    import httpx
    from typing_extensions import Self

    from ._requests import Operation

__tracebackhide__ = of_this_library

# Raw responses: the HTTP answer of a call, from which its result can be read.

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Parse = Callable[["httpx.Response", "float | None"], T]
"""Makes the result of an answer; the second argument is the deadline of its call."""


class BaseAPIResponse(Generic[T_co]):
    """What all raw responses have."""

    http_response: httpx.Response
    """The answer as the HTTP library gives it; the request in it carries no credentials."""

    def __init__(
        self,
        response: httpx.Response,
        parse: Parse[T_co],
        operation: Operation,
        *,
        strict: bool,
        deadline: float | None = None,
        most: int | None = None,
        is_stream: bool = False,
        on_read: Callable[[httpx.Response], None] | None = None,
    ) -> None:
        sent = response.request
        hide_secrets(response)
        response.request = _with_body(response.request, sent)
        settle_encoding(response)
        self.http_response = response
        self._parse: Any = parse
        self._operation = operation
        self._strict = strict
        self._deadline = deadline
        self._most = most
        """How many bytes of a body are read whole."""
        self._is_stream = is_stream
        """Whether the result is a stream of events, which reads the body itself."""
        self._parsed: list[Any] = []
        self._on_read = on_read

    def _note_read(self) -> None:
        if CUT in self.http_response.extensions:
            raise too_large(self.http_response)
        on_read, self._on_read = self._on_read, None
        if on_read is not None:
            on_read(self.http_response)

    @property
    def headers(self) -> httpx.Headers:
        """Headers of the answer."""
        return self.http_response.headers

    @property
    def status_code(self) -> int:
        """HTTP status."""
        return self.http_response.status_code

    @property
    def request_id(self) -> str | None:
        """The server's id of the request, to quote in a bug report."""
        return cast("str | None", self.headers.get("x-request-id"))

    @property
    def http_request(self) -> httpx.Request:
        """The request, without its credentials; its body is there unless it is a form with files."""
        return self.http_response.request

    @property
    def url(self) -> httpx.URL:
        """Where the answer came from, after redirects."""
        return self.http_request.url

    @property
    def method(self) -> str:
        """HTTP method of the request."""
        return self.http_request.method

    @property
    def http_version(self) -> str:
        """Such as `HTTP/1.1`."""
        return self.http_response.http_version

    @property
    def elapsed(self) -> datetime.timedelta:
        """Time from sending the request until the body was read.

        Raises:
            OpenAIError: The body has not been read yet.
        """
        try:
            return self.http_response.elapsed
        except RuntimeError:
            raise OpenAIError("elapsed is known when the body has been read or the response is closed") from None

    @property
    def retries_taken(self) -> int:
        """How many failed attempts came before this answer."""
        return cast("int", self.http_response.extensions.get("retries_taken", 0))

    @property
    def is_closed(self) -> bool:
        """Whether the body has been read to its end or was given up."""
        return self.http_response.is_closed

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{self.status_code}] {self.method} {self.url}>"

    def _result(self, to: Any) -> Any:
        if to is not None:
            if self._is_stream:
                raise TypeError("parse(to=...) reads a whole body, but this answer is a stream of events; use parse()")
            return read_as(self.http_response, checked_type(to, "to"), self._operation, strict=self._strict)
        if not self._parsed:
            self._parsed.append(self._parse(self.http_response, self._deadline))
        return self._parsed[0]

    def _check_end(self) -> None:
        """All pieces have come: see whether that is the whole body. A stream of events says so itself."""
        if not self._is_stream:
            check_whole(self.http_response)

    def _raise(self, cause: Exception) -> NoReturn:
        """Raise what an exception while reading the body means: itself where it is not one of the HTTP library."""
        place = f"{self.method} {self.url.copy_with(query=None)}"
        if isinstance(cause, DeadlinePassed):
            raise APITimeoutError(
                self.http_request, message=f"The deadline passed while the answer of {place} was read."
            ) from None
        if is_misuse(cause):
            raise OpenAIError(
                f"The body of the answer of {place} cannot be read: it was read already, the response is closed, or it "
                "is a stream of events, which parse() gives."
            ) from None
        if isinstance(cause, UnicodeError):
            raise OpenAIError(
                f"The body of the answer of {place} is no text in {self.http_response.encoding}, as it says it is; "
                "read it as bytes."
            ) from None
        if failure_of(cause) is not None:
            raise connection_error(cause, self.http_request) from cause
        raise cause


class APIResponse(BaseAPIResponse[T_co]):
    """A raw response whose body has been read; the same on both clients, nothing is awaited."""

    @property
    def content(self) -> bytes:
        """The body.

        Raises:
            OpenAIError: The answer is a stream of events; `parse()` gives them.
        """
        try:
            return self.http_response.content
        except Exception as cause:
            self._raise(cause)

    @property
    def text(self) -> str:
        """The body as text, in the encoding that the answer names, else UTF-8."""
        _ = self.content
        return text_of(self.http_response)

    def json(self) -> Any:
        """The body read as JSON, as plain data.

        Raises:
            JSONDecodeError: It is no JSON; a `ValueError`.
        """
        return read_json(self.content)

    def read(self) -> bytes:
        """The body."""
        return self.content

    @overload
    def parse(self) -> T_co: ...
    @overload
    def parse(self, *, to: type[T]) -> T: ...
    @overload
    def parse(self, *, to: Any) -> Any: ...
    def parse(self, *, to: Any = None) -> Any:
        """What the method gives without raw access: the object, the page, the file or the stream; the same each time.

        Args:
            to: Read the body as this type instead: a model class, a union, a list or dict type, `str`, `bytes` or
                `httpx.Response`.

        Raises:
            APIResponseValidationError: The body cannot be read as the type; in strict mode: it deviates.
            TypeError: `to` is no such type, or the answer is a stream.
        """
        return self._result(to)


def _with_body(shown: httpx.Request, sent: httpx.Request) -> httpx.Request:
    """A request without credentials, with the body that was sent where that is in memory."""
    try:
        content = sent.content
    except RuntimeError:  # a form with files, which was read while it was sent
        return shown
    return type(sent)(sent.method, shown.url, headers=shown.headers, content=content or None)


# Responses whose body is read when it is asked for, blocking or awaiting.


class StreamedAPIResponse(BaseAPIResponse[T_co]):
    """A raw response of `OpenAI` whose body is read when it is asked for, once.

    Reading raises `APIConnectionError` where the body breaks off, `APITimeoutError` at the deadline of the call, and
    `OpenAIError` if the body was read already or the response is closed.
    """

    def read(self) -> bytes:
        """Read the whole body; it is kept."""
        try:
            self._look_at_the_clock()
            read_body(self.http_response, self._most)
        except Exception as cause:
            self._raise(cause)
        self._note_read()
        return self.http_response.content

    def text(self) -> str:
        """Read the whole body as text, in the encoding that the answer names, else UTF-8."""
        self.read()
        return text_of(self.http_response)

    def json(self) -> Any:
        """Read the whole body as JSON, as plain data.

        Raises:
            JSONDecodeError: It is no JSON; a `ValueError`.
        """
        return read_json(self.read())

    @overload
    def parse(self) -> T_co: ...
    @overload
    def parse(self, *, to: type[T]) -> T: ...
    @overload
    def parse(self, *, to: Any) -> Any: ...
    def parse(self, *, to: Any = None) -> Any:
        """Read the whole body as what the method gives without raw access; a stream of events is not read yet.

        Args and errors: as `APIResponse.parse`.
        """
        if not self._is_stream:
            self.read()
        return self._result(to)

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The body in pieces of `chunk_size` bytes, the last one smaller; as they come unless given."""
        return self._checked(self.http_response.iter_bytes(chunk_size))

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """The body in pieces of `chunk_size` characters, the last one smaller; as they come unless given."""
        return self._checked(self.http_response.iter_text(chunk_size))

    def iter_lines(self) -> Iterator[str]:
        """The body line by line, without line ends."""
        return self._checked(self.http_response.iter_lines())

    def stream_to_file(self, file: str | os.PathLike[str], *, chunk_size: int | None = None) -> None:
        """Write the body to a file while it comes, replacing the file. If this raises, the file holds what came.

        Raises: as reading; `OSError` where the file cannot be written.
        """
        with open(file, "wb") as target:
            for piece in self.iter_bytes(chunk_size):
                target.write(piece)

    def close(self) -> None:
        """Give up what is left of the body."""
        close(self.http_response)

    def _look_at_the_clock(self) -> None:
        """Let reading end at the deadline. A stream of events has its own way."""
        if self._deadline is not None:
            end_in_time(self.http_response, self._deadline)

    def _checked(self, pieces: Iterator[T]) -> Iterator[T]:
        try:
            self._look_at_the_clock()
            yield from pieces
            self._check_end()
        except Exception as cause:
            self._raise(cause)


class AsyncAPIResponse(BaseAPIResponse[T_co]):
    """A raw response of `AsyncOpenAI` whose body is read when asked for, once; errors as `StreamedAPIResponse`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open: list[_AsyncPieces[Any]] = []

    async def read(self) -> bytes:
        """Read the whole body; it is kept."""
        await self._in_time(partial(read_body_async, self.http_response, self._most))
        self._note_read()
        return self.http_response.content

    async def text(self) -> str:
        """Read the whole body as text, in the encoding that the answer names, else UTF-8."""
        await self.read()
        return text_of(self.http_response)

    async def json(self) -> Any:
        """Read the whole body as JSON, as plain data.

        Raises:
            JSONDecodeError: It is no JSON; a `ValueError`.
        """
        return read_json(await self.read())

    @overload
    async def parse(self) -> T_co: ...
    @overload
    async def parse(self, *, to: type[T]) -> T: ...
    @overload
    async def parse(self, *, to: Any) -> Any: ...
    async def parse(self, *, to: Any = None) -> Any:
        """Read the whole body as what the method gives without raw access; a stream of events is not read yet.

        Args and errors: as `APIResponse.parse`.
        """
        if not self._is_stream:
            await self.read()
        return self._result(to)

    def iter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """The body in pieces of `chunk_size` bytes, the last one smaller; as they come unless given."""
        return self._pieces(self.http_response.aiter_bytes(chunk_size))

    def iter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """The body in pieces of `chunk_size` characters, the last one smaller; as they come unless given."""
        return self._pieces(self.http_response.aiter_text(chunk_size))

    def iter_lines(self) -> AsyncIterator[str]:
        """The body line by line, without line ends."""
        return self._pieces(self.http_response.aiter_lines())

    async def stream_to_file(self, file: str | os.PathLike[str], *, chunk_size: int | None = None) -> None:
        """Write the body to a file while it comes, replacing the file. If this raises, the file holds what came.

        Raises: as reading; `OSError` where the file cannot be written.
        """
        from ._files import in_worker

        with ExitStack() as stack:
            target = await in_worker(lambda: stack.enter_context(open(file, "wb")))
            async for piece in self.iter_bytes(chunk_size):
                await in_worker(partial(target.write, piece))
            await in_worker(stack.close)

    async def close(self) -> None:
        """Give up what is left of the body."""
        for pieces in self._open:
            await pieces.close()
        await close_async(self.http_response)

    def _pieces(self, source: AsyncIterator[T]) -> AsyncIterator[T]:
        pieces: _AsyncPieces[T] = _AsyncPieces(source, self._in_time, self._after_all)
        self._open.append(pieces)
        return pieces

    async def _after_all(self) -> None:
        self._check_end()

    async def _in_time(self, function: Any) -> Any:
        """Await a function, no longer than until the deadline; its errors become ours."""
        try:
            if self._deadline is None:
                return await function()
            import anyio

            with anyio.move_on_after(remaining(self._deadline)):
                return await function()
            raise DeadlinePassed
        except Exception as cause:
            self._raise(cause)


class _AsyncPieces(Generic[T]):
    """The pieces of a body. No async generator: leaving a loop early must not leave one to the garbage collector."""

    def __init__(self, source: Any, in_time: Any, after_all: Any) -> None:
        self._source = source
        self._in_time = in_time
        self._after_all = after_all
        self._over = self._closed = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        try:
            return cast("T", await self._in_time(self._source.__anext__))
        except StopAsyncIteration:
            if self._closed and not self._over:
                raise OpenAIError("The response was closed before its body was read to its end.") from None
            self._over = True
            await self._in_time(self._after_all)
            raise

    async def close(self) -> None:
        """Close what the pieces come from."""
        self._closed = True
        await close_async(self._source)
