"""Making, copying and closing clients."""

from __future__ import annotations

import copy
import inspect
import logging
import math
import os
import pickle
import signal
import threading
from typing import Any, Iterator

import httpx
import pytest

import openai_assistants as package
from openai_assistants import (
    DEFAULT_TIMEOUT,
    AsyncOpenAI,
    DefaultAsyncHttpxClient,
    DefaultHttpxClient,
    OpenAI,
    OpenAIError,
    omit,
)
from openai_assistants.resources import Beta

from .support import FLAVOURS, KEY, Flavour, serve

SYNC = FLAVOURS[0]
KINDS = [OpenAI, AsyncOpenAI]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def client_of(flavour: Flavour, server: Any = None, **settings: Any) -> Any:
    """A client over a function from request to answer."""
    kind = AsyncOpenAI if flavour.is_async else OpenAI
    http = flavour.http(server or serve(httpx.Response(200, json={"id": "asst_1"})))
    return kind(**{"api_key": KEY, "base_url": "https://api.test/v1", "http_client": http, **settings})


def retrieve(flavour: Flavour, client: Any) -> Any:
    return flavour.do(lambda: client.beta.assistants.retrieve("asst_1"))


@each_kind
def test_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    for name, value in [("API_KEY", "k"), ("ORG_ID", "o"), ("PROJECT_ID", "p"), ("BASE_URL", "http://localhost:1/v2")]:
        monkeypatch.setenv(f"OPENAI_{name}", value)
    client = kind()
    assert (client.api_key, client.organization, client.project) == ("k", "o", "p")
    assert str(client.base_url) == "http://localhost:1/v2/"
    given = kind(api_key="k2", organization="o2", project="p2", base_url="https://api.test")
    assert (given.api_key, given.organization, given.project) == ("k2", "o2", "p2")
    assert str(given.base_url) == "https://api.test/"


@each_kind
@pytest.mark.parametrize("key", [None, ""])
def test_no_key_says_what_to_do(kind: Any, key: str | None) -> None:
    with pytest.raises(OpenAIError, match=r"api_key=.*OPENAI_API_KEY"):
        kind(api_key=key)


@each_kind
def test_defaults(kind: Any) -> None:
    client = kind(api_key=KEY)
    assert str(client.base_url) == "https://api.openai.com/v1/"
    assert client.timeout == DEFAULT_TIMEOUT == httpx.Timeout(600.0, connect=5.0)
    assert client.max_retries == 2
    assert (client.organization, client.project) == (None, None)
    assert (client.default_headers, client.default_query) == ({}, {})
    assert client.is_closed() is False


@each_kind
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://api.test/v1", "https://api.test/v1/"),
        ("https://api.test/v1/", "https://api.test/v1/"),
        ("https://api.test", "https://api.test/"),
        ("http://[::1]:8000/openai/v1", "http://[::1]:8000/openai/v1/"),
        (httpx.URL("https://api.test/v1"), "https://api.test/v1/"),
    ],
)
def test_base_url(kind: Any, given: Any, expected: str) -> None:
    client = kind(api_key=KEY, base_url=given)
    assert isinstance(client.base_url, httpx.URL)
    assert str(client.base_url) == expected
    client.base_url = "https://later.test/x"
    assert str(client.base_url) == "https://later.test/x/"


@each_kind
@pytest.mark.parametrize(
    "url",
    ["api.test/v1", "/v1", "ftp://api.test", "https://", "https://api.test?x=1", "localhost:8000", 5],
)
def test_a_base_url_that_is_none_is_refused(kind: Any, url: Any) -> None:
    with pytest.raises(OpenAIError, match="base_url"):
        kind(api_key=KEY, base_url=url)
    client = kind(api_key=KEY)
    with pytest.raises(OpenAIError, match="base_url"):
        client.base_url = url


def test_requests_go_below_the_base_url_as_it_is_then(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={"id": "asst_1"}))
    client = client_of(flavour, server)
    retrieve(flavour, client)
    client.base_url = "https://later.test"
    client.api_key = "later"
    retrieve(flavour, client)
    assert [str(request.url) for request in server.requests] == [
        "https://api.test/v1/assistants/asst_1",
        "https://later.test/assistants/asst_1",
    ]
    assert server.sent("authorization") == [f"Bearer {KEY}", "Bearer later"]


