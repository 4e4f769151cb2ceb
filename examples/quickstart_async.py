"""Three conversations at once: what quickstart.py does, with AsyncOpenAI.

    python examples/quickstart_async.py

runs against a server of its own. Set OPENAI_BASE_URL and OPENAI_API_KEY to use another one.
"""

import asyncio
import json
import os
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from openai_assistants import AsyncOpenAI, AsyncStream
from openai_assistants.server import LocalServer
from openai_assistants.types.beta import AssistantStreamEvent, FunctionToolParam
from openai_assistants.types.beta.threads import RequiredActionFunctionToolCall, Run
from openai_assistants.types.beta.threads.run_submit_tool_outputs_params import ToolOutput

HANDBOOK = Path(__file__).with_name("handbook.md")
MODEL = os.environ.get("OPENAI_MODEL", "gpt-4o")
INSTRUCTIONS = "You answer questions about the Assistants API. Look up the handbook first, and quote it."
CONVERSATIONS = {
    "Ada": "How do I cancel a run?",
    "Ben": "What does an idempotency key do?",
    "Cleo": "Which purposes can a file have?",
}
LOOK_UP: FunctionToolParam = {
    "type": "function",
    "function": {
        "name": "look_up",
        "description": "Find the section of the handbook that has most to do with a query.",
        "parameters": {
            "type": "object",
            "properties": {"query": {"type": "string", "description": "A few key words."}},
            "required": ["query"],
        },
    },
}


def look_up(query: str) -> str:
    """The tool: the section that shares most words with the query, those in its heading counting three times."""

    def stems(text: str) -> set[str]:
        return {word[:5] for word in re.findall(r"\w{3,}", text.lower())}

    def score(section: str) -> int:
        heading, _, text = section.partition("\n")
        return 3 * len(stems(query) & stems(heading)) + len(stems(query) & stems(text))

    heading, _, text = max(HANDBOOK.read_text(encoding="utf-8").split("\n## "), key=score).partition("\n")
    return f"{heading}: {text.strip()}"


class Conversation:
    """One question and its answer; prints whole lines with a label, since others print at the same time."""

    def __init__(self, client: AsyncOpenAI, label: str) -> None:
        self._client = client
        self._label = label
        self._line = ""

    async def ask(self, assistant_id: str, question: str) -> None:
        """Put the question on a new thread, and show how it is answered."""
        self._print(f"asks: {question}\n")
        threads = self._client.beta.threads
        stream = await threads.create_and_run(
            assistant_id=assistant_id, thread={"messages": [{"role": "user", "content": question}]}, stream=True
        )
        run = await self._show(stream)
        while run.status == "requires_action" and run.required_action:
            calls = run.required_action.submit_tool_outputs.tool_calls
            outputs = await asyncio.gather(*map(self._carry_out, calls))
            stream = await threads.runs.submit_tool_outputs(
                run.id, thread_id=run.thread_id, tool_outputs=outputs, stream=True
            )
            run = await self._show(stream)
        roles = [message.role async for message in threads.messages.list(run.thread_id, order="asc")]
        self._print(f"[{run.status}; the thread has {len(roles)} messages: {', '.join(roles)}]\n")
        await threads.delete(run.thread_id)

    async def _carry_out(self, call: RequiredActionFunctionToolCall) -> ToolOutput:
        self._print(f"[tool call: {call.function.name}({call.function.arguments})]\n")
        try:
            output = await asyncio.to_thread(look_up, **json.loads(call.function.arguments))
        except Exception as error:
            output = f"The call failed: {error!r}"
        return {"tool_call_id": call.id, "output": output}

    async def _show(self, stream: AsyncStream[AssistantStreamEvent]) -> Run:
        run: Run | None = None
        async for event in stream:
            if event.event == "thread.message.delta":
                for block in event.data.delta.content or []:
                    if block.type == "text" and block.text:
                        self._print(block.text.value or "")
            elif event.event == "thread.message.completed":
                self._print("\n")
            elif isinstance(event.data, Run):
                run = event.data
        assert run is not None  # a stream that ends before its run raises StreamInterruptedError
        return run

    def _print(self, text: str) -> None:
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            print(f"{self._label:>4} | {line}", flush=True)


@asynccontextmanager
async def connect() -> AsyncGenerator[AsyncOpenAI]:
    """A client for the server at OPENAI_BASE_URL, else for one that lives as long as this block."""
    if "OPENAI_BASE_URL" in os.environ:
        async with AsyncOpenAI() as client:
            yield client
    else:
        async with LocalServer() as server, server.async_client() as client:
            yield client


async def main() -> None:
    """Run the example."""
    async with connect() as client:
        file = await client.files.create(file=HANDBOOK, purpose="assistants")
        assistant = await client.beta.assistants.create(
            model=MODEL, name="Guide", instructions=INSTRUCTIONS, tools=[LOOK_UP], metadata={"handbook": file.id}
        )
        async with asyncio.TaskGroup() as tasks:
            for label, question in CONVERSATIONS.items():
                tasks.create_task(Conversation(client, label).ask(assistant.id, question))
        await client.beta.assistants.delete(assistant.id)
        await client.files.delete(file.id)


if __name__ == "__main__":
    asyncio.run(main())
