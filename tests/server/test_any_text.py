"""Whatever characters a client sends, each database keeps them, or knows of no object with such an id."""

from __future__ import annotations

from typing import Any

import pytest

from openai_assistants.server import LocalServer
from openai_assistants.server.store.tables import escape, unescape

from .support import Api, text_of, wait_for

TEXTS = ["a\x00b", "\x00", "\uffff", "\uffff0", "a\uffff1\x00", "\\u0000", "🐋\x00\u2028"]


@pytest.mark.parametrize("text", [*TEXTS, "", "plain"])
def test_text_survives_escaping(text: str) -> None:
    assert "\x00" not in escape(text)
    assert unescape(escape(text)) == text


def test_plain_text_is_left_alone() -> None:
    assert escape("plain 🐋") == "plain 🐋"


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_kept(api: Api, server: LocalServer, text: str) -> None:
    assistant = api.post("/assistants", {"model": text, "name": text, "instructions": text, "metadata": {"k": text}})
    assert [assistant[name] for name in ("model", "name", "instructions")] == [text] * 3
    assert api.get("/assistants")["data"] == [assistant]
    thread_id = api.thread(text)
    assert text_of(api.messages(thread_id)[0]) == text
    run = api.run(thread_id, assistant["id"], metadata={"k": text})
    run = api.run_in(run, "completed", "failed")
    assert (run["status"], run["model"], run["metadata"]) == ("completed", text, {"k": text})
    headers = {"Idempotency-Key": "k"}
    first = api.post("/threads", {"metadata": {"k": text}}, headers)
    assert api.post("/threads", {"metadata": {"k": text}}, headers) == first
    body = {"filename": text, "purpose": "batch", "bytes": 0, "mime_type": "text/plain"}
    upload = api.post("/uploads", body)
    file = api.post(f"/uploads/{upload['id']}/complete", {"part_ids": []})["file"]
    assert file["filename"] == text
    store = api.post("/vector_stores", {"name": text, "file_ids": [file["id"]]})
    path = f"/vector_stores/{store['id']}"
    assert wait_for(lambda: api.get(path), lambda now: now["status"] == "completed")["name"] == text


@pytest.mark.parametrize("text", TEXTS)
def test_text_in_files_is_read_the_same(api: Api, text: str) -> None:
    content = f"before {text} after"
    store_id = api.post("/vector_stores", {"file_ids": [api.file(content.encode(), "a.txt")]})["id"]
    path = f"/vector_stores/{store_id}"
    counts = wait_for(lambda: api.get(path), lambda now: now["status"] == "completed")["file_counts"]
    assert counts["completed"] + counts["failed"] == 1
    api.post(f"{path}/search", {"query": text or "x"})
    api.post(f"{path}/search", {"query": f"before {text}"})


@pytest.mark.parametrize("text", [text for text in TEXTS if "\x00" in text])
def test_an_id_that_no_object_can_have(api: Api, text: str) -> None:
    quoted = "".join(f"%{byte:02X}" for byte in text.encode())
    for path in ("/assistants/{}", "/threads/{}/messages", "/files/{}", "/vector_stores/{}/files", "/batches/{}"):
        assert api.error("GET", path.format(quoted))[0] == 404
    thread_id = api.thread("q")
    refused: list[tuple[str, Any]] = [
        (f"/threads/{thread_id}/runs", {"assistant_id": text}),
        ("/vector_stores", {"file_ids": [text]}),
        ("/threads", {"tool_resources": {"file_search": {"vector_store_ids": [text]}}}),
    ]
    for path, body in refused:
        assert api.error("POST", path, json=body)[0] == 404
    for query in ({"after": text}, {"before": text}):
        assert api.error("GET", "/assistants", params=query)[0] == 400
    assert api.get("/files", purpose=text)["data"] == []
    assert api.messages(thread_id, run_id=text) == []
