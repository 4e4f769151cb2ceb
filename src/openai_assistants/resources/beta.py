"""Assistants and threads, the older place of vector stores, and version 1 of the API.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .._connection import AsyncResource, Resource

if TYPE_CHECKING:
    from ._raw import (
        AsyncBetaWithRawResponse,
        AsyncBetaWithStreamingResponse,
        BetaWithRawResponse,
        BetaWithStreamingResponse,
    )
    from .assistants import Assistants, AsyncAssistants
    from .threads import AsyncThreads, Threads
    from .v1.beta import AsyncBetaV1, BetaV1
    from .vector_stores import AsyncVectorStores, VectorStores


class Beta(Resource):
    """Assistants and threads, the older place of vector stores, and version 1 of the API."""

    with_raw_response: BetaWithRawResponse
    with_streaming_response: BetaWithStreamingResponse

    @cached_property
    def assistants(self) -> Assistants:
        """Assistants, models with instructions and tools."""
        from .assistants import Assistants

        return Assistants(self._connection)

    @cached_property
    def threads(self) -> Threads:
        """Threads, conversations that assistants work on."""
        from .threads import Threads

        return Threads(self._connection)

    @cached_property
    def vector_stores(self) -> VectorStores:
        """Vector stores, collections of files that can be searched by meaning."""
        from .vector_stores import VectorStores

        return VectorStores(self._connection)

    @cached_property
    def v1(self) -> BetaV1:
        """Assistants and threads of version 1 of the API."""
        from .v1.beta import BetaV1

        return BetaV1(self._connection)


class AsyncBeta(AsyncResource):
    """Assistants and threads, the older place of vector stores, and version 1 of the API."""

    with_raw_response: AsyncBetaWithRawResponse
    with_streaming_response: AsyncBetaWithStreamingResponse

    @cached_property
    def assistants(self) -> AsyncAssistants:
        """Assistants, models with instructions and tools."""
        from .assistants import AsyncAssistants

        return AsyncAssistants(self._connection)

    @cached_property
    def threads(self) -> AsyncThreads:
        """Threads, conversations that assistants work on."""
        from .threads import AsyncThreads

        return AsyncThreads(self._connection)

    @cached_property
    def vector_stores(self) -> AsyncVectorStores:
        """Vector stores, collections of files that can be searched by meaning."""
        from .vector_stores import AsyncVectorStores

        return AsyncVectorStores(self._connection)

    @cached_property
    def v1(self) -> AsyncBetaV1:
        """Assistants and threads of version 1 of the API."""
        from .v1.beta import AsyncBetaV1

        return AsyncBetaV1(self._connection)
