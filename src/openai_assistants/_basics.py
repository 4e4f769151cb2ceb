"""Small things that everything else uses: omitted arguments, data of unknown shape, locks that survive forks."""

from __future__ import annotations

import os
import threading
from typing import Any, Iterable, Literal, Mapping, Protocol, TypeGuard, final

# `omit`: the value of an argument that was not given. Absent is not `null`; `None` is sent as `null`.


@final
class Omit:
    """Type of `omit`. There is one instance; it is false, and survives copying and pickling as itself."""

    _instance: Omit | None = None

    def __new__(cls) -> Omit:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "omit"

    def __reduce__(self) -> str:
        return "omit"


omit = Omit()
"""Leave this argument out of the request."""

NotGiven = Omit
"""Older name of `Omit`."""

NOT_GIVEN = omit
"""Older name of `omit`."""

not_given = omit
"""Older name of `omit`."""


# Type guards for data of unknown shape, such as parsed JSON.


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


# What a forked process must not take over: locks that nobody there will release, connections that its parent uses.


class ForkSafeLock:
    """A re-entrant lock for module level; a forked process finds it open, whoever held it."""

    def __init__(self) -> None:
        self.renew()
        _locks.append(self)

    def renew(self) -> None:
        """Forget who holds it."""
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *error: Any) -> None:
        self._lock.release()


_locks: list[ForkSafeLock] = []
_forks = [0]


def generation() -> int:
    """How many forks lie between this process and the first; what was made at another number belongs to a parent."""
    return _forks[0]


def _in_child() -> None:
    _forks[0] += 1
    for lock in _locks:
        lock.renew()


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_in_child)
