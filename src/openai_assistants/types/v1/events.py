"""Server-sent events of a streamed run, and the pieces of messages and steps in them.

Generated from codegen/specs/v1/stream_events.yaml; do not edit.
"""

from typing import Annotated, Literal, TypeAlias

from ..._models import AnyTag, BaseModel, OneOf, StreamEvent, UnknownValue, UnknownVariant
from .threads import ErrorObject, Message, Run, RunStep, Thread


class ThreadCreated(StreamEvent):
    """A new thread was created; comes with `createThreadAndRun`."""

    event: Literal["thread.created"]
    """Name of the event."""

    data: Thread
    """The thread."""


class ThreadRunCreated(StreamEvent):
    """A new run was created."""

    event: Literal["thread.run.created"]
    """Name of the event."""

    data: Run
    """The run as it is now."""


class ThreadRunQueued(StreamEvent):
    """The run waits for its turn."""

    event: Literal["thread.run.queued"]
    """Name of the event."""

    data: Run
    """The run as it is now."""


class ThreadRunInProgress(StreamEvent):
    """The run is at work."""

    event: Literal["thread.run.in_progress"]
    """Name of the event."""

    data: Run
    """The run as it is now."""


class ThreadRunRequiresAction(StreamEvent):
    """The run waits for results of tool calls; the stream ends here."""

    event: Literal["thread.run.requires_action"]
    """Name of the event."""

    data: Run
    """The run as it is now."""


class ThreadRunCompleted(StreamEvent):
    """The run is done."""

    event: Literal["thread.run.completed"]
    """Name of the event."""

    data: Run
    """The run as it is now."""


class ThreadRunIncomplete(StreamEvent):
    """The run ended early, because it reached a token limit."""

    event: Literal["thread.run.incomplete"]
    """Name of the event."""

    data: Run
    """The run as it is now."""


class ThreadRunFailed(StreamEvent):
    """The run failed; `last_error` says why."""

    event: Literal["thread.run.failed"]
    """Name of the event."""

    data: Run
    """The run as it is now."""


class ThreadRunCancelling(StreamEvent):
    """The run is about to be cancelled."""

    event: Literal["thread.run.cancelling"]
    """Name of the event."""

    data: Run
    """The run as it is now."""


class ThreadRunCancelled(StreamEvent):
    """The run was cancelled."""

    event: Literal["thread.run.cancelled"]
    """Name of the event."""

    data: Run
    """The run as it is now."""


class ThreadRunExpired(StreamEvent):
    """The run took too long and was given up."""

    event: Literal["thread.run.expired"]
    """Name of the event."""

    data: Run
    """The run as it is now."""


class ThreadRunStepCreated(StreamEvent):
    """A step of the run was created."""

    event: Literal["thread.run.step.created"]
    """Name of the event."""

    data: RunStep
    """The step as it is now."""


class ThreadRunStepInProgress(StreamEvent):
    """A step is at work."""

    event: Literal["thread.run.step.in_progress"]
    """Name of the event."""

    data: RunStep
    """The step as it is now."""


class MessageCreationDelta(BaseModel):
    """The message that a step writes."""

    message_id: str | None = None
    """Id of the message."""


class RunStepDeltaMessageDelta(BaseModel):
    """The step writes a message."""

    type: Literal["message_creation"]
    """Tag of a written message."""

    message_creation: MessageCreationDelta | None = None
    """The message."""


class CodeInterpreterLogs(BaseModel):
    """New text that code printed."""

    index: int
    """Place of the output in the call, from 0."""

    type: Literal["logs"]
    """Tag of text output."""

    logs: str | None = None
    """Text to append."""


class CodeInterpreterImageDelta(BaseModel):
    """File with an image that code drew."""

    file_id: str | None = None
    """Id of the file."""


class CodeInterpreterOutputImage(BaseModel):
    """An image that code drew."""

    index: int
    """Place of the output in the call, from 0."""

    type: Literal["image"]
    """Tag of an image."""

    image: CodeInterpreterImageDelta | None = None
    """The image."""


