"""Citations: an answer as text with numbered footnotes and the list of its sources."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from openai_assistants import Citation, OpenAI, cite
from openai_assistants.server import LocalServer
from openai_assistants.server.models.base import TextDelta, Turn
from openai_assistants.types.beta.threads import Message, MessageCreateParams


class Librarian:
    """Stands in for a model with file search: cites the files that come with the question."""

    name = "librarian"

    async def respond(self, turn: Turn) -> AsyncIterator[TextDelta]:
        """Two statements of one file, and one of another."""
        rules, notes = (each["file_id"] for each in turn.messages[-1].attachments)
        end = 0
        for number, said in enumerate(["Runs expire", ", threads do not", ". Ask Ada"]):
            marker, start = f"【0:{number}†source】", end + len(said)
            end = start + len(marker)
            citation = {"file_id": rules if number < 2 else notes, "quote": said.strip(", .")}
            place = {"text": marker, "start_index": start, "end_index": end}
            yield TextDelta(said + marker, ({"type": "file_citation", "file_citation": citation, **place},))


def ask(client: OpenAI) -> Message:
    """A question about two files, and the answer."""
    files = [client.files.create(file=(name, b"x"), purpose="assistants") for name in ("rules.txt", "notes.txt")]
    question: MessageCreateParams = {"role": "user", "content": "What expires?"}
    question["attachments"] = [{"file_id": file.id, "tools": [{"type": "file_search"}]} for file in files]
    assistant = client.beta.assistants.create(model="librarian")
    run = client.beta.threads.create_and_run_poll(assistant_id=assistant.id, thread={"messages": [question]})
    return client.beta.threads.messages.list(run.thread_id, run_id=run.id).data[0]


def link(citation: Citation) -> str:
    """A mark of our own: a link to the file, with what it says as the title."""
    return f' ([{citation.file_name or "deleted"}](# "{citation.quote}"))'


def main() -> None:
    """Run the example."""
    with LocalServer(models={"librarian": Librarian()}) as server, server.client() as client:
        message = ask(client)
        print("as it came:", message.text)
        print(cite(message, client))  # printed whole; its parts are .text, .citations and .sources
        client.files.delete(message.citations[-1].file_id)
        print(asyncio.run(cite(message, server.async_client(), mark=link)).text)  # awaited with the async client
        print("just now:", datetime.now(UTC) - message.created_at_datetime < timedelta(minutes=5))


if __name__ == "__main__":
    main()
