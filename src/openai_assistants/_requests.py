"""From a call to its request: calls as values, their options, the settings of a client, bodies, and a fresh request
for each attempt. No I/O."""

from __future__ import annotations

import json
import platform
import re
import time
import uuid
import warnings
from collections import OrderedDict
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Callable, Collection, Generic, Literal, Mapping, TypedDict, TypeVar, cast

from . import __version__
from ._basics import (
    ForkSafeLock,
    Omit,
    is_collection,
    is_mapping,
    is_model_like,
    one_line,
    require_number,
)
from ._errors import OpenAIError, is_secret
from ._http import (
    MAX_ANSWER,
    check_address,
    encode_query,
    failure_of,
    fill_path,
    forget_unsendable_cookies,
    is_a,
    is_loopback,
    origin,
    pairs_of,
)
from ._http_clients import CLOSED, build_request
from ._logs import Secret, note_parameters, quieten, scrub

if TYPE_CHECKING:
    import httpx

    from ._files import Form
    from ._http import TimeoutLike

# A request as a value: what an API method asks for, before anything is known about servers, keys or retries.

T = TypeVar("T")

Method = str
"""An HTTP method in capitals."""

OnActiveRun = Literal["error", "wait", "cancel"]


@dataclass(frozen=True, slots=True)
class Operation:
    """The constant part of an API operation."""

    id: str
    """The `operationId` of the spec; for low-level calls a short description."""

    method: Method
    path: str
    """Path template below the base URL, with `{names}`; or, for low-level calls, an absolute URL."""

    beta: str | None = None
    """Value of the `OpenAI-Beta` header, where the API wants one."""

    files: tuple[str, ...] | None = None
    """Names of the files in a body that is sent as `multipart/form-data`; None for a JSON body."""


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One call of an operation. Values that are `omit` are left out when it is sent."""

    operation: Operation
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, object] = field(default_factory=dict[str, object])
    body: Mapping[str, object] | None = None
    into: Any = None
    """What the answer is read as: a model class, an annotated union, or (for lists) the type of an item."""

    accept: str = "application/json"

    on_active_run: OnActiveRun = "error"
    """What to do when the API refuses the call because a run is active on the thread."""

    resume: bool = False
    """Whether a streamed answer goes on after a broken connection or an early end."""

    unstreamed: Any = None
    """For a streamed answer: what the same call would be read as without events."""
    content: Any = None
    """A body that is sent as it is, instead of `body`: bytes, text or an iterable of bytes."""
    content_type: str = "application/octet-stream"
    """What `content` is."""

    @property
    def most(self) -> int | None:
        """How many bytes of its answer are read at most where that is read whole; files may have any size. Also of JSON
        from a server that was asked for events."""
        return MAX_ANSWER if self.accept in ("application/json", "text/event-stream") else None

    def streaming(self, into: Any) -> Call[Any]:
        """The same call, answered as server-sent events of type `into`."""
        return replace(self, into=into, unstreamed=self.into, accept="text/event-stream")

    def with_query(self, **changes: object) -> Call[T]:
        """The same call with query parameters changed; `omit` removes one."""
        return replace(self, query={**self.query, **changes})


# Request options: what every method takes besides the API's own parameters.


class RequestOptions(TypedDict, total=False):
    """Keyword arguments that every API method accepts."""

    timeout: float | httpx.Timeout | TimeoutLike | None
    """Limit for each network step (connect, write, each read), in seconds; `None` for no limit."""

    deadline: float | None
    """Limit for the whole call in seconds: all attempts, the sleeps between them and reading the body."""

    max_retries: int
    """How often a failed attempt is repeated; the client's setting unless given."""

    idempotency_key: str
    """Value of `Idempotency-Key` for a POST; a random one unless given, the same for all attempts of a call."""

    extra_headers: Mapping[str, str | Omit]
    """Headers to add or replace; `omit` removes one."""

    extra_query: Mapping[str, object]
    """Query parameters to add or replace."""

    extra_body: Mapping[str, object]
    """Body fields to add or replace."""


