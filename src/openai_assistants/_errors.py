"""Every exception that this library raises on its own account.

OpenAIError
├── APIError                              something about one request; has `request`, `body`, `code`, `param`, `type`
│   ├── APIConnectionError                no answer: refused, reset, TLS, DNS, proxy
│   │   ├── APITimeoutError               no answer in time, or the deadline of the call passed
│   │   └── StreamInterruptedError        a stream ended before its run did
│   ├── APIResponseValidationError        an answer that cannot be read as what the API documents
│   ├── RunStreamError                    the server sent an `error` event
│   └── APIStatusError                    an answer with a status of 400 or more
│       ├── BadRequestError               400
│       │   └── ActiveRunError            400, the thread has an active run
│       ├── AuthenticationError           401
│       ├── PermissionDeniedError         403
│       ├── NotFoundError                 404
│       ├── ConflictError                 409
│       ├── UnprocessableEntityError      422
│       ├── RateLimitError                429
│       ├── InternalServerError           500 and above
│       └── NotSupportedByServerError     the server has no such endpoint (405, 501, or a 404 that says so)
│           └── EndpointNotFoundError     with status 404, where it is a NotFoundError too
├── ToolCallError                         the model's call of a tool cannot be made as it stands
├── ToolLoopError                         a tool loop could not go on
├── StructuredOutputError                 a message does not hold what it was asked for
├── BulkUploadError                       some of many files could not be uploaded
├── FileProcessingError                   a vector store could not take in a file
├── MigrationError                        an object, export or journal that cannot be migrated as it stands
└── WaitTimeoutError                      a wait ended before what it waited for
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Mapping, Sequence

from ._basics import is_mapping
from ._logs import is_secret as is_secret, without_secrets as without_secrets

if TYPE_CHECKING:
    import httpx

    from ._bulk_files import BulkFile
    from ._models import Deviation
    from ._toolbox import ToolResult
    from .types.run_steps import RunStep
    from .types.runs import Run
    from .types.threads import Message
    from .types.vector_stores import VectorStoreFileBatch


class OpenAIError(Exception):
    """Base of all exceptions of this library."""

    __module__ = "openai_assistants"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.__module__ == __name__:
            cls.__module__ = "openai_assistants"  # where people import it from, and what tracebacks show


def of_this_library(excinfo: Any) -> bool:
    """As `__tracebackhide__` of a module: pytest leaves its frames out of what it shows of an exception of ours, which
    tells the program what was wrong; not of any other."""
    return excinfo is not None and isinstance(excinfo.value, OpenAIError)


class APIError(OpenAIError):
    """A request that did not end well."""

    message: str
    """What went wrong, in one sentence; the server's own words where it gave some."""
    request: httpx.Request
    """The request, without its credentials."""
    body: object | None
    """The answer's JSON (the object under `error` where there is one), its text, or None without an answer."""
    code: str | None
    """The API's error code, such as `rate_limit_exceeded`."""
    param: str | None
    """The parameter that the API complains about."""
    type: str | None
    """The API's class of errors, such as `invalid_request_error`."""

    def __init__(self, message: str, request: httpx.Request, *, body: object | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.request = without_secrets(request)
        self.body = body
        details: Mapping[str, object] = body if is_mapping(body) else {}
        self.code = _text(details.get("code"))
        self.param = _text(details.get("param"))
        self.type = _text(details.get("type"))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__.copy())


class APIConnectionError(APIError):
    """There was no answer: the connection was refused, reset or could not be made."""

    def __init__(self, *, message: str = "Connection error.", request: httpx.Request) -> None:
        super().__init__(message, request)


class APITimeoutError(APIConnectionError):
    """There was no answer in time."""

    def __init__(self, request: httpx.Request, *, message: str = "Request timed out.") -> None:
        super().__init__(message=message, request=request)


class StreamInterruptedError(APIConnectionError):
    """A stream ended before its run did. The run goes on at the server: fetch it with `run_id` and `thread_id`."""

    run_id: str | None
    """Id of the run, None if the stream ended before the first event that names it."""
    thread_id: str | None
    """Id of the thread, None if the stream ended before the first event that names it."""
    run: Run | None
    """The run as an event showed it last."""
    run_steps: list[RunStep]
    """The steps as far as they were delivered."""
    messages: list[Message]
    """The messages as far as they were delivered."""

    def __init__(
        self,
        message: str,
        *,
        request: httpx.Request,
        run_id: str | None = None,
        thread_id: str | None = None,
        run: Run | None = None,
        run_steps: Sequence[RunStep] = (),
        messages: Sequence[Message] = (),
    ) -> None:
        super().__init__(message=message, request=request)
        self.run_id = run_id
        self.thread_id = thread_id
        self.run = run
        self.run_steps = list(run_steps)
        self.messages = list(messages)


class RunStreamError(APIError):
    """The server reported an error inside a stream."""


class APIStatusError(APIError):
    """An answer with a status of 400 or more."""

    response: httpx.Response
    """The answer; its body has been read."""
    status_code: int
    """HTTP status."""
    request_id: str | None
    """The server's id of the request, to quote in a bug report."""

    def __init__(self, message: str, *, response: httpx.Response, body: object | None) -> None:
        super().__init__(message, response.request, body=body)
        self.response = _response_without_secrets(response, self.request)
        self.status_code = response.status_code
        self.request_id = response.headers.get("x-request-id")


class APIResponseValidationError(APIError):
    """An answer that cannot be read as what the API documents; in strict mode any deviation from it."""

    response: httpx.Response
    """The answer; its body has been read."""
    status_code: int
    """HTTP status."""
    errors: tuple[Deviation, ...]
    """Where the answer deviates, each with its path."""

    def __init__(
        self,
        response: httpx.Response,
        body: object | None,
        *,
        message: str = "The answer is not what the API documents.",
        errors: Sequence[Deviation] = (),
    ) -> None:
        super().__init__(message, response.request, body=body)
        self.response = _response_without_secrets(response, self.request)
        self.status_code = response.status_code
        self.errors = tuple(errors)


