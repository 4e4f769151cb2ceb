"""Type guards for data of unknown shape, such as parsed JSON."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Protocol, TypeGuard


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a value is a mapping; JSON objects have strings as keys."""
    return isinstance(value, Mapping)


def require_mapping(name: str, value: object) -> None:
    """Refuse an argument that is no mapping.

    Raises:
        TypeError: It is none.
    """
    if not is_mapping(value):
        raise TypeError(f"{name} must be a mapping of names to values, not {type(value).__name__}")


def is_dict(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a value is a dict."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether a value is a list."""
    return isinstance(value, list)


def is_collection(value: object) -> TypeGuard[Iterable[Any]]:
    """Whether a value can be iterated over and is neither text nor bytes."""
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, bytearray, memoryview))


def is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    """Whether a value is a tuple."""
    return isinstance(value, tuple)


def is_sequence(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Whether a value is a list or a tuple."""
    return isinstance(value, (list, tuple))


def is_bytes(value: object) -> bool:
    """Whether a value is binary data."""
    return isinstance(value, (bytes, bytearray, memoryview))


class ModelLike(Protocol):
    """Something that has a form as plain data, such as a result."""

    def to_dict(self) -> dict[str, Any]: ...


def is_model_like(value: object) -> TypeGuard[ModelLike]:
    """Whether a value has a form as plain data."""
    return callable(getattr(value, "to_dict", None))
