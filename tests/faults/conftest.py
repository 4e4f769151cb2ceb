"""Fixtures of these tests: three flavours of client, no long waits between attempts."""

from __future__ import annotations

import pytest

from openai_assistants import _polling, _toolbox, _uploads
from tests.fixtures import flavour as flavour, impatient as impatient


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tidying up is given up soon."""
    monkeypatch.setattr(_polling, "LAST_LOOK_SECONDS", 0.1)
    for module in (_polling, _uploads, _uploads):
        monkeypatch.setattr(module, "INTERRUPTED_SECONDS", 0.2)
    monkeypatch.setattr(_toolbox, "GIVE_UP_SECONDS", 0.2)
