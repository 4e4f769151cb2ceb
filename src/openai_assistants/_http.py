"""What HTTP says and means: URLs (path arguments are percent-encoded, query parameters written as the API reads
them), hosts, the libraries whose clients we accept (httpx and its fork httpx2, known by name, so that neither needs
the other), their failures, when and how soon an attempt is repeated, what time it is at the server."""

from __future__ import annotations

import contextlib
import math
import re
import sys
import time
from datetime import UTC
from functools import cache, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Callable, Iterator, Literal, Mapping, Protocol, TypeGuard, cast

from ._basics import Omit, is_bytes, is_collection, is_mapping, is_model_like, one_line

if TYPE_CHECKING:
    import httpx

# The HTTP libraries whose clients we accept, httpx and its fork httpx2, known by name: neither needs the other.

LIBRARIES = ("httpx", "httpx2")

NOT_WORTH_REPEATING = frozenset(
    {"UnsupportedProtocol", "LocalProtocolError", "InvalidURL", "TooManyRedirects", "DecodingError", "StreamError"}
)

NEVER_SENT = NOT_WORTH_REPEATING | {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "SOCKSError"}

BELOW = ("socksio", "ssl")
"""What the libraries talk through: its exceptions mean a broken connection. Some get through the libraries as they are:
those of a SOCKS proxy that hangs up, and with asyncio that of a TLS record that was changed on its way."""

Failure = Literal["timeout", "connection", "request"]


def failure_of(error: BaseException) -> Failure | None:
    """What an exception of an HTTP library means: no answer in time, no connection, a request that can never be sent.

    None for exceptions from elsewhere.
    """
    names = _names(error)
    if "TimeoutException" in names:
        return "timeout"
    if names & NOT_WORTH_REPEATING:
        return "request"
    return "connection" if names else None


def forget_unsendable_cookies(client: Any) -> bool:
    """Remove the cookies that a server has set and that can never be sent back: with them an HTTP client fails to build
    any request. Returns whether there was one."""
    bad = [cookie for cookie in client.cookies.jar if not f"{cookie.name}{cookie.value or ''}".isascii()]
    for cookie in bad:
        with contextlib.suppress(KeyError):  # another thread was quicker
            client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    return bool(bad)


def before_sending(error: BaseException) -> bool:
    """Whether an exception of an HTTP library says that nothing of the request reached the server."""
    return bool(_names(error) & NEVER_SENT)


def is_misuse(error: BaseException) -> bool:
    """Whether an exception of an HTTP library says that a body was read twice, too early or after closing."""
    return "StreamError" in _names(error)


def library_of(client: object) -> ModuleType:
    """The library that an HTTP client belongs to."""
    names = (cls.__module__.partition(".")[0] for cls in type(client).__mro__)
    return sys.modules[next(name for name in names if name in LIBRARIES)]


def is_response_class(value: object) -> bool:
    """Whether a value is the class of the responses of one of the libraries."""
    return isinstance(value, type) and value.__name__ == "Response" and value.__module__.partition(".")[0] in LIBRARIES


Kind = Literal[
    "Client", "AsyncClient", "Timeout", "URL", "Proxy", "HTTPStatusError", "BaseTransport", "AsyncBaseTransport"
]


def is_a(value: object, *kinds: Kind) -> bool:
    """Whether a value is an object of one of these classes of one of the libraries."""
    return not _names(value).isdisjoint(kinds)


def _names(value: object) -> frozenset[str]:
    """The names of the classes that an object is of, as far as they are of the libraries or of what is below them."""
    return _names_of_class(cast("Any", type(value)))


@lru_cache(maxsize=200)
def _names_of_class(cls: Any) -> frozenset[str]:
    return frozenset(each.__name__ for each in cls.__mro__ if each.__module__.partition(".")[0] in (*LIBRARIES, *BELOW))


def headers_like(headers: httpx.Headers, pairs: list[tuple[str, str]]) -> httpx.Headers:
    """Some of the headers of a message, with what their text was read as: it need not be ASCII."""
    return type(headers)(pairs, encoding=headers.encoding)


def limits_of(timeout: Any) -> Any:
    """A timeout as both libraries take it, whichever of them it comes from."""
    return tuple(timeout.as_dict().values()) if is_a(timeout, "Timeout") else timeout


@cache
def stream_class(body: type[Any], base: type[Any]) -> type[Any]:
    """A body as an HTTP library knows it: of a subclass of its own class of streams."""
    return type(body.__name__, (body, base), {})


