"""Assistants, threads and messages: what is stored, what changes, what goes."""

from __future__ import annotations

from typing import Any

import pytest

from .support import LOOKUP, NOW, Api, api_of, frozen, text_of


def test_a_new_assistant_has_every_field(api: Api) -> None:
    assistant = api.post("/assistants", {"model": "gpt-4o"})
    assert assistant.pop("id").startswith("asst_")
    assert assistant.pop("created_at") > NOW
    assert assistant == {
        "object": "assistant",
        "name": None,
        "description": None,
        "model": "gpt-4o",
        "instructions": None,
        "tools": [],
        "tool_resources": {},
        "metadata": {},
        "temperature": 1.0,
        "top_p": 1.0,
        "response_format": "auto",
        "reasoning_effort": None,
    }


def test_an_assistant_keeps_what_it_was_given(api: Api) -> None:
    given: dict[str, Any] = {
        "model": "gpt-4o",
        "name": "Ärger 🐋",
        "description": "d",
        "instructions": "i",
        "tools": [LOOKUP, {"type": "code_interpreter"}],
        "metadata": {"a": "b"},
        "temperature": 0.5,
        "top_p": 0.25,
        "response_format": {"type": "json_object"},
        "reasoning_effort": "low",
    }
    created = api.post("/assistants", given)
    strict = {"type": "function", "function": {**LOOKUP["function"], "strict": False}}
    assert created == {**created, **given, "tools": [strict, {"type": "code_interpreter"}]}
    assert api.get(f"/assistants/{created['id']}") == created


def test_an_update_changes_only_what_is_given(api: Api) -> None:
    path = f"/assistants/{api.assistant(name='a', instructions='i', metadata={'x': '1', 'y': '2'})}"
    before = api.get(path)
    after = api.post(path, {"name": "b", "metadata": {"z": "3"}})
    assert after == {**before, "name": "b", "metadata": {"z": "3"}}
    assert api.post(path, {"name": None, "metadata": None, "temperature": None}) == {
        **after, "name": None, "metadata": {}, "temperature": 1.0,
    }  # fmt: skip
    assert api.post(path, {}) == api.get(path)


def test_a_deleted_assistant_is_gone(api: Api) -> None:
    assistant_id = api.assistant()
    path = f"/assistants/{assistant_id}"
    assert api.delete(path) == {"id": assistant_id, "object": "assistant.deleted", "deleted": True}
    for method in ("GET", "DELETE", "POST"):
        assert api.error(method, path)[0] == 404
    assert api.get("/assistants")["data"] == []


def test_a_thread_and_its_messages(api: Api) -> None:
    thread = api.post(
        "/threads",
        {
            "metadata": {"a": "b"},
            "messages": [
                {"role": "user", "content": "one", "metadata": {"n": "1"}},
                {"role": "assistant", "content": [{"type": "text", "text": "two"}]},
            ],
        },
    )
    assert thread["id"].startswith("thread_")
    assert (thread["object"], thread["metadata"], thread["tool_resources"]) == ("thread", {"a": "b"}, {})
    first, second = api.messages(thread["id"])
    assert first == {
        "id": first["id"],
        "object": "thread.message",
        "created_at": thread["created_at"],
        "thread_id": thread["id"],
        "status": "completed",
        "incomplete_details": None,
        "completed_at": thread["created_at"],
        "incomplete_at": None,
        "role": "user",
        "content": [{"type": "text", "text": {"value": "one", "annotations": []}}],
        "assistant_id": None,
        "run_id": None,
        "attachments": [],
        "metadata": {"n": "1"},
    }
    assert (second["role"], text_of(second)) == ("assistant", "two")
    assert api.get(f"/threads/{thread['id']}/messages/{first['id']}") == first


def test_thread_update_and_message_update(api: Api) -> None:
    thread_id = api.thread("x")
    assert api.post(f"/threads/{thread_id}", {"metadata": {"k": "v"}})["metadata"] == {"k": "v"}
    (message,) = api.messages(thread_id)
    path = f"/threads/{thread_id}/messages/{message['id']}"
    assert api.post(path, {"metadata": {"k": "v"}}) == {**message, "metadata": {"k": "v"}}
    assert api.error("POST", path, json={"content": "y"})[1]["message"] == "Unknown parameter: 'content'."


def test_a_message_of_another_thread_is_not_found(api: Api) -> None:
    mine, other = api.thread("x"), api.thread("y")
    (message,) = api.messages(other)
    assert api.error("GET", f"/threads/{mine}/messages/{message['id']}")[0] == 404


