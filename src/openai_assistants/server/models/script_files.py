r"""Scripts from YAML files, for a scripted server that runs apart from the tests: `--model '*=scripted:answers.yaml'`.

A file is a list of scripts, or a mapping with `scripts` and, if wanted, `model` and `times` for all that do not say.
The first script that fits a run is played. A script that is nothing but its text may be written as such. Of
several worker processes each counts `times` for itself.

    - when: weather in (\w+)        # regular expression, found in the last user message; default: anything goes
      model: gpt-*                  # pattern for the model name of the run; default: any
      times: 2                      # how many runs play it; default: any number
      turns:                        # what the model does, then what it does when the tool outputs have come, and so on
        - calls:
            - name: get_weather
              arguments: {city: Lisbon}   # or text, which is sent as it is
              id: call_1                  # default: made by the server
              pieces: ['{"city": ', '"Lisbon"}']   # arguments cut into deltas; default: one
            - name: get_time
            - search: whale songs   # a file search; `id` as above
            - code: print(1 + 1)    # a program for the code interpreter; `id` and `pieces` as above
        - text: It is warm.         # or `deltas`, pieces of text with pauses in seconds between them:
          deltas: [It is, 0.5, " warm."]
          refusal: I would rather not say more.   # a block behind the text
          before: 0.2               # a pause before the first part; `after`: one before the turn ends
          usage: {prompt_tokens: 12, completion_tokens: 3}   # or [12, 3]; default: the server counts
          annotations: [{type: file_citation, text: warm, file_citation: {file_id: file-1}}]   # see `Turn`
          fail: {code: rate_limit_exceeded, message: Slow down.}   # or just the message: how the turn ends
    - when: (?i)^hello
      text: Hello!                  # a script of one turn needs no `turns`
    - I do not know.

The tables at the end of this module say which fields there are and what they hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from os import PathLike
from typing import Any, TypeAlias, get_args

import yaml

from ..spec import JsonObject, is_array, is_object
from . import ErrorCode, Usage
from .scripted import Call, Code, Fail, Script, Search, Turn

Reader: TypeAlias = Callable[[Any, str], Any]
"""Makes something of a value at a place, or raises `Wrong`."""

_LARGEST = 16 << 20


# Values of a file as what they should be, with errors that name the place.


class Wrong(Exception):
    """A value that is no good, with its place in the file."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)


@dataclass(frozen=True)
class Record:
    """Something with named fields."""

    make: Callable[..., Any]
    fields: Mapping[str, Reader]
    required: tuple[str, ...] = ()

    def __call__(self, value: Any, place: str) -> Any:
        """What the value says."""
        if not is_object(value):
            raise Wrong(place, f"must be a mapping, not {shown(value)}")
        check_names(value, self.fields, place)
        for name in self.required:
            if name not in value:
                raise Wrong(place, f"{name} is missing")
        made = {name: self.fields[name](item, f"{place}.{name}") for name, item in value.items()}
        try:
            return self.make(**made)
        except ValueError as error:
            raise Wrong(place, str(error)) from None


def text(value: Any, place: str) -> str:
    """Text."""
    if not isinstance(value, str):
        hint = "; put it in quotes" if isinstance(value, (bool, int, float, date)) else ""
        raise Wrong(place, f"must be text, not {shown(value)}{hint}")
    return value


def seconds(value: Any, place: str) -> float:
    """A pause."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
        raise Wrong(place, f"must be a pause in seconds, not {shown(value)}")
    return float(value)


def text_or_pause(value: Any, place: str) -> str | float:
    """A piece of text, or a pause between two."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Wrong(place, f"must be text or a pause in seconds, not {shown(value)}")
    return seconds(value, place)


