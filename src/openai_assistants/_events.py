"""From server-sent events to typed ones, and the question whether a stream has reached its end; no I/O.

The name of an event stands in the `event:` line, its object in `data:`. Both are put together as the JSON object that
the specs describe, so that one pass of pydantic-core reads an event. Servers that put both into `data:` are read
as they are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, Iterator, TypeVar, cast

from ._errors import APIResponseValidationError, RunStreamError, StreamInterruptedError
from ._guards import is_mapping
from ._logs import log_deviations
from ._parsing import Unparsable, parser_for
from ._sse import ServerSentEvent, SSEDecoder

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

DONE = b"[DONE]"
RUN_EVENTS = "thread.run."
STEP_EVENTS = "thread.run.step."
FINAL_STATUSES = frozenset({"completed", "incomplete", "failed", "cancelled", "expired"})
STREAM_ENDS_WITH = FINAL_STATUSES | {"requires_action"}
"""Run statuses after which a stream has nothing more to say."""


class EventReader(Generic[T]):
    """Reads typed events from the bytes of one response."""

    def __init__(self, response: httpx.Response, into: Any, *, strict: bool) -> None:
        self._response = response
        self._decoder = SSEDecoder()
        self._parser = parser_for(into)
        self._strict = strict
        self._prefixes: dict[str, bytes] = {}
        self.run_id: str | None = None
        self.thread_id: str | None = None
        self.run_status: str | None = None
        self.done = False
        """The server has said that the stream is over."""

    def feed(self, piece: bytes) -> Iterator[T]:
        """The typed events that a piece of the body completes, one by one: those before an error are not lost.

        Raises:
            RunStreamError: The server sent an error.
            APIResponseValidationError: An event cannot be read; in strict mode: it deviates.
        """
        for event in self._decoder.feed(piece):
            prefix = self._prefixes.get(event.event)
            # Most events are deltas: they take the short way, without a generator of their own.
            if prefix is not None and event.data[:1] == b"{":
                yield self._parse(event.event, prefix + event.data + b"}", event.data)
                continue
            yield from self._read(event)
            if self.done:
                return

    def finish(self) -> Iterator[T]:
        """The last event, if the body ended without its blank line but with all its data."""
        pending = self._decoder.finish()
        if pending is not None and not self.done and (pending.data == DONE or _is_json(pending.data)):
            yield from self._read(pending)

    @property
    def at_its_end(self) -> bool:
        """Whether the stream may end here: the server said so, or the run's last event has come."""
        return self.done or self.run_status in STREAM_ENDS_WITH

    def interrupted(self, reason: str) -> StreamInterruptedError:
        """The exception for a stream that ended too early."""
        where = f"run {self.run_id} of thread {self.thread_id}" if self.run_id else "no run had been named yet"
        return StreamInterruptedError(
            f"The stream {reason} before the run did ({where}, last status: {self.run_status or 'unknown'}). "
            "The run goes on at the server; fetch or poll it to learn its end.",
            request=self._response.request,
            run_id=self.run_id,
            thread_id=self.thread_id,
        )

    def _read(self, event: ServerSentEvent) -> Iterator[T]:
        name, data = event.event, event.data
        if name == "done" or data == DONE:
            self.done = True
        elif name == "error":
            raise self._error(data)
        elif name and name != "message":
            prefix = b'{"event":' + json.dumps(name).encode() + b',"data":'
            if name.endswith(".delta"):
                self._prefixes[name] = prefix
            if data.strip():
                yield self._follow(self._parse(name, prefix + data + b"}", data))
        elif data.strip():
            name = self._name_inside(data)
            self.done = name == "done"
            if not self.done:
                yield self._follow(self._parse(name, data, data))

    def _parse(self, name: str, document: bytes, data: bytes) -> T:
        try:
            value, deviations = self._parser.parse(document, strict=self._strict)
        except Unparsable as error:
            repaired = document.decode("utf-8", "replace").encode()
            if repaired != document:
                return self._parse(name, repaired, data)
            message = f"An event ({name}) of the stream cannot be read: {error}"
            raise APIResponseValidationError(
                self._response, data.decode("utf-8", "replace"), message=message, errors=error.errors
            ) from None
        if deviations:
            log_deviations(f"The event {name}", deviations)
        return cast("T", value)

    def _name_inside(self, data: bytes) -> str:
        """The name of an event without an `event:` line: it stands in the data; if not, the data is an error."""
        try:
            document: object = json.loads(data)
        except ValueError:
            raise self._error(data) from None
        name = document.get("event", "error") if is_mapping(document) else "error"
        if name == "error":
            raise self._error(data)
        return str(name)

    def _error(self, data: bytes) -> RunStreamError:
        text = data.decode("utf-8", "replace")
        try:
            body: object = json.loads(text)
        except ValueError:
            body = text
        for key in ("data", "error"):
            if is_mapping(body) and (is_mapping(body.get(key)) or isinstance(body.get(key), str)):
                body = body[key]
        said = body.get("message") if is_mapping(body) else body
        message = f"The server reported an error inside the stream: {said or text}"
        return RunStreamError(message, self._response.request, body=body)

    def _follow(self, event: Any) -> Any:
        """Remember the run and how it stands; returns the event."""
        name = _text(getattr(event, "event", None)) or ""
        data = getattr(event, "data", None)
        run_id, thread_id = _text(getattr(data, "run_id", None)), _text(getattr(data, "thread_id", None))
        if name == "thread.created":
            thread_id = _text(getattr(data, "id", None))
        elif name.startswith(RUN_EVENTS) and not name.startswith(STEP_EVENTS):
            run_id = _text(getattr(data, "id", None))
            self.run_status = _text(getattr(data, "status", None)) or name.removeprefix(RUN_EVENTS)
        self.run_id = run_id or self.run_id
        self.thread_id = thread_id or self.thread_id
        return event


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True
