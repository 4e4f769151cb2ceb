"""Uploading many files into a vector store, against the server in the box."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import anyio
import pytest

from openai_assistants import (
    BadRequestError,
    BulkFile,
    BulkProgress,
    BulkUploadError,
    BulkUploadResult,
    FileProcessingError,
    InternalServerError,
    NotFoundError,
    WaitTimeoutError,
    _uploads,
)
from openai_assistants.server import LocalServer
from openai_assistants.server.faults import Fault
from tests.unit.support import Flavour

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]


class World:
    """A vector store, and a client of one flavour."""

    def __init__(self, flavour: Flavour, server: LocalServer) -> None:
        self.flavour = flavour
        self.server = server
        self.plain = server.client()
        self.store = self.plain.vector_stores.create(name="docs").id
        self.client: Any = server.async_client() if flavour.is_async else server.client()

    def upload(self, files: Any, **settings: Any) -> BulkUploadResult:
        """Upload files into the store."""
        result: BulkUploadResult = self.do(lambda stores: stores.upload_files(self.store, files, **settings))
        return result

    def do(self, function: Callable[[Any], Any]) -> Any:
        """Call something below `client.vector_stores`."""
        return self.flavour.do(lambda: function(self.client.vector_stores))

    def posted(self, operation: str) -> int:
        """How often an operation was asked for."""
        return len(self.server.requests.of(operation))

    def counts(self) -> dict[str, int]:
        """The files of the store by status, those only that there are."""
        counts = self.plain.vector_stores.retrieve(self.store).file_counts.to_dict()
        return {name: number for name, number in counts.items() if number and name != "total"}

    def members(self) -> list[Any]:
        """The files of the store."""
        return list(self.plain.vector_stores.files.list(self.store, limit=100))


@pytest.fixture(autouse=True)
def at_leisure(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine, too, everything fits into one batch."""
    monkeypatch.setattr(_uploads, "BATCH_EVERY", 600.0)


@pytest.fixture
def world(flavour: Flavour, server: LocalServer) -> World:
    """A vector store."""
    return World(flavour, server)


@pytest.fixture
def plain_world(server: LocalServer) -> World:
    """A vector store, where the flavour makes no difference."""
    return World(Flavour("sync"), server)


def texts(*numbers: int) -> list[tuple[str, bytes]]:
    """Files that each have a content of their own."""
    return [(f"file-{number}.txt", f"content {number}".encode()) for number in numbers]


def statuses(files: Any) -> list[tuple[str, str]]:
    """Names and statuses."""
    return [(file.name, file.status) for file in files]


# ---- much of it ----


def test_three_hundred_files_of_which_twenty_fail(world: World, tmp_path: Path) -> None:
    """7 are not there, 8 cannot be processed, the server refuses 5; the second call uploads only these."""
    paths = [tmp_path / f"doc-{number:03}.txt" for number in range(300)]
    missing, broken = paths[20:27], paths[100:108]
    for number, path in enumerate(paths):
        if path not in missing:
            path.write_text(f"document {number}")
    world.server.processing.fail("doc-10[0-7].txt", code="invalid_file", message="No text in it.")
    world.server.faults.add(Fault("status", operation="createFile", status=400, skip=150, times=5))

    first = world.upload(paths)
    assert [file.name for file in first] == [str(path) for path in paths]
    assert len(first.failed) == 20
    assert world.counts() == {"completed": 280, "failed": 8}
    assert sum(file.status == "stored" for file in first) == 280
    failed = {file.name: file.error for file in first.failed}
    assert all(isinstance(failed[str(path)], FileNotFoundError) for path in missing)
    for path in broken:
        error = failed[str(path)]
        assert isinstance(error, FileProcessingError)
        assert (error.code, "No text in it." in str(error)) == ("invalid_file", True)
    assert sum(isinstance(error, BadRequestError) for error in failed.values()) == 5
    with pytest.raises(BulkUploadError, match=r"20 of 300 files failed: .*doc-020\.txt.*and 17 more") as caught:
        first.raise_for_failures()
    assert [file.name for file in caught.value.results if file.error] == list(failed)

    for path in missing:
        path.write_text(f"document {paths.index(path)}")
    world.server.processing.clear()
    before = world.posted("createFile")
    second = world.upload(paths)
    assert world.posted("createFile") - before == 20
    assert second.failed == []
    assert {file.name for file in second if file.status == "stored"} == set(failed)
    assert sum(file.status == "unchanged" for file in second) == 280
    assert world.counts() == {"completed": 300}
    assert len(set(second.file_ids)) == 300 == len({member.id for member in world.members()})
    third = world.upload(paths)
    assert {file.status for file in third} == {"unchanged"}
    assert third.file_ids == second.file_ids
    assert world.posted("createFile") - before == 20


