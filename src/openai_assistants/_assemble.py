"""What the events of a run add up to: the run, its messages and its steps, and what there is to tell about each event.

Pure: fed with one typed event after the other, from any source. Snapshots grow in place; events are not changed.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any, Iterator, Mapping, NamedTuple

import pydantic
from pydantic_core import from_json

from ._basics import is_list
from ._events import STREAM_ENDS_WITH
from ._merge import (
    Key,
    Slots,
    append,
    become,
    blank,
    field as get,
    fields_of,
    is_object,
    keys_of,
    kind_of,
    merge,
    merge_item,
    plain,
    set_field,
    typed,
)
from ._models import parser_for

# A message or step of a streamed run: its snapshot, and how much of it has been told. No I/O.

Callback = tuple[str, tuple[Any, ...]]
"""Something to tell: the name of a handler's method without `on_`, and its arguments."""


@dataclass(slots=True)
class Told:
    """A part of a message or a call of a step whose beginning was told."""

    item: Any
    kind: str
    text: str = ""
    """Its text before an event that brings the whole object, while that is taken in."""


@dataclass(slots=True)
class Followed:
    """A message or step, and how much of it has been told."""

    snapshot: Any
    way: tuple[str, ...]
    """Fields that lead to its growing list."""
    is_new: bool = True
    """Began in this stream. A step that waited for tool outputs began in an earlier one."""
    over: bool = False
    slots: Slots = field(default_factory=dict[tuple[Any, ...], list[Key]])
    told: dict[Key, Told] = field(default_factory=dict[Key, Told])
    unfinished: list[Told] = field(default_factory=list[Told])
    """Parts or calls whose end was not told yet, oldest first."""

    def last(self) -> Any:
        """The last part or call; None if there is none in the usual place."""
        holder = self.snapshot
        for name in self.way:
            holder = getattr(holder, "__dict__", {}).get(name)
        return holder[-1] if holder else None

    def items(self) -> list[tuple[Key, Any]]:
        """Parts or calls as they are now, with their keys."""
        holder = self.snapshot
        for name in self.way:
            holder = get(holder, name)
        items: list[Any] = holder if is_list(holder) else []
        keys = self.slots.get(self.way)
        if keys is None or len(keys) != len(items):
            keys = keys_of(items)
        return list(zip(keys, items, strict=True))

    def replace(self, data: Any) -> None:
        """The whole object came for the last time: it is what counts."""
        before = [key for key, _ in self.items()]
        grown = get(self.snapshot, self.way[0])
        become(self.snapshot, copy.deepcopy(data))
        if get(self.snapshot, self.way[0]) is None:  # left out, not emptied
            set_field(self.snapshot, self.way[0], grown)
        self.slots.clear()
        after = [key for key, _ in self.items()]
        if not set(before) <= set(after):  # the indexes had gaps
            renamed = dict(zip(before, after, strict=False))
            self.told = {renamed.get(key, key): told for key, told in self.told.items()}
            for key, told in self.told.items():
                told.kind = key[1]
        for key, item in self.items():
            if key in self.told:
                self.told[key].item = item

    def update(self, data: Any) -> None:
        """The object came again before its end: what has grown since stays."""
        grown = bool(self.items())
        for name, value in fields_of(data):
            if value is not None and not (grown and name == self.way[0]):
                set_field(self.snapshot, name, copy.deepcopy(value))

    def begin_part(self, key: Key, part: Any) -> Iterator[Callback]:
        """Tell that a part of a message begins, and before that, that the others are whole."""
        if key not in self.told:
            yield from self.end_parts()
            self._begin(key, part)
            if key[1] == "text":
                yield "text_created", (get(part, "text"),)

    def end_parts(self) -> Iterator[Callback]:
        """Tell that the parts of a message are whole."""
        ended, self.unfinished = self.unfinished, []
        for told in ended:
            if told.kind == "text":
                yield "text_done", (get(told.item, "text"),)
            elif told.kind == "image_file":
                yield "image_file_done", (get(told.item, "image_file"),)

    def begin_call(self, key: Key, call: Any) -> Iterator[Callback]:
        """Tell that a tool call begins, and before that, which others are whole."""
        if key not in self.told:
            earlier, self.unfinished = self.unfinished, []
            for each in earlier:
                if _looks_complete(each.item):
                    yield "tool_call_done", (each.item,)
                else:
                    self.unfinished.append(each)
            self._begin(key, call)
            yield "tool_call_created", (call,)

    def end_calls(self) -> Iterator[Callback]:
        """Tell that the tool calls are whole."""
        ended, self.unfinished = self.unfinished, []
        for told in ended:
            yield "tool_call_done", (told.item,)

    def start_over(self) -> Iterator[Callback]:
        """Tell that the tool calls are whole: details of another type take the place of theirs."""
        yield from self.end_calls()
        self.told.clear()
        self.slots.clear()

    def _begin(self, key: Key, item: Any) -> None:
        told = self.told[key] = Told(item, key[1])
        self.unfinished.append(told)


