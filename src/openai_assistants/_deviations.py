"""What happens when an answer breaks the API's documents: the rest is validated, the odd values are kept as sent.

A field that the server left out becomes `None`; a value of the wrong type stays in its place as it came; a time in
milliseconds, with a fraction or as ISO text becomes whole seconds. Each is reported as a `Deviation`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Callable, Generic, TypeVar, cast

from pydantic import BaseModel
from pydantic_core import ErrorDetails, SchemaValidator, ValidationError, from_json

from ._documents import mend
from ._guards import is_dict, is_list
from ._models import KNOWN_TAG_ERROR, LATEST_SECOND, TAGGED_LABEL, TIMESTAMP_ERROR, Deviation

T = TypeVar("T")
Path = tuple[str | int, ...]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MAX_PASSES = 8


@dataclass(frozen=True, slots=True)
class Repaired(Generic[T]):
    """A repaired answer; `usable` is False where nothing of the expected type could be read."""

    value: T
    deviations: tuple[Deviation, ...]
    usable: bool = True
    odd: tuple[Odd, ...] = ()
    """The deviations as they may come again; empty where that cannot be told."""


@dataclass(frozen=True, slots=True)
class Odd:
    """What is wrong at a place, in every answer of this kind perhaps."""

    path: Path
    kind: str
    """The type of pydantic's error."""
    expected: str
    got: type | None
    """The type of the value; None where the field is missing."""


@dataclass(slots=True)
class _Lifted:
    """A value taken out of the document before it is validated again."""

    path: Path
    value: Any


def repair(
    data: bytes | bytearray, error: ValidationError, strict: SchemaValidator, lenient: Callable[[], SchemaValidator]
) -> Repaired[Any]:
    """Read a deviating answer. `error` is what `strict` said; `lenient` gives the validator without required fields."""
    found: list[Deviation] = []
    try:
        document: Any = from_json(data)
    except ValueError as reason:
        mended = mend(data)
        try:
            document = from_json(mended or b"")
        except ValueError:
            return _unusable(str(reason), data)
        found.append(Deviation("", "Input should be whole characters in UTF-8 without a byte order mark", "other text"))
        try:
            return Repaired(strict.validate_json(mended or b""), tuple(found))
        except ValidationError as inside:
            error = inside
    if is_list(document) and _wants_page(error):
        document = {"data": document}
        found.append(Deviation("", "Input should be an object with a list under data", "a bare list"))
        try:
            return Repaired(strict.validate_json(json.dumps(document)), tuple(found))
        except ValidationError as inside:
            error = inside
    lifted: list[_Lifted] = []
    seen: set[str] = set()
    odd: list[Odd] = []
    for _ in range(MAX_PASSES):
        problems = _problems(error, document)
        odd += [each.odd for each in problems]
        found += [each.deviation for each in problems if each.deviation.path not in seen]
        seen.update(each.deviation.path for each in problems)
        taken = _lift(document, [problem for problem in problems if not problem.missing])
        if any(not item.path for item in taken):
            return _unusable(found[-1].expected, document)
        lifted += taken
        try:
            value = lenient().validate_json(json.dumps(document))
        except ValidationError as again:
            error = again
        else:
            _put_back(value, lifted)
            return Repaired(value, tuple(found), odd=tuple(odd))
    return Repaired(None, tuple(found), usable=False)


def _unusable(expected: str, got: object) -> Repaired[Any]:
    return Repaired(None, (Deviation("", expected, got),), usable=False)


def _wants_page(error: ValidationError) -> bool:
    return error.errors(include_url=False, include_context=False, include_input=False)[0]["type"] == "dict_type"


def complaints(error: ValidationError, document: Any) -> tuple[Deviation, ...]:
    """The failing places of a document, each with all that is said about it: every member of a union says its own."""
    said: dict[Path, dict[str, None]] = {}
    got: dict[Path, object] = {}
    for detail in error.errors(include_url=False, include_context=False):
        problem = _problem(detail, document)
        said.setdefault(problem.path, {})[problem.deviation.expected] = None
        got[problem.path] = problem.deviation.got
    return tuple(Deviation(show_path(path), "; or ".join(messages), got[path]) for path, messages in said.items())


@dataclass(frozen=True, slots=True)
class _Problem:
    path: Path
    holder: Any
    """What has the value, or lacks it."""
    kind: str
    deviation: Deviation

    @property
    def missing(self) -> bool:
        return self.kind == "missing"

    @property
    def odd(self) -> Odd:
        deviation = self.deviation
        return Odd(self.path, self.kind, deviation.expected, None if self.missing else type(deviation.got))


