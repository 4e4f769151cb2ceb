"""A clock that moves only when somebody sleeps, and how many cases each test has tried."""

from __future__ import annotations

from typing import Iterator

import pytest

from openai_assistants import _connection, _exchange, _polling, _streaming
from tests.soak import SOAKING
from tests.unit import support as unit

from . import support

CLOCKED = (_connection, _exchange, _streaming, _polling)  # imported here so that `clock` finds them


class Clock(unit.Clock):
    """A clock that every case begins anew."""

    def restart(self) -> None:
        """Forget what has been."""
        self.__init__()  # type: ignore[misc]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replaces the clock and the sleeping of this library: no case waits."""
    unit.forget_settings(monkeypatch)
    fake = Clock()
    fake.replace(monkeypatch)
    return fake


@pytest.fixture(autouse=True)
def told(request: pytest.FixtureRequest) -> Iterator[None]:
    """How many cases were tried, told when soaking."""
    before = support.cases
    yield
    request.node.user_properties.append(("cases", support.cases - before))
    if SOAKING:
        print(f"{request.node.nodeid}: {support.cases - before} cases")
