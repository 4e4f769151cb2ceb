"""Looks before a request is repeated: what became of a POST whose answer was lost, and what to do about a run that is
active on the thread. No I/O."""

from __future__ import annotations

import json
import math
import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping, TypeAlias

from ._basics import is_list, is_mapping, one_line, read_json
from ._errors import (
    ActiveRunError,
    APIResponseValidationError,
    APIStatusError,
    NotFoundError,
    NotSupportedByServerError,
)
from ._events import FINAL_STATUSES
from ._exchange import SHOWN, exchange, fetch, options_of_a_look
from ._flow import Flow, remaining
from ._http import headers_like, is_id, server_time
from ._logs import Quotes, without_echo
from ._models import UnknownVariant, Unparsable, parser_for
from ._pagination import is_listing, items_in, items_of
from ._polling import Wait, has_status, log_refusal, name_of_run, poll_until
from ._requests import Call, Operation

if TYPE_CHECKING:
    import httpx

    from ._requests import Core, RequestOptions, Unnamed

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
ACTIVE_SLACK = 60.0
"""The same for a run that is active: had it been there before, the request would most often have been refused."""
TWIN_SECONDS = 60.0
"""How long before a request was sent another one may have ended whose objects can be taken for its own."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A POST whose answer was lost."""

    call: Call[Any]
    body: Mapping[str, Any]
    """Its body as it was sent."""
    options: RequestOptions
    """Options of the requests that look for its outcome."""
    started: float
    """Moment of `time.monotonic()` at which it was sent; the first one, if several may have been carried out."""
    unnamed: Unnamed | None = None
    """The request as the client's known ids have it."""
    begun: bool = False
    """Whether an answer had begun: then the request was most likely carried out, and is not sent again unseen."""


def honours_keys(headers: Mapping[str, str]) -> bool:
    """Whether a server says that it does the work of one `Idempotency-Key` only once."""
    return headers.get(SUPPORT_HEADER) == "supported"


def can_be_found(call: Call[Any]) -> bool:
    """Whether there is a place where the outcome of a call shows."""
    return call.operation.id in _PLACES


def find_outcome(core: Core, lost: Lost, *, repeatable: bool) -> Flow[httpx.Response | None]:
    """The answer that was lost; None if the request was not carried out and can be sent again. It `can_be_found`.

    Args:
        core: Settings of the client.
        lost: The request.
        repeatable: Whether the request will be sent again otherwise. Then nothing is searched where a repetition is
            safe.

    Raises:
        APIError: It cannot be found out.
    """
    place = _PLACES[lost.call.operation.id]
    try:
        response = yield from exchange(core, place.look(lost.call), lost.options)
    except (NotFoundError, NotSupportedByServerError):
        if lost.begun:
            raise
        return None  # where nothing can be looked up, the request is repeated
    if repeatable and honours_keys(response.headers):
        return None
    try:
        found = place.find(core, lost, response)
    except (ValueError, Unparsable) as error:
        reason = one_line(str(error), SHOWN)
    else:
        return None if found is None else _as_answer(found, response)
    # Here nothing holds what the answer may quote.
    message = f"It cannot be found out whether the request was carried out: {Quotes(response).hidden(reason)}."
    raise APIResponseValidationError(without_echo(response), None, message=message)


def _look_for_newest(call: Call[Any]) -> Call[Any]:
    """List what the parent has: the path of creating and of listing is the same."""
    operation = Operation(f"list after {call.operation.id}", "GET", call.operation.path, beta=call.operation.beta)
    return Call(operation, call.path, {"limit": LISTED, "order": "desc"})


def _look_at_run(call: Call[Any]) -> Call[Any]:
    """Retrieve the run that was given tool outputs."""
    path = call.operation.path.rpartition("/")[0]
    return Call(Operation(f"look after {call.operation.id}", "GET", path, beta=call.operation.beta), call.path)


_IsIt: TypeAlias = Callable[[Mapping[str, Any], Any], bool | None]
"""Whether an object is what a body asked for; None if the server does not show by what its owner could be told."""


