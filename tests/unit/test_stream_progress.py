"""What is noted of a stream while it is read: which run it is about, how that stands, what has come."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from openai_assistants._events import TAIL, EventReader, Progress, folded
from openai_assistants._models import parser_for
from openai_assistants._requests import CAPACITY, KnownIds
from openai_assistants.types.beta.assistant_stream_event import AssistantStreamEvent

from .test_streaming import framed


def event(name: str, **data: Any) -> Any:
    """An event as it is read from a stream."""
    return read(json.dumps({"event": name, "data": data}).encode())


def read(kept: Any) -> Any:
    """A kept event as the program sees it."""
    return parser_for(AssistantStreamEvent).parse(kept)[0] if isinstance(kept, bytes) else kept


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
    assert (progress.thread_id, progress.seen) == ("thread_1", {("thread.created", "thread_1"), ("thread.created", "")})
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


def piece(
    text: Any, *, id: str = "msg_1", index: int = 0, delta: Any = None, part: Any = None, name: str = ""
) -> bytes:
    """A delta that adds to a text, with whatever else it says, as it is kept."""
    content = [
        {"index": index, "type": "text", "text": text if isinstance(text, dict) else {"value": text}, **(part or {})}
    ]
    data = {"id": id, "object": "thread.message.delta", "delta": {"content": content, **(delta or {})}}
    return json.dumps({"event": name or "thread.message.delta", "data": data}).encode()


def test_successive_pieces_of_one_text_become_a_single_delta() -> None:
    second = [piece("c", index=1), piece({"value": "d", "annotations": []}, index=1)]
    last = [piece("f"), piece({"value": "g", "annotations": None})]
    found = list(folded([piece("a"), piece("b"), *second, piece("e", id="msg_2"), *last], AssistantStreamEvent))
    assert found == [read(each) for each in (piece("ab"), piece("cd", index=1), piece("e", id="msg_2"), piece("fg"))]
    assert {(each.event, each.data.delta.content[0].type) for each in found} == {("thread.message.delta", "text")}


@pytest.mark.parametrize(
    "other",
    [
        piece({"value": "b", "annotations": [{"index": 0, "type": "file_path"}]}),
        piece({"value": "b", "note": 1}),
        piece({}),
        piece({"value": 5}),
        piece("b", part={"note": 1}),
        piece("b", part={"type": "image_url"}),
        piece("b", part={"index": "0"}),
        piece("b", delta={"role": "assistant"}),
        piece("b", delta={"content": [{"index": 0, "type": "text", "text": {"value": each}} for each in "bc"]}),
        piece("b", delta={"content": [{"index": 0, "type": "text"}]}),
        piece("b", name="thread.message.odd"),
        run("queued"),
    ],
)
def test_what_says_anything_else_stays_an_event_of_its_own(other: Any) -> None:
    kept = [piece("a"), other, other, piece("c")]
    assert list(folded(kept, AssistantStreamEvent)) == [read(each) for each in kept]


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


def sent(kept: bytes) -> bytes:
    """A kept event as it comes in a stream."""
    said = json.loads(kept)
    return framed((said["event"], said["data"]))


def reader_of(progress: Progress) -> EventReader[Any]:
    response = httpx.Response(200, request=httpx.Request("POST", "http://test/v1/threads/runs"))
    return EventReader(response, AssistantStreamEvent, strict=False, progress=progress)


def test_a_long_stream_is_not_kept_event_by_event() -> None:
    progress = Progress(AssistantStreamEvent)
    reader = reader_of(progress)
    said = sent(piece("a"))
    for _ in range(3 * TAIL):
        assert len(list(reader.feed(said))) == 1
    assert (progress.count, len(progress.tail) <= TAIL + 1) == (3 * TAIL, True)
    assert progress.assembly().messages["msg_1"].text == 3 * TAIL * "a"


def test_what_stands_behind_the_end_is_not_read() -> None:
    reader = reader_of(Progress(AssistantStreamEvent))
    assert list(reader.feed(b'data: [DONE]\n\nevent: thread.created\ndata: {"id": "thread_1"}')) == []
    assert (reader.done, list(reader.finish())) == (True, [])


def test_a_piece_that_begins_like_a_page_is_none_within_an_event() -> None:
    progress = Progress(AssistantStreamEvent)
    reader = reader_of(progress)
    before, _, after = sent(piece("<b>")).partition(b"<")
    assert list(reader.feed(before)) == []
    (found,) = reader.feed(b"<" + after)
    assert found.data.delta.content[0].text.value == "<b>"
    assert list(reader_of(progress).feed(b"<p>\n\n")) == []  # of a stream that goes on: an event came before
