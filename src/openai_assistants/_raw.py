"""Raw access: `with_raw_response`, `with_streaming_response`, and the functions `raw` and `streaming`.

A resource talks to a connection; here it gets one whose senders give the raw response. So there is no class per
resource at run time. What type checkers know of the views is generated: `resources/_raw.py`.
"""

from __future__ import annotations

from functools import partial, wraps
from typing import (
    TYPE_CHECKING,
    Any,
    AsyncIterable,
    Awaitable,
    Callable,
    Concatenate,
    Coroutine,
    Generic,
    Iterable,
    Literal,
    Mapping,
    ParamSpec,
    Protocol,
    TypeVar,
    overload,
)

from typing_extensions import Unpack

from ._answers import HttpxBinaryResponseContent, id_in, read_as
from ._connection import SEVERAL_REQUESTS, AsyncConnection, AsyncResource, Connection, Resource
from ._exchange import claim_answer, deadline_of, exchange, given
from ._files import FileTypes
from ._pagination import AsyncCursorPage, AsyncPage, SyncCursorPage, SyncPage, page_of
from ._requests import RequestOptions
from ._responses import APIResponse, AsyncAPIResponse, StreamedAPIResponse
from ._streaming import AsyncStream, Stream, recovery_of

if TYPE_CHECKING:
    from types import TracebackType

    import httpx

    from ._flow import Flow
    from ._requests import Call, Core
    from ._responses import Parse

P = ParamSpec("P")
T = TypeVar("T")
ResponseT = TypeVar("ResponseT", bound=StreamedAPIResponse[Any])
AsyncResponseT = TypeVar("AsyncResponseT", bound=AsyncAPIResponse[Any])

AnyConnection = Connection | AsyncConnection


class RawConnection:
    """Has the senders of a connection; what they give is a raw response, awaited where theirs is."""

    def __init__(self, connection: AnyConnection, kind: Callable[..., Any]) -> None:
        self._connection = connection
        self._kind = kind
        self._is_async = isinstance(connection, AsyncConnection)

    def send(self, call: Call[Any], options: RequestOptions) -> Any:
        """As `Connection.send`."""
        strict = self._connection.core.strict

        def parse(response: httpx.Response, deadline: float | None) -> Any:
            return read_as(response, call.into, call.operation, strict=strict)

        return self._give(call, options, parse)

    def stream(self, call: Call[Any], options: RequestOptions) -> Any:
        """As `Connection.stream`."""
        return self._connection.drive(self._respond_with_events(call, options))

    def page(self, call: Call[Any], options: RequestOptions) -> Any:
        """As `Connection.page`."""
        return self._page(call, options, AsyncCursorPage[Any] if self._is_async else SyncCursorPage[Any])

    def plain_page(self, call: Call[Any], options: RequestOptions) -> Any:
        """As `Connection.plain_page`."""
        return self._page(call, options, AsyncPage[Any] if self._is_async else SyncPage[Any])

    def binary(self, call: Call[Any], options: RequestOptions) -> Any:
        """As `Connection.binary`."""

        def parse(response: httpx.Response, deadline: float | None) -> Any:
            return HttpxBinaryResponseContent(response)

        return self._give(call, options, parse)

    def _page(self, call: Call[Any], options: RequestOptions, page: Any) -> Any:
        def parse(response: httpx.Response, deadline: float | None) -> Any:
            return page_of(response, self._connection, call, options, page)  # goes on without raw access

        return self._give(call, options, parse)

    def _give(self, call: Call[Any], options: RequestOptions, parse: Parse[Any]) -> Any:
        return self._connection.drive(self._respond(call, options, parse))

    def _respond(self, call: Call[Any], options: RequestOptions, parse: Parse[Any]) -> Flow[Any]:
        core = self._connection.core
        options = given(options)
        deadline = deadline_of(options)
        streamed = self._kind is not APIResponse
        response = yield from exchange(core, call, options, stream=streamed)
        on_read = partial(_claim, core) if call.operation.method == "POST" else None
        if on_read is not None and not streamed:
            on_read(response)
        return self._kind(
            response, parse, call.operation, strict=core.strict, deadline=deadline, most=call.most, on_read=on_read
        )

    def _respond_with_events(self, call: Call[Any], options: RequestOptions) -> Flow[Any]:
        core = self._connection.core
        recovery = recovery_of(core, call, options)
        opened = yield from recovery.open()
        # Made here: it closes the response if the program drops both.
        kind: Any = AsyncStream[Any] if self._is_async else Stream[Any]
        stream = kind(opened, recovery, strict=core.strict, connection=self._connection)

        def parse(response: httpx.Response, deadline: float | None) -> Any:
            return stream

        return self._kind(
            opened.response, parse, call.operation, strict=core.strict, deadline=recovery.deadline, is_stream=True
        )


