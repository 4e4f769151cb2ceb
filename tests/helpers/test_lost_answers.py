"""Answers that are lost: nothing is done twice, whether the server honours idempotency keys or not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from openai_assistants import (
    APIConnectionError,
    APIResponseValidationError,
    InternalServerError,
    OpenAIError,
    StreamInterruptedError,
    WaitTimeoutError,
)
from openai_assistants.server import LocalServer
from openai_assistants.server.faults import Fault
from openai_assistants.server.models.scripted import Call, Gate, Script, Turn
from tests.unit.support import Flavour

LOOK_UP: Any = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}

AFTER = [Fault("reset_after"), Fault("status_after", status=500), Fault("status_after", status=503)]
BEFORE = [Fault("reset_before"), Fault("status", status=500)]


def on(operation: str, fault: Fault, times: int = 1) -> Fault:
    """A fault at one operation."""
    return Fault(fault.kind, operation=operation, status=fault.status, times=times)


@pytest.fixture(params=[True, False], ids=["keys", "no keys"])
def keys(request: pytest.FixtureRequest, server: LocalServer) -> bool:
    """Whether the server honours idempotency keys."""
    server.faults.idempotency = request.param
    return request.param


class World:
    """An assistant and a thread, and a client of one flavour."""

    def __init__(self, flavour: Flavour, server: LocalServer) -> None:
        self.flavour = flavour
        self.server = server
        self.plain = server.client()
        self.assistant = self.plain.beta.assistants.create(model="gpt-test", tools=[LOOK_UP]).id
        self.thread = self.plain.beta.threads.create().id
        self.client: Any = server.async_client() if flavour.is_async else server.client()

    def do(self, function: Callable[[Any], Any]) -> Any:
        """Call something below `client.beta.threads`."""
        return self.flavour.do(lambda: function(self.client.beta.threads))

    def texts(self) -> list[str]:
        """What the thread's messages say, oldest first."""
        return [m.content[0].text.value for m in self.plain.beta.threads.messages.list(self.thread, order="asc")]  # type: ignore[union-attr]

    def runs(self) -> list[str]:
        """Ids of the thread's runs."""
        return [run.id for run in self.plain.beta.threads.runs.list(self.thread)]

    def posted(self, operation: str) -> int:
        """How often an operation was asked for."""
        return len(self.server.requests.of(operation))


@pytest.fixture
def world(flavour: Flavour, server: LocalServer) -> World:
    """An assistant and a thread."""
    return World(flavour, server)


