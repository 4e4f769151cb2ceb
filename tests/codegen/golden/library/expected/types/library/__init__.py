"""Types of books.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..books import Book as Book
    from . import book as book

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "Book": "openai_assistants.types.books:Book",
    },
)
