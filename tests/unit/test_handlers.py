"""Event handlers: what they are told, in which order, through every way of reading; errors, early ends, misuse."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from typing import Any, Callable, Iterator

import anyio
import httpx
import pytest

from openai_assistants import (
    APITimeoutError,
    AssistantEventHandler,
    AsyncAssistantEventHandler,
    AsyncOpenAI,
    BadRequestError,
    OpenAI,
    RunStreamError,
    StreamInterruptedError,
)
from openai_assistants.lib.streaming import AssistantStreamManager, AsyncAssistantStreamManager

from .support import FLAVOURS, Clock, Flavour, Pieces, Server, serve
from .test_assemble import HELLO, OPEN, call, calls, function, message, message_delta, run, said, show, step, step_delta

SYNC, ASYNCIO, _ = FLAVOURS
EVENT_STREAM = {"content-type": "text/event-stream"}

# On trio the HTTP library leaves its own async generators to the garbage collector when a body is not read to its end;
# ours are closed, or this does not match.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator '(httpx|tests)\.:ResourceWarning")

CALLBACKS = [name for name in vars(AssistantEventHandler) if name.startswith("on_")]
STREAM = [
    run("created", "queued"),
    run("in_progress"),
    *HELLO,
    step("created"),
    step_delta(call(0, '{"a"', name="f", id="call_1")),
    step_delta(call(0, ":1}")),
    run("requires_action"),
]
SPECIFIC = [
    ("on_message_created", "msg_1"),
    ("on_text_created", "Hel"),
    ("on_text_delta", "Hel", "Hel"),
    ("on_message_delta", "MessageDelta", "msg_1"),
    ("on_text_delta", "lo", "Hello"),
    ("on_message_delta", "MessageDelta", "msg_1"),
    ("on_text_done", "Hello"),
    ("on_message_done", "msg_1"),
    ("on_run_step_created", "step_1"),
    ("on_tool_call_created", '{"a"'),
    ("on_tool_call_delta", '{"a"', '{"a"'),
    ("on_run_step_delta", "RunStepDelta", "step_1"),
    ("on_tool_call_delta", ":1}", '{"a":1}'),
    ("on_run_step_delta", "RunStepDelta", "step_1"),
    ("on_tool_call_done", '{"a":1}'),
    ("on_end",),
]
ALL = len(STREAM)


def frame(event: Any) -> bytes:
    return f"event: {event.event}\ndata: {json.dumps(event.data.to_dict())}\n\n".encode()


def body(*parts: Any) -> Pieces:
    """A stream's body: events, bytes, exceptions, functions."""
    return Pieces([part if isinstance(part, (bytes, Exception)) or callable(part) else frame(part) for part in parts])


def answer(*parts: Any) -> httpx.Response:
    return httpx.Response(200, stream=body(*parts), headers=EVENT_STREAM)


def good() -> httpx.Response:
    return answer(*STREAM, b"event: done\ndata: [DONE]\n\n")


def client_of(flavour: Flavour, *answers: Any) -> tuple[Any, Server]:
    """A client, and what it talks to."""
    server = serve(*answers)
    http: Any = flavour.http(server)
    kind = AsyncOpenAI if flavour.is_async else OpenAI
    return kind(api_key="sk-test", base_url="https://api.test/v1", http_client=http, max_retries=0), server


def recorder(flavour: Flavour, act: Callable[[Any, str], Any] = lambda handler, name: None) -> tuple[Any, list[Any]]:
    """A handler that notes everything that it is told; `act` is called too, and may raise."""
    told: list[Any] = []

    def method(name: str) -> Any:
        def plain(self: Any, *args: Any) -> None:
            told.append((name, *(show(argument) for argument in args)))
            act(self, name)

        async def awaited(self: Any, *args: Any) -> None:
            await anyio.lowlevel.checkpoint()
            plain(self, *args)

        return awaited if flavour.is_async else plain

    base = AsyncAssistantEventHandler if flavour.is_async else AssistantEventHandler
    return type("Recorder", (base,), {name: method(name) for name in CALLBACKS})(), told


