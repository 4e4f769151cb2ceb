"""Work that goes on behind the requests: found in the database, carried out in tasks. Each piece is the work of the
worker that its row names; when that one is gone, another puts its own name there and begins anew."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Hashable

from .models.scripted import Gate
from .processing import Processing, Treatment
from .sources import Clock
from .store import Database

logger = logging.getLogger("openai_assistants.server")


class Background(ABC):
    """Looks for work whenever it is woken, and keeps the tasks that do it."""

    def __init__(self, database: Database, clock: Clock, processing: Processing) -> None:
        self.database = database
        self._clock = clock
        self._processing = processing
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self._more = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    @abstractmethod
    async def look(self) -> None:
        """Begin with what is to be done and not begun yet."""

    def start(self) -> None:
        """Begin to work, with what an earlier process left behind."""
        self._more.set()
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """End all work. What was not finished is in the database, for the next process."""
        tasks = [*self._tasks.values(), *([self._watching] if self._watching is not None else [])]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def wake(self) -> None:
        """There is something to do; on the event loop, after the commit that made it."""
        self._more.set()

    def launch(self, key: Hashable, work: Coroutine[object, object, None]) -> None:
        """Do this in a task; its key must be free."""
        task = asyncio.create_task(work)
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._tasks.pop(key))

    def is_at_work(self, key: Hashable) -> bool:
        """Whether a task has this key."""
        return key in self._tasks

    def keys(self) -> set[Hashable]:
        """The keys of the tasks."""
        return set(self._tasks)

    async def abandon(self, key: Hashable) -> None:
        """End a task."""
        if (task := self._tasks.get(key)) is not None:
            task.cancel()
            await asyncio.wait([task])

    async def treat(self, filename: str, status: str) -> Treatment | None:
        """Let a file wait as a test asked for; the failure that it asked for, if it did."""
        treatments = self._processing.take(filename, status)
        for each in treatments:
            if isinstance(each.pause, Gate):
                await each.pause.passed()
            elif each.pause is not None:
                await self._clock.sleep_until(self._clock.now() + each.pause)
        return next((each for each in treatments if each.fail is not None), None)

    async def _watch(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            try:
                await self.look()
            except Exception:
                logger.exception("could not look for work")
                await asyncio.sleep(1)
                self._more.set()
