"""Programs that are cancelled at every step: they end and leave no task, connection or file; the client goes on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from openai_assistants import AsyncOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient
from openai_assistants.server import LocalServer
from tests.soak import SOAKING

from .cancelling import Canceller, How
from .leaks import assert_settled_async, tasks, temporary_files
from .proxy import Proxy
from .scenarios import QUICK, SCENARIOS, World
from .test_program import address_of

# On trio, httpx leaves its own async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'http(x|core)\.:ResourceWarning")

WAYS: tuple[How, ...] = ("asyncio task", "asyncio scope", "trio scope")
CANCELLED_HERE = ("polled", "streamed", "events", "tools_polled", "tools_streamed", "bulk", "chunked", "downloaded")


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    """A server on a loopback port."""
    with LocalServer(drain_seconds=0.0, poll_after_ms=5, record_requests=10) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(server: LocalServer) -> Iterator[Proxy]:
    """Counts the connections."""
    with Proxy(address_of(server)) as running:
        yield running


class Runner:
    """Cancels a scenario at one step after the other."""

    def __init__(self, name: str, how: How, server: LocalServer, proxy: Proxy, folder: Path) -> None:
        self.scenario = SCENARIOS[name]
        self.how = how
        self.server = server
        self.proxy = proxy
        self.folder = folder
        self.plain: Any = server.client(http_client=DefaultHttpxClient(verify=False))

    async def steps(self, client: Any) -> int:
        """How many steps it takes."""
        world = World(self.server, self.plain, client, self.folder, {}, QUICK)
        canceller = Canceller(self.how, -2)
        await canceller.run(lambda: self._play(world))
        return canceller.steps

    async def cancelled_at(self, client: Any, at: int) -> bool:
        """Says whether it came that far."""
        world = World(self.server, self.plain, client, self.folder, {}, QUICK)
        running, files = tasks(), temporary_files()
        canceller = Canceller(self.how, at)
        ended = await canceller.run(lambda: self._play(world))
        # A scope is left quietly where nothing more was waited for; a task that was told to end must not go on.
        assert ended or not canceller.struck or self.how != "asyncio task"
        await assert_settled_async(client, self.proxy, running)
        assert temporary_files() == files
        assert (await client.beta.assistants.retrieve(world.assistant)).id == world.assistant
        return canceller.struck

    async def _play(self, world: World) -> None:
        await self.scenario(world)


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("name", SCENARIOS if SOAKING else CANCELLED_HERE)
def test_cancelled_at_every_step(
    name: str, how: How, server: LocalServer, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    runner = Runner(name, how, server, proxy, tmp_path)

    async def main() -> None:
        http = DefaultAsyncHttpxClient(verify=False)
        async with AsyncOpenAI(base_url=proxy.url, api_key="any", http_client=http) as client:
            steps = await runner.steps(client)
            assert steps > 3
            for at in range(steps) if SOAKING else range(len(name) % 7, steps, max(1, steps // 3)):
                if not await runner.cancelled_at(client, at):
                    break

    anyio.run(main, backend=how.partition(" ")[0])
