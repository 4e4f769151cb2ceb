"""Parameters: runs, the work of an assistant on a thread, and their steps.

Generated from codegen/specs/v1/run_steps.yaml, codegen/specs/v1/runs.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from ...._models import UnknownValue
from ..shared import Metadata
from .assistants import AssistantToolParam


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
