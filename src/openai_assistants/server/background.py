"""Work that goes on behind the requests: found in the database, carried out in tasks. Each piece is the work of the
worker that its row names; when that one is gone, another puts its own name there and begins anew.

Here is what all such work has in common, and the work on batches. The endpoints that a batch can name
(`/v1/chat/completions` and others) are not this server's. So a batch goes through all its statuses, its input file is
checked line by line as the API does it, and then each request gets what it would get here: a 404. These answers are in
the error file, and `request_counts` says that all have failed. A program that makes batches can be run against this
server from end to end; it only gets no answers from a model.
"""

from __future__ import annotations

import asyncio
import json
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Collection, Coroutine, Hashable
from contextlib import aclosing
from functools import partial
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import Row, select, update

from .faults import Processing, Treatment
from .models.scripted import Gate
from .spec import ApiError, JsonObject, is_object, unknown_url
from .store import Clock, Database, Tx, dumps, records
from .store.records import BlobWriter, new_file
from .store.tables import batches, files, is_orphan

logger = logging.getLogger("openai_assistants.server")

VALIDATING: Final = "validating"
IN_PROGRESS: Final = "in_progress"
FINALIZING: Final = "finalizing"
CANCELLING: Final = "cancelling"
CANCELLED: Final = "cancelled"
EXPIRED: Final = "expired"

AT_WORK: Final = (VALIDATING, IN_PROGRESS, FINALIZING)
_LIFETIME: Final = 24 * 3600

MAX_LINES: Final = 50_000
MAX_LINE: Final = 32 << 20
MAX_ERRORS: Final = 100

RETRY_SECONDS: Final = 1.0
"""After a fault, of the database mostly, it is tried again so much later."""

_BROKEN = {"code": "server_error", "message": "Sorry, something went wrong.", "param": None, "line": None}
_NO_INPUT = {"code": "invalid_file", "message": "The input file is gone.", "param": "input_file_id", "line": None}


class Background(ABC):
    """Looks for work whenever it is woken, and keeps the tasks that do it."""

    def __init__(self, database: Database, clock: Clock, processing: Processing) -> None:
        self.database = database
        self._clock = clock
        self._processing = processing
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self._more = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    @abstractmethod
    async def look(self) -> None:
        """Begin with what is to be done and not begun yet."""

    def start(self) -> None:
        """Begin to work, with what an earlier process left behind."""
        self._more.set()
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """End all work. What was not finished is in the database, for the next process."""
        await _end([*self._tasks.values(), *([self._watching] if self._watching is not None else [])])

    def wake(self) -> None:
        """There is something to do; on the event loop, after the commit that made it."""
        self._more.set()

    def launch(self, key: Hashable, work: Coroutine[object, object, None]) -> None:
        """Do this in a task; its key must be free."""
        task = asyncio.create_task(work)
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._tasks.pop(key))

    def is_at_work(self, key: Hashable) -> bool:
        """Whether a task has this key."""
        return key in self._tasks

    def keys(self) -> set[Hashable]:
        """The keys of the tasks."""
        return set(self._tasks)

    async def abandon(self, keys: Collection[Hashable]) -> None:
        """End the tasks that have one of these keys."""
        await _end([task for key, task in self._tasks.items() if key in keys])

    async def treat(self, filename: str, status: str) -> Treatment | None:
        """Let a file wait as a test asked for; the failure that it asked for, if it did."""
        treatments = self._processing.take(filename, status)
        for each in treatments:
            if isinstance(each.pause, Gate):
                await each.pause.passed()
            elif each.pause is not None:
                await self._clock.sleep_until(self._clock.now() + each.pause)
        return next((each for each in treatments if each.fail is not None), None)

    async def _watch(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            try:
                await self.look()
            except Exception:
                logger.exception("could not look for work")
                await asyncio.sleep(RETRY_SECONDS)
                self._more.set()


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)


# Batches, each change a piece of a transaction. One that is over time is expired, whether or not anybody has noted it.


