"""Python functions as tools: how they are described to the model, and which functions are refused."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import functools
import math
import uuid
from typing import Annotated, Any, Callable, Iterator, Literal, NamedTuple, Optional

import jsonschema
import pydantic
import pytest
from pydantic import Field
from typing_extensions import Doc, NotRequired, TypedDict, Unpack

import openai_assistants.types.beta as beta
from openai_assistants import ToolFunction, function_tool, omit


class Unit(enum.Enum):
    """A unit of temperature."""

    CELSIUS = "C"
    FAHRENHEIT = "F"


class Place(pydantic.BaseModel):
    """A place on a map."""

    name: Annotated[str, Field(min_length=1)]
    title: str = ""
    note: Any = math.sqrt
    parent: Place | None = Field(default=None, description="What it lies in.")


@dataclasses.dataclass
class Box:
    """Edges of a map."""

    west: float
    east: float = 180.0


class Options(TypedDict):
    """How to search."""

    exact: bool
    limit: NotRequired[int]


class Open(pydantic.BaseModel, extra="allow"):
    """Takes more than it says."""

    name: str


class Empty(TypedDict):
    """Nothing."""


class Span(NamedTuple):
    """Two numbers, or one."""

    first: int
    last: int = 0


class Cat(pydantic.BaseModel):
    kind: Literal["cat"]


class Dog(pydantic.BaseModel):
    kind: Literal["dog"]


class Opaque:
    """Something that pydantic does not know."""


def object_schema(required: list[str] | None = None, /, *, closed: bool = True, **properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "additionalProperties": not closed}
    return schema | {"required": required} if required else schema


def parameters(function: Callable[..., Any], **settings: Any) -> Any:
    return function_tool(function, **settings)["function"]["parameters"]  # type: ignore[index]


# One parameter each; what its hint becomes.


def no_parameters() -> None: ...
def integer(x: int) -> None: ...
def number(x: float) -> None: ...
def text(x: str) -> None: ...
def truth(x: bool) -> None: ...
def null(x: None) -> None: ...
def anything(x: Any) -> None: ...
def optional(x: Optional[int]) -> None: ...  # noqa: UP045
def optional_with_default(x: int | None = None) -> None: ...
def with_default(x: int = 3) -> None: ...
def union(x: int | str) -> None: ...
def literal(x: Literal["a", "b"]) -> None: ...
def one_literal(x: Literal["a"]) -> None: ...
def some_list(x: list[int]) -> None: ...
def bare_list(x: list) -> None: ...  # type: ignore[type-arg]
def mapping(x: dict[str, int]) -> None: ...
def pair(x: tuple[int, str]) -> None: ...
def many(x: tuple[int, ...]) -> None: ...
def unique(x: set[int]) -> None: ...
def moment(x: datetime.datetime) -> None: ...
def day(x: datetime.date) -> None: ...
def span(x: datetime.timedelta) -> None: ...
def unique_id(x: uuid.UUID) -> None: ...
def binary(x: bytes) -> None: ...
def constrained(x: Annotated[int, Field(ge=1, le=16, description="Days.")]) -> None: ...
def described_by_text(x: Annotated[int, "Days."]) -> None: ...
def described_by_doc(x: Annotated[int, Doc("Days.")]) -> None: ...
def field_as_default(x: int = Field(ge=1, description="Days.")) -> None: ...
def field_with_default(x: int = Field(3, ge=1)) -> None: ...
def default_in_annotated(x: Annotated[int, Field(default=3)]) -> None: ...
def default_without_json(x: object = omit) -> None: ...
def default_that_is_no_json(x: Any = math.sqrt) -> None: ...
def partly_json(x: int | Callable[[], int]) -> None: ...
def renamed(x: Annotated[int, Field(alias="from")]) -> None: ...
def positional(x: int, /) -> None: ...
def keyword(*, x: int) -> None: ...


INTEGER = {"type": "integer"}
NULL = {"type": "null"}
TYPES: dict[Callable[..., None], dict[str, Any]] = {
    no_parameters: object_schema(),
    integer: object_schema(["x"], x=INTEGER),
    number: object_schema(["x"], x={"type": "number"}),
    text: object_schema(["x"], x={"type": "string"}),
    truth: object_schema(["x"], x={"type": "boolean"}),
    null: object_schema(["x"], x=NULL),
    anything: object_schema(["x"], x={}),
    optional: object_schema(["x"], x={"anyOf": [INTEGER, NULL]}),
    optional_with_default: object_schema(x={"anyOf": [INTEGER, NULL], "default": None}),
    with_default: object_schema(x=INTEGER | {"default": 3}),
    union: object_schema(["x"], x={"anyOf": [INTEGER, {"type": "string"}]}),
    literal: object_schema(["x"], x={"type": "string", "enum": ["a", "b"]}),
    one_literal: object_schema(["x"], x={"type": "string", "const": "a"}),
    some_list: object_schema(["x"], x={"type": "array", "items": INTEGER}),
    bare_list: object_schema(["x"], x={"type": "array", "items": {}}),
    mapping: object_schema(["x"], x={"type": "object", "additionalProperties": INTEGER}),
    pair: object_schema(
        ["x"], x={"type": "array", "prefixItems": [INTEGER, {"type": "string"}], "minItems": 2, "maxItems": 2}
    ),
    many: object_schema(["x"], x={"type": "array", "items": INTEGER}),
    unique: object_schema(["x"], x={"type": "array", "items": INTEGER, "uniqueItems": True}),
    moment: object_schema(["x"], x={"type": "string", "format": "date-time"}),
    day: object_schema(["x"], x={"type": "string", "format": "date"}),
    span: object_schema(["x"], x={"type": "string", "format": "duration"}),
    unique_id: object_schema(["x"], x={"type": "string", "format": "uuid"}),
    binary: object_schema(["x"], x={"type": "string", "format": "binary"}),
    constrained: object_schema(["x"], x=INTEGER | {"minimum": 1, "maximum": 16, "description": "Days."}),
    described_by_text: object_schema(["x"], x=INTEGER | {"description": "Days."}),
    described_by_doc: object_schema(["x"], x=INTEGER | {"description": "Days."}),
    field_as_default: object_schema(["x"], x=INTEGER | {"minimum": 1, "description": "Days."}),
    field_with_default: object_schema(x=INTEGER | {"minimum": 1, "default": 3}),
    default_in_annotated: object_schema(x=INTEGER | {"default": 3}),
    default_that_is_no_json: object_schema(x={}),
    partly_json: object_schema(["x"], x=INTEGER),
    renamed: object_schema(["from"], **{"from": INTEGER}),
    positional: object_schema(["x"], x=INTEGER),
    keyword: object_schema(["x"], x=INTEGER),
}


@pytest.mark.parametrize(("function", "schema"), TYPES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_types(function: Callable[..., None], schema: dict[str, Any]) -> None:
    assert parameters(function) == schema


def kept_names(schema: int, copy: int, model_config: int, _x: int, argument_0: int, json: int = 1) -> None: ...


def test_parameters_may_have_names_that_pydantic_keeps_for_itself() -> None:
    described = parameters(kept_names)
    assert list(described["properties"]) == ["schema", "copy", "model_config", "_x", "argument_0", "json"]
    assert described["required"] == ["schema", "copy", "model_config", "_x", "argument_0"]


def further(x: int, **others: int) -> None: ...
def anything_further(**others: Any) -> None: ...


def test_further_keywords() -> None:
    assert parameters(further) == object_schema(["x"], x=INTEGER) | {"additionalProperties": INTEGER}
    assert parameters(anything_further) == object_schema(closed=False)


def classes(place: Place, box: Box, options: Options, unit: Unit = Unit.CELSIUS) -> None: ...


def test_classes_are_described_where_pydantic_describes_them() -> None:
    schema = parameters(classes)
    assert schema["properties"] == {
        "place": {"$ref": "#/$defs/Place"},
        "box": {"$ref": "#/$defs/Box"},
        "options": {"$ref": "#/$defs/Options"},
        "unit": {"$ref": "#/$defs/Unit", "default": "C"},
    }
    assert schema["required"] == ["place", "box", "options"]
    assert schema["$defs"]["Unit"] == {"description": "A unit of temperature.", "enum": ["C", "F"], "type": "string"}
    place = schema["$defs"]["Place"]
    assert list(place["properties"]) == ["name", "title", "note", "parent"]  # a field may be called `title`
    assert place["properties"]["parent"]["description"] == "What it lies in."
    assert schema["$defs"]["Box"]["required"] == ["west"]
    assert schema["$defs"]["Options"]["required"] == ["exact"]


@pytest.mark.parametrize("function", [*TYPES, classes, further], ids=lambda function: function.__name__)
def test_every_schema_is_json_schema(function: Callable[..., Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(parameters(function))


# Names and descriptions.


def forecast(city: str, days: Annotated[int, Field(description="How many.")] = 3, unit: str = "C") -> str:
    """Look up the weather
    of a city.

    It asks a service.

    Args:
        city: Name of the city.
        days: Not this one: the hint says more.
    """
    return f"{city} {days} {unit}"


def test_definition() -> None:
    assert function_tool(forecast) == {
        "type": "function",
        "function": {
            "name": "forecast",
            "description": "Look up the weather of a city.",
            "parameters": object_schema(
                ["city"],
                city={"type": "string", "description": "Name of the city."},
                days={"type": "integer", "description": "How many.", "default": 3},
                unit={"type": "string", "default": "C"},
            ),
        },
    }


def test_a_definition_is_what_the_api_gives_back() -> None:
    tool = beta.FunctionTool.model_validate(function_tool(forecast, strict=False))
    assert tool.to_dict() == function_tool(forecast, strict=False)
    assert tool.function.strict is False


def test_name_and_description_can_be_given() -> None:
    function = function_tool(forecast, name="get-weather_2", description="Weather.")["function"]
    assert isinstance(function, dict)
    assert (function["name"], function["description"]) == ("get-weather_2", "Weather.")
    assert "description" not in function_tool(forecast, description="")["function"]  # type: ignore[operator]
    assert "description" not in function_tool(integer)["function"]  # type: ignore[operator]


@pytest.mark.parametrize("name", ["", "a b", "größe", "a.b", "x" * 65, "a\n", "<lambda>"])
def test_a_name_that_the_api_refuses(name: str) -> None:
    with pytest.raises(ValueError, match="name=") as caught:
        function_tool(forecast, name=name)
    assert "'forecast'" in str(caught.value)
    assert repr(name) in str(caught.value)


class Station:
    """A weather station."""

    def measure(self, sensor: int) -> int:
        """Measure now."""
        return sensor

    @classmethod
    def build(cls, x: int) -> Station:
        """Build one."""
        return cls()

    @staticmethod
    def convert(x: int) -> int:
        """Convert a value."""
        return x

    raw = staticmethod(integer)

    def __call__(self, x: Unit) -> Unit:
        """Ask the station."""
        return x


class Silent:
    """Says what it is in the class."""

    async def __call__(self, x: int) -> int:
        return x


async def later(x: int) -> int:
    """Take your time."""
    return x


def traced(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


def owner_and_city(owner: str, city: str, days: int = 3) -> str:
    """Look up."""
    return f"{owner} {city} {days}"


@pytest.mark.parametrize(
    ("function", "name", "description", "properties", "is_async"),
    [
        (Station().measure, "measure", "Measure now.", ["sensor"], False),
        (Station.build, "build", "Build one.", ["x"], False),
        (Station.convert, "convert", "Convert a value.", ["x"], False),
        (vars(Station)["raw"], "integer", None, ["x"], False),
        (Station(), "Station", "Ask the station.", ["x"], False),
        (Silent(), "Silent", "Says what it is in the class.", ["x"], True),
        (later, "later", "Take your time.", ["x"], True),
        (staticmethod(later), "later", "Take your time.", ["x"], True),
        (traced(forecast), "forecast", "Look up the weather of a city.", ["city", "days", "unit"], False),
        (functools.partial(owner_and_city, "me"), "owner_and_city", "Look up.", ["city", "days"], False),
        (functools.partial(owner_and_city, owner="me"), "owner_and_city", "Look up.", ["city", "days"], False),
        (functools.partial(owner_and_city, "me", days=1), "owner_and_city", "Look up.", ["city"], False),
        (functools.partial(functools.partial(integer), x=1), "integer", None, [], False),
        (functools.partial(Station().measure, sensor=1), "measure", "Measure now.", [], False),
        (functools.partial(later, x=1), "later", "Take your time.", [], True),
        (functools.partial(Silent(), x=1), "Silent", "Says what it is in the class.", [], True),
        (functools.lru_cache(forecast), "forecast", "Look up the weather of a city.", ["city", "days", "unit"], False),
        (pydantic.validate_call(integer), "integer", None, ["x"], False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_kinds_of_functions(
    function: Callable[..., Any], name: str, description: str | None, properties: list[str], is_async: bool
) -> None:
    tool = ToolFunction(function)
    described: Any = tool.definition["function"]
    assert (tool.name, described["name"], described.get("description")) == (name, name, description)
    assert list(described["parameters"]["properties"]) == properties
    assert tool.is_async is is_async
    assert name in repr(tool)


# What is refused, and what the message says.


def unhinted(city, days: int) -> None: ...  # type: ignore[no-untyped-def]
def unhinted_with_default(city: str, days=3) -> None: ...  # type: ignore[no-untyped-def]
def unhinted_keywords(**options) -> None: ...  # type: ignore[no-untyped-def]
def starred(city: str, *days: int) -> None: ...
def unpacked(city: str, **options: Unpack[Options]) -> None: ...
def unresolvable(city: str, days: Nowhere) -> None: ...  # type: ignore[name-defined]  # noqa: F821
def unresolvable_inside(city: str, days: list[Nowhere]) -> None: ...  # type: ignore[name-defined]  # noqa: F821
def misspelt(city: str, days: "int |") -> None: ...  # type: ignore[syntax]  # noqa: F722
def opaque(city: str, days: Opaque) -> None: ...
def opaque_inside(city: str, days: list[Opaque | None]) -> None: ...
def opaque_keywords(**options: Opaque) -> None: ...
def callback(city: str, days: Callable[[], int]) -> None: ...
def impossible(city: str, days: Annotated[Opaque, Field(ge=3)]) -> None: ...
def same_alias(days: Annotated[int, Field(alias="a")], city: Annotated[int, Field(alias="a")]) -> None: ...
def odd_alias(city: int, days: Annotated[int, Field(validation_alias=pydantic.AliasPath("a", 0))]) -> None: ...


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (unhinted, ["'unhinted'", "'city'", "no type hint", "Any stands for any value"]),
        (unhinted_with_default, ["'unhinted_with_default'", "'days'", "no type hint"]),
        (unhinted_keywords, ["'options'", "no type hint"]),
        (Station.measure, ["'measure'", "'self'", "method of an object"]),
        (starred, ["'starred'", "'days'", "list"]),
        (unpacked, ["'unpacked'", "'options'", "Unpack"]),
        (unresolvable, ["'unresolvable'", "'days'", "Nowhere", "module level"]),
        (unresolvable_inside, ["'days'", "Nowhere", "module level"]),
        (misspelt, ["'misspelt'", "'days'", "int |"]),
        (opaque, ["'opaque'", "'days'", "Opaque"]),
        (opaque_inside, ["'opaque_inside'", "'days'", "Opaque"]),
        (callback, ["'callback'", "'days'"]),
        (impossible, ["'impossible'", "'days'"]),
        (same_alias, ["'same_alias'", "alias"]),
        (odd_alias, ["'odd_alias'", "alias"]),
        (Place, ["Place", "a tool is a function"]),
        (int, ["int", "a tool is a function"]),
        (len, ["'len'", "'obj'", "no type hint"]),
        (min, ["'min'", "its signature cannot be read"]),
        (opaque_keywords, ["'opaque_keywords'", "Opaque"]),
        ("forecast", ["'forecast'", "a tool is a function"]),
        (None, ["None", "a tool is a function"]),
        (classmethod(integer), ["classmethod", "a tool is a function"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_refused_functions(function: Any, said: list[str]) -> None:
    with pytest.raises(TypeError) as caught:
        function_tool(function)
    for each in said:
        assert each in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_lambda_needs_a_name_and_no_parameters() -> None:
    with pytest.raises(ValueError, match="name="):
        function_tool(lambda: 5)
    assert parameters(lambda: 5, name="five") == object_schema()
    with pytest.raises(TypeError, match=r"'x'.*no type hint"):
        function_tool(lambda x: x, name="same")


def returns_what_is_nowhere(x: int) -> Nowhere:  # type: ignore[name-defined]  # noqa: F821
    return x


def test_the_return_hint_does_not_matter() -> None:
    assert parameters(returns_what_is_nowhere) == object_schema(["x"], x=INTEGER)


# Strict mode.


def closed_everywhere(
    box: Box,
    options: Options,
    empty: Empty,
    closed: Annotated[dict, Field(json_schema_extra={"additionalProperties": False})],  # type: ignore[type-arg]
    pet: Annotated[Cat | Dog, Field(discriminator="kind")],
    unit: Annotated[Unit, Field(description="Which scale.")] = Unit.CELSIUS,
    point: tuple[float, float] = (0.0, 0.0),
    name: Annotated[str, Field(min_length=2, max_length=5, pattern="^[a-z]+$", title="Name")] = "ab",
    tags: Annotated[set[str], Field(description="Words.", max_length=3)] = frozenset(),  # type: ignore[assignment]
    price: decimal.Decimal | None = None,
    when: datetime.datetime | None = None,
    word: str = "größe",
    kind: str = "time",
    path: Annotated[str, Field(json_schema_extra={"format": "path", "x-note": "?", "examples": ["a"]})] = "",
) -> None: ...


KNOWN = {
    *("type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "$ref", "$defs"),
    *("description", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("multipleOf", "minItems", "maxItems"),
}
FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}


def schemas_in(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema in a strict one."""
    yield schema
    for key in ("properties", "$defs"):
        for each in schema.get(key, {}).values():
            yield from schemas_in(each)
    for each in schema.get("anyOf", []):
        yield from schemas_in(each)
    if "items" in schema:
        yield from schemas_in(schema["items"])


