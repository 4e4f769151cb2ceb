"""A stream whose last event has come: its connection is used again, and nobody waits for a body that does not end. One
that is still open when its program ends does no harm."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Any, AsyncIterator, Iterator

import pytest

from openai_assistants import AsyncOpenAI, OpenAI, _streaming
from tests.benchmarks import payloads

from .support import Flavour

EVENTS = payloads.stream(payloads.events(3))
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
CHUNK = b"%x\r\n%s\r\n"
END = b"0\r\n\r\n"


class Server:
    """Answers each request with a stream of events, then with what follows the last one; counts its connections."""

    def __init__(self, *behind: bytes | float) -> None:
        self.behind = behind
        """Bytes to send behind the last event, and seconds to wait."""
        self.connections = 0
        self.ends = 0
        """Connections that the client has closed."""
        self.ended = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while self._request(connection):
                connection.sendall(HEAD + CHUNK % (len(EVENTS), EVENTS))
                for each in self.behind:
                    if isinstance(each, bytes):
                        connection.sendall(each)
                    else:
                        time.sleep(each)
        self.ended.set()

    def _request(self, connection: socket.socket) -> bool:
        received = b""
        while b"\r\n\r\n" not in received or not received.endswith(b"}"):
            piece = connection.recv(65536)
            if not piece:
                return False
            received += piece
        return True

    def close(self) -> None:
        self._socket.close()


@contextlib.contextmanager
def serving(*behind: bytes | float) -> Iterator[Server]:
    server = Server(*behind)
    try:
        yield server
    finally:
        server.close()


def read_streams(flavour: Flavour, server: Server, count: int, **options: Any) -> list[int]:
    """How many events each of some streams had, one after the other over one client."""
    settings: Any = {"api_key": "key", "base_url": server.url, "max_retries": 0}
    arguments: Any = {"assistant_id": "asst_1", "stream": True, **options}

    def read() -> list[int]:
        with OpenAI(**settings) as client:
            return [len(list(client.beta.threads.runs.create("thread_1", **arguments))) for _ in range(count)]

    async def read_async() -> list[int]:
        found: list[int] = []
        async with AsyncOpenAI(**settings) as client:
            for _ in range(count):
                stream = await client.beta.threads.runs.create("thread_1", **arguments)
                found.append(len([event async for event in stream]))
        return found

    return flavour.do(read if flavour.name == "sync" else read_async)


@pytest.mark.parametrize(
    "behind", [(END,), (0.02, END), (0.02, b"0\r\n", 0.02, b"\r\n")], ids=["at once", "soon", "cut"]
)
def test_its_connection_is_used_again(flavour: Flavour, behind: Any) -> None:
    with serving(*behind) as server:
        assert read_streams(flavour, server, 3) == [10, 10, 10]
        assert server.connections == 1


@pytest.mark.parametrize(
    "behind", [(), (b"0\r\n",), (b"5\r\nab",), (b"zz\r\n",)], ids=["nothing", "half an end", "half a chunk", "nonsense"]
)
def test_a_body_that_does_not_end_is_left(flavour: Flavour, behind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_streaming, "DRAIN_SECONDS", 0.1)
    with serving(*behind) as server:
        assert read_streams(flavour, server, 1) == [10]
        assert server.ended.wait(10)


def test_a_body_that_goes_on_for_ever_is_left(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_streaming, "DRAIN_SECONDS", 0.1)
    more = (CHUNK % (8, b": ping\n\n"), 0.01) * 3000
    with serving(*more) as server:
        assert read_streams(flavour, server, 1) == [10]
        assert server.ended.wait(10)


def test_a_deadline_is_kept(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_streaming, "DRAIN_SECONDS", 600.0)
    with serving() as server:
        assert read_streams(flavour, server, 1, deadline=1.5) == [10]
        assert server.ended.wait(10)


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.filterwarnings(r"ignore:Async generator 'http(x|core)\.:ResourceWarning")  # trio closes them at its end
def test_a_program_ends_with_an_open_stream(flavour: Flavour, begun: bool) -> None:
    """Its event loop takes no new tasks any more: trio would end with an error of its own where somebody tries."""
    arguments: Any = {"assistant_id": "asst_1", "stream": True}
    left: list[Any] = []
    with serving() as server:
        settings: Any = {"api_key": "key", "base_url": server.url, "max_retries": 0}

        def leave() -> None:
            stream = OpenAI(**settings).beta.threads.runs.create("thread_1", **arguments)
            if begun:
                next(stream)

        async def leave_async() -> None:
            async def hold() -> AsyncIterator[None]:
                stream = await AsyncOpenAI(**settings).beta.threads.runs.create("thread_1", **arguments)
                if begun:
                    await anext(stream)
                yield

            left.append(hold())  # the event loop ends it, late
            await anext(left[0])

        flavour.do(leave_async if flavour.is_async else leave)
        assert server.ended.wait(10)
