"""Waiting for runs and files, with a clock that only moves when told."""

from __future__ import annotations

import logging
import pickle
from typing import Any, Callable, Literal

import anyio
import httpx
import pytest

from openai_assistants import (
    APITimeoutError,
    BaseModel,
    InternalServerError,
    OpenAIError,
    UnknownValue,
    WaitTimeoutError,
    omit,
)
from openai_assistants._flow import Sleep
from openai_assistants._models import Timestamp
from openai_assistants._polling import (
    RunOperations,
    Wait,
    Work,
    poll_run,
    poll_until,
    start_and_poll,
    wait_for_file,
    wait_until_over,
)
from openai_assistants._requests import Call, Operation

from .support import FLAVOURS, Clock, Flavour, Pieces

SYNC = FLAVOURS[0]

NOW = 1_700_000_000
DATE = "Tue, 14 Nov 2023 22:13:20 GMT"  # NOW


class Run(BaseModel):
    """A run."""

    id: str
    thread_id: str
    status: Literal["queued", "in_progress", "requires_action", "cancelling", "cancelled", "completed"] | UnknownValue
    expires_at: Timestamp | None = None


class File(BaseModel):
    """A file."""

    id: str
    status: str


OPERATIONS = RunOperations(
    Operation("getRun", "GET", "/threads/{thread_id}/runs/{run_id}"),
    Operation("cancelRun", "POST", "/threads/{thread_id}/runs/{run_id}/cancel"),
)
START = Operation("createRun", "POST", "/threads/{thread_id}/runs")
PATH = {"thread_id": "thread_1", "run_id": "run_1"}


class Runs:
    """A server whose run goes through some statuses, one with each look; the last one stays."""

    def __init__(self, *statuses: Any, headers: dict[str, str] | None = None, **fields: Any) -> None:
        self.statuses = list(statuses)
        self.headers = headers or {}
        self.fields = fields
        self.requests: list[httpx.Request] = []
        self.cancel: Callable[[], httpx.Response] | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path.endswith("/cancel") and self.cancel is not None:
            return self.cancel()
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        run = {"id": "run_1", "thread_id": "thread_1", "status": status, **self.fields}
        return httpx.Response(200, json=run, headers=self.headers)

    @property
    def seen(self) -> list[str]:
        """What was asked, as method and end of the path."""
        return [f"{request.method} {request.url.path.rsplit('/', 1)[1]}" for request in self.requests]


def poll(flavour: Flavour, runs: Runs, wait: Wait | None = None, **options: Any) -> Any:
    """Wait for a run."""
    connection = flavour.connection(runs, max_retries=0)
    retrieve = Call(OPERATIONS.retrieve, PATH, into=Run)
    flow = poll_run(connection.core, retrieve, OPERATIONS, wait or Wait(), options)
    return flavour.do(lambda: connection.drive(flow))


def late(flavour: Flavour, runs: Runs, wait: Wait | None = None) -> WaitTimeoutError:
    """The exception of a wait that takes too long."""
    with pytest.raises(WaitTimeoutError) as caught:
        poll(flavour, runs, wait)
    assert isinstance(caught.value, TimeoutError)
    return caught.value


@pytest.mark.parametrize("status", ["completed", "incomplete", "failed", "cancelled", "expired", "requires_action"])
def test_a_run_that_is_over_is_not_waited_for(flavour: Flavour, clock: Clock, status: str) -> None:
    runs = Runs(status)
    assert poll(flavour, runs).status == status
    assert (runs.seen, clock.sleeps) == (["GET run_1"], [])


@pytest.mark.parametrize("status", ["queued", "in_progress", "cancelling"])
def test_a_run_that_works_is_waited_for(
    flavour: Flavour, clock: Clock, caplog: pytest.LogCaptureFixture, status: str
) -> None:
    runs = Runs(status, status, "in_progress", "completed")
    assert poll(flavour, runs).status == "completed"
    assert clock.sleeps == [1.0, 1.0, 1.0]
    assert runs.seen == ["GET run_1"] * 4
    assert caplog.records == []


