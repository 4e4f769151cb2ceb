"""The chat model itself: asks, reads, and asks again where that is safe. It talks through this package's own client."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import httpx
from typing_extensions import Self

from ...._basics import omit
from ...._errors import APIError, APIStatusError, StreamInterruptedError
from ...._retry import delay
from ...._sse import ServerSentEvent
from ...spec import JsonObject, is_object
from ..base import ModelError, Part, Turn
from .dialect import Dialect, LimitParameter
from .failures import CutShort, failure, reported, unreadable
from .reading import AnswerReader
from .request import body_of, load_images
from .settings import key_from_environment, options_of, upstream
from .tools import OfferedTools

if TYPE_CHECKING:
    from openai_assistants import AsyncOpenAI

_CONNECT_SECONDS: Final = 10.0
_DONE: Final = b"[DONE]"
_JSON: Final = "application/json"
_NO_KEY: Final = "none"


class ChatModel:
    """Answers runs by asking a chat-completions server: `POST {url}/chat/completions`, streamed.

    One object serves all runs of a server, each over a connection of its own; connections are kept for further runs. It
    can be used again after `aclose`.

    Args:
        url: Where the API is, such as `http://localhost:11434/v1`. A query is sent along; user name and password are
            sent as HTTP Basic authentication. Neither is ever shown.
        api_key: The key; else the environment variable `OPENAI_ASSISTANTS_CHAT_API_KEY`; empty or none: none is sent.
        model: The model to ask for; the model name of the run unless given.
        timeout: Seconds that the server may be silent, before its first byte too.
        deadline: Seconds that one turn may take: all attempts, the sleeps between them and reading the answer.
        max_retries: How often a turn is asked for again after connection errors, 408, 409, 429 and 5xx, and after
            streams that broke off before anything of the answer was passed on.
        key_header: The header for the key, such as `api-key`; by default it is `Authorization: Bearer ...`.
        headers: Headers to add.
        limit_parameter: Under which name the limit of tokens is sent; a server that refuses one gets the other.

    Raises:
        ValueError: The URL, the key or one of the numbers cannot be used.
    """

    name = "chat"

    def __init__(
        self,
        url: str,
        *,
        api_key: str | None = None,
        model: str | None = None,
        timeout: float = 300.0,
        deadline: float = 600.0,
        max_retries: int = 2,
        key_header: str = "authorization",
        headers: Mapping[str, str] | None = None,
        limit_parameter: LimitParameter = "max_completion_tokens",
    ) -> None:
        if timeout <= 0 or deadline <= 0 or max_retries < 0:
            raise ValueError("timeout and deadline must be more than 0 seconds, max_retries 0 or more")
        if limit_parameter not in ("max_completion_tokens", "max_tokens"):
            raise ValueError(f"limit_parameter must be max_completion_tokens or max_tokens, not {limit_parameter!r}")
        key = key_from_environment() if api_key is None else api_key.strip()
        self._upstream = upstream(url, api_key=key, key_header=key_header, headers=headers or {})
        self._model = model
        self._timeout = timeout
        self._deadline = deadline
        self._max_retries = max_retries
        self._limit_parameter: LimitParameter = limit_parameter
        self._dialects: dict[str, Dialect] = {}
        self._clients: WeakKeyDictionary[object, AsyncOpenAI] = WeakKeyDictionary()
        """One for each event loop, so that a server that stops closes its own only."""

    @classmethod
    def from_target(cls, target: str) -> Self:
        """The model of a route: what stands behind `chat:`.

        Raises:
            ValueError: It cannot be used.
        """
        url, options = options_of(target)
        return cls(url, **options)

    @property
    def description(self) -> str:
        """What is asked where, without secrets."""
        return f"chat:{self._upstream.shown}" + (f"#{self._model}" if self._model else "")

    def __repr__(self) -> str:
        return f"<ChatModel {self.description}>"

    async def respond(self, turn: Turn) -> AsyncIterator[Part]:
        """The answer, as it comes; closing it closes the connection."""
        try:
            async with aclosing(self._respond(turn)) as parts:
                async for part in parts:
                    yield part
        except ModelError as error:
            raise ModelError(self._upstream.redacted(str(error)), code=error.code) from None

    async def aclose(self) -> None:
        """Close the connections of this event loop."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()

    async def _respond(self, turn: Turn) -> AsyncGenerator[Part]:
        ends = time.monotonic() + self._deadline
        model = self._model or turn.model
        tools = OfferedTools(turn)
        body = body_of(turn, model, tools, await load_images(turn))
        dialect = self._dialects.get(model) or Dialect(f"{self._upstream.shown} ({model})", self._limit_parameter)
        failures = 0
        while True:
            reader = AnswerReader(turn, tools)
            sent = dialect.adapted(body)
            try:
                async with aclosing(self._chunks(sent, ends, reader)) as chunks:
                    async for chunk in chunks:
                        for part in reader.take(chunk):
                            yield part
                for part in reader.finish():
                    yield part
                return
            except APIStatusError as error:
                dialect = self._dialects.get(model, dialect)  # another run may have been quicker
                if not dialect.learn(error, sent):
                    raise failure(error) from error
                self._dialects[model] = dialect
            except (CutShort, StreamInterruptedError) as error:
                failures += 1
                seconds = delay(failures, {}) or 0.0
                if reader.begun or failures > self._max_retries or time.monotonic() + seconds >= ends:
                    raise error if isinstance(error, CutShort) else CutShort(_how(error)) from error
                await asyncio.sleep(seconds)
            except APIError as error:
                raise failure(error) from error

    async def _chunks(self, body: JsonObject, ends: float, reader: AnswerReader) -> AsyncGenerator[object]:
        """The chunks of an answer; the reader is told if the server says that they were all."""
        post = self._connected().with_streaming_response.post
        left = max(0.0, ends - time.monotonic())
        async with post("/chat/completions", body=body, into=ServerSentEvent, stream=True, deadline=left) as response:
            if response.headers.get("content-type", "").partition(";")[0].strip().lower() == _JSON:
                document = _json(await response.read())
                if is_object(document) and not document.keys() & {"choices", "error"}:
                    raise unreadable(document)
                yield document
                reader.ended = True
                return
            async with await response.parse() as stream:
                try:
                    async for event in stream:
                        if event.data == _DONE:
                            reader.ended = True
                        elif event.event == "error":
                            raise reported(_json_or_text(event.data))
                        elif event.data.strip():
                            yield _json(event.data)
                except StreamInterruptedError:
                    if not reader.ended:  # otherwise nothing is missing
                        raise

    def _connected(self) -> AsyncOpenAI:
        """The client of this event loop; made on first use, and again after it was closed."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            from openai_assistants import AsyncOpenAI

            # What the environment says of other servers' organization and project is none of this one's business.
            none_of_these = {"openai-organization": omit, "openai-project": omit}
            self._clients[loop] = AsyncOpenAI(
                base_url=self._upstream.base_url,
                api_key=_NO_KEY,  # what authenticates us stands in the headers
                timeout=httpx.Timeout(self._timeout, connect=min(_CONNECT_SECONDS, self._timeout)),
                max_retries=self._max_retries,
                default_headers={**none_of_these, **self._upstream.headers},
                default_query=self._upstream.query,
            )
        return self._clients[loop]


def _how(error: StreamInterruptedError) -> str:
    return error.message.removeprefix("The stream ").rstrip(".")


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise unreadable(data.decode("utf-8", "replace")) from None


def _json_or_text(data: bytes) -> object:
    try:
        document: object = json.loads(data)
    except (ValueError, RecursionError):
        return data.decode("utf-8", "replace")
    return document.get("error", document) if is_object(document) else document
