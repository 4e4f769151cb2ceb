"""What the tests of the server share. Every answer that passes through `Api` is checked against the spec's schema with
jsonschema, which knows nothing of the server's own check of requests."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import httpx
from jsonschema import Draft202012Validator

import openai_assistants.server as package
from openai_assistants.server import LocalServer
from openai_assistants.server.local import _InProcess
from openai_assistants.server.store import Tx

T = TypeVar("T")

BETA = {"OpenAI-Beta": "assistants=v2"}
BETA_V1 = {"OpenAI-Beta": "assistants=v1"}
NOW = 1_700_000_000

LOOKUP: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "lookup",
        "description": "Look something up.",
        "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
    },
}


@cache
def document(version: str = "v2") -> dict[str, Any]:
    """The spec as JSON. That of version 1 is closed: nothing of version 2 may be left in its answers."""
    spec: dict[str, Any] = json.loads((Path(str(package.__file__)).parent / "specs" / f"{version}.json").read_bytes())
    if version == "v1":
        close(spec["components"]["schemas"])
    return spec


def close(value: Any) -> None:
    """Objects whose properties are listed have no others."""
    if isinstance(value, dict):
        if "properties" in value and value.get("type") == "object":
            value.setdefault("additionalProperties", False)
        for each in value.values():
            close(each)
    elif isinstance(value, list):
        for each in value:
            close(each)


@cache
def validator(pointer: str, version: str = "v2") -> Draft202012Validator:
    """A checker for a schema in the spec."""
    spec = document(version)
    return Draft202012Validator({"$ref": f"#{pointer}", **{key: spec[key] for key in ("paths", "components")}})


@cache
def event_schemas(version: str = "v2") -> dict[str, str]:
    """Where the schema of each event is, by the event's name."""
    schemas = document(version)["components"]["schemas"]
    pointers = [branch["$ref"].removeprefix("#") for branch in schemas["AssistantStreamEvent"]["oneOf"]]
    return {schemas[pointer.rpartition("/")[2]]["properties"]["event"]["const"]: pointer for pointer in pointers}


@cache
def operation_at(method: str, path: str, version: str = "v2") -> tuple[str, str]:
    """The spec's path template and operationId for a concrete path; found without the server's router."""
    parts = path.split("/")
    found = []
    for template, item in document(version)["paths"].items():
        names = template.split("/")
        if method in item and len(names) == len(parts):
            pairs = list(zip(names, parts, strict=True))
            if all(name == part or name.startswith("{") for name, part in pairs):
                found.append((sum(name.startswith("{") for name in names), template))
    template = min(found)[1]
    return template, document(version)["paths"][template][method]["operationId"]


def version_of(request: httpx.Request) -> str:
    """The version that a request is about."""
    path = _raw_path(request).removeprefix("/v1")
    is_first = request.headers.get("openai-beta") == BETA_V1["OpenAI-Beta"]
    return "v1" if is_first and path.startswith(("/assistants", "/threads")) else "v2"


def _raw_path(request: httpx.Request) -> str:
    return request.url.raw_path.partition(b"?")[0].decode()


def check_answer(response: httpx.Response) -> None:
    """The body of an answer is what the spec says, or an error as the API has them."""
    if response.status_code >= 400:
        validator("/components/schemas/ErrorResponse").validate(response.json())
        assert set(response.json()["error"]) == {"message", "type", "param", "code"}
        return
    method = response.request.method.lower()
    version = version_of(response.request)
    template, _ = operation_at(method, _raw_path(response.request).removeprefix("/v1"), version)
    kinds = document(version)["paths"][template][method]["responses"]["200"]["content"]
    kind = response.headers["content-type"].partition(";")[0]
    assert kind in kinds
    if kind == "application/json":
        escaped = template.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
        pointer = f"/paths/{escaped}/{method}/responses/200/content/application~1json/schema"
        validator(pointer, version).validate(response.json())


@dataclass(frozen=True)
class Event:
    """One server-sent event as it came over the wire."""

    name: str
    data: Any
    id: str | None


def lines(response: httpx.Response) -> Iterator[str]:
    """Lines that end with LF, and with nothing else that Unicode knows."""
    rest = b""
    for piece in response.iter_raw():
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line.decode()
    assert not rest


