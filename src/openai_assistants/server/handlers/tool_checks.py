"""What a schema cannot say, or says in its text only, about the tools and formats that a request gives."""

from __future__ import annotations

import re
from typing import Any, Final

from ..errors import ApiError
from ..spec import JsonObject, child, is_object

_NAME: Final = r"^[a-zA-Z0-9_-]+$"
_MAX_NAME: Final = 64


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
