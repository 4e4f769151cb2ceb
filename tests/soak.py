"""Counts of the long tests: bounded in `make test`, whole in `make soak`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

SOAKING = os.environ.get("OPENAI_ASSISTANTS_SOAK") == "1"


def some_of(items: Sequence[T], at_most: int) -> Sequence[T]:
    """All items when soaking, otherwise evenly spread ones: first and last are always among them."""
    if SOAKING or len(items) <= at_most:
        return items
    step = (len(items) - 1) / (at_most - 1)
    return [items[round(index * step)] for index in range(at_most)]


def count(few: int, many: int) -> int:
    """How often something is tried."""
    return many if SOAKING else few
