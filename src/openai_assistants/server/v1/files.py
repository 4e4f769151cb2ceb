"""The files of assistants and runs: what version 1 has as one list lies in version 2 in a vector store, for file
search, and in the list of the code interpreter.

What version 2 made is changed only where that list says all there is to say about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import Row, exists, func, or_, select

from ..handlers import Call, require_files
from ..runs import ACTIVE
from ..spec import ApiError, JsonObject, child
from ..store import Tx, records
from ..store.records import visible
from ..store.tables import assistants, files, members, runs, threads, vector_stores
from ..vector_stores import stores
from .views import FILE_TOOLS

MOST_FILES: Final = 20
"""Of an assistant, in version 1."""

Place: TypeAlias = tuple[int, int]
_IN_STORE: Final = 0
_LISTED: Final = 1

MADE_HERE: Final = {"made_by": "assistants=v1"}
"""Metadata of a vector store that was made for the `file_ids` of an assistant or a message. It does not expire, since
version 1 could not replace it, and goes when its assistant or thread is deleted through version 1."""

_NEW: Final[JsonObject] = {"tools": [], "tool_resources": {}}
_STORES: Final = ("tool_resources", "file_search", "vector_store_ids", 0)


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


# Changes.


def for_new(call: Call, tools: Sequence[JsonObject], file_ids: Sequence[str]) -> JsonObject:
    """The `tool_resources` of an assistant that is about to be created with these tools and files."""
    return for_tools(call, _NEW, tools, file_ids)


def for_tools(
    call: Call, assistant: JsonObject, tools: Sequence[JsonObject], file_ids: Sequence[str] | None = None
) -> JsonObject:
    """The `tool_resources` with which an assistant that is getting these tools has these files, or those that it has.
    Its vector store is changed, or made, right away.

    Raises:
        ApiError: A file does not exist, or the change cannot be made through version 1.
    """
    tx = call.tx
    [own] = attached(tx, [assistant])
    there, in_store = [each.id for each in own], [each.id for each in own if each.is_in_store]
    listed = [each for each in there if each in listed_ids(assistant)]
    wanted = there if file_ids is None else list(dict.fromkeys(file_ids))
    kinds = {tool["type"] for tool in tools}
    new_kinds = kinds - {tool["type"] for tool in assistant["tools"]}
    changes = set(wanted) != set(there)
    if changes:
        _refuse_too_many(assistant, there)
        _refuse_different(assistant, listed, in_store)
        require_files(tx, [each for each in wanted if each not in there])
        wanted = [each for each in there if each in wanted] + [each for each in wanted if each not in there]
    store = _store(tx, assistant)
    if changes and store is not None and stores.has_expired(tx, store.data):
        store = None
    store_id: str | None = None if store is None else store.id
    if changes or ("file_search" in new_kinds and not in_store):
        _refuse_too_many(assistant, wanted)
        if store_id is not None:
            _refuse_shared(tx, assistant, store_id)
            _set_members(tx, store_id, wanted)
        elif "file_search" in kinds and wanted:
            store_id = stores.create(tx, {"file_ids": wanted, "metadata": MADE_HERE})["id"]
        tx.after_commit(call.service.files_worker.wake)
    if changes:
        listed = wanted if listed or "code_interpreter" in kinds or store_id is None else []
    elif "code_interpreter" in new_kinds and not listed:
        _refuse_too_many(assistant, wanted)
        listed = wanted
    resources: JsonObject = {"code_interpreter": {"file_ids": listed}} if listed else {}
    return resources if store_id is None else resources | {"file_search": {"vector_store_ids": [store_id]}}


def change(call: Call, assistant: JsonObject, file_ids: Sequence[str]) -> JsonObject:
    """An assistant after its files were changed."""
    resources = for_tools(call, assistant, assistant["tools"], file_ids)
    return records.put(call.tx, assistants, assistant | {"tool_resources": resources})


def fit(call: Call, assistant: JsonObject, tools: Sequence[JsonObject]) -> None:
    """Let a run of an assistant with other tools than its own have the assistant's files for them, too."""
    has = {tool["type"] for tool in assistant["tools"]}
    if any(tool["type"] in FILE_TOOLS and tool["type"] not in has for tool in tools):
        assistant = records.read(call.tx, assistants, assistant["id"])
        resources = for_tools(call, assistant, tools)
        if resources != assistant["tool_resources"]:
            records.put(call.tx, assistants, assistant | {"tool_resources": resources})


