"""One client shared: by event loops after one another and at once, by threads, by forked processes.

Over real connections, since those are what belongs to a loop or a process.
"""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import httpx
import pytest
import trio

from openai_assistants import AsyncOpenAI, OpenAIError
from openai_assistants.server import LocalServer

pytestmark = pytest.mark.once

Main = Callable[[], Coroutine[Any, Any, Any]]

PATIENCE = 60


def on_asyncio(main: Main) -> Any:
    """A loop for one coroutine, closed afterwards."""
    return asyncio.run(main())


def on_trio(main: Main) -> Any:
    """The same with trio."""
    return trio.run(main)


RUNNERS = [on_asyncio, on_trio]


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """What is left of connections is collected within the test, so that its warnings fail it."""
    yield
    gc.collect()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[httpx.AsyncClient]:
    """The HTTP clients that async clients make."""
    found: list[httpx.AsyncClient] = []
    make = AsyncOpenAI._make_http

    def remembering(self: AsyncOpenAI) -> httpx.AsyncClient:
        found.append(make(self))
        return found[-1]

    monkeypatch.setattr(AsyncOpenAI, "_make_http", remembering)
    return found


async def several_calls(client: AsyncOpenAI) -> str:
    """Calls one after the other, so that connections are used again, and a stream."""
    thread = await client.beta.threads.create()
    for _ in range(3):
        assert (await client.beta.threads.retrieve(thread.id)).id == thread.id
    assistant = await client.beta.assistants.create(model="m")
    stream = await client.beta.threads.runs.create(thread.id, assistant_id=assistant.id, stream=True)
    events = [event.event async for event in stream]
    assert events[-1] == "thread.run.completed"
    return thread.id


# ---- event loops ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "runners", list(product(RUNNERS, repeat=3)), ids=lambda each: "-".join(r.__name__ for r in each)
)
def test_loops_after_one_another(
    loopback: LocalServer, made: list[httpx.AsyncClient], runners: tuple[Callable[[Main], Any], ...]
) -> None:
    client = loopback.async_client(max_retries=0)
    ids = {run(lambda: several_calls(client)) for run in runners}
    assert len(ids) == 3
    assert len(made) == 3
    assert all(http.is_closed for http in made)  # together with their loops
    assert not client.is_closed()


def test_within_a_loop_connections_are_kept(loopback: LocalServer, made: list[httpx.AsyncClient]) -> None:
    client = loopback.async_client()
    with asyncio.Runner() as runner:
        for _ in range(3):
            runner.run(several_calls(client))
            assert [http.is_closed for http in made] == [False]
    assert [http.is_closed for http in made] == [True]


def test_loops_at_once(loopback: LocalServer, made: list[httpx.AsyncClient]) -> None:
    client = loopback.async_client(max_retries=0)
    together = threading.Barrier(8, timeout=PATIENCE)

    def work(number: int) -> str:
        async def main() -> str:
            together.wait()
            return await several_calls(client)

        return RUNNERS[number % 2](main)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(work, range(8)))) == 8
    assert len(made) == 8
    assert all(http.is_closed for http in made)


def test_copies_share_the_connections_of_a_loop(loopback: LocalServer, made: list[httpx.AsyncClient]) -> None:
    client = loopback.async_client()
    copied = client.with_options(max_retries=0)

    async def main() -> None:
        await several_calls(client)
        await several_calls(copied.copy())

    asyncio.run(main())
    asyncio.run(main())
    assert len(made) == 2


@pytest.mark.parametrize("run", RUNNERS)
def test_closing(loopback: LocalServer, made: list[httpx.AsyncClient], run: Callable[[Main], Any]) -> None:
    client = loopback.async_client()

    async def main() -> None:
        async with client:
            await several_calls(client)
        assert made[0].is_closed
        await client.close()
        with pytest.raises(OpenAIError, match="closed"):
            await client.beta.threads.create()

    run(main)
    assert client.is_closed()
    assert client.copy().is_closed()
    with pytest.raises(OpenAIError, match="closed"):
        asyncio.run(several_calls(client))
    assert len(made) == 1


def test_closing_in_a_loop_of_its_own(loopback: LocalServer) -> None:
    client = loopback.async_client()
    asyncio.run(several_calls(client))
    asyncio.run(client.close())
    assert client.is_closed()


