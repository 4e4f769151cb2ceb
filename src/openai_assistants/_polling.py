"""Waiting for runs and for uploaded files. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Collection

from ._calls import Call, Operation
from ._exchange import begun, fetch
from ._flow import Flow
from ._progress import FINAL_STATUSES
from ._waiting import (
    Wait as Wait,
    Work,
    first_look,
    has_status as has_status,
    look_until_over,
    name_of,
    wait_until_over,
)

if TYPE_CHECKING:
    from ._core import Core
    from ._options import RequestOptions

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
    run = yield from fetch(core, start, options, "id", "thread_id")
    path = {"thread_id": run.thread_id, "run_id": run.id}
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


def name_of_run(run: Any) -> str:
    """What to call a run in messages."""
    return f"run {name_of(run)} of thread {name_of(run, 'thread_id')}"


UPLOADED_FILE = Work(
    lambda file: f"file {name_of(file)}",
    frozenset({"uploaded", "pending", "running"}),
    lambda file: has_status(file, {"processed", "error", "deleted"}),
)


def wait_for_file(
    core: Core, retrieve: Call[Any], poll_interval: float, max_wait_seconds: float, options: RequestOptions
) -> Flow[Any]:
    """Wait until an uploaded file is processed."""
    if poll_interval <= 0:
        raise ValueError(f"poll_interval must be above 0, not {poll_interval}")
    wait = Wait(poll_interval * 1000, max_wait_seconds)
    options = begun(options)
    file = yield from first_look(core, retrieve, wait, options)
    return (yield from wait_until_over(core, file, retrieve, None, UPLOADED_FILE, wait, options))
