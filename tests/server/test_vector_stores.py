"""Vector stores and the files in them: statuses that move, counts, expiry, files that cannot be read."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from openai_assistants.server import LocalServer
from openai_assistants.server.store import Tx
from openai_assistants.server.store.tables import members, passages
from openai_assistants.server.vector_stores import Cutter, reading, stores

from .support import NOW, Api, api_of, frozen, housekeeping, in_database, wait_for

DAY = 24 * 3600
AUTO = {"type": "static", "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}}
WEEKLY = {"anchor": "last_active_at", "days": 7}


def counts(**numbers: int) -> dict[str, int]:
    """The file counts with these numbers and no others."""
    empty = dict.fromkeys(("in_progress", "completed", "failed", "cancelled"), 0)
    return {**empty, **numbers, "total": sum(numbers.values())}


def store_of(api: Api, *file_ids: str, **fields: Any) -> str:
    """A store that has taken in these files."""
    store = api.post("/vector_stores", {"file_ids": list(file_ids), **fields})
    settled(api, store["id"])
    return store["id"]


def settled(api: Api, store_id: str) -> Any:
    """The store once none of its files is in progress."""
    path = f"/vector_stores/{store_id}"
    return wait_for(lambda: api.get(path), lambda store: store["file_counts"]["in_progress"] == 0)


def member(api: Api, store_id: str, file_id: str) -> Any:
    return api.get(f"/vector_stores/{store_id}/files/{file_id}")


def done(api: Api, store_id: str, file_id: str) -> Any:
    """The file once it is not in progress."""
    return wait_for(lambda: member(api, store_id, file_id), lambda file: file["status"] != "in_progress")


def text_in(api: Api, store_id: str, file_id: str) -> list[str]:
    page = api.get(f"/vector_stores/{store_id}/files/{file_id}/content")
    assert (page["object"], page["has_more"]) == ("vector_store.file_content.page", False)
    return [piece["text"] for piece in page["data"]]


def passages_in(server: LocalServer) -> int:
    return in_database(server, lambda tx: int(tx.connection.scalar(select(func.count()).select_from(passages)) or 0))


# Stores


def test_an_empty_store() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        store = api.post("/vector_stores")
        assert store == {
            "id": store["id"],
            "object": "vector_store",
            "created_at": NOW,
            "name": None,
            "usage_bytes": 0,
            "file_counts": counts(),
            "status": "completed",
            "expires_after": None,
            "expires_at": None,
            "last_active_at": NOW,
            "metadata": {},
        }
        assert store["id"].startswith("vs_")
        assert api.get(f"/vector_stores/{store['id']}") == store
        assert api.get("/vector_stores")["data"] == [store]


def test_a_store_is_in_progress_until_all_its_files_are_done(api: Api, server: LocalServer) -> None:
    gate = server.processing.hold("slow*")
    server.processing.fail("bad*")
    good, bad, slow = api.file(b"12345", "good.txt"), api.file(b"x", "bad.txt"), api.file(b"1234567", "slow.txt")
    store = api.post("/vector_stores", {"file_ids": [good, bad, slow]})
    assert (store["status"], store["file_counts"]) == ("in_progress", counts(in_progress=3))
    path = f"/vector_stores/{store['id']}"
    halfway = wait_for(lambda: api.get(path), lambda now: now["file_counts"]["in_progress"] == 1)
    assert (halfway["status"], halfway["usage_bytes"]) == ("in_progress", 5)
    assert halfway["file_counts"] == counts(in_progress=1, completed=1, failed=1)
    gate.open()
    end = settled(api, store["id"])
    assert (end["status"], end["usage_bytes"]) == ("completed", 12)
    assert end["file_counts"] == counts(completed=2, failed=1)
    assert api.get("/vector_stores")["data"] == [end]


def test_counts_of_a_page_are_those_of_each_store(api: Api) -> None:
    files = [api.file() for _ in range(3)]
    for number in range(4):
        store_of(api, *files[:number], name=str(number))
    page = api.get("/vector_stores", order="asc")["data"]
    assert [(each["name"], each["file_counts"]) for each in page] == [
        (str(number), counts(completed=number)) for number in range(4)
    ]


def test_update(api: Api) -> None:
    store_id = api.post("/vector_stores", {"name": "a", "metadata": {"k": "v"}, "expires_after": WEEKLY})["id"]
    path = f"/vector_stores/{store_id}"
    assert api.post(path, {"name": "b"})["metadata"] == {"k": "v"}
    daily = api.post(path, {"expires_after": {"anchor": "last_active_at", "days": 1}})
    assert (daily["name"], daily["expires_at"]) == ("b", daily["last_active_at"] + DAY)
    empty = api.post(path, {"name": None, "expires_after": None, "metadata": None})
    assert (empty["name"], empty["expires_after"], empty["expires_at"], empty["metadata"]) == (None, None, None, {})


def test_a_deleted_store_is_gone_with_its_members_but_not_with_its_files(api: Api, server: LocalServer) -> None:
    file_id = api.file()
    store_id = store_of(api, file_id)
    batch = api.post(f"/vector_stores/{store_id}/file_batches", {"file_ids": [file_id]})
    path = f"/vector_stores/{store_id}"
    assert api.delete(path) == {"id": store_id, "object": "vector_store.deleted", "deleted": True}
    for rest in ("", "/files", f"/files/{file_id}", f"/file_batches/{batch['id']}", f"/files/{file_id}/content"):
        status, error = api.error("GET", path + rest)
        assert (status, error["message"]) == (404, f"No vector store found with id '{store_id}'.")
    assert api.error("POST", f"{path}/search", json={"query": "x"})[0] == 404
    assert api.get(f"/files/{file_id}")["id"] == file_id
    assert api.get("/vector_stores")["data"] == []
    wait_for(lambda: passages_in(server), lambda number: number == 0)


def test_many_passages_of_a_deleted_store_are_swept_up(api: Api, server: LocalServer) -> None:
    """More than at once, and those of other stores stay."""
    strategy = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}}
    kept, gone = (store_of(api, api.file(text.encode()), chunking_strategy=strategy) for text in ("x", TEXT[:400_000]))
    assert passages_in(server) > 1000
    api.delete(f"/vector_stores/{gone}")
    wait_for(lambda: passages_in(server), lambda number: number == 1)
    assert api.get(f"/vector_stores/{kept}")["usage_bytes"] == 1


def test_files_of_another_store_are_not_found(api: Api) -> None:
    file_id = api.file()
    mine, other = store_of(api, file_id), store_of(api)
    batch = api.post(f"/vector_stores/{mine}/file_batches", {"file_ids": [file_id]})
    assert api.error("GET", f"/vector_stores/{other}/files/{file_id}")[0] == 404
    assert api.error("DELETE", f"/vector_stores/{other}/files/{file_id}")[0] == 404
    status, error = api.error("GET", f"/vector_stores/{other}/file_batches/{batch['id']}")
    assert (status, error["message"]) == (404, f"No file batch found with id '{batch['id']}'.")


# Expiry


def test_a_store_expires_when_nobody_has_used_it() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        file_id = api.file()
        store_id = store_of(api, file_id, expires_after=WEEKLY)
        path = f"/vector_stores/{store_id}"
        for use in (
            lambda: api.post(f"{path}/search", {"query": "hello"}),
            lambda: api.post(f"{path}/files", {"file_id": file_id}),
            lambda: api.post(f"{path}/file_batches", {"file_ids": [file_id]}),
        ):
            server.clock.advance(6 * DAY)
            use()
            store = settled(api, store_id)
            now = int(server.clock.now())
            assert (store["status"], store["last_active_at"], store["expires_at"]) == ("completed", now, now + 7 * DAY)
        # Looking and changing are no use.
        server.clock.advance(7 * DAY - 1)
        api.post(path, {"name": "n"})
        assert api.get(path)["status"] == "completed"
        server.clock.advance(1)
        store = api.get(path)
        assert (store["status"], store["expires_at"], store["name"]) == ("expired", now + 7 * DAY, "n")
        assert api.get("/vector_stores")["data"] == [store]


def test_an_expired_store_can_be_looked_at_and_deleted_and_nothing_else() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        file_id = api.file()
        store_id = store_of(api, file_id, expires_after=WEEKLY)
        path = f"/vector_stores/{store_id}"
        server.clock.advance(7 * DAY)
        for rest, body in (
            ("/search", {"query": "hello"}),
            ("/files", {"file_id": file_id}),
            ("/file_batches", {"file_ids": [file_id]}),
            ("", {"expires_after": None}),
        ):
            status, error = api.error("POST", path + rest, json=body)
            assert (status, error["code"]) == (400, "vector_store_expired")
            assert error["message"] == f"The vector store '{store_id}' has expired."
        assert api.post(path, {"metadata": {"a": "b"}})["status"] == "expired"
        assert api.get(f"{path}/files")["data"][0]["id"] == file_id
        assert api.delete(path)["deleted"]


def test_a_run_that_searches_uses_the_stores_of_its_assistant_and_its_thread() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        first, second, third = (store_of(api, expires_after=WEEKLY) for _ in range(3))
        search = [{"type": "file_search"}]

        def resources(store_id: str) -> dict[str, Any]:
            return {"file_search": {"vector_store_ids": [store_id]}}

        assistant_id = api.assistant(tools=search, tool_resources=resources(first))
        thread = api.post("/threads", {"tool_resources": resources(second)})
        idle = api.assistant(tool_resources=resources(third))
        server.clock.advance(DAY)
        api.run_in(api.run(thread["id"], assistant_id), "completed")
        api.run_in(api.run(api.thread("q"), idle), "completed")
        seen = [api.get(f"/vector_stores/{each}")["last_active_at"] for each in (first, second, third)]
        assert seen == [NOW + DAY, NOW + DAY, NOW]


# Files in stores


def test_a_file_and_its_fields() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        gate = server.processing.hold()
        store_id, file_id = store_of(api), api.file(b"Whales swim.")
        made = api.post(f"/vector_stores/{store_id}/files", {"file_id": file_id})
        assert made == {
            "id": file_id,
            "object": "vector_store.file",
            "usage_bytes": 0,
            "created_at": NOW,
            "vector_store_id": store_id,
            "status": "in_progress",
            "last_error": None,
            "chunking_strategy": AUTO,
            "attributes": {},
        }
        assert gate.reached.wait(10)
        assert member(api, store_id, file_id) == made
        assert text_in(api, store_id, file_id) == []
        gate.open()
        assert done(api, store_id, file_id) == {**made, "status": "completed", "usage_bytes": 12}
        assert text_in(api, store_id, file_id) == ["Whales swim."]


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"", "invalid_file", "The file 'a.txt' is empty."),
        (b" \n\t ", "invalid_file", "The file 'a.txt' has no text."),
        (b"\x89PNG\r\n\x1a\n", "unsupported_file", "The file 'a.txt' is not text."),
        (b"text, then \x00", "unsupported_file", "The file 'a.txt' is not text."),
        (b"x" * (1 << 20) + b"\x01\xff", "unsupported_file", "The file 'a.txt' is not text."),
        (b"x" * (3 << 20) + b"\x00", "unsupported_file", "The file 'a.txt' is not text."),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read(api: Api, server: LocalServer, content: bytes, code: str, message: str) -> None:
    file_id = api.file(content)
    store_id = store_of(api, file_id)
    failed = member(api, store_id, file_id)
    assert (failed["status"], failed["last_error"]["code"], failed["usage_bytes"]) == ("failed", code, 0)
    assert failed["last_error"]["message"].startswith(message)
    assert text_in(api, store_id, file_id) == []
    assert passages_in(server) == 0
    store = api.get(f"/vector_stores/{store_id}")
    assert (store["status"], store["file_counts"]) == ("completed", counts(failed=1))


TEXT = "".join(f"{number} grüne Wale 🐋\n" for number in range(60_000))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_whatever_its_encoding_and_size(api: Api, encoding: str) -> None:
    """More than one chunk of the database, whose borders cut signs in two."""
    file_id = api.file(TEXT.encode(encoding))
    store_id = store_of(api, file_id)
    assert done(api, store_id, file_id)["status"] == "completed"
    assert "".join(text_in(api, store_id, file_id)) == TEXT


@pytest.mark.parametrize(("size", "overlap", "good"), [(100, 51, False), (100, -1, False), (101, 50, True)])
def test_an_overlap_of_more_than_half_is_refused(api: Api, size: int, overlap: int, good: bool) -> None:
    strategy = {"type": "static", "static": {"max_chunk_size_tokens": size, "chunk_overlap_tokens": overlap}}
    file_id, store_id = api.file(), store_of(api)
    field = "chunking_strategy.static.chunk_overlap_tokens"
    path = "tool_resources.file_search.vector_stores"
    new_store = {"tool_resources": {"file_search": {"vector_stores": [{"chunking_strategy": strategy}]}}}
    for url, body, param in (
        ("/vector_stores", {"chunking_strategy": strategy}, field),
        (f"/vector_stores/{store_id}/files", {"file_id": file_id, "chunking_strategy": strategy}, field),
        (
            f"/vector_stores/{store_id}/file_batches",
            {"files": [{"file_id": file_id, "chunking_strategy": strategy}]},
            f"files[0].{field}",
        ),
        ("/threads", new_store, f"{path}[0].{field}"),
    ):
        response = api.send("POST", url, json=body)
        assert response.status_code == (200 if good else 400)
        if not good:
            error = response.json()["error"]
            assert (error["param"], error["code"]) == (param, "invalid_value")


@pytest.mark.parametrize("missing", ["file-x", "deleted", "expired"])
def test_a_file_that_does_not_exist_is_refused_at_once(missing: str) -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        file_id = "file-x"
        if missing == "deleted":
            file_id = api.file()
            api.delete(f"/files/{file_id}")
        elif missing == "expired":
            file_id = api.file(**{"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"})
            server.clock.advance(3600)
        store_id, good = store_of(api), api.file()
        new_store = {"tool_resources": {"file_search": {"vector_stores": [{"file_ids": [good, file_id]}]}}}
        for url, body in (
            ("/vector_stores", {"file_ids": [good, file_id]}),
            (f"/vector_stores/{store_id}/files", {"file_id": file_id}),
            (f"/vector_stores/{store_id}/file_batches", {"file_ids": [good, file_id]}),
            (f"/vector_stores/{store_id}/file_batches", {"files": [{"file_id": good}, {"file_id": file_id}]}),
            ("/threads", new_store),
            ("/assistants", {"model": "m", **new_store}),
        ):
            status, error = api.error("POST", url, json=body)
            assert (status, error["message"]) == (404, f"No file found with id '{file_id}'.")
        assert len(api.get("/vector_stores")["data"]) == 1
        assert api.get(f"/vector_stores/{store_id}")["file_counts"] == counts()


def test_a_file_that_is_deleted_leaves_its_stores(api: Api, server: LocalServer) -> None:
    gone, kept = api.file(), api.file()
    first, second = store_of(api, gone, kept), store_of(api, gone)
    api.delete(f"/files/{gone}")
    assert [api.get(f"/vector_stores/{each}")["file_counts"]["total"] for each in (first, second)] == [1, 0]
    assert api.get(f"/vector_stores/{second}")["usage_bytes"] == 0
    assert api.error("GET", f"/vector_stores/{first}/files/{gone}")[0] == 404
    assert [file["id"] for file in api.get(f"/vector_stores/{first}/files")["data"]] == [kept]
    assert passages_in(server) == 1


def test_a_file_that_expires_leaves_its_stores() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        file_id = api.file(**{"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"})
        store_id = store_of(api, file_id)
        server.clock.advance(3600)
        housekeeping(server)
        assert api.get(f"/vector_stores/{store_id}")["file_counts"] == counts()
        assert passages_in(server) == 0


def test_taking_a_file_out_while_it_is_processed(api: Api, server: LocalServer) -> None:
    gate = server.processing.hold("a.txt")
    held, other = api.file(), api.file(filename="b.txt")
    store_id = api.post("/vector_stores", {"file_ids": [held, other]})["id"]
    assert gate.reached.wait(10)
    path = f"/vector_stores/{store_id}/files/{held}"
    assert api.delete(path) == {"id": held, "object": "vector_store.file.deleted", "deleted": True}
    gate.open()
    assert settled(api, store_id)["file_counts"] == counts(completed=1)
    assert api.error("GET", path)[0] == 404
    assert api.get(f"/files/{held}")["id"] == held


@pytest.mark.parametrize("at", [2, -1], ids=["while it is read", "at its end"])
def test_taking_a_file_out_while_its_passages_are_written(
    api: Api, server: LocalServer, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    text = "whale " * 5000
    sizes = {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}
    cutter = Cutter({"static": sizes})
    at = range(len([*cutter.feed(text), *cutter.close()]))[at]
    written: list[int] = []
    write = stores.write_passages

    def taken_out(tx: Tx, seq: int, first: int, some: Any) -> Any:
        if first == at:
            stores.retire_members(tx, members.c.seq == seq)
        written.append(first)
        return write(tx, seq, first, some)

    monkeypatch.setattr(reading, "_WRITTEN_TOGETHER", 1)
    monkeypatch.setattr(stores, "write_passages", taken_out)
    store_id, file_id = api.post("/vector_stores")["id"], api.file(text.encode())
    strategy = {"type": "static", "static": sizes}
    api.post(f"/vector_stores/{store_id}/files", {"file_id": file_id, "chunking_strategy": strategy})
    workers = [service.files_worker for service in server.services]
    wait_for(lambda: written, lambda numbers: at in numbers)
    wait_for(lambda: [worker.keys() for worker in workers], lambda keys: not any(keys))
    assert written == list(range(at + 1))
    assert passages_in(server) == 0
    assert api.error("GET", f"/vector_stores/{store_id}/files/{file_id}")[0] == 404


def test_a_file_that_is_put_in_again_is_taken_in_anew(api: Api, server: LocalServer) -> None:
    one, two = api.file(), api.file()
    store_id = store_of(api, one, two)
    path = f"/vector_stores/{store_id}/files"
    api.post(f"{path}/{one}", {"attributes": {"old": True}})
    gate = server.processing.hold()
    again = api.post(path, {"file_id": one, "attributes": {"new": 1}})
    assert (again["status"], again["attributes"]) == ("in_progress", {"new": 1})
    assert [file["id"] for file in api.get(path)["data"]] == [one, two]
    assert api.get(f"/vector_stores/{store_id}")["file_counts"] == counts(in_progress=1, completed=1)
    gate.open()
    assert settled(api, store_id)["file_counts"] == counts(completed=2)
    assert text_in(api, store_id, one) == ["hello"]


def test_attributes(api: Api) -> None:
    file_id, store_id = api.file(), store_of(api)
    attributes = {"text": "x" * 512, "k" * 64: 1, "number": 0.5, "yes": True, **{f"n{n}": n for n in range(12)}}
    made = api.post(f"/vector_stores/{store_id}/files", {"file_id": file_id, "attributes": attributes})
    path = f"/vector_stores/{store_id}/files/{file_id}"
    assert made["attributes"] == done(api, store_id, file_id)["attributes"] == attributes
    assert api.post(path, {"attributes": {"a": 1}})["attributes"] == {"a": 1}
    assert member(api, store_id, file_id)["attributes"] == {"a": 1}
    for wrong, param, code in (
        ({f"n{n}": n for n in range(17)}, "attributes", "object_above_max_properties"),
        ({"k" * 65: 1}, f"attributes.{'k' * 65}", "string_above_max_length"),
        ({"a": "x" * 513}, "attributes.a", "string_above_max_length"),
        ({"a": None}, "attributes.a", "invalid_type"),
        ({"a": ["b"]}, "attributes.a", "invalid_type"),
    ):
        for url, body in (
            (path, {"attributes": wrong}),
            (f"/vector_stores/{store_id}/files", {"file_id": file_id, "attributes": wrong}),
        ):
            status, error = api.error("POST", url, json=body)
            assert (status, error["param"], error["code"]) == (400, param, code)
    assert member(api, store_id, file_id)["attributes"] == {"a": 1}
    assert api.post(path, {"attributes": None})["attributes"] == {}


def test_attributes_may_change_while_a_file_is_processed(api: Api, server: LocalServer) -> None:
    gate = server.processing.hold()
    file_id, store_id = api.file(), store_of(api)
    api.post(f"/vector_stores/{store_id}/files", {"file_id": file_id})
    assert gate.reached.wait(10)
    api.post(f"/vector_stores/{store_id}/files/{file_id}", {"attributes": {"a": 1}})
    gate.open()
    assert done(api, store_id, file_id)["attributes"] == {"a": 1}


def test_lists_and_their_filter(api: Api, server: LocalServer) -> None:
    server.processing.fail("bad*")
    gate = server.processing.hold("slow*")
    names = ["a.txt", "bad.txt", "b.txt", "slow.txt", "c.txt"]
    ids = [api.file(filename=name) for name in names]
    store_id = api.post("/vector_stores", {"file_ids": ids})["id"]
    path = f"/vector_stores/{store_id}"
    wait_for(lambda: api.get(path), lambda store: store["file_counts"]["in_progress"] == 1)

    def listed(**query: Any) -> list[str]:
        return [names[ids.index(file["id"])] for file in api.get(f"{path}/files", **query)["data"]]

    assert listed() == names[::-1]
    assert listed(order="asc") == names
    assert listed(filter="completed", order="asc") == ["a.txt", "b.txt", "c.txt"]
    assert (listed(filter="failed"), listed(filter="in_progress")) == (["bad.txt"], ["slow.txt"])
    assert listed(filter="cancelled") == []
    assert listed(filter="completed", order="asc", limit=1, after=ids[1]) == ["b.txt"]
    assert listed(before=ids[1], limit=2) == ["slow.txt", "b.txt"]
    assert api.get(f"{path}/files", limit=2)["has_more"]
    status, error = api.error("GET", f"{path}/files", params={"filter": "expired"})
    assert (status, error["param"]) == (400, "filter")
    # A cursor stays good when its file is taken out, and means the newer place when it is put in again.
    api.delete(f"{path}/files/{ids[2]}")
    assert listed(order="asc", after=ids[2]) == ["slow.txt", "c.txt"]
    api.post(f"{path}/files", {"file_id": ids[2]})
    assert listed(order="asc", after=ids[2]) == []
    other = store_of(api)
    assert api.error("GET", f"/vector_stores/{other}/files", params={"after": ids[0]})[0] == 400
    gate.open()


def test_the_server_says_when_to_look_again(api: Api, server: LocalServer) -> None:
    gate = server.processing.hold()
    file_id, store_id = api.file(), store_of(api)
    path = f"/vector_stores/{store_id}"
    body = {"file_ids": [file_id]}
    batch = api.send("POST", f"{path}/file_batches", json=body)
    file = api.send("GET", f"{path}/files/{file_id}")
    assert [response.headers["openai-poll-after-ms"] for response in (batch, file)] == ["200", "200"]
    gate.open()
    done(api, store_id, file_id)
    batch = api.send("GET", f"{path}/file_batches/{batch.json()['id']}")
    file = api.send("GET", f"{path}/files/{file_id}")
    assert all("openai-poll-after-ms" not in response.headers for response in (batch, file))


# Stores that assistants and threads bring along


def test_stores_that_are_created_with_an_assistant_or_a_thread() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        file_id = api.file()
        strategy = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 20}}
        described = {"file_ids": [file_id], "chunking_strategy": strategy, "metadata": {"a": "b"}}
        resources = {"tool_resources": {"file_search": {"vector_stores": [described]}}}
        assistant = api.post("/assistants", {"model": "m", **resources})
        thread = api.post("/threads", resources)
        run = api.run_in(api.post("/threads/runs", {"assistant_id": assistant["id"], "thread": resources}), "completed")
        in_run = api.get(f"/threads/{run['thread_id']}")
        for owner, rule in ((assistant, None), (thread, WEEKLY), (in_run, WEEKLY)):
            assert set(owner["tool_resources"]["file_search"]) == {"vector_store_ids"}
            (store_id,) = owner["tool_resources"]["file_search"]["vector_store_ids"]
            store = settled(api, store_id)
            assert (store["metadata"], store["expires_after"]) == ({"a": "b"}, rule)
            assert store["file_counts"] == counts(completed=1)
            assert member(api, store_id, file_id)["chunking_strategy"] == strategy
        assert api.get(f"/assistants/{assistant['id']}") == assistant


def test_stores_of_assistants_and_threads_must_exist_and_cannot_be_new_as_well(api: Api) -> None:
    store_id = store_of(api)
    good = {"tool_resources": {"file_search": {"vector_store_ids": [store_id]}}}
    assistant, thread = api.post("/assistants", {"model": "m", **good}), api.post("/threads", good)
    wrong = {"tool_resources": {"file_search": {"vector_store_ids": ["vs_x"]}}}
    both = {"tool_resources": {"file_search": {"vector_store_ids": [store_id], "vector_stores": [{}]}}}
    for path in ("/assistants", "/threads", f"/assistants/{assistant['id']}", f"/threads/{thread['id']}"):
        model = {"model": "m"} if path == "/assistants" else {}
        status, error = api.error("POST", path, json={**model, **wrong})
        assert (status, error["message"]) == (404, "No vector store found with id 'vs_x'.")
        if not path.endswith((assistant["id"], thread["id"])):
            status, error = api.error("POST", path, json={**model, **both})
            assert (status, error["param"]) == (400, "tool_resources.file_search.vector_stores")
    assert len(api.get("/vector_stores")["data"]) == 1
