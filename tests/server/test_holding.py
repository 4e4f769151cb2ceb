"""Runs that are stuck because a test wants them to be."""

from __future__ import annotations

from typing import Any

import pytest

from openai_assistants.server import LocalServer

from .support import Api, api_of, frozen, wait_for


def started(api: Api, model: str = "gpt-4o") -> tuple[str, str]:
    """A run of a new thread: its path, and its thread's id."""
    assistant = api.post("/assistants", {"model": model})
    thread_id = api.thread("Hello")
    run = api.post(f"/threads/{thread_id}/runs", {"assistant_id": assistant["id"]})
    return f"/threads/{thread_id}/runs/{run['id']}", thread_id


def status(api: Api, path: str, wanted: str) -> dict[str, Any]:
    run: dict[str, Any] = wait_for(lambda: api.get(path), lambda run: run["status"] == wanted)
    return run


@pytest.mark.parametrize("where", ["queued", "in_progress"])
def test_a_run_stays_where_it_is_held(server: LocalServer, api: Api, where: Any) -> None:
    gate = server.runs.hold(status=where)
    path, _ = started(api)
    assert gate.reached.wait(10)
    assert api.get(path)["status"] == where
    gate.open()
    status(api, path, "completed")


def test_only_as_many_runs_and_only_those_of_the_model(server: LocalServer, api: Api) -> None:
    gate = server.runs.hold(model="slow-*", status="queued", times=1)
    status(api, started(api, "quick")[0], "completed")
    held, _ = started(api, "slow-1")
    assert gate.reached.wait(10)
    status(api, started(api, "slow-2")[0], "completed")
    assert api.get(held)["status"] == "queued"
    server.runs.hold(status="queued", times=2)
    two = [started(api)[0] for _ in range(2)]
    status(api, started(api)[0], "completed")
    assert [api.get(each)["status"] for each in two] == ["queued"] * 2
    server.runs.hold()
    server.runs.clear()
    status(api, started(api)[0], "completed")


def test_a_stuck_run_can_be_cancelled(server: LocalServer, api: Api) -> None:
    gate = server.runs.hold(status="in_progress")
    path, _ = started(api)
    assert gate.reached.wait(10)
    api.post(f"{path}/cancel")
    status(api, path, "cancelled")


@pytest.mark.parametrize("where", ["queued", "in_progress"])
def test_a_stuck_run_expires(where: Any) -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        gate = server.runs.hold(status=where)
        path, _ = started(api)
        assert gate.reached.wait(10)
        server.clock.advance(601)
        status(api, path, "expired")


def test_what_cannot_be_held(server: LocalServer) -> None:
    with pytest.raises(ValueError, match="queued or in_progress"):
        server.runs.hold(status="completed")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="1 or more"):
        server.runs.hold(times=0)
