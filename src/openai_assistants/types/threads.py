"""Threads, which hold the messages that assistants work on. Messages of a thread, and the pieces in which they are
streamed.

Generated from codegen/specs/v2/messages.yaml, codegen/specs/v2/threads.yaml; do not edit.
"""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from .._models import AnyTag, BaseModel, MessageBase, OneOf, Timestamp, UnknownValue, UnknownVariant, as_datetime
from .assistants import CodeInterpreterTool
from .shared import Metadata, ToolResources

# ---- threads ---------------------------------------------------------------------------------------------------------


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


# ---- messages --------------------------------------------------------------------------------------------------------


class AttachmentToolFileSearch(BaseModel):
    """File search, without settings."""

    type: Literal["file_search"]
    """Tag of file search."""


class UnknownAttachmentTool(UnknownVariant):
    """A member of `AttachmentTool` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


AttachmentTool: TypeAlias = Annotated[
    CodeInterpreterTool | AttachmentToolFileSearch | UnknownAttachmentTool, OneOf("type")
]
"""A tool that may use an attached file."""


class ImageFile(BaseModel):
    """Which file holds the image and how closely to look at it."""

    file_id: str
    """Id of the file; upload it with the purpose `vision`."""

    detail: Literal["auto", "low", "high"] | UnknownValue | None = None
    """How closely the model looks; `low` uses fewer tokens."""


class ImageFileContentBlock(BaseModel):
    """An image that is stored as a file."""

    type: Literal["image_file"]
    """Tag of a stored image."""

    image_file: ImageFile
    """The image."""


class ImageURL(BaseModel):
    """Where the image is and how closely to look at it."""

    url: str
    """Address of the image; jpeg, png, gif or webp."""

    detail: Literal["auto", "low", "high"] | UnknownValue | None = None
    """How closely the model looks; `low` uses fewer tokens."""


class ImageURLContentBlock(BaseModel):
    """An image on the web."""

    type: Literal["image_url"]
    """Tag of an image on the web."""

    image_url: ImageURL
    """The image."""


class FileCitation(BaseModel):
    """The file that a citation points to."""

    file_id: str
    """Id of the cited file."""

    quote: str | None = None
    """The cited words; most servers leave them out."""


class FileCitationAnnotation(BaseModel):
    """A citation; file search found the statement in a file."""

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


class RefusalContentBlock(BaseModel):
    """What the assistant said instead of an answer that it refuses to give."""

    type: Literal["refusal"]
    """Tag of a refusal."""

    refusal: str
    """The words of the refusal."""


class UnknownMessageContent(UnknownVariant):
    """A member of `MessageContent` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


MessageContent: TypeAlias = Annotated[
    ImageFileContentBlock | ImageURLContentBlock | TextContentBlock | RefusalContentBlock | UnknownMessageContent,
    OneOf("type"),
]
"""One part of a message."""


class ImageFileDelta(BaseModel):
    """Which file holds the image and how closely to look at it."""

    file_id: str | None = None
    """Id of the file."""

    detail: Literal["auto", "low", "high"] | UnknownValue | None = None
    """How closely the model looks; `low` uses fewer tokens."""


class ImageFileDeltaBlock(BaseModel):
    """A stored image that joins the message."""

    index: int
    """Place of the part in the message, from 0."""

    type: Literal["image_file"]
    """Tag of a stored image."""

    image_file: ImageFileDelta | None = None
    """The image."""


class FileCitationDelta(BaseModel):
    """The file that a citation points to."""

    file_id: str | None = None
    """Id of the cited file."""

    quote: str | None = None
    """The cited words."""


class FileCitationDeltaAnnotation(BaseModel):
    """A citation, or a piece of one."""

    index: int
    """Which annotation of the text part this is, from 0."""

    type: Literal["file_citation"]
    """Tag of a citation."""

    text: str | None = None
    """The marker in the message text."""

    file_citation: FileCitationDelta | None = None
    """What is cited."""

    start_index: int | None = None
    """Where the marker starts, in characters from 0."""

    end_index: int | None = None
    """Where the marker ends, in characters; the first one behind it. At least 0."""


class FilePathDelta(BaseModel):
    """A file that the code interpreter wrote."""

    file_id: str | None = None
    """Id of the file."""