def assert_strict(root: dict[str, Any]) -> None:
    """The rules of strict mode, written down a second time."""
    jsonschema.Draft202012Validator.check_schema(root)
    assert root["type"] == "object"
    for schema in schemas_in(root):
        assert set(schema) <= KNOWN, schema
        assert set(schema) & {"type", "anyOf", "$ref", "enum", "const"}, schema
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert schema["required"] == list(schema["properties"])
        if schema.get("type") == "array":
            assert "items" in schema
        if "$ref" in schema:
            assert set(schema) == {"$ref"}
        if "format" in schema:
            assert schema["format"] in FORMATS


LOOSE = (anything, bare_list, mapping, pair, default_that_is_no_json)
STRICT = [function for function in TYPES if function not in LOOSE]


@pytest.mark.parametrize("function", [*STRICT, closed_everywhere, forecast], ids=lambda value: value.__name__)
def test_strict_schemas(function: Callable[..., Any]) -> None:
    definition: Any = function_tool(function, strict=True)["function"]
    assert definition["strict"] is True
    assert_strict(definition["parameters"])


def test_what_strict_mode_has_no_keyword_for_is_said() -> None:
    schema = parameters(closed_everywhere, strict=True)
    said = {name: each.get("description") for name, each in schema["properties"].items()}
    assert said["name"] == 'Length at least 2; length at most 5; default: "ab".'
    assert said["tags"] == "Words. (no item twice; default: [])"
    assert said["unit"] == 'Which scale. (default: "C")'
    assert (said["word"], said["kind"]) == ('Default: "größe".', 'Default: "time".')
    assert said["path"] == 'Format: path; default: "".'
    assert schema["properties"]["name"]["pattern"] == "^[a-z]+$"
    assert schema["properties"]["point"]["items"] == {"type": "number"}
    assert schema["properties"]["pet"]["anyOf"] == [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]


