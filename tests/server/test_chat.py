"""The chat model: whole programs over it, and what it asks a chat-completions server."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from openai_assistants import AsyncOpenAI, OpenAI
from openai_assistants.server import LocalServer
from openai_assistants.server.models import (
    CodeCall,
    FileSearchCall,
    FoundPassage,
    FunctionCall,
    Round,
    ThreadMessage,
    chat_protocol,
)
from openai_assistants.server.models.chat_protocol import OfferedTools, body_of

from .support import Api
from .test_models import tool, turn
from .upstream import DONE, USAGE, WEATHER, Upstream, answer, ask, call, called, calls, chunk, submit, text

pytestmark = pytest.mark.once

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


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


# What is asked


def body(*texts: str, **changes: Any) -> Any:
    asked = turn(*texts, **changes)
    return body_of(asked, "m", OfferedTools(asked), {})


def test_a_plain_question_says_nothing_that_a_server_may_not_know() -> None:
    assert body("a", "b", "c") == {
        "model": "m",
        "messages": [
            {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
    }  # fmt: skip


def test_options_of_the_run_are_passed_on() -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}, "strict": True}}
    asked = body(
        "q", response_format=schema, temperature=0.2, top_p=0.5, reasoning_effort="low", max_completion_tokens=7,
    )  # fmt: skip
    assert {name: asked[name] for name in asked if name not in ("model", "messages", "stream", "stream_options")} == {
        "response_format": schema, "temperature": 0.2, "top_p": 0.5, "reasoning_effort": "low",
        "max_completion_tokens": 7,
    }  # fmt: skip
    assert body("q", response_format={"type": "json_object"})["response_format"] == {"type": "json_object"}
    assert "response_format" not in body("q", response_format={"type": "text"})
    assert body("q", temperature=0)["temperature"] == 0


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        ("auto", None),
        ("required", "required"),
        ({"type": "function", "function": {"name": "f"}}, {"type": "function", "function": {"name": "f"}}),
        ({"type": "file_search"}, {"type": "function", "function": {"name": "file_search"}}),
        ({"type": "code_interpreter"}, {"type": "function", "function": {"name": "code_interpreter"}}),
    ],
)
def test_choices_of_tools(choice: Any, sent: Any) -> None:
    tools = (tool("f"), {"type": "file_search"}, {"type": "code_interpreter"})
    asked = body("q", tools=tools, tool_choice=choice)
    assert asked.get("tool_choice") == sent
    assert [each["function"]["name"] for each in asked["tools"]] == ["f", "file_search", "code_interpreter"]


def test_tools_that_may_not_be_called_are_not_offered() -> None:
    asked = body("q", tools=(tool("f"), {"type": "file_search"}), tool_choice="none", parallel_tool_calls=False)
    assert not asked.keys() & {"tools", "tool_choice", "parallel_tool_calls"}


def test_tools_that_were_called_before_stay_known() -> None:
    """When a run has called often enough, the model has to answer; servers want to know the tools of its calls."""
    rounds = (Round("", (FileSearchCall("1", "x", ()),)),)
    asked = body("q", tools=({"type": "file_search"},), tool_choice="none", rounds=rounds)
    assert asked["tool_choice"] == "none"
    assert [each["function"]["name"] for each in asked["tools"]] == ["file_search"]


def test_single_calls_are_asked_for() -> None:
    assert body("q", tools=(tool("f"),), parallel_tool_calls=False)["parallel_tool_calls"] is False
    assert "parallel_tool_calls" not in body("q", parallel_tool_calls=False)


def test_the_name_of_a_tool_may_be_taken() -> None:
    tools = (tool("file_search"), tool("file_search_2"), {"type": "file_search"}, {"type": "code_interpreter"})
    search = FileSearchCall("1", "whales", ())
    asked = body("q", tools=tools, tool_choice={"type": "file_search"}, rounds=(Round("", (search,)),))
    names = [each["function"]["name"] for each in asked["tools"]]
    assert names == ["file_search", "file_search_2", "file_search_3", "code_interpreter"]
    assert asked["tool_choice"]["function"]["name"] == "file_search_3"
    assert asked["messages"][-2]["tool_calls"][0]["function"]["name"] == "file_search_3"


def test_earlier_turns_of_the_run() -> None:
    passages = (FoundPassage("file-1", "whales.txt", 0.9, "Whales sing.", "【0:0†whales.txt】"),)
    rounds = (
        Round("Let me see.", (FunctionCall("1", "now", "", "noon"), FileSearchCall("2", "sing ü", passages))),
        Round("", (CodeCall("3", "print(1)", "1\n", ("file-2",), ("/mnt/data/a.csv",)), CodeCall("4", "pass", ""))),
        Round("", (FileSearchCall("5", "sharks", ()),)),
    )
    _, first, now, found, second, printed, silent, _, nothing = body("q", rounds=rounds)["messages"]
    assert first == {
        "role": "assistant",
        "content": "Let me see.",
        "tool_calls": [
            {"id": "1", "type": "function", "function": {"name": "now", "arguments": "{}"}},
            {"id": "2", "type": "function", "function": {"name": "file_search", "arguments": '{"query": "sing ü"}'}},
        ],
    }
    assert now == {"role": "tool", "tool_call_id": "1", "content": "noon"}
    assert found["content"] == "【0:0†whales.txt】 from whales.txt:\nWhales sing."
    assert second["content"] == ""
    assert [json.loads(each["function"]["arguments"]) for each in second["tool_calls"]] == [
        {"code": "print(1)"}, {"code": "pass"},
    ]  # fmt: skip
    assert printed["content"] == "1\nFiles made: sandbox:/mnt/data/a.csv"
    assert silent["content"] == "The program printed nothing."
    assert nothing["content"] == "Nothing was found."


def test_images(api: Api, chat: Callable[..., Api], upstream: Upstream) -> None:
    api = chat()
    image, gone = (api.file(PNG, f"{name}.png", purpose="vision") for name in ("a", "b"))
    blocks = [
        {"type": "text", "text": "Which?"},
        {"type": "image_file", "image_file": {"file_id": image, "detail": "low"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/c.png"}},
        {"type": "image_file", "image_file": {"file_id": gone}},
    ]
    thread = api.post("/threads", {"messages": [{"role": "user", "content": blocks}]})["id"]
    api.post(f"/threads/{thread}/messages", {"role": "assistant", "content": blocks[1:2]})
    api.delete(f"/files/{gone}")
    assert api.run_in(api.run(thread, api.assistant()), "completed", "failed")["status"] == "completed"
    data = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert upstream.bodies[0]["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Which?"},
                {"type": "image_url", "image_url": {"url": data, "detail": "low"}},
                {"type": "image_url", "image_url": {"url": "https://example.com/c.png"}},
                {"type": "text", "text": f"[image_file: {gone}]"},
            ],
        },
        {"role": "assistant", "content": f"[image_file: {image}]"},
    ]


def test_empty_messages_are_left_out() -> None:
    """One can come of a run that ended before it had said anything; not every server takes them."""
    sent = body("Hello", "", "Hello?")["messages"]
    assert [each["content"] for each in sent] == ["Hello", "Hello?"]


def test_images_of_a_turn_that_was_made_by_hand() -> None:
    """It has no files unless it is given some."""
    blocks = [{"type": "image_file", "image_file": {"file_id": "file-1"}}]
    asked = turn(messages=(ThreadMessage("user", blocks, []),))
    assert asyncio.run(chat_protocol.load_images(asked)) == {}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"something", "application/octet-stream"),
    ],
)
def test_media_types_of_images(chat: Callable[..., Api], upstream: Upstream, content: bytes, kind: str) -> None:
    api = chat()
    blocks = [{"type": "image_file", "image_file": {"file_id": api.file(content, "a", purpose="vision")}}]
    thread = api.post("/threads", {"messages": [{"role": "user", "content": blocks}]})["id"]
    api.run_in(api.run(thread, api.assistant()), "completed")
    (part,) = upstream.bodies[0]["messages"][0]["content"]
    assert part["image_url"]["url"].startswith(f"data:{kind};base64,")


def test_too_many_bytes_of_images(
    chat: Callable[..., Api], upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = chat()
    monkeypatch.setattr(chat_protocol, "MAX_IMAGE_BYTES", 1 << 20)
    large = PNG + bytes(1 << 19)
    ids = [api.file(large, f"{name}.png", purpose="vision") for name in "ab"]
    blocks = [{"type": "image_file", "image_file": {"file_id": each}} for each in ids]
    thread = api.post("/threads", {"messages": [{"role": "user", "content": blocks}]})["id"]
    error = api.run_in(api.run(thread, api.assistant()), "failed", "completed")["last_error"]
    assert (error["code"], "more than 1 MiB" in error["message"]) == ("invalid_prompt", True)
    assert upstream.requests == []


def test_tool_outputs_and_the_thread_go_on(chat: Callable[..., Api], upstream: Upstream) -> None:
    """The next run of a thread sees the answer, and nothing of the calls that led to it."""
    api = chat()
    upstream.play(calls(call(0, "get_weather", '{"city": "Oslo"}', "call_1")), text("Cold."), text("As I said."))
    run = ask(api, tools=[WEATHER])
    assert called(run) == [("get_weather", '{"city": "Oslo"}')]
    run = submit(api, run, "9")
    assert answer(api, run) == "Cold."
    again = api.run_in(api.run(run["thread_id"], run["assistant_id"]), "completed")
    assert answer(api, again) == "As I said."
    assert upstream.bodies[-1]["messages"] == [
        {"role": "user", "content": "How are you?"}, {"role": "assistant", "content": "Cold."},
    ]  # fmt: skip


def test_what_was_demanded_counts_for_the_first_turn(chat: Callable[..., Api], upstream: Upstream) -> None:
    api = chat()
    upstream.play(calls(call(0, "get_weather", "{}", "call_1")), text("Cold."))
    submit(api, ask(api, tools=[WEATHER], run={"tool_choice": "required"}), "9")
    assert [each.get("tool_choice") for each in upstream.bodies] == ["required", None]
