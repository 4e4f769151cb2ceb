"""What a run's next turn is told: the thread as far as it fits, earlier turns of the run, tools and options."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from ..models.base import Round, ThreadMessage, Turn, count_tokens
from ..spec import JsonObject, child
from ..store.tables import messages, steps
from . import calls as call_objects
from .lifecycle import LoadedRun

MAX_ROUNDS_OF_THE_SERVER = 16
"""So many turns in a row may end with calls that the server carries out; then the model has to answer without."""


@dataclass(frozen=True)
class Exhausted:
    """There is no next turn: a limit of the run is reached."""

    reason: str


def build(run: LoadedRun) -> Turn | Exhausted:
    """The next turn of a run in progress."""
    data = run.data
    everything, message_count = _thread(run)
    rounds, turn_count, used = _history(run, message_count)
    left_to_say = _left(data["max_completion_tokens"], used["completion_tokens"])
    if left_to_say == 0:
        return Exhausted("max_completion_tokens")
    fixed = count_tokens(data["instructions"] or "") + sum(count_tokens(json.dumps(tool)) for tool in data["tools"])
    fixed += sum(
        count_tokens(each.text) + sum(count_tokens(call_objects.written(call)) for call in each.calls)
        for each in rounds
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
    """The messages that the run found, and how many there have ever been; what it wrote itself is in its rounds."""
    query = select(messages.c.data, messages.c.run_id, messages.c.deleted).where(messages.c.thread_id == run.thread_id)
    found = [row for row in run.tx.connection.execute(query.order_by(messages.c.seq)) if row.run_id != run.id]
    return [
        ThreadMessage(row.data["role"], row.data["content"], row.data["attachments"] or [])
        for row in found
        if not row.deleted
    ], len(found)


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
        rounds.append(Round("\n".join(texts.get(turn, ())), call_objects.seen(calls.get(turn, ()), number)))
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
    kept = list(thread)
    size = sum(map(_size, kept))
    while size > budget and len(kept) > 1:
        size -= _size(kept.pop(1 if len(kept) > 2 else 0))
    return kept
