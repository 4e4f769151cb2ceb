"""The chat model with the tools that this server carries out: it calls them, reads what came of it, cites and links."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from openai_assistants.server import LocalServer
from openai_assistants.server.code import CodeResult
from openai_assistants.server.models.chat import ChatModel

from .support import Api, api_of, wait_for
from .test_code_interpreter import FakeSandbox, made
from .upstream import DONE, WEATHER, Reply, Upstream, answer, ask, call, called, calls, chunk, submit, text

SEARCH: dict[str, Any] = {"type": "file_search"}
INTERPRETER: dict[str, Any] = {"type": "code_interpreter"}


def store(api: Api, **files: str) -> str:
    """A vector store with texts, ready to be searched."""
    ids = [api.file(content.encode(), f"{name}.txt") for name, content in files.items()]
    made_store = api.post("/vector_stores", {"file_ids": ids})
    path = f"/vector_stores/{made_store['id']}"
    wait_for(lambda: api.get(path), lambda now: now["file_counts"]["completed"] == len(files))
    return str(made_store["id"])


def test_a_file_search_with_citations(chat: Callable[..., Api], upstream: Upstream) -> None:
    api = chat()
    resources = {"file_search": {"vector_store_ids": [store(api, whales="Whales sing.", ships="Ships sail.")]}}

    def reply(body: dict[str, Any]) -> Reply:
        found = [message["content"] for message in body["messages"] if message["role"] == "tool"]
        if not found:
            return Reply(calls(call(0, "file_search", '{"query": "Do whales sing?"}', "call_s")))
        marker, _, source = found[0].partition("\n")[0].partition(" from ")
        assert source == "whales.txt:"
        return Reply([chunk({"content": each}) for each in ("They do", marker[:4], marker[4:], ".")] + [DONE])

    upstream.answer = reply
    run = ask(api, tools=[SEARCH], tool_resources=resources)
    assert run["status"] == "completed", run["last_error"]
    (block,) = api.messages(run["thread_id"])[-1]["content"]
    (citation,) = block["text"]["annotations"]
    assert citation["type"] == "file_citation"
    assert block["text"]["value"] == f"They do{citation['text']}."
    assert api.get(f"/files/{citation['file_citation']['file_id']}")["filename"] == "whales.txt"
    first, second = upstream.bodies
    assert [each["function"]["name"] for each in first["tools"]] == ["file_search"]
    assert second["messages"][-2]["tool_calls"] == [
        {
            "id": "call_s",
            "type": "function",
            "function": {"name": "file_search", "arguments": '{"query": "Do whales sing?"}'},
        }
    ]
    assert "Whales sing." in second["messages"][-1]["content"]


def test_a_program_with_a_file(upstream: Upstream) -> None:
    upstream.play(
        calls(call(0, "code_interpreter", '{"code":', "c"), call(0, None, ' "print(2)"}')),
        text("Here: [a](sandbox:/mnt/data/a.csv)"),
    )
    sandbox = FakeSandbox(CodeResult("2\n", (made("/mnt/data/a.csv", b"1,2"),)))
    model = ChatModel(upstream.url, api_key="")
    with LocalServer(in_process=True, models={"*": model}, code=sandbox) as server, api_of(server) as api:
        run = ask(api, tools=[INTERPRETER])
        assert run["status"] == "completed", run["last_error"]
        (block,) = api.messages(run["thread_id"])[-1]["content"]
    assert sandbox.codes[0] == "print(2)"
    assert [each["text"] for each in block["text"]["annotations"]] == ["sandbox:/mnt/data/a.csv"]
    assert upstream.bodies[1]["messages"][-1] == {
        "role": "tool", "tool_call_id": "c", "content": "2\nFiles made: sandbox:/mnt/data/a.csv",
    }  # fmt: skip


def test_functions_and_searches_of_one_turn(chat: Callable[..., Api], upstream: Upstream) -> None:
    api = chat()
    resources = {"file_search": {"vector_store_ids": [store(api, whales="Whales sing.")]}}
    upstream.play(
        calls([call(0, "file_search", '{"query": "sing"}', "a"), call(1, "get_weather", "{}", "b")]), text("Both.")
    )
    run = ask(api, tools=[SEARCH, WEATHER], tool_resources=resources)
    assert called(run) == [("get_weather", "{}")]
    assert answer(api, submit(api, run, "9")) == "Both."
    said, found, warm = upstream.bodies[1]["messages"][-3:]
    assert [each["id"] for each in said["tool_calls"]] == ["a", "b"]
    assert (found["tool_call_id"], "Whales sing." in found["content"]) == ("a", True)
    assert (warm["tool_call_id"], warm["content"]) == ("b", "9")


def test_a_model_that_never_stops_searching_has_to_answer(chat: Callable[..., Api], upstream: Upstream) -> None:
    """Even if its server does not heed that."""
    api = chat()
    resources = {"file_search": {"vector_store_ids": [store(api, whales="Whales sing.")]}}
    query = json.dumps({"query": "sing"})
    upstream.play([chunk({"content": "Hm. "}), *calls(call(0, "file_search", query, "again"))])
    run = ask(api, tools=[SEARCH], tool_resources=resources)
    assert run["status"] == "completed", run["last_error"]
    assert [each.get("tool_choice") for each in upstream.bodies] == [*[None] * 16, "none"]
    assert (
        len({each["id"] for message in upstream.bodies[-1]["messages"] for each in message.get("tool_calls", ())}) == 16
    )
