"""One program for all flavours: written with `await`, stepped by hand where the client blocks."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import anyio

from tests.unit.support import Flavour


def carry_out(flavour: Flavour, program: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """What a program returns. With the blocking client nothing in it ever waits, so it runs in one step."""
    if flavour.is_async:
        return anyio.run(program, backend=flavour.name)
    coroutine = program()
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise AssertionError("the blocking client let the program wait")


async def settled(value: Any) -> Any:
    """The outcome of a call of either client."""
    return await value if inspect.isawaitable(value) else value


async def items(listed: Any) -> list[Any]:
    """All items of a list or stream of either client."""
    if hasattr(listed, "__aiter__"):
        return [item async for item in listed]
    listed = await settled(listed)
    return [item async for item in listed] if hasattr(listed, "__aiter__") else list(listed)


@asynccontextmanager
async def opened(manager: Any) -> AsyncIterator[Any]:
    """A `with` block of either client."""
    if hasattr(manager, "__aenter__"):
        async with manager as inside:
            yield inside
    else:
        with manager as inside:
            yield inside
