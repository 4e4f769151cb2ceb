"""Where the official client is: in an environment of its own, which `make test` makes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_HERE = Path(__file__).parents[2] / ".venv-peer" / "bin" / "python"


@pytest.fixture(scope="session")
def peer_python() -> str:
    """The interpreter that has the package `openai`."""
    python = os.environ.get("OPENAI_ASSISTANTS_PEER_PYTHON", str(_HERE))
    assert Path(python).exists(), f"{python} is missing: make it with `make peer`"
    return python
