"""Scans.

Generated from codegen/specs/v2/library.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from .._lazy import lazy_exports
from .._models import BaseModel

if TYPE_CHECKING:
    from .books import ImagePart
    from .params import ScanCreateParams as ScanCreateParams

    Picture: TypeAlias = ImagePart


class Scan(BaseModel):
    """A stored scan."""

    id: str
    """Id of the scan."""


__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "Scan": "openai_assistants.types.scans:Scan",
        "ScanCreateParams": "openai_assistants.types.params:ScanCreateParams",
        "Picture": "openai_assistants.types.books:ImagePart",
    },
)
