"""Fixtures of the dialects' tests: three flavours of client, and no long waits between attempts."""

from __future__ import annotations

import pytest

from openai_assistants import _polling, _retry
from tests.unit.support import FLAVOURS, Flavour


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Flavour:
    """Blocking, asyncio, trio."""
    return request.param


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Next attempts come at once."""
    monkeypatch.setattr(_retry, "INITIAL_DELAY", 0.001)
    monkeypatch.setattr(_polling, "DEFAULT_INTERVAL", 0.002)
