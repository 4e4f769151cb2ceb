"""The ASGI application, from a request to its answer: whose request it is, where it leads, what every answer tells, and
what becomes of failures.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import math
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email.utils import formatdate
from secrets import token_hex
from typing import Final
from urllib.parse import parse_qsl, quote

from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from .. import __version__
from .._logs import shown_query
from .asgi import (
    DISCONNECT,
    MAX_BODY,
    AccessLog,
    AsgiApp,
    Message,
    Receive,
    ReceivedRequest,
    Scope,
    Send,
    note,
    raw_path,
    visible_headers,
)
from .bodies import Form, Share, check_settings, parse_json
from .dialects import named
from .dialects.edge import Edge
from .faults import inflict
from .handlers import (
    PREPARATIONS,
    Answer,
    Call,
    Claim,
    FileAnswer,
    Handler,
    StreamAnswer,
    check_idempotency_key,
    keep_answer,
    nothing_to_resume,
    recall_answer,
)
from .runs import ACTIVE, events
from .service import Route, Service, Services, Settings
from .spec import NEWEST, ApiError, JsonObject, Operation, missing_key, server_error, too_large, wrong_key, wrong_method
from .store import Tx, dumps, records
from .store.tables import DEFAULT_OWNER

logger = logging.getLogger("openai_assistants.server")

_HEALTH_SECONDS = 4
"""Below the five seconds or more that load balancers give a check."""

_HEALTH_METHODS: Final = ("GET", "HEAD")

_DIGITS: Final = 18


def create_app(settings: Settings | None = None) -> Starlette:
    """The application for any ASGI server; its state is opened and closed by the ASGI lifespan. One process serves one
    SQLite database; over a PostgreSQL database there may be several."""
    services = Services(settings or Settings())

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        await services.start()
        try:
            yield
        finally:
            await services.stop()

    app = Starlette(lifespan=lifespan)
    # Not mounted: the pattern of a mount knows no paths with line breaks in them.
    app.router.default = AccessLog(services.app(Api))
    app.state.services = services
    app.state.service = services.first
    return app


class Api:
    """All operations of the specs under one prefix."""

    def __init__(self, service: Service) -> None:
        self._service = service
        dialect = service.settings.dialect
        self._speak: AsgiApp = (
            self._handle if dialect is None else Edge(self._handle, service, named(dialect), self._authenticate)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request: note it, let a fault happen to it or handle it."""
        if scope["type"] != "http":
            await send({"type": "websocket.close"})  # refused, as ASGI would have it: there are none
            return
        route = self._route(scope)
        name = route.operation.name if route.operation is not None else None
        note(scope, operation=name, **_known_ids(route))
        record = self._record(scope, name)
        if record is not None:
            receive, send = _recording(record, receive, send)
        send = self._with_headers(send)
        fault = self._service.faults.take(name, scope["method"], raw_path(scope))
        if fault is None:
            await self._speak(scope, receive, send)
        else:
            await inflict(fault, self._speak, scope, receive, send, stopping=self._service.stopping)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except ApiError as error:
            response = json_response(error.body(), status=error.status, headers=error.headers)
        except ClientDisconnect:
            return
        except Exception:
            logger.exception("%s %s failed", request.method, ascii(raw_path(scope))[1:-1])
            response = json_response(server_error().body(), status=500)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if raw_path(request.scope) == "/health":
            if request.method not in _HEALTH_METHODS:  # after a yes to CONNECT no HTTP follows
                raise wrong_method(request.method, "/health", list(_HEALTH_METHODS))
            return await self._health()
        owner = self._authenticate(request)
        return await Carrying.of(self._service, request, owner, self._route(request.scope)).answer()

    async def _health(self) -> Response:
        """Whether this server takes requests: its database answers, and it is not about to stop."""
        service = self._service
        status = "stopping" if service.stopping.is_set() else "ok"
        try:
            async with asyncio.timeout(_HEALTH_SECONDS):
                await service.database.read(lambda tx: tx.connection.execute(select(1)))
        except Exception:
            logger.exception("the database does not answer")
            status = "no database"
        return json_response({"status": status, "version": __version__}, status=200 if status == "ok" else 503)

    def _authenticate(self, request: Request) -> str:
        """Check the API key: whose objects the request is about, and whose its idempotency key is."""
        if not self._service.keys:
            return DEFAULT_OWNER
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        key = key.strip() if kind.lower() == "bearer" else request.headers.get("api-key", "")
        if not key:
            raise missing_key()
        owner = self._service.keys.owner_of(key)
        if owner is None:
            raise wrong_key(key)
        return owner

    def _route(self, scope: Scope) -> Route:
        return self._service.versions.route(scope, self._service.settings.prefix)

    def _record(self, scope: Scope, operation: str | None) -> ReceivedRequest | None:
        if not self._service.settings.record_requests:
            return None
        query = shown_query(scope.get("query_string", b"").decode("latin-1"))
        record = ReceivedRequest(scope["method"], raw_path(scope), query, visible_headers(scope["headers"]), operation)
        self._service.requests.add(record)
        return record

    def _with_headers(self, send: Send) -> Send:
        """What every answer tells about itself."""
        started = time.perf_counter()
        request_id = f"req_{token_hex(16)}"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [
                    # By the server's own clock, which tests can freeze: clients compare it with the times of objects.
                    (b"date", formatdate(self._service.clock.now(), usegmt=True).encode()),
                    (b"x-request-id", request_id.encode()),
                    (b"openai-version", b"2020-10-01"),
                    (b"openai-processing-ms", str(math.ceil((time.perf_counter() - started) * 1000)).encode()),
                ]
                if self._service.faults.idempotency and self._service.settings.dialect is None:
                    own.append((b"openai-assistants-idempotency", b"supported"))
                message = {**message, "headers": [*message.get("headers", ()), *own]}
            await send(message)

        return sending


