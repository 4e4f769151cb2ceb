"""A migration from beginning to end: the functions that programs call, and the flow that they carry out."""

from __future__ import annotations

import inspect
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterable, Sequence

from .._basics import is_list, is_mapping
from .._errors import APIConnectionError, APITimeoutError, AuthenticationError, MigrationError, OpenAIError
from .._files import in_thread
from .._flow import Flow, Perform
from ._convert import FILE_TOOLS, ConvertedMessage, FileTool, convert_assistant, convert_thread
from ._objects import V1_ID, Json, NewVectorStore, Note, V1Export, image_ids_of
from ._records import Journal, JournalFailed, JournalPath, MigratedFile, MigratedObject, MigrationReport, OnProgress
from ._target import Copies, Maker, Placing, Source, store_key

if TYPE_CHECKING:
    import httpx

    from .._client import AsyncOpenAI, BaseAsyncOpenAI, BaseOpenAI, OpenAI

DEFAULT_WAIT = 600.0
"""Seconds."""

IN_A_ROW = 3
"""Objects that fail one after the other because a server cannot be reached, before the rest is not tried."""

NO_RUNS = "Runs and their steps have no counterpart: they cannot be made, and stay where they are."


def v1_to_v2(
    *,
    target: OpenAI,
    source: BaseOpenAI | None = None,
    export: V1Export | None = None,
    assistants: Iterable[str] | None = None,
    threads: Iterable[str] | None = None,
    apply: bool = False,
    journal: JournalPath | None = None,
    files: str | os.PathLike[str] | None = None,
    allow_missing_files: bool = False,
    max_wait_seconds: float = DEFAULT_WAIT,
    on_progress: OnProgress | None = None,
) -> MigrationReport:
    """Migrate assistants and threads from version 1 of the API to version 2; or, without `apply`, only say what would
    be done: then nothing is written anywhere.

    New objects are made; those of version 1 stay as they are. `convert_assistant` and `convert_thread` say what they
    become. Objects that fail do not keep others from being migrated. What has been made is in the journal: the next
    call with it makes only what is missing, even if this process is killed.

    Args:
        target: A client of the server that gets the objects; it speaks version 2.
        source: A client of the server that has the objects, which speaks version 1; None if they are in an export.
            It may be `target` itself: then files keep their ids. Otherwise those that are used are copied.
        export: Stored objects of version 1; what it has is not asked of `source`.
        assistants: Ids of assistants; all unless given, none if empty.
        threads: Ids of threads; all of the export unless given. Servers have no list of them.
        apply: Whether to make anything.
        journal: The file that remembers what has been made. It is written only with `apply`, and needed then.
        files: A folder with contents of files, each called by its id, with any ending or none, or alone in a folder
            that is called so. They are not downloaded then; some servers do not give the contents of files away.
        allow_missing_files: Make objects without the files that are nowhere. Otherwise these objects fail.
        max_wait_seconds: How long to wait for each vector store to process its files.
        on_progress: Told of each object and each file when it is through.

    Raises:
        ValueError: There is neither a source nor an export; or `apply` without a journal.
        MigrationError: The journal is none, or one of another migration, or another process is using it.
        APIError: The assistants cannot be listed.
        OSError: The journal cannot be read or written.
    """
    order = _order(
        source, target, export, assistants, threads, apply, journal, files, allow_missing_files, max_wait_seconds,
        on_progress,
    )  # fmt: skip
    return target.connection.drive(migration(order))


async def v1_to_v2_async(
    *,
    target: AsyncOpenAI,
    source: BaseAsyncOpenAI | None = None,
    export: V1Export | None = None,
    assistants: Iterable[str] | None = None,
    threads: Iterable[str] | None = None,
    apply: bool = False,
    journal: JournalPath | None = None,
    files: str | os.PathLike[str] | None = None,
    allow_missing_files: bool = False,
    max_wait_seconds: float = DEFAULT_WAIT,
    on_progress: OnProgress | None = None,
) -> MigrationReport:
    """`v1_to_v2` for async clients; `on_progress` may be an async function.

    Args and errors: as `v1_to_v2`.
    """
    order = _order(
        source, target, export, assistants, threads, apply, journal, files, allow_missing_files, max_wait_seconds,
        on_progress,
    )  # fmt: skip
    return await target.connection.drive(migration(order))


