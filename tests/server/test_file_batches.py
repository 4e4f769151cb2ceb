"""File batches: counts that add up at every moment, cancelling, and what each file of a batch gets."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from openai_assistants.server import LocalServer
from openai_assistants.server.store import Tx
from openai_assistants.server.store.records import new_file
from openai_assistants.server.store.tables import DEFAULT_OWNER, blobs
from openai_assistants.server.vector_stores import stores

from .support import NOW, Api, api_of, at_each, frozen, in_database, wait_for
from .test_vector_stores import AUTO, counts, member, settled, store_of, text_in


def batch_of(api: Api, store_id: str, **body: Any) -> Any:
    return api.post(f"/vector_stores/{store_id}/file_batches", body)


def look(api: Api, batch: Any) -> Any:
    return api.get(f"/vector_stores/{batch['vector_store_id']}/file_batches/{batch['id']}")


def over(api: Api, batch: Any) -> Any:
    """The batch once it is over."""
    return wait_for(lambda: look(api, batch), lambda now: now["status"] not in ("in_progress", "cancelling"))


def cancel(api: Api, batch: Any) -> Any:
    return api.post(f"/vector_stores/{batch['vector_store_id']}/file_batches/{batch['id']}/cancel")


def test_a_batch_and_its_fields() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        gate = server.processing.hold()
        store_id, ids = store_of(api), [api.file() for _ in range(3)]
        batch = batch_of(api, store_id, file_ids=ids, attributes={"k": 1})
        assert batch == {
            "id": batch["id"],
            "object": "vector_store.files_batch",
            "created_at": NOW,
            "vector_store_id": store_id,
            "status": "in_progress",
            "file_counts": counts(in_progress=3),
        }
        assert batch["id"].startswith("vsfb_")
        assert look(api, batch) == batch
        gate.open()
        assert over(api, batch) == {**batch, "status": "completed", "file_counts": counts(completed=3)}
        files = api.get(f"/vector_stores/{store_id}/file_batches/{batch['id']}/files", order="asc")["data"]
        assert [(file["id"], file["attributes"], file["chunking_strategy"]) for file in files] == [
            (each, {"k": 1}, AUTO) for each in ids
        ]


def test_counts_move_file_by_file_and_always_add_up(api: Api, server: LocalServer) -> None:
    names = [f"{number}.txt" for number in range(6)]
    gates = {name: server.processing.hold(name) for name in names}
    server.processing.fail("4.txt", code="server_error")
    store_id = store_of(api)
    batch = batch_of(api, store_id, file_ids=[api.file(filename=name) for name in names])
    for done, name in enumerate(names, 1):
        gates[name].open()
        failed = int(done > 4)
        now = wait_for(lambda: look(api, batch), lambda seen, left=6 - done: seen["file_counts"]["in_progress"] == left)
        assert now["file_counts"] == counts(in_progress=6 - done, completed=done - failed, failed=failed)
        assert now["status"] == ("completed" if done == 6 else "in_progress")
        store = api.get(f"/vector_stores/{store_id}")
        assert (store["file_counts"], store["status"]) == (now["file_counts"], now["status"])


def test_a_batch_whose_files_all_fail_is_completed_all_the_same(api: Api, server: LocalServer) -> None:
    server.processing.fail()
    store_id = store_of(api)
    batch = over(api, batch_of(api, store_id, file_ids=[api.file(), api.file()]))
    assert (batch["status"], batch["file_counts"]) == ("completed", counts(failed=2))


def test_files_of_a_batch_with_settings_of_their_own(api: Api) -> None:
    small = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}}
    one, two, three = api.file(), api.file(), api.file()
    store_id = store_of(api)
    batch = batch_of(
        api,
        store_id,
        files=[
            {"file_id": one, "attributes": {"a": 1}},
            {"file_id": two, "chunking_strategy": small},
            {"file_id": three, "chunking_strategy": {"type": "auto"}, "attributes": None},
        ],
        attributes={"not": "for these"},
        chunking_strategy=small,
    )
    assert over(api, batch)["file_counts"] == counts(completed=3)
    found = [member(api, store_id, each) for each in (one, two, three)]
    assert [file["attributes"] for file in found] == [{"a": 1}, {}, {}]
    assert [file["chunking_strategy"] for file in found] == [AUTO, small, AUTO]


def test_a_file_that_is_named_twice_is_put_in_once(api: Api) -> None:
    file_id, store_id = api.file(), store_of(api)
    assert batch_of(api, store_id, file_ids=[file_id, file_id])["file_counts"]["total"] == 1
    path = f"/vector_stores/{store_id}/file_batches"
    status, error = api.error("POST", path, json={"files": [{"file_id": file_id}, {"file_id": file_id}]})
    assert (status, error["param"]) == (400, "files")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "file_ids"),
        ({"file_ids": ["file-1"], "files": [{"file_id": "file-1"}]}, "file_ids"),
        ({"file_ids": []}, "file_ids"),
        ({"files": []}, "files"),
        ({"file_ids": ["file-1"] * 2001}, "file_ids"),
        ({"files": [{"file_id": "file-1"}] * 2001}, "files"),
        ({"files": [{}]}, "files[0].file_id"),
    ],
)
def test_wrong_requests(api: Api, body: dict[str, Any], param: str) -> None:
    status, error = api.error("POST", f"/vector_stores/{store_of(api)}/file_batches", json=body)
    assert (status, error["param"]) == (400, param)


def test_two_thousand_files_in_one_batch(api: Api, server: LocalServer) -> None:
    """As many as a batch takes."""

    def make(tx: Tx) -> list[str]:
        ids = [tx.ids.new("file-") for _ in range(2000)]
        for number, file_id in enumerate(ids):
            new_file(
                tx,
                file_id,
                filename=f"{number}.txt",
                purpose="assistants",
                size=1,
                expires_after=None,
                owner=DEFAULT_OWNER,
            )
        rows = [{"file_id": each, "number": 0, "created_at": tx.now, "content": b"x"} for each in ids]
        tx.connection.execute(insert(blobs), rows)
        return ids

    store_id, ids = store_of(api), in_database(server, make)
    server.processing.fail("*7.txt")
    batch = batch_of(api, store_id, file_ids=ids)
    assert batch["file_counts"] == counts(in_progress=2000)
    path = f"/vector_stores/{store_id}/file_batches/{batch['id']}"
    end = wait_for(lambda: look(api, batch), lambda now: now["status"] == "completed", 180)
    assert end["file_counts"] == counts(completed=1800, failed=200)
    page = api.get(f"{path}/files", filter="failed", limit=100)
    rest = api.get(f"{path}/files", filter="failed", limit=100, after=page["last_id"])
    assert {file["id"] for file in page["data"] + rest["data"]} == set(ids[7::10])
    assert (page["has_more"], rest["has_more"]) == (True, False)


def test_cancelling(api: Api, server: LocalServer) -> None:
    """What is done stays, what is in progress is given up, and other files of the store are left alone."""
    gate = server.processing.hold("slow*")
    store_id = store_of(api)
    path = f"/vector_stores/{store_id}"
    done, slow, other = api.file(filename="a.txt"), api.file(filename="slow.txt"), api.file(filename="slow too.txt")
    api.post(f"{path}/files", {"file_id": other})
    batch = batch_of(api, store_id, file_ids=[done, slow])
    wait_for(lambda: look(api, batch), lambda now: now["file_counts"]["completed"] == 1)
    cancelling = cancel(api, batch)
    assert (cancelling["status"], cancelling["file_counts"]) == ("cancelling", counts(in_progress=1, completed=1))
    cancelled = over(api, batch)
    assert (cancelled["status"], cancelled["file_counts"]) == ("cancelled", counts(cancelled=1, completed=1))
    gate.open()
    store = settled(api, store_id)
    assert (store["status"], store["file_counts"]) == ("completed", counts(completed=2, cancelled=1))
    given_up = member(api, store_id, slow)
    assert (given_up["status"], given_up["last_error"], text_in(api, store_id, slow)) == ("cancelled", None, [])
    listed = api.get(f"{path}/file_batches/{batch['id']}/files", filter="cancelled")["data"]
    assert [file["id"] for file in listed] == [slow]
    assert cancel(api, batch) == cancelled


def test_files_that_are_done_before_a_cancel_is_settled_stay(api: Api, server: LocalServer) -> None:
    gate, (file_id, store_id) = server.processing.hold(), (api.file(), store_of(api))
    batch = batch_of(api, store_id, file_ids=[file_id])
    assert gate.reached.wait(10)

    async def nothing() -> None:
        """Busy with other things."""

    at_each(server, "files_worker", look=nothing)
    assert cancel(api, batch)["status"] == "cancelling"
    gate.open()
    wait_for(lambda: member(api, store_id, file_id)["status"], lambda status: status == "completed")
    in_database(server, stores.settle_cancels)
    assert (look(api, batch)["status"], look(api, batch)["file_counts"]) == ("cancelled", counts(completed=1))
    assert text_in(api, store_id, file_id) == ["hello"]


def test_a_batch_that_is_completed_cannot_be_cancelled(api: Api) -> None:
    batch = over(api, batch_of(api, store_of(api), file_ids=[api.file()]))
    path = f"/vector_stores/{batch['vector_store_id']}/file_batches/{batch['id']}/cancel"
    status, error = api.error("POST", path)
    assert (status, error["message"]) == (400, f"Cannot cancel file batch {batch['id']} with status 'completed'.")


def test_what_becomes_of_a_batch_whose_files_leave_the_store(api: Api, server: LocalServer) -> None:
    """Its total stays, so that nobody waits for ever for a batch without files."""
    gate = server.processing.hold("slow*")
    one, slow, two = api.file(filename="1"), api.file(filename="slow"), api.file(filename="2")
    store_id = store_of(api)
    path = f"/vector_stores/{store_id}"
    batch = batch_of(api, store_id, file_ids=[one, slow, two])
    wait_for(lambda: look(api, batch), lambda now: now["file_counts"]["completed"] == 2)
    api.delete(f"{path}/files/{one}")
    api.delete(f"/files/{slow}")
    api.post(f"{path}/files", {"file_id": two})
    gate.open()
    now = over(api, batch)
    assert (now["status"], now["file_counts"]) == ("completed", counts(completed=2, cancelled=1))
    assert api.get(f"{path}/file_batches/{batch['id']}/files")["data"] == []
    assert settled(api, store_id)["file_counts"] == counts(completed=1)


def test_pages_of_a_batch(api: Api) -> None:
    ids = [api.file() for _ in range(5)]
    store_id = store_of(api, api.file())
    batch = batch_of(api, store_id, file_ids=ids)
    over(api, batch)
    path = f"/vector_stores/{store_id}/file_batches/{batch['id']}/files"
    page = api.get(path, order="asc", limit=2)
    assert ([file["id"] for file in page["data"]], page["has_more"]) == (ids[:2], True)
    page = api.get(path, order="asc", limit=3, after=page["last_id"])
    assert ([file["id"] for file in page["data"]], page["has_more"]) == (ids[2:], False)
    assert [file["id"] for file in api.get(path, before=ids[0], limit=1)["data"]] == [ids[1]]
