"""Parameters of shared, assistants.

Generated from codegen/specs/v2/assistants.yaml, codegen/specs/v2/shared.yaml, codegen/specs/v2/vector_stores.yaml; do
not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from .._models import UnknownValue
from .assistants import (
    CodeInterpreterTool,
    FileSearch,
    FileSearchRankingOptions,
    FileSearchTool,
    FunctionTool,
    UnknownAssistantTool,
)
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
