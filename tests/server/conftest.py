"""Fixtures: a running server, in this process or on the loopback interface, and a checked client for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from openai_assistants.server import LocalServer

from .support import Api, api_of


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A server without a socket, with its own empty database."""
    with LocalServer(in_process=True, drain_seconds=0.0) as running:
        yield running


@pytest.fixture
def api(server: LocalServer) -> Iterator[Api]:
    """A client of `server`."""
    with api_of(server) as client:
        yield client


@pytest.fixture
def loopback() -> Iterator[LocalServer]:
    """A server on a loopback port."""
    with LocalServer(drain_seconds=0.0) as running:
        yield running


@pytest.fixture
def loopback_api(loopback: LocalServer) -> Iterator[Api]:
    """A client of `loopback`."""
    with api_of(loopback) as client:
        yield client
