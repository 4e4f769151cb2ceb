"""The clients: `OpenAI` and `AsyncOpenAI`."""

from __future__ import annotations

import contextlib
import os
from functools import wraps
from typing import TYPE_CHECKING, Any, Awaitable, Callable, Generic, Mapping, NoReturn, TypeVar, cast

import httpx

from ._basics import Omit, omit, one_line, require_mapping
from ._connection import AsyncConnection, Connection
from ._errors import OpenAIError
from ._http import check_address, close, close_async, is_a
from ._http_clients import (
    HttpClientPerLoop,
    HttpSource,
    OneHttpClient,
    WithProxies,
    checked_proxy,
    explained,
    spread,
)
from ._logs import Secret, configure_from_environment, note_headers, scrub
from ._requests import DEFAULT_MAX_RETRIES, OPTION_NAMES, Core, require_retries, require_timeout
from .resources import AsyncClientResources, ClientResources

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from ._http import AsyncClientLike, ClientLike, TimeoutLike

Timeout = httpx.Timeout

SHOWN = 200
"""Characters of what is no URL."""

DEFAULT_BASE_URL = "https://api.openai.com/v1"
DEFAULT_TIMEOUT = httpx.Timeout(600.0, connect=5.0)
"""600 seconds for each read and write, 5 seconds to connect."""
DEFAULT_CONNECTION_LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100)
HTTPX_DEFAULT_TIMEOUT = httpx.Timeout(5.0)

HttpT = TypeVar("HttpT", "ClientLike", "AsyncClientLike")
MethodT = TypeVar("MethodT", bound=Callable[..., Any])


class DefaultHttpxClient(WithProxies, httpx.Client):
    """An `httpx.Client` with this library's defaults, for people who configure their own.

    Raises:
        OpenAIError: `proxy`, or a proxy or the certificates that the environment names, cannot be used.
    """

    def __init__(self, **kwargs: Any) -> None:
        with explained(kwargs):
            super().__init__(**_with_defaults(kwargs))
            self.exempt_networks()

    def __del__(self) -> None:
        # A client that nobody closed gives its sockets back with itself, as programs expect of short scripts.
        with contextlib.suppress(Exception):
            self.close()


class DefaultAsyncHttpxClient(WithProxies, httpx.AsyncClient):
    """An `httpx.AsyncClient` with this library's defaults, for people who configure their own.

    Raises: as `DefaultHttpxClient`.
    """

    def __init__(self, **kwargs: Any) -> None:
        with explained(kwargs):
            super().__init__(**spread(_with_defaults(kwargs)))
            self.exempt_networks()


def _mounted(mounts: dict[str, object] | None) -> list[tuple[str, object]]:
    return [("mounts", transport) for transport in (mounts or {}).values()]


class _OwnHttpxClient(DefaultHttpxClient):
    unconfigured = True


class _OwnAsyncHttpxClient(DefaultAsyncHttpxClient):
    unconfigured = True


def _with_defaults(kwargs: dict[str, Any]) -> dict[str, Any]:
    for name, transport in [("transport", kwargs.get("transport")), *_mounted(kwargs.get("mounts"))]:
        if is_a(transport, "BaseTransport", "AsyncBaseTransport") and not isinstance(
            transport, (httpx.BaseTransport, httpx.AsyncBaseTransport)
        ):
            raise TypeError(
                "a transport of httpx2 belongs into a client of httpx2: pass "
                f"http_client=httpx2.Client({name}=...), or httpx2.AsyncClient({name}=...) to AsyncOpenAI"
            )
    defaults = {"timeout": DEFAULT_TIMEOUT, "limits": DEFAULT_CONNECTION_LIMITS, "follow_redirects": True}
    return {**defaults, **kwargs, "proxy": checked_proxy(kwargs.get("proxy"))}


_WITH_SECRETS = frozenset({"api_key", "base_url", "proxy"})
"""Arguments of a client that tracebacks are not to show."""


def _by_name(method: MethodT) -> MethodT:
    """Say of an argument that there is not what the client takes, and of an option of calls where that is given."""
    names = cast("Any", method).__kwdefaults__

    @wraps(method)
    def checked(self: Any, *args: Any, **kwargs: Any) -> Any:
        if args:
            raise TypeError("the arguments of a client are given by name, such as api_key=...")
        for name in kwargs.keys() - names.keys():
            if name in OPTION_NAMES:
                says = f"{name} is given with each call, such as client.beta.threads.retrieve(thread_id, {name}=...)"
            else:
                says = f"unexpected keyword argument: {name}"
            raise TypeError(f"{says}. A client takes {', '.join(names)}.")
        for name in _WITH_SECRETS & kwargs.keys():
            kwargs[name] = _secret(kwargs[name])
        return method(self, **kwargs)

    return cast("MethodT", checked)


