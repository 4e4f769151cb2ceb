"""Objects and lists in the form of a dialect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..spec import is_array, is_object
from .dialect import Dialect, Fields, Json, Lists, Times

_FREE = frozenset({"metadata", "attributes", "parameters", "json_schema", "filters"})
"""What programs put into objects; their keys mean nothing to the API."""
_NOTHING = Fields()
_APPROVAL = "submit_tool_approval"


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


def _floats(attributes: Any) -> Any:
    if not is_object(attributes):
        return attributes
    return {name: float(value) if type(value) is int else value for name, value in attributes.items()}


def _without_nulls(value: Json) -> Json:
    return {name: inner for name, inner in value.items() if inner is not None}
