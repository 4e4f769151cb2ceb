"""Streams of events: whatever bytes come, a program gets typed events, then their end or an exception of ours."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, note, strategies as st

from openai_assistants import (
    APIError,
    APIResponseValidationError,
    AssistantEventHandler,
    AsyncAssistantEventHandler,
    BaseModel,
    OpenAIError,
    ToolLoopError,
    UnknownVariant,
    _sse,
)
from openai_assistants._sse import ServerSentEvent
from tests.unit.support import Flavour, Pieces

from .conftest import Clock
from .damage import changed, changes, copied, damaged, on_bytes, written
from .recorded import damaged_stream, recording, streams
from .support import ASYNCIO, SYNC, TRIO, Rig, Said, examine, flavours, fuzzed, outcome, usual_stack

# On trio the HTTP library leaves its own async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator '(httpx|tests)\.:ResourceWarning")

RETRIES = 2


@pytest.fixture(scope="module", autouse=True)
def record() -> None:
    """Record the streams before the clock is replaced."""
    recording()


@pytest.fixture(scope="module")
def rig() -> Rig:
    """Clients for all cases."""
    return Rig(max_retries=RETRIES)


lookups = st.tuples(changes.map(lambda each: each[:2]), on_bytes)


class World:
    """A server whose streams and answers are damaged: the first stream is of the run's beginning, the others of its
    end."""

    def __init__(self, beginning: Any, end: Any, lookup: Any, *, supported: bool, active: bool) -> None:
        record = recording()
        self.bodies = [damaged_stream(record.streams[0], beginning), damaged_stream(record.streams[1], end)]
        self.lookup = lookup
        self.headers = {"openai-poll-after-ms": "30000"}
        if supported:
            self.headers["openai-assistants-idempotency"] = "supported"
        self.active = active
        self.posts = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        record = recording()
        path = request.url.path
        if request.method == "POST" and not path.endswith("/cancel"):
            self.posts += 1
            body = self.bodies[0 if path.endswith("/runs") and self.posts < 6 else 1]
            kind = {"content-type": "text/event-stream"}
            return httpx.Response(200, headers={**self.headers, **kind}, stream=Pieces(body))
        if path.endswith("/steps"):
            return self._answer(record.steps)
        if path.endswith("/messages"):
            return self._answer(record.messages)
        run = record.runs[min(1, self.posts // 3)]
        if path.endswith("/runs"):
            return self._answer({"object": "list", "data": [run], "has_more": False})
        return self._answer({**run, "status": "in_progress"} if self.active and self.posts < 3 else run)

    def _answer(self, document: Any) -> httpx.Response:
        wanted, bytewise = self.lookup
        return httpx.Response(
            200, headers=self.headers, content=damaged(written(changed(document, wanted)).encode(), bytewise)
        )


worlds = st.builds(
    World, streams, streams, st.just(([], ("as it is", 0))) | lookups, supported=st.booleans(), active=st.booleans()
)


def examine_events(events: list[Any]) -> None:
    """Events are typed; some of them, those that deviate first, are looked at closely."""
    for event in events:
        assert isinstance(event, BaseModel)
        assert isinstance(event, UnknownVariant) or event.deviations or isinstance(event.event, str)
    for event in sorted(events, key=lambda each: not each.deviations)[:3]:
        examine(event)


@fuzzed(160, 15_000)
@given(worlds, flavours, st.booleans(), st.booleans(), st.sampled_from(["v2", "v1", "raw", "submit", "low level"]))
def test_plain_streams(
    rig: Rig, clock: Clock, world: World, flavour: Flavour, resume: bool, strict: bool, way: str
) -> None:
    note(Said(way, flavour.name, resume, strict, vars(world)))
    clock.restart()
    client = rig.client(flavour, strict=strict)
    events: list[Any] = []

    def begin() -> Any:
        runs = client.beta.v1.threads.runs if way == "v1" else client.beta.threads.runs
        match way:
            case "low level":
                return client.post("/any", body={}, stream=True, into=ServerSentEvent)
            case "submit":
                outputs = [{"tool_call_id": "call_1", "output": "x"}]
                return runs.submit_tool_outputs(
                    "run_1", thread_id="thread_1", tool_outputs=outputs, stream=True, resume=resume
                )
            case "raw":
                return runs.with_raw_response.create("thread_1", assistant_id="a", stream=True, resume=resume)
        return runs.create("thread_1", assistant_id="a", stream=True, resume=resume)

    def blocking() -> None:
        stream = begin()
        with stream.parse() if way == "raw" else stream as stream:
            for event in stream:
                events.append(event)  # noqa: PERF402 - what came before an error is looked at, too

    async def awaiting() -> None:
        stream = await begin()
        async with stream.parse() if way == "raw" else stream as stream:
            async for event in stream:
                events.append(event)  # noqa: PERF401

    error = examine(outcome(rig, world, flavour, awaiting if flavour.is_async else blocking))
    assert error is None or isinstance(error, APIError)
    if way == "low level":
        assert all(type(event) is ServerSentEvent for event in events)
    else:
        examine_events(events)
    if strict and way != "low level":
        assert not any(event.deviations for event in events if not event.synthesized)


class EndingEarly:
    """A server whose streams end after some events, as if they were whole; what it has of messages and steps, and what
    has begun of them in the stream, is damaged in its inner parts."""

    def __init__(self, kept: int, wanted: list[Any], begun: list[Any]) -> None:
        self.kept = kept
        self.wanted = wanted
        self.begun = begun

    def __call__(self, request: httpx.Request) -> httpx.Response:
        record = recording()
        if request.method == "POST":
            stream = record.streams[not request.url.path.endswith("/runs")]
            kept = [(name, self._inside(data, self.begun)) for name, data, _ in stream[: self.kept] if name != "done"]
            text = "".join(f"event: {name}\ndata: {' '.join(written(data).split())}\n\n" for name, data in kept)
            return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=text.encode())
        listed = {"steps": record.steps, "messages": record.messages}.get(request.url.path.rpartition("/")[2])
        if listed is None:
            return httpx.Response(200, json=record.runs[1])
        document = {**listed, "data": [self._inside(item, self.wanted) for item in listed["data"]]}
        return httpx.Response(200, content=written(document).encode())

    @staticmethod
    def _inside(item: Any, wanted: list[Any]) -> Any:
        names = {"content", "step_details"} & item.keys()
        return {**item, **{name: changed(item[name], wanted) for name in names}}


@fuzzed(120, 15_000)
@given(
    st.builds(EndingEarly, st.integers(1, 30), changes, changes),
    flavours,
    st.sampled_from(["create", "submit", "stream"]),
)
def test_odd_parts_of_what_is_made_up(rig: Rig, clock: Clock, server: EndingEarly, flavour: Flavour, way: str) -> None:
    note(Said(way, flavour.name, vars(server)))
    clock.restart()
    runs = rig.client(flavour).beta.threads.runs
    outputs = [{"tool_call_id": "call_1", "output": "x"}]

    def begin() -> Any:
        if way == "submit":
            return runs.submit_tool_outputs("run_1", thread_id="thread_1", tool_outputs=outputs, stream=True)
        return runs.create("thread_1", assistant_id="a", stream=True)

    def blocking() -> list[Any]:
        if way == "stream":
            with runs.stream("thread_1", assistant_id="a") as stream:
                return list(stream)
        return list(begin())

    async def awaiting() -> list[Any]:
        if way == "stream":
            async with runs.stream("thread_1", assistant_id="a") as stream:
                return [event async for event in stream]
        return [event async for event in await begin()]

    events = outcome(rig, server, flavour, awaiting if flavour.is_async else blocking)
    if isinstance(events, APIError):  # data of an event that is no JSON
        examine(events)
        return
    assert events[-1].event in ("thread.run.completed", "thread.run.requires_action")
    examine_events(events)


def look(*arguments: Any) -> None:
    """What a handler of a program does with what it is told: it uses it."""
    for each in arguments:
        repr(each)
        if isinstance(each, BaseModel):
            each.to_dict()


CALLBACKS = [name for name in dir(AssistantEventHandler) if name.startswith("on_")]


def watching(base: Any, is_async: bool) -> Any:
    """A handler that looks at everything."""

    def blocking(self: Any, *arguments: Any) -> None:
        self.told += 1
        look(*arguments)

    async def awaiting(self: Any, *arguments: Any) -> None:
        blocking(self, *arguments)

    handler = type("Watching", (base,), dict.fromkeys(CALLBACKS, awaiting if is_async else blocking))()
    handler.told = 0
    return handler


FINAL = ("get_final_run", "get_final_run_steps", "get_final_messages", "until_done")
CURRENT = ("current_event", "current_run", "current_run_step_snapshot", "current_message_snapshot")


def tool(query: str = "") -> str:
    """Look something up."""
    return f"about {query}"


tool.__name__ = "look_up"


@fuzzed(160, 15_000)
@given(worlds, flavours, st.booleans(), st.sampled_from(["v2", "v1", "tools", "tools and poll", "texts"]))
def test_handlers_and_tool_loops(
    rig: Rig, clock: Clock, world: World, flavour: Flavour, resume: bool, way: str
) -> None:
    note(Said(way, flavour.name, resume, vars(world)))
    clock.restart()
    client = rig.client(flavour)
    v1 = way == "v1"
    from openai_assistants import v1 as version_1

    base: Any = AsyncAssistantEventHandler if flavour.is_async else AssistantEventHandler
    if v1:
        base = getattr(version_1, base.__name__)
    handler = watching(base, flavour.is_async)
    runs = client.beta.v1.threads.runs if v1 else client.beta.threads.runs

    def begin() -> Any:
        if way == "tools":
            return runs.run_tools("thread_1", assistant_id="a", tools=[tool], event_handler=handler, resume=resume)
        return runs.stream("thread_1", assistant_id="a", event_handler=handler, resume=resume)

    def blocking() -> None:
        if way == "tools and poll":
            runs.run_tools_and_poll("thread_1", assistant_id="a", tools=[tool])
            return
        with begin() as stream:
            if way == "texts":
                for text in stream.text_deltas:
                    assert isinstance(text, str)
            stream.until_done()

    async def awaiting() -> None:
        if way == "tools and poll":
            await runs.run_tools_and_poll("thread_1", assistant_id="a", tools=[tool])
            return
        async with begin() as stream:
            if way == "texts":
                async for text in stream.text_deltas:
                    assert isinstance(text, str)
            await stream.until_done()

    error = examine(outcome(rig, world, flavour, awaiting if flavour.is_async else blocking))
    assert error is None or isinstance(error, (APIError, ToolLoopError))
    if way == "tools and poll" or "_followed_stream" not in vars(handler):
        return
    with usual_stack():
        for name in CURRENT:
            look(getattr(handler, name))
        for name in FINAL:
            try:
                found = flavour.do(getattr(handler, name))
            except OpenAIError as again:
                assert again is error or str(again) == str(error)
            except RuntimeError as missing:
                assert name == "get_final_run" and "without an event of its run" in str(missing)
            else:
                assert error is None
                for each in found if isinstance(found, list) else [found]:
                    if isinstance(each, BaseModel):
                        examine(each)


MIB = 1 << 20


class Endless(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that never ends."""

    def __init__(self, begin: bytes, piece: bytes) -> None:
        self._begin = begin
        self._piece = piece
        self.taken = 0

    def __iter__(self) -> Iterator[bytes]:
        yield self._begin
        while True:
            self.taken += len(self._piece)
            yield self._piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