class _BaseClient(Generic[HttpT]):
    """What both clients have in common: the settings."""

    _core: Core
    _passed_http: HttpT | None
    _own_http: HttpSource[HttpT]
    """Used unless one was passed."""
    _resources: Callable[[Any], Any]
    """Makes the tree of resources over another connection."""

    def _set_up(
        self,
        *,
        kind: str,
        api_key: str | Callable[[], Any] | None,
        organization: str | None,
        project: str | None,
        base_url: str | httpx.URL | None,
        timeout: float | httpx.Timeout | TimeoutLike | Omit | None,
        max_retries: int,
        default_headers: Mapping[str, str | Omit] | None,
        default_query: Mapping[str, object] | None,
        http_client: HttpT | None,
        strict: bool,
    ) -> None:
        configure_from_environment()
        if api_key is None:
            api_key = os.environ.get("OPENAI_API_KEY")
        if not api_key:
            raise OpenAIError(
                "No API key: pass api_key= to the client or set the environment variable OPENAI_API_KEY. "
                "A server that asks for none (such as the one in the box) takes any text."
            )
        for name, value in (("default_headers", default_headers), ("default_query", default_query)):
            if value is not None:
                require_mapping(name, value)
        require_retries("max_retries", max_retries)
        if not isinstance(timeout, Omit):
            require_timeout("timeout", timeout)
        if http_client is not None and not is_a(http_client, cast("Any", kind)):
            raise TypeError(
                f"http_client must be an httpx.{kind} for {type(self).__name__}, not {type(http_client).__name__}; "
                f"make one with Default{'Async' if kind == 'AsyncClient' else ''}HttpxClient(...)"
            )
        if isinstance(timeout, Omit):
            timeout = _timeout_of(http_client)
        if isinstance(api_key, str):
            note_headers(default_headers or {}, api_key)
        self._passed_http = http_client
        self._core = Core(
            base_url=_checked_url(base_url or os.environ.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL),
            api_key=_checked_key(api_key),
            organization=organization if organization is not None else os.environ.get("OPENAI_ORG_ID"),
            project=project if project is not None else os.environ.get("OPENAI_PROJECT_ID"),
            timeout=timeout,
            max_retries=max_retries,
            default_headers=_unshown(default_headers or {}),
            default_query=_unshown(default_query or {}),
            strict=strict,
            http=cast("Callable[[], httpx.Client | httpx.AsyncClient]", self._http),
        )

    def _http(self) -> HttpT:
        """The HTTP client to use here and now."""
        return self._own_http.get() if self._passed_http is None else self._passed_http

    @property
    def api_key(self) -> str:
        """The API key; empty if a function gives it."""
        key = self._core.api_key
        return str(key) if isinstance(key, str) else ""

    @api_key.setter
    def api_key(self, value: str) -> None:
        self._core.api_key = _checked_key(value)

    @property
    def base_url(self) -> httpx.URL:
        """Where the API is, with a trailing slash."""
        return self._core.base_url

    @base_url.setter
    def base_url(self, value: str | httpx.URL) -> None:
        self._core.base_url = _checked_url(value)

    @property
    def organization(self) -> str | None:
        """Sent as `OpenAI-Organization`."""
        return self._core.organization

    @property
    def project(self) -> str | None:
        """Sent as `OpenAI-Project`."""
        return self._core.project

    @property
    def timeout(self) -> float | httpx.Timeout | TimeoutLike | None:
        """Limit for each network step, in seconds."""
        return self._core.timeout

    @property
    def max_retries(self) -> int:
        """How often a failed attempt is repeated."""
        return self._core.max_retries

    @property
    def default_headers(self) -> dict[str, str | Omit]:
        """Headers added to every request."""
        return dict(self._core.default_headers)

    @property
    def default_query(self) -> dict[str, object]:
        """Query parameters added to every request."""
        return dict(self._core.default_query)

    @property
    def strict(self) -> bool:
        """Whether answers that deviate from the API's documents raise."""
        return self._core.strict

    def is_closed(self) -> bool:
        """Whether `close` has been called."""
        return (self._own_http if self._passed_http is None else self._passed_http).is_closed

    @_by_name
    def copy(
        self,
        *,
        api_key: str | Callable[[], str] | Callable[[], Awaitable[str]] | None = None,
        organization: str | None = None,
        project: str | None = None,
        base_url: str | httpx.URL | None = None,
        timeout: float | httpx.Timeout | TimeoutLike | Omit | None = omit,
        max_retries: int | Omit = omit,
        default_headers: Mapping[str, str | Omit] | None = None,
        set_default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        set_default_query: Mapping[str, object] | None = None,
        http_client: HttpT | None = None,
        strict: bool | Omit = omit,
    ) -> Self:
        """A client with some settings changed that shares the connections of this one.

        `default_headers` and `default_query` are merged with this client's; the `set_` forms replace them.

        Raises:
            ValueError: Headers or query parameters are given in both forms.
        """
        core = self._core
        settings: dict[str, Any] = {
            "api_key": core.api_key if api_key is None else api_key,
            "base_url": core.base_url if base_url is None else base_url,
            "timeout": core.timeout if isinstance(timeout, Omit) else timeout,
            "max_retries": core.max_retries if isinstance(max_retries, Omit) else max_retries,
            "default_headers": _merged("headers", core.default_headers, default_headers, set_default_headers),
            "default_query": _merged("query", core.default_query, default_query, set_default_query),
            "http_client": http_client,
            "strict": core.strict if isinstance(strict, Omit) else strict,
        }
        copied = type(self)(**settings)
        if http_client is None:
            copied._passed_http, copied._own_http = self._passed_http, self._own_http
        # Even none is kept, whatever the environment says by now.
        copied._core.organization = core.organization if organization is None else organization
        copied._core.project = core.project if project is None else project
        copied._core.known = core.known
        return copied

    with_options = copy

    def _over(self, connection: Any) -> Any:
        return self._resources(connection)

    def __repr__(self) -> str:
        if not hasattr(self, "_core"):  # it could not be made
            return f"{type(self).__name__}()"
        url = self._core.base_url.copy_with(username=None, password=None)
        return f"{type(self).__name__}(base_url={str(url)!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} cannot be pickled: it holds connections and a key; make one where needed"
        )


