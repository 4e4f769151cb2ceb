"""Objects of version 1 as plain data: results of the client, parsed JSON, or stored exports."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any, Iterable, Iterator, Mapping

from .._basics import is_list, is_mapping, is_model_like
from .._errors import MigrationError

Json = Mapping[str, Any]
ExportPath = str | os.PathLike[str]

_NEWER: Mapping[str, tuple[str, ...]] = {
    "assistant": ("tool_resources",),
    "thread": ("tool_resources",),
    "thread.message": ("attachments",),
}
"""Fields that only objects of version 2 have."""

_KINDS = {
    "assistant": "assistants",
    "thread": "threads",
    "thread.message": "messages",
    "file": "files",
    "assistant.file": "files of assistants",
    "thread.message.file": "files of messages",
}
"""Objects that are migrated, or say something about those that are."""


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


# ---- exports ----


class V1Export:
    """The objects of an export. All of them are held in memory; contents of files are no part of it.

    Lists, pages and objects in objects are looked through; an object is known by its `object`. The messages of a thread
    may lie anywhere, also under `messages` in their thread. Of an object that is there several times, the last counts.

    Args:
        objects: Results of `client.beta.v1`, or parsed JSON.

    Raises:
        MigrationError: Objects lack ids, or there are none of version 1 at all.
    """

    def __init__(self, objects: Iterable[object]) -> None:
        self.assistants: dict[str, Json] = {}
        self.threads: dict[str, Json] = {}
        self.files: dict[str, Json] = {}
        """What the export says about files."""
        self.others: Counter[str] = Counter()
        """Objects that are not migrated, such as runs: how many of each kind."""
        self._messages: dict[str, dict[str, Json]] = {}
        self._files_of: dict[str, dict[str, None]] = {}
        """Ids of files that other objects say belong to an assistant or message."""
        try:
            for value in objects:
                for found in _objects_in(value):
                    self._add(found)
        except RecursionError:
            raise MigrationError("this is no export: it is nested too deeply") from None
        known = (self.assistants, self.threads, self.files, self._messages)
        if not any(known) and not self.others:
            raise MigrationError("there are no objects of version 1 in this export: nothing has a known `object`")

    @classmethod
    def read(cls, *paths: ExportPath) -> V1Export:
        """Read files: each one JSON document, or JSON Lines.

        Raises:
            OSError: A file cannot be read.
            MigrationError: It is no JSON, or there are no objects of version 1 in it.
        """
        return cls(document for path in paths for document in _documents(Path(path)))

    def thread_ids(self) -> list[str]:
        """Ids of the threads, also of those of which there are only messages."""
        return list(dict.fromkeys([*self.threads, *self._messages]))

    def assistant(self, assistant_id: str) -> Json | None:
        """An assistant, with the files that the export says it has; None if it is not there."""
        found = self.assistants.get(assistant_id)
        return None if found is None else self._with_files(found)

    def thread(self, thread_id: str) -> tuple[Json, list[Json]] | None:
        """A thread and its messages; None if it is not there. One of which there are only messages is an empty one."""
        members = self._messages.get(thread_id, {})
        if thread_id not in self.threads and not members:
            return None
        return self.threads.get(thread_id, {"id": thread_id}), [self._with_files(each) for each in members.values()]

    def _with_files(self, data: Json) -> Json:
        """The object; where it does not say which files it has, other objects may."""
        more = self._files_of.get(str(data.get("id")))
        return {**data, "file_ids": list(more)} if more and data.get("file_ids") is None else data

    def _add(self, data: Json) -> None:
        kind: str = data["object"]
        if kind not in _KINDS:
            self.others[kind] += 1
            return
        object_id = data.get("id")
        if not isinstance(object_id, str) or not object_id:
            raise MigrationError(f"the export has {kind!r} objects without an id")
        if kind == "thread.message":
            thread_id = data.get("thread_id")
            if not isinstance(thread_id, str) or not thread_id:
                raise MigrationError(f"message {object_id} does not say which thread it is of")
            self._messages.setdefault(thread_id, {})[object_id] = data
        elif kind == "assistant.file":
            self._files_of.setdefault(str(data.get("assistant_id")), {})[object_id] = None
        elif kind == "thread.message.file":
            file_id = data.get("file_id") or object_id
            self._files_of.setdefault(str(data.get("message_id")), {})[str(file_id)] = None
        else:
            {"assistant": self.assistants, "thread": self.threads, "file": self.files}[kind][object_id] = data


def _objects_in(value: object) -> Iterator[Json]:
    """The objects of the API in parsed JSON."""
    value = plain(value)
    if is_list(value):
        for item in value:
            yield from _objects_in(item)
    elif is_mapping(value):
        kind: object = value.get("object")
        if not isinstance(kind, str) or kind == "list":
            for item in value.values():
                yield from _objects_in(item)
        elif kind == "thread" and is_list(value.get("messages")):
            yield {name: item for name, item in value.items() if name != "messages"}
            for item in value["messages"]:
                yield from _objects_in(_message_of(value, item))
        else:
            yield value


def _message_of(thread: Json, item: object) -> object:
    """A message that lies in its thread; it need not say again what it is."""
    return {"object": "thread.message", "thread_id": thread.get("id"), **item} if is_mapping(item) else item


def _documents(path: Path) -> Iterator[Any]:
    """What a file has: one document, or one on each line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise MigrationError(f"{path} is no export: it is not UTF-8 text") from None
    try:
        yield json.loads(text)
        return
    except ValueError as error:
        whole = error
    if not text.strip():
        raise MigrationError(f"{path} is no JSON: it is empty")
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    for place, (number, line) in enumerate(lines):
        try:
            document = json.loads(line)
        except ValueError as error:
            if place == 0:  # nothing speaks for JSON Lines
                raise MigrationError(f"{path} is no JSON: {whole}") from None
            raise MigrationError(f"{path} line {number} is no JSON: {error}") from None
        yield document
