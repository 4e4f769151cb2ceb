"""Parameters: steps of a run, and the pieces in which they are streamed.

Generated from codegen/specs/v2/run_steps.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from ..._models import UnknownValue

RunStepInclude: TypeAlias = Literal["step_details.tool_calls[*].file_search.results[*].content"] | UnknownValue
"""An extra field of run steps. There is one at present, the text of file search results."""


class StepRetrieveParams(TypedDict, total=False):
    """Arguments of `GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}`."""

    thread_id: Required[str]
    """Id of the run's thread."""

    run_id: Required[str]
    """Id of the run."""

    include: Iterable[RunStepInclude]
    """Extra fields to send along."""


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

    include: Iterable[RunStepInclude]
    """Extra fields to send along."""
