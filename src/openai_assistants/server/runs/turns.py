"""One turn of a run: the scribe writes down what the model says, and the tool calls that are the server's own are
carried out.

A scribe is one object for one turn: parts in, steps, messages and events out. Its methods are pieces of transactions;
between them it only remembers what is open. Searches in vector stores and programs in the sandbox are carried out
between the turns and outside of transactions. What comes of a call is written down by the scribe, in a transaction that
first looks whether the run still goes on.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from sqlalchemy import func, select

from ..code import CodeResult, InputFile, MadeFile, Sandbox, SandboxError
from ..models import (
    CHARACTERS_PER_TOKEN,
    NOT_RUN,
    Finish,
    ModelError,
    Part,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
    Turn,
    Usage,
)
from ..spec import JsonObject, child
from ..store import Clock, Database, Tx, records
from ..store.records import BlobWriter, new_file, visible
from ..store.tables import files, members, runs, steps, threads, vector_stores
from ..vector_stores import search, stores
from . import COMPLETED, IN_PROGRESS, INCOMPLETE, begun_call, call_delta, grow_call, lifecycle, new_call, put_out
from .events import Feed
from .lifecycle import LoadedRun

logger = logging.getLogger("openai_assistants.server")

_ASKED = ("name", "arguments")

NO_SANDBOX: Final = (
    f"{NOT_RUN}: the server runs code only when it is started with --allow-code. Answer without running code.\n"
)
_BROKEN_SANDBOX: Final = f"{NOT_RUN}, or not to its end: the sandbox failed.\n"

PATIENCE: Final = 60
"""How many seconds a search waits for files that are still being processed."""
_LOOKS: Final = (0.02, 0.05, 0.1, 0.2, 0.5)
_RANKER: Final = "default_2024_08_21"


class RunStopped(Exception):
    """The run was cancelled, expired, deleted or taken over meanwhile."""


@dataclass
class _OpenMessage:
    step: JsonObject
    message: JsonObject
    text: str = ""
    annotations: list[JsonObject] = field(default_factory=list[JsonObject])
    refusal: str = ""
    kinds: list[str] = field(default_factory=list[str])
    """The blocks of its content in their order."""

    def place(self, kind: str) -> int:
        """The index of a block; it is begun if it is new."""
        if kind not in self.kinds:
            self.kinds.append(kind)
        return self.kinds.index(kind)

    @property
    def content(self) -> list[JsonObject]:
        """The blocks as they are now."""
        blocks: JsonObject = {
            "text": {"type": "text", "text": {"value": self.text, "annotations": self.annotations}},
            "refusal": {"type": "refusal", "refusal": self.refusal},
        }
        return [blocks[kind] for kind in self.kinds]


@dataclass
class _OpenCalls:
    step: JsonObject
    calls: dict[int, JsonObject] = field(default_factory=dict[int, JsonObject])


class Scribe:
    """Writes one turn of one run."""

    def __init__(self, feed: Feed, turn: Turn, worker: str) -> None:
        self._feed = feed
        self._turn = turn
        self._worker = worker
        self._message: _OpenMessage | None = None
        self._calls: _OpenCalls | None = None
        self._characters = 0
        self._usage: Usage | None = None
        self.cut_short = False
        """Whether a limit was reached, or the model says so; nothing more is taken then."""
        self._cut_by = "max_completion_tokens"
        self.closed_at = 0
        """When the model ended its turn, in Unix seconds of the server's clock."""

    def write(self, tx: Tx, parts: Iterable[Part]) -> None:
        """Take parts, as many as there are at the moment. What stands behind the end of a turn that was cut short is
        left out: how much of it has come by then is chance."""
        run = self._load(tx)
        for part in parts:
            if self.cut_short:
                break
            match part:
                case TextDelta():
                    self._text(run, part)
                case RefusalDelta():
                    self._refusal(run, part)
                case ToolCallDelta():
                    self._call(run, part)
                case Usage():
                    self._usage = part
                case Finish():
                    self.cut_short = True
                    if part.reason == "content_filter":
                        self._cut_by = part.reason
        run.save_log()

    def close(self, tx: Tx) -> list[tuple[int, JsonObject]]:
        """The model has ended its turn: complete what is open and move the run on. If there are calls that the server
        carries out, they are returned with their index, and `settle` moves the run on when that is done."""
        run = self._load(tx)
        self.closed_at = tx.now
        if self.cut_short:
            lifecycle.finish(run, INCOMPLETE, reason=self._cut_by, usage=self._used())
            return []
        if self._calls is None:
            self._close_message(run, self._used())
            lifecycle.finish(run, COMPLETED)
            return []
        self._close_message(run, lifecycle.NO_USAGE)
        run.private["open_usage"] = self._used()
        self._store_calls(run)
        own = [(index, call) for index, call in sorted(self._calls.calls.items()) if call["type"] != "function"]
        if own:
            run.save()
        else:
            self._move_on(run)
        return own

    def record(self, tx: Tx, index: int, changes: JsonObject, outputs: list[JsonObject]) -> LoadedRun:
        """Write down what came of a call that the server has carried out: fields of the call, and outputs, which are
        streamed. The run as it is then."""
        assert self._calls is not None
        run = self._load(tx)
        call = self._calls.calls[index]
        call[call["type"]].update(changes)
        if (piece := put_out(index, call, outputs)) is not None:
            self._emit_call(run, piece)
        self._store_calls(run)
        run.save_log()
        return run

    def settle(self, tx: Tx) -> LoadedRun | None:
        """The calls of the server are carried out. If functions were called too, the run waits for their outputs;
        otherwise the step ends, and the run, which is returned, goes on with its next turn."""
        return self._move_on(self._load(tx))

    def _move_on(self, run: LoadedRun) -> LoadedRun | None:
        assert self._calls is not None
        calls = self._calls.step["step_details"]["tool_calls"]
        functions = [
            {"id": call["id"], "type": "function", "function": {name: call["function"][name] for name in _ASKED}}
            for call in calls
            if call["type"] == "function"
        ]
        if functions:
            lifecycle.require_action(run, functions)
            return None
        usage = run.private.pop("open_usage", lifecycle.NO_USAGE)
        lifecycle.finish_step(run, self._calls.step, COMPLETED, "completed_at", usage)
        run.save()
        return run

    def _store_calls(self, run: LoadedRun) -> None:
        assert self._calls is not None
        step = self._calls.step
        step["step_details"]["tool_calls"] = [call for _, call in sorted(self._calls.calls.items())]
        records.put(run.tx, steps, step)

    def _load(self, tx: Tx) -> LoadedRun:
        run = lifecycle.find(tx, self._feed, self._turn.run_id)
        if run is None or run.status != IN_PROGRESS or run.worker != self._worker:
            raise RunStopped
        return run

    def _text(self, run: LoadedRun, part: TextDelta) -> None:
        text = part.text[: self._room()]
        self.cut_short = len(text) < len(part.text)
        if not text and not part.annotations:
            return
        self._characters += len(text)
        current = self._opened(run)
        block: JsonObject = {"value": text}
        end = len(current.text) + len(text)
        annotations = [each for each in part.annotations if not self.cut_short or each["end_index"] <= end]
        if annotations or not current.text:
            first = len(current.annotations)
            block["annotations"] = [{"index": first + i, **each} for i, each in enumerate(annotations)]
        current.text += text
        current.annotations.extend(annotations)
        self._emit_block(run, {"index": current.place("text"), "type": "text", "text": block})

    def _refusal(self, run: LoadedRun, part: RefusalDelta) -> None:
        text = part.text[: self._room()]
        self.cut_short = len(text) < len(part.text)
        if text:
            self._characters += len(text)
            current = self._opened(run)
            current.refusal += text
            self._emit_block(run, {"index": current.place("refusal"), "type": "refusal", "refusal": text})

    def _opened(self, run: LoadedRun) -> _OpenMessage:
        """The message that is being written; it is begun if there is none."""
        if self._message is None:
            message_id = run.tx.ids.new("msg_")
            details: JsonObject = {"type": "message_creation", "message_creation": {"message_id": message_id}}
            step = lifecycle.open_step(run, details, self._turn.index)
            self._message = _OpenMessage(step, lifecycle.open_message(run, message_id))
        return self._message

    def _emit_block(self, run: LoadedRun, block: JsonObject) -> None:
        assert self._message is not None
        message_id: str = self._message.message["id"]
        data = {"id": message_id, "object": "thread.message.delta", "delta": {"content": [block]}}
        run.emit("thread.message.delta", data, message_id)

    def _call(self, run: LoadedRun, part: ToolCallDelta) -> None:
        if part.kind != "function" and not self._turn.has_tool(part.kind):
            raise ModelError(f"The model called {part.kind}, which this run does not offer in its present turn.")
        if self._calls is None:
            # The turn's tokens are known at its end only; its last step carries them.
            self._close_message(run, lifecycle.NO_USAGE)
            details: JsonObject = {"type": "tool_calls", "tool_calls": []}
            self._calls = _OpenCalls(lifecycle.open_step(run, details, self._turn.index))
        arguments = part.arguments[: self._room()]
        self.cut_short = len(arguments) < len(part.arguments)
        self._characters += len(arguments)
        call = self._calls.calls.get(part.index)
        if call is None:
            call_id = part.id or run.tx.ids.new("call_")
            call = self._calls.calls[part.index] = new_call(part.kind, call_id, part.name or "")
            # As the API streams it: first who is called, then with what.
            self._emit_call(run, begun_call(part.index, call))
        if arguments and (piece := grow_call(part.index, call, arguments)) is not None:
            self._emit_call(run, piece)

    def _emit_call(self, run: LoadedRun, piece: JsonObject) -> None:
        assert self._calls is not None
        step_id: str = self._calls.step["id"]
        run.emit("thread.run.step.delta", call_delta(step_id, piece), step_id)

    def _close_message(self, run: LoadedRun, usage: JsonObject) -> None:
        current, self._message = self._message, None
        if current is None:
            return
        current.message["content"] = current.content
        lifecycle.finish_message(run, current.message)
        lifecycle.finish_step(run, current.step, COMPLETED, "completed_at", usage)

    def _room(self) -> int | None:
        """How many characters the limit on completion tokens still allows."""
        limit = self._turn.max_completion_tokens
        return None if limit is None else max(0, limit * CHARACTERS_PER_TOKEN - self._characters)

    def _used(self) -> JsonObject:
        """What this turn used; counted if the model did not say."""
        used = self._usage or Usage(self._turn.prompt_tokens, math.ceil(self._characters / CHARACTERS_PER_TOKEN))
        return {
            "prompt_tokens": used.prompt_tokens,
            "completion_tokens": used.completion_tokens,
            "total_tokens": used.prompt_tokens + used.completion_tokens,
        }


# Tools of the server.


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
            given = [
                InputFile(name, file_id, partial(records.read_content, self._database, file_id))
                for file_id, name in inputs
            ]
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
        members.c.status == stores.IN_PROGRESS,
    )
    return bool(tx.connection.scalar(query))
