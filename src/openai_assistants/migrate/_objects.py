"""What version 1 has and version 2 takes: objects, stored exports, limits, notes, metadata, and the fields of both."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Iterable, Iterator, Literal, Mapping

from .._basics import is_list, is_mapping, is_model_like
from .._errors import MigrationError

if TYPE_CHECKING:
    from ..types.files_params import VectorStoreCreateParams

# Objects of version 1 as plain data: results of the client, parsed JSON, or stored exports.

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


# Taking fields over into version 2: its limits, notes on what is lost, and what becomes of files and metadata.

MAX_NAME: Final = 256
"""Characters of an assistant's name."""
MAX_DESCRIPTION: Final = 512
MAX_INSTRUCTIONS: Final = 256_000
MAX_TEXT: Final = 256_000
"""Characters of a text part of a message."""
MAX_TOOLS: Final = 128
MAX_CODE_FILES: Final = 20
"""Files that the code interpreter of an assistant or a thread has."""
MAX_STORE_FILES: Final = 500
"""Files that are put into a vector store at once; every server takes so many."""
MAX_PAIRS: Final = 16
"""Entries of metadata."""
MAX_KEY: Final = 64
MAX_VALUE: Final = 512

V1_ID: Final = "v1_id"
"""Key under which an object made by a migration has the id of the one that it was made from."""

UNSEARCHABLE: Final = frozenset(
    {
        *("7z", "avi", "bin", "bmp", "exe", "gif", "gz", "heic", "ico", "jpeg", "jpg", "mkv", "mov", "mp3", "mp4"),
        *("ogg", "pickle", "pkl", "png", "rar", "sqlite", "tar", "tgz", "tif", "tiff", "wav", "webm", "webp"),
        *("xls", "xlsb", "xlsx", "zip"),
    }
)
"""Endings of names of files that have no text which file search could find."""
GONE: Final = "the file is not there any more"
NO_TEXT: Final = "file search finds nothing in files of this kind, so it does not get it"

Effect = Literal["changed", "dropped"]

NewIds = Mapping[str, str | None]
"""Ids of files where the objects go to, by those where they come from; None for a file that is not there any more."""


# ---- what is lost ----


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is not in version 2 what it was in version 1."""

    path: str
    """Where it is in the object, such as `content[0].text.annotations[1]`."""
    effect: Effect
    """`changed`: it is there, in another form; `dropped`: it is not there."""
    reason: str
    """Why, for people."""
    value: object = None
    """What was there, or the part of it that is lost."""

    def to_dict(self) -> dict[str, object]:
        """The note as plain data."""
        return {"path": self.path, "effect": self.effect, "reason": self.reason, "value": self.value}


class Fields:
    """The fields of one object, taken one by one. What nobody takes is noted, so that nothing is lost silently."""

    def __init__(self, data: Mapping[str, Any], notes: list[Note], path: str = "") -> None:
        self._left = dict(data)
        self._path = path
        self.notes = notes

    def place(self, name: str) -> str:
        """The path of a field."""
        return f"{self._path}.{name}" if self._path else name

    def take(self, name: str) -> Any:
        """The value of a field; None if it is missing."""
        return self._left.pop(name, None)

    def text(self, name: str, limit: int) -> str | None:
        """A text, cut at a number of characters; None if there is none."""
        value = self.take(name)
        if value is None or (isinstance(value, str) and len(value) <= limit):
            return value
        if not isinstance(value, str):
            self.drop(name, "it should be a text", value)
            return None
        self.change(name, f"version 2 takes at most {limit:,} characters; the rest is cut off", value[limit:])
        return value[:limit]

    def drop(self, name: str, reason: str, value: object) -> None:
        """Note that something is not taken over."""
        self.notes.append(Note(self.place(name), "dropped", reason, value))

    def change(self, name: str, reason: str, value: object) -> None:
        """Note that something gets another form."""
        self.notes.append(Note(self.place(name), "changed", reason, value))

    def end(self, reason: str = "neither version of the API has this field") -> None:
        """Note what is left and says something."""
        for name, value in self._left.items():
            if value is not None and value != [] and value != {} and value != "":
                self.drop(name, reason, value)
        self._left.clear()


def entries(fields: Fields, name: str) -> list[Any]:
    """The entries of a list field; none if it is missing or no list."""
    value = fields.take(name)
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        found: list[Any] = list(value)  # pyright: ignore[reportUnknownArgumentType]
        return found
    fields.drop(name, "it should be a list", value)
    return []


# ---- files ----


@dataclass(frozen=True, slots=True)
class Files:
    """What is known about files."""

    new_ids: NewIds = field(default_factory=dict[str, "str | None"])
    """A file that is not in here keeps its id."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])

    def renamed(self, file_id: str) -> str | None:
        """The new id of a file; None if it is gone."""
        return self.new_ids.get(file_id, file_id)

    def called(self, file_id: str) -> str:
        """A file for people."""
        return f"{self.names[file_id]} ({file_id})" if file_id in self.names else file_id

    def is_searchable(self, file_id: str) -> bool:
        """Whether file search can have use for a file; one without a known name may be anything."""
        name = self.names.get(file_id)
        return name is None or name.rpartition(".")[2].lower() not in UNSEARCHABLE


