"""What all tests share: both event loops for async tests, repeatable property tests, the database to test on."""

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which database the servers of the tests have."""
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="for servers in tests")


def pytest_configure(config: pytest.Config) -> None:
    """Begin with the database."""
    config.addinivalue_line("markers", "sqlite: about SQLite files as such")
    config.addinivalue_line("markers", "postgresql: about PostgreSQL and several workers as such")
    if config.getoption("--database") == "postgresql":
        from tests.databases import OnPostgres

        config.pluginmanager.register(OnPostgres(config), "on-postgres")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each database has a few tests of its own."""
    here = config.getoption("--database")
    other = "postgresql" if here == "sqlite" else "sqlite"
    left = [item for item in items if item.get_closest_marker(other) is not None]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
