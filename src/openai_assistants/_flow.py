"""Flows: what a call does, written once as a generator without I/O; two small drivers carry it out.

A flow yields what it wants done (`Send`, `Sleep`, `Ask`, `Perform`, `Together`) and receives the outcome, or has the
exception thrown in.
"""

from __future__ import annotations

import inspect
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Awaitable, Callable, Generator, Generic, Iterable, Protocol, TypeVar, cast

from ._errors import of_this_library
from ._logs import scrub

if TYPE_CHECKING:
    import httpx

__tracebackhide__ = of_this_library

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request; the outcome is the response, with its body read unless `stream`."""

    request: httpx.Request
    stream: bool = False
    deadline: float | None = None
    """Moment of `time.monotonic()` by which the outcome must be there."""
    trusted: bool = True
    """Whether the HTTP client may add credentials of its own: only for the host of the client."""
    most: int | None = None
    """How many bytes are read of a success at most; None: all of them."""


@dataclass(frozen=True, slots=True)
class Read:
    """Read the body of a streamed response, for its error message; the outcome is None."""

    response: httpx.Response
    deadline: float | None = None
    most: int | None = None
    """As in `Send`."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait; the outcome is None."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Ask:
    """Call a function of the user, which may be async on the async client; what it returns, perhaps a secret, is the
    `value` of the outcome."""

    function: Callable[[], Any]
    deadline: float | None = None
    """Moment by which an async function must have returned; a plain one cannot be stopped."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """A flow ended."""

    value: T


@dataclass(frozen=True, slots=True)
class Failed:
    """A flow ended with an exception."""

    error: Exception


Outcome = Done[T] | Failed


@dataclass(frozen=True, slots=True)
class Together:
    """Run flows side by side; the outcome is a list of their outcomes (`Done`, `Failed`), in the order of the flows."""

    flows: Iterable[Flow[Any]]
    """Taken one by one as places become free, by the thread or task that waits."""
    limit: int
    """How many run at a time, at most."""
    stop_on_error: bool = False
    """The first exception of a flow ends the others too, and is thrown into the flow that waits."""
    each: Callable[[int, Outcome[Any]], Flow[None]] | None = None
    """Run with each outcome and its place as it comes, one at a time, by the thread or task that waits."""


@dataclass(frozen=True, slots=True)
class Perform:
    """Do something that is done in one way or the other; the outcome is what it returns."""

    blocking: Callable[[], Any]
    awaiting: Callable[[], Awaitable[Any]]
    deadline: float | None = None
    """Moment by which the way that awaits must have ended; the one that blocks cannot be stopped."""


Effect = Send | Read | Sleep | Ask | Perform | Together
Flow = Generator[Effect, Any, T]


class DeadlinePassed(Exception):
    """Thrown into a flow when the deadline of an effect passes."""


class Performer(Protocol):
    """Carries out one effect."""

    def perform(self, effect: Effect) -> Any: ...


class AsyncPerformer(Protocol):
    """Carries out one effect, awaiting."""

    async def perform(self, effect: Effect) -> Any: ...


def run_flow(flow: Flow[T], performer: Performer) -> T:
    """Drive a flow to its end, blocking. An interrupt is thrown into it too, so that it can tidy up."""
    try:
        effect = next(flow)
        while True:
            try:
                outcome = performer.perform(effect)
            except BaseException as error:
                scrub(error)
                effect = flow.throw(error)
            else:
                effect = flow.send(outcome)
    except StopIteration as stop:
        return cast("T", stop.value)
    finally:
        flow.close()


async def run_flow_async(flow: Flow[T], performer: AsyncPerformer) -> T:
    """Drive a flow to its end, awaiting. A cancellation is thrown into it too; what it does then is not cancelled."""
    perform: Callable[[Effect], Awaitable[Any]] = performer.perform
    try:
        effect = next(flow)
        while True:
            try:
                outcome = await perform(effect)
            except Exception as error:
                scrub(error)
                effect = flow.throw(error)
            except BaseException as error:
                scrub(error)
                effect = flow.throw(error)
                perform = _shielded(performer)
            else:
                effect = flow.send(outcome)
    except StopIteration as stop:
        return cast("T", stop.value)
    finally:
        flow.close()


def _shielded(performer: AsyncPerformer) -> Callable[[Effect], Awaitable[Any]]:
    """Carries out effects that a cancellation does not reach."""

    async def perform(effect: Effect) -> Any:
        import anyio

        with anyio.CancelScope(shield=True):
            return await performer.perform(effect)

    return perform


def remaining(deadline: float | None) -> float | None:
    """Seconds left until a deadline, at least 0."""
    return None if deadline is None else max(0.0, deadline - time.monotonic())


def ask(function: Callable[[], Any]) -> Any:
    """Call a user's function from the sync client."""
    value = function()
    if inspect.isawaitable(value):
        close = getattr(value, "close", None)
        if close is not None:
            close()
        raise TypeError("api_key is an async function; the sync client needs a plain one (or use AsyncOpenAI)")
    return value


async def ask_async(function: Callable[[], Any]) -> Any:
    """Call a user's function, plain or async, from the async client."""
    value = function()
    return await value if inspect.isawaitable(value) else value
