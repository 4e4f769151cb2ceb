"""What becomes of a batch, each change a piece of a transaction. One that is over time is expired, whether or not
anybody has written that down yet."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Row, select, update

from ..errors import ApiError
from ..spec import JsonObject
from ..store import Tx, records
from ..store.tables import batches
from ..store.workers import is_orphan

VALIDATING: Final = "validating"
IN_PROGRESS: Final = "in_progress"
FINALIZING: Final = "finalizing"
CANCELLING: Final = "cancelling"
CANCELLED: Final = "cancelled"
EXPIRED: Final = "expired"

AT_WORK: Final = (VALIDATING, IN_PROGRESS, FINALIZING)
LIFETIME: Final = 24 * 3600


def create(tx: Tx, body: JsonObject) -> JsonObject:
    """Store a new batch."""
    times = ("in_progress", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled")
    data: JsonObject = {
        "id": tx.ids.new("batch_"),
        "object": "batch",
        "endpoint": body["endpoint"],
        "errors": None,
        "input_file_id": body["input_file_id"],
        "completion_window": body["completion_window"],
        "status": VALIDATING,
        "output_file_id": None,
        "error_file_id": None,
        "created_at": tx.now,
        "expires_at": tx.now + LIFETIME,
        **{f"{status}_at": None for status in times},
        "request_counts": {"total": 0, "completed": 0, "failed": 0},
        "metadata": body.get("metadata") or {},
    }
    expiry = body.get("output_expires_after")
    return records.add(tx, batches, data, status=VALIDATING, worker=tx.worker, output_expires_after=expiry)


def shown(tx: Tx, batch: JsonObject) -> JsonObject:
    """A batch as it is answered."""
    if batch["status"] in AT_WORK and batch["expires_at"] <= tx.now:
        return batch | {"status": EXPIRED, "expired_at": batch["expires_at"]}
    return batch


def become(tx: Tx, batch: JsonObject, status: str, **changes: object) -> JsonObject:
    """Bring a batch to another status."""
    data = batch | {"status": status, f"{status}_at": tx.now, **changes}
    return records.put(tx, batches, data, status=status)


def begin_cancel(tx: Tx, batch: JsonObject) -> JsonObject:
    """Bring a batch to `cancelling`; one that is there already stays.

    Raises:
        ApiError: It is over.
    """
    status = shown(tx, batch)["status"]
    if status in AT_WORK:
        return become(tx, batch, CANCELLING)
    if status in (CANCELLING, CANCELLED):
        return batch
    raise ApiError(f"Cannot cancel batch {batch['id']} with status '{status}'.")


def take_over(tx: Tx) -> None:
    """Make those ours that are to be worked on and whose worker is gone."""
    orphans = batches.c.status.in_(AT_WORK), is_orphan(batches.c.worker)
    tx.connection.execute(update(batches).where(*orphans).values(worker=tx.worker))


def cancelling(tx: Tx) -> list[str]:
    """Ids of the batches that are being cancelled."""
    query = select(batches.c.id).where(batches.c.status == CANCELLING, batches.c.deleted.is_(False))
    return list(tx.connection.scalars(query.order_by(batches.c.seq)))


def waiting(tx: Tx) -> list[str]:
    """Ids of the batches that this worker is to work on, oldest first."""
    query = select(batches.c.id).where(batches.c.status.in_(AT_WORK), batches.c.deleted.is_(False))
    return list(tx.connection.scalars(query.where(batches.c.worker == tx.worker).order_by(batches.c.seq)))


def at_work(tx: Tx, batch_id: str) -> Row[Any] | None:
    """A batch that this worker is still to work on. One whose time is over is noted as expired."""
    row = records.find(tx, batches, batch_id)
    if row is None or row.status not in AT_WORK or row.worker != tx.worker:
        return None
    if row.data["expires_at"] <= tx.now:
        records.put(tx, batches, shown(tx, row.data), status=EXPIRED)
        return None
    return row


def settle_cancel(tx: Tx, batch_id: str) -> None:
    """Bring a batch to `cancelled`."""
    row = records.find(tx, batches, batch_id)
    if row is not None and row.status == CANCELLING:
        become(tx, row.data, CANCELLED)
