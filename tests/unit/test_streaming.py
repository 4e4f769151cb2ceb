"""Streams of typed events, blocking and awaiting: order, ends, errors, interruptions."""

from __future__ import annotations

import json
import pickle
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any, Literal

import anyio
import httpx
import pytest
from hypothesis import given, strategies as st
from typing_extensions import TypedDict

from openai_assistants import (
    APIConnectionError,
    APIResponseValidationError,
    APITimeoutError,
    BaseModel,
    NotSupportedByServerError,
    OpenAIError,
    RunStreamError,
    StreamEvent,
    StreamInterruptedError,
    UnknownValue,
    UnknownVariant,
    _sse,
)
from openai_assistants._events import EventReader, Progress
from openai_assistants._models import AnyTag, OneOf

from .support import FLAVOURS, KEY, Clock, Flavour, Pieces, cut, post, serve

SYNC = FLAVOURS[0]

# On trio the HTTP library leaves its own async generators to the garbage collector when a body is not read to its end;
# ours are closed, or this does not match.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator '(httpx|tests)\.:ResourceWarning")


class Run(BaseModel):
    """A run."""

    id: str
    thread_id: str
    status: Literal["queued", "in_progress", "requires_action", "completed", "failed"] | UnknownValue


class Thread(BaseModel):
    """A thread."""

    id: str


class Message(BaseModel):
    """A message."""

    id: str
    thread_id: str
    run_id: str | None = None


class Delta(BaseModel):
    """A piece of a message."""

    id: str
    text: str


class ThreadCreated(StreamEvent):
    """The thread is there."""

    event: Literal["thread.created"]
    data: Thread


class RunCreated(StreamEvent):
    """The run is there."""

    event: Literal["thread.run.created"]
    data: Run


class RunInProgress(StreamEvent):
    """The run works."""

    event: Literal["thread.run.in_progress"]
    data: Run


class RunRequiresAction(StreamEvent):
    """The run waits for tool outputs."""

    event: Literal["thread.run.requires_action"]
    data: Run


class RunCompleted(StreamEvent):
    """The run is over."""

    event: Literal["thread.run.completed"]
    data: Run


class StepCreated(StreamEvent):
    """A step of the run."""

    event: Literal["thread.run.step.created"]
    data: Message


class MessageCreated(StreamEvent):
    """A message is there."""

    event: Literal["thread.message.created"]
    data: Message


class MessageDelta(StreamEvent):
    """A message grows."""

    event: Literal["thread.message.delta"]
    data: Delta


class UnknownEvent(UnknownVariant, StreamEvent):
    """Any newer event."""

    event: Annotated[str, AnyTag]


Event = Annotated[
    ThreadCreated
    | RunCreated
    | RunInProgress
    | RunRequiresAction
    | RunCompleted
    | StepCreated
    | MessageCreated
    | MessageDelta
    | UnknownEvent,
    OneOf("event"),
]


def run(status: str) -> dict[str, Any]:
    return {"id": "run_1", "thread_id": "thread_1", "status": status}


def delta(text: str) -> dict[str, Any]:
    return {"id": "msg_1", "text": text}


THREAD = ("thread.created", {"id": "thread_1"})
CREATED = ("thread.run.created", run("queued"))
WORKING = ("thread.run.in_progress", run("in_progress"))
MESSAGE = ("thread.message.created", {"id": "msg_1", "thread_id": "thread_1", "run_id": "run_1"})
STEP = ("thread.run.step.created", {"id": "step_1", "thread_id": "thread_1", "run_id": "run_1"})
HELLO = ("thread.message.delta", delta("Größe 🙂"))
WORLD = ("thread.message.delta", delta("語\u2028\n"))
COMPLETED = ("thread.run.completed", run("completed"))
ACTION = ("thread.run.requires_action", run("requires_action"))

GOOD = [THREAD, CREATED, WORKING, MESSAGE, STEP, HELLO, WORLD, COMPLETED]


def framed(*events: tuple[str, Any], end: str = "\n", done: bool = False) -> bytes:
    """A stream as this API sends it."""
    frames = [f"event: {name}{end}data: {json.dumps(data, ensure_ascii=False)}{end}{end}" for name, data in events]
    return ("".join(frames) + (f"event: done{end}data: [DONE]{end}{end}" if done else "")).encode()


def frameless(*events: tuple[str, Any], done: bool = False) -> bytes:
    """A stream with the names inside the data."""
    frames = [f"data: {json.dumps({'event': name, 'data': data})}\n\n" for name, data in events]
    return ("".join(frames) + ("data: [DONE]\n\n" if done else "")).encode()


