"""The events that a broken stream did not deliver, made from what the API says of the run afterwards. No I/O.

A run's events come in a fixed order: the run, then step by step each step with its message, then the end of the run.
What was delivered is a beginning of it, so what is missing is the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, Mapping

from ._basics import is_list, is_mapping

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
    found = (place for place, step in enumerate(steps) if any(call.get("id") in outputs_for for call in _calls(step)))
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
    calls = details.get("tool_calls") if is_mapping(details) else None
    return [call for call in calls if is_mapping(call)] if is_list(calls) else []


# ---- messages ----


def _message_events(message: Json, delivered: Delivered) -> Iterator[tuple[str, Json]]:
    opened = {**message, **OPEN_MESSAGE}
    yield "thread.message.created", opened
    yield "thread.message.in_progress", opened
    message_id = str(message.get("id"))
    if not delivered.seen.isdisjoint({(f"thread.message.{end}", message_id) for end in ("completed", "incomplete")}):
        return
    snapshot = delivered.messages.get(message_id)
    known: list[Json] = snapshot.to_dict().get("content", NOTHING) if snapshot is not None else NOTHING
    content = message.get("content")
    for index, block in enumerate(content if is_list(content) else []):
        piece = _rest_of_block(block, known[index] if index < len(known) else None)
        if piece is not None:
            yield _delta("thread.message.delta", message_id, {"content": [{"index": index, **piece}]})


def _end_of_message(message: Json | None) -> Iterator[tuple[str, Json]]:
    if message is not None and message.get("status") != "in_progress":
        # The API has messages without a status; those are complete.
        yield f"thread.message.{message.get('status') or 'completed'}", message


def _rest_of_block(block: Json, known: Json | None) -> Json | None:
    """What of a content block has not been delivered; None if all of it was."""
    if known is None:
        return _numbered(block) if block.get("type") == "text" else block
    kind = block.get("type")
    text, before = block.get(str(kind)), known.get(str(kind))
    if kind == "refusal":
        rest = _rest(text, before)
        return {"type": kind, "refusal": rest} if rest else None
    if kind != "text" or not is_mapping(text) or not is_mapping(before):
        return None
    rest = _rest(text.get("value"), before.get("value"))
    annotations = _new_items(text.get("annotations"), before.get("annotations"))
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
    text, before = text if isinstance(text, str) else "", before if isinstance(before, str) else ""
    return text[len(before) :] if text.startswith(before) else ""


def _new_items(items: object, known: object) -> list[Json]:
    """The items of a list behind those that are known, each with its index."""
    start = len(known) if is_list(known) else 0
    return [{"index": start + i, **each} for i, each in enumerate(items[start:])] if is_list(items) else []


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
