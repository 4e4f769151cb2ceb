"""Books and their parts. Events of a book that is written.

Generated from codegen/specs/v2/library.yaml; do not edit.
"""

import builtins
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from .._models import (
    AnyTag,
    BaseModel,
    OneOf,
    RunBase,
    StreamEvent,
    Timestamp,
    UnknownValue,
    UnknownVariant,
    as_datetime,
)
from .shared import Notes

# ---- books -----------------------------------------------------------------------------------------------------------

Genre: TypeAlias = Literal["novel", "poem"] | UnknownValue
"""Kind of book."""


class TextPart(BaseModel):
    """Some text."""

    type: Literal["text"]
    """Tag of text."""

    text: str
    """The text. From 1 to 4,096 characters."""


class ImageScan(BaseModel):
    """Where an image comes from."""

    scan_id: str
    """Id of the scan."""


class ImagePart(BaseModel):
    """An image."""

    type: Literal["image"]
    """Tag of an image."""

    scan: ImageScan | None = None
    """The scan."""


class UnknownPart(UnknownVariant):
    """A member of `Part` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


Part: TypeAlias = Annotated[TextPart | ImagePart | UnknownPart, OneOf("type")]
"""A part of a book."""


class Equals(BaseModel):
    """A comparison."""

    type: Literal["eq", "ne"]
    """The comparison."""

    key: str
    """Field to compare."""

    value: str | float | list[str]
    """What to compare it with."""


class AllOf(BaseModel):
    """Several queries at once."""

    type: Literal["and"]
    """Tag of several queries."""

    queries: "list[Query]"
    """The queries."""


class UnknownQuery(UnknownVariant):
    """A member of `Query` that this version does not know. All its fields are attributes."""

    type: Annotated[Literal["__unknown__"], AnyTag]
    """The `type` as the server sent it."""


Query: TypeAlias = Annotated[Equals | AllOf | UnknownQuery, OneOf("type")]
"""What to look for."""


class Book(RunBase):
    """A book."""

    id: str
    """Id of the book."""

    object: Literal["book"]
    """Kind of object."""

    created_at: Timestamp
    """When it was written, in Unix seconds."""

    title: str | None = None
    """Its title. At most 256 characters."""

    genre: Genre
    """Its genre."""

    state: Literal["draft", "done"] | UnknownValue
    """How far it is."""

    schema_: dict[str, builtins.object] | None = Field(default=None, alias="schema")
    """How it is built up."""

    notes: Notes | None = None
    """Your notes. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    parts: list[Part]
    """Its parts."""

    model: str | None = None
    """Model that wrote it."""

    price: float | None = None
    """Its price in euros. At least 0."""

    query: AllOf | None = None
    """How to find it."""

    @property
    def created_at_datetime(self) -> datetime:
        """`created_at` as an aware datetime in UTC."""
        return as_datetime(self.created_at)


# ---- events ----------------------------------------------------------------------------------------------------------


class BookCreated(StreamEvent):
    """The book was created."""

    event: Literal["book.created"]
    """Name of the event."""

    data: Book
    """The book."""


class UnknownBookEvent(StreamEvent, UnknownVariant):
    """A member of `BookEvent` that this version does not know. All its fields are attributes."""

    event: Annotated[Literal["__unknown__"], AnyTag]
    """The `event` as the server sent it."""


BookEvent: TypeAlias = Annotated[BookCreated | UnknownBookEvent, OneOf("event")]
"""An event while a book is written."""
