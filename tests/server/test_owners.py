"""What was made with one API key does not exist for another: no operation tells its id from one that never was."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text, update

from openai_assistants.server import Gate, LocalServer, Script, Search, Settings, Turn
from openai_assistants.server.store import SchemaError, Tx, records
from openai_assistants.server.store.tables import (
    DEFAULT_OWNER,
    SCHEMA_VERSION,
    answers,
    assistants,
    batches,
    files,
    meta,
    runs,
    threads,
    uploads,
    vector_stores,
)
from openai_assistants.server.vector_stores import reading

from .support import BETA, LOOKUP, Api, document, in_database, wait_for

ALICE, BOB = "sk-alice-0123456789", "sk-bob-0123456789"
TWO: dict[str, Any] = {"in_process": True, "drain_seconds": 0.0, "api_keys": (ALICE, BOB)}


@contextmanager
def as_owner(server: LocalServer, key: str) -> Iterator[Api]:
    with server.http_client(headers={**BETA, "Authorization": f"Bearer {key}"}) as client:
        yield Api(client)


@dataclass
class World:
    """An object of every kind, by the names that paths and bodies have for them."""

    ids: dict[str, str] = field(default_factory=dict[str, str])


def furnish(server: LocalServer, api: Api) -> World:
    """Make an object of every kind."""
    file_id = api.file(b"The capital of France is Paris.", "geography.txt")
    lines = b'{"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{}}\n'
    input_file_id = api.file(lines, "input.jsonl", purpose="batch")
    store_id = api.post("/vector_stores", {"name": "private", "file_ids": [file_id]})["id"]
    file_batch = api.post(f"/vector_stores/{store_id}/file_batches", {"file_ids": [file_id]})
    wait_for(
        lambda: api.get(f"/vector_stores/{store_id}/file_batches/{file_batch['id']}"),
        lambda now: now["status"] == "completed",
    )
    assistant_id = api.assistant(
        name="private",
        model="model-of-alice",
        tools=[{"type": "file_search"}, LOOKUP],
        tool_resources={"file_search": {"vector_store_ids": [store_id]}},
    )
    thread_id = api.thread("What is the capital?")
    server.scripts.add(Script([Turn("Paris.")], model="model-of-alice"))
    run = api.run_in(api.run(thread_id, assistant_id), "completed")
    waiting_thread = api.thread("Wait.")
    server.scripts.add(Script([Turn(calls=[Search("capital")]), Turn("Paris.")], model="model-of-alice"))
    api.run_in(api.run(waiting_thread, assistant_id), "completed")
    upload = api.post("/uploads", {"filename": "u.txt", "bytes": 3, "mime_type": "text/plain", "purpose": "assistants"})
    part = api._good(api.send("POST", f"/uploads/{upload['id']}/parts", files={"data": b"abc"}))
    batch = api.post(
        "/batches",
        {"input_file_id": input_file_id, "endpoint": "/v1/chat/completions", "completion_window": "24h"},
    )
    batch = wait_for(lambda: api.get(f"/batches/{batch['id']}"), lambda now: now["status"] == "completed")
    return World(
        {
            "assistant_id": assistant_id,
            "thread_id": thread_id,
            "message_id": api.messages(thread_id)[0]["id"],
            "run_id": run["id"],
            "step_id": api.steps(run)[0]["id"],
            "file_id": file_id,
            "input_file_id": input_file_id,
            "error_file_id": batch["error_file_id"],
            "vector_store_id": store_id,
            "file_batch_id": file_batch["id"],
            "upload_id": upload["id"],
            "part_id": part["id"],
            "batch_id": batch["id"],
        }
    )


def invented(ids: dict[str, str]) -> dict[str, str]:
    """Ids of the same form that no object has."""
    return {name: re.sub(r"[A-Za-z0-9]{24,}$", token_hex(12), value) for name, value in ids.items()}


def _bodies(operation: str, ids: dict[str, str]) -> list[Any]:
    """Bodies of a POST, each of them right apart from whose things it names."""
    run = {"assistant_id": ids["assistant_id"]}
    return {
        "createRun": [run],
        "createThreadAndRun": [run],
        "createMessage": [{"role": "user", "content": "hi"}],
        "submitToolOuputsToRun": [{"tool_outputs": [{"tool_call_id": "call_1", "output": "x"}]}],
        "createVectorStoreFile": [{"file_id": ids["file_id"]}],
        "createVectorStoreFileBatch": [{"file_ids": [ids["file_id"]]}, {"files": [{"file_id": ids["file_id"]}]}],
        "updateVectorStoreFileAttributes": [{"attributes": {"a": "b"}}],
        "searchVectorStore": [{"query": "capital"}],
        "completeUpload": [
            {"part_ids": [ids["part_id"]]},
            {"part_ids": [ids["part_id"]], "md5": "900150983cd24fb0d6963f7d28e17f72"},
        ],
    }.get(operation, [{}])


def requests(ids: dict[str, str], own: dict[str, str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every way to name these ids: in the paths of all operations, alone and below objects of one's own, as cursors and
    in bodies."""
    for path, item in document()["paths"].items():
        names = re.findall(r"{(\w+)}", path)
        if not names or names == ["model"]:
            continue
        for method in ("get", "post", "delete"):
            if method not in item:
                continue
            operation: str = item[method]["operationId"]
            is_file_batch = "file_batches" in path
            for mine in (0, 1) if len(names) > 1 else (0,):
                used = {**ids, **{name: own[name] for name in names[:mine]}}
                used["batch_id"] = used["file_batch_id"] if is_file_batch else used["batch_id"]
                url = path.format(**used)
                if operation == "addUploadPart":
                    yield "POST", url, {"files": {"data": b"abc"}}
                elif method == "post":
                    for body in _bodies(operation, used):
                        yield "POST", url, {"json": body}
                else:
                    yield method.upper(), url, {}
    for path, name in (
        ("/assistants", "assistant_id"),
        ("/files", "file_id"),
        ("/vector_stores", "vector_store_id"),
        ("/batches", "batch_id"),
        (f"/threads/{own['thread_id']}/messages", "message_id"),
        (f"/threads/{own['thread_id']}/runs", "run_id"),
        (f"/threads/{own['thread_id']}/runs/{own['run_id']}/steps", "step_id"),
        (f"/vector_stores/{own['vector_store_id']}/files", "file_id"),
    ):
        for cursor in ("after",) if path in ("/files", "/batches") else ("after", "before"):
            yield "GET", path, {"params": {cursor: ids[name]}}
    yield "GET", f"/threads/{own['thread_id']}/messages", {"params": {"run_id": ids["run_id"]}}
    search = {"file_search": {"vector_store_ids": [ids["vector_store_id"]]}}
    program = {"code_interpreter": {"file_ids": [ids["file_id"]]}}
    new_store = {"file_search": {"vector_stores": [{"file_ids": [ids["file_id"]]}]}}
    attached = {
        "role": "user",
        "content": "hi",
        "attachments": [{"file_id": ids["file_id"], "tools": [{"type": "file_search"}]}],
    }
    image = {"role": "user", "content": [{"type": "image_file", "image_file": {"file_id": ids["file_id"]}}]}
    mine = {"assistant_id": own["assistant_id"]}
    for resources in (search, program, new_store):
        yield "POST", "/assistants", {"json": {"model": "m", "tool_resources": resources}}
        yield "POST", "/threads", {"json": {"tool_resources": resources}}
        yield "POST", "/threads/runs", {"json": {**mine, "thread": {"tool_resources": resources}}}
    for resources in (search, program):
        yield "POST", f"/assistants/{own['assistant_id']}", {"json": {"tool_resources": resources}}
        yield "POST", f"/threads/{own['thread_id']}", {"json": {"tool_resources": resources}}
        yield "POST", "/threads/runs", {"json": {**mine, "tool_resources": resources}}
    for message in (attached, image):
        yield "POST", f"/threads/{own['thread_id']}/messages", {"json": message}
        yield "POST", "/threads", {"json": {"messages": [message]}}
        yield "POST", "/threads/runs", {"json": {**mine, "thread": {"messages": [message]}}}
        yield "POST", f"/threads/{own['thread_id']}/runs", {"json": {**mine, "additional_messages": [message]}}
    yield "POST", f"/threads/{own['thread_id']}/runs", {"json": {"assistant_id": ids["assistant_id"]}}
    yield "POST", "/vector_stores", {"json": {"file_ids": [ids["file_id"]]}}
    batch = {"endpoint": "/v1/chat/completions", "completion_window": "24h"}
    for name in ("input_file_id", "error_file_id"):
        yield "POST", "/batches", {"json": {**batch, "input_file_id": ids[name]}}
        yield "GET", f"/files/{ids[name]}/content", {}


