"""The ASGI application: takes a request apart, lets its handler work, puts the answer together."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
import re
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email.utils import formatdate
from secrets import token_hex
from typing import Any
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
from .faults import DISCONNECT, AsgiApp, Message, Receive, Scope, Send, inflict
from .handlers import HANDLERS, PREPARATIONS, Answer, Call, FileAnswer, Handler, StreamAnswer
from .idempotency import Claim
from .multipart import Form
from .paths import raw_path as _raw_path
from .pending import Share
from .recording import MAX_BODY, ReceivedRequest, visible_headers
from .runs.states import ACTIVE
from .service import Service
from .services import Services
from .settings import Settings
from .spec import JsonObject, Match, Operation, is_array, is_object
from .store import Tx, blobs, dumps
from .store.tables import DEFAULT_OWNER

logger = logging.getLogger("openai_assistants.server")

_BETA_RESOURCES = frozenset({"assistants", "threads"})
_BETA = "assistants=v2"
_MAX_DEPTH = 200
_MAX_VALUES = 200_000
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')
_DIGITS = 18
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
    """All operations of the spec under one prefix."""

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
        match = self._match(scope)
        operation = match.operations.get(scope["method"]) if match is not None else None
        name = operation.id if operation is not None else None
        note(scope, operation=name, **_known_ids(match))
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
            logger.exception("%s %s failed", request.method, ascii(_raw_path(scope))[1:-1])
            response = _json(errors.server_error().body(), status=500)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        path = _raw_path(request.scope)
        if path == "/health":
            return await self._health()
        owner = self._authenticate(request)
        match = self._match(request.scope)
        operations = {
            method: operation
            for method, operation in (match.operations.items() if match is not None else ())
            if operation.id in HANDLERS
        }
        if match is None or not operations:
            raise errors.unknown_url(request.method, path)
        operation = operations.get(request.method)
        if operation is None:
            raise errors.wrong_method(request.method, path, list(operations))
        _check_beta(request, operation)
        query = self._service.validator.query(operation, parse_qsl(request.url.query, keep_blank_values=True))
        claim = self._claim(request, owner, path)
        with self._service.pending.share(request.scope.get("state", {}).get(DISCONNECT)) as share:
            if operation.multipart:
                return await self._upload(request, owner, operation, match.path, query, claim, share)
            body, raw = await self._body(request, operation, share)
            return await self._work(request, owner, operation, match.path, query, body, claim, raw)

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
        owner: str,
        operation: Operation,
        path: Any,
        query: JsonObject,
        body: JsonObject,
        claim: Claim | None,
        content: bytes,
    ) -> Response:
        service = self._service
        database = service.database.for_owner(owner)
        handler: Handler = HANDLERS[operation.id]
        if operation.method == "GET":
            return await self._answer(
                request, await database.read(lambda tx: handler(Call(tx, service, path, query, body)))
            )
        if claim is not None:
            claim = Claim(claim.scope, claim.key, _digest(claim.fingerprint, content))
        resuming = "last-event-id" in request.headers
        preparation = PREPARATIONS.get(operation.id)
        prepared = await preparation(database, path, body) if preparation is not None else {}

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

        answer, replayed = await database.write(work)
        response = await self._answer(request, answer, replayed=replayed)
        if replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    async def _upload(
        self,
        request: Request,
        owner: str,
        operation: Operation,
        path: Any,
        query: JsonObject,
        claim: Claim | None,
        share: Share,
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
            service.database,
            request.headers.get("content-type", ""),
            file_id=service.ids.new(prefix),
            max_file=limit,
            share=share,
        )
        answered = False
        try:
            await form.read(request.stream())
            body = service.validator.form(operation, form.fields)
            response = await self._work(
                request, owner, operation, path, query, body, claim, form.fingerprint().encode()
            )
            answered = "Idempotent-Replayed" not in response.headers
            return response
        finally:
            if not answered:
                await form.discard()

    async def _body(self, request: Request, operation: Operation, share: Share) -> tuple[JsonObject, bytes]:
        limit = self._service.settings.max_body_bytes
        if _announced(request) > limit:
            raise errors.too_large("The request body", limit)
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > limit:
                raise errors.too_large("The request body", limit)
            share.grow(len(content))
        share.complete()
        raw = bytes(content)
        if operation.body is None:
            return {}, raw
        return self._service.validator.body(operation, _parse(raw)), raw

    async def _answer(self, request: Request, answer: Answer, *, replayed: bool = False) -> Response:
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
        """Check the API key: whose objects the request is about, and whose its idempotency key is."""
        if not self._service.keys:
            return DEFAULT_OWNER
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        key = key.strip() if kind.lower() == "bearer" else request.headers.get("api-key", "")
        if not key:
            raise errors.missing_key()
        owner = self._service.keys.owner_of(key)
        if owner is None:
            raise errors.wrong_key(key)
        return owner

    def _claim(self, request: Request, owner: str, path: str) -> Claim | None:
        key = request.headers.get("idempotency-key")
        if key is None or request.method != "POST" or not self._service.faults.idempotency:
            return None
        idempotency.check_key(key)
        return Claim(owner, key, f"{request.method} {path}?{request.url.query}")

    def _match(self, scope: Scope) -> Match | None:
        path, prefix = _raw_path(scope), self._service.settings.prefix
        return self._service.spec.match(path[len(prefix) :]) if path.startswith(prefix + "/") else None

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


def _known_ids(match: Match | None) -> dict[str, str]:
    """The thread and the run that a URL names."""
    return (
        {name: match.path[name] for name in ("thread_id", "run_id") if name in match.path} if match is not None else {}
    )


def _check_beta(request: Request, operation: Operation) -> None:
    if operation.segments[0] not in _BETA_RESOURCES:
        return
    asked = [each.strip() for value in request.headers.getlist("openai-beta") for each in value.split(",")]
    if _BETA not in asked:
        raise errors.missing_beta()


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
    beyond a float's range, half surrogate pairs, nesting and numbers of values beyond all reason."""
    if not raw.strip():
        return {}
    if (signs := _signs(raw)) > _MAX_VALUES:
        _check_count(raw, signs)
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


def _check_count(raw: bytes, signs: int) -> None:
    """Refuse JSON of which little is text: it would become many times as large in memory."""
    for number, text in enumerate(_STRING.finditer(raw)):
        if number > 2 * _MAX_VALUES:
            break
        signs -= _signs(text[0])
    if signs > _MAX_VALUES:
        raise ApiError(f"The request body holds more than {_MAX_VALUES} values.")


def _signs(raw: bytes) -> int:
    """What there is at most one of for each value."""
    return raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _announced(request: Request) -> int:
    """The size of a body as its header says; 0 if that says nothing."""
    length = request.headers.get("content-length", "")
    return int(length[:_DIGITS]) if length.isascii() and length.isdigit() else 0


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