def require_timeout(name: str, value: object) -> None:
    """Refuse a timeout that the HTTP library stumbles over.

    Raises:
        TypeError: It is no timeout.
        ValueError: It is not above 0.
    """
    if value is None or isinstance(value, tuple) or is_a(value, "Timeout"):
        return
    require_number(name, value, "a number of seconds above 0, an httpx.Timeout, or None for no limit", above=True)


def require_retries(name: str, value: object) -> None:
    """Refuse what is no number of retries.

    Raises:
        TypeError: It is no number.
        ValueError: It is below 0.
    """
    require_number(name, value, "a number from 0, which is for no retries, to math.inf, to retry for ever")


OPTION_NAMES = frozenset(RequestOptions.__annotations__)
"""The names of all request options."""


# The ids that a client has been answered for what it created.
#
# When the outcome of a POST is unknown and the client looks for what it may have created, none of these can be it.

CAPACITY = 10_000
"""Older ids are forgotten: only what was created within the last minutes is ever looked for."""
UNNAMED_BYTES = 4_000_000
"""How much is kept of requests whose ids are not known."""
SIZE_OF_ONE = 400
"""What each of them takes besides its body, roughly."""
CREATING = frozenset({"createMessage", "createRun", "createThread", "createThreadAndRun"})
"""The operations that add runs or messages to a thread; the same in both versions of the API."""


@dataclass(eq=False, slots=True)
class Unnamed:
    """A POST that adds runs or messages whose ids are not known, or not yet: among equal ones they cannot be told."""

    operation: str
    thread_id: str | None
    """None if that is not known either."""
    content: bytes
    """Its JSON body."""
    ended: float | None = None
    """Moment of `time.monotonic()` at which it was answered."""
    named: bool = False
    """Whether the id of its object is known: then only those of messages that were sent along are not."""

    @property
    def has_messages(self) -> bool:
        """Whether messages are sent along with a thread or a run; their ids are never answered."""
        return self.operation != "createMessage" and b'messages":' in self.content


class KnownIds:
    """A bounded set of ids, and the requests whose ids are missing in it; usable from many threads, and in
    forked processes."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()
        self._unnamed: OrderedDict[Unnamed, None] = OrderedDict()
        self._size = 0
        self._forgotten = float("-inf")
        """Moment until which requests were forgotten."""
        self._lock = ForkSafeLock()

    def claim(self, object_id: object) -> bool:
        """Add an id; False if it was there already, so that of two who find the same object one gets it."""
        if not isinstance(object_id, str):
            return True
        with self._lock.inner:
            if object_id in self._ids:
                return False
            self._ids[object_id] = None
            if len(self._ids) > CAPACITY:
                self._ids.popitem(last=False)
        return True

    def begin(self, operation: str, thread_id: str | None, content: bytes) -> Unnamed | None:
        """Note a request of one of the `CREATING` operations; None if it adds neither a run nor a message."""
        request = Unnamed(operation, thread_id, content)
        if thread_id is None and not request.has_messages:
            return None
        with self._lock.inner:
            self._unnamed[request] = None
            self._size += len(content) + SIZE_OF_ONE
            while self._size > UNNAMED_BYTES:
                self._drop(next(iter(self._unnamed)))
                self._forgotten = time.monotonic()
        return request

    def end(self, request: Unnamed, *, named: bool = False, thread_id: str | None = None) -> None:
        """Note that a request was answered; `named`: with the id of its object, which is claimed."""
        with self._lock.inner:
            request.ended, request.named = time.monotonic(), named
            request.thread_id = request.thread_id or thread_id
            if named and not request.has_messages:
                self._drop(request)

    def forget(self, request: Unnamed) -> None:
        """Note that a request has failed, unless it was answered."""
        with self._lock.inner:
            if request.ended is None:
                self._drop(request)

    def _drop(self, request: Unnamed) -> None:
        if request in self._unnamed:
            del self._unnamed[request]
            self._size -= len(request.content) + SIZE_OF_ONE

    def unnamed(self, thread_id: str | None, since: float) -> list[Unnamed] | None:
        """The requests for a thread that are under way or were answered after a moment; None if some were forgotten."""
        with self._lock.inner:
            if self._forgotten >= since:
                return None
            return [
                each
                for each in self._unnamed
                if (each.ended is None or each.ended >= since) and each.thread_id in (None, thread_id)
            ]

    def __contains__(self, object_id: object) -> bool:
        return isinstance(object_id, str) and object_id in self._ids


# The settings of a client, shared by everything that builds requests; no I/O.

DEFAULT_MAX_RETRIES = 2
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""What HTTP allows as the name of a header."""
USER_AGENT = f"openai-assistants/{__version__} python/{platform.python_version()}"


