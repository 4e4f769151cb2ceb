"""Helpers around files as type checkers see them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Iterator, assert_type

from openai_assistants import (
    AsyncOpenAI,
    BulkFile,
    BulkProgress,
    BulkUploadError,
    BulkUploadResult,
    FileTypes,
    OpenAI,
)
from openai_assistants.progress import rich_progress
from openai_assistants.types import Upload
from openai_assistants.types.vector_stores import VectorStoreFile, VectorStoreFileBatch


def file_arguments() -> Iterator[FileTypes]:
    """Everything that can be uploaded."""
    yield from (b"x", bytearray(b"x"), memoryview(b"x"), Path("a.txt"), io.BytesIO(b"x"))
    yield ("a.txt", b"x")
    yield (None, io.BytesIO(b"x"), "text/plain")
    yield ("a.txt", Path("b.txt"), None, {"X-Mine": "1"})


def on_progress(progress: BulkProgress) -> None:
    """A plain function that is told."""
    assert_type(progress.total, int | None)
    assert_type(progress.latest, BulkFile | None)


async def async_on_progress(progress: BulkProgress) -> None:
    """An async function that is told."""


def sync_helpers(client: OpenAI) -> None:
    """What the sync client gives."""
    files, batches = client.vector_stores.files, client.vector_stores.file_batches
    assert_type(files.create_and_poll("f", "v", max_wait_seconds=None, on_deadline="raise"), VectorStoreFile)
    assert_type(files.create_and_poll("f", vector_store_id="v", poll_interval_ms=0.5), VectorStoreFile)
    assert_type(files.poll("f", "v", max_wait_seconds=5), VectorStoreFile)
    assert_type(files.upload("v", Path("a.txt"), attributes={"a": 1}), VectorStoreFile)
    assert_type(files.upload(vector_store_id="v", file=b"x"), VectorStoreFile)
    assert_type(files.upload_and_poll("v", bytearray(b"x")), VectorStoreFile)
    assert_type(batches.create_and_poll("v", file_ids=["f"], on_deadline="cancel"), VectorStoreFileBatch)
    assert_type(batches.poll("b", "v", on_interrupt="cancel"), VectorStoreFileBatch)
    assert_type(batches.upload_and_poll("v", [Path("a.txt"), b"x"], max_concurrency=3), VectorStoreFileBatch)
    assert_type(batches.upload_and_poll("v", files=file_arguments(), file_ids=["f"]), VectorStoreFileBatch)
    result = client.vector_stores.upload_files("v", Path().glob("*.md"), on_progress=on_progress, manifest="m.jsonl")
    assert_type(result, BulkUploadResult)
    assert_type(result.failed[0].error, Exception | None)
    with rich_progress() as bar:
        client.beta.vector_stores.upload_files("v", ["a.txt"], on_progress=bar)  # type: ignore[list-item]
    assert_type(client.uploads.upload_file_chunked("a.txt", mime_type="text/plain", purpose="assistants"), Upload)
    client.uploads.upload_file_chunked(
        file=b"x", mime_type="text/plain", purpose="assistants", filename="a.txt", bytes=1, part_size=1, md5="0"
    )
    try:
        result.raise_for_failures()
    except BulkUploadError as error:
        assert_type(error.results, list[BulkFile])
        assert_type(error.batch, VectorStoreFileBatch | None)


async def async_helpers(client: AsyncOpenAI) -> None:
    """What the async client gives."""
    files, batches = client.vector_stores.files, client.vector_stores.file_batches
    assert_type(await files.upload_and_poll("v", Path("a.txt")), VectorStoreFile)
    assert_type(await batches.upload_and_poll("v", file_arguments()), VectorStoreFileBatch)
    result = await client.vector_stores.upload_files("v", [b"x"], on_progress=async_on_progress)
    assert_type(result, BulkUploadResult)
    assert_type(
        await client.uploads.upload_file_chunked(Path("a.txt"), mime_type="text/plain", purpose="assistants"), Upload
    )
