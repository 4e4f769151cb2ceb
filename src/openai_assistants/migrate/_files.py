"""Files as conversions see them: what they are called, and what becomes of their ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping

from . import _limits as limits
from ._notes import Fields

NewIds = Mapping[str, str | None]
"""Ids of files where the objects go to, by those where they come from; None for a file that is not there any more."""


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
        """Whether file search can have use for a file."""
        return limits.is_searchable(self.names.get(file_id))


GONE = "the file is not there any more"
NO_TEXT = "file search finds nothing in files of this kind, so it does not get it"


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
