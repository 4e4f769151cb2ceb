"""Lists: a page that knows how to get the next one, and iteration over all items."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import (
    TYPE_CHECKING,
    Any,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Generic,
    Iterable,
    Iterator,
    Literal,
    Mapping,
    NoReturn,
    Protocol,
    TypeVar,
    cast,
)

from pydantic_core import SchemaSerializer

from ._answers import is_error, no_list, read_as, result
from ._basics import Omit, is_list, is_mapping, omit, read_json
from ._errors import of_this_library
from ._exchange import exchange
from ._models import Deviation, Dumping, ResponseRecord, page_parser

if TYPE_CHECKING:
    import httpx
    from typing_extensions import Self

    from ._connection import AsyncConnection, Connection
    from ._flow import Flow
    from ._requests import Call, Core, RequestOptions

__tracebackhide__ = of_this_library

# Lists as plain data, for what the client looks up on its own behalf. No I/O.

Json = Mapping[str, Any]

_OF_A_PAGE = {"object", "data", "first_id", "last_id", "has_more"}
"""The fields of a list."""


def items_in(content: bytes) -> tuple[list[Json], bool]:
    """The items of a list answer, and whether there may be more: some servers do not say, or send bare arrays."""
    try:
        return items_of(read_json(content))
    except ValueError:
        return [], False


def items_of(document: object) -> tuple[list[Json], bool]:
    """The same of a list answer that was read."""
    items = document.get("data") if is_mapping(document) else document
    found: list[Json] = [item for item in items if is_mapping(item)] if is_list(items) else []
    return found, bool(found) and not (is_mapping(document) and document.get("has_more") is False)


def is_listing(document: object) -> bool:
    """Whether an answer is a list. Some servers send bare arrays, null for an empty list, or leave that out."""
    if not is_mapping(document):
        return is_list(document)
    if is_error(document):
        return False
    items = document.get("data")
    is_page = document.get("object") == "list" or ("data" in document and document.keys() <= _OF_A_PAGE)
    return is_list(items) or (items is None and is_page)


def all_items(
    core: Core, call: Call[Any], options: RequestOptions, keep: Callable[[Json], Json] = dict
) -> Flow[list[Json]]:
    """All items of a list, or what `keep` makes of them, page after page; a server that sends the same page again has
    no more.

    Raises:
        APIResponseValidationError: An answer is no list: it must not pass for an empty one.
    """
    items: dict[str, Json] = {}
    while True:
        response = yield from exchange(core, call, options)
        document = read_as(response, None, call.operation, strict=core.strict)
        if not is_listing(document):
            del document  # it may quote a secret
            raise no_list(response)
        found, has_more = items_of(document)
        before = len(items)
        items.update((str(item.get("id")), keep(item)) for item in found)
        if len(items) == before or not has_more:
            return list(items.values())
        call = call.with_query(after=str(found[-1].get("id")))


SAME_PAGE = "the server sent the same page again; the list ends here, perhaps early"

# Where the iteration over a list has been, so that no server leads it in a circle.


class Trail:
    """The pages and cursors of one iteration."""

    def __init__(self) -> None:
        self._cursors: set[str] = set()
        self._pages: set[int] = set()

    def repeats_page(self, ids: Iterable[object]) -> bool:
        """Whether there was a page of these items before; warns if so. Items without ids tell nothing."""
        names = tuple(map(str, ids))
        if not any(names):
            return False
        page = hash(names)
        if page in self._pages:
            warn(SAME_PAGE)
            return True
        self._pages.add(page)
        return False

    def repeats_cursor(self, query: dict[str, Any]) -> bool:
        """Whether iteration went on from this place before; warns if so."""
        cursor = repr(query)
        if cursor in self._cursors:
            warn("the server leads back to where the list has been; it ends here, perhaps early")
            return True
        self._cursors.add(cursor)
        return False


def warn(message: str) -> None:
    """Warn the program that iterates over a list, at the line where it does: the first one outside of this package."""
    level, frame = 1, sys._getframe()  # pyright: ignore[reportPrivateUsage]
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(f"{__package__}."):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, stacklevel=level)


T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
PageT = TypeVar("PageT", bound="Page[Any]")
SyncPageT = TypeVar("SyncPageT", bound="SyncPage[Any]")
AsyncPageT = TypeVar("AsyncPageT", bound="AsyncPage[Any]")

NO_IDS = (None, "", "none")
"""What servers put where an id should be."""


class HasCore(Protocol):
    """A connection, of either kind."""

    core: Core


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page came from, to get the next one."""

    connection: Any
    call: Call[Any]
    options: RequestOptions


