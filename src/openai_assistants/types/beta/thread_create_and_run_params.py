"""Arguments of `threads.create_and_run` and their parts.

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
        ToolResourcesFileSearchParam,
        ToolResourcesParam,
    )
    from ..threads_params import (
        AttachmentToolFileSearchParam,
        AttachmentToolParam,
        MessageAttachmentParam,
        MessageCreateParams,
        ThreadCreateAndRunParams as ThreadCreateAndRunParams,
        ThreadCreateAndRunParamsBase as ThreadCreateAndRunParamsBase,
        ThreadCreateAndRunParamsNonStreaming as ThreadCreateAndRunParamsNonStreaming,
        ThreadCreateAndRunParamsStreaming as ThreadCreateAndRunParamsStreaming,
        ThreadCreateParams,
        TruncationStrategyParam,
    )

    Thread: TypeAlias = ThreadCreateParams
    ThreadMessage: TypeAlias = MessageCreateParams
    ThreadMessageAttachment: TypeAlias = MessageAttachmentParam
    ThreadMessageAttachmentTool: TypeAlias = AttachmentToolParam
    ThreadMessageAttachmentToolFileSearch: TypeAlias = AttachmentToolFileSearchParam
    ThreadToolResources: TypeAlias = NewToolResourcesParam
    ThreadToolResourcesCodeInterpreter: TypeAlias = ToolResourcesCodeInterpreterParam
    ThreadToolResourcesFileSearch: TypeAlias = NewToolResourcesFileSearchParam
    ThreadToolResourcesFileSearchVectorStore: TypeAlias = NewVectorStoreParam
    ThreadToolResourcesFileSearchVectorStoreChunkingStrategy: TypeAlias = FileChunkingStrategyParam
    ThreadToolResourcesFileSearchVectorStoreChunkingStrategyAuto: TypeAlias = AutoFileChunkingStrategyParam
    ThreadToolResourcesFileSearchVectorStoreChunkingStrategyStatic: TypeAlias = StaticFileChunkingStrategyObjectParam
    ThreadToolResourcesFileSearchVectorStoreChunkingStrategyStaticStatic: TypeAlias = StaticFileChunkingStrategyParam
    ToolResources: TypeAlias = ToolResourcesParam
    ToolResourcesCodeInterpreter: TypeAlias = ToolResourcesCodeInterpreterParam
    ToolResourcesFileSearch: TypeAlias = ToolResourcesFileSearchParam
    TruncationStrategy: TypeAlias = TruncationStrategyParam

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "ThreadCreateAndRunParams": "openai_assistants.types.threads_params:ThreadCreateAndRunParams",
        "ThreadCreateAndRunParamsBase": "openai_assistants.types.threads_params:ThreadCreateAndRunParamsBase",
        "ThreadCreateAndRunParamsNonStreaming": (
            "openai_assistants.types.threads_params:ThreadCreateAndRunParamsNonStreaming"
        ),
        "ThreadCreateAndRunParamsStreaming": "openai_assistants.types.threads_params:ThreadCreateAndRunParamsStreaming",
        "Thread": "openai_assistants.types.threads_params:ThreadCreateParams",
        "ThreadMessage": "openai_assistants.types.threads_params:MessageCreateParams",
        "ThreadMessageAttachment": "openai_assistants.types.threads_params:MessageAttachmentParam",
        "ThreadMessageAttachmentTool": "openai_assistants.types.threads_params:AttachmentToolParam",
        "ThreadMessageAttachmentToolFileSearch": "openai_assistants.types.threads_params:AttachmentToolFileSearchParam",
        "ThreadToolResources": "openai_assistants.types.assistants_params:NewToolResourcesParam",
        "ThreadToolResourcesCodeInterpreter": (
            "openai_assistants.types.assistants_params:ToolResourcesCodeInterpreterParam"
        ),
        "ThreadToolResourcesFileSearch": "openai_assistants.types.assistants_params:NewToolResourcesFileSearchParam",
        "ThreadToolResourcesFileSearchVectorStore": "openai_assistants.types.assistants_params:NewVectorStoreParam",
        "ThreadToolResourcesFileSearchVectorStoreChunkingStrategy": (
            "openai_assistants.types.assistants_params:FileChunkingStrategyParam"
        ),
        "ThreadToolResourcesFileSearchVectorStoreChunkingStrategyAuto": (
            "openai_assistants.types.assistants_params:AutoFileChunkingStrategyParam"
        ),
        "ThreadToolResourcesFileSearchVectorStoreChunkingStrategyStatic": (
            "openai_assistants.types.assistants_params:StaticFileChunkingStrategyObjectParam"
        ),
        "ThreadToolResourcesFileSearchVectorStoreChunkingStrategyStaticStatic": (
            "openai_assistants.types.assistants_params:StaticFileChunkingStrategyParam"
        ),
        "ToolResources": "openai_assistants.types.assistants_params:ToolResourcesParam",
        "ToolResourcesCodeInterpreter": "openai_assistants.types.assistants_params:ToolResourcesCodeInterpreterParam",
        "ToolResourcesFileSearch": "openai_assistants.types.assistants_params:ToolResourcesFileSearchParam",
        "TruncationStrategy": "openai_assistants.types.threads_params:TruncationStrategyParam",
    },
)
