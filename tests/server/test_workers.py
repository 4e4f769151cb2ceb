"""Several workers over one PostgreSQL database: what arrives at one is true at the other."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select
from typing_extensions import Self

from openai_assistants.server import Call, Gate, LocalServer, Settings, Turn
from openai_assistants.server.store import Tx, backends, records, shown
from openai_assistants.server.store.backends import WORKER_LEFT, Postgres, tell
from openai_assistants.server.store.tables import assistants, workers

from .support import LOOKUP, Api, api_of, check_answer, in_database, runs_at_work, text_of, wait_for

pytestmark = pytest.mark.postgresql

ENDED = ("completed", "failed", "cancelled", "expired", "incomplete")
AT_ONCE = 8


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """An empty database."""
    return request.config.pluginmanager.get_plugin("on-postgres").databases.take()


@pytest.fixture
def settings(database: str) -> Settings:
    """What both workers have in common; with this lease nothing is looked for meanwhile: they must tell each other."""
    return Settings(database=database, drain_seconds=0.0, lease_seconds=3600)


@pytest.fixture
def servers(settings: Settings) -> Iterator[tuple[LocalServer, LocalServer]]:
    """Two servers of one worker each."""
    with LocalServer(settings, in_process=True) as one, LocalServer(settings, in_process=True) as other:
        yield one, other


@pytest.fixture
def apis(servers: tuple[LocalServer, LocalServer]) -> Iterator[tuple[Api, Api]]:
    """Clients of both."""
    with api_of(servers[0]) as one, api_of(servers[1]) as other:
        yield one, other


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """Do all this at the same moment."""
    barrier = threading.Barrier(len(work))

    def begin(each: Callable[[], Any]) -> Any:
        barrier.wait(10)
        return each()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(begin, work))


def post(api: Api, path: str, body: Any, key: str | None = None) -> httpx.Response:
    response = api.http.post(path, json=body, headers={} if key is None else {"Idempotency-Key": key})
    check_answer(response)
    return response


def at_both(apis: tuple[Api, Api], path: str, body: Any, key: str | None = None) -> list[httpx.Response]:
    """Send the same request twice to each worker, all at the same moment."""
    return at_once(*[partial(post, api, path, body, key) for api in (*apis, *apis)])


def path_of(run: Any) -> str:
    return f"/threads/{run['thread_id']}/runs/{run['id']}"


def test_a_stream_at_another_worker_is_live(settings: Settings, apis: tuple[Api, Api]) -> None:
    one, other = apis
    gates = [Gate(), Gate(), Gate()]
    settings.scripts.add(Turn(deltas=["a", gates[0], "b", gates[1], "c", gates[2], "d"]))
    path, body, key = f"/threads/{one.thread('q')}/runs", {"assistant_id": one.assistant()}, {"Idempotency-Key": "k"}
    got = ""
    with one.open_stream(path, body, key) as stream, other.open_stream(path, body, key) as there:
        for event in there:
            if event.name == "thread.message.delta":
                got += event.data["delta"]["content"][0]["text"]["value"]
                if gates:
                    # The next gate is still closed: what follows it cannot have been sent.
                    gates.pop(0).open()
        assert list(stream)[-1].name == "done"
    assert got == "abcd"


def test_a_run_that_waits_for_outputs_goes_on_where_they_come(
    settings: Settings, servers: tuple[LocalServer, LocalServer], apis: tuple[Api, Api]
) -> None:
    one, other = apis
    gate = Gate()
    settings.scripts.add([Turn(calls=[Call("lookup", {"query": "x"})]), Turn(deltas=["a", gate, "b"])])
    run = one.run_in(one.run(one.thread("q"), one.assistant(tools=[LOOKUP])), "requires_action")
    (call,) = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    outputs = {"tool_outputs": [{"tool_call_id": call["id"], "output": "y"}]}
    other.post(f"{path_of(run)}/submit_tool_outputs", outputs)
    assert gate.reached.wait(10)
    assert (runs_at_work(servers[0]), runs_at_work(servers[1])) == ([], [run["id"]])
    gate.open()
    assert one.run_in(run, *ENDED)["status"] == "completed"


@pytest.mark.parametrize("end", ["cancel", "delete", "expire"])
def test_the_worker_of_a_run_is_told_of_its_end(
    settings: Settings, servers: tuple[LocalServer, LocalServer], apis: tuple[Api, Api], end: str
) -> None:
    """Its model is silent and would never look."""
    one, other = apis
    gate = Gate()
    settings.scripts.add(Turn(deltas=["a", gate, "b"]))
    run = one.run(one.thread("q"), one.assistant())
    assert gate.reached.wait(10)
    assert runs_at_work(servers[0]) == [run["id"]]
    if end == "cancel":
        other.post(f"{path_of(run)}/cancel")
        assert one.run_in(run, *ENDED)["status"] == "cancelled"
    elif end == "delete":
        other.delete(f"/threads/{run['thread_id']}")
        assert one.error("GET", path_of(run))[0] == 404
    else:
        settings.clock.advance(600)
        assert one.run_in(run, *ENDED)["status"] == "expired"
    wait_for(lambda: runs_at_work(servers[0]), lambda runs: not runs)


def test_a_batch_that_is_cancelled_elsewhere_is_dropped(
    settings: Settings, servers: tuple[LocalServer, LocalServer], apis: tuple[Api, Api]
) -> None:
    one, other = apis
    gate = settings.processing.hold()
    line = b'{"custom_id": "a", "method": "POST", "url": "/v1/embeddings", "body": {}}'
    work = {"input_file_id": one.file(line, purpose="batch"), "endpoint": "/v1/embeddings", "completion_window": "24h"}
    path = f"/batches/{one.post('/batches', work)['id']}"
    assert gate.reached.wait(10)
    other.post(f"{path}/cancel")
    wait_for(lambda: one.get(path), lambda batch: batch["status"] == "cancelled")
    wait_for(lambda: servers[0].service.batches_worker.keys(), lambda keys: not keys)


@pytest.mark.parametrize("kind", ["assistant", "run", "message"])
def test_the_same_request_at_two_workers_at_once_is_done_once(apis: tuple[Api, Api], kind: str) -> None:
    """A second run, say, would be refused: the thread has an active one."""
    assistant_id = apis[0].assistant()
    for number in range(10):
        thread_id = apis[0].thread("q")
        path, body = {
            "assistant": ("/assistants", {"model": "m"}),
            "run": (f"/threads/{thread_id}/runs", {"assistant_id": assistant_id}),
            "message": (f"/threads/{thread_id}/messages", {"role": "user", "content": "x"}),
        }[kind]
        answers = at_both(apis, path, body, f"k{number}")
        assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert sum("idempotent-replayed" in answer.headers for answer in answers) == 3


def test_of_runs_that_are_created_at_once_one_is(settings: Settings, apis: tuple[Api, Api]) -> None:
    assistant_id = apis[0].assistant()
    for _ in range(10):
        settings.scripts.add(Turn(before=Gate()))
        thread_id = apis[0].thread("q")
        path, body = f"/threads/{thread_id}/runs", {"assistant_id": assistant_id}
        answers = at_both(apis, path, body)
        assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
        (run,) = apis[1].get(path)["data"]
        for answer in answers:
            if answer.status_code == 400:
                message = answer.json()["error"]["message"]
                assert message == f"Thread {thread_id} already has an active run {run['id']}."


def test_a_message_that_comes_while_a_run_is_created_has_its_place_or_is_refused(
    apis: tuple[Api, Api],
) -> None:
    one, other = apis
    assistant_id = one.assistant()
    for _ in range(10):
        thread_id = one.thread("q")
        run, message = at_once(
            partial(post, one, f"/threads/{thread_id}/runs", {"assistant_id": assistant_id}),
            partial(post, other, f"/threads/{thread_id}/messages", {"role": "user", "content": "late"}),
        )
        assert run.status_code == 200
        assert message.status_code in (200, 400)
        one.run_in(run.json(), "completed")
        roles = [each["role"] for each in other.messages(thread_id)]
        assert roles in (["user", "assistant"], ["user", "user", "assistant"], ["user", "assistant", "user"])
        assert len(roles) == (3 if message.status_code == 200 else 2)


def test_a_reader_of_pages_misses_nothing_that_is_added_meanwhile(apis: tuple[Api, Api]) -> None:
    """Each page begins behind the last item of the one before; nothing appears in front of that later."""
    done = threading.Event()
    made: list[str] = []

    def make(api: Api) -> None:
        for _ in range(40):
            made.append(api.assistant())  # noqa: PERF401

    def read() -> list[str]:
        seen: list[str] = []
        last_look = False
        while True:
            after = {"after": seen[-1]} if seen else {}
            page = apis[0].get("/assistants", order="asc", limit=5, **after)["data"]
            seen.extend(each["id"] for each in page)
            if not page and last_look:
                return seen
            last_look = done.is_set()

    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        reading = pool.submit(read)
        for each in [pool.submit(make, api) for api in apis * (AT_ONCE // 2)]:
            each.result(60)
        done.set()
        assert sorted(reading.result(60)) == sorted(made)


def test_whatever_is_done_at_once_nothing_breaks(apis: tuple[Api, Api], caplog: pytest.LogCaptureFixture) -> None:
    """All kinds of changes to the same few objects, at both workers; refusals are fine, faults are not."""
    one, _ = apis
    assistant_id = one.assistant(tools=[{"type": "file_search"}])
    files = [one.file(b"some text", f"{number}.txt") for number in range(4)]
    stores = [one.post("/vector_stores", {"file_ids": files[:2]})["id"] for _ in range(2)]
    threads = [one.thread("q") for _ in range(2)]
    resources = {"tool_resources": {"file_search": {"vector_store_ids": stores[:1]}}}
    numbers = count()
    problems: list[str] = []

    def send(api: Api, method: str, path: str, body: Any = None) -> Any:
        response = api.http.request(method, path, json=body)
        if response.status_code >= 500:
            problems.append(f"{method} {path}: {response.text}")
        return response.json()

    def work(api: Api) -> None:
        for _ in range(25):
            n = next(numbers)
            thread, store, file = threads[n % 2], stores[n // 2 % 2], files[n % 4]
            run = send(api, "POST", f"/threads/{thread}/runs", {"assistant_id": assistant_id, **resources})
            send(api, "POST", f"/threads/{thread}/messages", {"role": "user", "content": "x"})
            send(api, "POST", f"/vector_stores/{store}/files", {"file_id": file})
            if "id" in run:
                send(api, "POST", f"/threads/{thread}/runs/{run['id']}/cancel")
                send(api, "POST", f"/threads/{thread}/runs/{run['id']}", {"metadata": {"n": str(n)}})
            send(api, "POST", f"/vector_stores/{store}/file_batches", {"file_ids": [files[3 - n % 4], file]})
            send(api, "POST", f"/vector_stores/{store}/search", {"query": "text"})
            send(api, "DELETE", f"/vector_stores/{store}/files/{files[(n + 1) % 4]}")
            if n % 20 == 19:
                threads[n % 2] = send(api, "POST", "/threads", {"messages": [{"role": "user", "content": "x"}]})["id"]
                send(api, "DELETE", f"/threads/{thread}")
            if n % 50 == 49:
                files[n % 4] = api.file(b"other text", f"{n}.txt")
                send(api, "DELETE", f"/files/{file}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for each in [pool.submit(work, api) for api in apis * (AT_ONCE // 2)]:
            each.result(120)
    assert problems == []
    for store in stores:
        wait_for(partial(one.get, f"/vector_stores/{store}"), lambda now: now["status"] == "completed", 20)
    for thread in threads:
        for run in one.get(f"/threads/{thread}/runs", limit=100)["data"]:
            one.run_in(run, *ENDED)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


def test_transactions_that_wait_for_each_other_are_both_done(
    servers: tuple[LocalServer, LocalServer], apis: tuple[Api, Api]
) -> None:
    """PostgreSQL ends one of them; its work is done again, and what was to follow it follows once."""
    first, second = apis[0].assistant(), apis[0].assistant()
    begun = {first: threading.Event(), second: threading.Event()}
    followed: list[str] = []
    tries: list[str] = []

    def lock_both(one: str, other: str, tx: Tx) -> None:
        tries.append(one)
        tx.after_commit(lambda: followed.append(one))
        records.get(tx, assistants, one)
        begun[one].set()
        assert begun[other].wait(10)
        records.get(tx, assistants, other)

    at_once(
        lambda: in_database(servers[0], partial(lock_both, first, second)),
        lambda: in_database(servers[1], partial(lock_both, second, first)),
    )
    assert len(tries) == 3
    assert sorted(wait_for(lambda: followed, lambda all_of: len(all_of) >= 2)) == sorted([first, second])


def test_a_worker_whose_connections_are_cut_comes_back(
    request: pytest.FixtureRequest, settings: Settings, apis: tuple[Api, Api]
) -> None:
    """As after a restart of PostgreSQL; a stream that is followed at another worker than its run's goes on, too."""
    one, other = apis
    databases = request.config.pluginmanager.get_plugin("on-postgres").databases
    gate = Gate()
    settings.scripts.add(Turn(deltas=["a", gate, "b"]))
    path, body, key = f"/threads/{one.thread('q')}/runs", {"assistant_id": one.assistant()}, {"Idempotency-Key": "k"}
    with one.open_stream(path, body, key) as stream, other.open_stream(path, body, key) as there:
        for events in (stream, there):
            assert any(event.name == "thread.message.delta" for event in events)
        assert gate.reached.wait(10)
        databases.cut(settings.database)
        gate.open()
        assert [events[-1].name for events in (list(there), list(stream))] == ["done", "done"]
    assert text_of(other.messages(path.split("/")[2])[-1]) == "ab"
    assert other.run_in(other.run(one.thread("q"), one.assistant()), "completed")


