"""The canned answers: objects as the API sends them, in the sizes that the cases need."""

from __future__ import annotations

import json
from typing import Any

TEXT = (
    "Runs expire ten minutes after they were created, unless they have ended by then. "
    "A run that waits for tool outputs expires as well, so outputs that come later are refused."
)


def assistant() -> dict[str, Any]:
    """An assistant with a function tool."""
    parameters = {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}
    return {
        "id": "asst_0123456789abcdef01234567",
        "object": "assistant",
        "created_at": 1767225600,
        "name": "Librarian",
        "description": None,
        "model": "gpt-4o",
        "instructions": "Answer from the handbook, and quote it.",
        "tools": [
            {"type": "file_search", "file_search": {"ranking_options": {"ranker": "auto", "score_threshold": 0.0}}},
            {"type": "function", "function": {"name": "look_up", "parameters": parameters, "strict": False}},
        ],
        "tool_resources": {"file_search": {"vector_store_ids": ["vs_0123456789abcdef01234567"]}},
        "metadata": {"team": "library"},
        "temperature": 1.0,
        "top_p": 1.0,
        "response_format": "auto",
    }


def thread() -> dict[str, Any]:
    """A thread."""
    return {
        "id": "thread_0123456789abcdef0123",
        "object": "thread",
        "created_at": 1767225600,
        "metadata": {},
        "tool_resources": {},
    }


def message(number: int = 0, text: str = TEXT) -> dict[str, Any]:
    """A message of an assistant with one citation."""
    citation = {
        "type": "file_citation",
        "text": "\u30104:0\u2020handbook.md\u3011",
        "start_index": 70,
        "end_index": 86,
        "file_citation": {"file_id": "file-0123456789abcdef01234567"},
    }
    return {
        "id": f"msg_{number:024d}",
        "object": "thread.message",
        "created_at": 1767225600 + number,
        "thread_id": "thread_0123456789abcdef0123",
        "status": "completed",
        "incomplete_details": None,
        "completed_at": 1767225601 + number,
        "incomplete_at": None,
        "role": "assistant",
        "content": [{"type": "text", "text": {"value": text, "annotations": [citation]}}],
        "assistant_id": "asst_0123456789abcdef01234567",
        "run_id": f"run_{number:024d}",
        "attachments": [],
        "metadata": {"page": str(number)},
    }


