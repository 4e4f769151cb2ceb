"""One way to call the clients, blocking and on both event loops, over a mock transport."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx
import respx

from openai_assistants import AsyncOpenAI, AsyncStream, OpenAI, Stream

KEY = "sk-operations-0123456789"
BASE_URL = "https://api.example/v1"
BASE_PATH = b"/v1"

Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class Outcome:
    """What a call gave, and what it sent."""

    value: Any = None
    error: Exception | None = None
    events: list[Any] = field(default_factory=list[Any])
    """Of a stream; with an error those before it."""
    requests: list[httpx.Request] = field(default_factory=list[httpx.Request])

    @property
    def request(self) -> httpx.Request:
        """The only request."""
        (request,) = self.requests
        return request


@dataclass(frozen=True)
class Flavour:
    """A client, and how it is used."""

    name: str

    def __str__(self) -> str:
        return self.name

    def call(self, answer: Answer, use: Callable[[Any], Any], *, raises: type[Exception] | None = None) -> Outcome:
        """Use a client. Pages are awaited, streams read to their end."""
        outcome = Outcome()
        router = respx.MockRouter(assert_all_called=False)
        router.route().mock(side_effect=answer)
        try:
            if self.name == "sync":
                self._blocking(router, use, outcome)
            else:
                anyio.run(self._awaiting, router, use, outcome, backend=self.name)
        except Exception as error:
            if raises is None or not isinstance(error, raises):
                raise
            outcome.error = error
        else:
            assert raises is None, f"{raises.__name__} was not raised"
        outcome.requests = [call.request for call in router.calls]
        return outcome

    def _blocking(self, router: respx.MockRouter, use: Callable[[Any], Any], outcome: Outcome) -> None:
        http = httpx.Client(transport=httpx.MockTransport(router.handler), trust_env=False)
        with OpenAI(api_key=KEY, base_url=BASE_URL, http_client=http, max_retries=0) as client:
            outcome.value = use(client)
            if isinstance(outcome.value, Stream):
                for event in outcome.value:
                    outcome.events.append(event)

    async def _awaiting(self, router: respx.MockRouter, use: Callable[[Any], Any], outcome: Outcome) -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(router.async_handler), trust_env=False)
        async with AsyncOpenAI(api_key=KEY, base_url=BASE_URL, http_client=http, max_retries=0) as client:
            value = use(client)
            outcome.value = await value if inspect.isawaitable(value) else value
            if isinstance(outcome.value, AsyncStream):
                async for event in outcome.value:
                    outcome.events.append(event)


FLAVOURS = (Flavour("sync"), Flavour("asyncio"), Flavour("trio"))


def answered(body: Any, *, binary: bool = False) -> Answer:
    """Answers always the same."""
    if binary:
        return lambda request: httpx.Response(200, content=body, headers={"content-type": "application/octet-stream"})
    text = json.dumps(body, ensure_ascii=False).encode()
    return lambda request: httpx.Response(200, content=text, headers={"content-type": "application/json"})


def answered_by_events(*events: tuple[str, object]) -> Answer:
    """Answers POSTs with server-sent events; of a run there is nothing else to learn."""
    lines = [f"event: {name}\ndata: {_data(data)}\n\n" for name, data in events]
    body = "".join(lines).encode()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, content=body, headers={"content-type": "text/event-stream"})
        return httpx.Response(404, json={"error": {"message": f"Invalid URL (GET {request.url.path})"}})

    return answer


def _data(data: object) -> str:
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
