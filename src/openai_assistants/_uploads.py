"""Uploads of several requests: a large file in parts, many files as one file batch, and any number of files into a
vector store, of which only the missing ones are sent. No network I/O."""

from __future__ import annotations

import hashlib
import inspect
import io
import os
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any, Iterable, Iterator, Mapping, Sized, cast

from ._basics import Omit, is_collection, is_mapping, omit
from ._bulk_files import (
    SHA256,
    BulkFile,
    BulkOperations,
    BulkProgress,
    BulkUploadResult,
    Manifest,
    ManifestPath,
    Members,
    OnProgress,
    Patience,
    Source,
    Step,
    by_content,
    fail,
    hashed,
    sources,
)
from ._errors import (
    APIError,
    APIStatusError,
    BulkUploadError,
    NotFoundError,
    OpenAIError,
    WaitTimeoutError,
    of_this_library,
)
from ._exchange import begun, fetch, options_of_a_look
from ._files import BytesContent, Content, OpenFile, Section, digest, in_thread
from ._flow import Done, Failed, Flow, Outcome, Perform, Together
from ._http import fill_path
from ._polling import INTERRUPTED_SECONDS, Wait, send_file, wait_for_batch
from ._requests import Call, Operation

if TYPE_CHECKING:
    from ._files import FileTypes
    from ._polling import Wait
    from ._requests import Core, RequestOptions
    from .types.uploads import Upload
    from .types.vector_stores import VectorStoreFileBatch

__tracebackhide__ = of_this_library

# Uploading many files into a vector store. No I/O but the manifest.
#
# Files are uploaded side by side, and put into the vector store in batches while others are still on their way, so
# that little is lost when the process ends. The SHA-256 of a content is kept as attribute of its file in the vector
# store, or in a manifest; what is there already is not uploaded again.

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


# Counts the files of a bulk upload and tells the program how far it is.


class Tally:
    """How far a bulk upload is. Only the thread or task that waits for the others counts."""

    def __init__(self, total: int | None, on_progress: OnProgress | None) -> None:
        self.total = total
        self._on_progress = on_progress
        self._uploaded = self._done = self._failed = 0

    def uploaded(self, entry: BulkFile) -> Flow[None]:
        """The server has the content of a file."""
        self._uploaded += 1
        if entry.status == "unchanged":
            self._done += 1
        yield from self._tell(entry)

    def ended(self, entry: BulkFile) -> Flow[None]:
        """A file is processed, or has failed."""
        if entry.status == "failed":
            self._failed += 1
        else:
            self._done += 1
        yield from self._tell(entry)

    def duplicate(self, entry: BulkFile) -> Flow[None]:
        """A file had the same content as another one, which has been uploaded."""
        self._uploaded += 1
        yield from self.ended(entry)

    def _tell(self, entry: BulkFile) -> Flow[None]:
        if self._on_progress is None:
            return
        progress = BulkProgress(self.total, self._uploaded, self._done, self._failed, entry)
        yield _call(self._on_progress, progress)


def _call(on_progress: OnProgress, progress: BulkProgress) -> Perform:
    def blocking() -> None:
        value: Any = on_progress(progress)
        if inspect.isawaitable(value):
            close = getattr(value, "close", None)
            if close is not None:
                close()
            raise TypeError("on_progress is an async function; the sync client needs a plain one (or use AsyncOpenAI)")

    async def awaiting() -> None:
        value: Any = on_progress(progress)
        if inspect.isawaitable(value):
            await value

    return Perform(blocking, awaiting)


# Uploads of several requests: a large file in parts, and many files as one file batch. No network I/O.

# Uploading a large file in parts. No network I/O.

LargeFile = str | os.PathLike[str] | bytes | bytearray | memoryview

PART_SIZE = 64 << 20
"""Bytes of a part, unless the program says otherwise; the API takes no larger ones."""


@dataclass(frozen=True, slots=True)
class UploadOperations:
    """The operations of one version of the API that an upload in parts needs, apart from that which begins it."""

    add_part: Operation
    complete: Operation
    cancel: Operation


