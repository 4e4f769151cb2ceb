"""Streams that are cut: what is delivered then, with `resume` and without it."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from openai_assistants import APITimeoutError, OpenAI, StreamInterruptedError
from openai_assistants.server import LocalServer
from openai_assistants.server.faults import Fault
from openai_assistants.server.models.scripted import Call, Gate, Script, Turn
from tests.soak import SOAKING, some_of
from tests.unit.support import Flavour

LOOK_UP = {
    "type": "function",
    "function": {
        "name": "look_up",
        "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
    },
}
TURNS = [
    Turn(
        deltas=["Let me ", "look ", "that up ✓"],
        calls=[
            Call("look_up", {"query": "fénix"}, id="call_1", pieces=['{"query": ', '"f\\u00e9nix"}']),
            Call("look_up", {"query": "b"}, id="call_2"),
        ],
    ),
    Turn(deltas=["One ", "more."], calls=[Call("look_up", {"query": "c"}, id="call_3", pieces=['{"query"', ': "c"}'])]),
    Turn(deltas=["It is ", "a ", "bird: ", "«ψ»."]),
]
"""Three messages and two steps with tool calls; each turn is a stream of its own."""

STREAMS = 3


class Program:
    """What a program does: it starts a run with a stream, and answers its calls in further streams."""

    def __init__(self, flavour: Flavour, server: LocalServer, *, resume: bool) -> None:
        self.resume = resume
        self.flavour = flavour
        self.server = server
        with server.client() as client:
            tools: Any = [LOOK_UP]
            self.assistant = client.beta.assistants.create(model="gpt-test", tools=tools)
        self.client: Any = server.async_client(max_retries=2) if flavour.is_async else server.client(max_retries=2)
        self.events: list[Any] = []

    def run(self, cut: tuple[int, Fault] | None = None) -> list[Any]:
        """The events of all streams; `cut` is the number of a stream and what happens to it."""
        server, thread = self.server, self._new_thread()
        server.scripts.add(Script(TURNS))
        events = self.events = []
        for number in range(STREAMS):
            if cut is not None and cut[0] == number:
                server.faults.add(cut[1])
            begin = self._creating(thread) if number == 0 else self._answering(thread, events[-1].data)
            self.flavour.collect(begin, events)
        return events

    def _new_thread(self) -> str:
        with self.server.client() as client:
            return client.beta.threads.create(messages=[{"role": "user", "content": "What is a phoenix?"}]).id

    def _creating(self, thread: str) -> Callable[[], Any]:
        return lambda: self.client.beta.threads.runs.create(
            thread_id=thread, assistant_id=self.assistant.id, stream=True, resume=self.resume
        )

    def _answering(self, thread: str, run: Any) -> Callable[[], Any]:
        calls = run.required_action.submit_tool_outputs.tool_calls
        outputs = [{"tool_call_id": call.id, "output": f"about {call.id}"} for call in calls]
        return lambda: self.client.beta.threads.runs.submit_tool_outputs(
            run.id, thread_id=thread, tool_outputs=iter(outputs), stream=True, resume=self.resume
        )


def plain(events: list[Any]) -> list[dict[str, Any]]:
    """Events as data, with the ids of a run replaced by numbers in order of appearance."""
    text = json.dumps([event.to_dict() for event in events])
    names: dict[str, str] = {}
    return json.loads(
        re.sub(
            r"\b(thread|run|step|msg)_[A-Za-z0-9]{16,}", lambda m: names.setdefault(m[0], f"{m[1]}-{len(names)}"), text
        )
    )


def without_deltas(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Names of the events that are no deltas, and the ids of their objects."""
    return [(event["event"], event["data"]["id"]) for event in events if not event["event"].endswith(".delta")]


def joined(events: list[dict[str, Any]]) -> dict[str, str]:
    """The text of each message and the arguments of each call, joined from the deltas."""
    texts: dict[str, str] = {}
    for event in events:
        if event["event"] == "thread.message.delta":
            for block in event["data"]["delta"]["content"]:
                key = f"{event['data']['id']}[{block['index']}]"
                texts[key] = texts.get(key, "") + block["text"].get("value", "")
        elif event["event"] == "thread.run.step.delta":
            for call in event["data"]["delta"]["step_details"]["tool_calls"]:
                key = f"{event['data']['id']}[{call['index']}]"
                texts[key] = texts.get(key, "") + call["function"].get("arguments", "")
    return texts


