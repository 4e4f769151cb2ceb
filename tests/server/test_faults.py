"""Each fault, over a real socket and in process."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from openai_assistants.server import Fault, LocalServer, Script, Turn

from .support import Api, parse_events

pytestmark = pytest.mark.once


@pytest.fixture(params=["in process", "loopback"])
def setting(request: pytest.FixtureRequest) -> tuple[Api, LocalServer]:
    fixtures = ("api", "server") if request.param == "in process" else ("loopback_api", "loopback")
    return request.getfixturevalue(fixtures[0]), request.getfixturevalue(fixtures[1])


def test_a_status_a_number_of_times(setting: Any) -> None:
    api, server = setting
    server.faults.add(Fault("status", operation="createThread", times=2, status=429, retry_after=1.5))
    for _ in range(2):
        response = api.send("POST", "/threads", json={})
        assert (response.status_code, response.headers["retry-after"]) == (429, "1.5")
        assert "openai-assistants-idempotency" in response.headers
    assert api.send("POST", "/threads", json={}).status_code == 200
    assert [request.status for request in server.requests] == [429, 429, 200]
    assert [request.body for request in server.requests] == [b"{}"] * 3
    assert server.faults.waiting == []


@pytest.mark.parametrize(
    ("body", "expected"), [({"detail": "x"}, b'{"detail": "x"}'), ("<html>", b"<html>"), (b"\xff", b"\xff"), ("", b"")]
)
def test_a_status_with_any_body(setting: Any, body: Any, expected: bytes) -> None:
    api, server = setting
    server.faults.add(Fault("status", status=503, body=body, headers={"content-type": "text/html"}))
    response = api.http.get("/assistants")
    assert (response.status_code, response.content) == (503, expected)
    assert response.headers["content-type"] == "text/html"


def test_a_status_after_the_work_was_done(setting: Any) -> None:
    api, server = setting
    server.faults.add(Fault("status_after", method="post", status=502))
    assert api.send("POST", "/assistants", json={"model": "m"}).status_code == 502
    assert len(api.get("/assistants")["data"]) == 1


def test_a_reset_before_the_request_is_handled(setting: Any) -> None:
    api, server = setting
    server.faults.add(Fault("reset_before", path="/v1/assistants"))
    with pytest.raises(httpx.ReadError):
        api.http.post("/assistants", json={"model": "m"})
    assert api.get("/assistants")["data"] == []
    assert (server.requests[0].json(), server.requests[0].status) == ({"model": "m"}, None)


def test_a_reset_after_the_request_was_handled(setting: Any) -> None:
    api, server = setting
    server.faults.add(Fault("reset_after", operation="createAssistant"))
    with pytest.raises(httpx.ReadError):
        api.http.post("/assistants", json={"model": "m"})
    assert len(api.get("/assistants")["data"]) == 1


def test_a_run_goes_on_when_the_answer_to_its_creation_is_lost(setting: Any) -> None:
    api, server = setting
    server.faults.add(Fault("reset_after", operation="createRun"))
    thread_id, body = api.thread("q"), {"assistant_id": api.assistant(), "stream": True}
    with pytest.raises(httpx.ReadError):
        api.http.post(f"/threads/{thread_id}/runs", json=body)
    (run,) = api.get(f"/threads/{thread_id}/runs")["data"]
    api.run_in(run, "completed")


@pytest.mark.parametrize("ending", ["close", "reset", "end"])
@pytest.mark.parametrize("size", [0, 1, 10])
def test_a_body_cut_after_bytes(setting: Any, ending: Any, size: int) -> None:
    api, server = setting
    server.faults.add(Fault("cut", operation="listAssistants", bytes=size, ending=ending))
    error = {"close": httpx.RemoteProtocolError, "reset": httpx.ReadError, "end": None}[ending]
    got = b""
    if error is None:
        got = api.http.get("/assistants").content
    else:
        with pytest.raises(error), api.http.stream("GET", "/assistants") as response:
            for piece in response.iter_raw():
                got += piece
    whole = b'{"object":"list"'
    assert got == whole[:size] if ending != "reset" else whole.startswith(got)
    assert api.get("/assistants")["data"] == []


@pytest.mark.parametrize("ending", ["close", "end"])
@pytest.mark.parametrize("count", [0, 1, 3, 9, 14])
def test_a_stream_cut_after_events(setting: Any, ending: Any, count: int) -> None:
    api, server = setting
    server.scripts.add(Turn("one two three"))
    server.faults.add(Fault("cut", operation="createRun", events=count, ending=ending))
    thread_id, body = api.thread("q"), {"assistant_id": api.assistant(), "stream": True}
    text = b""

    def read() -> None:
        nonlocal text
        with api.http.stream("POST", f"/threads/{thread_id}/runs", json=body) as response:
            for piece in response.iter_raw():
                text += piece

    if ending == "end":
        read()
    else:
        with pytest.raises(httpx.RemoteProtocolError):
            read()
    assert len(list(parse_events(iter(text.decode().split("\n")[:-1])))) == count
    (run,) = api.get(f"/threads/{thread_id}/runs")["data"]
    assert api.run_in(run, "completed")


def test_a_stream_cut_and_resumed_is_whole(setting: Any) -> None:
    api, server = setting
    server.scripts.add(Script([Turn("one two three four")]))
    server.faults.add(Fault("cut", operation="createRun", events=5, times=2))
    path, body = f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant(), "stream": True}
    headers = {"Idempotency-Key": "k"}
    seen: list[Any] = []
    while True:
        pieces = b""
        try:
            with api.http.stream("POST", path, json=body, headers=headers) as response:
                for piece in response.iter_raw():
                    pieces += piece
        except httpx.RemoteProtocolError:
            pass
        seen += parse_events(iter(pieces.decode().split("\n")[:-1]))
        if seen[-1].name == "done":
            break
        headers["Last-Event-ID"] = seen[-1].id
    assert len(server.requests.of("createRun")) == 3
    assert seen == api.stream(path, body, {"Idempotency-Key": "k"})


@pytest.mark.parametrize("kind", ["delay", "slow_first_byte"])
def test_a_slow_answer(setting: Any, kind: Any) -> None:
    api, server = setting
    server.faults.add(Fault(kind, operation="createAssistant", seconds=30))
    with pytest.raises(httpx.ReadTimeout):
        api.http.post("/assistants", json={"model": "m"}, timeout=0.2)
    handled = kind == "slow_first_byte"
    assert len(api.get("/assistants")["data"]) == int(handled)


@pytest.mark.parametrize("kind", ["delay", "slow_first_byte"])
def test_a_slow_answer_comes_in_the_end(setting: Any, kind: Any) -> None:
    api, server = setting
    server.faults.add(Fault(kind, seconds=0.1))
    started = time.monotonic()
    assert api.get("/assistants")["data"] == []
    assert time.monotonic() - started >= 0.1


def test_which_requests_a_fault_hits(api: Api, server: LocalServer) -> None:
    thread_id = api.thread()

    def statuses(*asked: tuple[str, str]) -> list[int]:
        return [api.send(method, path).status_code for method, path in asked]

    every = [("GET", "/assistants"), ("GET", f"/threads/{thread_id}"), ("GET", f"/threads/{thread_id}/messages")]
    server.faults.add(Fault("status", path="/v1/threads/*/messages"))
    assert statuses(*every) == [200, 200, 500]
    server.faults.add(Fault("status", operation="getThread", status=418))
    assert statuses(*every) == [200, 418, 200]
    server.faults.add(Fault("status", skip=1, times=None, status=503))
    assert statuses(*every) == [200, 503, 503]
    assert server.faults.waiting == []
    server.faults.clear()
    assert statuses(*every) == [200, 200, 200]
    server.faults.add(Fault("status", status=501), Fault("status", status=502))
    assert statuses(*every) == [501, 502, 200]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "cut"}, "give one of them"),
        ({"kind": "cut", "bytes": 1, "events": 1}, "give one of them"),
        ({"kind": "delay"}, "needs seconds"),
        ({"kind": "status", "times": 0}, "1 or more"),
        ({"kind": "reset"}, "'cut', not 'reset'; did you mean 'reset_before' or 'reset_after'"),
        ({"kind": "bogus"}, "takes 'status', 'status_after', .* or 'cut', not 'bogus'$"),
        ({"kind": "status", "operation": "getThraed"}, "no operation 'getThraed'; did you mean 'getThread'"),
        ({"kind": "status", "operation": "v1.createRunn"}, "did you mean 'v1.createRun'"),
        ({"kind": "status", "operation": "???"}, "there are listAssistants, .*v1.getRunStep"),
        ({"kind": "status", "method": "GTE"}, "no request has the method 'GTE'; did you mean 'GET'"),
        ({"kind": "status", "path": "v1/threads"}, "paths begin with a slash"),
        ({"kind": "status", "skip": -1}, "0 or more"),
        ({"kind": "status", "status": 42}, "from 200 to 599, not 42"),
        ({"kind": "cut", "bytes": 1, "ending": "rest"}, "did you mean 'reset'"),
    ],
)
def test_faults_that_make_no_sense(fields: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Fault(**fields)


def test_a_fault_with_a_value_of_another_type() -> None:
    with pytest.raises(TypeError, match=r"Fault\(status=...\) takes a whole number, not 'busy'"):
        Fault("status", status="busy")  # type: ignore[arg-type]


def test_requests_of_an_operation_that_there_is_not(server: LocalServer) -> None:
    assert server.requests.of("getThread") == server.requests.of("v1.getThread") == []
    with pytest.raises(ValueError, match="no operation 'getThraed'; did you mean 'getThread'"):
        server.requests.of("getThraed")
