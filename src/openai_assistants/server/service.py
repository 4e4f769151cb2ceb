"""Everything a running server is made of, put together in one place."""

from __future__ import annotations

import asyncio
import logging

from . import idempotency
from .batches.worker import Worker as BatchesWorker
from .dialects import named
from .dialects.ids import StyledIds
from .handlers import files, uploads
from .models import Routes
from .recording import RequestLog
from .runs import events
from .runs.engine import Engine
from .runs.events import Feed
from .settings import Settings
from .sources import RandomIds
from .spec import Spec
from .store import Database, Tx, blobs
from .validation import Validator
from .vector_stores.worker import Worker as FilesWorker

logger = logging.getLogger("openai_assistants.server")

_HOUR = 3600


class Service:
    """The parts of one server, from settings; `start` and `stop` are its life."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = settings.clock
        self.ids = settings.ids if settings.dialect is None else StyledIds(settings.ids, named(settings.dialect))
        self.faults = settings.faults
        self.requests = RequestLog(settings.record_requests)
        self.spec = Spec.load()
        self.validator = Validator(self.spec)
        self.routes = Routes(settings.models, settings.scripts)
        self.database = Database(settings.database, self.clock, self.ids)
        self.feed = Feed()
        self.engine = Engine(
            self.database, self.feed, self.routes, self.clock, RandomIds().new("worker_"), sandbox=settings.code
        )
        self.engine.holds = settings.holds
        self.files_worker = FilesWorker(self.database, self.clock, settings.processing)
        self.batches_worker = BatchesWorker(self.database, self.clock, settings.processing)
        self.started_at = int(self.clock.now())
        self.stopping = asyncio.Event()
        self._housekeeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the database and take up the runs in it."""
        self.database.open()
        await self.engine.start()
        self.files_worker.start()
        self.batches_worker.start()
        self._housekeeping = asyncio.create_task(self._keep_house())

    async def drain(self) -> None:
        """End what is under way, so that open streams end; safe to call more than once."""
        if not self.stopping.is_set():
            self.stopping.set()
            await self.engine.stop(self.settings.drain_seconds)
            await self.files_worker.stop()
            await self.batches_worker.stop()
            if self.settings.code is not None:
                await self.settings.code.stop()
            self.feed.close()

    def hurry(self) -> None:
        """Let `drain` wait no longer for runs to end by themselves; on the event loop."""
        self.engine.hurry()

    async def stop(self) -> None:
        """End what is under way and close the database."""
        await self.drain()
        if self._housekeeping is not None:
            self._housekeeping.cancel()
            await asyncio.wait([self._housekeeping])
        await self.routes.aclose()
        await asyncio.to_thread(self.database.close)

    async def _keep_house(self) -> None:
        while True:
            try:
                await self.database.write(self._throw_away)
            except Exception:
                logger.exception("could not throw away what is old")
            await self.clock.sleep_until(self.clock.now() + _HOUR)

    def _throw_away(self, tx: Tx) -> None:
        kept_since = tx.now - self.settings.replay_seconds
        idempotency.drop_old(tx, kept_since)
        events.drop_old(tx, kept_since)
        files.drop_expired(tx)
        uploads.drop_expired(tx)
        blobs.drop_orphans(tx, tx.now - _HOUR)
