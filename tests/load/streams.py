"""Opens many streams at once and checks each event: `streams.py MODULE BASE_URL STREAMS`.

MODULE is the client: `openai_assistants`, or `openai` in the environment of the official client. Nothing else of this
project is imported, so that the program runs there too.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import time
import warnings
from typing import Any

PIECES = 40
BEFORE = [
    "thread.created",
    "thread.run.created",
    "thread.run.queued",
    "thread.run.in_progress",
    "thread.run.step.created",
    "thread.run.step.in_progress",
    "thread.message.created",
    "thread.message.in_progress",
]
AFTER = ["thread.message.completed", "thread.run.step.completed", "thread.run.completed"]


async def main(module: str, base_url: str, streams: int) -> dict[str, Any]:
    """How long all took, how many were open at once, how long each took to its first event."""
    client = importlib.import_module(module).AsyncOpenAI(base_url=base_url, api_key="any", max_retries=0, timeout=120)
    assistant = await client.beta.assistants.create(model="load")
    open_now = most = 0
    first_events: list[float] = []
    started = time.perf_counter()

    async def one(number: int) -> None:
        nonlocal open_now, most
        thread = {"messages": [{"role": "user", "content": f"Question {number}"}]}
        stream = await client.beta.threads.create_and_run(assistant_id=assistant.id, thread=thread, stream=True)
        open_now += 1
        most = max(most, open_now)
        names, text = [], ""
        async for event in stream:
            if not names:
                first_events.append(time.perf_counter() - started)
            names.append(event.event)
            if event.event == "thread.message.delta":
                text += event.data.delta.content[0].text.value
        open_now -= 1
        deltas = names[len(BEFORE) : -len(AFTER)]
        assert names[: len(BEFORE)] == BEFORE, names
        assert names[-len(AFTER) :] == AFTER, names
        assert set(deltas) == {"thread.message.delta"}, names
        assert text == "".join(f"word{n} " for n in range(PIECES)), text

    await asyncio.gather(*(one(number) for number in range(streams)))
    took = time.perf_counter() - started
    await client.close()
    return {"seconds": took, "at_once": most, "slowest_first_event": max(first_events)}


if __name__ == "__main__":
    warnings.simplefilter("ignore", DeprecationWarning)
    print(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))))