@dataclass(slots=True)
class Core:
    """Settings of a client."""

    base_url: httpx.URL = field(repr=False)
    """With a trailing slash."""
    api_key: str | Callable[[], Any] = field(repr=False)
    organization: str | None
    project: str | None
    timeout: httpx.Timeout | TimeoutLike | float | None
    max_retries: int
    default_headers: Mapping[str, str | Omit] = field(repr=False)
    default_query: Mapping[str, object] = field(repr=False)
    strict: bool
    http: Callable[[], httpx.Client | httpx.AsyncClient] = field(repr=False)
    """Gives the HTTP client, made on first use."""
    known: KnownIds = field(default_factory=KnownIds, repr=False)
    """Ids of what this client has created; shared by its copies."""
    file_names: dict[tuple[str, str], str | None] = field(
        default_factory=dict[tuple[str, str], "str | None"], repr=False
    )
    """Names of files by base URL and id, as far as they have been looked up."""

    def headers(self, api_key: str) -> dict[str, str | Omit]:
        """Headers of every request, lower-case."""
        headers: dict[str, str | Omit] = {
            "accept": "application/json",
            "user-agent": USER_AGENT,
            "authorization": Secret(f"Bearer {api_key}"),
        }
        if self.organization is not None:
            headers["openai-organization"] = self.organization
        if self.project is not None:
            headers["openai-project"] = self.project
        headers.update(lower(self.default_headers))
        return headers


def lower(headers: Mapping[str, str | Omit]) -> dict[str, str | Omit]:
    """Headers under lower-case names, so that one replaces the other whatever its spelling.

    Raises:
        TypeError: A name is no text.
    """
    for name in headers:
        if not isinstance(cast("object", name), str):
            raise TypeError(f"header names must be strings, not {type(name).__name__}")
    return {name.lower(): Secret(value) if isinstance(value, str) else value for name, value in headers.items()}


# JSON bodies of requests.

TOO_DEEP = "the values of the request are nested too deep, or are inside of themselves"


def without_omitted(values: Mapping[str, object]) -> dict[str, object]:
    """The values that were given."""
    return {name: value for name, value in values.items() if not isinstance(value, Omit)}


def encode_json(body: object) -> bytes:
    """A JSON body. Result models may stand wherever their parameters may, any iterable for a list.

    Raises:
        TypeError: A value has no JSON form.
        ValueError: A number is NaN or infinite, text contains a lone surrogate, or values are nested without an end.
    """
    encoder = _Encoder()
    try:
        try:
            return encoder.encode(body)
        except _OmitInsideError:
            return encoder.encode(encoder.without_omitted(body))
    except UnicodeEncodeError as error:
        raise ValueError(f"text in the request cannot be sent: {error.reason} (a lone surrogate?)") from None
    except RecursionError:
        raise ValueError(TOO_DEEP) from None


def plain(body: Mapping[str, object] | None) -> dict[str, Any] | None:
    """A JSON body as plain data, so that it can be sent more than once: an iterator gives its items only once."""
    return None if body is None else cast("dict[str, Any]", json.loads(encode_json(without_omitted(body))))


