"""The database's own full-text search, over terms that the server itself has made of a text.

Terms are made in one place for all databases (`vector_stores.terms_of`), so a database only keeps them in its index,
finds the passages that have some of them, and ranks these.

On SQLite that is an FTS5 index over the column `terms`, ranked by BM25. It keeps no text of its own, and triggers keep
it in step with the table whatever deletes a passage. The tokenizer `ascii` takes terms as they are: it splits at blanks
only, as all other signs of ASCII are no part of terms. On PostgreSQL it is a GIN index over the column `terms`, a
`tsvector`. Its ranking knows nothing of how rare a term is, so each term is ranked on its own and weighted.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import add
from typing import Any, Protocol

from sqlalchemy import (
    DDL,
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    Float,
    Index,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    column,
    event,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

_NUMBER_BITS = 24

_INDEX = table("passage_index", column("rowid"))
_SELF: ColumnElement[Any] = literal_column("passage_index")
_STATEMENTS = (
    """CREATE VIRTUAL TABLE passage_index USING fts5(
        terms, store, content='passages', content_rowid='seq', tokenize='ascii')""",
    """CREATE TRIGGER passage_added AFTER INSERT ON passages BEGIN
        INSERT INTO passage_index(rowid, terms, store) VALUES (new.seq, new.terms, new.store);
    END""",
    """CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN
        INSERT INTO passage_index(passage_index, rowid, terms, store)
        VALUES ('delete', old.seq, old.terms, old.store);
    END""",
)

_ddl: Callable[[str], DDL] = DDL

_PASSAGES = table("passages", column("seq"), column("store"), column("terms"))
_BY_LENGTH = 1
"""A mode of `ts_rank`: long passages count less."""


def seq_of(member: int, number: int) -> int:
    """What identifies a passage in the index."""
    return member << _NUMBER_BITS | number


def member_of(seq: ColumnElement[int]) -> ColumnElement[int]:
    """The member that a passage belongs to."""
    return seq.op(">>", return_type=BigInteger())(literal_column(str(_NUMBER_BITS)))


class FullText(Protocol):
    """What the search of a database offers."""

    def matching(self, wanted: Sequence[Wanted], stores: Iterable[int]) -> Select[int, float]:
        """The passages in some stores that have at least one of the terms: `seq`, and `rank`, the lower the better."""
        ...

    def count(self, wanted: Wanted, stores: Iterable[int]) -> Select[int]:
        """How many passages in some stores have a term."""
        ...

    def among(self, number: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
        """Whether a number is one of many; `in_` could have more parameters than the database takes."""
        ...


def attach(passages: Table) -> None:
    """Let the index be created with the table."""
    _attach_sqlite(passages)
    _attach_postgres(passages)


def of(connection: Connection) -> FullText:
    """The full-text search of a database."""
    return _PostgresText() if connection.dialect.name == "postgresql" else _SqliteText()


# Terms.


@dataclass(frozen=True)
class Wanted:
    """A term that is looked for."""

    term: str
    prefix: bool = False
    """Terms that begin with it will do."""
    weight: float = 1.0
    """How much it counts for the rank, where the database does not know better."""


class Places(ABC):
    """The terms of a text as they are read back."""

    length: int
    """How many terms there are."""

    @abstractmethod
    def of(self, wanted: Sequence[Wanted]) -> list[list[int]]:
        """Where each of these is, counted from 1, in order."""


class Terms(TypeDecorator[Places]):
    """The terms of a text in their order.

    A term is made of letters and digits, those of ASCII in lower case.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text for an index beside the table, or the database's own type."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """What the database is given for a sequence of terms."""
        if dialect.name != "postgresql":
            return " ".join(value)
        placed = sorted((term, place) for place, term in enumerate(value, 1))
        groups = groupby(placed, key=lambda each: each[0])
        return " ".join(f"'{term}':{','.join(str(place) for _, place in places)}" for term, places in groups)

    def process_result_value(self, value: Any, dialect: Dialect) -> Places:
        """What is read back."""
        return _Placed(value) if dialect.name == "postgresql" else Listed(value.split())


class Listed(Places):
    """Terms in a list, as a text gives them."""

    def __init__(self, terms: list[str]) -> None:
        self._terms = terms
        self.length = len(terms)

    def of(self, wanted: Sequence[Wanted]) -> list[list[int]]:
        exactly: dict[str, list[int]] = {each.term: [] for each in wanted if not each.prefix}
        for place, term in enumerate(self._terms, 1):
            if term in exactly:
                exactly[term].append(place)
        return [self._beginning(each.term) if each.prefix else exactly[each.term] for each in wanted]

    def _beginning(self, prefix: str) -> list[int]:
        return [place for place, term in enumerate(self._terms, 1) if term.startswith(prefix)]


class _Placed(Places):
    """`'sing':2 'whal':1,3`"""

    def __init__(self, value: str) -> None:
        self._places = dict(each[1:].split("':") for each in value.split(" ") if each)
        self.length = value.count(":") + value.count(",")

    def of(self, wanted: Sequence[Wanted]) -> list[list[int]]:
        return [
            sorted(place for term in self._places if term.startswith(each.term) for place in self._at(term))
            if each.prefix
            else self._at(each.term)
            for each in wanted
        ]

    def _at(self, term: str) -> list[int]:
        return list(map(int, self._places[term].split(","))) if term in self._places else []


# SQLite.


def _attach_sqlite(passages: Table) -> None:
    """Let the index be created with the table."""
    for statement in _STATEMENTS:
        event.listen(passages, "after_create", _ddl(statement).execute_if(dialect="sqlite"))


class _SqliteText:
    """Over an FTS5 index."""

    def matching(self, wanted: Sequence[Wanted], stores: Iterable[int]) -> Select[int, float]:
        """The passages that have some of the terms, ranked."""
        rank = func.bm25(_SELF, 1.0, 0.0)  # the column with the store does not count
        return select(_INDEX.c.rowid.label("seq"), rank.label("rank")).where(self._match(wanted, stores))

    def count(self, wanted: Wanted, stores: Iterable[int]) -> Select[int]:
        """How many passages have a term."""
        return select(func.count()).select_from(_INDEX).where(self._match([wanted], stores))

    def among(self, number: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
        """Whether a number is one of many."""
        each = func.json_each(json.dumps(numbers)).table_valued("value")
        return number.in_(select(each.c.value))

    def _match(self, wanted: Sequence[Wanted], stores: Iterable[int]) -> ColumnElement[bool]:
        terms = " OR ".join(f'"{each.term}"' + " *" * each.prefix for each in wanted)
        where = " OR ".join(f'"{store}"' for store in stores)
        return _SELF.op("MATCH", is_comparison=True)(f"store : ({where}) AND terms : ({terms})")


# PostgreSQL.


def _attach_postgres(passages: Table) -> None:
    """Let the index be created with the table."""
    Index("passages_by_terms", passages.c.terms, postgresql_using="gin").ddl_if(dialect="postgresql")


class _PostgresText:
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
