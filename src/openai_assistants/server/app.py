"""The ASGI application: takes a request apart, lets its handler work, puts the answer together."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import math
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email.utils import formatdate
from secrets import token_hex
from urllib.parse import parse_qsl, quote

from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from .._version import __version__
from . import errors, idempotency, streams
from .access import AccessLog, note
from .dialects import named
from .dialects.edge import Edge
from .errors import ApiError
from .faults import AsgiApp, Message, Receive, Scope, Send, inflict
from .handlers import PREPARATIONS, Answer, Call, FileAnswer, Handler, StreamAnswer
from .idempotency import Claim
from .multipart import Form
from .paths import raw_path as _raw_path
from .recording import MAX_BODY, ReceivedRequest, visible_headers
from .runs.states import ACTIVE
from .service import Service
from .services import Services
from .settings import Settings
from .spec import NEWEST, JsonObject, Operation, is_array, is_object
from .store import Tx, blobs, dumps
from .versions import Route, Version

logger = logging.getLogger("openai_assistants.server")

_MAX_DEPTH = 200
_HEALTH_SECONDS = 4
"""Below the five seconds or more that load balancers give a check."""


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
            return
        route = self._route(scope)
        name = route.operation.name if route.operation is not None else None
        note(scope, operation=name, **_known_ids(route))
        record = self._record(scope, name)
        if record is not None:
            receive, send = _recording(record, receive, send)
        send = self._with_headers(send)
        fault = self._service.faults.take(name, scope["method"], _raw_path(scope))
        if fault is None:
            await self._speak(scope, receive, send)
        else:
            await inflict(fault, self._speak, scope, receive, send, stopping=self._service.stopping)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except ApiError as error:
            response = _json(error.body(), status=error.status, headers=error.headers)
        except ClientDisconnect:
            return
        except Exception:
            logger.exception("%s %s failed", request.method, request.url.path)
            response = _json(errors.server_error().body(), status=500)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        path = _raw_path(request.scope)
        if path == "/health":
            return await self._health()
        scope_key = self._authenticate(request)
        route = self._route(request.scope)
        operation = route.demand()
        query = route.version.validator.query(operation, parse_qsl(request.url.query, keep_blank_values=True))
        claim = self._claim(request, scope_key, route)
        if operation.multipart:
            return await self._upload(request, route, operation, query, claim)
        body, raw = await self._body(request, route, operation)
        return await self._work(request, route, operation, query, body, claim, raw)

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
        return _json({"status": status, "version": __version__}, status=200 if status == "ok" else 503)

    async def _work(
        self,
        request: Request,
        route: Route,
        operation: Operation,
        query: JsonObject,
        body: JsonObject,
        claim: Claim | None,
        content: bytes,
    ) -> Response:
        service, version, path = self._service, route.version, route.values
        handler: Handler = version.handlers[operation.id]
        if operation.method == "GET":
            found = await service.database.read(lambda tx: handler(Call(tx, service, path, query, body)))
            return await self._answer(request, found, version)
        if claim is not None:
            claim = Claim(claim.scope, claim.key, _digest(claim.fingerprint, content))
        resuming = "last-event-id" in request.headers
        preparation = PREPARATIONS.get(operation.id)
        prepared = await preparation(service.database, path, body) if preparation is not None else {}

        def work(tx: Tx) -> tuple[Answer, bool]:
            if claim is not None:
                if (earlier := idempotency.recall(tx, claim)) is not None:
                    return earlier, True
                if resuming:
                    raise idempotency.nothing_to_resume()
            answer = handler(Call(tx, service, path, query, body, prepared))
            if claim is not None:
                idempotency.keep(tx, claim, answer)
            return answer, False

        answer, replayed = await service.database.write(work)
        response = await self._answer(request, answer, version, replayed=replayed)
        if replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    async def _upload(
        self, request: Request, route: Route, operation: Operation, query: JsonObject, claim: Claim | None
    ) -> Response:
        """A form with a file: its content is stored first, then the handler makes an object of it."""
        service = self._service
        prefix, limit = (
            ("part_", service.settings.max_part_bytes)
            if operation.id == "addUploadPart"
            else (
                "file-",
                service.settings.max_file_bytes,
            )
        )
        form = Form(
            service.database, request.headers.get("content-type", ""), file_id=service.ids.new(prefix), max_file=limit
        )
        answered = False
        try:
            await form.read(request.stream())
            body = route.version.validator.form(operation, form.fields)
            response = await self._work(request, route, operation, query, body, claim, form.fingerprint().encode())
            answered = "Idempotent-Replayed" not in response.headers
            return response
        finally:
            if not answered:
                await form.discard()

    async def _body(self, request: Request, route: Route, operation: Operation) -> tuple[JsonObject, bytes]:
        limit = self._service.settings.max_body_bytes
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > limit:
                raise errors.too_large("The request body", limit)
        raw = bytes(content)
        if operation.body is None:
            return {}, raw
        return route.version.validator.body(operation, _parse(raw)), raw

    async def _answer(self, request: Request, answer: Answer, version: Version, *, replayed: bool = False) -> Response:
        service = self._service
        match answer:
            case StreamAnswer():
                note(request.scope, run_id=answer.run_id)
                after = 0
                if replayed and (last := request.headers.get("last-event-id")) is not None:
                    after = streams.position(last, answer.run_id)
                body = streams.body(
                    service.database,
                    service.feed,
                    answer.run_id,
                    answer.segment,
                    after=after,
                    ids=service.faults.event_ids,
                    idle=service.settings.keep_alive_seconds,
                    view=None if version.view is None else version.view(service.database, answer.run_id),
                )
                headers = {"content-type": streams.CONTENT_TYPE, "cache-control": "no-cache"}
                return StreamingResponse(body, headers=headers)
            case FileAnswer():
                headers = {
                    "content-type": "application/octet-stream",
                    "content-length": str(answer.size),
                    "content-disposition": f"attachment; filename*=UTF-8''{quote(answer.filename, safe='')}",
                }
                return StreamingResponse(blobs.read(service.database, answer.file_id), headers=headers)
            case _:
                if answer.get("object") == "thread.run":
                    note(request.scope, run_id=answer["id"], thread_id=answer["thread_id"])
                headers = {"openai-poll-after-ms": str(service.settings.poll_after_ms)} if _unfinished(answer) else {}
                return _json(answer, headers=headers)

    def _authenticate(self, request: Request) -> str:
        """Check the API key; a name for its owner, under which idempotency keys are kept."""
        known = self._service.settings.api_keys
        if not known:
            return ""
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        key = key.strip() if kind.lower() == "bearer" else request.headers.get("api-key", "")
        if not key:
            raise errors.missing_key()
        matches = [hmac.compare_digest(key.encode(), each.encode()) for each in known]  # all, to tell no timing
        if not any(matches):
            raise errors.wrong_key(key)
        return hashlib.sha256(key.encode()).hexdigest()

    def _claim(self, request: Request, scope_key: str, route: Route) -> Claim | None:
        key = request.headers.get("idempotency-key")
        if key is None or request.method != "POST" or not self._service.faults.idempotency:
            return None
        idempotency.check_key(key)
        version = "" if route.version.name == NEWEST else f"{route.version.name} "
        return Claim(scope_key, key, f"{version}{request.method} {route.path}?{request.url.query}")

    def _route(self, scope: Scope) -> Route:
        return self._service.versions.route(scope, self._service.settings.prefix)

    def _record(self, scope: Scope, operation: str | None) -> ReceivedRequest | None:
        if not self._service.settings.record_requests:
            return None
        query = scope.get("query_string", b"").decode("latin-1")
        record = ReceivedRequest(scope["method"], _raw_path(scope), query, visible_headers(scope["headers"]), operation)
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


def _unfinished(answer: JsonObject) -> bool:
    """Whether the answer is an object that is likely to be asked for again soon."""
    match answer.get("object"):
        case "thread.run":
            return answer["status"] in ACTIVE
        case "vector_store.file" | "vector_store.files_batch":
            return answer["status"] in ("in_progress", "cancelling")
        case _:
            return False


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


def _parse(raw: bytes) -> object:
    """The JSON of a body; none at all counts as an empty object. Refuses what could not be answered again: numbers
    beyond a float's range, half surrogate pairs, nesting beyond all reason."""
    if not raw.strip():
        return {}
    try:
        value: object = json.loads(raw.decode(), parse_constant=_refuse, parse_float=_finite)
        if b"\\u" in raw:
            dumps(value).encode()
        if raw.count(b"[") + raw.count(b"{") > _MAX_DEPTH:
            _check_depth(value)
    except (ValueError, RecursionError):
        raise ApiError(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP "
            "library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)"
        ) from None
    return value


def _check_depth(value: object) -> None:
    level: list[object] = [value]
    for _ in range(_MAX_DEPTH):
        level = [
            inner for each in level for inner in (each.values() if is_object(each) else each if is_array(each) else ())
        ]
        if not level:
            return
    raise ValueError("nested too deeply")


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(text)
    return value


def _digest(prefix: str, content: bytes) -> str:
    return hashlib.sha256(prefix.encode() + b"\n" + content).hexdigest()


def _json(value: JsonObject, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(
        dumps(value).encode("utf-8", "replace"), status_code=status, headers=headers, media_type="application/json"
    )
