"""Tool loops: a run whose calls are answered by Python functions, as one stream of events or as one wait."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, Iterable, Iterator, TypeVar

from ._basics import Omit, omit
from ._errors import of_this_library
from ._events import RUN_EVENTS, STEP_EVENTS
from ._flow import Flow, Perform
from ._following import MessageT, RunT
from ._handlers import AssistantStreamManager, AsyncAssistantStreamManager, AsyncHandlerT_co, HandlerT_co
from ._json_schemas import read_output, response_format_for
from ._models import parser_for
from ._pagination import all_items
from ._polling import RunOperations, Wait, start_and_poll
from ._requests import Call
from ._toolbox import ToolOperations, ToolPolicy, ToolRounds

if TYPE_CHECKING:
    import httpx
    from typing_extensions import Self

    from ._connection import AsyncConnection, Connection
    from ._requests import Core, RequestOptions
    from ._streaming import AsyncStream, Stream
    from ._toolbox import ToolResult

__tracebackhide__ = of_this_library

OutputT = TypeVar("OutputT")


@dataclass(frozen=True, slots=True)
class ToolLoopResult(Generic[OutputT, RunT, MessageT]):
    """What a run with tools has led to."""

    run: RunT
    """The run as it ended; look at its `status`."""
    messages: list[MessageT]
    """The messages that the run wrote, oldest first."""
    tool_results: list[ToolResult]
    """What became of the tool calls, in the order in which they were made."""
    into: type[OutputT] | None = None
    """The type of the output, where `response_format` named one."""

    @property
    def text(self) -> str:
        """The text of the last message; empty if there is none."""
        return self.messages[-1].text if self.messages else ""

    @property
    def output(self) -> OutputT:
        """The last message, read as the type that `response_format` named.

        Raises:
            StructuredOutputError: It cannot be read so, or there is none.
            TypeError: `response_format` named no type.
        """
        return read_output(self.messages, self.into)


class _EventsOfRounds:
    """What both kinds of source have in common."""

    response: httpx.Response
    """The HTTP answer that is being read."""

    def __init__(self, rounds: ToolRounds, into: Any) -> None:
        self.rounds = rounds
        self.run: Any = None
        """The run as an event showed it last."""
        self._into = into
        self._over = False
        """Whether the loop has ended, by itself or because it failed."""

    def _note(self, event: Any) -> None:
        name = event.event if isinstance(event.event, str) else ""
        if name.startswith(RUN_EVENTS) and not name.startswith(STEP_EVENTS):
            self.run = event.data

    def _streamed(self, call: Call[Any]) -> Call[Any]:
        return call.streaming(self._into)


class ToolStream(_EventsOfRounds):
    """The events of a run and of the calls of its tools, over all rounds."""

    def __init__(self, rounds: ToolRounds, into: Any, connection: Connection) -> None:
        super().__init__(rounds, into)
        rounds.toolbox.require_plain_functions()
        self._connection = connection
        self._stream: Stream[Any] = connection.stream(self._streamed(rounds.start), rounds.first_options())
        self.response = self._stream.response
        self._events = self._iterate()

    def __next__(self) -> Any:
        return next(self._events)

    def _iterate(self) -> Iterator[Any]:
        rounds = self.rounds
        try:
            while True:
                for event in self._stream:
                    self._note(event)
                    yield event
                calls = rounds.next_calls(self.run)
                if calls is None:
                    self._over = True
                    return
                submission = self._connection.drive(rounds.carry_out(self.run, calls))
                self._stream = self._connection.stream(self._streamed(submission), rounds.options())
                self.response = self._stream.response
        except GeneratorExit:
            raise
        except BaseException:
            self.give_up()
            raise
        finally:
            self.close()

    def give_up(self) -> None:
        """Close the connection because the program fails: nobody will give the run what it waits for."""
        over, self._over = self._over, True
        self.close()
        if not over:
            self._connection.drive(self.rounds.give_up(self.run))

    def close(self) -> None:
        """Close the connection. The run goes on at the server."""
        self._stream.close()


class AsyncToolStream(_EventsOfRounds):
    """The events of a run and of the calls of its tools, over all rounds."""

    def __init__(self, rounds: ToolRounds, into: Any, connection: AsyncConnection, stream: AsyncStream[Any]) -> None:
        super().__init__(rounds, into)
        self._connection = connection
        self._stream = stream
        self.response = stream.response

    @classmethod
    async def open(cls, rounds: ToolRounds, into: Any, connection: AsyncConnection) -> Self:
        """Start the run."""
        stream = await connection.stream(rounds.start.streaming(into), rounds.first_options())
        return cls(rounds, into, connection, stream)

    async def __anext__(self) -> Any:
        if self._over:
            raise StopAsyncIteration
        try:
            while True:
                event = await anext(self._stream, None)
                if event is not None:
                    self._note(event)
                    return event
                if not await self._next_round():
                    break
        except BaseException:
            await self.give_up()
            raise
        self._over = True
        raise StopAsyncIteration

    async def _next_round(self) -> bool:
        rounds = self.rounds
        calls = rounds.next_calls(self.run)
        if calls is None:
            return False
        submission = await self._connection.drive(rounds.carry_out(self.run, calls))
        self._stream = await self._connection.stream(self._streamed(submission), rounds.options())
        self.response = self._stream.response
        return True

    async def give_up(self) -> None:
        """Close the connection because the program fails: nobody will give the run what it waits for."""
        import anyio

        over, self._over = self._over, True
        with anyio.CancelScope(shield=True):
            await self.close()
            if not over:
                await self._connection.drive(self.rounds.give_up(self.run))

    async def close(self) -> None:
        """Close the connection. The run goes on at the server."""
        await self._stream.close()


@dataclass(frozen=True, slots=True)
class ToolLoop:
    """A tool loop that is about to begin."""

    tools: Iterable[Any]
    """Python functions, and tools as the version of the API describes them."""
    operations: ToolOperations
    policy: ToolPolicy
    response_format: Any = omit
    """As it is sent, or a type that describes it."""

    @property
    def output(self) -> type[Any] | None:
        """The type of the output, where `response_format` names one."""
        return self.response_format if isinstance(self.response_format, type) else None

    def rounds(self, core: Core, call: Call[Any], options: RequestOptions) -> ToolRounds:
        """The rounds of the run that `call` starts."""
        if not isinstance(self.response_format, Omit):
            output = self.output
            sent = self.response_format if output is None else response_format_for(output)
            call = replace(call, body={**(call.body or {}), "response_format": sent})
        return ToolRounds(core, call, self.tools, self.operations, self.policy, options)


class ToolLoopManager(AssistantStreamManager[HandlerT_co]):
    """Starts a run with tools at the beginning of a `with` block; `as` gives the handler, with the events of all
    rounds."""

    def __init__(
        self,
        connection: Connection,
        call: Call[Any],
        events: Any,
        options: RequestOptions,
        event_handler: HandlerT_co | None,
        loop: ToolLoop,
    ) -> None:
        super().__init__(connection, call.streaming(events), options, event_handler)
        self._rounds = loop.rounds(connection.core, call, options)
        self._output = loop.output

    def _open(self) -> ToolStream:
        return ToolStream(self._rounds, self._call.into, self._connection)


class AsyncToolLoopManager(AsyncAssistantStreamManager[AsyncHandlerT_co]):
    """Starts a run with tools at the beginning of an `async with` block; `as` gives the handler, with the events of all
    rounds."""

    def __init__(
        self,
        connection: AsyncConnection,
        call: Call[Any],
        events: Any,
        options: RequestOptions,
        event_handler: AsyncHandlerT_co | None,
        loop: ToolLoop,
    ) -> None:
        super().__init__(connection, call.streaming(events), options, event_handler)
        self._rounds = loop.rounds(connection.core, call, options)
        self._output = loop.output

    async def _open(self) -> AsyncToolStream:
        return await AsyncToolStream.open(self._rounds, self._call.into, self._connection)


def run_tools_and_poll(
    core: Core, call: Call[Any], loop: ToolLoop, wait: Wait, message: Any, options: RequestOptions
) -> Flow[ToolLoopResult[Any, Any, Any]]:
    """Run a tool loop by polling; `message` is the class of messages."""
    rounds = loop.rounds(core, call, options)
    yield Perform(rounds.toolbox.require_plain_functions, _any_function)
    operations = RunOperations(retrieve=loop.operations.retrieve, cancel=loop.operations.cancel)
    call, options = rounds.start, rounds.first_options()
    run: Any = None
    try:
        while True:
            run = yield from start_and_poll(core, call, operations, wait, options)
            calls = rounds.next_calls(run)
            if calls is None:
                break
            call = yield from rounds.carry_out(run, calls)
            options = rounds.options()
    except GeneratorExit:
        raise
    except BaseException:
        yield from rounds.give_up(run)
        raise
    messages = yield from _messages_of(rounds, run, message)
    return ToolLoopResult(run, messages, rounds.results, loop.output)


async def _any_function() -> None:
    """The async client calls plain functions and async ones."""


def _messages_of(rounds: ToolRounds, run: Any, message: Any) -> Flow[list[Any]]:
    """The messages that a run wrote, oldest first."""
    query: dict[str, object] = {"order": "asc", "limit": 100}
    if rounds.operations.by_run:
        query["run_id"] = run.id
    call: Call[Any] = Call(rounds.operations.messages, rounds.thread, query)
    items = yield from all_items(rounds.core, call, rounds.options())
    parser = parser_for(message)
    return [parser.parse(json.dumps(item).encode())[0] for item in items if item.get("run_id") == run.id]
