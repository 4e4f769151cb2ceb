"""The short way of deltas that only make a string longer: it tells what the long way tells, and copies nothing."""

from __future__ import annotations

import tracemalloc
from typing import Any
from unittest import mock

import pytest
from hypothesis import example, given, strategies as st

from openai_assistants._assemble import Assembly
from openai_assistants._merge import merge_item
from openai_assistants.types.beta import assistant_stream_event as events

from .test_assemble import (
    call,
    calls,
    code,
    event,
    function,
    message,
    message_delta,
    part,
    run,
    said,
    show,
    step,
    step_delta,
)

NO_SHORT_WAY = mock.patch("openai_assistants._assemble.grow", lambda *_: None)


def told_of(stream: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """All that can be seen while a stream is followed, and the snapshots at its end."""
    assembly, seen = Assembly(events.AssistantStreamEvent), list[Any]()
    for each in stream:
        callbacks = assembly.feed(each)
        current = (assembly.current_message, assembly.current_step)
        seen.append([(name, *map(show, arguments)) for name, arguments in callbacks])
        seen.append([None if each is None else each.to_dict() for each in current])
        owners = [*assembly.messages.values(), *assembly.steps.values()]
        seen.append([any(argument is each for each in owners) for _, given in callbacks for argument in given])
    snapshots = {**assembly.messages, **assembly.steps}
    return seen, {id: snapshot.to_dict() for id, snapshot in snapshots.items()}


CREATION = {"type": "message_creation", "message_creation": {"message_id": "msg_1"}}

text = st.text(max_size=3)
index = st.sampled_from([0, 0, 0, 1, 2])
deltas = st.one_of(
    st.builds(lambda i, t: message_delta(said(t, i)), index, text),
    st.builds(lambda i, t: message_delta(said(t, i, annotations=[])), index, text),
    st.builds(lambda i, t: message_delta(said(t, i, new="x")), index, text),
    st.builds(lambda i, t: message_delta(said(t, i), said(t, i + 1)), index, text),
    st.builds(lambda t: message_delta(said(t), role="assistant"), text),
    st.builds(lambda t: message_delta(said(t), id="msg_2"), text),
    st.builds(lambda t: message_delta(said(t), seed=1), text),
    st.builds(lambda t: message_delta({"type": "text", "text": {"value": t}}), text),
    st.builds(lambda i: message_delta(said(None, i)), index),
    st.builds(lambda i: message_delta({"index": i, "type": "refusal", "refusal": "no"}), index),
    st.builds(lambda i: message_delta({"index": i, "type": "text", "text": "odd"}), index),
    st.builds(lambda i, t: step_delta(call(i, t)), index, text),
    st.builds(lambda i, t: step_delta(call(i, t, id=f"call_{i}")), index, text),
    st.builds(lambda i, t: step_delta(call(i, t, name="f")), index, text),
    st.builds(lambda i, t: step_delta(code(i, t)), index, text),
    st.builds(lambda i, t: step_delta(code(i, t, {"index": 0, "type": "logs", "logs": t})), index, text),
    st.builds(lambda i: step_delta(call(i, "{}"), call(i + 1, "{}")), index),
    st.builds(lambda t: step_delta(call(0, t), id="step_2"), text),
    st.builds(lambda: step_delta({"index": 0, "type": "newer", "newer": {"arguments": "x"}})),
    st.builds(lambda i, t: step_delta(call(i, t), kind=""), index, text),
    st.just(MADE := event("thread.run.step.delta", {"id": "step_1", "delta": {"step_details": CREATION}})),
    st.sampled_from(
        [
            message("created"),
            message("in_progress", part("?")),
            message("completed", part("final")),
            message("created", id="msg_2"),
            step("created"),
            step("in_progress"),
            step("completed", calls(function("call_0", "f", "{}"))),
            step("created", id="step_2"),
            step("in_progress", CREATION),
            run("requires_action"),
        ]
    ),
)


@given(st.lists(deltas, max_size=25))
@example([step("created"), step_delta(call(0, "a")), MADE, step_delta(call(0, "b")), step_delta(call(0, "c"))])
@example([message("created"), message_delta(said("a")), message_delta(said("b"), seed=1)])
@example([message("created"), message_delta(said("a")), message_delta({**said("b"), "index": [0]})])
@example([message("created", {"type": "text", "text": "odd"}), message_delta(said("a")), message_delta(said("b"))])
@example([step("created"), step_delta(call(0, "a")), step("created", id="step_2"), step_delta(call(0, "b"))])
@example([step_delta(call(0, "a"), kind=""), step_delta(call(0, "b")), step_delta(call(0, "c"))])
def test_it_tells_what_the_long_way_tells(stream: list[Any]) -> None:
    short = told_of(stream)
    with NO_SHORT_WAY:
        assert told_of(stream) == short


def test_it_is_what_most_deltas_take() -> None:
    stream = [
        message("created"),
        message_delta(said("a")),
        *(message_delta(said("b")) for _ in range(5)),
        step("created"),
        step_delta(call(0, "", name="f", id="call_0")),
        *(step_delta(call(0, "x")) for _ in range(5)),
        step_delta(code(1, "", id="call_1")),
        *(step_delta(code(1, "x")) for _ in range(5)),
    ]
    assembly = Assembly(events.AssistantStreamEvent)
    with mock.patch("openai_assistants._assemble.merge_item", wraps=merge_item) as merged:
        for each in stream:
            assembly.feed(each)
    assert merged.call_count == 3


LARGE = "x" * 2_000_000
LOGS = {"index": 0, "type": "logs"}
GROWING: dict[str, tuple[list[Any], Any]] = {
    "text": ([message("created"), message_delta(said(LARGE))], message_delta(said("y"))),
    "text, the long way": (
        [message("created"), message_delta(said(LARGE))],
        message_delta(said("y", annotations=[]), role="assistant"),
    ),
    "refusal": (
        [message("created"), message_delta({"index": 0, "type": "refusal", "refusal": LARGE})],
        message_delta({"index": 0, "type": "refusal", "refusal": "y"}),
    ),
    "arguments": ([step("created"), step_delta(call(0, LARGE, name="f"))], step_delta(call(0, "y"))),
    "arguments, the long way": (
        [step("created"), step_delta(call(0, LARGE, name="f", id="call_0"))],
        step_delta(call(0, "y", id="call_0")),
    ),
    "code": ([step("created"), step_delta(code(0, LARGE))], step_delta(code(0, "y"))),
    "output of code": (
        [step("created"), step_delta(code(0, "", {**LOGS, "logs": LARGE}))],
        step_delta(code(0, None, {**LOGS, "logs": "y"})),
    ),
    "text that the server keeps sending beginnings of": (
        [message("created"), message_delta(said(LARGE))],
        message_delta(said("y")),
    ),
}
BETWEEN = {"text that the server keeps sending beginnings of": [message("in_progress")]}


@pytest.mark.parametrize("case", GROWING)
def test_a_string_that_grows_is_not_copied(case: str) -> None:
    before, delta = GROWING[case]
    again = [*BETWEEN.get(case, []), delta]
    assembly = Assembly(events.AssistantStreamEvent)
    for each in before:
        assembly.feed(each)
    # What begins as the string of an event is copied with the first delta, since the event has it, too. And Python
    # appends in place only when it has seen a few times that strings are what is added here.
    for each in again * 50:
        assembly.feed(each)
    tracemalloc.start()
    try:
        assembly.feed(delta)  # what is not traced yet is counted when it grows
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        for each in again * 50:
            assembly.feed(each)
        more = tracemalloc.get_traced_memory()[1] - held
    finally:
        tracemalloc.stop()
    assert more < len(LARGE) / 4
