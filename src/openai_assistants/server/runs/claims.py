"""Whose a run is. The worker that queued a run carries it out; when that one is gone, another takes over.

A run is claimed in the transaction that changes it, under the lock of its row, so of several workers that see the same
orphan exactly one gets it; whoever has lost a run finds that out at its next write.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from ..spec import JsonObject
from ..store import Tx, others, tables
from ..store.tables import runs
from ..store.workers import is_orphan
from . import lifecycle, states
from .events import Feed
from .lifecycle import LoadedRun

_NOBODY: Final = ""
_DIED: JsonObject = {"code": "server_error", "message": "The server ended while this run was in progress."}


def begin(run: LoadedRun, worker: str) -> bool:
    """Claim a run for its next turn; False if it is not to be begun, or another was faster."""
    if run.status == states.QUEUED:
        lifecycle.begin(run, worker)
        return True
    if run.status == states.IN_PROGRESS and run.worker == _NOBODY:
        run.worker = worker
        run.save()
        return True
    return False


def take_over(tx: Tx, feed: Feed) -> list[str]:
    """Settle the runs of workers that are gone; ids of those that are to be carried out now.

    Those not begun are taken over, and those of which nothing was heard since they began. Those half done fail: text
    that was streamed cannot be unsaid, and how it was to go on cannot be known. Cancels are completed. Runs that wait
    for tool outputs just go on waiting; whoever gets those carries on.
    """
    open_ended = (states.QUEUED, states.IN_PROGRESS, states.CANCELLING)
    query = select(runs.c.id, runs.c.worker).where(runs.c.status.in_(open_ended), is_orphan(runs.c.worker))
    to_do: list[str] = []
    for run_id, owner in tx.connection.execute(query.where(runs.c.deleted.is_(False)).order_by(runs.c.seq)).all():
        run = lifecycle.find(tx, feed, run_id)
        if run is None or run.worker != owner:
            continue
        match run.status:
            case states.QUEUED:
                run.worker = tx.worker
                run.save()
                to_do.append(run_id)
            case states.IN_PROGRESS if _has_said_nothing(run):
                run.worker = _NOBODY
                run.save()
                to_do.append(run_id)
            case states.IN_PROGRESS:
                lifecycle.finish(run, states.FAILED, error=_DIED)
            case states.CANCELLING:
                lifecycle.finish(run, states.CANCELLED)
            case _:
                continue
        tx.tell(others.STOP, run_id)  # the owner may live after all
    return to_do


def _has_said_nothing(run: LoadedRun) -> bool:
    """Whether the newest event of a run is that it began."""
    newest = select(tables.events.c.name).where(tables.events.c.run_id == run.id)
    newest = newest.order_by(tables.events.c.seq.desc()).limit(1)
    return run.tx.connection.scalar(newest) == f"thread.run.{states.IN_PROGRESS}"
