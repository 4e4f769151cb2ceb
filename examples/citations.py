"""Citations: an answer as text with numbered footnotes and the list of its sources."""

import asyncio
from datetime import UTC, datetime, timedelta

from openai_assistants import Citation, OpenAI, cite
from openai_assistants.server import LocalServer, Turn
from openai_assistants.types.beta.threads import Message


def ask(server: LocalServer, client: OpenAI) -> Message:
    """A question, and an answer that cites two files; a script has it cite them, file_search.py has real searches."""
    rules, notes = (client.files.create(file=(name, b"x"), purpose="assistants") for name in ("rules.txt", "notes.txt"))
    said = {"Runs expire": rules, ", threads do not": rules, ". Ask Ada": notes}
    markers = [f"【0:{number}†source】" for number in range(len(said))]
    server.scripts.add(
        Turn(
            "".join(map(str.__add__, said, markers)),
            annotations=[
                {"type": "file_citation", "text": marker, "file_citation": {"file_id": file.id, "quote": words}}
                for marker, (words, file) in zip(markers, said.items(), strict=True)
            ],
        )
    )
    assistant = client.beta.assistants.create(model="gpt-4o")
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "What expires?"}])
    client.beta.threads.runs.create_and_poll(thread.id, assistant_id=assistant.id)
    return client.beta.threads.messages.list(thread.id).data[0]


def link(citation: Citation) -> str:
    """A mark of our own: a link to the file, with what it says as the title."""
    return f' ([{citation.file_name or "deleted"}](# "{(citation.quote or "").strip(", .")}"))'


def main() -> None:
    """Run the example."""
    with LocalServer() as server, server.client() as client:
        message = ask(server, client)
        print("as it came:", message.text)
        print(cite(message, client))  # printed whole; its parts are .text, .citations and .sources
        client.files.delete(message.citations[-1].file_id)
        print(asyncio.run(cite(message, server.async_client(), mark=link)).text)  # awaited with the async client
        print("just now:", datetime.now(UTC) - message.created_at_datetime < timedelta(minutes=5))


if __name__ == "__main__":
    main()
