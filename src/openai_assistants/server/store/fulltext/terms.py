"""Terms in the database, and terms that are looked for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine


class Terms(TypeDecorator[dict[str, list[int]]]):
    """The terms of a text in their order; read back, each with its places, counted from 1.

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

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, list[int]]:
        """The places of each term."""
        found: dict[str, list[int]] = {}
        if dialect.name == "postgresql":
            for each in value.split():
                term, _, places = each.rpartition(":")
                found[term[1:-1]] = [int(place) for place in places.split(",")]
        else:
            for place, term in enumerate(value.split(), 1):
                found.setdefault(term, []).append(place)
        return found


@dataclass(frozen=True)
class Wanted:
    """A term that is looked for."""

    term: str
    prefix: bool = False
    """Terms that begin with it will do."""
    weight: float = 1.0
    """How much it counts for the rank, where the database does not know better."""
