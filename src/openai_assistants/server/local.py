"""A server that listens: uvicorn as this package uses it, and `LocalServer`, which tests start with a `with` block."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import socket
import struct
import threading
from collections.abc import Sequence
from functools import partial
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import httpx
import uvicorn
from starlette.applications import Starlette
from typing_extensions import Self
from uvicorn.protocols.http.h11_impl import H11Protocol

from .app import create_app
from .faults import DISCONNECT, Faults
from .holding import RunHolds
from .inprocess import AsyncTransport, Background, SyncTransport
from .models.scripted import Scripts
from .processing import Processing
from .recording import RequestLog
from .service import Service
from .services import Services
from .settings import Settings
from .sources import Clock

if TYPE_CHECKING:
    from openai_assistants import AsyncOpenAI, OpenAI

_RECORDED = 10_000
_START_SECONDS = 30
_GRACE = 3
_IN_PROCESS_URL = "http://localhost/v1"


class Protocol(H11Protocol):
    """HTTP/1.1 whose requests carry a function that ends their connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the connection in the state that its requests see."""
        assert isinstance(transport, asyncio.Transport)
        self.app_state = {**self.app_state, DISCONNECT: partial(_end_connection, transport)}
        connection: Any = transport.get_extra_info("socket")
        if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
            # asyncio forgets this for a listener that it did not make; without it each answer waits 40 ms for an ACK.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)


class Server(uvicorn.Server):
    """A uvicorn server for one of our applications."""

    def __init__(self, app: Starlette, *, host: str, port: int, log_level: int = logging.WARNING) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                http=Protocol,
                ws="none",
                lifespan="on",
                log_level=log_level,
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=_GRACE,
            )
        )
        self._app = app
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
        for server in self.servers:
            server.close()
        await self._app.state.services.drain()
        await super().shutdown(sockets)
        if self.force_exit:  # uvicorn leaves this out then, but the database is to be closed
            await self.lifespan.shutdown()

    def _end_soon(self) -> None:
        self._exit_asked.set()
        if self.force_exit:
            self._app.state.services.hurry()


def _end_connection(transport: asyncio.Transport, how: str) -> None:
    if how == "close":
        transport.close()  # what was written still goes out
        return
    connection: Any = transport.get_extra_info("socket")
    if connection is not None:
        # Closed without lingering, the socket answers with RST instead of FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class LocalServer:
    """A server on a free loopback port, or with `in_process=True` one that is reached without any socket.

        with LocalServer() as server:
            client = server.client()

    Keyword arguments are those of `Settings`. Works with `with` and `async with`, also one server for sync and async
    clients at once. `faults`, `scripts`, `processing`, `runs`, `clock` and `requests` may be used from any thread while
    it runs.
    """

    def __init__(self, settings: Settings | None = None, *, in_process: bool = False, **changes: Any) -> None:
        if settings is None:
            settings = Settings(record_requests=_RECORDED)
        self.settings = dataclasses.replace(settings, **changes)
        self._in_process = in_process
        self._running: _Loopback | _InProcess | None = None

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
        return httpx.Client(base_url=self.base_url, **options)

    def async_http_client(self, **options: Any) -> httpx.AsyncClient:
        """A plain async httpx client for this server, with its base URL."""
        options.setdefault("transport", self._started().async_transport())
        return httpx.AsyncClient(base_url=self.base_url, **options)

    def client(self, **options: Any) -> OpenAI:
        """A client of this package for this server; options are those of `OpenAI`."""
        from openai_assistants import DefaultHttpxClient, OpenAI

        if (transport := self._started().transport()) is not None:
            options.setdefault("http_client", DefaultHttpxClient(transport=transport))
        return OpenAI(**self._with_access(options))

    def async_client(self, **options: Any) -> AsyncOpenAI:
        """An async client of this package for this server; options are those of `AsyncOpenAI`."""
        from openai_assistants import AsyncOpenAI, DefaultAsyncHttpxClient

        if (transport := self._started().async_transport()) is not None:
            options.setdefault("http_client", DefaultAsyncHttpxClient(transport=transport))
        return AsyncOpenAI(**self._with_access(options))

    def start(self) -> Self:
        """Start; returns when requests are answered."""
        if self._running is not None:
            raise RuntimeError("this server runs already")
        running = (_InProcess if self._in_process else _Loopback)(self.settings)
        running.start()
        self._running = running
        return self

    def stop(self) -> None:
        """Stop: runs get `drain_seconds` to end, then their streams are ended."""
        if self._running is not None:
            running, self._running = self._running, None
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
        return self._running

    def _with_access(self, options: dict[str, Any]) -> dict[str, Any]:
        key = self.settings.api_keys[0] if self.settings.api_keys else "local"
        return {"base_url": self.base_url, "api_key": key, **options}


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
        if not self._server.ready.wait(_START_SECONDS) or not self._server.started:
            self._server.ask_to_exit()
            self._thread.join()
            raise RuntimeError("the server did not start") from self._problem

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
