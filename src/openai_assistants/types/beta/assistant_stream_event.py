"""Server-sent events of a streamed run.

Generated from codegen/specs/v2/stream_events.yaml; do not edit.
"""

from typing import Annotated, Literal, TypeAlias

from ..._models import AnyTag, OneOf, StreamEvent, UnknownVariant
from ..run_steps import RunStep, RunStepDeltaEvent
from ..runs import Run
from ..shared import ErrorObject
from ..threads import Message, MessageDeltaEvent, Thread


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
