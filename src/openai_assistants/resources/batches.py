"""Batches, files of requests that the server works through when it has time.

Generated from codegen/specs/v2/batches.yaml; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from typing_extensions import Unpack

from .._calls import Call, Operation
from .._omit import Omit, omit
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from .._models import UnknownValue
    from .._options import RequestOptions
    from .._pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
    from ..types.batches import Batch
    from ..types.params import BatchFileExpiresAfterParam
    from ..types.shared import Metadata
    from ._raw import (
        AsyncBatchesWithRawResponse,
        AsyncBatchesWithStreamingResponse,
        BatchesWithRawResponse,
        BatchesWithStreamingResponse,
    )

BATCHES_CREATE = Operation("createBatch", "POST", "/batches")
BATCHES_RETRIEVE = Operation("retrieveBatch", "GET", "/batches/{batch_id}")
BATCHES_LIST = Operation("listBatches", "GET", "/batches")
BATCHES_CANCEL = Operation("cancelBatch", "POST", "/batches/{batch_id}/cancel")


class Batches(Resource):
    """Batches, files of requests that the server works through when it has time."""

    with_raw_response: BatchesWithRawResponse
    with_streaming_response: BatchesWithStreamingResponse

    def create(
        self,
        *,
        input_file_id: str,
        endpoint: Literal[
            "/v1/responses",
            "/v1/chat/completions",
            "/v1/embeddings",
            "/v1/completions",
            "/v1/moderations",
            "/v1/images/generations",
            "/v1/images/edits",
            "/v1/videos",
        ]
        | UnknownValue,
        completion_window: Literal["24h"] | UnknownValue,
        metadata: Metadata | Omit | None = omit,
        output_expires_after: BatchFileExpiresAfterParam | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> Batch:
        """Have a file of requests worked through.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /batches

        Args:
            input_file_id: Id of an uploaded file with the purpose `batch`, one request as JSON on each line; up to
                50,000 requests and 200 MB.
            endpoint: Path that all the requests go to. Those to `/v1/embeddings` may have 50,000 inputs all together.
            completion_window: Time in which it should be done; so far always `24h`.
            metadata: Notes to keep with the batch. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            output_expires_after: When the files with answers and errors are to be deleted by themselves.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.batches import Batch

        return self._connection.send(
            Call(
                BATCHES_CREATE,
                body={
                    "input_file_id": input_file_id,
                    "endpoint": endpoint,
                    "completion_window": completion_window,
                    "metadata": metadata,
                    "output_expires_after": output_expires_after,
                },
                into=Batch,
            ),
            options,
        )

    def retrieve(self, batch_id: str, **options: Unpack[RequestOptions]) -> Batch:
        """Retrieve a batch.

        GET /batches/{batch_id}

        Args:
            batch_id: Id of the batch.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.batches import Batch

        return self._connection.send(Call(BATCHES_RETRIEVE, {"batch_id": batch_id}, into=Batch), options)

    def list(
        self, *, limit: int | Omit = omit, after: str | Omit = omit, **options: Unpack[RequestOptions]
    ) -> SyncCursorPage[Batch]:
        """List batches.

        GET /batches

        Args:
            limit: Batches per page, from 1 to 100. Default: 20.
            after: Id of a batch; the page starts behind it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of batches. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.batches import Batch

        return self._connection.page(Call(BATCHES_LIST, query={"limit": limit, "after": after}, into=Batch), options)

    def cancel(self, batch_id: str, **options: Unpack[RequestOptions]) -> Batch:
        """Stop a batch.

        It is `cancelling` for up to ten minutes, then `cancelled`; answers that it had by then are in the output file.

        POST /batches/{batch_id}/cancel

        Args:
            batch_id: Id of the batch.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch, now on its way to `cancelled`.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.batches import Batch

        return self._connection.send(Call(BATCHES_CANCEL, {"batch_id": batch_id}, into=Batch), options)


class AsyncBatches(AsyncResource):
    """Batches, files of requests that the server works through when it has time."""

    with_raw_response: AsyncBatchesWithRawResponse
    with_streaming_response: AsyncBatchesWithStreamingResponse

    async def create(
        self,
        *,
        input_file_id: str,
        endpoint: Literal[
            "/v1/responses",
            "/v1/chat/completions",
            "/v1/embeddings",
            "/v1/completions",
            "/v1/moderations",
            "/v1/images/generations",
            "/v1/images/edits",
            "/v1/videos",
        ]
        | UnknownValue,
        completion_window: Literal["24h"] | UnknownValue,
        metadata: Metadata | Omit | None = omit,
        output_expires_after: BatchFileExpiresAfterParam | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> Batch:
        """Have a file of requests worked through.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /batches

        Args:
            input_file_id: Id of an uploaded file with the purpose `batch`, one request as JSON on each line; up to
                50,000 requests and 200 MB.
            endpoint: Path that all the requests go to. Those to `/v1/embeddings` may have 50,000 inputs all together.
            completion_window: Time in which it should be done; so far always `24h`.
            metadata: Notes to keep with the batch. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            output_expires_after: When the files with answers and errors are to be deleted by themselves.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.batches import Batch

        return await self._connection.send(
            Call(
                BATCHES_CREATE,
                body={
                    "input_file_id": input_file_id,
                    "endpoint": endpoint,
                    "completion_window": completion_window,
                    "metadata": metadata,
                    "output_expires_after": output_expires_after,
                },
                into=Batch,
            ),
            options,
        )

    async def retrieve(self, batch_id: str, **options: Unpack[RequestOptions]) -> Batch:
        """Retrieve a batch.

        GET /batches/{batch_id}

        Args:
            batch_id: Id of the batch.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.batches import Batch

        return await self._connection.send(Call(BATCHES_RETRIEVE, {"batch_id": batch_id}, into=Batch), options)

    def list(
        self, *, limit: int | Omit = omit, after: str | Omit = omit, **options: Unpack[RequestOptions]
    ) -> AsyncPaginator[Batch, AsyncCursorPage[Batch]]:
        """List batches.

        GET /batches

        Args:
            limit: Batches per page, from 1 to 100. Default: 20.
            after: Id of a batch; the page starts behind it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of batches. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.batches import Batch

        return self._connection.page(Call(BATCHES_LIST, query={"limit": limit, "after": after}, into=Batch), options)

    async def cancel(self, batch_id: str, **options: Unpack[RequestOptions]) -> Batch:
        """Stop a batch.

        It is `cancelling` for up to ten minutes, then `cancelled`; answers that it had by then are in the output file.

        POST /batches/{batch_id}/cancel

        Args:
            batch_id: Id of the batch.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch, now on its way to `cancelled`.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.batches import Batch

        return await self._connection.send(Call(BATCHES_CANCEL, {"batch_id": batch_id}, into=Batch), options)
