"""What is wrong with a request, in the API's words; and that jsonschema agrees on what is wrong at all."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from openai_assistants.server.spec import ApiError, Spec, SpecError, Validator, refuse_unknown_keywords

from .support import LOOKUP, Api, validator

pytestmark = pytest.mark.once

ASSISTANT = {"model": "m"}
RUN = {"assistant_id": "asst_1"}
MESSAGE = {"role": "user", "content": "hi"}


def function(**changes: Any) -> dict[str, Any]:
    return {"tools": [{"type": "function", "function": {"name": "f", **changes}}]}


# operation, body, param, code, message
WRONG: list[tuple[str, Any, str | None, str, str]] = [
    ("createRun", {}, "assistant_id", "missing_required_parameter", "Missing required parameter: 'assistant_id'."),
    ("createRun", RUN | {"foo": 1}, "foo", "unknown_parameter", "Unknown parameter: 'foo'."),
    ("createRun", {"foo": 1}, "foo", "unknown_parameter", "Unknown parameter: 'foo'."),
    (
        "createAssistant", ASSISTANT | {"name": 5}, "name", "invalid_type",
        "Invalid type for 'name': expected a string, but got an integer instead.",
    ),
    (
        "createAssistant", {"model": None}, "model", "invalid_type",
        "Invalid type for 'model': expected a string, but got null instead.",
    ),
    (
        "createAssistant", ASSISTANT | {"name": "x" * 300}, "name", "string_above_max_length",
        "Invalid 'name': string too long. Expected a string with maximum length 256, "
        "but got a string with length 300 instead.",
    ),
    (
        "createAssistant", ASSISTANT | {"temperature": 2.5}, "temperature", "decimal_above_max_value",
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
    ),
    (
        "createAssistant", ASSISTANT | {"top_p": -1}, "top_p", "decimal_below_min_value",
        "Invalid 'top_p': decimal below minimum value. Expected a value >= 0, but got -1 instead.",
    ),
    (
        "createAssistant", ASSISTANT | {"temperature": "hot"}, "temperature", "invalid_type",
        "Invalid type for 'temperature': expected a decimal, but got a string instead.",
    ),
    (
        "createAssistant", ASSISTANT | {"temperature": True}, "temperature", "invalid_type",
        "Invalid type for 'temperature': expected a decimal, but got a boolean instead.",
    ),
    (
        "createAssistant", ASSISTANT | {"tools": [LOOKUP] * 129}, "tools", "array_above_max_length",
        "Invalid 'tools': array too long. Expected an array with maximum length 128, "
        "but got an array with length 129 instead.",
    ),
    (
        "createAssistant", ASSISTANT | {"tools": {}}, "tools", "invalid_type",
        "Invalid type for 'tools': expected an array of objects, but got an object instead.",
    ),
    (
        "createAssistant", ASSISTANT | {"tools": [{"type": "retrieval"}]}, "tools[0].type", "invalid_value",
        "Invalid value: 'retrieval'. Supported values are: 'code_interpreter', 'file_search', and 'function'.",
    ),
    (
        "createAssistant", ASSISTANT | {"tools": [{}]}, "tools[0].type", "missing_required_parameter",
        "Missing required parameter: 'tools[0].type'.",
    ),
    (
        "createAssistant", ASSISTANT | {"tools": ["x"]}, "tools[0]", "invalid_type",
        "Invalid type for 'tools[0]': expected an object, but got a string instead.",
    ),
    (
        "createAssistant", ASSISTANT | {"tools": [{"type": "function"}]}, "tools[0].function",
        "missing_required_parameter", "Missing required parameter: 'tools[0].function'.",
    ),
    (
        "createAssistant", ASSISTANT | function(name=7), "tools[0].function.name", "invalid_type",
        "Invalid type for 'tools[0].function.name': expected a string, but got an integer instead.",
    ),
    (
        "createAssistant", ASSISTANT | function(colour="red"), "tools[0].function.colour", "unknown_parameter",
        "Unknown parameter: 'tools[0].function.colour'.",
    ),
    (
        "createAssistant", ASSISTANT | {"metadata": {str(n): "v" for n in range(17)}}, "metadata",
        "object_above_max_properties",
        "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, "
        "but got an object with 17 properties instead.",
    ),
    (
        "createAssistant", ASSISTANT | {"metadata": {"k": 1}}, "metadata.k", "invalid_type",
        "Invalid type for 'metadata.k': expected a string, but got an integer instead.",
    ),
    (
        "createAssistant", ASSISTANT | {"metadata": {"k": "v" * 513}}, "metadata.k", "string_above_max_length",
        "Invalid 'metadata.k': string too long. Expected a string with maximum length 512, "
        "but got a string with length 513 instead.",
    ),
    (
        "createAssistant", ASSISTANT | {"response_format": "json"}, "response_format", "invalid_value",
        "Invalid value: 'json'. Value must be 'auto'.",
    ),
    (
        "createAssistant", ASSISTANT | {"response_format": {"type": "xml"}}, "response_format.type", "invalid_value",
        "Invalid value: 'xml'. Supported values are: 'text', 'json_object', and 'json_schema'.",
    ),
    (
        "createAssistant", ASSISTANT | {"response_format": 3}, "response_format", "invalid_type",
        "Invalid type for 'response_format': expected one of a string or object, but got an integer instead.",
    ),
    (
        "createMessage", {"role": "system", "content": "x"}, "role", "invalid_value",
        "Invalid value: 'system'. Supported values are: 'user' and 'assistant'.",
    ),
    (
        "createMessage", {"role": "user", "content": 1}, "content", "invalid_type",
        "Invalid type for 'content': expected one of a string or array of objects, but got an integer instead.",
    ),
    (
        "createMessage", {"role": "user", "content": []}, "content", "empty_array",
        "Invalid 'content': array too short. Expected an array with minimum length 1, but got an empty array instead.",
    ),
    (
        "createMessage", {"role": "user", "content": [{"type": "text", "text": {"value": "x"}}]}, "content[0].text",
        "invalid_type", "Invalid type for 'content[0].text': expected a string, but got an object instead.",
    ),
    (
        "createMessage", {"role": "user", "content": [{"type": "image_file", "image_file": {"detail": "low"}}]},
        "content[0].image_file.file_id", "missing_required_parameter",
        "Missing required parameter: 'content[0].image_file.file_id'.",
    ),
    (
        "createRun", RUN | {"max_completion_tokens": 255}, "max_completion_tokens", "integer_below_min_value",
        "Invalid 'max_completion_tokens': integer below minimum value. Expected a value >= 256, but got 255 instead.",
    ),
    (
        "createRun", RUN | {"tool_choice": "never"}, "tool_choice", "invalid_value",
        "Invalid value: 'never'. Supported values are: 'none', 'auto', and 'required'.",
    ),
    (
        "createRun", RUN | {"tool_choice": {"type": "function", "function": {}}}, "tool_choice.function.name",
        "missing_required_parameter", "Missing required parameter: 'tool_choice.function.name'.",
    ),
    (
        "createRun", RUN | {"truncation_strategy": {"type": "first"}}, "truncation_strategy.type", "invalid_value",
        "Invalid value: 'first'. Supported values are: 'auto' and 'last_messages'.",
    ),
    (
        "createRun", RUN | {"additional_messages": [MESSAGE, {"role": "user"}]}, "additional_messages[1].content",
        "missing_required_parameter", "Missing required parameter: 'additional_messages[1].content'.",
    ),
    (
        "createRun", RUN | {"stream": "yes"}, "stream", "invalid_type",
        "Invalid type for 'stream': expected a boolean, but got a string instead.",
    ),
    ("createThread", [], None, "invalid_type", "Invalid type: expected an object, but got an array instead."),
]  # fmt: skip

RIGHT: list[tuple[str, Any]] = [
    ("createAssistant", ASSISTANT),
    ("createAssistant", ASSISTANT | {"name": None, "temperature": 1, "metadata": None, "response_format": "auto"}),
    ("createAssistant", ASSISTANT | {"tools": [LOOKUP, {"type": "code_interpreter"}, {"type": "file_search"}]}),
    ("createAssistant", ASSISTANT | {"response_format": {"type": "json_schema", "json_schema": {"name": "n"}}}),
    ("createAssistant", ASSISTANT | {"tool_resources": {"file_search": {"vector_store_ids": ["vs_1"]}}}),
    ("createAssistant", ASSISTANT | function(parameters={"anything": {"goes": [1, None]}}, strict=None)),
    ("createMessage", MESSAGE | {"attachments": None}),
    ("createMessage", {"role": "user", "content": [{"type": "text", "text": "a"}]}),
    ("createRun", RUN | {"tool_choice": {"type": "function", "function": {"name": "f"}}, "stream": None}),
    ("createRun", RUN | {"truncation_strategy": {"type": "last_messages", "last_messages": 3}, "tools": None}),
    ("createThread", {"tool_resources": None, "metadata": {"k": "v"}}),
    ("submitToolOuputsToRun", {"tool_outputs": [{"tool_call_id": "call_1", "output": "x"}], "stream": True}),
]

COMPONENTS = {
    "createAssistant": "CreateAssistantRequest",
    "createMessage": "CreateMessageRequest",
    "createRun": "CreateRunRequest",
    "createThread": "CreateThreadRequest",
    "submitToolOuputsToRun": "SubmitToolOutputsRunRequest",
}


@pytest.fixture(scope="module")
def spec() -> Spec:
    return Spec.load()


@pytest.mark.parametrize(("operation", "body", "param", "code", "message"), WRONG)
def test_wrong_bodies(spec: Spec, operation: str, body: Any, param: str | None, code: str, message: str) -> None:
    with pytest.raises(ApiError) as caught:
        Validator(spec).body(spec.operations[operation], body)
    error = caught.value
    assert (error.message, error.param, error.code) == (message, param, code)
    assert (error.status, error.type) == (400, "invalid_request_error")


@pytest.mark.parametrize(("operation", "body"), RIGHT)
def test_right_bodies(spec: Spec, operation: str, body: Any) -> None:
    assert Validator(spec).body(spec.operations[operation], body) is body


@pytest.mark.parametrize(("operation", "body"), RIGHT)
def test_jsonschema_accepts_the_right_bodies_too(operation: str, body: Any) -> None:
    assert validator(f"/components/schemas/{COMPONENTS[operation]}").is_valid(body)


def test_jsonschema_refuses_what_is_refused_here() -> None:
    """Apart from unknown keys in nested objects, which the API refuses and the schemas leave open."""
    agreed = [
        validator(f"/components/schemas/{COMPONENTS[operation]}").is_valid(body)
        for operation, body, param, code, _ in WRONG
        if not (code == "unknown_parameter" and "." in str(param))
    ]
    assert agreed == [False] * (len(WRONG) - 1)


# Values to put at every place of the right bodies; what jsonschema says about the result is what the server must say.
ODD: list[Any] = [None, 0, -1, 3, 1e9, 0.5, True, "", "x" * 600, "user", "auto", [], ["x"], [{}], {}, {"type": "text"}]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, child in children for place in places(child, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


def test_agrees_with_jsonschema_when_any_value_is_replaced(spec: Spec) -> None:
    checked = 0
    for operation, body in RIGHT:
        schema = validator(f"/components/schemas/{COMPONENTS[operation]}")
        for place in places(body):
            for odd in ODD:
                if isinstance(odd, float) and odd.is_integer():
                    continue  # for JSON Schema 1e9 is an integer; here it is not
                changed = replaced(body, place, odd)
                try:
                    Validator.body(_cached(spec), spec.operations[operation], changed)
                    accepted = True
                except ApiError as error:
                    if error.code == "unknown_parameter":
                        continue
                    accepted = False
                assert accepted == schema.is_valid(changed), (operation, place, odd)
                checked += 1
    assert checked > 500


_validators: dict[int, Validator] = {}


def _cached(spec: Spec) -> Validator:
    return _validators.setdefault(id(spec), Validator(spec))


@pytest.mark.parametrize("keyword", ["multipleOf", "allOf"])
def test_a_keyword_that_is_not_checked_is_refused_when_the_spec_is_loaded(spec: Spec, keyword: str) -> None:
    with pytest.raises(SpecError, match=keyword):
        refuse_unknown_keywords(spec, {"type": "object", "properties": {"n": {"type": "integer", keyword: [{}]}}})


# What the API's own operations happen not to use, as long as they are what they are.


def small_spec(*paths: str, body: Any = None, query: Any = ()) -> Spec:
    """A spec with these paths, whose operations are all the same."""
    parameters = [{"name": name, "in": "query", **fields} for name, fields in dict(query).items()]
    content = {"application/json": {"schema": body or {}}}
    operations = {
        path: {
            "post": {
                "operationId": path,
                "parameters": parameters,
                "requestBody": {"content": content},
                "responses": {},
            }
        }
        for path in paths or ("/things",)
    }
    return Spec({"info": {"version": "v2"}, "components": {"schemas": {}}, "paths": operations})


def tagged(tag: str, **fields: Any) -> dict[str, Any]:
    """One of several objects."""
    return {"type": "object", "properties": {"kind": {"const": tag}, **fields}, "required": ["kind"]}


TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
NAMED, NUMBERED = (
    {"type": "object", "properties": {key: kind}, "required": [key]} for key, kind in (("name", TEXT), ("n", NUMBER))
)


@pytest.mark.parametrize(
    ("schema", "good", "bad", "param", "code", "message"),
    [
        (
            {"const": "x"}, "x", "y", "a", "invalid_value", "Invalid value: 'y'. Value must be 'x'.",
        ),
        (
            {"type": "string", "minLength": 3}, "abc", "ab", "a", "string_below_min_length",
            "Invalid 'a': string too short. Expected a string with minimum length 3, "
            "but got a string with length 2 instead.",
        ),
        (
            {"type": "string", "minLength": 3}, "abcd", "", "a", "empty_string",
            "Invalid 'a': string too short. Expected a string with minimum length 3, but got an empty string instead.",
        ),
        (
            {"type": "string", "pattern": "^[a-z]+$"}, "abc", "a-c", "a", "invalid_value",
            "Invalid 'a': string does not match pattern. Expected a string that matches the pattern '^[a-z]+$'.",
        ),
        (
            {"type": "object", "minProperties": 2}, {"b": 1, "c": 2}, {"b": 1}, "a", "object_below_min_properties",
            "Invalid 'a': not enough properties. Expected an object with at least 2 properties, "
            "but got an object with 1 properties instead.",
        ),
        (
            {"anyOf": [{"type": "string", "enum": ["b", "c"]}, {"const": "d"}]}, "d", "e", "a", "invalid_value",
            "Invalid value: 'e'. Supported values are: 'b', 'c', and 'd'.",
        ),
        (
            {"anyOf": [NAMED, NUMBERED]}, {"n": 1}, {"n": "1"}, "a.n", "unknown_parameter",
            "Unknown parameter: 'a.n'.",
        ),
        (
            {"oneOf": [tagged("b", n=NUMBER), tagged("c", n=TEXT)]}, {"kind": "c", "n": "x"}, {"kind": "b", "n": "x"},
            "a.n", "invalid_type", "Invalid type for 'a.n': expected an integer, but got a string instead.",
        ),
    ],
)  # fmt: skip
def test_every_keyword(schema: Any, good: Any, bad: Any, param: str, code: str, message: str) -> None:
    spec = small_spec(body={"type": "object", "properties": {"a": schema}})
    operation = spec.operations["/things"]
    assert Validator(spec).body(operation, {"a": good}) == {"a": good}
    with pytest.raises(ApiError) as caught:
        Validator(spec).body(operation, {"a": bad})
    assert (caught.value.param, caught.value.code, caught.value.message) == (param, code, message)
    assert (Draft202012Validator(schema).is_valid(good), Draft202012Validator(schema).is_valid(bad)) == (True, False)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("number", "0.5", 0.5), ("number", "-2", -2.0), ("boolean", "true", True), ("boolean", "false", False),
        ("integer", "+7", 7), ("string", "0.5", "0.5"),
    ],
)  # fmt: skip
def test_values_of_a_query_have_the_type_that_is_wanted(kind: str, text: str, value: Any) -> None:
    spec = small_spec(query={"a": {"schema": {"type": kind}}})
    found = Validator(spec).query(spec.operations["/things"], [("a", text)])
    assert (found, type(found["a"])) == ({"a": value}, type(value))


@pytest.mark.parametrize(("kind", "text"), [("number", "1e5"), ("boolean", "True"), ("integer", "1.0")])
def test_values_of_a_query_with_another_type(kind: str, text: str) -> None:
    spec = small_spec(query={"a": {"schema": {"type": kind}}})
    with pytest.raises(ApiError, match=r"Invalid type for 'a'.*but got a string instead"):
        Validator(spec).query(spec.operations["/things"], [("a", text)])


def test_a_parameter_that_must_be_there() -> None:
    spec = small_spec(query={"a": {"schema": TEXT, "required": True}, "b": {"schema": TEXT}})
    with pytest.raises(ApiError) as caught:
        Validator(spec).query(spec.operations["/things"], [("b", "x")])
    assert (caught.value.param, caught.value.code) == ("a", "missing_required_parameter")


def test_a_parameter_of_the_path_has_one_name() -> None:
    with pytest.raises(SpecError, match="two names for one path parameter: thing_id, other_id"):
        small_spec("/things/{thing_id}", "/things/{other_id}/parts")


@pytest.mark.parametrize(
    ("query", "param", "code", "message"),
    [
        (
            {"limit": 0}, "limit", "integer_below_min_value",
            "Invalid 'limit': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        ),
        (
            {"limit": 101}, "limit", "integer_above_max_value",
            "Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 101 instead.",
        ),
        (
            {"limit": "many"}, "limit", "invalid_type",
            "Invalid type for 'limit': expected an integer, but got a string instead.",
        ),
        (
            {"order": "up"}, "order", "invalid_value",
            "Invalid value: 'up'. Supported values are: 'asc' and 'desc'.",
        ),
    ],
)  # fmt: skip
def test_wrong_queries(api: Api, query: dict[str, Any], param: str, code: str, message: str) -> None:
    status, error = api.error("GET", "/assistants", params=query)
    assert (status, error["param"], error["code"], error["message"]) == (400, param, code, message)


def test_wrong_include(api: Api) -> None:
    status, error = api.error("POST", "/threads/thread_x/runs", params={"include[]": "everything"}, json=RUN)
    assert (status, error["param"], error["code"]) == (400, "include[0]", "invalid_value")


def test_unknown_query_parameters_are_let_through(api: Api) -> None:
    assert api.get("/assistants", **{"api-version": "2024-05-01-preview"})["data"] == []
