"""Databases of earlier versions are brought to the present schema when they are opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, text, update

from .tables import DEFAULT_OWNER, answers, assistants, batches, files, runs, threads, uploads, vector_stores

OLDEST: Final = 2
"""Earlier ones cannot be upgraded."""


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
