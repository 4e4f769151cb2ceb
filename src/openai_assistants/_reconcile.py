"""Looks before a request is repeated: what became of a POST whose answer was lost, and what to do about a run that is
active on the thread. No I/O."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping

from ._basics import is_list, is_mapping, read_json
from ._errors import ActiveRunError, APIStatusError, NotFoundError, NotSupportedByServerError
from ._events import FINAL_STATUSES
from ._exchange import exchange, fetch, options_of_a_look
from ._flow import Flow, remaining
from ._http import is_id, server_time
from ._logs import logger
from ._models import UnknownVariant, Unparsable, parser_for
from ._pagination import items_in
from ._polling import Wait, has_status, name_of_run, poll_until
from ._requests import Call, Operation

if TYPE_CHECKING:
    import httpx

    from ._requests import Core, RequestOptions

# What became of a POST whose answer was lost: the client looks before it repeats. No I/O.
#
# A request may have been carried out although the connection broke, the time was up or a 5xx came. Repeating it
# blindly could start a second run or add a message twice. Servers that honour `Idempotency-Key` say so on every
# answer, and there a repetition is safe; elsewhere the newest runs, the newest messages or the run itself tell
# whether it was carried out.

SUPPORT_HEADER = "openai-assistants-idempotency"
"""Header by which a server says that it honours `Idempotency-Key`."""

LISTED = 20
"""How many of the newest objects are looked at."""
CLOCK_SLACK = 5.0
"""Seconds by which the clocks of a server's parts, rounded to whole seconds, can be off."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A POST whose answer was lost."""

    call: Call[Any]
    body: Mapping[str, Any]
    """Its body as it was sent."""
    options: RequestOptions
    """Options of the requests that look for its outcome."""
    started: float
    """Moment of `time.monotonic()` at which it was sent for the first time."""


def honours_keys(headers: Mapping[str, str]) -> bool:
    """Whether a server says that it does the work of one `Idempotency-Key` only once."""
    return headers.get(SUPPORT_HEADER) == "supported"


def can_be_found(call: Call[Any]) -> bool:
    """Whether there is a place where the outcome of a call shows."""
    return call.operation.id in _PLACES


def find_outcome(core: Core, lost: Lost, *, repeatable: bool) -> Flow[httpx.Response | None]:
    """The answer that was lost; None if the request was not carried out and can be sent again.

    Args:
        core: Settings of the client.
        lost: The request.
        repeatable: Whether the request will be sent again otherwise. Then nothing is searched where a repetition is
            safe.

    Raises:
        APIError: It cannot be found out.
    """
    place = _PLACES.get(lost.call.operation.id)
    if place is None:
        return None
    try:
        response = yield from exchange(core, place.look(lost.call), lost.options)
    except (NotFoundError, NotSupportedByServerError):
        return None  # where nothing can be looked up, the request is repeated
    if repeatable and honours_keys(response.headers):
        return None
    found = place.find(core, lost, response)
    return None if found is None else _as_answer(found, response)


def _look_for_newest(call: Call[Any]) -> Call[Any]:
    """List what the parent has: the path of creating and of listing is the same."""
    operation = Operation(f"list after {call.operation.id}", "GET", call.operation.path, beta=call.operation.beta)
    return Call(operation, call.path, {"limit": LISTED, "order": "desc"})


def _look_at_run(call: Call[Any]) -> Call[Any]:
    """Retrieve the run that was given tool outputs."""
    path = call.operation.path.rpartition("/")[0]
    return Call(Operation(f"look after {call.operation.id}", "GET", path, beta=call.operation.beta), call.path)


def _newest(
    is_it: Callable[[Mapping[str, Any], Any], bool],
) -> Callable[[Core, Lost, httpx.Response], Mapping[str, Any] | None]:
    """Find the object that the lost request created: new enough, like it, and not known from another answer."""

    def find(core: Core, lost: Lost, response: httpx.Response) -> Mapping[str, Any] | None:
        since = server_time(response.headers) - (time.monotonic() - lost.started) - CLOCK_SLACK
        for item in items_in(response.content)[0]:
            typed = _typed(item, lost.call)
            if typed is None or typed.id in core.known:
                continue
            is_new = not isinstance(typed.created_at, int) or typed.created_at >= since or _is_active_run(typed)
            if is_new and is_it(lost.body, typed) and core.known.claim(typed.id):
                return item
        return None

    return find


