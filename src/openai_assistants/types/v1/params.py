"""Parameters of shared, assistants, threads, runs.

Generated from codegen/specs/v1/assistant_files.yaml, codegen/specs/v1/assistants.yaml,
codegen/specs/v1/message_files.yaml, codegen/specs/v1/messages.yaml, codegen/specs/v1/run_steps.yaml,
codegen/specs/v1/runs.yaml, codegen/specs/v1/shared.yaml, codegen/specs/v1/threads.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from ..._models import UnknownValue
from .threads import (
    CodeInterpreterTool,
    FunctionDefinition,
    FunctionParameters,
    FunctionTool,
    Metadata,
    RetrievalTool,
    UnknownAssistantTool,
)

# ---- shared ----------------------------------------------------------------------------------------------------------


class FunctionDefinitionParam(TypedDict, total=False):
    """A function that the model may ask you to call."""

    name: Required[str]
    """Name that the model calls it by. Letters, digits, underscores and dashes, at most 64 characters."""

    description: str
    """What the function does; the model reads this to decide when to call it."""

    parameters: FunctionParameters
    """JSON Schema of the arguments. Without it the function takes none."""


# ---- assistants ------------------------------------------------------------------------------------------------------


class CodeInterpreterToolParam(TypedDict, total=False):
    """Lets the model write and run Python in a sandbox."""

    type: Required[Literal["code_interpreter"]]
    """Tag of the code interpreter."""


class RetrievalToolParam(TypedDict, total=False):
    """Lets the model look things up in the attached files."""

    type: Required[Literal["retrieval"]]
    """Tag of retrieval."""


class FunctionToolParam(TypedDict, total=False):
    """Lets the model ask you to call a function of yours."""

    type: Required[Literal["function"]]
    """Tag of a function."""

    function: Required[FunctionDefinitionParam | FunctionDefinition]
    """The function."""


AssistantToolParam: TypeAlias = (
    CodeInterpreterToolParam
    | RetrievalToolParam
    | FunctionToolParam
    | CodeInterpreterTool
    | RetrievalTool
    | FunctionTool
    | UnknownAssistantTool
)
"""A tool of an assistant or a run."""


class AssistantCreateParams(TypedDict, total=False):
    """Arguments of `POST /assistants`."""

    model: Required[str]
    """Id of the model to run on."""

    name: str | None
    """Name of the assistant, at most 256 characters."""

    description: str | None
    """What the assistant is for, at most 512 characters. The model does not see it."""

    instructions: str | None
    """System prompt, at most 32,768 characters."""

    tools: Iterable[AssistantToolParam]
    """Tools that it may use, at most 128."""

    file_ids: list[str]
    """Ids of files that its tools may use, at most 20; upload them with the purpose `assistants`."""

    metadata: Metadata | None
    """Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class AssistantUpdateParams(TypedDict, total=False):
    """Arguments of `POST /assistants/{assistant_id}`."""

    model: str
    """Id of the model to run on."""

    name: str | None
    """Name of the assistant, at most 256 characters."""

    description: str | None
    """What the assistant is for, at most 512 characters. The model does not see it."""

    instructions: str | None
    """System prompt, at most 32,768 characters."""

    tools: Iterable[AssistantToolParam]
    """Tools that it may use, at most 128. The list replaces the one before."""

    file_ids: list[str]
    """Ids of files that its tools may use, at most 20. Files that are no longer listed are detached."""

    metadata: Metadata | None
    """Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class AssistantListParams(TypedDict, total=False):
    """Arguments of `GET /assistants`."""

    limit: int
    """Assistants per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of an assistant; the page starts behind it."""

    before: str
    """Id of an assistant; the page ends in front of it."""


class AssistantFileCreateParams(TypedDict, total=False):
    """Arguments of `POST /assistants/{assistant_id}/files`."""

    file_id: Required[str]
    """Id of a file with the purpose `assistants`."""


class AssistantFileListParams(TypedDict, total=False):
    """Arguments of `GET /assistants/{assistant_id}/files`."""

    limit: int
    """Files per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by the time of attaching; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a file; the page starts behind it."""

    before: str
    """Id of a file; the page ends in front of it."""


# ---- threads ---------------------------------------------------------------------------------------------------------


class MessageCreateParams(TypedDict, total=False):
    """A message to add to a thread."""

    role: Required[Literal["user"] | UnknownValue]
    """Who speaks; only people can."""

    content: Required[str]
    """The text, from 1 to 32,768 characters."""

    file_ids: list[str]
    """Ids of files that the tools may use, from 1 to 10; leave it out for none."""

    metadata: Metadata | None
    """Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class ThreadCreateParams(TypedDict, total=False):
    """A thread to create."""

    messages: Iterable[MessageCreateParams]
    """Messages to start with, oldest first."""

    metadata: Metadata | None
    """Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class ThreadUpdateParams(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}`."""

    metadata: Metadata | None
    """Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class ThreadCreateAndRunParamsBase(TypedDict, total=False):
    """Arguments of `POST /threads/runs`, streamed or not."""

    assistant_id: Required[str]
    """Id of the assistant to run."""

    thread: ThreadCreateParams
    """The thread to create; an empty one if left out."""

    model: str | None
    """Id of a model to use instead of the assistant's."""

    instructions: str | None
    """System prompt for this run, instead of the assistant's."""

    tools: Iterable[AssistantToolParam] | None
    """Tools for this run instead of the assistant's, at most 20."""

    metadata: Metadata | None
    """Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


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


class MessageUpdateParams(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}/messages/{message_id}`."""

    thread_id: Required[str]
    """Id of the message's thread."""

    metadata: Metadata | None
    """Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class MessageListParams(TypedDict, total=False):
    """Arguments of `GET /threads/{thread_id}/messages`."""

    limit: int
    """Messages per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a message; the page starts behind it."""

    before: str
    """Id of a message; the page ends in front of it."""


class MessageFileListParams(TypedDict, total=False):
    """Arguments of `GET /threads/{thread_id}/messages/{message_id}/files`."""

    thread_id: Required[str]
    """Id of the message's thread."""

    limit: int
    """Files per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by the time of attaching; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a file; the page starts behind it."""

    before: str
    """Id of a file; the page ends in front of it."""


