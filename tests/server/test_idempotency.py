"""The same POST twice: one piece of work, one answer."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from openai_assistants.server import Call, Gate, LocalServer, Turn

from .support import LOOKUP, Api, api_of, check_answer, document, frozen, housekeeping, wait_for

KEY = {"Idempotency-Key": "key-1"}
EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e"


def post(api: Api, path: str, body: Any, key: str = "key-1", **headers: str) -> httpx.Response:
    response = api.http.post(path, json=body, headers={"Idempotency-Key": key, **headers})
    check_answer(response)
    return response


def test_the_same_request_gets_the_same_answer(api: Api) -> None:
    first, again = post(api, "/assistants", {"model": "m"}), post(api, "/assistants", {"model": "m"})
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert len(api.get("/assistants")["data"]) == 1


def test_the_answer_is_the_one_that_was_given_even_if_the_object_has_changed(api: Api) -> None:
    first = post(api, "/assistants", {"model": "m"}).json()
    api.post(f"/assistants/{first['id']}", {"name": "changed"})
    assert post(api, "/assistants", {"model": "m"}).json() == first
    api.delete(f"/assistants/{first['id']}")
    assert post(api, "/assistants", {"model": "m"}).json() == first


def test_every_kind_of_post(api: Api, server: LocalServer) -> None:
    """Each is sent twice under one key; nothing happens twice, and nothing that the first changed stops the second."""
    server.scripts.add(Turn(calls=[Call("lookup", {"query": "a"})]))
    server.scripts.add(Turn(before=Gate()))
    answers: dict[str, Any] = {}

    def twice(name: str, path: str, body: Any) -> Any:
        first, again = post(api, path, body, name), post(api, path, body, name)
        assert (first.status_code, again.status_code) == (200, 200), again.text
        assert again.json() == first.json()
        assert again.headers["idempotent-replayed"] == "true"
        answers[name] = first.json()
        return first.json()

    assistant = twice("assistant", "/assistants", {"model": "m", "tools": [LOOKUP]})
    twice("assistant update", f"/assistants/{assistant['id']}", {"name": "n"})
    thread = twice("thread", "/threads", {})
    twice("thread update", f"/threads/{thread['id']}", {"metadata": {"a": "b"}})
    message = twice("message", f"/threads/{thread['id']}/messages", {"role": "user", "content": "x"})
    twice("message update", f"/threads/{thread['id']}/messages/{message['id']}", {"metadata": {"a": "b"}})
    run = twice("run", f"/threads/{thread['id']}/runs", {"assistant_id": assistant["id"]})
    run = api.run_in(run, "requires_action")
    path = f"/threads/{thread['id']}/runs/{run['id']}"
    twice("run update", path, {"metadata": {"a": "b"}})
    (call,) = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    twice("outputs", f"{path}/submit_tool_outputs", {"tool_outputs": [{"tool_call_id": call["id"], "output": "x"}]})
    api.run_in(run, "failed")  # the script has no second turn
    other = twice("thread and run", "/threads/runs", {"assistant_id": assistant["id"]})
    twice("cancel", f"/threads/{other['thread_id']}/runs/{other['id']}/cancel", {})
    assert len(api.messages(thread["id"])) == 1
    assert len(api.get(f"/threads/{thread['id']}/runs")["data"]) == 1
    files = {name: api.file(b"hello", name, purpose="batch") for name in ("one", "two", "three")}
    described = {"tool_resources": {"file_search": {"vector_stores": [{"file_ids": [files["one"]]}]}}}
    twice("assistant with a store", "/assistants", {"model": "m", **described})
    twice("thread with a store", "/threads", described)
    store = twice("store", "/vector_stores", {"file_ids": [files["one"]]})
    assert len(api.get("/vector_stores")["data"]) == 3
    path = f"/vector_stores/{store['id']}"
    twice("store update", path, {"name": "n"})
    wait_for(lambda: api.get(path), lambda now: now["status"] == "completed")
    twice("search", f"{path}/search", {"query": "hello"})
    server.processing.hold()
    twice("store file", f"{path}/files", {"file_id": files["two"]})
    twice("store file update", f"{path}/files/{files['two']}", {"attributes": {"a": 1}})
    batch = twice("file batch", f"{path}/file_batches", {"file_ids": [files["three"]]})
    twice("file batch cancel", f"{path}/file_batches/{batch['id']}/cancel", {})
    assert [file["id"] for file in api.get(f"{path}/files", order="asc")["data"]] == list(files.values())
    upload = twice("upload", "/uploads", {"filename": "f", "purpose": "batch", "bytes": 0, "mime_type": "text/plain"})
    twice("upload complete", f"/uploads/{upload['id']}/complete", {"part_ids": [], "md5": EMPTY_MD5})
    upload = twice("other upload", "/uploads", {"filename": "f", "purpose": "batch", "bytes": 1, "mime_type": "x"})
    twice("upload cancel", f"/uploads/{upload['id']}/cancel", {})
    assert len(api.get("/files")["data"]) == len(files) + 1
    work = {"input_file_id": files["one"], "endpoint": "/v1/embeddings", "completion_window": "24h"}
    batch = twice("batch", "/batches", work)
    twice("batch cancel", f"/batches/{batch['id']}/cancel", {})
    assert len(api.get("/batches")["data"]) == 1
    posts = {
        found["operationId"]
        for item in document()["paths"].values()
        for verb, found in item.items()
        if verb == "post" and "multipart/form-data" not in found.get("requestBody", {}).get("content", {})
    }
    assert {request.operation for request in server.requests if request.method == "POST"} >= posts


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/assistants", {"model": "other"}),
        ("/threads", {"model": "m"}),
        ("/assistants?x=1", {"model": "m"}),
    ],
)
def test_the_key_for_another_request_is_a_conflict(api: Api, path: str, body: Any) -> None:
    post(api, "/assistants", {"model": "m"})
    if path == "/threads":
        body = {}
    response = post(api, path, body)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "idempotency_key_reused")
    assert response.headers["x-should-retry"] == "false"
    assert len(api.get("/assistants")["data"]) == 1


def test_without_a_key_each_request_counts(api: Api) -> None:
    for _ in range(2):
        api.post("/assistants", {"model": "m"})
    assert len(api.get("/assistants")["data"]) == 2


def test_a_refused_request_is_not_remembered(api: Api) -> None:
    thread_id = api.thread()
    path, body = f"/threads/{thread_id}/runs", {"assistant_id": "asst_x"}
    assert post(api, path, body).status_code == 404
    assert post(api, path, {}).status_code == 400
    assert post(api, path, {"assistant_id": api.assistant()}).status_code == 200


def test_keys_must_be_keys(api: Api) -> None:
    for wrong in ("", "x" * 256):
        assert post(api, "/threads", {}, wrong).status_code == 400
    assert post(api, "/threads", {}, "x" * 255).status_code == 200


def test_keys_belong_to_their_api_key() -> None:
    with LocalServer(in_process=True, api_keys=("one", "two")) as server, api_of(server) as api:
        answers = [
            post(api, "/threads", {"metadata": {"for": name}}, Authorization=f"Bearer {name}").json()
            for name in ("one", "two")
        ]
    assert answers[0]["id"] != answers[1]["id"]


def test_duplicates_at_the_same_time_do_the_work_once(loopback: LocalServer) -> None:
    count = 16
    together = threading.Barrier(count, timeout=30)

    def one(_: int) -> tuple[str, bool]:
        with api_of(loopback) as api:
            together.wait()
            response = post(api, "/threads", {"messages": [{"role": "user", "content": "hi"}]})
            return response.json()["id"], "idempotent-replayed" in response.headers

    with ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(one, range(count)))
    assert len({thread_id for thread_id, _ in answers}) == 1
    assert sorted(replayed for _, replayed in answers) == [False] + [True] * (count - 1)


def test_a_duplicate_of_a_stream_follows_the_same_run(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate, "b"]))
    path, body = f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()}
    with api.open_stream(path, body, KEY) as first:
        begun = next(first)
        with api_of(server) as other, other.open_stream(path, body, KEY) as second:
            assert next(second) == begun
            gate.open()
            assert list(first) == list(second)
    assert len(api.get(path)["data"]) == 1


def test_a_replayed_stream_says_so(api: Api) -> None:
    path, body = f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant(), "stream": True}
    for replayed in (None, "true"):
        response = api.http.post(path, json=body, headers=KEY)
        assert response.headers.get("idempotent-replayed") == replayed
        assert response.headers["openai-assistants-idempotency"] == "supported"


def test_support_can_be_turned_off(api: Api, server: LocalServer) -> None:
    server.faults.idempotency = False
    first, again = post(api, "/assistants", {"model": "m"}), post(api, "/assistants", {"model": "m"})
    assert "openai-assistants-idempotency" not in first.headers
    assert first.json()["id"] != again.json()["id"]
    server.faults.clear()
    assert "openai-assistants-idempotency" in api.send("GET", "/assistants").headers


def test_event_ids_can_be_left_out(api: Api, server: LocalServer) -> None:
    server.faults.event_ids = False
    events = api.stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()})
    assert {event.id for event in events} == {None}


def test_keys_and_event_logs_are_forgotten_after_a_day() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        path, body = f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()}
        events = api.stream(path, body, KEY)
        server.clock.advance(24 * 3600)
        assert api.stream(path, body, KEY) == events
        server.clock.advance(2)
        housekeeping(server)
        again = api.stream(path, body, KEY)
        assert again[0].data["id"] != events[0].data["id"]


def test_a_replay_of_a_log_that_is_gone_is_an_error_and_not_a_stream_without_events() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        thread_id = api.thread("q")
        path, body = f"/threads/{thread_id}/runs", {"assistant_id": api.assistant()}
        events = api.stream(path, body, KEY)
        api.delete(f"/threads/{thread_id}")
        for headers in (KEY, {**KEY, "Last-Event-ID": str(events[3].id)}):
            (event,) = api.stream(path, body, headers)
            assert event.name == "error"
            assert "deleted" in event.data["message"]


def test_a_key_is_kept_with_its_work_or_not_at_all(api: Api, server: LocalServer) -> None:
    """When the answer cannot be stored, the work is undone as well."""
    from openai_assistants.server import app

    def broken(*_: Any) -> None:
        raise RuntimeError("disk full")

    original, app.keep_answer = app.keep_answer, broken  # type: ignore[assignment]
    try:
        response = post(api, "/assistants", {"model": "m"})
    finally:
        app.keep_answer = original
    assert response.status_code == 500
    assert json.dumps(api.get("/assistants")["data"]) == "[]"
    assert post(api, "/assistants", {"model": "m"}).status_code == 200
