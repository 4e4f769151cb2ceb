"""Assistants."""

from __future__ import annotations

from typing import Any, Final

from ..spec import JsonObject
from ..store import records
from ..store.records import Window
from ..store.tables import assistants
from . import Call, deleted, handles, merge, tool_resources
from .tool_checks import check_tools

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


@handles("createAssistant")
def create(call: Call) -> JsonObject:
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
def retrieve(call: Call) -> JsonObject:
    """One assistant."""
    return records.read(call.tx, assistants, call.path["assistant_id"])


@handles("modifyAssistant")
def update(call: Call) -> JsonObject:
    """Change the fields that are given."""
    current = records.read(call.tx, assistants, call.path["assistant_id"])
    data = _normal(merge(current, _with_resources(call), _DEFAULTS | {"model": current["model"]}))
    return records.put(call.tx, assistants, data, model=data["model"])


@handles("deleteAssistant")
def delete(call: Call) -> JsonObject:
    """Delete an assistant; its runs stay."""
    assistant_id = call.path["assistant_id"]
    records.get(call.tx, assistants, assistant_id)
    records.remove(call.tx, assistants, assistant_id)
    return deleted(assistant_id, "assistant.deleted")


@handles("listAssistants")
def list_all(call: Call) -> JsonObject:
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
