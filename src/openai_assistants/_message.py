"""What messages can do beside holding their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._models import BaseModel

if TYPE_CHECKING:
    from ._citations import Citation


class MessageBase(BaseModel):
    """Base of messages."""

    @property
    def text(self) -> str:
        """All text of the message: its text blocks, with a blank line between them.

        Images and refusals are no text. Markers of citations stay in it; `cite` turns them into footnotes.
        """
        from ._citations import text_of

        return text_of(self)

    @property
    def citations(self) -> list[Citation]:
        """Where the text points to files, in the order of the text. `cite` looks up the names of the files too."""
        from ._citations import citations_of

        return citations_of(self)
