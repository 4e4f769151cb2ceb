"""What carries runs out: what it lets go of, and what it waits for, when its server stops."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from openai_assistants.server import Gate, LocalServer, Settings, Turn, create_app
from openai_assistants.server.models import TextDelta, Turn as ModelTurn

from .support import BETA, Api, api_of, runs_at_work, wait_for
from .test_code_interpreter import FakeSandbox
from .test_runs import path_of

pytestmark = pytest.mark.once


@pytest.mark.parametrize("patience", [0.0, 60.0])
def test_no_task_is_left_in_the_loop_of_a_server_that_has_stopped(patience: float) -> None:
    """With patience, someone asks it to hurry after all."""
    settings = Settings(drain_seconds=patience)
    settings.scripts.add(Turn(deltas=["So far", gate := Gate()]))
    app = create_app(settings)
    told: list[bytes] = []

    async def follow(client: httpx.AsyncClient) -> None:
        assistant = (await client.post("/assistants", json={"model": "m"})).json()
        body = {"assistant_id": assistant["id"], "stream": True}
        told.append((await client.post("/threads/runs", json=body)).content)

    async def main() -> set[asyncio.Task[Any]]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://localhost/v1", headers=BETA
        ) as client:
            async with asyncio.timeout(30), app.router.lifespan_context(app):
                following = asyncio.create_task(follow(client))
                await asyncio.to_thread(gate.reached.wait, 10)
                if patience:
                    asyncio.get_running_loop().call_later(0.05, app.state.services.hurry)
            await following
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert asyncio.run(main()) == set()
    assert b"The server was stopped while this run was in progress." in told[0]


def test_a_run_that_ends_by_itself_is_waited_for_no_longer(tmp_path: Path) -> None:
    gate = Gate()
    settings: dict[str, Any] = {"in_process": True, "database": str(tmp_path / "a.db"), "drain_seconds": 60.0}
    with LocalServer(**settings) as server, api_of(server) as api:
        server.scripts.add(Turn(deltas=["a", gate, "b"]))
        run = api.run(api.thread("q"), api.assistant())
        assert gate.reached.wait(10)
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        gate.open()
        stopping.join(30)
        assert not stopping.is_alive()
    with LocalServer(**settings) as server, api_of(server) as api:
        assert api.get(path_of(run))["status"] == "completed"


class Tidy:
    """Lets go of what it holds in its own time."""

    name = "tidy"

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.tidied = threading.Event()

    async def respond(self, turn: ModelTurn) -> Any:
        try:
            yield TextDelta("So far")
            self.begun.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            self.tidied.set()


@pytest.mark.parametrize("end", ["stop", "cancel", "delete"])
def test_a_model_may_tidy_up(end: str) -> None:
    model = Tidy()
    with LocalServer(in_process=True, drain_seconds=0.0, models={"*": model}) as server, api_of(server) as api:
        run = api.run(api.thread("q"), api.assistant())
        assert model.begun.wait(10)
        if end == "cancel":
            api.post(f"{path_of(run)}/cancel")
            assert api.run_in(run, "cancelled")
        elif end == "delete":
            api.delete(f"/threads/{run['thread_id']}")
            wait_for(lambda: runs_at_work(server), lambda running: not running)
    assert model.tidied.is_set()


class Slow(FakeSandbox):
    """Takes its time to forget."""

    async def close(self, session: str) -> None:
        await asyncio.sleep(0.05)
        await super().close(session)


def test_what_is_kept_for_a_thread_is_let_go_of_before_the_server_has_stopped() -> None:
    sandbox = Slow()
    with LocalServer(in_process=True, drain_seconds=0.0, code=sandbox) as server, api_of(server) as api:
        thread_id = api.thread("q")
        api.delete(f"/threads/{thread_id}")
        wait_for(lambda: server.services[0].engine._chores, bool)
    assert sandbox.sessions == [f"closed {thread_id}"]


def test_small_work_is_not_remembered(api: Api, server: LocalServer) -> None:
    for _ in range(3):
        api.delete(f"/threads/{api.thread('q')}")
    wait_for(lambda: [each.engine._chores for each in server.services], lambda found: not any(found))


def test_a_run_that_is_over_or_gone_is_left_alone() -> None:
    """Who is told of a run may come too late."""
    app = create_app(Settings())

    async def main() -> None:
        async with (
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x/v1", headers=BETA) as client,
            asyncio.timeout(30),
            app.router.lifespan_context(app),
        ):
            assistant = (await client.post("/assistants", json={"model": "m"})).json()
            run = (await client.post("/threads/runs", json={"assistant_id": assistant["id"]})).json()
            while run["status"] != "completed":
                run = (await client.get(path_of(run))).json()
            engine = app.state.services.first.engine
            for run_id in (run["id"], "run_gone"):
                engine.launch(run_id)
                while run_id in engine.at_work:
                    await asyncio.sleep(0)
            assert (await client.get(path_of(run))).json() == run

    asyncio.run(main())
