"""Waiting for files and file batches of vector stores, with a clock that only moves when told."""

from __future__ import annotations

import json
import logging
from typing import Any, Callable

import httpx
import pytest

from openai_assistants import BadRequestError, WaitTimeoutError
from openai_assistants.resources.vector_stores import (
    AsyncVectorStoreFileBatches,
    AsyncVectorStoreFiles,
    VectorStoreFileBatches,
    VectorStoreFiles,
)

from .support import Clock, Flavour

NO_FILES = {"in_progress": 0, "completed": 0, "failed": 0, "cancelled": 0, "total": 0}
TWO_FILES = {**NO_FILES, "completed": 2, "total": 2}
FILE = {
    "id": "file_1",
    "object": "vector_store.file",
    "usage_bytes": 10,
    "created_at": 1_700_000_000,
    "vector_store_id": "vs_1",
}
BATCH = {
    "id": "batch_1",
    "object": "vector_store.files_batch",
    "created_at": 1_700_000_000,
    "vector_store_id": "vs_1",
    "file_counts": TWO_FILES,
}


class Store:
    """A server whose file or batch goes through some states, one with each look; the last one stays.

    A state is a status, or fields of the object.
    """

    def __init__(self, *states: str | dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self.states = list(states)
        self.headers = headers or {}
        self.requests: list[httpx.Request] = []
        self.answers: dict[str, Callable[[], httpx.Response]] = {}
        """Answers to requests such as `POST cancel`."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        if (answer := self.answers.get(self.seen[-1])) is not None:
            return answer()
        if request.url.path == "/v1/files":
            return httpx.Response(200, json={"id": "file_1", "object": "file", "status": "processed"})
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        fields = {"status": state} if isinstance(state, str) else state
        whole = BATCH if "file_batches" in request.url.path else FILE
        return httpx.Response(200, json={**whole, **fields}, headers=self.headers)

    @property
    def seen(self) -> list[str]:
        """What was asked, as method and end of the path."""
        return [f"{request.method} {request.url.path.rsplit('/', 1)[1]}" for request in self.requests]


def files(flavour: Flavour, store: Store) -> Any:
    """The files of a vector store."""
    kind = AsyncVectorStoreFiles if flavour.is_async else VectorStoreFiles
    return kind(flavour.connection(store, max_retries=0))


def batches(flavour: Flavour, store: Store) -> Any:
    """The file batches of a vector store."""
    kind = AsyncVectorStoreFileBatches if flavour.is_async else VectorStoreFileBatches
    return kind(flavour.connection(store, max_retries=0))


def poll_file(flavour: Flavour, store: Store, **waiting: Any) -> Any:
    return flavour.do(lambda: files(flavour, store).poll("file_1", "vs_1", **waiting))


def poll_batch(flavour: Flavour, store: Store, **waiting: Any) -> Any:
    return flavour.do(lambda: batches(flavour, store).poll("batch_1", "vs_1", **waiting))


both = pytest.mark.parametrize("poll", [poll_file, poll_batch], ids=["file", "batch"])


@both
@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_what_is_over_is_not_waited_for(flavour: Flavour, clock: Clock, poll: Any, status: str) -> None:
    store = Store(status)
    assert poll(flavour, store).status == status
    assert clock.sleeps == []
    assert len(store.requests) == 1


@both
def test_what_is_in_progress_is_waited_for(
    flavour: Flavour, clock: Clock, poll: Any, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store("in_progress", "in_progress", "completed")
    assert poll(flavour, store).status == "completed"
    assert clock.sleeps == [1.0, 1.0]
    assert not caplog.records


@both
@pytest.mark.parametrize(("interval", "hint", "pause"), [(None, "250", 0.25), (300, "5000", 0.3), (None, "0", 1.0)])
def test_interval(flavour: Flavour, clock: Clock, poll: Any, interval: int | None, hint: str, pause: float) -> None:
    store = Store("in_progress", "completed", headers={"openai-poll-after-ms": hint})
    poll(flavour, store, **({} if interval is None else {"poll_interval_ms": interval}))
    assert clock.sleeps == [pause]


@both
def test_an_unknown_status_waits_with_one_warning(
    flavour: Flavour, clock: Clock, poll: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert poll(flavour, Store("paused", "paused", "queued", "completed")).status == "completed"
    assert clock.sleeps == [1.0, 1.0, 1.0]
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "'paused'" in caplog.text and "vs_1" in caplog.text


@both
def test_by_default_a_wait_takes_no_longer_than_half_an_hour(flavour: Flavour, clock: Clock, poll: Any) -> None:
    with pytest.raises(WaitTimeoutError, match=r"vs_1 was still 'paused' after 1800 s") as caught:
        poll(flavour, Store("paused"), poll_interval_ms=7000)
    assert sum(clock.sleeps) == pytest.approx(1800)
    assert caught.value.last.status == "paused"
    assert isinstance(caught.value, TimeoutError)


@both
def test_own_deadline(flavour: Flavour, clock: Clock, poll: Any) -> None:
    store = Store("in_progress")
    with pytest.raises(WaitTimeoutError, match=r"'in_progress' after 2\.5 s"):
        poll(flavour, store, max_wait_seconds=2.5, on_deadline="raise")
    assert clock.sleeps == [1.0, 1.0, 0.5]
    assert {request.method for request in store.requests} == {"GET"}


@both
def test_without_limit_the_wait_goes_on(flavour: Flavour, clock: Clock, poll: Any) -> None:
    store = Store(*["in_progress"] * 190, "completed")
    assert poll(flavour, store, max_wait_seconds=None, poll_interval_ms=10_000).status == "completed"
    assert sum(clock.sleeps) == 1900


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled", "in_progress"])
def test_a_batch_without_files_is_not_finished(
    flavour: Flavour, clock: Clock, status: str, caplog: pytest.LogCaptureFixture
) -> None:
    empty = {"status": status, "file_counts": NO_FILES}
    assert poll_batch(flavour, Store(empty, empty, "completed")).file_counts.total == 2
    assert clock.sleeps == [1.0, 1.0]
    assert not caplog.records  # its status is not unknown


def test_a_batch_that_stays_without_files_is_told_at_the_deadline(flavour: Flavour, clock: Clock) -> None:
    with pytest.raises(WaitTimeoutError, match=r"batch_1 .*'completed' without any files after 3 s") as caught:
        poll_batch(flavour, Store({"status": "completed", "file_counts": NO_FILES}), max_wait_seconds=3)
    assert caught.value.last.file_counts.total == 0


@pytest.mark.parametrize(
    "counts",
    [None, {"completed": 2, "failed": 0}, {**NO_FILES, "completed": 1}, {"total": 2}],
    ids=str,
)
def test_servers_that_count_otherwise(flavour: Flavour, clock: Clock, counts: dict[str, int] | None) -> None:
    assert poll_batch(flavour, Store({"status": "completed", "file_counts": counts})).status == "completed"
    assert clock.sleeps == []


def test_a_batch_can_be_cancelled_at_the_deadline(flavour: Flavour, clock: Clock) -> None:
    store = Store("in_progress")
    cancelled = {"id": "batch_1", "vector_store_id": "vs_1", "status": "cancelled", "file_counts": TWO_FILES}
    store.answers["POST cancel"] = lambda: httpx.Response(200, json=cancelled)
    with pytest.raises(WaitTimeoutError, match="asked to stop and is 'cancelled' now") as caught:
        poll_batch(flavour, store, max_wait_seconds=2, on_deadline="cancel")
    assert store.requests[-1].url.path == "/v1/vector_stores/vs_1/file_batches/batch_1/cancel"
    assert caught.value.last.status == "cancelled"


def test_one_file_cannot_be_cancelled(flavour: Flavour, clock: Clock) -> None:
    store = Store("in_progress")
    with pytest.raises(ValueError, match="on_deadline must be 'raise'"):
        poll_file(flavour, store, on_deadline="cancel")
    assert store.requests == []


def test_putting_a_file_in_and_waiting(flavour: Flavour, clock: Clock) -> None:
    store = Store("in_progress", "in_progress", "completed")
    file = flavour.do(
        lambda: files(flavour, store).create_and_poll(
            "file_1", "vs_1", attributes={"a": 1}, poll_interval_ms=100, idempotency_key="once", extra_body={"x": 1}
        )
    )
    assert file.status == "completed"
    assert store.seen == ["POST files", "GET file_1", "GET file_1"]
    assert json.loads(store.requests[0].content) == {"file_id": "file_1", "attributes": {"a": 1}, "x": 1}
    assert [request.headers.get("idempotency-key") for request in store.requests] == ["once", None, None]
    assert clock.sleeps == [0.1, 0.1]


def test_putting_many_in_and_waiting(flavour: Flavour, clock: Clock) -> None:
    store = Store({"status": "completed", "file_counts": NO_FILES}, "in_progress", "completed")
    batch = flavour.do(lambda: batches(flavour, store).create_and_poll("vs_1", file_ids=["file_1", "file_2"]))
    assert batch.status == "completed"
    assert store.seen == ["POST file_batches", "GET batch_1", "GET batch_1"]
    assert store.requests[1].url.path == "/v1/vector_stores/vs_1/file_batches/batch_1"


def test_uploading_puts_in(flavour: Flavour) -> None:
    store = Store("in_progress")
    file = flavour.do(
        lambda: files(flavour, store).upload(
            "vs_1", ("a.txt", b"content"), chunking_strategy={"type": "auto"}, extra_body={"x": 1}
        )
    )
    assert file.status == "in_progress"
    assert [request.url.path for request in store.requests] == ["/v1/files", "/v1/vector_stores/vs_1/files"]
    upload, put_in = store.requests
    assert b'filename="a.txt"' in upload.content and b"assistants" in upload.content
    assert b'name="x"' not in upload.content
    assert json.loads(put_in.content) == {"chunking_strategy": {"type": "auto"}, "file_id": "file_1", "x": 1}
    assert put_in.headers["openai-beta"] == "assistants=v2"


def test_uploading_and_waiting(flavour: Flavour, clock: Clock) -> None:
    store = Store("in_progress", "completed")
    call = {"vector_store_id": "vs_1", "file": b"content", "idempotency_key": "once"}
    assert flavour.do(lambda: files(flavour, store).upload_and_poll(**call)).status == "completed"
    assert store.seen == ["POST files", "POST files", "GET file_1"]
    assert [request.headers.get("idempotency-key") for request in store.requests] == ["once", "once-2", None]


@pytest.mark.parametrize("method", ["upload", "upload_and_poll"])
def test_nothing_is_uploaded_for_no_vector_store(flavour: Flavour, method: str) -> None:
    store = Store("completed")
    with pytest.raises(ValueError, match="vector_store_id"):
        flavour.do(lambda: getattr(files(flavour, store), method)("", b"content"))
    assert store.requests == []


def test_an_uploaded_file_that_cannot_be_put_in_is_named(flavour: Flavour) -> None:
    store = Store("completed")
    requests = iter([None, httpx.Response(400, json={"error": {"message": "no"}})])

    def answer() -> httpx.Response:
        return next(requests) or httpx.Response(200, json={"id": "file_77", "object": "file"})

    store.answers["POST files"] = answer
    with pytest.raises(BadRequestError) as caught:
        flavour.do(lambda: files(flavour, store).upload("vs_1", b"content"))
    assert "file_77" in "".join(caught.value.__notes__)
