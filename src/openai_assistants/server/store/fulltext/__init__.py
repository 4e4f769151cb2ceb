"""The database's own full-text search, over terms that the server itself has made of a text.

Terms are made in one place for all databases (`vector_stores.words`), so a database only keeps them in its index, finds
the passages that have some of them, and ranks these. `sqlite` and `postgresql` do that, each for one database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, Table, literal_column

from .postgresql import PostgresText, attach_postgres
from .sqlite import SqliteText, attach_sqlite
from .terms import Listed as Listed, Places as Places, Terms as Terms, Wanted as Wanted

_NUMBER_BITS = 24


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
    attach_sqlite(passages)
    attach_postgres(passages)


def of(connection: Connection) -> FullText:
    """The full-text search of a database."""
    return PostgresText() if connection.dialect.name == "postgresql" else SqliteText()