class Page(Dumping, Generic[T]):
    """What pages of both clients have in common: the items and the answer around them."""

    data: list[T]
    """The items of this page, in the order in which they were sent."""
    has_more: bool | None
    """Whether the server has more items in the direction of this list; None if it does not say."""
    first_id: str | None
    """Id of the first item, as the server names it."""
    last_id: str | None
    """Id of the last item, as the server names it."""
    response_record: ResponseRecord | None
    """Status and headers of the answer."""
    deviations: tuple[Deviation, ...]
    """Where the server's answer broke the API's documents."""

    def __init__(
        self,
        fields: Mapping[str, Any],
        *,
        record: ResponseRecord | None = None,
        deviations: tuple[Deviation, ...] = (),
        origin: Origin | None = None,
    ) -> None:
        self._fields = dict(fields)
        data = self._fields.get("data")
        self.data = data if is_list(data) else []
        self.has_more = self._fields.get("has_more")
        self.first_id = self._fields.get("first_id")
        self.last_id = self._fields.get("last_id")
        self.response_record = record
        self.deviations = deviations
        self._origin = origin

    @property
    def object(self) -> str:
        """The answer's `object`, `list` on this API's own servers."""
        return str(self._fields.get("object", "list"))

    @property
    def _request_id(self) -> str | None:
        return self.response_record.request_id if self.response_record is not None else None

    def has_next_page(self) -> bool:
        """Whether there is, or may be, another page."""
        return self.next_query() is not None

    def next_query(self) -> dict[str, Any] | None:
        """The query parameters that change for the next page; None after the last one."""
        return None

    def ids(self) -> list[str]:
        """The ids of the items; empty where there is none."""
        return [getattr(item, "id", None) or "" for item in self.data]

    def in_order(self) -> Iterator[T]:
        """The items in the order in which iteration gives them."""
        return iter(self.data)

    def model_dump(
        self,
        *,
        mode: Literal["json", "python"] | str = "python",
        exclude_none: bool = False,
        warnings: bool | Literal["none", "warn", "error"] = False,
        **options: Any,
    ) -> dict[str, Any]:
        """The answer as plain data. `options` are the others of `model_dump` of pydantic's models."""
        fields = self._dumped(exclude_none)
        dumped = _serializer().to_python(fields, mode=mode, exclude_none=exclude_none, warnings=warnings, **options)
        return cast("dict[str, Any]", dumped)

    def model_dump_json(
        self,
        *,
        indent: int | None = None,
        exclude_none: bool = False,
        warnings: bool | Literal["none", "warn", "error"] = False,
        **options: Any,
    ) -> str:
        """The answer as JSON text. `options` are the others of `model_dump_json` of pydantic's models."""
        fields = self._dumped(exclude_none)
        dumped = _serializer().to_json(fields, indent=indent, exclude_none=exclude_none, warnings=warnings, **options)
        return dumped.decode()

    def _dumped(self, exclude_none: bool) -> dict[str, Any]:
        fields = {**self._fields, "data": self.data}
        return {name: value for name, value in fields.items() if not (exclude_none and value is None)}

    def bind(self, client: Any) -> Self:
        """Let a page that was pickled get its next page again, over `client`."""
        if self._origin is None:
            raise ValueError("this page was not made by a client's list method")
        connection = client.connection
        self._origin = Origin(connection, self._origin.call, self._origin.options)
        return self

    def _next(self) -> tuple[Origin, Call[Any]]:
        query = self.next_query()
        if query is None:
            raise RuntimeError("there is no next page; ask has_next_page() first")
        if self._origin is None or self._origin.connection is None:
            raise RuntimeError("this page has no client (it was unpickled or copied); call page.bind(client) first")
        return self._origin, self._origin.call.with_query(**query)

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        if self._origin is not None:
            state["_origin"] = Origin(None, self._origin.call, {})
        return state

    def __eq__(self, other: Any) -> bool:
        return type(other) is type(self) and cast("Page[Any]", other)._fields == self._fields

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}(data={self.data!r}, has_more={self.has_more!r})"


