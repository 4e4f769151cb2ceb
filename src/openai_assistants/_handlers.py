"""Event handlers: methods that are called while a run is streamed, and snapshots of what has come so far."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, AsyncIterator, Generic, Iterator, NoReturn, TypeAlias, TypeVar, cast, overload

from ._errors import of_this_library
from ._following import (
    ATTRIBUTE,
    EventT,
    Following,
    HandlerBase,
    ImageFileT,
    MessageDeltaT,
    MessageT,
    RunStepDeltaT,
    RunStepT,
    RunT,
    State,
    TextDeltaT,
    TextT,
    ToolCallDeltaT,
    ToolCallT,
    claim,
    followed,
    open_stream,
    release,
)

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from ._connection import AsyncConnection, Connection
    from ._requests import Call, RequestOptions

__tracebackhide__ = of_this_library

T = TypeVar("T")


class AssistantEventHandler(
    HandlerBase[EventT, RunT, RunStepT, MessageT],
    Generic[
        EventT,
        RunT,
        RunStepT,
        RunStepDeltaT,
        ToolCallT,
        ToolCallDeltaT,
        MessageT,
        MessageDeltaT,
        TextT,
        TextDeltaT,
        ImageFileT,
    ],
):
    """Methods to override, called while the events of a stream are read. It belongs to one stream.

    What reads the events, and so calls the methods: `until_done`, iterating over the handler, `text_deltas` and the
    `get_final_...` methods.

    Raises while reading: what the stream raises, see `Stream`, and what your methods raise.
    """

    # ---- to override ----

    def on_event(self, event: EventT) -> None:
        """Any event came; called before the methods for what it means, with the snapshots already up to date."""

    def on_run_step_created(self, run_step: RunStepT) -> None:
        """A step began."""

    def on_run_step_delta(self, delta: RunStepDeltaT, snapshot: RunStepT) -> None:
        """A step gained something; `snapshot` has it already."""

    def on_run_step_done(self, run_step: RunStepT) -> None:
        """A step ended; `status` says how."""

    def on_tool_call_created(self, tool_call: ToolCallT) -> None:
        """A tool call began."""

    def on_tool_call_delta(self, delta: ToolCallDeltaT, snapshot: ToolCallT) -> None:
        """A tool call gained something; `snapshot` has it already."""

    def on_tool_call_done(self, tool_call: ToolCallT) -> None:
        """A tool call is whole. Parallel calls whose pieces come by turns are done when the run waits for their
        outputs."""

    def on_message_created(self, message: MessageT) -> None:
        """A message began."""

    def on_message_delta(self, delta: MessageDeltaT, snapshot: MessageT) -> None:
        """A message gained something; `snapshot` has it already."""

    def on_message_done(self, message: MessageT) -> None:
        """A message ended; `status` is `completed` or `incomplete`."""

    def on_text_created(self, text: TextT) -> None:
        """A text part of a message began."""

    def on_text_delta(self, delta: TextDeltaT, snapshot: TextT) -> None:
        """A text part gained text or annotations; `snapshot` has them already."""

    def on_text_done(self, text: TextT) -> None:
        """A text part is whole."""

    def on_image_file_done(self, image_file: ImageFileT) -> None:
        """An image joined a message."""

    def on_exception(self, exception: Exception) -> None:
        """Reading failed, or one of your methods did; the exception is raised afterwards."""

    def on_timeout(self) -> None:
        """Reading took too long; `on_exception` follows."""

    def on_end(self) -> None:
        """Nothing more will be called: the stream ended, failed or was closed."""

    # ---- to use ----

    def __iter__(self) -> Iterator[EventT]:
        """The events, as they come."""
        return self

    def __next__(self) -> EventT:
        following = self.__dict__.get(ATTRIBUTE)
        if following is None or following.state != "open":
            followed(self)
            raise StopIteration
        cut_short, following.reading = following.reading, True
        try:
            event: EventT | None = next(following.stream, None)
            following.reading = False
            if event is not None:
                told = following.feed(event)
                self._call("event", event)
                for name, arguments in told:
                    self._call(name, *arguments)
                return event
        except Exception as error:
            self._fail(following, error)
            raise
        self._finish(following, "closed" if cut_short else "ended")
        followed(self)
        raise StopIteration

    @property
    def text_deltas(self) -> Iterator[str]:
        """The text of the messages, piece by piece as it comes."""
        following = followed(self)
        while True:
            while following.pending:
                yield following.pending.pop(0)
            if next(self, None) is None:
                return
            following.pending += following.texts

    def until_done(self) -> None:
        """Read the stream to its end."""
        for _ in self:
            pass
        followed(self).final()

    def get_final_run(self) -> RunT:
        """Read the stream to its end; returns the run as it is then, which may wait for tool outputs.

        Raises:
            RuntimeError: No event showed the run.
        """
        self.until_done()
        return cast("RunT", followed(self).final_run())

    def get_final_run_steps(self) -> list[RunStepT]:
        """Read the stream to its end; returns the steps that it showed, oldest first."""
        self.until_done()
        return list(followed(self).final().steps.values())

    def get_final_messages(self) -> list[MessageT]:
        """Read the stream to its end; returns the messages that it showed, oldest first."""
        self.until_done()
        return list(followed(self).final().messages.values())

    @overload
    def get_final_output(self) -> Any: ...

    @overload
    def get_final_output(self, into: type[T]) -> T: ...

    def get_final_output(self, into: type[Any] | None = None) -> Any:
        """Read the stream to its end; returns the last message, read as a type.

        Args:
            into: The type; left out, the one that `response_format` of `run_tools` named.

        Raises:
            StructuredOutputError: The message cannot be read so, or there is none.
            TypeError: There is no type.
        """
        self.until_done()
        return followed(self).final_output(into)

    def close(self) -> None:
        """Close the connection, if the stream has not ended. The run goes on at the server."""
        self._leave(None)

    def __enter__(self) -> Self:
        followed(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._leave(error)

    # ---- inside ----

    def _call(self, name: str, *arguments: Any) -> None:
        try:
            result = getattr(self, f"on_{name}")(*arguments)
        except (StopIteration, StopAsyncIteration) as error:  # would end the loop as if all were well
            raise RuntimeError(f"on_{name} raised {type(error).__name__}") from error
        if result is not None and inspect.isawaitable(result):
            if inspect.iscoroutine(result):
                result.close()
            raise TypeError(f"on_{name} is async: plain methods are needed here, or AsyncOpenAI and an async handler")

    def _leave(self, error: BaseException | None) -> None:
        following = open_stream(self)
        if following is not None:
            self._finish(following, "closed", error)

    def _finish(self, following: Following, state: State, error: BaseException | None = None) -> None:
        following.state = state
        try:
            following.closing(error)()
        finally:
            self._call("end")

    def _fail(self, following: Following, error: Exception) -> None:
        callbacks = following.fail(error)
        try:
            following.closing(error)()
            for name, arguments in callbacks:
                self._call(name, *arguments)
        finally:
            self._call("end")


class AsyncAssistantEventHandler(
    HandlerBase[EventT, RunT, RunStepT, MessageT],
    Generic[
        EventT,
        RunT,
        RunStepT,
        RunStepDeltaT,
        ToolCallT,
        ToolCallDeltaT,
        MessageT,
        MessageDeltaT,
        TextT,
        TextDeltaT,
        ImageFileT,
    ],
):
    """Async methods to override, called while the events of a stream are read. It belongs to one stream.

    What reads the events, and so calls the methods: `until_done`, iterating over the handler, `text_deltas` and the
    `get_final_...` methods.

    Raises while reading: what the stream raises, see `AsyncStream`, and what your methods raise.
    """

    # ---- to override ----

    async def on_event(self, event: EventT) -> None:
        """Any event came; called before the methods for what it means, with the snapshots already up to date."""

    async def on_run_step_created(self, run_step: RunStepT) -> None:
        """A step began."""

    async def on_run_step_delta(self, delta: RunStepDeltaT, snapshot: RunStepT) -> None:
        """A step gained something; `snapshot` has it already."""

    async def on_run_step_done(self, run_step: RunStepT) -> None:
        """A step ended; `status` says how."""

    async def on_tool_call_created(self, tool_call: ToolCallT) -> None:
        """A tool call began."""

    async def on_tool_call_delta(self, delta: ToolCallDeltaT, snapshot: ToolCallT) -> None:
        """A tool call gained something; `snapshot` has it already."""

    async def on_tool_call_done(self, tool_call: ToolCallT) -> None:
        """A tool call is whole. Parallel calls whose pieces come by turns are done when the run waits for their
        outputs."""

    async def on_message_created(self, message: MessageT) -> None:
        """A message began."""

    async def on_message_delta(self, delta: MessageDeltaT, snapshot: MessageT) -> None:
        """A message gained something; `snapshot` has it already."""

    async def on_message_done(self, message: MessageT) -> None:
        """A message ended; `status` is `completed` or `incomplete`."""

    async def on_text_created(self, text: TextT) -> None:
        """A text part of a message began."""

    async def on_text_delta(self, delta: TextDeltaT, snapshot: TextT) -> None:
        """A text part gained text or annotations; `snapshot` has them already."""

    async def on_text_done(self, text: TextT) -> None:
        """A text part is whole."""

    async def on_image_file_done(self, image_file: ImageFileT) -> None:
        """An image joined a message."""

    async def on_exception(self, exception: Exception) -> None:
        """Reading failed, or one of your methods did; the exception is raised afterwards."""

    async def on_timeout(self) -> None:
        """Reading took too long; `on_exception` follows."""

    async def on_end(self) -> None:
        """Nothing more will be called: the stream ended, failed or was closed."""

    # ---- to use ----

    # No async generators: leaving a loop early must not leave one for the garbage collector.

    def __aiter__(self) -> AsyncIterator[EventT]:
        """The events, as they come."""
        return self

    async def __anext__(self) -> EventT:
        following = self.__dict__.get(ATTRIBUTE)
        if following is None or following.state != "open":
            followed(self)
            raise StopAsyncIteration
        cut_short, following.reading = following.reading, True
        try:
            event: EventT | None = await anext(following.stream, None)
            following.reading = False
            if event is not None:
                told = following.feed(event)
                await self._call("event", event)
                for name, arguments in told:
                    await self._call(name, *arguments)
                return event
        except Exception as error:
            await self._fail(following, error)
            raise
        await self._finish(following, "closed" if cut_short else "ended")
        followed(self)
        raise StopAsyncIteration

    @property
    def text_deltas(self) -> AsyncIterator[str]:
        """The text of the messages, piece by piece as it comes."""
        return _TextDeltas(self)

    async def until_done(self) -> None:
        """Read the stream to its end."""
        async for _ in self:
            pass
        followed(self).final()

    async def get_final_run(self) -> RunT:
        """Read the stream to its end; returns the run as it is then, which may wait for tool outputs.

        Raises:
            RuntimeError: No event showed the run.
        """
        await self.until_done()
        return cast("RunT", followed(self).final_run())

    async def get_final_run_steps(self) -> list[RunStepT]:
        """Read the stream to its end; returns the steps that it showed, oldest first."""
        await self.until_done()
        return list(followed(self).final().steps.values())

    async def get_final_messages(self) -> list[MessageT]:
        """Read the stream to its end; returns the messages that it showed, oldest first."""
        await self.until_done()
        return list(followed(self).final().messages.values())

    @overload
    async def get_final_output(self) -> Any: ...

    @overload
    async def get_final_output(self, into: type[T]) -> T: ...

    async def get_final_output(self, into: type[Any] | None = None) -> Any:
        """Read the stream to its end; returns the last message, read as a type.

        Args:
            into: The type; left out, the one that `response_format` of `run_tools` named.

        Raises:
            StructuredOutputError: The message cannot be read so, or there is none.
            TypeError: There is no type.
        """
        await self.until_done()
        return followed(self).final_output(into)

    async def close(self) -> None:
        """Close the connection, if the stream has not ended. The run goes on at the server."""
        await self._leave(None)

    async def __aenter__(self) -> Self:
        followed(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._leave(error)

    # ---- inside ----

    async def _call(self, name: str, *arguments: Any) -> None:
        try:
            result = getattr(self, f"on_{name}")(*arguments)
            if result is not None and inspect.isawaitable(result):  # a plain method will do as well
                await result
        except (StopIteration, StopAsyncIteration) as error:  # would end the loop as if all were well
            raise RuntimeError(f"on_{name} raised {type(error).__name__}") from error

    async def _leave(self, error: BaseException | None) -> None:
        following = open_stream(self)
        if following is not None:
            await self._finish(following, "closed", error)

    async def _finish(self, following: Following, state: State, error: BaseException | None = None) -> None:
        following.state = state
        try:
            await following.closing(error)()
        finally:
            await self._call("end")

    async def _fail(self, following: Following, error: Exception) -> None:
        callbacks = following.fail(error)
        try:
            await following.closing(error)()
            for name, arguments in callbacks:
                await self._call(name, *arguments)
        finally:
            await self._call("end")


AnyHandler: TypeAlias = AssistantEventHandler[Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, Any]
"""A handler of any version of the API."""
AnyAsyncHandler: TypeAlias = AsyncAssistantEventHandler[Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, Any]


class _TextDeltas:
    """The texts of a handler's events."""

    def __init__(self, handler: AnyAsyncHandler) -> None:
        self._handler = handler

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        following = followed(self._handler)
        while not following.pending:
            await anext(self._handler)
            following.pending += following.texts
        return following.pending.pop(0)


# What the streaming helpers return: the request is sent at the beginning of the `with` block.

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
        self._connection = connection
        self._call = call
        self._options = _checked_options(call, options)
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
        self._handler.__exit__(kind, error, traceback)

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
        self._connection = connection
        self._call = call
        self._options = _checked_options(call, options)
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
        await self._handler.__aexit__(kind, error, traceback)

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


def _checked_options(call: Call[Any], options: RequestOptions) -> RequestOptions:
    """The options that were given. Empty ids are refused before the block begins."""
    from ._exchange import given
    from ._http import fill_path

    fill_path(call.operation.path, call.path)
    return given(options)
