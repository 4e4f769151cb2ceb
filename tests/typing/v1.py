"""Version 1 of the API: its resources, results and handlers, beside version 2 and on a client of its own."""

from __future__ import annotations

from typing import Any, AsyncIterator, Iterator

from typing_extensions import assert_type

import openai_assistants
import openai_assistants.v1 as openai
from openai_assistants import AsyncStream, NotFoundError, Stream, ToolLoopResult, cite
from openai_assistants.lib.streaming import AssistantStreamManager, AsyncAssistantStreamManager
from openai_assistants.pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
from openai_assistants.types import FileObject, beta as v2, v1
from openai_assistants.v1 import AssistantEventHandler, AsyncAssistantEventHandler, AsyncOpenAI, OpenAI, function_tool


class Handler(AssistantEventHandler):
    """Its methods get objects of version 1."""

    def on_text_delta(self, delta: v1.TextDelta, snapshot: v1.Text) -> None:
        """Text."""

    def on_message_done(self, message: v1.Message) -> None:
        """A message."""
        assert_type(message.file_ids, list[str])

    def on_tool_call_done(self, tool_call: v1.ToolCall) -> None:
        """A call."""
        if tool_call.type == "retrieval":
            assert_type(tool_call.retrieval, dict[str, object])


class OfVersion2(openai_assistants.AssistantEventHandler):
    """Its methods get objects of version 2."""


class Mistaken(AssistantEventHandler):
    """Takes objects of the wrong version."""

    def on_message_done(self, message: v2.threads.Message) -> None:  # type: ignore[override]
        """A message."""


def both_versions(client: openai_assistants.OpenAI) -> None:
    """On one client."""
    assert_type(client.beta.assistants.retrieve("a"), v2.Assistant)
    assert_type(client.beta.v1.assistants.retrieve("a"), v1.Assistant)
    older = client.beta.v1.assistants.create(model="gpt-4", tools=[{"type": "retrieval"}], file_ids=["f"])
    assert_type(older.file_ids, list[str])
    client.beta.v1.assistants.update("a", tools=older.tools, metadata=older.metadata)
    client.beta.assistants.create(model="gpt-4", file_ids=["f"])  # type: ignore[call-arg]
    client.beta.v1.assistants.create(model="gpt-4", tool_resources={})  # type: ignore[call-arg]
    client.beta.v1.threads.messages.delete("m", thread_id="t")  # type: ignore[attr-defined]


def the_client_of_version_1(client: OpenAI) -> None:
    """Its `beta` is version 1."""
    assert_type(client.beta.assistants.list(), SyncCursorPage[v1.Assistant])
    client.beta.assistants.create(model="gpt-4", tools=[function_tool(len), v1.RetrievalTool(type="retrieval")])
    assert_type(client.beta.assistants.files.create("a", file_id="f"), v1.AssistantFile)
    assert_type(client.beta.assistants.files.delete("f", assistant_id="a"), v1.AssistantFileDeleted)
    assert_type(client.beta.threads.messages.files.list("m", thread_id="t"), SyncCursorPage[v1.MessageFile])
    assert_type(client.beta.threads.runs.steps.list("r", thread_id="t"), SyncCursorPage[v1.RunStep])
    assert_type(client.beta.with_raw_response.assistants.retrieve("a").parse(), v1.Assistant)
    assert_type(client.files.retrieve("f"), FileObject)
    assert_type(client.with_options(timeout=1), OpenAI)
    message = client.beta.threads.messages.create("t", role="user", content="x", file_ids=["f"])
    assert_type(message, v1.Message)
    assert_type(str(cite(message, client)), str)
    assert_type(openai.types.Assistant.model_validate({}), v1.Assistant)
    assert_type(openai.NotFoundError("x", response=..., body=None), NotFoundError)  # type: ignore[arg-type]


def runs_of_version_1(client: OpenAI) -> None:
    """Polling, the tool loop, streams."""
    runs = client.beta.threads.runs
    assert_type(runs.create("t", assistant_id="a"), v1.Run)
    assert_type(runs.create("t", assistant_id="a", stream=True), Stream[v1.AssistantStreamEvent])
    assert_type(runs.create_and_poll("t", assistant_id="a"), v1.Run)
    assert_type(runs.submit_tool_outputs_and_poll("r", thread_id="t", tool_outputs=[]), v1.Run)
    result = runs.run_tools_and_poll("t", assistant_id="a", tools=[len, function_tool(len), {"type": "retrieval"}])
    assert_type(result, ToolLoopResult[None, v1.Run, v1.Message])
    assert_type(result.messages, list[v1.Message])
    assert_type(runs.stream("t", assistant_id="a"), AssistantStreamManager[AssistantEventHandler])
    with runs.run_tools("t", assistant_id="a", tools=[len], event_handler=Handler()) as stream:
        assert_type(stream, Handler)
        assert_type(stream.text_deltas, Iterator[str])
        assert_type(stream.current_run, v1.Run | None)
        assert_type(stream.get_final_messages(), list[v1.Message])
        for event in stream:
            assert_type(event, v1.AssistantStreamEvent)
    runs.stream("t", assistant_id="a", event_handler=OfVersion2())  # type: ignore[call-overload]


def results_of_version_2(result: ToolLoopResult[Any]) -> None:
    """Unless said otherwise."""
    assert_type(result.run, v2.threads.Run)
    assert_type(result.messages, list[v2.threads.Message])


async def the_async_client_of_version_1(client: AsyncOpenAI) -> None:
    """The same."""
    runs = client.beta.threads.runs
    page = client.beta.assistants.files.list("a")
    assert_type(page, AsyncPaginator[v1.AssistantFile, AsyncCursorPage[v1.AssistantFile]])
    assert_type(await client.beta.threads.create_and_run(assistant_id="a"), v1.Run)
    assert_type(await runs.create("t", assistant_id="a", stream=True), AsyncStream[v1.AssistantStreamEvent])
    assert_type(runs.stream("t", assistant_id="a"), AsyncAssistantStreamManager[AsyncAssistantEventHandler])
    async with runs.stream("t", assistant_id="a") as stream:
        assert_type(stream.text_deltas, AsyncIterator[str])
        assert_type(await stream.get_final_run(), v1.Run)