def _known_ids(route: Route) -> dict[str, str]:
    """The thread and the run that a URL names."""
    return {name: route.values[name] for name in ("thread_id", "run_id") if name in route.values}


def _recording(record: ReceivedRequest, receive: Receive, send: Send) -> tuple[Receive, Send]:
    async def receiving() -> Message:
        message = await receive()
        if message["type"] == "http.request" and len(record.body) < MAX_BODY:
            record.body += bytes(message.get("body", b""))[: MAX_BODY - len(record.body)]
        return message

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            record.status = message["status"]
        await send(message)

    return receiving, sending


# One request, once it is known whose it is.


@dataclass(frozen=True, kw_only=True)
class Carrying:
    """What is known of a request before its body is."""

    service: Service
    request: Request
    owner: str
    route: Route
    operation: Operation
    query: JsonObject
    claim: Claim | None

    @classmethod
    def of(cls, service: Service, request: Request, owner: str, route: Route) -> Carrying:
        """Take a request apart.

        Raises:
            ApiError: It leads nowhere, or its query or its idempotency key is wrong.
        """
        operation = route.demand()
        query = route.version.validator.query(operation, parse_qsl(request.url.query, keep_blank_values=True))
        return cls(
            service=service,
            request=request,
            owner=owner,
            route=route,
            operation=operation,
            query=query,
            claim=_claim(service, request, owner, route),
        )

    async def answer(self) -> Response:
        """Carry it out."""
        with self.service.pending.share(self.request.scope.get("state", {}).get(DISCONNECT)) as share:
            if self.operation.multipart:
                return await self._upload(share)
            body, raw = await self._body(share)
            return await self._work(body, raw)

    async def _body(self, share: Share) -> tuple[JsonObject, bytes]:
        limit = self.service.settings.max_body_bytes
        if _announced(self.request) > limit:
            raise too_large("The request body", limit)
        content = bytearray()
        async for chunk in self.request.stream():
            content += chunk
            if len(content) > limit:
                raise too_large("The request body", limit)
            share.grow(len(content))
        share.complete()
        raw = bytes(content)
        if self.operation.body is None:
            return {}, raw
        body = self.route.version.validator.body(self.operation, parse_json(raw))
        check_settings(body, raw)
        return body, raw

    async def _upload(self, share: Share) -> Response:
        """A form with a file: its content is stored first, then the handler makes an object of it."""
        service, settings = self.service, self.service.settings
        is_part = self.operation.id == "addUploadPart"
        form = Form(
            service.database,
            self.request.headers.get("content-type", ""),
            file_id=service.ids.new("part_" if is_part else "file-"),
            max_file=settings.max_part_bytes if is_part else settings.max_file_bytes,
            share=share,
        )
        answered = False
        try:
            await form.read(self.request.stream())
            body = self.route.version.validator.form(self.operation, form.fields)
            response = await self._work(body, form.fingerprint().encode())
            answered = "Idempotent-Replayed" not in response.headers
            return response
        finally:
            if not answered:
                await form.discard()

    async def _work(self, body: JsonObject, content: bytes) -> Response:
        service, path, query = self.service, self.route.values, self.query
        database = service.database.for_owner(self.owner)
        handler: Handler = self.route.version.handlers[self.operation.id]
        if self.operation.method == "GET":
            return self._show(await database.read(lambda tx: handler(Call(tx, service, path, query, body))))
        claim = (
            None if self.claim is None else replace(self.claim, fingerprint=_digest(self.claim.fingerprint, content))
        )
        resuming = "last-event-id" in self.request.headers
        preparation = PREPARATIONS.get(self.operation.id)
        prepared = await preparation(database, path, body) if preparation is not None else {}

        def work(tx: Tx) -> tuple[Answer, bool]:
            if claim is not None:
                if (earlier := recall_answer(tx, claim)) is not None:
                    return earlier, True
                if resuming:
                    raise nothing_to_resume()
            answer = handler(Call(tx, service, path, query, body, prepared))
            if claim is not None:
                keep_answer(tx, claim, answer)
            return answer, False

        answer, replayed = await database.write(work)
        response = self._show(answer, replayed=replayed)
        if replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    def _show(self, answer: Answer, *, replayed: bool = False) -> Response:
        service = self.service
        match answer:
            case StreamAnswer():
                return self._stream(answer, replayed=replayed)
            case FileAnswer():
                headers = {
                    "content-type": "application/octet-stream",
                    "content-length": str(answer.size),
                    "content-disposition": f"attachment; filename*=UTF-8''{quote(answer.filename, safe='')}",
                }
                return StreamingResponse(records.read_content(service.database, answer.file_id), headers=headers)
            case _:
                if answer.get("object") == "thread.run":
                    note(self.request.scope, run_id=answer["id"], thread_id=answer["thread_id"])
                headers = {"openai-poll-after-ms": str(service.settings.poll_after_ms)} if _unfinished(answer) else {}
                return json_response(answer, headers=headers)

    def _stream(self, answer: StreamAnswer, *, replayed: bool) -> Response:
        service, version, request = self.service, self.route.version, self.request
        note(request.scope, run_id=answer.run_id)
        last = request.headers.get("last-event-id") if replayed else None
        body = events.stream_body(
            service.database,
            service.feed,
            answer.run_id,
            answer.segment,
            after=0 if last is None else events.position(last, answer.run_id),
            ids=service.faults.event_ids,
            idle=service.settings.keep_alive_seconds,
            view=None if version.view is None else version.view(service.database, answer.run_id),
        )
        return StreamingResponse(body, headers={"content-type": events.CONTENT_TYPE, "cache-control": "no-cache"})