def _newest(is_it: _IsIt) -> Callable[[Core, Lost, httpx.Response], Mapping[str, Any] | None]:
    """Find the object that the lost request created: new enough, like it, and not known from another answer."""

    def find(core: Core, lost: Lost, response: httpx.Response) -> Mapping[str, Any] | None:
        document: object = read_json(response.content)
        if not is_listing(document):  # it must not pass for an empty one
            raise ValueError("the answer is no list")
        started = server_time(response.headers) - (time.monotonic() - lost.started)
        found: list[tuple[Mapping[str, Any], Any]] = []
        unclear = False
        for item in items_of(document)[0]:
            typed = _typed(item, lost.call)
            if typed.id in core.known:
                continue
            created = typed.created_at
            if isinstance(created, int) and created < started - _slack(lost.body, typed):
                continue
            is_own = is_it(lost.body, typed)
            unclear = unclear or is_own is None
            if is_own:
                found.append((item, typed))
        if unclear and not found:  # to take it could lose what was sent, to repeat it could do it twice
            raise ValueError("what the server lists may be what was asked for, but does not show all that was sent")
        if not found or len(found) <= _twins(core, lost, is_it, found[0][1]):
            return None  # or nobody knows whose they are: then one too many is better than one that is lost
        return next((item for item, typed in found if core.known.claim(typed.id)), None)

    return find


def _twins(core: Core, lost: Lost, is_it: _IsIt, found: Any) -> float:
    """How many equal objects other calls of this client may have created whose ids are not known."""
    others = core.known.unnamed(lost.call.path.get("thread_id"), lost.started - TWIN_SECONDS)
    if others is None:
        return math.inf
    created = _created_run if lost.call.operation.id == "createRun" else _created_messages
    bodies = (body for each in others if each is not lost.unnamed for body in created(each))
    return sum(is_it(body, found) is not False for body in bodies)


def _created_run(request: Unnamed) -> list[Mapping[str, Any]]:
    return [read_json(request.content)] if request.operation == "createRun" and not request.named else []


def _created_messages(request: Unnamed) -> list[Mapping[str, Any]]:
    body = read_json(request.content)
    if request.operation == "createMessage":
        return [body]
    holder = body.get("thread") if request.operation == "createThreadAndRun" else body
    name = "additional_messages" if request.operation == "createRun" else "messages"
    messages = holder.get(name) if is_mapping(holder) else None
    return [each for each in (messages if is_list(messages) else ()) if is_mapping(each)]


def _slack(body: Mapping[str, Any], found: Any) -> float:
    """By how many seconds an object may be older than the request that is looked for. Messages that were sent along
    with a run would be lost if another's were taken for it, and a run does not show them: there the time is short."""
    is_active = found.object == "thread.run" and isinstance(found.status, str) and found.status not in FINAL_STATUSES
    return ACTIVE_SLACK if is_active and not body.get("additional_messages") else CLOCK_SLACK


def _is_run(body: Mapping[str, Any], run: Any) -> bool | None:
    shown = run.to_dict()
    if run.assistant_id != body.get("assistant_id") or _has_other_settings(body, shown):
        return False
    return _same_metadata(body, shown)


_SETTINGS = (
    "temperature",
    "top_p",
    "max_prompt_tokens",
    "max_completion_tokens",
    "parallel_tool_calls",
    "tool_choice",
    "response_format",
    "truncation_strategy",
    "reasoning_effort",
)


def _has_other_settings(body: Mapping[str, Any], run: Mapping[str, Any]) -> bool:
    """Whether a run shows other settings than a request gave. What servers leave out or show in another form says
    nothing."""
    return (
        any(_differs(body.get(name), run.get(name)) for name in _SETTINGS)
        or _other_instructions(body, run.get("instructions"))
        or _other_model(body.get("model"), run.get("model"))
        or _other_tools(body.get("tools"), run.get("tools"))
    )


