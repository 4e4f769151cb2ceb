"""Assistants, the tools that they use and the files that are attached to them.

Generated from codegen/specs/v1/assistant_files.yaml, codegen/specs/v1/assistants.yaml; do not edit.
"""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from ..._models import AnyTag, BaseModel, OneOf, Timestamp, UnknownVariant, as_datetime
from .shared import FunctionDefinition, Metadata


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
