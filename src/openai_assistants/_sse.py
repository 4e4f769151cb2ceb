"""Server-sent events: bytes in, events out, as the WHATWG says; no I/O."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ._basics import read_json


class ServerSentEvent(NamedTuple):
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
        return read_json(self.data)


MAX_RETRY_DIGITS = 10

BOM = b"\xef\xbb\xbf"
LF, CR = b"\n\r"

Triple = tuple[bytes, bytes, bytes]
"""An event as it comes: the last id that the stream has given, the name, the data."""

# Both give triples. The first one has no id line, so its id is empty.
_USUAL = re.compile(rb"^()event: ([^\n]*)\ndata: ([^\n]*)\n\n", re.MULTILINE)
_NUMBERED = re.compile(rb"^id: ([^\n\0]*)\nevent: ([^\n]*)\ndata: ([^\n]*)\n\n", re.MULTILINE)

MAX_EVENT = 64 * 1024 * 1024
"""Bytes of one event. The largest objects of this API have a few million."""


class EventTooLarge(Exception):
    """A stream goes on and on without an end of its event."""

    def __init__(self) -> None:
        super().__init__(f"An event of the stream has more than {MAX_EVENT >> 20} MiB, and its end is not in sight.")


class SSEDecoder:
    """Decodes a stream fed in pieces of any size. Lines end with LF, CR or CRLF, and nothing else."""

    def __init__(self) -> None:
        self._start: bytes | None = b""
        self._begun: list[bytes] = []
        """The beginning of an event in the pieces that it came in, while all lines end with LF."""
        self._partial: list[bytes] = []
        self._begun_size = self._partial_size = self._data_size = 0
        """Bytes of what is not complete yet."""
        self._after_cr = False
        self._event = b""
        self._data: list[bytes] = []
        self._id = b""
        self._dispatched_id = b""
        self.retry: int | None = None
        """The reconnection time that the stream has asked for, in milliseconds."""

    @property
    def last_event_id(self) -> str:
        """The id to resume after: that of the last complete event; empty if the stream has given none."""
        return _text(self._dispatched_id)

    def feed(self, piece: bytes) -> list[ServerSentEvent]:
        """The events that this piece completes.

        Raises:
            EventTooLarge: There is no end to one.
        """
        return [ServerSentEvent(_text(name), data, _text(id)) for id, name, data in self.triples(piece)]

    def triples(self, piece: bytes) -> list[Triple]:
        """The events that this piece completes, as plain tuples of bytes: a stream has many, and these cost least.

        Raises:
            EventTooLarge: There is no end to one.
        """
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
        if b"\r" in piece or self._partial or self._data or self._event:
            piece = self._joined(piece)
        elif piece:
            piece = self._whole(piece)
            events = self._usual(piece)
            if events is not None:
                return events
        return self._lines(piece) if piece else []

    def _whole(self, piece: bytes) -> bytes:
        """The whole events that there are by now. What is left, the beginning of the next one, is kept in pieces and
        joined only when its end has come, so that no byte is copied again and again."""
        begun = self._begun
        end = piece.rfind(b"\n\n") + 2
        if end < 2:
            if not begun or begun[-1][-1] != LF or piece[0] != LF:
                self._begin(piece)
                return b""
            end = 1
        whole = piece[:end]
        if begun:
            whole = self._joined(whole)
        if end < len(piece):
            self._begin(piece[end:])
        return whole

    def _begin(self, piece: bytes) -> None:
        self._begun.append(piece)
        self._begun_size += len(piece)
        if self._begun_size > MAX_EVENT:
            raise EventTooLarge

    def _joined(self, piece: bytes) -> bytes:
        """What was begun, with what has come now."""
        piece = b"".join((*self._begun, piece))
        self._begun.clear()
        self._begun_size = 0
        return piece

    def _usual(self, whole: bytes) -> list[Triple] | None:
        """Whole events decoded all at once; None unless each consists of the lines that most have and of no others."""
        numbered = whole[:4] == b"id: "
        found: list[Triple] = (_NUMBERED if numbered else _USUAL).findall(whole)
        if len(found) * (4 if numbered else 3) != whole.count(b"\n"):
            return None
        if numbered:
            self._id = found[-1][0]
        elif self._id:
            found = [(self._id, name, data) for _, name, data in found]
        if found:
            self._dispatched_id = self._id
        return found

    def _lines(self, piece: bytes) -> list[Triple]:
        """Decode line by line, whatever comes."""
        events: list[Triple] = []
        # For bytes, splitlines knows LF, CR and CRLF only.
        lines = piece.splitlines()
        last = piece[-1]
        self._after_cr = last == CR
        rest = b"" if last in b"\r\n" else lines.pop()
        if self._partial and lines:
            self._partial.append(lines[0])
            lines[0] = b"".join(self._partial)
            self._partial, self._partial_size = [], 0
        if rest:
            self._partial.append(rest)
            self._partial_size += len(rest)
        for line in lines:
            if line:
                self._take(line)
            else:
                self._dispatch(events)
        if self._partial_size + self._data_size > MAX_EVENT:
            raise EventTooLarge
        return events

    def finish(self) -> ServerSentEvent | None:
        """What is pending at the end of the body: an event whose blank line never came."""
        if self._start:
            self._partial, self._start = [self._start], None
        if self._begun:
            self._lines(self._joined(b""))
        if self._partial:
            self._take(b"".join(self._partial))
            self._partial = []
        events: list[Triple] = []
        self._dispatch(events)
        return next((ServerSentEvent(_text(name), data, _text(id)) for id, name, data in events), None)

    def _take(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._data_size += len(line)
        elif name == b"event":
            self._event = value
        elif name == b"id":
            if b"\0" not in value:
                self._id = value
        elif name == b"retry" and value.isdigit() and len(value) < MAX_RETRY_DIGITS:
            self.retry = int(value)

    def _dispatch(self, events: list[Triple]) -> None:
        self._dispatched_id = self._id
        if self._data:
            data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
            events.append((self._id, self._event, data))
            self._data, self._data_size = [], 0
        self._event = b""


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
