"""Raw access as type checkers see it: the keywords of each method stay, its result is inside the response."""

from __future__ import annotations

from typing import assert_type

import httpx
from typing_extensions import TypedDict

from openai_assistants import (
    APIResponse,
    AsyncAPIResponse,
    AsyncCursorPage,
    AsyncOpenAI,
    AsyncPage,
    AsyncStream,
    HttpxBinaryResponseContent,
    OpenAI,
    ServerSentEvent,
    Stream,
    StreamedAPIResponse,
    SyncCursorPage,
    SyncPage,
    raw,
    streaming,
)
from openai_assistants.types import FileObject, Model
from openai_assistants.types.beta import Assistant, AssistantStreamEvent
from openai_assistants.types.beta.threads import Message, Run
from openai_assistants.types.beta.threads.runs import RunStep


class Health(TypedDict):
    """Something that the SDK does not know."""

    status: str


def raw_responses(client: OpenAI) -> None:
    """`with_raw_response` and `raw` on methods that give objects, pages, files and streams."""
    assistants, runs = client.beta.assistants, client.beta.threads.runs
    response = assistants.with_raw_response.retrieve("a", timeout=5)
    assert_type(response, APIResponse[Assistant])
    assert_type(response.parse(), Assistant)
    assert_type(response.parse(to=Run), Run)
    assert_type(response.parse(to=dict[str, int]), dict[str, int])
    assert_type(response.headers, httpx.Headers)
    assert_type(response.text, str)
    assert_type(response.request_id, str | None)
    assert_type(assistants.with_raw_response.create(model="m", tools=[{"type": "code_interpreter"}]).parse(), Assistant)
    assert_type(assistants.with_raw_response.list(limit=1).parse(), SyncCursorPage[Assistant])
    assert_type(client.models.with_raw_response.list().parse(), SyncPage[Model])
    assert_type(client.files.with_raw_response.content("f").parse(), HttpxBinaryResponseContent)
    assert_type(client.files.with_raw_response.retrieve_content("f").parse(), str)
    assert_type(
        client.with_raw_response.beta.threads.runs.steps.retrieve("s", run_id="r", thread_id="t").parse(), RunStep
    )

    assert_type(runs.with_raw_response.create("t", assistant_id="a").parse(), Run)
    assert_type(runs.with_raw_response.create("t", assistant_id="a", stream=False).parse(), Run)
    assert_type(runs.with_raw_response.create("t", assistant_id="a", stream=True).parse(), Stream[AssistantStreamEvent])
    either: bool = bool(client.max_retries)
    assert_type(
        runs.with_raw_response.create("t", assistant_id="a", stream=either).parse(), Run | Stream[AssistantStreamEvent]
    )
    assert_type(client.beta.threads.with_raw_response.create_and_run(assistant_id="a").parse(), Run)

    assert_type(raw(assistants.retrieve)("a"), APIResponse[Assistant])
    assert_type(raw(assistants.list)(order="asc").parse(), SyncCursorPage[Assistant])
    assert_type(raw(runs.create)("t", assistant_id="a").parse(), Run)
    assert_type(raw(runs.create)("t", assistant_id="a", stream=True).parse(), Stream[AssistantStreamEvent])


def streamed_responses(client: OpenAI) -> None:
    """`with_streaming_response` and `streaming`."""
    with client.files.with_streaming_response.content("f") as response:
        assert_type(response, StreamedAPIResponse[HttpxBinaryResponseContent])
        assert_type([piece for piece in response.iter_bytes(1024)], list[bytes])  # noqa: C416
        assert_type([line for line in response.iter_lines()], list[str])  # noqa: C416
        assert_type(response.text(), str)
        assert_type(response.parse(to=bytes), bytes)
    with client.with_streaming_response.beta.assistants.list(limit=1) as listed:
        assert_type(listed.parse(), SyncCursorPage[Assistant])
    with client.beta.threads.runs.with_streaming_response.create("t", assistant_id="a", stream=True) as events:
        assert_type(events.parse(), Stream[AssistantStreamEvent])
    with streaming(client.files.retrieve)("f") as retrieved:
        assert_type(retrieved.parse(), FileObject)


