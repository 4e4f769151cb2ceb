"""Vector stores, file batches and the files in them, as they are stored and as they are answered; each change a piece
of a transaction.

What can be computed is not stored: counts, the bytes in use, the status and the moment of expiry follow from the files
and from `last_active_at` when an object is answered. So they always agree, and a batch or a store moves on by itself.

A file is a member of its stores. A member is `in_progress` until the worker has read its text, unless it is cancelled
or taken out before; `completed`, `failed` and `cancelled` are final.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    and_,
    bindparam,
    case,
    delete as delete_from,
    func,
    insert,
    select,
    update,
)

from ..spec import ApiError, JsonObject, child
from ..store import Tx, fulltext, records
from ..store.tables import file_batches, files, is_orphan, members, passages, vector_stores
from . import Passage

CANCELLING: Final = "cancelling"
EXPIRED: Final = "expired"
_DAY: Final = 24 * 3600
_SWEPT_TOGETHER: Final = 500
_AUTO: Final = {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}

IN_PROGRESS: Final = "in_progress"
COMPLETED: Final = "completed"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"

_AT_ONCE = 500
_LIVE = members.c.deleted.is_(False)


def create(tx: Tx, body: JsonObject, *, expires_after: JsonObject | None = None, path: str = "") -> JsonObject:
    """Store a new vector store and put its files in; the files must exist."""
    store: JsonObject = {
        "id": tx.ids.new("vs_"),
        "object": "vector_store",
        "created_at": tx.now,
        "name": body.get("name"),
        "expires_after": expires_after,
        "last_active_at": tx.now,
        "metadata": body.get("metadata") or {},
    }
    records.add(tx, vector_stores, store)
    add_members(tx, store["id"], same_for_all(body, path))
    return store


def same_for_all(body: JsonObject, path: str = "") -> list[JsonObject]:
    """The files that a request lists by id, each to be put in as the request says for all."""
    strategy = chunking(body.get("chunking_strategy"), path)
    attributes = child(body, "attributes")
    return [
        {"file_id": file_id, "chunking_strategy": strategy, "attributes": attributes}
        for file_id in dict.fromkeys(body.get("file_ids") or ())
    ]


def chunking(asked: JsonObject | None, path: str = "") -> JsonObject:
    """A chunking strategy as it is answered: one that was left to the server is shown with its sizes."""
    if asked is None or asked["type"] == "auto":
        return {"type": "static", "static": dict(_AUTO)}
    sizes = asked["static"]
    if not 0 <= sizes["chunk_overlap_tokens"] <= sizes["max_chunk_size_tokens"] / 2:
        where = f"{path}chunking_strategy.static.chunk_overlap_tokens"
        raise ApiError(
            f"Invalid '{where}': the overlap must be at least 0 and at most half of max_chunk_size_tokens.",
            param=where,
            code="invalid_value",
        )
    return {"type": "static", "static": sizes}


def expires_at(store: JsonObject) -> int | None:
    """When a store expires if nobody uses it until then."""
    rule: JsonObject | None = store["expires_after"]
    last: int = store["last_active_at"]
    return None if rule is None else last + int(rule["days"]) * _DAY


def has_expired(tx: Tx, store: JsonObject) -> bool:
    """Whether the end has come. It is for good: an expired store is never used, so it never becomes active again."""
    moment = expires_at(store)
    return moment is not None and moment <= tx.now


def unexpired(tx: Tx, store_id: str) -> JsonObject:
    """A store that can be used.

    Raises:
        ApiError: It does not exist, or has expired.
    """
    store = records.read(tx, vector_stores, store_id)
    if has_expired(tx, store):
        raise expired(store_id)
    return store


def usable(tx: Tx, store_id: str) -> JsonObject:
    """A store that is to be used now, which counts as activity.

    Raises:
        ApiError: It does not exist, or has expired.
    """
    store = unexpired(tx, store_id)
    if store["last_active_at"] == tx.now:
        return store
    return records.put(tx, vector_stores, store | {"last_active_at": tx.now})


def expired(store_id: str) -> ApiError:
    """What happens to whoever wants to use an expired store."""
    return ApiError(f"The vector store '{store_id}' has expired.", code="vector_store_expired")


def touch(tx: Tx, store_ids: Iterable[str]) -> None:
    """Note that stores are used, those that still can be."""
    for store_id in store_ids:
        row = records.find(tx, vector_stores, store_id)
        if row is not None and not has_expired(tx, row.data):
            records.put(tx, vector_stores, row.data | {"last_active_at": tx.now})


def delete(tx: Tx, store_id: str) -> None:
    """Delete a store with its members and batches; the files themselves stay. Its passages are swept up later: they may
    be many, and nobody searches them any more."""
    tx.connection.execute(
        update(file_batches).where(file_batches.c.vector_store_id == store_id).values(deleted=True, data={})
    )
    mark_members_deleted(tx, members.c.vector_store_id == store_id)
    records.remove(tx, vector_stores, store_id)


def sweep(tx: Tx) -> bool:
    """Delete some of the passages that deleted stores have left behind; whether there may be more."""
    left = select(passages.c.seq).join(vector_stores, vector_stores.c.seq == passages.c.store)
    left = left.where(vector_stores.c.deleted).order_by(passages.c.seq).limit(_SWEPT_TOGETHER)
    some = list(tx.connection.scalars(left))
    if some:
        tx.connection.execute(delete_from(passages).where(passages.c.seq.in_(some)))
    return len(some) == _SWEPT_TOGETHER


def shown(tx: Tx, stores: Sequence[JsonObject]) -> list[JsonObject]:
    """Stores as they are answered."""
    counts = count_members(tx, members.c.vector_store_id, [store["id"] for store in stores])
    return [_shown(tx, store, counts[store["id"]]) for store in stores]


def _shown(tx: Tx, store: JsonObject, counts: MemberCounts) -> JsonObject:
    status = IN_PROGRESS if counts.files[IN_PROGRESS] else COMPLETED
    return store | {
        "status": EXPIRED if has_expired(tx, store) else status,
        "usage_bytes": counts.usage_bytes,
        "file_counts": counts.files,
        "expires_at": expires_at(store),
    }


# File batches.


def create_batch(tx: Tx, store_id: str, wanted: Sequence[JsonObject]) -> JsonObject:
    """Put files into a store as one batch."""
    batch: JsonObject = {
        "id": tx.ids.new("vsfb_"),
        "object": "vector_store.files_batch",
        "created_at": tx.now,
        "vector_store_id": store_id,
        "status": IN_PROGRESS,
    }
    records.add(tx, file_batches, batch, vector_store_id=store_id, status=batch["status"])
    add_members(tx, store_id, wanted, batch_id=batch["id"])
    return batch


def batch_shown(tx: Tx, batch: JsonObject) -> JsonObject:
    """A batch as it is answered. One that nobody cancels is completed when none of its files is in progress."""
    files = count_members(tx, members.c.batch_id, [batch["id"]])[batch["id"]].files
    done = batch["status"] == IN_PROGRESS and files[IN_PROGRESS] == 0
    return batch | {"status": COMPLETED if done else batch["status"], "file_counts": files}


def begin_cancel(tx: Tx, batch: JsonObject) -> JsonObject:
    """Bring a batch to `cancelling`, as it is answered; one that is there already stays.

    Raises:
        ApiError: It is over.
    """
    status = batch_shown(tx, batch)["status"]
    if status == COMPLETED:
        raise ApiError(f"Cannot cancel file batch {batch['id']} with status 'completed'.")
    if status == IN_PROGRESS:
        batch = records.put(tx, file_batches, batch | {"status": CANCELLING}, status=CANCELLING)
    return batch_shown(tx, batch)


def settle_cancels(tx: Tx) -> None:
    """Bring all batches that are being cancelled to `cancelled`, with those of their files that are in progress."""
    query = select(file_batches).where(file_batches.c.status == CANCELLING, file_batches.c.deleted.is_(False))
    row: Row[Any]
    for row in tx.connection.execute(tx.locked(query.order_by(file_batches.c.seq))).all():
        give_up_batch(tx, row.id)
        data = row.data | {"status": CANCELLED}
        records.put(tx, file_batches, data, status=CANCELLED)


# Members.


def add_members(tx: Tx, store_id: str, wanted: Sequence[JsonObject], *, batch_id: str | None = None) -> None:
    """Put files into a store: `file_id`, `chunking_strategy` and `attributes` of each. One that is in it already is put
    in anew."""
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        ids = [each["file_id"] for each in some]
        retire_members(tx, members.c.vector_store_id == store_id, members.c.id.in_(ids))
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
                    "data": _new_member(tx, store_id, each),
                }
                for each in some
            ],
        )


def _new_member(tx: Tx, store_id: str, wanted: JsonObject) -> JsonObject:
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


def retire_members(tx: Tx, *which: ColumnElement[bool]) -> None:
    """Take members out of their stores. What was still in progress counts as cancelled in its batch."""
    found = list(tx.connection.scalars(select(members.c.seq).where(_LIVE, *which)))
    mark_members_deleted(tx, *which)
    for start in range(0, len(found), _AT_ONCE):
        some = found[start : start + _AT_ONCE]
        tx.connection.execute(delete_from(passages).where(passages.c.member.in_(some)))


def mark_members_deleted(tx: Tx, *which: ColumnElement[bool]) -> None:
    """The same, but their passages stay."""
    condition = and_(_LIVE, *which)
    # Locked first: a worker that is writing passages right now writes no more behind this back.
    if not tx.connection.execute(tx.locked(select(members.c.seq).where(condition).order_by(members.c.seq))).all():
        return
    status = case((members.c.status == IN_PROGRESS, CANCELLED), else_=members.c.status)
    tx.connection.execute(update(members).where(condition).values(deleted=True, data={}, status=status))


def give_up_batch(tx: Tx, batch_id: str) -> None:
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


def change_member(tx: Tx, row: Row[Any], **changes: object) -> JsonObject:
    """Change fields of a member; the member as it is then."""
    data: JsonObject = row.data | changes
    columns = {name: value for name, value in changes.items() if name in ("status", "usage_bytes")}
    tx.connection.execute(update(members).where(members.c.seq == row.seq).values(data=data, **columns))
    return data


# What the worker does.


def take_over_members(tx: Tx) -> None:
    """Make those in progress ours whose worker is gone."""
    orphans = members.c.status == IN_PROGRESS, is_orphan(members.c.worker)
    tx.connection.execute(update(members).where(_LIVE, *orphans).values(worker=tx.worker))


def waiting_members(tx: Tx) -> list[int]:
    """Members in progress that are this worker's."""
    query = select(members.c.seq).where(_LIVE, members.c.status == IN_PROGRESS, members.c.worker == tx.worker)
    return list(tx.connection.scalars(query.order_by(members.c.seq)))


