"""Carries runs out, in the background and independent of any connection.

A run that is queued gets a task here, which asks its model turn by turn and lets a `Scribe` write down what comes. The
database has the last word: each transaction of a task first looks whether the run is still in progress and still this
worker's, so a cancel, an expiry or another worker's claim ends the task at its next write, wherever they came from.

What the next turn is told is built here too: the thread as far as it fits, earlier turns of the run, tools and options.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import math
from collections.abc import AsyncGenerator, AsyncIterator, Container, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from ..background import RETRY_SECONDS
from ..code import Sandbox
from ..faults import RunHolds
from ..models import ModelError, Part, Round, Routes, ThreadMessage, Turn, count_tokens
from ..spec import JsonObject, child
from ..store import Clock, Database, Tx, backends, records
from ..store.tables import files, messages, runs, steps
from . import (
    CANCELLED,
    EXPIRABLE,
    EXPIRED,
    FAILED,
    IN_PROGRESS,
    INCOMPLETE,
    QUEUED,
    TRANSITIONS,
    lifecycle,
    marked,
    seen_calls,
    written_call,
)
from .events import Feed
from .lifecycle import LoadedRun
from .turns import RunStopped, Scribe, Tools

logger = logging.getLogger("openai_assistants.server")

_QUEUE = 256
_STOPPED: JsonObject = {"code": "server_error", "message": "The server was stopped while this run was in progress."}
_BROKEN: JsonObject = {"code": "server_error", "message": "Sorry, something went wrong."}

_MOST_READ = 64 << 20
"""Characters of JSON: many times what any model takes, images included."""

MAX_ROUNDS_OF_THE_SERVER = 16
"""So many turns in a row may end with calls that the server carries out; then the model has to answer without."""


class Engine:
    """The tasks of the runs that this worker carries out, and the clock that lets runs expire."""

    def __init__(
        self, database: Database, feed: Feed, routes: Routes, clock: Clock, worker: str, sandbox: Sandbox | None = None
    ) -> None:
        self.worker = worker
        self._tools = Tools(database, clock, sandbox)
        self._database = database
        self._feed = feed
        self._routes = routes
        self._clock = clock
        self._runs: dict[str, asyncio.Task[None]] = {}
        self._chores: set[asyncio.Task[None]] = set()
        self._timer: asyncio.Task[None] | None = None
        self._nothing_to_watch = False
        self._more_to_watch = asyncio.Event()
        self._stopping = False
        self._hurry = asyncio.Event()
        self.holds = RunHolds()
        """What keeps runs from going on; for tests."""

    async def start(self) -> None:
        """Take up what others left behind, and begin to watch the clock."""
        self._timer = asyncio.create_task(self._watch())
        await self.take_over()

    async def take_over(self) -> None:
        """Go on with the runs of workers that are gone."""
        for run_id in await self._database.write(partial(lifecycle.take_over, feed=self._feed)):
            if run_id not in self._runs:
                self.launch(run_id)
        self._more_to_watch.set()

    async def stop(self, patience: float) -> None:
        """Let runs go on for a while; then those still in progress fail, so that their streams end properly.
        Queued runs and those that wait for tool outputs stay as they are: a database file outlives the process."""
        self._stopping = True
        if self._timer is not None:
            self._timer.cancel()
        if self._runs:
            ended = asyncio.create_task(asyncio.wait(self._runs.values(), timeout=patience))
            hurried = asyncio.create_task(self._hurry.wait())
            await asyncio.wait({ended, hurried}, return_when=asyncio.FIRST_COMPLETED)
            for waiting in (ended, hurried):
                waiting.cancel()
        for run_id, task in list(self._runs.items()):
            task.cancel()
            await asyncio.wait([task])
            with contextlib.suppress(RunStopped):
                await self._finish(run_id, FAILED, error=_STOPPED, spare_queued=True)
        if self._chores:
            await asyncio.wait(self._chores)

    @property
    def at_work(self) -> Container[str]:
        """The runs that are carried out here."""
        return self._runs.keys()

    def hurry(self) -> None:
        """Lose the patience with which `stop` lets runs go on."""
        self._hurry.set()

    def launch(self, run_id: str) -> None:
        """Carry out a queued run; on the event loop, after the commit that queued it."""
        if self._stopping:
            return
        if self._nothing_to_watch:  # otherwise an older run expires first
            self._more_to_watch.set()
        task = asyncio.create_task(self._execute(run_id))
        self._runs[run_id] = task
        task.add_done_callback(lambda done: self._runs.pop(run_id) if self._runs.get(run_id) is done else None)

    def settle_cancel(self, run_id: str) -> None:
        """Bring a run from `cancelling` to `cancelled`."""
        self._chore(self._cancel(run_id))

    def abandon(self, run_id: str) -> None:
        """Stop working on a run that is gone."""
        if (task := self._runs.get(run_id)) is not None:
            task.cancel()

    def forget_thread(self, thread_id: str) -> None:
        """End what is kept for the programs of a thread that is gone."""
        self._chore(self._tools.forget(thread_id))

    def _chore(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _execute(self, run_id: str) -> None:
        try:
            if self.holds.any:
                await self.holds.passed(await self._database.read(partial(_model_of, run_id)), QUEUED)
            turn = await self._database.write(partial(self._begin, run_id))
            while turn is not None:
                turn = await self._play(turn)
        except RunStopped:
            pass
        except ModelError as error:
            await self._fail(run_id, {"code": error.code, "message": str(error)})
        except Exception:
            logger.exception("run %s failed", run_id)
            await self._fail(run_id, _BROKEN)

    def _begin(self, run_id: str, tx: Tx) -> Turn | None:
        run = lifecycle.find(tx, self._feed, run_id)
        if run is None or not lifecycle.claim(run, self.worker):
            return None
        return self._next_turn(run)

    def _next_turn(self, run: lifecycle.LoadedRun) -> Turn | None:
        """What the model is asked next, unless a limit of the run is reached: then the run ends here."""
        turn = next_turn(run)
        if isinstance(turn, Exhausted):
            lifecycle.finish(run, INCOMPLETE, reason=turn.reason)
            return None
        return replace(turn, files=StoredContents(self._database.for_owner(run.owner)))

    async def _play(self, turn: Turn) -> Turn | None:
        """One turn, and the calls that the server carries out; the next turn, if there is one at once."""
        await self.holds.passed(turn.model, IN_PROGRESS)
        scribe = Scribe(self._feed, turn, self.worker)
        parts = marked(self._routes.model_for(turn).respond(turn), turn)
        async with _batches(parts) as batches:
            async for batch in batches:
                await self._database.write(partial(scribe.write, parts=batch), once=True)
                if scribe.cut_short:
                    break
        calls = await self._database.write(scribe.close, once=True)
        if not calls:
            return None
        await self._tools.carry_out(scribe, turn, calls)
        return await self._database.write(
            lambda tx: self._next_turn(run) if (run := scribe.settle(tx)) else None, once=True
        )

    async def _fail(self, run_id: str, error: JsonObject) -> None:
        with contextlib.suppress(RunStopped):
            await self._finish(run_id, FAILED, error=error)

    async def _finish(
        self, run_id: str, status: str, *, error: JsonObject | None = None, spare_queued: bool = False
    ) -> None:
        def work(tx: Tx) -> None:
            run = lifecycle.find(tx, self._feed, run_id)
            if run is None or status not in TRANSITIONS[run.status]:
                raise RunStopped
            if spare_queued and run.status == QUEUED:
                raise RunStopped
            lifecycle.finish(run, status, error=error)

        # A run must not stay as it is because the database was away for a moment.
        while True:
            try:
                await self._database.write(work)
                return
            except SQLAlchemyError:
                logger.exception("could not end run %s", run_id)
                if self._stopping:
                    return  # whoever takes over ends it
                await asyncio.sleep(RETRY_SECONDS)

    async def _cancel(self, run_id: str) -> None:
        if (task := self._runs.get(run_id)) is not None:
            task.cancel()
            await asyncio.wait([task])
        with contextlib.suppress(RunStopped):
            await self._finish(run_id, CANCELLED)

    async def _watch(self) -> None:
        """Let runs expire when their time has come."""
        while True:
            try:
                await self._watch_once()
            except Exception:
                logger.exception("could not look for expired runs")
                await asyncio.sleep(RETRY_SECONDS)

    async def _watch_once(self) -> None:
        self._more_to_watch.clear()
        for run_id in await self._database.write(self._expire):
            self.abandon(run_id)
        moment = await self._database.read(lifecycle.next_due)
        self._nothing_to_watch = moment is None
        told = asyncio.create_task(self._more_to_watch.wait())
        due = asyncio.create_task(self._clock.sleep_until(math.inf if moment is None else moment))
        try:
            await asyncio.wait({told, due}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            told.cancel()
            due.cancel()

    def _expire(self, tx: Tx) -> list[str]:
        expired: list[str] = []
        for run_id in lifecycle.due(tx):
            run = lifecycle.find(tx, self._feed, run_id)
            if run is not None and run.status in EXPIRABLE:
                lifecycle.finish(run, EXPIRED)
                tx.tell(backends.RUN_STOPPED, run_id)
                expired.append(run_id)
        return expired


def _model_of(run_id: str, tx: Tx) -> str:
    return tx.connection.scalar(select(runs.c.model).where(runs.c.id == run_id)) or ""


@dataclass(frozen=True)
class _End:
    """Stands behind the last part."""

    problem: Exception | None


@asynccontextmanager
async def _batches(parts: AsyncIterator[Part]) -> AsyncGenerator[AsyncIterator[list[Part]]]:
    """Read a model in a task of its own and hand out what has come, as much as there is at a time: a slow model is
    written down word by word, a fast one in few transactions."""
    queue: asyncio.Queue[Part | _End] = asyncio.Queue(_QUEUE)

    async def pump() -> None:
        problem: Exception | None = None
        try:
            async for part in parts:
                await queue.put(part)
        except Exception as error:
            problem = error
        finally:
            if isinstance(parts, AsyncGenerator):
                await cast("AsyncGenerator[Part, None]", parts).aclose()
        await queue.put(_End(problem))

    async def read() -> AsyncIterator[list[Part]]:
        while True:
            batch: list[Part] = []
            item = await queue.get()
            while not isinstance(item, _End):
                batch.append(item)
                if queue.empty():
                    break
                item = queue.get_nowait()
            if batch:
                yield batch
            if isinstance(item, _End):
                if item.problem is not None:
                    raise item.problem
                return

    pumping = asyncio.create_task(pump())
    try:
        yield read()
    finally:
        pumping.cancel()
        await asyncio.wait([pumping])


# What the next turn is told.


@dataclass(frozen=True)
class Exhausted:
    """There is no next turn: a limit of the run is reached."""

    reason: str


def next_turn(run: LoadedRun) -> Turn | Exhausted:
    """The next turn of a run in progress."""
    data = run.data
    everything, message_count = _thread(run)
    rounds, turn_count, used = _history(run, message_count)
    left_to_say = _left(data["max_completion_tokens"], used["completion_tokens"])
    if left_to_say == 0:
        return Exhausted("max_completion_tokens")
    fixed = count_tokens(data["instructions"] or "") + sum(count_tokens(json.dumps(tool)) for tool in data["tools"])
    fixed += sum(
        count_tokens(each.text) + sum(count_tokens(written_call(call)) for call in each.calls) for each in rounds
    )
    left_to_read = _left(data["max_prompt_tokens"], used["prompt_tokens"])
    thread = _truncate(everything, data["truncation_strategy"], None if left_to_read is None else left_to_read - fixed)
    prompt_tokens = fixed + sum(map(_size, thread))
    if left_to_read is not None and prompt_tokens > left_to_read:
        return Exhausted("max_prompt_tokens")
    tool_choice: Any = data["tool_choice"]
    if _rounds_in_a_row(rounds) >= MAX_ROUNDS_OF_THE_SERVER:
        tool_choice = "none"
    elif any(each.calls for each in rounds) and tool_choice != "none":
        tool_choice = "auto"  # what was demanded was done
    return Turn(
        run_id=run.id,
        thread_id=run.thread_id,
        assistant_id=data["assistant_id"],
        index=turn_count,
        model=data["model"],
        instructions=data["instructions"] or "",
        messages=tuple(thread),
        rounds=tuple(rounds),
        tools=tuple(data["tools"]),
        tool_choice=tool_choice,
        parallel_tool_calls=data["parallel_tool_calls"],
        response_format=data["response_format"],
        temperature=data["temperature"],
        top_p=data["top_p"],
        reasoning_effort=run.private.get("reasoning_effort"),
        max_completion_tokens=left_to_say,
        prompt_tokens=prompt_tokens,
    )


def _left(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(0, limit - used)


def _rounds_in_a_row(rounds: list[Round]) -> int:
    """How many turns up to now have ended with calls of the server only."""
    count = 0
    for each in reversed(rounds):
        if not each.calls or each.functions:
            break
        count += 1
    return count


def _thread(run: LoadedRun) -> tuple[list[ThreadMessage], int]:
    """The messages that the run found, the newest if they are more than fit into memory, and how many there have ever
    been; what it wrote itself is in its rounds."""
    connection = run.tx.connection
    where = messages.c.thread_id == run.thread_id, messages.c.run_id.is_distinct_from(run.id)
    count = connection.scalar(select(func.count()).select_from(messages).where(*where)) or 0
    query = select(messages.c.data, records.length_of(messages))
    query = query.where(*where, messages.c.deleted.is_(False)).order_by(messages.c.seq.desc())
    found: list[ThreadMessage] = []
    size = 0
    with connection.execute(query, execution_options=records.PIECEMEAL) as rows:
        for data, length in rows:
            size += length
            if found and size > _MOST_READ:
                break
            found.append(ThreadMessage(data["role"], data["content"], data["attachments"] or []))
    return found[::-1], count


def _history(run: LoadedRun, message_count: int) -> tuple[list[Round], int, dict[str, int]]:
    """Earlier turns, how many they were, and the tokens they used. Searches are numbered, for their markers, from the
    number of messages on: what the model reads in earlier messages is seldom a marker of this run."""
    used = {"prompt_tokens": 0, "completion_tokens": 0}
    texts: dict[int, list[str]] = {}
    calls: dict[int, list[JsonObject]] = {}
    query = select(steps.c.turn, steps.c.data).where(steps.c.run_id == run.id).order_by(steps.c.seq)
    for turn, step in run.tx.connection.execute(query).all():
        for name in used:
            used[name] += child(step, "usage").get(name, 0)
        details = step["step_details"]
        if details["type"] == "message_creation":
            texts.setdefault(turn, []).append(_text_of(run, details["message_creation"]["message_id"]))
        else:
            calls.setdefault(turn, []).extend(details["tool_calls"])
    turns = sorted({*texts, *calls})
    rounds: list[Round] = []
    number = message_count
    for turn in turns:
        rounds.append(Round("\n".join(texts.get(turn, ())), seen_calls(calls.get(turn, ()), number)))
        number += len(rounds[-1].searches)
    return rounds, (turns[-1] + 1 if turns else 0), used


def _text_of(run: LoadedRun, message_id: str) -> str:
    data: JsonObject | None = run.tx.connection.scalar(select(messages.c.data).where(messages.c.id == message_id))
    return ThreadMessage("assistant", data["content"], []).text if data else ""


def _size(message: ThreadMessage) -> int:
    return count_tokens(message.text)


def _truncate(thread: list[ThreadMessage], strategy: Any, budget: int | None) -> list[ThreadMessage]:
    """`last_messages` keeps the newest n. Then, if the prompt has a limit, messages go from the middle until it fits;
    the first and the newest stay to the end."""
    if strategy is not None and strategy["type"] == "last_messages" and strategy.get("last_messages"):
        thread = thread[-strategy["last_messages"] :]
    if budget is None:
        return thread
    sizes = [_size(each) for each in thread]
    size, left_out = sum(sizes), 1
    while size > budget and left_out < len(thread) - 1:
        size -= sizes[left_out]
        left_out += 1
    keeps_first = size <= budget or len(thread) == 1
    return (thread[:1] if keeps_first else []) + thread[left_out:]


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
        return b"".join([chunk async for chunk in records.read_content(self._database, file_id)])
