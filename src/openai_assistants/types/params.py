"""Parameters of the API's methods, one topic after the other.

Generated from codegen/specs/v2/assistants.yaml, codegen/specs/v2/batches.yaml, codegen/specs/v2/file_batches.yaml,
codegen/specs/v2/files.yaml, codegen/specs/v2/messages.yaml, codegen/specs/v2/run_steps.yaml,
codegen/specs/v2/runs.yaml, codegen/specs/v2/shared.yaml, codegen/specs/v2/threads.yaml, codegen/specs/v2/uploads.yaml,
codegen/specs/v2/vector_store_files.yaml, codegen/specs/v2/vector_stores.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from .._files import FileTypes
from .._models import UnknownValue
from .assistants import (
    CodeInterpreterTool,
    FileSearch,
    FileSearchRankingOptions,
    FileSearchTool,
    FunctionTool,
    UnknownAssistantTool,
)
from .messages import (
    AttachmentToolFileSearch,
    ImageFile,
    ImageFileContentBlock,
    ImageURL,
    ImageURLContentBlock,
    MessageAttachment,
    UnknownAttachmentTool,
)
from .runs import AssistantToolChoice, AssistantToolChoiceFunction, TruncationStrategy
from .shared import (
    ComparisonFilter,
    CompoundFilter,
    FunctionDefinition,
    FunctionParameters,
    JSONSchema,
    Metadata,
    ResponseFormatJSONObject,
    ResponseFormatJSONSchema,
    ResponseFormatText,
    StaticFileChunkingStrategy,
    StaticFileChunkingStrategyObject,
    ToolResources,
    ToolResourcesCodeInterpreter,
    ToolResourcesFileSearch,
    UnknownAttributeFilter,
    UnknownResponseFormat,
)
from .vector_stores import VectorStoreExpiresAfter

# ---- shared ----------------------------------------------------------------------------------------------------------

ChatModel: TypeAlias = (
    Literal[
        "gpt-5",
        "gpt-5-mini",
        "gpt-5-nano",
        "gpt-5-2025-08-07",
        "gpt-5-mini-2025-08-07",
        "gpt-5-nano-2025-08-07",
        "gpt-4.1",
        "gpt-4.1-mini",
        "gpt-4.1-nano",
        "gpt-4.1-2025-04-14",
        "gpt-4.1-mini-2025-04-14",
        "gpt-4.1-nano-2025-04-14",
        "o3-mini",
        "o3-mini-2025-01-31",
        "o1",
        "o1-2024-12-17",
        "gpt-4o",
        "gpt-4o-2024-11-20",
        "gpt-4o-2024-08-06",
        "gpt-4o-2024-05-13",
        "gpt-4o-mini",
        "gpt-4o-mini-2024-07-18",
        "gpt-4.5-preview",
        "gpt-4.5-preview-2025-02-27",
        "gpt-4-turbo",
        "gpt-4-turbo-2024-04-09",
        "gpt-4-0125-preview",
        "gpt-4-turbo-preview",
        "gpt-4-1106-preview",
        "gpt-4-vision-preview",
        "gpt-4",
        "gpt-4-0314",
        "gpt-4-0613",
        "gpt-4-32k",
        "gpt-4-32k-0314",
        "gpt-4-32k-0613",
        "gpt-3.5-turbo",
        "gpt-3.5-turbo-16k",
        "gpt-3.5-turbo-0613",
        "gpt-3.5-turbo-1106",
        "gpt-3.5-turbo-0125",
        "gpt-3.5-turbo-16k-0613",
    ]
    | UnknownValue
)
"""Model names known for assistants. Every other string is accepted as well; the server decides."""


ReasoningEffort: TypeAlias = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | UnknownValue
"""How much a reasoning model thinks before it answers. Less is faster and cheaper; not every model knows every level.
"""


class ResponseFormatTextParam(TypedDict, total=False):
    """Free text."""

    type: Required[Literal["text"]]
    """Tag of plain text."""


class ResponseFormatJSONObjectParam(TypedDict, total=False):
    """Any valid JSON object. Prefer `json_schema` where the model supports it."""

    type: Required[Literal["json_object"]]
    """Tag of JSON mode."""


class JSONSchemaParam(TypedDict, total=False):
    """A named JSON Schema for the model's answer."""

    name: Required[str]
    """Name of the format. Letters, digits, underscores and dashes, at most 64 characters."""

    description: str
    """What the format is for; helps the model to fill it."""

    schema: dict[str, object]
    """The JSON Schema itself."""

    strict: bool | None
    """Whether the answer must match the schema exactly. Strict mode allows only a part of JSON Schema."""


