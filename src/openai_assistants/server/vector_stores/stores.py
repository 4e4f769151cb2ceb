"""Vector stores and file batches as they are stored and as they are answered.

What can be computed is not stored: counts, the bytes in use, the status and the moment of expiry follow from the files
and from `last_active_at` when an object is answered. So they always agree, and a batch or a store moves on by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Row, delete as delete_from, select, update

from ..errors import ApiError
from ..spec import JsonObject, child
from ..store import Tx, records
from ..store.tables import file_batches, members, passages, vector_stores
from . import members as membership

CANCELLING: Final = "cancelling"
EXPIRED: Final = "expired"
_DAY: Final = 24 * 3600
_SWEPT_TOGETHER: Final = 500
_AUTO: Final = {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}


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
    membership.add(tx, store["id"], same_for_all(body, path))
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
    membership.mark_deleted(tx, members.c.vector_store_id == store_id)
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
    counts = membership.counts(tx, members.c.vector_store_id, [store["id"] for store in stores])
    return [_shown(tx, store, counts[store["id"]]) for store in stores]


def _shown(tx: Tx, store: JsonObject, counts: membership.Counts) -> JsonObject:
    status = membership.IN_PROGRESS if counts.files[membership.IN_PROGRESS] else membership.COMPLETED
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
        "status": membership.IN_PROGRESS,
    }
    records.add(tx, file_batches, batch, vector_store_id=store_id, status=batch["status"])
    membership.add(tx, store_id, wanted, batch_id=batch["id"])
    return batch


def batch_shown(tx: Tx, batch: JsonObject) -> JsonObject:
    """A batch as it is answered. One that nobody cancels is completed when none of its files is in progress."""
    files = membership.counts(tx, members.c.batch_id, [batch["id"]])[batch["id"]].files
    done = batch["status"] == membership.IN_PROGRESS and files[membership.IN_PROGRESS] == 0
    return batch | {"status": membership.COMPLETED if done else batch["status"], "file_counts": files}


def begin_cancel(tx: Tx, batch: JsonObject) -> JsonObject:
    """Bring a batch to `cancelling`, as it is answered; one that is there already stays.

    Raises:
        ApiError: It is over.
    """
    status = batch_shown(tx, batch)["status"]
    if status == membership.COMPLETED:
        raise ApiError(f"Cannot cancel file batch {batch['id']} with status 'completed'.")
    if status == membership.IN_PROGRESS:
        batch = records.put(tx, file_batches, batch | {"status": CANCELLING}, status=CANCELLING)
    return batch_shown(tx, batch)


def settle_cancels(tx: Tx) -> None:
    """Bring all batches that are being cancelled to `cancelled`, with those of their files that are in progress."""
    query = select(file_batches).where(file_batches.c.status == CANCELLING, file_batches.c.deleted.is_(False))
    row: Row[Any]
    for row in tx.connection.execute(tx.locked(query.order_by(file_batches.c.seq))).all():
        membership.cancel_batch(tx, row.id)
        data = row.data | {"status": membership.CANCELLED}
        records.put(tx, file_batches, data, status=membership.CANCELLED)
