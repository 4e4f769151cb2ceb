"""The access log: an entry for each request when it is over, without keys and without contents.

Entries go to the logger `openai_assistants.server.access` at level INFO, with their fields in `record.access`. Nothing
is measured unless somebody listens. The query is left out. `complete` is false when the answer did not get to its end:
mostly because the client left.
"""

from __future__ import annotations

import logging
import time
from typing import Any, Final

from .faults import AsgiApp, Message, Receive, Scope, Send

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
        elif message["type"] == "http.response.body":
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
