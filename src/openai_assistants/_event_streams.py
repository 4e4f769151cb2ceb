"""Streams of other APIs: server-sent events as they stand in the stream, without a run behind them. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from ._errors import StreamInterruptedError
from ._events import DONE, decoded
from ._progress import Progress
from ._recovery import Ending, Opened, Recovery
from ._sse import ServerSentEvent, SSEDecoder

if TYPE_CHECKING:
    import httpx

    from ._calls import Call
    from ._core import Core
    from ._flow import Flow
    from ._options import RequestOptions


def recovery_of(core: Core, call: Call[Any], options: RequestOptions) -> Recovery:
    """How a streamed call begins and ends, by the type of its events."""
    return (PlainRecovery if call.into is ServerSentEvent else Recovery)(core, call, options)


class PlainRecovery(Recovery):
    """A streamed call of which nothing is known but its events: its end is the end of the body, and a body that breaks
    off cannot be made up for."""

    def reader(self, response: httpx.Response, *, strict: bool) -> PlainReader:
        """As `Recovery.reader`."""
        return PlainReader(self.progress, response)

    def _without_events(self, response: httpx.Response) -> Flow[Opened]:
        """An answer that is JSON is left to the caller."""
        return Opened(response)
        yield

    def go_on(self, ending: Ending) -> Flow[Opened | None]:
        """Nothing comes after the body.

        Raises:
            StreamInterruptedError: It broke off.
        """
        if ending.cause is not None:
            raise StreamInterruptedError(
                f"The stream {ending.reason}.", request=ending.response.request
            ) from ending.cause
        return None
        yield


class PlainReader:
    """Reads events as they stand in the stream. `[DONE]` is the last one, whatever comes behind it."""

    def __init__(self, progress: Progress, response: httpx.Response) -> None:
        self._progress = progress
        self._response = response
        self._decoder = SSEDecoder()

    def feed(self, piece: bytes) -> Iterator[ServerSentEvent]:
        """The events that a piece of the body completes."""
        self._progress.started = True
        for event in decoded(self._decoder.feed, piece, self._response):
            yield self._noted(event)
            if self.done:
                return

    def finish(self) -> Iterator[ServerSentEvent]:
        """The last event, if the body ended without its blank line."""
        pending = self._decoder.finish()
        if pending is not None and not self.done:
            yield self._noted(pending)

    @property
    def done(self) -> bool:
        """Whether the server has said that the stream is over."""
        return self._progress.done

    @property
    def last_event_id(self) -> str:
        """The id of the last event; empty if the stream gives none."""
        return self._decoder.last_event_id

    def _noted(self, event: ServerSentEvent) -> ServerSentEvent:
        self._progress.pass_on()
        self._progress.done = event.data == DONE
        return event
