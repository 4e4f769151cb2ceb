"""What connections may cost a server: how many there are, how long their clients keep it waiting, and how much of what
was answered lies unsent in memory.

uvicorn itself waits for ever for the rest of a request, and for somebody to fetch an answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, cast

import h11
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol

from .service import Settings
from .spec import INVALID_REQUEST, error_object
from .store import dumps

logger = logging.getLogger("openai_assistants.server")

_RESERVED: Final = 64
"""So many file descriptors are for the database, models and programs."""
_LEAST_SENT: Final = 1 << 10
_LEAST_TAKEN: Final = 16 << 10
_MOST_HEADERS: Final = 2000
_MOST_HEADER_BYTES: Final = 64 << 10
"""Of all headers of a request. uvicorn looks at this size only while their end has not come."""
_PIECES_AT_ONCE: Final = 500
"""Of bodies that come in pieces; they take about as long as a request."""
_LOOKS: Final = 3
"""Who was too slow at so many looks in a row is cut off."""


class Guard:
    """What the connections of one server share."""

    def __init__(self, settings: Settings) -> None:
        self.most = _affordable(settings.max_connections)
        self.pause = settings.client_timeout_seconds / (_LOOKS - 1)
        self._most_unsent = settings.max_pending_bytes
        self._unsent: dict[GuardedProtocol, int] = {}
        self._total_unsent = 0
        self._is_full = False
        self._turns: deque[Callable[[], None]] = deque()

    def take_turns(self, work: Callable[[], None]) -> None:
        """Do this later, with all that others do in between: however many ask for it, only one at a time gets its
        turn."""
        self._turns.append(work)
        if len(self._turns) == 1:
            asyncio.get_running_loop().call_soon(self._next_turn)

    def _next_turn(self) -> None:
        try:
            self._turns[0]()
        finally:
            self._turns.popleft()
            if self._turns:
                asyncio.get_running_loop().call_soon(self._next_turn)

    def admits(self, count: int) -> bool:
        """Whether there may be so many connections."""
        if count > self.most:
            if not self._is_full:
                logger.warning("there are %d connections; more are refused", self.most)
            self._is_full = True
            return False
        self._is_full = self._is_full and count > 0.9 * self.most
        return True

    def note_unsent(self, connection: GuardedProtocol, size: int) -> None:
        """A client does not fetch its answer for now. If there are too many such, the one that has not for longest
        loses it."""
        self.forget_unsent(connection)
        self._unsent[connection] = size
        self._total_unsent += size
        while self._total_unsent > self._most_unsent:
            oldest = next(iter(self._unsent))
            self.forget_unsent(oldest)
            oldest.transport.abort()

    def forget_unsent(self, connection: GuardedProtocol) -> None:
        """The client goes on, or is gone."""
        self._total_unsent -= self._unsent.pop(connection, 0)


class _Connection(h11.Connection):
    """h11's, which refuses what HTTP lets a server refuse, and stops after some pieces of a body."""

    def __init__(self) -> None:
        super().__init__(h11.SERVER, _MOST_HEADER_BYTES)
        self.pieces_left = 0

    def begin(self) -> None:
        """Some more may be taken."""
        self.pieces_left = _PIECES_AT_ONCE

    def next_event(self) -> Any:
        """What comes next.

        Raises:
            h11.RemoteProtocolError: It is nothing that is answered.
        """
        if self.pieces_left == 0:
            return h11.NEED_DATA
        event = super().next_event()
        if isinstance(event, h11.Request):
            _check_headers(event.headers)
        elif isinstance(event, h11.Data):
            self.pieces_left -= 1
        return event


class _Flow(FlowControl):
    """uvicorn's; nothing more is read before what was read has had its turn, whoever wants it."""

    is_held = False

    def hold(self) -> None:
        """Read nothing for now."""
        self.is_held = True
        self._transport.pause_reading()

    def release(self) -> None:
        """Read on, if somebody wants it."""
        self.is_held = False
        if not self.read_paused:
            self._transport.resume_reading()

    def resume_reading(self) -> None:
        """Somebody wants more."""
        if self.is_held:
            self.read_paused = False
        else:
            super().resume_reading()


