"""Assistants, the checks of the tools that they and runs have, and models: the routes of this server and the names that
are in use.
"""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import select

from ..spec import ApiError, JsonObject, child, is_object
from ..store import records
from ..store.records import Window, visible
from ..store.tables import assistants, runs
from . import Call, deleted, handles, merge, tool_resources

_DEFAULTS: Final[JsonObject] = {
    "name": None,
    "description": None,
    "instructions": None,
    "tools": [],
    "tool_resources": {},
    "metadata": {},
    "temperature": 1.0,
    "top_p": 1.0,
    "response_format": "auto",
    "reasoning_effort": None,
}

_NAME: Final = r"^[a-zA-Z0-9_-]+$"
_MAX_NAME: Final = 64


@handles("createAssistant")
def create_assistant(call: Call) -> JsonObject:
    """A new assistant."""
    empty: JsonObject = {
        "id": call.tx.ids.new("asst_"),
        "object": "assistant",
        "created_at": call.tx.now,
        "model": call.body["model"],
    }
    data = _normal(merge(empty | _DEFAULTS, _with_resources(call), _DEFAULTS))
    return records.add(call.tx, assistants, data, model=data["model"])


@handles("getAssistant")
def retrieve_assistant(call: Call) -> JsonObject:
    """One assistant."""
    return records.read(call.tx, assistants, call.path["assistant_id"])


@handles("modifyAssistant")
def update_assistant(call: Call) -> JsonObject:
    """Change the fields that are given."""
    current = records.read(call.tx, assistants, call.path["assistant_id"])
    data = _normal(merge(current, _with_resources(call), _DEFAULTS | {"model": current["model"]}))
    return records.put(call.tx, assistants, data, model=data["model"])


@handles("deleteAssistant")
def delete_assistant(call: Call) -> JsonObject:
    """Delete an assistant; its runs stay."""
    assistant_id = call.path["assistant_id"]
    records.get(call.tx, assistants, assistant_id)
    records.remove(call.tx, assistants, assistant_id)
    return deleted(assistant_id, "assistant.deleted")


@handles("listAssistants")
def list_assistants(call: Call) -> JsonObject:
    """A page of assistants."""
    return records.page(call.tx, assistants, Window.of(call.query))


def normal_tools(tools: list[Any] | None) -> list[JsonObject]:
    """Tools as the API answers them: a function says whether it is strict."""
    return [
        tool | {"function": {"strict": False} | tool["function"]} if tool["type"] == "function" else tool
        for tool in tools or ()
    ]


def _with_resources(call: Call) -> JsonObject:
    """The body, looked through, its vector stores created."""
    check_tools(call.body)
    if not call.body.get("tool_resources"):
        return call.body
    return call.body | {"tool_resources": tool_resources(call, call.body)}


def _normal(data: JsonObject) -> JsonObject:
    return data | {"tools": normal_tools(data["tools"])}


# What a schema cannot say, or says in its text only, about the tools and formats that a request gives.


def check_tools(body: JsonObject) -> None:
    """Refuse functions and formats whose names models could not use, and parameters that are no object."""
    for index, tool in enumerate(body.get("tools") or ()):
        if tool["type"] == "function":
            path = f"tools[{index}].function"
            _check_name(tool["function"]["name"], f"{path}.name")
            _check_parameters(tool["function"], f"{path}.parameters")
    wanted = body.get("response_format")
    if is_object(wanted) and wanted["type"] == "json_schema":
        _check_name(wanted["json_schema"]["name"], "response_format.json_schema.name")


def check_choice(choice: str | JsonObject, tools: list[JsonObject]) -> None:
    """Refuse a choice of a tool that the run does not have."""
    if not is_object(choice):
        return
    kind = str(choice["type"])
    if kind != "function":
        if not any(tool["type"] == kind for tool in tools):
            raise ApiError(
                f"Invalid 'tool_choice': the run has no tool of the type '{kind}'.",
                param="tool_choice",
                code="invalid_value",
            )
        return
    if "function" not in choice:
        raise ApiError(
            "Missing required parameter: 'tool_choice.function'.",
            param="tool_choice.function",
            code="missing_required_parameter",
        )
    name: Any = choice["function"]["name"]
    if not any(child(tool, "function").get("name") == name for tool in tools):
        raise ApiError(
            f"Invalid 'tool_choice': the run has no function named '{name}'.", param="tool_choice", code="invalid_value"
        )


def _check_name(name: str, path: str) -> None:
    if not name:
        raise ApiError(
            f"Invalid '{path}': empty string. Expected a string with minimum length 1, but got an empty string "
            "instead.",
            param=path,
            code="empty_string",
        )
    if len(name) > _MAX_NAME:
        raise ApiError(
            f"Invalid '{path}': string too long. Expected a string with maximum length {_MAX_NAME}, "
            f"but got a string with length {len(name)} instead.",
            param=path,
            code="string_above_max_length",
        )
    if re.fullmatch(_NAME, name) is None:
        raise ApiError(
            f"Invalid '{path}': string does not match pattern. Expected a string that matches the pattern '{_NAME}'.",
            param=path,
            code="invalid_value",
        )


def _check_parameters(function: JsonObject, path: str) -> None:
    kind = child(function, "parameters").get("type", "object")
    if kind != "object":
        raise ApiError(
            f"Invalid schema for function '{function['name']}': schema must be a JSON Schema of 'type: \"object\"', "
            f"got 'type: \"{kind}\"'.",
            param=path,
            code="invalid_function_parameters",
        )


# Models.


@handles("listModels")
def list_models(call: Call) -> JsonObject:
    """Every route by its pattern, and every name that an assistant or a run uses."""
    names = [pattern for pattern, _ in call.service.routes.listed()]
    for table in (assistants, runs):
        query = select(table.c.model).where(table.c.deleted.is_(False), *visible(call.tx, table))
        names.extend(call.tx.connection.scalars(query.distinct().order_by(table.c.model)))
    return {"object": "list", "data": [_model(call, name) for name in dict.fromkeys(names)]}


@handles("retrieveModel")
def retrieve_model(call: Call) -> JsonObject:
    """What answers for a name; every name is answered by something."""
    return _model(call, call.path["model"])


@handles("deleteModel")
def delete_model(call: Call) -> JsonObject:
    """Refused: like the API's base models, these are not the caller's."""
    raise ApiError(
        f"The model '{call.path['model']}' is a base model. Only fine-tuned models can be deleted.",
        status=403,
        param="model",
    )


def _model(call: Call, name: str) -> JsonObject:
    routes = dict(call.service.routes.listed())
    model = routes.get(name) or call.service.routes.model_named(name)
    return {
        "id": name,
        "object": "model",
        "created": call.service.started_at,
        "owned_by": f"openai-assistants:{model.name}",
    }
