"""Assistants, models with instructions and tools.

Generated from codegen/specs/v2/assistants.yaml; do not edit.
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
    from ..types.assistants import Assistant, AssistantDeleted
    from ..types.assistants_params import (
        AssistantResponseFormatOptionParam,
        AssistantToolParam,
        ChatModel,
        NewToolResourcesParam,
        ReasoningEffort,
        ToolResourcesParam,
    )
    from ..types.shared import Metadata, ToolResources
    from ._raw import (
        AssistantsWithRawResponse,
        AssistantsWithStreamingResponse,
        AsyncAssistantsWithRawResponse,
        AsyncAssistantsWithStreamingResponse,
    )

__tracebackhide__ = True  # pytest shows the line that calls, not the methods, which are mostly docstrings

ASSISTANTS_CREATE = Operation("createAssistant", "POST", "/assistants", beta="assistants=v2")
ASSISTANTS_RETRIEVE = Operation("getAssistant", "GET", "/assistants/{assistant_id}", beta="assistants=v2")
ASSISTANTS_UPDATE = Operation("modifyAssistant", "POST", "/assistants/{assistant_id}", beta="assistants=v2")
ASSISTANTS_LIST = Operation("listAssistants", "GET", "/assistants", beta="assistants=v2")
ASSISTANTS_DELETE = Operation("deleteAssistant", "DELETE", "/assistants/{assistant_id}", beta="assistants=v2")


class Assistants(Resource):
    """Assistants, models with instructions and tools."""

    with_raw_response: AssistantsWithRawResponse
    with_streaming_response: AssistantsWithStreamingResponse

    def create(
        self,
        *,
        model: str | ChatModel,
        name: str | Omit | None = omit,
        description: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        reasoning_effort: ReasoningEffort | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit = omit,
        tool_resources: NewToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Assistant:
        """Create an assistant.

        If the connection is lost before the answer, the retry can create the assistant a second time, except on servers
        that honour `Idempotency-Key`.

        POST /assistants

        Args:
            model: Id of the model to run on.
            name: Name of the assistant, at most 256 characters.
            description: What the assistant is for, at most 512 characters. The model does not see it.
            instructions: System prompt, at most 256,000 characters.
            reasoning_effort: How much a reasoning model thinks before it answers.
            tools: Tools that it may use, at most 128.
            tool_resources: Files and vector stores that its tools may use.
            metadata: Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            temperature: Randomness of the answers, from 0 (focused) to 2 (wild).
            top_p: Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not
                both.
            response_format: Form of its answers.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new assistant.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.assistants import Assistant

        return self._connection.send(
            Call(
                ASSISTANTS_CREATE,
                body={
                    "model": model,
                    "name": name,
                    "description": description,
                    "instructions": instructions,
                    "reasoning_effort": reasoning_effort,
                    "tools": tools,
                    "tool_resources": tool_resources,
                    "metadata": metadata,
                    "temperature": temperature,
                    "top_p": top_p,
                    "response_format": response_format,
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
        from ..types.assistants import Assistant

        return self._connection.send(Call(ASSISTANTS_RETRIEVE, {"assistant_id": assistant_id}, into=Assistant), options)

    def update(
        self,
        assistant_id: str,
        *,
        model: str | ChatModel | Omit = omit,
        reasoning_effort: ReasoningEffort | Omit | None = omit,
        name: str | Omit | None = omit,
        description: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Assistant:
        """Change an assistant.

        Only the fields that are sent change. Runs that exist already are not affected.

        POST /assistants/{assistant_id}

        Args:
            assistant_id: Id of the assistant.
            model: Id of the model to run on.
            reasoning_effort: How much a reasoning model thinks before it answers.
            name: Name of the assistant, at most 256 characters.
            description: What the assistant is for, at most 512 characters. The model does not see it.
            instructions: System prompt, at most 256,000 characters.
            tools: Tools that it may use, at most 128. The list replaces the one before.
            tool_resources: Files and vector stores that its tools may use. Ids replace those before.
            metadata: Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            temperature: Randomness of the answers, from 0 (focused) to 2 (wild).
            top_p: Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not
                both.
            response_format: Form of its answers.
            **options: Request options, see `RequestOptions`.

        Returns:
            The assistant after the change.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.assistants import Assistant

        return self._connection.send(
            Call(
                ASSISTANTS_UPDATE,
                {"assistant_id": assistant_id},
                body={
                    "model": model,
                    "reasoning_effort": reasoning_effort,
                    "name": name,
                    "description": description,
                    "instructions": instructions,
                    "tools": tools,
                    "tool_resources": tool_resources,
                    "metadata": metadata,
                    "temperature": temperature,
                    "top_p": top_p,
                    "response_format": response_format,
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
        from ..types.assistants import Assistant

        return self._connection.page(
            Call(
                ASSISTANTS_LIST,
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=Assistant,
            ),
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
        from ..types.assistants import AssistantDeleted

        return self._connection.send(
            Call(ASSISTANTS_DELETE, {"assistant_id": assistant_id}, into=AssistantDeleted), options
        )


class AsyncAssistants(AsyncResource):
    """Assistants, models with instructions and tools."""

    with_raw_response: AsyncAssistantsWithRawResponse
    with_streaming_response: AsyncAssistantsWithStreamingResponse

    async def create(
        self,
        *,
        model: str | ChatModel,
        name: str | Omit | None = omit,
        description: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        reasoning_effort: ReasoningEffort | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit = omit,
        tool_resources: NewToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Assistant:
        """Create an assistant.

        If the connection is lost before the answer, the retry can create the assistant a second time, except on servers
        that honour `Idempotency-Key`.

        POST /assistants

        Args:
            model: Id of the model to run on.
            name: Name of the assistant, at most 256 characters.
            description: What the assistant is for, at most 512 characters. The model does not see it.
            instructions: System prompt, at most 256,000 characters.
            reasoning_effort: How much a reasoning model thinks before it answers.
            tools: Tools that it may use, at most 128.
            tool_resources: Files and vector stores that its tools may use.
            metadata: Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            temperature: Randomness of the answers, from 0 (focused) to 2 (wild).
            top_p: Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not
                both.
            response_format: Form of its answers.
            **options: Request options, see `RequestOptions`.

        Returns:
            The new assistant.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
        """
        from ..types.assistants import Assistant

        return await self._connection.send(
            Call(
                ASSISTANTS_CREATE,
                body={
                    "model": model,
                    "name": name,
                    "description": description,
                    "instructions": instructions,
                    "reasoning_effort": reasoning_effort,
                    "tools": tools,
                    "tool_resources": tool_resources,
                    "metadata": metadata,
                    "temperature": temperature,
                    "top_p": top_p,
                    "response_format": response_format,
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
        from ..types.assistants import Assistant

        return await self._connection.send(
            Call(ASSISTANTS_RETRIEVE, {"assistant_id": assistant_id}, into=Assistant), options
        )

    async def update(
        self,
        assistant_id: str,
        *,
        model: str | ChatModel | Omit = omit,
        reasoning_effort: ReasoningEffort | Omit | None = omit,
        name: str | Omit | None = omit,
        description: str | Omit | None = omit,
        instructions: str | Omit | None = omit,
        tools: Iterable[AssistantToolParam] | Omit = omit,
        tool_resources: ToolResourcesParam | ToolResources | Omit | None = omit,
        metadata: Metadata | Omit | None = omit,
        temperature: float | Omit | None = omit,
        top_p: float | Omit | None = omit,
        response_format: AssistantResponseFormatOptionParam | Omit | None = omit,
        **options: Unpack[RequestOptions],
    ) -> Assistant:
        """Change an assistant.

        Only the fields that are sent change. Runs that exist already are not affected.

        POST /assistants/{assistant_id}

        Args:
            assistant_id: Id of the assistant.
            model: Id of the model to run on.
            reasoning_effort: How much a reasoning model thinks before it answers.
            name: Name of the assistant, at most 256 characters.
            description: What the assistant is for, at most 512 characters. The model does not see it.
            instructions: System prompt, at most 256,000 characters.
            tools: Tools that it may use, at most 128. The list replaces the one before.
            tool_resources: Files and vector stores that its tools may use. Ids replace those before.
            metadata: Your notes on the assistant. At most 16 entries. Keys up to 64 characters. Values up to 512
                characters.
            temperature: Randomness of the answers, from 0 (focused) to 2 (wild).
            top_p: Share of probability from which tokens are drawn, from 0 to 1. Change this or `temperature`, not
                both.
            response_format: Form of its answers.
            **options: Request options, see `RequestOptions`.

        Returns:
            The assistant after the change.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time.
            ValueError: A path argument is empty.
        """
        from ..types.assistants import Assistant

        return await self._connection.send(
            Call(
                ASSISTANTS_UPDATE,
                {"assistant_id": assistant_id},
                body={
                    "model": model,
                    "reasoning_effort": reasoning_effort,
                    "name": name,
                    "description": description,
                    "instructions": instructions,
                    "tools": tools,
                    "tool_resources": tool_resources,
                    "metadata": metadata,
                    "temperature": temperature,
                    "top_p": top_p,
                    "response_format": response_format,
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
        from ..types.assistants import Assistant

        return self._connection.page(
            Call(
                ASSISTANTS_LIST,
                query={"limit": limit, "order": order, "after": after, "before": before},
                into=Assistant,
            ),
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
        from ..types.assistants import AssistantDeleted

        return await self._connection.send(
            Call(ASSISTANTS_DELETE, {"assistant_id": assistant_id}, into=AssistantDeleted), options
        )
