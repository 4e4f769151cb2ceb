"""One call over a mocked network: attempts, headers, deadlines, and that only exceptions of ours come out."""

from __future__ import annotations

import datetime
import errno
import io
import itertools
import json
import logging
import os
import pickle
import re
import socket
import threading
import traceback
import warnings
from dataclasses import replace
from typing import Any, AsyncIterator, Callable, Iterator

import anyio
import httpx
import pytest

from openai_assistants import (
    ActiveRunError,
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    BadRequestError,
    BaseModel,
    ConflictError,
    InternalServerError,
    NotFoundError,
    NotSupportedByServerError,
    OpenAI,
    OpenAIError,
    RateLimitError,
    StreamInterruptedError,
    WaitTimeoutError,
    omit,
)
from openai_assistants._connection import Connection
from openai_assistants._exchange import exchange, reason_of
from openai_assistants._flow import Ask, DeadlinePassed
from openai_assistants._requests import Call, Operation

from .access import client_over
from .support import BASE_URL, FLAVOURS, KEY, Clock, Flavour, Pieces, get, make_core, post, serve

SYNC = FLAVOURS[0]
OK = httpx.Response(200, json={"id": "thing_1"})


class Thing(BaseModel):
    """A result."""

    id: str


def send(flavour: Flavour, server: Any, call: Call[Any] | None = None, *, settings: Any = None, **options: Any) -> Any:
    """Carry out a call."""
    connection = flavour.connection(server, **(settings or {}))
    return flavour.do(lambda: connection.send(call or post(into=Thing), options))


def failure(flavour: Flavour, server: Any, call: Call[Any] | None = None, **options: Any) -> APIError:
    """The exception that a call raises."""
    with pytest.raises(APIError) as caught:
        send(flavour, server, call, **options)
    return caught.value


FAILURES: list[httpx.Response | Exception] = [
    *(httpx.Response(status, json={"error": {"message": "m"}}) for status in (408, 409, 429, 500, 502, 503, 504)),
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.ReadTimeout("slow"),
    httpx.PoolTimeout("busy"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
    httpx.ProxyError("no proxy"),
]


def name(value: Any) -> str:
    return str(value.status_code) if isinstance(value, httpx.Response) else type(value).__name__


@pytest.mark.parametrize("first", FAILURES, ids=name)
def test_a_failed_attempt_is_repeated(flavour: Flavour, clock: Clock, first: Any) -> None:
    server = serve(first, first, OK)
    assert send(flavour, server) == Thing(id="thing_1")
    assert len(server.requests) == 3
    assert 0.375 <= clock.sleeps[0] <= 0.5
    assert 0.75 <= clock.sleeps[1] <= 1.0
    assert {json.dumps(json.loads(request.content)) for request in server.requests} == {'{"a": 1}'}


def test_all_attempts_of_a_call_have_the_same_idempotency_key_and_different_calls_different_ones(
    flavour: Flavour, clock: Clock
) -> None:
    server = serve(httpx.Response(500), httpx.ConnectError("refused"), OK)
    connection = flavour.connection(server)
    for _ in range(2):
        flavour.do(lambda: connection.send(post(into=Thing), {}))
    keys = server.sent("idempotency-key")
    assert len(keys) == 4
    assert keys[0] and keys[0] == keys[1] == keys[2] != keys[3]


def test_an_idempotency_key_of_the_program(flavour: Flavour, clock: Clock) -> None:
    server = serve(httpx.Response(500), OK)
    send(flavour, server, idempotency_key="mine")
    assert server.sent("idempotency-key") == ["mine", "mine"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_only_a_post_has_an_idempotency_key(flavour: Flavour, method: str) -> None:
    server = serve(OK)
    send(flavour, server, Call(Operation("x", method, "/things"), into=Thing))
    assert server.sent("idempotency-key") == [None]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 422])
def test_an_error_of_the_program_is_not_repeated(flavour: Flavour, clock: Clock, status: int) -> None:
    server = serve(httpx.Response(status, json={"error": {"message": "m"}}), OK)
    error = failure(flavour, server)
    assert isinstance(error, APIStatusError) and error.status_code == status
    assert (len(server.requests), clock.sleeps) == (1, [])


@pytest.mark.parametrize(("max_retries", "attempts"), [(0, 1), (1, 2), (2, 3), (5, 6)])
@pytest.mark.parametrize("per_call", [True, False])
def test_max_retries(flavour: Flavour, clock: Clock, max_retries: int, attempts: int, per_call: bool) -> None:
    server = serve(httpx.Response(503, json={}))
    if per_call:
        error = failure(flavour, server, max_retries=max_retries)
    else:
        error = failure(flavour, server, settings={"max_retries": max_retries})
    assert isinstance(error, InternalServerError)
    assert len(server.requests) == attempts
    assert len(clock.sleeps) == attempts - 1


def test_the_last_error_is_raised_not_the_first(flavour: Flavour, clock: Clock) -> None:
    server = serve(httpx.Response(500), httpx.ConnectError("refused"), httpx.Response(429, json={"error": "slow down"}))
    error = failure(flavour, server)
    assert isinstance(error, RateLimitError)
    assert "slow down" in str(error)


@pytest.mark.parametrize(
    ("headers", "sleeps"),
    [
        ({"retry-after": "7"}, [7.0]),
        ({"retry-after-ms": "250"}, [0.25]),
        ({"retry-after": "0"}, [0.0]),
        ({"retry-after": "61"}, None),
        ({"x-should-retry": "false"}, None),
    ],
)
def test_the_server_says_when(
    flavour: Flavour, clock: Clock, headers: dict[str, str], sleeps: list[float] | None
) -> None:
    server = serve(httpx.Response(429, headers=headers, json={"error": "slow down"}), OK)
    if sleeps is None:
        assert isinstance(failure(flavour, server), RateLimitError)
        assert clock.sleeps == []
    else:
        send(flavour, server)
        assert clock.sleeps == sleeps


def test_the_server_says_when_although_a_hook_raises_for_its_status(flavour: Flavour, clock: Clock) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={"retry-after": "7"}, request=request).raise_for_status()

    assert send(flavour, serve(refuse, OK)).id == "thing_1"
    assert clock.sleeps == [7.0]


def test_the_servers_wish_to_be_asked_again(flavour: Flavour, clock: Clock) -> None:
    server = serve(httpx.Response(400, headers={"x-should-retry": "true"}), OK)
    assert send(flavour, server).id == "thing_1"


def test_waits_of_one_attempt_do_not_carry_over(flavour: Flavour, clock: Clock) -> None:
    server = serve(httpx.Response(429, headers={"retry-after": "9"}), httpx.ConnectError("refused"), OK)
    send(flavour, server)
    assert clock.sleeps[0] == 9.0
    assert clock.sleeps[1] <= 1.0


# Deadlines


@pytest.mark.parametrize("deadline", [10.0, 20.0])
def test_a_deadline_that_would_pass_during_the_sleep_ends_the_call_at_once(
    flavour: Flavour, clock: Clock, deadline: float
) -> None:
    server = serve(httpx.Response(429, headers={"retry-after": "20"}, json={"error": "slow down"}), OK)
    error = failure(flavour, server, deadline=deadline)
    assert "slow down" in str(error)
    assert (len(server.requests), clock.sleeps) == (1, [])


def test_a_deadline_covers_all_attempts(flavour: Flavour, clock: Clock) -> None:
    begun: list[float] = []

    def slow(_: httpx.Request) -> httpx.Response:
        begun.append(clock.now - 1000.0)
        clock.advance(4.0)
        return httpx.Response(500, json={})

    failure(flavour, slow, deadline=10.0, max_retries=100)
    assert len(begun) == 3
    assert begun[-1] < 10.0


def test_a_deadline_shortens_the_timeouts_of_each_attempt(clock: Clock) -> None:
    timeouts: list[dict[str, float]] = []

    def record(request: httpx.Request) -> httpx.Response:
        timeouts.append(request.extensions["timeout"])
        clock.advance(2.0)
        return httpx.Response(500, headers={"retry-after": "1"}) if len(timeouts) < 2 else serve(OK)(request)

    send(SYNC, record, deadline=8.0, timeout=httpx.Timeout(5.0, read=None))
    assert [t["read"] for t in timeouts] == [8.0, 5.0]
    assert [t["connect"] for t in timeouts] == [5.0, 5.0]


def test_a_slow_body_ends_at_the_deadline(clock: Clock) -> None:
    body = Pieces([b'{"id":', lambda: clock.advance(6.0), b'"thing', lambda: clock.advance(6.0), b'_1"}'])
    server = serve(httpx.Response(200, stream=body))
    with pytest.raises(APITimeoutError, match="deadline of 10 s"):
        send(SYNC, server, deadline=10.0)
    assert body.closed
    assert len(server.requests) == 1


def test_a_slow_body_of_an_error_ends_at_the_deadline(clock: Clock) -> None:
    body = Pieces([b'{"error":', lambda: clock.advance(60.0), b'"slow"}'])
    connection = SYNC.connection(serve(httpx.Response(400, stream=body)))
    for run in (connection.send, connection.stream):
        with pytest.raises(APITimeoutError, match="deadline"):
            run(post(), {"deadline": 10.0})
    assert body.closed


