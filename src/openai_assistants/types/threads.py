"""Threads, which hold the messages that assistants work on.

Generated from codegen/specs/v2/threads.yaml; do not edit.
"""

from datetime import datetime
from typing import Literal

from .._models import BaseModel, Timestamp, as_datetime
from .shared import Metadata, ToolResources


class Thread(BaseModel):
    """A conversation; holds messages and is what runs work on."""

    id: str
    """Id of the thread."""

    object: Literal["thread"]
    """Names the kind of object."""

    created_at: Timestamp
    """When it was created, in Unix seconds."""

    tool_resources: ToolResources | None = None
    """Files and vector stores that tools may use on this thread, besides those of the assistant."""

    metadata: Metadata | None = None
    """Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)


class ThreadDeleted(BaseModel):
    """Confirms that a thread was deleted."""

    id: str
    """Id of the deleted thread."""

    deleted: bool
    """Whether it was deleted."""

    object: Literal["thread.deleted"]
    """Names the kind of object."""
