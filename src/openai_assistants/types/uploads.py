"""Types of the parts of an upload.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from .._lazy import lazy_exports

if TYPE_CHECKING:
    from .params.upload import PartCreateParams as PartCreateParams
    from .upload import UploadPart as UploadPart

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "UploadPart": "openai_assistants.types.upload:UploadPart",
        "PartCreateParams": "openai_assistants.types.params.upload:PartCreateParams",
    },
)