def stream_of(
    flavour: Flavour, *pieces: Any, seen: list[Any] | None = None, settings: Any = None, **options: Any
) -> list[Any]:
    """All events of a stream whose run goes on at the server; those before an error stay in `seen`."""
    server = serve(
        httpx.Response(200, stream=Pieces(pieces), headers={"content-type": "text/event-stream"}),
        httpx.Response(200, json=run("in_progress")),
    )
    connection = flavour.connection(server, **(settings or {}))
    call = post("/threads/thread_1/runs", into=Run).streaming(Event)
    return flavour.collect(lambda: connection.stream(call, options), seen)


def failing(flavour: Flavour, cls: type[Exception], *pieces: Any, **kwargs: Any) -> tuple[Any, list[Any]]:
    """The exception that a stream ends with, and the events before it."""
    seen: list[Any] = []
    with pytest.raises(cls) as caught:
        stream_of(flavour, *pieces, seen=seen, **kwargs)
    assert type(caught.value) is cls
    return caught.value, seen


def said(events: list[Any]) -> list[tuple[str, Any]]:
    return [
        (event.event, event.data.to_dict() if isinstance(event.data, BaseModel) else event.data) for event in events
    ]


CLASSES = [
    ThreadCreated,
    RunCreated,
    RunInProgress,
    MessageCreated,
    StepCreated,
    MessageDelta,
    MessageDelta,
    RunCompleted,
]


@pytest.mark.parametrize("size", [1, 2, 3, 97, 100_000])
@pytest.mark.parametrize(
    "body",
    [
        framed(*GOOD),
        framed(*GOOD, done=True),
        framed(*GOOD, end="\r\n", done=True),
        framed(*GOOD, end="\r", done=True),
        b"\xef\xbb\xbf: hello\n\n" + framed(*GOOD[:4]) + b": ping\r\n\r\n" + framed(*GOOD[4:], done=True),
        frameless(*GOOD),
        frameless(*GOOD, done=True),
        framed(*GOOD)[:-1],
        framed(*GOOD)[:-2],
        framed(*GOOD, done=True)[:-2],
        frameless(*GOOD[:-1]) + frameless(*GOOD[-1:])[:-2],
        framed(*GOOD[:2]) + b"data:\n\nevent: thread.run.created\n\ndata\n\n" + framed(*GOOD[2:]),
        framed(*GOOD) + b"data: [DONE]\n\n",
        framed(*GOOD, done=True) + framed(HELLO) + b"event: error\ndata: late\n\n",
        b"".join(b"event: message\n" + frame + b"\n\n" for frame in frameless(*GOOD).split(b"\n\n")[:-1]),
    ],
    ids=range(15),
)
def test_events_in_every_dialect_however_they_are_cut(flavour: Flavour, body: bytes, size: int) -> None:
    events = stream_of(flavour, *cut(body, size))
    assert said(events) == GOOD
    assert [type(event) for event in events] == CLASSES
    assert all(isinstance(event, StreamEvent) for event in events)


def test_events_come_as_soon_as_they_are_complete() -> None:
    taken: list[int] = []
    pieces = [framed(event) for event in GOOD]
    body = Pieces(pieces)
    connection = SYNC.connection(serve(httpx.Response(200, stream=body)))
    for _ in connection.stream(post().streaming(Event), {}):
        taken.append(body.taken)  # noqa: PERF401 - the point is when each comes
    assert taken == list(range(1, len(GOOD) + 1))


def test_the_request_asks_for_a_stream(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, content=framed(*GOOD)))
    connection = flavour.connection(server)
    flavour.collect(lambda: connection.stream(post().streaming(Event), {}))
    assert server.sent("accept") == ["text/event-stream"]


def test_multi_line_data(flavour: Flavour) -> None:
    text = json.dumps(COMPLETED[1], indent=2).replace("\n", "\ndata: ")
    events = stream_of(flavour, f"event: thread.run.completed\ndata: {text}\n\n".encode())
    assert said(events) == [COMPLETED]


def test_an_unknown_event_is_kept(flavour: Flavour) -> None:
    newer = ("thread.audio.delta", {"id": "a", "bytes": [1, None]})
    events = stream_of(flavour, framed(CREATED, newer, COMPLETED))
    assert type(events[1]) is UnknownEvent
    assert (events[1].event, events[1].data) == newer
    assert events[1].to_dict() == {"event": newer[0], "data": newer[1]}


