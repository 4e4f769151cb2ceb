"""What a server is made from, and what it is made of: its settings, API keys and versions of the API, and the service
that puts all its parts together.

Who asks sees what was made under the same owner, nothing else. The owner of a key is its name, if it has one, so that
several keys can belong to one owner and a key can be exchanged for another; a key without a name is an owner by itself.
On a server without keys everything belongs to `DEFAULT_OWNER`.

Of each version there are its operations, the check of their requests, what carries them out, and how the events of a
run look there. A request chooses one by its header, where its URL has versions at all.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from typing import Final, cast

from . import v1
from .asgi import AsgiApp, Receive, RequestLog, Scope, Send, raw_path
from .background import BatchesWorker, take_over_batches
from .bodies import Pending
from .code import Sandbox
from .dialects import Dialect, named
from .dialects.forms import StyledIds
from .faults import Faults, Processing, RunHolds
from .handlers import HANDLERS, Handler, drop_old_answers, files
from .models import Model, Routes
from .models.scripted import Scripts
from .runs import events
from .runs.engine import Engine
from .runs.events import Feed, View
from .spec import (
    NEWEST,
    Match,
    Operation,
    Spec,
    Validator,
    check_fields,
    check_operation,
    missing_beta,
    unknown_url,
    wrong_method,
)
from .store import Clock, Database, Ids, RandomIds, Tx, backends, records
from .store.tables import DEFAULT_OWNER
from .vector_stores import stores
from .vector_stores.reading import FilesWorker

logger = logging.getLogger("openai_assistants.server")

MEBIBYTE = 1 << 20

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,62}")

_VERSIONED: Final = frozenset({"assistants", "threads"})
"""Where URLs of these begin, a version must be chosen."""

_HOUR = 3600

_LEAST: Final[Mapping[str, float]] = {
    "lease_seconds": 0.001,
    "max_body_bytes": 1,
    "max_file_bytes": 1,
    "max_part_bytes": 1,
    "max_upload_bytes": 1,
    "max_pending_bytes": 1,
    "max_connections": 1,
    "client_timeout_seconds": 0.001,
    "run_lifetime_seconds": 1,
    "replay_seconds": 0,
    "keep_alive_seconds": 0.001,
    "poll_after_ms": 0,
    "drain_seconds": 0,
    "record_requests": 0,
}
"""Settings that are numbers, and the smallest that makes sense."""


@dataclass(kw_only=True)
class Settings:
    """Everything a server is made from; the defaults give a server in memory that answers with the offline model."""

    database: str = field(default=":memory:", repr=False)
    """`:memory:`, the name of an SQLite file (also as `sqlite:///NAME`), or `postgresql://USER:PASSWORD@HOST/NAME`.
    With PostgreSQL any number of processes may work on one database; they need the same settings."""
    workers: int = 1
    """How many workers one application has, each with its own connections; more than one needs PostgreSQL. In a process
    they gain no speed: this is for tests of what several processes would do."""
    lease_seconds: float = 5.0
    """On PostgreSQL: a worker that has not been heard of for so long is dead, and others go on with its work."""
    models: Mapping[str, Model | str] = field(default_factory=dict[str, Model | str], repr=False)
    """Routes: a pattern for model names (`gpt-4*`) and what answers there: a model, or text: `offline`,
    `chat:http://localhost:11434/v1#llama3.1` (see `ChatModel`), `scripted:answers.yaml` (see `Scripts.load`).
    The first pattern that matches wins; names that none matches go to the offline model."""
    code: Sandbox | None = None
    """What runs the programs of the code interpreter; None: nothing does, and models are told so."""
    api_keys: tuple[str, ...] | Mapping[str, str | None] = field(default=(), repr=False)
    """Keys that are accepted; empty: anybody may ask, with any key or none. What was made with one key does not exist
    for another; a mapping from keys to names (or None) lets the keys of one name share."""
    prefix: str = "/v1"
    """The path under which the operations lie."""
    max_body_bytes: int = 32 * MEBIBYTE
    """Largest JSON body."""
    max_file_bytes: int = 512 * MEBIBYTE
    """Largest file."""
    max_part_bytes: int = 64 * MEBIBYTE
    """Largest part of an upload."""
    max_upload_bytes: int = 8192 * MEBIBYTE
    """Largest file that is uploaded in parts."""
    max_pending_bytes: int = 256 * MEBIBYTE
    """What lies in memory of all requests together that are not answered yet; beyond it they get a 503 and may try
    again. The same for answers that their clients do not fetch; beyond it the connection that was slow first is cut."""
    max_connections: int = 10_000
    """On a loopback or other port: so many at once, as far as the process may have that many files open; more get a
    503."""
    client_timeout_seconds: float = 30.0
    """On a loopback or other port: who sends almost nothing of a request for so long, or takes almost nothing of an
    answer, is cut off, at the latest after one and a half times that."""
    run_lifetime_seconds: int = 600
    """After this time a run that has not ended expires."""
    replay_seconds: int = 24 * 3600
    """How long answers are kept for their idempotency key, and the events of runs that ended."""
    keep_alive_seconds: float = 15.0
    """A stream that is silent for so long gets a comment line, so that proxies keep it open."""
    poll_after_ms: int = 200
    """What `openai-poll-after-ms` proposes on answers that hold an unfinished run, file or batch."""
    drain_seconds: float = 5.0
    """How long a stopping server lets its runs go on; those still active then fail, and their streams end."""
    record_requests: int = 0
    """How many received requests are kept for looking at; 0 keeps none."""
    dialect: Dialect | str | None = None
    """Another server to imitate: one of `openai_assistants.server.dialects.NAMES`, or deviations of your own."""
    clock: Clock = field(default_factory=Clock)
    ids: Ids = field(default_factory=RandomIds)
    faults: Faults = field(default_factory=Faults)
    scripts: Scripts = field(default_factory=Scripts)
    processing: Processing = field(default_factory=Processing)
    holds: RunHolds = field(default_factory=RunHolds)

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            TypeError: One is of another type than its setting takes.
            ValueError: One is out of bounds, no dialect has the name that is given, or the API has no operation of
                the dialect's profile.
        """
        if not isinstance(cast("object", self.api_keys), str):  # which the line below refuses with better words
            check_fields(self)
        Keys(self.api_keys)
        for name, least in _LEAST.items():
            if not getattr(self, name) >= least:
                raise ValueError(f"Settings({name}=...) takes {least:g} or more, not {getattr(self, name)!r}")
        if self.prefix and (not self.prefix.startswith("/") or self.prefix.endswith("/")):
            raise ValueError(f"Settings(prefix=...) takes a path such as '/v1', or '', not {self.prefix!r}")
        if self.dialect is not None:
            self.dialect = named(self.dialect)
            for operation in sorted(self.dialect.profile.operations or ()):
                check_operation(operation)


