"""The schema of the database: its column types, its tables, and how databases of earlier versions get it.

An object of the API is one JSON document; the columns beside it are those that are searched or sorted.

`seq` grows with every row, so it orders objects that were made within one second. A deleted object stays as an empty
row: a list that was read up to it can be continued from there.

Every database gives text and JSON back as they were stored. PostgreSQL refuses NUL characters, which clients may well
send, be it in an id that no object has. There they are written as two characters, the first one that Unicode reserves
for such inner use.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    select,
    text,
    update,
)
from sqlalchemy.types import TypeDecorator

from ..spec import is_array, is_object
from . import fulltext

_SPECIAL = re.compile("[\x00\uffff]")
_ESCAPED = re.compile("\uffff([01])")


def escape(text: str) -> str:
    """Text without NUL characters, from which `unescape` makes the same text again."""
    if "\x00" not in text and "\uffff" not in text:
        return text
    return _SPECIAL.sub(lambda found: "\uffff0" if found[0] == "\x00" else "\uffff1", text)


def unescape(text: str) -> str:
    """The text that was given to `escape`."""
    return _ESCAPED.sub(lambda found: "\x00" if found[1] == "0" else "\uffff", text) if "\uffff" in text else text


def dump_json(value: object) -> str:
    """JSON for PostgreSQL."""
    text = json.dumps(value, separators=(",", ":"))
    if "\\u0000" in text or "\\uffff" in text:
        text = json.dumps(_each_string(value, escape), separators=(",", ":"))
    return text


def load_json(text: str | bytes) -> object:
    """What `dump_json` was given."""
    value: object = json.loads(text)
    marked = b"\\uffff" in text if isinstance(text, bytes) else "\\uffff" in text
    return _each_string(value, unescape) if marked else value


def _each_string(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return change(value)
    if is_object(value):
        return {change(name): _each_string(item, change) for name, item in value.items()}
    if is_array(value):
        return [_each_string(item, change) for item in value]
    return value


class AnyText(TypeDecorator[str]):
    """Any text of Unicode."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """On the way in."""
        return escape(value) if value is not None and dialect.name == "postgresql" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """On the way out."""
        return unescape(value) if value is not None and dialect.name == "postgresql" else value


SCHEMA_VERSION = 3

DEFAULT_OWNER = "default"
"""To whom belongs what was made without an API key."""

metadata = MetaData()

_Big = BigInteger().with_variant(Integer(), "sqlite")
_Id = AnyText(64)
_NOT_DELETED = text("NOT deleted")


def _owner() -> Column[Any]:
    """Whose an object is. What is part of another object belongs to whom that belongs."""
    return Column("owner", AnyText(64), nullable=False, server_default=DEFAULT_OWNER)


def _object_table(name: str, *columns: Column[Any] | Index, unique: bool = True) -> Table:
    return Table(
        name,
        metadata,
        Column("seq", _Big, primary_key=True, autoincrement=True),
        Column("id", _Id, nullable=False, unique=unique),
        Column("created_at", _Big, nullable=False),
        Column("deleted", Boolean, nullable=False, default=False),
        Column("data", JSON(none_as_null=True), nullable=False),
        *columns,
        sqlite_autoincrement=True,
    )


assistants = _object_table(
    "assistants",
    Column("model", AnyText(), nullable=False),
    _owner(),
    Index("assistants_by_owner", "owner", "seq"),
)

threads = _object_table("threads", _owner(), Index("threads_by_owner", "owner", "seq"))

messages = _object_table(
    "messages",
    Column("thread_id", _Id, ForeignKey("threads.id"), nullable=False, index=True),
    Column("run_id", _Id, index=True),
    Column("status", AnyText(16), nullable=False),
)

ACTIVE_RUN = "status IN ('queued', 'in_progress', 'requires_action', 'cancelling')"

runs = _object_table(
    "runs",
    Column("thread_id", _Id, ForeignKey("threads.id"), nullable=False, index=True),
    Column("model", AnyText(), nullable=False),
    Column("status", AnyText(16), nullable=False),
    Column("expires_at", _Big, nullable=False),
    Column("ended_at", _Big),
    Column("worker", AnyText(64), nullable=False),
    Column("segment", Integer, nullable=False, default=0),
    Column("last_event", Integer, nullable=False, default=0),
    Column("private", JSON(none_as_null=True), nullable=False),
    _owner(),  # that of the thread, here again for those who carry runs out
    # The database itself keeps a thread from having two active runs, whoever asks and however many workers there are.
    Index("one_active_run", "thread_id", unique=True, sqlite_where=text(ACTIVE_RUN), postgresql_where=text(ACTIVE_RUN)),
    Index("active_runs", "expires_at", sqlite_where=text(ACTIVE_RUN), postgresql_where=text(ACTIVE_RUN)),
)

steps = _object_table(
    "steps",
    Column("run_id", _Id, ForeignKey("runs.id"), nullable=False, index=True),
    Column("status", AnyText(16), nullable=False),
    Column("turn", Integer, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("run_id", _Id, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("segment", Integer, nullable=False),
    Column("name", AnyText(40), nullable=False),
    Column("object_id", _Id),
    Column("data", Text, nullable=False),  # JSON, which holds no NUL
)

files = _object_table(
    "files",
    Column("purpose", AnyText(32), nullable=False),
    Column("expires_at", _Big),
    Column("size", _Big, nullable=False),
    _owner(),
    Index("files_by_owner", "owner", "seq"),
)

blobs = Table(
    "blobs",
    metadata,
    Column("file_id", _Id, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("created_at", _Big, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

uploads = _object_table(
    "uploads",
    Column("status", AnyText(16), nullable=False),
    Column("expires_at", _Big, nullable=False),
    Column("file_expires_after", JSON(none_as_null=True)),
    _owner(),
    Index("uploads_by_owner", "owner", "seq"),
)

# The content of a part lies in `blobs` under the part's id. Completing an upload moves no content: it notes whose it is
# (`file_id`) and where it stands there (`number`).
upload_parts = _object_table(
    "upload_parts",
    Column("upload_id", _Id, ForeignKey("uploads.id"), nullable=False, index=True),
    Column("size", _Big, nullable=False),
    Column("file_id", _Id, index=True),
    Column("number", Integer),
)

vector_stores = _object_table("vector_stores", _owner(), Index("vector_stores_by_owner", "owner", "seq"))

file_batches = _object_table(
    "file_batches",
    Column("vector_store_id", _Id, ForeignKey("vector_stores.id"), nullable=False, index=True),
    Column("status", AnyText(16), nullable=False),
)

UNREAD_MEMBER = "status = 'in_progress'"

# A file as a member of a vector store has the file's id. Taken out and put in again, it is another row; the earlier one
# stays for the batch that it came with, whose counts never shrink.
members = _object_table(
    "members",
    Column("vector_store_id", _Id, ForeignKey("vector_stores.id"), nullable=False),
    Column("batch_id", _Id, ForeignKey("file_batches.id"), index=True),
    Column("status", AnyText(16), nullable=False),
    Column("worker", AnyText(64), nullable=False),
    Column("usage_bytes", _Big, nullable=False, default=0),
    Index(
        "one_live_member",
        "vector_store_id",
        "id",
        unique=True,
        sqlite_where=_NOT_DELETED,
        postgresql_where=_NOT_DELETED,
    ),
    Index("members_by_status", "vector_store_id", "deleted", "status"),
    Index("members_by_file", "id"),
    Index("members_to_read", "worker", sqlite_where=text(UNREAD_MEMBER), postgresql_where=text(UNREAD_MEMBER)),
    unique=False,
)

passages = Table(
    "passages",
    metadata,
    # `member` and `number` in one, so that an index which knows only this knows the file: see `fulltext.seq_of`.
    Column("seq", _Big, primary_key=True, autoincrement=False),
    Column("member", _Big, ForeignKey("members.seq"), nullable=False),
    Column("number", Integer, nullable=False),
    # `seq` of the vector store, here again so that the index for search has it.
    Column("store", _Big, nullable=False, index=True),
    # How many characters at its beginning are the end of the passage before.
    Column("shared", Integer, nullable=False),
    Column("text", AnyText(), nullable=False),
    Column("terms", fulltext.Terms, nullable=False),
    Index("one_passage", "member", "number", unique=True),
)
fulltext.attach(passages)

batches = _object_table(
    "batches",
    Column("status", AnyText(16), nullable=False, index=True),
    Column("worker", AnyText(64), nullable=False),
    Column("output_expires_after", JSON(none_as_null=True)),
    _owner(),
    Index("batches_by_owner", "owner", "seq"),
)

answers = Table(
    "answers",
    metadata,
    Column("scope", AnyText(64), primary_key=True),
    Column("key", AnyText(255), primary_key=True),
    Column("fingerprint", AnyText(64), nullable=False),
    Column("created_at", _Big, nullable=False),
    Column("body", Text),
    Column("run_id", _Id),
    Column("segment", Integer),
)

# The server processes that are at work on this database. Whose row is gone is dead, and others take over what was his.
workers = Table(
    "workers",
    metadata,
    Column("id", AnyText(64), primary_key=True),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

meta = Table("meta", metadata, Column("name", AnyText(32), primary_key=True), Column("value", Integer, nullable=False))


def is_orphan(worker: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the worker that a column names is gone."""
    return worker.not_in(select(workers.c.id))


# Databases of earlier versions; the oldest that can be upgraded is the first of `_STEPS`.


def _to_3(connection: Connection) -> None:
    """Objects have owners. All that is there belongs to who asks without a key."""
    for table in (assistants, threads, runs, files, uploads, vector_stores, batches):
        connection.execute(
            text(f"ALTER TABLE {table.name} ADD COLUMN owner VARCHAR(64) NOT NULL DEFAULT '{DEFAULT_OWNER}'")
        )
        for index in table.indexes:
            if index.name == f"{table.name}_by_owner":
                index.create(connection)
    connection.execute(update(answers).where(answers.c.scope == "").values(scope=DEFAULT_OWNER))


_STEPS: Final[dict[int, Callable[[Connection], None]]] = {2: _to_3}


def upgrade(connection: Connection, version: int) -> int:
    """Bring the tables of an earlier version to the present one, as far as that is possible; the version then."""
    while (step := _STEPS.get(version)) is not None:
        step(connection)
        version += 1
    return version
