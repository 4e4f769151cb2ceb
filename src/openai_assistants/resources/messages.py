"""Messages of a thread.

Generated from codegen/specs/v2/messages.yaml; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, Literal

from typing_extensions import Unpack

from .._basics import Omit, omit
from .._connection import AsyncResource, Resource
from .._requests import Call, Operation

if TYPE_CHECKING:
    from .._models import UnknownValue
    from .._pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
    from .._requests import RequestOptions
    from ..types.messages import Message, MessageAttachment, MessageDeleted
    from ..types.params.messages import MessageAttachmentParam, MessageContentPartParam
    from ..types.shared import Metadata
    from ._raw import (
        AsyncMessagesWithRawResponse,
        AsyncMessagesWithStreamingResponse,
        MessagesWithRawResponse,
        MessagesWithStreamingResponse,
    )

CREATE = Operation("createMessage", "POST", "/threads/{thread_id}/messages", beta="assistants=v2")
RETRIEVE = Operation("getMessage", "GET", "/threads/{thread_id}/messages/{message_id}", beta="assistants=v2")
UPDATE = Operation("modifyMessage", "POST", "/threads/{thread_id}/messages/{message_id}", beta="assistants=v2")
LIST = Operation("listMessages", "GET", "/threads/{thread_id}/messages", beta="assistants=v2")
DELETE = Operation("deleteMessage", "DELETE", "/threads/{thread_id}/messages/{message_id}", beta="assistants=v2")


class Messages(Resource):
    """Messages of a thread."""

    with_raw_response: MessagesWithRawResponse
    with_streaming_response: MessagesWithStreamingResponse

    def create(
        self,
        thread_id: str,
        *,
        role: Literal["user", "assistant"] | UnknownValue,
        content: str | Iterable[MessageContentPartParam],
        attachments: Iterable[MessageAttachmentParam | MessageAttachment] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        **options: Unpack[RequestOptions],
    ) -> Message:
        """Add a message to a thread.

        Refused while a run of the thread is active.

        POST /threads/{thread_id}/messages

        Args:
            thread_id: Id of the thread.
            role: Who speaks; `user` for people, `assistant` to put words into the assistant's mouth.
            content: The text, or a list of text and image parts. Images need a model that can see.
            attachments: Files to give to tools along with the message.
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
        from ..types.messages import Message

        return self._connection.send(
            Call(
                CREATE,
                {"thread_id": thread_id},
                body={"role": role, "content": content, "attachments": attachments, "metadata": metadata},
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
        from ..types.messages import Message

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
        from ..types.messages import Message

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
        run_id: str | Omit = omit,
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
            run_id: Id of a run; only the messages that it wrote.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of messages. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.messages import Message

        return self._connection.page(
            Call(
                LIST,
                {"thread_id": thread_id},
                query={"limit": limit, "order": order, "after": after, "before": before, "run_id": run_id},
                into=Message,
            ),
            options,
        )

    def delete(self, message_id: str, *, thread_id: str, **options: Unpack[RequestOptions]) -> MessageDeleted:
        """Delete a message.

        DELETE /threads/{thread_id}/messages/{message_id}

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The message is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.messages import MessageDeleted

        return self._connection.send(
            Call(DELETE, {"thread_id": thread_id, "message_id": message_id}, into=MessageDeleted), options
        )


class AsyncMessages(AsyncResource):
    """Messages of a thread."""

    with_raw_response: AsyncMessagesWithRawResponse
    with_streaming_response: AsyncMessagesWithStreamingResponse

    async def create(
        self,
        thread_id: str,
        *,
        role: Literal["user", "assistant"] | UnknownValue,
        content: str | Iterable[MessageContentPartParam],
        attachments: Iterable[MessageAttachmentParam | MessageAttachment] | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        on_active_run: Literal["error", "wait", "cancel"] = "error",
        **options: Unpack[RequestOptions],
    ) -> Message:
        """Add a message to a thread.

        Refused while a run of the thread is active.

        POST /threads/{thread_id}/messages

        Args:
            thread_id: Id of the thread.
            role: Who speaks; `user` for people, `assistant` to put words into the assistant's mouth.
            content: The text, or a list of text and image parts. Images need a model that can see.
            attachments: Files to give to tools along with the message.
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
        from ..types.messages import Message

        return await self._connection.send(
            Call(
                CREATE,
                {"thread_id": thread_id},
                body={"role": role, "content": content, "attachments": attachments, "metadata": metadata},
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
        from ..types.messages import Message

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
        from ..types.messages import Message

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
        run_id: str | Omit = omit,
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
            run_id: Id of a run; only the messages that it wrote.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of messages. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.messages import Message

        return self._connection.page(
            Call(
                LIST,
                {"thread_id": thread_id},
                query={"limit": limit, "order": order, "after": after, "before": before, "run_id": run_id},
                into=Message,
            ),
            options,
        )

    async def delete(self, message_id: str, *, thread_id: str, **options: Unpack[RequestOptions]) -> MessageDeleted:
        """Delete a message.

        DELETE /threads/{thread_id}/messages/{message_id}

        Args:
            message_id: Id of the message.
            thread_id: Id of the message's thread.
            **options: Request options, see `RequestOptions`.

        Returns:
            The message is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.messages import MessageDeleted

        return await self._connection.send(
            Call(DELETE, {"thread_id": thread_id, "message_id": message_id}, into=MessageDeleted), options
        )
