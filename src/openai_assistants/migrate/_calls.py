"""Calls of a client's methods as parts of flows, blocking or awaiting. The clients are `OpenAI` or `AsyncOpenAI`."""

from __future__ import annotations

import inspect
from typing import IO, Any, Callable, cast

from .._errors import APIConnectionError, NotFoundError, NotSupportedByServerError
from .._flow import Flow, Perform, Sleep
from .._retry import delay

DOWNLOADS = 3
"""How often a download is tried whose body breaks off."""


def call(method: Callable[[], Any]) -> Flow[Any]:
    """What a method gives."""
    return (yield Perform(method, method))


def found(method: Callable[[], Any]) -> Flow[Any]:
    """What a method gives; None if the server has no such object."""
    try:
        return (yield from call(method))
    except NotSupportedByServerError:
        raise
    except NotFoundError:
        return None


def items(method: Callable[[], Any], last: Callable[[Any], bool] | None = None) -> Flow[list[Any]]:
    """The items of a list, up to one that is the last of interest."""

    def blocking() -> list[Any]:
        seen: list[Any] = []
        for item in method():
            seen.append(item)
            if last is not None and last(item):
                break
        return seen

    async def awaiting() -> list[Any]:
        seen: list[Any] = []
        async for item in method():
            seen.append(item)
            if last is not None and last(item):
                break
        return seen

    return cast("list[Any]", (yield Perform(blocking, awaiting)))


def download(client: Any, file_id: str, into: IO[bytes]) -> Flow[None]:
    """Write the content of a file into another, piece by piece."""
    content = client.files.with_streaming_response.content

    def blocking() -> None:
        with content(file_id) as response:
            for piece in response.iter_bytes():
                into.write(piece)

    async def awaiting() -> None:
        from anyio import to_thread

        async with content(file_id) as response:
            async for piece in response.iter_bytes():
                await to_thread.run_sync(into.write, piece)

    attempt = 1
    while True:
        try:
            yield Perform(blocking, awaiting)
            return
        except APIConnectionError:  # the request itself is repeated by the client, but not a body that has begun
            seconds = delay(attempt, {})
            if attempt == DOWNLOADS or seconds is None:
                raise
        yield Sleep(seconds)
        into.seek(0)
        into.truncate()
        attempt += 1


def tell(function: Callable[[Any], object] | None, value: object) -> Flow[None]:
    """Tell a function of the program something; on the async client it may be async."""
    if function is None:
        return
    listener = function

    def blocking() -> None:
        answer: Any = listener(value)
        if inspect.isawaitable(answer):
            close = getattr(answer, "close", None)
            if close is not None:
                close()
            raise TypeError("on_progress is an async function; OpenAI needs a plain one (or use AsyncOpenAI)")

    async def awaiting() -> None:
        answer: Any = listener(value)
        if inspect.isawaitable(answer):
            await answer

    yield Perform(blocking, awaiting)
