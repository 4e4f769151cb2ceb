"""Requests of version 1 as version 2 has them, objects and events of version 2 as version 1 shows them, and what the
citations of a run quote there.

What version 1 has no word for takes the nearest form: an image by URL and a refusal are text. The rest is left out. The
numbers of events stay, so a broken stream is resumed in either version. What citations quote version 2 does not keep
with them: it is the passages that the searches of the run found.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from sqlalchemy import Row, exists, func, or_, select

from ..handlers import Call, require_files
from ..models import FileSearchCall
from ..runs import ACTIVE, seen_calls
from ..runs.events import DONE, Entry
from ..spec import ApiError, JsonObject, child
from ..store import Database, Tx, dumps, records
from ..store.records import visible
from ..store.tables import assistants, files, members, messages, runs, steps, threads, vector_stores
from ..vector_stores import stores

Quote: TypeAlias = Callable[[JsonObject], str]
"""The words that a citation cites."""

MOST_FILES_OF_MESSAGE: Final = 10

_ASSISTANT: Final = ("id", "object", "created_at", "name", "description", "model", "instructions", "metadata")
_THREAD: Final = ("id", "object", "created_at", "metadata")
_MESSAGE: Final = (
    "id", "object", "created_at", "thread_id", "status", "incomplete_details", "completed_at", "incomplete_at", "role",
    "assistant_id", "run_id", "metadata",
)  # fmt: skip
_RUN: Final = (
    "id", "object", "created_at", "thread_id", "assistant_id", "status", "required_action", "expires_at", "started_at",
    "cancelled_at", "failed_at", "completed_at", "model", "instructions", "metadata", "usage",
)  # fmt: skip
_FUNCTION: Final = ("name", "description", "parameters")
_ERROR_CODES: Final = frozenset({"server_error", "rate_limit_exceeded"})

FILE_TOOLS: Final = ("file_search", "code_interpreter")
"""The tools that read files, as version 2 calls them."""


# Objects and events; pure functions.


def assistant(data: JsonObject, file_ids: Sequence[str]) -> JsonObject:
    """An assistant with its files."""
    return _only(data, _ASSISTANT) | {"tools": _tools(data["tools"]), "file_ids": list(file_ids)}


def assistant_file(assistant_id: str, file_id: str, created_at: int) -> JsonObject:
    """A file of an assistant."""
    return {"id": file_id, "object": "assistant.file", "created_at": created_at, "assistant_id": assistant_id}


def thread(data: JsonObject) -> JsonObject:
    """A thread."""
    return _only(data, _THREAD)


def message(data: JsonObject, quote: Quote) -> JsonObject:
    """A message."""
    content = [_block(block, quote) for block in data["content"]]
    return _only(data, _MESSAGE) | {"content": content, "file_ids": files_of(data)[:MOST_FILES_OF_MESSAGE]}


def files_of(data: JsonObject) -> list[str]:
    """The files of a message: those that came with it, and those that its text links to."""
    attached = [each["file_id"] for each in data["attachments"] or () if each.get("file_id")]
    linked = [each["file_path"]["file_id"] for each in _annotations(data["content"]) if each["type"] == "file_path"]
    return list(dict.fromkeys([*attached, *linked]))


def message_file(data: JsonObject, file_id: str) -> JsonObject:
    """A file of a message, which has it from its beginning."""
    created_at, message_id = data["created_at"], data["id"]
    return {"id": file_id, "object": "thread.message.file", "created_at": created_at, "message_id": message_id}


def content_of(data: JsonObject) -> list[JsonObject]:
    """The content of a message, or of a piece of one; that of another object is empty."""
    content: list[JsonObject] | None = data.get("content") or child(data, "delta").get("content")
    return content or []


def citations(content: Iterable[JsonObject]) -> list[JsonObject]:
    """The citations in the content of a message, or in a piece of it."""
    return [each for each in _annotations(content) if each["type"] == "file_citation"]


def run(data: JsonObject, file_ids: Sequence[str]) -> JsonObject:
    """A run with the files of its assistant."""
    last_error: JsonObject | None = data["last_error"]
    if last_error is not None and last_error["code"] not in _ERROR_CODES:
        last_error = last_error | {"code": "server_error"}
    return _only(data, _RUN) | {"last_error": last_error, "tools": _tools(data["tools"]), "file_ids": list(file_ids)}


def step(data: JsonObject) -> JsonObject:
    """A run step."""
    return data | {"step_details": _details(data["step_details"])}


def event(name: str, data: JsonObject, *, quote: Quote, file_ids: Sequence[str]) -> JsonObject:
    """The data of an event; `file_ids` are the files of its run."""
    match name.split("."):
        case ["thread", "message", "delta"]:
            content = [_block(block, quote) for block in data["delta"]["content"]]
            return data | {"delta": data["delta"] | {"content": content}}
        case ["thread", "message", _]:
            return message(data, quote)
        case ["thread", "run", "step", "delta"]:
            return data | {"delta": {"step_details": _details(data["delta"]["step_details"])}}
        case ["thread", "run", "step", _]:
            return step(data)
        case ["thread", "run", _]:
            return run(data, file_ids)
        case _:
            return thread(data)


def _tools(tools: Iterable[JsonObject]) -> list[JsonObject]:
    return [_tool(each) for each in tools]


def _tool(tool: JsonObject) -> JsonObject:
    match tool["type"]:
        case "file_search":
            return {"type": "retrieval"}
        case "function":
            return {"type": "function", "function": _only(tool["function"], _FUNCTION)}
        case _:
            return tool


def _annotations(content: Iterable[JsonObject]) -> list[JsonObject]:
    return [each for block in content for each in child(block, "text").get("annotations", ())]


def _block(block: JsonObject, quote: Quote) -> JsonObject:
    """A block of a message's content, or a piece of one, which has its index."""
    index = _only(block, ("index",))
    match block["type"]:
        case "text":
            text: JsonObject = block["text"]
            if "annotations" in text:
                text = text | {"annotations": [_annotation(each, quote) for each in text["annotations"]]}
            return block | {"text": text}
        case "image_file":
            return index | {"type": "image_file", "image_file": _only(block["image_file"], ("file_id",))}
        case "image_url":
            return index | _text(block["image_url"]["url"])
        case _:
            return index | _text(block["refusal"])


