"""Servers that quote what a request was authenticated with: in a refusal, in an answer of no use, in the middle of a
stream. Nothing that the client raises, logs or warns of shows it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openai_assistants.server import Fault, LocalServer
from tests.unit.support import Flavour

from .search import MARK
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
    assert isinstance(error, Exception) and ("***" in str(error) or "HTML" in str(error))


QUOTES = {"message": f"Incorrect API key provided: {KEY}.", "type": "server_error"}
STREAMS: dict[str, str] = {
    "error": f"event: error\ndata: {json.dumps(QUOTES)}\n\n",
    "error in text": f"event: error\ndata: who is {KEY}?\n\n",
    "error without a name": f"data: {json.dumps({'error': QUOTES})}\n\n",
    "no JSON without a name": f"data: who is {KEY}?\n\n",
    "no JSON": f"event: thread.created\ndata: who is {KEY}?\n\n",
    "no object": f"event: thread.created\ndata: {json.dumps(KEY)}\n\n",
    "a page": f"<html>{KEY}</html>",
}


@pytest.mark.parametrize("strict", [False, True], ids=["", "strict"])
@pytest.mark.parametrize("body", STREAMS.values(), ids=STREAMS)
def test_a_stream_that_quotes_the_key(flavour: Flavour, server: LocalServer, body: str, strict: bool) -> None:
    headers = {"content-type": "text/event-stream"}
    server.faults.add(Fault("status", status=200, headers=headers, body=body, times=None))

    def stream(client: Any) -> Any:
        return client.beta.threads.create_and_run(assistant_id="asst_1", stream=True)

    assert isinstance(check(flavour, client_of(flavour, server, strict=strict), stream), Exception)


HELPERS: dict[str, Do] = {
    "run": lambda c: c.beta.threads.runs.create_and_poll("thread_1", assistant_id="asst_1"),
    "thread and run": lambda c: c.beta.threads.create_and_run_poll(assistant_id="asst_1"),
    "tools": lambda c: c.beta.threads.runs.run_tools(
        thread_id="thread_1", assistant_id="asst_1", tools=[]
    ).until_done(),
    "files": lambda c: c.vector_stores.files.upload_and_poll(vector_store_id="vs_1", file=("a.txt", b"a")),
    "bulk": lambda c: c.vector_stores.file_batches.upload_and_poll("vs_1", files=[("a.txt", b"a")]),
    "odd type": lambda c: c.get("/models", into=list[int]),
}


@pytest.mark.parametrize("do", HELPERS.values(), ids=HELPERS)
def test_good_answers_that_quote_the_key_and_are_of_no_use(flavour: Flavour, server: LocalServer, do: Do) -> None:
    server.faults.add(Fault("status", times=None, status=200, body={"error": f"who is {KEY}?"}))
    assert isinstance(check(flavour, client_of(flavour, server), do), Exception)


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


@pytest.mark.parametrize("body", [{"error": f"who is {KEY}?"}, f"who is {KEY}?", [KEY]], ids=["JSON", "text", "list"])
@pytest.mark.parametrize(("lost", "look", "do"), LOST.values(), ids=LOST)
def test_looks_for_lost_requests_that_are_answered_with_the_key(
    flavour: Flavour, server: LocalServer, lost: str, look: str, do: Do, body: Any
) -> None:
    server.faults.add(
        Fault("reset_before", operation=lost, times=None),
        Fault("status", operation=look, times=None, status=200, body=body),
    )
    assert isinstance(check(flavour, client_of(flavour, server, max_retries=1), do), Exception)


def test_bulk_uploads(flavour: Flavour, server: LocalServer) -> None:
    with server.client() as plain:
        store = plain.vector_stores.create()
    server.faults.add(Fault("status", operation="createFile", status=400, times=None, body=ECHOES["message"]))

    def upload(client: Any) -> Any:
        return client.vector_stores.file_batches.upload_and_poll(store.id, files=[("a.txt", b"a"), ("b.txt", b"b")])

    result = check(flavour, client_of(flavour, server), upload)
    assert isinstance(result, Exception) and "***" in str(result)
