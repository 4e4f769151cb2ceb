"""Types of the library.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from .._lazy import lazy_exports

if TYPE_CHECKING:
    from . import (
        book_params as book_params,
        books as books,
        library as library,
        params as params,
        scans as scans,
        shared as shared,
        v1 as v1,
    )
    from .book_params import BookCreateParams as BookCreateParams
    from .books import Book as Book

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "Book": "openai_assistants.types.books:Book",
        "BookCreateParams": "openai_assistants.types.book_params:BookCreateParams",
    },
)
