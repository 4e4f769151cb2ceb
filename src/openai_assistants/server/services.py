"""The workers of one application: mostly one; in tests several, as if they were processes that share a database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import cycle

from .faults import AsgiApp, Receive, Scope, Send
from .service import Service
from .settings import Settings
from .store import postgres


class Services:
    """Starts, drains and stops all of them together."""

    def __init__(self, settings: Settings) -> None:
        if settings.workers < 1:
            raise ValueError(f"a server needs at least 1 worker, not {settings.workers}")
        if settings.workers > 1 and not postgres.is_url(settings.database):
            raise ValueError("several workers need a PostgreSQL database: an SQLite database belongs to one")
        self.first = Service(settings)
        self.all = [self.first, *(Service(settings, self.first) for _ in range(settings.workers - 1))]

    async def start(self) -> None:
        """Start one after the other; if one cannot, none runs."""
        for index, service in enumerate(self.all):
            try:
                await service.start()
            except BaseException:
                for started in self.all[:index]:
                    await started.stop()
                raise

    async def drain(self) -> None:
        """End what is under way, so that open streams end; safe to call more than once."""
        await asyncio.gather(*(service.drain() for service in self.all))

    def hurry(self) -> None:
        """Let `drain` wait no longer for runs to end by themselves; on the event loop."""
        for service in self.all:
            service.hurry()

    async def stop(self) -> None:
        """End what is under way and close the database."""
        await self.drain()
        for service in self.all:
            await service.stop()

    def app(self, make: Callable[[Service], AsgiApp]) -> AsgiApp:
        """An application for each; requests go to them in turn."""
        apps = [make(service) for service in self.all]
        if len(apps) == 1:
            return apps[0]
        turns = cycle(apps)

        async def deal(scope: Scope, receive: Receive, send: Send) -> None:
            await next(turns)(scope, receive, send)

        return deal
