"""Files and file batches of vector stores: uploading, putting in, and waiting until they are processed. No I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ._calls import Call, Operation
from ._errors import APIError
from ._exchange import begun, fetch
from ._flow import Flow
from ._urls import fill_path
from ._waiting import Wait, Work, first_look, has_status, name_of, status_of, wait_until_over

if TYPE_CHECKING:
    from ._core import Core
    from ._files import FileTypes
    from ._options import RequestOptions
    from .types.files import FileObject

FINAL_STATUSES = frozenset({"completed", "failed", "cancelled"})


# ---- one file ----


def start_file(core: Core, create: Call[Any], retrieve: Operation, wait: Wait, options: RequestOptions) -> Flow[Any]:
    """Put an uploaded file into a vector store, and wait until it is processed."""
    _check(wait)
    options = begun(options)
    file = yield from fetch(core, create, options, "id")
    return (yield from _wait_for_file(core, file, create, retrieve, wait, options))


def poll_file(core: Core, retrieve: Call[Any], wait: Wait, options: RequestOptions) -> Flow[Any]:
    """Wait until a file of a vector store is processed."""
    _check(wait)
    options = begun(options)
    file = yield from first_look(core, retrieve, wait, options)
    return (yield from wait_until_over(core, file, retrieve, None, FILE, wait, options))


def upload_file(
    core: Core, upload: Operation, file: FileTypes, create: Call[Any], options: RequestOptions
) -> Flow[Any]:
    """Upload a file and put it into a vector store. `create` lacks the id of the file."""
    fill_path(create.operation.path, create.path)  # refuses an empty one before anything is uploaded
    options = begun(options)
    uploaded = yield from send_file(core, upload, file, options)
    return (yield from _put_in(core, uploaded, create, options))


def upload_file_and_poll(
    core: Core,
    upload: Operation,
    file: FileTypes,
    create: Call[Any],
    retrieve: Operation,
    wait: Wait,
    options: RequestOptions,
) -> Flow[Any]:
    """Upload a file, put it into a vector store, and wait until it is processed. `create` lacks the id of the file."""
    _check(wait)
    options = begun(options)
    member = yield from upload_file(core, upload, file, create, options)
    return (yield from _wait_for_file(core, member, create, retrieve, wait, options))


def send_file(core: Core, upload: Operation, file: FileTypes, options: RequestOptions) -> Flow[FileObject]:
    """Upload a file for vector stores. `options` are those of a helper that makes further requests."""
    from .types.files import FileObject

    own: Any = {name: value for name, value in options.items() if name != "extra_body"}
    call: Call[FileObject] = Call(upload, body={"file": file, "purpose": "assistants"}, into=FileObject)
    return (yield from fetch(core, call, own, "id"))


def _put_in(core: Core, uploaded: FileObject, create: Call[Any], options: RequestOptions) -> Flow[Any]:
    call: Call[Any] = replace(create, body={**(create.body or {}), "file_id": uploaded.id})
    try:
        return (yield from fetch(core, call, second_request(options), "id"))
    except APIError as error:
        error.add_note(f"The file was uploaded before: it is {uploaded.id}, and in no vector store.")
        raise


def second_request(options: RequestOptions) -> RequestOptions:
    """Options of another POST on behalf of the same call: its idempotency key is another, but always the same."""
    key = options.get("idempotency_key")
    return {**options, "idempotency_key": f"{key}-2"} if key else options


def _wait_for_file(
    core: Core, file: Any, create: Call[Any], retrieve: Operation, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    look: Call[Any] = Call(retrieve, {**create.path, "file_id": file.id}, into=create.into)
    return (yield from wait_until_over(core, file, look, None, FILE, wait, options))


def _check(wait: Wait) -> None:
    if wait.on_deadline == "cancel":
        raise ValueError("on_deadline must be 'raise': the server cannot cancel one file, only a file batch")


def _name_of_file(file: Any) -> str:
    return f"file {name_of(file)} of vector store {name_of(file, 'vector_store_id')}"


FILE = Work(_name_of_file, frozenset({"in_progress"}), lambda file: has_status(file, FINAL_STATUSES))


# ---- a batch ----


def start_batch(
    core: Core, create: Call[Any], retrieve: Operation, cancel: Operation, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    """Put many uploaded files into a vector store, and wait until they are processed."""
    options = begun(options)
    batch = yield from fetch(core, create, options, "id")
    look: Call[Any] = Call(retrieve, {**create.path, "batch_id": batch.id}, into=create.into)
    return (yield from wait_for_batch(core, batch, look, cancel, wait, options))


def poll_batch(core: Core, retrieve: Call[Any], cancel: Operation, wait: Wait, options: RequestOptions) -> Flow[Any]:
    """Wait until the files of a batch are processed."""
    options = begun(options)
    batch = yield from first_look(core, retrieve, wait, options)
    return (yield from wait_for_batch(core, batch, retrieve, cancel, wait, options))


def wait_for_batch(
    core: Core, batch: Any, retrieve: Call[Any], cancel: Operation, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    """Wait for a batch, which has been seen already."""
    call: Call[Any] = replace(retrieve, operation=cancel)
    return (yield from wait_until_over(core, batch, retrieve, call, BATCH, wait, options))


def file_count(batch: Any) -> int | None:
    """How many files the server says that a batch has; None if it does not say."""
    counts: object = getattr(batch, "file_counts", None)
    numbers = [getattr(counts, name, None) for name in ("in_progress", "completed", "failed", "cancelled", "total")]
    known = [number for number in numbers if isinstance(number, int)]
    return max(known[-1], sum(known[:-1])) if known else None


def _is_over(batch: Any) -> bool:
    """Whether a batch is finished. One without files is not, whatever its status says: the server has not begun."""
    return has_status(batch, FINAL_STATUSES) and file_count(batch) != 0


def _name_of_batch(batch: Any) -> str:
    return f"file batch {name_of(batch)} of vector store {name_of(batch, 'vector_store_id')}"


def _state_of_batch(batch: Any) -> str:
    return status_of(batch) + (" without any files" if file_count(batch) == 0 else "")


BATCH = Work(_name_of_batch, FINAL_STATUSES | {"in_progress", "cancelling"}, _is_over, _state_of_batch)
