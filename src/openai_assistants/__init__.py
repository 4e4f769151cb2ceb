"""A typed client, sync and async, for the Assistants API, with a server in the box.

    from openai_assistants import OpenAI

    client = OpenAI(base_url="http://127.0.0.1:8000/v1", api_key="any")
    assistant = client.beta.assistants.create(model="gpt-4o", name="Guide")

Names are loaded on first use: importing this package costs next to nothing.
"""

from ._lazy import lazy_exports, way_out

__version__ = "0.1.0"
"""In one place: the build and the `User-Agent` header read it here."""
VERSION = __version__

TYPE_CHECKING = False  # type checkers take it for true, and `typing` would cost more than all of this package
if TYPE_CHECKING:
    from types import NoneType as NoneType

    import httpx

    from . import migrate as migrate, pagination as pagination, types as types
    from ._answers import HttpxBinaryResponseContent as HttpxBinaryResponseContent
    from ._basics import (
        NOT_GIVEN as NOT_GIVEN,
        NotGiven as NotGiven,
        Omit as Omit,
        not_given as not_given,
        omit as omit,
    )
    from ._bulk_files import BulkFile as BulkFile, BulkProgress as BulkProgress, BulkUploadResult as BulkUploadResult
    from ._citations import Citation as Citation, CitedText as CitedText, cite as cite
    from ._client import (
        DEFAULT_CONNECTION_LIMITS as DEFAULT_CONNECTION_LIMITS,
        DEFAULT_TIMEOUT as DEFAULT_TIMEOUT,
        AsyncClient as AsyncClient,
        AsyncOpenAI as AsyncOpenAI,
        Client as Client,
        DefaultAsyncHttpxClient as DefaultAsyncHttpxClient,
        DefaultHttpxClient as DefaultHttpxClient,
        OpenAI as OpenAI,
        Timeout as Timeout,
    )
    from ._errors import (
        ActiveRunError as ActiveRunError,
        APIConnectionError as APIConnectionError,
        APIError as APIError,
        APIResponseValidationError as APIResponseValidationError,
        APIStatusError as APIStatusError,
        APITimeoutError as APITimeoutError,
        AuthenticationError as AuthenticationError,
        BadRequestError as BadRequestError,
        BulkUploadError as BulkUploadError,
        ConflictError as ConflictError,
        EndpointNotFoundError as EndpointNotFoundError,
        FileProcessingError as FileProcessingError,
        InternalServerError as InternalServerError,
        MigrationError as MigrationError,
        NotFoundError as NotFoundError,
        NotSupportedByServerError as NotSupportedByServerError,
        OpenAIError as OpenAIError,
        PermissionDeniedError as PermissionDeniedError,
        RateLimitError as RateLimitError,
        RunStreamError as RunStreamError,
        StreamInterruptedError as StreamInterruptedError,
        StructuredOutputError as StructuredOutputError,
        ToolCallError as ToolCallError,
        ToolLoopError as ToolLoopError,
        UnprocessableEntityError as UnprocessableEntityError,
        WaitTimeoutError as WaitTimeoutError,
    )
    from ._files import FileTypes as FileTypes, file_from_path as file_from_path
    from ._functions import ToolFunction as ToolFunction, function_tool as function_tool
    from ._handlers import (
        AssistantEventHandler as AssistantEventHandler,
        AsyncAssistantEventHandler as AsyncAssistantEventHandler,
    )
    from ._json_schemas import parse_message as parse_message, response_format_for as response_format_for
    from ._models import (
        BaseModel as BaseModel,
        Deviation as Deviation,
        ResponseRecord as ResponseRecord,
        StreamEvent as StreamEvent,
        UnknownValue as UnknownValue,
        UnknownVariant as UnknownVariant,
    )
    from ._pagination import (
        AsyncCursorPage as AsyncCursorPage,
        AsyncPage as AsyncPage,
        AsyncPaginator as AsyncPaginator,
        SyncCursorPage as SyncCursorPage,
        SyncPage as SyncPage,
    )
    from ._raw import raw as raw, streaming as streaming
    from ._requests import DEFAULT_MAX_RETRIES as DEFAULT_MAX_RETRIES, RequestOptions as RequestOptions
    from ._responses import (
        APIResponse as APIResponse,
        AsyncAPIResponse as AsyncAPIResponse,
        StreamedAPIResponse as StreamedAPIResponse,
    )
    from ._sse import (
        ServerSentEvent as ServerSentEvent,
    )
    from ._streaming import AsyncStream as AsyncStream, Stream as Stream
    from ._tool_loop import (
        ToolLoopResult as ToolLoopResult,
    )
    from ._toolbox import PreparedToolCall as PreparedToolCall, Toolbox as Toolbox, ToolResult as ToolResult

    Transport = httpx.BaseTransport
