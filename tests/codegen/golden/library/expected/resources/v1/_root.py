"""The resources of the older version.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..._connection import AsyncConnection, Connection
    from .books import AsyncBooks, Books


class ClientResources:
    """The resources of the older version."""

    _connection: Connection

    @cached_property
    def books(self) -> Books:
        """Books as they were."""
        from .books import Books

        return Books(self._connection)


class AsyncClientResources:
    """The resources of the older version."""

    _connection: AsyncConnection

    @cached_property
    def books(self) -> AsyncBooks:
        """Books as they were."""
        from .books import AsyncBooks

        return AsyncBooks(self._connection)
