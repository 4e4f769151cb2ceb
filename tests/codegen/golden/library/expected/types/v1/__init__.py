"""Types of the older version.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from . import books as books
    from .books import Book as Book

    OldBook: TypeAlias = Book

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "Book": "openai_assistants.types.v1.books:Book",
        "OldBook": "openai_assistants.types.v1.books:Book",
    },
)
