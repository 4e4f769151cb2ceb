"""Parameters: scans.

Generated from codegen/specs/v2/library.yaml; do not edit.
"""

from typing import Required, TypedDict

from .._files import FileTypes


class ScanCreateParams(TypedDict, total=False):
    """Arguments of `POST /scans`."""

    file: Required[FileTypes]
    """The image."""

    pages: int
    """How many pages it has. At least 1."""
