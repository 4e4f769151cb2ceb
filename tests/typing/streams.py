"""Streams as type checkers see them: what `stream` makes of `create`, and events that narrow on their names."""

from __future__ import annotations

from typing import assert_type

from openai_assistants import AsyncOpenAI, AsyncStream, OpenAI, Stream
from openai_assistants.types import ErrorObject
from openai_assistants.types.beta import AssistantStreamEvent, Thread
from openai_assistants.types.beta.assistant_stream_event import (
    ErrorEvent,
    ThreadCreated,
    ThreadMessageCompleted,
    ThreadMessageCreated,
    ThreadMessageDelta,
    ThreadMessageIncomplete,
    ThreadMessageInProgress,
    ThreadRunCancelled,
    ThreadRunCancelling,
    ThreadRunCompleted,
    ThreadRunCreated,
    ThreadRunExpired,
    ThreadRunFailed,
    ThreadRunIncomplete,
    ThreadRunInProgress,
    ThreadRunQueued,
    ThreadRunRequiresAction,
    ThreadRunStepCancelled,
    ThreadRunStepCompleted,
    ThreadRunStepCreated,
    ThreadRunStepDelta,
    ThreadRunStepExpired,
    ThreadRunStepFailed,
    ThreadRunStepInProgress,
    UnknownStreamEvent,
)
from openai_assistants.types.beta.threads import Message, MessageDeltaEvent, Run, TextDeltaBlock
from openai_assistants.types.beta.threads.runs import (
    CodeInterpreterToolCallDelta,
    FileSearchToolCallDelta,
    FunctionToolCallDelta,
    RunStep,
    RunStepDeltaEvent,
    ToolCallDeltaObject,
)


def overloads(client: OpenAI, stream: bool, maybe: bool | None) -> None:
    """`stream` decides; left out, false or null it is the run."""
    runs, threads = client.beta.threads.runs, client.beta.threads
    assert_type(runs.create("thread", assistant_id="a"), Run)
    assert_type(runs.create(thread_id="thread", assistant_id="a", stream=False), Run)
    assert_type(runs.create("thread", assistant_id="a", stream=None), Run)
    assert_type(runs.create("thread", assistant_id="a", stream=True), Stream[AssistantStreamEvent])
    assert_type(runs.create("thread", assistant_id="a", stream=stream), Run | Stream[AssistantStreamEvent])
    assert_type(runs.submit_tool_outputs("run", thread_id="t", tool_outputs=[]), Run)
    assert_type(
        runs.submit_tool_outputs("run", thread_id="t", tool_outputs=[], stream=True), Stream[AssistantStreamEvent]
    )
    assert_type(
        runs.submit_tool_outputs("run", thread_id="t", tool_outputs=[], stream=stream),
        Run | Stream[AssistantStreamEvent],
    )
    assert_type(threads.create_and_run(assistant_id="a"), Run)
    assert_type(threads.create_and_run(assistant_id="a", stream=True), Stream[AssistantStreamEvent])
    assert_type(threads.create_and_run(assistant_id="a", stream=stream), Run | Stream[AssistantStreamEvent])
    if maybe is not None:
        assert_type(runs.create("thread", assistant_id="a", stream=maybe), Run | Stream[AssistantStreamEvent])


async def async_overloads(client: AsyncOpenAI, stream: bool) -> None:
    """The same, awaited."""
    runs, threads = client.beta.threads.runs, client.beta.threads
    assert_type(await runs.create("thread", assistant_id="a"), Run)
    assert_type(await runs.create("thread", assistant_id="a", stream=None), Run)
    assert_type(await runs.create("thread", assistant_id="a", stream=True), AsyncStream[AssistantStreamEvent])
    assert_type(await runs.create("thread", assistant_id="a", stream=stream), Run | AsyncStream[AssistantStreamEvent])
    assert_type(
        await runs.submit_tool_outputs("run", thread_id="t", tool_outputs=[], stream=True),
        AsyncStream[AssistantStreamEvent],
    )
    assert_type(await threads.create_and_run(assistant_id="a", stream=True), AsyncStream[AssistantStreamEvent])


