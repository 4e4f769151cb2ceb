"""Steps of a run.

Generated from codegen/specs/v2/run_steps.yaml; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, Literal

from typing_extensions import Unpack

from .._basics import Omit, omit
from .._connection import AsyncResource, Resource
from .._requests import Call, Operation

if TYPE_CHECKING:
    from .._models import UnknownValue
    from .._pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
    from .._requests import RequestOptions
    from ..types.params.run_steps import RunStepInclude
    from ..types.run_steps import RunStep
    from ._raw import (
        AsyncStepsWithRawResponse,
        AsyncStepsWithStreamingResponse,
        StepsWithRawResponse,
        StepsWithStreamingResponse,
    )

RETRIEVE = Operation("getRunStep", "GET", "/threads/{thread_id}/runs/{run_id}/steps/{step_id}", beta="assistants=v2")
LIST = Operation("listRunSteps", "GET", "/threads/{thread_id}/runs/{run_id}/steps", beta="assistants=v2")


class Steps(Resource):
    """Steps of a run."""

    with_raw_response: StepsWithRawResponse
    with_streaming_response: StepsWithStreamingResponse

    def retrieve(
        self,
        step_id: str,
        *,
        thread_id: str,
        run_id: str,
        include: Iterable[RunStepInclude] | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> RunStep:
        """Retrieve a step of a run.

        GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}

        Args:
            step_id: Id of the step.
            thread_id: Id of the run's thread.
            run_id: Id of the run.
            include: Extra fields to send along.
            **options: Request options, see `RequestOptions`.

        Returns:
            The step.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.run_steps import RunStep

        return self._connection.send(
            Call(
                RETRIEVE,
                {"thread_id": thread_id, "run_id": run_id, "step_id": step_id},
                query={"include[]": include},
                into=RunStep,
            ),
            options,
        )

    def list(
        self,
        run_id: str,
        *,
        thread_id: str,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        include: Iterable[RunStepInclude] | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[RunStep]:
        """List the steps of a run.

        GET /threads/{thread_id}/runs/{run_id}/steps

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            limit: Steps per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a step; the page starts behind it.
            before: Id of a step; the page ends in front of it.
            include: Extra fields to send along.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of steps. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.run_steps import RunStep

        return self._connection.page(
            Call(
                LIST,
                {"thread_id": thread_id, "run_id": run_id},
                query={"limit": limit, "order": order, "after": after, "before": before, "include[]": include},
                into=RunStep,
            ),
            options,
        )


class AsyncSteps(AsyncResource):
    """Steps of a run."""

    with_raw_response: AsyncStepsWithRawResponse
    with_streaming_response: AsyncStepsWithStreamingResponse

    async def retrieve(
        self,
        step_id: str,
        *,
        thread_id: str,
        run_id: str,
        include: Iterable[RunStepInclude] | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> RunStep:
        """Retrieve a step of a run.

        GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}

        Args:
            step_id: Id of the step.
            thread_id: Id of the run's thread.
            run_id: Id of the run.
            include: Extra fields to send along.
            **options: Request options, see `RequestOptions`.

        Returns:
            The step.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.run_steps import RunStep

        return await self._connection.send(
            Call(
                RETRIEVE,
                {"thread_id": thread_id, "run_id": run_id, "step_id": step_id},
                query={"include[]": include},
                into=RunStep,
            ),
            options,
        )

    def list(
        self,
        run_id: str,
        *,
        thread_id: str,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        include: Iterable[RunStepInclude] | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[RunStep, AsyncCursorPage[RunStep]]:
        """List the steps of a run.

        GET /threads/{thread_id}/runs/{run_id}/steps

        Args:
            run_id: Id of the run.
            thread_id: Id of the run's thread.
            limit: Steps per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a step; the page starts behind it.
            before: Id of a step; the page ends in front of it.
            include: Extra fields to send along.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of steps. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.run_steps import RunStep

        return self._connection.page(
            Call(
                LIST,
                {"thread_id": thread_id, "run_id": run_id},
                query={"limit": limit, "order": order, "after": after, "before": before, "include[]": include},
                into=RunStep,
            ),
            options,
        )
