"""Counts the files of a bulk upload and tells the program how far it is."""

from __future__ import annotations

import inspect
from typing import Any

from ._bulk import BulkFile, BulkProgress, OnProgress
from ._flow import Flow, Perform


class Tally:
    """How far a bulk upload is. Only the thread or task that waits for the others counts."""

    def __init__(self, total: int | None, on_progress: OnProgress | None) -> None:
        self.total = total
        self._on_progress = on_progress
        self._uploaded = self._done = self._failed = 0

    def uploaded(self, entry: BulkFile) -> Flow[None]:
        """The server has the content of a file."""
        self._uploaded += 1
        if entry.status == "unchanged":
            self._done += 1
        yield from self._tell(entry)

    def ended(self, entry: BulkFile) -> Flow[None]:
        """A file is processed, or has failed."""
        if entry.status == "failed":
            self._failed += 1
        else:
            self._done += 1
        yield from self._tell(entry)

    def duplicate(self, entry: BulkFile) -> Flow[None]:
        """A file had the same content as another one, which has been uploaded."""
        self._uploaded += 1
        yield from self.ended(entry)

    def _tell(self, entry: BulkFile) -> Flow[None]:
        if self._on_progress is None:
            return
        progress = BulkProgress(self.total, self._uploaded, self._done, self._failed, entry)
        yield _call(self._on_progress, progress)


def _call(on_progress: OnProgress, progress: BulkProgress) -> Perform:
    def blocking() -> None:
        value: Any = on_progress(progress)
        if inspect.isawaitable(value):
            close = getattr(value, "close", None)
            if close is not None:
                close()
            raise TypeError("on_progress is an async function; the sync client needs a plain one (or use AsyncOpenAI)")

    async def awaiting() -> None:
        value: Any = on_progress(progress)
        if inspect.isawaitable(value):
            await value

    return Perform(blocking, awaiting)
