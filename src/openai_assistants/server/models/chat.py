"""The chat model: answers runs by asking a server that speaks the chat-completions API, any one.

    ChatModel("http://localhost:11434/v1", model="llama3.1")

It asks, reads, and asks again where that is safe, through this package's own client. What a server does not understand
is found out once, from its refusal, and not sent to it again.

The target of a route is `chat:URL`. What stands behind a `#` belongs to us and is not sent: the name of the model to
ask for, or options as in a query, `chat:https://api.example.com/v1#model=large&api_key_env=EXAMPLE_KEY&timeout=60`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import time
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import parse_qsl, unquote
from weakref import WeakKeyDictionary

import httpx
from typing_extensions import Self

from ..._basics import Omit, omit
from ..._errors import (
    APIError,
    APIStatusError,
    BadRequestError,
    StreamInterruptedError,
    UnprocessableEntityError,
    is_secret,
)
from ..._http import check_address, delay
from ..._sse import ServerSentEvent
from ..spec import JsonObject, is_object
from . import ModelError, Part, Turn
from .chat_protocol import AnswerReader, CutShort, OfferedTools, body_of, failure, load_images, reported, unreadable

if TYPE_CHECKING:
    from openai_assistants import AsyncOpenAI

logger = logging.getLogger("openai_assistants.server")

_CONNECT_SECONDS: Final = 10.0
_DONE: Final = b"[DONE]"
_JSON: Final = "application/json"
_NO_KEY: Final = "none"

KEY_VARIABLE: Final = "OPENAI_ASSISTANTS_CHAT_API_KEY"
_PATH: Final = "/chat/completions"
_SHORTEST_SECRET: Final = 4
_SENDABLE: Final = re.compile(r"[\x21-\x7e]*")
_HIDDEN: Final = "***"

_OPTIONS: Final[Mapping[str, Callable[[str], Any]]] = {
    "model": str,
    "api_key_env": str,
    "key_header": str,
    "timeout": float,
    "deadline": float,
    "max_retries": int,
    "limit_parameter": str,
}
"""What can stand behind the `#`, and how it is read."""

LimitParameter = Literal["max_completion_tokens", "max_tokens"]

_LIMITS: Final[tuple[LimitParameter, ...]] = ("max_completion_tokens", "max_tokens")
_DISPENSABLE: Final = ("stream_options", "parallel_tool_calls", *_LIMITS)
"""What an answer does not depend on: the server counts tokens, keeps to their limit and to single calls by itself."""

_NAMES = re.compile(rf"(?<!\w)(?:{'|'.join(_DISPENSABLE)})(?!\w)")
_UNKNOWN = re.compile(
    r"unsupported|not (be )?(support|permit|allow|recogni|valid|known)|un(recogni[sz]ed|known|expected)|"
    r"does ?n.t support|does not (support|accept|know)|extra|forbidden|additional",
    re.IGNORECASE,
)

__all__ = ["ChatModel"]


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


# Where it asks: URLs, keys, and what of them may be shown.


@dataclass(frozen=True)
class Upstream:
    """A server to ask."""

    base_url: str = field(repr=False)
    """Without user name and password: the HTTP library writes URLs to its log."""
    headers: Mapping[str, str | Omit] = field(repr=False)
    """What authenticates us, and headers that were asked for."""
    query: Mapping[str, str] = field(repr=False)
    shown: str
    """The URL without anything secret."""
    secrets: tuple[str, ...] = field(repr=False)

    def redacted(self, text: str) -> str:
        """A text without the secrets: servers like to quote the key that they refuse."""
        for secret in self.secrets:
            text = text.replace(secret, _HIDDEN)
        return text


def upstream(url: str, *, api_key: str, key_header: str, headers: Mapping[str, str]) -> Upstream:
    """The server at a URL: what stands before `/chat/completions`, or all of it.

    Raises:
        ValueError: It is no http(s) URL, or the key cannot be sent.
    """
    if not _SENDABLE.fullmatch(api_key):
        raise ValueError("the chat model's key holds blanks or characters outside ASCII: is it pasted as it should be?")
    try:
        parsed = httpx.URL(url.strip())
    except httpx.InvalidURL as error:
        reason = "check user name and password" if "@" in url else error  # which may quote a part of them
        raise ValueError(f"the chat model's URL cannot be read: {reason}") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ValueError(
            "the chat model needs a URL that begins with http:// or https://, such as chat:http://localhost:11434/v1"
        )
    check_address(parsed, "the chat model's URL cannot be used: ")
    path = parsed.path.rstrip("/").removesuffix(_PATH)
    query = dict(parse_qsl(parsed.query.decode(), keep_blank_values=True))
    bare = parsed.copy_with(path=path + "/", query=None, fragment=None, username=None, password=None)
    basic = b64encode(f"{parsed.username}:{parsed.password}".encode()).decode() if parsed.userinfo else ""
    secrets = [
        api_key,
        parsed.password,
        basic,
        *query.values(),
        *(headers[name] for name in headers if is_secret(name)),
    ]
    return Upstream(
        base_url=str(bare),
        query=query,
        headers={**_authentication(api_key, key_header, basic), **headers},
        shown=str(bare).rstrip("/"),
        secrets=tuple(sorted({each for each in secrets if len(each) >= _SHORTEST_SECRET}, key=len, reverse=True)),
    )


def _authentication(api_key: str, key_header: str, basic: str) -> dict[str, str | Omit]:
    if basic:
        return {"authorization": f"Basic {basic}"}
    if not api_key:
        return {"authorization": omit}
    if key_header.lower() == "authorization":
        return {"authorization": f"Bearer {api_key}"}
    return {"authorization": omit, key_header: api_key}


def key_from_environment(variable: str = KEY_VARIABLE) -> str:
    """The key of the chat model; empty if there is none. `OPENAI_API_KEY` is another server's: it is not looked at,
    unless a route names it."""
    return os.environ.get(variable, "").strip()


def options_of(target: str) -> tuple[str, dict[str, Any]]:
    """The URL in the target of a route, and the options behind its `#` as arguments of `ChatModel`.

    Raises:
        ValueError: An option is unknown or has no fitting value, or the variable that should hold the key is not set.
    """
    url, _, fragment = target.partition("#")
    if "=" not in fragment:
        return url, {"model": unquote(fragment)} if fragment else {}
    options: dict[str, Any] = {}
    for name, text in parse_qsl(fragment, keep_blank_values=True):
        if name not in _OPTIONS:
            raise ValueError(f"the chat model has no option {name!r}; known are: {', '.join(_OPTIONS)}")
        try:
            options[name] = _OPTIONS[name](text)
        except ValueError:
            raise ValueError(f"the chat model's option {name} must be a number, not {text!r}") from None
    if (variable := options.pop("api_key_env", None)) is not None:
        options["api_key"] = key_from_environment(variable) if variable else ""
        if variable and not options["api_key"]:
            raise ValueError(f"the environment variable {variable} should hold the chat model's key, but is not set")
    return url, options


# What a server does not understand.


class Dialect:
    """How one model of one server wants to be asked."""

    def __init__(self, place: str, limit_parameter: LimitParameter) -> None:
        self._place = place
        self._refused: set[str] = set()
        self._limits = sorted(_LIMITS, key=lambda name: name != limit_parameter)

    def adapted(self, body: JsonObject) -> JsonObject:
        """The body without what was refused before; the limit of tokens under the first name that was not."""
        adapted = {name: value for name, value in body.items() if name not in self._refused}
        limit = next((name for name in self._limits if name not in self._refused), None)
        if "max_completion_tokens" in body:
            adapted.pop("max_completion_tokens", None)
            if limit is not None:
                adapted[limit] = body["max_completion_tokens"]
        return adapted

    def learn(self, error: APIStatusError, sent: JsonObject) -> bool:
        """Whether a refusal is about something that can be left out, so that it is worth asking again without it."""
        if not isinstance(error, (BadRequestError, UnprocessableEntityError)):
            return False
        said = f"{error.param} {error.code} {error.message} {json.dumps(error.body, default=str)}"
        # The one that is named first: a message may go on to list those that are known.
        named = next((name for name in _NAMES.findall(said) if name in sent), None)
        if named is None or _UNKNOWN.search(said) is None:
            return False
        if named not in self._refused:  # another run may have been quicker
            self._refused.add(named)
            logger.warning("%s does not know %s: it is asked without from now on", self._place, named)
        return True
