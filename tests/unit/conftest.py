"""Fixtures of the unit tests: a clean environment, three flavours of connection, a clock that only moves when told."""

from __future__ import annotations

import sys
import time
from typing import Iterator

import anyio
import pytest

from openai_assistants import _connection, _exchange, _logs, _polling, _requests, _streaming, _together

from .support import FLAVOURS, Clock, Flavour

CLOCKED = (_connection, _exchange, _streaming, _polling)  # imported here so that `clock` finds them


@pytest.fixture(autouse=True)
def clean_state(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings from the environment, nothing already warned about."""
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL", "OPENAI_LOG"):
        monkeypatch.delenv(name, raising=False)
    _logs._told.clear()
    _requests._warned_hosts.clear()
    yield


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Flavour:
    """Blocking, asyncio, trio."""
    return request.param


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replaces the clock and the sleeping of this library, of nothing else."""
    fake = Clock()
    for name, module in list(sys.modules.items()):
        if name.startswith("openai_assistants.") and getattr(module, "time", None) is time:
            monkeypatch.setattr(module, "time", fake)
    monkeypatch.setattr(anyio, "sleep", fake.sleep_async)
    monkeypatch.setattr(_together, "pause", fake.pause)
    return fake
