"""Toolboxes: what is sent, how calls are found and run, what the model reads of results and errors."""

from __future__ import annotations

import asyncio
import contextvars
import dataclasses
import datetime
import decimal
import enum
import functools
import logging
import math
import threading
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable

import anyio
import httpx
import pydantic
import pytest
from hypothesis import given, strategies as st

from openai_assistants import (
    APITimeoutError,
    AsyncOpenAI,
    OpenAI,
    Toolbox,
    ToolCallError,
    ToolFunction,
    ToolResult,
    function_tool,
)
from openai_assistants._functions import MAX_ERROR_CHARACTERS, MAX_OUTPUT_BYTES, error_text, fitted
from openai_assistants._logs import logger
from openai_assistants._requests import Call as Request, Operation
from openai_assistants._toolbox import ToolOperations, ToolPolicy, ToolRounds
from openai_assistants.server import Call, LocalServer, Turn
from openai_assistants.types.beta import Assistant, FunctionTool
from openai_assistants.types.beta.threads import RequiredActionFunctionToolCall
from openai_assistants.types.beta.threads.runs import FunctionToolCall

from .support import FLAVOURS, Clock, Flavour, serve


class Weather(pydantic.BaseModel):
    city: str
    celsius: float = 21


@dataclasses.dataclass
class Box:
    west: float


class Unit(enum.Enum):
    CELSIUS = "C"


class Word(str, enum.Enum):  # noqa: UP042 - the older way is the one with a pitfall
    YES = "yes"


def weather(city: str) -> Weather:
    """Look up the weather."""
    return Weather(city=city)


async def weather_later(city: str) -> Weather:
    """Look up the weather, slowly."""
    await anyio.sleep(0)
    return Weather(city=city)


def add(x: int, y: int = 1) -> int:
    return x + y


