"""Raw responses: the HTTP answer of a call, from which its result can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Generic, TypeVar, cast, overload

from ._answers import checked_type, read_as
from ._documents import read_json
from ._errors import APITimeoutError, OpenAIError, without_secrets
from ._exchange import connection_error
from ._flow import DeadlinePassed
from ._http import failure_of, is_misuse
from ._text import settle_encoding, text_of

if TYPE_CHECKING:
    import datetime

    import httpx

    from ._calls import Operation

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Parse = Callable[["httpx.Response", "float | None"], T]
"""Makes the result of an answer; the second argument is the deadline of its call."""


class BaseAPIResponse(Generic[T_co]):
    """What all raw responses have."""

    http_response: httpx.Response
    """The answer as the HTTP library gives it; the request in it carries no credentials."""

    def __init__(
        self,
        response: httpx.Response,
        parse: Parse[T_co],
        operation: Operation,
        *,
        strict: bool,
        deadline: float | None = None,
        is_stream: bool = False,
    ) -> None:
        response.request = _with_body(response.request)
        settle_encoding(response)
        self.http_response = response
        self._parse: Any = parse
        self._operation = operation
        self._strict = strict
        self._deadline = deadline
        self._is_stream = is_stream
        """Whether the result is a stream of events, which reads the body itself."""
        self._parsed: list[Any] = []

    @property
    def headers(self) -> httpx.Headers:
        """Headers of the answer."""
        return self.http_response.headers

    @property
    def status_code(self) -> int:
        """HTTP status."""
        return self.http_response.status_code

    @property
    def request_id(self) -> str | None:
        """The server's id of the request, to quote in a bug report."""
        return cast("str | None", self.headers.get("x-request-id"))

    @property
    def http_request(self) -> httpx.Request:
        """The request, without its credentials; its body is there unless it is a form with files."""
        return self.http_response.request

    @property
    def url(self) -> httpx.URL:
        """Where the answer came from, after redirects."""
        return self.http_request.url

    @property
    def method(self) -> str:
        """HTTP method of the request."""
        return self.http_request.method

    @property
    def http_version(self) -> str:
        """Such as `HTTP/1.1`."""
        return self.http_response.http_version

    @property
    def elapsed(self) -> datetime.timedelta:
        """Time from sending the request until the body was read.

        Raises:
            OpenAIError: The body has not been read yet.
        """
        try:
            return self.http_response.elapsed
        except RuntimeError:
            raise OpenAIError("elapsed is known when the body has been read or the response is closed") from None

    @property
    def retries_taken(self) -> int:
        """How many failed attempts came before this answer."""
        return cast("int", self.http_response.extensions.get("retries_taken", 0))

    @property
    def is_closed(self) -> bool:
        """Whether the body has been read to its end or was given up."""
        return self.http_response.is_closed

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{self.status_code}] {self.method} {self.url}>"

    def _result(self, to: Any) -> Any:
        if to is not None:
            if self._is_stream:
                raise TypeError("parse(to=...) reads a whole body, but this answer is a stream of events; use parse()")
            return read_as(self.http_response, checked_type(to, "to"), self._operation, strict=self._strict)
        if not self._parsed:
            self._parsed.append(self._parse(self.http_response, self._deadline))
        return self._parsed[0]

    def _raise(self, cause: Exception) -> None:
        """Raise what an exception while reading the body means; nothing where it is not one of the HTTP library."""
        place = f"{self.method} {self.url.copy_with(query=None)}"
        if isinstance(cause, DeadlinePassed):
            raise APITimeoutError(
                self.http_request, message=f"The deadline passed while the answer of {place} was read."
            ) from None
        if is_misuse(cause):
            raise OpenAIError(
                f"The body of the answer of {place} cannot be read: it was read already, the response is closed, or it "
                "is a stream of events, which parse() gives."
            ) from None
        if isinstance(cause, UnicodeError):
            raise OpenAIError(
                f"The body of the answer of {place} is no text in {self.http_response.encoding}, as it says it is; "
                "read it as bytes."
            ) from None
        if failure_of(cause) is not None:
            raise connection_error(cause, self.http_request) from cause


class APIResponse(BaseAPIResponse[T_co]):
    """A raw response whose body has been read; the same on both clients, nothing is awaited."""

    @property
    def content(self) -> bytes:
        """The body.

        Raises:
            OpenAIError: The answer is a stream of events; `parse()` gives them.
        """
        try:
            return self.http_response.content
        except Exception as cause:
            self._raise(cause)
            raise

    @property
    def text(self) -> str:
        """The body as text, in the encoding that the answer names, else UTF-8."""
        _ = self.content
        return text_of(self.http_response)

    def json(self) -> Any:
        """The body read as JSON, as plain data.

        Raises:
            JSONDecodeError: It is no JSON; a `ValueError`.
        """
        return read_json(self.content)

    def read(self) -> bytes:
        """The body."""
        return self.content

    @overload
    def parse(self) -> T_co: ...
    @overload
    def parse(self, *, to: type[T]) -> T: ...
    @overload
    def parse(self, *, to: Any) -> Any: ...
    def parse(self, *, to: Any = None) -> Any:
        """What the method gives without raw access: the object, the page, the file or the stream; the same each time.

        Args:
            to: Read the body as this type instead: a model class, a union, a list or dict type, `str`, `bytes` or
                `httpx.Response`.

        Raises:
            APIResponseValidationError: The body cannot be read as the type; in strict mode: it deviates.
            TypeError: `to` is no such type, or the answer is a stream.
        """
        return self._result(to)


def _with_body(request: httpx.Request) -> httpx.Request:
    """A copy of a request without credentials, with its body where that is in memory."""
    shown = without_secrets(request)
    try:
        content = request.content
    except RuntimeError:  # a form with files, which was read while it was sent
        return shown
    return type(request)(request.method, shown.url, headers=shown.headers, content=content or None)
