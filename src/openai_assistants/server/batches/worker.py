"""Works through batches, in the background and independent of any connection.

The endpoints that a batch can name (`/v1/chat/completions` and others) are not this server's. So a batch goes through
all its statuses, its input file is checked line by line as the API does it, and then each request gets what it would
get here: a 404. These answers are in the error file, and `request_counts` says that all have failed. A program that
makes batches can be run against this server from end to end; it only gets no answers from a model.
"""

from __future__ import annotations

import logging
from contextlib import aclosing
from functools import partial
from typing import Any

from sqlalchemy import Row

from ..background import Background
from ..handlers.files import new_file
from ..spec import JsonObject
from ..store import Tx, blobs, records
from ..store.blobs import BlobWriter
from ..store.tables import files
from . import lines, state

logger = logging.getLogger("openai_assistants.server")

_BROKEN = {"code": "server_error", "message": "Sorry, something went wrong.", "param": None, "line": None}
_NO_INPUT = {"code": "invalid_file", "message": "The input file is gone.", "param": "input_file_id", "line": None}


class Worker(Background):
    """The tasks of the batches that are neither done nor given up."""

    async def look(self) -> None:
        """Settle the batches that are being cancelled, end the work on those that are no longer this worker's to do,
        then begin with those that are new."""
        for batch_id in await self.database.read(state.cancelling):
            await self.database.write(partial(state.settle_cancel, batch_id=batch_id))
        busy = self.keys()
        waiting = await self.database.read(state.waiting)
        for key in busy.difference(waiting):
            await self.abandon(key)
        for batch_id in waiting:
            if not self.is_at_work(batch_id):
                self.launch(batch_id, self._process(batch_id))

    async def _process(self, batch_id: str) -> None:
        try:
            while (step := await self.database.write(partial(_step, batch_id=batch_id))) is not None:
                row, filename = step
                await self.treat(filename, row.status)
                match row.status:
                    case state.VALIDATING:
                        await self._validate(row)
                    case state.IN_PROGRESS:
                        await self._answer(row)
                    case _:
                        await self.database.write(partial(_complete, batch_id=batch_id))
        except Exception:
            logger.exception("batch %s failed", batch_id)
            await self.database.write(partial(_fail, batch_id=batch_id, errors=[_BROKEN]))

    async def _validate(self, row: Row[Any]) -> None:
        check = lines.Check(row.data["endpoint"])
        async with aclosing(blobs.read(self.database, row.data["input_file_id"])) as content:
            async for number, line in lines.lines(content):
                check.line(number, line)
        check.end()
        if check.errors:
            await self.database.write(partial(_fail, batch_id=row.id, errors=check.errors))
        else:
            await self.database.write(partial(_begin, batch_id=row.id, total=check.total))

    async def _answer(self, row: Row[Any]) -> None:
        """Write the error file. What an interrupted try has written is thrown away like an upload that never ended."""
        file_id = await self.database.write(lambda tx: tx.ids.new("file-"))
        writer = BlobWriter(self.database, file_id)
        failed = 0
        async with aclosing(blobs.read(self.database, row.data["input_file_id"])) as content:
            async for _, line in lines.lines(content):
                await writer.write(lines.answer(line))
                failed += 1
        await writer.finish()
        await self.database.write(partial(_finalize, batch_id=row.id, file_id=file_id, size=writer.size, failed=failed))


def _current(tx: Tx, batch_id: str) -> Row[Any] | None:
    """A batch that is still to be worked on, and can be. Every step ends with this: what was read was the whole input
    file only if the file is still there."""
    row = state.at_work(tx, batch_id)
    if row is None or row.status == state.FINALIZING:
        return row
    if records.find(tx, files, row.data["input_file_id"]) is None:
        state.become(tx, row.data, "failed", errors=_errors([_NO_INPUT]))
        return None
    return row


def _step(tx: Tx, batch_id: str) -> tuple[Row[Any], str] | None:
    """What is to be worked on next, and the name of its input file; None if there is nothing left to do."""
    row = _current(tx, batch_id)
    if row is None:
        return None
    file = records.find(tx, files, row.data["input_file_id"])
    return row, file.data["filename"] if file is not None else ""


def _fail(tx: Tx, batch_id: str, errors: list[JsonObject]) -> None:
    if (row := _current(tx, batch_id)) is not None:
        state.become(tx, row.data, "failed", errors=_errors(errors))


def _begin(tx: Tx, batch_id: str, total: int) -> None:
    if (row := _current(tx, batch_id)) is not None:
        counts = {"total": total, "completed": 0, "failed": 0}
        state.become(tx, row.data, state.IN_PROGRESS, request_counts=counts)


def _finalize(tx: Tx, batch_id: str, file_id: str, size: int, failed: int) -> None:
    if (row := _current(tx, batch_id)) is None:
        return
    filename = f"{batch_id}_error.jsonl"
    expiry = row.output_expires_after
    new_file(tx, file_id, filename=filename, purpose="batch_output", size=size, expires_after=expiry, owner=row.owner)
    counts = row.data["request_counts"] | {"failed": failed}
    state.become(tx, row.data, state.FINALIZING, error_file_id=file_id, request_counts=counts)


def _complete(tx: Tx, batch_id: str) -> None:
    if (row := _current(tx, batch_id)) is not None:
        state.become(tx, row.data, "completed")


def _errors(errors: list[JsonObject]) -> JsonObject:
    return {"object": "list", "data": errors}