def upload_chunked(
    core: Core,
    create: Call[Any],
    operations: UploadOperations,
    file: LargeFile,
    filename: str | None,
    size: int | None,
    part_size: int | None,
    md5: str | Omit | None,
    max_concurrency: int,
    options: RequestOptions,
) -> Flow[Upload]:
    """Upload a file in parts. `create` begins the upload; it lacks the name and the size of the file."""
    part_size = PART_SIZE if part_size is None else part_size
    if not 1 <= part_size <= PART_SIZE:
        raise ValueError(f"part_size must be from 1 to {PART_SIZE} bytes, not {part_size}")
    if max_concurrency < 1:
        raise ValueError(f"max_concurrency must be 1 or more, not {max_concurrency}")
    options = begun(options)
    with ExitStack() as stack:
        large = yield from in_thread(lambda: _Large(file, stack))
        if size is not None and size != large.size:
            raise ValueError(f"bytes is {size}, but the file has {large.size} bytes")
        name = filename or large.name
        if not name:
            raise TypeError("filename is missing: bytes have no name")
        fields: dict[str, Any] = {**(create.body or {}), "filename": name, "bytes": large.size}
        begin: Call[Any] = Call(create.operation, create.path, body=fields, into=create.into)
        upload: Upload = yield from fetch(core, begin, options, "id")
        job = _Job(core, upload, operations, large, options)
        try:
            return (yield from job.finish(part_size, md5, max_concurrency, create.into))
        except GeneratorExit:
            raise
        except Exception as error:
            yield from job.give_up(error, {"deadline": INTERRUPTED_SECONDS})
            raise
        except BaseException as error:  # Ctrl-C, or the task was cancelled
            yield from job.give_up(error, {"deadline": INTERRUPTED_SECONDS})
            raise


class _Large:
    """A large file, of which any section can be read at any time.

    Raises:
        OSError: It cannot be opened.
        TypeError: It is neither a path nor bytes.
    """

    def __init__(self, file: LargeFile, stack: ExitStack) -> None:
        self.name = ""
        self._data: memoryview | None = None
        self._path: str | os.PathLike[str] = ""
        if isinstance(file, (bytes, bytearray, memoryview)):
            self._data = memoryview(file).cast("B")
            self.size = len(self._data)
        elif isinstance(cast("object", file), (str, os.PathLike)):
            self._path = file
            self.name = os.path.basename(os.fsdecode(file))
            self.size = stack.enter_context(self._open()).seek(0, io.SEEK_END)
        else:
            raise TypeError(
                f"file must be a path or bytes, not {type(file).__name__}; for others there is uploads.parts"
            )

    def _open(self) -> IO[bytes]:
        return open(self._path, "rb")

    def section(self, start: int, size: int, stack: ExitStack) -> Section | memoryview:
        """A section as a file argument. A file that is opened here is closed with `stack`."""
        if self._data is not None:
            return self._data[start : start + size]
        return Section(stack.enter_context(self._open()), start, size)

    def whole(self, stack: ExitStack) -> Content:
        """All of it."""
        return BytesContent(self._data) if self._data is not None else OpenFile(stack.enter_context(self._open()))


class _Job:
    """An upload that has begun."""

    def __init__(
        self, core: Core, upload: Upload, operations: UploadOperations, large: _Large, options: RequestOptions
    ) -> None:
        self._core = core
        self._id = upload.id
        self._operations = operations
        self._large = large
        self._options = options_of_a_look(options)
        self._key = options.get("idempotency_key")

    def finish(self, part_size: int, md5: str | Omit | None, max_concurrency: int, into: Any) -> Flow[Upload]:
        """Send the parts, and make a file of them. The checksum is computed meanwhile."""
        checksums = [self._md5()] if md5 is None or isinstance(md5, Omit) else []
        flows = (flow for flows in (checksums, self._parts(part_size)) for flow in flows)
        outcomes: list[Done[str]] = yield Together(flows, max_concurrency + len(checksums), stop_on_error=True)
        results = [outcome.value for outcome in outcomes]
        checksum = results.pop(0) if checksums else md5
        call = self._call(self._operations.complete, {"part_ids": results, "md5": checksum}, into)
        upload: Upload = yield from fetch(self._core, call, self._own("complete"))
        return upload

    def _parts(self, part_size: int) -> Iterator[Flow[str]]:
        for number, start in enumerate(range(0, self._large.size, part_size)):
            yield self._part(number, start, min(part_size, self._large.size - start))

    def _part(self, number: int, start: int, size: int) -> Flow[str]:
        """Send a part; the outcome is its id."""
        from .types.uploads import UploadPart

        with ExitStack() as stack:
            section = yield from in_thread(lambda: self._large.section(start, size, stack))
            data = ("part", section, "application/octet-stream")
            call = self._call(self._operations.add_part, {"data": data}, UploadPart)
            part: UploadPart = yield from fetch(self._core, call, self._own(f"part-{number}"), "id")
            return part.id

    def _md5(self) -> Flow[str]:
        with ExitStack() as stack:
            content = yield from in_thread(lambda: self._large.whole(stack))
            return (yield from digest(content, hashlib.md5(usedforsecurity=False)))

    def give_up(self, error: BaseException, options: RequestOptions) -> Flow[None]:
        """Cancel the upload, and say in the exception what has become of it."""
        call = self._call(self._operations.cancel, None, dict)
        try:
            yield from fetch(self._core, call, {**self._options, **options})
        except OpenAIError as problem:
            over = isinstance(problem, APIStatusError) and problem.status_code == 400
            what = "is over" if over else "was not cancelled, and expires by itself"
            error.add_note(f"The upload {self._id} {what}: {problem}")
        else:
            error.add_note(f"The upload {self._id} was cancelled.")

    def _call(self, operation: Operation, body: dict[str, Any] | None, into: Any) -> Call[Any]:
        return Call(operation, {"upload_id": self._id}, body=body, into=into)

    def _own(self, step: str) -> RequestOptions:
        """Options of a POST on behalf of the call: its idempotency key is another, but always the same."""
        key = self._key
        return {**self._options, "idempotency_key": f"{key}-{step}"} if key else self._options


