"""What programs do with the API, in parts that need nothing of each other; each returns what its user would see."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from openai_assistants import (
    AssistantEventHandler,
    AsyncAssistantEventHandler,
    NotFoundError,
    NotSupportedByServerError,
    OpenAIError,
)
from openai_assistants.server import Call, LocalServer, Script, Turn
from openai_assistants.server.dialects import Dialect

from .flavoured import items, opened, settled

Seen = dict[str, Any]
QUICK: dict[str, Any] = {"poll_interval_ms": 2, "max_wait_seconds": 20}
LOOKUP: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "lookup",
        "description": "Look something up.",
        "parameters": {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]},
    },
}
TWO_CALLS = Script(
    [
        Turn("Let me look.", calls=[Call("lookup", {"word": "sun"}), Call("lookup", {"word": "moon"})]),
        Turn("Both are é∂ found."),
    ]
)
ANSWER = Turn(deltas=["Good ", "mörning", " ☀, you."])


def lookup(word: str) -> str:
    """Look something up."""
    return f"<{word}>"


@dataclass(frozen=True)
class Part:
    """A part of the program."""

    name: str
    needs: tuple[str, ...]
    """Operations in the order in which it first uses them."""
    do: Callable[[Any, LocalServer], Awaitable[Seen]]

    def lacks(self, dialect: Dialect) -> str | None:
        """The operation at which it ends on a server that does not have all."""
        unused = {"getRun"} if dialect.waits_for_runs else set()
        return next((each for each in self.needs if each not in unused and not dialect.profile.has(each)), None)


PARTS: list[Part] = []


def part(*needs: str) -> Callable[[Callable[[Any, LocalServer], Awaitable[Seen]]], Any]:
    """Add a part that needs these operations."""

    def add(do: Callable[[Any, LocalServer], Awaitable[Seen]]) -> Any:
        PARTS.append(Part(do.__name__, needs, do))
        return do

    return add


async def _begin(client: Any, text: str = "Hello?") -> tuple[str, str]:
    assistant = await settled(client.beta.assistants.create(model="gpt-test", name="Ada"))
    thread = await settled(client.beta.threads.create())
    await settled(client.beta.threads.messages.create(thread.id, role="user", content=text))
    return assistant.id, thread.id


async def _said(client: Any, thread_id: str) -> list[tuple[str, str]]:
    """Who said what, oldest first, page by page."""
    listed = await items(client.beta.threads.messages.list(thread_id, order="asc", limit=2))
    return [(message.role, message.text) for message in listed]


BEGIN = ("createAssistant", "createThread", "createMessage")


@part("createAssistant", "getAssistant", "modifyAssistant", "listAssistants", "deleteAssistant")
async def assistants(client: Any, server: LocalServer) -> Seen:
    like: dict[str, Any] = {"model": "gpt-test", "instructions": "Be é.", "tools": [LOOKUP]}
    made = [await settled(client.beta.assistants.create(name=f"A{n}", **like)) for n in range(5)]
    got = await settled(client.beta.assistants.retrieve(made[0].id))
    changed = await settled(client.beta.assistants.update(made[0].id, name="B", metadata={"a_at": "1"}))
    names = [each.name for each in await items(client.beta.assistants.list(order="asc", limit=2))]
    await settled(client.beta.assistants.delete(made[0].id))
    left = [each.name for each in await items(client.beta.assistants.list(order="asc", limit=3))]
    return {
        "ids": made[0].id == got.id == changed.id,
        "name": (got.name, changed.name),
        "model": got.model,
        "instructions": got.instructions,
        "created_at": got.created_at,
        "names": names,
        "left": left,
    }


@part("createThread", "createMessage", "listMessages", "getThread")
async def conversation(client: Any, server: LocalServer) -> Seen:
    thread = await settled(client.beta.threads.create(messages=[{"role": "user", "content": "0"}]))
    for n in range(1, 6):
        last = await settled(client.beta.threads.messages.create(thread.id, role="user", content=f"{n} ü"))
    got = await settled(client.beta.threads.retrieve(thread.id))
    newest = await settled(client.beta.threads.messages.list(thread.id, limit=1))
    backward = client.beta.threads.messages.list(thread.id, order="asc", limit=2, before=last.id)
    return {
        "thread": (got.id == thread.id, got.created_at),
        "last": (last.role, last.text, last.created_at, last.thread_id == thread.id),
        "newest": [message.text for message in newest.data],
        "all": await _said(client, thread.id),
        "backward": [message.text for message in await items(backward)],
    }


@part(*BEGIN, "createRun", "getRun", "listMessages")
async def polled(client: Any, server: LocalServer) -> Seen:
    assistant, thread = await _begin(client)
    server.scripts.add([ANSWER])
    run = await settled(client.beta.threads.runs.create_and_poll(thread, assistant_id=assistant, **QUICK))
    return {
        "status": run.status,
        "times": (run.created_at, run.started_at, run.completed_at),
        "ids": (run.thread_id == thread, run.assistant_id == assistant),
        "said": await _said(client, thread),
    }


@part(*BEGIN, "createRun", "getRun", "listMessages")
async def failed(client: Any, server: LocalServer) -> Seen:
    """A run that fails, in whatever way the server shows that."""
    from openai_assistants.server import Fail

    assistant, thread = await _begin(client)
    server.scripts.add([Turn("Well ", fail=Fail("Too much."))])
    run = await settled(client.beta.threads.runs.create_and_poll(thread, assistant_id=assistant, **QUICK))
    return {"status": run.status}


@part(*BEGIN, "createRun", "listMessages")
async def streamed(client: Any, server: LocalServer) -> Seen:
    """The helper, with its handler."""
    assistant, thread = await _begin(client)
    server.scripts.add([ANSWER])
    base: Any = AsyncAssistantEventHandler if hasattr(client, "__aenter__") else AssistantEventHandler
    told: list[str] = []

    class Told(base):
        def on_text_delta(self, delta: Any, snapshot: Any) -> Any:
            told.append(delta.value)
            return _nothing() if base is AsyncAssistantEventHandler else None

        def on_message_done(self, message: Any) -> Any:
            told.append("done")
            return _nothing() if base is AsyncAssistantEventHandler else None

    manager = client.beta.threads.runs.stream(thread, assistant_id=assistant, event_handler=Told())
    async with opened(manager) as stream:
        await settled(stream.until_done())
        run = await settled(stream.get_final_run())
        messages = await settled(stream.get_final_messages())
    return {
        "status": run.status,
        "told": ("".join(told[:-1]), told[-1:]),
        "messages": [message.text for message in messages],
        "said": await _said(client, thread),
    }


async def _nothing() -> None:
    pass


@part(*BEGIN, "createRun")
async def events(client: Any, server: LocalServer) -> Seen:
    """`stream=True`: typed events, the last of the run among them."""
    assistant, thread = await _begin(client)
    server.scripts.add([ANSWER])
    stream = await settled(client.beta.threads.runs.create(thread, assistant_id=assistant, stream=True))
    seen = await items(stream)
    names = [event.event for event in seen]
    runs = [event.data for event in seen if event.event.startswith("thread.run.") and "step" not in event.event]
    deltas = [event.data.delta.content[0].text.value for event in seen if event.event == "thread.message.delta"]
    return {
        "first": names[0],
        "run": ([each.status for each in runs if hasattr(each, "status")][-1], runs[-1].created_at),
        "text": "".join(deltas),
        "ended": [name for name in names if name.startswith("thread.run.") and name.endswith("completed")][-1:],
    }


@part(*BEGIN, "createRun", "getRun", "submitToolOuputsToRun", "listMessages")
async def tools_polled(client: Any, server: LocalServer) -> Seen:
    """The tool loop."""
    assistant, thread = await _begin(client)
    server.scripts.add(TWO_CALLS)
    result = await settled(
        client.beta.threads.runs.run_tools_and_poll(thread, assistant_id=assistant, tools=[lookup], **QUICK)
    )
    return {
        "status": result.run.status,
        "results": [(each.name, each.value) for each in result.tool_results],
        "text": result.text,
        "said": await _said(client, thread),
        "outputs": await _stored_outputs(server, result.run.id),
    }


@part(*BEGIN, "createRun", "submitToolOuputsToRun", "listMessages")
async def tools_streamed(client: Any, server: LocalServer) -> Seen:
    """The tool loop over one stream of events."""
    assistant, thread = await _begin(client)
    server.scripts.add(TWO_CALLS)
    async with opened(client.beta.threads.runs.run_tools(thread, assistant_id=assistant, tools=[lookup])) as stream:
        seen = await items(stream)
        run = await settled(stream.get_final_run())
        messages = await settled(stream.get_final_messages())
    return {
        "status": run.status,
        "text": [message.text for message in messages],
        "action": [event.event for event in seen if event.event == "thread.run.requires_action"],
        "said": await _said(client, thread),
        "outputs": await _stored_outputs(server, run.id),
    }


@part(*BEGIN, "createRun", "submitToolOuputsToRun")
async def tools_by_hand(client: Any, server: LocalServer) -> Seen:
    """The loop as older programs have it: look at `required_action`, submit, stream on."""
    assistant, thread = await _begin(client)
    server.scripts.add(TWO_CALLS)
    async with opened(client.beta.threads.runs.stream(thread, assistant_id=assistant, tools=[LOOKUP])) as stream:
        await settled(stream.until_done())
        waiting = await settled(stream.get_final_run())
    calls = waiting.required_action.submit_tool_outputs.tool_calls
    outputs = [{"tool_call_id": call.id, "output": call.function.arguments} for call in calls]
    async with opened(
        client.beta.threads.runs.submit_tool_outputs_stream(waiting.id, thread_id=thread, tool_outputs=outputs)
    ) as stream:
        await settled(stream.until_done())
        run = await settled(stream.get_final_run())
        messages = await settled(stream.get_final_messages())
    return {
        "waiting": waiting.status,
        "calls": [(call.function.name, call.function.arguments) for call in calls],
        "status": run.status,
        "text": [message.text for message in messages],
        "outputs": await _stored_outputs(server, run.id),
    }


async def _stored_outputs(server: LocalServer, run_id: str) -> list[tuple[str, str]]:
    """Arguments and outputs of a run's calls as they lie in the server's database."""
    from sqlalchemy import select

    from openai_assistants.server.store.tables import steps
    from tests.server.support import in_database

    def look(tx: Any) -> list[Any]:
        found = tx.connection.scalars(select(steps.c.data).where(steps.c.run_id == run_id).order_by(steps.c.seq))
        return list(found)

    return [
        (call["function"]["arguments"], call["function"]["output"])
        for step in in_database(server, look)
        for call in step["step_details"].get("tool_calls", ())
    ]


@part(*BEGIN, "createRun", "getRun", "listRunSteps", "cancelRun", "listRuns")
async def steps_and_cancel(client: Any, server: LocalServer) -> Seen:
    assistant, thread = await _begin(client)
    server.scripts.add(TWO_CALLS)
    runs = client.beta.threads.runs
    run = await settled(runs.create_and_poll(thread, assistant_id=assistant, tools=[LOOKUP], **QUICK))
    steps = await items(runs.steps.list(run.id, thread_id=thread, order="asc", limit=1))
    try:
        await settled(runs.create(thread, assistant_id=assistant))
    except OpenAIError as error:
        second: Any = type(error).__name__
    cancelled = await settled(runs.cancel(run.id, thread_id=thread))
    ended = await settled(runs.poll(run.id, thread_id=thread, **QUICK))
    return {
        "steps": [(step.type, step.step_details.type) for step in steps],
        "second": second,
        "cancelled": cancelled.status in ("cancelling", "cancelled"),
        "ended": ended.status,
        "runs": len(await items(runs.list(thread, limit=1))),
    }


@part("createAssistant", "createThreadAndRun", "getRun", "listMessages")
async def thread_and_run(client: Any, server: LocalServer) -> Seen:
    assistant = await settled(client.beta.assistants.create(model="gpt-test"))
    server.scripts.add([ANSWER], times=2)
    thread = {"messages": [{"role": "user", "content": "Hi"}]}
    run = await settled(client.beta.threads.create_and_run_poll(assistant_id=assistant.id, thread=thread, **QUICK))
    manager = client.beta.threads.create_and_run_stream(assistant_id=assistant.id, thread=thread, resume=True)
    async with opened(manager) as stream:
        await settled(stream.until_done())
        final = await settled(stream.get_final_run())
        messages = await settled(stream.get_final_messages())
    return {
        "status": (run.status, final.status),
        "text": [message.text for message in messages],
        "said": await _said(client, final.thread_id),
    }


@part("createFile", "retrieveFile", "downloadFile", "listFiles", "deleteFile")
async def files(client: Any, server: LocalServer) -> Seen:
    made = [
        await settled(client.files.create(file=(f"ä{n}.txt", b"content %d" % n), purpose="assistants"))
        for n in range(5)
    ]
    ready = await settled(client.files.wait_for_processing(made[0].id, poll_interval=0.002, max_wait_seconds=20))
    content = await settled(client.files.content(made[1].id))
    names = [each.filename for each in await items(client.files.list(order="asc", limit=2))]
    for each in made[:2]:
        await settled(client.files.delete(each.id))
    left = [each.filename for each in await items(client.files.list(order="desc"))]
    return {
        "ready": (ready.id == made[0].id, ready.status, ready.filename, ready.created_at),
        "content": content.content,
        "names": names,
        "left": left,
    }


@part("createVectorStore", "createFile", "createVectorStoreFile", "getVectorStoreFile", "searchVectorStore")
async def search(client: Any, server: LocalServer) -> Seen:
    store = await settled(client.vector_stores.create(name="Stars"))
    unnamed = await settled(client.vector_stores.create())
    file = await settled(client.files.create(file=("a.txt", b"The sun is a star."), purpose="assistants"))
    member = await settled(
        client.vector_stores.files.create_and_poll(
            file.id, vector_store_id=store.id, attributes={"year": 2024, "kind": "star"}, **QUICK
        )
    )
    found = await items(client.vector_stores.search(store.id, query="star"))
    return {
        "store": (store.name, store.created_at, unnamed.name or None),
        "member": (member.status, member.id == file.id, member.attributes),
        "found": [(each.filename, each.attributes, [block.text for block in each.content]) for each in found],
    }


@part("createVectorStore", "createFile", "createVectorStoreFileBatch", "getVectorStoreFileBatch", "listVectorStores")
async def batches(client: Any, server: LocalServer) -> Seen:
    stores = [await settled(client.vector_stores.create(name=f"S{n}")) for n in range(3)]
    file = await settled(client.files.create(file=("a.txt", b"The sun is a star."), purpose="assistants"))
    batch = await settled(client.vector_stores.file_batches.create_and_poll(stores[0].id, file_ids=[file.id], **QUICK))
    listed = await items(client.vector_stores.list(order="asc", limit=2))
    return {"batch": (batch.status, batch.file_counts.completed), "stores": [store.name for store in listed]}


@part("getAssistant")
async def unknown_assistant(client: Any, server: LocalServer) -> Seen:
    return await _not_found(client.beta.assistants.retrieve, "asst_ no/such")


@part("retrieveFile")
async def unknown_file(client: Any, server: LocalServer) -> Seen:
    return await _not_found(client.files.retrieve, "file-none")


@part("getVectorStore")
async def unknown_store(client: Any, server: LocalServer) -> Seen:
    return await _not_found(client.vector_stores.retrieve, "vs_none")


async def _not_found(retrieve: Any, object_id: str) -> Seen:
    try:
        await settled(retrieve(object_id))
    except NotFoundError as error:
        if isinstance(error, NotSupportedByServerError) and "No " not in error.message:
            raise  # an error in plain text cannot be told from a missing endpoint, but has the server's words
        return {"status": error.status_code, "says": object_id in error.message}
    return {}


@part("createAssistant")
async def bad_request(client: Any, server: LocalServer) -> Seen:
    try:
        await settled(client.beta.assistants.create(model="gpt-test", temperature=7))
    except NotSupportedByServerError:
        raise
    except OpenAIError as error:
        return {"refused": getattr(error, "status_code", None) in (400, 422), "says": "temperature" in str(error)}
    return {}
