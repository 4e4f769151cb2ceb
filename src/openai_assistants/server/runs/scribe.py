"""Writes down what a model says in one turn: parts in, steps, messages and events out.

One object for one turn. Its methods are pieces of transactions; between them it only remembers what is open.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..models.base import (
    CHARACTERS_PER_TOKEN,
    Finish,
    ModelError,
    Part,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
    Turn,
    Usage,
)
from ..spec import JsonObject
from ..store import Tx, records
from ..store.tables import steps
from . import calls as call_objects, lifecycle, states
from .events import Feed
from .lifecycle import LoadedRun

_ASKED = ("name", "arguments")


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
        """Take parts, as many as there are at the moment."""
        run = self._load(tx)
        for part in parts:
            if self.cut_short and not isinstance(part, Usage):
                continue
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
            lifecycle.finish(run, states.INCOMPLETE, reason=self._cut_by, usage=self._used())
            return []
        if self._calls is None:
            self._close_message(run, self._used())
            lifecycle.finish(run, states.COMPLETED)
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
        if (piece := call_objects.put_out(index, call, outputs)) is not None:
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
        lifecycle.finish_step(run, self._calls.step, states.COMPLETED, "completed_at", usage)
        run.save()
        return run

    def _store_calls(self, run: LoadedRun) -> None:
        assert self._calls is not None
        step = self._calls.step
        step["step_details"]["tool_calls"] = [call for _, call in sorted(self._calls.calls.items())]
        records.put(run.tx, steps, step, status=states.IN_PROGRESS)

    def _load(self, tx: Tx) -> LoadedRun:
        run = lifecycle.find(tx, self._feed, self._turn.run_id)
        if run is None or run.status != states.IN_PROGRESS or run.worker != self._worker:
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
        annotations = [each for each in part.annotations if not self.cut_short or each.get("end_index", 0) <= end]
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
            call = self._calls.calls[part.index] = call_objects.new(part.kind, call_id, part.name or "")
            # As the API streams it: first who is called, then with what.
            self._emit_call(run, call_objects.begun(part.index, call))
        if arguments and (piece := call_objects.grow(part.index, call, arguments)) is not None:
            self._emit_call(run, piece)

    def _emit_call(self, run: LoadedRun, piece: JsonObject) -> None:
        assert self._calls is not None
        step_id: str = self._calls.step["id"]
        run.emit("thread.run.step.delta", call_objects.delta(step_id, piece), step_id)

    def _close_message(self, run: LoadedRun, usage: JsonObject) -> None:
        current, self._message = self._message, None
        if current is None:
            return
        current.message["content"] = current.content
        lifecycle.finish_message(run, current.message)
        lifecycle.finish_step(run, current.step, states.COMPLETED, "completed_at", usage)

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