def tool_call(name: str, arguments: str = "{}") -> RequiredActionFunctionToolCall:
    return RequiredActionFunctionToolCall.model_validate(
        {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    )


def answer(flavour: Flavour, function: Callable[..., Any], arguments: Any = "{}") -> ToolResult:
    """What becomes of a call of one function."""
    box = Toolbox([ToolFunction(function, name="it")])
    prepared = box.prepare(tool_call("it", arguments))
    return flavour.do(prepared.run_async if flavour.is_async else prepared.run)


# What is sent.


ASSISTANT: dict[str, Any] = {
    "id": "asst_1",
    "object": "assistant",
    "created_at": 1,
    "name": None,
    "description": None,
    "model": "m",
    "instructions": None,
    "metadata": {},
    "tools": [
        {"type": "code_interpreter"},
        {"type": "file_search", "file_search": {"max_num_results": 3}},
        {"type": "function", "function": {"name": "elsewhere", "parameters": {"type": "object", "properties": {}}}},
        {"type": "mcp", "server": "x"},
    ],
}


def test_definitions_are_in_order_and_as_they_came() -> None:
    tools = Assistant.model_validate(ASSISTANT).tools
    named = ToolFunction(add, name="plus", strict=True)
    box = Toolbox([weather, *tools, {"type": "file_search"}, named, weather_later])
    assert box.definitions == [
        function_tool(weather),
        *tools,
        {"type": "file_search"},
        named.definition,
        function_tool(weather_later),
    ]
    assert box.names == ("weather", "plus", "weather_later")
    assert list(box.functions) == ["weather", "plus", "weather_later"]


def test_an_empty_toolbox() -> None:
    assert (Toolbox([]).definitions, Toolbox([]).names) == ([], ())
    assert "there are no tools" in str(Toolbox([]).prepare(tool_call("x")).error)


@pytest.mark.parametrize(
    "tools",
    [
        [weather, weather],
        [weather, ToolFunction(add, name="weather")],
        [weather, function_tool(weather)],
        [function_tool(weather), weather],
        [function_tool(weather), FunctionTool.model_validate(function_tool(weather))],
        [{"type": "function", "function": FunctionTool.model_validate(function_tool(weather)).function}, weather],
    ],
    ids=range(6),
)
def test_a_name_belongs_to_one_tool(tools: list[Any]) -> None:
    with pytest.raises(ValueError, match="'weather'"):
        Toolbox(tools)


def test_partials_of_one_function_need_names() -> None:
    box = Toolbox([ToolFunction(functools.partial(add, y=y), name=f"add_{y}") for y in (1, 2)])
    assert box.prepare(tool_call("add_2", '{"x": 5}')).run().value == 7


@pytest.mark.parametrize("tool", ["weather", None, 5, Weather, FunctionTool, object()], ids=range(6))
def test_what_is_no_tool(tool: Any) -> None:
    with pytest.raises(TypeError, match="no tool"):
        Toolbox([weather, tool])


@pytest.mark.parametrize("tools", [weather, None, 5, function_tool(weather)], ids=range(4))
def test_tools_are_a_list(tools: Any) -> None:
    with pytest.raises(TypeError, match="put a single one into a list"):
        Toolbox(tools)


def test_the_sync_client_can_refuse_async_functions_beforehand() -> None:
    Toolbox([weather, {"type": "file_search"}]).require_plain_functions()
    with pytest.raises(TypeError, match=r"weather_later.*AsyncOpenAI"):
        Toolbox([weather, weather_later]).require_plain_functions()


# Calls.


def test_a_call_is_found_and_run(flavour: Flavour) -> None:
    result = answer(flavour, weather_later if flavour.is_async else weather, '{"city": "Rome"}')
    assert result == ToolResult("call_1", "it", '{"city":"Rome","celsius":21.0}', Weather(city="Rome"))


def test_calls_of_run_steps_are_calls_too() -> None:
    step_call = FunctionToolCall.model_validate(
        {"id": "call_2", "type": "function", "function": {"name": "add", "arguments": '{"x": 1}', "output": None}}
    )
    assert Toolbox([add]).prepare(step_call).run() == ToolResult("call_2", "add", "2", 2)


def test_an_unknown_tool(flavour: Flavour) -> None:
    prepared = Toolbox([weather, add, {"type": "file_search"}]).prepare(tool_call("wether", "no JSON"))
    assert isinstance(prepared.error, ToolCallError)
    assert (prepared.error.reason, prepared.error.tool_name) == ("unknown_tool", "wether")
    result = flavour.do(prepared.run_async if flavour.is_async else prepared.run)
    assert result.output == "Error: there is no tool 'wether'; the tools are: weather, add"
    assert result.error is prepared.error


def test_a_tool_that_is_only_described_cannot_be_called_here() -> None:
    prepared = Toolbox([function_tool(weather)]).prepare(tool_call("weather"))
    assert isinstance(prepared.error, ToolCallError)
    assert prepared.error.reason == "unknown_tool"


def test_invalid_arguments(flavour: Flavour) -> None:
    result = answer(flavour, weather, '{"town": "Rome"}')
    assert isinstance(result.error, ToolCallError)
    assert result.error.reason == "invalid_arguments"
    assert result.output == (
        "Error: it was not called, because its arguments are not valid:\n"
        "- city: Field required\n"
        '- town: Extra inputs are not permitted, not "Rome"\n'
        "It takes a JSON object with: city."
    )


def test_invalid_arguments_are_known_before_the_call_is_run() -> None:
    box = Toolbox([weather, weather_later])
    for name in box.names:
        bad, good = box.prepare(tool_call(name)), box.prepare(tool_call(name, '{"city": "Rome"}'))
        assert (bad.function, good.error) == (None, None)
        assert bad.is_async is good.is_async is (name == "weather_later")


@pytest.mark.parametrize("name", ["", "weather\n", "\ud800", "x" * 10_000])
def test_odd_names(name: str) -> None:
    output = Toolbox([weather]).prepare(tool_call(name)).run().output
    assert "there is no tool" in output
    output.encode()
    assert len(output) <= MAX_ERROR_CHARACTERS


def refuse(value: int) -> int:
    raise LookupError("not in the table")


class Picky(pydantic.BaseModel):
    x: int

    @pydantic.field_validator("x")
    @classmethod
    def look_up(cls, value: int) -> int:
        return refuse(value)


def picky(it: Picky) -> None: ...


def test_a_validator_that_fails_is_a_failure_of_the_tool(flavour: Flavour) -> None:
    result = answer(flavour, picky, '{"it": {"x": 1}}')
    assert result.output == "Error: LookupError: not in the table"
    assert isinstance(result.error, LookupError)


# Results.


@pytest.mark.parametrize(
    ("value", "output"),
    [
        ("text\n", "text\n"),
        ("", ""),
        ('{"a": 1}', '{"a": 1}'),
        (Word.YES, "yes"),
        ("\ud83d\ude00 \ud800", "\U0001f600 \ufffd"),
        (None, "null"),
        (True, "true"),
        (5, "5"),
        (1.5, "1.5"),
        (math.inf, '"Infinity"'),
        ({"a": [1, None]}, '{"a":[1,null]}'),
        ({1: "x"}, '{"1":"x"}'),
        ((1, 2), "[1,2]"),
        ({3}, "[3]"),
        ("größe", "größe"),
        ({"größe": 1}, '{"größe":1}'),
        (Weather(city="Rome"), '{"city":"Rome","celsius":21.0}'),
        ([Weather(city="Rome")], '[{"city":"Rome","celsius":21.0}]'),
        (Box(3.0), '{"west":3.0}'),
        (Unit.CELSIUS, '"C"'),
        (datetime.date(2026, 1, 2), '"2026-01-02"'),
        (datetime.timedelta(days=1), '"P1D"'),
        (uuid.UUID(int=0), '"00000000-0000-0000-0000-000000000000"'),
        (decimal.Decimal("1.10"), '"1.10"'),
        (Path("/x"), '"/x"'),
        (b"bytes", '"bytes"'),
    ],
    ids=repr,
)
def test_results(flavour: Flavour, value: Any, output: str) -> None:
    result = answer(flavour, lambda: value)
    assert (result.output, result.value, result.error) == (output, value, None)
    result.output.encode()


def breaks_off() -> Any:
    """Yields, then raises."""
    yield 1
    raise LookupError("lost")


async def items_later() -> Any:
    """Needs `async for`."""
    yield 1


WITHOUT_JSON: list[Callable[[], Any]] = [
    lambda: object(),
    lambda: b"\xff",
    lambda: {"a": "\ud800"},
    lambda: len,
    lambda: Weather,
    lambda: ValueError("x"),
    breaks_off,
    items_later,
]


@pytest.mark.parametrize("function", WITHOUT_JSON)
def test_results_that_have_no_json_form(flavour: Flavour, function: Callable[[], Any]) -> None:
    result = answer(flavour, function)
    assert result.output.startswith("Error: TypeError: the result of it cannot be written as JSON: ")
    assert isinstance(result.error, TypeError)
    assert result.error.__cause__ is not None
    assert len(result.output) <= MAX_ERROR_CHARACTERS


def pages() -> Any:
    """A generator function as a tool."""
    yield from range(3)


def test_what_a_generator_yields_is_the_result(flavour: Flavour) -> None:
    assert answer(flavour, pages).output == "[0,1,2]"


# Errors.


def raising(error: BaseException) -> Callable[[], None]:
    def function() -> None:
        raise error

    return function


class Wordless(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


class OddlyNamed(Exception):
    """Has a message in two lines."""


@pytest.mark.parametrize(
    ("error", "output"),
    [
        (ValueError("no such city"), "Error: ValueError: no such city"),
        (ValueError(), "Error: ValueError"),
        (KeyError("Rome"), "Error: KeyError: 'Rome'"),
        (Wordless(), "Error: Wordless"),
        (OddlyNamed("a\nb"), "Error: OddlyNamed: a\nb"),
        (StopIteration(3), "Error: StopIteration: 3"),
        (
            ExceptionGroup("several", [ValueError("a"), ExceptionGroup("more", [KeyError("b")])]),
            "Error: ValueError: a\nKeyError: 'b'",
        ),
        (OSError("GET https://me:hunter2@db.test/x failed"), "Error: OSError: GET https://***@db.test/x failed"),
        (ValueError("key sk-proj-0123456789abcdef is wrong"), "Error: ValueError: key *** is wrong"),
        (ValueError("Authorization: Bearer abc.def-123456"), "Error: ValueError: Authorization: Bearer ***"),
        (ValueError("http://x.test/?api_key=12345&b=1"), "Error: ValueError: http://x.test/?api_key=***&b=1"),
        (ValueError("{'db_password': 'hunter2', 'a': 1}"), "Error: ValueError: {'db_password': '***', 'a': 1}"),
        (ValueError("no password; bad token: }"), "Error: ValueError: no password; bad token: }"),
    ],
    ids=repr,
)  # fmt: skip
def test_errors(flavour: Flavour, error: Exception, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logger, "disabled", True)  # the report of a test cannot hold half a character
    result = answer(flavour, raising(error))
    assert result.output == output
    assert result.error is error
    assert "Traceback" not in result.output


def test_lone_surrogates_in_errors_are_replaced() -> None:
    assert error_text(ValueError("\ud83d\ude00 \ud800")) == "Error: ValueError: \U0001f600 \ufffd"


@pytest.mark.parametrize("word", ["x", "a-", "a_", "api-", "sk ", "://", "bearer "])
def test_long_errors_are_cut(word: str) -> None:
    text = error_text(ValueError(word * 1_000_000))
    assert len(text) == MAX_ERROR_CHARACTERS
    assert text.startswith(f"Error: ValueError: {word.strip()}")
    assert text.endswith("...")


def test_failures_are_logged_with_their_traceback_and_mistakes_of_the_model_are_not(
    flavour: Flavour, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="openai_assistants"):
        answer(flavour, weather, "{}")
    [record] = caplog.records
    assert record.levelno == logging.INFO
    assert "call_1 cannot be made: it was not called" in record.getMessage()
    caplog.clear()
    answer(flavour, raising(ValueError("lost")))
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "tool it failed" in record.getMessage()
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "lost"


async def raise_later(error: BaseException) -> None:
    await anyio.sleep(0)
    raise error


def test_errors_of_async_functions() -> None:
    for backend in ("asyncio", "trio"):
        prepared = Toolbox([ToolFunction(functools.partial(raise_later, ValueError("lost")), name="it")])
        result = anyio.run(prepared.prepare(tool_call("it")).run_async, backend=backend)
        assert result.output == "Error: ValueError: lost"


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit, asyncio.CancelledError])
def test_what_ends_a_program_or_a_task_is_not_told_to_the_model(error: type[BaseException]) -> None:
    plain = Toolbox([ToolFunction(raising(error()), name="it")]).prepare(tool_call("it"))
    with pytest.raises(error):
        plain.run()
    later = Toolbox([ToolFunction(functools.partial(raise_later, error()), name="it")]).prepare(tool_call("it"))

    async def main() -> None:
        with pytest.raises(error):
            await later.run_async()

    asyncio.run(main())


