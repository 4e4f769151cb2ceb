"""The events of a streamed run, each a class of its own.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from ..._lazy import lazy_exports

if TYPE_CHECKING:
    from ..events import AssistantStreamEvent as AssistantStreamEvent
    from ..events import ErrorEvent as ErrorEvent
    from ..events import ThreadCreated as ThreadCreated
    from ..events import ThreadMessageCompleted as ThreadMessageCompleted
    from ..events import ThreadMessageCreated as ThreadMessageCreated
    from ..events import ThreadMessageDelta as ThreadMessageDelta
    from ..events import ThreadMessageIncomplete as ThreadMessageIncomplete
    from ..events import ThreadMessageInProgress as ThreadMessageInProgress
    from ..events import ThreadRunCancelled as ThreadRunCancelled
    from ..events import ThreadRunCancelling as ThreadRunCancelling
    from ..events import ThreadRunCompleted as ThreadRunCompleted
    from ..events import ThreadRunCreated as ThreadRunCreated
    from ..events import ThreadRunExpired as ThreadRunExpired
    from ..events import ThreadRunFailed as ThreadRunFailed
    from ..events import ThreadRunIncomplete as ThreadRunIncomplete
    from ..events import ThreadRunInProgress as ThreadRunInProgress
    from ..events import ThreadRunQueued as ThreadRunQueued
    from ..events import ThreadRunRequiresAction as ThreadRunRequiresAction
    from ..events import ThreadRunStepCancelled as ThreadRunStepCancelled
    from ..events import ThreadRunStepCompleted as ThreadRunStepCompleted
    from ..events import ThreadRunStepCreated as ThreadRunStepCreated
    from ..events import ThreadRunStepDelta as ThreadRunStepDelta
    from ..events import ThreadRunStepExpired as ThreadRunStepExpired
    from ..events import ThreadRunStepFailed as ThreadRunStepFailed
    from ..events import ThreadRunStepInProgress as ThreadRunStepInProgress
    from ..events import UnknownStreamEvent as UnknownStreamEvent

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
