"""The HTTP libraries whose clients we accept, httpx and its fork httpx2, known by name: neither needs the other."""

from __future__ import annotations

import contextlib
import sys
from functools import cache, lru_cache
from types import ModuleType
from typing import Any, Literal, cast

LIBRARIES = ("httpx", "httpx2")

NOT_WORTH_REPEATING = frozenset(
    {"UnsupportedProtocol", "LocalProtocolError", "InvalidURL", "TooManyRedirects", "DecodingError", "StreamError"}
)

NEVER_SENT = NOT_WORTH_REPEATING | {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"}

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
    """The names of the classes that an object is of, as far as they are of the libraries."""
    return _names_of_class(cast("Any", type(value)))


@lru_cache(maxsize=200)
def _names_of_class(cls: Any) -> frozenset[str]:
    return frozenset(each.__name__ for each in cls.__mro__ if each.__module__.partition(".")[0] in LIBRARIES)


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