class BaseOpenAI(_BaseClient["ClientLike"]):
    """What every blocking client is, whatever resources it has. See `OpenAI` for the arguments."""

    @_by_name
    def __init__(
        self,
        *,
        api_key: str | Callable[[], str] | None = None,
        organization: str | None = None,
        project: str | None = None,
        base_url: str | httpx.URL | None = None,
        timeout: float | httpx.Timeout | TimeoutLike | Omit | None = omit,
        max_retries: int = DEFAULT_MAX_RETRIES,
        default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: httpx.Client | ClientLike | None = None,
        proxy: str | httpx.URL | httpx.Proxy | None = None,
        strict: bool = False,
    ) -> None:
        self._proxy = _checked_proxy(proxy, http_client)
        self._set_up(
            kind="Client",
            api_key=api_key,
            organization=organization,
            project=project,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
            default_query=default_query,
            http_client=http_client,
            strict=strict,
        )
        self._own_http = OneHttpClient(self._make_http)
        self._connection = Connection(self._core)

    def _make_http(self) -> httpx.Client:
        return _OwnHttpxClient(proxy=self._proxy)

    @property
    def connection(self) -> Connection:
        """What the resources send their calls through."""
        return self._connection

    def close(self) -> None:
        """Close the connections. Calls made afterwards raise `OpenAIError`."""
        close(self._own_http if self._passed_http is None else self._passed_http)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class BaseAsyncOpenAI(_BaseClient["AsyncClientLike"]):
    """What every async client is, whatever resources it has. See `AsyncOpenAI` for the arguments."""

    @_by_name
    def __init__(
        self,
        *,
        api_key: str | Callable[[], str] | Callable[[], Awaitable[str]] | None = None,
        organization: str | None = None,
        project: str | None = None,
        base_url: str | httpx.URL | None = None,
        timeout: float | httpx.Timeout | TimeoutLike | Omit | None = omit,
        max_retries: int = DEFAULT_MAX_RETRIES,
        default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: httpx.AsyncClient | AsyncClientLike | None = None,
        proxy: str | httpx.URL | httpx.Proxy | None = None,
        strict: bool = False,
    ) -> None:
        self._proxy = _checked_proxy(proxy, http_client)
        self._set_up(
            kind="AsyncClient",
            api_key=api_key,
            organization=organization,
            project=project,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
            default_query=default_query,
            http_client=http_client,
            strict=strict,
        )
        self._own_http = HttpClientPerLoop(self._make_http)
        self._connection = AsyncConnection(self._core)

    def _make_http(self) -> httpx.AsyncClient:
        return _OwnAsyncHttpxClient(proxy=self._proxy)

    @property
    def connection(self) -> AsyncConnection:
        """What the resources send their calls through."""
        return self._connection

    async def close(self) -> None:
        """Close the connections of this event loop; calls made afterwards raise `OpenAIError`, in any loop.

        Connections of other loops are closed when these end.
        """
        if self._passed_http is None:
            await self._own_http.close()
        else:
            await close_async(self._passed_http)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


