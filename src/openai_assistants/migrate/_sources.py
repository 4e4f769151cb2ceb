"""Where objects of version 1 come from: a server that speaks it, an export, or both. No I/O."""

from __future__ import annotations

from typing import Any, Mapping, cast

from .._errors import MigrationError, NotSupportedByServerError
from .._flow import Flow
from ._calls import found, items
from ._exports import V1Export
from ._objects import Json


class Source:
    """Objects of version 1. Those of an export come first; the server is asked for what is not in it."""

    def __init__(self, client: Any, export: V1Export | None) -> None:
        self._client = client
        self._v1: Any = None if client is None else getattr(client.beta, "v1", client.beta)
        self._export = export

    def assistants(self) -> Flow[list[Json]]:
        """All assistants, oldest first."""
        if self._export is not None:
            return [each for name in self._export.assistants if (each := self._export.assistant(name)) is not None]
        listed = yield from items(lambda: self._v1.assistants.list(limit=100, order="asc"))
        return [cast("Json", each.to_dict()) for each in listed]

    def assistant(self, assistant_id: str) -> Flow[Json | None]:
        """One assistant; None if there is none."""
        if self._export is not None and (known := self._export.assistant(assistant_id)) is not None:
            return known
        if self._v1 is None:
            return None
        result = yield from found(lambda: self._v1.assistants.retrieve(assistant_id))
        return None if result is None else cast("Json", result.to_dict())

    def thread_ids(self) -> list[str]:
        """Ids of all threads that are known; a server has no list of them."""
        return [] if self._export is None else self._export.thread_ids()

    def others(self) -> Mapping[str, int]:
        """Objects of an export that are not migrated: how many of each kind."""
        return {} if self._export is None else self._export.others

    def thread(self, thread_id: str) -> Flow[tuple[Json, list[Json]]]:
        """A thread and its messages.

        Raises:
            MigrationError: There is none.
        """
        if self._export is not None and (known := self._export.thread(thread_id)) is not None:
            return known
        threads: Any = None if self._v1 is None else self._v1.threads
        thread = None if threads is None else (yield from found(lambda: threads.retrieve(thread_id)))
        if threads is None or thread is None:
            raise MigrationError(f"there is no thread {thread_id}")
        messages = threads.messages
        listed = yield from items(lambda: messages.list(thread_id, limit=100, order="asc"))
        return cast("Json", thread.to_dict()), [cast("Json", each.to_dict()) for each in listed]

    def file(self, file_id: str) -> Flow[Json | None]:
        """What is known about a file; None if there is none."""
        if self._client is not None:
            try:
                result = yield from found(lambda: self._client.files.retrieve(file_id))
            except NotSupportedByServerError:
                result = None
            if result is not None:
                return cast("Json", result.to_dict())
        return None if self._export is None else self._export.files.get(file_id)
