"""Version 1: the files of assistants and messages, which version 2 has in vector stores and lists, seen and changed
through both. Answers of version 1 are checked against its spec, in which nothing of version 2 has a place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from openai_assistants.server import LocalServer
from openai_assistants.server.v1.views import MADE_HERE

from .support import BETA_V1, NOW, Api, api_of, frozen, wait_for

RETRIEVAL, CODE, SEARCH = {"type": "retrieval"}, {"type": "code_interpreter"}, {"type": "file_search"}
CHANGED_ELSEWHERE = r"cannot be changed through version 1 of the API: "


def some_files(api: Api, number: int) -> list[str]:
    return [api.file(f"File {n} is about topic{n}.".encode(), f"{n}.txt") for n in range(number)]


def resources(api: Api, assistant_id: str) -> dict[str, Any]:
    """The files of an assistant as version 2 has them, each list sorted: those searched, those for programs."""
    found = api.get(f"/assistants/{assistant_id}")["tool_resources"]
    store_ids = found.get("file_search", {}).get("vector_store_ids", [])
    members = [each["id"] for store_id in store_ids for each in api.get(f"/vector_stores/{store_id}/files")["data"]]
    listed = found.get("code_interpreter", {}).get("file_ids", [])
    return {"searched": sorted(members), "listed": sorted(listed)}


def both(file_ids: list[str]) -> dict[str, Any]:
    return {"searched": sorted(file_ids), "listed": sorted(file_ids)}


def store_id_of(api: Api, owner: str) -> str:
    [store_id] = api.get(owner)["tool_resources"]["file_search"]["vector_store_ids"]
    return str(store_id)


def store_with(api: Api, file_ids: list[str]) -> dict[str, Any]:
    store_id = api.post("/vector_stores", {"file_ids": file_ids})["id"]
    return {"file_search": {"vector_store_ids": [store_id]}}


def refusal(old: Api, method: str, path: str, body: Any = None) -> str:
    status, error = old.error(method, path, json=body)
    assert (status, error["param"], error["code"]) == (400, "file_ids", "not_in_version")
    assert CHANGED_ELSEWHERE in error["message"]
    return str(error["message"].split(CHANGED_ELSEWHERE)[1])


# ---- assistants ----


@pytest.mark.parametrize("tools", [[RETRIEVAL], [CODE], [RETRIEVAL, CODE], []], ids=str)
def test_files_are_for_the_tools_that_read_files(api: Api, old: Api, tools: list[dict[str, Any]]) -> None:
    files = some_files(api, 3)
    made = old.post("/assistants", {"model": "m", "tools": tools, "file_ids": files})
    assert (made["tools"], made["file_ids"]) == (tools, files)
    assert old.get(f"/assistants/{made['id']}") == made
    searched = files if RETRIEVAL in tools else []
    listed = files if CODE in tools or not searched else []
    assert resources(api, made["id"]) == {"searched": sorted(searched), "listed": sorted(listed)}
    shown = api.get(f"/assistants/{made['id']}")["tools"]
    assert shown == [SEARCH if tool == RETRIEVAL else tool for tool in tools]


def test_tools_that_come_later_get_the_files_too(api: Api, old: Api) -> None:
    files = some_files(api, 2)
    path = f"/assistants/{old.post('/assistants', {'model': 'm', 'file_ids': files})['id']}"
    for tools in ([CODE], [RETRIEVAL, CODE], [RETRIEVAL], [], [RETRIEVAL]):
        changed = old.post(path, {"tools": tools})
        assert (changed["tools"], changed["file_ids"]) == (tools, files)
    assert resources(api, path.split("/")[2])["searched"] == sorted(files)
    third = api.file(b"A third one.")
    assert old.post(path, {"file_ids": [files[1], third]})["file_ids"] == [files[1], third]
    assert old.post(path, {"tools": [CODE, RETRIEVAL]})["file_ids"] == [files[1], third]
    assert resources(api, path.split("/")[2]) == both([files[1], third])
    assert len(api.get("/vector_stores")["data"]) == 1
    assert old.post(path, {"name": "Ada"})["file_ids"] == [files[1], third]
    assert old.post(path, {"file_ids": []})["file_ids"] == []
    assert resources(api, path.split("/")[2]) == both([])


def test_what_version_1_cannot_say_of_tools_stays(api: Api, old: Api) -> None:
    search = {"type": "file_search", "file_search": {"max_num_results": 3}}
    function = {"name": "f", "parameters": {"type": "object", "properties": {}}}
    strict = {"type": "function", "function": {**function, "strict": True}}
    fields = {"temperature": 0.3, "top_p": 0.4, "response_format": {"type": "json_object"}}
    path = f"/assistants/{api.assistant(tools=[search, strict], **fields)}"
    seen = old.get(path)
    assert seen["tools"] == [RETRIEVAL, {"type": "function", "function": function}]
    assert old.post(path, {"tools": [*seen["tools"], CODE], "instructions": "Be brief."})["instructions"] == "Be brief."
    after = api.get(path)
    assert after["tools"] == [search, strict, CODE]
    assert {name: after[name] for name in fields} == fields
    other = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    old.post(path, {"tools": [other]})
    assert api.get(path)["tools"][0]["function"]["strict"] is False


def test_files_of_an_assistant_one_by_one() -> None:
    with frozen(in_process=True) as server, api_of(server) as api, api_of(server, BETA_V1) as old:
        first, second, third = some_files(api, 3)
        server.clock.advance(5)
        assistant = old.post("/assistants", {"model": "m", "tools": [RETRIEVAL, CODE], "file_ids": [third]})["id"]
        path = f"/assistants/{assistant}/files"
        server.clock.advance(5)
        attached = old.post(path, {"file_id": first})
        expected = {"id": first, "object": "assistant.file", "created_at": NOW + 10, "assistant_id": assistant}
        assert attached == expected
        server.clock.advance(5)
        assert old.post(path, {"file_id": first}) == old.get(f"{path}/{first}") == expected
        assert old.post(path, {"file_id": second})["created_at"] == NOW + 15
        assert old.get(f"{path}/{third}")["created_at"] == NOW + 5
        page = old.get(path)
        assert [each["id"] for each in page["data"]] == [second, first, third]
        assert (page["first_id"], page["last_id"], page["has_more"]) == (second, third, False)
        assert old.get(f"/assistants/{assistant}")["file_ids"] == [third, first, second]
        assert resources(api, assistant) == both([first, second, third])
        gone = {"id": first, "object": "assistant.file.deleted", "deleted": True}
        assert old.delete(f"{path}/{first}") == gone
        assert old.error("DELETE", f"{path}/{first}")[0] == old.error("GET", f"{path}/{first}")[0] == 404
        assert resources(api, assistant) == both([second, third])
        assert api.get(f"/files/{first}")["id"] == first
        status, error = old.error("POST", path, json={"file_id": "file-x"})
        assert (status, error["message"]) == (404, "No file found with id 'file-x'.")


@pytest.mark.parametrize("tools", [[RETRIEVAL], [CODE]], ids=str)
def test_a_list_of_files_by_pages(api: Api, old: Api, tools: Any) -> None:
    files = some_files(api, 5)
    path = f"/assistants/{old.post('/assistants', {'model': 'm', 'tools': tools, 'file_ids': files})['id']}/files"

    def ids(**query: Any) -> tuple[list[str], bool]:
        page = old.get(path, **query)
        assert page["first_id"] == (page["data"][0]["id"] if page["data"] else None)
        return [each["id"] for each in page["data"]], page["has_more"]

    assert ids(limit=2, order="asc") == (files[:2], True)
    assert ids(limit=2, order="asc", after=files[1]) == (files[2:4], True)
    assert ids(limit=2, order="asc", after=files[3]) == (files[4:], False)
    assert ids(limit=2, order="asc", before=files[3]) == (files[1:3], True)
    assert ids(limit=2, before=files[3]) == ([files[4]], False)
    assert ids(order="asc", after=files[0], before=files[3]) == (files[1:3], False)
    assert ids(limit=2, after=files[2]) == ([files[1], files[0]], False)
    # A place stays known when its file is detached, or deleted altogether.
    old.delete(f"{path}/{files[1]}")
    api.delete(f"/files/{files[2]}")
    assert ids(order="asc", limit=1, after=files[1]) == ([files[3]], True)
    assert ids(order="asc", limit=1, after=files[2]) == ([files[3]], True)
    status, error = old.error("GET", path, params={"after": "file-x"})
    assert (status, error["param"], error["message"]) == (400, "after", "No file found with id 'file-x'.")
    assert old.error("GET", path, params={"limit": 101})[1]["param"] == "limit"


def test_the_files_of_an_assistant_of_version_2(api: Api, old: Api) -> None:
    files = some_files(api, 3)
    tool_resources = store_with(api, files[:2])
    path = f"/assistants/{api.assistant(tools=[SEARCH, CODE], tool_resources=tool_resources)}"
    assert old.get(path)["file_ids"] == files[:2]
    assert old.post(f"{path}/files", {"file_id": files[2]})["id"] == files[2]
    assert resources(api, path.split("/")[2]) == both(files)
    assert store_id_of(api, path) == tool_resources["file_search"]["vector_store_ids"][0]
    api.delete(f"/files/{files[0]}")
    assert old.get(path)["file_ids"] == files[1:]
    old.post(path, {"file_ids": [files[1]]})
    assert resources(api, path.split("/")[2]) == both([files[1]])
    store_id = store_id_of(api, path)
    api.post(f"/vector_stores/{store_id}/files", {"file_id": files[2]})
    assert old.get(path)["file_ids"] == files[1:]


def test_a_store_that_is_gone_is_replaced(api: Api, old: Api) -> None:
    files = some_files(api, 2)
    made = old.post("/assistants", {"model": "m", "tools": [RETRIEVAL], "file_ids": files[:1]})
    path = f"/assistants/{made['id']}"
    before = store_id_of(api, path)
    api.delete(f"/vector_stores/{before}")
    assert old.get(path)["file_ids"] == []
    assert old.post(path, {"tools": [RETRIEVAL, CODE]})["file_ids"] == []
    assert old.post(path, {"file_ids": files})["file_ids"] == files
    assert store_id_of(api, path) != before
    assert resources(api, made["id"]) == both(files)


def test_a_store_that_has_expired_is_replaced() -> None:
    with frozen(in_process=True) as server, api_of(server) as api, api_of(server, BETA_V1) as old:
        files = some_files(api, 2)
        rule = {"anchor": "last_active_at", "days": 1}
        store_id = api.post("/vector_stores", {"file_ids": files, "expires_after": rule})["id"]
        owner = api.assistant(tools=[SEARCH], tool_resources={"file_search": {"vector_store_ids": [store_id]}})
        server.clock.advance(25 * 3600)
        assert old.get(f"/assistants/{owner}")["file_ids"] == files
        old.delete(f"/assistants/{owner}/files/{files[0]}")
        assert old.get(f"/assistants/{owner}")["file_ids"] == [files[1]]
        assert store_id_of(api, f"/assistants/{owner}") != store_id


def test_more_files_than_version_1_knows(api: Api, old: Api) -> None:
    files = some_files(api, 23)
    status, error = old.error("POST", "/assistants", json={"model": "m", "file_ids": files[:21]})
    assert (status, error["code"], error["param"]) == (400, "array_above_max_length", "file_ids")
    path = f"/assistants/{old.post('/assistants', {'model': 'm', 'tools': [CODE], 'file_ids': files[:20]})['id']}"
    status, error = old.error("POST", f"{path}/files", json={"file_id": files[20]})
    assert (status, error["code"]) == (400, "array_above_max_length")
    assert "has 20 files, which is as many as it can have. Detach one of them first." in error["message"]
    assert old.post(f"{path}/files", {"file_id": files[0]})["id"] == files[0]

    path = f"/assistants/{api.assistant(tools=[SEARCH], tool_resources=store_with(api, files))}"
    assert old.get(path)["file_ids"] == files[:20]
    assert [each["id"] for each in old.get(f"{path}/files", order="asc", limit=100)["data"]] == files
    why = "it has 23 files, and version 1 knows at most 20. Change the files in its vector store vs_"
    for method, place, body in (
        ("POST", f"{path}/files", {"file_id": api.file()}),
        ("DELETE", f"{path}/files/{files[0]}", None),
        ("POST", path, {"file_ids": []}),
        ("POST", path, {"tools": [CODE]}),
    ):
        assert refusal(old, method, place, body).startswith(why)
    assert old.post(path, {"name": "Ada", "tools": [RETRIEVAL]})["name"] == "Ada"
    assert len(resources(api, path.split("/")[2])["searched"]) == 20  # a page of them: they are all there


def test_tools_with_different_files_are_left_alone(api: Api, old: Api) -> None:
    files = some_files(api, 3)
    own = {"code_interpreter": {"file_ids": [files[2]]}, **store_with(api, files[:2])}
    path = f"/assistants/{api.assistant(tools=[SEARCH, CODE], tool_resources=own)}"
    assert old.get(path)["file_ids"] == files
    assert refusal(old, "DELETE", f"{path}/files/{files[2]}").startswith("its tools have different files")
    before = resources(api, path.split("/")[2])
    assert old.post(path, {"tools": [CODE], "description": "d"})["file_ids"] == files
    assert old.post(path, {"tools": [CODE, RETRIEVAL], "file_ids": files})["file_ids"] == files
    assert resources(api, path.split("/")[2]) == before


@pytest.mark.parametrize("who", ["assistant", "thread"])
def test_files_that_others_use_are_left_alone(api: Api, old: Api, who: str) -> None:
    files = some_files(api, 2)
    shared = store_with(api, files)
    path = f"/assistants/{api.assistant(tools=[SEARCH], tool_resources=shared)}"
    other = api.assistant(tool_resources=shared) if who == "assistant" else ""
    thread = api.post("/threads", {"tool_resources": shared})["id"] if who == "thread" else ""
    assert "other assistants or threads use its vector store vs_" in refusal(old, "DELETE", f"{path}/files/{files[0]}")
    assert old.post(path, {"tools": [RETRIEVAL, CODE]})["file_ids"] == files
    api.delete(f"/assistants/{other}" if other else f"/threads/{thread}")
    old.delete(f"{path}/files/{files[0]}")
    assert resources(api, path.split("/")[2]) == both([files[1]])


def test_a_store_that_was_made_goes_with_its_assistant(api: Api, old: Api) -> None:
    files = some_files(api, 1)
    body = {"model": "m", "tools": [RETRIEVAL], "file_ids": files}
    first, second, third = (old.post("/assistants", body)["id"] for _ in range(3))
    theirs = store_with(api, files)
    fourth = api.assistant(tools=[SEARCH], tool_resources=theirs)
    shared = store_id_of(api, f"/assistants/{second}")
    assert api.get(f"/vector_stores/{shared}")["metadata"] == MADE_HERE
    assert api.get(f"/vector_stores/{shared}")["expires_at"] is None
    api.assistant(tool_resources={"file_search": {"vector_store_ids": [shared]}})
    taken = store_id_of(api, f"/assistants/{third}")
    api.post(f"/vector_stores/{taken}", {"metadata": {"owner": "somebody"}})
    for each in (first, second, third, fourth):
        assert old.delete(f"/assistants/{each}") == {"id": each, "object": "assistant.deleted", "deleted": True}
    left = {each["id"] for each in api.get("/vector_stores")["data"]}
    assert left == {shared, taken, theirs["file_search"]["vector_store_ids"][0]}
    assert api.get(f"/files/{files[0]}")["id"] == files[0]


def test_files_that_are_attached_at_once_are_all_there(server: LocalServer, api: Api, old: Api) -> None:
    files = some_files(api, 6)
    path = f"/assistants/{old.post('/assistants', {'model': 'm', 'tools': [RETRIEVAL, CODE]})['id']}"

    def attach(file_id: str) -> None:
        with api_of(server, BETA_V1) as own:
            own.post(f"{path}/files", {"file_id": file_id})

    with ThreadPoolExecutor(len(files)) as pool:
        list(pool.map(attach, files))
    assert sorted(old.get(path)["file_ids"]) == sorted(files)
    assert resources(api, path.split("/")[2]) == both(files)
    assert len(api.get("/vector_stores")["data"]) == 1


def test_files_that_do_not_exist_change_nothing(api: Api, old: Api) -> None:
    file_id = api.file()
    for body in ({"file_ids": ["file-x"]}, {"file_ids": [file_id, "file-x"], "tools": [RETRIEVAL]}):
        status, error = old.error("POST", "/assistants", json={"model": "m", **body})
        assert (status, error["message"]) == (404, "No file found with id 'file-x'.")
    path = f"/assistants/{old.post('/assistants', {'model': 'm', 'tools': [RETRIEVAL], 'file_ids': [file_id]})['id']}"
    assert old.error("POST", path, json={"file_ids": ["file-x"], "name": "Ada"})[0] == 404
    assert old.error("POST", f"{path}/files", json={"file_id": "file-x"})[0] == 404
    assert (old.get(path)["file_ids"], old.get(path)["name"]) == ([file_id], None)
    assert [store["file_counts"]["total"] for store in api.get("/vector_stores")["data"]] == [1]


# ---- messages ----


def test_files_of_a_message_are_attachments(api: Api, old: Api) -> None:
    files = some_files(api, 3)
    thread = old.post("/threads", {"messages": [{"role": "user", "content": "Look.", "file_ids": files[:2]}]})
    assert thread == {name: thread[name] for name in ("id", "object", "created_at", "metadata")}
    path = f"/threads/{thread['id']}/messages"
    [first] = old.get(path)["data"]
    assert first["file_ids"] == files[:2]
    assert api.get(f"{path}/{first['id']}")["attachments"] == [
        {"file_id": file_id, "tools": [SEARCH, CODE]} for file_id in files[:2]
    ]
    second = old.post(path, {"role": "user", "content": "And this.", "file_ids": [files[2], files[2]]})
    assert (second["file_ids"], second["content"][0]["text"]["value"]) == ([files[2]], "And this.")
    store_id = store_id_of(api, f"/threads/{thread['id']}")
    seen = wait_for(lambda: api.get(f"/vector_stores/{store_id}"), lambda now: now["status"] == "completed")
    assert (seen["file_counts"]["total"], seen["expires_at"], seen["metadata"]) == (3, None, MADE_HERE)
    listed = api.get(f"/threads/{thread['id']}")["tool_resources"]["code_interpreter"]["file_ids"]
    assert listed == files
    page = old.get(f"{path}/{first['id']}/files", order="asc")
    assert page["data"] == [
        {"id": each, "object": "thread.message.file", "created_at": first["created_at"], "message_id": first["id"]}
        for each in files[:2]
    ]
    assert old.get(f"{path}/{first['id']}/files", limit=1)["data"] == page["data"][1:]
    assert old.get(f"{path}/{first['id']}/files", order="asc", after=files[0])["data"] == page["data"][1:]
    assert old.get(f"{path}/{first['id']}/files/{files[1]}") == page["data"][1]
    assert old.error("GET", f"{path}/{first['id']}/files/{files[2]}")[0] == 404
    assert old.error("GET", f"{path}/{first['id']}/files", params={"before": files[2]})[0] == 400
    assert old.post(f"{path}/{first['id']}", {"metadata": {"a": "b"}}) == {**first, "metadata": {"a": "b"}}
    old.delete(f"/threads/{thread['id']}")
    assert api.get("/vector_stores")["data"] == []


def test_limits_of_a_message(api: Api, old: Api) -> None:
    files = some_files(api, 21)
    path = f"/threads/{old.post('/threads')['id']}/messages"
    for body, param in (
        ({"file_ids": files[:11]}, "file_ids"),
        ({"file_ids": []}, "file_ids"),
        ({"content": "x" * 32769}, "content"),
        ({"content": [{"type": "text", "text": "x"}]}, "content"),
        ({"role": "assistant"}, "role"),
        ({"attachments": []}, "attachments"),
    ):
        status, error = old.error("POST", path, json={"role": "user", "content": "x", **body})
        assert (status, error["param"]) == (400, param)
    for start in (0, 10):
        old.post(path, {"role": "user", "content": "x", "file_ids": files[start : start + 10]})
    status, error = old.error("POST", path, json={"role": "user", "content": "x", "file_ids": files[20:]})
    assert (status, error["param"]) == (400, "file_ids")
    assert error["message"].startswith("A thread gives the code interpreter at most 20 files")
    status, error = old.error("POST", path, json={"role": "user", "content": "x", "file_ids": ["file-x"]})
    assert (status, error["message"]) == (404, "No file found with id 'file-x'.")
    assert len(old.get(path)["data"]) == 2


def test_a_message_of_version_2_with_more_files(api: Api, old: Api) -> None:
    files = some_files(api, 12)
    attachments = [{"file_id": each, "tools": [SEARCH]} for each in files]
    path = f"/threads/{api.thread()}/messages"
    message = api.post(path, {"role": "user", "content": "x", "attachments": attachments})
    assert old.get(f"{path}/{message['id']}")["file_ids"] == files[:10]
    assert [each["id"] for each in old.get(f"{path}/{message['id']}/files", order="asc")["data"]] == files


def test_the_store_that_a_thread_has_is_used(api: Api, old: Api) -> None:
    files = some_files(api, 2)
    own = store_with(api, files[:1])
    thread = api.post("/threads", {"tool_resources": own})["id"]
    old.post(f"/threads/{thread}/messages", {"role": "user", "content": "x", "file_ids": files[1:]})
    assert store_id_of(api, f"/threads/{thread}") == own["file_search"]["vector_store_ids"][0]
    old.delete(f"/threads/{thread}")
    assert [each["file_counts"]["total"] for each in api.get("/vector_stores")["data"]] == [2]
