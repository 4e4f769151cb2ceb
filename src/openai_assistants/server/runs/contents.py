"""Files of the server as models read them."""

from __future__ import annotations

from ..store import Database, Tx, blobs, records
from ..store.tables import files


class StoredContents:
    """Reads files out of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, file_id: str, *, limit: int) -> bytes | None:
        """The content of a file; None if there is no such file any more.

        Raises:
            ValueError: It has more than `limit` bytes.
        """

        def size(tx: Tx) -> int | None:
            row = records.find(tx, files, file_id)
            return None if row is None else int(row.data["bytes"])

        found = await self._database.read(size)
        if found is None:
            return None
        if found > limit:
            raise ValueError(f"{file_id} has {found} bytes, more than {limit}")
        return b"".join([chunk async for chunk in blobs.read(self._database, file_id)])
