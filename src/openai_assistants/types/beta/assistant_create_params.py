"""Arguments of `assistants.create` and their parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..params import (
        AssistantCreateParams as AssistantCreateParams,
        AutoFileChunkingStrategyParam,
        FileChunkingStrategyParam,
        NewToolResourcesFileSearchParam,
        NewToolResourcesParam,
        NewVectorStoreParam,
        StaticFileChunkingStrategyObjectParam,
        StaticFileChunkingStrategyParam,
        ToolResourcesCodeInterpreterParam,
    )

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
        "AssistantCreateParams": "openai_assistants.types.params:AssistantCreateParams",
        "ToolResources": "openai_assistants.types.params:NewToolResourcesParam",
        "ToolResourcesCodeInterpreter": "openai_assistants.types.params:ToolResourcesCodeInterpreterParam",
        "ToolResourcesFileSearch": "openai_assistants.types.params:NewToolResourcesFileSearchParam",
        "ToolResourcesFileSearchVectorStore": "openai_assistants.types.params:NewVectorStoreParam",
        "ToolResourcesFileSearchVectorStoreChunkingStrategy": (
            "openai_assistants.types.params:FileChunkingStrategyParam"
        ),
        "ToolResourcesFileSearchVectorStoreChunkingStrategyAuto": (
            "openai_assistants.types.params:AutoFileChunkingStrategyParam"
        ),
        "ToolResourcesFileSearchVectorStoreChunkingStrategyStatic": (
            "openai_assistants.types.params:StaticFileChunkingStrategyObjectParam"
        ),
        "ToolResourcesFileSearchVectorStoreChunkingStrategyStaticStatic": (
            "openai_assistants.types.params:StaticFileChunkingStrategyParam"
        ),
    },
)
