"""Files that assistants, messages and other features work with.

Generated from codegen/specs/v2/files.yaml; do not edit.
"""

from __future__ import annotations

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
    from ..types.files import FileDeleted, FileObject
    from ..types.params.files import FileExpiresAfterParam, FilePurpose
    from ._raw import (
        AsyncFilesWithRawResponse,
        AsyncFilesWithStreamingResponse,
        FilesWithRawResponse,
        FilesWithStreamingResponse,
    )

CREATE = Operation("createFile", "POST", "/files", files=("file",))
RETRIEVE = Operation("retrieveFile", "GET", "/files/{file_id}")
LIST = Operation("listFiles", "GET", "/files")
DELETE = Operation("deleteFile", "DELETE", "/files/{file_id}")
CONTENT = Operation("downloadFile", "GET", "/files/{file_id}/content")


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

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
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
            Call(CREATE, body={"file": file, "purpose": purpose, "expires_after": expires_after}, into=FileObject),
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

        return self._connection.send(Call(RETRIEVE, {"file_id": file_id}, into=FileObject), options)

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
            Call(LIST, query={"purpose": purpose, "limit": limit, "order": order, "after": after}, into=FileObject),
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

        return self._connection.send(Call(DELETE, {"file_id": file_id}, into=FileDeleted), options)

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
        return self._connection.binary(Call(CONTENT, {"file_id": file_id}, accept="application/octet-stream"), options)

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
            Call(CONTENT, {"file_id": file_id}, accept="application/octet-stream", into=str), options
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

        call: Call[FileObject] = Call(RETRIEVE, {"file_id": id}, into=FileObject)
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

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
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
            Call(CREATE, body={"file": file, "purpose": purpose, "expires_after": expires_after}, into=FileObject),
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

        return await self._connection.send(Call(RETRIEVE, {"file_id": file_id}, into=FileObject), options)

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
            Call(LIST, query={"purpose": purpose, "limit": limit, "order": order, "after": after}, into=FileObject),
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

        return await self._connection.send(Call(DELETE, {"file_id": file_id}, into=FileDeleted), options)

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
            Call(CONTENT, {"file_id": file_id}, accept="application/octet-stream"), options
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
            Call(CONTENT, {"file_id": file_id}, accept="application/octet-stream", into=str), options
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

        call: Call[FileObject] = Call(RETRIEVE, {"file_id": id}, into=FileObject)
        flow: Flow[FileObject] = polling.wait_for_file(
            self._connection.core, call, poll_interval, max_wait_seconds, options
        )
        return await self._connection.drive(flow)
