"""A key goes to the server that it is for, and to nobody else: redirects, certificates, plain http."""

from __future__ import annotations

import os
import socket
import ssl
import warnings
from pathlib import Path
from typing import Any

import httpx
import pytest

from openai_assistants import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    AsyncOpenAI,
    DefaultAsyncHttpxClient,
    DefaultHttpxClient,
    OpenAI,
    omit,
)
from openai_assistants.server import Fault, LocalServer
from tests.unit.support import Flavour, Server, serve

from .search import MARK, finds, traces
from .support import KEY, PARTS, check, client_of, outcome
from .tls import context_of, rude_server, secure_server

ASSISTANT = {"id": "asst_1", "object": "assistant", "model": "m"}
OURS = ("authorization", "api-key", "x-custom", "cookie", "openai-organization", "openai-project", "idempotency-key")


def client_over(flavour: Flavour, server: Server, **settings: Any) -> Any:
    http: Any = flavour.http(server, cookies={"session": MARK}, auth=None)
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    given = {"base_url": "https://api.test/v1", "organization": "org-1", "project": "proj-1"}
    return kind(**{**PARTS, **given, "http_client": http, "max_retries": 0, **settings})


def create(client: Any) -> Any:
    return client.beta.assistants.create(model="m")


ELSEWHERE = {
    "host": "https://evil.test/x",
    "subdomain": "https://x.api.test/v1/assistants",
    "port": "https://api.test:8443/v1/assistants",
    "no scheme": "//evil.test/x",
    "user": "https://api.test@evil.test/x",
    "similar host": "https://api.test.evil.test/v1",
}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_redirect_elsewhere_takes_nothing_of_ours_along(flavour: Flavour, status: int, location: str) -> None:
    server = serve(httpx.Response(status, headers={"location": location}), httpx.Response(200, json=ASSISTANT))
    client = client_over(flavour, server)
    try:
        flavour.do(lambda: create(client))
    except APIConnectionError:
        assert len(server.requests) == 1  # no URL
        return
    first, second = server.requests
    assert KEY in first.headers["authorization"] and MARK in first.headers["api-key"] and MARK in str(first.url)
    own = {name: value for name, value in second.headers.items() if name in OURS}
    # A user in the location is not ours: httpx sends whatever name stands there.
    assert not own or (list(own) == ["authorization"] and own["authorization"].startswith("Basic ") and "@" in location)
    assert MARK not in str(second.headers.raw) + str(second.url)
    # Whom we speak to says where this goes on: what was to be done is told there.
    assert (second.method, second.content) == (("POST", first.content) if status > 303 else ("GET", b""))


def test_no_way_back(flavour: Flavour) -> None:
    """Who sent us on to somebody else cannot have him send us back with our key."""
    server = serve(
        httpx.Response(307, headers={"location": "https://evil.test/x"}),
        httpx.Response(307, headers={"location": "https://api.test/v1/secret"}),
        httpx.Response(200, json=ASSISTANT),
    )
    client = client_over(flavour, server)
    flavour.do(lambda: create(client))
    assert [request.url.host for request in server.requests] == ["api.test", "evil.test", "api.test"]
    assert not any(set(OURS) & set(request.headers) for request in server.requests[1:])


def test_a_redirect_on_the_same_server_keeps_all(flavour: Flavour) -> None:
    server = serve(httpx.Response(307, headers={"location": "/v2/assistants"}), httpx.Response(200, json=ASSISTANT))
    client = client_over(flavour, server)
    flavour.do(lambda: create(client))
    first, second = server.requests
    assert [second.headers.get(name) for name in OURS] == [first.headers.get(name) for name in OURS]


@pytest.mark.parametrize("location", ["http://api.test/v1/assistants", "http://api.test:443/v1", "http://evil.test/"])
def test_a_redirect_out_of_https_is_not_followed(flavour: Flavour, location: str) -> None:
    server = serve(httpx.Response(307, headers={"location": location}), httpx.Response(200, json=ASSISTANT))
    client = client_over(flavour, server)
    with pytest.raises(APIConnectionError, match="leads out of https, to POST http") as caught:
        flavour.do(lambda: create(client))
    assert len(server.requests) == 1
    assert finds(caught.value) == []


def test_a_redirect_into_https_is_another_server(flavour: Flavour) -> None:
    server = serve(
        httpx.Response(308, headers={"location": "https://localhost/v1/assistants"}),
        httpx.Response(200, json=ASSISTANT),
    )
    client = client_over(flavour, server, base_url="http://localhost/v1")
    flavour.do(lambda: create(client))
    assert not set(OURS) & set(server.requests[1].headers)


@pytest.mark.parametrize(
    ("status", "location"),
    [
        (307, "/v1/assistants?key={key}&again=1"),  # for ever
        (307, "http://a..b/v1?key={key}"),
        (302, "/v1/assistants?key={key}"),
        (300, "/v1/assistants?key={key}"),
    ],
)
def test_a_redirect_that_quotes_the_query(flavour: Flavour, server: LocalServer, status: int, location: str) -> None:
    """Most of them do, for where they lead to is the same with a slash more."""
    headers = {"location": location.format(key=PARTS["default_query"]["key"])}
    server.faults.add(Fault("status", status=status, headers=headers, times=None))
    assert isinstance(check(flavour, client_of(flavour, server), create), APIError)


