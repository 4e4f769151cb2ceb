"""What measurements say: ratios, spread, and whether the budget of a case is met."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import Any, Mapping

from .cases import CASES, PROGRAMS, Case, Program

Samples = dict[str, list[float]]
"""Figures by adapter, in the unit of the case."""


@dataclass(frozen=True)
class Spread:
    """The middle of some figures, the least and the most."""

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        digits = 2 if self.high < 100 else 0
        return f"{self.middle:.{digits}f} ({self.low:.{digits}f} - {self.high:.{digits}f})"


@dataclass(frozen=True)
class Judged:
    """A case that was measured."""

    name: str
    case: Case | Program
    samples: Samples
    raw: float | None
    """The median of bare httpx."""
    ratios: dict[str, Spread] = field(default_factory=dict[str, Spread])
    """What is shown of each adapter: multiples of bare httpx in the same round; figures as they are where they are no
    times."""
    reached: float | None = None
    """What counts for our budget; None if we were not measured."""

    @property
    def good(self) -> bool:
        """Whether the budget is met, if there is one."""
        return self.reached is None or self.case.budget is None or self.reached <= self.case.budget

    @property
    def aimed(self) -> bool:
        """Whether it is as good as we wish."""
        return self.reached is None or self.case.aim is None or self.reached <= self.case.aim

    @property
    def beside_openai(self) -> float | None:
        """What we take by what the official client takes in the same round, its median."""
        if not {"ours", "openai"} <= self.samples.keys():
            return None
        both = zip(self.samples["ours"], self.samples["openai"], strict=True)
        return statistics.median(ours / theirs for ours, theirs in both)

    def line(self) -> str:
        """As it stands in the table."""
        shown = "" if self.raw is None else _duration(self.raw) if self.case.unit == "s" else f"{self.raw:.0f} MB"
        columns = [str(self.ratios[adapter]) if adapter in self.ratios else "" for adapter in ("ours", "openai")]
        beside = "" if self.beside_openai is None else f"{self.beside_openai:.3f}"
        budget, aim = ("" if each is None else f"{each:g}" for each in (self.case.budget, self.case.aim))
        if isinstance(self.case, Case) and self.case.flat_from and budget:
            budget = f"<= x{budget}"
        mark = "" if self.good else "  OVER"
        return (
            f"{self.case.title:38}{shown:>10}{columns[0]:>22}{columns[1]:>22}{beside:>15}  {budget:>7}  {aim:>5}{mark}"
        )

    def entry(self) -> dict[str, Any]:
        """As it stands in the JSON."""
        return {
            "title": self.case.title,
            "unit": self.case.unit,
            "samples": self.samples,
            "ratios": {adapter: vars(spread) for adapter, spread in self.ratios.items()},
            "ours_by_openai": self.beside_openai,
            "budget": self.case.budget,
            "aim": self.case.aim,
            "reached": self.reached,
            "good": self.good,
        }


def _row(title: str, raw: str, ours: str, openai: str, beside: str, budget: str, aim: str) -> str:
    return f"{title:38}{raw:>10}{ours:>22}{openai:>22}{beside:>15}{budget:>9}{aim:>7}"


HEAD = _row("case", "raw", "ours / raw", "openai / raw", "ours / openai", "budget", "aim")


def judge(name: str, samples: Samples, earlier: Mapping[str, Judged]) -> Judged:
    """Compare the measurements of a case. `earlier` has the cases that it is compared with, if these were measured."""
    case = PROGRAMS.get(name) or CASES[name]
    base = samples.get("raw")
    ratios: dict[str, Spread] = {}
    for adapter in ("ours", "openai"):
        if adapter in samples:
            figures = samples[adapter]
            if case.unit == "s" and base is not None:
                figures = [mine / theirs for mine, theirs in zip(figures, base, strict=True)]
            ratios[adapter] = Spread(statistics.median(figures), min(figures), max(figures))
    reached = ratios["ours"].middle if "ours" in ratios else None
    if isinstance(case, Case) and case.flat_from:
        before = earlier.get(case.flat_from)
        reached = None if reached is None or before is None else reached / before.ratios["ours"].middle
    return Judged(name, case, samples, None if base is None else statistics.median(base), ratios, reached)


def _duration(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} us"
