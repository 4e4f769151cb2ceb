"""What helpers do where a server sends something else in the place of ids, statuses, times and calls of tools."""

from __future__ import annotations

import json
import os
import signal
import threading
from typing import Any

import httpx
import pytest

from openai_assistants import (
    APIResponseValidationError,
    AssistantEventHandler,
    AsyncAssistantEventHandler,
    BulkUploadError,
    StreamInterruptedError,
    StructuredOutputError,
    Toolbox,
    ToolCallError,
    ToolLoopError,
    WaitTimeoutError,
    cite,
    parse_message,
)
from openai_assistants._models import parser_for
from openai_assistants._requests import KnownIds
from openai_assistants.types.beta.threads import Message, RequiredActionFunctionToolCall
from openai_assistants.types.beta.threads.runs import RunStep

from .access import client_over
from .support import Clock, Flavour, Server, serve

NO_IDS: list[Any] = [None, "", " ", ".", "..", 5, ["run_1"], {"id": "x"}]
RUN = {"id": "run_1", "thread_id": "thread_1", "object": "thread.run", "status": "completed"}
MEMBER = {"id": "file_1", "vector_store_id": "vs_1", "status": "completed"}


def answers(*documents: Any, **headers: str) -> list[httpx.Response]:
    """Good answers, one after the other."""
    return [httpx.Response(200, json=document, headers=headers) for document in documents]


def client_of(flavour: Flavour, *documents: Any, **settings: Any) -> tuple[Any, Server]:
    server = serve(*answers(*documents))
    return client_over(flavour, server, max_retries=0, **settings), server


@pytest.mark.parametrize("id", NO_IDS, ids=repr)
@pytest.mark.parametrize("field", ["id", "thread_id"])
def test_a_run_that_cannot_be_asked_for(flavour: Flavour, clock: Clock, field: str, id: Any) -> None:
    client, server = client_of(flavour, {**RUN, "status": "queued", field: id})
    runs = client.beta.threads.runs
    for start in (
        lambda: runs.create_and_poll("thread_1", assistant_id="a"),
        lambda: client.beta.threads.create_and_run_poll(assistant_id="a"),
        lambda: runs.submit_tool_outputs_and_poll("run_1", thread_id="thread_1", tool_outputs=[]),
        lambda: runs.run_tools_and_poll("thread_1", assistant_id="a", tools=[]),
    ):
        with pytest.raises(APIResponseValidationError, match=f"without a usable {field}") as caught:
            flavour.do(start)
        assert [each.path for each in caught.value.errors] == [field]
        assert [request.method for request in server.requests] == ["POST"]
        server.requests.clear()


@pytest.mark.parametrize("id", NO_IDS, ids=repr)
def test_files_batches_and_uploads_that_cannot_be_asked_for(flavour: Flavour, clock: Clock, id: Any) -> None:
    client, server = client_of(flavour, {**MEMBER, "id": id})
    stores = client.vector_stores
    for start in (
        lambda: stores.files.create_and_poll("file_1", vector_store_id="vs_1"),
        lambda: stores.files.upload_and_poll("vs_1", file=b"x"),
        lambda: stores.file_batches.create_and_poll("vs_1", file_ids=["file_1"]),
        lambda: client.uploads.upload_file_chunked(
            file=b"x", filename="a", mime_type="text/plain", purpose="assistants"
        ),
    ):
        with pytest.raises(APIResponseValidationError, match="without a usable id"):
            flavour.do(start)
        assert [request.method for request in server.requests] == ["POST"]
        server.requests.clear()
    with pytest.raises(BulkUploadError, match="without a usable id") as caught:
        flavour.do(lambda: stores.file_batches.upload_and_poll("vs_1", files=[b"x"]))
    assert isinstance(caught.value.results[0].error, APIResponseValidationError)


def test_a_file_of_a_vector_store_without_an_id_is_not_the_one_to_look_for(flavour: Flavour, clock: Clock) -> None:
    """SHA-256 of b"x"; the file is uploaded, as if it were not there."""
    sha256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    member = {"id": "..", "status": "completed", "attributes": {"sha256": sha256}}
    batch = {"id": "batch_1", "status": "completed", "file_counts": {"completed": 1, "total": 1}}
    client, server = client_of(flavour, {"data": [member], "has_more": False}, {"id": "file_1"}, batch)
    result = flavour.do(lambda: client.vector_stores.upload_files("vs_1", [b"x"]))
    assert [(file.status, file.file_id) for file in result] == [("stored", "file_1")]
    assert [request.url.path.rpartition("/")[2] for request in server.requests][:3] == [
        "files",
        "files",
        "file_batches",
    ]


