"""Search in vector stores: which share of a question's words does a passage have?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

from ..errors import ApiError
from ..spec import JsonObject, child
from ..store import Tx
from ..store.tables import files, members, passages
from . import filters, members as membership

DEFAULT_RESULTS: Final = 10
MAX_PASSAGES: Final = 20
"""Of one file."""


@dataclass(frozen=True)
class Found:
    """A passage that fits a question."""

    file_id: str
    filename: str
    score: float
    """From 0 to 1."""
    text: str
    attributes: JsonObject
    store_id: str
    number: int
    """Which passage of its file, from 0."""


def find(
    tx: Tx,
    store_ids: Sequence[str],
    query: str,
    *,
    limit: int = 20,
    threshold: float = 0.0,
    condition: JsonObject | None = None,
) -> list[Found]:
    """The passages of some stores that fit a question best, best first; several may be of one file.

    Stores that do not exist have none. `condition` is a filter on attributes that `filters.check` lets pass.
    """
    words = _words(query) or {query.strip().casefold()}
    found: list[Found] = []
    for store_id in dict.fromkeys(store_ids):
        for row in _passages(tx, store_id):
            attributes = row.attributes or {}
            score = _share(words, row.text)
            if score > 0 and score >= threshold and (condition is None or filters.passes(condition, attributes)):
                found.append(Found(row.id, row.filename, score, row.text, attributes, store_id, row.number))
    return sorted(found, key=lambda each: -each.score)[:limit]


@dataclass
class _Hit:
    """A file with the passages that fit."""

    file_id: str
    filename: str
    attributes: JsonObject
    passages: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])

    def shown(self) -> JsonObject:
        best = sorted(self.passages, key=lambda each: -each[0])[:MAX_PASSAGES]
        return {
            "file_id": self.file_id,
            "filename": self.filename,
            "score": best[0][0],
            "attributes": self.attributes,
            "content": [{"type": "text", "text": text} for _, text in best],
        }


def search(tx: Tx, store_id: str, body: JsonObject) -> JsonObject:
    """The answer to a search: one result a file, best first; files that fit alike in the order they were put in."""
    queries: list[str] = [body["query"]] if isinstance(body["query"], str) else body["query"]
    if not all(each.strip() for each in queries):
        raise ApiError("The query must not be empty.", param="query", code="invalid_value")
    condition = body.get("filters")
    if condition is not None:
        filters.check(condition)
    threshold = child(body, "ranking_options").get("score_threshold") or 0.0
    limit = body.get("max_num_results") or DEFAULT_RESULTS
    wanted = [_words(each) or {each.strip().casefold()} for each in queries]
    hits: dict[int, _Hit] = {}
    for row in _passages(tx, store_id):
        if condition is not None and not filters.passes(condition, row.attributes or {}):
            continue
        score = max(_share(words, row.text) for words in wanted)
        if score > 0 and score >= threshold:
            hit = hits.setdefault(row.member, _Hit(row.id, row.filename, row.attributes))
            hit.passages.append((score, row.text))
    found = sorted((hit.shown() for hit in hits.values()), key=lambda each: -each["score"])
    return {
        "object": "vector_store.search_results.page",
        "search_query": queries,
        "data": found[:limit],
        "has_more": len(found) > limit,
        "next_page": None,
    }


def text_of(tx: Tx, member: int) -> list[str]:
    """The text of a member in pieces that do not overlap."""
    query = select(passages.c.text, passages.c.shared).where(passages.c.member == member).order_by(passages.c.number)
    return [text[shared:] for text, shared in tx.connection.execute(query)]


def _passages(tx: Tx, store_id: str) -> Iterator[Any]:
    query = (
        select(
            passages.c.member,
            passages.c.number,
            passages.c.text,
            members.c.id,
            members.c.data["attributes"].label("attributes"),
            files.c.data["filename"].as_string().label("filename"),
        )
        .join(members, members.c.seq == passages.c.member)
        .join(files, files.c.id == members.c.id)
        .where(
            members.c.vector_store_id == store_id,
            members.c.deleted.is_(False),
            members.c.status == membership.COMPLETED,
        )
        .order_by(passages.c.member, passages.c.number)
    )
    yield from tx.connection.execute(query.execution_options(yield_per=100))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _share(wanted: set[str], text: str) -> float:
    there = _words(text)
    folded = text.casefold() if wanted - there else ""
    return sum(word in there or word in folded for word in wanted) / len(wanted)