PROCESS = """
import sys
from pathlib import Path
from openai_assistants import OpenAI, _uploads
_uploads.BATCH_EVERY = 0.0
folder, store, manifest = sys.argv[1:]
def say(progress):
    print(progress.uploaded, flush=True)
with OpenAI() as client:
    client.vector_stores.upload_files(
        store, sorted(Path(folder).iterdir()), on_progress=say, manifest=manifest or None, max_concurrency=3
    )
print("all done", flush=True)
"""


def wait_until_still(server: LocalServer) -> None:
    """Wait until no more of the requests are answered."""
    answered = -1
    while (now := sum(each.status is not None for each in server.requests)) != answered:
        answered = now
        time.sleep(0.5)


@pytest.mark.parametrize("remembered", ["attributes", "manifest"])
def test_another_process_goes_on_where_one_was_killed(tmp_path: Path, remembered: str) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number:03}.txt").write_text(f"document {number}")
    manifest = str(tmp_path / "manifest.jsonl") if remembered == "manifest" else ""
    with LocalServer(record_requests=10_000, drain_seconds=0.0, poll_after_ms=1) as server:
        plain = server.client()
        store = plain.vector_stores.create().id
        arguments = [sys.executable, "-W", "error", "-c", PROCESS, str(folder), store, manifest]
        environment = {**os.environ, "OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "any"}
        first = subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert first.stdout is not None
        with first:
            while first.stdout.readline().strip() != "60":
                assert first.poll() is None
            first.kill()
        wait_until_still(server)  # it may still be at the last requests
        before = len(server.requests.of("createFile"))
        assert 60 <= before < 300
        there = plain.vector_stores.retrieve(store).file_counts.total
        if remembered == "manifest":
            there = len({json.loads(line)["sha256"] for line in Path(manifest).read_text().splitlines()})
        assert there >= 59

        second = subprocess.run(
            arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert (second.returncode, second.stderr) == (0, "")
        assert second.stdout.endswith("all done\n")
        assert len(server.requests.of("createFile")) - before == 300 - there
        counts = plain.vector_stores.retrieve(store).file_counts
        assert (counts.completed, counts.total) == (300, 300)


# ---- what is sent ----


def test_attributes_and_chunking_go_along(world: World) -> None:
    chunking: Any = {"type": "static", "static": {"max_chunk_size_tokens": 200, "chunk_overlap_tokens": 50}}
    result = world.upload(texts(1), attributes={"topic": "x", "year": 2024}, chunking_strategy=chunking)
    (member,) = world.members()
    assert member.attributes == {"topic": "x", "year": 2024, "sha256": result.files[0].sha256}
    assert member.chunking_strategy.static.max_chunk_size_tokens == 200
    assert world.plain.files.retrieve(member.id).filename == "file-1.txt"


@pytest.mark.parametrize("attributes", [{"sha256": "mine"}, {str(n): n for n in range(16)}], ids=["name", "number"])
def test_attributes_that_leave_no_room_for_ours(world: World, attributes: Any) -> None:
    with pytest.raises(ValueError, match=r"sha256.*manifest="):
        world.upload(texts(1), attributes=attributes)
    assert world.posted("createFile") == 0


def test_files_of_all_kinds(world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"from a path")
    named = io.BytesIO(b"from a buffer")
    named.name = "b.txt"  # type: ignore[misc]
    reader, writer = os.pipe()
    os.write(writer, b"from a pipe")
    os.close(writer)
    with path.open("rb") as opened, os.fdopen(reader, "rb") as pipe:
        files = [
            path,
            ("other.md", path),
            opened,
            named,
            b"bytes",
            bytearray(b"more bytes"),
            (None, b"with a type", "text/html"),
            ("pipe.txt", pipe),
        ]
        result = world.upload(files)
    assert statuses(result) == [
        (str(path), "stored"),
        ("other.md", "duplicate"),
        (str(path.name), "duplicate"),
        ("b.txt", "stored"),
        ("file 5", "stored"),
        ("file 6", "stored"),
        ("file 7", "stored"),
        ("pipe.txt", "stored"),
    ]
    plain = world.plain.files
    contents = {plain.retrieve(id_).filename: plain.content(id_).read() for id_ in result.file_ids}
    assert contents["pipe.txt"] == b"from a pipe"
    assert contents["b.txt"] == b"from a buffer"
    assert contents["upload.html"] == b"with a type"
    assert contents["upload.txt"] in (b"bytes", b"more bytes")


def test_a_long_stream_is_kept_on_disk(plain_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openai_assistants._bulk_files.IN_MEMORY", 1000)

    class Stream:
        name = "long.txt"

        def __init__(self) -> None:
            self.content = io.BytesIO(b"0123456789" * 1000)

        def read(self, size: int = -1) -> bytes:
            return self.content.read(size)

    (file,) = plain_world.upload([Stream()]).files
    assert (file.name, file.status) == ("long.txt", "stored")
    assert plain_world.plain.files.content(str(file.file_id)).read() == b"0123456789" * 1000


def test_the_same_content_is_uploaded_once(world: World) -> None:
    files = [("a.txt", b"same"), ("b.txt", b"other"), ("c.txt", b"same"), ("d.txt", b"same")]
    result = world.upload(files)
    assert statuses(result) == [
        ("a.txt", "stored"),
        ("b.txt", "stored"),
        ("c.txt", "duplicate"),
        ("d.txt", "duplicate"),
    ]
    assert world.posted("createFile") == 2
    assert len(result.file_ids) == 2
    assert {file.file_id for file in result if file.name != "b.txt"} == {result.files[0].file_id}


def test_a_duplicate_fails_with_the_first(world: World) -> None:
    world.server.processing.fail("*")
    result = world.upload([("a.txt", b"same"), ("b.txt", b"same")])
    assert [file.status for file in result] == ["failed", "failed"]
    assert result.files[0].error is result.files[1].error


def test_batches_hold_no_more_than_every_server_takes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_uploads, "BATCH_SIZE", 10)
    monkeypatch.setattr(_uploads, "BATCH_EVERY", 1e9)
    result = world.upload(texts(*range(25)))
    batches = [request.json() for request in world.server.requests.of("createVectorStoreFileBatch")]
    assert [len(batch["files"]) for batch in batches] == [10, 10, 5]
    assert len(result.file_ids) == 25
    assert _uploads.BATCH_SIZE == 10


def test_what_is_uploaded_is_put_in_before_all_are(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_uploads, "BATCH_EVERY", 0.0)
    world.upload(texts(*range(5)), max_concurrency=1)
    order = [r.operation for r in world.server.requests if r.operation in ("createFile", "createVectorStoreFileBatch")]
    assert order == ["createFile", "createVectorStoreFileBatch"] * 5


def test_options_of_a_request(world: World) -> None:
    world.upload(
        texts(1, 2), extra_headers={"X-Mine": "1"}, idempotency_key="key", extra_body={"attributes": None}, timeout=30
    )
    requests = [r for r in world.server.requests if r.headers.get("x-mine") == "1"]
    assert {r.operation for r in requests} >= {"createFile", "createVectorStoreFileBatch", "listVectorStoreFiles"}
    keys = [r.headers["idempotency-key"] for r in requests if r.operation == "createFile"]
    assert len(set(keys)) == 2 and all(key.startswith("key-") for key in keys)
    assert b"attributes" not in b"".join(r.body for r in requests if r.operation == "createFile")
    assert "attributes" in world.server.requests.of("createVectorStoreFileBatch")[0].json()


# ---- progress ----


def test_progress(world: World) -> None:
    seen: list[BulkProgress] = []
    world.server.processing.fail("file-3.txt")
    missing = Path("/nowhere/at/all.txt")
    result = world.upload([*texts(1, 2, 3), missing, *texts(1)], on_progress=seen.append)
    assert (seen[-1].total, seen[-1].uploaded, seen[-1].done, seen[-1].failed) == (5, 4, 3, 2)
    for before, after in pairwise(seen):
        assert after.uploaded >= before.uploaded and after.done >= before.done and after.failed >= before.failed
    assert {id(progress.latest) for progress in seen} == {id(file) for file in result}
    assert {progress.total for progress in seen} == {5}


def test_the_total_of_a_generator_is_known_when_it_is_exhausted(world: World) -> None:
    seen: list[BulkProgress] = []
    world.upload((file for file in texts(*range(10))), on_progress=seen.append, max_concurrency=2)
    assert seen[0].total is None
    assert (seen[-1].total, seen[-1].done) == (10, 10)


def test_files_of_a_generator_are_taken_as_their_turn_comes(world: World) -> None:
    taken = 0
    ahead: list[int] = []

    def files() -> Iterator[tuple[str, bytes]]:
        nonlocal taken
        for file in texts(*range(20)):
            taken += 1
            yield file

    world.upload(files(), on_progress=lambda progress: ahead.append(taken - progress.uploaded), max_concurrency=2)
    assert max(ahead) <= 3


def test_progress_is_told_where_the_call_was_made(plain_world: World) -> None:
    threads: set[int] = set()
    plain_world.upload(texts(*range(10)), on_progress=lambda progress: threads.add(threading.get_ident()))
    assert threads == {threading.get_ident()}


def test_an_async_function_may_be_told(flavour: Flavour, server: LocalServer) -> None:
    world = World(flavour, server)
    seen: list[int] = []

    async def on_progress(progress: BulkProgress) -> None:
        await anyio.lowlevel.checkpoint()
        seen.append(progress.done)

    if flavour.is_async:
        world.upload(texts(1, 2), on_progress=on_progress)
        assert seen[-1] == 2
    else:
        with pytest.raises(TypeError, match=r"on_progress is an async function.*AsyncOpenAI"):
            world.upload(texts(1, 2), on_progress=on_progress)


def test_an_exception_of_who_is_told_comes_out_and_loses_nothing(world: World) -> None:
    def on_progress(progress: BulkProgress) -> None:
        if progress.uploaded == 10:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        world.upload(texts(*range(100)), on_progress=on_progress, max_concurrency=2)
    uploaded = world.posted("createFile")
    assert 10 <= uploaded <= 12
    there = len(world.members())
    assert there >= 9
    world.upload(texts(*range(100)))
    assert world.posted("createFile") - uploaded == 100 - there


@pytest.mark.usefixtures("interrupted_between_steps")
def test_an_interrupt_between_two_steps_ends_the_call_at_once(world: World) -> None:
    def on_progress(progress: BulkProgress) -> None:
        raise ZeroDivisionError

    with pytest.raises(KeyboardInterrupt):
        world.upload(texts(1, 2), on_progress=on_progress)
    assert world.posted("createVectorStoreFileBatch") == 0


def test_what_is_awaitable_but_no_coroutine_is_refused_too(plain_world: World) -> None:
    class Later:
        def __await__(self) -> Iterator[None]:
            return iter(())

    def on_progress(progress: BulkProgress) -> Any:
        return Later()

    with pytest.raises(TypeError, match="on_progress is an async function"):
        plain_world.upload(texts(1), on_progress=on_progress)


# ---- failures ----


def test_a_batch_that_cannot_be_made_fails_its_files(world: World) -> None:
    world.server.faults.add(Fault("status", operation="createVectorStoreFileBatch", status=400))
    result = world.upload(texts(1, 2))
    assert [type(file.error) for file in result] == [BadRequestError] * 2
    assert all(file.file_id for file in result)  # uploaded they are
    assert result.file_ids == []
    assert world.upload(texts(1, 2)).failed == []


def test_a_batch_that_cannot_be_looked_at_fails_its_files(world: World) -> None:
    world.server.processing.hold("*")
    world.server.faults.add(Fault("status", operation="getVectorStoreFileBatch", status=500, times=3))
    result = world.upload(texts(1, 2))
    assert [type(file.error) for file in result] == [InternalServerError] * 2


def test_a_vector_store_that_is_not_there(world: World) -> None:
    world.store = "vs_gone"
    with pytest.raises(NotFoundError):
        world.upload(texts(1))
    assert world.posted("createFile") == 0


def test_what_failed_before_is_replaced(world: World) -> None:
    world.server.processing.fail("*", times=1)
    (first,) = world.upload(texts(1)).files
    assert world.counts() == {"failed": 1}
    (second,) = world.upload(texts(1)).files
    assert (first.status, second.status) == ("failed", "stored")
    assert world.counts() == {"completed": 1}
    assert [member.id for member in world.members()] == [second.file_id]


def test_errors_keep_no_contents(plain_world: World) -> None:
    class Buffer(io.BytesIO):
        pass

    buffer = Buffer(b"content")
    kept = weakref.ref(buffer)
    plain_world.server.faults.add(Fault("reset_before", operation="createFile", times=None))
    result = plain_world.upload([("a.txt", buffer)], max_retries=0)
    assert result.failed
    del buffer
    gc.collect()
    assert kept() is None


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["a.txt"], "file 1 must be bytes.*pathlib.Path"),
        ([b"x", 5], "file 2 must be bytes"),
        ([b"x", ("a.txt",)], "file 2 must be"),
        ("a.txt", "iterable of files, not a single one"),
        (Path("a.txt"), "iterable of files, not a single one"),
        (b"x", "iterable of files, not a single one"),
        (io.BytesIO(b"x"), "iterable of files, not a single one"),
        (("a.txt", b"x"), "iterable of files, not a single one"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, list) else repr(value),
)
def test_what_is_no_file_is_refused(world: World, files: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        world.upload(files)


@pytest.mark.parametrize("wrong", [{"max_concurrency": 0}, {"poll_interval_ms": 0}, {"on_deadline": "x"}], ids=str)
def test_settings_that_make_no_sense_are_refused_by_name(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        world.upload(texts(1), **wrong)


def test_no_vector_store(world: World) -> None:
    world.store = ""
    with pytest.raises(ValueError, match="vector_store_id"):
        world.upload(texts(1))


def test_no_files(world: World) -> None:
    assert world.upload([]).files == []
    assert world.posted("createVectorStoreFileBatch") == 0


# ---- time ----


def test_at_the_deadline_the_result_says_how_far_each_file_is(world: World) -> None:
    world.server.processing.hold("*")
    missing = Path("/nowhere/at/all.txt")
    with pytest.raises(WaitTimeoutError, match=r"3 of 4 files were not processed after 0\.05 s") as caught:
        world.upload([missing, *texts(1, 2), *texts(2)], max_wait_seconds=0.05)
    last = caught.value.last
    assert isinstance(last, BulkUploadResult)
    assert [file.status for file in last] == ["failed", "in_progress", "in_progress", "in_progress"]
    assert all(file.file_id for file in last.files[1:])
    world.server.processing.clear()


def test_a_later_call_waits_for_what_an_earlier_one_has_put_in(world: World) -> None:
    gate = world.server.processing.hold("*", times=1)
    with pytest.raises(WaitTimeoutError):
        world.upload(texts(1), max_wait_seconds=0.02)
    before = world.posted("createFile")
    gate.open()
    assert statuses(world.upload(texts(1))) == [("file-1.txt", "unchanged")]
    assert world.posted("createFile") == before


def test_what_an_earlier_call_has_put_in_can_fail(world: World) -> None:
    gate = world.server.processing.hold("*", times=1)
    world.server.processing.fail("*", times=1)
    with pytest.raises(WaitTimeoutError):
        world.upload(texts(1), max_wait_seconds=0.02)
    threading.Timer(0.05, gate.open).start()
    (file,) = world.upload(texts(1)).failed
    assert isinstance(file.error, FileProcessingError)
    assert world.upload(texts(1)).failed == []


def test_what_an_earlier_call_has_put_in_may_be_impossible_to_look_at(world: World) -> None:
    gate = world.server.processing.hold("*", times=1)
    with pytest.raises(WaitTimeoutError):
        world.upload(texts(1), max_wait_seconds=0.02)
    world.server.faults.add(Fault("status", operation="getVectorStoreFile", status=500, times=3))
    (file,) = world.upload(texts(1)).failed
    assert isinstance(file.error, InternalServerError)
    gate.open()
    assert world.upload(texts(1)).failed == []


def test_an_exception_of_the_program_while_files_are_processed_comes_out(world: World) -> None:
    def key() -> str:
        if world.posted("createVectorStoreFileBatch"):
            raise ZeroDivisionError
        return "sk-test"

    world.server.processing.hold("*")
    world.client.api_key = key
    with pytest.raises(ZeroDivisionError):
        world.upload(texts(1, 2))
    assert world.counts() == {"in_progress": 2}
    world.server.processing.clear()


def test_batches_can_be_cancelled_at_the_deadline(world: World) -> None:
    world.server.processing.hold("*")
    with pytest.raises(WaitTimeoutError, match="asked to stop"):
        world.upload(texts(1, 2), max_wait_seconds=0.02, on_deadline="cancel")
    assert world.posted("cancelVectorStoreFileBatch") == 1
    world.server.processing.clear()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_upload_puts_in_what_it_has(server: LocalServer, backend: str) -> None:
    world = World(Flavour(backend), server)

    async def main() -> None:
        with anyio.CancelScope() as scope:

            def on_progress(progress: BulkProgress) -> None:
                if progress.uploaded == 10:
                    scope.cancel()

            await world.client.vector_stores.upload_files(
                world.store, texts(*range(100)), on_progress=on_progress, max_concurrency=2
            )
        assert scope.cancelled_caught

    anyio.run(main, backend=backend)
    assert len(world.members()) >= 10
    assert world.posted("createFile") <= 13


def test_a_cancelled_task_leaves_no_task(server: LocalServer) -> None:
    async def main() -> None:
        client = server.async_client()
        store = await client.vector_stores.create()
        server.processing.hold("*")
        task = asyncio.create_task(client.vector_stores.upload_files(store.id, texts(1, 2)))
        while not server.requests.of("getVectorStoreFileBatch"):
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        before = len(server.requests.of("getVectorStoreFileBatch"))
        await asyncio.sleep(0.05)
        assert len(server.requests.of("getVectorStoreFileBatch")) <= before + 1

    asyncio.run(main())


# ---- manifests ----


def test_a_manifest_takes_the_place_of_attributes(world: World, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.jsonl"
    first = world.upload(texts(1, 2), manifest=manifest, attributes={"topic": "x"})
    batch = world.server.requests.of("createVectorStoreFileBatch")[0].json()
    assert batch.keys() == {"file_ids", "attributes"}
    assert set(batch["file_ids"]) == set(first.file_ids)
    assert [member.attributes for member in world.members()] == [{"topic": "x"}] * 2
    second = world.upload(texts(1, 2, 3), manifest=str(manifest))
    assert [file.status for file in second] == ["unchanged", "unchanged", "stored"]
    lines = [json.loads(line) for line in manifest.read_text().splitlines()]
    assert [line["step"] for line in lines].count("stored") == 3
    assert {line["vector_store_id"] for line in lines} == {world.store}
    assert {line["name"] for line in lines} == {"file-1.txt", "file-2.txt", "file-3.txt"}


def test_a_manifest_serves_several_vector_stores(world: World, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.jsonl"
    world.upload(texts(1), manifest=manifest)
    world.store = world.plain.vector_stores.create().id
    assert world.upload(texts(1), manifest=manifest).files[0].status == "stored"
    assert world.posted("createFile") == 2


def test_what_was_uploaded_but_not_put_in_is_put_in(world: World, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.jsonl"
    world.server.faults.add(Fault("status", operation="createVectorStoreFileBatch", status=400))
    world.upload(texts(1), manifest=manifest)
    assert statuses(world.upload(texts(1), manifest=manifest)) == [("file-1.txt", "stored")]
    assert world.posted("createFile") == 1
    assert world.counts() == {"completed": 1}


@pytest.mark.parametrize("gone", ["from the store", "altogether"])
def test_what_has_gone_since_is_brought_back(world: World, tmp_path: Path, gone: str) -> None:
    manifest = tmp_path / "manifest.jsonl"
    (file,) = world.upload(texts(1), manifest=manifest).files
    world.plain.vector_stores.files.delete(str(file.file_id), vector_store_id=world.store)
    if gone == "altogether":
        world.plain.files.delete(str(file.file_id))
    assert statuses(world.upload(texts(1), manifest=manifest)) == [("file-1.txt", "stored")]
    assert world.posted("createFile") == (2 if gone == "altogether" else 1)
    assert world.counts() == {"completed": 1}


def test_what_failed_is_uploaded_anew(world: World, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.jsonl"
    world.server.processing.fail("*", times=1)
    assert world.upload(texts(1), manifest=manifest).failed
    assert world.upload(texts(1), manifest=manifest).files[0].status == "stored"
    assert world.posted("createFile") == 2


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_a_manifest_that_was_cut_off(plain_world: World, tmp_path: Path, cut: int) -> None:
    manifest = tmp_path / "manifest.jsonl"
    plain_world.upload(texts(1, 2), manifest=manifest, max_concurrency=1)
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[:-cut])
    result = plain_world.upload(texts(1, 2, 3), manifest=manifest)
    assert [file.status for file in result] == ["unchanged", "unchanged", "stored"]
    again = plain_world.upload(texts(1, 2, 3), manifest=manifest)
    assert {file.status for file in again} == {"unchanged"}


@pytest.mark.parametrize("content", [b"name,size\n", b"some text", b"[1]\n", b"\n"])
def test_a_file_that_is_no_manifest_is_not_touched(plain_world: World, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"data\.csv is no manifest"):
        plain_world.upload(texts(1), manifest=path)
    assert path.read_bytes() == content
    assert plain_world.posted("createFile") == 0


def test_a_manifest_that_cannot_be_written(world: World, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        world.upload(texts(1), manifest=tmp_path / "nowhere" / "manifest.jsonl")
    assert world.posted("createFile") == 0


# ---- one batch ----


def batch(world: World, files: Any, **settings: Any) -> Any:
    """Upload files as a batch."""
    return world.do(lambda stores: stores.file_batches.upload_and_poll(world.store, files, **settings))


def test_files_as_one_batch(world: World) -> None:
    old = world.plain.files.create(file=b"old", purpose="assistants").id
    result = batch(world, (file for file in texts(*range(10))), file_ids=[old], attributes={"a": 1})
    assert (result.status, result.file_counts.completed) == ("completed", 11)
    assert world.posted("createVectorStoreFileBatch") == 1
    assert {member.attributes["a"] for member in world.members()} == {1}
    assert old in [member.id for member in world.members()]


def test_only_so_many_at_a_time(world: World) -> None:
    running = most = 0
    lock = threading.Lock()

    class File:
        """Reading waits until three files are read."""

        def __init__(self) -> None:
            self.content = io.BytesIO(b"content")

        def read(self, size: int = -1) -> bytes:
            nonlocal running, most
            if not size:
                return b""
            with lock:
                running += 1
                most = max(most, running)
            while most < 3:
                time.sleep(0.001)
            with lock:
                running -= 1
            return self.content.read(size)

    batch(world, [(f"{n}.txt", File()) for n in range(12)], max_concurrency=3)
    assert most == 3


def test_when_some_cannot_be_uploaded_the_others_are(world: World, tmp_path: Path) -> None:
    world.server.processing.fail("file-4.txt")
    files: list[Any] = [*texts(1, 2), tmp_path / "missing.txt", *texts(3, 4)]
    with pytest.raises(BulkUploadError, match=r"2 of 5 files failed: .*missing\.txt") as caught:
        batch(world, files)
    error = caught.value
    assert [file.status for file in error.results] == ["stored", "stored", "failed", "stored", "failed"]
    assert isinstance(error.results[2].error, FileNotFoundError)
    assert error.batch is not None and error.batch.status == "completed"
    assert world.counts() == {"completed": 3, "failed": 1}


def test_when_none_can_be_uploaded_there_is_no_batch(world: World, tmp_path: Path) -> None:
    with pytest.raises(BulkUploadError) as caught:
        batch(world, [tmp_path / "missing.txt"])
    assert caught.value.batch is None
    assert world.posted("createVectorStoreFileBatch") == 0


def test_a_file_that_cannot_be_processed_is_no_failure_of_the_upload(world: World) -> None:
    world.server.processing.fail("file-2.txt")
    assert batch(world, texts(1, 2)).file_counts.failed == 1


def test_no_files_and_too_many(world: World) -> None:
    with pytest.raises(ValueError, match="create_and_poll"):
        batch(world, [])
    with pytest.raises(ValueError, match=r"2000.*upload_files"):
        batch(world, texts(*range(2001)))
    with pytest.raises(ValueError, match="max_concurrency"):
        batch(world, texts(1), max_concurrency=0)
    assert world.posted("createFile") == 0


def test_a_batch_that_takes_too_long_names_what_failed_too(world: World, tmp_path: Path) -> None:
    world.server.processing.hold("*")
    with pytest.raises(WaitTimeoutError) as caught:
        batch(world, [*texts(1), tmp_path / "missing.txt"], max_wait_seconds=0.02, on_deadline="cancel")
    assert "missing.txt" in "".join(caught.value.__notes__)
    assert world.posted("cancelVectorStoreFileBatch") == 1


def test_uploaded_files_that_cannot_be_put_in_are_named(world: World) -> None:
    world.server.faults.add(Fault("status", operation="createVectorStoreFileBatch", status=400))
    with pytest.raises(BadRequestError) as caught:
        batch(world, texts(1), idempotency_key="key")
    (uploaded,) = world.plain.files.list()
    assert uploaded.id in "".join(caught.value.__notes__)
    assert world.server.requests.of("createFile")[0].headers["idempotency-key"] == "key-0"


def test_without_failures_nothing_is_raised() -> None:
    BulkUploadResult([BulkFile("a", status="stored", file_id="file_1")]).raise_for_failures()


def test_entries_are_plain() -> None:
    file = BulkFile("a.txt", "failed", error=KeyError("k"))
    assert BulkUploadResult([file]).failed == [file]
    assert len(BulkUploadResult([file])) == 1
