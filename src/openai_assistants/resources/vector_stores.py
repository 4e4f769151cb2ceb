"""Vector stores, collections of files that can be searched by meaning.

Generated from codegen/specs/v2/vector_stores.yaml; do not edit.
"""

from __future__ import annotations

import builtins
from functools import cached_property
from typing import TYPE_CHECKING, Iterable, Literal

from typing_extensions import Unpack

from .._basics import Omit, omit
from .._connection import AsyncResource, Resource, several_requests
from .._requests import Call, Operation

if TYPE_CHECKING:
    from .._bulk_files import BulkUploadResult, ManifestPath, OnProgress
    from .._files import FileTypes
    from .._flow import Flow
    from .._models import UnknownValue
    from .._pagination import AsyncCursorPage, AsyncPage, AsyncPaginator, SyncCursorPage, SyncPage
    from .._requests import RequestOptions
    from ..types.file_batches import VectorStoreFileBatch
    from ..types.params.shared import AttributeFilterParam, FileChunkingStrategyParam
    from ..types.params.vector_store import VectorStoreExpiresAfterParam, VectorStoreSearchRankingOptionsParam
    from ..types.shared import Metadata
    from ..types.vector_store import VectorStore, VectorStoreDeleted, VectorStoreExpiresAfter, VectorStoreSearchResponse
    from ._raw import (
        AsyncVectorStoresWithRawResponse,
        AsyncVectorStoresWithStreamingResponse,
        VectorStoresWithRawResponse,
        VectorStoresWithStreamingResponse,
    )
    from .file_batches import AsyncVectorStoreFileBatches, VectorStoreFileBatches
    from .vector_store_files import AsyncVectorStoreFiles, VectorStoreFiles

CREATE = Operation("createVectorStore", "POST", "/vector_stores", beta="assistants=v2")
RETRIEVE = Operation("getVectorStore", "GET", "/vector_stores/{vector_store_id}", beta="assistants=v2")
UPDATE = Operation("modifyVectorStore", "POST", "/vector_stores/{vector_store_id}", beta="assistants=v2")
LIST = Operation("listVectorStores", "GET", "/vector_stores", beta="assistants=v2")
DELETE = Operation("deleteVectorStore", "DELETE", "/vector_stores/{vector_store_id}", beta="assistants=v2")
SEARCH = Operation("searchVectorStore", "POST", "/vector_stores/{vector_store_id}/search", beta="assistants=v2")


