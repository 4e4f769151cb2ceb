"""Types of the library.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from .._lazy import lazy_exports

if TYPE_CHECKING:
    from . import books as books, library as library, scans as scans, shared as shared, v1 as v1
    from .books import Book as Book
    from .params.books import BookCreateParams as BookCreateParams

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "Book": "openai_assistants.types.books:Book",
        "BookCreateParams": "openai_assistants.types.params.books:BookCreateParams",
    },
)
