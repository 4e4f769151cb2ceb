"""Runs: their state machine, tool calls as their steps have them, and citations in their messages. `lifecycle` has the
changes that a run goes through, `events` its event log, `engine` carries it out, turn by turn (`turns`).

A stored tool call has more than an answered one: what was searched for, the text of what was found, the files that a
program made. `shown_step` leaves that out.

Markers in what a model says become annotations: passages of this run's searches, files of its programs. Here is the one
place for that, between model and scribe. Text that may be the beginning of a marker is held back until it is decided,
so a marker is never cut by deltas and its annotation comes along with it. Unknown markers stay text.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from typing import Final, cast
from urllib.parse import quote

from ..models import (
    CodeCall,
    FileSearchCall,
    Finish,
    FoundPassage,
    FunctionCall,
    Part,
    Round,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    ToolKind,
    Turn,
)
from ..spec import JsonObject

QUEUED: Final = "queued"
IN_PROGRESS: Final = "in_progress"
REQUIRES_ACTION: Final = "requires_action"
CANCELLING: Final = "cancelling"
CANCELLED: Final = "cancelled"
COMPLETED: Final = "completed"
INCOMPLETE: Final = "incomplete"
FAILED: Final = "failed"
EXPIRED: Final = "expired"

TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    QUEUED: frozenset({IN_PROGRESS, CANCELLING, FAILED, EXPIRED}),
    IN_PROGRESS: frozenset({REQUIRES_ACTION, CANCELLING, COMPLETED, INCOMPLETE, FAILED, EXPIRED}),
    REQUIRES_ACTION: frozenset({QUEUED, CANCELLING, EXPIRED}),
    CANCELLING: frozenset({CANCELLED}),
    CANCELLED: frozenset(),
    COMPLETED: frozenset(),
    INCOMPLETE: frozenset(),
    FAILED: frozenset(),
    EXPIRED: frozenset(),
}

ACTIVE: Final = frozenset(status for status, successors in TRANSITIONS.items() if successors)
TERMINAL: Final = frozenset(TRANSITIONS) - ACTIVE
CANCELLABLE: Final = frozenset(status for status, successors in TRANSITIONS.items() if CANCELLING in successors)
EXPIRABLE: Final = frozenset(status for status, successors in TRANSITIONS.items() if EXPIRED in successors)

INCLUDE_CONTENT = "step_details.tool_calls[*].file_search.results[*].content"
"""What a request includes to get the text of search results."""

_TOLD: Final = {"function": "arguments", "file_search": "query", "code_interpreter": "input"}
"""The field of a call that has what the tool is told."""

_BIGGEST_NAME = 80

_SANDBOX = "sandbox:"
_NAME_GOES_ON = r"(?![\w%/-]|\.\w)"
"""Behind a link to a file: this is not the end of the file's name."""


# The state machine. Nothing else decides which change of status is possible.


class IllegalTransitionError(Exception):
    """A change of status that no run makes; a bug of the server."""


def check_transition(current: str, new: str) -> None:
    """Raise unless a run may go from one status to the other."""
    if new not in TRANSITIONS[current]:
        raise IllegalTransitionError(f"a run cannot go from {current} to {new}")


# Tool calls.


def new_call(kind: ToolKind, call_id: str, name: str) -> JsonObject:
    """A call that has just begun."""
    match kind:
        case "function":
            inner: JsonObject = {"name": name, "arguments": "", "output": None}
        case "file_search":
            inner = {"query": ""}
        case "code_interpreter":
            inner = {"input": "", "outputs": []}
    return {"id": call_id, "type": kind, kind: inner}


def begun_call(index: int, call: JsonObject) -> JsonObject:
    """The first piece of a call's stream: who is called."""
    return {"index": index, **_shown_call(call, content=False)}


def grow_call(index: int, call: JsonObject, arguments: str) -> JsonObject | None:
    """Add to what a tool is told; the piece that is streamed. What is searched for is not told to anybody."""
    kind: str = call["type"]
    field = _TOLD[kind]
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


def call_delta(step_id: str, piece: JsonObject) -> JsonObject:
    """A piece of a call as the data of an event."""
    details = {"step_details": {"type": "tool_calls", "tool_calls": [piece]}}
    return {"id": step_id, "object": "thread.run.step.delta", "delta": details}


def assembled_calls(deltas: Iterable[str]) -> list[JsonObject]:
    """The calls that the data of these events make up; what a step has when it ends before its calls were stored."""
    calls: dict[int, JsonObject] = {}
    for data in deltas:
        for piece in json.loads(data)["delta"]["step_details"]["tool_calls"]:
            index, kind = piece["index"], piece["type"]
            if index not in calls:  # the first piece is the call itself
                calls[index] = {name: value for name, value in piece.items() if name != "index"}
                continue
            field = _TOLD[kind]
            calls[index][kind][field] += piece[kind][field]
    return [calls[index] for index in sorted(calls)]


def shown_step(step: JsonObject, *, content: bool = False) -> JsonObject:
    """A step as it is answered, with or without the text of search results."""
    details = step["step_details"]
    if details["type"] != "tool_calls":
        return step
    return step | {
        "step_details": details | {"tool_calls": [_shown_call(call, content) for call in details["tool_calls"]]}
    }


def _shown_call(call: JsonObject, content: bool) -> JsonObject:
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


