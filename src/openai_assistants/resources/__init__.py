"""The resources of a client. Assistants and threads, the older place of vector stores, and version 1 of the API. Models
that the server offers.

Generated from codegen/specs/v2/models.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from typing_extensions import Unpack

from .._connection import AsyncResource, AsyncRoot, Resource, Root
from .._requests import Call, Operation

if TYPE_CHECKING:
    from .._pagination import AsyncPage, AsyncPaginator, SyncPage
    from .._requests import RequestOptions
    from ..types.files import Model, ModelDeleted
    from ._raw import (
        AsyncBetaWithRawResponse,
        AsyncBetaWithStreamingResponse,
        AsyncClientResourcesWithRawResponse,
        AsyncClientResourcesWithStreamingResponse,
        AsyncModelsWithRawResponse,
        AsyncModelsWithStreamingResponse,
        BetaWithRawResponse,
        BetaWithStreamingResponse,
        ClientResourcesWithRawResponse,
        ClientResourcesWithStreamingResponse,
        ModelsWithRawResponse,
        ModelsWithStreamingResponse,
    )
    from .assistants import Assistants, AsyncAssistants
    from .files import AsyncBatches, AsyncFiles, AsyncUploads, Batches, Files, Uploads
    from .threads import AsyncThreads, Threads
    from .v1 import AsyncBetaV1, BetaV1
    from .vector_stores import AsyncVectorStores, VectorStores

__tracebackhide__ = True  # pytest shows the line that calls, not the methods, which are mostly docstrings

MODELS_RETRIEVE = Operation("retrieveModel", "GET", "/models/{model}")
MODELS_LIST = Operation("listModels", "GET", "/models")
MODELS_DELETE = Operation("deleteModel", "DELETE", "/models/{model}")


class ClientResources(Root):
    """The resources of a client."""

    with_raw_response: ClientResourcesWithRawResponse
    with_streaming_response: ClientResourcesWithStreamingResponse

    @cached_property
    def beta(self) -> Beta:
        """Assistants and threads, the older place of vector stores, and version 1 of the API."""
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
        from .files import Uploads

        return Uploads(self._connection)

    @cached_property
    def batches(self) -> Batches:
        """Batches, files of requests that the server works through when it has time."""
        from .files import Batches

        return Batches(self._connection)

    @cached_property
    def models(self) -> Models:
        """Models that the server offers."""
        return Models(self._connection)


class AsyncClientResources(AsyncRoot):
    """The resources of a client."""

    with_raw_response: AsyncClientResourcesWithRawResponse
    with_streaming_response: AsyncClientResourcesWithStreamingResponse

    @cached_property
    def beta(self) -> AsyncBeta:
        """Assistants and threads, the older place of vector stores, and version 1 of the API."""
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
        from .files import AsyncUploads

        return AsyncUploads(self._connection)

    @cached_property
    def batches(self) -> AsyncBatches:
        """Batches, files of requests that the server works through when it has time."""
        from .files import AsyncBatches

        return AsyncBatches(self._connection)

    @cached_property
    def models(self) -> AsyncModels:
        """Models that the server offers."""
        return AsyncModels(self._connection)


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
        from .v1 import BetaV1

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
        from .v1 import AsyncBetaV1

        return AsyncBetaV1(self._connection)


class Models(Resource):
    """Models that the server offers."""

    with_raw_response: ModelsWithRawResponse
    with_streaming_response: ModelsWithStreamingResponse

    def retrieve(self, model: str, **options: Unpack[RequestOptions]) -> Model:
        """Retrieve a model.

        GET /models/{model}

        Args:
            model: Id of the model.
            **options: Request options, see `RequestOptions`.

        Returns:
            The model.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.files import Model

        return self._connection.send(Call(MODELS_RETRIEVE, {"model": model}, into=Model), options)

    def list(self, **options: Unpack[RequestOptions]) -> SyncPage[Model]:
        """List the models that you can use.

        GET /models

        Args:
            **options: Request options, see `RequestOptions`.

        Returns:
            All models, in one page.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.files import Model

        return self._connection.plain_page(Call(MODELS_LIST, into=Model), options)

    def delete(self, model: str, **options: Unpack[RequestOptions]) -> ModelDeleted:
        """Delete one of your fine-tuned models.

        Only owners of the organization may do this.

        DELETE /models/{model}

        Args:
            model: Id of the fine-tuned model.
            **options: Request options, see `RequestOptions`.

        Returns:
            The model is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.files import ModelDeleted

        return self._connection.send(Call(MODELS_DELETE, {"model": model}, into=ModelDeleted), options)


class AsyncModels(AsyncResource):
    """Models that the server offers."""

    with_raw_response: AsyncModelsWithRawResponse
    with_streaming_response: AsyncModelsWithStreamingResponse

    async def retrieve(self, model: str, **options: Unpack[RequestOptions]) -> Model:
        """Retrieve a model.

        GET /models/{model}

        Args:
            model: Id of the model.
            **options: Request options, see `RequestOptions`.

        Returns:
            The model.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.files import Model

        return await self._connection.send(Call(MODELS_RETRIEVE, {"model": model}, into=Model), options)

    def list(self, **options: Unpack[RequestOptions]) -> AsyncPaginator[Model, AsyncPage[Model]]:
        """List the models that you can use.

        GET /models

        Args:
            **options: Request options, see `RequestOptions`.

        Returns:
            All models, in one page.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.files import Model

        return self._connection.plain_page(Call(MODELS_LIST, into=Model), options)

    async def delete(self, model: str, **options: Unpack[RequestOptions]) -> ModelDeleted:
        """Delete one of your fine-tuned models.

        Only owners of the organization may do this.

        DELETE /models/{model}

        Args:
            model: Id of the fine-tuned model.
            **options: Request options, see `RequestOptions`.

        Returns:
            The model is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.files import ModelDeleted

        return await self._connection.send(Call(MODELS_DELETE, {"model": model}, into=ModelDeleted), options)
