"""Answers that are lost, on each server, whatever was asked for: one run or message, or an error that says why not.

With bounded counts a case is tried in one way of those that are alike; `make soak` tries all.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Container, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select

from openai_assistants import OpenAIError, StreamInterruptedError
from openai_assistants.server import Call, Fault, LocalServer, Turn
from openai_assistants.server.dialects import NAMED, Dialect, Profile
from openai_assistants.server.store.tables import messages, runs
from tests.server.support import in_database
from tests.soak import SOAKING
from tests.unit.support import FLAVOURS, Flavour

from .flavoured import carry_out, opened, settled
from .program import LOOKUP

# On trio the HTTP library leaves its own async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'httpx\.:ResourceWarning")

NOBODY = Dialect(name="the API")
"""Deviates in nothing, and honours no keys."""
SPEAK = {each.name: each for each in (NOBODY, *NAMED.values()) if each.profile.has("createRun")}
QUESTION = {"role": "user", "content": "And now?"}
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
SEARCH = {"type": "file_search", "file_search": {"max_num_results": 5, "ranking_options": {"score_threshold": 0.5}}}

RUN: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a function": {"tools": [LOOKUP]},
    "no tools": {"tools": []},
    "all tools": {"tools": [SEARCH, LOOKUP, {"type": "code_interpreter"}]},
    "instructions": {"instructions": "Be short. "},
    "more instructions": {"instructions": "Be short.", "additional_instructions": "And kind."},
    "model": {"model": "gpt-other-2024-08-06"},
    "metadata": {"metadata": {"job": "7"}},
    "messages": {"additional_messages": [QUESTION]},
    "messages and tools": {"additional_messages": [QUESTION], "tools": [LOOKUP]},
    "a choice": {"tools": [LOOKUP], "tool_choice": {"type": "function", "function": {"name": "lookup"}}},
    "a choice in a word": {"tools": [LOOKUP], "tool_choice": "none"},
    "a format": {"response_format": {"type": "json_object"}},
    "a schema": {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA}}},
    "truncation": {"truncation_strategy": {"type": "last_messages", "last_messages": 3}},
    "tokens": {"max_prompt_tokens": 4096, "max_completion_tokens": 512},
    "temperature": {"temperature": 1, "top_p": 0.9},
    "parallel": {"tools": [LOOKUP], "parallel_tool_calls": False},
    "effort": {"reasoning_effort": "low"},
    "a field of its own": {"extra_body": {"metadata": {"job": "7"}, "tools": [LOOKUP]}},
}
OF_ITS_OWN = "tools of its own"
FILE = "the file"
BLOCKS: dict[str, dict[str, Any]] = {
    "blocks": {"content": [{"type": "text", "text": "One"}, {"type": "text", "text": "Two"}]},
    "a link": {"content": [{"type": "image_url", "image_url": {"url": "https://a.test/1.png", "detail": "low"}}]},
    "an image": {"content": [{"type": "text", "text": "?"}, {"type": "image_file", "image_file": {"file_id": FILE}}]},
}
MESSAGE: dict[str, dict[str, Any]] = {
    **BLOCKS,
    "text": {"content": "And now? \n"},
    "an attachment": {"attachments": [{"file_id": FILE, "tools": [{"type": "file_search"}]}]},
    "attachments": {
        "attachments": [{"file_id": FILE, "tools": [{"type": "code_interpreter"}, {"type": "file_search"}]}]
    },
    "metadata": {"metadata": {"job": "7"}},
    "another role": {"role": "assistant"},
}

LOSSES: dict[str, tuple[Fault, bool]] = {
    "reset": (Fault("reset_after"), False),
    "502": (Fault("status_after", status=502), False),
    "stream reset": (Fault("reset_after"), True),
    "stream 502": (Fault("status_after", status=502), True),
    "cut": (Fault("cut", events=0), True),
    "ended": (Fault("cut", events=0, ending="end"), True),
}
"""What happens to the answer, and whether it is a stream."""
LOST = ("reset", "502")
LOST_TOO = ("stream reset", "stream 502")
BEGUN = ("cut", "ended")
"""The answer has begun, so the server most likely does what it was asked for."""

NOT_SHOWN = frozenset(
    {
        ("worst", "metadata"),
        ("worst", "a field of its own"),
        ("worst", "an attachment"),
        ("worst", "attachments"),
        ("open-assistant-api", "an attachment"),
        ("open-assistant-api", "attachments"),
    }
)
"""What a server does not show although its owner could be told by it: there nothing is taken, and nothing repeated."""


@dataclass(frozen=True)
class Case:
    """What is asked for, where, and how the answer is lost."""

    dialect: str
    asked: str
    loss: str
    flavour: Flavour

    def __str__(self) -> str:
        return f"{self.dialect}, {self.asked}, {self.loss}, {self.flavour.name}"

    @property
    def profile(self) -> Profile:
        """What the server has."""
        return SPEAK[self.dialect].profile

    def fault(self, operation: str) -> Fault:
        """What loses the answer of an operation."""
        return replace(LOSSES[self.loss][0], operation=operation)


def cases(
    asked: Iterable[str],
    *losses: Sequence[str],
    needs: str = "createRun",
    but: Container[tuple[str, str]] = (),
) -> list[Case]:
    """All that are to be tried. Of the losses that are alike, and of the flavours, one after the other has its turn."""
    every = [
        (dialect, each, alike)
        for dialect, speaks in SPEAK.items()
        if speaks.profile.has(needs)
        for each in asked
        if (dialect, each) not in but
        for alike in losses
    ]
    if SOAKING:
        return [Case(*each, loss, flavour) for *each, alike in every for loss in alike for flavour in FLAVOURS]
    return [
        Case(dialect, each, alike[place // len(losses) % len(alike)], FLAVOURS[(place + place // 8) % 2])
        for place, (dialect, each, alike) in enumerate(every)
    ]


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, LocalServer]]:
    """One for each dialect; each case has a thread of its own."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(LocalServer(in_process=True, drain_seconds=0.0, dialect=each))
            for name, each in SPEAK.items()
        }


