"""Objects in their tables: insert, find, change, delete, list; whose they are; and the contents of files.

Contents lie in rows of 1 MiB, so that nobody holds a file in memory. A file that was uploaded in parts has the rows of
its parts.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, Table, Text, and_, cast, delete, exists, func, insert, select, update

from ..spec import ApiError, JsonObject, not_found
from . import Database, Tx
from .tables import (
    answers,
    assistants,
    batches,
    blobs,
    files,
    runs,
    threads,
    upload_parts,
    uploads,
    vector_stores,
)

NOUNS = {
    "assistants": "assistant",
    "threads": "thread",
    "messages": "message",
    "runs": "run",
    "steps": "run step",
    "files": "file",
    "uploads": "upload",
    "upload_parts": "upload part",
    "vector_stores": "vector store",
    "members": "file",
    "file_batches": "file batch",
    "batches": "batch",
}
_PARENTS = ("thread_id", "vector_store_id")
_LISTED_ALONE = frozenset({"assistants", "files", "vector_stores", "batches"})

_INDEXED: Final = (assistants, threads, files, uploads, vector_stores, batches)

_BATCH_LIFETIME: Final = 30 * 24 * 3600

CHUNK = 1 << 20

_MOST_ON_PAGE: Final = 32 << 20
"""Characters of JSON. A hundred messages of the longest text there may be have less."""
PIECEMEAL: Final = {"stream_results": True, "max_row_buffer": 20}
"""Options of a query whose rows may be large: they do not all lie in memory at once."""


@dataclass(frozen=True)
class Window:
    """Which part of a list is wanted."""

    limit: int = 20
    order: str = "desc"
    after: str | None = None
    before: str | None = None

    @classmethod
    def of(cls, query: JsonObject, *, default: int = 20, maximum: int = 100) -> Window:
        """The window that a query string asks for; an empty cursor is none."""
        limit = query.get("limit", default)
        if limit < 1:
            raise ApiError(
                f"Invalid 'limit': integer below minimum value. Expected a value >= 1, but got {limit} instead.",
                param="limit",
                code="integer_below_min_value",
            )
        if limit > maximum:
            raise ApiError(
                f"Invalid 'limit': integer above maximum value. Expected a value <= {maximum}, "
                f"but got {limit} instead.",
                param="limit",
                code="integer_above_max_value",
            )
        return cls(limit, query.get("order", "desc"), query.get("after") or None, query.get("before") or None)


def add(tx: Tx, table: Table, data: JsonObject, **columns: object) -> JsonObject:
    """Store a new object; its id and time are in the document.

    In each list the numbers by which it is sorted are committed in their order, or a reader of pages could miss a row
    that comes late with a low one. Where the list belongs to an object, whoever adds to it has locked that object.
    """
    if "owner" in table.c:
        owner = columns.setdefault("owner", tx.owner)
        assert owner is not None, "what the server makes by itself belongs to somebody, too"
        if table.name in _LISTED_ALONE:
            tx.take_turn(f"add to {table.name} of {owner}")
    tx.connection.execute(insert(table).values(_row(data, columns)))
    return data


def add_all(tx: Tx, table: Table, objects: Sequence[JsonObject], **columns: object) -> None:
    """Store new objects of a list that belongs to an object; there may be very many, and nobody else writes
    meanwhile."""
    if objects:
        tx.connection.execute(insert(table), [_row(each, columns) for each in objects])


def _row(data: JsonObject, columns: Mapping[str, object]) -> dict[str, object]:
    return {"id": data["id"], "created_at": data["created_at"], "data": data, "deleted": False, **columns}


def find(tx: Tx, table: Table, object_id: str, *, only_look: bool = False, **where: str) -> Row[Any] | None:
    """The row of an object. In a transaction that writes nobody else can change it until the end; many may hold it so
    if all of them `only_look`."""
    query = select(table).where(
        table.c.id == object_id, table.c.deleted.is_(False), *visible(tx, table), *_equal(table, where)
    )
    return tx.connection.execute(tx.locked(query, only_look=only_look)).first()


def get(tx: Tx, table: Table, object_id: str, *, only_look: bool = False, **where: str) -> Row[Any]:
    """The row of an object as `find` gives it, or the API's 404."""
    row = find(tx, table, object_id, only_look=only_look, **where)
    if row is None:
        raise not_found(NOUNS[table.name], object_id)
    return row


