"""What the doctor finds out about the server in the box, and about every server that this imitates."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from openai_assistants.cli.doctor import sentences, to_json, to_text
from openai_assistants.cli.doctor.checks import ALL_FINE, DIFFERENT, NEVER, READS, Report
from openai_assistants.cli.doctor.examination import examine
from openai_assistants.server import LocalServer
from openai_assistants.server.dialects import CONVERSATIONS, NAMED, STORAGE, Dialect, Events, Lists, Profile

from .support import KINDS, examined, left_at

NOTHING = {**dict.fromkeys(KINDS, 0), "pending uploads": 0}
USES = {
    "take a file into a vector store",
    "poll a run",
    "stream a run",
    "answer a tool call",
    "cancel a run",
    "make a thread and run it",
}
BEGINNING = "http://localhost/v1/, version 2 of the API, "


def serving(dialect: Dialect | str | None = None) -> LocalServer:
    return LocalServer(in_process=True, drain_seconds=0.0, poll_after_ms=1, dialect=dialect)


def places(report: Report) -> set[tuple[str, str]]:
    """What deviates and how, apart from times: the field, or else the event or what stands for the answers."""
    return {
        (finding.path.removeprefix("data[*].").removeprefix("data.") or finding.where, finding.got)
        for finding in report.findings
        if not finding.expected.startswith("whole seconds")
    }


def times(report: Report) -> set[str]:
    return {finding.got for finding in report.findings if finding.expected.startswith("whole seconds")}


# ---- the server in the box ----


def test_of_the_server_in_the_box_everything_is_fine() -> None:
    with serving() as server:
        report = examined(server)
        assert {each.method for each in server.requests} == {"GET"}
    known = {check.operation for check in READS} & report.operations.keys()
    assert {each.operation for each in report.with_verdict("answers")} == known
    assert not report.with_verdict("missing") and not report.with_verdict("fails")
    assert (report.findings, report.notes, report.problem, report.exit_code) == ([], [], None, ALL_FINE)
    assert "23 of 23 operations that were tried answer; 0 deviations" in to_text(report)


def test_everything_can_be_tried_and_nothing_stays_behind() -> None:
    with serving() as server:
        report = examined(server, write=True)
        assert left_at(server) == NOTHING
    assert {each.operation for each in report.with_verdict("answers")} == report.operations.keys() - NEVER.keys()
    assert {use.name for use in report.uses if use.works} == USES == {use.name for use in report.uses}
    assert (report.findings, report.notes, report.left_behind, report.exit_code) == ([], [], [], ALL_FINE)
    assert to_text(report).endswith("Everything is fine.\n")


def test_a_thread_is_looked_at_and_left_as_it_is() -> None:
    with serving("open-assistant-api") as server, server.client() as client:
        assistant = client.beta.assistants.create(model="m")
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
        client.beta.threads.runs.create_and_poll(thread.id, assistant_id=assistant.id)
        before = len(server.requests)
        report = examined(server, thread=thread.id)
        assert {each.method for each in server.requests[before:]} == {"GET"}
    read = ("getThread", "listMessages", "getMessage", "listRuns", "getRun", "listRunSteps", "getRunStep")
    assert [report.operations[each].said for each in read] == ["200"] * len(read)
    assert ("parallel_tool_calls", "left out") in places(report) and times(report) == {"a fraction"}


# ---- servers that are imitated ----


TOOLS = {"azure_ai_search", "bing_grounding", "connected_agent", "openapi", "azure_function", "mcp"}
IDS = {("id", "another form")}
FOUND: dict[str, tuple[set[tuple[str, str]], set[str]]] = {
    "open-assistant-api": (
        IDS
        | {
            *(("model", "null"), ("parallel_tool_calls", "left out"), ("status", "left out"), ("object", "file")),
            *(("has_more", "left out"), ("first_id", "left out"), ("last_id", "left out")),
            *(("tools[*]", "web_search"), ("stream", "left out")),
            ("thread.run.requires_action", "another end after it"),
            ("thread.message.in_progress", "another"),
        },
        {"a fraction"},
    ),
    "astra-assistants-api": (
        {
            *(("first_id", "none"), ("last_id", "none"), ("object", "vector_stores"), ("errors", '{"detail": ".."}')),
            *(("stream", "left out"), ("stream", "names in the data")),
            ("listVectorStores", "500 Internal Server Error: list index out of range"),
        },
        {"milliseconds"},
    ),
    "litellm": ({("stream", "names in the data"), ("status", "completed")}, set()),
    "openopenai": ({("stream", "application/json"), ("errors", "text"), ("has_more", "true")}, set()),
    "localai": (
        {
            *(("listAssistants", "a bare array"), ("errors", "text")),
            *(("has_more", "left out"), ("first_id", "left out"), ("last_id", "left out")),
        },
        {"ISO text"},
    ),
    "ogx": ({("errors", '{"detail": ".."}')}, set()),
    "foundry-classic": (
        {("status", "pending"), ("status", "running")} | {("tools[*]", tool) for tool in TOOLS},
        set(),
    ),
    "openai-after-shutdown": (set(), set()),
    "worst": (
        IDS
        | {(name, "a bare array") for name in ("listAssistants", "listFiles", "listRuns", "listRunSteps")}
        | {(name, "a bare array") for name in ("listVectorStores", "listVectorStoreFiles", "listBatches")}
        | {(name, "a bare array") for name in ("listFilesInVectorStoreBatch", "listModels")}
        | {(f"thread.{name}.created", "twice for the same object") for name in ("message", "run", "run.step")}
        | {(f"thread.{name}.delta", "before") for name in ("message", "run.step")}
        | {(name, "left out") for name in ("tools", "model", "assistant_id", "id", "object", "deleted", "has_more")}
        | {
            *(("first_id", "none"), ("last_id", "none"), ("object", "page"), ("thread.run.heartbeat", "an event")),
            *(("bytes", "text"), ("file.bytes", "text"), ("purpose", "amusement"), ("file.purpose", "amusement")),
            *(("stream", "left out"), ("stream", "names in the data")),
            *(("errors", '{"detail": ".."}'), ("errors", '{"message": ".."}')),
        },
        {"ISO text", "a fraction", "milliseconds"},
    ),
}
"""What deviates at each of them, apart from times, and the forms that times have."""

FAILING = {
    "astra-assistants-api": {"cancel a run"},
    "litellm": {"answer a tool call", "cancel a run"},
}
"""Uses that they do not have, although they have runs."""


@cache
def looked_at(dialect: str) -> tuple[Report, dict[str, int]]:
    """What is found out about a server, and what it has afterwards."""
    with serving(dialect) as server:
        return examined(server, write=True), left_at(server)


@pytest.mark.parametrize("dialect", NAMED)
def test_every_server_that_is_imitated(dialect: str) -> None:
    profile = NAMED[dialect].profile
    report, left = looked_at(dialect)
    tried = {name: each for name, each in report.operations.items() if each.verdict != "not tried"}
    assert {name for name, each in tried.items() if each.verdict == "missing"} == {
        name for name in tried if not profile.has(name)
    }
    assert {each.operation for each in report.with_verdict("answers")} == {name for name in tried if profile.has(name)}
    assert tried.keys() >= {check.operation for check in READS} & report.operations.keys()
    found, forms = FOUND[dialect]
    if dialect == "localai":
        found = found | {("created_at", "left out")}
    assert (places(report), times(report)) == (found, forms)
    has = {name for name, needed in NEEDED.items() if profile.has(needed)}
    assert {use.name for use in report.uses} == has
    assert {use.name for use in report.uses if not use.works} == FAILING.get(dialect, set())
    assert report.exit_code == DIFFERENT
    stay = [] if profile.has("deleteThread") or not profile.has("createThread") else report.left_behind
    assert left == {**NOTHING, "threads": len(stay)} and report.left_behind == stay
    assert any("does not know Idempotency-Key" in note for note in report.notes)


NEEDED = {
    "take a file into a vector store": "createVectorStoreFile",
    "poll a run": "createRun",
    "stream a run": "createRun",
    "answer a tool call": "createRun",
    "cancel a run": "createRun",
    "make a thread and run it": "createThreadAndRun",
}


def test_what_cannot_be_deleted_is_named() -> None:
    report, _ = looked_at("litellm")
    assert len(report.left_behind) == 2
    assert all(each.startswith("thread thread_") and "405" in each for each in report.left_behind)
    assert "Could not be deleted\n- thread thread_" in to_text(report)
    for tried in (report.operations["deleteThread"], report.operations["getRun"]):
        assert tried.verdict == "missing"
        assert tried.said in ("405 Method Not Allowed: Method Not Allowed", "404 Not Found: Not Found")


# ---- what it says ----


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("litellm", "Runs cannot be fetched: create_and_poll, poll and resume=True work only"),
        ("litellm", "A run is answered only when it has ended"),
        ("astra-assistants-api", 'on_active_run="cancel" raises NotSupportedByServerError'),
        ("astra-assistants-api", "Times come in another form"),
        ("astra-assistants-api", "client.beta.threads.runs.update, client.vector_stores.file_batches.retrieve"),
        ("openopenai", "Runs are polled, because the server does not stream"),
        ("openopenai", "There are no vector stores: client.vector_stores raises NotSupportedByServerError"),
        ("localai", "Lists do not say whether there is more: page.has_more is None"),
        ("openai-after-shutdown", "There are no assistants: client.beta.assistants raises NotSupportedByServerError"),
        ("worst", "bytes is as the server sent it, not what its type says."),
        ("worst", "tools is None, although its type may say otherwise."),
    ],
)
def test_it_says_what_that_means_for_a_program(dialect: str, said: str) -> None:
    report, _ = looked_at(dialect)
    assert any(said in sentence for sentence in sentences(report))
    assert said in " ".join(to_text(report).split())


def test_a_server_of_something_else() -> None:
    nothing = Dialect(profile=Profile(operations=frozenset()))
    with LocalServer(in_process=True, dialect=nothing) as server:
        report = examined(server)
    assert (report.exit_code, report.summary) == (2, "Nothing of this API can be reached here.")


def test_the_same_as_json() -> None:
    report, _ = looked_at("astra-assistants-api")
    data: Any = json.loads(to_json(report))
    assert (data["exit_code"], data["write"], data["api_version"]) == (1, True, "v2")
    operations = {each["operation"]: each for each in data["operations"]}
    assert operations["cancelRun"]["verdict"] == "missing"
    assert operations["cancelRun"]["call"] == "beta.threads.runs.cancel"
    assert {"where", "path", "expected", "got", "means", "noticed"} == data["findings"][0].keys()
    assert data["meaning"] == sentences(report) and data["summary"] == report.summary
    paths = {(each["where"], each["path"]) for each in data["findings"]}
    assert {("listMessages", "data[*].created_at"), ("thread.run.created", "data.created_at")} <= paths


def test_hosts_that_were_switched_off_are_explained() -> None:

    with serving("openai-after-shutdown") as server:
        client = server.client(base_url="https://api.openai.com/v1", max_retries=0)
        report = examine(client, timeout=20.0)
    assert report.exit_code == DIFFERENT
    assert any("switched the Assistants API off on 2026-08-26" in note for note in report.notes)
    assert "Ways on: run the server that comes with" in to_text(report)


WITHOUT_CANCEL = Profile(operations=frozenset(CONVERSATIONS | STORAGE) - {"cancelRun"})


NOTICED: dict[str, tuple[Dialect, bool, bool]] = {
    "nothing": (Dialect(), False, False),
    "ISO times": (Dialect(times="iso"), False, False),
    "ids": (Dialect(ids="uuid"), False, False),
    "names of lists": (Dialect(lists=Lists(kind="threads")), False, False),
    "no nulls": (Dialect(nulls="drop"), False, False),
    "forms of events": (Dialect(events=Events(frames="data", done="left_out", unknown_event=True)), True, False),
    "forms of errors": (Dialect(errors="string"), False, True),
    "no has_more": (Dialect(lists=Lists(has_more="left_out")), False, True),
    "cursors ignored": (Dialect(lists=Lists(ignores=frozenset({"after"}))), False, True),
    "cursors that break": (Dialect(lists=Lists(breaks_on=frozenset({"after"}))), False, True),
    "events twice": (Dialect(events=Events(created_twice=True)), True, True),
    "no cancelling": (Dialect(profile=WITHOUT_CANCEL), True, True),
}
"""Ways to deviate, whether --write is needed to see it, and whether a program would notice."""


@pytest.mark.parametrize("name", NOTICED)
def test_only_what_a_program_notices_makes_the_exit_code_one(name: str) -> None:
    dialect, write, noticed = NOTICED[name]
    with serving(dialect) as server, server.client() as client:
        for number in range(3):  # lists of more than one page
            client.beta.assistants.create(model="m", name=str(number))
        report = examined(server, write=write)
    assert report.exit_code == (DIFFERENT if noticed else ALL_FINE), to_text(report)


def test_a_missing_endpoint_is_told_from_a_missing_object_where_both_are_text() -> None:
    profile = Profile(operations=frozenset(CONVERSATIONS | STORAGE) - {"getThread"}, missing="text")
    with serving(Dialect(errors="text", profile=profile)) as server:
        report = examined(server)
    assert [each.operation for each in report.with_verdict("missing")] == ["getThread"]
    assert report.operations["getRun"].said == "404 for an unknown id, as text"
    assert any("takes a missing object for a missing endpoint" in said for said in sentences(report))


# ---- version 1 ----


def test_version_1() -> None:
    """Of a server that answers in version 2 whatever it is asked for."""

    def take_anything(request: Any) -> None:
        if "openai-beta" in request.headers:
            assert request.headers["openai-beta"] == "assistants=v1"
            request.headers["openai-beta"] = "assistants=v2"

    with serving() as server:
        http = server.http_client(event_hooks={"request": [take_anything]})
        with server.client(http_client=http, max_retries=0) as client:
            report = examine(client, version="v1", write=True, timeout=20.0)
        assert left_at(server) == NOTHING
    assert to_text(report).startswith("http://localhost/v1/, version 1 of the API, with throw-away objects\n")
    of_files = {"getAssistantFile", "listAssistantFiles", "getMessageFile", "listMessageFiles"}
    missing = {each.operation for each in report.with_verdict("missing")}
    if missing:  # this server is one that speaks version 2 only
        assert missing == of_files
        assert "client.beta.v1.assistants.files.retrieve" in " ".join(sentences(report))
    assert "listVectorStores" not in report.operations and report.operations["createRun"].verdict == "answers"
    assert {use.name for use in report.uses if use.works} == USES - {"take a file into a vector store"}
    assert places(report) == {("file_ids", "left out")}
