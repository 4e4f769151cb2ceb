"""A message or step of a streamed run: its snapshot, and how much of it has been told. No I/O."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any, Iterator

import pydantic
from pydantic_core import from_json

from ._guards import is_list
from ._merge import Key, Slots, become, field as get, fields_of, keys_of, kind_of, set_field

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
            if not isinstance(holder, pydantic.BaseModel):
                return None
            holder = holder.__dict__.get(name)
        return holder[-1] if holder.__class__ is list and holder else None

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
            return
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
