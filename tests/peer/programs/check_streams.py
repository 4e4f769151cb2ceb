"""Streams through the official client: plain ones, helpers, event handlers."""

from __future__ import annotations

import openai
from peer import FUNCTION, Peer, outputs_of, text_of, user

QUESTION = user("How is the weather in Lisbon?")


async def events_as_they_come(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="gpt-4o"))
    thread = await p(p.threads.create(messages=[QUESTION]))
    stream = await p(p.runs.create(thread.id, assistant_id=assistant.id, stream=True))
    assert stream.response.headers["content-type"].startswith("text/event-stream")
    events = await p.every(stream)
    names = [event.event for event in events]
    assert names[:3] == ["thread.run.created", "thread.run.queued", "thread.run.in_progress"]
    assert names[3:7] == [
        "thread.run.step.created",
        "thread.run.step.in_progress",
        "thread.message.created",
        "thread.message.in_progress",
    ]
    assert names[-3:] == ["thread.message.completed", "thread.run.step.completed", "thread.run.completed"]
    assert set(names[7:-3]) == {"thread.message.delta"}
    said = "".join(event.data.delta.content[0].text.value for event in events[7:-3])
    assert said == text_of(events[-3].data)
    assert events[-1].data.usage.total_tokens > 0


async def a_thread_and_tools_in_plain_streams(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="parallel", tools=[FUNCTION]))
    stream = await p(p.threads.create_and_run(assistant_id=assistant.id, thread={"messages": [QUESTION]}, stream=True))
    events = await p.every(stream)
    assert events[0].event == "thread.created"
    assert events[-1].event == "thread.run.requires_action"
    assert "thread.run.step.delta" in [event.event for event in events]
    run = events[-1].data
    stream = await p(
        p.runs.submit_tool_outputs(run.id, thread_id=run.thread_id, tool_outputs=outputs_of(run), stream=True)
    )
    names = [event.event for event in await p.every(stream)]
    assert names[0] == "thread.run.step.completed"
    assert names[-1] == "thread.run.completed"


async def stream_helper(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="gpt-4o", instructions="The tower is 330 metres high."))
    thread = await p(p.threads.create(messages=[user("How high is the tower?")]))
    async with p.opened(p.runs.stream(thread_id=thread.id, assistant_id=assistant.id)) as stream:
        await p(stream.until_done())
        run = await p(stream.get_final_run())
        (message,) = await p(stream.get_final_messages())
        (step,) = await p(stream.get_final_run_steps())
    assert (run.status, stream.current_run.id) == ("completed", run.id)
    assert "330" in text_of(message)
    assert step.step_details.message_creation.message_id == message.id
    stored = await p(p.messages.retrieve(message.id, thread_id=thread.id))
    assert stored.to_dict() == message.to_dict()


async def text_deltas(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="spoken"))
    thread = await p(p.threads.create(messages=[QUESTION]))
    async with p.opened(p.runs.stream(thread_id=thread.id, assistant_id=assistant.id)) as stream:
        assert "".join(await p.every(stream.text_deltas)) == "One two three."


async def all_callbacks(p: Peer) -> None:
    seen: list = []
    assistant = await p(p.assistants.create(model="gpt-4o", tools=[FUNCTION]))
    thread = {"messages": [QUESTION]}
    async with p.opened(
        p.threads.create_and_run_stream(assistant_id=assistant.id, thread=thread, event_handler=p.handler(seen))
    ) as stream:
        await p(stream.until_done())
        run = await p(stream.get_final_run())
    names = [name for name, _ in seen]
    for name in ("on_event", "on_run_step_created", "on_run_step_delta", "on_tool_call_created", "on_tool_call_delta"):
        assert name in names, (name, names)
    assert names[-1] == "on_end"
    again: list = []
    async with p.opened(
        p.runs.submit_tool_outputs_stream(
            run_id=run.id, thread_id=run.thread_id, tool_outputs=outputs_of(run), event_handler=p.handler(again)
        )
    ) as stream:
        await p(stream.until_done())
        run = await p(stream.get_final_run())
    assert run.status == "completed"
    names = [name for name, _ in again if name != "on_event"]
    assert names[0] == "on_run_step_done"
    assert names.index("on_message_created") < names.index("on_text_created") < names.index("on_text_done")
    for name in ("on_message_created", "on_text_created", "on_text_delta", "on_text_done", "on_message_done"):
        assert name in names, (name, names)
    deltas = [given for name, given in again if name == "on_text_delta"]
    (done,) = [given[0] for name, given in again if name == "on_text_done"]
    assert "".join(delta.value for delta, _ in deltas) == done.value == deltas[-1][1].value


async def older_name(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="gpt-4o"))
    thread = await p(p.threads.create(messages=[QUESTION]))
    async with p.opened(p.runs.create_and_stream(thread_id=thread.id, assistant_id=assistant.id)) as stream:
        assert (await p(stream.get_final_run())).status == "completed"


async def a_run_that_fails(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="failing"))
    thread = await p(p.threads.create(messages=[QUESTION]))
    async with p.opened(p.runs.stream(thread_id=thread.id, assistant_id=assistant.id)) as stream:
        events = [event async for event in p.each(stream)]
    assert [event.event for event in events][-3:] == [
        "thread.message.incomplete",
        "thread.run.step.failed",
        "thread.run.failed",
    ]
    assert events[-1].data.last_error.code == "rate_limit_exceeded"


async def cancelled_while_streaming(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="waiting"))
    thread = await p(p.threads.create(messages=[QUESTION]))
    names = []
    async with p.opened(p.runs.stream(thread_id=thread.id, assistant_id=assistant.id)) as stream:
        async for event in p.each(stream):
            names.append(event.event)
            if event.event == "thread.message.delta":
                await p(p.runs.cancel(stream.current_run.id, thread_id=thread.id))
    assert names[-1] == "thread.run.cancelled"
    assert "thread.run.cancelling" in names


async def a_refused_stream(p: Peer) -> None:
    thread = await p(p.threads.create(messages=[QUESTION]))
    error = await p.refused(
        openai.NotFoundError, lambda: p.runs.create(thread.id, assistant_id="asst_none", stream=True)
    )
    assert error.body["message"] == "No assistant found with id 'asst_none'."
