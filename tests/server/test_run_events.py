"""Every kind of event, in the order in which the API documents them, for each way that a run can go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from openai_assistants.server import Call, Fail, Gate, LocalServer, Script, Turn
from openai_assistants.server.models import Finish, TextDelta, Turn as ModelTurn

from .support import LOOKUP, Api, Event, api_of, event_schemas, frozen, text_of, wait_for
from .test_runs import ENDED, path_of, tool_calls

BEGIN = ["thread.run.created", "thread.run.queued", "thread.run.in_progress"]
STEP = ["thread.run.step.created", "thread.run.step.in_progress"]
MESSAGE = [*STEP, "thread.message.created", "thread.message.in_progress", "thread.message.delta"]


def end(step: str, message: str, run: str) -> list[str]:
    return [f"thread.message.{message}", f"thread.run.step.{step}", f"thread.run.{run}", "done"]


def names(events: list[Event]) -> list[str]:
    return [event.name for event in events]


def stream(api: Api, **fields: Any) -> list[Event]:
    return api.stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant(tools=[LOOKUP]), **fields})


def interrupted(api: Api, server: LocalServer, interrupt: Callable[[Any], object]) -> list[Event]:
    """The events of a run to which something happens while its model speaks."""
    gate = Gate()
    server.scripts.add(Turn(deltas=["So far", gate, "unsaid"]))
    path = f"/threads/{api.thread('q')}/runs"
    with api.open_stream(path, {"assistant_id": api.assistant()}) as events:
        seen: list[Event] = []
        for event in events:
            seen.append(event)
            if event.name == "thread.message.delta":
                interrupt(seen[0].data)
    return seen


def completed(api: Api, server: LocalServer) -> list[Event]:
    server.scripts.add("Hello")
    events = stream(api)
    assert names(events) == [*BEGIN, *MESSAGE, *end("completed", "completed", "completed")]
    return events


def with_a_new_thread(api: Api, server: LocalServer) -> list[Event]:
    server.scripts.add("Hello")
    thread = {"messages": [{"role": "user", "content": "q"}]}
    events = api.stream("/threads/runs", {"assistant_id": api.assistant(), "thread": thread})
    assert names(events) == ["thread.created", *BEGIN, *MESSAGE, *end("completed", "completed", "completed")]
    return events


def with_tool_outputs(api: Api, server: LocalServer) -> list[Event]:
    server.scripts.add([Turn("Wait", calls=[Call("lookup", "{}")]), Turn("Hello")])
    first = stream(api)
    said = ["thread.message.completed", "thread.run.step.completed"]
    called = [*STEP, *["thread.run.step.delta"] * 2, "thread.run.requires_action", "done"]
    assert names(first) == [*BEGIN, *MESSAGE, *said, *called]
    run = first[-2].data
    outputs = [{"tool_call_id": call["id"], "output": "x"} for call in tool_calls(run)]
    second = api.stream(f"{path_of(run)}/submit_tool_outputs", {"tool_outputs": outputs})
    again = ["thread.run.step.completed", "thread.run.queued", "thread.run.in_progress"]
    assert names(second) == [*again, *MESSAGE, *end("completed", "completed", "completed")]
    return [*first, *second]


def incomplete(api: Api, server: LocalServer) -> list[Event]:
    server.scripts.add(Turn(deltas=["x" * 5000]))
    events = stream(api, max_completion_tokens=256)
    assert names(events) == [*BEGIN, *MESSAGE, *end("completed", "incomplete", "incomplete")]
    return events


def failed(api: Api, server: LocalServer) -> list[Event]:
    server.scripts.add(Turn(deltas=["So far"], fail=Fail()))
    events = stream(api)
    assert names(events) == [*BEGIN, *MESSAGE, *end("failed", "incomplete", "failed")]
    return events


def cancelled(api: Api, server: LocalServer) -> list[Event]:
    events = interrupted(api, server, lambda run: api.post(f"{path_of(run)}/cancel"))
    assert names(events) == [
        *BEGIN, *MESSAGE, "thread.run.cancelling", *end("cancelled", "incomplete", "cancelled"),
    ]  # fmt: skip
    return events


def expired(api: Api, server: LocalServer) -> list[Event]:
    events = interrupted(api, server, lambda run: server.clock.advance(601))
    assert names(events) == [*BEGIN, *MESSAGE, *end("expired", "incomplete", "expired")]
    return events


def deleted(api: Api, server: LocalServer) -> list[Event]:
    events = interrupted(api, server, lambda run: api.delete(f"/threads/{run['thread_id']}"))
    assert names(events) == [*BEGIN, *MESSAGE, "error"]
    return events


def test_all_events_of_the_api_are_sent_in_order(api: Api, server: LocalServer) -> None:
    ways = (
        completed, with_a_new_thread, with_tool_outputs, incomplete, failed, cancelled, expired, deleted,
    )  # fmt: skip
    sent = {event.name for way in ways for event in way(api, server)}
    assert sent == set(event_schemas())
    assert len(sent) == 25


def test_the_data_of_an_event_is_the_object_at_that_moment(api: Api, server: LocalServer) -> None:
    events = with_tool_outputs(api, server)
    for event in events:
        kind = event.name.rpartition(".")[2]
        if event.name.startswith("thread.run.") and kind not in ("created", "delta"):
            assert event.data["status"] == kind
    message = next(event.data for event in events if event.name == "thread.message.created")
    assert (message["status"], message["content"]) == ("in_progress", [])


# What a run does when the ground moves under it.


@pytest.mark.parametrize("end", ["completed", "cancelled", "expired", "failed", "incomplete"])
def test_a_message_that_is_deleted_while_it_is_written(end: str) -> None:
    gate = Gate()
    with frozen(in_process=True, drain_seconds=0.0) as server, api_of(server) as api:
        rest = "x" * 5000 if end == "incomplete" else "rest"
        server.scripts.add(Turn(deltas=["So far", gate, rest], fail=Fail() if end == "failed" else None))
        run = api.run(api.thread("q"), api.assistant(), max_completion_tokens=256)
        assert gate.reached.wait(10)
        _, message = wait_for(lambda: api.messages(run["thread_id"]), lambda found: len(found) == 2)
        api.delete(f"/threads/{run['thread_id']}/messages/{message['id']}")
        if end == "cancelled":
            api.post(f"{path_of(run)}/cancel")
        elif end == "expired":
            server.clock.advance(601)
        gate.open()
        assert api.run_in(run, *ENDED)["status"] == end
        assert [each["role"] for each in api.messages(run["thread_id"])] == ["user"]
        assert len(api.steps(run)) == 1


def test_the_message_of_an_earlier_turn_is_deleted_while_outputs_are_waited_for(api: Api, server: LocalServer) -> None:
    server.scripts.add([Turn("Wait.", calls=[Call("lookup", "{}")]), Turn("Done.")])
    run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[LOOKUP])), "requires_action")
    message = api.messages(run["thread_id"])[-1]
    api.delete(f"/threads/{run['thread_id']}/messages/{message['id']}")
    outputs = [{"tool_call_id": call["id"], "output": "x"} for call in tool_calls(run)]
    api.post(f"{path_of(run)}/submit_tool_outputs", {"tool_outputs": outputs})
    assert api.run_in(run, *ENDED)["status"] == "completed"
    assert [text_of(each) for each in api.messages(run["thread_id"])] == ["q", "Done."]


def test_the_assistant_is_deleted_while_its_run_goes_on(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate, "b"]))
    assistant_id = api.assistant()
    run = api.run(api.thread("q"), assistant_id)
    assert gate.reached.wait(10)
    api.delete(f"/assistants/{assistant_id}")
    gate.open()
    assert api.run_in(run, *ENDED)["status"] == "completed"


class Ending:
    """Says a little and ends for a reason."""

    name = "ending"

    def __init__(self, finish: Finish) -> None:
        self.finish = finish

    async def respond(self, turn: ModelTurn) -> Any:
        yield TextDelta("So far")
        yield self.finish
        yield TextDelta("unsaid")


@pytest.mark.parametrize(
    ("finish", "run_reason", "message_reason"),
    [
        (Finish("length"), {"reason": "max_completion_tokens"}, "max_tokens"),
        (Finish("content_filter"), {}, "content_filter"),
    ],
)
def test_a_model_that_says_why_it_ends(finish: Finish, run_reason: Any, message_reason: str) -> None:
    with LocalServer(in_process=True, models={"*": Ending(finish)}) as server, api_of(server) as api:
        run = api.run_in(api.run(api.thread("q"), api.assistant()), *ENDED)
        assert (run["status"], run["incomplete_details"]) == ("incomplete", run_reason)
        message = api.messages(run["thread_id"])[-1]
        assert (message["status"], message["incomplete_details"]) == ("incomplete", {"reason": message_reason})
        assert text_of(message) == "So far"


@pytest.mark.parametrize(
    ("strategy", "heard"),
    [
        ({"type": "auto"}, ["a", "b", "c"]),
        ({"type": "last_messages", "last_messages": 1}, ["c"]),
        ({"type": "last_messages", "last_messages": 10}, ["a", "b", "c"]),
    ],
)
def test_truncation_strategies(strategy: Any, heard: list[str]) -> None:
    turns: list[ModelTurn] = []

    class Listening:
        name = "listening"

        async def respond(self, turn: ModelTurn) -> Any:
            turns.append(turn)
            for part in [TextDelta("ok")]:
                yield part

    with LocalServer(in_process=True, models={"*": Listening()}) as server, api_of(server) as api:
        run = api.run(api.thread("a", "b", "c"), api.assistant(), truncation_strategy=strategy)
        assert api.run_in(run, *ENDED)["status"] == "completed"
        assert [message.text for message in turns[0].messages] == heard


def test_prompt_tokens_count_over_all_turns(api: Api, server: LocalServer) -> None:
    calls = Turn(calls=[Call("lookup", "{}")], usage=(200, 1))
    server.scripts.add(Script([calls, Turn("unsaid")]))
    run = api.run(api.thread("q" * 400), api.assistant(tools=[LOOKUP]), max_prompt_tokens=256)
    run = api.run_in(run, "requires_action")
    outputs = [{"tool_call_id": call["id"], "output": "x"} for call in tool_calls(run)]
    api.post(f"{path_of(run)}/submit_tool_outputs", {"tool_outputs": outputs})
    run = api.run_in(run, *ENDED)
    assert run["incomplete_details"] == {"reason": "max_prompt_tokens"}
    assert run["usage"] == {"prompt_tokens": 200, "completion_tokens": 1, "total_tokens": 201}