def open_object(x: Open) -> None: ...
def both(x: Annotated[int, Field(json_schema_extra={"allOf": [{"minimum": 3}]})]) -> None: ...
def unlike(x: Annotated[int, Field(json_schema_extra={"not": {"const": 3}})]) -> None: ...
def spans(x: Span) -> None: ...
def growing(x: Annotated[tuple[int, int], Field(json_schema_extra={"minItems": 1})]) -> None: ...
def unlisted(x: Annotated[list[int], pydantic.WithJsonSchema({"type": "array"})]) -> None: ...
def listed(x: dict[str, list]) -> None: ...  # type: ignore[type-arg]
def deep(x: list[dict[str, list[int]]]) -> None: ...
def inside_class(x: list[Holder]) -> None: ...
def looking_around(x: Annotated[str, Field(json_schema_extra={"pattern": "^(?!a)"})]) -> None: ...


class Holder(pydantic.BaseModel):
    """Has a field of no fixed form."""

    notes: dict[str, Any]


def test_open_objects_are_closed_in_strict_mode_only() -> None:
    described = {
        "type": "object",
        "description": "Takes more than it says.",
        "properties": {"name": {"type": "string"}},
    }
    described["required"] = ["name"]
    assert parameters(open_object)["$defs"] == {"Open": described}
    assert parameters(open_object, strict=True)["$defs"] == {"Open": described | {"additionalProperties": False}}


