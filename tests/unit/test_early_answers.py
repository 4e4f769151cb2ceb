"""A server answers a large request before it has read it, and closes the connection."""

from __future__ import annotations

import asyncio
import contextlib
import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import pytest

from openai_assistants import (
    APIConnectionError,
    APIError,
    APIStatusError,
    AsyncOpenAI,
    OpenAI,
)

from .support import Flavour

BODY = b'{"error":{"message":"too much"}}'
SMALL = b"HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (len(BODY), BODY)
SIZE = 8_000_000
"""More than the buffers of both sides hold."""

Ending = Callable[[socket.socket], None]


def close(connection: socket.socket) -> None:
    """With bytes unread: the other side gets a reset."""
    connection.close()


def reset(connection: socket.socket) -> None:
    """At once, whatever was sent."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def half_close(connection: socket.socket) -> None:
    """Say that there is no more, and reset soon after."""
    connection.shutdown(socket.SHUT_WR)
    reset(connection)


class EarlyServer:
    """Reads `reads` bytes of each request, answers, then ends the connection."""

    def __init__(self, answer: bytes, reads: int, end: Ending) -> None:
        self.answer = answer
        self.reads = reads
        self.end = end
        self.requests = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.requests += 1
                thread = threading.Thread(target=self._serve, args=(connection,))
                thread.start()
                self._threads.append(thread)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            # An answer that waits for a full packet is lost with the connection.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            got = 0
            while got < self.reads and (piece := connection.recv(1 << 16)):
                got += len(piece)
            connection.sendall(self.answer)
            self.end(connection)
        connection.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in (self._accepting, *self._threads):
            thread.join()


@contextlib.contextmanager
def early(answer: bytes, reads: int, end: Ending) -> Iterator[EarlyServer]:
    server = EarlyServer(answer, reads, end)
    try:
        yield server
    finally:
        server.close()


def upload(flavour: Flavour, url: str, content: Any = b"x" * SIZE, **settings: Any) -> Any:
    """Upload it; the client is closed afterwards."""
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    made = lambda: kind(base_url=url, api_key="key", **settings)  # noqa: E731
    if not flavour.is_async:
        with made() as client:
            return client.files.create(file=("a.bin", content), purpose="assistants")

    async def main() -> Any:
        async with made() as client:
            outcome = await client.files.create(file=("a.bin", content), purpose="assistants")
        if flavour.name == "asyncio":
            assert asyncio.all_tasks() == {asyncio.current_task()}
        return outcome

    return anyio.run(main, backend=flavour.name)


@pytest.mark.parametrize("end", [close, reset, half_close], ids=lambda end: end.__name__)
@pytest.mark.parametrize("reads", [1, 1_000_000], ids=["nothing read", "partly read"])
@pytest.mark.parametrize("content", [bytes, io.BytesIO], ids=["bytes", "file"])
def test_the_refusal_of_a_large_request(
    flavour: Flavour, reads: int, end: Ending, content: Callable[[bytes], Any]
) -> None:
    """asyncio closes its socket as soon as writing fails, and loses what has come in: the error says what it may be."""
    with (
        early(SMALL, reads, end) as server,
        pytest.raises(APIError, match=r"too much|at a request of 8\.0 MB") as caught,
    ):
        upload(flavour, server.url, content(b"x" * SIZE), max_retries=0)
    assert flavour.name == "asyncio" or (isinstance(caught.value, APIStatusError) and caught.value.status_code == 413)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 413 Too L"], ids=["none", "half"])
def test_where_the_server_says_nothing_the_error_says_what_it_may_mean(flavour: Flavour, answer: bytes) -> None:
    with early(answer, 1, reset) as server, pytest.raises(APIConnectionError) as caught:
        upload(flavour, server.url, b"x" * SIZE, max_retries=0)
    said = "ended at a request of 8.0 MB: most often that is more than the server, or a proxy before it, accepts."
    assert said in str(caught.value)


def test_of_a_small_request_nothing_of_the_kind_is_said(flavour: Flavour) -> None:
    with early(b"", 1, reset) as server, pytest.raises(APIConnectionError) as caught:
        upload(flavour, server.url, b"x", max_retries=0)
    assert "accepts" not in str(caught.value)


def test_a_server_that_cannot_be_reached_has_not_refused_anything(flavour: Flavour) -> None:
    with early(b"", 1, reset) as server:
        url = server.url
    with pytest.raises(APIConnectionError) as caught:
        upload(flavour, url, max_retries=0)
    assert "accepts" not in str(caught.value)


def test_an_odd_length_of_a_program_breaks_no_message() -> None:
    with (
        early(b"", 1, reset) as server,
        OpenAI(base_url=server.url, api_key="key", max_retries=0) as client,
        pytest.raises(APIConnectionError, match="No answer"),
    ):
        client.post("/x", cast_to=object, body={}, extra_headers={"content-length": "many"})
