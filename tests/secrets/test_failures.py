"""Every kind of failure of the client, with marked secrets in every place that takes one: nothing that comes out of it
shows them, be it an error, a log, a traceback with local variables, a pickle or a warning."""

from __future__ import annotations

import pickle
import warnings
from typing import Any

import pytest

from openai_assistants import ServerSentEvent, omit
from openai_assistants.server import Fault, LocalServer, Turn
from tests.unit.support import Flavour

from .search import MARK, finds
from .support import KEY, Do, check, client_of, get, make, outcome

PER_CALL: dict[str, Any] = {
    "extra_headers": {"X-Goog-Api-Key": f"extra-{MARK}", "Authorization": f"Bearer per-call-{MARK}"},
    "extra_query": {"sig": f"sig-{MARK}", "odd": f"odd2-{MARK}"},
}


def _of_the_call(found: str) -> bool:
    """What a program gives with a call stands in the frames of that call: they are the program's own arguments."""
    return found.startswith("local ") and "/openai_assistants/" in found


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 409, 413, 422, 429, 500, 501, 503, 529])
def test_statuses(flavour: Flavour, server: LocalServer, status: int) -> None:
    server.faults.add(Fault("status", times=None, status=status))
    for do in (get, make):
        assert isinstance(check(flavour, client_of(flavour, server), do), Exception)


@pytest.mark.parametrize("options", [{}, {"max_retries": 2}], ids=["once", "repeated"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault("reset_before", times=None),
        Fault("reset_after", times=None),
        Fault("cut", bytes=5, times=None),
        Fault("delay", seconds=30, times=None),
        Fault("status", status=503, headers={"retry-after-ms": "1"}, times=None),
    ],
    ids=lambda fault: fault.kind,
)
def test_connections_that_break(flavour: Flavour, server: LocalServer, fault: Fault, options: Any) -> None:
    server.faults.add(fault)
    for do in (get, make):
        error = check(flavour, client_of(flavour, server, timeout=0.1, **options), do)
        assert isinstance(error, Exception)


def test_deadlines(flavour: Flavour, server: LocalServer) -> None:
    server.faults.add(Fault("delay", seconds=30, times=None))
    error = check(flavour, client_of(flavour, server), lambda c: c.beta.assistants.retrieve("asst_1", deadline=0.1))
    assert "deadline" in str(error)


def test_secrets_that_are_given_with_a_call(flavour: Flavour, server: LocalServer) -> None:
    def do(client: Any) -> Any:
        return client.beta.assistants.retrieve("asst_1", **PER_CALL)

    assert isinstance(check(flavour, client_of(flavour, server), do, honest=_of_the_call), Exception)
    server.faults.add(Fault("reset_before", times=None))
    assert isinstance(check(flavour, client_of(flavour, server), do, honest=_of_the_call), Exception)


@pytest.mark.parametrize("strict", [False, True])
def test_deviations(flavour: Flavour, server: LocalServer, strict: bool) -> None:
    odd = {"id": 5, "object": "assistant", "model": None, "created_at": "soon", "tools": 7}
    server.faults.add(Fault("status", times=None, status=200, body=odd))
    result = check(flavour, client_of(flavour, server, strict=strict), get)
    assert isinstance(result, Exception) == strict


@pytest.mark.parametrize("port", ["closed", "plain"])
def test_servers_that_are_none(flavour: Flavour, server: LocalServer, port: str) -> None:
    url = "http://127.0.0.1:1/v1" if port == "closed" else server.base_url.replace("http:", "https:")
    error = check(flavour, client_of(flavour, None, base_url=url, timeout=5), get)
    assert isinstance(error, Exception)


def test_a_password_in_the_url(flavour: Flavour, server: LocalServer) -> None:
    url = server.base_url.replace("http://", f"http://{MARK}user:{MARK}@")
    settings: dict[str, Any] = {"base_url": url, "default_headers": {}}  # httpx sends the password instead of the key
    assert isinstance(check(flavour, client_of(flavour, server, **settings), get), Exception)
    assert server.requests[-1].headers["authorization"] == "***"
    server.faults.add(Fault("reset_before", times=None))
    assert isinstance(check(flavour, client_of(flavour, server, **settings), get), Exception)


def test_a_password_of_a_proxy(flavour: Flavour) -> None:
    proxy = f"http://user:{MARK}@127.0.0.1:1"
    client = client_of(flavour, None, base_url="http://api.example/v1", proxy=proxy, timeout=5)

    def is_proxy(found: str) -> bool:
        return "_proxy" in found  # httpx gives proxies with a repr that hides the password; a text is the program's

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        error = outcome(flavour, client, get)
    assert isinstance(error, Exception)
    assert [each for each in finds(error) if not is_proxy(each)] == []
    assert MARK not in repr(client)


