"""Scans.

Generated from codegen/specs/v2/library.yaml; do not edit.
"""

from .._models import BaseModel


class Scan(BaseModel):
    """A stored scan."""

    id: str
    """Id of the scan."""
