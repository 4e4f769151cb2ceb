"""What the programs share: one way to use the official client, blocking and awaiting, and a strict look at all it gets.

Runs in the environment of the official client, so nothing of this project is imported here.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import openai
import pydantic
from openai import AsyncOpenAI, OpenAI
from openai._base_client import BaseClient

# What we send although the official types do not name it, and why. Anything else that they do not name is an error.
KNOWN_FIELDS = {
    "Assistant": ["reasoning_effort"],  # can be set, so it is told; the documents have it in requests only
    "CursorPage": ["object", "first_id", "last_id"],  # in the documents; the client's pages leave them out
    "Page": ["has_more", "next_page", "search_query"],  # the same
}
# The same for values.
KNOWN_VALUES = [
    ("VectorStore", "name", None),  # of one without a name; the documents' type is a string, the API sends null
    ("VectorStoreFileBatch", "status", "cancelling"),  # as in the documents' own example of a cancel
]


class Strict:
    """Checks every JSON answer and every event by the official types: nothing missing, nothing of a wrong type, no
    field that they do not name. The client itself is lenient, so this is hooked in where it builds its objects."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.checked = 0
        original = BaseClient._process_response_data

        def process(client: Any, *, data: object, cast_to: Any, response: Any) -> Any:
            self._check(data, cast_to)
            return original(client, data=data, cast_to=cast_to, response=response)

        BaseClient._process_response_data = process  # type: ignore[method-assign]

    def _check(self, data: object, cast_to: Any) -> None:
        if data is None or cast_to is object:
            return
        self.checked += 1
        name = getattr(cast_to, "__name__", str(cast_to)[:60])
        try:
            value = _adapter(cast_to).validate_python(data, strict=True)
        except pydantic.ValidationError as error:
            item = name.rpartition("[")[2].rstrip("]")
            for each in error.errors():
                if (item, each["loc"][-1], each["input"]) not in KNOWN_VALUES:
                    self.problems.append(f"{name}.{each['loc']}: {each['msg']}, not {each['input']!r}")
            return
        self._walk(value, name)

    def _walk(self, value: object, path: str) -> None:
        if isinstance(value, pydantic.BaseModel):
            owner = type(value).__name__.partition("[")[0]
            for extra in value.model_extra or {}:
                if extra not in KNOWN_FIELDS.get(owner.removeprefix("Async").removeprefix("Sync"), ()):
                    self.problems.append(f"{path}: {owner} has no field {extra!r}")
            for field in type(value).model_fields:
                self._walk(getattr(value, field), f"{path}.{field}")
        elif isinstance(value, list):
            for index, item in enumerate(value):
                self._walk(item, f"{path}[{index}]")


@functools.cache
def _adapter(kind: Any) -> pydantic.TypeAdapter[Any]:
    return pydantic.TypeAdapter(kind)


class Peer:
    """A client of one flavour; `await peer(...)` settles what either client returns."""

    def __init__(self, flavour: str, base_url: str, **options: Any) -> None:
        self.flavour = flavour
        self.is_async = flavour == "async"
        self.base_url = base_url
        self.client: Any = self.make(**options)
        self.assistants = self.client.beta.assistants
        self.threads = self.client.beta.threads
        self.messages = self.client.beta.threads.messages
        self.runs = self.client.beta.threads.runs
        self.steps = self.client.beta.threads.runs.steps
        self.files = self.client.files
        self.stores = self.client.vector_stores

    def make(self, **options: Any) -> Any:
        """Another client for the same server."""
        kind = AsyncOpenAI if self.is_async else OpenAI
        return kind(**{"base_url": self.base_url, "api_key": "any", "max_retries": 0, **options})

    async def __call__(self, value: Any) -> Any:
        return await value if inspect.isawaitable(value) else value

    async def every(self, source: Any) -> list[Any]:
        """All items of a list with all its pages, of a stream, of text deltas."""
        return [item async for item in self.each(source)]

    async def each(self, source: Any) -> AsyncIterator[Any]:
        """Items one by one."""
        if hasattr(source, "__aiter__"):
            async for item in source:
                yield item
        else:
            for item in source:
                yield item

    @asynccontextmanager
    async def opened(self, manager: Any) -> AsyncIterator[Any]:
        """A stream or a response in its `with` block."""
        if hasattr(manager, "__aenter__"):
            async with manager as inner:
                yield inner
        else:
            with manager as inner:
                yield inner

    async def refused(self, kind: type[openai.APIStatusError], send: Any) -> Any:
        """The error that a call ends with; `send` makes the call."""
        try:
            await self(send())
        except openai.APIStatusError as error:
            assert type(error) is kind, f"{type(error).__name__} instead of {kind.__name__}: {error}"
            return error
        raise AssertionError(f"{kind.__name__} was not raised")

    def handler(self, seen: list[tuple[str, Any]]) -> Any:
        """An event handler that notes each callback and what it was given."""
        base = openai.AsyncAssistantEventHandler if self.is_async else openai.AssistantEventHandler

        def callback(name: str) -> Any:
            def note(_: Any, *given: Any) -> None:
                seen.append((name, given))

            async def note_async(_: Any, *given: Any) -> None:
                seen.append((name, given))

            return note_async if self.is_async else note

        return type("Handler", (base,), {name: callback(name) for name in dir(base) if name.startswith("on_")})()


FUNCTION: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def outputs_of(run: Any, text: str = "Sunny, 21 degrees.") -> Any:
    """The answers to all calls that a run waits for."""
    assert run.status == "requires_action", run.status
    assert run.required_action.type == "submit_tool_outputs"
    return [{"tool_call_id": call.id, "output": text} for call in run.required_action.submit_tool_outputs.tool_calls]


def text_of(message: Any) -> str:
    """The text of a message."""
    return "".join(block.text.value for block in message.content if block.type == "text")


def user(text: str) -> Any:
    """A message of a user."""
    return {"role": "user", "content": text}
