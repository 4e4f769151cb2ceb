"""A database file and the processes that come and go over it."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import OperationalError

from openai_assistants.server import Call, Fail, Gate, LocalServer, Settings, Turn, background, create_app
from openai_assistants.server.handlers import files
from openai_assistants.server.runs import engine, lifecycle
from openai_assistants.server.store import Tx, records
from openai_assistants.server.store.backends import HEARTBEAT, FileInUseError
from openai_assistants.server.store.tables import blobs, meta, passages, runs
from openai_assistants.server.vector_stores import stores

from .support import (
    LOOKUP,
    NOW,
    Api,
    api_of,
    at_each,
    frozen,
    housekeeping,
    in_database,
    on_its_loop,
    text_of,
    wait_for,
)


def copy_of_a_crash(server: LocalServer, source: Path, target: Path) -> None:
    """The database as a process that dies now would leave it: the files as they are, WAL included."""
    for suffix in ("", "-wal"):
        part = source.with_name(source.name + suffix)
        if part.exists():
            target.with_name(target.name + suffix).write_bytes(part.read_bytes())
    assert server.service is not None


@pytest.mark.sqlite
def test_what_becomes_of_runs_whose_process_died(tmp_path: Path) -> None:
    source, target = tmp_path / "a.db", tmp_path / "b.db"
    calls = Turn(calls=[Call("lookup", {"query": "x"})])
    with (
        LocalServer(in_process=True, database=str(source), drain_seconds=0.0) as server,
        api_of(server) as api,
    ):
        assistant_id = api.assistant(tools=[LOOKUP])
        server.scripts.add(calls)
        waiting = api.run_in(api.run(api.thread("q"), assistant_id), "requires_action")
        gate = Gate()
        server.scripts.add(Turn(deltas=["So far", gate]))
        speaking = api.run(api.thread("q"), assistant_id)
        assert gate.reached.wait(10)
        wait_for(lambda: api.messages(speaking["thread_id"]), lambda found: len(found) == 2)
        server.scripts.add(Turn(before=(silence := Gate())))
        silent = api.run(api.thread("Whales?"), api.assistant())
        assert silence.reached.wait(10)
        # A queued run whose task has not begun, and one that is being cancelled.
        at_each(server, "engine", launch=lambda run_id: None, settle_cancel=lambda run_id: None)
        queued = api.run(api.thread("Whales?"), api.assistant())
        cancelling = api.post("/threads/runs", {"assistant_id": assistant_id})
        api.post(f"/threads/{cancelling['thread_id']}/runs/{cancelling['id']}/cancel")
        copy_of_a_crash(server, source, target)
    with LocalServer(in_process=True, database=str(target)) as server, api_of(server) as api:
        failed = api.run_in(speaking, "failed")
        assert failed["last_error"] == {
            "code": "server_error", "message": "The server ended while this run was in progress.",
        }  # fmt: skip
        message = api.messages(speaking["thread_id"])[-1]
        assert (message["incomplete_details"], text_of(message)) == ({"reason": "run_failed"}, "So far")
        api.run_in(cancelling, "cancelled")
        assert api.run_in(queued, "completed", "failed")["status"] == "completed"
        # Nobody has heard anything of it yet.
        assert api.run_in(silent, "completed", "failed")["status"] == "completed"
        assert [text_of(each) for each in api.messages(silent["thread_id"])[:-1]] == ["Whales?"]
        assert api.get(f"/threads/{waiting['thread_id']}/runs/{waiting['id']}") == waiting
        (call,) = waiting["required_action"]["submit_tool_outputs"]["tool_calls"]
        outputs = {"tool_outputs": [{"tool_call_id": call["id"], "output": "A whale."}]}
        api.post(f"/threads/{waiting['thread_id']}/runs/{waiting['id']}/submit_tool_outputs", outputs)
        assert api.run_in(waiting, "completed", "failed")["status"] == "completed"


def test_a_run_that_is_queued_when_the_server_stops_is_carried_out_by_the_next(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")

    async def never(run_id: str) -> None:
        await asyncio.Event().wait()

    with (
        LocalServer(in_process=True, database=database, drain_seconds=0.0) as server,
        api_of(server) as api,
    ):
        at_each(server, "engine", _execute=never)
        run = api.run(api.thread("q"), api.assistant())
    with LocalServer(in_process=True, database=database) as server, api_of(server) as api:
        assert api.run_in(run, "completed", "failed")["status"] == "completed"


def test_so_is_a_run_that_is_queued_while_the_server_stops(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"in_process": True, "database": str(tmp_path / "a.db")}
    with LocalServer(**settings, drain_seconds=60) as server, api_of(server) as api:
        gate = Gate()
        server.scripts.add(Turn(deltas=["a", gate]))
        last = api.run(api.thread("q"), api.assistant())
        assert gate.reached.wait(10)
        services = server.services
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        wait_for(lambda: [each.engine._stopping for each in services], all)
        run = api.run(api.thread("q"), api.assistant())
        gate.open()
        stopping.join(10)
    with LocalServer(**settings) as server, api_of(server) as api:
        assert api.run_in(run, "completed", "failed")["status"] == "completed"
        assert api.run_in(last, "completed", "failed")["status"] == "completed"


@pytest.mark.parametrize("in_process", [True, False])
def test_a_server_that_could_not_start_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_process: bool
) -> None:
    settings: dict[str, Any] = {"in_process": in_process, "database": str(tmp_path / "a.db")}
    before = set(threading.enumerate())
    with monkeypatch.context() as patch:
        patch.setattr(records, "rename_owners", always_failing)
        with pytest.raises((RuntimeError, OperationalError), match="the disk is full"):
            LocalServer(**settings).start()
    wait_for(lambda: set(threading.enumerate()) - before, lambda left: not left)
    with LocalServer(**settings) as server, api_of(server) as api:
        api.assistant()


def test_a_server_whose_database_fails_stops_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What it could not write down the next one does."""
    settings: dict[str, Any] = {"in_process": True, "database": str(tmp_path / "a.db"), "drain_seconds": 0.0}
    before = set(threading.enumerate())
    server = LocalServer(**settings).start()
    with api_of(server) as api:
        server.scripts.add(Turn(deltas=["So far", gate := Gate()]))
        run = api.run(api.thread("q"), api.assistant())
        assert gate.reached.wait(10)
        wait_for(lambda: api.messages(run["thread_id"]), lambda found: len(found) == 2)
        with monkeypatch.context() as patch:
            patch.setattr(lifecycle, "finish", always_failing)
            server.stop()
    assert f"could not end run {run['id']}" in caplog.text
    wait_for(lambda: set(threading.enumerate()) - before, lambda left: not left)
    with LocalServer(**settings) as server, api_of(server) as api:
        failed = api.run_in(run, "failed")
        assert failed["last_error"]["message"] == "The server ended while this run was in progress."


