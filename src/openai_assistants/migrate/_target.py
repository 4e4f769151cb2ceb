"""Making files and converted objects at the target, each once, however often it is killed. No I/O but disks."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import IO, Any, Callable, Mapping, cast

from .._basics import is_mapping
from .._errors import (
    APIConnectionError,
    APIError,
    AuthenticationError,
    MigrationError,
    NotFoundError,
    NotSupportedByServerError,
    OpenAIError,
    WaitTimeoutError,
)
from .._files import in_thread
from .._flow import Flow, Perform, Sleep
from .._http import delay
from .._polling import Wait, Work, has_status, look_until_over
from .._requests import Call
from ..resources.vector_stores import VECTOR_STORES_RETRIEVE
from ._convert import ConvertedAssistant, ConvertedMessage, ConvertedThread
from ._objects import V1_ID, Json, NewVectorStore, Note, V1Export
from ._records import Journal, MigratedFile, MigratedObject, Step

# Servers as parts of flows: calls of a client's methods, blocking or awaiting, and objects of version 1. No I/O.

DOWNLOADS = 3
"""How often a download is tried whose body breaks off."""


def call(method: Callable[[], Any]) -> Flow[Any]:
    """What a method gives."""
    return (yield Perform(method, method))


def found(method: Callable[[], Any]) -> Flow[Any]:
    """What a method gives; None if the server has no such object."""
    try:
        return (yield from call(method))
    except NotSupportedByServerError:
        raise
    except NotFoundError:
        return None


def items(method: Callable[[], Any], last: Callable[[Any], bool] | None = None) -> Flow[list[Any]]:
    """The items of a list, up to one that is the last of interest."""

    def blocking() -> list[Any]:
        seen: list[Any] = []
        for item in method():
            seen.append(item)
            if last is not None and last(item):
                break
        return seen

    async def awaiting() -> list[Any]:
        seen: list[Any] = []
        async for item in method():
            seen.append(item)
            if last is not None and last(item):
                break
        return seen

    return cast("list[Any]", (yield Perform(blocking, awaiting)))


def download(client: Any, file_id: str, into: IO[bytes]) -> Flow[None]:
    """Write the content of a file into another, piece by piece."""
    content = client.files.with_streaming_response.content

    def blocking() -> None:
        with content(file_id) as response:
            for piece in response.iter_bytes():
                into.write(piece)

    async def awaiting() -> None:
        from anyio import to_thread

        async with content(file_id) as response:
            async for piece in response.iter_bytes():
                await to_thread.run_sync(into.write, piece)

    attempt = 1
    while True:
        try:
            yield Perform(blocking, awaiting)
            return
        except APIConnectionError:  # the request itself is repeated by the client, but not a body that has begun
            seconds = delay(attempt, {})
            if attempt == DOWNLOADS or seconds is None:
                raise
        yield Sleep(seconds)
        into.seek(0)
        into.truncate()
        attempt += 1


class Source:
    """Objects of version 1. Those of an export come first; the server is asked for what is not in it."""

    def __init__(self, client: Any, export: V1Export | None) -> None:
        self._client = client
        self._v1: Any = None if client is None else getattr(client.beta, "v1", client.beta)
        self._export = export

    def assistants(self) -> Flow[list[Json]]:
        """All assistants, oldest first."""
        if self._export is not None:
            return [each for name in self._export.assistants if (each := self._export.assistant(name)) is not None]
        listed = yield from items(lambda: self._v1.assistants.list(limit=100, order="asc"))
        return [cast("Json", each.to_dict()) for each in listed]

    def assistant(self, assistant_id: str) -> Flow[Json | None]:
        """One assistant; None if there is none."""
        if self._export is not None and (known := self._export.assistant(assistant_id)) is not None:
            return known
        if self._v1 is None:
            return None
        result = yield from found(lambda: self._v1.assistants.retrieve(assistant_id))
        return None if result is None else cast("Json", result.to_dict())

    def thread_ids(self) -> list[str]:
        """Ids of all threads that are known; a server has no list of them."""
        return [] if self._export is None else self._export.thread_ids()

    def others(self) -> Mapping[str, int]:
        """Objects of an export that are not migrated: how many of each kind."""
        return {} if self._export is None else self._export.others

    def thread(self, thread_id: str) -> Flow[tuple[Json, list[Json]]]:
        """A thread and its messages.

        Raises:
            MigrationError: There is none.
        """
        if self._export is not None and (known := self._export.thread(thread_id)) is not None:
            return known
        threads: Any = None if self._v1 is None else self._v1.threads
        thread = None if threads is None else (yield from found(lambda: threads.retrieve(thread_id)))
        if threads is None or thread is None:
            raise MigrationError(f"there is no thread {thread_id}")
        messages = threads.messages
        listed = yield from items(lambda: messages.list(thread_id, limit=100, order="asc"))
        return cast("Json", thread.to_dict()), [cast("Json", each.to_dict()) for each in listed]

    def file(self, file_id: str) -> Flow[Json | None]:
        """What is known about a file; None if there is none."""
        if self._client is not None:
            try:
                result = yield from found(lambda: self._client.files.retrieve(file_id))
            except NotSupportedByServerError:
                result = None
            if result is not None:
                return cast("Json", result.to_dict())
        return None if self._export is None else self._export.files.get(file_id)


CLOCK_SLACK = 600
"""Seconds by which the clock of the target may be behind ours."""

UPLOADED_FOR = frozenset({"assistants", "batch", "evals", "fine-tune", "user_data", "vision"})
"""Purposes that a file may be uploaded for; others only the server itself gives."""

_WAITING = frozenset({"in_progress"})
_OVER = frozenset({"completed", "expired"})

Find = Callable[[], Flow[str | None]]


class Maker:
    """Makes objects, and keeps the journal."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def known(self, kind: Step, source_id: str) -> str | None:
        """The id of what has been made already."""
        return self.journal.made.get((kind, source_id))

    def make(
        self, kind: Step, source_id: str, body: object, create: Callable[[str], Any], find: Find | None = None
    ) -> Flow[str]:
        """Make something, unless it is there; returns its id.

        Args:
            kind: What.
            source_id: What it is made from.
            body: What is sent, as far as it is JSON.
            create: Sends it, with an idempotency key.
            find: Looks for it at the target, in case that a process ended before it knew whether it was made. Servers
                that honour idempotency keys do not forget them soon, but others know none.
        """
        key = (kind, source_id)
        made = self.journal.made.get(key)
        if made is not None:
            return made
        if key in self.journal.begun and find is not None:
            made = yield from find()
        if made is None:
            yield from in_thread(lambda: self.journal.begin(kind, source_id))
            answer = yield from call(lambda: create(self._idempotency_key(kind, source_id, body)))
            made = answer.id
            if not isinstance(made, str) or not made:
                raise MigrationError(f"the target's answer does not say which id the new {kind.replace('_', ' ')} has")
        new_id = made
        yield from in_thread(lambda: self.journal.end(kind, source_id, new_id))
        return new_id

    def newest(self, method: Callable[[], Any], is_it: Callable[[Any], bool]) -> Flow[str | None]:
        """The id of the newest object of a list, newest first, that was made since the migration began, is not known
        from the journal, and is what is looked for."""
        since = self.journal.began_at - CLOCK_SLACK
        taken = set(self.journal.made.values())

        def is_old(item: Any) -> bool:
            return isinstance(item.created_at, int) and item.created_at < since

        def is_wanted(item: Any) -> bool:
            return not is_old(item) and item.id not in taken and bool(is_it(item))

        seen = yield from items(method, lambda item: is_old(item) or is_wanted(item))
        return next((str(item.id) for item in seen[-1:] if is_wanted(item)), None)

    def _idempotency_key(self, kind: Step, source_id: str, body: object) -> str:
        """The same for the same request of the same migration, in every process."""
        parts = [self.journal.id, kind, source_id, json.dumps(body, sort_keys=True)]
        return f"v1-to-v2-{hashlib.sha256(json.dumps(parts).encode()).hexdigest()}"