@pytest.fixture
def server(case: Case, servers: dict[str, LocalServer]) -> LocalServer:
    """The server of a case, which has nothing left of the case before."""
    server = servers[case.dialect]
    server.scripts.clear()
    server.faults.clear()
    return server


def kept(server: LocalServer, table: Any) -> set[str]:
    """Ids of all runs or messages in the database."""
    return in_database(server, lambda tx: {row[0] for row in tx.connection.execute(select(table.c.id))})


def tried(case: Case, server: LocalServer, program: Callable[[Any, str, str], Awaitable[Any]]) -> Any:
    """What a program returns or raises that has a client, an assistant and a thread."""

    async def begun() -> Any:
        client: Any = server.async_client() if case.flavour.is_async else server.client()
        async with opened(client):
            assistant = await settled(client.beta.assistants.create(model="m", tools=[{"type": "code_interpreter"}]))
            thread = await settled(client.beta.threads.create())
            try:
                return await program(client, assistant.id, thread.id)
            except OpenAIError as error:
                return error

    return carry_out(case.flavour, begun)


async def ended(manager: Any) -> Any:
    """The run of a stream, when it is over."""
    async with opened(manager) as stream:
        await settled(stream.until_done())
        return await settled(stream.get_final_run())


def says_that_it_cannot_be_found_out(error: Any) -> bool:
    """Whether an error, or its cause, tells the user why nothing was repeated."""
    reasons = (error, error.__cause__)
    return any("cannot be found out whether the request was carried out" in str(each) for each in reasons)


OWN = {(name, OF_ITS_OWN) for name, speaks in SPEAK.items() if not speaks.tools}


@pytest.mark.parametrize("case", cases([*RUN, OF_ITS_OWN], LOST + LOST_TOO, BEGUN, but=OWN), ids=str)
def test_one_run(case: Case, server: LocalServer) -> None:
    server.scripts.add("Done.")

    async def program(client: Any, assistant_id: str, thread_id: str) -> Any:
        own = {"tools": [LOOKUP, *SPEAK[case.dialect].tools]}
        given = {"assistant_id": assistant_id, **(own if case.asked == OF_ITS_OWN else RUN[case.asked])}
        server.faults.add(case.fault("createRun"))
        if LOSSES[case.loss][1]:
            return await ended(client.beta.threads.runs.stream(thread_id, resume=True, **given))
        return await settled(client.beta.threads.runs.create(thread_id, **given))

    before = kept(server, runs)
    found = tried(case, server, program)
    made = kept(server, runs) - before
    assert not server.faults.waiting
    if not case.profile.has("listRuns"):
        # Where there is nothing to look at, what was begun is not begun again; the README tells of the rest.
        assert isinstance(found, StreamInterruptedError) == (case.loss in BEGUN), found
        assert len(made) == 1 or case.loss not in BEGUN
    elif (case.dialect, case.asked) in NOT_SHOWN:
        assert says_that_it_cannot_be_found_out(found)
        assert len(made) == 1
    else:
        assert {getattr(found, "id", found)} == made


ARRAYS = {(name, each) for name, speaks in SPEAK.items() if speaks.content_is_text for each in BLOCKS}