@pytest.mark.parametrize("flavour", FLAVOURS[1:], ids=lambda flavour: flavour.name)
@pytest.mark.parametrize("where", ["answer", "body"])
def test_a_hanging_server_ends_at_the_deadline(flavour: Flavour, where: str) -> None:
    class Hanging(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            yield b'{"id":'
            await anyio.sleep_forever()

    async def handler(_: httpx.Request) -> httpx.Response:
        if where == "answer":
            await anyio.sleep_forever()
        return httpx.Response(200, stream=Hanging())

    error = failure(flavour, handler, deadline=0.02)
    assert type(error) is APITimeoutError
    assert "deadline of 0.02 s" in str(error)


def test_a_deadline_that_is_not_reached_changes_nothing(flavour: Flavour) -> None:
    assert send(flavour, serve(OK), deadline=60.0).id == "thing_1"
    assert send(flavour, serve(OK), deadline=None).id == "thing_1"


def test_what_need_not_wait_is_repeated_up_to_the_deadline(flavour: Flavour, clock: Clock) -> None:
    server = serve(httpx.Response(429, headers={"retry-after": "0"}), OK)
    assert send(flavour, server, deadline=0.5).id == "thing_1"


@pytest.mark.parametrize("deadline", [0, -1])
def test_a_deadline_that_is_past_already_is_too_late(flavour: Flavour, clock: Clock, deadline: float) -> None:
    server = serve(OK)
    error = failure(flavour, server, deadline=deadline)
    assert type(error) is APITimeoutError
    assert (f"deadline of {deadline} s" in str(error), server.requests) == (True, [])


@pytest.mark.parametrize("deadline", [datetime.timedelta(seconds=1), "1", [1]], ids=repr)
def test_a_deadline_that_is_no_number_is_refused(flavour: Flavour, deadline: Any) -> None:
    server = serve(OK)
    with pytest.raises(TypeError, match=r"^deadline must be a number of seconds, not "):
        send(flavour, server, deadline=deadline)
    assert server.requests == []


# Keys


def test_a_key_function_is_asked_on_each_attempt(flavour: Flavour, clock: Clock) -> None:
    keys = iter(["one", "two", "three"])
    server = serve(httpx.Response(500), httpx.ConnectError("refused"), OK)
    send(flavour, server, settings={"api_key": lambda: next(keys)})
    assert server.sent("authorization") == ["Bearer one", "Bearer two", "Bearer three"]


@pytest.mark.parametrize("flavour", FLAVOURS[1:], ids=lambda flavour: flavour.name)
def test_an_async_key_function_on_the_async_client(flavour: Flavour) -> None:
    async def key() -> str:
        await anyio.lowlevel.checkpoint()
        return "late"

    server = serve(OK)
    send(flavour, server, settings={"api_key": key})
    assert server.sent("authorization") == ["Bearer late"]


@pytest.mark.parametrize("flavour", FLAVOURS[1:], ids=lambda flavour: flavour.name)
def test_the_deadline_holds_for_an_async_key_function(flavour: Flavour) -> None:
    server = serve(OK)
    error = failure(flavour, server, settings={"api_key": anyio.sleep_forever}, deadline=0.2)
    assert type(error) is APITimeoutError
    assert str(error) == "The deadline of 0.2 s passed while the function passed as api_key was awaited."
    assert (error.request.method, error.request.url.path, server.requests) == ("POST", "/v1/things", [])


def test_a_key_function_that_is_given_up_at_the_deadline_is_named() -> None:
    flow = exchange(make_core(lambda: SYNC.http(serve(OK)), api_key=lambda: KEY), post(), {"deadline": 3})
    assert isinstance(next(flow), Ask)
    with pytest.raises(APITimeoutError, match="deadline of 3 s passed while the function passed as api_key"):
        flow.throw(DeadlinePassed())


def test_the_deadline_holds_when_a_plain_key_function_is_slow(flavour: Flavour, clock: Clock) -> None:
    def key() -> str:
        clock.advance(5.0)
        return KEY

    server = serve(OK)
    assert "deadline of 3 s" in str(failure(flavour, server, settings={"api_key": key}, deadline=3))
    assert server.requests == []


@pytest.mark.parametrize("value", [None, 5, b"key", ""], ids=repr)
def test_a_key_function_that_gives_no_key_is_refused(flavour: Flavour, value: Any) -> None:
    server = serve(OK)
    with pytest.raises((TypeError, ValueError, OpenAIError), match="api_key"):
        send(flavour, server, settings={"api_key": lambda: value})
    assert server.requests == []


# Headers


def test_headers_of_every_request(flavour: Flavour) -> None:
    server = serve(OK)
    send(flavour, server, post(into=Thing, beta="assistants=v2"), settings={"organization": "org_1", "project": "p_1"})
    headers = server.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["openai-beta"] == "assistants=v2"
    assert headers["openai-organization"] == "org_1"
    assert headers["openai-project"] == "p_1"
    assert headers["content-type"] == "application/json"
    assert headers["accept"] == "application/json"
    assert headers["user-agent"].startswith("openai-assistants/")


def test_no_beta_header_and_no_body_where_there_is_none(flavour: Flavour) -> None:
    server = serve(OK)
    send(flavour, server, get(into=Thing))
    request = server.requests[0]
    assert request.content == b""
    for header in ("openai-beta", "content-type", "openai-organization", "openai-project"):
        assert header not in request.headers


@pytest.mark.parametrize(
    ("defaults", "extra", "header", "expected"),
    [
        ({"X-Mine": "client"}, {}, "x-mine", "client"),
        ({"X-Mine": "client"}, {"x-mine": "call"}, "x-mine", "call"),
        ({"X-Mine": "client"}, {"X-MINE": omit}, "x-mine", None),
        ({"X-Mine": omit}, {"x-mine": "call"}, "x-mine", "call"),
        ({"Authorization": omit, "api-key": "azure"}, {}, "authorization", None),
        ({"Authorization": omit, "api-key": "azure"}, {}, "api-key", "azure"),
        ({"authorization": "Basic x"}, {}, "authorization", "Basic x"),
        ({}, {"AUTHORIZATION": "Basic y"}, "authorization", "Basic y"),
        ({"User-Agent": "mine"}, {}, "user-agent", "mine"),
        ({}, {"OpenAI-Beta": "assistants=v1"}, "openai-beta", "assistants=v1"),
        ({}, {"OpenAI-Beta": omit}, "openai-beta", None),
        ({}, {"Idempotency-Key": omit}, "idempotency-key", None),
        ({}, {"Idempotency-Key": "mine"}, "idempotency-key", "mine"),
        ({}, {"Accept": "text/plain"}, "accept", "text/plain"),
    ],
)
def test_precedence_of_headers(flavour: Flavour, defaults: Any, extra: Any, header: str, expected: str | None) -> None:
    server = serve(OK)
    call = post(into=Thing, beta="assistants=v2")
    send(flavour, server, call, settings={"default_headers": defaults}, extra_headers=extra)
    assert server.requests[0].headers.get_list(header) == ([] if expected is None else [expected])


BAD = ["{}\r\nX-Evil: 1", "{}\n", "{}\r", "{}\0", "a{}\nb", "{}é", "{}\u2028", "{}…", "{} "]


@pytest.mark.parametrize("pattern", BAD, ids=repr)
@pytest.mark.parametrize("place", ["key", "function", "default", "extra", "idempotency"])
def test_a_header_that_cannot_be_sent_is_refused_without_showing_it(flavour: Flavour, pattern: str, place: str) -> None:
    value = pattern.format(KEY)
    server = serve(OK)
    settings: dict[str, Any] = {}
    options: dict[str, Any] = {}
    if place == "key":
        settings["api_key"] = value
    elif place == "function":
        settings["api_key"] = lambda: value
    elif place == "default":
        settings["default_headers"] = {"X-Secret": value}
    elif place == "extra":
        options["extra_headers"] = {"X-Secret": value}
    else:
        options["idempotency_key"] = value
    with pytest.raises(ValueError) as caught:
        send(flavour, server, settings=settings, **options)
    assert server.requests == []
    words = {"key": "API key", "function": "API key", "idempotency": "idempotency-key"}
    assert words.get(place, "x-secret") in str(caught.value)
    for text in (str(caught.value), repr(caught.value), pickle.dumps(caught.value).decode("latin-1")):
        assert KEY not in text


@pytest.mark.parametrize("value", [None, 5, b"x"], ids=repr)
def test_a_header_that_is_no_string_is_refused_by_name(flavour: Flavour, value: Any) -> None:
    with pytest.raises(TypeError, match="x-mine must be a string"):
        send(flavour, serve(OK), extra_headers={"X-Mine": value})


@pytest.fixture
def port() -> Iterator[int]:
    """A real server that accepts connections and answers 200."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer:
                peer.settimeout(0.5)
                try:
                    if peer.recv(65536):
                        peer.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
                except OSError:
                    pass

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


@pytest.mark.parametrize("pattern", ["{} ", "{}\t", "{}\x0b"], ids=repr)
def test_a_key_that_the_http_library_refuses_is_not_shown_by_its_error(port: int, pattern: str) -> None:
    with httpx.Client() as http:
        core = make_core(
            lambda: http, base_url=httpx.URL(f"http://127.0.0.1:{port}/"), api_key=pattern.format(KEY), max_retries=0
        )
        with pytest.raises((ValueError, OpenAIError)) as caught:
            Connection(core).send(get(), {})
    assert KEY not in "".join(traceback.format_exception(caught.value))


# Bodies, URLs


def test_body_and_query(flavour: Flavour) -> None:
    server = serve(OK)
    call = post(
        "/threads/{thread_id}/things",
        into=Thing,
        path={"thread_id": "a/b"},
        query={"limit": 5, "order": omit},
        body={"a": 1, "b": omit, "c": None},
    )
    send(
        flavour,
        server,
        call,
        settings={"default_query": {"api-version": "1", "limit": 3}},
        extra_query={"x": True},
        extra_body={"a": 2, "d": [1]},
    )
    request = server.requests[0]
    assert request.url.raw_path == b"/v1/threads/a%2Fb/things?api-version=1&limit=5&x=true"
    assert json.loads(request.content) == {"a": 2, "c": None, "d": [1]}


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/things", "https://api.test/v1/things"),
        ("things", "https://api.test/v1/things"),
        ("/things?a=1", "https://api.test/v1/things?a=1&b=2"),
        ("https://other.test/x", "https://other.test/x"),
        ("https://other.test/x?a=1", "https://other.test/x?a=1&b=2"),
        ("/fetch?url=https://other.test/x", "https://api.test/v1/fetch?url=https://other.test/x&b=2"),
        ("/things/{literally}", "https://api.test/v1/things/%7Bliterally%7D"),
    ],
)
def test_paths_of_low_level_calls(flavour: Flavour, path: str, url: str) -> None:
    server = serve(OK)
    send(flavour, server, get(path, into=Thing, query={"b": 2} if "b=2" in url else {}))
    assert str(server.requests[0].url) == url


@pytest.mark.parametrize(
    "options",
    [
        {"extra_headers": None},
        {"extra_query": None},
        {"extra_body": None},
        {"idempotency_key": None},
        {"deadline": None},
        {"timeout": omit},
    ],
    ids=str,
)
def test_an_option_without_value_is_as_if_it_were_not_there(
    flavour: Flavour, clock: Clock, options: dict[str, Any]
) -> None:
    # Programs that wrap this API pass their own optional arguments on.
    server = serve(httpx.Response(500), OK)
    assert send(flavour, server, **options).id == "thing_1"
    assert server.requests[0].extensions["timeout"] == httpx.Timeout(5.0).as_dict()
    assert json.loads(server.requests[0].content) == {"a": 1}


@pytest.mark.parametrize(
    ("timeout", "expected"),
    [
        (3.0, httpx.Timeout(3.0)),
        (None, httpx.Timeout(None)),
        (httpx.Timeout(9, connect=1), httpx.Timeout(9, connect=1)),
    ],
)
def test_timeout_of_a_call(flavour: Flavour, timeout: Any, expected: httpx.Timeout) -> None:
    server = serve(OK)
    send(flavour, server, timeout=timeout)
    assert server.requests[0].extensions["timeout"] == expected.as_dict()


class OneWay(io.RawIOBase):
    """A stream that can only be read once."""

    def __init__(self) -> None:
        self._left = b"content"

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        taken, self._left = self._left, b""
        return taken


UPLOAD = Operation("createFile", "POST", "/files", files=("file",))


def upload(**body: Any) -> Call[Any]:
    return Call(UPLOAD, body=body, into=Thing)


def test_multipart(flavour: Flavour) -> None:
    server = serve(OK)
    body = {"purpose": "assistants", "expires_after": {"anchor": "created_at", "seconds": 3600}, "none": omit}
    send(flavour, server, upload(file=("größe.txt", b"content"), **body))
    request = server.requests[0]
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    content = request.content.decode()
    assert 'name="purpose"\r\n\r\nassistants\r\n' in content
    assert 'name="expires_after[anchor]"\r\n\r\ncreated_at\r\n' in content
    assert 'name="expires_after[seconds]"\r\n\r\n3600\r\n' in content
    assert 'name="file"' in content and "Content-Type: text/plain\r\n\r\ncontent\r\n" in content
    assert "none" not in content


@pytest.mark.parametrize("file", ["notes.txt", None, 5, ["x"]], ids=repr)
def test_what_is_no_file_is_refused_before_anything_is_sent(flavour: Flavour, file: object) -> None:
    server = serve(OK)
    with pytest.raises(TypeError, match=r"file must be bytes.*pathlib.Path"):
        send(flavour, server, upload(file=file, purpose="assistants"))
    assert server.requests == []


def test_a_misspelt_argument_is_refused_by_name(flavour: Flavour) -> None:
    server = serve(OK)
    with pytest.raises(TypeError, match=r"instuctions.*extra_body"):
        send(flavour, server, instuctions="x")
    assert server.requests == []


def test_an_upload_from_memory_or_a_file_is_repeated_whole(flavour: Flavour, clock: Clock, tmp_path: Any) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"content")
    for file in (b"content", io.BytesIO(b"content"), path):
        server = serve(httpx.Response(500), httpx.ReadError("reset"), OK)
        send(flavour, server, upload(file=file))
        assert [b"\r\n\r\ncontent\r\n--" in request.content for request in server.requests] == [True] * 3
        assert len(set(server.sent("idempotency-key"))) == 1


@pytest.mark.parametrize("first", [httpx.Response(500), httpx.ReadError("reset")], ids=name)
def test_an_upload_that_can_be_read_only_once_is_not_repeated(flavour: Flavour, clock: Clock, first: Any) -> None:
    server = serve(first, OK)
    failure(flavour, server, upload(file=OneWay()))
    assert len(server.requests) == 1


def test_a_path_is_closed_after_the_call(flavour: Flavour, clock: Clock, tmp_path: Any) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"content")
    # An open file would be reported as ResourceWarning, which is an error here.
    send(flavour, serve(httpx.Response(500), OK), upload(file=path))
    failure(flavour, serve(httpx.Response(400, json={})), upload(file=path))


def test_a_key_over_plain_http_warns_once_for_each_host(flavour: Flavour) -> None:
    def try_at(url: str) -> list[str]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            send(flavour, serve(OK), settings={"base_url": httpx.URL(url)})
        return [str(warning.message) for warning in caught if KEY not in str(warning.message)]

    (message,) = try_at("http://plain.test/v1/")
    assert "plain.test" in message
    assert try_at("http://plain.test/v1/") == []
    assert len(try_at("http://plain2.test:8000/v1/")) == 1
    for quiet in ("https://plain3.test/", "http://localhost:8000/", "http://127.0.0.1/", "http://[::1]:80/"):
        assert try_at(quiet) == []
    assert try_at("http://api.localhost/") == []


def test_an_absolute_url_over_plain_http_warns_too() -> None:
    with pytest.warns(UserWarning, match="plain4.test"):
        send(SYNC, serve(OK), get("http://plain4.test/x", into=Thing), settings=at("http://plain4.test/v1/"))
    with pytest.warns(UserWarning, match="plain5.test"):
        given = {"Authorization": "Bearer of this call"}
        send(SYNC, serve(OK), get("http://plain5.test/x", into=Thing), extra_headers=given)


def test_a_plain_http_host_that_gets_no_key_does_not_warn() -> None:
    server = serve(OK)
    send(SYNC, server, get("http://plain6.test/x", into=Thing))
    assert server.sent("authorization") == [None]


def test_a_plain_http_host_with_loopback_calls_does_not_warn() -> None:
    server = serve(OK)
    send(SYNC, server, get("http://127.0.0.1:9/x", into=Thing), settings=at("http://127.0.0.1:9/v1/"))
    assert server.sent("authorization") == [f"Bearer {KEY}"]


def at(base_url: str) -> dict[str, Any]:
    """Settings of a client for a server at this place."""
    return {"base_url": httpx.URL(base_url)}


# Redirects


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirected_post_stays_a_post(flavour: Flavour, status: int) -> None:
    server = serve(httpx.Response(status, headers={"location": "/v2/things"}), OK)
    assert send(flavour, server).id == "thing_1"
    assert [(r.method, r.url.path, r.content) for r in server.requests] == [
        ("POST", "/v1/things", b'{"a":1}'),
        ("POST", "/v2/things", b'{"a":1}'),
    ]
    assert len(set(server.sent("idempotency-key"))) == 1


@pytest.mark.parametrize("header", ["Authorization", "Api-Key", "X-Api-Key", "Cookie"])
def test_a_redirect_to_another_host_does_not_get_the_key(flavour: Flavour, header: str) -> None:
    server = serve(httpx.Response(307, headers={"location": "https://evil.test/x"}), OK)
    send(flavour, server, settings={"default_headers": {header: KEY}})
    assert server.requests[1].url.host == "evil.test"
    assert server.sent(header) == [KEY, None]


@pytest.mark.parametrize(
    ("location", "says"),
    [
        (f"https://{'a' * 64}.test/x", "cannot be the name of a host"),
        ("https://other..test/x", "cannot be the name of a host"),
        ("https://other.test:99999/x", "99999 cannot be a port"),
    ],
)
def test_a_redirect_to_an_address_that_cannot_exist_says_so(
    flavour: Flavour, clock: Clock, location: str, says: str
) -> None:
    server = serve(httpx.Response(307, headers={"location": location}), OK)
    error = failure(flavour, server)
    assert type(error) is APIConnectionError
    assert str(error).startswith(f"A redirect from POST {BASE_URL}things leads nowhere: ")
    assert says in str(error)
    assert (len(server.requests), clock.sleeps) == (1, [])


class Chunks:
    """A body of unknown length that can be read again."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"


def test_a_redirect_to_another_host_keeps_the_headers_that_say_nothing_of_the_sender(flavour: Flavour) -> None:
    always = ("accept", "accept-encoding", "connection", "content-type", "user-agent")
    chunks: Any = Chunks() if flavour.is_async else [b"a", b"b"]
    for call, length in (
        (post(into=Thing), "content-length"),
        (post(into=Thing, body=None, content=chunks), "transfer-encoding"),
    ):
        server = serve(httpx.Response(307, headers={"location": "https://other.test/x"}), OK)
        send(flavour, server, call)
        for header in (*always, length):
            first, second = server.sent(header)
            assert (header, second) == (header, first or "missing")
        assert server.sent("host") == ["api.test", "other.test"]


@pytest.mark.parametrize("location", ["https://api.test/v1/things", "/v1/things", None, "ftp://x/", "http://[bad"])
def test_redirects_that_lead_nowhere(flavour: Flavour, clock: Clock, location: str | None) -> None:
    server = serve(httpx.Response(307, headers={"location": location} if location else {}))
    error = failure(flavour, server)
    assert isinstance(error, (APIConnectionError, APIStatusError))
    assert clock.sleeps == []


@pytest.mark.parametrize("status", [301, 302, 303])
@pytest.mark.parametrize("location", ["/v1/things/", "https://api.test/v1/things/", "https://login.test/?next=secret"])
def test_a_redirect_that_makes_a_get_of_a_post_is_not_followed(
    flavour: Flavour, clock: Clock, status: int, location: str
) -> None:
    server = serve(httpx.Response(status, headers={"location": location}), OK)
    error = failure(flavour, server)
    assert type(error) is APIConnectionError
    place = location.partition("?")[0].removeprefix("https://api.test")
    assert f"({status}) from POST {BASE_URL}things leads to " in str(error)
    assert f"{place}, and would make a GET of the POST" in str(error)
    assert "base_url is wrong" in str(error)
    assert "secret" not in str(error)
    assert (len(server.requests), clock.sleeps) == (1, [])


def test_a_get_is_redirected_by_any_status(flavour: Flavour) -> None:
    server = serve(httpx.Response(301, headers={"location": "/v2/things"}), OK)
    assert send(flavour, server, get(into=Thing)).id == "thing_1"


@pytest.mark.parametrize(("status", "requests"), [(307, 21), (302, 1)])
def test_a_streamed_call_closes_each_redirect(flavour: Flavour, clock: Clock, status: int, requests: int) -> None:
    bodies: list[Pieces] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(Pieces([b"x"]))
        return httpx.Response(status, headers={"location": f"{request.url}x"}, stream=bodies[-1])

    connection = flavour.connection(answer)
    with pytest.raises(APIConnectionError, match="redirect"):
        flavour.collect(lambda: connection.stream(post(), {}))
    assert len(bodies) == requests
    assert all(each.closed for each in bodies)


# A thread that the server says is busy

ACTIVE = {
    "error": {"message": "Thread thread_1 already has an active run run_12345678.", "type": "invalid_request_error"}
}
RUN = Operation("createRun", "POST", "/threads/{thread_id}/runs", beta="assistants=v2")
GUARDED = Call(RUN, {"thread_id": "thread_1"}, body={"assistant_id": "asst_1"}, into=Thing, on_active_run="wait")


def busy(times: int) -> Callable[[httpx.Request], httpx.Response]:
    """A server that says so a number of times, although the run that it names is over."""
    left = iter(range(times))

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"id": "run_12345678", "status": "completed", "data": []})
        if next(left, None) is not None:
            return httpx.Response(400, json=ACTIVE)
        return httpx.Response(200, json={"id": "thing_1"})

    return answer


