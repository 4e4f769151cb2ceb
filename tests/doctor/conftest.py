"""The doctor does not wait long between two looks at a run."""

from __future__ import annotations

import pytest

from openai_assistants import _polling


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_polling, "DEFAULT_INTERVAL", 0.002)
