"""Structured output: a pydantic model goes in as response format, an object of it comes out."""

import json
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from openai_assistants import OpenAI, StructuredOutputError, parse_message, response_format_for
from openai_assistants.server import LocalServer


class Ticket(BaseModel):
    """What a customer wants."""

    topic: Literal["delivery", "payment", "other"]
    urgency: Annotated[int, Field(ge=1, le=5, description="5 is the most urgent.")]
    order: str | None = Field(description="Number of the order, if there is one.")


def triage(client: OpenAI, assistant_id: str, letter: str, tries: int = 2) -> Ticket:
    """Read a letter. What is wrong with an answer is told to the model, which then answers again."""
    threads = client.beta.threads
    thread = threads.create(messages=[{"role": "user", "content": letter}])
    while True:
        run = threads.runs.create_and_poll(
            thread.id, assistant_id=assistant_id, response_format=response_format_for(Ticket)
        )
        answer = threads.messages.list(thread.id, run_id=run.id).data[0]
        try:
            return parse_message(answer, Ticket)
        except StructuredOutputError as error:
            tries -= 1
            if error.refusal or not tries:
                raise
            print("told to the model:", "; ".join(map(str, error.errors)))
            threads.messages.create(thread.id, role="user", content=f"That cannot be read: {error}. Answer again.")


def main() -> None:
    """Run the example; what the model says is scripted."""
    with LocalServer() as server, server.client() as client:
        assistant = client.beta.assistants.create(model="gpt-4o", instructions="Sort the letters of customers. JSON.")
        good = json.dumps({"topic": "delivery", "urgency": 4, "order": "A-17"})
        server.scripts.add(good)
        print(repr(triage(client, assistant.id, "Where is A-17? I wait for a week.")))
        server.scripts.add(f"Here is the ticket:\n```json\n{good}\n```")  # text around it does not matter
        print(repr(triage(client, assistant.id, "Where is A-17? I wait for a week.")))
        server.scripts.add(good.replace("4", '"very"'))
        server.scripts.add(good)
        print(repr(triage(client, assistant.id, "Where is A-17? I am very angry.")))
        sent = server.requests.of("createRun")[0].json()["response_format"]["json_schema"]
        print("sent:", sent["name"], "strict:", sent["strict"], "fields:", *sent["schema"]["properties"])


if __name__ == "__main__":
    main()