def iteration(client: OpenAI) -> str:
    """A loop over a stream, as every tutorial has it."""
    text = ""
    with client.beta.threads.runs.create("thread", assistant_id="a", stream=True) as stream:
        assert_type(stream, Stream[AssistantStreamEvent])
        for event in stream:
            assert_type(event, AssistantStreamEvent)
            if event.event == "thread.message.delta":
                for block in event.data.delta.content or []:
                    if block.type == "text" and block.text:
                        assert_type(block, TextDeltaBlock)
                        text += block.text.value or ""
    return text


async def async_iteration(client: AsyncOpenAI) -> None:
    """The same, awaited."""
    async with await client.beta.threads.runs.create("thread", assistant_id="a", stream=True) as stream:
        assert_type(stream, AsyncStream[AssistantStreamEvent])
        async for event in stream:
            assert_type(event, AssistantStreamEvent)


def events(event: AssistantStreamEvent) -> None:
    """Each name has a class; what is left is the unknown one."""
    if event.event == "thread.created":
        assert_type(event, ThreadCreated)
        assert_type(event.data, Thread)
    elif event.event == "thread.run.created":
        assert_type(event, ThreadRunCreated)
        assert_type(event.data, Run)
    elif event.event == "thread.run.queued":
        assert_type(event, ThreadRunQueued)
    elif event.event == "thread.run.in_progress":
        assert_type(event, ThreadRunInProgress)
    elif event.event == "thread.run.requires_action":
        assert_type(event, ThreadRunRequiresAction)
        assert_type(event.data, Run)
    elif event.event == "thread.run.completed":
        assert_type(event, ThreadRunCompleted)
    elif event.event == "thread.run.incomplete":
        assert_type(event, ThreadRunIncomplete)
    elif event.event == "thread.run.failed":
        assert_type(event, ThreadRunFailed)
    elif event.event == "thread.run.cancelling":
        assert_type(event, ThreadRunCancelling)
    elif event.event == "thread.run.cancelled":
        assert_type(event, ThreadRunCancelled)
    elif event.event == "thread.run.expired":
        assert_type(event, ThreadRunExpired)
    elif event.event == "thread.run.step.created":
        assert_type(event, ThreadRunStepCreated)
        assert_type(event.data, RunStep)
    elif event.event == "thread.run.step.in_progress":
        assert_type(event, ThreadRunStepInProgress)
    elif event.event == "thread.run.step.delta":
        assert_type(event, ThreadRunStepDelta)
        assert_type(event.data, RunStepDeltaEvent)
    elif event.event == "thread.run.step.completed":
        assert_type(event, ThreadRunStepCompleted)
    elif event.event == "thread.run.step.failed":
        assert_type(event, ThreadRunStepFailed)
    elif event.event == "thread.run.step.cancelled":
        assert_type(event, ThreadRunStepCancelled)
    elif event.event == "thread.run.step.expired":
        assert_type(event, ThreadRunStepExpired)
    elif event.event == "thread.message.created":
        assert_type(event, ThreadMessageCreated)
        assert_type(event.data, Message)
    elif event.event == "thread.message.in_progress":
        assert_type(event, ThreadMessageInProgress)
    elif event.event == "thread.message.delta":
        assert_type(event, ThreadMessageDelta)
        assert_type(event.data, MessageDeltaEvent)
    elif event.event == "thread.message.completed":
        assert_type(event, ThreadMessageCompleted)
    elif event.event == "thread.message.incomplete":
        assert_type(event, ThreadMessageIncomplete)
    elif event.event == "error":
        assert_type(event, ErrorEvent)
        assert_type(event.data, ErrorObject)
    else:
        assert_type(event, UnknownStreamEvent)


def ends(event: AssistantStreamEvent) -> Run | None:
    """Several names at once."""
    if event.event == "thread.run.completed" or event.event == "thread.run.failed":
        assert_type(event, ThreadRunCompleted | ThreadRunFailed)
        return event.data
    return None


def step_pieces(event: ThreadRunStepDelta) -> None:
    """Pieces of steps narrow like steps."""
    details = event.data.delta.step_details
    if details is not None and details.type == "tool_calls":
        assert_type(details, ToolCallDeltaObject)
        for call in details.tool_calls or []:
            if call.type == "function":
                assert_type(call, FunctionToolCallDelta)
                assert_type(call.index, int)
            elif call.type == "code_interpreter":
                assert_type(call, CodeInterpreterToolCallDelta)
            elif call.type == "file_search":
                assert_type(call, FileSearchToolCallDelta)
                assert_type(call.file_search, dict[str, object])
