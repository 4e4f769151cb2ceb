"""Attachments of messages: files that are given to the tools of the thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from ..errors import ApiError
from ..spec import JsonObject, child
from ..store import Tx, records
from ..store.tables import members, threads, vector_stores
from ..vector_stores import members as membership, stores
from . import Call

UNUSED_FOR_A_WEEK: Final = {"anchor": "last_active_at", "days": 7}
"""When a vector store expires that was created along with its thread."""

_MOST_FILES: Final = 20


def attach(call: Call, thread_id: str, attachments: Sequence[JsonObject], *, path: str) -> None:
    """Give the attached files to the thread's tools: those for file search go into its vector store, which is created
    if there is none, those for the code interpreter into its list of files. The thread's `tool_resources` tell it."""
    thread = records.read(call.tx, threads, thread_id)
    resources: JsonObject = dict(thread["tool_resources"] or {})
    if searched := _files_for("file_search", attachments):
        store_id = _store_of(call.tx, resources)
        _put_in(call, store_id, searched)
        resources["file_search"] = {"vector_store_ids": [store_id]}
    if read := _files_for("code_interpreter", attachments):
        known: list[str] = child(resources, "code_interpreter").get("file_ids") or []
        file_ids = list(dict.fromkeys([*known, *read]))
        if len(file_ids) > _MOST_FILES:
            raise ApiError(
                f"A thread gives the code interpreter at most {_MOST_FILES} files; with these attachments it would "
                f"be {len(file_ids)}.",
                param=f"{path}attachments",
            )
        resources["code_interpreter"] = {"file_ids": file_ids}
    records.put(call.tx, threads, thread | {"tool_resources": resources})


def _files_for(tool: str, attachments: Sequence[JsonObject]) -> list[str]:
    return list(
        dict.fromkeys(
            each["file_id"]
            for each in attachments
            if each.get("file_id") and any(wanted["type"] == tool for wanted in each.get("tools") or ())
        )
    )


def _store_of(tx: Tx, resources: JsonObject) -> str:
    """The thread's vector store; a new one if it has none or lost it."""
    for store_id in child(resources, "file_search").get("vector_store_ids") or ():
        if records.find(tx, vector_stores, store_id) is not None:
            return str(stores.usable(tx, store_id)["id"])
    return str(stores.create(tx, {}, expires_after=UNUSED_FOR_A_WEEK)["id"])


def _put_in(call: Call, store_id: str, file_ids: list[str]) -> None:
    query = select(members.c.id).where(members.c.vector_store_id == store_id, members.c.deleted.is_(False))
    there = set(call.tx.connection.scalars(query.where(members.c.id.in_(file_ids))))
    new = [file_id for file_id in file_ids if file_id not in there]
    membership.add(call.tx, store_id, stores.same_for_all({"file_ids": new}))
    call.tx.after_commit(call.service.files_worker.wake)
