"""The same tasks done in three ways: bare httpx with `json.loads`, our client, the official client.

A task does its work `count` times over one client. The official client has the same surface as ours, which is the
point of ours; so both share their code here, and only the import differs.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

Task = Callable[[int], None]
_HEADERS = {"authorization": "Bearer key", "openai-beta": "assistants=v2"}
_THREAD = "thread_0123456789abcdef0123"
_CREATE = {"model": "gpt-4o", "name": "Librarian", "instructions": "Answer from the handbook.", "metadata": {"a": "b"}}
_RUN = {"assistant_id": "asst_0123456789abcdef01234567", "stream": True}


class Raw:
    """Bare httpx and `json.loads`: untyped, no retries, nothing."""

    def __init__(self, base_url: str) -> None:
        import httpx

        self._httpx = httpx
        self._base_url = base_url
        self.client = httpx.Client(base_url=base_url, headers=_HEADERS)

    def retrieve(self, count: int) -> None:
        """Fetch one assistant."""
        for _ in range(count):
            assert json.loads(self.client.get("/assistants/asst_1").content)["id"]

    def create(self, count: int) -> None:
        """Create one assistant."""
        for _ in range(count):
            assert json.loads(self.client.post("/assistants", json=_CREATE).content)["id"]

    def page(self, count: int, thread: str = "page") -> None:
        """Read a page of a hundred messages."""
        for _ in range(count):
            items = json.loads(self.client.get(f"/threads/{thread}/messages", params={"limit": 100}).content)["data"]
            assert sum(len(each["content"][0]["text"]["value"]) for each in items)

    def iterate(self, count: int) -> None:
        """Go through a list of this many messages, page by page."""
        seen, after = 0, None
        while True:
            params = {"limit": "100", **({"after": after} if after else {})}
            page = json.loads(self.client.get(f"/threads/many-{count}/messages", params=params).content)
            for each in page["data"]:
                seen += each["object"] == "thread.message"
            if not page["has_more"]:
                break
            after = page["data"][-1]["id"]
        assert seen == count

    def stream(self, count: int, thread: str = "stream") -> None:
        """Read a stream of events and join its text."""
        for _ in range(count):
            with self.client.stream("POST", f"/threads/{thread}/runs", json=_RUN) as response:
                text = _joined(json.loads(line[6:]) for line in response.iter_lines() if line.startswith("data: {"))
            assert text

    def snapshots(self, count: int) -> None:
        """Read a stream: there is no handler to call."""
        self.stream(count)

    def tools(self, count: int) -> None:
        """Follow a run that calls a function, submit its outputs each time, and join the text of the answer."""
        for _ in range(count):
            path, body, text = "/threads/tools/runs", _RUN, ""
            while not text:
                waiting = None
                with self.client.stream("POST", path, json=body) as response:
                    found = []
                    for line in response.iter_lines():
                        if line.startswith("data: {"):
                            found.append(json.loads(line[6:]))
                            if found[-1].get("status") == "requires_action":
                                waiting = found[-1]
                text = _joined(iter(found))
                if waiting is not None:
                    calls = waiting["required_action"]["submit_tool_outputs"]["tool_calls"]
                    outputs = [
                        {"tool_call_id": call["id"], "output": look_up(**json.loads(call["function"]["arguments"]))}
                        for call in calls
                    ]
                    path = f"/threads/{waiting['thread_id']}/runs/{waiting['id']}/submit_tool_outputs"
                    body = {"tool_outputs": outputs, "stream": True}

    def async_stream(self, count: int, thread: str = "stream", at_once: int = 1) -> None:
        """The same, awaiting."""

        async def one(client: Any) -> None:
            async with client.stream("POST", f"/threads/{thread}/runs", json=_RUN) as response:
                pieces: list[str] = []
                async for line in response.aiter_lines():
                    if line.startswith("data: {"):
                        data = json.loads(line[6:])
                        if data["object"] == "thread.message.delta":
                            pieces.append(data["delta"]["content"][0]["text"]["value"])
            assert "".join(pieces)

        asyncio.run(self._in_client(count, one, at_once))

    def async_snapshots(self, count: int) -> None:
        """As `snapshots`, awaiting."""
        self.async_stream(count)

    def async_calls(self, count: int, at_once: int = 50) -> None:
        """Fetch assistants, fifty at a time."""

        async def one(client: Any) -> None:
            response = await client.get("/assistants/asst_1")
            assert json.loads(response.content)["id"]

        asyncio.run(self._in_client(count, one, at_once))

    async def _in_client(self, count: int, one: Callable[[Any], Awaitable[None]], at_once: int) -> None:
        limits = self._httpx.Limits(max_connections=1000, max_keepalive_connections=100)
        async with self._httpx.AsyncClient(base_url=self._base_url, headers=_HEADERS, limits=limits) as client:
            await _spread(count, at_once, lambda: one(client))


class Typed:
    """A client with the surface of the official one."""

    def __init__(self, base_url: str, package: Any, **options: Any) -> None:
        self._settings = {"base_url": base_url, "api_key": "key", **options}
        self._package = package
        self.client = package.OpenAI(**self._settings)

    def retrieve(self, count: int) -> None:
        """Fetch one assistant."""
        for _ in range(count):
            assert self.client.beta.assistants.retrieve("asst_1").id

    def create(self, count: int) -> None:
        """Create one assistant."""
        for _ in range(count):
            assert self.client.beta.assistants.create(**_CREATE).id

    def page(self, count: int, thread: str = "page") -> None:
        """Read a page of a hundred messages."""
        for _ in range(count):
            items = self.client.beta.threads.messages.list(thread, limit=100).data
            assert sum(len(each.content[0].text.value) for each in items)

    def iterate(self, count: int) -> None:
        """Go through a list of this many messages."""
        seen = 0
        for each in self.client.beta.threads.messages.list(f"many-{count}", limit=100):
            seen += each.object == "thread.message"
        assert seen == count

    def stream(self, count: int, thread: str = "stream") -> None:
        """Read a stream of events and join its text."""
        for _ in range(count):
            pieces: list[str] = []
            with self.client.beta.threads.runs.create(thread, **_RUN) as events:
                for event in events:
                    if event.event == "thread.message.delta":
                        pieces.append(event.data.delta.content[0].text.value)  # noqa: PERF401 - as programs do it
            assert "".join(pieces)

    def async_stream(self, count: int, thread: str = "stream", at_once: int = 1) -> None:
        """The same, awaiting."""

        async def one(client: Any) -> None:
            pieces: list[str] = []
            async with await client.beta.threads.runs.create(thread, **_RUN) as events:
                async for event in events:
                    if event.event == "thread.message.delta":
                        pieces.append(event.data.delta.content[0].text.value)  # noqa: PERF401
            assert "".join(pieces)

        asyncio.run(self._in_client(count, one, at_once))

    def tools(self, count: int) -> None:
        """Follow a run that calls a function, which our client calls for the program."""
        runs = self.client.beta.threads.runs
        for _ in range(count):
            if hasattr(runs, "run_tools"):
                with runs.run_tools("tools", assistant_id=_RUN["assistant_id"], tools=[look_up]) as stream:
                    assert "".join(stream.text_deltas)
            else:
                self._tools_by_hand(runs)

    def _tools_by_hand(self, runs: Any) -> None:
        stream, text = runs.create("tools", **_RUN), ""
        while stream is not None:
            waiting = None
            for event in stream:
                if event.event == "thread.message.delta":
                    text += event.data.delta.content[0].text.value
                elif event.event == "thread.run.requires_action":
                    waiting = event.data
            stream = None
            if waiting is not None:
                outputs = [
                    {"tool_call_id": call.id, "output": look_up(**json.loads(call.function.arguments))}
                    for call in waiting.required_action.submit_tool_outputs.tool_calls
                ]
                place = {"run_id": waiting.id, "thread_id": waiting.thread_id}
                stream = runs.submit_tool_outputs(**place, tool_outputs=outputs, stream=True)
        assert text

    def snapshots(self, count: int) -> None:
        """Read a stream with an event handler that follows the text and its snapshot."""
        package = self._package

        class Handler(package.AssistantEventHandler):  # type: ignore[name-defined, misc]
            seen = 0

            def on_text_delta(self, delta: Any, snapshot: Any) -> None:
                self.seen = len(snapshot.value)

        for _ in range(count):
            handler = Handler()
            settings = {"assistant_id": _RUN["assistant_id"], "event_handler": handler}
            with self.client.beta.threads.runs.stream(thread_id="stream", **settings) as stream:
                stream.until_done()
            assert handler.seen

    def async_calls(self, count: int, at_once: int = 50) -> None:
        """Fetch assistants, fifty at a time."""

        async def one(client: Any) -> None:
            assert (await client.beta.assistants.retrieve("asst_1")).id

        asyncio.run(self._in_client(count, one, at_once))

    def async_snapshots(self, count: int) -> None:
        """The same as `snapshots`, awaiting."""
        package = self._package

        class Handler(package.AsyncAssistantEventHandler):  # type: ignore[name-defined, misc]
            seen = 0

            async def on_text_delta(self, delta: Any, snapshot: Any) -> None:
                self.seen = len(snapshot.value)

        async def one(client: Any) -> None:
            handler = Handler()
            settings = {"assistant_id": _RUN["assistant_id"], "event_handler": handler}
            async with client.beta.threads.runs.stream(thread_id="stream", **settings) as stream:
                await stream.until_done()
            assert handler.seen

        asyncio.run(self._in_client(count, one, 1))

    async def _in_client(self, count: int, one: Callable[[Any], Awaitable[None]], at_once: int) -> None:
        async with self._package.AsyncOpenAI(**self._settings) as client:
            await _spread(count, at_once, lambda: one(client))


def look_up(query: str) -> str:
    """Look something up.

    Args:
        query: What to look for.
    """
    return f"Nothing about {query}."


def _joined(events: Iterator[dict[str, Any]]) -> str:
    deltas = (each["delta"]["content"][0] for each in events if each["object"] == "thread.message.delta")
    return "".join(each["text"]["value"] for each in deltas)


async def _spread(count: int, at_once: int, work: Callable[[], Awaitable[None]]) -> None:
    numbers = iter(range(count))

    async def worker() -> None:
        for _ in numbers:
            await work()

    await asyncio.gather(*(worker() for _ in range(at_once)))
