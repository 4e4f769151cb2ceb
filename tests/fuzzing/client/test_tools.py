"""What a model writes: arguments of functions and structured output. Every call is answered, and every text is read as
its type or refused by an exception of ours."""

from __future__ import annotations

import dataclasses
import enum
import json
from typing import Annotated, Any, Literal

import pydantic
import pytest
from hypothesis import given, note, strategies as st
from pydantic_core import from_json
from typing_extensions import TypedDict

from openai_assistants import (
    StructuredOutputError,
    Toolbox,
    ToolCallError,
    ToolFunction,
    ToolResult,
    parse_message,
)
from openai_assistants._models import parser_for
from openai_assistants.types.beta.threads import Message, RequiredActionFunctionToolCall
from tests.unit.support import Flavour

from . import support
from .damage import JUNK, Raw, changed, changes, damaged, on_bytes, written
from .support import Said, examine, fuzzed, mostly_sync, shown, time_limit, usual_stack


class Unit(enum.Enum):
    """A unit."""

    LITRE = "l"
    GALLON = "gal"


@dataclasses.dataclass
class Bed:
    """A bed."""

    name: str
    length: float = 1.0


class Options(TypedDict, total=False):
    """More."""

    often: int
    names: list[str]


class Plan(pydantic.BaseModel):
    """A nested model."""

    title: str
    beds: list[Bed] = []
    inner: Plan | None = None
    kind: Literal["a", "b"] = "a"


def water(
    bed: Bed,
    litres: Annotated[int, pydantic.Field(ge=0)],
    unit: Unit = Unit.LITRE,
    options: Options | None = None,
    plan: Plan | None = None,
) -> str:
    """Water a bed."""
    return f"{bed} {litres} {unit} {options} {plan}"


def anything(value: Any, text: str = "", **more: Any) -> Any:
    """Take anything, give it back."""
    return {"value": value, "text": text, "more": more}


async def plain(number: int, name: str, flag: bool, share: float, names: list[str], table: dict[str, int]) -> Any:
    """Plain types."""
    return [number, name, flag, share, names, table]


def nothing() -> None:
    """Take nothing."""


TOOLS: list[Any] = [ToolFunction(function) for function in (water, anything, plain, nothing)]
TOOLBOX = Toolbox(TOOLS)
GOOD: dict[str, Any] = {
    "water": {
        "bed": {"name": "roses", "length": 2.5},
        "litres": 3,
        "unit": "gal",
        "options": {"often": 2, "names": ["x"]},
        "plan": {"title": "t", "beds": [{"name": "n"}], "inner": {"title": "u"}, "kind": "b"},
    },
    "anything": {"value": {"a": [1, None]}, "text": "é", "extra": 5},
    "plain": {"number": 1, "name": "x", "flag": True, "share": 0.5, "names": ["a"], "table": {"a": 1}},
    "nothing": {},
}
LIMIT = 3000
"""Characters of an answer to the model that says what is wrong."""


def text_of(arguments: Any, how: Any, wrapped: int) -> str:
    """The arguments as a model may write them."""
    wanted, bytewise = how
    text = damaged(written(changed(arguments, wanted)).encode(), bytewise).decode("utf-8", "surrogateescape")
    for _ in range(wrapped):
        text = json.dumps(text)
    return text


texts = st.tuples(changes, on_bytes)


