"""What the unit tests share: a connection of any flavour over a function from request to answer."""

from __future__ import annotations

import inspect
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any, AsyncIterator, Callable, Iterable, Iterator, TypeVar

import anyio
import httpx
import pytest

from openai_assistants import _logs, _together
from openai_assistants._connection import AsyncConnection, Connection
from openai_assistants._requests import Call, Core, Operation

T = TypeVar("T")

KEY = "sk-marked-0123456789-secret"
BASE_URL = "https://api.test/v1/"

Handler = Callable[[httpx.Request], httpx.Response]


class Clock:
    """Stands in for the module `time`: moves only when somebody sleeps or calls `advance`."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.epoch = 1_700_000_000.0
        self.sleeps: list[float] = []

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        self.epoch += seconds

    def monotonic(self) -> float:
        """`time.monotonic`."""
        return self.now

    def time(self) -> float:
        """`time.time`."""
        return self.epoch

    def sleep(self, seconds: float) -> None:
        """`time.sleep`."""
        self.sleeps.append(seconds)
        self.advance(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """`anyio.sleep`."""
        self.sleep(seconds)

    def pause(self, halted: threading.Event, seconds: float) -> bool:
        """`_together.pause`."""
        self.sleep(seconds)
        return halted.is_set()

    def replace(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand in for the clock and the sleeping of this library, of nothing else."""
        for name, module in list(sys.modules.items()):
            if name.startswith("openai_assistants.") and getattr(module, "time", None) is time:
                monkeypatch.setattr(module, "time", self)
        monkeypatch.setattr(anyio, "sleep", self.sleep_async)
        monkeypatch.setattr(_together, "pause", self.pause)


def forget_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings from the environment, nothing already told."""
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL", "OPENAI_LOG"):
        monkeypatch.delenv(name, raising=False)
    _logs._told.clear()


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes in pieces. An exception among them is raised in its turn, a function is called."""

    def __init__(self, pieces: Iterable[bytes | Exception | Callable[[], None]]) -> None:
        self._pieces = list(pieces)
        self.closed = 0
        self.taken = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, Exception):
                raise piece
            if not isinstance(piece, bytes):
                piece()
                continue
            self.taken += 1
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            await anyio.lowlevel.checkpoint()
            yield piece

    def close(self) -> None:
        """Count the call."""
        self.closed += 1

    async def aclose(self) -> None:
        """Count the call."""
        self.closed += 1


@dataclass(frozen=True)
class Flavour:
    """One of the ways to use the library: blocking, or awaiting on one of two event loops."""

    name: str

    @property
    def is_async(self) -> bool:
        """Whether calls are awaited."""
        return self.name != "sync"

    def http(self, handler: Handler | httpx.MockTransport, **settings: Any) -> httpx.Client | httpx.AsyncClient:
        """An HTTP client that answers from a function."""
        transport = handler if isinstance(handler, httpx.MockTransport) else httpx.MockTransport(handler)
        kind = httpx.AsyncClient if self.is_async else httpx.Client
        return kind(transport=transport, **settings)

    def connection(self, handler: Handler, **settings: Any) -> Any:
        """A connection over `handler`; settings are those of `Core`."""
        http = self.http(handler)
        core = make_core(lambda: http, **settings)
        return AsyncConnection(core) if self.is_async else Connection(core)

    def do(self, function: Callable[[], Any]) -> Any:
        """The outcome of a call, awaited where that is needed."""
        if not self.is_async:
            return function()

        async def main() -> Any:
            value = function()
            return await value if inspect.isawaitable(value) else value

        return anyio.run(main, backend=self.name)

    def collect(self, function: Callable[[], Any], into: list[Any] | None = None) -> list[Any]:
        """Everything that iterating over the outcome of a call gives; what came before an error stays in `into`."""
        seen: list[Any] = [] if into is None else into
        if not self.is_async:
            for item in function():
                seen.append(item)  # noqa: PERF402 - an error must leave the items before it
            return seen

        async def main() -> None:
            value = function()
            if not hasattr(value, "__aiter__"):
                value = await value
            async for item in value:
                seen.append(item)  # noqa: PERF401 - an error must leave the items before it

        anyio.run(main, backend=self.name)
        return seen


FLAVOURS = (Flavour("sync"), Flavour("asyncio"), Flavour("trio"))


def make_core(http: Callable[[], Any], **settings: Any) -> Core:
    """The settings of a client."""
    defaults: dict[str, Any] = {
        "base_url": httpx.URL(BASE_URL),
        "api_key": KEY,
        "organization": None,
        "project": None,
        "timeout": 5.0,
        "max_retries": 2,
        "default_headers": {},
        "default_query": {},
        "strict": False,
    }
    return Core(**{**defaults, **settings}, http=http)


@dataclass
class Server:
    """Answers from a list, one after the other, the last one for ever; remembers the requests.

    An answer is a response, an exception to raise, or a function of the request.
    """

    answers: list[httpx.Response | Exception | Handler]
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            # A fresh one each time: answers are read, closed and bound to their request.
            body = {"stream": answer.stream} if isinstance(answer.stream, Pieces) else {"content": answer.content}
            return httpx.Response(answer.status_code, headers=answer.headers, **body)
        return answer(request)

    def sent(self, header: str) -> list[str | None]:
        """What each request had in a header."""
        return [request.headers.get(header) for request in self.requests]


def serve(*answers: httpx.Response | Exception | Handler) -> Server:
    """A server with these answers."""
    return Server(list(answers))


def post(template: str = "/things", /, *, into: Any = dict, beta: str | None = None, **changes: Any) -> Call[Any]:
    """A POST call."""
    return Call(Operation("createThing", "POST", template, beta=beta), into=into, **{"body": {"a": 1}, **changes})


def get(template: str = "/things/1", /, *, into: Any = dict, beta: str | None = None, **changes: Any) -> Call[Any]:
    """A GET call."""
    return Call(Operation("getThing", "GET", template, beta=beta), into=into, **changes)


def cut(data: bytes, size: int) -> list[bytes]:
    """Data in pieces of one size."""
    return [data[start : start + size] for start in range(0, len(data), size)]
