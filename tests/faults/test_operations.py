"""Every operation over a connection that is spoiled, anywhere, in any way: the right result or an error of ours."""

from __future__ import annotations

import inspect
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest

from openai_assistants import AsyncOpenAI, BaseModel, HttpxBinaryResponseContent, OpenAI, OpenAIError
from tests.operations.sampler import minimal
from tests.operations.spec import answer_schema, item_schema, request_schema
from tests.operations.table import BY_ID, ROWS, Row
from tests.operations.test_answers import envelope
from tests.operations.test_requests import CONTENT, FORMS, arguments_of
from tests.soak import SOAKING
from tests.unit.support import Flavour

from .proxy import CHANGES, Proxy, Spoil, every_spoil

# On trio, httpx leaves its own async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'httpx\.:ResourceWarning")

SPOILS = every_spoil()
PATIENCE = 60.0
"""Seconds after which something hangs, on however busy a machine."""


def body_of(row: Row) -> bytes:
    """A good answer to an operation."""
    if row.answer == "binary":
        return CONTENT
    schema = item_schema(row) if row.answer == "list" else answer_schema(row)
    return json.dumps(envelope(row, minimal(schema))[0]).encode()


BODIES = {row.id: body_of(row) for row in ROWS}


def answer(method: str, path: str, body: bytes) -> bytes:
    """Answers the operation that a query names."""
    name = path.partition("row=")[2].partition("&")[0]
    content = BODIES[name]
    kind = "application/octet-stream" if content is CONTENT else "application/json"
    head = f"HTTP/1.1 200 OK\r\nx-request-id: {name}\r\ncontent-type: {kind}\r\ncontent-length: {len(content)}\r\n\r\n"
    return head.encode() + content


def calling(client: Any, row: Row) -> Callable[[], Any]:
    """A call of an operation with what it needs."""
    given = (
        arguments_of(row, minimal(request_schema(row))[0]) if row.request == "json" else FORMS.get(row.operation, {})
    )
    arguments = {**dict.fromkeys(row.path_arguments, "an id"), **given, "extra_query": {"row": row.id}}
    return lambda: row.bound(client)(**arguments)


def plain(value: Any) -> Any:
    """What a result says."""
    if isinstance(value, HttpxBinaryResponseContent):
        return value.content
    if value.deviations:
        return DEVIATES
    if isinstance(value, BaseModel):
        return value.to_dict()
    return [item.to_dict() for item in value.data]


DEVIATES = "a result that says that it deviates"
"""From a byte that is no text; the rest of the answer can be read."""


def outcomes(
    flavour: Flavour, proxy: Proxy, spoil_of: Callable[[Row], Spoil | None], timeout: float = PATIENCE
) -> dict[str, Any]:
    """What each operation gives, or the exception, through a client that is used by all at once."""
    settings: Any = {"api_key": "any", "base_url": proxy.url, "max_retries": 1, "timeout": timeout}
    found: dict[str, Any] = {}

    def choose(method: str, path: str, number: int) -> Spoil | None:
        name = path.partition("row=")[2].partition("&")[0]
        return spoil_of(BY_ID[name])

    proxy.choose = choose

    def blocking() -> None:
        def one(row: Row) -> None:
            try:
                found[row.id] = plain(calling(client, row)())
            except OpenAIError as error:
                found[row.id] = error

        with OpenAI(**settings) as client, ThreadPoolExecutor(16) as pool:
            list(pool.map(one, ROWS))

    async def awaiting() -> None:
        limit = anyio.CapacityLimiter(16)

        async def one(client: Any, row: Row) -> None:
            async with limit:
                try:
                    value = calling(client, row)()
                    found[row.id] = plain(await value if inspect.isawaitable(value) else value)
                except OpenAIError as error:
                    found[row.id] = error

        async with AsyncOpenAI(**settings) as client, anyio.create_task_group() as tasks:
            for row in ROWS:
                tasks.start_soon(one, client, row)

    if flavour.is_async:
        anyio.run(awaiting, backend=flavour.name)
    else:
        blocking()
    proxy.clear()
    return found


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Load all resources: pytest rewrites the modules of its plugins, which goes wrong in several threads at once."""
    with OpenAI(api_key="any", base_url="http://localhost/v1") as client:
        for row in ROWS:
            row.bound(client)


@pytest.mark.parametrize("chunked", [False, True] if SOAKING else [None], ids=str)
def test_the_right_result_or_an_error_of_ours(flavour: Flavour, chunked: bool | None) -> None:
    """On all attempts alike. Bytes that are changed inside of a file are the only ones that cannot be noticed."""
    rounds = len(SPOILS) if SOAKING else 2
    chunked = flavour.name == "asyncio" if chunked is None else chunked
    offset = 17 * ("sync", "asyncio", "trio").index(flavour.name)
    with Proxy(answer, chunked=chunked) as proxy:
        good = outcomes(flavour, proxy, lambda row: None)
        slow = Spoil("answer body", "trickle", 0)
        assert outcomes(flavour, proxy, lambda row: slow) == good
        assert not [value for value in good.values() if isinstance(value, Exception)]
        for number in range(rounds):
            first = offset + number * (1 if SOAKING else len(ROWS))
            spoils = {row.id: SPOILS[(place + first) % len(SPOILS)] for place, row in enumerate(ROWS)}
            started = time.monotonic()
            found = outcomes(flavour, proxy, lambda row, spoils=spoils: spoils[row.id], timeout=0.5)
            assert time.monotonic() - started < PATIENCE
            for row in ROWS:
                if row.answer != "binary" or spoils[row.id].how not in CHANGES:
                    value = found[row.id]
                    right = [good[row.id], DEVIATES] if spoils[row.id].how == "garble" else [good[row.id]]
                    assert isinstance(value, OpenAIError) or value in right, (row.id, spoils[row.id])
        assert sum(proxy.spoiled.values()) >= rounds * len(ROWS) // 2
        assert outcomes(flavour, proxy, lambda row: None) == good
