"""Fixtures: the flavours, a server that is reached over sockets, a clean state."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from openai_assistants import _logs, _requests
from openai_assistants.server import LocalServer
from tests.unit.support import FLAVOURS, Flavour


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Flavour:
    """Blocking, and awaiting on both event loops."""
    return request.param


@pytest.fixture(autouse=True)
def clean_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings from the environment, nothing already warned about."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_LOG", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    _logs._told.clear()
    _requests._warned_hosts.clear()


@pytest.fixture(scope="session")
def running() -> Iterator[LocalServer]:
    with LocalServer(drain_seconds=0.0, keep_alive_seconds=60) as server:
        yield server


@pytest.fixture
def server(running: LocalServer) -> Iterator[LocalServer]:
    """A server without faults."""
    running.requests.clear()
    yield running
    running.faults.clear()
    running.scripts.clear()
