"""Vector stores, their files and batches of these through the official client."""

from __future__ import annotations

import openai
from peer import Peer

STATIC = {"type": "static", "static": {"max_chunk_size_tokens": 200, "chunk_overlap_tokens": 50}}


async def stores(p: Peer) -> None:
    made = await p(
        p.stores.create(
            name="Notes", expires_after={"anchor": "last_active_at", "days": 3}, metadata={"a": "b"}, description="d"
        )
    )
    assert (made.name, made.status, made.expires_after.days) == ("Notes", "completed", 3)
    assert made.file_counts.total == 0
    changed = await p(p.stores.update(made.id, name="More", metadata={}, expires_after=None))
    assert (changed.name, changed.metadata, changed.expires_after) == ("More", {}, None)
    assert (await p(p.stores.retrieve(made.id))).id == made.id
    other = await p(p.stores.create())
    listed = [each.id for each in await p.every(p.stores.list(limit=1))]
    assert listed[:2] == [other.id, made.id]
    gone = await p(p.stores.delete(made.id))
    assert (gone.deleted, gone.object) == (True, "vector_store.deleted")
    await p.refused(openai.NotFoundError, lambda: p.stores.retrieve(made.id))


async def files_of_a_store(p: Peer) -> None:
    store = await p(p.stores.create())
    text = b"The lighthouse stands on a rock. It was built in 1843."
    file = await p(p.files.create(file=("light.txt", text), purpose="assistants"))
    put = await p(
        p.stores.files.create(
            store.id,
            file_id=file.id,
            attributes={"year": 1843, "tall": True, "kind": "tower"},
            chunking_strategy=STATIC,
        )
    )
    assert (put.id, put.vector_store_id) == (file.id, store.id)
    put = await p(p.stores.files.poll(file.id, vector_store_id=store.id))
    assert (put.status, put.last_error) == ("completed", None)
    assert put.chunking_strategy.static.max_chunk_size_tokens == 200
    put = await p(p.stores.files.update(file.id, vector_store_id=store.id, attributes={"year": 1900.0}))
    assert put.attributes == {"year": 1900}
    assert (await p(p.stores.files.retrieve(file.id, vector_store_id=store.id))).attributes == {"year": 1900}
    (passage,) = await p.every(p.stores.files.content(file.id, vector_store_id=store.id))
    assert passage.text == text.decode()
    (found,) = await p.every(
        p.stores.search(
            store.id, query="lighthouse", max_num_results=5, rewrite_query=False,
            filters={"type": "and", "filters": [{"key": "year", "type": "gte", "value": 1850}]},
            ranking_options={"ranker": "auto", "score_threshold": 0.0},
        )
    )  # fmt: skip
    assert (found.file_id, found.filename) == (file.id, "light.txt")
    assert 0 <= found.score <= 1
    assert "lighthouse" in found.content[0].text
    none = await p.every(
        p.stores.search(store.id, query=["lighthouse", "rock"], filters={"key": "year", "type": "lt", "value": 1850})
    )
    assert none == []
    assert [each.id for each in await p.every(p.stores.files.list(store.id, filter="completed"))] == [file.id]
    gone = await p(p.stores.files.delete(file.id, vector_store_id=store.id))
    assert (gone.deleted, gone.object) == (True, "vector_store.file.deleted")
    await p.refused(openai.NotFoundError, lambda: p.stores.files.retrieve(file.id, vector_store_id=store.id))


async def helpers_for_files(p: Peer) -> None:
    store = await p(p.stores.create())
    done = await p(
        p.stores.files.upload_and_poll(
            vector_store_id=store.id, file=("a.txt", b"One."), attributes={"n": 1}, chunking_strategy=STATIC
        )
    )
    assert (done.status, done.attributes) == ("completed", {"n": 1})
    file = await p(p.files.create(file=("b.txt", b"Two."), purpose="assistants"))
    done = await p(
        p.stores.files.create_and_poll(file.id, vector_store_id=store.id, poll_interval_ms=10, max_wait_seconds=20)
    )
    assert done.status == "completed"
    begun = await p(p.stores.files.upload(vector_store_id=store.id, file=("c.txt", b"Three.")))
    done = await p(p.stores.files.poll(begun.id, vector_store_id=store.id, poll_interval_ms=10))
    assert done.status == "completed"
    store = await p(p.stores.retrieve(store.id))
    assert (store.file_counts.completed, store.file_counts.total) == (3, 3)
    assert store.usage_bytes > 0


async def batches(p: Peer) -> None:
    store = await p(p.stores.create())
    made = [(await p(p.files.create(file=(f"{n}.txt", b"Text."), purpose="assistants"))).id for n in range(4)]
    batch = await p(p.stores.file_batches.create(store.id, file_ids=made[:2], attributes={"set": "one"}))
    assert batch.file_counts.total == 2
    batch = await p(p.stores.file_batches.poll(batch.id, vector_store_id=store.id, poll_interval_ms=10))
    assert (batch.status, batch.file_counts.completed) == ("completed", 2)
    listed = await p.every(p.stores.file_batches.list_files(batch.id, vector_store_id=store.id, limit=1, order="asc"))
    assert [each.id for each in listed] == made[:2]
    batch = await p(
        p.stores.file_batches.create_and_poll(
            store.id,
            files=[{"file_id": made[2], "attributes": {"n": 2}}, {"file_id": made[3], "chunking_strategy": STATIC}],
        )
    )
    assert batch.status == "completed"
    assert (await p(p.stores.file_batches.retrieve(batch.id, vector_store_id=store.id))).status == "completed"
    await p.refused(openai.BadRequestError, lambda: p.stores.file_batches.cancel(batch.id, vector_store_id=store.id))


async def upload_and_poll(p: Peer) -> None:
    store = await p(p.stores.create())
    known = await p(p.files.create(file=("known.txt", b"Known."), purpose="assistants"))
    batch = await p(
        p.stores.file_batches.upload_and_poll(
            store.id,
            files=[(f"{n}.txt", f"Text {n}.".encode()) for n in range(8)],
            file_ids=[known.id],
            max_concurrency=3,
        )
    )
    assert (batch.status, batch.file_counts.completed, batch.file_counts.total) == ("completed", 9, 9)


async def cancelled(p: Peer) -> None:
    store = await p(p.stores.create())
    made = [(await p(p.files.create(file=(f"held-{n}", b"Text."), purpose="assistants"))).id for n in range(2)]
    batch = await p(p.stores.file_batches.create(store.id, file_ids=made))
    batch = await p(p.stores.file_batches.cancel(batch.id, vector_store_id=store.id))
    assert batch.status in ("cancelling", "cancelled")
    batch = await p(p.stores.file_batches.poll(batch.id, vector_store_id=store.id, poll_interval_ms=10))
    assert batch.file_counts.cancelled == 2


async def a_file_that_fails(p: Peer) -> None:
    store = await p(p.stores.create())
    done = await p(p.stores.files.upload_and_poll(vector_store_id=store.id, file=("broken.txt", b"x")))
    assert (done.status, done.last_error.code) == ("failed", "unsupported_file")
