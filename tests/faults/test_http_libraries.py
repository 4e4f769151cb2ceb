"""httpx2 beside httpx: its clients, transports, timeouts and URLs are accepted; exceptions of neither reach a user."""

from __future__ import annotations

import io
import pickle
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import httpx
import httpx2
import pytest

from openai_assistants import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    DefaultAsyncHttpxClient,
    DefaultHttpxClient,
    NotFoundError,
    OpenAI,
    OpenAIError,
    ServerSentEvent,
    StreamInterruptedError,
)
from openai_assistants._client import DEFAULT_TIMEOUT
from openai_assistants.server import LocalServer
from tests.dialects.flavoured import carry_out, items, opened, settled
from tests.operations.test_over_http import Program
from tests.unit.support import Flavour

from .libraries import EVENTS, LIBRARIES, exceptions_of, instance_of, transport

KEY = "any"
URL = "http://127.0.0.1:9/v1"

# On trio, httpx leaves its own async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator '(httpx|tests)\.:ResourceWarning")


def http_of(library: Any, flavour: Flavour, **settings: Any) -> Any:
    """An HTTP client of a library."""
    kind = library.AsyncClient if flavour.is_async else library.Client
    return kind(trust_env=False, **settings)


def client_of(flavour: Flavour, **settings: Any) -> Any:
    """A client that does not repeat anything."""
    kind = AsyncOpenAI if flavour.is_async else OpenAI
    return kind(**{"api_key": KEY, "base_url": URL, "max_retries": 0, **settings})


def answering(library: Any, flavour: Flavour, seen: list[Any] | None = None, **settings: Any) -> Any:
    """An HTTP client of a library that answers everything with an assistant."""

    def answer(request: Any) -> Any:
        if seen is not None:
            seen.append(request)
        return library.Response(200, json={"id": "asst_1", "object": "assistant"})

    return http_of(library, flavour, transport=library.MockTransport(answer), **settings)


def retrieve(flavour: Flavour, client: Any, **options: Any) -> Any:
    return flavour.do(lambda: client.beta.assistants.retrieve("asst_1", **options))


# Exceptions


def outcome(flavour: Flavour, client: Any, use: str) -> Any:
    """Use a client in one of the ways in which bodies are read."""
    things = client.beta.assistants

    async def main() -> Any:
        async with opened(client):
            match use:
                case "call":
                    return await settled(client.get("/x", into=dict))
                case "call with deadline":
                    return await settled(client.get("/x", into=dict, deadline=60))
                case "list":
                    return await items(things.list())
                case "raw":
                    return await settled(things.with_raw_response.retrieve("a"))
                case "read later":
                    async with opened(things.with_streaming_response.retrieve("a")) as response:
                        return await settled(response.read())
                case "in pieces":
                    async with opened(things.with_streaming_response.retrieve("a")) as response:
                        return await items(response.iter_bytes(3))
                case "unread":
                    async with opened(things.with_streaming_response.retrieve("a")) as response:
                        return response.status_code
                case "download":
                    return (await settled(client.files.content("file_1"))).content
                case "upload":
                    return await settled(client.files.create(file=io.BytesIO(b"x"), purpose="assistants"))
                case "events":
                    return await items(client.post("/x", stream=True, into=ServerSentEvent))
                case "events left":
                    async with opened(await settled(client.post("/x", stream=True, into=ServerSentEvent))):
                        return None
                case "run":
                    async with opened(client.beta.threads.runs.stream("thread_1", assistant_id="a")) as stream:
                        return await settled(stream.until_done())

    return carry_out(flavour, main)


USES = ["call", "call with deadline", "list", "raw", "read later", "in pieces", "download", "upload", "events", "run"]
CLOSED = ["call", "call with deadline", "read later", "unread", "download", "events", "events left", "run"]


