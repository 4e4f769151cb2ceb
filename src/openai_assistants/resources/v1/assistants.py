"""Assistants, models with instructions, tools and files.

Generated from codegen/specs/v1/assistants.yaml; do not edit.
"""

from __future__ import annotations

import builtins
from functools import cached_property
from typing import TYPE_CHECKING, Iterable, Literal

from typing_extensions import Unpack

from ..._basics import Omit, omit
from ..._connection import AsyncResource, Resource
from ..._requests import Call, Operation

if TYPE_CHECKING:
    from ..._models import UnknownValue
    from ..._pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
    from ..._requests import RequestOptions
    from ...types.v1.assistants import Assistant, AssistantDeleted
    from ...types.v1.params.assistants import AssistantToolParam
    from ...types.v1.shared import Metadata
    from ._raw import (
        AssistantsWithRawResponse,
        AssistantsWithStreamingResponse,
        AsyncAssistantsWithRawResponse,
        AsyncAssistantsWithStreamingResponse,
    )
    from .assistant_files import AssistantFiles, AsyncAssistantFiles

CREATE = Operation("createAssistant", "POST", "/assistants", beta="assistants=v1")
RETRIEVE = Operation("getAssistant", "GET", "/assistants/{assistant_id}", beta="assistants=v1")
UPDATE = Operation("modifyAssistant", "POST", "/assistants/{assistant_id}", beta="assistants=v1")
LIST = Operation("listAssistants", "GET", "/assistants", beta="assistants=v1")
DELETE = Operation("deleteAssistant", "DELETE", "/assistants/{assistant_id}", beta="assistants=v1")