@pytest.mark.parametrize("choice", ["wait", "cancel"])
@pytest.mark.parametrize("status", [None, ["completed"], {"a": 1}, 5, "missing"], ids=repr)
def test_an_active_run_of_an_odd_status_is_waited_for(flavour: Flavour, clock: Clock, choice: str, status: Any) -> None:
    seen = {name: value for name, value in {**RUN, "status": status}.items() if value != "missing"}
    refused = {"error": {"message": "Thread thread_1 already has an active run run_1."}}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/runs"):
            return httpx.Response(400, json=refused)
        return httpx.Response(200, json=seen)

    client = client_over(flavour, answer, max_retries=0)
    runs = client.beta.threads.runs
    with pytest.raises(WaitTimeoutError):
        flavour.do(lambda: runs.create("thread_1", assistant_id="a", on_active_run=choice, deadline=30))


@pytest.mark.parametrize("run", [{"id": ["x"]}, {}, {"id": ".."}, {"id": "run_2", "status": ["x"]}], ids=repr)
def test_runs_in_a_list_that_are_none(flavour: Flavour, clock: Clock, run: Any) -> None:
    """The refusal names no run, so the runs are listed; what is no run there is passed over."""
    refused = httpx.Response(400, json={"error": {"message": "Thread thread_1 already has an active run."}})
    listed = {"data": [run, {"id": "run_9", "status": "queued"}]}
    server = serve(refused, *answers(listed, {**RUN, "status": "completed"}, {**RUN, "id": "run_3"}))
    client = client_over(flavour, server, max_retries=0)
    runs = client.beta.threads.runs
    made = flavour.do(lambda: runs.create("thread_1", assistant_id="a", on_active_run="wait"))
    assert made.id == "run_3"
    assert server.requests[2].url.path.rpartition("/")[2] == ("run_2" if run.get("id") == "run_2" else "run_9")


@pytest.mark.parametrize(
    "expires_at", [10**400, 10**30, -(10**400), 5 * 10**10, True, "soon"], ids=lambda value: str(value)[:9]
)
def test_no_wait_is_longer_than_a_day_for_what_a_server_says(flavour: Flavour, clock: Clock, expires_at: Any) -> None:
    headers = {"openai-poll-after-ms": "999999"}
    server = serve(*answers({**RUN, "status": "in_progress", "expires_at": expires_at}, **headers))
    client = client_over(flavour, server, max_retries=0)
    with pytest.raises(WaitTimeoutError):
        flavour.do(lambda: client.beta.threads.runs.poll("run_1", thread_id="thread_1"))
    assert sum(clock.sleeps) <= 24 * 3600


# ---- tools -----------------------------------------------------------------------------------------------------------


def look_up(query: str) -> str:
    """Look something up."""
    return query


CALL = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": '{"query": "x"}'}}


def waiting(*calls: Any, **changes: Any) -> dict[str, Any]:
    """A run that waits for the outputs of tools."""
    action = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": list(calls)}}
    return {**RUN, "status": "requires_action", "required_action": action, **changes}


@pytest.mark.parametrize("call", [None, "x", 5, {}, {**CALL, "id": None}, {**CALL, "id": 5}], ids=repr)
def test_a_call_without_an_id_cannot_be_answered(flavour: Flavour, clock: Clock, call: Any) -> None:
    client, server = client_of(flavour, waiting(CALL, call))
    runs = client.beta.threads.runs
    with pytest.raises(ToolLoopError, match="without an id"):
        flavour.do(lambda: runs.run_tools_and_poll("thread_1", assistant_id="a", tools=[look_up]))
    assert [request.url.path.rpartition("/")[2] for request in server.requests] == ["runs", "cancel"]


@pytest.mark.parametrize(
    "function", [None, "x", {}, {"name": None, "arguments": None}, {"name": ["look_up"]}], ids=repr
)
def test_a_call_of_nothing_that_is_known_is_answered(flavour: Flavour, clock: Clock, function: Any) -> None:
    client, server = client_of(flavour, waiting({**CALL, "function": function}), RUN, {"data": []})
    runs = client.beta.threads.runs
    result = flavour.do(lambda: runs.run_tools_and_poll("thread_1", assistant_id="a", tools=[look_up]))
    assert isinstance(result.tool_results[0].error, ToolCallError)
    (output,) = json.loads(server.requests[1].content)["tool_outputs"]
    assert output["tool_call_id"] == "call_1"