class _OmitInsideError(Exception):
    """`omit` stands inside a nested value; rare, so that bodies are not searched for it beforehand."""


class _Encoder:
    """Encodes one body. An iterator in it is read once, even if the body has to be encoded again."""

    def __init__(self) -> None:
        self._read: dict[int, tuple[object, list[Any]]] = {}

    def encode(self, body: Any) -> bytes:
        return json.dumps(
            body, default=self._plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        ).encode()

    def without_omitted(self, value: Any) -> Any:
        """A copy without the entries and items that are `omit`."""
        if is_model_like(value):
            value = value.to_dict()
        if is_mapping(value):
            return {key: self.without_omitted(item) for key, item in value.items() if not isinstance(item, Omit)}
        if is_collection(value):
            return [self.without_omitted(item) for item in self._items(value) if not isinstance(item, Omit)]
        return value

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Omit):
            raise _OmitInsideError
        if is_model_like(value):
            return value.to_dict()
        if hasattr(value, "model_dump"):
            return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
        if is_mapping(value):
            return dict(value)
        if is_collection(value):
            return self._items(value)
        raise TypeError(f"a value of type {type(value).__name__} in the request body cannot be sent as JSON")

    def _items(self, values: Any) -> list[Any]:
        if id(values) not in self._read:
            self._read[id(values)] = (values, list(values))
        return self._read[id(values)][1]


# A call with its options applied: what stays the same over its attempts, and a fresh request for each. No I/O.

SHOWN = 200
"""Characters of what cannot be sent."""
_SENDABLE = re.compile(r"([\t\x20-\x7e]*[\x21-\x7e])?")

_warned_hosts: set[str] = set()


class Draft:
    """A call with its options applied: everything that stays the same over its attempts."""

    def __init__(
        self, core: Core, call: Call[Any], options: RequestOptions, stack: ExitStack, deadline: float | None
    ) -> None:
        self._core = core
        operation = call.operation
        self._method = operation.method
        self.trusted = _is_own(core, operation.path)
        """Whether the request goes to the client's own host: no other one gets its settings."""
        self._url = _url(core, call, options, self.trusted)
        self._timeout = options.get("timeout", core.timeout)
        self._content: dict[str, Any] = {}
        self._form: Form | None = None
        self._headers: dict[str, str | Omit] = {"accept": call.accept}
        self.repeatable = True
        if operation.beta is not None:
            self._headers["openai-beta"] = operation.beta
        if operation.method == "POST":
            self._headers["idempotency-key"] = options.get("idempotency_key") or str(uuid.uuid4())
        if call.content is not None:
            if "extra_body" in options:
                raise TypeError("extra_body adds fields to a JSON object or form; this body is neither")
            self._content = {"content": call.content}
            self._headers["content-type"] = call.content_type
            self.repeatable = isinstance(call.content, (bytes, str))
        elif call.body is not None or "extra_body" in options:
            body = {**without_omitted(call.body or {}), **options.get("extra_body", {})}
            if operation.files is not None:
                self._multipart(body, operation.files, stack, deadline)
            else:
                self._content = {"content": encode_json(body)}
                self._headers["content-type"] = "application/json"
        self._extra_headers = lower(options.get("extra_headers", {}))

    def _multipart(
        self, body: Mapping[str, object], names: Collection[str], stack: ExitStack, deadline: float | None
    ) -> None:
        from ._files import Form, file_part

        files = {name: file_part(name, body[name], stack, body.get("purpose")) for name in names if name in body}
        fields = pairs_of({name: value for name, value in body.items() if name not in files})
        form = Form(fields, files.items(), deadline)
        stack.callback(form.close)
        self._form = form
        self._headers["content-type"] = form.content_type
        if form.length is None:
            self._headers["transfer-encoding"] = "chunked"
        else:
            self._headers["content-length"] = str(form.length)
        self.repeatable = form.repeatable

    @property
    def json_body(self) -> bytes:
        """The JSON body as it is sent."""
        return cast("bytes", self._content.get("content", b"{}"))

    def request(self, api_key: str) -> httpx.Request:
        """A fresh request for one attempt."""
        settings = self._core.headers(api_key) if self.trusted else {"user-agent": USER_AGENT}
        merged = {**settings, **self._headers, **self._extra_headers}
        headers = {name: _checked(name, value) for name, value in merged.items() if not isinstance(value, Omit)}
        http = self._core.http()
        if http.is_closed:
            raise OpenAIError(CLOSED)
        request = self._built(http, headers)
        if self._form is not None:
            request = self._form.request(request, http)
        quieten(request)
        if not self.trusted:
            for name in filter(is_secret, list(request.headers)):  # those of the HTTP client
                if name not in self._extra_headers:
                    del request.headers[name]
        if (
            request.url.scheme == "http"
            and not is_loopback(request.url.host)
            and (request.url.userinfo or any(map(is_secret, request.headers)))
        ):
            _warn_about_plain_http(request.url.host)
        return request

    def _built(self, http: Any, headers: Mapping[str, str]) -> httpx.Request:
        """The request as the HTTP client builds it."""
        try:
            request = build_request(http, self._method, self._url, headers, self._timeout, self._content)
            host = request.url.host
        except Exception as error:
            scrub(error)
            if isinstance(error, UnicodeError) and forget_unsendable_cookies(http):
                return self._built(http, headers)
            if not isinstance(error, UnicodeError) and failure_of(error) is None:
                raise
            raise ValueError(f"the URL of this request cannot be sent: {one_line(str(error), SHOWN)}") from None
        if not host:
            raise ValueError("the URL of this request names no host")
        if not self.trusted:
            check_address(request.url, "the URL of this request cannot be sent: ")
        return request


