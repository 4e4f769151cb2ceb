"""Vector stores, and what searching them gives.

Generated from codegen/specs/v2/vector_stores.yaml; do not edit.
"""

from datetime import datetime
from typing import Literal

from .._models import BaseModel, Timestamp, UnknownValue, as_datetime
from .shared import Metadata


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
