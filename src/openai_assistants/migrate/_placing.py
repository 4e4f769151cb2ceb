"""Making converted objects at the target, step by step. No I/O but the journal."""

from __future__ import annotations

from typing import Any, Callable

from .._basics import is_mapping
from .._errors import MigrationError, OpenAIError
from .._files import in_thread
from .._flow import Flow
from ._assistants import ConvertedAssistant
from ._makers import Maker
from ._messages import ConvertedMessage
from ._metadata import ID
from ._report import MigratedObject
from ._settling import settle
from ._stores import NewVectorStore
from ._threads import ConvertedThread


def store_key(entry: MigratedObject) -> str:
    """What the journal calls the vector store of an object."""
    return f"{entry.kind}/{entry.source_id}"


class Placing:
    """Makes assistants and threads."""

    def __init__(self, target: Any, maker: Maker, max_wait_seconds: float) -> None:
        self._target = target
        self._maker = maker
        self._max_wait_seconds = max_wait_seconds

    def assistant(self, entry: MigratedObject, converted: ConvertedAssistant) -> Flow[None]:
        """Make an assistant and its vector store."""
        params: Any = converted.params
        if converted.vector_store is not None:
            params = converted.with_vector_store((yield from self._vector_store(entry, converted.vector_store)))
        assistants = self._target.beta.assistants
        entry.target_id = yield from self._maker.make(
            "assistant",
            entry.source_id,
            params,
            lambda key: assistants.create(**params, idempotency_key=key),
            lambda: self._by_metadata(assistants.list, ID, entry.source_id),
        )
        entry.status = "made"
        yield from self._settle(entry)

    def thread(self, entry: MigratedObject, converted: ConvertedThread) -> Flow[None]:
        """Make a thread, its vector store and its messages, one after the other. Where one of these fails, no more are
        added, so that none is left out."""
        params: Any = converted.params
        if converted.vector_store is not None:
            params = converted.with_vector_store((yield from self._vector_store(entry, converted.vector_store)))
        create = self._target.beta.threads.create
        # Without its messages: a server that knows no idempotency keys may be left with an empty thread, no more.
        entry.target_id = yield from self._maker.make(
            "thread", entry.source_id, params, lambda key: create(**params, idempotency_key=key)
        )
        for message in converted.messages:
            if message.params is not None:
                yield from self._message(entry, entry.target_id, message)
                entry.messages_made += 1
        yield from in_thread(lambda: self._maker.journal.end_thread(entry.source_id))
        entry.status = "made"
        yield from self._settle(entry)

    def _message(self, entry: MigratedObject, thread_id: str, message: ConvertedMessage) -> Flow[None]:
        params: Any = message.params
        messages = self._target.beta.threads.messages

        def is_it(item: Any) -> bool:
            return bool(item.role == params["role"] and dict(item.metadata or {}) == params["metadata"])

        try:
            yield from self._maker.make(
                "message",
                f"{entry.source_id}/{message.source_id}",
                params,
                lambda key: messages.create(thread_id, **params, idempotency_key=key),
                lambda: self._maker.newest(lambda: messages.list(thread_id, limit=100, order="desc"), is_it),
            )
        except (OpenAIError, ValueError) as error:
            at = f"message {message.source_id} ({entry.messages_made + 1} of {entry.messages})"
            raise MigrationError(f"{at}: {error}") from error

    def _vector_store(self, entry: MigratedObject, store: NewVectorStore) -> Flow[str]:
        """Make a vector store with all its files."""
        params: Any = store.params
        stores = self._target.vector_stores
        (mark, source_id), *_ = store.metadata.items()
        entry.vector_store_id = yield from self._maker.make(
            "vector_store",
            store_key(entry),
            params,
            lambda key: stores.create(**params, idempotency_key=key),
            lambda: self._by_metadata(stores.list, mark, source_id),
        )
        for place, file_ids in enumerate(store.more_file_ids(), 2):
            yield from self._more_files(f"{store_key(entry)}/{place}", entry.vector_store_id, file_ids)
        return entry.vector_store_id

    def _more_files(self, source_id: str, store_id: str, file_ids: list[str]) -> Flow[None]:
        create = self._target.vector_stores.file_batches.create
        # Nothing is searched for: put in a second time, a file is there once.
        yield from self._maker.make(
            "file_batch", source_id, file_ids, lambda key: create(store_id, file_ids=file_ids, idempotency_key=key)
        )

    def _settle(self, entry: MigratedObject) -> Flow[None]:
        """Wait until the files of a vector store are processed, and note those that could not be read."""
        if entry.vector_store_id is not None:
            entry.notes += yield from settle(self._target, entry.vector_store_id, self._max_wait_seconds)

    def _by_metadata(self, listing: Callable[..., Any], key: str, source_id: str) -> Flow[str | None]:
        def is_it(item: Any) -> bool:
            metadata: object = item.metadata
            return is_mapping(metadata) and metadata.get(key) == source_id

        return self._maker.newest(lambda: listing(limit=100, order="desc"), is_it)
