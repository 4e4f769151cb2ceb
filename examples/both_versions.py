"""Both versions of the API with one client: a version 1 assistant with files, seen and changed through version 2."""

from openai_assistants import OpenAI, cite
from openai_assistants.server import LocalServer

RULES = b"Books are lent for three weeks. Late books cost ten cents a day."
HOURS = b"The library opens at nine in the morning. It is closed on Mondays."


def main() -> None:
    """Run the example."""
    with LocalServer() as server, server.client() as client:
        rules, hours = (
            client.files.create(file=(name, text), purpose="assistants")
            for name, text in (("rules.txt", RULES), ("hours.txt", HOURS))
        )
        older = client.beta.v1  # with `from openai_assistants.v1 import OpenAI` it is `client.beta`
        assistant = older.assistants.create(
            model="gpt-4", name="Librarian", tools=[{"type": "retrieval"}], file_ids=[rules.id]
        )
        print(ask(client, assistant.id, "What do late books cost?"))

        # Version 2 has the same assistant, with file search in a vector store that the server has made.
        newer = client.beta.assistants.retrieve(assistant.id)
        assert newer.tool_resources is not None
        assert newer.tool_resources.file_search is not None
        [store_id] = newer.tool_resources.file_search.vector_store_ids or []
        print(
            "version 2:", [tool.type for tool in newer.tools], client.vector_stores.retrieve(store_id).file_counts.total
        )

        # What version 2 changes, version 1 sees.
        client.vector_stores.files.create_and_poll(hours.id, vector_store_id=store_id)
        client.beta.assistants.update(assistant.id, name="Head librarian", temperature=0.2)
        changed = older.assistants.retrieve(assistant.id)
        print("version 1:", changed.name, changed.file_ids == [rules.id, hours.id])
        print(ask(client, assistant.id, "On which day is the library closed?"))

        older.assistants.files.delete(rules.id, assistant_id=assistant.id)
        left = [file.id for file in client.vector_stores.files.list(store_id)]
        print("left in the vector store:", left == [hours.id])


def ask(client: OpenAI, assistant_id: str, question: str) -> str:
    """Ask through version 1; the answer with its sources, and what they say."""
    threads = client.beta.v1.threads
    run = threads.create_and_run_poll(
        assistant_id=assistant_id, thread={"messages": [{"role": "user", "content": question}]}
    )
    for step in threads.runs.steps.list(run.id, thread_id=run.thread_id, order="asc"):
        if step.step_details.type == "tool_calls":
            print("called:", *[call.type for call in step.step_details.tool_calls])
    [answer] = [message for message in threads.messages.list(run.thread_id) if message.run_id == run.id]
    quotes = [f"    {citation.quote}" for citation in cite(answer, client).sources]
    return "\n".join([str(cite(answer, client)), *quotes])


if __name__ == "__main__":
    main()
