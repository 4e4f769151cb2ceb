"""A thread and its parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..shared import (
        ToolResources as ToolResources,
        ToolResourcesCodeInterpreter as ToolResourcesCodeInterpreter,
        ToolResourcesFileSearch as ToolResourcesFileSearch,
    )
    from ..threads import Thread as Thread

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "Thread": "openai_assistants.types.threads:Thread",
        "ToolResources": "openai_assistants.types.shared:ToolResources",
        "ToolResourcesCodeInterpreter": "openai_assistants.types.shared:ToolResourcesCodeInterpreter",
        "ToolResourcesFileSearch": "openai_assistants.types.shared:ToolResourcesFileSearch",
    },
)
