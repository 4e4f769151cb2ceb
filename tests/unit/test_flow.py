"""The two drivers of flows behave the same."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Generator

import anyio
import pytest

from openai_assistants._flow import Ask, Flow, Sleep, ask, ask_async, remaining, run_flow, run_flow_async

from .support import Clock, Flavour, get, post, serve


class Performer:
    """Answers effects from a list of outcomes; exceptions in it are raised."""

    def __init__(self, *outcomes: object) -> None:
        self.outcomes = list(outcomes)
        self.seen: list[object] = []

    def perform(self, effect: Any) -> Any:
        self.seen.append(effect)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


class AsyncPerformer(Performer):
    """The same, awaiting in between."""

    async def perform(self, effect: Any) -> Any:  # type: ignore[override]
        await anyio.lowlevel.checkpoint()
        return super().perform(effect)


def drive(flavour: Flavour, flow: Flow[Any], *outcomes: object) -> tuple[Any, list[object]]:
    """The outcome of a flow and what it asked for."""
    if flavour.is_async:
        awaiting = AsyncPerformer(*outcomes)
        return flavour.do(lambda: run_flow_async(flow, awaiting)), awaiting.seen
    blocking = Performer(*outcomes)
    return run_flow(flow, blocking), blocking.seen


def test_outcomes_go_in_and_the_value_comes_out(flavour: Flavour) -> None:
    def flow() -> Flow[list[object]]:
        first = yield Sleep(1.0)
        second = yield Sleep(2.0)
        return [first, second]

    assert drive(flavour, flow(), "a", "b") == (["a", "b"], [Sleep(1.0), Sleep(2.0)])


def test_a_flow_that_wants_nothing(flavour: Flavour) -> None:
    def flow() -> Flow[int]:
        return 5
        yield

    assert drive(flavour, flow()) == (5, [])


def test_an_exception_is_thrown_in_and_may_be_handled(flavour: Flavour) -> None:
    def flow() -> Flow[str]:
        try:
            yield Sleep(1.0)
        except KeyError as error:
            return f"{error} {(yield Sleep(2.0))}"
        return "not reached"

    assert drive(flavour, flow(), KeyError("k"), "b") == ("'k' b", [Sleep(1.0), Sleep(2.0)])


def test_a_flow_may_end_while_handling_an_exception(flavour: Flavour) -> None:
    def flow() -> Flow[str]:
        try:
            yield Sleep(1.0)
        except KeyError:
            return "mended"
        return "not reached"

    assert drive(flavour, flow(), KeyError("k"))[0] == "mended"


class Interrupt(BaseException):
    """Like KeyboardInterrupt."""


@pytest.mark.parametrize("error", [KeyError("k"), Interrupt()], ids=["exception", "interrupt"])
def test_an_exception_that_the_flow_does_not_handle_comes_out_and_the_flow_is_closed(
    flavour: Flavour, error: BaseException
) -> None:
    closed: list[str] = []

    def flow() -> Flow[None]:
        try:
            yield Sleep(1.0)
        finally:
            closed.append("yes")

    running = flow()
    with pytest.raises(type(error)) as caught:
        drive(flavour, running, error)
    assert caught.value is error
    assert closed == ["yes"]
    assert running.gi_frame is None  # type: ignore[attr-defined]


def test_an_exception_of_the_flow_itself_comes_out(flavour: Flavour) -> None:
    def flow() -> Flow[None]:
        yield Sleep(1.0)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        drive(flavour, flow(), None)


def test_an_interrupt_passes_handlers_of_errors(flavour: Flavour) -> None:
    handled: list[BaseException] = []

    def flow() -> Generator[Any, Any, None]:
        try:
            yield Sleep(1.0)
        except Exception as error:
            handled.append(error)
            yield Sleep(1.0)

    with pytest.raises(Interrupt):
        drive(flavour, flow(), Interrupt())
    assert handled == []


def test_an_interrupted_flow_can_tidy_up(flavour: Flavour) -> None:
    tidied: list[object] = []

    def flow() -> Generator[Any, Any, None]:
        try:
            yield Sleep(1.0)
        except Interrupt:
            tidied.append((yield Sleep(2.0)))
            raise

    with pytest.raises(Interrupt):
        drive(flavour, flow(), Interrupt(), "done")
    assert tidied == ["done"]


@pytest.mark.anyio
async def test_a_cancelled_flow_tidies_up_undisturbed() -> None:
    tidied: list[object] = []

    class Sleeper:
        async def perform(self, effect: Any) -> Any:
            await anyio.sleep(effect.seconds)

    def flow() -> Generator[Any, Any, None]:
        try:
            yield Sleep(1000.0)
        except BaseException:
            yield Sleep(0.001)
            yield Sleep(0.001)
            tidied.append("yes")
            raise

    with anyio.move_on_after(0.001) as scope:
        await run_flow_async(flow(), Sleeper())
    assert scope.cancelled_caught
    assert tidied == ["yes"]


@pytest.mark.anyio
async def test_cancelling_closes_the_flow() -> None:
    closed: list[str] = []

    class Sleeper:
        async def perform(self, effect: Any) -> Any:
            await anyio.sleep_forever()

    def flow() -> Flow[None]:
        try:
            yield Sleep(1.0)
        finally:
            closed.append("yes")

    with anyio.move_on_after(0.001) as scope:
        await run_flow_async(flow(), Sleeper())
    assert scope.cancelled_caught
    assert closed == ["yes"]


async def late_key() -> str:
    return "late"


def test_asking_a_plain_function() -> None:
    assert ask(lambda: "now") == "now"


@pytest.mark.anyio
@pytest.mark.parametrize(("function", "expected"), [(lambda: "now", "now"), (late_key, "late")])
async def test_asking_a_function_that_may_be_async(function: Callable[[], str | Awaitable[str]], expected: str) -> None:
    assert await ask_async(function) == expected


def test_an_async_api_key_function_on_the_sync_client_is_a_clear_error() -> None:
    server = serve()
    connection = Flavour("sync").connection(server, api_key=late_key)
    with pytest.raises(TypeError, match=r"async function.*AsyncOpenAI"):
        connection.send(get(), {})
    assert server.requests == []


def test_an_exception_of_the_api_key_function_comes_out_as_it_is(flavour: Flavour) -> None:
    def broken() -> str:
        raise LookupError("no vault")

    server = serve()
    connection = flavour.connection(server, api_key=broken)
    with pytest.raises(LookupError, match="no vault"):
        flavour.do(lambda: connection.send(post(), {}))
    assert server.requests == []


def test_what_is_left_of_a_deadline(clock: Clock) -> None:
    assert remaining(None) is None
    assert remaining(clock.now + 2.5) == 2.5
    assert remaining(clock.now - 2.5) == 0.0


def test_effects_are_values() -> None:
    assert Sleep(1.0) == Sleep(1.0)
    assert Ask(late_key) == Ask(late_key)
