"""The changes that a run goes through: what they leave in its rows, its steps, its messages and its log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from openai_assistants.server import Call, Gate, LocalServer, Script, Turn
from openai_assistants.server.runs import COMPLETED, EXPIRED, FAILED, IllegalTransitionError, lifecycle
from openai_assistants.server.store import Tx
from openai_assistants.server.store.backends import RUN_CHANGED, RUN_STOPPED
from openai_assistants.server.store.tables import events, runs, steps, workers

from .support import LOOKUP, NOW, Api, api_of, at_each, frozen, housekeeping, in_database, wait_for
from .test_models import annotation
from .test_runs import ENDED, path_of, submit, tool_calls

ZERO = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
CALLING = Script([Turn(calls=[Call("lookup", {"query": "a"})]), Turn("Done.")])


def waiting(api: Api, server: LocalServer) -> Any:
    """A run that waits for tool outputs."""
    server.scripts.add(CALLING)
    return api.run_in(api.run(api.thread("q"), api.assistant(tools=[LOOKUP])), "requires_action")


def changed(server: LocalServer, run: Any, change: Callable[[lifecycle.LoadedRun], None]) -> None:
    """Carry out a change in a transaction."""

    def work(tx: Tx) -> None:
        found = lifecycle.find(tx, server.service.feed, run["id"])
        assert found is not None
        change(found)

    in_database(server, work)


@pytest.mark.parametrize(
    "change",
    [
        lambda run: lifecycle.begin(run, "w"),
        lambda run: lifecycle.require_action(run, []),
        lambda run: lifecycle.finish(run, FAILED),
        lambda run: run.become(COMPLETED),
    ],
    ids=range(4),
)
def test_whoever_makes_a_change_the_state_machine_is_asked(api: Api, server: LocalServer, change: Any) -> None:
    run = api.run_in(api.run(api.thread("q"), api.assistant()), "completed")
    with pytest.raises(IllegalTransitionError, match="a run cannot go from completed to"):
        changed(server, run, change)
    assert api.get(path_of(run)) == run


def test_a_run_belongs_to_the_worker_that_changes_it(api: Api, server: LocalServer) -> None:
    def lose(tx: Tx) -> None:
        tx.connection.execute(insert(workers).values(id="another"))
        tx.connection.execute(update(runs).values(worker="another"))

    def owner() -> Any:
        return in_database(server, lambda tx: tx.connection.scalar(select(runs.c.worker)))

    run = waiting(api, server)
    ours = {service.database.worker for service in server.services}
    assert owner() in ours
    at_each(server, "engine", launch=lambda run_id: None, settle_cancel=lambda run_id: None)
    in_database(server, lose)
    submit(api, run, "out")
    assert owner() in ours
    changed(server, run, lambda loaded: lifecycle.begin(loaded, "the one that begins it"))
    assert owner() == "the one that begins it"
    assert api.post(f"{path_of(run)}/cancel")["status"] == "cancelling"
    assert owner() in ours


def test_a_run_is_claimed_by_one_worker_only(api: Api, server: LocalServer) -> None:
    at_each(server, "engine", launch=lambda run_id: None)

    def owned(run: Any, worker: str | None) -> str:
        if worker is not None:
            in_database(server, lambda tx: tx.connection.execute(update(runs).values(worker=worker)))
        return str(
            in_database(server, lambda tx: tx.connection.scalar(select(runs.c.worker).where(runs.c.id == run["id"])))
        )

    def claimed(run: Any, worker: str) -> bool:
        found: list[bool] = []
        changed(server, run, lambda loaded: found.append(lifecycle.claim(loaded, worker)))
        return found[0]

    run = api.run(api.thread("q"), api.assistant())
    assert [claimed(run, worker) for worker in ("one", "two")] == [True, False]
    assert owned(run, None) == "one"
    assert owned(run, "") == ""  # as one that was taken over stands there
    assert [claimed(run, worker) for worker in ("two", "three")] == [True, False]
    assert owned(run, None) == "two"
    changed(server, run, lambda loaded: lifecycle.finish(loaded, COMPLETED))
    assert owned(run, "") == ""
    assert not claimed(run, "three")


@pytest.mark.parametrize("how", ["taken over", "ended"])
def test_of_workers_that_see_the_same_orphan_the_faster_one_gets_it(
    api: Api, server: LocalServer, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    find = lifecycle.find

    def too_late(tx: Tx, *which: Any) -> lifecycle.LoadedRun | None:
        if how == "taken over":
            tx.connection.execute(update(runs).values(worker="faster"))
        elif (found := find(tx, *which)) is not None:
            lifecycle.finish(found, EXPIRED)
        return find(tx, *which)

    def state() -> Any:
        columns = runs.c.worker, runs.c.status
        return in_database(server, lambda tx: tuple(tx.connection.execute(select(*columns)).one()))

    at_each(server, "engine", launch=lambda run_id: None)
    api.run(api.thread("q"), api.assistant())
    in_database(server, lambda tx: tx.connection.execute(update(runs).values(worker="gone")))
    monkeypatch.setattr(lifecycle, "find", too_late)
    assert in_database(server, lambda tx: lifecycle.take_over(tx, server.service.feed)) == []
    assert state() == (("faster", "queued") if how == "taken over" else ("gone", "expired"))


def test_runs_that_were_not_begun_get_another_worker(
    api: Api, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever becomes of one of them meanwhile, the others do."""
    find = lifecycle.find
    at_each(server, "engine", launch=lambda run_id: None)
    begun, deleted, queued = (api.run(api.thread("q"), api.assistant())["id"] for _ in range(3))

    def lose(tx: Tx) -> None:
        loaded = find(tx, server.service.feed, begun)
        assert loaded is not None
        lifecycle.begin(loaded, "gone")
        tx.connection.execute(update(runs).values(worker="gone"))

    def taken_over() -> Any:
        return in_database(server, lambda tx: (tx.worker, lifecycle.take_over(tx, server.service.feed)))

    def owners() -> dict[str, str]:
        return in_database(server, lambda tx: dict(tx.connection.execute(select(runs.c.id, runs.c.worker)).all()))  # type: ignore[no-any-return]

    in_database(server, lose)
    monkeypatch.setattr(
        lifecycle, "find", lambda tx, feed, run_id: None if run_id == deleted else find(tx, feed, run_id)
    )
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(Tx, "tell", lambda tx, topic, value: told.append((topic, value)))
    worker, to_do = taken_over()
    assert to_do == [begun, queued]
    assert {(RUN_STOPPED, begun), (RUN_STOPPED, queued)} <= set(told)  # the owner may live after all
    assert owners() == {begun: "", deleted: "gone", queued: worker}


