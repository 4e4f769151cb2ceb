"""Arguments of `runs.create` and their parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ...._lazy import lazy_exports

if TYPE_CHECKING:
    from ...threads_params import (
        AttachmentToolFileSearchParam,
        AttachmentToolParam,
        MessageAttachmentParam,
        MessageCreateParams,
        RunCreateParams as RunCreateParams,
        RunCreateParamsBase as RunCreateParamsBase,
        RunCreateParamsNonStreaming as RunCreateParamsNonStreaming,
        RunCreateParamsStreaming as RunCreateParamsStreaming,
        TruncationStrategyParam,
    )

    TruncationStrategy: TypeAlias = TruncationStrategyParam
    AdditionalMessage: TypeAlias = MessageCreateParams
    AdditionalMessageAttachment: TypeAlias = MessageAttachmentParam
    AdditionalMessageAttachmentTool: TypeAlias = AttachmentToolParam
    AdditionalMessageAttachmentToolFileSearch: TypeAlias = AttachmentToolFileSearchParam

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "RunCreateParams": "openai_assistants.types.threads_params:RunCreateParams",
        "RunCreateParamsBase": "openai_assistants.types.threads_params:RunCreateParamsBase",
        "RunCreateParamsNonStreaming": "openai_assistants.types.threads_params:RunCreateParamsNonStreaming",
        "RunCreateParamsStreaming": "openai_assistants.types.threads_params:RunCreateParamsStreaming",
        "TruncationStrategy": "openai_assistants.types.threads_params:TruncationStrategyParam",
        "AdditionalMessage": "openai_assistants.types.threads_params:MessageCreateParams",
        "AdditionalMessageAttachment": "openai_assistants.types.threads_params:MessageAttachmentParam",
        "AdditionalMessageAttachmentTool": "openai_assistants.types.threads_params:AttachmentToolParam",
        "AdditionalMessageAttachmentToolFileSearch": (
            "openai_assistants.types.threads_params:AttachmentToolFileSearchParam"
        ),
    },
)
