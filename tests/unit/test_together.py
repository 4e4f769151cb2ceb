"""Flows side by side: in threads, and in tasks of asyncio and trio."""

from __future__ import annotations

import asyncio
import contextvars
import signal
import threading
import time
from typing import Any, Callable, Generator, Iterable, Iterator

import anyio
import httpx
import pytest

from openai_assistants import NotFoundError, OpenAIError
from openai_assistants._exchange import fetch
from openai_assistants._flow import Ask, Done, Failed, Flow, Outcome, Sleep, Together
from openai_assistants._together import raise_if_halted

from .support import FLAVOURS, Clock, Flavour, get, post, serve

SYNC = FLAVOURS[0]

FOREVER = 3600.0
"""Seconds of a sleep that a test must not wait out; the test of a hang is that it ends at all."""


def members() -> list[threading.Thread]:
    """The threads that run flows."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("together-")]


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """No thread outlives its `Together`."""
    yield
    assert members() == []


def run(flavour: Flavour, flow: Flow[Any], handler: Any = None) -> Any:
    """Carry out a flow."""
    connection = flavour.connection(handler or serve(httpx.Response(200, json={})))
    return flavour.do(lambda: connection.drive(flow))


def together(flows: Iterable[Flow[Any]], limit: int = 5, **settings: Any) -> Flow[list[Outcome[Any]]]:
    """A flow that runs others side by side."""
    return (yield Together(flows, limit, **settings))


def values(outcomes: list[Outcome[Any]]) -> list[Any]:
    """What flows returned, or their exceptions."""
    return [outcome.value if isinstance(outcome, Done) else outcome.error for outcome in outcomes]


class Log:
    """What flows did."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.running = 0
        self.most = 0
        self.started: list[Any] = []
        self.closed: list[Any] = []

    def flow(self, name: Any, *steps: Any) -> Flow[Any]:
        """A flow of effects (or iterators of them) and exceptions that notes its start and its end."""
        with self.lock:
            self.started.append(name)
            self.running += 1
            self.most = max(self.most, self.running)
        try:
            for step in steps:
                if isinstance(step, BaseException):
                    raise step
                yield from step if isinstance(step, Iterator) else [step]
            return name
        finally:
            with self.lock:
                self.running -= 1
                self.closed.append(name)


def is_closed(flow: Flow[Any]) -> bool:
    """Whether a flow can do nothing any more."""
    return flow.gi_frame is None  # type: ignore[attr-defined, no-any-return]


def test_outcomes_come_in_order_whatever_ends_first(flavour: Flavour) -> None:
    log = Log()
    flows = [log.flow(n, Sleep(0.03 - n / 100)) for n in range(3)]
    assert run(flavour, together(flows)) == [Done(0), Done(1), Done(2)]
    assert sorted(log.closed) == [0, 1, 2]
    assert all(map(is_closed, flows))


def test_nothing_to_run(flavour: Flavour) -> None:
    assert run(flavour, together([])) == []


def test_flows_that_want_nothing(flavour: Flavour) -> None:
    log = Log()
    assert values(run(flavour, together(log.flow(n) for n in range(500)))) == list(range(500))


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_at_most_so_many_run_at_a_time(flavour: Flavour, limit: int) -> None:
    log = Log()

    def until_all_are_here() -> Iterator[Sleep]:
        while log.most < limit:
            yield Sleep(0.001)

    run(flavour, together((log.flow(n, until_all_are_here()) for n in range(20)), limit))
    assert log.most == limit
    assert log.running == 0


def test_they_do_run_side_by_side(flavour: Flavour) -> None:
    """Each waits until all have come; one after the other, none would get through."""
    here = 0

    def flow() -> Flow[int]:
        nonlocal here
        here += 1
        while here < 5:
            yield Sleep(0.001)
        return here

    assert values(run(flavour, together([flow() for _ in range(5)]))) == [5] * 5


