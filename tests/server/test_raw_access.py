"""Raw and streamed responses and low-level requests, over the server in the box."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from openai_assistants import APITimeoutError, NotFoundError, NotSupportedByServerError, raw
from openai_assistants.server import Fault, Gate, LocalServer, Turn
from openai_assistants.types.beta import Assistant, AssistantStreamEvent

from .support import BETA

SIZE = 5 * 1024 * 1024 + 7

pytestmark = pytest.mark.parametrize("in_process", [True, False], ids=["in_process", "loopback"])


@pytest.fixture
def server(in_process: bool) -> Any:
    with LocalServer(in_process=in_process) as running:
        yield running


def test_raw_responses(server: LocalServer) -> None:
    server.faults.add(Fault("status", operation="createAssistant", status=429, retry_after=0))
    with server.client() as client:
        response = client.beta.assistants.with_raw_response.create(model="m", name="Guide")
        assert (response.retries_taken, response.status_code, response.is_closed) == (1, 200, True)
        assert str(response.request_id).startswith("req_")
        assert json.loads(response.http_request.content) == {"model": "m", "name": "Guide"}
        assert response.parse().id == response.json()["id"]
        assert response.elapsed.total_seconds() > 0
        with pytest.raises(NotFoundError):
            client.beta.assistants.with_raw_response.retrieve("asst_none")
        upload = raw(client.files.create)(file=b"x" * 10_000, purpose="assistants")
        assert upload.http_request.content == b""
        assert upload.parse().bytes == 10_000


@pytest.mark.anyio
async def test_raw_responses_async(server: LocalServer) -> None:
    async with server.async_client() as client:
        for number in range(3):
            await client.beta.assistants.create(model="m", name=str(number))
        page = (await client.beta.assistants.with_raw_response.list(limit=2, order="asc")).parse()
        assert [each.name for each in page.data] == ["0", "1"]
        assert [each.name async for each in page] == ["0", "1", "2"]


def test_a_raw_stream(server: LocalServer) -> None:
    server.scripts.add("Hello.")
    with server.client() as client:
        assistant, thread = client.beta.assistants.create(model="m"), client.beta.threads.create()
        runs = client.beta.threads.runs.with_raw_response
        response = runs.create(thread.id, assistant_id=assistant.id, stream=True)
        assert response.headers["content-type"].startswith("text/event-stream")
        events = [event.event for event in response.parse()]
        assert (events[0], events[-1]) == ("thread.run.created", "thread.run.completed")
        assert response.is_closed


def test_a_file_goes_to_disk(server: LocalServer, tmp_path: Path) -> None:
    content = bytes(range(256)) * (SIZE // 256 + 1)
    with server.client() as client:
        file = client.files.create(file=("big.bin", content), purpose="assistants")
        with client.files.with_streaming_response.content(file.id) as response:
            response.stream_to_file(tmp_path / "big.bin")
        assert (tmp_path / "big.bin").read_bytes() == content
        with client.files.with_streaming_response.content(file.id) as response:
            assert {len(piece) for piece in response.iter_bytes(65_536)} <= {65_536, len(content) % 65_536}
        with client.files.with_streaming_response.content(file.id) as response:
            assert next(response.iter_bytes(10)) == content[:10]
        assert client.files.retrieve(file.id).bytes == len(content)  # after leaving a body early, all is well


@pytest.mark.anyio
async def test_a_file_goes_to_disk_async(server: LocalServer, tmp_path: Path) -> None:
    content = bytes(range(256)) * (SIZE // 256 + 1)
    async with server.async_client() as client:
        file = await client.files.create(file=("big.bin", content), purpose="assistants")
        async with client.files.with_streaming_response.content(file.id) as response:
            assert not response.is_closed
            await response.stream_to_file(tmp_path / "big.bin")
        assert response.is_closed
        assert (tmp_path / "big.bin").read_bytes() == content
        async with client.files.with_streaming_response.content(file.id) as response:
            pieces = [piece async for piece in response.iter_bytes(65_536)]
        assert b"".join(pieces) == content


def test_a_deadline_holds_while_a_body_is_awaited(server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["One", gate, "two"]))
    with server.client() as client:
        assistant, thread = client.beta.assistants.create(model="m"), client.beta.threads.create()
        runs = client.beta.threads.runs.with_streaming_response
        with (
            pytest.raises(APITimeoutError),
            runs.create(thread.id, assistant_id=assistant.id, stream=True, deadline=2) as response,
        ):
            list(response.iter_lines())
        assert response.is_closed
        gate.open()


@pytest.mark.anyio
async def test_a_deadline_holds_while_a_body_is_awaited_async(server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["One", gate, "two"]))
    async with server.async_client() as client:
        assistant, thread = await client.beta.assistants.create(model="m"), await client.beta.threads.create()
        runs = client.beta.threads.runs.with_streaming_response
        with pytest.raises(APITimeoutError, match="The deadline passed"):
            async with runs.create(thread.id, assistant_id=assistant.id, stream=True, deadline=2) as response:
                _ = [line async for line in response.iter_lines()]
        gate.open()


def test_low_level_requests(server: LocalServer) -> None:
    server.scripts.add("Hello.")
    options: Any = {"extra_headers": BETA}
    with server.client() as client:
        made = client.post("/assistants", cast_to=httpx.Response, body={"model": "m", "name": "Guide"}, **options)
        assistant = client.get(f"/assistants/{made.json()['id']}", into=Assistant, **options)
        assert assistant.name == "Guide"
        assert client.get("/assistants?limit=1", **options)["data"][0]["id"] == assistant.id
        absolute = f"{server.base_url}/assistants/{assistant.id}"
        assert client.get(absolute, into=Assistant, **options) == assistant
        body = {"assistant_id": assistant.id, "stream": True}
        with client.post("/threads/runs", into=AssistantStreamEvent, body=body, stream=True, **options) as stream:
            assert [event.event for event in stream][-1] == "thread.run.completed"
        assert client.delete(f"/assistants/{assistant.id}", into=dict, **options)["deleted"] is True
        with pytest.raises(NotSupportedByServerError, match=r"client\.get: GET /nonsense"):
            client.get("/nonsense", **options)


@pytest.mark.anyio
async def test_low_level_requests_async(server: LocalServer) -> None:
    options: Any = {"extra_headers": BETA}
    async with server.async_client() as client:
        assistant = await client.post("/assistants", into=Assistant, body={"model": "m"}, **options)
        response = await client.with_raw_response.get(f"/assistants/{assistant.id}", into=Assistant, **options)
        assert response.parse().id == assistant.id
