"""What a model is: something that is told the state of a run and answers with a stream of parts."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from ..spec import JsonObject

ErrorCode = Literal["server_error", "rate_limit_exceeded", "invalid_prompt"]

CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class TextDelta:
    """The next piece of the message's text."""

    text: str
    annotations: tuple[JsonObject, ...] = ()


@dataclass(frozen=True)
class ToolCallDelta:
    """The next piece of a function call. The first piece of an index carries the name, further ones arguments."""

    index: int
    name: str | None = None
    arguments: str = ""
    id: str | None = None


@dataclass(frozen=True)
class Usage:
    """Tokens of this turn as the model counts them; without it the server counts."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True)
class Finish:
    """Why the turn ended, when not because the model had nothing more to say."""

    reason: Literal["length"]


Part: TypeAlias = TextDelta | ToolCallDelta | Usage | Finish


class ModelError(Exception):
    """A model that cannot answer; the run fails with this code and message."""

    def __init__(self, message: str, *, code: ErrorCode = "server_error") -> None:
        super().__init__(message)
        self.code: ErrorCode = code


@dataclass(frozen=True)
class ThreadMessage:
    """A message of the thread, as the model sees it."""

    role: str
    content: list[JsonObject]
    attachments: list[JsonObject]

    @property
    def text(self) -> str:
        """The text blocks, joined."""
        return "\n".join(block["text"]["value"] for block in self.content if block["type"] == "text")


@dataclass(frozen=True)
class FunctionCall:
    """A function call of an earlier turn, with the output that was submitted."""

    id: str
    name: str
    arguments: str
    output: str


@dataclass(frozen=True)
class Round:
    """An earlier turn of the same run: what was said, what was called, what came back."""

    text: str
    calls: tuple[FunctionCall, ...]


@dataclass(frozen=True)
class Turn:
    """What a model is asked."""

    run_id: str
    thread_id: str
    assistant_id: str
    index: int
    """Number of the turn in its run, from 0."""
    model: str
    instructions: str
    messages: tuple[ThreadMessage, ...]
    rounds: tuple[Round, ...]
    tools: tuple[JsonObject, ...]
    tool_choice: Any
    """`none`, `auto`, `required` or a named tool; what was demanded counts for the first turn only."""
    parallel_tool_calls: bool
    response_format: Any
    temperature: float | None
    top_p: float | None
    reasoning_effort: str | None
    max_completion_tokens: int | None
    """What is left of the run's limit."""
    prompt_tokens: int

    @property
    def functions(self) -> list[JsonObject]:
        """The function tools that may be called in this turn."""
        if self.tool_choice == "none":
            return []
        return [tool["function"] for tool in self.tools if tool["type"] == "function"]

    @property
    def question(self) -> str:
        """The text of the last user message."""
        return next((message.text for message in reversed(self.messages) if message.role == "user"), "")


class Model(Protocol):
    """Answers turns. One object serves all runs, many at once."""

    @property
    def name(self) -> str:
        """What the model is called in lists and messages."""
        ...

    def respond(self, turn: Turn) -> AsyncIterator[Part]:
        """The answer, part by part; closed early when the run is cancelled, expires or reaches a limit."""
        ...


def count_tokens(text: str) -> int:
    """How many tokens a text counts for: one for every four characters begun. Rough, but the same everywhere."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)
