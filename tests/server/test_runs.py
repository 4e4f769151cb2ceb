"""Runs: their life from queued to each of their ends."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from openai_assistants.server import Call, Fail, Gate, LocalServer, Script, Turn
from openai_assistants.server.models import ToolCallDelta, Turn as ModelTurn
from openai_assistants.server.runs import engine, lifecycle
from openai_assistants.server.store import Tx
from openai_assistants.server.store.tables import events, runs, workers

from .support import LOOKUP, NOW, Api, api_of, at_each, frozen, in_database, runs_at_work, text_of, wait_for

OTHER: dict[str, Any] = {"type": "function", "function": {"name": "other", "parameters": {}}}
ENDED = ("completed", "failed", "cancelled", "incomplete", "expired")


def tool_calls(run: Any) -> list[Any]:
    return run["required_action"]["submit_tool_outputs"]["tool_calls"]


def submit(api: Api, run: Any, *outputs: str, **body: Any) -> Any:
    pairs = zip(tool_calls(run), outputs, strict=True)
    given = [{"tool_call_id": call["id"], "output": output} for call, output in pairs]
    return api.post(f"{path_of(run)}/submit_tool_outputs", {"tool_outputs": given, **body})


def path_of(run: Any) -> str:
    return f"/threads/{run['thread_id']}/runs/{run['id']}"


def test_a_run_from_queued_to_completed() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        assistant_id = api.assistant(instructions="Be brief.", metadata={"not": "copied"})
        thread_id = api.thread("hi")
        server.scripts.add(Script([Turn("Hello there.", usage=(7, 3))]))
        run = api.run(thread_id, assistant_id, metadata={"k": "v"})
        assert run == {
            "id": run["id"],
            "object": "thread.run",
            "created_at": NOW,
            "assistant_id": assistant_id,
            "thread_id": thread_id,
            "status": "queued",
            "required_action": None,
            "last_error": None,
            "expires_at": NOW + 600,
            "started_at": None,
            "cancelled_at": None,
            "failed_at": None,
            "completed_at": None,
            "incomplete_details": None,
            "model": "gpt-4o",
            "instructions": "Be brief.",
            "tools": [],
            "metadata": {"k": "v"},
            "usage": None,
            "temperature": 1.0,
            "top_p": 1.0,
            "max_prompt_tokens": None,
            "max_completion_tokens": None,
            "truncation_strategy": {"type": "auto", "last_messages": None},
            "tool_choice": "auto",
            "parallel_tool_calls": True,
            "response_format": "auto",
        }
        assert run["id"].startswith("run_")
        usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
        assert api.run_in(run, *ENDED) == {
            **run, "status": "completed", "expires_at": None, "started_at": NOW, "completed_at": NOW, "usage": usage,
        }  # fmt: skip
        user, answer = api.messages(thread_id)
        assert answer == {
            **user,
            "id": answer["id"],
            "role": "assistant",
            "content": [{"type": "text", "text": {"value": "Hello there.", "annotations": []}}],
            "assistant_id": assistant_id,
            "run_id": run["id"],
        }
        (step,) = api.steps(run)
        assert step == {
            "id": step["id"],
            "object": "thread.run.step",
            "created_at": NOW,
            "run_id": run["id"],
            "assistant_id": assistant_id,
            "thread_id": thread_id,
            "type": "message_creation",
            "status": "completed",
            "step_details": {"type": "message_creation", "message_creation": {"message_id": answer["id"]}},
            "last_error": None,
            "expired_at": None,
            "cancelled_at": None,
            "failed_at": None,
            "completed_at": NOW,
            "metadata": {},
            "usage": usage,
        }


def test_what_a_run_overrides_and_what_it_takes_over(api: Api, server: LocalServer) -> None:
    assistant_id = api.assistant(
        instructions="A.", tools=[OTHER], temperature=0.1, top_p=0.2, response_format={"type": "text"}
    )
    server.scripts.add("x", times=3)
    plain = api.run(api.thread("q"), assistant_id)
    assert plain["instructions"] == "A."
    assert (plain["temperature"], plain["top_p"], plain["response_format"]) == (0.1, 0.2, {"type": "text"})
    assert plain["tools"][0]["function"]["name"] == "other"
    changed = api.run(
        api.thread("q"),
        assistant_id,
        model="gpt-x",
        instructions="B.",
        additional_instructions="C.",
        tools=[LOOKUP],
        temperature=0.3,
        top_p=None,
        tool_choice="none",
        parallel_tool_calls=False,
        max_prompt_tokens=300,
        max_completion_tokens=256,
        truncation_strategy={"type": "last_messages", "last_messages": 2},
        response_format={"type": "json_object"},
    )
    assert (changed["model"], changed["instructions"]) == ("gpt-x", "B.\nC.")
    assert [tool["function"]["name"] for tool in changed["tools"]] == ["lookup"]
    assert (changed["temperature"], changed["top_p"], changed["tool_choice"]) == (0.3, 0.2, "none")
    assert (changed["max_prompt_tokens"], changed["max_completion_tokens"]) == (300, 256)
    assert changed["truncation_strategy"] == {"type": "last_messages", "last_messages": 2}
    assert (changed["parallel_tool_calls"], changed["response_format"]) == (False, {"type": "json_object"})
    assert api.run_in(changed, *ENDED)["status"] == "completed"
    assert api.run_in(plain, *ENDED)["status"] == "completed"
    api.delete(f"/assistants/{assistant_id}")
    assert api.get(path_of(plain))["assistant_id"] == assistant_id


def test_additional_messages_come_before_the_run(api: Api) -> None:
    thread_id = api.thread("first")
    added = [{"role": "user", "content": "second"}, {"role": "assistant", "content": "third"}]
    api.run_in(api.run(thread_id, api.assistant(), additional_messages=added), "completed")
    assert [text_of(message) for message in api.messages(thread_id)[:3]] == ["first", "second", "third"]


def test_create_thread_and_run(api: Api) -> None:
    body = {"assistant_id": api.assistant(), "thread": {"messages": [{"role": "user", "content": "hi"}]}}
    run = api.post("/threads/runs", body)
    assert run["status"] == "queued"
    api.run_in(run, "completed")
    assert [message["role"] for message in api.messages(run["thread_id"])] == ["user", "assistant"]
    empty = api.post("/threads/runs", {"assistant_id": body["assistant_id"]})
    assert api.run_in(empty, *ENDED)["status"] == "completed"


def test_runs_of_unknown_assistants_and_threads(api: Api) -> None:
    body = {"assistant_id": "asst_x"}
    assert api.error("POST", f"/threads/{api.thread()}/runs", json=body)[1]["message"] == (
        "No assistant found with id 'asst_x'."
    )
    assert api.error("POST", "/threads/thread_x/runs", json=body)[1]["message"] == "No thread found with id 'thread_x'."
    assert api.error("POST", "/threads/runs", json=body)[0] == 404


def test_metadata_of_a_run_can_be_changed(api: Api) -> None:
    run = api.run_in(api.run(api.thread("x"), api.assistant()), "completed")
    assert api.post(path_of(run), {"metadata": {"a": "b"}}) == {**run, "metadata": {"a": "b"}}
    assert api.get(path_of(run))["metadata"] == {"a": "b"}


def test_a_thread_has_one_active_run(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate, "b"]))
    assistant_id, thread_id = api.assistant(), api.thread("x")
    run = api.run(thread_id, assistant_id)
    body = {"assistant_id": assistant_id, "additional_messages": [{"role": "user", "content": "lost"}]}
    status, error = api.error("POST", f"/threads/{thread_id}/runs", json=body)
    assert (status, error["message"]) == (400, f"Thread {thread_id} already has an active run {run['id']}.")
    status, error = api.error("POST", f"/threads/{thread_id}/messages", json={"role": "user", "content": "y"})
    assert (status, error["message"]) == (
        400, f"Can't add messages to {thread_id} while a run {run['id']} is active.",
    )  # fmt: skip
    gate.open()
    api.run_in(run, "completed")
    assert [text_of(message) for message in api.messages(thread_id)] == ["x", "ab"]
    api.post(f"/threads/{thread_id}/messages", {"role": "user", "content": "y"})
    api.run_in(api.run(thread_id, assistant_id), "completed")


# Tool calls


def test_a_tool_call_and_its_output(api: Api, server: LocalServer) -> None:
    call = Call("lookup", {"query": "whales"})
    server.scripts.add(Script([Turn(calls=[call], usage=(10, 5)), Turn("They sing.", usage=(20, 6))]))
    thread_id = api.thread("What do whales do?")
    run = api.run_in(api.run(thread_id, api.assistant(tools=[LOOKUP])), "requires_action")
    (open_call,) = tool_calls(run)
    assert open_call == {
        "id": open_call["id"],
        "type": "function",
        "function": {"name": "lookup", "arguments": '{"query": "whales"}'},
    }
    assert open_call["id"].startswith("call_")
    assert run["required_action"]["type"] == "submit_tool_outputs"
    assert (run["usage"], run["expires_at"]) == (None, run["created_at"] + 600)
    (step,) = api.steps(run)
    function = {"name": "lookup", "arguments": '{"query": "whales"}', "output": None}
    assert (step["status"], step["usage"]) == ("in_progress", None)
    assert step["step_details"] == {
        "type": "tool_calls", "tool_calls": [{"id": open_call["id"], "type": "function", "function": function}],
    }  # fmt: skip
    queued = submit(api, run, "Whales sing.")
    assert (queued["status"], queued["required_action"]) == ("queued", None)
    done = api.run_in(run, *ENDED)
    assert done["status"] == "completed"
    assert done["usage"] == {"prompt_tokens": 30, "completion_tokens": 11, "total_tokens": 41}
    assert done["started_at"] == run["started_at"]
    tool_step, message_step = api.steps(run)
    assert tool_step["step_details"]["tool_calls"][0]["function"]["output"] == "Whales sing."
    assert (tool_step["status"], tool_step["usage"]["total_tokens"]) == ("completed", 15)
    assert (message_step["type"], message_step["usage"]["total_tokens"]) == ("message_creation", 26)
    assert text_of(api.messages(thread_id)[-1]) == "They sing."


def test_two_parallel_calls_and_two_rounds(api: Api, server: LocalServer) -> None:
    server.scripts.add(
        Script(
            [
                Turn("Let me see.", calls=[Call("lookup", {"query": "a"}), Call("other", "{}")]),
                Turn(calls=[Call("lookup", {"query": "b"}, id="call_mine")]),
                Turn("Done."),
            ]
        )
    )
    thread_id = api.thread("q")
    run = api.run_in(api.run(thread_id, api.assistant(tools=[LOOKUP, OTHER])), "requires_action")
    first, second = tool_calls(run)
    assert (first["function"]["name"], second["function"]["name"]) == ("lookup", "other")
    assert first["id"] != second["id"]
    run = submit(api, run, "A", "B")
    run = api.run_in(run, "requires_action")
    assert [call["id"] for call in tool_calls(run)] == ["call_mine"]
    submit(api, run, "C")
    assert api.run_in(run, *ENDED)["status"] == "completed"
    steps = api.steps(run)
    assert [step["type"] for step in steps] == ["message_creation", "tool_calls", "tool_calls", "message_creation"]
    assert [call["function"]["output"] for step in steps[1:3] for call in step["step_details"]["tool_calls"]] == [
        "A", "B", "C",
    ]  # fmt: skip
    assert [text_of(message) for message in api.messages(thread_id)] == ["q", "Let me see.", "Done."]


def test_outputs_must_be_for_exactly_the_open_calls(api: Api, server: LocalServer) -> None:
    server.scripts.add(Script([Turn(calls=[Call("lookup", {"query": "a"}), Call("other")]), Turn("ok")]))
    run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[LOOKUP, OTHER])), "requires_action")
    one, two = (call["id"] for call in tool_calls(run))
    path = f"{path_of(run)}/submit_tool_outputs"
    for got in ([one], [one, "call_x"], [one, two, "call_x"], [one, one], []):
        outputs = [{"tool_call_id": call_id, "output": "x"} for call_id in got]
        status, error = api.error("POST", path, json={"tool_outputs": outputs})
        assert status == 400
        assert error["message"] == f"Expected tool outputs for call_ids {[one, two]}, got {got}"
    outputs = [{"tool_call_id": call_id, "output": "x"} for call_id in (two, one)]
    assert api.post(path, {"tool_outputs": outputs})["status"] == "queued"
    api.run_in(run, "completed")


def test_outputs_are_taken_only_when_they_are_waited_for(api: Api) -> None:
    run = api.run_in(api.run(api.thread("x"), api.assistant()), "completed")
    status, error = api.error("POST", f"{path_of(run)}/submit_tool_outputs", json={"tool_outputs": []})
    assert (status, error["message"]) == (400, 'Runs in status "completed" do not accept tool outputs.')


# Cancelling


def test_cancel_while_the_model_speaks(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["Once upon ", "a time", gate, " never said"]))
    thread_id = api.thread("tell")
    run = api.run(thread_id, api.assistant())
    assert gate.reached.wait(10)
    wait_for(lambda: api.messages(thread_id), lambda found: len(found) == 2)
    assert api.post(f"{path_of(run)}/cancel")["status"] == "cancelling"
    cancelled = api.run_in(run, *ENDED)
    assert (cancelled["status"], cancelled["expires_at"]) == ("cancelled", None)
    assert cancelled["cancelled_at"] >= run["created_at"]
    message = api.messages(thread_id)[-1]
    assert message["status"] == "incomplete"
    assert message["incomplete_details"] == {"reason": "run_cancelled"}
    assert text_of(message) == "Once upon a time"
    (step,) = api.steps(run)
    assert step["status"] == "cancelled"
    assert step["cancelled_at"] is not None
    gate.open()
    assert api.get(path_of(run)) == cancelled
    assert text_of(api.messages(thread_id)[-1]) == "Once upon a time"


def test_cancel_while_outputs_are_waited_for(api: Api, server: LocalServer) -> None:
    server.scripts.add(Turn(calls=[Call("lookup", {"query": "a"})], usage=(3, 4)))
    run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[LOOKUP])), "requires_action")
    cancelling = api.post(f"{path_of(run)}/cancel")
    assert (cancelling["status"], cancelling["required_action"]) == ("cancelling", None)
    assert api.run_in(run, *ENDED)["status"] == "cancelled"
    (step,) = api.steps(run)
    assert step["status"] == "cancelled"
    assert step["step_details"]["tool_calls"][0]["function"]["arguments"] == '{"query": "a"}'
    assert api.get(path_of(run))["usage"]["total_tokens"] == 7


def test_cancel_in_the_middle_of_a_call(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(calls=[Call("lookup", {"query": "a"})], after=gate))
    run = api.run(api.thread("q"), api.assistant(tools=[LOOKUP]))
    assert gate.reached.wait(10)
    wait_for(lambda: api.steps(run), lambda found: len(found) == 1)
    api.post(f"{path_of(run)}/cancel")
    api.run_in(run, "cancelled")
    (step,) = api.steps(run)
    (call,) = step["step_details"]["tool_calls"]
    assert call["function"] == {"name": "lookup", "arguments": '{"query": "a"}', "output": None}


@pytest.mark.parametrize("outcome", ["completed", "failed", "cancelled"])
def test_a_run_that_has_ended_cannot_be_cancelled(api: Api, server: LocalServer, outcome: str) -> None:
    turns = {"completed": Turn("x"), "failed": Turn(fail=Fail()), "cancelled": Turn(before=Gate())}
    server.scripts.add(turns[outcome])
    run = api.run(api.thread("q"), api.assistant())
    if outcome == "cancelled":
        api.post(f"{path_of(run)}/cancel")
    api.run_in(run, outcome)
    status, error = api.error("POST", f"{path_of(run)}/cancel")
    assert (status, error["message"]) == (400, f"Cannot cancel run with status '{outcome}'.")


# Expiry


def test_a_run_that_waits_for_outputs_expires() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        server.scripts.add(Turn(calls=[Call("lookup", {"query": "a"})]))
        run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[LOOKUP])), "requires_action")
        server.clock.advance(599)
        assert api.get(path_of(run))["status"] == "requires_action"
        server.clock.advance(1)
        expired = api.run_in(run, "expired")
        assert (expired["expires_at"], expired["required_action"]) == (None, None)
        (step,) = api.steps(run)
        assert (step["status"], step["expired_at"]) == ("expired", NOW + 600)
        status, error = api.error("POST", f"{path_of(run)}/submit_tool_outputs", json={"tool_outputs": []})
        assert (status, error["message"]) == (400, 'Runs in status "expired" do not accept tool outputs.')


def test_a_run_in_progress_expires_with_what_it_has_said() -> None:
    with frozen(in_process=True, run_lifetime_seconds=60) as server, api_of(server) as api:
        gate = Gate()
        server.scripts.add(Turn(deltas=["So far", gate]))
        thread_id = api.thread("q")
        run = api.run(thread_id, api.assistant())
        assert run["expires_at"] == NOW + 60
        assert gate.reached.wait(10)
        wait_for(lambda: api.messages(thread_id), lambda found: len(found) == 2)
        server.clock.advance(60)
        api.run_in(run, "expired")
        message = api.messages(thread_id)[-1]
        assert (message["incomplete_details"], text_of(message)) == ({"reason": "run_expired"}, "So far")
        assert api.run(thread_id, api.assistant())["status"] == "queued"


def test_runs_expire_one_after_the_other() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        assistant_id = api.assistant()
        server.scripts.add(Turn(before=Gate()), times=2)
        first = api.run(api.thread("q"), assistant_id)
        server.clock.advance(300)
        second = api.run(api.thread("q"), assistant_id)
        server.clock.advance(300)
        api.run_in(first, "expired")
        assert api.get(path_of(second))["status"] == "in_progress"
        server.clock.advance(300)
        api.run_in(second, "expired")


# Failing


@pytest.mark.parametrize("code", ["server_error", "rate_limit_exceeded", "invalid_prompt"])
def test_a_model_that_fails(api: Api, server: LocalServer, code: Any) -> None:
    server.scripts.add(Turn("Half a ", fail=Fail("No more.", code)))
    thread_id = api.thread("q")
    run = api.run_in(api.run(thread_id, api.assistant()), *ENDED)
    assert run["status"] == "failed"
    assert run["last_error"] == {"code": code, "message": "No more."}
    assert run["failed_at"] is not None
    message = api.messages(thread_id)[-1]
    assert (message["incomplete_details"], text_of(message)) == ({"reason": "run_failed"}, "Half a ")
    (step,) = api.steps(run)
    assert (step["status"], step["last_error"]["message"]) == ("failed", "No more.")
    assert step["failed_at"] is not None


class Broken:
    name = "broken"

    async def respond(self, turn: ModelTurn) -> Any:
        yield ValueError  # no part at all
        raise AssertionError(turn)


def test_a_model_with_a_bug_fails_the_run_and_tells_no_details(caplog: pytest.LogCaptureFixture) -> None:
    with LocalServer(in_process=True, models={"*": Broken()}) as server, api_of(server) as api:

        class Worse(Broken):
            async def respond(self, turn: ModelTurn) -> Any:
                if turn:
                    raise RuntimeError("secret")
                yield

        server.service.routes._table.insert(0, ("worse", Worse()))
        run = api.run_in(api.run(api.thread("q"), api.assistant(model="worse")), *ENDED)
        assert run["last_error"] == {"code": "server_error", "message": "Sorry, something went wrong."}
    assert [(each.message, str((each.exc_info or ("", ""))[1])) for each in caplog.records if each.levelno >= 30] == [
        (f"run {run['id']} failed", "secret")
    ]


def test_a_run_may_choose_a_tool_of_the_server_that_it_has(api: Api) -> None:
    thread_id, choice = api.thread("q"), {"type": "file_search"}
    body = {"assistant_id": api.assistant(tools=[LOOKUP]), "tool_choice": choice}
    status, error = api.error("POST", f"/threads/{thread_id}/runs", json=body)
    assert (status, error["param"]) == (400, "tool_choice")
    run = api.run(thread_id, api.assistant(tools=[LOOKUP, choice]), tool_choice=choice)
    assert run["tool_choice"] == choice
    assert api.run_in(run, *ENDED)["status"] == "completed"
    assert api.steps(run)[0]["step_details"]["tool_calls"][0]["type"] == "file_search"


# Limits


def test_completion_tokens_end_a_run(api: Api, server: LocalServer) -> None:
    server.scripts.add(Turn(deltas=["word " for _ in range(1000)]))
    thread_id = api.thread("q")
    run = api.run_in(api.run(thread_id, api.assistant(), max_completion_tokens=256), *ENDED)
    assert (run["status"], run["incomplete_details"]) == ("incomplete", {"reason": "max_completion_tokens"})
    assert run["usage"]["completion_tokens"] == 256
    message = api.messages(thread_id)[-1]
    assert (message["status"], message["incomplete_details"]) == ("incomplete", {"reason": "max_tokens"})
    assert message["incomplete_at"] is not None
    assert len(text_of(message)) == 256 * 4
    (step,) = api.steps(run)
    assert (step["status"], step["usage"]["completion_tokens"]) == ("completed", 256)


def test_completion_tokens_count_over_all_turns(api: Api, server: LocalServer) -> None:
    server.scripts.add(Script([Turn(calls=[Call("lookup", "x" * 800)]), Turn("y" * 400)]))
    thread_id = api.thread("q")
    run = api.run(thread_id, api.assistant(tools=[LOOKUP]), max_completion_tokens=256)
    run = api.run_in(run, "requires_action")
    submit(api, run, "out")
    run = api.run_in(run, *ENDED)
    assert run["incomplete_details"] == {"reason": "max_completion_tokens"}
    assert text_of(api.messages(thread_id)[-1]) == "y" * (256 * 4 - 800)


def test_a_model_is_not_asked_when_no_token_is_left(api: Api, server: LocalServer) -> None:
    server.scripts.add(Script([Turn(calls=[Call("lookup", {})], usage=(10, 256)), Turn("never")]))
    thread_id = api.thread("q")
    run = api.run(thread_id, api.assistant(tools=[LOOKUP]), max_completion_tokens=256)
    submit(api, api.run_in(run, "requires_action"), "out")
    run = api.run_in(run, *ENDED)
    assert (run["status"], run["incomplete_details"]) == ("incomplete", {"reason": "max_completion_tokens"})
    assert (len(api.messages(thread_id)), len(api.steps(run))) == (1, 1)
    assert run["usage"]["completion_tokens"] == 256


def test_a_call_cut_off_by_the_limit_is_not_asked_for(api: Api, server: LocalServer) -> None:
    server.scripts.add(Turn(calls=[Call("lookup", "x" * 2000)]))
    run = api.run_in(
        api.run(api.thread("q"), api.assistant(tools=[LOOKUP]), max_completion_tokens=256), *ENDED, "requires_action"
    )
    assert (run["status"], run["required_action"]) == ("incomplete", None)


def test_a_prompt_beyond_its_limit(api: Api) -> None:
    run = api.run(api.thread("x" * 2000), api.assistant(), max_prompt_tokens=256)
    run = api.run_in(run, *ENDED)
    assert (run["status"], run["incomplete_details"]) == ("incomplete", {"reason": "max_prompt_tokens"})
    assert api.steps(run) == []


class Listening:
    """Keeps what it was asked."""

    name = "listening"

    def __init__(self) -> None:
        self.turns: list[ModelTurn] = []
        self.asked = threading.Event()

    async def respond(self, turn: ModelTurn) -> Any:
        self.turns.append(turn)
        self.asked.set()
        return
        yield


@pytest.fixture
def listening() -> Any:
    model = Listening()
    with LocalServer(in_process=True, models={"*": model}) as server, api_of(server) as api:
        yield api, model


def test_a_long_thread_is_cut_in_the_middle_to_fit_the_prompt(listening: Any) -> None:
    api, model = listening
    thread_id = api.thread("first", *[f"{n}" * 400 for n in range(1, 6)], "last")
    api.run_in(api.run(thread_id, api.assistant(), max_prompt_tokens=256), "completed")
    (turn,) = model.turns
    assert [message.text[:5] for message in turn.messages] == ["first", "44444", "55555", "last"]
    assert turn.prompt_tokens <= 256


def test_of_a_thread_beyond_all_measure_the_newest_messages_are_read(
    listening: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    api, model = listening
    monkeypatch.setattr(engine, "_MOST_READ", 4000)
    thread_id = api.thread("first", "a" * 9000, *["b" * 500] * 3, "last")
    api.run_in(api.run(thread_id, api.assistant()), "completed")
    assert [message.text[:4] for message in model.turns[0].messages] == ["bbbb", "bbbb", "bbbb", "last"]
    thread_id = api.thread("first", "c" * 9000)
    api.run_in(api.run(thread_id, api.assistant()), "completed")
    assert [message.text[:4] for message in model.turns[1].messages] == ["cccc"]


def test_last_messages(listening: Any) -> None:
    api, model = listening
    strategy = {"type": "last_messages", "last_messages": 2}
    api.run_in(api.run(api.thread("a", "b", "c"), api.assistant(), truncation_strategy=strategy), "completed")
    assert [message.text for message in model.turns[0].messages] == ["b", "c"]


def test_what_a_model_is_told(listening: Any) -> None:
    api, model = listening
    assistant_id = api.assistant(instructions="I.", tools=[LOOKUP], reasoning_effort="low")
    run = api.run(api.thread("q"), assistant_id, tool_choice="required", parallel_tool_calls=False, temperature=0.5)
    run = api.run_in(run, *ENDED)
    assert run["status"] == "completed"
    assert api.messages(run["thread_id"], run_id=run["id"]) == []
    (turn,) = model.turns
    assert (turn.run_id, turn.thread_id, turn.assistant_id) == (run["id"], run["thread_id"], assistant_id)
    assert (turn.instructions, turn.question, turn.index, turn.rounds) == ("I.", "q", 0, ())
    assert (turn.tool_choice, turn.parallel_tool_calls, turn.temperature) == ("required", False, 0.5)
    assert (turn.reasoning_effort, [function["name"] for function in turn.functions]) == ("low", ["lookup"])


def test_deleting_the_thread_of_an_active_run(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate, "b"]))
    run = api.run(api.thread("q"), api.assistant())
    assert gate.reached.wait(10)
    api.delete(f"/threads/{run['thread_id']}")
    assert api.error("GET", path_of(run))[0] == 404
    wait_for(lambda: runs_at_work(server), lambda running: not running)


def test_a_worker_that_has_lost_its_run_writes_nothing_more(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["mine", gate, "not mine"]))
    run = api.run(api.thread("q"), api.assistant())
    assert gate.reached.wait(10)
    before = wait_for(lambda: api.steps(run), lambda found: len(found) == 1)

    def lose(tx: Tx) -> None:
        tx.connection.execute(insert(workers).values(id="another"))
        tx.connection.execute(update(runs).values(worker="another"))

    in_database(server, lose)
    gate.open()
    wait_for(lambda: runs_at_work(server), lambda running: not running)
    assert api.get(path_of(run))["status"] == "in_progress"
    assert api.steps(run) == before


def test_nothing_is_written_after_a_cancel_even_if_the_model_goes_on(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["said", gate, "unsaid"]))
    run = api.run(api.thread("q"), api.assistant())
    assert gate.reached.wait(10)
    wait_for(lambda: api.steps(run), lambda found: len(found) == 1)
    at_each(server, "engine", settle_cancel=lambda run_id: None)
    api.post(f"{path_of(run)}/cancel")
    gate.open()
    wait_for(lambda: runs_at_work(server), lambda running: not running)
    assert api.get(path_of(run))["status"] == "cancelling"
    last = select(events.c.name).where(events.c.run_id == run["id"]).order_by(events.c.seq.desc()).limit(1)
    assert in_database(server, lambda tx: tx.connection.scalar(last)) == "thread.run.cancelling"


def test_the_database_itself_keeps_a_thread_from_having_two_active_runs(
    api: Api, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it would be with another worker that is faster between the look and the write."""
    server.scripts.add(Turn(before=Gate()))
    run = api.run(api.thread("q"), api.assistant())
    monkeypatch.setattr(lifecycle, "active_run", lambda tx, thread_id: None)
    path = f"/threads/{run['thread_id']}/runs"
    body = {"assistant_id": run["assistant_id"], "additional_messages": [{"role": "user", "content": "lost"}]}
    status, error = api.error("POST", path, json=body)
    assert (status, error["message"]) == (400, f"Thread {run['thread_id']} already has an active run.")
    assert len(api.get(path)["data"]) == len(api.messages(run["thread_id"])) == 1


