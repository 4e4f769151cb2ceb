"""Terms in the database, and terms that are looked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine


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
