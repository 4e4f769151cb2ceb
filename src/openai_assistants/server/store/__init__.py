"""The server's state in a database: here the database, its transactions, and where these have time and ids from.

The work of a transaction is a plain function that runs in a thread and is given a `Tx`.

Because nothing in it can wait for anything but the database, a transaction is short, cannot be interrupted halfway by a
cancelled task, and the code in it reads from top to bottom. On SQLite writers take turns. On PostgreSQL they do not:
there each statement sees what is committed by then, what a transaction decides on is locked by `records.find` until its
end, and locks are taken from the whole to its parts (a thread, its run, that run's steps and messages; a vector store,
the files in it), so that no two wait for each other. Where that cannot be had, PostgreSQL ends one of the two, and its
work is done once more: it must do nothing that a second time would do twice.

Time and ids can be replaced, so that tests see the same values every time.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json
import secrets
import string
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import Connection, GenerativeSelect, Table, insert, inspect, make_url, select, update
from typing_extensions import Self

from . import backends, tables
from .backends import Hear, Postgres, Sqlite, is_url
from .tables import SCHEMA_VERSION, meta, metadata

T = TypeVar("T")
Query = TypeVar("Query", bound=GenerativeSelect)

_TRIES = 5

_ALPHABET = string.ascii_letters + string.digits


class SchemaError(RuntimeError):
    """The database was made by another version of the server."""


class Tx:
    """One transaction: the connection, the moment, the worker that it is for, and what to do once it is committed."""

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        ids: Ids,
        worker: str,
        *,
        owner: str | None = None,
        shared: bool,
        writes: bool,
    ) -> None:
        self.connection = connection
        self.now = int(clock.now())
        self.ids = ids
        self.worker = worker
        self.owner = owner
        """Whose objects are seen and made; None: the server sees those of all."""
        self.after: list[Callable[[], None]] = []
        self._shared = shared
        self._writes = writes
        self._told: dict[tuple[str, str], None] = {}

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run this on the event loop when the transaction is committed. What two transactions have left to do comes in
        the order of their commits on SQLite only."""
        self.after.append(action)

    def locked(self, query: Query, *tables: Table, only_look: bool = False) -> Query:
        """A query whose rows (those of these tables) nobody else can change until the end of this transaction, if it is
        one that writes. A row that another transaction is changing is waited for, and looked at as it is then."""
        if not self._shared or not self._writes:
            return query
        return query.with_for_update(read=only_look, key_share=not only_look, of=tables or None)

    def take_turn(self, name: str) -> None:
        """Wait until no other transaction is at its turn under this name; the turn lasts until the end."""
        if self._shared:
            backends.take_turn(self.connection, name)

    def tell(self, topic: str, value: str = "") -> None:
        """Let the other workers of this database know, when the transaction is committed; topics are in `backends`."""
        if self._shared:
            self._told[topic, value] = None

    def finish(self) -> None:
        """What comes last in the transaction."""
        if self._told:
            backends.tell(self.connection, self.worker, self._told)


class Database:
    """Runs transactions in threads of its own. `worker` is the name under which others may find this process."""

    def __init__(self, database: str, clock: Clock, ids: Ids, *, worker: str = "alone", lease: float = 5.0) -> None:
        self.worker = worker
        self._owner: str | None = None
        self._clock = clock
        self._ids = ids
        self._open = False
        self._backend = _backend(database, lease)
        self._writers = ThreadPoolExecutor(self._backend.writers, thread_name_prefix="assistants-write")
        self._readers = (
            ThreadPoolExecutor(self._backend.readers, thread_name_prefix="assistants-read")
            if self._backend.readers
            else self._writers
        )

    def for_owner(self, owner: str) -> Self:
        """The same database, with transactions that see only the objects of this owner."""
        view = copy.copy(self)
        view._owner = owner
        return view

    def open(self) -> None:
        """Make the database ready; creates what is missing. Does nothing the second time."""
        if self._open:
            return
        self._backend.open()
        try:
            self._create()
        except BaseException:
            self.close()
            raise
        self._open = True

    async def join(self, hear: Callable[[str, str], None]) -> None:
        """Become one of the workers of this database; `hear` is called on the event loop with what the others tell."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._writers, self._backend.join, self.worker, partial(_call_on, loop, hear))

    async def leave(self) -> None:
        """Be no worker any more: what is left of the work is for others."""
        if self._open:
            await asyncio.get_running_loop().run_in_executor(self._writers, self._backend.leave)

    async def write(self, work: Callable[[Tx], T], *, once: bool = False) -> T:
        """Run a transaction that changes something; on an exception nothing of it happened. `once`: the work notes
        something outside of the database, so it cannot be done again if PostgreSQL takes it back."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writers, self._try, work, loop, True, 1 if once else _TRIES)

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run a transaction that only looks, at one state of the database; nothing is locked."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._try, work, loop, False, _TRIES)

    def close(self) -> None:
        """Wait for the transactions under way and close the connections."""
        self._writers.shutdown()
        self._readers.shutdown()
        self._backend.close()

    def _try(self, work: Callable[[Tx], T], loop: asyncio.AbstractEventLoop, writes: bool, tries: int) -> T:
        for pause in range(tries - 1):
            try:
                return self._transact(work, loop, writes)
            except Exception as error:
                if not self._backend.is_worth_another_try(error):
                    raise
            time.sleep(0.01 * pause)
        return self._transact(work, loop, writes)

    def _transact(self, work: Callable[[Tx], T], loop: asyncio.AbstractEventLoop, writes: bool) -> T:
        engine = self._backend.write_engine if writes else self._backend.read_engine
        with engine.begin() as connection:
            shared = not self._backend.serial_writers
            tx = Tx(connection, self._clock, self._ids, self.worker, owner=self._owner, shared=shared, writes=writes)
            result = work(tx)
            tx.finish()
        if tx.after:
            # Not left to the caller: it may have been cancelled meanwhile, but the commit stands.
            loop.call_soon_threadsafe(_run_all, tx.after)
        return result

    def _create(self) -> None:
        with self._backend.write_engine.begin() as connection:
            self._backend.before_create(connection)
            if not inspect(connection).has_table(meta.name):
                metadata.create_all(connection, checkfirst=False)
                connection.execute(insert(meta).values(name="schema", value=SCHEMA_VERSION))
            found = connection.scalar(select(meta.c.value).where(meta.c.name == "schema")) or 0
            version = tables.upgrade(connection, found)
            if version != SCHEMA_VERSION:
                raise SchemaError(f"the database has schema version {found}, this server needs {SCHEMA_VERSION}")
            if version != found:
                connection.execute(update(meta).where(meta.c.name == "schema").values(value=version))


