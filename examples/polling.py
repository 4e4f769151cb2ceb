"""Waiting for runs: create_and_poll, tool outputs, a deadline."""

import json

from openai_assistants import OpenAI, WaitTimeoutError
from openai_assistants.server import Gate, LocalServer, Turn
from openai_assistants.types.beta import FunctionToolParam

WEATHER: FunctionToolParam = {
    "type": "function",
    "function": {
        "name": "get_temperature",
        "description": "The temperature in a city, in degrees Celsius.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def ask(client: OpenAI, assistant_id: str, question: str) -> None:
    """Ask, answer the calls of the function, print the answer."""
    runs = client.beta.threads.runs
    thread = client.beta.threads.create(messages=[{"role": "user", "content": question}])
    run = runs.create_and_poll(thread.id, assistant_id=assistant_id, max_wait_seconds=60)
    while run.status == "requires_action" and run.required_action:
        calls = run.required_action.submit_tool_outputs.tool_calls
        print(f"{run.status}: {', '.join(call.function.arguments for call in calls)}")
        run = runs.submit_tool_outputs_and_poll(
            run.id,
            thread_id=thread.id,
            tool_outputs=[{"tool_call_id": call.id, "output": json.dumps({"celsius": 21})} for call in calls],
            max_wait_seconds=60,
        )
    answer = client.beta.threads.messages.list(thread.id, run_id=run.id).data[0]
    print(f"{run.status}: {answer.content[0].text.value if answer.content[0].type == 'text' else answer.content}")


def give_up(client: OpenAI, assistant_id: str) -> None:
    """Wait no longer than half a second, then cancel the run."""
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "Think about this for ever."}])
    try:
        client.beta.threads.runs.create_and_poll(
            thread.id, assistant_id=assistant_id, poll_interval_ms=100, max_wait_seconds=0.5, on_deadline="cancel"
        )
    except WaitTimeoutError as error:
        run = client.beta.threads.runs.poll(error.last.id, thread.id)
        print(f"{error} Cancelled: {run.status}")


if __name__ == "__main__":
    with LocalServer() as server, server.client() as client:
        assistant = client.beta.assistants.create(model="gpt-4o", tools=[WEATHER])
        ask(client, assistant.id, "How warm is it in Lisbon?")
        server.scripts.add(Turn(before=Gate()))  # a model that never answers
        give_up(client, assistant.id)
