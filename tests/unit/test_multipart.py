"""Uploads: what is sent, how much of it is in memory, and who waits for the disk."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
import tracemalloc
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any, Callable

import anyio
import httpx
import pytest
from python_multipart.multipart import parse_options_header

from openai_assistants import APITimeoutError, OpenAIError
from openai_assistants._connection import AsyncConnection, Connection
from openai_assistants._exchange import fetch
from openai_assistants._files import PIECE
from openai_assistants._flow import Flow, Together
from openai_assistants._requests import Call, Operation

from .support import Clock, Flavour, make_core, serve

UPLOAD = Operation("createFile", "POST", "/files", files=("file",))
OK = httpx.Response(200, json={"id": "file_1"})
MEBIBYTE = 1 << 20


def upload(flavour: Flavour, handler: Any, file: Any, **body: Any) -> Any:
    """Upload a file."""
    connection = flavour.connection(handler)
    call = Call(UPLOAD, body={"purpose": "assistants", **body, "file": file}, into=dict)
    return flavour.do(lambda: connection.send(call, {}))


def parts(request: httpx.Request) -> list[tuple[dict[str, Any], bytes]]:
    """The parts of a form, as another implementation reads them."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message: Any = BytesParser(policy=HTTP).parsebytes(head + request.content)
    assert not message.defects
    found: list[tuple[dict[str, Any], bytes]] = []
    for part in message.iter_parts():
        assert not part.defects
        disposition = part["content-disposition"].params
        found.append(({**disposition, "type": part["content-type"]}, part.get_payload(decode=True)))
    return found


def test_a_form_is_as_others_read_it(flavour: Flavour) -> None:
    server = serve(OK)
    content = os.urandom(3 * PIECE + 17)
    upload(flavour, server, ("data.bin", content), tags=["a", "b"])
    (request,) = server.requests
    assert parts(request) == [
        ({"name": "purpose", "type": None}, b"assistants"),
        ({"name": "tags[]", "type": None}, b"a"),
        ({"name": "tags[]", "type": None}, b"b"),
        ({"name": "file", "filename": "data.bin", "type": "application/octet-stream"}, content),
    ]
    assert request.headers["content-length"] == str(len(request.content))
    assert "transfer-encoding" not in request.headers


NAMES = {
    'a"b.txt': "a%22b.txt",
    "größe 語.txt": "größe 語.txt",
    "a\r\nb.txt": "a%0D%0Ab.txt",
    "a\0b\x1f\x7f\t.txt": "a%00b%1F%7F%09.txt",
    "a\\b.txt": r"a\\b.txt",
    'a\\"; x="': r"a\\%22; x=%22",
    "a\\": r"a\\",
    "100%.txt": "100%.txt",
    "a\udcffb.txt": "a?b.txt",
}
"""Names and how they are sent. A backslash is an escape to most servers, so it is doubled."""


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_kind(flavour: Flavour, name: str) -> None:
    server = serve(OK)
    upload(flavour, server, (name, b"content"))
    content = server.requests[0].content
    assert f'filename="{NAMES[name]}"\r\n'.encode() in content
    disposition = content.partition(b'Content-Disposition: form-data; name="file"')[2].partition(b"\r\n")[0]
    _, options = parse_options_header(b"form-data" + disposition)
    assert options[b"filename"] == NAMES[name].replace(r"\\", "\\").encode()


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ((5, b"x"), "the name in file must be a string, not int"),
        ((b"a.txt", b"x"), "the name in file must be a string, not bytes"),
        (("a.txt", b"x", b"text/plain"), "the media type in file must be a string, not bytes"),
        (("a.txt", b"x", None, [("a", "b")]), "the headers in file must be a mapping"),
        (("a.txt", b"x", None, {b"a": "b"}), "names and values of the headers in file must be strings"),
        (("a.txt", b"x", None, {"a": 5}), "names and values of the headers in file must be strings"),
    ],
)
def test_parts_of_a_wrong_type_are_refused(flavour: Flavour, file: Any, problem: str) -> None:
    server = serve(OK)
    with pytest.raises(TypeError, match=problem):
        upload(flavour, server, file)
    assert server.requests == []


@pytest.mark.parametrize(
    "file",
    [
        ("a.txt", b"x", "text/plain\r\nX-Injected: yes"),
        ("a.txt", b"x", None, {"x-a": "b\r\nc"}),
        ("a.txt", b"x", None, {"x-a\r\nx-b": "c"}),
        ("a.txt", b"x", None, {"x-a: b; x": "c"}),
        ("a.txt", b"x", None, {"": "c"}),
        ("a.txt", b"x", None, {"x-a": "\ud800"}),
    ],
)
def test_headers_of_a_part_that_cannot_be_sent(flavour: Flavour, file: Any) -> None:
    server = serve(OK)
    with pytest.raises(ValueError, match="file has a media type or header that cannot be sent") as caught:
        upload(flavour, server, file)
    assert str(caught.value).isprintable()
    assert server.requests == []


