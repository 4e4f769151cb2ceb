"""The server's state: tables over SQLAlchemy Core, records, file contents; here the database and its transactions.

The work of a transaction is a plain function that runs in a thread and is given a `Tx`.

Because nothing in it can wait for anything but the database, a transaction is short, cannot be interrupted halfway by a
cancelled task, and the code in it reads from top to bottom. Writers take turns: SQLite has one writer anyway; on a
database with more, the row locks that `records` and `runs` take keep the order.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine, insert, select

from ..sources import Clock, Ids
from . import sqlite
from .tables import SCHEMA_VERSION, meta, metadata

T = TypeVar("T")


class SchemaError(RuntimeError):
    """The database was made by another version of the server."""


class Tx:
    """One transaction: the connection, the moment, and what to do once it is committed."""

    def __init__(self, connection: Connection, clock: Clock, ids: Ids) -> None:
        self.connection = connection
        self.now = int(clock.now())
        self.ids = ids
        self.after: list[Callable[[], None]] = []

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run this on the event loop when the transaction is committed; actions run in the order of the commits."""
        self.after.append(action)


class Database:
    """Runs transactions in threads of its own."""

    def __init__(self, database: str, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._lock = None if database == sqlite.MEMORY else sqlite.FileLock(database)
        self._open = False
        self._write_engine, self._read_engine = sqlite.engines(database)
        self._writers = ThreadPoolExecutor(1, thread_name_prefix="assistants-write")
        self._readers = (
            self._writers
            if self._read_engine is self._write_engine
            else ThreadPoolExecutor(sqlite.READERS, thread_name_prefix="assistants-read")
        )

    def open(self) -> None:
        """Make the database ready; creates what is missing. Does nothing the second time."""
        if self._open:
            return
        if self._lock is not None:
            self._lock.acquire()
        try:
            self._create()
        except BaseException:
            self.close()
            raise
        self._open = True

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Run a transaction that changes something; on an exception nothing of it happened."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writers, self._transact, self._write_engine, work, loop)

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run a transaction that only looks."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._transact, self._read_engine, work, loop)

    def close(self) -> None:
        """Wait for the transactions under way and close the connections."""
        self._writers.shutdown()
        self._readers.shutdown()
        self._read_engine.dispose()
        self._write_engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def _transact(self, engine: Engine, work: Callable[[Tx], T], loop: asyncio.AbstractEventLoop) -> T:
        with engine.begin() as connection:
            tx = Tx(connection, self._clock, self._ids)
            result = work(tx)
        if tx.after:
            # Not left to the caller: it may have been cancelled meanwhile, but the commit stands.
            loop.call_soon_threadsafe(_run_all, tx.after)
        return result

    def _create(self) -> None:
        with self._write_engine.begin() as connection:
            metadata.create_all(connection)
            version = connection.scalar(select(meta.c.value).where(meta.c.name == "schema"))
            if version is None:
                connection.execute(insert(meta).values(name="schema", value=SCHEMA_VERSION))
            elif version != SCHEMA_VERSION:
                raise SchemaError(f"the database has schema version {version}, this server needs {SCHEMA_VERSION}")


def _run_all(actions: list[Callable[[], None]]) -> None:
    for action in actions:
        action()


def dumps(value: object) -> str:
    """Compact JSON, as it is stored and sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