def begin_member(tx: Tx, seq: int) -> Row[Any] | None:
    """A member that is still in progress and this worker's, with the name of its file, and the number and the owner of
    its store."""
    name = files.c.data["filename"].label("filename")
    query = (
        select(members, name, vector_stores.c.seq.label("store"), vector_stores.c.owner)
        .join(files, files.c.id == members.c.id)
        .join(vector_stores, vector_stores.c.id == members.c.vector_store_id)
    )
    query = query.where(_LIVE, members.c.seq == seq, members.c.status == IN_PROGRESS, members.c.worker == tx.worker)
    return tx.connection.execute(tx.locked(query, members)).first()


def write_passages(tx: Tx, seq: int, first: int, some: Sequence[Passage]) -> Row[Any] | None:
    """Store passages; None if nobody wants them any more."""
    row = begin_member(tx, seq)
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


def fail_member(tx: Tx, seq: int, code: str, message: str) -> None:
    """Note why the text could not be had."""
    row = begin_member(tx, seq)
    if row is not None:
        forget_passages(tx, seq)
        change_member(tx, row, status=FAILED, last_error={"code": code, "message": message})


def forget_passages(tx: Tx, seq: int) -> None:
    """Drop what an earlier try has stored."""
    tx.connection.execute(delete_from(passages).where(passages.c.member == seq))


# Counting.


def count_members(tx: Tx, by: Column[Any], ids: Iterable[str]) -> dict[str, MemberCounts]:
    """The counts of stores or of batches. A batch counts members that have left their store, too."""
    found: defaultdict[str, MemberCounts] = defaultdict(MemberCounts)
    query = select(by, members.c.status, func.count(), func.sum(members.c.usage_bytes)).group_by(by, members.c.status)
    query = query.where(by.in_(list(ids)))
    if by is members.c.vector_store_id:
        query = query.where(_LIVE)
    for owner, status, count, usage in tx.connection.execute(query):
        found[owner].add(status, count, int(usage))
    return found


class MemberCounts:
    """Numbers of members, and the bytes that they take up."""

    def __init__(self) -> None:
        self.files: JsonObject = {IN_PROGRESS: 0, COMPLETED: 0, FAILED: 0, CANCELLED: 0, "total": 0}
        self.usage_bytes = 0

    def add(self, status: str, count: int, usage_bytes: int) -> None:
        """Count members of one status."""
        self.files[status] += count
        self.files["total"] += count
        self.usage_bytes += usage_bytes
