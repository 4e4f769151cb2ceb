"""Threads."""

from __future__ import annotations

from functools import partial

from sqlalchemy import update as sql_update

from ..runs import lifecycle
from ..spec import JsonObject
from ..store import records
from ..store.tables import messages, threads
from . import Call, deleted, handles, merge, tool_resources
from .attachments import UNUSED_FOR_A_WEEK
from .messages import add_message


@handles("createThread")
def create(call: Call) -> JsonObject:
    """A new thread, with messages if some are given."""
    return create_thread(call, call.body)


@handles("getThread")
def retrieve(call: Call) -> JsonObject:
    """One thread."""
    return records.read(call.tx, threads, call.path["thread_id"])


@handles("modifyThread")
def update(call: Call) -> JsonObject:
    """Change metadata or tool resources."""
    row = records.get(call.tx, threads, call.path["thread_id"])
    tool_resources(call, call.body)
    return records.put(call.tx, threads, merge(row.data, call.body, {"tool_resources": {}}))


@handles("deleteThread")
def delete(call: Call) -> JsonObject:
    """Delete a thread with its messages and runs; a run that is active just ends."""
    tx, thread_id = call.tx, call.path["thread_id"]
    records.get(tx, threads, thread_id)
    for run_id in lifecycle.forget(tx, call.service.feed, thread_id):
        tx.after_commit(partial(call.service.engine.abandon, run_id))
    tx.connection.execute(
        sql_update(messages).where(messages.c.thread_id == thread_id).values(deleted=True, data={}, status="deleted")
    )
    records.remove(tx, threads, thread_id)
    tx.after_commit(partial(call.service.engine.forget_thread, thread_id))
    return deleted(thread_id, "thread.deleted")


def create_thread(call: Call, body: JsonObject) -> JsonObject:
    """Store a new thread and its first messages. A vector store that is created along with it expires when nobody has
    used it for a week."""
    tx = call.tx
    thread: JsonObject = {
        "id": tx.ids.new("thread_"),
        "object": "thread",
        "created_at": tx.now,
        "metadata": body.get("metadata") or {},
        "tool_resources": tool_resources(call, body, expires_after=UNUSED_FOR_A_WEEK),
    }
    records.add(tx, threads, thread)
    for index, message in enumerate(body.get("messages") or ()):
        add_message(call, thread["id"], message, path=f"messages[{index}].")
    return records.read(tx, threads, thread["id"])
