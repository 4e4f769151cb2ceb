"""Fixtures of the unit tests: a clean environment, three flavours of connection, a clock that only moves when told."""

from __future__ import annotations

from typing import Iterator

import pytest

from openai_assistants import _connection, _exchange, _polling, _requests, _streaming
from tests.fixtures import flavour as flavour

from .support import Clock, forget_settings

CLOCKED = (_connection, _exchange, _streaming, _polling)  # imported here so that `clock` finds them


@pytest.fixture(autouse=True)
def clean_state(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings from the environment, nothing already warned about."""
    forget_settings(monkeypatch)
    _requests._warned_hosts.clear()
    yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replaces the clock and the sleeping of this library, of nothing else."""
    fake = Clock()
    fake.replace(monkeypatch)
    return fake
