"""Shelves.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .._connection import AsyncResource, Resource

if TYPE_CHECKING:
    from ._raw import (
        AsyncShelvesWithRawResponse,
        AsyncShelvesWithStreamingResponse,
        ShelvesWithRawResponse,
        ShelvesWithStreamingResponse,
    )
    from .books import AsyncBooks, Books
    from .scans import AsyncScans, Scans


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