def _differs(given: object, shown: object) -> bool:
    """Whether two values are of the same form, and not the same."""
    if isinstance(given, str) and isinstance(shown, str):
        return given.strip() != shown.strip()
    if isinstance(given, bool) or isinstance(shown, bool):
        return isinstance(given, bool) and isinstance(shown, bool) and given != shown
    if isinstance(given, (int, float)) and isinstance(shown, (int, float)):
        return not math.isclose(given, shown, rel_tol=1e-6)
    if is_mapping(given) and is_mapping(shown):
        return any(_differs(given[name], shown[name]) for name in given.keys() & shown.keys())
    return False


def _other_instructions(body: Mapping[str, Any], shown: object) -> bool:
    given = body.get("instructions")
    if body.get("additional_instructions") and isinstance(given, str) and isinstance(shown, str):
        return given.strip() not in shown  # the others may be shown behind them
    return not body.get("additional_instructions") and _differs(given, shown)


_VERSION = re.compile(r"[-:@](latest|\d{4}[\d-]{0,20})$")


def _other_model(given: object, shown: object) -> bool:
    """Servers show the version that an alias leads to, or put a provider before the name."""
    if not isinstance(given, str) or not isinstance(shown, str):
        return False
    names = [name.rpartition("/")[2] for name in (given, shown)]
    bare = [_VERSION.sub("", name) for name in names]
    return names[0] not in (names[1], bare[1]) and bare[0] != names[1]


def _other_tools(given: object, shown: object) -> bool:
    """Servers show tools of their own beside those that were asked for, of kinds that the API does not have. Options of
    tools say nothing: servers fill them in."""
    if not is_list(given) or not is_list(shown):
        return False
    asked, seen = sorted(map(_name_of_tool, given)), sorted(map(_name_of_tool, shown))
    if [name for name in asked if name[0] in _KINDS] != [name for name in seen if name[0] in _KINDS]:
        return True
    return not set(asked) <= set(seen) or _other_parameters(given, shown)


_KINDS = frozenset({"function", "code_interpreter", "file_search"})
"""Kinds of tools that the API has."""


def _name_of_tool(tool: object) -> tuple[str, str]:
    """The kind of a tool, and the name of a function."""
    if not is_mapping(tool):
        return (str(tool), "")
    kind, function = str(tool.get("type")), tool.get("function")
    name = function.get("name") if is_mapping(function) and kind == "function" else ""
    return ("file_search" if kind == "retrieval" else kind, str(name))


def _other_parameters(given: list[Any], shown: list[Any]) -> bool:
    """Whether functions of the same names take other arguments. How servers write the rest of a schema says nothing."""
    asked, seen = _parameters(given), _parameters(shown)
    return any(asked[name] != seen[name] for name in asked.keys() & seen.keys())


def _parameters(tools: list[Any]) -> dict[str, set[str]]:
    """The names of the arguments by those of the functions, where they are shown."""
    functions = [tool.get("function") for tool in tools if is_mapping(tool)]
    schemas = [(each.get("name"), each.get("parameters")) for each in functions if is_mapping(each)]
    properties = [(name, schema.get("properties")) for name, schema in schemas if is_mapping(schema)]
    return {str(name): set(each) for name, each in properties if is_mapping(each)}


def _is_message(body: Mapping[str, Any], message: Any) -> bool | None:
    shown = message.to_dict()
    if (
        message.role != body.get("role")
        or message.run_id
        or _blocks(body.get("content")) != _blocks(shown.get("content"))
    ):
        return False
    same = {_same_metadata(body, shown), _same_files(body, shown)}
    if False in same:
        return False
    return None if None in same else True


def _same_metadata(body: Mapping[str, Any], shown: Mapping[str, Any]) -> bool | None:
    given = body.get("metadata")
    given = dict(given) if is_mapping(given) else {}
    if given and "metadata" not in shown:
        return None
    return given == (shown.get("metadata") or {})


def _blocks(content: object) -> list[tuple[str, ...]]:
    """A message's content, the same for what is sent and what is answered."""
    if isinstance(content, str):
        return [("text", content)]
    return [_block(each) for each in (content if is_list(content) else ()) if is_mapping(each)]