def final(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The last state of each object."""
    return {event["data"]["id"]: event["data"] for event in events if not event["event"].endswith(".delta")}


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A server whose clock stands still, so that the runs are alike."""
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1, record_requests=1000) as running:
        running.clock.freeze()
        yield running


@cache
def whole(number: int) -> bytes:
    """The body of one of the streams."""
    import httpx

    with LocalServer(in_process=True, drain_seconds=0.0) as server:
        bodies: list[bytes] = []

        def keep(response: httpx.Response) -> None:
            if "event-stream" in response.headers.get("content-type", ""):
                bodies.append(response.read())

        program = Program(Flavour("sync"), server, resume=False)
        http = server.http_client(event_hooks={"response": [keep]})
        program.client = OpenAI(api_key="none", base_url=server.base_url, http_client=http)
        program.run()
        assert len(bodies) == STREAMS
        return bodies[number]


def cuts(number: int, at_most: int) -> list[int]:
    """Places at which a stream is cut: every byte when soaking."""
    return list(some_of(range(len(whole(number))), at_most))


PLACES = [(number, place) for number in range(STREAMS) for place in cuts(number, 25)]


def places(flavour: Flavour) -> list[tuple[int, int]]:
    """Streams and places in them for one flavour: all in the blocking one, when soaking every byte; some in others."""
    return PLACES[:: 20 if SOAKING else 5] if flavour.is_async else PLACES


def test_the_places_are_spread_over_all_streams() -> None:
    assert len(PLACES) == (sum(len(whole(n)) for n in range(STREAMS)) if SOAKING else 25 * STREAMS)
    assert {number for number, _ in PLACES} == set(range(STREAMS))


@pytest.mark.parametrize("ending", ["reset", "end"])
def test_with_resume_our_server_delivers_each_event_exactly_once(
    flavour: Flavour, server: LocalServer, ending: Any
) -> None:
    program = Program(flavour, server, resume=True)
    expected = plain(program.run())
    for number, place in places(flavour):
        got = program.run((number, Fault("cut", bytes=place, ending=ending, operation=OPERATIONS[number])))
        assert plain(got) == expected, (number, place)
        assert not any(event.synthesized for event in got) or ending == "end"
    assert server.faults.waiting == []


OPERATIONS = ["createRun", "submitToolOuputsToRun", "submitToolOuputsToRun"]


@pytest.mark.parametrize("ending", ["reset", "end"])
def test_with_resume_other_servers_deliver_the_same_in_the_end(
    flavour: Flavour, server: LocalServer, ending: Any
) -> None:
    program = Program(flavour, server, resume=True)
    expected = plain(program.run())
    server.faults.idempotency = server.faults.event_ids = False
    for number, place in places(flavour):
        got = plain(program.run((number, Fault("cut", bytes=place, ending=ending, operation=OPERATIONS[number]))))
        assert without_deltas(got) == without_deltas(expected), (number, place)
        assert joined(got) == joined(expected), (number, place)
        assert final(got) == final(expected), (number, place)
    assert server.faults.waiting == []


def test_without_resume_a_cut_is_an_error(flavour: Flavour, server: LocalServer) -> None:
    program = Program(flavour, server, resume=False)
    expected = plain(program.run())
    for number, place in places(flavour):
        fault = Fault("cut", bytes=place, ending="reset", operation=OPERATIONS[number])
        if place == 0:
            # Nothing has come: that is a failed attempt like any other, and it is repeated.
            assert plain(program.run((number, fault))) == expected
        elif whole(number)[:place].count(b"\n\n") >= whole(number).count(b"\n\n") - 1:
            # The run's last event has come, only the mark behind it is missing.
            assert plain(program.run((number, fault))) == expected
        else:
            with pytest.raises(StreamInterruptedError, match=r"broke off.*resume=True") as caught:
                program.run((number, fault))
            got = plain(program.events)
            assert got == expected[: len(got)]
            assert [m.id for m in caught.value.messages] == list(dict.fromkeys(message_ids(program.events, number)))
            begun = any(event["event"].startswith("thread.run.") for event in got)
            assert (caught.value.run_id is not None) == begun


def message_ids(events: list[Any], number: int) -> Iterator[str]:
    """Ids of the messages in the last stream of several."""
    ends = [i for i, event in enumerate(events) if event.event == "thread.run.requires_action"]
    for event in events[ends[number - 1] + 1 if number else 0 :]:
        if event.event.startswith("thread.message."):
            yield event.data.id