@pytest.mark.parametrize("arguments", [None, 5, [], {"query": ["\ud800"]}, "{" * 5000, "[" * 5000, '{"query": \ud800}'])
def test_arguments_of_any_kind_are_answered(arguments: Any) -> None:
    call = RequiredActionFunctionToolCall(id="call_1", type="function", function={"name": "look_up", "arguments": ""})  # type: ignore[arg-type]
    vars(call.function)["arguments"] = arguments
    result = Toolbox([look_up]).prepare(call).run()
    assert isinstance(result.error, ToolCallError)
    result.output.encode()
    str(result.error).encode()


def stream_of(*events: tuple[str, Any]) -> httpx.Response:
    """An answer in events."""
    body = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=body.encode())


@pytest.mark.parametrize("id", NO_IDS, ids=repr)
@pytest.mark.parametrize("field", ["id", "thread_id"])
def test_a_streamed_run_that_cannot_be_answered(flavour: Flavour, clock: Clock, field: str, id: Any) -> None:
    server = serve(stream_of(("thread.run.requires_action", waiting(CALL, **{field: id}))), RuntimeError("sent"))
    client = client_over(flavour, server, max_retries=0)
    runs = client.beta.threads.runs

    def blocking() -> None:
        with runs.run_tools("thread_1", assistant_id="a", tools=[look_up]) as stream:
            stream.until_done()

    async def awaiting() -> None:
        async with runs.run_tools("thread_1", assistant_id="a", tools=[look_up]) as stream:
            await stream.until_done()

    with pytest.raises(ToolLoopError, match="does not say which one"):
        flavour.do(awaiting if flavour.is_async else blocking)
    assert len(server.requests) == 1


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("ids", [{"thread_id": None}, {"thread_id": ".."}, {"id": " "}], ids=repr)
def test_a_stream_whose_run_cannot_be_asked_for_is_interrupted(
    flavour: Flavour, clock: Clock, ids: dict[str, Any], resume: bool
) -> None:
    server = serve(stream_of(("thread.run.in_progress", {**RUN, "status": "in_progress", **ids})), RuntimeError("sent"))
    client = client_over(flavour, server, max_retries=0)
    runs = client.beta.threads
    begin = lambda: runs.create_and_run(assistant_id="a", stream=True, resume=resume)  # noqa: E731
    with pytest.raises(StreamInterruptedError):
        flavour.collect(begin)
    assert len(server.requests) == 1


@pytest.mark.parametrize("value", [None, 5, ["x"], {"a": 1}], ids=repr)
def test_text_that_is_none_is_no_text(flavour: Flavour, clock: Clock, value: Any) -> None:
    def delta(value: Any) -> tuple[str, Any]:
        part = {"index": 0, "type": "text", "text": {"value": value}}
        return "thread.message.delta", {"id": "msg_1", "delta": {"content": [part]}}

    answer = stream_of(delta("a"), delta(value), delta("b"), ("thread.run.completed", RUN))
    client = client_over(flavour, serve(answer), max_retries=0)
    handler = AsyncAssistantEventHandler() if flavour.is_async else AssistantEventHandler()

    def blocking() -> list[str]:
        with client.beta.threads.runs.stream("thread_1", assistant_id="a", event_handler=handler) as stream:
            return list(stream.text_deltas)

    async def awaiting() -> list[str]:
        async with client.beta.threads.runs.stream("thread_1", assistant_id="a", event_handler=handler) as stream:
            return [text async for text in stream.text_deltas]

    assert flavour.do(awaiting if flavour.is_async else blocking) == ["a", "b"]


# ---- what was lost ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "found",
    [{"id": ["x"]}, {"content": [5, None, {"type": "text", "text": 5}]}, {"metadata": 5}, {"created_at": "soon"}],
    ids=repr,
)
def test_odd_messages_are_not_the_lost_one(flavour: Flavour, clock: Clock, found: dict[str, Any]) -> None:
    message = {"id": "msg_1", "role": "user", "content": [], "created_at": 1_700_000_000, "metadata": {}, **found}
    server = serve(httpx.ReadError("reset"), *answers({"data": [message]}, {"id": "msg_2", "role": "user"}))
    client = client_over(flavour, server, max_retries=1)
    made = flavour.do(lambda: client.beta.threads.messages.create("thread_1", role="user", content="x"))
    assert made.id == "msg_2"


