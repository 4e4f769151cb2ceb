"""Uploads: a file in parts. One that is not completed within an hour expires; until it is looked at again, that is
computed from its age."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row, delete, select, update

from ..errors import ApiError, not_found
from ..spec import JsonObject
from ..store import Database, Tx, blobs, records
from ..store.owners import visible
from ..store.tables import upload_parts, uploads
from ..validation import ReceivedFile
from . import Call, handles, prepares
from .files import new_file

LIFETIME: Final = 3600
_PENDING: Final = "pending"


@handles("createUpload")
def create(call: Call) -> JsonObject:
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
        "expires_at": call.tx.now + LIFETIME,
        "file": None,
    }
    expiry = body.get("expires_after")
    return records.add(
        call.tx, uploads, data, status=_PENDING, expires_at=data["expires_at"], file_expires_after=expiry
    )


@handles("addUploadPart")
def add_part(call: Call) -> JsonObject:
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
async def prepare_complete(database: Database, path: Mapping[str, str], body: JsonObject) -> JsonObject:
    """The checksum of the parts, if one is to be compared: reading gigabytes would make a long transaction."""
    if body.get("md5") is None:
        return {}
    sizes = await database.read(lambda tx: _sizes(tx, path["upload_id"]))
    digest = hashlib.md5(usedforsecurity=False)
    part_ids: list[str] = body["part_ids"]
    for part_id in filter(sizes.__contains__, part_ids):
        async for content in blobs.read(database, part_id):
            digest.update(content)
    return {"md5": digest.hexdigest()}


@handles("completeUpload")
def complete(call: Call) -> JsonObject:
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
def cancel(call: Call) -> JsonObject:
    """Give up an upload; its parts are dropped."""
    upload = _pending(call.tx, call.path["upload_id"])
    _drop_parts(call.tx, upload.id)
    return _end(call.tx, upload, "cancelled")


def drop_expired(tx: Tx) -> None:
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
        blobs.drop(tx, part_id)
    tx.connection.execute(delete(upload_parts).where(*unused))


def _end(tx: Tx, upload: Row[Any], status: str, **changes: object) -> JsonObject:
    return records.put(tx, uploads, upload.data | {"status": status, **changes}, status=status)
