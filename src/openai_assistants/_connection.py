"""What resources talk to: carries out calls over one HTTP client, blocking or awaiting."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ._binary import HttpxBinaryResponseContent
from ._core import Core
from ._exchange import exchange, fetch
from ._flow import (
    Ask,
    DeadlinePassed,
    Effect,
    Flow,
    Perform,
    Read,
    Send,
    Sleep,
    Together,
    ask,
    ask_async,
    remaining,
    run_flow,
    run_flow_async,
)
from ._http import close, close_async
from ._http_clients import OTHER_LOOP, is_about_another_loop
from ._secrets import Unshown

# Lists, streams and what runs side by side are loaded with their first use: most programs want one of them.
if TYPE_CHECKING:
    import httpx

    from ._calls import Call
    from ._options import RequestOptions
    from ._pagination import AsyncCursorPage, AsyncPage, AsyncPaginator, SyncCursorPage, SyncPage
    from ._streaming import AsyncStream, Stream

T = TypeVar("T")


class Connection:
    """Carries out calls, blocking."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def send(self, call: Call[T], options: RequestOptions) -> T:
        """Carry out a call and read its answer."""
        return run_flow(fetch(self.core, call, options), self)

    def stream(self, call: Call[T], options: RequestOptions) -> Stream[T]:
        """Carry out a call that is answered by server-sent events."""
        from ._event_streams import recovery_of
        from ._streaming import Stream

        recovery = recovery_of(self.core, call, options)
        opened = run_flow(recovery.open(), self)
        return Stream(opened, recovery, strict=self.core.strict, connection=self)

    def page(self, call: Call[T], options: RequestOptions) -> SyncCursorPage[T]:
        """Fetch the first page of a list."""
        from ._pagination import SyncCursorPage, fetch_page

        return run_flow(fetch_page(self, call, options, SyncCursorPage[T]), self)

    def plain_page(self, call: Call[T], options: RequestOptions) -> SyncPage[T]:
        """Fetch a list that comes whole."""
        from ._pagination import SyncPage, fetch_page

        return run_flow(fetch_page(self, call, options, SyncPage[T]), self)

    def binary(self, call: Call[Any], options: RequestOptions) -> HttpxBinaryResponseContent:
        """Carry out a call that is answered by a file."""
        return HttpxBinaryResponseContent(run_flow(exchange(self.core, call, options), self))

    def drive(self, flow: Flow[T]) -> T:
        """Carry out a flow."""
        return run_flow(flow, self)

    def perform(self, effect: Effect) -> Any:
        """Carry out one effect."""
        match effect:
            case Send():
                return self._send(effect)
            case Read(response, deadline):
                return _read(response, deadline)
            case Sleep(seconds):
                return time.sleep(seconds)
            case Ask(function):
                return Unshown(ask(function))
            case Perform(blocking=blocking):
                return blocking()
            case Together():
                from ._together import run_together

                return run_together(effect, self)

    def _send(self, effect: Send) -> httpx.Response:
        http = cast("httpx.Client", self.core.http())
        if effect.deadline is None:
            return http.send(effect.request, stream=effect.stream, follow_redirects=False, **_auth(effect.trusted))
        _shorten_timeouts(effect.request, effect.deadline)
        try:
            response = http.send(effect.request, stream=True, follow_redirects=False, **_auth(effect.trusted))
        except Exception:
            if time.monotonic() >= effect.deadline:
                raise DeadlinePassed from None
            raise
        if not effect.stream:
            _read(response, effect.deadline)
        return response


def _auth(trusted: bool) -> dict[str, Any]:
    """How to send: with the HTTP client's own `auth`, if it has one, or without."""
    return {} if trusted else {"auth": None}


def _read(response: httpx.Response, deadline: float | None) -> None:
    """Read a body, giving up between two pieces when the deadline has passed."""
    if deadline is not None:
        from ._deadline_stream import end_in_time

        end_in_time(response, deadline)
    try:
        response.read()
    except Exception:
        if deadline is not None and time.monotonic() >= deadline:
            raise DeadlinePassed from None
        raise
    finally:
        close(response)


def _shorten_timeouts(request: httpx.Request, deadline: float) -> None:
    """No network step may take longer than what is left of the deadline."""
    left = remaining(deadline)
    if not left:
        raise DeadlinePassed
    timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
    request.extensions["timeout"] = {
        step: left if (limit := timeouts.get(step)) is None else min(limit, left)
        for step in ("connect", "read", "write", "pool")
    }


class AsyncConnection:
    """Carries out calls, awaiting; on asyncio and trio."""

    def __init__(self, core: Core) -> None:
        self.core = core

    async def send(self, call: Call[T], options: RequestOptions) -> T:
        """Carry out a call and read its answer."""
        return await run_flow_async(fetch(self.core, call, options), self)

    async def stream(self, call: Call[T], options: RequestOptions) -> AsyncStream[T]:
        """Carry out a call that is answered by server-sent events."""
        from ._event_streams import recovery_of
        from ._streaming import AsyncStream

        recovery = recovery_of(self.core, call, options)
        opened = await run_flow_async(recovery.open(), self)
        return AsyncStream(opened, recovery, strict=self.core.strict, connection=self)

    def page(self, call: Call[T], options: RequestOptions) -> AsyncPaginator[T, AsyncCursorPage[T]]:
        """A list: await it for the first page, or iterate over everything."""
        from ._pagination import AsyncCursorPage, AsyncPaginator

        return AsyncPaginator(self, call, options, AsyncCursorPage[T])

    def plain_page(self, call: Call[T], options: RequestOptions) -> AsyncPaginator[T, AsyncPage[T]]:
        """A list that comes whole: await it, or iterate."""
        from ._pagination import AsyncPage, AsyncPaginator

        return AsyncPaginator(self, call, options, AsyncPage[T])

    async def binary(self, call: Call[Any], options: RequestOptions) -> HttpxBinaryResponseContent:
        """Carry out a call that is answered by a file."""
        return HttpxBinaryResponseContent(await run_flow_async(exchange(self.core, call, options), self))

    async def drive(self, flow: Flow[T]) -> T:
        """Carry out a flow."""
        return await run_flow_async(flow, self)

    async def perform(self, effect: Effect) -> Any:
        """Carry out one effect."""
        match effect:
            case Send(request, stream, deadline, trusted):
                send = self.core.http().send
                settings = {"stream": stream, "follow_redirects": False, **_auth(trusted)}
                try:
                    return await _within(deadline, send, request, **settings)
                except RuntimeError as error:
                    if is_about_another_loop(error):
                        raise RuntimeError(OTHER_LOOP) from error
                    raise
            case Read(response, deadline):
                try:
                    return await _within(deadline, response.aread)
                finally:
                    await close_async(response)
            case Sleep(seconds):
                import anyio

                return await anyio.sleep(seconds)
            case Ask(function):
                return Unshown(await ask_async(function))
            case Perform(awaiting=awaiting):
                return await awaiting()
            case Together():
                from ._together import run_together_async

                return await run_together_async(effect, self)


async def _within(deadline: float | None, function: Any, *args: Any, **kwargs: Any) -> Any:
    """Await a function, no longer than until the deadline."""
    if deadline is None:
        return await function(*args, **kwargs)
    import anyio

    left = remaining(deadline)
    if not left:
        raise DeadlinePassed  # without a last attempt, which could still be heard
    with anyio.move_on_after(left):
        return await function(*args, **kwargs)
    raise DeadlinePassed
