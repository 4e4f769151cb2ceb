"""Waiting for work at the server: ask how it stands, sleep, until it is over or the deadline passes. No I/O."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Collection, Literal

from ._calls import Call
from ._clock import server_time
from ._errors import APIError, APITimeoutError, WaitTimeoutError
from ._exchange import Begun, deadline_of, fetch, options_of_a_look
from ._flow import Flow, Sleep
from ._logs import logger
from ._models import LATEST_SECOND, BaseModel
from ._omit import Omit, omit
from ._text import one_line

if TYPE_CHECKING:
    from ._core import Core
    from ._options import RequestOptions

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
        if not isinstance(expires_at, int) or abs(expires_at) > LATEST_SECOND:
            return DEFAULT_WAIT
        record = answer.response_record
        left = expires_at - server_time({} if record is None else record.headers)
        return min(max(0.0, left) + GRACE, LONGEST_WAIT)


def status_of(seen: Any) -> str:
    """The status of work, for messages."""
    status = getattr(seen, "status", None)  # an object of a class that we do not know may lack it
    return one_line(repr(str(status) if isinstance(status, str) else status), SHOWN)


def name_of(seen: Any, field: str = "id") -> str:
    """The id of work, for messages, whatever the server sent in its place."""
    return one_line(str(getattr(seen, field, None)), SHOWN)


@dataclass(frozen=True, slots=True)
class Work:
    """What is waited for."""

    name: Callable[[Any], str]
    """What to call it in messages, such as "run run_1"."""
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
        last = yield from cancel_work(core, error.last, cancel, work.name(seen), options)
        raise WaitTimeoutError(f"{error} It was asked to stop and is {work.state(last)} now.", last=last) from None
    except (Exception, GeneratorExit):
        raise
    except BaseException:  # Ctrl-C, or the task was cancelled
        if wait.on_interrupt == "cancel" and cancel is not None:
            yield from cancel_work(core, seen, cancel, work.name(seen), {**options, "deadline": INTERRUPTED_SECONDS})
        raise


def first_look(core: Core, retrieve: Call[Any], wait: Wait, options: RequestOptions) -> Flow[Any]:
    """Look at work for the first time, no longer than the wait may take.

    Raises:
        APITimeoutError: The time was up.
    """
    limit = DEFAULT_WAIT if isinstance(wait.max_wait_seconds, Omit) else wait.max_wait_seconds
    if limit is not None and "deadline" not in options:
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
            logger.warning("%s has the unknown status %s; waiting on", work.name(seen), work.state(seen))
        pause = wait.interval(seen)
        if deadline is not None and time.monotonic() + pause > deadline:
            yield Sleep(max(0.0, deadline - time.monotonic()))
            seen = yield from _look(core, seen, retrieve, work, options, limit, deadline)
            if work.is_over(seen):
                break
            raise _late(seen, work, limit)
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
        raise _late(seen, work, limit) from error


def _late(seen: Any, work: Work, limit: float | None) -> WaitTimeoutError:
    name = work.name(seen)
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
        logger.warning("%s could not be cancelled: %s", name, error)
        return seen
