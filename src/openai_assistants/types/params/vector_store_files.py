"""Parameters: files as members of a vector store.

Generated from codegen/specs/v2/vector_store_files.yaml; do not edit.
"""

from typing import Literal, Required, TypedDict

from ..._models import UnknownValue
from .shared import FileChunkingStrategyParam


class FileCreateParams(TypedDict, total=False):
    """An uploaded file to put into a vector store."""

    file_id: Required[str]
    """Id of the uploaded file."""

    chunking_strategy: FileChunkingStrategyParam
    """How the file is cut into chunks; `auto` if left out."""

    attributes: dict[str, str | int | float | bool] | None
    """Attributes to give the file, to filter searches by. Values are strings (up to 512 characters), numbers or
    booleans. At most 16 entries. Keys up to 64 characters.
    """


class FileUpdateParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores/{vector_store_id}/files/{file_id}`."""

    vector_store_id: Required[str]
    """Id of the file's vector store."""

    attributes: Required[dict[str, str | int | float | bool] | None]
    """Attributes to have instead of those so far. Values are strings (up to 512 characters), numbers or booleans. At
    most 16 entries. Keys up to 64 characters.
    """


class FileListParams(TypedDict, total=False):
    """Arguments of `GET /vector_stores/{vector_store_id}/files`."""

    limit: int
    """Files per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a file; the page starts behind it."""

    before: str
    """Id of a file; the page ends in front of it."""

    filter: Literal["in_progress", "completed", "failed", "cancelled"] | UnknownValue
    """Only files with this status."""