def _said(response: httpx.Response, ids: dict[str, str]) -> tuple[int, str]:
    text = response.text
    for name, value in ids.items():
        text = text.replace(value, f"<{name}>")
    return response.status_code, text


def everything(api: Api, world: World) -> dict[str, str]:
    """All that an owner sees."""
    seen: dict[str, str] = {}
    for path, item in document()["paths"].items():
        if "get" not in item or path.startswith("/models"):
            continue
        ids = world.ids | {"batch_id": world.ids["file_batch_id"]} if "file_batches" in path else world.ids
        response = api.send("GET", path.format(**ids))
        assert response.status_code == 200, response.text
        seen[path] = response.text
    return seen


def test_no_operation_tells_an_id_of_another_key_from_one_that_never_was() -> None:
    with (
        LocalServer(**TWO) as server,
        as_owner(server, ALICE) as alice,
        as_owner(server, BOB) as bob,
    ):
        hers = furnish(server, alice)
        his = furnish(server, bob)
        before = everything(alice, hers)
        nowhere = invented(hers.ids)
        assert not set(nowhere.values()) & set(hers.ids.values())
        tried = 0
        for (method, url, options), (_, other_url, other_options) in zip(
            requests(hers.ids, his.ids), requests(nowhere, his.ids), strict=True
        ):
            real = _said(bob.send(method, url, **options), hers.ids)
            none = _said(bob.send(method, other_url, **other_options), nowhere)
            assert real == none, (method, url, options)
            assert real[0] in (400, 404) or "run_id" in options.get("params", {}), (method, url, real)
            tried += 1
        assert tried > 100
        assert everything(alice, hers) == before
        for path in ("/assistants", "/files", "/vector_stores", "/batches"):
            listed = {each["id"] for each in bob.get(path, limit=100)["data"]}
            assert listed and listed.isdisjoint(hers.ids.values())
            assert set(hers.ids.values()) & {each["id"] for each in alice.get(path, limit=100)["data"]}


