"""What goes out in a dialect: objects and lists, ids, errors in every shape, and the events of streams: which ones
come, in which order, and how they are written down.

Ids are made in their form, not rewritten: paths, bodies, cursors and streams agree by themselves.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from http import HTTPStatus
from typing import Any

from ..asgi import Send
from ..spec import child, error_object, is_array, is_object, unknown_url
from ..store import Ids
from . import RUN_ENDS, Dialect, ErrorForm, Events, Fields, IdForm, Json, Lists, Times

_FREE = frozenset({"metadata", "attributes", "parameters", "json_schema", "filters"})
"""What programs put into objects; their keys mean nothing to the API."""
_NOTHING = Fields()
_APPROVAL = "submit_tool_approval"

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"

Headers = Sequence[tuple[bytes, bytes]]

DONE = "done"
FAILED = "thread.run.failed"
Event = tuple[str, Json]


class Forms:
    """Writes objects in a dialect; one for each server, because files remember how often they were shown."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._shown: dict[str, int] = {}
        self._roles: dict[str, str] = {}

    def remember_role(self, message_id: str, role: str) -> None:
        """A message has a role that the API does not have."""
        self._roles[message_id] = role

    def answer(self, value: Any, *, operation: str | None) -> Any:
        """An answer that is no list."""
        if operation in ("createFile", "retrieveFile") and is_object(value):
            self._age(value)
        return self._form(value, self._dialect.fields, in_event=False)

    def event(self, value: Any) -> Any:
        """The object of an event."""
        fields = self._dialect.fields if self._dialect.event_fields is None else self._dialect.event_fields
        return self._form(value, fields, in_event=True)

    def page(self, value: Json, lists: Lists, limit: int) -> Any:
        """A list, and what stands around it; `limit` is the size of a full page."""
        items: list[Any] = [self._form(item, self._dialect.fields, in_event=False) for item in value["data"]]
        if lists.array:
            return items
        page: Json = {**value, "object": lists.kind, "data": items, **lists.extra}
        if lists.has_more == "full_page":
            page["has_more"] = len(items) >= limit
        elif lists.has_more == "left_out":
            page.pop("has_more", None)
        for name in ("first_id", "last_id"):
            if lists.ids == "none":
                page[name] = "none"
            elif lists.ids == "left_out":
                page.pop(name, None)
            elif not items:
                page[name] = lists.empty_id
        return _without_nulls(page) if self._dialect.nulls == "drop" else page

    def _form(self, value: Any, fields: Mapping[str, Fields], *, in_event: bool) -> Any:
        if is_array(value):
            return [self._form(item, fields, in_event=in_event) for item in value]
        if not is_object(value):
            return value
        dialect = self._dialect
        kind: str = value.get("object") or value.get("type") or ""
        times = dialect.times_of.get(kind, dialect.times)
        formed: Json = {}
        for name, inner in value.items():
            if name in _FREE:
                formed[name] = _floats(inner) if name == "attributes" and dialect.float_attributes else inner
            elif name.endswith("_at") and type(inner) is int:
                formed[name] = _time(inner, times)
            else:
                formed[name] = self._form(inner, fields, in_event=in_event)
        if kind == "thread.message" and (role := self._roles.get(value["id"])) is not None:
            formed["role"] = role
        if kind in ("assistant", "thread.run"):
            self._add_foreign(formed, in_event)
        if dialect.shared_call_ids:
            _share_ids(formed)
        formed = _apply(fields.get(kind, _NOTHING), formed)
        return _without_nulls(formed) if dialect.nulls == "drop" else formed

    def _add_foreign(self, formed: Json, in_event: bool) -> None:
        tools = self._dialect.tools
        if tools:
            as_functions = in_event and self._dialect.tools_in_events == "functions"
            shown = [{"type": "function", "function": {"name": each["type"]}} for each in tools]
            formed["tools"] = [*formed["tools"], *(shown if as_functions else tools)]
        action = formed.get("required_action")
        if is_object(action) and self._dialect.approvals:
            calls: list[Json] = action["submit_tool_outputs"]["tool_calls"]
            if all(call["function"]["name"] in self._dialect.approvals for call in calls):
                kind = {"type": "mcp", "server_label": "local"}
                asked = [{"id": call["id"], **kind, **call["function"]} for call in calls]
                formed["required_action"] = {"type": _APPROVAL, _APPROVAL: {"tool_calls": asked}}

    def _age(self, file: Json) -> None:
        states = self._dialect.file_states
        place = self._shown.get(file["id"], 0)
        if place < len(states):
            self._shown[file["id"]] = place + 1
            file["status"] = states[place]


def _apply(fields: Fields, value: Json) -> Json:
    if fields is _NOTHING:
        return value
    changed = {
        fields.renamed.get(name, name): _field(fields, name, inner)
        for name, inner in value.items()
        if name not in fields.left_out
    }
    return {**changed, **fields.set}