@pytest.mark.parametrize("place", ["sending", "body", "end", "close"])
@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.__name__)
def test_no_exception_of_an_http_library_reaches_a_user(flavour: Flavour, library: Any, place: str) -> None:
    for kind in exceptions_of(library):
        for use in CLOSED if place == "close" else USES:
            body = EVENTS if use in ("events", "events left", "run") else b'{"id": "x", "data": []}'
            http = http_of(library, flavour, transport=transport(library, kind, place, flavour.is_async, body))
            try:
                outcome(flavour, client_of(flavour, http_client=http), use)
            except OpenAIError as error:
                assert KEY not in repr(pickle.loads(pickle.dumps(error)).__dict__)
                if issubclass(kind, library.TimeoutException) and place == "sending":
                    assert isinstance(error, APITimeoutError)
                elif place == "sending" and kind is not library.HTTPStatusError:
                    assert isinstance(error, APIConnectionError), (kind, use)
            else:
                # What was read before the connection could not be closed is whole.
                assert place == "close" or (place == "end" and use in ("run", "events")), (kind, use)


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.__name__)
@pytest.mark.parametrize("hook", ["request", "response"])
def test_an_exception_of_a_hook(flavour: Flavour, library: Any, hook: str) -> None:
    for kind in exceptions_of(library):

        def fail(answered: Any, kind: type[Exception] = kind) -> None:
            raise instance_of(kind, answered if hook == "request" else answered.request)

        async def fail_awaited(answered: Any, kind: type[Exception] = kind) -> None:
            raise instance_of(kind, answered if hook == "request" else answered.request)

        hooks = {hook: [fail_awaited if flavour.is_async else fail]}
        client = client_of(flavour, http_client=answering(library, flavour, event_hooks=hooks))
        with pytest.raises(OpenAIError):
            retrieve(flavour, client)


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.__name__)
def test_a_hook_that_raises_for_statuses(flavour: Flavour, library: Any) -> None:
    """As many programs have it: the error is that of the status, and repeated only where the status is."""
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        return library.Response([404, 503, 503, 503][len(seen) - 1], json={"error": {"message": "No such thing."}})

    def check(response: Any) -> None:
        response.raise_for_status()

    async def check_awaited(response: Any) -> None:
        response.raise_for_status()

    hooks = {"response": [check_awaited if flavour.is_async else check]}
    http = http_of(library, flavour, transport=library.MockTransport(answer), event_hooks=hooks)
    client = client_of(flavour, http_client=http, max_retries=2)
    with pytest.raises(NotFoundError) as caught:
        retrieve(flavour, client)
    assert (len(seen), caught.value.status_code) == (1, 404)
    with pytest.raises(APIStatusError, match="503"):
        retrieve(flavour, client)
    assert len(seen) == 4


def test_exceptions_of_another_library_below_a_client(flavour: Flavour) -> None:
    """A transport of the program's own may use the other library inside."""
    for kind in exceptions_of(httpx2):

        def answer(request: Any, kind: type[Exception] = kind) -> Any:
            raise instance_of(kind, request)

        http = http_of(httpx, flavour, transport=httpx.MockTransport(answer))
        with pytest.raises(OpenAIError):
            retrieve(flavour, client_of(flavour, http_client=http))


class ProtocolError(Exception):
    """As the package for SOCKS proxies, which not everybody has, raises it where a proxy hangs up."""

    __module__ = "socksio.exceptions"


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.__name__)
@pytest.mark.parametrize("error", [ssl.SSLError(1, "[SSL: BAD_RECORD] bad record"), ProtocolError("Malformed reply")])
def test_what_comes_through_an_http_library_from_below(flavour: Flavour, library: Any, error: Exception) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        if len(seen) == 1:
            raise error
        return library.Response(200, json={"id": "asst_1", "object": "assistant"})

    http = http_of(library, flavour, transport=library.MockTransport(answer))
    client = client_of(flavour, http_client=http, max_retries=1)
    assert retrieve(flavour, client).id == "asst_1"
    seen.clear()
    with pytest.raises(APIConnectionError, match=r"bad record|Malformed reply") as caught:
        retrieve(flavour, client.with_options(max_retries=0))
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.__name__)
def test_what_only_the_library_itself_raises(flavour: Flavour, library: Any) -> None:
    def answer(request: Any) -> Any:
        match request.url.path:
            case "/v1/redirects":
                return library.Response(302, headers={"location": "/v1/redirects"})
            case "/v1/nowhere":
                return library.Response(302, headers={"location": "http://[::1"})
            case "/v1/gzip":
                return library.Response(200, headers={"content-encoding": "gzip"}, stream=Garbled(b"no gzip"))
        return library.Response(200, json={})

    class Garbled(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[misc, name-defined]
        def __init__(self, body: bytes) -> None:
            self.body = body

        def __iter__(self) -> Any:
            yield self.body

        async def __aiter__(self) -> Any:
            yield self.body

    client = client_of(flavour, http_client=http_of(library, flavour, transport=library.MockTransport(answer)))
    for path in ("/redirects", "/nowhere", "/gzip"):
        with pytest.raises(OpenAIError if path == "/nowhere" else APIConnectionError):
            flavour.do(lambda path=path: client.get(path))
    for path in ("http://[::1", "http://x:port/"):
        with pytest.raises(ValueError, match="URL"):
            flavour.do(lambda path=path: client.get(path))


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.__name__)
def test_bodies_that_cannot_be_read_any_more(flavour: Flavour, library: Any) -> None:
    client = client_of(
        flavour, http_client=http_of(library, flavour, transport=transport(library, None, "", flavour.is_async))
    )

    async def main() -> None:
        async with opened(client.beta.assistants.with_streaming_response.retrieve("a")) as response:
            async for _ in response.iter_bytes() if flavour.is_async else over(response.iter_bytes()):
                pass
            with pytest.raises(OpenAIError, match="read already"):
                await items(response.iter_lines())
        async with opened(client.beta.assistants.with_streaming_response.retrieve("a")) as response:
            pieces = response.iter_bytes()
        with pytest.raises(OpenAIError, match="closed"):
            await items(pieces)
        with pytest.raises(OpenAIError, match="closed"):
            await settled(response.read())

    carry_out(flavour, main)


