"""httpx transports that reach an application in this process without a socket.

The application lives in an event loop in a thread of its own, so sync and async clients, from any thread and any loop
(asyncio or trio), talk to the same server. Bodies stream in both directions, a piece at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextvars import Context
from typing import Any, TypeVar

import anyio
import httpx
from anyio.lowlevel import current_token
from starlette.applications import Starlette

from .asgi import DISCONNECT, Message

T = TypeVar("T")

_AHEAD = 64
_AHEAD_BYTES = 2 << 20
_GRACE = 3.0
"""Seconds that requests under way get when the server stops and the runs have ended."""


class Background:
    """An application with its event loop in a thread."""

    def __init__(self, app: Starlette) -> None:
        self._app = app
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="assistants-server", daemon=True)
        self._exchanges: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Start the loop and the application."""
        self._thread.start()
        try:
            self.submit(self._app.state.services.start()).result()
        except BaseException:
            self._end()
            raise

    def stop(self) -> None:
        """Stop both."""
        self.submit(self._stop()).result()
        self._end()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run something on the loop, from another thread."""
        # In an empty context: the caller's own would follow it, and with it the word that this is trio, say.
        return Context().run(asyncio.run_coroutine_threadsafe, work, self.loop)

    def begin(self, exchange: _Exchange) -> None:
        """Let the application answer a request."""

        def start() -> None:
            task = self.loop.create_task(exchange.serve(self._app))
            self._exchanges.add(task)
            task.add_done_callback(self._exchanges.discard)

        self.loop.call_soon_threadsafe(start, context=Context())

    async def _stop(self) -> None:
        services = self._app.state.services
        await services.drain()
        if self._exchanges:
            _, late = await asyncio.wait(self._exchanges, timeout=_GRACE)
            for task in late:
                task.cancel()
        await services.stop()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def _end(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class _Exchange:
    """One request and its answer, between the caller's world and the application's loop.

    What the application sends waits in a queue that the caller is told of by `notify`; the request's body comes the
    other way. Both queues are short, so neither side runs far ahead of the other.
    """

    def __init__(self, request: httpx.Request, background: Background, notify: Callable[[], None]) -> None:
        self._scope = _scope(request, self._disconnected_by_server)
        self._background = background
        self._notify = notify
        self._sent: deque[Message | BaseException] = deque()
        # Two counters, so that each is written by one thread only.
        self._bytes_sent = self._bytes_taken = 0
        self._room = asyncio.Event()
        self._received: asyncio.Queue[Message] = asyncio.Queue(2)
        self._gone = asyncio.Event()
        self._answered = asyncio.Event()
        self._failure: httpx.TransportError | None = None
        self._request = request

    # On the application's loop.

    async def serve(self, app: Starlette) -> None:
        """Run the application for this request."""
        try:
            await app(self._scope, self._receive, self._send)
            self._put({"type": "end"})
        except BaseException as error:
            self._put(error if isinstance(error, Exception) else httpx.ReadError("the server was stopped"))
            if not isinstance(error, Exception):
                raise

    async def _receive(self) -> Message:
        getting = asyncio.ensure_future(self._received.get())
        leaving = asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait({getting, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return getting.result() if getting.done() else {"type": "http.disconnect"}
        finally:
            for task in (getting, leaving):
                task.cancel()

    async def _send(self, message: Message) -> None:
        while self._is_far_ahead() and not self._gone.is_set():
            self._room.clear()
            await self._room.wait()
        if not self._gone.is_set():
            self._bytes_sent += _size(message)
            self._put(message)

    def _is_far_ahead(self) -> bool:
        return len(self._sent) >= _AHEAD or self._bytes_sent - self._bytes_taken >= _AHEAD_BYTES

    def _put(self, message: Message | BaseException) -> None:
        self._sent.append(message)
        self._answered.set()
        self._notify()

    def _disconnected_by_server(self, how: str) -> None:
        self._failure = (
            httpx.ReadError("[Errno 104] Connection reset by peer", request=self._request)
            if how == "reset"
            else httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body (incomplete chunked read)",
                request=self._request,
            )
        )
        self._put(self._failure)
        self._gone.set()

    # On the caller's side.

    def feed(self, chunk: bytes, more: bool) -> Future[None]:
        """Hand over a piece of the request's body; done when the application has room for it."""
        return self._background.submit(self._feed({"type": "http.request", "body": chunk, "more_body": more}))

    async def _feed(self, message: Message) -> None:
        # An application that answers, or is left alone, before it has read the body does not want the rest of it.
        putting = asyncio.ensure_future(self._received.put(message))
        unwanted = asyncio.ensure_future(self._answered.wait())
        await asyncio.wait({putting, unwanted}, return_when=asyncio.FIRST_COMPLETED)
        for task in (putting, unwanted):
            task.cancel()
        await asyncio.wait({putting, unwanted})

    def take(self) -> Message | None:
        """What the application sent next, if it has come; raises what ended the connection."""
        if not self._sent:
            return None
        message = self._sent.popleft()
        if not isinstance(message, BaseException):
            self._bytes_taken += _size(message)
        self._tell(self._room.set)
        if isinstance(message, BaseException):
            raise message
        return message

    def leave(self) -> None:
        """The caller wants no more."""
        self._tell(self._left)

    def _tell(self, action: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the server has stopped: what it sent before can still be read
            self._background.loop.call_soon_threadsafe(action)

    def _left(self) -> None:
        self._gone.set()
        self._answered.set()
        self._room.set()


def _size(message: Message) -> int:
    return len(message.get("body", b""))


class SyncTransport(httpx.BaseTransport):
    """For `httpx.Client`."""

    def __init__(self, background: Background) -> None:
        self._background = background

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the response's body comes as it is produced."""
        arrived = threading.Condition()

        def notify() -> None:
            with arrived:
                arrived.notify_all()

        exchange = _Exchange(request, self._background, notify)
        read_timeout = _read_timeout(request)

        def wait() -> Message:
            with arrived:
                while (message := exchange.take()) is None:
                    if not arrived.wait(read_timeout):
                        raise httpx.ReadTimeout("The read operation timed out", request=request)
            return message

        self._background.begin(exchange)
        try:
            assert isinstance(request.stream, httpx.SyncByteStream)
            for chunk in request.stream:
                exchange.feed(chunk, True).result()
            exchange.feed(b"", False).result()
            start = wait()
        except BaseException:
            exchange.leave()
            raise
        return _response(start, _SyncBody(exchange, wait))


class _SyncBody(httpx.SyncByteStream):
    def __init__(self, exchange: _Exchange, wait: Callable[[], Message]) -> None:
        self._exchange = exchange
        self._wait = wait

    def __iter__(self) -> Iterator[bytes]:
        while (message := self._wait())["type"] == "http.response.body":
            if body := message.get("body"):
                yield bytes(body)
            if not message.get("more_body", False):
                return

    def close(self) -> None:
        self._exchange.leave()


class AsyncTransport(httpx.AsyncBaseTransport):
    """For `httpx.AsyncClient`, on asyncio and on trio."""

    def __init__(self, background: Background) -> None:
        self._background = background

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the response's body comes as it is produced."""
        bell = _Bell()
        exchange = _Exchange(request, self._background, bell.ring)
        read_timeout = _read_timeout(request)

        async def wait() -> Message:
            with anyio.move_on_after(read_timeout):
                while (message := exchange.take()) is None:
                    await bell.wait()
                return message
            raise httpx.ReadTimeout("The read operation timed out", request=request)

        self._background.begin(exchange)
        try:
            assert isinstance(request.stream, httpx.AsyncByteStream)
            async for chunk in request.stream:
                await _done(exchange.feed(chunk, True))
            await _done(exchange.feed(b"", False))
            start = await wait()
        except BaseException:
            exchange.leave()
            raise
        return _response(start, _AsyncBody(exchange, wait))


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, exchange: _Exchange, wait: Callable[[], Coroutine[Any, Any, Message]]) -> None:
        self._exchange = exchange
        self._wait = wait

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (message := await self._wait())["type"] == "http.response.body":
            if body := message.get("body"):
                yield bytes(body)
            if not message.get("more_body", False):
                return

    async def aclose(self) -> None:
        self._exchange.leave()


