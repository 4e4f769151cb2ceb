"""Requests of version 1 as version 2 has them, objects and events of version 2 as version 1 shows them, and what the
citations of a run quote there.

What version 1 has no word for takes the nearest form: an image by URL and a refusal are text. The rest is left out. The
numbers of events stay, so a broken stream is resumed in either version. What citations quote version 2 does not keep
with them: it is the passages that the searches of the run found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from sqlalchemy import func, or_, select

from ..models import FileSearchCall
from ..runs import seen_calls
from ..runs.events import DONE, Entry
from ..spec import JsonObject, child
from ..store import Database, Tx, dumps
from ..store.tables import messages, steps
from . import files

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

FILE_TOOLS: Final = ("file_search", "code_interpreter")
"""The tools that read files, as version 2 calls them."""


# Objects and events; pure functions.


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


# Requests; pure functions.


def tools_body(wanted: Sequence[JsonObject], before: Sequence[JsonObject] = ()) -> list[JsonObject]:
    """Tools, with what version 1 cannot say about them kept as it was before: the options of file search, and whether
    the arguments of a function are strict, as long as these stay the same."""
    return [_tool_body(each, before) for each in wanted]


def _tool_body(wanted: JsonObject, before: Sequence[JsonObject]) -> JsonObject:
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


def message_body(body: JsonObject) -> JsonObject:
    """A message to add: its files are for all tools that read files."""
    changed = {name: value for name, value in body.items() if name != "file_ids"}
    if "file_ids" in body:
        readers = [{"type": kind} for kind in FILE_TOOLS]
        changed["attachments"] = [{"file_id": each, "tools": readers} for each in dict.fromkeys(body["file_ids"])]
    return changed


def thread_body(body: JsonObject) -> JsonObject:
    """A thread to create, with its first messages."""
    return body | {"messages": [message_body(each) for each in body["messages"]]} if "messages" in body else body


def run_body(body: JsonObject, assistant_tools: Sequence[JsonObject]) -> JsonObject:
    """A run to create; the assistant's tools keep their options."""
    if body.get("tools") is None:
        return dict(body)
    return body | {"tools": tools_body(body["tools"], assistant_tools)}


# Quotes.


@dataclass(frozen=True)
class Quotes:
    """The passages that a run has found."""

    by_marker: dict[str, str] = field(default_factory=dict[str, str])
    by_file: dict[str, str] = field(default_factory=dict[str, str])
    """The best one of each file."""

    def of(self, citation: JsonObject) -> str:
        """The passage that a citation names; if its marker is not one of ours, the best one of its file, if any."""
        given = citation["file_citation"].get("quote")
        file_id: str = citation["file_citation"]["file_id"]
        return given or self.by_marker.get(citation.get("text", "")) or self.by_file.get(file_id) or ""


def quotes_of_run(tx: Tx, run_id: str) -> Quotes:
    """The passages that the searches of a run have found by now, with the markers that its model was given."""
    found = Quotes()
    best: dict[str, float] = {}
    number = _first_number(tx, run_id)
    query = select(steps.c.data).where(steps.c.run_id == run_id, steps.c.deleted.is_(False))
    for step in tx.connection.scalars(query.order_by(steps.c.turn, steps.c.seq)):
        for call in seen_calls(step["step_details"].get("tool_calls", ()), number):
            if not isinstance(call, FileSearchCall):
                continue
            number += 1
            for passage in call.results:
                found.by_marker[passage.marker] = passage.text
                if passage.score > best.get(passage.file_id, -1):
                    best[passage.file_id] = passage.score
                    found.by_file[passage.file_id] = passage.text
    return found


def _first_number(tx: Tx, run_id: str) -> int:
    """The number of the run's first search: how many messages of others the thread had then, deleted ones too. Nobody
    adds messages while a run is active, so these are the ones before its own."""
    own = select(func.max(messages.c.seq).label("seq"), func.max(messages.c.thread_id).label("thread_id"))
    last = own.where(messages.c.run_id == run_id).subquery("own")
    others = or_(messages.c.run_id.is_(None), messages.c.run_id != run_id)
    query = select(func.count()).where(messages.c.thread_id == last.c.thread_id, messages.c.seq < last.c.seq, others)
    return tx.connection.scalar(query) or 0


def quotes_of_messages(tx: Tx, found: Iterable[JsonObject]) -> dict[str, Quotes]:
    """The same for the runs of these messages, as far as they cite."""
    citing = {each["run_id"] for each in found if each["run_id"] and citations(each["content"])}
    return {run_id: quotes_of_run(tx, run_id) for run_id in sorted(citing)}


class Events:
    """Shows the events of one run. What their data does not tell is looked up once: the files of the run, and what its
    searches have found when it cites something new."""

    def __init__(self, database: Database, run_id: str) -> None:
        self._database = database
        self._run_id = run_id
        self._file_ids: list[str] | None = None
        self._quotes = Quotes()

    async def shown(self, entries: list[Entry]) -> list[Entry]:
        """The same events, each with its number."""
        read: list[JsonObject] = [{} if entry.name == DONE else json.loads(entry.data) for entry in entries]
        if self._file_ids is None or self._lacks_quotes(read):
            await self._database.read(self._look)
        return [
            entry if entry.name == DONE else entry._replace(data=dumps(self._view(entry.name, data)))
            for entry, data in zip(entries, read, strict=True)
        ]

    def _view(self, name: str, data: JsonObject) -> JsonObject:
        return event(name, data, quote=self._quotes.of, file_ids=self._file_ids or ())

    def _lacks_quotes(self, read: Iterable[JsonObject]) -> bool:
        cited = (each for data in read for each in citations(content_of(data)))
        return any(not self._quotes.of(citation) for citation in cited)

    def _look(self, tx: Tx) -> None:
        self._file_ids = files.of_runs(tx, [self._run_id]).get(self._run_id, [])
        self._quotes = quotes_of_run(tx, self._run_id)
