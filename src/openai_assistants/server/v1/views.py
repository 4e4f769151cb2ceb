"""Objects and events of version 2 as version 1 shows them; pure functions.

What version 1 has no word for takes the nearest form: an image by URL and a refusal are text. The rest is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias

from ..spec import JsonObject, child

Quote: TypeAlias = Callable[[JsonObject], str]
"""The words that a citation cites."""

MOST_FILES_OF_MESSAGE: Final = 10

_ASSISTANT: Final = ("id", "object", "created_at", "name", "description", "model", "instructions", "metadata")
_THREAD: Final = ("id", "object", "created_at", "metadata")
_MESSAGE: Final = (
    "id", "object", "created_at", "thread_id", "status", "incomplete_details", "completed_at", "incomplete_at", "role",
    "assistant_id", "run_id", "metadata",
)  # fmt: skip
_RUN: Final = (
    "id", "object", "created_at", "thread_id", "assistant_id", "status", "required_action", "expires_at", "started_at",
    "cancelled_at", "failed_at", "completed_at", "model", "instructions", "metadata", "usage",
)  # fmt: skip
_FUNCTION: Final = ("name", "description", "parameters")
_ERROR_CODES: Final = frozenset({"server_error", "rate_limit_exceeded"})


def assistant(data: JsonObject, file_ids: Sequence[str]) -> JsonObject:
    """An assistant with its files."""
    return _only(data, _ASSISTANT) | {"tools": _tools(data["tools"]), "file_ids": list(file_ids)}


def assistant_file(assistant_id: str, file_id: str, created_at: int) -> JsonObject:
    """A file of an assistant."""
    return {"id": file_id, "object": "assistant.file", "created_at": created_at, "assistant_id": assistant_id}


def thread(data: JsonObject) -> JsonObject:
    """A thread."""
    return _only(data, _THREAD)


def message(data: JsonObject, quote: Quote) -> JsonObject:
    """A message."""
    content = [_block(block, quote) for block in data["content"]]
    return _only(data, _MESSAGE) | {"content": content, "file_ids": files_of(data)[:MOST_FILES_OF_MESSAGE]}


def files_of(data: JsonObject) -> list[str]:
    """The files of a message: those that came with it, and those that its text links to."""
    attached = [each["file_id"] for each in data["attachments"] or () if each.get("file_id")]
    linked = [each["file_path"]["file_id"] for each in _annotations(data["content"]) if each["type"] == "file_path"]
    return list(dict.fromkeys([*attached, *linked]))


def message_file(data: JsonObject, file_id: str) -> JsonObject:
    """A file of a message, which has it from its beginning."""
    created_at, message_id = data["created_at"], data["id"]
    return {"id": file_id, "object": "thread.message.file", "created_at": created_at, "message_id": message_id}


def content_of(data: JsonObject) -> list[JsonObject]:
    """The content of a message, or of a piece of one; that of another object is empty."""
    content: list[JsonObject] | None = data.get("content") or child(data, "delta").get("content")
    return content or []


def citations(content: Iterable[JsonObject]) -> list[JsonObject]:
    """The citations in the content of a message, or in a piece of it."""
    return [each for each in _annotations(content) if each["type"] == "file_citation"]


def run(data: JsonObject, file_ids: Sequence[str]) -> JsonObject:
    """A run with the files of its assistant."""
    last_error: JsonObject | None = data["last_error"]
    if last_error is not None and last_error["code"] not in _ERROR_CODES:
        last_error = last_error | {"code": "server_error"}
    return _only(data, _RUN) | {"last_error": last_error, "tools": _tools(data["tools"]), "file_ids": list(file_ids)}


def step(data: JsonObject) -> JsonObject:
    """A run step."""
    return data | {"step_details": _details(data["step_details"])}


def event(name: str, data: JsonObject, *, quote: Quote, file_ids: Sequence[str]) -> JsonObject:
    """The data of an event; `file_ids` are the files of its run."""
    match name.split("."):
        case ["thread", "message", "delta"]:
            content = [_block(block, quote) for block in data["delta"]["content"]]
            return data | {"delta": data["delta"] | {"content": content}}
        case ["thread", "message", _]:
            return message(data, quote)
        case ["thread", "run", "step", "delta"]:
            return data | {"delta": {"step_details": _details(data["delta"]["step_details"])}}
        case ["thread", "run", "step", _]:
            return step(data)
        case ["thread", "run", _]:
            return run(data, file_ids)
        case _:
            return thread(data)


def _tools(tools: Iterable[JsonObject]) -> list[JsonObject]:
    return [_tool(each) for each in tools]


def _tool(tool: JsonObject) -> JsonObject:
    match tool["type"]:
        case "file_search":
            return {"type": "retrieval"}
        case "function":
            return {"type": "function", "function": _only(tool["function"], _FUNCTION)}
        case _:
            return tool


def _annotations(content: Iterable[JsonObject]) -> list[JsonObject]:
    return [each for block in content for each in child(block, "text").get("annotations", ())]


def _block(block: JsonObject, quote: Quote) -> JsonObject:
    """A block of a message's content, or a piece of one, which has its index."""
    index = _only(block, ("index",))
    match block["type"]:
        case "text":
            text: JsonObject = block["text"]
            if "annotations" in text:
                text = text | {"annotations": [_annotation(each, quote) for each in text["annotations"]]}
            return block | {"text": text}
        case "image_file":
            return index | {"type": "image_file", "image_file": _only(block["image_file"], ("file_id",))}
        case "image_url":
            return index | _text(block["image_url"]["url"])
        case _:
            return index | _text(block["refusal"])


def _text(value: str) -> JsonObject:
    return {"type": "text", "text": {"value": value, "annotations": []}}


def _annotation(annotation: JsonObject, quote: Quote) -> JsonObject:
    if annotation["type"] != "file_citation":
        return annotation
    file_id: str = annotation["file_citation"]["file_id"]
    return annotation | {"file_citation": {"file_id": file_id, "quote": quote(annotation)}}


def _details(details: JsonObject) -> JsonObject:
    if details["type"] != "tool_calls":
        return details
    return details | {"tool_calls": [_call(call) for call in details["tool_calls"]]}


def _call(call: JsonObject) -> JsonObject:
    """A call, or a piece of one. What was found is not shown."""
    if call["type"] != "file_search":
        return call
    return _only(call, ("index", "id")) | {"type": "retrieval", "retrieval": {}}


def _only(data: JsonObject, names: Iterable[str]) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}