async def async_raw_responses(client: AsyncOpenAI) -> None:
    """The same, awaited; nothing of an `APIResponse` is."""
    assistants, runs = client.beta.assistants, client.beta.threads.runs
    response = await assistants.with_raw_response.retrieve("a")
    assert_type(response, APIResponse[Assistant])
    assert_type(response.parse(), Assistant)
    page = (await client.beta.threads.messages.with_raw_response.list("t", limit=2)).parse()
    assert_type(page, AsyncCursorPage[Message])
    assert_type((await client.models.with_raw_response.list()).parse(), AsyncPage[Model])
    assert_type((await client.with_raw_response.beta.assistants.retrieve("a")).parse(), Assistant)
    assert_type((await runs.with_raw_response.create("t", assistant_id="a")).parse(), Run)
    streamed = await runs.with_raw_response.create("t", assistant_id="a", stream=True)
    assert_type(streamed.parse(), AsyncStream[AssistantStreamEvent])
    assert_type((await raw(assistants.retrieve)("a")).parse(), Assistant)
    assert_type((await raw(assistants.list)(limit=5)).parse(), AsyncCursorPage[Assistant])
    assert_type(await raw(runs.create)("t", assistant_id="a"), APIResponse[Run])
    assert_type(
        await raw(runs.create)("t", assistant_id="a", stream=True), APIResponse[AsyncStream[AssistantStreamEvent]]
    )


async def async_streamed_responses(client: AsyncOpenAI) -> None:
    """The same with `async with`."""
    async with client.files.with_streaming_response.content("f") as response:
        assert_type(response, AsyncAPIResponse[HttpxBinaryResponseContent])
        assert_type([piece async for piece in response.iter_bytes()], list[bytes])
        assert_type(await response.read(), bytes)
        assert_type(await response.parse(), HttpxBinaryResponseContent)
        assert_type(await response.parse(to=str), str)
        await response.stream_to_file("f.bin")
    async with streaming(client.beta.assistants.list)() as listed:
        assert_type(await listed.parse(), AsyncCursorPage[Assistant])


def low_level(client: OpenAI) -> None:
    """Paths that the SDK does not know."""
    assert_type(client.get("/assistants/a", into=Assistant), Assistant)
    assert_type(client.post("/assistants", cast_to=Assistant, body={"model": "m"}), Assistant)
    assert_type(client.get("/health", into=Health), Health)
    assert_type(client.get("/health", into=dict[str, str], timeout=5, max_retries=0), dict[str, str])
    assert_type(client.put("/x", into=httpx.Response, content=b"x"), httpx.Response)
    assert_type(client.patch("/x", into=str, body=[1]), str)
    assert_type(client.delete("/x", into=bytes), bytes)
    assert_type(client.post("/x", into=FileObject, files={"file": b"x"}, body={"purpose": "vision"}), FileObject)
    assert_type(client.post("/runs", into=Run, stream=True), Stream[Run])
    assert_type(client.post("/chat", into=ServerSentEvent, stream=True), Stream[ServerSentEvent])


async def async_low_level(client: AsyncOpenAI) -> None:
    """The same, awaited."""
    assert_type(await client.get("/assistants/a", into=Assistant), Assistant)
    assert_type(await client.post("/assistants", cast_to=httpx.Response, body={}), httpx.Response)
    assert_type(await client.post("/runs", into=Run, stream=True), AsyncStream[Run])


def wrong(client: OpenAI) -> None:
    """What must be flagged. Both checkers report an ignore comment that has nothing to ignore."""
    client.beta.assistants.with_raw_response.retrieve()  # type: ignore[call-arg]
    client.beta.assistants.with_raw_response.create(model="m", modle="m")  # type: ignore[call-arg]
    client.beta.threads.runs.with_raw_response.create("t", assistant_id=1)  # type: ignore[call-overload]
    client.beta.threads.runs.with_raw_response.create_and_poll("t", assistant_id="a")  # type: ignore[attr-defined]
    client.files.with_streaming_response.content("f").read()  # type: ignore[attr-defined]
    _ = client.files.with_raw_response.retrieve("f").filename  # type: ignore[attr-defined]
    _ = client.files.with_raw_response.retrieve("f").text()  # type: ignore[operator]
    raw(client.files.retrieve)("f", purpose="vision")  # type: ignore[call-arg]
    raw("files.retrieve")  # type: ignore[call-overload]
    client.get("/x", boddy={})  # type: ignore[call-overload]
    _ = client.get("/x", into=Run).filename  # type: ignore[attr-defined]
    client.get(into=Run)  # type: ignore[call-overload]


async def wrong_awaiting(client: AsyncOpenAI) -> None:
    """Forgotten and superfluous `await`."""
    client.files.with_raw_response.retrieve("f").parse()  # type: ignore[attr-defined]
    await (await client.files.with_raw_response.retrieve("f")).parse()  # type: ignore[misc]
    with client.files.with_streaming_response.content("f"):  # type: ignore[attr-defined]
        pass
    async with client.files.with_streaming_response.content("f") as response:
        response.text().upper()  # type: ignore[attr-defined]
