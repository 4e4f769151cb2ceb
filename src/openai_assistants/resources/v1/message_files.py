"""Files that came with a message.

Generated from codegen/specs/v1/message_files.yaml; do not edit.
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
    from ...types.v1.threads import MessageFile
    from ._raw import (
        AsyncMessageFilesWithRawResponse,
        AsyncMessageFilesWithStreamingResponse,
        MessageFilesWithRawResponse,
        MessageFilesWithStreamingResponse,
    )

RETRIEVE = Operation(
    "getMessageFile", "GET", "/threads/{thread_id}/messages/{message_id}/files/{file_id}", beta="assistants=v1"
)
LIST = Operation("listMessageFiles", "GET", "/threads/{thread_id}/messages/{message_id}/files", beta="assistants=v1")


class MessageFiles(Resource):
    """Files that came with a message."""

    with_raw_response: MessageFilesWithRawResponse
    with_streaming_response: MessageFilesWithStreamingResponse

    def retrieve(
        self, file_id: str, *, thread_id: str, message_id: str, **options: Unpack[RequestOptions]
    ) -> MessageFile:
        """Retrieve a file of a message.

        Tells of the attachment; for name and size retrieve the file itself.

        GET /threads/{thread_id}/messages/{message_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            thread_id: Id of the message's thread.
            message_id: Id of the message.
            **options: Request options, see `RequestOptions`.

        Returns:
            The attached file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import MessageFile

        return self._connection.send(
            Call(RETRIEVE, {"thread_id": thread_id, "message_id": message_id, "file_id": file_id}, into=MessageFile),
            options,
        )

    def list(
        self,
        message_id: str,
        *,
        thread_id: str,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[MessageFile]:
        """List the files of a message.

        GET /threads/{thread_id}/messages/{message_id}/files

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
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
        from ...types.v1.threads import MessageFile

        return self._connection.page(
            Call(
                LIST,
                {"thread_id": thread_id, "message_id": message_id},
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=MessageFile,
            ),
            options,
        )


class AsyncMessageFiles(AsyncResource):
    """Files that came with a message."""

    with_raw_response: AsyncMessageFilesWithRawResponse
    with_streaming_response: AsyncMessageFilesWithStreamingResponse

    async def retrieve(
        self, file_id: str, *, thread_id: str, message_id: str, **options: Unpack[RequestOptions]
    ) -> MessageFile:
        """Retrieve a file of a message.

        Tells of the attachment; for name and size retrieve the file itself.

        GET /threads/{thread_id}/messages/{message_id}/files/{file_id}

        Args:
            file_id: Id of the file.
            thread_id: Id of the message's thread.
            message_id: Id of the message.
            **options: Request options, see `RequestOptions`.

        Returns:
            The attached file.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import MessageFile

        return await self._connection.send(
            Call(RETRIEVE, {"thread_id": thread_id, "message_id": message_id, "file_id": file_id}, into=MessageFile),
            options,
        )

    def list(
        self,
        message_id: str,
        *,
        thread_id: str,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[MessageFile, AsyncCursorPage[MessageFile]]:
        """List the files of a message.

        GET /threads/{thread_id}/messages/{message_id}/files

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
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
        from ...types.v1.threads import MessageFile

        return self._connection.page(
            Call(
                LIST,
                {"thread_id": thread_id, "message_id": message_id},
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=MessageFile,
            ),
            options,
        )
