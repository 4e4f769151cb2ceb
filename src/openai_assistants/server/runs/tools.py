"""Carries out the tool calls that are the server's own: searches in vector stores, programs in the sandbox.

This happens between the turns of a run and outside of its transactions. What comes of a call is written down by the
scribe, in a transaction that first looks whether the run still goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from sqlalchemy import func, select

from ..code import CodeResult, InputFile, MadeFile, Sandbox, SandboxError
from ..handlers.files import new_file
from ..models.base import NOT_RUN, ModelError, Turn
from ..sources import Clock
from ..spec import JsonObject, child
from ..store import Database, Tx, blobs, records
from ..store.blobs import BlobWriter
from ..store.owners import visible
from ..store.tables import files, members, runs, threads, vector_stores
from ..vector_stores import members as membership, search, stores
from .scribe import Scribe

logger = logging.getLogger("openai_assistants.server")

NO_SANDBOX: Final = (
    f"{NOT_RUN}: the server runs code only when it is started with --allow-code. Answer without running code.\n"
)
_BROKEN_SANDBOX: Final = f"{NOT_RUN}, or not to its end: the sandbox failed.\n"

PATIENCE: Final = 60
"""How many seconds a search waits for files that are still being processed."""
_LOOKS: Final = (0.02, 0.05, 0.1, 0.2, 0.5)
_RANKER: Final = "default_2024_08_21"


@dataclass(frozen=True)
class Outcome:
    """What came of a call: fields of the call, outputs that are streamed, and files that a program made, whose content
    is stored already."""

    changes: JsonObject = field(default_factory=dict[str, Any])
    outputs: list[JsonObject] = field(default_factory=list[JsonObject])
    made: tuple[tuple[str, MadeFile], ...] = ()

    def write(self, tx: Tx, scribe: Scribe, index: int) -> None:
        """Write all this down, unless the run has ended."""
        run = scribe.record(tx, index, self.changes, self.outputs)
        for file_id, file in self.made:
            new_file(
                tx,
                file_id,
                filename=file.name,
                purpose="assistants_output",
                size=file.size,
                expires_after=None,
                owner=run.owner,
            )


class Tools:
    """Carries out calls, for many runs at once."""

    def __init__(self, database: Database, clock: Clock, sandbox: Sandbox | None) -> None:
        self._database = database
        self._clock = clock
        self._sandbox = sandbox

    async def carry_out(self, scribe: Scribe, turn: Turn, calls: Iterable[tuple[int, JsonObject]]) -> None:
        """Carry out calls of a turn, one after the other, and have written down what comes of each.

        Raises:
            ModelError: The run cannot go on.
            RunStopped: It has ended meanwhile.
        """
        for index, call in calls:
            if call["type"] == "file_search":
                outcome = await self._search(
                    turn, call["file_search"]["query"], patience_ends=scribe.closed_at + PATIENCE
                )
            else:
                outcome = await self._run_code(turn, call["code_interpreter"]["input"])
            await self._database.write(partial(outcome.write, scribe=scribe, index=index), once=True)

    async def forget(self, thread_id: str) -> None:
        """Drop the variables and files of the programs of a thread."""
        if self._sandbox is not None:
            await self._sandbox.close(thread_id)

    async def _search(self, turn: Turn, query: str, patience_ends: int) -> Outcome:
        options = _search_options(turn)
        store_ids = await self._database.read(partial(_stores_of, turn=turn))
        await self._wait_for_files(store_ids, patience_ends)
        found: list[search.Found] = []
        if query.strip() and store_ids:
            # One file may be in several of the stores; its passages count once.
            look = partial(search.find, store_ids=store_ids, query=query, threshold=options.threshold)
            several = await self._database.read(partial(look, limit=options.limit * len(store_ids)))
            unique = {(each.file_id, each.text): each for each in reversed(several)}
            found = sorted(unique.values(), key=lambda each: -each.score)[: options.limit]
        return Outcome(
            {
                "ranking_options": {"ranker": _RANKER, "score_threshold": options.threshold},
                "results": [
                    {
                        "file_id": each.file_id,
                        "file_name": each.filename,
                        "score": each.score,
                        "content": [{"type": "text", "text": each.text}],
                    }
                    for each in found
                ],
            }
        )

    async def _wait_for_files(self, store_ids: list[str], until: int) -> None:
        """Wait for files that are still being processed, for a while."""
        looks = iter(_LOOKS)
        while await self._database.read(partial(_in_progress, store_ids=store_ids)):
            if self._clock.now() >= until:
                return
            await asyncio.sleep(next(looks, _LOOKS[-1]))

    async def _run_code(self, turn: Turn, code: str) -> Outcome:
        if self._sandbox is None:
            return Outcome(outputs=[{"type": "logs", "logs": NO_SANDBOX}])
        try:
            inputs = await self._database.read(partial(_files_of, turn=turn))
            given = [InputFile(name, file_id, partial(blobs.read, self._database, file_id)) for file_id, name in inputs]
            result = await self._sandbox.run(code, session=turn.thread_id, files=given)
            made = await self._keep(result)
        except SandboxError:
            logger.exception("the sandbox failed")
            return Outcome(outputs=[{"type": "logs", "logs": _BROKEN_SANDBOX}])
        outputs: list[JsonObject] = [{"type": "logs", "logs": result.logs}] if result.logs else []
        outputs += [{"type": "image", "image": {"file_id": file_id}} for file_id, file in made if file.is_image]
        return Outcome({"files": [{"file_id": file_id, "path": file.path} for file_id, file in made]}, outputs, made)

    async def _keep(self, result: CodeResult) -> tuple[tuple[str, MadeFile], ...]:
        """Store the content of the files that a program made. Files follow when the run has the outcome; content that
        gets no file is thrown away with other orphans."""
        made: list[tuple[str, MadeFile]] = []
        for file in result.files:
            writer = BlobWriter(self._database, await self._database.read(lambda tx: tx.ids.new("file-")))
            async for chunk in file.read():
                await writer.write(chunk)
            await writer.finish()
            made.append((writer.file_id, file))
        return tuple(made)


@dataclass(frozen=True)
class _SearchOptions:
    limit: int
    threshold: float


def _search_options(turn: Turn) -> _SearchOptions:
    options = next(
        (child(tool, "file_search") for tool in turn.tools if tool["type"] == "file_search"), dict[str, Any]()
    )
    default = 5 if turn.model.startswith("gpt-3.5") else 20
    threshold = child(options, "ranking_options").get("score_threshold") or 0.0
    return _SearchOptions(options.get("max_num_results") or default, float(threshold))


def _resources(tx: Tx, turn: Turn, tool: str) -> list[JsonObject]:
    """What the run may use for a tool: its own resources or its assistant's, then its thread's. From here on the
    transaction sees what belongs to the run's owner."""
    query = select(runs.c.private, threads.c.data, runs.c.owner).join(threads, threads.c.id == runs.c.thread_id)
    private, thread, tx.owner = tx.connection.execute(query.where(runs.c.id == turn.run_id)).one()
    return [child(child(each, "tool_resources"), tool) for each in (private, thread)]


