"""A chat-completions server for tests, on a loopback port: it answers as each test tells it to, oddities included."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from openai_assistants.server import Gate

from .support import Api, text_of

Piece: TypeAlias = "dict[str, Any] | str | bytes | float | Gate | Exception"
"""Of a body: a chunk, a line of data, raw bytes, a pause, or the end of the connection."""

DONE = "[DONE]"
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    """A chunk as the API has it."""
    choices = [{"index": 0, "delta": {} if delta is None else delta, "finish_reason": finish}]
    base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return {**base, "choices": choices, **more}


def text(*pieces: str) -> list[Piece]:
    """A whole answer of text."""
    said = [chunk({"content": piece}) for piece in pieces]
    usage = {**chunk(), "choices": [], "usage": USAGE}
    return [chunk({"role": "assistant", "content": ""}), *said, chunk(finish="stop"), usage, DONE]


def call(index: int | None, name: str | None = None, arguments: Any = None, id: str | None = None) -> dict[str, Any]:
    """One entry of `tool_calls`; what is None is left out."""
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    entry = {"index": index, "id": id, "type": "function", "function": function}
    return {key: value for key, value in entry.items() if value is not None}


def calls(*deltas: dict[str, Any] | list[dict[str, Any]], finish: str = "tool_calls") -> list[Piece]:
    """A whole answer of tool calls, one chunk for each delta or list of them."""
    listed = [delta if isinstance(delta, list) else [delta] for delta in deltas]
    return [*(chunk({"tool_calls": each}) for each in listed), chunk(finish=finish), DONE]


@dataclass
class Reply:
    """One answer: events, or with `body` a JSON document or text."""

    pieces: Sequence[Piece] = ()
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    before: Gate | None = None
    """What the status line waits for."""


@dataclass
class Asked:
    """A request that came."""

    path: str
    query: str
    headers: dict[str, str]
    body: dict[str, Any]
    port: int
    """Of the other side: the same for requests over the same connection."""


class Upstream:
    """Plays the replies one after the other, the last one for ever; or a function from body to reply."""

    url = ""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what was and answer with a greeting."""
        self.replies: list[Reply] = [Reply(text("Hello."))]
        self.answer: Callable[[dict[str, Any]], Reply] | None = None
        self.requests: list[Asked] = []
        self.open = 0
        """Streams under way."""
        self.most_open = 0
        self.abandoned = threading.Event()
        """Set when the other side has closed a stream before its end."""

    def play(self, *replies: Reply | Sequence[Piece]) -> None:
        """Answer with these from now on."""
        self.replies = [each if isinstance(each, Reply) else Reply(each) for each in replies]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [each.body for each in self.requests]

    async def handle(self, request: Request) -> Response:
        body = await request.json()
        client = request.client
        asked = Asked(request.url.path, request.url.query, dict(request.headers), body, client.port if client else 0)
        self.requests.append(asked)
        if self.answer is not None:
            reply = self.answer(body)
        else:
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if reply.before is not None:
            await reply.before.passed()
        if isinstance(reply.body, str):
            return Response(reply.body, reply.status, reply.headers)
        if reply.body is not None:
            return JSONResponse(reply.body, reply.status, reply.headers)
        headers = {"content-type": "text/event-stream; charset=utf-8", **reply.headers}
        return StreamingResponse(self._stream(reply.pieces), reply.status, headers)

    async def _stream(self, pieces: Sequence[Piece]) -> AsyncIterator[bytes]:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            for piece in pieces:
                match piece:
                    case Gate():
                        await piece.passed()
                    case float() | int():
                        await asyncio.sleep(piece)
                    case Exception():
                        raise piece
                    case bytes():
                        yield piece
                    case str():
                        yield f"data: {piece}\n\n".encode()
                    case _:
                        yield f"data: {json.dumps(piece)}\n\n".encode()
        except (asyncio.CancelledError, GeneratorExit):
            self.abandoned.set()
            raise
        finally:
            self.open -= 1


class CutOff(Exception):
    """Ends the connection in the middle of the body."""


@contextmanager
def upstream_server() -> Iterator[Upstream]:
    """An upstream that listens; `url` is what a chat model takes."""
    upstream = Upstream()
    app = Starlette(routes=[Route("/v1/chat/completions", upstream.handle, methods=["POST"])])
    config = uvicorn.Config(
        app, log_level=logging.CRITICAL + 1, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=0
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        upstream.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield upstream
        finally:
            server.should_exit = True
            thread.join()


# What the tests of the chat model share


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


def ask(api: Api, *, run: dict[str, Any] | None = None, **assistant: Any) -> Any:
    """A run that has ended, or waits for outputs."""
    begun = api.run(api.thread("How are you?"), api.assistant(**assistant), **(run or {}))
    return api.run_in(begun, "completed", "failed", "incomplete", "requires_action")


def answer(api: Api, run: Any) -> str:
    return text_of(api.messages(run["thread_id"])[-1])


def submit(api: Api, run: Any, *outputs: str) -> Any:
    """Give the outputs of the open calls, in their order; the run once it has ended."""
    open_calls = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    given = [{"tool_call_id": each["id"], "output": output} for each, output in zip(open_calls, outputs, strict=True)]
    api.post(f"/threads/{run['thread_id']}/runs/{run['id']}/submit_tool_outputs", {"tool_outputs": given})
    return api.run_in(run, "completed", "failed", "incomplete", "requires_action")


def called(run: Any) -> list[tuple[str, Any]]:
    """Name and arguments of the calls that a run waits for."""
    assert run["status"] == "requires_action", run["last_error"]
    open_calls = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    return [(each["function"]["name"], each["function"]["arguments"]) for each in open_calls]
