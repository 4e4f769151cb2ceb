"""Streams that break off or end too early: what is asked of the server then, and what a program gets."""

from __future__ import annotations

import json
import pickle
from contextlib import suppress
from dataclasses import replace
from typing import Any, Callable

import httpx
import pytest
from hypothesis import example, given, strategies as st

from openai_assistants import (
    APIError,
    APIResponseValidationError,
    APITimeoutError,
    ConflictError,
    ServerSentEvent,
    StreamInterruptedError,
    omit,
)
from openai_assistants._assemble import Assembly
from openai_assistants._models import parser_for
from openai_assistants._recovery import Delivered, Found, missing_events
from openai_assistants._requests import Call, Operation
from openai_assistants.types.beta import AssistantStreamEvent

from .support import FLAVOURS, Clock, Flavour, Pieces
from .test_parsing import GONE, json_values, places, with_change
from .test_streaming import COMPLETED, CREATED, HELLO, WORKING, Event, Run, framed, run, said

SYNC = FLAVOURS[0]
KEYS = {"openai-assistants-idempotency": "supported"}
CUT = httpx.ReadError("reset")
CALL = replace(
    Call(Operation("createRun", "POST", "/threads/{thread_id}/runs"), {"thread_id": "thread_1"}, into=Run).streaming(
        Event
    ),
    body={"assistant_id": "asst_1"},
)
RESUMING = replace(CALL, resume=True)
PING = b": ping\n\n"


def events(*pieces: Any, **headers: str) -> Callable[[], httpx.Response]:
    """An answer with events, or other bytes, or an exception among them."""
    return lambda: httpx.Response(200, stream=Pieces(pieces), headers={"content-type": "text/event-stream", **headers})


def numbered(*found: tuple[str, Any], start: int = 0) -> bytes:
    """Events with ids."""
    return b"".join(b"id: run_1:%d\n%s" % (number, framed(each)) for number, each in enumerate(found, start))


class Server:
    """Answers POSTs one after the other; its run has these statuses, one with each look, and the lists are as given."""

    def __init__(
        self, *posts: Callable[[], httpx.Response], looks: list[str] | None = None, runs: Any = (), **headers: str
    ) -> None:
        self.posts = list(posts)
        self.looks = looks if looks is not None else ["completed"]
        self.runs = list(runs)
        self.headers = headers
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.method == "POST":
            return self.posts.pop(0)()
        end = request.url.path.rpartition("/")[2]
        if end == "run_1" and not self.looks:
            return httpx.Response(404, json={"detail": "Not Found"})
        if end == "run_1":
            status = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
            return httpx.Response(200, json=run(status), headers=self.headers)
        return httpx.Response(200, json=self.runs if end == "runs" else [], headers=self.headers)

    def sent(self, header: str) -> list[str | None]:
        """What each POST had in a header."""
        return [request.headers.get(header) for request in self.requests if request.method == "POST"]

    @property
    def seen(self) -> list[str]:
        """What was asked, as method and end of the path."""
        return [f"{request.method} {request.url.path.rpartition('/')[2]}" for request in self.requests]


def stream(flavour: Flavour, server: Server, call: Call[Any] = CALL, settings: Any = None, **options: Any) -> list[Any]:
    """The events of a stream."""
    connection = flavour.connection(server, **(settings or {}))
    return flavour.collect(lambda: connection.stream(call, options))


def interrupted(flavour: Flavour, server: Server, call: Call[Any] = CALL, **options: Any) -> StreamInterruptedError:
    """The exception that a stream ends with."""
    with pytest.raises(StreamInterruptedError) as caught:
        stream(flavour, server, call, **options)
    return caught.value


def names(found: list[Any]) -> list[str]:
    return [event.event for event in found]


MADE = ["thread.run.created", "thread.run.queued", "thread.run.completed"]
"""What is made of a run without messages and steps."""


