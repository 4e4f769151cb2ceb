"""Objects in their tables: insert, find, change, delete, list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, func, insert, select, update

from ..errors import ApiError, not_found
from ..spec import JsonObject
from . import Tx
from .owners import visible

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
    tx.connection.execute(
        insert(table).values(id=data["id"], created_at=data["created_at"], data=data, deleted=False, **columns)
    )
    return data


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
    there are still more in the direction that was walked."""
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
    query = select(table.c.data).where(and_(*conditions)).order_by(nearest_first).limit(window.limit + 1)
    found: list[JsonObject] = list(tx.connection.scalars(query))
    items = found[: window.limit]
    if backward:
        items.reverse()
    return {
        "object": "list",
        "data": items,
        "first_id": items[0]["id"] if items else None,
        "last_id": items[-1]["id"] if items else None,
        "has_more": len(found) > window.limit,
    }


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
