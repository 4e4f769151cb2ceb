"""What helpers do where a server sends something else in the place of ids, statuses, times and calls of tools."""

from __future__ import annotations

import json
import os
import signal
import threading
from typing import Any, Callable

import httpx
import pytest

from openai_assistants import (
    APIResponseValidationError,
    AssistantEventHandler,
    AsyncAssistantEventHandler,
    BulkUploadError,
    InternalServerError,
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
    starts = [lambda: client.beta.threads.create_and_run_poll(assistant_id="a")]
    if field == "id":
        starts += starts_on_a_thread(runs)[1:]
    for start in starts:
        with pytest.raises(APIResponseValidationError, match=f"without a usable {field}") as caught:
            flavour.do(start)
        assert [each.path for each in caught.value.errors] == [field]
        assert [request.method for request in server.requests] == ["POST"]
        server.requests.clear()


def starts_on_a_thread(runs: Any) -> list[Callable[[], Any]]:
    """The helpers that start or continue a run on thread_1."""
    return [
        lambda: runs.submit_tool_outputs_and_poll("run_1", thread_id="thread_1", tool_outputs=[]),
        lambda: runs.create_and_poll("thread_1", assistant_id="a"),
        lambda: runs.run_tools_and_poll("thread_1", assistant_id="a", tools=[]),
    ]


ACCEPTED = {
    "202": httpx.Response(202),
    "204": httpx.Response(204),
    "empty": httpx.Response(200),
    "an object": httpx.Response(200, json={}),
}
"""How servers accept a request without a word about the object."""


def accepted(answer: str) -> httpx.Response:
    """One of them, for one use."""
    given = ACCEPTED[answer]
    return httpx.Response(given.status_code, content=given.content)


@pytest.mark.parametrize("answer", ACCEPTED)
@pytest.mark.parametrize("loop", [False, True], ids=["outputs", "tools"])
def test_outputs_that_are_taken_without_a_word(flavour: Flavour, clock: Clock, loop: bool, answer: str) -> None:
    """The ids of the run are known, so it is looked at; the tool is not called twice."""
    began = answers(waiting(CALL)) if loop else []
    server = serve(*began, accepted(answer), *answers(RUN, {"data": []}))
    runs = client_over(flavour, server, max_retries=0).beta.threads.runs
    if loop:
        result = flavour.do(lambda: runs.run_tools_and_poll("thread_1", assistant_id="a", tools=[look_up]))
        run = result.run
        assert len(result.tool_results) == 1
    else:
        run = flavour.do(
            lambda: runs.submit_tool_outputs_and_poll("run_1", thread_id="thread_1", tool_outputs=[]),
        )
    assert (run.id, run.status) == ("run_1", "completed")
    assert str(server.requests[1 + loop].url).endswith("/threads/thread_1/runs/run_1")


@pytest.mark.parametrize("answer", ACCEPTED)
def test_a_file_that_is_put_in_without_a_word(flavour: Flavour, clock: Clock, answer: str) -> None:
    server = serve(accepted(answer), *answers(MEMBER, {"id": "file_1"}), accepted(answer), *answers(MEMBER))
    files = client_over(flavour, server, max_retries=0).vector_stores.files
    for put_in in (
        lambda: files.create_and_poll("file_1", vector_store_id="vs_1"),
        lambda: files.upload_and_poll("vs_1", file=b"x"),
    ):
        assert flavour.do(put_in).status == "completed"
        assert str(server.requests[-1].url).endswith("/vector_stores/vs_1/files/file_1")


def test_work_has_its_name_although_answers_do_not_name_it(
    flavour: Flavour, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    client, _ = client_of(flavour, *[{}] * 5)
    with pytest.raises(WaitTimeoutError, match=r"^Run run_1 of thread thread_1 was still None after 2 s\.$"):
        flavour.do(lambda: client.beta.threads.runs.poll("run_1", thread_id="thread_1", max_wait_seconds=2))
    assert "run run_1 of thread thread_1 has the unknown status None" in caplog.text


@pytest.mark.parametrize("id", NO_IDS, ids=repr)
def test_a_run_without_its_thread_is_of_the_thread_that_was_asked_for(flavour: Flavour, clock: Clock, id: Any) -> None:
    for place in range(3):
        run = {**RUN, "thread_id": id}
        client, server = client_of(flavour, {**run, "status": "queued"}, run, {"data": []})
        ended = flavour.do(starts_on_a_thread(client.beta.threads.runs)[place])
        assert getattr(ended, "run", ended).status == "completed"
        assert str(server.requests[1].url).endswith("/threads/thread_1/runs/run_1")
        assert all("/threads/thread_1/" in str(request.url) for request in server.requests)


def test_tools_are_run_for_a_run_that_does_not_name_its_thread(flavour: Flavour, clock: Clock) -> None:
    steps = [waiting(CALL, thread_id=None), {**RUN, "thread_id": None}, {"data": []}]
    client, server = client_of(flavour, *steps)
    runs = client.beta.threads.runs
    ended = flavour.do(lambda: runs.run_tools_and_poll("thread_1", assistant_id="a", tools=[look_up]))
    assert ended.run.status == "completed"
    assert [str(request.url).rpartition("/threads/")[2].partition("?")[0] for request in server.requests] == [
        "thread_1/runs",
        "thread_1/runs/run_1/submit_tool_outputs",
        "thread_1/messages",
    ]


@pytest.mark.parametrize("answer", ["json", "lost"])
def test_a_stream_that_is_answered_by_a_run_without_its_thread(flavour: Flavour, clock: Clock, answer: str) -> None:
    """Once the server knows no streams, once the answer is lost and the run is found."""
    run = {**RUN, "assistant_id": "a", "created_at": 1_700_000_000, "thread_id": None}
    lost = [httpx.ReadError("reset"), *answers({"data": [run]}, run)]
    server = serve(*(lost if answer == "lost" else answers(run)), *answers({"data": []}))
    client = client_over(flavour, server)
    begin = lambda: client.beta.threads.runs.create("thread_1", assistant_id="a", stream=True, resume=True)  # noqa: E731
    assert flavour.collect(begin)[-1].event == "thread.run.completed"
    assert all("/threads/thread_1/" in str(request.url) for request in server.requests)


@pytest.mark.parametrize("id", NO_IDS, ids=repr)
def test_files_batches_and_uploads_that_cannot_be_asked_for(flavour: Flavour, clock: Clock, id: Any) -> None:
    client, server = client_of(flavour, {**MEMBER, "id": id})
    stores = client.vector_stores
    for start in (
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
def test_a_streamed_run_that_cannot_be_answered(flavour: Flavour, clock: Clock, id: Any) -> None:
    server = serve(stream_of(("thread.run.requires_action", waiting(CALL, id=id))), RuntimeError("sent"))
    with pytest.raises(ToolLoopError, match="does not say which one"):
        run_streamed_tools(flavour, server)
    assert len(server.requests) == 1


@pytest.mark.parametrize("id", NO_IDS, ids=repr)
def test_a_streamed_run_that_does_not_name_its_thread(flavour: Flavour, clock: Clock, id: Any) -> None:
    over = stream_of(("thread.run.completed", {**RUN, "thread_id": id}))
    server = serve(stream_of(("thread.run.requires_action", waiting(CALL, thread_id=id))), over)
    run_streamed_tools(flavour, server)
    assert str(server.requests[1].url).endswith("/threads/thread_1/runs/run_1/submit_tool_outputs")


def run_streamed_tools(flavour: Flavour, server: Server) -> None:
    """A tool loop on thread_1, to its end."""
    runs = client_over(flavour, server, max_retries=0).beta.threads.runs

    def blocking() -> None:
        with runs.run_tools("thread_1", assistant_id="a", tools=[look_up]) as stream:
            stream.until_done()

    async def awaiting() -> None:
        async with runs.run_tools("thread_1", assistant_id="a", tools=[look_up]) as stream:
            await stream.until_done()

    flavour.do(awaiting if flavour.is_async else blocking)


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


# ---- what is made up for a stream that ended early ------------------------------------------------------------------


STEP = {"id": "step_1", "object": "thread.run.step", "run_id": "run_1", "thread_id": "thread_1", "status": "completed"}
MESSAGE = {"id": "msg_1", "object": "thread.message", "thread_id": "thread_1", "run_id": "run_1", "role": "assistant"}
ANSWER = {**MESSAGE, "status": "completed"}
HELLO = {"type": "text", "text": {"value": "Hello", "annotations": []}}
CREATED = ("thread.run.created", {**RUN, "status": "queued"})
CITED = {"type": "file_citation", "text": "[1]", "start_index": 0, "end_index": 3}


def made_up(steps: list[Any], messages: list[Any], *events: tuple[str, Any]) -> Callable[[httpx.Request], Any]:
    """A server whose stream ends after these events; then it says this of the run."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return stream_of(*events)
        end = request.url.path.rpartition("/")[2]
        return httpx.Response(200, json={"steps": steps, "messages": messages}.get(end, RUN))

    return answer


def streamed(flavour: Flavour, answer: Callable[[httpx.Request], Any], **arguments: Any) -> list[Any]:
    """The events of a run that is streamed."""
    runs = client_over(flavour, answer, max_retries=0).beta.threads.runs
    return flavour.collect(lambda: runs.create("thread_1", assistant_id="a", stream=True, **arguments))


def texts_in(events: list[Any]) -> list[Any]:
    """The texts of deltas."""
    deltas = [event.data.delta.content[0] for event in events if event.event == "thread.message.delta"]
    return [delta.text.value for delta in deltas]


def started(content: Any) -> tuple[str, Any]:
    return "thread.message.created", {**MESSAGE, "status": "in_progress", "content": content}


@pytest.mark.parametrize(
    ("events", "content", "texts"),
    [
        ([], ["Hello"], []),
        ([], [HELLO, None, 5], ["Hello"]),
        ([], [None, HELLO], ["Hello"]),
        ([], {"type": "text"}, []),
        ([], [{"type": "text", "text": {"value": "Hello", "annotations": [None, 5, CITED]}}], ["Hello"]),
        ([started({"type": "text"})], [HELLO], ["Hello"]),
        ([started("Hel")], [HELLO], ["lo"]),
        ([started([None])], [HELLO], ["Hello"]),
        ([started(["Hel"])], [HELLO], ["Hello"]),
        ([started([{"type": "text"}])], [HELLO], ["Hello"]),
        ([started([{"type": "text", "text": {"value": "Hel"}}])], [HELLO], ["lo"]),
        ([started([{"type": "text", "text": {"value": 5}}])], [HELLO], ["Hello"]),
        ([started([{"type": "text", "text": "Hel"}])], ["Hello"], []),
        ([], "Hello", ["Hello"]),
        ([], [{"type": "text", "text": "Hello"}], ["Hello"]),
        ([started("Hel")], "Hello", ["lo"]),
        ([started([{"type": "text", "text": "Hel"}])], [HELLO], ["lo"]),
    ],
    ids=repr,
)
def test_odd_content_of_a_message_is_made_up_for(flavour: Flavour, events: Any, content: Any, texts: list[str]) -> None:
    answer = made_up([], [{**ANSWER, "content": content}], CREATED, *events)
    found = streamed(flavour, answer)
    assert texts_in(found) == texts
    assert [event.event for event in found[-2:]] == ["thread.message.completed", "thread.run.completed"]
    assert found[-2].data.to_dict()["content"] == content
    assert found[-1].synthesized is True


@pytest.mark.parametrize("into", ["handler", "tools"])
@pytest.mark.parametrize("content", [["Hello"], [HELLO, None]], ids=repr)
def test_odd_content_that_was_made_up_comes_to_handlers(flavour: Flavour, into: str, content: list[Any]) -> None:
    runs = client_over(flavour, made_up([], [{**ANSWER, "content": content}], CREATED, started([]))).beta.threads.runs

    def begin() -> Any:
        if into == "tools":
            return runs.run_tools("thread_1", assistant_id="a", tools=[look_up])
        return runs.stream("thread_1", assistant_id="a")

    def blocking() -> Any:
        with begin() as stream:
            return stream.get_final_messages()

    async def awaiting() -> Any:
        async with begin() as stream:
            return await stream.get_final_messages()

    messages = flavour.do(awaiting if flavour.is_async else blocking)
    assert [message.to_dict()["content"] for message in messages] == [content]


def test_annotations_that_are_made_up_keep_their_places(flavour: Flavour) -> None:
    text = {"value": "Hello", "annotations": [None, {**CITED, "text": "[2]"}]}
    found = streamed(flavour, made_up([], [{**ANSWER, "content": [{"type": "text", "text": text}]}], CREATED))
    [delta] = [event.data.delta.content[0] for event in found if event.event == "thread.message.delta"]
    assert [(each.index, each.text) for each in delta.text.annotations] == [(1, "[2]")]


@pytest.mark.parametrize("status", [None, 5, ["completed"], {"a": 1}], ids=repr)
def test_a_message_whose_status_is_none_is_complete(flavour: Flavour, status: Any) -> None:
    found = streamed(flavour, made_up([], [{**ANSWER, "content": [HELLO], "status": status}], CREATED))
    assert [event.event for event in found[-2:]] == ["thread.message.completed", "thread.run.completed"]


CALLS_OF_A_STEP: list[Any] = [
    5,
    [None],
    [{"id": ["call_1"], "type": "function", "function": {"name": "f", "arguments": "{}"}}],
    [{"id": "call_1", "type": "function", "function": "f"}],
    [{"id": "call_1", "type": "code_interpreter", "code_interpreter": {"input": "1", "outputs": [None, "x", {}]}}],
]


@pytest.mark.parametrize("calls", CALLS_OF_A_STEP, ids=repr)
@pytest.mark.parametrize("known", [None, *CALLS_OF_A_STEP], ids=repr)
def test_odd_calls_of_a_step_are_made_up_for(flavour: Flavour, known: Any, calls: Any) -> None:
    details = {"type": "tool_calls", "tool_calls": calls}
    begun = {**STEP, "status": "in_progress", "step_details": {**details, "tool_calls": known}}
    events = [CREATED] if known is None else [CREATED, ("thread.run.step.created", begun)]
    found = streamed(flavour, made_up([{**STEP, "step_details": details}], [], *events))
    assert [event.event for event in found[-2:]] == ["thread.run.step.completed", "thread.run.completed"]


@pytest.mark.parametrize("calls", CALLS_OF_A_STEP, ids=repr)
def test_odd_calls_are_made_up_for_after_outputs(flavour: Flavour, calls: Any) -> None:
    step = {**STEP, "step_details": {"type": "tool_calls", "tool_calls": calls}}
    answer = made_up([step], [], ("thread.run.queued", {**RUN, "status": "queued"}))
    runs = client_over(flavour, answer, max_retries=0).beta.threads.runs
    outputs: list[Any] = [{"tool_call_id": "call_1", "output": "x"}]
    begin = lambda: runs.submit_tool_outputs("run_1", thread_id="thread_1", tool_outputs=outputs, stream=True)  # noqa: E731
    found = flavour.collect(begin)
    assert [event.event for event in found[-2:]] == ["thread.run.step.completed", "thread.run.completed"]


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("refused", ["steps", "messages", "run_1"])
def test_what_cannot_be_looked_up_leaves_the_id_of_the_run(
    flavour: Flavour, clock: Clock, refused: str, resume: bool
) -> None:
    server = made_up([], [{**ANSWER, "content": [HELLO]}], CREATED, started([]))

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500) if request.url.path.endswith(refused) else server(request)

    with pytest.raises(StreamInterruptedError, match="could not be fetched") as caught:
        streamed(flavour, answer, resume=resume)
    assert (caught.value.run_id, caught.value.thread_id) == ("run_1", "thread_1")
    assert [message.id for message in caught.value.messages] == ["msg_1"]
    assert isinstance(caught.value.__cause__, InternalServerError)


def test_a_run_that_cannot_be_waited_for_any_more_leaves_its_id(flavour: Flavour, clock: Clock) -> None:
    looks = [httpx.Response(status, json={**RUN, "status": "in_progress"}) for status in (200, 200, 500)]
    server = made_up([], [], CREATED)

    def answer(request: httpx.Request) -> httpx.Response:
        return looks.pop(0) if request.url.path.endswith("run_1") else server(request)

    with pytest.raises(StreamInterruptedError, match="could not be fetched") as caught:
        streamed(flavour, answer, resume=True)
    assert caught.value.run_id == "run_1"


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