def test_cancelling_reaches_an_async_function() -> None:
    seen: list[str] = []

    async def wait_for_ever() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            seen.append("ended")

    async def main() -> None:
        with anyio.CancelScope() as scope:
            scope.cancel()
            await Toolbox([wait_for_ever]).prepare(tool_call("wait_for_ever")).run_async()
            seen.append("went on")

    for backend in ("asyncio", "trio"):
        anyio.run(main, backend=backend)
    assert seen == ["ended", "ended"]


# Sync and async.


def returns_coroutine(city: str) -> Any:
    return weather_later(city)


@pytest.mark.parametrize("function", [weather_later, returns_coroutine])
def test_the_sync_client_does_not_run_async_functions(function: Callable[..., Any]) -> None:
    prepared = Toolbox([function]).prepare(tool_call(function.__name__, '{"city": "Rome"}'))
    with pytest.raises(TypeError, match=r"async.*AsyncOpenAI"):
        prepared.run()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_plain_function_that_returns_a_coroutine_is_awaited(backend: str) -> None:
    prepared = Toolbox([returns_coroutine]).prepare(tool_call("returns_coroutine", '{"city": "Rome"}'))
    assert anyio.run(prepared.run_async, backend=backend).value == Weather(city="Rome")


user = contextvars.ContextVar("user", default="nobody")


