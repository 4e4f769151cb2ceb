"""A server for attacks, which must not have failed at any of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from openai_assistants.server import LocalServer

from .support import is_well


@pytest.fixture(scope="module")
def running() -> Iterator[LocalServer]:
    with LocalServer(drain_seconds=0.0, client_timeout_seconds=0.5, max_body_bytes=1 << 20) as server:
        yield server


@pytest.fixture
def target(running: LocalServer, caplog: pytest.LogCaptureFixture) -> Iterator[LocalServer]:
    """The server; in the end it serves others as before, and has nothing to complain of."""
    with caplog.at_level(logging.INFO):
        yield running
        assert is_well(running)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
