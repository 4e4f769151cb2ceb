"""What is another thing in version 1 of the API: clients, event handlers, descriptions of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, TypeVar, cast

from ._client import BaseAsyncOpenAI, BaseOpenAI
from ._handlers import AssistantEventHandler as Handler, AsyncAssistantEventHandler as AsyncHandler
from .resources.v1 import AsyncClientResources, ClientResources

if TYPE_CHECKING:
    from .types.v1.events import AssistantStreamEvent, MessageDelta, RunStepDelta, TextDelta, ToolCallDelta
    from .types.v1.params import FunctionToolParam
    from .types.v1.threads import ImageFile, Message, Run, RunStep, Text, ToolCall

    HandlerBase = Handler[
        AssistantStreamEvent,
        Run,
        RunStep,
        RunStepDelta,
        ToolCall,
        ToolCallDelta,
        Message,
        MessageDelta,
        Text,
        TextDelta,
        ImageFile,
    ]
    AsyncHandlerBase = AsyncHandler[
        AssistantStreamEvent,
        Run,
        RunStep,
        RunStepDelta,
        ToolCall,
        ToolCallDelta,
        Message,
        MessageDelta,
        Text,
        TextDelta,
        ImageFile,
    ]
else:
    HandlerBase, AsyncHandlerBase = Handler, AsyncHandler

HandlerT = TypeVar("HandlerT", bound="AssistantEventHandler")
AsyncHandlerT = TypeVar("AsyncHandlerT", bound="AsyncAssistantEventHandler")


class OpenAI(BaseOpenAI, ClientResources):
    """Client of the Assistants API whose `beta` is version 1, blocking. For the arguments see
    `openai_assistants.OpenAI`, whose `beta.v1` is the same beside version 2.
    """

    _resources = ClientResources


class AsyncOpenAI(BaseAsyncOpenAI, AsyncClientResources):
    """Client of the Assistants API whose `beta` is version 1, for asyncio and trio. For the arguments see
    `openai_assistants.AsyncOpenAI`, whose `beta.v1` is the same beside version 2.
    """

    _resources = AsyncClientResources


class AssistantEventHandler(HandlerBase):
    """The event handler for streams of version 1, see `openai_assistants.AssistantEventHandler`."""


class AsyncAssistantEventHandler(AsyncHandlerBase):
    """The event handler for streams of version 1, see `openai_assistants.AsyncAssistantEventHandler`."""


def function_tool(
    function: Callable[..., Any], *, name: str | None = None, description: str | None = None
) -> FunctionToolParam:
    """Describe a Python function to the model, see `openai_assistants.function_tool`. Version 1 has no strict mode.

    Raises: as `openai_assistants.function_tool`.
    """
    from ._functions import function_tool as describe

    return cast("FunctionToolParam", describe(function, name=name, description=description))


Client = OpenAI
AsyncClient = AsyncOpenAI
