"""The resources of a client.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .._connection import AsyncRoot, Root

if TYPE_CHECKING:
    from ._raw import (
        AsyncClientResourcesWithRawResponse,
        AsyncClientResourcesWithStreamingResponse,
        ClientResourcesWithRawResponse,
        ClientResourcesWithStreamingResponse,
    )
    from .batches import AsyncBatches, Batches
    from .beta import AsyncBeta, Beta
    from .files import AsyncFiles, Files
    from .models import AsyncModels, Models
    from .uploads import AsyncUploads, Uploads
    from .vector_stores import AsyncVectorStores, VectorStores


class ClientResources(Root):
    """The resources of a client."""

    with_raw_response: ClientResourcesWithRawResponse
    with_streaming_response: ClientResourcesWithStreamingResponse

    @cached_property
    def beta(self) -> Beta:
        """Assistants and threads, the older place of vector stores, and version 1 of the API."""
        from .beta import Beta

        return Beta(self._connection)

    @cached_property
    def vector_stores(self) -> VectorStores:
        """Vector stores, collections of files that can be searched by meaning."""
        from .vector_stores import VectorStores

        return VectorStores(self._connection)

    @cached_property
    def files(self) -> Files:
        """Files that assistants, messages and other features work with."""
        from .files import Files

        return Files(self._connection)

    @cached_property
    def uploads(self) -> Uploads:
        """Uploads, which make one file of many parts."""
        from .uploads import Uploads

        return Uploads(self._connection)

    @cached_property
    def batches(self) -> Batches:
        """Batches, files of requests that the server works through when it has time."""
        from .batches import Batches

        return Batches(self._connection)

    @cached_property
    def models(self) -> Models:
        """Models that the server offers."""
        from .models import Models

        return Models(self._connection)


class AsyncClientResources(AsyncRoot):
    """The resources of a client."""

    with_raw_response: AsyncClientResourcesWithRawResponse
    with_streaming_response: AsyncClientResourcesWithStreamingResponse

    @cached_property
    def beta(self) -> AsyncBeta:
        """Assistants and threads, the older place of vector stores, and version 1 of the API."""
        from .beta import AsyncBeta

        return AsyncBeta(self._connection)

    @cached_property
    def vector_stores(self) -> AsyncVectorStores:
        """Vector stores, collections of files that can be searched by meaning."""
        from .vector_stores import AsyncVectorStores

        return AsyncVectorStores(self._connection)

    @cached_property
    def files(self) -> AsyncFiles:
        """Files that assistants, messages and other features work with."""
        from .files import AsyncFiles

        return AsyncFiles(self._connection)

    @cached_property
    def uploads(self) -> AsyncUploads:
        """Uploads, which make one file of many parts."""
        from .uploads import AsyncUploads

        return AsyncUploads(self._connection)

    @cached_property
    def batches(self) -> AsyncBatches:
        """Batches, files of requests that the server works through when it has time."""
        from .batches import AsyncBatches

        return AsyncBatches(self._connection)

    @cached_property
    def models(self) -> AsyncModels:
        """Models that the server offers."""
        from .models import AsyncModels

        return AsyncModels(self._connection)
