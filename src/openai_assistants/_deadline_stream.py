"""A response body that gives up when the deadline of its call has passed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Iterator

from ._flow import DeadlinePassed
from ._http import library_of, stream_class

if TYPE_CHECKING:
    import httpx


class DeadlineStream:
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

    @property
    def elapsed(self) -> Any:
        """What the stream below has measured, in httpx2."""
        return getattr(self._stream, "elapsed", None)


def end_in_time(response: httpx.Response, deadline: float) -> None:
    """Let reading the body of a blocking response end at a deadline, whatever size the pieces have."""
    if not isinstance(response.stream, DeadlineStream):
        kind = stream_class(DeadlineStream, library_of(response).SyncByteStream)
        response.stream = kind(response.stream, deadline)
