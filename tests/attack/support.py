"""A client without manners: bytes over a socket."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from openai_assistants.server import LocalServer

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds until a test gives up; nothing is expected to need a tenth of it."""


@dataclass
class Answer:
    """What came over a connection for one request."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        found = self.json()["error"]
        assert set(found) == {"message", "type", "param", "code"}
        return found


class Wire:
    """A connection to a server."""

    def __init__(self, server: LocalServer, *, receive_buffer: int | None = None) -> None:
        found = re.match(r"http://([\d.]+):(\d+)", server.base_url)
        assert found is not None
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect((found[1], int(found[2])))
        self._rest = b""

    def send(self, data: bytes) -> bool:
        """Send; False if the server has closed the connection."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def request(self, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        """Send a request."""
        lines = {"Host": "localhost", "OpenAI-Beta": "assistants=v2", "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in {**lines, **(headers or {})}.items())
        self.send(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)

    def answer(self, *, to_head: bool = False) -> Answer | None:
        """The next answer; None if the connection ends without one."""
        head = self._until(b"\r\n\r\n")
        if head is None:
            return None
        first, *lines = head[:-4].decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        status = int(first.split()[1])
        if status == 100:
            return self.answer(to_head=to_head)
        if to_head:
            return Answer(status, headers, b"")
        if "content-length" in headers:
            return Answer(status, headers, self._exactly(int(headers["content-length"])))
        assert headers["transfer-encoding"] == "chunked"
        body = b""
        while (size := self._until(b"\r\n")) is not None and (length := int(size, 16)):
            body += self._exactly(length + 2)[:-2]
        self._until(b"\r\n")
        return Answer(status, headers, body)

    def read_to_end(self) -> bytes:
        """All that comes until the server closes or resets the connection."""
        found = bytearray(self._rest)
        try:
            while data := self.socket.recv(1 << 16):
                found += data
        except ConnectionError:
            pass
        return bytes(found)

    def close(self) -> None:
        self.socket.close()

    def _until(self, mark: bytes) -> bytes | None:
        while mark not in self._rest:
            try:
                data = self.socket.recv(1 << 16)
            except ConnectionError:
                return None
            if not data:
                return None
            self._rest += data
        found, _, self._rest = self._rest.partition(mark)
        return found + mark

    def _exactly(self, length: int) -> bytes:
        while len(self._rest) < length:
            data = self.socket.recv(1 << 16)
            assert data, "the answer ends too early"
            self._rest += data
        found, self._rest = self._rest[:length], self._rest[length:]
        return found


@contextmanager
def wire(server: LocalServer, **options: Any) -> Iterator[Wire]:
    """A connection to a server, closed in the end."""
    opened = Wire(server, **options)
    try:
        yield opened
    finally:
        opened.close()


def ask(server: LocalServer, method: str, path: str, **options: Any) -> Answer:
    """One request over a connection of its own."""
    with wire(server) as connection:
        connection.request(method, path, **options)
        answer = connection.answer()
        assert answer is not None
        return answer


def wait_for(look: Callable[[], T], good: Callable[[T], bool] = bool) -> T:
    """Look until it is good."""
    deadline = time.monotonic() + PATIENCE
    while not good(seen := look()):
        assert time.monotonic() < deadline, f"still {seen!r}"
        time.sleep(0.01)
    return seen


def is_well(server: LocalServer) -> bool:
    """Whether the server still answers others."""
    return ask(server, "GET", "/v1/models").status == 200 and ask(server, "GET", "/health").status == 200