async def over(pieces: Any) -> Any:
    for piece in pieces:
        yield piece


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.__name__)
def test_a_stream_that_was_closed_and_is_read_on(flavour: Flavour, library: Any) -> None:
    http = http_of(library, flavour, transport=transport(library, None, "", flavour.is_async, EVENTS * 3))
    client = client_of(flavour, http_client=http)

    async def main() -> None:
        stream = await settled(client.post("/x", stream=True, into=ServerSentEvent))
        await settled(stream.__anext__() if flavour.is_async else next(stream))
        await settled(stream.close())
        with pytest.raises((StreamInterruptedError, OpenAIError)):
            await items(stream)

    carry_out(flavour, main)


# Clients, transports, timeouts, URLs


def test_every_operation_over_a_client_of_httpx2(flavour: Flavour, tmp_path: Path) -> None:
    with LocalServer(drain_seconds=0.0) as server:

        async def main() -> None:
            http = http_of(httpx2, flavour)
            async with opened(client_of(flavour, base_url=server.base_url, http_client=http, strict=True)) as client:
                await Program(client, server).all(tmp_path)

        anyio.run(main, backend="trio" if flavour.name == "trio" else "asyncio")


def test_timeouts_of_either_library(flavour: Flavour) -> None:
    """As settings of the client, of its HTTP client or of a call; the HTTP client may be of the other library."""
    for library in LIBRARIES:
        for other in LIBRARIES:
            seen: list[Any] = []
            limits = {"connect": 1.0, "read": 2.0, "write": 3.0, "pool": 4.0}
            retrieve(flavour, client_of(flavour, http_client=answering(library, flavour, seen)))
            own = answering(library, flavour, seen, timeout=library.Timeout(**limits))
            retrieve(flavour, client_of(flavour, http_client=own))
            client = client_of(flavour, http_client=answering(library, flavour, seen), timeout=other.Timeout(**limits))
            retrieve(flavour, client)
            assert client.timeout == other.Timeout(**limits)
            retrieve(flavour, client.with_options(timeout=other.Timeout(9.0)))
            retrieve(flavour, client, timeout=other.Timeout(8.0))
            retrieve(flavour, client, timeout=other.Timeout(8.0), deadline=5)
            retrieve(flavour, client, timeout=None)
            used = [request.extensions["timeout"] for request in seen]
            assert used[:3] == [DEFAULT_TIMEOUT.as_dict(), limits, limits]
            assert [set(each.values()) for each in used[3:5]] == [{9.0}, {8.0}]
            assert all(4.0 < each <= 5.0 for each in used[5].values()) or flavour.is_async
            assert set(used[6].values()) == {None}


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.__name__)
def test_urls_and_proxies_of_either_library(flavour: Flavour, library: Any) -> None:
    client = client_of(flavour, base_url=library.URL("http://u:p@127.0.0.1:7/v1"))
    assert (str(client.base_url), type(client.base_url)) == ("http://u:p@127.0.0.1:7/v1/", httpx.URL)
    client.base_url = library.URL("http://127.0.0.1:8/v2/")
    assert str(client.with_options(base_url=library.URL("http://127.0.0.1:9/")).base_url) == "http://127.0.0.1:9/"
    with LocalServer(drain_seconds=0.0) as server:
        url = server.base_url.removesuffix("/v1")
        for proxy in (library.URL(url), library.Proxy(url, headers={"x-proxied": "yes"})):
            through = client_of(flavour, base_url="http://127.0.0.2:1/v1", proxy=proxy)

            async def main(client: Any = through) -> None:
                async with opened(client):
                    with pytest.raises(OpenAIError):
                        await settled(client.beta.assistants.retrieve("asst_1"))

            carry_out(flavour, main)
        assert len(server.requests) == 2


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.__name__)
def test_what_raw_access_gives(flavour: Flavour, library: Any) -> None:
    http = http_of(library, flavour, transport=transport(library, None, "", flavour.is_async, b'{"id": "asst_1"}'))
    client = client_of(flavour, http_client=http)

    async def main() -> None:
        answer = await settled(client.get("/assistants/a", into=library.Response))
        assert type(answer) is library.Response
        raw = await settled(client.beta.assistants.with_raw_response.retrieve("a", deadline=60))
        assert raw.elapsed.total_seconds() >= 0
        assert (type(raw.http_response), raw.parse().id) == (library.Response, "asst_1")
        assert pickle.loads(pickle.dumps(raw.parse())).response_record.status_code == 200
        async with opened(client.files.with_streaming_response.content("file_1", deadline=60)) as response:
            with pytest.raises(OpenAIError, match="elapsed"):
                _ = response.elapsed
            assert b"asst_1" in await settled(response.read())
            assert response.elapsed.total_seconds() >= 0

    carry_out(flavour, main)


