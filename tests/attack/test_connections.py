"""Clients that keep the server waiting, and too many of them."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import uvicorn
from sqlalchemy import func, select
from uvicorn.server import ServerState

from openai_assistants.server import Gate, LocalServer, Settings, Turn
from openai_assistants.server.connections import Guard, GuardedProtocol, _affordable
from openai_assistants.server.store.tables import blobs

from .support import Wire, ask, is_well, wait_for, wire

TIMEOUT = 0.4
"""Seconds that the server waits for its clients here."""
HEAD = b"POST /v1/assistants HTTP/1.1\r\nHost: x\r\nOpenAI-Beta: assistants=v2\r\n"
FORM = (
    b"POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    b"Content-Length: 9000000\r\n\r\n--b\r\nContent-Disposition: form-data; name=file; filename=a.txt\r\n\r\n"
)


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer(drain_seconds=0.0, client_timeout_seconds=TIMEOUT) as running:
        yield running


def connections(server: LocalServer) -> set[GuardedProtocol]:
    running: Any = server._running
    return running._server.server_state.connections


def guard(server: LocalServer) -> Guard:
    with wire(server):
        return next(iter(wait_for(lambda: set(connections(server)))))._guard


def drip(connection: Wire, piece: bytes) -> bytes:
    """Send a piece again and again, slowly, until the server has enough of it; what it said."""
    over = threading.Event()

    def send() -> None:
        while not over.is_set() and connection.send(piece):
            time.sleep(TIMEOUT / 10)

    sending = threading.Thread(target=send)
    sending.start()
    try:
        return connection.read_to_end()
    finally:
        over.set()
        sending.join()


@pytest.mark.parametrize(
    ("begun", "piece"),
    [
        pytest.param(b"", b"", id="nothing"),
        pytest.param(b"", b"G", id="method"),
        pytest.param(b"GET /v1/models HTTP/1.1\r\n", b"X-Header: y\r\n", id="headers"),
        pytest.param(HEAD + b"Content-Length: 1000\r\n\r\n", b"", id="no body"),
        pytest.param(HEAD + b"Content-Length: 1000000\r\n\r\n{", b" ", id="body"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", id="chunks"),
        pytest.param(FORM, b"x", id="form"),
    ],
)
def test_whoever_sends_too_slowly_is_cut_off(server: LocalServer, begun: bytes, piece: bytes) -> None:
    with wire(server) as connection:
        connection.send(begun)
        said = drip(connection, piece)
        # If it still sent something, the reset may have taken the answer with it.
        assert said.startswith(b"HTTP/1.1 408 ") or (piece and not said)
    assert not piece or is_well(server)
    wait_for(lambda: connections(server), lambda open: not open)
    assert server.service.pending.held == 0


def test_a_keep_alive_connection_that_begins_another_request_slowly(server: LocalServer) -> None:
    with wire(server) as connection:
        connection.request("GET", "/v1/models")
        answer = connection.answer()
        assert answer is not None and answer.status == 200
        connection.send(b"GET /v1/mod")
        assert connection.read_to_end().startswith(b"HTTP/1.1 408 ")


def test_the_rest_of_an_answered_request_is_not_read_for_ever(server: LocalServer) -> None:
    with wire(server) as connection:
        connection.send(b"POST /v1/nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\n")
        answer = connection.answer()
        assert answer is not None and answer.status == 404
        while connection.send(b"x" * 100_000):
            pass
    wait_for(lambda: connections(server), lambda open: not open)


def test_what_came_of_a_file_is_dropped(server: LocalServer) -> None:
    def stored() -> int:
        running: Any = server._running
        work = server.service.database.read(lambda tx: tx.connection.scalar(select(func.count()).select_from(blobs)))
        import asyncio

        return asyncio.run_coroutine_threadsafe(work, running._server._loop).result(10) or 0

    with wire(server) as connection:
        connection.send(FORM + b"x" * 3_000_000)
        wait_for(stored)
        connection.read_to_end()
    wait_for(stored, lambda count: count == 0)


def test_who_is_slow_but_not_too_slow_is_served(server: LocalServer) -> None:
    body = b'{"model": "m"' + b" " * 20_000 + b"}"
    with wire(server) as connection:
        connection.send(HEAD + b"Content-Length: %d\r\n\r\n" % len(body))
        for start in range(0, len(body), 1000):
            connection.send(body[start : start + 1000])
            time.sleep(TIMEOUT / 10)
        answer = connection.answer()
        assert answer is not None and answer.status == 200


def test_a_stream_may_be_silent_and_a_model_slow(server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate, "b"]))
    with server.client(max_retries=0) as client:
        assistant = client.beta.assistants.create(model="m")
        events = client.beta.threads.create_and_run(assistant_id=assistant.id, stream=True)
        names: list[str] = []
        for event in events:
            names.append(event.event)
            if event.event == "thread.message.delta" and not gate.reached.is_set():
                gate.reached.wait()
            if gate.reached.is_set() and names.count("thread.message.delta") == 1:
                time.sleep(4 * TIMEOUT)
                gate.open()
        assert names[-1] == "thread.run.completed"


def _large_page(server: LocalServer) -> str:
    """The path of a list of 10 MB."""
    with server.client() as client:
        thread = client.beta.threads.create()
        for _ in range(40):
            client.beta.threads.messages.create(thread.id, role="user", content="x" * 250_000)
    return f"/v1/threads/{thread.id}/messages?limit=100"


def test_whoever_does_not_fetch_an_answer_is_cut_off(server: LocalServer) -> None:
    path = _large_page(server)
    with wire(server, receive_buffer=4096) as connection:
        connection.request("GET", path)
        wait_for(lambda: guard(server)._unsent)
        wait_for(lambda: guard(server)._unsent, lambda unsent: not unsent)
        assert len(connection.read_to_end()) < 10_000_000
    assert is_well(server)


def test_answers_that_nobody_fetches_do_not_fill_the_memory() -> None:
    with LocalServer(drain_seconds=0.0, max_pending_bytes=16_000_000) as server:
        path = _large_page(server)
        opened = [Wire(server, receive_buffer=4096) for _ in range(4)]
        try:
            for connection in opened:
                connection.request("GET", path)
            wait_for(lambda: len(connections(server)), lambda count: count <= 2)
            assert guard(server)._total_unsent <= 16_000_000
            assert len(ask(server, "GET", path).body) > 10_000_000
            # Who is left gets what was asked for as soon as it is taken.
            answers = [connection.read_to_end() for connection in opened]
            assert 1 <= sum(len(answer) > 10_000_000 for answer in answers) <= 2
        finally:
            for connection in opened:
                connection.close()


def test_a_stream_that_nobody_reads_is_cut_off_and_its_run_goes_on(server: LocalServer) -> None:
    server.scripts.add(Turn(deltas=["x" * 20_000] * 500))
    with server.client() as client:
        assistant = client.beta.assistants.create(model="m")
        thread = client.beta.threads.create()
        with wire(server, receive_buffer=4096) as connection:
            body = f'{{"assistant_id": "{assistant.id}", "stream": true}}'.encode()
            connection.request("POST", f"/v1/threads/{thread.id}/runs", body=body)
            wait_for(lambda: guard(server)._unsent)
            # What waits is bounded, however much there is to send.
            assert guard(server)._total_unsent < 8 << 20
            wait_for(lambda: server.service.feed._subscriptions, lambda open: not open)
            run = client.beta.threads.runs.list(thread.id).data[0]
            assert client.beta.threads.runs.poll(run.id, thread_id=thread.id).status == "completed"


def test_slow_large_requests_do_not_fill_the_memory_and_keep_nobody_out() -> None:
    limit = 4 << 20
    with LocalServer(drain_seconds=0.0, max_pending_bytes=limit) as server:
        slow = [Wire(server) for _ in range(12)]
        try:
            for connection in slow:
                connection.send(HEAD + b"Content-Length: 1500000\r\n\r\n" + b" " * 1_000_000)
            wait_for(lambda: server.service.pending.held, lambda held: held > limit / 2)
            assert server.service.pending.held <= limit
            time.sleep(1.5)  # by now it shows that they are slow
            body = b'{"model": "m"' + b" " * 2_000_000 + b"}"
            headers = {"Content-Type": "application/json"}
            for _ in range(3):
                assert ask(server, "POST", "/v1/assistants", body=body, headers=headers).status == 200
            assert ask(server, "POST", "/v1/assistants", body=b'{"model": "m"}', headers=headers).status == 200
            assert server.service.pending.held <= limit
        finally:
            for connection in slow:
                connection.close()
        wait_for(lambda: server.service.pending.held, lambda held: held == 0)


def test_a_body_of_very_many_pieces_keeps_nobody_waiting() -> None:
    pieces = 40_000
    asyncio.run(asyncio.wait_for(_send_in_pieces(pieces), 60))


async def _send_in_pieces(pieces: int) -> None:
    """Another request is answered while the pieces that have come with one reading are still taken apart."""
    got: list[bytes] = []
    is_more: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/large":
            got.append((await receive())["body"])
            assert (await asked("/small")).startswith(b"HTTP/1.1 200")
            while not is_more or is_more[-1]:
                message = await receive()
                got.append(message["body"])
                is_more.append(message["more_body"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    async def asked(path: str, body: bytes = b"") -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        how = b"Transfer-Encoding: chunked" if body else b"Content-Length: 0"
        writer.write(b"POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n\r\n" % (path.encode(), how) + body)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer

    config = uvicorn.Config(app, interface="asgi3", ws="none", log_config=None, access_log=False, lifespan="off")
    config.load()
    protocol = partial(GuardedProtocol, config=config, server_state=ServerState(), app_state={})
    guard = Guard(Settings())
    listening = await asyncio.get_running_loop().create_server(lambda: protocol(guard=guard), "127.0.0.1", 0)
    port: int = listening.sockets[0].getsockname()[1]
    async with listening:
        assert (await asked("/large", b"1\r\nx\r\n" * pieces + b"0\r\n\r\n")).startswith(b"HTTP/1.1 200")
    assert is_more[0], "the other request had to wait for all of it"
    assert b"".join(got) == b"x" * pieces


class Line(asyncio.Transport):
    """What a connection stands on, without a network."""

    def __init__(self) -> None:
        super().__init__()
        self.is_read = True
        self.is_over = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def write(self, data: object) -> None:
        raise AssertionError(data)  # nobody answers here

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True

    def close(self) -> None:
        self.is_over = True

    def is_closing(self) -> bool:
        return self.is_over


@pytest.mark.parametrize(
    ("piece", "closed", "taken"), [(b"x", False, 600), (b"x", True, 500), (b"x" * 200, False, 600)]
)
def test_what_is_left_of_very_many_pieces(piece: bytes, closed: bool, taken: int) -> None:
    """It is taken in the next turn, but not from a connection that has been closed meanwhile; then more is read, but
    not of a body that nobody takes."""

    async def wait(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.Event().wait()

    async def main() -> None:
        config = uvicorn.Config(wait, interface="asgi3", ws="none", log_config=None, lifespan="off")
        config.load()
        protocol = GuardedProtocol(config=config, server_state=ServerState(), app_state={}, guard=Guard(Settings()))
        line = Line()
        protocol.connection_made(line)
        body = b"%x\r\n%s\r\n" % (len(piece), piece) * 600
        protocol.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body)
        assert not line.is_read
        if closed:
            line.close()
        for _ in range(3):
            await asyncio.sleep(0)
        assert len(protocol.cycle.body) == taken * len(piece)
        assert line.is_read is (len(piece) == 1 and not closed)
        protocol.connection_lost(None)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    asyncio.run(main())


def test_more_connections_than_there_may_be(caplog: pytest.LogCaptureFixture) -> None:
    with LocalServer(drain_seconds=0.0, max_connections=20) as server, caplog.at_level(logging.WARNING):
        inside = [Wire(server) for _ in range(20)]
        wait_for(lambda: len(connections(server)), lambda count: count == 20)
        for _ in range(30):
            with wire(server) as outside:
                answer = outside.answer()
                assert answer is not None and (answer.status, answer.headers["retry-after"]) == (503, "1")
                assert answer.error["type"] == "server_error"
        for connection in inside:
            connection.request("GET", "/v1/models")
            answer = connection.answer()
            assert answer is not None and answer.status == 200
        assert sum("more are refused" in record.message for record in caplog.records) == 1
        for connection in inside:
            connection.close()
        wait_for(lambda: len(connections(server)), lambda count: count == 0)
        assert is_well(server)


def test_our_client_comes_in_when_there_is_room_again() -> None:
    with LocalServer(drain_seconds=0.0, max_connections=1) as server, wire(server) as only:
        wait_for(lambda: len(connections(server)), lambda count: count == 1)
        threading.Timer(0.2, only.close).start()
        with server.client(max_retries=8) as client:
            assert client.models.list().data is not None


@pytest.mark.parametrize(
    ("limit", "expected"), [((1000, 5000), 936), ((20, 20), 1), ((-1, -1), 10_000), ((1 << 20, 1 << 20), 10_000)]
)
def test_no_more_connections_than_files(monkeypatch: pytest.MonkeyPatch, limit: tuple[int, int], expected: int) -> None:
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: limit)
    assert _affordable(10_000) == expected


def test_a_system_that_knows_no_such_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert _affordable(10_000) == 10_000


def memory() -> int:
    """Of this process, in bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_very_many_connections() -> None:
    """Bounded in `make test`; 9,000 when asked for: both ends of each are files of this process, which may often have
    20,000. Two thirds are held, begun or idle, while others are served; the rest is refused."""
    wanted = 9_000 if os.environ.get("OPENAI_ASSISTANTS_SOAK") else 300
    most = wanted * 2 // 3
    with LocalServer(drain_seconds=0.0, max_connections=most, client_timeout_seconds=600) as server:
        is_well(server)
        before = memory()
        opened: list[Wire] = []
        begun: list[Callable[[Wire], object]] = [
            lambda connection: None,
            lambda connection: connection.send(b"GET /v1/mod"),
            lambda connection: connection.send(HEAD + b"Content-Length: 100000\r\n\r\n" + b" " * 10_000),
        ]
        try:
            for number in range(most - 10):
                opened.append(Wire(server))
                begun[number % 3](opened[-1])
            wait_for(lambda: len(connections(server)), lambda count: count == most - 10)
            started = time.monotonic()
            assert is_well(server)
            answered = time.monotonic() - started
            opened += [Wire(server) for _ in range(wanted - most + 10)]
            wait_for(lambda: len(connections(server)), lambda count: count <= most)
            refused = 0
            for connection in opened[most:]:
                answer = connection.answer()
                refused += answer is None or answer.status == 503
            assert refused == wanted - most
            each = (memory() - before) / most
            print(f"{most} connections: {each / 1024:.1f} KiB each; two answers meanwhile {answered * 1000:.0f} ms")
            assert each < 300 << 10
        finally:
            for connection in opened:
                connection.close()
        wait_for(lambda: len(connections(server)), lambda count: count == 0)
        assert is_well(server)