def test_all_requests_of_a_stream_have_the_same_key_also_if_the_program_gives_none(
    flavour: Flavour, clock: Clock
) -> None:
    server = Server(events(numbered(CREATED), CUT, **KEYS), events(numbered(COMPLETED, start=1), **KEYS))
    assert said(stream(flavour, server, RESUMING, idempotency_key=None, extra_headers=omit)) == [CREATED, COMPLETED]
    first, second = server.sent("idempotency-key")
    assert first and first == second
    assert server.sent("last-event-id") == [None, "run_1:0"]


def test_going_on_behind_the_last_event_the_headers_of_the_program_are_sent_again(
    flavour: Flavour, clock: Clock
) -> None:
    server = Server(events(numbered(CREATED), CUT, **KEYS), events(numbered(COMPLETED, start=1), **KEYS))
    stream(flavour, server, RESUMING, extra_headers={"X-Mine": "1"})
    assert server.sent("x-mine") == ["1", "1"]
    assert server.sent("last-event-id") == [None, "run_1:0"]


def test_without_ids_a_stream_does_not_begin_again(flavour: Flavour, clock: Clock) -> None:
    server = Server(events(framed(CREATED), **KEYS))
    assert names(stream(flavour, server, RESUMING)) == MADE
    assert server.seen[:2] == ["POST runs", "GET run_1"]
    assert server.sent("idempotency-key")[1:] == []


def test_the_thread_of_a_run_is_that_of_the_request_if_no_event_names_it(flavour: Flavour) -> None:
    server = Server(events(framed(("thread.run.created", {"id": "run_1", "status": "queued"}))))
    assert names(stream(flavour, server)) == MADE
    assert server.requests[1].url.path == "/v1/threads/thread_1/runs/run_1"


def test_an_end_that_nobody_can_explain_is_no_end(flavour: Flavour) -> None:
    error = interrupted(flavour, Server(events(framed(CREATED)), looks=[]))
    assert "(run run_1 of thread thread_1, last status: queued)" in str(error)


def test_where_nothing_has_come_nothing_is_known(flavour: Flavour) -> None:
    error = interrupted(flavour, Server(events(PING, CUT)))
    assert "(no run was named yet)" in str(error)


STEP = ("thread.run.step.created", {"id": "step_1", "run_id": "run_1", "thread_id": "thread_1"})
IT_GOES_ON = "The run goes on at the server: fetch or poll it to learn its end"
NOBODY_KNOWS = "Whether there is one at the server is unknown: look there before you repeat the request"
ADVICE = "; with resume=True the stream goes on by itself."


@pytest.mark.parametrize(
    ("come", "where", "then"),
    [
        ([PING], "no run was named yet", NOBODY_KNOWS + ADVICE),
        ([framed(CREATED)], "run run_1 of thread thread_1, last status: queued", IT_GOES_ON + ADVICE),
        ([framed(STEP)], "run run_1 of thread thread_1, last status: unknown", IT_GOES_ON + ADVICE),
    ],
)
def test_what_is_said_of_an_early_end(flavour: Flavour, come: list[bytes], where: str, then: str) -> None:
    error = interrupted(flavour, Server(events(*come, CUT)))
    assert str(error) == f"The stream broke off (reset) before the run did ({where}). {then}"


def test_what_is_said_where_nobody_knows_how_the_run_stands(flavour: Flavour, clock: Clock) -> None:
    error = interrupted(flavour, Server(events(framed(CREATED), CUT), looks=[]), RESUMING)
    assert str(error) == (
        "The stream broke off, on a server that cannot say how its run stands, before the run did "
        f"(run run_1 of thread thread_1, last status: queued). {IT_GOES_ON}."
    )


def test_what_is_said_of_a_stream_that_was_to_go_on(flavour: Flavour, clock: Clock) -> None:
    error = interrupted(flavour, Server(*(events(PING, CUT) for _ in range(4))), RESUMING)
    assert str(error).endswith(f"(no run was named yet). {NOBODY_KNOWS}.")


def test_advice_that_was_taken_already_is_not_given(flavour: Flavour, clock: Clock) -> None:
    cut_off = [events(PING, CUT) for _ in range(4)]
    error = interrupted(flavour, Server(*cut_off), RESUMING)
    assert "resume=True" not in str(error) and "goes on at the server" not in str(error)
    error = interrupted(flavour, Server(events(PING, CUT)))
    assert "with resume=True the stream goes on by itself." in str(error)
    assert "Whether there is one at the server is unknown" in str(error)
    error = interrupted(flavour, Server(events(framed(CREATED), CUT)))
    assert "The run goes on at the server" in str(error) and "with resume=True" in str(error)


