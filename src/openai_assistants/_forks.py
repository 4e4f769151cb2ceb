"""What a forked process must not take over: locks that nobody there will release, connections that its parent uses."""

from __future__ import annotations

import os
import threading
from typing import Any


class ForkSafeLock:
    """A re-entrant lock for module level; a forked process finds it open, whoever held it."""

    def __init__(self) -> None:
        self.renew()
        _locks.append(self)

    def renew(self) -> None:
        """Forget who holds it."""
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *error: Any) -> None:
        self._lock.release()


_locks: list[ForkSafeLock] = []
_forks = [0]


def generation() -> int:
    """How many forks lie between this process and the first; what was made at another number belongs to a parent."""
    return _forks[0]


def _in_child() -> None:
    _forks[0] += 1
    for lock in _locks:
        lock.renew()


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_in_child)
