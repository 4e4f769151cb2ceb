"""Server-sent events: a segment of a run's event log as a response body."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable
from typing import Protocol

from .errors import ApiError, error_object
from .runs import events
from .runs.events import Entry, Feed
from .store import Database, dumps

logger = logging.getLogger("openai_assistants.server")

CONTENT_TYPE = "text/event-stream; charset=utf-8"
_MAX_SEQ = 2**31 - 1
_KEEP_ALIVE = b": keep-alive\n\n"


class View(Protocol):
    """How the events of a run look to somebody."""

    async def shown(self, entries: list[Entry]) -> list[Entry]:
        """The same events, each with its number."""
        ...


def event_id(run_id: str, seq: int) -> str:
    """What stands on the `id:` line: the run and the number of the event in it."""
    return f"{run_id}:{seq}"


def position(last_event_id: str, run_id: str) -> int:
    """The number that a `Last-Event-ID` header names."""
    run, _, seq = last_event_id.rpartition(":")
    if run != run_id or not seq.isascii() or not seq.isdigit():
        raise ApiError(
            f"Invalid Last-Event-ID: '{last_event_id}' is not an event of run {run_id}.", param="Last-Event-ID"
        )
    return min(int(seq[:12]), _MAX_SEQ)


def encode(run_id: str, entries: Iterable[Entry], *, ids: bool) -> bytes:
    """Events as they go over the wire. The data is JSON, so it holds no line breaks of its own."""
    lines: list[str] = []
    for entry in entries:
        if ids:
            lines.append(f"id: {event_id(run_id, entry.seq)}\n")
        lines.append(f"event: {entry.name}\ndata: {entry.data}\n\n")
    return "".join(lines).encode("utf-8", "replace")


async def body(
    database: Database,
    feed: Feed,
    run_id: str,
    segment: int,
    *,
    after: int,
    ids: bool,
    idle: float,
    view: View | None = None,
) -> AsyncIterator[bytes]:
    """The body of a streamed answer, of the events as they are stored or as a view shows them; whatever goes wrong on
    the way is told in an `error` event."""
    try:
        async for entries in events.follow(database, feed, run_id, segment, after=after, idle=idle):
            shown = entries if view is None else await view.shown(entries)
            yield encode(run_id, shown, ids=ids) if shown else _KEEP_ALIVE
    except events.NoMoreEventsError as reason:
        yield _error(str(reason))
    except Exception:
        logger.exception("the stream of run %s failed", run_id)
        yield _error("The server had an error while streaming this run.")


def _error(message: str) -> bytes:
    return f"event: error\ndata: {dumps(error_object(message, type='server_error'))}\n\n".encode()