class Calling(Listening):
    """Calls `lookup` in its first turn and is silent afterwards."""

    async def respond(self, turn: ModelTurn) -> Any:
        self.turns.append(turn)
        if not turn.rounds:
            yield ToolCallDelta(0, name="lookup", arguments="{}")


@pytest.mark.parametrize(
    ("choice", "later"),
    [("auto", "auto"), ("required", "auto"), ({"type": "function", "function": {"name": "lookup"}}, "auto")],
)
def test_a_call_that_was_demanded_is_demanded_once(choice: Any, later: str) -> None:
    model = Calling()
    with LocalServer(in_process=True, models={"*": model}) as server, api_of(server) as api:
        run = api.run(api.thread("q"), api.assistant(tools=[LOOKUP]), tool_choice=choice)
        run = api.run_in(run, "requires_action")
        submit(api, run, "out")
        assert api.run_in(run, *ENDED)["status"] == "completed"
        assert [turn.tool_choice for turn in model.turns] == [choice, later]
        (round_,) = model.turns[1].rounds
        assert [(call.name, call.arguments, call.output) for call in round_.functions] == [("lookup", "{}", "out")]


def test_polling_hint_while_a_run_is_active(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(before=gate))
    run = api.run(api.thread("q"), api.assistant())
    assert api.send("GET", path_of(run)).headers["openai-poll-after-ms"] == "200"
    gate.open()
    api.run_in(run, "completed")
    assert "openai-poll-after-ms" not in api.send("GET", path_of(run)).headers


def test_arguments_of_any_kind_pass_through(api: Api, server: LocalServer) -> None:
    pieces = ['{"query"', ': "gr', "ün 🐋", '"}']
    server.scripts.add(Turn(calls=[Call("lookup", "".join(pieces), pieces=pieces)]))
    run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[LOOKUP])), "requires_action")
    assert json.loads(tool_calls(run)[0]["function"]["arguments"]) == {"query": "grün 🐋"}