def _claim(core: Core, response: httpx.Response) -> None:
    claim_answer(core, response, id_in(response))


class View:
    """A resource whose methods give raw responses, and so do those of the resources below it."""

    def __init__(self, resource: Any, wrap: Callable[[Any], Any]) -> None:
        self._resource = resource
        self._wrap = wrap

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in NO_MEMBERS:
            raise AttributeError(f"there is no {name} with raw responses", name=name, obj=self)
        value = getattr(self._resource, name)
        if isinstance(value, (Resource, AsyncResource)):
            return View(value, self._wrap)
        return _refusing(name) if hasattr(value, SEVERAL_REQUESTS) else self._wrap(value)

    def __dir__(self) -> list[str]:
        names = (name for name in dir(self._resource) if not name.startswith("_") and name not in NO_MEMBERS)
        return [name for name in names if not hasattr(getattr(self._resource, name), SEVERAL_REQUESTS)]

    def __repr__(self) -> str:
        return f"<{type(self._resource).__name__} with raw responses>"


NO_MEMBERS = frozenset({"with_raw_response", "with_streaming_response"})


def _refusing(name: str) -> Callable[..., Any]:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise TypeError(
            f"{name} makes several requests, so there is no one raw response; call the methods that make one request "
            "each (create, retrieve, ...) this way. Without raw access, a result's `response_record` has the status, "
            "headers and request id of the answer that it came with."
        )

    return refuse


class ResponseManager(Generic[ResponseT]):
    """Sends its request when `with` begins, closes the response when it ends."""

    def __init__(self, send: Callable[[], ResponseT]) -> None:
        self._send = send
        self._response: ResponseT

    def __enter__(self) -> ResponseT:
        self._response = self._send()
        return self._response

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._response.close()


class AsyncResponseManager(Generic[AsyncResponseT]):
    """Sends its request when `async with` begins, closes the response when it ends."""

    def __init__(self, send: Callable[[], Awaitable[AsyncResponseT]]) -> None:
        self._send = send
        self._response: AsyncResponseT

    async def __aenter__(self) -> AsyncResponseT:
        self._response = await self._send()
        return self._response

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._response.close()


def raw_view(connection: AnyConnection, over: Callable[[Any], Any]) -> View:
    """A resource whose methods give an `APIResponse`. `over` makes it over a connection."""
    return View(over(RawConnection(connection, APIResponse)), lambda method: method)


def streaming_view(connection: AnyConnection, over: Callable[[Any], Any]) -> View:
    """A resource whose methods give a context manager of a response. `over` makes it over a connection."""
    is_async = isinstance(connection, AsyncConnection)
    manager: Callable[..., Any] = AsyncResponseManager[Any] if is_async else ResponseManager[Any]

    def managed(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def give(*args: Any, **kwargs: Any) -> Any:
            return manager(partial(method, *args, **kwargs))

        return give

    return View(over(RawConnection(connection, AsyncAPIResponse if is_async else StreamedAPIResponse)), managed)


@overload
def raw(method: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, APIResponse[T]]]: ...  # type: ignore[overload-overlap]
@overload
def raw(method: Callable[P, T]) -> Callable[P, APIResponse[T]]: ...
def raw(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method with raw responses: `raw(client.beta.assistants.retrieve)("asst_1")` is an `APIResponse[Assistant]`.

    The same as `client.beta.assistants.with_raw_response.retrieve("asst_1")`; awaited on the async client.

    Raises:
        TypeError: `method` is no method of a resource; when called: the method makes several requests.
    """
    return _same_method(method, "with_raw_response", "raw")


@overload
def streaming(method: Callable[P, Awaitable[T]]) -> Callable[P, AsyncResponseManager[AsyncAPIResponse[T]]]: ...  # type: ignore[overload-overlap]
@overload
def streaming(method: Callable[P, T]) -> Callable[P, ResponseManager[StreamedAPIResponse[T]]]: ...
def streaming(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method with a response whose body is not yet read: `with streaming(client.files.content)(id) as response:`.

    The same as `client.files.with_streaming_response.content(id)`; `async with` on the async client.

    Raises:
        TypeError: `method` is no method of a resource; when called: the method makes several requests.
    """
    return _same_method(method, "with_streaming_response", "streaming")


def _same_method(method: Any, view: str, function: str) -> Callable[..., Any]:
    resource = getattr(method, "__self__", None)
    if isinstance(resource, (Resource, AsyncResource)):
        given: Callable[..., Any] | None = getattr(getattr(resource, view), method.__name__, None)
        if given is not None:
            return given
    raise TypeError(f"{function}() takes a method of a resource, such as {function}(client.files.content)")


# How type checkers see raw access and low-level requests. At run time nothing uses this.

T_co = TypeVar("T_co", covariant=True)

# Raw access: a method of a resource becomes that of its view: the same arguments, another result; overloads too.


def raw_method(method: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], APIResponse[T]]:
    """The method of `with_raw_response`."""
    return method  # type: ignore[return-value]


