"""Types of assistants and threads.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..assistants import (
        Assistant as Assistant,
        AssistantDeleted as AssistantDeleted,
        AssistantTool as AssistantTool,
        CodeInterpreterTool as CodeInterpreterTool,
        FileSearchTool as FileSearchTool,
        FunctionTool as FunctionTool,
    )
    from ..assistants_params import (
        AssistantCreateParams as AssistantCreateParams,
        AssistantListParams as AssistantListParams,
        AssistantResponseFormatOptionParam as AssistantResponseFormatOptionParam,
        AssistantToolParam as AssistantToolParam,
        AssistantUpdateParams as AssistantUpdateParams,
        CodeInterpreterToolParam as CodeInterpreterToolParam,
        FileSearchToolParam as FileSearchToolParam,
        FunctionToolParam as FunctionToolParam,
    )
    from ..runs import (
        AssistantToolChoice as AssistantToolChoice,
        AssistantToolChoiceFunction as AssistantToolChoiceFunction,
        AssistantToolChoiceOption as AssistantToolChoiceOption,
    )
    from ..shared import AssistantResponseFormatOption as AssistantResponseFormatOption
    from ..threads import Thread as Thread, ThreadDeleted as ThreadDeleted
    from ..threads_params import (
        AssistantToolChoiceFunctionParam as AssistantToolChoiceFunctionParam,
        AssistantToolChoiceOptionParam as AssistantToolChoiceOptionParam,
        AssistantToolChoiceParam as AssistantToolChoiceParam,
        ThreadCreateAndRunParams as ThreadCreateAndRunParams,
        ThreadCreateParams as ThreadCreateParams,
        ThreadUpdateParams as ThreadUpdateParams,
    )
    from . import (
        assistant as assistant,
        assistant_create_params as assistant_create_params,
        assistant_stream_event as assistant_stream_event,
        assistant_update_params as assistant_update_params,
        thread as thread,
        thread_create_and_run_params as thread_create_and_run_params,
        thread_create_params as thread_create_params,
        threads as threads,
    )
    from .assistant_stream_event import AssistantStreamEvent as AssistantStreamEvent

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "Assistant": "openai_assistants.types.assistants:Assistant",
        "AssistantDeleted": "openai_assistants.types.assistants:AssistantDeleted",
        "AssistantTool": "openai_assistants.types.assistants:AssistantTool",
        "CodeInterpreterTool": "openai_assistants.types.assistants:CodeInterpreterTool",
        "FileSearchTool": "openai_assistants.types.assistants:FileSearchTool",
        "FunctionTool": "openai_assistants.types.assistants:FunctionTool",
        "AssistantCreateParams": "openai_assistants.types.assistants_params:AssistantCreateParams",
        "AssistantListParams": "openai_assistants.types.assistants_params:AssistantListParams",
        "AssistantToolParam": "openai_assistants.types.assistants_params:AssistantToolParam",
        "AssistantUpdateParams": "openai_assistants.types.assistants_params:AssistantUpdateParams",
        "CodeInterpreterToolParam": "openai_assistants.types.assistants_params:CodeInterpreterToolParam",
        "FileSearchToolParam": "openai_assistants.types.assistants_params:FileSearchToolParam",
        "FunctionToolParam": "openai_assistants.types.assistants_params:FunctionToolParam",
        "AssistantResponseFormatOption": "openai_assistants.types.shared:AssistantResponseFormatOption",
        "AssistantResponseFormatOptionParam": (
            "openai_assistants.types.assistants_params:AssistantResponseFormatOptionParam"
        ),
        "AssistantStreamEvent": "openai_assistants.types.beta.assistant_stream_event:AssistantStreamEvent",
        "AssistantToolChoice": "openai_assistants.types.runs:AssistantToolChoice",
        "AssistantToolChoiceFunction": "openai_assistants.types.runs:AssistantToolChoiceFunction",
        "AssistantToolChoiceOption": "openai_assistants.types.runs:AssistantToolChoiceOption",
        "AssistantToolChoiceFunctionParam": "openai_assistants.types.threads_params:AssistantToolChoiceFunctionParam",
        "AssistantToolChoiceOptionParam": "openai_assistants.types.threads_params:AssistantToolChoiceOptionParam",
        "AssistantToolChoiceParam": "openai_assistants.types.threads_params:AssistantToolChoiceParam",
        "Thread": "openai_assistants.types.threads:Thread",
        "ThreadDeleted": "openai_assistants.types.threads:ThreadDeleted",
        "ThreadCreateAndRunParams": "openai_assistants.types.threads_params:ThreadCreateAndRunParams",
        "ThreadCreateParams": "openai_assistants.types.threads_params:ThreadCreateParams",
        "ThreadUpdateParams": "openai_assistants.types.threads_params:ThreadUpdateParams",
    },
)