@pytest.mark.parametrize("name", ["thread.run.paused", "thread.run.", "thread.run.step.newer"])
def test_an_unknown_event_of_a_run_does_not_end_the_stream(flavour: Flavour, name: str) -> None:
    assert len(stream_of(flavour, framed(CREATED, (name, run("paused")), COMPLETED))) == 3


def test_created_twice_and_a_delta_before_created(flavour: Flavour) -> None:
    order = [HELLO, CREATED, CREATED, MESSAGE, COMPLETED]
    assert said(stream_of(flavour, framed(*order))) == order


def test_requires_action_ends_a_stream(flavour: Flavour) -> None:
    assert said(stream_of(flavour, framed(CREATED, ACTION))) == [CREATED, ACTION]


def test_completed_after_requires_action_is_delivered_as_sent(flavour: Flavour) -> None:
    odd = ("thread.run.completed", run("requires_action"))
    assert said(stream_of(flavour, framed(CREATED, ACTION, odd))) == [CREATED, ACTION, odd]


def test_the_status_is_trusted_not_the_name(flavour: Flavour) -> None:
    error, seen = failing(
        flavour, StreamInterruptedError, framed(CREATED, ("thread.run.completed", run("in_progress")))
    )
    assert len(seen) == 2
    assert "in_progress" in str(error)


# Deviations


def test_a_deviating_event_is_delivered(flavour: Flavour, caplog: pytest.LogCaptureFixture) -> None:
    odd = ("thread.run.created", {"id": 5, "status": "queued"})
    events = stream_of(flavour, framed(odd, COMPLETED))
    assert sorted(d.path for d in events[0].deviations) == ["data.id", "data.thread_id"]
    assert events[1].deviations == ()
    assert {record.getMessage().split(" at ")[0] for record in caplog.records} == {
        "The event thread.run.created deviates from the API"
    }
    assert said(events) == [odd, COMPLETED]
    assert type(events[0]) is RunCreated
    assert events[0].data.thread_id is None


class Plain(TypedDict):
    """An event as plain data."""

    event: str
    data: dict[str, str]


def test_a_deviating_event_as_plain_data_is_delivered(flavour: Flavour, caplog: pytest.LogCaptureFixture) -> None:
    odd = ("thread.run.completed", {"status": 5})
    connection = flavour.connection(serve(httpx.Response(200, content=framed(odd, done=True))))
    assert flavour.collect(lambda: connection.stream(post(into=Plain), {})) == [{"event": odd[0], "data": odd[1]}]
    assert "deviates from the API at data.status" in caplog.text


def test_strict_mode_refuses_it(flavour: Flavour) -> None:
    odd = ("thread.run.created", {"id": 5, "status": "queued"})
    error, seen = failing(
        flavour, APIResponseValidationError, framed(CREATED, odd, COMPLETED), settings={"strict": True}
    )
    assert said(seen) == [CREATED]
    assert sorted(d.path for d in error.errors) == ["data.id", "data.thread_id"]
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.errors) == (str(error), error.errors)
    assert KEY.encode() not in pickle.dumps(error)


@pytest.mark.parametrize("data", ["{oops", '{"id": 1', "{} {}", "", "[1]", "5", '"x"', "null"])
def test_an_event_that_cannot_be_read(flavour: Flavour, data: str) -> None:
    body = framed(CREATED) + f"event: thread.run.in_progress\ndata: {data}\n\n".encode() + framed(COMPLETED)
    seen: list[Any] = []
    try:
        stream_of(flavour, body, seen=seen)
    except APIResponseValidationError as error:
        assert "thread.run.in_progress" in str(error)
        assert said(seen) == [CREATED]
    else:
        assert [event.event for event in (seen[0], seen[-1])] == [CREATED[0], COMPLETED[0]]
        assert all(type(event) is not UnknownEvent for event in seen)


# Errors inside the stream


