"""What to do when the API refuses a call because a run is active on the thread: wait for it, or cancel it. No I/O."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ._calls import Call, Operation
from ._errors import ActiveRunError, APIStatusError, NotFoundError, NotSupportedByServerError
from ._exchange import exchange, fetch, options_of_a_look
from ._flow import Flow, remaining
from ._listing import items_in
from ._logs import logger
from ._models import UnknownVariant
from ._polling import Wait, has_status, name_of_run, poll_until
from ._progress import FINAL_STATUSES
from ._urls import is_id

if TYPE_CHECKING:
    from ._core import Core
    from ._options import RequestOptions

CHOICES = ("error", "wait", "cancel")

LISTED = 100
MAX_IN_VAIN = 3
"""How often in a row a server may speak of an active run and then have none to show."""

_RUN_IN_MESSAGE = re.compile(r"\brun (run_\w+|\S{12,}?)\.?(?:\s|$)")


def check_choice(on_active_run: str) -> None:
    """Refuse what is no choice, before anything is sent."""
    if on_active_run not in CHOICES:
        raise ValueError(f"on_active_run must be 'error', 'wait' or 'cancel', not {on_active_run!r}")


def clear_thread(
    core: Core, call: Call[Any], error: ActiveRunError, options: RequestOptions, deadline: float | None
) -> Flow[bool]:
    """Wait until no run is active on the thread of a call any more; `error` is the API's refusal. False if no run could
    be found that is active.

    Raises:
        WaitTimeoutError: The run is still active at the deadline of the call, or a minute beyond its `expires_at`.
        NotSupportedByServerError: The server cannot say how a run stands, or cannot cancel it.
    """
    wait = Wait() if deadline is None else Wait(max_wait_seconds=remaining(deadline))
    options = options_of_a_look(options, deadline)
    named, run = _named_run(error), None
    if named is not None:
        # Ids have any form, so what was taken for one may be none; and not every 404 says what is missing.
        with suppress(NotSupportedByServerError):
            run = yield from _fetch_active(core, call, named, options)
    if run is None:
        listed = yield from _active_run(core, call, options)
        run = None if listed is None else (yield from _fetch_active(core, call, listed, options))
    if run is None:
        return False  # it has ended meanwhile
    look = _look(call, run.id)
    if call.on_active_run == "cancel":
        cancel = _operation(call, "cancelRun", "POST", f"{look.operation.path}/cancel")
        try:
            run = yield from fetch(core, replace(look, operation=cancel), options)
        except NotSupportedByServerError:
            raise  # to wait for its end, perhaps for minutes, is not what was asked for
        except APIStatusError as refusal:  # it may have ended meanwhile
            logger.warning("%s could not be cancelled: %s", name_of_run(run), refusal)
    yield from poll_until(core, run, look, FINAL_STATUSES, wait, options)
    return True


def _fetch_active(core: Core, call: Call[Any], run_id: str, options: RequestOptions) -> Flow[Any]:
    """A run as it stands; None if there is none of this id that is active."""
    try:
        run = yield from fetch(core, _look(call, run_id), options)
    except NotSupportedByServerError:
        raise
    except NotFoundError:
        return None
    return None if has_status(run, FINAL_STATUSES) else run


def _look(call: Call[Any], run_id: str) -> Call[Any]:
    retrieve = _operation(call, "getRun", "GET", "/threads/{thread_id}/runs/{run_id}")
    return Call(retrieve, {**call.path, "run_id": run_id}, into=UnknownVariant)


def _operation(call: Call[Any], name: str, method: str, path: str) -> Operation:
    return Operation(name, method, path, beta=call.operation.beta)


def _named_run(error: ActiveRunError) -> str | None:
    found = _RUN_IN_MESSAGE.search(error.message)
    return found.group(1) if found is not None else None


def _active_run(core: Core, call: Call[Any], options: RequestOptions) -> Flow[str | None]:
    """The thread's active run, where the refusal does not name it."""
    operation = _operation(call, "listRuns", "GET", "/threads/{thread_id}/runs")
    thread = {"thread_id": call.path["thread_id"]}
    response = yield from exchange(core, Call(operation, thread, {"limit": LISTED, "order": "desc"}), options)
    for run in items_in(response.content)[0]:
        status = run.get("status")
        if is_id(run.get("id")) and not (isinstance(status, str) and status in FINAL_STATUSES):
            return str(run["id"])
    return None