def _text(value: str) -> JsonObject:
    return {"type": "text", "text": {"value": value, "annotations": []}}


def _annotation(annotation: JsonObject, quote: Quote) -> JsonObject:
    if annotation["type"] != "file_citation":
        return annotation
    file_id: str = annotation["file_citation"]["file_id"]
    return annotation | {"file_citation": {"file_id": file_id, "quote": quote(annotation)}}


def _details(details: JsonObject) -> JsonObject:
    if details["type"] != "tool_calls":
        return details
    return details | {"tool_calls": [_call(call) for call in details["tool_calls"]]}


def _call(call: JsonObject) -> JsonObject:
    """A call, or a piece of one. What was found is not shown."""
    if call["type"] != "file_search":
        return call
    return _only(call, ("index", "id")) | {"type": "retrieval", "retrieval": {}}


def _only(data: JsonObject, names: Iterable[str]) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}


# Requests; pure functions.


def tools_body(wanted: Sequence[JsonObject], before: Sequence[JsonObject] = ()) -> list[JsonObject]:
    """Tools, with what version 1 cannot say about them kept as it was before: the options of file search, and whether
    the arguments of a function are strict, as long as these stay the same."""
    return [_tool_body(each, before) for each in wanted]


def _tool_body(wanted: JsonObject, before: Sequence[JsonObject]) -> JsonObject:
    match wanted["type"]:
        case "retrieval":
            return next((each for each in before if each["type"] == "file_search"), {"type": "file_search"})
        case "function":
            known = next((each["function"] for each in before if _is_same_function(each, wanted)), dict[str, Any]())
            kept = {name: value for name, value in known.items() if name == "strict"}
            return wanted | {"function": wanted["function"] | kept}
        case _:
            return wanted


def _is_same_function(one: JsonObject, other: JsonObject) -> bool:
    return one["type"] == "function" and all(
        one["function"].get(name) == other["function"].get(name) for name in ("name", "parameters")
    )


def message_body(body: JsonObject) -> JsonObject:
    """A message to add: its files are for all tools that read files."""
    changed = {name: value for name, value in body.items() if name != "file_ids"}
    if "file_ids" in body:
        readers = [{"type": kind} for kind in FILE_TOOLS]
        changed["attachments"] = [{"file_id": each, "tools": readers} for each in dict.fromkeys(body["file_ids"])]
    return changed


