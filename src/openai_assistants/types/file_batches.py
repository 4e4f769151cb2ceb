"""File batches, which put many files into a vector store at once.

Generated from codegen/specs/v2/file_batches.yaml; do not edit.
"""

from datetime import datetime
from typing import Literal

from .._models import BaseModel, Timestamp, UnknownValue, as_datetime
from .vector_store import FileCounts


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
