"""The chat model against a chat-completions server on a loopback port: requests, streams, calls, failures."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest

from openai_assistants import AsyncOpenAI, OpenAI
from openai_assistants.server import Gate, LocalServer
from openai_assistants.server.models.chat import ChatModel

from .support import LOOKUP, Api, api_of, text_of, wait_for
from .upstream import DONE, USAGE, CutOff, Reply, Upstream, call, calls, chunk, text, upstream_server

WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with upstream_server() as running:
        yield running


@pytest.fixture
def chat(upstream: Upstream) -> Iterator[Callable[..., Api]]:
    """Makes a server whose runs the upstream answers; arguments are those of `ChatModel`."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def make(settings: dict[str, Any] | None = None, **options: Any) -> Api:
            model = ChatModel(upstream.url, **{"api_key": "", **options})
            server = LocalServer(in_process=True, drain_seconds=0.0, models={"*": model}, **(settings or {}))
            return stack.enter_context(api_of(stack.enter_context(server)))

        yield make


def ask(api: Api, *, run: dict[str, Any] | None = None, **assistant: Any) -> Any:
    """A run that has ended, or waits for outputs."""
    begun = api.run(api.thread("How are you?"), api.assistant(**assistant), **(run or {}))
    return api.run_in(begun, "completed", "failed", "incomplete", "requires_action")


def answer(api: Api, run: Any) -> str:
    return text_of(api.messages(run["thread_id"])[-1])


def submit(api: Api, run: Any, *outputs: str) -> Any:
    """Give the outputs of the open calls, in their order; the run once it has ended."""
    open_calls = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    given = [
        {"tool_call_id": each["id"], "output": output} for each, output in zip(open_calls, outputs, strict=True)
    ]
    api.post(f"/threads/{run['thread_id']}/runs/{run['id']}/submit_tool_outputs", {"tool_outputs": given})
    return api.run_in(run, "completed", "failed", "incomplete", "requires_action")


def called(run: Any) -> list[tuple[str, Any]]:
    """Name and arguments of the calls that a run waits for."""
    assert run["status"] == "requires_action", run["last_error"]
    open_calls = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    return [(each["function"]["name"], each["function"]["arguments"]) for each in open_calls]


# A whole program, through the clients of this package


PARALLEL = [
    chunk({"role": "assistant", "content": None}),
    chunk({"content": "Let me see."}),
    chunk({"tool_calls": [call(0, "get_weather", "", "call_a")]}),
    chunk({"tool_calls": [call(0, arguments='{"city":')]}),
    chunk({"tool_calls": [call(1, "get_weather", "", "call_b")]}),
    chunk({"tool_calls": [call(1, arguments='{"city": "Oslo"}')]}),
    chunk({"tool_calls": [call(0, arguments=' "Lisbon"}')]}),
    chunk(finish="tool_calls"),
    {**chunk(), "choices": [], "usage": USAGE},
    DONE,
]


def test_two_parallel_tool_calls_streamed(upstream: Upstream) -> None:
    upstream.play(PARALLEL, text("Warm ", "there, cold here."))
    with LocalServer(models={"gpt-*": f"chat:{upstream.url}#llama"}) as server, server.client() as client:
        seen = program(client)
    check_program(seen, upstream)


def test_two_parallel_tool_calls_streamed_async(upstream: Upstream) -> None:
    upstream.play(PARALLEL, text("Warm ", "there, cold here."))

    async def main() -> list[Any]:
        async with (
            LocalServer(models={"gpt-*": f"chat:{upstream.url}#llama"}) as server,
            server.async_client() as client,
        ):
            return await program_async(client)

    check_program(anyio.run(main), upstream)


def program(client: OpenAI) -> list[Any]:
    assistant = client.beta.assistants.create(model="gpt-4o", instructions="Be kind.", tools=[WEATHER])  # type: ignore[list-item]
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "Weather in Lisbon and Oslo?"}])
    seen: list[Any] = []
    with client.beta.threads.runs.stream(thread_id=thread.id, assistant_id=assistant.id) as stream:
        seen.append(list(stream))
        run = stream.get_final_run()
    outputs = outputs_for(run)
    with client.beta.threads.runs.submit_tool_outputs_stream(
        run.id, thread_id=thread.id, tool_outputs=outputs
    ) as stream:
        seen.append(list(stream.text_deltas))
        seen.append(stream.get_final_run())
    return seen


async def program_async(client: AsyncOpenAI) -> list[Any]:
    assistant = await client.beta.assistants.create(model="gpt-4o", instructions="Be kind.", tools=[WEATHER])  # type: ignore[list-item]
    thread = await client.beta.threads.create(messages=[{"role": "user", "content": "Weather in Lisbon and Oslo?"}])
    seen: list[Any] = []
    async with client.beta.threads.runs.stream(thread_id=thread.id, assistant_id=assistant.id) as stream:
        seen.append([event async for event in stream])
        run = await stream.get_final_run()
    outputs = outputs_for(run)
    async with client.beta.threads.runs.submit_tool_outputs_stream(
        run.id, thread_id=thread.id, tool_outputs=outputs
    ) as stream:
        seen.append([delta async for delta in stream.text_deltas])
        seen.append(await stream.get_final_run())
    return seen


def outputs_for(run: Any) -> Any:
    weather = {"Lisbon": "21", "Oslo": "9"}
    open_calls = run.required_action.submit_tool_outputs.tool_calls
    return [
        {"tool_call_id": each.id, "output": weather[json.loads(each.function.arguments)["city"]]} for each in open_calls
    ]


def check_program(seen: list[Any], upstream: Upstream) -> None:
    events, deltas, run = seen
    argument_deltas: dict[int, str] = {}
    for event in events:
        if event.event == "thread.run.step.delta":
            for piece in event.data.delta.step_details.tool_calls:
                argument_deltas[piece.index] = argument_deltas.get(piece.index, "") + piece.function.arguments
    assert argument_deltas == {0: '{"city": "Lisbon"}', 1: '{"city": "Oslo"}'}
    assert events[-1].event == "thread.run.requires_action"
    assert deltas == ["Warm ", "there, cold here."]
    assert run.status == "completed"
    assert (run.usage.prompt_tokens, run.usage.completion_tokens, run.usage.total_tokens) == (22, 14, 36)
    first, second = upstream.bodies
    conversation = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Weather in Lisbon and Oslo?"},
    ]
    assert first == {
        "model": "llama", "messages": conversation, "stream": True, "stream_options": {"include_usage": True},
        "tools": [WEATHER],
    }  # fmt: skip
    assert second == {
        **first,
        "messages": [
            *conversation,
            {
                "role": "assistant",
                "content": "Let me see.",
                "tool_calls": [
                    {"id": id, "type": "function", "function": {"name": "get_weather", "arguments": arguments}}
                    for id, arguments in (("call_a", '{"city": "Lisbon"}'), ("call_b", '{"city": "Oslo"}'))
                ],
            },
            {"role": "tool", "tool_call_id": "call_a", "content": "21"},
            {"role": "tool", "tool_call_id": "call_b", "content": "9"},
        ],
    }