def always_failing(*_: object, **__: object) -> Any:
    """A transaction that cannot be carried out."""
    raise OperationalError("UPDATE", {}, Exception("the disk is full"))


def failing_once(function: Callable[..., Any]) -> Callable[..., Any]:
    """A part of a transaction that cannot be carried out the first time."""
    faults = [always_failing]

    def tried(*arguments: Any, **keywords: Any) -> Any:
        return (faults.pop() if faults else function)(*arguments, **keywords)

    return tried


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again at once."""
    for module in (background, engine):
        monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)


@pytest.mark.usefixtures("at_once")
def test_the_end_of_a_run_is_written_down_when_the_database_is_back(
    api: Api, server: LocalServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lifecycle, "finish", failing_once(lifecycle.finish))
    server.scripts.add(Turn("Half a ", fail=Fail("No more.")))
    run = api.run_in(api.run(api.thread("q"), api.assistant()), "failed")
    assert run["last_error"]["message"] == "No more."
    assert caplog.messages == [f"could not end run {run['id']}"]


@pytest.mark.usefixtures("at_once")
def test_runs_expire_when_the_database_is_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        server.scripts.add(Turn(before=(gate := Gate())))
        run = api.run(api.thread("q"), api.assistant())
        assert gate.reached.wait(10)
        monkeypatch.setattr(lifecycle, "due", failing_once(lifecycle.due))
        server.clock.advance(600)
        api.run_in(run, "expired")
    assert caplog.messages == ["could not look for expired runs"]


@pytest.mark.usefixtures("at_once")
def test_files_are_read_when_the_database_is_back(
    api: Api, server: LocalServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(stores, "waiting_members", failing_once(stores.waiting_members))
    path = f"/vector_stores/{api.post('/vector_stores', {'file_ids': [api.file()]})['id']}"
    wait_for(lambda: api.get(path)["file_counts"], lambda counts: counts["completed"] == 1)
    assert caplog.messages == ["could not look for work"]


def test_what_is_old_is_thrown_away_when_the_database_is_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def file_rows(server: LocalServer) -> Any:
        return in_database(server, pieces)

    with frozen(in_process=True) as server, api_of(server) as api:
        fields = {"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}
        api.file(purpose="batch", **fields)
        monkeypatch.setattr(files, "drop_expired_files", failing_once(files.drop_expired_files))
        server.clock.advance(3600)
        wait_for(lambda: caplog.messages, lambda said: said == ["could not throw away what is old"])
        assert len(file_rows(server)) == 1
        server.clock.advance(3600)
        wait_for(lambda: file_rows(server), lambda rows: not rows)


def test_work_of_others_is_looked_for_again(
    api: Api, server: LocalServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A run whose worker is gone, and a fault of the database the first time."""
    gate = server.runs.hold(status="queued", times=1)
    run = api.run(api.thread("q"), api.assistant())
    assert gate.reached.wait(10)
    in_database(server, lambda tx: tx.connection.execute(update(runs).values(worker="gone")))
    monkeypatch.setattr(lifecycle, "take_over", failing_once(lifecycle.take_over))
    hear_of_others(server)
    assert caplog.messages == ["could not look for work of others"]
    hear_of_others(server)
    # Its task is still there: it is not carried out twice.
    gate.open()
    assert api.run_in(run, "completed", "failed")["status"] == "completed"
    assert [each["role"] for each in api.messages(run["thread_id"])] == ["user", "assistant"]
    assert len(api.steps(run)) == 1


