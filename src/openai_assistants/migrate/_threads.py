"""A thread of version 1 as parameters of version 2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Iterable, Mapping, cast

from .._errors import MigrationError
from ._files import Files, NewIds
from ._messages import FILE_TOOLS, Attaching, ConvertedMessage, FileTool, converted
from ._metadata import metadata
from ._notes import Fields, Note
from ._objects import Json, in_order, read
from ._stores import NewVectorStore

if TYPE_CHECKING:
    from ..types.threads_params import ThreadCreateParams
    from ..types.v1.threads import Message, Thread


@dataclass(frozen=True, slots=True)
class ConvertedThread:
    """What a thread of version 1 is in version 2."""

    source_id: str
    """Its id in version 1."""
    params: ThreadCreateParams
    """Arguments of `client.beta.threads.create`; they lack the messages, and the vector store."""
    vector_store: NewVectorStore | None
    """The vector store that has to be made of the files of its messages; None if none is searched."""
    messages: tuple[ConvertedMessage, ...]
    """Its messages, oldest first; to be added in this order."""
    notes: tuple[Note, ...]
    """What has another form, and what has no counterpart; those of the messages are with them."""

    def with_vector_store(self, vector_store_id: str) -> ThreadCreateParams:
        """The arguments, once the vector store has been made."""
        resources = {"file_search": {"vector_store_ids": [vector_store_id]}}
        return cast("ThreadCreateParams", {**self.params, "tool_resources": resources})


def convert_thread(
    thread: Thread | Mapping[str, object],
    messages: Iterable[Message | Mapping[str, object]] = (),
    *,
    file_ids: NewIds | None = None,
    file_names: Mapping[str, str] | None = None,
    tools: Iterable[FileTool] = FILE_TOOLS,
) -> ConvertedThread:
    """A thread of version 1 and its messages as parameters for making one of version 2. Nothing is sent.

    Runs and their steps are no part of this: they cannot be made. Id and time of creation go into the metadata as
    `v1_id` and `v1_created_at`, if there is room.

    Args:
        thread: A result of `client.beta.v1.threads`, or the same as parsed JSON; fields may be null or missing.
        messages: Its messages, as for `convert_message`, oldest or newest first.
        file_ids: New ids of files, by their old ones; None as new id: the file is gone. Others keep their ids.
        file_names: Names of files by their old ids, as far as they are known.
        tools: Tools that files are attached for: those of the assistants that work on the thread. The code interpreter
            of a thread gets at most 20 files, those of the first messages.

    Raises:
        MigrationError: Something is no thread or message of version 1, or a message is of another thread.
    """
    notes: list[Note] = []
    fields = Fields(read(thread, "thread"), notes)
    fields.take("object")
    source_id: str = fields.take("id")
    params = {"metadata": metadata(fields, id=source_id, created_at=fields.take("created_at"))}
    fields.end()
    files = Files(file_ids or {}, file_names or {})
    attaching = Attaching(frozenset(tools))
    found = [converted(message, files, attaching) for message in in_order([_member(each) for each in messages])]
    for message in found:
        if message.thread_id not in (None, source_id):
            raise MigrationError(f"message {message.source_id} is of thread {message.thread_id}, not of {source_id}")
    store = NewVectorStore(f"Files of {source_id}", tuple(attaching.searched), {"v1_thread_id": source_id})
    return ConvertedThread(
        source_id,
        cast("ThreadCreateParams", params),
        store if attaching.searched else None,
        tuple(found),
        tuple(notes),
    )


def _member(message: object) -> Json:
    return read(message, "thread.message")