def test_closing_in_one_loop_leaves_the_calls_of_another_alone(loopback: LocalServer) -> None:
    client = loopback.async_client()
    inside, closed = threading.Event(), threading.Event()

    async def other() -> None:
        thread = await client.beta.threads.create()
        assistant = await client.beta.assistants.create(model="m")
        async with await client.beta.threads.runs.create(thread.id, assistant_id=assistant.id, stream=True) as stream:
            inside.set()
            await asyncio.to_thread(closed.wait, PATIENCE)
            assert [event.event async for event in stream][-1] == "thread.run.completed"
        with pytest.raises(OpenAIError, match="closed"):
            await client.beta.threads.create()

    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(asyncio.run, other())
        assert inside.wait(PATIENCE)
        asyncio.run(client.close())
        closed.set()
        ended.result(PATIENCE)


def test_after_a_loop_that_was_interrupted(loopback: LocalServer) -> None:
    client = loopback.async_client()

    async def interrupted() -> None:
        await several_calls(client)
        call = asyncio.create_task(client.beta.threads.create())
        await asyncio.sleep(0)
        assert not call.done()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(interrupted())
    asyncio.run(several_calls(client))


def test_a_generator_of_the_program_cleans_up_as_the_loop_ends(loopback: LocalServer) -> None:
    client = loopback.async_client()
    kept: list[Any] = []
    deleted: list[bool] = []

    async def threads() -> AsyncIterator[str]:
        thread = await client.beta.threads.create()
        try:
            yield thread.id
        finally:
            await asyncio.sleep(0.01)  # behind whatever else happens at the end
            deleted.append((await client.beta.threads.delete(thread.id)).deleted)

    async def main() -> None:
        await several_calls(client)
        kept.append(threads())
        await anext(kept[0])

    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "asynchronous generator", ResourceWarning
        )  # httpx begins one for each request
        asyncio.run(main())
    assert deleted == [True]
    asyncio.run(several_calls(client))


def test_a_client_that_is_dropped_gives_its_connections_back(
    loopback: LocalServer, made: list[httpx.AsyncClient]
) -> None:
    async def main() -> None:
        for _ in range(3):
            await several_calls(loopback.async_client())
            gc.collect()
            await asyncio.sleep(0.01)
        assert [http.is_closed for http in made] == [True] * 3

    asyncio.run(main())


def test_ended_loops_are_forgotten(loopback: LocalServer) -> None:
    client = loopback.async_client()
    for _ in range(5):
        asyncio.run(several_calls(client))
    assert len(client._own_http._open) <= 1


@pytest.mark.parametrize("first", RUNNERS)
@pytest.mark.parametrize("second", RUNNERS)
def test_a_passed_http_client_belongs_to_its_loop(
    loopback: LocalServer, first: Callable[[Main], Any], second: Callable[[Main], Any]
) -> None:
    clients = [loopback.async_client(http_client=httpx.AsyncClient())]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # its connections are its owner's affair
        first(lambda: several_calls(clients[0]))
        if first is second is on_trio:  # sockets of trio belong to no loop
            second(lambda: several_calls(clients[0]))
        else:
            with pytest.raises(RuntimeError, match=r"http_client was used in another event loop.*Pass none"):
                second(lambda: several_calls(clients[0]))
        clients.clear()
        gc.collect()


def test_a_passed_http_client_that_keeps_no_connections_may_be_used_in_many_loops(loopback: LocalServer) -> None:
    http = httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0))
    client = loopback.async_client(http_client=http)
    for _ in range(3):
        asyncio.run(several_calls(client))


def test_other_runtime_errors_stay_what_they_are(loopback: LocalServer) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise RuntimeError("of a transport")

    client = loopback.async_client(http_client=httpx.AsyncClient(transport=httpx.MockTransport(fail)))
    with pytest.raises(RuntimeError, match=r"^of a transport$"):
        asyncio.run(several_calls(client))


# ---- in programs of their own ---------------------------------------------------------------------------------------


