"""The files of a bulk upload: what they are called, what is in them, what the vector store and the manifest know of
them, and what came of each."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Callable, Iterable, Iterator, Literal, Mapping, cast

from ._basics import Omit, is_mapping, is_tuple
from ._errors import APIError, BulkUploadError, FileProcessingError, WaitTimeoutError
from ._exchange import fetch
from ._files import FileTypes, digest, in_thread, name_of, open_content
from ._flow import Flow
from ._http import is_id
from ._pagination import Json, all_items
from ._polling import DEFAULT_WAIT, Wait, poll_file, wait_for_batch
from ._requests import Call, Operation

if TYPE_CHECKING:
    from ._requests import Core, RequestOptions
    from .types.vector_stores import VectorStoreFileBatch

# What comes of uploading many files: an entry for each, and how far it is.

BulkStatus = Literal["in_progress", "stored", "unchanged", "duplicate", "failed"]


@dataclass
class BulkFile:
    """One file of a bulk upload."""

    name: str
    """The path as it was given, or the name; `file 3` if there is neither, counted from 1."""
    status: BulkStatus = "in_progress"
    """`stored`: uploaded now, and processed; `unchanged`: was in the vector store already; `duplicate`: has the content
    of an earlier file of the same call; `failed`: see `error`; `in_progress`: not processed when the time was up."""
    file_id: str | None = None
    """Id of the file that has its content; None if it could not be uploaded."""
    sha256: str | None = None
    """Of its content, as hexadecimal digits; None if it was not needed or could not be read."""
    error: Exception | None = None
    """Why it failed."""


@dataclass(frozen=True)
class BulkUploadResult:
    """What came of a bulk upload."""

    files: list[BulkFile]
    """An entry for each file, in their order."""

    def __iter__(self) -> Iterator[BulkFile]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    @property
    def failed(self) -> list[BulkFile]:
        """Those that failed."""
        return [file for file in self.files if file.status == "failed"]

    @property
    def file_ids(self) -> list[str]:
        """Ids of the files that are in the vector store now, each once."""
        wanted = ("stored", "unchanged")
        return list(dict.fromkeys(file.file_id for file in self.files if file.status in wanted and file.file_id))

    def raise_for_failures(self) -> None:
        """Raise an exception if a file failed.

        Raises:
            BulkUploadError: Some failed; it names them.
        """
        if self.failed:
            raise BulkUploadError(self.files)


@dataclass(frozen=True)
class BulkProgress:
    """How far a bulk upload is."""

    total: int | None
    """Number of files; None as long as an iterator has not told."""
    uploaded: int
    """Files whose content the server has, those that were there before included."""
    done: int
    """Files that are in the vector store and processed."""
    failed: int
    latest: BulkFile | None
    """The file that has just come further."""


OnProgress = Callable[[BulkProgress], object]
"""What is told of each file that comes further, one at a time; on the async client it may be an async function."""


# The files of a bulk upload: what they are called, and what is in them. No network.

IN_MEMORY = 1 << 20
"""Bytes of a stream that are kept in memory until it has been read; longer ones are kept on disk."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a bulk upload."""

    name: str
    """What to call it."""
    file: FileTypes
    """The argument, as it was given."""


def sources(files: Iterable[FileTypes]) -> Iterator[Source]:
    """The files, named.

    Raises:
        TypeError: Something is nothing that can be uploaded.
    """
    single = isinstance(files, (str, bytes, bytearray, memoryview, os.PathLike)) or hasattr(files, "read")
    if single or (is_tuple(files) and _is_one_file(files)):
        raise TypeError(f"files must be an iterable of files, not a single one ({type(files).__name__})")
    for place, file in enumerate(files):
        parts: Any = file
        given = parts[1] if is_tuple(parts) and len(parts) > 1 else parts
        if not isinstance(given, (bytes, bytearray, memoryview, os.PathLike)) and not hasattr(given, "read"):
            with ExitStack() as stack:
                open_content(f"file {place + 1}", given, stack)  # says what is wrong
        yield Source(_name(place, parts, given), file)


def _is_one_file(files: tuple[Any, ...]) -> bool:
    return bool(files) and (files[0] is None or isinstance(files[0], str))


def _name(place: int, file: object, given: Any) -> str:
    if is_tuple(file) and file[0]:
        return str(file[0])
    if isinstance(given, os.PathLike):
        return os.fsdecode(cast("os.PathLike[str]", given))
    return name_of(given) or f"file {place + 1}"


