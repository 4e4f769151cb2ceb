"""Uploading files as one file batch. No I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Iterable, Iterator

from ._bulk import BulkFile
from ._bulk_members import BulkOperations, Members, fail
from ._bulk_sources import Source, sources
from ._bulk_upload import check_concurrency
from ._calls import Call, Operation
from ._errors import APIError, BulkUploadError, WaitTimeoutError
from ._exchange import begun, fetch, options_of_a_look
from ._file_waits import send_file, wait_for_batch
from ._flow import Flow, Together
from ._guards import is_collection
from ._urls import fill_path

if TYPE_CHECKING:
    from ._core import Core
    from ._files import FileTypes
    from ._options import RequestOptions
    from ._waiting import Wait
    from .types.file_batches import VectorStoreFileBatch

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