@pytest.mark.parametrize(
    "url",
    [
        f"http://user:{MARK}@",
        f"http://user:{MARK}/x@host/v1",
        f"http://user:{MARK}@host:port/v1",
        f"ftp://user:{MARK}@host/v1",
        f"user:{MARK}@host/v1",
        f"https://user:{MARK}@host/v1?key={MARK}",
        f"http://user:{MARK}\x00@host/v1",
    ],
)
def test_urls_that_are_none(flavour: Flavour, url: str) -> None:
    with pytest.raises(Exception) as caught:
        client_of(flavour, None, base_url=url)
    assert [each for each in finds(caught.value) if not _of_the_call(each)] == []
    assert MARK not in str(caught.value)


BAD_KEYS = ["{}\n", "{}\r\nX: y", "{} ", "{}é", "{}\x00", "{}\u2028", "\ud800{}", "{}\x7f"]


@pytest.mark.parametrize("pattern", BAD_KEYS, ids=ascii)
@pytest.mark.parametrize("place", ["key", "function", "header", "extra"])
def test_keys_that_cannot_be_sent(flavour: Flavour, server: LocalServer, pattern: str, place: str) -> None:
    bad = pattern.format(KEY)
    settings: dict[str, Any] = {
        "key": {"api_key": bad},
        "function": {"api_key": lambda: bad},
        "header": {"default_headers": {"api-key": bad, "Authorization": omit}},
    }.get(place, {})

    def do(client: Any) -> Any:
        return client.beta.assistants.list(**({"extra_headers": {"api-key": bad}} if place == "extra" else {}))

    honest = _of_the_call if place == "extra" else lambda found: False
    error = check(flavour, client_of(flavour, server, **settings), do, honest=honest)
    assert isinstance(error, ValueError) and "cannot be sent" in str(error)
    assert len(server.requests) == 0


async def _async_key() -> str:
    return KEY


def _raising() -> str:
    raise LookupError("the vault is closed")


class Odd:
    """A value that is no key, and shows one."""

    def __repr__(self) -> str:
        return KEY


@pytest.mark.parametrize("function", [_raising, lambda: None, lambda: 5, lambda: "", Odd, lambda: KEY.encode()])
def test_functions_that_give_no_key(flavour: Flavour, server: LocalServer, function: Any) -> None:
    def honest(found: str) -> bool:  # what is no text is not known to be a key
        return found.startswith("local key ")

    assert isinstance(check(flavour, client_of(flavour, server, api_key=function), get, honest=honest), Exception)


def test_functions_that_give_a_key(flavour: Flavour, server: LocalServer) -> None:
    for function in (lambda: KEY, _async_key):
        result = check(flavour, client_of(flavour, server, api_key=function), get)
        assert isinstance(result, Exception)


WRONG: dict[str, Do] = {
    "empty id": lambda c: c.beta.assistants.retrieve(""),
    "no id": lambda c: c.beta.assistants.retrieve(None),
    "unknown option": lambda c: c.beta.assistants.retrieve("asst_1", extra_header={"api-key": KEY}),
    "odd header": lambda c: c.beta.assistants.retrieve("asst_1", extra_headers={"api-key": 5}),
    "odd body": lambda c: c.beta.assistants.create(model=object()),
    "odd query": lambda c: c.beta.assistants.list(extra_query={"x": b"y"}),
    "half a character": lambda c: c.beta.assistants.create(model="\ud800"),
    "odd path": lambda c: c.get("http://[bad/x"),
    "odd type": lambda c: c.get("/models", into=42),
    "no file": lambda c: c.files.create(file="no such file", purpose="assistants"),
    "missing": lambda c: c.beta.assistants.create(),
}


@pytest.mark.parametrize("do", WRONG.values(), ids=WRONG)
def test_wrong_arguments(flavour: Flavour, server: LocalServer, do: Do) -> None:
    def honest(found: str) -> bool:
        return _of_the_call(found) and "extra_header" in found

    assert isinstance(check(flavour, client_of(flavour, server), do, honest=honest), Exception)


def test_clients_cannot_be_pickled_and_do_not_show_keys(flavour: Flavour, server: LocalServer) -> None:
    client = client_of(flavour, server)
    values = (client, client.beta.assistants, client.with_options(max_retries=1), client.files, client.connection)
    for value in values:
        assert MARK not in repr(value) + str(value) + repr(vars(value))
    assert client.api_key == KEY  # who asks for it gets it
    for problem in (each for each in finds(pickle_error(client))):
        raise AssertionError(problem)


def pickle_error(value: Any) -> Exception:
    with pytest.raises(TypeError) as caught:
        pickle.dumps(value)
    return caught.value


# What is no failure, and what fails later.


def test_streams(flavour: Flavour, server: LocalServer) -> None:
    with server.client() as plain:
        assistant = plain.beta.assistants.create(model="m")

    def stream(client: Any) -> Any:
        return client.beta.threads.create_and_run(assistant_id=assistant.id, stream=True)

    assert isinstance(check(flavour, client_of(flavour, server), stream), list)
    for fault in (Fault("cut", events=3), Fault("cut", events=3, ending="reset"), Fault("cut", events=0)):
        server.faults.clear()
        server.faults.idempotency = False
        server.faults.add(fault, Fault("status", times=None, skip=1, status=500))
        assert isinstance(check(flavour, client_of(flavour, server), stream), (Exception, list))


