"""The operations, one module a topic. `HANDLERS` finds them by the spec's operationId.

A handler is a plain function within one transaction: it gets the checked request and returns what is answered. What it
changed, its answer for the idempotency key included, is committed as a whole or not at all.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from ..errors import ApiError, not_found
from ..spec import JsonObject, child
from ..store import Tx, records, tables

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

HANDLERS: Final[dict[str, Handler]] = {}


def handles(operation_id: str) -> Callable[[Handler], Handler]:
    """Register the handler of an operation."""

    def register(handler: Handler) -> Handler:
        HANDLERS[operation_id] = handler
        return handler

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
        row = records.find(tx, tables.files, file_id)
        if row is None or (row.expires_at is not None and row.expires_at <= tx.now):
            raise not_found("file", file_id)


def tool_resources(tx: Tx, body: JsonObject) -> JsonObject:
    """What a request gives as `tool_resources`, its files looked up."""
    resources = child(body, "tool_resources")
    if child(resources, "file_search").get("vector_stores"):
        raise ApiError(
            "This server has no vector stores yet.",
            param="tool_resources.file_search.vector_stores",
            code="unsupported_parameter",
        )
    require_files(tx, child(resources, "code_interpreter").get("file_ids") or ())
    return resources


for _topic in ("assistants", "files", "messages", "models", "runs", "threads"):
    importlib.import_module(f"{__name__}.{_topic}")
