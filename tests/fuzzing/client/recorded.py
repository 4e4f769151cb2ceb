"""Streams of the server in the box, recorded, and ways to damage them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from hypothesis import strategies as st

from openai_assistants.server import LocalServer
from openai_assistants.server.models.scripted import Call, Script, Turn

from .damage import Change, changed, changes, damaged, numbers, on_bytes, written

LOOK_UP: Any = {
    "type": "function",
    "function": {"name": "look_up", "parameters": {"type": "object", "properties": {"query": {"type": "string"}}}},
}
EXPIRES_AT = 1_700_000_600
"""A while after the moment at which the clock of the tests begins."""
TURNS = [
    Turn(
        deltas=["Let me ", "look that up ✓"],
        calls=[
            Call("look_up", {"query": "fénix"}, id="call_1", pieces=['{"query": ', '"f\\u00e9nix"}']),
            Call("look_up", {"query": "b"}, id="call_2"),
        ],
    ),
    Turn(deltas=["It is ", "a ", "bird: ", "«ψ»."]),
]

Event = tuple[str, Any, str]
"""Name, data and id."""


@dataclass
class Recording:
    """A run in two streams, and what can be asked of it."""

    streams: list[list[Event]]
    runs: list[Any]
    """The run after each stream."""
    steps: Any
    messages: Any


@cache
def recording() -> Recording:
    """A run with text and tool calls."""
    with LocalServer(in_process=True) as server, server.client() as client:
        server.scripts.add(Script(TURNS))
        assistant = client.beta.assistants.create(model="m", tools=[LOOK_UP])
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "What is a phoenix?"}])
        runs = client.beta.threads.runs
        streams, seen = [], []
        with runs.with_streaming_response.create(thread.id, assistant_id=assistant.id, stream=True) as response:
            streams.append(events_in(response.read()))
        run_id = streams[0][0][1]["id"]
        seen.append({**runs.retrieve(run_id, thread_id=thread.id).to_dict(), "expires_at": EXPIRES_AT})
        with runs.with_streaming_response.submit_tool_outputs(
            run_id,
            thread_id=thread.id,
            stream=True,
            tool_outputs=[{"tool_call_id": call, "output": "a bird"} for call in ("call_1", "call_2")],
        ) as response:
            streams.append(events_in(response.read()))
        seen.append(runs.retrieve(run_id, thread_id=thread.id).to_dict())
        steps = runs.steps.list(run_id, thread_id=thread.id, order="asc").to_dict()
        messages = client.beta.threads.messages.list(thread.id, order="asc").to_dict()
    return Recording(streams, seen, steps, messages)


def events_in(body: bytes) -> list[Event]:
    """The events of a stream as our server writes it."""
    events = []
    for block in body.decode().strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        data = fields["data"]
        events.append((fields["event"], data if data == "[DONE]" else json.loads(data), fields.get("id", "")))
    return events


ERROR = {"message": "The server had an error.\nSorry \x1b", "type": "server_error", "code": None, "param": 5}
NAMES = [
    "thread.run.completed",
    "thread.run.requires_action",
    "thread.run.step.delta",
    "thread.message.delta",
    "thread.message.completed",
    "thread.created",
    "thread.run.step.completed",
    "thread.brand.new",
    "thread.brand.new.delta",
    "error",
    "done",
    "",
    "message",
    "\xff\0 é",
]
LINES = [
    "",
    ": ping",
    "garbage",
    "data",
    "data: [DONE]",
    "data: {}",
    "data: null",
    "data: x",
    "event:",
    "event: error",
    "event: done",
    "id: ",
    "id: \0",
    "id: a\u2028b",
    "id: é\x1b\x07",
    "id: " + "9" * 5000,
    "retry: -1",
    "retry: 99999999999999999",
    "retry: ٣",
    ":" + "x" * 100_000,
    "data: " + "x" * 100_000,
    "\0\0\0",
    'data: {"event":"thread.run.completed"}',
    'data: {"event":5,"data":{"id":"x"}}',
    'data: {"event":["error"],"data":{}}',
    'data: {"error":{"message":"gone"}}',
    'data: "text"',
    "data: [[[",
    "data: " + "[" * 5000,
    "data: " + json.dumps({"event": "error", "data": ERROR}),
]
Edit = tuple[str, int, int, list[Change]]
EDITS = (
    "drop",
    "twice",
    "swap",
    "change",
    "change",
    "change",
    "name",
    "bare",
    "inside",
    "line",
    "no end",
    "error",
    "id",
)
edits: st.SearchStrategy[list[Edit]] = st.lists(
    st.tuples(st.sampled_from(EDITS), numbers, numbers, changes.map(lambda each: each[:2])), max_size=6
)
endings = st.sampled_from(
    [None, None, None, httpx.ReadError("reset"), httpx.RemoteProtocolError("cut \r\n short"), httpx.ReadTimeout("slow")]
)
streams = st.tuples(edits, on_bytes, st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]), st.integers(1, 4000), endings)
"""Edits of the events, of the bytes, the line ends, the size of the pieces, how it ends."""


@dataclass
class Data:
    """The data of an event."""

    value: Any


Block = list[str | Data]
"""The lines of an event; the last one is its data."""


def damaged_stream(events: list[Event], how: Any) -> list[Any]:
    """The pieces of a stream and, perhaps, an exception at its end."""
    wanted, bytewise, line_end, size, ending = how
    blocks: list[Block] = [[f"id: {id}", f"event: {name}", Data(data)] for name, data, id in events]
    for edit in wanted:
        if blocks:
            _edit(blocks, edit)
    text = "".join("".join(f"{_line(line)}\n" for line in block) + "\n" for block in blocks)
    data = damaged(text.encode("utf-8", "replace"), bytewise).replace(b"\n", line_end.encode())
    size = max(size, len(data) // 500)
    pieces: list[Any] = [data[start : start + size] for start in range(0, len(data), size)]
    return pieces if ending is None else [*pieces, ending]


def _edit(blocks: list[Block], edit: Edit) -> None:
    kind, where, other, inner = edit
    place, second = where % len(blocks), other % len(blocks)
    block = blocks[place]
    data: Any = block[-1]
    match kind:
        case "drop":
            del blocks[place]
        case "twice":
            blocks.insert(second, [*block[:-1], Data(data.value)])
        case "swap":
            blocks[place], blocks[second] = blocks[second], block
        case "change":
            data.value = changed(data.value, inner)
        case "name":
            blocks[place] = [f"event: {NAMES[other % len(NAMES)]}", data]
        case "bare":
            blocks[place] = [data]
        case "inside":
            blocks[place] = [Data({"event": NAMES[other % len(NAMES)], "data": data.value})]
        case "line":
            block.insert(other % len(block), LINES[(where + other) % len(LINES)])
        case "no end" if place + 1 < len(blocks):
            block += blocks.pop(place + 1)
        case "error":
            blocks.insert(place, ["event: error", Data(ERROR)])
        case _:
            block.insert(0, f"id: {LINES[other % len(LINES)]}")


def _line(line: str | Data) -> str:
    if isinstance(line, str):
        return line
    return "data: " + ("[DONE]" if line.value == "[DONE]" else written(line.value).replace("\n", " "))
