"""All that is special about SQLite and about PostgreSQL, and what the workers of one database tell each other.

SQLite: pragmas, transactions, the lock on the file. One process works with a database, and its writers take turns; so
whoever else is noted as a worker is gone.

PostgreSQL: connections, advisory locks, and how its workers know of each other. A worker is a row in `workers` that is
touched again and again, by the clock of the database. Who has not been heard of for a lease is dead: its row is deleted
by whoever sees that first, and its work is taken over. One that was only slow comes back; its tasks find out at their
next write that their work is now another's.
"""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import URL, Connection, Engine, create_engine, delete, event, insert, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from .tables import dump_json, load_json, workers

if TYPE_CHECKING:
    import psycopg

logger = logging.getLogger("openai_assistants.server")

Hear: TypeAlias = Callable[[str, str], None]
"""Takes a topic and a value; called from a thread."""

RUN_CHANGED: Final = "run"
"""A run has new events, or none will come any more; its id."""
RUN_STOPPED: Final = "stop"
"""A run is no longer to be worked on; its id."""
BATCH_CANCELLED: Final = "batches"
"""A batch is being cancelled."""
WORKER_LEFT: Final = "left"
"""A worker is gone."""
HEARTBEAT: Final = "beat"
"""Not told by others: time has passed, and whatever was missed is to be looked for now."""

MEMORY = ":memory:"
_SQLITE_READERS = 4
_SQLITE_OPTIONS: Final[dict[str, Any]] = {
    "connect_args": {"check_same_thread": False},
    "hide_parameters": True,  # contents stand in no log
}

_SCHEMES = ("postgresql://", "postgresql+psycopg://", "postgres://")
_POSTGRES_WRITERS = 6
_POSTGRES_READERS = 4
_CHANNEL: Final = "openai_assistants"
_MAX_NOTE = 7000
_BEATS_PER_LEASE = 4
_PAUSE = 0.5
# Nothing waits for ever for a process that was stopped, or a machine that was cut off, in the middle of a transaction.
_SESSION = {
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "30s",
    "tcp_keepalives_idle": "20",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "4",
}
_DEADLOCK, _SERIALIZATION = "40P01", "40001"

_BEAT: Final = "UPDATE workers SET seen_at = clock_timestamp() WHERE id = %s"
_APPEAR: Final = "INSERT INTO workers (id, seen_at) VALUES (%s, clock_timestamp()) ON CONFLICT (id) DO NOTHING"
_BURY: Final = "DELETE FROM workers WHERE seen_at < clock_timestamp() - make_interval(secs => %s)"


# SQLite.


class Sqlite:
    """A database in memory or in a file."""

    writers = 1
    serial_writers = True

    def __init__(self, database: str) -> None:
        file = database.removeprefix("sqlite://").removeprefix("/") if database.startswith("sqlite://") else database
        self._lock = None if file in ("", MEMORY) else FileLock(file)
        self.write_engine, self.read_engine = _engines(file or MEMORY)
        self.readers = 0 if self.read_engine is self.write_engine else _SQLITE_READERS

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
        engine = create_engine("sqlite://", poolclass=StaticPool, **_SQLITE_OPTIONS)
        _set_up(engine, begin="BEGIN")
        return engine, engine
    url = URL.create("sqlite", database=str(Path(database).resolve()))
    writer = create_engine(url, poolclass=QueuePool, pool_size=1, **_SQLITE_OPTIONS)
    # IMMEDIATE takes the write lock at once; a transaction that starts as a reader could fail when it comes to write.
    _set_up(writer, begin="BEGIN IMMEDIATE")
    reader = create_engine(url, poolclass=QueuePool, pool_size=_SQLITE_READERS, **_SQLITE_OPTIONS)
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