def for_thread(call: Call, thread: JsonObject, messages: Iterable[JsonObject]) -> JsonObject:
    """The `tool_resources` of a thread, which may be a new one, before these messages of version 2 are added: with a
    vector store if there are files among them."""
    resources: JsonObject = thread.get("tool_resources") or {}
    if not any(each.get("attachments") for each in messages) or _store(call.tx, thread) is not None:
        return resources
    store = stores.create(call.tx, {"metadata": MADE_HERE})
    return resources | {"file_search": {"vector_store_ids": [store["id"]]}}


def drop_store(call: Call, owner: JsonObject) -> None:
    """Delete the vector store that was made for an assistant or thread which is going, unless somebody else uses it."""
    store = _store(call.tx, owner)
    if store is None or store.data["metadata"] != MADE_HERE:
        return
    active = runs.c.private[_STORES].as_string() == store.id, runs.c.status.in_(ACTIVE)
    if not _is_shared(call.tx, store.id, owner["id"]) and not call.tx.connection.scalar(
        select(exists().where(*active, runs.c.deleted.is_(False)))
    ):
        stores.delete(call.tx, store.id)
        call.tx.after_commit(call.service.files_worker.wake)


def _store(tx: Tx, owner: JsonObject) -> Row[Any] | None:
    return next((records.find(tx, vector_stores, each) for each in store_ids(owner)), None)


def _set_members(tx: Tx, store_id: str, wanted: Sequence[str]) -> None:
    stores.touch(tx, [store_id])
    live = members.c.vector_store_id == store_id, members.c.deleted.is_(False)
    there = set(tx.connection.scalars(select(members.c.id).where(*live)))
    if gone := there - set(wanted):
        stores.retire_members(tx, members.c.vector_store_id == store_id, members.c.id.in_(gone))
    new = [each for each in wanted if each not in there]
    stores.add_members(tx, store_id, stores.same_for_all({"file_ids": new}))


def _refuse_different(assistant: JsonObject, listed: Sequence[str], in_store: Sequence[str]) -> None:
    if listed and in_store and set(listed) != set(in_store):
        raise _refusal(
            assistant,
            "its tools have different files, which one list cannot say. Change the files in the vector store "
            f"{store_ids(assistant)[0]} and 'tool_resources.code_interpreter.file_ids' with version 2",
        )


def _refuse_shared(tx: Tx, assistant: JsonObject, store_id: str) -> None:
    if _is_shared(tx, store_id, assistant["id"]):
        raise _refusal(
            assistant,
            f"other assistants or threads use its vector store {store_id}, too. Change the files in that store with "
            "version 2, or give the assistant a store of its own",
        )


def _refuse_too_many(assistant: JsonObject, there: Sequence[str]) -> None:
    if len(there) > MOST_FILES:
        raise _refusal(
            assistant,
            f"it has {len(there)} files, and version 1 knows at most {MOST_FILES}. Change the files in its "
            f"vector store {store_ids(assistant)[0]} with version 2",
        )


def _refusal(assistant: JsonObject, why: str) -> ApiError:
    return ApiError(
        f"The files of assistant {assistant['id']} cannot be changed through version 1 of the API: {why} "
        "(header 'OpenAI-Beta: assistants=v2').",
        param="file_ids",
        code="not_in_version",
    )


def _is_shared(tx: Tx, store_id: str, owner_id: str) -> bool:
    """Whether another assistant or thread names a vector store."""
    for table in (assistants, threads):
        names_it = table.c.data[_STORES].as_string() == store_id, table.c.deleted.is_(False)
        if tx.connection.scalar(select(exists().where(*names_it, table.c.id != owner_id))):
            return True
    return False
