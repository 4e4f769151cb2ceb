"""Parameters: assistants and the tools that they use.

Generated from codegen/specs/v2/assistants.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from ..._models import UnknownValue
from ..assistants import (
    CodeInterpreterTool,
    FileSearch,
    FileSearchRankingOptions,
    FileSearchTool,
    FunctionTool,
    UnknownAssistantTool,
)
from ..shared import FunctionDefinition, Metadata, ToolResources
from .shared import (
    AssistantResponseFormatOptionParam,
    ChatModel,
    FileSearchRanker,
    FunctionDefinitionParam,
    NewToolResourcesParam,
    ReasoningEffort,
    ToolResourcesParam,
)


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
