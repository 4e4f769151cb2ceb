"""Threads, their messages and the files that came with these.

Generated from codegen/specs/v1/message_files.yaml, codegen/specs/v1/messages.yaml, codegen/specs/v1/stream_events.yaml,
codegen/specs/v1/threads.yaml; do not edit.
"""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from ..._models import AnyTag, BaseModel, MessageBase, OneOf, Timestamp, UnknownValue, UnknownVariant, as_datetime
from .shared import Metadata


class ImageFile(BaseModel):
    """Which file holds the image."""

    file_id: str
    """Id of the file."""


class ImageFileContentBlock(BaseModel):
    """An image that is stored as a file."""

    type: Literal["image_file"]
    """Tag of a stored image."""

    image_file: ImageFile
    """The image."""


class FileCitation(BaseModel):
    """What a citation points to."""

    file_id: str
    """Id of the cited file."""

    quote: str
    """The cited words."""


class FileCitationAnnotation(BaseModel):
    """A citation; retrieval found the statement in a file."""

    type: Literal["file_citation"]
    """Tag of a citation."""

    text: str
    """The marker in the message text, to be replaced by a footnote of yours."""

    file_citation: FileCitation
    """What is cited."""

    start_index: int
    """Where the marker starts, in characters from 0."""

    end_index: int
    """Where the marker ends, in characters; the first one behind it. At least 0."""


class FilePath(BaseModel):
    """A file that the code interpreter wrote."""

    file_id: str
    """Id of the file."""


class FilePathAnnotation(BaseModel):
    """A link to a file that the code interpreter wrote."""

    type: Literal["file_path"]
    """Tag of a file link."""

    text: str
    """The sandbox path in the message text, to be replaced by a link of yours."""

    file_path: FilePath
    """The file behind the path."""

    start_index: int
    """Where the path starts, in characters from 0."""

    end_index: int
    """Where the path ends, in characters; the first one behind it. At least 0."""


class UnknownAnnotation(UnknownVariant):
    """A member of `Annotation` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


Annotation: TypeAlias = Annotated[FileCitationAnnotation | FilePathAnnotation | UnknownAnnotation, OneOf("type")]
"""A place in a text that points to a file."""


class Text(BaseModel):
    """Text and the places in it that point to files."""

    value: str
    """The text itself."""

    annotations: list[Annotation]
    """Places in the text that point to files."""


class TextContentBlock(BaseModel):
    """Text with its annotations."""

    type: Literal["text"]
    """Tag of text."""

    text: Text
    """The text and its annotations."""


class UnknownMessageContent(UnknownVariant):
    """A member of `MessageContent` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


MessageContent: TypeAlias = Annotated[ImageFileContentBlock | TextContentBlock | UnknownMessageContent, OneOf("type")]
"""One part of a message."""


class Thread(BaseModel):
    """A conversation; holds messages and is what runs work on."""

    id: str
    """Id of the thread."""

    object: Literal["thread"]
    """Names the kind of object."""

    created_at: Timestamp
    """When it was created, in Unix seconds."""

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


class MessageIncompleteDetails(BaseModel):
    """Why a message ended early."""

    reason: Literal["content_filter", "max_tokens", "run_cancelled", "run_expired", "run_failed"] | UnknownValue
    """The cause."""


class Message(MessageBase):
    """A message of a thread, written by you or by an assistant."""

    id: str
    """Id of the message."""

    object: Literal["thread.message"]
    """Names the kind of object."""

    created_at: Timestamp
    """When it was created, in Unix seconds."""

    thread_id: str
    """Id of the thread that it is in."""

    role: Literal["user", "assistant"] | UnknownValue
    """Who wrote it."""

    content: list[MessageContent]
    """The parts of the message, in order."""

    assistant_id: str | None = None
    """Id of the assistant that wrote it; null for messages of yours."""

    run_id: str | None = None
    """Id of the run that wrote it; null for messages that were added by a request."""

    file_ids: list[str]
    """Ids of the files that came with it, at most 10."""

    metadata: Metadata | None = None
    """Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    status: Literal["in_progress", "incomplete", "completed"] | UnknownValue | None = None
    """Whether the text is still being written, ended early, or is whole. Only from servers that can stream."""

    incomplete_details: MessageIncompleteDetails | None = None
    """Why the message ended early; null if it did not."""

    completed_at: Timestamp | None = None
    """When it was whole, in Unix seconds."""

    incomplete_at: Timestamp | None = None
    """When it ended early, in Unix seconds."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)

    @property
    def completed_at_datetime(self) -> datetime | None:
        """`completed_at` as an aware datetime in UTC."""
        return as_datetime(self.completed_at)

    @property
    def incomplete_at_datetime(self) -> datetime | None:
        """`incomplete_at` as an aware datetime in UTC."""
        return as_datetime(self.incomplete_at)


class MessageFile(BaseModel):
    """A file that is attached to a message."""

    id: str
    """Id of the file."""

    object: Literal["thread.message.file"]
    """Names the kind of object."""

    created_at: Timestamp
    """When it was attached, in Unix seconds."""

    message_id: str
    """Id of the message that it is attached to."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)
