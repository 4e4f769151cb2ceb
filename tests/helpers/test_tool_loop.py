"""The tool loop: Python functions answer the calls of a run, streamed or polled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import anyio
import pydantic
import pytest

from openai_assistants import (
    AssistantEventHandler,
    AsyncAssistantEventHandler,
    StructuredOutputError,
    ToolLoopError,
    WaitTimeoutError,
    function_tool,
)
from openai_assistants.server import LocalServer
from openai_assistants.server.faults import Fault
from openai_assistants.server.models.scripted import Call, Gate, Script, Turn
from tests.unit.support import Flavour

pytestmark = pytest.mark.once


@dataclass
class Weather:
    """The weather somewhere."""

    city: str
    degrees: int


class Report(pydantic.BaseModel):
    """What is answered."""

    city: str
    degrees: int


def get_weather(city: str, unit: str = "C") -> Weather:
    """Look up the weather of a city."""
    return Weather(city, 20 if city == "Rome" else 10)


def fail(reason: str) -> str:
    """Fail."""
    raise ValueError(reason)


Ended = tuple[Any, list[str], list[Any]]
"""The run, the texts of its messages, the results of its tools."""


class World:
    """An assistant and a thread, and a client of one flavour."""

    def __init__(self, flavour: Flavour, server: LocalServer) -> None:
        self.flavour = flavour
        self.server = server
        self.plain = server.client()
        self.assistant = self.plain.beta.assistants.create(model="gpt-test").id
        self.thread = self.plain.beta.threads.create(messages=[{"role": "user", "content": "Weather?"}]).id
        self.client: Any = server.async_client() if flavour.is_async else server.client()
        self.events: list[Any] = []

    def poll(self, tools: list[Any], **options: Any) -> Any:
        """Run the loop by polling."""
        runs = self.client.beta.threads.runs
        return self.flavour.do(
            lambda: runs.run_tools_and_poll(self.thread, assistant_id=self.assistant, tools=tools, **options)
        )

    def stream(self, tools: list[Any], finish: str = "get_final_run", **options: Any) -> Any:
        """Run the loop by streaming; the outcome of a method of the handler after all events."""
        manager = self.client.beta.threads.runs.run_tools(
            self.thread, assistant_id=self.assistant, tools=tools, **options
        )

        def blocking() -> Any:
            with manager as stream:
                for event in stream:
                    self.events.append(event)
                return getattr(stream, finish)()

        async def awaiting() -> Any:
            async with manager as stream:
                async for event in stream:
                    self.events.append(event)
                return await getattr(stream, finish)()

        return self.flavour.do(awaiting if self.flavour.is_async else blocking)

    def names(self) -> list[str]:
        """Names of the events."""
        return [event.event for event in self.events]

    def outputs(self) -> list[dict[str, str]]:
        """What was submitted, round by round."""
        return [
            {output["tool_call_id"]: output["output"] for output in request.json()["tool_outputs"]}
            for request in self.server.requests.of("submitToolOuputsToRun")
        ]


@pytest.fixture
def world(flavour: Flavour, server: LocalServer) -> World:
    """An assistant and a thread."""
    return World(flavour, server)


@pytest.fixture(params=["poll", "stream"])
def loop(request: pytest.FixtureRequest, world: World) -> Callable[..., Any]:
    """The loop in one of its forms; gives the run."""
    if request.param == "stream":
        return world.stream
    return lambda *args, **kwargs: world.poll(*args, **kwargs).run


def weather(city: str, call_id: str) -> Call:
    return Call("get_weather", {"city": city}, id=call_id)


def test_calls_are_answered_until_the_run_ends(world: World, loop: Callable[..., Any]) -> None:
    world.server.scripts.add(
        Script(
            [
                Turn("Let me see.", calls=[weather("Rome", "c1"), weather("Oslo", "c2")]),
                Turn(calls=[weather("Bern", "c3")]),
                Turn("Rome is warmest."),
            ]
        )
    )
    run = loop([get_weather])
    assert run.status == "completed"
    assert world.outputs() == [
        {"c1": '{"city":"Rome","degrees":20}', "c2": '{"city":"Oslo","degrees":10}'},
        {"c3": '{"city":"Bern","degrees":10}'},
    ]
    (sent,) = world.server.requests.of("createRun")
    assert sent.json()["tools"] == [function_tool(get_weather)]


def test_one_stream_of_events_over_all_rounds(world: World) -> None:
    world.server.scripts.add(
        Script(
            [Turn("One.", calls=[weather("Rome", "c1")]), Turn("Two.", calls=[weather("Oslo", "c2")]), Turn("Three.")]
        )
    )
    messages = world.stream([get_weather], "get_final_messages")
    assert [message.content[0].text.value for message in messages] == ["One.", "Two.", "Three."]
    names = world.names()
    assert [name for name in names if name.startswith("thread.run.") and "step" not in name] == [
        "thread.run.created",
        *("thread.run.queued", "thread.run.in_progress", "thread.run.requires_action") * 2,
        *("thread.run.queued", "thread.run.in_progress", "thread.run.completed"),
    ]
    assert names.count("thread.run.step.completed") == 5
    assert names.count("thread.message.completed") == 3


def test_the_result_of_a_poll(world: World) -> None:
    world.server.scripts.add(Script([Turn("One.", calls=[weather("Rome", "c1")]), Turn("Two.")]))
    result = world.poll([get_weather])
    assert [message.text for message in result.messages] == ["One.", "Two."]
    assert result.text == "Two."
    assert [(each.tool_call_id, each.name, each.value) for each in result.tool_results] == [
        ("c1", "get_weather", Weather("Rome", 20))
    ]
    with pytest.raises(TypeError, match="response_format"):
        _ = result.output


def test_parallel_calls_run_at_the_same_time(world: World, loop: Callable[..., Any]) -> None:
    barrier = threading.Barrier(3)

    def meet(name: str) -> str:
        """Wait for the others."""
        barrier.wait(10)
        return name

    world.server.scripts.add(Script([Turn(calls=[Call("meet", {"name": n}, id=n) for n in "abc"]), Turn("Done.")]))
    assert loop([meet]).status == "completed"
    assert world.outputs() == [{"a": "a", "b": "b", "c": "c"}]


def test_one_at_a_time_runs_in_the_thread_of_the_program(
    flavour: Flavour, world: World, loop: Callable[..., Any]
) -> None:
    threads: list[threading.Thread] = []

    def where(name: str) -> str:
        """Say where."""
        threads.append(threading.current_thread())
        return name

    world.server.scripts.add(Script([Turn(calls=[Call("where", {"name": n}, id=n) for n in "abc"]), Turn("Done.")]))
    loop([where], max_concurrency=1)
    assert len(threads) == 3
    if not flavour.is_async:
        assert set(threads) == {threading.current_thread()}


def test_async_functions(flavour: Flavour, world: World, loop: Callable[..., Any]) -> None:
    async def later(city: str) -> str:
        """Answer later."""
        await anyio.sleep(0.001)
        return f"{city} later"

    world.server.scripts.add(Script([Turn(calls=[Call("later", {"city": "Rome"}, id="c1")]), Turn("Done.")]))
    if flavour.is_async:
        assert loop([later]).status == "completed"
        assert world.outputs() == [{"c1": "Rome later"}]
    else:
        with pytest.raises(TypeError, match=r"later.*AsyncOpenAI"):
            loop([later])
        assert world.server.requests.of("createRun") == []


def test_what_goes_wrong_is_told_to_the_model(world: World, loop: Callable[..., Any]) -> None:
    other = {"type": "function", "function": {"name": "other", "parameters": {"type": "object", "properties": {}}}}
    world.server.scripts.add(
        Script(
            [
                Turn(
                    calls=[
                        Call("fail", {"reason": "no such city"}, id="c1"),
                        Call("fail", {"reasons": 5}, id="c2"),
                        Call("fail", '{"reason": ', id="c3"),
                        Call("other", id="c4"),
                    ]
                ),
                Turn("Sorry."),
            ]
        )
    )
    assert loop([fail, other]).status == "completed"
    (outputs,) = world.outputs()
    assert outputs["c1"] == "Error: ValueError: no such city"
    assert "reason: Field required" in outputs["c2"]
    assert "valid JSON" in outputs["c3"]
    assert outputs["c4"] == "Error: there is no tool 'other'; the tools are: fail"


@pytest.mark.parametrize("on_failure", ["cancel", "leave"])
def test_an_error_can_be_raised_instead(world: World, loop: Callable[..., Any], on_failure: str) -> None:
    world.server.scripts.add(Script([Turn(calls=[Call("fail", {"reason": "x"}, id="c1")]), Turn("Sorry.")]))
    with pytest.raises(ToolLoopError, match=r"fail.*run_.*ValueError: x") as caught:
        loop([fail], on_tool_error="raise", on_failure=on_failure)
    assert isinstance(caught.value.__cause__, ValueError)
    assert [result.tool_call_id for result in caught.value.results] == ["c1"]
    assert world.outputs() == []
    run = world.plain.beta.threads.runs.poll(caught.value.run.id, world.thread)
    assert run.status == ("cancelled" if on_failure == "cancel" else "requires_action")


OTHER: Any = {"type": "function", "function": {"name": "other", "parameters": {"type": "object", "properties": {}}}}


def test_an_unknown_tool_can_be_an_error(world: World, loop: Callable[..., Any]) -> None:
    world.server.scripts.add(Script([Turn(calls=[Call("other", id="c1"), weather("Rome", "c2")])]))
    with pytest.raises(ToolLoopError, match=r"called other.*get_weather"):
        loop([get_weather, OTHER], on_unknown_tool="raise")


def test_an_unknown_tool_can_be_left_to_the_program(world: World, loop: Callable[..., Any]) -> None:
    world.server.scripts.add(Script([Turn(calls=[Call("other", id="c1")]), Turn("Done.")]))
    run = loop([get_weather, OTHER], on_unknown_tool="leave")
    assert run.status == "requires_action"
    assert run.required_action.submit_tool_outputs.tool_calls[0].function.name == "other"


def test_rounds_are_bounded(world: World, loop: Callable[..., Any]) -> None:
    world.server.scripts.add(Script([Turn(calls=[weather("Rome", f"c{n}")]) for n in range(9)]))
    with pytest.raises(ToolLoopError, match=r"after 3 rounds; raise max_rounds") as caught:
        loop([get_weather], max_rounds=3)
    assert len(world.outputs()) == 3
    assert world.plain.beta.threads.runs.poll(caught.value.run.id, world.thread).status == "cancelled"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"max_rounds": 0}, "max_rounds must be 1 or more"),
        ({"max_concurrency": 0}, "max_concurrency must be 1 or more"),
        ({"on_unknown_tool": "x"}, "on_unknown_tool must be one of report, raise, leave"),
        ({"on_tool_error": "x"}, "on_tool_error must be one of report, raise"),
        ({"on_failure": "x"}, "on_failure must be one of cancel, leave"),
    ],
    ids=str,
)
def test_wrong_options_are_refused_before_anything_is_sent(
    world: World, loop: Callable[..., Any], wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        loop([get_weather], **wrong)
    assert world.server.requests.of("createRun") == []


def test_a_run_that_fails_just_ends(world: World, loop: Callable[..., Any]) -> None:
    from openai_assistants.server.models.scripted import Fail

    world.server.scripts.add(Script([Turn(calls=[weather("Rome", "c1")]), Turn(fail=Fail("Overloaded."))]))
    run = loop([get_weather])
    assert (run.status, run.last_error.message) == ("failed", "Overloaded.")


def test_a_type_as_response_format(world: World) -> None:
    answer = '{"city": "Rome", "degrees": 20}'
    world.server.scripts.add(Script([Turn(calls=[weather("Rome", "c1")]), Turn(answer)]), times=2)
    assert world.poll([get_weather], response_format=Report).output == Report(city="Rome", degrees=20)
    assert world.stream([get_weather], "get_final_output", response_format=Report) == Report(city="Rome", degrees=20)
    for request in world.server.requests.of("createRun"):
        sent = request.json()["response_format"]
        assert (sent["type"], sent["json_schema"]["name"], sent["json_schema"]["strict"]) == (
            "json_schema",
            "Report",
            True,
        )


def test_an_answer_of_another_form(world: World) -> None:
    world.server.scripts.add("It is warm.", times=2)
    result = world.poll([], response_format=Report)
    with pytest.raises(StructuredOutputError, match="no JSON object"):
        _ = result.output
    with pytest.raises(StructuredOutputError, match="no JSON object"):
        world.stream([], "get_final_output", response_format=Report)


def test_a_handler_is_told_of_all_rounds(flavour: Flavour, world: World) -> None:
    told: list[str] = []

    class Plain(AssistantEventHandler):
        def on_tool_call_done(self, tool_call: Any) -> None:
            told.append(tool_call.function.name)

        def on_text_done(self, text: Any) -> None:
            told.append(text.value)

        def on_end(self) -> None:
            told.append("end")

    class Awaiting(AsyncAssistantEventHandler):
        async def on_tool_call_done(self, tool_call: Any) -> None:
            told.append(tool_call.function.name)

        async def on_text_done(self, text: Any) -> None:
            told.append(text.value)

        async def on_end(self) -> None:
            told.append("end")

    world.server.scripts.add(Script([Turn("One.", calls=[weather("Rome", "c1")]), Turn("Two.")]))
    world.stream([get_weather], event_handler=Awaiting() if flavour.is_async else Plain())
    assert told == ["One.", "get_weather", "Two.", "end"]


def test_an_interrupt_in_a_tool_cancels_the_run(world: World, loop: Callable[..., Any]) -> None:
    def stop() -> str:
        """Stop."""
        raise KeyboardInterrupt

    world.server.scripts.add(Script([Turn(calls=[Call("stop", id="c1")]), Turn("Done.")]))
    with pytest.raises(KeyboardInterrupt):
        loop([stop])
    (run,) = world.plain.beta.threads.runs.list(world.thread).data
    assert world.plain.beta.threads.runs.poll(run.id, world.thread).status == "cancelled"


@pytest.mark.usefixtures("interrupted_between_steps")
def test_an_interrupt_between_two_steps_ends_the_loop_at_once(world: World) -> None:
    world.server.scripts.add(Script([Turn("Done.")]))
    world.server.faults.add(Fault("reset_before", operation="getRun"))
    with pytest.raises(KeyboardInterrupt):
        world.poll([get_weather])
    assert world.server.requests.of("cancelRun") == []


@pytest.mark.filterwarnings(r"ignore:Async generator 'httpx\.:ResourceWarning")  # on trio, as of any stream left early
def test_a_stream_that_is_left_early_leaves_its_run_alone(world: World) -> None:
    gate = Gate()
    world.server.scripts.add(Script([Turn(deltas=["One", gate, "Two"], calls=[weather("Rome", "c1")])]))
    manager = world.client.beta.threads.runs.run_tools(world.thread, assistant_id=world.assistant, tools=[get_weather])

    def blocking() -> None:
        with manager as stream:
            next(stream)

    async def awaiting() -> None:
        async with manager as stream:
            await anext(stream)

    world.flavour.do(awaiting if world.flavour.is_async else blocking)
    gate.open()
    (run,) = world.plain.beta.threads.runs.list(world.thread).data
    assert world.plain.beta.threads.runs.poll(run.id, world.thread).status == "requires_action"


@pytest.mark.anyio
async def test_after_a_cancellation_no_tool_is_called_again(server: LocalServer) -> None:
    world = World(Flavour("asyncio"), server)
    world.server.scripts.add(Script([Turn(calls=[Call("forever", id="c1")]), Turn("Done.")]))
    called: list[str] = []

    async def forever() -> str:
        """Never end."""
        called.append("forever")
        scope.cancel()
        await anyio.sleep_forever()
        return ""

    runs = world.client.beta.threads.runs
    async with runs.run_tools(world.thread, assistant_id=world.assistant, tools=[forever]) as stream:
        with anyio.CancelScope() as scope:
            await stream.until_done()
        with pytest.raises(RuntimeError, match="closed before its end"):
            await stream.get_final_run()
    assert called == ["forever"]


LEFT_EARLY = pytest.mark.filterwarnings(r"ignore:Async generator '(httpx|openai_assistants\.server)\.:ResourceWarning")
"""On trio the HTTP library leaves its async generators to the garbage collector if a body is not read to its end."""


class Mine(BaseException):
    """What a program raises, which is no `Exception`."""


@LEFT_EARLY
@pytest.mark.parametrize("on_failure", ["cancel", "leave"])
@pytest.mark.parametrize("error", [ValueError, Mine, KeyboardInterrupt])
@pytest.mark.parametrize("place", ["callback", "block"])
def test_what_the_program_raises_ends_the_loop(
    world: World, place: str, error: type[BaseException], on_failure: Any
) -> None:
    told: list[str] = []

    class Plain(AssistantEventHandler):
        def on_tool_call_done(self, tool_call: Any) -> None:
            if place == "callback":
                raise error("mine")

        def on_end(self) -> None:
            told.append("end")

    class Awaiting(AsyncAssistantEventHandler):
        async def on_tool_call_done(self, tool_call: Any) -> None:
            if place == "callback":
                raise error("mine")

        async def on_end(self) -> None:
            told.append("end")

    manager = world.client.beta.threads.runs.run_tools(
        world.thread,
        assistant_id=world.assistant,
        tools=[get_weather],
        on_failure=on_failure,
        event_handler=Awaiting() if world.flavour.is_async else Plain(),
    )

    def blocking() -> None:
        with manager as stream:
            for event in stream:
                if event.event == "thread.run.requires_action":
                    raise error("mine")

    async def awaiting() -> None:
        async with manager as stream:
            async for event in stream:
                if event.event == "thread.run.requires_action":
                    raise error("mine")

    world.server.scripts.add(Script([Turn(calls=[weather("Rome", "c1")]), Turn("Done.")]))
    with pytest.raises(error, match="mine"):
        world.flavour.do(awaiting if world.flavour.is_async else blocking)
    assert told == ["end"]
    assert world.outputs() == []
    assert len(world.server.requests.of("cancelRun")) == (1 if on_failure == "cancel" else 0)
    (run,) = world.plain.beta.threads.runs.list(world.thread).data
    run = world.plain.beta.threads.runs.poll(run.id, world.thread)
    assert run.status == ("cancelled" if on_failure == "cancel" else "requires_action")


def test_an_error_of_the_loop_gives_its_run_up_once(world: World) -> None:
    world.server.scripts.add(Script([Turn(calls=[Call("other", {}, id="c1")]), Turn("Done.")]))
    with pytest.raises(ToolLoopError):
        world.stream([OTHER], on_unknown_tool="raise")
    assert len(world.server.requests.of("cancelRun")) == 1


@LEFT_EARLY
@pytest.mark.parametrize("how", ["left", "generator", "after its end"])
def test_a_block_that_is_left_without_an_error_leaves_the_run(world: World, how: str) -> None:
    manager = world.client.beta.threads.runs.run_tools(world.thread, assistant_id=world.assistant, tools=[get_weather])

    def blocking() -> Any:
        with manager as stream:
            for event in stream:
                if event.event == "thread.run.requires_action" and how != "after its end":
                    yield event
                    return
            raise ValueError

    async def awaiting() -> Any:
        async with manager as stream:
            async for event in stream:
                if event.event == "thread.run.requires_action" and how != "after its end":
                    yield event
                    return
            raise ValueError

    def use() -> None:
        generator = blocking()
        next(generator)
        next(generator, None) if how == "left" else generator.close()

    async def use_async() -> None:
        generator = awaiting()
        await anext(generator)
        await (anext(generator, None) if how == "left" else generator.aclose())

    world.server.scripts.add(Script([Turn(calls=[weather("Rome", "c1")]), Turn("Done.")]))
    work = use_async if world.flavour.is_async else use
    if how == "after its end":
        with pytest.raises(ValueError):
            world.flavour.do(work)
    else:
        world.flavour.do(work)
    assert world.server.requests.of("cancelRun") == []


@LEFT_EARLY
@pytest.mark.anyio
async def test_cancelling_the_task_in_the_block_cancels_the_run(server: LocalServer) -> None:
    world = World(Flavour("asyncio"), server)
    world.server.scripts.add(Script([Turn(calls=[weather("Rome", "c1")]), Turn("Done.")]))
    runs = world.client.beta.threads.runs
    begun = anyio.Event()

    async def work() -> None:
        manager = runs.run_tools(world.thread, assistant_id=world.assistant, tools=[get_weather])
        async with manager as stream:
            async for event in stream:
                if event.event == "thread.run.requires_action":
                    begun.set()
                    await anyio.sleep_forever()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(work)
        await begun.wait()
        tasks.cancel_scope.cancel()
    (run,) = (await runs.list(world.thread)).data
    assert (await runs.poll(run.id, world.thread)).status == "cancelled"


@pytest.mark.anyio
@pytest.mark.parametrize("streamed", [True, False])
async def test_cancelling_the_task_cancels_the_run(server: LocalServer, streamed: bool) -> None:
    world = World(Flavour("asyncio"), server)
    world.server.scripts.add(Script([Turn(calls=[Call("forever", id="c1")]), Turn("Done.")]))
    begun = anyio.Event()

    async def forever() -> str:
        """Never end."""
        begun.set()
        await anyio.sleep_forever()
        return ""

    runs = world.client.beta.threads.runs

    async def work() -> None:
        if streamed:
            async with runs.run_tools(world.thread, assistant_id=world.assistant, tools=[forever]) as stream:
                await stream.until_done()
        else:
            await runs.run_tools_and_poll(world.thread, assistant_id=world.assistant, tools=[forever])

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(work)
        await begun.wait()
        tasks.cancel_scope.cancel()
    (run,) = (await runs.list(world.thread)).data
    assert (await runs.poll(run.id, world.thread)).status == "cancelled"


def test_the_deadline_is_that_of_the_whole_loop(world: World) -> None:
    def slow() -> str:
        """Take time."""
        time.sleep(0.25)
        return "x"

    world.server.scripts.add(Script([Turn(calls=[Call("slow", id=f"c{n}")]) for n in range(9)]))
    with pytest.raises(Exception, match="deadline"):
        world.stream([slow], deadline=0.4)
    assert len(world.outputs()) <= 1


def test_the_wait_of_each_round_is_bounded(world: World) -> None:
    gate = Gate()
    world.server.scripts.add(Script([Turn(calls=[weather("Rome", "c1")]), Turn(deltas=["x", gate])]))
    with pytest.raises(WaitTimeoutError) as caught:
        world.poll([get_weather], max_wait_seconds=1.5)
    gate.open()
    assert caught.value.last.status == "in_progress"
    (run,) = world.plain.beta.threads.runs.list(world.thread).data
    assert world.plain.beta.threads.runs.poll(run.id, world.thread).status == "cancelled"
