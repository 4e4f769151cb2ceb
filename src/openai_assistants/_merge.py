"""Merging pieces of an object into the object itself, in place; no I/O.

A delta has the shape of its object with everything optional. Lists grow by the `index` of their items, a few strings
are appended, everything else replaces what was there. Classes are found in the annotations of the snapshot's own class,
so that this works for every version of the API.
"""

from __future__ import annotations

import bisect
import copy
import json
import typing
from typing import Any, Iterator, Mapping

import pydantic

from ._basics import is_dict, is_list
from ._models import Unparsable, parser_for

Key = tuple[int, str]
"""An item of a list: its index and its type."""
Slots = dict[tuple[Any, ...], list[Key]]
"""The keys of all growing lists of one snapshot, by the way that leads to the list; sorted like the list itself."""

APPENDED = frozenset(
    {
        ("text", "value"),
        ("content", "refusal"),
        ("function", "arguments"),
        ("code_interpreter", "input"),
        ("outputs", "logs"),
    }
)
"""Strings that come in pieces, as (where, name). Others are repeated by some servers and must not be doubled."""
INDEXED = frozenset({"content", "annotations", "tool_calls", "outputs"})
"""Lists whose items are merged by their index: of the parts of messages and the calls of steps, also of kinds to
come. The lists of parts and calls themselves are merged item by item where each of them is told."""
BLANKS: Mapping[str, Mapping[str, Any]] = {
    "text": {"text": {"value": "", "annotations": []}},
    "refusal": {"refusal": ""},
    "image_file": {},
    "image_url": {},
    "function": {"id": "", "function": {"name": "", "arguments": "", "output": None}},
    "code_interpreter": {"id": "", "code_interpreter": {"input": "", "outputs": []}},
    "file_search": {"id": "", "file_search": {}},
    "logs": {"logs": ""},
    "image": {},
    "file_citation": {},
    "file_path": {},
    "tool_calls": {"tool_calls": []},
    "message_creation": {},
}
"""What an object is made of before its first delta, by its type. The types are names of fields too."""
GROWING = frozenset({"text", "refusal", "function", "code_interpreter", "logs"})
"""Types of items that more than one delta may belong to."""


def merge(target: Any, delta: Any, slots: Slots, path: tuple[Any, ...] = (), where: str = "") -> None:
    """Merge a delta into its object, both models or dicts; `where` is the field that the object stands in."""
    for name, value in fields_of(delta):
        if value is None or name == "index":
            continue
        mine = field(target, name)
        if is_list(value) and name in INDEXED:
            for item in value:
                merge_item(target, name, item, slots, path)
        elif isinstance(value, pydantic.BaseModel) or is_dict(value):
            if not is_object(mine):
                mine = build(_annotation(target, name), BLANKS.get(name, {}).get(name, {}))
                if not is_object(mine):  # it takes the place of a text
                    mine = dict[str, Any]()
                set_field(target, name, mine)
            merge(mine, value, slots, (*path, name), name)
        elif type(value) is str and isinstance(mine, str) and (where, name) in APPENDED:
            del mine  # a string that is held somewhere else is copied when it grows
            append(target, name, value)
        elif not is_object(mine):
            set_field(target, name, build(_annotation(target, name), plain(value)) if is_list(value) else value)


def merge_item(target: Any, name: str, delta: Any, slots: Slots, path: tuple[Any, ...] = ()) -> tuple[Key, Any] | None:
    """Merge one item of a delta's list into the list `name` of the object; returns the item and its key."""
    if not is_object(delta):
        return None
    items = field(target, name)
    if not is_list(items):
        items = []
        set_field(target, name, items)
    path = (*path, name)
    keys = slots.get(path)
    if keys is None or len(keys) != len(items):
        keys = slots[path] = keys_of(items)
    key = _key_of(delta, keys, items)
    position = bisect.bisect_left(keys, key)
    if position == len(keys) or keys[position] != key:
        items.insert(position, blank(target, name, key[1]))
        keys.insert(position, key)
    elif not is_object(items[position]):  # nothing can be added to it
        items[position] = blank(target, name, key[1])
    item = items[position]
    merge(item, delta, slots, (*path, key), name)
    return key, item


def keys_of(items: list[Any]) -> list[Key]:
    """The keys of a list that came whole."""
    return [(index, kind_of(item)) for index, item in enumerate(items)]


def kind_of(item: Any) -> str:
    """The type of an item; where the server left it out, told from the fields that it has."""
    kind = field(item, "type")
    if isinstance(kind, str):
        return str(kind)
    return next((name for name in BLANKS if field(item, name) is not None), "")


