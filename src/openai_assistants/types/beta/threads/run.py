"""A run and its parts.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from ...._lazy import lazy_exports

if TYPE_CHECKING:
    from ...runs import (
        Run as Run,
        RunIncompleteDetails,
        RunLastError,
        RunRequiredAction,
        RunRequiredActionSubmitToolOutputs,
        RunUsage,
        TruncationStrategy as TruncationStrategy,
    )

    IncompleteDetails: TypeAlias = RunIncompleteDetails
    LastError: TypeAlias = RunLastError
    RequiredAction: TypeAlias = RunRequiredAction
    RequiredActionSubmitToolOutputs: TypeAlias = RunRequiredActionSubmitToolOutputs
    Usage: TypeAlias = RunUsage

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "Run": "openai_assistants.types.runs:Run",
        "IncompleteDetails": "openai_assistants.types.runs:RunIncompleteDetails",
        "LastError": "openai_assistants.types.runs:RunLastError",
        "RequiredAction": "openai_assistants.types.runs:RunRequiredAction",
        "RequiredActionSubmitToolOutputs": "openai_assistants.types.runs:RunRequiredActionSubmitToolOutputs",
        "TruncationStrategy": "openai_assistants.types.runs:TruncationStrategy",
        "Usage": "openai_assistants.types.runs:RunUsage",
    },
)