def _url(core: Core, call: Call[Any], options: RequestOptions, trusted: bool) -> str:
    path = fill_path(call.operation.path, call.path)
    url = path if _is_absolute(path) else str(core.base_url) + path.lstrip("/")
    default: Mapping[str, object] = core.default_query if trusted else {}
    query = encode_query({**default, **without_omitted(call.query), **options.get("extra_query", {})})
    if default or "extra_query" in options:
        note_parameters((*default, *options.get("extra_query", {})))
    if query:
        url += ("&" if "?" in url else "?") + query
    return url


def _is_absolute(path: str) -> bool:
    return path[:8].lower().startswith(("http://", "https://"))


def _is_own(core: Core, path: str) -> bool:
    """Whether a path is below the base URL, or an absolute URL on the same host."""
    if not _is_absolute(path):
        return True
    try:
        return origin(type(core.base_url)(path)) == origin(core.base_url)
    except Exception:  # no URL, as building the request will say
        return False


def _warn_about_plain_http(host: str) -> None:
    if host not in _warned_hosts:
        _warned_hosts.add(host)
        warnings.warn(f"The API key is sent to {host} over plain http, readable on the way; use https.", stacklevel=2)


def _checked(name: str, value: object) -> str:
    """A header value that cannot smuggle in another header, under a name that cannot either. The value itself is never
    shown."""
    if not HEADER_NAME.fullmatch(name):
        raise ValueError(f"header name {one_line(name, SHOWN)!r} cannot be sent: names have letters, digits and dashes")
    if not isinstance(value, str):
        raise TypeError(f"header {one_line(name, SHOWN)} must be a string, not {type(value).__name__}")
    plain = value.isascii() and value.isprintable() and value[-1:] != " "  # what follows says the same, more slowly
    if not plain and not _SENDABLE.fullmatch(value):
        what = "the API key" if name == "authorization" else f"header {one_line(name, SHOWN)}"
        raise ValueError(
            f"{what} cannot be sent: it contains a line break, a control character or one outside ASCII, "
            "or a blank at its end; strip it"
        )
    return value
