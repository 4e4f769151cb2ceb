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
from .books import AsyncBooks, Books
from .scans import AsyncScans, Scans

if TYPE_CHECKING:
    from .v1._raw import (
        AsyncOldBooksWithRawResponse,
        AsyncOldBooksWithStreamingResponse,
        OldBooksWithRawResponse,
        OldBooksWithStreamingResponse,
    )


class ShelvesWithRawResponse:
    """`Shelves.with_raw_response`."""

    books: BooksWithRawResponse
    scans: ScansWithRawResponse


class AsyncShelvesWithRawResponse:
    """`AsyncShelves.with_raw_response`."""

    books: AsyncBooksWithRawResponse
    scans: AsyncScansWithRawResponse


class ShelvesWithStreamingResponse:
    """`Shelves.with_streaming_response`."""

    books: BooksWithStreamingResponse
    scans: ScansWithStreamingResponse


class AsyncShelvesWithStreamingResponse:
    """`AsyncShelves.with_streaming_response`."""

    books: AsyncBooksWithStreamingResponse
    scans: AsyncScansWithStreamingResponse


class BooksWithRawResponse:
    """`Books.with_raw_response`."""

    list = raw_method(Books.list)
    create = raw_method(Books.create)
    retrieve = raw_method(Books.retrieve)


class AsyncBooksWithRawResponse:
    """`AsyncBooks.with_raw_response`."""

    list = async_raw_method(AsyncBooks.list)
    create = async_raw_method(AsyncBooks.create)
    retrieve = async_raw_method(AsyncBooks.retrieve)


class BooksWithStreamingResponse:
    """`Books.with_streaming_response`."""

    list = streaming_method(Books.list)
    create = streaming_method(Books.create)
    retrieve = streaming_method(Books.retrieve)


class AsyncBooksWithStreamingResponse:
    """`AsyncBooks.with_streaming_response`."""

    list = async_streaming_method(AsyncBooks.list)
    create = async_streaming_method(AsyncBooks.create)
    retrieve = async_streaming_method(AsyncBooks.retrieve)


class ScansWithRawResponse:
    """`Scans.with_raw_response`."""

    list = raw_method(Scans.list)
    create = raw_method(Scans.create)
    content = raw_method(Scans.content)
    text = raw_method(Scans.text)


class AsyncScansWithRawResponse:
    """`AsyncScans.with_raw_response`."""

    list = async_raw_method(AsyncScans.list)
    create = async_raw_method(AsyncScans.create)
    content = async_raw_method(AsyncScans.content)
    text = async_raw_method(AsyncScans.text)


class ScansWithStreamingResponse:
    """`Scans.with_streaming_response`."""

    list = streaming_method(Scans.list)
    create = streaming_method(Scans.create)
    content = streaming_method(Scans.content)
    text = streaming_method(Scans.text)


class AsyncScansWithStreamingResponse:
    """`AsyncScans.with_streaming_response`."""

    list = async_streaming_method(AsyncScans.list)
    create = async_streaming_method(AsyncScans.create)
    content = async_streaming_method(AsyncScans.content)
    text = async_streaming_method(AsyncScans.text)


class ClientResourcesWithRawResponse(RawRequests):
    """`ClientResources.with_raw_response`."""

    shelves: ShelvesWithRawResponse
    scans: ScansWithRawResponse
    old: OldBooksWithRawResponse


class AsyncClientResourcesWithRawResponse(AsyncRawRequests):
    """`AsyncClientResources.with_raw_response`."""

    shelves: AsyncShelvesWithRawResponse
    scans: AsyncScansWithRawResponse
    old: AsyncOldBooksWithRawResponse


class ClientResourcesWithStreamingResponse(StreamingRequests):
    """`ClientResources.with_streaming_response`."""

    shelves: ShelvesWithStreamingResponse
    scans: ScansWithStreamingResponse
    old: OldBooksWithStreamingResponse


class AsyncClientResourcesWithStreamingResponse(AsyncStreamingRequests):
    """`AsyncClientResources.with_streaming_response`."""

    shelves: AsyncShelvesWithStreamingResponse
    scans: AsyncScansWithStreamingResponse
    old: AsyncOldBooksWithStreamingResponse