# ---- runs ------------------------------------------------------------------------------------------------------------


class ToolOutput(TypedDict, total=False):
    """Result of one tool call."""

    tool_call_id: Required[str]
    """Id of the call, from `required_action` of the run."""

    output: str
    """The result, as text for the model."""


class RunCreateParamsBase(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}/runs`, streamed or not."""

    assistant_id: Required[str]
    """Id of the assistant to run."""

    model: str | None
    """Id of a model to use instead of the assistant's."""

    instructions: str | None
    """System prompt for this run, instead of the assistant's."""

    additional_instructions: str | None
    """Text to append to the instructions for this run."""

    tools: Iterable[AssistantToolParam] | None
    """Tools for this run instead of the assistant's, at most 20."""

    metadata: Metadata | None
    """Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class RunCreateParamsNonStreaming(RunCreateParamsBase, total=False):
    """Arguments of `POST /threads/{thread_id}/runs`, not streamed."""

    stream: Literal[False] | None
    """Whether to answer with a stream of events while the run works."""


class RunCreateParamsStreaming(RunCreateParamsBase, total=False):
    """Arguments of `POST /threads/{thread_id}/runs`, streamed."""

    stream: Required[Literal[True]]
    """Whether to answer with a stream of events while the run works."""


RunCreateParams: TypeAlias = RunCreateParamsNonStreaming | RunCreateParamsStreaming
"""Arguments of `POST /threads/{thread_id}/runs`."""


class RunUpdateParams(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}/runs/{run_id}`."""

    thread_id: Required[str]
    """Id of the run's thread."""

    metadata: Metadata | None
    """Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class RunListParams(TypedDict, total=False):
    """Arguments of `GET /threads/{thread_id}/runs`."""

    limit: int
    """Runs per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a run; the page starts behind it."""

    before: str
    """Id of a run; the page ends in front of it."""


class RunSubmitToolOutputsParamsBase(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs`, streamed or not."""

    thread_id: Required[str]
    """Id of the run's thread."""

    tool_outputs: Required[Iterable[ToolOutput]]
    """One result for each call."""


class RunSubmitToolOutputsParamsNonStreaming(RunSubmitToolOutputsParamsBase, total=False):
    """Arguments of `POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs`, not streamed."""

    stream: Literal[False] | None
    """Whether to answer with a stream of events while the run goes on."""


class RunSubmitToolOutputsParamsStreaming(RunSubmitToolOutputsParamsBase, total=False):
    """Arguments of `POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs`, streamed."""

    stream: Required[Literal[True]]
    """Whether to answer with a stream of events while the run goes on."""


RunSubmitToolOutputsParams: TypeAlias = RunSubmitToolOutputsParamsNonStreaming | RunSubmitToolOutputsParamsStreaming
"""Arguments of `POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs`."""


class StepListParams(TypedDict, total=False):
    """Arguments of `GET /threads/{thread_id}/runs/{run_id}/steps`."""

    thread_id: Required[str]
    """Id of the run's thread."""

    limit: int
    """Steps per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a step; the page starts behind it."""

    before: str
    """Id of a step; the page ends in front of it."""
