"""What is to happen to files while they are processed, for tests.

    gate = server.processing.hold("*.txt")          # these stay in_progress ...
    gate.open()                                     # ... until now
    server.processing.fail("broken*", code="invalid_file")

Files of vector stores are meant by their name, batches by the name of their input file.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, TypeAlias

from .models.scripted import Gate, Pause

FileErrorCode: TypeAlias = Literal["server_error", "unsupported_file", "invalid_file"]


@dataclass(frozen=True)
class Treatment:
    """What happens to the files that it is for, before anything else does."""

    filename: str = "*"
    """A pattern for the names of the files."""
    status: str | None = None
    """Only in this status: `in_progress` of a file; `validating`, `in_progress` or `finalizing` of a batch."""
    pause: Pause | None = None
    """Seconds of the server's clock, or a `Gate`."""
    fail: FileErrorCode | None = None
    """The file fails with this code; batches do not heed it."""
    message: str = "This failure was asked for."
    """What `last_error` says then."""
    times: int | None = None
    """How many files get it; None: all."""

    def __post_init__(self) -> None:
        if self.pause is None and self.fail is None:
            raise ValueError("a treatment needs a pause or a failure")
        if self.times is not None and self.times < 1:
            raise ValueError("times must be 1 or more, or None for always")


class Processing:
    """The treatments that wait for files; usable from any thread. A file gets all that are for it: the pauses one after
    the other, then the first failure."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []

    def add(self, *treatments: Treatment) -> None:
        """Let files have these, those that are not begun yet."""
        with self._lock:
            self._waiting.extend(_Waiting(each, each.times) for each in treatments)

    def hold(self, filename: str = "*", *, status: str | None = None, times: int | None = None) -> Gate:
        """Keep files as they are until the gate is opened."""
        gate = Gate()
        self.add(Treatment(filename, status=status, pause=gate, times=times))
        return gate

    def fail(
        self,
        filename: str = "*",
        *,
        code: FileErrorCode = "unsupported_file",
        message: str = Treatment.message,
        times: int | None = None,
    ) -> None:
        """Let files of vector stores fail."""
        self.add(Treatment(filename, fail=code, message=message, times=times))

    def clear(self) -> None:
        """Treat files that are not begun yet like any other."""
        with self._lock:
            self._waiting.clear()

    @property
    def waiting(self) -> list[Treatment]:
        """Treatments that not as many files have got as should."""
        with self._lock:
            return [each.treatment for each in self._waiting if each.left is not None]

    def take(self, filename: str, status: str) -> list[Treatment]:
        """The treatments of a file that comes to this status now."""
        taken: list[Treatment] = []
        with self._lock:
            for each in list(self._waiting):
                treatment = each.treatment
                if treatment.status not in (None, status) or not fnmatchcase(filename, treatment.filename):
                    continue
                taken.append(treatment)
                if each.left is not None:
                    each.left -= 1
                    if each.left == 0:
                        self._waiting.remove(each)
        return taken


@dataclass(eq=False)
class _Waiting:
    treatment: Treatment
    left: int | None
