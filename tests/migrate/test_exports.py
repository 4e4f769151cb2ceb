"""Stored exports: any structure of JSON, JSON Lines, objects that lie in others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from openai_assistants import MigrationError
from openai_assistants.migrate import V1Export
from openai_assistants.types import v1
from tests.operations.v1_objects import ANSWERS, page

from .objects import assistant, assistant_file, cited, message, message_file, run, step, thread

OBJECTS = [assistant(), thread(), message(), cited(), run(), step()]


def ids(export: V1Export) -> tuple[list[str], list[str], list[str]]:
    """What is in an export: assistants, threads, messages of the first thread."""
    messages = export.thread("thread_1")
    return list(export.assistants), export.thread_ids(), [str(each["id"]) for each in messages[1]] if messages else []


WHOLE = (["asst_1"], ["thread_1"], ["msg_1", "msg_2"])


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(OBJECTS),
        json.dumps(OBJECTS, indent=2),
        "\n".join(map(json.dumps, OBJECTS)),
        "\r\n".join(map(json.dumps, OBJECTS)) + "\r\n\r\n",
        "\ufeff" + json.dumps(OBJECTS),
        json.dumps(
            {"assistants": {"page": page(assistant())}, "threads": [{"thread": thread()}, [page(*OBJECTS[2:4])]]}
        ),
        json.dumps([{"operation": "listMessages", "response": page(message(), cited())}, OBJECTS]),
        json.dumps([assistant(), {**thread(), "messages": [{"id": "msg_1", "role": "user"}, cited()]}]),
        "\n".join(json.dumps(each) for each in (page(assistant()), page(message(), cited()), thread())),
    ],
    ids=["list", "indented", "lines", "crlf", "bom", "nested", "prints", "threads with messages", "pages"],
)
def test_any_structure(tmp_path: Path, text: str) -> None:
    file = tmp_path / "export"
    file.write_bytes(text.encode())
    assert ids(V1Export.read(file)) == WHOLE


def test_several_files_and_results_of_the_client(tmp_path: Path) -> None:
    (tmp_path / "one").write_text(json.dumps(assistant(name="Older")))
    (tmp_path / "other").write_text(json.dumps([assistant(), message(), cited()]))
    export = V1Export.read(tmp_path / "one", str(tmp_path / "other"))
    assert ids(export) == WHOLE
    assert export.assistants["asst_1"]["name"] == "Gardener", "the last counts"
    assert export.thread("thread_1") == ({"id": "thread_1"}, [message(), cited()]), "there are only messages of it"
    results = [v1.Assistant.model_validate(assistant()), v1.Thread.model_validate(thread())]
    assert ids(V1Export([*results, [v1.Message.model_validate(message()), cited()]])) == WHOLE


def test_what_is_not_migrated_is_counted() -> None:
    deleted = {"id": "asst_9", "object": "assistant.deleted", "deleted": True}
    export = V1Export([*OBJECTS, run(id="run_2"), deleted])
    assert dict(export.others) == {"thread.run": 2, "thread.run.step": 1, "assistant.deleted": 1}
    assert ids(export) == WHOLE


def test_other_objects_say_which_files_there_are() -> None:
    bare: dict[str, Any] = {"id": "asst_1", "object": "assistant", "model": "gpt-4"}
    said = [assistant_file("file-1"), assistant_file("file-2"), assistant_file("file-1")]
    found = V1Export([bare, *said]).assistant("asst_1")
    assert found is not None and found["file_ids"] == ["file-1", "file-2"]
    told = V1Export([assistant(file_ids=["file-3"]), *said]).assistant("asst_1")
    assert told is not None and told["file_ids"] == ["file-3"], "what the object says itself counts"
    for odd in (message_file(), message_file(id="msg_file_1", file_id="file-1")):
        thread_of = V1Export([{**message(), "file_ids": None}, odd]).thread("thread_1")
        assert thread_of is not None and thread_of[1][0]["file_ids"] == ["file-1"]


def test_prints_of_the_documents_are_an_export() -> None:
    export = V1Export([{"operation": operation, "title": None, "response": data} for operation, _, data in ANSWERS])
    assert "asst_1" in export.assistants and export.thread_ids() == ["thread_1"]
    assert set(export.others) == {
        "assistant.deleted",
        "assistant.file.deleted",
        "thread.deleted",
        "thread.run",
        "thread.run.step",
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no JSON"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b"[" * 900 + b"]" * 900, "no objects|nested too deeply"),
        (b"{", "no JSON"),
        (b"not json\n{}", "no JSON"),
        (b'{"id": 1}\n{"id": \n', "line 2 is no JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"{}", "no objects of version 1"),
        (b"[1, 2, null]", "no objects of version 1"),
        (b'{"object": "list", "data": []}', "no objects of version 1"),
        (b'{"object": "assistant"}', "'assistant' objects without an id"),
        (b'{"object": "thread", "id": 5}', "'thread' objects without an id"),
        (b'{"object": "thread.message", "id": "msg_1"}', "msg_1 does not say which thread"),
    ],
)
def test_what_is_no_export(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "export.json"
    file.write_bytes(content)
    with pytest.raises(MigrationError, match=said):
        V1Export.read(file)


def test_an_export_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        V1Export.read(tmp_path / "x")