def read(tx: Tx, table: Table, object_id: str, *, only_look: bool = False, **where: str) -> JsonObject:
    """An object as it is answered, or the API's 404."""
    data: JsonObject = get(tx, table, object_id, only_look=only_look, **where).data
    return data


def put(tx: Tx, table: Table, data: JsonObject, **columns: object) -> JsonObject:
    """Store an object that has changed; one that was deleted meanwhile stays empty."""
    unchanged = table.c.id == data["id"], table.c.deleted.is_(False)
    tx.connection.execute(update(table).where(*unchanged).values(data=data, **columns))
    return data


def remove(tx: Tx, table: Table, object_id: str) -> None:
    """Delete an object; its place in lists stays known."""
    tx.connection.execute(update(table).where(table.c.id == object_id).values(deleted=True, data={}))


def page(tx: Tx, table: Table, window: Window, *filters: ColumnElement[bool], **where: object) -> JsonObject:
    """One page of a list. `before` gives the items just before that one, in list order, and `has_more` tells whether
    there are still more in the direction that was walked. Very large items do not all come at once, whatever the limit
    is: a page lies in memory several times before it is sent."""
    conditions = [*visible(tx, table), table.c.deleted.is_(False), *filters, *_equal(table, where)]
    ascending = window.order == "asc"
    backward = window.before is not None and window.after is None
    if window.after is not None:
        start = _position(tx, table, window.after, "after", where)
        conditions.append(table.c.seq > start if ascending else table.c.seq < start)
    if window.before is not None:
        end = _position(tx, table, window.before, "before", where)
        conditions.append(table.c.seq < end if ascending else table.c.seq > end)
    nearest_first = table.c.seq.asc() if ascending != backward else table.c.seq.desc()
    query = select(table.c.data, length_of(table)).where(and_(*conditions)).order_by(nearest_first)
    items, has_more = _affordable(tx, query.limit(window.limit + 1), window.limit)
    if backward:
        items.reverse()
    return {
        "object": "list",
        "data": items,
        "first_id": items[0]["id"] if items else None,
        "last_id": items[-1]["id"] if items else None,
        "has_more": has_more,
    }


def length_of(table: Table) -> ColumnElement[int]:
    """How many characters of JSON an object has, found out by the database."""
    return func.length(cast(table.c.data, Text))


def _affordable(tx: Tx, query: Select[JsonObject, int], limit: int) -> tuple[list[JsonObject], bool]:
    """The first objects of a query that are not too many or too large for one page, at least one; and whether there are
    more."""
    items: list[JsonObject] = []
    size = 0
    with tx.connection.execute(query, execution_options=PIECEMEAL) as rows:
        for data, length in rows:
            size += length
            if len(items) == limit or (items and size > _MOST_ON_PAGE):
                return items, True
            items.append(data)
    return items, False


def _position(tx: Tx, table: Table, cursor: str, name: str, where: dict[str, object]) -> int:
    # Not limited to what the list shows: the cursor may have been deleted since, or not pass a filter.
    scope = {key: where[key] for key in _PARENTS if key in where} or {
        key: where[key] for key in ("run_id",) if key in where
    }
    query = select(func.max(table.c.seq)).where(table.c.id == cursor, *visible(tx, table), *_equal(table, scope))
    seq: int | None = tx.connection.scalar(query)
    if seq is None:
        error = not_found(NOUNS[table.name], cursor)
        raise ApiError(error.message, status=400, param=name)
    return seq


def _equal(table: Table, where: Mapping[str, object]) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in where.items()]


# Owners.


