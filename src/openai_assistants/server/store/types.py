"""Text and JSON that every database gives back as it was stored.

PostgreSQL refuses NUL characters, which clients may well send, be it in an id that no object has. There they are
written as two characters, the first one that Unicode reserves for such inner use.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from ..spec import is_array, is_object

_SPECIAL = re.compile("[\x00\uffff]")
_ESCAPED = re.compile("\uffff([01])")


def escape(text: str) -> str:
    """Text without NUL characters, from which `unescape` makes the same text again."""
    if "\x00" not in text and "\uffff" not in text:
        return text
    return _SPECIAL.sub(lambda found: "\uffff0" if found[0] == "\x00" else "\uffff1", text)


def unescape(text: str) -> str:
    """The text that was given to `escape`."""
    return _ESCAPED.sub(lambda found: "\x00" if found[1] == "0" else "\uffff", text) if "\uffff" in text else text


def dump_json(value: object) -> str:
    """JSON for PostgreSQL."""
    text = json.dumps(value, separators=(",", ":"))
    if "\\u0000" in text or "\\uffff" in text:
        text = json.dumps(_each_string(value, escape), separators=(",", ":"))
    return text


def load_json(text: str | bytes) -> object:
    """What `dump_json` was given."""
    value: object = json.loads(text)
    marked = b"\\uffff" in text if isinstance(text, bytes) else "\\uffff" in text
    return _each_string(value, unescape) if marked else value


def _each_string(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return change(value)
    if is_object(value):
        return {change(name): _each_string(item, change) for name, item in value.items()}
    if is_array(value):
        return [_each_string(item, change) for item in value]
    return value


class AnyText(TypeDecorator[str]):
    """Any text of Unicode."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """On the way in."""
        return escape(value) if value is not None and dialect.name == "postgresql" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """On the way out."""
        return unescape(value) if value is not None and dialect.name == "postgresql" else value
