"""kill -9: what was acknowledged is there afterwards, once; and no run is left hanging. On SQLite the next process goes
on; on PostgreSQL the other one does."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.soak import count

from .programs import LEASE, Process, process
from .support import LOOKUP, Api, Event, text_of, wait_for

DIED = {"code": "server_error", "message": "The server ended while this run was in progress."}
ENDED = ("completed", "failed", "cancelled", "expired", "incomplete")


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that outlives its processes."""
    plugin = request.config.pluginmanager.get_plugin("on-postgres")
    return str(tmp_path / "assistants.db") if plugin is None else plugin.databases.take()


@pytest.fixture
def shared(database: str) -> bool:
    """Whether several processes may use the database at once."""
    return "://" in database


@pytest.fixture
def survivor(database: str, shared: bool) -> Iterator[Callable[[], AbstractContextManager[Process]]]:
    """Gives the process that is there after another was killed: one that was there before, or a new one."""
    with contextlib.ExitStack() as stack:
        beside = stack.enter_context(process(database, fluent=True)) if shared else None
        yield lambda: contextlib.nullcontext(beside) if beside is not None else process(database, fluent=True)


def everything(api: Api, path: str) -> list[Any]:
    """All items of a list, oldest first."""
    page = api.get(path, limit=100, order="asc")
    found = page["data"]
    while page["has_more"]:
        page = api.get(path, limit=100, order="asc", after=page["last_id"])
        found += page["data"]
    return found


def test_acknowledged_writes_are_there_and_those_in_doubt_are_done_once_when_repeated(
    database: str, survivor: Callable[[], AbstractContextManager[Process]]
) -> None:
    wanted, writers = count(200, 1000), 4
    acknowledged: dict[str, str] = {}
    in_doubt: list[str] = []
    with process(database) as running:
        thread_id = running.api.thread()
        path = f"/threads/{thread_id}/messages"

        def body(name: str) -> dict[str, str]:
            return {"role": "user", "content": name}

        def write(writer: int) -> None:
            with httpx.Client(base_url=running.base_url, headers=running.api.http.headers, timeout=30) as http:
                for number in range(100_000):
                    name = f"{writer}-{number}"
                    try:
                        message = Api(http).post(path, body(name), {"Idempotency-Key": name})
                    except httpx.TransportError:
                        in_doubt.append(name)
                        return
                    acknowledged[name] = message["id"]

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
        for each in threads:
            each.start()
        wait_for(lambda: len(acknowledged), lambda done: done >= wanted, 300)
        running.kill()
        for each in threads:
            each.join(30)
    assert len(in_doubt) == writers
    with survivor() as running:
        for name in in_doubt:
            acknowledged[name] = running.api.post(path, body(name), {"Idempotency-Key": name})["id"]
        kept = {text_of(message): message["id"] for message in everything(running.api, path)}
        assert kept == acknowledged


def follow(api: Api, path: str, body: Any, key: str) -> tuple[threading.Thread, list[Event]]:
    """Read the stream of a run in a thread, as far as it goes."""
    events: list[Event] = []

    def read() -> None:
        with contextlib.suppress(httpx.TransportError), api.open_stream(path, body, {"Idempotency-Key": key}) as stream:
            while (event := next(stream, None)) is not None:
                events.append(event)

    thread = threading.Thread(target=read)
    thread.start()
    return thread, events


def test_no_run_is_left_hanging(
    database: str, shared: bool, survivor: Callable[[], AbstractContextManager[Process]]
) -> None:
    with process(database) as doomed:
        api = doomed.api
        speaking, silent = api.assistant(model="speaking"), api.assistant(model="silent")
        thread_id = api.thread("q")
        path, body = f"/threads/{thread_id}/runs", {"assistant_id": speaking}
        cut, seen = follow(api, path, body, "stream")
        wait_for(lambda: seen, lambda events: any(each.name == "thread.message.delta" for each in events), 20)
        spoke = seen[0].data
        mute = api.run_in(api.run(api.thread("q"), silent), "in_progress")
        caller = api.assistant(tools=[LOOKUP])
        waiting = api.run(api.thread("q"), caller, tool_choice={"type": "function", "function": {"name": "lookup"}})
        waiting = api.run_in(waiting, "requires_action")
        if shared:  # the same stream, at the other one
            with survivor() as other:
                there, seen_there = follow(other.api, path, body, "stream")
                wait_for(lambda: len(seen_there), lambda number: number >= len(seen), 20)
        doomed.kill()
        cut.join(20)
        assert not cut.is_alive()
    with survivor() as running:
        api = running.api
        failed = api.run_in(spoke, *ENDED)
        assert (failed["status"], failed["last_error"]) == ("failed", DIED)
        message = api.messages(thread_id)[-1]
        assert (message["status"], text_of(message)) == ("incomplete", "So far, ")
        assert api.run_in(mute, *ENDED)["status"] == "completed"
        assert text_of(api.messages(mute["thread_id"])[-1]).startswith("the end, by ")
        assert api.get(f"/threads/{waiting['thread_id']}/runs/{waiting['id']}") == waiting
        (call,) = waiting["required_action"]["submit_tool_outputs"]["tool_calls"]
        outputs = {"tool_outputs": [{"tool_call_id": call["id"], "output": "A whale."}]}
        api.post(f"/threads/{waiting['thread_id']}/runs/{waiting['id']}/submit_tool_outputs", outputs)
        assert api.run_in(waiting, *ENDED)["status"] == "completed"
        # The stream that was cut goes on where it ended; the one at the other process has gone on by itself.
        last = seen[-1].id
        assert last is not None
        rest = api.stream(path, body, {"Idempotency-Key": "stream", "Last-Event-ID": last})
        assert [event.name for event in rest][-2:] == ["thread.run.failed", "done"]
        if shared:
            there.join(20)
            assert seen_there == seen + rest


