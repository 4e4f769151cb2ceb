"""The resources of the older version.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..._connection import AsyncRoot, Root

if TYPE_CHECKING:
    from ..scans import AsyncScans, Scans
    from ._raw import (
        AsyncClientResourcesWithRawResponse,
        AsyncClientResourcesWithStreamingResponse,
        ClientResourcesWithRawResponse,
        ClientResourcesWithStreamingResponse,
    )
    from .books import AsyncOldBooks, OldBooks

__tracebackhide__ = True  # pytest shows the line that calls, not the methods, which are mostly docstrings


class ClientResources(Root):
    """The resources of the older version."""

    with_raw_response: ClientResourcesWithRawResponse
    with_streaming_response: ClientResourcesWithStreamingResponse

    @cached_property
    def books(self) -> OldBooks:
        """Books as they were."""
        from .books import OldBooks

        return OldBooks(self._connection)

    @cached_property
    def scans(self) -> Scans:
        """Scans of books."""
        from ..scans import Scans

        return Scans(self._connection)


class AsyncClientResources(AsyncRoot):
    """The resources of the older version."""

    with_raw_response: AsyncClientResourcesWithRawResponse
    with_streaming_response: AsyncClientResourcesWithStreamingResponse

    @cached_property
    def books(self) -> AsyncOldBooks:
        """Books as they were."""
        from .books import AsyncOldBooks

        return AsyncOldBooks(self._connection)

    @cached_property
    def scans(self) -> AsyncScans:
        """Scans of books."""
        from ..scans import AsyncScans

        return AsyncScans(self._connection)