class FilePathDeltaAnnotation(BaseModel):
    """A link to a file that the code interpreter wrote, or a piece of one."""

    index: int
    """Which annotation of the text part this is, from 0."""

    type: Literal["file_path"]
    """Tag of a file link."""

    text: str | None = None
    """The sandbox path in the message text."""

    file_path: FilePathDelta | None = None
    """The file behind the path."""

    start_index: int | None = None
    """Where the path starts, in characters from 0."""

    end_index: int | None = None
    """Where the path ends, in characters; the first one behind it. At least 0."""


class UnknownAnnotationDelta(UnknownVariant):
    """A member of `AnnotationDelta` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


AnnotationDelta: TypeAlias = Annotated[
    FileCitationDeltaAnnotation | FilePathDeltaAnnotation | UnknownAnnotationDelta, OneOf("type")
]
"""A piece of an annotation."""


class TextDelta(BaseModel):
    """Text and annotations to append."""

    value: str | None = None
    """Text to append."""

    annotations: list[AnnotationDelta] | None = None
    """Annotations to merge by their `index`."""


class TextDeltaBlock(BaseModel):
    """New text of a part."""

    index: int
    """Place of the part in the message, from 0."""

    type: Literal["text"]
    """Tag of text."""

    text: TextDelta | None = None
    """The new text and annotations."""


class RefusalDeltaBlock(BaseModel):
    """New words of a refusal."""

    index: int
    """Place of the part in the message, from 0."""

    type: Literal["refusal"]
    """Tag of a refusal."""

    refusal: str | None = None
    """Words to append."""


class ImageURLDelta(BaseModel):
    """Where the image is and how closely to look at it."""

    url: str | None = None
    """Address of the image; jpeg, png, gif or webp."""

    detail: Literal["auto", "low", "high"] | UnknownValue | None = None
    """How closely the model looks; `low` uses fewer tokens."""


class ImageURLDeltaBlock(BaseModel):
    """An image on the web that joins the message."""

    index: int
    """Place of the part in the message, from 0."""

    type: Literal["image_url"]
    """Tag of an image on the web."""

    image_url: ImageURLDelta | None = None
    """The image."""


class UnknownMessageContentDelta(UnknownVariant):
    """A member of `MessageContentDelta` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


MessageContentDelta: TypeAlias = Annotated[
    ImageFileDeltaBlock | TextDeltaBlock | RefusalDeltaBlock | ImageURLDeltaBlock | UnknownMessageContentDelta,
    OneOf("type"),
]
"""A piece of one part of a message."""


class MessageIncompleteDetails(BaseModel):
    """Why a message ended early."""

    reason: Literal["content_filter", "max_tokens", "run_cancelled", "run_expired", "run_failed"] | UnknownValue
    """The cause."""


class MessageAttachment(BaseModel):
    """A file that came with a message, and the tools that may use it."""

    file_id: str | None = None
    """Id of the file."""

    tools: list[AttachmentTool] | None = None
    """Tools that may use the file."""


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

    status: Literal["in_progress", "incomplete", "completed"] | UnknownValue
    """Whether the text is still being written, ended early, or is whole."""

    incomplete_details: MessageIncompleteDetails | None = None
    """Why the message ended early; null if it did not."""

    completed_at: Timestamp | None = None
    """When it was whole, in Unix seconds."""

    incomplete_at: Timestamp | None = None
    """When it ended early, in Unix seconds."""

    role: Literal["user", "assistant"] | UnknownValue
    """Who wrote it."""

    content: list[MessageContent]
    """The parts of the message, in order."""

    assistant_id: str | None = None
    """Id of the assistant that wrote it; null for messages of yours."""

    run_id: str | None = None
    """Id of the run that wrote it; null for messages that were added by a request."""

    attachments: list[MessageAttachment] | None = None
    """Files given to tools along with the message."""

    metadata: Metadata | None = None
    """Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

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


class MessageDeleted(BaseModel):
    """Confirms that a message was deleted."""

    id: str
    """Id of the deleted message."""

    deleted: bool
    """Whether it was deleted."""

    object: Literal["thread.message.deleted"]
    """Names the kind of object."""


class MessageDelta(BaseModel):
    """New pieces of a message."""

    role: Literal["user", "assistant"] | UnknownValue | None = None
    """Who writes it."""

    content: list[MessageContentDelta] | None = None
    """Pieces to merge into the parts of the message by their `index`."""


class MessageDeltaEvent(BaseModel):
    """What a streamed message gained since the last event."""

    id: str
    """Id of the message."""

    object: Literal["thread.message.delta"]
    """Names the kind of object."""

    delta: MessageDelta
    """The new pieces."""