# API keys.


class Keys:
    """The keys that are accepted: some, or as a mapping from each to the name of its owner, None for those that have
    none. Kept as digests.

    Raises:
        ValueError: A key is empty, or a name is none.
    """

    def __init__(self, given: Iterable[str] | Mapping[str, str | None]) -> None:
        if isinstance(given, str):
            raise ValueError("api_keys is a tuple of keys, or a mapping from keys to names, not one text")
        names = cast("Mapping[str, str | None]", given if isinstance(given, Mapping) else dict.fromkeys(given))
        if "" in names:
            raise ValueError("an API key is empty")
        self._owners: list[tuple[bytes, str]] = []
        self.named: dict[str, str] = {}
        """Who the owner of each key with a name would be if it had none; and the name."""
        for key, name in names.items():
            owner = own = _owner_of_nameless(key)
            if name is not None:
                owner = self.named[own] = checked_name(name)
            self._owners.append((_digest(key), owner))

    def __bool__(self) -> bool:
        """Whether a key is needed."""
        return bool(self._owners)

    @property
    def owners(self) -> set[str]:
        """Who may ask."""
        return {owner for _, owner in self._owners} or {DEFAULT_OWNER}

    def owner_of(self, key: str) -> str | None:
        """To whom a key belongs; None if it is not accepted. Takes as long for one as for another."""
        asked = _digest(key)
        found = [owner for known, owner in self._owners if hmac.compare_digest(asked, known)]
        return found[0] if found else None


def checked_name(name: str) -> str:
    """The name of an owner.

    Raises:
        ValueError: It has another form than names have.
    """
    if _NAME.fullmatch(name) is None:
        raise ValueError(
            "the name of an API key's owner has 1 to 63 letters, digits and any of _ . @ -, beginning with a letter or "
            "a digit"
        )
    return name


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def _owner_of_nameless(key: str) -> str:
    # No name begins so, and nobody gets in with it.
    return f"#{hashlib.sha256(_digest(key)).hexdigest()[:40]}"


# Versions of the API.


@dataclass(frozen=True)
class Version:
    """One version of the API."""

    spec: Spec
    validator: Validator
    handlers: Mapping[str, Handler]
    """By the spec's operationIds."""
    view: Callable[[Database, str], View] | None = None
    """Makes what shows the events of a run in this version; None: they are shown as they are stored."""

    @property
    def name(self) -> str:
        """As headers have it: `v2`."""
        return self.spec.version


