"""Files that assistants, messages and other features work with. Uploads, which make one file of many parts. Parts of an
upload. Batches, files of requests that the server works through when it has time.

Generated from codegen/specs/v2/batches.yaml, codegen/specs/v2/files.yaml, codegen/specs/v2/uploads.yaml; do not edit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from typing_extensions import Unpack

from .._basics import Omit, omit
from .._connection import AsyncResource, Resource, several_requests
from .._requests import Call, Operation

if TYPE_CHECKING:
    from .._answers import HttpxBinaryResponseContent
    from .._files import FileTypes
    from .._flow import Flow
    from .._models import UnknownValue
    from .._pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
    from .._requests import RequestOptions
    from .._uploads import LargeFile
    from ..types.files import Batch, FileDeleted, FileObject
    from ..types.files_params import BatchFileExpiresAfterParam, FileExpiresAfterParam, FilePurpose
    from ..types.shared import Metadata
    from ..types.uploads import Upload, UploadPart
    from ._raw import (
        AsyncBatchesWithRawResponse,
        AsyncBatchesWithStreamingResponse,
        AsyncFilesWithRawResponse,
        AsyncFilesWithStreamingResponse,
        AsyncUploadPartsWithRawResponse,
        AsyncUploadPartsWithStreamingResponse,
        AsyncUploadsWithRawResponse,
        AsyncUploadsWithStreamingResponse,
        BatchesWithRawResponse,
        BatchesWithStreamingResponse,
        FilesWithRawResponse,
        FilesWithStreamingResponse,
        UploadPartsWithRawResponse,
        UploadPartsWithStreamingResponse,
        UploadsWithRawResponse,
        UploadsWithStreamingResponse,
    )

__tracebackhide__ = True  # pytest shows the line that calls, not the methods, which are mostly docstrings

FILES_CREATE = Operation("createFile", "POST", "/files", files=("file",))
FILES_RETRIEVE = Operation("retrieveFile", "GET", "/files/{file_id}")
FILES_LIST = Operation("listFiles", "GET", "/files")
FILES_DELETE = Operation("deleteFile", "DELETE", "/files/{file_id}")
FILES_CONTENT = Operation("downloadFile", "GET", "/files/{file_id}/content")
UPLOADS_CREATE = Operation("createUpload", "POST", "/uploads")
UPLOADS_CANCEL = Operation("cancelUpload", "POST", "/uploads/{upload_id}/cancel")
UPLOADS_COMPLETE = Operation("completeUpload", "POST", "/uploads/{upload_id}/complete")
UPLOAD_PARTS_CREATE = Operation("addUploadPart", "POST", "/uploads/{upload_id}/parts", files=("data",))
BATCHES_CREATE = Operation("createBatch", "POST", "/batches")
BATCHES_RETRIEVE = Operation("retrieveBatch", "GET", "/batches/{batch_id}")
BATCHES_LIST = Operation("listBatches", "GET", "/batches")
BATCHES_CANCEL = Operation("cancelBatch", "POST", "/batches/{batch_id}/cancel")


class Files(Resource):
    """Files that assistants, messages and other features work with."""

    with_raw_response: FilesWithRawResponse
    with_streaming_response: FilesWithStreamingResponse

    def create(
        self,
        *,
        file: FileTypes,
        purpose: FilePurpose,
        expires_after: FileExpiresAfterParam | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> FileObject:
        """Upload a file.

        One file may have up to 512 MB; larger ones go through uploads. Which file types and sizes a tool can read
        depends on the tool.

        If the connection is lost before the answer, the retry can create the file a second time, except on servers that
        honour `Idempotency-Key`.

        POST /files

        Args:
            file: The content, with its file name.
            purpose: What the file is for. Use `assistants` for tools and `vision` for images in messages.
            expires_after: When the file is to be deleted by itself. Left out, `batch` files live for 30 days and all
                others until you delete them.
            **options: Request options, see `RequestOptions`.

        Returns:
            The stored file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.files import FileObject

        return self._connection.send(
            Call(
                FILES_CREATE, body={"file": file, "purpose": purpose, "expires_after": expires_after}, into=FileObject
            ),
            options,
        )

    def retrieve(self, file_id: str, **options: Unpack[RequestOptions]) -> FileObject:
        """Retrieve what is known about a file, without its content.

        GET /files/{file_id}

        Args:
            file_id: Id of the file.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.files import FileObject

        return self._connection.send(Call(FILES_RETRIEVE, {"file_id": file_id}, into=FileObject), options)

    def list(
        self,
        *,
        purpose: str | Omit = omit,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[FileObject]:
        """List files.

        GET /files

        Args:
            purpose: Only files with this purpose.
            limit: Files per page, from 1 to 10,000. Default: 10,000.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a file; the page starts behind it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of files. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.files import FileObject

        return self._connection.page(
            Call(
                FILES_LIST, query={"purpose": purpose, "limit": limit, "order": order, "after": after}, into=FileObject
            ),
            options,
        )

    def delete(self, file_id: str, **options: Unpack[RequestOptions]) -> FileDeleted:
        """Delete a file.

        The file also disappears from every vector store that has it.

        DELETE /files/{file_id}

        Args:
            file_id: Id of the file.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.files import FileDeleted

        return self._connection.send(Call(FILES_DELETE, {"file_id": file_id}, into=FileDeleted), options)

    def content(self, file_id: str, **options: Unpack[RequestOptions]) -> HttpxBinaryResponseContent:
        """Download the content of a file.

        Some hosts refuse this for files that were uploaded with the purpose `assistants`.

        GET /files/{file_id}/content

        Args:
            file_id: Id of the file.
            **options: Request options, see `RequestOptions`.

        Returns:
            The bytes of the file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        return self._connection.binary(
            Call(FILES_CONTENT, {"file_id": file_id}, accept="application/octet-stream"), options
        )

    def retrieve_content(self, file_id: str, **options: Unpack[RequestOptions]) -> str:
        """Download the content of a file as text. Older twin of `content(file_id).text`.

        GET /files/{file_id}/content

        Args:
            file_id: Id of the file.
            **options: Request options, see `RequestOptions`.

        Returns:
            The content, decoded as the answer says, or as UTF-8.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        return self._connection.send(
            Call(FILES_CONTENT, {"file_id": file_id}, accept="application/octet-stream", into=str), options
        )

    @several_requests
    def wait_for_processing(
        self, id: str, *, poll_interval: float = 5.0, max_wait_seconds: float = 1800, **options: Unpack[RequestOptions]
    ) -> FileObject:
        """Wait until the server has processed a file.

        GET /files/{file_id}

        Args:
            id: Id of the file.
            poll_interval: Seconds between two looks.
            max_wait_seconds: Seconds to wait at most.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file, processed or with an error.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.files import FileObject

        call: Call[FileObject] = Call(FILES_RETRIEVE, {"file_id": id}, into=FileObject)
        flow: Flow[FileObject] = polling.wait_for_file(
            self._connection.core, call, poll_interval, max_wait_seconds, options
        )
        return self._connection.drive(flow)


