"""File search in runs: what is searched, what the steps and the model see, citations in the answer."""

from __future__ import annotations

from typing import Any

import pytest

from openai_assistants.server import LocalServer, Search, Turn
from openai_assistants.server.models.base import TextDelta, ToolCallDelta, Turn as ModelTurn

from .support import Api, api_of
from .test_runs import ENDED
from .test_vector_stores import store_of

WHALES = b"Whales are mammals. They sing in the deep sea."
TIDES = b"Tides come from the moon."
CONTENT = "step_details.tool_calls[*].file_search.results[*].content"
FILE_SEARCH: dict[str, Any] = {"type": "file_search"}


def resources(*store_ids: str) -> dict[str, Any]:
    return {"file_search": {"vector_store_ids": list(store_ids)}}


@pytest.fixture
def sea(api: Api) -> str:
    """A vector store with two files."""
    return store_of(api, api.file(WHALES, "whales.txt"), api.file(TIDES, "tides.txt"))


@pytest.fixture
def librarian(api: Api, sea: str) -> str:
    """An assistant that may search in the store."""
    return api.assistant(tools=[FILE_SEARCH], tool_resources=resources(sea))


class Reader:
    """Searches once, then says what it is told to; keeps what it was asked."""

    name = "reader"

    def __init__(self, *answer: str, query: str = "whales moon") -> None:
        self.turns: list[ModelTurn] = []
        self.answer = answer
        self.query = query

    async def respond(self, turn: ModelTurn) -> Any:
        self.turns.append(turn)
        if not turn.rounds:
            yield ToolCallDelta(0, kind="file_search")
            yield ToolCallDelta(0, arguments=self.query, kind="file_search")
            return
        markers = [found.marker for search in turn.rounds[0].searches for found in search.results]
        for piece in self.answer:
            yield TextDelta(piece.format(*markers))


def test_a_search_and_the_answer_are_one_run(api: Api, server: LocalServer, librarian: str, sea: str) -> None:
    server.scripts.add([Turn(calls=[Search("Where do whales sing?")]), Turn("In the sea.")])
    thread_id = api.thread("Where?")
    events = api.stream(f"/threads/{thread_id}/runs", {"assistant_id": librarian})
    assert [event.name for event in events] == [
        "thread.run.created",
        "thread.run.queued",
        "thread.run.in_progress",
        "thread.run.step.created",
        "thread.run.step.in_progress",
        "thread.run.step.delta",
        "thread.run.step.completed",
        "thread.run.step.created",
        "thread.run.step.in_progress",
        "thread.message.created",
        "thread.message.in_progress",
        *["thread.message.delta"] * 3,
        "thread.message.completed",
        "thread.run.step.completed",
        "thread.run.completed",
        "done",
    ]
    run = events[-2].data
    answer, search = api.steps(run)[::-1]
    call = search["step_details"]["tool_calls"][0]
    (delta,) = (event.data for event in events if event.name == "thread.run.step.delta")
    assert delta["delta"]["step_details"] == {
        "type": "tool_calls",
        "tool_calls": [{"index": 0, "id": call["id"], "type": "file_search", "file_search": {}}],
    }
    (file_id,) = (file["id"] for file in api.get("/files")["data"] if file["filename"] == "whales.txt")
    score = call["file_search"]["results"][0]["score"]
    assert 0 < score <= 1
    assert call == {
        "id": call["id"],
        "type": "file_search",
        "file_search": {
            "ranking_options": {"ranker": "default_2024_08_21", "score_threshold": 0.0},
            "results": [{"file_id": file_id, "file_name": "whales.txt", "score": score}],
        },
    }
    completed = next(event.data for event in events if event.name == "thread.run.step.completed")
    assert completed == search
    usages = [step["usage"] for step in (search, answer)]
    assert all(usage["total_tokens"] > 0 for usage in usages)
    assert run["usage"] == {name: sum(usage[name] for usage in usages) for name in usages[0]}


def test_a_citation_points_at_the_file_and_at_its_marker() -> None:
    model = Reader("Whales sing{0", "}", ". And tides{1}!", query="whales moon")
    model.answer = ("Whales sing{0}. And tides{1}!",)
    with LocalServer(in_process=True, models={"*": model}) as server, api_of(server) as api:
        store_id = store_of(api, api.file(WHALES, "whales.txt"), api.file(TIDES, "tides.txt"))
        assistant_id = api.assistant(tools=[FILE_SEARCH], tool_resources=resources(store_id))
        run = api.run_in(api.run(api.thread("Tell me."), assistant_id), *ENDED)
        assert run["status"] == "completed"
        (search,) = model.turns[1].rounds[0].searches
        assert search.query == "whales moon"
        assert {found.filename for found in search.results} == {"whales.txt", "tides.txt"}
        assert {found.text for found in search.results} == {WHALES.decode(), TIDES.decode()}
        message = api.messages(run["thread_id"])[-1]
        (block,) = message["content"]
        first, second = search.results
        assert first.marker != second.marker
        assert first.marker.endswith(f"†{first.filename}】")
        assert block["text"]["value"] == f"Whales sing{first.marker}. And tides{second.marker}!"
        for annotation, found in zip(block["text"]["annotations"], search.results, strict=True):
            place = slice(annotation["start_index"], annotation["end_index"])
            assert block["text"]["value"][place] == found.marker
            assert annotation == {
                "type": "file_citation",
                "text": found.marker,
                "start_index": place.start,
                "end_index": place.stop,
                "file_citation": {"file_id": found.file_id},
            }
