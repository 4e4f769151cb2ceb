"""Bodies of answers as text, whatever encoding they name."""

from __future__ import annotations

import codecs
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

_WITH_MARK = ("utf-16", "utf-32")
"""Encodings that read what begins with their mark only."""


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
        return isinstance(codecs.getincrementaldecoder(name)("replace").decode(bytes(range(256)), True), str)
    except Exception:  # codecs fail in ways of their own
        return False