def visible(tx: Tx, table: Table) -> tuple[ColumnElement[bool], ...]:
    """What holds for the objects that this transaction may see: those of its owner, or all of them if it is the
    server's own."""
    return () if tx.owner is None or "owner" not in table.c else (table.c.owner == tx.owner,)


def has_objects(tx: Tx, owner: str) -> bool:
    """Whether an owner has objects."""
    queries = (exists().where(table.c.owner == owner, table.c.deleted.is_(False)) for table in _INDEXED)
    return any(tx.connection.scalar(select(query)) for query in queries)


def rename_owners(tx: Tx, names: Mapping[str, str]) -> None:
    """Give what belongs to some owners to others."""
    for old, new in names.items():
        its_threads = select(threads.c.id).where(threads.c.owner == old)
        tx.connection.execute(update(runs).where(runs.c.thread_id.in_(its_threads)).values(owner=new))
        for table in _INDEXED:
            tx.connection.execute(update(table).where(table.c.owner == old).values(owner=new))
        same_key = select(answers.c.key).where(answers.c.scope == new)
        tx.connection.execute(delete(answers).where(answers.c.scope == old, answers.c.key.in_(same_key)))
        tx.connection.execute(update(answers).where(answers.c.scope == old).values(scope=new))


# Files and their contents.


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
    return add(tx, files, data, **columns)


class BlobWriter:
    """Takes bytes as they come and stores them under an id, chunk by chunk."""

    def __init__(self, database: Database, file_id: str) -> None:
        self.file_id = file_id
        self.size = 0
        self._database = database
        self._pending = bytearray()
        self._number = 0

    async def write(self, data: bytes) -> None:
        """Add bytes."""
        self.size += len(data)
        self._pending += data
        while len(self._pending) >= CHUNK:
            await self._store(bytes(self._pending[:CHUNK]))
            del self._pending[:CHUNK]

    async def finish(self) -> None:
        """Store what is left."""
        if self._pending:
            await self._store(bytes(self._pending))
            self._pending.clear()

    async def discard(self) -> None:
        """Take everything back."""
        await self._database.write(lambda tx: drop_content(tx, self.file_id))

    async def _store(self, content: bytes) -> None:
        number, self._number = self._number, self._number + 1

        def work(tx: Tx) -> None:
            tx.connection.execute(
                insert(blobs).values(file_id=self.file_id, number=number, created_at=tx.now, content=content)
            )

        await self._database.write(work)


async def read_content(database: Database, file_id: str) -> AsyncGenerator[bytes]:
    """The content of a file, chunk by chunk."""
    for owner in await database.read(partial(_owners, file_id=file_id)):
        number = 0
        while (content := await database.read(partial(_chunk, owner=owner, number=number))) is not None:
            yield content
            number += 1


def _owners(tx: Tx, file_id: str) -> list[str]:
    """Under which ids the content lies, in order."""
    query = select(upload_parts.c.id).where(upload_parts.c.file_id == file_id).order_by(upload_parts.c.number)
    return list(tx.connection.scalars(query)) or [file_id]


def _chunk(tx: Tx, owner: str, number: int) -> bytes | None:
    return tx.connection.scalar(select(blobs.c.content).where(blobs.c.file_id == owner, blobs.c.number == number))


def drop_content(tx: Tx, file_id: str) -> None:
    """Delete the content of a file."""
    for owner in _owners(tx, file_id):
        tx.connection.execute(delete(blobs).where(blobs.c.file_id == owner))
    tx.connection.execute(delete(upload_parts).where(upload_parts.c.file_id == file_id))


def drop_orphaned_content(tx: Tx, older_than: int) -> None:
    """Delete contents that no file and no part stands for and that have stopped growing: an upload that never ended."""
    orphans = (
        select(blobs.c.file_id)
        .where(blobs.c.file_id.not_in(select(files.c.id)), blobs.c.file_id.not_in(select(upload_parts.c.id)))
        .group_by(blobs.c.file_id)
        .having(func.max(blobs.c.created_at) < older_than)
    )
    tx.connection.execute(delete(blobs).where(blobs.c.file_id.in_(orphans)))