@pytest.mark.parametrize("raw", [False, True], ids=["typed", "plain events"])
def test_the_answer_of_a_stream(flavour: Flavour, server: LocalServer, raw: bool) -> None:
    with server.client() as plain:
        assistant = plain.beta.assistants.create(model="m")
    kept: list[Any] = []

    def begin(client: Any) -> Any:
        if raw:
            body = {"assistant_id": assistant.id, "stream": True}
            beta = {"OpenAI-Beta": "assistants=v2"}
            return client.post("/threads/runs", body=body, extra_headers=beta, stream=True, into=ServerSentEvent)
        return client.beta.threads.create_and_run(assistant_id=assistant.id, stream=True)

    def blocking(client: Any) -> Any:
        with begin(client) as stream:
            kept.append((stream.response, finds(stream.response), len(list(stream))))

    async def awaiting(client: Any) -> Any:
        async with await begin(client) as stream:
            kept.append((stream.response, finds(stream.response), len([event async for event in stream])))

    result = check(flavour, client_of(flavour, server), awaiting if flavour.is_async else blocking)
    assert not isinstance(result, Exception)
    [(response, found, events)] = kept
    assert (found, finds(response), events > 0) == ([], [], True)
    assert "authorization" not in response.request.headers
    assert MARK.encode() not in pickle.dumps(response)


def test_headers_of_a_request_that_has_failed(flavour: Flavour, server: LocalServer) -> None:
    """Those that say nothing of who sent it can be read; of others only the name."""
    server.faults.add(Fault("status", times=None, status=400))
    own = {"X-Anything": f"any-{MARK}", "X-Short": "1", "X-Client-Request-Id": "mine-1234", "OpenAI-Project": "proj_1"}
    do = lambda client: client.beta.threads.create(extra_headers=own)  # noqa: E731
    headers = check(flavour, client_of(flavour, server), do, honest=_of_the_call).request.headers
    assert (headers["x-client-request-id"], headers["openai-project"]) == ("mine-1234", "proj_1")
    assert headers["idempotency-key"] and headers["openai-beta"] and headers["user-agent"]
    assert (headers["x-anything"], headers["x-short"]) == ("***", "1")
    assert not {"authorization", "api-key", "x-auth-key", "x-credential", "x-session"} & headers.keys()


def test_results(flavour: Flavour, server: LocalServer) -> None:
    """Objects, pages, raw and streamed responses, downloads, plain HTTP responses."""
    import httpx

    with server.client() as plain:
        assistant = plain.beta.assistants.create(model="m")
        plain.beta.assistants.create(model="m")
        file = plain.files.create(file=b"content", purpose="assistants")
    results: dict[str, Do] = {
        "object": lambda c: c.beta.assistants.retrieve(assistant.id),
        "raw": lambda c: c.beta.assistants.with_raw_response.retrieve(assistant.id),
        "raw page": lambda c: c.beta.assistants.with_raw_response.list(limit=1),
        "response": lambda c: c.get(f"/files/{file.id}", into=httpx.Response),
        "page": lambda c: c.models.list(),
        "content": lambda c: c.files.content(file.id),
        "raw content": lambda c: c.files.with_raw_response.content(file.id),
        "raw stream": lambda c: c.beta.threads.with_raw_response.create_and_run(assistant_id=assistant.id, stream=True),
    }
    for name, do in results.items():
        assert not isinstance(check(flavour, client_of(flavour, server), do), Exception), name


def test_pages(flavour: Flavour, server: LocalServer) -> None:
    with server.client() as plain:
        for _ in range(3):
            plain.beta.assistants.create(model="m")

    pages: list[Any] = []

    def first(client: Any) -> Any:
        page = client.beta.assistants.list(limit=1)
        return _first(page) if flavour.is_async else pages.append(page)

    async def _first(page: Any) -> None:
        pages.append(await page)

    check(flavour, client_of(flavour, server), first)
    assert pages[0].has_next_page() and finds(pages[0]) == []


def test_tools_that_fail(flavour: Flavour, server: LocalServer) -> None:
    from openai_assistants.server import Call

    def lookup(query: str) -> str:
        """Look something up."""
        raise RuntimeError(f"no entry for {query}")

    server.scripts.add(Turn(calls=[Call("lookup", {"query": "x"})]))
    with server.client() as plain:
        assistant = plain.beta.assistants.create(model="m")
        thread = plain.beta.threads.create()

    def run(client: Any) -> Any:
        return client.beta.threads.runs.run_tools(
            thread_id=thread.id, assistant_id=assistant.id, tools=[lookup], max_rounds=1
        )

    check(flavour, client_of(flavour, server), run)
