"""What happens when an answer breaks the API's documents: the rest is validated, the odd values are kept as sent.

A field that the server left out becomes `None`; a value of the wrong type stays in its place as it came; a time in
milliseconds, with a fraction or as ISO text becomes whole seconds. Each is reported as a `Deviation`.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Callable, Generic, Iterable, Iterator, Mapping, TypeVar, cast

import pydantic
from pydantic import BaseModel
from pydantic_core import ErrorDetails, SchemaValidator, ValidationError, from_json

from ._basics import is_dict, is_list, is_sequence, mend, undisturbed
from ._models import KNOWN_TAG_ERROR, LATEST_SECOND, NO_SCHEMAS, TAGGED_LABEL, TIMESTAMP_ERROR, Deviation

# Schemas of pydantic-core made more tolerant than those of the models.


def without_required(node: Any) -> Any:
    """The same schema in which a field that was left out is `None`."""
    if is_dict(node):
        schema = node
        kind = schema.get("type")
        if kind == "model":
            return built_by_hand(schema, without_required(schema["schema"]))
        if kind in ("model-fields", "typed-dict"):
            fields = {name: _not_required(field, kind) for name, field in schema["fields"].items()}
            return {**schema, "fields": fields, "extra_behavior": "allow"}
        if kind == "tagged-union":
            return {**schema, "choices": {tag: without_required(choice) for tag, choice in schema["choices"].items()}}
        return {key: value if key in NO_SCHEMAS else without_required(value) for key, value in schema.items()}
    if is_sequence(node):
        return type(node)(without_required(item) for item in node)
    return node


def built_by_hand(schema: dict[str, Any], fields: Any) -> dict[str, Any]:
    """A model whose fields are validated by another schema than its own. Left to pydantic-core, the class would be
    validated by its own validator."""
    model = cast("type[pydantic.BaseModel]", schema["cls"])
    if not model.__pydantic_complete__:  # its instances must be able to serialize themselves
        model.model_rebuild()

    def build(parts: tuple[dict[str, Any], dict[str, Any] | None, set[str]]) -> pydantic.BaseModel:
        fields, extra, fields_set = parts
        instance = model.__new__(model)
        object.__setattr__(instance, "__dict__", fields)
        object.__setattr__(instance, "__pydantic_extra__", extra)
        object.__setattr__(instance, "__pydantic_fields_set__", fields_set)
        object.__setattr__(instance, "__pydantic_private__", None)
        return instance

    built: dict[str, Any] = {
        "type": "function-after",
        "function": {"type": "no-info", "function": build},
        "schema": fields,
    }
    return {**built, "ref": schema["ref"]} if "ref" in schema else built


def _not_required(field: dict[str, Any], kind: str) -> dict[str, Any]:
    schema = without_required(field["schema"])
    if field.get("required") is False:  # of a plain dict, which says by itself what was sent
        return {**field, "schema": schema}
    if schema["type"] != "default":
        schema = {"type": "default", "schema": schema, "default": None}
    changed = {**field, "schema": schema}
    if kind == "typed-dict":
        changed["required"] = False
    return changed


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
            return Repaired(value, tuple(found), usable=_put_back(value, lifted), odd=tuple(odd))
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
        lifted.append(_Lifted(problem.path, _in_place_of(value, problem.kind)))
    return lifted


def _in_lists_last(problem: _Problem) -> tuple[bool, int, int]:
    match problem.path:
        case (*_, int(last)):
            return True, -len(problem.path), -last
        case _:
            return False, 0, 0


def _put_back(root: Any, lifted: list[_Lifted]) -> bool:
    """Put the values where they were, the last one first. False if one does not fit in there, as in a set."""
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
        else:
            return False
    return True


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


def _in_place_of(value: object, kind: str) -> object:
    """What a field holds whose value is wrong in this way: the value, unless it can be read another way."""
    if kind == TIMESTAMP_ERROR:
        return as_timestamp(value)
    if kind == "finite_number" and isinstance(value, int):
        return math.inf if value > 0 else -math.inf  # more digits than a float has room for, or a dump
    return value


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


# Deviations that were met before, read in one pass.
#
# A server that deviates does so in every answer, so a place that deviated once is made tolerant for the next time:
# there the validator takes any value and marks it. What was marked is then reported and replaced exactly as
# `_deviations` does it, which reads the answers that are odd in a new way, and is what this learns from.

MAX_PLACES = 50
EVERY = "*"
"""Stands for all numbers in a place."""

Place = tuple[str, ...]
Known = dict[type | None, tuple[str, str]]
"""For each type that a value had, or None where there was none: the kind of error and what it says."""


class Tolerance:
    """What is known of the deviations from a schema. Unchangeable, so that many threads can use it."""

    def __init__(self, schema: Any, places: dict[Place, Known] | None = None) -> None:
        self._schema = schema
        self._places: dict[Place, Known] = places or {}
        if self._places:
            for place in sorted(self._places, key=len, reverse=True):  # marks go around what is changed inside
                schema = _tolerant(schema, place)
            self._validator = SchemaValidator(schema)

    def extended(self, odd: Iterable[Odd]) -> Tolerance | None:
        """With these too; None if nothing is new or can be learned."""
        places = {place: dict(known) for place, known in self._places.items()}
        news = False
        for each in odd:
            place = tuple(EVERY if isinstance(step, int) else step for step in each.path)
            if place not in places and (len(places) >= MAX_PLACES or not self._can_learn(place)):
                continue
            known = places.setdefault(place, {})
            if each.got not in known:
                known[each.got] = (each.kind, each.expected)
                news = True
        return Tolerance(self._schema, places) if news else None

    def _can_learn(self, place: Place) -> bool:
        try:
            _tolerant(self._schema, place)
        except _NotFollowed:
            return False
        return True

    def read(self, data: bytes | bytearray) -> tuple[Any, tuple[Deviation, ...]] | None:
        """The object and its deviations; None if it is odd in a way that is not known."""
        try:
            value: Any = undisturbed(self._validator.validate_json, data)
        except ValidationError:
            return None
        deviations: list[Deviation] = []
        for place, known in self._places.items():
            for path, fields in _holders(value, place[:-1], ()):
                got = fields.get(place[-1])
                if type(got) is not _Marked:
                    continue
                said = known.get(None if got is _MISSING else kind_of_value(got.value))
                if said is None:
                    return None
                kind, expected = said
                deviations.append(Deviation(show_path((*path, place[-1])), expected, got.value))
                fields[place[-1]] = _in_place_of(got.value, kind)
        return value, tuple(deviations)


@dataclass(slots=True, eq=False)
class _Marked:
    """A value that is not as it should be."""

    value: Any


_MISSING = _Marked(None)


def kind_of_value(value: object) -> type:
    """The class of a value, by which deviations at one place are told apart."""
    return type(value)


class _NotFollowed(Exception):
    """A place is not the field of an object, or leads through a union."""


def _holders(value: Any, steps: Place, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The fields of all objects that a place leads to."""
    if isinstance(value, BaseModel):
        fields = vars(value)
    elif is_dict(value):
        fields = value
    elif is_list(value) and steps and steps[0] == EVERY:
        for index, item in enumerate(value):
            yield from _holders(item, steps[1:], (*path, index))
        return
    else:
        return
    if not steps:
        yield path, fields
    elif steps[0] in fields:
        yield from _holders(fields[steps[0]], steps[1:], (*path, steps[0]))