class _Bell:
    """Wakes a task of the loop that made it, from any thread, without waiting for that loop."""

    def __init__(self) -> None:
        self._event = anyio.Event()
        self._wake = _waker()

    def ring(self) -> None:
        self._wake(self._strike)

    def _strike(self) -> None:
        self._event.set()

    async def wait(self) -> None:
        await self._event.wait()
        self._event = anyio.Event()


def _waker() -> Callable[[Callable[[], object]], object]:
    token: Any = current_token()
    backend: Any = getattr(token, "native_token", token)  # older versions of anyio give the token itself
    # asyncio's token is its loop; trio's has a method of its own for this.
    schedule = getattr(backend, "call_soon_threadsafe", None) or backend.run_sync_soon

    def wake(action: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # the caller's loop has ended; nobody waits any more
            schedule(action)

    return wake


async def _done(future: Future[None]) -> None:
    bell = _Bell()
    future.add_done_callback(lambda _: bell.ring())
    while not future.done():
        await bell.wait()
    future.result()


def _read_timeout(request: httpx.Request) -> float | None:
    timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
    return timeouts.get("read")


def _scope(request: httpx.Request, disconnect: Callable[[str], None]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 0),
        "server": (request.url.host, request.url.port),
        "state": {DISCONNECT: disconnect},
    }


def _response(start: Message, stream: httpx.SyncByteStream | httpx.AsyncByteStream) -> httpx.Response:
    assert start["type"] == "http.response.start"
    return httpx.Response(start["status"], headers=start["headers"], stream=stream)