def hashed(file: FileTypes, stack: ExitStack) -> Flow[tuple[str, FileTypes]]:
    """The SHA-256 of a file, and the file as an argument that can be read after that. `stack` closes what is opened."""
    given: Any = file[1] if is_tuple(file) else file
    content = yield from in_thread(lambda: open_content("file", given, stack))
    copy: IO[bytes] | None = None
    if not content.repeatable:
        copy = cast("IO[bytes]", stack.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY)))  # noqa: SIM115
    sha256 = yield from digest(content, hashlib.sha256(), None if copy is None else copy.write)
    if copy is None:
        return sha256, file
    return sha256, cast("FileTypes", (file[0], copy, *file[2:]) if is_tuple(file) else (name_of(given) or None, copy))


# A file that remembers which contents have been uploaded: a line of JSON for each step of each file.
#
# Lines are only ever appended, each in one write, so a process that is killed loses no more than its last line.

ManifestPath = str | os.PathLike[str]

Step = Literal["uploaded", "stored", "failed"]

FIELDS = frozenset({"vector_store_id", "sha256", "file_id", "step"})
BEGINNING = b'{"vector_store_id": '
"""Of each line."""


class Manifest:
    """The lines of one vector store.

    Raises:
        OSError: The file cannot be read or written.
        ValueError: It is no manifest.
    """

    def __init__(self, path: ManifestPath, vector_store_id: str) -> None:
        self._path = Path(path)
        self._vector_store_id = vector_store_id
        self._open = -1

    def read(self) -> dict[str, str]:
        """Ids of the files that were uploaded, by the SHA-256 of their contents; not those that failed later."""
        self._open = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        content = self._path.read_bytes()
        if content[: len(BEGINNING)] != BEGINNING[: len(content)]:
            raise ValueError(f"{self._path} is no manifest of uploads; name another file, or one that is not there yet")
        if content and not content.endswith(b"\n"):  # cut off when a process was killed
            os.write(self._open, b"\n")
        found: dict[str, str] = {}
        for entry in map(_entry, content.splitlines()):
            if entry.get("vector_store_id") != self._vector_store_id:
                continue
            if entry["step"] == "failed":
                found.pop(entry["sha256"], None)
            else:
                found[entry["sha256"]] = entry["file_id"]
        return found

    def write(self, sha256: str, file_id: str, name: str, step: Step) -> None:
        """Note that a file has come further."""
        entry = {
            "vector_store_id": self._vector_store_id,
            "sha256": sha256,
            "file_id": file_id,
            "name": name,
            "step": step,
        }
        os.write(self._open, json.dumps(entry).encode() + b"\n")

    def close(self) -> None:
        """Close the file."""
        if self._open >= 0:
            os.close(self._open)
            self._open = -1


def _entry(line: bytes) -> Mapping[str, str]:
    try:
        entry: object = json.loads(line)
    except ValueError:
        return {}
    return entry if is_mapping(entry) and entry.keys() >= FIELDS else {}


# What a vector store has of a bulk upload: found before it, waited for after it. No I/O.

SHA256 = "sha256"
"""Name of the attribute."""


@dataclass(frozen=True, slots=True)
class BulkOperations:
    """The operations of one version of the API that a bulk upload needs, apart from that which makes a batch."""

    upload: Operation
    retrieve_upload: Operation
    list_files: Operation
    retrieve_file: Operation
    delete_file: Operation
    retrieve_batch: Operation
    cancel_batch: Operation
    list_batch: Operation


