"""Arguments of `threads.create_and_run` and their parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..params import (
        AttachmentToolFileSearchParam,
        AttachmentToolParam,
        AutoFileChunkingStrategyParam,
        FileChunkingStrategyParam,
        MessageAttachmentParam,
        MessageCreateParams,
        NewToolResourcesFileSearchParam,
        NewToolResourcesParam,
        NewVectorStoreParam,
        StaticFileChunkingStrategyObjectParam,
        StaticFileChunkingStrategyParam,
        ThreadCreateAndRunParams as ThreadCreateAndRunParams,
        ThreadCreateAndRunParamsBase as ThreadCreateAndRunParamsBase,
        ThreadCreateAndRunParamsNonStreaming as ThreadCreateAndRunParamsNonStreaming,
        ThreadCreateAndRunParamsStreaming as ThreadCreateAndRunParamsStreaming,
        ThreadCreateParams,
        ToolResourcesCodeInterpreterParam,
        ToolResourcesFileSearchParam,
        ToolResourcesParam,
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
        "ThreadCreateAndRunParams": "openai_assistants.types.params:ThreadCreateAndRunParams",
        "ThreadCreateAndRunParamsBase": "openai_assistants.types.params:ThreadCreateAndRunParamsBase",
        "ThreadCreateAndRunParamsNonStreaming": "openai_assistants.types.params:ThreadCreateAndRunParamsNonStreaming",
        "ThreadCreateAndRunParamsStreaming": "openai_assistants.types.params:ThreadCreateAndRunParamsStreaming",
        "Thread": "openai_assistants.types.params:ThreadCreateParams",
        "ThreadMessage": "openai_assistants.types.params:MessageCreateParams",
        "ThreadMessageAttachment": "openai_assistants.types.params:MessageAttachmentParam",
        "ThreadMessageAttachmentTool": "openai_assistants.types.params:AttachmentToolParam",
        "ThreadMessageAttachmentToolFileSearch": "openai_assistants.types.params:AttachmentToolFileSearchParam",
        "ThreadToolResources": "openai_assistants.types.params:NewToolResourcesParam",
        "ThreadToolResourcesCodeInterpreter": "openai_assistants.types.params:ToolResourcesCodeInterpreterParam",
        "ThreadToolResourcesFileSearch": "openai_assistants.types.params:NewToolResourcesFileSearchParam",
        "ThreadToolResourcesFileSearchVectorStore": "openai_assistants.types.params:NewVectorStoreParam",
        "ThreadToolResourcesFileSearchVectorStoreChunkingStrategy": (
            "openai_assistants.types.params:FileChunkingStrategyParam"
        ),
        "ThreadToolResourcesFileSearchVectorStoreChunkingStrategyAuto": (
            "openai_assistants.types.params:AutoFileChunkingStrategyParam"
        ),
        "ThreadToolResourcesFileSearchVectorStoreChunkingStrategyStatic": (
            "openai_assistants.types.params:StaticFileChunkingStrategyObjectParam"
        ),
        "ThreadToolResourcesFileSearchVectorStoreChunkingStrategyStaticStatic": (
            "openai_assistants.types.params:StaticFileChunkingStrategyParam"
        ),
        "ToolResources": "openai_assistants.types.params:ToolResourcesParam",
        "ToolResourcesCodeInterpreter": "openai_assistants.types.params:ToolResourcesCodeInterpreterParam",
        "ToolResourcesFileSearch": "openai_assistants.types.params:ToolResourcesFileSearchParam",
        "TruncationStrategy": "openai_assistants.types.params:TruncationStrategyParam",
    },
)