@pytest.mark.parametrize(
    ("frame", "words", "code"),
    [
        ('event: error\ndata: {"code": "c", "message": "m1", "type": "t"}', "m1", "c"),
        ('event: error\ndata: {"error": {"code": "c", "message": "m2"}}', "m2", "c"),
        ('event: error\ndata: {"event": "error", "data": {"code": "c", "message": "m3"}}', "m3", "c"),
        ('event: error\ndata: {"error": "m4"}', "m4", None),
        ('event: error\ndata: "m5"', "m5", None),
        ("event: error\ndata: m6", "m6", None),
        ("event: error\ndata:", "", None),
        ('event: error\ndata: {"detail": "m7"}', '{"detail": "m7"}', None),
        ('data: {"event": "error", "data": {"code": "c", "message": "m8"}}', "m8", "c"),
        ('data: {"error": {"code": "c", "message": "m9"}}', "m9", "c"),
        ('data: {"error": "m10"}', "m10", None),
        ('data: {"message": "m11", "code": "c"}', "m11", "c"),
        ("data: Internal server error m12", "Internal server error m12", None),
        ('event: message\ndata: {"error": {"code": "c", "message": "m13"}}', "m13", "c"),
        ('data: ["m14"]', "['m14']", None),
        ('event: error\ndata: {"error": ["m15"], "message": "m15"}', "m15", None),
    ],
)
@pytest.mark.parametrize("size", [1, 100_000])
def test_an_error_is_raised_after_the_events_before_it(
    flavour: Flavour, frame: str, words: str, code: str | None, size: int
) -> None:
    body = framed(CREATED, HELLO) + frame.encode() + b"\n\n" + framed(COMPLETED)
    error, seen = failing(flavour, RunStreamError, *cut(body, size))
    assert said(seen) == [CREATED, HELLO]
    assert str(error) == f"The server reported an error inside the stream: {words}"
    assert error.code == code
    assert (error.request.method, error.request.url.path) == ("POST", "/v1/threads/thread_1/runs")
    assert KEY.encode() not in pickle.dumps(error)


@pytest.mark.parametrize(("length", "shown"), [(2000, "x" * 2000), (2001, "x" * 2000 + "…")])
def test_of_a_long_error_the_beginning_is_shown(flavour: Flavour, length: int, shown: str) -> None:
    error, _ = failing(flavour, RunStreamError, b"event: error\ndata: " + b"x" * length + b"\n\n")
    assert str(error) == f"The server reported an error inside the stream: {shown}"


def test_bytes_that_are_no_characters_are_no_reason_to_say_nothing(flavour: Flavour) -> None:
    error, _ = failing(flavour, RunStreamError, b"event: error\ndata: m\xff\n\n")
    assert str(error).endswith(": m\ufffd")
    error, _ = failing(flavour, APIResponseValidationError, b"event: thread.run.created\ndata: {oops \xff\n\n")
    assert error.body == "{oops \ufffd"
    events = stream_of(flavour, b"event: new\xff\ndata: {}\n\n" + framed(COMPLETED))
    assert events[0].event == "new\ufffd"


def test_an_event_without_an_end_is_an_error(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sse, "MAX_EVENT", 1000)
    error, seen = failing(flavour, APIResponseValidationError, framed(CREATED), *[b"data: x\n" * 50] * 4)
    assert said(seen) == [CREATED]
    assert "its end is not in sight" in str(error)


@pytest.mark.parametrize(
    "end", [b"event: done\ndata: bye\n\n", b'data: {"event": "done"}\n\n', b"data: [DONE]\n\n"], ids=repr
)
def test_however_a_server_says_that_this_is_all_nothing_follows(flavour: Flavour, end: bytes) -> None:
    late = b'event: error\ndata: "late"'
    assert said(stream_of(flavour, framed(CREATED, COMPLETED) + end + late + b"\n\n")) == [CREATED, COMPLETED]
    assert said(stream_of(flavour, framed(CREATED, COMPLETED) + end + late)) == [CREATED, COMPLETED]


def test_a_failed_run_is_no_error_of_the_stream(flavour: Flavour) -> None:
    failed = ("thread.run.failed", run("failed"))
    assert said(stream_of(flavour, framed(CREATED, failed)))[1] == failed


# Ends that come too early


@pytest.mark.parametrize(
    ("events", "run_id", "thread_id"),
    [
        ([], None, None),
        ([THREAD], None, "thread_1"),
        ([HELLO], None, None),
        ([MESSAGE], "run_1", "thread_1"),
        ([STEP], "run_1", "thread_1"),
        ([CREATED, WORKING, HELLO], "run_1", "thread_1"),
    ],
    ids=["nothing", "thread", "delta", "message", "step", "run"],
)
@pytest.mark.parametrize("ending", ["clean", "cut", "timeout"])
def test_a_stream_that_ends_before_its_run_says_which_run(
    flavour: Flavour, events: list[Any], run_id: str | None, thread_id: str | None, ending: str
) -> None:
    cause = {"cut": httpx.RemoteProtocolError("peer closed"), "timeout": httpx.ReadTimeout("slow"), "clean": None}[
        ending
    ]
    error, seen = failing(flavour, StreamInterruptedError, framed(*events), *([cause] if cause else []))
    assert said(seen) == events
    assert (error.run_id, error.thread_id) == (run_id, thread_id)
    assert error.__cause__ is cause
    assert isinstance(error, APIConnectionError)
    assert (run_id or "no run") in str(error)


