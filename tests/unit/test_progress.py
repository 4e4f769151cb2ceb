"""The ready-made progress bar: with a stand-in for `rich`, and with `rich` itself where that is installed."""

from __future__ import annotations

import io
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pytest

from openai_assistants import BulkProgress
from openai_assistants.progress import rich_progress


class FakeProgress:
    """What is used of `rich.progress.Progress`."""

    def __init__(self, *columns: object, console: Any) -> None:
        self.columns = columns
        self.shown: dict[str, Any] = {}
        self.running = False
        console.append(self)

    def __enter__(self) -> FakeProgress:
        self.running = True
        return self

    def __exit__(self, *error: object) -> None:
        self.running = False

    def add_task(self, description: str, *, total: int | None, **fields: Any) -> int:
        self.shown = {"description": description, "total": total, **fields}
        return 7

    def update(self, task: int, **changes: Any) -> None:
        assert task == 7
        self.shown |= changes


def test_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    fake: Any = ModuleType("rich.progress")
    fake.Progress = FakeProgress
    fake.TextColumn = fake.BarColumn = fake.MofNCompleteColumn = fake.TimeRemainingColumn = lambda *texts: texts
    monkeypatch.setitem(sys.modules, "rich", ModuleType("rich"))
    monkeypatch.setitem(sys.modules, "rich.progress", fake)
    bars: list[FakeProgress] = []
    with rich_progress("Reports", console=bars) as on_progress:
        (bar,) = bars
        assert bar.running
        assert bar.shown == {"description": "Reports", "total": None, "failures": ""}
        on_progress(BulkProgress(None, 3, 1, 0, None))
        assert (bar.shown["total"], bar.shown["completed"], bar.shown["failures"]) == (None, 1, "")
        on_progress(BulkProgress(10, 9, 5, 2, None))
        assert (bar.shown["total"], bar.shown["completed"], bar.shown["failures"]) == (10, 7, "2 failed")
    assert not bar.running


def test_without_rich_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.progress", None)
    with pytest.raises(ImportError, match=r"openai-assistants\[cli\]"), rich_progress():
        pass


if find_spec("rich") is not None:

    def test_rich_itself() -> None:
        from rich.console import Console  # type: ignore[import-not-found, unused-ignore]

        output = io.StringIO()
        with rich_progress("Reports", console=Console(file=output, width=100)) as on_progress:
            on_progress(BulkProgress(10, 9, 8, 2, None))
        assert "Reports" in output.getvalue()
        assert "10/10" in output.getvalue()
        assert "2 failed" in output.getvalue()
