"""Ctrl-C at every step of the blocking client, and exceptions from whatever the program gives to either client to be
called: they come out as they are and leave no connection, thread or file; the client goes on."""

from __future__ import annotations

import _thread
import io
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpcore
import pytest

from openai_assistants import (
    AssistantEventHandler,
    AsyncAssistantEventHandler,
    AsyncOpenAI,
    DefaultAsyncHttpxClient,
    DefaultHttpxClient,
    OpenAI,
)
from openai_assistants.server import LocalServer
from tests.dialects.flavoured import carry_out, opened, settled
from tests.soak import some_of
from tests.unit.support import FLAVOURS, Flavour

from .leaks import assert_settled, assert_settled_async, tasks, temporary_files, threads
from .proxy import Proxy
from .scenarios import ANSWER, QUICK, SCENARIOS, TWO_CALLS, World
from .test_program import address_of

# On trio, httpx leaves its own async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'http(x|core)\.:ResourceWarning")

INTERRUPTED_HERE = ("polled", "streamed", "tools_polled", "tools_streamed", "pages", "bulk", "chunked", "downloaded")


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    """A server on a loopback port."""
    with LocalServer(drain_seconds=0.0, poll_after_ms=5, record_requests=10) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(server: LocalServer) -> Iterator[Proxy]:
    """Counts the connections."""
    with Proxy(address_of(server)) as running:
        yield running


class Interrupter:
    """Interrupts the program at its network step number `at`: before it, or before its outcome is known."""

    def __init__(self) -> None:
        self.at = -1
        self.steps = -1
        self._lock = threading.Lock()

    def step(self) -> None:
        with self._lock:
            self.steps += 1
            strikes = self.steps == self.at
        if strikes:
            if threading.current_thread() is threading.main_thread():
                raise KeyboardInterrupt
            _thread.interrupt_main()


class Stream(httpcore.NetworkStream):
    """A connection that is interrupted."""

    def __init__(self, stream: httpcore.NetworkStream, interrupter: Interrupter) -> None:
        self._stream = stream
        self._interrupter = interrupter

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._interrupter.step()
        data = self._stream.read(max_bytes, timeout)
        self._interrupter.step()
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._interrupter.step()
        self._stream.write(buffer, timeout)
        self._interrupter.step()

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Makes such connections."""

    def __init__(self, interrupter: Interrupter) -> None:
        self._backend = httpcore.SyncBackend()
        self._interrupter = interrupter

    def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        self._interrupter.step()
        return Stream(self._backend.connect_tcp(*args, **kwargs), self._interrupter)


@pytest.mark.parametrize("name", INTERRUPTED_HERE)
def test_interrupted_at_every_step(
    name: str, server: LocalServer, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    interrupter = Interrupter()
    http = DefaultHttpxClient(verify=False)
    http._transport._pool._network_backend = Backend(interrupter)  # type: ignore[attr-defined]
    plain: Any = server.client(http_client=DefaultHttpxClient(verify=False))

    def play(at: int) -> World:
        world = World(server, plain, client, tmp_path, {}, QUICK)
        interrupter.at, interrupter.steps = at, -1
        try:
            carry_out(FLAVOURS[0], lambda: SCENARIOS[name](world))
        finally:
            interrupter.at = -1
        return world

    with OpenAI(base_url=proxy.url, api_key="any", http_client=http) as client:
        play(-1)
        files = temporary_files()
        for at in some_of(range(interrupter.steps), 3):
            try:
                play(at)
            except KeyboardInterrupt:
                pass
            else:
                assert interrupter.steps < at or name == "polled", at  # it took fewer steps this time
            assert_settled(client, proxy)
            assert (threads(), temporary_files()) == (set(), files)
            client.beta.threads.create()


class Odd(Exception):
    """Raised by a callback."""


def fail(*args: Any) -> Any:
    raise Odd


async def fail_awaited(*args: Any) -> Any:
    raise Odd


CALLBACKS = [
    *(f"on_{name}" for name in ("event", "run_step_created", "message_created", "text_created", "text_delta")),
    *(f"on_{name}" for name in ("text_done", "message_done", "run_step_done", "tool_call_created", "tool_call_done")),
    "on_end",
]


class File(io.BytesIO):
    """A file that cannot be read to its end."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 100_000:
            raise Odd
        return super().read(size)


