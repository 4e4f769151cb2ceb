"""Version 1 of the API: what it sends as its documents print it, its helpers, and both versions on one client."""

from __future__ import annotations

import inspect
import json
import time
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest

import openai_assistants
import openai_assistants.v1
from openai_assistants import AsyncStream, BaseModel, Stream, cite
from openai_assistants.types import v1

from .flavours import BASE_URL, KEY, Flavour, answered
from .table import BY_ID, ROWS
from .test_answers import call
from .test_requests import each_flavour
from .v1_objects import ANSWERS, NOW, assistant, assistant_file, message, page, run, step, thread, waiting_run

ASSISTANT, THREAD, RUN = "asst_1", "thread_1", "run_1"
RUN_PATH = f"/threads/{THREAD}/runs/{RUN}"


@each_flavour
@pytest.mark.parametrize(
    ("operation", "name", "answer"),
    ANSWERS,
    ids=[f"{index}-{operation}" for index, (operation, *_) in enumerate(ANSWERS)],
)
def test_answers_as_documented_are_as_expected(flavour: Flavour, operation: str, name: str, answer: Any) -> None:
    row = BY_ID[f"v1.{operation}"]
    value = call(flavour, row, answered(answer)).value
    assert value.deviations == ()
    assert value.to_dict() == answer
    items = value.data if row.answer == "list" else [value]
    assert {type(item) for item in items} == {getattr(v1, name)} == {row.result_class()}


def test_every_operation_is_answered_so() -> None:
    assert {f"v1.{operation}" for operation, _, _ in ANSWERS} == {row.id for row in ROWS if row.version == "v1"}


def test_what_is_missing_is_none() -> None:
    assert v1.Run.model_validate(run()).required_action is None
    assert v1.RunStep.model_validate(step()).metadata is None
    assert v1.Message.model_validate(message()).text == "When do tulips flower?"


def test_what_version_1_knows_and_version_2_does_not() -> None:
    tools = v1.Assistant.model_validate(assistant(tools=[{"type": "retrieval"}, {"type": "file_search"}])).tools
    assert [type(tool) for tool in tools] == [v1.RetrievalTool, v1.UnknownAssistantTool]
    details = {"type": "tool_calls", "tool_calls": [{"id": "call_1", "type": "retrieval", "retrieval": {}}]}
    read = v1.RunStep.model_validate(step(type="tool_calls", step_details=details)).step_details
    assert isinstance(read, v1.ToolCallsStepDetails)
    assert isinstance(read.tool_calls[0], v1.RetrievalToolCall)
    assert read.tool_calls[0].retrieval == {}


# ---- a server -------------------------------------------------------------------------------------------------------


class Server:
    """Answers by method and path, each from a list whose last answer stays; remembers what was asked."""

    def __init__(self, **more: list[Any]) -> None:
        self.answers: dict[str, list[Any]] = {key: list(answers) for key, answers in more.items()}
        self.requests: list[httpx.Request] = []

    def on(self, request: str, *answers: Any) -> Server:
        """What to answer to `METHOD /path`: an object, a list of events, or a response as it is."""
        self.answers[request] = list(answers)
        return self

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answers = self.answers[f"{request.method} {request.url.path.removeprefix('/v1')}"]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, httpx.Response):
            return httpx.Response(answer.status_code, content=answer.content)
        if isinstance(answer, list):
            lines = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in answer)
            return httpx.Response(200, text=lines, headers={"content-type": "text/event-stream"})
        return httpx.Response(200, json=answer)

    @property
    def betas(self) -> list[str | None]:
        """The version header of each request."""
        return [request.headers.get("openai-beta") for request in self.requests]

    def bodies(self, path: str) -> list[Any]:
        """What was posted to a path."""
        found = [each for each in self.requests if each.method == "POST" and each.url.path == f"/v1{path}"]
        return [json.loads(each.content) for each in found]