def test_deleting_a_message(api: Api) -> None:
    thread_id = api.thread("a", "b")
    first, second = api.messages(thread_id)
    path = f"/threads/{thread_id}/messages/{first['id']}"
    assert api.delete(path) == {"id": first["id"], "object": "thread.message.deleted", "deleted": True}
    assert api.messages(thread_id) == [second]
    assert api.error("GET", path)[0] == 404


def test_deleting_a_thread_takes_all_with_it(api: Api) -> None:
    run = api.run_in(api.run(api.thread("x"), api.assistant()), "completed")
    thread_id = run["thread_id"]
    (message, _) = api.messages(thread_id)
    assert api.delete(f"/threads/{thread_id}") == {"id": thread_id, "object": "thread.deleted", "deleted": True}
    for path in ("", "/messages", f"/messages/{message['id']}", "/runs", f"/runs/{run['id']}"):
        assert api.error("GET", f"/threads/{thread_id}{path}")[0] == 404


def test_images_and_attachments(api: Api) -> None:
    file_id = api._good(api.send("POST", "/files", files={"file": ("a.png", b"png")}, data={"purpose": "vision"}))["id"]
    thread_id = api.thread()
    message = api.post(
        f"/threads/{thread_id}/messages",
        {
            "role": "user",
            "content": [
                {"type": "image_file", "image_file": {"file_id": file_id}},
                {"type": "image_url", "image_url": {"url": "https://example.com/x.png", "detail": "low"}},
            ],
            "attachments": [{"file_id": file_id, "tools": [{"type": "file_search"}]}],
        },
    )
    assert message["content"] == [
        {"type": "image_file", "image_file": {"file_id": file_id, "detail": "auto"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/x.png", "detail": "low"}},
    ]
    assert message["attachments"] == [{"file_id": file_id, "tools": [{"type": "file_search"}]}]


@pytest.mark.parametrize(
    "body",
    [
        {"content": [{"type": "image_file", "image_file": {"file_id": "file-x"}}]},
        {"content": "x", "attachments": [{"file_id": "file-x", "tools": []}]},
    ],
)
def test_files_of_a_message_must_exist(api: Api, body: dict[str, Any]) -> None:
    status, error = api.error("POST", f"/threads/{api.thread()}/messages", json={"role": "user", **body})
    assert (status, error["message"]) == (404, "No file found with id 'file-x'.")


def test_files_of_tool_resources_must_exist(api: Api) -> None:
    resources = {"tool_resources": {"code_interpreter": {"file_ids": ["file-x"]}}}
    assert api.error("POST", "/assistants", json={"model": "m", **resources})[0] == 404
    assert api.error("POST", "/threads", json=resources)[0] == 404


@pytest.mark.parametrize("content", ["", [{"type": "text", "text": ""}]])
def test_a_message_needs_content(api: Api, content: Any) -> None:
    status, error = api.error("POST", f"/threads/{api.thread()}/messages", json={"role": "user", "content": content})
    assert (status, error["message"], error["param"]) == (400, "Message content must be non-empty.", "content")


def test_a_message_has_a_maximum_length(api: Api) -> None:
    path = f"/threads/{api.thread()}/messages"
    assert len(text_of(api.post(path, {"role": "user", "content": "x" * 256_000}))) == 256_000
    status, error = api.error("POST", path, json={"role": "user", "content": "x" * 256_001})
    assert (status, error["code"], error["param"]) == (400, "string_above_max_length", "content")


def test_a_thread_with_a_wrong_message_is_not_made_at_all(api: Api) -> None:
    status, error = api.error(
        "POST",
        "/threads",
        json={"messages": [{"role": "user", "content": "ok"}, {"role": "user", "content": ""}]},
    )
    assert (status, error["param"]) == (400, "messages[1].content")


def test_clock_and_ids_can_be_fixed() -> None:
    from openai_assistants.server import CountingIds

    with frozen(in_process=True, ids=CountingIds()) as server, api_of(server) as api:
        first = api.post("/assistants", {"model": "m"})
        assert (first["id"], first["created_at"]) == (f"asst_{1:024d}", NOW)
        server.clock.advance(60)
        second = api.post("/assistants", {"model": "m"})
        assert (second["id"], second["created_at"]) == (f"asst_{2:024d}", NOW + 60)


def test_models(api: Api) -> None:
    api.assistant(model="gpt-4o")
    api.assistant(model="my/model")
    listed = api.get("/models")
    assert [model["id"] for model in listed["data"]] == ["offline", "gpt-4o", "my/model"]
    assert api.get("/models/gpt-4o") == listed["data"][1]
    assert listed["data"][1]["owned_by"] == "openai-assistants:offline"
    assert api.get("/models/my%2Fmodel")["id"] == "my/model"
    status, error = api.error("DELETE", "/models/gpt-4o")
    assert (status, error["param"]) == (403, "model")
    assert "base model" in error["message"]
