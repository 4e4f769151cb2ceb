"""What became of a POST whose answer was lost: the client looks before it repeats. No I/O.

A request may have been carried out although the connection broke, the time was up or a 5xx came. Repeating it blindly
could start a second run or add a message twice. Servers that honour `Idempotency-Key` say so on every answer, and there
a repetition is safe; elsewhere the newest runs, the newest messages or the run itself tell whether it was carried out.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping

from ._calls import Call, Operation
from ._clock import server_time
from ._documents import read_json
from ._errors import NotFoundError, NotSupportedByServerError
from ._exchange import exchange
from ._flow import Flow
from ._guards import is_list, is_mapping
from ._listing import items_in
from ._parsing import Unparsable, parser_for
from ._progress import FINAL_STATUSES

if TYPE_CHECKING:
    import httpx

    from ._core import Core
    from ._options import RequestOptions

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