def test_flows_are_taken_as_places_become_free(flavour: Flavour) -> None:
    log = Log()
    taken = 0
    ahead: list[int] = []

    def source() -> Iterator[Flow[Any]]:
        nonlocal taken
        for n in range(50):
            ahead.append(taken - len(log.closed))
            taken += 1
            yield log.flow(n, Sleep(0.0))

    run(flavour, together(source(), 4))
    assert taken == 50
    assert max(ahead) <= 4


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_makes_no_sense(flavour: Flavour, limit: int) -> None:
    log = Log()
    with pytest.raises(ValueError, match="at a time"):
        run(flavour, together([log.flow(1)], limit))
    assert log.started == []


def test_an_exception_stops_no_other_flow(flavour: Flavour) -> None:
    log = Log()
    broken = KeyError("k")
    flows = [log.flow(1, Sleep(0.001), broken), log.flow(2, Sleep(0.01)), log.flow(3, broken), log.flow(4)]
    outcomes = run(flavour, together(flows, 2))
    assert outcomes == [Failed(broken), Done(2), Failed(broken), Done(4)]
    assert sorted(log.closed) == [1, 2, 3, 4]


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_the_first_exception_can_stop_the_others(flavour: Flavour, limit: int) -> None:
    log = Log()
    flows = [
        log.flow(1, Sleep(0.001)),
        log.flow(2, Sleep(0.01), KeyError("k")),
        *(log.flow(n, Sleep(FOREVER)) for n in range(3, 9)),
    ]

    def parent() -> Flow[str]:
        try:
            yield Together(flows, limit, stop_on_error=True)
        except KeyError as error:
            yield Sleep(0.0)
            return f"handled {error}"
        return "not reached"

    assert run(flavour, parent()) == "handled 'k'"
    assert sorted(log.started) == sorted(log.closed)
    assert max(log.started) <= 1 + limit
    assert all(map(is_closed, flows))


def test_an_exception_of_the_source_stops_all(flavour: Flavour) -> None:
    log = Log()
    closed: list[str] = []

    def source() -> Iterator[Flow[Any]]:
        try:
            yield log.flow(1, Sleep(FOREVER))
            yield log.flow(2, Sleep(FOREVER))
            raise FileNotFoundError("list.txt")
        finally:
            closed.append("source")

    with pytest.raises(FileNotFoundError, match=r"list\.txt"):
        run(flavour, together(source()))
    assert sorted(log.closed) == [1, 2]
    assert closed == ["source"]


def test_the_source_is_closed_when_a_flow_stops_all(flavour: Flavour) -> None:
    log = Log()
    closed: list[str] = []

    def source() -> Iterator[Flow[Any]]:
        try:
            for n in range(9):
                yield log.flow(n, KeyError("k"))
        finally:
            closed.append("source")

    with pytest.raises(KeyError):
        run(flavour, together(source(), 1, stop_on_error=True))
    assert closed == ["source"]
    assert log.closed == [0]


def test_each_outcome_is_told_as_it_comes_by_who_waits(flavour: Flavour) -> None:
    told: list[Any] = []
    threads: set[int] = set()
    inside = 0

    def each(place: int, outcome: Outcome[Any]) -> Flow[None]:
        nonlocal inside
        inside += 1
        assert inside == 1
        threads.add(threading.get_ident())
        yield Sleep(0.001)
        inside -= 1
        told.append((place, outcome))

    broken = KeyError("k")
    log = Log()
    flows = [log.flow("late", Sleep(0.05)), log.flow("bad", Sleep(0.01), broken), log.flow("soon")]
    assert values(run(flavour, together(flows, each=each))) == ["late", broken, "soon"]
    assert told == [(2, Done("soon")), (1, Failed(broken)), (0, Done("late"))]
    assert threads == {threading.get_ident()}


def test_an_exception_of_who_is_told_stops_all(flavour: Flavour) -> None:
    log = Log()

    def each(place: int, outcome: Outcome[Any]) -> Flow[None]:
        yield Sleep(0.0)
        raise ZeroDivisionError

    def parent() -> Flow[str]:
        try:
            yield Together([log.flow(1), log.flow(2, Sleep(FOREVER)), log.flow(3, Sleep(FOREVER))], 2, each=each)
        except ZeroDivisionError:
            return "handled"
        return "not reached"

    assert run(flavour, parent()) == "handled"
    assert sorted(log.closed) == sorted(log.started)
    assert 3 not in log.started


