"""File contents, in rows of 1 MiB, so that nobody holds a file in memory. A file that was uploaded in parts has the
rows of its parts."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import partial

from sqlalchemy import delete, func, insert, select

from . import Database, Tx
from .tables import blobs, files, upload_parts

CHUNK = 1 << 20


class BlobWriter:
    """Takes bytes as they come and stores them under an id, chunk by chunk."""

    def __init__(self, database: Database, file_id: str) -> None:
        self.file_id = file_id
        self.size = 0
        self._database = database
        self._pending = bytearray()
        self._number = 0

    async def write(self, data: bytes) -> None:
        """Add bytes."""
        self.size += len(data)
        self._pending += data
        while len(self._pending) >= CHUNK:
            await self._store(bytes(self._pending[:CHUNK]))
            del self._pending[:CHUNK]

    async def finish(self) -> None:
        """Store what is left."""
        if self._pending:
            await self._store(bytes(self._pending))
            self._pending.clear()

    async def discard(self) -> None:
        """Take everything back."""
        await self._database.write(lambda tx: drop(tx, self.file_id))

    async def _store(self, content: bytes) -> None:
        number, self._number = self._number, self._number + 1

        def work(tx: Tx) -> None:
            tx.connection.execute(
                insert(blobs).values(file_id=self.file_id, number=number, created_at=tx.now, content=content)
            )

        await self._database.write(work)


async def read(database: Database, file_id: str) -> AsyncGenerator[bytes]:
    """The content of a file, chunk by chunk."""
    for owner in await database.read(partial(_owners, file_id=file_id)):
        number = 0
        while (content := await database.read(partial(_chunk, owner=owner, number=number))) is not None:
            yield content
            number += 1


def _owners(tx: Tx, file_id: str) -> list[str]:
    """Under which ids the content lies, in order."""
    query = select(upload_parts.c.id).where(upload_parts.c.file_id == file_id).order_by(upload_parts.c.number)
    return list(tx.connection.scalars(query)) or [file_id]


def _chunk(tx: Tx, owner: str, number: int) -> bytes | None:
    return tx.connection.scalar(select(blobs.c.content).where(blobs.c.file_id == owner, blobs.c.number == number))


def drop(tx: Tx, file_id: str) -> None:
    """Delete the content of a file."""
    for owner in _owners(tx, file_id):
        tx.connection.execute(delete(blobs).where(blobs.c.file_id == owner))
    tx.connection.execute(delete(upload_parts).where(upload_parts.c.file_id == file_id))


def drop_orphans(tx: Tx, older_than: int) -> None:
    """Delete contents that no file and no part stands for and that have stopped growing: an upload that never ended."""
    orphans = (
        select(blobs.c.file_id)
        .where(blobs.c.file_id.not_in(select(files.c.id)), blobs.c.file_id.not_in(select(upload_parts.c.id)))
        .group_by(blobs.c.file_id)
        .having(func.max(blobs.c.created_at) < older_than)
    )
    tx.connection.execute(delete(blobs).where(blobs.c.file_id.in_(orphans)))