def until_done(stream: Any) -> Any:
    return stream.until_done()


def get_final_run(stream: Any) -> Any:
    return stream.get_final_run()


def get_final_run_steps(stream: Any) -> Any:
    return stream.get_final_run_steps()


def get_final_messages(stream: Any) -> Any:
    return stream.get_final_messages()


def events(stream: Any) -> Any:
    return stream


def text_deltas(stream: Any) -> Any:
    return stream.text_deltas


def next_text(stream: Any) -> Any:
    texts = stream.text_deltas
    return anext(texts) if hasattr(texts, "__anext__") else next(texts)


def nothing(stream: Any) -> Any:
    return None


WAYS = [until_done, get_final_run, get_final_run_steps, get_final_messages, events, text_deltas]
Way = Callable[[Any], Any]


def read(flavour: Flavour, manager: Any, *ways: Way, seen: list[Any] | None = None, most: int = 1000) -> list[Any]:
    """What some ways of reading give, one after the other inside the block; iterators up to `most` items."""
    results: list[Any] = [] if seen is None else seen

    def blocking() -> None:
        with manager as stream:
            for way in ways:
                value = way(stream)
                results.append([] if hasattr(value, "__next__") else value)
                if hasattr(value, "__next__"):
                    for item in value:
                        results[-1].append(item)
                        if len(results[-1]) == most:
                            break

    async def awaiting() -> None:
        async with manager as stream:
            for way in ways:
                value = way(stream)
                if not hasattr(value, "__anext__"):
                    results.append(value if value is None else await value)
                    continue
                results.append([])
                async for item in value:
                    results[-1].append(item)
                    if len(results[-1]) == most:
                        break

    if flavour.is_async:
        anyio.run(awaiting, backend=flavour.name)
    else:
        blocking()
    return results


def follow(flavour: Flavour, handler: Any, response: httpx.Response, *ways: Way, **options: Any) -> list[Any]:
    """Read a stream with a handler."""
    client, _ = client_of(flavour, response)
    return read(
        flavour, client.beta.threads.runs.stream("thread_1", assistant_id="a", event_handler=handler), *ways, **options
    )


def failing(
    flavour: Flavour,
    cls: type[Exception],
    handler: Any,
    response: httpx.Response,
    way: Way = until_done,
    **options: Any,
) -> Any:
    with pytest.raises(cls) as caught:
        follow(flavour, handler, response, way, **options)
    assert type(caught.value) is cls
    return caught.value


def specific(told: list[Any]) -> list[Any]:
    return [item for item in told if item[0] != "on_event"]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_reading_tells_the_same(flavour: Flavour, way: Way) -> None:
    handler, told = recorder(flavour)
    follow(flavour, handler, good(), way)
    assert specific(told) == SPECIFIC
    assert len(told) == len(SPECIFIC) + ALL


def test_an_event_is_told_before_what_it_means(flavour: Flavour) -> None:
    handler, told = recorder(flavour)
    follow(flavour, handler, good(), until_done)
    at = told.index(("on_message_created", "msg_1"))
    assert told[at - 1 : at + 2] == [
        ("on_event", "ThreadMessageCreated"),
        ("on_message_created", "msg_1"),
        ("on_event", "ThreadMessageDelta"),
    ]


def test_what_reading_gives(flavour: Flavour) -> None:
    handler, _ = recorder(flavour)
    ways = [get_final_run, get_final_run_steps, get_final_messages, until_done, events, text_deltas]
    final, steps, found, done, none, no_text = follow(flavour, handler, good(), *ways)
    assert (final.id, final.status) == ("run_1", "requires_action")
    assert [item.id for item in steps] == ["step_1"]
    assert [item.text for item in found] == ["Hello"]
    assert (done, none, no_text) == (None, [], [])
    handler, _ = recorder(flavour)
    (found,) = follow(flavour, handler, good(), events)
    assert [item.event for item in found] == [item.event for item in STREAM]
    handler, _ = recorder(flavour)
    assert follow(flavour, handler, good(), text_deltas) == [["Hel", "lo"]]