def usable(fields: Fields, ids: list[object], files: Files) -> list[str]:
    """Those of the ids in `file_ids` whose files are there, each once."""
    found: list[str] = []
    for place, file_id in enumerate(ids):
        name = f"file_ids[{place}]"
        if not isinstance(file_id, str) or not file_id:
            fields.drop(name, "it is no id of a file", file_id)
        elif file_id in found:
            fields.change(name, "it is there twice; once is enough", file_id)
        elif files.renamed(file_id) is None:
            fields.drop(name, GONE, file_id)
        else:
            found.append(file_id)
    return found


@dataclass(frozen=True, slots=True)
class NewVectorStore:
    """A vector store that has to be made before the assistant or thread whose files it holds.

    It does not expire, as files of version 1 did not. One that a server makes by itself for the attachments of a
    message does, when nobody has used it for a week.
    """

    name: str
    file_ids: tuple[str, ...]
    """New ids of the files that it is to hold."""
    metadata: dict[str, str]

    @property
    def params(self) -> VectorStoreCreateParams:
        """Arguments of `vector_stores.create`, with the first 500 files; for others see `more_file_ids`."""
        first = list(self.file_ids[:MAX_STORE_FILES])
        return {"name": self.name, "file_ids": first, "metadata": dict(self.metadata)}

    def more_file_ids(self) -> Iterator[list[str]]:
        """The files beyond the first 500, for `vector_stores.file_batches.create`, at most 500 at a time."""
        for start in range(MAX_STORE_FILES, len(self.file_ids), MAX_STORE_FILES):
            yield list(self.file_ids[start : start + MAX_STORE_FILES])


# ---- metadata ----


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
        if len(key) > MAX_KEY:
            fields.drop(place, f"version 2 takes keys of at most {MAX_KEY} characters", value)
        elif value is None:
            fields.drop(place, "version 2 takes texts only", value)
        elif len(kept) == MAX_PAIRS:
            fields.drop(place, f"version 2 takes at most {MAX_PAIRS} pairs", value)
        else:
            kept[key] = _text(fields, place, value)
    for name, value in origin.items():
        _add_origin(fields, kept, name, value)
    return kept


def _text(fields: Fields, place: str, value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if not isinstance(value, str):
        fields.change(place, "version 2 takes texts only; it is kept as JSON", value)
    if len(text) > MAX_VALUE:
        reason = f"version 2 takes at most {MAX_VALUE} characters; the rest is cut off"
        fields.change(place, reason, text[MAX_VALUE:])
    return text[:MAX_VALUE]


def _add_origin(fields: Fields, kept: dict[str, str], name: str, value: object) -> None:
    if value is None or value == "":
        return
    key, text = f"v1_{name}", text_of(value)
    if kept.get(key) == text:
        return
    if key in kept:
        fields.drop(name, f"it goes into the metadata as {key}, but that key is taken", value)
    elif len(kept) >= MAX_PAIRS:
        fields.drop(name, f"it goes into the metadata as {key}, but there are {MAX_PAIRS} pairs already", value)
    elif len(text) > MAX_VALUE:
        fields.drop(name, f"it goes into the metadata as {key}, but has more than {MAX_VALUE} characters", value)
    else:
        kept[key] = text