def json_response(value: JsonObject, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer of JSON."""
    content = dumps(value).encode("utf-8", "replace")
    return Response(content, status_code=status, headers=headers, media_type="application/json")


def _claim(service: Service, request: Request, owner: str, route: Route) -> Claim | None:
    key = request.headers.get("idempotency-key")
    if key is None or request.method != "POST" or not service.faults.idempotency:
        return None
    check_idempotency_key(key)
    version = "" if route.version.name == NEWEST else f"{route.version.name} "
    return Claim(owner, key, f"{version}{request.method} {route.path}?{request.url.query}")


def _unfinished(answer: JsonObject) -> bool:
    """Whether the answer is an object that is likely to be asked for again soon."""
    match answer.get("object"):
        case "thread.run":
            return answer["status"] in ACTIVE
        case "vector_store.file" | "vector_store.files_batch":
            return answer["status"] in ("in_progress", "cancelling")
        case _:
            return False


def _announced(request: Request) -> int:
    """The size of a body as its header says; 0 if that says nothing."""
    length = request.headers.get("content-length", "")
    return int(length[:_DIGITS]) if length.isascii() and length.isdigit() else 0


def _digest(prefix: str, content: bytes) -> str:
    return hashlib.sha256(prefix.encode() + b"\n" + content).hexdigest()
