"""Filters on the attributes of files.

Values are compared only with values of their own kind: text with text, numbers with numbers, booleans with booleans. So
`ne` and `nin` hold for a file that lacks the attribute, and every other comparison does not.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from ..errors import ApiError
from ..spec import JsonObject, is_array

_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def check(condition: JsonObject, path: str = "filters") -> None:
    """Refuse a filter that compares with something it cannot compare with.

    Raises:
        ApiError: A comparison with a list of values lacks the list, or another one has one.
    """
    if "filters" in condition:
        for index, each in enumerate(condition["filters"]):
            check(each, f"{path}.filters[{index}]")
        return
    kind, wants_list = condition["type"], condition["type"] in ("in", "nin")
    if is_array(condition["value"]) != wants_list:
        what = "an array" if wants_list else "a single value"
        raise ApiError(f"Invalid '{path}.value': '{kind}' takes {what}.", param=f"{path}.value", code="invalid_value")


def passes(condition: JsonObject, attributes: Mapping[str, Any]) -> bool:
    """Whether a file with these attributes passes."""
    kind = condition["type"]
    if kind == "and":
        return all(passes(each, attributes) for each in condition["filters"])
    if kind == "or":
        return any(passes(each, attributes) for each in condition["filters"])
    has, value = attributes.get(condition["key"]), condition["value"]
    match kind:
        case "eq":
            return _same(has, value)
        case "ne":
            return not _same(has, value)
        case "in":
            return any(_same(has, each) for each in value)
        case "nin":
            return not any(_same(has, each) for each in value)
        case _:
            return _comparable(has, value) and not isinstance(value, bool) and _ORDER[kind](has, value)


def _same(one: Any, other: Any) -> bool:
    return _comparable(one, other) and bool(one == other)


def _comparable(one: Any, other: Any) -> bool:
    return _kind(one) is not None and _kind(one) == _kind(other)


def _kind(value: Any) -> str | None:
    if isinstance(value, bool):  # before numbers: True is an int
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "string" if isinstance(value, str) else None
