"""What all tests share: both event loops for async tests, repeatable property tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "repeatable", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The event loop of tests marked `anyio`."""
    return str(request.param)


@pytest.fixture(scope="session")
def peer_python() -> str:
    """The interpreter of an environment of its own that has the official client; `make peer` makes it."""
    default = Path(__file__).parents[1] / ".venv-peer" / "bin" / "python"
    python = os.environ.get("OPENAI_ASSISTANTS_PEER_PYTHON", str(default))
    assert Path(python).exists(), f"{python} is missing: make it with `make peer`"
    return python
