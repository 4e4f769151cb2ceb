"""Cancelling a program at its n-th step: whatever it waits for then, in whichever of its tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from typing import Any, Literal

import anyio

How = Literal["asyncio task", "asyncio scope", "trio scope"]
"""Whether the task is cancelled as asyncio does it, once, or the scope around it as anyio and trio do, at every step
until it ends."""


class _Steps:
    """Runs a coroutine; counts the times that it waits for something."""

    def __init__(self, coroutine: Any, count: Callable[[], None]) -> None:
        self._coroutine = coroutine
        self._count = count

    def __await__(self) -> Generator[Any, Any, Any]:
        value: Any = None
        error: BaseException | None = None
        while True:
            try:
                waits_for = self._coroutine.send(value) if error is None else self._coroutine.throw(error)
            except StopIteration as stop:
                return stop.value
            value = error = None
            self._count()
            try:
                value = yield waits_for
            except BaseException as raised:
                error = raised


class Canceller:
    """Cancels a program at its step number `at`, counted over all of its tasks."""

    def __init__(self, how: How, at: int) -> None:
        self._how = how
        self._at = at
        self.steps = -1
        self._cancel: Callable[[], Any] = lambda: None
        self.struck = False
        """Whether the program came that far."""

    def _count(self) -> None:
        self.steps += 1
        if self.steps == self._at:
            self.struck = True
            self._cancel()

    async def run(self, program: Callable[[], Awaitable[None]]) -> bool:
        """Run a program; says whether it ended by the cancellation."""
        if self._how == "asyncio task":
            return await self._as_task(program)
        with anyio.CancelScope() as scope:
            self._cancel = scope.cancel
            await (self._in_trio(program) if self._how == "trio scope" else self._with_steps(program))
        return scope.cancelled_caught

    async def _as_task(self, program: Callable[[], Awaitable[None]]) -> bool:
        with _CountedTasks(self._count):
            task: asyncio.Task[None] = asyncio.create_task(program())  # type: ignore[arg-type]
            self._cancel = task.cancel
            await asyncio.wait([task])
        if task.cancelled():
            return True
        task.result()
        return False

    async def _with_steps(self, program: Callable[[], Awaitable[None]]) -> None:
        with _CountedTasks(self._count):
            await _Steps(program(), self._count)

    async def _in_trio(self, program: Callable[[], Awaitable[None]]) -> None:
        import trio

        count = self._count

        class Counting(trio.abc.Instrument):
            def after_task_step(self, task: Any) -> None:
                count()

        instrument = Counting()
        trio.lowlevel.add_instrument(instrument)
        try:
            await program()
        finally:
            trio.lowlevel.remove_instrument(instrument)


class _CountedTasks:
    """Counts the steps of the tasks of asyncio that are made meanwhile."""

    def __init__(self, count: Callable[[], None]) -> None:
        self._count = count

    def __enter__(self) -> None:
        async def counted(coroutine: Any) -> Any:
            return await _Steps(coroutine, self._count)

        def make(loop: Any, coroutine: Any, **settings: Any) -> Any:
            return asyncio.Task(counted(coroutine), loop=loop, **settings)

        self._loop = asyncio.get_running_loop()
        self._loop.set_task_factory(make)

    def __exit__(self, *_: object) -> None:
        self._loop.set_task_factory(None)