def add_batch(tx: Tx, body: JsonObject) -> JsonObject:
    """Store a new batch."""
    times = ("in_progress", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled")
    data: JsonObject = {
        "id": tx.ids.new("batch_"),
        "object": "batch",
        "endpoint": body["endpoint"],
        "errors": None,
        "input_file_id": body["input_file_id"],
        "completion_window": body["completion_window"],
        "status": VALIDATING,
        "output_file_id": None,
        "error_file_id": None,
        "created_at": tx.now,
        "expires_at": tx.now + _LIFETIME,
        **{f"{status}_at": None for status in times},
        "request_counts": {"total": 0, "completed": 0, "failed": 0},
        "metadata": body.get("metadata") or {},
    }
    expiry = body.get("output_expires_after")
    return records.add(tx, batches, data, status=VALIDATING, worker=tx.worker, output_expires_after=expiry)


def shown_batch(tx: Tx, batch: JsonObject) -> JsonObject:
    """A batch as it is answered."""
    if batch["status"] in AT_WORK and batch["expires_at"] <= tx.now:
        return batch | {"status": EXPIRED, "expired_at": batch["expires_at"]}
    return batch


def change_status(tx: Tx, batch: JsonObject, status: str, **changes: object) -> JsonObject:
    """Bring a batch to another status."""
    data = batch | {"status": status, f"{status}_at": tx.now, **changes}
    return records.put(tx, batches, data, status=status)


def begin_cancel_batch(tx: Tx, batch: JsonObject) -> JsonObject:
    """Bring a batch to `cancelling`; one that is there already stays.

    Raises:
        ApiError: It is over.
    """
    status = shown_batch(tx, batch)["status"]
    if status in AT_WORK:
        return change_status(tx, batch, CANCELLING)
    if status in (CANCELLING, CANCELLED):
        return batch
    raise ApiError(f"Cannot cancel batch {batch['id']} with status '{status}'.")


def take_over_batches(tx: Tx) -> None:
    """Make those ours that are to be worked on and whose worker is gone."""
    orphans = batches.c.status.in_(AT_WORK), is_orphan(batches.c.worker)
    tx.connection.execute(update(batches).where(*orphans).values(worker=tx.worker))


def cancelling_batches(tx: Tx) -> list[str]:
    """Ids of the batches that are being cancelled."""
    query = select(batches.c.id).where(batches.c.status == CANCELLING, batches.c.deleted.is_(False))
    return list(tx.connection.scalars(query.order_by(batches.c.seq)))


def waiting_batches(tx: Tx) -> list[str]:
    """Ids of the batches that this worker is to work on, oldest first."""
    query = select(batches.c.id).where(batches.c.status.in_(AT_WORK), batches.c.deleted.is_(False))
    return list(tx.connection.scalars(query.where(batches.c.worker == tx.worker).order_by(batches.c.seq)))


def batch_at_work(tx: Tx, batch_id: str) -> Row[Any] | None:
    """A batch that this worker is still to work on. One whose time is over is noted as expired."""
    row = records.find(tx, batches, batch_id)
    if row is None or row.status not in AT_WORK or row.worker != tx.worker:
        return None
    if row.data["expires_at"] <= tx.now:
        records.put(tx, batches, shown_batch(tx, row.data), status=EXPIRED)
        return None
    return row


def settle_cancelled_batch(tx: Tx, batch_id: str) -> None:
    """Bring a batch to `cancelled`."""
    row = records.find(tx, batches, batch_id)
    if row is not None and row.status == CANCELLING:
        change_status(tx, row.data, CANCELLED)


# The lines of input files.


async def lines_of(content: AsyncIterator[bytes]) -> AsyncIterator[tuple[int, bytes]]:
    """Lines that hold something, with their numbers from 1. One that is longer than any request may be is cut."""
    rest = b""
    number = 1
    async for data in content:
        *whole, rest = (rest + data).split(b"\n")
        rest = rest[: MAX_LINE + 1]
        for line in whole:
            if line.strip():
                yield number, line
            number += 1
    if rest.strip():
        yield number, rest


class InputCheck:
    """Collects what is wrong with an input file; an empty list of errors says nothing is."""

    def __init__(self, endpoint: str) -> None:
        self.errors: list[JsonObject] = []
        self.total = 0
        self._endpoint = endpoint
        self._seen: set[str] = set()

    def line(self, number: int, line: bytes) -> None:
        """Check a line."""
        self.total += 1
        if self.total == MAX_LINES + 1:
            self._wrong("too_many_requests", f"A batch has at most {MAX_LINES} requests.")
        request = parsed_line(line)
        if request is None:
            self._wrong("invalid_json_line", "This line is not a JSON object.", number)
            return
        custom_id = request.get("custom_id")
        if not isinstance(custom_id, str):
            self._missing("custom_id", number)
        elif custom_id in self._seen:
            self._wrong("duplicate_custom_id", f"The custom_id '{custom_id}' was used before.", number, "custom_id")
        else:
            self._seen.add(custom_id)
        if request.get("method") != "POST":
            self._wrong("invalid_method", "The method must be 'POST'.", number, "method")
        if request.get("url") != self._endpoint:
            self._wrong("mismatched_url", f"The url must be the batch's endpoint, '{self._endpoint}'.", number, "url")
        if not is_object(request.get("body")):
            self._missing("body", number)

    def end(self) -> None:
        """Check what only the whole file tells."""
        if self.total == 0:
            self._wrong("empty_file", "The input file has no requests.")

    def _missing(self, name: str, number: int) -> None:
        self._wrong("missing_required_parameter", f"Missing required parameter: '{name}'.", number, name)

    def _wrong(self, code: str, message: str, line: int | None = None, param: str | None = None) -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.append({"code": code, "message": message, "param": param, "line": line})


def parsed_line(line: bytes) -> JsonObject | None:
    """The request on a line; None if there is none."""
    if len(line) > MAX_LINE:
        return None
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if is_object(value) else None


def answer_line(line: bytes) -> bytes:
    """The line of the error file for a request: what this server answers to it, which has none of the endpoints that a
    batch can name."""
    request = parsed_line(line) or {}
    error = unknown_url(str(request.get("method")), str(request.get("url")))
    result = {
        "id": f"batch_req_{token_hex(12)}",
        "custom_id": request.get("custom_id"),
        "response": {"status_code": error.status, "request_id": f"req_{token_hex(16)}", "body": error.body()},
        "error": None,
    }
    return dumps(result).encode("utf-8", "replace") + b"\n"


# The work on batches.


class BatchesWorker(Background):
    """The tasks of the batches that are neither done nor given up."""

    async def look(self) -> None:
        """Settle the batches that are being cancelled, end the work on those that are no longer this worker's to do,
        then begin with those that are new."""
        for batch_id in await self.database.read(cancelling_batches):
            await self.database.write(partial(settle_cancelled_batch, batch_id=batch_id))
        busy = self.keys()
        waiting = await self.database.read(waiting_batches)
        await self.abandon(busy.difference(waiting))
        for batch_id in waiting:
            if not self.is_at_work(batch_id):
                self.launch(batch_id, self._process(batch_id))

    async def _process(self, batch_id: str) -> None:
        try:
            while (step := await self.database.write(partial(_step, batch_id=batch_id))) is not None:
                row, filename = step
                await self.treat(filename, row.status)
                if row.status == VALIDATING:
                    await self._validate(row)
                elif row.status == IN_PROGRESS:
                    await self._answer(row)
                else:
                    await self.database.write(partial(_complete, batch_id=batch_id))
        except Exception:
            logger.exception("batch %s failed", batch_id)
            await self.database.write(partial(_fail, batch_id=batch_id, errors=[_BROKEN]))

    async def _validate(self, row: Row[Any]) -> None:
        check = InputCheck(row.data["endpoint"])
        async with aclosing(records.read_content(self.database, row.data["input_file_id"])) as content:
            async for number, line in lines_of(content):
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
        async with aclosing(records.read_content(self.database, row.data["input_file_id"])) as content:
            async for _, line in lines_of(content):
                await writer.write(answer_line(line))
                failed += 1
        await writer.finish()
        await self.database.write(partial(_finalize, batch_id=row.id, file_id=file_id, size=writer.size, failed=failed))


def _current(tx: Tx, batch_id: str) -> Row[Any] | None:
    """A batch that is still to be worked on, and can be. Every step ends with this: what was read was the whole input
    file only if the file is still there."""
    row = batch_at_work(tx, batch_id)
    if row is None or row.status == FINALIZING:
        return row
    if records.find(tx, files, row.data["input_file_id"]) is None:
        change_status(tx, row.data, "failed", errors=_errors([_NO_INPUT]))
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
        change_status(tx, row.data, "failed", errors=_errors(errors))


def _begin(tx: Tx, batch_id: str, total: int) -> None:
    if (row := _current(tx, batch_id)) is not None:
        counts = {"total": total, "completed": 0, "failed": 0}
        change_status(tx, row.data, IN_PROGRESS, request_counts=counts)


def _finalize(tx: Tx, batch_id: str, file_id: str, size: int, failed: int) -> None:
    if (row := _current(tx, batch_id)) is None:
        return
    filename = f"{batch_id}_error.jsonl"
    expiry = row.output_expires_after
    new_file(tx, file_id, filename=filename, purpose="batch_output", size=size, expires_after=expiry, owner=row.owner)
    counts = row.data["request_counts"] | {"failed": failed}
    change_status(tx, row.data, FINALIZING, error_file_id=file_id, request_counts=counts)


def _complete(tx: Tx, batch_id: str) -> None:
    if (row := _current(tx, batch_id)) is not None:
        change_status(tx, row.data, "completed")


def _errors(errors: list[JsonObject]) -> JsonObject:
    return {"object": "list", "data": errors}
