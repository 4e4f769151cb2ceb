"""Fixtures: three flavours of client, of both packages, and a server that speaks both versions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from openai_assistants import _polling, _retry
from openai_assistants.server import LocalServer
from tests.server.support import BETA_V1, Api, api_of
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
    """A server without a socket, with its own empty database."""
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1, record_requests=1000) as running:
        yield running


@pytest.fixture
def api(server: LocalServer) -> Iterator[Api]:
    """A plain client of `server` that speaks version 2, and checks what it gets."""
    with api_of(server) as client:
        yield client


@pytest.fixture
def old(server: LocalServer) -> Iterator[Api]:
    """The same for version 1."""
    with api_of(server, BETA_V1) as client:
        yield client