else:  # they would take every name to be there
    __getattr__, __dir__, __all__ = lazy_exports(
        __name__,
        {
            "HttpxBinaryResponseContent": "openai_assistants._answers",
            "BulkFile": "openai_assistants._bulk_files",
            "BulkProgress": "openai_assistants._bulk_files",
            "BulkUploadResult": "openai_assistants._bulk_files",
            "Citation": "openai_assistants._citations",
            "CitedText": "openai_assistants._citations",
            "cite": "openai_assistants._citations",
            "AsyncClient": "openai_assistants._client",
            "AsyncOpenAI": "openai_assistants._client",
            "Client": "openai_assistants._client",
            "DEFAULT_CONNECTION_LIMITS": "openai_assistants._client",
            "DEFAULT_TIMEOUT": "openai_assistants._client",
            "DefaultAsyncHttpxClient": "openai_assistants._client",
            "DefaultHttpxClient": "openai_assistants._client",
            "OpenAI": "openai_assistants._client",
            "Timeout": "openai_assistants._client",
            "DEFAULT_MAX_RETRIES": "openai_assistants._requests",
            "APIConnectionError": "openai_assistants._errors",
            "APIError": "openai_assistants._errors",
            "APIResponseValidationError": "openai_assistants._errors",
            "APIStatusError": "openai_assistants._errors",
            "APITimeoutError": "openai_assistants._errors",
            "ActiveRunError": "openai_assistants._errors",
            "AuthenticationError": "openai_assistants._errors",
            "BadRequestError": "openai_assistants._errors",
            "BulkUploadError": "openai_assistants._errors",
            "ConflictError": "openai_assistants._errors",
            "EndpointNotFoundError": "openai_assistants._errors",
            "FileProcessingError": "openai_assistants._errors",
            "InternalServerError": "openai_assistants._errors",
            "MigrationError": "openai_assistants._errors",
            "NotFoundError": "openai_assistants._errors",
            "NotSupportedByServerError": "openai_assistants._errors",
            "OpenAIError": "openai_assistants._errors",
            "PermissionDeniedError": "openai_assistants._errors",
            "RateLimitError": "openai_assistants._errors",
            "RunStreamError": "openai_assistants._errors",
            "StreamInterruptedError": "openai_assistants._errors",
            "StructuredOutputError": "openai_assistants._errors",
            "ToolCallError": "openai_assistants._errors",
            "ToolLoopError": "openai_assistants._errors",
            "ToolLoopResult": "openai_assistants._tool_loop",
            "UnprocessableEntityError": "openai_assistants._errors",
            "WaitTimeoutError": "openai_assistants._errors",
            "FileTypes": "openai_assistants._files",
            "file_from_path": "openai_assistants._files",
            "ToolFunction": "openai_assistants._functions",
            "function_tool": "openai_assistants._functions",
            "AssistantEventHandler": "openai_assistants._handlers",
            "AsyncAssistantEventHandler": "openai_assistants._handlers",
            "BaseModel": "openai_assistants._models",
            "Deviation": "openai_assistants._models",
            "ResponseRecord": "openai_assistants._models",
            "StreamEvent": "openai_assistants._models",
            "UnknownValue": "openai_assistants._models",
            "UnknownVariant": "openai_assistants._models",
            "NOT_GIVEN": "openai_assistants._basics",
            "NotGiven": "openai_assistants._basics",
            "Omit": "openai_assistants._basics",
            "not_given": "openai_assistants._basics",
            "omit": "openai_assistants._basics",
            "RequestOptions": "openai_assistants._requests",
            "AsyncCursorPage": "openai_assistants._pagination",
            "AsyncPage": "openai_assistants._pagination",
            "AsyncPaginator": "openai_assistants._pagination",
            "SyncCursorPage": "openai_assistants._pagination",
            "SyncPage": "openai_assistants._pagination",
            "raw": "openai_assistants._raw",
            "streaming": "openai_assistants._raw",
            "APIResponse": "openai_assistants._responses",
            "AsyncAPIResponse": "openai_assistants._responses",
            "StreamedAPIResponse": "openai_assistants._responses",
            "ServerSentEvent": "openai_assistants._sse",
            "AsyncStream": "openai_assistants._streaming",
            "Stream": "openai_assistants._streaming",
            "parse_message": "openai_assistants._json_schemas",
            "response_format_for": "openai_assistants._json_schemas",
            "PreparedToolCall": "openai_assistants._toolbox",
            "ToolResult": "openai_assistants._toolbox",
            "Toolbox": "openai_assistants._toolbox",
            "__version__": __name__,
            "NoneType": "types",
            "Transport": "httpx:BaseTransport",
            "VERSION": __name__,
        },
        way_out,
    )
