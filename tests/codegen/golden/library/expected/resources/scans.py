"""Scans of books.

Generated from codegen/specs/v2/library.yaml; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import Unpack

from .._basics import Omit, omit
from .._connection import AsyncResource, Resource
from .._requests import Call, Operation

if TYPE_CHECKING:
    from .._answers import HttpxBinaryResponseContent
    from .._files import FileTypes
    from .._pagination import AsyncPage, AsyncPaginator, SyncPage
    from .._requests import RequestOptions
    from ..types.scans import Scan
    from ._raw import (
        AsyncScansWithRawResponse,
        AsyncScansWithStreamingResponse,
        ScansWithRawResponse,
        ScansWithStreamingResponse,
    )

__tracebackhide__ = True  # pytest shows the line that calls, not the methods, which are mostly docstrings

SCANS_LIST = Operation("listScans", "GET", "/scans")
SCANS_CREATE = Operation("createScan", "POST", "/scans", files=("file",))
SCANS_CONTENT = Operation("downloadScan", "GET", "/scans/{scan_id}/content")


class Scans(Resource):
    """Scans of books."""

    with_raw_response: ScansWithRawResponse
    with_streaming_response: ScansWithStreamingResponse

    def list(self, **options: Unpack[RequestOptions]) -> SyncPage[Scan]:
        """List all scans.

        GET /scans

        Args:
            **options: Request options, see `RequestOptions`.

        Returns:
            All scans.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.scans import Scan

        return self._connection.plain_page(Call(SCANS_LIST, into=Scan), options)

    def create(self, *, file: FileTypes, pages: int | Omit = omit, **options: Unpack[RequestOptions]) -> Scan:
        """Upload a scan.

        POST /scans

        Args:
            file: The image.
            pages: How many pages it has. At least 1.
            **options: Request options, see `RequestOptions`.

        Returns:
            The stored scan.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.scans import Scan

        return self._connection.send(Call(SCANS_CREATE, body={"file": file, "pages": pages}, into=Scan), options)

    def content(self, scan_id: str, **options: Unpack[RequestOptions]) -> HttpxBinaryResponseContent:
        """Download a scan.

        GET /scans/{scan_id}/content

        Args:
            scan_id: Id of the scan.
            **options: Request options, see `RequestOptions`.

        Returns:
            The bytes of the scan.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        return self._connection.binary(
            Call(SCANS_CONTENT, {"scan_id": scan_id}, accept="application/octet-stream"), options
        )

    def text(self, id: str, **options: Unpack[RequestOptions]) -> str:
        """Download a scan as text.

        GET /scans/{scan_id}/content

        Args:
            id: Id of the scan.
            **options: Request options, see `RequestOptions`.

        Returns:
            The text.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        return self._connection.send(
            Call(SCANS_CONTENT, {"scan_id": id}, accept="application/octet-stream", into=str), options
        )


class AsyncScans(AsyncResource):
    """Scans of books."""

    with_raw_response: AsyncScansWithRawResponse
    with_streaming_response: AsyncScansWithStreamingResponse

    def list(self, **options: Unpack[RequestOptions]) -> AsyncPaginator[Scan, AsyncPage[Scan]]:
        """List all scans.

        GET /scans

        Args:
            **options: Request options, see `RequestOptions`.

        Returns:
            All scans.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.scans import Scan

        return self._connection.plain_page(Call(SCANS_LIST, into=Scan), options)

    async def create(self, *, file: FileTypes, pages: int | Omit = omit, **options: Unpack[RequestOptions]) -> Scan:
        """Upload a scan.

        POST /scans

        Args:
            file: The image.
            pages: How many pages it has. At least 1.
            **options: Request options, see `RequestOptions`.

        Returns:
            The stored scan.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.scans import Scan

        return await self._connection.send(Call(SCANS_CREATE, body={"file": file, "pages": pages}, into=Scan), options)

    async def content(self, scan_id: str, **options: Unpack[RequestOptions]) -> HttpxBinaryResponseContent:
        """Download a scan.

        GET /scans/{scan_id}/content

        Args:
            scan_id: Id of the scan.
            **options: Request options, see `RequestOptions`.

        Returns:
            The bytes of the scan.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        return await self._connection.binary(
            Call(SCANS_CONTENT, {"scan_id": scan_id}, accept="application/octet-stream"), options
        )

    async def text(self, id: str, **options: Unpack[RequestOptions]) -> str:
        """Download a scan as text.

        GET /scans/{scan_id}/content

        Args:
            id: Id of the scan.
            **options: Request options, see `RequestOptions`.

        Returns:
            The text.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        return await self._connection.send(
            Call(SCANS_CONTENT, {"scan_id": id}, accept="application/octet-stream", into=str), options
        )
