"""Ask a handbook three questions: an upload, an assistant with a function tool, streamed answers.

    python examples/quickstart.py

runs against a server of its own. Set OPENAI_BASE_URL and OPENAI_API_KEY to use another one.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from openai_assistants import OpenAI, Stream
from openai_assistants.server import LocalServer
from openai_assistants.types.beta import AssistantStreamEvent, FunctionToolParam
from openai_assistants.types.beta.threads import Message, RequiredActionFunctionToolCall, Run
from openai_assistants.types.beta.threads.run_submit_tool_outputs_params import ToolOutput

HANDBOOK = Path(__file__).with_name("handbook.md")
MODEL = os.environ.get("OPENAI_MODEL", "gpt-4o")
INSTRUCTIONS = "You answer questions about the Assistants API. Look up the handbook first, and quote it."
QUESTIONS = [
    "When does a run expire?",
    "Can I add messages to a thread while a run is active?",
    "Which limits does metadata have?",
]
LOOK_UP: FunctionToolParam = {
    "type": "function",
    "function": {
        "name": "look_up",
        "description": "Find the passages of the handbook that have most to do with a query.",
        "parameters": {
            "type": "object",
            "properties": {"query": {"type": "string", "description": "A few key words."}},
            "required": ["query"],
        },
    },
}


def passages() -> Iterator[tuple[str, str]]:
    """The paragraphs of the handbook, each with the heading that it stands under."""
    heading = ""
    for paragraph in HANDBOOK.read_text(encoding="utf-8").split("\n\n"):
        if paragraph.startswith("#"):
            heading = paragraph.lstrip("# ")
        else:
            yield heading, " ".join(paragraph.removeprefix("- ").split())


def stems(text: str) -> set[str]:
    """The words of a text, cut to five letters, so that different forms of a word are the same."""
    return {word[:5] for word in re.findall(r"\w{3,}", text.lower())}


def look_up(query: str) -> str:
    """The tool: the passages that share most words with the query. Rare words count more, those in headings twice."""
    wanted = stems(query)
    words = {(heading, text): [*stems(heading), *stems(text)] for heading, text in passages()}
    frequency = Counter(stem for each in words.values() for stem in each)
    scores = {passage: sum(1 / frequency[stem] for stem in each if stem in wanted) for passage, each in words.items()}
    best = [passage for passage in sorted(scores, key=scores.__getitem__, reverse=True)[:3] if scores[passage]]
    return "\n\n".join(f"{heading}: {text}" for heading, text in best) or "The handbook says nothing about this."


FUNCTIONS: dict[str, Callable[..., str]] = {"look_up": look_up}


def carry_out(call: RequiredActionFunctionToolCall) -> ToolOutput:
    """Answer one tool call. The model wrote the arguments; when they are wrong it is told so and may try again."""
    print(f"[tool call: {call.function.name}({call.function.arguments})]")
    try:
        output = FUNCTIONS[call.function.name](**json.loads(call.function.arguments))
    except Exception as error:
        output = f"The call failed: {error!r}"
    return {"tool_call_id": call.id, "output": output}


def show(stream: Stream[AssistantStreamEvent]) -> Run:
    """Print the text of a stream as it comes; the run as it was at the end."""
    run: Run | None = None
    for event in stream:
        if event.event == "thread.message.delta":
            for block in event.data.delta.content or []:
                if block.type == "text" and block.text:
                    print(block.text.value or "", end="", flush=True)
        elif isinstance(event.data, Run):
            run = event.data
    assert run is not None  # a stream that ends before its run raises StreamInterruptedError
    return run


def ask(client: OpenAI, assistant_id: str, thread_id: str, question: str) -> None:
    """Put a question to the assistant and show how it is answered."""
    print(f"\n=== {question}")
    runs = client.beta.threads.runs
    client.beta.threads.messages.create(thread_id, role="user", content=question)
    run = show(runs.create(thread_id, assistant_id=assistant_id, stream=True))
    while run.status == "requires_action" and run.required_action:
        outputs = [carry_out(call) for call in run.required_action.submit_tool_outputs.tool_calls]
        run = show(runs.submit_tool_outputs(run.id, thread_id=thread_id, tool_outputs=outputs, stream=True))
    print(f"\n[{run.status}]" if run.last_error is None else f"\n[{run.status}: {run.last_error.message}]")


def text_of(message: Message) -> str:
    """The text blocks of a message."""
    return "\n".join(block.text.value for block in message.content if block.type == "text")


@contextmanager
def connect() -> Generator[OpenAI]:
    """A client for the server at OPENAI_BASE_URL, else for one that lives as long as this block."""
    if "OPENAI_BASE_URL" in os.environ:
        with OpenAI() as client:
            yield client
    else:
        with LocalServer() as server, server.client() as client:
            yield client


def main() -> None:
    """Run the example."""
    with connect() as client:
        print(f"server:    {client.base_url}")
        file = client.files.create(file=HANDBOOK, purpose="assistants")
        print(f"uploaded:  {file.filename}, {file.bytes} bytes, as {file.id}")
        assistant = client.beta.assistants.create(
            model=MODEL, name="Guide", instructions=INSTRUCTIONS, tools=[LOOK_UP], metadata={"handbook": file.id}
        )
        thread = client.beta.threads.create()
        print(f"assistant: {assistant.id} on {thread.id}")

        for question in QUESTIONS:
            ask(client, assistant.id, thread.id, question)

        print("\n=== The messages of the thread")
        for message in client.beta.threads.messages.list(thread.id, order="asc"):
            print(f"{message.role:>9}: {' '.join(text_of(message).split())[:100]}")

        client.beta.threads.delete(thread.id)
        client.beta.assistants.delete(assistant.id)
        client.files.delete(file.id)


if __name__ == "__main__":
    main()
