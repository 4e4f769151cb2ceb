"""Reading answers: error bodies in every shape that servers send, results from good ones, and downloads."""

from __future__ import annotations

import copy
import json
import os
from contextlib import suppress
from functools import cache, partial
from types import NoneType
from typing import TYPE_CHECKING, Any, AsyncIterator, Callable, Generic, Iterator, Mapping, Sequence, TypeVar, cast

from ._basics import is_mapping, one_line, read_json, text_of
from ._errors import APIResponseValidationError, APIStatusError, of_this_library, status_error_class
from ._http import (
    MAX_ANSWER,
    NO_HINT,
    OR_NO_OBJECT,
    headers_like,
    hint_for_missing_endpoint,
    is_a,
    is_response_class,
    path_of,
)
from ._logs import Quotes, hide_secrets, log_deviations, without_echo
from ._models import BaseModel, Deviation, Parser, ResponseRecord, Unparsable, annotate, parser_for

if TYPE_CHECKING:
    import httpx
    from typing_extensions import Self

    from ._models import ResponseRecord
    from ._requests import Operation

__tracebackhide__ = of_this_library

PieceT = TypeVar("PieceT")

# The answer of a download.


class HttpxBinaryResponseContent:
    """A downloaded file. The body has been read, so on either client nothing here has to be awaited; what begins with
    `a` can be, for programs that do. A file too large for memory: `files.with_streaming_response.content`."""

    def __init__(self, response: httpx.Response) -> None:
        hide_secrets(response)
        self.response = response

    @property
    def content(self) -> bytes:
        """The bytes."""
        return self.response.content

    @property
    def text(self) -> str:
        """The bytes as text, in the encoding that the answer names, else UTF-8."""
        return text_of(self.response)

    @property
    def encoding(self) -> str | None:
        """The encoding that the answer names."""
        return self.response.encoding

    @property
    def charset_encoding(self) -> str | None:
        """The `charset` of the answer's `Content-Type`."""
        return self.response.charset_encoding

    def json(self) -> Any:
        """The bytes read as JSON.

        Raises:
            JSONDecodeError: It is no JSON; a `ValueError`.
        """
        return read_json(self.response.content)

    def read(self) -> bytes:
        """The bytes."""
        return self.response.content

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The bytes in pieces of `chunk_size`."""
        content = self.response.content
        size = chunk_size or len(content) or 1
        return (content[start : start + size] for start in range(0, len(content), size))

    def iter_raw(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """As `iter_bytes`: how the bytes were compressed on their way is not kept."""
        return self.iter_bytes(chunk_size)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """The text in pieces of `chunk_size` characters."""
        text = self.text
        size = chunk_size or len(text) or 1
        return (text[start : start + size] for start in range(0, len(text), size))

    def iter_lines(self) -> Iterator[str]:
        """The lines of the text, without their ends."""
        return iter(self.text.splitlines())

    def write_to_file(self, file: str | os.PathLike[str]) -> None:
        """Write the bytes to a file, replacing it."""
        with open(file, "wb") as target:
            target.write(self.response.content)

    def stream_to_file(self, file: str | os.PathLike[str], *, chunk_size: int | None = None) -> None:
        """As `write_to_file`; the bytes are in memory, whatever `chunk_size` is."""
        self.write_to_file(file)

    def close(self) -> None:
        """Nothing: with its body the answer was closed."""

    async def aread(self) -> bytes:
        """As `read`."""
        return self.content

    def aiter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """As `iter_bytes`."""
        return _AsyncPieces(self.iter_bytes(chunk_size))

    def aiter_raw(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """As `iter_raw`."""
        return _AsyncPieces(self.iter_raw(chunk_size))

    def aiter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """As `iter_text`."""
        return _AsyncPieces(self.iter_text(chunk_size))

    def aiter_lines(self) -> AsyncIterator[str]:
        """As `iter_lines`."""
        return _AsyncPieces(self.iter_lines())

    async def astream_to_file(self, file: str | os.PathLike[str], *, chunk_size: int | None = None) -> None:
        """As `stream_to_file`, in a worker thread."""
        from ._files import in_worker

        await in_worker(partial(self.write_to_file, file))

    async def aclose(self) -> None:
        """As `close`."""

    @property
    def response_record(self) -> ResponseRecord:
        """Status and headers of the answer."""
        from ._models import ResponseRecord

        return ResponseRecord(self.response.status_code, self.response.headers)

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: without cookies, like the record of any other answer."""
        response = copy.copy(self.response)
        kept = [(name, value) for name, value in response.headers.multi_items() if name.lower() != "set-cookie"]
        response.headers = headers_like(response.headers, kept)
        return {**self.__dict__, "response": response}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {len(self.response.content)} bytes>"


