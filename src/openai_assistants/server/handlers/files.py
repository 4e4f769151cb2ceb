"""Files."""

from __future__ import annotations

from typing import Final

from sqlalchemy import or_, select

from ..errors import not_found
from ..spec import JsonObject
from ..store import Tx, blobs, records
from ..store.records import Window
from ..store.tables import files
from ..validation import ReceivedFile
from . import Call, FileAnswer, deleted, handles

MAX_PAGE: Final = 10_000
_BATCH_LIFETIME: Final = 30 * 24 * 3600


@handles("createFile")
def create(call: Call) -> JsonObject:
    """Make a file of the content that was uploaded."""
    received: ReceivedFile = call.body["file"]
    purpose: str = call.body["purpose"]
    expiry: JsonObject | None = call.body.get("expires_after")
    lifetime = expiry["seconds"] if expiry else _BATCH_LIFETIME if purpose == "batch" else None
    data: JsonObject = {
        "id": received.id,
        "object": "file",
        "bytes": received.size,
        "created_at": call.tx.now,
        "expires_at": None if lifetime is None else call.tx.now + lifetime,
        "filename": received.filename,
        "purpose": purpose,
        "status": "processed",
        "status_details": None,
    }
    return records.add(call.tx, files, data, purpose=purpose, expires_at=data["expires_at"], size=received.size)


@handles("retrieveFile")
def retrieve(call: Call) -> JsonObject:
    """What is known about a file."""
    return _file(call)


@handles("downloadFile")
def download(call: Call) -> FileAnswer:
    """The content of a file."""
    data = _file(call)
    return FileAnswer(data["id"], data["filename"], data["bytes"])


@handles("deleteFile")
def delete(call: Call) -> JsonObject:
    """Delete a file."""
    file_id: str = _file(call)["id"]
    blobs.drop(call.tx, file_id)
    records.remove(call.tx, files, file_id)
    return deleted(file_id, "file")


@handles("listFiles")
def list_all(call: Call) -> JsonObject:
    """A page of files, of one purpose if that is asked for."""
    only = {"purpose": call.query["purpose"]} if call.query.get("purpose") else {}
    alive = or_(files.c.expires_at.is_(None), files.c.expires_at > call.tx.now)
    window = Window.of(call.query, default=MAX_PAGE, maximum=MAX_PAGE)
    return records.page(call.tx, files, window, alive, **only)


def drop_expired(tx: Tx) -> None:
    """Delete the files whose time is over."""
    query = select(files.c.id).where(files.c.expires_at <= tx.now, files.c.deleted.is_(False))
    for file_id in tx.connection.scalars(query).all():
        blobs.drop(tx, file_id)
        records.remove(tx, files, file_id)


def _file(call: Call) -> JsonObject:
    data = records.read(call.tx, files, call.path["file_id"])
    if data["expires_at"] is not None and data["expires_at"] <= call.tx.now:
        raise not_found("file", data["id"])
    return data
