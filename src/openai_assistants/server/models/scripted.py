"""The scripted model: a test says what each turn of a run answers.

    server.scripts.add(Script([Turn(calls=[Call("lookup", {"query": "x"})]), Turn("Found it.")]))

The next run (of a model name that the script takes) plays this script, its first turn when the run starts, the second
after the tool outputs came. What a script cannot do as told fails the run, with a message that says what was wrong.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from os import PathLike
from typing import Any, TypeAlias, cast

from ..spec import JsonObject, check_fields
from . import ErrorCode, ModelError, Part, RefusalDelta, TextDelta, ToolCallDelta, ToolKind, Turn as ModelTurn, Usage


class ScriptError(ModelError):
    """A script that does not fit the run that plays it."""


class Gate:
    """A point in a script that the model does not pass until the test opens it; from any thread."""

    def __init__(self) -> None:
        self._open = False
        self._lock = threading.Lock()
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
        self.reached = threading.Event()
        """Set when a model has come to the gate."""

    def open(self) -> None:
        """Let everybody through, now and later."""
        with self._lock:
            self._open = True
            waiting, self._waiting = self._waiting, []
        for loop, event in waiting:
            loop.call_soon_threadsafe(event.set)

    async def passed(self) -> None:
        """Wait until the gate is open."""
        waiting = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            if self._open:
                waiting[1].set()
            else:
                self._waiting.append(waiting)
        self.reached.set()
        try:
            await waiting[1].wait()
        finally:
            with self._lock:
                if waiting in self._waiting:
                    self._waiting.remove(waiting)


Pause: TypeAlias = float | Gate


@dataclass(frozen=True)
class Call:
    """A function call. Arguments are an object, or text to be sent as it is, broken JSON included."""

    name: str
    arguments: Mapping[str, object] | str = field(default_factory=dict[str, object])
    id: str | None = None
    pieces: Sequence[str] | None = None
    """The arguments cut into deltas; default: one."""

    def __post_init__(self) -> None:
        check_fields(self)
        text = self.text
        if self.pieces is not None and "".join(self.pieces) != text:
            raise ValueError(f"the pieces of the call of {self.name!r} do not make up its arguments {text!r}")

    @property
    def text(self) -> str:
        """The arguments as text."""
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)

    def deltas(self, index: int) -> Iterator[ToolCallDelta]:
        """The call as a model makes it."""
        yield ToolCallDelta(index, name=self.name, id=self.id)
        for piece in self.pieces if self.pieces is not None else [self.text]:
            yield ToolCallDelta(index, arguments=piece)


@dataclass(frozen=True)
class Search:
    """A file search, which the server carries out before the next turn."""

    query: str
    id: str | None = None

    def __post_init__(self) -> None:
        check_fields(self)

    def deltas(self, index: int) -> Iterator[ToolCallDelta]:
        """The call as a model makes it."""
        yield ToolCallDelta(index, arguments=self.query, id=self.id, kind="file_search")


@dataclass(frozen=True)
class Code:
    """A program for the code interpreter, which the server runs before the next turn."""

    code: str
    id: str | None = None
    pieces: Sequence[str] | None = None
    """The program cut into deltas; default: one."""

    def __post_init__(self) -> None:
        check_fields(self)
        if self.pieces is not None and "".join(self.pieces) != self.code:
            raise ValueError(f"the pieces of the program do not make up {self.code!r}")

    def deltas(self, index: int) -> Iterator[ToolCallDelta]:
        """The call as a model makes it."""
        first, *others = self.pieces or [self.code]
        yield ToolCallDelta(index, arguments=first, id=self.id, kind="code_interpreter")
        for piece in others:
            yield ToolCallDelta(index, arguments=piece, kind="code_interpreter")


@dataclass(frozen=True)
class Fail:
    """An error of the model: the run fails with this code and message."""

    message: str = "The model is overloaded."
    code: ErrorCode = "server_error"

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True)
class Turn:
    """One turn: text, then calls. `deltas` may hold pauses between the pieces: seconds, or a `Gate`."""

    text: str | None = None
    calls: Sequence[Call | Search | Code] = ()
    deltas: Sequence[str | Pause] | None = None
    usage: Usage | tuple[int, int] | None = None
    """Prompt and completion tokens; default: the server counts."""
    before: Pause | None = None
    """A pause before the first part."""
    after: Pause | None = None
    """A pause behind the last part, before the turn ends."""
    fail: Fail | None = None
    """How the turn ends after text and calls, if not well."""
    refusal: str | None = None
    """Words with which the model refuses to answer; they stand in a block of their own, behind the text."""
    annotations: Sequence[Mapping[str, Any]] = ()
    """Annotations of the text as the API has them, each sent with the end of its `text`. Without `start_index` and
    `end_index` they stand where their `text` is, the second one of a kind at its second place. Markers of passages
    that this run's searches found need none."""

    def __post_init__(self) -> None:
        check_fields(self)
        if self.deltas is not None and self.text is not None and self.text != self.whole_text:
            raise ValueError(f"the deltas make up {self.whole_text!r}, but the text is {self.text!r}")
        _placed(self.annotations, self.whole_text)
        if (
            self.deltas is None
            and self.text is None
            and self.refusal is None
            and not self.calls
            and self.fail is None
            and self.before is None
            and self.after is None
        ):
            raise ValueError("a turn needs text, deltas, a refusal, calls, a pause or a failure")

    @property
    def whole_text(self) -> str:
        """The text that is said."""
        if self.deltas is None:
            return self.text or ""
        return "".join(each for each in self.deltas if isinstance(each, str))


