"""Files as members of vector stores, each change a piece of a transaction.

A member is `in_progress` until the worker has read its text, unless it is cancelled or taken out before; `completed`,
`failed` and `cancelled` are final. Counts are never stored: they are counted when they are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Row, and_, bindparam, case, delete as delete_from, func, insert, select, update

from ..spec import JsonObject
from ..store import Tx, fulltext
from ..store.tables import files, members, passages, vector_stores
from ..store.workers import is_orphan
from .chunking import Passage

IN_PROGRESS: Final = "in_progress"
COMPLETED: Final = "completed"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"

_AT_ONCE = 500
_LIVE = members.c.deleted.is_(False)


def add(tx: Tx, store_id: str, wanted: Sequence[JsonObject], *, batch_id: str | None = None) -> None:
    """Put files into a store: `file_id`, `chunking_strategy` and `attributes` of each. One that is in it already is put
    in anew."""
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        ids = [each["file_id"] for each in some]
        retire(tx, members.c.vector_store_id == store_id, members.c.id.in_(ids))
        tx.connection.execute(
            insert(members),
            [
                {
                    "id": each["file_id"],
                    "created_at": tx.now,
                    "deleted": False,
                    "vector_store_id": store_id,
                    "batch_id": batch_id,
                    "status": IN_PROGRESS,
                    "worker": tx.worker,
                    "usage_bytes": 0,
                    "data": _new(tx, store_id, each),
                }
                for each in some
            ],
        )


def _new(tx: Tx, store_id: str, wanted: JsonObject) -> JsonObject:
    return {
        "id": wanted["file_id"],
        "object": "vector_store.file",
        "created_at": tx.now,
        "usage_bytes": 0,
        "vector_store_id": store_id,
        "status": IN_PROGRESS,
        "last_error": None,
        "chunking_strategy": wanted["chunking_strategy"],
        "attributes": wanted["attributes"],
    }


def retire(tx: Tx, *which: ColumnElement[bool]) -> None:
    """Take members out of their stores. What was still in progress counts as cancelled in its batch."""
    found = list(tx.connection.scalars(select(members.c.seq).where(_LIVE, *which)))
    mark_deleted(tx, *which)
    for start in range(0, len(found), _AT_ONCE):
        some = found[start : start + _AT_ONCE]
        tx.connection.execute(delete_from(passages).where(passages.c.member.in_(some)))


def mark_deleted(tx: Tx, *which: ColumnElement[bool]) -> None:
    """The same, but their passages stay."""
    condition = and_(_LIVE, *which)
    # Locked first: a worker that is writing passages right now writes no more behind this back.
    if not tx.connection.execute(tx.locked(select(members.c.seq).where(condition).order_by(members.c.seq))).all():
        return
    status = case((members.c.status == IN_PROGRESS, CANCELLED), else_=members.c.status)
    tx.connection.execute(update(members).where(condition).values(deleted=True, data={}, status=status))


def cancel_batch(tx: Tx, batch_id: str) -> None:
    """Give up the files of a batch that are still in progress."""
    query = select(members.c.seq, members.c.data).where(
        _LIVE, members.c.batch_id == batch_id, members.c.status == IN_PROGRESS
    )
    found = tx.connection.execute(tx.locked(query.order_by(members.c.seq)))
    rows = [{"which": row.seq, "doc": row.data | {"status": CANCELLED}} for row in found]
    if not rows:
        return
    tx.connection.execute(delete_from(passages).where(passages.c.member.in_(query.with_only_columns(members.c.seq))))
    change = update(members).where(members.c.seq == bindparam("which"))
    tx.connection.execute(change.values(status=CANCELLED, data=bindparam("doc")), rows)


def replace(tx: Tx, row: Row[Any], **changes: object) -> JsonObject:
    """Change fields of a member; the member as it is then."""
    data: JsonObject = row.data | changes
    columns = {name: value for name, value in changes.items() if name in ("status", "usage_bytes")}
    tx.connection.execute(update(members).where(members.c.seq == row.seq).values(data=data, **columns))
    return data


# What the worker does.


def take_over(tx: Tx) -> None:
    """Make those in progress ours whose worker is gone."""
    orphans = members.c.status == IN_PROGRESS, is_orphan(members.c.worker)
    tx.connection.execute(update(members).where(_LIVE, *orphans).values(worker=tx.worker))


def waiting(tx: Tx) -> list[int]:
    """Members in progress that are this worker's."""
    query = select(members.c.seq).where(_LIVE, members.c.status == IN_PROGRESS, members.c.worker == tx.worker)
    return list(tx.connection.scalars(query.order_by(members.c.seq)))


def begin(tx: Tx, seq: int) -> Row[Any] | None:
    """A member that is still in progress and this worker's, with the name of its file and the number of its store."""
    query = (
        select(members, files.c.data["filename"].label("filename"), vector_stores.c.seq.label("store"))
        .join(files, files.c.id == members.c.id)
        .join(vector_stores, vector_stores.c.id == members.c.vector_store_id)
    )
    query = query.where(_LIVE, members.c.seq == seq, members.c.status == IN_PROGRESS, members.c.worker == tx.worker)
    return tx.connection.execute(tx.locked(query, members)).first()


def write(tx: Tx, seq: int, first: int, some: Sequence[Passage]) -> Row[Any] | None:
    """Store passages; None if nobody wants them any more."""
    row = begin(tx, seq)
    if row is not None and some:
        tx.connection.execute(
            insert(passages),
            [
                {
                    "seq": fulltext.seq_of(seq, number),
                    "member": seq,
                    "number": number,
                    "store": row.store,
                    "shared": each.shared,
                    "text": each.text,
                    "terms": each.terms,
                }
                for number, each in enumerate(some, first)
            ],
        )
    return row


def fail(tx: Tx, seq: int, code: str, message: str) -> None:
    """Note why the text could not be had."""
    row = begin(tx, seq)
    if row is not None:
        forget_passages(tx, seq)
        replace(tx, row, status=FAILED, last_error={"code": code, "message": message})


def forget_passages(tx: Tx, seq: int) -> None:
    """Drop what an earlier try has stored."""
    tx.connection.execute(delete_from(passages).where(passages.c.member == seq))


# Counting.


def counts(tx: Tx, by: Column[Any], ids: Iterable[str]) -> dict[str, Counts]:
    """The counts of stores or of batches. A batch counts members that have left their store, too."""
    found: defaultdict[str, Counts] = defaultdict(Counts)
    query = select(by, members.c.status, func.count(), func.sum(members.c.usage_bytes)).group_by(by, members.c.status)
    query = query.where(by.in_(list(ids)))
    if by is members.c.vector_store_id:
        query = query.where(_LIVE)
    for owner, status, count, usage in tx.connection.execute(query):
        found[owner].add(status, count, int(usage))
    return found


class Counts:
    """Numbers of members, and the bytes that they take up."""

    def __init__(self) -> None:
        self.files: JsonObject = {IN_PROGRESS: 0, COMPLETED: 0, FAILED: 0, CANCELLED: 0, "total": 0}
        self.usage_bytes = 0

    def add(self, status: str, count: int, usage_bytes: int) -> None:
        """Count members of one status."""
        self.files[status] += count
        self.files["total"] += count
        self.usage_bytes += usage_bytes
