"""Search in vector stores, as the API answers it and as runs use it.

The database finds the passages that may be the best, as far as their files pass the filter; the ranking here decides.
The score of a passage is a number from 0 to 1 that means the same on every database. The most of it is the share of the
question's terms that the passage has, where rare terms count more. Of two passages with the same terms that one is
better which has them more often for its length, and closer together.

Filters compare attributes of files only with values of their own kind: text with text, numbers with numbers, booleans
with booleans. So `ne` and `nin` hold for a file that lacks the attribute, and every other comparison does not.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import ColumnElement, Executable, func, select

from ..spec import ApiError, JsonObject, child, is_array
from ..store import Tx, fulltext
from ..store.fulltext import Listed, Places, Wanted
from ..store.records import visible
from ..store.tables import files, members, passages, vector_stores
from . import asked_terms, keywords, stores, terms_of

DEFAULT_RESULTS: Final = 10
MAX_QUERIES: Final = 64

MAX_PASSAGES: Final = 20
"""Of one file."""

_COMPLETED = stores.COMPLETED
_SHORTEST_PREFIX = 3
_CONSIDERED = 500
"""So many passages are looked at closely even if few results are wanted."""

MOST_TERMS: Final = 32
"""Of a question; the rarest that there are."""
ENOUGH: Final = 2_000
AT_MOST: Final = 20_000
"""Passages that the database ranks for a question, if its terms are rare enough."""

_COVERAGE, _DENSITY, _NEARNESS = 0.8, 0.1, 0.1
_USUAL_LENGTH = 300
"""Terms of a passage."""
_SMOOTHING = 50
"""A term says little about itself in a few passages, so that many more are imagined that do not have it."""
_NEAR = 3

_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


@dataclass(frozen=True)
class Found:
    """A passage that fits a question."""

    file_id: str
    filename: str
    score: float
    """From 0 to 1; the text above says what it means."""
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
    `check_filter` lets pass.
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
        check_filter(condition)
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
    return [keywords(each) for each in queries] if body.get("rewrite_query") else queries


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


# Retrieval.


@dataclass(frozen=True)
class Hit:
    """A passage whose score is known, and what orders those that are alike."""

    score: float
    seq: int
    member: int
    number: int

    def order(self) -> tuple[float, int, int]:
        """Sorts the best first, and those that are alike in the order they were put in."""
        return -self.score, self.member, self.number


class Area:
    """Where is searched: the completed files of some stores, as far as they pass a filter.

    Stores that do not exist or have expired have none.
    """

    def __init__(self, tx: Tx, store_ids: Iterable[str], condition: JsonObject | None = None) -> None:
        self.tx = tx
        self.fulltext = fulltext.of(tx.connection)
        self._condition = condition
        query = select(vector_stores.c.id, vector_stores.c.seq, vector_stores.c.data)
        rows = tx.connection.execute(
            query.where(
                vector_stores.c.id.in_(list(store_ids)),
                vector_stores.c.deleted.is_(False),
                *visible(tx, vector_stores),
            )
        ).all()
        usable = [row for row in rows if not stores.has_expired(tx, row.data)]
        self.stores: list[int] = [row.seq for row in usable]
        self._ids: list[str] = [row.id for row in usable]

    def has(self, seq: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether a passage of the stores is to be considered."""
        member = fulltext.member_of(seq)
        if self._condition is not None:
            return self.fulltext.among(member, self._passing(self._condition))
        # Only files in progress have passages that do not count yet.
        unfinished = select(members.c.seq).where(
            members.c.vector_store_id.in_(self._ids), members.c.deleted.is_(False), members.c.status != _COMPLETED
        )
        return member.not_in(unfinished)

    def _passing(self, condition: JsonObject) -> list[int]:
        query = select(members.c.seq, members.c.data["attributes"].label("attributes")).where(
            members.c.vector_store_id.in_(self._ids), members.c.deleted.is_(False), members.c.status == _COMPLETED
        )
        rows = self.tx.connection.execute(query)
        return [row.seq for row in rows if passes_filter(condition, row.attributes or {})]

    def count(self, wanted: Wanted) -> int:
        """How many passages of the stores have a term."""
        return self.tx.connection.scalar(self.fulltext.count(wanted, self.stores)) or 0

    def count_all(self) -> int:
        """How many passages the stores have."""
        query = select(func.count()).select_from(passages).where(passages.c.store.in_(self.stores))
        return self.tx.connection.scalar(query) or 0


