"""Waiting for work at the server, runs, files and file batches: ask how it stands, sleep, until it is over or the
deadline passes. No I/O."""

from __future__ import annotations

import logging
import math
import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Callable, Collection, Literal, Mapping

from ._basics import Omit, omit, one_line, require_number
from ._errors import APIError, APITimeoutError, BadRequestError, ConflictError, WaitTimeoutError, of_this_library
from ._events import FINAL_STATUSES
from ._exchange import Begun, begun, deadline_of, fetch, options_of_a_look
from ._flow import Flow, Sleep
from ._http import fill_path, is_id, server_time
from ._logs import logger
from ._models import LATEST_SECOND, BaseModel
from ._requests import Call, Operation

if TYPE_CHECKING:
    from ._files import FileTypes
    from ._requests import Core, RequestOptions
    from .types.files import FileObject

__tracebackhide__ = of_this_library

# Waiting for work at the server: ask how it stands, sleep, until it is over or the deadline passes. No I/O.

DEFAULT_INTERVAL = 1.0
"""Seconds between two looks, unless the program or the server says otherwise."""
DEFAULT_WAIT = 30 * 60.0
"""Longest wait in seconds where nothing says when the work expires."""
INTERRUPTED_SECONDS = 10.0
"""How long cancelling the work may hold up an interrupted program."""
LAST_LOOK_SECONDS = 5.0
"""How long the look at the deadline may take, and the first one at least."""
LONGEST_WAIT = 24 * 3600.0
"""Longest wait in seconds whatever the server says of when the work expires; runs do so after minutes."""
GRACE = 60.0
"""Seconds that work may take to be seen as expired after `expires_at`."""

SHOWN = 200
"""Characters of what a server sent."""

_ENDED = re.compile(rf"\b(status|already|is)\W+({'|'.join(FINAL_STATUSES)})\b")
"""What servers say of work that is over."""

_HINT = re.compile(r"0*[1-9][0-9]{0,5}", re.ASCII)
"""A server's hint in milliseconds, up to 1000 seconds; anything else is no hint."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How to wait."""

    poll_interval_ms: float | Omit = omit
    """Milliseconds between two looks; unless given, what the server hints at, else 1000."""
    max_wait_seconds: float | Omit | None = omit
    """Longest wait; `None` waits for ever; unless given, until the work expires plus a minute, else 30 minutes."""
    on_deadline: Literal["raise", "cancel"] = "raise"
    """What to do with the work when the time is up: leave it or cancel it; `WaitTimeoutError` is raised either way."""
    on_interrupt: Literal["leave", "cancel"] = "leave"
    """What to do with the work when the wait is interrupted."""

    def __post_init__(self) -> None:
        if not isinstance(self.poll_interval_ms, Omit):
            require_number("poll_interval_ms", self.poll_interval_ms, "a number of milliseconds above 0", above=True)
        if not isinstance(self.max_wait_seconds, Omit) and self.max_wait_seconds is not None:
            takes = "a number of seconds, 0 or more, or None to wait for ever"
            require_number("max_wait_seconds", self.max_wait_seconds, takes)
        if self.on_deadline not in ("raise", "cancel"):
            raise ValueError(f"on_deadline must be 'raise' or 'cancel', not {self.on_deadline!r}")
        if self.on_interrupt not in ("leave", "cancel"):
            raise ValueError(f"on_interrupt must be 'leave' or 'cancel', not {self.on_interrupt!r}")

    def interval(self, answer: BaseModel) -> float:
        """Seconds until the next look."""
        if not isinstance(self.poll_interval_ms, Omit):
            return self.poll_interval_ms / 1000
        record = answer.response_record
        hint = record.headers.get("openai-poll-after-ms", "") if record is not None else ""
        return int(hint) / 1000 if _HINT.fullmatch(hint) else DEFAULT_INTERVAL

    def limit(self, answer: BaseModel) -> float | None:
        """Seconds that the wait may take, counted from now; None for ever."""
        if not isinstance(self.max_wait_seconds, Omit):
            return self.max_wait_seconds
        expires_at = getattr(answer, "expires_at", None)
        if not isinstance(expires_at, int) or abs(expires_at) > LATEST_SECOND:
            return DEFAULT_WAIT
        record = answer.response_record
        left = expires_at - server_time({} if record is None else record.headers)
        return min(max(0.0, left) + GRACE, LONGEST_WAIT)


