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
from .books import AsyncOldBooks, OldBooks

if TYPE_CHECKING:
    from .._raw import (
        AsyncScansWithRawResponse,
        AsyncScansWithStreamingResponse,
        ScansWithRawResponse,
        ScansWithStreamingResponse,
    )


class OldBooksWithRawResponse:
    """`OldBooks.with_raw_response`."""

    retrieve = raw_method(OldBooks.retrieve)


class AsyncOldBooksWithRawResponse:
    """`AsyncOldBooks.with_raw_response`."""

    retrieve = async_raw_method(AsyncOldBooks.retrieve)


class OldBooksWithStreamingResponse:
    """`OldBooks.with_streaming_response`."""

    retrieve = streaming_method(OldBooks.retrieve)


class AsyncOldBooksWithStreamingResponse:
    """`AsyncOldBooks.with_streaming_response`."""

    retrieve = async_streaming_method(AsyncOldBooks.retrieve)


class ClientResourcesWithRawResponse(RawRequests):
    """`ClientResources.with_raw_response`."""

    books: OldBooksWithRawResponse
    scans: ScansWithRawResponse


class AsyncClientResourcesWithRawResponse(AsyncRawRequests):
    """`AsyncClientResources.with_raw_response`."""

    books: AsyncOldBooksWithRawResponse
    scans: AsyncScansWithRawResponse


class ClientResourcesWithStreamingResponse(StreamingRequests):
    """`ClientResources.with_streaming_response`."""

    books: OldBooksWithStreamingResponse
    scans: ScansWithStreamingResponse


class AsyncClientResourcesWithStreamingResponse(AsyncStreamingRequests):
    """`AsyncClientResources.with_streaming_response`."""

    books: AsyncOldBooksWithStreamingResponse
    scans: AsyncScansWithStreamingResponse
