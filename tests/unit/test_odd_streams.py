"""Streams whose events do not say their names as the API does, say them twice, or show a run as it was."""

from __future__ import annotations

import json
from typing import Any, Callable

import httpx
import pytest

from openai_assistants import APIResponseValidationError, RunStreamError, StreamInterruptedError

from .access import client_over, within
from .support import Clock, Flavour, Server, serve


def run(status: str) -> dict[str, Any]:
    return {
        "id": "run_1",
        "object": "thread.run",
        "created_at": 1,
        "thread_id": "thread_1",
        "assistant_id": "asst_1",
        "status": status,
        "model": "m",
        "tools": [],
        "instructions": "",
        "parallel_tool_calls": True,
    }


def step(status: str) -> dict[str, Any]:
    return {
        "id": "step_1",
        "object": "thread.run.step",
        "created_at": 1,
        "thread_id": "thread_1",
        "assistant_id": "asst_1",
        "run_id": "run_1",
        "type": "message_creation",
        "status": status,
        "step_details": {"type": "message_creation", "message_creation": {"message_id": "msg_1"}},
    }


def message(status: str, *texts: str) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "object": "thread.message",
        "created_at": 1,
        "thread_id": "thread_1",
        "run_id": "run_1",
        "role": "assistant",
        "status": status,
        "content": [{"type": "text", "text": {"value": text, "annotations": []}} for text in texts],
        "metadata": {"event": "thread.run.created"},
    }


def delta(text: str) -> dict[str, Any]:
    content = [{"index": 0, "type": "text", "text": {"value": text}}]
    return {"id": "msg_1", "object": "thread.message.delta", "delta": {"content": content}}


GOOD: list[tuple[str, dict[str, Any]]] = [
    ("thread.created", {"id": "thread_1", "object": "thread", "created_at": 1, "metadata": {}}),
    ("thread.run.created", run("queued")),
    ("thread.run.queued", run("queued")),
    ("thread.run.in_progress", run("in_progress")),
    ("thread.run.step.created", step("in_progress")),
    ("thread.run.step.in_progress", step("in_progress")),
    ("thread.message.created", message("in_progress")),
    ("thread.message.in_progress", message("in_progress")),
    ("thread.message.delta", delta("Hel")),
    ("thread.message.delta", delta("lo")),
    ("thread.message.completed", message("completed", "Hello")),
    ("thread.run.step.completed", step("completed")),
    ("thread.run.completed", run("completed")),
]


def framed(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def unnamed(data: Any) -> str:
    return f"data: {json.dumps(data)}\n\n"


FORMS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "name in both places": lambda name, data: framed(name, {"event": name, "data": data}),
    "data before the name": lambda name, data: framed(name, {"data": data, "event": name}),
    "no name at all": lambda name, data: unnamed(data),
    "only message": lambda name, data: f"event: message\n{unnamed(data)}",
    "name among the fields": lambda name, data: unnamed({"event": name, **data}),
    "name under type": lambda name, data: unnamed({"type": name, "data": data}),
    "blanks around the name": lambda name, data: f"event:  {name} \ndata: {json.dumps(data)}\n\n",
    "pings of text": lambda name, data: "event: ping\ndata: 2024-05-01 12:00:00.5\n\n" + framed(name, data),
    "empty objects": lambda name, data: "data: {}\n\ndata: null\n\n" + framed(name, data),
}


def streaming(body: str, *later: httpx.Response, **headers: str) -> Server:
    kind = {"content-type": "text/event-stream", **headers}
    return serve(httpx.Response(200, content=body.encode(), headers=kind), *later)


def events_of(flavour: Flavour, server: Server, **settings: Any) -> list[Any]:
    runs = client_over(flavour, server, max_retries=0, **settings).beta.threads.runs
    return flavour.collect(lambda: runs.create("thread_1", assistant_id="asst_1", stream=True))


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_events_whose_names_stand_elsewhere(flavour: Flavour, form: str, strict: bool) -> None:
    server = streaming("".join(FORMS[form](*event) for event in GOOD) + "data: [DONE]\n\n")
    events = [event for event in events_of(flavour, server, strict=strict) if event.event != "ping"]
    assert [(event.event, event.data.to_dict()) for event in events] == GOOD
    assert [type(event).__name__ for event in events][-1] == "ThreadRunCompleted"
    assert not any(event.deviations for event in events)
    assert len(server.requests) == 1


def test_deltas_of_a_newer_kind_that_say_their_names_twice(flavour: Flavour) -> None:
    """The second is read as the first."""
    name, data = "thread.note.delta", {"id": "note_1", "at": 5}
    newer = framed(name, {"event": name, "data": data})
    events = events_of(flavour, streaming(framed(*GOOD[1]) + newer * 3 + framed(*GOOD[-1])))
    assert [(event.event, event.data) for event in events[1:-1]] == [(name, data)] * 3


