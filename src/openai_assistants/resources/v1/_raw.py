"""What type checkers know of `with_raw_response` and `with_streaming_response`; at run time both are dynamic.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._raw import (
    AsyncRawRequests,
    AsyncStreamingRequests,
    RawRequests,
    StreamingRequests,
    async_raw_method,
    async_streaming_method,
    raw_method,
    streaming_method,
)
from . import AssistantFiles, Assistants, AsyncAssistantFiles, AsyncAssistants
from .runs import AsyncRuns, AsyncSteps, Runs, Steps
from .threads import AsyncMessageFiles, AsyncMessages, AsyncThreads, MessageFiles, Messages, Threads

if TYPE_CHECKING:
    from .._raw import (
        AsyncBatchesWithRawResponse,
        AsyncBatchesWithStreamingResponse,
        AsyncFilesWithRawResponse,
        AsyncFilesWithStreamingResponse,
        AsyncModelsWithRawResponse,
        AsyncModelsWithStreamingResponse,
        AsyncUploadsWithRawResponse,
        AsyncUploadsWithStreamingResponse,
        BatchesWithRawResponse,
        BatchesWithStreamingResponse,
        FilesWithRawResponse,
        FilesWithStreamingResponse,
        ModelsWithRawResponse,
        ModelsWithStreamingResponse,
        UploadsWithRawResponse,
        UploadsWithStreamingResponse,
    )


class BetaV1WithRawResponse:
    """`BetaV1.with_raw_response`."""

    assistants: AssistantsWithRawResponse
    threads: ThreadsWithRawResponse


class AsyncBetaV1WithRawResponse:
    """`AsyncBetaV1.with_raw_response`."""

    assistants: AsyncAssistantsWithRawResponse
    threads: AsyncThreadsWithRawResponse


class BetaV1WithStreamingResponse:
    """`BetaV1.with_streaming_response`."""

    assistants: AssistantsWithStreamingResponse
    threads: ThreadsWithStreamingResponse


class AsyncBetaV1WithStreamingResponse:
    """`AsyncBetaV1.with_streaming_response`."""

    assistants: AsyncAssistantsWithStreamingResponse
    threads: AsyncThreadsWithStreamingResponse


class AssistantsWithRawResponse:
    """`Assistants.with_raw_response`."""

    files: AssistantFilesWithRawResponse
    create = raw_method(Assistants.create)
    retrieve = raw_method(Assistants.retrieve)
    update = raw_method(Assistants.update)
    list = raw_method(Assistants.list)
    delete = raw_method(Assistants.delete)


class AsyncAssistantsWithRawResponse:
    """`AsyncAssistants.with_raw_response`."""

    files: AsyncAssistantFilesWithRawResponse
    create = async_raw_method(AsyncAssistants.create)
    retrieve = async_raw_method(AsyncAssistants.retrieve)
    update = async_raw_method(AsyncAssistants.update)
    list = async_raw_method(AsyncAssistants.list)
    delete = async_raw_method(AsyncAssistants.delete)


class AssistantsWithStreamingResponse:
    """`Assistants.with_streaming_response`."""

    files: AssistantFilesWithStreamingResponse
    create = streaming_method(Assistants.create)
    retrieve = streaming_method(Assistants.retrieve)
    update = streaming_method(Assistants.update)
    list = streaming_method(Assistants.list)
    delete = streaming_method(Assistants.delete)


class AsyncAssistantsWithStreamingResponse:
    """`AsyncAssistants.with_streaming_response`."""

    files: AsyncAssistantFilesWithStreamingResponse
    create = async_streaming_method(AsyncAssistants.create)
    retrieve = async_streaming_method(AsyncAssistants.retrieve)
    update = async_streaming_method(AsyncAssistants.update)
    list = async_streaming_method(AsyncAssistants.list)
    delete = async_streaming_method(AsyncAssistants.delete)


class AssistantFilesWithRawResponse:
    """`AssistantFiles.with_raw_response`."""

    create = raw_method(AssistantFiles.create)
    retrieve = raw_method(AssistantFiles.retrieve)
    list = raw_method(AssistantFiles.list)
    delete = raw_method(AssistantFiles.delete)


class AsyncAssistantFilesWithRawResponse:
    """`AsyncAssistantFiles.with_raw_response`."""

    create = async_raw_method(AsyncAssistantFiles.create)
    retrieve = async_raw_method(AsyncAssistantFiles.retrieve)
    list = async_raw_method(AsyncAssistantFiles.list)
    delete = async_raw_method(AsyncAssistantFiles.delete)


class AssistantFilesWithStreamingResponse:
    """`AssistantFiles.with_streaming_response`."""

    create = streaming_method(AssistantFiles.create)
    retrieve = streaming_method(AssistantFiles.retrieve)
    list = streaming_method(AssistantFiles.list)
    delete = streaming_method(AssistantFiles.delete)


class AsyncAssistantFilesWithStreamingResponse:
    """`AsyncAssistantFiles.with_streaming_response`."""

    create = async_streaming_method(AsyncAssistantFiles.create)
    retrieve = async_streaming_method(AsyncAssistantFiles.retrieve)
    list = async_streaming_method(AsyncAssistantFiles.list)
    delete = async_streaming_method(AsyncAssistantFiles.delete)


class ThreadsWithRawResponse:
    """`Threads.with_raw_response`."""

    messages: MessagesWithRawResponse
    runs: RunsWithRawResponse
    create = raw_method(Threads.create)
    retrieve = raw_method(Threads.retrieve)
    update = raw_method(Threads.update)
    delete = raw_method(Threads.delete)
    create_and_run = raw_method(Threads.create_and_run)


class AsyncThreadsWithRawResponse:
    """`AsyncThreads.with_raw_response`."""

    messages: AsyncMessagesWithRawResponse
    runs: AsyncRunsWithRawResponse
    create = async_raw_method(AsyncThreads.create)
    retrieve = async_raw_method(AsyncThreads.retrieve)
    update = async_raw_method(AsyncThreads.update)
    delete = async_raw_method(AsyncThreads.delete)
    create_and_run = async_raw_method(AsyncThreads.create_and_run)


class ThreadsWithStreamingResponse:
    """`Threads.with_streaming_response`."""

    messages: MessagesWithStreamingResponse
    runs: RunsWithStreamingResponse
    create = streaming_method(Threads.create)
    retrieve = streaming_method(Threads.retrieve)
    update = streaming_method(Threads.update)
    delete = streaming_method(Threads.delete)
    create_and_run = streaming_method(Threads.create_and_run)


class AsyncThreadsWithStreamingResponse:
    """`AsyncThreads.with_streaming_response`."""

    messages: AsyncMessagesWithStreamingResponse
    runs: AsyncRunsWithStreamingResponse
    create = async_streaming_method(AsyncThreads.create)
    retrieve = async_streaming_method(AsyncThreads.retrieve)
    update = async_streaming_method(AsyncThreads.update)
    delete = async_streaming_method(AsyncThreads.delete)
    create_and_run = async_streaming_method(AsyncThreads.create_and_run)


class MessagesWithRawResponse:
    """`Messages.with_raw_response`."""

    files: MessageFilesWithRawResponse
    create = raw_method(Messages.create)
    retrieve = raw_method(Messages.retrieve)
    update = raw_method(Messages.update)
    list = raw_method(Messages.list)


class AsyncMessagesWithRawResponse:
    """`AsyncMessages.with_raw_response`."""

    files: AsyncMessageFilesWithRawResponse
    create = async_raw_method(AsyncMessages.create)
    retrieve = async_raw_method(AsyncMessages.retrieve)
    update = async_raw_method(AsyncMessages.update)
    list = async_raw_method(AsyncMessages.list)


class MessagesWithStreamingResponse:
    """`Messages.with_streaming_response`."""

    files: MessageFilesWithStreamingResponse
    create = streaming_method(Messages.create)
    retrieve = streaming_method(Messages.retrieve)
    update = streaming_method(Messages.update)
    list = streaming_method(Messages.list)


class AsyncMessagesWithStreamingResponse:
    """`AsyncMessages.with_streaming_response`."""

    files: AsyncMessageFilesWithStreamingResponse
    create = async_streaming_method(AsyncMessages.create)
    retrieve = async_streaming_method(AsyncMessages.retrieve)
    update = async_streaming_method(AsyncMessages.update)
    list = async_streaming_method(AsyncMessages.list)


class MessageFilesWithRawResponse:
    """`MessageFiles.with_raw_response`."""

    retrieve = raw_method(MessageFiles.retrieve)
    list = raw_method(MessageFiles.list)


class AsyncMessageFilesWithRawResponse:
    """`AsyncMessageFiles.with_raw_response`."""

    retrieve = async_raw_method(AsyncMessageFiles.retrieve)
    list = async_raw_method(AsyncMessageFiles.list)


class MessageFilesWithStreamingResponse:
    """`MessageFiles.with_streaming_response`."""

    retrieve = streaming_method(MessageFiles.retrieve)
    list = streaming_method(MessageFiles.list)


class AsyncMessageFilesWithStreamingResponse:
    """`AsyncMessageFiles.with_streaming_response`."""

    retrieve = async_streaming_method(AsyncMessageFiles.retrieve)
    list = async_streaming_method(AsyncMessageFiles.list)


class RunsWithRawResponse:
    """`Runs.with_raw_response`."""

    steps: StepsWithRawResponse
    create = raw_method(Runs.create)
    retrieve = raw_method(Runs.retrieve)
    update = raw_method(Runs.update)
    list = raw_method(Runs.list)
    cancel = raw_method(Runs.cancel)
    submit_tool_outputs = raw_method(Runs.submit_tool_outputs)


class AsyncRunsWithRawResponse:
    """`AsyncRuns.with_raw_response`."""

    steps: AsyncStepsWithRawResponse
    create = async_raw_method(AsyncRuns.create)
    retrieve = async_raw_method(AsyncRuns.retrieve)
    update = async_raw_method(AsyncRuns.update)
    list = async_raw_method(AsyncRuns.list)
    cancel = async_raw_method(AsyncRuns.cancel)
    submit_tool_outputs = async_raw_method(AsyncRuns.submit_tool_outputs)


class RunsWithStreamingResponse:
    """`Runs.with_streaming_response`."""

    steps: StepsWithStreamingResponse
    create = streaming_method(Runs.create)
    retrieve = streaming_method(Runs.retrieve)
    update = streaming_method(Runs.update)
    list = streaming_method(Runs.list)
    cancel = streaming_method(Runs.cancel)
    submit_tool_outputs = streaming_method(Runs.submit_tool_outputs)


class AsyncRunsWithStreamingResponse:
    """`AsyncRuns.with_streaming_response`."""

    steps: AsyncStepsWithStreamingResponse
    create = async_streaming_method(AsyncRuns.create)
    retrieve = async_streaming_method(AsyncRuns.retrieve)
    update = async_streaming_method(AsyncRuns.update)
    list = async_streaming_method(AsyncRuns.list)
    cancel = async_streaming_method(AsyncRuns.cancel)
    submit_tool_outputs = async_streaming_method(AsyncRuns.submit_tool_outputs)


class StepsWithRawResponse:
    """`Steps.with_raw_response`."""

    retrieve = raw_method(Steps.retrieve)
    list = raw_method(Steps.list)


class AsyncStepsWithRawResponse:
    """`AsyncSteps.with_raw_response`."""

    retrieve = async_raw_method(AsyncSteps.retrieve)
    list = async_raw_method(AsyncSteps.list)


class StepsWithStreamingResponse:
    """`Steps.with_streaming_response`."""

    retrieve = streaming_method(Steps.retrieve)
    list = streaming_method(Steps.list)


class AsyncStepsWithStreamingResponse:
    """`AsyncSteps.with_streaming_response`."""

    retrieve = async_streaming_method(AsyncSteps.retrieve)
    list = async_streaming_method(AsyncSteps.list)


class ClientResourcesWithRawResponse(RawRequests):
    """`ClientResources.with_raw_response`."""

    beta: BetaV1WithRawResponse
    files: FilesWithRawResponse
    uploads: UploadsWithRawResponse
    batches: BatchesWithRawResponse
    models: ModelsWithRawResponse


class AsyncClientResourcesWithRawResponse(AsyncRawRequests):
    """`AsyncClientResources.with_raw_response`."""

    beta: AsyncBetaV1WithRawResponse
    files: AsyncFilesWithRawResponse
    uploads: AsyncUploadsWithRawResponse
    batches: AsyncBatchesWithRawResponse
    models: AsyncModelsWithRawResponse


class ClientResourcesWithStreamingResponse(StreamingRequests):
    """`ClientResources.with_streaming_response`."""

    beta: BetaV1WithStreamingResponse
    files: FilesWithStreamingResponse
    uploads: UploadsWithStreamingResponse
    batches: BatchesWithStreamingResponse
    models: ModelsWithStreamingResponse


class AsyncClientResourcesWithStreamingResponse(AsyncStreamingRequests):
    """`AsyncClientResources.with_streaming_response`."""

    beta: AsyncBetaV1WithStreamingResponse
    files: AsyncFilesWithStreamingResponse
    uploads: AsyncUploadsWithStreamingResponse
    batches: AsyncBatchesWithStreamingResponse
    models: AsyncModelsWithStreamingResponse
