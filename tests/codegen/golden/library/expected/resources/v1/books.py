"""Books as they were.

Generated from codegen/specs/v1/library.yaml; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import Unpack

from ..._connection import AsyncResource, Resource
from ..._requests import Call, Operation

if TYPE_CHECKING:
    from ..._requests import RequestOptions
    from ...types.v1.books import Book
    from ._raw import (
        AsyncOldBooksWithRawResponse,
        AsyncOldBooksWithStreamingResponse,
        OldBooksWithRawResponse,
        OldBooksWithStreamingResponse,
    )

__tracebackhide__ = True  # pytest shows the line that calls, not the methods, which are mostly docstrings

BOOKS_RETRIEVE = Operation("getBook", "GET", "/books/{book_id}")


class OldBooks(Resource):
    """Books as they were."""

    with_raw_response: OldBooksWithRawResponse
    with_streaming_response: OldBooksWithStreamingResponse

    def retrieve(self, book_id: str, **options: Unpack[RequestOptions]) -> Book:
        """Retrieve a book.

        GET /books/{book_id}

        Args:
            book_id: Id of the book.
            **options: Request options, see `RequestOptions`.

        Returns:
            The book.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.books import Book

        return self._connection.send(Call(BOOKS_RETRIEVE, {"book_id": book_id}, into=Book), options)


class AsyncOldBooks(AsyncResource):
    """Books as they were."""

    with_raw_response: AsyncOldBooksWithRawResponse
    with_streaming_response: AsyncOldBooksWithStreamingResponse

    async def retrieve(self, book_id: str, **options: Unpack[RequestOptions]) -> Book:
        """Retrieve a book.

        GET /books/{book_id}

        Args:
            book_id: Id of the book.
            **options: Request options, see `RequestOptions`.

        Returns:
            The book.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.books import Book

        return await self._connection.send(Call(BOOKS_RETRIEVE, {"book_id": book_id}, into=Book), options)
