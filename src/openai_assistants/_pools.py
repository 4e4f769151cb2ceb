"""Many requests at once over many small connection pools.

httpx's pool looks at all of its connections and all waiting requests whenever one begins or ends, so fifty at a time
cost several times what each costs alone. Sixteen pools with a few connections each do not.
"""

from __future__ import annotations

import math
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
    """Sends each request over the pool that has the fewest under way; pools are made as they are needed."""

    def __init__(
        self, *, verify: Any = True, cert: Any = None, trust_env: bool = True, limits: httpx.Limits, **settings: Any
    ) -> None:
        context = httpx.create_ssl_context(verify=verify, cert=cert, trust_env=trust_env)
        self._most = min(POOLS, limits.max_connections or POOLS)
        shared = _share(limits, self._most)
        self._settings: dict[str, Any] = {"verify": context, "trust_env": trust_env, "limits": shared, **settings}
        self._pools: list[httpx.AsyncHTTPTransport] = []
        self._under_way: list[int] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; it is under way until its answer is closed."""
        number = self._freest()
        self._under_way[number] += 1
        try:
            response = await self._pools[number].handle_async_request(request)
        except BaseException:
            self._under_way[number] -= 1
            raise
        response.stream = _Counted(response.stream, self._under_way, number)
        return response

    def _freest(self) -> int:
        under_way = self._under_way
        for number, count in enumerate(under_way):
            if not count:
                return number  # the first one, whose connections are most likely open
        if len(under_way) < self._most:
            self._pools.append(httpx.AsyncHTTPTransport(**self._settings))
            under_way.append(0)
            return len(under_way) - 1
        return under_way.index(min(under_way))

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
        for pool in self._pools:
            await pool.aclose()


class _Counted(httpx.AsyncByteStream):
    """A body that tells when it is closed."""

    def __init__(self, stream: Any, under_way: list[int], number: int) -> None:
        self._stream = stream
        self._under_way = under_way
        self._number = number
        self._open = True

    def __aiter__(self) -> AsyncIterator[bytes]:
        return cast("AsyncIterator[bytes]", self._stream.__aiter__())

    async def aclose(self) -> None:
        if self._open:
            self._open = False
            self._under_way[self._number] -= 1
        await self._stream.aclose()


def _share(limits: httpx.Limits, pools: int) -> httpx.Limits:
    """What one pool may have of the limits of all."""
    connections, idle = limits.max_connections, limits.max_keepalive_connections
    return httpx.Limits(
        max_connections=None if connections is None else connections // pools,
        max_keepalive_connections=None if idle is None else math.ceil(idle / pools),
        keepalive_expiry=limits.keepalive_expiry,
    )
