"""Fixtures of several folders, whose conftests import those that they need. What the servers of a folder have of their
own its fixture `server_settings` says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from openai_assistants import _flow, _http, _polling
from tests.unit.support import FLAVOURS, Flavour

if TYPE_CHECKING:
    from openai_assistants.server import LocalServer
    from tests.server.support import Api


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Flavour:
    """Blocking, asyncio, trio."""
    return request.param


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Next attempts, and next looks at what takes its time, come at once."""
    monkeypatch.setattr(_http, "INITIAL_DELAY", 0.001)
    monkeypatch.setattr(_polling, "DEFAULT_INTERVAL", 0.001)


@pytest.fixture
def interrupted_between_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C strikes while an exception is handed from one step of a call to the next."""

    def strike(error: BaseException) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(_flow, "scrub", strike)


@pytest.fixture
def server(server_settings: dict[str, Any]) -> Iterator[LocalServer]:
    """A server without a socket, with its own empty database."""
    from openai_assistants.server import LocalServer  # not for tests without a server

    with LocalServer(in_process=True, drain_seconds=0.0, **server_settings) as running:
        yield running


@pytest.fixture
def api(server: LocalServer) -> Iterator[Api]:
    """A plain client of `server` that checks what it gets."""
    from tests.server.support import api_of

    with api_of(server) as client:
        yield client


@pytest.fixture
def old(server: LocalServer) -> Iterator[Api]:
    """The same for version 1."""
    from tests.server.support import BETA_V1, api_of

    with api_of(server, BETA_V1) as client:
        yield client
