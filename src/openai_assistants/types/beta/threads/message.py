"""A message and its parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ...._lazy import lazy_exports

if TYPE_CHECKING:
    from ...threads import (
        AttachmentTool as AttachmentTool,
        AttachmentToolFileSearch,
        Message as Message,
        MessageAttachment,
        MessageIncompleteDetails,
    )

    Attachment: TypeAlias = MessageAttachment
    AttachmentToolAssistantToolsFileSearchTypeOnly: TypeAlias = AttachmentToolFileSearch
    IncompleteDetails: TypeAlias = MessageIncompleteDetails

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "Message": "openai_assistants.types.threads:Message",
        "Attachment": "openai_assistants.types.threads:MessageAttachment",
        "AttachmentTool": "openai_assistants.types.threads:AttachmentTool",
        "AttachmentToolAssistantToolsFileSearchTypeOnly": "openai_assistants.types.threads:AttachmentToolFileSearch",
        "IncompleteDetails": "openai_assistants.types.threads:MessageIncompleteDetails",
    },
)