def test_strict_mode_knows_some_formats() -> None:
    assert parameters(moment, strict=True) == parameters(moment)
    assert parameters(binary, strict=True)["properties"]["x"] == {"type": "string", "description": "Format: binary."}


def test_patterns_that_look_around_are_said() -> None:
    assert parameters(looking_around, strict=True)["properties"] == {
        "x": {"type": "string", "description": "Pattern: ^(?!a)."}
    }


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (anything, ["at x;", "any type"]),
        (bare_list, ["at x[];", "any type"]),
        (mapping, ["at x;", "any keys"]),
        (pair, ["at x;", "tuple"]),
        (growing, ["at x;", "tuple"]),
        (unlisted, ["at x;", "a list of anything"]),
        (spans, ["at Span;", "tuple"]),
        (listed, ["at x[][];", "any type"]),
        (both, ["at x;", "further schemas"]),
        (unlike, ["at x;", "must not fit"]),
        (deep, ["at x[];", "any keys"]),
        (inside_class, ["at Holder.notes;", "any keys"]),
        (classes, ["at Place.note;", "any type"]),
        (further, ["**kwargs"]),
        (anything_further, ["**kwargs"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_strict_mode_cannot_express(function: Callable[..., Any], said: list[str]) -> None:
    with pytest.raises(ValueError, match="strict") as caught:
        function_tool(function, strict=True)
    for each in [*said, f"'{function.__name__}'"]:
        assert each in str(caught.value)
    function_tool(function, strict=False)
