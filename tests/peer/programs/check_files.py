"""Files, uploads in parts, and batches through the official client."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from pathlib import Path

import openai
from peer import Peer


async def files(p: Peer) -> None:
    content = bytes(range(256)) * 40
    made = await p(
        p.files.create(
            file=("data.bin", content), purpose="user_data", expires_after={"anchor": "created_at", "seconds": 3600}
        )
    )
    assert (made.bytes, made.filename, made.purpose, made.status) == (10240, "data.bin", "user_data", "processed")
    assert made.expires_at == made.created_at + 3600
    assert (await p(p.files.retrieve(made.id))).to_dict() == made.to_dict()
    assert (await p(p.files.wait_for_processing(made.id, poll_interval=0.01))).id == made.id
    answer = await p(p.files.content(made.id))
    assert answer.content == answer.read() == content
    assert answer.response.headers["content-length"] == "10240"
    page = await p(p.files.list(purpose="user_data", limit=1))
    assert [each.id for each in page.data] == [made.id]
    gone = await p(p.files.delete(made.id))
    assert (gone.deleted, gone.object) == (True, "file")
    await p.refused(openai.NotFoundError, lambda: p.files.retrieve(made.id))
    await p.refused(openai.NotFoundError, lambda: p.files.content(made.id))


async def ways_to_give_a_file(p: Peer) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notes ü.txt"
        path.write_text("Hello, world.", encoding="utf-8")
        with path.open("rb") as opened:
            for file in (path, opened, ("b.txt", io.BytesIO(b"Hello, world."), "text/plain")):
                made = await p(p.files.create(file=file, purpose="assistants"))
                assert made.bytes == 13
                assert (await p(p.files.content(made.id))).text == "Hello, world."
                assert await p(p.files.retrieve_content(made.id)) == "Hello, world."
        async with p.opened(p.files.with_streaming_response.content(made.id)) as response:
            await p(response.stream_to_file(Path(folder) / "copy.txt"))
        assert (Path(folder) / "copy.txt").read_bytes() == b"Hello, world."


async def pages_of_files(p: Peer) -> None:
    made = [(await p(p.files.create(file=(f"{n}.jsonl", b"{}"), purpose="fine-tune"))).id for n in range(5)]
    listed = await p.every(p.files.list(purpose="fine-tune", limit=2, order="asc"))
    assert [each.id for each in listed] == made


async def uploads(p: Peer) -> None:
    upload = await p(p.client.uploads.create(bytes=6, filename="a.txt", mime_type="text/plain", purpose="assistants"))
    assert (upload.status, upload.file, upload.bytes) == ("pending", None, 6)
    parts = [await p(p.client.uploads.parts.create(upload.id, data=data)) for data in (b"def", b"abc")]
    assert [part.upload_id for part in parts] == [upload.id, upload.id]
    done = await p(
        p.client.uploads.complete(
            upload.id, part_ids=[parts[1].id, parts[0].id], md5=hashlib.md5(b"abcdef").hexdigest()
        )
    )
    assert (done.status, done.file.bytes) == ("completed", 6)
    assert (await p(p.files.content(done.file.id))).content == b"abcdef"
    other = await p(p.client.uploads.create(bytes=6, filename="a.txt", mime_type="text/plain", purpose="assistants"))
    assert (await p(p.client.uploads.cancel(other.id))).status == "cancelled"
    await p.refused(openai.BadRequestError, lambda: p.client.uploads.cancel(other.id))


async def chunked_uploads(p: Peer) -> None:
    content = b"0123456789" * 1000
    done = await p(
        p.client.uploads.upload_file_chunked(
            file=content,
            filename="big.txt",
            bytes=len(content),
            mime_type="text/plain",
            purpose="assistants",
            part_size=3000,
            md5=hashlib.md5(content).hexdigest(),
        )
    )
    assert done.status == "completed"
    assert (await p(p.files.content(done.file.id))).content == content
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.txt"
        path.write_bytes(content)
        done = await p(
            p.client.uploads.upload_file_chunked(file=path, mime_type="text/plain", purpose="batch", part_size=4096)
        )
        assert (done.file.filename, done.file.purpose) == ("big.txt", "batch")


async def batches(p: Peer) -> None:
    lines = [
        {"custom_id": str(n), "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m", "messages": []}}
        for n in range(3)
    ]
    content = "\n".join(json.dumps(line) for line in lines).encode()
    file = await p(p.files.create(file=("in.jsonl", content), purpose="batch"))
    held = await p(p.files.create(file=("held-in.jsonl", content), purpose="batch"))
    made = []
    for source in (file, file, held):
        batch = await p(
            p.client.batches.create(
                input_file_id=source.id,
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata={"a": "b"},
                output_expires_after={"anchor": "created_at", "seconds": 3600},
            )
        )
        assert (batch.object, batch.status, batch.metadata) == ("batch", "validating", {"a": "b"})
        made.append(batch.id)
    assert (await p(p.client.batches.cancel(made[-1]))).status == "cancelling"
    listed = [each.id for each in await p.every(p.client.batches.list(limit=2))]
    assert listed[:3] == made[::-1]
    for batch_id in made:
        for _ in range(500):
            batch = await p(p.client.batches.retrieve(batch_id))
            if batch.status in ("completed", "failed", "cancelled"):
                break
            await p(p.client.models.list())
        assert batch.status == ("cancelled" if batch_id == made[-1] else "completed"), batch
        assert batch.request_counts.total in (0, 3)
        for output in filter(None, (batch.output_file_id, batch.error_file_id)):
            first = json.loads((await p(p.files.content(output))).text.splitlines()[0])
            assert {"id", "custom_id", "response", "error"} <= first.keys()
