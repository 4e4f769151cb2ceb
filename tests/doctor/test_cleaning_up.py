"""What the doctor makes it deletes, whatever happens meanwhile; what it did not make it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from openai_assistants.cli.doctor import to_text
from openai_assistants.cli.doctor.checks import INTERRUPTED, Report
from openai_assistants.cli.doctor.examination import examine
from openai_assistants.server import Fault, LocalServer
from openai_assistants.server.store import tables
from tests.server.support import in_database
from tests.soak import SOAKING, some_of

from .support import KINDS, examined, left_at

REQUESTS = 110
"""About as many as an examination with --write makes."""
READS = 24
"""As many come before anything is made."""


class Interruptions:
    """Ctrl-C at some requests: before they are sent, or as their answers come."""

    def __init__(self, *at: int) -> None:
        self.at = set(at)
        self.count = 0

    def __call__(self, _: Any) -> None:
        self.count += 1
        if self.count in self.at:
            raise KeyboardInterrupt


def interrupted(server: LocalServer, place: str, *at: int) -> tuple[Report, int]:
    """What is found out by an examination that is interrupted, and how many requests it made."""
    interruptions = Interruptions(*at)
    http = server.http_client(event_hooks={place: [interruptions]})
    with server.client(http_client=http, max_retries=0) as client:
        return examine(client, write=True, timeout=20.0), interruptions.count


def stays(report: Report) -> list[str]:
    """What is left behind for certain."""
    return [each for each in report.left_behind if not each.startswith("perhaps a")]


@pytest.mark.parametrize("place", ["request", "response"])
@pytest.mark.parametrize("at", some_of(range(READS - 1, REQUESTS), 3))
def test_ctrl_c_at_any_request(place: str, at: int) -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1) as server:
        report, count = interrupted(server, place, at)
        left = left_at(server)
    if count < at:  # it is over sooner when a run ends sooner
        assert (at > 90, report.exit_code) == (True, 0)
        return
    assert (report.interrupted, report.exit_code, stays(report)) == (True, INTERRUPTED, [])
    doubts = " ".join(report.left_behind)
    # Threads and uploads cannot be listed: where the answer was lost, they are named as what may be there.
    assert left["threads"] <= doubts.count("perhaps a thread")
    assert left["pending uploads"] <= doubts.count("perhaps an upload")
    assert [left[kind] for kind in ("assistants", "files", "vector_stores")] == [0, 0, 0]
    assert "Interrupted." in to_text(report)


def test_a_second_ctrl_c_ends_the_cleaning_up_too() -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1) as server:
        report, _ = interrupted(server, "request", 60, 62)
        left = left_at(server)
    assert report.interrupted
    named = [each for each in report.left_behind if each.endswith("(not tried any more)")]
    assert sum(left[kind] for kind in KINDS) == len(named) > 0


def test_ctrl_c_while_it_cleans_up_ends_nothing_before_all_is_deleted() -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1) as server:
        with server.client(http_client=server.http_client(), max_retries=0) as client:
            examine(client, write=True, timeout=20.0)
        deleted = [each.operation for each in server.requests[-4:]]
        http = server.http_client(event_hooks={"request": [LastDeletion(len(server.requests.of("deleteAssistant")))]})
        with server.client(http_client=http, max_retries=0) as client:
            report = examine(client, write=True, timeout=20.0)
        left = left_at(server)
    assert deleted[-1] == "deleteAssistant"
    assert (report.interrupted, report.exit_code, stays(report)) == (True, INTERRUPTED, [])
    assert sum(left.values()) == 0 and "Interrupted." in to_text(report)


class LastDeletion:
    """Ctrl-C as the last thing is to be deleted, once."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, request: Any) -> None:
        if request.method == "DELETE" and "/assistants/" in request.url.path and "_000" not in request.url.path:
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt


LOST = [
    ("createVectorStore", None),
    ("createAssistant", None),
    ("createFile", None),
    ("completeUpload", None),
    ("createUpload", "perhaps an upload: nothing told whether it was made"),
    ("createThread", "perhaps a thread: nothing told whether it was made"),
    ("createThreadAndRun", "perhaps a thread: nothing told whether it was made"),
]


@pytest.mark.parametrize(("operation", "doubt"), some_of(LOST, 3))
def test_what_was_made_although_the_answer_was_lost(operation: str, doubt: str | None) -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1) as server:
        kind: Any = "status_after" if operation.endswith("VectorStore") else "reset_after"
        server.faults.add(Fault(kind, operation=operation, status=502))
        report = examined(server, write=True)
        left = left_at(server)
    assert report.left_behind == ([doubt] if doubt else [])
    assert sum(left.values()) == (1 if doubt else 0)


def test_a_server_that_falls_silent_leaves_everything_behind_and_it_is_named() -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1) as server:
        server.faults.add(Fault("reset_before", skip=READS + 20, times=None))
        report = examined(server, write=True)
        left = left_at(server)
    assert report.problem is not None
    assert sum(left.values()) == len(stays(report)) > 2
    assert {each.split()[0] for each in stays(report)} >= {"assistant", "thread", "vector"}


def everything(server: LocalServer) -> Any:
    """All objects as they lie in the database."""
    kinds = (*KINDS, "messages", "runs", "members")

    def look(tx: Any) -> dict[str, list[Any]]:
        found = {}
        for kind in kinds:
            table = getattr(tables, kind)
            found[kind] = [tuple(row) for row in tx.connection.execute(select(table))]
        return found

    return in_database(server, look)


@pytest.mark.parametrize("status", [500, 400] if SOAKING else [500])
def test_what_was_there_before_is_left_alone_also_if_nothing_can_be_made(status: int) -> None:
    """The lists show things of other people while there are none of its own."""
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1) as server, server.client() as client:
        file = client.files.create(file=("mine.txt", b"Mine."), purpose="assistants")
        store = client.vector_stores.create(name="mine")
        client.vector_stores.files.create_and_poll(file.id, vector_store_id=store.id)
        assistant = client.beta.assistants.create(model="m", name="mine")
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Mine."}])
        client.beta.threads.runs.create_and_poll(thread.id, assistant_id=assistant.id)
        before = everything(server)
        server.requests.clear()
        for operation in ("Assistant", "Thread", "File", "VectorStore", "Upload", "ThreadAndRun"):
            server.faults.add(Fault("status", operation=f"create{operation}", status=status, times=None))
        report = examined(server, write=True)
        changing = [each for each in server.requests if each.method != "GET" and each.status == 200]
        assert everything(server) == before
    assert changing == []
    assert report.exit_code == 1 and stays(report) == []


def test_contents_of_other_people_are_not_read() -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1) as server, server.client() as client:
        file = client.files.create(file=("mine.txt", b"Mine."), purpose="assistants")
        store = client.vector_stores.create(name="mine", file_ids=[file.id])
        server.requests.clear()
        examined(server)
        examined(server, write=True)
        read = [each for each in server.requests if each.path.endswith("/content") and each.status == 200]
    assert read and not any(file.id in each.path or store.id in each.path for each in read)