@pytest.mark.filterwarnings(r"ignore:Async generator '(httpx|tests)\.:ResourceWarning")  # as in test_streaming
@pytest.mark.parametrize("call", [CALL, RESUMING, replace(CALL, into=ServerSentEvent)], ids=["plain", "resume", "sse"])
@pytest.mark.parametrize(
    "pieces",
    [
        [b"<!DOCTYPE html>\n<html><body>Please sign in</body></html>"],
        [b"\xef\xbb\xbf \r\n", b"  <!-- portal -->\ndata: none\n\n<html>"],
        [b"<", b"html></html>"],
    ],
)
def test_a_page_where_a_stream_was_asked_for(flavour: Flavour, call: Call[Any], pieces: list[bytes]) -> None:
    body = Pieces(pieces)
    server = Server(lambda: httpx.Response(200, stream=body, headers={"content-type": "text/html"}))
    begins = r"POST /v1/threads/thread_1/runs answered 200 with an HTML page, not JSON: is base_url the address of"
    with pytest.raises(APIResponseValidationError, match=begins) as caught:
        stream(flavour, server, call)
    assert (len(server.requests), caught.value.status_code, body.closed > 0) == (1, 200, True)
    assert caught.value.response.text in b"".join(pieces).decode()
    assert pickle.loads(pickle.dumps(caught.value)).body == caught.value.body


def test_events_under_another_content_type_are_events(flavour: Flavour) -> None:
    server = Server(lambda: httpx.Response(200, html=framed(CREATED, COMPLETED).decode()))
    assert said(stream(flavour, server)) == [CREATED, COMPLETED]


def test_a_deadline_before_the_first_event_names_no_run(clock: Clock) -> None:
    server = Server(events(PING, lambda: clock.advance(9), PING))
    with pytest.raises(APITimeoutError, match=r"^The deadline passed while the stream was read\.$"):
        stream(SYNC, server, deadline=5)


# Answers that end before their first event


NEW = {
    **run("completed"),
    "assistant_id": "asst_1",
    "created_at": 1_700_000_000,
    "object": "thread.run",
    "metadata": {},
}


def test_an_answer_that_ends_before_its_first_event_is_looked_for(flavour: Flavour, clock: Clock) -> None:
    server = Server(events(PING), runs=[NEW])
    assert names(stream(flavour, server)) == MADE
    assert server.seen[:3] == ["POST runs", "GET runs", "GET run_1"]


@pytest.mark.parametrize("headers", [{}, KEYS], ids=["", "keys"])
def test_an_answer_that_has_begun_is_not_asked_for_again_unless_that_is_wished(
    flavour: Flavour, clock: Clock, headers: dict[str, str]
) -> None:
    server = Server(events(PING, **headers), events(framed(CREATED, COMPLETED)))
    interrupted(flavour, server)
    assert server.seen == ["POST runs", "GET runs"]


def test_with_resume_it_is_asked_for_again_where_nothing_was_found(flavour: Flavour, clock: Clock) -> None:
    server = Server(events(PING), events(framed(CREATED, COMPLETED)))
    assert said(stream(flavour, server, RESUMING)) == [CREATED, COMPLETED]
    assert server.seen == ["POST runs", "GET runs", "POST runs"]


NO_THREAD = {"error": {"message": "No thread found with id 'thread_1'.", "type": "invalid_request_error"}}


@pytest.mark.parametrize(("status", "said"), [(404, None), (404, NO_THREAD), (405, None), (501, None)])
def test_an_answer_that_has_begun_is_not_asked_for_again_where_nothing_can_be_looked_up(
    flavour: Flavour, clock: Clock, status: int, said: Any
) -> None:
    """The server has accepted the request: most likely there is a run."""

    def answer(request: httpx.Request) -> httpx.Response:
        return server(request) if request.method == "POST" else httpx.Response(status, json=said)

    server = Server(events(CUT), events(framed(CREATED, COMPLETED)))
    with pytest.raises(StreamInterruptedError, match=r"no run was named yet.*look there before you repeat"):
        stream(flavour, answer, RESUMING)
    assert server.seen == ["POST runs"]


