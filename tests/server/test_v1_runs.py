"""Version 1: threads, runs, steps, streams and citations, and how objects look that were made through version 2.
Answers and events of version 1 are checked against its spec, in which nothing of version 2 has a place."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from openai_assistants.server import Call, Fail, Fault, LocalServer, Search, Turn

from .support import BETA, BETA_V1, LOOKUP, Api, Event, api_of, text_of, wait_for

RETRIEVAL, CODE, SEARCH = {"type": "retrieval"}, {"type": "code_interpreter"}, {"type": "file_search"}
ENDED = ("completed", "failed", "cancelled", "incomplete", "expired")
V1_LOOKUP = {"type": "function", "function": {n: v for n, v in LOOKUP["function"].items() if n != "strict"}}


@pytest.fixture
def old(server: LocalServer) -> Iterator[Api]:
    """A client of `server` that speaks version 1."""
    with api_of(server, BETA_V1) as client:
        yield client


def librarian(old: Api, *texts: str, **fields: Any) -> tuple[str, list[str]]:
    """An assistant of version 1 that looks things up in files with these texts."""
    files = [old.file(text.encode(), f"{number}.txt") for number, text in enumerate(texts)]
    body = {"model": "m", "tools": [RETRIEVAL], "file_ids": files, **fields}
    return str(old.post("/assistants", body)["id"]), files


def citations(message: Any) -> list[dict[str, Any]]:
    return [each for block in message["content"] for each in block["text"]["annotations"]]


def quotes(message: Any) -> list[str]:
    return [each["file_citation"]["quote"] for each in citations(message)]


# ---- citations ----


def test_a_run_finds_the_files_of_an_assistant_that_was_just_made(server: LocalServer, api: Api, old: Api) -> None:
    gate = server.processing.hold("*.txt")
    assistant, [file_id] = librarian(old, "Whales sing at night.")
    body = {"assistant_id": assistant, "thread": {"messages": [{"role": "user", "content": "When do whales sing?"}]}}
    run = old.post("/threads/runs", body)
    assert (run["status"], run["file_ids"], run["tools"]) == ("queued", [file_id], [RETRIEVAL])
    assert gate.reached.wait(10)
    assert old.run_in(run, "in_progress")["completed_at"] is None
    gate.open()
    assert old.run_in(run, *ENDED)["status"] == "completed"
    answer, _ = old.get(f"/threads/{run['thread_id']}/messages")["data"]
    [citation] = citations(answer)
    assert citation["file_citation"] == {"file_id": file_id, "quote": "Whales sing at night."}
    assert text_of(answer)[citation["start_index"] : citation["end_index"]] == citation["text"]
    [newer, _] = api.get(f"/threads/{run['thread_id']}/messages")["data"]
    assert citations(newer)[0]["file_citation"] == {"file_id": file_id}
    retrieved, written = old.steps(run)
    assert retrieved["step_details"]["tool_calls"][0].items() >= {"type": "retrieval", "retrieval": {}}.items()
    assert written["step_details"]["message_creation"]["message_id"] == answer["id"]
    assert old.get(f"/threads/{run['thread_id']}/runs/{run['id']}/steps/{retrieved['id']}") == retrieved


def test_files_of_messages_are_found_too(old: Api) -> None:
    assistant, files = librarian(old, "Whales sing at night.")
    mine = old.file(b"Crabs sing in the morning.", "mine.txt")
    message = {"role": "user", "content": "Who sings?", "file_ids": [mine]}
    run = old.post("/threads/runs", {"assistant_id": assistant, "thread": {"messages": [message]}})
    assert old.run_in(run, *ENDED)["file_ids"] == files
    answer, _ = old.get(f"/threads/{run['thread_id']}/messages")["data"]
    cited = {each["file_citation"]["file_id"]: each["file_citation"]["quote"] for each in citations(answer)}
    assert cited == {files[0]: "Whales sing at night.", mine: "Crabs sing in the morning."}


def test_each_citation_quotes_its_own_passage(server: LocalServer, old: Api) -> None:
    texts = [f"{animal} {' '.join([word] * 1500)}" for animal, word in (("Whales", "deep"), ("Crabs", "shore"))]
    assistant, [file_id] = librarian(old, " ".join(texts))
    thread = old.thread("About animals.", "And more.")
    gone = old.get(f"/threads/{thread}/messages")["data"][0]["id"]
    assert old.http.delete(f"/threads/{thread}/messages/{gone}", headers=BETA).status_code == 200
    searches = [Turn(calls=[Search("Whales"), Search("Crabs")]), Turn(calls=[Search("Crabs")])]
    markers = ["【2:0†0.txt】", "【3:0†0.txt】", "【4:0†0.txt】"]
    for number in (0, 2):  # as many messages are there before the second run
        said = [f"【{int(each[1]) + number}{each[2:]}" for each in markers]
        server.scripts.add([*searches, Turn(" ".join([*said, "【9:9†0.txt】"]))])
        run = old.run_in(old.run(thread, assistant), *ENDED)
        answer = old.get(f"/threads/{thread}/messages")["data"][0]
        assert answer["run_id"] == run["id"]
        assert [each["text"] for each in citations(answer)] == said
        assert [each["file_citation"]["file_id"] for each in citations(answer)] == [file_id] * 3
        first, second, third = quotes(answer)
        assert first.startswith("Whales deep deep")
        assert "Crabs shore" in second
        assert (first != second, second) == (True, third)
        old.post(f"/threads/{thread}/messages", {"role": "user", "content": "More?"})
        assert quotes(old.get(f"/threads/{thread}/messages/{answer['id']}")) == [first, second, third]


def test_citations_that_no_search_has_found(server: LocalServer, api: Api, old: Api) -> None:
    assistant, [file_id, other] = librarian(old, "Whales sing.", "Crabs walk.")
    annotations = [
        {"type": "file_citation", "text": "[a]", "file_citation": {"file_id": file_id, "quote": "as said"}},
        {"type": "file_citation", "text": "[b]", "file_citation": {"file_id": file_id}},
        {"type": "file_citation", "text": "[c]", "file_citation": {"file_id": other}},
        {"type": "file_path", "text": "sandbox:/d.txt", "file_path": {"file_id": other}},
    ]
    server.scripts.add([Turn(calls=[Search("Whales")]), Turn("[a] [b] [c] sandbox:/d.txt", annotations=annotations)])
    events = old.stream("/threads/runs", {"assistant_id": assistant})
    message = next(event.data for event in events if event.name == "thread.message.completed")
    assert message == old.get(f"/threads/{message['thread_id']}/messages")["data"][0]
    assert [each["file_citation"]["quote"] for each in citations(message)[:3]] == ["as said", "Whales sing.", ""]
    assert message["file_ids"] == [other]  # what a program has made came with the message
    path = f"/threads/{message['thread_id']}/messages/{message['id']}/files"
    assert old.get(f"{path}/{other}") == old.get(path)["data"][0]
    assert api.get(path.removesuffix("/files"))["attachments"] == []


# ---- runs ----


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


def test_instructions_and_tools_of_a_run(api: Api, old: Api) -> None:
    assistant, [file_id] = librarian(old, "Whales sing.", tools=[CODE], instructions="Be brief.")
    before = api.get(f"/assistants/{assistant}")
    fields = {"tools": [RETRIEVAL], "additional_instructions": "Be kind.", "model": "other"}
    thread = old.thread("Who sings?")
    run = old.run_in(old.run(thread, assistant, **fields), *ENDED)
    assert (run["tools"], run["instructions"], run["model"]) == ([RETRIEVAL], "Be brief.\nBe kind.", "other")
    assert (run["file_ids"], run["status"]) == ([file_id], "completed")
    assert quotes(old.get(f"/threads/{thread}/messages")["data"][0]) == ["Whales sing."]
    after = old.get(f"/assistants/{assistant}")
    assert (after["tools"], after["file_ids"]) == ([CODE], [file_id])
    kept = {name: value for name, value in api.get(f"/assistants/{assistant}").items() if name != "tool_resources"}
    assert kept == {name: value for name, value in before.items() if name != "tool_resources"}
    again = old.run_in(old.post("/threads/runs", {"assistant_id": assistant, "tools": [RETRIEVAL]}), *ENDED)
    assert again["file_ids"] == [file_id]
    assert len(api.get("/vector_stores")["data"]) == 1


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


def test_runs_of_many_files_of_version_2(api: Api, old: Api) -> None:
    files = [api.file(f"{n}".encode(), f"{n}.txt") for n in range(23)]
    store = api.post("/vector_stores", {"file_ids": files})["id"]
    tool_resources = {"file_search": {"vector_store_ids": [store]}, "code_interpreter": {"file_ids": files[:1]}}
    with_store = api.assistant(tools=[SEARCH, CODE], tool_resources=tool_resources)
    thread = api.thread("Hello")
    for assistant, expected in ((with_store, files[:20]), (api.assistant(), [])):
        run = api.run_in(api.run(thread, assistant), *ENDED)
        assert old.get(f"/threads/{thread}/runs/{run['id']}")["file_ids"] == expected
    assert [run["file_ids"] for run in old.get(f"/threads/{thread}/runs")["data"]] == [[], files[:20]]


# ---- streams ----


def comparable(events: list[Event]) -> list[tuple[str, str | None]]:
    return [(event.name, event.id) for event in events]


def test_a_stream_in_both_versions_and_from_any_place(server: LocalServer, api: Api, old: Api) -> None:
    server.scripts.add(
        [
            Turn(calls=[Search("Whales"), Call("lookup", {"query": "a"}, id="call_1")]),
            Turn("Found 【1:0†0.txt】.", refusal="No more."),
        ]
    )
    assistant, files = librarian(old, "Whales sing.", tools=[RETRIEVAL, V1_LOOKUP])
    body = {"assistant_id": assistant, "thread": {"messages": [{"role": "user", "content": "Who sings?"}]}}
    header = {"Idempotency-Key": "first"}
    first = old.stream("/threads/runs", body, header)
    assert first[0].name == "thread.created"
    assert first[1].data["file_ids"] == files
    assert [event.name for event in first[-2:]] == ["thread.run.requires_action", "done"]
    run = first[-2].data
    path = f"/threads/{run['thread_id']}/runs/{run['id']}/submit_tool_outputs"
    output = {"tool_outputs": [{"tool_call_id": "call_1", "output": "An answer."}]}
    second = old.stream(path, output, {"Idempotency-Key": "second"})
    for where, what, key, events in (("/threads/runs", body, "first", first), (path, output, "second", second)):
        for at, event in enumerate(events):
            headers = {"Idempotency-Key": key, "Last-Event-ID": str(event.id)}
            assert old.stream(where, what, headers) == events[at + 1 :]
    assert [event.name for event in second[-2:]] == ["thread.run.completed", "done"]
    assert second[-2].data == old.get(f"/threads/{run['thread_id']}/runs/{run['id']}")
    pieces = [event.data["delta"]["content"][0]["text"] for event in second if event.name == "thread.message.delta"]
    assert "".join(piece["value"] for piece in pieces) == "Found 【1:0†0.txt】.No more."
    [annotation] = [each for piece in pieces for each in piece.get("annotations", ())]
    assert annotation["file_citation"] == {"file_id": files[0], "quote": "Whales sing."}
    message = next(event.data for event in second if event.name == "thread.message.completed")
    assert message == old.messages(run["thread_id"])[1]
    assert quotes(message) == ["Whales sing."]
    deltas = [event.data["delta"]["step_details"] for event in first if event.name == "thread.run.step.delta"]
    assert {call["type"] for details in deltas for call in details["tool_calls"]} == {"retrieval", "function"}
    # The log is the same for both: only keys do not cross over.
    for mine, theirs in ((old, api), (api, old)):
        key = {"Idempotency-Key": f"of {mine.http.headers['openai-beta']}"}
        mine.stream("/threads/runs", {"assistant_id": assistant}, key)
        error = theirs.send("POST", "/threads/runs", json={"assistant_id": assistant, "stream": True}, headers=key)
        assert (error.status_code, error.json()["error"]["code"]) == (409, "idempotency_key_reused")


def test_a_stream_of_version_2_is_of_its_objects(api: Api, old: Api) -> None:
    assistant, _ = librarian(old, "Whales sing.")
    body = {"assistant_id": assistant, "thread": {"messages": [{"role": "user", "content": "Who sings?"}]}}
    newer, older = api.stream("/threads/runs", body), old.stream("/threads/runs", body)
    assert [event.name for event in newer] == [event.name for event in older]
    assert newer[1].data["tools"] == [SEARCH]
    assert older[1].data["tools"] == [RETRIEVAL]


# ---- one server, two versions ----


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