@pytest.mark.parametrize("choice", ["wait", "cancel"])
def test_a_run_that_does_not_say_its_id_is_waited_for_by_the_one_it_was_asked_for(
    flavour: Flavour, clock: Clock, choice: str
) -> None:
    looks = iter([{"odd": 1}, {"odd": 1}, {"status": "cancelled"}])
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url.path.removeprefix('/v1/threads/thread_1/runs')}")
        if request.method == "GET":
            return httpx.Response(200, json=next(looks))
        if request.url.path.endswith("/cancel"):
            return httpx.Response(200, json={"odd": 1})
        return httpx.Response(400, json=ACTIVE) if len(seen) == 1 else httpx.Response(200, json={"id": "thing_1"})

    assert send(flavour, answer, replace(GUARDED, on_active_run=choice)).id == "thing_1"
    assert {each for each in seen if "GET" in each} == {"GET /run_12345678"}
    assert ("POST /run_12345678/cancel" in seen) == (choice == "cancel")


@pytest.mark.parametrize("times", [1, 3])
def test_a_server_that_still_says_active_of_a_run_that_is_over_gets_a_little_time(
    flavour: Flavour, clock: Clock, times: int
) -> None:
    assert send(flavour, busy(times), GUARDED).id == "thing_1"
    assert len(clock.sleeps) == times
    assert all(first < second for first, second in itertools.pairwise(clock.sleeps))


