"""Helpers that make several requests: whatever the answers in between, there is a result or an exception of ours."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import httpx
import pytest
from hypothesis import given, note, strategies as st

from openai_assistants import BaseModel, BulkUploadResult, CitedText, OpenAIError, cite
from openai_assistants._tool_loop import ToolLoopResult
from openai_assistants.types.beta.threads import Message
from tests.operations.sampler import full
from tests.operations.spec import answer_schema
from tests.operations.table import BY_ID, row_of
from tests.unit.support import Flavour

from .conftest import Clock
from .damage import changed, changes, copied, damaged, on_bytes, written
from .support import Rig, Said, examine, flavours, fuzzed, outcome

# On trio the HTTP library leaves its own async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'httpx\.:ResourceWarning")

GOOD: dict[str, Any] = {
    "id": "id_1",
    "thread_id": "thread_1",
    "run_id": "run_1",
    "file_id": "file_1",
    "vector_store_id": "vs_1",
    "assistant_id": "asst_1",
    "role": "user",
    "metadata": {},
    "has_more": False,
    "file_counts": {"in_progress": 0, "completed": 1, "failed": 1, "cancelled": 0, "total": 2},
}
CALLS = [
    {"id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": '{"query": "x"}'}}
    for n, name in enumerate(("look_up", "look_up", "other"))
]
WAITING = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": CALLS}}
CITED = {
    "type": "file_citation",
    "text": "【0:0†source】",
    "start_index": 0,
    "end_index": 12,
    "file_citation": {"file_id": "file_1"},
}
CONTENT = [{"type": "text", "text": {"value": "【0:0†source】 x", "annotations": [CITED, CITED]}}]


def tool(query: str) -> str:
    """Look something up."""
    return query


tool.__name__ = "look_up"


def runs_of(client: Any) -> Any:
    return client.beta.threads.runs


HELPERS: dict[str, Callable[[Any], Any]] = {
    "create and poll": lambda client: runs_of(client).create_and_poll("thread_1", assistant_id="a"),
    "create and run": lambda client: client.beta.threads.create_and_run_poll(assistant_id="a"),
    "v1": lambda client: client.beta.v1.threads.runs.create_and_poll("thread_1", assistant_id="a"),
    "poll": lambda client: runs_of(client).poll("run_1", thread_id="thread_1", max_wait_seconds=20),
    "poll and cancel": lambda client: runs_of(client).poll(
        "run_1", thread_id="thread_1", max_wait_seconds=2, on_deadline="cancel"
    ),
    "outputs": lambda client: runs_of(client).submit_tool_outputs_and_poll(
        "run_1", thread_id="thread_1", tool_outputs=[{"tool_call_id": "call_1", "output": "x"}]
    ),
    "tools": lambda client: runs_of(client).run_tools_and_poll(
        "thread_1", assistant_id="a", tools=[tool], max_concurrency=1
    ),
    "waiting for a run": lambda client: runs_of(client).create(
        "thread_1", assistant_id="a", on_active_run="wait", deadline=1000
    ),
    "cancelling a run": lambda client: runs_of(client).create(
        "thread_1", assistant_id="a", on_active_run="cancel", deadline=1000
    ),
    "file": lambda client: client.vector_stores.files.create_and_poll("file_1", vector_store_id="vs_1"),
    "file poll": lambda client: client.vector_stores.files.poll("file_1", vector_store_id="vs_1"),
    "file upload": lambda client: client.vector_stores.files.upload_and_poll("vs_1", file=b"x"),
    "batch": lambda client: client.vector_stores.file_batches.create_and_poll("vs_1", file_ids=["file_1"]),
    "batch upload": lambda client: client.vector_stores.file_batches.upload_and_poll(
        "vs_1", files=[b"x", b"y"], max_concurrency=1
    ),
    "bulk": lambda client: client.vector_stores.upload_files("vs_1", [b"x", b"y", b"x"], max_concurrency=1),
    "processing": lambda client: client.files.wait_for_processing("file_1", max_wait_seconds=60),
    "chunked": lambda client: client.uploads.upload_file_chunked(
        file=b"xyz", filename="a.txt", mime_type="text/plain", purpose="assistants", part_size=2, max_concurrency=1
    ),
    "message": lambda client: client.beta.threads.messages.create("thread_1", role="user", content="x"),
    "run": lambda client: runs_of(client).create("thread_1", assistant_id="a"),
}


@cache
def sample(name: str) -> Any:
    """An answer of an operation."""
    return full(answer_schema(BY_ID[name]))[0]


def good(request: httpx.Request, status: str) -> Any:
    """A good answer to a request, of work that has this status."""
    path = request.url.path.removeprefix("/v1")
    version = "v1" if "assistants=v1" in request.headers.get("openai-beta", "") else "v2"
    row = row_of(request.method, path, version)
    document = copied(sample(row.id))
    for item in document["data"] if row.answer == "list" else [document]:
        item.update({name: value for name, value in GOOD.items() if name in item})
        if "status" in item:
            item["status"] = status
        if item.get("object") == "thread.run":
            item["required_action"] = WAITING if status == "requires_action" else None
            item["expires_at"] = 1_700_000_600
        if item.get("object") == "thread.message":
            item["content"] = CONTENT
    if "has_more" in document:
        document["has_more"] = False
    return document


STEPS = st.tuples(
    st.sampled_from(["good", "good", "changed", "changed", "changed", "changed", "error", "active", "raise", "500"]),
    st.sampled_from(["completed", "in_progress", "requires_action", "failed", "processed", "queued", "cancelled"]),
    changes,
    on_bytes,
)
ACTIVE = {"error": {"message": "Thread thread_1 already has an active run run_9.", "type": "invalid_request_error"}}
ACTIVES = [ACTIVE, {"error": {"message": "Thread thread_1 already has an active run."}}]


@pytest.fixture(scope="module")
def rig() -> Rig:
    """Clients for all cases."""
    return Rig()


@fuzzed(250, 25_000)
@given(
    st.sampled_from(sorted(HELPERS)),
    st.lists(STEPS, min_size=1, max_size=7),
    flavours,
    st.booleans(),
    st.integers(0, 2),
)
def test_any_answers_in_between(
    rig: Rig, clock: Clock, name: str, plan: list[Any], flavour: Flavour, strict: bool, retries: int
) -> None:
    sent: list[Any] = []
    clock.restart()

    def answer(request: httpx.Request) -> httpx.Response:
        kind, status, wanted, bytewise = plan[(len(rig.requests) - 1) % len(plan)]
        sent.append((request.method, request.url.path, kind))
        assert "/None" not in request.url.path and "//" not in request.url.path
        if kind == "raise":
            raise httpx.ReadError("reset")
        if kind == "active":
            return httpx.Response(400, json=ACTIVES[len(rig.requests) % 2])
        if kind in ("error", "500"):
            return httpx.Response(500 if kind == "500" else 404, json={"error": {"message": "no"}})
        document = good(request, status)
        if kind == "changed":
            body = damaged(written(changed(document, wanted)).encode(), bytewise)
            sent.append(body)
        else:
            body = written(document).encode()
        return httpx.Response(200, headers={"openai-poll-after-ms": "30000"}, content=body)

    client = rig.client(flavour, strict=strict, max_retries=retries)
    try:
        value = outcome(rig, answer, flavour, lambda: HELPERS[name](client))
    finally:
        note(Said(name, flavour.name, strict, retries, sent))
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, (OpenAIError, BaseModel)):
            examine(each)
        elif isinstance(each, ToolLoopResult):
            examine(each.run)
            assert isinstance(each.text, str)
        else:
            assert isinstance(each, BulkUploadResult)
            for file in each.files if hasattr(each, "files") else []:
                assert file.error is None or isinstance(file.error, OpenAIError)


@fuzzed(100, 10_000)
@given(changes, changes, on_bytes, flavours, st.booleans())
def test_citing_any_message(
    rig: Rig, wanted: list[Any], of_file: list[Any], bytewise: Any, flavour: Flavour, looking_up: bool
) -> None:
    schema = answer_schema(row_of("GET", "/threads/t/messages/m"))
    document = {**full(schema)[0], "content": CONTENT}
    body = damaged(written(changed(document, wanted)).encode(), bytewise)
    client = rig.client(flavour)
    note(Said(body, flavour.name))
    message = outcome(
        rig,
        lambda request: httpx.Response(200, content=body),
        flavour,
        lambda: client.beta.threads.messages.retrieve("m", thread_id="t"),
    )
    if isinstance(message, OpenAIError):
        return
    assert isinstance(message, Message)
    assert isinstance(message.text, str)
    repr(message.citations)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=written(changed(good(request, "processed"), of_file)).encode())

    client.connection.core.file_names.clear()
    cited = outcome(rig, answer, flavour, lambda: cite(message, client) if looking_up else cite(message))
    assert isinstance(cited, (CitedText, OpenAIError))
    str(cited).encode()
    examine(cited) if isinstance(cited, OpenAIError) else repr(cited)
