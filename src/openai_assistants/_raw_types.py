"""The vocabulary of `resources/_raw.py`. Type checkers read both; at run time nothing does."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Concatenate, Coroutine, Generic, ParamSpec, TypeVar

from ._raw import AsyncResponseManager, ResponseManager
from ._responses import APIResponse
from ._streamed_responses import AsyncAPIResponse, StreamedAPIResponse

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# A method of a resource becomes that of its view: the same arguments, another result; overloads too.


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
