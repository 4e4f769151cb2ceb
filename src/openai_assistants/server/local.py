"""A server that listens: uvicorn as this package uses it, and `LocalServer`, which tests start with a `with` block."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import os
import socket
import struct
import threading
import time
from collections.abc import Sequence
from functools import partial
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, cast
from urllib.request import getproxies, proxy_bypass

import anyio.to_thread
import httpx
import uvicorn
from starlette.applications import Starlette
from typing_extensions import Self

from .app import create_app
from .asgi import DISCONNECT, Receive, RequestLog, Scope, Send
from .connections import Guard, GuardedProtocol
from .dialects import of_environment
from .faults import Faults, Processing, RunHolds
from .inprocess import AsyncTransport, Background, SyncTransport
from .models.scripted import Scripts
from .service import Service, Services, Settings
from .spec import did_you_mean
from .store import Clock

if TYPE_CHECKING:
    from openai_assistants import AsyncOpenAI, OpenAI

_RECORDED = 10_000
_START_SECONDS = 30
_GRACE = 3
"""Seconds that requests under way get when the server stops and the runs have ended."""
_LAST_GRACE = 1
_IN_PROCESS_URL = "http://localhost/v1"


class Protocol(GuardedProtocol):
    """HTTP/1.1 whose requests carry a function that ends their connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the connection in the state that its requests see."""
        self.app_state = {**self.app_state, DISCONNECT: partial(_end_connection, cast("asyncio.Transport", transport))}
        connection: Any = transport.get_extra_info("socket")
        # asyncio forgets this for a listener that it did not make; without it each answer waits 40 ms for an ACK.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)


class Server(uvicorn.Server):
    """A uvicorn server for one of our applications."""

    def __init__(self, app: Starlette, *, host: str, port: int, log_level: int = logging.WARNING) -> None:
        guarded: Any = partial(Protocol, guard=Guard(app.state.services.first.settings))
        super().__init__(
            uvicorn.Config(
                self._note_failure,
                interface="asgi3",
                host=host,
                port=port,
                http=guarded,
                ws="none",
                lifespan="on",
                log_level=log_level,
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
            )
        )
        self._app = app
        self.problem: BaseException | None = None
        """Why the application could not start."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._exit_asked = asyncio.Event()
        self.ready = threading.Event()

    def ask_to_exit(self) -> None:
        """Stop soon; asked again, do not wait for what is under way. From any thread, and from a signal's handler."""
        self.force_exit = self.should_exit
        self.should_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended meanwhile
                self._loop.call_soon_threadsafe(self._end_soon)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop at a signal. Nobody else gets it, as uvicorn would have it: to be stopped is a good end."""
        self.ask_to_exit()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, and say so."""
        self._loop = asyncio.get_running_loop()
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()

    async def main_loop(self) -> None:
        """Serve until told to stop; does not wait for uvicorn's next tick to notice that."""
        ticking = asyncio.create_task(super().main_loop())
        asked = asyncio.create_task(self._exit_asked.wait())
        await asyncio.wait({ticking, asked}, return_when=asyncio.FIRST_COMPLETED)
        for task in (ticking, asked):
            task.cancel()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no new connections, end the runs and with them their streams, then close."""
        # Not by uvicorn's own means: it sleeps for a while in any case, tells applications of connections that it cuts
        # by an exception that looks like a fault of theirs, and does not end the lifespan when it is in a hurry.
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        await self._app.state.services.drain()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._connections_end(_GRACE)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await self._connections_end(_LAST_GRACE)
        await self.lifespan.shutdown()

    async def _connections_end(self, seconds: float) -> None:
        state, pause = self.server_state, 0.001
        deadline = time.monotonic() + seconds
        while (state.connections or state.tasks) and time.monotonic() < deadline and not self.force_exit:
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.05)

    async def _note_failure(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except BaseException as error:
            if scope["type"] == "lifespan":
                self.problem = error
            raise

    def _end_soon(self) -> None:
        self._exit_asked.set()
        if self.force_exit:
            self._app.state.services.hurry()


def _end_connection(transport: asyncio.Transport, how: str) -> None:
    if how == "close":
        transport.close()  # what was written still goes out
        return
    connection: Any = transport.get_extra_info("socket")
    with contextlib.suppress(OSError):  # the other side has gone already
        # Closed without lingering, the socket answers with RST instead of FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class LocalServer:
    """A server on a free loopback port, or with `in_process=True` one that is reached without any socket.

        with LocalServer() as server:
            client = server.client()

    Keyword arguments are those of `Settings`; where they name no dialect, `OPENAI_ASSISTANTS_DIALECT` may. Works with
    `with` and `async with`, also one server for sync and async clients at once. `faults`, `scripts`, `processing`,
    `runs`, `clock` and `requests` may be used from any thread while it runs.

    Raises:
        TypeError: There is no such setting, or a value is of another type than its setting takes.
        ValueError: A value is out of bounds, or no dialect has the name that is given.
    """

    def __init__(self, settings: Settings | None = None, *, in_process: bool = False, **changes: Any) -> None:
        names = [each.name for each in dataclasses.fields(Settings)]
        if (unknown := next((name for name in changes if name not in names), None)) is not None:
            hint = did_you_mean(unknown, names) or f"; there are {', '.join(names)}"
            raise TypeError(f"there is no setting {unknown!r}{hint}")
        if settings is None:
            settings = Settings(record_requests=_RECORDED)
        if not isinstance(cast("object", settings), Settings):
            raise TypeError(
                f"LocalServer takes Settings, or settings as keyword arguments, not {type(settings).__name__}"
            )
        if settings.dialect is None:
            changes.setdefault("dialect", of_environment())
        self.settings = dataclasses.replace(settings, **changes)
        self._in_process = in_process
        self._running: _Loopback | _InProcess | None = None
        self._process = 0

    @property
    def base_url(self) -> str:
        """The URL to give to a client, with `/v1` at its end."""
        return self._started().base_url

    @property
    def clock(self) -> Clock:
        """The server's time: `freeze`, `advance`."""
        return self.settings.clock

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self.settings.faults

    @property
    def scripts(self) -> Scripts:
        """What the model is to answer."""
        return self.settings.scripts

    @property
    def processing(self) -> Processing:
        """What is to happen to files while they are processed."""
        return self.settings.processing

    @property
    def runs(self) -> RunHolds:
        """What runs are to be held, as if they were stuck."""
        return self.settings.holds

    @property
    def requests(self) -> RequestLog:
        """The requests that were received."""
        return self.service.requests

    @property
    def service(self) -> Service:
        """The parts of the running server; of its first worker if it has several."""
        return self._started().services.first

    @property
    def services(self) -> Sequence[Service]:
        """The workers of the running server, each with its parts."""
        return self._started().services.all

    def http_client(self, **options: Any) -> httpx.Client:
        """A plain httpx client for this server, with its base URL."""
        options.setdefault("transport", self._started().transport())
        options.setdefault("trust_env", False)  # no proxy leads to this machine
        return httpx.Client(base_url=self.base_url, **options)

    def async_http_client(self, **options: Any) -> httpx.AsyncClient:
        """A plain async httpx client for this server, with its base URL."""
        options.setdefault("transport", self._started().async_transport())
        options.setdefault("trust_env", False)
        return httpx.AsyncClient(base_url=self.base_url, **options)

    def client(self, **options: Any) -> OpenAI:
        """A client of this package for this server; options are those of `OpenAI`."""
        from openai_assistants import DefaultHttpxClient, OpenAI

        if (transport := self._started().transport()) is not None:
            options.setdefault("http_client", DefaultHttpxClient(transport=transport))
        elif _is_behind_proxy():
            options.setdefault("http_client", DefaultHttpxClient(trust_env=False))
        return OpenAI(**self._with_access(options))

    def async_client(self, **options: Any) -> AsyncOpenAI:
        """An async client of this package for this server; options are those of `AsyncOpenAI`."""
        from openai_assistants import AsyncOpenAI, DefaultAsyncHttpxClient

        if (transport := self._started().async_transport()) is not None:
            options.setdefault("http_client", DefaultAsyncHttpxClient(transport=transport))
        elif _is_behind_proxy():
            options.setdefault("http_client", DefaultAsyncHttpxClient(trust_env=False))
        return AsyncOpenAI(**self._with_access(options))

    def start(self) -> Self:
        """Start; returns when requests are answered."""
        if self._running is not None:
            raise RuntimeError("this server runs already")
        running = (_InProcess if self._in_process else _Loopback)(self.settings)
        running.start()
        self._running, self._process = running, os.getpid()
        return self

    def stop(self) -> None:
        """Stop: runs get `drain_seconds` to end, then their streams are ended."""
        if self._running is not None:
            running, self._running = self._running, None
            if self._process == os.getpid():  # after a fork it runs on in the other process
                running.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return await anyio.to_thread.run_sync(self.start)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self.stop)

    def _started(self) -> _Loopback | _InProcess:
        if self._running is None:
            raise RuntimeError("this server does not run: use it in a `with` block, or call start()")
        if self._in_process and self._process != os.getpid():
            raise RuntimeError("this server runs in the process that this one was forked from; start another one here")
        return self._running

    def _with_access(self, options: dict[str, Any]) -> dict[str, Any]:
        key = next(iter(self.settings.api_keys), "local")
        return {"base_url": self.base_url, "api_key": key, **options}


