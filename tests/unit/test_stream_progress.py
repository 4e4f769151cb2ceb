"""What is noted of a stream while it is read: which run it is about, how that stands, what has come."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openai_assistants._events import TAIL, Progress
from openai_assistants._models import parser_for
from openai_assistants._requests import CAPACITY, KnownIds
from openai_assistants.types.beta.assistant_stream_event import AssistantStreamEvent


def event(name: str, **data: Any) -> Any:
    """An event as it is read from a stream."""
    return parser_for(AssistantStreamEvent).parse(json.dumps({"event": name, "data": data}).encode())[0]


def run(status: str, **changes: Any) -> Any:
    """An event of a run."""
    return event(f"thread.run.{status}", **{"id": "run_1", "thread_id": "thread_1", "status": status, **changes})


@pytest.mark.parametrize(
    ("status", "ends"),
    [(each, True) for each in ("completed", "incomplete", "failed", "cancelled", "expired", "requires_action")]
    + [(each, False) for each in ("queued", "in_progress", "cancelling")],
)
def test_after_which_status_a_stream_has_nothing_more_to_say(status: str, ends: bool) -> None:
    progress = Progress(AssistantStreamEvent)
    assert not progress.at_its_end
    progress.add(run(status))
    assert (progress.run_status, progress.at_its_end) == (status, ends)
    assert (progress.run_id, progress.thread_id, progress.knows_run) == ("run_1", "thread_1", True)


def test_an_event_without_an_id_takes_back_none() -> None:
    progress = Progress(AssistantStreamEvent)
    progress.add(event("thread.created", id="thread_1"))
    assert (progress.thread_id, progress.knows_run) == ("thread_1", False)
    progress.add(event("thread.created"))
    progress.add(run("queued", id="run_1"))
    progress.add(run("in_progress", id=None))
    assert (progress.run_id, progress.thread_id, progress.run_status) == ("run_1", "thread_1", "in_progress")


def test_what_has_come_is_known_by_name_and_id_apart_from_deltas() -> None:
    progress = Progress(AssistantStreamEvent)
    events = [run("queued"), event("thread.message.delta", id="msg_1", delta={}), run("in_progress")]
    assert [progress.add(each) for each in events] == events
    assert progress.seen == {("thread.run.queued", "run_1"), ("thread.run.in_progress", "run_1")}
    assert progress.tail == events
    assert progress.count == 3


def test_a_run_that_was_streamed_is_not_what_a_later_request_has_created() -> None:
    known = KnownIds()
    progress = Progress(AssistantStreamEvent, known)
    progress.add(event("thread.run.step.created", id="step_1", run_id="run_1"))
    assert "step_1" not in known
    progress.add(run("queued"))
    assert "run_1" in known


def test_only_the_newest_ids_are_known() -> None:
    known = KnownIds()
    assert all(known.claim(str(number)) for number in range(CAPACITY + 1))
    assert ("0" in known, "1" in known, str(CAPACITY) in known) == (False, True, True)
    assert not known.claim("1")


def test_a_text_is_put_together_whatever_else_some_deltas_say() -> None:
    progress = Progress(AssistantStreamEvent)
    said = [{"value": "a"}, {"value": "b", "annotations": [{"index": 0, "type": "file_path"}]}, "odd", {"value": "c"}]
    for text in said:
        delta = {"content": [{"index": 0, "type": "text", "text": text}]}
        data = {"id": "msg_1", "object": "thread.message.delta", "delta": delta}
        progress.keep(json.dumps({"event": "thread.message.delta", "data": data}).encode())
    (block,) = progress.assembly().messages["msg_1"].content
    assert (block.text.value, len(block.text.annotations)) == ("abc", 1)


def test_events_are_counted_also_when_they_are_kept_no_more() -> None:
    progress = Progress(AssistantStreamEvent)
    assert progress.count == 0
    progress.pass_on()
    progress.keep(run("queued"))
    progress.trim()
    assert (progress.count, len(progress.tail)) == (2, 1)
    for _ in range(TAIL):
        progress.keep(event("thread.message.delta", id="msg_1", delta={}))
    progress.trim()
    assert (progress.count, len(progress.tail)) == (TAIL + 2, 0)
    progress.keep(run("completed"))
    assert progress.count == TAIL + 3
    assert progress.assembly().run.status == "completed"
    assert not progress.started
