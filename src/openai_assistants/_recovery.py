"""How a streamed call begins, and how it goes on after its end came too early. No I/O.

A server that numbers its events and honours `Idempotency-Key` is asked for the same stream behind the last event; there
the events are those of the unbroken stream. From any other server the run is fetched: when it is over (with `resume`,
that is waited for), the events that are missing are made from what the API says of it, its steps and its messages.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Iterator, Mapping, Protocol, TypeVar

from ._answers import too_large
from ._basics import is_list, is_mapping
from ._errors import (
    APIError,
    APITimeoutError,
    ConflictError,
    NotFoundError,
    NotSupportedByServerError,
    StreamInterruptedError,
    WaitTimeoutError,
    of_this_library,
)
from ._events import STREAM_ENDS_WITH, EventReader, Progress
from ._exchange import OutcomeFound, begun, deadline_of, exchange, fetch, given, options_of_a_look, reason_of
from ._flow import DeadlinePassed, Flow, Read, Sleep
from ._http import CUT, delay, failure_of, is_id
from ._models import UnknownVariant, Unparsable, mark_synthesized, parser_for
from ._pagination import all_items
from ._polling import Wait, has_status, poll_until
from ._reconcile import Lost, can_be_found, find_outcome, honours_keys
from ._requests import Call, Operation, plain

if TYPE_CHECKING:
    import httpx

    from ._requests import Core, RequestOptions

__tracebackhide__ = of_this_library

# The events that a broken stream did not deliver, made from what the API says of the run afterwards. No I/O.
#
# A run's events come in a fixed order: the run, then step by step each step with its message, then the end of the
# run. What was delivered is a beginning of it, so what is missing is the rest.

Json = Mapping[str, Any]

NOTHING: list[Json] = []

OPEN_RUN: Json = {
    **dict.fromkeys(("required_action", "last_error", "incomplete_details", "usage")),
    **dict.fromkeys(("completed_at", "cancelled_at", "failed_at")),
}
OPEN_STEP: Json = {
    "status": "in_progress",
    **dict.fromkeys(("last_error", "usage", "expired_at", "cancelled_at", "failed_at", "completed_at")),
}
OPEN_MESSAGE: Json = {
    "status": "in_progress",
    "content": NOTHING,
    **dict.fromkeys(("completed_at", "incomplete_at", "incomplete_details")),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What the API says of a run, as plain data, oldest first."""

    run: Json
    steps: list[Json]
    messages: list[Json]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a stream has delivered."""

    seen: set[tuple[str, str]]
    """Names of events and ids of their objects, apart from deltas."""
    steps: Mapping[str, Any]
    """Snapshots as they have grown."""
    messages: Mapping[str, Any]
    outputs_for: frozenset[str] | None
    """Ids of the tool calls whose outputs the stream began with; None for a stream that began with the run."""


def missing_events(found: Found, delivered: Delivered) -> Iterator[dict[str, Any]]:
    """The events that have not been delivered, in order."""
    for name, data in _all_events(found, delivered):
        if name.endswith(".delta") or (name, str(data.get("id", ""))) not in delivered.seen:
            yield {"event": name, "data": data}


def _all_events(found: Found, delivered: Delivered) -> Iterator[tuple[str, Json]]:
    run, status = found.run, str(found.run.get("status"))
    steps = found.steps
    messages = {str(message.get("id")): message for message in found.messages}
    if delivered.outputs_for is not None:
        place = _last_answered(steps, delivered.outputs_for)
        for step in steps[: place + 1]:
            messages.pop(_message_id(step), None)  # it came in an earlier stream
        if not steps:
            messages = _without_earlier(messages, delivered, is_over=status not in ("requires_action", "in_progress"))
        for step in steps[place : place + 1] if place >= 0 else ():
            yield from _end_of_step(step)
        steps = steps[place + 1 :]
    else:
        yield "thread.run.created", _open_run(run, "queued")
    yield "thread.run.queued", _open_run(run, "queued")
    if run.get("started_at") is not None:
        yield "thread.run.in_progress", _open_run(run, "in_progress")
    cancelling = ("thread.run.cancelling", {**run, **OPEN_RUN, "status": "cancelling"})
    for step in steps:
        yield from _beginning_of(step)
        message = messages.pop(_message_id(step), None)
        yield from _message_events(message, delivered) if message else _call_events(step, delivered)
        if status == step.get("status") == "cancelled":
            yield cancelling
        yield from _end_of_message(message)
        yield from _end_of_step(step)
    for message in messages.values():  # a server without steps
        yield from _message_events(message, delivered)
        yield from _end_of_message(message)
    if status == "cancelled" and all(step.get("status") != "cancelled" for step in steps):
        yield cancelling
    yield f"thread.run.{status}", run


def _open_run(run: Json, status: str) -> Json:
    started = {"started_at": None} if status == "queued" else {}
    return {**run, **OPEN_RUN, **started, "status": status}


def _last_answered(steps: list[Json], outputs_for: frozenset[str]) -> int:
    """The place of the step whose calls were answered; -1 if no step has them."""
    found = (
        place for place, step in enumerate(steps) if any(str(call.get("id")) in outputs_for for call in _calls(step))
    )
    return max(found, default=-1)


def _without_earlier(messages: dict[str, Json], delivered: Delivered, *, is_over: bool) -> dict[str, Json]:
    """The messages that belong to a stream which began with tool outputs, of a server without steps. What came before
    the first one that the stream delivered, came in an earlier one; if it delivered none, all but the answer did."""
    ids = list(messages)
    first = next((place for place, each in enumerate(ids) if each in delivered.messages), len(ids) - is_over)
    return {each: messages[each] for each in ids[first:]}


def _beginning_of(step: Json) -> Iterator[tuple[str, Json]]:
    details: object = step.get("step_details")
    if is_mapping(details) and details.get("type") == "tool_calls":
        details = {**details, "tool_calls": NOTHING}
    opened = {**step, **OPEN_STEP, "step_details": details}
    yield "thread.run.step.created", opened
    yield "thread.run.step.in_progress", opened


def _end_of_step(step: Json) -> Iterator[tuple[str, Json]]:
    status = step.get("status")
    if isinstance(status, str) and status != "in_progress":
        yield f"thread.run.step.{status}", step


def _message_id(step: Json) -> str:
    details = step.get("step_details")
    creation = details.get("message_creation") if is_mapping(details) else None
    return str(creation.get("message_id")) if is_mapping(creation) else ""


def _calls(step: Json) -> list[Json]:
    details = step.get("step_details")
    return list(_objects(details.get("tool_calls")).values()) if is_mapping(details) else []


# ---- messages ----


def _message_events(message: Json, delivered: Delivered) -> Iterator[tuple[str, Json]]:
    opened = {**message, **OPEN_MESSAGE}
    yield "thread.message.created", opened
    yield "thread.message.in_progress", opened
    message_id = str(message.get("id"))
    if not delivered.seen.isdisjoint({(f"thread.message.{end}", message_id) for end in ("completed", "incomplete")}):
        return
    snapshot = delivered.messages.get(message_id)
    known = _blocks(snapshot.to_dict().get("content")) if snapshot is not None else {}
    for index, block in _blocks(message.get("content")).items():
        piece = _rest_of_block(block, known.get(index))
        if piece is not None:
            yield _delta("thread.message.delta", message_id, {"content": [{"index": index, **piece}]})


def _end_of_message(message: Json | None) -> Iterator[tuple[str, Json]]:
    if message is not None and message.get("status") != "in_progress":
        # The API has messages without a status; those are complete.
        yield f"thread.message.{_text(message.get('status')) or 'completed'}", message


def _blocks(content: object) -> dict[int, Json]:
    """The blocks of a content, by their places. A text may stand there as in a request: by itself, or as a string."""
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    return {place: _with_text(block) for place, block in _objects(content).items()}


def _with_text(block: Json) -> Json:
    text = block.get("text")
    if block.get("type") != "text" or not isinstance(text, str):
        return block
    return {**block, "text": {"value": text, "annotations": []}}


def _rest_of_block(block: Json, known: Json | None) -> Json | None:
    """What of a content block has not been delivered; None if all of it was."""
    if known is None:
        return _numbered(block) if block.get("type") == "text" else block
    kind = block.get("type")
    text, before = block.get(str(kind)), known.get(str(kind))
    if kind == "refusal":
        rest = _rest(text, before)
        return {"type": kind, "refusal": rest} if rest else None
    if kind != "text" or not is_mapping(text):
        return None
    earlier: Json = before if is_mapping(before) else {}
    rest = _rest(text.get("value"), earlier.get("value"))
    annotations = _new_items(text.get("annotations"), earlier.get("annotations"))
    piece: dict[str, Any] = {"value": rest} if rest else {}
    if annotations:
        piece["annotations"] = annotations
    return {"type": kind, "text": piece} if piece else None


def _numbered(block: Json) -> Json:
    text = block.get("text")
    if not is_mapping(text):
        return block
    return {**block, "text": {**text, "annotations": _new_items(text.get("annotations"), None)}}


def _rest(text: object, before: object) -> str:
    """The end of a text whose beginning is known. A text that the server has changed since has none."""
    text, before = _text(text), _text(before)
    return text[len(before) :] if text.startswith(before) else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _objects(items: object) -> dict[int, Json]:
    """The objects in a list, by their places; nothing is known of what else a server puts there."""
    return {place: each for place, each in enumerate(items) if is_mapping(each)} if is_list(items) else {}


def _new_items(items: object, known: object) -> list[Json]:
    """The items of a list behind those that are known, each with its index."""
    start = len(known) if is_list(known) else 0
    return [{"index": place, **each} for place, each in _objects(items).items() if place >= start]


# ---- tool calls ----


def _call_events(step: Json, delivered: Delivered) -> Iterator[tuple[str, Json]]:
    step_id = str(step.get("id"))
    if any(
        (f"thread.run.step.{end}", step_id) in delivered.seen for end in ("completed", "failed", "cancelled", "expired")
    ):
        return
    snapshot = delivered.steps.get(step_id)
    known = _calls(snapshot.to_dict()) if snapshot is not None else []
    for index, call in enumerate(_calls(step)):
        piece = _rest_of_call(call, known[index] if index < len(known) else None)
        if piece is not None:
            details = {"type": "tool_calls", "tool_calls": [{"index": index, **piece}]}
            yield _delta("thread.run.step.delta", step_id, {"step_details": details})


def _rest_of_call(call: Json, known: Json | None) -> Json | None:
    """What of a tool call has not been delivered; None if all of it was, apart from a function's output."""
    kind = str(call.get("type"))
    now = call.get(kind)
    if known is None:
        if kind == "function" and is_mapping(now):
            return {**call, kind: {**now, "output": None}}  # outputs come with the step's end
        return call
    before = known.get(kind)
    if not is_mapping(now) or not is_mapping(before):
        return None
    piece: dict[str, Any] = {}
    for name in ("arguments", "input"):
        if rest := _rest(now.get(name), before.get(name)):
            piece[name] = rest
    if outputs := _new_items(now.get("outputs"), before.get("outputs")):
        piece["outputs"] = outputs
    return {"id": call.get("id"), "type": kind, kind: piece} if piece else None


