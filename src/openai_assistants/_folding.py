"""Deltas that were kept as bytes, read again: successive pieces of one text come as a single delta."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any, Iterable, Iterator

import pydantic_core

from ._parsing import parser_for

Place = tuple[str, int]
"""The id of a message and the index of a text in it."""


def folded(kept: Iterable[Any], into: Any) -> Iterator[Any]:
    """The events that the kept ones, JSON or read already, amount to; `into` is their type."""
    parse = parser_for(into).parse
    for place, group in groupby(map(_Kept, kept), key=lambda each: each.place):
        if place is None:
            for each in group:
                yield parse(each.event)[0] if isinstance(each.event, bytes) else each.event
        else:
            yield parse(_text_delta(place, "".join(each.text for each in group)))[0]


class _Kept:
    """A kept event; `place` and `text` of a delta that does nothing but add to a text."""

    def __init__(self, event: Any) -> None:
        self.event = event
        self.place: Place | None = None
        self.text = ""
        if isinstance(event, bytes):
            self._look(pydantic_core.from_json(event))

    def _look(self, document: Any) -> None:
        match document:
            case {
                "event": "thread.message.delta",
                "data": {"id": str(id), "delta": {"content": [{"index": int(index), "type": "text"} as part]} as delta},
            } if len(delta) == 1 and len(part) == 3:
                match part.get("text"):
                    case {"value": str(text), **others} if not others.pop("annotations", None) and not others:
                        self.place, self.text = (id, index), text
                    case _:
                        pass
            case _:
                pass


def _text_delta(place: Place, text: str) -> bytes:
    content = [{"index": place[1], "type": "text", "text": {"value": text}}]
    data = {"id": place[0], "object": "thread.message.delta", "delta": {"content": content}}
    return json.dumps({"event": "thread.message.delta", "data": data}).encode()
