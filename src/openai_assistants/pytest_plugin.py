"""Fixtures for pytest: a server of its own for each test, and clients of it. pytest finds them by itself.

    def test_greeting(assistants_server, openai_client):
        assistants_server.scripts.add("Hello!")
        assert my_program.greet(openai_client) == "Hello!"

    @pytest.mark.assistants_server(models={"gpt-*": "offline"}, run_lifetime_seconds=5)
    async def test_with_settings(async_openai_client): ...

The server is there as long as the test, empty, on a free loopback port. `OPENAI_BASE_URL` and `OPENAI_API_KEY` lead to
it meanwhile, past any proxy, so clients that the tested program makes for itself find it, too, also in processes that
it starts. When a test fails, its report has the requests that the server received. The keyword arguments of the mark
are those of `Settings`; marks of a module, a class and a test add up, the nearest counts most.

For a server that several tests share, write a fixture of your own around `LocalServer`.
"""

from __future__ import annotations

import os
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
        server = LocalServer(**settings).start()
    except (TypeError, ValueError) as error:
        pytest.fail(f"the mark {MARK}: {error}", pytrace=False)
    try:
        request.node.stash[_SERVER] = server
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", next(iter(server.settings.api_keys), "local"))
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(name, ",".join(filter(None, ["127.0.0.1", os.environ.get(name)])))
        yield server
    finally:
        server.stop()


@pytest.fixture
def openai_client(assistants_server: LocalServer) -> Iterator[OpenAI]:
    """A client of `assistants_server`."""
    with assistants_server.client() as client:
        yield client


@pytest.fixture
def async_openai_client(assistants_server: LocalServer) -> AsyncOpenAI:
    """An async client of `assistants_server`, for tests in any event loop. It leaves no connection open behind a call,
    so nothing has to be closed in the loop, which may be one for many tests."""
    return assistants_server.async_client(default_headers={"Connection": "close"})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what the server received to the report of a failed test."""
    report = yield
    server = item.stash.get(_SERVER, None)
    if report.when == "call" and report.failed and server is not None:
        report.sections.append(("Requests received by assistants_server", "\n".join(_received(server))))
    return report


def _received(server: LocalServer) -> Iterator[str]:
    if (earlier := len(server.requests) - _SHOWN) > 0:
        yield f"({earlier} earlier ones)"
    for each in server.requests[-_SHOWN:]:
        yield f"{each.method} {each.path}{'?' + each.query if each.query else ''} -> {each.status or 'no answer'}"
    if not server.requests:
        yield "none"
    if scripts := len(server.scripts.waiting):
        yield f"({scripts} of the scripts not taken by any run)"
    if faults := server.faults.waiting:
        yield f"(faults that did not happen: {', '.join(each.kind for each in faults)})"
