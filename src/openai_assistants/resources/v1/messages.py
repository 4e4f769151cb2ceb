"""Messages of a thread.

Generated from codegen/specs/v1/messages.yaml; do not edit.
"""

from __future__ import annotations

import builtins
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from typing_extensions import Unpack

from ..._basics import Omit, omit
from ..._connection import AsyncResource, Resource
from ..._requests import Call, Operation

if TYPE_CHECKING:
    from ..._models import UnknownValue
    from ..._pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
    from ..._requests import RequestOptions
    from ...types.v1.shared import Metadata
    from ...types.v1.threads import Message
    from ._raw import (
        AsyncMessagesWithRawResponse,
        AsyncMessagesWithStreamingResponse,
        MessagesWithRawResponse,
        MessagesWithStreamingResponse,
    )
    from .message_files import AsyncMessageFiles, MessageFiles

CREATE = Operation("createMessage", "POST", "/threads/{thread_id}/messages", beta="assistants=v1")
RETRIEVE = Operation("getMessage", "GET", "/threads/{thread_id}/messages/{message_id}", beta="assistants=v1")
UPDATE = Operation("modifyMessage", "POST", "/threads/{thread_id}/messages/{message_id}", beta="assistants=v1")
LIST = Operation("listMessages", "GET", "/threads/{thread_id}/messages", beta="assistants=v1")


class Messages(Resource):
    """Messages of a thread."""

    with_raw_response: MessagesWithRawResponse
    with_streaming_response: MessagesWithStreamingResponse

    @cached_property
    def files(self) -> MessageFiles:
        """Files that came with a message."""
        from .message_files import MessageFiles

        return MessageFiles(self._connection)

    def create(
        self,
        thread_id: str,
        *,
        role: Literal["user"] | UnknownValue,
        content: str,
        file_ids: builtins.list[str] | Omit = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        **options: Unpack[RequestOptions],
    ) -> Message:
        """Add a message to a thread.

        Refused while a run of the thread is active.

        POST /threads/{thread_id}/messages

        Args:
            thread_id: Id of the thread.
            role: Who speaks; only people can.
            content: The text, from 1 to 32,768 characters.
            file_ids: Ids of files that the tools may use, from 1 to 10; leave it out for none.
            metadata: Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new message.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Message

        return self._connection.send(
            Call(
                CREATE,
                {"thread_id": thread_id},
                body={"role": role, "content": content, "file_ids": file_ids, "metadata": metadata},
                into=Message,
                on_active_run=on_active_run,
            ),
            options,
        )

    def retrieve(self, message_id: str, *, thread_id: str, **options: Unpack[RequestOptions]) -> Message:
        """Retrieve one message of a thread.

        GET /threads/{thread_id}/messages/{message_id}

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The message.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Message

        return self._connection.send(
            Call(RETRIEVE, {"thread_id": thread_id, "message_id": message_id}, into=Message), options
        )

    def update(
        self,
        message_id: str,
        *,
        thread_id: str,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Message:
        """Change the metadata of a message.

        POST /threads/{thread_id}/messages/{message_id}

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
            metadata: Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The message after the change.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Message

        return self._connection.send(
            Call(UPDATE, {"thread_id": thread_id, "message_id": message_id}, body={"metadata": metadata}, into=Message),
            options,
        )

    def list(
        self,
        thread_id: str,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[Message]:
        """List the messages of a thread.

        GET /threads/{thread_id}/messages

        Args:
            thread_id: Id of the thread.
            limit: Messages per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a message; the page starts behind it.
            before: Id of a message; the page ends in front of it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of messages. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Message

        return self._connection.page(
            Call(
                LIST,
                {"thread_id": thread_id},
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=Message,
            ),
            options,
        )


class AsyncMessages(AsyncResource):
    """Messages of a thread."""

    with_raw_response: AsyncMessagesWithRawResponse
    with_streaming_response: AsyncMessagesWithStreamingResponse

    @cached_property
    def files(self) -> AsyncMessageFiles:
        """Files that came with a message."""
        from .message_files import AsyncMessageFiles

        return AsyncMessageFiles(self._connection)

    async def create(
        self,
        thread_id: str,
        *,
        role: Literal["user"] | UnknownValue,
        content: str,
        file_ids: builtins.list[str] | Omit = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        **options: Unpack[RequestOptions],
    ) -> Message:
        """Add a message to a thread.

        Refused while a run of the thread is active.

        POST /threads/{thread_id}/messages

        Args:
            thread_id: Id of the thread.
            role: Who speaks; only people can.
            content: The text, from 1 to 32,768 characters.
            file_ids: Ids of files that the tools may use, from 1 to 10; leave it out for none.
            metadata: Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            on_active_run: What to do when a run is active on the thread, raise `ActiveRunError`, wait for its end (no
                longer than a minute beyond its `expires_at`), or cancel it; then the call is made again.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new message.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Message

        return await self._connection.send(
            Call(
                CREATE,
                {"thread_id": thread_id},
                body={"role": role, "content": content, "file_ids": file_ids, "metadata": metadata},
                into=Message,
                on_active_run=on_active_run,
            ),
            options,
        )

    async def retrieve(self, message_id: str, *, thread_id: str, **options: Unpack[RequestOptions]) -> Message:
        """Retrieve one message of a thread.

        GET /threads/{thread_id}/messages/{message_id}

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The message.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Message

        return await self._connection.send(
            Call(RETRIEVE, {"thread_id": thread_id, "message_id": message_id}, into=Message), options
        )

    async def update(
        self,
        message_id: str,
        *,
        thread_id: str,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Message:
        """Change the metadata of a message.

        POST /threads/{thread_id}/messages/{message_id}

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
            metadata: Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The message after the change.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Message

        return await self._connection.send(
            Call(UPDATE, {"thread_id": thread_id, "message_id": message_id}, body={"metadata": metadata}, into=Message),
            options,
        )

    def list(
        self,
        thread_id: str,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[Message, AsyncCursorPage[Message]]:
        """List the messages of a thread.

        GET /threads/{thread_id}/messages

        Args:
            thread_id: Id of the thread.
            limit: Messages per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of a message; the page starts behind it.
            before: Id of a message; the page ends in front of it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of messages. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.threads import Message

        return self._connection.page(
            Call(
                LIST,
                {"thread_id": thread_id},
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=Message,
            ),
            options,
        )
