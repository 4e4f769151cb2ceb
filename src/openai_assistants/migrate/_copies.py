"""Files of a migration: kept where they are, or brought to the target. No I/O but disks."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, Any, Callable, cast

from .._errors import APIError, AuthenticationError, MigrationError
from .._files import in_thread
from .._flow import Flow
from ._calls import download, found
from ._makers import Maker
from ._notes import Note
from ._report import MigratedFile
from ._sources import Source

UPLOADED_FOR = frozenset({"assistants", "batch", "evals", "fine-tune", "user_data", "vision"})
"""Purposes that a file may be uploaded for; others only the server itself gives."""


class Copies:
    """The files that the objects use. Each is looked at once.

    Args:
        origin: Where the objects come from.
        source: The client of the server from which files are downloaded; None: there is none.
        target: The client of the server where the files are to be.
        maker: Makes what is made.
        same: Whether the files are at the target already.
        apply: Whether files are copied, or it is only said which would be.
        folder: A folder with contents of files, called by their ids.
        on_file: Told of each file.
    """

    def __init__(
        self,
        origin: Source,
        source: Any,
        target: Any,
        maker: Maker,
        *,
        same: bool,
        apply: bool,
        folder: Path | None,
        on_file: Callable[[MigratedFile], Flow[None]],
    ) -> None:
        self._origin = origin
        self._source = source
        self._target = target
        self._maker = maker
        self._same = same
        self._apply = apply
        self._folder = folder
        self._contents: dict[str, Path] | None = None
        self._on_file = on_file
        self._errors: dict[str, Exception] = {}
        self.files: dict[str, MigratedFile] = {}

    def bring(self, file_id: str, *, is_image: bool) -> Flow[MigratedFile]:
        """See to it that a file is at the target, or say that it is missing.

        Raises:
            MigrationError: It cannot be copied; its cause says why.
            AuthenticationError: A server does not know the key.
        """
        entry = self.files.get(file_id)
        if entry is None:
            entry = self.files[file_id] = MigratedFile(file_id)
            try:
                yield from self._bring(entry, is_image)
            except AuthenticationError:
                raise
            except (APIError, MigrationError, OSError, ValueError) as error:
                entry.status, entry.error = "failed", str(error)
                self._errors[file_id] = error
            yield from self._on_file(entry)
        if entry.status == "failed":
            raise MigrationError(f"file {file_id} cannot be copied: {entry.error}") from self._errors[file_id]
        return entry

    def _bring(self, entry: MigratedFile, is_image: bool) -> Flow[None]:
        file_id = entry.source_id
        info: Any = None
        if self._same:
            there = yield from found(lambda: self._target.files.retrieve(file_id))
            if there is not None:
                entry.status, entry.target_id = "kept", file_id
                info = there.to_dict()
        info = info or (yield from self._origin.file(file_id)) or {}
        content = yield from self._content_of(file_id)
        name = info.get("filename") or (None if content is None else content.name)
        entry.name, entry.bytes = name, info.get("bytes")
        entry.purpose = info.get("purpose")
        if entry.status == "kept":
            return
        made_before = self._maker.known("file", file_id)
        if made_before is not None:
            entry.status, entry.target_id = "copied_before", made_before
        elif content is None and (self._source is None or self._same or not info):
            entry.status = "missing"
        else:
            _set_purpose(entry, is_image)
            if self._apply:
                yield from self._copy(entry, content)

    def _copy(self, entry: MigratedFile, path: Path | None) -> Flow[None]:
        file = yield from in_thread(lambda: _opened(path))
        with file:
            if path is None:
                yield from download(self._source, entry.source_id, file)
            size = yield from in_thread(lambda: file.seek(0, 2))
            if entry.bytes is not None and entry.bytes != size:
                reason = f"it is said to have {entry.bytes} bytes, but has {size}"
                entry.notes.append(Note("bytes", "changed", reason, entry.bytes))
            entry.bytes = size
            yield from in_thread(lambda: file.seek(0))
            name, purpose = entry.name or entry.source_id, entry.purpose

            def upload(key: str) -> Any:
                return self._target.files.create(file=(name, file), purpose=purpose, idempotency_key=key)

            def is_it(item: Any) -> bool:
                return bool(item.filename == name and item.bytes == size and item.purpose == purpose)

            def find() -> Flow[str | None]:
                return self._maker.newest(lambda: self._target.files.list(limit=100, order="desc"), is_it)

            entry.target_id = yield from self._maker.make("file", entry.source_id, [name, purpose, size], upload, find)
        entry.status = "copied"

    def _content_of(self, file_id: str) -> Flow[Path | None]:
        """The file in the folder that has a content: it is called by the id, with any ending or none, or it is the only
        one in a folder that is called so."""
        if self._folder is None:
            return None
        if self._contents is None:
            folder = self._folder
            self._contents = yield from in_thread(lambda: _contents(folder))
        return self._contents.get(file_id)


def _opened(path: Path | None) -> IO[bytes]:
    """A file to read from; or one to be filled, which is gone when it is closed."""
    return path.open("rb") if path is not None else cast("IO[bytes]", tempfile.TemporaryFile())


def _contents(folder: Path) -> dict[str, Path]:
    contents: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.is_file():
            contents.setdefault(path.stem, path)
            contents[path.name] = path
        elif path.is_dir():
            inner = [each for each in path.iterdir() if each.is_file()]
            if len(inner) == 1:
                contents[path.name] = inner[0]
    return contents


def _set_purpose(entry: MigratedFile, is_image: bool) -> None:
    if entry.purpose in UPLOADED_FOR:
        return
    usual = "vision" if is_image else "assistants"
    if entry.purpose is not None:
        reason = f"no file can be uploaded for this; it is uploaded for {usual}"
        entry.notes.append(Note("purpose", "changed", reason, entry.purpose))
    entry.purpose = usual
