"""`client.get`, `post`, `put`, `patch`, `delete`: requests that the SDK does not know, with the client's settings."""

from __future__ import annotations

import io
import json
import logging
from types import NoneType
from typing import Any, Iterable, Literal

import httpx
import pydantic
import pytest
from typing_extensions import TypedDict

from openai_assistants import (
    APIResponse,
    APIResponseValidationError,
    HttpxBinaryResponseContent,
    InternalServerError,
    NotFoundError,
    NotSupportedByServerError,
    ServerSentEvent,
    StreamInterruptedError,
)
from openai_assistants.types.beta import Assistant, AssistantStreamEvent, Thread

from .access import ASSISTANT, GOOD, client_over, within
from .support import BASE_URL, FLAVOURS, KEY, Clock, Flavour, Pieces, cut, serve

SYNC = FLAVOURS[0]


class Health(TypedDict):
    """A type that is no model of ours."""

    status: str


class Plain(pydantic.BaseModel):
    """A model of the program's own."""

    id: str


# What the answer is read as


@pytest.mark.parametrize(
    ("into", "expected"),
    [
        (Plain, Plain(id="asst_1")),
        (dict[str, object], ASSISTANT),
        (dict, ASSISTANT),
        (Any, ASSISTANT),
        (None, ASSISTANT),
        (NoneType, None),
        (bytes, GOOD.content),
        (str, GOOD.text),
    ],
    ids=str,
)
def test_types_of_answers(flavour: Flavour, into: Any, expected: Any) -> None:
    client = client_over(flavour, serve(GOOD))
    assert flavour.do(lambda: client.get("/assistants/asst_1", into=into)) == expected
    assert flavour.do(lambda: client.post("/assistants/asst_1", cast_to=into)) == expected


def test_a_model_of_ours(flavour: Flavour) -> None:
    client = client_over(flavour, serve(GOOD))
    assistant = flavour.do(lambda: client.get("/assistants/asst_1", into=Assistant))
    assert type(assistant) is Assistant
    assert assistant.response_record.request_id == "req_1"


def test_unions_lists_and_typed_dicts(flavour: Flavour) -> None:
    server = serve(GOOD, httpx.Response(200, json=[ASSISTANT, ASSISTANT]), httpx.Response(200, json={"status": "ok"}))
    client = client_over(flavour, server)
    assert type(flavour.do(lambda: client.get("/either", into=Literal["none"] | Assistant))) is Assistant
    assert [type(each) for each in flavour.do(lambda: client.get("/all", into=list[Assistant]))] == [Assistant] * 2
    assert flavour.do(lambda: client.get("/health", into=Health)) == {"status": "ok"}


def test_the_response_itself(flavour: Flavour) -> None:
    client = client_over(flavour, serve(GOOD))
    response = flavour.do(lambda: client.post("/assistants", cast_to=httpx.Response, body={"model": "m"}))
    assert type(response) is httpx.Response
    assert (response.status_code, response.json()) == (200, ASSISTANT)
    assert "authorization" not in response.request.headers


def test_a_file(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, content=b"\xff"))
    client = client_over(flavour, server)
    file = flavour.do(lambda: client.get("/files/f/content", into=HttpxBinaryResponseContent))
    assert file.read() == b"\xff"
    assert server.sent("accept") == ["*/*"]


@pytest.mark.parametrize("into", [None, NoneType])
def test_an_empty_answer_is_none(flavour: Flavour, into: Any) -> None:
    client = client_over(flavour, serve(httpx.Response(204)))
    assert flavour.do(lambda: client.delete("/things/1", into=into)) is None


@pytest.mark.parametrize("into", [None, dict, Assistant])
def test_an_answer_that_is_no_json(flavour: Flavour, into: Any) -> None:
    client = client_over(flavour, serve(httpx.Response(200, text="fine")))
    with pytest.raises(APIResponseValidationError, match="not valid JSON"):
        flavour.do(lambda: client.get("/health", into=into))