def use(
    flavour: Flavour,
    server: Server,
    *steps: Callable[[Any], Any],
    package: Any = openai_assistants,
    max_retries: int = 0,
) -> list[Any]:
    """What steps with one client of a package give, one after the other: results awaited, lists, streams and blocks
    read to their end."""
    http: Any
    settings: dict[str, Any] = {"api_key": KEY, "base_url": BASE_URL, "max_retries": max_retries}

    async def awaiting() -> list[Any]:
        http = httpx.AsyncClient(transport=httpx.MockTransport(server))
        async with package.AsyncOpenAI(http_client=http, **settings) as client:
            return [await outcome_of(step(client)) for step in steps]

    async def outcome_of(value: Any) -> Any:
        if hasattr(value, "__aenter__") and not inspect.isawaitable(value):
            async with value as handler:
                return handler, [event async for event in handler]
        if hasattr(value, "__aiter__"):
            return [item async for item in value]
        value = await value if inspect.isawaitable(value) else value
        return [event async for event in value] if isinstance(value, AsyncStream) else value

    if flavour.name != "sync":
        return anyio.run(awaiting, backend=flavour.name)
    http = httpx.Client(transport=httpx.MockTransport(server))
    results: list[Any] = []
    with package.OpenAI(http_client=http, **settings) as client:
        for step in steps:
            value = step(client)
            if isinstance(value, Stream) or (hasattr(value, "get_next_page") and not isinstance(value, BaseModel)):
                value = list(value)
            elif hasattr(value, "__enter__"):
                with value as handler:
                    value = handler, list(handler)
            results.append(value)
    return results


# ---- both versions --------------------------------------------------------------------------------------------------


@each_flavour
def test_one_client_speaks_both_versions(flavour: Flavour) -> None:
    older = assistant(tools=[{"type": "retrieval"}], file_ids=["file-1"])
    newer = {**assistant(tools=[{"type": "file_search"}]), "tool_resources": {"file_search": {"vector_store_ids": []}}}
    file = {
        "id": "file-1",
        "object": "file",
        "bytes": 1,
        "created_at": NOW,
        "filename": "a",
        "purpose": "assistants",
        "status": "processed",
    }
    server = Server().on("GET /files/file-1", file).on(f"GET /assistants/{ASSISTANT}/files/file-1", assistant_file())
    server.on("POST /assistants", older, newer).on(f"GET /assistants/{ASSISTANT}", newer, older)
    server.on("POST /threads", thread()).on("POST /threads/runs", [("thread.run.completed", run())])
    made = use(
        flavour,
        server,
        lambda client: client.beta.v1.assistants.create(model="gpt-4", tools=[v1.RetrievalTool(type="retrieval")]),
        lambda client: client.beta.assistants.create(model="gpt-4", tools=[{"type": "file_search"}]),
        lambda client: client.beta.assistants.retrieve(ASSISTANT),
        lambda client: client.beta.v1.assistants.retrieve(ASSISTANT),
        lambda client: client.beta.v1.assistants.files.retrieve("file-1", assistant_id=ASSISTANT),
        lambda client: client.files.retrieve("file-1"),
        lambda client: client.beta.v1.threads.create(),
        lambda client: client.beta.threads.create_and_run(assistant_id=ASSISTANT, stream=True),
        lambda client: client.beta.v1.threads.create_and_run(assistant_id=ASSISTANT, stream=True),
    )
    versions = [1, 2, 2, 1, 1, None, 1, 2, 1]
    assert server.betas == [None if version is None else f"assistants=v{version}" for version in versions]
    assert [type(each) for each in made[:4]] == [
        v1.Assistant,
        openai_assistants.types.beta.Assistant,
        openai_assistants.types.beta.Assistant,
        v1.Assistant,
    ]
    assert made[0].file_ids == ["file-1"]
    assert made[1].tool_resources.file_search.vector_store_ids == []
    assert server.bodies("/assistants")[0] == {"model": "gpt-4", "tools": [{"type": "retrieval"}]}
    assert type(made[7][0].data) is openai_assistants.types.beta.threads.Run
    assert type(made[8][0].data) is v1.Run


@each_flavour
def test_the_client_of_version_1(flavour: Flavour) -> None:
    file = assistant_file()
    server = Server().on(f"GET /assistants/{ASSISTANT}", assistant()).on(f"POST /assistants/{ASSISTANT}/files", file)
    server.on(
        "GET /models", {"object": "list", "data": [{"id": "m", "object": "model", "created": 1, "owned_by": "x"}]}
    )
    found = use(
        flavour,
        server,
        lambda client: client.beta.assistants.retrieve(ASSISTANT),
        lambda client: client.with_options(timeout=9).beta.assistants.files.create(ASSISTANT, file_id="file-1"),
        lambda client: client.beta.with_raw_response.assistants.retrieve(ASSISTANT),
        lambda client: client.models.list(),
        package=openai_assistants.v1,
    )
    assert server.betas == [*["assistants=v1"] * 3, None]
    assert [type(each) for each in found[:2]] == [v1.Assistant, v1.AssistantFile]
    assert found[2].parse() == found[0]
    assert server.bodies(f"/assistants/{ASSISTANT}/files") == [{"file_id": "file-1"}]


