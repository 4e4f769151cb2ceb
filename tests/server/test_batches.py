"""Batches: what is checked, the statuses they go through, what each request gets."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from openai_assistants.server import LocalServer, background
from openai_assistants.server.background import MAX_LINES, InputCheck

from .support import NOW, Api, api_of, at_each, frozen, housekeeping, in_database, wait_for
from .test_files import blobs_in

ENDPOINT = "/v1/embeddings"
FINAL = ("completed", "failed", "expired", "cancelled")


def request(number: int = 0, **fields: Any) -> dict[str, Any]:
    body = {"model": "m", "input": "x"}
    return {"custom_id": f"r{number}", "method": "POST", "url": ENDPOINT, "body": body, **fields}


def input_file(api: Api, *requests: Any) -> str:
    text = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in requests)
    return api.file(text.encode(), "in.jsonl", purpose="batch")


def batch_of(api: Api, file_id: str, **fields: Any) -> Any:
    body = {"input_file_id": file_id, "endpoint": ENDPOINT, "completion_window": "24h", **fields}
    return api.post("/batches", body)


def look(api: Api, batch: Any) -> Any:
    return api.get(f"/batches/{batch['id']}")


def in_status(api: Api, batch: Any, *statuses: str) -> Any:
    return wait_for(lambda: look(api, batch), lambda now: now["status"] in statuses)


def test_all_statuses_one_after_the_other() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        gates = {
            status: server.processing.hold(status=status) for status in ("validating", "in_progress", "finalizing")
        }
        file_id = input_file(api, request(1), request(2))
        made = batch_of(api, file_id, metadata={"a": "b"})
        nothing = ("in_progress", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled")
        assert made == {
            "id": made["id"],
            "object": "batch",
            "endpoint": ENDPOINT,
            "errors": None,
            "input_file_id": file_id,
            "completion_window": "24h",
            "status": "validating",
            "output_file_id": None,
            "error_file_id": None,
            "created_at": NOW,
            "expires_at": NOW + 24 * 3600,
            **{f"{status}_at": None for status in nothing},
            "request_counts": {"total": 0, "completed": 0, "failed": 0},
            "metadata": {"a": "b"},
        }
        assert made["id"].startswith("batch_")
        assert gates["validating"].reached.wait(10)
        assert look(api, made) == made
        server.clock.advance(10)
        gates["validating"].open()
        assert gates["in_progress"].reached.wait(10)
        begun = {**made, "status": "in_progress", "in_progress_at": NOW + 10}
        begun["request_counts"] = {"total": 2, "completed": 0, "failed": 0}
        assert look(api, made) == begun
        server.clock.advance(10)
        gates["in_progress"].open()
        assert gates["finalizing"].reached.wait(10)
        written = look(api, made)
        counts = {"total": 2, "completed": 0, "failed": 2}
        assert written == {
            **begun,
            "status": "finalizing",
            "finalizing_at": NOW + 20,
            "request_counts": counts,
            "error_file_id": written["error_file_id"],
        }
        server.clock.advance(10)
        gates["finalizing"].open()
        assert in_status(api, made, *FINAL) == {**written, "status": "completed", "completed_at": NOW + 30}


def test_each_request_gets_what_it_would_get_from_this_server(api: Api) -> None:
    """A 404, in the error file; asked directly, the URL gives the same."""
    batch = in_status(api, batch_of(api, input_file(api, request(1), request(2))), *FINAL)
    assert (batch["status"], batch["output_file_id"]) == ("completed", None)
    file = api.get(f"/files/{batch['error_file_id']}")
    assert (file["filename"], file["purpose"]) == (f"{batch['id']}_error.jsonl", "batch_output")
    content = api.http.get(f"/files/{file['id']}/content").content
    assert file["bytes"] == len(content)
    answers = [json.loads(line) for line in content.decode().splitlines()]
    assert [answer["custom_id"] for answer in answers] == ["r1", "r2"]
    asked = api.send("POST", "http://localhost/v1/embeddings", json={})
    for answer in answers:
        response = answer["response"]
        assert (response["status_code"], response["body"]) == (asked.status_code, asked.json())
        assert answer == {
            "id": answer["id"],
            "custom_id": answer["custom_id"],
            "response": {"status_code": 404, "request_id": response["request_id"], "body": response["body"]},
            "error": None,
        }


@pytest.mark.parametrize(
    ("requests", "errors"),
    [
        ([], [("empty_file", None, None)]),
        (["", " \r"], [("empty_file", None, None)]),
        (["{", request()], [("invalid_json_line", 1, None)]),
        ([request(), "[1]"], [("invalid_json_line", 2, None)]),
        ([request(), "", request()], [("duplicate_custom_id", 3, "custom_id")]),
        ([request(custom_id=1)], [("missing_required_parameter", 1, "custom_id")]),
        ([request(method="GET")], [("invalid_method", 1, "method")]),
        ([request(url="/v1/responses")], [("mismatched_url", 1, "url")]),
        ([request(body=None)], [("missing_required_parameter", 1, "body")]),
        (
            [{}],
            [
                ("missing_required_parameter", 1, "custom_id"), ("invalid_method", 1, "method"),
                ("mismatched_url", 1, "url"), ("missing_required_parameter", 1, "body"),
            ],
        ),
        (["x"] * 200, [("invalid_json_line", number, None) for number in range(1, 101)]),
    ],
)  # fmt: skip
def test_an_input_file_with_errors(api: Api, requests: list[Any], errors: list[Any]) -> None:
    batch = in_status(api, batch_of(api, input_file(api, *requests)), *FINAL)
    assert (batch["status"], batch["error_file_id"], batch["in_progress_at"]) == ("failed", None, None)
    assert batch["failed_at"] is not None
    assert batch["errors"]["object"] == "list"
    assert [(each["code"], each["line"], each["param"]) for each in batch["errors"]["data"]] == errors
    assert batch["request_counts"] == {"total": 0, "completed": 0, "failed": 0}


def test_a_line_that_is_longer_than_any_request_may_be(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "MAX_LINE", 200)
    allowed = json.dumps(request(1)).ljust(200)
    batch = in_status(api, batch_of(api, input_file(api, allowed)), *FINAL)
    assert (batch["status"], batch["request_counts"]["total"]) == ("completed", 1)
    batch = in_status(api, batch_of(api, input_file(api, allowed, json.dumps(request(2)).ljust(300), "")), *FINAL)
    assert [(each["code"], each["line"]) for each in batch["errors"]["data"]] == [("invalid_json_line", 2)]


def test_a_fault_of_the_server_fails_the_batch_and_tells_no_details(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(check: InputCheck, number: int, line: bytes) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(InputCheck, "line", broken)
    batch = in_status(api, batch_of(api, input_file(api, request())), *FINAL)
    assert batch["status"] == "failed"
    assert [each["code"] for each in batch["errors"]["data"]] == ["server_error"]
    assert "secret" not in json.dumps(batch)
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    "step",
    [
        partial(background._begin, total=7),
        partial(background._fail, errors=[]),
        partial(background._finalize, file_id="file-late", size=1, failed=7),
        background._complete,
        background.settle_cancelled_batch,
    ],
    ids=["begin", "fail", "finalize", "complete", "cancelled"],
)
def test_a_step_that_comes_too_late_changes_nothing(api: Api, server: LocalServer, step: Any) -> None:
    """Another worker has been faster, or the batch was given up meanwhile."""
    batch = in_status(api, batch_of(api, input_file(api, request())), *FINAL)
    files = api.get("/files")
    in_database(server, partial(step, batch_id=batch["id"]))
    assert (look(api, batch), api.get("/files")) == (batch, files)


def test_as_many_requests_as_there_may_be(api: Api) -> None:
    allowed = [json.dumps(request(number)) for number in range(MAX_LINES)]
    batch = in_status(api, batch_of(api, input_file(api, *allowed)), *FINAL)
    assert (batch["status"], batch["request_counts"]["failed"]) == ("completed", MAX_LINES)
    batch = in_status(api, batch_of(api, input_file(api, *allowed, request(-1))), *FINAL)
    assert [each["code"] for each in batch["errors"]["data"]] == ["too_many_requests"]


def test_the_input_file_must_be_one(api: Api) -> None:
    body = {"input_file_id": "file-x", "endpoint": ENDPOINT, "completion_window": "24h"}
    assert api.error("POST", "/batches", json=body)[0] == 404
    file_id = api.file(purpose="user_data")
    status, error = api.error("POST", "/batches", json={**body, "input_file_id": file_id})
    assert (status, error["param"]) == (400, "input_file_id")
    assert error["message"] == f"The input file must have the purpose 'batch', but '{file_id}' has 'user_data'."
    for name, wrong in (("endpoint", "/v1/assistants"), ("completion_window", "1h")):
        status, error = api.error("POST", "/batches", json={**body, name: wrong})
        assert (status, error["param"]) == (400, name)
    assert api.get("/batches")["data"] == []


@pytest.mark.parametrize("status", ["validating", "in_progress"])
def test_an_input_file_that_is_deleted_meanwhile(api: Api, server: LocalServer, status: str) -> None:
    gate = server.processing.hold(status=status)
    file_id = input_file(api, request())
    batch = batch_of(api, file_id)
    assert gate.reached.wait(10)
    api.delete(f"/files/{file_id}")
    gate.open()
    ended = in_status(api, batch, *FINAL)
    assert ended["status"] == "failed"
    assert [each["code"] for each in ended["errors"]["data"]] == ["invalid_file"]


@pytest.mark.parametrize("status", ["validating", "in_progress", "finalizing"])
def test_cancelling(api: Api, server: LocalServer, status: str) -> None:
    gate = server.processing.hold(status=status)
    batch = batch_of(api, input_file(api, request()))
    assert gate.reached.wait(10)
    path = f"/batches/{batch['id']}/cancel"
    cancelling = api.post(path)
    assert (cancelling["status"], cancelling["cancelled_at"]) == ("cancelling", None)
    assert cancelling["cancelling_at"] is not None
    cancelled = in_status(api, batch, *FINAL)
    assert (cancelled["status"], cancelled["completed_at"]) == ("cancelled", None)
    assert cancelled["cancelled_at"] is not None
    gate.open()
    assert api.post(path) == cancelled == look(api, batch)


def test_a_batch_that_is_over_cannot_be_cancelled(api: Api) -> None:
    for requests, status in (([request()], "completed"), ([], "failed")):
        batch = in_status(api, batch_of(api, input_file(api, *requests)), *FINAL)
        code, error = api.error("POST", f"/batches/{batch['id']}/cancel")
        assert (code, error["message"]) == (400, f"Cannot cancel batch {batch['id']} with status '{status}'.")


def test_expiry() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        gate = server.processing.hold(status="in_progress")
        batch = batch_of(api, input_file(api, request()))
        assert gate.reached.wait(10)
        server.clock.advance(24 * 3600 - 1)
        assert look(api, batch)["status"] == "in_progress"
        server.clock.advance(1)
        expired = look(api, batch)
        assert (expired["status"], expired["expired_at"]) == ("expired", NOW + 24 * 3600)
        assert api.get("/batches")["data"] == [expired]
        assert api.error("POST", f"/batches/{batch['id']}/cancel")[0] == 400
        gate.open()
        other = in_status(api, batch_of(api, input_file(api, request())), *FINAL)
        assert other["status"] == "completed"
        assert look(api, batch) == expired


def test_output_files_expire_as_asked() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        rule = {"anchor": "created_at", "seconds": 3600}
        batch = batch_of(api, input_file(api, request()), output_expires_after=rule)
        batch = in_status(api, batch, *FINAL)
        path = f"/files/{batch['error_file_id']}"
        assert api.get(path)["expires_at"] == NOW + 3600
        server.clock.advance(3600)
        assert api.error("GET", path)[0] == 404


def test_lists(api: Api) -> None:
    file_id = input_file(api, request())
    ids = [batch_of(api, file_id)["id"] for _ in range(3)]
    page = api.get("/batches", limit=2)
    assert ([each["id"] for each in page["data"]], page["has_more"]) == (ids[:0:-1], True)
    assert [each["id"] for each in api.get("/batches", after=ids[1])["data"]] == ids[:1]
    assert api.error("GET", "/batches", params={"limit": 101})[0] == 400
    assert api.error("GET", "/batches/batch_x")[0] == 404


def test_a_batch_goes_on_after_a_restart(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    with LocalServer(in_process=True, database=database, drain_seconds=0.0) as server, api_of(server) as api:
        file_id = input_file(api, request(1), request(2))
        held = []
        for status in ("validating", "in_progress", "finalizing"):
            gate = server.processing.hold(status=status, times=1)
            held.append(batch_of(api, file_id))
            assert gate.reached.wait(10)

        async def nothing() -> None:
            """A process that dies before it settles a cancel."""

        at_each(server, "batches_worker", look=nothing)
        cancelling = batch_of(api, file_id)
        api.post(f"/batches/{cancelling['id']}/cancel")
        assert [look(api, each)["status"] for each in (*held, cancelling)] == [
            "validating", "in_progress", "finalizing", "cancelling",
        ]  # fmt: skip
    with LocalServer(in_process=True, database=database) as server, api_of(server) as api:
        for batch in held:
            assert in_status(api, batch, *FINAL)["request_counts"] == {"total": 2, "completed": 0, "failed": 2}
        assert in_status(api, cancelling, *FINAL)["status"] == "cancelled"
        assert len(api.get("/files", purpose="batch_output")["data"]) == 3


def test_what_an_interrupted_batch_has_written_is_thrown_away() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        batch = batch_of(api, input_file(api, request()))
        in_status(api, batch, "completed")
        gate = server.processing.hold(status="in_progress")
        other = batch_of(api, input_file(api, request()))
        assert gate.reached.wait(10)
        before = blobs_in(server)
        api.post(f"/batches/{other['id']}/cancel")
        in_status(api, other, "cancelled")
        server.clock.advance(2 * 3600)
        housekeeping(server)
        assert blobs_in(server) == before
        assert api.http.get(f"/files/{look(api, batch)['error_file_id']}/content").content
