"""The events of a run as version 1 shows them. Their numbers stay, so a broken stream is resumed in either version."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ..runs.events import DONE, Entry
from ..spec import JsonObject
from ..store import Database, Tx, dumps
from . import attached, quotes, views


class Events:
    """Shows the events of one run. What their data does not tell is looked up once: the files of the run, and what its
    searches have found when it cites something new."""

    def __init__(self, database: Database, run_id: str) -> None:
        self._database = database
        self._run_id = run_id
        self._file_ids: list[str] | None = None
        self._quotes = quotes.Quotes()

    async def shown(self, entries: list[Entry]) -> list[Entry]:
        """The same events, each with its number."""
        read: list[JsonObject] = [{} if entry.name == DONE else json.loads(entry.data) for entry in entries]
        if self._file_ids is None or self._lacks_quotes(read):
            await self._database.read(self._look)
        return [
            entry if entry.name == DONE else entry._replace(data=dumps(self._view(entry.name, data)))
            for entry, data in zip(entries, read, strict=True)
        ]

    def _view(self, name: str, data: JsonObject) -> JsonObject:
        return views.event(name, data, quote=self._quotes.of, file_ids=self._file_ids or ())

    def _lacks_quotes(self, read: Iterable[JsonObject]) -> bool:
        cited = (each for data in read for each in views.citations(views.content_of(data)))
        return any(not self._quotes.of(citation) for citation in cited)

    def _look(self, tx: Tx) -> None:
        self._file_ids = attached.of_runs(tx, [self._run_id]).get(self._run_id, [])
        self._quotes = quotes.of_run(tx, self._run_id)
