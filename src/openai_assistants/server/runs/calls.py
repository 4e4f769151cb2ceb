"""Tool calls as run steps have them: how each kind begins, grows, is streamed, stored, answered, and shown to models.

A stored call has more than an answered one: what was searched for, the text of what was found, the files that a program
made. `shown` leaves that out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from ..models.base import CodeCall, FileSearchCall, FoundPassage, FunctionCall, ToolCall, ToolKind
from ..spec import JsonObject

INCLUDE_CONTENT = "step_details.tool_calls[*].file_search.results[*].content"
"""What a request includes to get the text of search results."""

_BIGGEST_NAME = 80


def new(kind: ToolKind, call_id: str, name: str) -> JsonObject:
    """A call that has just begun."""
    match kind:
        case "function":
            inner: JsonObject = {"name": name, "arguments": "", "output": None}
        case "file_search":
            inner = {"query": ""}
        case "code_interpreter":
            inner = {"input": "", "outputs": []}
    return {"id": call_id, "type": kind, kind: inner}


def begun(index: int, call: JsonObject) -> JsonObject:
    """The first piece of a call's stream: who is called."""
    return {"index": index, **_shown(call, content=False)}


def grow(index: int, call: JsonObject, arguments: str) -> JsonObject | None:
    """Add to what a tool is told; the piece that is streamed. What is searched for is not told to anybody."""
    kind: str = call["type"]
    field = {"function": "arguments", "file_search": "query", "code_interpreter": "input"}[kind]
    call[kind][field] += arguments
    return None if kind == "file_search" else {"index": index, "type": kind, kind: {field: arguments}}


def put_out(index: int, call: JsonObject, outputs: list[JsonObject]) -> JsonObject | None:
    """Add outputs of a program; the piece that is streamed."""
    if not outputs:
        return None
    first = len(call["code_interpreter"]["outputs"])
    call["code_interpreter"]["outputs"] += outputs
    numbered = [{"index": first + place, **output} for place, output in enumerate(outputs)]
    return {"index": index, "type": "code_interpreter", "code_interpreter": {"outputs": numbered}}


def delta(step_id: str, piece: JsonObject) -> JsonObject:
    """A piece of a call as the data of an event."""
    details = {"step_details": {"type": "tool_calls", "tool_calls": [piece]}}
    return {"id": step_id, "object": "thread.run.step.delta", "delta": details}


def assembled(deltas: Iterable[str]) -> list[JsonObject]:
    """The calls that the data of these events make up; what a step has when it ends before its calls were stored."""
    calls: dict[int, JsonObject] = {}
    for data in deltas:
        for piece in json.loads(data)["delta"]["step_details"]["tool_calls"]:
            index, kind = piece["index"], piece["type"]
            if index not in calls:  # the first piece is the call itself
                calls[index] = {name: value for name, value in piece.items() if name != "index"}
                continue
            inner = piece[kind]
            if kind == "function":
                calls[index][kind]["arguments"] += inner["arguments"]
            elif kind == "code_interpreter":
                calls[index][kind]["input"] += inner.get("input", "")
                outputs = inner.get("outputs", ())
                calls[index][kind]["outputs"] += [_without_index(output) for output in outputs]
    return [calls[index] for index in sorted(calls)]


def _without_index(item: JsonObject) -> JsonObject:
    return {name: value for name, value in item.items() if name != "index"}


def shown(step: JsonObject, *, content: bool = False) -> JsonObject:
    """A step as it is answered, with or without the text of search results."""
    details = step["step_details"]
    if details["type"] != "tool_calls":
        return step
    return step | {"step_details": details | {"tool_calls": [_shown(call, content) for call in details["tool_calls"]]}}


def _shown(call: JsonObject, content: bool) -> JsonObject:
    match call["type"]:
        case "file_search":
            inner = {name: value for name, value in call["file_search"].items() if name != "query"}
            if "results" in inner and not content:
                inner["results"] = [
                    {name: value for name, value in result.items() if name != "content"} for result in inner["results"]
                ]
            return call | {"file_search": inner}
        case "code_interpreter":
            inner = {name: value for name, value in call["code_interpreter"].items() if name != "files"}
            return call | {"code_interpreter": inner}
        case _:
            return call


def seen(calls: Iterable[JsonObject], number: int) -> tuple[ToolCall, ...]:
    """The calls of one turn as a model sees them later. Markers of the first search have this number, those of the
    second one the next."""
    found: list[ToolCall] = []
    for call in calls:
        inner: JsonObject = call[call["type"]]
        match call["type"]:
            case "file_search":
                results = enumerate(inner.get("results", ()))
                passages = tuple(_passage(result, f"{number}:{at}") for at, result in results)
                found.append(FileSearchCall(call["id"], inner.get("query", ""), passages))
                number += 1
            case "code_interpreter":
                files: list[JsonObject] = inner.get("files", [])
                logs = "".join(output["logs"] for output in inner["outputs"] if output["type"] == "logs")
                found.append(
                    CodeCall(
                        call["id"],
                        inner["input"],
                        logs,
                        tuple(each["file_id"] for each in files),
                        tuple(each["path"] for each in files),
                    )
                )
            case _:
                found.append(FunctionCall(call["id"], inner["name"], inner["arguments"], inner["output"] or ""))
    return tuple(found)


def _passage(result: JsonObject, place: str) -> FoundPassage:
    name = "".join(each for each in result["file_name"] if each.isprintable() and each not in "【】†")
    text = "".join(each["text"] for each in result["content"])
    return FoundPassage(
        result["file_id"], result["file_name"], result["score"], text, f"【{place}†{name[:_BIGGEST_NAME]}】"
    )


def written(call: ToolCall) -> str:
    """All that a call puts before a model, for counting."""
    match call:
        case FunctionCall():
            return call.name + call.arguments + call.output
        case FileSearchCall():
            return call.query + "".join(each.marker + each.text for each in call.results)
        case CodeCall():
            return call.code + call.logs + "".join(call.paths)
