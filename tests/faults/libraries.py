"""The two HTTP libraries whose clients are accepted: their exceptions, and transports that raise them anywhere."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator
from types import ModuleType
from typing import Any

import httpx
import httpx2

LIBRARIES: tuple[ModuleType, ...] = (httpx, httpx2)

EVENTS = b'event: thread.created\ndata: {"id": "thread_1", "object": "thread"}\n\n'


def exceptions_of(library: ModuleType) -> list[type[Exception]]:
    """Every exception class of a library."""
    found = [value for value in vars(library).values() if inspect.isclass(value) and issubclass(value, Exception)]
    return [each for each in found if each.__module__.partition(".")[0] == library.__name__]


def instance_of(kind: type[Exception], request: Any) -> Exception:
    """An exception of this class, made as its library makes it."""
    library: Any = httpx2 if kind.__module__.startswith("httpx2") else httpx
    if kind.__name__ == "HTTPStatusError":
        answer = library.Response(404, request=request, content=b'{"error": {"message": "No such thing."}}')
        return kind("404", request=request, response=answer)  # type: ignore[call-arg]
    for arguments in ((), ("It broke.",)):
        try:
            return kind(*arguments)
        except TypeError:
            pass
    raise AssertionError(f"no way to make a {kind.__name__}")


def transport(library: Any, kind: type[Exception] | None, place: str, is_async: bool, body: bytes = b'{"a": 1}') -> Any:
    """A transport of a library that fails: `sending`, or in, at the end of, or at closing the `body`, which is sent as
    JSON unless it is events."""
    content_type = "text/event-stream" if body.startswith(b"event") else "application/json"

    def answer(request: Any) -> Any:
        if place == "sending" and kind is not None:
            raise instance_of(kind, request)
        error = None if kind is None else instance_of(kind, request)
        bases = (_AwaitedBody, library.AsyncByteStream) if is_async else (_Body, library.SyncByteStream)
        stream = type("Body", bases, {})(body, error, place)
        return library.Response(200, headers={"content-type": content_type}, stream=stream)

    async def answer_awaited(self: Any, request: Any) -> Any:
        return answer(request)

    if is_async:
        return type("Transport", (library.AsyncBaseTransport,), {"handle_async_request": answer_awaited})()
    return type("Transport", (library.BaseTransport,), {"handle_request": lambda self, request: answer(request)})()


class _Body:
    def __init__(self, body: bytes, error: Exception | None, place: str) -> None:
        self._body = body
        self._error = error
        self._place = place

    def pieces(self) -> Iterator[bytes]:
        yield self._body[: len(self._body) // 2]
        self.fail("body")
        yield self._body[len(self._body) // 2 :]
        self.fail("end")

    def fail(self, place: str) -> None:
        if self._error is not None and place == self._place:
            raise self._error

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces()

    def close(self) -> None:
        self.fail("close")


class _AwaitedBody(_Body):
    def __aiter__(self) -> AsyncIterator[bytes]:
        return _Awaited(self.pieces())

    async def aclose(self) -> None:
        self.fail("close")


class _Awaited:
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece = next(self._pieces, None)
        if piece is None:
            raise StopAsyncIteration
        return piece