def test_fields_that_cannot_be_sent_are_named(flavour: Flavour) -> None:
    server = serve(OK)
    for purpose in ("\ud800", {"a": ["\udfff"]}):
        with pytest.raises(ValueError, match="purpose contains a character that cannot be sent") as caught:
            upload(flavour, server, b"x", purpose=purpose)
        assert not isinstance(caught.value, UnicodeError)
    assert server.requests == []


def test_own_headers_of_a_part(flavour: Flavour) -> None:
    server = serve(OK)
    upload(flavour, server, ("a.txt", b"content", None, {"x-mine": "1", "content-type": "text/x-mine"}))
    content = server.requests[0].content
    assert b"X-Mine: 1\r\n" in content and b"Content-Type: text/x-mine\r\n" in content
    assert content.count(b"Content-Type") == 1


class Stream:
    """Bytes that can be read once."""

    def __init__(self, content: bytes) -> None:
        self.content = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self.content.read(size)


def test_a_stream_of_unknown_length_goes_out_in_chunks(flavour: Flavour) -> None:
    server = serve(OK)
    upload(flavour, server, ("a.txt", Stream(b"content" * 1000)))
    (request,) = server.requests
    assert parts(request)[1][1] == b"content" * 1000
    assert request.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in request.headers


def test_a_redirect_sends_the_file_again(flavour: Flavour) -> None:
    transport = Swallower(redirect=True)
    assert carry(flavour, transport, io.BytesIO(b"content")) == {"id": "file_1"}
    assert transport.attempts == 2
    assert 7 < transport.received < 500


def test_a_redirect_of_a_stream_is_an_error_that_says_why(flavour: Flavour) -> None:
    transport = Swallower(redirect=True)
    with pytest.raises(OpenAIError, match="only once"):
        carry(flavour, transport, Stream(b"content"))
    assert transport.attempts == 2


def test_each_attempt_sends_the_same_bytes(flavour: Flavour, clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"content")
    for file in (b"content", bytearray(b"content"), io.BytesIO(b"content"), path):
        server = serve(httpx.Response(500), httpx.ReadError("reset"), OK)
        upload(flavour, server, file)
        assert len({request.content for request in server.requests}) == 1
        assert parts(server.requests[2])[1][1] == b"content"


