"""What every operation has in common: URLs, methods, headers, keys, bodies that cannot be read."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from openai_assistants import __version__
from openai_assistants.server import LocalServer
from openai_assistants.server.handlers import HANDLERS

from .support import BETA, NOW, Api, api_of, at_each, document

pytestmark = pytest.mark.once

MISSING_BETA = (
    "You must provide the 'OpenAI-Beta' header to access the Assistants API. "
    "Please try again by setting the header 'OpenAI-Beta: assistants=v2'."
)


def test_every_operation_of_the_spec_has_a_handler() -> None:
    in_spec = {operation["operationId"] for item in document()["paths"].values() for operation in item.values()}
    assert in_spec == set(HANDLERS)


@pytest.mark.parametrize("path", ["foo", "assistants/", "threads//messages", "threads/t/messages/m/files", ""])
def test_unknown_urls(api: Api, path: str) -> None:
    status, error = api.error("POST", f"http://localhost/v1/{path}", json={})
    assert (status, error["message"]) == (404, f"Invalid URL (POST /v1/{path})")
    assert (error["type"], error["code"]) == ("invalid_request_error", "unknown_url")


def test_a_url_outside_the_prefix_is_unknown(api: Api) -> None:
    status, error = api.error("GET", "http://localhost/assistants")
    assert (status, error["message"]) == (404, "Invalid URL (GET /assistants)")


def test_wrong_method(api: Api) -> None:
    response = api.send("PUT", "/assistants")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"
    assert response.json()["error"]["message"] == (
        "Not allowed to PUT on /v1/assistants. (HINT: Perhaps you meant to use a different HTTP method?)"
    )


@pytest.mark.parametrize("value", [None, "assistants=v3", "realtime=v1"])
@pytest.mark.parametrize("path", ["/assistants", "/threads/thread_1"])
def test_beta_header_is_demanded(api: Api, path: str, value: str | None) -> None:
    del api.http.headers["OpenAI-Beta"]
    status, error = api.error("GET", path, headers={} if value is None else {"OpenAI-Beta": value})
    assert (status, error["code"], error["message"]) == (400, "invalid_beta", MISSING_BETA)


def test_beta_header_among_others(api: Api) -> None:
    assert api.send("GET", "/assistants", headers={"OpenAI-Beta": "realtime=v1, assistants=v2"}).status_code == 200


@pytest.mark.parametrize("path", ["/files", "/models"])
def test_beta_header_is_not_demanded_elsewhere(api: Api, path: str) -> None:
    del api.http.headers["OpenAI-Beta"]
    assert api.get(path)["object"] == "list"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/assistants/asst_x", "No assistant found with id 'asst_x'."),
        ("/threads/thread_x", "No thread found with id 'thread_x'."),
        ("/threads/thread_x/messages", "No thread found with id 'thread_x'."),
        ("/threads/{thread}/messages/msg_x", "No message found with id 'msg_x'."),
        ("/threads/{thread}/runs/run_x", "No run found with id 'run_x'."),
        ("/threads/{thread}/runs/run_x/steps", "No run found with id 'run_x'."),
        ("/files/file-x", "No file found with id 'file-x'."),
        ("/files/file-x/content", "No file found with id 'file-x'."),
        ("/threads/a%2Fb%20c", "No thread found with id 'a/b c'."),
    ],
)
def test_missing_objects(api: Api, path: str, message: str) -> None:
    status, error = api.error("GET", path.format(thread=api.thread()))
    assert (status, error["message"], error["type"]) == (404, message, "invalid_request_error")


def test_missing_step(api: Api) -> None:
    run = api.run(api.thread("x"), api.assistant())
    status, error = api.error("GET", f"/threads/{run['thread_id']}/runs/{run['id']}/steps/step_x")
    assert (status, error["message"]) == (404, "No run step found with id 'step_x'.")


@pytest.mark.parametrize(
    "body",
    [
        b"{", b'{"model": "m",}', b"\xff", b"NaN", b'{"temperature": 1e999}', b'{"model": "\\ud800"}',
        b'{"model": "\xed\xa0\x80"}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_bodies_that_are_not_json(api: Api, body: bytes) -> None:
    status, error = api.error("POST", "/assistants", content=body)
    assert status == 400
    assert error["message"].startswith("We could not parse the JSON body of your request.")


@pytest.mark.parametrize(("depth", "status"), [(100, 200), (300, 400), (960, 400), (50_000, 400)])
def test_nesting(api: Api, depth: int, status: int) -> None:
    """What is accepted can also be listed, where it stands some levels deeper."""
    nested = '{"a":' * (depth // 2) + "[" * (depth // 2) + "]" * (depth // 2) + "}" * (depth // 2)
    function = f'{{"name": "f", "parameters": {{"x": {nested}}}}}'
    body = f'{{"model": "m", "tools": [{{"type": "function", "function": {function}}}]}}'
    assert api.http.post("/assistants", content=body).status_code == status
    assert len(api.http.get("/assistants").json()["data"]) == (status == 200)


def test_no_body_counts_as_an_empty_object(api: Api) -> None:
    assert api._good(api.send("POST", "/threads"))["object"] == "thread"
    assert api.error("POST", "/assistants")[1]["message"] == "Missing required parameter: 'model'."


def test_headers_of_every_answer(api: Api) -> None:
    first, second = api.send("GET", "/assistants"), api.send("GET", "/assistants/x")
    for response in (first, second):
        assert response.headers["openai-assistants-idempotency"] == "supported"
        assert response.headers["openai-version"] == "2020-10-01"
        assert int(response.headers["openai-processing-ms"]) >= 0
        assert response.headers["content-type"] == "application/json"
    assert first.headers["x-request-id"].startswith("req_")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_a_body_beyond_the_limit() -> None:
    with LocalServer(in_process=True, max_body_bytes=1000) as server, api_of(server) as api:
        status, error = api.error("POST", "/assistants", json={"model": "m", "description": "x" * 1000})
        assert (status, error["message"]) == (413, "The request body is too large: the limit is 1000 bytes.")
        assert api.post("/assistants", {"model": "m"})["model"] == "m"


def test_api_keys() -> None:
    key, other = "sk-local-0123456789abcdef", "sk-wrong-0123456789uvwxyz"
    with LocalServer(in_process=True, api_keys=("sk-first", key)) as server, api_of(server) as api:

        def ask(headers: dict[str, str]) -> Any:
            return api.send("GET", "/files", headers=headers)

        assert ask({"Authorization": f"Bearer {key}"}).status_code == 200
        assert ask({"api-key": key}).status_code == 200
        missing = ask({})
        assert missing.status_code == 401
        assert missing.json()["error"]["message"].startswith("You didn't provide an API key.")
        wrong = ask({"Authorization": f"Bearer {other}"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "invalid_api_key")
        assert wrong.json()["error"]["message"] == "Incorrect API key provided: sk-***wxyz."
        assert "***." in ask({"Authorization": "Bearer short"}).json()["error"]["message"]
        assert other not in str([request.headers for request in server.requests])


def test_health(api: Api) -> None:
    assert api.http.get("http://localhost/health").json() == {"status": "ok", "version": __version__}


def test_health_without_a_database(api: Api, server: LocalServer, caplog: pytest.LogCaptureFixture) -> None:
    async def broken(work: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("no such host"))

    at_each(server, "database", read=broken)
    response = api.http.get("http://localhost/health")
    assert (response.status_code, response.json()["status"]) == (503, "no database")
    assert "no such host" not in response.text
    assert "the database does not answer" in caplog.messages


def test_requests_are_recorded_without_secrets(api: Api, server: Any) -> None:
    api.send("POST", "/assistants", json={"model": "m"}, headers={"Authorization": "Bearer secret", "X-Mine": "1"})
    api.send("GET", "/nowhere", params={"a": "b"})
    first, second = server.requests
    assert (first.method, first.path, first.operation, first.status) == (
        "POST", "/v1/assistants", "createAssistant", 200,
    )  # fmt: skip
    assert first.json() == {"model": "m"}
    assert (first.headers["x-mine"], first.headers["authorization"]) == ("1", "***")
    assert first.headers["openai-beta"] == BETA["OpenAI-Beta"]
    assert (second.path, second.query, second.operation, second.status) == ("/v1/nowhere", "a=b", None, 404)
    assert server.requests.of("createAssistant") == [first]
    server.requests.clear()
    assert len(server.requests) == 0


@pytest.mark.parametrize("in_process", [True, False])
def test_answers_are_dated_by_the_clock_of_the_server(in_process: bool) -> None:
    with LocalServer(in_process=in_process, drain_seconds=0.0) as server, server.http_client() as http:
        server.clock.freeze(NOW)
        response = http.get(f"{server.base_url}/assistants", headers=BETA)
        assert response.headers.get_list("date") == ["Tue, 14 Nov 2023 22:13:20 GMT"]