def parse_events(lines: Iterator[str], version: str = "v2") -> Iterator[Event]:
    """Events of a body in the plain form in which the server writes them."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            assert name not in fields
            fields[name] = value
        elif fields:
            if "event" in fields:
                data = fields["data"] if fields["event"] == "done" else json.loads(fields["data"])
                schema = validator(event_schemas(version)[fields["event"]], version)
                schema.validate({"event": fields["event"], "data": data})
                yield Event(fields["event"], data, fields.get("id"))
            fields = {}
    assert not fields, "the body ended within an event"


class Api:
    """A plain httpx client that checks what it gets."""

    def __init__(self, client: httpx.Client) -> None:
        self.http = client

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        response = self.http.request(method, path, **options)
        check_answer(response)
        return response

    def get(self, path: str, **query: Any) -> Any:
        return self._good(self.send("GET", path, params=query))

    def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        return self._good(self.send("POST", path, json={} if body is None else body, headers=headers))

    def delete(self, path: str) -> Any:
        return self._good(self.send("DELETE", path))

    def error(self, method: str, path: str, **options: Any) -> tuple[int, dict[str, Any]]:
        response = self.send(method, path, **options)
        assert response.status_code >= 400, response.text
        return response.status_code, response.json()["error"]

    @contextmanager
    def open_stream(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Iterator[Iterator[Event]]:
        with self.http.stream("POST", path, json={**body, "stream": True}, headers=headers) as response:
            if response.status_code != 200:
                response.read()
            assert response.status_code == 200, response.text
            assert response.headers["content-type"].startswith("text/event-stream")
            yield parse_events(lines(response), version_of(response.request))

    def stream(self, path: str, body: Any, headers: dict[str, str] | None = None) -> list[Event]:
        with self.open_stream(path, body, headers) as events:
            return list(events)

    # What most tests begin with.

    def assistant(self, **fields: Any) -> str:
        return self.post("/assistants", {"model": "gpt-4o", **fields})["id"]

    def thread(self, *texts: str) -> str:
        return self.post("/threads", {"messages": [{"role": "user", "content": text} for text in texts]})["id"]

    def file(self, content: bytes = b"hello", filename: str = "a.txt", **fields: str) -> str:
        files, data = {"file": (filename, content)}, {"purpose": "assistants", **fields}
        return self._good(self.send("POST", "/files", files=files, data=data))["id"]

    def run(self, thread_id: str, assistant_id: str, **fields: Any) -> Any:
        return self.post(f"/threads/{thread_id}/runs", {"assistant_id": assistant_id, **fields})

    def run_in(self, run: Any, *statuses: str) -> Any:
        """The run once it has one of these statuses."""
        path = f"/threads/{run['thread_id']}/runs/{run['id']}"
        return wait_for(lambda: self.get(path), lambda now: now["status"] in statuses)

    def steps(self, run: Any) -> list[Any]:
        return self.get(f"/threads/{run['thread_id']}/runs/{run['id']}/steps", order="asc")["data"]

    def messages(self, thread_id: str, **query: Any) -> list[Any]:
        return self.get(f"/threads/{thread_id}/messages", order="asc", **query)["data"]

    def _good(self, response: httpx.Response) -> Any:
        assert response.status_code == 200, response.text
        return response.json()


@contextmanager
def api_of(server: LocalServer, headers: dict[str, str] = BETA) -> Iterator[Api]:
    """A checked client of a running server, of the version that the headers say."""
    # However busy the machine is: no test waits for this to pass.
    with server.http_client(headers=headers, timeout=60) as client:
        yield Api(client)


def librarian(old: Api, *texts: str, **fields: Any) -> tuple[str, list[str]]:
    """An assistant of version 1 that looks things up in files with these texts."""
    files = [old.file(text.encode(), f"{number}.txt") for number, text in enumerate(texts)]
    body = {"model": "m", "tools": [{"type": "retrieval"}], "file_ids": files, **fields}
    return str(old.post("/assistants", body)["id"]), files


def wait_for(look: Callable[[], T], good: Callable[[T], bool], seconds: float = 30) -> T:
    """Look until it is good; fails after some seconds."""
    deadline = time.monotonic() + seconds
    while not good(seen := look()):
        assert time.monotonic() < deadline, f"still {seen!r}"
        time.sleep(0.002)
    return seen


def frozen(**options: Any) -> LocalServer:
    """A server whose clock stands still."""
    server = LocalServer(**options)
    server.clock.freeze(NOW)
    return server


def at_each(server: LocalServer, part: str, **replaced: Any) -> None:
    """Replace methods of a part (`engine`, say) of each worker of a server."""
    for service in server.services:
        owner = service if part == "service" else getattr(service, part)
        for name, method in replaced.items():
            setattr(owner, name, method)


def streams_of(server: LocalServer) -> list[str]:
    """The runs that somebody follows."""
    return [run_id for service in server.services for run_id in service.feed._subscriptions]


def runs_at_work(server: LocalServer) -> list[str]:
    """The runs that are being carried out."""
    return [run_id for service in server.services for run_id in service.engine._runs]


def text_of(message: Any) -> str:
    return "".join(block["text"]["value"] for block in message["content"])


def in_database(server: LocalServer, work: Callable[[Tx], T]) -> T:
    """Run a transaction in the database of a server without socket."""
    return on_its_loop(server, lambda: server.service.database.write(work))


def housekeeping(server: LocalServer) -> None:
    """Let the server throw away what is old, as it does every hour."""
    in_database(server, server.service._throw_away)


def on_its_loop(server: LocalServer, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Carry something out on the event loop of a server without socket."""
    running = server._running
    assert isinstance(running, _InProcess)
    return running._background.submit(work()).result(10)
