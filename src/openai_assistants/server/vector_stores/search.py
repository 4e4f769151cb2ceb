"""Search in vector stores, as the API answers it and as runs use it. `retrieval` finds and `ranking` judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select

from ..errors import ApiError
from ..spec import JsonObject, child
from ..store import Tx, fulltext
from ..store.tables import files, members, passages
from . import filters, words
from .retrieval import MAX_PASSAGES, Area, Hit, Question

DEFAULT_RESULTS: Final = 10
MAX_QUERIES: Final = 64


@dataclass(frozen=True)
class Found:
    """A passage that fits a question."""

    file_id: str
    filename: str
    score: float
    """From 0 to 1; `ranking` says what it means."""
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

    No text comes twice: a passage that shares some with a better one comes without that, and only if what is left fits.
    Stores that do not exist or have expired have no passages. `condition` is a filter on attributes that
    `filters.check` lets pass.
    """
    question = Question(Area(tx, store_ids, condition), query)
    hits = [hit for hit in question.hits(limit) if hit.score >= threshold][: 3 * limit]
    taken: dict[tuple[int, int], int] = {}
    seen: set[tuple[str, str]] = set()
    found: list[Found] = []
    for hit, row in zip(hits, _rows(tx, hits), strict=True):
        # A file in several stores has the same passages in each.
        if (row.id, row.text) in seen:
            continue
        seen.add((row.id, row.text))
        start = row.shared if (hit.member, hit.number - 1) in taken else 0
        end = len(row.text) - taken.get((hit.member, hit.number + 1), 0)
        own = _found(hit, row)
        if start or end < len(row.text):
            text = row.text[start:end]
            own = replace(own, text=text, score=min(hit.score, question.score(text)))
            if not own.score or own.score < threshold:
                continue
        taken[hit.member, hit.number] = row.shared
        found.append(own)
    return sorted(found, key=lambda each: -each.score)[:limit]


def search(tx: Tx, store_id: str, body: JsonObject) -> JsonObject:
    """The answer to a search: one result a file, best first; files that fit alike in the order they were put in.

    Raises:
        ApiError: The queries or the filter make no sense.
    """
    queries = _queries(body)
    condition = body.get("filters")
    if condition is not None:
        filters.check(condition)
    threshold = child(body, "ranking_options").get("score_threshold") or 0.0
    limit: int = body.get("max_num_results") or DEFAULT_RESULTS
    area = Area(tx, [store_id], condition)
    best: dict[int, Hit] = {}
    for query in dict.fromkeys(queries):
        for hit in Question(area, query).hits(limit + 1):
            if hit.score >= threshold and (hit.seq not in best or best[hit.seq].score < hit.score):
                best[hit.seq] = hit
    by_member: dict[int, list[Hit]] = {}
    for hit in sorted(best.values(), key=Hit.order):
        by_member.setdefault(hit.member, []).append(hit)
    shown = [hits[:MAX_PASSAGES] for hits in list(by_member.values())[:limit]]
    rows = iter(_rows(tx, [hit for hits in shown for hit in hits]))
    return {
        "object": "vector_store.search_results.page",
        "search_query": queries,
        "data": [_result([_found(hit, next(rows)) for hit in hits]) for hits in shown],
        "has_more": len(by_member) > limit,
        "next_page": None,
    }


def text_of(tx: Tx, member: int) -> list[str]:
    """The text of a member, passage by passage, without what they share."""
    query = select(passages.c.text, passages.c.shared).where(passages.c.member == member).order_by(passages.c.number)
    return [text[shared:] for text, shared in tx.connection.execute(query)]


def _queries(body: JsonObject) -> list[str]:
    """The queries as they are searched; rewritten, they are without words that every text has."""
    queries: list[str] = [body["query"]] if isinstance(body["query"], str) else body["query"]
    if not queries or not all(each.strip() for each in queries):
        raise ApiError("The query must not be empty.", param="query", code="invalid_value")
    if len(queries) > MAX_QUERIES:
        raise ApiError(
            f"Invalid 'query': array too long. Expected an array with maximum length {MAX_QUERIES}, but got an array "
            f"with length {len(queries)} instead.",
            param="query",
            code="array_above_max_length",
        )
    return [words.keywords(each) for each in queries] if body.get("rewrite_query") else queries


def _rows(tx: Tx, hits: Sequence[Hit]) -> list[Any]:
    """All that is told about hits, in the same order."""
    query = (
        select(
            passages.c.seq,
            passages.c.shared,
            passages.c.text,
            members.c.id,
            members.c.vector_store_id,
            members.c.data["attributes"].label("attributes"),
            files.c.data["filename"].label("filename"),
        )
        .join(members, members.c.seq == passages.c.member)
        .join(files, files.c.id == members.c.id)
        .where(fulltext.of(tx.connection).among(passages.c.seq, [hit.seq for hit in hits]))
    )
    rows = {row.seq: row for row in tx.connection.execute(query)}
    return [rows[hit.seq] for hit in hits]


def _found(hit: Hit, row: Any) -> Found:
    return Found(row.id, row.filename, hit.score, row.text, row.attributes or {}, row.vector_store_id, hit.number)


def _result(found: Sequence[Found]) -> JsonObject:
    best = found[0]
    return {
        "file_id": best.file_id,
        "filename": best.filename,
        "score": best.score,
        "attributes": best.attributes,
        "content": [{"type": "text", "text": each.text} for each in found],
    }
