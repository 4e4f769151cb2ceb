"""Parts of an upload.

Generated from codegen/specs/v2/uploads.yaml; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import Unpack

from .._connection import AsyncResource, Resource
from .._requests import Call, Operation

if TYPE_CHECKING:
    from .._files import FileTypes
    from .._requests import RequestOptions
    from ..types.upload import UploadPart
    from ._raw import (
        AsyncUploadPartsWithRawResponse,
        AsyncUploadPartsWithStreamingResponse,
        UploadPartsWithRawResponse,
        UploadPartsWithStreamingResponse,
    )

CREATE = Operation("addUploadPart", "POST", "/uploads/{upload_id}/parts", files=("data",))


class UploadParts(Resource):
    """Parts of an upload."""

    with_raw_response: UploadPartsWithRawResponse
    with_streaming_response: UploadPartsWithStreamingResponse

    def create(self, upload_id: str, *, data: FileTypes, **options: Unpack[RequestOptions]) -> UploadPart:
        """Send a part of an upload.

        A part has up to 64 MB. Parts may be sent at the same time and in any order; completing the upload puts them in
        order.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /uploads/{upload_id}/parts

        Args:
            upload_id: Id of the upload.
            data: The bytes of the part.
            **options: Request options, see `RequestOptions`.

        Returns:
            The stored part; its id is needed to complete the upload.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.upload import UploadPart

        return self._connection.send(
            Call(CREATE, {"upload_id": upload_id}, body={"data": data}, into=UploadPart), options
        )


class AsyncUploadParts(AsyncResource):
    """Parts of an upload."""

    with_raw_response: AsyncUploadPartsWithRawResponse
    with_streaming_response: AsyncUploadPartsWithStreamingResponse

    async def create(self, upload_id: str, *, data: FileTypes, **options: Unpack[RequestOptions]) -> UploadPart:
        """Send a part of an upload.

        A part has up to 64 MB. Parts may be sent at the same time and in any order; completing the upload puts them in
        order.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /uploads/{upload_id}/parts

        Args:
            upload_id: Id of the upload.
            data: The bytes of the part.
            **options: Request options, see `RequestOptions`.

        Returns:
            The stored part; its id is needed to complete the upload.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.upload import UploadPart

        return await self._connection.send(
            Call(CREATE, {"upload_id": upload_id}, body={"data": data}, into=UploadPart), options
        )
