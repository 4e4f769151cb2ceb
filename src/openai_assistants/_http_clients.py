"""The HTTP clients that our clients make for themselves: when they are made, who may use them, when they are closed,
and the many small connection pools of the async one."""

from __future__ import annotations

import contextlib
import math
import os
import re
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from traceback import clear_frames
from typing import (
    TYPE_CHECKING,
    Any,
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Generator,
    Mapping,
    Protocol,
    TypeVar,
    cast,
)
from urllib.request import getproxies
from weakref import WeakKeyDictionary

import httpx

from ._basics import ForkSafeLock, generation, one_line
from ._errors import OpenAIError
from ._http import check_address, close_async, is_a, limits_of
from ._logs import note_parameters, scrub

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from ._http import TimeoutLike

# Proxies and certificates, which a program or the environment names. What is wrong with them is said by us: what httpx
# and Python raise names no variable, and has passwords in its tracebacks.

SHOWN = 200
"""Characters of what the environment says."""
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
_NAME = re.compile(r"[^\s*/<>|?#\[\]]+")
_BRACKETED = re.compile(r"\[([^\[\]]+)\](/\d+)?(:\d+)?")

Network = IPv4Network | IPv6Network


@contextlib.contextmanager
def explained(settings: dict[str, Any]) -> Generator[None]:
    """While an HTTP client is made: say what is wrong with the certificates, and leave no secrets in tracebacks.

    Raises:
        OpenAIError: There are no certificates where the environment says.
    """
    try:
        yield
    except Exception as error:
        scrub(error)
        clear_frames(error.__traceback__)  # ours, too, which had the settings
        own = isinstance(settings.get("verify", True), bool) and not settings.get("cert")
        settings.clear()  # a password may be among them
        if not own or not isinstance(error, OSError):
            raise
        named = [
            f"{name} ({one_line(repr(os.environ[name]), SHOWN)})" for name in _CERTIFICATES if os.environ.get(name)
        ]
        advice = "install the package certifi again"
        if named:
            advice = f"correct or unset the environment variable {' or '.join(named)}"
        said = one_line(error.strerror or str(error), SHOWN)
        raise OpenAIError(f"The certificates of servers cannot be loaded: {said}; {advice}.") from None


def checked_proxy(proxy: Any) -> httpx.Proxy | None:
    """The proxy that a program names, by its URL or as an object of one of the libraries.

    Raises:
        TypeError: It is of a wrong type.
        OpenAIError: It is no URL of a proxy.
    """
    if proxy is None or isinstance(proxy, httpx.Proxy):
        return proxy
    if is_a(proxy, "Proxy"):
        return httpx.Proxy(
            str(proxy.url), ssl_context=proxy.ssl_context, auth=proxy.auth, headers=list(proxy.headers.raw)
        )
    if not isinstance(proxy, str) and not is_a(proxy, "URL"):
        raise TypeError(f"proxy must be the URL of a proxy or an httpx.Proxy, not {type(proxy).__name__}")
    made = _proxy_of(str(proxy), "proxy")
    if isinstance(made, str):
        del proxy
        raise OpenAIError(made)
    return made


def _proxy_of(url: str, what: str) -> httpx.Proxy | str:
    """A proxy, or what is wrong with its URL; that is not quoted, not even in part."""
    try:
        proxy = httpx.Proxy(url)
        check_address(proxy.url)
        host = proxy.url.host
    except (httpx.InvalidURL, ValueError):
        host = ""
    else:
        if proxy.url.scheme.startswith("socks") and find_spec("socksio") is None:
            return f"{what} is a SOCKS proxy, and httpx needs a package for that: pip install 'httpx[socks]'"
        if host:
            return proxy
    return (
        f"{what} is no URL of a proxy: it must begin with http://, https:// or socks5:// and name a host, such as "
        "http://localhost:3128; in a user name and a password %2F stands for a slash, %3A for a colon, %40 for @"
    )