def _delta(name: str, object_id: str, delta: Json) -> tuple[str, Json]:
    return name, {"id": object_id, "object": name, "delta": delta}


T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

RUN = "/threads/{thread_id}/runs/{run_id}"
PAGE = 100
NOTHING_TO_RESUME = "idempotency_key_unknown"


@dataclass(slots=True)
class Opened:
    """What a stream reads next: events that were made, then the body of a response if it is `live`."""

    response: httpx.Response
    live: bool = True
    events: list[Any] = field(default_factory=list[Any])


@dataclass(frozen=True, slots=True)
class Ending:
    """How a body ended before its run did."""

    response: httpx.Response
    last_event_id: str
    """Empty if the events have no ids."""
    cause: Exception | None
    """Why it broke off; None if it ended as if it were whole."""
    reason: str
    """The same in words: it ... before the run did."""


class Reader(Protocol[T_co]):
    """Reads events from the bytes of one response."""

    def feed(self, piece: bytes) -> Iterator[T_co]:
        """The events that a piece of the body completes."""
        ...

    def finish(self) -> Iterator[T_co]:
        """The last event, if the body ended without its blank line."""
        ...

    @property
    def done(self) -> bool:
        """Whether the server has said that the stream is over."""
        ...

    @property
    def last_event_id(self) -> str:
        """The id of the last event; empty if the stream gives none."""
        ...


