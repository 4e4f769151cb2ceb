"""Fixtures of these tests: three flavours of client, no long waits between attempts."""

from __future__ import annotations

import pytest

from openai_assistants import _bulk_upload, _polling, _retry, _toolbox, _uploads
from tests.unit.support import FLAVOURS, Flavour


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Flavour:
    """Blocking, asyncio, trio."""
    return request.param


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Next attempts come at once, and tidying up is given up soon."""
    monkeypatch.setattr(_retry, "INITIAL_DELAY", 0.001)
    monkeypatch.setattr(_polling, "DEFAULT_INTERVAL", 0.001)
    monkeypatch.setattr(_polling, "LAST_LOOK_SECONDS", 0.1)
    for module in (_polling, _bulk_upload, _uploads):
        monkeypatch.setattr(module, "INTERRUPTED_SECONDS", 0.2)
    monkeypatch.setattr(_toolbox, "GIVE_UP_SECONDS", 0.2)
