"""What both kinds of event handler have in common: the stream that a handler follows, and how far it is. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar, cast

from ._errors import APITimeoutError
from ._http import failure_of

if TYPE_CHECKING:
    from typing_extensions import TypeVar as TypeVarWithDefault

    from ._assemble import Assembly, Callback
    from ._models import MessageBase
    from .types.beta.assistant_stream_event import AssistantStreamEvent
    from .types.run_steps import RunStep, RunStepDelta, ToolCall, ToolCallDelta
    from .types.runs import Run
    from .types.threads import ImageFile, Message, MessageDelta, Text, TextDelta

    # What a handler is told of: objects of version 2 of the API, unless said otherwise.
    EventT = TypeVarWithDefault("EventT", default=AssistantStreamEvent)
    RunT = TypeVarWithDefault("RunT", default=Run)
    RunStepT = TypeVarWithDefault("RunStepT", default=RunStep)
    RunStepDeltaT = TypeVarWithDefault("RunStepDeltaT", default=RunStepDelta)
    ToolCallT = TypeVarWithDefault("ToolCallT", default=ToolCall)
    ToolCallDeltaT = TypeVarWithDefault("ToolCallDeltaT", default=ToolCallDelta)
    MessageT = TypeVarWithDefault("MessageT", bound=MessageBase, default=Message)
    MessageDeltaT = TypeVarWithDefault("MessageDeltaT", default=MessageDelta)
    TextT = TypeVarWithDefault("TextT", default=Text)
    TextDeltaT = TypeVarWithDefault("TextDeltaT", default=TextDelta)
    ImageFileT = TypeVarWithDefault("ImageFileT", default=ImageFile)
else:  # the types, and the defaults with them, would cost time and mean nothing at run time
    EventT, RunT = TypeVar("EventT"), TypeVar("RunT")
    RunStepT, RunStepDeltaT = TypeVar("RunStepT"), TypeVar("RunStepDeltaT")
    ToolCallT, ToolCallDeltaT = TypeVar("ToolCallT"), TypeVar("ToolCallDeltaT")
    MessageT, MessageDeltaT = TypeVar("MessageT"), TypeVar("MessageDeltaT")
    TextT, TextDeltaT, ImageFileT = TypeVar("TextT"), TypeVar("TextDeltaT"), TypeVar("ImageFileT")

T = TypeVar("T")

ATTRIBUTE = "_followed_stream"
"""Where a handler keeps its stream. It comes with the stream: subclasses need not call `super().__init__()`."""

State = Literal["beginning", "open", "ended", "failed", "closed"]


class Following:
    """The stream of a handler."""

    stream: Any = None
    assembly: Assembly | None = None
    output: type[Any] | None = None

    def __init__(self) -> None:
        self.state: State = "beginning"
        self.reading = False
        """Whether the next event is awaited; stays so when an interrupt or a cancellation puts an end to the stream."""
        self._told: list[Callback] = []
        self.pending: list[str] = []
        """Text of an event that was read for its text, which has not been given yet."""
        self._error: Exception | None = None

    def begin(self, stream: Any, events: Any, output: type[Any] | None = None) -> None:
        """The request was answered; `events` is the union of the stream's events, `output` the type of the answer."""
        from ._assemble import Assembly

        self.stream = stream
        self.output = output
        self.assembly = Assembly(events)
        self.state = "open"

    def feed(self, event: Any) -> list[Callback]:
        """What there is to tell about an event, apart from the event itself."""
        assert self.assembly is not None
        self._told = self.assembly.feed(event)
        return self._told

    @property
    def texts(self) -> list[str]:
        """New text of the event that came last."""
        from ._merge import field as get

        values = (get(arguments[0], "value") for name, arguments in self._told if name == "text_delta")
        return [value for value in values if isinstance(value, str)]

    def fail(self, error: Exception) -> list[Callback]:
        """Reading failed; returns what there is to tell about that."""
        self.state, self._error = "failed", error
        # A read that times out breaks the stream off: then it is the cause.
        late = _timed_out(error) or _timed_out(error.__cause__)
        return [*([("timeout", ())] if late else []), ("exception", (error,))]

    def closing(self, error: BaseException | None) -> Any:
        """What closes the stream, because of an error if there is one: then a tool loop gives its run up. A generator
        that is closed inside of the block is no error."""
        give_up = None if error is None or isinstance(error, GeneratorExit) else getattr(self.stream, "give_up", None)
        return give_up or self.stream.close

    def final(self) -> Assembly:
        """What the stream has led to; it has been read to its end.

        Raises:
            Exception: That with which reading failed.
        """
        assert self.assembly is not None
        if self._error is not None:
            raise self._error
        return self.assembly

    def final_run(self) -> Any:
        """The run as it is at the end of the stream.

        Raises:
            RuntimeError: There is none.
        """
        run = self.final().run
        if run is None:
            raise RuntimeError("The stream ended without an event of its run; list the runs of the thread to find it.")
        return run

    def final_output(self, into: type[T] | None) -> T:
        """The last message, read as a type.

        Raises:
            StructuredOutputError: It cannot be read so, or there is none.
            TypeError: There is no type.
        """
        from ._json_schemas import read_output

        return cast("T", read_output(list(self.final().messages.values()), self.output if into is None else into))


