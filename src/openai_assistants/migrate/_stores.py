"""Vector stores that have to be made, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Iterator

from . import _limits as limits

if TYPE_CHECKING:
    from ..types.files_params import VectorStoreCreateParams


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
        first = list(self.file_ids[: limits.STORE_FILES])
        return {"name": self.name, "file_ids": first, "metadata": dict(self.metadata)}

    def more_file_ids(self) -> Iterator[list[str]]:
        """The files beyond the first 500, for `vector_stores.file_batches.create`, at most 500 at a time."""
        for start in range(limits.STORE_FILES, len(self.file_ids), limits.STORE_FILES):
            yield list(self.file_ids[start : start + limits.STORE_FILES])
