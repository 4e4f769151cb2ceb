"""Uploading many files into a vector store. No I/O but the manifest.

Files are uploaded side by side, and put into the vector store in batches while others are still on their way, so that
little is lost when the process ends. The SHA-256 of a content is kept as attribute of its file in the vector store, or
in a manifest; what is there already is not uploaded again.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Iterable, Iterator, Mapping, Sized

from ._bulk import BulkFile, BulkUploadResult, OnProgress
from ._bulk_members import SHA256, BulkOperations, Members, Patience, by_content, fail
from ._bulk_sources import Source, hashed, sources
from ._bulk_tally import Tally
from ._calls import Call
from ._disk import in_thread
from ._errors import APIError, NotFoundError, WaitTimeoutError
from ._exchange import begun, fetch, options_of_a_look
from ._file_waits import send_file
from ._flow import Done, Failed, Flow, Outcome, Together
from ._guards import is_mapping
from ._manifest import Manifest, ManifestPath, Step
from ._omit import Omit, omit
from ._urls import fill_path
from ._waiting import INTERRUPTED_SECONDS, Wait

if TYPE_CHECKING:
    from ._core import Core
    from ._files import FileTypes
    from ._options import RequestOptions
    from .types.file_batches import VectorStoreFileBatch

BATCH_SIZE = 500
"""Files in a batch; every server takes so many."""
BATCH_EVERY = 1.0
"""Seconds after which uploaded files are put into the vector store, however few they are."""
MOST_ATTRIBUTES = 16


@dataclass(frozen=True, slots=True)
class BulkSettings:
    """How to upload."""

    max_concurrency: int
    on_progress: OnProgress | None
    manifest: ManifestPath | None
    wait: Wait

    def __post_init__(self) -> None:
        check_concurrency(self.max_concurrency)


def check_concurrency(number: int) -> None:
    """Refuse a number of requests at a time that makes no sense."""
    if number < 1:
        raise ValueError(f"max_concurrency must be 1 or more, not {number}")


def upload_files(
    core: Core,
    create: Call[Any],
    operations: BulkOperations,
    files: Iterable[FileTypes],
    settings: BulkSettings,
    options: RequestOptions,
) -> Flow[BulkUploadResult]:
    """Upload files into a vector store. `create` makes a batch; it lacks the files."""
    fill_path(create.operation.path, create.path)
    return (yield from _BulkUpload(core, create, operations, files, settings, options).run())


class _BulkUpload:
    def __init__(
        self,
        core: Core,
        create: Call[Any],
        operations: BulkOperations,
        files: Iterable[FileTypes],
        settings: BulkSettings,
        options: RequestOptions,
    ) -> None:
        self._core = core
        self._create = create
        self._body = create.body or {}
        self._operations = operations
        self._settings = settings
        self._options = options_of_a_look(begun(options))
        self._key = options.get("idempotency_key")
        self._extra_body: Any = {"extra_body": options["extra_body"]} if "extra_body" in options else {}
        vector_store_id = create.path["vector_store_id"]
        self._members = Members(core, vector_store_id, operations, self._options)
        self._manifest = None if settings.manifest is None else Manifest(settings.manifest, vector_store_id)
        self._attributes = _attributes(self._body, self._manifest)
        self._sources = sources(files)
        self._tally = Tally(len(files) if isinstance(files, Sized) else None, settings.on_progress)

        self._entries: list[BulkFile] = []
        self._first: dict[str, BulkFile] = {}
        """The first file with each content."""
        self._known: Mapping[str, str] = {}
        """Ids of files that are at the server, by the SHA-256 of their contents."""
        self._statuses: Mapping[str, str] = {}
        """Statuses of the files that are in the vector store, by id."""
        self._replaced: list[tuple[str, BulkFile]] = []
        """Ids of files that failed in earlier calls, and those that are uploaded in their stead."""
        self._uploaded: list[BulkFile] = []
        """In no batch yet."""
        self._put_in_at = time.monotonic()
        self._batches: list[tuple[VectorStoreFileBatch, list[BulkFile]]] = []
        self._in_progress: list[BulkFile] = []
        """Put in by an earlier call, not processed yet."""

    def run(self) -> Flow[BulkUploadResult]:
        """Do it all."""
        try:
            yield from self._look_around()
            yield from self._upload_all()
            self._tally.total = len(self._entries)
            yield from self._put_in()
            yield from self._remove_replaced()
            yield from self._wait()
        finally:
            if self._manifest is not None:
                self._manifest.close()
        return BulkUploadResult(self._entries)

    def _look_around(self) -> Flow[None]:
        members = yield from self._members.everything()
        self._statuses = {str(member.get("id")): str(member.get("status")) for member in members}
        if self._manifest is not None:
            self._known = yield from in_thread(self._manifest.read)
        else:
            self._known = dict(by_content(members))

    # ---- uploading ----

    def _upload_all(self) -> Flow[None]:
        try:
            yield Together(self._uploads(), self._settings.max_concurrency, each=self._after_upload)
        except GeneratorExit:
            raise
        except BaseException:  # what has been uploaded shall not be lost
            yield from self._put_in({"deadline": INTERRUPTED_SECONDS})
            raise

    def _uploads(self) -> Iterator[Flow[None]]:
        for source in self._sources:
            entry = BulkFile(source.name)
            self._entries.append(entry)
            yield self._upload(source, entry)

    def _upload(self, source: Source, entry: BulkFile) -> Flow[None]:
        """Bring one file to the server, unless it is there."""
        with ExitStack() as stack:
            try:
                entry.sha256, file = yield from hashed(source.file, stack)
                if self._first.setdefault(entry.sha256, entry) is not entry:
                    return
                yield from self._find(entry, entry.sha256)
                if entry.file_id is None:
                    own = {} if self._key is None else {"idempotency_key": f"{self._key}-{entry.sha256}"}
                    options: Any = {**self._options, **own}
                    entry.file_id = (yield from send_file(self._core, self._operations.upload, file, options)).id
            except Exception as error:
                fail(entry, error)

    def _find(self, entry: BulkFile, sha256: str) -> Flow[None]:
        """Find the file at the server that has the same content."""
        file_id = self._known.get(sha256)
        if file_id is None:
            return
        status = self._statuses.get(file_id)
        if status in ("failed", "cancelled"):
            self._replaced.append((file_id, entry))
            return
        if status is None:  # not put in before the process ended; or taken out since
            look: Call[Any] = Call(self._operations.retrieve_upload, {"file_id": file_id}, into=dict)
            try:
                yield from fetch(self._core, look, self._options)
            except NotFoundError:
                return
        entry.file_id = file_id
        if status == "completed":
            entry.status = "unchanged"

    def _after_upload(self, place: int, outcome: Outcome[None]) -> Flow[None]:
        entry = self._entries[place]
        if entry.status == "failed":
            yield from self._tally.ended(entry)
        elif self._first.get(str(entry.sha256)) is entry:
            yield from self._tally.uploaded(entry)
            if entry.file_id in self._statuses:
                self._in_progress += [entry] if entry.status == "in_progress" else []
            else:
                self._note(entry, "uploaded")
                self._uploaded.append(entry)
        is_time = self._uploaded and time.monotonic() >= self._put_in_at + BATCH_EVERY
        if is_time or len(self._uploaded) >= BATCH_SIZE:
            yield from self._put_in()

    # ---- putting in ----

    def _put_in(self, options: RequestOptions | None = None) -> Flow[None]:
        """Put what is uploaded into the vector store."""
        while self._uploaded:
            some = self._uploaded[:BATCH_SIZE]
            del self._uploaded[:BATCH_SIZE]
            call: Call[Any] = replace(self._create, body={**self._body, **self._batch_of(some)})
            merged: Any = {**self._options, **self._extra_body, **(options or {})}
            try:
                batch = yield from fetch(self._core, call, merged, "id")
            except APIError as error:
                for entry in some:
                    fail(entry, error)
                    yield from self._tally.ended(entry)
            else:
                self._batches.append((batch, some))
        self._put_in_at = time.monotonic()

    def _batch_of(self, entries: list[BulkFile]) -> dict[str, Any]:
        if self._manifest is not None:
            return {"file_ids": [entry.file_id for entry in entries]}
        chunking = self._body.get("chunking_strategy", omit)
        own = {} if isinstance(chunking, Omit) else {"chunking_strategy": chunking}
        return {
            "files": [
                {"file_id": entry.file_id, "attributes": {**self._attributes, SHA256: entry.sha256}, **own}
                for entry in entries
            ],
            "attributes": omit,
            "chunking_strategy": omit,
        }

    def _remove_replaced(self) -> Flow[None]:
        """Take out what failed in earlier calls and is there anew. What cannot be taken out stays; it does no harm."""
        anew = [file_id for file_id, entry in self._replaced if entry.status != "failed"]
        yield Together(map(self._members.remove, anew), self._settings.max_concurrency)

    # ---- waiting ----

    def _wait(self) -> Flow[None]:
        patience = Patience(self._settings.wait)
        outcomes = yield Together(self._waits(patience), self._settings.max_concurrency, each=self._after_wait)
        yield from self._settle_duplicates()
        for outcome in outcomes:
            if isinstance(outcome, Failed):
                if isinstance(outcome.error, WaitTimeoutError):
                    raise patience.too_late(self._entries, BulkUploadResult(self._entries), outcome.error)
                raise outcome.error

    def _settle_duplicates(self) -> Flow[None]:
        """Of files with the same content, the first one has the outcome, whichever it was that was uploaded."""
        results = {sha256: replace(file) for sha256, file in self._first.items()}
        for entry in self._entries:
            if entry.sha256 in results:
                result = results[entry.sha256]
                entry.status, entry.file_id, entry.error = result.status, result.file_id, result.error
                if result.status in ("stored", "unchanged"):
                    result.status = "duplicate"
                if entry is not self._first[entry.sha256] and entry.status != "in_progress":
                    yield from self._tally.duplicate(entry)

    def _waits(self, patience: Patience) -> Iterator[Flow[list[BulkFile]]]:
        for batch, entries in self._batches:
            yield self._members.settle_batch(batch, self._create.into, entries, patience.left())
        for entry in self._in_progress:
            yield self._members.settle_file(entry, patience.left())

    def _after_wait(self, place: int, outcome: Outcome[list[BulkFile]]) -> Flow[None]:
        for entry in outcome.value if isinstance(outcome, Done) else []:
            self._note(entry, "failed" if entry.status == "failed" else "stored")
            yield from self._tally.ended(entry)

    def _note(self, entry: BulkFile, step: Step) -> None:
        if self._manifest is not None:
            self._manifest.write(str(entry.sha256), str(entry.file_id), entry.name, step)


def _attributes(body: Mapping[str, object], manifest: Manifest | None) -> Mapping[str, object]:
    """The attributes that the program gives to each file.

    Raises:
        ValueError: There is no room for ours.
    """
    given = body.get("attributes")
    attributes: Mapping[str, object] = given if is_mapping(given) else {}
    if manifest is None and SHA256 in attributes:
        raise ValueError(f"the attribute {SHA256} is set by this function; give yours another name, or pass manifest=")
    if manifest is None and len(attributes) >= MOST_ATTRIBUTES:
        raise ValueError(f"at most {MOST_ATTRIBUTES - 1} attributes, as {SHA256} is added, unless manifest= is passed")
    return attributes
