"""Responses whose body is read when it is asked for, blocking or awaiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, AsyncIterator, Generic, Iterator, TypeVar, cast, overload

from ._deadline_stream import end_in_time
from ._documents import read_json
from ._errors import OpenAIError
from ._flow import DeadlinePassed, remaining
from ._http import close, close_async
from ._responses import BaseAPIResponse
from ._text import text_of

if TYPE_CHECKING:
    import os

    from typing_extensions import Self

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class StreamedAPIResponse(BaseAPIResponse[T_co]):
    """A raw response of `OpenAI` whose body is read when it is asked for, once.

    Reading raises `APIConnectionError` where the body breaks off, `APITimeoutError` at the deadline of the call, and
    `OpenAIError` if the body was read already or the response is closed.
    """

    def read(self) -> bytes:
        """Read the whole body; it is kept."""
        try:
            self._look_at_the_clock()
            return self.http_response.read()
        except Exception as cause:
            self._raise(cause)
            raise

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
        except Exception as cause:
            self._raise(cause)
            raise


class AsyncAPIResponse(BaseAPIResponse[T_co]):
    """A raw response of `AsyncOpenAI` whose body is read when asked for, once; errors as `StreamedAPIResponse`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open: list[_AsyncPieces[Any]] = []

    async def read(self) -> bytes:
        """Read the whole body; it is kept."""
        return cast("bytes", await self._in_time(self.http_response.aread))

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
        import anyio

        async with await anyio.open_file(file, "wb") as target:
            async for piece in self.iter_bytes(chunk_size):
                await target.write(piece)

    async def close(self) -> None:
        """Give up what is left of the body."""
        for pieces in self._open:
            await pieces.close()
        await close_async(self.http_response)

    def _pieces(self, source: AsyncIterator[T]) -> AsyncIterator[T]:
        pieces: _AsyncPieces[T] = _AsyncPieces(source, self._in_time)
        self._open.append(pieces)
        return pieces

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
            raise


class _AsyncPieces(Generic[T]):
    """The pieces of a body. No async generator: leaving a loop early must not leave one to the garbage collector."""

    def __init__(self, source: Any, in_time: Any) -> None:
        self._source = source
        self._in_time = in_time
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
            raise

    async def close(self) -> None:
        """Close what the pieces come from."""
        self._closed = True
        await close_async(self._source)
