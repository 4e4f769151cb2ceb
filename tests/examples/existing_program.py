"""A program as people wrote it for this API, with one thing changed: the first import.

It creates, fetches, changes, lists and deletes, answers tool calls while polling and while streaming, and prints what
it sees; the test runs it as it stands.
"""

import json
import sys
import time

import openai_assistants as openai
from openai_assistants import OpenAI
from openai_assistants.types.beta import Assistant, AssistantStreamEvent, Thread
from openai_assistants.types.beta.threads import Message, Run
from openai_assistants.types.beta.threads.run_submit_tool_outputs_params import ToolOutput


def get_weather(city: str) -> str:
    return json.dumps({"city": city, "celsius": 21})


def outputs_of(run: Run) -> list[ToolOutput]:
    assert run.required_action is not None
    return [
        ToolOutput(tool_call_id=call.id, output=get_weather(**json.loads(call.function.arguments)))
        for call in run.required_action.submit_tool_outputs.tool_calls
    ]


def wait(client: OpenAI, run: Run) -> Run:
    while run.status in ("queued", "in_progress", "requires_action"):
        if run.status == "requires_action":
            run = client.beta.threads.runs.submit_tool_outputs(
                thread_id=run.thread_id, run_id=run.id, tool_outputs=outputs_of(run)
            )
        time.sleep(0.02)
        run = client.beta.threads.runs.retrieve(run.id, thread_id=run.thread_id)
    return run


def text_of(message: Message) -> str:
    return "".join(block.text.value for block in message.content if block.type == "text")


def main(base_url: str) -> None:
    client = openai.OpenAI(api_key="any", base_url=base_url)
    assistant: Assistant = client.beta.assistants.create(
        name="Weather",
        instructions="Say how warm it is.",
        model="gpt-4o-mini",
        temperature=0.2,
        tools=[
            {
                "type": "function",
                "function": {
                    "name": "get_weather",
                    "parameters": {
                        "type": "object",
                        "properties": {"city": {"type": "string"}},
                        "required": ["city"],
                    },
                },
            }
        ],
    )
    assistant = client.beta.assistants.update(assistant.id, name="Forecast", metadata={"team": "sky"})
    print("assistant:", client.beta.assistants.retrieve(assistant_id=assistant.id).name)

    thread: Thread = client.beta.threads.create()
    message = client.beta.threads.messages.create(thread_id=thread.id, role="user", content="How warm is it in Lisbon?")
    run = wait(client, client.beta.threads.runs.create(thread_id=thread.id, assistant_id=assistant.id))
    print("polled:", run.status, run.usage.total_tokens > 0 if run.usage else None)
    messages = client.beta.threads.messages.list(thread_id=thread.id, order="asc")
    print("messages:", [item.role for item in messages], "Lisbon" in text_of(messages.data[-1]))
    steps = client.beta.threads.runs.steps.list(thread_id=thread.id, run_id=run.id)
    print("steps:", sorted(step.type for step in steps))
    step = client.beta.threads.runs.steps.retrieve(steps.data[0].id, thread_id=thread.id, run_id=run.id)
    print("step:", step.status)

    client.beta.threads.messages.create(thread.id, role="user", content="And how warm is it in Oslo?")
    print("streamed:", end=" ")
    stream: openai.Stream[AssistantStreamEvent] | None = client.beta.threads.runs.create(
        thread_id=thread.id, assistant_id=assistant.id, stream=True
    )
    said = ""
    while stream is not None:
        following = None
        for event in stream:
            handle: AssistantStreamEvent = event
            if handle.event == "thread.message.delta":
                for block in handle.data.delta.content or []:
                    if block.type == "text" and block.text and block.text.value:
                        said += block.text.value
            elif handle.event == "thread.run.requires_action":
                following = client.beta.threads.runs.submit_tool_outputs(
                    thread_id=thread.id,
                    run_id=handle.data.id,
                    tool_outputs=outputs_of(handle.data),
                    stream=True,
                )
            elif handle.event == "thread.run.completed":
                print(handle.data.status, end=" ")
        stream = following
    print("Oslo" in said)

    client.beta.threads.messages.update(message.id, thread_id=thread.id, metadata={"seen": "yes"})
    print("message:", client.beta.threads.messages.retrieve(message.id, thread_id=thread.id).metadata)
    print("runs:", [item.status for item in client.beta.threads.runs.list(thread.id, limit=1)])
    run = client.beta.threads.runs.update(run.id, thread_id=thread.id, metadata={"kept": "yes"})
    print("run:", run.metadata)

    file = client.files.create(file=("notes.txt", b"Take an umbrella."), purpose="assistants")
    print("file:", client.files.retrieve(file.id).filename, client.files.content(file.id).read().decode())
    print("models:", "gpt-4o-mini" in [model.id for model in client.models.list()])
    run = client.beta.threads.create_and_run(
        assistant_id=assistant.id, thread={"messages": [{"role": "user", "content": "How warm is it in Rome?"}]}
    )
    print("together:", wait(client, run).status)
    try:
        client.beta.threads.retrieve("thread_none")
    except openai.NotFoundError as error:
        print("error:", error.status_code, isinstance(error, openai.APIStatusError))
    for deleted in (
        client.files.delete(file.id),
        client.beta.threads.messages.delete(message.id, thread_id=thread.id),
        client.beta.threads.delete(thread.id),
        client.beta.assistants.delete(assistant.id),
    ):
        print(deleted.object, deleted.deleted)


if __name__ == "__main__":
    main(sys.argv[1])
