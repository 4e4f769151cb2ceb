"""Files: upload, list, download, delete."""

import tempfile
from pathlib import Path

from openai_assistants import NotFoundError, OpenAI
from openai_assistants.server import LocalServer

HANDBOOK = Path(__file__).with_name("handbook.md")


def tour(client: OpenAI, folder: Path) -> None:
    """What can be done with files."""
    # A path, an open binary file, bytes, or a tuple of name, content and media type.
    handbook = client.files.create(file=HANDBOOK, purpose="assistants")
    notes = client.files.create(
        file=("notes.txt", b"Buy milk.\n"),
        purpose="user_data",
        expires_after={"anchor": "created_at", "seconds": 3600},
    )
    for file in client.files.list(order="asc"):
        print(f"{file.filename}: {file.bytes} bytes, {file.purpose}, expires at {file.expires_at}")

    print("notes:", client.files.content(notes.id).text.strip())
    copy = folder / "copy.md"
    client.files.content(handbook.id).write_to_file(copy)
    print("copy is the same:", copy.read_bytes() == HANDBOOK.read_bytes())

    for file in client.files.list(purpose="assistants"):
        print(f"deleted {file.filename}:", client.files.delete(file.id).deleted)
    try:
        client.files.content(handbook.id)
    except NotFoundError as error:
        print("gone:", error.status_code)


if __name__ == "__main__":
    with LocalServer() as server, server.client() as client, tempfile.TemporaryDirectory() as folder:
        tour(client, Path(folder))
