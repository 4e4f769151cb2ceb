"""Wrong calls that type checkers must flag. Both report an ignore comment that has nothing to ignore."""

from __future__ import annotations

from datetime import UTC, datetime

import openai_assistants as package
from openai_assistants import (
    AssistantEventHandler,
    AsyncAssistantEventHandler,
    AsyncOpenAI,
    OpenAI,
    Toolbox,
    function_tool,
    parse_message,
    response_format_for,
)
from openai_assistants.types.beta import Assistant
from openai_assistants.types.beta.threads import Message, MessageContent, Run
from openai_assistants.types.beta.threads.runs import ToolCall


def arguments(client: OpenAI, run: Run) -> None:
    """Missing, unknown, of a wrong type, by position."""
    client.beta.assistants.create()  # type: ignore[call-arg]
    client.beta.assistants.create("gpt-4o")  # type: ignore[call-arg]
    client.beta.assistants.create(model=None)  # type: ignore[arg-type]
    client.beta.assistants.create(model="m", modle="m")  # type: ignore[call-arg]
    client.beta.assistants.create(model="m", temperature="hot")  # type: ignore[arg-type]
    client.beta.assistants.create(model="m", reasoning_effort="extreme")  # type: ignore[arg-type]
    client.beta.assistants.create(model="m", metadata={"n": 1})  # type: ignore[dict-item]
    client.beta.assistants.retrieve(7)  # type: ignore[arg-type]
    client.beta.assistants.retrieve()  # type: ignore[call-arg]
    client.beta.assistants.list(order="newest")  # type: ignore[arg-type]
    client.beta.assistants.list(order=None)  # type: ignore[arg-type]
    client.beta.threads.messages.create("t", "user", "x")  # type: ignore[call-arg]
    client.beta.threads.messages.create("t", role="system", content="x")  # type: ignore[arg-type]
    client.beta.threads.messages.retrieve("m")  # type: ignore[call-arg]
    client.beta.threads.messages.retrieve("m", "t")  # type: ignore[call-arg]
    client.beta.threads.runs.create("t", assistant_id="a", parallel_tool_calls=None)  # type: ignore[call-overload]
    client.beta.threads.runs.create("t", assistant_id="a", include="step_details")  # type: ignore[arg-type]
    client.beta.threads.messages.create("t", role=run.id, content="x")  # type: ignore[arg-type]
    client.beta.threads.runs.create("t", assistant_id="a", tool_choice="requierd")  # type: ignore[call-overload]
    client.beta.threads.runs.create("t", assistant_id="a", include=["usage"])  # type: ignore[list-item]
    client.beta.threads.runs.poll("r", "t", on_deadline="ignore")  # type: ignore[arg-type]
    client.files.create(file="a.txt", purpose="vision")  # type: ignore[arg-type]
    client.files.create(file=b"x", purpose="assistants_output")  # type: ignore[arg-type]
    client.beta.assistants.retrieve("a", timeuot=5)  # type: ignore[call-arg]


def nested(client: OpenAI) -> None:
    """The same inside of nested parameters."""
    client.beta.assistants.create(model="m", tools=[{"type": "retrieval"}])  # type: ignore[list-item]
    client.beta.assistants.create(model="m", tools=[{"type": "function"}])  # type: ignore[list-item]
    client.beta.assistants.create(model="m", tools=[{"type": "function", "function": {"nmae": "x"}}])  # type: ignore[list-item]
    client.beta.assistants.create(model="m", tools={"type": "code_interpreter"})  # type: ignore[dict-item]
    client.beta.assistants.create(model="m", tool_resources={"code_interpreter": {"file_ids": "f"}})  # type: ignore[arg-type]
    client.beta.assistants.update("a", tool_resources={"file_search": {"vector_stores": []}})  # type: ignore[arg-type]
    client.beta.assistants.create(model="m", response_format="json")  # type: ignore[arg-type]
    client.beta.threads.messages.create("t", role="user", content=[{"type": "refusal", "refusal": "x"}])  # type: ignore[list-item]
    client.beta.threads.messages.create("t", role="user", content="x", attachments=[{"file_id": "f"}])  # type: ignore[list-item]
    client.beta.threads.runs.create("t", assistant_id="a", tool_choice={"type": "web_search"})  # type: ignore[call-overload]
    client.beta.threads.runs.submit_tool_outputs("r", thread_id="t", tool_outputs=[{"output": "x"}])  # type: ignore[typeddict-item]
    client.files.create(file=b"x", purpose="vision", expires_after={"anchor": "created_at"})  # type: ignore[arg-type]


