"""The operations, a module for each topic. `HANDLERS` finds them by the spec's operationId.

A handler is a plain function within one transaction: it gets the checked request and returns what is answered. What it
changed, its answer for the idempotency key included, is committed as a whole or not at all.

So answers are kept for their `Idempotency-Key`: both the work and its answer exist or neither; not even a killed
process leaves work without its answer. Only answers of work that was done are stored: a request that was refused
changed nothing and is looked at afresh. Of a stream the place in the run's event log is kept, which is all that a
replay needs. A duplicate that comes while the first is at work waits for it, be it at another worker.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import delete, insert, select

from ..spec import ApiError, JsonObject, child, not_found
from ..store import Database, Tx, dumps, records, tables
from ..store.tables import answers
from ..vector_stores import stores

if TYPE_CHECKING:
    from ..service import Service

MAX_KEY = 255
_FINAL = {"x-should-retry": "false"}


@dataclass(frozen=True)
class Call:
    """A request whose parameters and body fit the spec, within its transaction."""

    tx: Tx
    service: Service
    path: Mapping[str, str]
    query: JsonObject
    body: JsonObject
    prepared: JsonObject = field(default_factory=dict[str, Any])
    """What was found out before the transaction began."""


@dataclass(frozen=True)
class StreamAnswer:
    """The events of a segment of a run, as they come."""

    run_id: str
    segment: int


@dataclass(frozen=True)
class FileAnswer:
    """The content of a file."""

    file_id: str
    filename: str
    size: int


Answer: TypeAlias = JsonObject | StreamAnswer | FileAnswer
Handler: TypeAlias = Callable[[Call], Answer]
Preparation: TypeAlias = Callable[[Database, Mapping[str, str], JsonObject], Awaitable[JsonObject]]

HANDLERS: Final[dict[str, Handler]] = {}
PREPARATIONS: Final[dict[str, Preparation]] = {}
"""What takes too long for a transaction that writes; gets the path's parameters and the checked body. What it finds may
have changed when the transaction begins."""


def handles(operation_id: str) -> Callable[[Handler], Handler]:
    """Register the handler of an operation."""

    def register(handler: Handler) -> Handler:
        HANDLERS[operation_id] = handler
        return handler

    return register


def prepares(operation_id: str) -> Callable[[Preparation], Preparation]:
    """Register what is done before the transaction of an operation."""

    def register(preparation: Preparation) -> Preparation:
        PREPARATIONS[operation_id] = preparation
        return preparation

    return register


def merge(current: JsonObject, body: JsonObject, defaults: Mapping[str, object] | None = None) -> JsonObject:
    """An object after an update: only the keys that were given change, `metadata` as a whole. A null sets the value
    that the field has when it was never given."""
    empty: JsonObject = {"metadata": {}, **(defaults or {})}
    return current | {name: empty.get(name) if value is None else value for name, value in body.items()}


def deleted(object_id: str, kind: str) -> JsonObject:
    """The answer to a deletion."""
    return {"id": object_id, "object": kind, "deleted": True}


def require_files(tx: Tx, file_ids: Iterable[str]) -> None:
    """Refuse ids that no file has."""
    for file_id in dict.fromkeys(file_ids):
        row = records.find(tx, tables.files, file_id, only_look=True)
        if row is None or (row.expires_at is not None and row.expires_at <= tx.now):
            raise not_found("file", file_id)


def tool_resources(call: Call, body: JsonObject, *, expires_after: JsonObject | None = None) -> JsonObject:
    """What a request gives as `tool_resources`, its files and vector stores looked up, and new stores created: with
    this rule of expiry."""
    resources = child(body, "tool_resources")
    require_files(call.tx, child(resources, "code_interpreter").get("file_ids") or ())
    file_search = child(resources, "file_search")
    store_ids: list[str] = file_search.get("vector_store_ids") or []
    for store_id in store_ids:
        records.get(call.tx, tables.vector_stores, store_id)
    described: list[JsonObject] = file_search.get("vector_stores") or []
    if not described:
        if "vector_stores" in file_search:
            return resources | {"file_search": {"vector_store_ids": store_ids}}
        return resources
    path = "tool_resources.file_search.vector_stores"
    if store_ids:
        raise ApiError("Give either 'vector_store_ids' or 'vector_stores', not both.", param=path)
    created: list[str] = []
    for index, each in enumerate(described):
        require_files(call.tx, each.get("file_ids") or ())
        store = stores.create(call.tx, each, expires_after=expires_after, path=f"{path}[{index}].")
        created.append(store["id"])
    call.tx.after_commit(call.service.files_worker.wake)
    return resources | {"file_search": {"vector_store_ids": created}}


# Answers for idempotency keys.


@dataclass(frozen=True)
class Claim:
    """A key, whose it is, and the request that it stands for."""

    scope: str
    key: str
    fingerprint: str


def check_idempotency_key(key: str) -> None:
    """Refuse keys that no client makes."""
    if not key or len(key) > MAX_KEY:
        raise ApiError(f"Invalid Idempotency-Key: it must have 1 to {MAX_KEY} characters.", code="invalid_value")


def recall_answer(tx: Tx, claim: Claim) -> Answer | None:
    """The answer that was given for this key, if any; a key that stood for another request is a conflict."""
    tx.take_turn(f"key {claim.scope} {claim.key}")
    query = select(answers).where(answers.c.scope == claim.scope, answers.c.key == claim.key)
    row = tx.connection.execute(query).first()
    if row is None:
        return None
    if row.fingerprint != claim.fingerprint:
        raise ApiError(
            "This Idempotency-Key was used for another request. Keys may be used again only with the same method, "
            "path and body.",
            status=409,
            type="idempotency_error",
            code="idempotency_key_reused",
            headers=_FINAL,
        )
    if row.body is None:
        return StreamAnswer(row.run_id, row.segment)
    return dict(json.loads(row.body))


def keep_answer(tx: Tx, claim: Claim, answer: Answer) -> None:
    """Store an answer under its key."""
    assert not isinstance(answer, FileAnswer), "downloads are GETs, and those have no key"
    stored = (
        {"run_id": answer.run_id, "segment": answer.segment}
        if isinstance(answer, StreamAnswer)
        else {"body": dumps(answer)}
    )
    tx.connection.execute(
        insert(answers).values(
            scope=claim.scope, key=claim.key, fingerprint=claim.fingerprint, created_at=tx.now, **stored
        )
    )


def nothing_to_resume() -> ApiError:
    """A `Last-Event-ID` whose stream this server does not have. Starting a new run instead would repeat work."""
    return ApiError(
        "There is no stream to resume under this Idempotency-Key.",
        status=409,
        type="idempotency_error",
        code="idempotency_key_unknown",
        headers=_FINAL,
    )


def drop_old_answers(tx: Tx, older_than: int) -> None:
    """Forget answers that were given before this moment."""
    tx.connection.execute(delete(answers).where(answers.c.created_at < older_than))


for _topic in ("files", "threads"):
    importlib.import_module(f"{__name__}.{_topic}")
