"""What resources and clients talk to: carries out calls over one HTTP client, blocking or awaiting; what every
resource is, a view of a connection; and requests to endpoints that the specs do not know."""

from __future__ import annotations

import math
import socket
import threading
import time
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping, TypeVar, cast

from ._answers import HttpxBinaryResponseContent, checked_type, is_json_type
from ._basics import ForkSafeLock, is_mapping
from ._errors import of_this_library
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
    ask,
    ask_async,
    remaining,
    run_flow,
    run_flow_async,
)
from ._http import close, close_async, library_of, read_body, read_body_async, stream_class
from ._http_clients import OTHER_LOOP, innermost, is_about_another_loop
from ._lazy import other_api
from ._logs import Unshown
from ._requests import Call, Core, Operation, encode_json

if TYPE_CHECKING:
    import httpx
    from typing_extensions import Self

    from ._pagination import AsyncCursorPage, AsyncPage, AsyncPaginator, SyncCursorPage, SyncPage
    from ._raw import AsyncRequest, Request
    from ._requests import Call, RequestOptions
    from ._streaming import AsyncStream, Stream

__tracebackhide__ = of_this_library

# Deadlines of blocking calls. The HTTP library bounds each of its reads, but not all of them together, and how long
# the next one may take cannot be changed any more once an answer has begun.

AGAIN = 0.1
"""Seconds between two looks at a connection that is still being made."""


class Watch:
    """Shuts a connection down when a deadline passes, so that who reads or writes there wakes up. For use in `with`."""

    def __init__(self, deadline: float, find: Callable[[], socket.socket | None] | None) -> None:
        """`find` gives the connection, None as long as there is none yet; it raises `LookupError` if it must not be
        shut down. Without it nothing is watched."""
        self._deadline = deadline
        self._find = find
        self._over = threading.Event()
        self.has_struck = False
        """Whether the connection has been shut down."""

    def __enter__(self) -> Self:
        if self._find is not None:
            with suppress(RuntimeError):  # no thread can be had: what bounds each read still holds
                threading.Thread(target=self._wait, args=(self._find,), name="deadline", daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def end(self) -> None:
        """Watch no longer."""
        self._over.set()

    def _wait(self, find: Callable[[], socket.socket | None]) -> None:
        pause = remaining(self._deadline)
        with suppress(LookupError):
            while not self._over.wait(pause):
                connection = find()
                if connection is not None:
                    self.has_struck = True
                    shut_down(connection)
                    return
                pause = AGAIN


NO_WATCH = Watch(math.inf, None)


def shut_down(connection: socket.socket) -> None:
    """End a connection, also for a thread that waits for it."""
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)  # whatever TLS has to say


def socket_of(response: httpx.Response) -> socket.socket | None:
    """The connection of an answer. None where it cannot be shut down: there is no network, or there may be other
    requests of HTTP/2."""
    network = response.extensions.get("network_stream")
    connection = None if network is None else network.get_extra_info("socket")
    is_own = isinstance(connection, socket.socket) and response.http_version.startswith("HTTP/1")
    return connection if is_own else None


def watch_body(response: httpx.Response, deadline: float) -> Watch:
    """A watch over the reading of a body."""
    connection = socket_of(response)

    def find() -> socket.socket | None:
        if response.is_closed:
            raise LookupError
        return connection

    return NO_WATCH if connection is None else Watch(deadline, find)


def _watch_request(http: Any, request: httpx.Request, deadline: float) -> Watch:
    """A watch over a request until its answer has begun. Only the connection pool, which the HTTP library keeps to
    itself, knows the connection; where it is not found, the limit of each step remains."""
    choose: Any = getattr(http, "_transport_for_url", None)
    transport = None if choose is None else choose(request.url)
    under_way = getattr(getattr(transport, "_pool", None), "_requests", None)

    def find() -> socket.socket | None:
        mine = (each for each in list(under_way or ()) if each.request.extensions is request.extensions)
        connection = innermost(getattr(next(mine, None), "connection", None))
        if connection is None:
            return None
        found = connection._network_stream.get_extra_info("socket")
        if not isinstance(found, socket.socket) or not hasattr(connection, "_h11_state"):
            raise LookupError
        return found

    return NO_WATCH if under_way is None else Watch(deadline, find)


