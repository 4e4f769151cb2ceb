"""Types of run steps.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from ....._lazy import lazy_exports

if TYPE_CHECKING:
    from ....run_steps import (
        CodeInterpreterLogs as CodeInterpreterLogs,
        CodeInterpreterOutputImage as CodeInterpreterOutputImage,
        CodeInterpreterToolCall as CodeInterpreterToolCall,
        CodeInterpreterToolCallDelta as CodeInterpreterToolCallDelta,
        FileSearchToolCall as FileSearchToolCall,
        FileSearchToolCallDelta as FileSearchToolCallDelta,
        FunctionToolCall as FunctionToolCall,
        FunctionToolCallDelta as FunctionToolCallDelta,
        MessageCreationStepDetails as MessageCreationStepDetails,
        RunStep as RunStep,
        RunStepDelta as RunStepDelta,
        RunStepDeltaEvent as RunStepDeltaEvent,
        RunStepDeltaMessageDelta as RunStepDeltaMessageDelta,
        ToolCall as ToolCall,
        ToolCallDelta as ToolCallDelta,
        ToolCallDeltaObject as ToolCallDeltaObject,
        ToolCallsStepDetails as ToolCallsStepDetails,
    )
    from ....threads_params import (
        RunStepInclude as RunStepInclude,
        StepListParams as StepListParams,
        StepRetrieveParams as StepRetrieveParams,
    )
    from . import run_step as run_step

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "CodeInterpreterLogs": "openai_assistants.types.run_steps:CodeInterpreterLogs",
        "CodeInterpreterOutputImage": "openai_assistants.types.run_steps:CodeInterpreterOutputImage",
        "CodeInterpreterToolCall": "openai_assistants.types.run_steps:CodeInterpreterToolCall",
        "CodeInterpreterToolCallDelta": "openai_assistants.types.run_steps:CodeInterpreterToolCallDelta",
        "FileSearchToolCall": "openai_assistants.types.run_steps:FileSearchToolCall",
        "FileSearchToolCallDelta": "openai_assistants.types.run_steps:FileSearchToolCallDelta",
        "FunctionToolCall": "openai_assistants.types.run_steps:FunctionToolCall",
        "FunctionToolCallDelta": "openai_assistants.types.run_steps:FunctionToolCallDelta",
        "MessageCreationStepDetails": "openai_assistants.types.run_steps:MessageCreationStepDetails",
        "RunStep": "openai_assistants.types.run_steps:RunStep",
        "RunStepDelta": "openai_assistants.types.run_steps:RunStepDelta",
        "RunStepDeltaEvent": "openai_assistants.types.run_steps:RunStepDeltaEvent",
        "RunStepDeltaMessageDelta": "openai_assistants.types.run_steps:RunStepDeltaMessageDelta",
        "ToolCall": "openai_assistants.types.run_steps:ToolCall",
        "ToolCallDelta": "openai_assistants.types.run_steps:ToolCallDelta",
        "ToolCallDeltaObject": "openai_assistants.types.run_steps:ToolCallDeltaObject",
        "ToolCallsStepDetails": "openai_assistants.types.run_steps:ToolCallsStepDetails",
        "RunStepInclude": "openai_assistants.types.threads_params:RunStepInclude",
        "StepListParams": "openai_assistants.types.threads_params:StepListParams",
        "StepRetrieveParams": "openai_assistants.types.threads_params:StepRetrieveParams",
    },
)