@pytest.mark.parametrize("kind", [DefaultHttpxClient, DefaultAsyncHttpxClient])
def test_a_transport_of_httpx2_belongs_into_a_client_of_httpx2(kind: Any) -> None:
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200))
    with pytest.raises(TypeError, match=r"httpx2\.(Async)?Client\(transport=...\)"):
        kind(transport=transport)
    with pytest.raises(TypeError, match=r"httpx2\.(Async)?Client\(mounts=...\)"):
        kind(mounts={"http://": transport})


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.__name__)
def test_the_wrong_kind_of_client_is_refused(flavour: Flavour, library: Any) -> None:
    http = library.Client() if flavour.is_async else library.AsyncClient()
    with pytest.raises(TypeError, match="http_client must be"):
        client_of(flavour, http_client=http)


ALIASED = """
import httpx2

httpx2.alias_httpx()
import asyncio, sys
from openai_assistants import AsyncOpenAI, NotFoundError, OpenAI
from openai_assistants.server import LocalServer

async def main():
    async with AsyncOpenAI(base_url=server.base_url, api_key="any") as client:
        return (await client.beta.threads.create(deadline=60)).id

with LocalServer(drain_seconds=0.0) as server, OpenAI(base_url=server.base_url, api_key="any") as client:
    assistant = client.beta.assistants.create(model="gpt-4o", deadline=60)
    with client.beta.threads.runs.stream(asyncio.run(main()), assistant_id=assistant.id) as stream:
        assert stream.get_final_run().status == "completed"
    try:
        client.files.content("file-none")
    except NotFoundError:
        print("through", sys.modules["httpx"].__name__)
"""


def test_a_process_where_httpx_is_an_alias_of_httpx2() -> None:
    ran = subprocess.run([sys.executable, "-c", ALIASED], capture_output=True, text=True, timeout=120)
    assert (ran.stdout, ran.returncode) == ("through httpx2\n", 0), ran.stderr


# Addresses


@pytest.mark.parametrize("host", ["127.0.0.1:99999", "a..b", "a" * 64, f"x.{'b' * 64}.c:80"])
def test_a_host_that_cannot_exist(flavour: Flavour, host: str) -> None:
    """The libraries let such ones pass, and what asyncio and Python say then is an exception of neither."""
    with pytest.raises(OpenAIError, match="base_url"):
        client_of(flavour, base_url=f"http://{host}/v1")
    client = client_of(flavour)
    with pytest.raises(ValueError, match="cannot be sent"):
        flavour.do(lambda: client.get(f"http://{host}/v1"))

    def answer(request: Any) -> Any:
        return httpx.Response(302, headers={"location": f"http://{host}/"})

    client = client_of(flavour, http_client=http_of(httpx, flavour, transport=httpx.MockTransport(answer)))
    with pytest.raises(APIConnectionError, match="redirect"):
        flavour.do(lambda: client.get("/x"))
