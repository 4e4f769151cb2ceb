"""Uploading a large file in parts, against the server in the box."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import threading
import time
import tracemalloc
from pathlib import Path
from typing import Any

import anyio
import pytest

from openai_assistants import BadRequestError, InternalServerError, OpenAI, OpenAIError
from openai_assistants.server import LocalServer
from openai_assistants.server.faults import Fault
from tests.unit.support import Flavour

pytestmark = pytest.mark.once

CONTENT = random.Random(7).randbytes(10_007)
MEBIBYTE = 1 << 20


def upload(flavour: Flavour, server: LocalServer, file: Any, **settings: Any) -> Any:
    """Upload a file in parts of 1000 bytes, unless told otherwise."""
    client: Any = server.async_client() if flavour.is_async else server.client()
    given = {"mime_type": "text/plain", "purpose": "assistants", "part_size": 1000, **settings}
    return flavour.do(lambda: client.uploads.upload_file_chunked(file, **given))


def posted(server: LocalServer, operation: str) -> int:
    """How often an operation was asked for."""
    return len(server.requests.of(operation))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file."""
    path = tmp_path / "large.txt"
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize("form", ["path", "str", "bytes", "bytearray", "memoryview"])
@pytest.mark.parametrize("max_concurrency", [1, 4])
def test_the_file_is_whole(flavour: Flavour, server: LocalServer, path: Path, form: str, max_concurrency: int) -> None:
    forms: dict[str, Any] = {
        "path": path,
        "str": str(path),
        "bytes": CONTENT,
        "bytearray": bytearray(CONTENT),
        "memoryview": memoryview(CONTENT),
    }
    name = {} if form in ("path", "str") else {"filename": "large.txt", "bytes": len(CONTENT)}
    done = upload(flavour, server, forms[form], **name, max_concurrency=max_concurrency)
    assert (done.status, done.bytes, done.filename) == ("completed", len(CONTENT), "large.txt")
    client = server.client()
    assert client.files.content(done.file.id).read() == CONTENT
    assert done.file.filename == "large.txt"
    assert posted(server, "addUploadPart") == 11
    (complete,) = server.requests.of("completeUpload")
    assert complete.json()["md5"] == hashlib.md5(CONTENT).hexdigest()


@pytest.mark.parametrize(("size", "parts"), [(0, 0), (1, 1), (999, 1), (1000, 1), (1001, 2), (3000, 3)])
def test_how_many_parts_there_are(flavour: Flavour, server: LocalServer, size: int, parts: int) -> None:
    done = upload(flavour, server, CONTENT[:size], filename="a.txt")
    assert done.status == "completed"
    assert server.client().files.content(done.file.id).read() == CONTENT[:size]
    assert posted(server, "addUploadPart") == parts


def test_parts_have_64_mib_unless_told_otherwise(flavour: Flavour, server: LocalServer, path: Path) -> None:
    upload(flavour, server, path, part_size=None)
    assert posted(server, "addUploadPart") == 1


def test_another_name_and_a_time_to_live(flavour: Flavour, server: LocalServer, path: Path) -> None:
    expiry = {"anchor": "created_at", "seconds": 3600}
    done = upload(flavour, server, path, filename="other.md", mime_type="text/markdown", expires_after=expiry)
    assert done.file.filename == "other.md"
    assert server.requests.of("createUpload")[0].json() == {
        "filename": "other.md",
        "purpose": "assistants",
        "bytes": len(CONTENT),
        "mime_type": "text/markdown",
        "expires_after": expiry,
    }


def test_a_checksum_of_the_program_is_sent_as_it_is(flavour: Flavour, server: LocalServer, path: Path) -> None:
    upload(flavour, server, path, md5=hashlib.md5(CONTENT).hexdigest().upper())
    assert server.requests.of("completeUpload")[0].json()["md5"] == hashlib.md5(CONTENT).hexdigest().upper()