class Copies:
    """The files that the objects use. Each is looked at once.

    Args:
        origin: Where the objects come from.
        source: The client of the server from which files are downloaded; None: there is none.
        target: The client of the server where the files are to be.
        maker: Makes what is made.
        same: Whether the files are at the target already.
        apply: Whether files are copied, or it is only said which would be.
        folder: A folder with contents of files, called by their ids.
        on_file: Told of each file.
    """

    def __init__(
        self,
        origin: Source,
        source: Any,
        target: Any,
        maker: Maker,
        *,
        same: bool,
        apply: bool,
        folder: Path | None,
        on_file: Callable[[MigratedFile], Flow[None]],
    ) -> None:
        self._origin = origin
        self._source = source
        self._target = target
        self._maker = maker
        self._same = same
        self._apply = apply
        self._folder = folder
        self._contents: dict[str, Path] | None = None
        self._on_file = on_file
        self._errors: dict[str, Exception] = {}
        self.files: dict[str, MigratedFile] = {}

    def bring(self, file_id: str, *, is_image: bool) -> Flow[MigratedFile]:
        """See to it that a file is at the target, or say that it is missing.

        Raises:
            MigrationError: It cannot be copied; its cause says why.
            AuthenticationError: A server does not know the key.
        """
        entry = self.files.get(file_id)
        if entry is None:
            entry = self.files[file_id] = MigratedFile(file_id)
            try:
                yield from self._bring(entry, is_image)
            except AuthenticationError:
                raise
            except (APIError, MigrationError, OSError, ValueError) as error:
                entry.status, entry.error = "failed", str(error)
                self._errors[file_id] = error
            yield from self._on_file(entry)
        if entry.status == "failed":
            raise MigrationError(f"file {file_id} cannot be copied: {entry.error}") from self._errors[file_id]
        return entry

    def _bring(self, entry: MigratedFile, is_image: bool) -> Flow[None]:
        file_id = entry.source_id
        info: Any = None
        if self._same:
            there = yield from found(lambda: self._target.files.retrieve(file_id))
            if there is not None:
                entry.status, entry.target_id = "kept", file_id
                info = there.to_dict()
        info = info or (yield from self._origin.file(file_id)) or {}
        content = yield from self._content_of(file_id)
        name = info.get("filename") or (None if content is None else content.name)
        entry.name, entry.bytes = name, info.get("bytes")
        entry.purpose = info.get("purpose")
        if entry.status == "kept":
            return
        made_before = self._maker.known("file", file_id)
        if made_before is not None:
            entry.status, entry.target_id = "copied_before", made_before
        elif content is None and (self._source is None or self._same or not info):
            entry.status = "missing"
        else:
            _set_purpose(entry, is_image)
            if self._apply:
                yield from self._copy(entry, content)

    def _copy(self, entry: MigratedFile, path: Path | None) -> Flow[None]:
        file = yield from in_thread(lambda: _opened(path))
        with file:
            if path is None:
                yield from download(self._source, entry.source_id, file)
            size = yield from in_thread(lambda: file.seek(0, 2))
            if entry.bytes is not None and entry.bytes != size:
                reason = f"it is said to have {entry.bytes} bytes, but has {size}"
                entry.notes.append(Note("bytes", "changed", reason, entry.bytes))
            entry.bytes = size
            yield from in_thread(lambda: file.seek(0))
            name, purpose = entry.name or entry.source_id, entry.purpose

            def upload(key: str) -> Any:
                return self._target.files.create(file=(name, file), purpose=purpose, idempotency_key=key)

            def is_it(item: Any) -> bool:
                return bool(item.filename == name and item.bytes == size and item.purpose == purpose)

            def find() -> Flow[str | None]:
                return self._maker.newest(lambda: self._target.files.list(limit=100, order="desc"), is_it)

            entry.target_id = yield from self._maker.make("file", entry.source_id, [name, purpose, size], upload, find)
        entry.status = "copied"

    def _content_of(self, file_id: str) -> Flow[Path | None]:
        """The file in the folder that has a content: it is called by the id, with any ending or none, or it is the only
        one in a folder that is called so."""
        if self._folder is None:
            return None
        if self._contents is None:
            folder = self._folder
            self._contents = yield from in_thread(lambda: _contents(folder))
        return self._contents.get(file_id)


