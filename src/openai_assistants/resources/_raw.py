"""What type checkers know of `with_raw_response` and `with_streaming_response`; at run time both are dynamic.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._raw import (
    AsyncRawRequests,
    AsyncStreamingRequests,
    RawRequests,
    StreamingRequests,
    async_raw_method,
    async_streaming_method,
    raw_method,
    streaming_method,
)
from . import AsyncModels, Models
from .assistants import Assistants, AsyncAssistants
from .files import AsyncBatches, AsyncFiles, AsyncUploadParts, AsyncUploads, Batches, Files, UploadParts, Uploads
from .runs import AsyncRuns, AsyncSteps, Runs, Steps
from .threads import AsyncMessages, AsyncThreads, Messages, Threads
from .vector_stores import (
    AsyncVectorStoreFileBatches,
    AsyncVectorStoreFiles,
    AsyncVectorStores,
    VectorStoreFileBatches,
    VectorStoreFiles,
    VectorStores,
)

if TYPE_CHECKING:
    from .v1._raw import (
        AsyncBetaV1WithRawResponse,
        AsyncBetaV1WithStreamingResponse,
        BetaV1WithRawResponse,
        BetaV1WithStreamingResponse,
    )


class BetaWithRawResponse:
    """`Beta.with_raw_response`."""

    assistants: AssistantsWithRawResponse
    threads: ThreadsWithRawResponse
    vector_stores: VectorStoresWithRawResponse
    v1: BetaV1WithRawResponse


class AsyncBetaWithRawResponse:
    """`AsyncBeta.with_raw_response`."""

    assistants: AsyncAssistantsWithRawResponse
    threads: AsyncThreadsWithRawResponse
    vector_stores: AsyncVectorStoresWithRawResponse
    v1: AsyncBetaV1WithRawResponse


class BetaWithStreamingResponse:
    """`Beta.with_streaming_response`."""

    assistants: AssistantsWithStreamingResponse
    threads: ThreadsWithStreamingResponse
    vector_stores: VectorStoresWithStreamingResponse
    v1: BetaV1WithStreamingResponse


class AsyncBetaWithStreamingResponse:
    """`AsyncBeta.with_streaming_response`."""

    assistants: AsyncAssistantsWithStreamingResponse
    threads: AsyncThreadsWithStreamingResponse
    vector_stores: AsyncVectorStoresWithStreamingResponse
    v1: AsyncBetaV1WithStreamingResponse


class AssistantsWithRawResponse:
    """`Assistants.with_raw_response`."""

    create = raw_method(Assistants.create)
    retrieve = raw_method(Assistants.retrieve)
    update = raw_method(Assistants.update)
    list = raw_method(Assistants.list)
    delete = raw_method(Assistants.delete)


class AsyncAssistantsWithRawResponse:
    """`AsyncAssistants.with_raw_response`."""

    create = async_raw_method(AsyncAssistants.create)
    retrieve = async_raw_method(AsyncAssistants.retrieve)
    update = async_raw_method(AsyncAssistants.update)
    list = async_raw_method(AsyncAssistants.list)
    delete = async_raw_method(AsyncAssistants.delete)


class AssistantsWithStreamingResponse:
    """`Assistants.with_streaming_response`."""

    create = streaming_method(Assistants.create)
    retrieve = streaming_method(Assistants.retrieve)
    update = streaming_method(Assistants.update)
    list = streaming_method(Assistants.list)
    delete = streaming_method(Assistants.delete)


class AsyncAssistantsWithStreamingResponse:
    """`AsyncAssistants.with_streaming_response`."""

    create = async_streaming_method(AsyncAssistants.create)
    retrieve = async_streaming_method(AsyncAssistants.retrieve)
    update = async_streaming_method(AsyncAssistants.update)
    list = async_streaming_method(AsyncAssistants.list)
    delete = async_streaming_method(AsyncAssistants.delete)


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

    create = raw_method(Messages.create)
    retrieve = raw_method(Messages.retrieve)
    update = raw_method(Messages.update)
    list = raw_method(Messages.list)
    delete = raw_method(Messages.delete)


class AsyncMessagesWithRawResponse:
    """`AsyncMessages.with_raw_response`."""

    create = async_raw_method(AsyncMessages.create)
    retrieve = async_raw_method(AsyncMessages.retrieve)
    update = async_raw_method(AsyncMessages.update)
    list = async_raw_method(AsyncMessages.list)
    delete = async_raw_method(AsyncMessages.delete)


class MessagesWithStreamingResponse:
    """`Messages.with_streaming_response`."""

    create = streaming_method(Messages.create)
    retrieve = streaming_method(Messages.retrieve)
    update = streaming_method(Messages.update)
    list = streaming_method(Messages.list)
    delete = streaming_method(Messages.delete)


class AsyncMessagesWithStreamingResponse:
    """`AsyncMessages.with_streaming_response`."""

    create = async_streaming_method(AsyncMessages.create)
    retrieve = async_streaming_method(AsyncMessages.retrieve)
    update = async_streaming_method(AsyncMessages.update)
    list = async_streaming_method(AsyncMessages.list)
    delete = async_streaming_method(AsyncMessages.delete)


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


class FilesWithRawResponse:
    """`Files.with_raw_response`."""

    create = raw_method(Files.create)
    retrieve = raw_method(Files.retrieve)
    list = raw_method(Files.list)
    delete = raw_method(Files.delete)
    content = raw_method(Files.content)
    retrieve_content = raw_method(Files.retrieve_content)


class AsyncFilesWithRawResponse:
    """`AsyncFiles.with_raw_response`."""

    create = async_raw_method(AsyncFiles.create)
    retrieve = async_raw_method(AsyncFiles.retrieve)
    list = async_raw_method(AsyncFiles.list)
    delete = async_raw_method(AsyncFiles.delete)
    content = async_raw_method(AsyncFiles.content)
    retrieve_content = async_raw_method(AsyncFiles.retrieve_content)


class FilesWithStreamingResponse:
    """`Files.with_streaming_response`."""

    create = streaming_method(Files.create)
    retrieve = streaming_method(Files.retrieve)
    list = streaming_method(Files.list)
    delete = streaming_method(Files.delete)
    content = streaming_method(Files.content)
    retrieve_content = streaming_method(Files.retrieve_content)


class AsyncFilesWithStreamingResponse:
    """`AsyncFiles.with_streaming_response`."""

    create = async_streaming_method(AsyncFiles.create)
    retrieve = async_streaming_method(AsyncFiles.retrieve)
    list = async_streaming_method(AsyncFiles.list)
    delete = async_streaming_method(AsyncFiles.delete)
    content = async_streaming_method(AsyncFiles.content)
    retrieve_content = async_streaming_method(AsyncFiles.retrieve_content)


class VectorStoresWithRawResponse:
    """`VectorStores.with_raw_response`."""

    files: VectorStoreFilesWithRawResponse
    file_batches: VectorStoreFileBatchesWithRawResponse
    create = raw_method(VectorStores.create)
    retrieve = raw_method(VectorStores.retrieve)
    update = raw_method(VectorStores.update)
    list = raw_method(VectorStores.list)
    delete = raw_method(VectorStores.delete)
    search = raw_method(VectorStores.search)


class AsyncVectorStoresWithRawResponse:
    """`AsyncVectorStores.with_raw_response`."""

    files: AsyncVectorStoreFilesWithRawResponse
    file_batches: AsyncVectorStoreFileBatchesWithRawResponse
    create = async_raw_method(AsyncVectorStores.create)
    retrieve = async_raw_method(AsyncVectorStores.retrieve)
    update = async_raw_method(AsyncVectorStores.update)
    list = async_raw_method(AsyncVectorStores.list)
    delete = async_raw_method(AsyncVectorStores.delete)
    search = async_raw_method(AsyncVectorStores.search)


class VectorStoresWithStreamingResponse:
    """`VectorStores.with_streaming_response`."""

    files: VectorStoreFilesWithStreamingResponse
    file_batches: VectorStoreFileBatchesWithStreamingResponse
    create = streaming_method(VectorStores.create)
    retrieve = streaming_method(VectorStores.retrieve)
    update = streaming_method(VectorStores.update)
    list = streaming_method(VectorStores.list)
    delete = streaming_method(VectorStores.delete)
    search = streaming_method(VectorStores.search)


class AsyncVectorStoresWithStreamingResponse:
    """`AsyncVectorStores.with_streaming_response`."""

    files: AsyncVectorStoreFilesWithStreamingResponse
    file_batches: AsyncVectorStoreFileBatchesWithStreamingResponse
    create = async_streaming_method(AsyncVectorStores.create)
    retrieve = async_streaming_method(AsyncVectorStores.retrieve)
    update = async_streaming_method(AsyncVectorStores.update)
    list = async_streaming_method(AsyncVectorStores.list)
    delete = async_streaming_method(AsyncVectorStores.delete)
    search = async_streaming_method(AsyncVectorStores.search)


class VectorStoreFilesWithRawResponse:
    """`VectorStoreFiles.with_raw_response`."""

    create = raw_method(VectorStoreFiles.create)
    retrieve = raw_method(VectorStoreFiles.retrieve)
    update = raw_method(VectorStoreFiles.update)
    list = raw_method(VectorStoreFiles.list)
    delete = raw_method(VectorStoreFiles.delete)
    content = raw_method(VectorStoreFiles.content)


class AsyncVectorStoreFilesWithRawResponse:
    """`AsyncVectorStoreFiles.with_raw_response`."""

    create = async_raw_method(AsyncVectorStoreFiles.create)
    retrieve = async_raw_method(AsyncVectorStoreFiles.retrieve)
    update = async_raw_method(AsyncVectorStoreFiles.update)
    list = async_raw_method(AsyncVectorStoreFiles.list)
    delete = async_raw_method(AsyncVectorStoreFiles.delete)
    content = async_raw_method(AsyncVectorStoreFiles.content)


class VectorStoreFilesWithStreamingResponse:
    """`VectorStoreFiles.with_streaming_response`."""

    create = streaming_method(VectorStoreFiles.create)
    retrieve = streaming_method(VectorStoreFiles.retrieve)
    update = streaming_method(VectorStoreFiles.update)
    list = streaming_method(VectorStoreFiles.list)
    delete = streaming_method(VectorStoreFiles.delete)
    content = streaming_method(VectorStoreFiles.content)


class AsyncVectorStoreFilesWithStreamingResponse:
    """`AsyncVectorStoreFiles.with_streaming_response`."""

    create = async_streaming_method(AsyncVectorStoreFiles.create)
    retrieve = async_streaming_method(AsyncVectorStoreFiles.retrieve)
    update = async_streaming_method(AsyncVectorStoreFiles.update)
    list = async_streaming_method(AsyncVectorStoreFiles.list)
    delete = async_streaming_method(AsyncVectorStoreFiles.delete)
    content = async_streaming_method(AsyncVectorStoreFiles.content)


class VectorStoreFileBatchesWithRawResponse:
    """`VectorStoreFileBatches.with_raw_response`."""

    create = raw_method(VectorStoreFileBatches.create)
    retrieve = raw_method(VectorStoreFileBatches.retrieve)
    cancel = raw_method(VectorStoreFileBatches.cancel)
    list_files = raw_method(VectorStoreFileBatches.list_files)


class AsyncVectorStoreFileBatchesWithRawResponse:
    """`AsyncVectorStoreFileBatches.with_raw_response`."""

    create = async_raw_method(AsyncVectorStoreFileBatches.create)
    retrieve = async_raw_method(AsyncVectorStoreFileBatches.retrieve)
    cancel = async_raw_method(AsyncVectorStoreFileBatches.cancel)
    list_files = async_raw_method(AsyncVectorStoreFileBatches.list_files)


class VectorStoreFileBatchesWithStreamingResponse:
    """`VectorStoreFileBatches.with_streaming_response`."""

    create = streaming_method(VectorStoreFileBatches.create)
    retrieve = streaming_method(VectorStoreFileBatches.retrieve)
    cancel = streaming_method(VectorStoreFileBatches.cancel)
    list_files = streaming_method(VectorStoreFileBatches.list_files)


class AsyncVectorStoreFileBatchesWithStreamingResponse:
    """`AsyncVectorStoreFileBatches.with_streaming_response`."""

    create = async_streaming_method(AsyncVectorStoreFileBatches.create)
    retrieve = async_streaming_method(AsyncVectorStoreFileBatches.retrieve)
    cancel = async_streaming_method(AsyncVectorStoreFileBatches.cancel)
    list_files = async_streaming_method(AsyncVectorStoreFileBatches.list_files)


class UploadsWithRawResponse:
    """`Uploads.with_raw_response`."""

    parts: UploadPartsWithRawResponse
    create = raw_method(Uploads.create)
    cancel = raw_method(Uploads.cancel)
    complete = raw_method(Uploads.complete)


class AsyncUploadsWithRawResponse:
    """`AsyncUploads.with_raw_response`."""

    parts: AsyncUploadPartsWithRawResponse
    create = async_raw_method(AsyncUploads.create)
    cancel = async_raw_method(AsyncUploads.cancel)
    complete = async_raw_method(AsyncUploads.complete)


class UploadsWithStreamingResponse:
    """`Uploads.with_streaming_response`."""

    parts: UploadPartsWithStreamingResponse
    create = streaming_method(Uploads.create)
    cancel = streaming_method(Uploads.cancel)
    complete = streaming_method(Uploads.complete)


class AsyncUploadsWithStreamingResponse:
    """`AsyncUploads.with_streaming_response`."""

    parts: AsyncUploadPartsWithStreamingResponse
    create = async_streaming_method(AsyncUploads.create)
    cancel = async_streaming_method(AsyncUploads.cancel)
    complete = async_streaming_method(AsyncUploads.complete)


class UploadPartsWithRawResponse:
    """`UploadParts.with_raw_response`."""

    create = raw_method(UploadParts.create)


class AsyncUploadPartsWithRawResponse:
    """`AsyncUploadParts.with_raw_response`."""

    create = async_raw_method(AsyncUploadParts.create)


class UploadPartsWithStreamingResponse:
    """`UploadParts.with_streaming_response`."""

    create = streaming_method(UploadParts.create)


class AsyncUploadPartsWithStreamingResponse:
    """`AsyncUploadParts.with_streaming_response`."""

    create = async_streaming_method(AsyncUploadParts.create)


class BatchesWithRawResponse:
    """`Batches.with_raw_response`."""

    create = raw_method(Batches.create)
    retrieve = raw_method(Batches.retrieve)
    list = raw_method(Batches.list)
    cancel = raw_method(Batches.cancel)


class AsyncBatchesWithRawResponse:
    """`AsyncBatches.with_raw_response`."""

    create = async_raw_method(AsyncBatches.create)
    retrieve = async_raw_method(AsyncBatches.retrieve)
    list = async_raw_method(AsyncBatches.list)
    cancel = async_raw_method(AsyncBatches.cancel)


class BatchesWithStreamingResponse:
    """`Batches.with_streaming_response`."""

    create = streaming_method(Batches.create)
    retrieve = streaming_method(Batches.retrieve)
    list = streaming_method(Batches.list)
    cancel = streaming_method(Batches.cancel)


class AsyncBatchesWithStreamingResponse:
    """`AsyncBatches.with_streaming_response`."""

    create = async_streaming_method(AsyncBatches.create)
    retrieve = async_streaming_method(AsyncBatches.retrieve)
    list = async_streaming_method(AsyncBatches.list)
    cancel = async_streaming_method(AsyncBatches.cancel)


class ModelsWithRawResponse:
    """`Models.with_raw_response`."""

    retrieve = raw_method(Models.retrieve)
    list = raw_method(Models.list)
    delete = raw_method(Models.delete)


class AsyncModelsWithRawResponse:
    """`AsyncModels.with_raw_response`."""

    retrieve = async_raw_method(AsyncModels.retrieve)
    list = async_raw_method(AsyncModels.list)
    delete = async_raw_method(AsyncModels.delete)


class ModelsWithStreamingResponse:
    """`Models.with_streaming_response`."""

    retrieve = streaming_method(Models.retrieve)
    list = streaming_method(Models.list)
    delete = streaming_method(Models.delete)


class AsyncModelsWithStreamingResponse:
    """`AsyncModels.with_streaming_response`."""

    retrieve = async_streaming_method(AsyncModels.retrieve)
    list = async_streaming_method(AsyncModels.list)
    delete = async_streaming_method(AsyncModels.delete)


class ClientResourcesWithRawResponse(RawRequests):
    """`ClientResources.with_raw_response`."""

    beta: BetaWithRawResponse
    vector_stores: VectorStoresWithRawResponse
    files: FilesWithRawResponse
    uploads: UploadsWithRawResponse
    batches: BatchesWithRawResponse
    models: ModelsWithRawResponse


class AsyncClientResourcesWithRawResponse(AsyncRawRequests):
    """`AsyncClientResources.with_raw_response`."""

    beta: AsyncBetaWithRawResponse
    vector_stores: AsyncVectorStoresWithRawResponse
    files: AsyncFilesWithRawResponse
    uploads: AsyncUploadsWithRawResponse
    batches: AsyncBatchesWithRawResponse
    models: AsyncModelsWithRawResponse


class ClientResourcesWithStreamingResponse(StreamingRequests):
    """`ClientResources.with_streaming_response`."""

    beta: BetaWithStreamingResponse
    vector_stores: VectorStoresWithStreamingResponse
    files: FilesWithStreamingResponse
    uploads: UploadsWithStreamingResponse
    batches: BatchesWithStreamingResponse
    models: ModelsWithStreamingResponse


class AsyncClientResourcesWithStreamingResponse(AsyncStreamingRequests):
    """`AsyncClientResources.with_streaming_response`."""

    beta: AsyncBetaWithStreamingResponse
    vector_stores: AsyncVectorStoresWithStreamingResponse
    files: AsyncFilesWithStreamingResponse
    uploads: AsyncUploadsWithStreamingResponse
    batches: AsyncBatchesWithStreamingResponse
    models: AsyncModelsWithStreamingResponse