def test_outputs_without_a_call_can_be_lost(flavour: Flavour, clock: Clock) -> None:
    """The API takes an output without its `tool_call_id`."""
    server = serve(httpx.ReadError("reset"), *answers(waiting(CALL), RUN))
    client = client_over(flavour, server, max_retries=1)
    runs, outputs = client.beta.threads.runs, [{"output": "x"}]
    run = flavour.do(lambda: runs.submit_tool_outputs("run_1", thread_id="thread_1", tool_outputs=outputs))
    assert run.status == "completed"


def test_what_is_no_text_is_no_known_id() -> None:
    known = KnownIds()
    for id in (None, ["x"], {"a": 1}, 5):
        assert known.claim(id)
        assert id not in known


class SlowId(str):
    """An id that takes long to be looked up."""

    begun, enough = threading.Event(), threading.Event()

    def __hash__(self) -> int:
        self.begun.set()
        self.enough.wait(60)
        return super().__hash__()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_process_that_is_forked_while_an_id_is_noted_notes_others() -> None:
    known = KnownIds()
    thread = threading.Thread(target=known.claim, args=[SlowId("thread_1")])
    thread.start()
    SlowId.begun.wait()
    child = os.fork()
    if not child:
        signal.alarm(20)  # ends the process if it hangs
        os._exit(0 if known.claim("thread_2") and "thread_2" in known else 1)
    SlowId.enough.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0
    assert "thread_1" in known
    assert "thread_2" not in known


# ---- messages --------------------------------------------------------------------------------------------------------


def message_of(**changes: Any) -> Message:
    """A message as a server may send it."""
    text = {"type": "text", "text": {"value": '{"a": 1}', "annotations": []}}
    document = {"id": "msg_1", "status": "completed", "content": [text], **changes}
    return parser_for(Message).parse(json.dumps(document).encode())[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"content": None},
        {"content": "text"},
        {"content": [None, 5, {"type": "text"}, {"type": "text", "text": {"value": 5}}, {"type": "refusal"}]},
        {"content": [], "status": "incomplete", "incomplete_details": "max_tokens"},
        {"content": [], "id": "x\n" * 5000},
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_message_that_holds_nothing(changes: dict[str, Any]) -> None:
    with pytest.raises(StructuredOutputError) as caught:
        parse_message(message_of(**changes), dict[str, int])
    assert len(str(caught.value)) < 500


def test_numbers_of_thousands_of_digits_are_no_output() -> None:
    text = {"type": "text", "text": {"value": '{"a": ' + "9" * 5000 + "}", "annotations": []}}
    with pytest.raises(StructuredOutputError):
        parse_message(message_of(content=[text]), dict[str, int])


@pytest.mark.parametrize("file_id", ["", " ", "..", "."])
def test_a_citation_of_no_file_is_not_looked_up(flavour: Flavour, file_id: str) -> None:
    marker = "【" + "9" * 5000 + ":" + "9" * 5000 + "†source】"
    cited = {"type": "file_citation", "text": marker, "file_citation": {"file_id": file_id}}
    text = {"type": "text", "text": {"value": marker, "annotations": [cited]}}
    server = serve(RuntimeError("sent"))
    client = client_over(flavour, server)
    found = [{"file_id": file_id, "file_name": None, "score": 1, "content": []}]
    details = {"type": "tool_calls", "tool_calls": [{"type": "file_search", "file_search": {"results": found}}]}
    step = parser_for(RunStep).parse(json.dumps({"id": "step_1", "step_details": details}).encode())[0]
    result = flavour.do(lambda: cite(message_of(content=[text]), client, steps=[step]))
    assert result.text == "[1]"
    assert server.requests == []


@pytest.mark.parametrize("name", [None, 5, ["a.txt"], {"a": 1}], ids=repr)
def test_a_file_without_a_name_has_none(flavour: Flavour, name: Any) -> None:
    cited = {"type": "file_citation", "text": "x", "file_citation": {"file_id": "file_1"}}
    text = {"type": "text", "text": {"value": "x", "annotations": [cited]}}
    client, _ = client_of(flavour, {"id": "file_1", "filename": name})
    result = flavour.do(lambda: cite(message_of(content=[text]), client))
    assert str(result) == "[1]\n\n[1] file_1"