def shown(database: str) -> str:
    """How a database is called, without a password."""
    return make_url(database).render_as_string() if is_url(database) else database


def _backend(database: str, lease: float) -> Postgres | Sqlite:
    if is_url(database):
        return Postgres(database, lease)
    scheme, separator, _ = database.partition("://")
    if separator and scheme != "sqlite":
        raise ValueError(
            f"a database is ':memory:', the name of an SQLite file, sqlite:///FILE or postgresql://..., not {scheme}://..."
        )
    return Sqlite(database)


def _call_on(loop: asyncio.AbstractEventLoop, hear: Hear, topic: str, value: str) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(hear, topic, value)


def _run_all(actions: list[Callable[[], None]]) -> None:
    for action in actions:
        action()


def dumps(value: object) -> str:
    """Compact JSON, as it is stored and sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


# Time and ids.


class Clock:
    """The server's only source of time: follows the wall clock until it is frozen or moved.

    `freeze`, `advance` and `resume` may be called from any thread; whoever sleeps on the clock wakes when its moment
    has come by the clock's own time, however that time got there.
    """

    def __init__(self) -> None:
        self._offset = 0.0
        self._frozen: float | None = None
        self._lock = threading.Lock()
        self._sleepers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def now(self) -> float:
        """Seconds since 1970."""
        with self._lock:
            return time.time() + self._offset if self._frozen is None else self._frozen

    def freeze(self, at: float | None = None) -> None:
        """Stop the clock, at the given moment or at the present one."""
        moment = self.now() if at is None else at
        with self._lock:
            self._frozen = moment
        self._wake()

    def advance(self, seconds: float) -> None:
        """Move the clock forward; everything that falls due happens."""
        with self._lock:
            if self._frozen is None:
                self._offset += seconds
            else:
                self._frozen += seconds
        self._wake()

    def resume(self) -> None:
        """Let a frozen clock run on from where it stands."""
        with self._lock:
            if self._frozen is not None:
                self._offset = self._frozen - time.time()
                self._frozen = None
        self._wake()

    async def sleep_until(self, moment: float) -> None:
        """Wait until the clock shows this moment."""
        changed = asyncio.Event()
        sleeper = (asyncio.get_running_loop(), changed)
        with self._lock:
            self._sleepers.add(sleeper)
        try:
            while (remaining := moment - self.now()) > 0:
                changed.clear()
                with self._lock:
                    timeout = remaining if self._frozen is None else None
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), timeout)
        finally:
            with self._lock:
                self._sleepers.discard(sleeper)

    def _wake(self) -> None:
        with self._lock:
            sleepers = list(self._sleepers)
        for loop, changed in sleepers:
            loop.call_soon_threadsafe(changed.set)


class Ids(Protocol):
    """Makes the ids of objects: a prefix such as `asst_` and 24 characters."""

    def new(self, prefix: str) -> str:
        """The next id."""
        ...


class RandomIds:
    """Ids that nobody can guess."""

    def new(self, prefix: str) -> str:
        """A prefix and 24 random letters and digits."""
        return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(24))


class CountingIds:
    """Ids that count up from 1, separately for each prefix: the same in every test run."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def new(self, prefix: str) -> str:
        """A prefix and the next number, padded to 24 digits."""
        with self._lock:
            number = self._counts[prefix] = self._counts.get(prefix, 0) + 1
        return f"{prefix}{number:024d}"
