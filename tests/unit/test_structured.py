"""Structured output: types as response formats, and messages read as types, whatever the model wrote around."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Annotated, Any, Generic, TypeVar

import jsonschema
import pydantic
import pytest
from hypothesis import given, strategies as st
from pydantic import Field
from typing_extensions import TypedDict

from openai_assistants import StructuredOutputError, parse_message, response_format_for
from openai_assistants._json_schemas import read_output
from openai_assistants.types.beta.threads import Message
from openai_assistants.types.shared import ResponseFormatJSONSchema

from .test_functions import assert_strict

T = TypeVar("T")


class Step(pydantic.BaseModel):
    """One step."""

    what: str
    minutes: int = 5


class Recipe(pydantic.BaseModel):
    """How to cook something."""

    name: Annotated[str, Field(min_length=1, description="What it is called.")]
    steps: list[Step]


class Node(pydantic.BaseModel):
    value: int
    next: Node | None = None


class Settings(pydantic.BaseModel):
    """Everything has a default."""

    depth: int = 0
    inner: dict[str, int] = {}


class Page(pydantic.BaseModel, Generic[T]):
    items: list[T]


@dataclasses.dataclass
class Point:
    x: float
    y: float = 0.0


class Tagged(TypedDict):
    tag: str


class Opaque:
    """Something that pydantic does not know."""


class Holder(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)
    opaque: Opaque


RECIPE = {"name": "Tea", "steps": [{"what": "Boil", "minutes": 3}]}
TEA = Recipe(name="Tea", steps=[Step(what="Boil", minutes=3)])


# The format.


def test_a_model_as_response_format() -> None:
    assert response_format_for(Recipe) == {
        "type": "json_schema",
        "json_schema": {
            "name": "Recipe",
            "strict": True,
            "schema": {
                "type": "object",
                "description": "How to cook something.",
                "properties": {
                    "name": {"type": "string", "description": "What it is called. (length at least 1)"},
                    "steps": {"type": "array", "items": {"$ref": "#/$defs/Step"}},
                },
                "required": ["name", "steps"],
                "additionalProperties": False,
                "$defs": {
                    "Step": {
                        "type": "object",
                        "description": "One step.",
                        "properties": {
                            "what": {"type": "string"},
                            "minutes": {"type": "integer", "description": "Default: 5."},
                        },
                        "required": ["what", "minutes"],
                        "additionalProperties": False,
                    }
                },
            },
        },
    }


def test_the_api_gives_it_back_as_it_was() -> None:
    shown = response_format_for(Recipe, name="recipe-2", description="A recipe.", strict=False)
    assert ResponseFormatJSONSchema.model_validate(shown).to_dict() == shown
    described: Any = shown["json_schema"]
    assert (described["name"], described["description"], described["strict"]) == ("recipe-2", "A recipe.", False)
    assert described["schema"]["$defs"]["Step"]["properties"]["minutes"] == {"type": "integer", "default": 5}


@pytest.mark.parametrize(
    ("into", "name"),
    [(Recipe, "Recipe"), (Node, "Node"), (Point, "Point"), (Tagged, "Tagged"), (Page[Step], "Page_Step")],
    ids=str,
)
def test_types_that_strict_mode_can_express(into: Any, name: str) -> None:
    described: Any = response_format_for(into)["json_schema"]
    assert (described["name"], described["strict"]) == (name, True)
    assert_strict(described["schema"])


def test_types_that_strict_mode_cannot_express() -> None:
    described: Any = response_format_for(Settings)["json_schema"]
    assert described["strict"] is False
    assert described["schema"]["properties"]["inner"]["additionalProperties"] == {"type": "integer"}
    jsonschema.Draft202012Validator.check_schema(described["schema"])
    with pytest.raises(ValueError, match=r"Settings.*strict mode cannot express.*inner"):
        response_format_for(Settings, strict=True)


def test_a_map_as_response_format_is_only_a_guide() -> None:
    described: Any = response_format_for(dict[str, int])["json_schema"]
    assert (described["name"], described["strict"]) == ("dict", False)
    with pytest.raises(ValueError, match="at the top"):
        response_format_for(dict[str, int], strict=True)


@pytest.mark.parametrize(
    "into", [int, list[int], Opaque, Holder, pydantic.RootModel[list[int]], int | str, None], ids=str
)
def test_types_that_are_no_json_object(into: Any) -> None:
    name = getattr(into, "__name__", None) or str(into)
    with pytest.raises(TypeError, match=rf"^{re.escape(name)} .*JSON"):
        response_format_for(into)


@pytest.mark.parametrize("name", ["a b", "", "x" * 65])
def test_names(name: str) -> None:
    with pytest.raises(ValueError, match="64"):
        response_format_for(Recipe, name=name)


def test_a_long_name_of_a_type_is_cut() -> None:
    long = pydantic.create_model("L" * 100, x=(int, ...))
    assert response_format_for(long)["json_schema"]["name"] == "L" * 64  # type: ignore[index]


# The message.


def text_block(value: str) -> dict[str, Any]:
    return {"type": "text", "text": {"value": value, "annotations": []}}


def message(*content: str | dict[str, Any], **fields: Any) -> Message:
    return Message.model_validate(
        {
            "id": "msg_1",
            "object": "thread.message",
            "created_at": 1,
            "thread_id": "thread_1",
            "status": "completed",
            "role": "assistant",
            "content": [text_block(each) if isinstance(each, str) else each for each in content],
            "metadata": {},
            **fields,
        }
    )


TEXT = json.dumps(RECIPE)
PRETTY = json.dumps(RECIPE, indent=2)


@pytest.mark.parametrize(
    "content",
    [
        [TEXT],
        [PRETTY],
        [f"\n  {TEXT}\n"],
        [f"```json\n{PRETTY}\n```"],
        [f"```\n{TEXT}\n```"],
        [f"Here you are:\n```json\n{PRETTY}\n```\nAnything else? :-}}"],
        [f"The form is {{name, steps}}. {TEXT}"],
        [f'First I thought {{"name": "Coffee"}}, but no: {TEXT}'],
        [f'First I thought {{"name": "Coffee", "steps": []}}, but no: {TEXT}'],
        [f'{TEXT} Not {{"name": 1}}.'],
        [json.dumps(TEXT)],
        ["Here you are:", TEXT],
        [TEXT[:10], TEXT[10:]],
        [{"type": "image_file", "image_file": {"file_id": "file_1"}}, TEXT],
        [{"type": "hologram", "hologram": {"size": 3}}, TEXT],
        ["}{ " * 10_000 + TEXT],
        ["{{ " * 10_000 + TEXT],
        ['{"a" ' * 500 + TEXT],
    ],
    ids=lambda content: str(content)[:50],
)
def test_forms_in_which_models_write_json(content: list[Any]) -> None:
    assert parse_message(message(*content), Recipe) == TEA


def test_other_types_than_models() -> None:
    assert parse_message(message('{"x": 1}'), Point) == Point(1.0)
    assert parse_message(message('{"tag": "a"}'), Tagged) == {"tag": "a"}
    assert parse_message(message('{"items": [{"what": "x"}]}'), Page[Step]).items == [Step(what="x")]
    assert parse_message(message('{"value": 1, "next": {"value": "2"}}'), Node) == Node(value=1, next=Node(value=2))


def failure(into: Any, *content: str | dict[str, Any], **fields: Any) -> StructuredOutputError:
    with pytest.raises(StructuredOutputError) as caught:
        parse_message(message(*content, **fields), into)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 1000
    return caught.value


def test_a_run_that_wrote_nothing() -> None:
    with pytest.raises(StructuredOutputError, match="wrote no message") as caught:
        read_output([], Recipe)
    assert caught.value.text == ""


def test_a_refusal() -> None:
    error = failure(Recipe, {"type": "refusal", "refusal": "I cannot help with that."})
    assert str(error) == "The model refused to answer: I cannot help with that."
    assert (error.refusal, error.text, error.errors) == ("I cannot help with that.", "", ())


def test_a_refusal_counts_even_if_there_is_json() -> None:
    error = failure(Recipe, TEXT, {"type": "refusal", "refusal": "No."})
    assert (error.refusal, error.text) == ("No.", TEXT)


WITHOUT_JSON = ["I cannot.", "", "{", "[1, 2]", "{'name': 'Tea'}", TEXT[:-1], '"', '"{"']
WITHOUT_JSON += ["[" * 100_000, '{"a":' * 50_000, "{ " * 500_000, '{"' * 500_000]


@pytest.mark.parametrize("text", WITHOUT_JSON, ids=lambda text: text[:20])
def test_no_json(text: str) -> None:
    error = failure(Recipe, text)
    assert "msg_1" in str(error)
    assert (error.text, error.refusal) == (text, None)
    [problem] = error.errors
    assert "Recipe" in problem.expected


def test_what_the_message_says_is_shown() -> None:
    assert str(failure(Recipe, " I cannot. ")).endswith("it has no JSON object that is whole: 'I cannot.'")
    assert str(failure(Recipe, "x" * 300)).endswith(f": '{'x' * 200}...'")
    assert str(failure(Recipe, " ")).endswith("it has no text")


def test_after_a_thousand_broken_objects_the_answer_is_no_longer_looked_for() -> None:
    assert failure(Recipe, '{"a" ' * 1001 + TEXT).errors


def test_json_of_another_form() -> None:
    error = failure(Recipe, '{"name": "", "steps": [{"what": "Boil", "minutes": "many"}]}')
    assert [each.path for each in error.errors] == ["name", "steps[0].minutes"]
    assert error.errors[1].got == "many"
    assert "no Recipe: name: String should have at least 1 character" in str(error)
    assert "more" not in str(error)


def test_of_several_objects_the_last_one_is_reported() -> None:
    error = failure(Recipe, '{"name": "Coffee"} and {"steps": []}')
    assert [each.path for each in error.errors] == ["name"]


def test_many_errors_are_shortened() -> None:
    error = failure(Page[Step], json.dumps({"items": [{}] * 100}))
    assert len(error.errors) == 100
    assert "and 95 more" in str(error)


@pytest.mark.parametrize(
    "text",
    [
        '{"depth": 3, "inner": {"a": 1}',
        '{"depth": 3, "inner": {"depth": 7}, ',
        '{"depth": 3, "inner": {"depth": 7},}',
        '{"inner": {"depth": 7} "depth": 3}',
        '{"note": "not closed {"depth": 7}',
        '{"note": "not closed {}',
    ],
)
def test_a_part_of_a_broken_object_is_never_the_answer(text: str) -> None:
    failure(Settings, text)


def test_a_message_that_ended_early() -> None:
    error = failure(Recipe, TEXT[:20], status="incomplete", incomplete_details={"reason": "max_tokens"})
    assert "ended early: max_tokens" in str(error)
    assert "ended early" in str(failure(Recipe, status="incomplete"))
    assert "ended early" not in str(failure(Recipe, TEXT[:20]))
    whole = message(TEXT, status="incomplete", incomplete_details={"reason": "max_tokens"})
    assert parse_message(whole, Recipe) == TEA


def test_lone_surrogates() -> None:
    for text in ('{"name": "\\ud800", "steps": []}', '{"name": "\ud800", "steps": []}'):
        assert failure(Recipe, text).errors


pieces = st.sampled_from(['{"depth": 1}', "{", "}", '"', "[", ",", '"depth":', "1", "a", "\\", "```", "\n", "\ud800"])


@given(st.lists(pieces, max_size=30).map("".join))
def test_any_text_is_an_answer_or_the_error(text: str) -> None:
    try:
        answer = parse_message(message(text), Settings)
    except StructuredOutputError as error:
        assert error.text == text
    else:
        assert isinstance(answer, Settings)
        assert "{" in text


@given(st.text(alphabet="abc '.,:;[]()!?\n"), st.text(alphabet="abc '.,:;[]()!?\n"), st.integers(), st.text())
def test_text_around_the_answer_does_not_matter(before: str, after: str, value: int, name: str) -> None:
    text = json.dumps({"depth": value, "name": name})
    assert parse_message(message(before + text + after), Settings) == Settings(depth=value)
