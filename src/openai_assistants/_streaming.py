"""Streams: iterate over the typed events of a streamed call while they come."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any, AsyncIterator, Generic, Iterator, TypeVar

from ._connection import NO_WATCH, shut_down, socket_of, watch_body
from ._errors import OpenAIError, StreamInterruptedError, of_this_library
from ._events import DONE, Progress, decoded, has_begun
from ._exchange import reason_of
from ._flow import Flow, remaining
from ._http import close, close_async, failure_of
from ._http_clients import close_soon, running_loop
from ._logs import hide_secrets, scrub
from ._recovery import Ending, Opened, Reader, Recovery
from ._sse import ServerSentEvent, SSEDecoder

if TYPE_CHECKING:
    from types import TracebackType

    import httpx
    from typing_extensions import Self

    from ._connection import AsyncConnection, Connection
    from ._flow import Flow
    from ._requests import Call, Core, RequestOptions

__tracebackhide__ = of_this_library

# Reading the end of a body that nobody needs, so that its connection can be used again; blocking, but not for long.


def drain(response: httpx.Response, body: Iterator[bytes], seconds: float) -> None:
    """Read a body to its end, which has most likely come already. A connection on which it has not after some seconds
    is shut down. Nothing is read where that cannot be done: from no network, or beside other requests of HTTP/2."""
    if socket_of(response) is None:
        return
    with contextlib.suppress(Exception), watch_body(response, time.monotonic() + seconds):
        for _ in body:
            pass


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
        hide_secrets(self.response)
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
        self._watch = NO_WATCH

    def iterate(self) -> Iterator[T]:
        """The events; to be gone through once."""
        piece = b""
        try:
            while True:
                yield from self._made
                if self._live:
                    reader, deadline = self._reader, self._recovery.deadline
                    if deadline is not None:
                        self._watch = watch_body(self.response, deadline)
                    body = self.response.iter_bytes()
                    with self._watch:
                        for piece in self._pieces(body):
                            if deadline is not None:
                                self._check_deadline()
                            yield from reader.feed(piece)
                            if reader.done:
                                drain(self.response, body, self._drain_seconds())
                                break
                        else:
                            if self._watch.has_struck:  # the end of the body may be that of the connection
                                self._check_deadline()
                            if self._cause is None and not self._closed:
                                yield from reader.finish()
                going_on = self._go_on()
                opened = None if going_on is None else self._connection.drive(going_on)
                if opened is None:
                    return
                close(self.response)
                self._read_from(opened)
        except OpenAIError as error:
            del piece
            scrub(error)
            raise
        finally:
            close(self.response)

    def _pieces(self, body: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from body
        except Exception as cause:
            self._broke_off(cause)

    def close(self) -> None:
        """Close the connection; a thread that reads there wakes up."""
        self._closed = True
        self._watch.end()
        connection = None if self.response.is_closed else socket_of(self.response)
        if connection is not None:
            shut_down(connection)
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
        except BaseException as error:
            if isinstance(error, OpenAIError):
                scrub(error)
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


# Streams of other APIs: server-sent events as they stand in the stream, without a run behind them. No I/O.


def recovery_of(core: Core, call: Call[Any], options: RequestOptions) -> Recovery:
    """How a streamed call begins and ends, by the type of its events."""
    return (PlainRecovery if call.into is ServerSentEvent else Recovery)(core, call, options)


class PlainRecovery(Recovery):
    """A streamed call of which nothing is known but its events: its end is the end of the body, and a body that breaks
    off cannot be made up for."""

    def reader(self, response: httpx.Response, *, strict: bool) -> PlainReader:
        """As `Recovery.reader`."""
        return PlainReader(self.progress, response)

    def _without_events(self, response: httpx.Response) -> Flow[Opened]:
        """An answer that is JSON is left to the caller."""
        return Opened(response)
        yield

    def go_on(self, ending: Ending) -> Flow[Opened | None]:
        """Nothing comes after the body.

        Raises:
            StreamInterruptedError: It broke off.
        """
        if ending.cause is not None:
            raise StreamInterruptedError(
                f"The stream {ending.reason}.", request=ending.response.request
            ) from ending.cause
        return None
        yield


class PlainReader:
    """Reads events as they stand in the stream. `[DONE]` is the last one, whatever comes behind it."""

    def __init__(self, progress: Progress, response: httpx.Response) -> None:
        self._progress = progress
        self._response = response
        self._decoder = SSEDecoder()
        self._has_begun = False

    def feed(self, piece: bytes) -> Iterator[ServerSentEvent]:
        """The events that a piece of the body completes.

        Raises:
            APIResponseValidationError: It is a page, or there is no end to an event.
        """
        self._progress.started = True
        if not self._has_begun:
            self._has_begun = has_begun(piece, self._response, self._progress)
        for event in decoded(self._decoder.feed, piece, self._response):
            yield self._noted(event)
            if self.done:
                return

    def finish(self) -> Iterator[ServerSentEvent]:
        """The last event, if the body ended without its blank line."""
        pending = self._decoder.finish()
        if pending is not None and not self.done:
            yield self._noted(pending)

    @property
    def done(self) -> bool:
        """Whether the server has said that the stream is over."""
        return self._progress.done

    @property
    def last_event_id(self) -> str:
        """The id of the last event; empty if the stream gives none."""
        return self._decoder.last_event_id

    def _noted(self, event: ServerSentEvent) -> ServerSentEvent:
        self._progress.pass_on()
        self._progress.done = event.data == DONE
        return event