def _field(fields: Fields, name: str, value: Any) -> Any:
    if name in fields.null:
        return None
    if value is None:
        return fields.instead_of_null.get(name)
    return next(iter(value.values()), "") if name in fields.as_text and is_object(value) else value


def _time(seconds: int, form: Times) -> object:
    match form:
        case "seconds":
            return seconds
        case "float":
            return float(seconds)
        case "milliseconds":
            return seconds * 1000
        case "iso":
            return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _share_ids(value: Json) -> None:
    calls = value.get("tool_calls")
    if is_array(calls) and calls and is_object(calls[0]) and "id" in calls[0]:
        for call in calls[1:]:
            call["id"] = calls[0]["id"]


def _floats(attributes: Json) -> Json:
    return {name: float(value) if type(value) is int else value for name, value in attributes.items()}


def _without_nulls(value: Json) -> Json:
    return {name: inner for name, inner in value.items() if inner is not None}


# Ids.


class StyledIds:
    """Ids of another form, derived from those of another source: if those are the same every time, these are too."""

    def __init__(self, source: Ids, dialect: Dialect) -> None:
        self._source = source
        self._dialect = dialect

    def new(self, prefix: str) -> str:
        """The next id."""
        own = self._source.new(prefix)
        prefix, rest = self._dialect.prefixes.get(prefix, prefix), own.removeprefix(prefix)
        return prefix + rest if self._dialect.ids == "prefixed" else _styled(own, prefix, self._dialect.ids)


def _styled(own: str, prefix: str, form: IdForm) -> str:
    digest = hashlib.sha256(own.encode()).hexdigest()
    match form:
        case "object_id":
            return digest[:24]
        case "uuid":
            return str(uuid.UUID(digest[:32], version=4))
        case "odd":
            return f"{digest[:8]}/{digest[8:16]} %2F?#é=:{digest[16:20]}"
        case _:
            return prefix + digest[:32]


# Errors.


@dataclass(frozen=True)
class Reply:
    """A whole answer."""

    status: int
    content_type: str = JSON
    content: bytes = b""
    headers: Headers = ()

    @classmethod
    def of(cls, status: int, value: object, headers: Headers = ()) -> Reply:
        """A JSON answer."""
        return cls(status, JSON, json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), headers)

    async def send(self, send: Send) -> None:
        """Write it."""
        headers = [*self.headers]
        if self.content:
            headers.append((b"content-type", self.content_type.encode()))
        if self.status != HTTPStatus.NO_CONTENT:
            headers.append((b"content-length", str(len(self.content)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.content})


def error_reply(dialect: Dialect, status: int, details: Json, headers: Headers = ()) -> Reply:
    """An error of the API in this dialect; `details` has its message, type, param and code."""
    if status == HTTPStatus.BAD_REQUEST and details.get("param"):
        status = dialect.invalid_status
    return replace(_error_body(dialect.errors_of.get(status, dialect.errors), status, details), headers=headers)


def _error_body(form: ErrorForm, status: int, details: Json) -> Reply:
    message: str = details["message"]
    match form:
        case "openai":
            return Reply.of(status, {"error": details})
        case "string":
            return Reply.of(status, {"error": message})
        case "detail":
            return Reply.of(status, {"detail": message})
        case "details":
            where = ["body", *([details["param"]] if details.get("param") else [])]
            return Reply.of(status, {"detail": [{"type": "value_error", "loc": where, "msg": message}]})
        case "message":
            return Reply.of(status, {"message": message})
        case "text":
            return Reply(status, TEXT, message.encode())
        case "html":
            return Reply(status, HTML, _page(status, message))
        case "empty":
            return Reply(status)


def missing_reply(dialect: Dialect, method: str, path: str, *, other_methods: bool) -> Reply:
    """What an endpoint answers that does not exist; `other_methods`: its path does, with other methods."""
    status = HTTPStatus.METHOD_NOT_ALLOWED if other_methods else HTTPStatus.NOT_FOUND
    match dialect.profile.missing:
        case "unknown_url":
            return Reply.of(404, unknown_url(method, path).body())
        case "detail":
            return Reply.of(status, {"detail": status.phrase})
        case "error":
            details = {"code": "http_error", "message": status.phrase, "type": None, "param": None}
            return Reply.of(status, {"error": details})
        case "text":
            return Reply(404, TEXT, f"Cannot {method} {path}".encode())
        case "html":
            return Reply(404, HTML, _page(404, f"{method} {path} was not found on this server."))
        case "empty":
            return Reply(404)
        case "not_implemented":
            return Reply.of(501, error_object("Not implemented.", type="server_error"))


def _page(status: int, text: str) -> bytes:
    title = f"{status} {HTTPStatus(status).phrase}"
    page = f"<!doctype html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{escape(text)}</p>"
    return f"{page}</body></html>\n".encode()


# Events.


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
            return _error_event(self._how, document)
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


def _error_event(how: Events, error: Json) -> bytes:
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
