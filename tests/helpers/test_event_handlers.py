"""Event handlers against the server in the box: tool calls, several messages, streams that are left or cut."""

from __future__ import annotations

from typing import Any

import pytest

from openai_assistants import AssistantEventHandler, AsyncAssistantEventHandler, StreamInterruptedError
from openai_assistants.server import Call, Fault, Gate, LocalServer, Script, Turn
from tests.unit.support import Flavour

# On trio the HTTP library leaves its own async generators to the garbage collector when a body is not read to its end;
# ours are closed, or this does not match.
pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings(r"ignore:Async generator '(httpx|openai_assistants\.server)\.:ResourceWarning"),
]

LOOK_UP: Any = {
    "type": "function",
    "function": {
        "name": "look_up",
        "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
    },
}
TURNS = [
    Turn(
        deltas=["Let me ", "look."],
        calls=[
            Call("look_up", {"query": "a"}, pieces=['{"query": ', '"a"}']),
            Call("look_up", {"query": "b"}),
        ],
    ),
    Turn(deltas=["One ", "more."], calls=[Call("look_up", {"query": "c"})]),
    Turn(deltas=["It is ", "a ", "bird."]),
]
LOG = [
    *("message", "text Let me ", "text look.", "text done Let me look.", "message done completed"),
    *('call {"query": "a"}', "run requires_action"),
    *("message", "text One ", "text more.", "text done One more.", "message done completed", "run requires_action"),
    *("message", "text It is ", "text a ", "text bird.", "text done It is a bird.", "message done completed"),
    *("run completed", "end", 'call {"query": "c"}', "end", 'call {"query": "b"}', "end"),
]
"""The handlers are nested: that a run waits shows that its last call is whole, but `on_event` comes first."""


class Handler(AssistantEventHandler):
    """What tutorials write: answers calls from within, with a new stream and a new handler."""

    def __init__(self, client: Any, log: list[str], options: dict[str, Any]) -> None:
        super().__init__()
        self.client, self.log, self.options = client, log, options

    def on_event(self, event: Any) -> None:
        if event.event in ("thread.run.requires_action", "thread.run.completed"):
            self.log.append(f"run {event.data.status}")
        if event.event == "thread.run.requires_action":
            with self.client.beta.threads.runs.submit_tool_outputs_stream(**answers(self, event)) as stream:
                stream.until_done()

    def on_message_created(self, message: Any) -> None:
        self.log.append("message")

    def on_text_delta(self, delta: Any, snapshot: Any) -> None:
        self.log.append(f"text {delta.value}")

    def on_text_done(self, text: Any) -> None:
        self.log.append(f"text done {text.value}")

    def on_message_done(self, message: Any) -> None:
        self.log.append(f"message done {message.status}")

    def on_tool_call_done(self, tool_call: Any) -> None:
        self.log.append(f"call {tool_call.function.arguments}")

    def on_end(self) -> None:
        self.log.append("end")


class AsyncHandler(AsyncAssistantEventHandler):
    """The same, awaiting."""

    def __init__(self, client: Any, log: list[str], options: dict[str, Any]) -> None:
        super().__init__()
        self.client, self.log, self.options = client, log, options

    async def on_event(self, event: Any) -> None:
        if event.event in ("thread.run.requires_action", "thread.run.completed"):
            self.log.append(f"run {event.data.status}")
        if event.event == "thread.run.requires_action":
            async with self.client.beta.threads.runs.submit_tool_outputs_stream(**answers(self, event)) as stream:
                await stream.until_done()

    async def on_message_created(self, message: Any) -> None:
        self.log.append("message")

    async def on_text_delta(self, delta: Any, snapshot: Any) -> None:
        self.log.append(f"text {delta.value}")

    async def on_text_done(self, text: Any) -> None:
        self.log.append(f"text done {text.value}")

    async def on_message_done(self, message: Any) -> None:
        self.log.append(f"message done {message.status}")

    async def on_tool_call_done(self, tool_call: Any) -> None:
        self.log.append(f"call {tool_call.function.arguments}")

    async def on_end(self) -> None:
        self.log.append("end")


def answers(handler: Any, event: Any) -> dict[str, Any]:
    """Arguments for the outputs of all calls that a run waits for."""
    calls = event.data.required_action.submit_tool_outputs.tool_calls
    return {
        "thread_id": handler.current_run.thread_id,
        "run_id": handler.current_run.id,
        "tool_outputs": [{"tool_call_id": each.id, "output": f"about {each.id}"} for each in calls],
        "event_handler": type(handler)(handler.client, handler.log, handler.options),
        **handler.options,
    }


class Program:
    """A client, an assistant and handlers of one flavour."""

    def __init__(self, flavour: Flavour, server: LocalServer) -> None:
        self.flavour, self.server = flavour, server
        with server.client() as client:
            self.assistant = client.beta.assistants.create(model="gpt-test", tools=[LOOK_UP])
        self.client: Any = server.async_client() if flavour.is_async else server.client()
        self.handler: type[Any] = AsyncHandler if flavour.is_async else Handler

    def thread(self) -> str:
        with self.server.client() as client:
            return client.beta.threads.create(messages=[{"role": "user", "content": "What is a phoenix?"}]).id

    def run(self, **options: Any) -> list[str]:
        """What the handlers of a run noted."""
        self.server.scripts.add(Script(TURNS))
        log: list[str] = []
        handler = self.handler(self.client, log, options)
        runs = self.client.beta.threads.runs
        manager = runs.stream(self.thread(), assistant_id=self.assistant.id, event_handler=handler, **options)
        self.within(manager, lambda stream: stream.until_done())
        return log

    def within(self, manager: Any, use: Any) -> Any:
        """The outcome of something in a block, awaited where that is needed."""

        def blocking() -> Any:
            with manager as stream:
                return use(stream)

        async def awaiting() -> Any:
            async with manager as stream:
                return await use(stream)

        return self.flavour.do(awaiting if self.flavour.is_async else blocking)


