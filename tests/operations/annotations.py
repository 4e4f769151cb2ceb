"""Annotations of the package compared with the specs: does a type allow exactly what its schema allows?"""

from __future__ import annotations

import ast
import inspect
import sys
import types
from collections.abc import Iterable as AbstractIterable, Iterator
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import pydantic

from openai_assistants import FileTypes, Omit, UnknownValue, UnknownVariant

from .spec import Schema, branches, is_null, is_union, listed_tags

SCALARS: dict[str, Any] = {"string": str, "integer": int, "number": float, "boolean": bool, "null": type(None)}
TIMESTAMP = "timestamp"


def method_hints(method: Any) -> dict[str, Any]:
    """Annotations of a method, evaluated with what its module imports for type checkers only."""
    module = sys.modules[method.__module__]
    names = dict(vars(module))
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            exec(compile(ast.Module(node.body, []), str(module.__file__), "exec"), names)
    return get_type_hints(method, names, {}, include_extras=True)


def members(annotation: Any) -> Iterator[Any]:
    """The members of a union; what only marks something is taken off."""
    origin = get_origin(annotation)
    if origin in (Required, NotRequired):
        yield from members(get_args(annotation)[0])
    elif origin is Annotated:
        inner = list(members(get_args(annotation)[0]))
        yield from [TIMESTAMP] if inner == [int] else inner
    elif origin in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from members(member)
    else:
        yield annotation


TAGS = ("ComparisonFilterParam.type", "CompoundFilterParam.type")
"""Listed values that tell the members of a union apart: a value that is not listed would be another member."""


def differences(
    annotation: Any, schema: Schema, *, result: bool, place: str, within: tuple[Any, ...] = ()
) -> Iterator[str]:
    """Where an annotation says something else than a schema.

    Args:
        annotation: The annotation.
        schema: The schema.
        result: It is of a result, where a list of values beside any text is only a suggestion; else of a parameter.
        place: For messages.
        within: Classes that are being compared: one that has fields of its own class is compared once.
    """
    kinds = branches(schema)
    listed = [branch for branch in kinds if "enum" in branch or "const" in branch]
    any_text = [branch for branch in kinds if branch["type"] == "string" and branch not in listed]
    if any("binary" in branch.values() for branch in any_text):
        if set(members(annotation)) != set(members(FileTypes)):
            yield f"{place}: {annotation} is no file"
        return
    if any_text and result:
        kinds = [branch for branch in kinds if branch not in listed]  # suggestions: for results any string
        listed = []
    left = [member for member in members(annotation) if member is not Omit]
    is_open = any("enum" in branch for branch in listed) and not place.endswith(TAGS)
    if is_open != (UnknownValue in left):
        yield f"{place}: {annotation} is {'not ' if is_open else ''}open"
    left = [member for member in left if member is not UnknownValue]
    unknown = [member for member in left if inspect.isclass(member) and issubclass(member, UnknownVariant)]
    left = [member for member in left if member not in unknown]
    if result and len(unknown) != is_union(schema):
        yield f"{place}: {len(unknown)} classes for unknown members"
    if not result:
        left = [member for member in left if not (inspect.isclass(member) and issubclass(member, pydantic.BaseModel))]
    for branch in kinds:
        found = [member for member in left if _matches(member, branch, result=result)]
        if len(found) != 1:
            yield f"{place}: {annotation} has {len(found)} members for {_short(branch)}"
            continue
        left.remove(found[0])
        yield from _inside(found[0], branch, result=result, place=place, within=within)
    for member in left:
        yield f"{place}: {member} is not in the specs"


def _short(branch: Schema) -> str:
    return str({key: value for key, value in branch.items() if key in ("type", "const", "enum", "format")})


def _matches(member: Any, branch: Schema, *, result: bool) -> bool:
    """Whether a member of a union is the one for a branch, by its kind only."""
    if "const" in branch or "enum" in branch:
        values = branch.get("enum") or [branch["const"]]
        return get_origin(member) is Literal and sorted(get_args(member)) == sorted(values)
    kind = branch["type"]
    if kind == "integer" and branch.get("format") == "unixtime" and result:
        return member == TIMESTAMP
    if kind in SCALARS:
        return member is SCALARS[kind]
    if kind == "array":
        return get_origin(member) in (list, AbstractIterable)
    if "properties" not in branch:
        return get_origin(member) is dict
    if not _is_object(member, result=result):
        return False
    hints = get_type_hints(member, include_extras=True)
    return all(
        sorted(value for value in _literal_values(hints.get(name)) if isinstance(value, str)) == sorted(values)
        for name, values in listed_tags(branch).items()
    )


def _is_object(member: Any, *, result: bool) -> bool:
    if result:
        return inspect.isclass(member) and issubclass(member, pydantic.BaseModel)
    return is_typeddict(member)


def _literal_values(annotation: Any) -> Iterator[Any]:
    for member in members(annotation):
        yield from get_args(member) if get_origin(member) is Literal else [member]


def _inside(member: Any, branch: Schema, *, result: bool, place: str, within: tuple[Any, ...]) -> Iterator[str]:
    if branch["type"] == "array":
        yield from differences(get_args(member)[0], branch["items"], result=result, place=f"{place}[]", within=within)
    elif "properties" in branch:
        if member not in within:
            yield from _fields(member, branch, result=result, place=place, within=(*within, member))
    elif branch["type"] == "object":
        key, value = get_args(member)
        if key is not str:
            yield f"{place}: keys are {key}"
        values = branch["additionalProperties"]
        if values is True:
            if value is not object:
                yield f"{place}: values are {value}"
        else:
            yield from differences(value, values, result=result, place=f"{place}{{}}", within=within)


def _fields(cls: Any, branch: Schema, *, result: bool, place: str, within: tuple[Any, ...]) -> Iterator[str]:
    hints = get_type_hints(cls, include_extras=True)
    required = set(branch.get("required", ()))
    if result:
        names = {field.alias or name: name for name, field in cls.model_fields.items()}
        needed = {wire for wire, name in names.items() if cls.model_fields[name].is_required()}
        required = {wire for wire in required if not any(map(is_null, branches(branch["properties"][wire])))}
    else:
        names = {name: name for name in hints}
        needed = set(cls.__required_keys__)
    here = f"{place}.{cls.__name__}"
    if set(names) != set(branch["properties"]):
        yield f"{here}: fields {sorted(set(names) ^ set(branch['properties']))} are on one side only"
    if needed != required:
        yield f"{here}: required are {sorted(needed)}, not {sorted(required)}"
    for wire in names.keys() & branch["properties"].keys():
        annotation, schema = hints[names[wire]], branch["properties"][wire]
        if result and wire not in required:
            if cls.model_fields[names[wire]].default is not None:
                yield f"{here}.{wire}: the default is not None"
            schema = {"anyOf": [schema, {"type": "null"}]} if not any(map(is_null, branches(schema))) else schema
        yield from differences(annotation, schema, result=result, place=f"{here}.{wire}", within=within)
