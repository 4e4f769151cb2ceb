"""Tests of a program of your own: no key, no network, and the model says what the test tells it to.

pytest examples/testing_offline.py        or        python examples/testing_offline.py
"""

import json

from openai_assistants import OpenAI
from openai_assistants.server import Call, Fault, LocalServer, Turn
from openai_assistants.types.beta import FunctionToolParam

PRICE: FunctionToolParam = {
    "type": "function",
    "function": {"name": "price_of", "parameters": {"type": "object", "properties": {"item": {"type": "string"}}}},
}


def quote(client: OpenAI, wish: str, prices: dict[str, int]) -> str:
    """The program under test: answers a customer with prices from a list."""
    assistant = client.beta.assistants.create(model="gpt-4o", tools=[PRICE])
    run = client.beta.threads.create_and_run_poll(
        assistant_id=assistant.id, thread={"messages": [{"role": "user", "content": wish}]}
    )
    while run.status == "requires_action" and run.required_action:
        calls = run.required_action.submit_tool_outputs.tool_calls
        items = {call.id: json.loads(call.function.arguments)["item"] for call in calls}
        run = client.beta.threads.runs.submit_tool_outputs_and_poll(
            run.id,
            thread_id=run.thread_id,
            tool_outputs=[{"tool_call_id": id, "output": str(prices.get(item))} for id, item in items.items()],
        )
    answer = client.beta.threads.messages.list(run.thread_id, run_id=run.id).data[0].content[0]
    return answer.text.value if answer.type == "text" else ""


def test_every_parallel_call_is_answered() -> None:
    with LocalServer(in_process=True) as server, server.client() as client:
        calls = [Call("price_of", {"item": "tea"}, id="call_1"), Call("price_of", {"item": "cake"}, id="call_2")]
        server.scripts.add([Turn(calls=calls), Turn("Tea is 3, cake is 5.")])
        assert quote(client, "Tea and cake?", {"tea": 3, "cake": 5}) == "Tea is 3, cake is 5."
        [submitted] = server.requests.of("submitToolOuputsToRun")
        assert [each["output"] for each in submitted.json()["tool_outputs"]] == ["3", "5"]


def test_a_lost_answer_does_not_start_a_second_run() -> None:
    with LocalServer(in_process=True) as server, server.client() as client:
        server.scripts.add("We are closed.")
        server.faults.add(Fault("reset_after", operation="createThreadAndRun"))  # done, but nobody hears of it
        assert quote(client, "Tea?", {}) == "We are closed."
        assert len(server.requests.of("createThreadAndRun")) == 2  # sent again under the same Idempotency-Key


if __name__ == "__main__":
    test_every_parallel_call_is_answered()
    test_a_lost_answer_does_not_start_a_second_run()
    print("2 tests passed")
