"""Models answer runs: what one is, and the routing table that tells the model for a model name.

A model is told the state of a run and answers with a stream of parts. The target of a route is a model, or text: the
name of a kind, for some kinds with `:` and what it is to be made from.
"""

from __future__ import annotations

import math
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeAlias

from ..spec import JsonObject

if TYPE_CHECKING:
    from .scripted import Scripts

ErrorCode = Literal["server_error", "rate_limit_exceeded", "invalid_prompt"]

CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class TextDelta:
    """The next piece of the message's text."""

    text: str
    annotations: tuple[JsonObject, ...] = ()
    """As the API has them; `start_index` and `end_index` count from the beginning of the message."""


@dataclass(frozen=True)
class RefusalDelta:
    """The next piece of the words with which the model refuses to answer."""

    text: str


ToolKind = Literal["function", "file_search", "code_interpreter"]


@dataclass(frozen=True)
class ToolCallDelta:
    """The next piece of a tool call. The first piece of an index says which tool, further ones carry arguments: JSON
    for a function, the question as plain text for `file_search`, the program text for `code_interpreter`. Functions
    are the caller's business; the other two are carried out by the server, and the model is asked again with what
    came of them."""

    index: int
    name: str | None = None
    """The function's name."""
    arguments: str = ""
    id: str | None = None
    kind: ToolKind = "function"


@dataclass(frozen=True)
class Usage:
    """Tokens of this turn as the model counts them; without it the server counts."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True)
class Finish:
    """Why the turn ended, when not because the model had nothing more to say. It is the last part: nothing behind it is
    taken, `Usage` neither."""

    reason: Literal["length", "content_filter"]


Part: TypeAlias = TextDelta | RefusalDelta | ToolCallDelta | Usage | Finish


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
class FoundPassage:
    """A passage that file search found."""

    file_id: str
    filename: str
    score: float
    text: str
    marker: str
    """What an answer writes behind a sentence to cite this passage; the server makes a citation of it."""


@dataclass(frozen=True)
class FileSearchCall:
    """A file search of an earlier turn, with what it found, best first."""

    id: str
    query: str
    results: tuple[FoundPassage, ...]


NOT_RUN: Final = "This program was not run"
"""How the logs of a program begin that was not run at all."""


@dataclass(frozen=True)
class CodeCall:
    """A program of an earlier turn, with what it printed and the files that it made."""

    id: str
    code: str
    logs: str
    file_ids: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Where the program wrote these files, in the same order. An answer links to one as `sandbox:` and its path; the
    server makes an annotation of it."""


ToolCall: TypeAlias = FunctionCall | FileSearchCall | CodeCall


@dataclass(frozen=True)
class Round:
    """An earlier turn of the same run: what was said, what was called, what came back."""

    text: str
    calls: tuple[ToolCall, ...]

    @property
    def functions(self) -> list[FunctionCall]:
        """The calls of functions."""
        return [call for call in self.calls if isinstance(call, FunctionCall)]

    @property
    def searches(self) -> list[FileSearchCall]:
        """The file searches."""
        return [call for call in self.calls if isinstance(call, FileSearchCall)]

    @property
    def programs(self) -> list[CodeCall]:
        """The programs that were run."""
        return [call for call in self.calls if isinstance(call, CodeCall)]


class FileContents(Protocol):
    """Reads files of the server."""

    async def read(self, file_id: str, *, limit: int) -> bytes | None:
        """The content of a file; None if there is no such file any more.

        Raises:
            ValueError: It has more than `limit` bytes.
        """
        ...