def _tolerant(schema: Any, place: Place, shared: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """The schema, with marks for what is wrong at a place; `shared` are the schemas that it refers to."""
    first = next(iter(place), None)
    match schema["type"]:
        case _ if first is None:
            raise _NotFollowed
        case "definitions":
            shared = {each["ref"]: each for each in schema["definitions"]}
            return {**schema, "schema": _tolerant(schema["schema"], place, shared)}
        case "definition-ref":
            copied = {name: value for name, value in shared[schema["schema_ref"]].items() if name != "ref"}
            return _tolerant(copied, place, shared)
        case "nullable" | "default":
            return {**schema, "schema": _tolerant(schema["schema"], place, shared)}
        case "list" if first == EVERY:
            return {**schema, "items_schema": _tolerant(schema["items_schema"], place[1:], shared)}
        case "model":
            return built_by_hand(schema, _tolerant(schema["schema"], place, shared))
        case "function-after" if is_dict(schema["schema"]) and schema["schema"]["type"] == "model-fields":
            return {**schema, "schema": _tolerant(schema["schema"], place, shared)}
        case "model-fields" | "typed-dict" if first in schema["fields"]:
            field = schema["fields"][first]
            if len(place) > 1:
                field = {**field, "schema": _tolerant(field["schema"], place[1:], shared)}
            elif schema["type"] == "model-fields":
                field = {**field, "schema": _marking(field["schema"])}
            else:
                raise _NotFollowed
            # Extra fields are allowed by the model's configuration, which a model built by hand does not have.
            return {**schema, "fields": {**schema["fields"], first: field}, "extra_behavior": "allow"}
        case _:
            raise _NotFollowed


def _marking(schema: Any) -> Any:
    """Takes anything; what the schema refuses is marked."""
    if schema["type"] == "default":
        return {**schema, "schema": _marking(schema["schema"])}
    anything = {
        "type": "function-after",
        "function": {"type": "no-info", "function": _Marked},
        "schema": {"type": "any"},
    }
    union = {"type": "union", "choices": [schema, anything], "mode": "left_to_right"}
    return {"type": "default", "schema": union, "default": _MISSING, "copy_default": False}
