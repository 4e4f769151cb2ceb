"""What books and scans share.

Generated from codegen/specs/v2/library.yaml; do not edit.
"""

from typing import TypeAlias

Notes: TypeAlias = dict[str, str]
"""Notes on an object."""
