"""Ready-made functions for `on_progress=` of `vector_stores.upload_files`."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generator

if TYPE_CHECKING:
    from ._bulk_files import BulkProgress, OnProgress

__all__ = ["rich_progress"]


@contextmanager
def rich_progress(description: str = "Uploading", *, console: Any = None) -> Generator[OnProgress, None, None]:
    """Show a bar in the terminal, by the library `rich` (`pip install "openai-assistants[cli]"`).

        with rich_progress() as on_progress:
            client.vector_stores.upload_files(store.id, files, on_progress=on_progress)

    Args:
        description: What to write in front of the bar.
        console: A `rich.console.Console` to write to. Default: the standard output.

    Yields:
        A function for `on_progress=`, for either client.

    Raises:
        ImportError: `rich` is not installed.
    """
    try:
        rich: Any = import_module("rich.progress")
    except ImportError as error:
        raise ImportError('rich_progress needs rich: pip install "openai-assistants[cli]"') from error
    columns = (
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TextColumn("[red]{task.fields[failures]}"),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=console) as bar:
        task = bar.add_task(description, total=None, failures="")

        def on_progress(progress: BulkProgress) -> None:
            failures = f"{progress.failed} failed" if progress.failed else ""
            bar.update(task, total=progress.total, completed=progress.done + progress.failed, failures=failures)

        yield on_progress