def status_of(seen: Any) -> str:
    """The status of work, for messages."""
    status = getattr(seen, "status", None)  # an object of a class that we do not know may lack it
    return one_line(repr(str(status) if isinstance(status, str) else status), SHOWN)


@dataclass(frozen=True, slots=True)
class Work:
    """What is waited for."""

    name: Callable[[Mapping[str, Any]], str]
    """What to call it in messages, such as "run run_1", by the ids that it is asked for with: what a server answers may
    lack them."""
    waiting: Collection[str]
    """Statuses that are known and do not end it; any other is waited for too, with a warning."""
    is_over: Callable[[Any], bool]
    state: Callable[[Any], str] = status_of
    """How it stands, for messages."""


def wait_until_over(
    core: Core,
    seen: Any,
    retrieve: Call[Any],
    cancel: Call[Any] | None,
    work: Work,
    wait: Wait,
    options: RequestOptions,
) -> Flow[Any]:
    """Look at work until it is over, then return it; cancel it, if that is wished, when it takes too long.

    Raises:
        WaitTimeoutError: The time was up.
    """
    options = options_of_a_look(options)
    try:
        return (yield from look_until_over(core, seen, retrieve, work, wait, options))
    except WaitTimeoutError as error:
        if wait.on_deadline == "raise" or cancel is None:
            raise
        options = {**options, "deadline": INTERRUPTED_SECONDS}
        last = yield from cancel_work(core, error.last, cancel, work.name(cancel.path), options)
        raise WaitTimeoutError(f"{error} It was asked to stop and is {work.state(last)} now.", last=last) from None
    except (Exception, GeneratorExit):
        raise
    except BaseException:  # Ctrl-C, or the task was cancelled
        if wait.on_interrupt == "cancel" and cancel is not None:
            options = {**options, "deadline": INTERRUPTED_SECONDS}
            yield from cancel_work(core, seen, cancel, work.name(cancel.path), options)
        raise


def first_look(core: Core, retrieve: Call[Any], wait: Wait, options: RequestOptions) -> Flow[Any]:
    """Look at work for the first time, no longer than the wait may take.

    Raises:
        APITimeoutError: The time was up.
    """
    limit = DEFAULT_WAIT if isinstance(wait.max_wait_seconds, Omit) else wait.max_wait_seconds
    if limit is not None and deadline_of(options) is None:
        options = {**options, "deadline": max(limit, LAST_LOOK_SECONDS)}
    return (yield from fetch(core, retrieve, options))