@dataclass(frozen=True)
class Route:
    """Where a request leads to."""

    method: str
    path: str
    version: Version
    is_chosen: bool
    """Whether the request says so, or need not."""
    match: Match | None
    known_to: str | None
    """Another version that has what this one lacks."""

    @property
    def operation(self) -> Operation | None:
        """The operation, if there is one."""
        return self.match.operations.get(self.method) if self.match is not None else None

    @property
    def values(self) -> Mapping[str, str]:
        """The parameters in the path."""
        return self.match.path if self.match is not None else {}

    def demand(self) -> Operation:
        """The operation.

        Raises:
            ApiError: There is none, or no version was chosen where one must be.
        """
        if self.match is None:
            raise unknown_url(self.method, self.path, known_to=self.known_to)
        if self.operation is None:
            raise wrong_method(self.method, self.path, list(self.match.operations), known_to=self.known_to)
        if not self.is_chosen:
            raise missing_beta()
        return self.operation


class Versions:
    """All versions that this server speaks."""

    def __init__(self) -> None:
        newest, first = Spec.load(NEWEST), Spec.load("v1")
        self.newest = Version(newest, Validator(newest), HANDLERS)
        self.first = Version(first, Validator(first), v1.HANDLERS, v1.Events)
        self._all = (self.newest, self.first)

    def route(self, scope: Scope, prefix: str) -> Route:
        """Where a request leads to, whose operations lie under a prefix."""
        method, path = scope["method"], raw_path(scope)
        if not path.startswith(prefix + "/"):
            return Route(method, path, self.newest, True, None, None)
        inner = path[len(prefix) :]
        if inner.split("/")[1] not in _VERSIONED:
            return Route(method, path, self.newest, True, self.newest.spec.match(inner), None)
        asked = _asked(scope["headers"])
        chosen = next((each for each in self._all if f"assistants={each.name}" in asked), None)
        version = chosen or self.newest
        match = version.spec.match(inner)
        lacks = chosen is not None and not _has(match, method)
        others = (each for each in self._all if lacks and each is not chosen)
        known_to = next((each.name for each in others if _has(each.spec.match(inner), method)), None)
        return Route(method, path, version, chosen is not None, match, known_to)


@cache
def _versions() -> Versions:
    """One object for all servers of a process: it never changes, and it takes as long as starting the rest."""
    return Versions()


def _has(match: Match | None, method: str) -> bool:
    return match is not None and method in match.operations


def _asked(headers: Sequence[tuple[bytes, bytes]]) -> set[str]:
    values = (value.decode("latin-1") for name, value in headers if name.lower() == b"openai-beta")
    return {each.strip() for value in values for each in value.split(",")}


# The service.


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
        self.versions = _versions()
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
            case backends.RUN_CHANGED:
                self.feed.recheck(value)
            case backends.RUN_STOPPED:
                self.engine.abandon(value)
            case backends.BATCH_CANCELLED:
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
        records.rename_owners(tx, self.keys.named)
        if self._is_first and DEFAULT_OWNER not in self.keys.owners and records.has_objects(tx, DEFAULT_OWNER):
            logger.warning(
                "the database holds objects that were made without an API key; only a key with the name %r sees them "
                "(%s=KEY)",
                DEFAULT_OWNER,
                DEFAULT_OWNER,
            )

    def _throw_away(self, tx: Tx) -> None:
        tx.take_turn("throw away")
        kept_since = tx.now - self.settings.replay_seconds
        drop_old_answers(tx, kept_since)
        events.drop_old(tx, kept_since)
        files.drop_expired_files(tx)
        files.drop_expired_uploads(tx)
        records.drop_orphaned_content(tx, tx.now - _HOUR)


def _take_over_files(tx: Tx) -> None:
    stores.take_over_members(tx)
    take_over_batches(tx)


class Services:
    """The workers of one application: mostly one; in tests several, as if they were processes that share a database.
    Starts, drains and stops all of them together."""

    def __init__(self, settings: Settings) -> None:
        if settings.workers < 1:
            raise ValueError(f"a server needs at least 1 worker, not {settings.workers}")
        if settings.workers > 1 and not backends.is_url(settings.database):
            raise ValueError("several workers need a PostgreSQL database: an SQLite database belongs to one")
        self.first = Service(settings)
        self.all = [self.first, *(Service(settings, self.first) for _ in range(settings.workers - 1))]

    async def start(self) -> None:
        """Start one after the other; if one cannot, none runs, and nothing is held by any."""
        for number, service in enumerate(self.all, 1):
            try:
                await service.start()
            except BaseException:
                for begun in self.all[:number]:
                    await begun.stop()
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