def _opened(path: Path | None) -> IO[bytes]:
    """A file to read from; or one to be filled, which is gone when it is closed."""
    return path.open("rb") if path is not None else cast("IO[bytes]", tempfile.TemporaryFile())


def _contents(folder: Path) -> dict[str, Path]:
    contents: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.is_file():
            contents.setdefault(path.stem, path)
            contents[path.name] = path
        elif path.is_dir():
            inner = [each for each in path.iterdir() if each.is_file()]
            if len(inner) == 1:
                contents[path.name] = inner[0]
    return contents


def _set_purpose(entry: MigratedFile, is_image: bool) -> None:
    if entry.purpose in UPLOADED_FOR:
        return
    usual = "vision" if is_image else "assistants"
    if entry.purpose is not None:
        reason = f"no file can be uploaded for this; it is uploaded for {usual}"
        entry.notes.append(Note("purpose", "changed", reason, entry.purpose))
    entry.purpose = usual


def store_key(entry: MigratedObject) -> str:
    """What the journal calls the vector store of an object."""
    return f"{entry.kind}/{entry.source_id}"


class Placing:
    """Makes assistants and threads."""

    def __init__(self, target: Any, maker: Maker, max_wait_seconds: float) -> None:
        self._target = target
        self._maker = maker
        self._max_wait_seconds = max_wait_seconds

    def assistant(self, entry: MigratedObject, converted: ConvertedAssistant) -> Flow[None]:
        """Make an assistant and its vector store."""
        params: Any = converted.params
        if converted.vector_store is not None:
            params = converted.with_vector_store((yield from self._vector_store(entry, converted.vector_store)))
        assistants = self._target.beta.assistants
        entry.target_id = yield from self._maker.make(
            "assistant",
            entry.source_id,
            params,
            lambda key: assistants.create(**params, idempotency_key=key),
            lambda: self._by_metadata(assistants.list, V1_ID, entry.source_id),
        )
        entry.status = "made"
        yield from self._settle(entry)

    def thread(self, entry: MigratedObject, converted: ConvertedThread) -> Flow[None]:
        """Make a thread, its vector store and its messages, one after the other. Where one of these fails, no more are
        added, so that none is left out."""
        params: Any = converted.params
        if converted.vector_store is not None:
            params = converted.with_vector_store((yield from self._vector_store(entry, converted.vector_store)))
        create = self._target.beta.threads.create
        # Without its messages: a server that knows no idempotency keys may be left with an empty thread, no more.
        entry.target_id = yield from self._maker.make(
            "thread", entry.source_id, params, lambda key: create(**params, idempotency_key=key)
        )
        for message in converted.messages:
            if message.params is not None:
                yield from self._message(entry, entry.target_id, message)
                entry.messages_made += 1
        yield from in_thread(lambda: self._maker.journal.end_thread(entry.source_id))
        entry.status = "made"
        yield from self._settle(entry)

    def _message(self, entry: MigratedObject, thread_id: str, message: ConvertedMessage) -> Flow[None]:
        params: Any = message.params
        messages = self._target.beta.threads.messages

        def is_it(item: Any) -> bool:
            return bool(item.role == params["role"] and dict(item.metadata or {}) == params["metadata"])

        try:
            yield from self._maker.make(
                "message",
                f"{entry.source_id}/{message.source_id}",
                params,
                lambda key: messages.create(thread_id, **params, idempotency_key=key),
                lambda: self._maker.newest(lambda: messages.list(thread_id, limit=100, order="desc"), is_it),
            )
        except (OpenAIError, ValueError) as error:
            at = f"message {message.source_id} ({entry.messages_made + 1} of {entry.messages})"
            raise MigrationError(f"{at}: {error}") from error

    def _vector_store(self, entry: MigratedObject, store: NewVectorStore) -> Flow[str]:
        """Make a vector store with all its files."""
        params: Any = store.params
        stores = self._target.vector_stores
        (mark, source_id), *_ = store.metadata.items()
        entry.vector_store_id = yield from self._maker.make(
            "vector_store",
            store_key(entry),
            params,
            lambda key: stores.create(**params, idempotency_key=key),
            lambda: self._by_metadata(stores.list, mark, source_id),
        )
        for place, file_ids in enumerate(store.more_file_ids(), 2):
            yield from self._more_files(f"{store_key(entry)}/{place}", entry.vector_store_id, file_ids)
        return entry.vector_store_id

    def _more_files(self, source_id: str, store_id: str, file_ids: list[str]) -> Flow[None]:
        create = self._target.vector_stores.file_batches.create
        # Nothing is searched for: put in a second time, a file is there once.
        yield from self._maker.make(
            "file_batch", source_id, file_ids, lambda key: create(store_id, file_ids=file_ids, idempotency_key=key)
        )

    def _settle(self, entry: MigratedObject) -> Flow[None]:
        """Wait until the files of a vector store are processed, and note those that could not be read."""
        if entry.vector_store_id is not None:
            entry.notes += yield from _settle(self._target, entry.vector_store_id, self._max_wait_seconds)

    def _by_metadata(self, listing: Callable[..., Any], key: str, source_id: str) -> Flow[str | None]:
        def is_it(item: Any) -> bool:
            metadata: object = item.metadata
            return is_mapping(metadata) and metadata.get(key) == source_id

        return self._maker.newest(lambda: listing(limit=100, order="desc"), is_it)