def test_version_1_does_not_tell_either() -> None:
    """What version 1 has of its own, and where it names files in other bodies."""
    with LocalServer(**TWO) as server, as_owner(server, ALICE) as alice, as_owner(server, BOB) as bob:
        hers, his = furnish(server, alice).ids, furnish(server, bob).ids
        before = everything(alice, World(hers))
        beta = {"OpenAI-Beta": "assistants=v1"}

        def ask(method: str, path: str, ids: dict[str, str], body: Any = None) -> tuple[int, str]:
            return _said(bob.http.request(method, path.format(**ids), json=body, headers=beta), ids)

        for assistant in (hers, his):
            for message in (hers, his):
                for files in (hers, invented(hers)):
                    ids = {**files, "assistant_id": assistant["assistant_id"], "file_id": files["file_id"]}
                    ids |= {name: message[name] for name in ("thread_id", "message_id", "run_id", "step_id")}
                    found = [
                        ask("GET", "/assistants/{assistant_id}/files/{file_id}", ids),
                        ask("DELETE", "/assistants/{assistant_id}/files/{file_id}", ids),
                        ask("POST", "/assistants/{assistant_id}/files", ids, {"file_id": ids["file_id"]}),
                        ask("POST", "/assistants/{assistant_id}", ids, {"file_ids": [ids["file_id"]]}),
                        ask("GET", "/threads/{thread_id}/messages/{message_id}/files/{file_id}", ids),
                    ]
                    said = {"role": "user", "content": "hi", "file_ids": [ids["file_id"]]}
                    found += [
                        ask("POST", "/threads/{thread_id}/messages", ids, said),
                        ask("POST", "/threads", ids, {"messages": [said]}),
                        ask("POST", "/assistants", ids, {"model": "m", "file_ids": [ids["file_id"]]}),
                    ]
                    assert {status for status, _ in found} <= {400, 404}, found
                    if files is hers:
                        expected = found
                    else:
                        assert found == expected
        nowhere = invented(hers)
        for path in (
            "/assistants/{assistant_id}", "/assistants/{assistant_id}/files", "/threads/{thread_id}",
            "/threads/{thread_id}/messages", "/threads/{thread_id}/messages/{message_id}/files",
            "/threads/{thread_id}/runs/{run_id}", "/threads/{thread_id}/runs/{run_id}/steps/{step_id}",
        ):  # fmt: skip
            assert ask("GET", path, hers) == ask("GET", path, nowhere)
            assert ask("GET", path, hers)[0] == 404
        assert everything(alice, World(hers)) == before