_MAGIC: Final = b"SQLite format 3\0"
"""With this each database file begins."""


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
        """Take the lock.

        Raises:
            FileInUseError: Another process has it.
            OSError: No database can be there; nothing is made then.
        """
        self._check()
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

    def _check(self) -> None:
        if not self._path.parent.is_dir():
            raise FileNotFoundError(f"there is no directory {self._path.parent}")
        if self._path.is_dir():
            raise IsADirectoryError("it is a directory")
        if self._path.is_file():
            with self._path.open("rb") as file:
                begin = file.read(len(_MAGIC))
            if begin not in (b"", _MAGIC):  # an empty file becomes a database
                raise OSError("the file is no SQLite database")

    def release(self) -> None:
        """Give the lock back."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                self._handle.close()
            self._handle = None


# PostgreSQL.


class MissingDriverError(ImportError):
    """PostgreSQL is wanted, but the library for it is not installed."""


def is_url(database: str) -> bool:
    """Whether this names a PostgreSQL database."""
    return database.startswith(_SCHEMES)


def take_turn(connection: Connection, name: str) -> None:
    """Hold the lock of this name until the end of the transaction."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def tell(connection: Connection, worker: str, news: Iterable[tuple[str, str]]) -> None:
    """Notify all others when the transaction is committed."""
    lines: list[str] = []
    size = 0
    for topic, value in news:
        if lines and size + len(topic) + len(value) > _MAX_NOTE:
            _notify(connection, worker, lines)
            lines, size = [], 0
        lines.append(f"{topic} {value}")
        size += len(lines[-1]) + 1
    _notify(connection, worker, lines)


def _notify(connection: Connection, worker: str, lines: list[str]) -> None:
    note = "\n".join([worker, *lines])
    connection.execute(text("SELECT pg_notify(:channel, :note)"), {"channel": _CHANNEL, "note": note})


class Postgres:
    """A database that several processes may use at once."""

    writers = _POSTGRES_WRITERS
    readers = _POSTGRES_READERS
    serial_writers = False

    def __init__(self, database: str, lease: float) -> None:
        if find_spec("psycopg") is None:
            raise MissingDriverError(
                'a PostgreSQL database needs psycopg: pip install "openai-assistants[server,postgres]"'
            )
        self._url = make_url(database).set(drivername="postgresql+psycopg")
        settings = [f"-c {name}={value}" for name, value in _SESSION.items()]
        given = self._url.query.get("options", "")
        self._options = " ".join([*settings, *([given] if isinstance(given, str) else given)])
        self.write_engine = create_engine(
            self._url,
            pool_size=_POSTGRES_WRITERS + _POSTGRES_READERS,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,  # contents stand in no log
            isolation_level="READ COMMITTED",
            connect_args={"options": self._options},
            json_serializer=dump_json,
            json_deserializer=load_json,
        )
        self.read_engine = self.write_engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._lease = lease
        self._presence: _Presence | None = None

    def open(self) -> None:
        """Any number of processes may come."""

    def close(self) -> None:
        """Close the connections."""
        self.leave()
        self.write_engine.dispose()

    def before_create(self, connection: Connection) -> None:
        """Let one process create the tables while others that start at the same moment wait."""
        take_turn(connection, "schema")

    def join(self, worker: str, hear: Hear) -> None:
        """Appear among the workers, and begin to listen to them."""
        presence = _Presence(self._connect, worker, self._lease, hear)
        presence.start()
        self._presence = presence

    def leave(self) -> None:
        """Disappear."""
        if self._presence is not None:
            presence, self._presence = self._presence, None
            presence.stop()

    def is_worth_another_try(self, error: Exception) -> bool:
        """Whether two transactions came in each other's way, and this one was taken back for the other; or the
        connection was lost before the commit (in that there is no statement), so that nothing has happened."""
        if not isinstance(error, DBAPIError):
            return False
        lost = error.connection_invalidated and error.statement is not None
        return lost or getattr(error.orig, "sqlstate", None) in (_DEADLOCK, _SERIALIZATION)

    def _connect(self) -> psycopg.Connection[Any]:
        import psycopg

        arguments, options = self.write_engine.dialect.create_connect_args(self._url)
        options = {**options, "options": self._options}
        return psycopg.connect(*arguments, **options, autocommit=True)