def test_a_checksum_that_does_not_match_cancels_the_upload(flavour: Flavour, server: LocalServer, path: Path) -> None:
    with pytest.raises(BadRequestError, match="checksum") as caught:
        upload(flavour, server, path, md5="0" * 32)
    assert "was cancelled" in "".join(caught.value.__notes__)
    assert posted(server, "cancelUpload") == 1
    assert server.client().files.list().data == []


def test_a_part_that_fails_is_repeated_on_its_own(flavour: Flavour, server: LocalServer, path: Path) -> None:
    server.faults.add(
        Fault("status", operation="addUploadPart", status=503, skip=2),
        Fault("reset_before", operation="addUploadPart", skip=4),
    )
    done = upload(flavour, server, path)
    assert posted(server, "addUploadPart") == 13
    assert server.client().files.content(done.file.id).read() == CONTENT


@pytest.mark.parametrize("operation", ["addUploadPart", "completeUpload"])
def test_what_fails_for_good_cancels_the_upload(
    flavour: Flavour, server: LocalServer, path: Path, operation: str
) -> None:
    server.faults.add(Fault("status", operation=operation, status=500, times=None))
    with pytest.raises(InternalServerError) as caught:
        upload(flavour, server, path, max_retries=0)
    (note,) = caught.value.__notes__
    assert note.startswith("The upload upload_") and note.endswith("was cancelled.")
    assert posted(server, "cancelUpload") == 1


@pytest.mark.usefixtures("interrupted_between_steps")
def test_an_interrupt_between_two_steps_ends_the_call_at_once(
    flavour: Flavour, server: LocalServer, path: Path
) -> None:
    server.faults.add(Fault("status", operation="addUploadPart", status=400))
    with pytest.raises(KeyboardInterrupt):
        upload(flavour, server, path)
    assert posted(server, "cancelUpload") == posted(server, "completeUpload") == 0


def test_an_upload_that_cannot_be_cancelled_is_named_too(flavour: Flavour, server: LocalServer, path: Path) -> None:
    server.faults.add(Fault("status", operation="addUploadPart", status=400, times=None))
    server.faults.add(Fault("status", operation="cancelUpload", status=500, times=None))
    with pytest.raises(BadRequestError) as caught:
        upload(flavour, server, path, max_retries=0)
    assert "was not cancelled, and expires by itself" in "".join(caught.value.__notes__)


def test_a_lost_answer_at_the_end_is_not_hidden(flavour: Flavour, server: LocalServer, path: Path) -> None:
    server.faults.add(Fault("status_after", operation="completeUpload", status=500))
    with pytest.raises(InternalServerError) as caught:
        upload(flavour, server, path, max_retries=0)
    assert "is over" in "".join(caught.value.__notes__)