def test_a_server_that_says_active_for_ever_is_believed_in_the_end(flavour: Flavour, clock: Clock) -> None:
    error = failure(flavour, busy(100), GUARDED)
    assert isinstance(error, ActiveRunError)
    assert len(clock.sleeps) == 3


def test_the_deadline_holds_while_a_server_says_active(flavour: Flavour, clock: Clock) -> None:
    error = failure(flavour, busy(100), GUARDED, deadline=0.6)
    assert isinstance(error, ActiveRunError)
    assert sum(clock.sleeps) < 0.6


def test_a_pause_that_would_last_until_the_deadline_is_not_begun(
    flavour: Flavour, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.random", lambda: 0.0)
    assert isinstance(failure(flavour, busy(100), GUARDED, deadline=0.5), ActiveRunError)
    assert clock.sleeps == []
    assert send(flavour, busy(1), GUARDED, deadline=0.6).id == "thing_1"


def test_a_thread_that_was_cleared_is_used_at_once(flavour: Flavour, clock: Clock) -> None:
    status = ["in_progress"]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/cancel"):
            status[0] = "cancelled"
        if "run_12345678" in request.url.path:
            return httpx.Response(200, json={"id": "run_12345678", "status": status[0]})
        if status[0] == "in_progress":
            return httpx.Response(400, json=ACTIVE)
        return httpx.Response(200, json={"id": "thing_1"})

    assert send(flavour, answer, replace(GUARDED, on_active_run="cancel")).id == "thing_1"
    assert clock.sleeps == []


def keys_around_a_wait(flavour: Flavour, *first: httpx.Response | Exception, **options: Any) -> list[str]:
    """The idempotency keys of a request that is answered by `first`, and then refused three times for an active run."""
    sent: list[str] = []
    begin, answers = list(first), busy(3)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return answers(request)
        sent.append(request.headers["idempotency-key"])
        if not begin:
            return answers(request)
        now = begin.pop(0)
        if isinstance(now, Exception):
            raise now
        return now

    send(flavour, answer, GUARDED, **options)
    assert len(sent) == 4 + len(first)
    return sent


@pytest.mark.parametrize("given", [{}, {"idempotency_key": None}], ids=str)
def test_after_waiting_a_refused_request_has_a_new_idempotency_key(
    flavour: Flavour, clock: Clock, given: dict[str, Any]
) -> None:
    assert len(set(keys_around_a_wait(flavour, **given))) == 4


def test_attempts_before_a_wait_have_one_idempotency_key(flavour: Flavour, clock: Clock) -> None:
    keys = keys_around_a_wait(flavour, httpx.ReadTimeout("lost"))
    assert keys[0] == keys[1] and len(set(keys)) == 4


def test_before_and_after_waiting_the_programs_idempotency_key_is_the_same(flavour: Flavour, clock: Clock) -> None:
    assert set(keys_around_a_wait(flavour, idempotency_key="mine")) == {"mine"}


@pytest.mark.parametrize(("choice", "expected"), [("wait", [0.0, 0.0]), ("cancel", [0.0, 0.0, 2.0])])
def test_the_deadline_of_a_call_is_that_of_all_its_looks(
    flavour: Flavour, clock: Clock, choice: Any, expected: list[float]
) -> None:
    sent: list[float] = []

    def slow(request: httpx.Request) -> httpx.Response:
        sent.append(clock.now - 1000.0)
        if request.method == "POST" and "cancel" not in request.url.path:
            return httpx.Response(400, json=ACTIVE)
        clock.advance(2.0)
        return httpx.Response(200, json={"id": "run_12345678", "thread_id": "thread_1", "status": "in_progress"})

    with pytest.raises((APITimeoutError, WaitTimeoutError)):
        send(flavour, slow, replace(GUARDED, on_active_run=choice), deadline=3)
    assert sent == expected


def test_the_message_names_the_deadline_as_it_was_given(flavour: Flavour, clock: Clock) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            clock.advance(2.0)
            return httpx.Response(400, json=ACTIVE)
        clock.advance(2.0)
        return httpx.Response(404, json={"error": {"message": "no such run"}})

    error = failure(flavour, slow, GUARDED, deadline=3)
    assert "deadline of 3 s passed in attempt 1 of GET" in str(error)


# What comes out


@pytest.mark.parametrize(
    ("raised", "cls", "words"),
    [
        (httpx.ConnectError("[Errno 111] refused"), APIConnectionError, "refused"),
        (httpx.ReadError(""), APIConnectionError, "ReadError"),
        (httpx.WriteError("reset"), APIConnectionError, "reset"),
        (httpx.CloseError("reset"), APIConnectionError, "reset"),
        (httpx.RemoteProtocolError("bad line"), APIConnectionError, "bad line"),
        (httpx.LocalProtocolError("bad header"), APIConnectionError, "bad header"),
        (httpx.ProxyError("407"), APIConnectionError, "407"),
        (httpx.UnsupportedProtocol("ftp"), APIConnectionError, "ftp"),
        (httpx.DecodingError("gzip"), APIConnectionError, "gzip"),
        (httpx.TooManyRedirects("20"), APIConnectionError, "20"),
        (httpx.InvalidURL("odd"), APIConnectionError, "odd"),
        (httpx.StreamClosed(), APIConnectionError, "stream"),
        (httpx.ConnectTimeout("t"), APITimeoutError, "connecting: "),
        (httpx.PoolTimeout("t"), APITimeoutError, "free connection: "),
        (httpx.ReadTimeout("t"), APITimeoutError, "answer: "),
        (httpx.WriteTimeout("t"), APITimeoutError, "answer: "),
    ],
    ids=lambda value: name(value) if isinstance(value, Exception) else "",
)
@pytest.mark.parametrize("where", ["call", "body", "error body"])
def test_exceptions_of_the_http_library_become_ours(
    flavour: Flavour, clock: Clock, raised: Exception, cls: type[APIError], words: str, where: str
) -> None:
    status = 400 if where == "error body" else 200
    answer = raised if where == "call" else (lambda _: httpx.Response(status, stream=Pieces([b"{", raised])))
    error = failure(flavour, serve(answer))
    assert type(error) is cls
    assert words in str(error)
    assert f"POST {BASE_URL}things" in str(error)
    assert error.__cause__ is raised
    assert (error.request.method, str(error.request.url)) == ("POST", BASE_URL + "things")


@pytest.mark.parametrize("repeated", ["ConnectError", "ReadTimeout"])
@pytest.mark.parametrize("once", ["UnsupportedProtocol", "LocalProtocolError", "DecodingError", "TooManyRedirects"])
def test_a_request_that_can_never_succeed_is_not_repeated(
    flavour: Flavour, clock: Clock, once: str, repeated: str
) -> None:
    for kind, attempts in ((once, 1), (repeated, 3)):
        server = serve(getattr(httpx, kind)("m"))
        failure(flavour, server)
        assert len(server.requests) == attempts


def test_exceptions_from_elsewhere_come_out_as_they_are(flavour: Flavour, clock: Clock) -> None:
    server = serve(ZeroDivisionError("hook"))
    with pytest.raises(ZeroDivisionError, match="hook"):
        send(flavour, server)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "call",
    [get("/things/{id}", path={"id": "x" * 70_000}), get("https://x.test/\x00")],
    ids=["long", "control"],
)
def test_a_url_that_cannot_be_sent_is_no_exception_of_the_http_library(flavour: Flavour, call: Call[Any]) -> None:
    server = serve(OK)
    try:
        send(flavour, server, call)
    except (ValueError, OpenAIError):
        assert server.requests == []
    else:
        assert len(server.requests) == 1


def test_a_closed_client(flavour: Flavour) -> None:
    http = flavour.http(serve(OK))
    connection = flavour.connection(serve(OK))
    connection.core.http = lambda: http

    async def aclose() -> None:
        await http.aclose()  # type: ignore[union-attr]

    flavour.do(aclose if flavour.is_async else http.close)  # type: ignore[union-attr]
    with pytest.raises(OpenAIError, match="closed"):
        flavour.do(lambda: connection.send(get(), {}))


# Answers


@pytest.mark.parametrize("status", [200, 201, 202, 203])
def test_any_success_will_do(flavour: Flavour, status: int) -> None:
    thing = send(flavour, serve(httpx.Response(status, json={"id": "x"}, headers={"x-request-id": "req_1"})))
    assert thing.id == "x"
    assert thing.response_record.status_code == status
    assert thing._request_id == "req_1"
    assert thing.deviations == ()


@pytest.mark.parametrize("status", [200, 202, 204])
def test_an_empty_answer(flavour: Flavour, status: int) -> None:
    thing = send(flavour, serve(httpx.Response(status)))
    assert thing.id is None
    assert [d.path for d in thing.deviations] == ["id"]
    with pytest.raises(APIResponseValidationError):
        send(flavour, serve(httpx.Response(status)), settings={"strict": True})


def test_a_deviation_is_told_once_for_each_place(flavour: Flavour, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "openai_assistants")
    for number in range(3):
        call = get("/things/{id}", path={"id": f"thing_{number}"}, into=Thing)
        thing = send(flavour, serve(httpx.Response(200, json={"id": 5})), call)
        assert (thing.id, [d.path for d in thing.deviations]) == (5, ["id"])
    (record,) = caplog.records
    assert "GET" in record.getMessage() and "id" in record.getMessage()


