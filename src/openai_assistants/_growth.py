"""The deltas that most events are: each makes one string longer and says nothing else. No I/O.

`_merge` would do the same to the snapshot, and does whatever else a delta asks for.
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

import pydantic

from ._followed import Followed
from ._merge import append

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
