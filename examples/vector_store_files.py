"""Files of vector stores: upload and wait, one or several; deadlines; a large file in parts."""

import asyncio
import tempfile
from pathlib import Path

from openai_assistants import AsyncOpenAI, BulkUploadError, OpenAI, WaitTimeoutError
from openai_assistants.server import LocalServer

MEBIBYTE = 1 << 20


def tour(client: OpenAI, server: LocalServer, folder: Path) -> None:
    """What can be done with files of a vector store."""
    store = client.vector_stores.create(name="Notes")
    file = client.vector_stores.files.upload_and_poll(store.id, ("milk.txt", b"Buy milk."), attributes={"year": 2026})
    print("one file:", file.status, file.attributes)

    notes = [("bread.txt", b"Buy bread."), ("eggs.txt", b"Buy eggs.")]
    batch = client.vector_stores.file_batches.upload_and_poll(store.id, notes)
    print("a batch:", batch.status, batch.file_counts.completed)
    try:
        client.vector_stores.file_batches.upload_and_poll(store.id, [*notes, folder / "missing.txt"])
    except BulkUploadError as error:
        print("a batch with a gap:", [f"{Path(result.name).name} {result.status}" for result in error.results])

    gate = server.processing.hold("slow.txt")
    try:
        client.vector_stores.files.upload_and_poll(store.id, ("slow.txt", b"Wait."), max_wait_seconds=0.2)
    except WaitTimeoutError as error:
        print("too slow:", error.last.status)
        gate.open()
        print("later:", client.vector_stores.files.poll(error.last.id, store.id).status)

    large = folder / "large.txt"
    large.write_bytes(b"All work and no play.\n" * 100_000)
    upload = client.uploads.upload_file_chunked(large, mime_type="text/plain", purpose="assistants", part_size=MEBIBYTE)
    parts = len(server.requests.of("addUploadPart"))
    print(f"a large file: {upload.status}, {upload.bytes} bytes in {parts} parts")


async def awaiting(client: AsyncOpenAI) -> None:
    """The same methods on the async client."""
    store = await client.vector_stores.create()
    names = ["a.txt", "b.txt", "c.txt"]
    files = [client.vector_stores.files.upload_and_poll(store.id, (name, name.encode())) for name in names]
    print("async:", *[file.status for file in await asyncio.gather(*files)])


if __name__ == "__main__":
    server = LocalServer(record_requests=1000)
    with server, server.client() as client, tempfile.TemporaryDirectory() as folder:
        tour(client, server, Path(folder))
        asyncio.run(awaiting(server.async_client()))