def test_one_way_goes_on_where_another_one_stopped(flavour: Flavour) -> None:
    handler, told = recorder(flavour)
    some, text, messages = follow(flavour, handler, good(), events, text_deltas, get_final_messages, most=4)
    assert [item.event for item in some] == [item.event for item in STREAM[:4]]
    assert text == ["lo"]
    assert [item.text for item in messages] == ["Hello"]
    assert specific(told) == SPECIFIC


def test_text_is_given_once_however_often_it_is_asked_for(flavour: Flavour) -> None:
    both = message_delta(said("one", 0), said("two", 1))
    response = answer(message("created"), both, message_delta(said("!", 1)), run("completed"))
    first, second, rest = follow(flavour, None, response, next_text, next_text, text_deltas)
    assert (first, second, rest) == ("one", "two", ["!"])


def test_without_a_handler_of_ones_own(flavour: Flavour) -> None:
    assert follow(flavour, None, good(), text_deltas) == [["Hel", "lo"]]


def test_snapshots_are_up_to_date_when_the_event_is_told(flavour: Flavour) -> None:
    states: list[Any] = []

    def act(handler: Any, name: str) -> None:
        if name == "on_event":
            message, current = handler.current_message_snapshot, handler.current_run_step_snapshot
            states.append(
                (
                    handler.current_event.event.removeprefix("thread."),
                    handler.current_run.status,
                    message and message.text,
                    current and [item.function.arguments for item in current.step_details.tool_calls],
                )
            )

    handler, _ = recorder(flavour, act)
    follow(flavour, handler, good(), until_done)
    assert states == [
        ("run.created", "queued", None, None),
        ("run.in_progress", "in_progress", None, None),
        ("message.created", "in_progress", "", None),
        ("message.delta", "in_progress", "Hel", None),
        ("message.delta", "in_progress", "Hello", None),
        ("message.completed", "in_progress", "Hello", None),
        ("run.step.created", "in_progress", "Hello", []),
        ("run.step.delta", "in_progress", "Hello", ['{"a"']),
        ("run.step.delta", "in_progress", "Hello", ['{"a":1}']),
        ("run.requires_action", "requires_action", "Hello", ['{"a":1}']),
    ]
    assert handler.current_event.event == "thread.run.requires_action"


def test_nothing_is_known_before_the_stream(flavour: Flavour) -> None:
    handler, _ = recorder(flavour)
    assert handler.current_event is handler.current_run is None
    assert handler.current_run_step_snapshot is handler.current_message_snapshot is None


@pytest.mark.parametrize("way", WAYS)
def test_using_a_handler_before_its_stream(flavour: Flavour, way: Way) -> None:
    handler, told = recorder(flavour)

    async def awaiting() -> None:
        value = way(handler)
        await (anext(value) if hasattr(value, "__anext__") else value)

    with pytest.raises(RuntimeError, match=r"has no stream yet.*event_handler="):
        if flavour.is_async:
            anyio.run(awaiting, backend=flavour.name)
        else:
            next(way(handler))
    assert told == []


def test_a_handler_belongs_to_one_stream(flavour: Flavour) -> None:
    handler, told = recorder(flavour)
    follow(flavour, handler, good(), until_done)
    count = len(told)
    client, server = client_of(flavour, good())
    again = client.beta.threads.runs.stream("thread_1", assistant_id="a", event_handler=handler)
    with pytest.raises(RuntimeError, match="one stream: make a new one"):
        read(flavour, again, until_done)
    assert (server.requests, len(told)) == ([], count)


