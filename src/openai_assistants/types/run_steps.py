"""Steps of a run, and the pieces in which they are streamed.

Generated from codegen/specs/v2/run_steps.yaml; do not edit.
"""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from .._models import AnyTag, BaseModel, OneOf, Timestamp, UnknownValue, UnknownVariant, as_datetime
from .shared import FileSearchRanker, Metadata


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


class FileSearchCallRankingOptions(BaseModel):
    """How search results were ordered and which were dropped."""

    ranker: FileSearchRanker
    """Method that ordered the results."""

    score_threshold: float
    """Results that scored less than this were dropped, from 0 to 1."""


class FileSearchResultContent(BaseModel):
    """Text of a search result."""

    type: Literal["text"] | UnknownValue | None = None
    """Kind of content."""

    text: str | None = None
    """The text."""


class FileSearchResult(BaseModel):
    """A passage that a search found."""

    file_id: str
    """Id of the file that it is from."""

    file_name: str
    """Name of that file."""

    score: float
    """How well it fits, from 0 to 1."""

    content: list[FileSearchResultContent] | None = None
    """The passage itself; only if the request asked for it with `include[]`."""


class FileSearchCall(BaseModel):
    """Settings and results of a search."""

    ranking_options: FileSearchCallRankingOptions | None = None
    """How the results were ordered."""

    results: list[FileSearchResult] | None = None
    """What was found."""


class FileSearchToolCall(BaseModel):
    """A search in the vector stores."""

    id: str
    """Id of the call."""

    type: Literal["file_search"]
    """Tag of file search."""

    file_search: FileSearchCall
    """Settings and results of the search."""


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
    CodeInterpreterToolCall | FileSearchToolCall | FunctionToolCall | UnknownToolCall, OneOf("type")
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


class FileSearchToolCallDelta(BaseModel):
    """A piece of a search in the vector stores."""

    index: int
    """Place of the call in the step, from 0."""

    id: str | None = None
    """Id of the call."""

    type: Literal["file_search"]
    """Tag of file search."""

    file_search: dict[str, object]
    """What is known of the search so far; often empty."""


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
    CodeInterpreterToolCallDelta | FileSearchToolCallDelta | FunctionToolCallDelta | UnknownToolCallDelta, OneOf("type")
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

    status: Literal["in_progress", "cancelled", "failed", "completed", "incomplete", "expired"] | UnknownValue
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