@pytest.mark.parametrize("fault", AFTER + BEFORE, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_a_message_is_added_once(world: World, keys: bool, fault: Fault) -> None:
    world.server.faults.add(on("createMessage", fault))
    message = world.do(lambda threads: threads.messages.create(world.thread, role="user", content="Hello"))
    assert world.texts() == ["Hello"]
    assert message.content[0].text.value == "Hello"
    assert message.response_record.status_code == 200
    assert message.id == world.plain.beta.threads.messages.list(world.thread).data[0].id


def test_the_same_text_twice_is_two_messages(world: World, keys: bool) -> None:
    for number in range(6):
        world.server.faults.add(on("createMessage", (AFTER + BEFORE)[number % 5]))
        world.do(lambda threads: threads.messages.create(world.thread, role="user", content="Again"))
    assert world.texts() == ["Again"] * 6


def test_content_in_blocks_is_recognized(world: World) -> None:
    world.server.faults.idempotency = False
    world.server.faults.add(on("createMessage", AFTER[0]))
    blocks = [{"type": "text", "text": "One"}, {"type": "text", "text": "Two"}]
    message = world.do(lambda threads: threads.messages.create(world.thread, role="user", content=iter(blocks)))
    assert [block.text.value for block in message.content] == ["One", "Two"]
    assert world.posted("createMessage") == 1


@pytest.mark.parametrize("other", ["another text", "another role", "other metadata"])
def test_another_message_is_not_taken_for_it(world: World, other: str) -> None:
    world.server.faults.idempotency = False
    fields: Any = {"role": "user", "content": "Hello", "metadata": {"a": "b"}}
    fields |= {"another text": {"content": "Hallo"}, "another role": {"role": "assistant"}}.get(
        other, {"metadata": {"a": "c"}}
    )
    world.plain.beta.threads.messages.create(world.thread, **fields)
    world.server.faults.add(on("createMessage", BEFORE[0]))
    world.do(lambda threads: threads.messages.create(world.thread, role="user", content="Hello", metadata={"a": "b"}))
    assert len(world.texts()) == 2


@pytest.mark.parametrize("fault", AFTER + BEFORE, ids=lambda fault: f"{fault.kind}-{fault.status}")
@pytest.mark.parametrize("how", ["create", "create_and_poll"])
def test_a_run_is_started_once(world: World, keys: bool, fault: Fault, how: str) -> None:
    world.server.scripts.add(Script([Turn("Done.")]))
    world.server.faults.add(on("createRun", fault))
    run = world.do(lambda threads: getattr(threads.runs, how)(world.thread, assistant_id=world.assistant))
    assert world.runs() == [run.id]


def test_an_earlier_run_is_not_taken_for_it(world: World) -> None:
    world.server.faults.idempotency = False
    for number in range(3):
        world.server.scripts.add(Script([Turn("Done.")]))
        world.server.faults.add(on("createRun", BEFORE[number % 2]))
        world.do(lambda threads: threads.runs.create_and_poll(world.thread, assistant_id=world.assistant))
    assert len(world.runs()) == 3


@pytest.mark.parametrize("fault", BEFORE, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_a_run_that_was_streamed_is_not_taken_for_it(world: World, fault: Fault) -> None:
    world.server.faults.idempotency = False
    world.flavour.collect(
        lambda: world.client.beta.threads.runs.create(world.thread, assistant_id=world.assistant, stream=True)
    )
    world.server.faults.add(on("createRun", fault))
    world.do(lambda threads: threads.runs.create_and_poll(world.thread, assistant_id=world.assistant))
    assert len(world.runs()) == 2


@pytest.mark.parametrize("fault", BEFORE, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_a_message_that_was_answered_raw_is_not_taken_for_it(world: World, fault: Fault) -> None:
    world.server.faults.idempotency = False
    world.do(lambda threads: threads.messages.with_raw_response.create(world.thread, role="user", content="Hello"))
    world.server.faults.add(on("createMessage", fault))
    world.do(lambda threads: threads.messages.create(world.thread, role="user", content="Hello"))
    assert world.texts() == ["Hello", "Hello"]


@pytest.mark.parametrize("fault", AFTER + BEFORE, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_tool_outputs_are_submitted_once(world: World, keys: bool, fault: Fault) -> None:
    world.server.scripts.add(Script([Turn(calls=[Call("look_up")]), Turn("Done.")]))
    world.server.faults.add(on("submitToolOuputsToRun", fault))

    run = world.do(lambda threads: threads.runs.create_and_poll(world.thread, assistant_id=world.assistant))
    outputs = [{"tool_call_id": call.id, "output": "x"} for call in run.required_action.submit_tool_outputs.tool_calls]
    ended = world.do(
        lambda threads: threads.runs.submit_tool_outputs_and_poll(
            run.id, thread_id=world.thread, tool_outputs=iter(outputs)
        )
    )
    assert ended.status == "completed"
    assert world.posted("submitToolOuputsToRun") == 1 + ((keys and fault in AFTER) or fault in BEFORE)


@pytest.mark.parametrize("fault", AFTER, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_the_last_attempt_is_looked_for_too(world: World, keys: bool, fault: Fault) -> None:
    world.server.faults.add(on("createMessage", BEFORE[0], 2), on("createMessage", fault))
    world.do(lambda threads: threads.messages.create(world.thread, role="user", content="Hello"))
    assert world.texts() == ["Hello"]


def test_without_retries_one_request_is_made(world: World, keys: bool) -> None:
    world.server.faults.add(on("createMessage", AFTER[0]))
    before = len(world.server.requests)
    with pytest.raises(APIConnectionError):
        world.do(lambda threads: threads.messages.create(world.thread, role="user", content="Hello", max_retries=0))
    assert len(world.server.requests) == before + 1


def test_what_cannot_be_found_out_is_not_repeated(world: World) -> None:
    world.server.faults.idempotency = False
    world.server.faults.add(on("createMessage", AFTER[1]), Fault("status", operation="listMessages", times=3))
    with pytest.raises(InternalServerError) as caught:
        world.do(lambda threads: threads.messages.create(world.thread, role="user", content="Hello"))
    assert caught.value.request.method == "POST"
    assert isinstance(caught.value.__cause__, InternalServerError)
    assert world.posted("createMessage") == 1


@pytest.mark.parametrize("body", ["<html>Welcome!</html>", '"fine"'])
def test_a_look_that_says_nothing_is_no_empty_list(world: World, body: str) -> None:
    world.server.faults.idempotency = False
    look = Fault("status", operation="listMessages", status=200, body=body)
    world.server.faults.add(on("createMessage", AFTER[1]), look)
    with pytest.raises(InternalServerError) as caught:
        world.do(lambda threads: threads.messages.create(world.thread, role="user", content="Hello"))
    assert isinstance(caught.value.__cause__, APIResponseValidationError)
    assert "cannot be found out whether the request was carried out" in str(caught.value.__cause__)
    assert world.texts() == ["Hello"]


AGES_AGO = {"object": "thread.run", "id": "run_old", "created_at": 1_000_000_000, "metadata": {}}


@pytest.mark.parametrize(
    ("status", "age", "is_it"),
    [("in_progress", 30, True), ("in_progress", 300, False), ("completed", 30, False), (None, 30, False)],
)
def test_an_active_run_is_new_although_the_clocks_differ_by_some_seconds(
    world: World, status: str | None, age: int, is_it: bool
) -> None:
    world.server.faults.idempotency = False
    run = {**AGES_AGO, "created_at": int(time.time()) - age, "assistant_id": world.assistant, "status": status}
    look = Fault("status", operation="listRuns", status=200, body={"data": [run]})
    world.server.faults.add(on("createRun", BEFORE[1]), look)
    made = world.do(lambda threads: threads.runs.create(world.thread, assistant_id=world.assistant))
    assert (made.id == "run_old", world.posted("createRun")) == (is_it, 1 if is_it else 2)


def submitting(world: World, look: Any) -> Any:
    """Submit outputs whose answer is lost; the first look at the run afterwards has this answer."""
    world.server.faults.idempotency = False
    world.server.scripts.add(Script([Turn(calls=[Call("look_up", id="call_1")]), Turn("Done.")]))
    run = world.do(lambda threads: threads.runs.create_and_poll(world.thread, assistant_id=world.assistant))
    world.server.faults.add(
        on("submitToolOuputsToRun", AFTER[1] if isinstance(look, list) else BEFORE[1]),
        Fault("status", operation="getRun", status=200, body=look),
    )
    outputs: Any = [{"tool_call_id": "call_1", "output": "x"}]
    return world.do(
        lambda threads: threads.runs.submit_tool_outputs_and_poll(run.id, thread_id=world.thread, tool_outputs=outputs)
    )


def test_a_run_that_does_not_say_what_it_waits_for_gets_the_outputs_again(world: World) -> None:
    action = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": ["call_1", {"id": 5}]}}
    look = {**AGES_AGO, "thread_id": world.thread, "status": "requires_action", "required_action": action}
    assert submitting(world, look).status == "completed"
    assert world.posted("submitToolOuputsToRun") == 2


def test_a_look_at_the_run_that_says_nothing_is_no_reason_to_submit_again(world: World) -> None:
    with pytest.raises(InternalServerError):
        submitting(world, [])
    assert world.posted("submitToolOuputsToRun") == 1


def test_where_nothing_can_be_looked_up_it_is_repeated(world: World) -> None:
    world.server.faults.idempotency = False
    world.server.faults.add(
        on("createMessage", AFTER[1]),
        Fault("status", operation="listMessages", status=404, body={"error": {"message": "Invalid URL (GET /x)"}}),
    )
    world.do(lambda threads: threads.messages.create(world.thread, role="user", content="Hello"))
    assert world.posted("createMessage") == 2


def test_a_thread_of_its_own_may_be_made_twice(world: World) -> None:
    world.server.faults.idempotency = False
    before = world.posted("createThread")
    world.server.faults.add(on("createThread", AFTER[0]))
    world.do(lambda threads: threads.create())
    assert world.posted("createThread") == before + 2
    assert "the retry can create the thread a second time" in world.client.beta.threads.create.__doc__


@pytest.mark.parametrize("resume", [True, False])
def test_a_streamed_run_whose_answer_is_lost(world: World, keys: bool, resume: bool) -> None:
    world.server.scripts.add(Script([Turn("Done.")]))
    world.server.faults.add(on("createRun", AFTER[0]))
    events: list[Any] = []

    def begin() -> Any:
        return world.client.beta.threads.runs.create(
            world.thread, assistant_id=world.assistant, stream=True, resume=resume
        )

    if keys or resume:
        world.flavour.collect(begin, events)
        names = [event.event for event in events]
        assert (names[0], names[-1]) == ("thread.run.created", "thread.run.completed")
        assert [event.synthesized for event in events] == [not keys] * len(events)
    else:
        with pytest.raises(StreamInterruptedError, match=r"could not be opened.*resume") as caught:
            world.flavour.collect(begin, events)
        assert (events, caught.value.thread_id) == ([], world.thread)
        assert [caught.value.run_id] == world.runs()
    assert len(world.runs()) == 1


def test_the_repetition_meets_the_run_that_it_started(world: World) -> None:
    """The first look came too early: the server was still busy with the request that it had lost."""
    world.server.faults.idempotency = False
    gate = Gate()
    world.server.scripts.add(Script([Turn(deltas=[gate, "Done."])]))
    world.server.faults.add(
        on("createRun", AFTER[0]),
        Fault("status", operation="listRuns", status=200, body={"object": "list", "data": []}),
    )
    run = world.do(lambda threads: threads.runs.create(world.thread, assistant_id=world.assistant))
    assert world.runs() == [run.id]
    assert world.posted("createRun") == 2
    gate.open()


# The thread guard


@pytest.mark.parametrize("what", ["run", "message"])
@pytest.mark.parametrize("how", ["wait", "cancel", "error"])
def test_a_thread_with_an_active_run(world: World, what: str, how: Any) -> None:
    gate = Gate()
    world.server.scripts.add(Script([Turn(deltas=["First", gate])]))
    first = world.plain.beta.threads.runs.create(world.thread, assistant_id=world.assistant)
    assert gate.reached.wait(5)
    if how == "wait":
        world.server.faults.add(Fault("delay", operation="getRun", seconds=0.05))
        import threading

        threading.Timer(0.1, gate.open).start()

    def call(threads: Any) -> Any:
        if what == "message":
            return threads.messages.create(world.thread, role="user", content=iter([TEXT]), on_active_run=how)
        return threads.runs.create(world.thread, assistant_id=world.assistant, on_active_run=how)

    if how == "error":
        with pytest.raises(OpenAIError, match="active"):
            world.do(call)
        gate.open()
        return
    made = world.do(call)
    ended = world.plain.beta.threads.runs.retrieve(first.id, thread_id=world.thread)
    assert ended.status == {"wait": "completed", "cancel": "cancelled"}[how]
    assert made.object == {"run": "thread.run", "message": "thread.message"}[what]


TEXT = {"type": "text", "text": "And now?"}


def test_a_wrong_choice_is_refused_before_anything_is_sent(world: World) -> None:
    before = len(world.server.requests)
    with pytest.raises(ValueError, match=r"on_active_run must be 'error', 'wait' or 'cancel', not 'kill'"):
        world.do(lambda threads: threads.runs.create(world.thread, assistant_id=world.assistant, on_active_run="kill"))
    assert len(world.server.requests) == before


def test_waiting_for_a_thread_ends_at_the_deadline(world: World) -> None:
    gate = Gate()
    world.server.scripts.add(Script([Turn(deltas=["First", gate])]))
    world.plain.beta.threads.runs.create(world.thread, assistant_id=world.assistant)
    with pytest.raises(WaitTimeoutError, match="was still 'in_progress'"):
        world.do(
            lambda threads: threads.messages.create(
                world.thread, role="user", content="x", on_active_run="wait", deadline=1.3
            )
        )
    gate.open()
