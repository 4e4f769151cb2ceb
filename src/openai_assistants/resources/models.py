"""Models that the server offers.

Generated from codegen/specs/v2/models.yaml; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import Unpack

from .._calls import Call, Operation
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from .._options import RequestOptions
    from .._pagination import AsyncPage, AsyncPaginator, SyncPage
    from ..types.models import Model, ModelDeleted
    from ._raw import (
        AsyncModelsWithRawResponse,
        AsyncModelsWithStreamingResponse,
        ModelsWithRawResponse,
        ModelsWithStreamingResponse,
    )

MODELS_RETRIEVE = Operation("retrieveModel", "GET", "/models/{model}")
MODELS_LIST = Operation("listModels", "GET", "/models")
MODELS_DELETE = Operation("deleteModel", "DELETE", "/models/{model}")


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
        from ..types.models import Model

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
        from ..types.models import Model

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
        from ..types.models import ModelDeleted

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
        from ..types.models import Model

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
        from ..types.models import Model

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
        from ..types.models import ModelDeleted

        return await self._connection.send(Call(MODELS_DELETE, {"model": model}, into=ModelDeleted), options)