class NoFiles:
    """The files of a turn that no server asks for."""

    async def read(self, file_id: str, *, limit: int) -> bytes | None:
        """None: there are none."""
        return None


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
    files: FileContents = field(default_factory=NoFiles, repr=False, compare=False)
    """Contents of the files that messages name."""

    @property
    def functions(self) -> list[JsonObject]:
        """The function tools that may be called in this turn."""
        if self.tool_choice == "none":
            return []
        return [tool["function"] for tool in self.tools if tool["type"] == "function"]

    def has_tool(self, kind: ToolKind) -> bool:
        """Whether a tool of this kind may be called in this turn."""
        return self.tool_choice != "none" and any(tool["type"] == kind for tool in self.tools)

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
        """The answer, part by part; closed early when the run is cancelled, expires or reaches a limit.

        A model may have a method `async def aclose(self)`; it is called when the server stops.
        """
        ...


def count_tokens(text: str) -> int:
    """How many tokens a text counts for: one for every four characters begun. Rough, but the same everywhere."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)


# Routes.

_WILDCARDS: Final = re.compile(r"[*?\[]")
"""What a name has in it that is a pattern for many."""


@dataclass(frozen=True)
class Kind:
    """A kind of model that a route can name."""

    form: str
    """How it is written."""
    make: Callable[[str, Scripts], Model]
    """Makes one from the text behind the colon; `ValueError` if that is no good."""


def _chat(text: str, scripts: Scripts) -> Model:
    from .chat import ChatModel

    return ChatModel.from_target(text)


def _offline(text: str, scripts: Scripts) -> Model:
    from .offline import OfflineModel

    if text:
        raise ValueError("the offline model takes nothing behind its name")
    return OfflineModel()


def _scripted(text: str, scripts: Scripts) -> Model:
    from .scripted import ScriptedModel, Scripts

    return ScriptedModel(Scripts.load(text), source=text) if text else ScriptedModel(scripts)


KINDS: dict[str, Kind] = {
    "chat": Kind("chat:URL", _chat),
    "offline": Kind("offline", _offline),
    "scripted": Kind("scripted[:FILE]", _scripted),
}
"""Models that a route can name."""


class Routes:
    """Patterns for model names in order, each with its model. A script that waits for a run goes before them all.

    Raises:
        ValueError: The target of a route cannot be used.
    """

    def __init__(self, routes: Mapping[str, Model | str], scripts: Scripts) -> None:
        self._scripts = scripts
        self._scripted = _scripted("", scripts)
        self._default = _offline("", scripts)
        self._table = [(pattern, self._model(pattern, target)) for pattern, target in routes.items()]

    def model_for(self, turn: Turn) -> Model:
        """The model that answers this turn."""
        if self._scripts.holds(turn):
            return self._scripted
        return self.model_named(turn.model)

    def model_named(self, name: str) -> Model:
        """The model that a name leads to."""
        return next((model for pattern, model in self._table if fnmatchcase(name, pattern)), self._default)

    def names(self) -> list[str]:
        """The routes that are names and no patterns, and the default, if its name leads to it."""
        plain = [pattern for pattern, _ in self._table if not _WILDCARDS.search(pattern)]
        default = self._default.name
        return [*plain, default] if self.model_named(default) is self._default else plain

    def described(self) -> list[tuple[str, str]]:
        """Each pattern and what answers there, without secrets; the last one is the default, where a name can lead to
        it."""
        rest = [] if any(pattern and not pattern.strip("*") for pattern, _ in self._table) else [("*", self._default)]
        routes = [*self._table, *rest]
        return [(pattern, str(getattr(model, "description", model.name))) for pattern, model in routes]

    async def aclose(self) -> None:
        """Close what the models hold open."""
        for _, model in self._table:
            close: Any = getattr(model, "aclose", None)
            if close is not None:
                await close()

    def _model(self, pattern: str, target: Model | str) -> Model:
        if not isinstance(target, str):
            return target
        name, _, text = target.partition(":")
        if name not in KINDS:
            # Only the name is quoted: what stands behind it may hold a password.
            known = ", ".join(kind.form for kind in KINDS.values())
            raise ValueError(f"route {pattern!r}: there is no model {name!r}; known are: {known}")
        try:
            return KINDS[name].make(text, self._scripts)
        except ValueError as error:
            raise ValueError(f"route {pattern!r}: {error}") from None
