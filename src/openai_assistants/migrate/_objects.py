"""Objects of version 1 as plain data: results of the client, or parsed JSON."""

from __future__ import annotations

from typing import Any, Mapping

from .._basics import is_list, is_mapping, is_model_like
from .._errors import MigrationError

Json = Mapping[str, Any]

_NEWER: Mapping[str, tuple[str, ...]] = {
    "assistant": ("tool_resources",),
    "thread": ("tool_resources",),
    "thread.message": ("attachments",),
}
"""Fields that only objects of version 2 have."""


def plain(value: object) -> object:
    """A result as plain data; anything else as it is."""
    return value.to_dict() if is_model_like(value) else value


def read(value: object, kind: str) -> Json:
    """An object of version 1 as plain data.

    Args:
        value: A result of `client.beta.v1`, or a mapping as JSON gives it. Null and missing fields are fine.
        kind: What `object` must say, if it says something.

    Raises:
        MigrationError: It is no such object.
    """
    data = plain(value)
    name = kind.rpartition(".")[2]
    if not is_mapping(data):
        raise MigrationError(f"this is no {name} of version 1: it is of the type {type(value).__name__}")
    found = data.get("object")
    if found is not None and found != kind:
        raise MigrationError(f"this is no {name} of version 1: its `object` is {found!r}, not {kind!r}")
    if not isinstance(data.get("id"), str) or not data["id"]:
        raise MigrationError(f"this is no {name} of version 1: it has no id")
    newer = [field for field in _NEWER[kind] if data.get(field)]
    tools: object = data.get("tools") if kind == "assistant" else None
    if any(is_mapping(tool) and tool.get("type") == "file_search" for tool in (tools if is_list(tools) else ())):
        newer.append("file_search")
    if newer:
        raise MigrationError(f"{name} {data['id']} is of version 2 already: it has {' and '.join(newer)}")
    return data


def file_ids_of(data: Json) -> list[str]:
    """Ids of the files that an object uses, each once: its `file_ids`, and the images of a message."""
    listed: object = data.get("file_ids")
    found = [each for each in (listed if is_list(listed) else ()) if isinstance(each, str)]
    return list(dict.fromkeys([*found, *image_ids_of(data)]))


def image_ids_of(data: Json) -> list[str]:
    """Ids of the images of a message."""
    content: object = data.get("content")
    images = [block.get("image_file") for block in (content if is_list(content) else ()) if is_mapping(block)]
    ids: list[object] = [image.get("file_id") for image in images if is_mapping(image)]
    return [each for each in ids if isinstance(each, str)]


def text_of(value: object) -> str:
    """A time or another plain value as text for metadata."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def in_order(messages: list[Json]) -> list[Json]:
    """Messages, oldest first. Those of one second stay in their order; newest first, as lists come unless asked
    otherwise, is turned round."""
    times: list[Any] = [message.get("created_at") for message in messages]
    numbers = all(isinstance(time, (int, float)) and not isinstance(time, bool) for time in times)
    if not messages or not (numbers or all(isinstance(time, str) for time in times)):
        return messages
    if times[0] > times[-1]:
        messages = messages[::-1]
    return sorted(messages, key=lambda message: message["created_at"])