def _order(
    source: Any,
    target: Any,
    export: V1Export | None,
    assistants: Iterable[str] | None,
    threads: Iterable[str] | None,
    apply: bool,
    journal: JournalPath | None,
    files: str | os.PathLike[str] | None,
    allow_missing_files: bool,
    max_wait_seconds: float,
    on_progress: OnProgress | None,
) -> Order:
    if source is None and export is None:
        raise ValueError("there is nothing to migrate: pass source= (a client), export=, or both")
    if apply and journal is None:
        raise ValueError("apply=True needs journal=, the name of a file: without it a second call makes all again")
    for name, ids in (("assistants", assistants), ("threads", threads)):
        if isinstance(ids, str):
            raise TypeError(f"{name} must be a list of ids, not a single text")
    to = _server_name(target.base_url)
    start = None if source is None else _server_name(source.base_url)
    return Order(
        source=source,
        target=target,
        # Files of an export without a server may be at the target already.
        same=source is None or source is target or start == to,
        export=export,
        assistants=None if assistants is None else list(assistants),
        threads=None if threads is None else list(threads),
        apply=apply,
        journal=journal,
        files=None if files is None else Path(files),
        allow_missing_files=allow_missing_files,
        max_wait_seconds=max_wait_seconds,
        on_progress=on_progress,
        names=(start, to),
    )


def _server_name(url: httpx.URL) -> str:
    """What a server is called in journals and reports: its base URL, without credentials."""
    return str(url.copy_with(username=None, password=None, query=None)).rstrip("/")


@dataclass(frozen=True)
class Order:
    """The arguments of `v1_to_v2`."""

    source: Any
    """The client of a server that speaks version 1; None: there is only an export."""
    target: Any
    """The client of a server that speaks version 2."""
    same: bool
    """Whether files of the source may be at the target under their ids."""
    export: V1Export | None
    assistants: Sequence[str] | None
    threads: Sequence[str] | None
    apply: bool
    journal: JournalPath | None
    files: Path | None
    allow_missing_files: bool
    max_wait_seconds: float
    on_progress: OnProgress | None
    names: tuple[str | None, str]
    """What the journal calls the two servers."""


class Stopped(Exception):
    """There is no use in going on."""


def migration(order: Order) -> Flow[MigrationReport]:
    """Carry out a migration, or plan it."""
    journal = Journal(*order.names)
    path = order.journal
    try:
        if path is not None:
            yield from in_thread(lambda: journal.open(path) if order.apply else journal.read(path))
        return (yield from _Migration(order, journal).run())
    finally:
        journal.close()


@dataclass(frozen=True)
class _Brought:
    """Files that are at the target, or would be."""

    ids: dict[str, str | None]
    names: dict[str, str]


