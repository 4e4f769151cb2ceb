"""Parameters: assistants, the tools that they use and the files that are attached to them.

Generated from codegen/specs/v1/assistant_files.yaml, codegen/specs/v1/assistants.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from ...._models import UnknownValue
from ..assistants import CodeInterpreterTool, FunctionTool, RetrievalTool, UnknownAssistantTool
from ..shared import FunctionDefinition, Metadata
from .shared import FunctionDefinitionParam


class CodeInterpreterToolParam(TypedDict, total=False):
    """Lets the model write and run Python in a sandbox."""

    type: Required[Literal["code_interpreter"]]
    """Tag of the code interpreter."""


class RetrievalToolParam(TypedDict, total=False):
    """Lets the model look things up in the attached files."""

    type: Required[Literal["retrieval"]]
    """Tag of retrieval."""


class FunctionToolParam(TypedDict, total=False):
    """Lets the model ask you to call a function of yours."""

    type: Required[Literal["function"]]
    """Tag of a function."""

    function: Required[FunctionDefinitionParam | FunctionDefinition]
    """The function."""


AssistantToolParam: TypeAlias = (
    CodeInterpreterToolParam
    | RetrievalToolParam
    | FunctionToolParam
    | CodeInterpreterTool
    | RetrievalTool
    | FunctionTool
    | UnknownAssistantTool
)
"""A tool of an assistant or a run."""


class AssistantCreateParams(TypedDict, total=False):
    """Arguments of `POST /assistants`."""

    model: Required[str]
    """Id of the model to run on."""

    name: str | None
    """Name of the assistant, at most 256 characters."""

    description: str | None
    """What the assistant is for, at most 512 characters. The model does not see it."""

    instructions: str | None
    """System prompt, at most 32,768 characters."""

    tools: Iterable[AssistantToolParam]
    """Tools that it may use, at most 128."""

    file_ids: list[str]
    """Ids of files that its tools may use, at most 20; upload them with the purpose `assistants`."""

    metadata: Metadata | None
    """Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class AssistantUpdateParams(TypedDict, total=False):
    """Arguments of `POST /assistants/{assistant_id}`."""

    model: str
    """Id of the model to run on."""

    name: str | None
    """Name of the assistant, at most 256 characters."""

    description: str | None
    """What the assistant is for, at most 512 characters. The model does not see it."""

    instructions: str | None
    """System prompt, at most 32,768 characters."""

    tools: Iterable[AssistantToolParam]
    """Tools that it may use, at most 128. The list replaces the one before."""

    file_ids: list[str]
    """Ids of files that its tools may use, at most 20. Files that are no longer listed are detached."""

    metadata: Metadata | None
    """Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


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


class AssistantFileCreateParams(TypedDict, total=False):
    """Arguments of `POST /assistants/{assistant_id}/files`."""

    file_id: Required[str]
    """Id of a file with the purpose `assistants`."""


class AssistantFileListParams(TypedDict, total=False):
    """Arguments of `GET /assistants/{assistant_id}/files`."""

    limit: int
    """Files per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by the time of attaching; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a file; the page starts behind it."""

    before: str
    """Id of a file; the page ends in front of it."""
