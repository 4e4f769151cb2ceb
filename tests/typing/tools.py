"""Python functions as tools, and types as response formats, as type checkers see them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Callable, assert_type

import pydantic
from typing_extensions import TypedDict

from openai_assistants import (
    AsyncOpenAI,
    Deviation,
    OpenAI,
    PreparedToolCall,
    StructuredOutputError,
    Toolbox,
    ToolCallError,
    ToolFunction,
    ToolResult,
    function_tool,
    parse_message,
    response_format_for,
)
from openai_assistants.types.beta import Assistant, AssistantToolParam, FunctionToolParam
from openai_assistants.types.beta.threads import Message, RequiredActionFunctionToolCall
from openai_assistants.types.beta.threads.run_submit_tool_outputs_params import ToolOutput
from openai_assistants.types.beta.threads.runs import FunctionToolCall
from openai_assistants.types.shared_params import ResponseFormatJSONSchema


class Weather(pydantic.BaseModel):
    """A model."""

    city: str


@dataclass
class Point:
    """A dataclass."""

    x: float


class Tagged(TypedDict):
    """A typed dict."""

    tag: str


def forecast(city: str, days: int = 3) -> Weather:
    """A plain function."""
    return Weather(city=f"{city} {days}")


async def forecast_later(city: str) -> Weather:
    """An async function."""
    return Weather(city=city)


class Station:
    """Something with methods."""

    def measure(self, sensor: int) -> float:
        """A method."""
        return sensor

    def __call__(self, sensor: int) -> float:
        """Can be called."""
        return sensor


def descriptions(client: OpenAI, assistant: Assistant) -> None:
    """Every kind of function, and where its description goes."""
    assert_type(function_tool(forecast), FunctionToolParam)
    assert_type(function_tool(forecast_later, name="n", description="d", strict=True), FunctionToolParam)
    function_tool(Station().measure)
    function_tool(Station())
    function_tool(functools.partial(forecast, days=1))
    function_tool(lambda: 5, name="five")
    assert_type(ToolFunction(forecast).definition, FunctionToolParam)
    assert_type(ToolFunction(forecast).is_async, bool)
    assert_type(ToolFunction(forecast).bind('{"city": "Rome"}'), Callable[[], Any])
    client.beta.assistants.create(model="m", tools=[function_tool(forecast), {"type": "file_search"}])
    client.beta.assistants.update(assistant.id, tools=[*assistant.tools, function_tool(forecast)])


def toolboxes(client: OpenAI, assistant: Assistant) -> Toolbox:
    """Functions and descriptions in one list."""
    box = Toolbox([forecast, forecast_later, ToolFunction(forecast, name="other"), Station().measure])
    Toolbox([forecast, {"type": "file_search"}, {"type": "code_interpreter"}, *assistant.tools])
    Toolbox(assistant.tools)
    Toolbox((forecast,))
    Toolbox(iter([forecast]))
    assert_type(box.definitions, list[AssistantToolParam])
    assert_type(box.names, tuple[str, ...])
    assert_type(box.functions, dict[str, ToolFunction])
    client.beta.threads.runs.create_and_poll("t", assistant_id=assistant.id, tools=box.definitions)
    return box


def calls(client: OpenAI, box: Toolbox, call: RequiredActionFunctionToolCall, step_call: FunctionToolCall) -> None:
    """From a call to what is submitted."""
    assert_type(box.prepare(call), PreparedToolCall)
    result = box.prepare(step_call).run()
    assert_type(result, ToolResult)
    assert_type(result.error, Exception | None)
    if isinstance(result.error, ToolCallError):
        assert_type(result.error.errors, tuple[Deviation, ...])
    assert_type(box.outputs([result]), list[ToolOutput])
    client.beta.threads.runs.submit_tool_outputs("r", thread_id="t", tool_outputs=box.outputs([result]))


async def async_calls(client: AsyncOpenAI, box: Toolbox, call: RequiredActionFunctionToolCall) -> None:
    """The same, awaited."""
    result = await box.prepare(call).run_async()
    assert_type(result, ToolResult)
    await client.beta.threads.runs.submit_tool_outputs("r", thread_id="t", tool_outputs=box.outputs([result]))


def structured(client: OpenAI, message: Message) -> None:
    """A type goes in, an object of it comes out."""
    assert_type(response_format_for(Weather), ResponseFormatJSONSchema)
    response_format_for(Point, name="point", description=None, strict=False)
    response_format_for(Tagged)
    client.beta.assistants.create(model="m", response_format=response_format_for(Weather))
    client.beta.threads.runs.create("t", assistant_id="a", response_format=response_format_for(Weather), stream=True)
    assert_type(parse_message(message, Weather), Weather)
    assert_type(parse_message(message, Point), Point)
    assert_type(parse_message(message, Tagged), Tagged)
    try:
        parse_message(message, into=Weather)
    except StructuredOutputError as error:
        assert_type(error.refusal, str | None)
        assert_type(error.errors, tuple[Deviation, ...])