def run(status: str, *, tools: bool = True) -> dict[str, Any]:
    """A run in this status."""
    calls = [{"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": '{"query":"expiry"}'}}]
    waits = status == "requires_action"
    return {
        "id": "run_0123456789abcdef01234567",
        "object": "thread.run",
        "created_at": 1767225600,
        "assistant_id": "asst_0123456789abcdef01234567",
        "thread_id": "thread_0123456789abcdef0123",
        "status": status,
        "required_action": {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": calls}}
        if waits
        else None,
        "last_error": None,
        "expires_at": None if status == "completed" else 1767226200,
        "started_at": 1767225600,
        "cancelled_at": None,
        "failed_at": None,
        "completed_at": 1767225605 if status == "completed" else None,
        "incomplete_details": None,
        "model": "gpt-4o",
        "instructions": "Answer from the handbook, and quote it.",
        "tools": assistant()["tools"] if tools else [],
        "metadata": {},
        "usage": {"prompt_tokens": 123, "completion_tokens": 456, "total_tokens": 579}
        if status == "completed"
        else None,
        "temperature": 1.0,
        "top_p": 1.0,
        "max_prompt_tokens": None,
        "max_completion_tokens": None,
        "truncation_strategy": {"type": "auto", "last_messages": None},
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "response_format": "auto",
    }


def page(items: list[dict[str, Any]], *, more: bool) -> dict[str, Any]:
    """A page of a list."""
    return {
        "object": "list",
        "data": items,
        "first_id": items[0]["id"] if items else None,
        "last_id": items[-1]["id"] if items else None,
        "has_more": more,
    }


def deviating(item: dict[str, Any]) -> dict[str, Any]:
    """A message as open-assistant-api sends it: a time with a fraction, no status, fields that nobody else knows."""
    changed = {**item, "created_at": item["created_at"] + 0.25, "updated_at": item["created_at"] + 0.5, "file_ids": []}
    for name in ("status", "completed_at", "incomplete_at", "incomplete_details"):
        del changed[name]
    return changed


def unknown(item: dict[str, Any]) -> dict[str, Any]:
    """A message with a kind of content and a status that are newer than the client."""
    sound = {"type": "sound", "sound": {"file_id": "file-1", "seconds": 2}}
    return {**item, "status": "archived", "content": [*item["content"], sound]}


def events(deltas: int) -> list[tuple[str, Any]]:
    """The events of a run that answers in this many deltas."""
    whole = message()
    begun = {**whole, "status": "in_progress", "content": [], "completed_at": None}
    found: list[tuple[str, Any]] = [
        ("thread.run.created", run("queued")),
        ("thread.run.queued", run("queued")),
        ("thread.run.in_progress", run("in_progress")),
        ("thread.message.created", begun),
        ("thread.message.in_progress", begun),
    ]
    for number in range(deltas):
        text: dict[str, Any] = {"value": f" word{number}"}
        if number == 0:
            text["annotations"] = []
        content = [{"index": 0, "type": "text", "text": text}]
        delta = {"id": whole["id"], "object": "thread.message.delta", "delta": {"content": content}}
        found.append(("thread.message.delta", delta))
    joined = "".join(f" word{number}" for number in range(deltas))
    done = {**whole, "content": [{"type": "text", "text": {"value": joined, "annotations": []}}]}
    return [*found, ("thread.message.completed", done), ("thread.run.completed", run("completed"))]


def asking(deltas: int) -> list[tuple[str, Any]]:
    """The events of a run that calls a function, whose arguments come in this many deltas."""
    waiting = run("requires_action")
    call = waiting["required_action"]["submit_tool_outputs"]["tool_calls"][0]
    step = {
        "id": "step_0123456789abcdef0123456",
        "object": "thread.run.step",
        "created_at": 1767225601,
        "run_id": waiting["id"],
        "assistant_id": waiting["assistant_id"],
        "thread_id": waiting["thread_id"],
        "type": "tool_calls",
        "status": "in_progress",
        "cancelled_at": None,
        "completed_at": None,
        "expired_at": None,
        "failed_at": None,
        "last_error": None,
        "metadata": None,
        "usage": None,
        "step_details": {"type": "tool_calls", "tool_calls": []},
    }
    found = [
        ("thread.run.queued", run("queued")),
        ("thread.run.in_progress", run("in_progress")),
        ("thread.run.step.created", step),
        ("thread.run.step.in_progress", step),
    ]
    begun = {"index": 0, "id": call["id"], "type": "function", "function": {"name": "look_up", "arguments": ""}}
    pieces = [{"index": 0, "type": "function", "function": {"arguments": " "}} for _ in range(deltas)]
    last = {"index": 0, "type": "function", "function": {"arguments": call["function"]["arguments"]}}
    for piece in (begun, *pieces, last):
        details = {"type": "tool_calls", "tool_calls": [piece]}
        delta = {"id": step["id"], "object": "thread.run.step.delta", "delta": {"step_details": details}}
        found.append(("thread.run.step.delta", delta))
    return [*found, ("thread.run.requires_action", waiting)]


def stream(pairs: list[tuple[str, Any]], *, numbered: bool = False) -> bytes:
    """Events as they go over the wire, with `id:` lines if they are numbered."""
    lines = [
        (f"id: {number}\n" if numbered else "") + f"event: {name}\ndata: {compact(data)}\n\n"
        for number, (name, data) in enumerate(pairs)
    ]
    return "".join([*lines, "event: done\ndata: [DONE]\n\n"]).encode()


def compact(value: Any) -> str:
    """JSON without blanks."""
    return json.dumps(value, separators=(",", ":"))