@pytest.mark.parametrize("case", cases(MESSAGE, LOST, needs="listMessages", but=ARRAYS), ids=str)
def test_one_message(case: Case, server: LocalServer) -> None:
    async def program(client: Any, assistant_id: str, thread_id: str) -> Any:
        file = await settled(client.files.create(file=("a.png", b"\x89PNG"), purpose="assistants"))
        server.faults.add(case.fault("createMessage"))
        given = json.loads(json.dumps({**QUESTION, **MESSAGE[case.asked]}).replace(FILE, file.id))
        return await settled(client.beta.threads.messages.create(thread_id, **given))

    before = kept(server, messages)
    found = tried(case, server, program)
    made = kept(server, messages) - before
    assert not server.faults.waiting
    if (case.dialect, case.asked) in NOT_SHOWN:
        assert says_that_it_cannot_be_found_out(found)
        assert len(made) == 1
    else:
        assert {getattr(found, "id", found)} == made


@pytest.mark.parametrize("case", cases(["a thread"], BEGUN, needs="createThreadAndRun"), ids=str)
def test_one_run_with_its_thread(case: Case, server: LocalServer) -> None:
    """Nothing lists threads, so what the server has begun to answer is not asked for again."""
    server.scripts.add("Done.")

    async def program(client: Any, assistant_id: str, thread_id: str) -> Any:
        server.faults.add(case.fault("createThreadAndRun"))
        given: Any = {"assistant_id": assistant_id, "thread": {"messages": [QUESTION]}}
        return await ended(client.beta.threads.create_and_run_stream(resume=True, **given))

    before = kept(server, runs)
    found = tried(case, server, program)
    assert not server.faults.waiting
    assert isinstance(found, StreamInterruptedError), found
    assert len(kept(server, runs) - before) == 1


@pytest.mark.parametrize("operation", ["createRun", "submitToolOuputsToRun"])
@pytest.mark.parametrize("case", cases(["tools"], LOST_TOO, BEGUN, needs="submitToolOuputsToRun"), ids=str)
def test_a_tool_loop_calls_each_function_once(case: Case, operation: str, server: LocalServer) -> None:
    """It is the run of its own that is active, not another's."""
    server.scripts.add([Turn(calls=[Call("lookup", {"word": "sun"})]), Turn("Found.")])
    words: list[str] = []

    def lookup(word: str) -> str:
        """Look something up."""
        words.append(word)
        return "bright"

    async def program(client: Any, assistant_id: str, thread_id: str) -> Any:
        server.faults.add(case.fault(operation))
        loop = client.beta.threads.runs.run_tools(thread_id, assistant_id=assistant_id, tools=[lookup], resume=True)
        async with opened(loop) as stream:
            return "".join([each async for each in stream.text_deltas] if case.flavour.is_async else stream.text_deltas)

    before = kept(server, runs)
    assert (tried(case, server, program), words) == ("Found.", ["sun"])
    assert not server.faults.waiting
    assert len(kept(server, runs) - before) == 1


def named(name: str, *arguments: str) -> dict[str, Any]:
    parameters = {"type": "object", "properties": {each: {"type": "string"} for each in arguments}}
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


THEIRS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "another function": ({"tools": [LOOKUP]}, {"tools": [named("look", "word")]}),
    "other arguments": ({"tools": [LOOKUP]}, {"tools": [named("lookup", "term")]}),
    "one more function": ({"tools": [LOOKUP]}, {"tools": [LOOKUP, named("look", "word")]}),
    "one function less": ({"tools": [LOOKUP, named("look", "word")]}, {"tools": [LOOKUP]}),
    "another kind": ({"tools": [{"type": "file_search"}]}, {"tools": [{"type": "code_interpreter"}]}),
    "metadata": ({"metadata": {"job": "7"}}, {"metadata": {"job": "8"}}),
    "no metadata": ({"metadata": {"job": "7"}}, {}),
}
"""What is asked for, and what another program asked for just before."""
HIDDEN = {("worst", each) for each, (own, _) in THEIRS.items() if "tools" in own}
"""What is no difference to anyone, as the server shows no tools."""


@pytest.mark.parametrize("case", cases(THEIRS, ["reset"], needs="listRuns", but=HIDDEN), ids=str)
def test_the_run_of_another_program_is_not_taken(case: Case, server: LocalServer) -> None:
    """The request was lost on its way, and there is a run that another client has just made."""
    server.scripts.add("Done.", times=2)
    own, theirs = THEIRS[case.asked]
    others: list[str] = []

    async def program(client: Any, assistant_id: str, thread_id: str) -> Any:
        runs_ = server.client().beta.threads.runs
        others.append(runs_.create_and_poll(thread_id, assistant_id=assistant_id, **theirs).id)
        server.faults.add(Fault("reset_before", operation="createRun"))
        return await settled(client.beta.threads.runs.create(thread_id, assistant_id=assistant_id, **own))

    before = kept(server, runs)
    found = tried(case, server, program)
    made = kept(server, runs) - before
    assert not server.faults.waiting
    if case.dialect == "worst":  # it shows no metadata
        assert says_that_it_cannot_be_found_out(found)
        assert made == {*others}
    else:
        assert made == {*others, found.id}
        assert len(made) == 2