def _is_active_run(found: Any) -> bool:
    """Whether a run is active: then it is new whatever the clocks say, for it would have been in the way before."""
    return found.object == "thread.run" and isinstance(found.status, str) and found.status not in FINAL_STATUSES


def _is_run(body: Mapping[str, Any], run: Any) -> bool:
    return run.assistant_id == body.get("assistant_id") and _same_metadata(body, run)


def _is_message(body: Mapping[str, Any], message: Any) -> bool:
    return (
        message.role == body.get("role")
        and not message.run_id
        and _same_metadata(body, message)
        and _texts(body.get("content")) == _texts(message.content)
    )


def _same_metadata(body: Mapping[str, Any], found: Any) -> bool:
    given = body.get("metadata")
    return (dict(given) if is_mapping(given) else {}) == (found.metadata or {})


def _texts(content: Any) -> list[str]:
    """The text of a message's content, as it is sent and as it is answered."""
    if isinstance(content, str):
        return [content]
    texts: list[str] = []
    for block in content if is_list(content) else ():
        text = block.get("text") if is_mapping(block) else getattr(block, "text", None)
        if isinstance(text, str):
            texts.append(text)
        elif text is not None:
            texts.append(str(text.get("value") if is_mapping(text) else getattr(text, "value", None)))
    return texts


def _run_after_outputs(core: Core, lost: Lost, response: httpx.Response) -> Mapping[str, Any] | None:
    """The run, unless it still waits for the outputs that were sent."""
    item = _json(response)
    if not is_mapping(item):
        return None
    waits_for = set(_required_calls(item))
    outputs = lost.body.get("tool_outputs")
    given = [each.get("tool_call_id") for each in (outputs if is_list(outputs) else ()) if is_mapping(each)]
    sent = {call_id for call_id in given if isinstance(call_id, str)}
    if item.get("status") == "requires_action" and (waits_for & sent or not waits_for or not sent):
        return None
    return item


def _required_calls(run: Mapping[str, Any]) -> Iterator[str]:
    action = run.get("required_action")
    outputs = action.get("submit_tool_outputs") if is_mapping(action) else None
    calls = outputs.get("tool_calls") if is_mapping(outputs) else None
    for call in calls if is_list(calls) else ():
        if is_mapping(call) and isinstance(call.get("id"), str):
            yield call["id"]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the outcome of an operation shows."""

    look: Callable[[Call[Any]], Call[Any]]
    find: Callable[[Any, Lost, Any], Mapping[str, Any] | None]


_PLACES: Mapping[str, _Place] = {
    "createRun": _Place(_look_for_newest, _newest(_is_run)),
    "createMessage": _Place(_look_for_newest, _newest(_is_message)),
    "submitToolOuputsToRun": _Place(_look_at_run, _run_after_outputs),
}
"""By operationId; the same in both versions of the API."""


def _json(response: httpx.Response) -> object:
    try:
        return read_json(response.content)
    except ValueError:
        return None


def _typed(item: Mapping[str, Any], call: Call[Any]) -> Any:
    """An item as a result, so that odd times and missing fields are put right."""
    try:
        return parser_for(call.unstreamed or call.into).parse(json.dumps(item).encode())[0]
    except Unparsable:
        return None


def _as_answer(item: Mapping[str, Any], response: httpx.Response) -> httpx.Response:
    """The object as if it had been answered."""
    kept = {name: value for name, value in response.headers.items() if not name.lower().startswith("content-")}
    kept.pop("transfer-encoding", None)
    return type(response)(200, headers=kept, content=json.dumps(item).encode(), request=response.request)


# What to do when the API refuses a call because a run is active on the thread: wait for it, or cancel it. No I/O.

CHOICES = ("error", "wait", "cancel")

RUNS_LISTED = 100
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
    options = options_of_a_look(options)
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
    response = yield from exchange(core, Call(operation, thread, {"limit": RUNS_LISTED, "order": "desc"}), options)
    for run in items_in(response.content)[0]:
        status = run.get("status")
        if is_id(run.get("id")) and not (isinstance(status, str) and status in FINAL_STATUSES):
            return str(run["id"])
    return None