def test_a_manager_opens_one_stream(flavour: Flavour) -> None:
    client, server = client_of(flavour, good())
    manager = client.beta.threads.runs.stream("thread_1", assistant_id="a")
    read(flavour, manager, until_done)
    with pytest.raises(RuntimeError, match="one stream"):
        read(flavour, manager, until_done)
    assert len(server.requests) == 1


def test_a_handler_whose_request_failed_can_be_used_again(flavour: Flavour) -> None:
    handler, told = recorder(flavour)
    client, _ = client_of(flavour, httpx.Response(400, json={"error": {"message": "no"}}), good())
    for attempt in range(2):
        manager = client.beta.threads.runs.stream("thread_1", assistant_id="a", event_handler=handler)
        if attempt == 0:
            with pytest.raises(BadRequestError, match="no"):
                read(flavour, manager, until_done)
            assert told == []
        else:
            read(flavour, manager, until_done)
    assert specific(told) == SPECIFIC


# Early ends


@pytest.mark.parametrize(("way", "most"), [(nothing, 1), (events, 1), (events, 4), (text_deltas, 1)])
def test_leaving_early_closes_the_connection(flavour: Flavour, way: Way, most: int) -> None:
    handler, told = recorder(flavour)
    response = good()
    client, server = client_of(flavour, response)
    read(flavour, client.beta.threads.runs.stream("thread_1", assistant_id="a", event_handler=handler), way, most=most)
    assert response.stream.closed == 1  # type: ignore[attr-defined]
    assert len(server.requests) == 1
    assert told[-1] == ("on_end",)
    assert [item[0] for item in told].count("on_end") == 1
    assert not any(name in ("on_exception", "on_timeout") for name, *_ in told)


@pytest.mark.parametrize("way", WAYS)
def test_after_leaving_early_nothing_can_be_read(flavour: Flavour, way: Way) -> None:
    handler, told = recorder(flavour)
    follow(flavour, handler, good(), events, most=3)
    assert handler.current_run.status == "in_progress"
    count = len(told)

    async def awaiting() -> None:
        value = way(handler)
        await (anext(value) if hasattr(value, "__anext__") else value)

    with pytest.raises(RuntimeError, match="closed before its end"):
        if flavour.is_async:
            anyio.run(awaiting, backend=flavour.name)
        else:
            next(way(handler))
    assert len(told) == count


def test_results_can_be_asked_for_after_the_block(flavour: Flavour) -> None:
    handler, _ = recorder(flavour)
    follow(flavour, handler, good(), until_done)
    assert flavour.do(handler.get_final_run).status == "requires_action"
    assert [item.text for item in flavour.do(handler.get_final_messages)] == ["Hello"]


def test_close_ends_the_stream_once(flavour: Flavour) -> None:
    handler, told = recorder(flavour)
    flavour.do(handler.close)
    assert told == []
    follow(flavour, handler, good(), lambda stream: stream.close(), lambda stream: stream.close())
    assert told == [("on_end",)]


def test_the_handler_is_a_context_manager_too(flavour: Flavour) -> None:
    handler, told = recorder(flavour)

    async def awaiting() -> None:
        with pytest.raises(RuntimeError, match="no stream yet"):
            async with handler:
                raise AssertionError
        client, _ = client_of(flavour, good())
        manager = client.beta.threads.runs.stream("thread_1", assistant_id="a", event_handler=handler)
        async with await manager.__aenter__() as stream:
            assert stream is handler

    if flavour.is_async:
        anyio.run(awaiting, backend=flavour.name)
    else:
        with pytest.raises(RuntimeError, match="no stream yet"), handler:
            raise AssertionError
        client, _ = client_of(flavour, good())
        manager = client.beta.threads.runs.stream("thread_1", assistant_id="a", event_handler=handler)
        with manager.__enter__() as stream:
            assert stream is handler
    assert told == [("on_end",)]


