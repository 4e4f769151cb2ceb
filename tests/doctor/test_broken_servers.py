"""Servers that are none, or hardly: the doctor says so in clear words, soon, and without a traceback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from openai_assistants import OpenAI, _polling
from openai_assistants.cli.doctor import sentences, to_json, to_text
from openai_assistants.cli.doctor.checks import DIFFERENT, UNREACHABLE
from openai_assistants.cli.doctor.examination import examine
from openai_assistants.server import Fault, LocalServer
from openai_assistants.server.dialects import Dialect

from .support import KEY, examined, examined_answers

PAGE = b"<!doctype html><html><body>Sign in</body></html>"


def always(status: int, content: bytes, media: str = "application/json") -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(status, content=content, headers={"content-type": media})


def fails(error: type[httpx.TransportError], words: str) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error(words, request=request)

    return answer


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize(
    ("answer", "requests", "said"),
    [
        (fails(httpx.ConnectError, "[Errno 111] Connection refused"), 1, "Connection refused"),
        (fails(httpx.ConnectError, "[SSL: CERTIFICATE_VERIFY_FAILED]"), 1, "CERTIFICATE_VERIFY_FAILED"),
        (fails(httpx.ConnectTimeout, ""), 1, "Timed out while connecting"),
        (fails(httpx.ReadTimeout, ""), 3, "3 calls in a row had no answer; the last: Timed out"),
        (fails(httpx.ReadError, "[Errno 104] Connection reset by peer"), 3, "Connection reset by peer"),
        (fails(httpx.RemoteProtocolError, "illegal status line"), 3, "illegal status line"),
        (always(401, b'{"error": {"message": "No key."}}'), 3, "the server wants another key: set OPENAI_API_KEY"),
        (always(403, b"Forbidden", "text/plain"), 3, "the server wants another key"),
        (always(200, PAGE, "text/html"), 24, "answered 200 with an HTML page, not JSON: is base_url the address"),
        (always(404, PAGE, "text/html"), 24, "the answer is an HTML page, not JSON: is base_url the address of an API"),
        (always(404, b'{"detail": "Not Found"}'), 24, "404 Not Found: Not Found"),
        (always(500, b"boom", "text/plain"), 24, "500 Internal Server Error: boom"),
        (always(502, b""), 24, "502 Bad Gateway"),
        (always(429, b'{"error": {"message": "Slow down."}}'), 24, "429 Too Many Requests: Slow down."),
        (always(200, b"{}"), 24, "an object without a list"),
        (always(200, b""), 24, "an object without a list"),
        (always(200, b"nonsense", "text/plain"), 24, "with a body that is not valid JSON"),
        (always(200, b'"text"'), 24, "something else than the API documents"),
        (always(302, b""), 24, "302 Found"),
    ],
)
def test_nothing_of_the_api(answer: Any, requests: int, said: str, write: bool) -> None:
    seen: list[httpx.Request] = []

    def counting(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        response: httpx.Response = answer(request)
        return response

    report = examined_answers(counting, write=write)
    assert report.exit_code == UNREACHABLE
    assert report.problem is not None and said in report.problem
    text = to_text(report)
    assert text.count("The server cannot be examined: ") == 1 and "Nothing of this API can be reached" not in text
    assert "openai-assistants-doctor" not in text
    assert (len(seen), {request.method for request in seen}) == (requests, {"GET"})
    assert report.left_behind == []


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("content", [b"[1, 2]", b'{"id": 5, "data": [{}, 7, null]}', b'{"id": "x", "data": []}'])
def test_answers_of_the_wrong_kind_end_no_examination(content: bytes, write: bool) -> None:
    report = examined_answers(always(200, content), write=write, timeout=0.2)
    assert report.exit_code == DIFFERENT and report.findings
    assert any("answered as if it did: programs never get NotFoundError" in said for said in sentences(report))
    assert to_text(report) and to_json(report)


def test_objects_without_anything_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything can be made, and nothing is known of it but its id."""
    monkeypatch.setattr(_polling, "DEFAULT_WAIT", 0.01)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and "_0000" in request.url.path:
            return httpx.Response(404, json={"error": {"message": "No such thing."}})
        if request.method == "GET" and request.url.path.count("/") in (2, 4, 6):
            return httpx.Response(200, json={"object": "list", "data": [], "has_more": False})
        return httpx.Response(200, json={"id": "thing_1", "deleted": True})

    report = examined_answers(answer, write=True, timeout=0.05)
    assert report.exit_code == DIFFERENT
    assert any("no id, no thread or no status" in note for note in report.notes)
    assert to_text(report)