def test_calls_side_by_side(flavour: Flavour) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        status = 404 if request.url.path.endswith("/7") else 200
        return httpx.Response(status, json={"path": request.url.path})

    connection = flavour.connection(answer)

    def flows() -> Iterator[Flow[Any]]:
        for n in range(20):
            yield fetch(connection.core, get(f"/things/{n}"), {})

    outcomes = flavour.do(lambda: connection.drive(together(flows())))
    assert [outcome.value["path"] for outcome in outcomes if isinstance(outcome, Done)] == [
        f"/v1/things/{n}" for n in range(20) if n != 7
    ]
    assert isinstance(outcomes[7].error, NotFoundError)


def test_retries_sleep_where_they_are(flavour: Flavour, clock: Clock) -> None:
    server = serve(httpx.Response(500, json={}), httpx.Response(200, json={"ok": True}))
    connection = flavour.connection(server)
    outcomes = flavour.do(lambda: connection.drive(together([fetch(connection.core, post(), {})])))
    assert values(outcomes) == [{"ok": True}]
    assert len(clock.sleeps) == 1


def test_nested(flavour: Flavour) -> None:
    log = Log()

    def inner(n: int) -> Flow[list[Any]]:
        return values((yield Together([log.flow((n, m), Sleep(0.001)) for m in range(3)], 2)))

    assert values(run(flavour, together([inner(n) for n in range(3)], 2))) == [
        [(n, m) for m in range(3)] for n in range(3)
    ]
    assert log.most <= 4


def test_stopping_reaches_the_nested_ones(flavour: Flavour) -> None:
    log = Log()

    def inner(n: int) -> Flow[Any]:
        return (yield Together([log.flow((n, m), Sleep(FOREVER)) for m in range(3)], 3))

    def broken() -> Flow[Any]:
        while log.running < 6:
            yield Sleep(0.001)
        raise KeyError("k")

    with pytest.raises(KeyError):
        run(flavour, together([inner(1), inner(2), broken()], stop_on_error=True))
    assert len(log.closed) == 6


def test_an_exception_inside_stays_inside(flavour: Flavour) -> None:
    log = Log()
    broken = KeyError("k")

    def inner() -> Flow[Any]:
        return (yield Together([log.flow(1, broken), log.flow(2, Sleep(FOREVER))], 2, stop_on_error=True))

    assert values(run(flavour, together([inner(), log.flow(3, Sleep(0.01))]))) == [broken, 3]


COLOUR: contextvars.ContextVar[str] = contextvars.ContextVar("colour", default="none")


def test_context_variables_go_in_and_do_not_come_out(flavour: Flavour) -> None:
    seen: list[str] = []

    def flow(n: int) -> Flow[None]:
        seen.append(COLOUR.get())
        COLOUR.set(f"of {n}")
        yield Sleep(0.0)
        assert COLOUR.get() == f"of {n}"

    def parent() -> Flow[str]:
        COLOUR.set("red")
        outcomes = yield Together([flow(n) for n in range(4)], 1)
        assert outcomes == [Done(None)] * 4
        return COLOUR.get()

    context = contextvars.copy_context()
    assert context.run(run, flavour, parent()) == "red"
    assert seen == ["red"] * 4


class Leave(BaseException):
    """Neither an error nor an interrupt."""