@pytest.mark.parametrize(
    "broken", ["event: thread.run.completed\nda", "event: thread.run.completed\ndata: {", "data: [DO"]
)
def test_a_half_event_at_the_end_does_not_count(flavour: Flavour, broken: str) -> None:
    error, seen = failing(flavour, StreamInterruptedError, framed(CREATED), broken.encode())
    assert said(seen) == [CREATED]
    assert error.run_id == "run_1"


def test_a_pending_event_is_delivered_but_ends_no_run(flavour: Flavour) -> None:
    error, seen = failing(flavour, StreamInterruptedError, framed(CREATED, HELLO)[:-2])
    assert said(seen) == [CREATED, HELLO]
    assert error.run_id == "run_1"


def test_a_pending_error_is_raised(flavour: Flavour) -> None:
    _, seen = failing(flavour, RunStreamError, framed(CREATED), b'event: error\ndata: {"message": "m"}')
    assert said(seen) == [CREATED]


@pytest.mark.parametrize("last", [COMPLETED, ACTION])
def test_a_connection_that_is_cut_after_the_last_event_changes_nothing(flavour: Flavour, last: Any) -> None:
    assert said(stream_of(flavour, framed(CREATED, last), httpx.ReadError("reset"))) == [CREATED, last]


def test_nothing_is_read_after_done(flavour: Flavour) -> None:
    body = framed(CREATED, COMPLETED, done=True)
    assert said(stream_of(flavour, body, httpx.ReadError("reset"))) == [CREATED, COMPLETED]


def test_done_before_the_end_of_the_run_is_no_end(flavour: Flavour) -> None:
    error, seen = failing(flavour, StreamInterruptedError, framed(CREATED, done=True))
    assert said(seen) == [CREATED]
    assert error.run_id == "run_1"


@pytest.mark.parametrize(
    "found",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"<html>",
        b'{"status": 5}',
        b'{"status": "completed"}',
        b'{"id": 7, "status": "completed"}',
        b'{"id": "run_1", "status": "completed", "thread_id": null}',
    ],
)
@pytest.mark.parametrize(
    "listed",
    [b"", b"null", b"<html>", b'[1, {"id": 5}, null]', b'{"data": [{"id": "x", "step_details": 3}], "has_more": 1}'],
)
def test_odd_answers_of_a_server_that_is_asked_for_the_rest(flavour: Flavour, found: bytes, listed: bytes) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, stream=Pieces([framed(CREATED)]))
        return httpx.Response(200, content=found if request.url.path.endswith("run_1") else listed)

    connection = flavour.connection(answer)
    call = post("/threads/thread_1/runs", into=Run).streaming(Event)
    seen: list[Any] = []
    with suppress(StreamInterruptedError):
        flavour.collect(lambda: connection.stream(call, {}), seen)
        assert seen[-1].event == "thread.run.completed"
    assert said(seen)[0] == CREATED
    assert not any(event.event.endswith("None") for event in seen)


def test_done_of_a_server_that_cannot_say_more_is_an_end(flavour: Flavour) -> None:
    server = serve(
        httpx.Response(200, stream=Pieces([framed(CREATED, done=True)])),
        httpx.Response(404, json={"detail": "Not Found"}),
    )
    connection = flavour.connection(server)
    call = post("/threads/thread_1/runs", into=Run).streaming(Event)
    assert said(flavour.collect(lambda: connection.stream(call, {}))) == [CREATED]
    assert [request.url.path for request in server.requests[1:]] == ["/v1/threads/thread_1/runs/run_1"]


def test_an_exception_from_elsewhere_comes_out_as_it_is(flavour: Flavour) -> None:
    failing(flavour, ZeroDivisionError, framed(CREATED), ZeroDivisionError())


@pytest.mark.parametrize("status", [["completed"], {"a": 1}, 5, None], ids=str)
def test_a_status_that_is_no_string(flavour: Flavour, status: object) -> None:
    odd = ("thread.run.in_progress", {**run("x"), "status": status})
    assert said(stream_of(flavour, framed(CREATED, odd, COMPLETED))) == [CREATED, odd, COMPLETED]