class ResponseFormatJSONSchemaParam(TypedDict, total=False):
    """JSON that follows a schema of yours."""

    type: Required[Literal["json_schema"]]
    """Tag of JSON by schema."""

    json_schema: Required[JSONSchemaParam | JSONSchema]
    """The schema and how strictly it is followed."""


AssistantResponseFormatOptionParam: TypeAlias = (
    Literal["auto"]
    | UnknownValue
    | ResponseFormatTextParam
    | ResponseFormatJSONObjectParam
    | ResponseFormatJSONSchemaParam
    | ResponseFormatText
    | ResponseFormatJSONObject
    | ResponseFormatJSONSchema
    | UnknownResponseFormat
)
"""Form of the model's text. `auto` leaves the choice to the model; for either JSON form the instructions must ask for
JSON as well.
"""


class AutoFileChunkingStrategyParam(TypedDict, total=False):
    """Let the server choose; at present chunks of 800 tokens that overlap by 400."""

    type: Required[Literal["auto"]]
    """Tag of the server's choice."""


class StaticFileChunkingStrategyParam(TypedDict, total=False):
    """Sizes of chunks, in tokens."""

    max_chunk_size_tokens: Required[int]
    """Largest chunk in tokens, from 100 to 4096. The server's own choice is 800."""

    chunk_overlap_tokens: Required[int]
    """Tokens that neighbouring chunks share, at most half of the largest chunk. The server's own choice is 400."""


class StaticFileChunkingStrategyObjectParam(TypedDict, total=False):
    """Chunks of sizes that were set."""

    type: Required[Literal["static"]]
    """Tag of fixed sizes."""

    static: Required[StaticFileChunkingStrategyParam | StaticFileChunkingStrategy]
    """The sizes."""


FileChunkingStrategyParam: TypeAlias = (
    AutoFileChunkingStrategyParam | StaticFileChunkingStrategyObjectParam | StaticFileChunkingStrategyObject
)
"""How files are cut into chunks for search."""


class ComparisonFilterParam(TypedDict, total=False):
    """Compares one attribute of a file with a value."""

    type: Required[Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]]
    """The comparison. `in` and `nin` take an array, one of whose values the attribute must or must not equal."""

    key: Required[str]
    """Name of the attribute."""

    value: Required[str | float | bool | Iterable[str | float]]
    """What to compare it with."""


class CompoundFilterParam(TypedDict, total=False):
    """Joins filters, which may be joined ones themselves."""

    type: Required[Literal["and", "or"]]
    """Whether a file must pass all filters or at least one."""

    filters: Required["Iterable[AttributeFilterParam]"]
    """The filters to join."""


AttributeFilterParam: TypeAlias = (
    ComparisonFilterParam | CompoundFilterParam | ComparisonFilter | CompoundFilter | UnknownAttributeFilter
)
"""A condition on the attributes of files."""


FileSearchRanker: TypeAlias = Literal["auto", "default_2024_08_21"] | UnknownValue
"""Method that orders the search results. `auto` is the newest one."""


class FunctionDefinitionParam(TypedDict, total=False):
    """A function that the model may ask you to call."""

    name: Required[str]
    """Name that the model calls it by. Letters, digits, underscores and dashes, at most 64 characters."""

    description: str
    """What the function does; the model reads this to decide when to call it."""

    parameters: FunctionParameters
    """JSON Schema of the arguments. Without it the function takes none."""

    strict: bool | None
    """Whether the arguments must match the schema exactly. Strict mode allows only a part of JSON Schema."""


class ToolResourcesCodeInterpreterParam(TypedDict, total=False):
    """Files for the code interpreter."""

    file_ids: list[str]
    """Ids of the files it can read, at most 20."""


class ToolResourcesFileSearchParam(TypedDict, total=False):
    """The vector store that file search looks in."""

    vector_store_ids: list[str]
    """Id of the vector store, at most one."""


class ToolResourcesParam(TypedDict, total=False):
    """Files and vector stores that the tools may use."""

    code_interpreter: ToolResourcesCodeInterpreterParam | ToolResourcesCodeInterpreter
    """What the code interpreter may use."""

    file_search: ToolResourcesFileSearchParam | ToolResourcesFileSearch
    """What file search may use."""


class NewVectorStoreParam(TypedDict, total=False):
    """A vector store to be created together with its assistant or thread."""

    file_ids: list[str]
    """Ids of the files to put in, at most 100,000,000 (10,000 on servers from before November 2025)."""

    chunking_strategy: FileChunkingStrategyParam
    """How the files are cut into chunks; `auto` if left out."""

    metadata: Metadata | None
    """Notes to keep with the vector store. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
    """


