"""Many requests at once: over how many connections they go, and what becomes of these."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import threading
import time
from collections.abc import Iterator

import anyio
import anyio.lowlevel
import httpx
import pytest

from openai_assistants import AsyncOpenAI, DefaultAsyncHttpxClient
from openai_assistants._http_clients import POOLS, SpreadTransport, spread

LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100)


class CountingServer:
    """Answers requests on a loopback port and counts connections: all, open, most at once."""

    def __init__(self) -> None:
        self.made = self.open = self.most = 0
        self.pause = 0.0
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=500)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        server = await asyncio.start_server(self._answer, sock=self._socket)
        await self._stopping.wait()
        server.close()
        answering = asyncio.all_tasks() - {asyncio.current_task()}
        for task in answering:
            task.cancel()
        await asyncio.gather(*answering, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.made += 1
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if b"/fail" in head:
                    break
                await asyncio.sleep(self.pause)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def __enter__(self) -> CountingServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


@pytest.fixture
def server() -> Iterator[CountingServer]:
    with CountingServer() as running:
        yield running


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


pytestmark = pytest.mark.anyio


async def many(http: httpx.AsyncClient, server: CountingServer, count: int) -> None:
    async with anyio.create_task_group() as tasks:
        for _ in range(count):
            tasks.start_soon(http.get, f"{server.url}/x")


async def test_one_after_the_other_takes_one_connection(server: CountingServer) -> None:
    async with DefaultAsyncHttpxClient() as http:
        for _ in range(20):
            assert (await http.get(f"{server.url}/x")).json() == {}
    assert server.made == 1


async def test_many_at_once_share_connections_and_leave_none_open(server: CountingServer) -> None:
    server.pause = 0.02
    async with DefaultAsyncHttpxClient() as http:
        await many(http, server, 80)
        made = server.made
        await many(http, server, 80)
        assert made <= 80 and server.made <= made + 16  # those that were kept are used again
    for _ in range(100):
        if server.open == 0:
            break
        await anyio.sleep(0.02)
    assert server.open == 0


@pytest.mark.parametrize("limit", [1, 3, 20])
async def test_limits_hold_for_all_pools_together(server: CountingServer, limit: int) -> None:
    server.pause = 0.002
    async with DefaultAsyncHttpxClient(limits=httpx.Limits(max_connections=limit)) as http:
        await many(http, server, 60)
    assert server.most <= limit


async def test_what_failed_or_was_cancelled_is_not_counted_any_more(server: CountingServer) -> None:
    transport = SpreadTransport(limits=LIMITS)
    async with httpx.AsyncClient(transport=transport) as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(f"{server.url}/fail")
        server.pause = 5
        with anyio.move_on_after(0.05):
            await http.get(f"{server.url}/x")
        server.pause = 0.0
        async with http.stream("GET", f"{server.url}/x") as response:
            assert [pool.under_way for pool in transport._pools] == [1]
            await response.aread()
            await response.aclose()
        assert [pool.under_way for pool in transport._pools] == [0]


async def test_an_answer_that_is_closed_twice_is_counted_once(server: CountingServer) -> None:
    transport = SpreadTransport(limits=LIMITS)
    async with httpx.AsyncClient(transport=transport) as http:
        for _ in range(2):
            response = await http.send(http.build_request("GET", f"{server.url}/x"), stream=True)
            assert isinstance(response.stream, httpx.AsyncByteStream)
            for _ in range(2):
                await response.stream.aclose()
        assert [pool.under_way for pool in transport._pools] == [0]


async def test_the_fullest_pool_is_not_chosen(server: CountingServer) -> None:
    server.pause = 0.05
    transport = SpreadTransport(limits=LIMITS)
    async with httpx.AsyncClient(transport=transport) as http, anyio.create_task_group() as tasks:
        for _ in range(POOLS * 3):
            tasks.start_soon(http.get, f"{server.url}/x")
        await anyio.sleep(0.02)
        assert [pool.under_way for pool in transport._pools] == [3] * POOLS


@pytest.mark.parametrize("count", [1, 40])
async def test_connections_that_are_made_while_it_is_closed(server: CountingServer, count: int) -> None:
    """Their requests end well, and then nobody needs them."""
    transport = SpreadTransport(limits=LIMITS)
    answered: list[int] = []

    async def ask() -> None:
        request = httpx.Request("GET", server.url)
        response = await transport.handle_async_request(request)
        response.request = request
        await response.aread()
        answered.append(response.status_code)

    async with anyio.create_task_group() as tasks:
        for _ in range(count):
            tasks.start_soon(ask)
        await anyio.lowlevel.checkpoint()  # now all of them are connecting
        await transport.aclose()
    assert answered == [200] * count
    with anyio.fail_after(10):
        while server.open:  # the server keeps connections for ever
            await anyio.sleep(0.001)
    assert server.made == count


@pytest.mark.parametrize("name", ["http_proxy", "https_proxy", "all_proxy"])
def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    settings = {"limits": LIMITS}
    assert "transport" in spread(settings)
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert spread(settings) == settings
    assert "transport" in spread({**settings, "trust_env": False})


@pytest.mark.parametrize(
    "settings",
    [
        {"transport": httpx.MockTransport(lambda request: httpx.Response(200))},
        {"mounts": {"all://": None}},
        {"proxy": "http://127.0.0.1:9"},
        {"http2": True},
    ],
    ids=["transport", "mounts", "proxy", "http2"],
)
def test_what_a_program_has_chosen_stays(settings: dict[str, object]) -> None:
    assert spread({"limits": LIMITS, **settings}) == {"limits": LIMITS, **settings}


async def test_clients_use_it(server: CountingServer) -> None:
    async with AsyncOpenAI(base_url=server.url, api_key="key") as client:
        assert await client.get("/x", cast_to=object) == {}
    assert server.made == 1


@pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning")
@pytest.mark.parametrize("mounted", [False, True])
def test_event_loops_that_are_closed_without_ending_generators_leave_no_connections(
    server: CountingServer, mounted: bool
) -> None:
    client = AsyncOpenAI(api_key="key", base_url=server.url)
    if mounted:
        client._own_http._make = lambda: httpx.AsyncClient(mounts={"http://": httpx.AsyncHTTPTransport()})
    for _ in range(5):
        loop = asyncio.new_event_loop()
        loop.run_until_complete(client.get("/x"))
        loop.close()
    assert len(client._own_http._open) == 1
    asyncio.run(client.close())
    assert len(client._own_http._open) == 0
    for _ in range(500):
        if server.open == 0:
            break
        time.sleep(0.02)
    assert (server.made, server.open) == (5, 0)
    gc.collect()
