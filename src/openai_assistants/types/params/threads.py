"""Parameters: threads, which hold the messages that assistants work on.

Generated from codegen/specs/v2/runs.yaml, codegen/specs/v2/threads.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from ..runs import TruncationStrategy
from ..shared import Metadata, ToolResources
from .assistants import AssistantToolParam
from .messages import MessageCreateParams
from .runs import AssistantToolChoiceOptionParam, TruncationStrategyParam
from .shared import AssistantResponseFormatOptionParam, ChatModel, NewToolResourcesParam, ToolResourcesParam


class ThreadCreateParams(TypedDict, total=False):
    """A thread to create."""

    messages: Iterable[MessageCreateParams]
    """Messages to start with, oldest first."""

    tool_resources: NewToolResourcesParam | ToolResources | None
    """Files and vector stores that tools may use on this thread."""

    metadata: Metadata | None
    """Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class ThreadUpdateParams(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}`."""

    tool_resources: ToolResourcesParam | ToolResources | None
    """Files and vector stores that tools may use on this thread. Ids replace those before."""

    metadata: Metadata | None
    """Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class ThreadCreateAndRunParamsBase(TypedDict, total=False):
    """Arguments of `POST /threads/runs`, streamed or not."""

    assistant_id: Required[str]
    """Id of the assistant to run."""

    thread: ThreadCreateParams
    """The thread to create; an empty one if left out."""

    model: str | ChatModel | None
    """Id of a model to use instead of the assistant's."""

    instructions: str | None
    """System prompt for this run, instead of the assistant's."""

    tools: Iterable[AssistantToolParam] | None
    """Tools for this run instead of the assistant's, at most 20."""

    tool_resources: ToolResourcesParam | ToolResources | None
    """Files and vector stores for the tools of this run, instead of the assistant's."""

    metadata: Metadata | None
    """Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""

    temperature: float | None
    """Randomness of this run, from 0 (focused) to 2 (wild)."""

    top_p: float | None
    """Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not both."""

    max_prompt_tokens: int | None
    """Most prompt tokens for the whole run, at least 256. Beyond it the run ends as `incomplete`."""

    max_completion_tokens: int | None
    """Most completion tokens for the whole run, at least 256. Beyond it the run ends as `incomplete`."""

    truncation_strategy: TruncationStrategyParam | TruncationStrategy | None
    """Which messages of the thread the model sees."""

    tool_choice: AssistantToolChoiceOptionParam | None
    """Which tools the model may or must use."""

    parallel_tool_calls: bool
    """Whether the model may ask for several function calls at once."""

    response_format: AssistantResponseFormatOptionParam | None
    """Form of the answer."""


class ThreadCreateAndRunParamsNonStreaming(ThreadCreateAndRunParamsBase, total=False):
    """Arguments of `POST /threads/runs`, not streamed."""

    stream: Literal[False] | None
    """Whether to answer with a stream of events while the run works."""


class ThreadCreateAndRunParamsStreaming(ThreadCreateAndRunParamsBase, total=False):
    """Arguments of `POST /threads/runs`, streamed."""

    stream: Required[Literal[True]]
    """Whether to answer with a stream of events while the run works."""


ThreadCreateAndRunParams: TypeAlias = ThreadCreateAndRunParamsNonStreaming | ThreadCreateAndRunParamsStreaming
"""Arguments of `POST /threads/runs`."""
