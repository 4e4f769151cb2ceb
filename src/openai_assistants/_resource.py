"""What every resource class is: a view of a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, TypeVar, cast

if TYPE_CHECKING:
    from ._connection import AsyncConnection, Connection

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


class _Base:
    _connection: Any

    if not TYPE_CHECKING:  # each resource declares these in its own types, which are in `resources/_raw.py`

        @property
        def with_raw_response(self):
            """The same methods, and those of the resources below; each gives its `APIResponse`, not the result."""
            from ._raw import raw_view

            return raw_view(self._connection, self._over)

        @property
        def with_streaming_response(self):
            """The same methods, and those of the resources below, for use in `with` (`async with` on the async client):
            each gives a `StreamedAPIResponse` (`AsyncAPIResponse`), whose body is not yet read."""
            from ._raw import streaming_view

            return streaming_view(self._connection, self._over)

    def _over(self, connection: Any) -> Any:
        """The same resource over another connection."""
        return cast("Any", type(self))(connection)


class Resource(_Base):
    """Base of the resources of `OpenAI`."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Connection = connection


class AsyncResource(_Base):
    """Base of the resources of `AsyncOpenAI`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection: AsyncConnection = connection


SEVERAL_REQUESTS = "several_requests"


def several_requests(method: FunctionT) -> FunctionT:
    """Mark a method that makes several requests, so that no single answer can stand for it."""
    vars(method)[SEVERAL_REQUESTS] = True
    return method
