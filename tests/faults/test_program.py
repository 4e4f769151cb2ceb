"""All operations in the order in which a program uses them, over a connection that breaks at every request: the server
honours idempotency keys, so the program notices nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from openai_assistants import AsyncOpenAI, OpenAI
from openai_assistants.server import LocalServer
from tests.operations.table import ROWS, row_of
from tests.operations.test_over_http import Program
from tests.soak import SOAKING
from tests.unit.support import Flavour

from .proxy import Proxy, Spoil

# On trio, httpx leaves its own async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'httpx\.:ResourceWarning")

BEFORE = [
    Spoil("before request", "reset"),
    Spoil("before request", "close"),
    Spoil("before request", "delay"),
    Spoil("request head", "reset"),
    Spoil("request head", "close", at=0),
    Spoil("request head", "trickle"),
    Spoil("request body", "reset"),
    Spoil("request body", "close", at=0),
    Spoil("request body", "trickle", at=0.99),
]
"""The work was not done, or no harm was done."""
AFTER = [
    Spoil("before answer", "reset"),
    Spoil("before answer", "close"),
    Spoil("answer head", "reset"),
    Spoil("answer head", "close", at=0.9),
    Spoil("answer head", "garble", at=0),
    Spoil("answer head", "trickle"),
    Spoil("before body", "reset"),
    Spoil("before body", "close"),
    Spoil("before body", "delay"),
    Spoil("answer body", "reset"),
    Spoil("answer body", "close"),
    Spoil("answer body", "trickle"),
    Spoil("after answer", "reset"),
    Spoil("after answer", "close"),
]
"""The work was done, and the answer lost."""

STREAMED = ("createRun", "createThreadAndRun", "submitToolOuputsToRun")


class Choice:
    """One spoil after the other; each request passes when it comes again."""

    def __init__(self, first: int, sequence: list[Spoil]) -> None:
        self._number = first
        self._sequence = sequence
        self._seen: dict[str, int] = {}

    def __call__(self, method: str, path: str, number: int) -> Spoil | None:
        path = path.partition("?")[0]
        operation = row_of(method, path.removeprefix("/v1")).operation
        self._seen[operation] = self._seen.get(operation, 0) + 1
        if self._seen[operation] % 2 == 0:
            return None
        self._number += 1
        spoil = self._sequence[self._number % len(self._sequence)]
        if operation in STREAMED and spoil.where == "answer body" and spoil.how != "trickle":
            return None  # where events have come, only `resume` goes on
        # What was deleted cannot be deleted again: the second answer is a 404.
        return None if method == "DELETE" and spoil in AFTER else spoil


@pytest.mark.parametrize("first", range(len(BEFORE + AFTER) if SOAKING else 1))
def test_a_program_notices_nothing(flavour: Flavour, tmp_path: Path, first: int) -> None:
    with LocalServer(drain_seconds=0.0) as server, Proxy(address_of(server)) as proxy:
        proxy.choose = Choice(first + ("sync", "asyncio", "trio").index(flavour.name) * 5, BEFORE + AFTER)
        settings: Any = {"base_url": proxy.url, "api_key": "any", "max_retries": 3, "strict": True}

        async def blocking() -> None:
            with OpenAI(**settings) as client:
                await Program(client, server).all(tmp_path)

        async def awaiting() -> None:
            async with AsyncOpenAI(**settings) as client:
                await Program(client, server).all(tmp_path)

        anyio.run(awaiting if flavour.is_async else blocking, backend="trio" if flavour.name == "trio" else "asyncio")
        assert {row_of(m, p.partition("?")[0].removeprefix("/v1")).operation for m, p in proxy.requests} == {
            row.operation for row in ROWS if row.version == "v2"
        }
        assert sum(proxy.spoiled.values()) > 60


def address_of(server: LocalServer) -> tuple[str, int]:
    """Host and port of a server."""
    host, _, port = server.base_url.removeprefix("http://").partition("/")[0].partition(":")
    return host, int(port)
