"""Reads the text of files that were put into vector stores, in the background and independent of any connection.

The database has the last word: each transaction first looks whether the member is still in progress and still this
worker's, so taking a file out or cancelling its batch ends the work at its next write. Work that a process did not
finish is done again by another one, from the beginning.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from functools import partial
from typing import Any

from sqlalchemy import Row

from ..background import Background
from ..processing import Processing
from ..sources import Clock
from ..store import Database, Tx, blobs
from . import members, stores
from .chunking import Cutter, Passage
from .reading import Unreadable, read_text

logger = logging.getLogger("openai_assistants.server")

_AT_ONCE = 4
_WRITTEN_TOGETHER = 256
_BROKEN = ("server_error", "Sorry, something went wrong.")


class Worker(Background):
    """The tasks of the files that are in progress."""

    def __init__(self, database: Database, clock: Clock, processing: Processing) -> None:
        super().__init__(database, clock, processing)
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def look(self) -> None:
        """Settle the batches that are being cancelled, sweep up, then begin with the files that are new."""
        await self.database.write(stores.settle_cancels)
        if await self.database.write(stores.sweep):
            self.wake()
        for seq in await self.database.read(members.waiting):
            if not self.is_at_work(seq):
                self.launch(seq, self._process(seq))

    async def _process(self, seq: int) -> None:
        try:
            member = await self.database.read(partial(members.begin, seq=seq))
            if member is None:
                return
            asked = await self.treat(member.filename, members.IN_PROGRESS)
            if asked is not None and asked.fail is not None:
                raise Unreadable(asked.fail, asked.message)
            async with self._slots:
                await self._take_in(member)
        except Unreadable as problem:
            await self._fail(seq, problem.code, problem.message)
        except ModuleNotFoundError as missing:
            reason = f"the package '{missing.name}' is not installed: pip install 'openai-assistants[server]'"
            await self._fail(seq, "server_error", f"The file cannot be processed: {reason}")
        except Exception:
            logger.exception("file %s could not be processed", seq)
            await self._fail(seq, *_BROKEN)

    async def _take_in(self, member: Row[Any]) -> None:
        cutter = Cutter(member.data["chunking_strategy"])
        sink = _Sink(self.database, member.seq)
        async with (
            aclosing(blobs.read(self.database, member.id)) as content,
            aclosing(read_text(member.filename, content)) as texts,
        ):
            async for text in texts:
                if not await sink.write(await asyncio.to_thread(list[Passage], cutter.feed(text))):
                    return
        await sink.close(await asyncio.to_thread(list[Passage], cutter.close()))

    async def _fail(self, seq: int, code: str, message: str) -> None:
        await self.database.write(partial(members.fail, seq=seq, code=code, message=message))


class _Sink:
    """Writes the passages of one member, some at once."""

    def __init__(self, database: Database, seq: int) -> None:
        self._database = database
        self._seq = seq
        self._number = 0
        self._bytes = 0
        self._pending: list[Passage] = []

    async def write(self, passages: list[Passage]) -> bool:
        """Store passages, if there are enough; False if the member is not wanted any more."""
        self._pending += passages
        while len(self._pending) >= _WRITTEN_TOGETHER:
            some, self._pending = self._pending[:_WRITTEN_TOGETHER], self._pending[_WRITTEN_TOGETHER:]
            if not await self._database.write(partial(self._write, some, done=False), once=True):
                return False
        return True

    async def close(self, passages: list[Passage]) -> None:
        """Store the last passages; the member is completed with them."""
        if await self.write(passages):
            await self._database.write(partial(self._write, self._pending, done=True), once=True)

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
