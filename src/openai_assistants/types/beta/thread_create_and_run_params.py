"""Arguments of `threads.create_and_run` and their parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..params.messages import (
        AttachmentToolFileSearchParam,
        AttachmentToolParam,
        MessageAttachmentParam,
        MessageCreateParams,
    )
    from ..params.runs import TruncationStrategyParam
    from ..params.shared import (
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
    from ..params.threads import (
        ThreadCreateAndRunParams as ThreadCreateAndRunParams,
        ThreadCreateAndRunParamsBase as ThreadCreateAndRunParamsBase,
        ThreadCreateAndRunParamsNonStreaming as ThreadCreateAndRunParamsNonStreaming,
        ThreadCreateAndRunParamsStreaming as ThreadCreateAndRunParamsStreaming,
        ThreadCreateParams,
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
        "ThreadCreateAndRunParams": "openai_assistants.types.params.threads:ThreadCreateAndRunParams",
        "ThreadCreateAndRunParamsBase": "openai_assistants.types.params.threads:ThreadCreateAndRunParamsBase",
        "ThreadCreateAndRunParamsNonStreaming": (
            "openai_assistants.types.params.threads:ThreadCreateAndRunParamsNonStreaming"
        ),
        "ThreadCreateAndRunParamsStreaming": "openai_assistants.types.params.threads:ThreadCreateAndRunParamsStreaming",
        "Thread": "openai_assistants.types.params.threads:ThreadCreateParams",
        "ThreadMessage": "openai_assistants.types.params.messages:MessageCreateParams",
        "ThreadMessageAttachment": "openai_assistants.types.params.messages:MessageAttachmentParam",
        "ThreadMessageAttachmentTool": "openai_assistants.types.params.messages:AttachmentToolParam",
        "ThreadMessageAttachmentToolFileSearch": (
            "openai_assistants.types.params.messages:AttachmentToolFileSearchParam"
        ),
        "ThreadToolResources": "openai_assistants.types.params.shared:NewToolResourcesParam",
        "ThreadToolResourcesCodeInterpreter": "openai_assistants.types.params.shared:ToolResourcesCodeInterpreterParam",
        "ThreadToolResourcesFileSearch": "openai_assistants.types.params.shared:NewToolResourcesFileSearchParam",
        "ThreadToolResourcesFileSearchVectorStore": "openai_assistants.types.params.shared:NewVectorStoreParam",
        "ThreadToolResourcesFileSearchVectorStoreChunkingStrategy": (
            "openai_assistants.types.params.shared:FileChunkingStrategyParam"
        ),
        "ThreadToolResourcesFileSearchVectorStoreChunkingStrategyAuto": (
            "openai_assistants.types.params.shared:AutoFileChunkingStrategyParam"
        ),
        "ThreadToolResourcesFileSearchVectorStoreChunkingStrategyStatic": (
            "openai_assistants.types.params.shared:StaticFileChunkingStrategyObjectParam"
        ),
        "ThreadToolResourcesFileSearchVectorStoreChunkingStrategyStaticStatic": (
            "openai_assistants.types.params.shared:StaticFileChunkingStrategyParam"
        ),
        "ToolResources": "openai_assistants.types.params.shared:ToolResourcesParam",
        "ToolResourcesCodeInterpreter": "openai_assistants.types.params.shared:ToolResourcesCodeInterpreterParam",
        "ToolResourcesFileSearch": "openai_assistants.types.params.shared:ToolResourcesFileSearchParam",
        "TruncationStrategy": "openai_assistants.types.params.runs:TruncationStrategyParam",
    },
)
