"""Uploads, which make one file of many parts.

Generated from codegen/specs/v2/uploads.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from typing_extensions import Unpack

from .._basics import Omit, omit
from .._connection import AsyncResource, Resource, several_requests
from .._requests import Call, Operation

if TYPE_CHECKING:
    from .._flow import Flow
    from .._requests import RequestOptions
    from .._uploads import LargeFile
    from ..types.params.files import FileExpiresAfterParam, FilePurpose
    from ..types.upload import Upload
    from ._raw import (
        AsyncUploadsWithRawResponse,
        AsyncUploadsWithStreamingResponse,
        UploadsWithRawResponse,
        UploadsWithStreamingResponse,
    )
    from .upload_parts import AsyncUploadParts, UploadParts

CREATE = Operation("createUpload", "POST", "/uploads")
CANCEL = Operation("cancelUpload", "POST", "/uploads/{upload_id}/cancel")
COMPLETE = Operation("completeUpload", "POST", "/uploads/{upload_id}/complete")


class Uploads(Resource):
    """Uploads, which make one file of many parts."""

    with_raw_response: UploadsWithRawResponse
    with_streaming_response: UploadsWithStreamingResponse

    @cached_property
    def parts(self) -> UploadParts:
        """Parts of an upload."""
        from .upload_parts import UploadParts

        return UploadParts(self._connection)

    def create(
        self,
        *,
        filename: str,
        purpose: FilePurpose,
        bytes: int,
        mime_type: str,
        expires_after: FileExpiresAfterParam | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> Upload:
        """Begin the upload of a large file in parts.

        An upload takes up to 8 GB and has to be complete within an hour. Completing it makes the file.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /uploads

        Args:
            filename: Name of the file.
            purpose: What the file is for; the same words as for files that are uploaded whole.
            bytes: Size of the whole file in bytes.
            mime_type: Media type of the file, such as `application/pdf`. It must be one that the purpose allows.
            expires_after: When the file is to be deleted by itself. Left out, `batch` files live for 30 days and all
                others until you delete them.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new upload, ready for its parts.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.upload import Upload

        return self._connection.send(
            Call(
                CREATE,
                body={
                    "filename": filename,
                    "purpose": purpose,
                    "bytes": bytes,
                    "mime_type": mime_type,
                    "expires_after": expires_after,
                },
                into=Upload,
            ),
            options,
        )

    def cancel(self, upload_id: str, **options: Unpack[RequestOptions]) -> Upload:
        """Give up an upload.

        It takes no more parts and makes no file.

        POST /uploads/{upload_id}/cancel

        Args:
            upload_id: Id of the upload.
            **options: Request options, see `RequestOptions`.

        Returns:
            The upload, now `cancelled`.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.upload import Upload

        return self._connection.send(Call(CANCEL, {"upload_id": upload_id}, into=Upload), options)

    def complete(
        self, upload_id: str, *, part_ids: list[str], md5: str | Omit = omit, **options: Unpack[RequestOptions]
    ) -> Upload:
        """Make a file of the parts of an upload.

        The parts must have as many bytes as were announced. Nothing can be added afterwards.

        POST /uploads/{upload_id}/complete

        Args:
            upload_id: Id of the upload.
            part_ids: Ids of the parts, in the order in which they make the file.
            md5: MD5 checksum of the whole file in hexadecimal; the server refuses a file that does not match.
            **options: Request options, see `RequestOptions`.

        Returns:
            The upload, now `completed`; its `file` is ready for use.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.upload import Upload

        return self._connection.send(
            Call(COMPLETE, {"upload_id": upload_id}, body={"part_ids": part_ids, "md5": md5}, into=Upload), options
        )

    @several_requests
    def upload_file_chunked(
        self,
        file: LargeFile,
        *,
        purpose: FilePurpose,
        mime_type: str,
        expires_after: FileExpiresAfterParam | Omit = omit,
        filename: str | None = None,
        bytes: int | None = None,
        part_size: int | None = None,
        md5: str | Omit | None = omit,
        max_concurrency: int = 5,
        **options: Unpack[RequestOptions],
    ) -> Upload:
        """Upload a large file in parts, side by side.

        Each part is read while it is sent, and repeated on its own if it fails. When one fails for good, the upload is
        cancelled.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /uploads

        Args:
            file: Path of the file, or its content as bytes; a path may be a `str` here.
            purpose: What the file is for; the same words as for files that are uploaded whole.
            mime_type: Media type of the file, such as `application/pdf`. It must be one that the purpose allows.
            expires_after: When the file is to be deleted by itself. Left out, `batch` files live for 30 days and all
                others until you delete them.
            filename: Name of the file; needed for bytes, which have none.
            bytes: Size of the file in bytes, if it is to be checked.
            part_size: Bytes of a part, from 1 to 64 MiB, which is the default.
            md5: MD5 checksum of the file in hexadecimal, which the server compares; it is computed if it is left out.
            max_concurrency: How many parts are sent at a time, at most.
            **options: Request options, see `RequestOptions`.

        Returns:
            The completed upload; the file that it became is its `file`.

        Raises:
            OSError: The file cannot be read.
            TypeError: The file is neither a path nor bytes, or has no name.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from .. import _uploads as uploads
        from ..types.upload import Upload
        from .upload_parts import CREATE as UPLOAD_PARTS_CREATE

        call: Call[Upload] = Call(
            CREATE, body={"purpose": purpose, "mime_type": mime_type, "expires_after": expires_after}, into=Upload
        )
        flow: Flow[Upload] = uploads.upload_chunked(
            self._connection.core,
            call,
            uploads.UploadOperations(UPLOAD_PARTS_CREATE, COMPLETE, CANCEL),
            file,
            filename,
            bytes,
            part_size,
            md5,
            max_concurrency,
            options,
        )
        return self._connection.drive(flow)


class AsyncUploads(AsyncResource):
    """Uploads, which make one file of many parts."""

    with_raw_response: AsyncUploadsWithRawResponse
    with_streaming_response: AsyncUploadsWithStreamingResponse

    @cached_property
    def parts(self) -> AsyncUploadParts:
        """Parts of an upload."""
        from .upload_parts import AsyncUploadParts

        return AsyncUploadParts(self._connection)

    async def create(
        self,
        *,
        filename: str,
        purpose: FilePurpose,
        bytes: int,
        mime_type: str,
        expires_after: FileExpiresAfterParam | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> Upload:
        """Begin the upload of a large file in parts.

        An upload takes up to 8 GB and has to be complete within an hour. Completing it makes the file.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /uploads

        Args:
            filename: Name of the file.
            purpose: What the file is for; the same words as for files that are uploaded whole.
            bytes: Size of the whole file in bytes.
            mime_type: Media type of the file, such as `application/pdf`. It must be one that the purpose allows.
            expires_after: When the file is to be deleted by itself. Left out, `batch` files live for 30 days and all
                others until you delete them.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new upload, ready for its parts.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.upload import Upload

        return await self._connection.send(
            Call(
                CREATE,
                body={
                    "filename": filename,
                    "purpose": purpose,
                    "bytes": bytes,
                    "mime_type": mime_type,
                    "expires_after": expires_after,
                },
                into=Upload,
            ),
            options,
        )

    async def cancel(self, upload_id: str, **options: Unpack[RequestOptions]) -> Upload:
        """Give up an upload.

        It takes no more parts and makes no file.

        POST /uploads/{upload_id}/cancel

        Args:
            upload_id: Id of the upload.
            **options: Request options, see `RequestOptions`.

        Returns:
            The upload, now `cancelled`.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.upload import Upload

        return await self._connection.send(Call(CANCEL, {"upload_id": upload_id}, into=Upload), options)

    async def complete(
        self, upload_id: str, *, part_ids: list[str], md5: str | Omit = omit, **options: Unpack[RequestOptions]
    ) -> Upload:
        """Make a file of the parts of an upload.

        The parts must have as many bytes as were announced. Nothing can be added afterwards.

        POST /uploads/{upload_id}/complete

        Args:
            upload_id: Id of the upload.
            part_ids: Ids of the parts, in the order in which they make the file.
            md5: MD5 checksum of the whole file in hexadecimal; the server refuses a file that does not match.
            **options: Request options, see `RequestOptions`.

        Returns:
            The upload, now `completed`; its `file` is ready for use.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.upload import Upload

        return await self._connection.send(
            Call(COMPLETE, {"upload_id": upload_id}, body={"part_ids": part_ids, "md5": md5}, into=Upload), options
        )

    @several_requests
    async def upload_file_chunked(
        self,
        file: LargeFile,
        *,
        purpose: FilePurpose,
        mime_type: str,
        expires_after: FileExpiresAfterParam | Omit = omit,
        filename: str | None = None,
        bytes: int | None = None,
        part_size: int | None = None,
        md5: str | Omit | None = omit,
        max_concurrency: int = 5,
        **options: Unpack[RequestOptions],
    ) -> Upload:
        """Upload a large file in parts, side by side.

        Each part is read while it is sent, and repeated on its own if it fails. When one fails for good, the upload is
        cancelled.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /uploads

        Args:
            file: Path of the file, or its content as bytes; a path may be a `str` here.
            purpose: What the file is for; the same words as for files that are uploaded whole.
            mime_type: Media type of the file, such as `application/pdf`. It must be one that the purpose allows.
            expires_after: When the file is to be deleted by itself. Left out, `batch` files live for 30 days and all
                others until you delete them.
            filename: Name of the file; needed for bytes, which have none.
            bytes: Size of the file in bytes, if it is to be checked.
            part_size: Bytes of a part, from 1 to 64 MiB, which is the default.
            md5: MD5 checksum of the file in hexadecimal, which the server compares; it is computed if it is left out.
            max_concurrency: How many parts are sent at a time, at most.
            **options: Request options, see `RequestOptions`.

        Returns:
            The completed upload; the file that it became is its `file`.

        Raises:
            OSError: The file cannot be read.
            TypeError: The file is neither a path nor bytes, or has no name.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from .. import _uploads as uploads
        from ..types.upload import Upload
        from .upload_parts import CREATE as UPLOAD_PARTS_CREATE

        call: Call[Upload] = Call(
            CREATE, body={"purpose": purpose, "mime_type": mime_type, "expires_after": expires_after}, into=Upload
        )
        flow: Flow[Upload] = uploads.upload_chunked(
            self._connection.core,
            call,
            uploads.UploadOperations(UPLOAD_PARTS_CREATE, COMPLETE, CANCEL),
            file,
            filename,
            bytes,
            part_size,
            md5,
            max_concurrency,
            options,
        )
        return await self._connection.drive(flow)