def _stores_of(tx: Tx, turn: Turn) -> list[str]:
    """The vector stores to search in; those that were deleted are left out."""
    named = _unique(_resources(tx, turn, "file_search"), "vector_store_ids")
    query = select(vector_stores.c.id, vector_stores.c.data)
    query = query.where(vector_stores.c.id.in_(named), vector_stores.c.deleted.is_(False))
    found = tx.connection.execute(query.where(*visible(tx, vector_stores)))
    alive = {row.id: row.data for row in found}
    for store_id, store in alive.items():
        if stores.has_expired(tx, store):
            raise ModelError(f"The vector store '{store_id}' has expired. Attach another one, then run again.")
    return [store_id for store_id in named if store_id in alive]


def _files_of(tx: Tx, turn: Turn) -> list[tuple[str, str]]:
    """Ids and names of the files for programs; those that are gone are left out."""
    named = _unique(_resources(tx, turn, "code_interpreter"), "file_ids")
    rows = ((file_id, records.find(tx, files, file_id)) for file_id in named)
    return [
        (file_id, row.data["filename"])
        for file_id, row in rows
        if row is not None and (row.expires_at is None or row.expires_at > tx.now)
    ]


def _unique(resources: Iterable[JsonObject], name: str) -> list[str]:
    return list(dict.fromkeys(each for resource in resources for each in resource.get(name) or ()))


def _in_progress(tx: Tx, store_ids: list[str]) -> bool:
    query = select(func.count()).where(
        members.c.vector_store_id.in_(store_ids),
        members.c.deleted.is_(False),
        members.c.status == membership.IN_PROGRESS,
    )
    return bool(tx.connection.scalar(query))