def typed(owner: Any, name: str, value: Any) -> Any:
    """A part of a delta, standing in the field `name` or in its list, as the class of its type, also where the server
    left the type out."""
    if not isinstance(field(value, "type"), str) and (kind := kind_of(value)):
        return build(_item_annotation(owner, name) or _annotation(owner, name), {**plain(value), "type": kind})
    return value


def blank(owner: Any, name: str, kind: str) -> Any:
    """What a field or an item of a list is before its first delta."""
    return build(_item_annotation(owner, name) or _annotation(owner, name), {"type": kind, **BLANKS.get(kind, {})})


def become(mine: Any, final: Any) -> Any:
    """Make a snapshot the same as the final object, keeping the identity of what has the same class."""
    if isinstance(final, pydantic.BaseModel) and type(mine) is type(final):
        fields = vars(mine)
        for name, value in vars(final).items():
            fields[name] = become(fields.get(name), value)
        for attribute in ("__pydantic_extra__", "__pydantic_fields_set__"):
            object.__setattr__(mine, attribute, getattr(final, attribute))
        return mine
    if is_list(final) and is_list(mine):
        known = len(mine)
        mine[:] = [become(mine[i], item) if i < known else item for i, item in enumerate(final)]
        return mine
    return final


def field(target: Any, name: str) -> Any:
    """A field of a model or dict, known or extra; None where it is not there."""
    if isinstance(target, pydantic.BaseModel):
        fields = target.__dict__
        return fields[name] if name in fields else (target.__pydantic_extra__ or {}).get(name)
    return target.get(name) if is_dict(target) else None


def set_field(target: Any, name: str, value: Any) -> None:
    """Set a field of a model or dict. Validation has been done: the value comes from a delta."""
    if not isinstance(target, pydantic.BaseModel):
        target[name] = value
    elif name in type(target).model_fields:
        vars(target)[name] = value
        target.__pydantic_fields_set__.add(name)
    else:
        typing.cast("dict[str, Any]", target.__pydantic_extra__)[name] = value
        target.__pydantic_fields_set__.add(name)


def fields_of(source: pydantic.BaseModel | Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and values of a model or dict, extra fields last."""
    if isinstance(source, pydantic.BaseModel):
        yield from vars(source).items()
        yield from (source.__pydantic_extra__ or {}).items()
    else:
        yield from source.items()


def plain(value: Any) -> Any:
    """A value as new plain data."""
    if isinstance(value, pydantic.BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)
    if is_list(value):
        return [plain(item) for item in value]
    return copy.deepcopy(value)


def append(target: Any, name: str, text: str) -> None:
    """Append in place where Python can: no other reference to the growing string is held meanwhile."""
    fields = vars(target) if isinstance(target, pydantic.BaseModel) and name in vars(target) else None
    if fields is None:
        set_field(target, name, field(target, name) + text)
        return
    whole = fields[name]
    fields[name] = None
    whole += text
    fields[name] = whole


def _key_of(delta: Any, keys: list[Key], items: list[Any]) -> Key:
    """Which item a delta belongs to, or the key of a new one."""
    index, kind = field(delta, "index"), kind_of(delta)
    if type(index) is int:
        if kind:
            return index, kind
        return next((key for key in keys if key[0] == index), (index, ""))
    # Without an index: the item with the same id, or the last one if it is of this type and can grow.
    following = (keys[-1][0] + 1 if keys else 0, kind)
    id = field(delta, "id")
    if id:
        return next((key for key, item in zip(keys, items, strict=True) if field(item, "id") == id), following)
    return keys[-1] if keys and kind in (keys[-1][1], "") and keys[-1][1] in GROWING else following


def is_object(value: Any) -> bool:
    """Whether a value has fields."""
    return isinstance(value, (pydantic.BaseModel, dict))


def _annotation(target: Any, name: str) -> Any:
    """What a field is declared as; None for an extra field."""
    if not isinstance(target, pydantic.BaseModel):
        return None
    info = type(target).model_fields.get(name)
    return None if info is None else info.rebuild_annotation()


def _item_annotation(target: Any, name: str) -> Any:
    """What the items of a list are declared as."""
    annotation = _annotation(target, name)
    choices = (annotation, *typing.get_args(annotation))
    lists = (choice for choice in choices if typing.get_origin(choice) is list)
    return next((typing.get_args(choice)[0] for choice in lists), None)


def build(annotation: Any, data: Any) -> Any:
    """An object of the declared type, leniently; plain data where nothing is declared or nothing fits."""
    if annotation is not None:
        try:
            return parser_for(annotation).parse(json.dumps(data).encode())[0]
        except Unparsable:
            pass
    return copy.deepcopy(data)
