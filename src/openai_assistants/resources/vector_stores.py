"""Vector stores, collections of files that can be searched by meaning.

Generated from codegen/specs/v2/vector_stores.yaml; do not edit.
"""

from __future__ import annotations

import builtins
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from typing_extensions import Unpack

from .._calls import Call, Operation
from .._omit import Omit, omit
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from .._models import UnknownValue
    from .._options import RequestOptions
    from .._pagination import AsyncCursorPage, AsyncPage, AsyncPaginator, SyncCursorPage, SyncPage
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
