"""What several topics use. Assistants, the tools that they use and the files that are attached to them. Threads, their
messages and the files that came with these. Runs, the work of an assistant on a thread, and their steps.

Generated from codegen/specs/v1/assistant_files.yaml, codegen/specs/v1/assistants.yaml,
codegen/specs/v1/message_files.yaml, codegen/specs/v1/messages.yaml, codegen/specs/v1/run_steps.yaml,
codegen/specs/v1/runs.yaml, codegen/specs/v1/shared.yaml, codegen/specs/v1/stream_events.yaml,
codegen/specs/v1/threads.yaml; do not edit.
"""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from ..._models import (
    AnyTag,
    BaseModel,
    MessageBase,
    OneOf,
    RunBase,
    Timestamp,
    UnknownValue,
    UnknownVariant,
    as_datetime,
)

# ---- shared ----------------------------------------------------------------------------------------------------------

Metadata: TypeAlias = dict[str, str]
"""Your own notes on an object, as a map of strings. At most 16 entries, keys up to 64 characters, values up to 512."""


FunctionParameters: TypeAlias = dict[str, object]
"""A JSON Schema object that describes the arguments of a function."""


class ErrorObject(BaseModel):
    """What went wrong."""

    code: str | None = None
    """Machine-readable reason, stable enough to match on; null if there is none."""

    message: str
    """Explanation for people; the wording may change."""

    param: str | None = None
    """Parameter at fault; null if it is not a single one."""

    type: str
    """Broad class of the error, such as `invalid_request_error` or `server_error`."""


class FunctionDefinition(BaseModel):
    """A function that the model may ask you to call."""

    name: str
    """Name that the model calls it by. Letters, digits, underscores and dashes, at most 64 characters."""

    description: str | None = None
    """What the function does; the model reads this to decide when to call it."""

    parameters: FunctionParameters | None = None
    """JSON Schema of the arguments. Without it the function takes none."""


# ---- assistants ------------------------------------------------------------------------------------------------------


class CodeInterpreterTool(BaseModel):
    """Lets the model write and run Python in a sandbox."""

    type: Literal["code_interpreter"]
    """Tag of the code interpreter."""


class RetrievalTool(BaseModel):
    """Lets the model look things up in the attached files."""

    type: Literal["retrieval"]
    """Tag of retrieval."""


class FunctionTool(BaseModel):
    """Lets the model ask you to call a function of yours."""

    type: Literal["function"]
    """Tag of a function."""

    function: FunctionDefinition
    """The function."""


class UnknownAssistantTool(UnknownVariant):
    """A member of `AssistantTool` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


AssistantTool: TypeAlias = Annotated[
    CodeInterpreterTool | RetrievalTool | FunctionTool | UnknownAssistantTool, OneOf("type")
]
"""A tool of an assistant or a run."""


class Assistant(BaseModel):
    """A model with instructions and tools that can be run on threads."""

    id: str
    """Id of the assistant."""

    object: Literal["assistant"]
    """Names the kind of object."""

    created_at: Timestamp
    """When it was created, in Unix seconds."""

    name: str | None = None
    """Name of the assistant, at most 256 characters."""

    description: str | None = None
    """What the assistant is for, at most 512 characters. The model does not see it."""

    model: str
    """Model that it runs on, unless a run names another."""

    instructions: str | None = None
    """System prompt, at most 32,768 characters."""

    tools: list[AssistantTool]
    """Tools that it may use, at most 128."""

    file_ids: list[str]
    """Ids of the files that its tools may use, at most 20, oldest first."""

    metadata: Metadata | None = None
    """Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)


class AssistantDeleted(BaseModel):
    """Confirms that an assistant was deleted."""

    id: str
    """Id of the deleted assistant."""

    deleted: bool
    """Whether it was deleted."""

    object: Literal["assistant.deleted"]
    """Names the kind of object."""


