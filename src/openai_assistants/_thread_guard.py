"""What to do when the API refuses a call because a run is active on the thread: wait for it, or cancel it. No I/O."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ._calls import Call, Operation
from ._errors import ActiveRunError, NotFoundError
from ._exchange import exchange, fetch, options_of_a_look
from ._flow import Flow, remaining
from ._listing import items_in
from ._models import UnknownVariant
from ._polling import Wait, cancel_run, has_status, poll_until
from ._progress import FINAL_STATUSES
from ._urls import is_id

if TYPE_CHECKING:
    from ._core import Core
    from ._options import RequestOptions

CHOICES = ("error", "wait", "cancel")

LISTED = 100

_RUN_IN_MESSAGE = re.compile(r"\brun (run_\w+|\S{12,}?)\.?(?:\s|$)")


def check_choice(on_active_run: str) -> None:
    """Refuse what is no choice, before anything is sent."""
    if on_active_run not in CHOICES:
        raise ValueError(f"on_active_run must be 'error', 'wait' or 'cancel', not {on_active_run!r}")


def clear_thread(
    core: Core, call: Call[Any], error: ActiveRunError, options: RequestOptions, deadline: float | None
) -> Flow[None]:
    """Wait until no run is active on the thread of a call any more; `error` is the API's refusal.

    Raises:
        WaitTimeoutError: The run is still active at the deadline of the call, or a minute beyond its `expires_at`.
    """
    wait = Wait() if deadline is None else Wait(max_wait_seconds=remaining(deadline))
    options = options_of_a_look(options, deadline)
    run_id = _named_run(error) or (yield from _active_run(core, call, options))
    if run_id is None:
        return  # it has ended meanwhile
    path = {**call.path, "run_id": run_id}
    retrieve = _operation(call, "getRun", "GET", "/threads/{thread_id}/runs/{run_id}")
    look: Call[Any] = Call(retrieve, path, into=UnknownVariant)
    try:
        run = yield from fetch(core, look, options)
    except NotFoundError:
        return
    if call.on_active_run == "cancel" and not has_status(run, FINAL_STATUSES):
        cancel = _operation(call, "cancelRun", "POST", f"{retrieve.path}/cancel")
        run = yield from cancel_run(core, run, Call(cancel, path, into=UnknownVariant), options)
    yield from poll_until(core, run, look, FINAL_STATUSES, wait, options)


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