async def in_callback(world: World, name: str) -> Any:
    is_async = isinstance(world.client, AsyncOpenAI)
    base: Any = AsyncAssistantEventHandler if is_async else AssistantEventHandler
    handler = type("Handler", (base,), {name: fail_awaited if is_async else fail})()
    world.server.scripts.add(TWO_CALLS if "tool" in name else ANSWER)
    runs = world.client.beta.threads.runs
    async with opened(runs.stream(world.thread, assistant_id=world.assistant, event_handler=handler)) as stream:
        await settled(stream.until_done())


async def in_tool(world: World) -> Any:
    def lookup(word: str) -> str:
        """Look up."""
        raise Leaving

    world.server.scripts.add(TWO_CALLS)
    runs = world.client.beta.threads.runs
    async with opened(runs.run_tools(world.thread, assistant_id=world.assistant, tools=[lookup])) as stream:
        await settled(stream.until_done())


async def in_polled_tool(world: World) -> Any:
    def lookup(word: str) -> str:
        """Look up."""
        raise Leaving

    world.server.scripts.add(TWO_CALLS)
    runs = world.client.beta.threads.runs
    await settled(
        runs.run_tools_and_poll(world.thread, assistant_id=world.assistant, tools=[lookup], max_concurrency=1, **QUICK)
    )


class Leaving(BaseException):
    """Ends the program, as `SystemExit` does."""


async def in_block(world: World) -> Any:
    world.server.scripts.add(ANSWER)
    runs = world.client.beta.threads.runs
    async with opened(runs.stream(world.thread, assistant_id=world.assistant)) as stream:
        await (anext(stream) if hasattr(stream, "__anext__") else settled(next(stream)))
        raise Odd


async def in_progress(world: World) -> Any:
    files = [(f"{number}.txt", b"The moon is none. %d" % number) for number in range(3)]
    store = world.client.vector_stores
    await settled(store.upload_files(world.store, files=files, on_progress=fail, **QUICK))


async def in_file(world: World) -> Any:
    await settled(world.client.files.create(file=("x", File(bytes(1_000_000))), purpose="user_data"))


async def in_sources(world: World) -> Any:
    def files() -> Iterator[Any]:
        yield ("a.txt", b"a")
        raise Odd

    await settled(world.client.vector_stores.upload_files(world.store, files=files(), **QUICK))


async def in_download(world: World) -> Any:
    made = world.plain.files.create(file=("x.bin", bytes(1_000_000)), purpose="user_data")
    async with opened(world.client.files.with_streaming_response.content(made.id)) as response:
        await settled(response.stream_to_file(world.folder / "no" / "such" / "folder"))


async def in_key(world: World) -> Any:
    await settled(world.client.with_options(api_key=fail).beta.threads.create())


PLACES: dict[str, Callable[[World], Any]] = {
    **{name: lambda world, name=name: in_callback(world, name) for name in CALLBACKS},
    **{
        place.__name__: place
        for place in (in_tool, in_polled_tool, in_block, in_progress, in_file, in_sources, in_download, in_key)
    },
}


@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)
def test_exceptions_of_the_program(flavour: Flavour, server: LocalServer, proxy: Proxy, tmp_path: Path) -> None:
    plain: Any = server.client(http_client=DefaultHttpxClient(verify=False))

    async def main() -> None:
        kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
        http: Any = (DefaultAsyncHttpxClient if flavour.is_async else DefaultHttpxClient)(verify=False)
        async with opened(kind(base_url=proxy.url, api_key="any", http_client=http)) as client:
            await settled(client.beta.threads.create())
            running = tasks() if flavour.is_async else 0
            for name, place in PLACES.items():
                world = World(server, plain, client, tmp_path, {}, QUICK)
                with pytest.raises((Odd, Leaving, FileNotFoundError)):
                    await place(world)
                if flavour.is_async:
                    await assert_settled_async(client, proxy, running)
                else:
                    assert_settled(client, proxy)
                assert threads() == set(), name
                await settled(client.beta.threads.create())

    carry_out(flavour, main)
