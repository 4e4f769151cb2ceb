"""What all tests share: both event loops for async tests, repeatable property tests, the database to test on."""

from __future__ import annotations

import gc
import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.soak import SOAKING

HERE = Path(__file__).parent
ON_TRIO_WHEN_SOAKING = ("both_versions", "dialects", "faults", "helpers")

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which database the servers of the tests have."""
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="for servers in tests")


def pytest_configure(config: pytest.Config) -> None:
    """Begin with the database. A shell that starts the tests in the background may have them ignore Ctrl-C, which some
    of them send."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "sqlite: about SQLite files as such")
    config.addinivalue_line("markers", "postgresql: about PostgreSQL and several workers as such")
    config.addinivalue_line("markers", "once: no database can change the outcome")
    if config.getoption("--database") == "postgresql":
        from tests.databases import OnPostgres

        config.pluginmanager.register(OnPostgres(config), "on-postgres")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each database has a few tests of its own. Whole programs are tried on trio when soaking: what is different there,
    the driver and the HTTP library, tests/unit go through each time. PostgreSQL's do not repeat what is the same on any
    database; it sees no difference either between a client that blocks, one of asyncio and one of trio."""
    on_postgresql = config.getoption("--database") == "postgresql"
    marks = ("sqlite", "once") if on_postgresql else ("postgresql",)
    alike = () if SOAKING else ON_TRIO_WHEN_SOAKING
    left: list[pytest.Item] = []
    kept: list[pytest.Item] = []
    for item in items:
        arguments = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        repeated = "trio" in item.name or ("flavour" in arguments and "asyncio" not in item.name)
        marked = any(item.get_closest_marker(mark) for mark in marks)
        whole_programs = "trio" in item.name and item.path.relative_to(HERE).parts[0] in alike
        (left if marked or whole_programs or (on_postgresql and repeated) else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def pytest_collection_finish() -> None:
    """Thousands of tests that wait for their turn are nothing that the garbage collector should look at each time."""
    gc.collect()
    gc.freeze()