# Uploading files as one file batch. No I/O.

MOST_FILES = 2000
"""Files that a batch takes."""


def upload_batch(
    core: Core,
    create: Call[Any],
    operations: BulkOperations,
    files: Iterable[FileTypes],
    max_concurrency: int,
    wait: Wait,
    options: RequestOptions,
) -> Flow[VectorStoreFileBatch]:
    """Upload files, put them into a vector store, and wait until they are processed. `create` lacks the files.

    Raises:
        BulkUploadError: Some could not be uploaded.
        ValueError: There are no files, or too many.
    """
    check_concurrency(max_concurrency)
    fill_path(create.operation.path, create.path)
    options = begun(options)
    given = (create.body or {}).get("file_ids")
    file_ids: list[Any] = list(given) if is_collection(given) else []
    wanted = list(sources(files))
    if not wanted and not file_ids:
        raise ValueError("there are no files to upload; for files that are uploaded already there is create_and_poll")
    if len(wanted) + len(file_ids) > MOST_FILES:
        raise ValueError(f"a file batch takes at most {MOST_FILES} files; vector_stores.upload_files takes any number")
    entries = [BulkFile(source.name) for source in wanted]
    yield Together(_uploads(core, operations, wanted, entries, options), max_concurrency)
    file_ids += [entry.file_id for entry in entries if entry.file_id is not None]
    if not file_ids:
        raise BulkUploadError(entries)
    failed = any(entry.status == "failed" for entry in entries)
    call: Call[Any] = replace(create, body={**(create.body or {}), "file_ids": file_ids})
    try:
        batch: VectorStoreFileBatch = yield from fetch(core, call, options, "id")
        path = {**create.path, "batch_id": batch.id}
        look: Call[Any] = Call(operations.retrieve_batch, path, into=create.into)
        batch = yield from wait_for_batch(core, batch, look, operations.cancel_batch, wait, options)
        if failed:
            members = Members(core, create.path["vector_store_id"], operations, options_of_a_look(options))
            yield from members.look_at_batch(batch, [entry for entry in entries if entry.file_id is not None])
    except (APIError, WaitTimeoutError) as error:
        error.add_note(f"Uploaded before: {', '.join(file_ids)}")
        if failed:
            error.add_note(str(BulkUploadError(entries)))
        raise
    if failed:
        raise BulkUploadError(entries, batch=batch)
    return batch


def _uploads(
    core: Core, operations: BulkOperations, wanted: list[Source], entries: list[BulkFile], options: RequestOptions
) -> Iterator[Flow[None]]:
    key = options.get("idempotency_key")
    for place, (source, entry) in enumerate(zip(wanted, entries, strict=True)):
        own: Any = {**options, "idempotency_key": f"{key}-{place}"} if key else options
        yield _upload(core, operations.upload, source, entry, own)


def _upload(core: Core, upload: Operation, source: Source, entry: BulkFile, options: RequestOptions) -> Flow[None]:
    try:
        entry.file_id = (yield from send_file(core, upload, source.file, options)).id
    except Exception as error:
        fail(entry, error)
