"""Fixtures of these tests: three flavours of client, no long waits between attempts."""

from __future__ import annotations

import pytest

from openai_assistants import _bulk_upload, _chunked_upload, _retry, _tool_rounds, _waiting
from tests.unit.support import FLAVOURS, Flavour


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Flavour:
    """Blocking, asyncio, trio."""
    return request.param


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Next attempts come at once, and tidying up is given up soon."""
    monkeypatch.setattr(_retry, "INITIAL_DELAY", 0.001)
    monkeypatch.setattr(_waiting, "DEFAULT_INTERVAL", 0.001)
    monkeypatch.setattr(_waiting, "LAST_LOOK_SECONDS", 0.1)
    for module in (_waiting, _bulk_upload, _chunked_upload):
        monkeypatch.setattr(module, "INTERRUPTED_SECONDS", 0.2)
    monkeypatch.setattr(_tool_rounds, "GIVE_UP_SECONDS", 0.2)
