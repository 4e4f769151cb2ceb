"""The operations over real HTTP, in the order in which a program uses them, against the server in the box.

The program is written once, for both clients. Every request and every answer is checked against the specs.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from openai_assistants import (
    DefaultAsyncHttpxClient,
    DefaultHttpxClient,
    NotFoundError,
    PermissionDeniedError,
    WaitTimeoutError,
)
from openai_assistants.server import Call, Gate, LocalServer, Turn

from .flavours import FLAVOURS, Flavour
from .spec import answer_schema, errors_of, event_schemas, operation, request_schema, schema_named
from .table import ROWS, row_of

TEXT = "Tides come from the moon; the sun helps a little. Flöße 🌊\n" * 40
CAPITAL = {
    "type": "function",
    "function": {
        "name": "capital",
        "description": "The capital of a country.",
        "parameters": {"type": "object", "properties": {"country": {"type": "string"}}, "required": ["country"]},
    },
}
QUESTION = "What is the capital of Peru?"
ASKS = Turn(calls=[Call("capital", {"country": "Peru"})])
ANSWERS = Turn(deltas=["It is ", "Lima", "."])
CONTENT_OF_RESULTS = "step_details.tool_calls[*].file_search.results[*].content"

EVENTS = event_schemas()


class Checker:
    """Looks at every exchange; a hook of the HTTP client."""

    def __init__(self) -> None:
        self.operations: set[str] = set()

    def sync_hook(self, response: httpx.Response) -> None:
        """For blocking clients."""
        if self._is_read_here(response):
            response.read()
            self._check(response)

    async def async_hook(self, response: httpx.Response) -> None:
        """For the others."""
        if self._is_read_here(response):
            await response.aread()
            self._check(response)

    def _is_read_here(self, response: httpx.Response) -> bool:
        """Checks the request; says whether the answer is no stream, which the program reads."""
        request = response.request
        row = row_of(request.method, request.url.raw_path.decode().partition("?")[0].removeprefix("/v1"))
        self.operations.add(row.operation)
        assert request.headers.get("openai-beta") == row.beta
        if row.request == "json":
            assert errors_of(request_schema(row), json.loads(request.content)) == []
        if response.is_success:
            kind = response.headers["content-type"].partition(";")[0]
            assert kind in operation(row)["responses"]["200"]["content"]
            return kind != "text/event-stream"
        return True

    def _check(self, response: httpx.Response) -> None:
        request = response.request
        row = row_of(request.method, request.url.raw_path.decode().partition("?")[0].removeprefix("/v1"))
        if not response.is_success:
            assert errors_of(schema_named("ErrorResponse"), response.json()) == []
        elif row.answer != "binary":
            assert errors_of(answer_schema(row), response.json()) == []


class Program:
    """What a program does with a client, of whichever kind."""

    def __init__(self, client: Any, server: LocalServer) -> None:
        self.client = client
        self.beta = client.beta
        self.threads = client.beta.threads
        self.runs = client.beta.threads.runs
        self.scripts = server.scripts

    async def done(self, value: Any) -> Any:
        """The outcome of a call."""
        return await value if inspect.isawaitable(value) else value

    async def refused(self, kind: type[Exception], call: Any) -> None:
        """A call that must fail."""
        with pytest.raises(kind):
            await self.done(call())

    async def everything(self, listed: Any) -> list[Any]:
        """All items of a list, over all its pages."""
        if hasattr(listed, "__aiter__"):
            return [item async for item in listed]
        return list(listed)

    async def events(self, opened: Any) -> list[Any]:
        """All events of a stream, each as the specs have it."""
        stream = await self.done(opened)
        events: list[Any] = []
        if hasattr(stream, "__aiter__"):
            async with stream:
                events += [event async for event in stream]
        else:
            with stream:
                events += stream
        for event in events:
            assert errors_of(EVENTS[event.event], event.to_dict()) == []
            assert event.deviations == ()
        return events

    async def all(self, folder: Path) -> None:
        """Everything, one after the other."""
        await self.models()
        await self.files(folder)
        await self.assistants()
        await self.messages()
        assistant = await self.done(self.beta.assistants.create(model="gpt-4o", name="Guide", tools=[CAPITAL]))
        await self.streaming_loop(assistant)
        await self.polling_loop(assistant)
        await self.polling_by_hand(assistant)
        await self.thread_and_run(assistant)
        await self.cancelling(assistant)
        assert self.scripts.waiting == []

    async def models(self) -> None:
        listed = await self.everything(self.client.models.list())
        assert listed
        model = await self.done(self.client.models.retrieve("gpt-4o/tuned:x"))
        assert (model.id, model.object) == ("gpt-4o/tuned:x", "model")
        await self.refused(PermissionDeniedError, lambda: self.client.models.delete("gpt-4o"))

    async def files(self, folder: Path) -> None:
        files = self.client.files
        path = folder / "tides.txt"
        path.write_text(TEXT, encoding="utf-8")
        made = await self.done(files.create(file=path, purpose="assistants"))
        assert (made.filename, made.bytes, made.purpose) == ("tides.txt", len(TEXT.encode()), "assistants")
        short = {"anchor": "created_at", "seconds": 3600}
        other = await self.done(files.create(file=("x.bin", b"\x00\xff"), purpose="user_data", expires_after=short))
        assert other.expires_at == other.created_at + 3600
        assert (await self.done(files.wait_for_processing(made.id, poll_interval=0.01))).status == "processed"
        assert (await self.done(files.retrieve(made.id))).id == made.id
        assert [f.id for f in await self.everything(files.list(purpose="user_data"))] == [other.id]
        assert [f.id for f in await self.everything(files.list(order="asc", limit=1))] == [made.id, other.id]
        assert (await self.done(files.content(other.id))).content == b"\x00\xff"
        assert (await self.done(files.retrieve_content(made.id))) == TEXT
        for file in (made, other):
            deleted = await self.done(files.delete(file.id))
            assert (deleted.id, deleted.deleted) == (file.id, True)
        await self.refused(NotFoundError, lambda: files.retrieve(made.id))
        await self.refused(NotFoundError, lambda: files.content(made.id))
        assert await self.everything(files.list()) == []

    async def assistants(self) -> None:
        assistants = self.beta.assistants
        made = [
            await self.done(assistants.create(model="gpt-4o", name=f"Guide {number}", metadata={"n": str(number)}))
            for number in range(3)
        ]
        first = made[0]
        retrieved = await self.done(assistants.retrieve(first.id))
        assert retrieved.to_dict() == first.to_dict()
        updated = await self.done(
            assistants.update(
                first.id,
                instructions="Be brief.",
                name=None,
                tools=[CAPITAL, {"type": "file_search", "file_search": {"max_num_results": 3}}],
                response_format={"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}},
            )
        )
        assert (updated.name, updated.instructions, updated.metadata) == (None, "Be brief.", {"n": "0"})
        assert [tool.type for tool in updated.tools] == ["function", "file_search"]
        again = await self.done(assistants.update(made[1].id, tools=updated.tools, temperature=0.5))
        assert again.tools == updated.tools
        names = [a.id for a in await self.everything(assistants.list(limit=1, order="asc"))]
        assert names == [a.id for a in made]
        page = await self.done(assistants.list(limit=2))
        assert (len(page.data), page.has_more) == (2, True)
        back = await self.done(assistants.list(before=made[0].id, limit=1))
        assert [a.id for a in back.data] == [made[1].id]
        for assistant in made:
            deleted = await self.done(assistants.delete(assistant.id))
            assert (deleted.id, deleted.deleted, deleted.object) == (assistant.id, True, "assistant.deleted")
            await self.refused(NotFoundError, lambda gone=assistant: assistants.retrieve(gone.id))
        assert await self.everything(assistants.list()) == []

    async def messages(self) -> None:
        thread = await self.done(
            self.threads.create(messages=[{"role": "user", "content": "One"}], metadata={"topic": "tides"})
        )
        assert (await self.done(self.threads.retrieve(thread.id))).metadata == {"topic": "tides"}
        changed = await self.done(self.threads.update(thread.id, metadata={"topic": "moon"}))
        assert changed.metadata == {"topic": "moon"}
        messages = self.threads.messages
        parts = [
            {"type": "text", "text": "Two"},
            {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}},
        ]
        two = await self.done(messages.create(thread.id, role="user", content=parts))
        assert [block.type for block in two.content] == ["text", "image_url"]
        updated = await self.done(messages.update(two.id, thread_id=thread.id, metadata={"seen": "yes"}))
        assert updated.metadata == {"seen": "yes"}
        assert (await self.done(messages.retrieve(two.id, thread_id=thread.id))).to_dict() == updated.to_dict()
        listed = await self.everything(messages.list(thread.id, order="asc", limit=1))
        assert [message.content[0].text.value for message in listed] == ["One", "Two"]
        deleted = await self.done(messages.delete(two.id, thread_id=thread.id))
        assert (deleted.id, deleted.deleted) == (two.id, True)
        assert len(await self.everything(messages.list(thread.id))) == 1
        deleted = await self.done(self.threads.delete(thread.id))
        assert (deleted.id, deleted.deleted, deleted.object) == (thread.id, True, "thread.deleted")
        await self.refused(NotFoundError, lambda: self.threads.retrieve(thread.id))

    async def asked_thread(self) -> Any:
        return await self.done(self.threads.create(messages=[{"role": "user", "content": QUESTION}]))

    def outputs_for(self, run: Any) -> list[Any]:
        """Answers to the calls that a run waits for."""
        calls = run.required_action.submit_tool_outputs.tool_calls
        assert [(c.function.name, json.loads(c.function.arguments)) for c in calls] == [
            ("capital", {"country": "Peru"})
        ]
        return [{"tool_call_id": c.id, "output": "Lima"} for c in calls]

    async def check_answered(self, run: Any) -> None:
        """The run is over, its steps and its message say what happened."""
        assert run.status == "completed"
        assert run.usage.total_tokens == run.usage.prompt_tokens + run.usage.completion_tokens
        (message,) = await self.everything(self.threads.messages.list(run.thread_id, run_id=run.id))
        assert message.content[0].text.value == "It is Lima."
        steps = self.runs.steps
        listed = await self.everything(
            steps.list(run.id, thread_id=run.thread_id, order="asc", limit=1, include=[CONTENT_OF_RESULTS])
        )
        called, wrote = listed
        assert called.step_details.tool_calls[0].function.output == "Lima"
        assert wrote.step_details.message_creation.message_id == message.id
        place = {"thread_id": run.thread_id, "run_id": run.id}
        one = await self.done(steps.retrieve(called.id, **place, include=[CONTENT_OF_RESULTS]))
        assert one.to_dict() == called.to_dict()
        assert run.id in [r.id for r in await self.everything(self.runs.list(run.thread_id, limit=1))]
        updated = await self.done(self.runs.update(run.id, thread_id=run.thread_id, metadata={"good": "yes"}))
        assert updated.metadata == {"good": "yes"}

    async def streaming_loop(self, assistant: Any) -> None:
        thread = await self.asked_thread()
        self.scripts.add([ASKS, ANSWERS])
        events = await self.events(self.runs.create(thread.id, assistant_id=assistant.id, stream=True))
        assert events[0].event == "thread.run.created"
        assert events[-1].event == "thread.run.requires_action"
        run = events[-1].data
        events = await self.events(
            self.runs.submit_tool_outputs(run.id, thread_id=thread.id, tool_outputs=self.outputs_for(run), stream=True)
        )
        assert events[-1].event == "thread.run.completed"
        deltas = [e.data.delta for e in events if e.event == "thread.message.delta"]
        assert "".join(block.text.value for delta in deltas for block in delta.content) == "It is Lima."
        assert {"thread.run.step.completed", "thread.message.created", "thread.message.completed"} <= {
            event.event for event in events
        }
        await self.check_answered(events[-1].data)

    async def polling_loop(self, assistant: Any) -> None:
        thread = await self.asked_thread()
        self.scripts.add([ASKS, ANSWERS])
        run = await self.done(self.runs.create_and_poll(thread.id, assistant_id=assistant.id, poll_interval_ms=10))
        assert run.status == "requires_action"
        run = await self.done(
            self.runs.submit_tool_outputs_and_poll(
                run.id, thread_id=thread.id, tool_outputs=self.outputs_for(run), poll_interval_ms=10
            )
        )
        await self.check_answered(run)

    async def polling_by_hand(self, assistant: Any) -> None:
        thread = await self.asked_thread()
        self.scripts.add([ASKS, ANSWERS])
        run = await self.done(self.runs.create(thread_id=thread.id, assistant_id=assistant.id))
        assert run.status == "queued"
        with anyio.fail_after(10):
            while run.status not in ("requires_action", "completed"):
                await anyio.sleep(0.005)
                run = await self.done(self.runs.retrieve(run.id, thread_id=thread.id))
        run = await self.done(
            self.runs.submit_tool_outputs(run.id, thread_id=thread.id, tool_outputs=self.outputs_for(run))
        )
        run = await self.done(self.runs.poll(run.id, thread.id, poll_interval_ms=10))
        await self.check_answered(run)

    async def thread_and_run(self, assistant: Any) -> None:
        thread = {"messages": [{"role": "user", "content": QUESTION}]}
        self.scripts.add([ASKS, ANSWERS])
        run = await self.done(
            self.threads.create_and_run_poll(assistant_id=assistant.id, thread=thread, poll_interval_ms=10)
        )
        assert run.status == "requires_action"
        self.scripts.add("Hello.")
        events = await self.events(
            self.threads.create_and_run(assistant_id=assistant.id, thread=thread, tools=[], stream=True)
        )
        assert [events[0].event, events[-1].event] == ["thread.created", "thread.run.completed"]
        assert events[-1].data.tools == []

    async def cancelling(self, assistant: Any) -> None:
        gate = Gate()
        self.scripts.add(Turn(deltas=["Never ", gate, "said"]))
        run = await self.done(self.threads.create_and_run(assistant_id=assistant.id))
        await anyio.to_thread.run_sync(gate.reached.wait, 10)
        await self.refused(
            WaitTimeoutError,
            lambda: self.runs.poll(run.id, run.thread_id, poll_interval_ms=10, max_wait_seconds=0.05),
        )
        cancelled = await self.done(self.runs.cancel(run.id, thread_id=run.thread_id))
        assert cancelled.status in ("cancelling", "cancelled")
        gate.open()
        run = await self.done(self.runs.poll(run.id, run.thread_id, poll_interval_ms=10))
        assert run.status == "cancelled"


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A server on a loopback port."""
    with LocalServer(drain_seconds=0.0) as running:
        yield running


@pytest.mark.parametrize("flavour", FLAVOURS, ids=str)
def test_every_operation_over_http(flavour: Flavour, server: LocalServer, tmp_path: Path) -> None:
    checker = Checker()

    async def blocking() -> None:
        http = DefaultHttpxClient(event_hooks={"response": [checker.sync_hook]}, trust_env=False)
        with server.client(http_client=http, max_retries=0, strict=True) as client:
            await Program(client, server).all(tmp_path)

    async def awaiting() -> None:
        http = DefaultAsyncHttpxClient(event_hooks={"response": [checker.async_hook]}, trust_env=False)
        async with server.async_client(http_client=http, max_retries=0, strict=True) as client:
            await Program(client, server).all(tmp_path)

    anyio.run(blocking if flavour.name == "sync" else awaiting, backend="trio" if flavour.name == "trio" else "asyncio")
    assert checker.operations == {row.operation for row in ROWS}
