"""Arguments of `assistants.update` and their parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..assistants_params import (
        AssistantUpdateParams as AssistantUpdateParams,
        ToolResourcesCodeInterpreterParam,
        ToolResourcesFileSearchParam,
        ToolResourcesParam,
    )

    ToolResources: TypeAlias = ToolResourcesParam
    ToolResourcesCodeInterpreter: TypeAlias = ToolResourcesCodeInterpreterParam
    ToolResourcesFileSearch: TypeAlias = ToolResourcesFileSearchParam

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "AssistantUpdateParams": "openai_assistants.types.assistants_params:AssistantUpdateParams",
        "ToolResources": "openai_assistants.types.assistants_params:ToolResourcesParam",
        "ToolResourcesCodeInterpreter": "openai_assistants.types.assistants_params:ToolResourcesCodeInterpreterParam",
        "ToolResourcesFileSearch": "openai_assistants.types.assistants_params:ToolResourcesFileSearchParam",
    },
)