def thread_body(body: JsonObject) -> JsonObject:
    """A thread to create, with its first messages."""
    return body | {"messages": [message_body(each) for each in body["messages"]]} if "messages" in body else body


def run_body(body: JsonObject, assistant_tools: Sequence[JsonObject]) -> JsonObject:
    """A run to create; the assistant's tools keep their options."""
    if body.get("tools") is None:
        return dict(body)
    return body | {"tools": tools_body(body["tools"], assistant_tools)}


# Quotes.


@dataclass(frozen=True)
class Quotes:
    """The passages that a run has found."""

    by_marker: dict[str, str] = field(default_factory=dict[str, str])
    by_file: dict[str, str] = field(default_factory=dict[str, str])
    """The best one of each file."""

    def of(self, citation: JsonObject) -> str:
        """The passage that a citation names; if its marker is not one of ours, the best one of its file, if any."""
        given = citation["file_citation"].get("quote")
        file_id: str = citation["file_citation"]["file_id"]
        return given or self.by_marker.get(citation.get("text", "")) or self.by_file.get(file_id) or ""


def quotes_of_run(tx: Tx, run_id: str) -> Quotes:
    """The passages that the searches of a run have found by now, with the markers that its model was given."""
    found = Quotes()
    best: dict[str, float] = {}
    number = _first_number(tx, run_id)
    query = select(steps.c.data).where(steps.c.run_id == run_id, steps.c.deleted.is_(False))
    for step in tx.connection.scalars(query.order_by(steps.c.turn, steps.c.seq)):
        for call in seen_calls(step["step_details"].get("tool_calls", ()), number):
            if not isinstance(call, FileSearchCall):
                continue
            number += 1
            for passage in call.results:
                found.by_marker[passage.marker] = passage.text
                if passage.score > best.get(passage.file_id, -1):
                    best[passage.file_id] = passage.score
                    found.by_file[passage.file_id] = passage.text
    return found


def _first_number(tx: Tx, run_id: str) -> int:
    """The number of the run's first search: how many messages of others the thread had then, deleted ones too. Nobody
    adds messages while a run is active, so these are the ones before its own."""
    own = select(func.max(messages.c.seq).label("seq"), func.max(messages.c.thread_id).label("thread_id"))
    last = own.where(messages.c.run_id == run_id).subquery("own")
    others = or_(messages.c.run_id.is_(None), messages.c.run_id != run_id)
    query = select(func.count()).where(messages.c.thread_id == last.c.thread_id, messages.c.seq < last.c.seq, others)
    return tx.connection.scalar(query) or 0


def quotes_of_messages(tx: Tx, found: Iterable[JsonObject]) -> dict[str, Quotes]:
    """The same for the runs of these messages, as far as they cite."""
    citing = {each["run_id"] for each in found if each["run_id"] and citations(each["content"])}
    return {run_id: quotes_of_run(tx, run_id) for run_id in sorted(citing)}


class Events:
    """Shows the events of one run. What their data does not tell is looked up once: the files of the run, and what its
    searches have found when it cites something new."""

    def __init__(self, database: Database, run_id: str) -> None:
        self._database = database
        self._run_id = run_id
        self._file_ids: list[str] | None = None
        self._quotes = Quotes()

    async def shown(self, entries: list[Entry]) -> list[Entry]:
        """The same events, each with its number."""
        read: list[JsonObject] = [{} if entry.name == DONE else json.loads(entry.data) for entry in entries]
        if self._file_ids is None or self._lacks_quotes(read):
            await self._database.read(self._look)
        return [
            entry if entry.name == DONE else entry._replace(data=dumps(self._view(entry.name, data)))
            for entry, data in zip(entries, read, strict=True)
        ]

    def _view(self, name: str, data: JsonObject) -> JsonObject:
        return event(name, data, quote=self._quotes.of, file_ids=self._file_ids or ())

    def _lacks_quotes(self, read: Iterable[JsonObject]) -> bool:
        cited = (each for data in read for each in citations(content_of(data)))
        return any(not self._quotes.of(citation) for citation in cited)

    def _look(self, tx: Tx) -> None:
        self._file_ids = of_runs(tx, [self._run_id]).get(self._run_id, [])
        self._quotes = quotes_of_run(tx, self._run_id)


# The files of assistants and runs: what version 1 has as one list lies in version 2 in a vector store, for file
# search, and in the list of the code interpreter.
#
# What version 2 made is changed only where that list says all there is to say about it.

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