def test_an_attempt_that_breaks_off_half_way_starts_again_at_the_beginning(
    flavour: Flavour, clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / "big.bin"
    path.write_bytes(os.urandom(4 * PIECE))
    transport = Swallower(break_after=2)
    assert carry(flavour, transport, path) == {"id": "file_1"}
    assert transport.attempts == 2
    assert 4 * PIECE < transport.received < 4 * PIECE + 500


class Swallower(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A server that reads requests to their end and keeps nothing."""

    def __init__(
        self, break_after: int | None = None, piece: Callable[[], None] = lambda: None, redirect: bool = False
    ) -> None:
        self.attempts = 0
        self.received = 0
        self.largest = 0
        self._redirect = redirect
        self._break_after = break_after
        self._piece = piece

    def _begin(self) -> None:
        self.attempts += 1
        self.received = 0

    def _take(self, piece: bytes, count: int) -> None:
        self._piece()
        if self.attempts == 1 and count == self._break_after:
            raise httpx.WriteError("reset")
        self.received += len(piece)
        self.largest = max(self.largest, len(piece))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert self.received == int(request.headers.get("content-length", self.received))
        if self._redirect and self.attempts == 1:
            return httpx.Response(307, headers={"location": "/v2/files"})
        return httpx.Response(200, json={"id": "file_1"})

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._begin()
        assert isinstance(request.stream, httpx.SyncByteStream)
        for count, piece in enumerate(request.stream):
            self._take(piece, count)
        return self._answer(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._begin()
        assert isinstance(request.stream, httpx.AsyncByteStream)
        count = 0
        async for piece in request.stream:
            self._take(piece, count)
            count += 1
        return self._answer(request)


def carry(flavour: Flavour, transport: Swallower, file: Any, **options: Any) -> Any:
    """Upload a file over a transport."""
    http: Any = httpx.AsyncClient(transport=transport) if flavour.is_async else httpx.Client(transport=transport)
    core = make_core(lambda: http)
    connection: Any = AsyncConnection(core) if flavour.is_async else Connection(core)
    call = Call(UPLOAD, body={"file": ("big.bin", file)}, into=dict)
    return flavour.do(lambda: connection.send(call, options))


@pytest.mark.parametrize("form", ["path", "file", "bytes", "bytearray"])
def test_a_large_file_is_not_held_in_memory_a_second_time(flavour: Flavour, tmp_path: Path, form: str) -> None:
    """A file on disk is not held at all; of bytes there is no copy."""
    size = 48 * MEBIBYTE
    path = tmp_path / "big.bin"
    with path.open("wb") as file:
        file.truncate(size)
    whole: Any = {"path": path, "bytes": b"", "bytearray": bytearray()}.get(form)
    if form in ("bytes", "bytearray"):
        whole = type(whole)(size)
    opened = path.open("rb") if form == "file" else None
    transport = Swallower()
    carry(flavour, transport, path)  # so that what is imported is not counted
    tracemalloc.start()
    try:
        carry(flavour, transport, whole if opened is None else opened)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        if opened is not None:
            opened.close()
    assert transport.largest == PIECE
    assert size < transport.received < size + 500
    assert peak < 4 * MEBIBYTE


def test_the_deadline_of_a_call_ends_a_slow_upload(clock: Clock) -> None:
    """On the sync client nothing but the body itself can end it; elsewhere the task is cancelled."""
    transport = Swallower(piece=lambda: clock.advance(1))
    with pytest.raises(APITimeoutError, match="deadline of 5 s"):
        carry(Flavour("sync"), transport, bytes(20 * PIECE), deadline=5)
    assert transport.attempts == 1
    assert transport.received < 6 * PIECE


def test_an_interrupt_ends_an_upload_in_another_thread(tmp_path: Path) -> None:
    """The waiting thread has what interrupts it after a few pieces; the upload does not go on to its end."""
    pieces = 0

    def piece() -> None:
        nonlocal pieces
        pieces += 1
        if pieces == 3:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        if pieces >= 3:
            time.sleep(0.01)

    transport = Swallower(piece=piece)
    http = httpx.Client(transport=transport)
    connection = Connection(make_core(lambda: http))
    path = tmp_path / "big.bin"
    with path.open("wb") as file:
        file.truncate(1000 * PIECE)
    call = Call(UPLOAD, body={"file": path}, into=dict)

    def parent() -> Flow[None]:
        yield Together([fetch(connection.core, call, {})], 2)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            connection.drive(parent())
    finally:
        signal.signal(signal.SIGINT, before)
    assert transport.attempts == 1
    assert pieces < 1000
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("together-")]


class Disk(io.FileIO):
    """A file that knows which threads read it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.threads: set[int] = set()

    def read(self, size: int | None = -1, /) -> bytes:
        if size:
            self.threads.add(threading.get_ident())
        return super().read(-1 if size is None else size)


def test_the_event_loop_does_not_wait_for_the_disk(flavour: Flavour, tmp_path: Path) -> None:
    path = tmp_path / "big.bin"
    path.write_bytes(os.urandom(3 * PIECE))
    with Disk(path) as disk:
        carry(flavour, Swallower(), disk)
        own_thread = threading.get_ident() in disk.threads
    assert own_thread != flavour.is_async


@pytest.mark.anyio
async def test_others_go_on_while_the_disk_is_slow(tmp_path: Path) -> None:
    """The disk waits for something that only the event loop can do."""
    path = tmp_path / "big.bin"
    path.write_bytes(b"content")
    let_go = threading.Event()

    class Slow(Disk):
        def read(self, size: int | None = -1, /) -> bytes:
            if size:
                assert let_go.wait(30)
            return super().read(size)

    http = httpx.AsyncClient(transport=Swallower())
    connection = AsyncConnection(make_core(lambda: http))
    with Slow(path) as disk:
        call = Call(UPLOAD, body={"file": ("a.txt", disk)}, into=dict)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(connection.send, call, {})
            await anyio.sleep(0.01)
            let_go.set()


def test_a_cancelled_upload_leaves_no_file_open(tmp_path: Path) -> None:
    """A file that stays open would be reported as ResourceWarning, which is an error here."""
    path = tmp_path / "big.bin"
    path.write_bytes(os.urandom(8 * PIECE))

    async def main() -> None:
        with anyio.CancelScope() as scope:
            transport = Swallower(piece=scope.cancel)
            http = httpx.AsyncClient(transport=transport)
            await AsyncConnection(make_core(lambda: http)).send(Call(UPLOAD, body={"file": path}, into=dict), {})
        assert scope.cancelled_caught

    for backend in ("asyncio", "trio"):
        anyio.run(main, backend=backend)