class Members:
    """The files of one vector store."""

    def __init__(self, core: Core, vector_store_id: str, operations: BulkOperations, options: RequestOptions) -> None:
        self._core = core
        self._path = {"vector_store_id": vector_store_id}
        self._operations = operations
        self._options = options

    # ---- before ----

    def everything(self) -> Flow[list[Json]]:
        """All of them; no more of each than is needed, since there may be very many."""
        return (yield from self._all(self._operations.list_files, self._path, _in_short))

    def _all(self, operation: Operation, path: dict[str, str], keep: Callable[[Json], Json] = dict) -> Flow[list[Json]]:
        call: Call[Any] = Call(operation, path, query={"limit": 100, "order": "asc"})
        return (yield from all_items(self._core, call, self._options, keep))

    def remove(self, file_id: str) -> Flow[Any]:
        """Take one out."""
        call: Call[Any] = Call(self._operations.delete_file, {**self._path, "file_id": file_id}, into=dict)
        return (yield from fetch(self._core, call, self._options))

    # ---- after ----

    def settle_batch(
        self, batch: VectorStoreFileBatch, into: Any, entries: list[BulkFile], wait: Wait
    ) -> Flow[list[BulkFile]]:
        """Wait for a batch, and see what has become of its files.

        Raises:
            WaitTimeoutError: The time was up.
        """
        path = {**self._path, "batch_id": batch.id}
        look: Call[Any] = Call(self._operations.retrieve_batch, path, into=into)
        cancel = self._operations.cancel_batch
        try:
            batch = yield from wait_for_batch(self._core, batch, look, cancel, wait, self._options)
            yield from self.look_at_batch(batch, entries)
        except APIError as error:
            for entry in entries:
                fail(entry, error)
        return entries

    def look_at_batch(self, batch: VectorStoreFileBatch, entries: list[BulkFile]) -> Flow[None]:
        """See what has become of the files of a batch that is over."""
        found: dict[str, Json] = {}
        if getattr(batch.file_counts, "completed", None) != len(entries):
            items = yield from self._all(self._operations.list_batch, {**self._path, "batch_id": batch.id})
            found = {str(item.get("id")): item for item in items}
        for entry in entries:
            item = found.get(str(entry.file_id))
            take_over(entry, batch.status if item is None else item.get("status"), item or {}, "stored")

    def settle_file(self, entry: BulkFile, wait: Wait) -> Flow[list[BulkFile]]:
        """Wait for a file that an earlier call has put in, and see what has become of it.

        Raises:
            WaitTimeoutError: The time was up.
        """
        from .types.vector_stores import VectorStoreFile

        path = {**self._path, "file_id": str(entry.file_id)}
        look: Call[Any] = Call(self._operations.retrieve_file, path, into=VectorStoreFile)
        try:
            member = yield from poll_file(self._core, look, replace(wait, on_deadline="raise"), self._options)
        except APIError as error:
            fail(entry, error)
        else:
            take_over(entry, member.status, member.to_dict(), "unchanged")
        return [entry]


def _in_short(member: Json) -> Json:
    attributes = member.get("attributes")
    sha256: object = attributes.get(SHA256) if is_mapping(attributes) else None
    return {"id": member.get("id"), "status": member.get("status"), SHA256: sha256}


def by_content(members: Iterable[Json]) -> Iterator[tuple[str, str]]:
    """The SHA-256 and the id of the files of a vector store; of several with one content the best comes last."""
    ranks = {"failed": 0, "cancelled": 0, "completed": 2}
    for member in sorted(members, key=lambda member: ranks.get(str(member.get("status")), 1)):
        if isinstance(member[SHA256], str) and is_id(member["id"]):
            yield member[SHA256], member["id"]


def take_over(entry: BulkFile, status: object, item: Json, stored: BulkStatus) -> None:
    """Note what has become of a file, as the server tells."""
    if status not in ("failed", "cancelled"):
        entry.status = stored
        return
    last_error = item.get("last_error")
    details: Json = last_error if is_mapping(last_error) else {}
    code = str(details.get("code") or status)
    message = details.get("message") or f"the server says that the file is {status}"
    fail(entry, FileProcessingError(f"{code}: {message}", file_id=str(entry.file_id), code=code))


def fail(entry: BulkFile, error: Exception) -> None:
    """Note why a file failed. The error keeps nothing of what it came through, such as the content of the file."""
    links: list[BaseException | None] = [error]
    seen: set[int] = set()
    while links:
        link = links.pop()
        if link is not None and id(link) not in seen:
            seen.add(id(link))
            link.__traceback__ = None
            links += [link.__cause__, link.__context__]
    entry.status, entry.error = "failed", error


class Patience:
    """One deadline for many waits."""

    def __init__(self, wait: Wait) -> None:
        self._wait = wait
        given = wait.max_wait_seconds
        self.seconds = DEFAULT_WAIT if isinstance(given, Omit) else given
        self._deadline = None if self.seconds is None else time.monotonic() + self.seconds

    def left(self) -> Wait:
        """How to wait from now on."""
        left = None if self._deadline is None else max(0.0, self._deadline - time.monotonic())
        return replace(self._wait, max_wait_seconds=left)

    def too_late(self, entries: list[BulkFile], last: Any, cause: WaitTimeoutError) -> WaitTimeoutError:
        """The exception for the files that were not processed in time."""
        late = sum(entry.status == "in_progress" for entry in entries)
        message = f"{late} of {len(entries)} files were not processed after {self.seconds:g} s. {cause}"
        return WaitTimeoutError(message, last=last)