def _settle(target: Any, vector_store_id: str, seconds: float) -> Flow[list[Note]]:
    """Wait until the files of a vector store are processed; returns notes on those that could not be."""
    from ..types.vector_stores import VectorStore

    work = Work(
        lambda path: f"vector store {path['vector_store_id']}", _WAITING, lambda store: has_status(store, _OVER)
    )
    look: Call[Any] = Call(VECTOR_STORES_RETRIEVE, {"vector_store_id": vector_store_id}, into=VectorStore)
    try:
        store = yield from call(lambda: target.vector_stores.retrieve(vector_store_id))
        wait = Wait(max_wait_seconds=seconds)
        store = yield from look_until_over(target.connection.core, store, look, work, wait, {})
        if not getattr(store.file_counts, "failed", 0):
            return []
        listing = target.vector_stores.files.list
        failed = yield from items(lambda: listing(vector_store_id, filter="failed", limit=100))
    except (APIError, WaitTimeoutError) as error:
        return [Note("file_ids", "changed", f"file search may not find all yet: {error}", vector_store_id)]
    reasons = [(each.id, getattr(each.last_error, "message", None) or "the server does not say why") for each in failed]
    return [Note("file_ids", "dropped", f"file search cannot read it: {reason}", name) for name, reason in reasons]