def test_a_body_that_just_ends_is_no_silent_end(flavour: Flavour, server: LocalServer) -> None:
    """The run is over by then, so what is missing is made, with `resume` or without."""
    program = Program(flavour, server, resume=False)
    expected = plain(program.run())
    server.faults.add(Fault("delay", operation="getRun", seconds=0.1, times=None))
    for number, place in some_of(PLACES, 12):
        got = program.run((number, Fault("cut", bytes=place, ending="end", operation=OPERATIONS[number])))
        assert without_deltas(plain(got)) == without_deltas(expected), (number, place)
        assert joined(plain(got)) == joined(expected), (number, place)
        assert final(plain(got)) == final(expected), (number, place)


def test_a_body_that_ends_while_the_run_works_is_an_error(flavour: Flavour, server: LocalServer) -> None:
    gate = Gate()
    program = Program(flavour, server, resume=False)
    server.scripts.add(Script([Turn(deltas=["Half ", gate, "whole."])]))
    server.faults.add(Fault("cut", events=8, ending="end", operation="createRun"))
    begin = program._creating(program._new_thread())
    events: list[Any] = []
    with pytest.raises(StreamInterruptedError, match="ended before the run did") as caught:
        flavour.collect(begin, events)
    gate.open()
    assert [event.event for event in events][-1] == "thread.message.delta"
    assert caught.value.messages[0].content[0].text.value == "Half "  # type: ignore[union-attr]
    assert caught.value.run is not None
    assert caught.value.run.status == "in_progress"
    assert [step.status for step in caught.value.run_steps] == ["in_progress"]


def test_a_stream_that_is_cut_again_and_again(flavour: Flavour, server: LocalServer) -> None:
    program = Program(flavour, server, resume=True)
    expected = plain(program.run())
    server.faults.add(*(Fault("cut", events=2, operation="createRun", ending="reset") for _ in range(6)))
    assert plain(program.run()) == expected
    assert server.faults.waiting == []


def test_a_server_that_cuts_every_stream_at_its_beginning(flavour: Flavour, server: LocalServer) -> None:
    program = Program(flavour, server, resume=True)
    server.faults.add(Fault("cut", bytes=3, operation="createRun", ending="reset", times=None))
    with pytest.raises(StreamInterruptedError):
        program.run()
    assert len(server.requests.of("createRun")) == 3


def test_the_deadline_holds_while_a_stream_resumes(flavour: Flavour, server: LocalServer) -> None:
    gate = Gate()
    program = Program(flavour, server, resume=True)
    server.faults.idempotency = server.faults.event_ids = False
    server.scripts.add(Script([Turn(deltas=["Half ", gate, "whole."])]))
    server.faults.add(Fault("cut", events=8, ending="reset", operation="createRun"))
    thread = program._new_thread()
    with pytest.raises(APITimeoutError, match=r"deadline.*run_"):
        flavour.collect(
            lambda: program.client.beta.threads.runs.create(
                thread, assistant_id=program.assistant.id, stream=True, resume=True, deadline=1.0
            )
        )
    gate.open()


def test_a_cancelled_run_is_made_up_in_order(flavour: Flavour, server: LocalServer) -> None:
    """The events of a cancelled run, made up, are those that were streamed."""
    names: list[list[str]] = []
    for cut in (False, True):
        program = Program(flavour, server, resume=True)
        gate = Gate()
        server.scripts.add(Script([Turn(deltas=["Half ", gate, "whole."])]))
        thread = program._new_thread()
        if cut:
            server.faults.idempotency = server.faults.event_ids = False
            server.faults.add(Fault("cut", events=5, ending="reset", operation="createRun"))

        def cancel(thread: str = thread, gate: Gate = gate) -> None:
            gate.reached.wait(30)
            with server.client() as client:
                # The model has come to the gate; what it said before is written down a moment later.
                while client.beta.threads.messages.list(thread).data[0].role != "assistant":
                    time.sleep(0.01)
                (run,) = client.beta.threads.runs.list(thread).data
                # The gate is behind the text, but the text may not have been written down yet.
                while not client.beta.threads.runs.steps.list(run.id, thread_id=thread).data:
                    pass
                client.beta.threads.runs.cancel(run.id, thread_id=thread)

        helper = threading.Thread(target=cancel)
        helper.start()
        events: list[Any] = []
        flavour.collect(program._creating(thread), events)
        helper.join()
        names.append([event.event for event in events])
    assert names[0] == names[1]
    assert names[0][-4:] == [
        "thread.run.cancelling",
        "thread.message.incomplete",
        "thread.run.step.cancelled",
        "thread.run.cancelled",
    ]