def test_an_upload_that_cannot_begin_is_not_cancelled(flavour: Flavour, server: LocalServer, path: Path) -> None:
    server.faults.add(Fault("status", operation="createUpload", status=400))
    with pytest.raises(BadRequestError) as caught:
        upload(flavour, server, path)
    assert not getattr(caught.value, "__notes__", [])
    assert posted(server, "cancelUpload") == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"part_size": 0}, "part_size must be from 1 to 67108864"),
        ({"part_size": 64 * MEBIBYTE + 1}, "part_size"),
        ({"max_concurrency": 0}, "max_concurrency"),
        ({"bytes": 5}, "bytes is 5, but the file has 10007"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(
    flavour: Flavour, server: LocalServer, path: Path, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        upload(flavour, server, path, **settings)
    assert len(server.requests) == 0


def test_what_is_no_file_is_refused(flavour: Flavour, server: LocalServer, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="filename is missing"):
        upload(flavour, server, CONTENT)
    with pytest.raises(TypeError, match="a path or bytes, not int"):
        upload(flavour, server, 5)
    with pytest.raises(FileNotFoundError):
        upload(flavour, server, tmp_path / "missing.txt")
    assert len(server.requests) == 0


def test_keys_of_all_steps_follow_from_that_of_the_call(flavour: Flavour, server: LocalServer, path: Path) -> None:
    upload(flavour, server, path, idempotency_key="key", extra_headers={"X-Mine": "1"}, part_size=6000)
    keys = [(r.operation, r.headers["idempotency-key"]) for r in server.requests]
    assert sorted(keys) == [
        ("addUploadPart", "key-part-0"),
        ("addUploadPart", "key-part-1"),
        ("completeUpload", "key-complete"),
        ("createUpload", "key"),
    ]
    assert {request.headers["x-mine"] for request in server.requests} == {"1"}


def test_the_same_call_with_the_same_key_makes_the_same_file(flavour: Flavour, server: LocalServer, path: Path) -> None:
    first = upload(flavour, server, path, idempotency_key="key")
    assert upload(flavour, server, path, idempotency_key="key").file.id == first.file.id


def test_memory_holds_neither_the_file_nor_its_parts(server: LocalServer, tmp_path: Path) -> None:
    """Only this client is measured: the server is another process's business, so it answers from a stub."""
    import httpx

    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(64 * MEBIBYTE)
    received = 0

    class Transport(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal received
            assert isinstance(request.stream, httpx.SyncByteStream)
            for piece in request.stream:
                received += len(piece)
            fields = {"id": "upload_1", "object": "upload", "created_at": 1, "upload_id": "upload_1"}
            more = {"filename": "a", "bytes": 1, "purpose": "assistants", "status": "completed", "expires_at": 1}
            if request.url.path.endswith("/parts"):
                more, fields["object"] = {}, "upload.part"
            return httpx.Response(200, json={**fields, **more})

    client = OpenAI(api_key="none", base_url="http://localhost/v1", http_client=httpx.Client(transport=Transport()))
    given: Any = {"mime_type": "text/plain", "purpose": "assistants"}
    client.uploads.upload_file_chunked(b"x", filename="a", **given)
    tracemalloc.start()
    try:
        client.uploads.upload_file_chunked(large, part_size=16 * MEBIBYTE, max_concurrency=4, **given)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert received > 64 * MEBIBYTE
    assert peak < 14 * MEBIBYTE


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_upload_is_cancelled_at_the_server(server: LocalServer, path: Path, backend: str) -> None:
    async def main() -> None:
        client = server.async_client()
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as tasks:

                async def watch() -> None:
                    while posted(server, "addUploadPart") < 3:
                        await anyio.sleep(0.001)
                    scope.cancel()

                tasks.start_soon(watch)
                given: Any = {"mime_type": "text/plain", "purpose": "assistants", "part_size": 10}
                await client.uploads.upload_file_chunked(path, max_concurrency=2, **given)
        assert scope.cancelled_caught

    anyio.run(main, backend=backend)
    assert posted(server, "cancelUpload") == 1
    assert posted(server, "completeUpload") == 0
    assert posted(server, "addUploadPart") < 20


def test_an_interrupted_upload_is_cancelled_at_the_server(server: LocalServer, path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def press() -> None:
        while posted(server, "addUploadPart") < 3:
            time.sleep(0.001)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    pressing = threading.Thread(target=press)
    pressing.start()
    try:
        with pytest.raises(KeyboardInterrupt) as caught:
            upload(Flavour("sync"), server, path, part_size=10, max_concurrency=2)
    finally:
        pressing.join()
        signal.signal(signal.SIGINT, before)
    assert "was cancelled" in "".join(caught.value.__notes__)
    assert posted(server, "completeUpload") == 0
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("together-")]


def test_a_file_that_shrinks_meanwhile_is_an_error(flavour: Flavour, server: LocalServer, path: Path) -> None:
    server.faults.add(Fault("delay", operation="createUpload", seconds=0.2))
    client = server.client()

    def shrink() -> None:
        while not posted(server, "createUpload"):
            time.sleep(0.001)
        os.truncate(path, 100)

    shrinking = threading.Thread(target=shrink)
    shrinking.start()
    with pytest.raises(OpenAIError, match="has become shorter") as caught:
        upload(flavour, server, path, max_retries=0)
    shrinking.join()
    assert any("was cancelled" in note for note in caught.value.__notes__)
    assert client.files.list().data == []