def _check_headers(headers: Sequence[tuple[bytes, bytes]]) -> None:
    if len(headers) > _MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > _MOST_HEADER_BYTES:
        raise h11.RemoteProtocolError("too many headers")
    # A server before this one may go by the other of the two, and take the rest for a request of somebody else.
    if {b"content-length", b"transfer-encoding"} <= {name for name, _ in headers}:
        raise h11.RemoteProtocolError("both a length and an encoding of the transfer")


class GuardedProtocol(H11Protocol):
    """HTTP/1.1 for clients that may mean no good."""

    def __init__(self, *arguments: Any, guard: Guard, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.conn = self._connection = _Connection()
        self._guard = guard
        self._received = 0
        self._last_unsent: int | None = None
        self._last_cycle: object = None
        self._times_slow = 0
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, or refuse to."""
        super().connection_made(cast("asyncio.Transport", transport))
        self.flow = self._flow = _Flow(self.transport)
        if not self._guard.admits(len(self.connections)):
            self._refuse(503, "There are too many connections to this server.", "server_error")
            return
        self._timer = self.loop.call_later(self._guard.pause, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """The end."""
        if self._timer is not None:
            self._timer.cancel()
        self._guard.forget_unsent(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """More of a request."""
        self._received += len(data)
        super().data_received(data)

    def handle_events(self) -> None:
        """Take what has come apart. A body of very many pieces, which costs a client nothing, waits in between for its
        turn."""
        self._connection.begin()
        super().handle_events()
        if self._connection.pieces_left == 0:
            self._flow.hold()
            self._guard.take_turns(self._go_on)

    def _go_on(self) -> None:
        self._flow.is_held = False
        if self.transport.is_closing():
            return
        self.handle_events()
        if not self._flow.is_held:
            self._flow.release()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse(400, msg, INVALID_REQUEST)

    def pause_writing(self) -> None:
        """The client does not take what is sent."""
        super().pause_writing()
        self._guard.note_unsent(self, self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        self._guard.forget_unsent(self)
        self._last_unsent = None

    def _look(self) -> None:
        """Cut off a client that has kept this server waiting for too long."""
        self._timer = self.loop.call_later(self._guard.pause, self._look)
        received, self._received = self._received, 0
        if self.flow.write_paused or self.transport.is_closing():
            unsent, before = self.transport.get_write_buffer_size(), self._last_unsent
            self._last_unsent = unsent
            slow = before is None or before - unsent < _LEAST_TAKEN
            end: Callable[[], None] = self.transport.abort
        else:
            slow = self._waits_for_client(received)
            end = partial(self._refuse, 408, "Your request did not arrive in time.", INVALID_REQUEST)
        is_same = self.cycle is self._last_cycle
        self._last_cycle = self.cycle
        self._times_slow = self._times_slow * is_same + 1 if slow else 0
        if self._times_slow >= _LOOKS:
            end()

    def _waits_for_client(self, received: int) -> bool:
        """Whether the rest of a request is to come, and comes too slowly."""
        is_answered: bool = getattr(self.cycle, "response_complete", True)  # none yet: nothing is owed
        if self.conn.their_state is h11.SEND_BODY:  # of an answered request the rest is only thrown away
            is_held_up = self.flow.read_paused or self._flow.is_held
            return is_answered or (received < _LEAST_SENT and not is_held_up)
        return is_answered and self.timeout_keep_alive_task is None  # uvicorn ends those that are idle

    def _refuse(self, status: int, message: str, kind: str) -> None:
        """End the connection, if possible with an answer."""
        body = dumps({"error": error_object(message, type=kind)}).encode()
        headers = [
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
            ("connection", "close"),
            *([("retry-after", "1")] if status == 503 else []),
        ]
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            for event in (h11.Response(status_code=status, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
                with contextlib.suppress(h11.LocalProtocolError):  # an answer to HEAD has no body
                    self.transport.write(self.conn.send(event))
        self.transport.close()


def _affordable(wanted: int) -> int:
    """How many connections there can be with the file descriptors that this process may have."""
    try:
        import resource
    except ImportError:  # no such limit on this system
        return wanted
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if limit == resource.RLIM_INFINITY else max(1, min(wanted, limit - _RESERVED))