def test_strict_mode_names_every_place(flavour: Flavour) -> None:
    error = failure(flavour, serve(httpx.Response(200, json={"id": 5})), settings={"strict": True})
    assert isinstance(error, APIResponseValidationError)
    assert [d.path for d in error.errors] == ["id"]
    assert "id" in str(error) and "/v1/things" in str(error)
    assert (error.status_code, error.body, error.response.json()) == (200, {"id": 5}, {"id": 5})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"html": "<html><body>Sign in</body></html>"}, "HTML page.*base_url"),
        ({"text": "hello"}, "not valid JSON.*hello"),
        ({"text": '{"id": "x'}, "not valid JSON"),
        ({"json": ["x"]}, "something else"),
        ({"json": "x"}, "POST /v1/things answered 200"),
        ({"content": b"\xff\xfe\x00"}, "not valid JSON"),
        ({"content": b"[" * 100_000}, "POST /v1/things answered 200"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_answer_that_is_nothing_like_a_result(flavour: Flavour, content: Any, words: str) -> None:
    server = serve(httpx.Response(200, **content))
    error = failure(flavour, server)
    assert isinstance(error, APIResponseValidationError)
    assert re.search(words, str(error))
    assert len(server.requests) == 1
    assert type(pickle.loads(pickle.dumps(error))) is APIResponseValidationError


@pytest.mark.parametrize(
    ("status", "content", "cls"),
    [
        (400, {"json": {"error": {"message": "m"}}}, BadRequestError),
        (404, {"json": {"error": {"message": "m"}}}, NotFoundError),
        (404, {"json": {"detail": "Not Found"}}, NotSupportedByServerError),
        (405, {"text": "no"}, NotSupportedByServerError),
        (409, {"json": {}}, ConflictError),
        (500, {"content": b""}, InternalServerError),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_errors_by_status(
    flavour: Flavour, status: int, content: dict[str, Any], cls: type[APIStatusError], stream: bool
) -> None:
    connection = flavour.connection(serve(httpx.Response(status, **content)), max_retries=0)
    with pytest.raises(cls) as caught:
        flavour.do(lambda: (connection.stream if stream else connection.send)(post(), {}))
    assert caught.value.response.content == httpx.Response(status, **content).content
    assert caught.value.response.is_closed


def test_an_error_on_a_streaming_call_is_read_and_closed_before_the_next_attempt(
    flavour: Flavour, clock: Clock
) -> None:
    body = Pieces([b'{"error":', b'"busy"}'])
    server = serve(httpx.Response(503, stream=body), OK)
    connection = flavour.connection(server)
    response = flavour.do(lambda: connection.stream(post(), {})).response
    assert response.status_code == 200
    assert response.extensions["retries_taken"] == 1
    assert (body.taken, bool(body.closed)) == (2, True)


# Secrets


def scenarios() -> dict[str, Callable[[Flavour], None]]:
    """Ways to fail with a marked key."""
    return {
        "status": lambda f: send(f, serve(httpx.Response(500, json={}))),
        "connection": lambda f: send(f, serve(httpx.ConnectError("refused"))),
        "timeout": lambda f: send(f, serve(httpx.ReadTimeout("t"))),
        "not json": lambda f: send(f, serve(httpx.Response(200, text="x"))),
        "strict": lambda f: send(f, serve(httpx.Response(200, json={"id": 5})), settings={"strict": True}),
        "redirect": lambda f: send(f, serve(httpx.Response(307, headers={"location": "/x"}), httpx.Response(500))),
        "endless redirect": lambda f: send(f, serve(httpx.Response(307, headers={"location": "/x"}))),
        "header": lambda f: send(f, serve(OK), settings={"default_headers": {"api-key": f"{KEY}\n"}}),
        "extra": lambda f: send(f, serve(httpx.Response(400)), extra_headers={"X-Api-Key": KEY}),
    }


@pytest.mark.parametrize("scenario", scenarios().values(), ids=scenarios())
def test_a_key_appears_in_no_exception_traceback_pickle_or_log(
    flavour: Flavour, clock: Clock, caplog: pytest.LogCaptureFixture, scenario: Callable[[Flavour], None]
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises((OpenAIError, ValueError)) as caught:
        scenario(flavour)
    error: BaseException | None = caught.value
    while error is not None:
        assert KEY not in f"{error} {error!r}"
        error = error.__cause__ or error.__context__
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY.encode() not in pickle.dumps(caught.value)
    assert KEY not in caplog.text


def test_the_log_tells_attempts_answers_and_retries(
    flavour: Flavour, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "openai_assistants")
    call = post(into=Thing, query={"secret": "marked"})
    send(
        flavour,
        serve(httpx.Response(503), httpx.Response(200, json={"id": "x"}, headers={"x-request-id": "req_7"})),
        call,
    )
    text = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("openai_assistants"))
    assert "attempt 1" in text and "attempt 2" in text
    assert "-> 503" in text and "-> 200" in text and "req_7" in text
    assert re.search(r"failed \(.*503.*\); next attempt in 0\.\d\d s", text)
    assert "marked" not in text


def test_settings_do_not_show_the_key() -> None:
    core = make_core(lambda: None, default_headers={"api-key": KEY}, default_query={"key": KEY})
    assert KEY not in repr(core)


def test_a_download_pickles_without_the_key(flavour: Flavour) -> None:
    connection = flavour.connection(serve(httpx.Response(200, content=b"content")))
    download = flavour.do(lambda: connection.binary(get(), {}))
    pickled = pickle.dumps(download)
    assert KEY.encode() not in pickled
    assert pickle.loads(pickled).content == b"content"


def test_a_download(flavour: Flavour, tmp_path: Any) -> None:
    connection = flavour.connection(serve(httpx.Response(200, content=b'{"a": "\xc3\xa9"}')))
    download = flavour.do(lambda: connection.binary(get(), {}))
    assert download.content == download.read() == b'{"a": "\xc3\xa9"}'
    assert download.text == '{"a": "é"}'
    assert download.json() == {"a": "é"}
    assert list(download.iter_bytes(5)) == [b'{"a":', b' "\xc3\xa9"', b"}"]
    download.write_to_file(tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == download.content
    assert download.response_record.status_code == 200


def test_an_argument_that_was_not_given_leaves_the_default_query_alone(flavour: Flavour) -> None:
    server = serve(OK)
    send(
        flavour,
        server,
        get("/things", into=Thing, query={"api-version": omit}),
        settings={"default_query": {"api-version": "1"}},
    )
    assert str(server.requests[0].url).endswith("/things?api-version=1")


# Answers that are lost, and what is taken for them


class Threads:
    """A server of one thread. POSTs are answered one after the other by what is given, which may be an exception or a
    function; a GET gives what the thread holds by then, newest first."""

    def __init__(self, *posts: Any, runs: Any = (), messages: Any = ()) -> None:
        self.posts = list(posts)
        self.runs = list(runs)
        self.messages = list(messages)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.method == "GET":
            held = self.runs if "/runs" in request.url.path else self.messages
            return httpx.Response(200, json=page(held) if request.url.path.endswith("s") else held[0])
        answer = self.posts.pop(0)
        if isinstance(answer, Exception):
            raise answer
        answer = answer(self) if callable(answer) else answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)  # a fresh one

    @property
    def seen(self) -> list[str]:
        """The methods of the requests."""
        return [request.method for request in self.requests]


def page(items: list[Any]) -> dict[str, Any]:
    return {"object": "list", "data": items[::-1], "first_id": None, "last_id": None, "has_more": False}


def a_run(run_id: str = "run_1", age: float = 0, **fields: Any) -> dict[str, Any]:
    """A run that another program has started."""
    return {
        "id": run_id,
        "object": "thread.run",
        "created_at": int(1_700_000_000 - age),
        "thread_id": "thread_1",
        "assistant_id": "asst_1",
        "status": "in_progress",
        "model": "m",
        "instructions": "Be kind.",
        "tools": [],
        "metadata": {},
        **fields,
    }


LOST = httpx.ReadError("reset")
BUSY = httpx.Response(503, text="upstream unavailable")
ACTIVE_RUN = httpx.Response(400, json=ACTIVE)


def with_threads(flavour: Flavour, server: Threads, function: Callable[[Any], Any], **settings: Any) -> Any:
    """The outcome of a call below `client.beta.threads`."""
    client = client_over(flavour, server, **settings)
    return flavour.do(lambda: function(client.beta.threads))


def start(flavour: Flavour, server: Threads, **fields: Any) -> Any:
    """Start a run."""
    return with_threads(
        flavour, server, lambda threads: threads.runs.create("thread_1", assistant_id="asst_1", **fields)
    )


@pytest.mark.parametrize("age", [61 + 2, 300])
def test_an_old_run_is_not_taken_for_the_one_that_was_asked_for_although_it_is_active(
    flavour: Flavour, clock: Clock, age: float
) -> None:
    server = Threads(BUSY, ACTIVE_RUN, runs=[a_run(age=age)])
    with pytest.raises(ActiveRunError):
        start(flavour, server)
    assert server.seen == ["POST", "GET", "POST", "GET"]


@pytest.mark.parametrize("age", [0, 50])
def test_the_clocks_of_a_server_may_differ(flavour: Flavour, clock: Clock, age: float) -> None:
    server = Threads(LOST, runs=[a_run(age=age)])
    assert start(flavour, server).id == "run_1"
    assert server.seen == ["POST", "GET"]


def test_with_messages_in_it_only_a_new_run_is_taken_for_it(flavour: Flavour, clock: Clock) -> None:
    question = {"role": "user", "content": "And now?"}
    server = Threads(LOST, ACTIVE_RUN, runs=[a_run(age=20)])
    with pytest.raises(ActiveRunError):
        start(flavour, server, additional_messages=[question])
    assert start(flavour, Threads(LOST, runs=[a_run()]), additional_messages=[question]).id == "run_1"


def function_tool(name: str, *arguments: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": {each: {} for each in arguments}} if arguments else {}
    return {"type": "function", "function": {"name": name, "parameters": schema}}


WEB = {"type": "web_search"}
SEARCH = {"type": "file_search"}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"instructions": "Be short."}, {}),
        ({"instructions": "Be short.", "additional_instructions": "And blunt."}, {}),
        ({"model": "gpt-4"}, {"model": "gpt-4o"}),
        ({"model": "gpt-4o-2024-05-13"}, {"model": "gpt-4o-2024-08-06"}),
        ({"tools": [{"type": "file_search"}]}, {"tools": []}),
        ({"tools": [function_tool("a")]}, {"tools": [function_tool("b")]}),
        ({"tools": [{"type": "file_search"}]}, {"tools": [None]}),
        ({"tools": [{"type": "file_search"}]}, {"tools": [{"type": "file_search"}, {"type": "code_interpreter"}]}),
        ({"tools": [function_tool("a")]}, {"tools": [function_tool("a"), function_tool("b"), WEB]}),
        ({"tools": [function_tool("a"), function_tool("b")]}, {"tools": [function_tool("a"), WEB]}),
        ({"tools": [function_tool("a")]}, {"tools": [WEB]}),
        ({"tools": [function_tool("a"), WEB]}, {"tools": [function_tool("a")]}),
        ({"tools": [function_tool("a", "x")]}, {"tools": [function_tool("a", "x", "y"), WEB]}),
        ({"temperature": 0.5}, {"temperature": 1}),
        ({"max_completion_tokens": 100}, {"max_completion_tokens": 200}),
        ({"parallel_tool_calls": False}, {"parallel_tool_calls": True}),
        ({"tool_choice": "none"}, {"tool_choice": "auto"}),
        ({"response_format": {"type": "json_object"}}, {"response_format": {"type": "text"}}),
        ({"metadata": {"a": "b"}}, {}),
    ],
    ids=str,
)
def test_a_run_with_other_settings_is_anothers(
    flavour: Flavour, clock: Clock, given: dict[str, Any], shown: dict[str, Any]
) -> None:
    server = Threads(BUSY, ACTIVE_RUN, runs=[a_run(**shown)])
    with pytest.raises(ActiveRunError):
        start(flavour, server, **given)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"instructions": "Be kind. "}, {}),
        ({"instructions": "Be short."}, {"instructions": None}),
        ({"instructions": "Be kind.", "additional_instructions": "x"}, {"instructions": "Be kind.\n\nx"}),
        ({"additional_instructions": "x"}, {}),
        ({"model": "gpt-4o"}, {"model": "gpt-4o-2024-08-06"}),
        ({"model": "llama3"}, {"model": "ollama/llama3:latest"}),
        (
            {"tools": [{"type": "file_search"}, function_tool("a")]},
            {"tools": [function_tool("a"), {"type": "retrieval"}]},
        ),
        ({"tools": [function_tool("a")]}, {"tools": [WEB, function_tool("a"), {"type": "mcp", "server_label": "b"}]}),
        ({"tools": []}, {"tools": [WEB]}),
        ({"tools": [function_tool("a"), WEB]}, {"tools": [WEB, {**WEB, "count": 3}, function_tool("a")]}),
        ({"tools": [function_tool("a", "x")]}, {"tools": [{"type": "function", "function": {"name": "a"}}]}),
        (
            {"tools": [{**SEARCH, "file_search": {"ranking_options": {"ranker": "auto"}}}]},
            {"tools": [{**SEARCH, "file_search": {"ranking_options": {"ranker": "default_2024_08_21"}}}]},
        ),
        ({"temperature": 1}, {"temperature": 1.0}),
        ({"top_p": 0.5}, {}),
        ({"parallel_tool_calls": True}, {"parallel_tool_calls": None}),
        ({"response_format": {"type": "text"}}, {"response_format": "auto"}),
        ({"tools": [{"type": "file_search"}]}, {"tools": None}),
        ({"model": "gpt-4o"}, {"model": None}),
        ({"truncation_strategy": {"type": "auto"}}, {"truncation_strategy": {"type": "auto", "last_messages": None}}),
    ],
    ids=str,
)
def test_a_server_may_leave_settings_out_or_show_them_in_another_form(
    flavour: Flavour, clock: Clock, given: dict[str, Any], shown: dict[str, Any]
) -> None:
    assert start(flavour, Threads(LOST, runs=[a_run(**shown)]), **given).id == "run_1"


