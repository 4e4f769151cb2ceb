"""The HTTP libraries whose clients we accept, httpx and its fork httpx2, known by name: neither needs the other."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Literal

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
    names = {cls.__name__ for cls in type(error).__mro__ if cls.__module__.partition(".")[0] in LIBRARIES}
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
        client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    return bool(bad)


def before_sending(error: BaseException) -> bool:
    """Whether an exception of an HTTP library says that nothing of the request reached the server."""
    names = {cls.__name__ for cls in type(error).__mro__ if cls.__module__.partition(".")[0] in LIBRARIES}
    return bool(names & NEVER_SENT)


def is_misuse(error: BaseException) -> bool:
    """Whether an exception of an HTTP library says that a body was read twice, too early or after closing."""
    return any(
        cls.__name__ == "StreamError" and cls.__module__.partition(".")[0] in LIBRARIES for cls in type(error).__mro__
    )


def library_of(client: object) -> ModuleType:
    """The library that an HTTP client belongs to."""
    names = (cls.__module__.partition(".")[0] for cls in type(client).__mro__)
    return sys.modules[next(name for name in names if name in LIBRARIES)]


def is_response_class(value: object) -> bool:
    """Whether a value is the class of the responses of one of the libraries."""
    return isinstance(value, type) and value.__name__ == "Response" and value.__module__.partition(".")[0] in LIBRARIES


def is_client(value: object, kind: Literal["Client", "AsyncClient"]) -> bool:
    """Whether a value is an HTTP client of one of the libraries."""
    return any(cls.__name__ == kind and cls.__module__.partition(".")[0] in LIBRARIES for cls in type(value).__mro__)
