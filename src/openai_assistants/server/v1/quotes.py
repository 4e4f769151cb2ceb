"""What the citations of a run quote, which version 2 does not keep with them: the passages that its searches found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select

from ..models.base import FileSearchCall
from ..runs import calls
from ..spec import JsonObject
from ..store import Tx
from ..store.tables import messages, steps
from . import views


@dataclass(frozen=True)
class Quotes:
    """The passages that a run has found."""

    by_marker: dict[str, str] = field(default_factory=dict[str, str])
    by_file: dict[str, str] = field(default_factory=dict[str, str])
    """The best one of each file."""

    def of(self, citation: JsonObject) -> str:
        """The passage that a citation names; if its marker is not one of ours, the best one of its file, if any."""
        given = citation["file_citation"].get("quote")
        file_id: str = citation["file_citation"]["file_id"]
        return given or self.by_marker.get(citation.get("text", "")) or self.by_file.get(file_id) or ""


def of_run(tx: Tx, run_id: str) -> Quotes:
    """The passages that the searches of a run have found by now, with the markers that its model was given."""
    found = Quotes()
    best: dict[str, float] = {}
    number = _first_number(tx, run_id)
    query = select(steps.c.data).where(steps.c.run_id == run_id, steps.c.deleted.is_(False))
    for step in tx.connection.scalars(query.order_by(steps.c.turn, steps.c.seq)):
        for call in calls.seen(step["step_details"].get("tool_calls", ()), number):
            if not isinstance(call, FileSearchCall):
                continue
            number += 1
            for passage in call.results:
                found.by_marker[passage.marker] = passage.text
                if passage.score > best.get(passage.file_id, -1):
                    best[passage.file_id] = passage.score
                    found.by_file[passage.file_id] = passage.text
    return found


def _first_number(tx: Tx, run_id: str) -> int:
    """The number of the run's first search: how many messages of others the thread had then, deleted ones too. Nobody
    adds messages while a run is active, so these are the ones before its own."""
    own = select(func.max(messages.c.seq).label("seq"), func.max(messages.c.thread_id).label("thread_id"))
    last = own.where(messages.c.run_id == run_id).subquery("own")
    others = or_(messages.c.run_id.is_(None), messages.c.run_id != run_id)
    query = select(func.count()).where(messages.c.thread_id == last.c.thread_id, messages.c.seq < last.c.seq, others)
    return tx.connection.scalar(query) or 0


def of_messages(tx: Tx, found: Iterable[JsonObject]) -> dict[str, Quotes]:
    """The same for the runs of these messages, as far as they cite."""
    citing = {each["run_id"] for each in found if each["run_id"] and views.citations(each["content"])}
    return {run_id: of_run(tx, run_id) for run_id in sorted(citing)}