def test_other_workers_are_told(api: Api, server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, str]] = []
    tell = Tx.tell

    def note(tx: Tx, topic: str, value: str) -> None:
        told.append((topic, value))
        tell(tx, topic, value)

    monkeypatch.setattr(Tx, "tell", note)
    cancelled, deleted = waiting(api, server), waiting(api, server)
    assert (RUN_STOPPED, cancelled["id"]) not in told
    api.post(f"{path_of(cancelled)}/cancel")
    api.run_in(cancelled, "cancelled")
    assert (RUN_STOPPED, cancelled["id"]) in told
    told.clear()
    api.delete(f"/threads/{deleted['thread_id']}")
    assert {(RUN_STOPPED, deleted["id"]), (RUN_CHANGED, deleted["id"])} <= set(told)


def test_moments_of_a_run_with_two_turns() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        run = waiting(api, server)
        assert (run["started_at"], run["completed_at"]) == (NOW, None)
        server.clock.advance(5)
        submit(api, run, "out")
        run = api.run_in(run, *ENDED)
        assert (run["started_at"], run["completed_at"]) == (NOW, NOW + 5)
        assert [step["completed_at"] for step in api.steps(run)] == [NOW + 5, NOW + 5]
        assert len({len(step["id"]) - len("step_") for step in api.steps(run)} | {len(run["id"]) - len("run_")}) == 1


def test_outputs_that_do_not_fit_name_their_parameter(api: Api, server: LocalServer) -> None:
    run = waiting(api, server)
    path = f"{path_of(run)}/submit_tool_outputs"
    assert api.error("POST", path, json={"tool_outputs": []})[1]["param"] == "tool_outputs"


def test_an_output_that_is_left_out_is_empty(api: Api, server: LocalServer) -> None:
    run = waiting(api, server)
    outputs = [{"tool_call_id": tool_calls(run)[0]["id"]}]
    api.post(f"{path_of(run)}/submit_tool_outputs", {"tool_outputs": outputs})
    step = api.steps(api.run_in(run, *ENDED))[0]
    assert step["step_details"]["tool_calls"][0]["function"]["output"] == ""


@pytest.mark.parametrize("which", ["another thread", "another run"])
def test_runs_are_found_in_their_thread_only(api: Api, server: LocalServer, which: str) -> None:
    run = waiting(api, server)
    run_id = run["id"] if which == "another thread" else "run_x"
    path = f"/threads/{api.thread('other')}/runs/{run_id}"
    outputs = [{"tool_call_id": call["id"], "output": "x"} for call in tool_calls(run)]
    for end, body in (("", {}), ("/cancel", {}), ("/submit_tool_outputs", {"tool_outputs": outputs})):
        status, error = api.error("POST", path + end, json=body)
        assert (status, error["message"]) == (404, f"No run found with id '{run_id}'.")
    assert api.get(path_of(run)) == run