def test_a_deviating_answer(flavour: Flavour, caplog: pytest.LogCaptureFixture) -> None:
    answer = httpx.Response(200, json={**ASSISTANT, "model": 5})
    with caplog.at_level(logging.WARNING):
        assistant = flavour.do(lambda: client_over(flavour, serve(answer)).get("/a?key=hidden", into=Assistant))
    assert [each.path for each in assistant.deviations] == ["model"]
    assert "GET /a" in caplog.text
    assert "hidden" not in caplog.text
    with pytest.raises(APIResponseValidationError, match="model"):
        flavour.do(lambda: client_over(flavour, serve(answer), strict=True).get("/a", into=Assistant))


@pytest.mark.parametrize("into", [5, "Assistant[", {"a": 1}, io.BytesIO, httpx.Client], ids=str)
def test_what_nothing_can_be_read_as(flavour: Flavour, into: Any) -> None:
    server = serve(GOOD)
    client = client_over(flavour, server)
    with pytest.raises(TypeError, match=r"^into must be a model class, a union"):
        flavour.do(lambda: client.post("/x", into=into))
    with pytest.raises(TypeError, match=r"^cast_to must be a model class"):
        flavour.do(lambda: client.post("/x", cast_to=into))
    assert server.requests == []


RUN = {"id": "run_1", "object": "thread.run", "thread_id": "thread_1", "status": "completed", "created_at": 1}
EVENTS = f"event: thread.run.completed\ndata: {json.dumps(RUN)}\n\nevent: done\ndata: [DONE]\n\n".encode()


def test_a_stream_of_events(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, stream=Pieces([EVENTS])))
    client = client_over(flavour, server)
    body = {"assistant_id": "a", "stream": True}
    path = "/threads/thread_1/runs"
    events = flavour.collect(lambda: client.post(path, into=AssistantStreamEvent, body=body, stream=True))
    assert [(each.event, each.data.status) for each in events] == [("thread.run.completed", "completed")]
    assert flavour.collect(lambda: client.post(path, body=body, stream=True)) == [
        {"event": "thread.run.completed", "data": RUN}
    ]
    assert server.sent("accept") == ["text/event-stream"] * 2


OTHER = b'\xef\xbb\xbf: hi\n\ndata: {"n": 1}\n\nevent: ping\nid: 7\ndata: a\ndata: b\n\ndata: [DONE]\n\n'


def other_stream(*pieces: bytes | Exception) -> httpx.Response:
    return httpx.Response(200, stream=Pieces(pieces))


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_stream_of_another_api(flavour: Flavour, size: int) -> None:
    body = Pieces(cut(OTHER + b"data: behind the end\n\n", size))
    server = serve(httpx.Response(200, stream=body))
    client = client_over(flavour, server)
    events = flavour.collect(lambda: client.post("/chat/completions", into=ServerSentEvent, body={}, stream=True))
    assert [(each.event, each.data, each.id) for each in events] == [
        ("", b'{"n": 1}', ""), ("ping", b"a\nb", "7"), ("", b"[DONE]", "7"),
    ]  # fmt: skip
    assert events[0].json() == {"n": 1}
    assert server.sent("accept") == ["text/event-stream"]


def test_the_end_of_the_body_ends_a_stream_of_another_api(flavour: Flavour) -> None:
    server = serve(other_stream(b"data: 1\n\nevent: error\ndata: 2"))
    client = client_over(flavour, server)
    events = flavour.collect(lambda: client.get("/events", into=ServerSentEvent, stream=True))
    assert [(each.event, each.data) for each in events] == [("", b"1"), ("error", b"2")]
    empty = client_over(flavour, serve(other_stream()))
    assert flavour.collect(lambda: empty.get("/events", into=ServerSentEvent, stream=True)) == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("body", [b'["a", "b", "c"]', b'{"id": "x"}'])
def test_another_api_that_does_not_stream(flavour: Flavour, body: bytes) -> None:
    client = client_over(
        flavour, serve(httpx.Response(200, headers={"content-type": "application/json"}, stream=Pieces([body])))
    )
    manager = client.with_streaming_response.post
    assert within(flavour, lambda: manager("/x", into=ServerSentEvent, stream=True), lambda r: r.read()) == body
    assert flavour.collect(lambda: client.post("/x", into=ServerSentEvent, stream=True)) == []


