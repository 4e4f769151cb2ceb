"""All that is special about SQLite: pragmas, transactions, the lock on the file.

One process works with a database, and its writers take turns; so whoever else is noted as a worker is gone.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, delete, event, insert
from sqlalchemy.pool import QueuePool, StaticPool

from .others import Hear
from .tables import workers

MEMORY = ":memory:"
_READERS = 4
_OPTIONS: Final[dict[str, Any]] = {
    "connect_args": {"check_same_thread": False},
    "hide_parameters": True,  # contents stand in no log
}


class Sqlite:
    """A database in memory or in a file."""

    writers = 1
    serial_writers = True

    def __init__(self, database: str) -> None:
        file = database.removeprefix("sqlite://").removeprefix("/") if database.startswith("sqlite://") else database
        self._lock = None if file in ("", MEMORY) else FileLock(file)
        self.write_engine, self.read_engine = _engines(file or MEMORY)
        self.readers = 0 if self.read_engine is self.write_engine else _READERS

    def open(self) -> None:
        """Keep other processes out."""
        if self._lock is not None:
            self._lock.acquire()

    def close(self) -> None:
        """Let other processes in."""
        self.read_engine.dispose()
        self.write_engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def before_create(self, connection: Connection) -> None:
        """The lock on the file is enough."""

    def join(self, worker: str, hear: Hear) -> None:
        """Be the only worker; nobody tells anything."""
        with self.write_engine.begin() as connection:
            connection.execute(delete(workers))
            connection.execute(insert(workers).values(id=worker))

    def leave(self) -> None:
        """The next process will see that this one is gone."""

    def is_worth_another_try(self, error: Exception) -> bool:
        """Writers take turns, so none comes in another's way."""
        return False


def _engines(database: str) -> tuple[Engine, Engine]:
    """An engine that writes and one that reads; for a database in memory they are the same."""
    if database == MEMORY:
        # One connection: each further one would open a database of its own.
        engine = create_engine("sqlite://", poolclass=StaticPool, **_OPTIONS)
        _set_up(engine, begin="BEGIN")
        return engine, engine
    url = URL.create("sqlite", database=str(Path(database).resolve()))
    writer = create_engine(url, poolclass=QueuePool, pool_size=1, **_OPTIONS)
    # IMMEDIATE takes the write lock at once; a transaction that starts as a reader could fail when it comes to write.
    _set_up(writer, begin="BEGIN IMMEDIATE")
    reader = create_engine(url, poolclass=QueuePool, pool_size=_READERS, **_OPTIONS)
    _set_up(reader, begin="BEGIN")
    return writer, reader


def _set_up(engine: Engine, *, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin or commit on its own
        cursor = connection.cursor()
        # WAL with NORMAL: a committed transaction survives the end of the process however it ends; only a power cut
        # can take the last ones, never the consistency.
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "busy_timeout = 10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


class FileInUseError(RuntimeError):
    """Another server process works with this database file."""


class FileLock:
    """Keeps a second server process off a database file: it would take the first one's runs for orphans.

    The lock is the operating system's, so it ends with the process, whatever ended that.
    """

    def __init__(self, database: str) -> None:
        self._path = Path(database).resolve()
        self._handle: IO[Any] | None = None

    def acquire(self) -> None:
        """Take the lock or raise `FileInUseError`."""
        try:
            import fcntl
        except ImportError:  # no such lock on this system
            return
        handle = self._path.with_name(self._path.name + ".lock").open("w")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            raise FileInUseError(f"another server process is using the database {self._path}") from None
        self._handle = handle

    def release(self) -> None:
        """Give the lock back."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                self._handle.close()
            self._handle = None
