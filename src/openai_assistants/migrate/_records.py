"""The records of a migration: the journal on the disk, so that nothing is made twice, and the report.

The journal is a line of JSON for each step. Before something is made there is a line that says so, afterwards one with
its id, which is on the disk before anything else is done. Lines are only ever appended, each in one write, so a process
that is killed loses no more than its last line. There are no keys in it.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Callable, Literal

from .._basics import is_mapping
from .._errors import MigrationError
from ._objects import Note

JournalPath = str | os.PathLike[str]

Step = Literal["file", "vector_store", "file_batch", "assistant", "thread", "message"]

Status = Literal["planned", "made", "made_before", "failed", "skipped"]
"""`planned`: would be made; `made`: has been made now; `made_before`: was made by an earlier call; `failed`: see
`error`; `skipped`: need not be made, see `error`."""

FileStatus = Literal["kept", "planned", "copied", "copied_before", "missing", "failed"]
"""`kept`: is at the target under the same id; `planned`: would be copied; `copied`: has been copied now;
`copied_before`: was copied by an earlier call; `missing`: is nowhere; `failed`: see `error`."""

KIND = "openai-assistants migrate v1-to-v2"
BEGINNING = b'{"journal": "' + KIND.encode()
"""Of the first line."""


# ---- the journal ----


class JournalFailed(Exception):
    """The journal cannot be written any more, so nothing more may be made."""


class Journal:
    """What has been made by one migration, in this process and in earlier ones."""

    def __init__(self, source: str | None, target: str) -> None:
        self.id = uuid.uuid4().hex
        """Of the migration."""
        self.began_at = int(time.time())
        self._source = source
        """None if there is only an export."""
        self._target = target
        self.made: dict[tuple[str, str], str] = {}
        """New ids, by kind and old id."""
        self.begun: set[tuple[str, str]] = set()
        """What was about to be made when a process ended, by kind and old id."""
        self.complete: set[str] = set()
        """Ids of the threads of which all is made."""
        self._file: IO[bytes] | None = None

    def read(self, path: JournalPath) -> None:
        """Take over what a journal says; one that is not there says nothing.

        Raises:
            OSError: It cannot be read.
            MigrationError: It is no journal, or one of another migration.
        """
        try:
            content = Path(path).read_bytes()
        except FileNotFoundError:
            return
        self._take_over(path, content)

    def open(self, path: JournalPath) -> None:
        """Take over what a journal says, and get ready to write into it.

        Raises:
            OSError: It cannot be read or written.
            MigrationError: It is no journal, one of another migration, or another process is using it.
        """
        self._file = open(path, "a+b", buffering=0)  # noqa: SIM115 - open until close
        try:
            self._lock(path)
            self._file.seek(0)
            content = self._file.read()
            if _is_cut_head(content):
                self._file.truncate(0)
                content = b""
            self._take_over(path, content)
            if content and not content.endswith(b"\n"):  # cut off when a process was killed
                self._write_bytes(b"\n")
            if not content:
                first = {"journal": KIND, "format": 1, "migration": self.id, "began_at": self.began_at}
                self._write({**first, "source": self._source, "target": self._target}, sync=True)
                _sync_folder(Path(path).parent)
        except BaseException:
            self.close()
            raise

    def begin(self, kind: Step, source_id: str) -> None:
        """Note that something is about to be made."""
        if (kind, source_id) not in self.begun:
            self._write({"begin": kind, "source": source_id})
            self.begun.add((kind, source_id))

    def end(self, kind: Step, source_id: str, target_id: str) -> None:
        """Note that something has been made; returns when that is on the disk."""
        self._write({"made": kind, "source": source_id, "target": target_id}, sync=True)
        self.made[kind, source_id] = target_id

    def end_thread(self, source_id: str) -> None:
        """Note that all of a thread has been made."""
        self._write({"complete": source_id})
        self.complete.add(source_id)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def _open_file(self) -> IO[bytes]:
        assert self._file is not None
        return self._file

    def _lock(self, path: JournalPath) -> None:
        """Keep other processes away. Where the system has no such locks, nobody looks out for them."""
        try:
            import fcntl
        except ImportError:
            return
        try:
            fcntl.flock(self._open_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise MigrationError(f"another process is using the journal {os.fspath(path)}; let it end first") from None

    def _take_over(self, path: JournalPath, content: bytes) -> None:
        if not content or _is_cut_head(content):
            return
        name = os.fspath(path)
        lines = content.split(b"\n")
        first = _line(lines[0])
        if not content.startswith(BEGINNING) or not isinstance(first.get("migration"), str):
            raise MigrationError(f"{name} is no journal of a migration; name another file, or one that is not there")
        if first.get("format") != 1:
            raise MigrationError(f"{name} was written by a newer version of this program; use that")
        for what, ours in (("source", self._source), ("target", self._target)):
            theirs = first.get(what)
            if ours != theirs and ours is not None and theirs is not None:  # of an export it is not known
                said = f"is the journal of a migration with another {what} ({theirs}, not {ours})"
                raise MigrationError(f"{name} {said}; name another file")
        self.id, self.began_at = str(first["migration"]), _number(first.get("began_at"))
        for line in map(_line, lines[1:]):
            source_id = str(line.get("source"))
            if "made" in line:
                self.made[str(line["made"]), source_id] = str(line.get("target"))
            elif "begin" in line:
                self.begun.add((str(line["begin"]), source_id))
            elif "complete" in line:
                self.complete.add(str(line["complete"]))
        self.begun -= self.made.keys()

    def _write(self, line: dict[str, object], *, sync: bool = False) -> None:
        self._write_bytes(json.dumps(line).encode() + b"\n")
        if sync:
            try:
                os.fsync(self._open_file.fileno())
            except OSError as error:
                raise JournalFailed(f"the journal cannot be written: {error.strerror or error}") from error

    def _write_bytes(self, content: bytes) -> None:
        try:
            written = self._open_file.write(content)
        except OSError as error:
            raise JournalFailed(f"the journal cannot be written: {error.strerror or error}") from error
        if written != len(content):
            raise JournalFailed("the journal cannot be written: the disk is full")


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _is_cut_head(content: bytes) -> bool:
    """Whether a process was killed while it wrote the first line: then it has made nothing."""
    return b"\n" not in content and content[: len(BEGINNING)] == BEGINNING[: len(content)]


def _line(line: bytes) -> dict[str, object]:
    try:
        found: object = json.loads(line)
    except ValueError:
        return {}
    return dict(found) if is_mapping(found) else {}


def _sync_folder(folder: Path) -> None:
    """Let the name of a new file be on the disk, too."""
    if os.name != "posix":  # pragma: no cover - Windows opens no folders
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# ---- the report ----


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
