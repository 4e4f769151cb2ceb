"""Bulk upload: a folder into a vector store; what fails is named, and a second call does only the rest."""

import tempfile
from pathlib import Path

from openai_assistants import BulkProgress, BulkUploadResult, OpenAI
from openai_assistants.server import LocalServer


def show(result: BulkUploadResult) -> None:
    """How many files have which status, and why some failed."""
    statuses = [file.status for file in result]
    counted = ", ".join(f"{statuses.count(status)} {status}" for status in dict.fromkeys(statuses))
    print(f"{len(result)} files: {counted}")
    for file in result.failed:
        print(f"  {Path(file.name).name}: {file.error}")


def upload(client: OpenAI, vector_store_id: str, folder: Path) -> BulkUploadResult:
    """Upload all files of a folder, five at a time."""

    def on_progress(progress: BulkProgress) -> None:
        # For a bar in the terminal: `with openai_assistants.progress.rich_progress() as on_progress:`
        if progress.total is not None and progress.done + progress.failed == progress.total:
            print(f"{progress.done} of {progress.total} are there, {progress.failed} failed")

    return client.vector_stores.upload_files(
        vector_store_id,
        sorted(folder.iterdir()),  # paths, bytes, open files, (name, content); a generator of any length
        attributes={"project": "handbook"},
        on_progress=on_progress,
    )


def main(client: OpenAI, server: LocalServer, folder: Path) -> None:
    """Upload a folder in which one file is broken; mend it, add another, and upload the folder again."""
    for number in range(12):
        (folder / f"chapter-{number:02}.md").write_text(f"# Chapter {number}\n", encoding="utf-8")
    (folder / "copy.md").write_text("# Chapter 11\n", encoding="utf-8")
    server.processing.fail("chapter-07.md", code="invalid_file", message="It cannot be read.", times=1)
    store = client.vector_stores.create(name="Handbook")

    show(upload(client, store.id, folder))
    (folder / "chapter-12.md").write_text("# Chapter 12\n", encoding="utf-8")
    show(upload(client, store.id, folder))  # by checksum: this works in another process, too

    print("uploads:", len(server.requests.of("createFile")))
    print("in the store:", client.vector_stores.retrieve(store.id).file_counts.completed)
    newest = client.vector_stores.files.list(store.id, limit=1).data[0]
    print("attributes:", ", ".join(newest.attributes or {}))


if __name__ == "__main__":
    server = LocalServer(record_requests=1000)
    with server, server.client() as client, tempfile.TemporaryDirectory() as folder:
        main(client, server, Path(folder))
