"""How well a passage fits a question: a number from 0 to 1 that means the same on every database.

The database finds the passages that may be the best; this decides. The most of it is the share of the question's terms
that the passage has, where rare terms count more. Of two passages with the same terms that one is better which has them
more often for its length, and closer together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from ..store.fulltext import Places, Wanted

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


def weight(having: int, passages: int) -> float:
    """How much a term counts that so many of the passages have: from 1 for the rarest to 0.1 for one in all of many."""
    rarity = math.log((passages + _SMOOTHING) / (having + 1)) / math.log(passages + _SMOOTHING)
    return 0.1 + 0.9 * max(rarity, 0.0)


def telling(having: Mapping[Wanted, int]) -> list[Wanted]:
    """The terms that are worth looking for: the rarest. A passage that has none of them is not among the best, and to
    rank all that have a frequent one takes time."""
    taken: list[Wanted] = []
    total = 0
    for each, count in sorted(having.items(), key=lambda item: item[1]):
        if count and (total < ENOUGH or total + count <= AT_MOST):
            taken.append(each)
            total += count
    return taken


def score(wanted: Sequence[Wanted], places: Places) -> float:
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
