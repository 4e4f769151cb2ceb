"""Servers that quote what a request was authenticated with: in a refusal, in an answer of no use, in the middle of a
stream. Nothing that the client raises, logs or warns of shows it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from openai_assistants import (
    APIConnectionError,
    APIResponseValidationError,
    APIStatusError,
    AuthenticationError,
    BulkUploadError,
    OpenAI,
    OpenAIError,
    RunStreamError,
    StreamInterruptedError,
)
from openai_assistants._logs import Quotes, hide_secrets
from openai_assistants.server import Fault, LocalServer
from tests.unit.support import Flavour

from .search import MARK, finds
from .support import KEY, Do, check, client_of, get

ECHOES: dict[str, Any] = {
    "message": {"error": {"message": f"Incorrect API key provided: {KEY}.", "code": "invalid_api_key"}},
    "detail": {"detail": f"who is {KEY}? And header-{MARK}?"},
    "text": f"{KEY} is wrong, and query-{MARK} too",
    "HTML": f"<html><body>{KEY}</body></html>",
    "half JSON": '{"error": {"message": "' + KEY,
}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(status, body, id=f"{status} {name}")
        for name, body in ECHOES.items()
        for status in (200, 401, 500)
        if status != 200 or isinstance(body, str)  # what a good answer holds is the program's
    ],
)
def test_a_server_that_quotes_the_key(flavour: Flavour, server: LocalServer, status: int, body: Any) -> None:
    server.faults.add(Fault("status", times=None, status=status, body=body))
    error = check(flavour, client_of(flavour, server), get)
    assert isinstance(error, APIResponseValidationError if status == 200 else APIStatusError)
    assert "***" in str(error) or "HTML" in str(error)


async def within_async(manager: Any) -> None:
    async with manager:
        raise AssertionError("it was refused")


def within(manager: Any) -> Any:
    """Enter a block whose request is refused."""
    if hasattr(manager, "__aenter__"):
        return within_async(manager)
    with manager:
        raise AssertionError("it was refused")


REFUSED: dict[str, Do] = {
    "run": lambda c: c.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True),
    "thread and run": lambda c: c.beta.threads.create_and_run(assistant_id="asst_1", stream=True),
    "outputs": lambda c: c.beta.threads.runs.submit_tool_outputs(
        "run_1", thread_id="thread_1", tool_outputs=[{"tool_call_id": "call_1", "output": ""}], stream=True
    ),
    "helper": lambda c: within(c.beta.threads.runs.stream("thread_1", assistant_id="asst_1")),
    "tools": lambda c: within(c.beta.threads.runs.run_tools("thread_1", assistant_id="asst_1", tools=[])),
    "events": lambda c: c.get("/events", stream=True),
    "body": lambda c: within(c.beta.threads.with_streaming_response.retrieve("thread_1")),
    "file": lambda c: within(c.files.with_streaming_response.content("file_1")),
    "raw file": lambda c: c.files.with_raw_response.content("file_1"),
}


@pytest.mark.parametrize("do", REFUSED.values(), ids=REFUSED)
def test_a_refused_stream_that_quotes_the_key(flavour: Flavour, server: LocalServer, do: Do) -> None:
    server.faults.add(Fault("status", times=None, status=401, body=ECHOES["message"]))
    error = check(flavour, client_of(flavour, server), do)
    assert type(error) is AuthenticationError and "***" in str(error)


def test_headers_and_reasons_that_quote_the_key(flavour: Flavour) -> None:
    """A server in the box says no such thing."""

    def refuse(request: httpx.Request) -> httpx.Response:
        headers = {"www-authenticate": f'Bearer error="{KEY}"', "x-request-id": f"of {KEY}"}
        return httpx.Response(401, headers=headers, extensions={"reason_phrase": f"No {KEY}".encode()})

    http = httpx.Client(transport=httpx.MockTransport(refuse))
    with OpenAI(api_key=KEY, http_client=http) as client, pytest.raises(APIStatusError) as caught:
        client.models.list()
    found = [each for each in finds(caught.value) if not each.startswith("local ")]  # responses show their reasons
    assert (found, caught.value.response.reason_phrase) == ([], "No ***")
    assert caught.value.response.headers["www-authenticate"] == 'Bearer error="***"'


SPELT = "sk+key/with=odd.signs"


@pytest.mark.parametrize(
    "quoted",
    [
        SPELT.encode(),
        SPELT.replace("/", r"\/").encode(),
        SPELT.replace("+", r"\u002B").replace("=", r"\u003d").encode(),
        SPELT.encode("utf-16-le"),
        SPELT.encode("utf-16-be"),
        f"{SPELT} and {SPELT}-longer".encode(),
    ],
)
def test_every_spelling_is_hidden(quoted: bytes) -> None:
    headers = {"authorization": f"Bearer {SPELT}", "x-auth": f"{SPELT}-longer"}
    response = httpx.Response(401, request=httpx.Request("GET", "http://test", headers=headers))
    for _ in range(2):
        shown = Quotes(response).hidden(b"who is " + quoted + b"?").replace(b"\0", b"")
        assert shown in (b"who is ***?", b"who is *** and ***?")
        hide_secrets(response)  # also then, and however often


QUOTES = {"message": f"Incorrect API key provided: {KEY}.", "type": "server_error"}
STREAMS: dict[str, tuple[str, type[OpenAIError]]] = {
    "error": (f"event: error\ndata: {json.dumps(QUOTES)}\n\n", RunStreamError),
    "error in text": (f"event: error\ndata: who is {KEY}?\n\n", RunStreamError),
    "error without a name": (f"data: {json.dumps({'error': QUOTES})}\n\n", RunStreamError),
    "no JSON without a name": (f"data: who is {KEY}?\n\n", RunStreamError),
    "no JSON": (f"event: thread.created\ndata: who is {KEY}?\n\n", APIResponseValidationError),
    "name": (f"event: thread.who is {KEY}\ndata: {{bad\n\n", APIResponseValidationError),
    "a page": (f"<html>{KEY}</html>", APIResponseValidationError),
}


def stream(client: Any, assistant_id: str = "asst_1") -> Any:
    return client.beta.threads.create_and_run(assistant_id=assistant_id, stream=True)


def streamed(body: str) -> Fault:
    """Every answer is this stream."""
    return Fault("status", status=200, headers={"content-type": "text/event-stream"}, body=body, times=None)


@pytest.mark.parametrize(("body", "kind"), STREAMS.values(), ids=STREAMS)
def test_a_stream_that_quotes_the_key(
    flavour: Flavour, server: LocalServer, body: str, kind: type[OpenAIError]
) -> None:
    server.faults.add(streamed(body))
    error = check(flavour, client_of(flavour, server), stream)
    assert type(error) is kind and ("***" in str(error) or "***" in str(error.body))


ODD: dict[str, Any] = {
    "value": {"id": KEY, "object": "thread", "metadata": {"a": 5}},
    "name": {"id": "thread_1", "object": "thread", "metadata": {KEY: 5}},
    "text": KEY,
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_what_deviates_and_quotes_the_key(flavour: Flavour, server: LocalServer, body: Any) -> None:
    server.faults.add(Fault("status", status=200, body=json.dumps(body), times=None))
    error = check(flavour, client_of(flavour, server, strict=True), lambda c: c.beta.threads.retrieve("thread_1"))
    assert type(error) is APIResponseValidationError and error.errors
    server.faults.clear()
    server.faults.add(streamed(f"event: thread.created\ndata: {json.dumps(body)}\n\n"))
    error = check(flavour, client_of(flavour, server, strict=True), stream)
    assert type(error) is APIResponseValidationError and error.errors


HELPERS: dict[str, Do] = {
    "run": lambda c: c.beta.threads.runs.create_and_poll("thread_1", assistant_id="asst_1"),
    "thread and run": lambda c: c.beta.threads.create_and_run_poll(assistant_id="asst_1"),
    "tools": lambda c: c.beta.threads.runs.run_tools_and_poll("thread_1", assistant_id="asst_1", tools=[]),
    "files": lambda c: c.vector_stores.files.upload_and_poll(vector_store_id="vs_1", file=("a.txt", b"a")),
    "bulk": lambda c: c.vector_stores.file_batches.upload_and_poll("vs_1", files=[("a.txt", b"a")]),
    "odd type": lambda c: c.get("/models", into=list[int]),
}


@pytest.mark.parametrize("do", HELPERS.values(), ids=HELPERS)
def test_good_answers_that_quote_the_key_and_are_of_no_use(flavour: Flavour, server: LocalServer, do: Do) -> None:
    server.faults.add(Fault("status", times=None, status=200, body={"error": f"who is {KEY}?"}))
    error = check(flavour, client_of(flavour, server), do)
    assert isinstance(error, (APIResponseValidationError, BulkUploadError))
    assert len(server.requests) > 0


def test_a_list_of_a_helper_that_is_none_and_quotes_the_key(flavour: Flavour, server: LocalServer) -> None:
    with server.client() as plain:
        assistant, thread = plain.beta.assistants.create(model="m"), plain.beta.threads.create()
    server.faults.add(Fault("status", operation="listMessages", times=None, status=200, body={"error": KEY}))

    def run(client: Any) -> Any:
        return client.beta.threads.runs.run_tools_and_poll(thread.id, assistant_id=assistant.id, tools=[])

    error = check(flavour, client_of(flavour, server), run)
    assert type(error) is APIResponseValidationError
    assert str(error).endswith(" answered 200 with an error: ***")


def test_a_stream_whose_run_quotes_the_key(flavour: Flavour, server: LocalServer) -> None:
    with server.client() as plain:
        assistant = plain.beta.assistants.create(model="m")
    server.faults.add(
        Fault("cut", events=3), Fault("status", operation="getRun", times=None, status=200, body={"error": KEY})
    )
    error = check(flavour, client_of(flavour, server), lambda client: stream(client, assistant.id))
    assert type(error) is StreamInterruptedError


LOST: dict[str, tuple[str, str, Do]] = {
    "message": (
        "createMessage",
        "listMessages",
        lambda c: c.beta.threads.messages.create("thread_1", role="user", content="a"),
    ),
    "run": ("createRun", "listRuns", lambda c: c.beta.threads.runs.create("thread_1", assistant_id="asst_1")),
    "outputs": (
        "submitToolOuputsToRun",
        "getRun",
        lambda c: c.beta.threads.runs.submit_tool_outputs(
            "run_1", thread_id="thread_1", tool_outputs=[{"tool_call_id": "call_1", "output": ""}]
        ),
    ),
}


@pytest.mark.parametrize(
    "body", [{"error": f"who is {KEY}?"}, f"who is {KEY}?", {KEY: []}], ids=["JSON", "text", "name"]
)
@pytest.mark.parametrize(("lost", "look", "do"), LOST.values(), ids=LOST)
def test_looks_for_lost_requests_that_are_answered_with_the_key(
    flavour: Flavour, server: LocalServer, lost: str, look: str, do: Do, body: Any
) -> None:
    server.faults.add(
        Fault("reset_before", operation=lost, times=None),
        Fault("status", operation=look, times=None, status=200, body=body),
    )
    error = check(flavour, client_of(flavour, server, max_retries=1), do)
    assert type(error) is APIConnectionError
    assert "It cannot be found out whether the request was carried out" in str(error.__cause__)
    assert server.requests.of(look)


def test_what_a_program_sends_itself_is_found_although_it_is_a_secret(flavour: Flavour, server: LocalServer) -> None:
    """Nothing is hidden before it is compared, or in what the program gets."""
    with server.client() as plain:
        thread = plain.beta.threads.create()
    server.faults.idempotency = False
    server.faults.add(Fault("reset_after", operation="createMessage"))
    text = f"my key {KEY} does not work"

    def add(client: Any) -> Any:
        return client.beta.threads.messages.create(thread.id, role="user", content=text)

    client = client_of(flavour, server, max_retries=1)
    made = flavour.do(lambda: add(client))
    if not flavour.is_async:
        client.close()
    assert made.text == text
    with server.client() as plain:
        assert [each.id for each in plain.beta.threads.messages.list(thread.id)] == [made.id]


RAW: dict[str, Do] = {
    "raw": lambda c: c.beta.assistants.with_raw_response.retrieve("asst_1"),
    "raw list": lambda c: c.beta.assistants.with_raw_response.list(),
}


@pytest.mark.parametrize("body", [f"who is {KEY}?", '{"id": 5, "model": ["' + KEY], ids=["text", "half JSON"])
@pytest.mark.parametrize("do", RAW.values(), ids=RAW)
def test_raw_responses_that_quote_the_key(flavour: Flavour, server: LocalServer, do: Do, body: str) -> None:
    """Not that of the response itself, which is the program's."""
    server.faults.add(Fault("status", status=200, body=body, times=None))
    client = client_of(flavour, server)
    raw = flavour.do(lambda: do(client))
    if not flavour.is_async:
        client.close()  # an event loop does so when it ends
    for _ in range(2):
        with pytest.raises(APIResponseValidationError) as caught:
            raw.parse()
        shown = [each for each in finds(caught.value) if not each.startswith("local ") or "openai_assistants" in each]
        assert (shown, "***" in str(caught.value)) == ([], True)


