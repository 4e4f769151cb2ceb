"""File search in runs: what is searched, what the steps and the model see, citations in the answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from openai_assistants.server import Call, Code, LocalServer, Script, Search, Turn
from openai_assistants.server.models import Finish, ModelError, TextDelta, ToolCallDelta, Turn as ModelTurn
from openai_assistants.server.runs import Marker
from openai_assistants.server.runs.engine import MAX_ROUNDS_OF_THE_SERVER

from .support import LOOKUP, Api, api_of, frozen, text_of, wait_for
from .test_durability import copy_of_a_crash
from .test_runs import ENDED, path_of, submit, tool_calls
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


@contextmanager
def reading(model: Any, *files: tuple[bytes, str], tools: Any = (FILE_SEARCH,)) -> Iterator[tuple[Api, str]]:
    """A server that answers with a model, and an assistant with a store of these files."""
    with LocalServer(in_process=True, models={"*": model}, drain_seconds=0.0) as server, api_of(server) as api:
        store_id = store_of(api, *(api.file(*each) for each in files or ((WHALES, "whales.txt"), (TIDES, "tides.txt"))))
        yield api, api.assistant(tools=list(tools), tool_resources=resources(store_id))


def test_a_citation_points_at_the_file_and_at_its_marker() -> None:
    model = Reader("Whales sing{0}. And tides{1}!")
    with reading(model) as (api, assistant_id):
        run = api.run_in(api.run(api.thread("Tell me."), assistant_id), *ENDED)
        assert run["status"] == "completed"
        (search,) = model.turns[1].rounds[0].searches
        assert search.query == "whales moon"
        assert {found.filename for found in search.results} == {"whales.txt", "tides.txt"}
        assert {found.text for found in search.results} == {WHALES.decode(), TIDES.decode()}
        first, second = search.results
        assert first.marker != second.marker
        assert first.marker.endswith(f"†{first.filename}】")
        (block,) = api.messages(run["thread_id"])[-1]["content"]
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


def test_deltas_carry_annotations_with_their_markers() -> None:
    class Slow(Reader):
        async def respond(self, turn: ModelTurn) -> Any:
            async for part in super().respond(turn):
                if isinstance(part, TextDelta):
                    for character in part.text:
                        yield TextDelta(character)
                else:
                    yield part

    with reading(Slow("Ja 【so】 【1{0}x{0}【")) as (api, assistant_id):
        events = api.stream(f"/threads/{api.thread('Tell me.')}/runs", {"assistant_id": assistant_id})
        blocks = [e.data["delta"]["content"][0]["text"] for e in events if e.name == "thread.message.delta"]
        (message,) = (event.data for event in events if event.name == "thread.message.completed")
        whole = message["content"][0]["text"]
        assert "".join(block["value"] for block in blocks) == whole["value"]
        annotated = [block for block in blocks if block.get("annotations")]
        assert [block["value"] for block in annotated] == [each["text"] for each in whole["annotations"]]
        assert [each for block in annotated for each in block["annotations"]] == [
            {"index": index, **each} for index, each in enumerate(whole["annotations"])
        ]
        assert len(annotated) == 2
        marker = annotated[0]["value"]
        assert whole["value"] == f"Ja 【so】 【1{marker}x{marker}【"
        assert [whole["value"][each["start_index"] : each["end_index"]] for each in whole["annotations"]] == [
            marker
        ] * 2


def test_what_was_held_back_is_said_when_the_model_fails() -> None:
    class Breaking(Reader):
        async def respond(self, turn: ModelTurn) -> Any:
            async for part in super().respond(turn):
                yield part
            if turn.rounds:
                raise ModelError("broken")

    with reading(Breaking("So 【")) as (api, assistant_id):
        run = api.run_in(api.run(api.thread("Tell me."), assistant_id), *ENDED)
        assert (run["status"], run["last_error"]["message"]) == ("failed", "broken")
        assert text_of(api.messages(run["thread_id"])[-1]) == "So 【"


OWN = {"type": "file_citation", "text": "[1]", "file_citation": {"file_id": "file-1"}, "start_index": 4, "end_index": 7}


@pytest.mark.parametrize(
    ("follows", "status", "said"),
    [
        ([TextDelta("[1]", (OWN,)), TextDelta("!")], "completed", ["So 【[1]!"]),
        ([Finish("length")], "incomplete", ["So 【"]),
        ([ToolCallDelta(0, arguments="{}", name="lookup")], "requires_action", ["So 【"]),
    ],
    ids=["annotation", "end", "call"],
)
def test_what_was_held_back_is_said_before_what_follows(follows: list[Any], status: str, said: list[str]) -> None:
    class Going(Reader):
        async def respond(self, turn: ModelTurn) -> Any:
            async for part in super().respond(turn):
                yield part
            for part in follows if turn.rounds else ():
                yield part

    with reading(Going("So 【")) as (api, assistant_id):
        run = api.run(api.thread("Tell me."), assistant_id, tools=[FILE_SEARCH, LOOKUP])
        run = api.run_in(run, *ENDED, "requires_action")
        assert run["status"] == status
        texts = [block["text"] for each in api.messages(run["thread_id"])[1:] for block in each["content"]]
        assert [text["value"] for text in texts] == said
        for text in texts:
            for each in text["annotations"]:
                assert text["value"][each["start_index"] : each["end_index"]] == each["text"] == "[1]"


def test_a_model_may_answer_with_any_iterator() -> None:
    class Parts:
        """One that is no generator and cannot be closed."""

        def __init__(self, parts: list[Any]) -> None:
            self.parts = iter(parts)

        def __aiter__(self) -> Any:
            return self

        async def __anext__(self) -> Any:
            for part in self.parts:
                return part
            raise StopAsyncIteration

    class Iterating(Reader):
        def respond(self, turn: ModelTurn) -> Any:
            if not turn.rounds:
                return Parts([ToolCallDelta(0, arguments="whales", kind="file_search")])
            return Parts([TextDelta("So " + turn.rounds[0].searches[0].results[0].marker), TextDelta(".")])

    with reading(Iterating()) as (api, assistant_id):
        run = api.run_in(api.run(api.thread("Tell me."), assistant_id), *ENDED)
        assert run["status"] == "completed"
        (block,) = api.messages(run["thread_id"])[-1]["content"]
        (annotation,) = block["text"]["annotations"]
        assert block["text"]["value"] == f"So {annotation['text']}."


def test_each_passage_of_a_run_has_a_marker_of_its_own() -> None:
    class Thorough(Reader):
        async def respond(self, turn: ModelTurn) -> Any:
            self.turns.append(turn)
            if len(turn.rounds) < 2:
                for index, query in enumerate(("whales moon", "moon whales")):
                    yield ToolCallDelta(index, arguments=query, kind="file_search")
            else:
                yield TextDelta("Thanks.")

    with reading(model := Thorough()) as (api, assistant_id):
        run = api.run_in(api.run(api.thread("a", "b", "c"), assistant_id), *ENDED)
        assert run["status"] == "completed"
        searches = [search for each in model.turns[-1].rounds for search in each.searches]
        places = [[found.marker.partition("†")[0] for found in search.results] for search in searches]
        assert places == [["【3:0", "【3:1"], ["【4:0", "【4:1"], ["【5:0", "【5:1"], ["【6:0", "【6:1"]]


def test_texts_of_results_only_where_they_are_asked_for(api: Api, server: LocalServer, librarian: str) -> None:
    def results(step: Any) -> Any:
        return step["step_details"]["tool_calls"][0]["file_search"]["results"]

    script = [Turn(calls=[Search("whales")]), Turn("ok")]
    server.scripts.add(script)
    thread_id = api.thread("q")
    streamed = api.stream(f"/threads/{thread_id}/runs?include[]={CONTENT}", {"assistant_id": librarian})
    with_text = next(results(event.data) for event in streamed if event.name == "thread.run.step.completed")
    assert [each["content"] for each in with_text] == [[{"type": "text", "text": WHALES.decode()}]]
    run = streamed[-2].data
    path = f"{path_of(run)}/steps"
    plain, full = api.get(path, order="asc"), api.get(path, order="asc", **{"include[]": CONTENT})
    assert results(full["data"][0]) == with_text
    assert results(plain["data"][0]) == [
        {name: value for name, value in each.items() if name != "content"} for each in with_text
    ]
    step_id = plain["data"][0]["id"]
    assert results(api.get(f"{path}/{step_id}")) == results(plain["data"][0])
    assert results(api.get(f"{path}/{step_id}", **{"include[]": CONTENT})) == with_text
    server.scripts.add(script)
    streamed = api.stream(f"/threads/{thread_id}/runs", {"assistant_id": librarian})
    without = next(results(event.data) for event in streamed if event.name == "thread.run.step.completed")
    assert without == results(plain["data"][0])


def test_the_wish_for_texts_is_that_of_one_request(api: Api, server: LocalServer, sea: str) -> None:
    tools = [FILE_SEARCH, LOOKUP]
    assistant_id = api.assistant(tools=tools, tool_resources=resources(sea))
    server.scripts.add([Turn(calls=[Call("lookup", {"query": "x"})]), Turn(calls=[Search("whales")]), Turn("ok")])
    path = f"/threads/{api.thread('q')}/runs?include[]={CONTENT}"
    run = next(
        event.data
        for event in api.stream(path, {"assistant_id": assistant_id})
        if event.name == "thread.run.requires_action"
    )
    outputs = [{"tool_call_id": tool_calls(run)[0]["id"], "output": "y"}]
    streamed = api.stream(f"{path_of(run)}/submit_tool_outputs", {"tool_outputs": outputs})
    details = [event.data["step_details"] for event in streamed if event.name == "thread.run.step.completed"]
    (found,) = details[1]["tool_calls"][0]["file_search"]["results"]
    assert "content" not in found


@pytest.mark.parametrize(
    ("options", "expected"), [({}, 20), ({"max_num_results": 3}, 3), ({"max_num_results": 50}, 25)]
)
def test_how_many_results_there_are(api: Api, server: LocalServer, options: dict[str, Any], expected: int) -> None:
    texts = [f"whale number {number}" for number in range(24)] + ["the white whale"]
    store_id = store_of(api, *(api.file(text.encode(), f"{at}.txt") for at, text in enumerate(texts)))
    server.scripts.add([Turn(calls=[Search("white whale")]), Turn("ok")])
    tool = {"type": "file_search", "file_search": options} if options else FILE_SEARCH
    run = api.run(api.thread("q"), api.assistant(tools=[tool], tool_resources=resources(store_id)))
    assert api.run_in(run, *ENDED)["status"] == "completed"
    found = api.steps(run)[0]["step_details"]["tool_calls"][0]["file_search"]["results"]
    assert len(found) == expected
    scores = [each["score"] for each in found]
    assert scores == sorted(scores, reverse=True)
    assert found[0]["file_name"] == "24.txt"


def test_results_that_score_too_little_are_dropped(api: Api, server: LocalServer, sea: str) -> None:
    def search(threshold: float) -> Any:
        options = {"ranking_options": {"ranker": "auto", "score_threshold": threshold}}
        tool = {"type": "file_search", "file_search": options}
        server.scripts.add([Turn(calls=[Search("whales sing in the sea of tides")]), Turn("ok")])
        run = api.run(api.thread("q"), api.assistant(tools=[tool], tool_resources=resources(sea)))
        assert api.run_in(run, *ENDED)["status"] == "completed"
        return api.steps(run)[0]["step_details"]["tool_calls"][0]["file_search"]

    best, worst = search(0.0)["results"]
    between = (best["score"] + worst["score"]) / 2
    assert worst["score"] < between < best["score"]
    assert search(between) == {
        "ranking_options": {"ranker": "default_2024_08_21", "score_threshold": between},
        "results": [best],
    }


def test_a_file_in_two_stores_is_found_once(api: Api, server: LocalServer, librarian: str, sea: str) -> None:
    (file_id,) = (file["id"] for file in api.get("/files")["data"] if file["filename"] == "whales.txt")
    thread_id = api.post("/threads", {"tool_resources": resources(store_of(api, file_id))})["id"]
    server.scripts.add([Turn(calls=[Search("whales")]), Turn("ok")])
    run = api.run(thread_id, librarian)
    assert api.run_in(run, *ENDED)["status"] == "completed"
    results = api.steps(run)[0]["step_details"]["tool_calls"][0]["file_search"]["results"]
    assert [each["file_id"] for each in results] == [file_id]


def found_names(api: Api, run: Any) -> set[str]:
    calls = [call for step in api.steps(run) for call in step["step_details"].get("tool_calls", ())]
    return {each["file_name"] for call in calls for each in call["file_search"]["results"]}


def test_the_stores_of_assistant_and_thread_are_searched_or_those_that_the_request_names(
    api: Api, server: LocalServer
) -> None:
    stores = {name: store_of(api, api.file(f"whales of {name}".encode(), name)) for name in ("a.txt", "b.txt", "c.txt")}
    assistant_id = api.assistant(tools=[FILE_SEARCH], tool_resources=resources(stores["a.txt"]))
    thread = {"messages": [{"role": "user", "content": "q"}], "tool_resources": resources(stores["b.txt"])}
    server.scripts.add(Script([Turn(calls=[Search("whales")]), Turn("ok")], times=2))
    run = api.post("/threads/runs", {"assistant_id": assistant_id, "thread": thread})
    assert api.run_in(run, *ENDED)["status"] == "completed"
    assert found_names(api, run) == {"a.txt", "b.txt"}
    own = {"assistant_id": assistant_id, "thread": thread, "tool_resources": resources(stores["c.txt"])}
    run = api.post("/threads/runs", own)
    assert api.run_in(run, *ENDED)["status"] == "completed"
    assert found_names(api, run) == {"b.txt", "c.txt"}


def test_a_search_with_nothing_to_search_in(api: Api, server: LocalServer) -> None:
    server.scripts.add([Turn(calls=[Search("whales")]), Turn("ok")])
    run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[FILE_SEARCH])), *ENDED)
    assert (run["status"], found_names(api, run)) == ("completed", set())


def test_a_store_that_was_deleted_is_left_out(api: Api, server: LocalServer, librarian: str, sea: str) -> None:
    api.delete(f"/vector_stores/{sea}")
    server.scripts.add([Turn(calls=[Search("whales")]), Turn("ok")])
    run = api.run_in(api.run(api.thread("q"), librarian), *ENDED)
    assert (run["status"], found_names(api, run)) == ("completed", set())


def test_a_run_that_searches_an_expired_store_fails() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        expiry = {"expires_after": {"anchor": "last_active_at", "days": 1}}
        store_id = store_of(api, api.file(WHALES, "whales.txt"), **expiry)
        assistant_id = api.assistant(tools=[FILE_SEARCH], tool_resources=resources(store_id))
        server.clock.advance(24 * 3600)
        server.scripts.add([Turn("Let me see.", calls=[Search("whales")]), Turn("unsaid")])
        run = api.run_in(api.run(api.thread("q"), assistant_id), *ENDED)
        message = f"The vector store '{store_id}' has expired. Attach another one, then run again."
        assert (run["status"], run["last_error"]) == ("failed", {"code": "server_error", "message": message})
        said, search = api.steps(run)
        assert (said["status"], search["status"], search["last_error"]) == ("completed", "failed", run["last_error"])


def test_a_search_waits_for_files_that_are_still_processed(api: Api, server: LocalServer) -> None:
    gate = server.processing.hold("whales.txt")
    store_id = api.post("/vector_stores", {"file_ids": [api.file(WHALES, "whales.txt")]})["id"]
    server.scripts.add([Turn(calls=[Search("whales")]), Turn("ok")])
    run = api.run(api.thread("q"), api.assistant(tools=[FILE_SEARCH], tool_resources=resources(store_id)))
    wait_for(lambda: api.steps(run), bool)
    assert gate.reached.wait(10)
    (step,) = api.steps(run)
    assert (step["status"], api.get(path_of(run))["status"]) == ("in_progress", "in_progress")
    gate.open()
    assert api.run_in(run, *ENDED)["status"] == "completed"
    assert found_names(api, run) == {"whales.txt"}


def test_a_search_goes_on_after_a_minute_without_files_that_are_not_ready() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        server.processing.hold("whales.txt")
        sea = store_of(api, api.file(b"whales too", "a.txt"))
        api.post(f"/vector_stores/{sea}/files", {"file_id": api.file(WHALES, "whales.txt")})
        server.scripts.add([Turn(calls=[Search("whales")]), Turn("ok")])
        run = api.run(api.thread("q"), api.assistant(tools=[FILE_SEARCH], tool_resources=resources(sea)))
        wait_for(lambda: api.steps(run), lambda steps: bool(steps and steps[0]["step_details"]["tool_calls"]))
        server.clock.advance(59)
        assert api.get(path_of(run))["status"] == "in_progress"
        server.clock.advance(1)
        assert api.run_in(run, *ENDED)["status"] == "completed"
        assert found_names(api, run) == {"a.txt"}


@pytest.fixture
def waiting(api: Api, server: LocalServer) -> Any:
    """A run that is searching and waits for a file."""
    server.processing.hold("whales.txt")
    sea = api.post("/vector_stores", {"file_ids": [api.file(WHALES, "whales.txt")]})["id"]
    server.scripts.add([Turn(calls=[Search("whales")]), Turn("ok")])
    run = api.run(api.thread("q"), api.assistant(tools=[FILE_SEARCH], tool_resources=resources(sea)))
    wait_for(lambda: api.steps(run), lambda steps: bool(steps and steps[0]["step_details"]["tool_calls"]))
    return run


def test_cancel_while_the_server_searches(api: Api, server: LocalServer, waiting: Any) -> None:
    api.post(f"{path_of(waiting)}/cancel")
    assert api.run_in(waiting, *ENDED)["status"] == "cancelled"
    (step,) = api.steps(waiting)
    (call,) = step["step_details"]["tool_calls"]
    assert (step["status"], call["file_search"]) == ("cancelled", {})
    wait_for(lambda: dict(server.service.engine._runs), lambda running: not running)


def test_expiry_while_the_server_searches(api: Api, server: LocalServer, waiting: Any) -> None:
    server.clock.freeze()
    server.clock.advance(601)
    assert api.run_in(waiting, *ENDED)["status"] == "expired"
    assert [step["status"] for step in api.steps(waiting)] == ["expired"]


def test_deleting_the_thread_while_the_server_searches(api: Api, server: LocalServer, waiting: Any) -> None:
    api.delete(f"/threads/{waiting['thread_id']}")
    wait_for(lambda: dict(server.service.engine._runs), lambda running: not running)


@pytest.mark.sqlite
def test_a_process_that_dies_during_a_search_leaves_a_run_that_fails(tmp_path: Path) -> None:
    source, target = tmp_path / "a.db", tmp_path / "b.db"
    with LocalServer(in_process=True, database=str(source), drain_seconds=0.0) as server, api_of(server) as api:
        server.processing.hold()
        sea = api.post("/vector_stores", {"file_ids": [api.file(WHALES, "whales.txt")]})["id"]
        server.scripts.add([Turn(calls=[Search("whales"), Call("lookup", {"query": "x"})]), Turn("ok")])
        run = api.run(api.thread("q"), api.assistant(tools=[FILE_SEARCH, LOOKUP], tool_resources=resources(sea)))
        wait_for(lambda: api.steps(run), lambda steps: bool(steps and steps[0]["step_details"]["tool_calls"]))
        copy_of_a_crash(server, source, target)
    with LocalServer(in_process=True, database=str(target)) as server, api_of(server) as api:
        run = api.run_in(run, *ENDED)
        assert (run["status"], run["last_error"]["code"]) == ("failed", "server_error")
        (step,) = api.steps(run)
        assert step["status"] == "failed"
        assert [call["type"] for call in step["step_details"]["tool_calls"]] == ["file_search", "function"]
        assert run["usage"] == step["usage"] != {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def test_functions_and_searches_of_one_turn(api: Api, server: LocalServer, sea: str) -> None:
    server.scripts.add(
        [Turn(calls=[Search("whales"), Call("lookup", {"query": "x"}), Search("moon")]), Turn("Both are known.")]
    )
    assistant_id = api.assistant(tools=[LOOKUP, FILE_SEARCH], tool_resources=resources(sea))
    events = api.stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": assistant_id})
    assert [event.name for event in events][-3:] == ["thread.run.step.delta", "thread.run.requires_action", "done"]
    run = events[-2].data
    (open_call,) = tool_calls(run)
    assert (open_call["type"], open_call["function"]["name"]) == ("function", "lookup")
    (step,) = api.steps(run)
    first, function, second = step["step_details"]["tool_calls"]
    assert step["status"] == "in_progress"
    assert [each["file_name"] for each in first["file_search"]["results"]] == ["whales.txt"]
    assert [each["file_name"] for each in second["file_search"]["results"]] == ["tides.txt"]
    assert (function["id"], function["function"]["output"]) == (open_call["id"], None)
    submit(api, run, "out")
    assert api.run_in(run, *ENDED)["status"] == "completed"
    step, answer = api.steps(run)
    assert step["status"] == "completed"
    assert step["step_details"]["tool_calls"][1]["function"]["output"] == "out"
    assert step["step_details"]["tool_calls"][::2] == [first, second]
    assert answer["type"] == "message_creation"


class Restless(Reader):
    """Searches as long as it may."""

    async def respond(self, turn: ModelTurn) -> Any:
        self.turns.append(turn)
        if turn.has_tool("file_search"):
            yield ToolCallDelta(0, arguments="whales", kind="file_search")
        else:
            yield TextDelta("That is all I found.")


def test_searches_come_to_an_end() -> None:
    with reading(model := Restless()) as (api, assistant_id):
        run = api.run_in(api.run(api.thread("q"), assistant_id), *ENDED)
        assert run["status"] == "completed"
        assert [turn.tool_choice for turn in model.turns] == ["auto"] * MAX_ROUNDS_OF_THE_SERVER + ["none"]
        assert text_of(api.messages(run["thread_id"])[-1]) == "That is all I found."


def test_a_model_that_calls_what_is_not_offered_fails_its_run(api: Api, server: LocalServer) -> None:
    class Stubborn(Restless):
        async def respond(self, turn: ModelTurn) -> Any:
            yield ToolCallDelta(0, arguments="whales", kind="file_search")

    with reading(Stubborn()) as (api, assistant_id):
        run = api.run_in(api.run(api.thread("q"), assistant_id), *ENDED)
        message = "The model called file_search, which this run does not offer in its present turn."
        assert (run["status"], run["last_error"]["message"]) == ("failed", message)
        assert len(api.steps(run)) == MAX_ROUNDS_OF_THE_SERVER
        run = api.run_in(api.run(api.thread("q"), assistant_id, tool_choice="none"), *ENDED)
        assert (run["status"], run["last_error"]["message"], api.steps(run)) == ("failed", message, [])


@pytest.mark.parametrize("call", [Search("whales"), Code("print(1)")])
def test_scripts_do_not_call_what_is_not_offered(api: Api, server: LocalServer, call: Any) -> None:
    server.scripts.add(Turn(calls=[call]))
    run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[LOOKUP])), *ENDED)
    kind = "file_search" if isinstance(call, Search) else "code_interpreter"
    assert run["last_error"]["message"] == f"the script calls {kind}, but the run does not offer it"


def test_limits_hold_over_all_turns(api: Api, server: LocalServer, librarian: str) -> None:
    server.scripts.add([Turn(calls=[Search("whale " * 100)]), Turn("y" * 2000)])
    run = api.run_in(api.run(api.thread("q"), librarian, max_completion_tokens=256), *ENDED)
    assert run["incomplete_details"] == {"reason": "max_completion_tokens"}
    assert text_of(api.messages(run["thread_id"])[-1]) == "y" * (256 * 4 - 600)
    assert run["usage"]["completion_tokens"] == 256


def test_a_search_cut_off_by_the_limit_is_not_carried_out(api: Api, server: LocalServer, librarian: str) -> None:
    server.scripts.add(Turn(calls=[Search("whale " * 1000)]))
    run = api.run_in(api.run(api.thread("q"), librarian, max_completion_tokens=256), *ENDED)
    assert run["status"] == "incomplete"
    (step,) = api.steps(run)
    assert [call["file_search"] for call in step["step_details"]["tool_calls"]] == [{}]


def test_what_was_found_counts_for_the_prompt(api: Api, server: LocalServer) -> None:
    sea = store_of(api, api.file(b"whales " * 400, "whales.txt"))
    server.scripts.add([Turn(calls=[Search("whales")]), Turn("unsaid")])
    assistant_id = api.assistant(tools=[FILE_SEARCH], tool_resources=resources(sea))
    run = api.run_in(api.run(api.thread("q"), assistant_id, max_prompt_tokens=300), *ENDED)
    assert run["incomplete_details"] == {"reason": "max_prompt_tokens"}
    assert [step["status"] for step in api.steps(run)] == ["completed"]
    assert api.messages(run["thread_id"], run_id=run["id"]) == []


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_markers_are_found_however_text_is_cut(size: int) -> None:
    known = {
        marker: {"type": "x", "text": marker}
        for marker in ("【1:0†a】", "【1:10†a】", "sandbox:/mnt/data/a", "sandbox:/mnt/data/a.csv")
    }
    text = (
        "【【1:0†a】【1:10†a】 【1:1†a】 sandbox:/mnt/data/a, sandbox:/mnt/data/a.csv. sandbox:/mnt/data/ab "
        "sandbox:/mnt/data/a.b sandbox:/mnt/data/a.csv.gz (sandbox:/mnt/data/a.csv) sandbox:/mnt/data/a"
    )
    marker = Marker(known)
    parts = [part for at in range(0, len(text), size) for part in marker.feed(text[at : at + size])]
    parts += marker.flush()
    assert "".join(part.text for part in parts) == text
    annotations = [annotation for part in parts for annotation in part.annotations]
    assert [each["text"] for each in annotations] == [
        "【1:0†a】",
        "【1:10†a】",
        "sandbox:/mnt/data/a",
        "sandbox:/mnt/data/a.csv",
        "sandbox:/mnt/data/a.csv",
        "sandbox:/mnt/data/a",
    ]
    assert all(text[each["start_index"] : each["end_index"]] == each["text"] for each in annotations)
    assert all(part.text == part.annotations[0]["text"] for part in parts if part.annotations)
