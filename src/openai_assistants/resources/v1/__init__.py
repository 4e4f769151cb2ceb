"""The resources of a client whose `beta` is version 1 of the API. Assistants and threads of version 1 of the API.
Assistants, models with instructions, tools and files. Files that are attached to an assistant.

Generated from codegen/specs/v1/assistant_files.yaml, codegen/specs/v1/assistants.yaml; do not edit.
"""

from __future__ import annotations

import builtins
from functools import cached_property
from typing import TYPE_CHECKING, Iterable, Literal

from typing_extensions import Unpack

from ..._basics import Omit, omit
from ..._connection import AsyncResource, AsyncRoot, Resource, Root
from ..._requests import Call, Operation

if TYPE_CHECKING:
    from ..._models import UnknownValue
    from ..._pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
    from ..._requests import RequestOptions
    from ...types.v1.params import AssistantToolParam
    from ...types.v1.threads import Assistant, AssistantDeleted, AssistantFile, AssistantFileDeleted, Metadata
    from .. import AsyncModels, Models
    from ..files import AsyncBatches, AsyncFiles, AsyncUploads, Batches, Files, Uploads
    from ._raw import (
        AssistantFilesWithRawResponse,
        AssistantFilesWithStreamingResponse,
        AssistantsWithRawResponse,
        AssistantsWithStreamingResponse,
        AsyncAssistantFilesWithRawResponse,
        AsyncAssistantFilesWithStreamingResponse,
        AsyncAssistantsWithRawResponse,
        AsyncAssistantsWithStreamingResponse,
        AsyncBetaV1WithRawResponse,
        AsyncBetaV1WithStreamingResponse,
        AsyncClientResourcesWithRawResponse,
        AsyncClientResourcesWithStreamingResponse,
        BetaV1WithRawResponse,
        BetaV1WithStreamingResponse,
        ClientResourcesWithRawResponse,
        ClientResourcesWithStreamingResponse,
    )
    from .threads import AsyncThreads, Threads

__tracebackhide__ = True  # pytest shows the line that calls, not the methods, which are mostly docstrings

ASSISTANTS_CREATE = Operation("createAssistant", "POST", "/assistants", beta="assistants=v1")
ASSISTANTS_RETRIEVE = Operation("getAssistant", "GET", "/assistants/{assistant_id}", beta="assistants=v1")
ASSISTANTS_UPDATE = Operation("modifyAssistant", "POST", "/assistants/{assistant_id}", beta="assistants=v1")
ASSISTANTS_LIST = Operation("listAssistants", "GET", "/assistants", beta="assistants=v1")
ASSISTANTS_DELETE = Operation("deleteAssistant", "DELETE", "/assistants/{assistant_id}", beta="assistants=v1")
ASSISTANT_FILES_CREATE = Operation(
    "createAssistantFile", "POST", "/assistants/{assistant_id}/files", beta="assistants=v1"
)
ASSISTANT_FILES_RETRIEVE = Operation(
    "getAssistantFile", "GET", "/assistants/{assistant_id}/files/{file_id}", beta="assistants=v1"
)
ASSISTANT_FILES_LIST = Operation("listAssistantFiles", "GET", "/assistants/{assistant_id}/files", beta="assistants=v1")
ASSISTANT_FILES_DELETE = Operation(
    "deleteAssistantFile", "DELETE", "/assistants/{assistant_id}/files/{file_id}", beta="assistants=v1"
)


class ClientResources(Root):
    """The resources of a client whose `beta` is version 1 of the API."""

    with_raw_response: ClientResourcesWithRawResponse
    with_streaming_response: ClientResourcesWithStreamingResponse

    @cached_property
    def beta(self) -> BetaV1:
        """Assistants and threads of version 1 of the API."""
        return BetaV1(self._connection)

    @cached_property
    def files(self) -> Files:
        """Files that assistants, messages and other features work with."""
        from ..files import Files

        return Files(self._connection)

    @cached_property
    def uploads(self) -> Uploads:
        """Uploads, which make one file of many parts."""
        from ..files import Uploads

        return Uploads(self._connection)

    @cached_property
    def batches(self) -> Batches:
        """Batches, files of requests that the server works through when it has time."""
        from ..files import Batches

        return Batches(self._connection)

    @cached_property
    def models(self) -> Models:
        """Models that the server offers."""
        from .. import Models

        return Models(self._connection)


class AsyncClientResources(AsyncRoot):
    """The resources of a client whose `beta` is version 1 of the API."""

    with_raw_response: AsyncClientResourcesWithRawResponse
    with_streaming_response: AsyncClientResourcesWithStreamingResponse

    @cached_property
    def beta(self) -> AsyncBetaV1:
        """Assistants and threads of version 1 of the API."""
        return AsyncBetaV1(self._connection)

    @cached_property
    def files(self) -> AsyncFiles:
        """Files that assistants, messages and other features work with."""
        from ..files import AsyncFiles

        return AsyncFiles(self._connection)

    @cached_property
    def uploads(self) -> AsyncUploads:
        """Uploads, which make one file of many parts."""
        from ..files import AsyncUploads

        return AsyncUploads(self._connection)

    @cached_property
    def batches(self) -> AsyncBatches:
        """Batches, files of requests that the server works through when it has time."""
        from ..files import AsyncBatches

        return AsyncBatches(self._connection)

    @cached_property
    def models(self) -> AsyncModels:
        """Models that the server offers."""
        from .. import AsyncModels

        return AsyncModels(self._connection)


