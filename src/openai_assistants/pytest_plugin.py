"""Fixtures for pytest: a server of its own for each test, and clients of it. pytest finds them by itself.

    def test_greeting(assistants_server, openai_client):
        assistants_server.scripts.add("Hello!")
        assert my_program.greet(openai_client) == "Hello!"

    @pytest.mark.assistants_server(models={"gpt-*": "offline"}, run_lifetime_seconds=5)
    async def test_with_settings(async_openai_client): ...

The server is there as long as the test, empty, on a free loopback port. `OPENAI_BASE_URL` and `OPENAI_API_KEY` lead to
it meanwhile, so clients that the tested program makes for itself find it, too. When a test fails, its report has the
requests that the server received. The keyword arguments of the mark are those of `Settings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generator, Iterator

import pytest

if TYPE_CHECKING:
    from openai_assistants import AsyncOpenAI, OpenAI
    from openai_assistants.server import LocalServer

MARK = "assistants_server"
_SHOWN = 50
_SERVER = pytest.StashKey["LocalServer"]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", f"{MARK}(**settings): settings of the server that the fixture starts")


@pytest.fixture
def assistants_server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """A server of the Assistants API for this test alone: scripts, faults, clock, a record of the requests."""
    try:
        from openai_assistants.server import LocalServer
    except ImportError as error:
        pytest.fail(str(error), pytrace=False)
    settings: dict[str, Any] = {"drain_seconds": 0.0}
    for mark in reversed(list(request.node.iter_markers(MARK))):  # that of the test itself comes last
        if mark.args:
            pytest.fail(f"the mark {MARK} takes keyword arguments only: those of Settings", pytrace=False)
        settings.update(mark.kwargs)
    try:
        server = LocalServer(**settings)
    except (TypeError, ValueError) as error:
        pytest.fail(f"the mark {MARK}: {error}", pytrace=False)
    with server:
        request.node.stash[_SERVER] = server
        keys = server.settings.api_keys
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", keys[0] if keys else "local")
        yield server


@pytest.fixture
def openai_client(assistants_server: LocalServer) -> Iterator[OpenAI]:
    """A client of `assistants_server`."""
    with assistants_server.client() as client:
        yield client


@pytest.fixture
def async_openai_client(assistants_server: LocalServer) -> AsyncOpenAI:
    """An async client of `assistants_server`, for tests in any event loop; its connections are closed with the loop."""
    return assistants_server.async_client()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what the server received to the report of a failed test."""
    report = yield
    server = item.stash.get(_SERVER, None)
    if report.when == "call" and report.failed and server is not None:
        lines = [
            f"{each.method} {each.path}{'?' + each.query if each.query else ''} -> {each.status or 'no answer'}"
            for each in server.requests[-_SHOWN:]
        ]
        report.sections.append(("Requests received by assistants_server", "\n".join(lines) or "none"))
    return report