class NewToolResourcesFileSearchParam(TypedDict, total=False):
    """The vector store that file search looks in; name an existing one or describe a new one, not both."""

    vector_store_ids: list[str]
    """Id of an existing vector store, at most one."""

    vector_stores: Iterable[NewVectorStoreParam]
    """A vector store to create and attach, at most one."""


class NewToolResourcesParam(TypedDict, total=False):
    """Files and vector stores for the tools of a new assistant or thread. A vector store can be created on the way."""

    code_interpreter: ToolResourcesCodeInterpreterParam | ToolResourcesCodeInterpreter
    """What the code interpreter may use."""

    file_search: NewToolResourcesFileSearchParam | ToolResourcesFileSearch
    """What file search may use."""


# ---- assistants ------------------------------------------------------------------------------------------------------


class CodeInterpreterToolParam(TypedDict, total=False):
    """Lets the model write and run Python in a sandbox."""

    type: Required[Literal["code_interpreter"]]
    """Tag of the code interpreter."""


class FileSearchRankingOptionsParam(TypedDict, total=False):
    """How search results are ordered and which are dropped."""

    ranker: FileSearchRanker
    """Method that orders the results; `auto` if left out."""

    score_threshold: Required[float]
    """Results that score less than this are dropped, from 0 (keep all) to 1."""


class FileSearchParam(TypedDict, total=False):
    """Settings of file search."""

    max_num_results: int
    """Most results that one search may give, from 1 to 50. Left out, it depends on the model (20 for gpt-4 models, 5
    for gpt-3.5-turbo).
    """

    ranking_options: FileSearchRankingOptionsParam | FileSearchRankingOptions
    """How results are ordered and which are dropped."""


class FileSearchToolParam(TypedDict, total=False):
    """Lets the model search the attached vector stores."""

    type: Required[Literal["file_search"]]
    """Tag of file search."""

    file_search: FileSearchParam | FileSearch
    """Settings of the search."""


class FunctionToolParam(TypedDict, total=False):
    """Lets the model ask you to call a function of yours."""

    type: Required[Literal["function"]]
    """Tag of a function."""

    function: Required[FunctionDefinitionParam | FunctionDefinition]
    """The function."""


AssistantToolParam: TypeAlias = (
    CodeInterpreterToolParam
    | FileSearchToolParam
    | FunctionToolParam
    | CodeInterpreterTool
    | FileSearchTool
    | FunctionTool
    | UnknownAssistantTool
)
"""A tool of an assistant or a run."""


class AssistantCreateParams(TypedDict, total=False):
    """Arguments of `POST /assistants`."""

    model: Required[str | ChatModel]
    """Id of the model to run on."""

    name: str | None
    """Name of the assistant, at most 256 characters."""

    description: str | None
    """What the assistant is for, at most 512 characters. The model does not see it."""

    instructions: str | None
    """System prompt, at most 256,000 characters."""

    reasoning_effort: ReasoningEffort | None
    """How much a reasoning model thinks before it answers."""

    tools: Iterable[AssistantToolParam]
    """Tools that it may use, at most 128."""

    tool_resources: NewToolResourcesParam | ToolResources | None
    """Files and vector stores that its tools may use."""

    metadata: Metadata | None
    """Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    temperature: float | None
    """Randomness of the answers, from 0 (focused) to 2 (wild)."""

    top_p: float | None
    """Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not both."""

    response_format: AssistantResponseFormatOptionParam | None
    """Form of its answers."""


class AssistantUpdateParams(TypedDict, total=False):
    """Arguments of `POST /assistants/{assistant_id}`."""

    model: str | ChatModel
    """Id of the model to run on."""

    reasoning_effort: ReasoningEffort | None
    """How much a reasoning model thinks before it answers."""

    name: str | None
    """Name of the assistant, at most 256 characters."""

    description: str | None
    """What the assistant is for, at most 512 characters. The model does not see it."""

    instructions: str | None
    """System prompt, at most 256,000 characters."""

    tools: Iterable[AssistantToolParam]
    """Tools that it may use, at most 128. The list replaces the one before."""

    tool_resources: ToolResourcesParam | ToolResources | None
    """Files and vector stores that its tools may use. Ids replace those before."""

    metadata: Metadata | None
    """Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    temperature: float | None
    """Randomness of the answers, from 0 (focused) to 2 (wild)."""

    top_p: float | None
    """Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not both."""

    response_format: AssistantResponseFormatOptionParam | None
    """Form of its answers."""


class AssistantListParams(TypedDict, total=False):
    """Arguments of `GET /assistants`."""

    limit: int
    """Assistants per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of an assistant; the page starts behind it."""

    before: str
    """Id of an assistant; the page ends in front of it."""


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


