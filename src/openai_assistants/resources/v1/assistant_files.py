"""Files that are attached to an assistant.

Generated from codegen/specs/v1/assistant_files.yaml; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from typing_extensions import Unpack

from ..._basics import Omit, omit
from ..._connection import AsyncResource, Resource
from ..._requests import Call, Operation

if TYPE_CHECKING:
    from ..._models import UnknownValue
    from ..._pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
    from ..._requests import RequestOptions
    from ...types.v1.assistants import AssistantFile, AssistantFileDeleted
    from ._raw import (
        AssistantFilesWithRawResponse,
        AssistantFilesWithStreamingResponse,
        AsyncAssistantFilesWithRawResponse,
        AsyncAssistantFilesWithStreamingResponse,
    )

CREATE = Operation("createAssistantFile", "POST", "/assistants/{assistant_id}/files", beta="assistants=v1")
RETRIEVE = Operation("getAssistantFile", "GET", "/assistants/{assistant_id}/files/{file_id}", beta="assistants=v1")
LIST = Operation("listAssistantFiles", "GET", "/assistants/{assistant_id}/files", beta="assistants=v1")
DELETE = Operation("deleteAssistantFile", "DELETE", "/assistants/{assistant_id}/files/{file_id}", beta="assistants=v1")


class AssistantFiles(Resource):
    """Files that are attached to an assistant."""

    with_raw_response: AssistantFilesWithRawResponse
    with_streaming_response: AssistantFilesWithStreamingResponse

    def create(self, assistant_id: str, *, file_id: str, **options: Unpack[RequestOptions]) -> AssistantFile:
        """Attach a file to an assistant.

        POST /assistants/{assistant_id}/files

        Args:
            assistant_id: Id of the assistant.
            file_id: Id of a file with the purpose `assistants`.
            **options: Request options, see `RequestOptions`.

        Returns:
            The attached file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import AssistantFile

        return self._connection.send(
            Call(CREATE, {"assistant_id": assistant_id}, body={"file_id": file_id}, into=AssistantFile), options
        )

    def retrieve(self, file_id: str, *, assistant_id: str, **options: Unpack[RequestOptions]) -> AssistantFile:
        """Retrieve a file of an assistant.

        Tells of the attachment; for name and size retrieve the file itself.

        GET /assistants/{assistant_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            assistant_id: Id of the assistant.
            **options: Request options, see `RequestOptions`.

        Returns:
            The attached file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import AssistantFile

        return self._connection.send(
            Call(RETRIEVE, {"assistant_id": assistant_id, "file_id": file_id}, into=AssistantFile), options
        )

    def list(
        self,
        assistant_id: str,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[AssistantFile]:
        """List the files of an assistant.

        GET /assistants/{assistant_id}/files

        Args:
            assistant_id: Id of the assistant.
            limit: Files per page, from 1 to 100. Default: 20.
            order: Order by the time of attaching; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a file; the page starts behind it.
            before: Id of a file; the page ends in front of it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of files. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import AssistantFile

        return self._connection.page(
            Call(
                LIST,
                {"assistant_id": assistant_id},
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=AssistantFile,
            ),
            options,
        )

    def delete(self, file_id: str, *, assistant_id: str, **options: Unpack[RequestOptions]) -> AssistantFileDeleted:
        """Detach a file from an assistant.

        The file itself stays.

        DELETE /assistants/{assistant_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            assistant_id: Id of the assistant.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file is detached.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import AssistantFileDeleted

        return self._connection.send(
            Call(DELETE, {"assistant_id": assistant_id, "file_id": file_id}, into=AssistantFileDeleted), options
        )


class AsyncAssistantFiles(AsyncResource):
    """Files that are attached to an assistant."""

    with_raw_response: AsyncAssistantFilesWithRawResponse
    with_streaming_response: AsyncAssistantFilesWithStreamingResponse

    async def create(self, assistant_id: str, *, file_id: str, **options: Unpack[RequestOptions]) -> AssistantFile:
        """Attach a file to an assistant.

        POST /assistants/{assistant_id}/files

        Args:
            assistant_id: Id of the assistant.
            file_id: Id of a file with the purpose `assistants`.
            **options: Request options, see `RequestOptions`.

        Returns:
            The attached file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import AssistantFile

        return await self._connection.send(
            Call(CREATE, {"assistant_id": assistant_id}, body={"file_id": file_id}, into=AssistantFile), options
        )

    async def retrieve(self, file_id: str, *, assistant_id: str, **options: Unpack[RequestOptions]) -> AssistantFile:
        """Retrieve a file of an assistant.

        Tells of the attachment; for name and size retrieve the file itself.

        GET /assistants/{assistant_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            assistant_id: Id of the assistant.
            **options: Request options, see `RequestOptions`.

        Returns:
            The attached file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import AssistantFile

        return await self._connection.send(
            Call(RETRIEVE, {"assistant_id": assistant_id, "file_id": file_id}, into=AssistantFile), options
        )

    def list(
        self,
        assistant_id: str,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[AssistantFile, AsyncCursorPage[AssistantFile]]:
        """List the files of an assistant.

        GET /assistants/{assistant_id}/files

        Args:
            assistant_id: Id of the assistant.
            limit: Files per page, from 1 to 100. Default: 20.
            order: Order by the time of attaching; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a file; the page starts behind it.
            before: Id of a file; the page ends in front of it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of files. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import AssistantFile

        return self._connection.page(
            Call(
                LIST,
                {"assistant_id": assistant_id},
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=AssistantFile,
            ),
            options,
        )

    async def delete(
        self, file_id: str, *, assistant_id: str, **options: Unpack[RequestOptions]
    ) -> AssistantFileDeleted:
        """Detach a file from an assistant.

        The file itself stays.

        DELETE /assistants/{assistant_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            assistant_id: Id of the assistant.
            **options: Request options, see `RequestOptions`.

        Returns:
            The file is detached.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import AssistantFileDeleted

        return await self._connection.send(
            Call(DELETE, {"assistant_id": assistant_id, "file_id": file_id}, into=AssistantFileDeleted), options
        )
