"""The resources of the older version.

Generated from codegen/sdk.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..._low_level import AsyncRoot, Root

if TYPE_CHECKING:
    from ._raw import (
        AsyncClientResourcesWithRawResponse,
        AsyncClientResourcesWithStreamingResponse,
        ClientResourcesWithRawResponse,
        ClientResourcesWithStreamingResponse,
    )
    from .books import AsyncBooks, Books


class ClientResources(Root):
    """The resources of the older version."""

    with_raw_response: ClientResourcesWithRawResponse
    with_streaming_response: ClientResourcesWithStreamingResponse

    @cached_property
    def books(self) -> Books:
        """Books as they were."""
        from .books import Books

        return Books(self._connection)


class AsyncClientResources(AsyncRoot):
    """The resources of the older version."""

    with_raw_response: AsyncClientResourcesWithRawResponse
    with_streaming_response: AsyncClientResourcesWithStreamingResponse

    @cached_property
    def books(self) -> AsyncBooks:
        """Books as they were."""
        from .books import AsyncBooks

        return AsyncBooks(self._connection)
