"""How type checkers see raw access and low-level requests. At run time nothing uses this."""

from __future__ import annotations

from typing import (
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

from ._files import FileTypes
from ._options import RequestOptions
from ._raw import AsyncResponseManager, ResponseManager
from ._responses import APIResponse
from ._streamed_responses import AsyncAPIResponse, StreamedAPIResponse
from ._streaming import AsyncStream, Stream

P = ParamSpec("P")
T = TypeVar("T")
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