class _Migration:
    def __init__(self, order: Order, journal: Journal) -> None:
        self._order = order
        self._journal = journal
        self._origin = Source(order.source, order.export)
        self._maker = Maker(journal)
        self._placing = Placing(order.target, self._maker, order.max_wait_seconds)
        self._report = MigrationReport(order.apply)
        self._copies = Copies(
            self._origin,
            order.source,
            order.target,
            self._maker,
            same=order.same,
            apply=order.apply,
            folder=order.files,
            on_file=self._tell_file,
        )
        self._tools: dict[str, frozenset[str] | None] = {}
        """Tools of assistants, as version 2 calls them, by id; None: the assistant is not there any more."""
        self._unreachable = 0
        """Objects that failed one after the other because a server could not be reached."""

    def run(self) -> Flow[MigrationReport]:
        """All of it."""
        report, threads = self._report, self._order.threads
        thread_ids = self._origin.thread_ids() if threads is None else list(dict.fromkeys(threads))
        assistants = yield from self._assistants()
        try:
            for assistant_id, data in assistants:
                entry = MigratedObject("assistant", assistant_id)
                yield from self._try(entry, self._assistant(entry, data))
            for thread_id in thread_ids:
                entry = MigratedObject("thread", thread_id)
                yield from self._try(entry, self._thread(entry))
        except Stopped as stopped:
            report.stopped = str(stopped)
        if left := len(assistants) + len(thread_ids) - len(report.objects):
            report.remarks.append(f"{left} more objects were not tried.")
        if thread_ids:
            report.remarks.append(NO_RUNS)
        for kind, number in sorted(self._origin.others().items()):
            report.remarks.append(f"Of the kind {kind!r} the export has {number}; these are not migrated.")
        return report

    def _try(self, entry: MigratedObject, work: Flow[None]) -> Flow[None]:
        """Do something for one object. If it fails, others are tried all the same, where that makes sense."""
        self._report.objects.append(entry)
        reason: str | None = None
        try:
            yield from work
            self._unreachable = 0
        except JournalFailed as error:
            entry.status, entry.error = "failed", str(error)
            reason = str(error)
        except (OpenAIError, OSError, ValueError) as error:
            entry.status, entry.error = "failed", str(error)
            cause = error.__cause__ if isinstance(error, MigrationError) else error
            is_lost = isinstance(cause, APIConnectionError) and not isinstance(cause, APITimeoutError)
            self._unreachable = self._unreachable + 1 if is_lost else 0
            if isinstance(cause, AuthenticationError):
                reason = str(error)
            elif self._unreachable == IN_A_ROW:
                reason = f"a server cannot be reached: {error}"
        yield from _tell(self._order.on_progress, entry)
        if reason is not None:
            raise Stopped(reason)

    def _tell_file(self, entry: MigratedFile) -> Flow[None]:
        self._report.files.append(entry)
        yield from _tell(self._order.on_progress, entry)

    # ---- assistants ----

    def _assistants(self) -> Flow[list[tuple[str, Json | None]]]:
        """The assistants to migrate. Listed before the first is made, since those that are made may be listed, too."""
        named = self._order.assistants
        if named is not None:
            return [(assistant_id, None) for assistant_id in dict.fromkeys(named)]
        return [(str(data.get("id")), data) for data in (yield from self._origin.assistants())]

    def _assistant(self, entry: MigratedObject, data: Json | None) -> Flow[None]:
        is_listed = data is not None
        if data is None:
            data = yield from self._origin.assistant(entry.source_id)
        if data is None:
            raise MigrationError(f"there is no assistant {entry.source_id}")
        self._tools[entry.source_id] = _tools_of(data)
        name: object = data.get("name")
        entry.name = name if isinstance(name, str) else None
        if self._was_made(entry):
            return
        if is_listed and self._order.same and self._is_product(data):
            entry.status, entry.error = "skipped", "a migration made it; name it to migrate it all the same"
            return
        first = convert_assistant(data)
        entry.notes = [*first.notes]
        files = yield from self._bring(entry, _used(first.params, first.vector_store), frozenset())
        converted = convert_assistant(data, file_ids=files.ids, file_names=files.names)
        entry.notes = [*converted.notes]
        entry.needs_vector_store = converted.vector_store is not None
        if self._order.apply:
            yield from self._placing.assistant(entry, converted)

    def _is_product(self, data: Json) -> bool:
        """Whether a migration has made an assistant."""
        metadata: object = data.get("metadata")
        return (is_mapping(metadata) and V1_ID in metadata) or data.get("id") in self._journal.made.values()

    def _was_made(self, entry: MigratedObject) -> bool:
        """Whether an object was made by an earlier call, which its entry says then."""
        made = self._maker.known(entry.kind, entry.source_id)
        if made is None or (entry.kind == "thread" and entry.source_id not in self._journal.complete):
            return False
        entry.status, entry.target_id = "made_before", made
        entry.vector_store_id = self._maker.known("vector_store", store_key(entry))
        return True

    # ---- threads ----

    def _thread(self, entry: MigratedObject) -> Flow[None]:
        if self._was_made(entry):
            return
        data, messages = yield from self._origin.thread(entry.source_id)
        tools = yield from self._tools_for(messages)
        first = convert_thread(data, messages, tools=tools)
        entry.notes = [*first.notes, *_notes_of(first.messages)]
        images = frozenset(each for message in messages for each in image_ids_of(message))
        wanted = _used([each.params for each in first.messages], first.vector_store)
        files = yield from self._bring(entry, wanted, images)
        converted = convert_thread(data, messages, file_ids=files.ids, file_names=files.names, tools=tools)
        entry.notes = [*converted.notes, *_notes_of(converted.messages)]
        entry.needs_vector_store = converted.vector_store is not None
        entry.messages = sum(each.params is not None for each in converted.messages)
        entry.target_id = self._maker.known("thread", entry.source_id)
        if self._order.apply:
            yield from self._placing.thread(entry, converted)

    def _tools_for(self, messages: Iterable[Json]) -> Flow[list[FileTool]]:
        """Tools that the files of a thread are attached for: those of the assistants that wrote in it, as far as all
        are known."""
        names = dict.fromkeys(name for each in messages if isinstance(name := each.get("assistant_id"), str) and name)
        for name in names:
            if name not in self._tools:
                data = yield from self._origin.assistant(name)
                self._tools[name] = None if data is None else _tools_of(data)
        known = [self._tools[name] for name in names]
        if not known or None in known:
            return list(FILE_TOOLS)
        return [tool for tool in FILE_TOOLS if any(tool in each for each in known if each is not None)]

    # ---- files ----

    def _bring(self, entry: MigratedObject, wanted: list[str], images: frozenset[str]) -> Flow[_Brought]:
        """Bring the files of an object to the target.

        Raises:
            MigrationError: One cannot be copied, or is missing.
        """
        entry.file_ids = wanted
        brought = _Brought({}, {})
        for file_id in wanted:
            file = yield from self._copies.bring(file_id, is_image=file_id in images)
            if file.status == "missing" and not self._order.allow_missing_files:
                raise MigrationError(
                    f"file {file_id} is missing; give its content, or allow files to be missing to do without it"
                )
            # What would be copied has no new id yet.
            brought.ids[file_id] = None if file.status == "missing" else file.target_id or file_id
            if file.name is not None:
                brought.names[file_id] = file.name
        return brought


