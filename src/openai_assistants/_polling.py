"""Waiting for work at the server: ask how it stands, sleep, until it is over or the deadline passes. No I/O."""

from __future__ import annotations

import email.utils
import math
import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Mapping

from ._calls import Call, Operation
from ._errors import APIStatusError, WaitTimeoutError
from ._events import FINAL_STATUSES
from ._exchange import fetch
from ._flow import Flow, Sleep
from ._logs import logger
from ._models import BaseModel
from ._omit import Omit, omit

if TYPE_CHECKING:
    from ._core import Core
    from ._options import RequestOptions

DEFAULT_INTERVAL = 1.0
"""Seconds between two looks, unless the program or the server says otherwise."""
DEFAULT_WAIT = 30 * 60.0
"""Longest wait in seconds where nothing says when the work expires."""
GRACE = 60.0
"""Seconds that a run may take to be seen as expired after `expires_at`."""

WAITING_STATUSES = frozenset({"queued", "in_progress", "cancelling"})
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

    def __post_init__(self) -> None:
        if not isinstance(self.poll_interval_ms, Omit) and self.poll_interval_ms <= 0:
            raise ValueError(f"poll_interval_ms must be above 0, not {self.poll_interval_ms}")
        seconds = self.max_wait_seconds
        if not isinstance(seconds, Omit) and seconds is not None and (math.isnan(seconds) or seconds < 0):
            raise ValueError(f"max_wait_seconds must be 0 or more, or None to wait for ever, not {seconds}")
        if self.on_deadline not in ("raise", "cancel"):
            raise ValueError(f"on_deadline must be 'raise' or 'cancel', not {self.on_deadline!r}")

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
        return max(0.0, expires_at - _server_time(answer)) + GRACE


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
    return (
        yield from _poll_run(core, run, Call(operations.retrieve, path, into=start.into), operations, wait, options)
    )


def poll_run(
    core: Core, retrieve: Call[Any], operations: RunOperations, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    """Wait until a run is over or needs tool outputs."""
    run = yield from fetch(core, retrieve, options)
    return (yield from _poll_run(core, run, retrieve, operations, wait, options))


def _poll_run(
    core: Core, run: Any, retrieve: Call[Any], operations: RunOperations, wait: Wait, options: RequestOptions
) -> Flow[Any]:
    options = _for_each_look(options)
    limit = wait.limit(run)
    deadline = None if limit is None else time.monotonic() + limit
    warned = False
    while not is_over(run):
        if not warned and not (isinstance(run.status, str) and run.status in WAITING_STATUSES):
            warned = True
            logger.warning("run %s has the unknown status %r; waiting on", run.id, run.status)
        pause = wait.interval(run)
        if deadline is not None and time.monotonic() + pause > deadline:
            last_look = max(0.0, deadline - time.monotonic())
            yield Sleep(last_look)
            run = yield from fetch(core, retrieve, options)
            if is_over(run):
                break
            message = f"Run {run.id} of thread {run.thread_id} was still {run.status!r} after {limit:g} s."
            if wait.on_deadline == "cancel":
                run = yield from _cancel(core, run, replace(retrieve, operation=operations.cancel), options)
                message += f" It was asked to stop and is {run.status!r} now."
            raise WaitTimeoutError(message, last=run)
        yield Sleep(pause)
        run = yield from fetch(core, retrieve, options)
    return run


def is_over(run: Any) -> bool:
    """Whether a run has ended or needs tool outputs. A status that is no string is unknown, like any other new one."""
    return isinstance(run.status, str) and run.status in POLL_ENDS_WITH


def _cancel(core: Core, run: Any, cancel: Call[Any], options: RequestOptions) -> Flow[Any]:
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
    options = _for_each_look(options)
    while True:
        file = yield from fetch(core, retrieve, options)
        if file.status in ("processed", "error", "deleted"):
            return file
        if time.monotonic() + poll_interval > deadline:
            raise WaitTimeoutError(f"File {file.id} was still {file.status!r} after {max_wait_seconds:g} s.", last=file)
        yield Sleep(poll_interval)


def _for_each_look(options: RequestOptions) -> RequestOptions:
    """Options of the later requests of a wait: what was meant for the first request only is left out."""
    kept: dict[str, Any] = {k: v for k, v in options.items() if k not in ("idempotency_key", "extra_body")}
    return kept  # type: ignore[return-value]


def _server_time(answer: BaseModel) -> float:
    """What time it is at the server, so that a wrong clock here does not matter."""
    headers: Mapping[str, str] = answer.response_record.headers if answer.response_record is not None else {}
    try:
        return email.utils.parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (TypeError, ValueError):
        return time.time()