def async_raw_method(
    method: Callable[Concatenate[Any, P], Awaitable[T]],
) -> Callable[Concatenate[Any, P], Coroutine[Any, Any, APIResponse[T]]]:
    """The method of `with_raw_response` on the async client."""
    return method  # type: ignore[return-value]


def streaming_method(
    method: Callable[Concatenate[Any, P], T],
) -> Callable[Concatenate[Any, P], ResponseManager[StreamedAPIResponse[T]]]:
    """The method of `with_streaming_response`."""
    return method  # type: ignore[return-value]


def async_streaming_method(
    method: Callable[Concatenate[Any, P], Awaitable[T]],
) -> Callable[Concatenate[Any, P], AsyncResponseManager[AsyncAPIResponse[T]]]:
    """The method of `with_streaming_response` on the async client."""
    return method  # type: ignore[return-value]


class _Requests(Generic[T_co]):
    """The low-level methods in the views of a client."""

    get: Callable[..., T_co]
    post: Callable[..., T_co]
    put: Callable[..., T_co]
    patch: Callable[..., T_co]
    delete: Callable[..., T_co]


RawRequests = _Requests[APIResponse[Any]]
AsyncRawRequests = _Requests[Coroutine[Any, Any, APIResponse[Any]]]
StreamingRequests = _Requests[ResponseManager[StreamedAPIResponse[Any]]]
AsyncStreamingRequests = _Requests[AsyncResponseManager[AsyncAPIResponse[Any]]]


# The low-level methods of a client.

Content = bytes | str | Iterable[bytes]
AsyncContent = bytes | str | AsyncIterable[bytes]


class Request(Protocol):
    """A method that sends a request."""

    @overload
    def __call__(
        self,
        path: str,
        *,
        into: type[T],
        body: object = None,
        content: Content | None = None,
        files: Mapping[str, FileTypes] | None = None,
        stream: Literal[False] = False,
        **options: Unpack[RequestOptions],
    ) -> T: ...
    @overload
    def __call__(
        self,
        path: str,
        *,
        into: type[T],
        body: object = None,
        content: Content | None = None,
        files: Mapping[str, FileTypes] | None = None,
        stream: Literal[True],
        **options: Unpack[RequestOptions],
    ) -> Stream[T]: ...
    @overload
    def __call__(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: Content | None = None,
        files: Mapping[str, FileTypes] | None = None,
        stream: Literal[False] = False,
        **options: Unpack[RequestOptions],
    ) -> T: ...
    @overload
    def __call__(
        self,
        path: str,
        *,
        into: Any = None,
        cast_to: Any = None,
        body: object = None,
        content: Content | None = None,
        files: Mapping[str, FileTypes] | None = None,
        stream: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Any: ...


class AsyncRequest(Protocol):
    """A method that sends a request, awaited."""

    @overload
    async def __call__(
        self,
        path: str,
        *,
        into: type[T],
        body: object = None,
        content: AsyncContent | None = None,
        files: Mapping[str, FileTypes] | None = None,
        stream: Literal[False] = False,
        **options: Unpack[RequestOptions],
    ) -> T: ...
    @overload
    async def __call__(
        self,
        path: str,
        *,
        into: type[T],
        body: object = None,
        content: AsyncContent | None = None,
        files: Mapping[str, FileTypes] | None = None,
        stream: Literal[True],
        **options: Unpack[RequestOptions],
    ) -> AsyncStream[T]: ...
    @overload
    async def __call__(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: AsyncContent | None = None,
        files: Mapping[str, FileTypes] | None = None,
        stream: Literal[False] = False,
        **options: Unpack[RequestOptions],
    ) -> T: ...
    @overload
    async def __call__(
        self,
        path: str,
        *,
        into: Any = None,
        cast_to: Any = None,
        body: object = None,
        content: AsyncContent | None = None,
        files: Mapping[str, FileTypes] | None = None,
        stream: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Any: ...
