"""The table of operations, written by hand: what the client must send and give, apart from any generator."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any

import openai_assistants

NEWEST = "v2"
"""The version whose rows have short ids."""


@dataclass(frozen=True)
class Row:
    """One operation of one version of the API."""

    version: str
    operation: str
    """The `operationId`."""
    client: str
    """Where the method is, below the client."""
    method: str
    path: str
    beta: str | None
    """Value of the `OpenAI-Beta` header."""
    path_arguments: tuple[str, ...]
    """In the order of the call; the first may be given by position."""
    query: dict[str, str]
    """Argument and wire name."""
    body: dict[str, str]
    """Argument and wire name."""
    required: tuple[str, ...]
    request: str
    """`json`, `multipart` or `none`."""
    answer: str
    """`json`, `list`, `deleted`, `binary`, or `json+sse` where `stream` decides."""
    result: str
    """Where programs import the class of the result from; of lists the class of the items."""

    @property
    def id(self) -> str:
        """What no other row has."""
        return self.operation if self.version == NEWEST else f"{self.version}.{self.operation}"

    @property
    def arguments(self) -> tuple[str, ...]:
        """All arguments."""
        return (*self.path_arguments, *self.query, *self.body)

    @property
    def resource(self) -> str:
        """Where the resource is, below the client."""
        return self.client.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Name of the method."""
        return self.client.rpartition(".")[2]

    @property
    def streams(self) -> bool:
        """Whether `stream=True` gives events."""
        return self.answer == "json+sse"

    @property
    def has_cursor(self) -> bool:
        """Whether the answer is a list that comes in pages."""
        return self.answer == "list" and "after" in self.query

    @cached_property
    def matches(self) -> re.Pattern[str]:
        """Paths of this operation."""
        return re.compile(re.sub(r"\{\w+\}", "[^/]+", self.path))

    def bound(self, client: object) -> Any:
        """The method of a client."""
        return attrgetter(self.client)(client)

    def result_class(self) -> Any:
        """The class, from where programs import it."""
        return attrgetter(self.result)(openai_assistants)


def _row(cells: dict[str, str]) -> Row:
    return Row(
        version=cells["version"],
        operation=cells["operation"],
        client=cells["client"],
        method=cells["method"],
        path=cells["path"],
        beta=None if cells["beta"] == "-" else cells["beta"],
        path_arguments=tuple(cells["path_arguments"].split()),
        query=_pairs(cells["query"]),
        body=_pairs(cells["body"]),
        required=tuple(cells["required"].split()),
        request=cells["request"],
        answer=cells["answer"],
        result=cells["result"],
    )


def _pairs(cell: str) -> dict[str, str]:
    return {argument: wire for argument, _, wire in (pair.partition("=") for pair in cell.split())}


with (Path(__file__).parents[1] / "operations.csv").open(encoding="utf-8", newline="") as file:
    ROWS = [_row(cells) for cells in csv.DictReader(file)]

BY_ID = {row.id: row for row in ROWS}


def row_of(method: str, path: str, version: str = NEWEST) -> Row:
    """The operation of a request; literal segments go before placeholders."""
    found = [row for row in ROWS if row.version == version and row.method == method and row.matches.fullmatch(path)]
    return min(found, key=lambda row: row.path.count("{"))