def without(found: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key != name}


UNCLEAR = r"^It cannot be found out whether the request was carried out: .* does not show all that was sent\.$"


@pytest.mark.parametrize("stream", [False, True])
def test_a_run_that_does_not_show_its_metadata_is_neither_taken_nor_made_twice(
    flavour: Flavour, clock: Clock, stream: bool
) -> None:
    """Another program may tell its runs by them: to take one of its own would lose ours."""
    server = Threads(LOST, runs=[without(a_run(), "metadata")])
    with pytest.raises(APIConnectionError) as caught:
        start(flavour, server, metadata={"job": "7"}, **({"stream": True} if stream else {}))
    assert isinstance(caught.value.__cause__, APIResponseValidationError)
    assert re.match(UNCLEAR, str(caught.value.__cause__))
    assert server.seen == ["POST", "GET"]


def test_what_does_not_show_its_metadata_leaves_no_doubt_where_none_were_sent(flavour: Flavour, clock: Clock) -> None:
    shown = without(a_run(), "metadata")
    assert start(flavour, Threads(LOST, runs=[shown])).id == "run_1"
    server = Threads(BUSY, ACTIVE_RUN, runs=[{**shown, "assistant_id": "asst_2"}])
    with pytest.raises(ActiveRunError):
        start(flavour, server, metadata={"job": "7"})


def test_a_run_that_shows_its_metadata_is_told_from_one_that_does_not(flavour: Flavour, clock: Clock) -> None:
    own = a_run("run_2", metadata={"job": "7"})
    server = Threads(LOST, runs=[without(a_run(), "metadata"), own])
    assert start(flavour, server, metadata={"job": "7"}).id == "run_2"


def test_a_run_that_another_call_may_have_made_is_not_taken(clock: Clock) -> None:
    """The other sends metadata, which the server does not show."""
    refused: list[Exception] = []

    def slow(server: Threads) -> httpx.Response:
        server.runs.append(without(a_run(), "metadata"))
        call = threading.Thread(target=second)
        call.start()
        call.join()
        return httpx.Response(200, json=server.runs[0])

    def second() -> None:
        with pytest.raises(ActiveRunError) as caught:
            runs.create("thread_1", assistant_id="asst_1")
        refused.append(caught.value)

    runs = client_over(SYNC, Threads(slow, LOST, ACTIVE_RUN)).beta.threads.runs
    assert runs.create("thread_1", assistant_id="asst_1", metadata={"job": "7"}).id == "run_1"
    assert len(refused) == 1


def test_anothers_run_is_waited_for_if_that_is_wished(flavour: Flavour, clock: Clock) -> None:
    theirs, own = a_run(age=300), a_run("run_2")

    def refuse(server: Threads) -> httpx.Response:
        theirs["status"] = "completed"
        return httpx.Response(400, json=ACTIVE)

    server = Threads(BUSY, refuse, httpx.Response(200, json=own), runs=[theirs])
    assert start(flavour, server, on_active_run="wait").id == "run_2"


def a_message(message_id: str = "msg_1", content: Any = "Go on", age: float = 0, **fields: Any) -> dict[str, Any]:
    """A message as a server shows it."""
    blocks = [text_shown(content)] if isinstance(content, str) else content
    return {
        "id": message_id,
        "object": "thread.message",
        "created_at": int(1_700_000_000 - age),
        "thread_id": "thread_1",
        "status": "completed",
        "role": "user",
        "content": blocks,
        "assistant_id": None,
        "run_id": None,
        "attachments": [],
        "metadata": {},
        **fields,
    }


def text_shown(text: str) -> dict[str, Any]:
    return {"type": "text", "text": {"value": text, "annotations": []}}


def add(flavour: Flavour, server: Any, content: Any = "Go on", **fields: Any) -> Any:
    """Add a message."""
    return with_threads(
        flavour, server, lambda threads: threads.messages.create("thread_1", role="user", content=content, **fields)
    )


def made(message: dict[str, Any]) -> Callable[[Threads], httpx.Response]:
    """The answer of a server that adds a message."""

    def answer(server: Threads) -> httpx.Response:
        server.messages.append(message)
        return httpx.Response(200, json=message)

    return answer


def image(file_id: str, **fields: Any) -> dict[str, Any]:
    return {"type": "image_file", "image_file": {"file_id": file_id, **fields}}


def link(url: str, **fields: Any) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url, **fields}}


def attached(file_id: str, *tools: str) -> dict[str, Any]:
    return {"file_id": file_id, "tools": [{"type": tool} for tool in tools]}


WHAT = {"type": "text", "text": "What is this?"}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"content": [WHAT, image("file_1")]}, {"content": [text_shown("What is this?"), image("file_2")]}),
        ({"content": [WHAT, image("file_1")]}, {"content": [text_shown("What is this?")]}),
        ({"content": [WHAT]}, {"content": [text_shown("What is this?"), image("file_2")]}),
        ({"content": [image("file_1", detail="low")]}, {"content": [image("file_1", detail="high")]}),
        ({"content": [link("https://a.test/1")]}, {"content": [link("https://a.test/2")]}),
        ({"content": [link("https://a.test/1")]}, {"content": [image("https://a.test/1")]}),
        ({"content": [{"type": "new", "new": 1}]}, {"content": [{"type": "new", "new": 2}]}),
        ({"attachments": [attached("file_1", "file_search")]}, {"attachments": [attached("file_2", "file_search")]}),
        (
            {"attachments": [attached("file_1", "file_search")]},
            {"attachments": [attached("file_1", "code_interpreter")]},
        ),
        ({"attachments": [attached("file_1", "file_search")]}, {"attachments": []}),
        ({}, {"attachments": [attached("file_2", "file_search")]}),
    ],
    ids=str,
)
def test_a_message_with_other_images_or_attachments_is_anothers(
    flavour: Flavour, clock: Clock, given: dict[str, Any], shown: dict[str, Any]
) -> None:
    own = a_message("msg_2")
    server = Threads(LOST, made(own), messages=[a_message(**shown)])
    assert add(flavour, server, **given).id == "msg_2"
    assert server.seen == ["POST", "GET", "POST"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (
            {"content": [WHAT, image("file_1")]},
            {"content": [text_shown("What is this?"), image("file_1", detail="auto")]},
        ),
        ({"content": [link("https://a.test")]}, {"content": [link("https://a.test/", detail=None)]}),
        ({"content": [{"type": "new", "new": 1}]}, {"content": [{"new": 1, "type": "new"}]}),
        (
            {"attachments": [attached("file_1", "file_search"), attached("file_2")]},
            {"attachments": [attached("file_2"), attached("file_1", "retrieval")]},
        ),
        ({}, {"attachments": None, "file_ids": []}),
        ({"extra_body": {"file_ids": ["file_1"]}}, {"file_ids": ["file_1"]}),
    ],
    ids=str,
)
def test_a_message_is_recognized_with_all_that_was_sent_with_it(
    flavour: Flavour, clock: Clock, given: dict[str, Any], shown: dict[str, Any]
) -> None:
    server = Threads(LOST, messages=[a_message(**shown)])
    assert add(flavour, server, **given).id == "msg_1"


@pytest.mark.parametrize(
    ("given", "name"),
    [({"metadata": {"job": "7"}}, "metadata"), ({"attachments": [attached("file_1", "file_search")]}, "attachments")],
)
def test_a_message_that_does_not_show_what_was_sent_is_neither_taken_nor_made_twice(
    flavour: Flavour, clock: Clock, given: dict[str, Any], name: str
) -> None:
    server = Threads(LOST, messages=[{**without(a_message(), name), "file_ids": []}])
    with pytest.raises(APIConnectionError) as caught:
        add(flavour, server, **given)
    assert re.match(UNCLEAR, str(caught.value.__cause__))
    assert server.seen == ["POST", "GET"]


@pytest.mark.parametrize(
    ("given", "shown", "is_it"),
    [
        ({"attachments": [attached("file_1", "file_search")]}, {"file_ids": ["file_1"]}, True),
        ({"attachments": [attached("file_1", "file_search")]}, {"file_ids": ["file_2"]}, False),
        ({"extra_body": {"file_ids": ["file_1"]}}, {"attachments": [attached("file_1", "file_search")]}, True),
        ({"extra_body": {"file_ids": ["file_1"]}}, {"attachments": [attached("file_2", "file_search")]}, False),
        ({"attachments": [attached("file_1")], "metadata": {"a": "b"}}, {}, False),
    ],
    ids=str,
)
def test_files_of_a_message_in_the_form_of_the_other_version(
    flavour: Flavour, clock: Clock, given: dict[str, Any], shown: dict[str, Any], is_it: bool
) -> None:
    message = {**without(a_message(), "attachments"), **shown}
    server = Threads(LOST, made(a_message("msg_2")), messages=[message])
    assert add(flavour, server, **given).id == ("msg_1" if is_it else "msg_2")


