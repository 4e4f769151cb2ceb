"""Everything a running server is made of, put together in one place."""

from __future__ import annotations

import asyncio
import logging

from . import idempotency
from .batches import state as batches
from .batches.worker import Worker as BatchesWorker
from .dialects import named
from .dialects.ids import StyledIds
from .handlers import files, uploads
from .keys import Keys
from .models import Routes
from .pending import Pending
from .recording import RequestLog
from .runs import events
from .runs.engine import Engine
from .runs.events import Feed
from .settings import Settings
from .sources import RandomIds
from .store import Database, Tx, blobs, others, owners
from .store.tables import DEFAULT_OWNER
from .vector_stores import members
from .vector_stores.worker import Worker as FilesWorker
from .versions import Versions

logger = logging.getLogger("openai_assistants.server")

_HOUR = 3600


class Service:
    """The parts of one server, from settings; `start` and `stop` are its life. Several workers in one process record
    the requests in one place, and have one table of models: those of the first."""

    def __init__(self, settings: Settings, first: Service | None = None) -> None:
        self.settings = settings
        self._is_first = first is None
        self.clock = settings.clock
        self.ids = settings.ids if settings.dialect is None else StyledIds(settings.ids, named(settings.dialect))
        self.keys = Keys(settings.api_keys)
        self.pending = Pending(settings.max_pending_bytes)
        self.faults = settings.faults
        self.requests: RequestLog = RequestLog(settings.record_requests) if first is None else first.requests
        self.versions = Versions()
        self.routes: Routes = Routes(settings.models, settings.scripts) if first is None else first.routes
        worker = RandomIds().new("worker_")
        self.database = Database(settings.database, self.clock, self.ids, worker=worker, lease=settings.lease_seconds)
        self.feed = Feed()
        self.engine = Engine(self.database, self.feed, self.routes, self.clock, worker, sandbox=settings.code)
        self.engine.holds = settings.holds
        self.files_worker = FilesWorker(self.database, self.clock, settings.processing)
        self.batches_worker = BatchesWorker(self.database, self.clock, settings.processing)
        self.started_at = int(self.clock.now())
        self.stopping = asyncio.Event()
        self._housekeeping: asyncio.Task[None] | None = None
        self._taking_over: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the database and take up the work in it that is nobody's."""
        self.database.open()
        await self.database.join(self._hear)
        await self.database.write(self._settle_owners)
        await self.database.write(_take_over_files)
        await self.engine.start()
        self.files_worker.start()
        self.batches_worker.start()
        self._housekeeping = asyncio.create_task(self._keep_house())

    async def drain(self) -> None:
        """End what is under way, so that open streams end; safe to call more than once."""
        if not self.stopping.is_set():
            self.stopping.set()
            if self._taking_over is not None:
                await asyncio.wait([self._taking_over])
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
        if self._is_first:
            await self.routes.aclose()
        await self.database.leave()
        await asyncio.to_thread(self.database.close)

    def _hear(self, topic: str, value: str) -> None:
        """Heed what other workers tell."""
        match topic:
            case others.RUN:
                self.feed.recheck(value)
            case others.STOP:
                self.engine.abandon(value)
            case others.BATCHES:
                self.batches_worker.wake()
            case _:
                self.feed.recheck_all(but=self.engine.at_work)
                if not self.stopping.is_set() and (self._taking_over is None or self._taking_over.done()):
                    self._taking_over = asyncio.create_task(self._take_over())

    async def _take_over(self) -> None:
        try:
            await self.engine.take_over()
            await self.database.write(_take_over_files)
            self.files_worker.wake()
            self.batches_worker.wake()
        except Exception:
            logger.exception("could not look for work of others")

    async def _keep_house(self) -> None:
        while True:
            try:
                await self.database.write(self._throw_away)
            except Exception:
                logger.exception("could not throw away what is old")
            await self.clock.sleep_until(self.clock.now() + _HOUR)

    def _settle_owners(self, tx: Tx) -> None:
        """What was made with a key before it had a name belongs to the name."""
        owners.rename(tx, self.keys.named)
        if self._is_first and DEFAULT_OWNER not in self.keys.owners and owners.has_any(tx, DEFAULT_OWNER):
            logger.warning(
                "the database holds objects that were made without an API key; only a key with the name %r sees them "
                "(%s=KEY)",
                DEFAULT_OWNER,
                DEFAULT_OWNER,
            )

    def _throw_away(self, tx: Tx) -> None:
        tx.take_turn("throw away")
        kept_since = tx.now - self.settings.replay_seconds
        idempotency.drop_old(tx, kept_since)
        events.drop_old(tx, kept_since)
        files.drop_expired(tx)
        uploads.drop_expired(tx)
        blobs.drop_orphans(tx, tx.now - _HOUR)


def _take_over_files(tx: Tx) -> None:
    members.take_over(tx)
    batches.take_over(tx)
