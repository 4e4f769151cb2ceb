"""Column types that hold the same values on every database."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

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


class AnyText(TypeDecorator[str]):
    """Any text of Unicode. PostgreSQL refuses NUL characters, which clients may well send, be it in an id that no
    object has; there they are written as two others, led by one that Unicode reserves for such inner use."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """On the way in."""
        return escape(value) if value is not None and dialect.name == "postgresql" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """On the way out."""
        return unescape(value) if value is not None and dialect.name == "postgresql" else value