@pytest.mark.parametrize("kind", [Leave, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("limit", [1, 3])
def test_what_is_no_error_stops_all_and_comes_out_as_it_is(
    flavour: Flavour, kind: type[BaseException], limit: int
) -> None:
    log = Log()
    reason = kind("why")

    def leave() -> None:
        raise reason

    flows = [log.flow(1, Ask(leave)), log.flow(2, Sleep(FOREVER)), log.flow(3, Sleep(FOREVER))]
    with pytest.raises(kind) as caught:
        run(flavour, together(flows, limit))
    assert caught.value is reason
    assert sorted(log.closed) == sorted(log.started)
    assert all(map(is_closed, flows))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C raises `KeyboardInterrupt`, whatever the test runner does with it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt() -> None:
    """Press Ctrl-C."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def interrupt_when(condition: Callable[[], bool]) -> threading.Thread:
    """Press Ctrl-C as soon as something is so."""

    def press() -> None:
        while not condition():
            time.sleep(0.001)
        interrupt()

    thread = threading.Thread(target=press)
    thread.start()
    return thread


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_wakes_the_sleeping_and_lets_nothing_start() -> None:
    flavour = Flavour("sync")
    log = Log()
    flows = [log.flow(n, Sleep(FOREVER)) for n in range(20)]
    pressing = interrupt_when(lambda: log.running == 5)
    with pytest.raises(KeyboardInterrupt):
        run(flavour, together(flows))
    pressing.join()
    assert sorted(log.started) == sorted(log.closed)
    assert len(log.started) == 5
    assert all(map(is_closed, flows))


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_reaches_the_nested_ones() -> None:
    log = Log()

    def inner(n: int) -> Flow[Any]:
        return (yield Together([log.flow((n, m), Sleep(FOREVER)) for m in range(3)], 3))

    pressing = interrupt_when(lambda: log.running == 6)
    with pytest.raises(KeyboardInterrupt):
        run(Flavour("sync"), together([inner(1), inner(2)]))
    pressing.join()
    assert len(log.closed) == 6


@pytest.mark.usefixtures("interruptible")
class Late(list[Any]):
    """Flows that are looked at when the thread that wants to run them shall do nothing more."""

    def __iter__(self) -> Iterator[Any]:
        with pytest.raises(BaseException, match=r"^$"):
            while True:
                raise_if_halted()
        return super().__iter__()


def test_nested_flows_that_would_begin_after_the_others_were_stopped_do_not() -> None:
    log = Log()
    inner = log.flow("inner", Sleep(FOREVER))
    flows = [log.flow("outer", together(Late([inner]))), log.flow("failing", ZeroDivisionError())]
    with pytest.raises(ZeroDivisionError):
        run(SYNC, together(flows, stop_on_error=True))
    assert sorted(log.started) == ["failing", "outer"]
    assert is_closed(inner)


@pytest.mark.parametrize("cause", [None, KeyboardInterrupt()])
def test_a_thread_that_cannot_be_started_stops_all(
    monkeypatch: pytest.MonkeyPatch, cause: BaseException | None
) -> None:
    """CPython may turn an interrupt that strikes meanwhile into such an error; the interrupt is what comes out."""
    start = threading.Thread.start

    def start_one(thread: threading.Thread) -> None:
        if thread.name == "together-1":
            error = RuntimeError("can't start new thread")
            error.__context__ = cause
            raise error
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_one)
    log = Log()
    flows = [log.flow(n, Sleep(FOREVER)) for n in range(3)]
    with pytest.raises(RuntimeError if cause is None else KeyboardInterrupt):
        run(SYNC, together(flows))
    assert all(map(is_closed, flows))


def test_requests_under_way_end_before_an_interrupt_goes_on() -> None:
    begun: list[str] = []
    ended: list[str] = []
    interrupted = threading.Event()

    def answer(request: httpx.Request) -> httpx.Response:
        begun.append(request.url.path)
        interrupted.wait()
        time.sleep(0.05)
        ended.append(request.url.path)
        return httpx.Response(500, json={})

    connection = Flavour("sync").connection(answer)
    flows = [fetch(connection.core, get(f"/things/{n}"), {}) for n in range(9)]
    pressing = interrupt_when(lambda: len(begun) == 3)

    def release() -> None:
        pressing.join()
        interrupted.set()

    releasing = threading.Thread(target=release)
    releasing.start()
    with pytest.raises(KeyboardInterrupt):
        connection.drive(together(flows, 3))
    assert sorted(ended) == sorted(begun)
    releasing.join()
    assert len(begun) == 3  # neither a retry nor another flow
    assert all(map(is_closed, flows))


def tidying(log: Log, connection: Any, n: int) -> Flow[Any]:
    """A flow that has something to undo when it is interrupted."""
    try:
        yield from log.flow(n, Sleep(FOREVER))
    except BaseException:
        yield Sleep(0.001)
        yield from fetch(connection.core, post(f"/things/{n}/cancel"), {})
        raise


def undone(server: Any) -> list[str]:
    """What was undone."""
    return sorted(request.url.path for request in server.requests)


@pytest.mark.usefixtures("interruptible")
def test_flows_may_tidy_up_after_an_interrupt() -> None:
    server, log = serve(httpx.Response(200, json={})), Log()
    connection = Flavour("sync").connection(server)
    pressing = interrupt_when(lambda: log.running == 3)
    with pytest.raises(KeyboardInterrupt):
        connection.drive(together([tidying(log, connection, n) for n in range(5)], 3))
    pressing.join()
    assert undone(server) == [f"/v1/things/{n}/cancel" for n in range(3)]


@pytest.mark.usefixtures("interruptible")
def test_nested_flows_may_tidy_up_after_an_interrupt() -> None:
    server, log = serve(httpx.Response(200, json={})), Log()
    connection = Flavour("sync").connection(server)

    def inner(n: int) -> Flow[Any]:
        try:
            yield Together([tidying(log, connection, n + m) for m in range(2)], 2)
        finally:
            yield from fetch(connection.core, post(f"/things/{n}/close"), {})

    pressing = interrupt_when(lambda: log.running == 4)
    with pytest.raises(KeyboardInterrupt):
        connection.drive(together([inner(0), inner(10)], 3))
    pressing.join()
    assert undone(server) == sorted(
        [*(f"/v1/things/{n}/cancel" for n in (0, 1, 10, 11)), "/v1/things/0/close", "/v1/things/10/close"]
    )


@pytest.mark.anyio
async def test_flows_may_tidy_up_after_a_cancellation() -> None:
    server, log = serve(httpx.Response(200, json={})), Log()
    connection = Flavour("asyncio").connection(server)
    with anyio.move_on_after(0.01):
        await connection.drive(together([tidying(log, connection, n) for n in range(5)], 3))
    assert undone(server) == [f"/v1/things/{n}/cancel" for n in range(3)]


def test_flows_may_tidy_up_when_another_fails(flavour: Flavour) -> None:
    server, log = serve(httpx.Response(200, json={})), Log()
    connection = flavour.connection(server)

    def broken() -> Flow[Any]:
        while log.running < 2:
            yield Sleep(0.001)
        raise KeyError("k")

    flows = [tidying(log, connection, 1), tidying(log, connection, 2), broken()]
    with pytest.raises(KeyError):
        flavour.do(lambda: connection.drive(together(flows, stop_on_error=True)))
    assert undone(server) == ["/v1/things/1/cancel", "/v1/things/2/cancel"]


@pytest.mark.usefixtures("interruptible")
def test_a_second_interrupt_leaves_requests_under_way_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("openai_assistants._together.WAKE_UP", 0.01)
    begun: list[str] = []
    let_go = threading.Event()

    def answer(request: httpx.Request) -> httpx.Response:
        begun.append(request.url.path)
        let_go.wait()
        return httpx.Response(500, json={})

    connection = Flavour("sync").connection(answer)
    flows = [fetch(connection.core, get(f"/things/{n}"), {}) for n in range(3)]
    first = interrupt_when(lambda: len(begun) == 2)
    second = interrupt_when(lambda: "interrupt again" in caplog.text)
    with pytest.raises(KeyboardInterrupt):
        connection.drive(together(flows, 2))
    first.join()
    second.join()
    threads = members()
    assert len(threads) == 2
    assert all(thread.daemon for thread in threads)  # they do not keep the process alive
    let_go.set()
    while members():  # joining is no help: the interrupt of a join marks its thread as ended
        time.sleep(0.001)
    assert len(begun) == 2
    assert all(map(is_closed, flows))


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_at_any_moment_leaves_nothing_running() -> None:
    """Interrupts strike after ever longer times, wherever the waiting thread is then."""
    strikes = 0
    for n in range(60):
        log = Log()
        ready, done = threading.Event(), threading.Event()

        def strike(delay: float, ready: threading.Event, done: threading.Event) -> None:
            ready.wait()
            if not done.wait(delay):
                interrupt()

        striking = threading.Thread(target=strike, args=(n * 0.0002, ready, done))
        striking.start()
        try:
            ready.set()
            run(Flavour("sync"), together((log.flow(m, Sleep(0.001)) for m in range(30)), 4))
            done.set()
            striking.join()
        except KeyboardInterrupt:
            strikes += 1
        striking.join()
        while members():  # one that was just being started ends by itself
            time.sleep(0.001)
        assert sorted(log.closed) == sorted(log.started)
    assert strikes > 10


@pytest.mark.anyio
async def test_cancelling_cancels_all() -> None:
    log = Log()
    flows = [log.flow(n, Sleep(FOREVER)) for n in range(9)]
    connection = Flavour("asyncio").connection(serve())
    with anyio.move_on_after(0.01) as scope:
        await connection.drive(together(flows, 4))
    assert scope.cancelled_caught
    assert sorted(log.started) == [0, 1, 2, 3]
    assert sorted(log.closed) == [0, 1, 2, 3]
    assert all(map(is_closed, flows))


@pytest.mark.anyio
async def test_cancelling_is_seen_as_a_plain_cancellation() -> None:
    seen: list[BaseException] = []
    log = Log()
    connection = Flavour("asyncio").connection(serve())
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:

            async def work() -> None:
                try:
                    await connection.drive(together([log.flow(n, Sleep(FOREVER)) for n in range(3)]))
                except BaseException as error:
                    seen.append(error)
                    raise

            tasks.start_soon(work)
            while log.running < 3:
                await anyio.sleep(0.001)
            scope.cancel()
    assert [type(error) for error in seen] == [anyio.get_cancelled_exc_class()]


def test_cancelling_a_task_of_asyncio() -> None:
    log = Log()
    connection = Flavour("asyncio").connection(serve())

    async def main() -> None:
        task = asyncio.create_task(connection.drive(together([log.flow(n, Sleep(FOREVER)) for n in range(3)])))
        while log.running < 3:
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(main())
    assert sorted(log.closed) == [0, 1, 2]


def test_a_function_of_the_user_that_raises_a_cancellation_does_not_hang() -> None:
    async def cancelled() -> None:
        raise asyncio.CancelledError

    log = Log()
    connection = Flavour("asyncio").connection(serve())

    async def main() -> None:
        with pytest.raises(asyncio.CancelledError):
            await connection.drive(together([log.flow(1, Ask(cancelled)), log.flow(2, Sleep(FOREVER))]))

    asyncio.run(main())
    assert sorted(log.closed) == [1, 2]


def test_cleaning_up_at_a_cancellation_may_fail() -> None:
    """An exception while a flow is closed comes out; still no group, and the others are closed."""

    def flow(n: int) -> Generator[Any, Any, None]:
        try:
            yield Sleep(FOREVER)
        finally:
            log.closed.append(n)
            if n == 1:
                raise OpenAIError("cannot clean up")

    log = Log()
    connection = Flavour("asyncio").connection(serve())

    async def main() -> None:
        with pytest.raises((OpenAIError, TimeoutError)):
            async with asyncio.timeout(0.01):
                await connection.drive(together([flow(n) for n in range(3)]))

    asyncio.run(main())
    assert sorted(log.closed) == [0, 1, 2]


def test_threads_are_named_daemons() -> None:
    seen: list[tuple[str, bool]] = []

    def flow() -> Flow[None]:
        thread = threading.current_thread()
        seen.append((thread.name, thread.daemon))
        return
        yield

    run(Flavour("sync"), together([flow(), flow()]))
    assert sorted(seen) == [("together-0", True), ("together-1", True)]
