"""Uploads of several requests: a large file in parts, and many files as one file batch. No network I/O."""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any, Iterable, Iterator, cast

from ._basics import Omit, is_collection
from ._bulk_files import BulkFile, BulkOperations, Members, Source, fail, sources
from ._bulk_upload import check_concurrency
from ._errors import APIError, APIStatusError, BulkUploadError, OpenAIError, WaitTimeoutError
from ._exchange import begun, fetch, options_of_a_look
from ._files import BytesContent, Content, OpenFile, Section, digest, in_thread
from ._flow import Done, Flow, Together
from ._polling import INTERRUPTED_SECONDS, send_file, wait_for_batch
from ._requests import Call, Operation
from ._urls import fill_path

if TYPE_CHECKING:
    from ._files import FileTypes
    from ._polling import Wait
    from ._requests import Core, RequestOptions
    from .types.uploads import Upload
    from .types.vector_stores import VectorStoreFileBatch

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
