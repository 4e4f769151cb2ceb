"""A book and its parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..books import Book as Book, TextPart

    Text: TypeAlias = TextPart

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "Book": "openai_assistants.types.books:Book",
        "Text": "openai_assistants.types.books:TextPart",
    },
)