def close(thing: Any) -> None:
    """Close a response or an HTTP client. If its connection breaks just then, it is closed as well, and what was read
    is whole."""
    try:
        thing.close()
    except Exception as error:
        if failure_of(error) is None:
            raise


async def close_async(thing: Any) -> None:
    """As `close`, awaiting. A cancellation waits until it is closed."""
    import anyio

    with anyio.CancelScope(shield=True):
        try:
            await thing.aclose()
        except Exception as error:
            if failure_of(error) is None:
                raise


# Bodies that are read whole. A server that never ends, or one whose few bytes unpack to very many, does not fill the
# memory of the program.

MAX_ANSWER = 256 * 1024 * 1024
"""Bytes of an answer that is read as JSON, unpacked. A page of the largest objects of this API has a fifth of it."""
MAX_REFUSAL = 1024 * 1024
"""Bytes that are read of an answer that is no success, unpacked; the rest is left."""
CUT = "openai_assistants_cut"
"""The extension of a response of which only the beginning was read."""


def read_body(response: httpx.Response, most: int | None) -> None:
    """Read a body that is kept in its response, up to `most` bytes of a success; None: whatever it has. One that was
    cut off is closed."""
    if hasattr(response, "_content"):  # it was read by who made it
        return
    body = _Body(response, most)
    for piece in response.iter_bytes():
        if body.add(piece):
            close(response)
            break
    body.end()


async def read_body_async(response: httpx.Response, most: int | None) -> None:
    """As `read_body`, awaiting."""
    if hasattr(response, "_content"):
        return
    body = _Body(response, most)
    pieces: Any = response.aiter_bytes()
    async for piece in pieces:
        if body.add(piece):
            await _break_off(response, pieces)
            break
    body.end()


async def _break_off(response: httpx.Response, pieces: Any) -> None:
    """Close a response while it is read. The HTTP library notices at its next step, and only then leaves nothing for
    the garbage collector."""
    import anyio

    await close_async(response)
    with contextlib.suppress(Exception), anyio.move_on_after(1):
        await anext(pieces, None)
    await close_async(pieces)


def check_whole(response: httpx.Response) -> None:
    """Raise an exception of the HTTP library where a compressed body broke off, or consists of several parts: it takes
    what it has read for all there is, and of a file nobody would notice. JSON says itself whether it is whole."""
    decoder: Any = getattr(response, "_decoder", None)
    for each in getattr(decoder, "children", (decoder,)):
        decompressor = getattr(each, "decompressor", None)
        decompressor = getattr(decompressor, "decompressor", decompressor)  # in httpx2 there is one more layer
        is_finished: Any = getattr(decompressor, "is_finished", None)  # of brotli, which has no `eof`
        is_whole = getattr(decompressor, "eof", True) if is_finished is None else is_finished()
        if not is_whole and response.num_bytes_downloaded:
            raise library_of(response).RemoteProtocolError("the compressed body broke off")
        if getattr(decompressor, "unused_data", b"").startswith(_GZIP):
            raise library_of(response).DecodingError("the body has several gzip members, of which only one can be read")


_GZIP = b"\x1f\x8b"
"""What a further part of a gzipped body begins with; zeros and the like at the end of a body do not matter."""


class _Body:
    """What was read of a body until now."""

    def __init__(self, response: httpx.Response, most: int | None) -> None:
        self._response: Any = response
        self._is_file = most is None and response.status_code < 300
        self._left = MAX_REFUSAL if response.status_code >= 300 else math.inf if most is None else most
        self._content = bytearray()

    def add(self, piece: bytes) -> bool:
        """Take a piece; whether it is too much."""
        self._content += piece
        self._left -= len(piece)
        return self._left < 0

    def end(self) -> None:
        """Give the response its content, as it keeps it when it reads itself."""
        if self._left < 0:
            self._response.extensions[CUT] = True
            del self._content[MAX_REFUSAL:]
        elif self._is_file:
            check_whole(self._response)
        self._response._content = bytes(self._content)


# What type checkers know of clients and timeouts of httpx2: they need not have it installed.


class ClientLike(Protocol):
    """An HTTP client that blocks, of httpx or httpx2."""

    @property
    def is_closed(self) -> bool: ...
    def build_request(self, method: str, url: Any, /) -> Any: ...
    def close(self) -> None: ...


