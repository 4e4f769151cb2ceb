"""Vector stores, collections of files that can be searched by meaning. Files of a vector store. File batches, which put
many files into a vector store at once.

Generated from codegen/specs/v2/file_batches.yaml, codegen/specs/v2/vector_store_files.yaml,
codegen/specs/v2/vector_stores.yaml; do not edit.
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
    from ..types.assistants_params import AttributeFilterParam, FileChunkingStrategyParam
    from ..types.files_params import (
        VectorStoreExpiresAfterParam,
        VectorStoreFileCreateParams,
        VectorStoreSearchRankingOptionsParam,
    )
    from ..types.shared import Metadata
    from ..types.vector_stores import (
        FileContentResponse,
        VectorStore,
        VectorStoreDeleted,
        VectorStoreExpiresAfter,
        VectorStoreFile,
        VectorStoreFileBatch,
        VectorStoreFileDeleted,
        VectorStoreSearchResponse,
    )
    from ._raw import (
        AsyncVectorStoreFileBatchesWithRawResponse,
        AsyncVectorStoreFileBatchesWithStreamingResponse,
        AsyncVectorStoreFilesWithRawResponse,
        AsyncVectorStoreFilesWithStreamingResponse,
        AsyncVectorStoresWithRawResponse,
        AsyncVectorStoresWithStreamingResponse,
        VectorStoreFileBatchesWithRawResponse,
        VectorStoreFileBatchesWithStreamingResponse,
        VectorStoreFilesWithRawResponse,
        VectorStoreFilesWithStreamingResponse,
        VectorStoresWithRawResponse,
        VectorStoresWithStreamingResponse,
    )

__tracebackhide__ = True  # pytest shows the line that calls, not the methods, which are mostly docstrings

VECTOR_STORES_CREATE = Operation("createVectorStore", "POST", "/vector_stores", beta="assistants=v2")
VECTOR_STORES_RETRIEVE = Operation("getVectorStore", "GET", "/vector_stores/{vector_store_id}", beta="assistants=v2")
VECTOR_STORES_UPDATE = Operation("modifyVectorStore", "POST", "/vector_stores/{vector_store_id}", beta="assistants=v2")
VECTOR_STORES_LIST = Operation("listVectorStores", "GET", "/vector_stores", beta="assistants=v2")
VECTOR_STORES_DELETE = Operation(
    "deleteVectorStore", "DELETE", "/vector_stores/{vector_store_id}", beta="assistants=v2"
)
VECTOR_STORES_SEARCH = Operation(
    "searchVectorStore", "POST", "/vector_stores/{vector_store_id}/search", beta="assistants=v2"
)
VECTOR_STORE_FILES_CREATE = Operation(
    "createVectorStoreFile", "POST", "/vector_stores/{vector_store_id}/files", beta="assistants=v2"
)
VECTOR_STORE_FILES_RETRIEVE = Operation(
    "getVectorStoreFile", "GET", "/vector_stores/{vector_store_id}/files/{file_id}", beta="assistants=v2"
)
VECTOR_STORE_FILES_UPDATE = Operation(
    "updateVectorStoreFileAttributes", "POST", "/vector_stores/{vector_store_id}/files/{file_id}", beta="assistants=v2"
)
VECTOR_STORE_FILES_LIST = Operation(
    "listVectorStoreFiles", "GET", "/vector_stores/{vector_store_id}/files", beta="assistants=v2"
)
VECTOR_STORE_FILES_DELETE = Operation(
    "deleteVectorStoreFile", "DELETE", "/vector_stores/{vector_store_id}/files/{file_id}", beta="assistants=v2"
)
VECTOR_STORE_FILES_CONTENT = Operation(
    "retrieveVectorStoreFileContent",
    "GET",
    "/vector_stores/{vector_store_id}/files/{file_id}/content",
    beta="assistants=v2",
)
FILE_BATCHES_CREATE = Operation(
    "createVectorStoreFileBatch", "POST", "/vector_stores/{vector_store_id}/file_batches", beta="assistants=v2"
)
FILE_BATCHES_RETRIEVE = Operation(
    "getVectorStoreFileBatch", "GET", "/vector_stores/{vector_store_id}/file_batches/{batch_id}", beta="assistants=v2"
)
FILE_BATCHES_CANCEL = Operation(
    "cancelVectorStoreFileBatch",
    "POST",
    "/vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel",
    beta="assistants=v2",
)
FILE_BATCHES_LIST_FILES = Operation(
    "listFilesInVectorStoreBatch",
    "GET",
    "/vector_stores/{vector_store_id}/file_batches/{batch_id}/files",
    beta="assistants=v2",
)


class VectorStores(Resource):
    """Vector stores, collections of files that can be searched by meaning."""

    with_raw_response: VectorStoresWithRawResponse
    with_streaming_response: VectorStoresWithStreamingResponse

    @cached_property
    def files(self) -> VectorStoreFiles:
        """Files of a vector store."""
        return VectorStoreFiles(self._connection)

    @cached_property
    def file_batches(self) -> VectorStoreFileBatches:
        """File batches, which put many files into a vector store at once."""
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

        If the connection is lost before the answer, the retry can create the vector store a second time, except on
        servers that honour `Idempotency-Key`.

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
        from ..types.vector_stores import VectorStore

        return self._connection.send(
            Call(
                VECTOR_STORES_CREATE,
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
        from ..types.vector_stores import VectorStore

        return self._connection.send(
            Call(VECTOR_STORES_RETRIEVE, {"vector_store_id": vector_store_id}, into=VectorStore), options
        )

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
        from ..types.vector_stores import VectorStore

        return self._connection.send(
            Call(
                VECTOR_STORES_UPDATE,
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
        from ..types.vector_stores import VectorStore

        return self._connection.page(
            Call(
                VECTOR_STORES_LIST,
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=VectorStore,
            ),
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
        from ..types.vector_stores import VectorStoreDeleted

        return self._connection.send(
            Call(VECTOR_STORES_DELETE, {"vector_store_id": vector_store_id}, into=VectorStoreDeleted), options
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
        from ..types.vector_stores import VectorStoreSearchResponse

        return self._connection.plain_page(
            Call(
                VECTOR_STORES_SEARCH,
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

        If the connection is lost before the answer, the retry can create the file batch a second time, except on
        servers that honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            files: What to upload, each bytes, an open binary file, a path object, or a tuple `(name, content, media
                type)`. They are opened as their turn comes.
            chunking_strategy: How the files are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file. Values are strings (up to 512 characters), numbers or booleans.
                At most 16 entries. Keys up to 64 characters.
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
        from .. import _polling as polling, _uploads as bulk_upload
        from .._bulk_files import BulkOperations
        from ..types.vector_stores import VectorStoreFileBatch
        from .files import FILES_CREATE, FILES_RETRIEVE

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
        return AsyncVectorStoreFiles(self._connection)

    @cached_property
    def file_batches(self) -> AsyncVectorStoreFileBatches:
        """File batches, which put many files into a vector store at once."""
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

        If the connection is lost before the answer, the retry can create the vector store a second time, except on
        servers that honour `Idempotency-Key`.

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
        from ..types.vector_stores import VectorStore

        return await self._connection.send(
            Call(
                VECTOR_STORES_CREATE,
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
        from ..types.vector_stores import VectorStore

        return await self._connection.send(
            Call(VECTOR_STORES_RETRIEVE, {"vector_store_id": vector_store_id}, into=VectorStore), options
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
        from ..types.vector_stores import VectorStore

        return await self._connection.send(
            Call(
                VECTOR_STORES_UPDATE,
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
        from ..types.vector_stores import VectorStore

        return self._connection.page(
            Call(
                VECTOR_STORES_LIST,
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=VectorStore,
            ),
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
        from ..types.vector_stores import VectorStoreDeleted

        return await self._connection.send(
            Call(VECTOR_STORES_DELETE, {"vector_store_id": vector_store_id}, into=VectorStoreDeleted), options
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
        from ..types.vector_stores import VectorStoreSearchResponse

        return self._connection.plain_page(
            Call(
                VECTOR_STORES_SEARCH,
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

        If the connection is lost before the answer, the retry can create the file batch a second time, except on
        servers that honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            files: What to upload, each bytes, an open binary file, a path object, or a tuple `(name, content, media
                type)`. They are opened as their turn comes.
            chunking_strategy: How the files are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file. Values are strings (up to 512 characters), numbers or booleans.
                At most 16 entries. Keys up to 64 characters.
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
        from .. import _polling as polling, _uploads as bulk_upload
        from .._bulk_files import BulkOperations
        from ..types.vector_stores import VectorStoreFileBatch
        from .files import FILES_CREATE, FILES_RETRIEVE

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


class VectorStoreFiles(Resource):
    """Files of a vector store."""

    with_raw_response: VectorStoreFilesWithRawResponse
    with_streaming_response: VectorStoreFilesWithStreamingResponse

    def create(
        self,
        vector_store_id: str,
        *,
        file_id: str,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Put an uploaded file into a vector store.

        The file is processed in the background; look at its `status`. To put in many, make a file batch, because a
        vector store takes only so many calls a minute.

        POST /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            file_id: Id of the uploaded file.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_stores import VectorStoreFile

        return self._connection.send(
            Call(
                VECTOR_STORE_FILES_CREATE,
                {"vector_store_id": vector_store_id},
                body={"file_id": file_id, "chunking_strategy": chunking_strategy, "attributes": attributes},
                into=VectorStoreFile,
            ),
            options,
        )

    def retrieve(self, file_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]) -> VectorStoreFile:
        """Retrieve a file of a vector store.

        GET /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_stores import VectorStoreFile

        return self._connection.send(
            Call(
                VECTOR_STORE_FILES_RETRIEVE,
                {"vector_store_id": vector_store_id, "file_id": file_id},
                into=VectorStoreFile,
            ),
            options,
        )

    def update(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        attributes: dict[str, str | int | float | bool] | None,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Replace the attributes of a file in a vector store.

        POST /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            attributes: Attributes to have instead of those so far. Values are strings (up to 512 characters), numbers
                or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as it is now.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_stores import VectorStoreFile

        return self._connection.send(
            Call(
                VECTOR_STORE_FILES_UPDATE,
                {"vector_store_id": vector_store_id, "file_id": file_id},
                body={"attributes": attributes},
                into=VectorStoreFile,
            ),
            options,
        )

    def list(
        self,
        vector_store_id: str,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        filter: Literal["in_progress", "completed", "failed", "cancelled"] | UnknownValue | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[VectorStoreFile]:
        """List the files of a vector store.

        GET /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
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
        from ..types.vector_stores import VectorStoreFile

        return self._connection.page(
            Call(
                VECTOR_STORE_FILES_LIST,
                {"vector_store_id": vector_store_id},
                query={"limit": limit, "order": order, "after": after, "before": before, "filter": filter},
                into=VectorStoreFile,
            ),
            options,
        )

    def delete(
        self, file_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> VectorStoreFileDeleted:
        """Take a file out of a vector store.

        The uploaded file itself stays; `files.delete` removes that.

        DELETE /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The vector store no longer has the file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_stores import VectorStoreFileDeleted

        return self._connection.send(
            Call(
                VECTOR_STORE_FILES_DELETE,
                {"vector_store_id": vector_store_id, "file_id": file_id},
                into=VectorStoreFileDeleted,
            ),
            options,
        )

    def content(
        self, file_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> SyncPage[FileContentResponse]:
        """Retrieve the text that the server read out of a file.

        GET /vector_stores/{vector_store_id}/files/{file_id}/content

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The text, in pieces.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_stores import FileContentResponse

        return self._connection.plain_page(
            Call(
                VECTOR_STORE_FILES_CONTENT,
                {"vector_store_id": vector_store_id, "file_id": file_id},
                into=FileContentResponse,
            ),
            options,
        )

    @several_requests
    def create_and_poll(
        self,
        file_id: str,
        vector_store_id: str,
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise"] = "raise",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Put an uploaded file into a vector store, and wait until it is processed.

        POST /vector_stores/{vector_store_id}/files

        Args:
            file_id: Id of the uploaded file.
            vector_store_id: Id of the vector store.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, raise `WaitTimeoutError`; there is nothing to cancel.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_stores import VectorStoreFile

        call: Call[VectorStoreFile] = Call(
            VECTOR_STORE_FILES_CREATE,
            {"vector_store_id": vector_store_id},
            body={"file_id": file_id, "chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFile,
        )
        flow: Flow[VectorStoreFile] = polling.start_file(
            self._connection.core,
            call,
            VECTOR_STORE_FILES_RETRIEVE,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline),
            options,
        )
        return self._connection.drive(flow)

    @several_requests
    def poll(
        self,
        file_id: str,
        vector_store_id: str,
        *,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise"] = "raise",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Wait until a file of a vector store is processed.

        GET /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, raise `WaitTimeoutError`; there is nothing to cancel.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_stores import VectorStoreFile

        call: Call[VectorStoreFile] = Call(
            VECTOR_STORE_FILES_RETRIEVE, {"vector_store_id": vector_store_id, "file_id": file_id}, into=VectorStoreFile
        )
        flow: Flow[VectorStoreFile] = polling.poll_file(
            self._connection.core, call, polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline), options
        )
        return self._connection.drive(flow)

    @several_requests
    def upload(
        self,
        vector_store_id: str,
        file: FileTypes,
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Upload a file and put it into a vector store.

        POST /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            file: What to upload, bytes, an open binary file, a path object, or a tuple `(name, content, media type)`.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store; it is processed in the background.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_stores import VectorStoreFile
        from .files import FILES_CREATE

        call: Call[VectorStoreFile] = Call(
            VECTOR_STORE_FILES_CREATE,
            {"vector_store_id": vector_store_id},
            body={"chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFile,
        )
        flow: Flow[VectorStoreFile] = polling.upload_file(self._connection.core, FILES_CREATE, file, call, options)
        return self._connection.drive(flow)

    @several_requests
    def upload_and_poll(
        self,
        vector_store_id: str,
        file: FileTypes,
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise"] = "raise",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Upload a file, put it into a vector store, and wait until it is processed.

        POST /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            file: What to upload, bytes, an open binary file, a path object, or a tuple `(name, content, media type)`.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, raise `WaitTimeoutError`; there is nothing to cancel.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store, as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_stores import VectorStoreFile
        from .files import FILES_CREATE

        call: Call[VectorStoreFile] = Call(
            VECTOR_STORE_FILES_CREATE,
            {"vector_store_id": vector_store_id},
            body={"chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFile,
        )
        flow: Flow[VectorStoreFile] = polling.upload_file_and_poll(
            self._connection.core,
            FILES_CREATE,
            file,
            call,
            VECTOR_STORE_FILES_RETRIEVE,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline),
            options,
        )
        return self._connection.drive(flow)


class AsyncVectorStoreFiles(AsyncResource):
    """Files of a vector store."""

    with_raw_response: AsyncVectorStoreFilesWithRawResponse
    with_streaming_response: AsyncVectorStoreFilesWithStreamingResponse

    async def create(
        self,
        vector_store_id: str,
        *,
        file_id: str,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Put an uploaded file into a vector store.

        The file is processed in the background; look at its `status`. To put in many, make a file batch, because a
        vector store takes only so many calls a minute.

        POST /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            file_id: Id of the uploaded file.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_stores import VectorStoreFile

        return await self._connection.send(
            Call(
                VECTOR_STORE_FILES_CREATE,
                {"vector_store_id": vector_store_id},
                body={"file_id": file_id, "chunking_strategy": chunking_strategy, "attributes": attributes},
                into=VectorStoreFile,
            ),
            options,
        )

    async def retrieve(
        self, file_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> VectorStoreFile:
        """Retrieve a file of a vector store.

        GET /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_stores import VectorStoreFile

        return await self._connection.send(
            Call(
                VECTOR_STORE_FILES_RETRIEVE,
                {"vector_store_id": vector_store_id, "file_id": file_id},
                into=VectorStoreFile,
            ),
            options,
        )

    async def update(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        attributes: dict[str, str | int | float | bool] | None,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Replace the attributes of a file in a vector store.

        POST /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            attributes: Attributes to have instead of those so far. Values are strings (up to 512 characters), numbers
                or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as it is now.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_stores import VectorStoreFile

        return await self._connection.send(
            Call(
                VECTOR_STORE_FILES_UPDATE,
                {"vector_store_id": vector_store_id, "file_id": file_id},
                body={"attributes": attributes},
                into=VectorStoreFile,
            ),
            options,
        )

    def list(
        self,
        vector_store_id: str,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        filter: Literal["in_progress", "completed", "failed", "cancelled"] | UnknownValue | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[VectorStoreFile, AsyncCursorPage[VectorStoreFile]]:
        """List the files of a vector store.

        GET /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
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
        from ..types.vector_stores import VectorStoreFile

        return self._connection.page(
            Call(
                VECTOR_STORE_FILES_LIST,
                {"vector_store_id": vector_store_id},
                query={"limit": limit, "order": order, "after": after, "before": before, "filter": filter},
                into=VectorStoreFile,
            ),
            options,
        )

    async def delete(
        self, file_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> VectorStoreFileDeleted:
        """Take a file out of a vector store.

        The uploaded file itself stays; `files.delete` removes that.

        DELETE /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The vector store no longer has the file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_stores import VectorStoreFileDeleted

        return await self._connection.send(
            Call(
                VECTOR_STORE_FILES_DELETE,
                {"vector_store_id": vector_store_id, "file_id": file_id},
                into=VectorStoreFileDeleted,
            ),
            options,
        )

    def content(
        self, file_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> AsyncPaginator[FileContentResponse, AsyncPage[FileContentResponse]]:
        """Retrieve the text that the server read out of a file.

        GET /vector_stores/{vector_store_id}/files/{file_id}/content

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The text, in pieces.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_stores import FileContentResponse

        return self._connection.plain_page(
            Call(
                VECTOR_STORE_FILES_CONTENT,
                {"vector_store_id": vector_store_id, "file_id": file_id},
                into=FileContentResponse,
            ),
            options,
        )

    @several_requests
    async def create_and_poll(
        self,
        file_id: str,
        vector_store_id: str,
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise"] = "raise",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Put an uploaded file into a vector store, and wait until it is processed.

        POST /vector_stores/{vector_store_id}/files

        Args:
            file_id: Id of the uploaded file.
            vector_store_id: Id of the vector store.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, raise `WaitTimeoutError`; there is nothing to cancel.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_stores import VectorStoreFile

        call: Call[VectorStoreFile] = Call(
            VECTOR_STORE_FILES_CREATE,
            {"vector_store_id": vector_store_id},
            body={"file_id": file_id, "chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFile,
        )
        flow: Flow[VectorStoreFile] = polling.start_file(
            self._connection.core,
            call,
            VECTOR_STORE_FILES_RETRIEVE,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline),
            options,
        )
        return await self._connection.drive(flow)

    @several_requests
    async def poll(
        self,
        file_id: str,
        vector_store_id: str,
        *,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise"] = "raise",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Wait until a file of a vector store is processed.

        GET /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, raise `WaitTimeoutError`; there is nothing to cancel.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_stores import VectorStoreFile

        call: Call[VectorStoreFile] = Call(
            VECTOR_STORE_FILES_RETRIEVE, {"vector_store_id": vector_store_id, "file_id": file_id}, into=VectorStoreFile
        )
        flow: Flow[VectorStoreFile] = polling.poll_file(
            self._connection.core, call, polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline), options
        )
        return await self._connection.drive(flow)

    @several_requests
    async def upload(
        self,
        vector_store_id: str,
        file: FileTypes,
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Upload a file and put it into a vector store.

        POST /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            file: What to upload, bytes, an open binary file, a path object, or a tuple `(name, content, media type)`.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store; it is processed in the background.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_stores import VectorStoreFile
        from .files import FILES_CREATE

        call: Call[VectorStoreFile] = Call(
            VECTOR_STORE_FILES_CREATE,
            {"vector_store_id": vector_store_id},
            body={"chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFile,
        )
        flow: Flow[VectorStoreFile] = polling.upload_file(self._connection.core, FILES_CREATE, file, call, options)
        return await self._connection.drive(flow)

    @several_requests
    async def upload_and_poll(
        self,
        vector_store_id: str,
        file: FileTypes,
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise"] = "raise",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Upload a file, put it into a vector store, and wait until it is processed.

        POST /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            file: What to upload, bytes, an open binary file, a path object, or a tuple `(name, content, media type)`.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, raise `WaitTimeoutError`; there is nothing to cancel.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store, as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_stores import VectorStoreFile
        from .files import FILES_CREATE

        call: Call[VectorStoreFile] = Call(
            VECTOR_STORE_FILES_CREATE,
            {"vector_store_id": vector_store_id},
            body={"chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFile,
        )
        flow: Flow[VectorStoreFile] = polling.upload_file_and_poll(
            self._connection.core,
            FILES_CREATE,
            file,
            call,
            VECTOR_STORE_FILES_RETRIEVE,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline),
            options,
        )
        return await self._connection.drive(flow)


class VectorStoreFileBatches(Resource):
    """File batches, which put many files into a vector store at once."""

    with_raw_response: VectorStoreFileBatchesWithRawResponse
    with_streaming_response: VectorStoreFileBatchesWithStreamingResponse

    def create(
        self,
        vector_store_id: str,
        *,
        file_ids: list[str] | Omit = omit,
        files: Iterable[VectorStoreFileCreateParams] | Omit = omit,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFileBatch:
        """Put many uploaded files into a vector store at once.

        One batch takes up to 2000 files. They are processed in the background; look at `status` and `file_counts`.

        If the connection is lost before the answer, the retry can create the file batch a second time, except on
        servers that honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            file_ids: Ids of the uploaded files, from 1 to 2000. Either these or `files`.
            files: The uploaded files, from 1 to 2000, each with attributes and chunking of its own; those of the batch
                do not count for them. Either these or `file_ids`.
            chunking_strategy: How the files are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file. Values are strings (up to 512 characters), numbers or booleans.
                At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new file batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_stores import VectorStoreFileBatch

        return self._connection.send(
            Call(
                FILE_BATCHES_CREATE,
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
        from ..types.vector_stores import VectorStoreFileBatch

        return self._connection.send(
            Call(
                FILE_BATCHES_RETRIEVE,
                {"vector_store_id": vector_store_id, "batch_id": batch_id},
                into=VectorStoreFileBatch,
            ),
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
        from ..types.vector_stores import VectorStoreFileBatch

        return self._connection.send(
            Call(
                FILE_BATCHES_CANCEL,
                {"vector_store_id": vector_store_id, "batch_id": batch_id},
                into=VectorStoreFileBatch,
            ),
            options,
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
        from ..types.vector_stores import VectorStoreFile

        return self._connection.page(
            Call(
                FILE_BATCHES_LIST_FILES,
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
        files: Iterable[VectorStoreFileCreateParams] | Omit = omit,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFileBatch:
        """Put many uploaded files into a vector store, and wait until they are processed.

        If the connection is lost before the answer, the retry can create the file batch a second time, except on
        servers that honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            file_ids: Ids of the uploaded files, from 1 to 2000. Either these or `files`.
            files: The uploaded files, from 1 to 2000, each with attributes and chunking of its own; those of the batch
                do not count for them. Either these or `file_ids`.
            chunking_strategy: How the files are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file. Values are strings (up to 512 characters), numbers or booleans.
                At most 16 entries. Keys up to 64 characters.
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
        from ..types.vector_stores import VectorStoreFileBatch

        call: Call[VectorStoreFileBatch] = Call(
            FILE_BATCHES_CREATE,
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
            FILE_BATCHES_RETRIEVE,
            FILE_BATCHES_CANCEL,
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
        from ..types.vector_stores import VectorStoreFileBatch

        call: Call[VectorStoreFileBatch] = Call(
            FILE_BATCHES_RETRIEVE, {"vector_store_id": vector_store_id, "batch_id": batch_id}, into=VectorStoreFileBatch
        )
        flow: Flow[VectorStoreFileBatch] = polling.poll_batch(
            self._connection.core,
            call,
            FILE_BATCHES_CANCEL,
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

        If the connection is lost before the answer, the retry can create the file batch a second time, except on
        servers that honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            files: What to upload, each bytes, an open binary file, a path object, or a tuple `(name, content, media
                type)`. They are opened as their turn comes.
            file_ids: Ids of the uploaded files, from 1 to 2000. Either these or `files`.
            chunking_strategy: How the files are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file. Values are strings (up to 512 characters), numbers or booleans.
                At most 16 entries. Keys up to 64 characters.
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
        from ..types.vector_stores import VectorStoreFileBatch
        from .files import FILES_CREATE, FILES_RETRIEVE

        call: Call[VectorStoreFileBatch] = Call(
            FILE_BATCHES_CREATE,
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
                FILE_BATCHES_RETRIEVE,
                FILE_BATCHES_CANCEL,
                FILE_BATCHES_LIST_FILES,
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
        files: Iterable[VectorStoreFileCreateParams] | Omit = omit,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFileBatch:
        """Put many uploaded files into a vector store at once.

        One batch takes up to 2000 files. They are processed in the background; look at `status` and `file_counts`.

        If the connection is lost before the answer, the retry can create the file batch a second time, except on
        servers that honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            file_ids: Ids of the uploaded files, from 1 to 2000. Either these or `files`.
            files: The uploaded files, from 1 to 2000, each with attributes and chunking of its own; those of the batch
                do not count for them. Either these or `file_ids`.
            chunking_strategy: How the files are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file. Values are strings (up to 512 characters), numbers or booleans.
                At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new file batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_stores import VectorStoreFileBatch

        return await self._connection.send(
            Call(
                FILE_BATCHES_CREATE,
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
        from ..types.vector_stores import VectorStoreFileBatch

        return await self._connection.send(
            Call(
                FILE_BATCHES_RETRIEVE,
                {"vector_store_id": vector_store_id, "batch_id": batch_id},
                into=VectorStoreFileBatch,
            ),
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
        from ..types.vector_stores import VectorStoreFileBatch

        return await self._connection.send(
            Call(
                FILE_BATCHES_CANCEL,
                {"vector_store_id": vector_store_id, "batch_id": batch_id},
                into=VectorStoreFileBatch,
            ),
            options,
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
        from ..types.vector_stores import VectorStoreFile

        return self._connection.page(
            Call(
                FILE_BATCHES_LIST_FILES,
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
        files: Iterable[VectorStoreFileCreateParams] | Omit = omit,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise", "cancel"] = "raise",
        on_interrupt: Literal["leave", "cancel"] = "leave",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFileBatch:
        """Put many uploaded files into a vector store, and wait until they are processed.

        If the connection is lost before the answer, the retry can create the file batch a second time, except on
        servers that honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            file_ids: Ids of the uploaded files, from 1 to 2000. Either these or `files`.
            files: The uploaded files, from 1 to 2000, each with attributes and chunking of its own; those of the batch
                do not count for them. Either these or `file_ids`.
            chunking_strategy: How the files are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file. Values are strings (up to 512 characters), numbers or booleans.
                At most 16 entries. Keys up to 64 characters.
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
        from ..types.vector_stores import VectorStoreFileBatch

        call: Call[VectorStoreFileBatch] = Call(
            FILE_BATCHES_CREATE,
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
            FILE_BATCHES_RETRIEVE,
            FILE_BATCHES_CANCEL,
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
        from ..types.vector_stores import VectorStoreFileBatch

        call: Call[VectorStoreFileBatch] = Call(
            FILE_BATCHES_RETRIEVE, {"vector_store_id": vector_store_id, "batch_id": batch_id}, into=VectorStoreFileBatch
        )
        flow: Flow[VectorStoreFileBatch] = polling.poll_batch(
            self._connection.core,
            call,
            FILE_BATCHES_CANCEL,
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

        If the connection is lost before the answer, the retry can create the file batch a second time, except on
        servers that honour `Idempotency-Key`.

        POST /vector_stores/{vector_store_id}/file_batches

        Args:
            vector_store_id: Id of the vector store.
            files: What to upload, each bytes, an open binary file, a path object, or a tuple `(name, content, media
                type)`. They are opened as their turn comes.
            file_ids: Ids of the uploaded files, from 1 to 2000. Either these or `files`.
            chunking_strategy: How the files are cut into chunks; `auto` if left out.
            attributes: Attributes to give to each file. Values are strings (up to 512 characters), numbers or booleans.
                At most 16 entries. Keys up to 64 characters.
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
        from ..types.vector_stores import VectorStoreFileBatch
        from .files import FILES_CREATE, FILES_RETRIEVE

        call: Call[VectorStoreFileBatch] = Call(
            FILE_BATCHES_CREATE,
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
                FILE_BATCHES_RETRIEVE,
                FILE_BATCHES_CANCEL,
                FILE_BATCHES_LIST_FILES,
            ),
            files,
            max_concurrency,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline, on_interrupt),
            options,
        )
        return await self._connection.drive(flow)