@pytest.mark.parametrize("before", [[], [b"data: 1\n\n"]], ids=["at once", "after an event"])
def test_a_stream_of_another_api_that_breaks_off(flavour: Flavour, before: list[bytes]) -> None:
    server = serve(other_stream(*before, httpx.ReadError("reset by peer")))
    client = client_over(flavour, server)
    seen: list[Any] = []
    with pytest.raises(StreamInterruptedError, match=r"^The stream broke off \(reset by peer\)\.$"):
        flavour.collect(lambda: client.get("/events", into=ServerSentEvent, stream=True), seen)
    assert len(seen) == len(before)
    assert len(server.requests) == 1


def test_raw_access_to_a_stream_of_another_api(flavour: Flavour) -> None:
    client = client_over(flavour, serve(other_stream(OTHER)))
    manager = client.with_streaming_response.post
    events = within(
        flavour,
        lambda: manager("/chat/completions", into=ServerSentEvent, stream=True),
        (lambda r: collected(r.parse())) if flavour.is_async else lambda r: list(r.parse()),
    )
    assert [each.data for each in events] == [b'{"n": 1}', b"a\nb", b"[DONE]"]


async def collected(stream: Any) -> list[Any]:
    return [event async for event in await stream]


# What is sent


@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete"])
def test_methods(flavour: Flavour, verb: str) -> None:
    server = serve(GOOD)
    method = getattr(client_over(flavour, server), verb)
    flavour.do(lambda: method("/things", body={"a": 1}, extra_body={"b": 2}))
    [request] = server.requests
    assert (request.method, str(request.url)) == (verb.upper(), f"{BASE_URL}things")
    assert json.loads(request.content) == {"a": 1, "b": 2}
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert ("idempotency-key" in request.headers) is (verb == "post")
    assert method.__name__ == verb
    assert f"Send a {verb.upper()} request" in method.__doc__


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/things", f"{BASE_URL}things?v=1"),
        ("things/1", f"{BASE_URL}things/1?v=1"),
        ("/things?limit=2&order=asc", f"{BASE_URL}things?limit=2&order=asc&v=1"),
        ("/things?limit=2#top", f"{BASE_URL}things?limit=2&v=1"),
        ("/things/{literally}", f"{BASE_URL}things/%7Bliterally%7D?v=1"),
        ("https://api.test/other?a=b", "https://api.test/other?a=b&v=1"),
        ("HTTPS://API.TEST:443/other", "https://api.test:443/other?v=1"),
    ],
)
def test_paths(flavour: Flavour, path: str, url: str) -> None:
    server = serve(GOOD)
    client = client_over(flavour, server, default_query={"v": 1})
    flavour.do(lambda: client.get(path))
    assert str(server.requests[0].url) == url
    assert server.sent("authorization") == [f"Bearer {KEY}"]


def test_more_query(flavour: Flavour) -> None:
    server = serve(GOOD)
    flavour.do(lambda: client_over(flavour, server).get("/things?limit=2", extra_query={"after": "a b"}))
    assert str(server.requests[0].url) == f"{BASE_URL}things?limit=2&after=a+b"


@pytest.mark.parametrize("path", ["", "   "])
def test_an_empty_path_is_refused(flavour: Flavour, path: str) -> None:
    server = serve(GOOD)
    with pytest.raises(ValueError, match="path is empty"):
        flavour.do(lambda: client_over(flavour, server).get(path))
    assert server.requests == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"path": None}, "path must be a string, not NoneType"),
        ({"into": dict, "cast_to": dict}, "not both"),
        ({"body": {}, "content": b""}, "content= is the whole body"),
        ({"files": {"a": b""}, "content": b""}, "content= is the whole body"),
        ({"files": {"a": b""}, "body": [1]}, "must be a mapping of form fields, not list"),
        ({"content": b"x", "extra_body": {"a": 1}}, "extra_body adds fields"),
        ({"body": [1], "extra_body": {"a": 1}}, "extra_body adds fields"),
        ({"bdoy": {}}, "bdoy"),
        ({"files": {"a": "a.txt"}}, "a must be bytes, a path object"),
    ],
    ids=str,
)
def test_arguments_that_do_not_go_together(flavour: Flavour, arguments: dict[str, Any], message: str) -> None:
    server = serve(GOOD)
    with pytest.raises(TypeError, match=message):
        flavour.do(lambda: client_over(flavour, server).post(**{"path": "/x", **arguments}))
    assert server.requests == []


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ({"a": None}, b'{"a":null}'),
        ([1, "ü"], '[1,"ü"]'.encode()),
        ([], b"[]"),
        ("text", b'"text"'),
        (Plain(id="x"), b'{"id":"x"}'),
        (Thread.model_construct(id="x"), b'{"id":"x"}'),
        ({}, b"{}"),
    ],
    ids=str,
)
def test_json_bodies(flavour: Flavour, body: Any, sent: bytes, clock: Clock) -> None:
    server = serve(httpx.Response(500), GOOD)
    flavour.do(lambda: client_over(flavour, server).post("/x", body=body))
    assert [request.content for request in server.requests] == [sent, sent]
    assert server.sent("content-type") == ["application/json"] * 2


