"""Fixtures of the helpers' tests: three flavours of client, a server, and no long waits between attempts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from openai_assistants import _polling, _retry
from openai_assistants.server import LocalServer
from tests.unit.support import FLAVOURS, Flavour


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Flavour:
    """Blocking, asyncio, trio."""
    return request.param


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Next attempts come at once."""
    monkeypatch.setattr(_retry, "INITIAL_DELAY", 0.001)
    monkeypatch.setattr(_polling, "DEFAULT_INTERVAL", 0.001)


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A server without a socket, with its own empty database and a clock that stands still."""
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1, record_requests=10_000) as running:
        yield running
