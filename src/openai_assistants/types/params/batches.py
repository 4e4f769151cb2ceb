"""Parameters: batches, files of requests that the server works through when it has time.

Generated from codegen/specs/v2/batches.yaml; do not edit.
"""

from typing import Literal, Required, TypedDict

from ..._models import UnknownValue
from ..shared import Metadata


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
