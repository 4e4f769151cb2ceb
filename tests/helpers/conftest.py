"""Fixtures of the helpers' tests: three flavours of client, a server, and no long waits between attempts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures import (
    flavour as flavour,
    impatient as impatient,
    interrupted_between_steps as interrupted_between_steps,
    server as server,
)


@pytest.fixture
def server_settings() -> dict[str, Any]:
    """Runs are looked at often; all requests are kept."""
    return {"poll_after_ms": 1, "record_requests": 10_000}
