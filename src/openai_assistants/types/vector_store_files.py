"""Files as members of a vector store.

Generated from codegen/specs/v2/vector_store_files.yaml; do not edit.
"""

from datetime import datetime
from typing import Literal

from .._models import BaseModel, Timestamp, UnknownValue, as_datetime
from .shared import FileChunkingStrategy


class VectorStoreFileLastError(BaseModel):
    """Why a file could not be taken in."""

    code: Literal["server_error", "unsupported_file", "invalid_file"] | UnknownValue
    """Kind of error."""

    message: str
    """Explanation for people."""


class VectorStoreFile(BaseModel):
    """A file as a member of a vector store."""

    id: str
    """Id of the file; the same as that of the uploaded file."""

    object: Literal["vector_store.file"]
    """Names the kind of object."""

    usage_bytes: int
    """Bytes that it takes up in the vector store, not the size of the uploaded file."""

    created_at: Timestamp
    """When it was put in, in Unix seconds."""

    vector_store_id: str
    """Id of the vector store."""

    status: Literal["in_progress", "completed", "cancelled", "failed"] | UnknownValue
    """How far the server is with the file; once it is `completed`, search finds it."""

    last_error: VectorStoreFileLastError | None = None
    """Why the file could not be taken in; null unless that happened."""

    chunking_strategy: FileChunkingStrategy | None = None
    """How it was cut into chunks."""

    attributes: dict[str, str | int | float | bool] | None = None
    """Your attributes of the file. At most 16 entries. Keys up to 64 characters."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)


class VectorStoreFileDeleted(BaseModel):
    """Confirms that a file was taken out of a vector store."""

    id: str
    """Id of the file."""

    object: Literal["vector_store.file.deleted"]
    """Names the kind of object."""

    deleted: bool
    """Whether it was taken out."""


class FileContentResponse(BaseModel):
    """A piece of the text of a file."""

    type: str | None = None
    """Kind of content; so far always `text`."""

    text: str | None = None
    """The text itself."""
