"""The server of the benchmarks: HTTP/1.1 over asyncio with answers made beforehand, so that it costs next to nothing.

    python -m tests.benchmarks.canned        # prints its port

The id in the path says which answer is wanted: the messages of thread `page` are a page of a hundred, a run on thread
`stream` is a stream of two thousand events, the messages of thread `many-1000` are a thousand in pages, a run on thread
`tools` calls a function a few times before it answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from urllib.parse import parse_qs, urlsplit

from . import payloads
from .payloads import compact

PAGE = 100
STREAM_DELTAS = 2000
TOOL_ROUNDS = 5
_PIECE = 1400
"""Bytes of a stream that go out at a time, about what a network packet holds."""
_JSON = b"application/json"
_EVENTS = b"text/event-stream"


class Answers:
    """The bytes for each path."""

    def __init__(self) -> None:
        messages = [payloads.message(number) for number in range(PAGE)]
        events = payloads.events(STREAM_DELTAS)
        self._rounds = 0
        """How often the run on thread `tools` has called its function. Only one client at a time is served."""
        self._objects = {
            "assistants": _body(payloads.assistant()),
            "threads": _body(payloads.thread()),
        }
        self._pages = {
            "page": _body(payloads.page(messages, more=False)),
            "deviating": _body(payloads.page([payloads.deviating(each) for each in messages], more=False)),
            "unknown": _body(payloads.page([payloads.unknown(each) for each in messages], more=False)),
            "large": _body(payloads.page([payloads.message(0, "word " * 200_000)], more=False)),
        }
        self._streams = {
            "stream": payloads.stream(events),
            "numbered": payloads.stream(events, numbered=True),
            "short": payloads.stream(payloads.events(100)),
            "tools": payloads.stream(payloads.asking(20)),
        }
        self._item = compact(payloads.message(987654321)).replace("987654321".zfill(24), "%024d")

    def of(self, path: str, query: str) -> tuple[bytes, bytes]:
        """The body and its media type."""
        parts = path.removeprefix("/v1/").split("/")
        match parts:
            case ["threads", name, "messages"] if name in self._pages:
                return self._pages[name], _JSON
            case ["threads", name, "messages"]:
                return self._page_of_many(int(name.removeprefix("many-")), parse_qs(query)), _JSON
            case ["threads", name, "runs"]:
                self._rounds = 1
                return self._streams[name], _EVENTS
            case ["threads", _, "runs", _, "submit_tool_outputs"]:
                self._rounds += 1
                return self._streams["tools" if self._rounds <= TOOL_ROUNDS else "short"], _EVENTS
            case _:
                return self._objects[parts[0]], _JSON

    def _page_of_many(self, total: int, query: dict[str, list[str]]) -> bytes:
        start = int(query["after"][0].removeprefix("msg_")) + 1 if "after" in query else 0
        items = ",".join(self._item.replace("%024d", f"{number:024d}") for number in range(start, start + PAGE))
        more = "true" if start + PAGE < total else "false"
        first, last = f"msg_{start:024d}", f"msg_{start + PAGE - 1:024d}"
        page = f'{{"object":"list","data":[{items}],"first_id":"{first}","last_id":"{last}","has_more":{more}}}'
        return page.encode()


def _body(value: object) -> bytes:
    return compact(value).encode()


async def serve() -> None:
    """Answer until the standard input ends, so that no server outlives its benchmark."""
    answers = Answers()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                line, *fields = head.decode("latin-1").split("\r\n")
                length = next((int(each[15:]) for each in fields if each.lower().startswith("content-length:")), 0)
                if length:
                    await reader.readexactly(length)
                url = urlsplit(line.split()[1])
                body, kind = answers.of(url.path, url.query)
                await _send(writer, body, kind)

    server = await asyncio.start_server(connection, "127.0.0.1", 0, limit=1 << 20)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def _send(writer: asyncio.StreamWriter, body: bytes, kind: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\nx-request-id: req_1\r\n" % kind
    if kind is _JSON:
        writer.write(head + b"content-length: %d\r\n\r\n" % len(body) + body)
    else:
        writer.write(head + b"transfer-encoding: chunked\r\n\r\n")
        for start in range(0, len(body), _PIECE):
            piece = body[start : start + _PIECE]
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        writer.write(b"0\r\n\r\n")
    await writer.drain()


if __name__ == "__main__":
    asyncio.run(serve())
