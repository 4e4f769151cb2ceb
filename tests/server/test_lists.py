"""Lists: order, cursors in both directions, filters."""

from __future__ import annotations

from typing import Any

import pytest

from .support import NOW, Api, api_of, frozen

COUNT = 7


@pytest.fixture
def api_with_messages() -> Any:
    """Seven messages made within the same second."""
    with frozen(in_process=True) as server, api_of(server) as api:
        yield api, api.thread(*[f"m{n}" for n in range(COUNT)])


def numbers(api: Api, thread_id: str, **query: Any) -> tuple[list[int], bool]:
    page = api.get(f"/threads/{thread_id}/messages", **query)
    assert page["object"] == "list"
    data = page["data"]
    assert page["first_id"] == (data[0]["id"] if data else None)
    assert page["last_id"] == (data[-1]["id"] if data else None)
    return [int(message["content"][0]["text"]["value"][1:]) for message in data], page["has_more"]


def ids(api: Api, thread_id: str) -> list[str]:
    page = api.get(f"/threads/{thread_id}/messages", order="asc")
    assert all(message["created_at"] == NOW for message in page["data"])
    return [message["id"] for message in page["data"]]


@pytest.mark.parametrize(
    ("query", "expected", "has_more"),
    [
        # (after and before are numbers of messages)
        ({}, [6, 5, 4, 3, 2, 1, 0], False),
        ({"order": "asc"}, [0, 1, 2, 3, 4, 5, 6], False),
        ({"limit": 3}, [6, 5, 4], True),
        ({"limit": 3, "order": "asc"}, [0, 1, 2], True),
        ({"limit": 7}, [6, 5, 4, 3, 2, 1, 0], False),
        ({"limit": 3, "after": 4}, [3, 2, 1], True),
        ({"limit": 3, "after": 3}, [2, 1, 0], False),
        ({"after": 0}, [], False),
        ({"limit": 3, "after": 2, "order": "asc"}, [3, 4, 5], True),
        ({"limit": 3, "after": 3, "order": "asc"}, [4, 5, 6], False),
        # before: the items just before that one in list order; has_more is about those before them
        ({"limit": 2, "before": 2}, [4, 3], True),
        ({"limit": 2, "before": 4}, [6, 5], False),
        ({"before": 6}, [], False),
        ({"limit": 2, "before": 5, "order": "asc"}, [3, 4], True),
        ({"limit": 2, "before": 2, "order": "asc"}, [0, 1], False),
        ({"limit": 9, "before": 3, "order": "asc"}, [0, 1, 2], False),
        # both: what lies between, walked from after
        ({"after": 5, "before": 1}, [4, 3, 2], False),
        ({"limit": 2, "after": 5, "before": 1}, [4, 3], True),
        ({"after": 1, "before": 5, "order": "asc"}, [2, 3, 4], False),
    ],
)
def test_windows(api_with_messages: Any, query: dict[str, Any], expected: list[int], has_more: bool) -> None:
    api, thread_id = api_with_messages
    known = ids(api, thread_id)
    cursors = {name: known[query[name]] for name in ("after", "before") if name in query}
    assert numbers(api, thread_id, **{**query, **cursors}) == (expected, has_more)


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_walking_with_after_and_back_with_before_sees_everything_once(
    api_with_messages: Any, order: str, limit: int
) -> None:
    api, thread_id = api_with_messages
    whole = [message["id"] for message in api.get(f"/threads/{thread_id}/messages", order=order)["data"]]

    def page(**cursor: str) -> Any:
        return api.get(f"/threads/{thread_id}/messages", order=order, limit=limit, **cursor)

    forward: list[str] = []
    current = page()
    while True:
        forward += [message["id"] for message in current["data"]]
        if not current["has_more"]:
            break
        current = page(after=forward[-1])
    assert forward == whole

    backward: list[str] = []
    cursor = whole[-1]
    while True:
        current = page(before=cursor)
        backward = [message["id"] for message in current["data"]] + backward
        if not current["has_more"]:
            break
        cursor = backward[0]
    assert backward == whole[:-1]


def test_the_default_page_has_twenty_items(api: Api) -> None:
    for _ in range(21):
        api.assistant()
    page = api.get("/assistants")
    assert (len(page["data"]), page["has_more"]) == (20, True)
    assert len(api.get("/assistants", limit=100)["data"]) == 21


@pytest.mark.parametrize("name", ["after", "before"])
def test_a_cursor_that_never_was(api: Api, name: str) -> None:
    status, error = api.error("GET", "/assistants", params={name: "asst_x"})
    assert (status, error["param"], error["message"]) == (400, name, "No assistant found with id 'asst_x'.")


def test_a_cursor_of_another_thread(api: Api) -> None:
    mine, other = api.thread("a"), api.thread("b")
    (message,) = api.messages(other)
    status, _ = api.error("GET", f"/threads/{mine}/messages", params={"after": message["id"]})
    assert status == 400


def test_deleting_while_listing_loses_nothing(api_with_messages: Any) -> None:
    api, thread_id = api_with_messages
    seen: list[str] = []
    page = api.get(f"/threads/{thread_id}/messages", limit=2)
    while page["data"]:
        for message in page["data"]:
            seen.append(message["id"])
            api.delete(f"/threads/{thread_id}/messages/{message['id']}")
        page = api.get(f"/threads/{thread_id}/messages", limit=2, after=seen[-1])
    assert len(set(seen)) == COUNT
    assert api.messages(thread_id) == []


def test_messages_of_a_run(api: Api) -> None:
    assistant_id, thread_id = api.assistant(), api.thread("one")
    first = api.run_in(api.run(thread_id, assistant_id), "completed")
    second = api.run_in(api.run(thread_id, assistant_id), "completed")
    for run in (first, second):
        (message,) = api.messages(thread_id, run_id=run["id"])
        assert (message["run_id"], message["role"]) == (run["id"], "assistant")
    user = api.messages(thread_id)[0]
    assert api.get(f"/threads/{thread_id}/messages", run_id=first["id"], after=user["id"])["data"] == []
    assert api.messages(thread_id, run_id="run_x") == []


def test_lists_of_runs_and_steps(api: Api) -> None:
    assistant_id, thread_id = api.assistant(), api.thread("one")
    runs = [api.run_in(api.run(thread_id, assistant_id), "completed") for _ in range(3)]
    path = f"/threads/{thread_id}/runs"
    assert api.get(path)["data"] == runs[::-1]
    assert api.get(path, order="asc", after=runs[0]["id"], limit=1)["data"] == [runs[1]]
    assert api.get(path, before=runs[0]["id"])["data"] == [runs[2], runs[1]]
    (step,) = api.steps(runs[0])
    assert api.get(f"{path}/{runs[0]['id']}/steps/{step['id']}") == step
    assert api.get(f"{path}/{runs[0]['id']}/steps", after=step["id"])["data"] == []
    assert api.error("GET", f"{path}/{runs[1]['id']}/steps/{step['id']}")[0] == 404
