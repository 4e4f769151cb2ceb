"""Raw responses: status, headers and bytes beside the result; large files to disk; endpoints without a method."""

import tempfile
from pathlib import Path

from openai_assistants import APIResponse, OpenAI, raw
from openai_assistants.server import Fault, LocalServer
from openai_assistants.types.beta import Assistant


def tour(client: OpenAI, folder: Path) -> None:
    """The ways to what lies below a result."""
    # Each method, of each resource. The body has been read; parse() gives what the method gives otherwise.
    response = client.beta.assistants.with_raw_response.create(model="any-model", name="Guide")
    print("status", response.status_code, "after", response.retries_taken, "retry; request", response.request_id)
    print("named in the JSON:", response.json()["name"])
    assistant = response.parse()

    # The same as a function, for an editor that knows the result's type.
    again: APIResponse[Assistant] = raw(client.beta.assistants.retrieve)(assistant.id)
    print("media type:", again.headers["content-type"], "key shown:", "authorization" in again.http_request.headers)

    # The body not yet read: a file of any size goes to disk in little memory.
    file = client.files.create(file=("numbers.txt", b"\n".join(b"%d" % n for n in range(100_000))), purpose="user_data")
    with client.files.with_streaming_response.content(file.id) as streamed:
        streamed.stream_to_file(folder / "numbers.txt")
    print("bytes on disk:", (folder / "numbers.txt").stat().st_size)
    with client.files.with_streaming_response.content(file.id) as streamed:
        print("lines that end in 99:", sum(line.endswith("99") for line in streamed.iter_lines()))

    # What has no method: any path, read as any type, with the client's key, retries, deadlines and errors.
    beta = {"OpenAI-Beta": "assistants=v2"}
    print("by path:", client.get(f"/assistants/{assistant.id}", into=Assistant, extra_headers=beta).name)
    print("as plain JSON:", client.delete(f"/assistants/{assistant.id}", extra_headers=beta)["deleted"])


if __name__ == "__main__":
    with LocalServer() as server, server.client() as client, tempfile.TemporaryDirectory() as folder:
        server.faults.add(Fault("status", operation="createAssistant", status=429, retry_after=0.1))
        tour(client, Path(folder))
