"""JSON of requests, and what of it is refused."""

from __future__ import annotations

import json
import math
import re
from typing import Final

from .errors import ApiError
from .spec import is_array, is_object
from .store import dumps

_MAX_DEPTH: Final = 200
_MAX_VALUES: Final = 200_000
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"')


def parse(raw: bytes) -> object:
    """The JSON of a body; none at all counts as an empty object. Refuses what could not be answered again: numbers
    beyond a float's range, half surrogate pairs, nesting and numbers of values beyond all reason."""
    if not raw.strip():
        return {}
    if (signs := _signs(raw)) > _MAX_VALUES:
        _check_count(raw, signs)
    try:
        value: object = json.loads(raw.decode(), parse_constant=_refuse, parse_float=_finite)
        if b"\\u" in raw:
            dumps(value).encode()
        if raw.count(b"[") + raw.count(b"{") > _MAX_DEPTH:
            _check_depth(value)
    except (ValueError, RecursionError):
        raise ApiError(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP "
            "library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)"
        ) from None
    return value


def _check_count(raw: bytes, signs: int) -> None:
    """Refuse JSON of which little is text: it would become many times as large in memory."""
    for number, text in enumerate(_STRING.finditer(raw)):
        if number > 2 * _MAX_VALUES:
            break
        signs -= _signs(text[0])
    if signs > _MAX_VALUES:
        raise ApiError(f"The request body holds more than {_MAX_VALUES} values.")


def _signs(raw: bytes) -> int:
    """What there is at most one of for each value."""
    return raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _check_depth(value: object) -> None:
    level: list[object] = [value]
    for _ in range(_MAX_DEPTH):
        level = [
            inner for each in level for inner in (each.values() if is_object(each) else each if is_array(each) else ())
        ]
        if not level:
            return
    raise ValueError("nested too deeply")


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(text)
    return value
