"""Books as they were.

Generated from codegen/specs/v1/library.yaml; do not edit.
"""

from ..._models import BaseModel


class Book(BaseModel):
    """A book as it was before."""

    id: str
    """Id of the book."""
