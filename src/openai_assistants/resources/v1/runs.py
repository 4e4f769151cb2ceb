"""Runs, the work of an assistant on a thread. Steps of a run.

Generated from codegen/specs/v1/run_steps.yaml, codegen/specs/v1/runs.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Callable, Iterable, Literal, overload

from typing_extensions import Unpack

from ..._basics import Omit, omit
from ..._connection import AsyncResource, Resource, several_requests
from ..._requests import Call, Operation

if TYPE_CHECKING:
    from ..._flow import Flow
    from ..._functions import ToolFunction
    from ..._handlers import AssistantStreamManager, AsyncAssistantStreamManager
    from ..._models import UnknownValue
    from ..._pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
    from ..._requests import RequestOptions
    from ..._streaming import AsyncStream, Stream
    from ..._tool_loop import ToolLoopResult
    from ..._v1 import AssistantEventHandler, AsyncAssistantEventHandler, AsyncHandlerT, HandlerT
    from ...types.v1.events import AssistantStreamEvent
    from ...types.v1.params import AssistantToolParam, ToolOutput
    from ...types.v1.threads import Message, Metadata, Run, RunStep
    from ._raw import (
        AsyncRunsWithRawResponse,
        AsyncRunsWithStreamingResponse,
        AsyncStepsWithRawResponse,
        AsyncStepsWithStreamingResponse,
        RunsWithRawResponse,
        RunsWithStreamingResponse,
        StepsWithRawResponse,
        StepsWithStreamingResponse,
    )

__tracebackhide__ = True  # pytest shows the line that calls, not the methods, which are mostly docstrings

RUNS_CREATE = Operation("createRun", "POST", "/threads/{thread_id}/runs", beta="assistants=v1")
RUNS_RETRIEVE = Operation("getRun", "GET", "/threads/{thread_id}/runs/{run_id}", beta="assistants=v1")
RUNS_UPDATE = Operation("modifyRun", "POST", "/threads/{thread_id}/runs/{run_id}", beta="assistants=v1")
RUNS_LIST = Operation("listRuns", "GET", "/threads/{thread_id}/runs", beta="assistants=v1")
RUNS_CANCEL = Operation("cancelRun", "POST", "/threads/{thread_id}/runs/{run_id}/cancel", beta="assistants=v1")
RUNS_SUBMIT_TOOL_OUTPUTS = Operation(
    "submitToolOuputsToRun", "POST", "/threads/{thread_id}/runs/{run_id}/submit_tool_outputs", beta="assistants=v1"
)
RUN_STEPS_RETRIEVE = Operation(
    "getRunStep", "GET", "/threads/{thread_id}/runs/{run_id}/steps/{step_id}", beta="assistants=v1"
)
RUN_STEPS_LIST = Operation("listRunSteps", "GET", "/threads/{thread_id}/runs/{run_id}/steps", beta="assistants=v1")


class Runs(Resource):
    """Runs, the work of an assistant on a thread."""

    with_raw_response: RunsWithRawResponse
    with_streaming_response: RunsWithStreamingResponse

    @cached_property
    def steps(self) -> Steps:
        """Steps of a run."""
        return Steps(self._connection)

    @overload
    def create(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        stream: Literal[False] | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run: ...

    @overload
    def create(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        stream: Literal[True],
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Stream[AssistantStreamEvent]: ...

    @overload
    def create(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        stream: bool,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run | Stream[AssistantStreamEvent]: ...

    def create(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        stream: bool | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run | Stream[AssistantStreamEvent]:
        """Run an assistant on a thread.

        A thread has at most one active run.

        POST /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            assistant_id: Id of the assistant to run.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            additional_instructions: Text to append to the instructions for this run.
            tools: Tools for this run instead of the assistant's, at most 20.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            stream: Whether to answer with a stream of events while the run works.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new run. With `stream=True` its events as they happen.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.events import AssistantStreamEvent
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_CREATE,
            {"thread_id": thread_id},
            body={
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "tools": tools,
                "metadata": metadata,
                "stream": stream,
            },
            into=Run,
            on_active_run=on_active_run,
            resume=resume,
        )
        if stream:
            return self._connection.stream(call.streaming(AssistantStreamEvent), options)
        return self._connection.send(call, options)

    def retrieve(self, run_id: str, *, thread_id: str, **options: Unpack[RequestOptions]) -> Run:
        """Retrieve a run.

        GET /threads/{thread_id}/runs/{run_id}

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The run.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Run

        return self._connection.send(Call(RUNS_RETRIEVE, {"thread_id": thread_id, "run_id": run_id}, into=Run), options)

    def update(
        self, run_id: str, *, thread_id: str, metadata: Metadata | Omit | None = omit, **options: Unpack[RequestOptions]
    ) -> Run:
        """Change the metadata of a run.

        POST /threads/{thread_id}/runs/{run_id}

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The run after the change.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Run

        return self._connection.send(
            Call(RUNS_UPDATE, {"thread_id": thread_id, "run_id": run_id}, body={"metadata": metadata}, into=Run),
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
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[Run]:
        """List the runs of a thread.

        GET /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            limit: Runs per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a run; the page starts behind it.
            before: Id of a run; the page ends in front of it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of runs. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Run

        return self._connection.page(
            Call(
                RUNS_LIST,
                {"thread_id": thread_id},
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=Run,
            ),
            options,
        )

    def cancel(self, run_id: str, *, thread_id: str, **options: Unpack[RequestOptions]) -> Run:
        """Cancel a run that has not ended.

        The run is `cancelling` first and `cancelled` a little later.

        POST /threads/{thread_id}/runs/{run_id}/cancel

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The run.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Run

        return self._connection.send(Call(RUNS_CANCEL, {"thread_id": thread_id, "run_id": run_id}, into=Run), options)

    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        stream: Literal[False] | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run: ...

    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        stream: Literal[True],
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Stream[AssistantStreamEvent]: ...

    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        stream: bool,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run | Stream[AssistantStreamEvent]: ...

    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        stream: bool | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run | Stream[AssistantStreamEvent]:
        """Answer the tool calls of a run that waits for them.

        The run must have the status `requires_action`, and all its calls are answered in one request.

        POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            tool_outputs: One result for each call.
            stream: Whether to answer with a stream of events while the run goes on.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            **options: Request options, see `RequestOptions`.

        Returns:
            The run, at work again. With `stream=True` its events as they happen.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.events import AssistantStreamEvent
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_SUBMIT_TOOL_OUTPUTS,
            {"thread_id": thread_id, "run_id": run_id},
            body={"tool_outputs": tool_outputs, "stream": stream},
            into=Run,
            resume=resume,
        )
        if stream:
            return self._connection.stream(call.streaming(AssistantStreamEvent), options)
        return self._connection.send(call, options)

    @several_requests
    def create_and_poll(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        poll_interval_ms: int | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> Run:
        """Run an assistant on a thread, and wait until the run ends or needs you.

        POST /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            assistant_id: Id of the assistant to run.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            additional_instructions: Text to append to the instructions for this run.
            tools: Tools for this run instead of the assistant's, at most 20.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
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
            ValueError: A path argument is empty.
        """
        from ... import _polling as polling
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_CREATE,
            {"thread_id": thread_id},
            body={
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "tools": tools,
                "metadata": metadata,
            },
            into=Run,
            on_active_run=on_active_run,
        )
        flow: Flow[Run] = polling.start_and_poll(
            self._connection.core,
            call,
            polling.RunOperations(retrieve=RUNS_RETRIEVE, cancel=RUNS_CANCEL),
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return self._connection.drive(flow)

    @several_requests
    def poll(
        self,
        run_id: str,
        thread_id: str,
        *,
        poll_interval_ms: int | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> Run:
        """Wait until a run ends or needs you.

        GET /threads/{thread_id}/runs/{run_id}

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
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
            ValueError: A path argument is empty.
        """
        from ... import _polling as polling
        from ...types.v1.threads import Run

        call: Call[Run] = Call(RUNS_RETRIEVE, {"thread_id": thread_id, "run_id": run_id}, into=Run)
        flow: Flow[Run] = polling.poll_run(
            self._connection.core,
            call,
            polling.RunOperations(retrieve=RUNS_RETRIEVE, cancel=RUNS_CANCEL),
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return self._connection.drive(flow)

    @overload
    def run_tools(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        tools: Iterable[Callable[..., Any] | ToolFunction | AssistantToolParam],
        max_rounds: int = 10,
        max_concurrency: int = 5,
        on_unknown_tool: Literal["report", "raise", "leave"] = "report",
        on_tool_error: Literal["report", "raise"] = "report",
        on_failure: Literal["cancel", "leave"] = "cancel",
        event_handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[AssistantEventHandler]: ...

    @overload
    def run_tools(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        tools: Iterable[Callable[..., Any] | ToolFunction | AssistantToolParam],
        max_rounds: int = 10,
        max_concurrency: int = 5,
        on_unknown_tool: Literal["report", "raise", "leave"] = "report",
        on_tool_error: Literal["report", "raise"] = "report",
        on_failure: Literal["cancel", "leave"] = "cancel",
        event_handler: HandlerT,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[HandlerT]: ...

    @several_requests
    def run_tools(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        tools: Iterable[Callable[..., Any] | ToolFunction | AssistantToolParam],
        max_rounds: int = 10,
        max_concurrency: int = 5,
        on_unknown_tool: Literal["report", "raise", "leave"] = "report",
        on_tool_error: Literal["report", "raise"] = "report",
        on_failure: Literal["cancel", "leave"] = "cancel",
        event_handler: AssistantEventHandler | None = None,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[AssistantEventHandler]:
        """Run an assistant on a thread, let Python functions answer its calls, and follow all events as one stream.

        POST /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            assistant_id: Id of the assistant to run.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            additional_instructions: Text to append to the instructions for this run.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            tools: Python functions, plain or async, that answer the calls of the model, described to it by their type
                hints and docstrings; and tools as the API describes them. They stand in for the assistant's own tools.
            max_rounds: How often outputs are submitted at most.
            max_concurrency: How many of the calls that the model makes at once run at the same time at most, in threads
                on the sync client; with 1 they run one after the other, where the program does.
            on_unknown_tool: What to do when the model calls a function that is not among the tools, tell the model,
                raise, or end the loop and leave the run as it is.
            on_tool_error: What to do when a tool raises or its arguments are wrong, tell the model, or raise.
            on_failure: What to do with the run when the loop ends with an exception or is interrupted.
            event_handler: What is told of each event; an object of a subclass of yours, for this stream only.
            **options: Request options, see `RequestOptions`.

        Returns:
            A manager, which sends the request at the beginning of its with block; `as` gives the handler.

        Raises:
            ToolLoopError: While reading, the loop cannot go on, and not by the model's fault.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..._tool_loop import ToolLoop, ToolLoopManager
        from ..._toolbox import ToolOperations, ToolPolicy
        from ..._v1 import AssistantEventHandler
        from ...types.v1.events import AssistantStreamEvent
        from ...types.v1.threads import Run
        from .threads import MESSAGES_LIST

        call: Call[Run] = Call(
            RUNS_CREATE,
            {"thread_id": thread_id},
            body={
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "metadata": metadata,
                "stream": True,
            },
            into=Run,
            on_active_run=on_active_run,
            resume=resume,
        )
        return ToolLoopManager(
            self._connection,
            call,
            AssistantStreamEvent,
            options,
            AssistantEventHandler() if event_handler is None else event_handler,
            ToolLoop(
                tools,
                ToolOperations(RUNS_SUBMIT_TOOL_OUTPUTS, RUNS_RETRIEVE, RUNS_CANCEL, MESSAGES_LIST, by_run=False),
                ToolPolicy(max_rounds, max_concurrency, on_unknown_tool, on_tool_error, on_failure),
            ),
        )

    @several_requests
    def run_tools_and_poll(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        tools: Iterable[Callable[..., Any] | ToolFunction | AssistantToolParam],
        max_rounds: int = 10,
        max_concurrency: int = 5,
        on_unknown_tool: Literal["report", "raise", "leave"] = "report",
        on_tool_error: Literal["report", "raise"] = "report",
        on_failure: Literal["cancel", "leave"] = "cancel",
        poll_interval_ms: int | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> ToolLoopResult[None, Run, Message]:
        """Run an assistant on a thread, let Python functions answer its tool calls, and wait for its end.

        POST /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            assistant_id: Id of the assistant to run.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            additional_instructions: Text to append to the instructions for this run.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            tools: Python functions, plain or async, that answer the calls of the model, described to it by their type
                hints and docstrings; and tools as the API describes them. They stand in for the assistant's own tools.
            max_rounds: How often outputs are submitted at most.
            max_concurrency: How many of the calls that the model makes at once run at the same time at most, in threads
                on the sync client; with 1 they run one after the other, where the program does.
            on_unknown_tool: What to do when the model calls a function that is not among the tools, tell the model,
                raise, or end the loop and leave the run as it is.
            on_tool_error: What to do when a tool raises or its arguments are wrong, tell the model, or raise.
            on_failure: What to do with the run when the loop ends with an exception or is interrupted.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, a minute beyond the run's
                `expires_at`.
            **options: Request options, see `RequestOptions`.

        Returns:
            The run as it ended, its messages and what became of its tool calls.

        Raises:
            ToolLoopError: The loop cannot go on, and not by the model's fault.
            WaitTimeoutError: The time was up; the run as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ... import _polling as polling
        from ..._tool_loop import ToolLoop, run_tools_and_poll
        from ..._toolbox import ToolOperations, ToolPolicy
        from ...types.v1.threads import Message, Run
        from .threads import MESSAGES_LIST

        call: Call[Run] = Call(
            RUNS_CREATE,
            {"thread_id": thread_id},
            body={
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "metadata": metadata,
            },
            into=Run,
            on_active_run=on_active_run,
        )
        flow: Flow[ToolLoopResult[None, Run, Message]] = run_tools_and_poll(
            self._connection.core,
            call,
            ToolLoop(
                tools,
                ToolOperations(RUNS_SUBMIT_TOOL_OUTPUTS, RUNS_RETRIEVE, RUNS_CANCEL, MESSAGES_LIST, by_run=False),
                ToolPolicy(max_rounds, max_concurrency, on_unknown_tool, on_tool_error, on_failure),
            ),
            polling.Wait(poll_interval_ms, max_wait_seconds),
            Message,
            options,
        )
        return self._connection.drive(flow)

    @several_requests
    def submit_tool_outputs_and_poll(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        poll_interval_ms: int | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> Run:
        """Answer the tool calls of a run, and wait until it ends or needs you again.

        POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            tool_outputs: One result for each call.
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
            ValueError: A path argument is empty.
        """
        from ... import _polling as polling
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_SUBMIT_TOOL_OUTPUTS,
            {"thread_id": thread_id, "run_id": run_id},
            body={"tool_outputs": tool_outputs},
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
    def stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        event_handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[AssistantEventHandler]: ...

    @overload
    def stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        event_handler: HandlerT,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[HandlerT]: ...

    @several_requests
    def stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        event_handler: AssistantEventHandler | None = None,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[AssistantEventHandler]:
        """Run an assistant on a thread, and follow the events of the run.

        POST /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            assistant_id: Id of the assistant to run.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            additional_instructions: Text to append to the instructions for this run.
            tools: Tools for this run instead of the assistant's, at most 20.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            event_handler: What is told of each event; an object of a subclass of yours, for this stream only.
            **options: Request options, see `RequestOptions`.

        Returns:
            A manager, which sends the request at the beginning of its with block; `as` gives the handler.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..._handlers import AssistantStreamManager
        from ..._v1 import AssistantEventHandler
        from ...types.v1.events import AssistantStreamEvent
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_CREATE,
            {"thread_id": thread_id},
            body={
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "tools": tools,
                "metadata": metadata,
                "stream": True,
            },
            into=Run,
            on_active_run=on_active_run,
            resume=resume,
        )
        return AssistantStreamManager(
            self._connection,
            call.streaming(AssistantStreamEvent),
            options,
            AssistantEventHandler() if event_handler is None else event_handler,
        )

    @overload
    def create_and_stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        event_handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[AssistantEventHandler]: ...

    @overload
    def create_and_stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        event_handler: HandlerT,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[HandlerT]: ...

    @several_requests
    def create_and_stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        event_handler: AssistantEventHandler | None = None,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[AssistantEventHandler]:
        """Run an assistant on a thread, and follow the events of the run. Older name of `stream`.

        POST /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            assistant_id: Id of the assistant to run.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            additional_instructions: Text to append to the instructions for this run.
            tools: Tools for this run instead of the assistant's, at most 20.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            event_handler: What is told of each event; an object of a subclass of yours, for this stream only.
            **options: Request options, see `RequestOptions`.

        Returns:
            A manager, which sends the request at the beginning of its with block; `as` gives the handler.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..._handlers import AssistantStreamManager
        from ..._v1 import AssistantEventHandler
        from ...types.v1.events import AssistantStreamEvent
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_CREATE,
            {"thread_id": thread_id},
            body={
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "tools": tools,
                "metadata": metadata,
                "stream": True,
            },
            into=Run,
            on_active_run=on_active_run,
            resume=resume,
        )
        return AssistantStreamManager(
            self._connection,
            call.streaming(AssistantStreamEvent),
            options,
            AssistantEventHandler() if event_handler is None else event_handler,
        )

    @overload
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        resume: bool = False,
        event_handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[AssistantEventHandler]: ...

    @overload
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        resume: bool = False,
        event_handler: HandlerT,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[HandlerT]: ...

    @several_requests
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        resume: bool = False,
        event_handler: AssistantEventHandler | None = None,
        **options: Unpack[RequestOptions],
    ) -> AssistantStreamManager[AssistantEventHandler]:
        """Answer the tool calls of a run, and follow its further events.

        POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            tool_outputs: One result for each call.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            event_handler: What is told of each event; an object of a subclass of yours, for this stream only.
            **options: Request options, see `RequestOptions`.

        Returns:
            A manager, which sends the request at the beginning of its with block; `as` gives the handler.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..._handlers import AssistantStreamManager
        from ..._v1 import AssistantEventHandler
        from ...types.v1.events import AssistantStreamEvent
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_SUBMIT_TOOL_OUTPUTS,
            {"thread_id": thread_id, "run_id": run_id},
            body={"tool_outputs": tool_outputs, "stream": True},
            into=Run,
            resume=resume,
        )
        return AssistantStreamManager(
            self._connection,
            call.streaming(AssistantStreamEvent),
            options,
            AssistantEventHandler() if event_handler is None else event_handler,
        )


