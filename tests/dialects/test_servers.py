"""What goes over the wire, server by server: each fact about a server that is imitated, seen by a plain HTTP client."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from openai_assistants.server import Call, CountingIds, Fail, LocalServer, Script, Search, Turn
from openai_assistants.server.dialects import ALIASES, NAMED, NAMES, Dialect, Events, named
from tests.server.support import BETA, NOW, at_each

from .program import LOOKUP, TWO_CALLS

OBJECT_ID = re.compile(r"[0-9a-f]{24}")
USER: dict[str, Any] = {"role": "user", "content": "Hi"}


class Wire:
    """A server and a plain HTTP client for it."""

    def __init__(self, server: LocalServer, http: httpx.Client) -> None:
        self.server = server
        self.http = http

    def send(self, method: str, path: str, **options: Any) -> Any:
        """The JSON of a good answer."""
        response = self.http.request(method, path, **options)
        assert response.is_success, response.text
        return response.json() if response.content else None

    def get(self, path: str, **query: Any) -> Any:
        return self.send("GET", path, params=query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.send("POST", path, json=body or {})

    def file(self, content: bytes = b"The sun is a star.") -> Any:
        return self.send("POST", "/files", files={"file": ("a.txt", content)}, data={"purpose": "assistants"})

    def begun(self, **fields: Any) -> tuple[Any, Any]:
        """An assistant and a thread with a message."""
        assistant = self.post("/assistants", {"model": "gpt-test", **fields})
        thread = self.post("/threads")
        self.post(f"/threads/{quote(thread['id'], safe='')}/messages", USER)
        return assistant, thread

    def stream(self, *turns: Turn, **fields: Any) -> bytes:
        """The body of a streamed run."""
        self.server.scripts.add(Script(turns))
        assistant, thread = self.begun(**fields)
        body = {"assistant_id": assistant["id"], "stream": True}
        return self.http.post(f"/threads/{quote(thread['id'], safe='')}/runs", json=body).content

    def ended(self, *turns: Turn, **fields: Any) -> Any:
        """A run when it has ended."""
        self.server.scripts.add(Script(turns))
        assistant, thread = self.begun()
        run = self.post(f"/threads/{thread['id']}/runs", {"assistant_id": assistant["id"], **fields})
        while run["status"] in ("queued", "in_progress"):
            run = self.get(f"/threads/{thread['id']}/runs/{run['id']}")
        return run


@contextmanager
def speaking(dialect: Dialect | str, **settings: Any) -> Iterator[Wire]:
    """A server that speaks a dialect; its clock stands still."""
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=dialect, **settings) as server:
        server.clock.freeze(NOW)
        with server.http_client(headers=BETA) as http:
            yield Wire(server, http)


def framed(body: bytes, end: bytes = b"\n") -> list[tuple[str, Any]]:
    """Events with names, comments left out."""
    events: list[tuple[str, Any]] = []
    for frame in body.split(end * 2):
        lines = [line for line in frame.split(end) if line and not line.startswith(b":")]
        if lines:
            name, data = lines
            assert name.startswith(b"event: ") and data.startswith(b"data: ")
            text = data[6:].decode()
            events.append((name[7:].decode(), text if text == "[DONE]" else json.loads(text)))
    return events


def frameless(body: bytes) -> list[tuple[str, Any]]:
    """Events whose names stand in the data, comments left out."""
    lines = [line for line in body.split(b"\n") if line and not line.startswith(b":")]
    assert all(line.startswith(b"data: ") for line in lines)
    documents = [json.loads(line[6:]) for line in lines if line != b"data: [DONE]"]
    return [(document["event"], document["data"]) for document in documents]


def test_open_assistant_api() -> None:
    with speaking("open-assistant-api") as wire:
        assistant, thread = wire.begun()
        assert OBJECT_ID.fullmatch(assistant["id"]) and OBJECT_ID.fullmatch(thread["id"])
        assert type(assistant["created_at"]) is float and assistant["created_at"] == NOW
        assert {"file_ids", "extra_body", "updated_at"} <= assistant.keys()
        assert {"type": "web_search"} in assistant["tools"]
        message = wire.get(f"/threads/{thread['id']}/messages")
        assert message["next_page"] is None
        assert not {"status", "completed_at"} & message["data"][0].keys()
        run = wire.ended(Turn("A long answer, much too long."), max_completion_tokens=256)
        assert run["model"] is run["instructions"] is run["usage"] is run["tool_choice"] is None
        assert "parallel_tool_calls" not in run
        step = wire.get(f"/threads/{run['thread_id']}/runs/{run['id']}/steps")["data"][0]
        assert not {"expired_at", "usage"} & step.keys() and "message_id" in step
        wire.file()
        listed = wire.get("/files")
        assert listed["object"] == "file" and "has_more" not in listed and "key" in listed["data"][0]
        missing = wire.http.get("/vector_stores")
        assert (missing.status_code, missing.json()["error"]["message"]) == (404, "Not Found")
        cut = wire.ended(Turn("x" * 5000), max_completion_tokens=256)
        assert cut["incomplete_details"] == "max_completion_tokens"


def test_streams_of_open_assistant_api() -> None:
    with speaking("open-assistant-api") as wire:
        body = wire.stream(*TWO_CALLS.turns, tools=[LOOKUP])
        assert b"\r\n: ping\r\n" in body and b"[DONE]" not in body
        events = framed(body, b"\r\n")
        assert [name for name, _ in events][-2:] == ["thread.run.requires_action", "thread.run.completed"]
        run = events[-1][1]
        assert run["status"] == "requires_action"
        assert {"type": "function", "function": {"name": "web_search"}} in run["tools"]
        assert type(run["created_at"]) is float
        events = framed(wire.stream(Turn("Hello.")), b"\r\n")
        smuggled = events[-2]
        assert smuggled[0] == "thread.message.in_progress"
        assert smuggled[1]["id"].startswith("chatcmpl-") and smuggled[1]["usage"]["total_tokens"] > 0
        assert (smuggled[1]["thread_id"], smuggled[1]["created_at"]) == ("", 0.0)
        with pytest.raises(httpx.RemoteProtocolError):
            wire.stream(Turn("Hello.", fail=Fail()))


def test_astra_assistants_api() -> None:
    with speaking("astra") as wire:
        assert wire.http.get("/threads").status_code == wire.http.get("/vector_stores").status_code == 500
        _, thread = wire.begun()
        assert thread["created_at"] == NOW * 1000
        listed = wire.get("/threads")
        assert (listed["object"], listed["first_id"], len(listed["data"])) == ("threads", "none", 1)
        assert wire.http.get("/threads", params={"after": thread["id"]}).status_code == 502
        for limit in ("0", "101", "x", "-1", "\u00b2", "9" * 5000):
            assert wire.http.get("/threads", params={"limit": limit}).status_code == 400
            assert wire.http.get("/assistants", params={"limit": limit}).status_code == 400
        stores = [wire.post("/vector_stores", {"name": name}) for name in "ab"]
        assert stores[0]["usage_bytes"] == -1
        again = wire.get("/vector_stores", after=stores[0]["id"])
        assert again["object"] == "vector_stores" and len(again["data"]) == 2
        array = {"role": "user", "content": [{"type": "text", "text": "Hi"}]}
        refused = wire.http.post(f"/threads/{thread['id']}/messages", json=array)
        assert (refused.status_code, refused.json()) == (422, {"detail": "Input should be a valid string"})
        assert wire.http.get("/threads/none").json() == {"detail": "No thread found with id 'none'."}
        assert wire.http.post("/assistants", json={}).json().keys() == {"message"}
        run = wire.ended(*TWO_CALLS.turns, tools=[LOOKUP])
        path = f"/threads/{run['thread_id']}/runs/{run['id']}"
        calls = run["required_action"]["submit_tool_outputs"]["tool_calls"]
        assert len(calls) == 2 and len({call["id"] for call in calls}) == 1
        assert wire.http.get(f"{path}/steps").json() == {"detail": "Not Found"}
        assert wire.http.post(path, json={}).json() == {"detail": "Method Not Allowed"}
        assert wire.http.post(f"{path}/cancel").status_code == 404
        outputs = [{"tool_call_id": call["id"], "output": call["function"]["arguments"]} for call in calls]
        assert wire.post(f"{path}/submit_tool_outputs", {"tool_outputs": outputs})["status"] == "queued"
        dropped = wire.post("/threads/runs", {"assistant_id": run["assistant_id"], "stream": True})
        assert dropped["object"] == "thread.run"


def test_streams_of_astra_assistants_api() -> None:
    with speaking("astra") as wire:
        body = wire.stream(*TWO_CALLS.turns, tools=[LOOKUP])
        assert b"event:" not in body and b"[DONE]" not in body
        events = frameless(body)
        assert events[0][0] == "thread.run.created" and events[-1][0] == "thread.run.step.delta"
        deltas = [
            data["delta"]["step_details"]["tool_calls"][0] for name, data in events if name.endswith("step.delta")
        ]
        assert len({delta["id"] for delta in deltas if "id" in delta}) == 1
        names = [name for name, _ in frameless(wire.stream(Turn("Hello.", fail=Fail())))]
        assert not {"thread.run.failed", "thread.message.completed"} & set(names)


def test_litellm() -> None:
    with speaking("litellm") as wire:
        assistant, thread = wire.begun()
        assert "name" not in assistant and None not in assistant.values()
        wire.server.scripts.add([Turn("Hello.")])
        run = wire.post(f"/threads/{thread['id']}/runs", {"assistant_id": assistant["id"]})
        assert run["status"] == "completed" and "required_action" not in run
        for method, path, status in (
            ("GET", f"/threads/{thread['id']}/runs/{run['id']}", 404),
            ("POST", f"/threads/{thread['id']}/runs/{run['id']}/cancel", 404),
            ("GET", f"/threads/{thread['id']}/runs/{run['id']}/steps", 404),
            ("POST", f"/threads/{thread['id']}/runs/{run['id']}/submit_tool_outputs", 404),
            ("POST", "/threads/runs", 404),
            ("DELETE", f"/threads/{thread['id']}", 405),
            ("GET", f"/assistants/{assistant['id']}", 405),
        ):
            assert wire.http.request(method, path).status_code == status
        body = wire.stream(Turn("Hello."))
        assert body.endswith(b"data: [DONE]\n\n") and b"event:" not in body and b": ping" in body
        events = frameless(body)
        assert events[-1][0] == "thread.run.completed" and None not in events[-1][1].values()
        failed = wire.stream(Turn("Hello.", fail=Fail("Too much.")))
        assert b"data: Too much.\n\n" in failed


def test_openopenai() -> None:
    with speaking("openopenai") as wire:
        _, thread = wire.begun()
        for _ in range(19):
            wire.post(f"/threads/{thread['id']}/messages", USER)
        first = wire.get(f"/threads/{thread['id']}/messages")
        assert (len(first["data"]), first["has_more"]) == (10, True)
        last = wire.get(f"/threads/{thread['id']}/messages", after=first["last_id"])
        assert (len(last["data"]), last["has_more"]) == (10, True)
        missing = wire.http.get("/threads/none")
        assert (missing.text, missing.headers["content-type"]) == (
            "No thread found with id 'none'.",
            "text/plain; charset=utf-8",
        )
        assert json.loads(wire.stream(Turn("Hello.")))["object"] == "thread.run"


def test_localai() -> None:
    with speaking("localai") as wire:
        assistant = wire.post("/assistants", {"model": "m"})
        assert assistant["created"] == NOW and "created_at" not in assistant
        assert [each["id"] for each in wire.get("/assistants")] == [assistant["id"]]
        assert wire.file()["created_at"] == "2023-11-14T22:13:20Z"
        assert set(wire.get("/files")) == {"object", "data"}
        assert isinstance(wire.http.post("/assistants", json={}).json()["error"], str)
        assert wire.http.post("/threads").text == "Cannot POST /v1/threads"


def test_ogx() -> None:
    with speaking("ogx") as wire:
        assert wire.get("/vector_stores")["first_id"] == ""
        store = wire.post("/vector_stores")
        assert store["name"] == ""
        file = wire.file()
        assert re.fullmatch("file-[0-9a-f]+", file["id"])
        body = {"file_id": file["id"], "attributes": {"year": 2024, "draft": True}}
        member = wire.post(f"/vector_stores/{store['id']}/files", body)
        assert type(member["attributes"]["year"]) is float and member["attributes"]["draft"] is True
        batch = wire.post(f"/vector_stores/{store['id']}/file_batches", {"file_ids": [file["id"]]})
        assert batch["id"].startswith("batch_") and batch["object"] == "vector_store.file_batch"
        while wire.get(f"/vector_stores/{store['id']}/files/{file['id']}")["status"] != "completed":
            pass
        found = wire.post(f"/vector_stores/{store['id']}/search", {"query": "sun"})
        assert found["data"][0]["content"][0].keys() >= {"embedding", "chunk_metadata"}
        refused = wire.http.post("/vector_stores", json={"name": 5})
        assert refused.status_code == 422 and refused.json()["detail"][0]["loc"] == ["body", "name"]


def test_foundry_classic() -> None:
    with speaking("foundry-classic") as wire:
        assistant, thread = wire.begun(tools=[{"type": "bing_grounding"}, LOOKUP])
        kinds = [tool["type"] for tool in assistant["tools"]]
        assert kinds[0] == "function" and kinds.count("bing_grounding") == 1
        assert {"azure_ai_search", "connected_agent", "openapi", "azure_function", "mcp"} <= set(kinds)
        assert [each["id"] for each in wire.get("/threads")["data"]] == [thread["id"]]
        assert wire.file()["status"] == "pending"


def test_openai_after_shutdown() -> None:
    with speaking("openai-after-shutdown") as wire:
        for method, path in (("POST", "/assistants"), ("GET", "/threads/thread_1/messages"), ("POST", "/threads/runs")):
            refused = wire.http.request(method, path)
            assert (refused.status_code, refused.json()["error"]["message"]) == (
                404,
                f"Invalid URL ({method} /v1{path})",
            )
        file = wire.file()
        assert wire.http.get(f"/files/{file['id']}/content").content == b"The sun is a star."
        assert wire.post("/vector_stores")["object"] == "vector_store"


@pytest.mark.parametrize("dialect", NAMES)
def test_no_server_knows_what_only_ours_does(dialect: str) -> None:
    """Idempotency keys, numbered events, hints how often to poll."""
    with speaking(dialect) as wire:
        profile = NAMED[dialect].profile
        path, body = ("/threads", {}) if profile.has("createThread") else ("/vector_stores", {})
        if not (profile.has("createThread") or profile.has("createVectorStore")):
            path, body = "/assistants", {"model": "m"}
        key = {"Idempotency-Key": "once", "Last-Event-ID": "x:1"}
        first, second = (wire.http.post(path, json=body, headers=key) for _ in range(2))
        assert first.json()["id"] != second.json()["id"]
        known = {"openai-assistants-idempotency", "idempotent-replayed", "openai-poll-after-ms"}
        assert not known & first.headers.keys() and not known & second.headers.keys()
        if profile.has("createRun"):
            assert b"id: run" not in wire.stream(Turn("Hello."))
        assert wire.http.get("http://localhost/health").json()["status"] == "ok"


def test_ids_of_another_form_are_the_same_every_time() -> None:
    made: list[list[str]] = []
    for _ in range(2):
        with speaking("open-assistant-api", ids=CountingIds()) as wire:
            made.append([wire.post("/threads")["id"] for _ in range(3)])
    assert made[0] == made[1] and len(set(made[0])) == 3


def test_a_run_that_is_deleted_while_it_is_waited_for() -> None:
    """The answer is the last that was seen of it."""
    with speaking(Dialect(waits_for_runs=True)) as wire, ThreadPoolExecutor() as pool:
        gate = wire.server.runs.hold()
        assistant, thread = wire.begun()
        asked = pool.submit(wire.post, f"/threads/{thread['id']}/runs", {"assistant_id": assistant["id"]})
        assert gate.reached.wait(10)
        assert wire.http.delete(f"/threads/{thread['id']}").status_code == 200
        run = asked.result(10)
        assert (run["object"], run["status"]) in [("thread.run", "queued"), ("thread.run", "in_progress")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_silent_stream_is_kept_open(line_end: Any) -> None:
    dialect = Dialect(events=Events(line_end=line_end, bom=True))
    with speaking(dialect, keep_alive_seconds=0.01) as wire:
        gate, body = wire.server.runs.hold(), b""
        assistant, thread = wire.begun()
        asked = {"assistant_id": assistant["id"], "stream": True}
        with wire.http.stream("POST", f"/threads/{thread['id']}/runs", json=asked) as response:
            for piece in response.iter_raw():
                body += piece
                if b": ping" in body:
                    gate.open()
        assert (line_end + ": ping" + line_end).encode() in body
        assert b"keep-alive" not in body
        assert body.count(b"\xef\xbb\xbf") == 1 and body.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("frames", ["events", "data"])
def test_a_fault_within_a_stream(frames: Any) -> None:
    async def broken(*_: Any) -> Any:
        raise RuntimeError("secret")

    with speaking(Dialect(events=Events(frames=frames))) as wire:
        wire.server.runs.hold()
        assistant, thread = wire.begun()
        asked, body = {"assistant_id": assistant["id"], "stream": True}, b""
        with wire.http.stream("POST", f"/threads/{thread['id']}/runs", json=asked) as response:
            for piece in response.iter_raw():
                if not body:
                    at_each(wire.server, "database", read=broken)
                    for service in wire.server.services:
                        service.feed.recheck_all()
                body += piece
    error = {
        "message": "The server had an error while streaming this run.",
        "type": "server_error", "param": None, "code": None,
    }  # fmt: skip
    *_, last = body.decode().strip().split("\n\n")
    said = json.loads(last.partition("data: ")[2])
    assert said == (error if frames == "events" else {"error": error})
    assert last.startswith("event: error\n") == (frames == "events")


def test_attributes_that_are_no_object_stay() -> None:
    with speaking(Dialect(float_attributes=True)) as wire:
        file_id, path = wire.file()["id"], f"/vector_stores/{wire.post('/vector_stores')['id']}/files"
        assert wire.post(path, {"file_id": file_id, "attributes": None})["attributes"] == {}
        found = wire.post(f"{path}/{file_id}", {"attributes": {"a": 1, "b": True, "c": "x"}})["attributes"]
        assert json.dumps(found) == '{"a": 1.0, "b": true, "c": "x"}'


def test_calls_of_tools_of_the_server_get_no_name_of_a_function() -> None:
    with speaking(Dialect(events=Events(repeated_call_ids=True))) as wire:
        body = wire.stream(Turn(calls=[Search("whales"), Call("lookup", {})]), tools=[LOOKUP, {"type": "file_search"}])
        pieces = [
            piece
            for name, data in framed(body, b"\n")
            if name == "thread.run.step.delta"
            for piece in data["delta"]["step_details"]["tool_calls"]
        ]
        assert {piece["type"]: set(piece) for piece in pieces} == {
            "file_search": {"index", "id", "type", "file_search"},
            "function": {"index", "id", "type", "function"},
        }


def test_names() -> None:
    assert set(NAMES) == set(NAMED) and set(ALIASES.values()) <= set(NAMES)
    assert named("astra") is NAMED["astra-assistants-api"] is named(NAMED["astra-assistants-api"])


def test_a_body_that_is_too_large_or_no_object_is_refused_by_the_application() -> None:
    with speaking("astra", max_body_bytes=100) as wire:
        _, thread = wire.begun()
        path = f"/threads/{thread['id']}/messages"
        assert wire.http.post(path, json={"role": "user", "content": "x" * 1000}).status_code == 413
        assert wire.http.post(path, content=b"{").status_code == 400
        assert wire.http.post(path, json=[1]).status_code == 400


def test_a_fault_hits_a_server_that_speaks_a_dialect() -> None:
    from openai_assistants.server import Fault

    with speaking("open-assistant-api") as wire:
        wire.server.faults.add(Fault("cut", operation="createRun", events=2, ending="end"))
        assert [name for name, _ in framed(wire.stream(Turn("Hello.")), b"\r\n")] == [
            "thread.run.created",
            "thread.run.queued",
        ]
        assert [each.operation for each in wire.server.requests][-1] == "createRun"


def test_a_call_of_a_function_is_no_approval() -> None:
    with speaking("foundry-classic") as wire:
        run = wire.ended(Turn(calls=[Call("lookup", {"word": "x"})]), tools=[LOOKUP])
        assert run["required_action"]["type"] == "submit_tool_outputs"
