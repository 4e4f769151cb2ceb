"""Bodies of answers as text, whatever encoding they name, and text of others in our own messages."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, what turns the direction of text around, and halves of characters."""

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
    try:
        return response.text
    except Exception:  # codecs fail in ways of their own
        return response.content.decode("utf-8", "replace")


def settle_encoding(response: httpx.Response) -> None:
    """Let text be read as UTF-8 where the answer names an encoding that is none for text."""
    name = response.charset_encoding
    if name is not None and not _is_for_text(name):
        response.encoding = "utf-8"


@lru_cache(maxsize=100)
def _is_for_text(name: str) -> bool:
    """Whether an encoding can read any bytes as text."""
    try:
        if codecs.lookup(name).name in _WITH_MARK:
            return True
        codecs.getincrementaldecoder(name)("replace").decode(bytes(range(256)), True)
    except Exception:  # codecs fail in ways of their own
        return False
    return True
