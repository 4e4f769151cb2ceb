"""Files of a vector store.

Generated from codegen/specs/v2/vector_store_files.yaml; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from typing_extensions import Unpack

from .._basics import Omit, omit
from .._connection import AsyncResource, Resource, several_requests
from .._requests import Call, Operation

if TYPE_CHECKING:
    from .._files import FileTypes
    from .._flow import Flow
    from .._models import UnknownValue
    from .._pagination import AsyncCursorPage, AsyncPage, AsyncPaginator, SyncCursorPage, SyncPage
    from .._requests import RequestOptions
    from ..types.params.shared import FileChunkingStrategyParam
    from ..types.vector_store_files import FileContentResponse, VectorStoreFile, VectorStoreFileDeleted
    from ._raw import (
        AsyncVectorStoreFilesWithRawResponse,
        AsyncVectorStoreFilesWithStreamingResponse,
        VectorStoreFilesWithRawResponse,
        VectorStoreFilesWithStreamingResponse,
    )

CREATE = Operation("createVectorStoreFile", "POST", "/vector_stores/{vector_store_id}/files", beta="assistants=v2")
RETRIEVE = Operation(
    "getVectorStoreFile", "GET", "/vector_stores/{vector_store_id}/files/{file_id}", beta="assistants=v2"
)
UPDATE = Operation(
    "updateVectorStoreFileAttributes", "POST", "/vector_stores/{vector_store_id}/files/{file_id}", beta="assistants=v2"
)
LIST = Operation("listVectorStoreFiles", "GET", "/vector_stores/{vector_store_id}/files", beta="assistants=v2")
DELETE = Operation(
    "deleteVectorStoreFile", "DELETE", "/vector_stores/{vector_store_id}/files/{file_id}", beta="assistants=v2"
)
CONTENT = Operation(
    "retrieveVectorStoreFileContent",
    "GET",
    "/vector_stores/{vector_store_id}/files/{file_id}/content",
    beta="assistants=v2",
)


class VectorStoreFiles(Resource):
    """Files of a vector store."""

    with_raw_response: VectorStoreFilesWithRawResponse
    with_streaming_response: VectorStoreFilesWithStreamingResponse

    def create(
        self,
        vector_store_id: str,
        *,
        file_id: str,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Put an uploaded file into a vector store.

        The file is processed in the background; look at its `status`. To put in many, make a file batch, because a
        vector store takes only so many calls a minute.

        POST /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            file_id: Id of the uploaded file.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import VectorStoreFile

        return self._connection.send(
            Call(
                CREATE,
                {"vector_store_id": vector_store_id},
                body={"file_id": file_id, "chunking_strategy": chunking_strategy, "attributes": attributes},
                into=VectorStoreFile,
            ),
            options,
        )

    def retrieve(self, file_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]) -> VectorStoreFile:
        """Retrieve a file of a vector store.

        GET /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import VectorStoreFile

        return self._connection.send(
            Call(RETRIEVE, {"vector_store_id": vector_store_id, "file_id": file_id}, into=VectorStoreFile), options
        )

    def update(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        attributes: dict[str, str | int | float | bool] | None,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Replace the attributes of a file in a vector store.

        POST /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            attributes: Attributes to have instead of those so far. Values are strings (up to 512 characters), numbers
                or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as it is now.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import VectorStoreFile

        return self._connection.send(
            Call(
                UPDATE,
                {"vector_store_id": vector_store_id, "file_id": file_id},
                body={"attributes": attributes},
                into=VectorStoreFile,
            ),
            options,
        )

    def list(
        self,
        vector_store_id: str,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        filter: Literal["in_progress", "completed", "failed", "cancelled"] | UnknownValue | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[VectorStoreFile]:
        """List the files of a vector store.

        GET /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            limit: Files per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a file; the page starts behind it.
            before: Id of a file; the page ends in front of it.
            filter: Only files with this status.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of files. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import VectorStoreFile

        return self._connection.page(
            Call(
                LIST,
                {"vector_store_id": vector_store_id},
                query={"limit": limit, "order": order, "after": after, "before": before, "filter": filter},
                into=VectorStoreFile,
            ),
            options,
        )

    def delete(
        self, file_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> VectorStoreFileDeleted:
        """Take a file out of a vector store.

        The uploaded file itself stays; `files.delete` removes that.

        DELETE /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The vector store no longer has the file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import VectorStoreFileDeleted

        return self._connection.send(
            Call(DELETE, {"vector_store_id": vector_store_id, "file_id": file_id}, into=VectorStoreFileDeleted), options
        )

    def content(
        self, file_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> SyncPage[FileContentResponse]:
        """Retrieve the text that the server read out of a file.

        GET /vector_stores/{vector_store_id}/files/{file_id}/content

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The text, in pieces.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import FileContentResponse

        return self._connection.plain_page(
            Call(CONTENT, {"vector_store_id": vector_store_id, "file_id": file_id}, into=FileContentResponse), options
        )

    @several_requests
    def create_and_poll(
        self,
        file_id: str,
        vector_store_id: str,
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise"] = "raise",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Put an uploaded file into a vector store, and wait until it is processed.

        POST /vector_stores/{vector_store_id}/files

        Args:
            file_id: Id of the uploaded file.
            vector_store_id: Id of the vector store.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, raise `WaitTimeoutError`; there is nothing to cancel.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_store_files import VectorStoreFile

        call: Call[VectorStoreFile] = Call(
            CREATE,
            {"vector_store_id": vector_store_id},
            body={"file_id": file_id, "chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFile,
        )
        flow: Flow[VectorStoreFile] = polling.start_file(
            self._connection.core,
            call,
            RETRIEVE,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline),
            options,
        )
        return self._connection.drive(flow)

    @several_requests
    def poll(
        self,
        file_id: str,
        vector_store_id: str,
        *,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise"] = "raise",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Wait until a file of a vector store is processed.

        GET /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, raise `WaitTimeoutError`; there is nothing to cancel.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_store_files import VectorStoreFile

        call: Call[VectorStoreFile] = Call(
            RETRIEVE, {"vector_store_id": vector_store_id, "file_id": file_id}, into=VectorStoreFile
        )
        flow: Flow[VectorStoreFile] = polling.poll_file(
            self._connection.core, call, polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline), options
        )
        return self._connection.drive(flow)

    @several_requests
    def upload(
        self,
        vector_store_id: str,
        file: FileTypes,
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Upload a file and put it into a vector store.

        POST /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            file: What to upload, bytes, an open binary file, a path object, or a tuple `(name, content, media type)`.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store; it is processed in the background.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_store_files import VectorStoreFile
        from .files import CREATE as FILES_CREATE

        call: Call[VectorStoreFile] = Call(
            CREATE,
            {"vector_store_id": vector_store_id},
            body={"chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFile,
        )
        flow: Flow[VectorStoreFile] = polling.upload_file(self._connection.core, FILES_CREATE, file, call, options)
        return self._connection.drive(flow)

    @several_requests
    def upload_and_poll(
        self,
        vector_store_id: str,
        file: FileTypes,
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise"] = "raise",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Upload a file, put it into a vector store, and wait until it is processed.

        POST /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            file: What to upload, bytes, an open binary file, a path object, or a tuple `(name, content, media type)`.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, raise `WaitTimeoutError`; there is nothing to cancel.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store, as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_store_files import VectorStoreFile
        from .files import CREATE as FILES_CREATE

        call: Call[VectorStoreFile] = Call(
            CREATE,
            {"vector_store_id": vector_store_id},
            body={"chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFile,
        )
        flow: Flow[VectorStoreFile] = polling.upload_file_and_poll(
            self._connection.core,
            FILES_CREATE,
            file,
            call,
            RETRIEVE,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline),
            options,
        )
        return self._connection.drive(flow)


class AsyncVectorStoreFiles(AsyncResource):
    """Files of a vector store."""

    with_raw_response: AsyncVectorStoreFilesWithRawResponse
    with_streaming_response: AsyncVectorStoreFilesWithStreamingResponse

    async def create(
        self,
        vector_store_id: str,
        *,
        file_id: str,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Put an uploaded file into a vector store.

        The file is processed in the background; look at its `status`. To put in many, make a file batch, because a
        vector store takes only so many calls a minute.

        POST /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            file_id: Id of the uploaded file.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import VectorStoreFile

        return await self._connection.send(
            Call(
                CREATE,
                {"vector_store_id": vector_store_id},
                body={"file_id": file_id, "chunking_strategy": chunking_strategy, "attributes": attributes},
                into=VectorStoreFile,
            ),
            options,
        )

    async def retrieve(
        self, file_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> VectorStoreFile:
        """Retrieve a file of a vector store.

        GET /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import VectorStoreFile

        return await self._connection.send(
            Call(RETRIEVE, {"vector_store_id": vector_store_id, "file_id": file_id}, into=VectorStoreFile), options
        )

    async def update(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        attributes: dict[str, str | int | float | bool] | None,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Replace the attributes of a file in a vector store.

        POST /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            attributes: Attributes to have instead of those so far. Values are strings (up to 512 characters), numbers
                or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as it is now.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import VectorStoreFile

        return await self._connection.send(
            Call(
                UPDATE,
                {"vector_store_id": vector_store_id, "file_id": file_id},
                body={"attributes": attributes},
                into=VectorStoreFile,
            ),
            options,
        )

    def list(
        self,
        vector_store_id: str,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        filter: Literal["in_progress", "completed", "failed", "cancelled"] | UnknownValue | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[VectorStoreFile, AsyncCursorPage[VectorStoreFile]]:
        """List the files of a vector store.

        GET /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            limit: Files per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a file; the page starts behind it.
            before: Id of a file; the page ends in front of it.
            filter: Only files with this status.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of files. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import VectorStoreFile

        return self._connection.page(
            Call(
                LIST,
                {"vector_store_id": vector_store_id},
                query={"limit": limit, "order": order, "after": after, "before": before, "filter": filter},
                into=VectorStoreFile,
            ),
            options,
        )

    async def delete(
        self, file_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> VectorStoreFileDeleted:
        """Take a file out of a vector store.

        The uploaded file itself stays; `files.delete` removes that.

        DELETE /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The vector store no longer has the file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import VectorStoreFileDeleted

        return await self._connection.send(
            Call(DELETE, {"vector_store_id": vector_store_id, "file_id": file_id}, into=VectorStoreFileDeleted), options
        )

    def content(
        self, file_id: str, *, vector_store_id: str, **options: Unpack[RequestOptions]
    ) -> AsyncPaginator[FileContentResponse, AsyncPage[FileContentResponse]]:
        """Retrieve the text that the server read out of a file.

        GET /vector_stores/{vector_store_id}/files/{file_id}/content

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            **options: Request options, see `RequestOptions`.

        Returns:
            The text, in pieces.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.vector_store_files import FileContentResponse

        return self._connection.plain_page(
            Call(CONTENT, {"vector_store_id": vector_store_id, "file_id": file_id}, into=FileContentResponse), options
        )

    @several_requests
    async def create_and_poll(
        self,
        file_id: str,
        vector_store_id: str,
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise"] = "raise",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Put an uploaded file into a vector store, and wait until it is processed.

        POST /vector_stores/{vector_store_id}/files

        Args:
            file_id: Id of the uploaded file.
            vector_store_id: Id of the vector store.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, raise `WaitTimeoutError`; there is nothing to cancel.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_store_files import VectorStoreFile

        call: Call[VectorStoreFile] = Call(
            CREATE,
            {"vector_store_id": vector_store_id},
            body={"file_id": file_id, "chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFile,
        )
        flow: Flow[VectorStoreFile] = polling.start_file(
            self._connection.core,
            call,
            RETRIEVE,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline),
            options,
        )
        return await self._connection.drive(flow)

    @several_requests
    async def poll(
        self,
        file_id: str,
        vector_store_id: str,
        *,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise"] = "raise",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Wait until a file of a vector store is processed.

        GET /vector_stores/{vector_store_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            vector_store_id: Id of the file's vector store.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, raise `WaitTimeoutError`; there is nothing to cancel.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_store_files import VectorStoreFile

        call: Call[VectorStoreFile] = Call(
            RETRIEVE, {"vector_store_id": vector_store_id, "file_id": file_id}, into=VectorStoreFile
        )
        flow: Flow[VectorStoreFile] = polling.poll_file(
            self._connection.core, call, polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline), options
        )
        return await self._connection.drive(flow)

    @several_requests
    async def upload(
        self,
        vector_store_id: str,
        file: FileTypes,
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Upload a file and put it into a vector store.

        POST /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            file: What to upload, bytes, an open binary file, a path object, or a tuple `(name, content, media type)`.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store; it is processed in the background.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_store_files import VectorStoreFile
        from .files import CREATE as FILES_CREATE

        call: Call[VectorStoreFile] = Call(
            CREATE,
            {"vector_store_id": vector_store_id},
            body={"chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFile,
        )
        flow: Flow[VectorStoreFile] = polling.upload_file(self._connection.core, FILES_CREATE, file, call, options)
        return await self._connection.drive(flow)

    @several_requests
    async def upload_and_poll(
        self,
        vector_store_id: str,
        file: FileTypes,
        *,
        chunking_strategy: FileChunkingStrategyParam | Omit = omit,
        attributes: dict[str, str | int | float | bool] | Omit | None = omit,
        poll_interval_ms: float | Omit = omit,
        max_wait_seconds: float | Omit | None = omit,
        on_deadline: Literal["raise"] = "raise",
        **options: Unpack[RequestOptions],
    ) -> VectorStoreFile:
        """Upload a file, put it into a vector store, and wait until it is processed.

        POST /vector_stores/{vector_store_id}/files

        Args:
            vector_store_id: Id of the vector store.
            file: What to upload, bytes, an open binary file, a path object, or a tuple `(name, content, media type)`.
            chunking_strategy: How the file is cut into chunks; `auto` if left out.
            attributes: Attributes to give the file, to filter searches by. Values are strings (up to 512 characters),
                numbers or booleans. At most 16 entries. Keys up to 64 characters.
            poll_interval_ms: Milliseconds between two looks. Left out, the server's hint, or else one second.
            max_wait_seconds: Seconds to wait at most; `None` waits for ever. Left out, half an hour.
            on_deadline: What to do when the time is up, raise `WaitTimeoutError`; there is nothing to cancel.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file as a member of the vector store, as it is then; look at its `status`.

        Raises:
            WaitTimeoutError: The time was up; the file as seen last is its `last`.
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from .. import _polling as polling
        from ..types.vector_store_files import VectorStoreFile
        from .files import CREATE as FILES_CREATE

        call: Call[VectorStoreFile] = Call(
            CREATE,
            {"vector_store_id": vector_store_id},
            body={"chunking_strategy": chunking_strategy, "attributes": attributes},
            into=VectorStoreFile,
        )
        flow: Flow[VectorStoreFile] = polling.upload_file_and_poll(
            self._connection.core,
            FILES_CREATE,
            file,
            call,
            RETRIEVE,
            polling.Wait(poll_interval_ms, max_wait_seconds, on_deadline),
            options,
        )
        return await self._connection.drive(flow)