def test_the_package_of_version_1_has_all_names_of_the_other() -> None:
    own = {"AssistantEventHandler", "AsyncAssistantEventHandler", "AsyncClient", "AsyncOpenAI", "Client", "OpenAI"}
    own.add("function_tool")
    for name in openai_assistants.__all__:
        one, other = getattr(openai_assistants.v1, name), getattr(openai_assistants, name)
        assert (one is not other) == (name in own)
    assert openai_assistants.v1.types is v1
    assert set(openai_assistants.v1.__all__) == {*openai_assistants.__all__, "types"}
    assert v1.ThreadMessage is v1.Message
    assert openai_assistants.v1.function_tool(water) == openai_assistants.function_tool(water)


# ---- helpers --------------------------------------------------------------------------------------------------------


def water(bed: str) -> str:
    """Water a bed."""
    return f"{bed} is wet"


CALL = {"id": "call_1", "type": "function", "function": {"name": "water", "arguments": '{"bed": "tulips"}'}}
ASKING = waiting_run(
    status="requires_action",
    required_action={"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": [CALL]}},
)
QUOTE = {"file_id": "file-1", "quote": "Tulips flower in April."}
CITATION = {"type": "file_citation", "text": "【1†source】", "file_citation": QUOTE, "start_index": 6, "end_index": 16}
TEXT = {"type": "text", "text": {"value": "April 【1†source】.", "annotations": [CITATION]}}
ANSWER = message(id="msg_2", role="assistant", run_id=RUN, assistant_id=ASSISTANT, content=[TEXT])
OUTPUT = {"tool_call_id": "call_1", "output": "tulips is wet"}


@each_flavour
def test_polling(flavour: Flavour) -> None:
    server = Server().on(f"POST /threads/{THREAD}/runs", waiting_run()).on(f"GET {RUN_PATH}", ASKING, run())
    server.on(f"POST {RUN_PATH}/submit_tool_outputs", waiting_run()).on("POST /threads/runs", waiting_run())
    asking, done, polled, begun = use(
        flavour,
        server,
        lambda c: c.beta.v1.threads.runs.create_and_poll(THREAD, assistant_id=ASSISTANT, poll_interval_ms=1),
        lambda c: c.beta.v1.threads.runs.submit_tool_outputs_and_poll(
            RUN, thread_id=THREAD, tool_outputs=[OUTPUT], poll_interval_ms=1
        ),
        lambda c: c.beta.v1.threads.runs.poll(RUN, THREAD),
        lambda c: c.beta.v1.threads.create_and_run_poll(assistant_id=ASSISTANT, poll_interval_ms=1),
    )
    assert {type(each) for each in (asking, done, polled, begun)} == {v1.Run}
    assert [each.status for each in (asking, done, polled, begun)] == ["requires_action", *["completed"] * 3]
    assert set(server.betas) == {"assistants=v1"}


@each_flavour
def test_the_tool_loop_by_polling(flavour: Flavour) -> None:
    server = Server().on(f"POST /threads/{THREAD}/runs", waiting_run()).on(f"GET {RUN_PATH}", ASKING, run())
    server.on(f"POST {RUN_PATH}/submit_tool_outputs", waiting_run())
    server.on(f"GET /threads/{THREAD}/messages", page(message(), ANSWER))
    (result,) = use(
        flavour,
        server,
        lambda client: client.beta.v1.threads.runs.run_tools_and_poll(
            THREAD, assistant_id=ASSISTANT, tools=[water, {"type": "retrieval"}], poll_interval_ms=1
        ),
    )
    assert (type(result.run), result.run.status) == (v1.Run, "completed")
    assert [(type(each), each.id) for each in result.messages] == [(v1.Message, "msg_2")]
    assert result.text == "April 【1†source】."
    assert server.bodies(f"{RUN_PATH}/submit_tool_outputs") == [{"tool_outputs": [OUTPUT]}]
    first, second = server.bodies(f"/threads/{THREAD}/runs")[0]["tools"]
    assert (first["function"]["name"], second) == ("water", {"type": "retrieval"})
    assert "run_id" not in server.requests[-1].url.params  # version 1 cannot list by run
    assert set(server.betas) == {"assistants=v1"}


