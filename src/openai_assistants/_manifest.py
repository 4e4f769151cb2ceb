"""A file that remembers which contents have been uploaded: a line of JSON for each step of each file.

Lines are only ever appended, each in one write, so a process that is killed loses no more than its last line.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Literal, Mapping

from ._guards import is_mapping

ManifestPath = str | os.PathLike[str]

Step = Literal["uploaded", "stored", "failed"]

FIELDS = frozenset({"vector_store_id", "sha256", "file_id", "step"})
BEGINNING = b'{"vector_store_id": '
"""Of each line."""


class Manifest:
    """The lines of one vector store.

    Raises:
        OSError: The file cannot be read or written.
        ValueError: It is no manifest.
    """

    def __init__(self, path: ManifestPath, vector_store_id: str) -> None:
        self._path = Path(path)
        self._vector_store_id = vector_store_id
        self._open = -1

    def read(self) -> dict[str, str]:
        """Ids of the files that were uploaded, by the SHA-256 of their contents; not those that failed later."""
        self._open = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        content = self._path.read_bytes()
        if content[: len(BEGINNING)] != BEGINNING[: len(content)]:
            raise ValueError(f"{self._path} is no manifest of uploads; name another file, or one that is not there yet")
        if content and not content.endswith(b"\n"):  # cut off when a process was killed
            os.write(self._open, b"\n")
        found: dict[str, str] = {}
        for entry in map(_entry, content.splitlines()):
            if entry.get("vector_store_id") != self._vector_store_id:
                continue
            if entry["step"] == "failed":
                found.pop(entry["sha256"], None)
            else:
                found[entry["sha256"]] = entry["file_id"]
        return found

    def write(self, sha256: str, file_id: str, name: str, step: Step) -> None:
        """Note that a file has come further."""
        entry = {
            "vector_store_id": self._vector_store_id,
            "sha256": sha256,
            "file_id": file_id,
            "name": name,
            "step": step,
        }
        os.write(self._open, json.dumps(entry).encode() + b"\n")

    def close(self) -> None:
        """Close the file."""
        if self._open >= 0:
            os.close(self._open)
            self._open = -1


def _entry(line: bytes) -> Mapping[str, str]:
    try:
        entry: object = json.loads(line)
    except ValueError:
        return {}
    return entry if is_mapping(entry) and entry.keys() >= FIELDS else {}
