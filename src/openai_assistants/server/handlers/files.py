"""Files, uploads of files in parts, batches, which are files of requests, and vector stores with the files in them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row, delete, or_, select, update

from ..background import add_batch, begin_cancel_batch, shown_batch
from ..spec import ApiError, JsonObject, ReceivedFile, not_found
from ..store import Database, Tx, backends, records
from ..store.records import Window, new_file, visible
from ..store.tables import batches, file_batches, files, members, upload_parts, uploads, vector_stores
from ..vector_stores import search, stores
from . import Call, FileAnswer, deleted, handles, merge, prepares, require_files

# Files, uploads of files in parts, and batches, which are files of requests.
#
# An upload that is not completed within an hour expires; until it is looked at again, that is computed from its age.
# What happens to batches is told in `background`.

MAX_PAGE: Final = 10_000

_UPLOAD_LIFETIME: Final = 3600
_PENDING: Final = "pending"


@handles("createFile")
def create_file(call: Call) -> JsonObject:
    """Make a file of the content that was uploaded."""
    received: ReceivedFile = call.body["file"]
    return new_file(
        call.tx,
        received.id,
        filename=received.filename,
        purpose=call.body["purpose"],
        size=received.size,
        expires_after=call.body.get("expires_after"),
    )


@handles("retrieveFile")
def retrieve_file(call: Call) -> JsonObject:
    """What is known about a file."""
    return _file(call)


@handles("downloadFile")
def download_file(call: Call) -> FileAnswer:
    """The content of a file."""
    data = _file(call)
    return FileAnswer(data["id"], data["filename"], data["bytes"])


@handles("deleteFile")
def delete_file(call: Call) -> JsonObject:
    """Delete a file; vector stores lose it too."""
    file_id: str = _file(call)["id"]
    _drop(call.tx, file_id)
    return deleted(file_id, "file")


@handles("listFiles")
def list_files(call: Call) -> JsonObject:
    """A page of files, of one purpose if that is asked for."""
    only = {"purpose": call.query["purpose"]} if call.query.get("purpose") else {}
    alive = or_(files.c.expires_at.is_(None), files.c.expires_at > call.tx.now)
    window = Window.of(call.query, default=MAX_PAGE, maximum=MAX_PAGE)
    return records.page(call.tx, files, window, alive, **only)


def drop_expired_files(tx: Tx) -> None:
    """Delete the files whose time is over."""
    query = select(files.c.id).where(files.c.expires_at <= tx.now, files.c.deleted.is_(False))
    for file_id in tx.connection.scalars(query).all():
        _drop(tx, file_id)


def _drop(tx: Tx, file_id: str) -> None:
    stores.retire_members(tx, members.c.id == file_id)
    records.drop_content(tx, file_id)
    records.remove(tx, files, file_id)


def _file(call: Call) -> JsonObject:
    data = records.read(call.tx, files, call.path["file_id"])
    if data["expires_at"] is not None and data["expires_at"] <= call.tx.now:
        raise not_found("file", data["id"])
    return data


# Uploads.


@handles("createUpload")
def create_upload(call: Call) -> JsonObject:
    """A new upload that waits for its parts."""
    body, limit = call.body, call.service.settings.max_upload_bytes
    size: int = body["bytes"]
    if not 0 <= size <= limit:
        raise ApiError(
            f"Invalid 'bytes': expected a size from 0 to {limit}, but got {size} instead.",
            param="bytes",
            code="invalid_value",
        )
    data: JsonObject = {
        "id": call.tx.ids.new("upload_"),
        "object": "upload",
        "bytes": size,
        "created_at": call.tx.now,
        "filename": body["filename"],
        "purpose": body["purpose"],
        "status": _PENDING,
        "expires_at": call.tx.now + _UPLOAD_LIFETIME,
        "file": None,
    }
    expiry = body.get("expires_after")
    return records.add(
        call.tx, uploads, data, status=_PENDING, expires_at=data["expires_at"], file_expires_after=expiry
    )


@handles("addUploadPart")
def add_upload_part(call: Call) -> JsonObject:
    """Note a part, whose content is in the store already."""
    upload = _pending(call.tx, call.path["upload_id"])
    received: ReceivedFile = call.body["data"]
    part: JsonObject = {
        "id": received.id,
        "object": "upload.part",
        "created_at": call.tx.now,
        "upload_id": upload.id,
    }
    return records.add(call.tx, upload_parts, part, upload_id=upload.id, size=received.size)


@prepares("completeUpload")
async def prepare_upload(database: Database, path: Mapping[str, str], body: JsonObject) -> JsonObject:
    """The checksum of the parts, if one is to be compared: reading gigabytes would make a long transaction."""
    if body.get("md5") is None:
        return {}
    sizes = await database.read(lambda tx: _sizes(tx, path["upload_id"]))
    digest = hashlib.md5(usedforsecurity=False)
    part_ids: list[str] = body["part_ids"]
    for part_id in filter(sizes.__contains__, part_ids):
        async for content in records.read_content(database, part_id):
            digest.update(content)
    return {"md5": digest.hexdigest()}


@handles("completeUpload")
def complete_upload(call: Call) -> JsonObject:
    """Make a file of the parts. Their content stays where it is; the parts that are not listed are dropped."""
    tx, upload = call.tx, _pending(call.tx, call.path["upload_id"])
    part_ids: list[str] = call.body["part_ids"]
    _check_parts(tx, upload, part_ids)
    wanted = call.body.get("md5")
    if wanted is not None and wanted.lower() != call.prepared["md5"]:
        raise ApiError(
            f"The uploaded bytes do not match the checksum: expected MD5 {wanted}, but they have "
            f"{call.prepared['md5']}.",
            param="md5",
            code="invalid_value",
        )
    file = new_file(
        tx,
        tx.ids.new("file-"),
        filename=upload.data["filename"],
        purpose=upload.data["purpose"],
        size=upload.data["bytes"],
        expires_after=upload.file_expires_after,
    )
    for number, part_id in enumerate(part_ids):
        place = {"file_id": file["id"], "number": number}
        tx.connection.execute(update(upload_parts).where(upload_parts.c.id == part_id).values(**place))
    _drop_parts(tx, upload.id)
    return _end(tx, upload, "completed", file=file)


@handles("cancelUpload")
def cancel_upload(call: Call) -> JsonObject:
    """Give up an upload; its parts are dropped."""
    upload = _pending(call.tx, call.path["upload_id"])
    _drop_parts(call.tx, upload.id)
    return _end(call.tx, upload, "cancelled")


def drop_expired_uploads(tx: Tx) -> None:
    """Let uploads expire whose time is over, and drop their parts."""
    query = select(uploads).where(uploads.c.status == _PENDING, uploads.c.expires_at <= tx.now)
    for upload in tx.connection.execute(tx.locked(query)).all():
        _drop_parts(tx, upload.id)
        _end(tx, upload, "expired")


def _pending(tx: Tx, upload_id: str) -> Row[Any]:
    upload = records.get(tx, uploads, upload_id)
    status: str = upload.status
    if status == _PENDING and upload.expires_at <= tx.now:
        status = "expired"
    if status != _PENDING:
        raise ApiError(f"Upload {upload.id} has status '{status}', so nothing can be done with it any more.")
    return upload


def _sizes(tx: Tx, upload_id: str) -> dict[str, int]:
    """The sizes of the parts of an upload by their ids; of an upload that the caller does not see there are none."""
    query = select(upload_parts.c.id, upload_parts.c.size).where(upload_parts.c.upload_id == upload_id)
    query = query.join(uploads, uploads.c.id == upload_parts.c.upload_id).where(*visible(tx, uploads))
    return {row.id: row.size for row in tx.connection.execute(query)}


def _check_parts(tx: Tx, upload: Row[Any], part_ids: list[str]) -> None:
    sizes = _sizes(tx, upload.id)
    for part_id in part_ids:
        if part_id not in sizes:
            error = not_found("part of this upload", part_id)
            raise ApiError(error.message, param="part_ids", code="invalid_value")
    if len(set(part_ids)) < len(part_ids):
        raise ApiError("A part must not be listed twice in 'part_ids'.", param="part_ids", code="invalid_value")
    total, announced = sum(sizes[part_id] for part_id in part_ids), upload.data["bytes"]
    if total != announced:
        raise ApiError(
            f"The parts have {total} bytes together, but {announced} bytes were announced for this upload.",
            param="part_ids",
            code="invalid_value",
        )


def _drop_parts(tx: Tx, upload_id: str) -> None:
    """Drop the parts of an upload that are no part of a file."""
    unused = upload_parts.c.upload_id == upload_id, upload_parts.c.file_id.is_(None)
    for part_id in tx.connection.scalars(select(upload_parts.c.id).where(*unused)).all():
        records.drop_content(tx, part_id)
    tx.connection.execute(delete(upload_parts).where(*unused))


def _end(tx: Tx, upload: Row[Any], status: str, **changes: object) -> JsonObject:
    return records.put(tx, uploads, upload.data | {"status": status, **changes}, status=status)


# Batches.


@handles("createBatch")
def create_batch(call: Call) -> JsonObject:
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
    batch = add_batch(call.tx, call.body)
    call.tx.after_commit(call.service.batches_worker.wake)
    return batch


@handles("retrieveBatch")
def retrieve_batch(call: Call) -> JsonObject:
    """One batch."""
    return shown_batch(call.tx, records.read(call.tx, batches, call.path["batch_id"]))


@handles("cancelBatch")
def cancel_batch(call: Call) -> JsonObject:
    """Begin to cancel a batch."""
    batch = begin_cancel_batch(call.tx, records.read(call.tx, batches, call.path["batch_id"]))
    call.tx.tell(backends.BATCH_CANCELLED)
    call.tx.after_commit(call.service.batches_worker.wake)
    return batch


@handles("listBatches")
def list_batches(call: Call) -> JsonObject:
    """A page of batches."""
    page = records.page(call.tx, batches, Window.of(call.query))
    return page | {"data": [shown_batch(call.tx, batch) for batch in page["data"]]}


# Vector stores, the files in them, and batches of these.


@handles("createVectorStore")
def create_store(call: Call) -> JsonObject:
    """A new vector store, with files if some are given."""
    require_files(call.tx, call.body.get("file_ids") or ())
    store = stores.create(call.tx, call.body, expires_after=call.body.get("expires_after"))
    _wake(call)
    return _shown(call, store)


@handles("getVectorStore")
def retrieve_store(call: Call) -> JsonObject:
    """One vector store."""
    return _shown(call, _store(call))


@handles("modifyVectorStore")
def update_store(call: Call) -> JsonObject:
    """Change the name, the rule of expiry or metadata."""
    store = _store(call)
    if "expires_after" in call.body and stores.has_expired(call.tx, store):
        raise stores.expired(store["id"])
    data = merge(store, call.body, {"name": None, "expires_after": None})
    return _shown(call, records.put(call.tx, vector_stores, data))


@handles("deleteVectorStore")
def delete_store(call: Call) -> JsonObject:
    """Delete a vector store; the files in it stay."""
    store_id: str = _store(call)["id"]
    stores.delete(call.tx, store_id)
    _wake(call)
    return deleted(store_id, "vector_store.deleted")


@handles("listVectorStores")
def list_stores(call: Call) -> JsonObject:
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
def search_store(call: Call) -> JsonObject:
    """The files that fit a question best. To search is to use the store."""
    stores.usable(call.tx, call.path["vector_store_id"])
    return call.prepared


# Files.


@handles("createVectorStoreFile")
def add_member(call: Call) -> JsonObject:
    """Put a file into a vector store."""
    store = stores.usable(call.tx, call.path["vector_store_id"])
    require_files(call.tx, [call.body["file_id"]])
    stores.add_members(call.tx, store["id"], [_wanted(call.body)])
    _wake(call)
    return records.read(call.tx, members, call.body["file_id"], vector_store_id=store["id"])


@handles("getVectorStoreFile")
def retrieve_member(call: Call) -> JsonObject:
    """One file of a vector store."""
    data: JsonObject = _member(call).data
    return data


@handles("updateVectorStoreFileAttributes")
def update_member(call: Call) -> JsonObject:
    """Replace the attributes of a file."""
    return stores.change_member(call.tx, _member(call), attributes=call.body["attributes"] or {})


@handles("deleteVectorStoreFile")
def remove_member(call: Call) -> JsonObject:
    """Take a file out of a vector store; the file itself stays."""
    row = _member(call)
    stores.retire_members(call.tx, members.c.seq == row.seq)
    return deleted(row.id, "vector_store.file.deleted")


@handles("listVectorStoreFiles")
def list_members(call: Call) -> JsonObject:
    """A page of the files of a vector store, of one status if that is asked for."""
    return _page(call, vector_store_id=_store(call)["id"])


@handles("retrieveVectorStoreFileContent")
def member_content(call: Call) -> JsonObject:
    """The text that was read out of a file, passage by passage; what passages share comes once. Before the file
    is completed there is none."""
    row = _member(call)
    pieces = search.text_of(call.tx, row.seq) if row.status == stores.COMPLETED else []
    data = [{"type": "text", "text": piece} for piece in pieces]
    return {"object": "vector_store.file_content.page", "data": data, "has_more": False, "next_page": None}


# Batches.


@handles("createVectorStoreFileBatch")
def create_file_batch(call: Call) -> JsonObject:
    """Put many files into a vector store."""
    store = stores.usable(call.tx, call.path["vector_store_id"])
    wanted = _wanted_by_batch(call.body)
    require_files(call.tx, [each["file_id"] for each in wanted])
    batch = stores.create_batch(call.tx, store["id"], wanted)
    _wake(call)
    return stores.batch_shown(call.tx, batch)


@handles("getVectorStoreFileBatch")
def retrieve_file_batch(call: Call) -> JsonObject:
    """One batch."""
    return stores.batch_shown(call.tx, _batch(call))


@handles("cancelVectorStoreFileBatch")
def cancel_file_batch(call: Call) -> JsonObject:
    """Begin to cancel a batch."""
    batch = stores.begin_cancel(call.tx, _batch(call))
    _wake(call)
    return batch


@handles("listFilesInVectorStoreBatch")
def list_batch_members(call: Call) -> JsonObject:
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
