"""Files, apart from their content.

Generated from codegen/specs/v2/files.yaml; do not edit.
"""

from datetime import datetime
from typing import Literal

from .._models import BaseModel, Timestamp, UnknownValue, as_datetime


class FileObject(BaseModel):
    """A stored file, without its content."""

    id: str
    """Id of the file."""

    bytes: int
    """Size in bytes."""

    created_at: Timestamp
    """When it was uploaded, in Unix seconds."""

    expires_at: Timestamp | None = None
    """When it will be deleted by itself, in Unix seconds."""

    filename: str
    """Name of the file as uploaded."""

    object: Literal["file"]
    """Names the kind of object."""

    purpose: (
        Literal[
            "assistants",
            "assistants_output",
            "batch",
            "batch_output",
            "fine-tune",
            "fine-tune-results",
            "vision",
            "user_data",
            "evals",
        ]
        | UnknownValue
    )
    """What the file is for; the `_output` and `-results` ones are made by the server."""

    status: Literal["uploaded", "processed", "error"] | UnknownValue
    """How far the server is with the file."""

    status_details: str | None = None
    """Why the check of a fine-tuning file failed."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)

    @property
    def expires_at_datetime(self) -> datetime | None:
        """`expires_at` as an aware datetime in UTC."""
        return as_datetime(self.expires_at)


class FileDeleted(BaseModel):
    """Confirms that a file was deleted."""

    id: str
    """Id of the deleted file."""

    object: Literal["file"]
    """Names the kind of object."""

    deleted: bool
    """Whether it was deleted."""
