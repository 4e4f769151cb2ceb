"""Runs that are stuck, for tests: they stay as they are until their gate is opened, or they are cancelled or expire.

gate = server.runs.hold(status="queued")        # the next runs are not begun ...
gate.open()                                     # ... until now
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal

from .models.scripted import Gate

StuckStatus = Literal["queued", "in_progress"]
_STATUSES: Final = ("queued", "in_progress")


@dataclass(eq=False)
class _Hold:
    model: str
    status: str
    left: int | None
    gate: Gate


class RunHolds:
    """The gates that runs have to pass; usable from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holds: list[_Hold] = []

    def hold(self, *, model: str = "*", status: StuckStatus = "in_progress", times: int | None = None) -> Gate:
        """Keep runs in a status.

        Args:
            model: A pattern for the model names of the runs that are meant.
            status: `queued`: they are not begun; `in_progress`: they are begun, but no model is asked.
            times: How many runs (for `in_progress`: turns of runs) are held; None: all that come.

        Raises:
            ValueError: Another status, or `times` below 1.
        """
        if status not in _STATUSES:
            raise ValueError(f"runs can be held in {' or '.join(_STATUSES)}, not in {status!r}")
        if times is not None and times < 1:
            raise ValueError("times must be 1 or more, or None for always")
        gate = Gate()
        with self._lock:
            self._holds.append(_Hold(model, status, times, gate))
        return gate

    def clear(self) -> None:
        """Hold no further runs; those that are held wait for their gate."""
        with self._lock:
            self._holds.clear()

    @property
    def any(self) -> bool:
        """Whether runs are to be held."""
        return bool(self._holds)

    async def passed(self, model: str, status: StuckStatus) -> None:
        """Wait as long as a run of this model has to, in this status."""
        for gate in self._take(model, status) if self._holds else ():
            await gate.passed()

    def _take(self, model: str, status: str) -> list[Gate]:
        gates: list[Gate] = []
        with self._lock:
            for each in list(self._holds):
                if each.status != status or not fnmatchcase(model, each.model):
                    continue
                gates.append(each.gate)
                if each.left is not None:
                    each.left -= 1
                    if each.left == 0:
                        self._holds.remove(each)
        return gates