@pytest.mark.parametrize(
    "look",
    [
        httpx.Response(500),
        httpx.Response(401),
        httpx.Response(200, json={"error": "x"}),
        httpx.Response(200, json={"error": "x", "object": "list", "data": []}),
    ],
)
def test_a_look_that_fails_does_not_stand_for_the_stream(flavour: Flavour, clock: Clock, look: httpx.Response) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return server(request) if request.method == "POST" else httpx.Response(look.status_code, content=look.content)

    server = Server(events(CUT), events(framed(CREATED, COMPLETED)))
    with pytest.raises(StreamInterruptedError, match="no run was named yet") as caught:
        stream(flavour, answer, RESUMING)
    assert isinstance(caught.value.__cause__, APIError)
    assert server.seen == ["POST runs"]


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({}, StreamInterruptedError, "no run was named yet"),
        ({"deadline": 60}, StreamInterruptedError, "look there before you repeat the request"),
        (
            {"deadline": 5},
            APITimeoutError,
            "GET .*/v1/threads/thread_1/runs",
        ),
    ],
)
def test_a_look_that_takes_too_long(
    flavour: Flavour, clock: Clock, options: dict[str, Any], kind: type[Exception], said: str
) -> None:
    """Only the deadline of the program itself is told as such."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return server(request)
        clock.advance(6)
        raise httpx.ReadTimeout("slow")

    server = Server(events(CUT), events(framed(CREATED, COMPLETED)))
    with pytest.raises(kind, match=said) as caught:
        stream(flavour, answer, RESUMING, **options, max_retries=0)
    assert isinstance(caught.value.__cause__, APITimeoutError) is (kind is StreamInterruptedError)
    assert server.seen == ["POST runs"]


def test_fields_of_the_program_itself_are_looked_for_too(flavour: Flavour, clock: Clock) -> None:
    server = Server(events(CUT), runs=[{**NEW, "metadata": {"job": "7"}}])
    connection = flavour.connection(server)
    found = flavour.collect(lambda: connection.stream(RESUMING, {"extra_body": {"metadata": {"job": "7"}}}))
    assert names(found) == MADE
    assert server.seen.count("POST runs") == 1


def test_a_new_event_starts_the_count_of_failures_again(flavour: Flavour, clock: Clock) -> None:
    server = Server(events(PING, CUT), events(PING, CUT), events(framed(CREATED), CUT))
    assert names(stream(flavour, server, RESUMING)) == MADE
    assert server.seen[:6] == ["POST runs", "GET runs", "POST runs", "GET runs", "POST runs", "GET run_1"]
    assert [round(seconds * 2) / 2 for seconds in clock.sleeps] == [0.5, 1.0, 0.5]


@pytest.mark.parametrize(("retries", "requests"), [(0, 2), (1, 2), (3, 4)])
def test_how_often_a_stream_is_tried(flavour: Flavour, clock: Clock, retries: int, requests: int) -> None:
    server = Server(*[events(PING, CUT)] * 9)
    interrupted(flavour, server, RESUMING, max_retries=retries)
    assert server.seen.count("POST runs") == requests
    assert len(clock.sleeps) == requests - 1
    assert all(0 < seconds <= 8 for seconds in clock.sleeps)


# Waiting for the end of a run whose events are lost


def test_what_is_missing_is_waited_for_within_the_deadline(flavour: Flavour, clock: Clock) -> None:
    server = Server(events(framed(CREATED), CUT), looks=["in_progress"] * 3 + ["completed"])
    assert names(stream(flavour, server, RESUMING, deadline=60)) == MADE
    (messages,) = (request for request in server.requests if request.url.path.endswith("/messages"))
    assert dict(messages.url.params) == {"run_id": "run_1", "limit": "100", "order": "asc"}


def test_a_wait_that_takes_longer_than_the_deadline(flavour: Flavour, clock: Clock) -> None:
    server = Server(events(framed(CREATED), CUT), looks=["in_progress"])
    with pytest.raises(APITimeoutError, match=r"^The deadline passed while the stream of run run_1 was read\.$"):
        stream(flavour, server, RESUMING, deadline=60)
    assert sum(clock.sleeps) == pytest.approx(60)


def test_a_run_without_end_is_waited_for_as_long_as_any_other(flavour: Flavour, clock: Clock) -> None:
    error = interrupted(flavour, Server(events(framed(CREATED), CUT), looks=["in_progress"]), RESUMING)
    assert sum(clock.sleeps) == pytest.approx(30 * 60, abs=60)
    assert isinstance(error.__cause__, httpx.ReadError)


def test_events_as_plain_data_are_made_as_plain_data(flavour: Flavour, clock: Clock) -> None:
    server = Server(events(framed(CREATED)))
    call = replace(CALL, into=dict, unstreamed=Run, path={"thread_id": "thread_1", "run_id": "run_1"})
    assert [each["event"] for each in stream(flavour, server, call)] == ["thread.run.created", *MADE]


def test_a_stream_whose_request_had_no_body(flavour: Flavour, clock: Clock) -> None:
    server = Server(events(framed(CREATED, WORKING, HELLO)))
    assert names(stream(flavour, server, replace(CALL, body=None)))[-1] == "thread.run.completed"


def test_requests_that_go_on_have_what_is_left_of_the_deadline(clock: Clock) -> None:
    def late(*pieces: Any) -> Callable[[], httpx.Response]:
        return events(numbered(CREATED), lambda: clock.advance(40), CUT, **KEYS)

    server = Server(late(), events(numbered(COMPLETED, start=1), **KEYS))
    stream(SYNC, server, RESUMING, {"timeout": 600.0}, deadline=60)
    first, second = (request.extensions["timeout"]["read"] for request in server.requests)
    assert (first, 19 < second <= 20) == (60, True)


def test_after_the_deadline_nothing_is_sent_any_more(flavour: Flavour, clock: Clock) -> None:
    first = events(numbered(CREATED), lambda: clock.advance(59.9), CUT, **KEYS)
    server = Server(first, events(numbered(COMPLETED, start=1), **KEYS))
    with pytest.raises(APITimeoutError):
        stream(flavour, server, RESUMING, deadline=60)
    assert server.seen == ["POST runs"]


def test_the_deadline_is_that_of_all_requests_after_the_end_together(flavour: Flavour, clock: Clock) -> None:
    server, sent = Server(events(framed(CREATED))), list[float]()

    def slow(request: httpx.Request) -> httpx.Response:
        sent.append(clock.now - 1000.0)
        if request.method == "GET":
            clock.advance(1.5)
        return server(request)

    with pytest.raises(APITimeoutError, match=r"^The deadline of 2 s passed in attempt 1 of GET .*"):
        flavour.collect(lambda: flavour.connection(slow).stream(CALL, {"deadline": 2}))
    assert sent == [0.0, 0.0, 1.5]


def refused(code: str) -> Callable[[], httpx.Response]:
    """An answer that refuses to send the same stream again."""
    return lambda: httpx.Response(409, json={"error": {"message": "no", "code": code}}, headers=KEYS)


def test_a_server_that_has_forgotten_the_stream_is_asked_for_its_run(flavour: Flavour, clock: Clock) -> None:
    server = Server(events(numbered(CREATED), CUT, **KEYS), refused("idempotency_key_unknown"))
    assert names(stream(flavour, server, RESUMING, max_retries=0)) == MADE
    assert server.seen[:3] == ["POST runs", "POST runs", "GET run_1"]


def test_a_server_that_refuses_to_go_on_is_believed(flavour: Flavour, clock: Clock) -> None:
    server = Server(events(numbered(CREATED), CUT, **KEYS), refused("another"))
    with pytest.raises(ConflictError):
        stream(flavour, server, RESUMING, max_retries=0)


def test_a_stream_of_a_call_that_has_no_other_answer(flavour: Flavour, clock: Clock) -> None:
    server = Server(events(framed(CREATED)))
    assert names(stream(flavour, server, replace(CALL, unstreamed=None))) == MADE


@pytest.mark.parametrize("cause", [httpx.ReadTimeout("slow"), httpx.ReadError("reset")], ids=["late", "reset"])
def test_a_run_that_cannot_be_fetched(flavour: Flavour, clock: Clock, cause: Exception) -> None:
    server = Server(events(framed(CREATED)))

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            raise cause
        return server(request)

    connection = flavour.connection(answer, max_retries=0)
    with pytest.raises(StreamInterruptedError, match="ended, and its run could not be fetched, before") as caught:
        flavour.collect(lambda: connection.stream(CALL, {}))
    assert caught.value.run_id == "run_1"


# Answers without events


JSON = {"content-type": "application/json; charset=utf-8"}


def test_a_run_that_is_answered_without_events_is_known(flavour: Flavour, clock: Clock) -> None:
    server = Server(lambda: httpx.Response(200, json=run("queued"), headers=JSON))
    connection = flavour.connection(server)
    assert names(flavour.collect(lambda: connection.stream(CALL, {}))) == MADE
    assert "run_1" in connection.core.known


def test_a_run_with_its_thread_that_is_answered_without_events_is_looked_at_there(
    flavour: Flavour, clock: Clock
) -> None:
    call = Call(Operation("createThreadAndRun", "POST", "/threads/runs"), into=Run).streaming(Event)
    server = Server(lambda: httpx.Response(200, json=run("queued"), headers=JSON))
    assert names(stream(flavour, server, replace(call, body={"assistant_id": "asst_1"}))) == MADE
    assert server.requests[1].url.path == "/v1/threads/thread_1/runs/run_1"


def test_the_deadline_passes_while_an_answer_without_events_is_read(clock: Clock) -> None:
    body = Pieces([b'{"id":', lambda: clock.advance(9), b'"run_1"}'])
    server = Server(lambda: httpx.Response(200, stream=body, headers=JSON))
    with pytest.raises(APITimeoutError, match=r"^The deadline passed while the stream was read\.$"):
        stream(SYNC, server, deadline=5)


def test_an_answer_without_events_that_breaks_off_is_asked_for_again(flavour: Flavour, clock: Clock) -> None:
    server = Server(
        lambda: httpx.Response(200, stream=Pieces([b'{"id":', CUT]), headers={**JSON, **KEYS}),
        events(framed(CREATED, COMPLETED), **KEYS),
    )
    assert said(stream(flavour, server, RESUMING)) == [CREATED, COMPLETED]
    assert server.sent("last-event-id") == [None, None]


def test_events_that_are_called_json_come_one_by_one_where_no_run_is_expected() -> None:
    body = Pieces([framed(CREATED), framed(COMPLETED)])
    connection = SYNC.connection(Server(lambda: httpx.Response(200, stream=body, headers=JSON)))
    first = next(iter(connection.stream(replace(CALL, unstreamed=None), {})))
    assert (said([first]), body.taken) == ([CREATED], 1)


def test_a_repetition_that_meets_the_run_of_the_lost_answer(flavour: Flavour, clock: Clock) -> None:
    """The first look came too early."""
    message = "Thread thread_1 already has an active run run_1."

    def refuse() -> httpx.Response:
        server.runs.append(NEW)
        return httpx.Response(400, json={"error": {"message": message}})

    server = Server(events(PING), refuse)
    assert names(stream(flavour, server, RESUMING)) == MADE
    assert server.seen[:5] == ["POST runs", "GET runs", "POST runs", "GET runs", "GET run_1"]


# The events that are made, from what was delivered and from what the API says of the run


MINE = {"run_id": "run_1", "thread_id": "thread_1", "assistant_id": "asst_1", "created_at": 2, "status": "completed"}
ANNOTATION = {"type": "file_path", "text": "x"}
TEXT = {"type": "text", "text": {"value": "Hello you", "annotations": [ANNOTATION]}}
IMAGE = {"type": "image_file", "image_file": {"file_id": "file_1"}}
REFUSAL = {"type": "refusal", "refusal": "No, never"}
FUNCTION = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}', "output": "x"}}
LOGS = [{"type": "logs", "logs": "1"}, {"type": "image", "image": {"file_id": "file_2"}}]
CODE = {"id": "call_2", "type": "code_interpreter", "code_interpreter": {"input": "print(1)", "outputs": LOGS}}
SEARCH = {"id": "call_3", "type": "file_search", "file_search": {"results": []}}


def answer(*content: Any, **fields: Any) -> dict[str, Any]:
    """A message of the run."""
    return {"id": "msg_1", "object": "thread.message", **MINE, "role": "assistant", "content": [*content], **fields}


def acting(*calls: Any, **fields: Any) -> dict[str, Any]:
    """A step of the run that calls tools."""
    details = {"type": "tool_calls", "tool_calls": [*calls]}
    return {
        "id": "step_1",
        "object": "thread.run.step",
        **MINE,
        "type": "tool_calls",
        "step_details": details,
        **fields,
    }


ALL: dict[str, Any] = {
    "run": {**run("completed"), "object": "thread.run", "assistant_id": "asst_1", "started_at": 2},
    "steps": [acting(FUNCTION, CODE, SEARCH)],
    "messages": [answer(TEXT, IMAGE, REFUSAL)],
    "delivered": [
        ("thread.run.created", {**run("queued"), "object": "thread.run", "assistant_id": "asst_1"}),
        ("thread.run.step.created", acting(status="in_progress")),
        (
            "thread.run.step.delta",
            {
                "id": "step_1",
                "delta": {
                    "step_details": {
                        "type": "tool_calls",
                        "tool_calls": [
                            {
                                "index": 0,
                                "id": "call_1",
                                "type": "function",
                                "function": {"name": "f", "arguments": '{"a"'},
                            },
                            {
                                "index": 1,
                                "id": "call_2",
                                "type": "code_interpreter",
                                "code_interpreter": {"input": "print", "outputs": [{"index": 0, **LOGS[0]}]},
                            },
                        ],
                    }
                },
            },
        ),
        ("thread.message.created", answer(status="in_progress")),
        (
            "thread.message.delta",
            {
                "id": "msg_1",
                "delta": {
                    "content": [
                        {"index": 0, "type": "text", "text": {"value": "Hello", "annotations": []}},
                        {"index": 1, **IMAGE},
                        {"index": 2, "type": "refusal", "refusal": "No"},
                    ]
                },
            },
        ),
    ],
}
"""What the API says of a run, and what a stream has delivered of it."""


def made(known: Any, outputs_for: frozenset[str] | None = None) -> list[Any]:
    """The events that are made, as a program gets them."""
    parser, assembly, seen = parser_for(AssistantStreamEvent), Assembly(AssistantStreamEvent), set[tuple[str, str]]()
    for name, data in known["delivered"]:
        assembly.feed(parser.parse(json.dumps({"event": name, "data": data}).encode())[0])
        seen |= {(name, str(data.get("id")))} if isinstance(data, dict) else set()
    delivered = Delivered(seen, assembly.steps, assembly.messages, outputs_for)
    found = missing_events(Found(known["run"], known["steps"], known["messages"]), delivered)
    events = [parser.parse(json.dumps(event).encode())[0] for event in found]
    for event in events:
        assembly.feed(event)
    return events


def pieces(known: Any) -> list[Any]:
    """What the deltas bring, among the events that are made."""
    deltas = [event.data.delta.to_dict() for event in made(known) if event.event.endswith(".delta")]
    return [
        item for delta in deltas for item in delta.get("content") or delta.get("step_details", {}).get("tool_calls")
    ]


def test_of_what_was_delivered_in_part_the_rest_is_made() -> None:
    assert pieces(ALL) == [
        {"index": 0, "id": "call_1", "type": "function", "function": {"arguments": ": 1}"}},
        {
            "index": 1,
            "id": "call_2",
            "type": "code_interpreter",
            "code_interpreter": {"input": "(1)", "outputs": [{"index": 1, **LOGS[1]}]},
        },
        {"index": 2, **SEARCH},
        {"index": 0, "type": "text", "text": {"value": " you", "annotations": [{"index": 0, **ANNOTATION}]}},
        {"index": 2, "type": "refusal", "refusal": ", never"},
    ]


@pytest.mark.parametrize(
    ("place", "value", "index"),
    [
        (("messages", 0, "content", 0, "text"), ["Hello you"], 3),  # text that is neither an object nor a string
        (("messages", 0, "content", 2, "refusal"), "No", 4),  # nothing new
        (("messages", 0, "content", 2, "refusal"), None, 4),
        (("steps", 0, "step_details", "tool_calls", 0, "function"), None, 0),
    ],
)
def test_what_has_no_rest_is_left_to_the_end_of_its_object(place: Any, value: object, index: int) -> None:
    left = [piece for number, piece in enumerate(pieces(ALL)) if number != index]
    assert pieces(with_change(place, value, ALL)) == left


def test_of_a_text_that_was_changed_since_no_rest_is_made() -> None:
    changed = pieces(with_change(("messages", 0, "content", 0, "text", "value"), "Good bye", ALL))
    assert changed[3] == {"index": 0, "type": "text", "text": {"annotations": [{"index": 0, **ANNOTATION}]}}


def test_the_rest_of_a_text_that_is_a_string_is_made() -> None:
    found = pieces(with_change(("messages", 0, "content", 0, "text"), "Hello you", ALL))
    assert found[3] == {"index": 0, "type": "text", "text": {"value": " you"}}


def test_a_part_that_was_not_delivered_at_all_is_made_as_it_is() -> None:
    known = {**ALL, "delivered": ALL["delivered"][:2], "messages": [answer({"type": "text", "text": "Plain"}, IMAGE)]}
    assert pieces(known)[-2:] == [
        {"index": 0, "type": "text", "text": {"value": "Plain", "annotations": []}},
        {"index": 1, **IMAGE},
    ]


def test_a_run_that_was_cancelled_between_two_steps() -> None:
    known = {**ALL, "run": {**ALL["run"], "status": "cancelled"}}
    assert names(made(known))[-3:] == ["thread.message.completed", "thread.run.cancelling", "thread.run.cancelled"]


def test_an_end_that_this_version_does_not_know_is_made_all_the_same() -> None:
    known = with_change(("steps", 0, "status"), "paused", ALL)
    assert "thread.run.step.paused" in names(made(known))


STARTS = {"run": 1, "steps": 2, "messages": 2, "delivered": 3}
"""How deep what is fixed goes: items of lists are objects, and what is delivered are events."""
DAMAGED = [p for p in places(ALL) if len(p) > STARTS[str(p[0])] and p not in (("run", "id"), ("run", "status"))]


@given(
    st.lists(st.tuples(st.sampled_from(DAMAGED), st.just(GONE) | json_values), min_size=1, max_size=2),
    st.sampled_from([None, frozenset({"call_1"}), frozenset({"None"})]),
)
@example([(("messages", 0, "content"), ["x", TEXT])], None)
@example([(("messages", 0, "content"), None)], None)
@example([(("messages", 0, "content", 0, "text", "annotations"), ["x", None])], None)
@example([(("delivered", 3, 1, "content"), None)], None)
@example([(("delivered", 4, 1, "delta", "content", 2, "refusal"), {"a": 1})], None)
@example([(("steps", 0, "step_details", "tool_calls", 1, "code_interpreter", "outputs"), ["x"])], None)
@example([(("steps", 0, "step_details", "tool_calls", 0, "id"), {})], frozenset({"call_1"}))
def test_whatever_a_server_says_of_a_run_its_end_is_told(
    damage: list[tuple[Any, object]], outputs_for: frozenset[str] | None
) -> None:
    known = ALL
    for place, value in damage:
        with suppress(KeyError, IndexError, TypeError):  # it was lost with another one
            known = with_change(place, None if value is GONE and isinstance(place[-1], int) else value, known)
    last = made(known, outputs_for)[-1]
    assert (last.event, last.data.id) == ("thread.run.completed", "run_1")