class _Cursor(Page[T]):
    """A page of a list that goes on with `after` the last item, or with `before` the first one if it began so."""

    @property
    def backward(self) -> bool:
        """Whether the list was asked for with `before`: then it is walked from there backward."""
        return self._origin is not None and _given(self._origin.call.query.get("before"))

    def next_query(self) -> dict[str, Any] | None:
        if self.has_more is False or not self.data:
            return None
        if self.backward:
            cursor = _id_of(self.data[0]) or _real(self.first_id)
            return None if cursor is None else {"before": cursor, "after": omit}
        cursor = _id_of(self.data[-1]) or _real(self.last_id)
        return None if cursor is None else {"after": cursor}

    def has_next_page(self) -> bool:
        """Whether there is, or may be, another page; warns where a server sends the same one again and again."""
        query = self.next_query()
        return query is not None and self._leads_on(query)

    def _leads_on(self, query: dict[str, Any]) -> bool:
        asked: Mapping[str, object] = {} if self._origin is None else self._origin.call.query
        if any(asked.get(name) != cursor for name, cursor in query.items() if cursor is not omit):
            return True
        # It ends where it was asked to begin after, so it leads to itself.
        warn(SAME_PAGE)
        return False

    def in_order(self) -> Iterator[T]:
        return reversed(self.data) if self.backward else iter(self.data)

    def goes_on(self, trail: Trail) -> bool:
        """Whether iteration asks for another page; warns where a server gives no way on, or leads in a circle."""
        query = self.next_query()
        if query is None and self.has_more and self.data:
            warn("the server says that there are more items, but gives no id to go on from; the list ends early")
        return query is not None and not trail.repeats_cursor(query) and self._leads_on(query)


class SyncPage(Page[T]):
    """A list that comes whole."""

    def __iter__(self) -> Iterator[T]:
        for items in map(_in_order, self.iter_pages()):
            yield from items

    def iter_pages(self) -> Iterator[Self]:
        """This page and all that follow."""
        page = self
        trail = Trail()
        while not trail.repeats_page(page.ids()):
            yield page
            fetch = page.way_on(trail)
            if fetch is None:
                break
            del page  # so that the next one takes its place in memory; only the first page stays, with who iterates
            page = fetch()

    def way_on(self, trail: Trail) -> Callable[[], Self] | None:
        """What fetches the page with which iteration goes on; None where it ends."""
        return None

    def get_next_page(self) -> Self:
        """Fetch the next page.

        Raises:
            RuntimeError: There is none, or the page has no client.
        """
        return _fetch(type(self), *self._next())

    def first(self, n: int) -> list[T]:
        """At most `n` items, fetching no more pages than that takes."""
        return list(islice(self, max(n, 0)))


class SyncCursorPage(_Cursor[T], SyncPage[T]):
    """A page of a list. Iterating gives the items of this page and all that follow."""

    def way_on(self, trail: Trail) -> Callable[[], Self] | None:
        """What fetches the page with which iteration goes on; None where it ends."""
        return partial(_fetch, type(self), *self._next()) if self.goes_on(trail) else None


class AsyncPage(Page[T]):
    """A list that comes whole."""

    def __aiter__(self) -> AsyncIterator[T]:
        return _AsyncItems(self.iter_pages())

    def iter_pages(self) -> AsyncIterator[Self]:
        """This page and all that follow."""

        async def this() -> Self:
            return self

        return _AsyncPages(this)

    def way_on(self, trail: Trail) -> Callable[[], Awaitable[Self]] | None:
        """What fetches the page with which iteration goes on; None where it ends."""
        return None

    async def get_next_page(self) -> Self:
        """Fetch the next page.

        Raises:
            RuntimeError: There is none, or the page has no client.
        """
        return await _fetch_async(type(self), *self._next())

    async def first(self, n: int) -> list[T]:
        """At most `n` items, fetching no more pages than that takes."""
        return await _first(self, n)


class AsyncCursorPage(_Cursor[T], AsyncPage[T]):
    """A page of a list. Iterating gives the items of this page and all that follow."""

    def way_on(self, trail: Trail) -> Callable[[], Awaitable[Self]] | None:
        """What fetches the page with which iteration goes on; None where it ends."""
        return partial(_fetch_async, type(self), *self._next()) if self.goes_on(trail) else None


ADVICE = (
    "A list of the async client is fetched when it is awaited: `page = await client.files.list()` is the first page, "
    "`async for file in client.files.list()` goes over all items."
)


