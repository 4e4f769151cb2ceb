"""Parameters: books and their parts.

Generated from codegen/specs/v2/library.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from .._models import UnknownValue
from .books import ImagePart, ImageScan, TextPart, UnknownPart
from .shared import Notes

Genre: TypeAlias = Literal["novel", "poem"] | UnknownValue
"""Kind of book."""


class TextPartParam(TypedDict, total=False):
    """Some text."""

    type: Required[Literal["text"]]
    """Tag of text."""

    text: Required[str]
    """The text. From 1 to 4,096 characters."""


class ImageScanParam(TypedDict, total=False):
    """Where an image comes from."""

    scan_id: Required[str]
    """Id of the scan."""


class ImagePartParam(TypedDict, total=False):
    """An image."""

    type: Required[Literal["image"]]
    """Tag of an image."""

    scan: ImageScanParam | ImageScan
    """The scan."""


PartParam: TypeAlias = TextPartParam | ImagePartParam | TextPart | ImagePart | UnknownPart
"""A part of a book."""


EndingParam: TypeAlias = Literal["open"] | UnknownValue | TextPartParam | TextPart
"""How a book ends."""


class NewCoverParam(TypedDict, total=False):
    """A scan to make the cover from."""

    scan_id: str
    """Id of the scan."""

    colour: bool
    """Whether to keep colours."""


class BookListParams(TypedDict, total=False):
    """Arguments of `GET /shelves/{shelf_id}/books`."""

    limit: int
    """Books per page. From 1 to 1,000. Default: 20."""

    after: str
    """Id of a book; the page starts behind it."""

    include: Iterable[Literal["pages", "cover"] | UnknownValue]
    """Extra fields to send along."""


class BookCreateParamsBase(TypedDict, total=False):
    """Arguments of `POST /shelves/{shelf_id}/books`, streamed or not."""

    title: str | None
    """Its title, at most 256 characters."""

    content: Required[str | Iterable[PartParam]]
    """The text, or its parts."""

    tags: list[str]
    """Words to find it by. At most 128 items."""

    genre: Genre
    """Its genre."""

    model: str
    """Model that writes."""

    ending: EndingParam
    """How it ends."""

    cover: NewCoverParam | ImageScan
    """Where the cover comes from."""

    notes: Notes | None
    """Your notes. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class BookCreateParamsNonStreaming(BookCreateParamsBase, total=False):
    """Arguments of `POST /shelves/{shelf_id}/books`, not streamed."""

    stream: Literal[False] | None
    """Whether to answer with events."""


class BookCreateParamsStreaming(BookCreateParamsBase, total=False):
    """Arguments of `POST /shelves/{shelf_id}/books`, streamed."""

    stream: Required[Literal[True]]
    """Whether to answer with events."""


BookCreateParams: TypeAlias = BookCreateParamsNonStreaming | BookCreateParamsStreaming
"""Arguments of `POST /shelves/{shelf_id}/books`."""