@pytest.mark.parametrize(
    "document",
    [{"event": "thread.run.newer"}, {"event": "thread.run.created"}, {"event": 5, "data": {}}, {"event": ["x"]}],
    ids=str,
)
def test_odd_documents_without_an_event_line(flavour: Flavour, document: dict[str, Any]) -> None:
    body = framed(CREATED) + b"data: " + json.dumps(document).encode() + b"\n\n" + framed(COMPLETED)
    seen: list[Any] = []
    try:
        stream_of(flavour, body, seen=seen)
    except (RunStreamError, APIResponseValidationError):
        assert said(seen) == [CREATED]
    else:
        assert [event.event for event in seen] == [CREATED[0], document["event"], COMPLETED[0]]


names = st.sampled_from(["", "message", "error", "done", *(name for name, _ in GOOD), "thread.run.newer", "x"])
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=3) | names,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["event", "data", "id", "status", "error", "message", "thread_id"]), inner)
    ),
    max_leaves=6,
)
texts = documents.map(json.dumps) | st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=8)


@given(st.lists(st.tuples(names, texts), max_size=4))
def test_whatever_a_server_sends_only_exceptions_of_ours_come_out(frames: list[tuple[str, str]]) -> None:
    body = "".join((f"event: {name}\n" if name else "") + f"data: {text}\n\n" for name, text in frames).encode()
    for strict in (False, True):
        response = httpx.Response(200, request=httpx.Request("POST", "https://api.test/v1/x"))
        progress = Progress()
        reader: EventReader[Any] = EventReader(response, Event, strict=strict, progress=progress)
        with suppress(OpenAIError):
            for event in [*reader.feed(body), *reader.finish()]:
                assert isinstance(event, StreamEvent)
        assert progress.at_its_end in (True, False)
        assert isinstance(progress.assembly().messages, dict)


# Deadlines


def test_the_deadline_of_a_stream_counts_from_the_call(flavour: Flavour, clock: Clock) -> None:
    def slow(_: httpx.Request) -> httpx.Response:
        clock.advance(6.0)
        pieces = [framed(CREATED), lambda: clock.advance(6.0), framed(HELLO), framed(WORLD), framed(COMPLETED)]
        return httpx.Response(200, stream=Pieces(pieces))

    connection = flavour.connection(slow)
    seen: list[Any] = []
    with pytest.raises(APITimeoutError, match=r"deadline.*run_1"):
        flavour.collect(lambda: connection.stream(post().streaming(Event), {"deadline": 10.0}), seen)
    assert said(seen) in ([CREATED], [CREATED, HELLO])


def test_a_network_timeout_after_the_deadline_is_the_deadline(clock: Clock) -> None:
    error, seen = failing(
        SYNC,
        APITimeoutError,
        framed(CREATED),
        lambda: clock.advance(11.0),
        httpx.ReadTimeout("slow"),
        deadline=10.0,
    )
    assert said(seen) == [CREATED]
    assert "deadline" in str(error)


@pytest.mark.parametrize("flavour", FLAVOURS[1:], ids=lambda flavour: flavour.name)
def test_a_hanging_stream_ends_at_the_deadline(flavour: Flavour) -> None:
    class Hanging(httpx.AsyncByteStream):
        closed = False

        async def __aiter__(self) -> Any:
            yield framed(CREATED)
            await anyio.sleep_forever()

        async def aclose(self) -> None:
            self.closed = True

    body = Hanging()
    connection = flavour.connection(lambda _: httpx.Response(200, stream=body))
    seen: list[Any] = []
    with pytest.raises(APITimeoutError, match=r"deadline.*run_1"):
        flavour.collect(lambda: connection.stream(post().streaming(Event), {"deadline": 0.5}), seen)
    assert said(seen) == [CREATED]
    assert body.closed


def test_a_deadline_that_is_not_reached_changes_nothing(flavour: Flavour) -> None:
    assert said(stream_of(flavour, framed(*GOOD), deadline=60.0)) == GOOD


# Closing


@pytest.mark.parametrize(
    "body",
    [[framed(*GOOD)], [framed(*GOOD, done=True), b"x"], [framed(CREATED)], [b"event: error\ndata: m\n\n"]],
    ids=["end", "done", "early", "error"],
)
def test_the_connection_is_closed_at_the_end(flavour: Flavour, body: list[bytes]) -> None:
    pieces = Pieces(body)
    connection = flavour.connection(serve(httpx.Response(200, stream=pieces)))
    with suppress(OpenAIError):
        flavour.collect(lambda: connection.stream(post().streaming(Event), {}))
    assert pieces.closed


