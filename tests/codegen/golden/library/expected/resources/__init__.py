"""The resources of a client. Shelves.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .._connection import AsyncResource, AsyncRoot, Resource, Root

if TYPE_CHECKING:
    from ._raw import (
        AsyncClientResourcesWithRawResponse,
        AsyncClientResourcesWithStreamingResponse,
        AsyncShelvesWithRawResponse,
        AsyncShelvesWithStreamingResponse,
        ClientResourcesWithRawResponse,
        ClientResourcesWithStreamingResponse,
        ShelvesWithRawResponse,
        ShelvesWithStreamingResponse,
    )
    from .books import AsyncBooks, Books
    from .scans import AsyncScans, Scans
    from .v1.books import AsyncOldBooks, OldBooks

__tracebackhide__ = True  # pytest shows the line that calls, not the methods, which are mostly docstrings


class ClientResources(Root):
    """The resources of a client."""

    with_raw_response: ClientResourcesWithRawResponse
    with_streaming_response: ClientResourcesWithStreamingResponse

    @cached_property
    def shelves(self) -> Shelves:
        """Shelves."""
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


class Shelves(Resource):
    """Shelves."""

    with_raw_response: ShelvesWithRawResponse
    with_streaming_response: ShelvesWithStreamingResponse

    @cached_property
    def books(self) -> Books:
        """Books of a shelf."""
        from .books import Books

        return Books(self._connection)

    @cached_property
    def scans(self) -> Scans:
        """Scans of books."""
        from .scans import Scans

        return Scans(self._connection)


class AsyncShelves(AsyncResource):
    """Shelves."""

    with_raw_response: AsyncShelvesWithRawResponse
    with_streaming_response: AsyncShelvesWithStreamingResponse

    @cached_property
    def books(self) -> AsyncBooks:
        """Books of a shelf."""
        from .books import AsyncBooks

        return AsyncBooks(self._connection)

    @cached_property
    def scans(self) -> AsyncScans:
        """Scans of books."""
        from .scans import AsyncScans

        return AsyncScans(self._connection)