# ---- files -----------------------------------------------------------------------------------------------------------

FilePurpose: TypeAlias = Literal["assistants", "batch", "fine-tune", "vision", "user_data", "evals"] | UnknownValue
"""What an uploaded file is for."""


class FileExpiresAfterParam(TypedDict, total=False):
    """A time after which a file is deleted."""

    anchor: Required[Literal["created_at"] | UnknownValue]
    """Time from which the seconds count."""

    seconds: Required[int]
    """Seconds from the anchor to the end of the file, from 3600 (an hour) to 2592000 (30 days)."""


class FileCreateParams(TypedDict, total=False):
    """Arguments of `POST /files`."""

    file: Required[FileTypes]
    """The content, with its file name."""

    purpose: Required[FilePurpose]
    """What the file is for. Use `assistants` for tools and `vision` for images in messages."""

    expires_after: FileExpiresAfterParam
    """When the file is to be deleted by itself. Left out, `batch` files live for 30 days and all others until you
    delete them.
    """


class FileListParams(TypedDict, total=False):
    """Arguments of `GET /files`."""

    purpose: str
    """Only files with this purpose."""

    limit: int
    """Files per page, from 1 to 10,000. Default: 10,000."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a file; the page starts behind it."""


# ---- vector_stores ---------------------------------------------------------------------------------------------------


class VectorStoreExpiresAfterParam(TypedDict, total=False):
    """A rule that lets a vector store expire when nobody uses it."""

    anchor: Required[Literal["last_active_at"] | UnknownValue]
    """Time from which the days count."""

    days: Required[int]
    """Days from the anchor to the end of the vector store, from 1 to 365."""


class VectorStoreSearchRankingOptionsParam(TypedDict, total=False):
    """How search results are ranked."""

    ranker: Literal["none", "auto", "default-2024-11-15"] | UnknownValue
    """Method that puts the results in order. `none` leaves that step out, which is faster."""

    score_threshold: float
    """Lowest score that is returned, from 0 (everything) to 1."""


class VectorStoreCreateParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores`."""

    file_ids: list[str]
    """Ids of the files to put in, at most 500. More can follow later."""

    name: str
    """A name for people."""

    description: str
    """What the vector store is for."""

    expires_after: VectorStoreExpiresAfterParam | VectorStoreExpiresAfter
    """When it is to expire by itself. Left out, it stays until you delete it."""

    chunking_strategy: FileChunkingStrategyParam
    """How the files in `file_ids` are cut into chunks; `auto` if left out."""

    metadata: Metadata | None
    """Notes to keep with the vector store. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
    """


class VectorStoreUpdateParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores/{vector_store_id}`."""

    name: str | None
    """Its new name."""

    expires_after: VectorStoreExpiresAfterParam | VectorStoreExpiresAfter | None
    """When it is to expire by itself; null for never."""

    metadata: Metadata | None
    """Notes to keep instead of those so far. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
    """


class VectorStoreListParams(TypedDict, total=False):
    """Arguments of `GET /vector_stores`."""

    limit: int
    """Vector stores per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a vector store; the page starts behind it."""

    before: str
    """Id of a vector store; the page ends in front of it."""


class VectorStoreSearchParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores/{vector_store_id}/search`."""

    query: Required[str | list[str]]
    """The question, or several questions that are searched together."""

    rewrite_query: bool
    """Whether the server may put the question into words that search better."""

    max_num_results: int
    """How many results to return at most, from 1 to 50. The server's own choice is 10."""

    filters: AttributeFilterParam
    """Look only in files whose attributes pass this filter."""

    ranking_options: VectorStoreSearchRankingOptionsParam
    """How results are ordered, and which are too weak to return."""


# ---- vector_store_files ----------------------------------------------------------------------------------------------


class VectorStoreFileCreateParams(TypedDict, total=False):
    """An uploaded file to put into a vector store."""

    file_id: Required[str]
    """Id of the uploaded file."""

    chunking_strategy: FileChunkingStrategyParam
    """How the file is cut into chunks; `auto` if left out."""

    attributes: dict[str, str | int | float | bool] | None
    """Attributes to give the file, to filter searches by. Values are strings (up to 512 characters), numbers or
    booleans. At most 16 entries. Keys up to 64 characters.
    """


class VectorStoreFileUpdateParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores/{vector_store_id}/files/{file_id}`."""

    vector_store_id: Required[str]
    """Id of the file's vector store."""

    attributes: Required[dict[str, str | int | float | bool] | None]
    """Attributes to have instead of those so far. Values are strings (up to 512 characters), numbers or booleans. At
    most 16 entries. Keys up to 64 characters.
    """


class VectorStoreFileListParams(TypedDict, total=False):
    """Arguments of `GET /vector_stores/{vector_store_id}/files`."""

    limit: int
    """Files per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a file; the page starts behind it."""

    before: str
    """Id of a file; the page ends in front of it."""

    filter: Literal["in_progress", "completed", "failed", "cancelled"] | UnknownValue
    """Only files with this status."""


# ---- file_batches ----------------------------------------------------------------------------------------------------


class FileBatchCreateParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores/{vector_store_id}/file_batches`."""

    file_ids: list[str]
    """Ids of the uploaded files, from 1 to 2000. Either these or `files`."""

    files: Iterable[VectorStoreFileCreateParams]
    """The uploaded files, from 1 to 2000, each with attributes and chunking of its own; those of the batch do not count
    for them. Either these or `file_ids`.
    """

    chunking_strategy: FileChunkingStrategyParam
    """How the files in `file_ids` are cut into chunks; `auto` if left out."""

    attributes: dict[str, str | int | float | bool] | None
    """Attributes to give to each file in `file_ids`. Values are strings (up to 512 characters), numbers or booleans. At
    most 16 entries. Keys up to 64 characters.
    """


class FileBatchListFilesParams(TypedDict, total=False):
    """Arguments of `GET /vector_stores/{vector_store_id}/file_batches/{batch_id}/files`."""

    vector_store_id: Required[str]
    """Id of the batch's vector store."""

    limit: int
    """Files per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a file; the page starts behind it."""

    before: str
    """Id of a file; the page ends in front of it."""

    filter: Literal["in_progress", "completed", "failed", "cancelled"] | UnknownValue
    """Only files with this status."""


# ---- uploads ---------------------------------------------------------------------------------------------------------


class UploadCreateParams(TypedDict, total=False):
    """Arguments of `POST /uploads`."""

    filename: Required[str]
    """Name of the file."""

    purpose: Required[FilePurpose]
    """What the file is for; the same words as for files that are uploaded whole."""

    bytes: Required[int]
    """Size of the whole file in bytes."""

    mime_type: Required[str]
    """Media type of the file, such as `application/pdf`. It must be one that the purpose allows."""

    expires_after: FileExpiresAfterParam
    """When the file is to be deleted by itself. Left out, `batch` files live for 30 days and all others until you
    delete them.
    """


class UploadCompleteParams(TypedDict, total=False):
    """Arguments of `POST /uploads/{upload_id}/complete`."""

    part_ids: Required[list[str]]
    """Ids of the parts, in the order in which they make the file."""

    md5: str
    """MD5 checksum of the whole file in hexadecimal; the server refuses a file that does not match."""


class PartCreateParams(TypedDict, total=False):
    """Arguments of `POST /uploads/{upload_id}/parts`."""

    data: Required[FileTypes]
    """The bytes of the part."""


# ---- batches ---------------------------------------------------------------------------------------------------------


class BatchFileExpiresAfterParam(TypedDict, total=False):
    """A time after which the files that a batch makes are deleted."""

    anchor: Required[Literal["created_at"] | UnknownValue]
    """Time from which the seconds count, that of the file and not that of the batch."""

    seconds: Required[int]
    """Seconds from the anchor to the end of the file, from 3600 (an hour) to 2592000 (30 days)."""


class BatchCreateParams(TypedDict, total=False):
    """Arguments of `POST /batches`."""

    input_file_id: Required[str]
    """Id of an uploaded file with the purpose `batch`, one request as JSON on each line; up to 50,000 requests and 200
    MB.
    """

    endpoint: Required[
        Literal[
            "/v1/responses",
            "/v1/chat/completions",
            "/v1/embeddings",
            "/v1/completions",
            "/v1/moderations",
            "/v1/images/generations",
            "/v1/images/edits",
            "/v1/videos",
        ]
        | UnknownValue
    ]
    """Path that all the requests go to. Those to `/v1/embeddings` may have 50,000 inputs all together."""

    completion_window: Required[Literal["24h"] | UnknownValue]
    """Time in which it should be done; so far always `24h`."""

    metadata: Metadata | None
    """Notes to keep with the batch. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    output_expires_after: BatchFileExpiresAfterParam
    """When the files with answers and errors are to be deleted by themselves."""


class BatchListParams(TypedDict, total=False):
    """Arguments of `GET /batches`."""

    limit: int
    """Batches per page, from 1 to 100. Default: 20."""

    after: str
    """Id of a batch; the page starts behind it."""