def _looks_complete(call: Any) -> bool:
    """Whether a tool call is whole when the next one begins. Pieces of parallel calls may still come by turns; where
    that cannot be told, the end of the step decides."""
    kind = kind_of(call)
    body = get(call, kind)
    if kind == "function":
        arguments = get(body, "arguments")
        if not isinstance(arguments, str) or not arguments.rstrip().endswith("}"):  # cheaper than to read half of it
            return False
        try:
            return isinstance(from_json(arguments), dict)
        except ValueError:
            return False
    return bool(get(body, "outputs") or get(body, "results"))


# The deltas that most events are: each makes one string longer and says nothing else. No I/O.
#
# `_merge` would do the same to the snapshot, and does whatever else a delta asks for.

Grown = tuple[Any, Any, Any, Any]
"""The part or call in the delta, the one that grew, and the objects in them, which have the piece and the string."""


class _Place(NamedTuple):
    """Where a part or call has its string, and which fields a delta that only adds to it has."""

    fields: set[str]
    string: str
    inner_fields: set[str]


def _places(**strings: str) -> Mapping[str, _Place]:
    return {kind: _Place({"index", "type", kind}, string, {string}) for kind, string in strings.items()}


PARTS = _places(text="value")
"""Of messages, by their type, which is the name of the object inside of them, too."""
CALLS = _places(function="arguments", code_interpreter="input")


def grow(followed: Followed, deltas: Any, places: Mapping[str, _Place]) -> Grown | None:
    """Carry out the list in a delta if all that it does is to add to the string of the last part or call of a message
    or step, and handlers know that this one has begun. Otherwise None, and nothing is done."""
    delta: Any = deltas[0] if deltas.__class__ is list and len(deltas) == 1 else None
    if not isinstance(delta, pydantic.BaseModel):
        return None
    fields = delta.__dict__
    kind, index = fields.get("type"), fields.get("index")
    if not isinstance(kind, str) or kind not in places or type(index) is not int:
        return None
    place = places[kind]
    if delta.__pydantic_fields_set__ != place.fields:
        return None
    told = followed.told.get((index, kind))
    if told is None or told.item is not followed.last():
        return None
    inner_delta, inner = fields.get(kind), told.item.__dict__.get(kind)
    if not isinstance(inner_delta, pydantic.BaseModel) or not isinstance(inner, pydantic.BaseModel):
        return None
    piece = inner_delta.__dict__.get(place.string)
    if type(piece) is not str or inner_delta.__pydantic_fields_set__ != place.inner_fields:
        return None
    if type(inner.__dict__.get(place.string)) is not str:
        return None
    append(inner, place.string, piece)
    return delta, told.item, inner_delta, inner


RUN, STEP, MESSAGE = "thread.run.", "thread.run.step.", "thread.message."
BEGINNINGS = ("created", "in_progress")
CONTENT, TOOL_CALLS = ("content",), ("step_details", "tool_calls")


