"""Carries out `Together`: flows side by side, in threads on the sync client, in tasks on the async one."""

from __future__ import annotations

import threading
from contextlib import suppress
from contextvars import ContextVar, copy_context
from queue import Empty, SimpleQueue
from typing import Any, Iterator

from ._basics import is_sequence
from ._flow import (
    AsyncPerformer,
    Done,
    Effect,
    Failed,
    Flow,
    Outcome,
    Performer,
    Sleep,
    Together,
    run_flow,
    run_flow_async,
)
from ._logs import logger

WAKE_UP = 1.0
"""Seconds after which a waiting thread looks up: on some systems Ctrl-C does not wake it."""

Ended = Done[Any] | BaseException


class _Register:
    """Which flows run, and what came of the others."""

    def __init__(self, effect: Together) -> None:
        if effect.limit < 1:
            raise ValueError(f"the number of flows at a time must be 1 or more, not {effect.limit}")
        self._effect = effect
        self._source = iter(effect.flows)
        self._outcomes: list[Outcome[Any] | None] = []
        self._running: dict[int, Flow[Any]] = {}

    def start(self) -> Iterator[tuple[int, Flow[Any]]]:
        """The flows for which there is a place now."""
        while len(self._running) < self._effect.limit:
            flow = next(self._source, None)
            if flow is None:
                return
            place = len(self._outcomes)
            self._outcomes.append(None)
            self._running[place] = flow
            yield place, flow

    @property
    def is_over(self) -> bool:
        """Whether all flows have ended; for after `start`."""
        return not self._running

    def end(self, place: int, ended: Ended) -> Flow[None]:
        """Note what came of a flow; returns what to do about it.

        Raises:
            BaseException: That of the flow, if nothing shall run any more.
        """
        del self._running[place]
        if isinstance(ended, BaseException) and (self._effect.stop_on_error or not isinstance(ended, Exception)):
            raise ended
        outcome: Outcome[Any] = Failed(ended) if isinstance(ended, Exception) else ended
        self._outcomes[place] = outcome
        if self._effect.each is not None:
            yield from self._effect.each(place, outcome)

    def outcomes(self) -> list[Outcome[Any]]:
        """What came of all flows, in their order."""
        return [outcome for outcome in self._outcomes if outcome is not None]

    def close(self) -> None:
        """Close what never ran, and where the flows come from."""
        waiting = self._effect.flows if is_sequence(self._effect.flows) else ()
        for flow in [*self._running.values(), *waiting]:
            with suppress(ValueError):  # it runs in a thread that was left alone, and is closed there
                flow.close()
        if (close := getattr(self._source, "close", None)) is not None:
            close()


def run_together(effect: Together, performer: Performer) -> list[Outcome[Any]]:
    """Run flows side by side, each in a thread.

    An interrupt of this thread interrupts the others: those that sleep wake up, those that upload a file stop, those
    that wait for an answer get it first; all may tidy up, and then it goes on here.
    """
    register = _Register(effect)
    above = performer.crew if isinstance(performer, _Member) else None
    crew = _Crew(performer if above is None else above.performer)
    try:
        if above is not None:
            above.adopt(crew)
        while True:
            for place, flow in register.start():
                crew.start(place, flow)
            if register.is_over:
                return register.outcomes()
            run_flow(register.end(*crew.next_ended()), performer)
    finally:
        try:
            crew.halt()
            crew.join()
        finally:
            register.close()
            if above is not None:
                above.release(crew)


class _Halted(BaseException):
    """Interrupts a flow in a thread."""


_halted: ContextVar[threading.Event | None] = ContextVar("_halted", default=None)
"""Says to a thread of a crew that it shall do nothing more."""


def raise_if_halted() -> None:
    """End a request that is on its way, if its thread shall do nothing more; for between two pieces of a body."""
    event = _halted.get()
    if event is not None and event.is_set():
        raise _Halted


