"""The event log of a run, the feed that wakes whoever follows it, and streams: segments of the log as server-sent
events.

Every change is an entry with a number that counts up from 1 within its run, written in the transaction of the change
itself. A *segment* is the part that belongs to one POST (create, or one submit_tool_outputs) and ends with `done`. The
log is all that a stream reads, so a replay cannot differ from the first time. The feed only brings what was just
committed to the streams of this process without another query; whoever misses some of it reads the log again, and so
does every other worker of the database that has a stream of this run.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import deque
from collections.abc import AsyncIterator, Container, Generator, Iterable
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple, Protocol

from sqlalchemy import delete, insert, select

from ..spec import ApiError, error_object
from ..store import Database, Tx, backends, dumps
from ..store.tables import events, runs

logger = logging.getLogger("openai_assistants.server")

DONE = "done"
DONE_DATA = "[DONE]"

_BACKLOG = 1000
_PAGE = 500

CONTENT_TYPE = "text/event-stream; charset=utf-8"
_MAX_SEQ = 2**31 - 1
_KEEP_ALIVE = b": keep-alive\n\n"


class Entry(NamedTuple):
    """One event: its number in the run, its segment, its SSE name, its data as sent."""

    seq: int
    segment: int
    name: str
    data: str


_GAP = Entry(sys.maxsize, 0, "", "")
"""Never in line: whoever gets it reads the log again."""


class Draft(NamedTuple):
    """An event that has no number yet."""

    name: str
    data: str
    object_id: str | None = None


class NoMoreEventsError(Exception):
    """A segment cannot be followed to its end; says why."""


class Feed:
    """Brings committed events to the streams of this process."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, set[Subscription]] = {}
        self.closed = False

    def close(self) -> None:
        """End the streams that are still open."""
        self.closed = True
        self.recheck_all()

    @contextmanager
    def subscribe(self, run_id: str) -> Generator[Subscription]:
        """Receive what is published for a run from now on."""
        subscription = Subscription()
        self._subscriptions.setdefault(run_id, set()).add(subscription)
        try:
            yield subscription
        finally:
            remaining = self._subscriptions[run_id]
            remaining.discard(subscription)
            if not remaining:
                del self._subscriptions[run_id]

    def publish(self, run_id: str, entries: Iterable[Entry]) -> None:
        """Hand entries to those who listen; on the event loop only."""
        for subscription in self._subscriptions.get(run_id, ()):
            subscription.put(entries)

    def recheck(self, run_id: str) -> None:
        """Make those who listen look at the database: the run has changed in a way that no event tells."""
        self.publish(run_id, (_GAP,))

    def recheck_all(self, *, but: Container[str] = ()) -> None:
        """Make everybody look at the database, except those who follow one of these: something may have been missed."""
        for run_id in list(self._subscriptions):
            if run_id not in but:
                self.recheck(run_id)