class DeadlineStream:
    """Passes on the pieces of a body; looks at the clock between them."""

    def __init__(self, stream: Any, deadline: float, watch: Watch) -> None:
        self._stream = stream
        self._deadline = deadline
        self._watch = watch

    def __iter__(self) -> Iterator[bytes]:
        try:
            with self._watch:
                for piece in self._stream:
                    if time.monotonic() >= self._deadline:
                        raise DeadlinePassed
                    yield piece
        except Exception:
            if self._watch.has_struck:
                raise DeadlinePassed from None
            raise
        if self._watch.has_struck:  # the end of the body may be that of the connection
            raise DeadlinePassed

    def close(self) -> None:
        """Close the stream below."""
        self._watch.end()
        self._stream.close()

    @property
    def elapsed(self) -> Any:
        """What the stream below has measured, in httpx2."""
        return getattr(self._stream, "elapsed", None)


def end_in_time(response: httpx.Response, deadline: float, watch: Watch | None = None) -> None:
    """Let reading the body of a blocking response end at a deadline, whatever size the pieces have."""
    if not isinstance(response.stream, DeadlineStream):
        kind = stream_class(DeadlineStream, library_of(response).SyncByteStream)
        response.stream = kind(response.stream, deadline, watch or watch_body(response, deadline))


# What resources talk to: carries out calls over one HTTP client, blocking or awaiting.

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
        from ._streaming import Stream, recovery_of

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
            case Read(response, deadline, most):
                return _read(response, deadline, most=most)
            case Sleep(seconds):
                return time.sleep(seconds)
            case Ask(function):
                return Unshown(ask(function))
            case Perform(blocking=blocking):
                return blocking()
            case _:
                from ._together import run_together

                return run_together(effect, self)

    def _send(self, effect: Send) -> httpx.Response:
        http = cast("httpx.Client", self.core.http())
        if effect.deadline is None:
            response = http.send(effect.request, stream=True, follow_redirects=False, **_auth(effect.trusted))
            if not (effect.stream or response.is_closed):  # an answer that came whole
                _read(response, None, most=effect.most)
            return response
        _shorten_timeouts(effect.request, effect.deadline)
        watch = _watch_request(http, effect.request, effect.deadline)
        try:
            with watch:
                response = http.send(effect.request, stream=True, follow_redirects=False, **_auth(effect.trusted))
                if not effect.stream:
                    _read(response, effect.deadline, NO_WATCH, most=effect.most)
        except Exception:
            if time.monotonic() >= effect.deadline:
                raise DeadlinePassed from None
            raise
        if watch.has_struck:  # what has come may be no more than a beginning
            close(response)
            raise DeadlinePassed
        return response


def _auth(trusted: bool) -> dict[str, Any]:
    """How to send: with the HTTP client's own `auth`, if it has one, or without."""
    return {} if trusted else {"auth": None}


def _read(
    response: httpx.Response, deadline: float | None, watch: Watch | None = None, *, most: int | None = None
) -> None:
    """Read a body, giving up when the deadline has passed."""
    if deadline is not None:
        end_in_time(response, deadline, watch)
    try:
        read_body(response, most)
    except Exception:
        if deadline is not None and time.monotonic() >= deadline:
            raise DeadlinePassed from None
        raise
    finally:
        if not response.is_closed:
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
        from ._streaming import AsyncStream, recovery_of

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
            case Send(deadline=deadline):
                try:
                    return await _within(deadline, self._send, effect)
                except RuntimeError as error:
                    if is_about_another_loop(error):
                        raise RuntimeError(OTHER_LOOP) from error
                    raise
            case Read(response, deadline, most):
                return await _within(deadline, _read_async, response, most)
            case Sleep(seconds):
                import anyio

                return await anyio.sleep(seconds)
            case Ask(function, deadline):
                return Unshown(await _within(deadline, ask_async, function))
            case Perform(_, awaiting, deadline):
                return await _within(deadline, awaiting)
            case _:
                from ._together import run_together_async

                return await run_together_async(effect, self)

    async def _send(self, effect: Send) -> httpx.Response:
        http = cast("httpx.AsyncClient", self.core.http())
        response = await http.send(effect.request, stream=True, follow_redirects=False, **_auth(effect.trusted))
        if not effect.stream:
            await _read_async(response, effect.most)
        return response


