"""The journal of a migration: what has been made, so that nothing is made twice. A line of JSON for each step.

Before something is made there is a line that says so, afterwards one with its id, which is on the disk before anything
else is done. Lines are only ever appended, each in one write, so a process that is killed loses no more than its last
line. There are no keys in it.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from pathlib import Path
from typing import IO, Literal, cast

from .._basics import is_mapping
from .._errors import MigrationError

JournalPath = str | os.PathLike[str]

Step = Literal["file", "vector_store", "file_batch", "assistant", "thread", "message"]

KIND = "openai-assistants migrate v1-to-v2"
BEGINNING = b'{"journal": "' + KIND.encode()
"""Of the first line."""


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

    def _lock(self, path: JournalPath) -> None:
        """Keep other processes away. Where the system has no such locks, nobody looks out for them."""
        try:
            import fcntl
        except ImportError:
            return
        try:
            fcntl.flock(cast("IO[bytes]", self._file), fcntl.LOCK_EX | fcntl.LOCK_NB)
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
        if sync and self._file is not None:
            try:
                os.fsync(self._file.fileno())
            except OSError as error:
                raise JournalFailed(f"the journal cannot be written: {error.strerror or error}") from error

    def _write_bytes(self, content: bytes) -> None:
        if self._file is None:
            raise JournalFailed("the journal is not open")
        try:
            written = self._file.write(content)
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
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
