"""Event handlers with AsyncOpenAI: two answers at once, each with a handler; and one without."""

import asyncio

from openai_assistants import AsyncAssistantEventHandler, AsyncOpenAI
from openai_assistants.server import LocalServer, Script, Turn
from openai_assistants.types.beta.threads import Message, Text, TextDelta


class Collector(AsyncAssistantEventHandler):
    """Notes what it is told under a name."""

    def __init__(self, name: str) -> None:
        self.lines: list[str] = []
        self.name = name

    async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        self.lines.append(f"{self.name}: {snapshot.value}")

    async def on_message_done(self, message: Message) -> None:
        self.lines.append(f"{self.name}: {message.status}")

    async def on_end(self) -> None:
        self.lines.append(f"{self.name}: end")


async def ask(client: AsyncOpenAI, assistant_id: str, name: str) -> list[str]:
    """Ask; the thread is created along with the run. `stream` is the handler itself."""
    async with client.beta.threads.create_and_run_stream(
        assistant_id=assistant_id,
        thread={"messages": [{"role": "user", "content": f"Greet {name}."}]},
        event_handler=Collector(name),
        resume=True,  # go on after a broken connection
    ) as stream:
        await stream.until_done()
    return stream.lines


async def main(server: LocalServer) -> None:
    async with server.async_client() as client:
        assistant = await client.beta.assistants.create(model="gpt-4o")
        server.scripts.add(Script([Turn(deltas=["Hello", ", you!"])], times=3))
        for lines in await asyncio.gather(*(ask(client, assistant.id, name) for name in ("Ada", "Ben"))):
            print("\n".join(lines))
        thread = await client.beta.threads.create(messages=[{"role": "user", "content": "Greet me."}])
        async with client.beta.threads.runs.stream(thread.id, assistant_id=assistant.id) as stream:
            print("pieces:", [text async for text in stream.text_deltas])


if __name__ == "__main__":
    with LocalServer() as server:
        asyncio.run(main(server))
