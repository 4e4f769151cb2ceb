"""What is written down of a turn, part by part, as any model may say it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import update

from openai_assistants.server import Gate, LocalServer, Search, Turn
from openai_assistants.server.models import (
    Finish,
    Part,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
    Turn as ModelTurn,
    Usage,
)
from openai_assistants.server.store import Tx
from openai_assistants.server.store.tables import runs

from .support import LOOKUP, Api, api_of, in_database, runs_at_work, text_of, wait_for
from .test_runs import ENDED, path_of, tool_calls

FILE_SEARCH: dict[str, Any] = {"type": "file_search"}
LIMIT = 256 * 4
"""As many characters as the least limit on tokens allows."""


class Saying:
    """Says these parts in its first turn, all at once, and nothing in later ones."""

    name = "saying"

    def __init__(self, *parts: Part) -> None:
        self.parts = parts
        self.turns: list[ModelTurn] = []

    async def respond(self, turn: ModelTurn) -> Any:
        self.turns.append(turn)
        for part in self.parts if turn.index == 0 else ():
            yield part


@contextmanager
def said(*parts: Part, **fields: Any) -> Iterator[tuple[Api, dict[str, Any]]]:
    """A run whose model has said these parts, as it is when it has ended or waits for outputs."""
    with LocalServer(in_process=True, drain_seconds=0.0, models={"*": Saying(*parts)}) as server, api_of(server) as api:
        run = api.run(api.thread("q"), api.assistant(tools=[LOOKUP, FILE_SEARCH]), **fields)
        yield api, api.run_in(run, *ENDED, "requires_action")


def citation(end: int) -> dict[str, Any]:
    place = {"text": "x", "start_index": end - 1, "end_index": end}
    return {"type": "file_citation", "file_citation": {"file_id": "file-1"}, **place}


def test_citations_behind_the_limit_are_dropped_with_their_text() -> None:
    ends = (10, LIMIT, LIMIT + 1)
    with said(TextDelta("x" * 2000, tuple(map(citation, ends))), max_completion_tokens=256) as (api, run):
        (block,) = api.messages(run["thread_id"])[-1]["content"]
    assert len(block["text"]["value"]) == LIMIT
    assert [each["end_index"] for each in block["text"]["annotations"]] == [10, LIMIT]


def test_ends_of_citations_count_from_the_beginning_of_the_message() -> None:
    first, second = TextDelta("x" * 600), TextDelta("x" * 600, (citation(700), citation(LIMIT), citation(1100)))
    with said(first, second, max_completion_tokens=256) as (api, run):
        (block,) = api.messages(run["thread_id"])[-1]["content"]
    assert [each["end_index"] for each in block["text"]["annotations"]] == [700, LIMIT]


def test_citations_of_a_whole_text_may_point_anywhere() -> None:
    with said(TextDelta("x", (citation(700),))) as (api, run):
        (block,) = api.messages(run["thread_id"])[-1]["content"]
    assert [each["end_index"] for each in block["text"]["annotations"]] == [700]


@pytest.mark.parametrize("cut", [TextDelta("x" * 2000), RefusalDelta("x" * 2000)])
def test_nothing_is_taken_behind_the_limit(cut: Part) -> None:
    """Neither words nor figures, whether they come together with what is cut or later: nobody listens any more."""
    parts = (cut, TextDelta("unsaid"), ToolCallDelta(0, "lookup", "{}"), Usage(7, 9000))
    with said(*parts, max_completion_tokens=256) as (api, run):
        assert (run["status"], run["incomplete_details"]) == ("incomplete", {"reason": "max_completion_tokens"})
        assert run["usage"]["completion_tokens"] == 256
        assert len(api.steps(run)) == 1


def test_usage_counts_where_it_stands_before_the_end() -> None:
    with said(TextDelta("So far"), Usage(7, 5), Finish("length"), Usage(70, 50)) as (_, run):
        assert run["usage"] == {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}


@pytest.mark.parametrize(("length", "tokens"), [(0, 0), (1, 1), (8, 2), (9, 3)])
def test_a_token_is_four_characters(length: int, tokens: int) -> None:
    with said(TextDelta("x" * length)) as (_, run):
        assert run["usage"]["completion_tokens"] == tokens


@pytest.mark.parametrize("empty", [TextDelta(""), RefusalDelta("")])
def test_a_piece_without_words_is_no_message(empty: Part) -> None:
    with said(empty, empty) as (api, run):
        assert run["status"] == "completed"
        assert (len(api.messages(run["thread_id"])), api.steps(run)) == (1, [])


def test_citations_may_come_without_words() -> None:
    with said(TextDelta("xx"), TextDelta(""), TextDelta("", (citation(1),)), TextDelta("", (citation(2),))) as (
        api,
        run,
    ):
        (block,) = api.messages(run["thread_id"])[-1]["content"]
    assert block["text"]["value"] == "xx"
    assert [each["end_index"] for each in block["text"]["annotations"]] == [1, 2]


def test_a_text_that_reaches_its_limit_exactly_is_complete() -> None:
    with said(TextDelta("x" * LIMIT), max_completion_tokens=256) as (api, run):
        assert run["status"] == "completed"
        assert len(text_of(api.messages(run["thread_id"])[-1])) == LIMIT


def test_calls_without_names_and_ids() -> None:
    """An id is made up; a name is not."""
    with said(ToolCallDelta(0, arguments="{"), ToolCallDelta(0, arguments="}"), ToolCallDelta(1, "lookup", "{}")) as (
        api,
        run,
    ):
        nameless, named = tool_calls(run)
        assert all(re.fullmatch("call_[0-9A-Za-z]{24}", call["id"]) for call in (nameless, named))
        assert nameless["id"] != named["id"]
        assert nameless["function"] == {"name": "", "arguments": "{}"}
        assert named["function"] == {"name": "lookup", "arguments": "{}"}
        (step,) = api.steps(run)
        assert step["status"] == "in_progress"


def test_a_function_that_the_run_does_not_have_is_the_callers_business() -> None:
    model = Saying(ToolCallDelta(0, "lookup", "{}", id="call_of_the_model"))
    with LocalServer(in_process=True, models={"*": model}) as server, api_of(server) as api:
        run = api.run_in(api.run(api.thread("q"), api.assistant()), *ENDED, "requires_action")
        (call,) = tool_calls(run)
    assert (call["id"], call["function"]["name"]) == ("call_of_the_model", "lookup")


def test_what_a_run_has_said_itself_is_in_its_rounds_only() -> None:
    model = Saying(TextDelta("I look it up."), ToolCallDelta(0, "lookup", "{}"))
    with LocalServer(in_process=True, models={"*": model}) as server, api_of(server) as api:
        run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[LOOKUP])), "requires_action")
        outputs = [{"tool_call_id": each["id"], "output": "x"} for each in tool_calls(run)]
        api.post(f"{path_of(run)}/submit_tool_outputs", {"tool_outputs": outputs})
        api.run_in(run, "completed")
    second = model.turns[1]
    assert [message.text for message in second.messages] == ["q"]
    assert [each.text for each in second.rounds] == ["I look it up."]


def test_ids_are_like_those_of_the_api() -> None:
    with said(TextDelta("x"), ToolCallDelta(0, "lookup", "{}")) as (api, run):
        ids = [each["id"] for each in (*api.messages(run["thread_id"]), run, *api.steps(run))]
    assert [re.sub("[0-9A-Za-z]{24}$", "", each) for each in ids] == ["msg_", "msg_", "run_", "step_", "step_"]


def test_a_message_begun_after_a_call_is_completed_before_outputs_are_waited_for() -> None:
    parts = (TextDelta("Before."), ToolCallDelta(0, "lookup", "{}"), TextDelta("After."))
    with said(*parts) as (api, run):
        assert run["status"] == "requires_action"
        _, before, after = api.messages(run["thread_id"])
        assert [(text_of(each), each["status"]) for each in (before, after)] == [
            ("Before.", "completed"), ("After.", "completed"),
        ]  # fmt: skip
        kinds = {step["type"]: step["status"] for step in api.steps(run)}
        assert kinds == {"message_creation": "completed", "tool_calls": "in_progress"}


def test_the_step_of_a_search_is_completed_before_the_next_turn(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add([Turn(calls=[Search("x")], usage=(50, 9)), Turn("Found.", before=gate)])
    run = api.run(api.thread("q"), api.assistant(tools=[FILE_SEARCH]))
    assert gate.reached.wait(10)
    (step,) = api.steps(run)
    assert step["status"] == "completed"
    assert step["completed_at"] >= step["created_at"]
    assert step["usage"] == {"prompt_tokens": 50, "completion_tokens": 9, "total_tokens": 59}
    gate.open()
    assert api.run_in(run, *ENDED)["status"] == "completed"


def test_a_run_that_vanishes_while_its_model_speaks_is_no_error(
    api: Api, server: LocalServer, caplog: pytest.LogCaptureFixture
) -> None:
    """As when another worker deletes its thread, and the news comes late."""
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate, "b"]))
    run = api.run(api.thread("q"), api.assistant())
    assert gate.reached.wait(10)
    wait_for(lambda: api.steps(run), lambda found: len(found) == 1)

    def vanish(tx: Tx) -> None:
        tx.connection.execute(update(runs).where(runs.c.id == run["id"]).values(deleted=True))

    with caplog.at_level(logging.WARNING):
        in_database(server, vanish)
        gate.open()
        wait_for(lambda: runs_at_work(server), lambda running: not running)
    assert caplog.messages == []
    assert api.error("GET", path_of(run))[0] == 404
