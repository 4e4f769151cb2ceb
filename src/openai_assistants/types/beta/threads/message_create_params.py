"""Arguments of `messages.create` and their parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ...._lazy import lazy_exports

if TYPE_CHECKING:
    from ...threads_params import (
        AttachmentToolFileSearchParam,
        AttachmentToolParam,
        MessageAttachmentParam,
        MessageCreateParams as MessageCreateParams,
    )

    Attachment: TypeAlias = MessageAttachmentParam
    AttachmentTool: TypeAlias = AttachmentToolParam
    AttachmentToolFileSearch: TypeAlias = AttachmentToolFileSearchParam

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "MessageCreateParams": "openai_assistants.types.threads_params:MessageCreateParams",
        "Attachment": "openai_assistants.types.threads_params:MessageAttachmentParam",
        "AttachmentTool": "openai_assistants.types.threads_params:AttachmentToolParam",
        "AttachmentToolFileSearch": "openai_assistants.types.threads_params:AttachmentToolFileSearchParam",
    },
)
