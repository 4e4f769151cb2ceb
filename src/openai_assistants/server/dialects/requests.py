"""Requests of a dialect as the API would have them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

from ..errors import error_object
from ..faults import Message, Receive, Scope
from ..spec import Operation, is_array, is_object
from . import replies
from .dialect import NONE, Dialect, Json
from .replies import Reply

_CREATE_MESSAGE = "createMessage"
_SUBMIT = "submitToolOuputsToRun"
_WITH_TOOLS = frozenset({"createAssistant", "modifyAssistant", "createRun", "createThreadAndRun"})
_WITH_CONTENT = frozenset({"createMessage", "createThread", "createThreadAndRun", "createRun"})


class Rewriter:
    """Turns requests into what the application understands."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def query(self, operation: Operation, query: bytes) -> bytes:
        """The query string without what the dialect ignores, and with its own default for the size of a page."""
        lists = self._dialect.list_of(operation.id)
        takes_limit = any(parameter.name == "limit" for parameter in operation.query)
        if not takes_limit or (not lists.ignores and lists.default_limit is None):
            return query
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        kept = [(name, value) for name, value in pairs if name not in lists.ignores]
        if lists.default_limit is not None and "limit" not in dict(kept):
            kept.append(("limit", str(lists.default_limit)))
        return urlencode(kept).encode()

    def cares_for(self, operation: Operation) -> bool:
        """Whether the body of this operation matters."""
        dialect = self._dialect
        if operation.body is None or operation.multipart:
            return False
        return bool(
            dialect.ignored_fields.get(operation.id)
            or (dialect.tools and operation.id in _WITH_TOOLS)
            or (dialect.roles and operation.id == _CREATE_MESSAGE)
            or (dialect.content_is_text and operation.id in _WITH_CONTENT)
            or ((dialect.shared_call_ids or dialect.approvals) and operation.id == _SUBMIT)
        )

    def role_of(self, operation: Operation, body: Json) -> str | None:
        """The role of a message that is to be created, if the API does not have it."""
        role = body.get("role") if operation.id == _CREATE_MESSAGE else None
        return role if isinstance(role, str) and role in self._dialect.roles else None

    def body(self, operation: Operation, body: Json, call_ids: list[str]) -> Json | Reply:
        """The body as the application reads it, or the answer where the dialect refuses it. `call_ids` are the ids of
        the tool calls that the run of the request waits for."""
        dialect = self._dialect
        if dialect.content_is_text and any(is_array(each.get("content")) for each in _messages(operation, body)):
            error = error_object("Input should be a valid string", type="invalid_request_error", param="content")
            return replies.error(dialect, 422, error)
        ignored = dialect.ignored_fields.get(operation.id, NONE)
        body = {name: value for name, value in body.items() if name not in ignored}
        if self.role_of(operation, body) is not None:
            body["role"] = "user"
        foreign = {tool["type"] for tool in dialect.tools}
        if foreign and is_array(body.get("tools")):
            body["tools"] = [each for each in body["tools"] if not (is_object(each) and each.get("type") in foreign)]
        if operation.id == _SUBMIT and is_array(approvals := body.pop("tool_approvals", None)):
            body["tool_outputs"] = [
                {"tool_call_id": each.get("tool_call_id"), "output": "approved" if each.get("approve") else "refused"}
                for each in approvals
                if is_object(each)
            ]
        if call_ids and is_array(outputs := body.get("tool_outputs")):
            body["tool_outputs"] = [
                {**each, "tool_call_id": call_ids[place]}
                if is_object(each) and place < len(call_ids) and each.get("tool_call_id") == call_ids[0]
                else each
                for place, each in enumerate(outputs)
            ]
        return body


def _messages(operation: Operation, body: Json) -> Iterator[Json]:
    if operation.id == _CREATE_MESSAGE:
        yield body
    thread = body.get("thread")
    for holder in (body, thread if is_object(thread) else {}):
        for name in ("messages", "additional_messages"):
            listed = holder.get(name)
            yield from (each for each in (listed if is_array(listed) else ()) if is_object(each))


async def read(receive: Receive, limit: int) -> tuple[Json | None, Receive]:
    """The JSON object of a request, and what gives the same messages again. None where it is none, or too large: then
    the application says so."""
    messages: list[Message] = []
    size = 0
    while size <= limit:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            break
    try:
        value: object = json.loads(b"".join(bytes(each.get("body", b"")) for each in messages))
    except (ValueError, RecursionError):
        value = None
    return value if is_object(value) else None, _again(messages, receive)


def with_body(body: Json, receive: Receive, scope: Scope) -> tuple[Receive, Scope]:
    """The request with another body."""
    content = json.dumps(body).encode()
    headers = [each for each in scope["headers"] if each[0].lower() != b"content-length"]
    length = (b"content-length", str(len(content)).encode())
    message = {"type": "http.request", "body": content, "more_body": False}
    return _again([message], receive), {**scope, "headers": [*headers, length]}


def _again(messages: list[Message], receive: Receive) -> Receive:
    async def receiving() -> Message:
        return messages.pop(0) if messages else await receive()

    return receiving
