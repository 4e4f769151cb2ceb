"""Many requests at once over many small connection pools.

httpx's pool looks at all of its connections and all waiting requests whenever one begins or ends, so fifty at a time
cost several times what each costs alone. Sixteen pools with a few connections each do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, AsyncIterator, cast
from urllib.request import getproxies

import httpx

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

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
        if not pool.under_way and pool in self._replaced:
            self._replaced.discard(pool)
            await pool.transport.aclose()

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

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in [*self._pools, *self._replaced]:
            await pool.transport.aclose()


@dataclass(eq=False, slots=True)
class _Pool:
    """One of the pools."""

    transport: httpx.AsyncHTTPTransport
    under_way: int = 0

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
