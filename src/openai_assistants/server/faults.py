"""Faults on request, so that clients can be tested against a server that misbehaves.

    server.faults.add(Fault("status", operation="createRun", times=2, status=429, retry_after=1))
    server.faults.add(Fault("cut", operation="createRun", events=3))

What happens to the connection happens to the real one: on a loopback server the socket is closed or reset; the
in-process transports raise what httpx raises then.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal, TypeAlias

Message: TypeAlias = MutableMapping[str, Any]
Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

Kind = Literal["status", "status_after", "delay", "slow_first_byte", "reset_before", "reset_after", "cut"]
Ending = Literal["close", "reset", "end"]

DISCONNECT = "openai_assistants.disconnect"
"""Key in the scope's state: a function that ends the connection, told how (`close` or `reset`)."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong, where, and how often.

    - `status`: answered with `status` (and `body`, `headers`, `retry_after`) instead of being handled
    - `status_after`: handled, then answered so
    - `delay`: handled only after `seconds`
    - `slow_first_byte`: handled, answered only after `seconds`
    - `reset_before`: the connection is reset before the request is handled
    - `reset_after`: the connection is reset after the request was handled, before the answer
    - `cut`: the answer's body ends after `bytes` bytes or `events` events, and then the connection is closed or reset,
      or (`ending="end"`) the body just ends there as if it were whole
    """

    kind: Kind
    operation: str | None = None
    """The spec's operationId; one of version 1 with `v1.` in front (`v1.createRun`)."""
    method: str | None = None
    path: str | None = None
    """A pattern for the path with its prefix: `/v1/threads/*/messages`."""
    times: int | None = 1
    """How many requests it hits; None: all."""
    skip: int = 0
    """How many matching requests pass before it begins."""
    status: int = 500
    body: object = None
    """The body of `status`: an object is sent as JSON, text and bytes as they are. Default: an error of the API."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    retry_after: float | str | None = None
    seconds: float = 0.0
    bytes: int | None = None
    events: int | None = None
    ending: Ending = "close"

    def __post_init__(self) -> None:
        if self.kind == "cut" and (self.bytes is None) == (self.events is None):
            raise ValueError("a cut comes after a number of bytes or of events: give one of them")
        if self.kind in ("delay", "slow_first_byte") and self.seconds <= 0:
            raise ValueError(f"a {self.kind} needs seconds")
        if self.times is not None and self.times < 1:
            raise ValueError("times must be 1 or more, or None for always")

    def matches(self, operation: str | None, method: str, path: str) -> bool:
        """Whether a request is one of those that this is about."""
        return (
            (self.operation is None or self.operation == operation)
            and (self.method is None or self.method.upper() == method)
            and (self.path is None or fnmatchcase(path, self.path))
        )


class Faults:
    """The faults that wait for requests, and two switches; usable from any thread."""

    def __init__(self) -> None:
        self.idempotency = True
        """False: the server knows nothing of idempotency keys, like most servers."""
        self.event_ids = True
        """False: streams have no `id:` lines."""
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []

    def add(self, *faults: Fault) -> None:
        """Let these happen; of several that match a request, the one added first does."""
        with self._lock:
            self._waiting.extend(_Waiting(fault, fault.skip, fault.times) for fault in faults)

    def clear(self) -> None:
        """Let nothing more go wrong."""
        with self._lock:
            self._waiting.clear()
        self.idempotency = self.event_ids = True

    @property
    def waiting(self) -> list[Fault]:
        """Faults that have not happened as often as they should."""
        with self._lock:
            return [each.fault for each in self._waiting if each.left is not None]

    def take(self, operation: str | None, method: str, path: str) -> Fault | None:
        """The fault that hits this request."""
        with self._lock:
            for each in self._waiting:
                if not each.fault.matches(operation, method, path):
                    continue
                if each.skip > 0:
                    each.skip -= 1
                    continue
                if each.left is not None:
                    each.left -= 1
                    if each.left == 0:
                        self._waiting.remove(each)
                return each.fault
        return None


@dataclass(eq=False)
class _Waiting:
    fault: Fault
    skip: int
    left: int | None


_BLANK_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r")


class _Stop(Exception):
    """Ends the handling of a request whose answer nobody will get."""


async def inflict(
    fault: Fault, app: AsgiApp, scope: Scope, receive: Receive, send: Send, *, stopping: asyncio.Event
) -> None:
    """Handle a request with this going wrong; a delay ends when the server stops."""
    try:
        match fault.kind:
            case "delay":
                await _pause(fault.seconds, stopping)
                await app(scope, receive, send)
            case "status":
                await drain(receive)
                await _answer(fault, send)
            case "reset_before":
                await drain(receive)
                disconnect(scope, "reset")
            case _:
                await app(scope, receive, _Sender(fault, scope, send, stopping))
    except _Stop:
        pass


async def drain(receive: Receive) -> None:
    """Read the request to its end."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


