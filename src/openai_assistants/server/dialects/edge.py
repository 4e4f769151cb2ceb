"""Between the application and the connection: requests are turned into those of the API, answers into the dialect."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

from starlette.requests import Request

from ..._sse import SSEDecoder
from ..errors import ApiError, error_object
from ..faults import AsgiApp, Message, Receive, Scope, Send, disconnect, drain
from ..paths import raw_path
from ..runs.states import ACTIVE
from ..spec import JsonObject, Operation, child, is_array, is_object
from ..store import records, tables
from ..store.records import Window
from . import replies
from .dialect import Dialect, Json
from .events import BrokenOffError, EventWriter
from .forms import Forms
from .replies import Headers, Reply
from .requests import Rewriter, read, with_body

if TYPE_CHECKING:
    from ..service import Service

_LOOK_SECONDS = 0.01
_DIGITS = 10
_STREAM = b"text/event-stream"
_OWN_HEADERS = frozenset({b"content-length", b"content-type", b"openai-poll-after-ms", b"idempotent-replayed"})
"""Headers of the plain answer that do not fit its imitation."""
_UNKNOWN_HEADERS = frozenset({b"idempotency-key", b"last-event-id"})
"""Headers of requests that other servers know nothing of."""
_RUNS = frozenset({"createRun", "createThreadAndRun", "submitToolOuputsToRun"})
THREAD_LIST = "listThreads"


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
            await replies.missing(self._dialect, method, path, other_methods=others).send(send)
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
            body, receive = await read(receive, self._service.settings.max_body_bytes)
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
        return replies.error(self._dialect, status, details, headers)

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
        while run.get("status") in ACTIVE and not self._service.stopping.is_set():
            await asyncio.sleep(_LOOK_SECONDS)
            found = await self._ask(scope, path)
            if found.get("object") != "thread.run":
                break  # it was deleted meanwhile
            run = found
            if run["status"] == "requires_action":
                break
        return run

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
        self._content = bytearray()
        self._decoder = SSEDecoder()
        self._writer: EventWriter | None = None
        self._is_json = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._writer is not None:
            await self._stream(self._writer, message)
        elif self._is_json:
            await self._collect(message)
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

    async def _collect(self, message: Message) -> None:
        self._content += message.get("body", b"")
        if not message.get("more_body", False):
            reply = await self._edge.reply(
                self._operation,
                self._scope,
                Reply(self._status, content=bytes(self._content), headers=self._headers),
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
