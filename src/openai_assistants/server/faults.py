"""What tests have go wrong or take its time, so that clients can be tried against a server that misbehaves.

    server.faults.add(Fault("status", operation="createRun", times=2, status=429, retry_after=1))
    server.faults.add(Fault("cut", operation="createRun", events=3))

What happens to the connection happens to the real one: on a loopback server the socket is closed or reset; the
in-process transports raise what httpx raises then.

    gate = server.runs.hold(status="queued")        # the next runs are not begun ...
    gate.open()                                     # ... until now

Runs that are held stay as they are until their gate is opened, or they are cancelled or expire.

    gate = server.processing.hold("*.txt")          # these files stay in_progress ...
    gate.open()                                     # ... until now
    server.processing.fail("broken*", code="invalid_file")

Files of vector stores are meant by their name, batches by the name of their input file.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final, Literal, TypeAlias

from .asgi import AsgiApp, Message, Receive, Scope, Send, disconnect, drain
from .models.scripted import Gate, Pause
from .spec import check_fields, check_operation, did_you_mean

Kind = Literal["status", "status_after", "delay", "slow_first_byte", "reset_before", "reset_after", "cut"]
Ending = Literal["close", "reset", "end"]
_BLANK_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r")

StuckStatus = Literal["queued", "in_progress"]
_STATUSES: Final = ("queued", "in_progress")
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")

TreatedStatus: TypeAlias = Literal["validating", "in_progress", "finalizing"]
FileErrorCode: TypeAlias = Literal["server_error", "unsupported_file", "invalid_file"]


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

    Raises:
        TypeError: A value is of another type than its field takes.
        ValueError: Nothing has this kind, operation or method, or the values do not go together.
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
        check_fields(self)
        if self.operation is not None:
            check_operation(self.operation)
        if self.method is not None and self.method.upper() not in _METHODS:
            raise ValueError(f"no request has the method {self.method!r}{did_you_mean(self.method.upper(), _METHODS)}")
        if self.path is not None and not self.path.startswith(("/", "*", "?", "[")):
            raise ValueError(
                f"no request has a path like {self.path!r}: paths begin with a slash and the prefix, as /v1"
            )
        if self.skip < 0:
            raise ValueError("skip must be 0 or more")
        if not 200 <= self.status <= 599:
            raise ValueError(f"status must be one of an answer, from 200 to 599, not {self.status}")
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
        self._waiting: list[_WaitingFault] = []

    def add(self, *faults: Fault) -> None:
        """Let these happen; of several that match a request, the one added first does."""
        with self._lock:
            self._waiting.extend(_WaitingFault(fault, fault.skip, fault.times) for fault in faults)

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
class _WaitingFault:
    fault: Fault
    skip: int
    left: int | None


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


# Runs.


@dataclass(eq=False)
class _Hold:
    model: str
    status: str
    left: int | None
    gate: Gate


class RunHolds:
    """The gates that runs have to pass; usable from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holds: list[_Hold] = []

    def hold(self, *, model: str = "*", status: StuckStatus = "in_progress", times: int | None = None) -> Gate:
        """Keep runs in a status.

        Args:
            model: A pattern for the model names of the runs that are meant.
            status: `queued`: they are not begun; `in_progress`: they are begun, but no model is asked.
            times: How many runs (for `in_progress`: turns of runs) are held; None: all that come.

        Raises:
            ValueError: Another status, or `times` below 1.
        """
        if status not in _STATUSES:
            raise ValueError(f"runs can be held in {' or '.join(_STATUSES)}, not in {status!r}")
        if times is not None and times < 1:
            raise ValueError("times must be 1 or more, or None for always")
        gate = Gate()
        with self._lock:
            self._holds.append(_Hold(model, status, times, gate))
        return gate

    def clear(self) -> None:
        """Hold no further runs; those that are held wait for their gate."""
        with self._lock:
            self._holds.clear()

    @property
    def any(self) -> bool:
        """Whether runs are to be held."""
        return bool(self._holds)

    async def passed(self, model: str, status: StuckStatus) -> None:
        """Wait as long as a run of this model has to, in this status."""
        for gate in self._take(model, status) if self._holds else ():
            await gate.passed()

    def _take(self, model: str, status: str) -> list[Gate]:
        gates: list[Gate] = []
        with self._lock:
            for each in list(self._holds):
                if each.status != status or not fnmatchcase(model, each.model):
                    continue
                gates.append(each.gate)
                if each.left is not None:
                    each.left -= 1
                    if each.left == 0:
                        self._holds.remove(each)
        return gates


# Files.


@dataclass(frozen=True)
class Treatment:
    """What happens to the files that it is for, before anything else does."""

    filename: str = "*"
    """A pattern for the names of the files."""
    status: TreatedStatus | None = None
    """Only in this status: `in_progress` of a file; `validating`, `in_progress` or `finalizing` of a batch."""
    pause: Pause | None = None
    """Seconds of the server's clock, or a `Gate`."""
    fail: FileErrorCode | None = None
    """The file fails with this code; batches do not heed it."""
    message: str = "This failure was asked for."
    """What `last_error` says then."""
    times: int | None = None
    """How many files get it; None: all."""

    def __post_init__(self) -> None:
        check_fields(self)
        if self.pause is None and self.fail is None:
            raise ValueError("a treatment needs a pause or a failure")
        if self.times is not None and self.times < 1:
            raise ValueError("times must be 1 or more, or None for always")


class Processing:
    """The treatments that wait for files; usable from any thread. A file gets all that are for it: the pauses one after
    the other, then the first failure."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_WaitingTreatment] = []

    def add(self, *treatments: Treatment) -> None:
        """Let files have these, those that are not begun yet."""
        with self._lock:
            self._waiting.extend(_WaitingTreatment(each, each.times) for each in treatments)

    def hold(self, filename: str = "*", *, status: TreatedStatus | None = None, times: int | None = None) -> Gate:
        """Keep files as they are until the gate is opened."""
        gate = Gate()
        self.add(Treatment(filename, status=status, pause=gate, times=times))
        return gate

    def fail(
        self,
        filename: str = "*",
        *,
        code: FileErrorCode = "unsupported_file",
        message: str = Treatment.message,
        times: int | None = None,
    ) -> None:
        """Let files of vector stores fail."""
        self.add(Treatment(filename, fail=code, message=message, times=times))

    def clear(self) -> None:
        """Treat files that are not begun yet like any other."""
        with self._lock:
            self._waiting.clear()

    @property
    def waiting(self) -> list[Treatment]:
        """Treatments that not as many files have got as should."""
        with self._lock:
            return [each.treatment for each in self._waiting if each.left is not None]

    def take(self, filename: str, status: str) -> list[Treatment]:
        """The treatments of a file that comes to this status now."""
        taken: list[Treatment] = []
        with self._lock:
            for each in list(self._waiting):
                treatment = each.treatment
                if treatment.status not in (None, status) or not fnmatchcase(filename, treatment.filename):
                    continue
                taken.append(treatment)
                if each.left is not None:
                    each.left -= 1
                    if each.left == 0:
                        self._waiting.remove(each)
        return taken


@dataclass(eq=False)
class _WaitingTreatment:
    treatment: Treatment
    left: int | None
