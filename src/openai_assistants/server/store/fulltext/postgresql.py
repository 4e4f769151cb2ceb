"""Full-text search of PostgreSQL: a GIN index over the column `terms`, a `tsvector`.

Its ranking knows nothing of how rare a term is, so each term is ranked on its own and weighted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Index,
    Select,
    Table,
    bindparam,
    cast,
    column as column_of,
    func,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from .terms import Wanted

_PASSAGES = table("passages", column_of("seq"), column_of("store"), column_of("terms"))
_BY_LENGTH = 1
"""A mode of `ts_rank`: long passages count less."""


def attach_postgres(passages: Table) -> None:
    """Let the index be created with the table."""
    Index("passages_by_terms", passages.c.terms, postgresql_using="gin").ddl_if(dialect="postgresql")


class PostgresText:
    """Over a GIN index."""

    def matching(self, wanted: Sequence[Wanted], stores: Iterable[int]) -> Select[int, float]:
        """The passages that have some of the terms, ranked."""
        ranks = [func.ts_rank(_PASSAGES.c.terms, self._query([each]), _BY_LENGTH) * -each.weight for each in wanted]
        rank = cast(reduce(add, ranks), Float)
        return select(_PASSAGES.c.seq.label("seq"), rank.label("rank")).where(*self._match(wanted, stores))

    def count(self, wanted: Wanted, stores: Iterable[int]) -> Select[int]:
        """How many passages have a term."""
        return select(func.count()).select_from(_PASSAGES).where(*self._match([wanted], stores))

    def among(self, number: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
        """Whether a number is one of many."""
        return number == func.any(bindparam(None, list(numbers), type_=ARRAY(BigInteger)))

    def _match(self, wanted: Sequence[Wanted], stores: Iterable[int]) -> tuple[ColumnElement[bool], ...]:
        return _PASSAGES.c.store.in_(list(stores)), _PASSAGES.c.terms.op("@@", is_comparison=True)(self._query(wanted))

    def _query(self, wanted: Sequence[Wanted]) -> ColumnElement[Any]:
        return cast(" | ".join(f"'{each.term}'" + ":*" * each.prefix for each in wanted), TSQUERY)
