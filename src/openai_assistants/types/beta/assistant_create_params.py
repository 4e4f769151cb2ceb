"""Arguments of `assistants.create` and their parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..assistants_params import (
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
        "AssistantCreateParams": "openai_assistants.types.assistants_params:AssistantCreateParams",
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