RETRIEVING = {"type": "tool_calls", "tool_calls": [{"id": "call_2", "type": "retrieval", "retrieval": {}}]}
BEGUN = {"status": "in_progress", "completed_at": None, "usage": None}
STREAM = [
    ("thread.created", thread()),
    ("thread.run.created", waiting_run()),
    ("thread.run.step.created", step(**BEGUN, type="tool_calls", step_details={**RETRIEVING, "tool_calls": []})),
    (
        "thread.run.step.delta",
        {
            "id": "step_1",
            "object": "thread.run.step.delta",
            "delta": {"step_details": {**RETRIEVING, "tool_calls": [{"index": 0, **RETRIEVING["tool_calls"][0]}]}},
        },
    ),
    ("thread.run.step.completed", step(type="tool_calls", step_details=RETRIEVING)),
    ("thread.message.created", {**ANSWER, "content": [], "status": "in_progress"}),
    *(
        (
            "thread.message.delta",
            {
                "id": "msg_2",
                "object": "thread.message.delta",
                "delta": {"content": [{"index": 0, "type": "text", "text": text}]},
            },
        )
        for text in ({"value": "April "}, {"value": "【1†source】.", "annotations": [{"index": 0, **CITATION}]})
    ),
    ("thread.message.completed", {**ANSWER, "status": "completed"}),
    ("thread.run.completed", run()),
    ("done", "[DONE]"),
]


def recorder(flavour: Flavour, package: Any) -> tuple[Any, list[tuple[str, Any]]]:
    """A handler that notes what it is told, and its notes."""
    told: list[tuple[str, Any]] = []
    names = ("run_step_created", "run_step_done", "tool_call_done", "message_done", "text_done")

    def method(name: str) -> Any:
        def plain(self: Any, value: Any) -> None:
            told.append((name, value))

        async def awaited(self: Any, value: Any) -> None:
            plain(self, value)

        return plain if flavour.name == "sync" else awaited

    base = package.AssistantEventHandler if flavour.name == "sync" else package.AsyncAssistantEventHandler
    return type("Recorder", (base,), {f"on_{name}": method(name) for name in names})(), told


@each_flavour
@pytest.mark.parametrize("package", [openai_assistants, openai_assistants.v1])
def test_streams_tell_handlers_of_objects_of_version_1(flavour: Flavour, package: Any) -> None:
    handler, told = recorder(flavour, package)
    server = Server().on("POST /threads/runs", STREAM)
    ((entered, events),) = use(
        flavour,
        server,
        lambda client: client.beta.v1.threads.create_and_run_stream(assistant_id=ASSISTANT, event_handler=handler),
    )
    assert entered is handler
    assert [event.event for event in events] == [name for name, _ in STREAM[:-1]]
    assert all(event.deviations == () and type(event).__module__ == v1.ThreadCreated.__module__ for event in events)
    assert [(name, type(value)) for name, value in told] == [
        ("run_step_created", v1.RunStep),
        ("tool_call_done", v1.RetrievalToolCall),
        ("run_step_done", v1.RunStep),
        ("text_done", v1.Text),
        ("message_done", v1.Message),
    ]
    assert told[-1][1].to_dict() == {**ANSWER, "status": "completed"}
    assert type(handler.current_run) is v1.Run
    assert str(cite(told[-1][1])) == "April [1].\n\n[1] file-1"
    assert (server.betas, server.bodies("/threads/runs")[0]["stream"]) == (["assistants=v1"], True)


@each_flavour
def test_without_a_handler_there_is_one_of_version_1(flavour: Flavour) -> None:
    server = Server().on(f"POST /threads/{THREAD}/runs", STREAM)
    server.on(f"POST {RUN_PATH}/submit_tool_outputs", STREAM)
    outcomes = use(
        flavour,
        server,
        lambda client: client.beta.v1.threads.runs.stream(THREAD, assistant_id=ASSISTANT),
        lambda client: client.beta.v1.threads.runs.create_and_stream(THREAD, assistant_id=ASSISTANT),
        lambda c: c.beta.v1.threads.runs.submit_tool_outputs_stream(RUN, thread_id=THREAD, tool_outputs=[OUTPUT]),
    )
    prefix = "" if flavour.name == "sync" else "Async"
    for handler, events in outcomes:
        assert type(handler) is getattr(openai_assistants.v1, f"{prefix}AssistantEventHandler")
        assert len(events) == len(STREAM) - 1


@each_flavour
def test_the_tool_loop_as_a_stream(flavour: Flavour) -> None:
    asking = [("thread.run.created", waiting_run()), ("thread.run.requires_action", ASKING), ("done", "[DONE]")]
    server = Server().on(f"POST /threads/{THREAD}/runs", asking)
    server.on(f"POST {RUN_PATH}/submit_tool_outputs", STREAM[5:])
    ((handler, events),) = use(
        flavour,
        server,
        lambda client: client.beta.v1.threads.runs.run_tools(THREAD, assistant_id=ASSISTANT, tools=[water]),
    )
    assert [event.event for event in events] == [name for name, _ in (*asking[:-1], *STREAM[5:-1])]
    assert type(handler.current_run) is v1.Run
    assert server.bodies(f"{RUN_PATH}/submit_tool_outputs") == [{"tool_outputs": [OUTPUT], "stream": True}]
    assert set(server.betas) == {"assistants=v1"}