@each_kind
def test_max_retries(kind: Any) -> None:
    assert kind(api_key=KEY, max_retries=0).max_retries == 0
    assert kind(api_key=KEY, max_retries=math.inf).max_retries == math.inf
    with pytest.raises(TypeError, match=r"max_retries.*math.inf"):
        kind(api_key=KEY, max_retries=None)


@pytest.mark.parametrize(
    ("kind", "http", "words"),
    [
        (OpenAI, httpx.AsyncClient(), "DefaultHttpxClient"),
        (AsyncOpenAI, httpx.Client(), "DefaultAsyncHttpxClient"),
        (OpenAI, "http://proxy", "DefaultHttpxClient"),
        (OpenAI, httpx.Client, "DefaultHttpxClient"),
    ],
    ids=["async for sync", "sync for async", "text", "class"],
)
def test_the_wrong_kind_of_http_client_is_refused(kind: Any, http: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        kind(api_key=KEY, http_client=http)


@each_kind
def test_a_proxy_beside_an_http_client_is_refused(kind: Any) -> None:
    http = httpx.Client() if kind is OpenAI else httpx.AsyncClient()
    with pytest.raises(TypeError, match="proxy"):
        kind(api_key=KEY, http_client=http, proxy="http://proxy.test")


@pytest.mark.parametrize(
    ("own", "given", "expected"),
    [
        ({}, {}, DEFAULT_TIMEOUT),
        ({"timeout": 7.0}, {}, httpx.Timeout(7.0)),
        ({"timeout": None}, {}, httpx.Timeout(None)),
        ({"timeout": 7.0}, {"timeout": 3.0}, httpx.Timeout(3.0)),
        ({"timeout": 7.0}, {"timeout": None}, httpx.Timeout(None)),
        ({}, {"timeout": httpx.Timeout(9.0, connect=1.0)}, httpx.Timeout(9.0, connect=1.0)),
    ],
)
def test_timeout_of_a_passed_http_client(flavour: Flavour, own: Any, given: Any, expected: httpx.Timeout) -> None:
    server = serve(httpx.Response(200, json={"id": "asst_1"}))
    client = client_of(flavour, http_client=flavour.http(server, **own), **given)
    retrieve(flavour, client)
    assert server.requests[0].extensions["timeout"] == expected.as_dict()


@pytest.mark.parametrize("cls", [DefaultHttpxClient, DefaultAsyncHttpxClient])
def test_default_http_clients(cls: Any) -> None:
    assert cls().timeout == DEFAULT_TIMEOUT
    assert cls().follow_redirects is True
    assert cls(timeout=1.0).timeout == httpx.Timeout(1.0)


@pytest.mark.parametrize("method", ["copy", "with_options"])
@each_kind
def test_a_copy_changes_only_what_is_said(kind: Any, method: str) -> None:
    client = kind(
        api_key=KEY,
        organization="o",
        project="p",
        base_url="https://api.test/v1",
        timeout=3.0,
        max_retries=5,
        default_headers={"X-A": "1", "X-B": "1"},
        default_query={"a": "1", "b": "1"},
        strict=True,
    )

    def settings(of: Any) -> list[Any]:
        names = ["api_key", "organization", "project", "base_url", "timeout", "max_retries", "default_headers"]
        return [getattr(of, name) for name in [*names, "default_query", "strict"]]

    make = getattr(client, method)
    before = settings(client)
    assert type(make()) is kind
    assert settings(make()) == before
    assert make(timeout=None).timeout is None
    assert make(max_retries=0).max_retries == 0
    assert make(strict=False).strict is False
    assert make(api_key="other").api_key == "other"
    assert str(make(base_url="https://x.test").base_url) == "https://x.test/"
    assert make(default_headers={"X-B": "2", "X-C": "2"}).default_headers == {"X-A": "1", "X-B": "2", "X-C": "2"}
    assert make(default_headers={"x-b": omit}).default_headers.get("X-A") == "1"
    assert make(set_default_headers={"X-C": "2"}).default_headers == {"X-C": "2"}
    assert make(set_default_headers={}).default_headers == {}
    assert make(default_query={"b": "2"}).default_query == {"a": "1", "b": "2"}
    assert make(set_default_query={"c": "2"}).default_query == {"c": "2"}
    for both in ("headers", "query"):
        with pytest.raises(ValueError, match=f"set_default_{both}"):
            make(**{f"default_{both}": {}, f"set_default_{both}": {}})
    assert settings(client) == before


@each_kind
def test_an_argument_that_a_client_does_not_take(kind: Any) -> None:
    client = kind(api_key=KEY)
    for make in (client.copy, client.with_options, kind):
        with pytest.raises(
            TypeError, match=r"^deadline is given with each call, such as .*deadline=\.\.\.\)"
        ) as caught:
            make(deadline=5)
        assert "A client takes api_key, organization, project, base_url" in str(caught.value)
        with pytest.raises(TypeError, match=r"^unexpected keyword argument: timeuot\. A client takes .*timeout"):
            make(timeuot=5)
        with pytest.raises(TypeError, match="given by name"):
            make("sk-secret")
    assert "set_default_query" in inspect.signature(client.copy).parameters
    assert "proxy" in inspect.signature(kind).parameters


@each_kind
def test_an_environment_that_changes_later_does_not_change_a_copy(monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    client = kind(api_key=KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", "late")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "late")
    again = client.copy()
    assert (again.organization, again.project) == (None, None)


def test_headers_of_a_copy_replace_others_whatever_their_spelling(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={"id": "asst_1"}))
    client = client_of(flavour, server, default_headers={"X-Mine": "1"})
    retrieve(flavour, client.with_options(default_headers={"x-mine": "2"}))
    retrieve(flavour, client.with_options(default_headers={"x-mine": omit}))
    assert server.sent("x-mine") == ["2", None]


def test_a_copy_shares_the_connections(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={"id": "asst_1"}))
    client = client_of(flavour, server)
    retrieve(flavour, client.copy(max_retries=0))
    assert len(server.requests) == 1
    flavour.do(client.close)
    assert client.copy().is_closed()


def test_a_copy_with_an_http_client_of_its_own_uses_that(flavour: Flavour) -> None:
    first, second = (serve(httpx.Response(200, json={"id": "asst_1"})) for _ in range(2))
    client = client_of(flavour, first)
    copied = client.copy(http_client=flavour.http(second))
    retrieve(flavour, copied)
    assert (len(first.requests), len(second.requests)) == (0, 1)
    flavour.do(client.close)
    assert not copied.is_closed()


class Later:
    """Awaitable, but no coroutine."""

    def __await__(self) -> Iterator[Any]:
        return iter(())


def test_a_key_function_that_must_be_awaited_is_refused_by_the_sync_client() -> None:
    client = client_of(SYNC, api_key=Later)
    with pytest.raises(TypeError, match="api_key is an async function"):
        retrieve(SYNC, client)


def test_a_key_function(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={"id": "asst_1"}))
    client = client_of(flavour, server, api_key=lambda: "asked")
    assert client.api_key == ""
    retrieve(flavour, client)
    retrieve(flavour, client.copy())
    assert server.sent("authorization") == ["Bearer asked", "Bearer asked"]