def test_an_exception_in_the_block_closes_the_stream(flavour: Flavour) -> None:
    def fail(stream: Any) -> None:
        raise KeyError("mine")

    handler, told = recorder(flavour)
    response = good()
    failing(flavour, KeyError, handler, response, fail)
    assert told == [("on_end",)]
    assert response.stream.closed == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_task_ends_the_stream(backend: str) -> None:
    told: list[str] = []
    response = good()

    async def main() -> None:
        client, _ = client_of(Flavour(backend), response)

        class Handler(AsyncAssistantEventHandler):
            async def on_text_delta(self, delta: Any, snapshot: Any) -> None:
                told.append(snapshot.value)
                scope.cancel()
                await anyio.sleep_forever()

            async def on_exception(self, exception: Exception) -> None:
                told.append("exception")

            async def on_end(self) -> None:
                told.append("end")

        with anyio.CancelScope() as scope:
            async with client.beta.threads.runs.stream("t", assistant_id="a", event_handler=Handler()) as stream:
                await stream.until_done()

    anyio.run(main, backend=backend)
    assert told == ["Hel", "end"]


def test_ctrl_c_ends_the_stream() -> None:
    def act(handler: Any, name: str) -> None:
        if name == "on_text_delta":
            raise KeyboardInterrupt

    handler, told = recorder(SYNC, act)
    response = good()
    with pytest.raises(KeyboardInterrupt):
        follow(SYNC, handler, response, until_done)
    assert told[-2:] == [("on_text_delta", "Hel", "Hel"), ("on_end",)]
    assert response.stream.closed == 1  # type: ignore[attr-defined]


def test_after_ctrl_c_while_reading_there_is_no_end() -> None:
    def strike() -> None:
        raise KeyboardInterrupt

    handler, told = recorder(SYNC)

    def use(stream: Any) -> None:
        with pytest.raises(KeyboardInterrupt):
            stream.until_done()
        with pytest.raises(RuntimeError, match="closed before its end"):
            stream.get_final_run()

    follow(SYNC, handler, answer(*STREAM[:4], strike), use)
    assert told[-1] == ("on_end",)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_after_a_cancellation_while_reading_there_is_no_end(backend: str) -> None:
    async def main() -> None:
        client, _ = client_of(Flavour(backend), answer(*STREAM[:4], lambda: scope.cancel(), *STREAM[4:]))
        async with client.beta.threads.runs.stream("t", assistant_id="a") as stream:
            with anyio.CancelScope() as scope:
                await stream.until_done()
            with pytest.raises(RuntimeError, match="closed before its end"):
                await anext(stream.text_deltas)

    anyio.run(main, backend=backend)


def test_after_ctrl_c_in_a_method_the_stream_goes_on() -> None:
    def act(handler: Any, name: str) -> None:
        if told[-1] == ("on_text_delta", "Hel", "Hel"):
            raise KeyboardInterrupt

    handler, told = recorder(SYNC, act)

    def use(stream: Any) -> str:
        with pytest.raises(KeyboardInterrupt):
            stream.until_done()
        return str(stream.get_final_run().status)

    assert follow(SYNC, handler, good(), use) == ["requires_action"]


# Errors


@pytest.mark.parametrize("way", WAYS)
def test_an_error_of_the_server(flavour: Flavour, way: Way) -> None:
    handler, told = recorder(flavour)
    error = b'event: error\ndata: {"message": "overloaded", "code": "server_error"}\n\n'
    raised = failing(flavour, RunStreamError, handler, answer(*STREAM[:4], error), way)
    assert "overloaded" in str(raised)
    assert told[-2:] == [("on_exception", "RunStreamError"), ("on_end",)]
    assert ("on_text_delta", "Hel", "Hel") in told


def test_a_cut_stream(flavour: Flavour) -> None:
    handler, told = recorder(flavour)
    raised = failing(flavour, StreamInterruptedError, handler, answer(*STREAM[:4], httpx.ReadError("reset")))
    assert raised.run_id == "run_1"
    assert told[-2:] == [("on_exception", "StreamInterruptedError"), ("on_end",)]