def hear_of_others(server: LocalServer) -> None:
    """Let the first worker hear a sign of life of another one, and wait for what it does then."""

    async def hear() -> None:
        server.service._hear(HEARTBEAT, "")
        assert server.service._taking_over is not None
        await server.service._taking_over

    on_its_loop(server, hear)


@pytest.mark.sqlite
def test_files_and_batches_are_taken_up_where_a_dead_process_left_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files in progress are read from the beginning, whatever was stored of them; a cancel is completed."""
    source, target = tmp_path / "a.db", tmp_path / "b.db"
    text = "".join(f"line {number}\n" for number in range(200_000))
    with LocalServer(in_process=True, database=str(source), drain_seconds=0.0) as server, api_of(server) as api:
        store_id = api.post("/vector_stores")["id"]
        path = f"/vector_stores/{store_id}"
        half, held, given_up = api.file(text.encode(), "half"), api.file(filename="held"), api.file(filename="held too")
        gate = server.processing.hold("held*")
        finishing = threading.Event()

        def die(tx: Tx, row: Any, **changes: object) -> Any:
            finishing.set()
            raise RuntimeError("this process ends before it has written the end of the text")

        def stay(tx: Tx, seq: int, code: str, message: str) -> None:
            """Nor does it get to say what has happened."""

        monkeypatch.setattr(stores, "change_member", die)
        monkeypatch.setattr(stores, "fail_member", stay)
        api.post(f"{path}/files", {"file_id": half})
        assert finishing.wait(20)
        # What is there so far is not shown.
        assert api.post(f"{path}/search", {"query": "line"})["data"] == []
        assert api.get(f"{path}/files/{half}/content")["data"] == []
        batch = api.post(f"{path}/file_batches", {"file_ids": [held]})
        assert gate.reached.wait(10)

        async def nothing() -> None:
            """And not to settle the cancel."""

        at_each(server, "files_worker", look=nothing)
        other = api.post(f"{path}/file_batches", {"file_ids": [given_up]})
        assert api.post(f"{path}/file_batches/{other['id']}/cancel")["status"] == "cancelling"
        copy_of_a_crash(server, source, target)
        assert in_database(server, lambda tx: tx.connection.scalar(select(func.count()).select_from(passages))) > 0
    monkeypatch.undo()
    with LocalServer(in_process=True, database=str(target)) as server, api_of(server) as api:
        store = wait_for(lambda: api.get(path), lambda now: now["status"] == "completed", 20)
        counts = {"in_progress": 0, "completed": 2, "failed": 0, "cancelled": 1, "total": 3}
        assert store["file_counts"] == counts
        assert "".join(piece["text"] for piece in api.get(f"{path}/files/{half}/content")["data"]) == text
        statuses = [api.get(f"{path}/file_batches/{each['id']}")["status"] for each in (batch, other)]
        assert statuses == ["completed", "cancelled"]


def test_parts_and_pending_uploads_survive_a_restart(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    body = {"filename": "f", "purpose": "assistants", "bytes": 6, "mime_type": "text/plain"}

    def part(api: Api, content: bytes) -> str:
        return api._good(api.send("POST", f"{path}/parts", files={"data": ("blob", content)}))["id"]

    with LocalServer(in_process=True, database=database) as server, api_of(server) as api:
        path = f"/uploads/{api.post('/uploads', body)['id']}"
        first = part(api, b"abc")
    with LocalServer(in_process=True, database=database) as server, api_of(server) as api:
        file = api.post(f"{path}/complete", {"part_ids": [first, part(api, b"def")]})["file"]
    with LocalServer(in_process=True, database=database) as server, api_of(server) as api:
        assert api.http.get(f"/files/{file['id']}/content").content == b"abcdef"


@pytest.mark.sqlite
def test_a_file_database_is_set_up_to_survive(tmp_path: Path) -> None:
    def settings(tx: Tx) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    with LocalServer(in_process=True, database=str(tmp_path / "a.db")) as server:
        assert in_database(server, settings) == ["wal", 1, 1]


def test_keys_and_streams_survive_a_restart(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    key = {"Idempotency-Key": "k"}
    with LocalServer(in_process=True, database=database) as server, api_of(server) as api:
        path, body = f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()}
        events = api.stream(path, body, key)
    with LocalServer(database=database) as server, api_of(server) as api:
        assert api.stream(path, body, key) == events
        assert api.stream(path, body, {**key, "Last-Event-ID": str(events[4].id)}) == events[5:]
        assert len(api.get(path)["data"]) == 1


def test_runs_over_a_file_with_several_streams_at_once(tmp_path: Path) -> None:
    with LocalServer(database=str(tmp_path / "a.db")) as server, api_of(server) as api:
        assistant_id = api.assistant()
        begun = [api.run(api.thread(f"question {n}"), assistant_id) for n in range(20)]
        assert {api.run_in(run, "completed", "failed")["status"] for run in begun} == {"completed"}


def test_an_upload_that_a_killed_process_left_behind_is_thrown_away(tmp_path: Path) -> None:
    """An hour after its last piece; one that is slow but still growing stays."""

    def piece(server: LocalServer, file_id: str, number: int, at: int) -> None:
        row = {"file_id": file_id, "number": number, "created_at": at, "content": b"x"}
        in_database(server, lambda tx: tx.connection.execute(insert(blobs).values(**row)))

    with frozen(in_process=True, database=str(tmp_path / "a.db")) as server:
        piece(server, "file-lost", 0, NOW)
        piece(server, "file-slow", 0, NOW)
        server.clock.advance(3600)
        housekeeping(server)
        assert in_database(server, pieces) == [("file-lost", 0), ("file-slow", 0)]
        piece(server, "file-slow", 1, NOW + 3600)
        server.clock.advance(3600)
        housekeeping(server)
        assert in_database(server, pieces) == [("file-slow", 0), ("file-slow", 1)]


def pieces(tx: Tx) -> list[tuple[str, int]]:
    query = select(blobs.c.file_id, blobs.c.number).order_by(blobs.c.file_id, blobs.c.number)
    return [(file_id, number) for file_id, number in tx.connection.execute(query)]


@pytest.mark.sqlite
def test_one_file_belongs_to_one_process(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    with LocalServer(in_process=True, database=database):
        second = LocalServer(in_process=True, database=database)
        with pytest.raises(FileInUseError, match="another server process is using the database"):
            second.start()
        with pytest.raises(RuntimeError, match="the server did not start"):
            LocalServer(database=database).start()
    with LocalServer(in_process=True, database=database):
        pass


@pytest.mark.sqlite
def test_a_system_without_locks_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    for count in range(2):
        with LocalServer(in_process=True, database=str(tmp_path / "a.db")) as server, api_of(server) as api:
            assert len(api.get("/assistants")["data"]) == count
            api.assistant()
    assert not (tmp_path / "a.db.lock").exists()


def test_a_database_of_another_schema_version_is_refused(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    with LocalServer(in_process=True, database=database) as server:
        in_database(server, lambda tx: tx.connection.execute(update(meta).values(value=99)))
    with pytest.raises(RuntimeError, match="schema version 99"):
        LocalServer(in_process=True, database=database).start()


@pytest.mark.sqlite
@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_a_file_is_named_or_given_as_a_url(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a.db"
    with LocalServer(in_process=True, database=form.format(path)) as server, api_of(server) as api:
        api.assistant()
    with LocalServer(in_process=True, database=str(path)) as server, api_of(server) as api:
        assert len(api.get("/assistants")["data"]) == 1


@pytest.mark.parametrize("database", [":memory:", "sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    monkeypatch.chdir(tmp_path)
    with LocalServer(in_process=True, database=database) as server, api_of(server) as api:
        api.assistant()
    assert list(tmp_path.iterdir()) == []


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match=r"not mysql://\.\.\."):
        create_app(Settings(database="mysql://me:secret@host/db"))


def test_several_workers_need_postgresql() -> None:
    with pytest.raises(ValueError, match="several workers need a PostgreSQL database"):
        create_app(Settings(workers=2))
    with pytest.raises(ValueError, match="at least 1 worker"):
        create_app(Settings(workers=0))
