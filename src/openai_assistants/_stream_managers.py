"""What the streaming helpers return: the request is sent at the beginning of the `with` block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from ._exchange import given
from ._following import HandlerBase, claim, release
from ._handlers import AnyAsyncHandler, AnyHandler, AssistantEventHandler, AsyncAssistantEventHandler
from ._urls import fill_path

if TYPE_CHECKING:
    from types import TracebackType

    from ._connection import AsyncConnection, Connection
    from ._requests import Call, RequestOptions

HandlerT = TypeVar("HandlerT", bound=AssistantEventHandler)
AsyncHandlerT = TypeVar("AsyncHandlerT", bound=AsyncAssistantEventHandler)
HandlerT_co = TypeVar("HandlerT_co", bound=AnyHandler, covariant=True)
AsyncHandlerT_co = TypeVar("AsyncHandlerT_co", bound=AnyAsyncHandler, covariant=True)


class AssistantStreamManager(Generic[HandlerT_co]):
    """Sends the request at the beginning of a `with` block and closes the connection at its end.

    The name behind `as` is the event handler: yours, or a plain one to iterate over.
    """

    _handler: HandlerT_co
    _output: type[Any] | None = None
    """What the answer is to be read as, where that was said."""

    def __init__(
        self, connection: Connection, call: Call[Any], options: RequestOptions, event_handler: HandlerT_co | None
    ) -> None:
        fill_path(call.operation.path, call.path)  # refuses empty ids before the block begins
        self._connection = connection
        self._call = call
        self._options = given(options)
        self._handler = _checked(event_handler, AssistantEventHandler)

    def __enter__(self) -> HandlerT_co:
        following = claim(self._handler)
        try:
            stream = self._open()
        except BaseException:
            release(self._handler)
            raise
        following.begin(stream, self._call.into, self._output)
        return self._handler

    def _open(self) -> Any:
        """Send the request; returns the events."""
        return self._connection.stream(self._call, self._options)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._handler.close()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            raise _missing(self, name, AssistantEventHandler, "with")

        def __iter__(self) -> NoReturn:
            raise TypeError(_advice("with"))


class AsyncAssistantStreamManager(Generic[AsyncHandlerT_co]):
    """Sends the request at the beginning of an `async with` block and closes the connection at its end.

    The name behind `as` is the event handler: yours, or a plain one to iterate over.
    """

    _handler: AsyncHandlerT_co
    _output: type[Any] | None = None
    """What the answer is to be read as, where that was said."""

    def __init__(
        self,
        connection: AsyncConnection,
        call: Call[Any],
        options: RequestOptions,
        event_handler: AsyncHandlerT_co | None,
    ) -> None:
        fill_path(call.operation.path, call.path)  # refuses empty ids before the block begins
        self._connection = connection
        self._call = call
        self._options = given(options)
        self._handler = _checked(event_handler, AsyncAssistantEventHandler)

    async def __aenter__(self) -> AsyncHandlerT_co:
        following = claim(self._handler)
        try:
            stream = await self._open()
        except BaseException:
            release(self._handler)
            raise
        following.begin(stream, self._call.into, self._output)
        return self._handler

    async def _open(self) -> Any:
        """Send the request; returns the events."""
        return await self._connection.stream(self._call, self._options)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._handler.close()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            raise _missing(self, name, AsyncAssistantEventHandler, "async with")

        def __aiter__(self) -> NoReturn:
            raise TypeError(_advice("async with"))


def _checked(handler: Any, kind: Any) -> Any:
    """The handler, a plain one of this class if there is none."""
    if handler is None:
        return kind()
    if not isinstance(handler, kind):
        given = f"the class {handler.__name__}" if isinstance(handler, type) else type(handler).__name__
        raise TypeError(f"event_handler must be an object of a subclass of {kind.__name__}, not {given}")
    return handler


def _missing(manager: object, name: str, kind: type[HandlerBase[Any, Any, Any, Any]], statement: str) -> AttributeError:
    """The error for an attribute that the manager does not have, but perhaps the handler in the block."""
    if hasattr(kind, name) and not name.startswith("_"):
        return AttributeError(_advice(statement))
    return AttributeError(f"{type(manager).__name__!r} object has no attribute {name!r}")


def _advice(statement: str) -> str:
    return (
        f"This stream is opened by a block: `{statement} client.beta.threads.runs.stream(...) as stream:`. "
        "Inside it, use `stream`."
    )
