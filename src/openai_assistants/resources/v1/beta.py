"""Assistants and threads of version 1 of the API.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..._connection import AsyncResource, Resource

if TYPE_CHECKING:
    from ._raw import (
        AsyncBetaV1WithRawResponse,
        AsyncBetaV1WithStreamingResponse,
        BetaV1WithRawResponse,
        BetaV1WithStreamingResponse,
    )
    from .assistants import Assistants, AsyncAssistants
    from .threads import AsyncThreads, Threads


class BetaV1(Resource):
    """Assistants and threads of version 1 of the API."""

    with_raw_response: BetaV1WithRawResponse
    with_streaming_response: BetaV1WithStreamingResponse

    @cached_property
    def assistants(self) -> Assistants:
        """Assistants, models with instructions, tools and files."""
        from .assistants import Assistants

        return Assistants(self._connection)

    @cached_property
    def threads(self) -> Threads:
        """Threads, conversations that assistants work on."""
        from .threads import Threads

        return Threads(self._connection)


class AsyncBetaV1(AsyncResource):
    """Assistants and threads of version 1 of the API."""

    with_raw_response: AsyncBetaV1WithRawResponse
    with_streaming_response: AsyncBetaV1WithStreamingResponse

    @cached_property
    def assistants(self) -> AsyncAssistants:
        """Assistants, models with instructions, tools and files."""
        from .assistants import AsyncAssistants

        return AsyncAssistants(self._connection)

    @cached_property
    def threads(self) -> AsyncThreads:
        """Threads, conversations that assistants work on."""
        from .threads import AsyncThreads

        return AsyncThreads(self._connection)
