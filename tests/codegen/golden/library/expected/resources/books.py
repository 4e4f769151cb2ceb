"""Books of a shelf.

Generated from codegen/specs/v2/library.yaml; do not edit.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Iterable, Literal, overload

from typing_extensions import Unpack

from .._basics import Omit, omit
from .._connection import AsyncResource, Resource, several_requests
from .._requests import Call, Operation

if TYPE_CHECKING:
    from .._flow import Flow
    from .._models import UnknownValue
    from .._pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
    from .._requests import RequestOptions
    from .._streaming import AsyncStream, Stream
    from .._writing import AsyncBookWriter, AsyncHandler, BookWriter, Handler
    from ..types.book_params import EndingParam, Genre, NewCoverParam, PartParam
    from ..types.books import Book, BookEvent, ImageScan
    from ..types.shared import Notes
    from ._raw import (
        AsyncBooksWithRawResponse,
        AsyncBooksWithStreamingResponse,
        BooksWithRawResponse,
        BooksWithStreamingResponse,
    )

__tracebackhide__ = True  # pytest shows the line that calls, not the methods, which are mostly docstrings

BOOKS_LIST = Operation("listBooks", "GET", "/shelves/{shelf_id}/books", beta="library=v2")
BOOKS_CREATE = Operation("createBook", "POST", "/shelves/{shelf_id}/books", beta="library=v2")
BOOKS_RETRIEVE = Operation("getBook", "GET", "/shelves/{shelf_id}/books/{book_id}", beta="library=v2")


class Books(Resource):
    """Books of a shelf."""

    with_raw_response: BooksWithRawResponse
    with_streaming_response: BooksWithStreamingResponse

    def list(
        self,
        shelf_id: str,
        *,
        limit: int | Omit = omit,
        after: str | Omit = omit,
        include: Iterable[Literal["pages", "cover"] | UnknownValue] | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[Book]:
        """List the books of a shelf.

        GET /shelves/{shelf_id}/books

        Args:
            shelf_id: Id of the shelf.
            limit: Books per page. From 1 to 1,000. Default: 20.
            after: Id of a book; the page starts behind it.
            include: Extra fields to send along.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of books. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.books import Book

        return self._connection.page(
            Call(
                BOOKS_LIST,
                {"shelf_id": shelf_id},
                query={"limit": limit, "after": after, "include[]": include},
                into=Book,
            ),
            options,
        )

    @overload
    def create(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        stream: Literal[False] | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Book: ...

    @overload
    def create(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        stream: Literal[True],
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Stream[BookEvent]: ...

    @overload
    def create(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        stream: bool,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Book | Stream[BookEvent]: ...

    def create(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        stream: bool | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Book | Stream[BookEvent]:
        """Write a book.

        With `stream` the answer is a stream of events instead of the book.

        If the connection is lost before the answer, the retry can create the book a second time, except on servers that
        honour `Idempotency-Key`.

        POST /shelves/{shelf_id}/books

        Args:
            shelf_id: Id of the shelf.
            content: The text, or its parts.
            title: Its title, at most 256 characters.
            tags: Words to find it by. At most 128 items.
            genre: Its genre.
            model: Model that writes.
            ending: How it ends.
            cover: Where the cover comes from.
            notes: Your notes. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            stream: Whether to answer with events.
            resume: Let a stream go on.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new book. With `stream=True` its events as they happen.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.books import Book, BookEvent

        call: Call[Book] = Call(
            BOOKS_CREATE,
            {"shelf_id": shelf_id},
            body={
                "title": title,
                "content": content,
                "tags": tags,
                "genre": genre,
                "model": model,
                "ending": ending,
                "cover": cover,
                "notes": notes,
                "stream": stream,
            },
            into=Book,
            resume=resume,
        )
        if stream:
            return self._connection.stream(call.streaming(BookEvent), options)
        return self._connection.send(call, options)

    def retrieve(self, book_id: str, *, shelf_id: str, **options: Unpack[RequestOptions]) -> Book:
        """Retrieve a book.

        GET /shelves/{shelf_id}/books/{book_id}

        Args:
            book_id: Id of the book.
            shelf_id: Id of the shelf.
            **options: Request options, see `RequestOptions`.

        Returns:
            The book.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.books import Book

        return self._connection.send(
            Call(BOOKS_RETRIEVE, {"shelf_id": shelf_id, "book_id": book_id}, into=Book), options
        )

    @several_requests
    def create_and_wait(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        max_wait_seconds: float | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Book:
        """Write a book and wait until it is done.

        If the connection is lost before the answer, the retry can create the book a second time, except on servers that
        honour `Idempotency-Key`.

        POST /shelves/{shelf_id}/books

        Args:
            shelf_id: Id of the shelf.
            content: The text, or its parts.
            title: Its title, at most 256 characters.
            tags: Words to find it by. At most 128 items.
            genre: Its genre.
            model: Model that writes.
            ending: How it ends.
            cover: Where the cover comes from.
            notes: Your notes. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            max_wait_seconds: Seconds to wait at most.
            **options: Request options, see `RequestOptions`.

        Returns:
            The book.

        Raises:
            WaitTimeoutError: The time was up.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.books import Book
        from .scans import SCANS_CONTENT

        call: Call[Book] = Call(
            BOOKS_CREATE,
            {"shelf_id": shelf_id},
            body={
                "title": title,
                "content": content,
                "tags": tags,
                "genre": genre,
                "model": model,
                "ending": ending,
                "cover": cover,
                "notes": notes,
            },
            into=Book,
        )
        flow: Flow[Book] = polling.start(
            self._connection.core, call, BOOKS_RETRIEVE, SCANS_CONTENT, max_wait_seconds, options
        )
        return self._connection.drive(flow)

    @several_requests
    def copy(
        self,
        shelf_id: str,
        content: str | Iterable[PartParam],
        source: Handler,
        *,
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        resume: bool = False,
        waiting_place: str = "",
        **options: Unpack[RequestOptions],
    ) -> Handler:
        """Copy a book.

        If the connection is lost before the answer, the retry can create the book a second time, except on servers that
        honour `Idempotency-Key`.

        POST /shelves/{shelf_id}/books

        Args:
            shelf_id: Id of the shelf.
            content: The text, or its parts.
            source: What to copy.
            title: Its title, at most 256 characters.
            tags: Words to find it by. At most 128 items.
            genre: Its genre.
            model: Model that writes.
            ending: How it ends.
            cover: Where the cover comes from.
            notes: Your notes. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            resume: Let a stream go on.
            waiting_place: Where to wait.
            **options: Request options, see `RequestOptions`.

        Returns:
            What has copied it.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.books import Book
        from .scans import SCANS_CONTENT

        call: Call[Book] = Call(
            BOOKS_CREATE,
            {"shelf_id": shelf_id},
            body={
                "title": title,
                "content": content,
                "tags": tags,
                "genre": genre,
                "model": model,
                "ending": ending,
                "cover": cover,
                "notes": notes,
            },
            into=Book,
            resume=resume,
        )
        flow: Flow[Handler] = polling.copy(self._connection.core, call, SCANS_CONTENT, source, waiting_place, options)
        return self._connection.drive(flow)

    @overload
    def write(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        resume: bool = False,
        handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> BookWriter[str]: ...

    @overload
    def write(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        resume: bool = False,
        handler: Handler,
        **options: Unpack[RequestOptions],
    ) -> BookWriter[Handler]: ...

    @several_requests
    def write(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        resume: bool = False,
        handler: Handler | None = None,
        **options: Unpack[RequestOptions],
    ) -> BookWriter[Handler]:
        """Write a book and look on.

        If the connection is lost before the answer, the retry can create the book a second time, except on servers that
        honour `Idempotency-Key`.

        POST /shelves/{shelf_id}/books

        Args:
            shelf_id: Id of the shelf.
            content: The text, or its parts.
            title: Its title, at most 256 characters.
            tags: Words to find it by. At most 128 items.
            genre: Its genre.
            model: Model that writes.
            ending: How it ends.
            cover: Where the cover comes from.
            notes: Your notes. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            resume: Let a stream go on.
            handler: What is told of each event.
            **options: Request options, see `RequestOptions`.

        Returns:
            A writer; use it in a `with` statement.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .._writing import BookWriter
        from ..types.books import Book, BookEvent

        call: Call[Book] = Call(
            BOOKS_CREATE,
            {"shelf_id": shelf_id},
            body={
                "title": title,
                "content": content,
                "tags": tags,
                "genre": genre,
                "model": model,
                "ending": ending,
                "cover": cover,
                "notes": notes,
                "stream": True,
            },
            into=Book,
            resume=resume,
        )
        return BookWriter(self._connection, call.streaming(BookEvent), handler, options)


class AsyncBooks(AsyncResource):
    """Books of a shelf."""

    with_raw_response: AsyncBooksWithRawResponse
    with_streaming_response: AsyncBooksWithStreamingResponse

    def list(
        self,
        shelf_id: str,
        *,
        limit: int | Omit = omit,
        after: str | Omit = omit,
        include: Iterable[Literal["pages", "cover"] | UnknownValue] | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[Book, AsyncCursorPage[Book]]:
        """List the books of a shelf.

        GET /shelves/{shelf_id}/books

        Args:
            shelf_id: Id of the shelf.
            limit: Books per page. From 1 to 1,000. Default: 20.
            after: Id of a book; the page starts behind it.
            include: Extra fields to send along.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of books. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.books import Book

        return self._connection.page(
            Call(
                BOOKS_LIST,
                {"shelf_id": shelf_id},
                query={"limit": limit, "after": after, "include[]": include},
                into=Book,
            ),
            options,
        )

    @overload
    async def create(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        stream: Literal[False] | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Book: ...

    @overload
    async def create(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        stream: Literal[True],
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> AsyncStream[BookEvent]: ...

    @overload
    async def create(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        stream: bool,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Book | AsyncStream[BookEvent]: ...

    async def create(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        stream: bool | Omit | None = omit,
        resume: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Book | AsyncStream[BookEvent]:
        """Write a book.

        With `stream` the answer is a stream of events instead of the book.

        If the connection is lost before the answer, the retry can create the book a second time, except on servers that
        honour `Idempotency-Key`.

        POST /shelves/{shelf_id}/books

        Args:
            shelf_id: Id of the shelf.
            content: The text, or its parts.
            title: Its title, at most 256 characters.
            tags: Words to find it by. At most 128 items.
            genre: Its genre.
            model: Model that writes.
            ending: How it ends.
            cover: Where the cover comes from.
            notes: Your notes. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            stream: Whether to answer with events.
            resume: Let a stream go on.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new book. With `stream=True` its events as they happen.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.books import Book, BookEvent

        call: Call[Book] = Call(
            BOOKS_CREATE,
            {"shelf_id": shelf_id},
            body={
                "title": title,
                "content": content,
                "tags": tags,
                "genre": genre,
                "model": model,
                "ending": ending,
                "cover": cover,
                "notes": notes,
                "stream": stream,
            },
            into=Book,
            resume=resume,
        )
        if stream:
            return await self._connection.stream(call.streaming(BookEvent), options)
        return await self._connection.send(call, options)

    async def retrieve(self, book_id: str, *, shelf_id: str, **options: Unpack[RequestOptions]) -> Book:
        """Retrieve a book.

        GET /shelves/{shelf_id}/books/{book_id}

        Args:
            book_id: Id of the book.
            shelf_id: Id of the shelf.
            **options: Request options, see `RequestOptions`.

        Returns:
            The book.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.books import Book

        return await self._connection.send(
            Call(BOOKS_RETRIEVE, {"shelf_id": shelf_id, "book_id": book_id}, into=Book), options
        )

    @several_requests
    async def create_and_wait(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        max_wait_seconds: float | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Book:
        """Write a book and wait until it is done.

        If the connection is lost before the answer, the retry can create the book a second time, except on servers that
        honour `Idempotency-Key`.

        POST /shelves/{shelf_id}/books

        Args:
            shelf_id: Id of the shelf.
            content: The text, or its parts.
            title: Its title, at most 256 characters.
            tags: Words to find it by. At most 128 items.
            genre: Its genre.
            model: Model that writes.
            ending: How it ends.
            cover: Where the cover comes from.
            notes: Your notes. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            max_wait_seconds: Seconds to wait at most.
            **options: Request options, see `RequestOptions`.

        Returns:
            The book.

        Raises:
            WaitTimeoutError: The time was up.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.books import Book
        from .scans import SCANS_CONTENT

        call: Call[Book] = Call(
            BOOKS_CREATE,
            {"shelf_id": shelf_id},
            body={
                "title": title,
                "content": content,
                "tags": tags,
                "genre": genre,
                "model": model,
                "ending": ending,
                "cover": cover,
                "notes": notes,
            },
            into=Book,
        )
        flow: Flow[Book] = polling.start(
            self._connection.core, call, BOOKS_RETRIEVE, SCANS_CONTENT, max_wait_seconds, options
        )
        return await self._connection.drive(flow)

    @several_requests
    async def copy(
        self,
        shelf_id: str,
        content: str | Iterable[PartParam],
        source: Handler,
        *,
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        resume: bool = False,
        waiting_place: str = "",
        **options: Unpack[RequestOptions],
    ) -> Handler:
        """Copy a book.

        If the connection is lost before the answer, the retry can create the book a second time, except on servers that
        honour `Idempotency-Key`.

        POST /shelves/{shelf_id}/books

        Args:
            shelf_id: Id of the shelf.
            content: The text, or its parts.
            source: What to copy.
            title: Its title, at most 256 characters.
            tags: Words to find it by. At most 128 items.
            genre: Its genre.
            model: Model that writes.
            ending: How it ends.
            cover: Where the cover comes from.
            notes: Your notes. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            resume: Let a stream go on.
            waiting_place: Where to wait.
            **options: Request options, see `RequestOptions`.

        Returns:
            What has copied it.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.books import Book
        from .scans import SCANS_CONTENT

        call: Call[Book] = Call(
            BOOKS_CREATE,
            {"shelf_id": shelf_id},
            body={
                "title": title,
                "content": content,
                "tags": tags,
                "genre": genre,
                "model": model,
                "ending": ending,
                "cover": cover,
                "notes": notes,
            },
            into=Book,
            resume=resume,
        )
        flow: Flow[Handler] = polling.copy(self._connection.core, call, SCANS_CONTENT, source, waiting_place, options)
        return await self._connection.drive(flow)

    @overload
    def write(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        resume: bool = False,
        handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncBookWriter[str]: ...

    @overload
    def write(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        resume: bool = False,
        handler: AsyncHandler,
        **options: Unpack[RequestOptions],
    ) -> AsyncBookWriter[AsyncHandler]: ...

    @several_requests
    def write(
        self,
        shelf_id: str,
        *,
        content: str | Iterable[PartParam],
        title: str | Omit | None = omit,
        tags: builtins.list[str] | Omit = omit,
        genre: Genre | Omit = omit,
        model: str | Omit = omit,
        ending: EndingParam | Omit = omit,
        cover: NewCoverParam | ImageScan | Omit = omit,
        notes: Notes | Omit | None = omit,
        resume: bool = False,
        handler: AsyncHandler | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncBookWriter[AsyncHandler]:
        """Write a book and look on.

        If the connection is lost before the answer, the retry can create the book a second time, except on servers that
        honour `Idempotency-Key`.

        POST /shelves/{shelf_id}/books

        Args:
            shelf_id: Id of the shelf.
            content: The text, or its parts.
            title: Its title, at most 256 characters.
            tags: Words to find it by. At most 128 items.
            genre: Its genre.
            model: Model that writes.
            ending: How it ends.
            cover: Where the cover comes from.
            notes: Your notes. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
            resume: Let a stream go on.
            handler: What is told of each event.
            **options: Request options, see `RequestOptions`.

        Returns:
            A writer; use it in a `with` statement.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .._writing import AsyncBookWriter
        from ..types.books import Book, BookEvent

        call: Call[Book] = Call(
            BOOKS_CREATE,
            {"shelf_id": shelf_id},
            body={
                "title": title,
                "content": content,
                "tags": tags,
                "genre": genre,
                "model": model,
                "ending": ending,
                "cover": cover,
                "notes": notes,
                "stream": True,
            },
            into=Book,
            resume=resume,
        )
        return AsyncBookWriter(self._connection, call.streaming(BookEvent), handler, options)
