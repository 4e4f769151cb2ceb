"""Runs, their steps and tool round trips through the official client, without streams."""

from __future__ import annotations

import json

import openai
from peer import FUNCTION, Peer, outputs_of, text_of, user

QUESTION = user("How is the weather in Lisbon?")


async def create_and_poll(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="gpt-4o", instructions="The tower is 330 metres high."))
    thread = await p(p.threads.create(messages=[user("How high is the tower?")]))
    run = await p(
        p.runs.create_and_poll(
            thread_id=thread.id,
            assistant_id=assistant.id,
            additional_instructions="Be exact.",
            additional_messages=[user("The tower, please.")],
            max_completion_tokens=1000,
            max_prompt_tokens=1000,
            metadata={"a": "b"},
            parallel_tool_calls=False,
            response_format="auto",
            temperature=0.1,
            tool_choice="auto",
            tools=[],
            top_p=0.5,
            truncation_strategy={"type": "last_messages", "last_messages": 5},
            poll_interval_ms=10,
        )
    )
    assert run.status == "completed", run.last_error
    assert run.usage.total_tokens == run.usage.prompt_tokens + run.usage.completion_tokens > 0
    assert (run.metadata, run.parallel_tool_calls, run.max_prompt_tokens) == ({"a": "b"}, False, 1000)
    assert run.truncation_strategy.last_messages == 5
    (answer,) = [each for each in await p.every(p.messages.list(thread.id, run_id=run.id)) if each.role == "assistant"]
    assert "330" in text_of(answer)
    assert (answer.run_id, answer.assistant_id, answer.status) == (run.id, assistant.id, "completed")
    (step,) = await p.every(p.steps.list(run.id, thread_id=thread.id))
    assert step.step_details.message_creation.message_id == answer.id
    assert (await p(p.steps.retrieve(step.id, thread_id=thread.id, run_id=run.id))).to_dict() == step.to_dict()


async def a_round_trip_of_a_tool(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="gpt-4o", tools=[FUNCTION]))
    thread = await p(p.threads.create(messages=[QUESTION]))
    run = await p(p.runs.create(thread_id=thread.id, assistant_id=assistant.id))
    assert run.status == "queued"
    run = await p(p.runs.poll(run.id, thread_id=thread.id))  # in the rhythm that the server proposes
    (call,) = run.required_action.submit_tool_outputs.tool_calls
    assert json.loads(call.function.arguments) == {"city": "Lisbon"}
    sent = outputs_of(run)
    run = await p(p.runs.submit_tool_outputs(run.id, thread_id=thread.id, tool_outputs=sent))
    assert run.status == "queued"
    run = await p(p.runs.poll(run.id, thread_id=thread.id, poll_interval_ms=10))
    assert run.status == "completed", run.last_error
    steps = await p.every(p.steps.list(run.id, thread_id=thread.id, order="asc", limit=1))
    assert [step.type for step in steps] == ["tool_calls", "message_creation"]
    assert steps[0].step_details.tool_calls[0].function.output == "Sunny, 21 degrees."
    messages = (await p(p.messages.list(thread.id))).data
    assert "Sunny" in text_of(messages[0])


async def parallel_calls_and_poll(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="parallel", tools=[FUNCTION]))
    run = await p(
        p.threads.create_and_run_poll(assistant_id=assistant.id, thread={"messages": [QUESTION]}, poll_interval_ms=10)
    )
    assert len(run.required_action.submit_tool_outputs.tool_calls) == 2
    error = await p.refused(
        openai.BadRequestError,
        lambda: p.runs.submit_tool_outputs(run.id, thread_id=run.thread_id, tool_outputs=outputs_of(run)[:1]),
    )
    assert error.type == "invalid_request_error"
    run = await p(
        p.runs.submit_tool_outputs_and_poll(
            run_id=run.id, thread_id=run.thread_id, tool_outputs=outputs_of(run), poll_interval_ms=10
        )
    )
    assert run.status == "completed", run.last_error