def test_no_body(flavour: Flavour) -> None:
    server = serve(GOOD)
    flavour.do(lambda: client_over(flavour, server).post("/x"))
    assert server.requests[0].content == b""
    assert server.sent("content-type") == [None]


@pytest.mark.parametrize("content", [b"\x00\x01", bytearray(b"\x00"), "ü"], ids=["bytes", "bytearray", "text"])
def test_content_as_it_is(flavour: Flavour, content: Any, clock: Clock) -> None:
    server = serve(httpx.Response(500), GOOD)
    client = client_over(flavour, server)
    flavour.do(lambda: client.put("/x", content=content))
    expected = content.encode() if isinstance(content, str) else bytes(content)
    assert [request.content for request in server.requests] == [expected] * 2
    assert server.sent("content-type") == ["application/octet-stream"] * 2
    flavour.do(lambda: client.put("/x", content=content, extra_headers={"Content-Type": "text/csv"}))
    assert server.sent("content-type")[-1] == "text/csv"


def test_content_that_can_be_read_once_is_sent_once(flavour: Flavour) -> None:
    server = serve(httpx.Response(500), GOOD)
    client = client_over(flavour, server)
    with pytest.raises(InternalServerError):
        flavour.do(lambda: client.put("/x", content=once(flavour, b"a", b"b")))
    assert [request.content for request in server.requests] == [b"ab"]


def once(flavour: Flavour, *pieces: bytes) -> Any:
    """An iterator of the kind that a client can send."""

    async def awaiting() -> Any:
        for piece in pieces:
            yield piece

    return awaiting() if flavour.is_async else iter(pieces)


@pytest.mark.parametrize("content", [5, {"a": 1}, None.__class__], ids=repr)
def test_content_that_cannot_be_sent(flavour: Flavour, content: Any) -> None:
    server = serve(GOOD)
    client = client_over(flavour, server)
    other_kind: Iterable[Any] = FLAVOURS if flavour.is_async else once(FLAVOURS[1], b"")
    for each in (content, other_kind):
        with pytest.raises(TypeError, match=r"content must be bytes, text or an.* iterable of bytes, not"):
            flavour.do(lambda each=each: client.post("/x", content=each))
    assert server.requests == []


def test_files(flavour: Flavour, clock: Clock) -> None:
    server = serve(httpx.Response(500), GOOD)
    client = client_over(flavour, server)
    files = {"file": ("a.txt", io.BytesIO(b"content"), "text/plain")}
    flavour.do(lambda: client.post("/x", files=files, body={"purpose": "vision", "nested": {"a": 1}}))
    for request in server.requests:
        assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
        for part in (b'name="file"; filename="a.txt"', b"content", b'name="purpose"', b'name="nested[a]"'):
            assert part in request.content
    assert len(server.requests) == 2


# Settings, errors, redirects


def test_retries_and_idempotency(flavour: Flavour, clock: Clock) -> None:
    server = serve(httpx.Response(429, headers={"retry-after": "2"}), GOOD)
    flavour.do(lambda: client_over(flavour, server).post("/x", body={}))
    assert len(set(server.sent("idempotency-key"))) == 1
    assert (len(server.requests), clock.sleeps) == (2, [2.0])


def test_errors(flavour: Flavour) -> None:
    client = client_over(flavour, serve(httpx.Response(404, json={"error": {"message": "No such thing"}})))
    with pytest.raises(NotFoundError, match="No such thing"):
        flavour.do(lambda: client.get("/things/1"))
    client = client_over(flavour, serve(httpx.Response(405)))
    with pytest.raises(NotSupportedByServerError, match=r"\[client.get: GET /things\]") as caught:
        flavour.do(lambda: client.get("/things?signature=hidden"))
    assert "hidden" not in str(caught.value)