@each_flavour
def test_a_stream_that_ends_early_is_made_up_for(flavour: Flavour) -> None:
    server = Server().on("POST /threads/runs", STREAM[:6]).on(f"GET {RUN_PATH}", run())
    server.on(f"GET {RUN_PATH}/steps", page(step(type="tool_calls", step_details=RETRIEVING)))
    server.on(f"GET /threads/{THREAD}/messages", page(message(), ANSWER))
    (events,) = use(
        flavour,
        server,
        lambda client: client.beta.v1.threads.create_and_run(assistant_id=ASSISTANT, stream=True, resume=True),
    )
    assert [event.event for event in events[6:]][-2:] == ["thread.message.completed", "thread.run.completed"]
    assert {type(event.data) for event in events[-2:]} == {v1.Message, v1.Run}
    assert events[-2].data.to_dict() == ANSWER
    assert set(server.betas) == {"assistants=v1"}


@each_flavour
def test_a_run_in_the_way_is_cancelled(flavour: Flavour) -> None:
    refusal = {
        "error": {"message": f"Thread {THREAD} already has an active run {RUN}.", "type": "invalid_request_error"}
    }
    server = Server().on(f"POST /threads/{THREAD}/runs", httpx.Response(400, json=refusal), waiting_run(id="run_2"))
    server.on(f"GET {RUN_PATH}", waiting_run(), run(status="cancelled"))
    server.on(f"POST {RUN_PATH}/cancel", waiting_run(status="cancelling"))
    (started,) = use(
        flavour,
        server,
        lambda client: client.beta.v1.threads.runs.create(THREAD, assistant_id=ASSISTANT, on_active_run="cancel"),
    )
    assert (type(started), started.id) == (v1.Run, "run_2")
    assert len(server.requests) == 5
    assert set(server.betas) == {"assistants=v1"}


@each_flavour
def test_a_message_whose_answer_was_lost_is_not_added_twice(flavour: Flavour) -> None:
    question = message(file_ids=["file-1"], created_at=int(time.time()))
    server = Server().on(f"POST /threads/{THREAD}/messages", httpx.Response(503))
    server.on(f"GET /threads/{THREAD}/messages", page(question))
    (found,) = use(
        flavour,
        server,
        lambda client: client.beta.v1.threads.messages.create(
            THREAD, role="user", content="When do tulips flower?", file_ids=["file-1"]
        ),
        max_retries=1,
    )
    assert (type(found), found.to_dict()) == (v1.Message, question)
    assert [request.method for request in server.requests] == ["POST", "GET"]
    assert set(server.betas) == {"assistants=v1"}


@each_flavour
def test_all_pages_of_a_list(flavour: Flavour) -> None:
    first = {**page(assistant_file("file-1")), "has_more": True}
    last = {"object": "list", "data": [assistant_file("file-2")], "has_more": False}
    empty = {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}
    server = Server().on(f"GET /assistants/{ASSISTANT}/files", first, last, empty)
    found, none = use(
        flavour,
        server,
        *[lambda client: client.beta.v1.assistants.files.list(ASSISTANT, limit=1)] * 2,
    )
    found, none = list(found), list(none)
    assert [file.id for file in found] == ["file-1", "file-2"]
    assert none == []
    assert [request.url.params.get("after") for request in server.requests] == [None, "file-1", None]


def test_what_is_no_handler_is_refused() -> None:
    client = openai_assistants.v1.OpenAI(api_key=KEY, base_url=BASE_URL)
    with client, pytest.raises(TypeError, match="event_handler must be an object of a subclass of"):
        client.beta.threads.runs.stream(THREAD, assistant_id=ASSISTANT, event_handler=object())  # type: ignore[type-var]


def test_the_tree_is_made_once_and_when_it_is_used() -> None:
    client = openai_assistants.OpenAI(api_key=KEY, base_url=BASE_URL)
    beta = client.beta
    assert "v1" not in vars(beta)
    assert beta.v1 is beta.v1
    with client, pytest.raises(TypeError, match="create_and_poll makes several requests"):
        beta.v1.with_raw_response.threads.runs.create_and_poll(THREAD, assistant_id=ASSISTANT)  # type: ignore[attr-defined]
