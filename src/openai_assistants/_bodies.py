"""JSON bodies of requests."""

from __future__ import annotations

import json
from typing import Any, Mapping, cast

from ._guards import is_collection, is_mapping, is_model_like
from ._omit import Omit

TOO_DEEP = "the values of the request are nested too deep, or are inside of themselves"


def without_omitted(values: Mapping[str, object]) -> dict[str, object]:
    """The values that were given."""
    return {name: value for name, value in values.items() if not isinstance(value, Omit)}


def encode_json(body: object) -> bytes:
    """A JSON body. Result models may stand wherever their parameters may, any iterable for a list.

    Raises:
        TypeError: A value has no JSON form.
        ValueError: A number is NaN or infinite, text contains a lone surrogate, or values are nested without an end.
    """
    encoder = _Encoder()
    try:
        try:
            return encoder.encode(body)
        except _OmitInsideError:
            return encoder.encode(encoder.without_omitted(body))
    except UnicodeEncodeError as error:
        raise ValueError(f"text in the request cannot be sent: {error.reason} (a lone surrogate?)") from None
    except RecursionError:
        raise ValueError(TOO_DEEP) from None


def plain(body: Mapping[str, object] | None) -> dict[str, Any] | None:
    """A JSON body as plain data, so that it can be sent more than once: an iterator gives its items only once."""
    if body is None:
        return None
    try:
        return cast("dict[str, Any]", json.loads(encode_json(without_omitted(body))))
    except RecursionError:
        raise ValueError(TOO_DEEP) from None


class _OmitInsideError(Exception):
    """`omit` stands inside a nested value; rare, so that bodies are not searched for it beforehand."""


class _Encoder:
    """Encodes one body. An iterator in it is read once, even if the body has to be encoded again."""

    def __init__(self) -> None:
        self._read: dict[int, tuple[object, list[Any]]] = {}

    def encode(self, body: Any) -> bytes:
        return json.dumps(
            body, default=self._plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        ).encode()

    def without_omitted(self, value: Any) -> Any:
        """A copy without the entries and items that are `omit`."""
        if is_model_like(value):
            value = value.to_dict()
        if is_mapping(value):
            return {key: self.without_omitted(item) for key, item in value.items() if not isinstance(item, Omit)}
        if is_collection(value):
            return [self.without_omitted(item) for item in self._items(value) if not isinstance(item, Omit)]
        return value

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Omit):
            raise _OmitInsideError
        if is_model_like(value):
            return value.to_dict()
        if hasattr(value, "model_dump"):
            return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
        if is_mapping(value):
            return dict(value)
        if is_collection(value):
            return self._items(value)
        raise TypeError(f"a value of type {type(value).__name__} in the request body cannot be sent as JSON")

    def _items(self, values: Any) -> list[Any]:
        if id(values) not in self._read:
            self._read[id(values)] = (values, list(values))
        return self._read[id(values)][1]