class _AsyncPieces(Generic[PieceT]):
    """Pieces that are there already. No async generator: none is left for the garbage collector."""

    def __init__(self, pieces: Iterator[PieceT]) -> None:
        self._pieces = pieces

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> PieceT:
        for piece in self._pieces:
            return piece
        raise StopAsyncIteration


# Reading answers: error bodies in every shape that servers send, and results from good ones.

T = TypeVar("T")

QUOTED_CHARACTERS = 500
"""How much of an unreadable body a message quotes."""
SHOWN_OF_A_HEADER = 200


def status_error(response: httpx.Response, operation: Operation) -> APIStatusError:
    """The exception for an answer with a status of 400 or more; its body has been read."""
    response = without_echo(response)
    body = _json_or_text(response)
    details = _error_details(body)
    said = _said(details, body, response)
    missing = _lacks_endpoint(response.status_code, body)
    message = f"{response.status_code} {one_line(response.reason_phrase, SHOWN_OF_A_HEADER)}".strip()
    message = f"{message}: {said}" if said else f"{message} (the server gave no reason)"
    if missing:
        hint = hint_for_missing_endpoint(response.request)
        may_be_object = hint == NO_HINT and response.status_code == NOT_FOUND and "{" in operation.path
        doubt = OR_NO_OBJECT if may_be_object and not _names_endpoint(details) else ""
        message += f" [{operation.id}: {_place(operation)}]{hint}{doubt}"
    request_id = response.headers.get("x-request-id")
    if request_id:
        message += f" (request {one_line(request_id, SHOWN_OF_A_HEADER)})"
    cls = status_error_class(response.status_code, not_supported=missing, active_run=_is_active_run(said))
    return cls(message, response=response, body=details if details is not None else body)


def answer_in(cause: Exception) -> httpx.Response | None:
    """The answer in the exception of a hook that calls `raise_for_status`; without its body, if that was not read."""
    if not is_a(cause, "HTTPStatusError"):
        return None
    response: Any = cast("Any", cause).response
    content = b""
    with suppress(Exception):  # it was not read
        content = response.content
    return _with_content(response, content)


_OF_THE_BODY = ("content-encoding", "content-length", "transfer-encoding")


def _with_content(response: httpx.Response, content: bytes, **more: Any) -> httpx.Response:
    kept = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _OF_THE_BODY]
    headers = headers_like(response.headers, kept)
    return type(response)(response.status_code, headers=headers, content=content, request=response.request, **more)


def _json_or_text(response: httpx.Response) -> object:
    if not response.content:
        return None
    try:
        return read_json(response.content)
    except ValueError:
        return text_of(response)


def _place(operation: Operation) -> str:
    """Method and path; a low-level call may have secrets in its query."""
    return f"{operation.method} {operation.path.partition('?')[0]}"


def _error_details(body: object) -> Mapping[str, object] | None:
    """The object with `message`, `code` and so on: under `error`, or the body itself."""
    if not is_mapping(body):
        return None
    inner = body.get("error")
    if is_mapping(inner):
        return inner
    # A number or a flag says nothing: the words stand beside it.
    return body if inner is None or isinstance(inner, (int, float)) else None


def _said(details: Mapping[str, object] | None, body: object, response: httpx.Response) -> str:
    """The server's own words, from whichever place this server puts them."""
    if details is not None:
        for key in ("message", "detail", "title", "error_description"):
            if details.get(key):
                return _short(details[key])
        return _short(body) if details else ""
    if is_mapping(body):
        return _short(body["error"])
    if isinstance(body, str) and _is_html(response, body):
        return "the answer is an HTML page, not JSON: is base_url the address of an API?"
    return _short(body) if body else ""


