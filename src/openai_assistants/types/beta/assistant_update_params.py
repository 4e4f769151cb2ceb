"""Arguments of `assistants.update` and their parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..params.assistants import AssistantUpdateParams as AssistantUpdateParams
    from ..params.shared import ToolResourcesCodeInterpreterParam, ToolResourcesFileSearchParam, ToolResourcesParam

    ToolResources: TypeAlias = ToolResourcesParam
    ToolResourcesCodeInterpreter: TypeAlias = ToolResourcesCodeInterpreterParam
    ToolResourcesFileSearch: TypeAlias = ToolResourcesFileSearchParam

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "AssistantUpdateParams": "openai_assistants.types.params.assistants:AssistantUpdateParams",
        "ToolResources": "openai_assistants.types.params.shared:ToolResourcesParam",
        "ToolResourcesCodeInterpreter": "openai_assistants.types.params.shared:ToolResourcesCodeInterpreterParam",
        "ToolResourcesFileSearch": "openai_assistants.types.params.shared:ToolResourcesFileSearchParam",
    },
)
