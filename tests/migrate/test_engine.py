"""A migration from a server or an export to a server: what is read, what is made, what is said."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from openai_assistants import MigrationError, OpenAI, migrate
from openai_assistants.migrate import MigratedFile, MigratedObject, MigrationReport, _records
from openai_assistants.server import Fault, LocalServer
from tests.unit.support import Flavour

from .objects import NOW, assistant, cited, message, thread
from .support import NEW, OLD, RETRIEVING, client_of, export, has, migrated, thread_id_of, written

SYNC = Flavour("sync")


def statuses(report: MigrationReport) -> list[tuple[str, str]]:
    return [(each.source_id, each.status) for each in report.objects]


def file_statuses(report: MigrationReport) -> list[tuple[str, str, str | None]]:
    return [(each.source_id, each.status, each.name) for each in report.files]


EXPORTED = {
    "files": ["file-1.md", "roses.md"],
    "stores": [["file-1.md"], ["file-1.md", "roses.md"]],
    "assistants": [
        (
            "Gardener",
            ["file_search"],
            [["file-1.md", "roses.md"]],
            {"v1_id": "asst_1", "v1_created_at": str(NOW)},
        )
    ],
    "threads": [
        (
            {"a": "b", "v1_id": "thread_1", "v1_created_at": str(NOW)},
            [["file-1.md"]],
            [
                (
                    "user",
                    "When do tulips flower?",
                    ["file-1.md"],
                    {"v1_id": "msg_1", "v1_created_at": str(NOW)},
                ),
                (
                    "assistant",
                    "April 【1†source】.",
                    [],
                    {
                        "v1_id": "msg_2",
                        "v1_created_at": str(NOW + 1),
                        "v1_assistant_id": "asst_1",
                        "v1_run_id": "run_1",
                    },
                ),
                ("user", "When do tulips flower?", [], {"v1_id": "msg_3", "v1_created_at": str(NOW + 2)}),
            ],
        )
    ],
}


# ---- from an export -------------------------------------------------------------------------------------------------


def test_a_plan_writes_nothing(flavour: Flavour, target: LocalServer, journal: Path, contents: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in journal.parent.rglob("*")}
    report = migrated(flavour, target, export=export(), files=contents, journal=journal)
    assert not report.applied and report.ok
    assert statuses(report) == [("asst_1", "planned"), ("thread_1", "planned")]
    one, other = report.objects
    assert (one.name, one.needs_vector_store, one.file_ids) == ("Gardener", True, ["file-1", "file-2"])
    assert (other.messages, other.messages_made, other.file_ids) == (3, 0, ["file-1"])
    assert [note.path for note in other.notes] == ["messages[msg_2].content[0].text.annotations[0]"]
    assert file_statuses(report) == [("file-1", "planned", "file-1.md"), ("file-2", "planned", "roses.md")]
    assert report.remarks == ["Runs and their steps have no counterpart: they cannot be made, and stay where they are."]
    assert {each.method for each in target.requests} == {"GET"}
    assert {path: path.stat().st_mtime_ns for path in journal.parent.rglob("*")} == before


def test_an_export_is_migrated(flavour: Flavour, target: LocalServer, journal: Path, contents: Path) -> None:
    arguments: dict[str, Any] = {"export": export(), "files": contents, "journal": journal}
    report = migrated(flavour, target, apply=True, **arguments)
    assert report.applied and report.ok
    assert statuses(report) == [("asst_1", "made"), ("thread_1", "made")]
    assert has(target, thread_id_of(report)) == EXPORTED
    with target.client() as client:
        assert {file.purpose for file in client.files.list()} == {"assistants"}
        assert {store.name for store in client.vector_stores.list()} == {"Files of Gardener", "Files of thread_1"}
        assert all(store.expires_after is None for store in client.vector_stores.list())
    target.requests.clear()
    again = migrated(flavour, target, apply=True, **arguments)
    assert statuses(again) == [("asst_1", "made_before"), ("thread_1", "made_before")]
    assert [each.target_id for each in again.objects] == [each.target_id for each in report.objects]
    assert [each.vector_store_id for each in again.objects] == [each.vector_store_id for each in report.objects]
    planned = migrated(flavour, target, **arguments)
    assert statuses(planned) == statuses(again)
    assert list(target.requests) == []


def test_progress_is_told_in_either_way(flavour: Flavour, target: LocalServer, journal: Path, contents: Path) -> None:
    told: list[tuple[str, str]] = []

    def plain(entry: MigratedObject | MigratedFile) -> None:
        told.append((entry.source_id, entry.status))

    async def waiting(entry: MigratedObject | MigratedFile) -> None:
        plain(entry)

    watch: Callable[[Any], Any] = waiting if flavour.is_async else plain
    migrated(flavour, target, export=export(), files=contents, journal=journal, apply=True, watch=watch)
    assert told == [("file-1", "copied"), ("file-2", "copied"), ("asst_1", "made"), ("thread_1", "made")]
    if not flavour.is_async:
        for wrong in (waiting, lambda entry: Promise()):
            with pytest.raises(TypeError, match="needs a plain one"):
                migrated(flavour, target, export=export(), files=contents, journal=journal, watch=wrong)
    else:
        told.clear()
        migrated(flavour, target, export=export(), files=contents, journal=journal, watch=plain)
        assert told == [("asst_1", "made_before"), ("thread_1", "made_before")], "a plain function will do"


class Promise:
    """What can be awaited, and is no coroutine."""

    def __await__(self) -> Any:
        yield


def test_what_is_named_and_nothing_else(target: LocalServer, journal: Path) -> None:
    stored = export(
        assistant(id="asst_2", name="Other"), thread() | {"id": "thread_2"}, message(id="msg_9", thread_id="thread_2")
    )
    report = migrated(SYNC, target, export=stored, assistants=["asst_2", "asst_9", "asst_2"], threads=["thread_2"])
    assert statuses(report) == [("asst_2", "planned"), ("asst_9", "failed"), ("thread_2", "planned")]
    assert report.objects[1].error == "there is no assistant asst_9"
    nothing = migrated(SYNC, target, export=stored, assistants=[], threads=[])
    assert (nothing.objects, nothing.remarks, nothing.ok) == ([], [], True)
    missing = migrated(SYNC, target, export=stored, assistants=[], threads=["thread_9"])
    assert [each.error for each in missing.objects] == ["there is no thread thread_9"]
    assert not missing.ok


def test_files_that_are_missing(target: LocalServer, journal: Path, contents: Path) -> None:
    stored = export(assistant(id="asst_2", name="Other"))
    (contents / "file-1.md").unlink()
    report = migrated(SYNC, target, export=stored, files=contents, journal=journal, apply=True)
    assert statuses(report) == [("asst_1", "failed"), ("asst_2", "made"), ("thread_1", "failed")]
    assert "file file-1 is missing; give its content" in str(report.objects[0].error)
    assert file_statuses(report)[0] == ("file-1", "missing", None)
    assert written(target) == ["createAssistant"]
    without = migrated(
        SYNC, target, export=stored, files=contents, journal=journal, apply=True, allow_missing_files=True
    )
    assert without.ok and statuses(without) == [("asst_1", "made"), ("asst_2", "made_before"), ("thread_1", "made")]
    assert [(note.path, note.effect, note.value) for note in without.objects[0].notes] == [
        ("file_ids[0]", "dropped", "file-1")
    ]
    there = has(target, thread_id_of(without))
    assert there["stores"] == [["roses.md"]]
    assert there["threads"][0][2][0][2] == []


def test_files_that_the_target_has_already_stay(target: LocalServer, journal: Path) -> None:
    with target.client() as client:
        ids = [client.files.create(file=(name, b"x"), purpose="assistants").id for name in ("a.md", "b.md")]
    stored = migrate.V1Export([assistant(tools=[{"type": "retrieval"}], file_ids=ids)])
    report = migrated(SYNC, target, export=stored, journal=journal, apply=True)
    assert [(each.status, each.target_id) for each in report.files] == [("kept", each) for each in ids]
    assert has(target)["stores"] == [["a.md", "b.md"]]


def test_images_are_uploaded_as_such(target: LocalServer, journal: Path, contents: Path) -> None:
    (contents / "file-9.png").write_bytes(b"\x89PNG")
    part = {"type": "image_file", "image_file": {"file_id": "file-9"}}
    info = {"id": "file-9", "object": "file", "filename": "plot.png", "purpose": "assistants_output", "bytes": 4}
    stored = migrate.V1Export([thread(), message(content=[part]), info])
    report = migrated(SYNC, target, export=stored, files=contents, journal=journal, apply=True)
    assert report.ok
    with target.client() as client:
        (file,) = client.files.list()
        (said,) = client.beta.threads.messages.list(thread_id_of(report))
        assert (file.filename, file.purpose) == ("plot.png", "vision")
        assert said.content[0].type == "image_file" and said.content[0].image_file.file_id == file.id
    assert [(note.path, note.value) for note in report.files[0].notes] == [("purpose", "assistants_output")]


def test_contents_of_another_size_and_messages_without_any(target: LocalServer, journal: Path, contents: Path) -> None:
    info = {"id": "file-1", "object": "file", "filename": "plan.md", "purpose": "assistants", "bytes": 5}
    empty = message(id="msg_4", content=[], created_at=NOW + 4)
    report = migrated(SYNC, target, export=export(info, empty), files=contents, journal=journal, apply=True)
    assert report.ok and [(each.messages, each.messages_made) for each in report.objects[1:]] == [(3, 3)]
    assert [(note.path, note.value) for note in report.files[0].notes] == [("bytes", 5)]
    assert "said to have 5 bytes, but has 23" in report.files[0].notes[0].reason
    assert len(has(target, thread_id_of(report))["threads"][0][2]) == 3


def test_what_else_lies_in_the_folder_of_contents(target: LocalServer, contents: Path) -> None:
    (contents / "file-2" / "another.md").write_text("Which one?")
    (contents / "file-1").symlink_to(contents / "gone")
    report = migrated(SYNC, target, export=export(), files=contents)
    assert file_statuses(report) == [("file-1", "planned", "file-1.md"), ("file-2", "missing", None)]


def test_files_go_only_to_the_tools_of_the_threads_assistants(target: LocalServer, contents: Path) -> None:
    def tools(*assistants: dict[str, Any]) -> list[Any]:
        stored = migrate.V1Export([*assistants, thread(), message(file_ids=["file-1"]), cited(created_at=NOW + 1)])
        report = migrated(SYNC, target, export=stored, files=contents)
        entry = report.objects[-1]
        return [entry.needs_vector_store, bool(entry.file_ids), [note.reason for note in entry.notes][:-1]]

    assert tools() == [True, True, []]
    assert tools(assistant(tools=[{"type": "code_interpreter"}])) == [False, True, []]
    nothing = tools(assistant())
    assert nothing[:2] == [False, False] and "no assistant of the thread has a tool" in nothing[2][0]


# ---- from a server --------------------------------------------------------------------------------------------------


class OldServer:
    """Speaks version 1 as little as a migration needs, from plain objects; remembers the requests.

    Like some servers it drops what is null, and takes a last page that is full for one before the last.
    """

    def __init__(self, *objects: dict[str, Any], files: dict[str, tuple[str, bytes]] | None = None) -> None:
        self.objects = objects
        self.files = files or {}
        self.requests: list[httpx.Request] = []
        self.refused: set[str] = set()

    @property
    def transport(self) -> httpx.MockTransport:
        """It, for an HTTP client."""
        return httpx.MockTransport(self)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        assert request.method == "GET", "nothing is written at the source"
        parts = request.url.path.removeprefix("/v1/").split("/")
        if parts[0] == "files":
            name, content = self.files.get(parts[1], ("", b""))
            if not name or parts[-1] in self.refused:
                return httpx.Response(404, json={"error": {"message": f"No such File object: {parts[1]}"}})
            if parts[-1] == "content":
                return httpx.Response(200, content=content)
            info = {"id": parts[1], "object": "file", "filename": name, "bytes": len(content), "purpose": "assistants"}
            return httpx.Response(200, json={**info, "created_at": NOW})
        assert request.headers["openai-beta"] == "assistants=v1"
        if parts[-1] == "messages":
            return self._page([each for each in self.objects if each.get("thread_id") == parts[1]], request)
        if parts == ["assistants"]:
            return self._page([each for each in self.objects if each["object"] == "assistant"], request)
        found = [each for each in self.objects if each["id"] == parts[1]]
        return (
            httpx.Response(200, json=_without_nulls(found[0]))
            if found
            else httpx.Response(404, json={"error": {"message": "no"}})
        )

    def _page(self, items: list[dict[str, Any]], request: httpx.Request) -> httpx.Response:
        assert request.url.params["order"] == "asc"
        start = (
            [each["id"] for each in items].index(request.url.params["after"]) + 1
            if "after" in request.url.params
            else 0
        )
        some = [_without_nulls(each) for each in items[start : start + 2]]
        return httpx.Response(200, json={"object": "list", "data": some, "has_more": len(some) == 2})


def _without_nulls(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}


TEXTS = {"file-1": ("tulips.md", b"Tulips flower in April."), "file-2": ("roses.md", b"Roses flower in June.")}


def old_server() -> OldServer:
    return OldServer(
        assistant(**RETRIEVING),
        assistant(id="asst_2", name=None, instructions=None),
        assistant(id="asst_3", tools=[{"type": "code_interpreter"}], file_ids=["file-1"]),
        assistant(id="asst_4"),
        thread(a="b"),
        message(file_ids=["file-1"]),
        cited(created_at=NOW + 1),
        message(id="msg_3", created_at=NOW + 2),
        files=TEXTS,
    )


def test_from_a_server_to_another(flavour: Flavour, target: LocalServer, journal: Path) -> None:
    old = old_server()
    arguments: dict[str, Any] = {"threads": ["thread_1"], "journal": journal}
    planned = migrated(flavour, target, old.transport, **arguments)
    assert [each.status for each in [*planned.objects, *planned.files]] == ["planned"] * 7
    assert list(target.requests) == [] and not journal.exists()
    assert not any(request.url.path.endswith("/content") for request in old.requests)
    report = migrated(flavour, target, old.transport, apply=True, **arguments)
    assert report.ok and [each.status for each in report.objects] == ["made"] * 5
    there = has(target, thread_id_of(report))
    assert there["files"] == ["roses.md", "tulips.md"]
    assert there["stores"] == [["roses.md", "tulips.md"], ["tulips.md"]]
    assert [(name, tools, found) for name, tools, found, _ in there["assistants"]] == [
        ("Gardener", ["file_search"], [["roses.md", "tulips.md"]]),
        (None, [], []),
        ("Gardener", ["code_interpreter"], []),
        ("Gardener", [], []),
    ]
    assert [(role, files) for role, _, files, _ in there["threads"][0][2]] == [
        ("user", ["tulips.md"]),
        ("assistant", []),
        ("user", []),
    ]
    with target.client() as client:
        contents = {file.filename: client.files.content(file.id).content for file in client.files.list()}
    assert contents == dict(TEXTS.values())
    assert [each.bytes for each in report.files] == [23, 21]


@pytest.mark.parametrize("breaks", [2, 3])
def test_a_download_that_breaks_off_is_tried_again(
    flavour: Flavour, target: LocalServer, journal: Path, breaks: int
) -> None:
    old, times = old_server(), 0

    def breaking(request: httpx.Request) -> httpx.Response:
        nonlocal times
        answer = old(request)
        if request.url.path.endswith("/file-1/content") and times < breaks:
            times += 1
            return httpx.Response(200, stream=Broken(TEXTS["file-1"][1][:5]))
        return answer

    report = migrated(flavour, target, httpx.MockTransport(breaking), journal=journal, apply=True)
    assert times == breaks and report.ok == (breaks == 2)
    with target.client() as client:
        contents = {file.filename: client.files.content(file.id).content for file in client.files.list()}
    assert contents == (dict(TEXTS.values()) if report.ok else {})
    if not report.ok:
        assert "file file-1 cannot be copied: " in str(report.objects[0].error)


class Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that breaks off."""

    def __init__(self, begin: bytes) -> None:
        self._begin = begin

    def __iter__(self) -> Any:
        yield self._begin
        raise httpx.ReadError("reset")

    async def __aiter__(self) -> Any:
        for piece in self:
            yield piece


