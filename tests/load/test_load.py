"""Many streams at once: each gets all its events in order. The figures come from `python -m tests.load`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.soak import count

from .measure import many_streams, start_up

STREAMS = count(60, 200)


@pytest.mark.parametrize("kind", [":memory:", "file"])
def test_many_streams_at_once(kind: str, tmp_path: Path) -> None:
    database = str(tmp_path / "load.db") if kind == "file" else kind
    found = many_streams(STREAMS, python=sys.executable, module="openai_assistants", database=database)
    assert found["at_once"] > STREAMS / 2


def test_many_streams_of_the_official_client(peer_python: str) -> None:
    found = many_streams(STREAMS, python=peer_python, module="openai")
    assert found["at_once"] > STREAMS / 2


def test_the_server_starts_as_a_program() -> None:
    assert start_up() > 0
