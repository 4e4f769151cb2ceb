"""A run step and its parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ....._lazy import lazy_exports

if TYPE_CHECKING:
    from ....run_steps import RunStep as RunStep, RunStepLastError, RunStepUsage, StepDetails as StepDetails

    LastError: TypeAlias = RunStepLastError
    Usage: TypeAlias = RunStepUsage

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "RunStep": "openai_assistants.types.run_steps:RunStep",
        "LastError": "openai_assistants.types.run_steps:RunStepLastError",
        "StepDetails": "openai_assistants.types.run_steps:StepDetails",
        "Usage": "openai_assistants.types.run_steps:RunStepUsage",
    },
)