def who() -> tuple[str, bool]:
    return user.get(), threading.current_thread() is threading.main_thread()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_plain_functions_do_not_stop_the_event_loop(backend: str) -> None:
    async def main() -> Any:
        user.set("me")
        return (await Toolbox([who]).prepare(tool_call("who")).run_async()).value

    assert anyio.run(main, backend=backend) == ("me", False)


# Limits of the API.


def results(*outputs: str) -> list[ToolResult]:
    return [ToolResult(f"call_{number}", "it", output) for number, output in enumerate(outputs)]


def test_outputs_are_sent_as_they_are() -> None:
    assert Toolbox.outputs(results("a", "")) == [
        {"tool_call_id": "call_0", "output": "a"},
        {"tool_call_id": "call_1", "output": ""},
    ]
    assert Toolbox.outputs([]) == []


def size(outputs: list[str]) -> int:
    return sum(len(output.encode()) for output in outputs)


def test_one_long_output_is_cut_with_a_notice() -> None:
    [output] = [each["output"] for each in Toolbox.outputs(results("é" * 1_000_000))]
    assert output.startswith("ééé")
    assert output.endswith("[Cut: the output has 2000000 bytes and only its beginning is shown.]")
    assert MAX_OUTPUT_BYTES - 5 < size([output]) <= MAX_OUTPUT_BYTES


