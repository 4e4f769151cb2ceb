"""Streams: iterate over the typed events of a response while they come."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any, AsyncIterator, Generic, Iterator, TypeVar

from ._errors import APITimeoutError
from ._events import EventReader
from ._exchange import reason_of
from ._flow import remaining
from ._http import failure_of

if TYPE_CHECKING:
    from types import TracebackType

    import httpx
    from typing_extensions import Self

T = TypeVar("T")

DRAIN_SECONDS = 1.0
"""How long a finished stream waits for the end of its body."""


class _StreamBase(Generic[T]):
    """What both kinds of stream have in common."""

    response: httpx.Response
    """The HTTP answer."""

    def __init__(self, response: httpx.Response, into: Any, *, strict: bool, deadline: float | None) -> None:
        self.response = response
        self._reader: EventReader[T] = EventReader(response, into, strict=strict)
        self._deadline = deadline

    def _end_or_raise(self, cause: Exception) -> None:
        """What an exception of the HTTP library means: nothing after the run's last event, otherwise one of ours, which
        says how the run stood. Other exceptions go on as they are."""
        if failure_of(cause) is None:
            raise cause
        if self._reader.at_its_end:
            return
        self._check_deadline()
        raise self._reader.interrupted(f"broke off ({reason_of(cause)})") from cause

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
            self._end_or_raise(cause)

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
        self._pieces: AsyncIterator[bytes] | None = None
        self._events: Iterator[T] = iter(())
        self._over = False

    # Not an async generator: leaving a loop early must not leave one for the garbage collector.

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        try:
            while True:
                for event in self._events:
                    return event
                if self._over:
                    raise StopAsyncIteration
                await self._read_on()
        except BaseException:
            self._over, self._events = True, iter(())
            await self.close()
            raise

    async def _read_on(self) -> None:
        """Read the next piece of the body, or see that the stream may end here."""
        if self._pieces is None:
            self._pieces = self.response.aiter_bytes()
        if self._reader.done:
            self._over = True
            await self._drain(self._pieces)
        elif (piece := await self._next(self._pieces)) is not None:
            self._events = self._reader.feed(piece)
        else:
            self._over = True
            self._events = self._last()

    async def _drain(self, pieces: AsyncIterator[bytes]) -> None:
        """Read the end of the body, which comes with the last event: then the connection can be used again, and nothing
        of the HTTP library is left for the garbage collector."""
        import anyio

        with contextlib.suppress(Exception), anyio.move_on_after(DRAIN_SECONDS):
            while await anext(pieces, None) is not None:
                pass

    def _last(self) -> Iterator[T]:
        yield from self._reader.finish()
        self._check_end()

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
            self._end_or_raise(cause)
            return None

    async def close(self) -> None:
        """Close the connection. The run goes on at the server."""
        close = getattr(self._pieces, "aclose", None)
        if close is not None:
            await close()
        await self.response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
