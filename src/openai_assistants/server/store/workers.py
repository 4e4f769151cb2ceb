"""The server processes that are at work on the database."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from .tables import workers


def is_orphan(worker: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the worker that a column names is gone."""
    return worker.not_in(select(workers.c.id))
