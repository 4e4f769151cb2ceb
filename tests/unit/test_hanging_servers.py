"""Deadlines of calls, and closing streams, where a real connection hangs: no read may be waited for any longer."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from openai_assistants import APITimeoutError, AsyncOpenAI, OpenAI, OpenAIError, _connection

from .support import FLAVOURS, Flavour

JSON = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
EVENTS = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n\r\n"
PING = b"8\r\n: ping\n\n\r\n"


class HangingServer:
    """Answers each request with some bytes, then hangs; or sends the same again and again."""

    def __init__(self, *answer: bytes, again: bytes = b"") -> None:
        self.answer = answer
        self.again = again
        self.sent = threading.Event()
        self.closed = threading.Event()
        """Whether no connection is open."""
        self.closed.set()
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.closed.clear()
                threading.Thread(target=self._hang, args=(connection,), daemon=True).start()

    def _hang(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            for piece in self.answer:
                connection.sendall(piece)
            self.sent.set()
            while self.again and not self._over.wait(0.01):
                connection.sendall(self.again)
            while connection.recv(65536):
                pass
        self.closed.set()

    def close(self) -> None:
        self._over.set()
        self._socket.close()


@contextlib.contextmanager
def hanging(*answer: bytes, again: bytes = b"") -> Iterator[HangingServer]:
    server = HangingServer(*answer, again=again)
    try:
        yield server
    finally:
        server.close()


def client_of(flavour: Flavour, server: HangingServer, **settings: Any) -> Any:
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    return kind(**{"api_key": "key", "base_url": server.url, "max_retries": 0, "timeout": 30.0, **settings})


def call(flavour: Flavour, client: Any, stream: bool, **options: Any) -> Any:
    """Retrieve something, or read a stream to its end."""
    runs = client.beta.threads.runs
    if stream:
        return flavour.collect(lambda: runs.create("thread_1", assistant_id="asst_1", stream=True, **options))
    return flavour.do(lambda: client.beta.assistants.retrieve("asst_1", **options))


HANGING: dict[str, tuple[Iterable[bytes], bytes]] = {
    "no answer": ([], b""),
    "interim answers": ([], b"HTTP/1.1 102 Processing\r\n\r\n"),
    "half of the head": ([JSON], b""),
    "a head byte by byte": ([JSON, b"x: "], b"x"),
    "half of a body": ([JSON, b'content-length: 99\r\n\r\n{"id":'], b""),
    "half of a body without an end": ([JSON, b'\r\n{"id":'], b""),
    "half of an error": ([b"HTTP/1.1 400 Bad\r\n", CHUNKED, b"2\r\n{ \r\n"], b""),
}


@pytest.mark.parametrize("stream", [False, True], ids=["call", "stream"])
@pytest.mark.parametrize(("answer", "again"), HANGING.values(), ids=HANGING)
def test_a_call_ends_at_its_deadline(
    flavour: Flavour, monkeypatch: pytest.MonkeyPatch, answer: Iterable[bytes], again: bytes, stream: bool
) -> None:
    monkeypatch.setattr(_connection, "_shorten_timeouts", lambda *_: None)  # a read may take as long as it likes
    with hanging(*answer, again=again) as server:
        with pytest.raises(APITimeoutError, match="deadline"):
            call(flavour, client_of(flavour, server), stream, deadline=0.2)
        assert server.closed.wait(10)


@pytest.mark.parametrize("ending", [CHUNKED + PING, b"\r\n: ping\n\ndata: {", b"content-length: 99\r\n\r\n"])
def test_a_stream_ends_at_its_deadline(flavour: Flavour, monkeypatch: pytest.MonkeyPatch, ending: bytes) -> None:
    monkeypatch.setattr(_connection, "_shorten_timeouts", lambda *_: None)
    with hanging(EVENTS, ending) as server:
        with pytest.raises(APITimeoutError, match="deadline"):
            call(flavour, client_of(flavour, server), stream=True, deadline=0.2)
        assert server.closed.wait(10)


@pytest.mark.parametrize("ending", [b"content-length: 99\r\n\r\nab", b"\r\nab"])
def test_a_body_that_is_read_later_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch, ending: bytes) -> None:
    monkeypatch.setattr(_connection, "_shorten_timeouts", lambda *_: None)
    with hanging(JSON, ending) as server:
        files = client_of(FLAVOURS[0], server).files.with_streaming_response
        with (
            pytest.raises(APITimeoutError, match="deadline"),
            files.content("file_1", deadline=0.2) as response,
        ):
            response.read()


def test_a_connection_of_a_proxy_is_found_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_connection, "_shorten_timeouts", lambda *_: None)
    with hanging(again=b"HTTP/1.1 102 Processing\r\n\r\n") as server:
        http = httpx.Client(proxy=server.url.removesuffix("/v1"))
        client = client_of(FLAVOURS[0], server, http_client=http)
        with pytest.raises(APITimeoutError, match="deadline"):
            call(FLAVOURS[0], client, stream=False, deadline=0.2)


def test_a_connection_that_may_have_other_requests_is_not_shut_down() -> None:
    """One of HTTP/2, or none of this kind: it is left alone, and the watch ends."""
    request = httpx.Request("GET", "https://api.test/")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for connection in (ours, None):
            http2 = SimpleNamespace(_network_stream=SimpleNamespace(get_extra_info=lambda _, found=connection: found))
            pool = SimpleNamespace(_requests=[SimpleNamespace(request=request, connection=http2)])
            http = SimpleNamespace(_transport_for_url=lambda _, pool=pool: SimpleNamespace(_pool=pool))
            ended_by_itself(_connection._watch_request(http, request, time.monotonic()))
        ours.sendall(b"still open")


def test_a_connection_that_is_made_only_after_the_deadline_is_shut_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when looking up a name takes longer than the deadline allows."""
    monkeypatch.setattr(_connection, "AGAIN", 0.01)
    ours, theirs = socket.socketpair()
    network = SimpleNamespace(get_extra_info=lambda _: ours)
    connections = iter((None, None, SimpleNamespace(_network_stream=network, _h11_state=None)))

    class Waiting:
        request = httpx.Request("GET", "https://api.test/")

        @property
        def connection(self) -> SimpleNamespace | None:
            return next(connections)

    pool = SimpleNamespace(_requests=[Waiting()])
    http = SimpleNamespace(_transport_for_url=lambda _: SimpleNamespace(_pool=pool))
    with ours, theirs, _connection._watch_request(http, Waiting.request, time.monotonic()) as watch:
        assert theirs.recv(1) == b""
        watches_end()
        assert watch.has_struck


