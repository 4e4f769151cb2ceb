"""Streams: iterate over the typed events of a streamed call while they come."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, AsyncIterator, Generic, Iterator, TypeVar

from ._drain import drain
from ._errors import OpenAIError
from ._exchange import reason_of
from ._flow import Flow, remaining
from ._http import close, close_async, failure_of
from ._http_clients import close_soon, running_loop
from ._recovery import Ending, Opened, Reader, Recovery
from ._secrets import scrub

if TYPE_CHECKING:
    from types import TracebackType

    import httpx
    from typing_extensions import Self

    from ._connection import AsyncConnection, Connection

T = TypeVar("T")

DRAIN_SECONDS = 1.0
"""How long a finished stream waits for the end of its body."""


class _StreamBase(Generic[T]):
    """What both kinds of stream have in common."""

    response: httpx.Response
    """The HTTP answer that is being read."""

    def __init__(self, opened: Opened, recovery: Recovery, *, strict: bool) -> None:
        self._strict = strict
        self._recovery = recovery
        self._cause: Exception | None = None
        self._closed = False
        """Whether the program has closed it."""
        self._read_from(opened)

    def _read_from(self, opened: Opened) -> None:
        """Begin with a response, or with the events that stand in for the rest of one."""
        self.response = opened.response
        self._live = opened.live
        self._made: list[T] = opened.events
        self._finished = False
        self._reader: Reader[T] = self._recovery.reader(self.response, strict=self._strict)

    def _broke_off(self, cause: Exception) -> None:
        """Remember an exception of the HTTP library as the end of the body. Others go on as they are."""
        scrub(cause)
        if failure_of(cause) is None:
            raise cause
        self._cause = cause

    def _check_deadline(self) -> None:
        deadline = self._recovery.deadline
        if deadline is not None and time.monotonic() >= deadline:
            raise self._recovery.too_late(self.response)

    def _drain_seconds(self) -> float:
        left = remaining(self._recovery.deadline)
        return DRAIN_SECONDS if left is None else min(DRAIN_SECONDS, left)

    def _go_on(self) -> Flow[Opened | None] | None:
        """What comes after the body: nothing, or what a flow finds out."""
        if not self._live or self._recovery.progress.at_its_end:
            return None
        if self._closed:
            raise OpenAIError("The stream was closed before its end; the run goes on at the server.")
        if self._cause is not None:
            self._check_deadline()
        reason = "ended" if self._cause is None else f"broke off ({reason_of(self._cause)})"
        cause, self._cause = self._cause, None
        return self._recovery.go_on(Ending(self.response, self._reader.last_event_id, cause, reason))


class _Reading(_StreamBase[T]):
    """How a blocking stream is read. It is apart from the stream so that nothing refers to itself in a circle: a stream
    that nobody closes is closed where the program drops it, not at some moment of the garbage collector's, when the
    HTTP library may hold the lock that closing needs."""

    def __init__(self, opened: Opened, recovery: Recovery, *, strict: bool, connection: Connection) -> None:
        super().__init__(opened, recovery, strict=strict)
        self._connection = connection

    def iterate(self) -> Iterator[T]:
        """The events; to be gone through once."""
        try:
            while True:
                yield from self._made
                if self._live:
                    reader, has_deadline = self._reader, self._recovery.deadline is not None
                    body = self.response.iter_bytes()
                    for piece in self._pieces(body):
                        if has_deadline:
                            self._check_deadline()
                        yield from reader.feed(piece)
                        if reader.done:
                            drain(self.response, body, self._drain_seconds())
                            break
                    else:
                        if self._cause is None:
                            yield from reader.finish()
                going_on = self._go_on()
                opened = None if going_on is None else self._connection.drive(going_on)
                if opened is None:
                    return
                close(self.response)
                self._read_from(opened)
        finally:
            close(self.response)

    def _pieces(self, body: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from body
        except Exception as cause:
            self._broke_off(cause)

    def close(self) -> None:
        """Close the connection."""
        self._closed = True
        close(self.response)

    def __del__(self) -> None:
        with contextlib.suppress(Exception):
            self.response.close()


class Stream(Generic[T]):
    """Typed events of a streamed call, as they come. Iterate once; close it, or use it in `with`, if you stop early.

    A body that ends as if it were whole, but before the run does, is no silent end: the run is fetched, and if it is
    over, the missing events are made (their `synthesized` is True). A server that does not stream and answers with the
    run is polled until the run is over, then all events are made.

    Raises while iterating:
        RunStreamError: The server sent an error event.
        StreamInterruptedError: The stream broke off or ended before the run; not with `resume=True`, where it goes on.
        APITimeoutError: The deadline of the call passed.
        APIResponseValidationError: An event cannot be read; in strict mode: it deviates from the API.
    """

    def __init__(self, opened: Opened, recovery: Recovery, *, strict: bool, connection: Connection) -> None:
        self._reading: _Reading[T] = _Reading(opened, recovery, strict=strict, connection=connection)
        self._events = self._reading.iterate()

    @property
    def response(self) -> httpx.Response:
        """The HTTP answer that is being read."""
        return self._reading.response

    def __iter__(self) -> Iterator[T]:
        return self._events

    def __next__(self) -> T:
        return next(self._events)

    def close(self) -> None:
        """Close the connection. The run goes on at the server."""
        self._reading.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncStream(_StreamBase[T]):
    """Typed events of a streamed call, as they come. Iterate once; close it, or use it in `async with`, to stop early.

    Ends and raises while iterating: as `Stream`.
    """

    def __init__(self, opened: Opened, recovery: Recovery, *, strict: bool, connection: AsyncConnection) -> None:
        super().__init__(opened, recovery, strict=strict)
        self._connection = connection
        self._pieces: AsyncIterator[bytes] | None = None
        self._events: Iterator[T] = iter(self._made)
        self._over = False
        self._loop = running_loop()

    def __del__(self) -> None:
        with contextlib.suppress(Exception):
            if not self.response.is_closed:
                close_soon(self.response, self._loop)

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
            await self._let_go()
            raise

    async def _read_on(self) -> None:
        """Read the next piece of the body, or see whether something comes after it."""
        if not self._live:
            self._over = True
            return
        if self._pieces is None:
            self._pieces = self.response.aiter_bytes()
        if self._reader.done:
            await self._drain(self._pieces)
            await self._continue()
        elif (piece := await self._next(self._pieces)) is not None:
            self._events = self._reader.feed(piece)
        elif self._cause is None and not self._finished:
            self._finished = True
            self._events = self._reader.finish()
        else:
            await self._continue()

    async def _continue(self) -> None:
        going_on = self._go_on()
        opened = None if going_on is None else await self._connection.drive(going_on)
        if opened is None:
            self._over = True
            return
        await self._let_go()
        self._read_from(opened)
        self._pieces, self._events = None, iter(self._made)

    async def _drain(self, pieces: AsyncIterator[bytes]) -> None:
        """Read the end of the body, which comes with the last event: then the connection can be used again, and nothing
        of the HTTP library is left for the garbage collector."""
        import anyio

        with contextlib.suppress(Exception), anyio.move_on_after(self._drain_seconds()):
            while await anext(pieces, None) is not None:
                pass

    async def _next(self, pieces: AsyncIterator[bytes]) -> bytes | None:
        """The next piece of the body, None at its end."""
        deadline = self._recovery.deadline
        try:
            if deadline is None:
                return await anext(pieces, None)
            import anyio

            with anyio.move_on_after(remaining(deadline)):
                return await anext(pieces, None)
            raise self._recovery.too_late(self.response)
        except Exception as cause:
            self._broke_off(cause)
            return None

    async def close(self) -> None:
        """Close the connection. The run goes on at the server."""
        self._closed = True
        await self._let_go()

    async def _let_go(self) -> None:
        """Close the response."""
        if not getattr(self._pieces, "ag_running", True):  # another task may be reading
            await close_async(self._pieces)
        await close_async(self.response)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