def _is_behind_proxy() -> bool:
    """Whether the environment would have requests to this machine go through a proxy."""
    proxies = getproxies()
    return ("http" in proxies or "all" in proxies) and not proxy_bypass("127.0.0.1")


class _Loopback:
    """uvicorn in a thread."""

    def __init__(self, settings: Settings) -> None:
        app = create_app(settings)
        self.services: Services = app.state.services
        self._prefix = settings.prefix
        self._server = Server(app, host="127.0.0.1", port=0, log_level=logging.CRITICAL)
        self._problem: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="assistants-server", daemon=True)
        self.base_url = ""

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}{self._prefix}"
        self._listener = listener
        self._thread.start()
        in_time = self._server.ready.wait(_START_SECONDS)
        if not self._server.started:
            self._server.ask_to_exit()
            self._thread.join(None if in_time else 1)
            problem = self._server.problem or self._problem
            reason = problem if in_time else f"it was not ready after {_START_SECONDS} seconds"
            raise RuntimeError(f"the server did not start: {reason}") from problem

    def stop(self) -> None:
        self._server.ask_to_exit()
        self._thread.join()

    def transport(self) -> None:
        return None

    def async_transport(self) -> None:
        return None

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._listener])
        except BaseException as error:  # SystemExit too: uvicorn's word for "could not start"
            self._problem = error
        finally:
            self._server.ready.set()
            self._listener.close()


class _InProcess:
    """An application in a thread, without a socket."""

    base_url = _IN_PROCESS_URL

    def __init__(self, settings: Settings) -> None:
        app = create_app(dataclasses.replace(settings, prefix="/v1"))
        self.services: Services = app.state.services
        self._background = Background(app)

    def start(self) -> None:
        self._background.start()

    def stop(self) -> None:
        self._background.stop()

    def transport(self) -> SyncTransport:
        return SyncTransport(self._background)

    def async_transport(self) -> AsyncTransport:
        return AsyncTransport(self._background)