def test_the_connection_of_an_answer_that_was_read_is_not_shut_down() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        network = SimpleNamespace(get_extra_info=lambda _: ours)
        response = httpx.Response(200, content=b"", extensions={"network_stream": network, "http_version": b"HTTP/1.1"})
        ended_by_itself(_connection.watch_body(response, time.monotonic()))
        ours.sendall(b"still open")


def watches_end() -> None:
    """Wait until no deadline is watched any more."""
    for thread in threading.enumerate():
        if thread.name == "deadline":
            thread.join(10)
            assert not thread.is_alive()


def ended_by_itself(watch: _connection.Watch) -> None:
    """Let it watch until it ends."""
    with watch:
        watches_end()
    assert not watch.has_struck


def test_an_answer_in_time_ends_the_watch() -> None:
    body = b'content-length: 15\r\n\r\n{"id":"asst_1"}'
    with hanging(JSON, body) as server:
        client = client_of(FLAVOURS[0], server)
        assert call(FLAVOURS[0], client, stream=False, deadline=600).id == "asst_1"
        watches_end()


def test_a_stream_that_is_closed_early_is_watched_no_longer() -> None:
    with hanging(EVENTS, CHUNKED, b'35\r\nevent: thread.created\ndata: {"id":"t","object":"x"}\n\n\r\n') as server:
        runs = client_of(FLAVOURS[0], server).beta.threads.runs
        stream = runs.create("thread_1", assistant_id="asst_1", stream=True, deadline=600)
        assert next(stream).data.id == "t"
        stream.close()
        watches_end()


def test_where_no_thread_can_be_had_the_call_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoThread:
        def __init__(self, **_: Any) -> None: ...

        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    with hanging() as server:
        monkeypatch.setattr(_connection, "threading", SimpleNamespace(Thread=NoThread, Event=threading.Event))
        client = client_of(FLAVOURS[0], server)
        with pytest.raises(APITimeoutError, match="deadline"):
            call(FLAVOURS[0], client, stream=False, deadline=0.2)


@pytest.mark.parametrize("ending", [CHUNKED + PING, b"\r\n: ping\n\ndata: {", b"content-length: 99\r\n\r\n"])
def test_closing_a_stream_wakes_the_thread_that_reads_it(ending: bytes) -> None:
    with hanging(EVENTS, ending) as server:
        client = client_of(FLAVOURS[0], server)
        stream = client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True)
        raised: list[BaseException] = []

        def read() -> None:
            try:
                list(stream)
            except BaseException as error:
                raised.append(error)

        reader = threading.Thread(target=read)
        reader.start()
        assert server.sent.wait(10)
        reader.join(0.1)  # so that it most likely waits
        stream.close()
        reader.join(10)
        assert not reader.is_alive()
        assert [type(error) for error in raised] == [OpenAIError]
        assert "was closed before its end" in str(raised[0])