@pytest.mark.parametrize("form", FORMS)
def test_their_texts_come_to_those_who_follow_them(flavour: Flavour, form: str) -> None:
    server = streaming("".join(FORMS[form](*event) for event in GOOD))
    runs = client_over(flavour, server, max_retries=0).beta.threads.runs
    start = lambda: runs.stream("thread_1", assistant_id="asst_1")  # noqa: E731
    assert within(flavour, start, lambda stream: stream.text_deltas if flavour.is_async else [*stream.text_deltas]) == [
        "Hel",
        "lo",
    ]


def test_a_text_that_comes_whole_in_the_form_of_requests(flavour: Flavour) -> None:
    whole = {**message("completed"), "content": [{"type": "text", "text": "Hello"}]}
    server = streaming(framed(*GOOD[1]) + framed("thread.message.completed", whole) + framed(*GOOD[-1]))
    runs = client_over(flavour, server, max_retries=0).beta.threads.runs
    start = lambda: runs.stream("thread_1", assistant_id="asst_1")  # noqa: E731
    assert within(flavour, start, lambda stream: stream.text_deltas if flavour.is_async else [*stream.text_deltas]) == [
        "Hello"
    ]


def test_a_ping_holds_its_text(flavour: Flavour) -> None:
    server = streaming(framed(*GOOD[1]) + "event: ping\ndata: noon\n\n" + framed(*GOOD[-1]))
    assert [(event.event, event.data) for event in events_of(flavour, server)][1] == ("ping", "noon")


def test_an_event_of_the_api_is_never_text(flavour: Flavour) -> None:
    server = streaming(framed(*GOOD[1]) + "event: thread.run.queued\ndata: noon\n\n" + framed(*GOOD[-1]))
    with pytest.raises(
        APIResponseValidationError, match=r"An event \(thread.run.queued\) of the stream cannot be read"
    ):
        events_of(flavour, server)


@pytest.mark.parametrize("data", ['{"event" noon', '["event"]', '{"event": "x", "at": "noon"}'])
def test_data_that_speak_of_events_are_data(flavour: Flavour, data: str) -> None:
    server = streaming(framed(*GOOD[1]) + f"event: x\ndata: {data}\n\n" + framed(*GOOD[-1]))
    event = events_of(flavour, server)[1]
    assert (event.event, event.data) == ("x", json.loads(data) if data[-1] in "]}" else data)


@pytest.mark.parametrize(
    "data",
    [
        '{"id": "x", "object": "chat.completion.chunk"}',
        '{"type": "server_error", "message": "m"}',
        '{"type": "server_error", "data": {"message": "m"}}',
        '{"type": "thread.error", "message": "m"}',
        "m",
        '"m"',
        "[1]",
    ],
)
def test_what_is_no_object_of_a_thread_is_an_error(flavour: Flavour, data: str) -> None:
    with pytest.raises(RunStreamError):
        events_of(flavour, streaming(framed(*GOOD[1]) + f"data: {data}\n\n" + framed(*GOOD[-1])))


def test_an_object_of_a_newer_kind_is_an_unknown_event(flavour: Flavour) -> None:
    newer = {"id": "x_1", "object": "thread.run.note"}
    server = streaming(unnamed(GOOD[1][1]) + unnamed(newer) + unnamed({"event": "thread.odd"}) + unnamed(GOOD[-1][1]))
    events = events_of(flavour, server)
    assert [event.event for event in events] == [
        "thread.run.created",
        "thread.run.note",
        "thread.odd",
        "thread.run.completed",
    ]
    assert events[1].data == newer


def test_a_run_that_the_last_event_shows_as_it_was_is_looked_at(flavour: Flavour, clock: Clock) -> None:
    """The stream ends with the run as it is, not with the one that was still at work."""
    stale = ("thread.run.completed", run("in_progress"))
    lists = httpx.Response(200, json={"data": [], "has_more": False})
    server = streaming(
        framed(*GOOD[1]) + framed(*stale) + "data: [DONE]\n\n", httpx.Response(200, json=run("completed")), lists
    )
    events = events_of(flavour, server)
    ends = [event for event in events if event.event == "thread.run.completed"]
    assert [(event.data.status, event.synthesized) for event in ends] == [("in_progress", False), ("completed", True)]
    assert events[-1] is ends[-1]


@pytest.mark.parametrize("content_type", ["application/json", "text/event-stream", "text/plain"])
@pytest.mark.parametrize("error", ["no such model", {"message": "no such model"}], ids=repr)
def test_an_error_in_place_of_a_stream_says_so(flavour: Flavour, error: Any, content_type: str) -> None:
    server = streaming(json.dumps({"error": error}), **{"content-type": content_type})
    with pytest.raises(APIResponseValidationError, match="answered 200 with an error: no such model") as caught:
        events_of(flavour, server)
    assert caught.value.body == {"error": error}
    assert len(server.requests) == 1


@pytest.mark.parametrize("body", ["{", '{"error": ', '{"error": null}', '{"id": "run_1"}'])
def test_other_objects_in_place_of_a_stream_do_not_name_a_run(flavour: Flavour, body: str) -> None:
    with pytest.raises(StreamInterruptedError, match="no run was named"):
        events_of(flavour, streaming(body))
