"""Texts that mean something to a database, in every place where a caller can put a text: they stay texts."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from openai_assistants.server import Call, LocalServer, Script, Turn

from .support import LOOKUP, Api, wait_for

HOSTILE = [
    "'", '"', "`", "''", "'; DROP TABLE files; --", '"; DROP TABLE files; --', "' OR '1'='1", "1 OR 1=1",
    "x' UNION SELECT 1 --", "\\", "\\'", "%", "_", "%%", "%s", "%(owner)s", ":owner", ":1", "?", "$1", "$$", "{}",
    "{0}", "NULL", "null", "/* */", "--", "\x00", "a\x00b", "\x00'", "\uffff0", "\uffff1\x00\uffff", "\ufeff",
    "\u2028", "\r\n", "\x1b[2J", "\x7f", "😀", "e\u0301", "\U0010ffff", "$.a", "$[0]", "data->>'a'", "pg_sleep(10)",
    "randomblob(1000000000)",
]  # fmt: skip
QUERIES = [
    *HOSTILE, "*", "capital*", "^capital", "-capital", "+capital", "NEAR(capital france, 2)", "capital AND",
    "AND OR NOT", "terms : capital", "store : 1", "{terms store} : x", "(", ")", "(((", 'capital"', '"capital',
    "capital + france", "capital & !france", "capital | france", "capital <-> france", "capital:*", "capital:A",
    "'capital':*", "!", "!!", "&", "|", "<->", ":*", "a" * 5000, "a " * 3000, "capital " * 2000, "\t", "'' : ''",
    "capital\x00france", "AND", "NOT NEAR",
]  # fmt: skip


@pytest.fixture
def store_id(api: Api) -> str:
    """A vector store with a file in it."""
    file_id = api.file(b"The capital of France is Paris. It isn't 100% 'quoted'.", "facts.txt")
    found = api.post("/vector_stores", {"file_ids": [file_id]})["id"]
    wait_for(lambda: api.get(f"/vector_stores/{found}"), lambda now: now["status"] == "completed")
    api.post(f"/vector_stores/{found}/files/{file_id}", {"attributes": {"a": "b", "n": 1}})
    return found


def test_ids(api: Api) -> None:
    places = (
        "/assistants/{}", "/threads/{}", "/threads/{}/messages/{}", "/threads/{}/runs/{}/steps/{}", "/files/{}",
        "/files/{}/content", "/vector_stores/{}/files/{}", "/vector_stores/{}/file_batches/{}", "/batches/{}",
    )  # fmt: skip
    for number, hostile in enumerate(HOSTILE):
        for place in (places[number % len(places)], places[number * 2 % len(places)]):
            status, error = api.error("GET", place.replace("{}", quote(hostile, safe="")))
            assert status == 404 and "with id" in error["message"]
        assert api.error("POST", f"/uploads/{quote(hostile, safe='')}/cancel")[0] == 404
        assert api.error("POST", "/threads/runs", json={"assistant_id": hostile})[0] == 404
        assert api.error("POST", "/vector_stores", json={"file_ids": [hostile]})[0] == 404
        assert api.error("DELETE", f"/files/{quote(hostile, safe='')}")[0] == 404


def test_texts_come_back_as_they_were(api: Api) -> None:
    metadata = {text[:64]: text for text in HOSTILE[:16]}
    thread_id = api.thread()
    for text in HOSTILE:
        made = api.post(
            "/assistants",
            {"model": text, "name": text, "description": text, "instructions": text, "metadata": {"k": text}},
        )
        again = api.get(f"/assistants/{made['id']}")
        fields = ("model", "name", "description", "instructions")
        assert [again[name] for name in fields] == [text] * 4 and again["metadata"] == {"k": text}
        message = api.post(f"/threads/{thread_id}/messages", {"role": "user", "content": text, "metadata": metadata})
        again = api.get(f"/threads/{thread_id}/messages/{message['id']}")
        assert again["content"][0]["text"]["value"] == text and again["metadata"] == metadata
    names = {each["id"] for each in api.get("/models")["data"]}
    assert set(HOSTILE) <= names
    for text in HOSTILE:
        if text.isprintable():
            assert api.get(f"/models/{quote(text, safe='')}")["id"] == text


def test_parameters_of_queries(api: Api, store_id: str) -> None:
    thread_id = api.thread("q")
    for text in HOSTILE:
        assert api.get(f"/threads/{thread_id}/messages", run_id=text)["data"] == []
        for path in ("/files", f"/threads/{thread_id}/runs"):
            status, error = api.error("GET", path, params={"after": text})
            assert status == 400 and error["param"] == "after"
        assert api.error("GET", "/assistants", params={"order": text})[0] == 400
        assert api.error("GET", f"/vector_stores/{store_id}/files", params={"filter": text})[0] == 400
        assert api.http.get("/files", params={"purpose": text}).status_code in (200, 400)


def test_questions_of_a_search(api: Api, store_id: str) -> None:
    path = f"/vector_stores/{store_id}/search"
    for text in QUERIES:
        if not text.strip():
            assert api.error("POST", path, json={"query": text})[0] == 400
            continue
        assert api.post(path, {"query": [text, f"{text} capital of France"], "rewrite_query": True})["data"]
    assert api.post(path, {"query": "'quoted'"})["data"]
    assert api.post(path, {"query": "100%"})["data"]
    # These are no signs for anything.
    assert not api.post(path, {"query": "_"})["data"] and not api.post(path, {"query": "%%"})["data"]


def test_filters_of_a_search(api: Api, store_id: str) -> None:
    path = f"/vector_stores/{store_id}/search"
    right = {"type": "eq", "key": "a", "value": "b"}
    assert api.post(path, {"query": "capital", "filters": right})["data"]
    for text in HOSTILE:
        for condition in ({"type": "gt", "key": text, "value": "b"}, {"type": "eq", "key": "a", "value": text}):
            assert not api.post(path, {"query": "capital", "filters": condition})["data"]
        both = {"type": "and", "filters": [right, {"type": "ne", "key": text, "value": text}]}
        assert api.post(path, {"query": "capital", "filters": both})["data"]
        assert api.error("POST", path, json={"query": "capital", "filters": {**right, "type": text}})[0] == 400


def test_attributes(api: Api, store_id: str) -> None:
    file_id = api.get(f"/vector_stores/{store_id}/files")["data"][0]["id"]
    for start in range(0, len(HOSTILE), 16):
        attributes = {text[:64]: text for text in HOSTILE[start : start + 16]}
        path = f"/vector_stores/{store_id}/files/{file_id}"
        assert api.post(path, {"attributes": attributes})["attributes"] == attributes
        for text, value in attributes.items():
            condition = {"type": "eq", "key": text, "value": value}
            assert api.post(f"/vector_stores/{store_id}/search", {"query": "capital", "filters": condition})["data"]


def test_headers(api: Api) -> None:
    for text in HOSTILE:
        if not text.isascii() or not text.isprintable():
            continue
        headers = {"Idempotency-Key": text, "Last-Event-ID": text}
        status, error = api.error("POST", "/threads", json={}, headers=headers)
        assert (status, error["code"]) == (409, "idempotency_key_unknown")
        made = [api.post("/threads", {}, headers={"Idempotency-Key": text})["id"] for _ in range(2)]
        assert made[0] == made[1]


def test_outputs_of_tools(api: Api, server: LocalServer) -> None:
    for text in ("'; DROP TABLE files; --", "\x00'", "\uffff1\x00\uffff", "%(owner)s"):
        server.scripts.add(Script([Turn(calls=[Call("lookup", {"query": text})]), Turn(text)]))
        run = api.run(api.thread(text), api.assistant(tools=[LOOKUP]))
        run = api.run_in(run, "requires_action")
        call = run["required_action"]["submit_tool_outputs"]["tool_calls"][0]
        path = f"/threads/{run['thread_id']}/runs/{run['id']}"
        wrong = {"tool_outputs": [{"tool_call_id": text, "output": "x"}]}
        assert api.error("POST", f"{path}/submit_tool_outputs", json=wrong)[0] == 400
        api.post(f"{path}/submit_tool_outputs", {"tool_outputs": [{"tool_call_id": call["id"], "output": text}]})
        run = api.run_in(run, "completed")
        outputs: list[Any] = [
            step["step_details"]["tool_calls"][0]["function"]["output"]
            for step in api.steps(run)
            if step["type"] == "tool_calls"
        ]
        assert outputs == [text]
        assert api.messages(run["thread_id"])[-1]["content"][0]["text"]["value"] == text


def test_numbers_that_no_column_holds(api: Api, store_id: str) -> None:
    huge = 10**30
    assert api.error("GET", "/files", params={"limit": huge})[0] == 400
    for path, body in (
        ("/vector_stores", {"expires_after": {"anchor": "last_active_at", "days": huge}}),
        ("/uploads", {"filename": "a", "bytes": huge, "mime_type": "text/plain", "purpose": "assistants"}),
        ("/assistants", {"model": "m", "temperature": huge}),
        (f"/vector_stores/{store_id}/search", {"query": "q", "max_num_results": huge}),
        (f"/vector_stores/{store_id}/search", {"query": "q", "ranking_options": {"score_threshold": huge}}),
    ):
        assert api.error("POST", path, json=body)[0] == 400, path
    form = {"purpose": "assistants", "expires_after[anchor]": "created_at", "expires_after[seconds]": str(huge)}
    assert api.error("POST", "/files", files={"file": b"x"}, data=form)[0] == 400
    assistant_id = api.assistant()
    for name in ("max_prompt_tokens", "max_completion_tokens"):
        response = api.send("POST", "/threads/runs", json={"assistant_id": assistant_id, name: huge})
        assert response.status_code in (200, 400)
    strategy = {"type": "last_messages", "last_messages": huge}
    body = {"assistant_id": assistant_id, "truncation_strategy": strategy}
    assert api.send("POST", "/threads/runs", json=body).status_code in (200, 400)
    condition = {"type": "eq", "key": "n", "value": huge}
    assert not api.post(f"/vector_stores/{store_id}/search", {"query": "capital", "filters": condition})["data"]
