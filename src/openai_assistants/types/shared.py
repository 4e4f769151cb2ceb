"""What several topics use.

Generated from codegen/specs/v2/shared.yaml, codegen/specs/v2/vector_stores.yaml; do not edit.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from .._models import AnyTag, BaseModel, OneOf, UnknownValue, UnknownVariant

Metadata: TypeAlias = dict[str, str]
"""Your own notes on an object, as a map of strings. At most 16 entries, keys up to 64 characters, values up to 512."""


FileContent: TypeAlias = str
"""The content of a file as text."""


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


FunctionParameters: TypeAlias = dict[str, object]
"""A JSON Schema object that describes the arguments of a function."""


class ResponseFormatText(BaseModel):
    """Free text."""

    type: Literal["text"]
    """Tag of plain text."""


class ResponseFormatJSONObject(BaseModel):
    """Any valid JSON object. Prefer `json_schema` where the model supports it."""

    type: Literal["json_object"]
    """Tag of JSON mode."""


class JSONSchema(BaseModel):
    """A named JSON Schema for the model's answer."""

    name: str
    """Name of the format. Letters, digits, underscores and dashes, at most 64 characters."""

    description: str | None = None
    """What the format is for; helps the model to fill it."""

    schema_: dict[str, object] | None = Field(default=None, alias="schema")
    """The JSON Schema itself."""

    strict: bool | None = None
    """Whether the answer must match the schema exactly. Strict mode allows only a part of JSON Schema."""


class ResponseFormatJSONSchema(BaseModel):
    """JSON that follows a schema of yours."""

    type: Literal["json_schema"]
    """Tag of JSON by schema."""

    json_schema: JSONSchema
    """The schema and how strictly it is followed."""


class UnknownResponseFormat(UnknownVariant):
    """A member of `AssistantResponseFormatOption` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


AssistantResponseFormatOption: TypeAlias = Annotated[
    Literal["auto"]
    | UnknownValue
    | ResponseFormatText
    | ResponseFormatJSONObject
    | ResponseFormatJSONSchema
    | UnknownResponseFormat,
    OneOf("type"),
]
"""Form of the model's text. `auto` leaves the choice to the model; for either JSON form the instructions must ask for
JSON as well.
"""


class StaticFileChunkingStrategy(BaseModel):
    """Sizes of chunks, in tokens."""

    max_chunk_size_tokens: int
    """Largest chunk in tokens, from 100 to 4096. The server's own choice is 800."""

    chunk_overlap_tokens: int
    """Tokens that neighbouring chunks share, at most half of the largest chunk. The server's own choice is 400."""


class StaticFileChunkingStrategyObject(BaseModel):
    """Chunks of sizes that were set."""

    type: Literal["static"]
    """Tag of fixed sizes."""

    static: StaticFileChunkingStrategy
    """The sizes."""


class OtherFileChunkingStrategyObject(BaseModel):
    """Says that the way is not known, because the file was put in before there was a choice."""

    type: Literal["other"]
    """Tag of an unknown way."""


class UnknownFileChunkingStrategy(UnknownVariant):
    """A member of `FileChunkingStrategy` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


FileChunkingStrategy: TypeAlias = Annotated[
    StaticFileChunkingStrategyObject | OtherFileChunkingStrategyObject | UnknownFileChunkingStrategy, OneOf("type")
]
"""How a file was cut into chunks for search."""


class ComparisonFilter(BaseModel):
    """Compares one attribute of a file with a value."""

    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]
    """The comparison. `in` and `nin` take an array, one of whose values the attribute must or must not equal."""

    key: str
    """Name of the attribute."""

    value: str | float | bool | list[str | float]
    """What to compare it with."""


class CompoundFilter(BaseModel):
    """Joins filters, which may be joined ones themselves."""

    type: Literal["and", "or"]
    """Whether a file must pass all filters or at least one."""

    filters: "list[AttributeFilter]"
    """The filters to join."""


class UnknownAttributeFilter(UnknownVariant):
    """A member of `AttributeFilter` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


AttributeFilter: TypeAlias = Annotated[ComparisonFilter | CompoundFilter | UnknownAttributeFilter, OneOf("type")]
"""A condition on the attributes of files."""


FileSearchRanker: TypeAlias = Literal["auto", "default_2024_08_21"] | UnknownValue
"""Method that orders the search results. `auto` is the newest one."""


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

    strict: bool | None = None
    """Whether the arguments must match the schema exactly. Strict mode allows only a part of JSON Schema."""


class ToolResourcesCodeInterpreter(BaseModel):
    """Files for the code interpreter."""

    file_ids: list[str] | None = None
    """Ids of the files it can read, at most 20."""


class ToolResourcesFileSearch(BaseModel):
    """The vector store that file search looks in."""

    vector_store_ids: list[str] | None = None
    """Id of the vector store, at most one."""


class ToolResources(BaseModel):
    """Files and vector stores that the tools may use."""

    code_interpreter: ToolResourcesCodeInterpreter | None = None
    """What the code interpreter may use."""

    file_search: ToolResourcesFileSearch | None = None
    """What file search may use."""