def _placed(annotations: Sequence[Mapping[str, Any]], text: str) -> list[JsonObject]:
    """Annotations with their places in the text, in this order."""
    placed: list[JsonObject] = []
    behind: dict[str, int] = {}
    for each in annotations:
        marker = str(each.get("text", ""))
        start = each.get("start_index", text.find(marker, behind.get(marker, 0)) if marker else -1)
        if start < 0:
            raise ValueError(f"the annotation's text {marker!r} is not in the text {text!r}")
        end = each.get("end_index", start + len(marker))
        if end > len(text):
            raise ValueError(f"the annotation {marker!r} ends at {end}, but the text at {len(text)}")
        behind[marker] = end
        placed.append({**each, "start_index": start, "end_index": end})
    return sorted(placed, key=lambda each: (each["end_index"], each["start_index"]))


@dataclass(frozen=True)
class Script:
    """The turns of a run."""

    turns: Sequence[Turn]
    model: str = "*"
    """A pattern for the model names of runs that may play it."""
    times: int | None = 1
    """How many runs play it; None: any number."""
    when: str | None = None
    """A regular expression that must be found in the text of the last user message; None: anything goes."""

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.turns:
            raise ValueError("a script needs at least one turn")
        _check_times(self.times)
        if self.when is not None:
            try:
                re.compile(self.when)
            except re.error as error:
                raise ValueError(f"{self.when!r} is no regular expression: {error}") from None

    def fits(self, turn: ModelTurn) -> bool:
        """Whether the run of this turn may play it."""
        return fnmatchcase(turn.model, self.model) and (
            self.when is None or re.search(self.when, turn.question) is not None
        )


def _check_times(times: int | None) -> None:
    if times is not None and times < 1:
        raise ValueError("times must be 1 or more, or None for always")


class Scripts:
    """Scripts that wait for runs, and those that are being played; usable from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Script, int | None]] = []
        self._playing: dict[str, Script] = {}

    def add(self, script: Script | Sequence[Turn] | Turn | str, *, times: int | None = None) -> Script:
        """Let the next run play this: a script, its turns, or just the text of a single turn.

        Raises:
            TypeError: It is something else.
            ValueError: There is no turn, or `times` is below 1.
        """
        _check_times(times)
        if isinstance(script, str):
            script = Turn(script)
        if isinstance(script, Turn):
            script = [script]
        if not isinstance(script, Script):
            if not isinstance(cast("object", script), Iterable):
                raise TypeError(f"scripts.add takes a Script, a Turn, a sequence of Turn, or text, not {script!r}")
            script = Script(tuple(script))
        with self._lock:
            self._waiting.append((script, times if times is not None else script.times))
        return script

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Scripts:
        """The scripts of a YAML file; its form is told in `script_files`.

        Raises:
            ScriptFileError: It cannot be read, or something in it is wrong; the message says what and where.
        """
        scripts = cls()
        scripts.add_file(path)
        return scripts

    def add_file(self, path: str | PathLike[str]) -> list[Script]:
        """Let the next runs play the scripts of a YAML file.

        Raises:
            ScriptFileError: As `load`; none of them is added then.
        """
        from .script_files import read_file

        return [self.add(script) for script in read_file(path)]

    def clear(self) -> None:
        """Forget the scripts that no run has taken."""
        with self._lock:
            self._waiting.clear()

    @property
    def waiting(self) -> list[Script]:
        """Scripts that no run has taken yet, to assert that all were played."""
        with self._lock:
            return [script for script, times in self._waiting if times is not None]

    def holds(self, turn: ModelTurn) -> bool:
        """Whether this run plays a script; a run's first turn takes the first script that fits."""
        return self.taken_by(turn) is not None

    def taken_by(self, turn: ModelTurn, *, halfway: bool = False) -> Script | None:
        """The script of a run. With `halfway` a later turn of a run that is not known finds its script again if that
        can be played any number of times: its first turns were another process's."""
        with self._lock:
            if (playing := self._playing.get(turn.run_id)) is not None:
                return playing
            if turn.index > 0:
                endless = (script for script, times in self._waiting if times is None)
                return next((script for script in endless if halfway and script.fits(turn)), None)
            for place, (script, times) in enumerate(self._waiting):
                if script.fits(turn):
                    if times is not None and times <= 1:
                        del self._waiting[place]
                    else:
                        self._waiting[place] = (script, None if times is None else times - 1)
                    self._playing[turn.run_id] = script
                    return script
        return None


