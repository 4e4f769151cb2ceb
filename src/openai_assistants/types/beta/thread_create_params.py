"""Arguments of `threads.create` and their parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..assistants_params import (
        AutoFileChunkingStrategyParam,
        FileChunkingStrategyParam,
        NewToolResourcesFileSearchParam,
        NewToolResourcesParam,
        NewVectorStoreParam,
        StaticFileChunkingStrategyObjectParam,
        StaticFileChunkingStrategyParam,
        ToolResourcesCodeInterpreterParam,
    )
    from ..threads_params import (
        AttachmentToolFileSearchParam,
        AttachmentToolParam,
        MessageAttachmentParam,
        MessageCreateParams,
        ThreadCreateParams as ThreadCreateParams,
    )

    Message: TypeAlias = MessageCreateParams
    MessageAttachment: TypeAlias = MessageAttachmentParam
    MessageAttachmentTool: TypeAlias = AttachmentToolParam
    MessageAttachmentToolFileSearch: TypeAlias = AttachmentToolFileSearchParam
    ToolResources: TypeAlias = NewToolResourcesParam
    ToolResourcesCodeInterpreter: TypeAlias = ToolResourcesCodeInterpreterParam
    ToolResourcesFileSearch: TypeAlias = NewToolResourcesFileSearchParam
    ToolResourcesFileSearchVectorStore: TypeAlias = NewVectorStoreParam
    ToolResourcesFileSearchVectorStoreChunkingStrategy: TypeAlias = FileChunkingStrategyParam
    ToolResourcesFileSearchVectorStoreChunkingStrategyAuto: TypeAlias = AutoFileChunkingStrategyParam
    ToolResourcesFileSearchVectorStoreChunkingStrategyStatic: TypeAlias = StaticFileChunkingStrategyObjectParam
    ToolResourcesFileSearchVectorStoreChunkingStrategyStaticStatic: TypeAlias = StaticFileChunkingStrategyParam

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "ThreadCreateParams": "openai_assistants.types.threads_params:ThreadCreateParams",
        "Message": "openai_assistants.types.threads_params:MessageCreateParams",
        "MessageAttachment": "openai_assistants.types.threads_params:MessageAttachmentParam",
        "MessageAttachmentTool": "openai_assistants.types.threads_params:AttachmentToolParam",
        "MessageAttachmentToolFileSearch": "openai_assistants.types.threads_params:AttachmentToolFileSearchParam",
        "ToolResources": "openai_assistants.types.assistants_params:NewToolResourcesParam",
        "ToolResourcesCodeInterpreter": "openai_assistants.types.assistants_params:ToolResourcesCodeInterpreterParam",
        "ToolResourcesFileSearch": "openai_assistants.types.assistants_params:NewToolResourcesFileSearchParam",
        "ToolResourcesFileSearchVectorStore": "openai_assistants.types.assistants_params:NewVectorStoreParam",
        "ToolResourcesFileSearchVectorStoreChunkingStrategy": (
            "openai_assistants.types.assistants_params:FileChunkingStrategyParam"
        ),
        "ToolResourcesFileSearchVectorStoreChunkingStrategyAuto": (
            "openai_assistants.types.assistants_params:AutoFileChunkingStrategyParam"
        ),
        "ToolResourcesFileSearchVectorStoreChunkingStrategyStatic": (
            "openai_assistants.types.assistants_params:StaticFileChunkingStrategyObjectParam"
        ),
        "ToolResourcesFileSearchVectorStoreChunkingStrategyStaticStatic": (
            "openai_assistants.types.assistants_params:StaticFileChunkingStrategyParam"
        ),
    },
)