async def cancel_list_and_update(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="gpt-4o", tools=[FUNCTION]))
    run = await p(p.threads.create_and_run(assistant_id=assistant.id, thread={"messages": [QUESTION]}))
    run = await p(p.runs.poll(run.id, thread_id=run.thread_id, poll_interval_ms=10))
    run = await p(p.runs.update(run.id, thread_id=run.thread_id, metadata={"seen": "yes"}))
    assert run.metadata == {"seen": "yes"}
    for send, message in (
        (
            lambda: p.messages.create(run.thread_id, role="user", content="x"),
            f"Can't add messages to {run.thread_id} while a run {run.id} is active.",
        ),
        (
            lambda: p.runs.create(run.thread_id, assistant_id=assistant.id),
            f"Thread {run.thread_id} already has an active run {run.id}.",
        ),
    ):
        error = await p.refused(openai.BadRequestError, send)
        assert error.body["message"] == message
    run = await p(p.runs.cancel(run.id, thread_id=run.thread_id))
    assert run.status == "cancelling"
    run = await p(p.runs.poll(run.id, thread_id=run.thread_id, poll_interval_ms=10))
    assert (run.status, run.cancelled_at is not None, run.required_action) == ("cancelled", True, None)
    await p.refused(openai.BadRequestError, lambda: p.runs.cancel(run.id, thread_id=run.thread_id))
    again = await p(p.runs.create_and_poll(thread_id=run.thread_id, assistant_id=assistant.id, tool_choice="none"))
    assert again.status == "completed"
    assert [each.id for each in await p.every(p.runs.list(run.thread_id, limit=1))] == [again.id, run.id]


async def a_run_that_fails(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="failing"))
    run = await p(
        p.threads.create_and_run_poll(assistant_id=assistant.id, thread={"messages": [QUESTION]}, poll_interval_ms=10)
    )
    assert (run.status, run.last_error.code) == ("failed", "rate_limit_exceeded")
    (step,) = await p.every(p.steps.list(run.id, thread_id=run.thread_id))
    assert (step.status, step.last_error.code) == ("failed", "rate_limit_exceeded")


async def a_run_cut_short(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="endless"))
    thread = await p(p.threads.create(messages=[QUESTION]))
    run = await p(
        p.runs.create_and_poll(
            thread_id=thread.id, assistant_id=assistant.id, max_completion_tokens=256, poll_interval_ms=10
        )
    )
    assert (run.status, run.incomplete_details.reason) == ("incomplete", "max_completion_tokens")
    (message,) = await p.every(p.messages.list(thread.id, run_id=run.id))
    assert (message.status, message.incomplete_details.reason) == ("incomplete", "max_tokens")


async def structured_output(p: Peer) -> None:
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}, "degrees": {"type": "number"}},
        "required": ["city", "degrees"],
        "additionalProperties": False,
    }
    wanted = {"type": "json_schema", "json_schema": {"name": "weather", "schema": schema, "strict": True}}
    assistant = await p(p.assistants.create(model="gpt-4o", response_format=wanted))
    run = await p(p.threads.create_and_run_poll(assistant_id=assistant.id, thread={"messages": [QUESTION]}))
    assert run.response_format.json_schema.schema_ == schema
    (answer,) = await p.every(p.messages.list(run.thread_id, run_id=run.id))
    parsed = json.loads(text_of(answer))
    assert isinstance(parsed["city"], str)
    assert isinstance(parsed["degrees"], (int, float))


async def tool_choices(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="gpt-4o", tools=[FUNCTION]))
    for choice in ("required", {"type": "function", "function": {"name": "get_weather"}}):
        thread = await p(p.threads.create(messages=[user("Hello.")]))
        run = await p(p.runs.create_and_poll(thread_id=thread.id, assistant_id=assistant.id, tool_choice=choice))
        assert run.status == "requires_action"
        chosen = run.tool_choice if isinstance(run.tool_choice, str) else run.tool_choice.to_dict()
        assert chosen == choice
