"""Parameters: runs, the work of an assistant on a thread.

Generated from codegen/specs/v2/runs.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from ..._models import UnknownValue
from ..runs import AssistantToolChoice, AssistantToolChoiceFunction, TruncationStrategy
from ..shared import Metadata
from .assistants import AssistantToolParam
from .messages import MessageCreateParams
from .run_steps import RunStepInclude
from .shared import AssistantResponseFormatOptionParam, ChatModel, ReasoningEffort


class AssistantToolChoiceFunctionParam(TypedDict, total=False):
    """A function that the model must call."""

    name: Required[str]
    """Name of the function."""


class AssistantToolChoiceParam(TypedDict, total=False):
    """A tool that the model must use."""

    type: Required[Literal["function", "code_interpreter", "file_search"] | UnknownValue]
    """Kind of tool; for `function` name the function as well."""

    function: AssistantToolChoiceFunctionParam | AssistantToolChoiceFunction
    """The function to call."""


AssistantToolChoiceOptionParam: TypeAlias = (
    Literal["none", "auto", "required"] | UnknownValue | AssistantToolChoiceParam | AssistantToolChoice
)
"""Which tools the model may use. With `none` it uses none, with `auto` it decides, with `required` it uses at least
one; a named tool is used for certain.
"""


class TruncationStrategyParam(TypedDict, total=False):
    """Which messages of a thread the model sees."""

    type: Required[Literal["auto", "last_messages"] | UnknownValue]
    """With `auto` messages in the middle are left out until the rest fits; with `last_messages` only the newest ones
    are read.
    """

    last_messages: int | None
    """Number of newest messages to read, at least 1; for `last_messages`."""


class ToolOutput(TypedDict, total=False):
    """Result of one tool call."""

    tool_call_id: Required[str]
    """Id of the call, from `required_action` of the run."""

    output: str
    """The result, as text for the model."""


class RunCreateParamsBase(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}/runs`, streamed or not."""

    include: Iterable[RunStepInclude]
    """Extra fields to send along with run steps."""

    assistant_id: Required[str]
    """Id of the assistant to run."""

    model: str | ChatModel | None
    """Id of a model to use instead of the assistant's."""

    reasoning_effort: ReasoningEffort | None
    """How much a reasoning model thinks before it answers."""

    instructions: str | None
    """System prompt for this run, instead of the assistant's."""

    additional_instructions: str | None
    """Text to append to the instructions for this run."""

    additional_messages: Iterable[MessageCreateParams] | None
    """Messages to add to the thread before the run starts."""

    tools: Iterable[AssistantToolParam] | None
    """Tools for this run instead of the assistant's, at most 20."""

    metadata: Metadata | None
    """Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    temperature: float | None
    """Randomness of this run, from 0 (focused) to 2 (wild)."""

    top_p: float | None
    """Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not both."""

    max_prompt_tokens: int | None
    """Most prompt tokens for the whole run, at least 256. Beyond it the run ends as `incomplete`."""

    max_completion_tokens: int | None
    """Most completion tokens for the whole run, at least 256. Beyond it the run ends as `incomplete`."""

    truncation_strategy: TruncationStrategyParam | TruncationStrategy | None
    """Which messages of the thread the model sees."""

    tool_choice: AssistantToolChoiceOptionParam | None
    """Which tools the model may or must use."""

    parallel_tool_calls: bool
    """Whether the model may ask for several function calls at once."""

    response_format: AssistantResponseFormatOptionParam | None
    """Form of the answer."""


class RunCreateParamsNonStreaming(RunCreateParamsBase, total=False):
    """Arguments of `POST /threads/{thread_id}/runs`, not streamed."""

    stream: Literal[False] | None
    """Whether to answer with a stream of events while the run works."""


class RunCreateParamsStreaming(RunCreateParamsBase, total=False):
    """Arguments of `POST /threads/{thread_id}/runs`, streamed."""

    stream: Required[Literal[True]]
    """Whether to answer with a stream of events while the run works."""


RunCreateParams: TypeAlias = RunCreateParamsNonStreaming | RunCreateParamsStreaming
"""Arguments of `POST /threads/{thread_id}/runs`."""


class RunUpdateParams(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}/runs/{run_id}`."""

    thread_id: Required[str]
    """Id of the run's thread."""

    metadata: Metadata | None
    """Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class RunListParams(TypedDict, total=False):
    """Arguments of `GET /threads/{thread_id}/runs`."""

    limit: int
    """Runs per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a run; the page starts behind it."""

    before: str
    """Id of a run; the page ends in front of it."""


class RunSubmitToolOutputsParamsBase(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs`, streamed or not."""

    thread_id: Required[str]
    """Id of the run's thread."""

    tool_outputs: Required[Iterable[ToolOutput]]
    """One result for each call."""


class RunSubmitToolOutputsParamsNonStreaming(RunSubmitToolOutputsParamsBase, total=False):
    """Arguments of `POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs`, not streamed."""

    stream: Literal[False] | None
    """Whether to answer with a stream of events while the run goes on."""


class RunSubmitToolOutputsParamsStreaming(RunSubmitToolOutputsParamsBase, total=False):
    """Arguments of `POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs`, streamed."""

    stream: Required[Literal[True]]
    """Whether to answer with a stream of events while the run goes on."""


RunSubmitToolOutputsParams: TypeAlias = RunSubmitToolOutputsParamsNonStreaming | RunSubmitToolOutputsParamsStreaming
"""Arguments of `POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs`."""
