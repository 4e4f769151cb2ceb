"""Migrations: what the conversions take and give, and which clients carry one out."""

from __future__ import annotations

from typing_extensions import assert_type

import openai_assistants.v1
from openai_assistants import AsyncOpenAI, OpenAI, migrate
from openai_assistants.migrate import ConvertedAssistant, MigratedFile, MigratedObject, MigrationReport, Note
from openai_assistants.types import beta as v2, v1
from openai_assistants.types.beta.threads import Message


def conversions(client: OpenAI, assistant: v1.Assistant, thread: v1.Thread, messages: list[v1.Message]) -> None:
    """Results of version 1, or plain data, become arguments of version 2."""
    converted = migrate.convert_assistant(assistant, file_ids={"file-1": "file-2", "file-3": None})
    assert_type(converted, ConvertedAssistant)
    assert_type(converted.notes, tuple[Note, ...])
    if converted.vector_store is not None:
        store = client.vector_stores.create(**converted.vector_store.params)
        made = client.beta.assistants.create(**converted.with_vector_store(store.id))
        assert_type(made, v2.Assistant)
    client.beta.assistants.create(**converted.params)
    migrate.convert_assistant({"id": "asst_1", "model": "gpt-4"})
    migrate.convert_assistant("asst_1")  # type: ignore[arg-type]

    whole = migrate.convert_thread(thread, messages, tools=["file_search"])
    migrate.convert_thread(thread, tools=["retrieval"])  # type: ignore[list-item]
    new = client.beta.threads.create(**whole.params)
    for message in whole.messages:
        if message.params is not None:
            assert_type(client.beta.threads.messages.create(new.id, **message.params), Message)


def watch(entry: MigratedObject | MigratedFile) -> None:
    """Is told of each object and file."""
    if isinstance(entry, MigratedFile):
        assert_type(entry.name, str | None)


def carried_out(target: OpenAI, source: openai_assistants.v1.OpenAI) -> None:
    """With clients of either package as the source."""
    export = migrate.V1Export.read("export.jsonl")
    report = migrate.v1_to_v2(target=target, source=source, export=export, threads=["thread_1"], on_progress=watch)
    assert_type(report, MigrationReport)
    migrate.v1_to_v2(target=target, source=target, assistants=[], journal="journal", apply=True)
    migrate.v1_to_v2(target=source)  # type: ignore[arg-type]


async def awaited(target: AsyncOpenAI, source: OpenAI) -> None:
    """The async function takes async clients only."""
    assert_type(await migrate.v1_to_v2_async(target=target, source=target), MigrationReport)
    await migrate.v1_to_v2_async(target=target, source=source)  # type: ignore[arg-type]
