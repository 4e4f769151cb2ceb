"""Server-sent events: bytes in, events out, as the WHATWG says; no I/O."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class ServerSentEvent:
    """One event as it stands in the stream: what `client.post(..., stream=True, into=ServerSentEvent)` gives."""

    event: str
    """Name of the event; empty if it has none."""
    data: bytes
    """The data lines, joined by line feeds."""
    id: str
    """The last event id that the stream has given; empty if none."""

    def json(self) -> Any:
        """The data as JSON, as plain data.

        Raises:
            ValueError: It is no JSON.
        """
        return json.loads(self.data)


MAX_RETRY_DIGITS = 10

BOM = b"\xef\xbb\xbf"


class SSEDecoder:
    """Decodes a stream fed in pieces of any size. Lines end with LF, CR or CRLF, and nothing else."""

    def __init__(self) -> None:
        self._start: bytes | None = b""
        self._partial: list[bytes] = []
        self._after_cr = False
        self._event = ""
        self._data: list[bytes] = []
        self._id = ""
        self._dispatched_id = ""
        self.retry: int | None = None
        """The reconnection time that the stream has asked for, in milliseconds."""

    @property
    def last_event_id(self) -> str:
        """The id to resume after: that of the last complete event; empty if the stream has given none."""
        return self._dispatched_id

    def feed(self, piece: bytes) -> list[ServerSentEvent]:
        """The events that this piece completes."""
        if self._start is not None:
            piece = self._start + piece
            if len(piece) < len(BOM) and BOM.startswith(piece):
                self._start = piece
                return []
            self._start = None
            piece = piece.removeprefix(BOM)
        if self._after_cr and piece:
            self._after_cr = False
            piece = piece.removeprefix(b"\n")
        if not piece:
            return []
        # For bytes, splitlines knows LF, CR and CRLF only.
        lines = piece.splitlines()
        last = piece[-1]
        self._after_cr = last == 0x0D
        rest = b"" if last in b"\r\n" else lines.pop()
        if self._partial and lines:
            self._partial.append(lines[0])
            lines[0] = b"".join(self._partial)
            self._partial = []
        if rest:
            self._partial.append(rest)
        events: list[ServerSentEvent] = []
        for line in lines:
            if line:
                self._take(line)
            else:
                self._dispatch(events)
        return events

    def finish(self) -> ServerSentEvent | None:
        """What is pending at the end of the body: an event whose blank line never came."""
        if self._start:
            self._partial, self._start = [self._start], None
        if self._partial:
            self._take(b"".join(self._partial))
            self._partial = []
        events: list[ServerSentEvent] = []
        self._dispatch(events)
        return events[0] if events else None

    def _take(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
        elif name == b"event":
            self._event = value.decode("utf-8", "replace")
        elif name == b"id":
            if b"\0" not in value:
                self._id = value.decode("utf-8", "replace")
        elif name == b"retry" and value.isdigit() and len(value) < MAX_RETRY_DIGITS:
            self.retry = int(value)

    def _dispatch(self, events: list[ServerSentEvent]) -> None:
        self._dispatched_id = self._id
        if self._data:
            data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
            events.append(ServerSentEvent(self._event, data, self._id))
            self._data = []
        self._event = ""
