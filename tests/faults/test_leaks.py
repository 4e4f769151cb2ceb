"""Connections after many failures and after streams that nobody closes: each is kept for later or closed."""

from __future__ import annotations

import gc
import io
import itertools
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest

from openai_assistants import AsyncOpenAI, OpenAI, OpenAIError, ServerSentEvent
from tests.dialects.flavoured import carry_out, items, opened, settled
from tests.soak import count
from tests.unit.support import Flavour

from .leaks import assert_settled, assert_settled_async, sockets, tasks, threads
from .proxy import Proxy, Spoil, every_spoil

# On trio, httpx leaves its own async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'http(x|core)\.:ResourceWarning")

EVENTS = b"".join(b'event: thread.message.delta\ndata: {"id": "msg_%d"}\n\n' % number for number in range(300))
FAILING = [each for each in every_spoil() if each.how in ("reset", "close", "garble", "drop")]


def answer(method: str, path: str, body: bytes) -> bytes:
    """Events, an error, or an object, as the path says."""
    status, kind, content = "200 OK", "application/json", b'{"id": "thread_1", "object": "thread"}'
    if "runs" in path and method == "POST":
        kind, content = "text/event-stream", EVENTS
    elif "status" in path:
        status, content = "500 Oh", b'{"error": {"message": "Oh."}}'
    elif "files/" in path:
        kind, content = "application/octet-stream", bytes(50_000)
    elif method == "GET" and path.endswith("/messages"):
        content = json.dumps({"object": "list", "data": [{"id": "msg_1"}], "has_more": False}).encode()
    elif "garbage" in path:
        content = b"no json"
    return f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(content)}\r\n\r\n".encode() + content


async def call(client: Any) -> None:
    await settled(client.beta.threads.retrieve("thread_1"))


async def post(client: Any) -> None:
    await settled(client.beta.threads.create())


async def page(client: Any) -> None:
    await items(client.beta.threads.messages.list("thread_1"))


async def upload(client: Any) -> None:
    await settled(client.files.create(file=io.BytesIO(bytes(100_000)), purpose="user_data"))


async def download(client: Any) -> None:
    async with opened(client.files.with_streaming_response.content("file_1")) as response:
        await items(response.iter_bytes(1000))


async def download_left(client: Any) -> None:
    async with opened(client.files.with_streaming_response.content("file_1")):
        pass
    raise OpenAIError("left")


async def status(client: Any) -> None:
    await settled(client.get("/status"))


async def garbage(client: Any) -> None:
    await settled(client.get("/garbage", into=list[int]))


async def late(client: Any) -> None:
    await settled(client.beta.threads.retrieve("thread_1", deadline=1e-9))


async def stream(client: Any) -> None:
    events = await settled(client.beta.threads.runs.create("thread_1", assistant_id="a", stream=True))
    await items(events)


async def stream_left(client: Any) -> None:
    events = await settled(client.beta.threads.runs.create("thread_1", assistant_id="a", stream=True))
    async with opened(events):
        await (anext(events) if hasattr(events, "__anext__") else settled(next(events)))


async def handler(client: Any) -> None:
    async with opened(client.beta.threads.runs.stream("thread_1", assistant_id="a")) as following:
        await settled(following.until_done())


USES = [call, post, page, upload, download, download_left, status, garbage, late, stream, stream_left, handler]


class Failures:
    """Lets calls fail in every way, one after the other, many at a time."""

    def __init__(self, many: int) -> None:
        self._turns = zip(itertools.cycle(USES), itertools.cycle(FAILING), range(many), strict=False)
        self._lock = threading.Lock()
        self.failed = 0
        self.spoils = itertools.cycle(FAILING)

    def choose(self, method: str, path: str, number: int) -> Spoil | None:
        with self._lock:
            return next(self.spoils)

    def turns(self) -> Iterator[Callable[[Any], Any]]:
        while True:
            with self._lock:
                turn = next(self._turns, None)
            if turn is None:
                return
            yield turn[0]

    async def go_on(self, client: Any) -> None:
        for use in self.turns():
            try:
                await use(client)
            except OpenAIError:
                self.failed += 1


def test_after_many_failures(flavour: Flavour) -> None:
    many = count(240, 10_000)
    failures = Failures(many)
    with Proxy(answer) as proxy:
        settings: Any = {"api_key": "any", "base_url": proxy.url, "max_retries": 0, "timeout": 0.3}
        gc.collect()
        before = sockets()  # also those of earlier tests, which may close at any moment

        async def awaiting() -> None:
            async with AsyncOpenAI(**settings) as client:
                await call(client)
                running = tasks()
                proxy.choose = failures.choose
                async with anyio.create_task_group() as group:
                    for _ in range(16):
                        group.start_soon(failures.go_on, client)
                proxy.clear()
                await assert_settled_async(client, proxy, running)
                await call(client)

        def blocking() -> None:
            with OpenAI(**settings) as client, ThreadPoolExecutor(16) as pool:
                proxy.choose = failures.choose
                for _ in range(16):
                    pool.submit(lambda: step(failures.go_on(client)))
                pool.shutdown()
                proxy.clear()
                assert_settled(client, proxy)
                assert threads() == set()
                step(call(client))

        if flavour.is_async:
            anyio.run(awaiting, backend=flavour.name)
        else:
            blocking()
        assert failures.failed > many * 0.6
        for _ in range(3000):
            if proxy.is_settled() and sockets() <= before:
                break
            threading.Event().wait(0.01)
        assert proxy.open == 0
        assert sockets() <= before


def step(coroutine: Any) -> None:
    """Carry out a program of the blocking client."""
    with pytest.raises(StopIteration):
        coroutine.send(None)


@pytest.mark.parametrize("collecting", [True, False], ids=["collected", "counted"])
def test_streams_that_nobody_closes(flavour: Flavour, collecting: bool) -> None:
    """Begun or not, raw or not: without the garbage collector, but for what the program itself has in a circle."""
    with Proxy(answer) as proxy:
        kind: Any = AsyncOpenAI if flavour.is_async else OpenAI

        async def leave(client: Any, begun: bool, circle: bool) -> None:
            events = await settled(client.post("/runs", stream=True, into=ServerSentEvent))
            if begun:
                await (anext(events) if flavour.is_async else settled(next(events)))
            if circle:
                itself: list[Any] = [events]
                itself.append(itself)

        async def main() -> None:
            async with opened(kind(api_key="any", base_url=proxy.url, max_retries=0)) as client:
                runs = client.beta.threads.runs
                await call(client)
                running = tasks() if flavour.is_async else 0
                for begun in (False, True, False, True):
                    await leave(client, begun, circle=collecting)
                await settled(runs.with_raw_response.create("thread_1", assistant_id="a", stream=True))
                await read_one(client, flavour)
                if collecting:
                    gc.collect()
                if flavour.is_async:
                    await assert_settled_async(client, proxy, running)
                else:
                    assert_settled(client, proxy)
                await call(client)

        gc.collect()
        gc.disable()
        try:
            carry_out(flavour, main)
        finally:
            gc.enable()


async def read_one(client: Any, flavour: Flavour) -> None:
    """Leave a loop over a stream to which nothing else refers."""
    if flavour.is_async:
        async for _ in await client.post("/runs", stream=True, into=ServerSentEvent):
            break
    else:
        for _ in client.post("/runs", stream=True, into=ServerSentEvent):
            break
