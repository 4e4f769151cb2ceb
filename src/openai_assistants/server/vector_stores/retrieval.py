"""The passages that may fit a question, out of the database, each with its score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import ColumnElement, Executable, func, select

from ..spec import JsonObject
from ..store import Tx, fulltext
from ..store.fulltext import Listed, Wanted
from ..store.owners import visible
from ..store.tables import members, passages, vector_stores
from . import filters, members as membership, ranking, stores, words

MAX_PASSAGES: Final = 20
"""Of one file."""

_COMPLETED = membership.COMPLETED
_SHORTEST_PREFIX = 3
_CONSIDERED = 500
"""So many passages are looked at closely even if few results are wanted."""


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
        return [row.seq for row in rows if filters.passes(condition, row.attributes or {})]

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
        asked = words.asked(text) if area.stores else []
        self._wanted, self._telling = _weighed(area, asked)
        # A question without a word, `=>` say, is looked for as it is.
        self._literal = "" if asked else text.strip().replace("\0", "").encode(errors="ignore").decode()

    def score(self, text: str) -> float:
        """How well a text fits."""
        if self._literal:
            return 1.0 if self._literal in text else 0.0
        return ranking.score(self._wanted, Listed(words.terms(text)))

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
            Hit(ranking.score(self._wanted, row.terms), row.seq, row.member, row.number)
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
    for term in asked[: 2 * ranking.MOST_TERMS]:
        wanted = Wanted(term)
        count = area.count(wanted)
        if not count and len(term) >= _SHORTEST_PREFIX:
            wanted = replace(wanted, prefix=True)
            count = area.count(wanted)
        having[wanted] = count
    if not any(having.values()):
        return [], []
    everything = area.count_all()
    weighed = {replace(each, weight=ranking.weight(count, everything)): count for each, count in having.items()}
    # Those that no passage has only lower all scores alike.
    best = set(sorted(weighed, key=lambda each: (not weighed[each], -each.weight))[: ranking.MOST_TERMS])
    kept = {each: count for each, count in weighed.items() if each in best}
    return list(kept), ranking.telling(kept)