class Assembly:
    """The state of a streamed run.

    `events` is the annotated union of the events, in which the classes of messages and steps are found.
    """

    run: Any = None
    """The run as it was last sent."""
    thread_id: str | None = None
    current_event: Any = None
    current_message: Any = None
    """The message that was last created, grew or ended."""
    current_step: Any = None
    """The step at work."""

    def __init__(self, events: Any) -> None:
        self._events = events
        self._step_ended = False
        """Whether the event that came last ended `current_step`."""
        self._messages: dict[str, Followed] = {}
        self._steps: dict[str, Followed] = {}
        self.messages: dict[str, Any] = {}
        """Snapshots by id, in order of first appearance."""
        self.steps: dict[str, Any] = {}
        """Snapshots by id, in order of first appearance."""

    @property
    def run_status(self) -> str | None:
        """The status of the run as it was last sent."""
        return _text(get(self.run, "status"))

    def feed(self, event: Any) -> list[Callback]:
        """Take in an event; returns what there is to tell about it, in order, apart from the event itself."""
        fields: Mapping[str, Any] = event.__dict__ if isinstance(event, pydantic.BaseModel) else {}
        name, data = fields.get("event"), fields.get("data")
        if self._step_ended:
            self._step_ended, self.current_step = False, None
        self.current_event = event
        if not isinstance(name, str) or not isinstance(data, pydantic.BaseModel):
            return []  # an event that this version does not know
        if name == "thread.created":
            self.thread_id = _text(get(data, "id")) or self.thread_id
        elif name == "thread.message.delta":
            return self._text_grown(data) or list(self._message_delta(data))
        elif name == "thread.run.step.delta":
            return self._call_grown(data) or list(self._step_delta(data))
        elif name.startswith(MESSAGE):
            return list(self._message(name.removeprefix(MESSAGE), data))
        elif name.startswith(STEP):
            return list(self._step(name.removeprefix(STEP), data))
        elif name.startswith(RUN):
            return list(self._run(name.removeprefix(RUN), data))
        return []

    def _run(self, kind: str, data: Any) -> Iterator[Callback]:
        self.run = data
        self.thread_id = _text(get(data, "thread_id")) or self.thread_id
        if (self.run_status or kind) in STREAM_ENDS_WITH:
            for followed in self._steps.values():
                yield from followed.end_calls()

    def _message(self, kind: str, data: Any) -> Iterator[Callback]:
        followed = self._messages.get(_id(data))
        if followed is None:
            if kind == "in_progress":
                return  # of a message never created: a server smuggles the usage of tokens in such an event
            followed = self._follow_message(copy.deepcopy(data))
            yield "message_created", (followed.snapshot,)
        elif followed.over:
            return
        else:
            for told in followed.told.values():
                told.text = _value(told.item)
            if kind in BEGINNINGS:
                followed.update(data)
            else:
                followed.replace(data)
        self.current_message = followed.snapshot
        if get(followed.snapshot, "role") != "user":
            for key, item in followed.items():
                yield from self._tell_whole(followed, key, item)
        for told in followed.told.values():
            told.text = ""  # a text that is held somewhere else would be copied when it grows
        if kind not in BEGINNINGS:
            followed.over = True
            yield from followed.end_parts()
            yield "message_done", (followed.snapshot,)

    def _tell_whole(self, followed: Followed, key: Key, item: Any) -> Iterator[Callback]:
        """Tell of a part that came with the whole message: what no delta had said."""
        yield from followed.begin_part(key, item)
        before, now = followed.told[key].text, _value(item)
        if len(now) > len(before) and now.startswith(before):
            part = {"type": "text", "text": {"value": now[len(before) :]}}
            data = self._made(f"{MESSAGE}delta", {"delta": {"content": [part]}})
            yield "text_delta", (data.delta.content[0].text, item.text)

    def _text_grown(self, data: pydantic.BaseModel) -> list[Callback] | None:
        """What there is to tell about a delta that only makes a text longer; None of another one."""
        fields = data.__dict__
        id, delta = fields.get("id"), fields.get("delta")
        followed = self._messages.get(id) if isinstance(id, str) else None
        if followed is None or followed.over or not _has_only(delta, "content"):
            return None
        grown = grow(followed, delta.__dict__.get("content"), PARTS)
        if grown is None:
            return None
        _, _, piece, text = grown
        message = self.current_message = followed.snapshot
        return [("text_delta", (piece, text)), ("message_delta", (delta, message))]

    def _message_delta(self, data: Any) -> Iterator[Callback]:
        id, delta = _text(get(data, "id")) or _id(self.current_message), get(data, "delta")
        if not is_object(delta):
            return
        followed = self._messages.get(id)
        if followed is None:
            known = self._known(id, MESSAGE)
            message = self._made(f"{MESSAGE}created", {**known, "role": "assistant", "content": []})
            followed = self._follow_message(message)
            yield "message_created", (message,)
        elif followed.over:
            return
        message = self.current_message = followed.snapshot
        parts = get(delta, "content")
        merge(message, _without(delta, "content"), followed.slots)
        for sent in parts if is_list(parts) else ():
            part = typed(delta, "content", sent)
            merged = merge_item(message, "content", part, followed.slots)
            if merged is None:
                continue
            yield from followed.begin_part(*merged)
            if kind_of(part) == "text" and is_object(text := get(part, "text")):
                yield "text_delta", (text, merged[1].text)
        yield "message_delta", (delta, message)

    def _follow_message(self, message: Any) -> Followed:
        followed = self._messages[_id(message)] = Followed(message, CONTENT)
        self.messages[_id(message)] = message
        self.thread_id = self.thread_id or _text(get(message, "thread_id"))
        return followed

    def _step(self, kind: str, data: Any) -> Iterator[Callback]:
        followed = self._steps.get(_id(data))
        if followed is None:
            followed = self._follow_step(copy.deepcopy(data), is_new=kind == "created")
            if followed.is_new:
                yield "run_step_created", (followed.snapshot,)
        elif followed.over:
            return
        elif kind in BEGINNINGS:
            followed.update(data)
            if kind == "created" and not followed.is_new:
                followed.is_new = True
                yield "run_step_created", (followed.snapshot,)
        else:
            followed.replace(data)
        self.current_step = followed.snapshot
        if followed.is_new and kind in (*BEGINNINGS, "completed"):
            for key, call in followed.items():
                yield from followed.begin_call(key, call)
        if kind not in BEGINNINGS:
            followed.over = self._step_ended = True
            yield from followed.end_calls()
            yield "run_step_done", (followed.snapshot,)

    def _call_grown(self, data: pydantic.BaseModel) -> list[Callback] | None:
        """What there is to tell about a delta that only makes arguments or code longer; None of another one."""
        fields = data.__dict__
        id, delta = fields.get("id"), fields.get("delta")
        followed = self._steps.get(id) if isinstance(id, str) else None
        if followed is None or followed.over or not _has_only(delta, "step_details"):
            return None
        details = delta.__dict__.get("step_details")
        if not _has_only(details, "type", "tool_calls"):
            return None
        grown = grow(followed, details.__dict__.get("tool_calls"), CALLS)
        if grown is None:
            return None
        piece, call, _, _ = grown
        self.current_step = followed.snapshot
        return [("tool_call_delta", (piece, call)), ("run_step_delta", (delta, followed.snapshot))]

    def _step_delta(self, data: Any) -> Iterator[Callback]:
        id, delta = _text(get(data, "id")) or _id(self.current_step), get(data, "delta")
        if not is_object(delta):
            return
        details = typed(delta, "step_details", get(delta, "step_details"))
        kind = kind_of(details)
        followed = self._steps.get(id)
        if followed is None:
            step = self._made(f"{STEP}created", {**self._known(id, STEP), "type": kind})
            followed = self._follow_step(step, is_new=not _continues(details))
            if followed.is_new:
                yield "run_step_created", (step,)
        elif followed.over:
            return
        step = self.current_step = followed.snapshot
        merge(step, _without(delta, "step_details"), followed.slots)
        if is_object(details):
            before = get(step, "step_details")
            if not is_object(before) or (kind and kind_of(before) != kind):
                yield from followed.start_over()
                set_field(step, "step_details", blank(step, "step_details", kind))
            mine, calls = get(step, "step_details"), get(details, "tool_calls")
            merge(mine, _without(details, "tool_calls"), followed.slots, TOOL_CALLS[:1])
            for sent in calls if is_list(calls) else ():
                call = typed(details, "tool_calls", sent)
                merged = merge_item(mine, "tool_calls", call, followed.slots, TOOL_CALLS[:1])
                if merged is not None:
                    if followed.is_new:
                        yield from followed.begin_call(*merged)
                    yield "tool_call_delta", (call, merged[1])
        yield "run_step_delta", (delta, step)

    def _follow_step(self, step: Any, *, is_new: bool) -> Followed:
        followed = self._steps[_id(step)] = Followed(step, TOOL_CALLS, is_new)
        self.steps[_id(step)] = step
        self.thread_id = self.thread_id or _text(get(step, "thread_id"))
        return followed

    def _known(self, id: str, prefix: str) -> dict[str, Any]:
        """What is known of a message or step that begins with a delta."""
        parents = {"run_id": get(self.run, "id"), "assistant_id": get(self.run, "assistant_id")}
        return {"id": id, "object": prefix[:-1], **parents, "thread_id": self.thread_id, "status": "in_progress"}

    def _made(self, name: str, data: Mapping[str, Any]) -> Any:
        """The data of an event that the server did not send, in its class; missing fields are None."""
        document = {"event": name, "data": data}
        return parser_for(self._events).parse(json.dumps(document).encode())[0].data


def _has_only(value: Any, *names: str) -> bool:
    """Whether a part of a delta was sent with exactly these fields."""
    return isinstance(value, pydantic.BaseModel) and value.__pydantic_fields_set__ == {*names}


def _continues(details: Any) -> bool:
    """Whether a delta only adds results to calls that an earlier stream told of."""
    sent = plain(get(details, "tool_calls"))
    calls = [get(call, "function") for call in sent] if is_list(sent) else []
    return bool(calls) and all(
        get(call, "output") is not None and get(call, "name") is None and get(call, "arguments") is None
        for call in calls
    )


def _without(delta: Any, name: str) -> dict[str, Any]:
    return {key: value for key, value in fields_of(delta) if key not in (name, "type")}


def _value(part: Any) -> str:
    """The text of a text part, otherwise nothing."""
    text = get(part, "text") if kind_of(part) == "text" else None
    return _text(text) or _text(get(text, "value")) or ""


def _id(data: Any) -> str:
    return _text(get(data, "id")) or ""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
