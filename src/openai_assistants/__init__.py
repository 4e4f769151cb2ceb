"""A typed client, sync and async, for the Assistants API, with a server in the box.

    from openai_assistants import OpenAI

    client = OpenAI(base_url="http://127.0.0.1:8000/v1", api_key="any")
    assistant = client.beta.assistants.create(model="gpt-4o", name="Guide")

Names are loaded on first use: importing this package costs next to nothing.
"""

from typing import TYPE_CHECKING

from ._lazy import lazy_exports

if TYPE_CHECKING:
    from types import NoneType as NoneType

    import httpx

    from . import pagination as pagination
    from . import types as types
    from ._binary import (
        HttpxBinaryResponseContent as HttpxBinaryResponseContent,
    )
    from ._citations import (
        Citation as Citation,
    )
    from ._cite import (
        CitedText as CitedText,
    )
    from ._cite import (
        cite as cite,
    )
    from ._client import (
        DEFAULT_CONNECTION_LIMITS as DEFAULT_CONNECTION_LIMITS,
    )
    from ._client import (
        DEFAULT_TIMEOUT as DEFAULT_TIMEOUT,
    )
    from ._client import (
        AsyncClient as AsyncClient,
    )
    from ._client import (
        AsyncOpenAI as AsyncOpenAI,
    )
    from ._client import (
        Client as Client,
    )
    from ._client import (
        DefaultAsyncHttpxClient as DefaultAsyncHttpxClient,
    )
    from ._client import (
        DefaultHttpxClient as DefaultHttpxClient,
    )
    from ._client import (
        OpenAI as OpenAI,
    )
    from ._client import (
        Timeout as Timeout,
    )
    from ._core import (
        DEFAULT_MAX_RETRIES as DEFAULT_MAX_RETRIES,
    )
    from ._errors import (
        ActiveRunError as ActiveRunError,
    )
    from ._errors import (
        APIConnectionError as APIConnectionError,
    )
    from ._errors import (
        APIError as APIError,
    )
    from ._errors import (
        APIResponseValidationError as APIResponseValidationError,
    )
    from ._errors import (
        APIStatusError as APIStatusError,
    )
    from ._errors import (
        APITimeoutError as APITimeoutError,
    )
    from ._errors import (
        AuthenticationError as AuthenticationError,
    )
    from ._errors import (
        BadRequestError as BadRequestError,
    )
    from ._errors import (
        ConflictError as ConflictError,
    )
    from ._errors import (
        EndpointNotFoundError as EndpointNotFoundError,
    )
    from ._errors import (
        InternalServerError as InternalServerError,
    )
    from ._errors import (
        NotFoundError as NotFoundError,
    )
    from ._errors import (
        NotSupportedByServerError as NotSupportedByServerError,
    )
    from ._errors import (
        OpenAIError as OpenAIError,
    )
    from ._errors import (
        PermissionDeniedError as PermissionDeniedError,
    )
    from ._errors import (
        RateLimitError as RateLimitError,
    )
    from ._errors import (
        RunStreamError as RunStreamError,
    )
    from ._errors import (
        StreamInterruptedError as StreamInterruptedError,
    )
    from ._errors import (
        UnprocessableEntityError as UnprocessableEntityError,
    )
    from ._errors import (
        WaitTimeoutError as WaitTimeoutError,
    )
    from ._files import (
        FileTypes as FileTypes,
    )
    from ._files import (
        file_from_path as file_from_path,
    )
    from ._models import (
        BaseModel as BaseModel,
    )
    from ._models import (
        Deviation as Deviation,
    )
    from ._models import (
        ResponseRecord as ResponseRecord,
    )
    from ._models import (
        StreamEvent as StreamEvent,
    )
    from ._models import (
        UnknownValue as UnknownValue,
    )
    from ._models import (
        UnknownVariant as UnknownVariant,
    )
    from ._omit import (
        NOT_GIVEN as NOT_GIVEN,
    )
    from ._omit import (
        NotGiven as NotGiven,
    )
    from ._omit import (
        Omit as Omit,
    )
    from ._omit import (
        not_given as not_given,
    )
    from ._omit import (
        omit as omit,
    )
    from ._options import (
        RequestOptions as RequestOptions,
    )
    from ._pagination import (
        AsyncCursorPage as AsyncCursorPage,
    )
    from ._pagination import (
        AsyncPage as AsyncPage,
    )
    from ._pagination import (
        AsyncPaginator as AsyncPaginator,
    )
    from ._pagination import (
        SyncCursorPage as SyncCursorPage,
    )
    from ._pagination import (
        SyncPage as SyncPage,
    )
    from ._streaming import (
        AsyncStream as AsyncStream,
    )
    from ._streaming import (
        Stream as Stream,
    )
    from ._version import (
        __version__ as __version__,
    )

    Transport = httpx.BaseTransport
    VERSION = __version__

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "HttpxBinaryResponseContent": "openai_assistants._binary",
        "Citation": "openai_assistants._citations",
        "CitedText": "openai_assistants._cite",
        "cite": "openai_assistants._cite",
        "AsyncClient": "openai_assistants._client",
        "AsyncOpenAI": "openai_assistants._client",
        "Client": "openai_assistants._client",
        "DEFAULT_CONNECTION_LIMITS": "openai_assistants._client",
        "DEFAULT_TIMEOUT": "openai_assistants._client",
        "DefaultAsyncHttpxClient": "openai_assistants._client",
        "DefaultHttpxClient": "openai_assistants._client",
        "OpenAI": "openai_assistants._client",
        "Timeout": "openai_assistants._client",
        "DEFAULT_MAX_RETRIES": "openai_assistants._core",
        "APIConnectionError": "openai_assistants._errors",
        "APIError": "openai_assistants._errors",
        "APIResponseValidationError": "openai_assistants._errors",
        "APIStatusError": "openai_assistants._errors",
        "APITimeoutError": "openai_assistants._errors",
        "ActiveRunError": "openai_assistants._errors",
        "AuthenticationError": "openai_assistants._errors",
        "BadRequestError": "openai_assistants._errors",
        "ConflictError": "openai_assistants._errors",
        "EndpointNotFoundError": "openai_assistants._errors",
        "InternalServerError": "openai_assistants._errors",
        "NotFoundError": "openai_assistants._errors",
        "NotSupportedByServerError": "openai_assistants._errors",
        "OpenAIError": "openai_assistants._errors",
        "PermissionDeniedError": "openai_assistants._errors",
        "RateLimitError": "openai_assistants._errors",
        "RunStreamError": "openai_assistants._errors",
        "StreamInterruptedError": "openai_assistants._errors",
        "UnprocessableEntityError": "openai_assistants._errors",
        "WaitTimeoutError": "openai_assistants._errors",
        "FileTypes": "openai_assistants._files",
        "file_from_path": "openai_assistants._files",
        "BaseModel": "openai_assistants._models",
        "Deviation": "openai_assistants._models",
        "ResponseRecord": "openai_assistants._models",
        "StreamEvent": "openai_assistants._models",
        "UnknownValue": "openai_assistants._models",
        "UnknownVariant": "openai_assistants._models",
        "NOT_GIVEN": "openai_assistants._omit",
        "NotGiven": "openai_assistants._omit",
        "Omit": "openai_assistants._omit",
        "not_given": "openai_assistants._omit",
        "omit": "openai_assistants._omit",
        "RequestOptions": "openai_assistants._options",
        "AsyncCursorPage": "openai_assistants._pagination",
        "AsyncPage": "openai_assistants._pagination",
        "AsyncPaginator": "openai_assistants._pagination",
        "SyncCursorPage": "openai_assistants._pagination",
        "SyncPage": "openai_assistants._pagination",
        "AsyncStream": "openai_assistants._streaming",
        "Stream": "openai_assistants._streaming",
        "__version__": "openai_assistants._version",
        "NoneType": "types",
        "Transport": "httpx:BaseTransport",
        "VERSION": "openai_assistants._version:__version__",
    },
)
