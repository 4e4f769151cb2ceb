"""Waiting until a vector store has processed its files. No I/O."""

from __future__ import annotations

from typing import Any

from .._calls import Call
from .._errors import APIError, WaitTimeoutError
from .._flow import Flow
from .._waiting import Wait, Work, has_status, look_until_over
from ..resources.vector_stores import VECTOR_STORES_RETRIEVE
from ._calls import call, items
from ._notes import Note

_WAITING = frozenset({"in_progress"})
_OVER = frozenset({"completed", "expired"})


def settle(target: Any, vector_store_id: str, seconds: float) -> Flow[list[Note]]:
    """Wait until the files of a vector store are processed; returns notes on those that could not be."""
    from ..types.vector_stores import VectorStore

    work = Work(lambda store: f"vector store {store.id}", _WAITING, lambda store: has_status(store, _OVER))
    look: Call[Any] = Call(VECTOR_STORES_RETRIEVE, {"vector_store_id": vector_store_id}, into=VectorStore)
    try:
        store = yield from call(lambda: target.vector_stores.retrieve(vector_store_id))
        wait = Wait(max_wait_seconds=seconds)
        store = yield from look_until_over(target.connection.core, store, look, work, wait, {})
        if not getattr(store.file_counts, "failed", 0):
            return []
        listing = target.vector_stores.files.list
        failed = yield from items(lambda: listing(vector_store_id, filter="failed", limit=100))
    except (APIError, WaitTimeoutError) as error:
        return [Note("file_ids", "changed", f"file search may not find all yet: {error}", vector_store_id)]
    reasons = [(each.id, getattr(each.last_error, "message", None) or "the server does not say why") for each in failed]
    return [Note("file_ids", "dropped", f"file search cannot read it: {reason}", name) for name, reason in reasons]