class WithProxies:
    """What the HTTP clients of both kinds have in common: they read the proxies of the environment by our rules."""

    _direct: tuple[Network, ...] = ()

    def _get_proxy_map(self, proxy: Any, allow_env_proxies: bool) -> Any:
        """Called by httpx: patterns of URLs, and what their requests go through."""
        if proxy is not None or not allow_env_proxies:
            return cast("Any", super())._get_proxy_map(proxy, allow_env_proxies)
        found = _proxies_of_environment()
        if found.problem:
            raise OpenAIError(found.problem)
        self._direct = tuple(found.networks)
        return found.patterns

    def exempt_networks(self) -> None:
        """Let requests to networks pass by the proxies that are for all hosts: httpx has no patterns of networks."""
        if self._direct:
            mounts: dict[Any, Any] = vars(self)["_mounts"]
            of_hosts = {pattern: transport for pattern, transport in mounts.items() if pattern.host}
            vars(self)["_mounts"] = {**of_hosts, _InNetworks(self._direct): None, **mounts}


@dataclass(frozen=True)
class _InNetworks:
    """Stands among httpx's patterns for the hosts of networks."""

    networks: tuple[Network, ...]

    def matches(self, url: httpx.URL) -> bool:
        """Whether a URL leads into one of them."""
        try:
            address = ip_address(url.host)
        except ValueError:
            return False
        return any(address in network for network in self.networks)


@dataclass
class _Found:
    """The proxies of the environment. No traceback shows them: they are read before anything is raised."""

    problem: str = ""
    patterns: dict[str, httpx.Proxy | None] = field(default_factory=dict[str, "httpx.Proxy | None"])
    networks: list[Network] = field(default_factory=list[Network])


def _proxies_of_environment() -> _Found:
    """As httpx reads them, and with more of what other programs take in `NO_PROXY`: networks, addresses in brackets,
    names that begin with `*.`, blanks for commas."""
    named, found = getproxies(), _Found()
    exempt = named.get("no", "").replace(",", " ").split()
    if "*" in exempt:
        return found
    for scheme in ("http", "https", "all"):
        url = named.get(scheme, "").strip()
        if url:
            proxy = _proxy_of(url if "://" in url else f"http://{url}", _variable(f"{scheme}_proxy"))
            if isinstance(proxy, str):
                return _Found(proxy)
            found.patterns[f"{scheme}://"] = proxy
    has_proxies = bool(found.patterns)
    for entry in exempt:
        read = _exempt(entry)
        if isinstance(read, str):
            found.patterns[read] = None
        elif read is not None:
            found.networks.append(read)
        elif has_proxies:
            shown = "one with an @ in it" if "@" in entry else one_line(repr(entry), SHOWN)
            return _Found(
                f"{_variable('no_proxy')} has an entry that is not understood: {shown}. Entries are names of hosts, "
                "addresses and networks, such as localhost, .example.com, ::1 or 10.0.0.0/8, with commas between them"
            )
    return found


def _exempt(entry: str) -> str | Network | None:
    """What an entry of `NO_PROXY` stands for: a pattern of httpx, or a network; None if that cannot be known."""
    bracketed = _BRACKETED.fullmatch(entry)
    address, port = (f"{bracketed[1]}{bracketed[2] or ''}", bracketed[3] or "") if bracketed else (entry, "")
    try:
        network = ip_network(address, strict=False)
    except ValueError:
        name = entry.removeprefix("*")
        if "://" not in entry and not _NAME.fullmatch(name):
            return None  # a part of a name, or what is a network only at first sight
        pattern = entry if "://" in entry else f"all://{'' if name.lower() == 'localhost' else '*'}{name}"
    else:
        if network.num_addresses > 1:
            return None if port else network
        host = network.network_address
        pattern = f"all://{host}{port}" if host.version == 4 else f"all://[{host}]{port}"
    try:
        return pattern if httpx.URL(pattern).host and "@" not in pattern else None
    except (httpx.InvalidURL, ValueError):
        return None


def _variable(name: str) -> str:
    """How a variable of the environment is called in a message; people write those of proxies in two ways."""
    found = sorted(each for each, value in os.environ.items() if value and each.lower() == name)
    return f"The environment variable {' or '.join(found or [name.upper()])}"


# Many requests at once over many small connection pools.
#
# httpx's pool looks at all of its connections and all waiting requests whenever one begins or ends, so fifty at a
# time cost several times what each costs alone. Sixteen pools with a few connections each do not.

POOLS = 16
_OF_THE_TRANSPORT = ("verify", "cert", "trust_env", "http1", "http2", "limits")
_OTHER_WAYS = ("transport", "mounts", "proxy", "app")