def test_an_interrupted_message_keeps_its_annotations_and_its_step_has_used_nothing(
    api: Api, server: LocalServer
) -> None:
    gate = Gate()
    server.scripts.add(
        Turn(deltas=["Tea [1]", " and [2]", gate, "."], annotations=[annotation("[1]"), annotation("[2]")])
    )
    thread_id = api.thread("q")
    run = api.run(thread_id, api.assistant())
    assert gate.reached.wait(10)
    deltas = select(func.count()).where(events.c.run_id == run["id"], events.c.name == "thread.message.delta")
    wait_for(lambda: in_database(server, lambda tx: tx.connection.scalar(deltas)), lambda count: count == 2)
    api.post(f"{path_of(run)}/cancel")
    api.run_in(run, "cancelled")
    (text,) = (block["text"] for block in api.messages(thread_id)[-1]["content"])
    assert text["value"] == "Tea [1] and [2]"
    assert [(each["text"], each["start_index"], set(each)) for each in text["annotations"]] == [
        (marker, place, {"type", "text", "file_citation", "start_index", "end_index"})
        for marker, place in (("[1]", 4), ("[2]", 12))
    ]
    (step,) = api.steps(run)
    assert step["usage"] == ZERO


def test_a_message_has_all_its_fields_from_its_first_event_on(api: Api, server: LocalServer) -> None:
    server.scripts.add("hi")
    streamed = api.stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()})
    fields = {event.name: set(event.data) for event in streamed if event.name.startswith("thread.message.")}
    del fields["thread.message.delta"]
    assert (
        fields["thread.message.created"] == fields["thread.message.in_progress"] == fields["thread.message.completed"]
    )


def test_what_was_said_in_the_transaction_that_ends_a_run_is_kept(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate, "never"]))
    thread_id = api.thread("q")
    run = api.run(thread_id, api.assistant())
    assert gate.reached.wait(10)
    message = wait_for(lambda: api.messages(thread_id), lambda found: len(found) == 2)[-1]

    def say_and_end(loaded: lifecycle.LoadedRun) -> None:
        block = {"index": 0, "type": "text", "text": {"value": "b"}}
        loaded.emit("thread.message.delta", {"id": message["id"], "delta": {"content": [block]}}, message["id"])
        lifecycle.finish(loaded, EXPIRED)

    changed(server, run, say_and_end)
    assert api.messages(thread_id)[-1]["content"][0]["text"]["value"] == "ab"


def test_a_run_that_ends_or_goes_while_the_clock_is_looked_at_does_not_expire(
    api: Api, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = api.run_in(api.run(api.thread("q"), api.assistant()), "completed")
    monkeypatch.setattr(lifecycle, "due", lambda tx: [run["id"], "run_gone"])
    assert in_database(server, server.service.engine._expire) == []
    assert api.get(path_of(run)) == run


def test_the_step_of_a_run_that_was_cut_short_is_completed(api: Api, server: LocalServer) -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        server.scripts.add(Turn(deltas=["word " * 1000]))
        run = api.run_in(api.run(api.thread("q"), api.assistant(), max_completion_tokens=256), *ENDED)
        (step,) = api.steps(run)
        assert (run["status"], step["status"], step["completed_at"]) == ("incomplete", "completed", NOW)


def test_logs_of_runs_that_have_ended_are_thrown_away_after_a_while() -> None:
    def logged(server: LocalServer) -> set[str]:
        return set(in_database(server, lambda tx: tx.connection.scalars(select(events.c.run_id)).all()))

    with frozen(in_process=True, replay_seconds=100) as server, api_of(server) as api:
        ended = api.run_in(api.run(api.thread("q"), api.assistant()), "completed")
        active = waiting(api, server)
        server.clock.advance(100)
        housekeeping(server)
        assert logged(server) == {ended["id"], active["id"]}
        server.clock.advance(1)
        housekeeping(server)
        assert logged(server) == {active["id"]}


def test_a_deleted_thread_leaves_nothing_of_its_runs() -> None:
    def rows(tx: Tx, run: Any) -> Any:
        kept = select(runs.c.deleted, runs.c.data, runs.c.status, runs.c.ended_at).where(runs.c.id == run["id"])
        of_steps = select(steps.c.deleted, steps.c.data).where(steps.c.run_id == run["id"])
        log = select(func.count()).where(events.c.run_id == run["id"])
        return (
            tuple(tx.connection.execute(kept).one()),
            [tuple(row) for row in tx.connection.execute(of_steps)],
            tx.connection.scalar(log),
        )

    with frozen(in_process=True) as server, api_of(server) as api:
        assistant_id = api.assistant()
        gone, other = (api.run_in(api.run(api.thread("q"), assistant_id), "completed") for _ in range(2))
        before = in_database(server, lambda tx: rows(tx, other))
        server.clock.advance(7)
        api.delete(f"/threads/{gone['thread_id']}")
        assert in_database(server, lambda tx: rows(tx, gone)) == ((True, {}, "deleted", NOW + 7), [(True, {})], 0)
        assert in_database(server, lambda tx: rows(tx, other)) == before
        assert before[1][0][0] is False and before[2] > 0