class AsyncFiles(AsyncResource):
    """Files that assistants, messages and other features work with."""

    with_raw_response: AsyncFilesWithRawResponse
    with_streaming_response: AsyncFilesWithStreamingResponse

    async def create(
        self,
        *,
        file: FileTypes,
        purpose: FilePurpose,
        expires_after: FileExpiresAfterParam | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> FileObject:
        """Upload a file.

        One file may have up to 512 MB; larger ones go through uploads. Which file types and sizes a tool can read
        depends on the tool.

        If the connection is lost before the answer, the retry can create the file a second time, except on servers that
        honour `Idempotency-Key`.

        POST /files

        Args:
            file: The content, with its file name.
            purpose: What the file is for. Use `assistants` for tools and `vision` for images in messages.
            expires_after: When the file is to be deleted by itself. Left out, `batch` files live for 30 days and all
                others until you delete them.
            **options: Request options, see `RequestOptions`.

        Returns:
            The stored file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.files import FileObject

        return await self._connection.send(
            Call(
                FILES_CREATE, body={"file": file, "purpose": purpose, "expires_after": expires_after}, into=FileObject
            ),
            options,
        )

    async def retrieve(self, file_id: str, **options: Unpack[RequestOptions]) -> FileObject:
        """Retrieve what is known about a file, without its content.

        GET /files/{file_id}

        Args:
            file_id: Id of the file.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.files import FileObject

        return await self._connection.send(Call(FILES_RETRIEVE, {"file_id": file_id}, into=FileObject), options)

    def list(
        self,
        *,
        purpose: str | Omit = omit,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[FileObject, AsyncCursorPage[FileObject]]:
        """List files.

        GET /files

        Args:
            purpose: Only files with this purpose.
            limit: Files per page, from 1 to 10,000. Default: 10,000.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a file; the page starts behind it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of files. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.files import FileObject

        return self._connection.page(
            Call(
                FILES_LIST, query={"purpose": purpose, "limit": limit, "order": order, "after": after}, into=FileObject
            ),
            options,
        )

    async def delete(self, file_id: str, **options: Unpack[RequestOptions]) -> FileDeleted:
        """Delete a file.

        The file also disappears from every vector store that has it.

        DELETE /files/{file_id}

        Args:
            file_id: Id of the file.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.files import FileDeleted

        return await self._connection.send(Call(FILES_DELETE, {"file_id": file_id}, into=FileDeleted), options)

    async def content(self, file_id: str, **options: Unpack[RequestOptions]) -> HttpxBinaryResponseContent:
        """Download the content of a file.

        Some hosts refuse this for files that were uploaded with the purpose `assistants`.

        GET /files/{file_id}/content

        Args:
            file_id: Id of the file.
            **options: Request options, see `RequestOptions`.

        Returns:
            The bytes of the file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        return await self._connection.binary(
            Call(FILES_CONTENT, {"file_id": file_id}, accept="application/octet-stream"), options
        )

    async def retrieve_content(self, file_id: str, **options: Unpack[RequestOptions]) -> str:
        """Download the content of a file as text. Older twin of `content(file_id).text`.

        GET /files/{file_id}/content

        Args:
            file_id: Id of the file.
            **options: Request options, see `RequestOptions`.

        Returns:
            The content, decoded as the answer says, or as UTF-8.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        return await self._connection.send(
            Call(FILES_CONTENT, {"file_id": file_id}, accept="application/octet-stream", into=str), options
        )

    @several_requests
    async def wait_for_processing(
        self, id: str, *, poll_interval: float = 5.0, max_wait_seconds: float = 1800, **options: Unpack[RequestOptions]
    ) -> FileObject:
        """Wait until the server has processed a file.

        GET /files/{file_id}

        Args:
            id: Id of the file.
            poll_interval: Seconds between two looks.
            max_wait_seconds: Seconds to wait at most.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file, processed or with an error.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.files import FileObject

        call: Call[FileObject] = Call(FILES_RETRIEVE, {"file_id": id}, into=FileObject)
        flow: Flow[FileObject] = polling.wait_for_file(
            self._connection.core, call, poll_interval, max_wait_seconds, options
        )
        return await self._connection.drive(flow)


class Uploads(Resource):
    """Uploads, which make one file of many parts."""

    with_raw_response: UploadsWithRawResponse
    with_streaming_response: UploadsWithStreamingResponse

    @cached_property
    def parts(self) -> UploadParts:
        """Parts of an upload."""
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

        If the connection is lost before the answer, the retry can create the upload a second time, except on servers
        that honour `Idempotency-Key`.

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
        from ..types.uploads import Upload

        return self._connection.send(
            Call(
                UPLOADS_CREATE,
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
        from ..types.uploads import Upload

        return self._connection.send(Call(UPLOADS_CANCEL, {"upload_id": upload_id}, into=Upload), options)

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
        from ..types.uploads import Upload

        return self._connection.send(
            Call(UPLOADS_COMPLETE, {"upload_id": upload_id}, body={"part_ids": part_ids, "md5": md5}, into=Upload),
            options,
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

        If the connection is lost before the answer, the retry can create the upload a second time, except on servers
        that honour `Idempotency-Key`.

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
        from ..types.uploads import Upload

        call: Call[Upload] = Call(
            UPLOADS_CREATE,
            body={"purpose": purpose, "mime_type": mime_type, "expires_after": expires_after},
            into=Upload,
        )
        flow: Flow[Upload] = uploads.upload_chunked(
            self._connection.core,
            call,
            uploads.UploadOperations(UPLOAD_PARTS_CREATE, UPLOADS_COMPLETE, UPLOADS_CANCEL),
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

        If the connection is lost before the answer, the retry can create the upload a second time, except on servers
        that honour `Idempotency-Key`.

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
        from ..types.uploads import Upload

        return await self._connection.send(
            Call(
                UPLOADS_CREATE,
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
        from ..types.uploads import Upload

        return await self._connection.send(Call(UPLOADS_CANCEL, {"upload_id": upload_id}, into=Upload), options)

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
        from ..types.uploads import Upload

        return await self._connection.send(
            Call(UPLOADS_COMPLETE, {"upload_id": upload_id}, body={"part_ids": part_ids, "md5": md5}, into=Upload),
            options,
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

        If the connection is lost before the answer, the retry can create the upload a second time, except on servers
        that honour `Idempotency-Key`.

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
        from ..types.uploads import Upload

        call: Call[Upload] = Call(
            UPLOADS_CREATE,
            body={"purpose": purpose, "mime_type": mime_type, "expires_after": expires_after},
            into=Upload,
        )
        flow: Flow[Upload] = uploads.upload_chunked(
            self._connection.core,
            call,
            uploads.UploadOperations(UPLOAD_PARTS_CREATE, UPLOADS_COMPLETE, UPLOADS_CANCEL),
            file,
            filename,
            bytes,
            part_size,
            md5,
            max_concurrency,
            options,
        )
        return await self._connection.drive(flow)


class UploadParts(Resource):
    """Parts of an upload."""

    with_raw_response: UploadPartsWithRawResponse
    with_streaming_response: UploadPartsWithStreamingResponse

    def create(self, upload_id: str, *, data: FileTypes, **options: Unpack[RequestOptions]) -> UploadPart:
        """Send a part of an upload.

        A part has up to 64 MB. Parts may be sent at the same time and in any order; completing the upload puts them in
        order.

        If the connection is lost before the answer, the retry can create the part a second time, except on servers that
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
        from ..types.uploads import UploadPart

        return self._connection.send(
            Call(UPLOAD_PARTS_CREATE, {"upload_id": upload_id}, body={"data": data}, into=UploadPart), options
        )


class AsyncUploadParts(AsyncResource):
    """Parts of an upload."""

    with_raw_response: AsyncUploadPartsWithRawResponse
    with_streaming_response: AsyncUploadPartsWithStreamingResponse

    async def create(self, upload_id: str, *, data: FileTypes, **options: Unpack[RequestOptions]) -> UploadPart:
        """Send a part of an upload.

        A part has up to 64 MB. Parts may be sent at the same time and in any order; completing the upload puts them in
        order.

        If the connection is lost before the answer, the retry can create the part a second time, except on servers that
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
        from ..types.uploads import UploadPart

        return await self._connection.send(
            Call(UPLOAD_PARTS_CREATE, {"upload_id": upload_id}, body={"data": data}, into=UploadPart), options
        )


class Batches(Resource):
    """Batches, files of requests that the server works through when it has time."""

    with_raw_response: BatchesWithRawResponse
    with_streaming_response: BatchesWithStreamingResponse

    def create(
        self,
        *,
        input_file_id: str,
        endpoint: Literal[
            "/v1/responses",
            "/v1/chat/completions",
            "/v1/embeddings",
            "/v1/completions",
            "/v1/moderations",
            "/v1/images/generations",
            "/v1/images/edits",
            "/v1/videos",
        ]
        | UnknownValue,
        completion_window: Literal["24h"] | UnknownValue,
        metadata: Metadata | Omit | None = omit,
        output_expires_after: BatchFileExpiresAfterParam | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> Batch:
        """Have a file of requests worked through.

        If the connection is lost before the answer, the retry can create the batch a second time, except on servers
        that honour `Idempotency-Key`.

        POST /batches

        Args:
            input_file_id: Id of an uploaded file with the purpose `batch`, one request as JSON on each line; up to
                50,000 requests and 200 MB.
            endpoint: Path that all the requests go to. Those to `/v1/embeddings` may have 50,000 inputs all together.
            completion_window: Time in which it should be done; so far always `24h`.
            metadata: Notes to keep with the batch. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            output_expires_after: When the files with answers and errors are to be deleted by themselves.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.files import Batch

        return self._connection.send(
            Call(
                BATCHES_CREATE,
                body={
                    "input_file_id": input_file_id,
                    "endpoint": endpoint,
                    "completion_window": completion_window,
                    "metadata": metadata,
                    "output_expires_after": output_expires_after,
                },
                into=Batch,
            ),
            options,
        )

    def retrieve(self, batch_id: str, **options: Unpack[RequestOptions]) -> Batch:
        """Retrieve a batch.

        GET /batches/{batch_id}

        Args:
            batch_id: Id of the batch.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.files import Batch

        return self._connection.send(Call(BATCHES_RETRIEVE, {"batch_id": batch_id}, into=Batch), options)

    def list(
        self, *, limit: int | Omit = omit, after: str | Omit = omit, **options: Unpack[RequestOptions]
    ) -> SyncCursorPage[Batch]:
        """List batches.

        GET /batches

        Args:
            limit: Batches per page, from 1 to 100. Default: 20.
            after: Id of a batch; the page starts behind it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of batches. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.files import Batch

        return self._connection.page(Call(BATCHES_LIST, query={"limit": limit, "after": after}, into=Batch), options)

    def cancel(self, batch_id: str, **options: Unpack[RequestOptions]) -> Batch:
        """Stop a batch.

        It is `cancelling` for up to ten minutes, then `cancelled`; answers that it had by then are in the output file.

        POST /batches/{batch_id}/cancel

        Args:
            batch_id: Id of the batch.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch, now on its way to `cancelled`.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.files import Batch

        return self._connection.send(Call(BATCHES_CANCEL, {"batch_id": batch_id}, into=Batch), options)


class AsyncBatches(AsyncResource):
    """Batches, files of requests that the server works through when it has time."""

    with_raw_response: AsyncBatchesWithRawResponse
    with_streaming_response: AsyncBatchesWithStreamingResponse

    async def create(
        self,
        *,
        input_file_id: str,
        endpoint: Literal[
            "/v1/responses",
            "/v1/chat/completions",
            "/v1/embeddings",
            "/v1/completions",
            "/v1/moderations",
            "/v1/images/generations",
            "/v1/images/edits",
            "/v1/videos",
        ]
        | UnknownValue,
        completion_window: Literal["24h"] | UnknownValue,
        metadata: Metadata | Omit | None = omit,
        output_expires_after: BatchFileExpiresAfterParam | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> Batch:
        """Have a file of requests worked through.

        If the connection is lost before the answer, the retry can create the batch a second time, except on servers
        that honour `Idempotency-Key`.

        POST /batches

        Args:
            input_file_id: Id of an uploaded file with the purpose `batch`, one request as JSON on each line; up to
                50,000 requests and 200 MB.
            endpoint: Path that all the requests go to. Those to `/v1/embeddings` may have 50,000 inputs all together.
            completion_window: Time in which it should be done; so far always `24h`.
            metadata: Notes to keep with the batch. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            output_expires_after: When the files with answers and errors are to be deleted by themselves.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.files import Batch

        return await self._connection.send(
            Call(
                BATCHES_CREATE,
                body={
                    "input_file_id": input_file_id,
                    "endpoint": endpoint,
                    "completion_window": completion_window,
                    "metadata": metadata,
                    "output_expires_after": output_expires_after,
                },
                into=Batch,
            ),
            options,
        )

    async def retrieve(self, batch_id: str, **options: Unpack[RequestOptions]) -> Batch:
        """Retrieve a batch.

        GET /batches/{batch_id}

        Args:
            batch_id: Id of the batch.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.files import Batch

        return await self._connection.send(Call(BATCHES_RETRIEVE, {"batch_id": batch_id}, into=Batch), options)

    def list(
        self, *, limit: int | Omit = omit, after: str | Omit = omit, **options: Unpack[RequestOptions]
    ) -> AsyncPaginator[Batch, AsyncCursorPage[Batch]]:
        """List batches.

        GET /batches

        Args:
            limit: Batches per page, from 1 to 100. Default: 20.
            after: Id of a batch; the page starts behind it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of batches. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.files import Batch

        return self._connection.page(Call(BATCHES_LIST, query={"limit": limit, "after": after}, into=Batch), options)

    async def cancel(self, batch_id: str, **options: Unpack[RequestOptions]) -> Batch:
        """Stop a batch.

        It is `cancelling` for up to ten minutes, then `cancelled`; answers that it had by then are in the output file.

        POST /batches/{batch_id}/cancel

        Args:
            batch_id: Id of the batch.
            **options: Request options, see `RequestOptions`.

        Returns:
            The batch, now on its way to `cancelled`.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.files import Batch

        return await self._connection.send(Call(BATCHES_CANCEL, {"batch_id": batch_id}, into=Batch), options)
