"""Every helper over a connection that is spoiled at every one of its requests, anywhere, in any way: it does what it
should or raises an error of ours, in time; at the server nothing is done twice and nothing is missing."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openai_assistants import (
    APIConnectionError,
    APITimeoutError,
    AsyncOpenAI,
    BulkUploadError,
    DefaultAsyncHttpxClient,
    DefaultHttpxClient,
    OpenAI,
    OpenAIError,
    WaitTimeoutError,
)
from openai_assistants.server import LocalServer
from tests.dialects.flavoured import carry_out, opened
from tests.soak import SOAKING
from tests.unit.support import FLAVOURS, Flavour

from .proxy import CHANGES, Proxy, Spoil, every_spoil
from .scenarios import QUICK, SCENARIOS, World
from .test_program import address_of

# On trio, httpx and httpcore leave their async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'http(x|core)\.:ResourceWarning")

PATIENCE = 60.0
"""Seconds after which something hangs, on however busy a machine."""
HARMLESS = [each for each in every_spoil((0.0, 0.9)) if each.how in ("reset", "close", "delay", "trickle")]
"""The work can be done all the same: the server honours idempotency keys."""
OTHERS = [each for each in every_spoil((0.0, 0.3, 0.9)) if each.how in (*CHANGES, "hang")]


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    """A server on a loopback port."""
    with LocalServer(drain_seconds=0.0, poll_after_ms=5, record_requests=10) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(server: LocalServer) -> Iterator[Proxy]:
    """A proxy before it."""
    with Proxy(address_of(server)) as running:
        yield running


def http_for(kind: type[OpenAI | AsyncOpenAI]) -> Any:
    """An HTTP client as ours make it, without certificates, which take long to read."""
    return (DefaultHttpxClient if kind is OpenAI else DefaultAsyncHttpxClient)(verify=False)


HANGS = [Spoil(where, "hang") for where in ("before request", "before answer", "answer head", "answer body")]
LOOK = re.compile("/(runs|files|file_batches|vector_stores)/[^/]+$")


class Stage:
    """Carries out scenarios through the proxy with one client."""

    def __init__(self, flavour: Flavour, server: LocalServer, proxy: Proxy, folder: Path) -> None:
        self.flavour = flavour
        self.server = server
        self.proxy = proxy
        self.folder = folder
        self.looks_only = False
        """Whether all requests that look at the status of something are spoiled, and no others."""
        self.plain = server.client(http_client=http_for(OpenAI))

    def play(
        self, name: str, spoil: Spoil | None, at: int, *, ever: bool = False, timeout: float = PATIENCE, **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """What a scenario returns or raises if its request number `at` is spoiled, and what lies at the server then."""
        wait = options.pop("wait", QUICK)
        first = len(self.proxy.requests)

        def choose(method: str, path: str, number: int) -> Spoil | None:
            if self.looks_only:
                return spoil if method == "GET" and LOOK.search(path) else None
            return spoil if number - first == at or (ever and number - first > at) else None

        async def main() -> tuple[Any, dict[str, Any]]:
            kind: Any = AsyncOpenAI if self.flavour.is_async else OpenAI
            settings: Any = {"base_url": self.proxy.url, "api_key": "any", "max_retries": 3, "timeout": timeout}
            async with opened(kind(http_client=http_for(kind), **settings)) as client:
                world = World(self.server, self.plain, client, self.folder, options, wait)
                self.proxy.choose = choose
                try:
                    outcome = await SCENARIOS[name](world)
                except OpenAIError as error:
                    outcome = error
                self.proxy.clear()
                # The same client goes on.
                check = client.beta.assistants.retrieve(world.assistant)
                assert (await check if self.flavour.is_async else check).id == world.assistant
            return outcome, world.left()

        self.proxy.choose = None
        return carry_out(self.flavour, main)

    def expected(self, name: str) -> tuple[Any, dict[str, Any], int]:
        """The same without spoils, and how many requests it takes."""
        key = name, self.flavour.name
        if key not in EXPECTED:
            first = len(self.proxy.requests)
            outcome, left = self.play(name, None, 0)
            assert not isinstance(outcome, Exception), outcome
            EXPECTED[key] = outcome, left, len(self.proxy.requests) - first - 1
        return EXPECTED[key]


EXPECTED: dict[tuple[str, str], tuple[Any, dict[str, Any], int]] = {}


def cases(spoils: list[Spoil], requests: int, name: str, flavour: Flavour) -> list[tuple[Spoil, int]]:
    """Each spoil at each request; in `make test` one of them, another for each scenario and flavour."""
    every = [*itertools.product(spoils, range(requests))]
    turn = [*itertools.product(SCENARIOS, (each.name for each in FLAVOURS))].index((name, flavour.name))
    return every if SOAKING else [every[turn * 7 % len(every)]]


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)
def test_what_breaks_is_mended(name: str, flavour: Flavour, server: LocalServer, proxy: Proxy, tmp_path: Path) -> None:
    stage = Stage(flavour, server, proxy, tmp_path)
    outcome, left, requests = stage.expected(name)
    for spoil, at in cases(HARMLESS, requests, name, flavour):
        found, found_left = stage.play(name, spoil, at)
        if (
            name == "downloaded"
            and at == 0
            and spoil.where in ("before body", "answer body")
            and isinstance(found, APIConnectionError)
        ):
            continue  # the program reads the body itself
        assert (found, found_left) == (outcome, left), (str(spoil), at)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)
def test_what_cannot_be_mended_is_told(
    name: str, flavour: Flavour, server: LocalServer, proxy: Proxy, tmp_path: Path
) -> None:
    stage = Stage(flavour, server, proxy, tmp_path)
    outcome, left, requests = stage.expected(name)
    for spoil, at in cases(OTHERS, requests, name, flavour):
        started = time.monotonic()
        found, found_left = stage.play(name, spoil, at, timeout=0.5)
        assert time.monotonic() - started < PATIENCE, (str(spoil), at)
        asks_for_something_else = spoil.where in ("request head", "request body") and spoil.how in CHANGES
        if isinstance(found, OpenAIError) or (name == "bulk" and "failed" in dict(found).values()):
            for what, there in found_left.items():
                assert len(there) <= len(left[what]), (str(spoil), at, what, found)
        elif not asks_for_something_else and not (name == "downloaded" and spoil.how in CHANGES):
            assert (found, found_left) == (outcome, left), (str(spoil), at)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)
def test_deadlines_hold(name: str, flavour: Flavour, server: LocalServer, proxy: Proxy, tmp_path: Path) -> None:
    """From some request on the server hangs for ever; nobody waits for a read timeout."""
    stage = Stage(flavour, server, proxy, tmp_path)
    _, left, requests = stage.expected(name)
    for hang, at in cases(HANGS, requests, name, flavour):
        happened = sum(proxy.spoiled.values())
        started = time.monotonic()
        found, found_left = stage.play(name, hang, at, ever=True, deadline=0.3)
        assert time.monotonic() - started < PATIENCE
        if sum(proxy.spoiled.values()) == happened:  # it took fewer looks this time
            continue
        if name == "bulk" and not isinstance(found, Exception):
            assert "failed" in [status for _, status in found]
        else:
            assert isinstance(found, (APITimeoutError, WaitTimeoutError, BulkUploadError)), (str(hang), at, found)
        assert all(len(there) <= len(left[what]) for what, there in found_left.items())


@pytest.mark.parametrize("name", ["polled", "tools_polled", "stored", "batch", "bulk", "downloaded"])
@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)
def test_waits_end_in_time_where_looks_hang(
    name: str, flavour: Flavour, server: LocalServer, proxy: Proxy, tmp_path: Path
) -> None:
    stage = Stage(flavour, server, proxy, tmp_path)
    stage.looks_only = True
    gate = server.processing.hold("*")
    held = server.runs.hold()
    for hang in HANGS if SOAKING else HANGS[len(name) % 3 :: 3][:1]:
        started = time.monotonic()
        found, _ = stage.play(name, hang, 0, ever=True, wait={**QUICK, "max_wait_seconds": 0.2})
        assert time.monotonic() - started < PATIENCE
        assert isinstance(found, WaitTimeoutError if name != "downloaded" else APITimeoutError)
    gate.open()
    held.open()