@pytest.mark.parametrize("how", ["thread", "thread, raw", "thread and run", "thread and streamed run", "run"])
def test_a_message_that_was_made_with_its_thread_or_run_is_not_taken_for_a_later_one(
    flavour: Flavour, clock: Clock, how: str
) -> None:
    first, second = a_message("msg_1"), a_message("msg_2")
    given = [{"role": "user", "content": "Go on"}]

    def begin(server: Threads) -> httpx.Response:
        server.messages.append(first)
        if "run" not in how:
            return httpx.Response(200, json={"id": "thread_1", "object": "thread", "created_at": 1_700_000_000})
        if "streamed" not in how:
            return httpx.Response(200, json=a_run())
        event = {"event": "thread.run.completed", "data": a_run(status="completed")}
        text = f"event: {event['event']}\ndata: {json.dumps(event['data'])}\n\nevent: done\ndata: [DONE]\n\n"
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, text=text)

    server = Threads(begin, LOST, made(second))
    threads = client_over(flavour, server).beta.threads
    if how == "thread":
        flavour.do(lambda: threads.create(messages=iter(given)))
    elif how == "thread, raw":
        flavour.do(lambda: threads.with_raw_response.create(messages=given))
    elif how == "run":
        flavour.do(lambda: threads.runs.create("thread_1", assistant_id="asst_1", additional_messages=given))
    elif how == "thread and run":
        flavour.do(lambda: threads.create_and_run(assistant_id="asst_1", thread={"messages": given}))
    else:
        flavour.collect(lambda: threads.create_and_run(assistant_id="asst_1", thread={"messages": given}, stream=True))
    clock.advance(3)
    assert flavour.do(lambda: threads.messages.create("thread_1", role="user", content="Go on")).id == "msg_2"
    assert server.seen == ["POST", "POST", "GET", "POST"]


@pytest.mark.parametrize(
    ("thread", "content", "later"),
    [("thread_1", "Another", 0), ("thread_2", "Go on", 0), ("thread_1", "Go on", 90)],
)
def test_other_messages_that_were_made_with_a_thread_do_not_matter(
    flavour: Flavour, clock: Clock, thread: str, content: str, later: float
) -> None:
    answer = {"id": thread, "object": "thread", "created_at": 1_700_000_000}
    server = Threads(httpx.Response(200, json=answer), LOST, messages=[a_message(age=-later)])
    threads = client_over(flavour, server).beta.threads
    flavour.do(lambda: threads.create(messages=[{"role": "user", "content": content}]))
    clock.advance(later)
    assert flavour.do(lambda: threads.messages.create("thread_1", role="user", content="Go on")).id == "msg_1"


def test_where_both_messages_are_found_the_newer_one_is_the_later(flavour: Flavour, clock: Clock) -> None:
    answer = {"id": "thread_1", "object": "thread", "created_at": 1_700_000_000}
    server = Threads(httpx.Response(200, json=answer), LOST, messages=[a_message("msg_1"), a_message("msg_2")])
    threads = client_over(flavour, server).beta.threads
    flavour.do(lambda: threads.create(messages=[{"role": "user", "content": "Go on"}]))
    assert flavour.do(lambda: threads.messages.create("thread_1", role="user", content="Go on")).id == "msg_2"


def test_what_was_answered_without_its_id_is_not_taken_for_a_later_message(flavour: Flavour, clock: Clock) -> None:
    def forgetful(server: Threads) -> httpx.Response:
        server.messages.append(a_message("msg_1"))
        return httpx.Response(200, json={"object": "thread.message"})

    server = Threads(forgetful, LOST, made(a_message("msg_2")))
    messages = client_over(flavour, server).beta.threads.messages
    ids = [flavour.do(lambda: messages.create("thread_1", role="user", content="Go on")).id for _ in range(2)]
    assert ids == [None, "msg_2"]


def test_a_run_that_events_have_named_leaves_no_doubt_about_a_later_one(flavour: Flavour, clock: Clock) -> None:
    named = json.dumps(a_run(status="completed"))
    text = f"event: thread.run.completed\ndata: {named}\n\nevent: done\ndata: [DONE]\n\n"
    streamed = httpx.Response(200, headers={"content-type": "text/event-stream"}, text=text)
    server = Threads(streamed, LOST, runs=[a_run("run_1"), a_run("run_2")])
    runs = client_over(flavour, server).beta.threads.runs
    flavour.collect(lambda: runs.create("thread_1", assistant_id="asst_1", stream=True))
    assert flavour.do(lambda: runs.create("thread_1", assistant_id="asst_1")).id == "run_2"
    assert server.seen == ["POST", "POST", "GET"]


def test_a_run_that_was_found_leaves_no_doubt_about_a_later_one(flavour: Flavour, clock: Clock) -> None:
    server = Threads(LOST, LOST, runs=[a_run("run_1")])
    runs = client_over(flavour, server).beta.threads.runs
    for run_id in ("run_1", "run_2"):
        assert flavour.do(lambda: runs.create("thread_1", assistant_id="asst_1")).id == run_id
        server.runs.append(a_run("run_2"))
    assert server.seen == ["POST", "GET"] * 2


@pytest.mark.parametrize("stream", [False, True])
def test_a_message_that_was_made_with_a_run_that_was_found_is_not_taken_for_a_later_one(
    flavour: Flavour, clock: Clock, stream: bool
) -> None:
    server = Threads(LOST, LOST, made(a_message("msg_2")), runs=[a_run()], messages=[a_message("msg_1")])
    threads = client_over(flavour, server).beta.threads
    given: Any = {"assistant_id": "asst_1", "additional_messages": [{"role": "user", "content": "Go on"}]}
    if stream:
        with pytest.raises(StreamInterruptedError):
            flavour.collect(lambda: threads.runs.create("thread_1", stream=True, **given))
    else:
        flavour.do(lambda: threads.runs.create("thread_1", **given))
    assert flavour.do(lambda: threads.messages.create("thread_1", role="user", content="Go on")).id == "msg_2"


@pytest.mark.parametrize("read", ["parse", "read", "not at all"])
def test_what_was_answered_as_a_stream_is_not_taken_for_a_later_message(
    flavour: Flavour, clock: Clock, read: str
) -> None:
    server = Threads(made(a_message("msg_1")), LOST, made(a_message("msg_2")))
    messages = client_over(flavour, server).beta.threads.messages

    def create() -> Any:
        return messages.with_streaming_response.create("thread_1", role="user", content="Go on")

    async def first() -> None:
        async with create() as response:
            if read != "not at all":
                await getattr(response, read)()

    if flavour.is_async:
        flavour.do(first)
    else:
        with create() as response:
            if read != "not at all":
                getattr(response, read)()
    assert flavour.do(lambda: messages.create("thread_1", role="user", content="Go on")).id == "msg_2"


def test_the_message_of_another_call_that_is_under_way_is_not_taken(clock: Clock) -> None:
    """The server has added it, and has not answered yet, when the second call looks for its own."""
    inner: list[Any] = []

    def slow(server: Threads) -> httpx.Response:
        server.messages.append(a_message("msg_1"))
        call = threading.Thread(target=lambda: inner.append(add_again()))
        call.start()
        call.join()
        return httpx.Response(200, json=server.messages[0])

    server = Threads(slow, LOST, made(a_message("msg_2")))
    messages = client_over(SYNC, server).beta.threads.messages

    def add_again() -> Any:
        return messages.create("thread_1", role="user", content="Go on").id

    assert (add_again(), inner) == ("msg_1", ["msg_2"])
    assert "the retry can create the message a second time" in messages.create.__doc__  # where there is doubt


def test_the_run_of_another_call_that_is_under_way_is_not_taken(clock: Clock) -> None:
    refused: list[Exception] = []

    def slow(server: Threads) -> httpx.Response:
        server.runs.append(a_run())
        call = threading.Thread(target=second)
        call.start()
        call.join()
        return httpx.Response(200, json=server.runs[0])

    def second() -> None:
        with pytest.raises(ActiveRunError) as caught:
            start()
        refused.append(caught.value)

    server = Threads(slow, LOST, ACTIVE_RUN)
    runs = client_over(SYNC, server).beta.threads.runs

    def start() -> Any:
        return runs.create("thread_1", assistant_id="asst_1", additional_messages=[{"role": "user", "content": "x"}])

    assert (start().id, len(refused)) == ("run_1", 1)


def test_a_call_that_failed_does_not_count_as_under_way(flavour: Flavour, clock: Clock) -> None:
    server = Threads(httpx.Response(400), LOST, messages=[a_message()])
    messages = client_over(flavour, server).beta.threads.messages
    with pytest.raises(BadRequestError):
        flavour.do(lambda: messages.create("thread_1", role="user", content="Go on"))
    assert flavour.do(lambda: messages.create("thread_1", role="user", content="Go on")).id == "msg_1"


def test_what_is_not_remembered_of_others_any_more_counts_as_doubt(flavour: Flavour, clock: Clock) -> None:
    answer = httpx.Response(200, json={"id": "thread_2", "object": "thread", "created_at": 1_700_000_000})
    server = Threads(*[answer] * 5, LOST, made(a_message("msg_2")), LOST, messages=[a_message()])
    threads = client_over(flavour, server).beta.threads
    for _ in range(5):
        flavour.do(lambda: threads.create(messages=[{"role": "user", "content": "x" * 1_000_000}]))
    assert flavour.do(lambda: threads.messages.create("thread_1", role="user", content="Go on")).id == "msg_2"
    clock.advance(90)
    server.messages.append(a_message("msg_3", age=-90))
    assert flavour.do(lambda: threads.messages.create("thread_1", role="user", content="Go on")).id == "msg_3"


def test_a_request_that_is_too_large_to_be_remembered(flavour: Flavour, clock: Clock) -> None:
    server = Threads(made(a_message("msg_1")), httpx.Response(400), LOST, messages=[a_message("msg_0", age=90)])
    messages = client_over(flavour, server).beta.threads.messages
    large = "x" * 4_000_000
    assert flavour.do(lambda: messages.create("thread_1", role="user", content=large)).id == "msg_1"
    with pytest.raises(BadRequestError):
        flavour.do(lambda: messages.create("thread_1", role="user", content=large))
    clock.advance(90)
    server.messages.append(a_message("msg_2", age=-90))
    assert flavour.do(lambda: messages.create("thread_1", role="user", content="Go on")).id == "msg_2"


SLOW = httpx.ReadTimeout("slow")


@pytest.mark.parametrize("second", [httpx.Response(429), httpx.Response(409), httpx.ConnectError("refused")], ids=name)
def test_once_an_answer_was_lost_there_is_a_look_before_each_further_attempt(
    flavour: Flavour, clock: Clock, second: Any
) -> None:
    """The first request is carried out after the first look; what comes next says nothing of it."""

    def late(server: Threads) -> httpx.Response:
        server.messages.append(a_message())
        if isinstance(second, Exception):
            raise second
        return second

    server = Threads(SLOW, late)
    assert add(flavour, server).id == "msg_1"
    assert server.seen == ["POST", "GET", "POST", "GET"]


@pytest.mark.parametrize("status", [400, 404, 409, 422, 429])
def test_an_attempt_that_is_refused_in_the_end_may_have_been_carried_out_before(
    flavour: Flavour, clock: Clock, status: int
) -> None:
    server = Threads(SLOW, lambda server: (server.messages.append(a_message()), httpx.Response(status))[1])
    assert add(flavour, server, max_retries=1).id == "msg_1"
    with pytest.raises(APIStatusError) as caught:
        add(flavour, Threads(SLOW, httpx.Response(status)), max_retries=1)
    assert caught.value.status_code == status