class _Sender:
    """Stands between the app and the connection and spoils the answer."""

    def __init__(self, fault: Fault, scope: Scope, send: Send, stopping: asyncio.Event) -> None:
        self._fault = fault
        self._stopping = stopping
        self._scope = scope
        self._send = send
        self._room = fault.bytes
        self._events_left = fault.events
        self._pending = b""

    async def __call__(self, message: Message) -> None:
        starting = message["type"] == "http.response.start"
        match self._fault.kind:
            case "slow_first_byte" if starting:
                await _pause(self._fault.seconds, self._stopping)
            case "status_after" if starting:
                await _answer(self._fault, self._send)
                raise _Stop
            case "reset_after" if starting:
                disconnect(self._scope, "reset")
                raise _Stop
            case "cut" if starting and self._fault.ending == "end":
                # A body that ends early as if it were whole cannot have announced its length.
                headers = [each for each in message["headers"] if each[0].lower() != b"content-length"]
                message = {**message, "headers": headers}
            case "cut" if not starting:
                await self._cut(message)
                return
            case _:
                pass
        await self._send(message)

    async def _cut(self, message: Message) -> None:
        body: bytes = bytes(message.get("body", b""))
        if self._room is not None:
            allowed, self._room = body[: self._room], max(0, self._room - len(body))
            over = self._room == 0
        else:
            allowed, over = self._whole_events(body)
        if not over:
            await self._send({**message, "body": allowed})
            return
        await self._send({"type": "http.response.body", "body": allowed, "more_body": True})
        if self._fault.ending == "end":
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            disconnect(self._scope, self._fault.ending)
        raise _Stop

    def _whole_events(self, body: bytes) -> tuple[bytes, bool]:
        assert self._events_left is not None
        if self._events_left == 0:
            return b"", True
        self._pending += body
        end = 0
        while (stop := _BLANK_LINE.search(self._pending, end)) is not None:
            is_event = not self._pending.startswith(b":", end)
            end = stop.end()
            self._events_left -= is_event
            if self._events_left == 0:
                break
        allowed, self._pending = self._pending[:end], self._pending[end:]
        return allowed, self._events_left == 0


async def _pause(seconds: float, stopping: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
        raise _Stop


async def _answer(fault: Fault, send: Send) -> None:
    headers = {"content-type": "application/json", **{name.lower(): value for name, value in fault.headers.items()}}
    if fault.retry_after is not None:
        headers["retry-after"] = str(fault.retry_after)
    body = fault.body
    if body is None:
        body = {"error": {"message": "This fault was asked for.", "type": "server_error", "param": None, "code": None}}
    if isinstance(body, str):
        body = body.encode()
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers["content-length"] = str(len(content))
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": fault.status, "headers": raw})
    await send({"type": "http.response.body", "body": content})


def disconnect(scope: Scope, how: str) -> None:
    """End the connection of a request: `close` or `reset` it."""
    disconnect: Callable[[str], None] | None = scope.get("state", {}).get(DISCONNECT)
    if disconnect is None:
        raise RuntimeError("this ASGI server gives no access to its connections; use LocalServer")
    disconnect(how)
