"""Where time and ids come from. Both can be replaced, so that tests see the same values every time."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import string
import threading
import time
from typing import Protocol

_ALPHABET = string.ascii_letters + string.digits


class Clock:
    """The server's only source of time: follows the wall clock until it is frozen or moved.

    `freeze`, `advance` and `resume` may be called from any thread; whoever sleeps on the clock wakes when its moment
    has come by the clock's own time, however that time got there.
    """

    def __init__(self) -> None:
        self._offset = 0.0
        self._frozen: float | None = None
        self._lock = threading.Lock()
        self._sleepers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def now(self) -> float:
        """Seconds since 1970."""
        with self._lock:
            return time.time() + self._offset if self._frozen is None else self._frozen

    def freeze(self, at: float | None = None) -> None:
        """Stop the clock, at the given moment or at the present one."""
        moment = self.now() if at is None else at
        with self._lock:
            self._frozen = moment
        self._wake()

    def advance(self, seconds: float) -> None:
        """Move the clock forward; everything that falls due happens."""
        with self._lock:
            if self._frozen is None:
                self._offset += seconds
            else:
                self._frozen += seconds
        self._wake()

    def resume(self) -> None:
        """Let a frozen clock run on from where it stands."""
        with self._lock:
            if self._frozen is not None:
                self._offset = self._frozen - time.time()
                self._frozen = None
        self._wake()

    async def sleep_until(self, moment: float) -> None:
        """Wait until the clock shows this moment."""
        changed = asyncio.Event()
        sleeper = (asyncio.get_running_loop(), changed)
        with self._lock:
            self._sleepers.add(sleeper)
        try:
            while (remaining := moment - self.now()) > 0:
                changed.clear()
                with self._lock:
                    timeout = remaining if self._frozen is None else None
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), timeout)
        finally:
            with self._lock:
                self._sleepers.discard(sleeper)

    def _wake(self) -> None:
        with self._lock:
            sleepers = list(self._sleepers)
        for loop, changed in sleepers:
            loop.call_soon_threadsafe(changed.set)


class Ids(Protocol):
    """Makes the ids of objects: a prefix such as `asst_` and 24 characters."""

    def new(self, prefix: str) -> str:
        """The next id."""
        ...


class RandomIds:
    """Ids that nobody can guess."""

    def new(self, prefix: str) -> str:
        """A prefix and 24 random letters and digits."""
        return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(24))


class CountingIds:
    """Ids that count up from 1, separately for each prefix: the same in every test run."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def new(self, prefix: str) -> str:
        """A prefix and the next number, padded to 24 digits."""
        with self._lock:
            number = self._counts[prefix] = self._counts.get(prefix, 0) + 1
        return f"{prefix}{number:024d}"