class Assistants(Resource):
    """Assistants, models with instructions, tools and files."""

    with_raw_response: AssistantsWithRawResponse
    with_streaming_response: AssistantsWithStreamingResponse

    @cached_property
    def files(self) -> AssistantFiles:
        """Files that are attached to an assistant."""
        from .assistant_files import AssistantFiles

        return AssistantFiles(self._connection)

    def create(
        self,
        *,
        model: str,
        name: str | Omit | None = omit,
        description: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit = omit,
        file_ids: builtins.list[str] | Omit = omit,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Assistant:
        """Create an assistant.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /assistants

        Args:
            model: Id of the model to run on.
            name: Name of the assistant, at most 256 characters.
            description: What the assistant is for, at most 512 characters. The model does not see it.
            instructions: System prompt, at most 32,768 characters.
            tools: Tools that it may use, at most 128.
            file_ids: Ids of files that its tools may use, at most 20; upload them with the purpose `assistants`.
            metadata: Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new assistant.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ...types.v1.assistants import Assistant

        return self._connection.send(
            Call(
                CREATE,
                body={
                    "model": model,
                    "name": name,
                    "description": description,
                    "instructions": instructions,
                    "tools": tools,
                    "file_ids": file_ids,
                    "metadata": metadata,
                },
                into=Assistant,
            ),
            options,
        )

    def retrieve(self, assistant_id: str, **options: Unpack[RequestOptions]) -> Assistant:
        """Retrieve an assistant.

        GET /assistants/{assistant_id}

        Args:
            assistant_id: Id of the assistant.
            **options: Request options, see `RequestOptions`.

        Returns:
            The assistant.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import Assistant

        return self._connection.send(Call(RETRIEVE, {"assistant_id": assistant_id}, into=Assistant), options)

    def update(
        self,
        assistant_id: str,
        *,
        model: str | Omit = omit,
        name: str | Omit | None = omit,
        description: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit = omit,
        file_ids: builtins.list[str] | Omit = omit,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Assistant:
        """Change an assistant.

        Only the fields that are sent change. Runs that exist already are not affected.

        POST /assistants/{assistant_id}

        Args:
            assistant_id: Id of the assistant.
            model: Id of the model to run on.
            name: Name of the assistant, at most 256 characters.
            description: What the assistant is for, at most 512 characters. The model does not see it.
            instructions: System prompt, at most 32,768 characters.
            tools: Tools that it may use, at most 128. The list replaces the one before.
            file_ids: Ids of files that its tools may use, at most 20. Files that are no longer listed are detached.
            metadata: Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The assistant after the change.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import Assistant

        return self._connection.send(
            Call(
                UPDATE,
                {"assistant_id": assistant_id},
                body={
                    "model": model,
                    "name": name,
                    "description": description,
                    "instructions": instructions,
                    "tools": tools,
                    "file_ids": file_ids,
                    "metadata": metadata,
                },
                into=Assistant,
            ),
            options,
        )

    def list(
        self,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[Assistant]:
        """List assistants.

        GET /assistants

        Args:
            limit: Assistants per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of an assistant; the page starts behind it.
            before: Id of an assistant; the page ends in front of it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of assistants. Iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ...types.v1.assistants import Assistant

        return self._connection.page(
            Call(LIST, query={"limit": limit, "order": order, "after": after, "before": before}, into=Assistant),
            options,
        )

    def delete(self, assistant_id: str, **options: Unpack[RequestOptions]) -> AssistantDeleted:
        """Delete an assistant for good.

        Threads and messages that it took part in stay.

        DELETE /assistants/{assistant_id}

        Args:
            assistant_id: Id of the assistant.
            **options: Request options, see `RequestOptions`.

        Returns:
            The assistant is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import AssistantDeleted

        return self._connection.send(Call(DELETE, {"assistant_id": assistant_id}, into=AssistantDeleted), options)


class AsyncAssistants(AsyncResource):
    """Assistants, models with instructions, tools and files."""

    with_raw_response: AsyncAssistantsWithRawResponse
    with_streaming_response: AsyncAssistantsWithStreamingResponse

    @cached_property
    def files(self) -> AsyncAssistantFiles:
        """Files that are attached to an assistant."""
        from .assistant_files import AsyncAssistantFiles

        return AsyncAssistantFiles(self._connection)

    async def create(
        self,
        *,
        model: str,
        name: str | Omit | None = omit,
        description: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit = omit,
        file_ids: builtins.list[str] | Omit = omit,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Assistant:
        """Create an assistant.

        If the connection is lost before the answer, the retry can create it a second time, except on servers that
        honour `Idempotency-Key`.

        POST /assistants

        Args:
            model: Id of the model to run on.
            name: Name of the assistant, at most 256 characters.
            description: What the assistant is for, at most 512 characters. The model does not see it.
            instructions: System prompt, at most 32,768 characters.
            tools: Tools that it may use, at most 128.
            file_ids: Ids of files that its tools may use, at most 20; upload them with the purpose `assistants`.
            metadata: Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new assistant.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ...types.v1.assistants import Assistant

        return await self._connection.send(
            Call(
                CREATE,
                body={
                    "model": model,
                    "name": name,
                    "description": description,
                    "instructions": instructions,
                    "tools": tools,
                    "file_ids": file_ids,
                    "metadata": metadata,
                },
                into=Assistant,
            ),
            options,
        )

    async def retrieve(self, assistant_id: str, **options: Unpack[RequestOptions]) -> Assistant:
        """Retrieve an assistant.

        GET /assistants/{assistant_id}

        Args:
            assistant_id: Id of the assistant.
            **options: Request options, see `RequestOptions`.

        Returns:
            The assistant.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import Assistant

        return await self._connection.send(Call(RETRIEVE, {"assistant_id": assistant_id}, into=Assistant), options)

    async def update(
        self,
        assistant_id: str,
        *,
        model: str | Omit = omit,
        name: str | Omit | None = omit,
        description: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit = omit,
        file_ids: builtins.list[str] | Omit = omit,
        metadata: Metadata | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Assistant:
        """Change an assistant.

        Only the fields that are sent change. Runs that exist already are not affected.

        POST /assistants/{assistant_id}

        Args:
            assistant_id: Id of the assistant.
            model: Id of the model to run on.
            name: Name of the assistant, at most 256 characters.
            description: What the assistant is for, at most 512 characters. The model does not see it.
            instructions: System prompt, at most 32,768 characters.
            tools: Tools that it may use, at most 128. The list replaces the one before.
            file_ids: Ids of files that its tools may use, at most 20. Files that are no longer listed are detached.
            metadata: Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            **options: Request options, see `RequestOptions`.

        Returns:
            The assistant after the change.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import Assistant

        return await self._connection.send(
            Call(
                UPDATE,
                {"assistant_id": assistant_id},
                body={
                    "model": model,
                    "name": name,
                    "description": description,
                    "instructions": instructions,
                    "tools": tools,
                    "file_ids": file_ids,
                    "metadata": metadata,
                },
                into=Assistant,
            ),
            options,
        )

    def list(
        self,
        *,
        limit: int | Omit = omit,
        order: Literal["asc", "desc"] | UnknownValue | Omit = omit,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[Assistant, AsyncCursorPage[Assistant]]:
        """List assistants.

        GET /assistants

        Args:
            limit: Assistants per page, from 1 to 100. Default: 20.
            order: Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`.
            after: Id of an assistant; the page starts behind it.
            before: Id of an assistant; the page ends in front of it.
            **options: Request options, see `RequestOptions`.

        Returns:
            One page of assistants. Await it for the first page, or iterate over it for the items of all pages.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ...types.v1.assistants import Assistant

        return self._connection.page(
            Call(LIST, query={"limit": limit, "order": order, "after": after, "before": before}, into=Assistant),
            options,
        )

    async def delete(self, assistant_id: str, **options: Unpack[RequestOptions]) -> AssistantDeleted:
        """Delete an assistant for good.

        Threads and messages that it took part in stay.

        DELETE /assistants/{assistant_id}

        Args:
            assistant_id: Id of the assistant.
            **options: Request options, see `RequestOptions`.

        Returns:
            The assistant is gone.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ...types.v1.assistants import AssistantDeleted

        return await self._connection.send(Call(DELETE, {"assistant_id": assistant_id}, into=AssistantDeleted), options)