class UnknownCodeInterpreterOutputDelta(UnknownVariant):
    """A member of `CodeInterpreterOutputDelta` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


CodeInterpreterOutputDelta: TypeAlias = Annotated[
    CodeInterpreterLogs | CodeInterpreterOutputImage | UnknownCodeInterpreterOutputDelta, OneOf("type")
]
"""A piece of something that code gave."""


class CodeInterpreterDelta(BaseModel):
    """New code and what it gave."""

    input: str | None = None
    """Code to append."""

    outputs: list[CodeInterpreterOutputDelta] | None = None
    """Output to merge by its `index`."""


class CodeInterpreterToolCallDelta(BaseModel):
    """A piece of a run of the code interpreter."""

    index: int
    """Place of the call in the step, from 0."""

    id: str | None = None
    """Id of the call."""

    type: Literal["code_interpreter"]
    """Tag of the code interpreter."""

    code_interpreter: CodeInterpreterDelta | None = None
    """New code and output."""


class RetrievalToolCallDelta(BaseModel):
    """A lookup in the attached files, or a piece of one."""

    index: int
    """Which call of the step this is, from 0."""

    id: str | None = None
    """Id of the call."""

    type: Literal["retrieval"]
    """Tag of retrieval."""

    retrieval: dict[str, object] | None = None
    """Always empty."""


class FunctionCallDelta(BaseModel):
    """Pieces of a function call."""

    name: str | None = None
    """Name of the function."""

    arguments: str | None = None
    """JSON text to append to the arguments."""

    output: str | None = None
    """The result that was submitted; null until then."""


class FunctionToolCallDelta(BaseModel):
    """A piece of a call of a function of yours."""

    index: int
    """Place of the call in the step, from 0."""

    id: str | None = None
    """Id of the call."""

    type: Literal["function"]
    """Tag of a function."""

    function: FunctionCallDelta | None = None
    """New pieces of the call."""


class UnknownToolCallDelta(UnknownVariant):
    """A member of `ToolCallDelta` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


ToolCallDelta: TypeAlias = Annotated[
    CodeInterpreterToolCallDelta | RetrievalToolCallDelta | FunctionToolCallDelta | UnknownToolCallDelta, OneOf("type")
]
"""A piece of a tool call."""


class ToolCallDeltaObject(BaseModel):
    """The step calls tools."""

    type: Literal["tool_calls"]
    """Tag of tool calls."""

    tool_calls: list[ToolCallDelta] | None = None
    """Pieces to merge into the calls by their `index`."""


class UnknownStepDetailsDelta(UnknownVariant):
    """A member of `StepDetailsDelta` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


StepDetailsDelta: TypeAlias = Annotated[
    RunStepDeltaMessageDelta | ToolCallDeltaObject | UnknownStepDetailsDelta, OneOf("type")
]
"""A piece of what a step does."""


class RunStepDelta(BaseModel):
    """New pieces of a run step."""

    step_details: StepDetailsDelta | None = None
    """What the step does."""


class RunStepDeltaEvent(BaseModel):
    """What a streamed run step gained since the last event."""

    id: str
    """Id of the step."""

    object: Literal["thread.run.step.delta"]
    """Names the kind of object."""

    delta: RunStepDelta
    """The new pieces."""


class ThreadRunStepDelta(StreamEvent):
    """A step gained something."""

    event: Literal["thread.run.step.delta"]
    """Name of the event."""

    data: RunStepDeltaEvent
    """What the step gained."""


class ThreadRunStepCompleted(StreamEvent):
    """A step is done."""

    event: Literal["thread.run.step.completed"]
    """Name of the event."""

    data: RunStep
    """The step as it is now."""


class ThreadRunStepFailed(StreamEvent):
    """A step failed."""

    event: Literal["thread.run.step.failed"]
    """Name of the event."""

    data: RunStep
    """The step as it is now."""


class ThreadRunStepCancelled(StreamEvent):
    """A step was cancelled."""

    event: Literal["thread.run.step.cancelled"]
    """Name of the event."""

    data: RunStep
    """The step as it is now."""


class ThreadRunStepExpired(StreamEvent):
    """A step expired together with its run."""

    event: Literal["thread.run.step.expired"]
    """Name of the event."""

    data: RunStep
    """The step as it is now."""


class ThreadMessageCreated(StreamEvent):
    """A message was created; its content follows."""

    event: Literal["thread.message.created"]
    """Name of the event."""

    data: Message
    """The message as it is now."""


class ThreadMessageInProgress(StreamEvent):
    """A message is being written."""

    event: Literal["thread.message.in_progress"]
    """Name of the event."""

    data: Message
    """The message as it is now."""


class ImageFileDelta(BaseModel):
    """Which file holds the image."""

    file_id: str | None = None
    """Id of the file."""


class ImageFileDeltaBlock(BaseModel):
    """A stored image that joins the message."""

    index: int
    """Place of the part in the message, from 0."""

    type: Literal["image_file"]
    """Tag of a stored image."""

    image_file: ImageFileDelta | None = None
    """The image."""


class FileCitationDelta(BaseModel):
    """The file that a citation points to."""

    file_id: str | None = None
    """Id of the cited file."""

    quote: str | None = None
    """The cited words."""


class FileCitationDeltaAnnotation(BaseModel):
    """A citation, or a piece of one."""

    index: int
    """Which annotation of the text part this is, from 0."""

    type: Literal["file_citation"]
    """Tag of a citation."""

    text: str | None = None
    """The marker in the message text."""

    file_citation: FileCitationDelta | None = None
    """What is cited."""

    start_index: int | None = None
    """Where the marker starts, in characters from 0."""

    end_index: int | None = None
    """Where the marker ends, in characters; the first one behind it. At least 0."""


class FilePathDelta(BaseModel):
    """A file that the code interpreter wrote."""

    file_id: str | None = None
    """Id of the file."""


class FilePathDeltaAnnotation(BaseModel):
    """A link to a file that the code interpreter wrote, or a piece of one."""

    index: int
    """Which annotation of the text part this is, from 0."""

    type: Literal["file_path"]
    """Tag of a file link."""

    text: str | None = None
    """The sandbox path in the message text."""

    file_path: FilePathDelta | None = None
    """The file behind the path."""

    start_index: int | None = None
    """Where the path starts, in characters from 0."""

    end_index: int | None = None
    """Where the path ends, in characters; the first one behind it. At least 0."""


class UnknownAnnotationDelta(UnknownVariant):
    """A member of `AnnotationDelta` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