def spread(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings of an `httpx.AsyncClient`, with such a transport; unchanged where requests go another way: through a
    proxy, also one that the environment names, or over a transport of the program."""
    if any(settings.get(name) is not None for name in _OTHER_WAYS) or settings.get("http2"):
        return settings
    if settings.get("trust_env", True) and {"http", "https", "all"} & getproxies().keys():
        return settings
    passed_on = {name: settings[name] for name in _OF_THE_TRANSPORT if name in settings}
    return {**settings, "transport": SpreadTransport(**passed_on)}


class SpreadTransport(httpx.AsyncBaseTransport):
    """Sends each request over the pool that has the fewest under way; pools are made as they are needed.

    asyncio's own way of cancelling a task can strike where httpx's pool gives a connection back, which then stays in
    use for ever. Such a pool is replaced, and closed when its last request has ended.
    """

    def __init__(
        self, *, verify: Any = True, cert: Any = None, trust_env: bool = True, limits: httpx.Limits, **settings: Any
    ) -> None:
        context = httpx.create_ssl_context(verify=verify, cert=cert, trust_env=trust_env)
        self._most = min(POOLS, limits.max_connections or POOLS)
        shared = _share(limits, self._most)
        self._settings: dict[str, Any] = {"verify": context, "trust_env": trust_env, "limits": shared, **settings}
        self._pools: list[_Pool] = []
        self._replaced: set[_Pool] = set()
        self._is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; it is under way until its answer is closed."""
        pool = self._freest()
        pool.under_way += 1
        try:
            response = await pool.transport.handle_async_request(request)
        except BaseException:
            await self.ended(pool)
            raise
        response.stream = _Counted(response.stream, self, pool)
        return response

    async def ended(self, pool: _Pool) -> None:
        """A request over a pool is not under way any more."""
        pool.under_way -= 1
        if pool not in self._replaced and pool.has_lost_connections():
            self._replaced.add(pool)
            self._pools[self._pools.index(pool)] = self._new()
        if pool.under_way:
            return
        if pool in self._replaced:
            self._replaced.discard(pool)
            await pool.close()
        elif self._is_closed:
            await pool.close()

    def _freest(self) -> _Pool:
        pools = self._pools
        for pool in pools:
            if not pool.under_way:
                return pool  # the first one, whose connections are most likely open
        if len(pools) < self._most:
            pools.append(self._new())
            return pools[-1]
        return min(pools, key=lambda pool: pool.under_way)

    def _new(self) -> _Pool:
        return _Pool(httpx.AsyncHTTPTransport(**self._settings))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.aclose()

    @property
    def transports(self) -> list[httpx.AsyncHTTPTransport]:
        """Those of all pools."""
        return [pool.transport for pool in (*self._pools, *self._replaced)]

    async def aclose(self) -> None:
        """Close all connections; those that are being made, when their requests have ended."""
        self._is_closed = True
        for pool in (*self._pools, *self._replaced):
            await pool.close()


@dataclass(eq=False, slots=True)
class _Pool:
    """One of the pools."""

    transport: httpx.AsyncHTTPTransport
    under_way: int = 0
    let_go: list[Any] = field(default_factory=list[Any])
    """Its connections when it was closed. One that was being made then is not closed, and httpx forgets it."""

    async def close(self) -> None:
        """Close its connections, as far as they are made."""
        self.let_go += getattr(getattr(self.transport, "_pool", None), "connections", ())
        await self.transport.aclose()
        for connection in self.let_go:
            await connection.aclose()

    def has_lost_connections(self) -> bool:
        """Whether it takes more requests or connections for being under way than there are."""
        pool: Any = getattr(self.transport, "_pool", None)
        if len(getattr(pool, "_requests", ())) > self.under_way:
            return True
        connections = getattr(pool, "connections", ())
        return sum(not (each.is_idle() or each.is_closed()) for each in connections) > self.under_way


class _Counted(httpx.AsyncByteStream):
    """A body that tells when it is closed."""

    def __init__(self, stream: Any, transport: SpreadTransport, pool: _Pool) -> None:
        self._stream = stream
        self._transport = transport
        self._pool = pool
        self._open = True

    def __aiter__(self) -> AsyncIterator[bytes]:
        return cast("AsyncIterator[bytes]", self._stream.__aiter__())

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            if self._open:
                self._open = False
                await self._transport.ended(self._pool)


def _share(limits: httpx.Limits, pools: int) -> httpx.Limits:
    """What one pool may have of the limits of all."""
    connections, idle = limits.max_connections, limits.max_keepalive_connections
    return httpx.Limits(
        max_connections=None if connections is None else connections // pools,
        max_keepalive_connections=None if idle is None else math.ceil(idle / pools),
        keepalive_expiry=limits.keepalive_expiry,
    )


# The HTTP clients that our clients make for themselves: when they are made, who may use them, when they are closed.

HttpT_co = TypeVar("HttpT_co", covariant=True)

CLOSED = "The client is closed; make a new one, or move the call before close()."

OTHER_LOOP = (
    "This http_client was used in another event loop, to which its connections belong. Pass none, and there is one for "
    "each loop; or make it inside of the loop, like the client that it is passed to."
)
_SAID_OF_OTHER_LOOPS = ("event loop is closed", "different event loop", "different loop")
_SAID_OF_OTHER_LIBRARIES = ("no running event loop", "must be called from async context")
"""What asyncio's connections say in trio, and trio's in asyncio."""

_making = ForkSafeLock()
_of_parents: list[object] = []
"""HTTP clients that were there before a fork. They stay as they are: the parent uses their sockets and locks."""


def build_request(
    http: httpx.Client | httpx.AsyncClient,
    method: str,
    url: str,
    headers: Mapping[str, str],
    timeout: httpx.Timeout | TimeoutLike | float | None,
    content: Mapping[str, Any],
) -> httpx.Request:
    """A request of an HTTP client. One that we have made has no settings of a program, so that nothing is to be merged
    but its few headers: this saves a third of what `http.build_request` costs."""
    if not getattr(http, "unconfigured", False) or len(http.cookies):
        if len(http.params):
            note_parameters(http.params)
        return http.build_request(method, url, headers=headers, timeout=limits_of(timeout), **content)
    import httpx

    encoded = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
    named = {name for name, _ in encoded}
    kept = [(name, value) for name, value in http.headers.raw if name.lower() not in named]
    known = timeout if isinstance(timeout, httpx.Timeout) else httpx.Timeout(limits_of(timeout))
    extensions = {"timeout": known.as_dict()}
    return httpx.Request(method, url, headers=kept + encoded, extensions=extensions, **content)


class HttpSource(Protocol[HttpT_co]):
    """Gives the HTTP client for a request that is sent now."""

    is_closed: bool

    def get(self) -> HttpT_co:
        """The HTTP client to use here and now."""
        ...

    def close(self) -> Any:
        """Close what is open; awaited on the async client."""


class OneHttpClient:
    """The HTTP client of a sync client, for all threads of a process. A forked process gets one of its own."""

    def __init__(self, make: Callable[[], httpx.Client]) -> None:
        self._make = make
        self._http: httpx.Client | None = None
        self._generation = generation()
        self.is_closed = False

    def get(self) -> httpx.Client:
        """The HTTP client; made on first use, because making one reads the certificates.

        Raises:
            OpenAIError: It is closed.
        """
        if self.is_closed:
            raise OpenAIError(CLOSED)
        http = self._http
        if http is None or self._generation != generation():
            with _making:
                http = self._http
                if http is not None and self._generation != generation():
                    _of_parents.append(http)
                    http = None
                if http is None:
                    http = self._make()
                    self._http, self._generation = http, generation()
        return http

    def close(self) -> None:
        """Close the connections of this process."""
        self.is_closed = True
        if self._http is not None and self._generation == generation():
            self._http.close()


class HttpClientPerLoop:
    """The HTTP clients of an async client. A connection belongs to the event loop that it was made in, so each loop has
    an HTTP client of its own; it is closed together with the loop, if not before."""

    def __init__(self, make: Callable[[], httpx.AsyncClient]) -> None:
        self._make = make
        self._open: WeakKeyDictionary[object, tuple[httpx.AsyncClient, AsyncGenerator[None] | None]]
        self._open = WeakKeyDictionary()
        self.is_closed = False

    def get(self) -> httpx.AsyncClient:
        """The HTTP client of the event loop that runs here; made on first use.

        Raises:
            OpenAIError: It is closed.
        """
        if self.is_closed:
            raise OpenAIError(CLOSED)
        loop = running_loop()
        found = self._open.get(loop)
        if found is None:
            http = self._make()
            found = http, _closing_with_loop(http)
        elif found[0].is_closed:  # the loop is ending, and a generator of the program cleans up
            http = self._make()
            http.headers["connection"] = "close"
            found = http, None
        else:
            return found[0]
        with _making:
            self._forget_ended_loops()
            self._open[loop] = found
        return found[0]

    async def close(self) -> None:
        """Close the connections of this event loop; those of other loops are closed when their loop ends."""
        self.is_closed = True
        with _making:
            self._forget_ended_loops()
        found = self._open.pop(running_loop(), None)
        if found is not None and found[1] is not None:
            await found[1].aclose()

    def _forget_ended_loops(self) -> None:
        """An HTTP client refers to its loop, so that this would stay. Some loops are closed without ending what is
        left of their generators, and with them their HTTP client."""
        for loop, (http, _) in list(self._open.items()):
            if http.is_closed:
                del self._open[loop]
            elif getattr(loop, "is_closed", bool)():
                del self._open[loop]
                _close_sockets(http)


def _close_sockets(http: Any) -> None:
    """Close the connections of an event loop that is closed: nothing can be awaited there any more."""
    transports: list[Any] = [getattr(http, "_transport", None), *getattr(http, "_mounts", {}).values()]
    for transport in [each for one in transports for each in getattr(one, "transports", [one])]:
        for connection in getattr(getattr(transport, "_pool", None), "connections", ()):
            with contextlib.suppress(Exception):  # it is made, or its loop has closed it
                wrapped = innermost(connection)._network_stream.get_extra_info("socket")
                wrapped._sock.close()  # asyncio lends its sockets without `close`


def innermost(connection: Any) -> Any:
    """What speaks over the network in a connection of a pool, below what speaks to a proxy or has chosen the protocol;
    None as long as there is none."""
    while connection is not None and not hasattr(connection, "_network_stream"):
        connection = getattr(connection, "_connection", None)
    return connection


def running_loop() -> object:
    """The event loop that runs here, of asyncio or trio.

    Raises:
        RuntimeError: None runs.
    """
    trio = sys.modules.get("trio")
    if trio is not None:
        try:
            return trio.lowlevel.current_trio_token()
        except RuntimeError:
            pass
    import asyncio

    return asyncio.get_running_loop()


def close_soon(response: httpx.Response, loop: Any) -> None:
    """Close a response that nobody refers to any more, on the event loop where it came from. Where that is ending, it
    closes the HTTP client instead."""

    async def let_go() -> None:
        with contextlib.suppress(Exception):  # there is nobody to be told, and trio would end the whole program
            await close_async(response)

    def begin() -> None:
        task = loop.create_task(let_go())
        _closing.add(task)
        task.add_done_callback(_closing.discard)

    def begin_in_trio() -> None:
        with contextlib.suppress(RuntimeError):  # it takes no new tasks at its end
            sys.modules["trio"].lowlevel.spawn_system_task(let_go)

    if hasattr(loop, "run_sync_soon"):
        loop.run_sync_soon(begin_in_trio)
    else:
        loop.call_soon_threadsafe(begin)


_closing: set[Any] = set()
"""Tasks under way: asyncio itself does not keep them."""


def is_about_another_loop(error: RuntimeError) -> bool:
    """Whether the event loop complains that a connection is of another one."""
    said = str(error).lower()
    return any(words in said for words in _SAID_OF_OTHER_LOOPS + _SAID_OF_OTHER_LIBRARIES)


def _closing_with_loop(http: httpx.AsyncClient) -> AsyncGenerator[None]:
    """A generator that waits for its end. Event loops close the generators that are left when they end, so they close
    the HTTP client, in time and where its connections can be closed properly."""

    async def wait() -> AsyncGenerator[None]:
        try:
            yield
        finally:
            await close_async(http)

    waiting = wait()
    with contextlib.suppress(StopIteration):
        waiting.__anext__().send(None)  # up to the `yield`; the loop learns of it here
    return waiting
