"""ASGI as this server uses it: its terms, and what is noted of requests.

The access log has an entry for each request when it is over, without keys and without contents. Entries go to the
logger `openai_assistants.server.access` at level INFO, with their fields in `record.access`. Nothing is measured unless
somebody listens. The query is left out. `complete` is false when the answer did not get to its end: mostly because the
client left. The record of received requests is for tests to look at.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias, overload
from urllib.parse import quote

from .._logs import is_secret
from .spec import check_operation

Message: TypeAlias = MutableMapping[str, Any]
Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

DISCONNECT = "openai_assistants.disconnect"
"""Key in the scope's state: a function that ends the connection, told how (`close` or `reset`)."""


def raw_path(scope: Scope) -> str:
    """The path of a request, still percent-encoded."""
    raw: bytes | None = scope.get("raw_path")
    if raw is None:  # not every ASGI server tells
        return quote(scope["path"])
    return raw.partition(b"?")[0].decode("latin-1")


async def drain(receive: Receive) -> None:
    """Read the request to its end."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


def disconnect(scope: Scope, how: str) -> None:
    """End the connection of a request: `close` or `reset` it."""
    disconnect: Callable[[str], None] | None = scope.get("state", {}).get(DISCONNECT)
    if disconnect is None:
        raise RuntimeError("this ASGI server gives no access to its connections; use LocalServer")
    disconnect(how)


# The access log.


LOGGER: Final = "openai_assistants.server.access"
_NOTES: Final = "openai_assistants.access"
"""Key in the scope: what the application knows of the request beyond its form."""

logger = logging.getLogger(LOGGER)


def note(scope: Scope, **fields: str | None) -> None:
    """Add fields to the entry of a request: its operation, the run that it is about."""
    notes: dict[str, str | None] | None = scope.get(_NOTES)
    if notes is not None:
        notes.update(fields)


class AccessLog:
    """Around an application: notes what is asked and what becomes of it."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and note it."""
        if scope["type"] != "http" or not logger.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        watch = _Watch(receive, send)
        notes = scope[_NOTES] = dict[str, str | None](operation=None)
        started = time.perf_counter()
        try:
            await self._app(scope, watch.receive, watch.send)
        finally:
            _log(scope, notes, watch, time.perf_counter() - started)


class _Watch:
    """Counts what goes in and out of one request."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.bytes_in = self.bytes_out = 0
        self.status: int | None = None
        self.request_id: str | None = None
        self.complete = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self.bytes_in += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            ids = (value for name, value in message.get("headers", ()) if name.lower() == b"x-request-id")
            self.request_id = next((value.decode("latin-1") for value in ids), None)
        else:
            self.bytes_out += len(message.get("body", b""))
            self.complete = not message.get("more_body", False)
        await self._send(message)


def _log(scope: Scope, notes: dict[str, str | None], watch: _Watch, seconds: float) -> None:
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    client = scope.get("client")
    agents = (value for name, value in scope["headers"] if name == b"user-agent")
    fields: dict[str, Any] = {
        "method": scope["method"],
        "path": raw.partition(b"?")[0].decode("latin-1"),
        **notes,
        "status": watch.status,
        "milliseconds": round(seconds * 1000, 1),
        "bytes_in": watch.bytes_in,
        "bytes_out": watch.bytes_out,
        "complete": watch.complete,
        "request_id": watch.request_id,
        "client": client[0] if client else None,
        "user_agent": next((value.decode("latin-1") for value in agents), None),
    }
    cut = "" if watch.complete else ", not to its end"
    text = f"{fields['method']} {ascii(fields['path'])[1:-1]} {fields['status']} in {fields['milliseconds']:g} ms{cut}"
    logger.info(text, extra={"access": fields})


class JsonFormatter(logging.Formatter):
    """Each record as one JSON object on one line. The fields of an access record stand beside the others."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        entry: dict[str, Any] = {"time": moment, "level": record.levelname.lower(), "logger": record.name}
        access: dict[str, Any] | None = getattr(record, "access", None)
        if access is not None:
            entry.update(access)
        else:
            entry["message"] = record.getMessage()
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def set_up_logging(*, form: str, level: str, access: bool) -> None:
    """Write the records of this process to the standard error output."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        JsonFormatter() if form == "json" else logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger(LOGGER).setLevel(logging.INFO if access else logging.CRITICAL)


# The record of requests.


MAX_BODY: Final = 1 << 20


@dataclass
class ReceivedRequest:
    """One request as it came in. Headers and parameters that carry secrets hold `***`; of the body the first MiB is
    kept."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    operation: str | None
    """The spec's operationId, one of version 1 as `v1.createRun`; None if no operation has this URL."""
    body: bytes = b""
    status: int | None = field(default=None)
    """The status of the answer, once there is one."""

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


class RequestLog(Sequence[ReceivedRequest]):
    """The newest requests, oldest first; usable from any thread."""

    def __init__(self, size: int) -> None:
        self._requests: deque[ReceivedRequest] = deque(maxlen=size)
        self._lock = threading.Lock()

    def add(self, request: ReceivedRequest) -> None:
        """Note a request."""
        with self._lock:
            self._requests.append(request)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._requests.clear()

    def of(self, operation: str) -> list[ReceivedRequest]:
        """Those of one operation: its operationId, one of version 1 with `v1.` in front.

        Raises:
            ValueError: There is no such operation.
        """
        check_operation(operation)
        return [each for each in self if each.operation == operation]

    def __len__(self) -> int:
        return len(self._requests)

    @overload
    def __getitem__(self, index: int) -> ReceivedRequest: ...
    @overload
    def __getitem__(self, index: slice) -> list[ReceivedRequest]: ...
    def __getitem__(self, index: int | slice) -> ReceivedRequest | list[ReceivedRequest]:
        with self._lock:
            return list(self._requests)[index]

    def __iter__(self) -> Iterator[ReceivedRequest]:
        with self._lock:
            return iter(list(self._requests))


def visible_headers(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name, without secrets."""
    decoded = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
    return {name: "***" if is_secret(name) else value for name, value in decoded}