def test_runs_and_cancels_that_were_not_begun_are_carried_out(
    database: str, survivor: Callable[[], AbstractContextManager[Process]]
) -> None:
    with process(database, lazy=True) as doomed:
        assistant_id = doomed.api.assistant()
        queued = [doomed.api.run(doomed.api.thread("q"), assistant_id) for _ in range(5)]
        cancelled = doomed.api.run(doomed.api.thread("q"), assistant_id)
        path = f"/threads/{cancelled['thread_id']}/runs/{cancelled['id']}"
        assert doomed.api.post(f"{path}/cancel")["status"] == "cancelling"
        doomed.kill()
    with survivor() as running:
        assert [running.api.run_in(run, *ENDED)["status"] for run in queued] == ["completed"] * 5
        assert running.api.run_in(cancelled, *ENDED)["status"] == "cancelled"


def test_files_and_batches_are_gone_on_with(
    database: str, survivor: Callable[[], AbstractContextManager[Process]]
) -> None:
    with process(database, hold=True) as doomed:
        api = doomed.api
        store = api.post("/vector_stores", {"file_ids": [api.file(), api.file()]})
        line = b'{"custom_id": "a", "method": "POST", "url": "/v1/embeddings", "body": {}}'
        work = {"input_file_id": api.file(line, purpose="batch"), "endpoint": "/v1/embeddings"}
        batch = api.post("/batches", {**work, "completion_window": "24h"})
        doomed.kill()
    with survivor() as running:
        api = running.api
        path = f"/vector_stores/{store['id']}"
        assert (
            wait_for(lambda: api.get(path), lambda now: now["status"] == "completed")["file_counts"]["completed"] == 2
        )
        path = f"/batches/{batch['id']}"
        wait_for(lambda: api.get(path), lambda now: now["status"] == "completed")


def test_a_process_that_stops_leaves_its_queued_runs_to_others(
    database: str, shared: bool, survivor: Callable[[], AbstractContextManager[Process]]
) -> None:
    """At once: the lease is far from over."""
    with process(database, lazy=True, lease=3600) as stopping:
        run = stopping.api.run(stopping.api.thread("q"), stopping.api.assistant())
        stopping.end(signal.SIGTERM)
    with survivor() as running:
        assert running.api.run_in(run, *ENDED)["status"] == "completed"


@pytest.mark.postgresql
def test_a_process_that_was_only_held_up_finds_its_runs_with_others(database: str) -> None:
    with process(database, fluent=True) as other, process(database) as slow:
        assistant_id = slow.api.assistant(model="speaking")
        run = slow.api.run(slow.api.thread("q"), assistant_id)
        wait_for(lambda: slow.api.steps(run), lambda steps: len(steps) == 1)
        silent = slow.api.run_in(slow.api.run(slow.api.thread("q"), slow.api.assistant(model="silent")), "in_progress")
        slow.signal(signal.SIGSTOP)
        try:
            assert other.api.run_in(run, *ENDED)["last_error"] == DIED
            assert other.api.run_in(silent, *ENDED)["status"] == "completed"
        finally:
            slow.signal(signal.SIGCONT)
        for each in (run, silent):
            path = f"/threads/{each['thread_id']}/runs/{each['id']}"
            assert slow.api.get(path) == other.api.get(path)
        # It is one of the workers again, and its runs are its own.
        again = slow.api.run(slow.api.thread("q"), slow.api.assistant())
        assert slow.api.run_in(again, *ENDED)["status"] == "completed"


@pytest.mark.postgresql
def test_processes_that_were_all_held_up_do_not_take_each_other_for_dead(database: str) -> None:
    """As it is when the database was away, or the machine slept."""
    with process(database) as one, process(database) as other:
        runs = [each.api.run(each.api.thread("q"), each.api.assistant(model="speaking")) for each in (one, other)]
        for run in runs:
            wait_for(lambda: one.api.steps(run), lambda steps: len(steps) == 1)  # noqa: B023
        for each in (one, other):
            each.signal(signal.SIGSTOP)
        time.sleep(LEASE + 1)
        for each in (one, other):
            each.signal(signal.SIGCONT)
        time.sleep(LEASE + 1)
        for run in runs:
            path = f"/threads/{run['thread_id']}/runs/{run['id']}"
            assert one.api.get(path)["status"] == other.api.get(path)["status"] == "in_progress"
