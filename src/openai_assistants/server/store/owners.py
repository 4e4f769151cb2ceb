"""Whose the objects are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement, Table, delete, exists, select, update

from . import Tx
from .tables import answers, assistants, batches, files, runs, threads, uploads, vector_stores

_INDEXED: Final = (assistants, threads, files, uploads, vector_stores, batches)


def visible(tx: Tx, table: Table) -> tuple[ColumnElement[bool], ...]:
    """What holds for the objects that this transaction may see: those of its owner, or all of them if it is the
    server's own."""
    return () if tx.owner is None or "owner" not in table.c else (table.c.owner == tx.owner,)


def has_any(tx: Tx, owner: str) -> bool:
    """Whether an owner has objects."""
    queries = (exists().where(table.c.owner == owner, table.c.deleted.is_(False)) for table in _INDEXED)
    return any(tx.connection.scalar(select(query)) for query in queries)


def rename(tx: Tx, names: Mapping[str, str]) -> None:
    """Give what belongs to some owners to others."""
    for old, new in names.items():
        its_threads = select(threads.c.id).where(threads.c.owner == old)
        tx.connection.execute(update(runs).where(runs.c.thread_id.in_(its_threads)).values(owner=new))
        for table in _INDEXED:
            tx.connection.execute(update(table).where(table.c.owner == old).values(owner=new))
        same_key = select(answers.c.key).where(answers.c.scope == new)
        tx.connection.execute(delete(answers).where(answers.c.scope == old, answers.c.key.in_(same_key)))
        tx.connection.execute(update(answers).where(answers.c.scope == old).values(scope=new))