def run_program(program: str, server: LocalServer, *options: str) -> str:
    """Run a program with warnings as errors; what it printed."""
    ended = subprocess.run(
        [sys.executable, "-W", "error", *options, "-c", program],
        env={**os.environ, "OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "any"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout + ended.stderr
    return ended.stdout.strip()


def test_asyncio_run_twice(loopback: LocalServer) -> None:
    program = """
import asyncio
from openai_assistants import AsyncOpenAI
client = AsyncOpenAI()
async def main():
    return (await client.beta.threads.create()).object
print(asyncio.run(main()), asyncio.run(main()))
"""
    assert run_program(program, loopback) == "thread thread"


def test_a_loop_that_was_just_closed(loopback: LocalServer) -> None:
    """Nothing in it tells anybody that it ends. The connections are Python's to warn about, the client goes on."""
    program = """
import asyncio
from openai_assistants import AsyncOpenAI
client = AsyncOpenAI()
async def main():
    return (await client.beta.threads.create()).object
for _ in range(3):
    loop = asyncio.new_event_loop()
    print(loop.run_until_complete(main()))
    loop.close()
"""
    assert run_program(program, loopback, "-W", "ignore::ResourceWarning") == "thread\nthread\nthread"


# ---- threads --------------------------------------------------------------------------------------------------------

IN_THREADS = """
import threading
from openai_assistants import OpenAI
made = []
make = OpenAI._make_http
OpenAI._make_http = lambda self: made.append(make(self)) or made[-1]
client = OpenAI(max_retries=0)
together, failed = threading.Barrier(50, timeout=60), []

def work(number):
    try:
        together.wait()
        beta = client.beta
        thread = beta.threads.create(metadata={"number": str(number)})
        content = [{"type": "text", "text": f"I am {number}."}]
        message = beta.threads.messages.create(thread.id, role="user", content=content)
        block, = message.content
        assert block.to_dict()["text"] == {"value": f"I am {number}.", "annotations": []}
        assert message.text == f"I am {number}."
        assistant = beta.assistants.create(model="m", name=f"a{number}", tools=[{"type": "file_search"}])
        assert assistant.tools[0].to_dict() == {"type": "file_search"}
        file = client.files.create(file=(f"{number}.txt", b"x"), purpose="assistants")
        assert client.files.retrieve(file.id).filename == f"{number}.txt"
        assert beta.assistants.retrieve(assistant.id).to_json()
        assert [each.id for each in beta.threads.messages.list(thread.id)] == [message.id]
        events = list(beta.threads.runs.create(thread.id, assistant_id=assistant.id, stream=True))
        assert events[-1].data.status == "completed", events[-1]
        run = beta.threads.runs.retrieve(events[-1].data.id, thread_id=thread.id)
        steps = beta.threads.runs.steps.list(run.id, thread_id=thread.id).data
        assert steps[0].step_details.to_dict()["type"] == "message_creation"
        for _ in range(10):
            assert beta.threads.retrieve(thread.id).metadata == {"number": str(number)}
    except BaseException as error:
        failed.append(error)

threads = [threading.Thread(target=work, args=(number,)) for number in range(50)]
for thread in threads: thread.start()
for thread in threads: thread.join()
for error in failed: raise error
print(len(made))
"""


def test_fifty_threads_begin_together(loopback: LocalServer) -> None:
    """Nothing has been imported, built or connected before: all of it happens in all threads at once."""
    assert run_program(IN_THREADS, loopback) == "1"
    assert len(loopback.requests) == 1000
    assert {request.status for request in loopback.requests} == {200}


# ---- forked processes -----------------------------------------------------------------------------------------------

IN_FORKS = """
import asyncio, multiprocessing
from openai_assistants import AsyncOpenAI, DefaultHttpxClient, OpenAI
closed, close = [], DefaultHttpxClient.close
DefaultHttpxClient.close = lambda self: closed.append(self) or close(self)
client, other = OpenAI(max_retries=0), AsyncOpenAI(max_retries=0)

def work(name):
    for number in range(20):
        text = f"{name} {number}"
        assert client.beta.threads.create(metadata={"text": text}).metadata == {"text": text}
    asyncio.run(work_async(name))
    assert closed == []  # what the parent uses, it closes itself

async def work_async(name):
    for number in range(5):
        text = f"{name} {number}"
        assert (await other.beta.threads.create(metadata={"text": text})).metadata == {"text": text}

work("before")
fork = multiprocessing.get_context("fork")
children = [fork.Process(target=work, args=(f"child {number}",)) for number in range(3)]
for child in children: child.start()
work("parent")
for child in children: child.join()
client.close()
print([child.exitcode for child in children])
"""

UNDER_LOCK = """
import os, threading
from openai_assistants import OpenAI
from openai_assistants import _http_clients, _models
client = OpenAI()
held, done = threading.Event(), threading.Event()

def hold():
    with _http_clients._making, _models._building:
        held.set()
        done.wait()

threading.Thread(target=hold, daemon=True).start()
held.wait()
child = os.fork()
if child == 0:
    import signal
    signal.alarm(30)
    os._exit(0 if client.beta.threads.create().object == "thread" else 1)
print(os.waitpid(child, 0)[1])
done.set()
"""

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


@needs_fork
def test_forked_processes_and_their_parent_do_not_mix_their_answers(loopback: LocalServer) -> None:
    assert run_program(IN_FORKS, loopback) == "[0, 0, 0]"
    assert len(loopback.requests) == 5 * 25


@needs_fork
def test_locks_that_were_held_when_the_process_was_forked(loopback: LocalServer) -> None:
    assert run_program(UNDER_LOCK, loopback, "-W", "ignore::DeprecationWarning") == "0"
