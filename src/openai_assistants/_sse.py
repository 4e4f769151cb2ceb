"""Server-sent events: bytes in, events out, as the WHATWG says; no I/O."""

from __future__ import annotations

from typing import Any, NamedTuple

from ._documents import read_json


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

MAX_KNOWN_HEADS = 100
MAX_HEAD = 200
"""Bytes of an `event:` line that is remembered."""

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
        self._partial: list[bytes] = []
        self._partial_size = self._data_size = 0
        """Bytes of what is not complete yet."""
        self._after_cr = False
        self._event = ""
        self._data: list[bytes] = []
        self._id = ""
        self._dispatched_id = ""
        self._names: dict[bytes, str] = {}
        """Names by the `event:` lines that they came in."""
        self.retry: int | None = None
        """The reconnection time that the stream has asked for, in milliseconds."""

    @property
    def last_event_id(self) -> str:
        """The id to resume after: that of the last complete event; empty if the stream has given none."""
        return self._dispatched_id

    def feed(self, piece: bytes) -> list[ServerSentEvent]:
        """The events that this piece completes.

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
        if not piece:
            return []
        events: list[ServerSentEvent] = []
        if b"\r" not in piece:
            piece = self._feed_blocks(piece, events)
        if piece:
            self._feed_lines(piece, events)
        return events

    def _feed_blocks(self, piece: bytes, events: list[ServerSentEvent]) -> bytes:
        """Decode the whole events of a piece that has only LF, each in one go where it looks as most do. Returns what
        is left: the beginning of the next event."""
        if self._partial or self._data or self._event:
            begun = piece.find(b"\n\n") + 2
            if begun < 2:
                return piece
            self._feed_lines(piece[:begun], events)
            piece = piece[begun:]
        *blocks, rest = piece.split(b"\n\n")
        names = self._names
        for block in blocks:
            head, found, data = block.partition(b"\ndata: ")
            id = None
            if head[:4] == b"id: ":
                id, _, head = head[4:].partition(b"\n")
            name = names.get(head)
            if name is None or not found or b"\n" in data or (id is not None and b"\0" in id):
                self._feed_lines(block + b"\n\n", events)
                if (
                    head[:7] == b"event: "
                    and b"\n" not in head
                    and len(head) <= MAX_HEAD
                    and len(names) < MAX_KNOWN_HEADS
                ):
                    names[head] = head[7:].decode("utf-8", "replace")
                continue
            if id is not None:
                self._id = id.decode("utf-8", "replace")
            self._dispatched_id = self._id
            events.append(ServerSentEvent(name, data, self._id))
        return rest

    def _feed_lines(self, piece: bytes, events: list[ServerSentEvent]) -> None:
        """Decode line by line, whatever comes."""
        # For bytes, splitlines knows LF, CR and CRLF only.
        lines = piece.splitlines()
        last = piece[-1]
        self._after_cr = last == 0x0D
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
            self._data_size += len(line)
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
            self._data, self._data_size = [], 0
        self._event = ""
