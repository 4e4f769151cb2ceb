"""Runs, the work of an assistant on a thread.

Generated from codegen/specs/v2/runs.yaml; do not edit.
"""

from datetime import datetime
from typing import Literal, TypeAlias

from .._models import BaseModel, RunBase, Timestamp, UnknownValue, as_datetime
from .assistants import AssistantTool
from .shared import AssistantResponseFormatOption, Metadata

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
"""How far a run is. It has ended when it is `cancelled`, `failed`, `completed`, `incomplete` or `expired`; with
`requires_action` it waits for you.
"""


class AssistantToolChoiceFunction(BaseModel):
    """A function that the model must call."""

    name: str
    """Name of the function."""


class AssistantToolChoice(BaseModel):
    """A tool that the model must use."""

    type: Literal["function", "code_interpreter", "file_search"] | UnknownValue
    """Kind of tool; for `function` name the function as well."""

    function: AssistantToolChoiceFunction | None = None
    """The function to call."""


AssistantToolChoiceOption: TypeAlias = Literal["none", "auto", "required"] | UnknownValue | AssistantToolChoice
"""Which tools the model may use. With `none` it uses none, with `auto` it decides, with `required` it uses at least
one; a named tool is used for certain.
"""


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

    code: Literal["server_error", "rate_limit_exceeded", "invalid_prompt"] | UnknownValue
    """Machine-readable reason."""

    message: str
    """Explanation for people."""


class RunIncompleteDetails(BaseModel):
    """Why a run ended early."""

    reason: Literal["max_completion_tokens", "max_prompt_tokens"] | UnknownValue | None = None
    """The limit that was reached."""


class RunUsage(BaseModel):
    """Tokens that a run used."""

    completion_tokens: int
    """Tokens that the model wrote."""

    prompt_tokens: int
    """Tokens that the model read."""

    total_tokens: int
    """Sum of both."""


class TruncationStrategy(BaseModel):
    """Which messages of a thread the model sees."""

    type: Literal["auto", "last_messages"] | UnknownValue
    """With `auto` messages in the middle are left out until the rest fits; with `last_messages` only the newest ones
    are read.
    """

    last_messages: int | None = None
    """Number of newest messages to read, at least 1; for `last_messages`."""


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

    incomplete_details: RunIncompleteDetails | None = None
    """Why the run ended early; null unless its status is `incomplete`."""

    model: str
    """Model that the run uses."""

    instructions: str | None = None
    """System prompt of this run."""

    tools: list[AssistantTool]
    """Tools that the run may use, at most 20. At most 128 items."""

    metadata: Metadata | None = None
    """Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    usage: RunUsage | None = None
    """Tokens used; null until the run has ended."""

    temperature: float | None = None
    """Randomness of this run, from 0 to 2."""

    top_p: float | None = None
    """Share of probability from which tokens are drawn, from 0 to 1."""

    max_prompt_tokens: int | None = None
    """Most prompt tokens that the run may use, over all its model calls. At least 256."""

    max_completion_tokens: int | None = None
    """Most completion tokens that the run may use, over all its model calls. At least 256."""

    truncation_strategy: TruncationStrategy | None = None
    """Which messages of the thread the model sees."""

    tool_choice: AssistantToolChoiceOption | None = None
    """Which tools the model may or must use."""

    parallel_tool_calls: bool
    """Whether the model may ask for several function calls at once."""

    response_format: AssistantResponseFormatOption | None = None
    """Form of the answer."""

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
