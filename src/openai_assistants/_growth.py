"""The deltas that most events are: each makes one string longer and says nothing else. No I/O.

`_merge` would do the same to the snapshot, and does whatever else a delta asks for.
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

import pydantic

from ._followed import Followed
from ._merge import append


class Grown(NamedTuple):
    """What a delta has done."""

    delta: Any
    """The part or call in the delta."""
    item: Any
    """The part or call that grew."""
    inner_delta: Any
    """The object in the first one that has the new piece."""
    inner: Any
    """The object in the second one that has the string."""


class _Place(NamedTuple):
    """Where a part or call has its string, and which fields a delta that only adds to it has."""

    fields: frozenset[str]
    string: str
    inner_fields: frozenset[str]


def _places(**strings: str) -> Mapping[object, _Place]:
    return {
        kind: _Place(frozenset({"index", "type", kind}), string, frozenset({string}))
        for kind, string in strings.items()
    }


PARTS = _places(text="value")
"""Of messages, by their type, which is the name of the object inside of them, too."""
CALLS = _places(function="arguments", code_interpreter="input")


def grow(followed: Followed, deltas: object, places: Mapping[object, _Place]) -> Grown | None:
    """Carry out the list in a delta if all that it does is to add to the string of the last part or call of a message
    or step, and handlers know that this one has begun. Otherwise None, and nothing is done."""
    delta: Any = deltas[0] if type(deltas) is list and len(deltas) == 1 else None
    if not isinstance(delta, pydantic.BaseModel):
        return None
    fields = delta.__dict__
    kind, index = fields.get("type"), fields.get("index")
    place = places.get(kind) if type(kind) is str else None
    if place is None or type(index) is not int or delta.__pydantic_fields_set__ != place.fields:
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
    return Grown(delta, told.item, inner_delta, inner)