def count(least: int) -> Reader:
    """A whole number."""

    def read(value: Any, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise Wrong(place, f"must be a whole number, {least} or more, not {shown(value)}")
        return value

    return read


def any_number_or(read: Reader) -> Reader:
    """What `read` reads, or null."""
    return lambda value, place: None if value is None else read(value, place)


def list_of(read: Reader) -> Reader:
    """A list."""

    def read_all(value: Any, place: str) -> list[Any]:
        if not is_array(value):
            raise Wrong(place, f"must be a list, not {shown(value)}")
        return [read(item, f"{place}[{number}]") for number, item in enumerate(value)]

    return read_all


def one_of(*values: str) -> Reader:
    """One of some texts."""

    def read(value: Any, place: str) -> str:
        if value not in values:
            raise Wrong(place, f"must be one of {', '.join(values)}, not {shown(value)}")
        return str(value)

    return read


def json_object_or_text(value: Any, place: str) -> JsonObject | str:
    """Text, or a mapping that JSON can hold."""
    if not isinstance(value, str) and not is_object(value):
        raise Wrong(place, f"must be a mapping or text, not {shown(value)}")
    return value if isinstance(value, str) else json_object(value, place)


def json_object(value: Any, place: str) -> JsonObject:
    """A mapping that JSON can hold."""
    if not is_object(value):
        raise Wrong(place, f"must be a mapping, not {shown(value)}")
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise Wrong(place, f"is no JSON: {error}; dates and the like need quotes") from None
    return value


def check_names(value: JsonObject, known: Collection[str], place: str, *, also: Collection[str] = ()) -> None:
    """Refuse names that are not known; `also` are further ones to tell of."""
    for name in value:
        if name not in known:
            names = ", ".join([*known, *also])
            raise Wrong(place, f"there is no {name!r}; known are: {names}")


def shown(value: object) -> str:
    """A value for a message."""
    if value is None:
        return "nothing"
    said = repr(value)
    return f"{type(value).__name__} {said if len(said) <= 60 else said[:60] + '...'}"


# Scripts.


class ScriptFileError(ValueError):
    """A file of scripts that cannot be used; the message names the file, the place in it and what is wrong."""


def read_file(path: str | PathLike[str]) -> list[Script]:
    """The scripts of a file, in order.

    Raises:
        ScriptFileError: The file cannot be read, is no YAML, or holds something that is no script.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise ScriptFileError(f"{path}: cannot be read: {error.strerror}") from None
    if len(content) > _LARGEST:
        raise ScriptFileError(f"{path}: has more than {_LARGEST >> 20} MiB")
    try:
        document: object = yaml.safe_load(content)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark is not None else ""
        raise ScriptFileError(f"{path}{line}: is no YAML: {error.problem}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise ScriptFileError(f"{path}: is no YAML: {str(error).partition(chr(10))[0]}") from None
    try:
        return _scripts(document)
    except Wrong as error:
        raise ScriptFileError(f"{path}: {error}") from None


def _scripts(document: object) -> list[Script]:
    defaults: JsonObject = {}
    if is_object(document):
        defaults = {name: value for name, value in document.items() if name != "scripts"}
        check_names(defaults, ("model", "times"), "", also=["scripts"])
        document = document.get("scripts")
    if not is_array(document) or not document:
        raise Wrong("", f"there must be a list of scripts, not {shown(document)}")
    found: list[Script] = []
    for number, value in enumerate(document):
        place = f"scripts[{number}]"
        script: Script = _script(_with(defaults, value), place)
        shadow = next((at for at, earlier in enumerate(found) if _takes_all_of(earlier, script)), None)
        if shadow is not None:
            raise Wrong(place, f"no run can play it, because scripts[{shadow}] fits all that it fits")
        found.append(script)
    return found


def _with(defaults: JsonObject, value: object) -> object:
    if isinstance(value, str):
        value = {"text": value}
    return {**defaults, **value} if is_object(value) else value


def _takes_all_of(earlier: Script, later: Script) -> bool:
    return earlier.times is None and earlier.when in (None, later.when) and earlier.model in ("*", later.model)


def _script(value: Any, place: str) -> Script:
    if not is_object(value):
        raise Wrong(place, f"must be a script (a mapping) or its text, not {shown(value)}")
    if "turns" not in value:  # the fields of its one turn stand beside its own
        check_names(value, (*SCRIPT.fields, *TURN.fields), place)
        only_turn = TURN({name: item for name, item in value.items() if name not in SCRIPT.fields}, place)
        value = {**{name: item for name, item in value.items() if name in SCRIPT.fields}, "turns": [only_turn]}
    script: Script = SCRIPT(value, place)
    return script


def call(value: Any, place: str) -> Call | Search | Code:
    """A call; its first field says of what."""
    if not is_object(value):
        raise Wrong(place, f"must be a mapping, not {shown(value)}")
    record = next((CALLS[name] for name in CALLS if name in value), None)
    if record is None:
        raise Wrong(place, f"one of {', '.join(CALLS)} is missing")
    made: Call | Search | Code = record(value, place)
    return made


def usage(value: Any, place: str) -> Usage:
    """Tokens, by name or as a pair."""
    if is_array(value) and len(value) == len(USAGE.fields):
        value = dict(zip(USAGE.fields, value, strict=True))
    elif not is_object(value):
        raise Wrong(place, f"must be a mapping or a list of two numbers, not {shown(value)}")
    made: Usage = USAGE(value, place)
    return made


def failure(value: Any, place: str) -> Fail:
    """A failure, or its message only."""
    made: Fail = FAIL({"message": value} if isinstance(value, str) else value, place)
    return made


def turn(value: Any, place: str) -> Turn:
    """A turn, or its text only; one that was read already is taken as it is."""
    if isinstance(value, Turn):
        return value
    made: Turn = TURN({"text": value} if isinstance(value, str) else value, place)
    return made


def _make_search(search: str, id: str | None = None) -> Search:
    return Search(search, id)


def _make_script(*, times: int | None = None, **fields: Any) -> Script:
    return Script(times=times, **fields)


USAGE = Record(
    Usage, {"prompt_tokens": count(0), "completion_tokens": count(0)}, ("prompt_tokens", "completion_tokens")
)
FAIL = Record(Fail, {"message": text, "code": one_of(*get_args(ErrorCode))})
CALLS = {
    "name": Record(Call, {"name": text, "arguments": json_object_or_text, "id": text, "pieces": list_of(text)}),
    "search": Record(_make_search, {"search": text, "id": text}),
    "code": Record(Code, {"code": text, "id": text, "pieces": list_of(text)}),
}
TURN = Record(
    Turn,
    {
        "text": text,
        "calls": list_of(call),
        "deltas": list_of(text_or_pause),
        "refusal": text,
        "annotations": list_of(json_object),
        "usage": usage,
        "before": seconds,
        "after": seconds,
        "fail": failure,
    },
)
SCRIPT = Record(
    _make_script,
    {"when": text, "model": text, "times": any_number_or(count(1)), "turns": list_of(turn)},
    ("turns",),
)
