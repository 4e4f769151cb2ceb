"""JSON that servers send, as plain data: also where its text is not quite what JSON wants."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic_core import from_json

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
