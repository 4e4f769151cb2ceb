"""Bodies of version 1's requests as version 2 has them; pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ..spec import JsonObject

FILE_TOOLS: Final = ("file_search", "code_interpreter")
"""The tools that read files, as version 2 calls them."""


def tools(wanted: Sequence[JsonObject], before: Sequence[JsonObject] = ()) -> list[JsonObject]:
    """Tools, with what version 1 cannot say about them kept as it was before: the options of file search, and whether
    the arguments of a function are strict, as long as these stay the same."""
    return [_tool(each, before) for each in wanted]


def _tool(wanted: JsonObject, before: Sequence[JsonObject]) -> JsonObject:
    match wanted["type"]:
        case "retrieval":
            return next((each for each in before if each["type"] == "file_search"), {"type": "file_search"})
        case "function":
            known = next((each["function"] for each in before if _is_same_function(each, wanted)), dict[str, Any]())
            kept = {name: value for name, value in known.items() if name == "strict"}
            return wanted | {"function": wanted["function"] | kept}
        case _:
            return wanted


def _is_same_function(one: JsonObject, other: JsonObject) -> bool:
    return one["type"] == "function" and all(
        one["function"].get(name) == other["function"].get(name) for name in ("name", "parameters")
    )


def message(body: JsonObject) -> JsonObject:
    """A message to add: its files are for all tools that read files."""
    changed = {name: value for name, value in body.items() if name != "file_ids"}
    if "file_ids" in body:
        readers = [{"type": kind} for kind in FILE_TOOLS]
        changed["attachments"] = [{"file_id": each, "tools": readers} for each in dict.fromkeys(body["file_ids"])]
    return changed


def thread(body: JsonObject) -> JsonObject:
    """A thread to create, with its first messages."""
    return body | {"messages": [message(each) for each in body["messages"]]} if "messages" in body else body


def run(body: JsonObject, assistant_tools: Sequence[JsonObject]) -> JsonObject:
    """A run to create; the assistant's tools keep their options."""
    if body.get("tools") is None:
        return dict(body)
    return body | {"tools": tools(body["tools"], assistant_tools)}
