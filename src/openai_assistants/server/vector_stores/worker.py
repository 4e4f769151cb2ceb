"""Reads the text of files that were put into vector stores, in the background and independent of any connection.

The database has the last word: each transaction first looks whether the member is still in progress, so taking a file
out or cancelling its batch ends the work at its next write. Work that a process did not finish is done again by the
next one, from the beginning.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from functools import partial
from typing import Any

from sqlalchemy import Row

from ..models.scripted import Gate
from ..processing import Processing
from ..sources import Clock
from ..store import Database, Tx, blobs
from . import members, stores
from .text import Cutter, Passage, Unreadable, read_text

logger = logging.getLogger("openai_assistants.server")

_AT_ONCE = 4
_WRITTEN_TOGETHER = 256
_BROKEN = ("server_error", "Sorry, something went wrong.")


class Worker:
    """The tasks of the files that are in progress."""

    def __init__(self, database: Database, clock: Clock, processing: Processing) -> None:
        self._database = database
        self._clock = clock
        self._processing = processing
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._more = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work, with what an earlier process left behind."""
        self._more.set()
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """End all work; files in progress stay so, for the next process."""
        tasks = [*self._tasks, *([self._watching] if self._watching is not None else [])]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def wake(self) -> None:
        """There is something to do; on the event loop, after the commit that made it."""
        self._more.set()

    async def _watch(self) -> None:
        seen = 0
        while True:
            await self._more.wait()
            self._more.clear()
            try:
                await self._database.write(stores.settle_cancels)
                for seq in await self._database.read(partial(members.waiting, behind=seen)):
                    seen = seq
                    self._launch(seq)
            except Exception:
                logger.exception("could not look for files to process")
                await asyncio.sleep(1)
                self._more.set()

    def _launch(self, seq: int) -> None:
        task = asyncio.create_task(self._process(seq))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _process(self, seq: int) -> None:
        try:
            member = await self._database.read(partial(members.begin, seq=seq))
            if member is None:
                return
            await self._treat(member.filename)
            async with self._slots:
                await self._take_in(member)
        except Unreadable as problem:
            await self._fail(seq, problem.code, problem.message)
        except Exception:
            logger.exception("file %s could not be processed", seq)
            await self._fail(seq, *_BROKEN)

    async def _treat(self, filename: str) -> None:
        """Do to the file what a test asked for."""
        treatments = self._processing.take(filename, members.IN_PROGRESS)
        for each in treatments:
            if isinstance(each.pause, Gate):
                await each.pause.passed()
            elif each.pause is not None:
                await self._clock.sleep_until(self._clock.now() + each.pause)
        for each in treatments:
            if each.fail is not None:
                raise Unreadable(each.fail, each.message)

    async def _take_in(self, member: Row[Any]) -> None:
        cutter = Cutter(member.data["chunking_strategy"])
        passages: list[Passage] = []
        sink = _Sink(self._database, member.seq)
        async with aclosing(blobs.read(self._database, member.id)) as content:
            async for text in read_text(member.filename, content):
                passages.extend(cutter.feed(text))
                if len(passages) >= _WRITTEN_TOGETHER:
                    if not await sink.write(passages):
                        return
                    passages = []
        await sink.close([*passages, *cutter.close()])

    async def _fail(self, seq: int, code: str, message: str) -> None:
        await self._database.write(partial(members.fail, seq=seq, code=code, message=message))


class _Sink:
    """Writes the passages of one member."""

    def __init__(self, database: Database, seq: int) -> None:
        self._database = database
        self._seq = seq
        self._number = 0
        self._bytes = 0

    async def write(self, passages: list[Passage]) -> bool:
        """Store passages; False if the member is not wanted any more."""
        return await self._database.write(partial(self._write, passages, done=False))

    async def close(self, passages: list[Passage]) -> None:
        """Store the last passages; the member is completed with them."""
        await self._database.write(partial(self._write, passages, done=True))

    def _write(self, passages: list[Passage], tx: Tx, *, done: bool) -> bool:
        if self._number == 0:
            members.forget_passages(tx, self._seq)
        row = members.write(tx, self._seq, self._number, passages)
        if row is None:
            return False
        self._number += len(passages)
        self._bytes += sum(len(each.text.encode()) for each in passages)
        if done:
            members.replace(tx, row, status=members.COMPLETED, usage_bytes=self._bytes)
        return True