def test_names_of_models_are_not_told() -> None:
    with LocalServer(**TWO) as server, as_owner(server, ALICE) as alice, as_owner(server, BOB) as bob:
        thread_id = alice.thread("q")
        alice.run_in(alice.run(thread_id, alice.assistant(model="secret-project"), model="other-secret"), "completed")
        names = {each["id"] for each in alice.get("/models")["data"]}
        assert {"secret-project", "other-secret"} <= names
        assert {each["id"] for each in bob.get("/models")["data"]}.isdisjoint({"secret-project", "other-secret"})


def test_a_stream_is_no_way_in() -> None:
    """Neither the idempotency key of another nor the number of one of his events brings his events."""
    with LocalServer(**TWO) as server, as_owner(server, ALICE) as alice, as_owner(server, BOB) as bob:
        path, body = "/threads/runs", {"assistant_id": alice.assistant(), "thread": {"messages": []}}
        key = {"Idempotency-Key": "the-same"}
        first = alice.stream(path, body, key)[0]
        assert alice.stream(path, body, key)[0] == first
        status, _ = bob.error("POST", path, json={**body, "stream": True}, headers=key)
        assert status == 404
        resume = {**key, "Last-Event-ID": first.id or ""}
        status, error = bob.error("POST", path, json={**body, "stream": True}, headers=resume)
        assert (status, error["code"]) == (409, "idempotency_key_unknown")


def test_search_of_a_run_stays_with_its_owner(tmp_path: Path) -> None:
    """Even if a run names a vector store of another, be it by a fault somewhere else, it finds nothing there."""
    with LocalServer(**TWO) as server, as_owner(server, ALICE) as alice, as_owner(server, BOB) as bob:
        hers = furnish(server, alice)
        assistant_id = bob.assistant(tools=[{"type": "file_search"}], model="of-bob")

        def break_in(tx: Tx) -> None:
            data = records.read(tx, assistants, assistant_id)
            data["tool_resources"] = {"file_search": {"vector_store_ids": [hers.ids["vector_store_id"]]}}
            records.put(tx, assistants, data)

        in_database(server, break_in)
        server.scripts.add(Script([Turn(calls=[Search("capital")]), Turn("done")], model="of-bob"))
        run = bob.run_in(bob.run(bob.thread("What is the capital?"), assistant_id), "completed")
        assert "Paris" not in str(bob.steps(run))


def test_the_files_of_batches_belong_to_who_made_the_batch() -> None:
    with LocalServer(**TWO) as server, as_owner(server, ALICE) as alice, as_owner(server, BOB) as bob:
        error_file = furnish(server, alice).ids["error_file_id"]
        assert alice.get(f"/files/{error_file}")["purpose"] == "batch_output"
        assert bob.error("GET", f"/files/{error_file}")[0] == 404