def look_until_over(
    core: Core, seen: Any, retrieve: Call[Any], work: Work, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    """Look at work until it is over; `seen` is how it was seen last.

    Raises:
        WaitTimeoutError: The time was up.
    """
    own = deadline_of(options)
    limit = wait.limit(seen)
    if own is not None:
        limit = min(max(0.0, own - time.monotonic()), math.inf if limit is None else limit)
    deadline = None if limit is None else time.monotonic() + limit
    warned = False
    while not work.is_over(seen):
        if not warned and not has_status(seen, work.waiting):
            warned = True
            logger.warning("%s has the unknown status %s; waiting on", work.name(retrieve.path), work.state(seen))
        pause = wait.interval(seen)
        if deadline is not None and time.monotonic() + pause > deadline:
            yield Sleep(max(0.0, deadline - time.monotonic()))
            seen = yield from _look(core, seen, retrieve, work, options, limit, deadline)
            if work.is_over(seen):
                break
            raise _late(seen, work.name(retrieve.path), work, limit)
        yield Sleep(pause)
        seen = yield from _look(core, seen, retrieve, work, options, limit, deadline)
    return seen


def _look(
    core: Core,
    seen: Any,
    retrieve: Call[Any],
    work: Work,
    options: RequestOptions,
    limit: float | None,
    deadline: float | None,
) -> Flow[Any]:
    """Look once, no longer than the wait may take."""
    if deadline is None:
        return (yield from fetch(core, retrieve, options))
    own = deadline_of(options)
    latest = max(deadline, time.monotonic() + LAST_LOOK_SECONDS)
    if own is not None:
        latest = min(own, latest)
    try:
        left = latest - time.monotonic()
        return (yield from fetch(core, retrieve, {**options, "deadline": Begun(left, latest)}))
    except APITimeoutError as error:
        if time.monotonic() < deadline:
            raise
        raise _late(seen, work.name(retrieve.path), work, limit) from error


def _late(seen: Any, name: str, work: Work, limit: float | None) -> WaitTimeoutError:
    return WaitTimeoutError(f"{name[:1].upper()}{name[1:]} was still {work.state(seen)} after {limit:g} s.", last=seen)


def has_status(seen: Any, statuses: Collection[str]) -> bool:
    """Whether work has one of these statuses. A status that is no string is unknown, like any other new one."""
    status = getattr(seen, "status", None)
    return isinstance(status, str) and status in statuses


def cancel_work(core: Core, seen: Any, cancel: Call[Any], name: str, options: RequestOptions) -> Flow[Any]:
    """Cancel work; what ended meanwhile stays as it is, and so does what cannot be cancelled."""
    try:
        return (yield from fetch(core, cancel, options))
    except APIError as error:
        log_refusal(name, error)
        return seen


def log_refusal(name: str, error: Exception) -> None:
    """Tell that work could not be cancelled; that it had ended meanwhile is nothing to warn of."""
    ended = isinstance(error, (BadRequestError, ConflictError)) and _ENDED.search(error.message)
    logger.log(logging.DEBUG if ended else logging.WARNING, "%s could not be cancelled: %s", name, error)


# Waiting for runs and for uploaded files. No I/O.

WAITING_STATUSES = frozenset({"queued", "in_progress", "cancelling", "requires_action"})
POLL_ENDS_WITH = FINAL_STATUSES | {"requires_action"}


@dataclass(frozen=True, slots=True)
class RunOperations:
    """The operations of one version of the API that waiting for a run needs."""

    retrieve: Operation
    cancel: Operation


def start_and_poll(
    core: Core, start: Call[Any], operations: RunOperations, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    """Start or continue a run and wait until it is over or needs tool outputs."""
    options = begun(options)
    own = start.path.get("thread_id")
    continued = start.path.get("run_id")
    needed = [name for name, known in (("id", continued), ("thread_id", own)) if known is None]
    run = yield from fetch(core, start, options, *needed)
    path = {"thread_id": own or run.thread_id, "run_id": continued or run.id}
    retrieve: Call[Any] = Call(operations.retrieve, path, into=start.into)
    return (yield from _wait_for_run(core, run, retrieve, operations, wait, options))


def poll_run(
    core: Core, retrieve: Call[Any], operations: RunOperations, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    """Wait until a run is over or needs tool outputs."""
    options = begun(options)
    run = yield from first_look(core, retrieve, wait, options)
    return (yield from _wait_for_run(core, run, retrieve, operations, wait, options))


def _wait_for_run(
    core: Core, run: Any, retrieve: Call[Any], operations: RunOperations, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    cancel = replace(retrieve, operation=operations.cancel)
    return (yield from wait_until_over(core, run, retrieve, cancel, _run_until(POLL_ENDS_WITH), wait, options))


def poll_until(
    core: Core, run: Any, retrieve: Call[Any], ends: Collection[str], wait: Wait, options: RequestOptions
) -> Flow[Any]:
    """Look at a run until its status is one of `ends`; `run` is how it was seen last.

    Raises:
        WaitTimeoutError: The time was up.
    """
    return (yield from look_until_over(core, run, retrieve, _run_until(ends), wait, options))


def _run_until(ends: Collection[str]) -> Work:
    return Work(name_of_run, WAITING_STATUSES, lambda run: has_status(run, ends))


def name_of_run(path: Mapping[str, Any]) -> str:
    """What to call a run in messages."""
    return _named("run {run_id} of thread {thread_id}", path)


def _named(form: str, path: Mapping[str, Any]) -> str:
    return one_line(form.format_map(path), SHOWN)


UPLOADED_FILE = Work(
    lambda path: _named("file {file_id}", path),
    frozenset({"uploaded", "pending", "running"}),
    lambda file: has_status(file, {"processed", "error", "deleted"}),
)


def wait_for_file(
    core: Core, retrieve: Call[Any], poll_interval: float, max_wait_seconds: float, options: RequestOptions
) -> Flow[Any]:
    """Wait until an uploaded file is processed."""
    require_number("poll_interval", poll_interval, "a number of seconds above 0", above=True)
    wait = Wait(poll_interval * 1000, max_wait_seconds)
    options = begun(options)
    file = yield from first_look(core, retrieve, wait, options)
    return (yield from wait_until_over(core, file, retrieve, None, UPLOADED_FILE, wait, options))


# Files and file batches of vector stores: uploading, putting in, and waiting until they are processed. No I/O.

FILE_FINAL_STATUSES = frozenset({"completed", "failed", "cancelled"})


# ---- one file ----


def start_file(core: Core, create: Call[Any], retrieve: Operation, wait: Wait, options: RequestOptions) -> Flow[Any]:
    """Put an uploaded file into a vector store, and wait until it is processed."""
    _check(wait)
    options = begun(options)
    file = yield from fetch(core, create, options)
    return (yield from _wait_for_file(core, file, (create.body or {}).get("file_id"), create, retrieve, wait, options))


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
    _, member = yield from _upload_into(core, upload, file, create, begun(options))
    return member


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
    file_id, member = yield from _upload_into(core, upload, file, create, options)
    return (yield from _wait_for_file(core, member, file_id, create, retrieve, wait, options))


def _upload_into(
    core: Core, upload: Operation, file: FileTypes, create: Call[Any], options: RequestOptions
) -> Flow[tuple[str, Any]]:
    """Id of the uploaded file, and the file in the vector store."""
    fill_path(create.operation.path, create.path)  # refuses an empty one before anything is uploaded
    uploaded = yield from send_file(core, upload, file, options)
    return uploaded.id, (yield from _put_in(core, uploaded, create, options))


def send_file(core: Core, upload: Operation, file: FileTypes, options: RequestOptions) -> Flow[FileObject]:
    """Upload a file for vector stores. `options` are those of a helper that makes further requests."""
    from .types.files import FileObject

    own: Any = {name: value for name, value in options.items() if name != "extra_body"}
    call: Call[FileObject] = Call(upload, body={"file": file, "purpose": "assistants"}, into=FileObject)
    return (yield from fetch(core, call, own, "id"))


def _put_in(core: Core, uploaded: FileObject, create: Call[Any], options: RequestOptions) -> Flow[Any]:
    call: Call[Any] = replace(create, body={**(create.body or {}), "file_id": uploaded.id})
    try:
        return (yield from fetch(core, call, second_request(options)))
    except APIError as error:
        error.add_note(f"The file was uploaded before: it is {uploaded.id}, and in no vector store.")
        raise


def second_request(options: RequestOptions) -> RequestOptions:
    """Options of another POST on behalf of the same call: its idempotency key is another, but always the same."""
    key = options.get("idempotency_key")
    return {**options, "idempotency_key": f"{key}-2"} if key else options


def _wait_for_file(
    core: Core, file: Any, sent: Any, create: Call[Any], retrieve: Operation, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    """Wait for a file of which the id `sent` was put in; some servers accept it without an answer that names it."""
    look: Call[Any] = Call(retrieve, {**create.path, "file_id": file.id if is_id(file.id) else sent}, into=create.into)
    return (yield from wait_until_over(core, file, look, None, FILE, wait, options))


def _check(wait: Wait) -> None:
    if wait.on_deadline == "cancel":
        raise ValueError("on_deadline must be 'raise': the server cannot cancel one file, only a file batch")


FILE = Work(
    lambda path: _named("file {file_id} of vector store {vector_store_id}", path),
    frozenset({"in_progress"}),
    lambda file: has_status(file, FILE_FINAL_STATUSES),
)


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
    return has_status(batch, FILE_FINAL_STATUSES) and file_count(batch) != 0


def _state_of_batch(batch: Any) -> str:
    return status_of(batch) + (" without any files" if file_count(batch) == 0 else "")


BATCH = Work(
    lambda path: _named("file batch {batch_id} of vector store {vector_store_id}", path),
    FILE_FINAL_STATUSES | {"in_progress", "cancelling"},
    _is_over,
    _state_of_batch,
)
