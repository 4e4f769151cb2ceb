"""Vector stores, and what searching them gives. Files as members of a vector store. File batches, which put many files
into a vector store at once.

Generated from codegen/specs/v2/file_batches.yaml, codegen/specs/v2/vector_store_files.yaml,
codegen/specs/v2/vector_stores.yaml; do not edit.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from .._lazy import lazy_exports
from .._models import BaseModel, Timestamp, UnknownValue, as_datetime
from .shared import FileChunkingStrategy, Metadata

if TYPE_CHECKING:
    from .files_params import (
        FileBatchCreateParams as FileBatchCreateParams,
        FileBatchListFilesParams as FileBatchListFilesParams,
        VectorStoreFileCreateParams,
        VectorStoreFileListParams,
        VectorStoreFileUpdateParams,
    )

    FileCreateParams: TypeAlias = VectorStoreFileCreateParams
    FileListParams: TypeAlias = VectorStoreFileListParams
    FileUpdateParams: TypeAlias = VectorStoreFileUpdateParams


# ---- vector_stores ---------------------------------------------------------------------------------------------------


class FileCounts(BaseModel):
    """Numbers of files, by how far the server is with them."""

    in_progress: int
    """Files that are being worked on."""

    completed: int
    """Files that can be searched."""

    failed: int
    """Files that could not be taken in."""

    cancelled: int
    """Files that were given up because somebody cancelled them."""

    total: int
    """All of these together."""


class VectorStoreExpiresAfter(BaseModel):
    """A rule that lets a vector store expire when nobody uses it."""

    anchor: Literal["last_active_at"] | UnknownValue
    """Time from which the days count."""

    days: int
    """Days from the anchor to the end of the vector store, from 1 to 365."""


class VectorStore(BaseModel):
    """A vector store. Files in it are cut into chunks that file search can find."""

    id: str
    """Id of the vector store."""

    object: Literal["vector_store"]
    """Names the kind of object."""

    created_at: Timestamp
    """When it was created, in Unix seconds."""

    name: str | None = None
    """Its name; null if it has none."""

    usage_bytes: int | None = None
    """Bytes that its files take up, all together."""

    file_counts: FileCounts
    """How many of its files are how far."""

    status: Literal["expired", "in_progress", "completed"] | UnknownValue | None = None
    """Whether it can be searched; `in_progress` while files are being taken in."""

    expires_after: VectorStoreExpiresAfter | None = None
    """The rule by which it expires, if it does."""

    expires_at: Timestamp | None = None
    """When it will expire, in Unix seconds; null if it will not."""

    last_active_at: Timestamp | None = None
    """When it was last used, in Unix seconds."""

    metadata: Metadata | None = None
    """Your notes on the vector store. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)

    @property
    def expires_at_datetime(self) -> datetime | None:
        """`expires_at` as an aware datetime in UTC."""
        return as_datetime(self.expires_at)

    @property
    def last_active_at_datetime(self) -> datetime | None:
        """`last_active_at` as an aware datetime in UTC."""
        return as_datetime(self.last_active_at)


class VectorStoreDeleted(BaseModel):
    """Confirms that a vector store was deleted."""

    id: str
    """Id of the deleted vector store."""

    object: Literal["vector_store.deleted"]
    """Names the kind of object."""

    deleted: bool
    """Whether it was deleted."""


class VectorStoreSearchContent(BaseModel):
    """A passage of a file."""

    type: Literal["text"] | UnknownValue
    """Kind of content; so far always `text`."""

    text: str
    """The passage itself."""


class VectorStoreSearchResponse(BaseModel):
    """A file that fits the question, with the passages that do."""

    file_id: str
    """Id of the file."""

    filename: str
    """Name of the file."""

    score: float
    """How well it fits, from 0 to 1."""

    attributes: dict[str, str | int | float | bool] | None = None
    """Your attributes of the file. At most 16 entries. Keys up to 64 characters."""

    content: list[VectorStoreSearchContent]
    """The passages."""


# ---- vector_store_files ----------------------------------------------------------------------------------------------


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


# ---- file_batches ----------------------------------------------------------------------------------------------------


class VectorStoreFileBatch(BaseModel):
    """Many files on their way into a vector store."""

    id: str
    """Id of the file batch."""

    object: Literal["vector_store.files_batch", "vector_store.file_batch"] | UnknownValue
    """Names the kind of object."""

    created_at: Timestamp
    """When it was created, in Unix seconds."""

    vector_store_id: str
    """Id of the vector store."""

    status: Literal["in_progress", "completed", "cancelling", "cancelled", "failed"] | UnknownValue
    """How far the server is with the batch. `completed` says that no file is waiting, not that all went well; see
    `file_counts`.
    """

    file_counts: FileCounts
    """How many of its files are how far."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)


__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "FileContentResponse": "openai_assistants.types.vector_stores:FileContentResponse",
        "VectorStoreFile": "openai_assistants.types.vector_stores:VectorStoreFile",
        "VectorStoreFileDeleted": "openai_assistants.types.vector_stores:VectorStoreFileDeleted",
        "FileCreateParams": "openai_assistants.types.files_params:VectorStoreFileCreateParams",
        "FileListParams": "openai_assistants.types.files_params:VectorStoreFileListParams",
        "FileUpdateParams": "openai_assistants.types.files_params:VectorStoreFileUpdateParams",
        "VectorStoreFileBatch": "openai_assistants.types.vector_stores:VectorStoreFileBatch",
        "FileBatchCreateParams": "openai_assistants.types.files_params:FileBatchCreateParams",
        "FileBatchListFilesParams": "openai_assistants.types.files_params:FileBatchListFilesParams",
    },
)