def test_keys_of_one_name_share(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    both: dict[str, Any] = {"in_process": True, "drain_seconds": 0.0, "database": database}
    with LocalServer(**both, api_keys=(ALICE, BOB)) as server, as_owner(server, ALICE) as alice:
        assistant_id = alice.assistant()
        made = alice.post("/threads", {}, headers={"Idempotency-Key": "k"})["id"]
        run = alice.run_in(alice.run(made, assistant_id), "completed")
    # The key gets a name, and a second key the same.
    names = {ALICE: "alice", "sk-new": "alice", BOB: None}
    with LocalServer(**both, api_keys=names) as server:
        for key in (ALICE, "sk-new"):
            with as_owner(server, key) as api:
                assert api.get(f"/assistants/{assistant_id}")["id"] == assistant_id
                assert api.get(f"/threads/{made}/runs/{run['id']}") == run
                assert api.post("/threads", {}, headers={"Idempotency-Key": "k"})["id"] == made
        with as_owner(server, BOB) as bob:
            assert bob.error("GET", f"/threads/{made}")[0] == 404
    # The first key is no longer accepted; nothing is lost.
    with LocalServer(**both, api_keys={"sk-new": "alice"}) as server:
        with as_owner(server, "sk-new") as api:
            assert [each["id"] for each in api.get("/assistants")["data"]] == [assistant_id]
        with as_owner(server, ALICE) as api:
            assert api.error("GET", "/assistants")[0] == 401


def test_without_keys_everything_belongs_to_default(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = str(tmp_path / "a.db")
    both: dict[str, Any] = {"in_process": True, "drain_seconds": 0.0, "database": database}
    with LocalServer(**both) as server, as_owner(server, "any") as api:
        assistant_id = api.assistant()
    with LocalServer(**both, api_keys=(ALICE,)) as server, as_owner(server, ALICE) as api:
        assert api.get("/assistants")["data"] == []
        hers = api.assistant()
    assert "made without an API key" in caplog.text and "default=KEY" in caplog.text
    caplog.clear()
    with LocalServer(**both, api_keys={ALICE: "default"}) as server, as_owner(server, ALICE) as api:
        assert {each["id"] for each in api.get("/assistants")["data"]} == {assistant_id, hers}
    assert not caplog.text
    with LocalServer(**both) as server, as_owner(server, "any") as api:
        assert {each["id"] for each in api.get("/assistants")["data"]} == {assistant_id, hers}


@pytest.mark.parametrize("wrong", ["sk-one", ("",), {"k": ""}, {"k": "with blank"}, {"k": "#x"}, {"k": "x" * 64}])
def test_keys_that_are_none(wrong: Any) -> None:
    with pytest.raises(ValueError, match="key"):
        LocalServer(in_process=True, api_keys=wrong).start()


def test_settings_do_not_show_keys() -> None:
    settings = Settings(
        api_keys=(ALICE,),
        database="postgresql://me:pa55word@host/x",
        models={"*": "chat:http://me:pa55word@host/v1"},
    )
    assert ALICE not in repr(settings) and "pa55word" not in repr(settings)


def test_a_database_of_schema_2_is_upgraded(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    both: dict[str, Any] = {"in_process": True, "drain_seconds": 0.0, "database": database}
    with LocalServer(**both) as server, as_owner(server, "any") as api:
        world = furnish(server, api)
        thread_id = api.post("/threads", {}, headers={"Idempotency-Key": "k"})["id"]
        before = everything(api, world)
        in_database(server, _back_to_2)
    with LocalServer(**both) as server, as_owner(server, "any") as api:
        assert in_database(server, lambda tx: tx.connection.scalar(select(meta.c.value))) == SCHEMA_VERSION
        assert everything(api, world) == before
        assert api.post("/threads", {}, headers={"Idempotency-Key": "k"})["id"] == thread_id
        api.assistant()
    with LocalServer(**both, api_keys={ALICE: DEFAULT_OWNER, BOB: None}) as server:
        with as_owner(server, ALICE) as api:
            api.get(f"/threads/{thread_id}")
        with as_owner(server, BOB) as api:
            assert api.error("GET", f"/threads/{thread_id}")[0] == 404


def _back_to_2(tx: Tx) -> None:
    for table in (assistants, threads, runs, files, uploads, vector_stores, batches):
        for index in table.indexes:
            if index.name == f"{table.name}_by_owner":
                index.drop(tx.connection)
        tx.connection.execute(text(f"ALTER TABLE {table.name} DROP COLUMN owner"))
    tx.connection.execute(update(answers).values(scope=""))
    tx.connection.execute(update(meta).values(value=2))


def test_a_database_of_another_schema_is_refused(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    for version in (1, SCHEMA_VERSION + 1):
        with LocalServer(in_process=True, database=database) as server:
            in_database(server, lambda tx, value=version: tx.connection.execute(update(meta).values(value=value)))
        with pytest.raises(SchemaError, match=f"schema version {version}, this server needs {SCHEMA_VERSION}"):
            LocalServer(in_process=True, database=database).start()
        database += "x"


@pytest.mark.once
def test_nobody_waits_behind_all_the_files_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate()
    begun: list[str] = []

    async def slowly(filename: str, content: AsyncIterator[bytes]) -> AsyncIterator[str]:
        begun.append(filename)
        await gate.passed()
        yield "text"

    monkeypatch.setattr(reading, "read_text", slowly)
    with LocalServer(**TWO) as server, as_owner(server, ALICE) as alice, as_owner(server, BOB) as bob:

        def add(api: Api, names: list[str]) -> None:
            api.post("/vector_stores", {"file_ids": [api.file(b"x", name) for name in names]})

        add(alice, [f"alice{number}.txt" for number in range(12)])
        wait_for(lambda: len(begun), lambda count: count == 4)
        add(bob, ["bob.txt"])
        owners = server.services[0].files_worker._of_owners
        wait_for(lambda: len(owners), lambda count: count == 2)
        gate.open()
        wait_for(lambda: len(begun), lambda count: count == 13)
    assert begun.index("bob.txt") == 4
