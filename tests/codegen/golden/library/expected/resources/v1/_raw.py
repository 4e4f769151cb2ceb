"""What type checkers know of `with_raw_response` and `with_streaming_response`; at run time both are dynamic.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from ..._raw_types import (
    AsyncRawRequests,
    AsyncStreamingRequests,
    RawRequests,
    StreamingRequests,
    async_raw_method,
    async_streaming_method,
    raw_method,
    streaming_method,
)
from .books import AsyncBooks, Books


class BooksWithRawResponse:
    """`Books.with_raw_response`."""

    retrieve = raw_method(Books.retrieve)


class AsyncBooksWithRawResponse:
    """`AsyncBooks.with_raw_response`."""

    retrieve = async_raw_method(AsyncBooks.retrieve)


class BooksWithStreamingResponse:
    """`Books.with_streaming_response`."""

    retrieve = streaming_method(Books.retrieve)


class AsyncBooksWithStreamingResponse:
    """`AsyncBooks.with_streaming_response`."""

    retrieve = async_streaming_method(AsyncBooks.retrieve)


class ClientResourcesWithRawResponse(RawRequests):
    """`ClientResources.with_raw_response`."""

    books: BooksWithRawResponse


class AsyncClientResourcesWithRawResponse(AsyncRawRequests):
    """`AsyncClientResources.with_raw_response`."""

    books: AsyncBooksWithRawResponse


class ClientResourcesWithStreamingResponse(StreamingRequests):
    """`ClientResources.with_streaming_response`."""

    books: BooksWithStreamingResponse


class AsyncClientResourcesWithStreamingResponse(AsyncStreamingRequests):
    """`AsyncClientResources.with_streaming_response`."""

    books: AsyncBooksWithStreamingResponse
