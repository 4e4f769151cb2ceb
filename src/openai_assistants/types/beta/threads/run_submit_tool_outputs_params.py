"""Arguments of `runs.submit_tool_outputs` and their parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from ...._lazy import lazy_exports

if TYPE_CHECKING:
    from ...params import (
        RunSubmitToolOutputsParams as RunSubmitToolOutputsParams,
        RunSubmitToolOutputsParamsBase as RunSubmitToolOutputsParamsBase,
        RunSubmitToolOutputsParamsNonStreaming as RunSubmitToolOutputsParamsNonStreaming,
        RunSubmitToolOutputsParamsStreaming as RunSubmitToolOutputsParamsStreaming,
        ToolOutput as ToolOutput,
    )

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "RunSubmitToolOutputsParams": "openai_assistants.types.params:RunSubmitToolOutputsParams",
        "RunSubmitToolOutputsParamsBase": "openai_assistants.types.params:RunSubmitToolOutputsParamsBase",
        "RunSubmitToolOutputsParamsNonStreaming": (
            "openai_assistants.types.params:RunSubmitToolOutputsParamsNonStreaming"
        ),
        "RunSubmitToolOutputsParamsStreaming": "openai_assistants.types.params:RunSubmitToolOutputsParamsStreaming",
        "ToolOutput": "openai_assistants.types.params:ToolOutput",
    },
)
