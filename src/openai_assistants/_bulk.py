"""What comes of uploading many files: an entry for each, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator, Literal

from ._errors import BulkUploadError

BulkStatus = Literal["in_progress", "stored", "unchanged", "duplicate", "failed"]


@dataclass
class BulkFile:
    """One file of a bulk upload."""

    name: str
    """The path as it was given, or the name; `file 3` if there is neither, counted from 1."""
    status: BulkStatus = "in_progress"
    """`stored`: uploaded now, and processed; `unchanged`: was in the vector store already; `duplicate`: has the content
    of an earlier file of the same call; `failed`: see `error`; `in_progress`: not processed when the time was up."""
    file_id: str | None = None
    """Id of the file that has its content; None if it could not be uploaded."""
    sha256: str | None = None
    """Of its content, as hexadecimal digits; None if it was not needed or could not be read."""
    error: Exception | None = None
    """Why it failed."""


@dataclass(frozen=True)
class BulkUploadResult:
    """What came of a bulk upload."""

    files: list[BulkFile]
    """An entry for each file, in their order."""

    def __iter__(self) -> Iterator[BulkFile]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    @property
    def failed(self) -> list[BulkFile]:
        """Those that failed."""
        return [file for file in self.files if file.status == "failed"]

    @property
    def file_ids(self) -> list[str]:
        """Ids of the files that are in the vector store now, each once."""
        wanted = ("stored", "unchanged")
        return list(dict.fromkeys(file.file_id for file in self.files if file.status in wanted and file.file_id))

    def raise_for_failures(self) -> None:
        """Raise an exception if a file failed.

        Raises:
            BulkUploadError: Some failed; it names them.
        """
        if self.failed:
            raise BulkUploadError(self.files)


@dataclass(frozen=True)
class BulkProgress:
    """How far a bulk upload is."""

    total: int | None
    """Number of files; None as long as an iterator has not told."""
    uploaded: int
    """Files whose content the server has, those that were there before included."""
    done: int
    """Files that are in the vector store and processed."""
    failed: int
    latest: BulkFile | None
    """The file that has just come further."""


OnProgress = Callable[[BulkProgress], object]
"""What is told of each file that comes further, one at a time; on the async client it may be an async function."""