def test_a_read_that_times_out(flavour: Flavour) -> None:
    handler, told = recorder(flavour)
    failing(flavour, StreamInterruptedError, handler, answer(*STREAM[:4], httpx.ReadTimeout("slow")))
    assert told[-3:] == [("on_timeout",), ("on_exception", "StreamInterruptedError"), ("on_end",)]


def test_a_deadline(flavour: Flavour, clock: Clock) -> None:
    handler, told = recorder(flavour)
    late = answer(*STREAM[:4], lambda: clock.advance(10), *STREAM[4:])
    client, _ = client_of(flavour, late)
    manager = client.beta.threads.runs.stream("thread_1", assistant_id="a", event_handler=handler, deadline=5)
    with pytest.raises(APITimeoutError, match="deadline"):
        read(flavour, manager, until_done)
    assert told[-3:] == [("on_timeout",), ("on_exception", "APITimeoutError"), ("on_end",)]


def test_a_time_limit_inside_a_callback(flavour: Flavour) -> None:
    def act(handler: Any, name: str) -> None:
        if name == "on_text_delta":
            raise TimeoutError("tool too slow")

    handler, told = recorder(flavour, act)
    failing(flavour, TimeoutError, handler, good())
    assert told[-3:] == [("on_timeout",), ("on_exception", "TimeoutError"), ("on_end",)]


@pytest.mark.parametrize("name", ["on_event", "on_text_delta", "on_tool_call_done"])
@pytest.mark.parametrize("way", WAYS)
def test_a_callback_that_fails(flavour: Flavour, way: Way, name: str) -> None:
    def act(handler: Any, called: str) -> None:
        if called == name:
            raise KeyError("mine")

    handler, told = recorder(flavour, act)
    response = good()
    failing(flavour, KeyError, handler, response, way)
    assert [item[0] for item in told[-3:]] == [name, "on_exception", "on_end"]
    assert response.stream.closed == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("cls", [StopIteration, StopAsyncIteration])
def test_a_callback_cannot_end_the_loop_unnoticed(flavour: Flavour, cls: type[Exception]) -> None:
    def act(handler: Any, name: str) -> None:
        if name == "on_text_delta":
            raise cls

    handler, told = recorder(flavour, act)
    seen: list[Any] = []
    failing(flavour, RuntimeError, handler, good(), events, seen=seen)
    assert len(seen[0]) == 3
    assert told[-2:] == [("on_exception", "RuntimeError"), ("on_end",)]


def test_an_error_in_on_exception_does_not_keep_on_end_away(flavour: Flavour) -> None:
    def act(handler: Any, name: str) -> None:
        if name == "on_text_delta":
            raise KeyError("first")
        if name == "on_exception":
            raise LookupError("second")

    handler, told = recorder(flavour, act)
    raised = failing(flavour, LookupError, handler, good())
    assert isinstance(raised.__context__, KeyError)
    assert told[-1] == ("on_end",)


def test_an_error_in_on_end_is_raised(flavour: Flavour) -> None:
    def act(handler: Any, name: str) -> None:
        if name == "on_end":
            raise KeyError("mine")

    handler, told = recorder(flavour, act)
    failing(flavour, KeyError, handler, good())
    assert [item[0] for item in told].count("on_end") == 1


@pytest.mark.parametrize("way", [until_done, get_final_run, get_final_run_steps, get_final_messages])
def test_after_an_error_nothing_is_given_for_final(flavour: Flavour, way: Way) -> None:
    handler, told = recorder(flavour)
    error = failing(flavour, StreamInterruptedError, handler, answer(*STREAM[:4], httpx.ReadError("reset")))
    count = len(told)
    with pytest.raises(StreamInterruptedError) as caught:
        flavour.do(lambda: way(handler))
    assert caught.value is error
    assert flavour.collect(lambda: handler) == []
    assert len(told) == count