@pytest.mark.parametrize("how", ["with", "close"])
def test_stopping_early_closes_the_connection(flavour: Flavour, how: str) -> None:
    pieces = Pieces([framed(event) for event in GOOD])
    connection = flavour.connection(serve(httpx.Response(200, stream=pieces)))
    call = post().streaming(Event)

    def blocking() -> Any:
        stream = connection.stream(call, {})
        if how == "close":
            first = next(iter(stream))
            stream.close()
            return first, stream
        with stream as same:
            for first in same:
                return first, stream
        raise AssertionError

    async def awaiting() -> Any:
        stream = await connection.stream(call, {})
        if how == "close":
            first = await anext(stream)
            await stream.close()
            return first, stream
        async with stream as same:
            async for first in same:
                return first, stream
        raise AssertionError

    first, stream = flavour.do(awaiting if flavour.is_async else blocking)
    assert said([first]) == [THREAD]
    assert stream.response.is_closed
    assert pieces.closed
    assert pieces.taken == 1


def test_a_closed_stream_gives_no_more_events(flavour: Flavour) -> None:
    connection = flavour.connection(serve(httpx.Response(200, stream=Pieces([framed(*GOOD)]))))
    call = post().streaming(Event)

    async def awaiting() -> list[Any]:
        stream = await connection.stream(call, {})
        await stream.close()
        return [event async for event in stream]

    def blocking() -> list[Any]:
        stream = connection.stream(call, {})
        stream.close()
        return list(stream)

    try:
        events = flavour.do(awaiting if flavour.is_async else blocking)
    except OpenAIError:
        return
    assert events == []


def test_a_stream_is_iterated_once(flavour: Flavour) -> None:
    connection = flavour.connection(serve(httpx.Response(200, stream=Pieces([framed(*GOOD)]))))
    stream = flavour.do(lambda: connection.stream(post().streaming(Event), {}))
    assert said(flavour.collect(lambda: stream)) == GOOD
    assert flavour.collect(lambda: stream) == []


def test_a_stream_shows_its_answer(flavour: Flavour) -> None:
    connection = flavour.connection(serve(httpx.Response(200, stream=Pieces([]), headers={"x-request-id": "req_1"})))
    stream = flavour.do(lambda: connection.stream(post().streaming(Event), {}))
    assert stream.response.headers["x-request-id"] == "req_1"
    assert KEY not in repr(stream)


# Going on behind the last event


@pytest.mark.parametrize("max_retries", [0, 3])
def test_a_server_that_sends_the_same_events_again_is_not_asked_for_ever(
    flavour: Flavour, clock: Clock, max_retries: int
) -> None:
    numbered = b"".join(
        b"id: run_1:%d\n%s" % (number, framed(event)) for number, event in enumerate([CREATED, WORKING])
    )
    headers = {"content-type": "text/event-stream", "openai-assistants-idempotency": "supported"}
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, stream=Pieces([numbered]), headers=headers)

    connection = flavour.connection(answer, max_retries=max_retries)
    call = replace(post("/threads/thread_1/runs", into=Run).streaming(Event), resume=True)
    with pytest.raises(StreamInterruptedError, match="run_1"):
        flavour.collect(lambda: connection.stream(call, {}))
    assert [request.headers.get("last-event-id") for request in requests] == [
        None,
        *["run_1:1"] * max(1, max_retries),
    ]


# Servers that answer with the run instead of a stream


def without_events(flavour: Flavour, first: httpx.Response, *later: httpx.Response, **options: Any) -> list[Any]:
    """The events of a streamed call whose answers are these; its run has one message and no steps."""
    looks = iter(later)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return first
        if request.url.path.endswith("/messages"):
            text = {"type": "text", "text": {"value": "Hello", "annotations": []}}
            message = {
                "id": "msg_1",
                "thread_id": "thread_1",
                "run_id": "run_1",
                "status": "completed",
                "content": [text],
            }
            return httpx.Response(200, json=[message])
        return next(looks) if request.url.path.endswith("/run_1") else httpx.Response(404)

    connection = flavour.connection(answer, max_retries=0)
    call = post("/threads/thread_1/runs", into=Run).streaming(Event)
    return flavour.collect(lambda: connection.stream(call, options))


MADE = [
    "thread.run.created",
    "thread.run.queued",
    "thread.message.created",
    "thread.message.in_progress",
    "thread.message.delta",
    "thread.message.completed",
    "thread.run.completed",
]


