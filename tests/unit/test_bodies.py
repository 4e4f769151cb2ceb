"""JSON bodies of requests."""

from __future__ import annotations

import json
import math
from collections import deque
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any, Callable, Literal

import pydantic
import pytest

from openai_assistants import BaseModel, UnknownValue, UnknownVariant, omit
from openai_assistants._models import AnyTag, OneOf, parser_for
from openai_assistants._requests import encode_json, without_omitted


class FunctionTool(BaseModel):
    """A tool."""

    type: Literal["function"]
    name: str
    strict: bool | None = None


class UnknownTool(UnknownVariant):
    """A newer tool."""

    type: Annotated[str, AnyTag]


Tool = Annotated[FunctionTool | UnknownTool, OneOf("type")]


class Assistant(BaseModel):
    """A result with nested results."""

    id: str
    tools: list[Tool]
    format: Literal["auto"] | UnknownValue = "auto"


class Foreign(pydantic.BaseModel):
    """A model of the program's own."""

    type_: str = pydantic.Field(alias="type")
    note: str | None = None


class Listing:
    """Iterable, and nothing else."""

    def __iter__(self) -> Any:
        return iter([1, 2])


SENT = b'{"id":"asst_1","tools":[{"type":"function","name":"f","new":1},{"type":"web","depth":{"x":[1,null]}}]}'


def assistant() -> Assistant:
    return parser_for(Assistant).parse(SENT)[0]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (dict, {}),
        (lambda: {"a": None, "b": [1, 2.5, True, "x"]}, {"a": None, "b": [1, 2.5, True, "x"]}),
        (lambda: {"a": {"b": {"c": []}}}, {"a": {"b": {"c": []}}}),
        (lambda: {"tools": assistant().tools}, {"tools": json.loads(SENT)["tools"]}),
        (lambda: {"tools": tuple(assistant().tools[:1])}, {"tools": json.loads(SENT)["tools"][:1]}),
        (lambda: {"copy": assistant()}, {"copy": json.loads(SENT)}),
        (lambda: {"tool": FunctionTool(type="function", name="f")}, {"tool": {"type": "function", "name": "f"}}),
        (lambda: {"foreign": Foreign(type="x")}, {"foreign": {"type": "x"}}),
        (lambda: {"format": UnknownValue("new")}, {"format": "new"}),
        (lambda: {"ids": (str(i) for i in range(3))}, {"ids": ["0", "1", "2"]}),
        (lambda: {"ids": {"a": 1}.keys()}, {"ids": ["a"]}),
        (lambda: {"ids": {"only"}}, {"ids": ["only"]}),
        (lambda: {"ids": deque([1, 2])}, {"ids": [1, 2]}),
        (lambda: {"ids": Listing()}, {"ids": [1, 2]}),
        (lambda: {"metadata": MappingProxyType({"a": "b"})}, {"metadata": {"a": "b"}}),
        (lambda: {"a": {"b": omit, "c": 1}}, {"a": {"c": 1}}),
        (lambda: {"a": [1, omit, {"b": omit}]}, {"a": [1, {}]}),
        (lambda: {"a": [{"b": omit, "m": assistant().tools[0]}]}, {"a": [{"m": json.loads(SENT)["tools"][0]}]}),
        (lambda: {"a": MappingProxyType({"b": omit, "c": 1})}, {"a": {"c": 1}}),
        (lambda: {"ids": (i for i in "xy"), "a": {"b": omit}}, {"ids": ["x", "y"], "a": {}}),
        (lambda: {"tools": ({"n": i, "x": omit} for i in range(2))}, {"tools": [{"n": 0}, {"n": 1}]}),
        (lambda: {"ids": (i for i in (1, omit, 2))}, {"ids": [1, 2]}),
        (lambda: {"text": 'Größe 🙂 \u2028 \x00 "quoted"'}, {"text": 'Größe 🙂 \u2028 \x00 "quoted"'}),
    ],
)
def test_what_is_sent(make: Callable[[], dict[str, object]], expected: dict[str, object]) -> None:
    assert json.loads(encode_json(make())) == expected


def test_text_is_sent_as_utf8_without_blanks() -> None:
    assert encode_json({"a": "é", "b": [1, 2]}) == '{"a":"é","b":[1,2]}'.encode()


def test_a_deviating_result_is_sent_back_as_it_came() -> None:
    sent = {"id": 5, "tools": [{"type": "function", "name": None}], "format": ["x"]}
    model, deviations = parser_for(Assistant).parse(json.dumps(sent).encode())
    assert len(deviations) == 3
    assert json.loads(encode_json({"copy": model})) == {"copy": sent}


def test_omitted_arguments_are_left_out_and_none_is_null() -> None:
    assert without_omitted({"a": omit, "b": None, "c": 0, "d": ""}) == {"b": None, "c": 0, "d": ""}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_does_not_have_are_refused(number: float) -> None:
    with pytest.raises(ValueError):
        encode_json({"a": [{"temperature": number}]})


@pytest.mark.parametrize("body", [{"a": "x\ud800"}, {"a\udfff": 1}, {"a": ["\udc00"]}])
def test_lone_surrogates_are_refused(body: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="surrogate") as caught:
        encode_json(body)
    assert not isinstance(caught.value, UnicodeError)


@pytest.mark.parametrize(
    "value", [b"x", bytearray(b"x"), memoryview(b"x"), object(), 1j, datetime(2024, 1, 1, tzinfo=UTC), omit.__class__]
)
def test_values_without_json_form_are_refused_by_type(value: object) -> None:
    with pytest.raises(TypeError, match=type(value).__name__):
        encode_json({"a": [value]})


def test_a_value_that_contains_itself_is_refused() -> None:
    body: dict[str, Any] = {}
    body["a"] = body
    with pytest.raises(ValueError):
        encode_json(body)