def test_long_outputs_share_what_short_ones_leave() -> None:
    short, long, longer = "a" * 1000, "b" * 400_000, "c" * 4_000_000
    kept = [each["output"] for each in Toolbox.outputs(results(longer, short, long))]
    assert kept[1] == short
    assert len(kept[0]) == len(kept[2]) == (MAX_OUTPUT_BYTES - 1000) // 2


@given(st.lists(st.text(max_size=300), max_size=8), st.integers(1000, 2000))
def test_all_outputs_together_keep_the_limit(outputs: list[str], limit: int) -> None:
    kept = fitted(outputs, limit)
    assert size(kept) <= limit
    assert len(kept) == len(outputs)
    if size(outputs) <= limit:
        assert kept == outputs
    for before, after in zip(outputs, kept, strict=True):
        assert after == before or after.partition("\n[Cut:")[0] in before


# A round against the server in the box.


def surprise(x: int) -> str:
    return "\ud800" * x


def test_a_round_of_calls_is_described_called_and_answered(flavour: Flavour) -> None:
    calls = [
        Call("weather", {"city": "Rome"}, id="right"),
        Call("weather", {"town": "Rome"}, id="wrong"),
        Call("weather", "no JSON", id="broken"),
        Call("add", {"x": "many"}, id="refused"),
        Call("surprise", {"x": 2}, id="odd"),
    ]
    box = Toolbox([weather, ToolFunction(add, strict=True), surprise, {"type": "code_interpreter"}])
    with LocalServer(in_process=True) as server:
        server.scripts.add([Turn(calls=calls), Turn("Done.")])

        def ask(client: OpenAI) -> str:
            runs = client.beta.threads.runs
            assistant = client.beta.assistants.create(model="m")
            thread = client.beta.threads.create(messages=[{"role": "user", "content": "?"}])
            run = runs.create_and_poll(thread.id, assistant_id=assistant.id, tools=box.definitions)
            assert run.required_action is not None
            asked = run.required_action.submit_tool_outputs.tool_calls
            outputs = box.outputs([box.prepare(call).run() for call in asked])
            return runs.submit_tool_outputs_and_poll(run.id, thread_id=thread.id, tool_outputs=outputs).status

        async def ask_async(client: AsyncOpenAI) -> str:
            runs = client.beta.threads.runs
            assistant = await client.beta.assistants.create(model="m")
            thread = await client.beta.threads.create(messages=[{"role": "user", "content": "?"}])
            run = await runs.create_and_poll(thread.id, assistant_id=assistant.id, tools=box.definitions)
            assert run.required_action is not None
            asked = run.required_action.submit_tool_outputs.tool_calls
            outputs = box.outputs([await box.prepare(call).run_async() for call in asked])
            return (await runs.submit_tool_outputs_and_poll(run.id, thread_id=thread.id, tool_outputs=outputs)).status

        status = flavour.do(lambda: ask_async(server.async_client()) if flavour.is_async else ask(server.client()))
        assert status == "completed"
        [created] = server.requests.of("createRun")
        assert [tool["type"] for tool in created.json()["tools"]] == [
            "function",
            "function",
            "function",
            "code_interpreter",
        ]
        [submitted] = server.requests.of("submitToolOuputsToRun")
        told = {each["tool_call_id"]: each["output"] for each in submitted.json()["tool_outputs"]}
        assert told["right"] == '{"city":"Rome","celsius":21.0}'
        assert "city: Field required" in told["wrong"]
        assert "valid JSON" in told["broken"]
        assert "x: Input should be a valid integer" in told["refused"]
        assert told["odd"] == "\ufffd\ufffd"