class BetaV1(Resource):
    """Assistants and threads of version 1 of the API."""

    with_raw_response: BetaV1WithRawResponse
    with_streaming_response: BetaV1WithStreamingResponse

    @cached_property
    def assistants(self) -> Assistants:
        """Assistants, models with instructions, tools and files."""
        return Assistants(self._connection)

    @cached_property
    def threads(self) -> Threads:
        """Threads, conversations that assistants work on."""
        from .threads import Threads

        return Threads(self._connection)


class AsyncBetaV1(AsyncResource):
    """Assistants and threads of version 1 of the API."""

    with_raw_response: AsyncBetaV1WithRawResponse
    with_streaming_response: AsyncBetaV1WithStreamingResponse

    @cached_property
    def assistants(self) -> AsyncAssistants:
        """Assistants, models with instructions, tools and files."""
        return AsyncAssistants(self._connection)

    @cached_property
    def threads(self) -> AsyncThreads:
        """Threads, conversations that assistants work on."""
        from .threads import AsyncThreads

        return AsyncThreads(self._connection)


class Assistants(Resource):
    """Assistants, models with instructions, tools and files."""

    with_raw_response: AssistantsWithRawResponse
    with_streaming_response: AssistantsWithStreamingResponse

    @cached_property
    def files(self) -> AssistantFiles:
        """Files that are attached to an assistant."""
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

        If the connection is lost before the answer, the retry can create the assistant a second time, except on servers
        that honour `Idempotency-Key`.

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
        from ...types.v1.threads import Assistant

        return self._connection.send(
            Call(
                ASSISTANTS_CREATE,
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
        from ...types.v1.threads import Assistant

        return self._connection.send(Call(ASSISTANTS_RETRIEVE, {"assistant_id": assistant_id}, into=Assistant), options)

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
        from ...types.v1.threads import Assistant

        return self._connection.send(
            Call(
                ASSISTANTS_UPDATE,
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
        from ...types.v1.threads import Assistant

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
        from ...types.v1.threads import AssistantDeleted

        return self._connection.send(
            Call(ASSISTANTS_DELETE, {"assistant_id": assistant_id}, into=AssistantDeleted), options
        )


class AsyncAssistants(AsyncResource):
    """Assistants, models with instructions, tools and files."""

    with_raw_response: AsyncAssistantsWithRawResponse
    with_streaming_response: AsyncAssistantsWithStreamingResponse

    @cached_property
    def files(self) -> AsyncAssistantFiles:
        """Files that are attached to an assistant."""
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

        If the connection is lost before the answer, the retry can create the assistant a second time, except on servers
        that honour `Idempotency-Key`.

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
        from ...types.v1.threads import Assistant

        return await self._connection.send(
            Call(
                ASSISTANTS_CREATE,
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
        from ...types.v1.threads import Assistant

        return await self._connection.send(
            Call(ASSISTANTS_RETRIEVE, {"assistant_id": assistant_id}, into=Assistant), options
        )

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
        from ...types.v1.threads import Assistant

        return await self._connection.send(
            Call(
                ASSISTANTS_UPDATE,
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
        from ...types.v1.threads import Assistant

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
        from ...types.v1.threads import AssistantDeleted

        return await self._connection.send(
            Call(ASSISTANTS_DELETE, {"assistant_id": assistant_id}, into=AssistantDeleted), options
        )


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
        from ...types.v1.threads import AssistantFile

        return self._connection.send(
            Call(ASSISTANT_FILES_CREATE, {"assistant_id": assistant_id}, body={"file_id": file_id}, into=AssistantFile),
            options,
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
        from ...types.v1.threads import AssistantFile

        return self._connection.send(
            Call(ASSISTANT_FILES_RETRIEVE, {"assistant_id": assistant_id, "file_id": file_id}, into=AssistantFile),
            options,
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
        from ...types.v1.threads import AssistantFile

        return self._connection.page(
            Call(
                ASSISTANT_FILES_LIST,
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
        from ...types.v1.threads import AssistantFileDeleted

        return self._connection.send(
            Call(ASSISTANT_FILES_DELETE, {"assistant_id": assistant_id, "file_id": file_id}, into=AssistantFileDeleted),
            options,
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
        from ...types.v1.threads import AssistantFile

        return await self._connection.send(
            Call(ASSISTANT_FILES_CREATE, {"assistant_id": assistant_id}, body={"file_id": file_id}, into=AssistantFile),
            options,
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
        from ...types.v1.threads import AssistantFile

        return await self._connection.send(
            Call(ASSISTANT_FILES_RETRIEVE, {"assistant_id": assistant_id, "file_id": file_id}, into=AssistantFile),
            options,
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
        from ...types.v1.threads import AssistantFile

        return self._connection.page(
            Call(
                ASSISTANT_FILES_LIST,
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
        from ...types.v1.threads import AssistantFileDeleted

        return await self._connection.send(
            Call(ASSISTANT_FILES_DELETE, {"assistant_id": assistant_id, "file_id": file_id}, into=AssistantFileDeleted),
            options,
        )