class OpenAI(BaseOpenAI, ClientResources):
    """Client of the Assistants API, blocking. One client may be used from many threads, and goes on in forked processes
    (not with an `http_client` of your own: make the client after the fork).

    Args:
        api_key: The key, or a function that gives it, asked on each attempt; else `OPENAI_API_KEY`.
        organization: Sent as `OpenAI-Organization`; else `OPENAI_ORG_ID`.
        project: Sent as `OpenAI-Project`; else `OPENAI_PROJECT_ID`.
        base_url: Where the API is; else `OPENAI_BASE_URL`, else `https://api.openai.com/v1`.
        timeout: Limit for each network step (connect, write, each read) in seconds or as `httpx.Timeout`; `None` for no
            limit; 600 seconds, 5 to connect, unless given.
        max_retries: How often a failed attempt is repeated (connection errors, 408, 409, 429, 5xx); 2 unless given.
        default_headers: Headers added to every request; `omit` as value removes one.
        default_query: Query parameters added to every request.
        http_client: A client of your own, of httpx or httpx2; it is closed together with this client.
        proxy: URL of a proxy; not together with `http_client`.
        strict: Raise `APIResponseValidationError` where an answer deviates from the API's documents, instead of keeping
            the odd values and warning.

    Raises:
        OpenAIError: There is no API key, `base_url` is no http(s) URL, or `proxy` is no URL of a proxy.
        TypeError: An argument is of a wrong type, such as `http_client` of the wrong kind.
        ValueError: `timeout` is not above 0, or `max_retries` is below 0.
    """

    _resources = ClientResources


class AsyncOpenAI(BaseAsyncOpenAI, AsyncClientResources):
    """Client of the Assistants API for asyncio and trio. One client may be used in many event loops, even at once; each
    has connections of its own (not with an `http_client` of your own, which belongs to one loop).

    Args: as `OpenAI`; `api_key` may be an async function, `http_client` is an `AsyncClient` of httpx or httpx2.

    Raises: as `OpenAI`.
    """

    _resources = AsyncClientResources


Client = OpenAI
AsyncClient = AsyncOpenAI


def _timeout_of(http_client: Any) -> float | httpx.Timeout | None:
    """A passed HTTP client keeps its own timeout, unless that is httpx's default."""
    if http_client is not None and http_client.timeout.as_dict() != HTTPX_DEFAULT_TIMEOUT.as_dict():
        return cast("httpx.Timeout", http_client.timeout)
    return DEFAULT_TIMEOUT


def _checked_key(value: Any) -> Any:
    if not isinstance(value, str) and not callable(value):
        raise TypeError(f"api_key must be text or a function that gives it, not {type(value).__name__}")
    return _secret(value)


def _secret(value: Any) -> Any:
    return Secret(value) if isinstance(value, str) else value


def _checked_url(value: str | httpx.URL) -> httpx.URL:
    value = _secret(value)
    try:
        url = httpx.URL(str(value) if is_a(value, "URL") else value)
        check_address(url)
        host = url.host
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        scrub(error)
        # It may quote a part of them.
        reason = "check user name and password" if "@" in str(value) else one_line(str(error), SHOWN)
        raise OpenAIError(f"base_url is no URL: {reason}") from None
    if url.scheme not in ("http", "https") or not host:
        raise OpenAIError(
            "base_url must begin with http:// or https:// and name a host, such as http://localhost:8000/v1"
        )
    if url.query:
        raise OpenAIError("base_url must have no query; pass it as default_query={...}")
    text = str(url)
    return url if text.endswith("/") else httpx.URL(text + "/")


def _unshown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Any of these may be a secret: not to be seen in tracebacks."""
    return {name: _secret(value) for name, value in values.items()}


def _checked_proxy(proxy: Any, http_client: object) -> Any:
    if proxy is not None and http_client is not None:
        raise TypeError("pass proxy= to your own http client, not beside http_client=")
    return checked_proxy(proxy)


def _merged(
    what: str, current: Mapping[str, Any], added: Mapping[str, Any] | None, replacing: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    if added is not None and replacing is not None:
        raise ValueError(f"pass default_{what} to add or set_default_{what} to replace, not both")
    return replacing if replacing is not None else {**current, **(added or {})}