class AsyncClientLike(Protocol):
    """An HTTP client that is awaited, of httpx or httpx2."""

    @property
    def is_closed(self) -> bool: ...
    def build_request(self, method: str, url: Any, /) -> Any: ...
    async def aclose(self) -> None: ...


class TimeoutLike(Protocol):
    """A timeout of httpx or httpx2."""

    def as_dict(self) -> dict[str, float | None]: ...


# What we know of hosts: where this API was switched off, and where a key may be sent in the clear.

SWITCHED_OFF_ON = "2026-08-26"
SWITCHED_OFF_HOSTS = ("api.openai.com", ".openai.azure.com")
SWITCHED_OFF_PATHS = ("/assistants", "/threads")
NO_HINT = ". The server at this base_url does not offer this operation"
OR_NO_OBJECT = ", or perhaps it has no such object: the answer does not tell"


def hint_for_missing_endpoint(request: httpx.Request) -> str:
    """What a person can do when a server lacks an endpoint."""
    host, path = request.url.host, request.url.path
    if host.endswith(SWITCHED_OFF_HOSTS) and any(part in path for part in SWITCHED_OFF_PATHS):
        return (
            f". This host switched the Assistants API off on {SWITCHED_OFF_ON}. Ways on: run the server that comes with"
            " this package (python -m openai_assistants.server) and point base_url at it, or use another server that"
            ' speaks the API; see "Where to run it" in the README'
        )
    if "/v1" not in path:
        return ". Most servers of this API have it below /v1: does base_url end with /v1?"
    return NO_HINT


@lru_cache
def is_loopback(host: str) -> bool:
    """Whether requests to a host stay on this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


# URLs of requests: path arguments are percent-encoded, query parameters written as the API reads them.

SHOWN = 100
"""Characters of a name in a message."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def fill_path(template: str, arguments: Mapping[str, str]) -> str:
    """Put path arguments into a template. An argument is one segment whatever it contains.

    Raises:
        ValueError: An argument is empty or blank, or only dots, which would change the path's meaning.
        TypeError: An argument is no string.
    """
    return _PLACEHOLDER.sub(
        lambda match: _segment(match[1], arguments[match[1]]) if match[1] in arguments else match[0], template
    )