def _problems(error: ValidationError, document: Any) -> list[_Problem]:
    """The failing places, each once; without complaints that only come from trying the other members of a union."""
    problems: dict[Path, _Problem] = {}
    for detail in error.errors(include_url=False, include_context=False):
        if detail["type"] == KNOWN_TAG_ERROR:
            continue
        problem = _problem(detail, document)
        problems.setdefault(problem.path, problem)
    # Where something inside a value failed, complaints about the whole value come from other members of its union.
    inner: set[Path] = set()
    for path in problems:
        while path and (path := path[:-1]) not in inner:
            inner.add(path)
    return [problem for path, problem in problems.items() if path not in inner]


def _problem(detail: ErrorDetails, document: Any) -> _Problem:
    location, missing = detail["loc"], detail["type"] == "missing"
    path, holder, value = _locate(document, location[:-1] if missing else location)
    if missing:
        path, holder, value = (*path, location[-1]), value, None
    return _Problem(path, holder, detail["type"], Deviation(show_path(path), detail["msg"], value))


def _locate(document: Any, location: Path) -> tuple[Path, Any, Any]:
    """Follow a location of pydantic, which names union members too, through the document itself: the path, what holds
    the value, the value."""
    path: list[str | int] = []
    holder, value = None, document
    steps = iter(location)
    for step in steps:
        if step == TAGGED_LABEL:
            next(steps, None)
        elif _has(value, step):
            holder, value = value, value[step]
            path.append(step)
    return tuple(path), holder, value


def _has(holder: object, step: str | int) -> bool:
    if isinstance(step, str):
        return is_dict(holder) and step in holder
    return is_list(holder) and step < len(holder)


def _lift(document: Any, problems: list[_Problem]) -> list[_Lifted]:
    """Take the failing values out, in the order in which they can be put back from the last to the first: what moves
    others, the items of lists, at the end, and of these the outer and earlier ones."""
    lifted: list[_Lifted] = []
    for problem in sorted(problems, key=_in_lists_last):
        if not problem.path:
            return [_Lifted((), document)]
        value = problem.holder.pop(problem.path[-1])
        lifted.append(_Lifted(problem.path, as_timestamp(value) if problem.kind == TIMESTAMP_ERROR else value))
    return lifted


def _in_lists_last(problem: _Problem) -> tuple[bool, int, int]:
    match problem.path:
        case (*_, int(last)):
            return True, -len(problem.path), -last
        case _:
            return False, 0, 0


def _put_back(root: Any, lifted: list[_Lifted]) -> None:
    """Put the values where they were, the last one first."""
    holders: dict[Path, Any] = {}
    for item in reversed(lifted):
        *parents, last = item.path
        place = item.path[:-1]
        holder = holders.get(place)
        if holder is None:
            holder = root
            for step in parents:
                holder = _child(holder, step)
            holders[place] = holder
        if is_list(holder):
            holder.insert(cast("int", last), item.value)
            holders.clear()  # others have moved
        elif isinstance(holder, BaseModel):
            name = _field_name(holder, cast("str", last))
            vars(holder)[name] = item.value
            holder.__pydantic_fields_set__.add(name)
        elif is_dict(holder):
            holder[cast("str", last)] = item.value


def _child(holder: Any, step: str | int) -> Any:
    if isinstance(holder, BaseModel):
        name = _field_name(holder, cast("str", step))
        extra = holder.__pydantic_extra__ or {}
        return holder.__dict__[name] if name in holder.__dict__ else extra.get(name)
    return holder[step]


def _field_name(model: BaseModel, key: str) -> str:
    fields = type(model).model_fields
    if key in fields:
        return key
    return next((name for name, field in fields.items() if field.alias == key), key)


def as_timestamp(value: object) -> object:
    """A time in another form as whole seconds; anything else as it is."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= LATEST_SECOND * 1000:
        seconds = value / 1000 if abs(value) > LATEST_SECOND else value
        return int(seconds)
    if isinstance(value, str) and _DATE.match(value):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return int(moment.timestamp())
    return value


def show_path(path: Path) -> str:
    """A path as people write it: `data[0].created_at`."""
    shown = ""
    for step in path:
        shown += f"[{step}]" if isinstance(step, int) else f".{step}" if shown else step
    return shown