def test_contents_that_the_source_does_not_give_come_from_a_folder(
    target: LocalServer, journal: Path, contents: Path
) -> None:
    old = old_server()
    old.refused = {"content"}
    report = migrated(SYNC, target, old.transport, journal=journal, apply=True)
    assert statuses(report) == [("asst_1", "failed"), ("asst_2", "made"), ("asst_3", "failed"), ("asst_4", "made")]
    assert str(report.objects[0].error).startswith("file file-1 cannot be copied: 404 Not Found: No such File")
    assert len([each for each in old.requests if each.url.path.endswith("content")]) == 1, "asked once for each"
    again = migrated(SYNC, target, old.transport, journal=journal, apply=True, files=contents)
    assert again.ok
    assert has(target)["files"] == ["roses.md", "tulips.md"], "names are those that the source says"


def test_a_server_without_files_and_a_folder(target: LocalServer, journal: Path, contents: Path) -> None:
    old = old_server()

    def without(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404, text="") if "/files/" in request.url.path else old(request)

    report = migrated(SYNC, target, httpx.MockTransport(without), journal=journal, apply=True, files=contents)
    assert report.ok and has(target)["files"] == ["file-1.md", "roses.md"]


def test_large_files_are_never_in_memory(journal: Path, target: LocalServer) -> None:
    """Neither as a whole nor in large parts: what is read at once stays small."""
    import tracemalloc

    size, piece = 48 << 20, bytes(1 << 16)

    class Large(httpx.SyncByteStream):
        def __iter__(self) -> Any:
            for _ in range(size // len(piece)):
                yield piece

    def old(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/content"):
            return httpx.Response(200, stream=Large(), headers={"content-length": str(size)})
        info = {"id": "file-1", "object": "file", "filename": "a.bin", "bytes": size, "purpose": "assistants"}
        data = assistant(tools=[{"type": "code_interpreter"}], file_ids=["file-1"])
        return httpx.Response(200, json=info if "/files/" in request.url.path else data)

    received = 0

    def new(request: httpx.Request) -> httpx.Response:
        nonlocal received
        for part in request.stream:  # type: ignore[union-attr]
            received += len(part)
        answer = {"id": "asst_9", "object": "assistant"} if "assistants" in request.url.path else {"id": "file-9"}
        return httpx.Response(200, json=answer)

    class Reading(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return new(request)

    with (
        OpenAI(base_url=OLD, api_key="k", http_client=httpx.Client(transport=httpx.MockTransport(old))) as source,
        OpenAI(base_url=NEW, api_key="k", http_client=httpx.Client(transport=Reading())) as client,
    ):
        tracemalloc.start()
        try:
            report = migrate.v1_to_v2(source=source, target=client, assistants=["asst_1"], journal=journal, apply=True)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert received > size and report.ok
    assert peak < 16 << 20


def test_on_the_same_server_files_keep_their_ids_and_products_are_left_alone(
    flavour: Flavour, target: LocalServer, journal: Path
) -> None:
    with target.client() as client:
        ids = [client.files.create(file=(name, b"Tulips."), purpose="assistants").id for name in ("a.md", "b.md")]
        client.beta.v1.assistants.create(model="gpt-4", name="Old", tools=[{"type": "retrieval"}], file_ids=ids)
        full = {f"k{number}": "v" for number in range(16)}
        client.beta.v1.assistants.create(model="gpt-4", name="Full", metadata=full)

    def run() -> MigrationReport:
        if not flavour.is_async:
            with client_of(target, NEW) as client:
                return migrate.v1_to_v2(source=client, target=client, journal=journal, apply=True)

        async def awaiting() -> MigrationReport:
            async with target.async_client(base_url=NEW) as client:
                return await migrate.v1_to_v2_async(source=client, target=client, journal=journal, apply=True)

        report = flavour.do(awaiting)
        assert isinstance(report, MigrationReport)
        return report

    report = run()
    assert [each.status for each in report.objects] == ["made", "made"]
    assert [(each.status, each.target_id) for each in report.files] == [("kept", each) for each in ids]
    again = run()
    assert [each.status for each in again.objects] == ["made_before", "made_before", "skipped", "skipped"]
    assert again.ok
    there = has(target)
    assert [name for name, *_ in there["assistants"]] == ["Old", "Full", "Old", "Full"]
    assert there["files"] == ["a.md", "b.md"]


def test_on_the_same_server_a_file_that_is_gone_is_missing(target: LocalServer, journal: Path) -> None:
    with target.client() as client:
        file = client.files.create(file=("a.md", b"Tulips."), purpose="assistants")
        client.beta.v1.assistants.create(model="gpt-4", tools=[{"type": "retrieval"}], file_ids=[file.id])
    gone = {"error": {"message": f"No such File object: {file.id}"}}
    target.faults.add(Fault("status", operation="retrieveFile", status=404, body=gone, times=None))
    with client_of(target, NEW) as client:
        report = migrate.v1_to_v2(source=client, target=client, journal=journal, apply=True)
    assert [each.status for each in report.files] == ["missing"]
    assert f"file {file.id} is missing" in str(report.objects[0].error)


# ---- what goes wrong ------------------------------------------------------------------------------------------------


def test_one_that_fails_does_not_stop_the_others(target: LocalServer, journal: Path, contents: Path) -> None:
    stored = export(assistant(id="asst_2", name="Other"), assistant(id="asst_3", model=None))
    target.faults.add(Fault("status", operation="createVectorStore", status=500))
    bad = {"error": {"message": "Bad."}}
    target.faults.add(Fault("status", operation="createMessage", status=400, skip=1, body=bad))
    report = migrated(SYNC, target, export=stored, files=contents, journal=journal, apply=True)
    assert [each.status for each in report.objects] == ["failed", "made", "failed", "failed"]
    errors = [str(each.error) for each in report.objects]
    assert errors[0].startswith("500 Internal Server Error")
    assert "asst_3 has no model" in errors[2]
    assert errors[3].startswith("message msg_2 (2 of 3): 400 Bad Request: Bad.")
    halfway = report.objects[3]
    assert (halfway.target_id is not None, halfway.messages, halfway.messages_made) == (True, 3, 1)
    assert not report.ok and len(report.failed) == 3 and report.stopped is None
    again = migrated(SYNC, target, export=stored, files=contents, journal=journal, apply=True)
    assert statuses(again) == [
        ("asst_1", "made"),
        ("asst_2", "made_before"),
        ("asst_3", "failed"),
        ("thread_1", "made"),
    ]
    there = has(target, thread_id_of(again))
    assert there["threads"] == EXPORTED["threads"]
    assert sorted(str(name) for name, *_ in there["assistants"]) == ["Gardener", "Other"]


def test_a_wrong_key_ends_it_at_once(flavour: Flavour, journal: Path, contents: Path) -> None:
    with LocalServer(in_process=True, api_keys=("right",)) as target:

        def refused(request: httpx.Request) -> httpx.Response:
            return httpx.Response(401, json={"error": {"message": "Incorrect API key provided."}})

        report = migrated(
            flavour, httpx.MockTransport(refused), export=export(), files=contents, journal=journal, apply=True
        )
        assert list(target.requests) == []
    assert statuses(report) == [("asst_1", "failed")]
    assert "Incorrect API key" in str(report.stopped) and not report.ok
    assert report.remarks[0] == "1 more objects were not tried."


def test_a_server_that_is_gone_is_not_asked_for_ever(journal: Path) -> None:
    asked = 0

    def gone(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        raise httpx.ConnectError("refused")

    stored = migrate.V1Export([assistant(id=f"asst_{number}") for number in range(9)])
    report = migrated(SYNC, httpx.MockTransport(gone), export=stored, journal=journal, apply=True)
    assert len(report.objects) == asked == 3
    assert str(report.stopped).startswith(
        "a server cannot be reached: No answer from POST https://new.test/v1/assistants"
    )
    assert report.remarks == ["6 more objects were not tried."]


def test_answers_without_an_id_are_no_success(journal: Path) -> None:
    def odd(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"object": "assistant"})

    stored = migrate.V1Export([assistant()])
    report = migrated(SYNC, httpx.MockTransport(odd), export=stored, journal=journal, apply=True)
    assert [each.error for each in report.objects] == [
        "the target's answer does not say which id the new assistant has"
    ]


def test_a_file_that_cannot_be_read_by_the_server_is_noted(target: LocalServer, journal: Path, contents: Path) -> None:
    target.processing.fail("roses*", message="It has no words.")
    report = migrated(SYNC, target, export=export(), files=contents, journal=journal, apply=True)
    assert report.ok
    (note,) = report.objects[0].notes
    assert (note.path, note.effect) == ("file_ids", "dropped")
    assert note.reason == "file search cannot read it: It has no words."


def test_processing_that_takes_too_long_is_noted(target: LocalServer, journal: Path, contents: Path) -> None:
    gate = target.processing.hold("roses*")
    report = migrated(SYNC, target, export=export(), files=contents, journal=journal, apply=True, max_wait_seconds=0.01)
    gate.open()
    assert report.ok and report.objects[0].status == "made"
    (note,) = report.objects[0].notes
    assert "file search may not find all yet" in note.reason and "still 'in_progress'" in note.reason


def test_many_files_are_put_in_500_at_a_time(journal: Path) -> None:
    sent: list[tuple[str, int]] = []

    def new(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v1")
        body = json.loads(request.content or b"{}")
        if request.method == "POST":
            sent.append((path, len(body.get("file_ids") or ())))
        if path.startswith("/files/"):
            info = {"object": "file", "bytes": 1, "filename": "a.md", "purpose": "assistants", "created_at": NOW}
            return httpx.Response(200, json={"id": path.rpartition("/")[2], **info})
        name = path.strip("/").replace("/", "-")
        counts = {"in_progress": 0, "completed": 1, "failed": 0, "cancelled": 0, "total": 1}
        return httpx.Response(200, json={"id": f"{name}-1", "status": "completed", "file_counts": counts})

    given = [
        message(id=f"msg_{place}", file_ids=[f"file-{place}-{number}" for number in range(600)]) for place in range(2)
    ]
    stored = migrate.V1Export([thread(), *given])
    report = migrated(SYNC, httpx.MockTransport(new), export=stored, journal=journal, apply=True)
    assert report.ok, report.objects[0].error
    assert sent[:4] == [
        ("/vector_stores", 500),
        ("/vector_stores/vector_stores-1/file_batches", 500),
        ("/vector_stores/vector_stores-1/file_batches", 200),
        ("/threads", 0),
    ]


# ---- the journal ----------------------------------------------------------------------------------------------------


def test_the_journal_is_of_one_migration(target: LocalServer, journal: Path, contents: Path) -> None:
    migrated(SYNC, target, export=export(), files=contents, journal=journal, apply=True)
    first = json.loads(journal.read_text().split("\n")[0])
    assert first | {"migration": "", "began_at": 0} == {
        "journal": "openai-assistants migrate v1-to-v2",
        "format": 1,
        "migration": "",
        "began_at": 0,
        "source": None,
        "target": NEW,
    }
    of_server = journal.with_name("other")
    migrated(SYNC, target, old_server().transport, assistants=[], journal=of_server, apply=True)
    with client_of(target, NEW) as to, client_of(target, "https://third.test/v1") as third:
        for apply in (False, True):
            with pytest.raises(MigrationError, match=f"another source \\({OLD}, not https://third.test/v1\\)"):
                migrate.v1_to_v2(target=to, source=third, journal=of_server, apply=apply)
    assert migrated(SYNC, target, old_server().transport, export=export(), journal=journal).ok, "an export has no name"
    for apply in (False, True):
        with (
            client_of(target, "https://elsewhere.test/v1") as client,
            pytest.raises(MigrationError, match="another target"),
        ):
            migrate.v1_to_v2(target=client, export=export(), journal=journal, apply=apply)


def test_what_is_no_journal_is_left_alone(target: LocalServer, journal: Path) -> None:
    for content in (b"important\n", b"{}", b'{"journal": "other"}\n', b"\x00\xff"):
        journal.write_bytes(content)
        for apply in (False, True):
            with pytest.raises(MigrationError, match="is no journal of a migration"):
                migrated(SYNC, target, export=export(), journal=journal, apply=apply)
        assert journal.read_bytes() == content
    head = {"journal": "openai-assistants migrate v1-to-v2", "format": 2, "migration": "x"}
    journal.write_text(json.dumps(head) + "\n")
    with pytest.raises(MigrationError, match="newer version"):
        migrated(SYNC, target, export=export(), journal=journal, apply=True)


@pytest.mark.parametrize("keep", range(0, 60, 7))
def test_a_journal_whose_first_line_was_cut_off(target: LocalServer, journal: Path, contents: Path, keep: int) -> None:
    migrated(SYNC, target, export=export(), files=contents, journal=journal, apply=True, assistants=[], threads=[])
    journal.write_bytes(journal.read_bytes()[:keep])
    assert migrated(SYNC, target, export=export(), files=contents, journal=journal).ok
    assert migrated(SYNC, target, export=export(), files=contents, journal=journal, apply=True).ok
    assert len(has(target)["assistants"]) == 1


def test_a_journal_whose_last_line_was_cut_off(
    flavour: Flavour, target: LocalServer, journal: Path, contents: Path
) -> None:
    report = migrated(flavour, target, export=export(), files=contents, journal=journal, apply=True)
    lines = journal.read_bytes().split(b"\n")
    journal.write_bytes(b"\n".join(lines[:4]) + b"\n" + lines[4][:20])
    again = migrated(flavour, target, export=export(), files=contents, journal=journal, apply=True)
    assert again.ok and file_statuses(again)[0][1] == "copied_before"
    assert has(target, thread_id_of(again)) == EXPORTED
    assert thread_id_of(again) == thread_id_of(report)


def test_two_processes_do_not_share_a_journal(target: LocalServer, journal: Path, contents: Path) -> None:
    refused: list[str] = []

    def meanwhile(entry: object) -> None:
        with pytest.raises(MigrationError, match="another process is using the journal") as error:
            migrated(SYNC, target, export=export(), files=contents, journal=journal, apply=True)
        refused.append(str(error.value))

    report = migrated(SYNC, target, export=export(), files=contents, journal=journal, apply=True, watch=meanwhile)
    assert report.ok and len(refused) == 4


def test_a_journal_that_cannot_be_written_ends_it(
    target: LocalServer, journal: Path, contents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, fsync = 0, os.fsync

    def failing(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls > 4:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    report = migrated(SYNC, target, export=export(), files=contents, journal=journal, apply=True)
    assert report.stopped == "the journal cannot be written: No space left on device"
    assert statuses(report) == [("asst_1", "failed")] and not report.ok
    monkeypatch.undo()
    again = migrated(SYNC, target, export=export(), files=contents, journal=journal, apply=True)
    assert again.ok
    assert has(target, thread_id_of(again)) == EXPORTED


@pytest.mark.parametrize(
    ("written", "said"), [(None, "No space left on device"), (3, "the disk is full")], ids=["refused", "cut"]
)
def test_a_disk_that_is_full(
    target: LocalServer,
    journal: Path,
    contents: Path,
    monkeypatch: pytest.MonkeyPatch,
    written: int | None,
    said: str,
) -> None:
    """Refused altogether, or with room for a part of the line."""

    class Full(io.FileIO):
        lines = 0

        def write(self, content: Any) -> int:
            self.lines += 1
            if self.lines < 6:
                return super().write(content)
            if written is None:
                raise OSError(28, "No space left on device")
            return super().write(content[:written])

    monkeypatch.setattr(_records, "open", lambda path, mode, buffering: Full(path, mode), raising=False)
    report = migrated(SYNC, target, export=export(), files=contents, journal=journal, apply=True)
    assert report.stopped == f"the journal cannot be written: {said}" and not report.ok
    monkeypatch.undo()
    again = migrated(SYNC, target, export=export(), files=contents, journal=journal, apply=True)
    assert again.ok and has(target, thread_id_of(again)) == EXPORTED


def test_a_system_without_locks_of_files(
    target: LocalServer, journal: Path, contents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    report = migrated(SYNC, target, export=export(), files=contents, journal=journal, apply=True)
    assert report.ok and has(target, thread_id_of(report)) == EXPORTED


def test_another_migration_makes_all_again(target: LocalServer, journal: Path, contents: Path) -> None:
    """A journal of its own has keys of its own: servers do not take them for repetitions."""
    for name in ("one", "two"):
        path = journal.with_name(name)
        assert migrated(SYNC, target, export=export(), files=contents, journal=path, apply=True).ok
    there = has(target)
    assert (len(there["assistants"]), len(there["files"]), len(there["stores"])) == (2, 4, 4)


def test_arguments_that_make_no_sense(target: LocalServer, journal: Path) -> None:
    with client_of(target, NEW) as client:
        with pytest.raises(ValueError, match="nothing to migrate"):
            migrate.v1_to_v2(target=client)
        with pytest.raises(ValueError, match="apply=True needs journal="):
            migrate.v1_to_v2(target=client, export=export(), apply=True)
        with pytest.raises(TypeError, match="threads must be a list of ids"):
            migrate.v1_to_v2(target=client, export=export(), threads="thread_1")
        with pytest.raises(FileNotFoundError):
            migrate.v1_to_v2(target=client, export=export(), apply=True, journal=journal / "x" / "y")