def waiting(**fields: Any) -> dict[str, Any]:
    """A run that waits for tool outputs."""
    calls = [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
    action = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": calls}}
    return a_run(status="requires_action", required_action=action, **fields)


def submit(flavour: Flavour, server: Threads) -> Any:
    outputs = [{"tool_call_id": "call_1", "output": "x"}]
    return with_threads(
        flavour,
        server,
        lambda threads: threads.runs.submit_tool_outputs("run_1", thread_id="thread_1", tool_outputs=outputs),
    )


def test_tool_outputs_that_were_accepted_late_are_no_error(flavour: Flavour, clock: Clock) -> None:
    server = Threads(
        SLOW, lambda server: (server.runs.__setitem__(0, a_run()), httpx.Response(400))[1], runs=[waiting()]
    )
    assert submit(flavour, server).status == "in_progress"
    assert server.seen == ["POST", "GET", "POST", "GET"]
    with pytest.raises(BadRequestError):
        submit(flavour, Threads(SLOW, httpx.Response(400), runs=[waiting()]))


@pytest.mark.parametrize("sent", ["tool_outputs", "tool_approvals"])
@pytest.mark.parametrize(("call_id", "again"), [("call_2", False), ("call_1", True)])
def test_tool_outputs_after_which_a_run_waits_for_something_else(
    flavour: Flavour, clock: Clock, call_id: str, again: bool, sent: str
) -> None:
    """Foundry: the approval of a call, an action that the API does not have."""
    calls = [{"id": call_id, "type": "mcp", "name": "f", "arguments": "{}"}]
    action = {"type": "submit_tool_approval", "submit_tool_approval": {"tool_calls": calls}}
    server = Threads(LOST, httpx.Response(200, json=a_run("run_2")), runs=[{**waiting(), "required_action": action}])
    given: Any = {"tool_outputs": [], sent: [{"tool_call_id": "call_1"}]}
    made = with_threads(
        flavour,
        server,
        lambda threads: threads.runs.submit_tool_outputs(
            "run_1", thread_id="thread_1", tool_outputs=[], extra_body=given
        ),
    )
    assert made.id == ("run_2" if again else "run_1")


def test_without_a_lost_answer_nothing_is_looked_for(flavour: Flavour, clock: Clock) -> None:
    server = Threads(httpx.Response(429), httpx.ConnectError("refused"), httpx.Response(400), messages=[a_message()])
    with pytest.raises(BadRequestError):
        add(flavour, server)
    assert server.seen == ["POST"] * 3


def test_after_waiting_for_the_thread_there_is_a_look_too_if_an_answer_was_lost(flavour: Flavour, clock: Clock) -> None:
    run = a_run("run_12345678", age=300, status="completed")
    found: list[int] = []

    def messages(request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and request.url.path.endswith("/messages"):
            found.append(1)
            if len(found) == 3:  # carried out while the thread was waited for
                server.messages.append(a_message())
        return server(request)

    server = Threads(SLOW, ACTIVE_RUN, runs=[run])
    assert add(flavour, messages, on_active_run="wait").id == "msg_1"
    assert server.seen.count("POST") == 2


def test_without_a_lost_answer_nothing_is_looked_for_after_waiting_either(flavour: Flavour, clock: Clock) -> None:
    """What stands there is another program's."""
    run = a_run("run_12345678", age=300, status="completed")
    server = Threads(ACTIVE_RUN, made(a_message("msg_2")), runs=[run], messages=[a_message("msg_1")])
    assert add(flavour, server, on_active_run="wait").id == "msg_2"
    assert not any(each.url.path.endswith("/messages") for each in server.requests if each.method == "GET")


@pytest.mark.parametrize("how", ["after a pause", "after waiting for the thread"])
def test_what_others_made_before_the_request_that_was_lost_is_not_taken(
    flavour: Flavour, clock: Clock, how: str
) -> None:
    """The attempt before, half a minute ago, was refused: what was made since then is nobody's but theirs."""

    def refuse(server: Threads) -> httpx.Response:
        return httpx.Response(429, headers={"retry-after": "30"}) if how == "after a pause" else ACTIVE_RUN

    def lose(server: Threads) -> httpx.Response:
        assert clock.now >= 1030
        raise LOST

    def answer(request: httpx.Request) -> httpx.Response:
        run["status"] = "in_progress" if clock.now < 1030 else "completed"
        return server(request)

    run = a_run("run_12345678", age=300)
    server = Threads(refuse, lose, made(a_message("msg_2")), runs=[run], messages=[a_message("msg_1", age=-10)])
    assert add(flavour, answer, on_active_run="wait").id == "msg_2"


def test_what_the_first_lost_request_made_is_found_also_after_the_second(flavour: Flavour, clock: Clock) -> None:
    """Half a minute later; the look in between came too early."""

    def late(server: Threads) -> httpx.Response:
        server.messages.append(a_message(age=-1))
        raise LOST

    server = Threads(httpx.Response(503, headers={"retry-after": "30"}), late)
    assert add(flavour, server).id == "msg_1"
    assert server.seen == ["POST", "GET", "POST", "GET"]


def test_after_waiting_it_is_looked_again_also_at_a_server_that_honours_keys(flavour: Flavour, clock: Clock) -> None:
    """Once after the refusal, which might have been the last answer; once before the request is sent with a new key, as
    servers may repeat a refusal under the same one."""
    run = a_run("run_12345678", age=300, status="completed")
    refusal = httpx.Response(400, json=ACTIVE, headers={"openai-assistants-idempotency": "supported"})
    lost = httpx.Response(503, headers={"openai-assistants-idempotency": "supported"})
    server = Threads(lost, refusal, made(a_message()), runs=[run])
    assert add(flavour, server, on_active_run="wait").id == "msg_1"
    looks = [each for each in server.requests if each.method == "GET" and each.url.path.endswith("/messages")]
    assert len(looks) == 2
    keys = [each.headers["idempotency-key"] for each in server.requests if each.method == "POST"]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("posts", "found_at_look"), [([LOST], 1), ([BUSY, LOST], 2), ([ACTIVE_RUN], None), ([BUSY, ACTIVE_RUN], 3)], ids=str
)
def test_the_failed_attempts_of_a_call_are_counted_before_and_after_waiting(
    flavour: Flavour, clock: Clock, posts: list[Any], found_at_look: int | None
) -> None:
    looks: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and request.url.path.endswith("/messages"):
            looks.append(1)
            if len(looks) == found_at_look:
                server.messages.append(a_message())
        return server(request)

    server = Threads(*posts, made(a_message()), runs=[a_run("run_12345678", age=300, status="completed")])
    messages = client_over(flavour, answer).beta.threads.messages.with_raw_response
    response = flavour.do(lambda: messages.create("thread_1", role="user", content="Go on", on_active_run="wait"))
    assert (response.parse().id, response.retries_taken) == ("msg_1", len(posts))
    assert len(looks) == (found_at_look or 0)


def test_a_refused_connection_is_named_as_such(flavour: Flavour) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens there
        kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
        client = kind(api_key=KEY, base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/v1", max_retries=0)

        async def ask() -> None:
            async with client:
                await client.models.list()

        with pytest.raises(APIConnectionError, match=r"models: \[Errno \d+\] Connection refused\.$"):
            anyio.run(ask, backend=flavour.name) if flavour.is_async else client.models.list()


def test_the_reasons_of_several_attempts_to_connect() -> None:
    summary = OSError("All connection attempts failed")
    refused, away = errno.ECONNREFUSED, errno.ENETUNREACH
    reasons = [OSError(refused, "x"), OSError(away, "y"), OSError(refused, "z"), OSError("odd")]
    summary.__cause__ = ExceptionGroup("several", reasons)
    error = httpx.ConnectError("All connection attempts failed")
    error.__context__ = summary
    assert reason_of(error) == ", ".join(
        f"[Errno {n}] {os.strerror(n)}" for n in (errno.ECONNREFUSED, errno.ENETUNREACH)
    )
    summary.__cause__ = ValueError("no reason")
    assert reason_of(error) == "All connection attempts failed"
    summary.__cause__, summary.__context__ = None, error
    assert reason_of(error) == "All connection attempts failed"


def test_the_reasons_of_attempts_to_connect_wherever_they_stand() -> None:
    summary = OSError("All connection attempts failed")
    summary.__cause__ = OSError(errno.ECONNREFUSED, "x")
    refused = f"[Errno {errno.ECONNREFUSED}] {os.strerror(errno.ECONNREFUSED)}"
    by_cause, by_context = httpx.ConnectError("failed"), httpx.ConnectError("failed")
    by_cause.__cause__ = summary
    assert reason_of(by_cause) == refused
    wrapped = OSError("failed")  # without a cause, it says nothing of attempts
    by_context.__context__, wrapped.__context__ = wrapped, summary
    assert reason_of(by_context) == refused
    numbered = OSError(errno.EHOSTUNREACH, "no way there")  # says itself what was wrong
    by_cause.__cause__, numbered.__cause__ = numbered, OSError(errno.ENOENT, "no cache of routes")
    assert reason_of(by_cause) == "failed"


def test_a_reason_ends_without_a_full_stop() -> None:
    assert reason_of(httpx.ReadError("no way out of the box.")) == "no way out of the box"


def test_the_reason_is_not_what_the_program_was_handling() -> None:
    try:
        try:
            raise ValueError("something of the program")
        except ValueError:
            raise httpx.ReadError("")  # noqa: B904 - as the HTTP library raises it meanwhile
    except httpx.ReadError as error:
        assert reason_of(error) == "ReadError"


CALLS: dict[str, Callable[[Any], Any]] = {
    "create": lambda client: client.beta.threads.create(),
    "list": lambda client: client.beta.assistants.list().first(1),
    "poll": lambda client: client.beta.threads.runs.poll("run_1", "thread_1"),
    "low level": lambda client: client.get("/x"),
    "stream": lambda client: client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True),
    "upload": lambda client: client.vector_stores.files.upload_and_poll("vs_1", file=b"x"),
}


def shown_by_pytest(error: BaseException) -> set[str]:
    """The modules of this package whose frames pytest shows for an exception."""
    told = pytest.ExceptionInfo.from_exception(error)
    names = [entry.frame.f_globals.get("__name__", "") for entry in told.traceback.filter(told)]
    return {name for name in names if name.startswith("openai_assistants.")}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_pytest_shows_of_our_exceptions_where_the_program_called(flavour: Flavour, call: Callable[[Any], Any]) -> None:
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    answers = serve(httpx.Response(404, json={"error": {"message": "No such thing."}}))
    client = kind(api_key=KEY, base_url=BASE_URL, http_client=flavour.http(answers))
    with pytest.raises(NotFoundError) as caught:
        flavour.do(lambda: call(client))
    assert shown_by_pytest(caught.value) == set()


def test_pytest_shows_all_of_other_exceptions() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        send(SYNC, serve(lambda request: httpx.Response(1 // 0)))
    assert {"openai_assistants._exchange", "openai_assistants._flow"} <= shown_by_pytest(caught.value)