def _tools_of(data: Json) -> frozenset[str]:
    """The kinds of tools of an assistant, as version 2 calls them."""
    tools: object = data.get("tools")
    kinds: set[Any] = {tool.get("type") for tool in (tools if is_list(tools) else ()) if is_mapping(tool)}
    return frozenset("file_search" if kind == "retrieval" else str(kind) for kind in kinds)


def _used(params: object, store: NewVectorStore | None) -> list[str]:
    """Ids of the files that something to be made uses."""
    found = dict.fromkeys(store.file_ids) if store is not None else {}
    pending = [params]
    while pending:
        value = pending.pop()
        if is_mapping(value):
            for key, inner in value.items():
                if key == "file_id":
                    found[str(inner)] = None
                elif key == "file_ids":
                    found.update(dict.fromkeys(inner))
                elif key not in ("metadata", "tools"):
                    pending.append(inner)
        elif is_list(value):
            pending += value[::-1]
    return list(found)


def _notes_of(messages: Iterable[ConvertedMessage]) -> list[Note]:
    """The notes of messages, as those of their thread."""
    return [
        replace(note, path=f"messages[{message.source_id}].{note.path}")
        for message in messages
        for note in message.notes
    ]


def _tell(function: Callable[[Any], object] | None, value: object) -> Flow[None]:
    """Tell a function of the program something; on the async client it may be async."""
    if function is None:
        return
    listener = function

    def blocking() -> None:
        answer: Any = listener(value)
        if inspect.isawaitable(answer):
            close = getattr(answer, "close", None)
            if close is not None:
                close()
            raise TypeError("on_progress is an async function; OpenAI needs a plain one (or use AsyncOpenAI)")

    async def awaiting() -> None:
        answer: Any = listener(value)
        if inspect.isawaitable(answer):
            await answer

    yield Perform(blocking, awaiting)