class Subscription:
    """What one stream has not read yet. Bounded: what falls out is found in the log."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_BACKLOG)
        self._changed = asyncio.Event()

    def put(self, entries: Iterable[Entry]) -> None:
        """Add entries."""
        self._entries.extend(entries)
        self._changed.set()

    async def take(self, seconds: float) -> list[Entry] | None:
        """Everything that came since the last call, waiting for something; None when the time is over."""
        if not self._changed.is_set():
            try:
                await asyncio.wait_for(self._changed.wait(), seconds)
            except TimeoutError:
                return None
        self._changed.clear()
        taken = list(self._entries)
        self._entries.clear()
        return taken


def number(
    run_id: str, segment: int, last: int, drafts: Iterable[Draft]
) -> tuple[list[Entry], list[dict[str, object]]]:
    """Give drafts their numbers: the entries to publish and the rows to store."""
    entries: list[Entry] = []
    rows: list[dict[str, object]] = []
    for seq, draft in enumerate(drafts, last + 1):
        entries.append(Entry(seq, segment, draft.name, draft.data))
        rows.append({"run_id": run_id, "seq": seq, "segment": segment, **draft._asdict()})
        if draft.name == DONE:
            segment += 1
    return entries, rows


def store(tx: Tx, feed: Feed, run_id: str, segment: int, last: int, drafts: list[Draft]) -> None:
    """Write drafts to the log behind entry `last`; they are published when the transaction is committed."""
    entries, rows = number(run_id, segment, last, drafts)
    tx.connection.execute(insert(events), rows)
    tx.after_commit(lambda: feed.publish(run_id, entries))
    tx.tell(backends.RUN_CHANGED, run_id)


async def follow(
    database: Database, feed: Feed, run_id: str, segment: int, *, after: int, idle: float
) -> AsyncIterator[list[Entry]]:
    """The entries of a segment behind number `after`, as they come, up to and with `done`.

    An empty list means that nothing happened for `idle` seconds. Raises `NoMoreEventsError` if `done` will not come.
    """
    with feed.subscribe(run_id) as subscription:
        while True:
            found, more = await database.read(partial(_read, run_id=run_id, segment=segment, after=after))
            if found:
                yield found
                after = found[-1].seq
                if found[-1].name == DONE:
                    return
                if len(found) == _PAGE:
                    continue
            elif feed.closed:
                raise NoMoreEventsError("The server is stopping.")
            elif not more:
                if await database.read(partial(_name, run_id=run_id, seq=after)) == DONE:
                    return  # resumed behind the last event
                raise NoMoreEventsError(f"Run {run_id} was deleted, or its events are no longer kept.")
            # Live now, until something was missed or nothing comes.
            whole = True
            while whole:
                fresh = await subscription.take(idle)
                if fresh is None:
                    yield []
                    break
                news, whole = _continue(fresh, after)
                if news:
                    yield news
                    after = news[-1].seq
                    if news[-1].name == DONE:
                        return


def _continue(fresh: Iterable[Entry], after: int) -> tuple[list[Entry], bool]:
    """Those of the entries that follow one another behind number `after`, and whether these are all that is new."""
    news: list[Entry] = []
    for entry in fresh:
        if entry.seq > after:
            if entry.seq != after + len(news) + 1:
                return news, False
            news.append(entry)
    return news, True


def texts(tx: Tx, run_id: str, object_id: str, name: str) -> list[str]:
    """The data of the events of one kind about one message or step."""
    query = select(events.c.data).where(
        events.c.run_id == run_id, events.c.object_id == object_id, events.c.name == name
    )
    return list(tx.connection.scalars(query.order_by(events.c.seq)))


def drop(tx: Tx, run_id: str) -> None:
    """Delete a run's log."""
    tx.connection.execute(delete(events).where(events.c.run_id == run_id))


def drop_old(tx: Tx, older_than: int) -> None:
    """Delete the logs of runs that ended before this moment."""
    ended = select(runs.c.id).where(runs.c.ended_at < older_than)
    tx.connection.execute(delete(events).where(events.c.run_id.in_(ended)))


def _read(tx: Tx, run_id: str, segment: int, after: int) -> tuple[list[Entry], bool]:
    """The next entries of a segment, and whether more may come: the run exists and the segment has not ended."""
    # In this order: if the segment has ended by now, the query after it finds all of its events.
    current = tx.connection.scalar(select(runs.c.segment).where(runs.c.id == run_id, runs.c.deleted.is_(False)))
    query = (
        select(events.c.seq, events.c.segment, events.c.name, events.c.data)
        .where(events.c.run_id == run_id, events.c.seq > after, events.c.segment == segment)
        .order_by(events.c.seq)
        .limit(_PAGE)
    )
    return [Entry(*row) for row in tx.connection.execute(query)], current == segment


def _name(tx: Tx, run_id: str, seq: int) -> str | None:
    return tx.connection.scalar(select(events.c.name).where(events.c.run_id == run_id, events.c.seq == seq))


# Streams.


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


async def stream_body(
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
        async for entries in follow(database, feed, run_id, segment, after=after, idle=idle):
            shown = entries if view is None else await view.shown(entries)
            yield encode(run_id, shown, ids=ids) if shown else _KEEP_ALIVE
    except NoMoreEventsError as reason:
        yield _error(str(reason))
    except Exception:
        logger.exception("the stream of run %s failed", run_id)
        yield _error("The server had an error while streaming this run.")


def _error(message: str) -> bytes:
    return f"event: error\ndata: {dumps(error_object(message, type='server_error'))}\n\n".encode()
