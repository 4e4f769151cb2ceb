"""Fixtures of the tests of migrations: three flavours of client, two servers, and no long waits between attempts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from openai_assistants.server import LocalServer
from tests.fixtures import flavour as flavour, impatient as impatient


@pytest.fixture
def target() -> Iterator[LocalServer]:
    """The server that gets the objects."""
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1) as running:
        yield running


@pytest.fixture
def source() -> Iterator[LocalServer]:
    """The server that has the objects."""
    with LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1) as running:
        yield running


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A journal that is not there yet."""
    return tmp_path / "journal.jsonl"


@pytest.fixture
def contents(tmp_path: Path) -> Path:
    """A folder with the contents of two files."""
    folder = tmp_path / "contents"
    (folder / "file-2").mkdir(parents=True)
    (folder / "file-1.md").write_text("Tulips flower in April.")
    (folder / "file-2" / "roses.md").write_text("Roses flower in June.")
    return folder