def test_a_stream_without_its_run(flavour: Flavour) -> None:
    handler, _ = recorder(flavour)
    nameless = message("completed", run_id=None)
    failing(flavour, RuntimeError, handler, answer(nameless, b"event: done\ndata: [DONE]\n\n"), get_final_run)


# Handlers of many kinds


def test_async_methods_are_refused_in_a_plain_handler() -> None:
    class Handler(AssistantEventHandler):
        async def on_text_delta(self, delta: Any, snapshot: Any) -> None:  # type: ignore[override]
            raise AssertionError

    class Later:
        def __await__(self) -> Iterator[Any]:
            raise AssertionError

    class Odd(AssistantEventHandler):
        def on_text_delta(self, delta: Any, snapshot: Any) -> Any:
            return Later()

    with pytest.raises(TypeError, match="on_text_delta is async"):
        follow(SYNC, Odd(), good(), until_done)
    with pytest.raises(TypeError, match="on_text_delta is async"):
        follow(SYNC, Handler(), good(), until_done)


def test_plain_methods_do_in_an_async_handler() -> None:
    told: list[str] = []

    class Handler(AsyncAssistantEventHandler):
        def on_text_delta(self, delta: Any, snapshot: Any) -> None:  # type: ignore[override]
            told.append(delta.value)

    follow(ASYNCIO, Handler(), good(), until_done)
    assert told == ["Hel", "lo"]


def test_handlers_need_not_call_init_of_their_base(flavour: Flavour) -> None:
    base: Any = AsyncAssistantEventHandler if flavour.is_async else AssistantEventHandler

    class WithInit(base):
        def __init__(self, name: str) -> None:
            self.name = name

    @dataclass
    class Data(base):
        name: str

    @dataclass(frozen=True, slots=True)
    class Frozen(base):
        name: str

    for cls in (WithInit, Data, Frozen):
        handler = cls("mine")
        assert [item.text for item in follow(flavour, handler, good(), get_final_messages)[0]] == ["Hello"]
        assert handler.name == "mine"


def test_a_handler_may_have_attributes_of_any_name(flavour: Flavour) -> None:
    handler, told = recorder(flavour)
    for name in ("_following", "_stream", "_state", "_handler", "stream", "client", "texts"):
        setattr(handler, name, "mine")
    follow(flavour, handler, good(), until_done)
    assert specific(told) == SPECIFIC


# Managers


def helpers(client: Any) -> dict[str, Callable[..., Any]]:
    threads = client.beta.threads
    outputs: Any = [{"tool_call_id": "call_1", "output": "42"}]
    return {
        "/v1/threads/thread_1/runs": lambda **kw: threads.runs.stream("thread_1", assistant_id="a", **kw),
        "/v1/threads/thread_1/runs ": lambda **kw: threads.runs.create_and_stream(
            thread_id="thread_1", assistant_id="a", **kw
        ),
        "/v1/threads/thread_1/runs/run_1/submit_tool_outputs": lambda **kw: threads.runs.submit_tool_outputs_stream(
            "run_1", thread_id="thread_1", tool_outputs=outputs, **kw
        ),
        "/v1/threads/runs": lambda **kw: threads.create_and_run_stream(assistant_id="a", **kw),
    }


@pytest.mark.parametrize("number", range(4))
def test_what_the_helpers_send(flavour: Flavour, number: int) -> None:
    client, server = client_of(flavour, good())
    path, helper = list(helpers(client).items())[number]
    handler, told = recorder(flavour)
    manager = helper(event_handler=handler, timeout=7, extra_headers={"x-mine": "1"})
    assert isinstance(manager, AsyncAssistantStreamManager if flavour.is_async else AssistantStreamManager)
    assert server.requests == []
    read(flavour, manager, until_done)
    (request,) = server.requests
    assert (request.method, request.url.path) == ("POST", path.strip())
    sent = json.loads(request.content)
    assert sent.pop("stream") is True
    assert sent in ({"assistant_id": "a"}, {"tool_outputs": [{"tool_call_id": "call_1", "output": "42"}]})
    assert request.headers["accept"] == "text/event-stream"
    assert request.headers["x-mine"] == "1"
    assert request.headers["openai-beta"] == "assistants=v2"
    assert request.extensions["timeout"]["read"] == 7
    assert specific(told) == SPECIFIC