class ScriptedModel:
    """Plays scripts; `source` says where they come from."""

    name = "scripted"

    def __init__(self, scripts: Scripts, *, source: str | None = None) -> None:
        self._scripts = scripts
        self._source = source

    @property
    def description(self) -> str:
        """What is played."""
        return self.name if self._source is None else f"{self.name}:{self._source}"

    async def respond(self, turn: ModelTurn) -> AsyncIterator[Part]:
        """The turn that the run's script has at this place."""
        script = self._scripts.taken_by(turn, halfway=True)
        if script is None:
            raise ScriptError(self._nothing_fits(turn))
        if turn.index >= len(script.turns):
            raise ScriptError(f"the script has {len(script.turns)} turns, but the run asked for turn {turn.index + 1}")
        planned = script.turns[turn.index]
        _check_calls(planned, turn)
        if planned.before is not None:
            await _pause(planned.before)
        annotations, end = _placed(planned.annotations, planned.whole_text), 0
        for delta in _deltas(planned):
            if isinstance(delta, str):
                end += len(delta)
                count = sum(each["end_index"] <= end for each in annotations)
                yield TextDelta(delta, tuple(annotations[:count]))
                del annotations[:count]
            else:
                await _pause(delta)
        for piece in _words(planned.refusal or ""):
            yield RefusalDelta(piece)
        for index, call in enumerate(planned.calls):
            for part in call.deltas(index):
                yield part
        if planned.after is not None:
            await _pause(planned.after)
        if planned.fail is not None:
            raise ModelError(planned.fail.message, code=planned.fail.code)
        if planned.usage is not None:
            yield planned.usage if isinstance(planned.usage, Usage) else Usage(*planned.usage)

    def _nothing_fits(self, turn: ModelTurn) -> str:
        asked = f"a run of model {turn.model!r} that was asked {turn.question[:80]!r}"
        if self._source is not None:
            return f"no script in {self._source} fits {asked}"
        return f"no script waits for {asked}; add one with scripts.add(...)"


def _check_calls(planned: Turn, turn: ModelTurn) -> None:
    offered = [function["name"] for function in turn.functions]
    for call in planned.calls:
        if not isinstance(call, Call):
            kind: ToolKind = "file_search" if isinstance(call, Search) else "code_interpreter"
            if not turn.has_tool(kind):
                raise ScriptError(f"the script calls {kind}, but the run does not offer it")
        elif call.name not in offered:
            raise ScriptError(f"the script calls {call.name!r}, but the run offers {offered or 'no functions'}")
    if len(planned.calls) > 1 and not turn.parallel_tool_calls:
        raise ScriptError(f"the script makes {len(planned.calls)} calls at once, but the run forbids parallel calls")


def _deltas(planned: Turn) -> Sequence[str | Pause]:
    if planned.deltas is not None:
        return planned.deltas
    return _words(planned.text or "")


def _words(text: str) -> list[str]:
    return re.findall(r"\s*\S+\s*$|\s*\S+|\s+", text)


async def _pause(pause: Pause) -> None:
    if isinstance(pause, Gate):
        await pause.passed()
    else:
        await asyncio.sleep(pause)