# ---- deadlines -------------------------------------------------------------------------------------------------------


def carry_out(flavour: Flavour, tools: list[Any], deadline: float, **policy: int) -> APITimeoutError:
    """Let each of the tools be called in one round; the exception that the round ends with."""
    submit = Operation("submit", "POST", "/threads/{thread_id}/runs/{run_id}/submit")
    connection = flavour.connection(serve(httpx.Response(500)))
    rounds = ToolRounds(
        connection.core,
        Request(submit, {"thread_id": "thread_1"}),
        tools,
        ToolOperations(submit, submit, submit, submit),
        ToolPolicy(**policy),
        {"deadline": deadline},
    )
    calls = [rounds.toolbox.prepare(tool_call(name)) for name in rounds.toolbox.names]
    run = SimpleNamespace(id="run_1", thread_id="thread_1")
    with pytest.raises(APITimeoutError) as caught:
        flavour.do(lambda: connection.drive(rounds.carry_out(run, calls)))
    assert str(caught.value) == f"The deadline of {deadline} s passed while the tools of run run_1 were called."
    assert caught.value.request.url.path == "/v1/threads/thread_1/runs/run_1/submit"
    return caught.value


@pytest.mark.parametrize("flavour", FLAVOURS[1:], ids=lambda flavour: flavour.name)
@pytest.mark.parametrize("count", [1, 3])
def test_the_deadline_ends_async_tools(flavour: Flavour, count: int) -> None:
    async def hang() -> None:
        """Never return."""
        await anyio.sleep_forever()

    carry_out(flavour, [ToolFunction(hang, name=f"hang_{number}") for number in range(count)], 0.05)


def test_after_the_deadline_no_plain_tool_is_called_any_more(flavour: Flavour, clock: Clock) -> None:
    called: list[str] = []

    def slow() -> None:
        """Take long."""
        called.append("slow")
        clock.advance(5)

    carry_out(flavour, [slow, ToolFunction(slow, name="later")], 3, max_concurrency=1)
    assert called == ["slow"]
