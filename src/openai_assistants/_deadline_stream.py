"""A response body that gives up when the deadline of its call has passed."""

from __future__ import annotations

import time
from typing import Any, Iterator

import httpx

from ._flow import DeadlinePassed


class DeadlineStream(httpx.SyncByteStream):
    """Passes on the pieces of a body; looks at the clock between them."""

    def __init__(self, stream: Any, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            if time.monotonic() >= self._deadline:
                raise DeadlinePassed
            yield piece

    def close(self) -> None:
        """Close the stream below."""
        self._stream.close()