def test_redirects_are_followed(flavour: Flavour) -> None:
    server = serve(httpx.Response(307, headers={"location": "/v1/there"}), GOOD)
    response = flavour.do(lambda: client_over(flavour, server).post("/here", into=httpx.Response, body={"a": 1}))
    assert str(response.url) == f"{BASE_URL}there"
    assert [request.content for request in server.requests] == [b'{"a":1}'] * 2
    assert server.sent("authorization") == [f"Bearer {KEY}"] * 2


# Other hosts


SETTINGS: dict[str, Any] = {
    "organization": "org_hidden",
    "project": "proj_hidden",
    "default_headers": {"api-key": "hidden", "x-mine": "hidden"},
    "default_query": {"code": "hidden"},
    "http": {
        "headers": {"x-auth-token": "hidden", "x-plain": "shown"},
        "cookies": {"session": "hidden"},
        "auth": ("user", "hidden"),
    },
}


@pytest.mark.parametrize(
    "url",
    [
        "https://other.test/x?a=1",
        "http://api.test/x?a=1",
        "https://api.test:8443/x?a=1",
        "https://api.test.evil.test/x?a=1",
        "https://api.test@other.test/x?a=1",
        "HTTPS://OTHER.test/x?a=1",
    ],
)
def test_another_host_gets_none_of_the_settings(flavour: Flavour, url: str) -> None:
    server = serve(GOOD)
    asked: list[str] = []

    def key() -> str:
        asked.append("key")
        return KEY

    client = client_over(flavour, server, api_key=key, **SETTINGS)
    flavour.do(lambda: client.post(url, body={"b": 1}, timeout=3))
    [request] = server.requests
    sent = f"{request.url} {dict(request.headers)}"
    assert "hidden" not in sent
    assert KEY not in sent
    assert asked == []
    assert request.url.query == b"a=1"
    assert "authorization" not in request.headers or "api.test@" in url  # what the URL itself says
    assert request.extensions["timeout"]["read"] == 3
    assert request.headers["x-plain"] == "shown"
    assert request.headers["user-agent"].startswith("openai-assistants/")


def test_another_host_gets_what_the_call_gives_it(flavour: Flavour) -> None:
    server = serve(GOOD)
    client = client_over(flavour, server, **SETTINGS)
    flavour.do(
        lambda: client.get("https://other.test/x", extra_headers={"Authorization": "mine"}, extra_query={"q": 1})
    )
    assert server.sent("authorization") == ["mine"]
    assert str(server.requests[0].url) == "https://other.test/x?q=1"


def test_a_redirect_to_another_host_takes_no_credentials_along(flavour: Flavour) -> None:
    server = serve(httpx.Response(302, headers={"location": "https://other.test/x"}), GOOD)
    client = client_over(flavour, server, http={"auth": ("user", "hidden")})
    flavour.do(lambda: client.get("/x"))
    assert server.requests[0].headers["authorization"].startswith("Basic ")
    assert "authorization" not in server.requests[1].headers


def test_the_own_host_gets_the_credentials_of_the_http_client(flavour: Flavour) -> None:
    server = serve(GOOD)
    flavour.do(lambda: client_over(flavour, server, http={"auth": ("user", "mine")}).get(f"{BASE_URL}x"))
    assert server.requests[0].headers["authorization"].startswith("Basic ")


def test_a_url_that_is_none(flavour: Flavour) -> None:
    server = serve(GOOD)
    for path in ("https://api\n.test/x", "/x\x00"):
        with pytest.raises(ValueError, match="URL of this request cannot be sent"):
            flavour.do(lambda path=path: client_over(flavour, server).get(path))
    assert server.requests == []


# Raw


def test_raw_access(flavour: Flavour) -> None:
    client = client_over(flavour, serve(GOOD))
    response = flavour.do(lambda: client.with_raw_response.get("/assistants/asst_1", into=Assistant))
    assert (type(response), response.status_code, response.parse().name) == (APIResponse, 200, "Guide")
    manager = client.with_streaming_response.post
    assert within(flavour, lambda: manager("/x", body={}), lambda r: r.json()) == ASSISTANT