def test_a_redirect_to_another_real_server(flavour: Flavour, server: LocalServer) -> None:
    with LocalServer(drain_seconds=0.0) as other:
        location = f"{other.base_url}/models"
        server.faults.add(Fault("status", status=302, headers={"location": location}))
        client = client_of(flavour, server)
        assert not isinstance(outcome(flavour, client, lambda each: each.models.list()), Exception)
        (received,) = other.requests
        assert MARK not in received.query + str(received.headers)
        assert "authorization" not in received.headers and "api-key" not in received.headers


def flavour_http(flavour: Flavour, **settings: Any) -> Any:
    return DefaultAsyncHttpxClient(**settings) if flavour.is_async else DefaultHttpxClient(**settings)


def test_certificates_are_verified(flavour: Flavour, tmp_path: Path) -> None:
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    with secure_server(tmp_path) as server:

        def list_with(**settings: Any) -> Any:
            async def awaiting() -> Any:
                async with kind(api_key=KEY, base_url=server.url, max_retries=0, **settings) as client:
                    return await client.models.list()

            def blocking() -> Any:
                with kind(api_key=KEY, base_url=server.url, max_retries=0, **settings) as client:
                    return client.models.list()

            return flavour.do(awaiting if flavour.is_async else blocking)

        with pytest.raises(APIConnectionError, match=r"(?i)certificate.verify.failed") as caught:
            list_with()
        with pytest.raises(APIConnectionError, match=r"(?i)certificate.verify.failed"):
            list_with(http_client=flavour_http(flavour))
        assert server.heads == []  # nothing was said to it
        assert finds(caught.value) == []
        trusted = ssl.create_default_context(cafile=server.certificate)
        assert list_with(http_client=flavour_http(flavour, verify=trusted)).data == []
        assert KEY in server.heads[0]


def listed(flavour: Flavour, url: str, **settings: Any) -> Any:
    """What a list, asked for over a connection of its own, comes to."""
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    client = kind(**{"api_key": KEY, "base_url": url, "max_retries": 0, **settings})
    return outcome(flavour, client, lambda each: each.models.list())


def test_records_that_were_changed_on_their_way(flavour: Flavour, tmp_path: Path) -> None:
    """TLS notices. With asyncio the HTTP library lets Python's own exception through."""

    def spoil(connection: socket.socket) -> None:
        connection.recv(65536)
        with socket.socket(fileno=os.dup(connection.fileno())) as below:
            below.sendall(b"this is no record of TLS")

    context = context_of(tmp_path)
    trusted = ssl.create_default_context(cafile=tmp_path / "certificate.pem")
    with rude_server(spoil, context) as url:
        error = listed(flavour, url, http_client=flavour_http(flavour, verify=trusted))
    assert type(error) is APIConnectionError and "WRONG_VERSION_NUMBER" in str(error)
    assert finds(error) == []


@pytest.mark.parametrize("secure", [False, True])
def test_what_cannot_be_sent_is_in_no_variable(flavour: Flavour, secure: bool, tmp_path: Path) -> None:
    """Nor in those of the libraries below the HTTP library, which have the whole head of a request to write; also of
    exceptions that Python does not print, but that a debugger gets at."""
    context = context_of(tmp_path) if secure else None
    trusted = ssl.create_default_context(cafile=tmp_path / "certificate.pem") if secure else True
    http = flavour_http(flavour, verify=trusted)
    with rude_server(lambda connection: None, context) as url:
        error = listed(flavour, url, http_client=http, timeout=0.3, default_headers={"X-Large": "y" * 9_000_000})
    assert type(error) is APITimeoutError
    below: BaseException | None = error
    while below is not None:
        assert [where for where, text in traces(below) if MARK in text] == []
        below = below.__cause__ or below.__context__


def warned(flavour: Flavour, base_url: str, times: int = 2, **settings: Any) -> list[str]:
    """What is warned about when requests are sent."""
    given: dict[str, Any] = {"default_headers": {}, "default_query": {}, "base_url": base_url, **settings}
    client = client_over(flavour, serve(httpx.Response(200, json=ASSISTANT)), **given)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(times):
            flavour.do(lambda: create(client))
    return [str(each.message) for each in caught]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"default_headers": {"Authorization": omit, "api-key": KEY}},
        {"default_headers": {"X-Custom": f"custom {KEY}", "Authorization": omit}},
    ],
    ids=["key", "header", "odd header"],
)
def test_a_key_in_the_clear_is_warned_about_once(flavour: Flavour, settings: Any) -> None:
    (said,) = warned(flavour, "http://far.test/v1", **settings)
    assert "far.test" in said and "https" in said and MARK not in said


@pytest.mark.parametrize(
    "url",
    [
        "https://far.test/v1",
        "http://localhost:8000/v1",
        "http://127.0.0.1/v1",
        "http://127.1.2.3/v1",
        "http://[::1]:8000/v1",
        "http://x.localhost/v1",
    ],
)
def test_what_is_not_in_the_clear_is_not_warned_about(flavour: Flavour, url: str) -> None:
    assert warned(flavour, url) == []
