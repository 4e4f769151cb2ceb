"""Many runs through the tool loop, on a server that fails at random: each ends right, and nothing is done twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import anyio
import pytest

from openai_assistants import OpenAI
from openai_assistants.server import LocalServer
from openai_assistants.server.faults import Fault, Faults
from openai_assistants.server.models.scripted import Call, Script, Turn
from tests.soak import count
from tests.unit.support import Flavour

RUNS = count(20, 1000)
AT_ONCE = 20
FAILURES = 0.2
"""Part of the requests that go wrong."""
ANYWHERE = ["429", "500", "500 after", "503 after", "reset_before", "reset_after"]
IN_STREAMS = ["cut", "end"]
"""How they go wrong: the connection of a stream is reset, or its body just ends."""


class RandomFaults(Faults):
    """Lets requests fail at random, in every way."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.random = random.Random(seed)
        self.active = self.streaming = False
        self.happened: Counter[str] = Counter()

    def take(self, operation: str | None, method: str, path: str) -> Fault | None:
        """The fault that hits this request."""
        if not self.active or self.random.random() > FAILURES:
            return None
        cuttable = self.streaming and operation in ("createRun", "submitToolOuputsToRun")
        kind = min(ANYWHERE + IN_STREAMS * cuttable, key=lambda each: (self.happened[each], self.random.random()))
        self.happened[kind] += 1
        match kind.split():
            case ["429"]:
                return Fault("status", status=429, retry_after=0.001)
            case [status]:
                if status.isdigit():
                    return Fault("status", status=int(status))
                if status in ("cut", "end"):
                    return Fault(
                        "cut", bytes=self.random.randrange(12_000), ending="end" if status == "end" else "reset"
                    )
                return Fault("reset_before" if status == "reset_before" else "reset_after")
            case [status, _]:
                return Fault("status_after", status=int(status))
            case _:
                raise AssertionError(kind)


@pytest.fixture
def faults() -> RandomFaults:
    """What goes wrong."""
    return RandomFaults(seed=20_261_121)


@pytest.fixture
def failing(faults: RandomFaults) -> Iterator[LocalServer]:
    """A server that fails at random."""
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1, record_requests=0, faults=faults) as running:
        yield running


class Ledger:
    """What the tools were called with."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()

    def note(self, entry: str) -> str:
        """Write an entry into the ledger."""
        self.calls[entry] += 1
        return f"noted {entry}"


def script(number: int) -> Script:
    """Two rounds of calls, the first with two at once, and three messages; told apart by the model's name."""
    entries = [Call("note", {"entry": f"{number}-{i}"}, id=f"call_{number}_{i}") for i in range(3)]
    turns = [
        Turn(f"First of {number}.", calls=entries[:2]),
        Turn(f"Second of {number}.", calls=entries[2:]),
        Turn(f"Last of {number}."),
    ]
    return Script(turns, model=f"model-{number}")


def check(plain: OpenAI, ledger: Ledger, threads: dict[int, str], ended: dict[int, str]) -> None:
    """Each run ended right, each call was made once, no message and no run is there twice."""
    assert ended == dict.fromkeys(threads, "completed")
    assert ledger.calls == {f"{number}-{i}": 1 for number in threads for i in range(3)}
    for number, thread in threads.items():
        texts = [message.text for message in plain.beta.threads.messages.list(thread, order="asc")]
        expected = [f"Question {number}", f"First of {number}.", f"Second of {number}.", f"Last of {number}."]
        assert texts == expected
        (run,) = plain.beta.threads.runs.list(thread).data
        steps = list(plain.beta.threads.runs.steps.list(run.id, thread_id=thread))
        assert [step.status for step in steps] == ["completed"] * 5


@pytest.mark.parametrize("keys", [True, False], ids=["keys", "no keys"])
@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "polled"])
def test_many_runs(flavour: Flavour, failing: LocalServer, faults: RandomFaults, keys: bool, streamed: bool) -> None:
    faults.idempotency = faults.event_ids = keys
    plain = failing.client()
    ledger = Ledger()
    threads: dict[int, str] = {}
    ended: dict[int, str] = {}
    for number in range(RUNS):
        failing.scripts.add(script(number))
        threads[number] = plain.beta.threads.create().id
    assistant = plain.beta.assistants.create(model="none").id
    client: Any = (failing.async_client if flavour.is_async else failing.client)(max_retries=12)
    loop: dict[str, Any] = {"assistant_id": assistant, "tools": [ledger.note], "max_concurrency": 1}

    def blocking(number: int) -> None:
        thread = threads[number]
        client.beta.threads.messages.create(thread, role="user", content=f"Question {number}")
        runs, settings = client.beta.threads.runs, {**loop, "model": f"model-{number}"}
        if streamed:
            with runs.run_tools(thread, resume=True, **settings) as stream:
                ended[number] = stream.get_final_run().status
        else:
            ended[number] = runs.run_tools_and_poll(thread, **settings).run.status

    async def awaiting(number: int) -> None:
        thread = threads[number]
        await client.beta.threads.messages.create(thread, role="user", content=f"Question {number}")
        runs, settings = client.beta.threads.runs, {**loop, "model": f"model-{number}"}
        if streamed:
            async with runs.run_tools(thread, resume=True, **settings) as stream:
                ended[number] = (await stream.get_final_run()).status
        else:
            ended[number] = (await runs.run_tools_and_poll(thread, **settings)).run.status

    async def all_at_once() -> None:
        limiter = anyio.CapacityLimiter(AT_ONCE)

        async def one(number: int) -> None:
            async with limiter:
                await awaiting(number)

        async with anyio.create_task_group() as tasks:
            for number in range(RUNS):
                tasks.start_soon(one, number)

    faults.active, faults.streaming = True, streamed
    if flavour.is_async:
        flavour.do(all_at_once)
    else:
        for number in range(RUNS):
            blocking(number)
    faults.active = False
    check(plain, ledger, threads, ended)
    assert faults.happened.total() >= RUNS // 2
    assert set(faults.happened) == {*ANYWHERE, *(IN_STREAMS if streamed else ())}
