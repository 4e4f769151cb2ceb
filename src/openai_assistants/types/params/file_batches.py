"""Parameters: file batches, which put many files into a vector store at once.

Generated from codegen/specs/v2/file_batches.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypedDict

from ..._models import UnknownValue
from .shared import FileChunkingStrategyParam
from .vector_store_files import FileCreateParams


class FileBatchCreateParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores/{vector_store_id}/file_batches`."""

    file_ids: list[str]
    """Ids of the uploaded files, from 1 to 2000. Either these or `files`."""

    files: Iterable[FileCreateParams]
    """The uploaded files, from 1 to 2000, each with attributes and chunking of its own; those of the batch do not count
    for them. Either these or `file_ids`.
    """

    chunking_strategy: FileChunkingStrategyParam
    """How the files in `file_ids` are cut into chunks; `auto` if left out."""

    attributes: dict[str, str | int | float | bool] | None
    """Attributes to give to each file in `file_ids`. Values are strings (up to 512 characters), numbers or booleans. At
    most 16 entries. Keys up to 64 characters.
    """


class FileBatchListFilesParams(TypedDict, total=False):
    """Arguments of `GET /vector_stores/{vector_store_id}/file_batches/{batch_id}/files`."""

    vector_store_id: Required[str]
    """Id of the batch's vector store."""

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