class AssistantFile(BaseModel):
    """A file that is attached to an assistant."""

    id: str
    """Id of the file."""

    object: Literal["assistant.file"]
    """Names the kind of object."""

    created_at: Timestamp
    """When it was attached, in Unix seconds."""

    assistant_id: str
    """Id of the assistant that it is attached to."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)


class AssistantFileDeleted(BaseModel):
    """Confirms that a file was detached from an assistant."""

    id: str
    """Id of the detached file."""

    deleted: bool
    """Whether it was detached."""

    object: Literal["assistant.file.deleted"]
    """Names the kind of object."""


# ---- threads ---------------------------------------------------------------------------------------------------------


class ImageFile(BaseModel):
    """Which file holds the image."""

    file_id: str
    """Id of the file."""


class ImageFileContentBlock(BaseModel):
    """An image that is stored as a file."""

    type: Literal["image_file"]
    """Tag of a stored image."""

    image_file: ImageFile
    """The image."""


class FileCitation(BaseModel):
    """What a citation points to."""

    file_id: str
    """Id of the cited file."""

    quote: str
    """The cited words."""


class FileCitationAnnotation(BaseModel):
    """A citation; retrieval found the statement in a file."""

    type: Literal["file_citation"]
    """Tag of a citation."""

    text: str
    """The marker in the message text, to be replaced by a footnote of yours."""

    file_citation: FileCitation
    """What is cited."""

    start_index: int
    """Where the marker starts, in characters from 0."""

    end_index: int
    """Where the marker ends, in characters; the first one behind it. At least 0."""


class FilePath(BaseModel):
    """A file that the code interpreter wrote."""

    file_id: str
    """Id of the file."""


class FilePathAnnotation(BaseModel):
    """A link to a file that the code interpreter wrote."""

    type: Literal["file_path"]
    """Tag of a file link."""

    text: str
    """The sandbox path in the message text, to be replaced by a link of yours."""

    file_path: FilePath
    """The file behind the path."""

    start_index: int
    """Where the path starts, in characters from 0."""

    end_index: int
    """Where the path ends, in characters; the first one behind it. At least 0."""


class UnknownAnnotation(UnknownVariant):
    """A member of `Annotation` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


Annotation: TypeAlias = Annotated[FileCitationAnnotation | FilePathAnnotation | UnknownAnnotation, OneOf("type")]
"""A place in a text that points to a file."""


class Text(BaseModel):
    """Text and the places in it that point to files."""

    value: str
    """The text itself."""

    annotations: list[Annotation]
    """Places in the text that point to files."""


class TextContentBlock(BaseModel):
    """Text with its annotations."""

    type: Literal["text"]
    """Tag of text."""

    text: Text
    """The text and its annotations."""


class UnknownMessageContent(UnknownVariant):
    """A member of `MessageContent` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


MessageContent: TypeAlias = Annotated[ImageFileContentBlock | TextContentBlock | UnknownMessageContent, OneOf("type")]
"""One part of a message."""


class Thread(BaseModel):
    """A conversation; holds messages and is what runs work on."""

    id: str
    """Id of the thread."""

    object: Literal["thread"]
    """Names the kind of object."""

    created_at: Timestamp
    """When it was created, in Unix seconds."""

    metadata: Metadata | None = None
    """Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)


class ThreadDeleted(BaseModel):
    """Confirms that a thread was deleted."""

    id: str
    """Id of the deleted thread."""

    deleted: bool
    """Whether it was deleted."""

    object: Literal["thread.deleted"]
    """Names the kind of object."""


class MessageIncompleteDetails(BaseModel):
    """Why a message ended early."""

    reason: Literal["content_filter", "max_tokens", "run_cancelled", "run_expired", "run_failed"] | UnknownValue
    """The cause."""


class Message(MessageBase):
    """A message of a thread, written by you or by an assistant."""

    id: str
    """Id of the message."""

    object: Literal["thread.message"]
    """Names the kind of object."""

    created_at: Timestamp
    """When it was created, in Unix seconds."""

    thread_id: str
    """Id of the thread that it is in."""

    role: Literal["user", "assistant"] | UnknownValue
    """Who wrote it."""

    content: list[MessageContent]
    """The parts of the message, in order."""

    assistant_id: str | None = None
    """Id of the assistant that wrote it; null for messages of yours."""

    run_id: str | None = None
    """Id of the run that wrote it; null for messages that were added by a request."""

    file_ids: list[str]
    """Ids of the files that came with it, at most 10."""

    metadata: Metadata | None = None
    """Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    status: Literal["in_progress", "incomplete", "completed"] | UnknownValue | None = None
    """Whether the text is still being written, ended early, or is whole. Only from servers that can stream."""

    incomplete_details: MessageIncompleteDetails | None = None
    """Why the message ended early; null if it did not."""

    completed_at: Timestamp | None = None
    """When it was whole, in Unix seconds."""

    incomplete_at: Timestamp | None = None
    """When it ended early, in Unix seconds."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)

    @property
    def completed_at_datetime(self) -> datetime | None:
        """`completed_at` as an aware datetime in UTC."""
        return as_datetime(self.completed_at)

    @property
    def incomplete_at_datetime(self) -> datetime | None:
        """`incomplete_at` as an aware datetime in UTC."""
        return as_datetime(self.incomplete_at)


class MessageFile(BaseModel):
    """A file that is attached to a message."""

    id: str
    """Id of the file."""

    object: Literal["thread.message.file"]
    """Names the kind of object."""

    created_at: Timestamp
    """When it was attached, in Unix seconds."""

    message_id: str
    """Id of the message that it is attached to."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)


# ---- runs ------------------------------------------------------------------------------------------------------------

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
