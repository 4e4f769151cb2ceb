"""Threads, conversations that assistants work on. Messages of a thread.

Generated from codegen/specs/v2/messages.yaml, codegen/specs/v2/runs.yaml, codegen/specs/v2/threads.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Iterable, Literal, overload

from typing_extensions import Unpack

from .._basics import Omit, omit
from .._connection import AsyncResource, Resource, several_requests
from .._requests import Call, Operation

if TYPE_CHECKING:
    from .._flow import Flow
    from .._handlers import (
        AssistantEventHandler,
        AssistantStreamManager,
        AsyncAssistantEventHandler,
        AsyncAssistantStreamManager,
        AsyncHandlerT,
        HandlerT,
    )
    from .._models import UnknownValue
    from .._pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
    from .._requests import RequestOptions
    from .._streaming import AsyncStream, Stream
    from ..types.assistants_params import (
        AssistantResponseFormatOptionParam,
        AssistantToolParam,
        ChatModel,
        NewToolResourcesParam,
        ToolResourcesParam,
    )
    from ..types.beta.assistant_stream_event import AssistantStreamEvent
    from ..types.runs import Run, TruncationStrategy
    from ..types.shared import Metadata, ToolResources
    from ..types.threads import Message, MessageAttachment, MessageDeleted, Thread, ThreadDeleted
    from ..types.threads_params import (
        AssistantToolChoiceOptionParam,
        MessageAttachmentParam,
        MessageContentPartParam,
        MessageCreateParams,
        ThreadCreateParams,
        TruncationStrategyParam,
    )
    from ._raw import (
        AsyncMessagesWithRawResponse,
        AsyncMessagesWithStreamingResponse,
        AsyncThreadsWithRawResponse,
        AsyncThreadsWithStreamingResponse,
        MessagesWithRawResponse,
        MessagesWithStreamingResponse,
        ThreadsWithRawResponse,
        ThreadsWithStreamingResponse,
    )
    from .runs import AsyncRuns, Runs

__tracebackhide__ = True  # pytest shows the line that calls, not the methods, which are mostly docstrings

THREADS_CREATE = Operation("createThread", "POST", "/threads", beta="assistants=v2")
THREADS_RETRIEVE = Operation("getThread", "GET", "/threads/{thread_id}", beta="assistants=v2")
THREADS_UPDATE = Operation("modifyThread", "POST", "/threads/{thread_id}", beta="assistants=v2")
THREADS_DELETE = Operation("deleteThread", "DELETE", "/threads/{thread_id}", beta="assistants=v2")
THREADS_CREATE_AND_RUN = Operation("createThreadAndRun", "POST", "/threads/runs", beta="assistants=v2")
MESSAGES_CREATE = Operation("createMessage", "POST", "/threads/{thread_id}/messages", beta="assistants=v2")
MESSAGES_RETRIEVE = Operation("getMessage", "GET", "/threads/{thread_id}/messages/{message_id}", beta="assistants=v2")
MESSAGES_UPDATE = Operation("modifyMessage", "POST", "/threads/{thread_id}/messages/{message_id}", beta="assistants=v2")
MESSAGES_LIST = Operation("listMessages", "GET", "/threads/{thread_id}/messages", beta="assistants=v2")
MESSAGES_DELETE = Operation(
    "deleteMessage", "DELETE", "/threads/{thread_id}/messages/{message_id}", beta="assistants=v2"
)


class Threads(Resource):
    """Threads, conversations that assistants work on."""

    with_raw_response: ThreadsWithRawResponse
    with_streaming_response: ThreadsWithStreamingResponse

    @cached_property
    def messages(self) -> Messages:
        """Messages of a thread."""
        return Messages(self._connection)

    @cached_property
    def runs(self) -> Runs:
        """Runs, the work of an assistant on a thread."""
        from .runs import Runs

        return Runs(self._connection)

    def create(
        self,
        *,
        messages: Iterable[MessageCreateParams] | Omit = omit,
        tool_resources: NewToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Thread:
        """Create a thread, with or without messages.

        If the connection is lost before the answer, the retry can create the thread a second time, except on servers
        that honour `Idempotency-Key`.

        POST /threads

        Args:
            messages: Messages to start with, oldest first.
            tool_resources: Files and vector stores that tools may use on this thread.
            metadata: Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new thread.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.threads import Thread

        return self._connection.send(
            Call(
                THREADS_CREATE,
                body={"messages": messages, "tool_resources": tool_resources, "metadata": metadata},
                into=Thread,
            ),
            options,
        )

    def retrieve(self, thread_id: str, **options: Unpack[RequestOptions]) -> Thread:
        """Retrieve a thread.

        GET /threads/{thread_id}

        Args:
            thread_id: Id of the thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The thread.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import Thread

        return self._connection.send(Call(THREADS_RETRIEVE, {"thread_id": thread_id}, into=Thread), options)

    def update(
        self,
        thread_id: str,
        *,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Thread:
        """Change the tool resources or metadata of a thread.

        POST /threads/{thread_id}

        Args:
            thread_id: Id of the thread.
            tool_resources: Files and vector stores that tools may use on this thread. Ids replace those before.
            metadata: Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The thread after the change.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import Thread

        return self._connection.send(
            Call(
                THREADS_UPDATE,
                {"thread_id": thread_id},
                body={"tool_resources": tool_resources, "metadata": metadata},
                into=Thread,
            ),
            options,
        )

    def delete(self, thread_id: str, **options: Unpack[RequestOptions]) -> ThreadDeleted:
        """Delete a thread for good.

        Its messages, runs and run steps can no longer be reached either.

        DELETE /threads/{thread_id}

        Args:
            thread_id: Id of the thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The thread is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import ThreadDeleted

        return self._connection.send(Call(THREADS_DELETE, {"thread_id": thread_id}, into=ThreadDeleted), options)

    @overload
    def create_and_run(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        stream: Literal[False] | Omit | None = omit,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run: ...

    @overload
    def create_and_run(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        stream: Literal[True],
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Stream[AssistantStreamEvent]: ...

    @overload
    def create_and_run(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        stream: bool,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run | Stream[AssistantStreamEvent]: ...

    def create_and_run(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        stream: bool | Omit | None = omit,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run | Stream[AssistantStreamEvent]:
        """Create a thread and run an assistant on it.

        With `stream` the answer is a stream of events instead of the run.

        If the connection is lost before the answer, the retry can create the thread and its run a second time, except
        on servers that honour `Idempotency-Key`.

        POST /threads/runs

        Args:
            assistant_id: Id of the assistant to run.
            thread: The thread to create; an empty one if left out.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            tools: Tools for this run instead of the assistant's, at most 20.
            tool_resources: Files and vector stores for the tools of this run, instead of the assistant's.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            temperature: Randomness of this run, from 0 (focused) to 2 (wild).
            top_p: Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not
                both.
            stream: Whether to answer with a stream of events while the run works.
            max_prompt_tokens: Most prompt tokens for the whole run, at least 256. Beyond it the run ends as
                `incomplete`.
            max_completion_tokens: Most completion tokens for the whole run, at least 256. Beyond it the run ends as
                `incomplete`.
            truncation_strategy: Which messages of the thread the model sees.
            tool_choice: Which tools the model may or must use.
            parallel_tool_calls: Whether the model may ask for several function calls at once.
            response_format: Form of the answer.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new run. With `stream=True` its events as they happen.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.beta.assistant_stream_event import AssistantStreamEvent
        from ..types.runs import Run

        call: Call[Run] = Call(
            THREADS_CREATE_AND_RUN,
            body={
                "assistant_id": assistant_id,
                "thread": thread,
                "model": model,
                "instructions": instructions,
                "tools": tools,
                "tool_resources": tool_resources,
                "metadata": metadata,
                "temperature": temperature,
                "top_p": top_p,
                "stream": stream,
                "max_prompt_tokens": max_prompt_tokens,
                "max_completion_tokens": max_completion_tokens,
                "truncation_strategy": truncation_strategy,
                "tool_choice": tool_choice,
                "parallel_tool_calls": parallel_tool_calls,
                "response_format": response_format,
            },
            into=Run,
            resume=resume,
        )
        if stream:
            return self._connection.stream(call.streaming(AssistantStreamEvent), options)
        return self._connection.send(call, options)

    @several_requests
    def create_and_run_poll(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        poll_interval_ms: int | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> Run:
        """Create a thread, run an assistant on it, and wait until the run ends or needs you.

        If the connection is lost before the answer, the retry can create the thread and its run a second time, except
        on servers that honour `Idempotency-Key`.

        POST /threads/runs

        Args:
            assistant_id: Id of the assistant to run.
            thread: The thread to create; an empty one if left out.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            tools: Tools for this run instead of the assistant's, at most 20.
            tool_resources: Files and vector stores for the tools of this run, instead of the assistant's.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            temperature: Randomness of this run, from 0 (focused) to 2 (wild).
            top_p: Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not
                both.
            max_prompt_tokens: Most prompt tokens for the whole run, at least 256. Beyond it the run ends as
                `incomplete`.
            max_completion_tokens: Most completion tokens for the whole run, at least 256. Beyond it the run ends as
                `incomplete`.
            truncation_strategy: Which messages of the thread the model sees.
            tool_choice: Which tools the model may or must use.
            parallel_tool_calls: Whether the model may ask for several function calls at once.
            response_format: Form of the answer.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, a minute beyond the run's
                `expires_at`.
            on_deadline: What to do when the time is up, just raise `WaitTimeoutError`, or cancel the run first.
            on_interrupt: What to do with the run when the wait is interrupted, by Ctrl-C or by cancelling the task.
            **options: Request options, see `RequestOptions`.

        Returns:
            The run as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the run as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from .. import _polling as polling
        from ..types.runs import Run
        from .runs import RUNS_CANCEL, RUNS_RETRIEVE

        call: Call[Run] = Call(
            THREADS_CREATE_AND_RUN,
            body={
                "assistant_id": assistant_id,
                "thread": thread,
                "model": model,
                "instructions": instructions,
                "tools": tools,
                "tool_resources": tool_resources,
                "metadata": metadata,
                "temperature": temperature,
                "top_p": top_p,
                "max_prompt_tokens": max_prompt_tokens,
                "max_completion_tokens": max_completion_tokens,
                "truncation_strategy": truncation_strategy,
                "tool_choice": tool_choice,
                "parallel_tool_calls": parallel_tool_calls,
                "response_format": response_format,
            },
            into=Run,
        )
        flow: Flow[Run] = polling.start_and_poll(
            self._connection.core,
            call,
            polling.RunOperations(retrieve=RUNS_RETRIEVE, cancel=RUNS_CANCEL),
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return self._connection.drive(flow)

    @overload
    def create_and_run_stream(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        event_handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[AssistantEventHandler]: ...

    @overload
    def create_and_run_stream(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        event_handler: HandlerT,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[HandlerT]: ...

    @several_requests
    def create_and_run_stream(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        event_handler: AssistantEventHandler | None = None,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[AssistantEventHandler]:
        """Create a thread, run an assistant on it, and follow the events of the run.

        If the connection is lost before the answer, the retry can create the thread and its run a second time, except
        on servers that honour `Idempotency-Key`.

        POST /threads/runs

        Args:
            assistant_id: Id of the assistant to run.
            thread: The thread to create; an empty one if left out.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            tools: Tools for this run instead of the assistant's, at most 20.
            tool_resources: Files and vector stores for the tools of this run, instead of the assistant's.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            temperature: Randomness of this run, from 0 (focused) to 2 (wild).
            top_p: Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not
                both.
            max_prompt_tokens: Most prompt tokens for the whole run, at least 256. Beyond it the run ends as
                `incomplete`.
            max_completion_tokens: Most completion tokens for the whole run, at least 256. Beyond it the run ends as
                `incomplete`.
            truncation_strategy: Which messages of the thread the model sees.
            tool_choice: Which tools the model may or must use.
            parallel_tool_calls: Whether the model may ask for several function calls at once.
            response_format: Form of the answer.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            event_handler: What is told of each event; an object of a subclass of yours, for this stream only.
            **options: Request options, see `RequestOptions`.

        Returns:
            A manager, which sends the request at the beginning of its with block; `as` gives the handler.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from .._handlers import AssistantStreamManager
        from ..types.beta.assistant_stream_event import AssistantStreamEvent
        from ..types.runs import Run

        call: Call[Run] = Call(
            THREADS_CREATE_AND_RUN,
            body={
                "assistant_id": assistant_id,
                "thread": thread,
                "model": model,
                "instructions": instructions,
                "tools": tools,
                "tool_resources": tool_resources,
                "metadata": metadata,
                "temperature": temperature,
                "top_p": top_p,
                "stream": True,
                "max_prompt_tokens": max_prompt_tokens,
                "max_completion_tokens": max_completion_tokens,
                "truncation_strategy": truncation_strategy,
                "tool_choice": tool_choice,
                "parallel_tool_calls": parallel_tool_calls,
                "response_format": response_format,
            },
            into=Run,
            resume=resume,
        )
        return AssistantStreamManager(self._connection, call.streaming(AssistantStreamEvent), options, event_handler)


class AsyncThreads(AsyncResource):
    """Threads, conversations that assistants work on."""

    with_raw_response: AsyncThreadsWithRawResponse
    with_streaming_response: AsyncThreadsWithStreamingResponse

    @cached_property
    def messages(self) -> AsyncMessages:
        """Messages of a thread."""
        return AsyncMessages(self._connection)

    @cached_property
    def runs(self) -> AsyncRuns:
        """Runs, the work of an assistant on a thread."""
        from .runs import AsyncRuns

        return AsyncRuns(self._connection)

    async def create(
        self,
        *,
        messages: Iterable[MessageCreateParams] | Omit = omit,
        tool_resources: NewToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Thread:
        """Create a thread, with or without messages.

        If the connection is lost before the answer, the retry can create the thread a second time, except on servers
        that honour `Idempotency-Key`.

        POST /threads

        Args:
            messages: Messages to start with, oldest first.
            tool_resources: Files and vector stores that tools may use on this thread.
            metadata: Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new thread.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.threads import Thread

        return await self._connection.send(
            Call(
                THREADS_CREATE,
                body={"messages": messages, "tool_resources": tool_resources, "metadata": metadata},
                into=Thread,
            ),
            options,
        )

    async def retrieve(self, thread_id: str, **options: Unpack[RequestOptions]) -> Thread:
        """Retrieve a thread.

        GET /threads/{thread_id}

        Args:
            thread_id: Id of the thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The thread.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import Thread

        return await self._connection.send(Call(THREADS_RETRIEVE, {"thread_id": thread_id}, into=Thread), options)

    async def update(
        self,
        thread_id: str,
        *,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Thread:
        """Change the tool resources or metadata of a thread.

        POST /threads/{thread_id}

        Args:
            thread_id: Id of the thread.
            tool_resources: Files and vector stores that tools may use on this thread. Ids replace those before.
            metadata: Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The thread after the change.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import Thread

        return await self._connection.send(
            Call(
                THREADS_UPDATE,
                {"thread_id": thread_id},
                body={"tool_resources": tool_resources, "metadata": metadata},
                into=Thread,
            ),
            options,
        )

    async def delete(self, thread_id: str, **options: Unpack[RequestOptions]) -> ThreadDeleted:
        """Delete a thread for good.

        Its messages, runs and run steps can no longer be reached either.

        DELETE /threads/{thread_id}

        Args:
            thread_id: Id of the thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The thread is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import ThreadDeleted

        return await self._connection.send(Call(THREADS_DELETE, {"thread_id": thread_id}, into=ThreadDeleted), options)

    @overload
    async def create_and_run(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        stream: Literal[False] | Omit | None = omit,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run: ...

    @overload
    async def create_and_run(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        stream: Literal[True],
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> AsyncStream[AssistantStreamEvent]: ...

    @overload
    async def create_and_run(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        stream: bool,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run | AsyncStream[AssistantStreamEvent]: ...

    async def create_and_run(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        stream: bool | Omit | None = omit,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run | AsyncStream[AssistantStreamEvent]:
        """Create a thread and run an assistant on it.

        With `stream` the answer is a stream of events instead of the run.

        If the connection is lost before the answer, the retry can create the thread and its run a second time, except
        on servers that honour `Idempotency-Key`.

        POST /threads/runs

        Args:
            assistant_id: Id of the assistant to run.
            thread: The thread to create; an empty one if left out.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            tools: Tools for this run instead of the assistant's, at most 20.
            tool_resources: Files and vector stores for the tools of this run, instead of the assistant's.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            temperature: Randomness of this run, from 0 (focused) to 2 (wild).
            top_p: Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not
                both.
            stream: Whether to answer with a stream of events while the run works.
            max_prompt_tokens: Most prompt tokens for the whole run, at least 256. Beyond it the run ends as
                `incomplete`.
            max_completion_tokens: Most completion tokens for the whole run, at least 256. Beyond it the run ends as
                `incomplete`.
            truncation_strategy: Which messages of the thread the model sees.
            tool_choice: Which tools the model may or must use.
            parallel_tool_calls: Whether the model may ask for several function calls at once.
            response_format: Form of the answer.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new run. With `stream=True` its events as they happen.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.beta.assistant_stream_event import AssistantStreamEvent
        from ..types.runs import Run

        call: Call[Run] = Call(
            THREADS_CREATE_AND_RUN,
            body={
                "assistant_id": assistant_id,
                "thread": thread,
                "model": model,
                "instructions": instructions,
                "tools": tools,
                "tool_resources": tool_resources,
                "metadata": metadata,
                "temperature": temperature,
                "top_p": top_p,
                "stream": stream,
                "max_prompt_tokens": max_prompt_tokens,
                "max_completion_tokens": max_completion_tokens,
                "truncation_strategy": truncation_strategy,
                "tool_choice": tool_choice,
                "parallel_tool_calls": parallel_tool_calls,
                "response_format": response_format,
            },
            into=Run,
            resume=resume,
        )
        if stream:
            return await self._connection.stream(call.streaming(AssistantStreamEvent), options)
        return await self._connection.send(call, options)

    @several_requests
    async def create_and_run_poll(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        poll_interval_ms: int | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> Run:
        """Create a thread, run an assistant on it, and wait until the run ends or needs you.

        If the connection is lost before the answer, the retry can create the thread and its run a second time, except
        on servers that honour `Idempotency-Key`.

        POST /threads/runs

        Args:
            assistant_id: Id of the assistant to run.
            thread: The thread to create; an empty one if left out.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            tools: Tools for this run instead of the assistant's, at most 20.
            tool_resources: Files and vector stores for the tools of this run, instead of the assistant's.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            temperature: Randomness of this run, from 0 (focused) to 2 (wild).
            top_p: Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not
                both.
            max_prompt_tokens: Most prompt tokens for the whole run, at least 256. Beyond it the run ends as
                `incomplete`.
            max_completion_tokens: Most completion tokens for the whole run, at least 256. Beyond it the run ends as
                `incomplete`.
            truncation_strategy: Which messages of the thread the model sees.
            tool_choice: Which tools the model may or must use.
            parallel_tool_calls: Whether the model may ask for several function calls at once.
            response_format: Form of the answer.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, a minute beyond the run's
                `expires_at`.
            on_deadline: What to do when the time is up, just raise `WaitTimeoutError`, or cancel the run first.
            on_interrupt: What to do with the run when the wait is interrupted, by Ctrl-C or by cancelling the task.
            **options: Request options, see `RequestOptions`.

        Returns:
            The run as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the run as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from .. import _polling as polling
        from ..types.runs import Run
        from .runs import RUNS_CANCEL, RUNS_RETRIEVE

        call: Call[Run] = Call(
            THREADS_CREATE_AND_RUN,
            body={
                "assistant_id": assistant_id,
                "thread": thread,
                "model": model,
                "instructions": instructions,
                "tools": tools,
                "tool_resources": tool_resources,
                "metadata": metadata,
                "temperature": temperature,
                "top_p": top_p,
                "max_prompt_tokens": max_prompt_tokens,
                "max_completion_tokens": max_completion_tokens,
                "truncation_strategy": truncation_strategy,
                "tool_choice": tool_choice,
                "parallel_tool_calls": parallel_tool_calls,
                "response_format": response_format,
            },
            into=Run,
        )
        flow: Flow[Run] = polling.start_and_poll(
            self._connection.core,
            call,
            polling.RunOperations(retrieve=RUNS_RETRIEVE, cancel=RUNS_CANCEL),
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return await self._connection.drive(flow)

    @overload
    def create_and_run_stream(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        event_handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]: ...

    @overload
    def create_and_run_stream(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        event_handler: AsyncHandlerT,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncHandlerT]: ...

    @several_requests
    def create_and_run_stream(
        self,
        *,
        assistant_id: str,
        thread: ThreadCreateParams | Omit = omit,
        model: str | ChatModel | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        max_prompt_tokens: int | Omit | None = omit,
        max_completion_tokens: int | Omit | None = omit,
        truncation_strategy: TruncationStrategyParam | TruncationStrategy | Omit | None = omit,
        tool_choice: AssistantToolChoiceOptionParam | Omit | None = omit,
        parallel_tool_calls: bool | Omit = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        resume: bool = False,
        event_handler: AsyncAssistantEventHandler | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]:
        """Create a thread, run an assistant on it, and follow the events of the run.

        If the connection is lost before the answer, the retry can create the thread and its run a second time, except
        on servers that honour `Idempotency-Key`.

        POST /threads/runs

        Args:
            assistant_id: Id of the assistant to run.
            thread: The thread to create; an empty one if left out.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            tools: Tools for this run instead of the assistant's, at most 20.
            tool_resources: Files and vector stores for the tools of this run, instead of the assistant's.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            temperature: Randomness of this run, from 0 (focused) to 2 (wild).
            top_p: Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not
                both.
            max_prompt_tokens: Most prompt tokens for the whole run, at least 256. Beyond it the run ends as
                `incomplete`.
            max_completion_tokens: Most completion tokens for the whole run, at least 256. Beyond it the run ends as
                `incomplete`.
            truncation_strategy: Which messages of the thread the model sees.
            tool_choice: Which tools the model may or must use.
            parallel_tool_calls: Whether the model may ask for several function calls at once.
            response_format: Form of the answer.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            event_handler: What is told of each event; an object of a subclass of yours, for this stream only.
            **options: Request options, see `RequestOptions`.

        Returns:
            A manager, which sends the request at the beginning of its with block; `as` gives the handler.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from .._handlers import AsyncAssistantStreamManager
        from ..types.beta.assistant_stream_event import AssistantStreamEvent
        from ..types.runs import Run

        call: Call[Run] = Call(
            THREADS_CREATE_AND_RUN,
            body={
                "assistant_id": assistant_id,
                "thread": thread,
                "model": model,
                "instructions": instructions,
                "tools": tools,
                "tool_resources": tool_resources,
                "metadata": metadata,
                "temperature": temperature,
                "top_p": top_p,
                "stream": True,
                "max_prompt_tokens": max_prompt_tokens,
                "max_completion_tokens": max_completion_tokens,
                "truncation_strategy": truncation_strategy,
                "tool_choice": tool_choice,
                "parallel_tool_calls": parallel_tool_calls,
                "response_format": response_format,
            },
            into=Run,
            resume=resume,
        )
        return AsyncAssistantStreamManager(
            self._connection, call.streaming(AssistantStreamEvent), options, event_handler
        )


class Messages(Resource):
    """Messages of a thread."""

    with_raw_response: MessagesWithRawResponse
    with_streaming_response: MessagesWithStreamingResponse

    def create(
        self,
        thread_id: str,
        *,
        role: Literal["user", "assistant"] | UnknownValue,
        content: str | Iterable[MessageContentPartParam],
        attachments: Iterable[MessageAttachmentParam | MessageAttachment] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        **options: Unpack[RequestOptions],
    ) -> Message:
        """Add a message to a thread.

        Refused while a run of the thread is active.

        If the connection is lost before the answer, the retry can create the message a second time, except on servers
        that honour `Idempotency-Key`.

        POST /threads/{thread_id}/messages

        Args:
            thread_id: Id of the thread.
            role: Who speaks; `user` for people, `assistant` to put words into the assistant's mouth.
            content: The text, or a list of text and image parts. Images need a model that can see.
            attachments: Files to give to tools along with the message.
            metadata: Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new message.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import Message

        return self._connection.send(
            Call(
                MESSAGES_CREATE,
                {"thread_id": thread_id},
                body={"role": role, "content": content, "attachments": attachments, "metadata": metadata},
                into=Message,
                on_active_run=on_active_run,
            ),
            options,
        )

    def retrieve(self, message_id: str, *, thread_id: str, **options: Unpack[RequestOptions]) -> Message:
        """Retrieve one message of a thread.

        GET /threads/{thread_id}/messages/{message_id}

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The message.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import Message

        return self._connection.send(
            Call(MESSAGES_RETRIEVE, {"thread_id": thread_id, "message_id": message_id}, into=Message), options
        )

    def update(
        self,
        message_id: str,
        *,
        thread_id: str,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Message:
        """Change the metadata of a message.

        POST /threads/{thread_id}/messages/{message_id}

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
            metadata: Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The message after the change.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import Message

        return self._connection.send(
            Call(
                MESSAGES_UPDATE,
                {"thread_id": thread_id, "message_id": message_id},
                body={"metadata": metadata},
                into=Message,
            ),
            options,
        )

    def list(
        self,
        thread_id: str,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        run_id: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[Message]:
        """List the messages of a thread.

        GET /threads/{thread_id}/messages

        Args:
            thread_id: Id of the thread.
            limit: Messages per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a message; the page starts behind it.
            before: Id of a message; the page ends in front of it.
            run_id: Id of a run; only the messages that it wrote.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of messages. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import Message

        return self._connection.page(
            Call(
                MESSAGES_LIST,
                {"thread_id": thread_id},
                query={"limit": limit, "order": order, "after": after, "before": before, "run_id": run_id},
                into=Message,
            ),
            options,
        )

    def delete(self, message_id: str, *, thread_id: str, **options: Unpack[RequestOptions]) -> MessageDeleted:
        """Delete a message.

        DELETE /threads/{thread_id}/messages/{message_id}

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The message is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import MessageDeleted

        return self._connection.send(
            Call(MESSAGES_DELETE, {"thread_id": thread_id, "message_id": message_id}, into=MessageDeleted), options
        )


class AsyncMessages(AsyncResource):
    """Messages of a thread."""

    with_raw_response: AsyncMessagesWithRawResponse
    with_streaming_response: AsyncMessagesWithStreamingResponse

    async def create(
        self,
        thread_id: str,
        *,
        role: Literal["user", "assistant"] | UnknownValue,
        content: str | Iterable[MessageContentPartParam],
        attachments: Iterable[MessageAttachmentParam | MessageAttachment] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        **options: Unpack[RequestOptions],
    ) -> Message:
        """Add a message to a thread.

        Refused while a run of the thread is active.

        If the connection is lost before the answer, the retry can create the message a second time, except on servers
        that honour `Idempotency-Key`.

        POST /threads/{thread_id}/messages

        Args:
            thread_id: Id of the thread.
            role: Who speaks; `user` for people, `assistant` to put words into the assistant's mouth.
            content: The text, or a list of text and image parts. Images need a model that can see.
            attachments: Files to give to tools along with the message.
            metadata: Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new message.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import Message

        return await self._connection.send(
            Call(
                MESSAGES_CREATE,
                {"thread_id": thread_id},
                body={"role": role, "content": content, "attachments": attachments, "metadata": metadata},
                into=Message,
                on_active_run=on_active_run,
            ),
            options,
        )

    async def retrieve(self, message_id: str, *, thread_id: str, **options: Unpack[RequestOptions]) -> Message:
        """Retrieve one message of a thread.

        GET /threads/{thread_id}/messages/{message_id}

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The message.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import Message

        return await self._connection.send(
            Call(MESSAGES_RETRIEVE, {"thread_id": thread_id, "message_id": message_id}, into=Message), options
        )

    async def update(
        self,
        message_id: str,
        *,
        thread_id: str,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Message:
        """Change the metadata of a message.

        POST /threads/{thread_id}/messages/{message_id}

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
            metadata: Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The message after the change.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import Message

        return await self._connection.send(
            Call(
                MESSAGES_UPDATE,
                {"thread_id": thread_id, "message_id": message_id},
                body={"metadata": metadata},
                into=Message,
            ),
            options,
        )

    def list(
        self,
        thread_id: str,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        run_id: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[Message, AsyncCursorPage[Message]]:
        """List the messages of a thread.

        GET /threads/{thread_id}/messages

        Args:
            thread_id: Id of the thread.
            limit: Messages per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a message; the page starts behind it.
            before: Id of a message; the page ends in front of it.
            run_id: Id of a run; only the messages that it wrote.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of messages. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import Message

        return self._connection.page(
            Call(
                MESSAGES_LIST,
                {"thread_id": thread_id},
                query={"limit": limit, "order": order, "after": after, "before": before, "run_id": run_id},
                into=Message,
            ),
            options,
        )

    async def delete(self, message_id: str, *, thread_id: str, **options: Unpack[RequestOptions]) -> MessageDeleted:
        """Delete a message.

        DELETE /threads/{thread_id}/messages/{message_id}

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The message is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.threads import MessageDeleted

        return await self._connection.send(
            Call(MESSAGES_DELETE, {"thread_id": thread_id, "message_id": message_id}, into=MessageDeleted), options
        )
