"""Runs, the work of an assistant on a thread, and their steps.

Generated from codegen/specs/v1/run_steps.yaml, codegen/specs/v1/runs.yaml; do not edit.
"""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from ..._models import AnyTag, BaseModel, OneOf, RunBase, Timestamp, UnknownValue, UnknownVariant, as_datetime
from .assistants import AssistantTool
from .shared import Metadata

RunStatus: TypeAlias = (
    Literal[
        "queued",
        "in_progress",
        "requires_action",
        "cancelling",
        "cancelled",
        "failed",
        "completed",
        "incomplete",
        "expired",
    ]
    | UnknownValue
)
"""How far a run is. It has ended when it is `cancelled`, `failed`, `completed` or `expired`; with `requires_action` it
waits for you.
"""


class MessageCreation(BaseModel):
    """The message that a step wrote."""

    message_id: str
    """Id of the message."""


class MessageCreationStepDetails(BaseModel):
    """The step wrote a message."""

    type: Literal["message_creation"]
    """Tag of a written message."""

    message_creation: MessageCreation
    """The message."""


class CodeInterpreterLogsOutput(BaseModel):
    """Text that code printed."""

    type: Literal["logs"]
    """Tag of text output."""

    logs: str
    """The text."""


class CodeInterpreterImage(BaseModel):
    """File with an image that code drew."""

    file_id: str
    """Id of the file."""


class CodeInterpreterImageOutput(BaseModel):
    """An image that code drew."""

    type: Literal["image"]
    """Tag of an image."""

    image: CodeInterpreterImage
    """The image."""


class UnknownCodeInterpreterOutput(UnknownVariant):
    """A member of `CodeInterpreterOutput` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


CodeInterpreterOutput: TypeAlias = Annotated[
    CodeInterpreterLogsOutput | CodeInterpreterImageOutput | UnknownCodeInterpreterOutput, OneOf("type")
]
"""Something that code gave."""


class CodeInterpreter(BaseModel):
    """Code and what it gave."""

    input: str
    """The code."""

    outputs: list[CodeInterpreterOutput]
    """Texts and images that the code gave."""


class CodeInterpreterToolCall(BaseModel):
    """A run of the code interpreter."""

    id: str
    """Id of the call."""

    type: Literal["code_interpreter"]
    """Tag of the code interpreter."""

    code_interpreter: CodeInterpreter
    """The code and what it gave."""


class RetrievalToolCall(BaseModel):
    """The model looked something up in the attached files."""

    id: str
    """Id of the call."""

    type: Literal["retrieval"]
    """Tag of retrieval."""

    retrieval: dict[str, object]
    """Always empty; the API does not show what was found."""


class FunctionCall(BaseModel):
    """A function call and its result."""

    name: str
    """Name of the function."""

    arguments: str
    """Arguments as JSON text."""

    output: str | None = None
    """The result that was submitted; null until then."""


class FunctionToolCall(BaseModel):
    """A call of a function of yours."""

    id: str
    """Id of the call."""

    type: Literal["function"]
    """Tag of a function."""

    function: FunctionCall
    """The call and its result."""


class UnknownToolCall(UnknownVariant):
    """A member of `ToolCall` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


ToolCall: TypeAlias = Annotated[
    CodeInterpreterToolCall | RetrievalToolCall | FunctionToolCall | UnknownToolCall, OneOf("type")
]
"""A call of a tool."""


class ToolCallsStepDetails(BaseModel):
    """The step called tools."""

    type: Literal["tool_calls"]
    """Tag of tool calls."""

    tool_calls: list[ToolCall]
    """The calls."""


