"""Parameters of files, vector_stores, vector_store_files, file_batches, uploads, batches.

Generated from codegen/specs/v2/batches.yaml, codegen/specs/v2/file_batches.yaml, codegen/specs/v2/files.yaml,
codegen/specs/v2/uploads.yaml, codegen/specs/v2/vector_store_files.yaml, codegen/specs/v2/vector_stores.yaml; do not
edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from .._files import FileTypes
from .._models import UnknownValue
from .assistants_params import AttributeFilterParam, FileChunkingStrategyParam
from .shared import Metadata
from .vector_stores import VectorStoreExpiresAfter

# ---- files -----------------------------------------------------------------------------------------------------------

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


# ---- vector_stores ---------------------------------------------------------------------------------------------------


class VectorStoreExpiresAfterParam(TypedDict, total=False):
    """A rule that lets a vector store expire when nobody uses it."""

    anchor: Required[Literal["last_active_at"] | UnknownValue]
    """Time from which the days count."""

    days: Required[int]
    """Days from the anchor to the end of the vector store, from 1 to 365."""


class VectorStoreSearchRankingOptionsParam(TypedDict, total=False):
    """How search results are ranked."""

    ranker: Literal["none", "auto", "default-2024-11-15"] | UnknownValue
    """Method that puts the results in order. `none` leaves that step out, which is faster."""

    score_threshold: float
    """Lowest score that is returned, from 0 (everything) to 1."""


class VectorStoreCreateParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores`."""

    file_ids: list[str]
    """Ids of the files to put in, at most 500. More can follow later."""

    name: str
    """A name for people."""

    description: str
    """What the vector store is for."""

    expires_after: VectorStoreExpiresAfterParam | VectorStoreExpiresAfter
    """When it is to expire by itself. Left out, it stays until you delete it."""

    chunking_strategy: FileChunkingStrategyParam
    """How the files in `file_ids` are cut into chunks; `auto` if left out."""

    metadata: Metadata | None
    """Notes to keep with the vector store. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
    """


class VectorStoreUpdateParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores/{vector_store_id}`."""

    name: str | None
    """Its new name."""

    expires_after: VectorStoreExpiresAfterParam | VectorStoreExpiresAfter | None
    """When it is to expire by itself; null for never."""

    metadata: Metadata | None
    """Notes to keep instead of those so far. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
    """


class VectorStoreListParams(TypedDict, total=False):
    """Arguments of `GET /vector_stores`."""

    limit: int
    """Vector stores per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a vector store; the page starts behind it."""

    before: str
    """Id of a vector store; the page ends in front of it."""


class VectorStoreSearchParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores/{vector_store_id}/search`."""

    query: Required[str | list[str]]
    """The question, or several questions that are searched together."""

    rewrite_query: bool
    """Whether the server may put the question into words that search better."""

    max_num_results: int
    """How many results to return at most, from 1 to 50. The server's own choice is 10."""

    filters: AttributeFilterParam
    """Look only in files whose attributes pass this filter."""

    ranking_options: VectorStoreSearchRankingOptionsParam
    """How results are ordered, and which are too weak to return."""


# ---- vector_store_files ----------------------------------------------------------------------------------------------


class VectorStoreFileCreateParams(TypedDict, total=False):
    """An uploaded file to put into a vector store."""

    file_id: Required[str]
    """Id of the uploaded file."""

    chunking_strategy: FileChunkingStrategyParam
    """How the file is cut into chunks; `auto` if left out."""

    attributes: dict[str, str | int | float | bool] | None
    """Attributes to give the file, to filter searches by. Values are strings (up to 512 characters), numbers or
    booleans. At most 16 entries. Keys up to 64 characters.
    """


class VectorStoreFileUpdateParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores/{vector_store_id}/files/{file_id}`."""

    vector_store_id: Required[str]
    """Id of the file's vector store."""

    attributes: Required[dict[str, str | int | float | bool] | None]
    """Attributes to have instead of those so far. Values are strings (up to 512 characters), numbers or booleans. At
    most 16 entries. Keys up to 64 characters.
    """


class VectorStoreFileListParams(TypedDict, total=False):
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


# ---- file_batches ----------------------------------------------------------------------------------------------------


class FileBatchCreateParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores/{vector_store_id}/file_batches`."""

    file_ids: list[str]
    """Ids of the uploaded files, from 1 to 2000. Either these or `files`."""

    files: Iterable[VectorStoreFileCreateParams]
    """The uploaded files, from 1 to 2000, each with attributes and chunking of its own; those of the batch do not count
    for them. Either these or `file_ids`.
    """

    chunking_strategy: FileChunkingStrategyParam
    """How the files are cut into chunks; `auto` if left out."""

    attributes: dict[str, str | int | float | bool] | None
    """Attributes to give to each file. Values are strings (up to 512 characters), numbers or booleans. At most 16
    entries. Keys up to 64 characters.
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


# ---- uploads ---------------------------------------------------------------------------------------------------------


class UploadCreateParams(TypedDict, total=False):
    """Arguments of `POST /uploads`."""

    filename: Required[str]
    """Name of the file."""

    purpose: Required[FilePurpose]
    """What the file is for; the same words as for files that are uploaded whole."""

    bytes: Required[int]
    """Size of the whole file in bytes."""

    mime_type: Required[str]
    """Media type of the file, such as `application/pdf`. It must be one that the purpose allows."""

    expires_after: FileExpiresAfterParam
    """When the file is to be deleted by itself. Left out, `batch` files live for 30 days and all others until you
    delete them.
    """


class UploadCompleteParams(TypedDict, total=False):
    """Arguments of `POST /uploads/{upload_id}/complete`."""

    part_ids: Required[list[str]]
    """Ids of the parts, in the order in which they make the file."""

    md5: str
    """MD5 checksum of the whole file in hexadecimal; the server refuses a file that does not match."""


class PartCreateParams(TypedDict, total=False):
    """Arguments of `POST /uploads/{upload_id}/parts`."""

    data: Required[FileTypes]
    """The bytes of the part."""


# ---- batches ---------------------------------------------------------------------------------------------------------


class BatchFileExpiresAfterParam(TypedDict, total=False):
    """A time after which the files that a batch makes are deleted."""

    anchor: Required[Literal["created_at"] | UnknownValue]
    """Time from which the seconds count, that of the file and not that of the batch."""

    seconds: Required[int]
    """Seconds from the anchor to the end of the file, from 3600 (an hour) to 2592000 (30 days)."""


class BatchCreateParams(TypedDict, total=False):
    """Arguments of `POST /batches`."""

    input_file_id: Required[str]
    """Id of an uploaded file with the purpose `batch`, one request as JSON on each line; up to 50,000 requests and 200
    MB.
    """

    endpoint: Required[
        Literal[
            "/v1/responses",
            "/v1/chat/completions",
            "/v1/embeddings",
            "/v1/completions",
            "/v1/moderations",
            "/v1/images/generations",
            "/v1/images/edits",
            "/v1/videos",
        ]
        | UnknownValue
    ]
    """Path that all the requests go to. Those to `/v1/embeddings` may have 50,000 inputs all together."""

    completion_window: Required[Literal["24h"] | UnknownValue]
    """Time in which it should be done; so far always `24h`."""

    metadata: Metadata | None
    """Notes to keep with the batch. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    output_expires_after: BatchFileExpiresAfterParam
    """When the files with answers and errors are to be deleted by themselves."""


class BatchListParams(TypedDict, total=False):
    """Arguments of `GET /batches`."""

    limit: int
    """Batches per page, from 1 to 100. Default: 20."""

    after: str
    """Id of a batch; the page starts behind it."""
