"""Parameters: messages of a thread, and the pieces in which they are streamed.

Generated from codegen/specs/v2/messages.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from ..._models import UnknownValue
from ..assistants import CodeInterpreterTool
from ..messages import (
    AttachmentToolFileSearch,
    ImageFile,
    ImageFileContentBlock,
    ImageURL,
    ImageURLContentBlock,
    MessageAttachment,
    UnknownAttachmentTool,
)
from ..shared import Metadata
from .assistants import CodeInterpreterToolParam


class AttachmentToolFileSearchParam(TypedDict, total=False):
    """File search, without settings."""

    type: Required[Literal["file_search"]]
    """Tag of file search."""


AttachmentToolParam: TypeAlias = (
    CodeInterpreterToolParam
    | AttachmentToolFileSearchParam
    | CodeInterpreterTool
    | AttachmentToolFileSearch
    | UnknownAttachmentTool
)
"""A tool that may use an attached file."""


class ImageFileParam(TypedDict, total=False):
    """Which file holds the image and how closely to look at it."""

    file_id: Required[str]
    """Id of the file; upload it with the purpose `vision`."""

    detail: Literal["auto", "low", "high"] | UnknownValue
    """How closely the model looks; `low` uses fewer tokens."""


class ImageFileContentBlockParam(TypedDict, total=False):
    """An image that is stored as a file."""

    type: Required[Literal["image_file"]]
    """Tag of a stored image."""

    image_file: Required[ImageFileParam | ImageFile]
    """The image."""


class ImageURLParam(TypedDict, total=False):
    """Where the image is and how closely to look at it."""

    url: Required[str]
    """Address of the image; jpeg, png, gif or webp."""

    detail: Literal["auto", "low", "high"] | UnknownValue
    """How closely the model looks; `low` uses fewer tokens."""


class ImageURLContentBlockParam(TypedDict, total=False):
    """An image on the web."""

    type: Required[Literal["image_url"]]
    """Tag of an image on the web."""

    image_url: Required[ImageURLParam | ImageURL]
    """The image."""


class TextContentBlockParam(TypedDict, total=False):
    """Text to send."""

    type: Required[Literal["text"]]
    """Tag of text."""

    text: Required[str]
    """The text itself."""


MessageContentPartParam: TypeAlias = (
    ImageFileContentBlockParam
    | ImageURLContentBlockParam
    | TextContentBlockParam
    | ImageFileContentBlock
    | ImageURLContentBlock
)
"""One part of a message to send."""


class MessageAttachmentParam(TypedDict, total=False):
    """A file to give to tools along with a message."""

    file_id: Required[str]
    """Id of the file."""

    tools: Required[Iterable[AttachmentToolParam]]
    """Tools that may use the file."""


class MessageCreateParams(TypedDict, total=False):
    """A message to add to a thread."""

    role: Required[Literal["user", "assistant"] | UnknownValue]
    """Who speaks; `user` for people, `assistant` to put words into the assistant's mouth."""

    content: Required[str | Iterable[MessageContentPartParam]]
    """The text, or a list of text and image parts. Images need a model that can see."""

    attachments: Iterable[MessageAttachmentParam | MessageAttachment] | None
    """Files to give to tools along with the message."""

    metadata: Metadata | None
    """Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class MessageUpdateParams(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}/messages/{message_id}`."""

    thread_id: Required[str]
    """Id of the message's thread."""

    metadata: Metadata | None
    """Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class MessageListParams(TypedDict, total=False):
    """Arguments of `GET /threads/{thread_id}/messages`."""

    limit: int
    """Messages per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a message; the page starts behind it."""

    before: str
    """Id of a message; the page ends in front of it."""

    run_id: str
    """Id of a run; only the messages that it wrote."""
