"""Uploads, which make one file of many parts.

Generated from codegen/specs/v2/uploads.yaml; do not edit.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._lazy import lazy_exports
from .._models import BaseModel, Timestamp, UnknownValue, as_datetime
from .files import FileObject

if TYPE_CHECKING:
    from .files_params import PartCreateParams as PartCreateParams


class Upload(BaseModel):
    """A file that arrives in parts."""

    id: str
    """Id of the upload."""

    created_at: Timestamp
    """When it was created, in Unix seconds."""

    filename: str
    """Name of the file to come."""

    bytes: int
    """Size of the file to come, as announced."""

    purpose: str
    """What the file is for."""

    status: Literal["pending", "completed", "cancelled", "expired"] | UnknownValue
    """Whether it waits for parts, has become a file, was given up, or came too late."""

    expires_at: Timestamp
    """When it will take no more parts, in Unix seconds."""

    object: Literal["upload"] | None = None
    """Names the kind of object."""

    file: FileObject | None = None
    """The file that it became; null before that."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)

    @property
    def expires_at_datetime(self) -> datetime:
        """`expires_at` as an aware datetime in UTC."""
        return as_datetime(self.expires_at)


class UploadPart(BaseModel):
    """A stored part of an upload."""

    id: str
    """Id of the part."""

    created_at: Timestamp
    """When it was stored, in Unix seconds."""

    upload_id: str
    """Id of the upload."""

    object: Literal["upload.part"]
    """Names the kind of object."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)


__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "UploadPart": "openai_assistants.types.uploads:UploadPart",
        "PartCreateParams": "openai_assistants.types.files_params:PartCreateParams",
    },
)
