"""The operations, one module a topic. `HANDLERS` finds them by the spec's operationId.

A handler is a plain function within one transaction: it gets the checked request and returns what is answered. What it
changed, its answer for the idempotency key included, is committed as a whole or not at all.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ..errors import ApiError, not_found
from ..spec import JsonObject, child
from ..store import Database, Tx, records, tables
from ..vector_stores import stores

if TYPE_CHECKING:
    from ..service import Service


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


for _topic in ("assistants", "batches", "files", "messages", "models", "runs", "threads", "uploads", "vector_stores"):
    importlib.import_module(f"{__name__}.{_topic}")