def results(assistant: Assistant, run: Run, block: MessageContent, call: ToolCall) -> None:
    """Fields that are not there, null that was not looked at, tags that do not exist."""
    _ = assistant.modle  # type: ignore[attr-defined]
    assistant.name.upper()  # type: ignore[union-attr]
    _ = run.required_action.submit_tool_outputs  # type: ignore[union-attr]
    if block.type == "text":
        _ = block.image_file  # type: ignore[attr-defined]
    if call.type == "code_interpreter":
        _ = call.code_interpreter.outputs[0].logs  # type: ignore[union-attr]


def streams(client: OpenAI) -> None:
    """A run is no stream, and a stream no run."""
    client.beta.threads.runs.create("t", assistant_id="a").close()  # type: ignore[attr-defined]
    _ = client.beta.threads.runs.create("t", assistant_id="a", stream=True).status  # type: ignore[attr-defined]
    client.beta.threads.runs.create("t", assistant_id="a", stream="yes")  # type: ignore[call-overload]
    client.beta.threads.runs.create_and_poll("t", assistant_id="a", stream=True)  # type: ignore[call-arg]


def forgotten_switch(client: OpenAI, run: Run) -> None:
    """Without `stream=True` there is nothing to iterate over."""
    for _ in client.beta.threads.runs.create("t", assistant_id="a"):  # type: ignore[misc]
        pass
    for _ in run:  # type: ignore[misc]
        pass


def elsewhere(client: OpenAI) -> None:
    """What this package does not have, at its top and below."""
    _ = package.AzureOpenAI  # type: ignore[attr-defined]
    _ = package.beta  # type: ignore[attr-defined]
    _ = client.chat  # type: ignore[attr-defined]
    _ = client.beta.responses  # type: ignore[attr-defined]


def views(message: Message, run: Run) -> None:
    """Views of fields cannot be set; one of a field that may be null is not looked at unasked."""
    message.text = "x"  # type: ignore[misc]
    run.created_at_datetime = datetime.now(UTC)  # type: ignore[misc]
    run.completed_at_datetime.isoformat()  # type: ignore[union-attr]


async def awaiting(client: AsyncOpenAI, blocking: OpenAI) -> None:
    """Forgotten and superfluous `await`."""
    _ = client.beta.assistants.retrieve("a").id  # type: ignore[attr-defined]
    _ = client.beta.assistants.list().data  # type: ignore[attr-defined]
    for _ in client.beta.assistants.list():  # type: ignore[attr-defined]
        pass
    await blocking.beta.assistants.retrieve("a")  # type: ignore[misc]
    await (await client.files.content("f")).read()  # type: ignore[misc]


def tools(client: OpenAI, message: Message, run: Run) -> None:
    """What is no function, no tool, no call and no type."""
    function_tool("forecast")  # type: ignore[arg-type]
    function_tool(tools, strict="yes")  # type: ignore[arg-type]
    function_tool(tools, "name")  # type: ignore[call-arg]
    Toolbox([tools, "forecast"])  # type: ignore[list-item]
    Toolbox([tools, {"type": "retrieval"}])  # type: ignore[list-item]
    Toolbox(tools)  # type: ignore[arg-type]
    Toolbox([tools]).prepare(run)  # type: ignore[arg-type]
    client.beta.assistants.create(model="m", tools=[tools])  # type: ignore[list-item]
    client.beta.assistants.create(model="m", response_format=Message)  # type: ignore[arg-type]
    response_format_for("Message")  # type: ignore[arg-type]
    response_format_for(message)  # type: ignore[arg-type]
    _: Run = parse_message(message, Message)  # type: ignore[assignment]


async def handlers(client: OpenAI, awaiting: AsyncOpenAI) -> None:
    """A manager is no handler, and each client has handlers of its own."""
    runs, async_runs = client.beta.threads.runs, awaiting.beta.threads.runs
    runs.stream("t", assistant_id="a").until_done()  # type: ignore[attr-defined]
    for _ in runs.stream("t", assistant_id="a"):  # type: ignore[attr-defined]
        pass
    with async_runs.stream("t", assistant_id="a"):  # type: ignore[attr-defined]
        pass
    await async_runs.stream("t", assistant_id="a")  # type: ignore[misc]
    runs.stream("t", assistant_id="a", event_handler=AssistantEventHandler)  # type: ignore[call-overload]
    runs.stream("t", assistant_id="a", event_handler=AsyncAssistantEventHandler())  # type: ignore[call-overload]
    async_runs.stream("t", assistant_id="a", event_handler=AssistantEventHandler())  # type: ignore[call-overload]