class HandlerBase(Generic[EventT, RunT, RunStepT, MessageT]):
    """What both kinds of handler have in common."""

    @property
    def current_event(self) -> EventT | None:
        """The event that came last."""
        assembly = _assembly(self)
        return None if assembly is None else assembly.current_event

    @property
    def current_run(self) -> RunT | None:
        """The run as an event showed it last."""
        assembly = _assembly(self)
        return cast("RunT | None", None if assembly is None else assembly.run)

    @property
    def current_run_step_snapshot(self) -> RunStepT | None:
        """The step at work, with all that has come of it."""
        assembly = _assembly(self)
        return cast("RunStepT | None", None if assembly is None else assembly.current_step)

    @property
    def current_message_snapshot(self) -> MessageT | None:
        """The message that was created, grew or ended last, with all that has come of it."""
        assembly = _assembly(self)
        return cast("MessageT | None", None if assembly is None else assembly.current_message)


AnyHandler: TypeAlias = "HandlerBase[Any, Any, Any, Any]"


def claim(handler: AnyHandler) -> Following:
    """Take a handler for a stream that is about to begin.

    Raises:
        RuntimeError: It has had its stream.
    """
    if _following(handler) is not None:
        raise RuntimeError(
            "This event handler has had its stream. A handler belongs to one stream: make a new one for each."
        )
    following = vars(handler)[ATTRIBUTE] = Following()
    return following


def release(handler: AnyHandler) -> None:
    """The request failed: the handler may be used for another try."""
    del vars(handler)[ATTRIBUTE]


def open_stream(handler: AnyHandler) -> Following | None:
    """The stream of a handler, if it is not over yet."""
    following = _following(handler)
    return following if following is not None and following.state == "open" else None


def followed(handler: AnyHandler) -> Following:
    """The stream of a handler.

    Raises:
        RuntimeError: There is none yet, or it was left early.
    """
    following = _following(handler)
    if following is None or following.state == "beginning":
        raise RuntimeError(
            "This event handler has no stream yet. Pass it as event_handler= and use it inside the block: "
            "`with client.beta.threads.runs.stream(..., event_handler=handler) as stream:` "
            "(`async with` on the async client)."
        )
    if following.state == "closed":
        raise RuntimeError(
            "The stream was closed before its end. Read it to its end inside the with block; "
            "the run itself goes on at the server and can be fetched or polled."
        )
    return following


def _following(handler: AnyHandler) -> Following | None:
    return vars(handler).get(ATTRIBUTE)


def _assembly(handler: AnyHandler) -> Assembly | None:
    following = _following(handler)
    return None if following is None else following.assembly


def _timed_out(error: BaseException | None) -> bool:
    return isinstance(error, (APITimeoutError, TimeoutError)) or (error is not None and failure_of(error) == "timeout")
