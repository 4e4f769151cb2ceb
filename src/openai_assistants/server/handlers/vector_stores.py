"""Vector stores, the files in them, and batches of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from ..spec import ApiError, JsonObject
from ..store import Database, Tx, records
from ..store.records import Window
from ..store.tables import file_batches, members, vector_stores
from ..vector_stores import search, stores
from . import Call, deleted, handles, merge, prepares, require_files


@handles("createVectorStore")
def create(call: Call) -> JsonObject:
    """A new vector store, with files if some are given."""
    require_files(call.tx, call.body.get("file_ids") or ())
    store = stores.create(call.tx, call.body, expires_after=call.body.get("expires_after"))
    _wake(call)
    return _shown(call, store)


@handles("getVectorStore")
def retrieve(call: Call) -> JsonObject:
    """One vector store."""
    return _shown(call, _store(call))


@handles("modifyVectorStore")
def update(call: Call) -> JsonObject:
    """Change the name, the rule of expiry or metadata."""
    store = _store(call)
    if "expires_after" in call.body and stores.has_expired(call.tx, store):
        raise stores.expired(store["id"])
    data = merge(store, call.body, {"name": None, "expires_after": None})
    return _shown(call, records.put(call.tx, vector_stores, data))


@handles("deleteVectorStore")
def delete(call: Call) -> JsonObject:
    """Delete a vector store; the files in it stay."""
    store_id: str = _store(call)["id"]
    stores.delete(call.tx, store_id)
    _wake(call)
    return deleted(store_id, "vector_store.deleted")


@handles("listVectorStores")
def list_all(call: Call) -> JsonObject:
    """A page of vector stores."""
    page = records.page(call.tx, vector_stores, Window.of(call.query))
    return page | {"data": stores.shown(call.tx, page["data"])}


@prepares("searchVectorStore")
async def prepare_search(database: Database, path: Mapping[str, str], body: JsonObject) -> JsonObject:
    """The search itself: it may take its time, and must not keep others from writing."""

    def work(tx: Tx) -> JsonObject:
        return search.search(tx, stores.unexpired(tx, path["vector_store_id"])["id"], body)

    return await database.read(work)


@handles("searchVectorStore")
def search_in(call: Call) -> JsonObject:
    """The files that fit a question best. To search is to use the store."""
    stores.usable(call.tx, call.path["vector_store_id"])
    return call.prepared


# Files.


@handles("createVectorStoreFile")
def add_file(call: Call) -> JsonObject:
    """Put a file into a vector store."""
    store = stores.usable(call.tx, call.path["vector_store_id"])
    require_files(call.tx, [call.body["file_id"]])
    stores.add_members(call.tx, store["id"], [_wanted(call.body)])
    _wake(call)
    return records.read(call.tx, members, call.body["file_id"], vector_store_id=store["id"])


@handles("getVectorStoreFile")
def retrieve_file(call: Call) -> JsonObject:
    """One file of a vector store."""
    data: JsonObject = _member(call).data
    return data


@handles("updateVectorStoreFileAttributes")
def update_file(call: Call) -> JsonObject:
    """Replace the attributes of a file."""
    return stores.change_member(call.tx, _member(call), attributes=call.body["attributes"] or {})


@handles("deleteVectorStoreFile")
def remove_file(call: Call) -> JsonObject:
    """Take a file out of a vector store; the file itself stays."""
    row = _member(call)
    stores.retire_members(call.tx, members.c.seq == row.seq)
    return deleted(row.id, "vector_store.file.deleted")


@handles("listVectorStoreFiles")
def list_files(call: Call) -> JsonObject:
    """A page of the files of a vector store, of one status if that is asked for."""
    return _page(call, vector_store_id=_store(call)["id"])


@handles("retrieveVectorStoreFileContent")
def content(call: Call) -> JsonObject:
    """The text that was read out of a file, passage by passage; what passages share comes once. Before the file
    is completed there is none."""
    row = _member(call)
    pieces = search.text_of(call.tx, row.seq) if row.status == stores.COMPLETED else []
    data = [{"type": "text", "text": piece} for piece in pieces]
    return {"object": "vector_store.file_content.page", "data": data, "has_more": False, "next_page": None}


# Batches.


@handles("createVectorStoreFileBatch")
def create_batch(call: Call) -> JsonObject:
    """Put many files into a vector store."""
    store = stores.usable(call.tx, call.path["vector_store_id"])
    wanted = _wanted_by_batch(call.body)
    require_files(call.tx, [each["file_id"] for each in wanted])
    batch = stores.create_batch(call.tx, store["id"], wanted)
    _wake(call)
    return stores.batch_shown(call.tx, batch)


@handles("getVectorStoreFileBatch")
def retrieve_batch(call: Call) -> JsonObject:
    """One batch."""
    return stores.batch_shown(call.tx, _batch(call))


@handles("cancelVectorStoreFileBatch")
def cancel_batch(call: Call) -> JsonObject:
    """Begin to cancel a batch."""
    batch = stores.begin_cancel(call.tx, _batch(call))
    _wake(call)
    return batch


@handles("listFilesInVectorStoreBatch")
def list_batch(call: Call) -> JsonObject:
    """A page of the files of a batch that are still in the vector store."""
    batch = _batch(call)
    return _page(call, vector_store_id=batch["vector_store_id"], batch_id=batch["id"])


def _store(call: Call) -> JsonObject:
    return records.read(call.tx, vector_stores, call.path["vector_store_id"])


def _shown(call: Call, store: JsonObject) -> JsonObject:
    return stores.shown(call.tx, [store])[0]


def _member(call: Call) -> Row[Any]:
    return records.get(call.tx, members, call.path["file_id"], vector_store_id=_store(call)["id"])


def _batch(call: Call) -> JsonObject:
    return records.read(call.tx, file_batches, call.path["batch_id"], vector_store_id=_store(call)["id"])


def _page(call: Call, **where: object) -> JsonObject:
    if call.query.get("filter"):
        where["status"] = call.query["filter"]
    return records.page(call.tx, members, Window.of(call.query), **where)


def _wake(call: Call) -> None:
    call.tx.after_commit(call.service.files_worker.wake)


def _wanted(file: JsonObject, path: str = "") -> JsonObject:
    return {
        "file_id": file["file_id"],
        "chunking_strategy": stores.chunking(file.get("chunking_strategy"), path),
        "attributes": file.get("attributes") or {},
    }


def _wanted_by_batch(body: JsonObject) -> list[JsonObject]:
    if "file_ids" not in body and "files" not in body:
        raise ApiError("Missing required parameter: 'file_ids'.", param="file_ids", code="missing_required_parameter")
    if "file_ids" in body and "files" in body:
        raise ApiError("A file batch takes either 'file_ids' or 'files', not both.", param="file_ids")
    if "file_ids" in body:
        return stores.same_for_all(body)
    wanted = [_wanted(file, f"files[{index}].") for index, file in enumerate(body["files"])]
    if len({each["file_id"] for each in wanted}) < len(wanted):
        raise ApiError("A file must not be listed twice in 'files'.", param="files", code="invalid_value")
    return wanted
