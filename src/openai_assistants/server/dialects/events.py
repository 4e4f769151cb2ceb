"""The events of a stream in a dialect: which ones come, in which order, and how they are written down."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ..spec import child, is_array, is_object
from .dialect import RUN_ENDS, Dialect, Events, Json
from .forms import Forms

DONE = "done"
FAILED = "thread.run.failed"
Event = tuple[str, Json]


class BrokenOffError(Exception):
    """The connection of a stream is to be closed here."""


class EventWriter:
    """Writes one stream."""

    def __init__(self, dialect: Dialect, forms: Forms) -> None:
        self._dialect = dialect
        self._how = dialect.events
        self._forms = forms
        self._held: list[Event] = []
        """The beginning of a message or step that waits for its first delta."""
        self._calls: dict[tuple[str, int], Json] = {}
        """Id, type and name of the tool calls, by their step and place."""
        self._begun = False

    def write(self, name: str, data: str) -> bytes:
        """What stands in the body for an event of the API.

        Raises:
            BrokenOffError: The body breaks off in front of it.
        """
        if name == DONE:
            written = self._frames(self._released())
            return written + _done(self._how)
        document: Json = json.loads(data)
        if name == "error":
            return _error(self._how, document)
        if name == FAILED and self._how.failure != "event":
            return self._failure(document)
        return self._frames(self._ordered(name, document))

    def comment(self) -> bytes:
        """A line that only keeps the connection open."""
        return _begin(self._how, self._begin()) + _lines(self._how, ": ping")

    def _ordered(self, name: str, data: Json) -> Iterator[Event]:
        """This event with what dialects put around it, or nothing yet."""
        how = self._how
        if name == "thread.run.step.delta":
            self._name_calls(data)
        if how.delta_before_created and name in ("thread.message.created", "thread.run.step.created"):
            yield from self._released()
            self._held = [(name, data)]
            return
        if self._held and name.endswith(".in_progress"):
            self._held.append((name, data))
            return
        if not name.endswith(".delta"):
            yield from self._released()
        if how.usage_in_message and name in RUN_ENDS and data.get("usage"):
            yield "thread.message.in_progress", _message_of_usage(data)
        yield name, data
        yield from self._released()
        if how.created_twice and name.endswith(".created"):
            yield name, data
        if how.unknown_event and name == "thread.run.in_progress":
            yield "thread.run.heartbeat", {"id": data["id"], "object": "thread.run.heartbeat"}
        if how.completed_after_requires_action and name == "thread.run.requires_action":
            yield "thread.run.completed", data

    def _released(self) -> list[Event]:
        held, self._held = self._held, []
        if self._how.created_twice:
            held = [each for event in held for each in ([event] * 2 if event[0].endswith(".created") else [event])]
        return held

    def _name_calls(self, data: Json) -> None:
        """Tool calls of a delta as the dialect has their ids."""
        calls = child(child(data, "delta"), "step_details").get("tool_calls")
        for call in calls if is_array(calls) else ():
            known = self._calls.setdefault((data["id"], call["index"]), {})
            if call.get("id"):
                name = child(call, "function").get("name")
                known.update(id=self._id_of(data["id"], call["id"]), type=call["type"], name=name)
            if call.get("id") or self._how.repeated_call_ids:
                call["id"] = known["id"]
                if is_object(call.get("function")) and known["name"]:
                    call["function"] = {**call["function"], "name": known["name"]}

    def _id_of(self, step_id: str, call_id: str) -> str:
        if not self._dialect.shared_call_ids:
            return call_id
        return next((call["id"] for (step, _), call in self._calls.items() if step == step_id and call), call_id)

    def _failure(self, run: Json) -> bytes:
        if self._how.failure == "cut":
            raise BrokenOffError
        message = child(run, "last_error").get("message") or "The run failed."
        return _lines(self._how, f"data: {message}", "") if self._how.failure == "text" else b""

    def _frames(self, events: Iterable[Event]) -> bytes:
        how = self._how
        written = b""
        for name, data in events:
            if name in how.left_out:
                continue
            written += _begin(how, self._begin())
            if how.comments:
                written += _lines(how, ": ping", "")
            if how.blanks:
                written += _lines(how, f"event: {name}", "data:", "", "data", "")
            written += _frame(how, name, self._forms.event(data))
        return written

    def _begin(self) -> bool:
        begun, self._begun = self._begun, True
        return not begun


def _begin(how: Events, is_first: bool) -> bytes:
    return b"\xef\xbb\xbf" if how.bom and is_first else b""


def _frame(how: Events, name: str, data: Json) -> bytes:
    document = data if how.frames == "events" else {"event": name, "data": data}
    text = json.dumps(document, ensure_ascii=False, indent=1 if how.multi_line else None)
    lines = [f"data: {line}" for line in text.split("\n")]
    return _lines(how, *([f"event: {name}"] if how.frames == "events" else []), *lines, "")


def _error(how: Events, error: Json) -> bytes:
    if how.frames == "events":
        return _frame(how, "error", error)
    return _lines(how, f"data: {json.dumps({'error': error}, ensure_ascii=False)}", "")


def _done(how: Events) -> bytes:
    match how.done:
        case "named":
            return _lines(how, "event: done", "data: [DONE]", "")
        case "bare":
            return _lines(how, "data: [DONE]", "")
        case "left_out":
            return b""


def _lines(how: Events, *lines: str) -> bytes:
    return "".join(line + how.line_end for line in lines).encode("utf-8", "replace")


def _message_of_usage(run: Json) -> Json:
    return {
        "id": f"chatcmpl-{run['id']}",
        "object": "thread.message",
        "created_at": 0,
        "thread_id": "",
        "status": "in_progress",
        "role": "assistant",
        "content": [],
        "usage": run["usage"],
    }
