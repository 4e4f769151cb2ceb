"""Parameters of threads, messages, runs, run_steps.

Generated from codegen/specs/v2/messages.yaml, codegen/specs/v2/run_steps.yaml, codegen/specs/v2/runs.yaml,
codegen/specs/v2/threads.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from .._models import UnknownValue
from .assistants import CodeInterpreterTool
from .assistants_params import (
    AssistantResponseFormatOptionParam,
    AssistantToolParam,
    ChatModel,
    CodeInterpreterToolParam,
    NewToolResourcesParam,
    ReasoningEffort,
    ToolResourcesParam,
)
from .runs import AssistantToolChoice, AssistantToolChoiceFunction, TruncationStrategy
from .shared import Metadata, ToolResources
from .threads import (
    AttachmentToolFileSearch,
    ImageFile,
    ImageFileContentBlock,
    ImageURL,
    ImageURLContentBlock,
    MessageAttachment,
    UnknownAttachmentTool,
)

# ---- messages --------------------------------------------------------------------------------------------------------


class AttachmentToolFileSearchParam(TypedDict, total=False):
    """File search, without settings."""

    type: Required[Literal["file_search"]]
    """Tag of file search."""


AttachmentToolParam: TypeAlias = (
    CodeInterpreterToolParam
    | AttachmentToolFileSearchParam
    | CodeInterpreterTool
    | AttachmentToolFileSearch
    | UnknownAttachmentTool
)
"""A tool that may use an attached file."""


class ImageFileParam(TypedDict, total=False):
    """Which file holds the image and how closely to look at it."""

    file_id: Required[str]
    """Id of the file; upload it with the purpose `vision`."""

    detail: Literal["auto", "low", "high"] | UnknownValue
    """How closely the model looks; `low` uses fewer tokens."""


class ImageFileContentBlockParam(TypedDict, total=False):
    """An image that is stored as a file."""

    type: Required[Literal["image_file"]]
    """Tag of a stored image."""

    image_file: Required[ImageFileParam | ImageFile]
    """The image."""


class ImageURLParam(TypedDict, total=False):
    """Where the image is and how closely to look at it."""

    url: Required[str]
    """Address of the image; jpeg, png, gif or webp."""

    detail: Literal["auto", "low", "high"] | UnknownValue
    """How closely the model looks; `low` uses fewer tokens."""


class ImageURLContentBlockParam(TypedDict, total=False):
    """An image on the web."""

    type: Required[Literal["image_url"]]
    """Tag of an image on the web."""

    image_url: Required[ImageURLParam | ImageURL]
    """The image."""


class TextContentBlockParam(TypedDict, total=False):
    """Text to send."""

    type: Required[Literal["text"]]
    """Tag of text."""

    text: Required[str]
    """The text itself."""


MessageContentPartParam: TypeAlias = (
    ImageFileContentBlockParam
    | ImageURLContentBlockParam
    | TextContentBlockParam
    | ImageFileContentBlock
    | ImageURLContentBlock
)
"""One part of a message to send."""


class MessageAttachmentParam(TypedDict, total=False):
    """A file to give to tools along with a message."""

    file_id: Required[str]
    """Id of the file."""

    tools: Required[Iterable[AttachmentToolParam]]
    """Tools that may use the file."""


class MessageCreateParams(TypedDict, total=False):
    """A message to add to a thread."""

    role: Required[Literal["user", "assistant"] | UnknownValue]
    """Who speaks; `user` for people, `assistant` to put words into the assistant's mouth."""

    content: Required[str | Iterable[MessageContentPartParam]]
    """The text, or a list of text and image parts. Images need a model that can see."""

    attachments: Iterable[MessageAttachmentParam | MessageAttachment] | None
    """Files to give to tools along with the message."""

    metadata: Metadata | None
    """Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class MessageUpdateParams(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}/messages/{message_id}`."""

    thread_id: Required[str]
    """Id of the message's thread."""

    metadata: Metadata | None
    """Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class MessageListParams(TypedDict, total=False):
    """Arguments of `GET /threads/{thread_id}/messages`."""

    limit: int
    """Messages per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a message; the page starts behind it."""

    before: str
    """Id of a message; the page ends in front of it."""

    run_id: str
    """Id of a run; only the messages that it wrote."""


# ---- run_steps -------------------------------------------------------------------------------------------------------

RunStepInclude: TypeAlias = Literal["step_details.tool_calls[*].file_search.results[*].content"] | UnknownValue
"""An extra field of run steps. There is one at present, the text of file search results."""


class StepRetrieveParams(TypedDict, total=False):
    """Arguments of `GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}`."""

    thread_id: Required[str]
    """Id of the run's thread."""

    run_id: Required[str]
    """Id of the run."""

    include: Iterable[RunStepInclude]
    """Extra fields to send along."""


class StepListParams(TypedDict, total=False):
    """Arguments of `GET /threads/{thread_id}/runs/{run_id}/steps`."""

    thread_id: Required[str]
    """Id of the run's thread."""

    limit: int
    """Steps per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a step; the page starts behind it."""

    before: str
    """Id of a step; the page ends in front of it."""

    include: Iterable[RunStepInclude]
    """Extra fields to send along."""


# ---- runs ------------------------------------------------------------------------------------------------------------


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


# ---- threads ---------------------------------------------------------------------------------------------------------


class ThreadCreateParams(TypedDict, total=False):
    """A thread to create."""

    messages: Iterable[MessageCreateParams]
    """Messages to start with, oldest first."""

    tool_resources: NewToolResourcesParam | ToolResources | None
    """Files and vector stores that tools may use on this thread."""

    metadata: Metadata | None
    """Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class ThreadUpdateParams(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}`."""

    tool_resources: ToolResourcesParam | ToolResources | None
    """Files and vector stores that tools may use on this thread. Ids replace those before."""

    metadata: Metadata | None
    """Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class ThreadCreateAndRunParamsBase(TypedDict, total=False):
    """Arguments of `POST /threads/runs`, streamed or not."""

    assistant_id: Required[str]
    """Id of the assistant to run."""

    thread: ThreadCreateParams
    """The thread to create; an empty one if left out."""

    model: str | ChatModel | None
    """Id of a model to use instead of the assistant's."""

    instructions: str | None
    """System prompt for this run, instead of the assistant's."""

    tools: Iterable[AssistantToolParam] | None
    """Tools for this run instead of the assistant's, at most 20."""

    tool_resources: ToolResourcesParam | ToolResources | None
    """Files and vector stores for the tools of this run, instead of the assistant's."""

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


class ThreadCreateAndRunParamsNonStreaming(ThreadCreateAndRunParamsBase, total=False):
    """Arguments of `POST /threads/runs`, not streamed."""

    stream: Literal[False] | None
    """Whether to answer with a stream of events while the run works."""


class ThreadCreateAndRunParamsStreaming(ThreadCreateAndRunParamsBase, total=False):
    """Arguments of `POST /threads/runs`, streamed."""

    stream: Required[Literal[True]]
    """Whether to answer with a stream of events while the run works."""


ThreadCreateAndRunParams: TypeAlias = ThreadCreateAndRunParamsNonStreaming | ThreadCreateAndRunParamsStreaming
"""Arguments of `POST /threads/runs`."""
