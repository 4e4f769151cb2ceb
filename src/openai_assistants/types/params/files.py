"""Parameters: files, apart from their content.

Generated from codegen/specs/v2/files.yaml; do not edit.
"""

from typing import Literal, Required, TypeAlias, TypedDict

from ..._files import FileTypes
from ..._models import UnknownValue

FilePurpose: TypeAlias = Literal["assistants", "batch", "fine-tune", "vision", "user_data", "evals"] | UnknownValue
"""What an uploaded file is for."""


class FileExpiresAfterParam(TypedDict, total=False):
    """A time after which a file is deleted."""

    anchor: Required[Literal["created_at"] | UnknownValue]
    """Time from which the seconds count."""

    seconds: Required[int]
    """Seconds from the anchor to the end of the file, from 3600 (an hour) to 2592000 (30 days)."""


class FileCreateParams(TypedDict, total=False):
    """Arguments of `POST /files`."""

    file: Required[FileTypes]
    """The content, with its file name."""

    purpose: Required[FilePurpose]
    """What the file is for. Use `assistants` for tools and `vision` for images in messages."""

    expires_after: FileExpiresAfterParam
    """When the file is to be deleted by itself. Left out, `batch` files live for 30 days and all others until you
    delete them.
    """


class FileListParams(TypedDict, total=False):
    """Arguments of `GET /files`."""

    purpose: str
    """Only files with this purpose."""

    limit: int
    """Files per page, from 1 to 10,000. Default: 10,000."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a file; the page starts behind it."""
