"""Streamed runs: which events, in which order, at which moment; replay; readers that are slow or leave."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from openai_assistants.server import Call, Fail, Gate, LocalServer, Script, Turn
from openai_assistants.server.runs import events as log
from openai_assistants.server.runs.events import Entry, _continue

from .support import (
    LOOKUP,
    Api,
    Event,
    api_of,
    at_each,
    event_schemas,
    frozen,
    parse_events,
    streams_of,
    text_of,
    wait_for,
)

RUN_STARTS = ["thread.run.created", "thread.run.queued", "thread.run.in_progress"]
STEP_STARTS = ["thread.run.step.created", "thread.run.step.in_progress"]
MESSAGE_STARTS = [*STEP_STARTS, "thread.message.created", "thread.message.in_progress"]
MESSAGE_ENDS = ["thread.message.completed", "thread.run.step.completed"]


def names(events: list[Event]) -> list[str]:
    """Names in order, runs of the same delta once."""
    found = [event.name for event in events]
    return [name for at, name in enumerate(found) if not (name.endswith(".delta") and at and found[at - 1] == name)]


def deltas(events: list[Event]) -> str:
    return "".join(
        block["text"]["value"]
        for event in events
        if event.name == "thread.message.delta"
        for block in event.data["delta"]["content"]
    )


@pytest.fixture(params=["in process", "loopback"])
def any_api(request: pytest.FixtureRequest) -> tuple[Api, LocalServer]:
    fixtures = ("api", "server") if request.param == "in process" else ("loopback_api", "loopback")
    return request.getfixturevalue(fixtures[0]), request.getfixturevalue(fixtures[1])


def test_events_of_a_message(any_api: Any) -> None:
    api, server = any_api
    server.scripts.add(Turn(deltas=["Hel", "lo\n", "🐋\u2028", "\r\n!"]))
    events = api.stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()})
    assert names(events) == [
        *RUN_STARTS, *MESSAGE_STARTS, "thread.message.delta", *MESSAGE_ENDS, "thread.run.completed", "done",
    ]  # fmt: skip
    assert deltas(events) == "Hello\n🐋\u2028\r\n!"
    assert [event.data["delta"]["content"][0]["text"]["value"] for event in events if "delta" in event.name] == [
        "Hel", "lo\n", "🐋\u2028", "\r\n!",
    ]  # fmt: skip
    assert events[-1].data == "[DONE]"
    created, queued, in_progress = (event.data for event in events[:3])
    assert (created["status"], queued["status"], in_progress["status"]) == ("queued", "queued", "in_progress")
    message = next(event.data for event in events if event.name == "thread.message.created")
    assert (message["content"], message["status"]) == ([], "in_progress")
    final = next(event.data for event in events if event.name == "thread.message.completed")
    assert text_of(final) == deltas(events)
    assert events[-2].data == api.get(f"/threads/{created['thread_id']}/runs/{created['id']}")


def test_every_delta_names_its_message(api: Api, server: LocalServer) -> None:
    server.scripts.add("one two three")
    events = api.stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()})
    message = next(event.data for event in events if event.name == "thread.message.created")
    found = [event.data for event in events if event.name == "thread.message.delta"]
    assert len(found) == 3
    assert {delta["id"] for delta in found} == {message["id"]}
    assert found[0]["delta"]["content"] == [
        {"index": 0, "type": "text", "text": {"value": "one", "annotations": []}},
    ]
    assert found[1]["delta"]["content"] == [{"index": 0, "type": "text", "text": {"value": " two"}}]


def test_create_thread_and_run_begins_with_the_thread(api: Api) -> None:
    body = {"assistant_id": api.assistant(), "thread": {"messages": [{"role": "user", "content": "q"}]}}
    events = api.stream("/threads/runs", body)
    assert names(events)[:4] == ["thread.created", *RUN_STARTS]
    assert events[0].data == api.get(f"/threads/{events[1].data['thread_id']}")
    assert names(events)[-2:] == ["thread.run.completed", "done"]


def test_events_of_tool_calls_and_of_the_submission(any_api: Any) -> None:
    api, server = any_api
    other = {"type": "function", "function": {"name": "other"}}
    calls = [Call("lookup", {"query": "a"}, pieces=['{"que', 'ry": "a"}']), Call("other", "{}")]
    server.scripts.add(Script([Turn(calls=calls), Turn("Fine.")]))
    body = {"assistant_id": api.assistant(tools=[LOOKUP, other])}
    events = api.stream(f"/threads/{api.thread('q')}/runs", body)
    assert names(events) == [
        *RUN_STARTS, *STEP_STARTS, "thread.run.step.delta", "thread.run.requires_action", "done",
    ]  # fmt: skip
    pieces = [
        event.data["delta"]["step_details"]["tool_calls"][0]
        for event in events
        if event.name == "thread.run.step.delta"
    ]
    run = events[-2].data
    first, second = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    opening = {"name": "lookup", "arguments": "", "output": None}
    assert pieces == [
        {"index": 0, "id": first["id"], "type": "function", "function": opening},
        {"index": 0, "type": "function", "function": {"arguments": '{"que'}},
        {"index": 0, "type": "function", "function": {"arguments": 'ry": "a"}'}},
        {"index": 1, "id": second["id"], "type": "function", "function": {**opening, "name": "other"}},
        {"index": 1, "type": "function", "function": {"arguments": "{}"}},
    ]
    outputs = [{"tool_call_id": call["id"], "output": "out"} for call in (first, second)]
    rest = api.stream(f"/threads/{run['thread_id']}/runs/{run['id']}/submit_tool_outputs", {"tool_outputs": outputs})
    assert names(rest) == [
        "thread.run.step.completed",
        "thread.run.queued",
        "thread.run.in_progress",
        *MESSAGE_STARTS,
        "thread.message.delta",
        *MESSAGE_ENDS,
        "thread.run.completed",
        "done",
    ]
    assert [call["function"]["output"] for call in rest[0].data["step_details"]["tool_calls"]] == ["out", "out"]


def test_events_of_a_message_before_a_call(api: Api, server: LocalServer) -> None:
    server.scripts.add(Turn("Wait.", calls=[Call("lookup", {"query": "a"})]))
    events = api.stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant(tools=[LOOKUP])})
    assert names(events) == [
        *RUN_STARTS, *MESSAGE_STARTS, "thread.message.delta", *MESSAGE_ENDS,
        *STEP_STARTS, "thread.run.step.delta", "thread.run.requires_action", "done",
    ]  # fmt: skip


def test_events_of_a_failure(api: Api, server: LocalServer) -> None:
    server.scripts.add(Turn("Half", fail=Fail("No.")))
    events = api.stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()})
    assert names(events)[-4:] == [
        "thread.message.incomplete", "thread.run.step.failed", "thread.run.failed", "done",
    ]  # fmt: skip
    assert events[-2].data["last_error"]["message"] == "No."


def test_events_of_a_limit(api: Api, server: LocalServer) -> None:
    server.scripts.add(Turn("x" * 3000))
    body = {"assistant_id": api.assistant(), "max_completion_tokens": 256}
    events = api.stream(f"/threads/{api.thread('q')}/runs", body)
    assert names(events)[-4:] == [
        "thread.message.incomplete", "thread.run.step.completed", "thread.run.incomplete", "done",
    ]  # fmt: skip
    assert deltas(events) == text_of(events[-4].data) == "x" * 1024


def test_events_of_a_cancel(any_api: Any) -> None:
    api, server = any_api
    gate = Gate()
    server.scripts.add(Turn(deltas=["Half", gate]))
    with api.open_stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()}) as stream:
        seen = [next(stream) for _ in range(8)]
        assert seen[-1].name == "thread.message.delta"
        run = seen[0].data
        with api_of(server) as second:
            second.post(f"/threads/{run['thread_id']}/runs/{run['id']}/cancel")
        rest = list(stream)
    assert names(rest) == [
        "thread.run.cancelling", "thread.message.incomplete", "thread.run.step.cancelled", "thread.run.cancelled",
        "done",
    ]  # fmt: skip


def test_events_of_an_expiry() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        gate = Gate()
        server.scripts.add(Turn(deltas=["Half", gate]))
        with api.open_stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()}) as stream:
            for _ in range(8):
                next(stream)
            server.clock.advance(600)
            rest = list(stream)
        assert names(rest) == [
            "thread.message.incomplete", "thread.run.step.expired", "thread.run.expired", "done",
        ]  # fmt: skip


def test_all_event_names_are_told_by_some_stream() -> None:
    """Those above are all 25, apart from `error`, which has a test of its own."""
    with open(__file__, encoding="utf-8") as source:
        text = source.read()
    known = event_schemas()
    assert len(known) == 25
    assert {name for name in known if f'"{name}"' not in text} == set()


def test_events_come_while_the_model_speaks(any_api: Any) -> None:
    api, server = any_api
    gates = [Gate() for _ in range(3)]
    server.scripts.add(Turn(deltas=["a", gates[0], "b", gates[1], "c", gates[2], "d"]))
    with api.open_stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()}) as stream:
        got = ""
        for event in stream:
            if event.name == "thread.message.delta":
                got += event.data["delta"]["content"][0]["text"]["value"]
                if gates:
                    # The next gate is still closed: what follows it cannot have been sent.
                    gates.pop(0).open()
    assert got == "abcd"


def test_a_reader_that_leaves_does_not_stop_the_run(any_api: Any) -> None:
    api, server = any_api
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate, "b"]))
    thread_id = api.thread("q")
    with api.open_stream(f"/threads/{thread_id}/runs", {"assistant_id": api.assistant()}) as stream:
        run = next(stream).data
    wait_for(lambda: streams_of(server), lambda streams: not streams)
    gate.open()
    assert api.run_in(run, "completed", "failed", "cancelled")["status"] == "completed"
    assert text_of(api.messages(thread_id)[-1]) == "ab"


def test_a_slow_reader_gets_everything(loopback_api: Api, loopback: LocalServer) -> None:
    """More than fits into the sockets' buffers and the feed's backlog, read only when the run has ended."""
    count = 6000
    loopback.scripts.add(Turn(deltas=["0123456789" * 20 + " "] * count))
    thread_id = loopback_api.thread("q")
    body = {"assistant_id": loopback_api.assistant()}
    with loopback_api.open_stream(f"/threads/{thread_id}/runs", body) as stream:
        run = next(stream).data
        with api_of(loopback) as second:
            second.run_in(run, "completed")
        rest = list(stream)
    assert sum(event.name == "thread.message.delta" for event in rest) == count
    assert rest[-1].name == "done"
    assert [int(str(event.id).rpartition(":")[2]) for event in rest] == list(range(2, count + 12))


def test_thirty_streams_at_once(loopback: LocalServer) -> None:
    """All are open at the same time: none may end before the last has begun."""
    count = 30
    gate = Gate()
    loopback.scripts.add(Turn(deltas=[*["a "] * 20, gate, *["b "] * 20]), times=count)
    with api_of(loopback) as api:
        assistant_id = api.assistant()
        threads = [api.thread("q") for _ in range(count)]
    arrived = threading.Barrier(count, action=gate.open, timeout=30)

    def one(thread_id: str) -> list[Event]:
        with api_of(loopback) as own:
            path = f"/threads/{thread_id}/runs"
            with own.open_stream(path, {"assistant_id": assistant_id}) as stream:
                first = next(stream)
                arrived.wait()
                return [first, *stream]

    with ThreadPoolExecutor(count) as pool:
        results = list(pool.map(one, threads))
    for events in results:
        assert deltas(events) == "a " * 20 + "b " * 20
        assert names(events)[-2:] == ["thread.run.completed", "done"]
    assert len({events[0].data["id"] for events in results}) == count


# Replay


def test_replay_after_every_single_event(api: Api, server: LocalServer) -> None:
    calls = [Call("lookup", {"query": "a"})]
    server.scripts.add(Script([Turn("Wait.", calls=calls), Turn("one two three")]))
    path = f"/threads/{api.thread('q')}/runs"
    body = {"assistant_id": api.assistant(tools=[LOOKUP])}
    key = {"Idempotency-Key": "create-1"}
    first = api.stream(path, body, key)
    run = first[-2].data
    output = {"tool_call_id": run["required_action"]["submit_tool_outputs"]["tool_calls"][0]["id"], "output": "x"}
    submit_path, submit_body = f"{path}/{run['id']}/submit_tool_outputs", {"tool_outputs": [output]}
    submit_key = {"Idempotency-Key": "submit-1"}
    second = api.stream(submit_path, submit_body, submit_key)
    assert first[-1].name == second[-1].name == "done"
    ids = [event.id for event in (*first, *second)]
    assert ids == [f"{run['id']}:{number}" for number in range(1, len(ids) + 1)]

    for events, where, what, header in (
        (first, path, body, key),
        (second, submit_path, submit_body, submit_key),
    ):
        assert api.stream(where, what, header) == events
        for at, event in enumerate(events):
            assert api.stream(where, what, {**header, "Last-Event-ID": str(event.id)}) == events[at + 1 :]
    assert len(api.get(path)["data"]) == 1


def test_a_long_replay_is_read_in_pieces(api: Api, server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_PAGE", 3)
    server.scripts.add(Turn("one two three four"))
    path, body, key = f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()}, {"Idempotency-Key": "k"}
    whole = api.stream(path, body, key)
    assert len(whole) > 10
    assert api.stream(path, body, key) == whole
    for at, event in enumerate(whole):
        assert api.stream(path, body, {**key, "Last-Event-ID": str(event.id)}) == whole[at + 1 :]


def test_replay_while_the_run_goes_on(any_api: Any) -> None:
    api, server = any_api
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", "b", gate, "c"]))
    path, body = f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()}
    header = {"Idempotency-Key": "k"}
    with api.open_stream(path, body, header) as stream:
        seen = [next(stream) for _ in range(8)]
    assert seen[-1].name == "thread.message.delta"
    with api.open_stream(path, body, {**header, "Last-Event-ID": str(seen[-1].id)}) as stream:
        rest = [next(stream)]
        gate.open()
        rest += stream
    assert deltas([*seen, *rest]) == "abc"
    whole = api.stream(path, body, header)
    assert [*seen, *rest] == whole


def test_a_last_event_id_that_is_not_of_this_run(api: Api) -> None:
    path, body = f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant(), "stream": True}
    api.stream(path, body, {"Idempotency-Key": "k"})
    for wrong in ("run_x:3", "3", "x", ""):
        status, error = api.error("POST", path, json=body, headers={"Idempotency-Key": "k", "Last-Event-ID": wrong})
        assert (status, error["param"]) == (400, "Last-Event-ID")


def test_resuming_a_stream_that_never_was_starts_nothing(api: Api) -> None:
    path, body = f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant(), "stream": True}
    response = api.send("POST", path, json=body, headers={"Idempotency-Key": "k", "Last-Event-ID": "run_x:1"})
    assert (response.status_code, response.json()["error"]["code"]) == (409, "idempotency_key_unknown")
    assert response.headers["x-should-retry"] == "false"
    assert api.get(path)["data"] == []


def test_a_thread_deleted_under_a_stream_ends_it(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate]))
    thread_id = api.thread("q")
    with api.open_stream(f"/threads/{thread_id}/runs", {"assistant_id": api.assistant()}) as stream:
        next(stream)
        began = time.monotonic()
        with api_of(server) as second:
            second.delete(f"/threads/{thread_id}")
        rest = list(stream)
    assert time.monotonic() - began < 10  # after `keep_alive_seconds`, 15, it would look in any case
    assert rest[-1].name == "error"
    assert "deleted" in rest[-1].data["message"]


@pytest.mark.parametrize(
    ("fresh", "news", "whole"),
    [
        ([], [], True),
        ([3, 4], [3, 4], True),
        ([1, 2, 3], [3], True),
        ([1, 2], [], True),
        ([4], [], False),
        ([3, 5], [3], False),
        ([3, sys.maxsize], [3], False),
    ],
)
def test_what_a_stream_that_has_read_two_events_takes_from_the_feed(
    fresh: list[int], news: list[int], whole: bool
) -> None:
    """What does not follow on, it reads from the log."""
    taken, complete = _continue([Entry(seq, 0, "x", "{}") for seq in fresh], 2)
    assert ([entry.seq for entry in taken], complete) == (news, whole)


def test_silence_is_filled_with_comments() -> None:
    with LocalServer(in_process=True, keep_alive_seconds=0.01) as server, api_of(server) as api:
        gate = Gate()
        server.scripts.add(Turn(deltas=["a", gate, "b"]))
        body = {"assistant_id": api.assistant(), "stream": True}
        lines: list[str] = []
        with api.http.stream("POST", f"/threads/{api.thread('q')}/runs", json=body) as response:
            for line in response.iter_lines():
                lines.append(line)
                if line == ": keep-alive":
                    gate.open()
        assert ": keep-alive" in lines
        assert [event.name for event in parse_events(line for line in lines if not line.startswith(":"))][-1] == "done"


def test_a_stream_when_the_server_stops_ends_with_the_failed_run() -> None:
    server = LocalServer(drain_seconds=0.0)
    server.start()
    with api_of(server) as api:
        server.scripts.add(Turn(deltas=["a", Gate()]))
        with api.open_stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()}) as stream:
            for _ in range(8):
                next(stream)
            stopping = threading.Thread(target=server.stop)
            stopping.start()
            rest = list(stream)
    stopping.join(10)
    assert not stopping.is_alive()
    assert names(rest)[-2:] == ["thread.run.failed", "done"]
    assert rest[-2].data["last_error"]["message"] == "The server was stopped while this run was in progress."


@pytest.mark.parametrize("in_process", [True, False])
def test_the_stream_of_a_run_that_stays_queued_ends_when_the_server_stops(in_process: bool) -> None:
    server = LocalServer(in_process=in_process, drain_seconds=0.0)
    server.start()
    at_each(server, "engine", launch=lambda run_id: None)
    with api_of(server) as api:
        path, body = f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()}
        with api.open_stream(path, body) as stream:
            next(stream)
            stopping = threading.Thread(target=server.stop)
            stopping.start()
            rest = list(stream)
    stopping.join(10)
    assert [event.name for event in rest] == ["thread.run.queued", "error"]
    assert rest[-1].data["message"] == "The server is stopping."


def test_a_run_may_end_while_the_server_drains() -> None:
    server = LocalServer(drain_seconds=10.0)
    server.start()
    with api_of(server) as api:
        gate = Gate()
        server.scripts.add(Turn(deltas=["a", gate, "b"]))
        with api.open_stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()}) as stream:
            for _ in range(8):
                next(stream)
            stopping = threading.Thread(target=server.stop)
            started = time.monotonic()
            stopping.start()
            wait_for(lambda: server.settings and server._running, lambda running: running is None)
            gate.open()
            rest = list(stream)
    stopping.join(10)
    assert time.monotonic() - started < 8
    assert names(rest)[-2:] == ["thread.run.completed", "done"]


def test_a_server_fault_within_a_stream_is_an_error_event(
    api: Api, server: LocalServer, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate, "b"]))
    with api.open_stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()}) as stream:
        next(stream)

        def broken(*_: Any) -> Any:
            raise RuntimeError("secret")

        at_each(server, "database", read=broken)
        for service in server.services:
            service.feed.recheck_all()
        rest = list(stream)
    assert rest[-1].name == "error"
    assert rest[-1].data["type"] == "server_error"
    assert "secret" not in rest[-1].data["message"]
    assert "secret" in caplog.text
