"""Files."""

from __future__ import annotations

from typing import Final

from sqlalchemy import or_, select

from ..errors import not_found
from ..spec import JsonObject
from ..store import Tx, blobs, records
from ..store.records import Window
from ..store.tables import files, members
from ..validation import ReceivedFile
from ..vector_stores import members as membership
from . import Call, FileAnswer, deleted, handles

MAX_PAGE: Final = 10_000
_BATCH_LIFETIME: Final = 30 * 24 * 3600


@handles("createFile")
def create(call: Call) -> JsonObject:
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
    """Delete a file; vector stores lose it too."""
    file_id: str = _file(call)["id"]
    _drop(call.tx, file_id)
    return deleted(file_id, "file")


@handles("listFiles")
def list_all(call: Call) -> JsonObject:
    """A page of files, of one purpose if that is asked for."""
    only = {"purpose": call.query["purpose"]} if call.query.get("purpose") else {}
    alive = or_(files.c.expires_at.is_(None), files.c.expires_at > call.tx.now)
    window = Window.of(call.query, default=MAX_PAGE, maximum=MAX_PAGE)
    return records.page(call.tx, files, window, alive, **only)


def new_file(
    tx: Tx,
    file_id: str,
    *,
    filename: str,
    purpose: str,
    size: int,
    expires_after: JsonObject | None,
    owner: str | None = None,
) -> JsonObject:
    """Store the object of a file whose content is there already; it belongs to this owner, else to who asks."""
    lifetime = expires_after["seconds"] if expires_after else _BATCH_LIFETIME if purpose == "batch" else None
    data: JsonObject = {
        "id": file_id,
        "object": "file",
        "bytes": size,
        "created_at": tx.now,
        "expires_at": None if lifetime is None else tx.now + lifetime,
        "filename": filename,
        "purpose": purpose,
        "status": "processed",
        "status_details": None,
    }
    columns = {"purpose": purpose, "expires_at": data["expires_at"], "size": size, "owner": owner or tx.owner}
    return records.add(tx, files, data, **columns)


def drop_expired(tx: Tx) -> None:
    """Delete the files whose time is over."""
    query = select(files.c.id).where(files.c.expires_at <= tx.now, files.c.deleted.is_(False))
    for file_id in tx.connection.scalars(query).all():
        _drop(tx, file_id)


def _drop(tx: Tx, file_id: str) -> None:
    membership.retire(tx, members.c.id == file_id)
    blobs.drop(tx, file_id)
    records.remove(tx, files, file_id)


def _file(call: Call) -> JsonObject:
    data = records.read(call.tx, files, call.path["file_id"])
    if data["expires_at"] is not None and data["expires_at"] <= call.tx.now:
        raise not_found("file", data["id"])
    return data
