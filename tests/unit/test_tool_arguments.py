"""Arguments as models write them: what the function is called with, or what the model is told."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import functools
import json
import math
import threading
from typing import Annotated, Any, Callable, Literal

import pydantic
import pytest
from hypothesis import given, strategies as st
from pydantic import Field
from typing_extensions import TypedDict

from openai_assistants import ToolCallError, ToolFunction


class Unit(enum.Enum):
    CELSIUS = "C"


class Place(pydantic.BaseModel):
    name: str
    size: int = 0


@dataclasses.dataclass
class Box:
    west: float


class Options(TypedDict):
    exact: bool


SENTINEL = object()


def everything(
    first: int,
    second: int = 2,
    /,
    third: str = "3",
    *,
    place: Place | None = None,
    box: Box | None = None,
    options: Options | None = None,
    unit: Unit = Unit.CELSIUS,
    when: datetime.datetime | None = None,
    tags: set[str] = frozenset(),  # type: ignore[assignment]
    price: decimal.Decimal | None = None,
    days: Annotated[int, Field(ge=1, le=16)] = 3,
    kind: Literal["a", "b"] | int = "a",
    places: list[Place] = [],  # noqa: B006
    ratio: float = 0.5,
    locks: Any = [threading.Lock()],  # noqa: B006 - neither copied nor written as JSON
    hidden: Any = SENTINEL,
) -> dict[str, Any]:
    return locals()


DEFAULTS = everything(1)


def bound(function: Callable[..., Any], arguments: object) -> Any:
    return ToolFunction(function).bind(arguments)()


def told(function: Callable[..., Any], arguments: object) -> ToolCallError:
    with pytest.raises(ToolCallError) as caught:
        ToolFunction(function).bind(arguments)
    assert (caught.value.tool_name, caught.value.reason) == (function.__name__, "invalid_arguments")
    return caught.value


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"first": 5}, {"first": 5}),
        ({"first": "5"}, {"first": 5}),
        ({"first": 5, "third": 7}, {"first": 5, "third": "7"}),
        ({"first": 5, "second": 6, "third": "x"}, {"first": 5, "second": 6, "third": "x"}),
        ({"first": 1, "place": {"name": "Rome"}}, {"place": Place(name="Rome")}),
        ({"first": 1, "place": '{"name": "Rome"}'}, {"place": Place(name="Rome")}),
        ({"first": 1, "places": '[{"name": "Rome"}]'}, {"places": [Place(name="Rome")]}),
        ({"first": 1, "places": [{"name": "Rome"}], "kind": "[]"}, None),
        ({"first": 1, "box": {"west": 3}}, {"box": Box(3.0)}),
        ({"first": 1, "options": {"exact": "yes"}}, {"options": {"exact": True}}),
        ({"first": 1, "unit": "C"}, {"unit": Unit.CELSIUS}),
        ({"first": 1, "when": "2026-01-02T03:04:05"}, {"when": datetime.datetime(2026, 1, 2, 3, 4, 5)}),
        ({"first": 1, "tags": ["a", "a"]}, {"tags": {"a"}}),
        ({"first": 1, "price": "1.10"}, {"price": decimal.Decimal("1.10")}),
        ({"first": 1, "kind": "3"}, {"kind": 3}),
        ({"first": 1, "kind": 3}, {"kind": 3}),
        ({"first": 1, "days": None}, {}),
        ({"first": 1, "days": None, "places": None, "tags": None}, {}),
        ({"first": 1, "days": "null"}, None),
        ({"first": 1, "place": "null"}, {"place": None}),
        ({"first": 1, "ratio": math.inf}, None),
        ({"first": 1, "hidden": None}, {"hidden": None}),
        ({"first": None}, None),
        ({"first": 1, "days": 17}, None),
        ({}, None),
    ],
    ids=str,
)  # fmt: skip
def test_values(arguments: dict[str, Any], expected: dict[str, Any] | None) -> None:
    if expected is None:
        told(everything, json.dumps(arguments))
    else:
        assert bound(everything, json.dumps(arguments)) == {**DEFAULTS, **expected}


def test_defaults_are_those_of_the_function_itself() -> None:
    called = bound(everything, '{"first": 1}')
    assert called["hidden"] is SENTINEL
    assert called["places"] is DEFAULTS["places"]
    assert called["locks"] is DEFAULTS["locks"]


def hidden_first(x: Any = SENTINEL, /, y: int = 0) -> tuple[Any, int]:
    return x, y


def test_a_default_before_the_slash() -> None:
    assert bound(hidden_first, '{"y": 3}') == (SENTINEL, 3)


def nothing() -> str:
    return "called"


@pytest.mark.parametrize(
    "arguments", ["", " \n", "{}", "null", '"{}"', '""', '"null"', None, {}, '{"": ""}', '{"x": 1}']
)
def test_a_function_without_parameters_is_called_whatever_is_filled_in(arguments: object) -> None:
    assert bound(nothing, arguments) == "called"


def test_a_function_without_parameters_still_wants_an_object() -> None:
    assert "It takes an empty JSON object." in str(told(nothing, "[]"))


def city_and_days(city: str, days: int = 3) -> tuple[str, int]:
    return city, days


@pytest.mark.parametrize(
    "arguments",
    [
        '{"city": "Rome", "days": 2}',
        '  {"city": "Rome", "days": "2"}\n',
        json.dumps('{"city": "Rome", "days": 2}'),
        json.dumps(json.dumps('{"city": "Rome", "days": 2}')),
        {"city": "Rome", "days": 2},
        b'{"city": "Rome", "days": 2}'.decode(),
    ],
    ids=str,
)
def test_forms_of_json(arguments: object) -> None:
    assert bound(city_and_days, arguments) == ("Rome", 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", ["city: Field required"]),
        ("{", ["- arguments: Input should be valid JSON"]),
        ("city=Rome", ["valid JSON", "city=Rome"]),
        ("{'city': 'Rome'}", ["valid JSON"]),
        ('{"city": "Rome"} {"city": "Oslo"}', ["valid JSON"]),
        ("[]", ["JSON object", "[]"]),
        ('"Rome"', ["valid JSON"]),
        ("5", ["JSON object", "5"]),
        ("true", ["JSON object"]),
        ('{"city": "\\ud800"}', ["valid JSON"]),
        ('{"city": "\ud800"}', ["valid JSON", "surrogates"]),
        ("[" * 100_000, ["valid JSON", "recursion"]),
        (json.dumps(json.dumps(json.dumps(json.dumps({"city": "Rome"})))), ["JSON object"]),
        ('{"city": "Rome", "days": "many"}', ["days: Input should be a valid integer", '"many"']),
        ('{"city": ["Rome"], "days": 1.5}', ["city: Input should be a valid string", "days: Input should be", "1.5"]),
        ('{"city": "Rome", "days": NaN}', ["days"]),
        ('{"city": "Rome", "unit": "größe"}', ['- unit: Extra inputs are not permitted, not "größe"\n']),
        ('{"City": "Rome"}', ["city: Field required", "City: Extra inputs"]),
        ({"city": Ellipsis}, ["valid JSON"]),
        (["Rome"], ["JSON object"]),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else "",
)
def test_what_the_model_is_told(arguments: object, said: list[str]) -> None:
    error = told(city_and_days, arguments)
    for each in said:
        assert each in str(error)
    assert "city_and_days was not called" in str(error)
    assert "It takes a JSON object with: city, days." in str(error)
    assert error.errors


def test_places_are_named_by_their_paths() -> None:
    error = told(everything, json.dumps({"first": 1, "places": [{"name": "Rome"}, {"name": "Oslo", "size": "big"}]}))
    [place] = error.errors
    assert (place.path, place.got) == ("places[1].size", "big")
    assert "places[1].size: Input should be a valid integer" in str(error)


def test_every_member_of_a_union_is_told() -> None:
    [problem] = told(everything, '{"first": 1, "kind": "c"}').errors
    assert problem.path == "kind"
    assert "'a' or 'b'" in problem.expected
    assert "integer" in problem.expected


def test_long_values_and_many_errors_are_shortened() -> None:
    error = told(city_and_days, json.dumps({"city": "Rome", "days": "x" * 10_000}))
    assert len(str(error)) < 500
    error = told(city_and_days, json.dumps({f"city{number}": 1 for number in range(100)}))
    assert len(error.errors) == 101
    assert "and 91 more" in str(error)
    assert len(str(error)) < 2000


def switch(on: bool) -> bool:
    return on


def test_what_cannot_be_shown_is_named_by_its_type() -> None:
    circle: list[Any] = []
    circle.append(circle)
    for value in (10**5000, circle):
        assert "not this dict" in str(told(switch, {"on": value}))


def further(x: int, /, y: int = 0, **others: int) -> tuple[int, int, dict[str, int]]:
    return x, y, others


def test_further_keywords() -> None:
    assert bound(further, '{"x": 1, "z": "2", "a b": 3}') == (1, 0, {"z": 2, "a b": 3})
    assert "z: Input should be a valid integer" in str(told(further, '{"x": 1, "z": "many"}'))


def with_owner(city: str, owner: str = "", **others: Any) -> tuple[str, str, dict[str, Any]]:
    return city, owner, others


@pytest.mark.parametrize(
    "function", [functools.partial(with_owner, owner="me"), functools.partial(with_owner, owner="me", key="k")]
)
def test_what_the_program_has_filled_stays_as_it_is(function: Callable[..., Any]) -> None:
    city, owner, others = bound(function, '{"city": "Rome", "more": 1}')
    assert (city, owner, others["more"]) == ("Rome", "me", 1)
    tool = ToolFunction(function)
    for name in ("owner", *function.keywords):  # type: ignore[attr-defined]
        with pytest.raises(ToolCallError, match=f"{name}: Extra inputs"):
            tool.bind(json.dumps({"city": "Rome", name: "you"}))


def test_what_is_filled_in_for_a_function_whose_parameters_are_all_filled_does_not_matter() -> None:
    assert bound(functools.partial(city_and_days, "Rome", days=1), '{"city": "Oslo", "days": 2}') == ("Rome", 1)


def with_alias(source: Annotated[str, Field(alias="from")], **others: Any) -> tuple[str, dict[str, Any]]:
    return source, others


def test_aliases() -> None:
    assert bound(with_alias, '{"from": "Rome"}') == ("Rome", {})
    assert "source: Extra" in str(told(with_alias, '{"from": "Rome", "source": "Oslo"}'))
    assert "from: Field required" in str(told(with_alias, "{}"))


def kept_names(schema: int, copy: int, _x: int, argument_0: int, self: int = 1) -> tuple[int, ...]:
    return schema, copy, _x, argument_0, self


def test_names_that_pydantic_keeps_for_itself() -> None:
    assert bound(kept_names, '{"schema": 1, "copy": 2, "_x": 3, "argument_0": 4, "self": 5}') == (1, 2, 3, 4, 5)


def with_fields(
    z: Annotated[int, Field(default=5)], x: int = Field(3, ge=1), y: Annotated[int, Field(default=4)] = Field(ge=1)
) -> tuple[int, int, int]:
    return x, y, z


def test_defaults_of_fields() -> None:
    assert bound(with_fields, "{}") == (3, 4, 5)
    assert bound(with_fields, '{"x": 1, "z": null}') == (1, 4, 5)
    assert "x: Input should be greater" in str(told(with_fields, '{"x": 0}'))


async def later(x: int) -> int:
    return x


def test_async_functions_are_not_started_before_they_are_called() -> None:
    started = ToolFunction(later).bind('{"x": 1}')
    coroutine = started()
    with pytest.raises(StopIteration) as stopped:
        coroutine.send(None)
    assert stopped.value.value == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*DEFAULTS, "x"]), inner, max_size=4),
    max_leaves=20,
)
argument_texts = st.one_of(
    st.text(),
    st.text(alphabet=st.characters(categories=["Cs", "L", "P"])),
    json_values.map(json.dumps),
    json_values.map(lambda value: json.dumps(json.dumps(value))),
    st.dictionaries(st.sampled_from([*DEFAULTS]), json_values).map(json.dumps),
    st.dictionaries(st.sampled_from([*DEFAULTS]), json_values.map(json.dumps)).map(json.dumps),
    json_values,
)


@given(argument_texts)
def test_anything_is_a_call_or_a_text(arguments: object) -> None:
    for function in (everything, further, nothing, with_owner):
        try:
            called = ToolFunction(function).bind(arguments)
        except ToolCallError as error:
            assert error.errors
            assert str(error).startswith(f"{function.__name__} was not called")
        else:
            called()
