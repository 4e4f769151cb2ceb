"""A proxy on loopback that spoils what goes through it: at a chosen place of an exchange, in a chosen way.

    with Proxy(server_address) as proxy:
        proxy.add(Spoil("answer body", "reset", at=0.5))

Behind it is a server, or a function from request to answer. It works on sockets and bytes and knows of HTTP only where
messages begin and end.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Where = Literal[
    "before request",  # when its first bytes have come
    "request head",
    "request body",
    "before answer",  # when the server has done the work
    "answer head",
    "before body",
    "answer body",  # as it is on the wire: with the sizes of chunks, where it has them
    "after answer",
]
How = Literal[
    "reset",
    "close",  # an end that looks as if all were well, with what was sent before it
    "hang",
    "delay",
    "garble",  # a byte that belongs nowhere
    "drop",  # a few bytes left out
    "repeat",  # a few bytes twice
    "trickle",  # byte by byte
    "throttle",  # a few bytes, then a pause, and so on
]
Twice = Literal[
    "request twice",  # to the server, as one repeats it that got no answer; the second answer is passed on
    "answer twice",  # to the client, on a connection that ends with it: on another it is the answer to what comes next
    "event twice",  # of a stream: that with the number `at`, or each
]
PLACES: tuple[Where, ...] = get_args(Where)
WAYS: tuple[How, ...] = get_args(How)
DOUBLINGS: tuple[Twice, ...] = get_args(Twice)
ENDS: tuple[How, ...] = ("reset", "close", "hang")
CHANGES: tuple[How, ...] = ("garble", "drop", "repeat")

NOTHING_HELD = ("before request", "before answer", "before body", "after answer")
"""Places between bytes, where none can be changed."""
SOME = 5
"""How many bytes are dropped or repeated."""
EACH = -1
"""Every event of a stream."""
BETWEEN_PAUSES = 10
"""Bytes that are not throttled."""
MOST_TRICKLED = 2000
"""Bytes that come one by one; the rest comes as usual."""

Answerer = Callable[[str, str, bytes], bytes]
"""From method, path and body to the answer as it is on the wire."""


@dataclass(frozen=True)
class Spoil:
    """What goes wrong where."""

    where: Where
    how: How | Twice
    at: float | int = 0.5
    """In a head or body: after so many bytes; a float says which part of it (a body of unknown size: of a kilobyte)."""
    only: str = ""
    """A pattern for `METHOD path`."""
    seconds: float = 0.02
    """Of a delay, or of each pause."""
    pauses: int = 10
    """How many there are; the rest comes as usual."""

    def __str__(self) -> str:
        place = "" if self.where in NOTHING_HELD else f" {self.at}"
        return f"{self.how} {self.where}{place}"

    def __post_init__(self) -> None:
        if self.where in NOTHING_HELD and self.how in (*CHANGES, "trickle", "throttle"):
            raise ValueError(f"there is nothing to {self.how} {self.where}")


def every_spoil(at: Iterable[float | int] = (0.0, 0.5, 0.99), ways: Iterable[How] = WAYS) -> list[Spoil]:
    """Each way at each place."""
    found: list[Spoil] = []
    for where in PLACES:
        for how in ways:
            if where not in NOTHING_HELD:
                found += [Spoil(where, how, each) for each in at]
            elif how not in (*CHANGES, "trickle", "throttle"):
                found.append(Spoil(where, how))
    return found


def doublings(events: Iterable[int] = (0, 3, EACH)) -> list[Spoil]:
    """All that happens twice."""
    return [
        Spoil("before answer", "request twice"),
        Spoil("after answer", "answer twice"),
        *(Spoil("answer body", "event twice", number) for number in events),
    ]


class _Ended(Exception):
    """This exchange and its connection are over."""


@dataclass
class _Planned:
    spoil: Spoil
    left: int


@dataclass
class Proxy:
    """See the module."""

    upstream: tuple[str, int] | Answerer
    chunked: bool = False
    """Whether answers of a function get chunked bodies."""
    spoiled: Counter[str] = field(default_factory=Counter[str])
    """How often what has happened."""
    requests: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Method and path of what came through, whole or not."""
    made: int = 0
    """Connections that clients have made."""
    open: int = 0
    """Those that are open."""
    choose: Callable[[str, str, int], Spoil | None] | None = None
    """Says for each request (method, path, its number from 0) what happens, where nothing was added."""

    def __post_init__(self) -> None:
        self._planned: list[_Planned] = []
        self._serving: set[asyncio.Task[Any] | None] = set()
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=500)
        self.address: tuple[str, int] = self._socket.getsockname()
        self.url = f"http://127.0.0.1:{self.address[1]}/v1"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),), name="proxy")

    def add(self, *spoils: Spoil, times: int = 1) -> None:
        """Let these happen to the next requests that they fit."""
        with self._lock:
            self._planned += [_Planned(spoil, times) for spoil in spoils]

    def clear(self) -> None:
        """Let all pass from now on."""
        with self._lock:
            self._planned.clear()
            self.choose = None

    def is_settled(self) -> bool:
        """Whether no connection is open."""
        return self.open == 0

    # ---- inside ----

    def _take(self, method: str, path: str) -> Spoil | None:
        with self._lock:
            number = len(self.requests)
            self.requests.append((method, path))
            for planned in self._planned:
                if re.search(planned.spoil.only, f"{method} {path}"):
                    planned.left -= 1
                    if not planned.left:
                        self._planned.remove(planned)
                    return planned.spoil
            return None if self.choose is None else self.choose(method, path, number)

    async def _run(self) -> None:
        self._stopping = asyncio.Event()
        server = await asyncio.start_server(self._connected, sock=self._socket, limit=1 << 20)
        await self._stopping.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.made += 1
        self.open += 1
        task = asyncio.current_task()
        self._serving.add(task)  # asyncio itself does not keep it
        try:
            with contextlib.suppress(_Ended, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            self.open -= 1
            self._serving.discard(task)
            writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Pass on one request and its answer; says whether the connection may go on."""
        head = await reader.readuntil(b"\r\n\r\n")
        method, path = head.split(b" ", 2)[:2]
        spoil = self._take(method.decode(), path.decode())
        spoiler = _Spoiler(self, spoil, reader, writer)
        await spoiler.between("before request")
        if callable(self.upstream):
            sink = _Collector()
            body = await self._request(spoiler, head, reader, sink)
            answer = self.upstream(method.decode(), path.decode(), body)
            source = asyncio.StreamReader()
            source.feed_data(_chunked(answer) if self.chunked else answer)
            source.feed_eof()
            if spoiler.take("request twice"):
                self.upstream(method.decode(), path.decode(), body)
            await self._answer(spoiler, source, writer)
            return True
        up_reader, up_writer = await asyncio.open_connection(*self.upstream, limit=1 << 20)
        try:
            copy = _Copy(up_writer)
            await self._request(spoiler, head, reader, copy)
            if spoiler.take("request twice"):
                unwanted = _Spoiler(self, None, reader, writer)
                await self._answer(unwanted, up_reader, _Collector())
                up_writer.transport.abort()
                up_reader, up_writer = await asyncio.open_connection(*self.upstream, limit=1 << 20)
                up_writer.write(bytes(copy.data))
                await up_writer.drain()
            await self._answer(spoiler, up_reader, writer)
        finally:
            up_writer.transport.abort()
        return True

    async def _request(self, spoiler: _Spoiler, head: bytes, reader: asyncio.StreamReader, sink: Any) -> bytes:
        await spoiler.send("request head", head, len(head), sink)
        body = await _pass_on_body(head, reader, spoiler, "request body", sink)
        await sink.drain()
        return body

    async def _answer(self, spoiler: _Spoiler, source: asyncio.StreamReader, writer: Any) -> None:
        if spoiler.take("answer twice"):
            writer = _Copy(writer)
        head = await source.readuntil(b"\r\n\r\n")
        if isinstance(writer, _Copy):
            head = head[:-2] + b"connection: close\r\n\r\n"
        await spoiler.between("before answer")
        await spoiler.send("answer head", head, len(head), writer)
        await spoiler.between("before body")
        await _pass_on_body(head, source, spoiler, "answer body", writer)
        await writer.drain()
        if isinstance(writer, _Copy):
            await writer.repeat()
            raise _Ended
        await spoiler.between("after answer")

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(lambda: self._stopping.set())
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


class _Collector:
    """Where a request goes if no server is there."""

    def write(self, data: bytes) -> None:
        pass

    async def drain(self) -> None:
        pass


class _Copy:
    """Passes on and keeps."""

    def __init__(self, sink: Any) -> None:
        self._sink = sink
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        self.data += data
        self._sink.write(data)

    async def drain(self) -> None:
        await self._sink.drain()

    async def repeat(self) -> None:
        """The same again."""
        self._sink.write(bytes(self.data))
        await self._sink.drain()
        self._sink.close()
        await self._sink.wait_closed()


class _Spoiler:
    """Lets one spoil happen, once."""

    def __init__(
        self, proxy: Proxy, spoil: Spoil | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._proxy = proxy
        self._spoil = spoil
        self._reader = reader
        self._writer = writer
        self._sent: Counter[str] = Counter()
        self._trickling = 0
        self._pauses = 0
        self._seconds = 0.0
        self._events = 0

    def take(self, how: Twice) -> bool:
        """Whether this is what happens; then it has."""
        if self._spoil is None or self._spoil.how != how:
            return False
        self._proxy.spoiled[str(self._spoil)] += 1
        self._spoil = None
        return True

    def is_doubling(self, where: Where) -> bool:
        """Whether events of what is sent there come twice."""
        return self._spoil is not None and self._spoil.how == "event twice" and self._spoil.where == where

    def doubled(self, data: bytes) -> list[bytes]:
        """Events, one by one, as often as they are sent."""
        assert self._spoil is not None
        sent: list[bytes] = []
        for event in re.findall(rb".+?(?:\n\n|\Z)", data, re.DOTALL):
            is_twice = self._spoil.at in (EACH, self._events)
            self._events += 1
            self._proxy.spoiled[str(self._spoil)] += is_twice
            sent += [event] * (1 + is_twice)
        return sent

    async def between(self, where: Where) -> None:
        """Let it happen between two parts of the exchange."""
        if self._spoil is not None and self._spoil.where == where and self._spoil.how not in DOUBLINGS:
            await self._writer.drain()
            await self._happen(b"", self._writer)

    async def send(self, where: Where, data: bytes, size: int | None, sink: Any) -> None:
        """Pass on a piece of a part, which has `size` bytes in all."""
        spoil = self._spoil
        if spoil is not None and spoil.where == where and spoil.how not in DOUBLINGS:
            at = spoil.at if isinstance(spoil.at, int) else int(spoil.at * (1000 if size is None else size))
            rest = at - self._sent[where]
            self._sent[where] += len(data)
            if 0 <= rest < len(data):
                await self._write(data[:rest], sink)
                data = await self._happen(data[rest:], sink)
        await self._write(data, sink)

    async def _write(self, data: bytes, sink: Any) -> None:
        while data and self._trickling:
            self._trickling -= 1
            sink.write(data[:1])
            await sink.drain()
            await asyncio.sleep(0)
            data = data[1:]
        while data and self._pauses:
            self._pauses -= 1
            sink.write(data[:BETWEEN_PAUSES])
            await sink.drain()
            await asyncio.sleep(self._seconds)
            data = data[BETWEEN_PAUSES:]
        sink.write(data)
        await sink.drain()

    async def _happen(self, data: bytes, sink: Any) -> bytes:
        """Let it happen now; returns what is sent of the next bytes."""
        spoil, self._spoil = self._spoil, None
        assert spoil is not None
        self._proxy.spoiled[str(spoil)] += 1
        match spoil.how:
            case "delay":
                await asyncio.sleep(spoil.seconds)
            case "trickle":
                self._trickling = MOST_TRICKLED
            case "throttle":
                self._pauses, self._seconds = spoil.pauses, spoil.seconds
            case "garble":
                return b"\xff" + data[1:]
            case "drop":
                return data[SOME:]
            case "repeat":
                return data[:SOME] + data
            case "hang":
                while await self._reader.read(1 << 16):
                    pass
                raise _Ended
            case "close":
                await sink.drain()
                self._writer.close()
                with contextlib.suppress(ConnectionError):
                    await self._writer.wait_closed()
                raise _Ended
            case "reset":
                await sink.drain()
                connection: Any = self._writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self._writer.transport.abort()
                raise _Ended
        return data


async def _pass_on_body(head: bytes, source: asyncio.StreamReader, spoiler: _Spoiler, where: Where, sink: Any) -> bytes:
    """Pass on a body; returns what it says."""
    body: list[bytes] = []
    is_stream = re.search(rb"\r\ncontent-type: *text/event-stream", head, re.IGNORECASE) is not None
    if re.search(rb"\r\ntransfer-encoding: *chunked", head, re.IGNORECASE):
        size = -1
        while size:
            line = await source.readuntil(b"\r\n")
            size = int(line, 16)
            data = await source.readexactly(size + 2)
            if size and is_stream and spoiler.is_doubling(where):
                for event in spoiler.doubled(data[:-2]):
                    await spoiler.send(where, b"%x\r\n%s\r\n" % (len(event), event), None, sink)
            else:
                await spoiler.send(where, line + data, None, sink)
            body.append(data[:-2])
        return b"".join(body)
    found = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    total = left = int(found[1]) if found else 0
    while left:
        data = await source.read(min(left, 1 << 16))
        if not data:
            raise _Ended
        left -= len(data)
        await spoiler.send(where, data, total, sink)
        body.append(data)
    return b"".join(body)


def _chunked(answer: bytes) -> bytes:
    """The same answer with its body in chunks."""
    head, _, body = answer.partition(b"\r\n\r\n")
    head = re.sub(rb"\r\ncontent-length: *\d+", b"\r\ntransfer-encoding: chunked", head, flags=re.IGNORECASE)
    half = max(1, len(body) // 2)
    pieces = [piece for piece in (body[:half], body[half:]) if piece]
    return head + b"\r\n\r\n" + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
