"""What happens when connections break: streams that go on, lost answers, threads with an active run, deadlines."""

from openai_assistants import OpenAI, StreamInterruptedError, WaitTimeoutError
from openai_assistants.server import Fault, Gate, LocalServer, Turn


def streams(server: LocalServer, client: OpenAI, assistant_id: str, *, resume: bool) -> None:
    """A stream is cut after nine events. With `resume` it goes on where it was."""
    server.scripts.add(Turn(deltas=["The office ", "is open ", "from nine ", "to five."]))
    server.faults.add(Fault("cut", operation="createRun", events=9))
    thread = client.beta.threads.create()
    try:
        with client.beta.threads.runs.stream(thread.id, assistant_id=assistant_id, resume=resume) as stream:
            print("".join(stream.text_deltas))
    except StreamInterruptedError as error:
        said = "".join(message.text for message in error.messages)  # none, if it broke off before the first one
        print(f"interrupted after {said!r}; its run is {'known' if error.run_id else 'unknown'}")


def lost_answer(server: LocalServer, client: OpenAI) -> None:
    """The answer to a POST is lost. The client looks before it repeats, also where no keys are honoured."""
    server.faults.idempotency = False
    thread = client.beta.threads.create()
    server.faults.add(Fault("reset_after", operation="createMessage"))
    client.beta.threads.messages.create(thread.id, role="user", content="Only once, please.")
    print(len(client.beta.threads.messages.list(thread.id).data), "message in the thread")
    server.faults.idempotency = True


def busy_thread(server: LocalServer, client: OpenAI, assistant_id: str) -> None:
    """A run is active on the thread, and waiting for it has an end."""
    gate = Gate()
    server.scripts.add(Turn(deltas=["Thinking ", gate, "done."]))
    thread = client.beta.threads.create()
    try:
        client.beta.threads.runs.create_and_poll(thread.id, assistant_id=assistant_id, max_wait_seconds=0.1)
    except WaitTimeoutError as error:
        print(f"still {error.last.status}")
    message = client.beta.threads.messages.create(thread.id, role="user", content="Stop.", on_active_run="cancel")
    run = client.beta.threads.runs.list(thread.id).data[0]
    print(f"the run is {run.status}, the message says {message.text!r}")


if __name__ == "__main__":
    with LocalServer() as server, server.client() as client:
        assistant = client.beta.assistants.create(model="gpt-4o")
        streams(server, client, assistant.id, resume=False)
        streams(server, client, assistant.id, resume=True)
        lost_answer(server, client)
        busy_thread(server, client, assistant.id)
