"""Files, apart from their content. Batches, files of requests that the server works through when it has time. Models
that the server offers.

Generated from codegen/specs/v2/batches.yaml, codegen/specs/v2/files.yaml, codegen/specs/v2/models.yaml; do not edit.
"""

from datetime import datetime
from typing import Literal

from .._models import BaseModel, Timestamp, UnknownValue, as_datetime
from .shared import Metadata

# ---- files -----------------------------------------------------------------------------------------------------------


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


# ---- batches ---------------------------------------------------------------------------------------------------------


class BatchError(BaseModel):
    """An error in the input file of a batch."""

    code: str | None = None
    """Kind of error."""

    message: str | None = None
    """Explanation for people."""

    param: str | None = None
    """Parameter at fault; null if it is not a single one."""

    line: int | None = None
    """Line of the input file; null if it is not a single one."""


class BatchErrors(BaseModel):
    """Errors in the input file of a batch."""

    object: str | None = None
    """Names the kind of object, `list`."""

    data: list[BatchError] | None = None
    """The errors."""


class BatchRequestCounts(BaseModel):
    """Numbers of requests, by how far the server is with them."""

    total: int
    """All requests of the batch."""

    completed: int
    """Requests that were answered."""

    failed: int
    """Requests that failed."""


class BatchInputTokensDetails(BaseModel):
    """What kind of tokens a batch read."""

    cached_tokens: int
    """Tokens that came from the cache."""


class BatchOutputTokensDetails(BaseModel):
    """What kind of tokens a batch wrote."""

    reasoning_tokens: int
    """Tokens that the model thought with."""


class BatchUsage(BaseModel):
    """Tokens that a batch used."""

    input_tokens: int
    """Tokens that were read."""

    input_tokens_details: BatchInputTokensDetails
    """What kind of tokens were read."""

    output_tokens: int
    """Tokens that were written."""

    output_tokens_details: BatchOutputTokensDetails
    """What kind of tokens were written."""

    total_tokens: int
    """Both together."""


class Batch(BaseModel):
    """A file of requests that the server works through."""

    id: str
    """Id of the batch."""

    object: Literal["batch"]
    """Names the kind of object."""

    endpoint: str
    """Path that all its requests go to, such as `/v1/embeddings`."""

    model: str | None = None
    """Model that answers the requests."""

    errors: BatchErrors | None = None
    """What is wrong with the input file, if anything."""

    input_file_id: str
    """Id of the file with the requests."""

    completion_window: str
    """Time in which it should be done, such as `24h`."""

    status: (
        Literal["validating", "failed", "in_progress", "finalizing", "completed", "expired", "cancelling", "cancelled"]
        | UnknownValue
    )
    """How far the server is with the batch."""

    output_file_id: str | None = None
    """Id of the file with the answers."""

    error_file_id: str | None = None
    """Id of the file with the requests that failed."""

    created_at: Timestamp
    """When it was created, in Unix seconds."""

    in_progress_at: Timestamp | None = None
    """When work on it began, in Unix seconds."""

    expires_at: Timestamp | None = None
    """When it will expire, in Unix seconds."""

    finalizing_at: Timestamp | None = None
    """When the server began to write its files, in Unix seconds."""

    completed_at: Timestamp | None = None
    """When it was done, in Unix seconds."""

    failed_at: Timestamp | None = None
    """When it failed, in Unix seconds."""

    expired_at: Timestamp | None = None
    """When it expired, in Unix seconds."""

    cancelling_at: Timestamp | None = None
    """When somebody stopped it, in Unix seconds."""

    cancelled_at: Timestamp | None = None
    """When it came to rest after that, in Unix seconds."""

    request_counts: BatchRequestCounts | None = None
    """How many of its requests are how far."""

    usage: BatchUsage | None = None
    """Tokens that it used. Batches from before September 2025 do not have it."""

    metadata: Metadata | None = None
    """Your notes on the batch. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)

    @property
    def in_progress_at_datetime(self) -> datetime | None:
        """`in_progress_at` as an aware datetime in UTC."""
        return as_datetime(self.in_progress_at)

    @property
    def expires_at_datetime(self) -> datetime | None:
        """`expires_at` as an aware datetime in UTC."""
        return as_datetime(self.expires_at)

    @property
    def finalizing_at_datetime(self) -> datetime | None:
        """`finalizing_at` as an aware datetime in UTC."""
        return as_datetime(self.finalizing_at)

    @property
    def completed_at_datetime(self) -> datetime | None:
        """`completed_at` as an aware datetime in UTC."""
        return as_datetime(self.completed_at)

    @property
    def failed_at_datetime(self) -> datetime | None:
        """`failed_at` as an aware datetime in UTC."""
        return as_datetime(self.failed_at)

    @property
    def expired_at_datetime(self) -> datetime | None:
        """`expired_at` as an aware datetime in UTC."""
        return as_datetime(self.expired_at)

    @property
    def cancelling_at_datetime(self) -> datetime | None:
        """`cancelling_at` as an aware datetime in UTC."""
        return as_datetime(self.cancelling_at)

    @property
    def cancelled_at_datetime(self) -> datetime | None:
        """`cancelled_at` as an aware datetime in UTC."""
        return as_datetime(self.cancelled_at)


# ---- models ----------------------------------------------------------------------------------------------------------


class Model(BaseModel):
    """A model that requests can name."""

    id: str
    """Name to use as `model` in requests."""

    created: Timestamp
    """When the model was made, in Unix seconds."""

    object: Literal["model"]
    """Names the kind of object."""

    owned_by: str
    """Organization that the model belongs to."""

    @property
    def created_datetime(self) -> datetime:
        """`created` as an aware datetime in UTC."""
        return as_datetime(self.created)


class ModelDeleted(BaseModel):
    """Confirms that a model was deleted."""

    id: str
    """Id of the deleted model."""

    deleted: bool
    """Whether it was deleted."""

    object: str
    """Names the kind of object."""
