"""Making objects at the target, each once, however often the process is killed on the way. No I/O but the journal."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Callable

from .._errors import MigrationError
from .._files import in_thread
from .._flow import Flow
from ._calls import call, items
from ._journal import Journal, Step

CLOCK_SLACK = 600
"""Seconds by which the clock of the target may be behind ours."""

Find = Callable[[], Flow[str | None]]


class Maker:
    """Makes objects, and keeps the journal."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def known(self, kind: Step, source_id: str) -> str | None:
        """The id of what has been made already."""
        return self.journal.made.get((kind, source_id))

    def make(
        self, kind: Step, source_id: str, body: object, create: Callable[[str], Any], find: Find | None = None
    ) -> Flow[str]:
        """Make something, unless it is there; returns its id.

        Args:
            kind: What.
            source_id: What it is made from.
            body: What is sent, as far as it is JSON.
            create: Sends it, with an idempotency key.
            find: Looks for it at the target, in case that a process ended before it knew whether it was made. Servers
                that honour idempotency keys do not forget them soon, but others know none.
        """
        key = (kind, source_id)
        made = self.journal.made.get(key)
        if made is not None:
            return made
        if key in self.journal.begun and find is not None:
            made = yield from find()
        if made is None:
            yield from in_thread(lambda: self.journal.begin(kind, source_id))
            answer = yield from call(lambda: create(self._idempotency_key(kind, source_id, body)))
            made = answer.id
            if not isinstance(made, str) or not made:
                raise MigrationError(f"the target's answer does not say which id the new {kind.replace('_', ' ')} has")
        new_id = made
        yield from in_thread(lambda: self.journal.end(kind, source_id, new_id))
        return new_id

    def newest(self, method: Callable[[], Any], is_it: Callable[[Any], bool]) -> Flow[str | None]:
        """The id of the newest object of a list, newest first, that was made since the migration began, is not known
        from the journal, and is what is looked for."""
        since = self.journal.began_at - CLOCK_SLACK
        taken = set(self.journal.made.values())

        def is_old(item: Any) -> bool:
            return isinstance(item.created_at, int) and item.created_at < since

        def is_wanted(item: Any) -> bool:
            return not is_old(item) and item.id not in taken and bool(is_it(item))

        seen = yield from items(method, lambda item: is_old(item) or is_wanted(item))
        return next((str(item.id) for item in seen[-1:] if is_wanted(item)), None)

    def _idempotency_key(self, kind: Step, source_id: str, body: object) -> str:
        """The same for the same request of the same migration, in every process."""
        parts = [self.journal.id, kind, source_id, json.dumps(body, sort_keys=True)]
        return f"v1-to-v2-{hashlib.sha256(json.dumps(parts).encode()).hexdigest()}"