@pytest.fixture
def program(flavour: Flavour, server: LocalServer) -> Program:
    return Program(flavour, server)


def test_a_conversation_with_tools(program: Program) -> None:
    assert program.run() == LOG


def test_snapshots_are_what_the_server_has(program: Program, server: LocalServer) -> None:
    server.scripts.add(Turn(deltas=["It is ", "a ", "bird."]))
    runs, thread = program.client.beta.threads.runs, program.thread()
    found: dict[str, Any] = {}

    def finals(stream: Any) -> Any:
        found.update(
            run=stream.get_final_run(), steps=stream.get_final_run_steps(), messages=stream.get_final_messages()
        )
        return None

    async def async_finals(stream: Any) -> Any:
        found.update(run=await stream.get_final_run(), steps=await stream.get_final_run_steps())
        found.update(messages=await stream.get_final_messages())

    manager = runs.stream(thread_id=thread, assistant_id=program.assistant.id)
    program.within(manager, async_finals if program.flavour.is_async else finals)
    with server.client() as client:
        threads = client.beta.threads
        assert found["run"].to_dict() == threads.runs.retrieve(found["run"].id, thread_id=thread).to_dict()
        steps = list(threads.runs.steps.list(found["run"].id, thread_id=thread))
        assert [each.to_dict() for each in found["steps"]] == [each.to_dict() for each in steps]
        messages = list(threads.messages.list(thread, run_id=found["run"].id))
        assert [each.to_dict() for each in found["messages"]] == [each.to_dict() for each in messages]
    assert [len(each) for each in (steps, messages)] == [1, 1]


def test_create_and_run(program: Program, server: LocalServer) -> None:
    server.scripts.add("It is a bird.")
    manager = program.client.beta.threads.create_and_run_stream(
        assistant_id=program.assistant.id, thread={"messages": [{"role": "user", "content": "What is a phoenix?"}]}
    )
    [message] = program.within(manager, lambda stream: stream.get_final_messages())
    assert message.text == "It is a bird."
    with server.client() as client:
        assert [each.role for each in client.beta.threads.messages.list(message.thread_id)] == ["assistant", "user"]


def test_leaving_early_leaves_the_run_at_work(flavour: Flavour) -> None:
    gate = Gate()
    with LocalServer(drain_seconds=0.0) as server:
        program = Program(flavour, server)
        server.scripts.add(Turn(deltas=["First half, ", gate, "second half."]))
        runs, thread = program.client.beta.threads.runs, program.thread()
        manager = runs.stream(thread, assistant_id=program.assistant.id)

        def some_text(stream: Any) -> Any:
            return next(stream.text_deltas)

        async def some_text_async(stream: Any) -> Any:
            return await anext(stream.text_deltas)

        assert program.within(manager, some_text_async if flavour.is_async else some_text) == "First half, "
        with server.client() as client:
            [run] = client.beta.threads.runs.list(thread)
            assert run.status == "in_progress"
            gate.open()
            assert client.beta.threads.runs.poll(run.id, thread, poll_interval_ms=1).status == "completed"
            assert client.beta.threads.messages.list(thread).data[0].text == "First half, second half."


def texts(log: list[str]) -> str:
    return "".join(entry.removeprefix("text ") for entry in log if entry.startswith("text ") and " done " not in entry)


def without_deltas(log: list[str]) -> list[str]:
    return [entry for entry in log if not entry.startswith("text ") or " done " in entry]


@pytest.mark.parametrize("operation", ["createRun", "submitToolOuputsToRun"])
@pytest.mark.parametrize("count", [1, 5, 8, 9, 11, 14, 17, 20])
def test_with_resume_handlers_are_told_everything_once(program: Program, count: int, operation: str) -> None:
    program.server.faults.add(Fault("cut", events=count, ending="reset", operation=operation))
    assert program.run(resume=True) == LOG
    assert program.server.faults.waiting == []


@pytest.mark.parametrize("operation", ["createRun", "submitToolOuputsToRun"])
@pytest.mark.parametrize("count", [1, 5, 8, 9, 11, 14, 17, 20])
def test_with_resume_on_other_servers_the_rest_of_a_text_comes_as_one(
    program: Program, count: int, operation: str
) -> None:
    program.server.faults.idempotency = program.server.faults.event_ids = False
    program.server.faults.add(Fault("cut", events=count, ending="reset", operation=operation))
    log = program.run(resume=True)
    assert program.server.faults.waiting == []
    assert without_deltas(log) == without_deltas(LOG)
    assert texts(log) == texts(LOG)


def test_without_resume_a_cut_is_told_as_an_exception(program: Program) -> None:
    program.server.faults.add(Fault("cut", events=8, ending="reset", operation="createRun"))
    program.server.scripts.add(Script(TURNS))
    log: list[str] = []
    handler = program.handler(program.client, log, {})
    manager = program.client.beta.threads.runs.stream(
        program.thread(), assistant_id=program.assistant.id, event_handler=handler
    )
    with pytest.raises(StreamInterruptedError) as caught:
        program.within(manager, lambda stream: stream.until_done())
    assert caught.value.run_id == handler.current_run.id
    assert log[-1] == "end"
    assert log[:-1] == LOG[: len(log) - 1]
