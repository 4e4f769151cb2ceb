"""Event handlers as type checkers see them: the block gives the handler in its own type, callbacks narrow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import assert_type

from typing_extensions import override

from openai_assistants import AssistantEventHandler, AsyncAssistantEventHandler, AsyncOpenAI, OpenAI
from openai_assistants.lib.streaming import AssistantStreamManager, AsyncAssistantStreamManager
from openai_assistants.types.beta import AssistantStreamEvent
from openai_assistants.types.beta.threads import ImageFile, Message, MessageDelta, Run, Text, TextDelta
from openai_assistants.types.beta.threads.runs import (
    CodeInterpreterToolCall,
    FunctionToolCall,
    RunStep,
    RunStepDelta,
    ToolCall,
    ToolCallDelta,
)


class Handler(AssistantEventHandler):
    """Everything that can be overridden."""

    name = "mine"

    @override
    def on_event(self, event: AssistantStreamEvent) -> None:
        if event.event == "thread.run.requires_action":
            assert_type(event.data, Run)

    @override
    def on_run_step_created(self, run_step: RunStep) -> None: ...

    @override
    def on_run_step_delta(self, delta: RunStepDelta, snapshot: RunStep) -> None: ...

    @override
    def on_run_step_done(self, run_step: RunStep) -> None: ...

    @override
    def on_tool_call_created(self, tool_call: ToolCall) -> None:
        if tool_call.type == "function":
            assert_type(tool_call, FunctionToolCall)
        elif tool_call.type == "code_interpreter":
            assert_type(tool_call, CodeInterpreterToolCall)

    @override
    def on_tool_call_delta(self, delta: ToolCallDelta, snapshot: ToolCall) -> None:
        if delta.type == "code_interpreter" and delta.code_interpreter:
            assert_type(delta.code_interpreter.input, str | None)

    @override
    def on_tool_call_done(self, tool_call: ToolCall) -> None: ...

    @override
    def on_message_created(self, message: Message) -> None: ...

    @override
    def on_message_delta(self, delta: MessageDelta, snapshot: Message) -> None: ...

    @override
    def on_message_done(self, message: Message) -> None: ...

    @override
    def on_text_created(self, text: Text) -> None: ...

    @override
    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        assert_type(delta.value, str | None)
        assert_type(snapshot.value, str)

    @override
    def on_text_done(self, text: Text) -> None: ...

    @override
    def on_image_file_done(self, image_file: ImageFile) -> None: ...

    @override
    def on_exception(self, exception: Exception) -> None: ...

    @override
    def on_timeout(self) -> None: ...

    @override
    def on_end(self) -> None: ...


class AsyncHandler(AsyncAssistantEventHandler):
    """Some of it, awaiting."""

    name = "mine"

    @override
    async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None: ...

    @override
    async def on_end(self) -> None: ...


def the_block_gives_the_handler(client: OpenAI) -> None:
    """In its own type."""
    runs, threads = client.beta.threads.runs, client.beta.threads
    assert_type(runs.stream("t", assistant_id="a"), AssistantStreamManager[AssistantEventHandler])
    assert_type(runs.stream("t", assistant_id="a", event_handler=None), AssistantStreamManager[AssistantEventHandler])
    assert_type(runs.stream("t", assistant_id="a", event_handler=Handler()), AssistantStreamManager[Handler])
    with runs.stream(thread_id="t", assistant_id="a", event_handler=Handler()) as stream:
        assert_type(stream, Handler)
        assert_type(stream.name, str)
    with runs.create_and_stream(thread_id="t", assistant_id="a", event_handler=Handler(), resume=True) as older:
        assert_type(older, Handler)
    with threads.create_and_run_stream(assistant_id="a", event_handler=Handler()) as begun:
        assert_type(begun, Handler)
    with runs.submit_tool_outputs_stream("r", thread_id="t", tool_outputs=[], event_handler=Handler()) as further:
        assert_type(further, Handler)
    with runs.stream("t", assistant_id="a") as plain:
        assert_type(plain, AssistantEventHandler)


def reading(handler: AssistantEventHandler) -> None:
    """All ways of it."""
    for event in handler:
        assert_type(event, AssistantStreamEvent)
    assert_type(handler.text_deltas, Iterator[str])
    assert_type(handler.until_done(), None)
    assert_type(handler.get_final_run(), Run)
    assert_type(handler.get_final_run_steps(), list[RunStep])
    assert_type(handler.get_final_messages(), list[Message])
    assert_type(handler.current_event, AssistantStreamEvent | None)
    assert_type(handler.current_run, Run | None)
    assert_type(handler.current_run_step_snapshot, RunStep | None)
    assert_type(handler.current_message_snapshot, Message | None)
    assert_type(handler.close(), None)


async def the_async_block_gives_the_handler(client: AsyncOpenAI) -> None:
    """The helpers are plain functions."""
    runs, threads = client.beta.threads.runs, client.beta.threads
    assert_type(runs.stream("t", assistant_id="a"), AsyncAssistantStreamManager[AsyncAssistantEventHandler])
    async with runs.stream("t", assistant_id="a", event_handler=AsyncHandler()) as stream:
        assert_type(stream, AsyncHandler)
    async with threads.create_and_run_stream(assistant_id="a", event_handler=AsyncHandler()) as begun:
        assert_type(begun.name, str)
    async with runs.submit_tool_outputs_stream("r", thread_id="t", tool_outputs=[]) as plain:
        assert_type(plain, AsyncAssistantEventHandler)


async def async_reading(handler: AsyncAssistantEventHandler) -> None:
    """All ways of it."""
    async for event in handler:
        assert_type(event, AssistantStreamEvent)
    assert_type(handler.text_deltas, AsyncIterator[str])
    assert_type(await handler.get_final_run(), Run)
    assert_type(await handler.get_final_run_steps(), list[RunStep])
    assert_type(await handler.get_final_messages(), list[Message])
    await handler.until_done()
    await handler.close()
