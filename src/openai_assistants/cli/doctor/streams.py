"""What the bytes of a stream say about a server. No I/O."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openai_assistants._basics import is_mapping
from openai_assistants._events import DONE, FINAL_STATUSES
from openai_assistants._sse import ServerSentEvent, SSEDecoder

from .findings import Finding

MAX_BYTES = 8 << 20
"""How much of a stream is looked at."""

_RUN_ENDS = {f"thread.run.{status}" for status in FINAL_STATUSES}
_ENDS = {
    "thread.message": ("completed", "incomplete"),
    "thread.run.step": ("completed", "failed", "cancelled", "expired"),
}


@dataclass(slots=True)
class Frames:
    """The events of a stream as they were sent."""

    events: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    """Names and objects; of what is no JSON the text."""
    unnamed: int = 0
    """How many had their name in the data."""
    done: bool = False
    numbered: bool = False

    def names(self) -> list[str]:
        """The names in order."""
        return [name for name, _ in self.events]


def frames_of(body: bytes) -> Frames:
    """Decode a body."""
    decoder, frames = SSEDecoder(), Frames()
    found = decoder.feed(body)
    pending = decoder.finish()
    for event in [*found, *([pending] if pending is not None else [])]:
        _add(frames, event)
    frames.numbered = bool(decoder.last_event_id)
    return frames


def _add(frames: Frames, event: ServerSentEvent) -> None:
    if event.data == DONE or event.event == "done":
        frames.done = True
        return
    try:
        data: object = json.loads(event.data)
    except (ValueError, RecursionError):
        data = event.data.decode("utf-8", "replace")
    name = event.event
    if name in ("", "message"):
        frames.unnamed += 1
        name = "error"
        if is_mapping(data) and isinstance(data.get("event"), str):
            name, data = data["event"], data.get("data")
    if data != "":
        frames.events.append((name, data))


def of_stream(content_type: str, body: bytes) -> Iterator[Finding]:
    """What is odd about the answer to a run that was to be streamed."""
    if content_type.startswith("application/json"):
        means = "Runs are polled, because the server does not stream: the text comes in one piece, at the end."
        yield Finding("stream", "", "text/event-stream", content_type, means)
        return
    frames = frames_of(body)
    names = frames.names()
    if not frames.events:
        yield Finding("stream", "", "events", "none", "Streams are empty: the client fetches the run instead.")
        return
    if frames.unnamed:
        means = "The names of events stand in their data; the client reads both forms, other programs may not."
        yield Finding("stream", "", "event: lines", "names in the data", means, noticed=False)
    if not frames.done:
        means = "Streams just end; the client looks at the run where that leaves a doubt."
        yield Finding("stream", "", "event: done", "left out", means, noticed=False)
    yield from _errors(frames)
    yield from _order(frames.events, names)
    yield from _ends(frames.events, names)


def _errors(frames: Frames) -> Iterator[Finding]:
    if "error" in frames.names():
        yield Finding("stream", "", "no error", "an error", "Streams report errors: iterating raises RunStreamError.")


def _order(events: list[tuple[str, Any]], names: list[str]) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    early: set[str] = set()
    twice: set[str] = set()
    strange: set[str] = set()
    for name, data in events:
        kind, _, what = name.rpartition(".")
        key = kind, str(data.get("id")) if is_mapping(data) else ""
        if what == "created":
            twice |= {name} if key in seen else set()
            seen.add(key)
        elif what == "delta" and key not in seen:
            early.add(name)
        elif name == "thread.message.in_progress" and key not in seen:
            strange.add(name)
    for name in sorted(twice):
        yield Finding(name, "", "once", "twice for the same object", "Events come twice, and programs get both.")
    for name in sorted(early):
        means = "Deltas come before their object was created; handlers get a snapshot made from them."
        yield Finding(name, "", "after the object was created", "before", means, noticed=False)
    for name in sorted(strange):
        means = "An event is about a message that does not exist; some servers tell of tokens this way."
        yield Finding(name, "", "a message that was created", "another", means)
    if "thread.run.requires_action" in names and _RUN_ENDS & set(names):
        means = "A run that waits for tool outputs is also said to have ended: trust run.status, not the event."
        yield Finding("thread.run.requires_action", "", "the last event of the run", "another end after it", means)


def _ends(events: list[tuple[str, Any]], names: list[str]) -> Iterator[Finding]:
    if not _RUN_ENDS & set(names) and "thread.run.requires_action" not in names:
        means = "The end of a run is left out of its stream: the client fetches the run and makes the missing events."
        yield Finding("stream", "", "thread.run.completed", "left out", means, noticed=False)
    for kind, ends in _ENDS.items():
        if kind == "thread.run.step" and "thread.run.requires_action" in names:
            continue  # it ends in the stream of the outputs
        created = {str(data.get("id")) for name, data in events if name == f"{kind}.created" and is_mapping(data)}
        ended = {
            str(data.get("id"))
            for name, data in events
            if name in {f"{kind}.{end}" for end in ends} and is_mapping(data)
        }
        if created - ended:
            means = "Events that end messages or steps are left out: the client makes them at the end of the run."
            yield Finding("stream", "", f"{kind}.{ends[0]}", "left out", means, noticed=False)
    if not any(name.endswith(".delta") for name in names):
        yield Finding("stream", "", "thread.message.delta", "left out", "The text comes in one piece, at the end.")
