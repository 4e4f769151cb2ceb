"""Objects that are as large as a request may be: what is copied from object to object is small, and lists of large ones
come in more pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from openai_assistants.server import LocalServer
from openai_assistants.server.store import records
from tests.server.support import Api, api_of

MOST = 1 << 20
LONG = "x" * (MOST + 1)
MESSAGE = {"role": "user", "content": "x" * 250_000}


@pytest.fixture
def api() -> Iterator[Api]:
    with LocalServer(in_process=True, drain_seconds=0.0) as server, api_of(server) as client:
        yield client


def function(size: int) -> dict[str, Any]:
    """A tool whose JSON is a list of so many characters, with others around them."""
    parameters = {"type": "object", "description": ""}
    tool = {"type": "function", "function": {"name": "f", "parameters": parameters}}
    around = len(str([tool]).replace("': ", "':").replace(", ", ","))
    parameters["description"] = "x" * (size - around)
    return tool


def test_settings_have_a_limit(api: Api) -> None:
    assistant = api.assistant(tools=[function(MOST)])
    for path, body, param in (
        ("/assistants", {"model": "m", "tools": [function(MOST + 1)]}, "tools"),
        ("/assistants", {"model": LONG}, "model"),
        (f"/assistants/{assistant}", {"tools": [function(MOST + 1)]}, "tools"),
        ("/vector_stores", {"name": LONG}, "name"),
        ("/uploads", {"filename": LONG, "purpose": "assistants", "bytes": 1, "mime_type": "text/plain"}, "filename"),
        (f"/threads/{api.thread()}/runs", {"assistant_id": assistant, "instructions": LONG}, "instructions"),
        ("/threads/runs", {"assistant_id": assistant, "model": LONG}, "model"),
    ):
        status, error = api.error("POST", path, json=body)
        assert (status, error["param"], error["code"]) == (400, param, "invalid_value")
        assert error["message"].startswith(f"Invalid '{param}': too large. Expected at most 1048576 characters of JSON")


def test_models_of_absurd_names_are_not_listed(api: Api) -> None:
    for name in ("m" * 256, "n" * 257, "o" * 1_000_000):
        api.run_in(api.run(api.thread("hi"), api.post("/assistants", {"model": name})["id"]), "completed")
    assert [each["id"] for each in api.get("/models")["data"]] == ["offline", "m" * 256]


def test_what_is_said_in_a_thread_has_none_but_that_of_the_body(api: Api) -> None:
    assistant = api.assistant()
    messages = [MESSAGE] * 6
    thread = api.post("/threads", {"messages": messages})["id"]
    run = api.post(f"/threads/{thread}/runs", {"assistant_id": assistant, "additional_messages": messages})
    api.run_in(run, "completed")
    api.post(f"/threads/{thread}/messages", {"role": "user", "content": [{"type": "text", "text": "x" * 250_000}] * 6})
    run = api.post("/threads/runs", {"assistant_id": assistant, "thread": {"messages": messages}})
    api.run_in(run, "completed")


def test_the_files_of_a_batch_may_all_have_attributes(api: Api) -> None:
    """As many and as long ones as the API documents."""
    attributes = {f"{number:064}": "x" * 512 for number in range(16)}
    files = [{"file_id": api.file(), "attributes": attributes} for _ in range(120)]
    store = api.post("/vector_stores")["id"]
    batch = api.post(f"/vector_stores/{store}/file_batches", {"files": files})
    assert batch["file_counts"]["total"] == 120


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("cursor", ["after", "before"])
def test_a_page_of_large_objects_has_fewer_of_them(
    api: Api, monkeypatch: pytest.MonkeyPatch, order: str, cursor: str
) -> None:
    monkeypatch.setattr(records, "_MOST_ON_PAGE", 5000)
    thread = api.thread(*(str(number) + "x" * length for number, length in enumerate([10, 9000, 1500, 1500, 1500, 10])))
    path, everything = f"/threads/{thread}/messages", [5, 4, 3, 2, 1, 0] if order == "desc" else [0, 1, 2, 3, 4, 5]
    pages: list[list[int]] = []
    start = {"after": ""} if cursor == "after" else {"before": _end(api, path, order)}
    while True:
        page = api.get(path, limit=100, order=order, **start)
        pages.append([int(each["content"][0]["text"]["value"][0]) for each in page["data"]])
        assert pages[-1]
        if not page["has_more"]:
            break
        start = {cursor: page["last_id" if cursor == "after" else "first_id"]}
    assert len(pages) > 2 and [1] in pages
    if cursor == "before":
        pages.reverse()
        everything.pop()
    assert [each for page in pages for each in page] == everything


def _end(api: Api, path: str, order: str) -> str:
    """The last of a list."""
    found: str = api.get(path, limit=1, order="asc" if order == "desc" else "desc")["last_id"]
    return found