class VectorStores(Resource):
    """Vector stores, collections of files that can be searched by meaning."""

    with_raw_response: VectorStoresWithRawResponse
    with_streaming_response: VectorStoresWithStreamingResponse

    @cached_property
    def files(self) -> VectorStoreFiles:
        """Files of a vector store."""
        from .vector_store_files import VectorStoreFiles

        return VectorStoreFiles(self._connection)

    @cached_property
    def file_batches(self) -> VectorStoreFileBatches:
        """File batches, which put many files into a vector store at once."""
        from .file_batches import VectorStoreFileBatches

        return VectorStoreFileBatches(self._connection)

    def create(
        self,
        *,
        file_ids: builtins.list[str] | Omit = omit,
        name: str | Omit = omit,
        description: str | Omit = omit,
        expires_after: VectorStoreExpiresAfterParam | VectorStoreExpiresAfter | Omit = omit,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStore:
        """Create a vector store, empty or with files.

        Files named here are processed in the background; look at `status` and `file_counts`.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /vector_stores

        Args:
            file_ids: Ids of the files to put in, at most 500. More can follow later.
            name: A name for people.
            description: What the vector store is for.
            expires_after: When it is to expire by itself. Left out, it stays until you delete it.
            chunking_strategy: How the files in `file_ids` are cut into chunks; `auto` if left out.
            metadata: Notes to keep with the vector store. At most 16 entries. Keys up to 64 characters. Values up to
                512 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new vector store.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.vector_store import VectorStore

        return self._connection.send(
            Call(
                CREATE,
                body={
                    "file_ids": file_ids,
                    "name": name,
                    "description": description,
                    "expires_after": expires_after,
                    "chunking_strategy": chunking_strategy,
                    "metadata": metadata,
                },
                into=VectorStore,
            ),
            options,
        )

    def retrieve(self, vector_store_id: str, **options: Unpack[RequestOptions]) -> VectorStore:
        """Retrieve a vector store.

        GET /vector_stores/{vector_store_id}

        Args:
            vector_store_id: Id of the vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The vector store.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store import VectorStore

        return self._connection.send(Call(RETRIEVE, {"vector_store_id": vector_store_id}, into=VectorStore), options)

    def update(
        self,
        vector_store_id: str,
        *,
        name: str | Omit | None = omit,
        expires_after: VectorStoreExpiresAfterParam | VectorStoreExpiresAfter | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStore:
        """Change the name, expiry or notes of a vector store.

        Only what is sent changes.

        POST /vector_stores/{vector_store_id}

        Args:
            vector_store_id: Id of the vector store.
            name: Its new name.
            expires_after: When it is to expire by itself; null for never.
            metadata: Notes to keep instead of those so far. At most 16 entries. Keys up to 64 characters. Values up to
                512 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The vector store as it is now.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store import VectorStore

        return self._connection.send(
            Call(
                UPDATE,
                {"vector_store_id": vector_store_id},
                body={"name": name, "expires_after": expires_after, "metadata": metadata},
                into=VectorStore,
            ),
            options,
        )

    def list(
        self,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[VectorStore]:
        """List vector stores.

        GET /vector_stores

        Args:
            limit: Vector stores per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a vector store; the page starts behind it.
            before: Id of a vector store; the page ends in front of it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of vector stores. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.vector_store import VectorStore

        return self._connection.page(
            Call(LIST, query={"limit": limit, "order": order, "after": after, "before": before}, into=VectorStore),
            options,
        )

    def delete(self, vector_store_id: str, **options: Unpack[RequestOptions]) -> VectorStoreDeleted:
        """Delete a vector store, but not the uploaded files that are in it.

        DELETE /vector_stores/{vector_store_id}

        Args:
            vector_store_id: Id of the vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The vector store is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store import VectorStoreDeleted

        return self._connection.send(
            Call(DELETE, {"vector_store_id": vector_store_id}, into=VectorStoreDeleted), options
        )

    def search(
        self,
        vector_store_id: str,
        *,
        query: str | builtins.list[str],
        rewrite_query: bool | Omit = omit,
        max_num_results: int | Omit = omit,
        filters: AttributeFilterParam | Omit = omit,
        ranking_options: VectorStoreSearchRankingOptionsParam | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncPage[VectorStoreSearchResponse]:
        """Search a vector store for the passages that fit a question best.

        All results come at once; there is no way to ask for more than `max_num_results` allows.

        POST /vector_stores/{vector_store_id}/search

        Args:
            vector_store_id: Id of the vector store.
            query: The question, or several questions that are searched together.
            rewrite_query: Whether the server may put the question into words that search better.
            max_num_results: How many results to return at most, from 1 to 50. The server's own choice is 10.
            filters: Look only in files whose attributes pass this filter.
            ranking_options: How results are ordered, and which are too weak to return.
            **options: Request options, see `RequestOptions`.

        Returns:
            The files with fitting passages, best first.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store import VectorStoreSearchResponse

        return self._connection.plain_page(
            Call(
                SEARCH,
                {"vector_store_id": vector_store_id},
                body={
                    "query": query,
                    "rewrite_query": rewrite_query,
                    "max_num_results": max_num_results,
                    "filters": filters,
                    "ranking_options": ranking_options,
                },
                into=VectorStoreSearchResponse,
            ),
            options,
        )

    @several_requests
    def upload_files(
        self,
        vector_store_id: str,
        files: Iterable[FileTypes],
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        max_concurrency: int = 5,
        on_progress: OnProgress | None = None,
        manifest: ManifestPath | None = None,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> BulkUploadResult:
        """Upload any number of files into a vector store, and wait until they are processed.

        What the vector store has already is not uploaded again, so after a failure or the end of the process the same
        call does the rest: the SHA-256 of each content is kept as attribute `sha256` of its file, or in a manifest.
        Files with the same content are uploaded once. Files that failed in an earlier call are uploaded anew and then
        taken out of the vector store. One that fails does not stop the others.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            files: What to upload, each bytes, an open binary file, a path object, or a tuple `(name, content, media
                type)`. They are opened as their turn comes.
            chunking_strategy: How the files in `file_ids` are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file in `file_ids`. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            max_concurrency: How many are uploaded at a time, at most.
            on_progress: Called with a `BulkProgress` whenever a file comes further, one call at a time, in the calling
                thread or task; `openai_assistants.progress.rich_progress` makes one that shows a bar.
            manifest: Path of a file that remembers what has been uploaded, in the place of the attribute `sha256`; for
                servers that know no attributes.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, just raise `WaitTimeoutError`, or cancel the batch first.
            on_interrupt: What to do with the batch when the wait is interrupted, by Ctrl-C or by cancelling the task.
            **options: Request options, see `RequestOptions`.

        Returns:
            An entry for each file, with its `status`, `file_id` and `error`; `failed` has those that failed.

        Raises:
            WaitTimeoutError: The time was up; the `BulkUploadResult` as it is then is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _bulk_upload as bulk_upload, _polling as polling
        from .._bulk_files import BulkOperations
        from ..types.file_batches import VectorStoreFileBatch
        from .file_batches import (
            CANCEL as FILE_BATCHES_CANCEL,
            CREATE as FILE_BATCHES_CREATE,
            LIST_FILES as FILE_BATCHES_LIST_FILES,
            RETRIEVE as FILE_BATCHES_RETRIEVE,
        )
        from .files import CREATE as FILES_CREATE, RETRIEVE as FILES_RETRIEVE
        from .vector_store_files import (
            DELETE as VECTOR_STORE_FILES_DELETE,
            LIST as VECTOR_STORE_FILES_LIST,
            RETRIEVE as VECTOR_STORE_FILES_RETRIEVE,
        )

        call: Call[VectorStoreFileBatch] = Call(
            FILE_BATCHES_CREATE,
            {"vector_store_id": vector_store_id},
            body={"chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFileBatch,
        )
        flow: Flow[BulkUploadResult] = bulk_upload.upload_files(
            self._connection.core,
            call,
            BulkOperations(
                FILES_CREATE,
                FILES_RETRIEVE,
                VECTOR_STORE_FILES_LIST,
                VECTOR_STORE_FILES_RETRIEVE,
                VECTOR_STORE_FILES_DELETE,
                FILE_BATCHES_RETRIEVE,
                FILE_BATCHES_CANCEL,
                FILE_BATCHES_LIST_FILES,
            ),
            files,
            bulk_upload.BulkSettings(
                max_concurrency,
                on_progress,
                manifest,
                polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            ),
            options,
        )
        return self._connection.drive(flow)


class AsyncVectorStores(AsyncResource):
    """Vector stores, collections of files that can be searched by meaning."""

    with_raw_response: AsyncVectorStoresWithRawResponse
    with_streaming_response: AsyncVectorStoresWithStreamingResponse

    @cached_property
    def files(self) -> AsyncVectorStoreFiles:
        """Files of a vector store."""
        from .vector_store_files import AsyncVectorStoreFiles

        return AsyncVectorStoreFiles(self._connection)

    @cached_property
    def file_batches(self) -> AsyncVectorStoreFileBatches:
        """File batches, which put many files into a vector store at once."""
        from .file_batches import AsyncVectorStoreFileBatches

        return AsyncVectorStoreFileBatches(self._connection)

    async def create(
        self,
        *,
        file_ids: builtins.list[str] | Omit = omit,
        name: str | Omit = omit,
        description: str | Omit = omit,
        expires_after: VectorStoreExpiresAfterParam | VectorStoreExpiresAfter | Omit = omit,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStore:
        """Create a vector store, empty or with files.

        Files named here are processed in the background; look at `status` and `file_counts`.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /vector_stores

        Args:
            file_ids: Ids of the files to put in, at most 500. More can follow later.
            name: A name for people.
            description: What the vector store is for.
            expires_after: When it is to expire by itself. Left out, it stays until you delete it.
            chunking_strategy: How the files in `file_ids` are cut into chunks; `auto` if left out.
            metadata: Notes to keep with the vector store. At most 16 entries. Keys up to 64 characters. Values up to
                512 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new vector store.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.vector_store import VectorStore

        return await self._connection.send(
            Call(
                CREATE,
                body={
                    "file_ids": file_ids,
                    "name": name,
                    "description": description,
                    "expires_after": expires_after,
                    "chunking_strategy": chunking_strategy,
                    "metadata": metadata,
                },
                into=VectorStore,
            ),
            options,
        )

    async def retrieve(self, vector_store_id: str, **options: Unpack[RequestOptions]) -> VectorStore:
        """Retrieve a vector store.

        GET /vector_stores/{vector_store_id}

        Args:
            vector_store_id: Id of the vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The vector store.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store import VectorStore

        return await self._connection.send(
            Call(RETRIEVE, {"vector_store_id": vector_store_id}, into=VectorStore), options
        )

    async def update(
        self,
        vector_store_id: str,
        *,
        name: str | Omit | None = omit,
        expires_after: VectorStoreExpiresAfterParam | VectorStoreExpiresAfter | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStore:
        """Change the name, expiry or notes of a vector store.

        Only what is sent changes.

        POST /vector_stores/{vector_store_id}

        Args:
            vector_store_id: Id of the vector store.
            name: Its new name.
            expires_after: When it is to expire by itself; null for never.
            metadata: Notes to keep instead of those so far. At most 16 entries. Keys up to 64 characters. Values up to
                512 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The vector store as it is now.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store import VectorStore

        return await self._connection.send(
            Call(
                UPDATE,
                {"vector_store_id": vector_store_id},
                body={"name": name, "expires_after": expires_after, "metadata": metadata},
                into=VectorStore,
            ),
            options,
        )

    def list(
        self,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[VectorStore, AsyncCursorPage[VectorStore]]:
        """List vector stores.

        GET /vector_stores

        Args:
            limit: Vector stores per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a vector store; the page starts behind it.
            before: Id of a vector store; the page ends in front of it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of vector stores. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.vector_store import VectorStore

        return self._connection.page(
            Call(LIST, query={"limit": limit, "order": order, "after": after, "before": before}, into=VectorStore),
            options,
        )

    async def delete(self, vector_store_id: str, **options: Unpack[RequestOptions]) -> VectorStoreDeleted:
        """Delete a vector store, but not the uploaded files that are in it.

        DELETE /vector_stores/{vector_store_id}

        Args:
            vector_store_id: Id of the vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The vector store is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store import VectorStoreDeleted

        return await self._connection.send(
            Call(DELETE, {"vector_store_id": vector_store_id}, into=VectorStoreDeleted), options
        )

    def search(
        self,
        vector_store_id: str,
        *,
        query: str | builtins.list[str],
        rewrite_query: bool | Omit = omit,
        max_num_results: int | Omit = omit,
        filters: AttributeFilterParam | Omit = omit,
        ranking_options: VectorStoreSearchRankingOptionsParam | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[VectorStoreSearchResponse, AsyncPage[VectorStoreSearchResponse]]:
        """Search a vector store for the passages that fit a question best.

        All results come at once; there is no way to ask for more than `max_num_results` allows.

        POST /vector_stores/{vector_store_id}/search

        Args:
            vector_store_id: Id of the vector store.
            query: The question, or several questions that are searched together.
            rewrite_query: Whether the server may put the question into words that search better.
            max_num_results: How many results to return at most, from 1 to 50. The server's own choice is 10.
            filters: Look only in files whose attributes pass this filter.
            ranking_options: How results are ordered, and which are too weak to return.
            **options: Request options, see `RequestOptions`.

        Returns:
            The files with fitting passages, best first.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store import VectorStoreSearchResponse

        return self._connection.plain_page(
            Call(
                SEARCH,
                {"vector_store_id": vector_store_id},
                body={
                    "query": query,
                    "rewrite_query": rewrite_query,
                    "max_num_results": max_num_results,
                    "filters": filters,
                    "ranking_options": ranking_options,
                },
                into=VectorStoreSearchResponse,
            ),
            options,
        )

    @several_requests
    async def upload_files(
        self,
        vector_store_id: str,
        files: Iterable[FileTypes],
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        max_concurrency: int = 5,
        on_progress: OnProgress | None = None,
        manifest: ManifestPath | None = None,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> BulkUploadResult:
        """Upload any number of files into a vector store, and wait until they are processed.

        What the vector store has already is not uploaded again, so after a failure or the end of the process the same
        call does the rest: the SHA-256 of each content is kept as attribute `sha256` of its file, or in a manifest.
        Files with the same content are uploaded once. Files that failed in an earlier call are uploaded anew and then
        taken out of the vector store. One that fails does not stop the others.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            files: What to upload, each bytes, an open binary file, a path object, or a tuple `(name, content, media
                type)`. They are opened as their turn comes.
            chunking_strategy: How the files in `file_ids` are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file in `file_ids`. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            max_concurrency: How many are uploaded at a time, at most.
            on_progress: Called with a `BulkProgress` whenever a file comes further, one call at a time, in the calling
                thread or task; `openai_assistants.progress.rich_progress` makes one that shows a bar.
            manifest: Path of a file that remembers what has been uploaded, in the place of the attribute `sha256`; for
                servers that know no attributes.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, just raise `WaitTimeoutError`, or cancel the batch first.
            on_interrupt: What to do with the batch when the wait is interrupted, by Ctrl-C or by cancelling the task.
            **options: Request options, see `RequestOptions`.

        Returns:
            An entry for each file, with its `status`, `file_id` and `error`; `failed` has those that failed.

        Raises:
            WaitTimeoutError: The time was up; the `BulkUploadResult` as it is then is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _bulk_upload as bulk_upload, _polling as polling
        from .._bulk_files import BulkOperations
        from ..types.file_batches import VectorStoreFileBatch
        from .file_batches import (
            CANCEL as FILE_BATCHES_CANCEL,
            CREATE as FILE_BATCHES_CREATE,
            LIST_FILES as FILE_BATCHES_LIST_FILES,
            RETRIEVE as FILE_BATCHES_RETRIEVE,
        )
        from .files import CREATE as FILES_CREATE, RETRIEVE as FILES_RETRIEVE
        from .vector_store_files import (
            DELETE as VECTOR_STORE_FILES_DELETE,
            LIST as VECTOR_STORE_FILES_LIST,
            RETRIEVE as VECTOR_STORE_FILES_RETRIEVE,
        )

        call: Call[VectorStoreFileBatch] = Call(
            FILE_BATCHES_CREATE,
            {"vector_store_id": vector_store_id},
            body={"chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFileBatch,
        )
        flow: Flow[BulkUploadResult] = bulk_upload.upload_files(
            self._connection.core,
            call,
            BulkOperations(
                FILES_CREATE,
                FILES_RETRIEVE,
                VECTOR_STORE_FILES_LIST,
                VECTOR_STORE_FILES_RETRIEVE,
                VECTOR_STORE_FILES_DELETE,
                FILE_BATCHES_RETRIEVE,
                FILE_BATCHES_CANCEL,
                FILE_BATCHES_LIST_FILES,
            ),
            files,
            bulk_upload.BulkSettings(
                max_concurrency,
                on_progress,
                manifest,
                polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            ),
            options,
        )
        return await self._connection.drive(flow)
