"""Attachments: how the files of messages come to the tools of their thread."""

from __future__ import annotations

from typing import Any

from openai_assistants.server import Code, LocalServer, Search, Turn

from .support import NOW, Api, api_of, frozen
from .test_code_interpreter import INTERPRETER
from .test_file_search import FILE_SEARCH, found_names, resources
from .test_runs import ENDED
from .test_vector_stores import done, store_of


def attached(file_id: str, *tools: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": "Look.", "attachments": [{"file_id": file_id, "tools": list(tools)}]}


def test_a_thread_without_a_store_gets_one_that_lives_a_week() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        file_id = api.file(b"Whales sing.", "whales.txt")
        thread_id = api.thread()
        message = api.post(f"/threads/{thread_id}/messages", attached(file_id, FILE_SEARCH))
        assert message["attachments"] == [{"file_id": file_id, "tools": [FILE_SEARCH]}]
        (store_id,) = api.get(f"/threads/{thread_id}")["tool_resources"]["file_search"]["vector_store_ids"]
        store = api.get(f"/vector_stores/{store_id}")
        assert store["expires_after"] == {"anchor": "last_active_at", "days": 7}
        assert store["expires_at"] == NOW + 7 * 24 * 3600
        assert done(api, store_id, file_id)["status"] == "completed"
        other = api.file(b"Tides.", "tides.txt")
        api.post(f"/threads/{thread_id}/messages", attached(other, FILE_SEARCH))
        assert api.get(f"/threads/{thread_id}")["tool_resources"] == resources(store_id)
        assert api.get(f"/vector_stores/{store_id}")["file_counts"]["total"] == 2


def test_the_store_that_a_thread_has_takes_the_file_once(api: Api) -> None:
    file_id = api.file(b"Whales sing.", "whales.txt")
    store_id = store_of(api, file_id)
    before = api.get(f"/vector_stores/{store_id}/files/{file_id}")
    thread = {"messages": [attached(file_id, FILE_SEARCH)], "tool_resources": resources(store_id)}
    assert api.post("/threads", thread)["tool_resources"] == resources(store_id)
    assert api.get(f"/vector_stores/{store_id}/files/{file_id}") == before
    assert len(api.get("/vector_stores")["data"]) == 1


def test_a_store_that_was_deleted_is_replaced(api: Api) -> None:
    store_id = store_of(api)
    thread_id = api.post("/threads", {"tool_resources": resources(store_id)})["id"]
    api.delete(f"/vector_stores/{store_id}")
    api.post(f"/threads/{thread_id}/messages", attached(api.file(), FILE_SEARCH))
    (new,) = api.get(f"/threads/{thread_id}")["tool_resources"]["file_search"]["vector_store_ids"]
    assert new != store_id
    assert api.get(f"/vector_stores/{new}")["file_counts"]["total"] == 1


def test_a_store_that_has_expired_takes_nothing() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        thread_id = api.post("/threads", {"messages": [attached(api.file(), FILE_SEARCH)]})["id"]
        server.clock.advance(7 * 24 * 3600)
        body = attached(api.file(), FILE_SEARCH)
        status, error = api.error("POST", f"/threads/{thread_id}/messages", json=body)
        assert (status, error["code"]) == (400, "vector_store_expired")
        assert len(api.messages(thread_id)) == 1


def test_files_for_both_tools_and_for_none(api: Api) -> None:
    both, none = api.file(b"a", "a.txt"), api.file(b"b", "b.txt")
    plain = {"role": "user", "content": "q", "attachments": [{"file_id": none, "tools": []}]}
    thread = api.post("/threads", {"messages": [attached(both, FILE_SEARCH, INTERPRETER), plain]})
    assert thread["tool_resources"]["code_interpreter"] == {"file_ids": [both]}
    (store_id,) = thread["tool_resources"]["file_search"]["vector_store_ids"]
    assert [each["id"] for each in api.get(f"/vector_stores/{store_id}/files")["data"]] == [both]
    api.post(f"/threads/{thread['id']}/messages", attached(none, INTERPRETER))
    api.post(f"/threads/{thread['id']}/messages", attached(both, INTERPRETER))
    assert api.get(f"/threads/{thread['id']}")["tool_resources"]["code_interpreter"] == {"file_ids": [both, none]}


def test_the_code_interpreter_takes_twenty_files(api: Api) -> None:
    thread_id = api.thread()
    file_ids = [api.file(filename=f"{number}.txt") for number in range(21)]
    attachments = [{"file_id": file_id, "tools": [INTERPRETER]} for file_id in file_ids]
    body = {"role": "user", "content": "q", "attachments": attachments}
    status, error = api.error("POST", f"/threads/{thread_id}/messages", json=body)
    assert (status, error["param"]) == (400, "attachments")
    api.post(f"/threads/{thread_id}/messages", body | {"attachments": attachments[:20]})
    assert api.get(f"/threads/{thread_id}")["tool_resources"]["code_interpreter"] == {"file_ids": file_ids[:20]}


def test_an_attached_file_that_does_not_exist_changes_nothing(api: Api) -> None:
    thread_id = api.thread()
    body = attached("file-none", FILE_SEARCH)
    assert api.error("POST", f"/threads/{thread_id}/messages", json=body)[0] == 404
    assert api.get(f"/threads/{thread_id}")["tool_resources"] == {}
    assert api.get("/vector_stores")["data"] == []


def test_the_run_that_follows_finds_what_is_attached(api: Api, server: LocalServer) -> None:
    server.scripts.add([Turn(calls=[Search("whales")]), Turn("ok")])
    assistant_id = api.assistant(tools=[FILE_SEARCH])
    message = attached(api.file(b"Whales sing.", "whales.txt"), FILE_SEARCH)
    events = api.stream("/threads/runs", {"assistant_id": assistant_id, "thread": {"messages": [message]}})
    created, run = events[0], events[-2].data
    assert (created.name, run["status"]) == ("thread.created", "completed")
    assert created.data == api.get(f"/threads/{run['thread_id']}")
    assert created.data["tool_resources"]["file_search"]["vector_store_ids"]
    assert found_names(api, run) == {"whales.txt"}
    server.scripts.add([Turn(calls=[Search("moon")]), Turn("ok")])
    more = attached(api.file(b"The moon.", "moon.txt"), FILE_SEARCH)
    run = api.run(run["thread_id"], assistant_id, additional_messages=[more])
    assert api.run_in(run, *ENDED)["status"] == "completed"
    assert found_names(api, run) == {"moon.txt"}


def test_code_is_a_tool_of_its_own(api: Api, server: LocalServer) -> None:
    """A file that is attached for one tool is not given to the other."""
    message = attached(api.file(b"Whales sing.", "whales.txt"), INTERPRETER)
    server.scripts.add([Turn(calls=[Search("whales"), Code("1")]), Turn("ok")])
    assistant_id = api.assistant(tools=[FILE_SEARCH, INTERPRETER])
    run = api.post("/threads/runs", {"assistant_id": assistant_id, "thread": {"messages": [message]}})
    assert api.run_in(run, *ENDED)["status"] == "completed"
    search = api.steps(run)[0]["step_details"]["tool_calls"][0]
    assert search["file_search"]["results"] == []
    assert "file_search" not in api.get(f"/threads/{run['thread_id']}")["tool_resources"]
