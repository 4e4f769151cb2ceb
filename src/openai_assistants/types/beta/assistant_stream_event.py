"""The events of a streamed run, each a class of its own.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..events import (
        AssistantStreamEvent as AssistantStreamEvent,
        ErrorEvent as ErrorEvent,
        ThreadCreated as ThreadCreated,
        ThreadMessageCompleted as ThreadMessageCompleted,
        ThreadMessageCreated as ThreadMessageCreated,
        ThreadMessageDelta as ThreadMessageDelta,
        ThreadMessageIncomplete as ThreadMessageIncomplete,
        ThreadMessageInProgress as ThreadMessageInProgress,
        ThreadRunCancelled as ThreadRunCancelled,
        ThreadRunCancelling as ThreadRunCancelling,
        ThreadRunCompleted as ThreadRunCompleted,
        ThreadRunCreated as ThreadRunCreated,
        ThreadRunExpired as ThreadRunExpired,
        ThreadRunFailed as ThreadRunFailed,
        ThreadRunIncomplete as ThreadRunIncomplete,
        ThreadRunInProgress as ThreadRunInProgress,
        ThreadRunQueued as ThreadRunQueued,
        ThreadRunRequiresAction as ThreadRunRequiresAction,
        ThreadRunStepCancelled as ThreadRunStepCancelled,
        ThreadRunStepCompleted as ThreadRunStepCompleted,
        ThreadRunStepCreated as ThreadRunStepCreated,
        ThreadRunStepDelta as ThreadRunStepDelta,
        ThreadRunStepExpired as ThreadRunStepExpired,
        ThreadRunStepFailed as ThreadRunStepFailed,
        ThreadRunStepInProgress as ThreadRunStepInProgress,
        UnknownStreamEvent as UnknownStreamEvent,
    )

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "AssistantStreamEvent": "openai_assistants.types.events:AssistantStreamEvent",
        "ErrorEvent": "openai_assistants.types.events:ErrorEvent",
        "ThreadCreated": "openai_assistants.types.events:ThreadCreated",
        "ThreadMessageCompleted": "openai_assistants.types.events:ThreadMessageCompleted",
        "ThreadMessageCreated": "openai_assistants.types.events:ThreadMessageCreated",
        "ThreadMessageDelta": "openai_assistants.types.events:ThreadMessageDelta",
        "ThreadMessageInProgress": "openai_assistants.types.events:ThreadMessageInProgress",
        "ThreadMessageIncomplete": "openai_assistants.types.events:ThreadMessageIncomplete",
        "ThreadRunCancelled": "openai_assistants.types.events:ThreadRunCancelled",
        "ThreadRunCancelling": "openai_assistants.types.events:ThreadRunCancelling",
        "ThreadRunCompleted": "openai_assistants.types.events:ThreadRunCompleted",
        "ThreadRunCreated": "openai_assistants.types.events:ThreadRunCreated",
        "ThreadRunExpired": "openai_assistants.types.events:ThreadRunExpired",
        "ThreadRunFailed": "openai_assistants.types.events:ThreadRunFailed",
        "ThreadRunInProgress": "openai_assistants.types.events:ThreadRunInProgress",
        "ThreadRunIncomplete": "openai_assistants.types.events:ThreadRunIncomplete",
        "ThreadRunQueued": "openai_assistants.types.events:ThreadRunQueued",
        "ThreadRunRequiresAction": "openai_assistants.types.events:ThreadRunRequiresAction",
        "ThreadRunStepCancelled": "openai_assistants.types.events:ThreadRunStepCancelled",
        "ThreadRunStepCompleted": "openai_assistants.types.events:ThreadRunStepCompleted",
        "ThreadRunStepCreated": "openai_assistants.types.events:ThreadRunStepCreated",
        "ThreadRunStepDelta": "openai_assistants.types.events:ThreadRunStepDelta",
        "ThreadRunStepExpired": "openai_assistants.types.events:ThreadRunStepExpired",
        "ThreadRunStepFailed": "openai_assistants.types.events:ThreadRunStepFailed",
        "ThreadRunStepInProgress": "openai_assistants.types.events:ThreadRunStepInProgress",
        "UnknownStreamEvent": "openai_assistants.types.events:UnknownStreamEvent",
    },
)