def seen_calls(calls: Iterable[JsonObject], number: int) -> tuple[ToolCall, ...]:
    """The calls of one turn as a model sees them later. Markers of the first search have this number, those of the
    second one the next."""
    found: list[ToolCall] = []
    for call in calls:
        inner: JsonObject = call[call["type"]]
        match call["type"]:
            case "file_search":
                results = enumerate(inner.get("results", ()))
                passages = tuple(_found_passage(result, f"{number}:{at}") for at, result in results)
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


def _found_passage(result: JsonObject, place: str) -> FoundPassage:
    name = "".join(each for each in result["file_name"] if each.isprintable() and each not in "【】†")
    text = "".join(each["text"] for each in result["content"])
    return FoundPassage(
        result["file_id"], result["file_name"], result["score"], text, f"【{place}†{name[:_BIGGEST_NAME]}】"
    )


def written_call(call: ToolCall) -> str:
    """All that a call puts before a model, for counting."""
    match call:
        case FunctionCall():
            return call.name + call.arguments + call.output
        case FileSearchCall():
            return call.query + "".join(each.marker + each.text for each in call.results)
        case CodeCall():
            return call.code + call.logs + "".join(call.paths)


# Citations.


def marked(parts: AsyncIterator[Part], turn: Turn) -> AsyncIterator[Part]:
    """What a model says, with annotations where it writes markers that earlier turns of its run have given it."""
    known = known_markers(turn.rounds)
    return _marked(parts, known) if known else parts


def known_markers(rounds: Iterable[Round]) -> dict[str, JsonObject]:
    """The markers that stand for something, each with its annotation, still without a place."""
    known: dict[str, JsonObject] = {}
    for each in rounds:
        for search in each.searches:
            for found in search.results:
                citation = {"file_id": found.file_id}
                known[found.marker] = {"type": "file_citation", "text": found.marker, "file_citation": citation}
        for program in each.programs:
            for file_id, path in zip(program.file_ids, program.paths, strict=True):
                for link in (_SANDBOX + path, _SANDBOX + quote(path)):
                    known[link] = {"type": "file_path", "text": link, "file_path": {"file_id": file_id}}
    return known


async def _marked(parts: AsyncIterator[Part], known: Mapping[str, JsonObject]) -> AsyncIterator[Part]:
    marker = Marker(known)
    try:
        async for part in parts:
            match part:
                case TextDelta(annotations=()):
                    for piece in marker.feed(part.text):
                        yield piece
                case TextDelta():  # a model that knows by itself
                    for piece in marker.flush():
                        yield piece
                    marker.skip(part.text)
                    yield part
                case ToolCallDelta() | Finish():  # end the message
                    for piece in marker.flush():
                        yield piece
                    marker.restart()
                    yield part
                case _:
                    yield part
    except Exception:
        for piece in marker.flush():
            yield piece
        raise
    finally:
        if isinstance(parts, AsyncGenerator):
            await cast("AsyncGenerator[Part, None]", parts).aclose()
    for piece in marker.flush():
        yield piece


class Marker:
    """Finds the markers of one text, which comes in pieces."""

    def __init__(self, known: Mapping[str, JsonObject]) -> None:
        self._known = known
        longest_first = sorted(known, key=len, reverse=True)
        self._pattern = re.compile(
            "|".join(re.escape(each) + (_NAME_GOES_ON if each.startswith(_SANDBOX) else "") for each in longest_first)
        )
        self._longest = len(longest_first[0])
        self._beginnings = {each[:end] for each in known for end in range(1, len(each))}
        self._held = ""
        self._position = 0

    def feed(self, text: str) -> Iterator[TextDelta]:
        """What of the text is decided now."""
        self._held += text
        return self._release(final=False)

    def flush(self) -> Iterator[TextDelta]:
        """What is left at the end of the text."""
        return self._release(final=True)

    def skip(self, text: str) -> None:
        """This text has gone another way."""
        self._position += len(text)

    def restart(self) -> None:
        """Another text begins."""
        self._position = 0

    def _release(self, *, final: bool) -> Iterator[TextDelta]:
        text, done = self._held, 0
        while (found := self._pattern.search(text, done)) is not None:
            yield from self._say(text[done : found.start()])
            done = found.start()
            if not final and self._may_go_on(found):
                break
            yield from self._say(found[0], self._known[found[0]])
            done = found.end()
        else:
            decided = len(text) if final else self._undecided(text, done)
            yield from self._say(text[done:decided])
            done = decided
        self._held = text[done:]

    def _may_go_on(self, found: re.Match[str]) -> bool:
        if found.start() > len(found.string) - self._longest and found.string[found.start() :] in self._beginnings:
            return True
        return found[0].startswith(_SANDBOX) and found.string[found.end() : found.end() + 2] in ("", ".")

    def _undecided(self, text: str, done: int) -> int:
        """Where text begins that may become a marker."""
        places = range(max(done, len(text) - self._longest), len(text))
        return next((at for at in places if text[at:] in self._beginnings), len(text))

    def _say(self, text: str, annotation: JsonObject | None = None) -> Iterator[TextDelta]:
        if not text:
            return
        start, self._position = self._position, self._position + len(text)
        if annotation is None:
            yield TextDelta(text)
        else:
            yield TextDelta(text, ({**annotation, "start_index": start, "end_index": self._position},))
