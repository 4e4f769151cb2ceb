"""All operations of version 1, by both packages and all flavours of client, against the server in the box. The clients
are strict, so every answer is what its type says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import openai_assistants
import openai_assistants.v1
from openai_assistants import BadRequestError, NotFoundError
from openai_assistants.server import Call, LocalServer, Turn
from openai_assistants.types import v1
from tests.operations.table import ROWS
from tests.unit.support import Flavour

LOOK_UP: Any = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}
COVERED = {
    "assistants": {"createAssistant", "getAssistant", "modifyAssistant", "listAssistants", "deleteAssistant"},
    "files": {"createAssistantFile", "getAssistantFile", "listAssistantFiles", "deleteAssistantFile"},
    "threads": {"createThread", "getThread", "modifyThread", "deleteThread"},
    "messages": {"createMessage", "getMessage", "modifyMessage", "listMessages", "listMessageFiles", "getMessageFile"},
    "runs": {"createRun", "getRun", "modifyRun", "listRuns", "cancelRun", "listRunSteps", "getRunStep"},
    "tool_outputs": {"createThreadAndRun", "submitToolOuputsToRun"},
}


class World:
    """A client of one flavour, of the package for version 1 or of the one for both, and one of version 2."""

    def __init__(self, flavour: Flavour, server: LocalServer, package: Any) -> None:
        self.flavour = flavour
        self.server = server
        self.newer = server.client(strict=True)
        http = server.async_http_client() if flavour.is_async else server.http_client()
        make = package.AsyncOpenAI if flavour.is_async else package.OpenAI
        client: Any = make(base_url=server.base_url, api_key="any", http_client=http, strict=True)
        self.beta = client.beta if package is openai_assistants.v1 else client.beta.v1

    def do(self, call: Callable[[Any], Any]) -> Any:
        """The outcome of a call of something below `beta` of version 1."""
        return self.flavour.do(lambda: call(self.beta))

    def all(self, call: Callable[[Any], Any]) -> list[Any]:
        """All items of a list, or all events of a stream."""
        return self.flavour.collect(lambda: call(self.beta))

    def file(self, text: str = "Whales sing.") -> str:
        """A file for assistants."""
        return self.newer.files.create(file=("a.txt", text.encode()), purpose="assistants").id

    def asked(self) -> set[str]:
        """The operations of version 1 that were answered well."""
        names = [each.operation or "" for each in self.server.requests if each.status == 200]
        return {name.removeprefix("v1.") for name in names if name.startswith("v1.")}


CLIENTS = [
    ("sync", openai_assistants),
    ("asyncio", openai_assistants),
    ("sync", openai_assistants.v1),
    ("trio", openai_assistants.v1),
]


@pytest.fixture(params=CLIENTS, ids=[f"{flavour}-{package.__name__}" for flavour, package in CLIENTS])
def world(request: pytest.FixtureRequest, server: LocalServer) -> World:
    """A client of one flavour and of one package."""
    name, package = request.param
    return World(Flavour(name), server, package)


def test_every_operation_is_covered() -> None:
    assert sum(len(each) for each in COVERED.values()) == 28
    assert {f"v1.{name}" for each in COVERED.values() for name in each} == {
        row.id for row in ROWS if row.version == "v1"
    }


def test_assistants(world: World) -> None:
    files = [world.file(), world.file()]
    tools: Any = [{"type": "retrieval"}, LOOK_UP]
    made = world.do(lambda beta: beta.assistants.create(model="gpt-4", tools=tools, file_ids=files, name="Ada"))
    assert (type(made), made.file_ids, made.name) == (v1.Assistant, files, "Ada")
    assert [type(tool) for tool in made.tools] == [v1.RetrievalTool, v1.FunctionTool]
    assert world.do(lambda beta: beta.assistants.retrieve(made.id)) == made
    newer = world.newer.beta.assistants.update(made.id, temperature=0.5, name="Grace")
    assert [tool.type for tool in newer.tools] == ["file_search", "function"]
    changed = world.do(lambda beta: beta.assistants.update(made.id, tools=made.tools[:1], metadata={"a": "b"}))
    assert (changed.name, changed.metadata, changed.file_ids) == ("Grace", {"a": "b"}, files)
    assert world.newer.beta.assistants.retrieve(made.id).temperature == 0.5
    other = world.newer.beta.assistants.create(model="gpt-4o")
    assert [each.id for each in world.all(lambda beta: beta.assistants.list(limit=1))] == [other.id, made.id]
    deleted = world.do(lambda beta: beta.assistants.delete(made.id))
    assert (type(deleted), deleted.deleted) == (v1.AssistantDeleted, True)
    with pytest.raises(NotFoundError, match=f"No assistant found with id '{made.id}'"):
        world.do(lambda beta: beta.assistants.retrieve(made.id))
    with pytest.raises(BadRequestError, match="Unknown parameter: 'temperature'"):
        world.do(lambda beta: beta.assistants.create(model="gpt-4", extra_body={"temperature": 1}))
    assert world.asked() == COVERED["assistants"]


def test_assistant_files(world: World) -> None:
    files = [world.file() for _ in range(3)]
    owner = world.newer.beta.assistants.create(model="gpt-4o", tools=[{"type": "file_search"}]).id
    for file_id in files:
        attached = world.do(lambda beta: beta.assistants.files.create(owner, file_id=file_id))  # noqa: B023
        assert (type(attached), attached.id, attached.assistant_id) == (v1.AssistantFile, file_id, owner)
        assert world.do(lambda beta: beta.assistants.files.retrieve(file_id, assistant_id=owner)) == attached  # noqa: B023
    listed = world.all(lambda beta: beta.assistants.files.list(owner, limit=2, order="asc"))
    assert [each.id for each in listed] == files
    store_ids = world.newer.beta.assistants.retrieve(owner).tool_resources.file_search.vector_store_ids  # type: ignore[union-attr]
    assert {each.id for each in world.newer.vector_stores.files.list(store_ids[0])} == set(files)  # type: ignore[index]
    for file_id in [each.id for each in listed]:
        gone = world.do(lambda beta: beta.assistants.files.delete(file_id, assistant_id=owner))  # noqa: B023
        assert (type(gone), gone.id, gone.deleted) == (v1.AssistantFileDeleted, file_id, True)
    assert world.all(lambda beta: beta.assistants.files.list(owner)) == []
    assert world.newer.files.retrieve(files[0]).id == files[0]
    assert world.asked() == COVERED["files"]


def test_threads(world: World) -> None:
    messages: Any = [{"role": "user", "content": "Hello", "metadata": {"n": "1"}}]
    made = world.do(lambda beta: beta.threads.create(messages=messages, metadata={"a": "b"}))
    assert (type(made), made.metadata) == (v1.Thread, {"a": "b"})
    assert world.do(lambda beta: beta.threads.retrieve(made.id)) == made
    assert world.do(lambda beta: beta.threads.update(made.id, metadata={})).metadata == {}
    assert [each.text for each in world.newer.beta.threads.messages.list(made.id)] == ["Hello"]
    assert world.do(lambda beta: beta.threads.delete(made.id)).deleted is True
    with pytest.raises(NotFoundError):
        world.newer.beta.threads.retrieve(made.id)
    assert world.asked() == COVERED["threads"]


def test_messages(world: World) -> None:
    files = [world.file() for _ in range(3)]
    thread = world.newer.beta.threads.create(messages=[{"role": "user", "content": "Of version 2"}]).id
    made = world.do(lambda beta: beta.threads.messages.create(thread, role="user", content="Look", file_ids=files))
    assert (type(made), made.text, made.file_ids) == (v1.Message, "Look", files)
    assert world.do(lambda beta: beta.threads.messages.retrieve(made.id, thread_id=thread)) == made
    changed = world.do(lambda beta: beta.threads.messages.update(made.id, thread_id=thread, metadata={"a": "b"}))
    assert changed.metadata == {"a": "b"}
    assert [each.text for each in world.all(lambda beta: beta.threads.messages.list(thread, limit=1))] == [
        "Look",
        "Of version 2",
    ]
    listed = world.all(lambda beta: beta.threads.messages.files.list(made.id, thread_id=thread, limit=2, order="asc"))
    assert [(type(each), each.id, each.message_id) for each in listed] == [
        (v1.MessageFile, file_id, made.id) for file_id in files
    ]
    one = world.do(lambda beta: beta.threads.messages.files.retrieve(files[1], thread_id=thread, message_id=made.id))
    assert one == listed[1]
    seen = world.newer.beta.threads.messages.retrieve(made.id, thread_id=thread)
    assert [each.file_id for each in seen.attachments or ()] == files
    assert world.asked() == COVERED["messages"]


def test_runs(world: World) -> None:
    file_id = world.file()
    owner = world.do(
        lambda beta: beta.assistants.create(model="gpt-4", tools=[{"type": "retrieval"}], file_ids=[file_id])
    ).id
    thread = world.newer.beta.threads.create(messages=[{"role": "user", "content": "Who sings?"}]).id
    run = world.do(lambda beta: beta.threads.runs.create(thread, assistant_id=owner, metadata={"a": "b"}))
    assert (type(run), run.status, run.file_ids) == (v1.Run, "queued", [file_id])
    seen = world.newer.beta.threads.runs.poll(run.id, thread)
    assert (seen.status, seen.tools[0].type) == ("completed", "file_search")
    done = world.do(lambda beta: beta.threads.runs.retrieve(run.id, thread_id=thread))
    assert (done.status, done.usage.total_tokens) == ("completed", seen.usage.total_tokens)  # type: ignore[union-attr]
    assert world.all(lambda beta: beta.threads.runs.list(thread)) == [done]
    assert world.do(lambda beta: beta.threads.runs.update(run.id, thread_id=thread, metadata={})).metadata == {}
    steps = world.all(lambda beta: beta.threads.runs.steps.list(run.id, thread_id=thread, order="asc", limit=1))
    assert [type(step) for step in steps] == [v1.RunStep, v1.RunStep]
    assert [type(call) for call in steps[0].step_details.tool_calls] == [v1.RetrievalToolCall]
    assert (
        world.do(lambda beta: beta.threads.runs.steps.retrieve(steps[1].id, thread_id=thread, run_id=run.id))
        == (steps[1])
    )
    [answer] = [each for each in world.all(lambda beta: beta.threads.messages.list(thread)) if each.run_id == run.id]
    assert [(each.file_id, each.quote) for each in answer.citations] == [(file_id, "Whales sing.")]
    world.server.runs.hold(times=1)
    held = world.do(lambda beta: beta.threads.runs.create(thread, assistant_id=owner))
    assert world.do(lambda beta: beta.threads.runs.cancel(held.id, thread_id=thread)).status == "cancelling"
    assert world.newer.beta.threads.runs.poll(held.id, thread).status == "cancelled"
    assert world.asked() == COVERED["runs"] | {"createAssistant", "listMessages"}


@pytest.mark.parametrize("streamed", [False, True])
def test_tool_outputs(world: World, streamed: bool) -> None:
    owner = world.newer.beta.assistants.create(model="gpt-4o", tools=[LOOK_UP]).id
    world.server.scripts.add([Turn(calls=[Call("look_up", id="call_1")]), Turn("Found it.")])
    thread: Any = {"messages": [{"role": "user", "content": "Look it up"}]}
    outputs: Any = [{"tool_call_id": "call_1", "output": "It."}]
    if streamed:
        events = world.all(lambda beta: beta.threads.create_and_run(assistant_id=owner, thread=thread, stream=True))
        run = events[-1].data
    else:
        run = world.do(lambda beta: beta.threads.create_and_run_poll(assistant_id=owner, thread=thread))
    assert (type(run), run.status) == (v1.Run, "requires_action")
    assert run.required_action.submit_tool_outputs.tool_calls[0].function.name == "look_up"
    path = {"thread_id": run.thread_id, "tool_outputs": outputs}
    if streamed:
        events = world.all(lambda beta: beta.threads.runs.submit_tool_outputs(run.id, **path, stream=True))
        assert all(type(event).__module__ == v1.ThreadCreated.__module__ for event in events)
        assert events[-1].data == world.do(lambda beta: beta.threads.runs.retrieve(run.id, thread_id=run.thread_id))
        assert events[-1].event == "thread.run.completed"
    else:
        assert world.do(lambda beta: beta.threads.runs.submit_tool_outputs(run.id, **path)).status == "queued"
    assert world.newer.beta.threads.runs.poll(run.id, run.thread_id).status == "completed"
    assert [each.text for each in world.newer.beta.threads.messages.list(run.thread_id)] == ["Found it.", "Look it up"]
    assert world.asked() >= COVERED["tool_outputs"]
