"""What the fuzz tests of the client share: clients over any answer, and what every outcome must stand.

An outcome is a typed result or an exception of ours. Anything else that is raised goes through and fails the test.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import json
import logging
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, settings, strategies as st

import openai_assistants
from openai_assistants import AsyncOpenAI, BaseModel, HttpxBinaryResponseContent, OpenAI, OpenAIError
from openai_assistants._pagination import Page
from tests.soak import SOAKING, count
from tests.unit.support import KEY, Flavour

BASE_URL = "https://api.test/v1/"
MAX_REQUESTS = 5000
"""No call of these tests needs as many; one that sends more never ends."""
MAX_CPU_SECONDS = 30.0
"""No case works nearly as long; one that does goes on for ever."""
MAX_SECONDS = 900.0
"""Nor does one take as long, whatever else the machine does; one that does waits for ever."""

FRAMES_LEFT = 800
"""Of Python's usual 1000."""

MAX_CHARACTERS = 20_000
"""Of the message of an exception."""

SYNC, ASYNCIO, TRIO = (Flavour(name) for name in ("sync", "asyncio", "trio"))
flavours = st.sampled_from([SYNC, SYNC, ASYNCIO, TRIO])
"""Blocking and awaiting alike often."""
mostly_sync = st.sampled_from([*[SYNC] * 10, ASYNCIO, TRIO])
"""For what does not differ much."""

cases = 0
"""How many cases were tried, in all tests."""


def fuzzed(few: int, many: int) -> Callable[[Any], Any]:
    """Settings of a property: repeatable and bounded in `make test`; random, and many cases, when soaking.

    Shrinking a case takes minutes: only when soaking, where a case cannot be had again.
    """
    phases = [Phase.explicit, Phase.generate, *([Phase.shrink] if SOAKING else [])]
    return settings(
        max_examples=count(few, many),
        derandomize=not SOAKING,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )


class TooManyRequests(Exception):
    """A call goes on for ever."""


class Rig:
    """The clients of a test. A function answers their requests; they are remembered."""

    def __init__(self, **changes: Any) -> None:
        self.answer: Callable[[httpx.Request], httpx.Response] = _unexpected
        self.requests: list[httpx.Request] = []
        transport = httpx.MockTransport(self._handle)
        self._http = httpx.Client(transport=transport, trust_env=False)
        self._async_http = httpx.AsyncClient(transport=transport, trust_env=False)
        given: dict[str, Any] = {"api_key": KEY, "base_url": BASE_URL, "max_retries": 0, **changes}
        self.sync = OpenAI(http_client=self._http, **given)
        self.awaiting = AsyncOpenAI(http_client=self._async_http, **given)

    def client(self, flavour: Flavour, **changes: Any) -> Any:
        """The client of a flavour, with some settings changed."""
        client: Any = self.awaiting if flavour.is_async else self.sync
        return client.copy(**changes) if changes else client

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if len(self.requests) > MAX_REQUESTS:
            raise TooManyRequests
        request.read() if isinstance(request.stream, httpx.SyncByteStream) else None
        return self.answer(request)

    @contextlib.contextmanager
    def answering(self, answer: Callable[[httpx.Request], httpx.Response]) -> Iterator[None]:
        """Answer so, and forget the requests before; ends what hangs."""
        self.answer = answer
        self.requests.clear()
        with time_limit(), log_kept() as told:
            yield
        for line in told:
            assert "\n" not in line and "\r" not in line, f"two lines in one message: {line!r}"
            assert KEY not in line
            line.encode()


def _unexpected(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"nothing was to be sent, but {request.method} {request.url} was")


def outcome(
    rig: Rig, answer: Callable[[httpx.Request], httpx.Response], flavour: Flavour, use: Callable[[], Any]
) -> Any:
    """What a call gives, awaited where needed: its result, or an exception of ours."""
    global cases
    cases += 1
    with rig.answering(answer), usual_stack():
        try:
            return flavour.do(use)
        except OpenAIError as error:
            return error