def test_an_exception_that_a_program_handles_is_left_as_it_is(flavour: Flavour, server: LocalServer) -> None:
    """Also by a stream that is read meanwhile and ends well."""
    with server.client() as plain:
        assistant = plain.beta.assistants.create(model="m")
    client = client_of(flavour, server)
    request = httpx.Request("GET", "http://test", headers={"authorization": KEY})

    def blocking() -> int:
        try:
            raise httpx.ConnectError("no", request=request)
        except httpx.ConnectError as error:
            with client, stream(client, assistant.id) as events:
                count = len(list(events))
                return count if error.request is request else 0

    async def awaiting() -> int:
        try:
            raise httpx.ConnectError("no", request=request)
        except httpx.ConnectError as error:
            async with client, await stream(client, assistant.id) as events:
                count = len([each async for each in events])
                return count if error.request is request else 0

    assert flavour.do(awaiting if flavour.is_async else blocking) > 3
    assert request.headers["authorization"] == KEY


def test_bulk_uploads(flavour: Flavour, server: LocalServer) -> None:
    with server.client() as plain:
        store = plain.vector_stores.create()
    server.faults.add(Fault("status", operation="createFile", status=400, times=None, body=ECHOES["message"]))

    def upload(client: Any) -> Any:
        return client.vector_stores.file_batches.upload_and_poll(store.id, files=[("a.txt", b"a"), ("b.txt", b"b")])

    result = check(flavour, client_of(flavour, server), upload)
    assert isinstance(result, Exception) and "***" in str(result)
