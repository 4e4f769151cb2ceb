"""File search: put files into a vector store, ask an assistant about them, and see where its answer comes from."""

from pathlib import Path
from typing import Final

from openai_assistants import OpenAI, cite
from openai_assistants.server import LocalServer
from openai_assistants.types.beta.threads.runs import FileSearchToolCall

HANDBOOK = Path(__file__).with_name("handbook.md")
CONTENT: Final = "step_details.tool_calls[*].file_search.results[*].content"


def main() -> None:
    """Run the example."""
    with LocalServer() as server, server.client() as client:
        ask(client, "After how many minutes does a run expire?")


def ask(client: OpenAI, question: str) -> None:
    """Upload, ask, print the answer with its sources and what was searched."""
    store = client.vector_stores.create(name="Handbook")
    result = client.vector_stores.upload_files(store.id, [HANDBOOK])
    print("uploaded:", *[f"{Path(file.name).name} {file.status}" for file in result])

    assistant = client.beta.assistants.create(
        model="gpt-4o",
        tools=[{"type": "file_search", "file_search": {"max_num_results": 20}}],
        tool_resources={"file_search": {"vector_store_ids": [store.id]}},
    )
    # A file of the question's own goes into a vector store of the thread; both are searched.
    note = client.files.create(file=("note.txt", b"Our own runs expire after three minutes."), purpose="assistants")
    thread = client.beta.threads.create()
    client.beta.threads.messages.create(
        thread.id,
        role="user",
        content=question,
        attachments=[{"file_id": note.id, "tools": [{"type": "file_search"}]}],
    )
    run = client.beta.threads.runs.create_and_poll(thread.id, assistant_id=assistant.id)

    steps = list(client.beta.threads.runs.steps.list(run.id, thread_id=thread.id, include=[CONTENT]))
    for step in steps:
        if step.step_details.type == "tool_calls":
            for call in step.step_details.tool_calls:
                if isinstance(call, FileSearchToolCall):
                    names = {found.file_name for found in call.file_search.results or ()}
                    print("searched, and found passages of:", *sorted(names))

    [answer] = client.beta.threads.messages.list(thread.id, run_id=run.id)
    cited = cite(answer, client, steps=steps)
    print(cited)
    for citation in cited.sources:
        print(f"{citation.marker} is a passage of {len(citation.quote or '')} characters in {citation.file_name}")


if __name__ == "__main__":
    main()