class _Crew:
    """The threads of one `Together`."""

    def __init__(self, performer: Performer) -> None:
        self.performer = performer
        self.halted = threading.Event()
        self._lock = threading.Lock()
        self._nested: set[_Crew] = set()
        self._threads: dict[int, threading.Thread] = {}
        self._ended: SimpleQueue[tuple[int, Ended] | None] = SimpleQueue()

    def start(self, place: int, flow: Flow[Any]) -> None:
        """Run a flow in a thread, with the context variables of this one."""
        run = copy_context().run
        thread = threading.Thread(target=run, args=(self._run, place, flow), name=f"together-{place}", daemon=True)
        self._threads[place] = thread
        try:
            thread.start()
        except RuntimeError as error:
            # CPython can let an interrupt of `start` end in "release unlocked lock".
            if isinstance(error.__context__, KeyboardInterrupt):
                raise error.__context__ from None
            raise

    def _run(self, place: int, flow: Flow[Any]) -> None:
        if self.halted.is_set():  # an interrupt struck while this thread was being started
            return
        _halted.set(self.halted)
        try:
            ended: Ended = Done(run_flow(flow, _Member(self)))
        except BaseException as error:
            ended = error
        self._ended.put((place, ended))

    def next_ended(self) -> tuple[int, Ended]:
        """Wait for the next flow to end."""
        while True:
            with suppress(Empty):
                ended = self._ended.get(timeout=WAKE_UP)
                if ended is None:
                    raise _Halted
                self._threads.pop(ended[0]).join()
                return ended

    def adopt(self, crew: _Crew) -> None:
        """Halt another crew with this one."""
        with self._lock:
            self._nested.add(crew)
            halted = self.halted.is_set()
        if halted:
            crew.halt()

    def release(self, crew: _Crew) -> None:
        """Another crew has ended."""
        with self._lock:
            self._nested.discard(crew)

    def halt(self) -> None:
        """Wake who sleeps or waits for others; nobody starts anything more."""
        with self._lock:
            self.halted.set()
            nested = list(self._nested)
        self._ended.put(None)
        for crew in nested:
            crew.halt()

    def join(self) -> None:
        """Wait for the threads; their requests under way cannot be broken off."""
        told = False
        for thread in self._threads.values():
            with suppress(RuntimeError):  # an interrupt kept it from starting
                thread.join(None if told else WAKE_UP)
                if thread.is_alive():
                    told = True
                    logger.warning("waiting for requests under way to end; interrupt again to leave them alone")
                    thread.join()


class _Member:
    """Carries out the effects of one flow in a thread."""

    def __init__(self, crew: _Crew) -> None:
        self.crew = crew
        self._told = False

    def perform(self, effect: Effect) -> Any:
        """Carry out one effect, unless the crew is halted; what the flow does after it was told that is tidying up."""
        if self._told:
            return self.crew.performer.perform(effect)
        try:
            return self._perform(effect)
        except _Halted:
            self._told = True
            _halted.set(None)
            raise

    def _perform(self, effect: Effect) -> Any:
        if self.crew.halted.is_set():
            raise _Halted
        match effect:
            case Sleep(seconds):
                if pause(self.crew.halted, seconds):
                    raise _Halted
                return None
            case Together():
                return run_together(effect, self)
            case _:
                return self.crew.performer.perform(effect)


def pause(halted: threading.Event, seconds: float) -> bool:
    """Sleep in a thread of a crew; returns at once, and True, when it is halted."""
    return halted.wait(seconds)


async def run_together_async(effect: Together, performer: AsyncPerformer) -> list[Outcome[Any]]:
    """Run flows side by side, each in a task; cancelling this one cancels them."""
    import anyio

    register = _Register(effect)
    cancelled = anyio.get_cancelled_exc_class()
    sender, receiver = anyio.create_memory_object_stream[tuple[int, Ended]](effect.limit)

    async def run(place: int, flow: Flow[Any]) -> None:
        try:
            ended: Ended = Done(await run_flow_async(flow, performer))
        except BaseException as error:
            ended = error
        sender.send_nowait((place, ended))
        if isinstance(ended, cancelled):
            raise ended

    failure: BaseException | None = None
    try:
        async with anyio.create_task_group() as tasks:
            try:
                while True:
                    for place, flow in register.start():
                        tasks.start_soon(run, place, flow)
                    if register.is_over:
                        break
                    await run_flow_async(register.end(*await receiver.receive()), performer)
            except cancelled:
                raise
            except BaseException as error:  # raised below: coming out of here it would be in an exception group
                failure = error
                tasks.cancel_scope.cancel()
    finally:
        sender.close()
        receiver.close()
        register.close()
    if failure is not None:
        try:
            raise failure
        finally:
            del failure  # it refers to this frame
    return register.outcomes()
