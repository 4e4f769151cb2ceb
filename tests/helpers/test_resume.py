"""Streams that are cut: what is delivered then, with `resume` and without it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from openai_assistants import OpenAI, StreamInterruptedError
from openai_assistants.server import LocalServer
from openai_assistants.server.faults import Fault
from openai_assistants.server.models.scripted import Call, Script, Turn
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
        self.bytes: list[int] = []

    def run(self, cut: tuple[int, Fault] | None = None) -> list[Any]:
        """The events of all streams; `cut` is the number of a stream and what happens to it."""
        server, thread = self.server, self._new_thread()
        server.scripts.add(Script(TURNS))
        events: list[Any] = []
        runs = self.client.beta.threads.runs
        for number in range(STREAMS):
            if cut is not None and cut[0] == number:
                server.faults.add(cut[1])
            if number == 0:
                begin = self._remember(
                    lambda: runs.create(
                        thread_id=thread, assistant_id=self.assistant.id, stream=True, resume=self.resume
                    )
                )
            else:
                run = events[-1].data
                outputs = [
                    {"tool_call_id": call.id, "output": f"about {call.id}"}
                    for call in run.required_action.submit_tool_outputs.tool_calls
                ]
                begin = self._remember(
                    lambda: runs.submit_tool_outputs(
                        run.id, thread_id=thread, tool_outputs=iter(outputs), stream=True, resume=self.resume  # noqa: B023
                    )
                )
            self.flavour.collect(begin, events)
        return events

    def _new_thread(self) -> str:
        with self.server.client() as client:
            return client.beta.threads.create(messages=[{"role": "user", "content": "What is a phoenix?"}]).id

    def _remember(self, begin: Callable[[], Any]) -> Callable[[], Any]:
        return begin


def plain(events: list[Any]) -> list[dict[str, Any]]:
    """Events as data, with the ids of a run replaced by numbers in order of appearance."""
    text = json.dumps([event.to_dict() for event in events])
    names: dict[str, str] = {}
    return json.loads(
        re.sub(r"\b(thread|run|step|msg)_[A-Za-z0-9]{16,}", lambda m: names.setdefault(m[0], f"{m[1]}-{len(names)}"), text)
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
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1) as running:
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


@pytest.fixture(scope="module", autouse=True)
def _say_the_count() -> None:
    assert len(PLACES) == (sum(len(whole(n)) for n in range(STREAMS)) if SOAKING else 25 * STREAMS)


@pytest.mark.parametrize("ending", ["reset", "end"])
def test_with_resume_our_server_delivers_each_event_exactly_once(
    flavour: Flavour, server: LocalServer, ending: Any
) -> None:
    program = Program(flavour, server, resume=True)
    expected = plain(program.run())
    for number, place in PLACES:
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
    for number, place in PLACES:
        got = plain(program.run((number, Fault("cut", bytes=place, ending=ending, operation=OPERATIONS[number]))))
        assert without_deltas(got) == without_deltas(expected), (number, place)
        assert joined(got) == joined(expected), (number, place)
        assert final(got) == final(expected), (number, place)
    assert server.faults.waiting == []
