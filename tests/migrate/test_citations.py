"""What the migration is for: the assistant of version 2 answers as the one of version 1 did, citing the same files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openai_assistants import OpenAI, cite
from openai_assistants.migrate import MigrationReport, v1_to_v2
from openai_assistants.server import LocalServer

from .support import NEW, OLD, client_of

MONTHS = {"tulips": "April", "roses": "June", "asters": "September", "lilies": "July", "crocuses": "March"}
TEXTS = {f"{name}.md": f"All {name} of this garden flower in {month}." for name, month in MONTHS.items()}

Answer = tuple[str, list[str | None]]
"""An answer, and the names of the files that it cites."""


def planted(client: OpenAI) -> tuple[str, list[str]]:
    """An assistant of version 1 that looks things up in five files."""
    ids = [client.files.create(file=(name, text.encode()), purpose="assistants").id for name, text in TEXTS.items()]
    made = client.beta.v1.assistants.create(model="gpt-4", name="Gardener", tools=[{"type": "retrieval"}], file_ids=ids)
    return made.id, ids


def answer_of(client: OpenAI, api: Any, assistant_id: str, thread_id: str, question: str) -> Answer:
    """An answer. Version 1 also says which words of a file it cites; these are in the text."""
    api.threads.messages.create(thread_id, role="user", content=question)
    run = api.threads.runs.create_and_poll(thread_id, assistant_id=assistant_id, poll_interval_ms=1)
    assert run.status == "completed", run.last_error
    said = cite(api.threads.messages.list(thread_id).data[0], client)
    return said.text, [each.file_name for each in said.citations]


def answers(client: OpenAI, api: Any, assistant_id: str) -> list[Answer]:
    """The answers to a question about each file."""
    questions = [f"When do {name} flower?" for name in MONTHS]
    return [answer_of(client, api, assistant_id, api.threads.create().id, question) for question in questions]


def only(report: MigrationReport) -> tuple[str, str | None]:
    """The ids of the assistant and of the thread that were made."""
    assert report.ok, report
    new = {each.kind: each.target_id for each in report.objects}
    assert new["assistant"] is not None
    return new["assistant"], new.get("thread")


@pytest.mark.parametrize("other", [False, True], ids=["the same server", "another server"])
def test_an_assistant_with_five_files_cites_the_same_ones(
    source: LocalServer, target: LocalServer, journal: Path, other: bool
) -> None:
    with client_of(source, OLD) as old, client_of(target if other else source, NEW if other else OLD) as new:
        assistant_id, ids = planted(old)
        before = answers(old, old.beta.v1, assistant_id)
        assert [files[0] for _, files in before] == list(TEXTS)
        assert all(TEXTS[name] in text for (text, _), name in zip(before, TEXTS, strict=True))
        report = v1_to_v2(source=old, target=new, journal=journal, apply=True)
        made, _ = only(report)
        assert answers(new, new.beta, made) == before
        assert [each.status for each in report.files] == ["copied" if other else "kept"] * 5
        assert other or [each.target_id for each in report.files] == ids
        assert answers(old, old.beta.v1, assistant_id) == before, "the old one stays as it is"


def test_a_thread_goes_on_where_it_was(source: LocalServer, target: LocalServer, journal: Path) -> None:
    with client_of(source, OLD) as old, client_of(target, NEW) as new:
        note = old.files.create(file=("note.md", b"The greenhouse opens at noon."), purpose="assistants")
        assistant = old.beta.v1.assistants.create(model="gpt-4", tools=[{"type": "retrieval"}])
        first: Any = {"role": "user", "content": "Keep this note.", "file_ids": [note.id]}
        thread = old.beta.v1.threads.create(messages=[first])
        question = "When does the greenhouse open?"
        before = answer_of(old, old.beta.v1, assistant.id, thread.id, question)
        assert "The greenhouse opens at noon." in before[0] and before[1] == ["note.md"]
        made, thread_id = only(v1_to_v2(source=old, target=new, threads=[thread.id], journal=journal, apply=True))
        assert thread_id is not None
        said = [each.text for each in old.beta.v1.threads.messages.list(thread.id, order="asc")]
        assert [each.text for each in new.beta.threads.messages.list(thread_id, order="asc")] == said
        text, files = answer_of(new, new.beta, made, thread_id, question)
        assert "> The greenhouse opens at noon. [1]" in text and files == before[1]
