"""Requests that are no proper HTTP, or odd HTTP: each gets a proper answer, be it an error, and nothing fails."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from typing import Any

import pytest

from openai_assistants.server import LocalServer, bodies
from openai_assistants.server.bodies import parse_json
from openai_assistants.server.spec import ApiError

from .support import Answer, ask, wire

GET = b"GET /v1/models HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /v1/assistants HTTP/1.1\r\nHost: x\r\nOpenAI-Beta: assistants=v2\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
GOOD = b'{"model": "m"}'
CHUNKS = b"Transfer-Encoding: chunked\r\n\r\n"


def sent(server: LocalServer, data: bytes) -> Answer:
    """What the server says to these bytes."""
    with wire(server) as connection:
        connection.send(data)
        answer = connection.answer()
        assert answer is not None
        return answer


def with_body(body: bytes, headers: bytes = b"") -> bytes:
    return POST + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


NO_HTTP = {
    "huge header": GET + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
    "huge URL": b"GET /v1/models?" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "endless headers": GET + b"X: a\r\n" * 40_000,
    "too many headers": GET + b"X: a\r\n" * 2000 + b"\r\n",
    "20,000 headers": GET + b"X:\r\n" * 20_000 + b"\r\n",
    "headers of 64 KiB, at once": GET + (b"X: " + b"a" * 8000 + b"\r\n") * 8 + b"Y: " + b"b" * 2000 + b"\r\n\r\n",
    "length and chunks": POST + b"Content-Length: 5\r\n" + CHUNKS + b"e\r\n" + GOOD + b"\r\n0\r\n\r\n",
    "length and chunks, a request in the rest": POST + b"Content-Length: 4\r\n" + CHUNKS + b"0\r\n\r\n" + GET + b"\r\n",
    "NUL in a header": GET + b"X: a\0b\r\n\r\n",
    "CR in a header": GET + b"X: a\rb\r\n\r\n",
    "no colon": GET + b"Xab\r\n\r\n",
    "blank before the colon": GET + b"X : ab\r\n\r\n",
    "two lengths": POST + b"Content-Length: 14\r\nContent-Length: 15\r\n\r\n" + GOOD,
    "compressed transfer": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "negative length": POST + b"Content-Length: -2\r\n\r\n{}",
    "length with a sign": POST + b"Content-Length: +2\r\n\r\n{}",
    "length of many digits": POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}",
    "no chunk": CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n",
    "no host": b"GET /v1/models HTTP/1.1\r\n\r\n",
    "two hosts": GET + b"Host: y\r\n\r\n",
    "HTTP/0.9": b"GET /v1/models\r\n\r\n",
    "TLS": bytes.fromhex("16030100c8010000c40303") + bytes(200),
    "zeros": bytes(1000),
    "empty lines": b"\r\n" * 1000,
    "no target": b"GET  HTTP/1.1\r\nHost: x\r\n\r\n",
    "target that is not ASCII": b"GET /v1/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("data", NO_HTTP.values(), ids=NO_HTTP)
def test_what_is_no_http_is_refused(target: LocalServer, data: bytes) -> None:
    with wire(target) as connection:
        connection.send(data)
        answer = connection.answer()
        # The server may close before all was sent; then the reset takes the answer with it.
        if len(data) < 100_000 or answer is not None:
            assert answer is not None
            assert (answer.status, answer.headers["connection"]) == (400, "close")
            assert answer.error["type"] == "invalid_request_error"


@pytest.mark.parametrize("headers", [b"Content-Length: 3\r\n" + CHUNKS, b"X: a\r\n" * 2000 + b"\r\n"])
def test_what_is_refused_of_head_has_no_body(target: LocalServer, headers: bytes, caplog: Any) -> None:
    with wire(target) as connection:
        connection.send(b"HEAD /v1/models HTTP/1.1\r\nHost: x\r\n" + headers)
        assert connection.read_to_end().startswith(b"HTTP/1.1 400 ")
    assert [each.message for each in caplog.records if each.levelno >= 30] == []


ODD_HTTP: dict[str, tuple[bytes, int]] = {
    "long URL": (b"GET /v1/" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    "as many headers as there may be": (GET + b"X: a\r\n" * 1999 + b"\r\n", 200),
    "many headers": (GET + b"".join(b"X%d: a\r\n" % i for i in range(1000)) + b"\r\n", 200),
    "folded header": (GET + b"X: a\r\n b\r\n\r\n", 200),
    "same length twice": (POST + b"Content-Length: 14\r\nContent-Length: 14\r\n\r\n" + GOOD, 200),
    "length that is too large": (POST + b"Content-Length: 1048577\r\n\r\n", 413),
    "length of a planet": (POST + b"Content-Length: 9999999999999999999\r\n\r\n{}", 413),
    "chunks that are too large": (CHUNKED + b"80000\r\n" + b" " * 0x80000 + b"\r\n100000\r\n" + b" " * 0x80001, 413),
    "HTTP/1.0": (b"GET /v1/models HTTP/1.0\r\n\r\n", 200),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 404),
    "method that is none": (b"FOO /v1/models HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    "method in small letters": (b"get /v1/models HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    "long method": (b"A" * 5000 + b" /v1/models HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    "TRACE": (b"TRACE /v1/models HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    "OPTIONS": (b"OPTIONS /v1/models HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    "OPTIONS of all": (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    "CONNECT": (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    "CONNECT to what is well": (b"CONNECT /health HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    "POST to what is well": (b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405),
    "URL of another server": (b"GET http://evil.example/v1/models HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    "way out": (b"GET /v1/files/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    "encoded way out": (b"GET /v1/files/..%2f..%2f..%2fetc%2fpasswd/content HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    "encoded everything": (b"GET /v1/files/%00%0a%0d%ff%zz%2e HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    "slashes": (b"GET //v1//models HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    "fragment": (b"GET /v1/models#x HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    "websocket": (GET + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n", 200),
    "expectation": (with_body(GOOD, b"Expect: 100-continue\r\n"), 200),
    "odd expectation": (with_body(GOOD, b"Expect: 200-never\r\n"), 200),
    "body of a GET": (GET + b"Content-Length: 5\r\n\r\n[[[[[", 200),
    "compressed body": (with_body(gzip.compress(b" " * 10_000_000), b"Content-Encoding: gzip\r\n"), 400),
    "odd query": (b"GET /v1/files?limit=1&limit=2&after=%ff&purpose[]=x&=&&& HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "many parameters": (b"GET /v1/files?" + b"a=1&" * 4000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 200),
    "huge limit": (b"GET /v1/files?limit=" + b"9" * 4000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 400),
}  # fmt: skip


@pytest.mark.parametrize(("data", "status"), ODD_HTTP.values(), ids=ODD_HTTP)
def test_odd_http_is_answered(target: LocalServer, data: bytes, status: int) -> None:
    answer = sent(target, data)
    assert answer.status == status
    if status >= 400:
        assert answer.error["message"]


def test_head_is_answered_without_a_body(target: LocalServer) -> None:
    with wire(target) as connection:
        connection.request("HEAD", "/v1/models", headers={"Connection": "close"})
        head, _, body = connection.read_to_end().partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 405 ") and b"allow: GET" in head and body == b""


def test_requests_that_come_all_at_once_are_answered_in_their_order(target: LocalServer) -> None:
    with wire(target) as connection:
        wanted = [200, 404, 400, 405, 413] * 10
        requests = [
            GET + b"\r\n",
            b"GET /v1/files/file-none HTTP/1.1\r\nHost: x\r\n\r\n",
            with_body(b"{"),
            b"DELETE /v1/models HTTP/1.1\r\nHost: x\r\n\r\n",
            with_body(b" " * ((1 << 20) + 1)),
        ]
        connection.send(b"".join(requests * 2))
        assert [getattr(connection.answer(), "status", None) for _ in range(10)] == wanted[:10]
        # Without anything large all at once.
        connection.send(b"".join(requests[:4] * 10))
        assert [getattr(connection.answer(), "status", None) for _ in range(40)] == [200, 404, 400, 405] * 10


def test_one_of_two_keys_has_to_be_the_right_one(target: LocalServer) -> None:
    with LocalServer(drain_seconds=0.0, api_keys=("right",)) as server:
        wrong, right = b"Authorization: Bearer wrong\r\n", b"Authorization: Bearer right\r\n"
        for headers, status in (
            (wrong + wrong, 401),
            (right + right, 200),
            (b"Authorization: Basic right\r\n", 401),
            (b"Authorization: right\r\n", 401),
            (b"Authorization: Bearer\r\n", 401),
            (b"Authorization: Bearer \xff\xfe\r\n", 401),
            (b"Authorization: Bearer " + b"r" * 9000 + b"\r\n", 401),
            (b"Authorization: Bearer right, Bearer wrong\r\n", 401),
            (b"Api-Key: right\r\n", 200),
            (b"Api-Key: righ\r\n", 401),
            (b"Api-Key: right\xc2\xa0\r\n", 401),
            (b"Cookie: api-key=right\r\n", 401),
        ):
            assert sent(server, GET + headers + b"\r\n").status == status, headers
        assert ask(server, "GET", "/v1/models?api-key=right&api_key=right").status == 401


BODIES: dict[str, tuple[bytes, int]] = {
    "deep list": (b"[" * 100_000, 400),
    "deep object": (b'{"a":' * 100_000, 400),
    "deep enough to be parsed": (b'{"model":"m","metadata":' + b'{"a":' * 190 + b"1" + b"}" * 191, 400),
    "too deep to be stored": (
        b'{"model":"m","tools":[{"type":"function","function":{"name":"f","parameters":'
        + b'{"a":' * 300 + b"1" + b"}" * 300 + b"}}]}",
        400,
    ),
    "NaN": (b'{"model":"m","temperature":NaN}', 400),
    "infinity": (b'{"model":"m","temperature":-Infinity}', 400),
    "number beyond a float": (b'{"model":"m","temperature":1e400}', 400),
    "number of many digits": (b'{"model":"m","temperature":' + b"9" * 5000 + b"}", 400),
    "fraction of many digits": (b'{"model":"m","temperature":0.' + b"1" * 5000 + b"}", 400),
    "half a pair": (b'{"model":"\\ud800"}', 400),
    "half a pair in a key": (b'{"model":"m","metadata":{"\\udfff":"a"}}', 400),
    "NUL as it is": (b'{"model":"a\0b"}', 400),
    "mark of order": (b'\xef\xbb\xbf{"model":"m"}', 400),
    "UTF-16": ('{"model":"m"}'.encode("utf-16"), 400),
    "no UTF-8": (b'{"model":"\xff\xfe"}', 400),
    "overlong UTF-8": (b'{"model":"\xc0\xaf"}', 400),
    "list": (b"[]", 400),
    "text": (b'"x"', 400),
    "null": (b"null", 400),
    "two values": (b"{}{}", 400),
    "many values": (b'{"model":"m","tools":[' + b"{}," * 200_000 + b"{}]}", 400),
    "many members": (b'{"model":"m",' + b",".join(b'"k%d":1' % i for i in range(5000)) + b"}", 400),
    "long name": (b'{"' + b"a" * 500_000 + b'":1}', 400),
    "names of Python": (b'{"__class__":"x","__dict__":{"a":1},"model":"m"}', 400),
    "commas in a text": (b'{"model":"m","metadata":{"a":"b"},"description":"' + b",[{" * 100 + b'"}', 200),
    "NUL": (b'{"model":"a\\u0000b","name":"\\u0000","metadata":{"\\u0000":"\\u0000\\uffff"}}', 200),
}  # fmt: skip


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES)
def test_odd_bodies_are_answered(target: LocalServer, body: bytes, status: int) -> None:
    answer = ask(target, "POST", "/v1/assistants", body=body)
    assert answer.status == status, answer.body[:500]
    if status >= 400:
        assert answer.error["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"model":"m","%s":1}', id="name"),
        pytest.param(b'{"model":"m","metadata":{"%s":1}}', id="inner name"),
        pytest.param(b'{"model":"m","tools":[{"type":"%s"}]}', id="value"),
        pytest.param(b'{"model":"m","tool_resources":{"code_interpreter":{"file_ids":["%s"]}}}', id="id"),
    ],
)
def test_errors_quote_no_whole_body(target: LocalServer, body: bytes) -> None:
    answer = ask(target, "POST", "/v1/assistants", body=body % (b"begin" + b"x" * 1_000_000 + b"end"))
    assert answer.status in (400, 404) and len(answer.body) < 10_000
    assert "begin" in answer.error["message"] and "end" in answer.error["message"]


def test_of_two_values_of_one_name_the_last_counts_everywhere(target: LocalServer) -> None:
    body = b'{"model":"first","model":"last","metadata":{"a":"1","a":"2"}}'
    made = ask(target, "POST", "/v1/assistants", body=body).json()
    assert (made["model"], made["metadata"]) == ("last", {"a": "2"})


def test_what_a_body_becomes_in_memory_is_bounded() -> None:
    """JSON never becomes many times as much, however it is made."""
    size = 4 << 20
    worst: list[tuple[str, bytes]] = [
        ("objects", b'{"a":[' + b"{}," * (size // 3) + b"{}]}"),
        ("members", b"{" + b",".join(b'"%d":1' % i for i in range(size // 11)) + b"}"),
        ("text of wide characters", '{"a":"😀'.encode() + b"a" * (size - 20) + b'"}'),
        ("commas in text", b'{"a":"' + b"," * (size - 20) + b'"}'),
    ]
    for name, body in worst:
        tracemalloc.start()
        try:
            parse_json(body)
            refused = False
        except ApiError as error:
            refused = "values" in error.message
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert refused == (name in ("objects", "members"))
        assert peak < 10 * size, (name, peak)


@pytest.mark.parametrize(("texts", "is_refused"), [(9, False), (10, False), (11, True), (40, True)])
def test_values_of_a_body_are_counted(monkeypatch: pytest.MonkeyPatch, texts: int, is_refused: bool) -> None:
    monkeypatch.setattr(bodies, "_MAX_VALUES", 10)
    raw = json.dumps(["a,[{"] * texts).encode()
    if is_refused:
        with pytest.raises(ApiError, match="holds more than 10 values"):
            parse_json(raw)
    else:
        assert parse_json(raw) == ["a,[{"] * texts


def test_lists_of_everything_stay_lists(target: LocalServer) -> None:
    """Ids of every odd kind in every place of a path."""
    ids: list[Any] = [
        "..", ".", "%2e%2e%2f", "%00", "a%00b", "%0d%0aX:%20y", "%F0%9F%98%80", "%ED%A0%80", "%", "%%", "a" * 9000,
        "-1",
        "1e9", "null",
         "undefined", "*", "%25", "_", "'", "%22", "1;DROP%20TABLE%20files", "'%20OR%20'1'='1", "\\", "%5C",
        "asst_", "file-", "file-%2e%2e", "$ne", "[]", "{}",
        "__proto__", "%C0%AF", "%u0041", "+", "~", "@", ":", "=", "&",
    ]  # fmt: skip
    before = ask(target, "GET", "/v1/files").json()["data"]
    places = [
        "/v1/assistants/{}", "/v1/threads/{}", "/v1/threads/{}/messages", "/v1/threads/{}/messages/{}", "/v1/files/{}",
        "/v1/threads/{}/runs/{}/steps/{}", "/v1/files/{}/content", "/v1/vector_stores/{}", "/v1/batches/{}",
        "/v1/vector_stores/{}/files/{}/content", "/v1/vector_stores/{}/file_batches/{}/files",
    ]  # fmt: skip
    with wire(target) as connection:
        for place in places:
            for each in ids:
                connection.request("GET", place.replace("{}", each))
                answer = connection.answer()
                assert answer is not None and answer.status == 404, (place, each)
                json.loads(answer.body)
    assert ask(target, "GET", "/v1/files").json()["data"] == before