def _segment(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, not {type(value).__name__}")
    if not value or value.isspace():
        raise ValueError(f"{name} is {'blank' if value else 'empty'}; pass the object's id")
    if value in (".", ".."):
        raise ValueError(f"{name} is {value!r}, which is no id")
    try:
        from urllib.parse import quote

        return quote(value, safe="")
    except UnicodeEncodeError:
        raise ValueError(f"{name} contains a character that cannot be sent (a lone surrogate)") from None


def is_id(value: object) -> TypeGuard[str]:
    """Whether what a server sent as an id can stand in a path."""
    return isinstance(value, str) and bool(value.strip()) and value not in (".", "..")


def encode_query(query: Mapping[str, object]) -> str:
    """A query string without its `?`. Lists are sent once per item under a name with brackets, maps as `name[key]`."""
    pairs = pairs_of(query)
    if not pairs:
        return ""
    from urllib.parse import urlencode

    return urlencode(pairs)


def pairs_of(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """The name-value pairs of query parameters or form fields.

    Raises:
        TypeError: A name is no text, or a value cannot be written as text.
        ValueError: A name or value contains a lone surrogate, or values are nested without an end.
    """
    pairs: list[tuple[str, str]] = []
    for name, value in values.items():
        if not isinstance(cast("object", name), str):
            raise TypeError(f"names of query parameters and form fields must be strings, not {type(name).__name__}")
        try:
            own = list(flatten(name, value))
            "".join(text for pair in own for text in pair).encode()
        except UnicodeEncodeError:
            raise ValueError(f"{_shown(name)} contains a character that cannot be sent (a lone surrogate)") from None
        except RecursionError:
            raise ValueError(f"{_shown(name)} is nested too deep, or inside of itself") from None
        pairs += own
    return pairs


def _shown(name: str) -> str:
    return name if name.isidentifier() and len(name) < SHOWN else one_line(repr(name), SHOWN)


def flatten(name: str, value: object) -> Iterator[tuple[str, str]]:
    """The name-value pairs of one query parameter or form field; none for `None` and `omit`."""
    if value is None or isinstance(value, Omit):
        return
    if isinstance(value, bool):
        yield name, "true" if value else "false"
    elif is_mapping(value):
        for key, item in value.items():
            yield from flatten(f"{name}[{key}]", item)
    elif is_bytes(value):
        raise TypeError(f"{_shown(name)} must be text, not {type(value).__name__}")
    elif is_model_like(value):
        yield from flatten(name, value.to_dict())
    elif is_collection(value):
        bracketed = name if name.endswith("[]") else f"{name}[]"
        for item in value:
            yield from flatten(bracketed, item)
    else:
        yield name, value if isinstance(value, str) else str(value)


def check_address(url: httpx.URL, said: str = "") -> None:
    """Refuse hosts and ports that cannot exist. The HTTP libraries let them pass, and what asyncio and Python's codecs
    raise then is no exception of theirs.

    Args:
        url: An absolute URL.
        said: How messages begin.

    Raises:
        ValueError: There can be no such address.
    """
    labels = url.raw_host.removesuffix(b".").split(b".")
    if not all(len(label) <= MAX_LABEL for label in labels) or (len(labels) > 1 and not all(labels)):
        raise ValueError(f"{said}{url.host!r} cannot be the name of a host")
    if url.port is not None and url.port > MAX_PORT:
        raise ValueError(f"{said}{url.port} cannot be a port")


MAX_LABEL = 63
MAX_PORT = 65535


def place_of(url: httpx.URL) -> str:
    """Where a URL leads to, for messages: without user name, password and query, encoded as it is sent."""
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}{path_of(url)}"


def path_of(url: httpx.URL) -> str:
    """The path of a URL, encoded as it is sent: so it is one line, whatever an id in it contains."""
    return url.raw_path.partition(b"?")[0].decode("ascii", "replace")


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port: what two URLs of the same server have in common."""
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


# When and how soon an attempt is repeated: pure decisions over a status, headers and a count; and what time it is at
# the server, so that a wrong clock here does not matter.

# What time it is at the server, so that a wrong clock here does not matter.


def server_time(headers: Mapping[str, str]) -> float:
    """Seconds since 1970 by the `Date` header of an answer; by our own clock if it has none."""
    moment = http_date(headers.get("date", ""))
    return time.time() if moment is None else moment


def http_date(text: str) -> float | None:
    """Seconds since 1970 that a header names as a date; None if it is none."""
    import email.utils

    try:
        moment = email.utils.parsedate_to_datetime(text)
        if moment.tzinfo is None:  # HTTP dates are in GMT, whether they say so or not
            moment = moment.replace(tzinfo=UTC)
        return moment.timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


# When and how soon an attempt is repeated: pure decisions over a status, headers and a count.

INITIAL_DELAY = 0.5
MAX_DELAY = 8.0
"""Longest wait of our own, in seconds."""
MAX_RETRY_AFTER = 60.0
"""Longest wait that a server may ask for, in seconds; when it asks for more, its error is raised at once."""

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{0,12})?")

RETRIED_STATUSES = frozenset({408, 409, 429})


def is_retried_status(status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer is worth another attempt. The server's `x-should-retry` has the last word."""
    wish = headers.get("x-should-retry")
    if wish == "true":
        return True
    if wish == "false":
        return False
    return status in RETRIED_STATUSES or status >= 500


def retry_after(headers: Mapping[str, str], *, now: Callable[[], float] = time.time) -> float | None:
    """Seconds that the server asks to wait: `retry-after-ms`, or `Retry-After` as seconds or as a date."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None or text is None:
        return seconds
    moment = http_date(text)
    return None if moment is None else max(0.0, moment - now())


def delay(attempt: int, headers: Mapping[str, str], *, jitter: Callable[[], float] | None = None) -> float | None:
    """Seconds to wait before the next attempt; None when the server asks for longer than we are willing to wait.

    Args:
        attempt: How many attempts there have been, at least 1.
        headers: Headers of the answer; empty after a connection error.
        jitter: Gives a number between 0 and 1; up to a quarter of the delay is taken off, so that clients spread.
    """
    asked = retry_after(headers)
    if asked is not None:
        return asked if asked <= MAX_RETRY_AFTER else None
    if jitter is None:
        import random

        jitter = random.random
    return min(INITIAL_DELAY * 2.0 ** min(attempt - 1, 16), MAX_DELAY) * (1 - 0.25 * jitter())


def _number(text: str | None) -> float | None:
    text = "" if text is None else text.strip()  # of more blanks than `float` takes
    return float(text) if _NUMBER.fullmatch(text) else None
