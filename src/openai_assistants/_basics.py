"""Small things that everything else uses: omitted arguments, data of unknown shape, locks that survive forks, and
texts of others: in whatever encoding they are, as JSON that is not quite what JSON wants, quoted in our own
messages."""

from __future__ import annotations

import codecs
import gc
import json
import os
import re
import sys
import threading
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Callable, Iterable, Literal, Mapping, Protocol, TypeGuard, TypeVar, final
from weakref import WeakSet

if TYPE_CHECKING:
    import httpx

# Small things that everything else uses: omitted arguments, data of unknown shape, locks that survive forks.

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


def require_number(name: str, value: object, takes: str, *, least: float = 0.0, above: bool = False) -> float:
    """The value of an argument, unless it is no number, or one too small.

    Args:
        name: Name of the argument.
        value: Its value.
        takes: What it takes, for messages.
        least: The least that it may be.
        above: It must be more than that.

    Raises:
        TypeError: It is no number.
        ValueError: It is too small, or NaN.
    """
    if not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be {takes}, not {type(value).__name__}")
    if not (value > least if above else value >= least):
        raise ValueError(f"{name} must be {takes}, not {value}")
    return value


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
    """A re-entrant lock; a forked process finds it open, whoever held it."""

    def __init__(self) -> None:
        self.renew()
        _locks.add(self)

    def renew(self) -> None:
        """Forget who holds it."""
        self.inner = threading.RLock()
        """The lock of this process, for `with` where each call counts."""

    def __enter__(self) -> None:
        self.inner.acquire()

    def __exit__(self, *error: Any) -> None:
        self.inner.release()


T = TypeVar("T")

_locks: WeakSet[ForkSafeLock] = WeakSet()
_forks = [0]
_rests = [False]
"""Whether the garbage collector rests while an answer is read."""
SMALL_ANSWER = 30_000
"""Bytes up to which it may do as it likes."""
_INTERRUPTS = sys.version_info < (3, 12)
"""Whether the garbage collector begins within a call of C code; newer versions of Python wait for its end."""


def undisturbed(read: Callable[[bytes | bytearray], T], data: bytes | bytearray) -> T:
    """Read a large answer while Python's garbage collector rests.

    JSON has no cycles, so there is nothing to collect; but the thousands of objects of a page let the collector go
    through all that the program holds every few dozen pages, which was a fifth of the time that pages took. A
    `gc.disable()` in another thread within these milliseconds is undone.
    """
    if not _INTERRUPTS or len(data) <= SMALL_ANSWER or not gc.isenabled():
        return read(data)
    try:
        _rests[0] = True
        gc.disable()
        return read(data)
    finally:
        gc.enable()
        _rests[0] = False


def generation() -> int:
    """How many forks lie between this process and the first; what was made at another number belongs to a parent."""
    return _forks[0]


def _in_child() -> None:
    _forks[0] += 1
    for lock in _locks:
        lock.renew()
    if _rests[0]:  # for another thread of the parent, which is not there to end it
        _rests[0] = False
        gc.enable()


if hasattr(os, "register_at_fork"):  # pragma: no branch - only Windows has none, as it has no fork
    os.register_at_fork(after_in_child=_in_child)


# Texts of others: bodies of answers in whatever encoding they name, JSON that is not quite what JSON wants, and what
# is quoted of them in our own messages.

# Bodies of answers as text, whatever encoding they name, and text of others in our own messages.

_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, what turns the direction of text around, and halves of characters."""

_FOR_HOSTS = ("punycode", "idna")
"""Encodings of names; whether they stumble over other text depends on Python's version."""

_WITH_MARK = ("utf-16", "utf-32")
"""Encodings that read what begins with their mark only."""


def one_line(text: str, limit: int) -> str:
    """What somebody else wrote, for a message or a log: in one line that can be printed and hides nothing, of at most
    `limit` characters."""
    text = text.strip()
    shown = _UNSHOWN.sub("\ufffd", " ".join(text[: 4 * limit].split()))
    return shown if len(shown) <= limit and len(text) <= 4 * limit else shown[:limit] + "…"


def text_of(response: httpx.Response) -> str:
    """The body as text, also if the answer names an encoding that does not exist or does not fit."""
    if _names_text(response):
        with suppress(Exception):  # codecs fail in ways of their own
            return response.text
    return response.content.decode("utf-8", "replace")


def settle_encoding(response: httpx.Response) -> None:
    """Let text be read as UTF-8 where the answer names an encoding that is none for text."""
    if not _names_text(response):
        response.encoding = "utf-8"


def _names_text(response: httpx.Response) -> bool:
    name = response.charset_encoding
    return name is None or _is_for_text(name)


@lru_cache(maxsize=100)
def _is_for_text(name: str) -> bool:
    """Whether an encoding can read any bytes as text."""
    try:
        known = codecs.lookup(name).name
        if known in _WITH_MARK:
            return True
        if known in _FOR_HOSTS:
            return False
        codecs.getincrementaldecoder(name)("replace").decode(bytes(range(256)), True)
    except Exception:  # codecs fail in ways of their own
        return False
    return True


# JSON that servers send, as plain data: also where its text is not quite what JSON wants.

_PLACE = re.compile(r" at line (\d+) column (\d+)$")
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)
"""An escape in a JSON string: a pair of surrogates, a lone surrogate (the group), or anything else."""


def read_json(data: bytes | bytearray) -> Any:
    """Plain data from JSON text, mended where that can be done.

    Raises:
        JSONDecodeError: It is no JSON, or its values are nested more than 200 deep; a `ValueError`.
    """
    from pydantic_core import from_json

    try:
        return from_json(data)
    except ValueError as error:
        reason = str(error)
    mended = mend(data)
    try:
        return from_json(mended or b"")
    except ValueError:
        raise _decode_error(reason, data) from None


def _decode_error(reason: str, data: bytes | bytearray) -> json.JSONDecodeError:
    """The exception that the standard library raises, which programs expect."""
    text = bytes(data).decode("utf-8", "replace")
    place = _PLACE.search(reason)
    if place is None:
        return json.JSONDecodeError(reason, text, 0)
    line, column = int(place[1]), int(place[2])
    start = sum(map(len, text.split("\n", line - 1)[:-1])) + line - 1
    return json.JSONDecodeError(reason[: place.start()], text, max(0, min(start + column - 1, len(text))))


def mend(data: bytes | bytearray) -> bytes | None:
    """JSON text as UTF-8 that can be read; None if nothing is wrong with its characters.

    A byte order mark is dropped, another encoding is translated; U+FFFD stands for bytes that are no characters and for
    halves of characters that were escaped without the other half, as servers do that cut text by UTF-16 units.
    """
    text = bytes(data).decode(json.detect_encoding(data), "replace").encode(errors="replace")
    if b"\\u" in text:
        text = _ESCAPE.sub(lambda escape: rb"\ufffd" if escape[1] else escape[0], text)
    return None if text == data else text
