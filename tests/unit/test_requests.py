"""Requests of HTTP clients that we made are built in a shorter way, with the same outcome as the library's own."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from openai_assistants import AsyncOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient, OpenAI
from openai_assistants._http_clients import build_request

URL = "https://api.test/v1/threads/th%2Fread/messages?limit=1"
HEADERS = {"accept": "text/event-stream", "user-agent": "us", "authorization": "Bearer key", "x-new": ""}


@pytest.fixture(params=["sync", "async"])
def http(request: pytest.FixtureRequest) -> httpx.Client | httpx.AsyncClient:
    """As our clients make them."""
    client = OpenAI(api_key="key") if request.param == "sync" else AsyncOpenAI(api_key="key")
    made = client._make_http()
    assert isinstance(made, DefaultHttpxClient | DefaultAsyncHttpxClient)
    return made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which requests the library has built."""
    found: list[str] = []
    for kind in (httpx.Client, httpx.AsyncClient):
        original = kind.build_request

        def build(self: Any, method: str, *args: Any, original: Any = original, **settings: Any) -> httpx.Request:
            found.append(method)
            return original(self, method, *args, **settings)

        monkeypatch.setattr(kind, "build_request", build)
    return found


def seen(request: httpx.Request) -> tuple[Any, ...]:
    return request.method, request.url, request.headers.raw, request.extensions, request.read()


@pytest.mark.parametrize("timeout", [None, 3.5, httpx.Timeout(600.0, connect=5.0)])
@pytest.mark.parametrize(
    ("method", "content"),
    [("GET", {}), ("DELETE", {}), ("POST", {}), ("POST", {"content": b'{"a":1}'}), ("POST", {"content": "text"})],
)
def test_they_are_those_of_the_library(http: Any, asked: list[str], method: str, content: Any, timeout: Any) -> None:
    ours = build_request(http, method, URL, HEADERS, timeout, content)
    assert asked == []
    theirs = http.build_request(method, URL, headers=HEADERS, timeout=timeout, **content)
    assert seen(ours) == seen(theirs)


def test_headers_that_the_client_was_given_later_are_sent(http: Any, asked: list[str]) -> None:
    http.headers["connection"] = "close"
    http.headers["User-Agent"] = "another"
    ours = build_request(http, "GET", URL, HEADERS, None, {})
    assert (ours.headers["connection"], ours.headers.get_list("user-agent"), asked) == ("close", ["us"], [])


def test_cookies_that_a_server_has_set_are_sent(http: Any, asked: list[str]) -> None:
    http.cookies.set("session", "1", domain="api.test")
    assert build_request(http, "GET", URL, HEADERS, None, {}).headers["cookie"] == "session=1"
    assert asked == ["GET"]


def test_what_goes_wrong_in_a_client_of_a_program_comes_out() -> None:
    class Broken(httpx.Client):
        def build_request(self, *args: Any, **kwargs: Any) -> httpx.Request:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        OpenAI(api_key="key", http_client=Broken()).beta.threads.retrieve("thread_1")


@pytest.mark.parametrize("kind", [httpx.Client, DefaultHttpxClient])
def test_clients_of_a_program_build_their_own(kind: Any, asked: list[str]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert (request.url.params["api"], request.headers["x-mine"]) == ("1", "yes")
        return httpx.Response(200, json={"id": "thread_1", "object": "thread", "created_at": 1})

    http = kind(params={"api": "1"}, headers={"x-mine": "yes"}, transport=httpx.MockTransport(answer))
    OpenAI(api_key="key", base_url="https://api.test/v1", http_client=http).beta.threads.retrieve("thread_1")
    assert asked == ["GET"]
