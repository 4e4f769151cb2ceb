"""What the tests of raw access share: whole clients over a function from request to answer."""

from __future__ import annotations

import inspect
from typing import Any, Callable

import httpx

from openai_assistants import AsyncOpenAI, OpenAI

from .support import BASE_URL, KEY, Flavour, Handler

ASSISTANT: dict[str, Any] = {
    "id": "asst_1",
    "object": "assistant",
    "created_at": 1_700_000_000,
    "name": "Guide",
    "description": None,
    "model": "m",
    "instructions": None,
    "tools": [],
    "metadata": {},
}
GOOD = httpx.Response(200, headers={"x-request-id": "req_1"}, json=ASSISTANT)


def client_over(flavour: Flavour, handler: Handler, http: dict[str, Any] | None = None, **settings: Any) -> Any:
    """A client whose requests a function answers; `http` are settings of the HTTP client."""
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    defaults = {"api_key": KEY, "base_url": BASE_URL}
    return kind(http_client=flavour.http(handler, **(http or {})), **{**defaults, **settings})


def listing(*ids: str, more: bool) -> dict[str, Any]:
    """A page of assistants."""
    data = [{**ASSISTANT, "id": each} for each in ids]
    return {"object": "list", "data": data, "first_id": ids[0], "last_id": ids[-1], "has_more": more}


def within(flavour: Flavour, manager: Callable[[], Any], use: Callable[[Any], Any]) -> Any:
    """What `use` makes of the response of a manager; awaited or collected where that is needed."""

    def blocking() -> Any:
        with manager() as response:
            return use(response)

    async def awaiting() -> Any:
        async with manager() as response:
            value = use(response)
            if hasattr(value, "__aiter__"):
                return [item async for item in value]
            return await value if inspect.isawaitable(value) else value

    return flavour.do(awaiting if flavour.is_async else blocking)
