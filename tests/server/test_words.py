"""The terms of texts and questions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from openai_assistants.server.vector_stores import LONGEST, asked_terms, keywords, terms_of

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "alike",
    [
        ["whale", "whales", "Whale", "WHALES"],
        ["policy", "policies"],
        ["box", "boxes"],
        ["class", "classes"],
        ["status", "statuses"],
        ["expire", "expires", "expired", "expiring"],
        ["run", "runs", "running"],
        ["setting", "settings"],
        ["create", "creating", "created"],
        ["Vertrag", "Verträge", "Vertrages", "Verträgen"],
        ["Haus", "Häuser", "Hauses", "Häusern"],
        ["Straße", "Straßen", "STRASSE", "strasse"],
        ["Kind", "Kinder", "Kindern"],
        ["café", "cafe", "CAFÉ", "cafe\u0301"],
        ["\uff57\uff48\uff41\uff4c\uff45", "whale"],
        ["don't", "don\u2019t"],
        ["ёлка", "елка"],
    ],
)
def test_forms_of_a_word_are_alike(alike: list[str]) -> None:
    assert len({tuple(terms_of(each)) for each in alike}) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n;?! 🐋", []),
        ("Whales, sing!", ["whal", "sing"]),
        ("max_num_results", ["maxnumresults", "max", "num", "result"]),
        ("maxNumResults", ["maxnumresults", "max", "num", "result"]),
        ("HTTPServer", ["httpserver", "http", "serv"]),
        ("__init__", ["init"]),
        ("snake_Straße", ["snakestrasse", "snak", "strass"]),
        ("3.14 2024-05-01 gpt4", ["3", "14", "2024", "05", "01", "gpt4"]),
        ("鯨は", ["鯨", "鯨は", "は"]),
        ("iPhone用", ["iphone", "i", "phon", "用"]),
        ("café_au", ["cafeau", "caf", "au"]),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms_of(text) == expected


@pytest.mark.parametrize(
    ("question", "expected", "kept"),
    [
        ("What are the rules for whales?", ["rul", "whal"], "rules whales"),
        ("Wie lang ist der Vertrag?", ["lang", "vertrag"], "lang Vertrag"),
        ("to be or not to be", ["to", "be", "or", "not"], "to be or not to be"),
        ("鯨は歌う", ["鯨は", "は歌", "歌う"], "鯨は歌う"),
        ("鯨", ["鯨"], "鯨"),
        ("whale whales", ["whal"], "whale whales"),
        ("=>", [], "=>"),
    ],
)
def test_what_a_question_is_about(question: str, expected: list[str], kept: str) -> None:
    assert asked_terms(question) == expected
    assert keywords(question) == kept


@settings(deadline=None)
@given(st.text())
def test_terms_are_made_for_the_databases(text: str) -> None:
    for term in [*terms_of(text), *asked_terms(text)]:
        assert 0 < len(term) <= LONGEST
        assert not {sign for sign in term if sign.isascii() and not (sign.islower() or sign.isdigit())}
        assert term.split() == [term]


@settings(deadline=None)
@given(st.text())
def test_a_text_has_the_terms_of_a_question_with_the_same_words(text: str) -> None:
    assert set(asked_terms(text)) <= set(terms_of(text))


def test_words_without_end() -> None:
    assert all(len(term) <= LONGEST for term in terms_of("x" * 100_000 + "Y" * 1000 + "é" * 1000))