class AsyncPaginator(Generic[T_co, AsyncPageT]):
    """What `list` of the async client returns: `await` it for the first page, or `async for` over all items."""

    def __init__(
        self, connection: AsyncConnection, call: Call[Any], options: RequestOptions, page: Callable[..., AsyncPageT]
    ) -> None:
        self._connection = connection
        self._call = _repeatable(call)
        self._options = options
        self._page = page

    def __await__(self) -> Generator[Any, Any, AsyncPageT]:
        return self._first_page().__await__()

    def __aiter__(self) -> AsyncIterator[T_co]:
        return _AsyncItems(self.iter_pages())

    def iter_pages(self) -> AsyncIterator[AsyncPageT]:
        """All pages."""
        return _AsyncPages(self._first_page)

    async def first(self, n: int) -> list[T_co]:
        """At most `n` items, fetching no more pages than that takes."""
        return await _first(self, n)

    if not TYPE_CHECKING:  # else they would take every name to be there

        def __getattr__(self, name: str) -> NoReturn:
            if name not in Page.__annotations__ and not hasattr(AsyncCursorPage, name):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
            raise AttributeError(ADVICE, name=name, obj=self)

        def __iter__(self) -> NoReturn:
            raise TypeError(ADVICE)

    async def _first_page(self) -> AsyncPageT:
        return await self._connection.drive(fetch_page(self._connection, self._call, self._options, self._page))


# Async iteration in classes, not generators: leaving a loop early must not leave a generator for the garbage collector.


class _AsyncPages(Generic[AsyncPageT]):
    """Pages, each fetched when it is asked for."""

    def __init__(self, first: Callable[[], Awaitable[AsyncPageT]]) -> None:
        self._fetch: Callable[[], Awaitable[AsyncPageT]] | None = first
        """What fetches the next page, where there is no `_page`; None after the last one."""
        self._page: AsyncPageT | None = None
        self._trail = Trail()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> AsyncPageT:
        if self._page is not None:
            self._fetch, self._page = self._page.way_on(self._trail), None
        if self._fetch is None:
            raise StopAsyncIteration
        page = await self._fetch()
        if self._trail.repeats_page(page.ids()):
            self._fetch = None
            raise StopAsyncIteration
        self._page = page
        return page


class _AsyncItems(Generic[T]):
    """The items of pages."""

    def __init__(self, pages: AsyncIterator[Page[T]]) -> None:
        self._pages = pages
        self._items: Iterator[T] = iter(())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            self._items = (await self._pages.__anext__()).in_order()


async def _first(items: AsyncIterable[T], n: int) -> list[T]:
    found: list[T] = []
    if n > 0:
        async for item in items:
            found.append(item)
            if len(found) == n:
                break
    return found


def _in_order(page: Page[T]) -> Iterator[T]:
    return page.in_order()


def _fetch(page: type[SyncPageT], origin: Origin, call: Call[Any]) -> SyncPageT:
    flow = fetch_page(origin.connection, call, origin.options, page)
    return cast("Connection", origin.connection).drive(flow)


async def _fetch_async(page: type[AsyncPageT], origin: Origin, call: Call[Any]) -> AsyncPageT:
    flow = fetch_page(origin.connection, call, origin.options, page)
    return await cast("AsyncConnection", origin.connection).drive(flow)


def fetch_page(
    connection: HasCore, call: Call[Any], options: RequestOptions, page: Callable[..., PageT]
) -> Flow[PageT]:
    """Fetch one page of a list."""
    call = _repeatable(call)
    response = yield from exchange(connection.core, call, options)
    return page_of(response, connection, call, options, page)


def page_of(
    response: httpx.Response,
    connection: HasCore,
    call: Call[Any],
    options: RequestOptions,
    page: Callable[..., PageT],
) -> PageT:
    """The page that an answer holds."""
    fields, deviations = result(response, page_parser(call.into), call.operation, strict=connection.core.strict)
    if not fields.get("data") and is_error(fields):  # with no item, and without a deviation
        del fields, deviations
        raise no_list(response)
    return page(
        fields,
        record=ResponseRecord(response.status_code, response.headers),
        deviations=deviations,
        origin=Origin(connection, call, options),
    )


def _repeatable(call: Call[Any]) -> Call[Any]:
    """The same call for all pages: an iterator among its arguments, which can be read once only, becomes a list."""
    read = {
        name: list(cast("Iterator[object]", value)) for name, value in call.query.items() if isinstance(value, Iterator)
    }
    return call.with_query(**read) if read else call


@cache
def _serializer() -> SchemaSerializer:
    """Writes values of any type; models as they write themselves."""
    return SchemaSerializer({"type": "any"})


def _id_of(item: object) -> str | None:
    return _real(getattr(item, "id", None))


def _real(value: object) -> str | None:
    return value if isinstance(value, str) and value not in NO_IDS else None


def _given(value: object) -> bool:
    return value is not None and not isinstance(value, Omit)
