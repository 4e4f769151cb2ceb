"""Between the application and the connection: requests of a dialect are turned into those of the API, answers into the
dialect.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request

from ..._sse import SSEDecoder
from ..asgi import AsgiApp, Message, Receive, Scope, Send, disconnect, drain, raw_path
from ..runs import ACTIVE, REQUIRES_ACTION
from ..spec import ApiError, JsonObject, Operation, child, error_object, is_array, is_object
from ..store import records, tables
from ..store.records import Window
from . import NONE, Dialect, Json
from .forms import BrokenOffError, EventWriter, Forms, Headers, Reply, error_reply, missing_reply

if TYPE_CHECKING:
    from ..service import Service

_LOOK_SECONDS = 0.01
_DIGITS = 10
_STREAM = b"text/event-stream"
_OWN_HEADERS = frozenset({b"content-length", b"content-type", b"openai-poll-after-ms", b"idempotent-replayed"})
"""Headers of the plain answer that do not fit its imitation."""
_UNKNOWN_HEADERS = frozenset({b"idempotency-key", b"last-event-id"})
"""Headers of requests that other servers know nothing of."""
_UNDER_WAY = ACTIVE - {REQUIRES_ACTION}
_RUNS = frozenset({"createRun", "createThreadAndRun", "submitToolOuputsToRun"})
THREAD_LIST = "listThreads"

_CREATE_MESSAGE = "createMessage"
_SUBMIT = "submitToolOuputsToRun"
_WITH_TOOLS = frozenset({"createAssistant", "modifyAssistant", "createRun", "createThreadAndRun"})
_WITH_CONTENT = frozenset({"createMessage", "createThread", "createThreadAndRun", "createRun"})


class Edge:
    """Lets an application speak a dialect."""

    def __init__(
        self, app: AsgiApp, service: Service, dialect: Dialect, authenticate: Callable[[Request], str]
    ) -> None:
        self._app = app
        self._service = service
        self._dialect = dialect
        self._authenticate = authenticate
        self._rewriter = Rewriter(dialect)
        self.forms = Forms(dialect)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        method, path = scope["method"], raw_path(scope)
        prefix = self._service.settings.prefix
        route = self._service.versions.route(scope, prefix)
        match, operation = route.match, route.operation
        if path == "/health":
            await self._app(scope, receive, send)
            return
        if method == "GET" and path == f"{prefix}/threads" and self._dialect.profile.lists_threads:
            await drain(receive)
            await (await self._threads(scope, receive)).send(send)
            return
        if operation is None or not self._dialect.profile.has(operation.id):
            others = match is not None and any(self._dialect.profile.has(each.id) for each in match.operations.values())
            await drain(receive)
            await missing_reply(self._dialect, method, path, other_methods=others).send(send)
            return
        await self._exchange(operation, scope, receive, send)

    async def _exchange(self, operation: Operation, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [each for each in scope["headers"] if each[0].lower() not in _UNKNOWN_HEADERS]
        scope = {**scope, "headers": headers}
        lists = self._dialect.list_of(operation.id)
        query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True))
        if lists.breaks_on & query.keys():
            await drain(receive)
            await self._error(502, error_object("Bad gateway.", type="server_error")).send(send)
            return
        scope = {**scope, "query_string": self._rewriter.query(operation, scope.get("query_string", b""))}
        role: str | None = None
        if self._rewriter.cares_for(operation):
            body, receive = await read_request(receive, self._service.settings.max_body_bytes)
            if body is not None:
                changed = self._rewriter.body(operation, body, await self._call_ids(operation, scope))
                if isinstance(changed, Reply):
                    await changed.send(send)
                    return
                role = self._rewriter.role_of(operation, body)
                receive, scope = with_body(changed, receive, scope)
        limit = _number(query.get("limit", ""), lists.default_limit or 20)
        answer = _Answer(self, operation, scope, send, limit, role)
        try:
            await self._app(scope, receive, answer)
        except BrokenOffError:
            disconnect(scope, "close")

    # ---- answers ----

    async def reply(self, operation: Operation, scope: Scope, plain: Reply, *, limit: int, role: str | None) -> Reply:
        """The JSON answer of the application in the dialect. `limit` is the size of a full page, `role` that of a
        message that was created."""
        status, headers = plain.status, plain.headers
        value: Any = json.loads(plain.content)
        if status >= 400:
            return self._error(status, value["error"], headers)
        if self._dialect.waits_for_runs and operation.id in _RUNS:
            value = await self._ended(scope, value)
        if is_object(value) and value.get("object") == "list" and is_array(value.get("data")):
            return self._page(value, operation.id, limit, headers)
        if role is not None:
            self.forms.remember_role(value["id"], role)
        status = self._dialect.statuses.get(operation.method, status)
        formed = self.forms.answer(value, operation=operation.id)
        return Reply(status, headers=headers) if status == 204 else Reply.of(status, formed, headers)

    def _page(self, value: JsonObject, operation: str, limit: int, headers: Headers = ()) -> Reply:
        lists = self._dialect.list_of(operation)
        if lists.empty_fails and not value["data"]:
            return self._error(500, error_object("list index out of range", type="server_error"))
        return Reply.of(self._dialect.statuses.get("GET", 200), self.forms.page(value, lists, limit), headers)

    def _error(self, status: int, details: Json, headers: Headers = ()) -> Reply:
        return error_reply(self._dialect, status, details, headers)

    def events(self) -> EventWriter:
        """What writes a stream."""
        return EventWriter(self._dialect, self.forms)

    @property
    def piece_bytes(self) -> int | None:
        """The size of the pieces in which streams are written."""
        return self._dialect.events.piece_bytes

    # ---- what is asked for on the way ----

    async def _threads(self, scope: Scope, receive: Receive) -> Reply:
        """`GET /threads`, which the API does not have."""
        request = Request(scope, receive)
        lists = self._dialect.list_of(THREAD_LIST)
        try:
            database = self._service.database.for_owner(self._authenticate(request))
            query: Json = dict(request.query_params)
            if lists.breaks_on & query.keys():
                raise ApiError("Bad gateway.", status=502, type="server_error")
            if "limit" in query:
                query["limit"] = _number(query["limit"], 0)
            window = Window.of(query)
            found = await database.read(lambda tx: records.page(tx, tables.threads, window))
        except ApiError as error:
            return self._error(error.status, error.body()["error"])
        return self._page(found, THREAD_LIST, window.limit)

    async def _ended(self, scope: Scope, run: JsonObject) -> JsonObject:
        """A run when it has ended or needs tool outputs; as it is when the server stops."""
        thread_id, run_id = (quote(run[name], safe="") for name in ("thread_id", "id"))
        path = f"{self._service.settings.prefix}/threads/{thread_id}/runs/{run_id}"
        found = run
        while found.get("status") in _UNDER_WAY and not self._service.stopping.is_set():
            await asyncio.sleep(_LOOK_SECONDS)
            run, found = found, await self._ask(scope, path)
        return found if "status" in found else run  # an error says that it was deleted meanwhile

    async def _call_ids(self, operation: Operation, scope: Scope) -> list[str]:
        """The true ids of the tool calls that a run waits for, where the dialect hides them."""
        if operation.id != "submitToolOuputsToRun" or not self._dialect.shared_call_ids:
            return []
        run = await self._ask(scope, raw_path(scope).removesuffix("/submit_tool_outputs"))
        calls = child(child(run, "required_action"), "submit_tool_outputs").get("tool_calls")
        return [call["id"] for call in calls] if is_array(calls) else []

    async def _ask(self, scope: Scope, path: str) -> JsonObject:
        """The application's own answer to a GET, with the caller's credentials."""
        content = bytearray()

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            content.extend(message.get("body", b""))

        asked = {**scope, "method": "GET", "raw_path": path.encode(), "path": path, "query_string": b""}
        await self._app(asked, receive, send)
        return dict(json.loads(content))


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else otherwise


class _Answer:
    """Takes the application's answer and sends that of the dialect."""

    def __init__(
        self, edge: Edge, operation: Operation, scope: Scope, send: Send, limit: int, role: str | None
    ) -> None:
        self._edge = edge
        self._operation = operation
        self._scope = scope
        self._send = send
        self._limit = limit
        self._role = role
        self._status = 200
        self._headers: list[tuple[bytes, bytes]] = []
        self._decoder = SSEDecoder()
        self._writer: EventWriter | None = None
        self._is_json = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._writer is not None:
            await self._stream(self._writer, message)
        elif self._is_json:
            await self._whole(bytes(message["body"]))
        else:
            await self._send(message)

    async def _start(self, message: Message) -> None:
        kind = next((value for name, value in message["headers"] if name.lower() == b"content-type"), b"")
        self._status = message["status"]
        self._headers = [each for each in message["headers"] if each[0].lower() not in _OWN_HEADERS]
        self._is_json = kind.startswith(b"application/json")
        if kind.startswith(_STREAM):
            self._writer = self._edge.events()
            message = {**message, "headers": [*self._headers, (b"content-type", kind)]}
        if not self._is_json:
            await self._send(message)

    async def _whole(self, content: bytes) -> None:
        """The application sends JSON in one piece."""
        reply = await self._edge.reply(
            self._operation,
            self._scope,
            Reply(self._status, content=content, headers=self._headers),
            limit=self._limit,
            role=self._role,
        )
        await reply.send(self._send)

    async def _stream(self, writer: EventWriter, message: Message) -> None:
        piece = bytes(message.get("body", b""))
        if piece.startswith(b":"):
            await self._write(writer.comment())
        for event in self._decoder.feed(piece):
            await self._write(writer.write(event.event, event.data.decode()))
        if not message.get("more_body", False):
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write(self, content: bytes) -> None:
        size = self._edge.piece_bytes or max(len(content), 1)
        for start in range(0, len(content), size):
            part = content[start : start + size]
            await self._send({"type": "http.response.body", "body": part, "more_body": True})


# Requests.


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
            return error_reply(dialect, 422, error)
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


async def read_request(receive: Receive, limit: int) -> tuple[Json | None, Receive]:
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
