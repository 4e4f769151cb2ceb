"""Values of a YAML file as what they should be, with errors that name the place. Readers are put together to tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from ..spec import JsonObject, is_array, is_object

Reader: TypeAlias = Callable[[Any, str], Any]
"""Makes something of a value at a place, or raises `Wrong`."""


class Wrong(Exception):
    """A value that is no good, with its place in the file."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)


@dataclass(frozen=True)
class Record:
    """Something with named fields."""

    make: Callable[..., Any]
    fields: Mapping[str, Reader]
    required: tuple[str, ...] = ()

    def __call__(self, value: Any, place: str) -> Any:
        """What the value says."""
        if not is_object(value):
            raise Wrong(place, f"must be a mapping, not {shown(value)}")
        check_names(value, self.fields, place)
        for name in self.required:
            if name not in value:
                raise Wrong(place, f"{name} is missing")
        made = {name: self.fields[name](item, f"{place}.{name}") for name, item in value.items()}
        try:
            return self.make(**made)
        except ValueError as error:
            raise Wrong(place, str(error)) from None


def text(value: Any, place: str) -> str:
    """Text."""
    if not isinstance(value, str):
        hint = "; put it in quotes" if isinstance(value, (bool, int, float, date)) else ""
        raise Wrong(place, f"must be text, not {shown(value)}{hint}")
    return value


def seconds(value: Any, place: str) -> float:
    """A pause."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
        raise Wrong(place, f"must be a pause in seconds, not {shown(value)}")
    return float(value)


def text_or_pause(value: Any, place: str) -> str | float:
    """A piece of text, or a pause between two."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Wrong(place, f"must be text or a pause in seconds, not {shown(value)}")
    return seconds(value, place)


def count(least: int) -> Reader:
    """A whole number."""

    def read(value: Any, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise Wrong(place, f"must be a whole number, {least} or more, not {shown(value)}")
        return value

    return read


def any_number_or(read: Reader) -> Reader:
    """What `read` reads, or null."""
    return lambda value, place: None if value is None else read(value, place)


def list_of(read: Reader) -> Reader:
    """A list."""

    def read_all(value: Any, place: str) -> list[Any]:
        if not is_array(value):
            raise Wrong(place, f"must be a list, not {shown(value)}")
        return [read(item, f"{place}[{number}]") for number, item in enumerate(value)]

    return read_all


def one_of(*values: str) -> Reader:
    """One of some texts."""

    def read(value: Any, place: str) -> str:
        if value not in values:
            raise Wrong(place, f"must be one of {', '.join(values)}, not {shown(value)}")
        return str(value)

    return read


def json_object_or_text(value: Any, place: str) -> JsonObject | str:
    """Text, or a mapping that JSON can hold."""
    if not isinstance(value, str) and not is_object(value):
        raise Wrong(place, f"must be a mapping or text, not {shown(value)}")
    return value if isinstance(value, str) else json_object(value, place)


def json_object(value: Any, place: str) -> JsonObject:
    """A mapping that JSON can hold."""
    if not is_object(value):
        raise Wrong(place, f"must be a mapping, not {shown(value)}")
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise Wrong(place, f"is no JSON: {error}; dates and the like need quotes") from None
    return value


def check_names(value: JsonObject, known: Collection[str], place: str, *, also: Collection[str] = ()) -> None:
    """Refuse names that are not known; `also` are further ones to tell of."""
    for name in value:
        if name not in known:
            names = ", ".join([*known, *also])
            raise Wrong(place, f"there is no {name!r}; known are: {names}")


def shown(value: object) -> str:
    """A value for a message."""
    if value is None:
        return "nothing"
    said = repr(value)
    return f"{type(value).__name__} {said if len(said) <= 60 else said[:60] + '...'}"
