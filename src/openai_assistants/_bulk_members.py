"""What a vector store has of a bulk upload: found before it, waited for after it. No I/O."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator

from ._bulk import BulkFile, BulkStatus
from ._calls import Call, Operation
from ._errors import APIError, FileProcessingError, WaitTimeoutError
from ._exchange import fetch
from ._file_waits import poll_file, wait_for_batch
from ._flow import Flow
from ._guards import is_mapping
from ._listing import Json, all_items
from ._omit import Omit
from ._urls import is_id
from ._waiting import DEFAULT_WAIT, Wait

if TYPE_CHECKING:
    from ._core import Core
    from ._options import RequestOptions
    from .types.vector_stores import VectorStoreFileBatch

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