def _short(value: object) -> str:
    return one_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), QUOTED_CHARACTERS)


def _is_html(response: httpx.Response, text: str) -> bool:
    return "html" in response.headers.get("content-type", "") or text.lstrip()[:15].lower().startswith(
        ("<!doctype html", "<html")
    )


def _is_active_run(said: str) -> bool:
    return "already has an active run" in said or ("while a run " in said and " is active" in said)


def _lacks_endpoint(status: int, body: object) -> bool:
    """Whether an error says that there is no such endpoint, rather than no such object."""
    if status in (405, 501):
        return True
    if status != NOT_FOUND:
        return False
    if not is_mapping(body):
        return True  # text, HTML or nothing: no answer of this API
    details = _error_details(body) or {}
    # "Not Found" and no more is what web frameworks say of a path, wherever a server puts their words.
    return _names_endpoint(details) or "Not Found" in (
        _sentence(details),
        details.get("detail"),
        details.get("title"),
        body.get("error"),
    )


def _names_endpoint(details: Mapping[str, object] | None) -> bool:
    """Whether an error says of the endpoint that it is missing, as this API does."""
    return details is not None and (
        _sentence(details).startswith("Invalid URL") or details.get("code") == "unknown_url"
    )


def _sentence(details: Mapping[str, object]) -> str:
    return str(details.get("message") or details.get("detail") or "")


NOT_FOUND = 404


def read_as(response: httpx.Response, into: Any, operation: Operation, *, strict: bool) -> Any:
    """A good answer as `into`: a type that pydantic knows, or `str`, `bytes` and so on; None for plain JSON data.

    Raises: as `result`.
    """
    take = _taken_as_it_is(into)
    if take is not None:
        return take(response)
    if into is None and not response.content:
        return None
    value, deviations = result(response, parser_for(Any if into is None else into), operation, strict=strict)
    attach(value, response, deviations)
    return value


@cache
def _taken_as_it_is(into: Any) -> Callable[[httpx.Response], Any] | None:
    """What makes the result where the body is not read as JSON."""
    if into is str:
        return text_of
    if into is bytes:
        return _content_of
    if into is NoneType:
        return _nothing
    if into is HttpxBinaryResponseContent:
        return HttpxBinaryResponseContent
    return _response_itself if is_response_class(into) else None


def _content_of(response: httpx.Response) -> bytes:
    return response.content


def _nothing(response: httpx.Response) -> None:
    return None


def _response_itself(response: httpx.Response) -> httpx.Response:
    hide_secrets(response)
    return response


def is_json_type(into: Any) -> bool:
    """Whether an answer that is read as `into` is JSON."""
    return _taken_as_it_is(into) is None


def checked_type(into: Any, name: str) -> Any:
    """A type that answers can be read as; `name` is that of its argument.

    Raises:
        TypeError: Nothing can be read as this.
    """
    try:
        if into is not None and is_json_type(into):
            parser_for(into)
    except Exception as error:  # pydantic and `cache` fail in ways of their own
        reason = str(error).partition("\n")[0]
        raise TypeError(
            f"{name} must be a model class, a union, a list or dict type, str, bytes or httpx.Response, "
            f"not {into!r} ({reason})"
        ) from error
    return into


def result(
    response: httpx.Response, parser: Parser[T], operation: Operation, *, strict: bool
) -> tuple[T, tuple[Deviation, ...]]:
    """What a good answer says.

    Raises:
        APIResponseValidationError: It is no JSON or nothing like the expected type, or it is an error in spite of its
            status; in strict mode: it deviates.
    """
    content = response.content or b"{}"
    try:
        try:
            value, deviations = parser.parse(content, strict=strict)
        except Unparsable:
            if content.strip() != b"null":
                raise
            value, deviations = parser.parse(b"{}", strict=strict)  # as much as no body
    except Unparsable as error:
        del content
        hidden = without_quotes(error, response)
        failure = _unlike(without_echo(response), hidden, hidden.errors)
    else:
        if not deviations:
            return value, deviations
        if not is_error(value):
            log_deviations(f"The answer of {_place(operation)}", deviations)
            return value, deviations
        hidden = without_quotes(Unparsable(deviations), response)
        del value, content, deviations
        failure = _unlike(without_echo(response), hidden, hidden.errors)
    raise failure  # here no variable holds what the answer quotes