class UnknownStepDetails(UnknownVariant):
    """A member of `StepDetails` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


StepDetails: TypeAlias = Annotated[
    MessageCreationStepDetails | ToolCallsStepDetails | UnknownStepDetails, OneOf("type")
]
"""What a step did."""


class RequiredActionFunction(BaseModel):
    """Name and arguments of a call."""

    name: str
    """Name of the function."""

    arguments: str
    """Arguments as JSON text. The model wrote it, so check it before use."""


class RequiredActionFunctionToolCall(BaseModel):
    """A call that the model asks you to make."""

    id: str
    """Id of the call; the result is submitted under it."""

    type: Literal["function"] | UnknownValue
    """Kind of tool."""

    function: RequiredActionFunction
    """The function to call."""


class RunRequiredActionSubmitToolOutputs(BaseModel):
    """Tool calls whose results the run waits for."""

    tool_calls: list[RequiredActionFunctionToolCall]
    """The calls; answer them all in one request."""


class RunRequiredAction(BaseModel):
    """What a run waits for."""

    type: Literal["submit_tool_outputs"] | UnknownValue
    """Kind of action."""

    submit_tool_outputs: RunRequiredActionSubmitToolOutputs
    """The calls to answer."""


class RunLastError(BaseModel):
    """What made a run fail."""

    code: Literal["server_error", "rate_limit_exceeded"] | UnknownValue
    """Machine-readable reason."""

    message: str
    """Explanation for people."""


class RunUsage(BaseModel):
    """Tokens that a run used."""

    completion_tokens: int
    """Tokens that the model wrote."""

    prompt_tokens: int
    """Tokens that the model read."""

    total_tokens: int
    """Sum of both."""


class Run(RunBase):
    """The work of an assistant on a thread."""

    id: str
    """Id of the run."""

    object: Literal["thread.run"]
    """Names the kind of object."""

    created_at: Timestamp
    """When it was created, in Unix seconds."""

    thread_id: str
    """Id of the thread that it works on."""

    assistant_id: str
    """Id of the assistant that works."""

    status: RunStatus
    """How far the run is."""

    required_action: RunRequiredAction | None = None
    """What the run waits for; null unless its status is `requires_action`."""

    last_error: RunLastError | None = None
    """What made the run fail; null if nothing did."""

    expires_at: Timestamp | None = None
    """When an unfinished run is given up, in Unix seconds."""

    started_at: Timestamp | None = None
    """When work began, in Unix seconds."""

    cancelled_at: Timestamp | None = None
    """When it was cancelled, in Unix seconds."""

    failed_at: Timestamp | None = None
    """When it failed, in Unix seconds."""

    completed_at: Timestamp | None = None
    """When it was done, in Unix seconds."""

    model: str
    """Model that the run uses."""

    instructions: str | None = None
    """System prompt of this run."""

    tools: list[AssistantTool]
    """Tools that the run may use, at most 20. At most 128 items."""

    file_ids: list[str]
    """Ids of the files of the assistant that the run may use."""

    metadata: Metadata | None = None
    """Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    usage: RunUsage | None = None
    """Tokens used; null until the run has ended."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)

    @property
    def expires_at_datetime(self) -> datetime | None:
        """`expires_at` as an aware datetime in UTC."""
        return as_datetime(self.expires_at)

    @property
    def started_at_datetime(self) -> datetime | None:
        """`started_at` as an aware datetime in UTC."""
        return as_datetime(self.started_at)

    @property
    def cancelled_at_datetime(self) -> datetime | None:
        """`cancelled_at` as an aware datetime in UTC."""
        return as_datetime(self.cancelled_at)

    @property
    def failed_at_datetime(self) -> datetime | None:
        """`failed_at` as an aware datetime in UTC."""
        return as_datetime(self.failed_at)

    @property
    def completed_at_datetime(self) -> datetime | None:
        """`completed_at` as an aware datetime in UTC."""
        return as_datetime(self.completed_at)


class RunStepLastError(BaseModel):
    """What made a step fail."""

    code: Literal["server_error", "rate_limit_exceeded"] | UnknownValue
    """Machine-readable reason."""

    message: str
    """Explanation for people."""


class RunStepUsage(BaseModel):
    """Tokens that a step used."""

    completion_tokens: int
    """Tokens that the model wrote."""

    prompt_tokens: int
    """Tokens that the model read."""

    total_tokens: int
    """Sum of both."""


class RunStep(BaseModel):
    """One thing that a run did; it wrote a message or called tools."""

    id: str
    """Id of the step."""

    object: Literal["thread.run.step"]
    """Names the kind of object."""

    created_at: Timestamp
    """When it was created, in Unix seconds."""

    assistant_id: str
    """Id of the assistant that works."""

    thread_id: str
    """Id of the run's thread."""

    run_id: str
    """Id of the run that the step belongs to."""

    type: Literal["message_creation", "tool_calls"] | UnknownValue
    """Kind of step, the same as in `step_details`."""

    status: Literal["in_progress", "cancelled", "failed", "completed", "expired"] | UnknownValue
    """How far the step is."""

    step_details: StepDetails
    """What the step did."""

    last_error: RunStepLastError | None = None
    """What made the step fail; null if nothing did."""

    expired_at: Timestamp | None = None
    """When it expired together with its run, in Unix seconds."""

    cancelled_at: Timestamp | None = None
    """When it was cancelled, in Unix seconds."""

    failed_at: Timestamp | None = None
    """When it failed, in Unix seconds."""

    completed_at: Timestamp | None = None
    """When it was done, in Unix seconds."""

    metadata: Metadata | None = None
    """Notes on the step. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    usage: RunStepUsage | None = None
    """Tokens used; null while the step is in progress."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)

    @property
    def expired_at_datetime(self) -> datetime | None:
        """`expired_at` as an aware datetime in UTC."""
        return as_datetime(self.expired_at)

    @property
    def cancelled_at_datetime(self) -> datetime | None:
        """`cancelled_at` as an aware datetime in UTC."""
        return as_datetime(self.cancelled_at)

    @property
    def failed_at_datetime(self) -> datetime | None:
        """`failed_at` as an aware datetime in UTC."""
        return as_datetime(self.failed_at)

    @property
    def completed_at_datetime(self) -> datetime | None:
        """`completed_at` as an aware datetime in UTC."""
        return as_datetime(self.completed_at)