def test_the_block_gives_the_handler_itself(flavour: Flavour) -> None:
    handler, _ = recorder(flavour)
    given: list[Any] = []
    follow(flavour, handler, good(), given.append)
    assert given[0] is handler


@pytest.mark.parametrize(
    "misuse",
    [
        lambda manager: manager.until_done(),
        lambda manager: manager.get_final_run(),
        lambda manager: manager.text_deltas,
        lambda manager: manager.close(),
        lambda manager: manager.current_run,
    ],
)
def test_forgetting_the_block(flavour: Flavour, misuse: Callable[[Any], Any]) -> None:
    client, server = client_of(flavour, good())
    statement = "async with" if flavour.is_async else "with"
    with pytest.raises(AttributeError, match=rf"`{statement} client\.beta.*as stream:`"):
        misuse(client.beta.threads.runs.stream("thread_1", assistant_id="a"))
    assert server.requests == []


def test_iterating_without_the_block(flavour: Flavour) -> None:
    client, _ = client_of(flavour, good())
    manager = client.beta.threads.runs.stream("thread_1", assistant_id="a")
    with pytest.raises(TypeError, match="with client"):
        flavour.collect(lambda: manager)


def test_unknown_attributes_of_a_manager_are_called_so(flavour: Flavour) -> None:
    client, _ = client_of(flavour, good())
    manager = client.beta.threads.runs.stream("thread_1", assistant_id="a")
    with pytest.raises(AttributeError, match="has no attribute 'novel'"):
        _ = manager.novel
    assert not hasattr(manager, "_repr_html_")


def test_what_is_no_handler_is_refused(flavour: Flavour) -> None:
    client, _ = client_of(flavour, good())
    right = AsyncAssistantEventHandler if flavour.is_async else AssistantEventHandler
    wrong = AssistantEventHandler if flavour.is_async else AsyncAssistantEventHandler
    for handler in (wrong(), right, print, "handler"):
        with pytest.raises(TypeError, match=f"must be an object of a subclass of {right.__name__}, not"):
            client.beta.threads.runs.stream("thread_1", assistant_id="a", event_handler=handler)


def test_calls_of_an_earlier_stream_are_not_told_again(flavour: Flavour) -> None:
    """Programs carry out tools when they are told of a call; they must not do so twice."""
    handler, told = recorder(flavour)
    done = step("completed", calls(function("call_1", "f", '{"a":1}', "42")), **OPEN)
    client, _ = client_of(flavour, answer(done, run("queued"), run("in_progress"), *HELLO, run("completed")))
    outputs: Any = [{"tool_call_id": "call_1", "output": "42"}]
    manager = client.beta.threads.runs.submit_tool_outputs_stream(
        "run_1", thread_id="thread_1", tool_outputs=outputs, event_handler=handler
    )
    steps, messages = read(flavour, manager, get_final_run_steps, get_final_messages)
    assert specific(told)[0] == ("on_run_step_done", "step_1")
    assert not any("tool_call" in name for name, *_ in told)
    assert ([item.id for item in steps], [item.text for item in messages]) == (["step_1"], ["Hello"])


def test_both_handlers_are_the_same() -> None:
    one, other = vars(AssistantEventHandler), vars(AsyncAssistantEventHandler)
    assert [name for name in one if not name.startswith("_")] == [name for name in other if not name.startswith("_")]
    for name in CALLBACKS:
        assert inspect.signature(one[name]) == inspect.signature(other[name])
        assert inspect.getdoc(one[name]) == inspect.getdoc(other[name])
        assert inspect.iscoroutinefunction(other[name]) and not inspect.iscoroutinefunction(one[name])
    assert len(CALLBACKS) == 17
