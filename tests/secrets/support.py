"""A client with marked secrets in every place that takes one, and a search of all that comes of what it does."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any

from openai_assistants import AsyncOpenAI, OpenAI
from openai_assistants.server import LocalServer
from tests.unit.support import Flavour

from .search import MARK, finds, listening

KEY = f"sk-key-{MARK}"
PARTS: dict[str, Any] = {
    "api_key": KEY,
    "default_headers": {
        "api-key": f"header-{MARK}",
        "X-Custom": f"custom {KEY}",
        **{
            name: f"{name}-{MARK}"
            for name in (
                "x-functions-key",
                "X-Auth-Key",
                "X-Auth",
                "x-access-key",
                "x-credential",
                "x-amz-signature",
                "X-Session",
                "X-Nobody-Knows",
            )
        },
    },
    "default_query": {"key": f"query-{MARK}", "u": f"odd-{MARK}"},
}
Do = Callable[[Any], Any]
"""Takes a client; what it returns is awaited, where that is needed."""


def client_of(flavour: Flavour, server: LocalServer | None, **settings: Any) -> Any:
    kind = AsyncOpenAI if flavour.is_async else OpenAI
    given = {**PARTS, "max_retries": 0, **settings}
    if server is not None:
        given.setdefault("base_url", server.base_url)
    return kind(**given)


async def _awaited(value: Any) -> Any:
    value = await value if inspect.isawaitable(value) else value
    if hasattr(value, "__aiter__"):
        return [item async for item in value]
    return value


def outcome(flavour: Flavour, client: Any, do: Do) -> Any:
    """What comes of it: the result, or the exception that was raised."""

    def blocking() -> Any:
        with client:
            value = do(client)
            return list(value) if hasattr(value, "__next__") else value

    async def awaiting() -> Any:
        async with client:
            return await _awaited(do(client))

    try:
        return flavour.do(awaiting if flavour.is_async else blocking)
    except Exception as error:
        return error


def check(flavour: Flavour, client: Any, do: Do, *, honest: Callable[[str], bool] = lambda found: False) -> Any:
    """Do something, and search all that comes of it."""
    with listening() as records, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        result = outcome(flavour, client, do)
    found = [each for each in finds(result) if not honest(each)]
    found += [f"{where}: {text[:300]}" for where, text in records.texts() if MARK in text]
    found += [str(each.message) for each in warned if MARK in str(each.message)]
    found += [text for text in (repr(client), str(client), repr(client._core), repr(vars(client))) if MARK in text]
    assert not found, "\n".join(found)
    return result


def get(client: Any) -> Any:
    return client.beta.assistants.retrieve("asst_1")


def make(client: Any) -> Any:
    return client.beta.assistants.create(model="m", metadata={"a": "b"})