def is_error(value: Any) -> bool:
    """Whether an answer is nothing but an error: some servers send those with a good status, too."""
    get: Callable[..., object] = value.get if is_mapping(value) else partial(getattr, value)
    if not get("error", None) or get("id", None) or get("data", None):
        return False
    return not (isinstance(value, BaseModel) and "error" in value.__pydantic_fields__)  # it may be what was asked for


def _unlike(
    mended: httpx.Response, problem: Unparsable | str, errors: Sequence[Deviation] = ()
) -> APIResponseValidationError:
    body = _json_or_text(mended)
    return APIResponseValidationError(mended, body, message=_unreadable(mended, body, problem), errors=errors)


def without_quotes(error: Unparsable, response: httpx.Response) -> Unparsable:
    """Where an answer deviates, without what it quotes of its request's authentication."""
    hidden = Quotes(response).hidden
    return Unparsable(
        tuple(
            Deviation(
                hidden(each.path),
                hidden(each.expected),
                each.got if hidden(said := repr(each.got)) == said else None,
            )
            for each in error.errors
        )
    )


def missing_id(response: httpx.Response, name: str) -> APIResponseValidationError:
    """The exception for a good answer that leaves out an id, without which nothing more can be asked."""
    mended = without_echo(response)
    body = _json_or_text(mended)
    got = body.get(name) if is_mapping(body) else None
    message = f"{_start(mended)} without a usable {name}, so there is no going on"
    return APIResponseValidationError(
        mended, body, message=message, errors=[Deviation(name, "Input should be an id", got)]
    )


def too_large(response: httpx.Response) -> APIResponseValidationError:
    """The exception for a good answer of which only the beginning was read."""
    mended = without_echo(response)
    message = f"{_start(mended)} with more than {MAX_ANSWER >> 20} MiB where JSON was asked for; the rest was not read"
    return APIResponseValidationError(mended, text_of(mended), message=message)


def no_stream(response: httpx.Response, beginning: bytes) -> APIResponseValidationError:
    """The exception for a good answer that is a page or an error where events were asked for."""
    mended = without_echo(_with_content(response, beginning, extensions=response.extensions))
    return _unlike(mended, "events were asked for")


def no_list(response: httpx.Response) -> APIResponseValidationError:
    """The exception for a good answer that is something else where a list was asked for."""
    mended = without_echo(response)
    return _unlike(mended, f"a list was asked for, not {_short(text_of(mended))[:80]}")


def _start(response: httpx.Response) -> str:
    return f"{response.request.method} {path_of(response.request.url)} answered {response.status_code}"


def _unreadable(response: httpx.Response, body: object, error: Unparsable | str) -> str:
    start = _start(response)
    text = text_of(response)
    if isinstance(body, str) and _is_html(response, text):
        return f"{start} with an HTML page, not JSON: is base_url the address of an API? It begins: {_short(text)[:80]}"
    if body == text:  # read as text, so it is no JSON
        return f"{start} with a body that is not valid JSON ({error}): {_short(text)[:80]}"
    if is_error(body):
        return f"{start} with an error: {_said(_error_details(body), body, response)}"
    return f"{start} with something else than the API documents: {error}"


def attach(value: Any, response: httpx.Response, deviations: tuple[Deviation, ...]) -> None:
    """Let a result remember the answer that it came with."""
    if isinstance(value, BaseModel):
        annotate(value, ResponseRecord(response.status_code, response.headers), deviations)


def id_in(response: httpx.Response) -> str | None:
    """The id of the object that an answer holds; None if it holds none."""
    body = _json_or_text(response)
    object_id = body.get("id") if is_mapping(body) else None
    return object_id if isinstance(object_id, str) else None