@contextlib.contextmanager
def time_limit(cpu_seconds: float = MAX_CPU_SECONDS) -> Iterator[None]:
    """Ends what hangs with an exception, where signals can do it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def hangs(*_: object) -> None:
        raise AssertionError("there is no end: it hangs")

    before = signal.signal(signal.SIGALRM, hangs), signal.signal(signal.SIGPROF, hangs)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGALRM, before[0])
        signal.signal(signal.SIGPROF, before[1])


@contextlib.contextmanager
def usual_stack() -> Iterator[None]:
    """As much of the stack is left as in a program of some depth; hypothesis allows itself far more."""
    allowed = sys.getrecursionlimit()
    depth, frame = 0, inspect.currentframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(min(depth + FRAMES_LEFT, allowed))
    try:
        yield
    finally:
        sys.setrecursionlimit(allowed)


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextlib.contextmanager
def log_kept() -> Iterator[list[str]]:
    """The messages of our log."""
    logger = logging.getLogger("openai_assistants")
    kept, level, spread = _Kept(), logger.level, logger.propagate
    logger.addHandler(kept)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield kept.lines
    finally:
        logger.removeHandler(kept)
        logger.setLevel(level)
        logger.propagate = spread


class Said:
    """What a failure is to tell about its case; put into words only then."""

    def __init__(self, *parts: Any) -> None:
        self._parts = parts

    def __repr__(self) -> str:
        return " ".join(map(_in_short, self._parts))


def _in_short(part: Any) -> str:
    try:
        return repr(part)[:6000]
    except RecursionError:
        return "something deep"


# ---- what every outcome must stand -----------------------------------------------------------------------------------


def examine(value: Any) -> Any:
    """Show, write and copy an outcome in all ways; returns it."""
    with usual_stack():
        _examine(value)
    return value


def _examine(value: Any) -> None:
    if isinstance(value, OpenAIError):
        examine_error(value)
    elif isinstance(value, (BaseModel, Page)):
        examine_result(value)
    else:
        shown(value)
        if isinstance(value, HttpxBinaryResponseContent):
            assert isinstance(value.text, str)
            assert pickle.loads(pickle.dumps(value)).content == copy.copy(value).content == value.content
    return value


def examine_error(error: OpenAIError) -> None:
    """An exception of ours says something in one line of text that can be printed, and survives a pickle."""
    module = type(error).__module__.partition(".")[0]
    assert module == openai_assistants.__name__
    said = shown(error)
    assert said.strip(), "an exception that says nothing"
    assert len(said) < MAX_CHARACTERS, "an exception that says too much"
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert str(again) == str(error)
    for name, attribute in vars(error).items():
        if name not in ("request", "response"):
            assert KEY not in repr(attribute)


def examine_result(result: Any) -> None:
    """A result can be shown, written as plain data and as JSON, copied and pickled, and stays the same."""
    shown(result)
    plain = result.to_dict()
    written = result.to_json()
    written.encode()
    json.loads(written, parse_constant=_refuse_constant)
    assert repr(result.model_dump()) is not None
    if isinstance(result, BaseModel):
        result.to_dict(mode="python")
        json.loads(result.model_dump_json(), parse_constant=_refuse_constant)
    for again in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)):
        assert type(again) is type(result)
        assert repr(again.to_dict()) == repr(plain)
        assert repr(again.deviations) == repr(result.deviations)
        assert (again.response_record is None) == (result.response_record is None)
    for deviation in result.deviations:
        shown(deviation)


def shown(value: Any) -> str:
    """A value as `str`; that and its `repr` can be printed, and hold no key."""
    for text in (repr(value), str(value)):
        text.encode()
        assert KEY not in text
    return str(value)


def _refuse_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


async def awaited(value: Any) -> Any:
    """A value, awaited if it has to be."""
    return await value if inspect.isawaitable(value) else value
