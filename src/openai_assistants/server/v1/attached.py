"""The files of assistants and runs: what version 1 has as one list lies in version 2 in a vector store, for file
search, and in the list of the code interpreter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import func, or_, select

from ..spec import JsonObject, child
from ..store import Tx
from ..store.owners import visible
from ..store.tables import files, members, runs

MOST_FILES: Final = 20
"""Of an assistant, in version 1."""

Place: TypeAlias = tuple[int, int]
_IN_STORE: Final = 0
_LISTED: Final = 1


@dataclass(frozen=True)
class Attached:
    """A file that an assistant has."""

    id: str
    created_at: int
    """When it was attached, as far as that is known: the code interpreter's list has no times, so there it is when the
    file was uploaded."""
    place: Place
    """Sorts them, oldest first."""

    @property
    def is_in_store(self) -> bool:
        """Whether it is in a vector store."""
        return self.place[0] == _IN_STORE


def store_ids(owner: JsonObject) -> list[str]:
    """The vector stores of something that has `tool_resources`."""
    return child(child(owner, "tool_resources"), "file_search").get("vector_store_ids") or []


def listed_ids(owner: JsonObject) -> list[str]:
    """The files for the code interpreter."""
    return child(child(owner, "tool_resources"), "code_interpreter").get("file_ids") or []


def attached(tx: Tx, owners: Sequence[JsonObject], *, most: int | None = None) -> list[list[Attached]]:
    """The files of each of some objects that have `tool_resources`, oldest first; of each vector store at most so many.
    Files that are gone are left out."""
    searched = _members(tx, {each for owner in owners for each in store_ids(owner)}, most)
    listed = _files(tx, {each for owner in owners for each in listed_ids(owner)})
    found: list[list[Attached]] = []
    for owner in owners:
        own = [each for store_id in store_ids(owner) for each in searched[store_id]]
        known = {each.id for each in own}
        own += [listed[each] for each in dict.fromkeys(listed_ids(owner)) if each in listed and each not in known]
        found.append(sorted(own, key=lambda each: each.place))
    return found


def first_ids(tx: Tx, owners: Sequence[JsonObject]) -> list[list[str]]:
    """The `file_ids` of objects that have `tool_resources`: so many as version 1 allows, oldest first."""
    return [[each.id for each in own[:MOST_FILES]] for own in attached(tx, owners, most=MOST_FILES)]


def of_runs(tx: Tx, run_ids: Iterable[str]) -> dict[str, list[str]]:
    """The `file_ids` of runs."""
    query = select(runs.c.id, runs.c.private).where(runs.c.id.in_(list(run_ids)))
    rows = tx.connection.execute(query).all()
    found = first_ids(tx, [row.private for row in rows])
    return {row.id: ids for row, ids in zip(rows, found, strict=True)}


def place_of(tx: Tx, owner: JsonObject, file_id: str) -> Place | None:
    """Where a file stands, or stood before it was detached, or would stand; None: there has never been such a file."""
    in_store = members.c.id == file_id, members.c.vector_store_id.in_(store_ids(owner))
    seq = tx.connection.scalar(select(func.max(members.c.seq)).where(*in_store))
    if seq is not None:
        return _IN_STORE, seq
    seq = tx.connection.scalar(select(files.c.seq).where(files.c.id == file_id, *visible(tx, files)))
    return None if seq is None else (_LISTED, seq)


def _members(tx: Tx, ids: set[str], most: int | None) -> dict[str, list[Attached]]:
    found: defaultdict[str, list[Attached]] = defaultdict(list)
    if not ids:
        return found
    number = func.row_number().over(partition_by=members.c.vector_store_id, order_by=members.c.seq)
    live = members.c.vector_store_id.in_(ids), members.c.deleted.is_(False)
    columns = (members.c.vector_store_id, members.c.id, members.c.created_at, members.c.seq, number.label("number"))
    numbered = select(*columns).where(*live).subquery("numbered")
    query = select(numbered).order_by(numbered.c.seq)
    if most is not None:
        query = query.where(numbered.c.number <= most)
    for row in tx.connection.execute(query):
        found[row.vector_store_id].append(Attached(row.id, row.created_at, (_IN_STORE, row.seq)))
    return found


def _files(tx: Tx, ids: set[str]) -> dict[str, Attached]:
    if not ids:
        return {}
    alive = files.c.deleted.is_(False), or_(files.c.expires_at.is_(None), files.c.expires_at > tx.now)
    query = select(files.c.id, files.c.created_at, files.c.seq).where(files.c.id.in_(ids), *alive)
    return {row.id: Attached(row.id, row.created_at, (_LISTED, row.seq)) for row in tx.connection.execute(query)}
