"""Fixtures: a running server, in this process or on the loopback interface, and a checked client for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from openai_assistants.server import LocalServer
from openai_assistants.server.models.chat import ChatModel
from openai_assistants.server.vector_stores import reading
from tests.fixtures import api as api, old as old, server as server

from .support import Api, api_of
from .upstream import Upstream, upstream_server


@pytest.fixture(scope="session", autouse=True)
def coverage_of_readers() -> Iterator[None]:
    """The processes that read documents, which get hardly any variables, are measured, too, if this one is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_PASSED_ON", (*reading._PASSED_ON, "COVERAGE_PROCESS_CONFIG"))
        yield


@pytest.fixture
def server_settings() -> dict[str, Any]:
    """As programs get it."""
    return {}


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


@pytest.fixture(scope="session")
def running_upstream() -> Iterator[Upstream]:
    """A chat-completions server on a loopback port."""
    with upstream_server() as running:
        yield running


@pytest.fixture
def upstream(running_upstream: Upstream) -> Upstream:
    """The same as if it were new."""
    running_upstream.reset()
    return running_upstream


@pytest.fixture
def chat(upstream: Upstream) -> Iterator[Callable[..., Api]]:
    """Makes a server whose runs the upstream answers; arguments are those of `ChatModel`."""
    with ExitStack() as stack:

        def make(settings: dict[str, Any] | None = None, **options: Any) -> Api:
            model = ChatModel(upstream.url, **{"api_key": "", **options})
            server = LocalServer(in_process=True, drain_seconds=0.0, models={"*": model}, **(settings or {}))
            return stack.enter_context(api_of(stack.enter_context(server)))

        yield make
