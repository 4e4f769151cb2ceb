"""The ASGI application: whose request it is, where it leads, what every answer tells, and what becomes of failures."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email.utils import formatdate
from secrets import token_hex

from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from .._secrets import shown_query
from .._version import __version__
from . import errors
from .access import AccessLog, note
from .carrying import Carrying, json_response
from .dialects import named
from .dialects.edge import Edge
from .errors import ApiError
from .faults import AsgiApp, Message, Receive, Scope, Send, inflict
from .paths import raw_path as _raw_path
from .recording import MAX_BODY, ReceivedRequest, visible_headers
from .service import Service
from .services import Services
from .settings import Settings
from .store.tables import DEFAULT_OWNER
from .versions import Route

logger = logging.getLogger("openai_assistants.server")

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
            response = json_response(error.body(), status=error.status, headers=error.headers)
        except ClientDisconnect:
            return
        except Exception:
            logger.exception("%s %s failed", request.method, ascii(_raw_path(scope))[1:-1])
            response = json_response(errors.server_error().body(), status=500)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if _raw_path(request.scope) == "/health":
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
            raise errors.missing_key()
        owner = self._service.keys.owner_of(key)
        if owner is None:
            raise errors.wrong_key(key)
        return owner

    def _route(self, scope: Scope) -> Route:
        return self._service.versions.route(scope, self._service.settings.prefix)

    def _record(self, scope: Scope, operation: str | None) -> ReceivedRequest | None:
        if not self._service.settings.record_requests:
            return None
        query = shown_query(scope.get("query_string", b"").decode("latin-1"))
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
