"""File batches, which put many files into a vector store at once.

Generated from codegen/specs/v2/file_batches.yaml; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, Literal

from typing_extensions import Unpack

from .._basics import Omit, omit
from .._connection import AsyncResource, Resource, several_requests
from .._requests import Call, Operation

if TYPE_CHECKING:
    from .._files import FileTypes
    from .._flow import Flow
    from .._models import UnknownValue
    from .._pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
    from .._requests import RequestOptions
    from ..types.file_batches import VectorStoreFileBatch
    from ..types.params.shared import FileChunkingStrategyParam
    from ..types.params.vector_store_files import FileCreateParams
    from ..types.vector_store_files import VectorStoreFile
    from ._raw import (
        AsyncVectorStoreFileBatchesWithRawResponse,
        AsyncVectorStoreFileBatchesWithStreamingResponse,
        VectorStoreFileBatchesWithRawResponse,
        VectorStoreFileBatchesWithStreamingResponse,
    )

CREATE = Operation(
    "createVectorStoreFileBatch", "POST", "/vector_stores/{vector_store_id}/file_batches", beta="assistants=v2"
)
RETRIEVE = Operation(
    "getVectorStoreFileBatch", "GET", "/vector_stores/{vector_store_id}/file_batches/{batch_id}", beta="assistants=v2"
)
CANCEL = Operation(
    "cancelVectorStoreFileBatch",
    "POST",
    "/vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel",
    beta="assistants=v2",
)
LIST_FILES = Operation(
    "listFilesInVectorStoreBatch",
    "GET",
    "/vector_stores/{vector_store_id}/file_batches/{batch_id}/files",
    beta="assistants=v2",
)


class VectorStoreFileBatches(Resource):
    """File batches, which put many files into a vector store at once."""

    with_raw_response: VectorStoreFileBatchesWithRawResponse
    with_streaming_response: VectorStoreFileBatchesWithStreamingResponse

    def create(
        self,
        vector_store_id: str,
        *,
        file_ids: list[str] | Omit = omit,
        files: Iterable[FileCreateParams] | Omit = omit,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFileBatch:
        """Put many uploaded files into a vector store at once.

        One batch takes up to 2000 files. They are processed in the background; look at `status` and `file_counts`.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            file_ids: Ids of the uploaded files, from 1 to 2000. Either these or `files`.
            files: The uploaded files, from 1 to 2000, each with attributes and chunking of its own; those of the batch
                do not count for them. Either these or `file_ids`.
            chunking_strategy: How the files in `file_ids` are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file in `file_ids`. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new file batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.file_batches import VectorStoreFileBatch

        return self._connection.send(
            Call(
                CREATE,
                {"vector_store_id": vector_store_id},
                body={
                    "file_ids": file_ids,
                    "files": files,
                    "chunking_strategy": chunking_strategy,
                    "attributes": attributes,
                },
                into=VectorStoreFileBatch,
            ),
            options,
        )

    def retrieve(
        self, batch_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> VectorStoreFileBatch:
        """Retrieve a file batch.

        GET /vector_stores/{vector_store_id}/file_batches/{batch_id}

        Args:
            batch_id: Id of the file batch.
            vector_store_id: Id of the batch's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.file_batches import VectorStoreFileBatch

        return self._connection.send(
            Call(RETRIEVE, {"vector_store_id": vector_store_id, "batch_id": batch_id}, into=VectorStoreFileBatch),
            options,
        )

    def cancel(self, batch_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]) -> VectorStoreFileBatch:
        """Give up the files of a batch that are not done yet.

        Files that are done stay in the vector store.

        POST /vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel

        Args:
            batch_id: Id of the file batch.
            vector_store_id: Id of the batch's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file batch as it is now.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.file_batches import VectorStoreFileBatch

        return self._connection.send(
            Call(CANCEL, {"vector_store_id": vector_store_id, "batch_id": batch_id}, into=VectorStoreFileBatch), options
        )

    def list_files(
        self,
        batch_id: str,
        *,
        vector_store_id: str,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        filter: Literal["in_progress", "completed", "failed", "cancelled"] | UnknownValue | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[VectorStoreFile]:
        """List the files of a batch.

        GET /vector_stores/{vector_store_id}/file_batches/{batch_id}/files

        Args:
            batch_id: Id of the file batch.
            vector_store_id: Id of the batch's vector store.
            limit: Files per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a file; the page starts behind it.
            before: Id of a file; the page ends in front of it.
            filter: Only files with this status.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of files. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import VectorStoreFile

        return self._connection.page(
            Call(
                LIST_FILES,
                {"vector_store_id": vector_store_id, "batch_id": batch_id},
                query={"limit": limit, "order": order, "after": after, "before": before, "filter": filter},
                into=VectorStoreFile,
            ),
            options,
        )

    @several_requests
    def create_and_poll(
        self,
        vector_store_id: str,
        *,
        file_ids: list[str] | Omit = omit,
        files: Iterable[FileCreateParams] | Omit = omit,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFileBatch:
        """Put many uploaded files into a vector store, and wait until they are processed.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            file_ids: Ids of the uploaded files, from 1 to 2000. Either these or `files`.
            files: The uploaded files, from 1 to 2000, each with attributes and chunking of its own; those of the batch
                do not count for them. Either these or `file_ids`.
            chunking_strategy: How the files in `file_ids` are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file in `file_ids`. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, just raise `WaitTimeoutError`, or cancel the batch first.
            on_interrupt: What to do with the batch when the wait is interrupted, by Ctrl-C or by cancelling the task.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch as it is then; look at its `status` and `file_counts`.

        Raises:
            WaitTimeoutError: The time was up; the batch as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.file_batches import VectorStoreFileBatch

        call: Call[VectorStoreFileBatch] = Call(
            CREATE,
            {"vector_store_id": vector_store_id},
            body={
                "file_ids": file_ids,
                "files": files,
                "chunking_strategy": chunking_strategy,
                "attributes": attributes,
            },
            into=VectorStoreFileBatch,
        )
        flow: Flow[VectorStoreFileBatch] = polling.start_batch(
            self._connection.core,
            call,
            RETRIEVE,
            CANCEL,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return self._connection.drive(flow)

    @several_requests
    def poll(
        self,
        batch_id: str,
        vector_store_id: str,
        *,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFileBatch:
        """Wait until the files of a batch are processed.

        A batch without any files is not finished, whatever its status says: the server has not begun with it.

        GET /vector_stores/{vector_store_id}/file_batches/{batch_id}

        Args:
            batch_id: Id of the file batch.
            vector_store_id: Id of the batch's vector store.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, just raise `WaitTimeoutError`, or cancel the batch first.
            on_interrupt: What to do with the batch when the wait is interrupted, by Ctrl-C or by cancelling the task.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch as it is then; look at its `status` and `file_counts`.

        Raises:
            WaitTimeoutError: The time was up; the batch as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.file_batches import VectorStoreFileBatch

        call: Call[VectorStoreFileBatch] = Call(
            RETRIEVE, {"vector_store_id": vector_store_id, "batch_id": batch_id}, into=VectorStoreFileBatch
        )
        flow: Flow[VectorStoreFileBatch] = polling.poll_batch(
            self._connection.core,
            call,
            CANCEL,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return self._connection.drive(flow)

    @several_requests
    def upload_and_poll(
        self,
        vector_store_id: str,
        files: Iterable[FileTypes],
        *,
        file_ids: list[str] | Omit = omit,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        max_concurrency: int = 5,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFileBatch:
        """Upload files, put them into a vector store as one batch, and wait until they are processed.

        When some cannot be uploaded, the others are, and the exception names those that failed. For more files than a
        batch takes, and to go on where an earlier call has stopped, there is `vector_stores.upload_files`.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            files: What to upload, each bytes, an open binary file, a path object, or a tuple `(name, content, media
                type)`. They are opened as their turn comes.
            file_ids: Ids of the uploaded files, from 1 to 2000. Either these or `files`.
            chunking_strategy: How the files in `file_ids` are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file in `file_ids`. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            max_concurrency: How many are uploaded at a time, at most.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, just raise `WaitTimeoutError`, or cancel the batch first.
            on_interrupt: What to do with the batch when the wait is interrupted, by Ctrl-C or by cancelling the task.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch as it is then; look at its `status` and `file_counts`.

        Raises:
            BulkUploadError: Some files could not be uploaded; `results` says which and why, `batch` has the others.
            WaitTimeoutError: The time was up; the batch as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling, _uploads as uploads
        from .._bulk_files import BulkOperations
        from ..types.file_batches import VectorStoreFileBatch
        from .files import CREATE as FILES_CREATE, RETRIEVE as FILES_RETRIEVE
        from .vector_store_files import (
            DELETE as VECTOR_STORE_FILES_DELETE,
            LIST as VECTOR_STORE_FILES_LIST,
            RETRIEVE as VECTOR_STORE_FILES_RETRIEVE,
        )

        call: Call[VectorStoreFileBatch] = Call(
            CREATE,
            {"vector_store_id": vector_store_id},
            body={"file_ids": file_ids, "chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFileBatch,
        )
        flow: Flow[VectorStoreFileBatch] = uploads.upload_batch(
            self._connection.core,
            call,
            BulkOperations(
                FILES_CREATE,
                FILES_RETRIEVE,
                VECTOR_STORE_FILES_LIST,
                VECTOR_STORE_FILES_RETRIEVE,
                VECTOR_STORE_FILES_DELETE,
                RETRIEVE,
                CANCEL,
                LIST_FILES,
            ),
            files,
            max_concurrency,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return self._connection.drive(flow)


class AsyncVectorStoreFileBatches(AsyncResource):
    """File batches, which put many files into a vector store at once."""

    with_raw_response: AsyncVectorStoreFileBatchesWithRawResponse
    with_streaming_response: AsyncVectorStoreFileBatchesWithStreamingResponse

    async def create(
        self,
        vector_store_id: str,
        *,
        file_ids: list[str] | Omit = omit,
        files: Iterable[FileCreateParams] | Omit = omit,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFileBatch:
        """Put many uploaded files into a vector store at once.

        One batch takes up to 2000 files. They are processed in the background; look at `status` and `file_counts`.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            file_ids: Ids of the uploaded files, from 1 to 2000. Either these or `files`.
            files: The uploaded files, from 1 to 2000, each with attributes and chunking of its own; those of the batch
                do not count for them. Either these or `file_ids`.
            chunking_strategy: How the files in `file_ids` are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file in `file_ids`. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new file batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.file_batches import VectorStoreFileBatch

        return await self._connection.send(
            Call(
                CREATE,
                {"vector_store_id": vector_store_id},
                body={
                    "file_ids": file_ids,
                    "files": files,
                    "chunking_strategy": chunking_strategy,
                    "attributes": attributes,
                },
                into=VectorStoreFileBatch,
            ),
            options,
        )

    async def retrieve(
        self, batch_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> VectorStoreFileBatch:
        """Retrieve a file batch.

        GET /vector_stores/{vector_store_id}/file_batches/{batch_id}

        Args:
            batch_id: Id of the file batch.
            vector_store_id: Id of the batch's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.file_batches import VectorStoreFileBatch

        return await self._connection.send(
            Call(RETRIEVE, {"vector_store_id": vector_store_id, "batch_id": batch_id}, into=VectorStoreFileBatch),
            options,
        )

    async def cancel(
        self, batch_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> VectorStoreFileBatch:
        """Give up the files of a batch that are not done yet.

        Files that are done stay in the vector store.

        POST /vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel

        Args:
            batch_id: Id of the file batch.
            vector_store_id: Id of the batch's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file batch as it is now.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.file_batches import VectorStoreFileBatch

        return await self._connection.send(
            Call(CANCEL, {"vector_store_id": vector_store_id, "batch_id": batch_id}, into=VectorStoreFileBatch), options
        )

    def list_files(
        self,
        batch_id: str,
        *,
        vector_store_id: str,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        filter: Literal["in_progress", "completed", "failed", "cancelled"] | UnknownValue | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[VectorStoreFile, AsyncCursorPage[VectorStoreFile]]:
        """List the files of a batch.

        GET /vector_stores/{vector_store_id}/file_batches/{batch_id}/files

        Args:
            batch_id: Id of the file batch.
            vector_store_id: Id of the batch's vector store.
            limit: Files per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a file; the page starts behind it.
            before: Id of a file; the page ends in front of it.
            filter: Only files with this status.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of files. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import VectorStoreFile

        return self._connection.page(
            Call(
                LIST_FILES,
                {"vector_store_id": vector_store_id, "batch_id": batch_id},
                query={"limit": limit, "order": order, "after": after, "before": before, "filter": filter},
                into=VectorStoreFile,
            ),
            options,
        )

    @several_requests
    async def create_and_poll(
        self,
        vector_store_id: str,
        *,
        file_ids: list[str] | Omit = omit,
        files: Iterable[FileCreateParams] | Omit = omit,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFileBatch:
        """Put many uploaded files into a vector store, and wait until they are processed.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            file_ids: Ids of the uploaded files, from 1 to 2000. Either these or `files`.
            files: The uploaded files, from 1 to 2000, each with attributes and chunking of its own; those of the batch
                do not count for them. Either these or `file_ids`.
            chunking_strategy: How the files in `file_ids` are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file in `file_ids`. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, just raise `WaitTimeoutError`, or cancel the batch first.
            on_interrupt: What to do with the batch when the wait is interrupted, by Ctrl-C or by cancelling the task.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch as it is then; look at its `status` and `file_counts`.

        Raises:
            WaitTimeoutError: The time was up; the batch as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.file_batches import VectorStoreFileBatch

        call: Call[VectorStoreFileBatch] = Call(
            CREATE,
            {"vector_store_id": vector_store_id},
            body={
                "file_ids": file_ids,
                "files": files,
                "chunking_strategy": chunking_strategy,
                "attributes": attributes,
            },
            into=VectorStoreFileBatch,
        )
        flow: Flow[VectorStoreFileBatch] = polling.start_batch(
            self._connection.core,
            call,
            RETRIEVE,
            CANCEL,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return await self._connection.drive(flow)

    @several_requests
    async def poll(
        self,
        batch_id: str,
        vector_store_id: str,
        *,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFileBatch:
        """Wait until the files of a batch are processed.

        A batch without any files is not finished, whatever its status says: the server has not begun with it.

        GET /vector_stores/{vector_store_id}/file_batches/{batch_id}

        Args:
            batch_id: Id of the file batch.
            vector_store_id: Id of the batch's vector store.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, just raise `WaitTimeoutError`, or cancel the batch first.
            on_interrupt: What to do with the batch when the wait is interrupted, by Ctrl-C or by cancelling the task.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch as it is then; look at its `status` and `file_counts`.

        Raises:
            WaitTimeoutError: The time was up; the batch as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.file_batches import VectorStoreFileBatch

        call: Call[VectorStoreFileBatch] = Call(
            RETRIEVE, {"vector_store_id": vector_store_id, "batch_id": batch_id}, into=VectorStoreFileBatch
        )
        flow: Flow[VectorStoreFileBatch] = polling.poll_batch(
            self._connection.core,
            call,
            CANCEL,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return await self._connection.drive(flow)

    @several_requests
    async def upload_and_poll(
        self,
        vector_store_id: str,
        files: Iterable[FileTypes],
        *,
        file_ids: list[str] | Omit = omit,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        max_concurrency: int = 5,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFileBatch:
        """Upload files, put them into a vector store as one batch, and wait until they are processed.

        When some cannot be uploaded, the others are, and the exception names those that failed. For more files than a
        batch takes, and to go on where an earlier call has stopped, there is `vector_stores.upload_files`.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            files: What to upload, each bytes, an open binary file, a path object, or a tuple `(name, content, media
                type)`. They are opened as their turn comes.
            file_ids: Ids of the uploaded files, from 1 to 2000. Either these or `files`.
            chunking_strategy: How the files in `file_ids` are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file in `file_ids`. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            max_concurrency: How many are uploaded at a time, at most.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, just raise `WaitTimeoutError`, or cancel the batch first.
            on_interrupt: What to do with the batch when the wait is interrupted, by Ctrl-C or by cancelling the task.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch as it is then; look at its `status` and `file_counts`.

        Raises:
            BulkUploadError: Some files could not be uploaded; `results` says which and why, `batch` has the others.
            WaitTimeoutError: The time was up; the batch as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling, _uploads as uploads
        from .._bulk_files import BulkOperations
        from ..types.file_batches import VectorStoreFileBatch
        from .files import CREATE as FILES_CREATE, RETRIEVE as FILES_RETRIEVE
        from .vector_store_files import (
            DELETE as VECTOR_STORE_FILES_DELETE,
            LIST as VECTOR_STORE_FILES_LIST,
            RETRIEVE as VECTOR_STORE_FILES_RETRIEVE,
        )

        call: Call[VectorStoreFileBatch] = Call(
            CREATE,
            {"vector_store_id": vector_store_id},
            body={"file_ids": file_ids, "chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFileBatch,
        )
        flow: Flow[VectorStoreFileBatch] = uploads.upload_batch(
            self._connection.core,
            call,
            BulkOperations(
                FILES_CREATE,
                FILES_RETRIEVE,
                VECTOR_STORE_FILES_LIST,
                VECTOR_STORE_FILES_RETRIEVE,
                VECTOR_STORE_FILES_DELETE,
                RETRIEVE,
                CANCEL,
                LIST_FILES,
            ),
            files,
            max_concurrency,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return await self._connection.drive(flow)
