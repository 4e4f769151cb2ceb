"""Metadata of what is made: what was there, and where it comes from, as far as there is room."""

from __future__ import annotations

import json

from .._basics import is_mapping
from . import _limits as limits
from ._notes import Fields
from ._objects import text_of

ID = "v1_id"
"""Key under which an object made by a migration has the id of the one that it was made from."""


def metadata(fields: Fields, **origin: object) -> dict[str, str]:
    """The metadata of an object, and its origin: pairs whose keys get `v1_` in front."""
    kept: dict[str, str] = {}
    given = fields.take("metadata")
    if given is not None and not is_mapping(given):
        fields.drop("metadata", "it should be an object", given)
        given = None
    for name, value in (given or {}).items():
        key: str = str(name)
        place = f"metadata.{key}"
        if len(key) > limits.KEY:
            fields.drop(place, f"version 2 takes keys of at most {limits.KEY} characters", value)
        elif value is None:
            fields.drop(place, "version 2 takes texts only", value)
        elif len(kept) == limits.PAIRS:
            fields.drop(place, f"version 2 takes at most {limits.PAIRS} pairs", value)
        else:
            kept[key] = _text(fields, place, value)
    for name, value in origin.items():
        _add_origin(fields, kept, name, value)
    return kept


def _text(fields: Fields, place: str, value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if not isinstance(value, str):
        fields.change(place, "version 2 takes texts only; it is kept as JSON", value)
    if len(text) > limits.VALUE:
        reason = f"version 2 takes at most {limits.VALUE} characters; the rest is cut off"
        fields.change(place, reason, text[limits.VALUE :])
    return text[: limits.VALUE]


def _add_origin(fields: Fields, kept: dict[str, str], name: str, value: object) -> None:
    if value is None or value == "":
        return
    key, text = f"v1_{name}", text_of(value)
    if kept.get(key) == text:
        return
    if key in kept:
        fields.drop(name, f"it goes into the metadata as {key}, but that key is taken", value)
    elif len(kept) >= limits.PAIRS:
        fields.drop(name, f"it goes into the metadata as {key}, but there are {limits.PAIRS} pairs already", value)
    elif len(text) > limits.VALUE:
        fields.drop(name, f"it goes into the metadata as {key}, but has more than {limits.VALUE} characters", value)
    else:
        kept[key] = text