def test_a_closed_client_says_so(flavour: Flavour) -> None:
    client = client_of(flavour)
    assert client.is_closed() is False
    flavour.do(client.close)
    assert client.is_closed() is True
    with pytest.raises(OpenAIError, match="closed"):
        retrieve(flavour, client)
    flavour.do(client.close)


def test_closing_a_client_that_was_never_used(flavour: Flavour) -> None:
    client = AsyncOpenAI(api_key=KEY) if flavour.is_async else OpenAI(api_key=KEY)
    flavour.do(client.close)
    assert client.is_closed() is True
    with pytest.raises(OpenAIError, match="closed"):
        retrieve(flavour, client)


def test_context_manager(flavour: Flavour) -> None:
    client = client_of(flavour)

    async def awaiting() -> Any:
        async with client as same:
            return same, (await same.beta.assistants.retrieve("asst_1")).id

    def blocking() -> Any:
        with client as same:
            return same, same.beta.assistants.retrieve("asst_1").id

    assert flavour.do(awaiting if flavour.is_async else blocking) == (client, "asst_1")
    assert client.is_closed()


@each_kind
def test_a_client_shows_no_secrets(kind: Any) -> None:
    client = kind(
        api_key=KEY,
        base_url=f"https://user:{KEY}@api.test/v1",
        default_headers={"api-key": KEY},
        default_query={"key": KEY},
    )
    for text in (repr(client), str(client), repr(client.beta), repr(client.connection), repr(client.copy())):
        assert KEY not in text
    assert "api.test" in repr(client)


