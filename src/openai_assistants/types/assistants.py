"""Assistants and the tools that they use.

Generated from codegen/specs/v2/assistants.yaml; do not edit.
"""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from .._models import AnyTag, BaseModel, OneOf, Timestamp, UnknownVariant, as_datetime
from .shared import AssistantResponseFormatOption, FileSearchRanker, FunctionDefinition, Metadata, ToolResources


class CodeInterpreterTool(BaseModel):
    """Lets the model write and run Python in a sandbox."""

    type: Literal["code_interpreter"]
    """Tag of the code interpreter."""


class FileSearchRankingOptions(BaseModel):
    """How search results are ordered and which are dropped."""

    ranker: FileSearchRanker | None = None
    """Method that orders the results; `auto` if left out."""

    score_threshold: float
    """Results that score less than this are dropped, from 0 (keep all) to 1."""


class FileSearch(BaseModel):
    """Settings of file search."""

    max_num_results: int | None = None
    """Most results that one search may give, from 1 to 50. Left out, it depends on the model (20 for gpt-4 models, 5
    for gpt-3.5-turbo).
    """

    ranking_options: FileSearchRankingOptions | None = None
    """How results are ordered and which are dropped."""


class FileSearchTool(BaseModel):
    """Lets the model search the attached vector stores."""

    type: Literal["file_search"]
    """Tag of file search."""

    file_search: FileSearch | None = None
    """Settings of the search."""


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
    CodeInterpreterTool | FileSearchTool | FunctionTool | UnknownAssistantTool, OneOf("type")
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
    """System prompt, at most 256,000 characters."""

    tools: list[AssistantTool]
    """Tools that it may use, at most 128."""

    tool_resources: ToolResources | None = None
    """Files and vector stores that its tools may use."""

    metadata: Metadata | None = None
    """Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    temperature: float | None = None
    """Randomness of the answers, from 0 (focused) to 2 (wild)."""

    top_p: float | None = None
    """Share of probability from which tokens are drawn, from 0 to 1."""

    response_format: AssistantResponseFormatOption | None = None
    """Form of its answers."""

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
