"""Taking fields over into version 2: its limits, notes on what is lost, and what becomes of files and metadata."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Iterator, Literal, Mapping

from .._basics import is_mapping
from ._objects import text_of

if TYPE_CHECKING:
    from ..types.files_params import VectorStoreCreateParams

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
