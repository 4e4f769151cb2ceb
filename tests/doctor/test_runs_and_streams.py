"""What the doctor says of runs that do not end well, and of streams as they are sent."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import example, given, strategies as st

from openai_assistants import EndpointNotFoundError, NotFoundError, NotSupportedByServerError, OpenAIError
from openai_assistants.cli.doctor import examination
from openai_assistants.cli.doctor.checks import ALL_FINE, DIFFERENT, Report
from openai_assistants.cli.doctor.examination import state_in, state_of
from openai_assistants.cli.doctor.judging import of_error, of_stream
from openai_assistants.cli.doctor.walk import Walk
from openai_assistants.server import Call, Fail, Fault, LocalServer, Script, Turn
from openai_assistants.server.dialects import CONVERSATIONS, Dialect, Profile

from .support import examined

CALLS = [Call("look_up", {"word": "sun"}), Call("look_up", {"word": "moon"})]


def serving(dialect: Dialect | None = None) -> LocalServer:
    return LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1, dialect=dialect)


def how(report: Report) -> dict[str, str]:
    """What is said of each use; empty where it works."""
    assert all(use.works == (not use.said) for use in report.uses)
    return {use.name: use.said for use in report.uses}


def test_a_model_that_fails() -> None:
    with serving() as server:
        server.scripts.add(Script([Turn("Well", fail=Fail("Too much."))], times=20))
        report = examined(server, write=True)
    said = "the run is failed: Too much."
    assert how(report) == {
        "take a file into a vector store": "",
        "poll a run": said,
        "stream a run": said,
        "make a thread and run it": said,
    }
    assert {note for note in report.notes if "could not be tried" in note} == {
        f"To {name} could not be tried: {said}, although the model was told to call a function."
        for name in ("answer a tool call", "cancel a run")
    }
    assert report.exit_code == DIFFERENT


def test_a_model_that_does_not_call_functions_is_no_fault_of_the_server() -> None:
    with serving() as server:
        server.scripts.add(Script([Turn("No.")], times=20))
        report = examined(server, write=True)
    assert report.exit_code == ALL_FINE
    assert sum("could not be tried: the run is completed" in note for note in report.notes) == 2
    assert report.operations["cancelRun"].said == "404 for an unknown id, as it should"


def test_calls_with_one_id() -> None:
    with serving(Dialect(shared_call_ids=True)) as server:
        for script in (
            [Turn("Hi.")],
            [Turn("Hi.")],
            [Turn("Hi.")],
            [Turn(calls=CALLS), Turn("Found.")],
            [Turn(calls=CALLS)],
        ):
            server.scripts.add(script)
        report = examined(server, write=True)
    assert set(how(report).values()) == {""}
    assert [finding.got for finding in report.findings] == ["one for all"]


def test_a_text_that_is_empty() -> None:
    with serving() as server:
        server.scripts.add(Script([Turn("")], times=3))
        report = examined(server, write=True)
    assert how(report)["stream a run"] == "the stream has no text"
    assert how(report)["poll a run"] == ""


def test_a_server_that_does_not_tell_how_a_run_stands() -> None:
    profile = Profile(operations=CONVERSATIONS - {"getRun"})
    with serving(Dialect(profile=profile)) as server:
        report = examined(server, write=True)
    said = "the server does not tell how a run stands"
    assert {name: how(report)[name] for name in ("poll a run", "answer a tool call", "make a thread and run it")} == {
        "poll a run": said,
        "answer a tool call": said,
        "make a thread and run it": said,
    }
    assert how(report)["stream a run"] == ""


def test_runs_that_cannot_be_made() -> None:
    with serving() as server:
        refusal = {"error": {"message": "There is no model 'gpt-4o'.", "code": "model_not_found"}}
        for operation in ("createRun", "createThreadAndRun"):
            server.faults.add(Fault("status", operation=operation, status=400, body=refusal, times=None))
        report = examined(server, write=True)
    assert how(report) == {"take a file into a vector store": ""}
    assert report.operations["createRun"].said == "400 Bad Request: There is no model 'gpt-4o'."
    assert report.operations["submitToolOuputsToRun"].verdict == "answers"


def test_threads_that_cannot_be_made_any_more() -> None:
    """Each run that does not end takes a thread of its own."""
    with serving() as server:
        server.faults.add(Fault("status", operation="createThread", status=429, skip=1, times=None))
        server.faults.add(Fault("status", operation="getRun", status=500, skip=1, times=None))
        report = examined(server, write=True)
    assert "500 Internal Server Error" in how(report)["poll a run"]
    assert "stream a run" not in how(report) and report.exit_code == DIFFERENT


def test_a_stream_that_breaks_off() -> None:
    with serving(Dialect()) as server:
        server.faults.add(Fault("cut", operation="createRun", events=3, skip=1, times=1))
        report = examined(server, write=True)
    assert "stream" in how(report)["stream a run"] or "peer closed" in how(report)["stream a run"]
    assert how(report)["answer a tool call"] == how(report)["cancel a run"] == ""


@pytest.mark.parametrize("skip", [2, 3])
def test_a_later_stream_that_breaks_off(skip: int) -> None:
    """What has worked once and failed once, fails."""
    with serving() as server:
        server.faults.add(Fault("cut", operation="createRun", events=3, skip=skip, times=1))
        report = examined(server, write=True)
    assert how(report)["stream a run"] and report.exit_code == DIFFERENT
    assert how(report)["poll a run"] == ""


def test_a_run_that_a_server_says_nothing_of() -> None:
    with serving() as server:
        server.faults.add(Fault("status", operation="createRun", status=200, body={"a": 1}, skip=1, times=1))
        report = examined(server, write=True)
    assert ("stream", "application/json") in {(each.where, each.got) for each in report.findings}
    assert report.left_behind == [] and set(how(report).values()) == {""}


def test_of_a_long_stream_only_the_beginning_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "MAX_BYTES", 100)
    with serving() as server:
        report = examined(server, write=True)
        assert report.with_verdict("answers") and report.left_behind == []
    assert how(report)["stream a run"] == "", "programs get it whole"


def test_text_of_a_404_that_is_json() -> None:
    """It is compared with what is said of a path that cannot exist."""
    for content, verdict in ((b'["no such thread"]', "answers"), (b'["no"]', "missing"), (b'{"detail": 1}', "missing")):
        response = httpx.Response(404, content=content, request=httpx.Request("GET", "http://localhost/v1/threads/x"))
        error = EndpointNotFoundError("404 Not Found", response=response, body=None)
        assert of_error("getThread", error, unknown_id=True, absent=b'["no"]').verdict == verdict


def test_what_was_deleted_meanwhile_does_not_count_as_left_behind() -> None:
    with serving() as server:
        gone = {"error": {"message": "No such file."}}
        server.faults.add(Fault("status", operation="deleteFile", status=404, body=gone, times=None))
        report = examined(server, write=True)
    assert report.left_behind == []


def test_what_may_have_been_made_and_cannot_be_looked_for_is_named() -> None:
    with serving() as server:
        server.faults.add(Fault("reset_after", operation="createAssistant"))
        server.faults.add(Fault("status", operation="listAssistants", status=500, skip=1, times=None))
        report = examined(server, write=True)
    assert report.left_behind == ["perhaps an assistant: nothing told whether it was made"]


def test_an_answer_that_nobody_has_thought_of_ends_the_call_only() -> None:
    with serving() as server, server.client() as client:
        walk = Walk(client, Report("http://localhost/v1/", "v2", False), version="v2", timeout=1.0, words={})
        with pytest.raises(OpenAIError, match="the answer cannot be used: ZeroDivisionError"):
            walk.attempt(lambda: 1 / 0)


# ---- as it is sent ----


def frames(*events: tuple[str, Any]) -> bytes:
    return "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events).encode()


def run(status: str, **fields: Any) -> dict[str, Any]:
    return {"id": "run_1", "thread_id": "thread_1", "status": status, **fields}


GOOD = frames(
    ("thread.run.created", run("queued")),
    ("thread.message.created", {"id": "msg_1"}),
    ("thread.message.in_progress", {"id": "msg_1"}),
    ("thread.message.delta", {"id": "msg_1", "delta": {}}),
    ("thread.message.completed", {"id": "msg_1"}),
    ("thread.run.completed", run("completed")),
)
DONE = b"event: done\ndata: [DONE]\n\n"


@pytest.mark.parametrize(
    ("body", "got"),
    [
        (GOOD + DONE, set()),
        (GOOD, {"left out"}),
        (GOOD + b"data: [DONE]\n\n", set()),
        (b"", {"none"}),
        (b": ping\n\n", {"none"}),
        (GOOD + frames(("error", {"message": "Too much."})) + DONE, {"an error"}),
        (b"data: Too much.\n\n" + GOOD + DONE, {"an error", "names in the data"}),
        (frames(("thread.run.completed", run("completed"))) + DONE, {"left out"}),
        (frames(("thread.run.created", None), ("thread.message.delta", 5)) + DONE, {"left out", "before"}),
        (frames(("thread.run.created", run("queued"))) + GOOD + DONE, {"twice for the same object"}),
    ],
)
def test_streams_as_they_are_sent(body: bytes, got: set[str]) -> None:
    assert {finding.got for finding in of_stream("text/event-stream", body)} == got


@pytest.mark.parametrize(
    ("media", "body", "status"),
    [
        ("text/event-stream", GOOD, "completed"),
        ("text/event-stream", frames(("thread.run.step.created", run("x")), ("thread.run.created", {})), None),
        ("application/json", json.dumps(run("failed")).encode(), "failed"),
        ("application/json; charset=utf-8", b"[]", None),
        ("application/json", b"{", None),
        ("text/html", b"<html>", None),
    ],
)
def test_how_a_run_stands_at_the_end_of_an_answer(media: str, body: bytes, status: str | None) -> None:
    state = state_in(media, body)
    assert (None if state is None else state.status) == status


@pytest.mark.parametrize(
    ("data", "calls", "said"),
    [
        (run("failed", last_error={"message": "Too much."}), (), "the run is failed: Too much."),
        (run("failed", last_error="Too much."), (), "the run is failed: Too much."),
        (run("failed", last_error=[1]), (), "the run is failed"),
        (run("requires_action", required_action=5), (), "the run is requires_action"),
        (run("requires_action", required_action={"submit_tool_outputs": {"tool_calls": [1, {"id": 2}]}}), (), None),
        (run("requires_action", required_action={"submit_tool_outputs": {"tool_calls": [{"id": "c"}]}}), ("c",), None),
    ],
)
def test_a_run_in_any_form(data: dict[str, Any], calls: tuple[str, ...], said: str | None) -> None:
    state = state_of(data)
    assert state is not None and state.calls == calls
    assert said is None or str(state) == said


@pytest.mark.parametrize("data", [None, [], {}, run(""), run("queued", thread_id=None), run("queued", id=5)])
def test_what_is_no_run(data: Any) -> None:
    assert state_of(data) is None


DEEP = b"[" * 100_000


@given(st.binary(max_size=60) | st.sampled_from([DEEP, b'{"error":' + DEEP, b'{"error": [{}]}', b'{"a": {}, "b": []}']))
@example(DEEP)
def test_whatever_a_server_sends_something_is_said_of_it(content: bytes) -> None:
    for media in ("text/event-stream", "application/json"):
        assert all(finding.means for finding in of_stream(media, b"data: " + content + b"\n\n"))
        state_in(media, content)
    response = httpx.Response(404, content=content, request=httpx.Request("GET", "http://localhost/v1/threads/x"))
    error = NotSupportedByServerError("404 Not Found: no", response=response, body=None)
    for judged in (error, NotFoundError("404 Not Found: no", response=response, body=None)):
        for unknown_id in (True, False):
            assert of_error("getThread", judged, unknown_id=unknown_id, absent=b"no").said