class Listener:
    """A worker that only listens."""

    def __init__(self, database: str, name: str, lease: float = 3600.0) -> None:
        self.heard: list[tuple[str, str]] = []
        self.postgres = Postgres(database, lease)
        self._name = name

    def __enter__(self) -> Self:
        self.postgres.join(self._name, lambda topic, value: self.heard.append((topic, value)))
        return self

    def __exit__(self, *_: object) -> None:
        self.postgres.close()

    def tell(self, *news: tuple[str, str]) -> None:
        with self.postgres.write_engine.begin() as connection:
            tell(connection, self._name, news)


def test_any_number_of_news_arrives(database: str) -> None:
    news = [("changed", f"{number}-{'x' * 40}") for number in range(1000)]
    with Listener(database, "one") as one, Listener(database, "other") as other:
        one.tell(*news)
        assert [each for each in wait_for(lambda: other.heard, lambda heard: len(heard) > 1000) if each[1]] == news


def test_a_worker_that_gives_no_sign_of_life_is_given_up(database: str) -> None:
    with Listener(database, "one", lease=0.4) as one, Listener(database, "other") as other:
        with one.postgres.write_engine.begin() as connection:
            connection.execute(insert(workers).values(id="dead", seen_at=datetime(2020, 1, 1, tzinfo=UTC)))
        wait_for(lambda: other.heard, lambda heard: (WORKER_LEFT, "") in heard)
        with one.postgres.read_engine.begin() as connection:
            assert "dead" not in connection.scalars(select(workers.c.id)).all()