class Question:
    """What is looked for in an area."""

    def __init__(self, area: Area, text: str) -> None:
        self._area = area
        asked = asked_terms(text) if area.stores else []
        self._wanted, self._telling = _weighed(area, asked)
        # A question without a word, `=>` say, is looked for as it is.
        self._literal = "" if asked else text.strip().replace("\0", "").encode(errors="ignore").decode()

    def score(self, text: str) -> float:
        """How well a text fits."""
        if self._literal:
            return 1.0 if self._literal in text else 0.0
        return score_of(self._wanted, Listed(terms_of(text)))

    def hits(self, limit: int) -> list[Hit]:
        """The passages that fit best, best first: enough of them for so many files."""
        connection = self._area.tx.connection
        if not self._area.stores:
            return []
        if self._literal:
            return [Hit(1.0, row.seq, row.member, row.number) for row in connection.execute(self._having_it(limit))]
        if not self._wanted:
            return []
        found = [
            Hit(score_of(self._wanted, row.terms), row.seq, row.member, row.number)
            for row in connection.execute(self._best_ranked(limit))
        ]
        return sorted(found, key=Hit.order)

    def _best_ranked(self, limit: int) -> Executable:
        """What the database ranks best: from each file no more than can be shown, lest one file hides the others."""
        match = self._area.fulltext.matching(self._telling, self._area.stores).cte("found")
        file = fulltext.member_of(match.c.seq)
        place = func.row_number().over(partition_by=file, order_by=(match.c.rank, match.c.seq))
        ranked = select(match, place.label("place")).where(self._area.has(match.c.seq)).subquery("ranked")
        best = (
            select(ranked.c.seq)
            .where(ranked.c.place <= MAX_PASSAGES)
            .order_by(ranked.c.rank, ranked.c.seq)
            .limit(max(_CONSIDERED, MAX_PASSAGES * limit))
        )
        return select(passages.c.seq, passages.c.member, passages.c.number, passages.c.terms).where(
            passages.c.seq.in_(best)
        )

    def _having_it(self, limit: int) -> Executable:
        return (
            select(passages.c.seq, passages.c.member, passages.c.number)
            .where(passages.c.store.in_(self._area.stores), self._area.has(passages.c.seq))
            .where(passages.c.text.contains(self._literal, autoescape=True))
            .order_by(passages.c.member, passages.c.number)
            .limit(MAX_PASSAGES * limit)
        )


def _weighed(area: Area, asked: Sequence[str]) -> tuple[list[Wanted], list[Wanted]]:
    """The terms of a question with their weights, and those of them that the database is asked for. A term that no
    passage has stands for those that begin with it."""
    having: dict[Wanted, int] = {}
    for term in asked[: 2 * MOST_TERMS]:
        wanted = Wanted(term)
        count = area.count(wanted)
        if not count and len(term) >= _SHORTEST_PREFIX:
            wanted = replace(wanted, prefix=True)
            count = area.count(wanted)
        having[wanted] = count
    if not any(having.values()):
        return [], []
    everything = area.count_all()
    weighed = {replace(each, weight=weight_of(count, everything)): count for each, count in having.items()}
    # Those that no passage has only lower all scores alike.
    best = set(sorted(weighed, key=lambda each: (not weighed[each], -each.weight))[:MOST_TERMS])
    kept = {each: count for each, count in weighed.items() if each in best}
    return list(kept), telling_terms(kept)


