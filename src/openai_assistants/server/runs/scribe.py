"""Writes down what a model says in one turn: parts in, steps, messages and events out.

One object for one turn. Its methods are pieces of transactions; between them it only remembers what is open.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..models.base import CHARACTERS_PER_TOKEN, Finish, Part, TextDelta, ToolCallDelta, Turn, Usage
from ..spec import JsonObject
from ..store import Tx, records
from ..store.tables import steps
from . import lifecycle, states
from .events import Feed
from .lifecycle import LoadedRun


class RunStopped(Exception):
    """The run was cancelled, expired, deleted or taken over meanwhile."""


@dataclass
class _OpenMessage:
    step: JsonObject
    message: JsonObject
    text: str = ""
    annotations: list[JsonObject] = field(default_factory=list[JsonObject])


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
        """Whether the limit on completion tokens was reached; nothing more is taken then."""

    def write(self, tx: Tx, parts: Iterable[Part]) -> None:
        """Take parts, as many as there are at the moment."""
        run = self._load(tx)
        for part in parts:
            if self.cut_short and not isinstance(part, Usage):
                continue
            match part:
                case TextDelta():
                    self._text(run, part)
                case ToolCallDelta():
                    self._call(run, part)
                case Usage():
                    self._usage = part
                case Finish():
                    self.cut_short = True
        run.save_log()

    def close(self, tx: Tx) -> None:
        """The model has ended its turn: complete what is open and move the run on."""
        run = self._load(tx)
        if self.cut_short:
            lifecycle.finish(run, states.INCOMPLETE, reason="max_completion_tokens", usage=self._used())
            return
        calls = self._calls
        if calls is None:
            self._close_message(run, self._used())
            lifecycle.finish(run, states.COMPLETED)
            return
        self._close_message(run, lifecycle.NO_USAGE)
        calls.step["step_details"]["tool_calls"] = [calls.calls[index] for index in sorted(calls.calls)]
        records.put(tx, steps, calls.step, status=states.IN_PROGRESS)
        run.private["open_usage"] = self._used()
        lifecycle.require_action(
            run,
            [
                {
                    "id": call["id"],
                    "type": "function",
                    "function": {"name": call["function"]["name"], "arguments": call["function"]["arguments"]},
                }
                for call in calls.step["step_details"]["tool_calls"]
            ],
        )

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
        if self._message is None:
            message_id = run.tx.ids.new("msg_")
            details: JsonObject = {"type": "message_creation", "message_creation": {"message_id": message_id}}
            step = lifecycle.open_step(run, details, self._turn.index)
            self._message = _OpenMessage(step, lifecycle.open_message(run, message_id))
        current = self._message
        block: JsonObject = {"value": text}
        if part.annotations or not current.text:
            first = len(current.annotations)
            block["annotations"] = [{"index": first + i, **each} for i, each in enumerate(part.annotations)]
        current.text += text
        current.annotations.extend(part.annotations)
        message_id = current.message["id"]
        delta = {"content": [{"index": 0, "type": "text", "text": block}]}
        run.emit(
            "thread.message.delta", {"id": message_id, "object": "thread.message.delta", "delta": delta}, message_id
        )

    def _call(self, run: LoadedRun, part: ToolCallDelta) -> None:
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
            name = part.name or ""
            call_id = part.id or run.tx.ids.new("call_")
            function: JsonObject = {"name": name, "arguments": "", "output": None}
            call = self._calls.calls[part.index] = {"id": call_id, "type": "function", "function": function}
            # As the API streams it: first who is called, then with what.
            self._emit_call(run, {"index": part.index, **call})
        if arguments:
            call["function"]["arguments"] += arguments
            self._emit_call(run, {"index": part.index, "type": "function", "function": {"arguments": arguments}})

    def _emit_call(self, run: LoadedRun, call: JsonObject) -> None:
        assert self._calls is not None
        step_id = self._calls.step["id"]
        delta = {"step_details": {"type": "tool_calls", "tool_calls": [call]}}
        run.emit("thread.run.step.delta", {"id": step_id, "object": "thread.run.step.delta", "delta": delta}, step_id)

    def _close_message(self, run: LoadedRun, usage: JsonObject) -> None:
        current, self._message = self._message, None
        if current is None:
            return
        text = {"value": current.text, "annotations": current.annotations}
        current.message["content"] = [{"type": "text", "text": text}]
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