def test_a_database_that_is_gone_for_a_while(
    request: pytest.FixtureRequest, database: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said once, and news arrive again afterwards."""
    monkeypatch.setattr(backends, "_PAUSE", 0.01)
    with Listener(database, "one") as one, Listener(database, "other") as other:
        presence = other.postgres._presence
        assert presence is not None
        connect, refused = presence._connect, iter(range(3))

        def refusing() -> Any:
            if next(refused, None) is not None:
                raise OSError("Connection refused")
            return connect()

        monkeypatch.setattr(presence, "_connect", refusing)
        before = len(other.heard)
        request.config.pluginmanager.get_plugin("on-postgres").databases.cut(database)
        wait_for(lambda: other.heard[before:], lambda heard: len(heard) >= 5)  # at each try, and when it is back
        one.tell(("changed", "x"))
        wait_for(lambda: other.heard, lambda heard: ("changed", "x") in heard)
    said = [each.getMessage() for each in caplog.records if "lost the connection to the other" in each.getMessage()]
    assert len(said) == 2, "once for each worker"


def test_a_lease_takes_time() -> None:
    with pytest.raises(ValueError, match=r"lease_seconds=.* 0\.001 or more"):
        LocalServer(in_process=True, database="postgresql://localhost/x", lease_seconds=0)


def test_a_password_is_not_shown() -> None:
    assert shown("postgresql://me:secret@db/assistants") == "postgresql://me:***@db/assistants"
    assert shown("a.db") == "a.db"


def test_a_database_without_its_library_is_refused_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r'pip install "openai-assistants\[server,postgres\]"'):
        LocalServer(in_process=True, database="postgresql://localhost/x").start()


def test_workers_hear_of_each_other_however_many_files_are_open(settings: Settings) -> None:
    many = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        with LocalServer(settings, in_process=True) as one, LocalServer(settings, in_process=True) as other:
            gate = Gate()
            one.scripts.add(Turn(deltas=["a", gate, "b"]))
            with api_of(one) as here, api_of(other) as there:
                run = here.run(here.thread("q"), here.assistant())
                gate.reached.wait(10)
                there.post(f"{path_of(run)}/cancel")
                there.run_in(run, "cancelled")
                wait_for(lambda: runs_at_work(one), lambda at_work: not at_work)
    finally:
        for each in many:
            os.close(each)