@pytest.mark.parametrize("looks", [0, 1, 3])
def test_an_answer_without_events_is_a_run_to_wait_for(flavour: Flavour, clock: Clock, looks: int) -> None:
    answers = [httpx.Response(200, json=run("in_progress"))] * looks + [httpx.Response(200, json=run("completed"))]
    events = without_events(flavour, *answers)
    assert [event.event for event in events] == MADE
    assert all(event.synthesized for event in events)
    assert events[-1].data.status == "completed"


def test_an_answer_without_events_of_a_server_without_runs_to_look_at(flavour: Flavour, clock: Clock) -> None:
    first = httpx.Response(200, json=run("in_progress"))
    with pytest.raises(NotSupportedByServerError, match="getRun"):
        without_events(flavour, first, httpx.Response(404, json={"detail": "Not Found"}))


def test_the_deadline_holds_for_an_answer_without_events(flavour: Flavour, clock: Clock) -> None:
    working = [httpx.Response(200, json=run("in_progress"))] * 30
    with pytest.raises(APITimeoutError, match="run_1"):
        without_events(flavour, *working, deadline=5)


def test_events_with_the_wrong_content_type_are_events(flavour: Flavour) -> None:
    first = httpx.Response(200, content=framed(*GOOD), headers={"content-type": "application/json"})
    assert said(without_events(flavour, first)) == GOOD


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b'{"id": "run_1"}',
        b'{"id": 5}',
        b'{"id": "", "thread_id": "thread_1"}',
        b"{",
    ],
)
def test_an_answer_without_events_that_is_no_run(flavour: Flavour, body: bytes) -> None:
    first = httpx.Response(200, content=body, headers={"content-type": "application/json"})
    with pytest.raises(StreamInterruptedError, match="no run was named"):
        without_events(flavour, first)


@pytest.mark.parametrize(
    ("cause", "error"), [(httpx.ReadError("reset"), StreamInterruptedError), (ValueError("mine"), ValueError)]
)
def test_an_answer_without_events_that_breaks_off(flavour: Flavour, cause: Exception, error: type[Exception]) -> None:
    body = Pieces([b'{"id":', cause])
    first = httpx.Response(200, stream=body, headers={"content-type": "application/json"})
    with pytest.raises(error):
        without_events(flavour, first)
    assert body.closed


def test_names_of_events_are_not_remembered_without_end() -> None:
    reader: EventReader[Any] = EventReader(httpx.Response(200), Event, strict=False)
    for number in range(300):
        for name in (f"{number}.delta", "x" * 10_000 + f"{number}.delta"):
            assert [event.event for event in reader.feed(f"event: {name}\ndata: {{}}\n\n".encode())] == [name]
    assert sum(map(len, reader._prefixes)) < 10_000
    assert len(reader._prefixes) == 100


def test_deltas_take_the_short_way_and_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    reader: EventReader[Any] = EventReader(httpx.Response(200), Event, strict=False)
    assert len(list(reader.feed(framed(CREATED, HELLO, WORKING)))) == 3
    monkeypatch.delattr(EventReader, "_read")
    assert said(list(reader.feed(framed(WORLD, HELLO)))) == [WORLD, HELLO]
    for event in (CREATED, WORKING):
        with pytest.raises(AttributeError):
            list(reader.feed(framed(event)))


def test_the_id_of_an_event_that_is_half_there_is_not_that_of_the_last_one() -> None:
    reader: EventReader[Any] = EventReader(httpx.Response(200), Event, strict=False)
    assert len(list(reader.feed(b"id: 1\n" + framed(CREATED)))) == 1
    assert list(reader.feed(b"id: 2\nevent: thread.run.in_progress\ndata: {")) == list(reader.finish()) == []
    assert reader.last_event_id == "1"


def test_the_id_of_a_pending_event_is_that_of_the_last_one() -> None:
    reader: EventReader[Any] = EventReader(httpx.Response(200), Event, strict=False)
    assert len(list(reader.feed(b"id: 1\n" + framed(CREATED) + b"id: 2\n" + framed(WORKING)[:-2]))) == 1
    assert said(list(reader.finish())) == [WORKING]
    assert reader.last_event_id == "2"


def test_done_may_be_pending() -> None:
    reader: EventReader[Any] = EventReader(httpx.Response(200), Event, strict=False)
    assert list(reader.feed(b"data: [DONE]")) == list(reader.finish()) == []
    assert reader.done