class Recovery:
    """One streamed call, from its first request to its last."""

    def __init__(self, core: Core, call: Call[Any], options: RequestOptions) -> None:
        options = begun(given(options))
        options.setdefault("idempotency_key", str(uuid.uuid4()))
        self._core = core
        # Plain data, because the body may be sent again, and iterators in it give their items once only.
        self._call = replace(call, body=plain(call.body))
        self._options = options
        self.deadline = deadline_of(options)
        """Moment of `time.monotonic()` at which the stream must have ended."""
        self.progress = Progress(call.into, core.known)
        self.progress.run_id, self.progress.thread_id = call.path.get("run_id"), call.path.get("thread_id")
        self._started = time.monotonic()
        self._lost_at: float | None = None
        """When the request was sent first, once an answer to it was lost."""
        self._looked_up = False
        """Whether the run is known from looking, as no event has named it."""
        self._failures = 0
        self._count = 0
        self._last_event_id = ""

    def open(self) -> Flow[Opened]:
        """Send the request.

        Raises:
            StreamInterruptedError: The run was begun, but the answer was lost; not if the stream resumes.
        """
        try:
            response = yield from exchange(self._core, self._call, self._options, stream=True, lost_at=self._lost_at)
        except OutcomeFound as found:
            ending = Ending(found.response, "", found.error, "could not be opened")
            self._learn(found.response)
            if not self._call.resume:
                raise self.interrupted(ending) from found.error
            return (yield from self._make_up(ending))
        if self._call.unstreamed is None or not response.headers.get("content-type", "").startswith("application/json"):
            return Opened(response)
        return (yield from self._without_events(response))

    def go_on(self, ending: Ending) -> Flow[Opened | None]:
        """What comes after a body that ended before the run did; None if nothing does.

        Raises:
            StreamInterruptedError: The run is still active, and the stream does not resume.
        """
        progress = self.progress
        has_place = bool(ending.last_event_id) or progress.count == 0
        replayable = self._call.resume and has_place and honours_keys(ending.response.headers)
        if ending.cause is None and not replayable:
            if progress.knows_run:
                run = yield from self._fetch_run(ending)
                if run is not None and has_status(run, STREAM_ENDS_WITH):
                    return (yield from self._made_up(ending, run))
                if run is None and progress.done:
                    return None  # the server says that this is all, and cannot say more
            elif progress.done:
                return None
        if progress.count == 0 and not self._looked_up and (ending.cause is None or self._repeatable):
            return (yield from self._open_again(ending))
        if not self._call.resume:
            run = None  # it may quote a secret
            raise self.interrupted(ending) from ending.cause
        yield from self._pause(ending)
        if replayable:
            opened = yield from self._replayed(ending.last_event_id)
            if opened is not None:
                return opened
        return (yield from self._make_up(ending))

    def reader(self, response: httpx.Response, *, strict: bool) -> Reader[Any]:
        """What reads the events of a response."""
        return EventReader(response, self._call.into, strict=strict, progress=self.progress)

    def interrupted(self, ending: Ending) -> StreamInterruptedError:
        """The exception for a stream that ended too early."""
        progress = self.progress
        status = progress.run_status or "unknown"
        where = f"run {progress.run_id} of thread {progress.thread_id}, last status: {status}"
        goes_on = "The run goes on at the server: fetch or poll it to learn its end"
        if not progress.run_id:
            where = "no run was named yet"
            goes_on = "Whether there is one at the server is unknown: look there before you repeat the request"
        advice = "" if self._call.resume else "; with resume=True the stream goes on by itself"
        assembly = progress.assembly()
        return StreamInterruptedError(
            f"The stream {ending.reason} before the run did ({where}). {goes_on}{advice}.",
            request=ending.response.request,
            run_id=progress.run_id,
            thread_id=progress.thread_id,
            run=assembly.run,
            run_steps=list(assembly.steps.values()),
            messages=list(assembly.messages.values()),
        )

    def too_late(self, response: httpx.Response) -> APITimeoutError:
        """The exception for a stream that took too long."""
        run = f" of run {self.progress.run_id}" if self.progress.run_id else ""
        return APITimeoutError(response.request, message=f"The deadline passed while the stream{run} was read.")

    def _is_late(self, error: APIError) -> bool:
        """Whether a request on behalf of the stream failed because the deadline has passed."""
        return isinstance(error, APITimeoutError) and self.deadline is not None and time.monotonic() >= self.deadline

    # ---- servers that do not stream ----

    def _without_events(self, response: httpx.Response) -> Flow[Opened]:
        """What follows an answer that is JSON: the run, from a server that ignores `stream`. It is waited for."""
        try:
            yield Read(response, self.deadline, self._call.most)
        except DeadlinePassed:
            raise self.too_late(response) from None
        except Exception as cause:
            if failure_of(cause) is None:
                raise
            opened = yield from self.go_on(Ending(response, "", cause, f"broke off ({reason_of(cause)})"))
            return opened or Opened(response, live=False)
        if CUT in response.extensions:
            raise too_large(response)
        own = self._call.path.get("thread_id")
        run = _run_in(response, self._call.unstreamed, own)
        if run is None:
            return Opened(response)  # events all the same, or an error
        self._looked_up = True
        self._core.known.claim(run.id)
        self.progress.run_id, self.progress.thread_id = run.id, own or run.thread_id
        return (yield from self._until_over(Ending(response, "", None, "was answered without events"), run))

    # ---- reading on ----

    def _replayed(self, last_event_id: str) -> Flow[Opened | None]:
        """The rest of the same stream; None if the server does not have it."""
        options: RequestOptions = {**self._options}
        if last_event_id:
            options["extra_headers"] = {**options.get("extra_headers", {}), "last-event-id": last_event_id}
        try:
            return Opened((yield from exchange(self._core, self._call, options, stream=True)))
        except ConflictError as error:
            if error.code != NOTHING_TO_RESUME:
                raise
            return None

    def _open_again(self, ending: Ending) -> Flow[Opened | None]:
        """Find out what became of a request whose answer ended before its first event; repeat it if that is right."""
        yield from self._pause(ending)
        if self._repeatable and honours_keys(ending.response.headers):
            return (yield from self._replayed(""))
        if not can_be_found(self._call):
            raise self.interrupted(ending) from ending.cause
        body = plain({**(self._call.body or {}), **self._options.get("extra_body", {})}) or {}
        lost = Lost(self._call, body, self._look_options(), self._started, begun=True)
        try:
            found = yield from find_outcome(self._core, lost, repeatable=self._repeatable)
        except (NotFoundError, NotSupportedByServerError):
            # Nothing can be looked up, and it was most likely carried out.
            raise self.interrupted(ending) from ending.cause
        except APIError as cause:  # of the look, which is not what the program has asked for
            if self._is_late(cause):
                raise
            raise self.interrupted(ending) from cause
        if found is None and not self._repeatable:
            raise self.interrupted(ending) from ending.cause
        if found is None:
            self._lost_at = self._started
            return (yield from self.open())
        self._learn(found)
        return (yield from self.go_on(replace(ending, response=found)))

    @property
    def _repeatable(self) -> bool:
        """Whether the request may be sent again: with `resume`, or as long as no byte of an answer has come."""
        return self._call.resume or not self.progress.started

    def _pause(self, ending: Ending) -> Flow[None]:
        """Wait before the next attempt. As many may fail one after the other as for any request, and with `resume` at
        least one; each new event starts the count again. A server that sends the same events once more has sent nothing
        new."""
        again = bool(ending.last_event_id) and ending.last_event_id == self._last_event_id
        if self.progress.count > self._count and not again:
            self._failures = 0
        self._count, self._last_event_id = self.progress.count, ending.last_event_id
        self._failures += 1
        allowed = self._options.get("max_retries", self._core.max_retries)
        if self._failures > max(allowed, int(self._call.resume)):
            raise self.interrupted(ending) from ending.cause
        yield Sleep(delay(self._failures, {}) or 0.0)

    # ---- making up ----

    def _make_up(self, ending: Ending) -> Flow[Opened]:
        """Wait until the run is over, then make the events that are missing."""
        if not self.progress.knows_run:
            raise self.interrupted(ending) from ending.cause
        run = yield from self._fetch_run(ending)
        if run is None:
            reason = "broke off, on a server that cannot say how its run stands,"
            raise self.interrupted(replace(ending, reason=reason)) from ending.cause
        return (yield from self._until_over(ending, run))

    def _until_over(self, ending: Ending, run: Any) -> Flow[Opened]:
        wait = Wait() if self.deadline is None else Wait(max_wait_seconds=max(0.0, self.deadline - time.monotonic()))
        look = self._run_call()
        try:
            polled = poll_until(self._core, run, look, STREAM_ENDS_WITH, wait, self._look_options())
            run = yield from self._asked(ending, polled, "its run")
        except WaitTimeoutError:
            if self.deadline is not None:
                raise self.too_late(ending.response) from None
            raise self.interrupted(ending) from ending.cause
        return (yield from self._made_up(ending, run))

    def _made_up(self, ending: Ending, run: Any) -> Flow[Opened]:
        thread, run_id = {"thread_id": str(self.progress.thread_id)}, str(self.progress.run_id)
        listed = self._list("listRunSteps", f"{RUN}/steps", {**thread, "run_id": run_id}, {})
        steps = yield from self._asked(ending, listed, "the steps of its run")
        listed = self._list("listMessages", "/threads/{thread_id}/messages", thread, {"run_id": run_id})
        messages = yield from self._asked(ending, listed, "the messages of its run")
        own = [message for message in messages if message.get("run_id") == run_id]
        assembly = self.progress.assembly()
        outputs = (self._call.body or {}).get("tool_outputs")
        delivered = Delivered(
            seen=self.progress.seen,
            steps=assembly.steps,
            messages=assembly.messages,
            outputs_for=_ids_in(outputs),
        )
        events = missing_events(Found(run.to_dict(), steps, own), delivered)
        parser = parser_for(self._call.into)
        made = [mark_synthesized(parser.parse(json.dumps(event).encode())[0]) for event in events]
        return Opened(ending.response, live=False, events=made)

    def _fetch_run(self, ending: Ending) -> Flow[Any]:
        """The run as it stands; None if the server cannot say."""
        fetched = fetch(self._core, self._run_call(), self._look_options())
        try:
            return (yield from self._asked(ending, fetched, "its run"))
        except NotSupportedByServerError:
            return None

    def _asked(self, ending: Ending, flow: Flow[T], what: str) -> Flow[T]:
        """What the server says of the run.

        Raises:
            StreamInterruptedError: It says nothing.
        """
        try:
            return (yield from flow)
        except NotSupportedByServerError:
            raise
        except APIError as error:
            if self._is_late(error):
                raise
            reason = f"ended, and {what} could not be fetched,"
            raise self.interrupted(replace(ending, reason=reason)) from error

    def _run_call(self) -> Call[Any]:
        path = {"thread_id": str(self.progress.thread_id), "run_id": str(self.progress.run_id)}
        return Call(self._operation("getRun", RUN), path, into=self._call.unstreamed or UnknownVariant)

    def _list(
        self, name: str, path: str, values: Mapping[str, str], query: Mapping[str, object]
    ) -> Flow[list[Mapping[str, Any]]]:
        """All items of a list, oldest first; none where the server lacks it."""
        call: Call[Any] = Call(self._operation(name, path), values, {**query, "limit": PAGE, "order": "asc"})
        try:
            return (yield from all_items(self._core, call, self._look_options()))
        except NotSupportedByServerError:
            return []

    # ---- common ----

    def _operation(self, name: str, path: str) -> Operation:
        return Operation(name, "GET", path, beta=self._call.operation.beta)

    def _look_options(self) -> RequestOptions:
        return options_of_a_look(self._options)

    def _learn(self, response: httpx.Response) -> None:
        """Take the id of the run from an answer that was looked up; its thread was known."""
        self._looked_up = True
        run: dict[str, object] = response.json()
        self.progress.run_id = run_id if is_id(run_id := run.get("id")) else None


def _ids_in(outputs: object) -> frozenset[str] | None:
    """The ids of the calls that a request brings outputs for; None for a request that starts a run."""
    if not is_list(outputs):
        return None
    return frozenset(str(output.get("tool_call_id")) for output in outputs if is_mapping(output))


def _run_in(response: httpx.Response, into: Any, thread_id: str | None) -> Any:
    """The run of a thread, if that is known, that an answer holds; None if it holds something else."""
    try:
        run = parser_for(into).parse(response.content)[0]
    except Unparsable:
        return None
    return run if is_id(run.id) and is_id(thread_id or run.thread_id) else None
