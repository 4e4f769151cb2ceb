"""Deviations that were met before, read in one pass.

A server that deviates does so in every answer, so a place that deviated once is made tolerant for the next time: there
the validator takes any value and marks it. What was marked is then reported and replaced exactly as `_deviations` does
it, which reads the answers that are odd in a new way, and is what this learns from.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Iterable, Iterator, Mapping

from pydantic import BaseModel
from pydantic_core import SchemaValidator, ValidationError

from ._deviations import Odd, Path, as_timestamp, show_path
from ._guards import is_dict, is_list
from ._lenient import built_by_hand
from ._models import TIMESTAMP_ERROR, Deviation

MAX_PLACES = 50
EVERY = "*"
"""Stands for all numbers in a place."""

Place = tuple[str, ...]
Known = dict[type | None, tuple[str, str]]
"""For each type that a value had, or None where there was none: the kind of error and what it says."""


class Tolerance:
    """What is known of the deviations from a schema. Unchangeable, so that many threads can use it."""

    def __init__(self, schema: Any, places: dict[Place, Known] | None = None) -> None:
        self._schema = schema
        self._places: dict[Place, Known] = places or {}
        if self._places:
            for place in sorted(self._places, key=len, reverse=True):  # marks go around what is changed inside
                schema = _tolerant(schema, place)
            self._validator = SchemaValidator(schema)

    def extended(self, odd: Iterable[Odd]) -> Tolerance | None:
        """With these too; None if nothing is new or can be learned."""
        places = {place: dict(known) for place, known in self._places.items()}
        news = False
        for each in odd:
            place = tuple(EVERY if isinstance(step, int) else step for step in each.path)
            if place not in places and (len(places) >= MAX_PLACES or not self._can_learn(place)):
                continue
            known = places.setdefault(place, {})
            if each.got not in known:
                known[each.got] = (each.kind, each.expected)
                news = True
        return Tolerance(self._schema, places) if news else None

    def _can_learn(self, place: Place) -> bool:
        try:
            _tolerant(self._schema, place)
        except _NotFollowed:
            return False
        return True

    def read(self, data: bytes | bytearray) -> tuple[Any, tuple[Deviation, ...]] | None:
        """The object and its deviations; None if it is odd in a way that is not known."""
        try:
            value: Any = self._validator.validate_json(data)
        except ValidationError:
            return None
        deviations: list[Deviation] = []
        for place, known in self._places.items():
            for path, fields in _holders(value, place[:-1], ()):
                got = fields.get(place[-1])
                if type(got) is not _Marked:
                    continue
                said = known.get(None if got is _MISSING else kind_of_value(got.value))
                if said is None:
                    return None
                kind, expected = said
                deviations.append(Deviation(show_path((*path, place[-1])), expected, got.value))
                fields[place[-1]] = as_timestamp(got.value) if kind == TIMESTAMP_ERROR else got.value
        return value, tuple(deviations)


@dataclass(slots=True, eq=False)
class _Marked:
    """A value that is not as it should be."""

    value: Any


_MISSING = _Marked(None)


def kind_of_value(value: object) -> type:
    """The class of a value, by which deviations at one place are told apart."""
    return type(value)


class _NotFollowed(Exception):
    """A place is not the field of an object, or leads through a union."""


def _holders(value: Any, steps: Place, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The fields of all objects that a place leads to."""
    if isinstance(value, BaseModel):
        fields = vars(value)
    elif is_dict(value):
        fields = value
    elif is_list(value) and steps and steps[0] == EVERY:
        for index, item in enumerate(value):
            yield from _holders(item, steps[1:], (*path, index))
        return
    else:
        return
    if not steps:
        yield path, fields
    elif steps[0] in fields:
        yield from _holders(fields[steps[0]], steps[1:], (*path, steps[0]))


def _tolerant(schema: Any, place: Place, shared: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """The schema, with marks for what is wrong at a place; `shared` are the schemas that it refers to."""
    first = next(iter(place), None)
    match schema["type"]:
        case _ if first is None:
            raise _NotFollowed
        case "definitions":
            shared = {each["ref"]: each for each in schema["definitions"]}
            return {**schema, "schema": _tolerant(schema["schema"], place, shared)}
        case "definition-ref":
            copied = {name: value for name, value in shared[schema["schema_ref"]].items() if name != "ref"}
            return _tolerant(copied, place, shared)
        case "nullable" | "default":
            return {**schema, "schema": _tolerant(schema["schema"], place, shared)}
        case "list" if first == EVERY:
            return {**schema, "items_schema": _tolerant(schema["items_schema"], place[1:], shared)}
        case "model":
            return built_by_hand(schema, _tolerant(schema["schema"], place, shared))
        case "function-after" if is_dict(schema["schema"]) and schema["schema"]["type"] == "model-fields":
            return {**schema, "schema": _tolerant(schema["schema"], place, shared)}
        case "model-fields" | "typed-dict" if first in schema["fields"]:
            field = schema["fields"][first]
            if len(place) > 1:
                field = {**field, "schema": _tolerant(field["schema"], place[1:], shared)}
            elif schema["type"] == "model-fields":
                field = {**field, "schema": _marking(field["schema"])}
            else:
                raise _NotFollowed
            # Extra fields are allowed by the model's configuration, which a model built by hand does not have.
            return {**schema, "fields": {**schema["fields"], first: field}, "extra_behavior": "allow"}
        case _:
            raise _NotFollowed


def _marking(schema: Any) -> Any:
    """Takes anything; what the schema refuses is marked."""
    if schema["type"] == "default":
        return {**schema, "schema": _marking(schema["schema"])}
    anything = {
        "type": "function-after",
        "function": {"type": "no-info", "function": _Marked},
        "schema": {"type": "any"},
    }
    union = {"type": "union", "choices": [schema, anything], "mode": "left_to_right"}
    return {"type": "default", "schema": union, "default": _MISSING, "copy_default": False}