# Ranking.


def weight_of(having: int, passages: int) -> float:
    """How much a term counts that so many of the passages have: from 1 for the rarest to 0.1 for one in all of many."""
    rarity = math.log((passages + _SMOOTHING) / (having + 1)) / math.log(passages + _SMOOTHING)
    return 0.1 + 0.9 * max(rarity, 0.0)


def telling_terms(having: Mapping[Wanted, int]) -> list[Wanted]:
    """The terms that are worth looking for: the rarest. A passage that has none of them is not among the best, and to
    rank all that have a frequent one takes time."""
    taken: list[Wanted] = []
    total = 0
    for each, count in sorted(having.items(), key=lambda item: item[1]):
        if count and (total < ENOUGH or total + count <= AT_MOST):
            taken.append(each)
            total += count
    return taken


def score_of(wanted: Sequence[Wanted], places: Places) -> float:
    """How well a passage with terms in these places fits; 0 if it has none that is wanted."""
    found = places.of(wanted)
    everything = sum(each.weight for each in wanted)
    having = sum(each.weight for each, at in zip(wanted, found, strict=True) if at)
    if not having:
        return 0.0
    usual = 0.5 + 0.5 * places.length / _USUAL_LENGTH
    density = sum(each.weight * len(at) / (len(at) + usual) for each, at in zip(wanted, found, strict=True))
    nearness = sum(map(_nearness, found, found[1:])) / (len(found) - 1) if len(found) > 1 else 1.0
    return round(_COVERAGE * having / everything + _DENSITY * density / everything + _NEARNESS * nearness, 6)


def _nearness(one: Sequence[int], other: Sequence[int]) -> float:
    """1 for terms that follow each other closely somewhere, less the further they are apart."""
    if not one or not other:
        return 0.0
    marked = sorted([(place, False) for place in one] + [(place, True) for place in other])
    distance = min((b[0] - a[0] for a, b in pairwise(marked) if a[1] != b[1]), default=0)
    return min(1.0, _NEAR / max(distance, 1))


# Filters.


def check_filter(condition: JsonObject, path: str = "filters") -> None:
    """Refuse a filter that compares with something it cannot compare with.

    Raises:
        ApiError: A comparison with a list of values lacks the list, or another one has one.
    """
    if "filters" in condition:
        for index, each in enumerate(condition["filters"]):
            check_filter(each, f"{path}.filters[{index}]")
        return
    kind, wants_list = condition["type"], condition["type"] in ("in", "nin")
    if is_array(condition["value"]) != wants_list:
        what = "an array" if wants_list else "a single value"
        raise ApiError(f"Invalid '{path}.value': '{kind}' takes {what}.", param=f"{path}.value", code="invalid_value")


def passes_filter(condition: JsonObject, attributes: Mapping[str, Any]) -> bool:
    """Whether a file with these attributes passes."""
    kind = condition["type"]
    if kind == "and":
        return all(passes_filter(each, attributes) for each in condition["filters"])
    if kind == "or":
        return any(passes_filter(each, attributes) for each in condition["filters"])
    has, value = attributes.get(condition["key"]), condition["value"]
    match kind:
        case "eq":
            return _same(has, value)
        case "ne":
            return not _same(has, value)
        case "in":
            return any(_same(has, each) for each in value)
        case "nin":
            return not any(_same(has, each) for each in value)
        case _:
            return _comparable(has, value) and not isinstance(value, bool) and _ORDER[kind](has, value)


def _same(one: Any, other: Any) -> bool:
    return _comparable(one, other) and bool(one == other)


def _comparable(one: Any, other: Any) -> bool:
    return _kind(one) is not None and _kind(one) == _kind(other)


def _kind(value: Any) -> str | None:
    if isinstance(value, bool):  # before numbers: True is an int
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "string" if isinstance(value, str) else None