class AsyncRuns(AsyncResource):
    """Runs, the work of an assistant on a thread."""

    with_raw_response: AsyncRunsWithRawResponse
    with_streaming_response: AsyncRunsWithStreamingResponse

    @cached_property
    def steps(self) -> AsyncSteps:
        """Steps of a run."""
        return AsyncSteps(self._connection)

    @overload
    async def create(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        stream: Literal[False] | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run: ...

    @overload
    async def create(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        stream: Literal[True],
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> AsyncStream[AssistantStreamEvent]: ...

    @overload
    async def create(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        stream: bool,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run | AsyncStream[AssistantStreamEvent]: ...

    async def create(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        stream: bool | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run | AsyncStream[AssistantStreamEvent]:
        """Run an assistant on a thread.

        A thread has at most one active run.

        POST /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            assistant_id: Id of the assistant to run.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            additional_instructions: Text to append to the instructions for this run.
            tools: Tools for this run instead of the assistant's, at most 20.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            stream: Whether to answer with a stream of events while the run works.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new run. With `stream=True` its events as they happen.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.events import AssistantStreamEvent
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_CREATE,
            {"thread_id": thread_id},
            body={
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "tools": tools,
                "metadata": metadata,
                "stream": stream,
            },
            into=Run,
            on_active_run=on_active_run,
            resume=resume,
        )
        if stream:
            return await self._connection.stream(call.streaming(AssistantStreamEvent), options)
        return await self._connection.send(call, options)

    async def retrieve(self, run_id: str, *, thread_id: str, **options: Unpack[RequestOptions]) -> Run:
        """Retrieve a run.

        GET /threads/{thread_id}/runs/{run_id}

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The run.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Run

        return await self._connection.send(
            Call(RUNS_RETRIEVE, {"thread_id": thread_id, "run_id": run_id}, into=Run), options
        )

    async def update(
        self, run_id: str, *, thread_id: str, metadata: Metadata | Omit | None = omit, **options: Unpack[RequestOptions]
    ) -> Run:
        """Change the metadata of a run.

        POST /threads/{thread_id}/runs/{run_id}

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The run after the change.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Run

        return await self._connection.send(
            Call(RUNS_UPDATE, {"thread_id": thread_id, "run_id": run_id}, body={"metadata": metadata}, into=Run),
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
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[Run, AsyncCursorPage[Run]]:
        """List the runs of a thread.

        GET /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            limit: Runs per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a run; the page starts behind it.
            before: Id of a run; the page ends in front of it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of runs. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Run

        return self._connection.page(
            Call(
                RUNS_LIST,
                {"thread_id": thread_id},
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=Run,
            ),
            options,
        )

    async def cancel(self, run_id: str, *, thread_id: str, **options: Unpack[RequestOptions]) -> Run:
        """Cancel a run that has not ended.

        The run is `cancelling` first and `cancelled` a little later.

        POST /threads/{thread_id}/runs/{run_id}/cancel

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The run.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Run

        return await self._connection.send(
            Call(RUNS_CANCEL, {"thread_id": thread_id, "run_id": run_id}, into=Run), options
        )

    @overload
    async def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        stream: Literal[False] | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run: ...

    @overload
    async def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        stream: Literal[True],
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> AsyncStream[AssistantStreamEvent]: ...

    @overload
    async def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        stream: bool,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run | AsyncStream[AssistantStreamEvent]: ...

    async def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        stream: bool | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Run | AsyncStream[AssistantStreamEvent]:
        """Answer the tool calls of a run that waits for them.

        The run must have the status `requires_action`, and all its calls are answered in one request.

        POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            tool_outputs: One result for each call.
            stream: Whether to answer with a stream of events while the run goes on.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            **options: Request options, see `RequestOptions`.

        Returns:
            The run, at work again. With `stream=True` its events as they happen.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.events import AssistantStreamEvent
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_SUBMIT_TOOL_OUTPUTS,
            {"thread_id": thread_id, "run_id": run_id},
            body={"tool_outputs": tool_outputs, "stream": stream},
            into=Run,
            resume=resume,
        )
        if stream:
            return await self._connection.stream(call.streaming(AssistantStreamEvent), options)
        return await self._connection.send(call, options)

    @several_requests
    async def create_and_poll(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        poll_interval_ms: int | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> Run:
        """Run an assistant on a thread, and wait until the run ends or needs you.

        POST /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            assistant_id: Id of the assistant to run.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            additional_instructions: Text to append to the instructions for this run.
            tools: Tools for this run instead of the assistant's, at most 20.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
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
            ValueError: A path argument is empty.
        """
        from ... import _polling as polling
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_CREATE,
            {"thread_id": thread_id},
            body={
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "tools": tools,
                "metadata": metadata,
            },
            into=Run,
            on_active_run=on_active_run,
        )
        flow: Flow[Run] = polling.start_and_poll(
            self._connection.core,
            call,
            polling.RunOperations(retrieve=RUNS_RETRIEVE, cancel=RUNS_CANCEL),
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return await self._connection.drive(flow)

    @several_requests
    async def poll(
        self,
        run_id: str,
        thread_id: str,
        *,
        poll_interval_ms: int | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> Run:
        """Wait until a run ends or needs you.

        GET /threads/{thread_id}/runs/{run_id}

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
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
            ValueError: A path argument is empty.
        """
        from ... import _polling as polling
        from ...types.v1.threads import Run

        call: Call[Run] = Call(RUNS_RETRIEVE, {"thread_id": thread_id, "run_id": run_id}, into=Run)
        flow: Flow[Run] = polling.poll_run(
            self._connection.core,
            call,
            polling.RunOperations(retrieve=RUNS_RETRIEVE, cancel=RUNS_CANCEL),
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return await self._connection.drive(flow)

    @overload
    def run_tools(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        tools: Iterable[Callable[..., Any] | ToolFunction | AssistantToolParam],
        max_rounds: int = 10,
        max_concurrency: int = 5,
        on_unknown_tool: Literal["report", "raise", "leave"] = "report",
        on_tool_error: Literal["report", "raise"] = "report",
        on_failure: Literal["cancel", "leave"] = "cancel",
        event_handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]: ...

    @overload
    def run_tools(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        tools: Iterable[Callable[..., Any] | ToolFunction | AssistantToolParam],
        max_rounds: int = 10,
        max_concurrency: int = 5,
        on_unknown_tool: Literal["report", "raise", "leave"] = "report",
        on_tool_error: Literal["report", "raise"] = "report",
        on_failure: Literal["cancel", "leave"] = "cancel",
        event_handler: AsyncHandlerT,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncHandlerT]: ...

    @several_requests
    def run_tools(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        tools: Iterable[Callable[..., Any] | ToolFunction | AssistantToolParam],
        max_rounds: int = 10,
        max_concurrency: int = 5,
        on_unknown_tool: Literal["report", "raise", "leave"] = "report",
        on_tool_error: Literal["report", "raise"] = "report",
        on_failure: Literal["cancel", "leave"] = "cancel",
        event_handler: AsyncAssistantEventHandler | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]:
        """Run an assistant on a thread, let Python functions answer its calls, and follow all events as one stream.

        POST /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            assistant_id: Id of the assistant to run.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            additional_instructions: Text to append to the instructions for this run.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            tools: Python functions, plain or async, that answer the calls of the model, described to it by their type
                hints and docstrings; and tools as the API describes them. They stand in for the assistant's own tools.
            max_rounds: How often outputs are submitted at most.
            max_concurrency: How many of the calls that the model makes at once run at the same time at most, in threads
                on the sync client; with 1 they run one after the other, where the program does.
            on_unknown_tool: What to do when the model calls a function that is not among the tools, tell the model,
                raise, or end the loop and leave the run as it is.
            on_tool_error: What to do when a tool raises or its arguments are wrong, tell the model, or raise.
            on_failure: What to do with the run when the loop ends with an exception or is interrupted.
            event_handler: What is told of each event; an object of a subclass of yours, for this stream only.
            **options: Request options, see `RequestOptions`.

        Returns:
            A manager, which sends the request at the beginning of its with block; `as` gives the handler.

        Raises:
            ToolLoopError: While reading, the loop cannot go on, and not by the model's fault.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..._tool_loop import AsyncToolLoopManager, ToolLoop
        from ..._toolbox import ToolOperations, ToolPolicy
        from ..._v1 import AsyncAssistantEventHandler
        from ...types.v1.events import AssistantStreamEvent
        from ...types.v1.threads import Run
        from .threads import MESSAGES_LIST

        call: Call[Run] = Call(
            RUNS_CREATE,
            {"thread_id": thread_id},
            body={
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "metadata": metadata,
                "stream": True,
            },
            into=Run,
            on_active_run=on_active_run,
            resume=resume,
        )
        return AsyncToolLoopManager(
            self._connection,
            call,
            AssistantStreamEvent,
            options,
            AsyncAssistantEventHandler() if event_handler is None else event_handler,
            ToolLoop(
                tools,
                ToolOperations(RUNS_SUBMIT_TOOL_OUTPUTS, RUNS_RETRIEVE, RUNS_CANCEL, MESSAGES_LIST, by_run=False),
                ToolPolicy(max_rounds, max_concurrency, on_unknown_tool, on_tool_error, on_failure),
            ),
        )

    @several_requests
    async def run_tools_and_poll(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        tools: Iterable[Callable[..., Any] | ToolFunction | AssistantToolParam],
        max_rounds: int = 10,
        max_concurrency: int = 5,
        on_unknown_tool: Literal["report", "raise", "leave"] = "report",
        on_tool_error: Literal["report", "raise"] = "report",
        on_failure: Literal["cancel", "leave"] = "cancel",
        poll_interval_ms: int | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> ToolLoopResult[None, Run, Message]:
        """Run an assistant on a thread, let Python functions answer its tool calls, and wait for its end.

        POST /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            assistant_id: Id of the assistant to run.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            additional_instructions: Text to append to the instructions for this run.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            tools: Python functions, plain or async, that answer the calls of the model, described to it by their type
                hints and docstrings; and tools as the API describes them. They stand in for the assistant's own tools.
            max_rounds: How often outputs are submitted at most.
            max_concurrency: How many of the calls that the model makes at once run at the same time at most, in threads
                on the sync client; with 1 they run one after the other, where the program does.
            on_unknown_tool: What to do when the model calls a function that is not among the tools, tell the model,
                raise, or end the loop and leave the run as it is.
            on_tool_error: What to do when a tool raises or its arguments are wrong, tell the model, or raise.
            on_failure: What to do with the run when the loop ends with an exception or is interrupted.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, a minute beyond the run's
                `expires_at`.
            **options: Request options, see `RequestOptions`.

        Returns:
            The run as it ended, its messages and what became of its tool calls.

        Raises:
            ToolLoopError: The loop cannot go on, and not by the model's fault.
            WaitTimeoutError: The time was up; the run as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ... import _polling as polling
        from ..._tool_loop import ToolLoop, run_tools_and_poll
        from ..._toolbox import ToolOperations, ToolPolicy
        from ...types.v1.threads import Message, Run
        from .threads import MESSAGES_LIST

        call: Call[Run] = Call(
            RUNS_CREATE,
            {"thread_id": thread_id},
            body={
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "metadata": metadata,
            },
            into=Run,
            on_active_run=on_active_run,
        )
        flow: Flow[ToolLoopResult[None, Run, Message]] = run_tools_and_poll(
            self._connection.core,
            call,
            ToolLoop(
                tools,
                ToolOperations(RUNS_SUBMIT_TOOL_OUTPUTS, RUNS_RETRIEVE, RUNS_CANCEL, MESSAGES_LIST, by_run=False),
                ToolPolicy(max_rounds, max_concurrency, on_unknown_tool, on_tool_error, on_failure),
            ),
            polling.Wait(poll_interval_ms, max_wait_seconds),
            Message,
            options,
        )
        return await self._connection.drive(flow)

    @several_requests
    async def submit_tool_outputs_and_poll(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        poll_interval_ms: int | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> Run:
        """Answer the tool calls of a run, and wait until it ends or needs you again.

        POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            tool_outputs: One result for each call.
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
            ValueError: A path argument is empty.
        """
        from ... import _polling as polling
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_SUBMIT_TOOL_OUTPUTS,
            {"thread_id": thread_id, "run_id": run_id},
            body={"tool_outputs": tool_outputs},
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
    def stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        event_handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]: ...

    @overload
    def stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        event_handler: AsyncHandlerT,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncHandlerT]: ...

    @several_requests
    def stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        event_handler: AsyncAssistantEventHandler | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]:
        """Run an assistant on a thread, and follow the events of the run.

        POST /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            assistant_id: Id of the assistant to run.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            additional_instructions: Text to append to the instructions for this run.
            tools: Tools for this run instead of the assistant's, at most 20.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            event_handler: What is told of each event; an object of a subclass of yours, for this stream only.
            **options: Request options, see `RequestOptions`.

        Returns:
            A manager, which sends the request at the beginning of its with block; `as` gives the handler.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..._handlers import AsyncAssistantStreamManager
        from ..._v1 import AsyncAssistantEventHandler
        from ...types.v1.events import AssistantStreamEvent
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_CREATE,
            {"thread_id": thread_id},
            body={
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "tools": tools,
                "metadata": metadata,
                "stream": True,
            },
            into=Run,
            on_active_run=on_active_run,
            resume=resume,
        )
        return AsyncAssistantStreamManager(
            self._connection,
            call.streaming(AssistantStreamEvent),
            options,
            AsyncAssistantEventHandler() if event_handler is None else event_handler,
        )

    @overload
    def create_and_stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        event_handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]: ...

    @overload
    def create_and_stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        event_handler: AsyncHandlerT,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncHandlerT]: ...

    @several_requests
    def create_and_stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        model: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        additional_instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        resume: bool = False,
        event_handler: AsyncAssistantEventHandler | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]:
        """Run an assistant on a thread, and follow the events of the run. Older name of `stream`.

        POST /threads/{thread_id}/runs

        Args:
            thread_id: Id of the thread.
            assistant_id: Id of the assistant to run.
            model: Id of a model to use instead of the assistant's.
            instructions: System prompt for this run, instead of the assistant's.
            additional_instructions: Text to append to the instructions for this run.
            tools: Tools for this run instead of the assistant's, at most 20.
            metadata: Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            event_handler: What is told of each event; an object of a subclass of yours, for this stream only.
            **options: Request options, see `RequestOptions`.

        Returns:
            A manager, which sends the request at the beginning of its with block; `as` gives the handler.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..._handlers import AsyncAssistantStreamManager
        from ..._v1 import AsyncAssistantEventHandler
        from ...types.v1.events import AssistantStreamEvent
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_CREATE,
            {"thread_id": thread_id},
            body={
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "tools": tools,
                "metadata": metadata,
                "stream": True,
            },
            into=Run,
            on_active_run=on_active_run,
            resume=resume,
        )
        return AsyncAssistantStreamManager(
            self._connection,
            call.streaming(AssistantStreamEvent),
            options,
            AsyncAssistantEventHandler() if event_handler is None else event_handler,
        )

    @overload
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        resume: bool = False,
        event_handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]: ...

    @overload
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        resume: bool = False,
        event_handler: AsyncHandlerT,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncHandlerT]: ...

    @several_requests
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Iterable[ToolOutput],
        resume: bool = False,
        event_handler: AsyncAssistantEventHandler | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]:
        """Answer the tool calls of a run, and follow its further events.

        POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            tool_outputs: One result for each call.
            resume: Let a streamed answer go on after a broken connection or an early end, instead of raising.
            event_handler: What is told of each event; an object of a subclass of yours, for this stream only.
            **options: Request options, see `RequestOptions`.

        Returns:
            A manager, which sends the request at the beginning of its with block; `as` gives the handler.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..._handlers import AsyncAssistantStreamManager
        from ..._v1 import AsyncAssistantEventHandler
        from ...types.v1.events import AssistantStreamEvent
        from ...types.v1.threads import Run

        call: Call[Run] = Call(
            RUNS_SUBMIT_TOOL_OUTPUTS,
            {"thread_id": thread_id, "run_id": run_id},
            body={"tool_outputs": tool_outputs, "stream": True},
            into=Run,
            resume=resume,
        )
        return AsyncAssistantStreamManager(
            self._connection,
            call.streaming(AssistantStreamEvent),
            options,
            AsyncAssistantEventHandler() if event_handler is None else event_handler,
        )


class Steps(Resource):
    """Steps of a run."""

    with_raw_response: StepsWithRawResponse
    with_streaming_response: StepsWithStreamingResponse

    def retrieve(self, step_id: str, *, thread_id: str, run_id: str, **options: Unpack[RequestOptions]) -> RunStep:
        """Retrieve a step of a run.

        GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}

        Args:
            step_id: Id of the step.
            thread_id: Id of the run's thread.
            run_id: Id of the run.
            **options: Request options, see `RequestOptions`.

        Returns:
            The step.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import RunStep

        return self._connection.send(
            Call(RUN_STEPS_RETRIEVE, {"thread_id": thread_id, "run_id": run_id, "step_id": step_id}, into=RunStep),
            options,
        )

    def list(
        self,
        run_id: str,
        *,
        thread_id: str,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[RunStep]:
        """List the steps of a run.

        GET /threads/{thread_id}/runs/{run_id}/steps

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            limit: Steps per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a step; the page starts behind it.
            before: Id of a step; the page ends in front of it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of steps. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import RunStep

        return self._connection.page(
            Call(
                RUN_STEPS_LIST,
                {"thread_id": thread_id, "run_id": run_id},
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=RunStep,
            ),
            options,
        )


class AsyncSteps(AsyncResource):
    """Steps of a run."""

    with_raw_response: AsyncStepsWithRawResponse
    with_streaming_response: AsyncStepsWithStreamingResponse

    async def retrieve(
        self, step_id: str, *, thread_id: str, run_id: str, **options: Unpack[RequestOptions]
    ) -> RunStep:
        """Retrieve a step of a run.

        GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}

        Args:
            step_id: Id of the step.
            thread_id: Id of the run's thread.
            run_id: Id of the run.
            **options: Request options, see `RequestOptions`.

        Returns:
            The step.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import RunStep

        return await self._connection.send(
            Call(RUN_STEPS_RETRIEVE, {"thread_id": thread_id, "run_id": run_id, "step_id": step_id}, into=RunStep),
            options,
        )

    def list(
        self,
        run_id: str,
        *,
        thread_id: str,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[RunStep, AsyncCursorPage[RunStep]]:
        """List the steps of a run.

        GET /threads/{thread_id}/runs/{run_id}/steps

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            limit: Steps per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a step; the page starts behind it.
            before: Id of a step; the page ends in front of it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of steps. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import RunStep

        return self._connection.page(
            Call(
                RUN_STEPS_LIST,
                {"thread_id": thread_id, "run_id": run_id},
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=RunStep,
            ),
            options,
        )
