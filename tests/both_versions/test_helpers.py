"""The helpers on runs of version 1 against the server in the box: polling, handlers, the tool loop, the guard of a
thread, broken streams and lost answers, with programs of version 2 beside them."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from openai_assistants import ActiveRunError, StreamInterruptedError, cite, v1 as package
from openai_assistants.server import Call, Fault, Gate, LocalServer, Script, Search, Turn
from openai_assistants.types import v1
from tests.unit.support import Flavour

ASKING: Any = [{"role": "user", "content": "Who sings?"}]
WHALES = "Whales sing at night."
TURNS = [
    Turn(calls=[Search("Whales"), Call("water", {"bed": "tulips"}, id="call_1", pieces=['{"bed": ', '"tulips"}'])]),
    Turn(deltas=["They ", "do ", "【1:0†a.txt】", "."]),
]


def water(bed: str) -> str:
    """Water a bed."""
    return f"{bed} is wet"


class World:
    """An assistant that looks things up, a thread, and a client of one flavour."""

    def __init__(self, flavour: Flavour, server: LocalServer) -> None:
        self.flavour = flavour
        self.server = server
        self.newer = server.client(strict=True)
        older = self.newer.beta.v1
        self.file = self.newer.files.create(file=("a.txt", WHALES.encode()), purpose="assistants").id
        tools: Any = [{"type": "retrieval"}, package.function_tool(water)]
        self.assistant = older.assistants.create(model="m", tools=tools, file_ids=[self.file]).id
        self.thread = older.threads.create(messages=ASKING).id
        make = server.async_client if flavour.is_async else server.client
        self.client: Any = make(strict=True, max_retries=2)
        self.runs = self.client.beta.v1.threads.runs

    def play(self) -> None:
        """Let the next run play the two turns."""
        self.server.scripts.add(Script(TURNS))

    def answer(self) -> Any:
        """The newest message."""
        return self.newer.beta.v1.threads.messages.list(self.thread).data[0]

    def whole(self, manager: Any, *, finish: str = "get_final_run") -> tuple[Any, list[Any], Any]:
        """The handler of a stream, its events, and what a method of it gives in the end."""
        if not self.flavour.is_async:
            with manager as handler:
                return handler, list(handler), getattr(handler, finish)()

        async def read() -> tuple[Any, list[Any], Any]:
            async with manager as handler:
                events = [event async for event in handler]
                return handler, events, await getattr(handler, finish)()

        return self.flavour.do(read)


@pytest.fixture
def world(flavour: Flavour, server: LocalServer) -> World:
    """An assistant, a thread, a client."""
    return World(flavour, server)


def test_polling_waits_for_files_that_are_processed(world: World) -> None:
    gate = world.server.processing.hold("b.txt")
    other = world.newer.files.create(file=("b.txt", b"Crabs sing in the morning."), purpose="assistants").id
    world.newer.beta.v1.assistants.files.create(world.assistant, file_id=other)
    assert gate.reached.wait(10)
    opening = threading.Timer(0.05, gate.open)
    opening.start()
    run = world.flavour.do(lambda: world.runs.create_and_poll(world.thread, assistant_id=world.assistant))
    opening.join()
    assert (type(run), run.status, run.file_ids) == (v1.Run, "completed", [world.file, other])
    cited = {each.file_id: each.quote for each in world.answer().citations}
    assert cited == {world.file: WHALES, other: "Crabs sing in the morning."}
    text = str(cite(world.answer(), world.newer))
    assert "[1] " in text
    assert "a.txt" in text


def test_the_tool_loop(world: World) -> None:
    world.play()
    tools: Any = [water, {"type": "retrieval"}]
    result = world.flavour.do(
        lambda: world.runs.run_tools_and_poll(world.thread, assistant_id=world.assistant, tools=tools)
    )
    assert (type(result.run), result.run.status) == (v1.Run, "completed")
    assert result.text == "They do 【1:0†a.txt】."
    assert [type(each) for each in result.messages] == [v1.Message]
    assert [each.output for each in result.tool_results] == ["tulips is wet"]
    world.play()
    handler, events, run = world.whole(world.runs.run_tools(world.thread, assistant_id=world.assistant, tools=tools))
    assert (type(run), run.status) == (v1.Run, "completed")
    assert [each.event for each in events].count("thread.run.requires_action") == 1
    assert handler.current_run == run
    [submitted, _] = world.server.requests.of("v1.submitToolOuputsToRun")
    assert submitted.json()["tool_outputs"] == [{"tool_call_id": "call_1", "output": "tulips is wet"}]


def test_a_handler_is_told_of_objects_of_version_1(world: World) -> None:
    told: list[tuple[str, Any]] = []

    def note(name: str) -> Any:
        def plain(self: Any, value: Any) -> None:
            told.append((name, value))

        async def awaited(self: Any, value: Any) -> None:
            plain(self, value)

        return awaited if world.flavour.is_async else plain

    base: Any = package.AsyncAssistantEventHandler if world.flavour.is_async else package.AssistantEventHandler
    names = ("run_step_done", "tool_call_done", "message_done", "text_done")
    handler = type("Noting", (base,), {f"on_{name}": note(name) for name in names})()
    manager = world.runs.stream(world.thread, assistant_id=world.assistant, event_handler=handler)
    _, events, [message] = world.whole(manager, finish="get_final_messages")
    assert [(name, type(value)) for name, value in told] == [
        ("tool_call_done", v1.RetrievalToolCall),
        ("run_step_done", v1.RunStep),
        ("text_done", v1.Text),
        ("message_done", v1.Message),
        ("run_step_done", v1.RunStep),
    ]
    assert message == told[3][1] == world.answer()
    assert [each.quote for each in message.citations] == [WHALES]
    assert all(event.deviations == () for event in events)


def test_a_run_in_the_way(world: World) -> None:
    world.server.scripts.add(Turn(deltas=["Well", 600.0]))
    first = world.newer.beta.threads.runs.create(world.thread, assistant_id=world.assistant)
    create: Any = world.runs.create
    with pytest.raises(ActiveRunError, match=first.id):
        world.flavour.do(lambda: create(world.thread, assistant_id=world.assistant))
    second = world.flavour.do(lambda: create(world.thread, assistant_id=world.assistant, on_active_run="cancel"))
    assert type(second) is v1.Run
    assert world.newer.beta.threads.runs.retrieve(first.id, thread_id=world.thread).status == "cancelled"
    added = world.flavour.do(
        lambda: world.client.beta.v1.threads.messages.create(
            world.thread, role="user", content="More", on_active_run="wait"
        )
    )
    assert added.text == "More"
    assert world.newer.beta.threads.runs.retrieve(second.id, thread_id=world.thread).status == "completed"


def stream(world: World, fault: Fault | None = None, **options: Any) -> list[Any]:
    """The events of a run that plays its two turns, with tool outputs between them."""
    world.play()
    thread = world.newer.beta.threads.create(messages=ASKING).id
    events: list[Any] = []
    outputs: Any = [{"tool_call_id": "call_1", "output": "wet"}]
    for number, operation in enumerate(["v1.createRun", "v1.submitToolOuputsToRun"]):
        if fault is not None:
            world.server.faults.add(Fault("cut", operation=operation, events=fault.events, ending=fault.ending))
        world.flavour.collect(
            (lambda: world.runs.create(thread, assistant_id=world.assistant, stream=True, **options))
            if number == 0
            else lambda: world.runs.submit_tool_outputs(
                events[-1].data.id, thread_id=thread, tool_outputs=outputs, stream=True, **options
            ),
            events,
        )
    return events


@pytest.mark.parametrize("helps", [True, False], ids=["our server", "other servers"])
def test_a_broken_stream_goes_on(world: World, helps: bool) -> None:
    kinds = {v1.Run, v1.RunStep, v1.RunStepDeltaEvent, v1.Message, v1.MessageDeltaEvent}
    world.server.clock.freeze()
    expected = [(event.event, type(event.data)) for event in stream(world)]
    assert {kind for _, kind in expected} == kinds
    world.server.faults.idempotency = world.server.faults.event_ids = helps
    for fault in (Fault("cut", events=2, ending="reset"), Fault("cut", events=7, ending="end")):
        events = stream(world, fault, resume=True)
        got = [(event.event, type(event.data)) for event in events]
        if helps:
            assert got == expected
        else:
            whole = [each for each in expected if not each[0].endswith(".delta")]
            assert [each for each in got if not each[0].endswith(".delta")] == whole
        message = next(event.data for event in events if event.event == "thread.message.completed")
        assert (message.text, [each.quote for each in message.citations]) == ("They do 【1:0†a.txt】.", [WHALES])
    assert world.server.faults.waiting == []


def test_a_broken_stream_says_so(world: World) -> None:
    with pytest.raises(StreamInterruptedError, match="resume=True") as caught:
        stream(world, Fault("cut", events=4, ending="reset"))
    assert caught.value.run_id is not None
    world.server.faults.clear()


LOST = [Fault("reset_after"), Fault("status", status=503)]


@pytest.mark.parametrize("keys", [True, False], ids=["keys", "no keys"])
def test_lost_answers_repeat_nothing(world: World, keys: bool) -> None:
    world.server.faults.idempotency = keys
    beta = world.client.beta.v1.threads
    for number, fault in enumerate(LOST):

        def lose(operation: str, fault: Fault = fault) -> None:
            world.server.faults.add(Fault(fault.kind, operation=f"v1.{operation}", status=fault.status))

        lose("createMessage")
        content, files = f"Message {number}", [world.file]
        added = world.flavour.do(
            lambda: beta.messages.create(world.thread, role="user", content=content, file_ids=files)  # noqa: B023
        )
        assert (type(added), added.file_ids) == (v1.Message, files)
        world.play()
        lose("createRun")
        run = world.flavour.do(lambda: beta.runs.create_and_poll(world.thread, assistant_id=world.assistant))
        assert (type(run), run.status) == (v1.Run, "requires_action")
        lose("submitToolOuputsToRun")
        outputs: Any = [{"tool_call_id": "call_1", "output": "wet"}]
        done = world.flavour.do(
            lambda: beta.runs.submit_tool_outputs_and_poll(run.id, thread_id=world.thread, tool_outputs=outputs)  # noqa: B023
        )
        assert done.status == "completed"
    assert world.server.faults.waiting == []
    assert len(list(world.newer.beta.threads.runs.list(world.thread))) == len(LOST)
    texts = [each.text for each in world.newer.beta.threads.messages.list(world.thread) if each.role == "user"]
    assert texts == [*(f"Message {number}" for number in (1, 0)), "Who sings?"]


def test_a_run_of_one_version_is_watched_by_the_other(server: LocalServer) -> None:
    world, gate = World(Flavour("sync"), server), Gate()
    for starting, watching in (("older", "newer"), ("newer", "older")):
        world.server.scripts.add(Turn(deltas=["One ", gate, "two."]))
        trees = {"older": world.newer.beta.v1.threads, "newer": world.newer.beta.threads}
        run = trees[starting].runs.create(world.thread, assistant_id=world.assistant)
        assert gate.reached.wait(10)
        seen: Any = trees[watching].runs.retrieve(run.id, thread_id=world.thread)
        assert seen.status == "in_progress"
        assert seen.tools[0].type == {"older": "retrieval", "newer": "file_search"}[watching]
        gate.open()
        assert trees[watching].runs.poll(run.id, world.thread).status == "completed"
        [steps, messages] = [list(trees[watching].runs.steps.list(run.id, thread_id=world.thread)), world.answer()]
        assert [step.type for step in steps] == ["message_creation"]
        assert messages.text == "One two."
        gate = Gate()