class _Presence:
    """A worker's connection for life signs and news, with a thread of its own: a busy event loop must not look dead."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]], worker: str, lease: float, hear: Hear) -> None:
        self._connect = connect
        self._worker = worker
        self._lease = lease
        self._hear = hear
        self._bell, self._rope = socket.socketpair()  # to end the wait for news
        self._stopping = False
        self._last_beat = self._steady_since = 0.0
        self._connection: psycopg.Connection[Any] | None = None
        self._thread = threading.Thread(target=self._run, name="assistants-presence", daemon=True)

    def start(self) -> None:
        """Be a worker from now on."""
        self._open()
        self._thread.start()

    def stop(self) -> None:
        """Be no worker any more, and say so."""
        self._stopping = True
        self._rope.send(b"x")
        self._thread.join()
        self._bell.close()
        self._rope.close()

    def _run(self) -> None:
        import psycopg

        while not self._stopping:
            try:
                self._stay(self._connection or self._open())
            except (psycopg.Error, OSError) as error:
                if self._connection is not None:  # said once, not at each try
                    logger.warning("lost the connection to the other workers: %s", error)
                self._close()
                self._hear(HEARTBEAT, "")  # as long as nothing is heard, it has to be looked for
                _readable(_PAUSE, self._bell.fileno())
        with contextlib.suppress(psycopg.Error, OSError):
            connection = self._connection or self._open()
            connection.execute("UNLISTEN *")
            connection.execute("DELETE FROM workers WHERE id = %s", (self._worker,))
            connection.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, f"{self._worker}\n{WORKER_LEFT} "))
        self._close()

    def _open(self) -> psycopg.Connection[Any]:
        connection = self._connect()
        self._connection = connection
        connection.add_notify_handler(lambda note: self._take(note.payload))
        connection.execute(f"LISTEN {_CHANNEL}")
        self._beat(connection)
        return connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _stay(self, connection: psycopg.Connection[Any]) -> None:
        while not self._stopping:
            left = self._last_beat + self._lease / _BEATS_PER_LEASE - time.monotonic()
            if left <= 0:
                self._beat(connection)
                continue
            if connection.fileno() in _readable(left, connection.fileno(), self._bell.fileno()):
                connection.pgconn.consume_input()
                while (note := connection.pgconn.notifies()) is not None:
                    self._take(note.extra.decode())

    def _beat(self, connection: psycopg.Connection[Any]) -> None:
        """Say that this worker lives, and look who does not."""
        now = time.monotonic()
        if now - self._last_beat > self._lease / 2:
            # Late: the database or this machine was held up, and with it perhaps all others. They get a lease's time.
            self._steady_since = now
        self._last_beat = now
        if connection.execute(_BEAT, (self._worker,)).rowcount == 0:
            connection.execute(_APPEAR, (self._worker,))
        if now - self._steady_since >= self._lease and connection.execute(_BURY, (self._lease,)).rowcount:
            connection.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, f"{self._worker}\n{WORKER_LEFT} "))
        self._hear(HEARTBEAT, "")

    def _take(self, note: str) -> None:
        sender, *lines = note.split("\n")
        if sender != self._worker:
            for line in lines:
                topic, _, value = line.partition(" ")
                self._hear(topic, value)


def _readable(seconds: float, *files: int) -> set[int]:
    """Which of these files can be read from; waits for one. Not by `select()`: it knows only numbers below 1024, which
    a server with many connections runs out of."""
    with selectors.DefaultSelector() as selector:
        for file in files:
            selector.register(file, selectors.EVENT_READ)
        return {key.fd for key, _ in selector.select(seconds)}
