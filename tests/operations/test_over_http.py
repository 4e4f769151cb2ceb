"""The operations over real HTTP, in the order in which a program uses them, against the server in the box.

The program is written once, for both clients. Every request and every answer is checked against the specs.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from openai_assistants import (
    BadRequestError,
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
        self.processing = server.processing

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
        await self.vector_stores()
        await self.vector_store_files()
        await self.file_batches()
        await self.uploads()
        await self.batches()

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

    async def uploaded(self, *names: str, purpose: str = "assistants", content: bytes = TEXT.encode()) -> list[Any]:
        """Files to put somewhere."""
        files = self.client.files
        return [await self.done(files.create(file=(name, content), purpose=purpose)) for name in names]

    async def become(self, look: Any, *statuses: str) -> Any:
        """Look again until the status is one of these."""
        with anyio.fail_after(10):
            while (found := await self.done(look())).status not in statuses:
                await anyio.sleep(0.005)
        return found

    async def vector_stores(self) -> None:
        stores = self.client.vector_stores
        tides, other = await self.uploaded("tides.txt", "other.txt")
        rule = {"anchor": "last_active_at", "days": 7}
        small = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 50}}
        made = await self.done(
            stores.create(
                file_ids=[tides.id, other.id],
                name="Sea",
                description="All about it",
                expires_after=rule,
                chunking_strategy=small,
                metadata={"a": "b"},
            )
        )
        assert (made.name, made.status, made.file_counts.total, made.metadata) == ("Sea", "in_progress", 2, {"a": "b"})
        assert made.expires_at == made.last_active_at + 7 * 24 * 3600
        store = await self.become(lambda: stores.retrieve(made.id), "completed")
        assert (store.file_counts.completed, store.usage_bytes > 2 * len(TEXT.encode())) == (2, True)
        updated = await self.done(stores.update(made.id, name="Ocean", expires_after=None, metadata={"c": "d"}))
        assert (updated.name, updated.expires_after, updated.expires_at) == ("Ocean", None, None)
        assert updated.metadata == {"c": "d"}
        second = await self.done(stores.create())
        assert (second.status, second.file_counts.total) == ("completed", 0)
        assert [s.id for s in await self.everything(stores.list(limit=1, order="asc"))] == [made.id, second.id]
        results = await self.everything(stores.search(made.id, query=["moon tides"], max_num_results=1))
        assert [(r.file_id, r.filename, r.score > 0.9) for r in results] == [(tides.id, "tides.txt", True)]
        assert "Tides come from the moon" in results[0].content[0].text
        assert await self.everything(stores.search(made.id, query="volcano", rewrite_query=True)) == []
        deleted = await self.done(stores.delete(made.id))
        assert (deleted.id, deleted.deleted, deleted.object) == (made.id, True, "vector_store.deleted")
        await self.refused(NotFoundError, lambda: stores.retrieve(made.id))
        assert (await self.done(self.beta.vector_stores.delete(second.id))).deleted
        assert (await self.done(self.client.files.retrieve(tides.id))).id == tides.id

    async def vector_store_files(self) -> None:
        files = self.client.vector_stores.files
        store = await self.done(self.client.vector_stores.create())
        one, two = await self.uploaded("one.txt", "two.txt")
        gate = self.processing.hold("one.txt")
        made = await self.done(files.create(store.id, file_id=one.id, attributes={"n": 1, "deep": True}))
        assert (made.status, made.attributes) == ("in_progress", {"n": 1, "deep": True})
        assert (made.chunking_strategy.type, made.chunking_strategy.static.max_chunk_size_tokens) == ("static", 800)
        gate.open()
        assert await self.become(lambda: files.retrieve(one.id, vector_store_id=store.id), "completed")
        self.processing.fail("two*", code="unsupported_file", message="Two is one too many.")
        await self.done(files.create(store.id, file_id=two.id, chunking_strategy={"type": "auto"}))
        failed = await self.become(lambda: files.retrieve(two.id, vector_store_id=store.id), "failed")
        assert (failed.last_error.code, failed.last_error.message) == ("unsupported_file", "Two is one too many.")
        self.processing.clear()
        assert [f.id for f in await self.everything(files.list(store.id, filter="failed"))] == [two.id]
        assert [f.id for f in await self.everything(files.list(store.id, limit=1, order="asc"))] == [one.id, two.id]
        pieces = await self.everything(files.content(one.id, vector_store_id=store.id))
        assert "".join(piece.text for piece in pieces) == TEXT
        updated = await self.done(files.update(one.id, vector_store_id=store.id, attributes={"n": 2.5}))
        assert updated.attributes == {"n": 2.5}
        search = self.client.vector_stores.search
        for value, found in ((2.5, [one.id]), (3, [])):
            condition = {"type": "and", "filters": [{"type": "gte", "key": "n", "value": value}]}
            ranking = {"ranker": "auto", "score_threshold": 0.5}
            results = await self.everything(search(store.id, query="moon", filters=condition, ranking_options=ranking))
            assert [(r.file_id, r.attributes) for r in results] == [(each, {"n": 2.5}) for each in found]
        deleted = await self.done(files.delete(one.id, vector_store_id=store.id))
        assert (deleted.id, deleted.deleted, deleted.object) == (one.id, True, "vector_store.file.deleted")
        await self.refused(NotFoundError, lambda: files.retrieve(one.id, vector_store_id=store.id))

    async def file_batches(self) -> None:
        batches = self.client.vector_stores.file_batches
        store = await self.done(self.client.vector_stores.create())
        place = {"vector_store_id": store.id}
        files = await self.uploaded("a.txt", "b.txt", "c.txt")
        ids = [file.id for file in files]
        made = await self.done(batches.create(store.id, file_ids=ids, attributes={"k": "v"}))
        assert (made.vector_store_id, made.file_counts.total) == (store.id, 3)
        batch = await self.become(lambda: batches.retrieve(made.id, **place), "completed")
        assert (batch.file_counts.completed, batch.file_counts.in_progress) == (3, 0)
        listed = await self.everything(batches.list_files(made.id, **place, limit=2, order="asc", filter="completed"))
        assert [(file.id, file.attributes) for file in listed] == [(each, {"k": "v"}) for each in ids]
        gate = self.processing.hold("b.txt")
        other = await self.done(
            batches.create(store.id, files=[{"file_id": ids[0], "attributes": {"x": 1}}, {"file_id": ids[1]}])
        )
        with anyio.fail_after(10):
            while (await self.done(batches.retrieve(other.id, **place))).file_counts.completed < 1:
                await anyio.sleep(0.005)
        cancelled = await self.done(batches.cancel(other.id, **place))
        assert cancelled.status in ("cancelling", "cancelled")
        batch = await self.become(lambda: batches.retrieve(other.id, **place), "cancelled")
        assert (batch.file_counts.completed, batch.file_counts.cancelled, batch.file_counts.total) == (1, 1, 2)
        gate.open()

    async def uploads(self) -> None:
        uploads = self.client.uploads
        content = bytes(range(256)) * 10_000
        head, tail = content[:1_500_000], content[1_500_000:]
        made = await self.done(
            uploads.create(
                filename="big.bin",
                purpose="user_data",
                bytes=len(content),
                mime_type="application/octet-stream",
                expires_after={"anchor": "created_at", "seconds": 3600},
            )
        )
        assert (made.status, made.bytes, made.expires_at) == ("pending", len(content), made.created_at + 3600)
        parts = [await self.done(uploads.parts.create(made.id, data=data)) for data in (tail, head)]
        assert {part.upload_id for part in parts} == {made.id}
        order = [parts[1].id, parts[0].id]
        await self.refused(BadRequestError, lambda: uploads.complete(made.id, part_ids=order, md5="0" * 32))
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        done = await self.done(uploads.complete(made.id, part_ids=order, md5=md5))
        assert (done.status, done.file.bytes, done.file.purpose) == ("completed", len(content), "user_data")
        assert done.file.expires_at == done.file.created_at + 3600
        assert (await self.done(self.client.files.content(done.file.id))).content == content
        other = await self.done(uploads.create(filename="x", purpose="batch", bytes=1, mime_type="text/plain"))
        assert (await self.done(uploads.cancel(other.id))).status == "cancelled"
        await self.refused(BadRequestError, lambda: uploads.parts.create(other.id, data=b"x"))

    async def batches(self) -> None:
        batches = self.client.batches
        request = {"method": "POST", "url": "/v1/embeddings", "body": {"model": "m", "input": "x"}}
        lines = [json.dumps({"custom_id": f"r{number}", **request}) for number in range(3)]
        (file,) = await self.uploaded("in.jsonl", purpose="batch", content="\n".join(lines).encode())
        given = {"input_file_id": file.id, "endpoint": "/v1/embeddings", "completion_window": "24h"}
        lifetime = {"anchor": "created_at", "seconds": 3600}
        made = await self.done(batches.create(**given, metadata={"a": "b"}, output_expires_after=lifetime))
        assert (made.status, made.metadata, made.input_file_id) == ("validating", {"a": "b"}, file.id)
        done = await self.become(lambda: batches.retrieve(made.id), "completed", "failed")
        assert (done.status, done.request_counts.total, done.request_counts.failed) == ("completed", 3, 3)
        answers = (await self.done(self.client.files.content(done.error_file_id))).text.splitlines()
        assert [json.loads(line)["custom_id"] for line in answers] == ["r0", "r1", "r2"]
        gate = self.processing.hold("in.jsonl")
        other = await self.done(batches.create(**given))
        assert (await self.done(batches.cancel(other.id))).status in ("cancelling", "cancelled")
        assert await self.become(lambda: batches.retrieve(other.id), "cancelled")
        gate.open()
        assert [b.id for b in await self.everything(batches.list(limit=1))] == [other.id, made.id]


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
    assert checker.operations == {row.operation for row in ROWS if row.version == "v2"}
