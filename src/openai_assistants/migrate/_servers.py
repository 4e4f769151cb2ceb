"""Servers as parts of flows: calls of a client's methods, blocking or awaiting, and objects of version 1. No I/O."""

from __future__ import annotations

from typing import IO, Any, Callable, Mapping, cast

from .._errors import APIConnectionError, MigrationError, NotFoundError, NotSupportedByServerError
from .._flow import Flow, Perform, Sleep
from .._retry import delay
from ._objects import Json, V1Export

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


class Source:
    """Objects of version 1. Those of an export come first; the server is asked for what is not in it."""

    def __init__(self, client: Any, export: V1Export | None) -> None:
        self._client = client
        self._v1: Any = None if client is None else getattr(client.beta, "v1", client.beta)
        self._export = export

    def assistants(self) -> Flow[list[Json]]:
        """All assistants, oldest first."""
        if self._export is not None:
            return [each for name in self._export.assistants if (each := self._export.assistant(name)) is not None]
        listed = yield from items(lambda: self._v1.assistants.list(limit=100, order="asc"))
        return [cast("Json", each.to_dict()) for each in listed]

    def assistant(self, assistant_id: str) -> Flow[Json | None]:
        """One assistant; None if there is none."""
        if self._export is not None and (known := self._export.assistant(assistant_id)) is not None:
            return known
        if self._v1 is None:
            return None
        result = yield from found(lambda: self._v1.assistants.retrieve(assistant_id))
        return None if result is None else cast("Json", result.to_dict())

    def thread_ids(self) -> list[str]:
        """Ids of all threads that are known; a server has no list of them."""
        return [] if self._export is None else self._export.thread_ids()

    def others(self) -> Mapping[str, int]:
        """Objects of an export that are not migrated: how many of each kind."""
        return {} if self._export is None else self._export.others

    def thread(self, thread_id: str) -> Flow[tuple[Json, list[Json]]]:
        """A thread and its messages.

        Raises:
            MigrationError: There is none.
        """
        if self._export is not None and (known := self._export.thread(thread_id)) is not None:
            return known
        threads: Any = None if self._v1 is None else self._v1.threads
        thread = None if threads is None else (yield from found(lambda: threads.retrieve(thread_id)))
        if threads is None or thread is None:
            raise MigrationError(f"there is no thread {thread_id}")
        messages = threads.messages
        listed = yield from items(lambda: messages.list(thread_id, limit=100, order="asc"))
        return cast("Json", thread.to_dict()), [cast("Json", each.to_dict()) for each in listed]

    def file(self, file_id: str) -> Flow[Json | None]:
        """What is known about a file; None if there is none."""
        if self._client is not None:
            try:
                result = yield from found(lambda: self._client.files.retrieve(file_id))
            except NotSupportedByServerError:
                result = None
            if result is not None:
                return cast("Json", result.to_dict())
        return None if self._export is None else self._export.files.get(file_id)
