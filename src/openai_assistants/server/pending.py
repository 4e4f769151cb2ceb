"""How much of requests under way lies in memory, of all together: many clients that each send a large body slowly must
not fill it, and must not keep others out either."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Final

from typing_extensions import Self

from .errors import ApiError

_FREE: Final = 64 << 10
"""So much every request may hold, so that small ones always pass."""
_GRACE: Final = 1.0
"""Seconds in which nobody counts as slow: the first bytes of a request say little of how fast the rest will come."""


class Pending:
    """The bytes that are held, and how many there may be."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.held = 0
        self._coming: dict[Share, None] = {}

    def share(self, end: Callable[[str], None] | None) -> Share:
        """What one request holds, for a `with` block. `end` ends its connection; None: that cannot be done."""
        share = Share(self, end)
        if end is not None:
            self._coming[share] = None
        return share

    def take(self, share: Share, size: int) -> None:
        """Let a request hold so many bytes more. If there is no room, the request that comes in slowest is cut."""
        while self.held + size > self._most and self.held > share.held:
            slowest = min(filter(Share.may_be_slow, self._coming), key=Share.rate, default=share)
            if slowest is share:
                raise ApiError(
                    "The server is busy with other large requests. Please try again.",
                    status=503,
                    type="server_error",
                    headers={"retry-after": "1"},
                )
            slowest.cut()
        self.held += size

    def has_come(self, share: Share) -> None:
        """A request is there as a whole."""
        self._coming.pop(share, None)


class Share:
    """Part of what is held; given back at the end of the block."""

    def __init__(self, pending: Pending, end: Callable[[str], None] | None) -> None:
        self._pending = pending
        self._end = end
        self._since = time.monotonic()
        self._received = 0
        self.held = 0

    def grow(self, size: int, received: int = 0) -> None:
        """Hold so many bytes, of so many that were received if those are more.

        Raises:
            ApiError: All requests together would hold too many.
        """
        self._received = max(size, received)
        size = max(size - _FREE, 0)
        if size > self.held:
            self._pending.take(self, size - self.held)
            self.held = size

    def complete(self) -> None:
        """The request is there as a whole, so nobody has to be slow any more."""
        self._pending.has_come(self)

    def may_be_slow(self) -> bool:
        """Whether it holds something, and comes in for long enough to tell how fast."""
        return self.held > 0 and time.monotonic() - self._since > _GRACE

    def rate(self) -> float:
        """How fast the request comes in, in bytes a second."""
        return self._received / (time.monotonic() - self._since)

    def cut(self) -> None:
        """End the request."""
        self._give_back()
        if self._end is not None:
            self._end("close")

    def _give_back(self) -> None:
        self._pending.has_come(self)
        self._pending.held -= self.held
        self.held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_back()