def test_who_waits_for_the_end_waits_for_others_to_act(
    flavour: Flavour, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    connection = flavour.connection(Runs("requires_action", "completed"))
    retrieve = Call(OPERATIONS.retrieve, PATH, into=Run)
    run = Run(id="run_1", thread_id="thread_1", status="requires_action")
    flow = poll_until(connection.core, run, retrieve, {"completed"}, Wait(), {})
    assert flavour.do(lambda: connection.drive(flow)).status == "completed"
    assert clock.sleeps == [1.0, 1.0]
    assert caplog.records == []


@pytest.mark.parametrize(
    ("interval", "hint", "pause"),
    [
        (omit, None, 1.0),
        (omit, "250", 0.25),
        (omit, "5000", 5.0),
        (omit, "0", 1.0),
        (omit, "-5", 1.0),
        (omit, "soon", 1.0),
        (omit, "1.5", 1.0),
        (omit, "9" * 5000, 1.0),
        (300, None, 0.3),
        (300, "5000", 0.3),
        (1, None, 0.001),
    ],
    ids=lambda value: str(value)[:10],
)
def test_interval(flavour: Flavour, clock: Clock, interval: Any, hint: str | None, pause: float) -> None:
    headers = {"openai-poll-after-ms": hint} if hint else {}
    poll(flavour, Runs("queued", "queued", "completed", headers=headers), Wait(poll_interval_ms=interval))
    assert clock.sleeps == [pause, pause]


@pytest.mark.parametrize("status", ["paused", None, 5, ["queued"]], ids=str)
def test_an_unknown_status_waits_with_one_warning(
    flavour: Flavour, clock: Clock, caplog: pytest.LogCaptureFixture, status: object
) -> None:
    runs = Runs(status, status, status, "completed")
    assert poll(flavour, runs).status == "completed"
    assert clock.sleeps == [1.0, 1.0, 1.0]
    told = [record for record in caplog.records if "unknown status" in record.getMessage()]
    assert len(told) == 1
    assert told[0].levelno == logging.WARNING
    assert f"unknown status {status!r}; " in told[0].getMessage()


def test_at_the_deadline_the_error_names_the_status(flavour: Flavour, clock: Clock) -> None:
    error = late(flavour, Runs("paused"), Wait(max_wait_seconds=3))
    assert str(error) == "Run run_1 of thread thread_1 was still 'paused' after 3 s."
    assert (error.last.id, error.last.status) == ("run_1", "paused")
    assert isinstance(error, OpenAIError)
    assert pickle.loads(pickle.dumps(error)).last == error.last


@pytest.mark.parametrize(
    ("limit", "looks"),
    [(0, 2), (0.5, 2), (1, 3), (2.5, 4), (3, 5)],
)
def test_the_last_look_is_at_the_deadline(flavour: Flavour, clock: Clock, limit: float, looks: int) -> None:
    runs = Runs("in_progress")
    late(flavour, runs, Wait(max_wait_seconds=limit))
    assert sum(clock.sleeps) == pytest.approx(limit)
    assert looks - 1 <= len(runs.requests) <= looks


def test_a_deadline_of_the_call_is_that_of_all_its_requests(flavour: Flavour, clock: Clock) -> None:
    runs = Runs("in_progress")
    with pytest.raises(WaitTimeoutError, match=r"after 3 s") as caught:
        poll(flavour, runs, Wait(max_wait_seconds=100), deadline=3)
    assert (sum(clock.sleeps), caught.value.last.status) == (pytest.approx(3), "in_progress")
    assert poll(flavour, Runs("in_progress", "completed"), Wait(max_wait_seconds=100), deadline=3).status == "completed"


def test_a_look_that_takes_too_long_is_a_wait_that_does(flavour: Flavour, clock: Clock) -> None:
    runs = Runs("in_progress")

    def slow(request: httpx.Request) -> httpx.Response:
        if len(runs.requests) == 2:
            clock.advance(4)
            raise httpx.ReadTimeout("too long")
        return runs(request)

    with pytest.raises(WaitTimeoutError, match=r"after 5 s") as caught:
        poll(flavour, slow, Wait(max_wait_seconds=5))  # type: ignore[arg-type]
    assert caught.value.last.status == "in_progress"
    assert isinstance(caught.value.__cause__, APITimeoutError)


@pytest.mark.parametrize("cancel", [httpx.ConnectError("refused"), httpx.ReadTimeout("late")], ids=str)
def test_a_run_that_cannot_be_cancelled_at_the_deadline(flavour: Flavour, clock: Clock, cancel: Exception) -> None:
    runs = Runs("in_progress")

    def fail() -> httpx.Response:
        raise cancel

    runs.cancel = fail
    assert late(flavour, runs, Wait(max_wait_seconds=2, on_deadline="cancel")).last.status == "in_progress"


def looked(runs: Runs, wait: Wait, **options: Any) -> list[float]:
    """How long each look at a run that never ends may take."""
    connection = SYNC.connection(runs, timeout=600.0, max_retries=0)
    flow = poll_run(connection.core, Call(OPERATIONS.retrieve, PATH, into=Run), OPERATIONS, wait, options)
    with pytest.raises(WaitTimeoutError):
        connection.drive(flow)
    return [request.extensions["timeout"]["read"] for request in runs.requests]


def test_how_long_looks_may_take(clock: Clock) -> None:
    assert looked(Runs("in_progress"), Wait(max_wait_seconds=8, poll_interval_ms=3000)) == [8, 5, 5, 5]
    assert looked(Runs("in_progress"), Wait(max_wait_seconds=20, poll_interval_ms=7000)) == [20, 13, 6, 5]
    assert looked(Runs("in_progress"), Wait(max_wait_seconds=0)) == [5, 5]
    assert looked(Runs("in_progress"), Wait(poll_interval_ms=1_000_000)) == [600, 600, 5]
    assert looked(Runs("in_progress"), Wait(max_wait_seconds=8, poll_interval_ms=3000), deadline=100) == [100, 5, 5, 5]
    assert looked(Runs("in_progress"), Wait(max_wait_seconds=8, poll_interval_ms=3000), deadline=10) == [10, 5, 4, 2]
    # The deadline of the call holds to the second: when it has passed, nothing is sent any more.
    assert looked(Runs("in_progress"), Wait(max_wait_seconds=None, poll_interval_ms=3000), deadline=8) == [8, 5, 2]


def test_an_answer_after_the_deadline_of_the_call(flavour: Flavour, clock: Clock) -> None:
    runs = Runs("in_progress")

    def slow(request: httpx.Request) -> httpx.Response:
        clock.advance(4)
        return runs(request)

    with pytest.raises(WaitTimeoutError, match=r"after 0 s"):
        poll(flavour, slow, deadline=3)  # type: ignore[arg-type]
    assert len(runs.requests) == 1


def test_a_look_that_fails_long_before_the_deadline_is_an_error_of_its_own(flavour: Flavour, clock: Clock) -> None:
    runs = Runs("in_progress")

    def fail_later(request: httpx.Request) -> httpx.Response:
        if runs.requests:
            raise httpx.ReadTimeout("too long")
        return runs(request)

    with pytest.raises(APITimeoutError):
        poll(flavour, fail_later, Wait(max_wait_seconds=100))  # type: ignore[arg-type]


def test_cancelling_has_time_of_its_own_after_the_deadline(flavour: Flavour, clock: Clock) -> None:
    runs = Runs("in_progress")
    runs.cancel = lambda: httpx.Response(200, json={"id": "run_1", "thread_id": "thread_1", "status": "cancelling"})
    connection = flavour.connection(runs, timeout=600.0)
    retrieve = Call(OPERATIONS.retrieve, PATH, into=Run)
    options: Any = {"deadline": 3, "extra_headers": {"X-Mine": "1"}}
    flow = poll_run(connection.core, retrieve, OPERATIONS, Wait(on_deadline="cancel"), options)
    with pytest.raises(WaitTimeoutError) as caught:
        flavour.do(lambda: connection.drive(flow))
    assert caught.value.last.status == "cancelling"
    assert {request.headers.get("x-mine") for request in runs.requests} == {"1"}
    assert flavour.is_async or runs.requests[-1].extensions["timeout"]["read"] == 10.0


def test_a_run_that_ends_just_at_the_deadline_is_returned(flavour: Flavour, clock: Clock) -> None:
    assert poll(flavour, Runs("queued", "completed"), Wait(max_wait_seconds=0.5)).status == "completed"
    assert poll(flavour, Runs("queued", "completed"), Wait(max_wait_seconds=0.5), deadline=9).status == "completed"
    assert clock.sleeps == [0.5, 0.5]


def test_without_limit_the_wait_goes_on(flavour: Flavour, clock: Clock) -> None:
    runs = Runs(*["in_progress"] * 500, "completed", expires_at=NOW - 10)
    assert poll(flavour, runs, Wait(poll_interval_ms=600_000, max_wait_seconds=None)).status == "completed"
    assert sum(clock.sleeps) == 300_000.0


@pytest.mark.parametrize(
    ("expires_at", "date", "seconds"),
    [
        (None, None, 1800.0),
        (NOW + 600, DATE, 660.0),
        (NOW + 600, None, 660.0),
        (NOW - 600, DATE, 60.0),
        (NOW + 600, "soon", 660.0),
    ],
)
@pytest.mark.parametrize("skew", [0, 86_400, -86_400])
def test_unless_told_otherwise_the_wait_ends_a_minute_after_the_run_expires(
    flavour: Flavour, clock: Clock, expires_at: int | None, date: str | None, seconds: float, skew: int
) -> None:
    if date == DATE:
        clock.epoch += skew  # a wrong clock here does not matter
    runs = Runs("in_progress", expires_at=expires_at, headers={"date": date} if date else {})
    late(flavour, runs, Wait(poll_interval_ms=20_000))
    assert sum(clock.sleeps) == pytest.approx(seconds)


def test_cancel_at_the_deadline(flavour: Flavour, clock: Clock) -> None:
    runs = Runs("in_progress")
    runs.cancel = lambda: httpx.Response(200, json={"id": "run_1", "thread_id": "thread_1", "status": "cancelling"})
    error = late(flavour, runs, Wait(max_wait_seconds=2, on_deadline="cancel"))
    assert runs.seen[-1] == "POST cancel"
    assert runs.requests[-1].url.path == "/v1/threads/thread_1/runs/run_1/cancel"
    assert error.last.status == "cancelling"


@pytest.mark.parametrize(
    ("status", "message", "level"),
    [
        (400, "Cannot cancel run with status completed", logging.DEBUG),
        (400, "Cannot cancel run with status 'completed'.", logging.DEBUG),
        (409, "The run is already expired.", logging.DEBUG),
        (400, "The request failed.", logging.WARNING),
        (404, "No run has the status completed", logging.WARNING),
        (405, "Cannot cancel", logging.WARNING),
        (409, "Try again.", logging.WARNING),
    ],
)
def test_a_run_that_cannot_be_cancelled_any_more(
    flavour: Flavour, clock: Clock, caplog: pytest.LogCaptureFixture, status: int, message: str, level: int
) -> None:
    """That it has ended meanwhile is nothing to warn of."""
    runs = Runs("in_progress")
    runs.cancel = lambda: httpx.Response(status, json={"error": {"message": message}})
    with caplog.at_level(logging.DEBUG, "openai_assistants"):
        error = late(flavour, runs, Wait(max_wait_seconds=2, on_deadline="cancel"))
    assert error.last.status == "in_progress"
    said = [(each.getMessage().split(":")[0], each.levelno) for each in caplog.records if "cancelled:" in each.msg]
    assert said == [("run run_1 of thread thread_1 could not be cancelled", level)]


def interrupt(flavour: Flavour, clock: Clock, monkeypatch: pytest.MonkeyPatch, connection: Any, flow: Any) -> None:
    """Carry out a flow that is interrupted when it sleeps."""

    async def main() -> None:
        with anyio.CancelScope() as scope:

            async def cancelled(seconds: float) -> None:
                scope.cancel()
                await anyio.lowlevel.checkpoint()

            monkeypatch.setattr(anyio, "sleep", cancelled)
            await connection.drive(flow)
        assert scope.cancelled_caught

    if flavour.is_async:
        anyio.run(main, backend=flavour.name)
        return

    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(clock, "sleep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        connection.drive(flow)


@pytest.mark.parametrize("wish", ["leave", "cancel"])
def test_an_interrupted_wait_cancels_the_run_if_that_is_wished(
    flavour: Flavour, clock: Clock, monkeypatch: pytest.MonkeyPatch, wish: Any
) -> None:
    runs = Runs("in_progress")
    left: list[float] = []

    def cancelled() -> httpx.Response:
        left.append(anyio.current_effective_deadline() - anyio.current_time() if flavour.is_async else 10.0)
        return httpx.Response(200, json={"id": "run_1", "thread_id": "thread_1", "status": "cancelling"})

    runs.cancel = cancelled
    connection = flavour.connection(runs, timeout=600.0)
    retrieve = Call(OPERATIONS.retrieve, PATH, into=Run)
    wait = Wait(on_interrupt=wish)
    flow = poll_run(connection.core, retrieve, OPERATIONS, wait, {"extra_headers": {"X-Mine": "1"}})
    interrupt(flavour, clock, monkeypatch, connection, flow)
    assert runs.seen == (["GET run_1", "POST cancel"] if wish == "cancel" else ["GET run_1"])
    assert {request.headers.get("x-mine") for request in runs.requests} == {"1"}
    if wish == "cancel":  # it holds the program up no longer than that
        assert 0 < left[0] <= 10.0
        assert flavour.is_async or runs.requests[-1].extensions["timeout"]["read"] == 10.0


def flow_over_what_cannot_be_cancelled(connection: Any) -> Any:
    """The flow of a wait for work that no request cancels."""
    retrieve = Call(OPERATIONS.retrieve, PATH, into=Run)
    wait = Wait(max_wait_seconds=2, on_deadline="cancel", on_interrupt="cancel")
    run = Run(id="run_1", thread_id="thread_1", status="in_progress")
    work = Work(lambda run: "work", {"in_progress"}, lambda run: run.status == "completed")
    return wait_until_over(connection.core, run, retrieve, None, work, wait, {})


def test_what_cannot_be_cancelled_is_left_alone(
    flavour: Flavour, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = Runs("in_progress")
    connection = flavour.connection(runs)
    with pytest.raises(WaitTimeoutError, match=r"^Work was still 'in_progress' after 2 s.$"):
        flavour.do(lambda: connection.drive(flow_over_what_cannot_be_cancelled(connection)))
    interrupt(flavour, clock, monkeypatch, connection, flow_over_what_cannot_be_cancelled(connection))
    assert set(runs.seen) == {"GET run_1"}


def test_an_error_while_looking_is_no_interrupt(flavour: Flavour, clock: Clock) -> None:
    runs = Runs("in_progress")

    def handler(request: httpx.Request) -> httpx.Response:
        run = runs(request)
        return run if len(runs.requests) == 1 else httpx.Response(500, json={})

    connection = flavour.connection(handler, max_retries=0)
    retrieve = Call(OPERATIONS.retrieve, PATH, into=Run)
    flow = poll_run(connection.core, retrieve, OPERATIONS, Wait(on_interrupt="cancel"), {})
    with pytest.raises(InternalServerError):
        flavour.do(lambda: connection.drive(flow))
    assert runs.seen == ["GET run_1", "GET run_1"]


def test_a_wait_that_nobody_goes_on_with_is_no_interrupt() -> None:
    connection = Flavour("sync").connection(Runs("in_progress"))
    run = Run(id="run_1", thread_id="thread_1", status="in_progress")
    retrieve, cancel = (Call(each, PATH, into=Run) for each in (OPERATIONS.retrieve, OPERATIONS.cancel))
    work = Work(lambda run: "work", {"in_progress"}, lambda run: False)
    flow = wait_until_over(connection.core, run, retrieve, cancel, work, Wait(on_interrupt="cancel"), {})
    assert isinstance(next(flow), Sleep)
    flow.close()


def test_by_default_nothing_is_cancelled(flavour: Flavour, clock: Clock) -> None:
    runs = Runs("in_progress")
    late(flavour, runs, Wait(max_wait_seconds=2))
    assert set(runs.seen) == {"GET run_1"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"poll_interval_ms": 0},
        {"poll_interval_ms": -1},
        {"on_deadline": "explode"},
        {"max_wait_seconds": float("nan")},
        {"max_wait_seconds": -0.5},
        {"on_interrupt": "explode"},
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Wait(**wrong)


def test_starting_a_run_and_waiting_for_it(flavour: Flavour, clock: Clock) -> None:
    runs = Runs("queued", "in_progress", "completed")
    connection = flavour.connection(runs)
    start = Call(START, {"thread_id": "thread_1"}, body={"assistant_id": "asst_1"}, into=Run)
    options = {
        "idempotency_key": "once",
        "extra_body": {"x": 1},
        "extra_headers": {"X-Mine": "1"},
        "extra_query": {"v": "2"},
    }
    flow = start_and_poll(connection.core, start, OPERATIONS, Wait(), options)  # type: ignore[arg-type]
    assert flavour.do(lambda: connection.drive(flow)).status == "completed"
    assert runs.seen == ["POST runs", "GET run_1", "GET run_1"]
    assert [request.headers.get("idempotency-key") for request in runs.requests] == ["once", None, None]
    assert [request.headers.get("x-mine") for request in runs.requests] == ["1", "1", "1"]
    assert [request.content for request in runs.requests[1:]] == [b"", b""]
    assert runs.requests[1].url.path == "/v1/threads/thread_1/runs/run_1"


def test_a_run_that_starts_with_its_thread_is_looked_at_there(flavour: Flavour, clock: Clock) -> None:
    runs = Runs("queued", "completed")
    connection = flavour.connection(runs)
    start = Call(Operation("createThreadAndRun", "POST", "/threads/runs"), body={}, into=Run)
    flow = start_and_poll(connection.core, start, OPERATIONS, Wait(), {})
    assert flavour.do(lambda: connection.drive(flow)).status == "completed"
    assert runs.requests[1].url.path == "/v1/threads/thread_1/runs/run_1"


class Tiring:
    """A server each of whose answers takes two seconds."""

    def __init__(self, clock: Clock, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.clock = clock
        self.answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.clock.advance(2)
        return self.answer(request)


def test_the_deadline_begins_before_the_run_is_started(flavour: Flavour, clock: Clock) -> None:
    began = clock.monotonic()
    connection = flavour.connection(Tiring(clock, Runs("queued")))
    start = Call(START, {"thread_id": "thread_1"}, body={}, into=Run)
    flow = start_and_poll(connection.core, start, OPERATIONS, Wait(), {"deadline": 9})
    with pytest.raises(WaitTimeoutError):
        flavour.do(lambda: connection.drive(flow))
    assert clock.monotonic() - began == pytest.approx(9, abs=2)


def test_the_deadline_begins_before_the_first_look_at_a_file(flavour: Flavour, clock: Clock) -> None:
    began = clock.monotonic()
    connection = flavour.connection(Tiring(clock, Files("uploaded")))
    retrieve = Call(Operation("getFile", "GET", "/files/{file_id}"), {"file_id": "file_1"}, into=File)
    flow = wait_for_file(connection.core, retrieve, 1.0, 1000.0, {"deadline": 9})
    with pytest.raises(WaitTimeoutError):
        flavour.do(lambda: connection.drive(flow))
    assert clock.monotonic() - began == pytest.approx(9, abs=2)


def test_a_look_that_the_deadline_ends_says_how_long_it_had(clock: Clock) -> None:  # what awaits has no such clock
    runs = Runs("in_progress")

    def slow(request: httpx.Request) -> httpx.Response:
        answer = runs(request)
        if len(runs.requests) == 1:
            return answer
        return httpx.Response(200, stream=Pieces([b"{", lambda: clock.advance(60), b"}"]))

    with pytest.raises(WaitTimeoutError) as caught:
        poll(SYNC, slow, Wait(max_wait_seconds=8))  # type: ignore[arg-type]
    assert "The deadline of 7 s passed in attempt 1 of GET " in str(caught.value.__cause__)


def test_cancelling_has_its_own_idempotency_key(flavour: Flavour, clock: Clock) -> None:
    runs = Runs("queued")
    connection = flavour.connection(runs)
    start = Call(START, {"thread_id": "thread_1"}, body={}, into=Run)
    wait = Wait(max_wait_seconds=1, on_deadline="cancel")
    flow = start_and_poll(connection.core, start, OPERATIONS, wait, {"idempotency_key": "once", "extra_body": {"x": 1}})
    with pytest.raises(WaitTimeoutError):
        flavour.do(lambda: connection.drive(flow))
    assert runs.seen[-1] == "POST cancel"
    assert runs.requests[-1].headers["idempotency-key"] not in ("", "once")
    assert runs.requests[-1].content in (b"", b"{}")


def test_an_error_while_looking_comes_out(flavour: Flavour, clock: Clock) -> None:
    calls: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(500, json={}) if len(calls) == 2 else Runs("queued")(request)

    connection = flavour.connection(handler, max_retries=0)
    flow = poll_run(connection.core, Call(OPERATIONS.retrieve, PATH, into=Run), OPERATIONS, Wait(), {})
    with pytest.raises(InternalServerError):
        flavour.do(lambda: connection.drive(flow))


class Files(Runs):
    """The same for a file."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        run = super().__call__(request).json()
        return httpx.Response(200, json={"id": "file_1", "status": run["status"]})


def wait_file(flavour: Flavour, files: Files, *, interval: float = 5.0, limit: float = 30.0) -> Any:
    connection = flavour.connection(files)
    retrieve = Call(Operation("getFile", "GET", "/files/{file_id}"), {"file_id": "file_1"}, into=File)
    return flavour.do(lambda: connection.drive(wait_for_file(connection.core, retrieve, interval, limit, {})))


@pytest.mark.parametrize("status", ["processed", "error", "deleted"])
@pytest.mark.parametrize("working", ["uploaded", "pending", "running"])
def test_a_file_is_waited_for(
    flavour: Flavour, clock: Clock, caplog: pytest.LogCaptureFixture, working: str, status: str
) -> None:
    assert wait_file(flavour, Files(working, working, status)).status == status
    assert clock.sleeps == [5.0, 5.0]
    assert caplog.records == []


def test_a_file_that_takes_too_long(flavour: Flavour, clock: Clock) -> None:
    with pytest.raises(WaitTimeoutError, match=r"file_1.*uploaded.*30 s") as caught:
        wait_file(flavour, Files("uploaded"))
    assert caught.value.last.status == "uploaded"
    assert sum(clock.sleeps) <= 30.0


def test_a_file_is_not_looked_at_without_a_pause(flavour: Flavour) -> None:
    with pytest.raises(ValueError, match="poll_interval must be a number of seconds above 0"):
        wait_file(flavour, Files("uploaded"), interval=0.0)


def test_a_file_may_be_looked_at_often(flavour: Flavour, clock: Clock) -> None:
    wait_file(flavour, Files("uploaded", "uploaded", "processed"), interval=0.25)
    assert clock.sleeps == [0.25, 0.25]
