"""Waiting for work at the server: ask how it stands, sleep, until it is over or the deadline passes. No I/O."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Collection, Literal

from ._calls import Call, Operation
from ._clock import server_time
from ._errors import APIStatusError, WaitTimeoutError
from ._exchange import fetch, options_of_a_look
from ._flow import Flow, Sleep
from ._logs import logger
from ._models import BaseModel
from ._omit import Omit, omit
from ._progress import FINAL_STATUSES

if TYPE_CHECKING:
    from ._core import Core
    from ._options import RequestOptions

DEFAULT_INTERVAL = 1.0
"""Seconds between two looks, unless the program or the server says otherwise."""
DEFAULT_WAIT = 30 * 60.0
"""Longest wait in seconds where nothing says when the work expires."""
INTERRUPTED_SECONDS = 10.0
"""How long cancelling a run may hold up an interrupted program."""
GRACE = 60.0
"""Seconds that a run may take to be seen as expired after `expires_at`."""

WAITING_STATUSES = frozenset({"queued", "in_progress", "cancelling", "requires_action"})
POLL_ENDS_WITH = FINAL_STATUSES | {"requires_action"}


_HINT = re.compile(r"0*[1-9][0-9]{0,5}", re.ASCII)
"""A server's hint in milliseconds, up to 1000 seconds; anything else is no hint."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How to wait."""

    poll_interval_ms: int | Omit = omit
    """Milliseconds between two looks; unless given, what the server hints at, else 1000."""
    max_wait_seconds: float | Omit | None = omit
    """Longest wait; `None` waits for ever; unless given, until the run expires plus a minute, else 30 minutes."""
    on_deadline: Literal["raise", "cancel"] = "raise"
    """What to do with the run when the time is up: leave it or cancel it; `WaitTimeoutError` is raised either way."""
    on_interrupt: Literal["leave", "cancel"] = "leave"
    """What to do with the run when the wait is interrupted."""

    def __post_init__(self) -> None:
        if not isinstance(self.poll_interval_ms, Omit) and self.poll_interval_ms <= 0:
            raise ValueError(f"poll_interval_ms must be above 0, not {self.poll_interval_ms}")
        seconds = self.max_wait_seconds
        if not isinstance(seconds, Omit) and seconds is not None and (math.isnan(seconds) or seconds < 0):
            raise ValueError(f"max_wait_seconds must be 0 or more, or None to wait for ever, not {seconds}")
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
        if not isinstance(expires_at, int):
            return DEFAULT_WAIT
        return (
            max(0.0, expires_at - server_time(answer.response_record.headers if answer.response_record else {})) + GRACE
        )


@dataclass(frozen=True, slots=True)
class RunOperations:
    """The operations of one version of the API that waiting for a run needs."""

    retrieve: Operation
    cancel: Operation


def start_and_poll(
    core: Core, start: Call[Any], operations: RunOperations, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    """Start or continue a run and wait until it is over or needs tool outputs."""
    run = yield from fetch(core, start, options)
    path = {"thread_id": run.thread_id, "run_id": run.id}
    retrieve: Call[Any] = Call(operations.retrieve, path, into=start.into)
    return (yield from _wait_for_run(core, run, retrieve, operations, wait, options))


def poll_run(
    core: Core, retrieve: Call[Any], operations: RunOperations, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    """Wait until a run is over or needs tool outputs."""
    run = yield from fetch(core, retrieve, options)
    return (yield from _wait_for_run(core, run, retrieve, operations, wait, options))


def _wait_for_run(
    core: Core, run: Any, retrieve: Call[Any], operations: RunOperations, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    options = options_of_a_look(options)
    cancel = replace(retrieve, operation=operations.cancel)
    try:
        return (yield from poll_until(core, run, retrieve, POLL_ENDS_WITH, wait, options))
    except WaitTimeoutError as error:
        if wait.on_deadline == "raise":
            raise
        last = yield from cancel_run(core, error.last, cancel, options)
        raise WaitTimeoutError(f"{error} It was asked to stop and is {last.status!r} now.", last=last) from None
    except (Exception, GeneratorExit):
        raise
    except BaseException:  # Ctrl-C, or the task was cancelled
        if wait.on_interrupt == "cancel":
            yield from cancel_run(core, run, cancel, {**options, "deadline": INTERRUPTED_SECONDS})
        raise


def poll_until(
    core: Core, run: Any, retrieve: Call[Any], ends: Collection[str], wait: Wait, options: RequestOptions
) -> Flow[Any]:
    """Look at a run until its status is one of `ends`; `run` is how it was seen last.

    Raises:
        WaitTimeoutError: The time was up.
    """
    limit = wait.limit(run)
    deadline = None if limit is None else time.monotonic() + limit
    warned = False
    while not has_status(run, ends):
        if not warned and not (isinstance(run.status, str) and run.status in WAITING_STATUSES):
            warned = True
            logger.warning("run %s has the unknown status %r; waiting on", run.id, run.status)
        pause = wait.interval(run)
        if deadline is not None and time.monotonic() + pause > deadline:
            yield Sleep(max(0.0, deadline - time.monotonic()))
            run = yield from fetch(core, retrieve, options)
            if has_status(run, ends):
                break
            message = f"Run {run.id} of thread {run.thread_id} was still {run.status!r} after {limit:g} s."
            raise WaitTimeoutError(message, last=run)
        yield Sleep(pause)
        run = yield from fetch(core, retrieve, options)
    return run


def has_status(run: Any, statuses: Collection[str]) -> bool:
    """Whether a run has one of these statuses. A status that is no string is unknown, like any other new one."""
    return isinstance(run.status, str) and run.status in statuses


def cancel_run(core: Core, run: Any, cancel: Call[Any], options: RequestOptions) -> Flow[Any]:
    """Cancel a run; one that ended meanwhile stays as it is."""
    try:
        return (yield from fetch(core, cancel, options))
    except APIStatusError as error:
        logger.warning("run %s could not be cancelled: %s", run.id, error)
        return run


def wait_for_file(
    core: Core, retrieve: Call[Any], poll_interval: float, max_wait_seconds: float, options: RequestOptions
) -> Flow[Any]:
    """Wait until an uploaded file is processed."""
    deadline = time.monotonic() + max_wait_seconds
    options = options_of_a_look(options)
    while True:
        file = yield from fetch(core, retrieve, options)
        if file.status in ("processed", "error", "deleted"):
            return file
        if time.monotonic() + poll_interval > deadline:
            raise WaitTimeoutError(f"File {file.id} was still {file.status!r} after {max_wait_seconds:g} s.", last=file)
        yield Sleep(poll_interval)