async def _read_async(response: httpx.Response, most: int | None = None) -> None:
    try:
        await read_body_async(response, most)
    finally:
        if not response.is_closed:
            await close_async(response)


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


# What every resource class is: a view of a connection.

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


_views = ForkSafeLock()


class _Base:
    _connection: Any

    def __init_subclass__(cls) -> None:
        """Let no process that is forked find a resource locked: Python 3.11 has a lock in each cached property."""
        super().__init_subclass__()
        for item in vars(cls).values():
            if isinstance(item, cached_property) and "lock" in vars(item):
                vars(item)["lock"] = _views  # pragma: no cover - newer versions have none

    if not TYPE_CHECKING:  # each resource declares these in its own types, which are in `resources/_raw.py`

        @property
        def with_raw_response(self):
            """The same methods, and those of the resources below; each gives its `APIResponse`, not the result."""
            from ._raw import raw_view

            return raw_view(self._connection, self._over)

        @property
        def with_streaming_response(self):
            """The same methods, and those of the resources below, for use in `with` (`async with` on the async client):
            each gives a `StreamedAPIResponse` (`AsyncAPIResponse`), whose body is not yet read."""
            from ._raw import streaming_view

            return streaming_view(self._connection, self._over)

        def __getattr__(self, name):
            said = other_api(name)
            if said is None:
                return object.__getattribute__(self, name)  # Python says that it is not there
            raise AttributeError(f"{type(self).__name__!r} object has no {name!r}: {said}", name=name, obj=self)

    def _over(self, connection: Any) -> Any:
        """The same resource over another connection."""
        return cast("Any", type(self))(connection)


class Resource(_Base):
    """Base of the resources of `OpenAI`."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Connection = connection


class AsyncResource(_Base):
    """Base of the resources of `AsyncOpenAI`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection: AsyncConnection = connection


SEVERAL_REQUESTS = "several_requests"


def several_requests(method: FunctionT) -> FunctionT:
    """Mark a method that makes several requests, so that no single answer can stand for it."""
    vars(method)[SEVERAL_REQUESTS] = True
    return method


# Requests to endpoints that the specs do not know: `client.get`, `post`, `put`, `patch`, `delete`.


def low_level_call(
    verb: str,
    path: object,
    *,
    into: Any = None,
    cast_to: Any = None,
    body: Any = None,
    content: Any = None,
    files: Mapping[str, Any] | None = None,
    is_async: bool = False,
) -> Call[Any]:
    """A call of an endpoint given by its path.

    Raises:
        TypeError: Nothing can be read as `into`, or arguments do not go together.
        ValueError: The path is empty.
    """
    if not isinstance(path, str):
        raise TypeError(f"path must be a string, not {type(path).__name__}")
    if not path.strip():
        raise ValueError("path is empty; pass a path below base_url, such as '/assistants', or an absolute URL")
    if into is not None and cast_to is not None:
        raise TypeError("pass into= or its older name cast_to=, not both")
    if content is not None and (body is not None or files is not None):
        raise TypeError("content= is the whole body; pass it without body= and files=")
    if files is not None and body is not None and not is_mapping(body):
        raise TypeError(f"beside files= the body must be a mapping of form fields, not {type(body).__name__}")
    if isinstance(content, (bytearray, memoryview)):
        content = bytes(content)  # pyright: ignore[reportUnknownArgumentType]
    if content is not None and not (isinstance(content, (bytes, str)) or _can_iterate(content, is_async)):
        kind = "an async iterable" if is_async else "an iterable"
        raise TypeError(f"content must be bytes, text or {kind} of bytes, not {type(content).__name__}")
    into = checked_type(into, "into") if cast_to is None else checked_type(cast_to, "cast_to")
    is_form = files is not None
    is_value = body is not None and not is_mapping(body)  # such as a list: it takes no extra_body
    return Call(
        Operation(
            f"client.{verb.lower()}", verb, path.partition("#")[0], files=None if files is None else tuple(files)
        ),
        body={**(body or {}), **(files or {})} if is_form else None if is_value else body,
        content=encode_json(body) if is_value else content,
        content_type="application/json" if is_value else "application/octet-stream",
        into=into,
        accept="application/json" if is_json_type(into) else "*/*",
    )


