"""Arguments of `runs.submit_tool_outputs` and their parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from ...._lazy import lazy_exports

if TYPE_CHECKING:
    from ...threads_params import (
        RunSubmitToolOutputsParams as RunSubmitToolOutputsParams,
        RunSubmitToolOutputsParamsBase as RunSubmitToolOutputsParamsBase,
        RunSubmitToolOutputsParamsNonStreaming as RunSubmitToolOutputsParamsNonStreaming,
        RunSubmitToolOutputsParamsStreaming as RunSubmitToolOutputsParamsStreaming,
        ToolOutput as ToolOutput,
    )

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "RunSubmitToolOutputsParams": "openai_assistants.types.threads_params:RunSubmitToolOutputsParams",
        "RunSubmitToolOutputsParamsBase": "openai_assistants.types.threads_params:RunSubmitToolOutputsParamsBase",
        "RunSubmitToolOutputsParamsNonStreaming": (
            "openai_assistants.types.threads_params:RunSubmitToolOutputsParamsNonStreaming"
        ),
        "RunSubmitToolOutputsParamsStreaming": (
            "openai_assistants.types.threads_params:RunSubmitToolOutputsParamsStreaming"
        ),
        "ToolOutput": "openai_assistants.types.threads_params:ToolOutput",
    },
)
