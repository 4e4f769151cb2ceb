"""Tests of a program that makes its own client, with the fixtures that come with this package: no key, no network.

pytest examples/testing_a_program.py
"""

import pytest

from openai_assistants import AsyncOpenAI, OpenAI, WaitTimeoutError
from openai_assistants.server import Fault, LocalServer


def advise(question: str) -> str:
    """The program under test. Its client reads OPENAI_BASE_URL and OPENAI_API_KEY, as it does in earnest."""
    with OpenAI() as client:
        assistant = client.beta.assistants.create(model="gpt-4o", instructions="Be brief.")
        run = client.beta.threads.create_and_run_poll(
            assistant_id=assistant.id,
            thread={"messages": [{"role": "user", "content": question}]},
            max_wait_seconds=1,
            on_deadline="cancel",
        )
        return client.beta.threads.messages.list(run.thread_id, run_id=run.id).data[0].text


def test_the_answer_is_passed_on(assistants_server: LocalServer) -> None:
    assistants_server.scripts.add("Take an umbrella.")
    assert advise("Will it rain?") == "Take an umbrella."
    [created] = assistants_server.requests.of("createAssistant")
    assert created.json()["instructions"] == "Be brief."


def test_a_busy_server_is_asked_again(assistants_server: LocalServer) -> None:
    assistants_server.scripts.add("Take an umbrella.")
    assistants_server.faults.add(Fault("status", operation="createThreadAndRun", status=429, retry_after=0.01))
    assert advise("Will it rain?") == "Take an umbrella."


def test_a_run_that_is_stuck_is_given_up(assistants_server: LocalServer, openai_client: OpenAI) -> None:
    assistants_server.runs.hold(status="queued")
    with pytest.raises(WaitTimeoutError) as caught:
        advise("Will it rain?")
    run = openai_client.beta.threads.runs.poll(caught.value.last.id, thread_id=caught.value.last.thread_id)
    assert run.status == "cancelled"


@pytest.mark.anyio
@pytest.mark.assistants_server(run_lifetime_seconds=60)
async def test_a_run_expires(assistants_server: LocalServer, async_openai_client: AsyncOpenAI) -> None:
    assistants_server.runs.hold()
    threads = async_openai_client.beta.threads
    assistant = await async_openai_client.beta.assistants.create(model="gpt-4o")
    run = await threads.create_and_run(assistant_id=assistant.id)
    assistants_server.clock.advance(61)  # nobody waits for that minute
    assert (await threads.runs.poll(run.id, thread_id=run.thread_id)).status == "expired"
