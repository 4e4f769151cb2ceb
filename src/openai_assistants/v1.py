"""The package for programs that speak version 1 of the API: `client.beta` is version 1, `types` are its types.

    from openai_assistants.v1 import OpenAI

    client = OpenAI(base_url="http://127.0.0.1:8000/v1", api_key="any")
    assistant = client.beta.assistants.create(model="gpt-4", tools=[{"type": "retrieval"}], file_ids=[file.id])

All other names are those of `openai_assistants`, so `import openai_assistants.v1 as openai` does for a whole program.
"""

from typing import TYPE_CHECKING

import openai_assistants

from ._lazy import lazy_exports, way_out

if TYPE_CHECKING:
    from . import (
        DEFAULT_CONNECTION_LIMITS as DEFAULT_CONNECTION_LIMITS,
        DEFAULT_MAX_RETRIES as DEFAULT_MAX_RETRIES,
        DEFAULT_TIMEOUT as DEFAULT_TIMEOUT,
        NOT_GIVEN as NOT_GIVEN,
        VERSION as VERSION,
        ActiveRunError as ActiveRunError,
        APIConnectionError as APIConnectionError,
        APIError as APIError,
        APIResponse as APIResponse,
        APIResponseValidationError as APIResponseValidationError,
        APIStatusError as APIStatusError,
        APITimeoutError as APITimeoutError,
        AsyncAPIResponse as AsyncAPIResponse,
        AsyncCursorPage as AsyncCursorPage,
        AsyncPage as AsyncPage,
        AsyncPaginator as AsyncPaginator,
        AsyncStream as AsyncStream,
        AuthenticationError as AuthenticationError,
        BadRequestError as BadRequestError,
        BaseModel as BaseModel,
        BulkFile as BulkFile,
        BulkProgress as BulkProgress,
        BulkUploadError as BulkUploadError,
        BulkUploadResult as BulkUploadResult,
        Citation as Citation,
        CitedText as CitedText,
        ConflictError as ConflictError,
        DefaultAsyncHttpxClient as DefaultAsyncHttpxClient,
        DefaultHttpxClient as DefaultHttpxClient,
        Deviation as Deviation,
        EndpointNotFoundError as EndpointNotFoundError,
        FileProcessingError as FileProcessingError,
        FileTypes as FileTypes,
        HttpxBinaryResponseContent as HttpxBinaryResponseContent,
        InternalServerError as InternalServerError,
        MigrationError as MigrationError,
        NoneType as NoneType,
        NotFoundError as NotFoundError,
        NotGiven as NotGiven,
        NotSupportedByServerError as NotSupportedByServerError,
        Omit as Omit,
        OpenAIError as OpenAIError,
        PermissionDeniedError as PermissionDeniedError,
        PreparedToolCall as PreparedToolCall,
        RateLimitError as RateLimitError,
        RequestOptions as RequestOptions,
        ResponseRecord as ResponseRecord,
        RunStreamError as RunStreamError,
        ServerSentEvent as ServerSentEvent,
        Stream as Stream,
        StreamedAPIResponse as StreamedAPIResponse,
        StreamEvent as StreamEvent,
        StreamInterruptedError as StreamInterruptedError,
        StructuredOutputError as StructuredOutputError,
        SyncCursorPage as SyncCursorPage,
        SyncPage as SyncPage,
        Timeout as Timeout,
        Toolbox as Toolbox,
        ToolCallError as ToolCallError,
        ToolFunction as ToolFunction,
        ToolLoopError as ToolLoopError,
        ToolLoopResult as ToolLoopResult,
        ToolResult as ToolResult,
        Transport as Transport,
        UnknownValue as UnknownValue,
        UnknownVariant as UnknownVariant,
        UnprocessableEntityError as UnprocessableEntityError,
        WaitTimeoutError as WaitTimeoutError,
        __version__ as __version__,
        cite as cite,
        file_from_path as file_from_path,
        not_given as not_given,
        omit as omit,
        parse_message as parse_message,
        raw as raw,
        response_format_for as response_format_for,
        streaming as streaming,
    )
    from ._v1 import (
        AssistantEventHandler as AssistantEventHandler,
        AsyncAssistantEventHandler as AsyncAssistantEventHandler,
        AsyncClient as AsyncClient,
        AsyncOpenAI as AsyncOpenAI,
        Client as Client,
        OpenAI as OpenAI,
        function_tool as function_tool,
    )
    from .types import v1

    types = v1
else:  # they would take every name to be there
    __getattr__, __dir__, __all__ = lazy_exports(
        __name__,
        {
            **dict.fromkeys(openai_assistants.__all__, "openai_assistants"),
            "AssistantEventHandler": "openai_assistants._v1",
            "AsyncAssistantEventHandler": "openai_assistants._v1",
            "AsyncClient": "openai_assistants._v1",
            "AsyncOpenAI": "openai_assistants._v1",
            "Client": "openai_assistants._v1",
            "OpenAI": "openai_assistants._v1",
            "function_tool": "openai_assistants._v1",
            "types": "openai_assistants.types:v1",
        },
        way_out,
    )
