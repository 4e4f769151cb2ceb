"""The event handlers of streamed runs, and what opens their streams."""

from typing import TYPE_CHECKING

from .._lazy import lazy_exports

if TYPE_CHECKING:
    from .._handlers import (
        AssistantEventHandler as AssistantEventHandler,
        AssistantStreamManager as AssistantStreamManager,
        AsyncAssistantEventHandler as AsyncAssistantEventHandler,
        AsyncAssistantStreamManager as AsyncAssistantStreamManager,
    )

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "AssistantEventHandler": "openai_assistants._handlers",
        "AsyncAssistantEventHandler": "openai_assistants._handlers",
        "AssistantStreamManager": "openai_assistants._handlers",
        "AsyncAssistantStreamManager": "openai_assistants._handlers",
    },
)
