"""Version 1: threads, runs, steps, streams and citations, and how objects look that were made through version 2.
Answers and events of version 1 are checked against its spec, in which nothing of version 2 has a place."""

from __future__ import annotations

from typing import Any

from openai_assistants.server import Call, LocalServer, Search, Turn

from .support import BETA, LOOKUP, Api, Event, librarian, text_of

RETRIEVAL, CODE, SEARCH = {"type": "retrieval"}, {"type": "code_interpreter"}, {"type": "file_search"}
ENDED = ("completed", "failed", "cancelled", "incomplete", "expired")
V1_LOOKUP = {"type": "function", "function": {n: v for n, v in LOOKUP["function"].items() if n != "strict"}}


def citations(message: Any) -> list[dict[str, Any]]:
    return [each for block in message["content"] for each in block["text"]["annotations"]]


def quotes(message: Any) -> list[str]:
    return [each["file_citation"]["quote"] for each in citations(message)]


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