@contextmanager
def listening(handle: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server of raw connections."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        connections: list[socket.socket] = []

        def accept() -> None:
            while not over.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                connections.append(connection)
                handle(connection)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        finally:
            over.set()
            thread.join()
            for connection in connections:
                connection.close()


def dripping(connection: socket.socket) -> None:
    """An answer that never ends, a byte now and then."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{")

    def drip() -> None:
        try:
            while True:
                connection.sendall(b" ")
                time.sleep(0.01)
        except OSError:
            pass

    threading.Thread(target=drip, daemon=True).start()


@pytest.mark.parametrize("handle", [lambda connection: None, dripping], ids=["hangs", "drips"])
def test_a_server_that_hangs_is_left_soon(handle: Any) -> None:
    with listening(handle) as url, OpenAI(base_url=url, api_key=KEY, max_retries=0) as client:
        started = time.monotonic()
        report = examine(client, timeout=0.2)
        assert time.monotonic() - started < 12 * 0.2 + 5
    assert report.exit_code == UNREACHABLE
    assert report.problem is not None and "3 calls in a row had no answer" in report.problem


def test_the_whole_has_an_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every other call hangs, so that never three in a row do."""
    clock = [0.0]

    class Time:
        @staticmethod
        def monotonic() -> float:
            return clock[0]

    monkeypatch.setattr("openai_assistants.cli.doctor.walk.time", Time)

    def answer(request: httpx.Request) -> httpx.Response:
        clock[0] += 2.0
        return httpx.Response(404, json={"error": {"message": "No such thing."}})

    report = examined_answers(answer, timeout=2.0)
    assert report.problem is not None and "this took longer than 24 s in all; --timeout" in report.problem
    assert len([each for each in report.operations.values() if each.said == "the examination ended before"]) > 10


def test_a_server_that_stops_answering_ends_the_examination_early() -> None:
    with LocalServer(in_process=True, drain_seconds=0.0) as server:
        server.faults.add(Fault("reset_before", skip=10, times=None))
        report = examined(server)
    assert report.exit_code == DIFFERENT
    assert "The examination ended early: 3 calls in a row had no answer" in to_text(report)


def test_a_base_url_without_v1_gets_a_hint() -> None:
    report = examined_answers(always(404, b'{"detail": "Not Found"}'))
    assert not any("/v1?" in note for note in report.notes)
    http = httpx.Client(transport=httpx.MockTransport(always(404, b'{"detail": "Not Found"}')))
    with OpenAI(base_url="http://localhost", api_key=KEY, max_retries=0, http_client=http) as client:
        report = examine(client)
    assert "does base_url end with /v1?" in to_text(report)


def test_what_a_server_says_does_not_steer_a_terminal() -> None:
    said = b'{"error": {"message": "\\u001b[31mred\\u0007 \\u009b2J"}}'
    text = to_text(examined_answers(always(400, said)))
    assert "red" in text and all(character.isprintable() or character == "\n" for character in text)


def test_one_answer_that_fails_does_not_hide_the_others() -> None:
    dialect = Dialect()
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=dialect) as server:
        server.faults.add(Fault("status", operation="listFiles", status=500, times=None))
        server.faults.add(Fault("reset_after", operation="listModels", times=None))
        report = examined(server)
    failing = {each.operation: each.said for each in report.with_verdict("fails")}
    assert failing.keys() == {"listFiles", "listModels"} and failing["listFiles"].startswith("500 ")
    assert len(report.with_verdict("answers")) == 21
    assert report.exit_code == DIFFERENT