@pytest.mark.parametrize("flavour", [SYNC, ASYNCIO, TRIO], ids=lambda flavour: flavour.name)
@pytest.mark.parametrize(
    ("begin", "piece", "plain"),
    [
        (b"event: thread.message.delta\ndata: ", b"x" * (MIB // 4), False),
        (b"\xef\xbb\xbf: a comment", b"x" * (MIB // 4), False),
        (b"data: [DONE]", b"data: \n" * 30_000, True),
        (b"event: ", b"x" * (MIB // 4), True),
    ],
    ids=["data", "comment", "many lines", "name"],
)
def test_an_event_without_an_end_does_not_fill_the_memory(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, flavour: Flavour, begin: bytes, piece: bytes, plain: bool
) -> None:
    monkeypatch.setattr(_sse, "MAX_EVENT", MIB)
    body = Endless(begin, piece)
    client = rig.client(flavour)
    begin_stream: Any = {"into": ServerSentEvent} if plain else {}

    def blocking() -> None:
        for _ in client.post("/any", body={}, stream=True, **begin_stream):
            pass

    async def awaiting() -> None:
        async for _ in await client.post("/any", body={}, stream=True, **begin_stream):
            pass

    tracemalloc.start()
    try:
        error = outcome(
            rig,
            lambda request: httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=body),
            flavour,
            awaiting if flavour.is_async else blocking,
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, APIResponseValidationError)
    assert "its end is not in sight" in str(error)
    assert body.taken < 2 * MIB
    assert peak < 16 * MIB
    examine(error)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_large_events_come_whole(rig: Rig, line_end: bytes) -> None:
    name, data, _ = next(event for event in recording().streams[0] if event[0] == "thread.message.delta")
    data = copied(data)
    data["delta"]["content"][0]["text"]["value"] = "ü" * (4 * MIB)
    event = f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode().replace(b"\n", line_end)
    pieces = [event[start : start + 10_000] for start in range(0, len(event), 10_000)]
    body = Pieces([*pieces, b"data: [DONE]"])
    found: list[Any] = []

    def use() -> None:
        found.extend(rig.sync.beta.threads.runs.create("thread_1", assistant_id="a", stream=True))

    assert outcome(rig, lambda request: httpx.Response(200, stream=body), SYNC, use) is None
    assert [event.data.to_dict() for event in found] == [data]
