"""Work of flows on files; on the async client in worker threads, so that a slow disk holds up nothing else."""

from __future__ import annotations

from typing import Any, Callable, TypeVar, cast

from ._contents import Content
from ._flow import Flow, Perform

T = TypeVar("T")

AT_ONCE = 4 << 20
"""Bytes that are read between two looks at whether to go on."""


def in_thread(function: Callable[[], T]) -> Flow[T]:
    """Call a function that waits for a disk."""

    async def awaiting() -> T:
        from anyio import to_thread

        return await to_thread.run_sync(function)

    return cast("T", (yield Perform(function, awaiting)))


def digest(content: Content, hasher: Any, copy: Callable[[bytes], Any] | None = None) -> Flow[str]:
    """The checksum of a content in hexadecimal. `copy` gets all that is read."""

    def some() -> bool:
        piece = content.read(AT_ONCE)
        hasher.update(piece)
        if copy is not None:
            copy(piece)
        return bool(piece)

    content.begin()
    while (yield from in_thread(some)):
        pass
    return cast("str", hasher.hexdigest())