@fuzzed(350, 25_000)
@given(st.sampled_from(sorted(GOOD)), texts, st.sampled_from([0, 0, 0, 0, 1, 2, 5]), mostly_sync, st.booleans())
def test_arguments_of_any_kind(name: str, how: Any, wrapped: int, flavour: Flavour, parsed: bool) -> None:
    support.cases += 1
    text: Any = text_of(GOOD[name], how, wrapped)
    note(Said(name, text))
    if parsed:
        try:
            text = from_json(text)
        except (TypeError, ValueError):
            text = JUNK[len(text) % len(JUNK)]
            text = 5 if isinstance(text, Raw) else text
    function: Any = {"name": name, "arguments": ""}
    call = RequiredActionFunctionToolCall(id="call_1", type="function", function=function)
    vars(call.function)["arguments"] = text  # as a server may send it that parses it itself
    with time_limit(), usual_stack():
        prepared = TOOLBOX.prepare(call)
        if prepared.is_async or flavour.is_async:
            result = flavour.do(prepared.run_async) if flavour.is_async else support.ASYNCIO.do(prepared.run_async)
        else:
            result = prepared.run()
        assert isinstance(result, ToolResult)
        result.output.encode()
        if result.error is None:
            shown(result)
            json.loads(result.output) if name != "water" else None
        else:
            assert isinstance(result.error, ToolCallError), f"{result.error!r}"
            assert result.error.reason == "invalid_arguments"
            assert len(result.output) < LIMIT
            examine(result.error)
        outputs = Toolbox.outputs([result])
        json.dumps(outputs).encode()


@fuzzed(120, 10_000)
@given(changes, on_bytes)
def test_calls_of_any_kind(wanted: list[Any], bytewise: Any) -> None:
    support.cases += 1
    call = {"id": "call_1", "type": "function", "function": {"name": "anything", "arguments": '{"value": 1}'}}
    body = damaged(written(changed({"call": call}, wanted)).encode(), bytewise)
    note(Said(body))
    try:
        document, _ = parser_for(dict[str, RequiredActionFunctionToolCall]).parse(body)
    except Exception as error:
        assert type(error).__name__ == "Unparsable"
        return
    for each in document.values():
        if not isinstance(each, RequiredActionFunctionToolCall):
            continue
        with usual_stack():
            result = TOOLBOX.prepare(each).run()
            assert isinstance(result, ToolResult)
            result.output.encode()
            repr(result)


def message(text: str, **more: Any) -> Message:
    """A message with this text."""
    content = [{"type": "text", "text": {"value": text, "annotations": []}}]
    document = {"id": "msg_1", "object": "thread.message", "status": "completed", "content": content, **more}
    return parser_for(Message).parse(json.dumps(document).encode())[0]


AROUND = [
    "",
    "Here it is:\n",
    "```json\n",
    "{",
    "[",
    '{"',
    "{{",
    '"',
    '{"a": ',
    "<think>{}</think>",
    "{}" * 50,
    "\0\ud800",
]


@fuzzed(250, 20_000)
@given(
    st.sampled_from([Plan, Bed, Options, pydantic.BaseModel]),
    texts,
    st.sampled_from([0, 0, 0, 1, 2]),
    st.sampled_from(AROUND),
    st.sampled_from(AROUND),
    changes,
)
def test_structured_output_of_any_kind(
    into: Any, how: Any, wrapped: int, before: str, behind: str, of_message: list[Any]
) -> None:
    support.cases += 1
    good = {Plan: GOOD["water"]["plan"], Bed: GOOD["water"]["bed"]}.get(into, GOOD["water"]["options"])
    text = before + text_of(good, how, wrapped) + behind
    note(Said(into, text))
    if into is pydantic.BaseModel:  # any of the others, in a message that is damaged itself
        into = Plan
        document = json.loads(message("x").to_json())
        document["content"][0]["text"]["value"] = written(good)
        try:
            given, _ = parser_for(Message).parse(written(changed(document, of_message)).encode())
        except Exception as error:
            assert type(error).__name__ == "Unparsable"
            return
    else:
        given = message(text.encode("utf-8", "replace").decode())
    with time_limit(), usual_stack():
        try:
            value = parse_message(given, into)
        except StructuredOutputError as error:
            examine(error)
            assert len(str(error)) < LIMIT
        else:
            assert isinstance(value, into if into is not Options else dict)


@pytest.mark.parametrize(
    "text", ["{" * 100_000, '{"a":' * 100_000, '{"' * 100_000, "[" * 100_000 + '{"title": "t"}', "{}" * 20_000]
)
def test_long_texts_take_no_long_time(text: str) -> None:
    with time_limit(20), usual_stack():
        try:
            assert isinstance(parse_message(message(text), Plan), Plan)
        except StructuredOutputError as error:
            examine(error)