AnnotationDelta: TypeAlias = Annotated[
    FileCitationDeltaAnnotation | FilePathDeltaAnnotation | UnknownAnnotationDelta, OneOf("type")
]
"""A piece of an annotation."""


class TextDelta(BaseModel):
    """Text and annotations to append."""

    value: str | None = None
    """Text to append."""

    annotations: list[AnnotationDelta] | None = None
    """Annotations to merge by their `index`."""


class TextDeltaBlock(BaseModel):
    """New text of a part."""

    index: int
    """Place of the part in the message, from 0."""

    type: Literal["text"]
    """Tag of text."""

    text: TextDelta | None = None
    """The new text and annotations."""


class UnknownMessageContentDelta(UnknownVariant):
    """A member of `MessageContentDelta` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


MessageContentDelta: TypeAlias = Annotated[
    ImageFileDeltaBlock | TextDeltaBlock | UnknownMessageContentDelta, OneOf("type")
]
"""A piece of one part of a message."""


class MessageDelta(BaseModel):
    """New pieces of a message."""

    role: Literal["user", "assistant"] | UnknownValue | None = None
    """Who writes it."""

    content: list[MessageContentDelta] | None = None
    """Pieces to merge into the parts of the message by their `index`."""


class MessageDeltaEvent(BaseModel):
    """What a streamed message gained since the last event."""

    id: str
    """Id of the message."""

    object: Literal["thread.message.delta"]
    """Names the kind of object."""

    delta: MessageDelta
    """The new pieces."""


class ThreadMessageDelta(StreamEvent):
    """A message gained something."""

    event: Literal["thread.message.delta"]
    """Name of the event."""

    data: MessageDeltaEvent
    """What the message gained."""


class ThreadMessageCompleted(StreamEvent):
    """A message is whole."""

    event: Literal["thread.message.completed"]
    """Name of the event."""

    data: Message
    """The message as it is now."""


class ThreadMessageIncomplete(StreamEvent):
    """A message ended early."""

    event: Literal["thread.message.incomplete"]
    """Name of the event."""

    data: Message
    """The message as it is now."""


class ErrorEvent(StreamEvent):
    """Something went wrong, and the stream ends."""

    event: Literal["error"]
    """Name of the event."""

    data: ErrorObject
    """What went wrong."""


class UnknownStreamEvent(StreamEvent, UnknownVariant):
    """A member of `AssistantStreamEvent` that this version does not know. All its fields are attributes."""

    event: Annotated[Literal["__unknown__"], AnyTag]
    """The `event` as the server sent it."""


AssistantStreamEvent: TypeAlias = Annotated[
    ThreadCreated
    | ThreadRunCreated
    | ThreadRunQueued
    | ThreadRunInProgress
    | ThreadRunRequiresAction
    | ThreadRunCompleted
    | ThreadRunIncomplete
    | ThreadRunFailed
    | ThreadRunCancelling
    | ThreadRunCancelled
    | ThreadRunExpired
    | ThreadRunStepCreated
    | ThreadRunStepInProgress
    | ThreadRunStepDelta
    | ThreadRunStepCompleted
    | ThreadRunStepFailed
    | ThreadRunStepCancelled
    | ThreadRunStepExpired
    | ThreadMessageCreated
    | ThreadMessageInProgress
    | ThreadMessageDelta
    | ThreadMessageCompleted
    | ThreadMessageIncomplete
    | ErrorEvent
    | UnknownStreamEvent,
    OneOf("event"),
]
"""Any event of a streamed run."""
