"""The resources of a client.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._connection import AsyncConnection, Connection
    from .scans import AsyncScans, Scans
    from .shelves import AsyncShelves, Shelves


class ClientResources:
    """The resources of a client."""

    _connection: Connection

    @cached_property
    def shelves(self) -> Shelves:
        """Shelves."""
        from .shelves import Shelves

        return Shelves(self._connection)

    @cached_property
    def scans(self) -> Scans:
        """Scans of books."""
        from .scans import Scans

        return Scans(self._connection)


class AsyncClientResources:
    """The resources of a client."""

    _connection: AsyncConnection

    @cached_property
    def shelves(self) -> AsyncShelves:
        """Shelves."""
        from .shelves import AsyncShelves

        return AsyncShelves(self._connection)

    @cached_property
    def scans(self) -> AsyncScans:
        """Scans of books."""
        from .scans import AsyncScans

        return AsyncScans(self._connection)
