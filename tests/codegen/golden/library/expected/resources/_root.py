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
    from .scans import AsyncScans, Scans
    from .shelves import AsyncShelves, Shelves
    from .v1.books import AsyncOldBooks, OldBooks


class ClientResources(Root):
    """The resources of a client."""

    with_raw_response: ClientResourcesWithRawResponse
    with_streaming_response: ClientResourcesWithStreamingResponse

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

    @cached_property
    def old(self) -> OldBooks:
        """Books as they were."""
        from .v1.books import OldBooks

        return OldBooks(self._connection)


class AsyncClientResources(AsyncRoot):
    """The resources of a client."""

    with_raw_response: AsyncClientResourcesWithRawResponse
    with_streaming_response: AsyncClientResourcesWithStreamingResponse

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

    @cached_property
    def old(self) -> AsyncOldBooks:
        """Books as they were."""
        from .v1.books import AsyncOldBooks

        return AsyncOldBooks(self._connection)
