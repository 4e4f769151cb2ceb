"""Streams: iterate over the typed events of a response while they come."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, AsyncIterator, Generic, Iterator, NoReturn, TypeVar

from ._errors import APITimeoutError
from ._events import EventReader
from ._exchange import connection_error
from ._flow import remaining
from ._http import failure_of

if TYPE_CHECKING:
    from types import TracebackType

    import httpx
    from typing_extensions import Self

T = TypeVar("T")


class _StreamBase(Generic[T]):
    """What both kinds of stream have in common."""

    response: httpx.Response
    """The HTTP answer."""

    def __init__(self, response: httpx.Response, into: Any, *, strict: bool, deadline: float | None) -> None:
        self.response = response
        self._reader: EventReader[T] = EventReader(response, into, strict=strict)
        self._deadline = deadline

    def _raise_interrupted(self, cause: Exception) -> NoReturn:
        """Turn an exception of the HTTP library into ours, which says how the run stood; others go on as they are."""
        if failure_of(cause) is None:
            raise cause
        reason = str(connection_error(cause, self.response.request)).strip(".")
        raise self._reader.interrupted(f"broke off ({reason})") from cause

    def _check_deadline(self) -> None:
        if self._deadline is not None and time.monotonic() >= self._deadline:
            raise self._too_late()

    def _too_late(self) -> APITimeoutError:
        run = f" of run {self._reader.run_id}" if self._reader.run_id else ""
        return APITimeoutError(self.response.request, message=f"The deadline passed while the stream{run} was read.")

    def _check_end(self) -> None:
        if not self._reader.at_its_end:
            raise self._reader.interrupted("ended")


class Stream(_StreamBase[T]):
    """Typed events of a response, as they come. Iterate once; close it, or use it in `with`, if you stop early.

    Raises while iterating:
        RunStreamError: The server sent an error event.
        StreamInterruptedError: The stream ended before the run; never a silent end.
        APITimeoutError: The deadline of the call passed.
        APIResponseValidationError: An event cannot be read; in strict mode: it deviates from the API.
    """

    def __init__(self, response: httpx.Response, into: Any, *, strict: bool, deadline: float | None = None) -> None:
        super().__init__(response, into, strict=strict, deadline=deadline)
        self._events = self._iterate()

    def __iter__(self) -> Iterator[T]:
        return self._events

    def __next__(self) -> T:
        return next(self._events)

    def _iterate(self) -> Iterator[T]:
        reader = self._reader
        try:
            for piece in self._pieces():
                self._check_deadline()
                yield from reader.feed(piece)
                if reader.done:
                    return
            yield from reader.finish()
            self._check_end()
        finally:
            self.response.close()

    def _pieces(self) -> Iterator[bytes]:
        try:
            yield from self.response.iter_bytes()
        except Exception as cause:
            self._raise_interrupted(cause)

    def close(self) -> None:
        """Close the connection. The run goes on at the server."""
        self.response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncStream(_StreamBase[T]):
    """Typed events of a response, as they come. Iterate once; close it, or use it in `async with`, if you stop early.

    Raises while iterating: as `Stream`.
    """

    def __init__(self, response: httpx.Response, into: Any, *, strict: bool, deadline: float | None = None) -> None:
        super().__init__(response, into, strict=strict, deadline=deadline)
        self._events = self._iterate()

    def __aiter__(self) -> AsyncIterator[T]:
        return self._events

    async def __anext__(self) -> T:
        return await self._events.__anext__()

    async def _iterate(self) -> AsyncIterator[T]:
        reader = self._reader
        try:
            pieces = self.response.aiter_bytes()
            while (piece := await self._next(pieces)) is not None:
                for event in reader.feed(piece):
                    yield event
                if reader.done:
                    return
            for event in reader.finish():
                yield event
            self._check_end()
        finally:
            await self.response.aclose()

    async def _next(self, pieces: AsyncIterator[bytes]) -> bytes | None:
        """The next piece of the body, None at its end."""
        try:
            if self._deadline is None:
                return await anext(pieces, None)
            import anyio

            with anyio.move_on_after(remaining(self._deadline)):
                return await anext(pieces, None)
            raise self._too_late()
        except Exception as cause:
            self._raise_interrupted(cause)

    async def close(self) -> None:
        """Close the connection. The run goes on at the server."""
        await self.response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
