"""JSON bodies of requests."""

from __future__ import annotations

import json
from typing import Any, Mapping

from ._guards import is_collection, is_dict, is_mapping, is_sequence
from ._omit import Omit


def without_omitted(values: Mapping[str, object]) -> dict[str, object]:
    """The values that were given."""
    return {name: value for name, value in values.items() if not isinstance(value, Omit)}


def encode_json(body: Mapping[str, object]) -> bytes:
    """A JSON body. Result models may stand wherever their parameters may, any iterable for a list.

    Raises:
        TypeError: A value has no JSON form.
        ValueError: A number is NaN or infinite, or text contains a lone surrogate.
    """
    try:
        return _dump(body)
    except _OmitInsideError:
        return _dump(_strip(body))
    except UnicodeEncodeError as error:
        raise ValueError(f"text in the request cannot be sent: {error.reason} (a lone surrogate?)") from None


class _OmitInsideError(Exception):
    """`omit` stands inside a nested value; rare, so that bodies are not searched for it beforehand."""


def _dump(body: Any) -> bytes:
    return json.dumps(body, default=_plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _strip(value: Any) -> Any:
    """A copy of nested dicts and lists without the entries that are `omit`."""
    if is_dict(value):
        return {key: _strip(item) for key, item in value.items() if not isinstance(item, Omit)}
    if is_sequence(value):
        return [_strip(item) for item in value if not isinstance(item, Omit)]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Omit):
        raise _OmitInsideError
    dump = getattr(value, "to_dict", None)
    if dump is not None:
        return dump()
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if is_mapping(value):
        return dict(value)
    if is_collection(value):
        return list(value)
    raise TypeError(f"a value of type {type(value).__name__} in the request body cannot be sent as JSON")
