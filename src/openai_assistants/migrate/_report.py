"""What a migration has done or would do: an entry for each object and each file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Literal

from ._notes import Note

Status = Literal["planned", "made", "made_before", "failed", "skipped"]
"""`planned`: would be made; `made`: has been made now; `made_before`: was made by an earlier call; `failed`: see
`error`; `skipped`: need not be made, see `error`."""

FileStatus = Literal["kept", "planned", "copied", "copied_before", "missing", "failed"]
"""`kept`: is at the target under the same id; `planned`: would be copied; `copied`: has been copied now;
`copied_before`: was copied by an earlier call; `missing`: is nowhere; `failed`: see `error`."""


@dataclass
class MigratedFile:
    """One file."""

    source_id: str
    status: FileStatus = "planned"
    target_id: str | None = None
    name: str | None = None
    bytes: int | None = None
    purpose: str | None = None
    """What it is for, at the target."""
    notes: list[Note] = field(default_factory=list[Note])
    error: str | None = None

    def to_dict(self) -> dict[str, object]:
        """The entry as plain data."""
        return {**self.__dict__, "notes": [note.to_dict() for note in self.notes]}


@dataclass
class MigratedObject:
    """One assistant or thread."""

    kind: Literal["assistant", "thread"]
    source_id: str
    status: Status = "planned"
    target_id: str | None = None
    """Id of what has been made; of a thread that failed halfway, too."""
    name: str | None = None
    """Of an assistant."""
    vector_store_id: str | None = None
    """Id of the vector store that has been made for it."""
    needs_vector_store: bool = False
    messages: int = 0
    """How many messages it gets."""
    messages_made: int = 0
    """How many of them are there."""
    file_ids: list[str] = field(default_factory=list[str])
    """Ids of the files that it uses, as they were."""
    notes: list[Note] = field(default_factory=list[Note])
    """What has another form, and what has no counterpart. Paths of messages begin with `messages[ID].`."""
    error: str | None = None
    """Why it failed or was skipped."""

    def to_dict(self) -> dict[str, object]:
        """The entry as plain data."""
        return {**self.__dict__, "notes": [note.to_dict() for note in self.notes]}


@dataclass
class MigrationReport:
    """What a migration has done or would do."""

    applied: bool
    """Whether things were made; False: this is a plan."""
    objects: list[MigratedObject] = field(default_factory=list[MigratedObject])
    files: list[MigratedFile] = field(default_factory=list[MigratedFile])
    remarks: list[str] = field(default_factory=list[str])
    """What is to be known about the migration as a whole."""
    stopped: str | None = None
    """Why it ended before all was tried; None if it did not."""

    @property
    def failed(self) -> list[MigratedObject | MigratedFile]:
        """What failed."""
        entries: list[MigratedObject | MigratedFile] = [*self.objects, *self.files]
        return [each for each in entries if each.status == "failed"]

    @property
    def ok(self) -> bool:
        """Whether nothing failed and all was tried. Notes do not count: what they say cannot be helped."""
        return not self.failed and self.stopped is None

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "applied": self.applied,
            "ok": self.ok,
            "stopped": self.stopped,
            "objects": [each.to_dict() for each in self.objects],
            "files": [each.to_dict() for each in self.files],
            "remarks": list(self.remarks),
        }


OnProgress = Callable[[MigratedObject | MigratedFile], object]
"""What is told of each object and file when it is through."""
