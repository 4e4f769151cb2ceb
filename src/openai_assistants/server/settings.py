"""What can be set when a server is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .code import Sandbox
from .dialects import Dialect, named
from .faults import Faults
from .holding import RunHolds
from .models.base import Model
from .models.scripted import Scripts
from .processing import Processing
from .sources import Clock, Ids, RandomIds

MEBIBYTE = 1 << 20


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
        if isinstance(self.dialect, str):
            self.dialect = named(self.dialect)