@each_kind
def test_a_client_cannot_be_pickled(kind: Any) -> None:
    client = kind(api_key=KEY)
    for duplicate in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled"):
            duplicate(client)


def test_threads_that_begin_together_share_one_http_client(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[httpx.Client] = []
    together = threading.Barrier(4, timeout=5.0)

    def make(self: OpenAI) -> httpx.Client:
        http = httpx.Client(transport=httpx.MockTransport(serve(httpx.Response(200, json={"id": "asst_1"}))))
        made.append(http)
        threading.Event().wait(0.005)  # as reading the certificates would
        return http

    monkeypatch.setattr(OpenAI, "_make_http", make)
    client = OpenAI(api_key=KEY, base_url="https://api.test")

    def work() -> None:
        together.wait()
        client.beta.assistants.retrieve("asst_1")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_process_that_is_forked_while_a_resource_is_made_makes_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, enough, parent = threading.Event(), threading.Event(), os.getpid()

    def slow(resource: Any, connection: Any) -> None:
        resource._connection = connection
        if os.getpid() == parent:
            begun.set()
            enough.wait(60)

    monkeypatch.setattr(Beta, "__init__", slow)
    client = OpenAI(api_key=KEY)
    thread = threading.Thread(target=lambda: client.beta)
    thread.start()
    begun.wait()
    child = os.fork()
    if not child:
        signal.alarm(20)  # ends the process if it hangs
        os._exit(0 if isinstance(OpenAI(api_key=KEY).beta, Beta) else 1)
    enough.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize("level", ["info", "debug", "INFO"])
def test_logging_by_environment(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    logger = logging.getLogger("openai_assistants")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "level", logging.NOTSET)
    monkeypatch.setenv("OPENAI_LOG", level)
    OpenAI(api_key=KEY)
    OpenAI(api_key=KEY)
    assert len(logger.handlers) == 1
    assert logger.level == getattr(logging, level.upper())
    logger.setLevel(logging.NOTSET)


def test_logs_of_the_http_libraries_that_are_formed_otherwise_are_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    retrieve(SYNC, client_of(SYNC))
    logging.getLogger("httpx").warning("%(first)s and %(second)s", {"first": "one", "second": "two"})
    assert "one and two" in caplog.text


def test_another_level_of_logging_is_warned_of_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("openai_assistants._logs._told", set())
    monkeypatch.setenv("OPENAI_LOG", "foo")
    OpenAI(api_key=KEY)
    OpenAI(api_key=KEY)
    assert caplog.messages == ["OPENAI_LOG is 'info' or 'debug', not 'foo': requests are not logged"]


def test_an_empty_path_argument_sends_nothing(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={}))
    client = client_of(flavour, server)
    with pytest.raises(ValueError, match="assistant_id"):
        flavour.do(lambda: client.beta.assistants.retrieve(""))
    assert server.requests == []


@pytest.mark.parametrize("file", ["notes.txt", None, 5], ids=repr)
def test_a_path_given_as_text_is_refused(flavour: Flavour, file: Any) -> None:
    server = serve(httpx.Response(200, json={}))
    client = client_of(flavour, server)
    with pytest.raises(TypeError, match=r"file must be bytes.*pathlib.Path"):
        flavour.do(lambda: client.files.create(file=file, purpose="assistants"))
    assert server.requests == []


def test_older_names() -> None:
    assert package.Client is OpenAI
    assert package.AsyncClient is AsyncOpenAI
    assert package.NOT_GIVEN is package.not_given is package.omit
    assert package.NotGiven is package.Omit
    assert package.Timeout is httpx.Timeout
    assert package.Transport is httpx.BaseTransport
    assert package.NoneType is type(None)
    assert package.__version__ == package.VERSION