def _can_iterate(content: object, is_async: bool) -> bool:
    return not is_mapping(content) and hasattr(content, "__aiter__" if is_async else "__iter__")


def _verb(verb: str) -> Any:
    """The method of a client that sends requests with an HTTP method; on the async client its outcome is awaited."""

    def request(
        self: Any,
        path: str,
        *,
        into: Any = None,
        cast_to: Any = None,
        body: Any = None,
        content: Any = None,
        files: Any = None,
        stream: bool = False,
        **options: Any,
    ) -> Any:
        call = low_level_call(
            verb,
            path,
            into=into,
            cast_to=cast_to,
            body=body,
            content=content,
            files=files,
            is_async=isinstance(self, AsyncResource),
        )
        if stream:
            return self._connection.stream(call.streaming(Any if call.into is None else call.into), options)
        return self._connection.send(call, options)

    request.__name__ = verb.lower()
    request.__qualname__ = f"client.{verb.lower()}"
    request.__doc__ = f"""Send a {verb} request to an endpoint that this library does not know.

        The client's settings apply: key, headers, retries, deadline, errors. Redirects are followed. An absolute URL
        of another host gets nothing of them: no key, no default headers, no default query.

        Args:
            path: Path below `base_url`, or an absolute URL; a query in it is kept.
            into: What the answer is read as: a model class, a union, a list or dict type, a TypedDict, `str`, `bytes`
                or `httpx.Response`. Plain JSON data unless given.
            cast_to: Older name of `into`.
            body: JSON body; with `files` the fields of the form.
            content: Body sent as it is, bytes, text or an iterable of bytes (on the async client an async one);
                `application/octet-stream` unless `extra_headers` has a `content-type`. A request with an iterable is
                not repeated.
            files: Files of a form, by name of the field.
            stream: Whether the answer is a stream of events: of this API, read as `into`, or of any other with
                `into=ServerSentEvent`, which gives them as they come, up to `[DONE]` or the end of the body.
            **options: Request options, see `RequestOptions`.

        Returns:
            The answer as `into`; with `stream=True` a stream of `into`.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time, or a stream broke off.
            APIResponseValidationError: The answer cannot be read as `into`.
            TypeError: Nothing can be read as `into`, or arguments do not go together.
            ValueError: The path is empty.
        """
    return request


class Root(Resource):
    """Base of `OpenAI`: the methods beside the resources."""

    get: Request = _verb("GET")
    post: Request = _verb("POST")
    put: Request = _verb("PUT")
    patch: Request = _verb("PATCH")
    delete: Request = _verb("DELETE")


class AsyncRoot(AsyncResource):
    """Base of `AsyncOpenAI`: the methods beside the resources."""

    get: AsyncRequest = _verb("GET")
    post: AsyncRequest = _verb("POST")
    put: AsyncRequest = _verb("PUT")
    patch: AsyncRequest = _verb("PATCH")
    delete: AsyncRequest = _verb("DELETE")