class BadRequestError(APIStatusError):
    """400: the request is wrong; `param` and `code` say where and how."""


class ActiveRunError(BadRequestError):
    """400: the thread already has an active run."""


class AuthenticationError(APIStatusError):
    """401: the API key is missing or wrong."""


class PermissionDeniedError(APIStatusError):
    """403: the API key may not do this."""


class NotFoundError(APIStatusError):
    """404: there is no such object."""


class ConflictError(APIStatusError):
    """409: the object changed meanwhile, or an idempotency key was used for another request."""


class UnprocessableEntityError(APIStatusError):
    """422: the request is well-formed but cannot be carried out."""


class RateLimitError(APIStatusError):
    """429: too many requests, or the quota is used up."""


class InternalServerError(APIStatusError):
    """500 and above: the server failed."""


class NotSupportedByServerError(APIStatusError):
    """The server has no such endpoint: it implements a part of the API, or was switched off."""


class EndpointNotFoundError(NotSupportedByServerError, NotFoundError):
    """`NotSupportedByServerError` with status 404, so that `except NotFoundError` holds."""


class WaitTimeoutError(OpenAIError, TimeoutError):
    """A wait ended before what it waited for. The work goes on at the server."""

    last: Any
    """The object as it was last seen."""

    def __init__(self, message: str, *, last: Any) -> None:
        super().__init__(message)
        self.last = last

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__.copy())


class BulkUploadError(OpenAIError):
    """Some of many files could not be uploaded or processed; the others were."""

    results: list[BulkFile]
    """An entry for each file, in their order; `error` of those that failed says why."""
    batch: VectorStoreFileBatch | None
    """The file batch of the others, where there is one batch for all."""

    def __init__(self, results: Sequence[BulkFile], *, batch: VectorStoreFileBatch | None = None) -> None:
        failed = [file for file in results if file.status == "failed"]
        named = [f"{file.name} ({file.error})" for file in failed[:3]]
        more = f", and {len(failed) - 3} more" if len(failed) > 3 else ""
        super().__init__(f"{len(failed)} of {len(results)} files failed: {', '.join(named)}{more}")
        self.results = list(results)
        self.batch = batch

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__.copy())


class FileProcessingError(OpenAIError):
    """A vector store could not take in a file."""

    file_id: str
    """Id of the file."""
    code: str | None
    """The API's error code, such as `unsupported_file`; `cancelled` if it was given up."""

    def __init__(self, message: str, *, file_id: str, code: str | None = None) -> None:
        super().__init__(message)
        self.file_id = file_id
        self.code = code

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__.copy())


class MigrationError(OpenAIError):
    """Something cannot be migrated from version 1 of the API to version 2 as it stands; the message says why."""


class ToolCallError(OpenAIError):
    """The model's call of a tool cannot be made as it stands. `str(error)` is written for the model to read."""

    tool_name: str
    """Name of the tool that was called."""
    reason: Literal["unknown_tool", "invalid_arguments"]
    """Whether there is no such function, or its arguments are wrong."""
    errors: tuple[Deviation, ...]
    """Which arguments are wrong, what was expected and what came."""

    def __init__(
        self,
        message: str,
        *,
        tool_name: str,
        reason: Literal["unknown_tool", "invalid_arguments"],
        errors: Sequence[Deviation] = (),
    ) -> None:
        super().__init__(message)
        self.tool_name = tool_name
        self.reason = reason
        self.errors = tuple(errors)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__.copy())


class ToolLoopError(OpenAIError):
    """A tool loop could not go on: too many rounds, an unknown tool or a failed one where those are not reported."""

    run: Run
    """The run as it was last seen."""
    results: list[ToolResult]
    """What became of the calls made so far."""

    def __init__(self, message: str, *, run: Run, results: Sequence[ToolResult]) -> None:
        super().__init__(message)
        self.run = run
        self.results = list(results)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__.copy())


class StructuredOutputError(OpenAIError):
    """A message does not hold what it was asked for: it is no JSON, other JSON, or a refusal."""

    text: str
    """The whole text of the message."""
    errors: tuple[Deviation, ...]
    """Which fields are wrong, what was expected and what came; empty for a refusal."""
    refusal: str | None
    """What the model said instead of an answer that it refuses to give."""

    def __init__(
        self, message: str, *, text: str, errors: Sequence[Deviation] = (), refusal: str | None = None
    ) -> None:
        super().__init__(message)
        self.text = text
        self.errors = tuple(errors)
        self.refusal = refusal

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__.copy())


STATUS_ERRORS: Mapping[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def status_error_class(status: int, *, not_supported: bool = False, active_run: bool = False) -> type[APIStatusError]:
    """The class for an answer's status."""
    if not_supported:
        return EndpointNotFoundError if status == 404 else NotSupportedByServerError
    if active_run and status == 400:
        return ActiveRunError
    if status >= 500:
        return InternalServerError
    return STATUS_ERRORS.get(status, APIStatusError)


def _response_without_secrets(response: httpx.Response, request: httpx.Request) -> httpx.Response:
    """The same answer, belonging to the request without secrets."""
    response.request = request
    response.next_request = None
    for earlier in response.history:
        _response_without_secrets(earlier, without_secrets(earlier.request))
    if "set-cookie" in response.headers:
        del response.headers["set-cookie"]
    return response


def _restore(cls: type[OpenAIError], args: tuple[Any, ...], state: dict[str, Any]) -> OpenAIError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else None