def _block(block: Mapping[str, Any]) -> tuple[str, ...]:
    kind = str(block.get("type"))
    inner = block.get(kind)
    if kind == "text":
        return (kind, str(inner.get("value") if is_mapping(inner) else inner))
    if kind in ("image_file", "image_url") and is_mapping(inner):
        place = str(inner.get("file_id") or inner.get("url")).rstrip("/")
        return (kind, place, str(inner.get("detail") or "auto"))
    return (kind, json.dumps(block, sort_keys=True))


def _same_files(body: Mapping[str, Any], shown: Mapping[str, Any]) -> bool | None:
    given, seen = _files(body), _files(shown)
    if given != seen and any(body.get(name) and name not in shown for name in ("attachments", "file_ids")):
        # The server has another form for them, in which their tools do not stand, or shows none.
        return {each[0] for each in given} == {each[0] for each in seen} if seen else None
    return given == seen


def _files(message: Mapping[str, Any]) -> set[tuple[str, ...]]:
    """The files that a message has beside its content, each with the tools that it is for."""
    attachments, ids = message.get("attachments"), message.get("file_ids")
    files: set[tuple[str, ...]] = {(str(each),) for each in (ids if is_list(ids) else ())}
    for each in attachments if is_list(attachments) else ():
        tools = each.get("tools") if is_mapping(each) else None
        kinds = {_name_of_tool(tool)[0] for tool in (tools if is_list(tools) else ())}
        files.add((str(each.get("file_id") if is_mapping(each) else each), *sorted(kinds)))
    return files


def _run_after_outputs(core: Core, lost: Lost, response: httpx.Response) -> Mapping[str, Any] | None:
    """The run, unless it still waits for the outputs that were sent."""
    item: object = read_json(response.content)
    if not is_mapping(item) or not isinstance(item.get("status"), str):
        raise ValueError("the answer is no run with a status")
    waits_for = set(_required_calls(item))
    names = ("tool_outputs", "tool_approvals")  # the second is Foundry's
    sent = {call_id for name in names for call_id in _ids_in(lost.body.get(name), "tool_call_id")}
    if item.get("status") == "requires_action" and (waits_for & sent or not waits_for or not sent):
        return None
    return item


def _required_calls(run: Mapping[str, Any]) -> Iterator[str]:
    """The calls that a run waits for, also where a server's own kind of action holds them."""
    action = run.get("required_action")
    for details in action.values() if is_mapping(action) else ():
        yield from _ids_in(details.get("tool_calls") if is_mapping(details) else None, "id")


def _ids_in(items: object, name: str) -> Iterator[str]:
    for each in items if is_list(items) else ():
        if is_mapping(each) and isinstance(each.get(name), str):
            yield each[name]


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


def _typed(item: Mapping[str, Any], call: Call[Any]) -> Any:
    """An item as a result, so that odd times and missing fields are put right."""
    return parser_for(call.unstreamed or call.into).parse(json.dumps(item).encode())[0]


def _as_answer(item: Mapping[str, Any], response: httpx.Response) -> httpx.Response:
    """The object as if it had been answered."""
    left_out = ("content-", "transfer-encoding")
    kept = [(name, value) for name, value in response.headers.items() if not name.lower().startswith(left_out)]
    headers = headers_like(response.headers, kept)
    return type(response)(200, headers=headers, content=json.dumps(item).encode(), request=response.request)


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
        named = listed
    if run is None or named is None:
        return False  # it has ended meanwhile
    look = _look(call, named)
    if call.on_active_run == "cancel":
        cancel = _operation(call, "cancelRun", "POST", f"{look.operation.path}/cancel")
        try:
            run = yield from fetch(core, replace(look, operation=cancel), options)
        except NotSupportedByServerError:
            raise  # to wait for its end, perhaps for minutes, is not what was asked for
        except APIStatusError as refusal:  # it may have ended meanwhile
            log_refusal(name_of_run(look.path), refusal)
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
