"""The resources of a client.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._connection import AsyncConnection, Connection
    from .beta import AsyncBeta, Beta
    from .files import AsyncFiles, Files
    from .models import AsyncModels, Models


class ClientResources:
    """The resources of a client."""

    _connection: Connection

    @cached_property
    def beta(self) -> Beta:
        """Assistants and threads."""
        from .beta import Beta

        return Beta(self._connection)

    @cached_property
    def files(self) -> Files:
        """Files that assistants, messages and other features work with."""
        from .files import Files

        return Files(self._connection)

    @cached_property
    def models(self) -> Models:
        """Models that the server offers."""
        from .models import Models

        return Models(self._connection)


class AsyncClientResources:
    """The resources of a client."""

    _connection: AsyncConnection

    @cached_property
    def beta(self) -> AsyncBeta:
        """Assistants and threads."""
        from .beta import AsyncBeta

        return AsyncBeta(self._connection)

    @cached_property
    def files(self) -> AsyncFiles:
        """Files that assistants, messages and other features work with."""
        from .files import AsyncFiles

        return AsyncFiles(self._connection)

    @cached_property
    def models(self) -> AsyncModels:
        """Models that the server offers."""
        from .models import AsyncModels

        return AsyncModels(self._connection)
