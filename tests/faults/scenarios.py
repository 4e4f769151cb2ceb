"""What programs do with the helpers; each scenario returns what its user sees."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openai_assistants import AssistantEventHandler, AsyncAssistantEventHandler
from openai_assistants.server import Call, LocalServer, Script, Turn
from tests.dialects.flavoured import items, opened, settled

QUICK: dict[str, Any] = {"poll_interval_ms": 5, "max_wait_seconds": 60}
LOOKUP: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "lookup",
        "parameters": {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]},
    },
}
ANSWER = Script([Turn(deltas=["Good ", "mörning", " ☀, you."])])
SAID = "Good mörning ☀, you."
TWO_CALLS = Script(
    [Turn("Let me look.", calls=[Call("lookup", {"word": "sun"}), Call("lookup", {"word": "moon"})]), Turn("Found.")]
)
CONTENT = bytes(range(256)) * 40


@dataclass
class World:
    """A server, what a scenario needs there, and the client under test."""

    server: LocalServer
    plain: Any
    """A client that reaches the server unspoiled."""
    client: Any
    folder: Path
    options: dict[str, Any]
    """Request options for every call of the scenario."""
    wait: dict[str, Any]
    """How to wait."""

    def __post_init__(self) -> None:
        self.assistant = self.plain.beta.assistants.create(model="gpt-test", tools=[LOOKUP]).id
        self.thread = self.plain.beta.threads.create(messages=[{"role": "user", "content": "Hello?"}]).id
        self.store = self.plain.vector_stores.create().id
        self.server.scripts.clear()
        self.called: list[str] = []
        """What the tool was asked."""

    def lookup(self, word: str) -> str:
        """Look something up."""
        self.called.append(word)
        return f"<{word}>"

    def left(self) -> dict[str, Any]:
        """What lies at the server."""
        threads = self.plain.beta.threads
        runs = list(threads.runs.list(self.thread))
        return {
            "runs": [run.status for run in runs],
            "said": [(m.role, m.text) for m in threads.messages.list(self.thread, order="asc")],
            "steps": [[step.type for step in threads.runs.steps.list(run.id, thread_id=self.thread)] for run in runs],
            "members": sorted(member.status for member in self.plain.vector_stores.files.list(self.store)),
            "called": sorted(self.called),
        }


Scenario = Callable[[World], Awaitable[Any]]
SCENARIOS: dict[str, Scenario] = {}


def scenario(do: Scenario) -> Scenario:
    """Add one."""
    SCENARIOS[do.__name__] = do
    return do


@scenario
async def message(world: World) -> Any:
    made = await settled(
        world.client.beta.threads.messages.create(world.thread, role="user", content="And?", **world.options)
    )
    return made.text


@scenario
async def polled(world: World) -> Any:
    world.server.scripts.add(ANSWER)
    run = await settled(
        world.client.beta.threads.runs.create_and_poll(
            world.thread, assistant_id=world.assistant, **world.wait, **world.options
        )
    )
    return run.status


@scenario
async def streamed(world: World) -> Any:
    world.server.scripts.add(ANSWER)
    runs = world.client.beta.threads.runs
    async with opened(runs.stream(world.thread, assistant_id=world.assistant, resume=True, **world.options)) as stream:
        await settled(stream.until_done())
        run = await settled(stream.get_final_run())
        messages = await settled(stream.get_final_messages())
    return run.status, [each.text for each in messages]


@scenario
async def told(world: World) -> Any:
    """A handler and its texts."""
    world.server.scripts.add(ANSWER)
    is_async = hasattr(world.client, "__aenter__")
    base: Any = AsyncAssistantEventHandler if is_async else AssistantEventHandler
    texts: list[str] = []
    done: list[str] = []

    class Told(base):
        def on_text_delta(self, delta: Any, snapshot: Any) -> None:
            texts.append(delta.value)

        def on_message_done(self, message: Any) -> None:
            done.append(message.text)

    manager = world.client.beta.threads.runs.stream(
        world.thread, assistant_id=world.assistant, event_handler=Told(), resume=True, **world.options
    )
    async with opened(manager) as stream:
        await settled(stream.until_done())
    return "".join(texts), done


@scenario
async def events(world: World) -> Any:
    """`stream=True`."""
    world.server.scripts.add(ANSWER)
    stream = await settled(
        world.client.beta.threads.runs.create(
            world.thread, assistant_id=world.assistant, stream=True, resume=True, **world.options
        )
    )
    async with opened(stream):
        seen = await items(stream)
    return [event.event for event in seen if not event.event.endswith(".delta")]


@scenario
async def tools_polled(world: World) -> Any:
    world.server.scripts.add(TWO_CALLS)
    result = await settled(
        world.client.beta.threads.runs.run_tools_and_poll(
            world.thread, assistant_id=world.assistant, tools=[world.lookup], **world.wait, **world.options
        )
    )
    return result.run.status, result.text, [each.value for each in result.tool_results]


@scenario
async def tools_streamed(world: World) -> Any:
    world.server.scripts.add(TWO_CALLS)
    manager = world.client.beta.threads.runs.run_tools(
        world.thread, assistant_id=world.assistant, tools=[world.lookup], resume=True, **world.options
    )
    async with opened(manager) as stream:
        await settled(stream.until_done())
        run = await settled(stream.get_final_run())
        messages = await settled(stream.get_final_messages())
    return run.status, [each.text for each in messages]


@scenario
async def pages(world: World) -> Any:
    for number in range(3):
        world.plain.beta.threads.messages.create(world.thread, role="user", content=str(number))
    listed = world.client.beta.threads.messages.list(world.thread, order="asc", limit=2, **world.options)
    return [each.text for each in await items(listed)]


@scenario
async def stored(world: World) -> Any:
    """A file into a vector store."""
    member = await settled(
        world.client.vector_stores.files.upload_and_poll(
            world.store, file=("a.txt", b"The sun is a star."), **world.wait, **world.options
        )
    )
    return member.status


@scenario
async def batch(world: World) -> Any:
    files = [(f"{number}.txt", b"The sun is a star. %d" % number) for number in range(3)]
    made = await settled(
        world.client.vector_stores.file_batches.upload_and_poll(world.store, files=files, **world.wait, **world.options)
    )
    return made.status, made.file_counts.completed


@scenario
async def bulk(world: World) -> Any:
    files = [(f"{number}.txt", b"The moon is none. %d" % number) for number in range(3)]
    result = await settled(
        world.client.vector_stores.upload_files(world.store, files=files, **world.wait, **world.options)
    )
    return [(each.name, each.status) for each in result]


@scenario
async def chunked(world: World) -> Any:
    """A large file in parts, and its content back."""
    path = world.folder / "large.bin"
    path.write_bytes(CONTENT)
    upload = await settled(
        world.client.uploads.upload_file_chunked(
            file=path, mime_type="application/octet-stream", purpose="user_data", part_size=4000, **world.options
        )
    )
    content = world.plain.files.content(upload.file.id).content
    return upload.status, hashlib.sha256(content).hexdigest() == hashlib.sha256(CONTENT).hexdigest()


@scenario
async def downloaded(world: World) -> Any:
    """To disk, without memory."""
    made = world.plain.files.create(file=("x.bin", CONTENT), purpose="user_data")
    path = world.folder / "copy.bin"
    streaming = world.client.files.with_streaming_response
    async with opened(streaming.content(made.id, **world.options)) as response:
        await settled(response.stream_to_file(path, chunk_size=1000))
    limit = world.wait["max_wait_seconds"]
    ready = await settled(
        world.client.files.wait_for_processing(made.id, poll_interval=0.005, max_wait_seconds=limit, **world.options)
    )
    return path.read_bytes() == CONTENT, ready.status
