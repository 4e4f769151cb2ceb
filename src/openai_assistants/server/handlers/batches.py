"""Batches. What happens to them is told in `batches.worker`."""

from __future__ import annotations

from ..batches import state
from ..errors import ApiError
from ..spec import JsonObject
from ..store import others, records
from ..store.records import Window
from ..store.tables import batches, files
from . import Call, handles, require_files


@handles("createBatch")
def create(call: Call) -> JsonObject:
    """A new batch, which is validated at once."""
    file_id: str = call.body["input_file_id"]
    require_files(call.tx, [file_id])
    purpose = records.get(call.tx, files, file_id).purpose
    if purpose != "batch":
        raise ApiError(
            f"The input file must have the purpose 'batch', but '{file_id}' has '{purpose}'.",
            param="input_file_id",
            code="invalid_value",
        )
    batch = state.create(call.tx, call.body)
    call.tx.after_commit(call.service.batches_worker.wake)
    return batch


@handles("retrieveBatch")
def retrieve(call: Call) -> JsonObject:
    """One batch."""
    return state.shown(call.tx, records.read(call.tx, batches, call.path["batch_id"]))


@handles("cancelBatch")
def cancel(call: Call) -> JsonObject:
    """Begin to cancel a batch."""
    batch = state.begin_cancel(call.tx, records.read(call.tx, batches, call.path["batch_id"]))
    call.tx.tell(others.BATCHES)
    call.tx.after_commit(call.service.batches_worker.wake)
    return batch


@handles("listBatches")
def list_all(call: Call) -> JsonObject:
    """A page of batches."""
    page = records.page(call.tx, batches, Window.of(call.query))
    return page | {"data": [state.shown(call.tx, batch) for batch in page["data"]]}
