"""Secrets that nothing tells by their name: in a query of the HTTP client's own, in a pair of user name and password,
in headers of which nothing is known, in cookies, in what HTTP/2 logs."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from typing import Any

import httpx
import httpx2
import pytest

from openai_assistants import APIConnectionError, APIStatusError, AsyncOpenAI, OpenAI
from openai_assistants._logs import guard_logs
from openai_assistants.server import Fault, LocalServer
from tests.unit.support import Flavour

from .search import MARK, Records, finds, listening
from .support import check, client_of, get

KEY = "sk-0123456789"


def client_with(flavour: Flavour, library: Any, answer: Any, http: dict[str, Any], **settings: Any) -> Any:
    """A client over an HTTP client of its own, whose server answers so."""
    transport = library.MockTransport(answer)
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    passed = (library.AsyncClient if flavour.is_async else library.Client)(transport=transport, **http)
    given: dict[str, Any] = {"api_key": KEY, "base_url": "http://localhost/v1", "max_retries": 0}
    return kind(**{**given, **settings, "http_client": passed})


def quoting(library: Any, *, status: int = 401) -> Callable[[Any], Any]:
    """A server that says everything of a request, also decoded."""

    def answer(request: Any) -> Any:
        told = [str(request.url.query), *(f"{name}: {value}" for name, value in request.headers.items())]
        scheme, _, credentials = request.headers["authorization"].partition(" ")
        if scheme == "Basic":
            told += base64.b64decode(credentials).decode().partition(":")
        told += [pair.partition("=")[2] for pair in request.headers.get("cookie", "").split("; ")]
        return library.Response(status, json={"error": {"message": " | ".join(told)}})

    return answer


SECRETS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "params": ({"params": {"foo": MARK, "limit": "5"}}, {}),
    "password": ({"auth": ("somebody", MARK)}, {}),
    "odd password": ({"auth": ("somebody", f"{MARK}:ü/+")}, {}),
    "token as name": ({"auth": (MARK, "")}, {}),
    "token as name with any password": ({"auth": (MARK, "x")}, {}),
    "token in the URL": ({}, {"base_url": f"http://{MARK}@localhost/v1"}),
    "password in the URL": ({}, {"base_url": f"http://somebody:{MARK}@localhost/v1"}),
    "odd header": ({}, {"default_headers": {"X-Foo": MARK}}),
    "odd header with a scheme": ({}, {"default_headers": {"X-Foo": f"Tok {MARK}"}}),
    "odd header of the HTTP client": ({"headers": {"X-Foo": MARK}}, {}),
    "cookies": ({"cookies": {"foo": MARK, "bar": "baz"}}, {}),
}


@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize(("http", "settings"), SECRETS.values(), ids=SECRETS)
def test_a_server_that_quotes_what_nobody_calls_a_secret(
    flavour: Flavour, library: Any, http: dict[str, Any], settings: dict[str, Any]
) -> None:
    error = check(flavour, client_with(flavour, library, quoting(library), http, **settings), get)
    assert isinstance(error, APIStatusError)
    assert "***" in str(error) and "application/json" in str(error)


@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize(("http", "settings"), SECRETS.values(), ids=SECRETS)
def test_a_server_that_does_not_answer(
    flavour: Flavour, library: Any, http: dict[str, Any], settings: dict[str, Any]
) -> None:
    def broken(request: Any) -> Any:
        raise library.ConnectError("no", request=request)

    error = check(flavour, client_with(flavour, library, broken, http, **settings), get)
    assert isinstance(error, APIConnectionError)


def test_good_answers_are_logged_without_the_query_of_the_http_client(flavour: Flavour) -> None:
    def good(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"object": "list", "data": []})

    client = client_with(flavour, httpx, good, {"params": {"quux": MARK, "limit": "5"}})
    with listening() as records:
        flavour.do(lambda: client.models.list())
    [line] = [text for where, text in records.texts() if where == "log of httpx"]
    assert "quux=***" in line and "limit=5" in line
    assert not [text for _, text in records.texts() if MARK in text]


def test_parameters_that_come_later_are_known_too(flavour: Flavour) -> None:
    client = client_with(flavour, httpx, quoting(httpx), {})
    client._passed_http.params = {"corge": MARK}
    assert isinstance(check(flavour, client, get), APIStatusError)


def test_what_the_request_says_elsewhere_is_no_secret(flavour: Flavour) -> None:
    """Otherwise nobody could read what is wrong with a model, or with an id."""
    headers = {
        "X-Model": "gpt-of-mine-4",
        "X-Kind": "application/json",
        "X-Thread": "thread_abc123",
        "X-Title": "Invoices of Customers",
        "X-Flag": "true",
        "X-Unknown": MARK,
    }

    def refuse(request: httpx.Request) -> httpx.Response:
        said = "gpt-of-mine-4, application/json, thread_abc123, Customers, true: no"
        return httpx.Response(400, json={"error": {"message": f"{said}, nor {MARK}"}})

    client = client_with(flavour, httpx, refuse, {}, default_headers=headers)

    def run(client: Any) -> Any:
        return client.beta.threads.runs.create("thread_abc123", assistant_id="asst_1", model="gpt-of-mine-4")

    error = check(flavour, client, run)
    assert error.message.endswith("gpt-of-mine-4, application/json, thread_abc123, Customers, true: no, nor ***")
    assert error.request.headers["x-unknown"] == "***"


def test_uploads_have_headers_too(flavour: Flavour) -> None:
    """Their body is a stream, in which nothing can be looked up."""
    client = client_with(flavour, httpx, quoting(httpx), {}, default_headers={"X-Foo": MARK})
    error = check(flavour, client, lambda each: each.files.create(file=("a.txt", b"a"), purpose="assistants"))
    assert isinstance(error, APIStatusError)


@pytest.mark.parametrize("value", ["Basic", "Basic %%%", "Basic YQ", "Basic /w==", "basic"])
def test_what_cannot_be_decoded(flavour: Flavour, value: str) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401, text=f"No: {MARK}")

    client = client_with(flavour, httpx, refuse, {}, default_headers={"Authorization": value, "X-Foo": MARK})
    assert isinstance(check(flavour, client, get), APIStatusError)


def test_a_stream_that_is_refused_with_what_it_was_sent_with(flavour: Flavour, server: LocalServer) -> None:
    """What is read for the message is seen in no frame."""
    server.faults.add(Fault("status", times=None, status=401, body={"error": {"message": f"who is {MARK}?"}}))
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    client = kind(api_key=MARK, base_url=server.base_url, max_retries=0)
    error = check(flavour, client, lambda c: c.beta.threads.runs.create("thread_1", assistant_id="a", stream=True))
    assert isinstance(error, APIStatusError) and "***" in str(error)


def test_words_in_headers_of_which_nothing_is_known_are_no_secrets(flavour: Flavour, server: LocalServer) -> None:
    said = {"code": "production_blocked", "message": "Project production is blocked in westeurope, us-east-1."}
    server.faults.add(Fault("status", times=None, status=403, body={"error": said}))
    headers = {"x-environment": "production", "x-region": "westeurope", "x-zone": "us-east-1"}
    error = check(flavour, client_of(flavour, server, default_headers=headers), get)
    assert (error.code, said["message"] in str(error)) == (said["code"], True)


class Header(tuple[bytes, bytes]):
    """As hpack has them."""


BLOCK = b"\x82A\x8b" + MARK.encode()
LOGGED: list[tuple[str, str, tuple[Any, ...], str]] = [
    (
        "hpack",
        "Adding %s=%s, sensitive:%s",
        (b"api-key", MARK.encode(), False),
        "Adding b'api-key'=***, sensitive:False",
    ),
    ("hpack", "Adding %s=%s to the table", (b"x-foo", MARK.encode()), "Adding b'x-foo'=*** to the table"),
    ("hpack", "Adding %s=%s", (b":path", b"/v1/models?q=" + MARK.encode()), "Adding b':path'=/v1/models"),
    ("hpack", "Adding %s=%s", (b":method", b"GET"), "Adding b':method'=GET"),
    ("hpack", "Adding %s=%s", ("Accept", "text/plain"), "Adding Accept=text/plain"),
    ("hpack", "Encoded header block to %s", (BLOCK,), "Encoded header block to ***"),
    ("hpack", "Decoding %s", (memoryview(BLOCK),), "Decoding ***"),
    ("hpack", "Encoding %d with %d bits", (5, 7), "Encoding 5 with 7 bits"),
    ("hpack", "nothing", (), "nothing"),
    ("hpack", "%(a)s", ({"a": "b"},), "b"),
    (
        "hpack",
        "Decoded %s, consumed %d",
        (Header((b"set-cookie", MARK.encode())), 3),
        "Decoded (b'set-cookie', '***'), consumed 3",
    ),
    ("hpack", "Decoded %s, consumed %d", (Header((b":status", b"200")), 3), "Decoded (b':status', '200'), consumed 3"),
    ("table", "Evicting %s: %s from", (b"api-key", MARK.encode()), "Evicting b'api-key': *** from"),
]


@pytest.mark.parametrize(("name", "message", "args", "shown"), LOGGED, ids=[each[3] for each in LOGGED])
def test_what_the_library_of_http2_logs(name: str, message: str, args: tuple[Any, ...], shown: str) -> None:
    """Records as it makes them: not everybody has it."""
    check_logged(f"hpack.{name}", message, args, shown)


def check_logged(name: str, message: str, args: tuple[Any, ...], shown: str) -> None:
    guard_logs()
    logger, records = logging.getLogger(name), Records()
    level = logger.level
    logger.setLevel(logging.DEBUG)
    logger.addHandler(records)
    try:
        logger.debug(message, *args)
    finally:
        logger.removeHandler(records)
        logger.setLevel(level)
    assert [record.getMessage() for record in records.records] == [shown]
    assert MARK not in repr(records.records[0].args)


CAME = "receive_response_headers.complete return_value="
HEADERS = [
    (b"Location", b"/?key=%s" % MARK.encode()),
    (b"Server", b'"it\'s"'),
    (b"set-cookie", b"[('" + MARK.encode() + b"')]"),
    (b"X-RateLimit-Limit", b"5"),
    (b"www-authenticate", b"'\"\\" + MARK.encode()),
]
HIDDEN_HEADERS = (
    "[(b'Location', ***), (b'Server', b'\"it\\'s\"'), (b'set-cookie', ***), (b'X-RateLimit-Limit', b'5'), "
    "(b'www-authenticate', ***)]"
)
OF_CONNECTIONS: list[tuple[str, str, str]] = [
    ("http11", f"{CAME}{(b'HTTP/1.1', 307, MARK.encode(), HEADERS)!r}", f"{CAME}(307, {HIDDEN_HEADERS})"),
    ("http2", f"{CAME}{(307, HEADERS)!r}", f"{CAME}(307, {HIDDEN_HEADERS})"),
    ("http11", f"{CAME}{(200, [])!r}", f"{CAME}(200, [])"),
    ("http11", f"{CAME}something else with {MARK}", f"{CAME}***"),
    (
        "socks",
        f"setup_socks5_connection.started host='h' port=9 auth=(b'user', b'{MARK}')",
        "setup_socks5_connection.started host='h' port=9 auth=***",
    ),
    (
        "socks",
        "setup_socks5_connection.started host='h' auth=None",
        "setup_socks5_connection.started host='h' auth=None",
    ),
    ("http11", "send_request_headers.complete", "send_request_headers.complete"),
]


@pytest.mark.parametrize("library", ["httpcore", "httpcore2"])
@pytest.mark.parametrize(("name", "message", "shown"), OF_CONNECTIONS, ids=[each[2] for each in OF_CONNECTIONS])
def test_what_the_library_of_connections_logs(library: str, name: str, message: str, shown: str) -> None:
    """Its records are texts that are ready."""
    check_logged(f"{library}.{name}", message, (), shown)


def test_a_url_of_the_environment_that_is_none(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    for url in (f"ftp://user:{MARK}@host/v1", f"http://user:{MARK}@host:port"):
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        with pytest.raises(Exception, match="base_url") as caught:
            kind(api_key=MARK)
        assert finds(caught.value) == []
