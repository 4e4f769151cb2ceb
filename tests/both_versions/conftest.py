"""Fixtures: three flavours of client, of both packages, and a server that speaks both versions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures import (
    api as api,
    flavour as flavour,
    impatient as impatient,
    old as old,
    server as server,
)


@pytest.fixture
def server_settings() -> dict[str, Any]:
    """Runs are looked at often; many requests are kept."""
    return {"poll_after_ms": 1, "record_requests": 1000}
