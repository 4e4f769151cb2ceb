"""Tool calls put together from deltas, however a server cuts, numbers and names them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ...spec import JsonObject, child, is_object
from ..base import ModelError, Part, ToolCallDelta, ToolKind
from .tools import OfferedTools


@dataclass
class _Call:
    number: int
    """The place of the call in the turn."""
    index: object
    """Its index as the server gives it."""
    id: str | None = None
    name: str | None = None
    built_in: tuple[ToolKind, str] | None = None
    text: str = ""
    """The arguments so far."""
    sent: int = 0
    """How much of them was passed on."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing can follow: the arguments are a JSON object."""
        try:
            return is_object(json.loads(self.text))
        except ValueError:
            return False


@dataclass
class CallReader:
    """The calls of one turn. A function's arguments are passed on as they come; those of tools that this server carries
    out when they are complete, because their one value is wanted without the JSON around it."""

    tools: OfferedTools
    """Calls beyond the number that they allow are dropped."""
    known_ids: set[str]
    """Ids of the run's earlier calls."""
    _calls: list[_Call] = field(default_factory=list[_Call])
    _ids: set[str] = field(default_factory=set[str])

    def take(self, delta: JsonObject) -> Iterator[Part]:
        """The parts that one delta of a call makes."""
        function = child(delta, "function")
        name = _text(function.get("name"))
        arguments = function.get("arguments")
        text = arguments if isinstance(arguments, str) else "" if arguments is None else json.dumps(arguments)
        call = self._find(delta.get("index"), _text(delta.get("id")), name, text)
        if self._is_dropped(call):
            return
        if not (call.text and not isinstance(arguments, str)):
            call.text += text
        if call.name is None and name is not None:
            call.name = name
            call.built_in = self.tools.carried_out_here(name)
            if call.built_in is None:
                yield ToolCallDelta(call.number, name=name, id=self._unique(call.id))
            else:
                yield ToolCallDelta(call.number, id=self._unique(call.id), kind=call.built_in[0])
        if call.name is not None and call.built_in is None and call.sent < len(call.text):
            yield ToolCallDelta(call.number, arguments=call.text[call.sent :])
            call.sent = len(call.text)

    def finish(self) -> Iterator[Part]:
        """What is left when the turn has ended.

        Raises:
            ModelError: A call names no tool.
        """
        for call in self._calls:
            if self._is_dropped(call):
                return
            if call.name is None:
                raise ModelError("The model called a tool without saying which.")
            if call.built_in is not None:
                kind, parameter = call.built_in
                yield ToolCallDelta(call.number, arguments=_only_value(call.text, parameter), kind=kind)

    def _find(self, index: object, id_: str | None, name: str | None, text: str) -> _Call:
        """The call that a delta belongs to. The index says so, or the id; but there are servers that give the same
        index to all calls, a new id to each delta, or neither, and those that repeat the name on each delta."""
        if index is not None:
            current = next((call for call in reversed(self._calls) if call.index == index), None)
        elif id_ is not None and any(call.id == id_ for call in self._calls):
            current = next(call for call in self._calls if call.id == id_)
        else:
            current = self._calls[-1] if self._calls else None
        if current is not None:
            if name is None or current.name is None or (id_ is not None and id_ == current.id):
                begins = False
            elif id_ is not None and current.id is not None:
                begins = True
            else:
                begins = name != current.name or (bool(text) and current.is_whole)
            if not begins:
                current.id = current.id or id_
                return current
        self._calls.append(_Call(len(self._calls), index, id_))
        return self._calls[-1]

    def _is_dropped(self, call: _Call) -> bool:
        return self.tools.most_calls is not None and call.number >= self.tools.most_calls

    def _unique(self, id_: str | None) -> str | None:
        """The id, unless it is one that another call of the run has: there are servers that count from 0 each turn."""
        if id_ is None or id_ in self.known_ids or id_ in self._ids:
            return None
        self._ids.add(id_)
        return id_


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, (str, int)) and str(value).strip() else None


def _only_value(arguments: str, parameter: str) -> str:
    """The value of a tool's one parameter. Models that know such tools write the bare text at times."""
    try:
        # Not strict: programs come with real line breaks within their string.
        values: object = json.loads(arguments, strict=False)
    except ValueError:
        return arguments
    if not is_object(values):
        return str(values)
    value = values.get(parameter, next(iter(values.values()), ""))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
