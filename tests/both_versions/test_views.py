"""How objects look to the version that they were not made through, what each version refuses, and how requests are told
apart.
Answers and events of version 1 are checked against its spec, in which nothing of version 2 has a place."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from openai_assistants.server import Call, Fail, Fault, LocalServer, Turn
from tests.server.support import LOOKUP, Api, librarian, text_of, wait_for

RETRIEVAL, CODE, SEARCH = {"type": "retrieval"}, {"type": "code_interpreter"}, {"type": "file_search"}
ENDED = ("completed", "failed", "cancelled", "incomplete", "expired")
V1_LOOKUP = {"type": "function", "function": {n: v for n, v in LOOKUP["function"].items() if n != "strict"}}


def test_tool_calls(server: LocalServer, api: Api, old: Api) -> None:
    server.scripts.add([Turn("Well.", calls=[Call("lookup", {"query": "a"}, id="call_1")]), Turn("Done.")])
    assistant = old.post("/assistants", {"model": "m", "tools": [V1_LOOKUP]})
    assert assistant["tools"] == [V1_LOOKUP]
    thread = old.thread("Hello")
    run = old.run_in(old.run(thread, assistant["id"], metadata={"a": "b"}), "requires_action")
    assert (run["metadata"], run["usage"], run["file_ids"]) == ({"a": "b"}, None, [])
    [call] = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    assert call["function"] == {"name": "lookup", "arguments": '{"query": "a"}'}
    path = f"/threads/{thread}/runs/{run['id']}"
    output = {"tool_outputs": [{"tool_call_id": "call_1", "output": "An answer."}]}
    assert old.post(f"{path}/submit_tool_outputs", output)["status"] == "queued"
    done = old.run_in(run, *ENDED)
    assert (done["status"], done["required_action"], done["expires_at"]) == ("completed", None, None)
    assert old.get(f"/threads/{thread}/runs")["data"] == [done]
    assert [step["type"] for step in old.steps(run)] == ["message_creation", "tool_calls", "message_creation"]
    assert old.steps(run)[1]["step_details"]["tool_calls"][0]["function"]["output"] == "An answer."
    assert old.post(path, {"metadata": {"c": "d"}}) == {**done, "metadata": {"c": "d"}}
    assert api.get(path)["metadata"] == {"c": "d"}
    status, error = old.error("POST", f"{path}/cancel")
    assert (status, error["message"]) == (400, "Cannot cancel run with status 'completed'.")


def test_a_run_is_cancelled(server: LocalServer, api: Api, old: Api) -> None:
    server.scripts.add(Turn(deltas=["One ", 600.0, "two."]))
    thread, assistant = old.thread("Hello"), old.post("/assistants", {"model": "m"})["id"]
    run = old.run(thread, assistant)
    status, error = old.error("POST", f"/threads/{thread}/runs", json={"assistant_id": assistant})
    assert (status, error["message"]) == (400, f"Thread {thread} already has an active run {run['id']}.")
    assert old.post(f"/threads/{thread}/runs/{run['id']}/cancel")["status"] == "cancelling"
    assert old.run_in(run, *ENDED)["status"] == api.run_in(run, *ENDED)["status"] == "cancelled"


@pytest.mark.parametrize(
    ("turn", "fields", "status", "code"),
    [
        (Turn("word " * 100), {"max_completion_tokens": 256}, "completed", None),
        (Turn("word " * 1000), {"max_completion_tokens": 256}, "incomplete", None),
        (Turn("Well", fail=Fail(code="invalid_prompt")), {}, "failed", "server_error"),
        (Turn("Well", fail=Fail(code="rate_limit_exceeded")), {}, "failed", "rate_limit_exceeded"),
        (Turn("I say", refusal="I will not."), {}, "completed", None),
    ],
)
def test_ends_of_runs_of_version_2(
    server: LocalServer, api: Api, old: Api, turn: Turn, fields: dict[str, Any], status: str, code: str | None
) -> None:
    server.scripts.add(turn)
    run = api.run_in(api.run(api.thread("Hello"), api.assistant(), **fields), *ENDED)
    seen = old.get(f"/threads/{run['thread_id']}/runs/{run['id']}")
    assert seen["status"] == status
    assert (seen["last_error"] or {"code": None})["code"] == code
    assert seen["usage"] == run["usage"]
    message = old.messages(run["thread_id"])[1]
    assert text_of(message) == f"{turn.text}{turn.refusal or ''}"[: len(text_of(message))]
    assert message["status"] == ("completed" if status == "completed" else "incomplete")
    if turn.refusal is not None:
        assert [block["text"]["value"] for block in message["content"]] == ["I say", "I will not."]
    assert old.steps(run)[0]["usage"] == api.steps(run)[0]["usage"]


def test_images_of_version_2(api: Api, old: Api) -> None:
    image = api.file(b"x", "a.png", purpose="vision")
    url = "https://example.com/a.png"
    content = [
        {"type": "image_url", "image_url": {"url": url, "detail": "low"}},
        {"type": "image_file", "image_file": {"file_id": image, "detail": "high"}},
        {"type": "text", "text": "What is this?"},
    ]
    thread = api.post("/threads", {"messages": [{"role": "user", "content": content}]})["id"]
    [message] = old.get(f"/threads/{thread}/messages")["data"]
    assert message["content"] == [
        {"type": "text", "text": {"value": url, "annotations": []}},
        {"type": "image_file", "image_file": {"file_id": image}},
        {"type": "text", "text": {"value": "What is this?", "annotations": []}},
    ]


def test_what_is_too_long_for_version_1_is_shown_whole(api: Api, old: Api) -> None:
    words = "word " * 8000
    path = f"/assistants/{api.assistant(instructions=words)}"
    shown = old.http.get(path).json()  # not checked: the spec of version 1 has a limit
    assert shown["instructions"] == words
    assert old.http.post(path, json={"name": "Ada"}).json() == {**shown, "name": "Ada"}
    assert old.error("POST", path, json={"instructions": words})[1]["param"] == "instructions"
    assert api.get(path)["instructions"] == words
    text = api.post("/threads", {"messages": [{"role": "user", "content": words}]})
    assert text_of(old.messages(text["id"])[0]) == words


def test_a_stream_of_version_2_is_of_its_objects(api: Api, old: Api) -> None:
    assistant, _ = librarian(old, "Whales sing.")
    body = {"assistant_id": assistant, "thread": {"messages": [{"role": "user", "content": "Who sings?"}]}}
    newer, older = api.stream("/threads/runs", body), old.stream("/threads/runs", body)
    assert [event.name for event in newer] == [event.name for event in older]
    assert newer[1].data["tools"] == [SEARCH]
    assert older[1].data["tools"] == [RETRIEVAL]


def test_what_belongs_to_the_other_version(api: Api, old: Api) -> None:
    hint = "(HINT: Another version of the API has this; set the header 'OpenAI-Beta: assistants={}' for it.)"
    thread = old.thread("Hello")
    message = old.messages(thread)[0]["id"]
    response = old.send("DELETE", f"/threads/{thread}/messages/{message}")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
    assert response.json()["error"]["message"].endswith(hint.format("v2"))
    status, error = api.error("GET", f"/threads/{thread}/messages/{message}/files")
    assert (status, error["code"]) == (404, "unknown_url")
    assert error["message"] == (f"Invalid URL (GET /v1/threads/{thread}/messages/{message}/files) {hint.format('v1')}")
    assert old.error("GET", "/assistants/a/b/c")[1]["message"] == "Invalid URL (GET /v1/assistants/a/b/c)"
    assistant = old.post("/assistants", {"model": "m"})["id"]
    for path, body, param in (
        ("/assistants", {"model": "m", "tool_resources": {}}, "tool_resources"),
        ("/assistants", {"model": "m", "temperature": 1}, "temperature"),
        ("/assistants", {"model": "m", "instructions": "x" * 32769}, "instructions"),
        ("/assistants", {"model": "m", "tools": [SEARCH]}, "tools[0].type"),
        (f"/assistants/{assistant}", {"reasoning_effort": "low"}, "reasoning_effort"),
        ("/threads", {"tool_resources": {}}, "tool_resources"),
        (f"/threads/{thread}/runs", {"assistant_id": assistant, "tool_choice": "none"}, "tool_choice"),
        (f"/threads/{thread}/runs", {"assistant_id": assistant, "additional_messages": []}, "additional_messages"),
        ("/threads/runs", {"assistant_id": assistant, "thread": {"messages": [{"role": "user"}]}}, None),
    ):
        status, error = old.error("POST", path, json=body)
        assert (status, error["param"]) == (400, param or "thread.messages[0].content")
    assert old.messages(thread)[0]["id"] == message
    assert old.get("/vector_stores")["data"] == []  # not of a version
    assert old.get("/models")["object"] == "list"
    both = {"OpenAI-Beta": "assistants=v1, assistants=v2"}
    assert "tool_resources" in old.http.get(f"/threads/{thread}", headers=both).json()


def test_answers_of_one_version_are_not_kept_for_the_other(api: Api, old: Api) -> None:
    key = {"Idempotency-Key": "k"}
    made = old.post("/assistants", {"model": "m"}, key)
    assert old.post("/assistants", {"model": "m"}, key) == made
    response = api.send("POST", "/assistants", json={"model": "m"}, headers=key)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "idempotency_key_reused")
    assert [each["id"] for each in api.get("/assistants")["data"]] == [made["id"]]


def test_operations_are_named_with_their_version(
    server: LocalServer, api: Api, old: Api, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "openai_assistants.server.access"):
        made = old.post("/assistants", {"model": "m", "metadata": {"a": "b"}})
        api.post("/assistants", {"model": "m"})
        wait_for(lambda: len(caplog.records), lambda number: number == 2)
    assert [each.json()["model"] for each in server.requests.of("createAssistant")] == ["m"]
    assert [each.json()["metadata"] for each in server.requests.of("v1.createAssistant")] == [{"a": "b"}]
    assert [record.access["operation"] for record in caplog.records] == ["v1.createAssistant", "createAssistant"]  # type: ignore[attr-defined]
    server.faults.add(Fault("status", operation="v1.getAssistant", status=503))
    assert api.get(f"/assistants/{made['id']}")["metadata"] == {"a": "b"}
    assert old.error("GET", f"/assistants/{made['id']}")[0] == 503
    assert old.get(f"/assistants/{made['id']}") == made


def test_every_operation_has_its_name(server: LocalServer) -> None:
    first, newest = (each.spec for each in (server.service.versions.first, server.service.versions.newest))
    assert {each.name for each in first.operations.values()} == {f"v1.{each}" for each in first.operations}
    assert {each.name for each in newest.operations.values()} == set(newest.operations)
    assert first.operations.keys() == server.service.versions.first.handlers.keys()
    assert len(first.operations) == 28


def test_lists_of_both_versions_agree(api: Api, old: Api) -> None:
    made = [each.post("/assistants", {"model": "m"})["id"] for each in (old, api, old)]
    for query in ({"limit": 2}, {"order": "asc", "after": made[0]}, {"before": made[0], "limit": 1}):
        newer, older = api.get("/assistants", **query), old.get("/assistants", **query)
        assert [each["id"] for each in older["data"]] == [each["id"] for each in newer["data"]]
        assert {**older, "data": []} == {**newer, "data": []}
    thread = old.thread("One", "Two")
    assert [text_of(each) for each in old.get(f"/threads/{thread}/messages", limit=1)["data"]] == ["Two"]
    assert old.post(f"/threads/{thread}", {"metadata": {"a": "b"}})["metadata"] == {"a": "b"}
    assert json.dumps(old.get(f"/threads/{thread}"), sort_keys=True) == json.dumps(
        {name: value for name, value in api.get(f"/threads/{thread}").items() if name != "tool_resources"},
        sort_keys=True,
    )
