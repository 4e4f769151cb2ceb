"""From version 1 of the API to version 2: what becomes of an assistant, a plan, the work, the same citations."""

from pathlib import Path
from tempfile import TemporaryDirectory

from openai_assistants import OpenAI, cite, migrate
from openai_assistants.server import LocalServer

FILES = {"tulips.md": "Tulips flower in April.", "roses.md": "Roses flower in June.", "asters.md": "Asters like sun."}


def make_version_1(client: OpenAI) -> tuple[str, str]:
    """An assistant of version 1 that looks things up in files, and a thread with its answer."""
    ids = [client.files.create(file=(name, text.encode()), purpose="assistants").id for name, text in FILES.items()]
    assistants, threads = client.beta.v1.assistants, client.beta.v1.threads
    assistant = assistants.create(model="gpt-4", name="Gardener", tools=[{"type": "retrieval"}], file_ids=ids)
    thread = threads.create(messages=[{"role": "user", "content": "When do tulips flower?"}])
    threads.runs.create_and_poll(thread.id, assistant_id=assistant.id)
    print("before:", *[source.file_name for source in cite(threads.messages.list(thread.id).data[0], client).sources])
    return assistant.id, thread.id


def main() -> None:
    """Run the example."""
    with TemporaryDirectory() as folder, LocalServer() as old_server, LocalServer() as new_server:
        old, new = old_server.client(), new_server.client()
        assistant_id, thread_id = make_version_1(old)

        # Pure functions say what an object is in version 2; nothing is sent.
        converted = migrate.convert_assistant(old.beta.v1.assistants.retrieve(assistant_id))
        print("tools:", converted.params.get("tools"))
        print("vector store of:", len(converted.vector_store.file_ids) if converted.vector_store else 0, "files")

        # The same as the command: openai-assistants migrate v1-to-v2 --from ... --to ... --thread ... [--apply]
        plan = migrate.v1_to_v2(source=old, target=new, threads=[thread_id])
        print("plan:", ", ".join(f"{each.kind} {each.status}" for each in plan.objects))
        journal = Path(folder, "v1-to-v2.journal")
        report = migrate.v1_to_v2(source=old, target=new, threads=[thread_id], apply=True, journal=journal)
        print("done:", ", ".join(f"{each.kind} {each.status}" for each in report.objects), report.ok)
        for note in report.objects[-1].notes:
            print("note:", note.effect, note.path.partition("].")[2])
        again = migrate.v1_to_v2(source=old, target=new, threads=[thread_id], apply=True, journal=journal)
        print("again:", ", ".join(f"{each.kind} {each.status.replace('_', ' ')}" for each in again.objects))

        # The conversation goes on with version 2.
        assistant, thread = (str(each.target_id) for each in report.objects)
        messages = new.beta.threads.messages
        messages.create(thread, role="user", content="And when do roses flower?")
        new.beta.threads.runs.create_and_poll(thread, assistant_id=assistant)
        print("after:", *[source.file_name for source in cite(messages.list(thread).data[0], new).sources])


if __name__ == "__main__":
    main()
