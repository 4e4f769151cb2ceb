"""Parameters that several topics use.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING, TypeAlias

from .._lazy import lazy_exports

if TYPE_CHECKING:
    from .assistants_params import (
        ChatModel as ChatModel,
        ComparisonFilterParam,
        CompoundFilterParam,
        FunctionDefinitionParam,
        ReasoningEffort as ReasoningEffort,
        ResponseFormatJSONObjectParam,
        ResponseFormatJSONSchemaParam,
        ResponseFormatTextParam,
    )
    from .shared import FunctionParameters as FunctionParameters, Metadata as Metadata

    ComparisonFilter: TypeAlias = ComparisonFilterParam
    CompoundFilter: TypeAlias = CompoundFilterParam
    FunctionDefinition: TypeAlias = FunctionDefinitionParam
    ResponseFormatJSONObject: TypeAlias = ResponseFormatJSONObjectParam
    ResponseFormatJSONSchema: TypeAlias = ResponseFormatJSONSchemaParam
    ResponseFormatText: TypeAlias = ResponseFormatTextParam

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "FunctionParameters": "openai_assistants.types.shared:FunctionParameters",
        "Metadata": "openai_assistants.types.shared:Metadata",
        "ChatModel": "openai_assistants.types.assistants_params:ChatModel",
        "ComparisonFilter": "openai_assistants.types.assistants_params:ComparisonFilterParam",
        "CompoundFilter": "openai_assistants.types.assistants_params:CompoundFilterParam",
        "FunctionDefinition": "openai_assistants.types.assistants_params:FunctionDefinitionParam",
        "ReasoningEffort": "openai_assistants.types.assistants_params:ReasoningEffort",
        "ResponseFormatJSONObject": "openai_assistants.types.assistants_params:ResponseFormatJSONObjectParam",
        "ResponseFormatJSONSchema": "openai_assistants.types.assistants_params:ResponseFormatJSONSchemaParam",
        "ResponseFormatText": "openai_assistants.types.assistants_params:ResponseFormatTextParam",
    },
)
